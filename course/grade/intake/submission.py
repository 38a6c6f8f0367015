"""From what a student handed in to the cells that are run and judged.

Whatever a student hands in, a `Submission` comes of it: with cells, or with the reason
why there are none.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.grade.intake.flags import bounded
from course.grade.intake.matching import belongs, defines_any, match
from course.grade.intake.misplaced import is_notebook, named, why_elsewhere, why_none
from course.grade.intake.moments import read_moment
from course.grade.intake.opening import (
    MAX_BYTES,
    Folder,
    Missing,
    Unreadable,
    open_folder,
    shorten,
    show_name,
)
from course.grade.intake.pictures import Picture
from course.grade.intake.reading import Found, read_cells
from course.grade.intake.several import read_several
from course.grade.plan import Assignment, Cell

MAX_STUDENT_ID = 128  # characters of an id in nbgrader's gradebook


@dataclass(frozen=True)
class Submission:
    """What one student handed in, repaired where it had to be.

    Args:
        student: the student's id.
        cells: in the order in which they are run and shown; () if there is a problem.
        repairs: what was mended, in words for the student.
        problem: why it could not be read, in words for the student; "" if it could.
        digest: SHA-256 of the notebook's bytes, "" if they could not be read.
        timestamp: when it was handed in, in UTC and without a time zone, as the
            gradebook has it; None if nobody knows.
        flags: what may be a sign of tampering, in words for the instructor.
        notes: what is odd about the files and no such sign, in the same words.
        pictures: what was pasted into text cells, whose text has their numbers.
        files: what was handed in beside the notebooks of an assignment that was brought
            along: (path, base64).
    """

    student: str
    cells: tuple[Cell, ...] = ()
    repairs: tuple[str, ...] = ()
    problem: str = ""
    digest: str = ""
    timestamp: datetime | None = None
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def read_submission(
    folder: Path, assignment: Assignment, student: str, limit_bytes: int = MAX_BYTES
) -> Submission:
    """Read what a student handed in; never raises for anything a student can do.

    Args:
        folder: `submitted/STUDENT/SLUG`; it may be missing, a link, anything.
        assignment: the pristine notebook.
        student: the student's id.
        limit_bytes: the largest notebook that is read.
    """
    facts: dict = {}
    try:
        cells, repairs = _read(folder, assignment, limit_bytes, facts)
        return Submission(student, cells, repairs=tuple(repairs), **facts)
    except Unreadable as reason:
        problem = str(reason)
    except Exception as error:  # a stranger's data: a row must come of it all the same
        problem = f"the notebook could not be read ({type(error).__name__})"
    return Submission(student, problem=shorten(problem), **facts)


def find_students(submitted: Path, slug: str) -> tuple[list[str], list[str]]:
    """Who handed in an assignment.

    Args:
        submitted: the course's folder of submissions.
        slug: the assignment.

    Returns:
        the ids of the students, sorted; and why other things that may hold a submission
        are left out, in words for the instructor.

    Raises:
        OSError: `submitted` can't be listed.
    """
    students, reasons = [], []
    for name in sorted(os.listdir(submitted)):
        if reason := _why_no_student(submitted, name, slug):
            reasons.append(shorten(f"submitted/{show_name(name)}: {reason}"))
        elif reason is not None:
            students.append(name)
    return students, reasons


def _why_no_student(submitted: Path, name: str, slug: str) -> str | None:
    """Why this is no student's folder; "" if it is, None if there is nothing in it."""
    folder = submitted / name
    mode = os.lstat(folder).st_mode
    if stat.S_ISLNK(mode):
        return "a link: put the folder itself in its place"
    if not stat.S_ISDIR(mode):
        is_one = _is_one(name) and slug in name
        return f"put it into submitted/STUDENT/{slug}/" if is_one else None
    try:
        os.lstat(folder / slug)
    except FileNotFoundError:
        return why_elsewhere(folder, slug)
    except OSError:
        pass  # a folder that can't be entered gets a row that says so
    is_plain = name.isprintable() and name == name.strip() and not name.startswith(".")
    if not is_plain or len(name) > MAX_STUDENT_ID:
        return "its name can't be a student's id in nbgrader: rename it"
    return ""


