"""`course report` and `course export` with a gradebook that nbgrader made."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course import cli

TESTS = ("half", "row_sums")


@pytest.fixture
def course(built_toy_copy, no_figures) -> Path:
    """Ada has 1 of 2 points for the toy, and as many for an exam without a source."""
    from nbgrader.api import Gradebook

    address = f"sqlite:///{built_toy_copy / 'gradebook.db'}"
    with Gradebook(address) as gradebook, gradebook.db.no_autoflush:
        gradebook.add_student("ada")
        for slug in ("01_toy", "exam"):
            gradebook.add_assignment(slug)
            gradebook.add_notebook(slug, slug)
            for name in TESTS:
                gradebook.add_grade_cell(
                    f"test_{name}", slug, slug, max_score=1, cell_type="code"
                )
            gradebook.add_submission(slug, "ada")
            grade = gradebook.find_grade("test_half", slug, slug, "ada")
            grade.auto_score = 1
        gradebook.db.commit()
    return built_toy_copy


def run(course: Path, *words: str) -> Result:
    return CliRunner().invoke(cli.main, ["--root", str(course), *words])


LEFT_OUT = "exam is left out: there is no source/exam/exam.ipynb"


def test_the_report_of_all_leaves_out_what_has_no_source(course):
    result = run(course, "report", "--all")
    assert result.exit_code == 0, result.output
    assert LEFT_OUT in result.stderr
    written = sorted(path.name for path in (course / "reports").iterdir())
    stems = ("01_toy", "all", "students")
    assert written == [f"{stem}{kind}" for stem in stems for kind in (".csv", ".html")]


def test_the_export_of_all_leaves_out_what_has_no_source(course):
    result = run(course, "export")
    assert result.exit_code == 0, result.output
    assert LEFT_OUT in result.stderr
    head = (course / "grades-canvas.csv").read_text().splitlines()[0]
    assert head.endswith(",Section,01_toy")


@pytest.mark.parametrize("verb", ["report", "export"])
def test_what_has_no_source_is_an_error_by_name(course, verb):
    result = run(course, verb, "exam")
    assert result.exit_code == 1
    assert "course build exam" in result.stderr


@pytest.mark.parametrize("words", [["report", "--all"], ["export"]])
def test_without_any_source_nothing_is_written_and_it_is_said(course, words):
    (course / "source" / "01_toy" / "01_toy.ipynb").unlink()
    result = run(course, *words)
    assert result.exit_code == 1
    assert LEFT_OUT in result.stderr
    assert "01_toy is left out" in result.stderr
    assert "nobody is graded" not in result.stderr
    assert not [*course.glob("grades*.csv"), *course.glob("reports")]


def test_the_most_points_are_those_of_the_gradebook(course):
    run(course, "export", "01_toy")
    possible, ada = (course / "grades-canvas.csv").read_text().splitlines()[1:]
    assert (possible.strip()[-2:], ada[-2:]) == (",2", ",1")


@pytest.mark.parametrize("words", [["report", "01_toy"], ["report", "--all"]])
def test_reports_that_can_not_be_written_are_named(course, words):
    (course / "reports").touch()
    result = run(course, *words)
    assert result.exit_code == 1
    assert f"{course / 'reports'} must be a folder that you may" in result.stderr
    assert isinstance(result.exception, SystemExit)
