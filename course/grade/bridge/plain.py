"""Plain values as trees of JSON, tensors and arrays as bytes beside them.

A value is itself if JSON has it, and else a list that starts with its kind:
`["tuple", [1, 2]]`. Nothing here makes anything but numbers, text, containers, tensors
and arrays of numbers, whatever the other side sends.
"""

import collections
import math

import numpy as np
import torch

MAX_DEPTH = 40
MAX_AXES = 32
_DTYPE_NAMES = (
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 "
    "float32 float64 complex64 complex128 float8_e4m3fn float8_e5m2"
)
DTYPES = {name: getattr(torch, name) for name in _DTYPE_NAMES.split()}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
# Whose classes both sides have, so that their names will do.
LIBRARIES = ("torch", "torchvision", "torch_geometric", "numpy", "collections")
# Special methods that a stand-in may have; all others are Python's own affair.
_SPECIALS_TEXT = """
call len iter next getitem setitem delitem contains enter exit bool int float
index str repr hash eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv
floordiv mod pow matmul rmatmul and or xor neg pos abs invert iadd isub imul
itruediv reversed round
"""
SPECIALS = frozenset(f"__{name}__" for name in _SPECIALS_TEXT.split())
FACTORIES = {"list": list, "dict": dict, "int": int, "float": float, "set": set}


UNKNOWN = object()
_SIMPLE = (bool, int, float, str, bytes, type(None))


class Malformed(Exception):
    """The other side sent a tree that stands for no value."""


class TooDeep(ValueError):
    """A value is nested deeper than the other side takes."""

    def __init__(self):
        super().__init__(f"it is nested too deep: {MAX_DEPTH} levels are the most")


def pack_scalar(value):
    """The tree of a value without parts; NotImplemented for any other."""
    cls = type(value)
    if value is None or cls in (bool, str, float):
        return value
    if cls is int:
        return value if abs(value) < 2**62 else ["int", hex(value)]
    if cls is complex:
        return ["complex", value.real, value.imag]
    if cls is torch.dtype:
        return ["dtype", str(value).removeprefix("torch.")]
    if cls is torch.device:
        return ["device"]
    if value is Ellipsis:
        return ["..."]
    if value is NotImplemented:
        return ["not implemented"]
    return _pack_derived(value)


def _pack_derived(value):
    """An enum's member or a number with a name, as what it is derived from; a number
    of NumPy's stays one, also where it is a float.
    """
    for base in () if issubclass(type(value), np.number) else (str, int, float):
        if issubclass(type(value), base):
            return pack_scalar(base.__str__(value) if base is str else base(value))
    return NotImplemented


def unpack_scalar(kind: str, rest: list):
    """The value of a tree that `pack_scalar` made; UNKNOWN for other kinds."""
    if kind == "int":
        return int(rest[0], 16)
    if kind == "complex":
        return complex(*rest)
    if kind == "dtype":
        return DTYPES[rest[0]]
    if kind == "device":
        return torch.device("cpu")
    constants = {"...": Ellipsis, "not implemented": NotImplemented}
    return constants.get(kind, UNKNOWN)


def is_plain_tensor(value) -> bool:
    """Whether a tensor is numbers in memory that can be copied as bytes."""
    return (
        type(value) in (torch.Tensor, torch.nn.Parameter)
        and value.layout is torch.strided
        and value.device.type == "cpu"
        and not value.is_nested
        and value.dtype in NAMES
    )


def pack_numbers(value: torch.Tensor, blobs: list) -> list:
    """[dtype, shape, strides, number of the blob]: a view stays a view.

    Strides go along because an answer may depend on them: `view` refuses what
    `reshape` copies.
    """
    flat = value.detach().resolve_conj().resolve_neg()
    strides, span = flat.stride(), _span(flat.shape, flat.stride())
    if span > 4 * flat.numel() + 64:  # a few numbers out of a large tensor
        flat = flat.contiguous()
        strides, span = flat.stride(), flat.numel()
    run = flat.as_strided((span,), (1,))
    blobs.append(run.view(torch.uint8).numpy().tobytes() if span else b"")
    return [NAMES[value.dtype], list(flat.shape), list(strides), len(blobs) - 1]


