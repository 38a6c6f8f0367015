"""The right numbers at other places: axes, order, shifts, shapes, rows too few."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations, product

import torch
from torch import Tensor

from utils.check.relations.case import Case, Found, Relation, evidence

MAX_AXES = 4
ENOUGH = 3  # evidence that numbers were moved, and not others computed

# Words, and what is done to the right and to the given numbers to make them equal.
Change = Callable[[Tensor], Tensor]
Changes = Iterator[tuple[str, Change, Change]]


def order(case: Case) -> Found:
    """Numbers, or the items of sequences and texts, at other places."""
    if case.pair is not None:
        yield from _moved(case, "pair", "numbers")
    elif case.symbols is not None:
        nouns = {"str": "letters", "tuple": "results"}
        what = nouns.get(case.right.kind, "items")
        yield from _moved(case, "symbols", what)


def _moved(case: Case, which: str, what: str) -> Found:
    right, got = getattr(case, which)
    if case.is_right:
        return
    makers = (_axes, _turned, _shifted, _sorted, _shortened, _in_any_order, _parts)
    if what == "letters":
        makers = (_turned, _shifted, _sorted, _shortened)
    elif what == "results":
        makers = (_shortened, _in_any_order)
    is_known = case.knows(right, got, enough=ENOUGH)
    for maker in (_squeezed, _single, *(makers if is_known else ())):
        for words, *changes in maker(right, got):
            relation = Relation(
                words.format(what=what), partial(_are_equal, which, *changes)
            )
            if relation.holds(case):
                yield relation


def _are_equal(which: str, of_right: Change, of_got: Change, case: Case) -> bool:
    """Whether the two changes make the right and the given numbers equal."""
    pair = getattr(case, which)
    if pair is None:
        return case.got is case.right  # an earlier value of which this can't be said
    try:
        changed = of_right(pair[0]), of_got(pair[1])
    except (IndexError, RuntimeError):  # an earlier value that has not these axes
        return case.got is case.right
    known = min(ENOUGH, evidence(pair[1]))  # what is left must tell as much
    return case.knows(changed[1], enough=known) and case.agree(*changed)


def _same(x: Tensor) -> Tensor:
    return x


def _axes(right: Tensor, got: Tensor) -> Changes:
    """Transposed; axes permuted; permuted, then read in the right shape."""
    if not (right.ndim == got.ndim and 2 <= right.ndim <= MAX_AXES):
        return
    orders = list(permutations(range(right.ndim)))[1:]
    name = "transposed" if right.ndim == 2 else "their axes in another order"
    for axes in orders:
        yield f"the right {{what}}, {name}", lambda x, a=axes: x.permute(a), _same
    words = "the right {what}, but read in the order of other axes"
    for axes in orders:
        yield words, lambda x, a=axes: x.permute(a).reshape(x.shape), _same
        yield words, _same, lambda x, a=axes: x.permute(a).reshape(x.shape)


def _turned(right: Tensor, got: Tensor) -> Changes:
    """Reversed along an axis or along two."""
    if right.shape != got.shape:
        return
    for axis, along in _along(right.ndim):
        words = f"the right {{what}}, reversed{along}"
        yield words, lambda x, d=axis: x.flip(d), _same
    if right.ndim >= 2:
        words = "the right {what}, turned by 180 degrees"
        yield words, lambda x: x.flip(-2, -1), _same


def _shifted(right: Tensor, got: Tensor) -> Changes:
    """Shifted by one place, round the end or with another value at the edge."""
    if right.shape != got.shape:
        return
    for (axis, along), edge in product(_along(right.ndim), (False, True)):
        if right.shape[axis] < 4:
            continue
        words = f"the right {{what}}, shifted by one place{along}"
        if not edge:
            yield words, lambda x, d=axis: x.roll(1, d), _same
            yield words, lambda x, d=axis: x.roll(-1, d), _same
            continue
        yield words, partial(_less_last, axis), partial(_less_first, axis)
        yield words, partial(_less_first, axis), partial(_less_last, axis)


def _less_first(axis: int, x: Tensor) -> Tensor:
    return x.narrow(axis, 1, x.shape[axis] - 1)


def _less_last(axis: int, x: Tensor) -> Tensor:
    return x.narrow(axis, 0, x.shape[axis] - 1)


def _sorted(right: Tensor, got: Tensor) -> Changes:
    if right.shape != got.shape or right.ndim != 1:
        return
    for down in (False, True):
        words = "the right {what}, but sorted"
        yield words, lambda x, o=down: x.sort(descending=o).values, _same


def _shortened(right: Tensor, got: Tensor) -> Changes:
    """One row too few or too many at an end; a rim; every other row."""
    if right.ndim != got.ndim:
        return
    for axis, along in _along(right.ndim):
        less = right.shape[axis] - got.shape[axis]
        if less == 1:
            missing = f"of the right {{what}} is missing{along}"
            yield f"the first {missing}", partial(_less_first, axis), _same
            yield f"the last {missing}", partial(_less_last, axis), _same
        if less == -1:
            more = f"too many{along}, beside the right {{what}}"
            yield f"one at the start {more}", _same, partial(_less_first, axis)
            yield f"one at the end {more}", _same, partial(_less_last, axis)
    if right.ndim >= 2 and right.numel() != got.numel():
        yield "a rim around the right {what}", _same, _inner
        yield "the right {what} without their rim", _inner, _same


def _inner(x: Tensor) -> Tensor:
    return x[..., 1:-1, 1:-1]


def _parts(right: Tensor, got: Tensor) -> Changes:
    """One is a block of the other; the right numbers in another shape."""
    if right.numel() == got.numel() and right.shape != got.shape:
        words = "the right {what} in another shape"
        if got.ndim == 1:
            words = "the right {what}, flattened"
        yield words, partial(_reshaped, right.shape, got.shape), _same
    if right.ndim != got.ndim or right.shape == got.shape:
        return
    words = "only a part of the right {what}"
    for change in _blocks(right, got):
        yield words, change, _same
    for change in _blocks(got, right):
        yield "the right {what} with others around them", _same, change


def _blocks(large: Tensor, small: Tensor) -> Iterator[Change]:
    """The cuts of the small one's size out of the large one."""
    spare = [a - b for a, b in zip(large.shape, small.shape, strict=True)]
    if min(spare) < 0 or not small.numel():
        return
    for offsets in product(*(range(n + 1) for n in spare)):
        yield partial(_block, offsets, small.shape)


