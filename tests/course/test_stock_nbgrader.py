"""Stock nbgrader's own commands on this course: the scores, the release, the table.

Each chapter is released, graded and exported from the command line, in a shell where
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

from course.build.pipeline import build, release_path
from course.chapters import Answer, Chapter, find_chapters, read_chapter
from course.demo.assignment import Assignment
from course.demo.folder import hand_in
from course.demo.verdicts import Verdict, verdicts

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


@dataclass(frozen=True)
class Graded:
    """A chapter that stock nbgrader has graded."""

    slug: str
    course: Path
    chapter: Chapter
    said: Mapping[str, str]

    def points(self, exercises) -> float:
        """What these exercises are worth."""
        tests = self.chapter.cells("test")
        return sum(tests[exercise].points for exercise in exercises)

    def exported(self) -> dict[str, dict[str, str]]:
        """The lines of grades.csv by student."""
        with (self.course / "grades.csv").open(newline="", encoding="utf-8") as file:
            return {line["student_id"]: line for line in csv.DictReader(file)}

    def verdicts(self, student: str) -> dict[str, Verdict]:
        """What a student's graded notebook says of each exercise."""
        folder = self.course / "autograded" / student / self.slug
        return verdicts(nbformat.read(folder / f"{self.slug}.ipynb", as_version=4))


def answers(assignment: Assignment, wrong: list[str]) -> dict[str, Answer]:
    """The last wrong answer of the bank where it is asked for, a right one elsewhere."""
    bank = assignment.chapter.bank
    spoilt = {exercise: bank(exercise, "wrong")[-1] for exercise in wrong}
    return assignment.all_right() | spoilt


def hand_in_all(course: Path, slug: str) -> None:
    """Right, wrong by turns and blank submissions."""
    release = nbformat.read(course / release_path(slug), as_version=4)
    assignment = Assignment(read_chapter(course / "chapters" / slug), release)
    exercises = assignment.exercises
    handed = {
        "right": assignment.hand_in(assignment.all_right()),
        "even": assignment.hand_in(answers(assignment, exercises[0::2])),
        "odd": assignment.hand_in(answers(assignment, exercises[1::2])),
        "blank": assignment.hand_in({}, writes=False),
    }
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
def graded(request, once, built_toy, run_bare) -> Graded:
    """A chapter released, handed in, graded, given feedback on and exported."""
    slug = request.param

    def make(course: Path) -> dict:
        if slug == TOY:
            shutil.copytree(built_toy, course)
        else:
            shutil.copytree(ROOT / "chapters" / slug, course / "chapters" / slug)
            shutil.copy(ROOT / "nbgrader_config.py", course)
            build(course, say=lambda text: None)
        (course / "release").rename(course / "release-of-the-build")
        said = {}
        for words in (
            ("generate_assignment", slug),
            ("autograde", slug),
            ("generate_feedback", slug),
            ("export",),
        ):
            if words[0] == "autograde":
                hand_in_all(course, slug)
            result = run_bare(course, "nbgrader", *words)
            said[words[0]] = result.stdout + result.stderr
            assert result.returncode == 0, said[words[0]]
        return said

    course, said = once(f"stock-{slug}", make)
    return Graded(slug, course, read_chapter(course / "chapters" / slug), said)


def test_its_release_is_the_builds_byte_for_byte(graded):
    ours = graded.course / "release-of-the-build" / graded.slug
    theirs = graded.course / "release" / graded.slug
    names = [path.name for path in theirs.iterdir()]
    assert names == [f"{graded.slug}.ipynb"] == [path.name for path in ours.iterdir()]
    assert (theirs / names[0]).read_bytes() == (ours / names[0]).read_bytes()


def test_each_wrong_answer_loses_its_own_marks_only(graded):
    exercises = list(graded.chapter.cells("exercise"))
    scores = {s: float(line["score"]) for s, line in graded.exported().items()}
    assert scores == {
        "right": graded.points(exercises),
        "even": graded.points(exercises[1::2]),
        "odd": graded.points(exercises[0::2]),
        "blank": 0,
    }
    for student, first in (("even", 0), ("odd", 1)):
        states = {e: v.state for e, v in graded.verdicts(student).items()}
        wrong = set(exercises[first::2])
        assert states == {e: "wrong" if e in wrong else "right" for e in exercises}


def test_a_blank_notebook_is_not_attempted(graded):
    states = {v.state for v in graded.verdicts("blank").values()}
    assert states == {"not attempted"}
    page = graded.course / "feedback" / "blank" / graded.slug / f"{graded.slug}.html"
    assert "not attempted" in page.read_text(encoding="utf-8")


def test_feedback_lies_there_for_everyone(graded):
    pages = (graded.course / "feedback").glob(f"*/{graded.slug}/{graded.slug}.html")
    assert {page.parts[-3] for page in pages} == {"right", "even", "odd", "blank"}


def test_grades_are_exported_in_nbgraders_columns(graded):
    lines = graded.exported()
    assert list(lines["right"]) == COLUMNS
    cells = (*graded.chapter.cells("test").values(),)
    cells += (*graded.chapter.cells("manual").values(),)
    for line in lines.values():
        assert line["assignment"] == graded.slug
        assert float(line["max_score"]) == sum(cell.points for cell in cells)
        assert float(line["late_submission_penalty"]) == 0
        assert line["raw_score"] == line["score"]


def test_a_written_answer_waits_for_a_person(graded):
    for student, waiting in (("right", True), ("blank", False)):
        folder = graded.course / "autograded" / student / graded.slug
        notebook = nbformat.read(folder / f"{graded.slug}.ipynb", as_version=4)
        manual = graded.chapter.cells("manual")
        written = {
            cell.metadata.nbgrader.grade_id: "Write your answer here" not in cell.source
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") in manual
        }
        assert written == dict.fromkeys(manual, waiting)
