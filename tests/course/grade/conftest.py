"""A small class, graded by stock nbgrader once, to hold our records against."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from course.build.places import release_path
from course.chapters import read_chapter
from course.demo.assignment import Assignment, HandIn
from course.demo.folder import hand_in
from course.grade.intake.submission import Submission, read_submission
from course.grade.plan import read_assignment
from course.grade.result import Result, Verdict

SLUG = "01_toy"
DUE = "2031-05-01 12:00:00 UTC"
SENT = {"ann": "2031-05-01 11:00:00 UTC", "cat": "2031-05-01 13:00:00 UTC"}
SENT["dan"] = "2031-05-02 09:30:00 UTC"
# What an instructor does by hand between releasing and grading.
SET_DUE = f"""
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "deep-learning") as gradebook:
    gradebook.update_or_create_assignment("{SLUG}", duedate="{DUE}")
"""


@dataclass(frozen=True)
class Class:
    """A course with the toy chapter, its submissions, and how they are graded.

    Args:
        course: the folder.
        work: what was handed in and how it is graded, by student.
    """

    course: Path
    work: dict[str, tuple[Submission, Result]]


def hand_in_all(course: Path) -> None:
    """Ann is wrong once and adds a cell, Cat is late, Dan is late with no answer."""
    release = nbformat.read(course / release_path(SLUG), as_version=4)
    assignment = Assignment(read_chapter(course / "chapters" / SLUG), release)

    def add(notebook: nbformat.NotebookNode) -> None:
        notebook.cells.insert(4, nbformat.v4.new_code_cell("print('mine')", id="mine"))
        notebook.cells.insert(5, nbformat.v4.new_markdown_cell("a note", id="note"))

    some_wrong = assignment.all_right() | {"row_sums": assignment.wrong("row_sums")}
    handed: dict[str, HandIn] = {
        "ann": assignment.hand_in(some_wrong, then=add),
        "cat": assignment.hand_in(assignment.all_right(), writes=False),
        "dan": assignment.hand_in({}, writes=True),
    }
    for student, work in handed.items():
        time = {"timestamp.txt": f"{SENT[student]}\n".encode()}
        hand_in(course, student, SLUG, work.files | time)


@pytest.fixture(scope="session")
def handed_in(once, built_toy: Path) -> Path:
    """The toy course with its submissions and a price on being late; read only."""

    def make(course: Path) -> None:
        shutil.copytree(built_toy, course)
        with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
        hand_in_all(course)

    return once("handed-in-toy", make)[0]


@pytest.fixture(scope="session")
def graded_by_stock(once, handed_in: Path, run_bare, run_nbgrader) -> Path:
    """The same course after stock nbgrader graded it; read only."""

    def make(course: Path) -> None:
        shutil.copytree(handed_in, course)
        run_nbgrader(course, ["generate_assignment", "--force", SLUG])
        done = run_bare(course, "python", "-c", SET_DUE)
        assert done.returncode == 0, done.stderr
        run_nbgrader(course, ["autograde", SLUG])

    return once("stock-graded-toy", make)[0]


@pytest.fixture
def toy_class(handed_in: Path, tmp_path: Path) -> Class:
    """The class with results as an engine would give them; for one test, to change."""
    course = Path(shutil.copytree(handed_in, tmp_path / "course"))
    assignment = read_assignment(course / "source", SLUG)
    states = {
        "ann": {"test_row_sums": "wrong"},
        "cat": {},
        "dan": dict.fromkeys((t.grade_id for t in assignment.tests()), "not attempted"),
    }
    work = {}
    for student, by_test in states.items():
        folder = course / "submitted" / student / SLUG
        submission = read_submission(folder, assignment, student)
        tests = {}
        for cell in assignment.tests():
            state = by_test.get(cell.grade_id, "right")
            score = cell.points if state == "right" else 0
            mistake = "the columns are summed" if state == "wrong" else None
            told = "" if state == "right" else f"{cell.exercise}(...) went wrong"
            tests[cell.grade_id] = Verdict(state, cell.points, score, mistake, told)
        result = Result(
            student,
            SLUG,
            verdicts=tests,
            isolation="A",
            assignment_digest=assignment.digest,
            submission_digest=submission.digest,
        )
        work[student] = (submission, result)
    return Class(course, work)
