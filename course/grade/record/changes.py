"""Whose points grading again would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course.grade.record.marks import Marks
from course.grade.result import Result


@dataclass(frozen=True)
class Change:
    """One exercise that regrading gives other points for.

    Args:
        student: the student's id.
        exercise: the exercise's id.
        before: points so far; None if it was not graded.
        after: points now; None if it is not graded any more.
    """

    student: str
    exercise: str
    before: float | None
    after: float | None


def changes(
    old: Iterable[Result], new: Iterable[Result], marks: Mapping[str, Marks]
) -> list[Change]:
    """Who would get other points, for what, and how many; without late penalties.

    Args:
        old: what the gradebook holds.
        new: what grading again gives; whoever is not in it does not change.
        marks: the points that count so far: a person's stand.
    """
    before = {result.student: result.verdicts for result in old}
    found = []
    for result in sorted(new, key=lambda result: result.student):
        had, has = before.get(result.student, {}), result.verdicts
        own = marks.get(result.student, Marks()).cells
        for test in dict.fromkeys([*has, *had]):
            was = had[test].score if test in had else None
            now = has[test].score if test in has else None
            if was != now and not (test in own and own[test].by_hand):
                exercise = test.removeprefix("test_")
                found.append(Change(result.student, exercise, was, now))
    return found