def _block(offsets: tuple, shape: tuple, x: Tensor) -> Tensor:
    for axis, (start, size) in enumerate(zip(offsets, shape, strict=True)):
        x = x.narrow(axis, start, size)
    return x


def _squeezed(right: Tensor, got: Tensor) -> Changes:
    """An axis of size 1 too many or too few."""
    if _plain(right) != _plain(got) or right.shape == got.shape:
        return
    words = "the right {what} with an axis of size 1 at another place"
    if more := got.ndim - right.ndim:
        axes = "an axis" if abs(more) == 1 else "axes"
        side = "many" if more > 0 else "few"
        words = f"the right {{what}} with {axes} of size 1 too {side}"
    yield words, partial(_reshaped, right.shape, got.shape), _same


def _single(right: Tensor, got: Tensor) -> Changes:
    """The first or the last number where all are asked."""
    is_one = right.ndim == 1 == got.ndim and got.numel() == 1 and right.numel() > 2
    if is_one and evidence(got) >= 2:
        yield "only the first of the right {what}", lambda x: x[:1], _same
        yield "only the last of the right {what}", lambda x: x[-1:], _same


def _plain(x: Tensor) -> list[int]:
    return [size for size in x.shape if size != 1]


def _reshaped(before: tuple, after: tuple, x: Tensor) -> Tensor:
    """Reshaped where the shape is known; an earlier value of another one is left."""
    return x.reshape(after) if x.shape == before else x


def _in_any_order(right: Tensor, got: Tensor) -> Changes:
    if right.shape != got.shape:
        return
    for axis, _ in _along(right.ndim) if right.ndim > 1 else ():
        name = f"the right {{what}}, their places along axis {axis} in another order"
        if right.ndim == 2:
            name = f"the right {('rows', 'columns')[axis]}, in another order"
        yield name, partial(_rows, axis), partial(_rows, axis)
    yield "the right {what}, in another order", _ascending, _ascending


def _rows(axis: int, x: Tensor) -> Tensor:
    rows = sorted(x.movedim(axis, 0).flatten(1).tolist())
    return torch.tensor(rows, dtype=x.dtype)


def _ascending(x: Tensor) -> Tensor:
    return x.flatten().sort().values


def _along(ndim: int) -> list[tuple[int, str]]:
    """Each axis and how it is named."""
    if ndim == 1:
        return [(0, "")]
    return [(axis, f" along axis {axis}") for axis in range(ndim)]
