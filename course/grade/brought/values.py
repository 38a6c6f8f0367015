"""Plain values as trees of JSON, for judge and student; anything else is a reference.

Neither side ever makes anything but numbers, text, containers, and arrays of numbers
out of what the other one sends.
"""

import sys
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 40
ARRAYS = "biufc"  # NumPy's kinds of numbers
_SEQUENCES = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_NAMES = {kind: name for name, kind in _SEQUENCES.items()}


class Malformed(Exception):
    """The other side sent a tree that stands for no value."""


def pack(value: Any, refer: Callable[[Any], list], depth: int = 0) -> Any:
    """The tree of a value.

    Args:
        value: anything.
        refer: gives the tree of what is not plain, or raises.
        depth: how deep it lies in another one.

    Raises:
        ValueError: it is nested too deep.
    """
    if depth > MAX_DEPTH:
        raise ValueError(f"it is nested too deep: {MAX_DEPTH} levels are the most")
    cls = type(value)
    if value is None or cls in (bool, str, float):
        return value
    if cls is int:
        return value if abs(value) < 2**62 else ["int", hex(value)]
    if cls is complex:
        return ["complex", value.real, value.imag]
    if cls in (bytes, bytearray):
        return [cls.__name__, value.hex()]
    if cls is range:
        return ["range", value.start, value.stop, value.step]
    if cls in _NAMES:
        return [_NAMES[cls], *(pack(item, refer, depth + 1) for item in value)]
    if cls is dict:
        items = (part for pair in value.items() for part in pair)
        return ["dict", *(pack(item, refer, depth + 1) for item in items)]
    found = _pack_of_library(value)
    return refer(value) if found is None else found


def _pack_of_library(value: Any) -> list | None:
    """NumPy's numbers and arrays; None for anything else."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    is_number = isinstance(value, numpy.generic) and type(value).__module__ == "numpy"
    if type(value) is not numpy.ndarray and not is_number:
        return None
    if value.dtype.kind not in ARRAYS:
        return None
    data = numpy.ascontiguousarray(value).tobytes().hex()
    kind = "number" if is_number else "array"
    return [kind, value.dtype.str, list(value.shape), data]


def unpack(tree: Any, resolve: Callable[[list], Any], depth: int = 0) -> Any:
    """The value of a tree that `pack` made, or that anybody sent.

    Args:
        tree: what came.
        resolve: gives what a reference stands for, or raises.
        depth: how deep it lies in another one.

    Raises:
        Malformed: it stands for no value.
    """
    if tree is None or type(tree) in (bool, int, float, str):
        return tree
    if type(tree) is not list or not tree or depth > MAX_DEPTH + 1:
        raise Malformed("no value")
    kind, *rest = tree
    try:
        if kind in _SEQUENCES or kind == "dict":
            items = [unpack(item, resolve, depth + 1) for item in rest]
            if kind != "dict":
                return _SEQUENCES[kind](items)
            return dict(zip(items[::2], items[1::2], strict=True))
        return _unpack_scalar(kind, rest, tree, resolve)
    except Malformed:
        raise
    except Exception as error:  # any shape of nonsense
        raise Malformed(f"nonsense ({type(error).__name__})") from error


def _unpack_scalar(kind: Any, rest: list, tree: list, resolve: Callable) -> Any:
    if kind == "int":
        return int(rest[0], 16)
    if kind == "complex":
        return complex(*map(float, rest))
    if kind in ("bytes", "bytearray"):
        data = bytes.fromhex(rest[0])
        return data if kind == "bytes" else bytearray(data)
    if kind == "range":
        return range(*rest)
    if kind in ("array", "number"):
        return _array(kind, *rest)
    return resolve(tree)


def _array(kind: str, dtype: str, shape: list, data: str) -> Any:
    import numpy  # who sends an array has it

    dtype = numpy.dtype(dtype)
    if dtype.kind not in ARRAYS or dtype.hasobject:
        raise Malformed("no array of numbers")
    array = numpy.frombuffer(bytearray.fromhex(data), dtype).reshape(shape)
    return array if kind == "array" else array[()]


def put_into(old: Any, new: Any) -> None:
    """Make a container hold what its copy on the other side holds now."""
    if type(old) is not type(new):
        raise Malformed("a change of what can't change")
    if type(old) in (list, bytearray):
        old[:] = new
    elif type(old) in (dict, set):
        old.clear()
        old.update(new)
    elif hasattr(old, "flags") and old.shape == new.shape and old.flags.writeable:
        old[...] = new
    else:
        raise Malformed("a change of what can't change")


def can_change(value: Any) -> bool:
    """Whether a plain value can become another one in its place."""
    if type(value) in (list, dict, set, bytearray):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray
