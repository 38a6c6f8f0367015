"""Which way a test is judged, and what a fault in it or in an answer costs."""

import csv
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from course.cli import main
from course.grade import command
from course.grade.engine.trial import NotApart
from course.grade.plan import read_assignment
from course.grade.record.ledger import Record
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG
from course.grade.sheets import NotPython
from course.report.command import report
from tests.brought.both import by_course
from tests.brought.kinds import (
    BESIDE,
    CUBE,
    DELETES,
    HIDDEN,
    LATER,
    OBJECTS,
    PATCHES,
    PLAIN_ASSERTS,
    SEVERAL,
    SQUARE,
)
from tests.brought.making import Kind, answer, asserts, by_hand
from tests.forked import nurseries

EQUAL = "class Equal:\n    def __eq__(self, other):\n        return True\n"
FAULTY = Kind(
    "faulty",
    {
        "faulty": [
            answer("base", "base = 2"),
            answer("square", SQUARE),
            asserts("squares", 1, "import os\n\nassert square(base) == 4"),
            asserts("broken", 1, "assert nothing_of_that_name"),
            asserts("too_many", 1, "len('four')"),
            by_hand("sketch", 1, "def sketch():\n    pass"),
            answer("cube", "def cube(x):\n    return x * square(x)"),
            asserts("cubes", 2, "assert cube(base) == 8"),
        ]
    },
    {
        "ends": {
            "base": "base = 2",
            "square": "import os\n\n\ndef square(x):\n    os._exit(0)",
            "cube": "def cube(x):\n    return x ** 3",
        },
        "hangs": {
            "base": "base = 2",
            "square": "while True:\n    pass",
            "cube": "def cube(x):\n    return x ** 3",
        },
        "leaves": {"base": "exit()", "square": "base = 2\n" + SQUARE, "cube": CUBE},
        "right": {
            "base": "base = 2",
            "square": SQUARE,
            "cube": "def cube(x):\n    return x ** 3",
        },
    },
)
GRADED = (DELETES, FAULTY, HIDDEN, LATER, OBJECTS, PATCHES, PLAIN_ASSERTS, SEVERAL)


@pytest.fixture(scope="module")
def course(once) -> Path:
    """A course of several kinds, graded; read only."""

    def make(folder: Path) -> dict:
        for kind in GRADED:
            kind.make(folder)
        lies = {"square": f"{EQUAL}\n\ndef square(x):\n    return Equal()"}
        liar = Kind(**{**vars(PLAIN_ASSERTS), "students": {"liar": lies}})
        liar.make(folder)
        results: dict[str, dict] = {}
        with nurseries():
            for kind in GRADED:
                graded = by_course(folder, kind.name, cell_seconds=2)
                results[kind.name] = {r.student: r.to_json() for r in graded}
        return results

    return once("brought-ways", make)


@pytest.fixture(scope="module")
def results(course) -> dict[str, dict[str, dict]]:
    """What was found, by kind and student, as JSON has it."""
    _, found = course
    return {
        kind: {student: json.loads(text) for student, text in by_student.items()}
        for kind, by_student in found.items()
    }


def states(result: dict) -> dict[str, str]:
    return {name: verdict["state"] for name, verdict in result["verdicts"].items()}


def test_plain_asserts_are_judged_out_of_reach(results):
    ways = set(results["plain_asserts"]["ann"]["ways"].values())
    assert ways == {"apart"}


def test_a_test_that_deletes_a_name_runs_inside_and_those_beside_it_do_not(results):
    assert results["deletes_a_name"]["ann"]["ways"] == {
        "squares": "apart",
        "both_of_2": "apart",
        "uses_square": "inside",
    }


def test_tests_that_patch_print_or_read_the_source_run_inside(results):
    assert set(results["patches_a_module"]["ann"]["ways"].values()) == {"inside"}


def test_a_test_whose_names_later_cells_use_runs_inside(results):
    ways = results["names_of_tests"]["ann"]["ways"]
    assert ways["starts"] == "inside"


def test_objects_and_changed_arguments_cross_and_a_tests_functions_do_not(
    results,
):
    assert results["objects"]["ann"]["ways"] == {
        "pushes": "apart",
        "in_place": "apart",
        "calls": "inside",
    }


def test_an_object_that_says_it_is_equal_is_no_answer(results):
    assert states(results["plain_asserts"]["liar"])["square_of_2"] == WRONG


def test_a_process_that_ends_costs_its_own_test(results):
    found = states(results["faulty"]["ends"])
    assert found["squares"] == NOT_JUDGED
    assert found["cubes"] == RIGHT


def test_an_answer_that_hangs_costs_its_own_tests(results):
    found = states(results["faulty"]["hangs"])
    assert found["squares"] == WRONG
    assert found["cubes"] == RIGHT


def test_a_cell_that_leaves_python_ends_nothing_else(results):
    assert states(results["faulty"]["leaves"])["squares"] == RIGHT


def test_a_faulty_test_gives_nothing_and_costs_no_other(results):
    found = results["faulty"]["right"]["verdicts"]
    assert found["broken"]["score"] == 0
    assert found["squares"]["score"] + found["cubes"]["score"] == 3