def _read(
    folder: Path, assignment: Assignment, limit_bytes: int, facts: dict
) -> tuple[tuple[Cell, ...], list[str]]:
    """The cells and the repairs; `facts` gets digest and timestamp on the way."""
    name = f"{assignment.slug}.ipynb"
    repairs: list[str] = []
    unread: list[str] = []
    with open_folder(folder) as opened:
        facts["timestamp"] = _timestamp(opened, facts, repairs)
        if assignment.brought:
            return _read_several(opened, assignment, limit_bytes, facts, repairs)
        try:
            content = opened.read(name, limit_bytes)
        except Missing:
            others = [n for n in opened.plain_files() if _is_one(n)]
            if not others:
                raise Unreadable(why_none(opened, name)) from None
            if len(others) > 1:
                raise Unreadable(_not_there(name, others)) from None
            content = opened.read(others[0], limit_bytes)
        else:
            others = []
            unread = [n for n in opened.plain_files() if _is_one(n) and n != name]
    facts["digest"] = hashlib.sha256(content).hexdigest()
    found, notes = read_cells(content, show_name((others or [name])[0]))
    if others:
        repairs.append(f"{show_name(others[0])} was read in the place of {name}")
    _check_belongs(assignment, found, name, others)
    facts["notes"] = facts.get("notes", ()) + _notes(assignment, found, name, unread)
    facts["pictures"] = tuple(picture for cell in found for picture in cell.pictures)
    cells, more = match(assignment.cells, found)
    return cells, repairs + notes + more


def _read_several(
    opened: Folder,
    assignment: Assignment,
    limit_bytes: int,
    facts: dict,
    repairs: list[str],
) -> tuple[tuple[Cell, ...], list[str]]:
    """The same for an assignment that was brought along."""
    read = read_several(opened, assignment, limit_bytes)
    facts["digest"] = read.digest.hexdigest()
    facts["notes"] = facts.get("notes", ()) + tuple(bounded(read.notes))
    facts["pictures"], facts["files"] = tuple(read.pictures), tuple(read.files)
    return tuple(read.cells), repairs + read.repairs


def _check_belongs(
    assignment: Assignment, found: list[Found], name: str, others: list[str]
) -> None:
    """Refuse a notebook of something else: a lecture, or another assignment."""
    if belongs(assignment.cells, found):
        return
    if others:
        raise Unreadable(_not_there(name, others))
    if not defines_any(assignment.cells, found):  # JupyterLab keeps names, others don't
        raise Unreadable(f"{name} is another notebook: no cell of it belongs here")


def _notes(
    assignment: Assignment, found: list[Found], name: str, unread: list[str]
) -> tuple[str, ...]:
    """Which file was graded and why, if it may not be the one that was meant."""
    notes = []
    if unread:
        notes.append(
            f"graded is {name}, because that is the assignment's name; handed in too "
            f"and not read: {named(unread)}"
        )
    if not belongs(assignment.cells, found):
        notes.append(
            f"graded is {name}, though no cell in it bears a name of this assignment: "
            "is it the lecture?"
        )
    return tuple(notes)


def _is_one(name: str) -> bool:
    return is_notebook(name) and not name.startswith(".")


def _not_there(name: str, others: list[str]) -> str:
    """A notebook of another name is most often a second download."""
    return f"there is {named(others)}, and no {name}: rename it and hand it in again"


def _timestamp(folder: Folder, facts: dict, repairs: list[str]) -> datetime | None:
    """When it was handed in, from the file that nbgrader puts beside a submission."""
    try:
        text = folder.read("timestamp.txt", limit_bytes=100).decode("utf-8-sig")
        return read_moment(text)
    except Missing:
        return None
    except (Unreadable, ValueError) as error:
        words = f"timestamp.txt can't be read, so nothing is late: {error}"
        facts["notes"] = tuple(bounded([words]))
        repairs.append(
            "timestamp.txt can't be read: nobody knows when you handed it in"
        )
        return None
