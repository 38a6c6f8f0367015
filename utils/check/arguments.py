"""What a call did to its arguments: compared before and after, whatever came of it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import is_lazy

MAX_DEPTH = 20
IN_PLACE = "is changed in place"
ASKS = "asks for gradients, or no longer does"
GRADIENT = "is left with another gradient in `.grad`"
PARAMETERS = "has other parameters than before"
HOOKS = "is left with another number of hooks"
ANOTHER_NET = "is made another kind of net"
_OF_PARTS = {
    ASKS: "has parameters that ask for gradients, or no longer do",
    GRADIENT: "is left with other gradients in `.grad`",
}


def changed(before: Any, after: Any) -> str | None:
    """How an argument differs from what it was; None if it doesn't.

    Args:
        before: a copy that was made before the call.
        after: what the call was given.

    Returns:
        what is to be said after its name: "is changed in place" ...
    """
    with torch._C.DisableTorchFunction():
        return next(_changes(before, after, 0), None)


def face(value: Any) -> tuple | None:
    """What stays alike of a net that is trained: its parts' classes and attributes,
    and how many hooks they have. None of what is no net.
    """
    if not issubclass(type(value), nn.Module):
        return None
    parts = list(nn.Module.modules(value))
    kinds = [(type(m), sorted(vars(m))) for m in parts]
    return kinds, [len(m._forward_hooks) for m in parts]


def face_changed(before: tuple | None, after: tuple | None) -> str | None:
    """How a net's `face` differs from what it was, in words; None if it doesn't."""
    if before == after:
        return None
    return HOOKS if before[0] == after[0] else ANOTHER_NET


def _changes(before: Any, after: Any, depth: int) -> Iterator[str]:
    cls = type(before)
    if issubclass(cls, torch.Tensor):
        yield from _of_tensor(before, after)
    elif issubclass(cls, nn.Module):
        yield from _of_module(before, after)
    elif cls in (list, tuple, dict) and depth < MAX_DEPTH:
        yield from _of_container(before, after, depth)
    elif cls is np.ndarray:
        same = before.shape == after.shape and before.dtype == after.dtype
        if not same or before.tobytes() != after.tobytes():
            yield IN_PLACE
    elif cls in (set, bytearray) and before != after:
        yield IN_PLACE


def _of_tensor(before: torch.Tensor, after: torch.Tensor) -> Iterator[str]:
    if is_lazy(before) or is_lazy(after):
        return
    if not _equal(before, after):
        yield IN_PLACE
    if before.requires_grad != after.requires_grad:
        yield ASKS
    if before.is_leaf and after.is_leaf and not _same_grad(before.grad, after.grad):
        yield GRADIENT


def _same_grad(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    return a is b if a is None or b is None else _equal(a, b)


def _equal(a: torch.Tensor, b: torch.Tensor) -> bool:
    """The same numbers, nan included."""
    if a.dtype is not b.dtype or a.shape != b.shape or a.layout != b.layout:
        return False
    if torch.equal(a, b):
        return True
    is_inexact = a.is_floating_point() or a.is_complex()
    return is_inexact and bool(((a == b) | (a.isnan() & b.isnan())).all())


def _of_container(before: Any, after: Any, depth: int) -> Iterator[str]:
    if len(before) != len(after):
        yield IN_PLACE
        return
    if type(before) is dict:
        if list(before) != list(after):
            yield IN_PLACE
            return
        before, after = before.values(), after.values()
    for old, new in zip(before, after, strict=True):
        if old is new:
            continue
        if type(old) is not type(new) or _is_other_value(old, new):
            yield IN_PLACE
        else:
            yield from _changes(old, new, depth + 1)


def _is_other_value(old: Any, new: Any) -> bool:
    return type(old) in (bool, int, float, str, type(None)) and old != new


def _of_module(before: nn.Module, after: nn.Module) -> Iterator[str]:
    olds, news = (dict(nn.Module.named_modules(net)) for net in (before, after))
    if olds.keys() != news.keys():
        yield "has other parts than before"
        return
    for name, old in olds.items():
        new = news[name]
        if old.training is not new.training:
            yield "is left in another mode (train or eval)"
        if len(old._forward_hooks) != len(new._forward_hooks):
            yield HOOKS
        yield from _of_tensors(old._parameters, new._parameters, PARAMETERS)
        yield from _of_tensors(old._buffers, new._buffers, "has other running values")


def _of_tensors(olds: dict, news: dict, text: str) -> Iterator[str]:
    """Of the parameters, or of the buffers, of one module."""
    if olds.keys() != news.keys():
        yield text
        return
    for old, new in zip(olds.values(), news.values(), strict=True):
        if old is None or new is None:
            if old is not new:
                yield text
        elif found := next(_of_tensor(old, new), None):
            yield _OF_PARTS.get(found, text)
