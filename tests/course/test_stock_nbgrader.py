"""Stock nbgrader's own commands on this course: the scores, the release, the table.

Each chapter is released, graded and exported by nbgrader's commands, in a shell where
nothing is activated. Two students give wrong answers to every second exercise, one
starting with the first and one with the second: whoever is right elsewhere loses
exactly the points of what is wrong.
"""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from course.build.pipeline import build
from course.build.places import release_path
from course.chapters import Answer, Chapter, find_chapters, read_chapter
from course.demo.assignment import Assignment
from course.demo.folder import hand_in
from course.demo.verdicts import verdicts

ROOT = Path(__file__).parents[2]
TOY = "01_toy"
REAL = "03_linear_regression"
THERE = {folder.name for folder in find_chapters(ROOT)}
COLUMNS = [
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
]


only_toy = pytest.mark.parametrize("graded", [TOY], indirect=True)


@dataclass(frozen=True)
class Graded:
    """A chapter that stock nbgrader has graded."""

    slug: str
    course: Path
    chapter: Chapter
    grades: Mapping[str, Mapping[str, float | str | None]]

    def points(self, exercises) -> float:
        """What these exercises are worth."""
        tests = self.chapter.cells("test")
        return sum(tests[exercise].points for exercise in exercises)

    def exported(self) -> dict[str, dict[str, str]]:
        """The lines of grades.csv by student."""
        with (self.course / "grades.csv").open(newline="", encoding="utf-8") as file:
            return {line["student_id"]: line for line in csv.DictReader(file)}


def answers(assignment: Assignment, wrong: list[str]) -> dict[str, Answer]:
    """The last wrong answer of the bank where asked for, a right one elsewhere."""
    bank = assignment.chapter.bank
    spoilt = {exercise: bank(exercise, "wrong")[-1] for exercise in wrong}
    return assignment.all_right() | spoilt


def hand_in_all(course: Path, slug: str) -> None:
    """Wrong answers by turns; on the toy chapter also all right and blank ones."""
    release = nbformat.read(course / release_path(slug), as_version=4)
    assignment = Assignment(read_chapter(course / "chapters" / slug), release)
    exercises = assignment.exercises
    handed = {
        "even": assignment.hand_in(answers(assignment, exercises[0::2])),
        "odd": assignment.hand_in(answers(assignment, exercises[1::2])),
    }
    if slug == TOY:
        handed["right"] = assignment.hand_in(assignment.all_right())
        handed["blank"] = assignment.hand_in({}, writes=False)
    for student, work in handed.items():
        hand_in(course, student, slug, work.files)


@pytest.fixture(
    scope="module",
    params=[
        TOY,
        pytest.param(
            REAL, marks=pytest.mark.skipif(REAL not in THERE, reason="not there")
        ),
    ],
)
def graded(request, once, built_toy, run_nbgrader, read_grades) -> Graded:
    """A chapter released, handed in, graded, given feedback on and exported."""
    slug = request.param

    def make(course: Path) -> None:
        if slug == TOY:
            shutil.copytree(built_toy, course)
        else:
            shutil.copytree(ROOT / "chapters" / slug, course / "chapters" / slug)
            shutil.copy(ROOT / "nbgrader_config.py", course)
            build(course, say=lambda text: None)
        hand_in_all(course, slug)
        (course / "release").rename(course / "release-of-the-build")
        steps = ("generate_assignment", "autograde", "generate_feedback")
        run_nbgrader(course, *([step, slug] for step in steps), ["export"])

    course, _ = once(f"stock-{slug}", make)
    chapter = read_chapter(course / "chapters" / slug)
    return Graded(slug, course, chapter, read_grades(course))


def test_its_release_is_the_builds_byte_for_byte(graded):
    ours = graded.course / "release-of-the-build" / graded.slug
    theirs = graded.course / "release" / graded.slug
    names = [path.name for path in theirs.iterdir()]
    assert names == [f"{graded.slug}.ipynb"] == [path.name for path in ours.iterdir()]
    assert (theirs / names[0]).read_bytes() == (ours / names[0]).read_bytes()


def test_each_wrong_answer_loses_its_own_marks_only(graded):
    exercises = list(graded.chapter.cells("exercise"))
    scores = {s: float(line["score"]) for s, line in graded.exported().items()}
    assert scores["even"] == graded.points(exercises[1::2])
    assert scores["odd"] == graded.points(exercises[0::2])
    tests = graded.chapter.cells("test")
    for student, first in (("even", 0), ("odd", 1)):
        wrong = set(exercises[first::2])
        expected = {
            f"test_{e}": 0 if e in wrong else t.points for e, t in tests.items()
        }
        grades = graded.grades[student]
        assert {cell: grades[cell] for cell in expected} == expected


@only_toy
def test_right_answers_have_full_marks_and_blank_ones_none(graded):
    exercises = list(graded.chapter.cells("exercise"))
    assert float(graded.exported()["right"]["score"]) == graded.points(exercises)
    assert float(graded.exported()["blank"]["score"]) == 0


@only_toy
def test_a_blank_notebook_is_not_attempted(graded):
    path = graded.course / "autograded" / "blank" / graded.slug / f"{graded.slug}.ipynb"
    said = verdicts(nbformat.read(path, as_version=4))
    assert {verdict.state for verdict in said.values()} == {"not attempted"}
    page = graded.course / "feedback" / "blank" / graded.slug / f"{graded.slug}.html"
    assert "not attempted" in page.read_text(encoding="utf-8")


def test_feedback_lies_there_for_everyone(graded):
    pages = (graded.course / "feedback").glob(f"*/{graded.slug}/{graded.slug}.html")
    assert {page.parts[-3] for page in pages} == set(graded.exported())


def test_grades_are_exported_in_nbgraders_columns(graded):
    lines = graded.exported()
    assert list(lines["even"]) == COLUMNS
    cells = (*graded.chapter.cells("test").values(),)
    cells += (*graded.chapter.cells("manual").values(),)
    for line in lines.values():
        assert line["assignment"] == graded.slug
        assert float(line["max_score"]) == sum(cell.points for cell in cells)
        assert float(line["late_submission_penalty"]) == 0
        assert line["raw_score"] == line["score"]


@only_toy
def test_a_written_answer_waits_for_a_person(graded):
    assert graded.grades["right"]["odd_halves"] == "waits"
    assert graded.grades["blank"]["odd_halves"] == 0
