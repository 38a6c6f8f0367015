"""Names for mistakes that nobody wrote down: how a value relates to the right one.

Asked only after a check has failed and the bank has no name. A relation is said if it
fits this result and every earlier one of the test: at a call that was judged right it
must leave the right value as it is. It says what was observed ("the right numbers,
transposed") and never what to write.

In a hidden test the words come from the same fixed list, without a number of the hidden
values. So a student learns at most which line of the list fits: a few bits beside the
one that every test gives away, and once a submission, as hidden tests run at the
grader's. A size or a value can't be read out of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from utils.check.compare import same
from utils.check.outcome import Outcome
from utils.check.relations.arguments import empty, ignored, returned, sizes
from utils.check.relations.axes import axes
from utils.check.relations.case import SEQUENCES, Case, Found, Relation
from utils.check.relations.kinds import kinds
from utils.check.relations.order import order
from utils.check.relations.places import lost, places
from utils.check.relations.slices import slices
from utils.check.relations.values import values

MAX_PARTS = 32  # of a container that is looked into
OF_ONE = (kinds, returned, order, values, axes, places, slices)
OF_SEVERAL = (ignored, sizes, empty)


def explain(case: Case, earlier: Sequence[Case] = (), coarse: bool = False) -> str:
    """How the given value relates to the right one, in words; "" if nobody can say.

    Args:
        case: the call that failed.
        earlier: those of the same test that were judged right, oldest first.
        coarse: whether no number may be said, as in hidden tests.
    """
    for relation in _found(case, earlier):
        if relation.is_fact or all(map(relation.holds, earlier)):
            return (coarse and relation.coarse) or relation.words
    return ""


def _found(case: Case, earlier: Sequence[Case]) -> Found:
    for find in OF_SEVERAL:
        yield from find(case, earlier)
    yield from _of_value(case)


def _of_value(case: Case) -> Found:
    for find in OF_ONE if not case.is_lost else (kinds, lost):
        yield from find(case)
    yield from _of_parts(case)


def _of_parts(case: Case) -> Found:
    """The relation of the one part of a container that differs, or of all that do."""
    parts = _parts(case)
    wrong = [
        name
        for name, part in parts.items()
        if not same(part.right, part.got, part.rtol, part.atol)
    ]
    if not wrong or len(parts) > MAX_PARTS:
        return
    rest = [replace(parts[name], confirms=True) for name in wrong[1:]]
    at = f"{wrong[0]}: " if not rest and len(parts) > 1 else ""
    for relation in _of_value(parts[wrong[0]]):
        if all(map(relation.holds, rest)) and not (rest and relation.is_fact):
            lifted = partial(_holds_for, relation, wrong)
            words, coarse = relation.words, relation.coarse or relation.words
            yield Relation(f"{at}{words}", lifted, coarse, relation.is_fact)


def _holds_for(relation: Relation, names: list[str], case: Case) -> bool:
    parts = _parts(case)
    return all(relation.holds(parts[name]) for name in names if name in parts)


def _parts(case: Case) -> dict[str, Case]:
    """The parts of two containers of one form, by their place."""
    right, got = case.right, case.got
    if right.kind == "dict" == got.kind:
        keys = [key for key, _ in right.data]
        if keys != [key for key, _ in got.data]:
            return {}
        pairs = zip(right.data, got.data, strict=True)
        return {f"key {_key(k)}": case.of(a, b) for (k, a), (_, b) in pairs}
    is_even = right.kind in SEQUENCES and got.kind in SEQUENCES
    if not is_even or len(right.data) != len(got.data):
        return {}
    pairs = zip(right.data, got.data, strict=True)
    return {f"item {i}": case.of(a, b) for i, (a, b) in enumerate(pairs)}


def _key(key: Outcome) -> str:
    return repr(key.data)
