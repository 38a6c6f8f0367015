"""The class as a table: points given beside points expected."""

import textwrap
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from course.demo.assignment import HandIn
from course.demo.roster import Student
from course.demo.verdicts import Verdict

WIDTH = 132  # where the output is no terminal, so that the columns have room


@dataclass(frozen=True)
class Row:
    """What came of one student's submission.

    Args:
        student: whose.
        expected: points that are right by construction.
        points: points given.
        to_grade: points that a person has yet to give.
        told: what the student is told, in lines.
        is_graded: whether it could be read and graded.
        surprises: what is not as it must be, in sentences.
        mistakes: how many mistakes of the bank are in it.
        unnamed: those of them whose name the student was not told.
    """

    student: Student
    expected: float
    points: float
    to_grade: float
    told: tuple[str, ...]
    is_graded: bool
    surprises: tuple[str, ...] = ()
    mistakes: int = 0
    unnamed: tuple[str, ...] = ()


def make_row(
    student: Student,
    handed: HandIn,
    score: tuple[float, float],
    said: dict[str, Verdict],
    reason: str,
) -> Row:
    """Hold what came of a submission against what must come by construction.

    Args:
        student: whose.
        handed: what was handed in, with what must come of it.
        score: points given, and points that a person has yet to give.
        said: the verdict on each exercise.
        reason: why it was not graded; "" if it was.
    """
    points, to_grade = score
    nothing = Verdict("nothing")
    compared = {
        "points": (points, handed.points),
        "points to be graded": (to_grade, handed.to_grade),
        "graded": (not reason, handed.is_readable),
    }
    return Row(
        student,
        expected=handed.points,
        points=points,
        to_grade=to_grade,
        told=(reason,) if reason else tuple(_told(said)),
        is_graded=not reason,
        surprises=tuple(
            f"{student.id}: {what}: {came}, expected {expected}"
            for what, (came, expected) in compared.items()
            if came != expected
        ),
        mistakes=len(handed.mistakes),
        unnamed=tuple(
            f"{student.id}: {exercise}: not told {mistake!r}"
            for exercise, mistake in handed.mistakes.items()
            if said.get(exercise, nothing).mistake != mistake
        ),
    )


def _told(said: dict[str, Verdict]):
    """Each verdict in a line; all that are right or not attempted in one."""
    for exercise, verdict in said.items():
        if verdict.mistake:
            yield f"{exercise}: {verdict.mistake}"
        elif verdict.state not in ("right", "not attempted"):
            text = verdict.message or verdict.state
            yield f"{exercise}: {textwrap.shorten(text, 70, placeholder=' ...')}"
    for state in ("right", "not attempted"):
        if count := sum(verdict.state == state for verdict in said.values()):
            yield f"{count} {state}"


def show(rows: list[Row], title: str) -> bool:
    """Print the class on standard output.

    Returns:
        whether everything came as expected.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    table = Table(title=title, show_lines=True)
    table.add_column("student")
    table.add_column("what they did", max_width=26)
    table.add_column("expected", justify="right")
    table.add_column("given", justify="right")
    table.add_column("what they were told", ratio=1)
    table.add_column("state")
    for row in rows:
        table.add_row(*_cells(row), style="bold red" if row.surprises else "")
    console.print(table, markup=False)
    for text in summary(rows):
        console.print(text, markup=False, soft_wrap=True)
    return not any(row.surprises for row in rows)


def _cells(row: Row) -> tuple[str, ...]:
    state = "graded" if row.is_graded else "not readable"
    if row.to_grade:
        state += f"\n{row.to_grade:g} to be graded"
    if row.surprises:
        state += "\nNOT AS EXPECTED"
    name = f"{row.student.first_name} {row.student.last_name}"
    return (
        f"{name}\n{row.student.id}",
        row.student.did,
        f"{row.expected:g}",
        f"{row.points:g}",
        "\n".join(row.told),
        state,
    )


def summary(rows: list[Row]) -> list[str]:
    """The class in two sentences, then every surprise in one."""
    graded = sum(row.is_graded for row in rows)
    right = sum(not row.surprises for row in rows)
    mistakes = sum(row.mistakes for row in rows)
    unnamed = [text for row in rows for text in row.unnamed]
    return [
        f"{len(rows)} students: {graded} graded, {len(rows) - graded} not readable; "
        f"{right} of {len(rows)} have the score that is right by construction.",
        f"Mistakes of the bank: {mistakes}; told by name: {mistakes - len(unnamed)}.",
        *unnamed,
        *(text for row in rows for text in row.surprises),
    ]
