"""Which submissions need a person, and why."""

from dataclasses import dataclass

from course.grade.plan import BY_PERSON
from course.grade.result import NOT_JUDGED
from course.report.gather import ClassWork


@dataclass(frozen=True)
class Reason:
    """Why a person should look at a submission.

    Args:
        what: what is the matter, in our words.
        details: more of it, in words that may quote the student.
        is_private: whether the details name files, which students call as they like.
    """

    what: str
    details: tuple[str, ...] = ()
    is_private: bool = False


@dataclass(frozen=True)
class Look:
    """A submission that a person should look at.

    Args:
        student: the student's id.
        reasons: what is the matter.
    """

    student: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Waiting:
    """A question whose answers wait for a person.

    Args:
        question: the exercise's id.
        students: whose answers wait.
    """

    question: str
    students: tuple[str, ...]


def looks(work: ClassWork) -> list[Look]:
    """Whom to look at: what could not be read first, then signs of tampering, tests
    that did not report back, and what is not graded.
    """
    found: list[tuple[int, Look]] = []
    for student, result in work.results.items():
        silent = tuple(
            test.removeprefix("test_")
            for test, verdict in result.verdicts.items()
            if verdict.state == NOT_JUDGED
        )
        reasons = []
        if result.problem:
            reasons.append(Reason("could not be read", (result.problem,), True))
        elif silent:
            dead = "not judged (the code hung, died or used up its memory)"
            reasons.append(Reason(dead, silent))
        if result.flags:
            reasons.append(Reason("signs of tampering", tuple(result.flags)))
        if result.notes:
            reasons.append(Reason("odd about the files", tuple(result.notes), True))
        if reasons:
            rank = 0 if result.problem else 1 if result.flags else 2
            found.append((rank, Look(student, tuple(reasons))))
    for student in work.not_graded():
        again = (Reason(f"handed in and not graded: run course grade {work.slug}"),)
        found.append((3, Look(student, again)))
    return [look for _, look in sorted(found, key=lambda f: (f[0], f[1].student))]


def waiting(work: ClassWork) -> list[Waiting]:
    """The questions whose answers wait for a person, in the notebook's order."""
    found = []
    for cell in work.assignment.cells:
        if cell.kind not in BY_PERSON:
            continue
        students = [
            student
            for student in work.readable()
            if (mark := work.marks[student].cells.get(cell.grade_id))
            and mark.score is None
        ]
        if students:
            found.append(Waiting(cell.exercise, tuple(students)))
    return found