def test_a_test_that_gives_more_than_it_has_is_for_a_person(results):
    verdict = results["faulty"]["right"]["verdicts"]["too_many"]
    assert (verdict["state"], verdict["score"]) == (NOT_JUDGED, 0)


def test_what_was_left_as_released_was_not_attempted(results):
    assert set(states(results["plain_asserts"]["cat"]).values()) == {NOT_ATTEMPTED}
    assert NOT_ATTEMPTED not in states(results["plain_asserts"]["dan"]).values()


def test_the_assertion_that_failed_is_told_in_words(results):
    message = results["plain_asserts"]["ben"]["verdicts"]["square_of_2"]["message"]
    assert "`assert square(2) == 4`" in message


def test_of_a_hidden_test_nothing_is_told(results):
    message = results["hidden_tests"]["ben"]["verdicts"]["squares"]["message"]
    assert message == "A hidden test failed."


def test_a_person_can_demand_that_tests_run_out_of_reach(tmp_path):
    DELETES.make(tmp_path)
    with nurseries(), pytest.raises(NotApart, match=r"uses_square .* two processes"):
        by_course(tmp_path, DELETES.name, apart=True)
    assert not list(tmp_path.glob("autograded/*"))


def test_the_way_is_not_chosen_by_what_students_hand_in(results):
    for kind in GRADED:
        ways = [tuple(r["ways"].items()) for r in results[kind.name].values()]
        assert len(set(ways)) == 1, kind.name


def test_another_language_is_refused_with_the_command_that_grades_it(tmp_path):
    PLAIN_ASSERTS.make(tmp_path)
    path = tmp_path / "source" / "plain_asserts" / "plain_asserts.ipynb"
    book = json.loads(path.read_text())
    book["metadata"]["kernelspec"] = {"name": "ir", "language": "R"}
    path.write_text(json.dumps(book))
    with pytest.raises(NotPython, match="nbgrader autograde plain_asserts"):
        read_assignment(tmp_path / "source", "plain_asserts")


def test_the_class_is_not_graded_twice_and_a_regrade_writes_nothing(course, tmp_path):
    folder = Path(shutil.copytree(course[0], tmp_path / "course"))
    before = (folder / "gradebook.db").read_bytes()
    with nurseries():
        assert by_course(folder, SEVERAL.name) is not None
        assert not command.regrade(folder, SEVERAL.name, options())
    with Record("", folder) as record:
        assert len(record.results(SEVERAL.name)) == 2
    assert before  # the copy's own
    book = folder / "source" / SEVERAL.name / "two.ipynb"
    book.write_text(book.read_text().replace("double(4) == 8", "double(4) == 9"))
    with nurseries():
        assert command.regrade(folder, SEVERAL.name, options())


def options() -> command.Options:
    return command.options(2, None, 20, 60, 1, "", "")


def test_feedback_names_each_test_and_shows_no_plain_cell_of_the_instructor(course):
    pages = command.feedback(course[0], PLAIN_ASSERTS.name)
    page = next(p for p in pages if p.parent.parent.name == "ben").read_text()
    assert "square_of_2" in page and "assert square(2) == 4" in page
    assert "A cell of your own" not in page
    assert "0 of 2" in page and "1 of 1" in page  # 0 cubed is 0


def test_feedback_of_several_notebooks_is_one_page_with_a_part_for_each(course):
    pages = command.feedback(course[0], SEVERAL.name)
    page = next(p for p in pages if p.parent.parent.name == "ann").read_text()
    assert "Part one" in page and "Part two" in page and "It adds." in page


def test_the_report_says_where_tests_stopped_and_whose_points_are_not_protected(course):
    pages = report(course[0], DELETES.name)
    text = pages[0].read_text()
    assert "not protected" in text and "<code>uses_square</code>" in text
    rows = list(csv.DictReader(pages[1].read_text("utf-8-sig").splitlines()))
    named = {r["tests not protected"] for r in rows if r["submission"] == "graded"}
    assert named == {"uses_square"}
    assert (
        "assert square(2) == 4" in report(course[0], PLAIN_ASSERTS.name)[0].read_text()
    )


def test_the_autograded_notebook_is_whole_and_shows_the_error(course):
    path = course[0] / "autograded/ben/plain_asserts/plain_asserts.ipynb"
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    (failed,) = [
        cell
        for cell in book.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "square_of_2"
    ]
    assert any(output.output_type == "error" for output in failed.outputs)


def test_files_beside_the_notebook_reach_autograded_and_stay_as_they_were(
    tmp_path,
):
    BESIDE.make(tmp_path)
    folder = tmp_path / "source" / BESIDE.name
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with nurseries():
        by_course(tmp_path, BESIDE.name)
    assert {path: path.read_bytes() for path in before} == before
    picture = tmp_path / "autograded" / "ann" / BESIDE.name / "picture.png"
    assert picture.read_bytes() == BESIDE.files["picture.png"]


def test_the_command_runs_where_nothing_is_of_this_course(tmp_path, monkeypatch):
    SEVERAL.make(tmp_path)
    monkeypatch.chdir(tmp_path)
    with nurseries():
        done = CliRunner().invoke(main, ["grade", SEVERAL.name, "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert "2 graded now" in done.output
