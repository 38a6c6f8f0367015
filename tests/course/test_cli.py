"""The `course` command as a person runs it, in a folder of its own."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from tests.forked import programs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course without chapters."""
    (tmp_path / "chapters").mkdir()
    config = ROOT / "nbgrader_config.py"
    (tmp_path / "nbgrader_config.py").write_text(config.read_text())
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """Run `course` from a shell in which nothing is activated."""
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "OMP_NUM_THREADS": "1"}
    kept = {k: v for k, v in os.environ.items() if k in ("LANG", "OPENBLAS_CORETYPE")}
    return subprocess.run(
        [programs() / "course", *words],
        cwd=folder,
        env=bare | kept,
        capture_output=True,
        text=True,
    )


def test_a_new_chapter_builds_and_passes_at_once(folder):
    """The whole of an author's first five minutes."""
    made = run(folder, "new", "08_generalization", "--title", "Why it generalises")
    assert made.returncode == 0, made.stderr
    lecture = folder / "chapters" / "08_generalization" / "lecture.py"
    assert "# # Why it generalises" in lecture.read_text()

    built = run(folder, "build")
    assert (built.returncode, built.stdout) == (0, "built 08_generalization\n")

    again = run(folder, "build", "--check")
    assert (again.returncode, again.stdout) == (0, "")

    report = folder / "report.json"
    checked = run(folder, "check", "--mutants", "--built", "--json", str(report))
    assert checked.returncode == 0, checked.stdout
    told = json.loads(report.read_text())
    assert (told["faults"], told["stale"]) == (0, [])


def test_a_lecture_that_stops_is_heard_of_with_its_line_where_one_asks(folder):
    assert run(folder, "new", "08_generalization").returncode == 0
    assert run(folder, "check", "--lecture").returncode == 0
    lecture = folder / "chapters" / "08_generalization" / "lecture.py"
    text = lecture.read_text() + "\n# %%\nassert 1 + 1 == 3, 'a claim'\n"
    lecture.write_text(text)
    told = run(folder, "check", "--lecture")
    line = text.count("\n")
    assert told.returncode == 1
    assert f"lecture stops at {lecture}:{line}: AssertionError: a claim" in told.stdout
    assert run(folder, "check").returncode == 0


@pytest.mark.parametrize("words", [("build", "--check"), ("check", "--built")])
def test_what_is_not_built_is_named_and_fails(folder, words):
    assert run(folder, "new", "01_one").returncode == 0
    checked = run(folder, *words)
    assert checked.returncode == 1
    assert "source/01_one/01_one.ipynb: missing; run `course build`" in checked.stdout


def test_a_problem_goes_to_standard_error_with_file_and_line(folder):
    assert run(folder, "new", "01_one").returncode == 0
    path = folder / "chapters" / "01_one" / "exercises.py"
    before, _, after = path.read_text().partition(" points=2")
    path.write_text(before + after)
    line = before.count("\n") + 2  # the first line of the cell
    built = run(folder, "build")
    assert (built.returncode, built.stdout) == (1, "")
    assert f"exercises.py:{line}: points missing" in built.stderr.replace("\n", "")


def test_what_is_built_is_compared_for_all_chapters_or_not_at_all(folder):
    checked = run(folder, "check", "01_one", "--built")
    assert checked.returncode == 2
    assert "--built looks at all chapters: name none" in checked.stderr


def test_a_weak_test_makes_course_check_fail(folder):
    assert run(folder, "new", "01_one").returncode == 0
    path = folder / "chapters" / "01_one" / "answers.py"
    right = "Z / (Z**2).mean(dim=0, keepdim=True).sqrt()"
    path.write_text(path.read_text().replace(right, "Z"))
    checked = run(folder, "check")
    assert checked.returncode == 1
    assert "right answer 'with the square root of the mean square'" in checked.stdout


def test_outside_a_course_the_error_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 1
    assert "no course here" in result.output


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_teaches_by_example(command):
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert f"course {command}" in result.output


def test_grading_nobody_says_where_notebooks_belong(built_toy_copy):
    done = run(built_toy_copy, "grade", "01_toy")
    assert done.returncode == 1
    assert "nobody handed in 01_toy" in done.stderr
    assert "submitted/STUDENT/01_toy/" in done.stderr.replace("\n", "")


def test_grading_an_unknown_assignment_says_what_to_build(built_toy_copy):
    done = run(built_toy_copy, "grade", "02_nothing")
    assert done.returncode == 1
    assert "course build 02_nothing" in done.stderr.replace("\n", " ")


def test_yes_without_regrade_is_refused(built_toy_copy):
    done = run(built_toy_copy, "grade", "01_toy", "--yes")
    assert done.returncode == 2
    assert "--yes goes with --regrade" in done.stderr


def test_feedback_before_grading_says_so(built_toy_copy):
    done = run(built_toy_copy, "feedback", "01_toy")
    assert done.returncode == 1
    assert "nobody is graded: run `course grade 01_toy` first" in done.stderr
