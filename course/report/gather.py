"""One assignment of one class, as the gradebook and `submitted/` know it."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from course.grade.intake.submission import find_students
from course.grade.plan import TEXTS, Assignment, read_assignment
from course.grade.record.ledger import Record
from course.grade.record.marks import Marks
from course.grade.result import Result

MAX_NAMED = 10  # students in one sentence


@dataclass(frozen=True)
class Person:
    """A student as the gradebook knows them.

    Args:
        id: the student's id.
        first_name, last_name, email: "" where the gradebook has none.
        lms_user_id: the id in Canvas or Moodle; "" where the gradebook has none.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


@dataclass(frozen=True)
class ClassWork:
    """What a class made of one assignment.

    Args:
        assignment: the pristine notebook.
        people: every student in the gradebook, by id.
        marks: the gradebook's points, by student.
        results: how `course grade` graded them, by student; whoever was graded by
            `nbgrader autograde` has marks and no result.
        handed_in: who has a folder in `submitted/`.
        odd: folders in `submitted/` that can't be a student's, with why.
    """

    assignment: Assignment
    people: dict[str, Person]
    marks: dict[str, Marks] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    handed_in: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The chapter's slug."""
        return self.assignment.slug

    @property
    def title(self) -> str:
        """The notebook's first heading."""
        prose = (c.source for c in self.assignment.shown if c.kind in TEXTS)
        for source in prose:
            if match := re.search(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", source, re.MULTILINE):
                return re.sub(r"[*`$]", "", match[1])
        return self.slug

    @functools.cached_property
    def points(self) -> dict[str, float]:
        """What each cell is worth that gives points, by grade id.

        That is what the gradebook has, as in `nbgrader export`: source/ may have
        changed since, and the scores are not out of its points until somebody grades.
        """
        cells = (pair for m in self.marks.values() for pair in m.cells.items())
        recorded = {grade_id: mark.points for grade_id, mark in cells}
        return recorded or {c.grade_id: c.points for c in self.assignment.cells}

    @property
    def max_points(self) -> float:
        """The points of all cells that give any."""
        return sum(self.points.values())

    def graded(self) -> list[str]:
        """Who is graded, by `course grade` or by nbgrader."""
        return sorted(self.marks)

    def state(self, student: str) -> str:
        """ "graded", "could not be read", "not graded", or "not handed in"."""
        if student in self.marks:
            result = self.results.get(student)
            return "could not be read" if result and result.problem else "graded"
        return "not graded" if student in self.handed_in else "not handed in"

    def readable(self) -> list[str]:
        """Who is graded and whose notebook could be read."""
        unreadable = {s for s, result in self.results.items() if result.problem}
        return [student for student in self.graded() if student not in unreadable]

    def unreadable(self) -> list[str]:
        """Who is graded and whose notebook could not be read."""
        return sorted(set(self.graded()) - set(self.readable()))

    def outdated(self) -> list[str]:
        """Whom `course grade` graded by another version of the assignment."""
        digest = self.assignment.digest
        found = self.results.items()
        return sorted(s for s, result in found if result.assignment_digest != digest)

    def not_graded(self) -> list[str]:
        """Who handed in and is not graded yet."""
        return sorted(set(self.handed_in) - set(self.marks))

    def missing(self) -> list[str]:
        """Who is in the gradebook, and neither handed in nor is graded."""
        return sorted(set(self.people) - set(self.handed_in) - set(self.marks))


def total(marks: Marks) -> float:
    """The score of a submission as `nbgrader export` has it.

    Args:
        marks: its points; an answer that waits for a person counts 0, extra credit
            counts, and being late costs at most all of it.
    """
    points = sum(mark.score or 0 for mark in marks.cells.values())
    return max(0.0, points - marks.penalty)


def listed(students: Iterable[str]) -> str:
    """Students in one sentence: "ann, ben", or the first ones "and 3 more"."""
    names = sorted(students)
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more


def read_class(record: Record, root: Path, slug: str) -> ClassWork:
    """Read one assignment of the class.

    Args:
        record: the gradebook.
        root: the course's folder.
        slug: the chapter's slug.

    Raises:
        FileNotFoundError: the chapter was not built.
    """
    assignment = read_assignment(root / "source", slug)
    submitted = root / "submitted"
    handed_in, odd = find_students(submitted, slug) if submitted.is_dir() else ([], [])
    record.settle(slug)
    marks = record.marks(slug)
    people = read_people(record.db_url)
    for student in (*handed_in, *marks):
        people.setdefault(student, Person(student))
    return ClassWork(
        assignment,
        people,
        marks,
        {r.student: r for r in record.results(slug) if r.student in marks},
        tuple(handed_in),
        tuple(odd),
    )


def read_graded(record: Record, root: Path) -> tuple[list[ClassWork], list[str]]:
    """Read every assignment that somebody is graded in and that is in `source/`.

    Args:
        record: the gradebook.
        root: the course's folder.

    Returns:
        the assignments, and which were left out, in sentences: an exam of last year
        or a chapter's old name must not keep the others back.

    Raises:
        FileNotFoundError: nothing but these is left.
    """
    works, left_out = [], []
    for slug in graded_slugs(record.db_url):
        try:
            works.append(read_class(record, root, slug))
        except FileNotFoundError:
            left_out.append(
                f"{slug} is left out: there is no source/{slug}/{slug}.ipynb; if the "
                f"chapter is still there, run `course build {slug}`"
            )
    works = [work for work in works if work.marks]
    if left_out and not works:
        raise FileNotFoundError("; ".join(left_out))
    return works, left_out


def read_people(db_url: str) -> dict[str, Person]:
    """Every student in the gradebook, by id."""
    with _gradebook(db_url) as gradebook:
        return {
            student.id: Person(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                student.lms_user_id or "",
            )
            for student in gradebook.students
        }


def read_class_people(root: Path, db_url: str = "") -> dict[str, Person]:
    """The same, of the course's own gradebook if no address is given."""
    with Record(db_url, root) as record:
        return read_people(record.db_url)


def graded_slugs(db_url: str) -> list[str]:
    """The assignments that somebody handed in, in the order of their names."""
    with _gradebook(db_url) as gradebook:
        return sorted(a.name for a in gradebook.assignments if a.num_submissions)


def _gradebook(db_url: str):
    from nbgrader.api import Gradebook  # takes seconds

    return Gradebook(db_url)
