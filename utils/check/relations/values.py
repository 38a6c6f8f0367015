"""Numbers of the right shape that are computed from the right ones.

A factor, a number added, a square, a softmax ... of the right value; or the right value
is that of what was given. In a hidden test no number is said.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations

import torch
from torch import Tensor

from utils.check.relations.case import CLOSE, Case, Found, Relation, evidence

EXACT = 2e-5  # relative error for what one number alone says
FEW, ENOUGH = 2, 3  # evidence: one number that isn't whole; two numbers

Function = Callable[[Tensor], Tensor]

ELEMENTWISE: dict[str, Function] = {
    "the square of {}": torch.square,
    "the square root of {}": torch.sqrt,
    "the exponential of {}": torch.exp,
    "the logarithm of {}": torch.log,
    "the logarithm of {} to base 2": torch.log2,
    "the logarithm of {} to base 10": torch.log10,
    "the sigmoid of {}": torch.sigmoid,
    "the tanh of {}": torch.tanh,
    "the absolute value of {}": torch.abs,
    "the positive part of {}": torch.relu,
    "the reciprocal of {}": torch.reciprocal,
    "one minus {}": lambda x: 1 - x,
}
ON_ONE_NUMBER = ("the square of {}", "the square root of {}")
ALONG: dict[str, Callable[[Tensor, int], Tensor]] = {
    "the softmax of {}": torch.softmax,
    "the logarithm of the softmax of {}": torch.log_softmax,
    "the running sum of {}": torch.cumsum,
    "{} divided by its sum": lambda x, d: x / x.sum(d, keepdim=True),
    "{} divided by its largest number": lambda x, d: x / x.amax(d, keepdim=True),
    "{} divided by its length": lambda x, d: x / x.norm(dim=d, keepdim=True),
    "{} less its mean": lambda x, d: x - x.mean(d, keepdim=True),
}


def values(case: Case) -> Found:
    """Numbers of the right shape that are computed from the right ones."""
    if case.pair is None or case.is_right:
        return
    right, got = case.pair
    if right.shape == got.shape and right.numel():
        for find in (_factors, _functions, _any_factor, _added):
            yield from find(case)


def _met(source: int, name: str, function: Function, enough: int, case: Case) -> Found:
    """The relation given = function(right); with source 1, right = function(given)."""
    rtol = CLOSE if enough >= ENOUGH else EXACT
    holds = partial(_is_met, source, function, enough, rtol)
    if holds(case):
        of_right, of_given = name.format("the right value"), name.format("this")
        yield Relation(f"the right value is {of_given}" if source else of_right, holds)


def _is_met(source: int, function: Function, enough: int, rtol: float, case: Case):
    """Whether a function of one of right (0) and given (1) is the other."""
    if case.pair is None or case.pair[0].shape != case.pair[1].shape:
        return case.got is case.right  # an earlier value of which this can't be said
    given, target = case.pair[source], case.pair[1 - source]
    if not case.knows(given, target, enough=enough):
        return False
    try:
        return case.agree(function(given), target, rtol)
    except (IndexError, RuntimeError):  # an earlier value that has not these axes
        return case.got is case.right


# ------------------------------------------------------------- factors


def _factors(case: Case) -> Found:
    """Factors that have a name: -1, 2, 1/2, a size, its root, a size less one."""
    right, got = case.pair
    is_one = evidence(right) < ENOUGH or evidence(got) < ENOUGH
    if min(evidence(right), evidence(got)) < FEW:
        return
    rtol = EXACT if is_one else CLOSE
    for words, coarse, factor in _named_factors(case, is_one):
        holds = partial(_is_met, 0, partial(torch.mul, other=factor), FEW, rtol)
        if holds(case):
            yield Relation(words, holds, coarse)


def _named_factors(case: Case, is_one: bool) -> Iterator[tuple[str, str, float]]:
    yield "the sign is turned round", "", -1.0
    yield "twice the right value", "", 2.0
    yield "half the right value", "", 0.5
    for n in sorted(size for size in case.sizes if size > 2):
        what = f"N = {n} being a size here"
        whats = "N being a size here"
        yield f"N times the right value, {what}", f"N times the right value, {whats}", n
        words = "the right value divided by N"
        yield f"{words}, {what}", f"{words}, {whats}", 1 / n
        if is_one:
            continue
        for words, factor in (
            ("the square root of N times the right value", math.sqrt(n)),
            ("the right value divided by the square root of N", 1 / math.sqrt(n)),
            *_by_one_less(n, case.sizes),
        ):
            yield f"{words}, {what}", f"{words}, {whats}", factor


def _by_one_less(n: int, sizes: set[int]) -> Iterator[tuple[str, float]]:
    """N / (N - 1) and the other way round, if N - 1 is no size of something else."""
    if n - 1 not in sizes:
        yield "N / (N - 1) times the right value", n / (n - 1)
        yield "(N - 1) / N times the right value", (n - 1) / n


def _any_factor(case: Case) -> Found:
    """One and the same factor everywhere, whatever it is."""
    right, got = case.pair
    nonzero = right.abs() > 1e-3
    if min(evidence(right), evidence(got)) < 4 or not nonzero.any():
        return
    place = right.abs().argmax()
    factor = (got.flatten()[place] / right.flatten()[place]).item()
    if not math.isfinite(factor) or abs(factor) < 1e-3:
        return
    holds = partial(_is_met, 0, partial(torch.mul, other=factor), FEW, CLOSE)
    words, coarse = _factor_words(factor, case.sizes)
    if holds(case):
        yield Relation(words, holds, coarse)


def _factor_words(factor: float, sizes: set[int]) -> tuple[str, str]:
    """A factor as the ratio of two sizes, if it is that; and without a number."""
    for n, m in permutations(sorted(size for size in sizes if size > 1), 2):
        if abs(n / m - factor) < EXACT * abs(factor):
            ratio = f"{n} / {m} times the right value: both are sizes here"
            return ratio, "N / M times the right value: both are sizes here"
    words = f"{factor:.4g} times the right value, everywhere"
    return words, "the right value times one and the same factor, everywhere"


def _added(case: Case) -> Found:
    """One and the same number too much everywhere."""
    right, got = case.pair
    different = len({f"{value:.4g}" for value in right.flatten().tolist()})
    if different < 3 or evidence(got) < ENOUGH:
        return
    more = (got - right).flatten()[0].item()
    if not math.isfinite(more):
        return
    is_one = abs(more) == 1
    side = "more" if more > 0 else "less"
    words = f"{abs(more):.4g} {side} than the right value, everywhere"
    coarse = words if is_one else f"one and the same number {side}, everywhere"
    holds = partial(_is_met, 0, partial(torch.add, other=more), FEW, CLOSE)
    if holds(case):
        yield Relation(words, holds, coarse)


# ----------------------------------------------------------- functions


def _functions(case: Case) -> Found:
    """Given as a function of right, then the other way round."""
    is_one = not case.knows(*case.pair, enough=ENOUGH)
    for source in (0, 1):
        for name in ON_ONE_NUMBER if is_one else ELEMENTWISE:
            enough = FEW if is_one else ENOUGH
            yield from _met(source, name, ELEMENTWISE[name], enough, case)
        for name, function in _along_axes(case) if not is_one else ():
            yield from _met(source, name, function, ENOUGH, case)


def _along_axes(case: Case) -> Iterator[tuple[str, Function]]:
    ndim = case.pair[0].ndim
    for axis in range(ndim):
        along = "" if ndim == 1 else f" along axis {axis}"
        for name, function in ALONG.items():
            yield name + along, lambda x, f=function, d=axis: f(x, d)