def unpack_numbers(tree: list, blobs: list) -> torch.Tensor:
    """A new tensor out of what `pack_numbers` made."""
    name, shape, strides, number = tree
    check_sizes(shape)
    check_sizes(strides)
    span = _span(shape, strides)
    data = blobs[number]
    if len(shape) != len(strides) or len(data) != span * DTYPES[name].itemsize:
        raise Malformed("a tensor's numbers don't fill it")
    if not span:
        return torch.empty(shape, dtype=DTYPES[name])
    if math.prod(shape) > 8 * span + 64 and math.prod(shape) > 10**7:
        raise Malformed("a small tensor, expanded beyond measure")
    # Memory of its own: a tensor that is a view minds being changed in place.
    value = torch.empty_strided(shape, strides, dtype=DTYPES[name])
    value.as_strided((span,), (1,)).copy_(torch.frombuffer(data, dtype=value.dtype))
    return value


def check_sizes(sizes) -> None:
    """Demand a list of sizes, each a whole number that is not negative."""
    if type(sizes) is not list or len(sizes) > MAX_AXES:
        raise Malformed("no shape")
    if any(type(size) is not int or size < 0 for size in sizes):
        raise Malformed("no shape")


def _span(shape, strides) -> int:
    """How many numbers lie between a tensor's first and its last."""
    if math.prod(shape) == 0:
        return 0
    return 1 + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))


def is_plain_array(value) -> bool:
    """Whether this is an array of numbers, not of objects or dates."""
    return type(value) is np.ndarray and value.dtype.kind in "biufc"


def pack_array(value: np.ndarray, blobs: list) -> list:
    """[dtype, shape, number of the blob]."""
    blobs.append(value.tobytes())
    return [value.dtype.str, list(value.shape), len(blobs) - 1]


def unpack_array(tree: list, blobs: list) -> np.ndarray:
    """A new array out of what `pack_array` made."""
    dtype, shape, number = np.dtype(tree[0]), tree[1], tree[2]
    check_sizes(shape)
    if dtype.kind not in "biufc" or dtype.hasobject:
        raise Malformed("no array of numbers")
    return np.frombuffer(blobs[number], dtype).reshape(shape)


def named_tuple(value: tuple) -> tuple[str, list[str]] | None:
    """The name and the fields of a named tuple, None for any other tuple."""
    cls = type(value)
    if cls.__module__ == "torch.return_types":
        return cls.__qualname__.rpartition(".")[2], _torch_fields(cls)
    fields = getattr(cls, "_fields", None)
    if type(fields) is tuple and all(type(field) is str for field in fields):
        return cls.__name__, list(fields)
    return None


def make_named_tuple(name: str, fields: list[str], items: list) -> tuple:
    """A named tuple with these items; its class is made anew."""
    try:
        return collections.namedtuple(name, fields, rename=True)(*items)
    except ValueError as error:  # no identifiers
        raise Malformed("no named tuple") from error


def _torch_fields(cls: type) -> list[str]:
    return [name for name in cls.__match_args__[: cls.n_sequence_fields]]


def name(text) -> str:
    """A name of a class or function as the other side gave it.

    Raises:
        Malformed: it is no short text.
    """
    if type(text) is not str or not text.isprintable() or len(text) > 200:
        raise Malformed("no name")
    return text


def is_method_name(text) -> bool:
    """Whether a stand-in may have a method of this name."""
    return text.isidentifier() and (not text.startswith("__") or text in SPECIALS)


def is_simple(value) -> bool:
    """Whether a value can be compared with `==` without running anybody's code."""
    if type(value) is tuple:
        return all(type(item) in _SIMPLE for item in value)
    return type(value) in _SIMPLE
