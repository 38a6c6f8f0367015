"""Mistakes that a test does not tell apart, so that a student may get a false name.

A test ends at its first failed probe. Two wrong answers that give the same there, and
were right before, get both names; a probe that tells them apart, put before it, gives
each its own. Two that are one and the same mistake become one entry of the bank.
"""

import json
from itertools import combinations

from course.build.freeze import Frozen
from utils.check.compare import difference, same
from utils.check.outcome import Outcome
from utils.check.store import decode

Results = list[Outcome | None]  # of one answer, probe by probe


def agreements(frozen: Frozen, exercise: str) -> list[list[str]]:
    """Pairs of titles whose answers agree at every probe up to where they fail.

    Args:
        frozen: what the build froze for the exercise, titles and values.
        exercise: its id.
    """
    right, wrong = _results(frozen, exercise)
    failures = {title: _failure(right, results) for title, results in wrong.items()}
    return [
        [one, other]
        for one, other in combinations(wrong, 2)
        if failures[one] == failures[other] is not None
        and _agree(wrong[one], wrong[other], failures[one])
    ]


def as_fault(pair: list[str]) -> str:
    """An agreement as a sentence of the report."""
    one, other = pair
    return f"{one!r} and {other!r} agree at every probe up to where they fail"


def _results(frozen: Frozen, exercise: str) -> tuple[Results, dict[str, Results]]:
    """The right results and those of each wrong answer, hidden probes last."""
    right: Results = []
    wrong: dict[str, Results] = {}
    for part in (frozen.visible, frozen.hidden):
        entry = json.loads(part).get(exercise, {})
        for values in entry.get("probes", []):  # a question with options has none
            first, *others = map(decode, values)
            right.append(first)
            for title, value in zip(entry["names"], others, strict=True):
                wrong.setdefault(title, []).append(value)
    return right, wrong


def _failure(right: Results, results: Results) -> int | None:
    """The first probe that an answer fails; None if it fails none that it got to."""
    for i, (want, have) in enumerate(zip(right, results, strict=True)):
        if have is None:
            return None
        if difference(want, have) is not None:
            return i
    return None


def _agree(one: Results, other: Results, failure: int) -> bool:
    pairs = list(zip(one, other, strict=True))[: failure + 1]
    return all(same(a, b) for a, b in pairs)
