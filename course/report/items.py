"""What each exercise tells of a class: how hard it was, whom it told apart, and which
mistakes were made.
"""

from collections import Counter
from dataclasses import dataclass
from statistics import StatisticsError, correlation

from course.grade.brought.why import stop_of
from course.grade.plan import BY_PERSON, WITH_POINTS, Cell
from course.grade.result import WRONG, Verdict
from course.report.gather import ClassWork

FEWEST = 3  # students; two points always lie on a line

Shares = dict[str, float | None]  # by student; None while a person has yet to grade


@dataclass(frozen=True)
class Item:
    """One exercise, over everybody whose notebook could be read.

    Args:
        exercise: its id.
        points: what it is worth.
        by_hand: whether a person grades it.
        states: how many tests ended how; empty for what a person grades.
        difficulty: `difficulty` of it; None while answers wait for a person.
        discrimination: `discrimination` of it; None where it is not defined, and
            while answers wait.
        mistakes: how many made each mistake that has a name, most first.
    """

    exercise: str
    points: float
    by_hand: bool
    states: Counter
    difficulty: float | None
    discrimination: float | None
    mistakes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Mistake:
    """A named mistake in one exercise.

    Args:
        exercise: the exercise's id.
        name: the mistake's name.
        students: how many made it.
        share: which part of the class that is.
        number: of the name, 1 for that of the biggest.
    """

    exercise: str
    name: str
    students: int
    share: float
    number: int


def items(work: ClassWork) -> list[Item]:
    """The exercises in the notebook's order."""
    students = work.readable()
    cells = [c for c in work.assignment.cells if c.kind in WITH_POINTS]
    shares = {cell.grade_id: _shares(work, cell, students) for cell in cells}
    points = {c.grade_id: work.points.get(c.grade_id, c.points) for c in cells}
    return [_item(work, cell, students, shares, points) for cell in cells]


def mistakes(work: ClassWork) -> list[Mistake]:
    """The named mistakes of a class, the most frequent first."""
    everybody = len(work.readable())
    found = [
        (count, item.exercise, name)
        for item in items(work)
        for name, count in item.mistakes
    ]
    found.sort(key=lambda mistake: (-mistake[0], *mistake[1:]))
    names = list(dict.fromkeys(name for _, _, name in found))
    return [
        Mistake(exercise, name, count, count / everybody, names.index(name) + 1)
        for count, exercise, name in found
    ]


def stops(work: ClassWork) -> list[tuple[str, str, int]]:
    """Where tests that were brought along stopped, as they know no names of mistakes:
    the test, the assertion in words, and for how many; the most frequent first.
    """
    found: Counter = Counter()
    for student in work.readable() if work.assignment.brought else ():
        for test, verdict in _verdicts(work, student).items():
            if words := stop_of(verdict):
                found[test, words] += 1
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(test, words, count) for (test, words), count in ranked]


def unprotected(work: ClassWork) -> list[str]:
    """The tests whose points the code of somebody's submission could have reached."""
    results = work.results.values()
    return sorted({name for result in results for name in result.unprotected})


def _verdicts(work: ClassWork, student: str) -> dict[str, Verdict]:
    return work.results[student].verdicts if student in work.results else {}


def difficulty(shares: list[float]) -> float | None:
    """The mean share of an exercise's points, p = mean(x_i) with x_i in [0, 1].

    The item difficulty of classical test theory: for an exercise that gives all or
    nothing it is the proportion that solved it, so *more is easier*.

    Args:
        shares: each student's points divided by what the exercise is worth.

    Source: Crocker and Algina (1986), Introduction to Classical and Modern Test
    Theory, chapter 14.
    """
    return sum(shares) / len(shares) if shares else None


def discrimination(shares: list[float], rests: list[float]) -> float | None:
    """The corrected item-total correlation, Pearson's r of an exercise and the rest.

        r = cov(x, T - x) / (s_x s_{T-x})

    with x the points of the exercise and T - x those of all other exercises, so that
    the exercise is not correlated with itself. For an exercise that gives all or
    nothing this is the point-biserial correlation with the rest of the score. Near 0,
    or below, an exercise does not tell those who can from those who can't.

    Args:
        shares: each student's share of the exercise's points.
        rests: their points for the other exercises, in the same order.

    Returns:
        None for fewer than three students, or if either is the same for all of them.

    Source: Henrysson (1963), Correction of item-total correlations in item analysis,
    Psychometrika 28, 211-218; Crocker and Algina (1986), chapter 14.
    """
    if len(shares) < FEWEST:
        return None
    try:
        return correlation(shares, rests)
    except StatisticsError:  # one of them is constant
        return None


def _item(
    work: ClassWork,
    cell: Cell,
    students: list[str],
    shares: dict[str, Shares],
    points: dict[str, float],
) -> Item:
    verdicts = [
        work.results[student].verdicts[cell.grade_id]
        for student in students
        if student in work.results and cell.grade_id in work.results[student].verdicts
    ]
    named = Counter(v.mistake for v in verdicts if v.state == WRONG and v.mistake)
    own = list(shares[cell.grade_id].values())
    rests = _rests(cell.grade_id, shares, points)
    waits = None in own
    return Item(
        cell.exercise,
        points[cell.grade_id],
        cell.kind in BY_PERSON,
        Counter(verdict.state for verdict in verdicts),
        None if waits else difficulty(own),
        None if waits else discrimination(own, rests),
        tuple(sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _shares(work: ClassWork, cell: Cell, students: list[str]) -> Shares:
    """Each student's share of a cell's points, without extra credit."""
    found: Shares = {}
    for student in students:
        mark = work.marks[student].cells.get(cell.grade_id)
        if mark is None or mark.score is None or not mark.points:
            found[student] = None
        else:
            found[student] = (mark.score - mark.extra) / mark.points
    return found


def _rests(
    grade_id: str, shares: dict[str, Shares], points: dict[str, float]
) -> list[float]:
    """Points for those other exercises in which no answer waits for a person."""
    known = {
        other: own
        for other, own in shares.items()
        if other != grade_id and None not in own.values()
    }
    return [
        sum(points[other] * own[student] for other, own in known.items())
        for student in shares[grade_id]
    ]
