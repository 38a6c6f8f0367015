"""Results beside the arguments and beside those of earlier calls."""

from collections.abc import Sequence
from functools import partial

from utils.check.compare import same
from utils.check.relations.case import Case, Found, Relation, evidence, numbers
from utils.check.store import is_plain

ENOUGH = 3  # evidence that two values are the same, and not by chance


def returned(case: Case) -> Found:
    """An argument that is given back as it was."""
    for name, value in case.inputs.items():
        if _is_telling(case.got) and same(value, case.got, case.rtol, case.atol):
            words = f"{name} is returned as it was given"
            yield Relation(words, partial(_is_returned, name))


def _is_returned(name: str, case: Case) -> bool:
    value = case.inputs.get(name)
    return value is not None and same(value, case.got, case.rtol, case.atol)


def ignored(case: Case, earlier: Sequence[Case]) -> Found:
    """The very result of an earlier call that differs in one argument, or its shape."""
    for before in earlier:
        if not _is_telling(case.got) or same(case.right, before.right):
            continue
        names = _differing(case, before) if case.made_by is before.made_by else []
        if len(names) == 1 and same(before.right, case.got, case.rtol, case.atol):
            words, coarse = (f"{n} changes nothing" for n in (names[0], "an argument"))
            yield Relation(words, coarse=coarse, is_fact=True)


def _differing(case: Case, before: Case) -> list[str]:
    """The arguments in which two calls differ; one that is left out counts."""
    names = dict.fromkeys((*before.inputs, *case.inputs))
    return [n for n in names if not _are_same(case.inputs.get(n), before.inputs.get(n))]


def _are_same(a, b) -> bool:
    is_known = a is not None and b is not None and is_plain(a)
    return is_known and same(a, b, 0, 0)


def sizes(case: Case, earlier: Sequence[Case]) -> Found:
    """The shape of an earlier result where another is asked."""
    shapes = {tuple(c.pair[0].shape) for c in earlier if c.pair is not None}
    if case.pair is None or case.right.kind != "tensor" or not shapes:
        return
    right, got = (tuple(part.shape) for part in case.pair)
    inputs = {_input_shapes(c) for c in earlier}
    is_earlier = right != got and got in shapes and len(got) == len(right)
    if is_earlier and _input_shapes(case) not in inputs:
        words = "the result has the size of an earlier one, whatever is given"
        coarse = "right for the example's sizes only"
        yield Relation(words, is_fact=True, coarse=coarse)


def _input_shapes(case: Case) -> tuple:
    found = (numbers(value) for value in case.inputs.values())
    return tuple(tuple(n.shape) for n in found if n is not None)


def empty(case: Case, earlier: Sequence[Case]) -> Found:
    """Wrong for an input without numbers, right for all others before."""
    names = [name for name, value in case.inputs.items() if _is_empty(value)]
    before = [any(map(_is_empty, c.inputs.values())) for c in earlier]
    if names and before and not any(before):
        how = "raises an error" if case.got.kind == "raised" else "is wrong"
        words, coarse = (f"it {how} where {n} is empty" for n in (names[0], "an input"))
        yield Relation(words, is_fact=True, coarse=coarse)


def _is_empty(value) -> bool:
    if value.kind in ("tensor", "array"):
        return value.data.numel() == 0
    return value.kind in ("list", "tuple", "dict", "str") and not value.data


def _is_telling(value) -> bool:
    found = numbers(value)
    if found is None:
        return value.kind == "str" and len(value.data) > 3
    return evidence(found) >= ENOUGH
