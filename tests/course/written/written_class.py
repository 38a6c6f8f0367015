"""A course whose class wrote answers, recorded as `course grade` records them."""

import shutil
from pathlib import Path

import nbformat

from course.build.places import release_path
from course.grade.intake.submission import read_submission
from course.grade.plan import read_assignment
from course.grade.record.autograded import autograded_path, write_autograded
from course.grade.record.ledger import Record
from course.grade.result import RIGHT, Result, Verdict
from tests.lab import SETTINGS

ROOT = Path(__file__).parents[3]
SLUG, QUESTION = "01_toy", "odd_halves"
PEOPLE = {"ann": ("Ann", "Apfelbaum"), "ben": ("Ben", "Birch")}
PEOPLE["cleo"] = ("Cleo", "Cedar")
TEXTS = {
    "ann": "When it is odd.",
    "ben": "When it is *negative*.",
    "cleo": "Never.\n\n- one\n- two",
}
FULL = "Right: an odd number has a remainder."
HALF = "Say why: what remains of the division?"
NO_REASON = "The reason is missing."
RUBRIC = f"""
[[odd_halves]]
about = "It says that the integer is odd"
points = 1
comments = [
    {{ key = 1, points = 1, text = "{FULL}" }},
    {{ key = 2, points = 0.5, text = "{HALF}" }},
]

[[odd_halves]]
about = "It gives the reason"
points = 1
comments = [
    {{ key = 3, points = 1, text = "And for the right reason." }},
    {{ key = 4, points = -0.5, text = "{NO_REASON}" }},
    {{ key = 5, text = "See chapter 01." }},
]
"""


def make_course(built: Path, folder: Path, texts: dict | None = None) -> Path:
    """The toy course with a rubric, a class with names, and its answers graded.

    Args:
        built: the toy course, built.
        folder: where to; not there yet.
        texts: who wrote what; None for nothing.
    """
    course = Path(shutil.copytree(built, folder))
    for name in SETTINGS:
        shutil.copy(ROOT / name, course)
    shutil.copytree(ROOT / "course" / "jupyter", course / "course" / "jupyter")
    (course / "exchange").mkdir()
    rubric = course / "chapters" / SLUG / "rubric.toml"
    rubric.write_text(RUBRIC, encoding="utf-8")
    record_all(course, TEXTS if texts is None else texts)
    enter_names(course)
    return course


def record_all(course: Path, texts: dict, attachments: dict | None = None) -> None:
    """Hand in and record: all tests right, and these written answers."""
    assignment = read_assignment(course / "source", SLUG)
    with Record("", course) as record:
        pristine = record.prepare(assignment)
        for student, text in texts.items():
            folder = _hand_in(course, student, text, attachments or {})
            submission = read_submission(folder, assignment, student)
            verdicts = {
                cell.grade_id: Verdict(RIGHT, cell.points, cell.points)
                for cell in assignment.tests()
            }
            digests = (assignment.digest, submission.digest)
            names = ("assignment_digest", "submission_digest")
            facts = dict(zip(names, digests, strict=True))
            result = Result(student, SLUG, verdicts=verdicts, isolation="A", **facts)
            write_autograded(course, pristine, submission, result)
            record.write(submission, result)


def _hand_in(course: Path, student: str, text: str | None, attachments: dict) -> Path:
    notebook = nbformat.read(course / release_path(SLUG), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == QUESTION and text is not None:
            cell.source = text
            if attachments:
                cell.attachments = attachments
    folder = course / "submitted" / student / SLUG
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{SLUG}.ipynb")
    return folder


def write_as_stock(course: Path, student: str, text: str) -> None:
    """Put a text into the graded notebook as it is: stock nbgrader defuses nothing."""
    path = autograded_path(course, student, SLUG)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == QUESTION:
            cell.source = text
    nbformat.write(notebook, path)


def enter_names(course: Path) -> None:
    """Give the class their names."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url(course)) as gradebook:
        for student, (first, last) in PEOPLE.items():
            facts = {"first_name": first, "last_name": last}
            gradebook.update_or_create_student(student, **facts)


def db_url(course: Path) -> str:
    """The address of the course's gradebook."""
    return f"sqlite:///{course / 'gradebook.db'}"


def graded(course: Path, student: str) -> tuple[float | None, bool, str | None]:
    """What nbgrader's own API has: a person's points, whether it waits, the comment."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url(course)) as gradebook:
        grade = gradebook.find_grade(QUESTION, SLUG, SLUG, student)
        comment = gradebook.find_comment(QUESTION, SLUG, SLUG, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment
