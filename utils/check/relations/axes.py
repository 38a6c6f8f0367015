"""An axis that was to be reduced and wasn't, or was and shouldn't; broadcasting."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from utils.check.relations.case import CLOSE, Case, Found, Relation, evidence
from utils.check.relations.values import ENOUGH, EXACT, FEW

REDUCED: dict[str, Callable[[Tensor, int], Tensor]] = {
    "mean": lambda x, d: x.mean(d, keepdim=True),
    "sum": lambda x, d: x.sum(d, keepdim=True),
    "largest": lambda x, d: x.amax(d, keepdim=True),
    "smallest": lambda x, d: x.amin(d, keepdim=True),
}
TIMES = 3  # how often a value must be repeated to be called so


def axes(case: Case) -> Found:
    """Values of another size than the right one, which one of the two reduces to."""
    if case.pair is None or case.pair[0].numel() == case.pair[1].numel():
        return
    if not (case.pair[0].numel() and case.pair[1].numel()):
        return
    for words, holds in (*_broadcast(case), *_reduced(case), *_positions(case)):
        if holds(case):
            yield Relation(words, holds)


def _reduced(case: Case):
    """The mean of what is given is right, or what is given is the mean of the right."""
    right, got = case.pair
    sides = (
        (1, got, "the right value is the {} of this{}"),
        (0, right, "the {} of the right value{}"),
    )
    for source, value, words in sides:
        is_one = evidence(case.pair[1 - source]) < ENOUGH
        for name, reduce in list(REDUCED.items())[: 2 if is_one else None]:
            for axis in range(value.ndim if value.ndim > 1 else 0):
                holds = partial(_is_reduced, source, partial(_along, reduce, axis))
                yield words.format(name, f" along axis {axis}"), holds
            whole = partial(_all, reduce)
            yield words.format(name, ""), partial(_is_reduced, source, whole)


def _along(reduce: Callable, axis: int, x: Tensor) -> Tensor:
    return reduce(x, axis)


def _all(reduce: Callable, x: Tensor) -> Tensor:
    return reduce(x.flatten(), 0)


def _is_reduced(source: int, reduce: Callable, case: Case) -> bool:
    """Whether one of right (0) and given (1), reduced, holds the other's numbers."""
    if case.pair is None or case.got is case.right:
        return case.pair is None  # an earlier value of which this can't be said
    value, target = case.pair[source], case.pair[1 - source]
    if value.numel() <= target.numel() or evidence(target) < FEW:
        return False
    rtol = CLOSE if evidence(target) >= ENOUGH else EXACT
    is_known = case.knows(value, enough=ENOUGH)
    return is_known and case.agree(reduce(value).flatten(), target.flatten(), rtol)


def _positions(case: Case):
    """Scores where the index of the largest is asked."""
    for axis in range(case.pair[1].ndim):
        words = "the numbers whose largest is asked by its index, along axis"
        yield f"{words} {axis}", partial(_is_position, axis)


def _is_position(axis: int, case: Case) -> bool:
    if case.pair is None or case.pair[1].ndim <= axis or not case.pair[1].numel():
        return False
    right, got = case.pair
    found = got.argmax(axis).double()
    is_telling = len(set(found.flatten().tolist())) > 1 and found.numel() >= ENOUGH
    return is_telling and case.agree(found, right) and got.shape[axis] > 2


def _broadcast(case: Case):
    """Repeated along an axis, or N by N numbers with the right ones on the diagonal."""
    yield "the right value, repeated along an axis too many", _is_repeated
    words = "N by N numbers with the right ones on the diagonal: shapes were broadcast"
    yield words, _is_on_diagonal


def _is_repeated(case: Case) -> bool:
    right, got = case.pair or (torch.zeros(0), torch.zeros(0))
    if got.ndim != right.ndim + 1 or evidence(right) < ENOUGH:
        return False
    return any(
        got.shape[axis] > 1
        and right.unsqueeze(axis).expand_as(got).shape == got.shape
        and case.agree(right.unsqueeze(axis).expand_as(got), got)
        for axis in range(got.ndim)
        if _fits(right, got, axis)
    )


def _fits(right: Tensor, got: Tensor, axis: int) -> bool:
    """Whether `got` has the axes of `right` and one more, at this place."""
    return (*got.shape[:axis], *got.shape[axis + 1 :]) == tuple(right.shape)


def _is_on_diagonal(case: Case) -> bool:
    if case.pair is None or case.pair[1].ndim != 2:
        return False
    right, got = case.pair
    if got.shape != (right.numel(), right.numel()) or evidence(right) < ENOUGH:
        return False
    return case.agree(got.diagonal(), right.flatten())
