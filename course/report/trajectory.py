"""Each student over the course: points, late, not handed in, and how it moves."""

from dataclasses import dataclass
from statistics import mean

from course.report.gather import ClassWork, total
from course.report.names import Names
from course.report.table import Cell, number

RECENT = 3  # chapters whose mean is held against that of those before
STEADY = 0.05  # a change of the mean share that is none
FALLS = -0.2  # a change that somebody should ask about
HOUR_S, DAY_S = 3600, 86400


@dataclass(frozen=True)
class Step:
    """A student's work in one chapter.

    Args:
        slug: the chapter.
        state: "graded", "could not be read", "not graded", or "not handed in".
        score: points; None without a grade.
        most: what the chapter is worth.
        late_s: how late it came, in seconds; 0 if in time.
        waits: whether a written answer waits for a person.
    """

    slug: str
    state: str
    score: float | None
    most: float
    late_s: float = 0
    waits: bool = False

    @property
    def share(self) -> float:
        """The part of the points; 0 for what was not handed in."""
        return (self.score or 0) / self.most if self.most else 0

    @property
    def counts(self) -> bool:
        """Whether this tells how a student does: it is graded, or was not handed in."""
        return self.state != "not graded"

    @property
    def late(self) -> str:
        """How late, in words: "3 h", "2 days"; "" if in time."""
        if self.late_s <= 0:
            return ""
        if self.late_s < HOUR_S:
            return "under 1 h"
        days = self.late_s / DAY_S
        return f"{self.late_s / HOUR_S:.0f} h" if days < 2 else f"{days:.0f} days"


@dataclass(frozen=True)
class Way:
    """A student's way through the course.

    Args:
        student: the student's id.
        steps: one for each chapter, in their order.
    """

    student: str
    steps: tuple[Step, ...]

    @property
    def score(self) -> float:
        """All points so far."""
        return sum(step.score or 0 for step in self.steps)

    @property
    def change(self) -> float | None:
        """The mean share of the last chapters less that of those before them.

        Returns:
            from -1 to 1; None while there are none before.
        """
        shares = [step.share for step in self.steps if step.counts]
        recent, before = shares[-RECENT:], shares[:-RECENT]
        return mean(recent) - mean(before) if before else None

    @property
    def moves(self) -> str:
        """How it moves, in words."""
        change = self.change
        if change is None:
            return ""
        points = f"{100 * abs(change):.0f} points"
        if abs(change) < STEADY:
            return "steady"
        return f"up {points}" if change > 0 else f"down {points}"

    @property
    def most(self) -> float:
        """The points of all chapters so far."""
        return sum(step.most for step in self.steps)

    @property
    def falls_behind(self) -> bool:
        """Whether somebody should ask: it falls, or the last two did not come."""
        last = [step.state for step in self.steps[-2:]]
        return (self.change or 0) <= FALLS or last == ["not handed in"] * 2

    def count(self, state: str) -> int:
        """How many chapters are in a state."""
        return sum(step.state == state for step in self.steps)


def ways(works: list[ClassWork], names: Names) -> list[Way]:
    """Every student's way, in the order in which a reader looks for them.

    Args:
        works: the assignments in the course's order.
        names: how students are called.
    """
    everybody = names.sort(set().union(*(work.people for work in works)))
    return [
        Way(student, tuple(_step(work, student) for work in works))
        for student in everybody
    ]


def way_rows(found: list[Way], names: Names) -> list[list[Cell]]:
    """One row a student after a row of headings: for each chapter points, state and
    hours late, then the course.
    """
    head: list[Cell] = ["student", "last_name", "first_name"]
    for step in found[0].steps if found else ():
        head += [f"{step.slug} (of {number(step.most)})", f"{step.slug} state"]
        head.append(f"{step.slug} hours late")
    rows = [[*head, "score", "max_score", "not handed in", "late", "change"]]
    for way in found:
        row: list[Cell] = list(names.columns(way.student))
        for step in way.steps:
            late = round(step.late_s / HOUR_S, 1) if step.late_s else None
            row += [step.score, step.state, late]
        lates = sum(step.late_s > 0 for step in way.steps)
        change = None if way.change is None else round(way.change, 3)
        rows.append(
            [*row, way.score, way.most, way.count("not handed in"), lates, change]
        )
    return rows


def _step(work: ClassWork, student: str) -> Step:
    marks = work.marks.get(student)
    state = work.state(student)
    if marks is None:
        return Step(work.slug, state, None, work.max_points)
    waits = any(mark.score is None for mark in marks.cells.values())
    return Step(work.slug, state, total(marks), work.max_points, marks.late_s, waits)
