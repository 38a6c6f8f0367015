"""What a call returned, as plain data that can be compared, described and stored.

A student's object is turned into an `Outcome` once, by type and never by asking
the object; from then on no code of the student runs. So an object whose
`__eq__` lies, a tensor on another device or a list of a million items is just
one more outcome.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

MAX_ITEMS = 1_000  # longer sequences are described, not compared item by item
MAX_DEPTH = 8


@dataclass(frozen=True)
class Outcome:
    """One value: its kind, its plain data and, for tensors and arrays, its dtype."""

    kind: str
    data: Any = None
    dtype: str = ""


def freeze(value: Any, depth: int = 0) -> Outcome:
    """Turn any Python object into an `Outcome` without trusting it.

    Args:
        value: whatever a student's function returned.
        depth: how deep inside containers the value lies.

    Returns:
        The outcome; kind "other", with a description, for what cannot be compared.
    """
    try:
        return _freeze_known(value, depth)
    except Exception as error:  # a hostile or half-made object: describe it instead
        return Outcome("other", f"{_article(type(value).__name__)} ({error})"[:200])


def freeze_error(error: BaseException) -> Outcome:
    """The outcome of a call that raised: the exception's type and message."""
    return Outcome("raised", (type(error).__name__, _first_line(error)))


def _freeze_known(value: Any, depth: int) -> Outcome:
    cls = type(value)
    if value is None:
        return Outcome("none")
    if cls in (bool, int, float, complex, str):
        return Outcome(cls.__name__, value)
    if issubclass(cls, torch.Tensor):
        return _freeze_tensor(value)
    if issubclass(cls, np.generic):
        return freeze(value.item(), depth)
    if cls is np.ndarray:
        return Outcome("array", torch.from_numpy(value.copy()), str(value.dtype))
    if cls in (list, tuple, torch.Size) and len(value) <= MAX_ITEMS:
        if depth >= MAX_DEPTH:
            return Outcome("other", f"containers nested over {MAX_DEPTH} deep")
        kind = "list" if cls is list else "tuple"
        return Outcome(kind, tuple(freeze(item, depth + 1) for item in value))
    if cls is dict and len(value) <= MAX_ITEMS and depth < MAX_DEPTH:
        pairs = ((freeze(k), freeze(v, depth + 1)) for k, v in value.items())
        return Outcome("dict", tuple(pairs))
    if cls is torch.dtype:
        return Outcome("dtype", str(value))
    return Outcome("other", _describe_other(value, cls))


def _freeze_tensor(value: torch.Tensor) -> Outcome:
    with torch._C.DisableTorchFunctionSubclass():
        tensor = torch.Tensor.detach(value).as_subclass(torch.Tensor)
        if tensor.device.type == "meta":
            return Outcome("other", "a tensor on the meta device, without values")
        if tensor.layout is not torch.strided:
            tensor = tensor.to_dense()
        return Outcome("tensor", tensor.cpu(), str(tensor.dtype)[len("torch.") :])


def _describe_other(value: Any, cls: type) -> str:
    if cls in (list, tuple, dict):
        return f"a {cls.__name__} of {len(value):,} items"
    if cls in (range, set, frozenset):
        return f"a {cls.__name__}"
    if issubclass(cls, type):
        return f"the class {value.__name__}"
    return _article(cls.__name__)


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _first_line(error: BaseException) -> str:
    try:
        return (str(error).splitlines() or [""])[0][:200]
    except Exception:  # an exception whose __str__ raises
        return ""
