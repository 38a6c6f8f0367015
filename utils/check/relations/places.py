"""Values that are right except at certain places, and what these have in common."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from utils.check.relations.case import Case, Found, Relation, evidence, numbers

ENOUGH = 3  # evidence that the rest is right, and not by chance
MANY = 2  # wrong places; one could be anywhere
MIN_PLACES = 3  # along an axis, for one of them to be another than the rest
MOST = 0.5  # of the numbers of a place that is called wrong: some are right by chance

# The places of a case that are meant: a bool tensor like the right value, or None.
Places = Callable[[Case], Tensor | None]


def places(case: Case) -> Found:
    """Wrong at certain places only; the narrowest description first."""
    if case.pair is None or case.pair[0].shape != case.pair[1].shape or case.is_right:
        return
    right, got = case.pair
    wrong = ~case.where_equal(right, got, case.rtol)
    if evidence(right[~wrong]) < ENOUGH:
        return
    for words, meant in (*_of_inputs(case), *_of_values(), *_of_axes(right)):
        if _is_wrong_there(meant, case):
            yield Relation(words, partial(_is_only_there, meant))
    for axis in range(right.ndim if right.ndim > 1 else 0):
        yield from _of_slices(axis, right, wrong)


def _of_slices(axis: int, right: Tensor, wrong: Tensor) -> Found:
    """Right only in the first or last place along an axis, or in one half of them."""
    count = right.shape[axis]
    name = ("row", "column")[axis] if right.ndim == 2 else f"place along axis {axis}"
    half = f"half along axis {axis}"
    # In words, which places are right: from where to where.
    patterns = [
        (f"right only in the first {name}", 0, 1),
        (f"right only in the last {name}", count - 1, count),
        (f"wrong only in the second {half}", 0, count // 2),
        (f"wrong only in the first {half}", count - count // 2, count),
    ]
    for words, start, end in patterns[: 2 if count % 2 else 4]:
        if count >= MIN_PLACES and _are_right(start, end, axis, right, wrong):
            yield Relation(words, lambda case: case.pair is None)


def _are_right(start: int, end: int, axis: int, right: Tensor, wrong: Tensor) -> bool:
    """Whether these places along an axis are right and nearly all others wrong."""
    right, wrong = (x.movedim(axis, 0) for x in (right, wrong))
    rest = torch.cat([wrong[:start], wrong[end:]]).flatten(1)
    is_right = not wrong[start:end].any() and evidence(right[start:end]) >= ENOUGH
    return bool(is_right and (rest.double().mean(1) >= MOST).all())


def _is_wrong_there(meant: Places, case: Case) -> bool:
    """Whether all wrong places are meant, and enough of the meant ones are wrong."""
    wrong = ~case.where_equal(*case.pair, case.rtol)
    if meant is _rim and not all(side.any() for side in _sides(wrong)):
        return False
    mask = meant(case)
    if mask is None or mask.shape != wrong.shape or mask.all():
        return False
    is_within = not (wrong & ~mask).any()
    return is_within and int(wrong.sum()) >= max(MANY, int(mask.sum()) / 2)


def _is_only_there(meant: Places, case: Case) -> bool:
    """Wrong at such places only; an earlier call, judged right, had none of them."""
    if case.pair is None:
        return case.got is case.right
    if case.got is not case.right:
        return case.pair[0].shape == case.pair[1].shape and _is_wrong_there(meant, case)
    mask = meant(case)
    return mask is None or not mask.any()


def lost(case: Case) -> Found:
    """NaN or infinite where a number is asked."""
    right, got = case.pair
    gone = ~got.isfinite() & right.isfinite()
    what = "NaN" if got[gone].isnan().any() else "infinite"
    if gone.all():
        subject = "every number" if gone.numel() > 1 else "the result"
        yield Relation(f"{subject} is {what}", is_fact=True)
    elif case.where_equal(right, got, case.rtol)[~gone].all():
        words = f"{what} at some places, right at the others"
        yield Relation(words, is_fact=True)
    else:
        yield Relation(f"{what} at some places", is_fact=True)


def _of_axes(right: Tensor) -> Iterator[tuple[str, Places]]:
    """The first or last row or column, the edges, the diagonal, a triangle."""
    for axis in range(right.ndim):
        if right.shape[axis] < 3:
            continue
        name = _line(right.ndim, axis)
        for end, place in (("first", 0), ("last", -1)):
            yield f"wrong only in the {end} {name}", partial(_slice, axis, place)
    if right.ndim >= 2 and min(right.shape[-2:]) >= 3:
        yield "wrong only at the rim", _rim
    if right.ndim >= 2 and right.shape[-1] == right.shape[-2] >= 3:
        yield "wrong only on the diagonal", _diagonal
        yield "wrong only above the diagonal", partial(_triangle, True)
        yield "wrong only below the diagonal", partial(_triangle, False)


def _line(ndim: int, axis: int) -> str:
    if ndim == 1:
        return "place"
    if ndim == 2:
        return ("row", "column")[axis]
    return f"place along axis {axis}"


def _slice(axis: int, place: int, case: Case) -> Tensor | None:
    right = case.pair[0]
    if axis >= right.ndim or not right.shape[axis]:
        return None
    mask = torch.zeros(right.shape, dtype=torch.bool)
    mask.select(axis, place).fill_(True)
    return mask


def _rim(case: Case) -> Tensor | None:
    right = case.pair[0]
    if right.ndim < 2:
        return None
    mask = torch.ones(right.shape, dtype=torch.bool)
    mask[..., 1:-1, 1:-1] = False
    return mask


def _sides(x: Tensor) -> tuple[Tensor, ...]:
    """The four sides of the last two axes, without the corners."""
    middle, rows = x[..., 1:-1], x[..., 1:-1, :]
    return middle[..., 0, :], middle[..., -1, :], rows[..., 0], rows[..., -1]


def _diagonal(case: Case) -> Tensor | None:
    right = case.pair[0]
    if right.ndim < 2:
        return None
    return torch.eye(*right.shape[-2:], dtype=torch.bool).expand(right.shape)


def _triangle(upper: bool, case: Case) -> Tensor | None:
    right = case.pair[0]
    if right.ndim < 2:
        return None
    square = torch.ones(right.shape[-2:], dtype=torch.bool)
    square = square.triu(1) if upper else square.tril(-1)
    return square.expand(right.shape)


def _of_values() -> Iterator[tuple[str, Places]]:
    yield "wrong only where the right value is negative", lambda c: c.pair[0] < 0
    yield "wrong only where the right value is 0", lambda c: c.pair[0] == 0
    yield "wrong only where the right value is 1", lambda c: c.pair[0] == 1


def _of_inputs(case: Case) -> Iterator[tuple[str, Places]]:
    """Padding, empty rows, ties and signs of the arguments."""
    for name in case.inputs:
        for words, meant in INPUTS:
            yield words.format(name), partial(_of_input, meant, name)


def _of_input(meant: Callable, name: str, case: Case) -> Tensor | None:
    given = case.inputs.get(name)
    values = None if given is None else numbers(given)
    if values is None:
        return None
    return meant(values, case.pair[0], getattr(given, "dtype", ""))


def _padded(values: Tensor, right: Tensor, dtype: str) -> Tensor | None:
    """Beyond the lengths: (N,) of whole numbers beside a right value (N, T, ...)."""
    is_lengths = values.ndim == 1 and right.ndim >= 2 and "int" in dtype
    if not is_lengths or len(values) != len(right):
        return None
    if not ((values >= 0) & (values <= right.shape[1])).all():
        return None
    mask = torch.arange(right.shape[1])[None, :] >= values[:, None]  # (N, T)
    mask = mask.reshape(*mask.shape, *[1] * (right.ndim - 2))
    return mask.expand(right.shape)


def _masked(wanted: bool, values: Tensor, right: Tensor, dtype: str) -> Tensor | None:
    if dtype != "bool" or values.shape != right.shape:
        return None
    return (values != 0) == wanted


def _empty(values: Tensor, right: Tensor, dtype: str) -> Tensor | None:
    """Rows of the input that are all zero, beside a right value of as many rows."""
    if values.ndim < 2 or right.ndim < 1 or len(values) != len(right):
        return None
    rows = (values == 0).flatten(1).all(1)
    return rows.reshape(-1, *[1] * (right.ndim - 1)).expand(right.shape)


def _tied(values: Tensor, right: Tensor, dtype: str) -> Tensor | None:
    """Numbers that occur twice (1-d); rows whose largest does (2-d)."""
    if values.ndim == 1 and right.shape == values.shape:
        return (values[:, None] == values).sum(1) > 1
    if values.ndim == 2 and right.ndim == 1 and len(values) == len(right):
        return (values == values.amax(1, keepdim=True)).sum(1) > 1
    return None


def _sign(compare: Callable, values: Tensor, right: Tensor, dtype: str):
    is_same = values.shape == right.shape and dtype != "bool"
    return compare(values, 0.0) if is_same else None


INPUTS: tuple[tuple[str, Callable], ...] = (
    ("wrong only at padded places, beyond the lengths", _padded),
    ("wrong only where the mask is False", partial(_masked, False)),
    ("wrong only where the mask is True", partial(_masked, True)),
    ("wrong only where a row of {} is empty: all zeros", _empty),
    ("wrong only at ties of {}", _tied),
    ("wrong only where {} is negative", partial(_sign, torch.lt)),
    ("wrong only where {} is 0", partial(_sign, torch.eq)),
    ("wrong only where {} is positive", partial(_sign, torch.gt)),
)
