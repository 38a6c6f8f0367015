"""What a call returned, as plain data that can be compared, described and stored.

A student's object is turned into an `Outcome` once, by its true type and never by
asking the object; from then on no code of the student runs. So an object whose
`__eq__` lies, a tensor on another device or a list that contains itself is just one
more outcome.
"""

import re
import traceback
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

MAX_ITEMS = 1_000  # of all containers of a value together; also numbers of a snapshot
MAX_DEPTH = 8
ANSWER = "<answer>"  # what the build calls the file of an answer's cell
MAX_BITS = 1_000  # of a whole number: what is longer fits no float and no message

# The plain value inside a subclass is read with the base class's own method.
SCALARS = (
    (int, int.__int__),
    (float, float.__float__),
    (complex, complex.__complex__),
    (str, str.__str__),
)
CONTAINERS = (
    (list, list.__len__, lambda value: list.__getitem__(value, slice(None))),
    (tuple, tuple.__len__, lambda value: tuple.__getitem__(value, slice(None))),
    (dict, dict.__len__, dict.items),
)
_REALS = "float8_e4m3fn float8_e5m2 float16 bfloat16 float32 float64"
_WHOLES = "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64"
_DTYPES = {*_REALS.split(), *_WHOLES.split(), "complex32", "complex64", "complex128"}


@dataclass(frozen=True)
class Outcome:
    """One value: its kind, its plain data and, for tensors and arrays, its dtype.

    Args:
        kind: "none", "bool", "int", "float", "complex", "str", "dtype", "tensor",
            "array", "list", "tuple", "dict", "raised", or "other" for what can be
            described but not compared.
        data: the value; a detached tensor for tensors and arrays; outcomes for
            containers; class and message of an exception; a description of others.
        dtype: "float32", "int64" ... for tensors and arrays.
        grad: whether a tensor asks for gradients, or came of one that does.
        line: the last line of the answer's cell that an exception came by, for authors.
    """

    kind: str
    data: Any = None
    dtype: str = ""
    grad: bool = False
    line: int = field(default=0, compare=False)


def freeze(value: Any) -> Outcome:
    """Turn any Python object into an `Outcome` without trusting it.

    Tensors of up to 1,000 numbers are copied, so that a later change in place does not
    reach the outcome; larger ones are not.

    Args:
        value: whatever a student's function returned.

    Returns:
        The outcome; kind "other", with a description, for what cannot be compared.
    """
    with torch._C.DisableTorchFunction():
        return _freeze(value, depth=0, room=[MAX_ITEMS])


def freeze_error(error: BaseException) -> Outcome:
    """The outcome of a call that raised: the exception's class and message."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.lineno for f in reversed(frames) if f.filename == ANSWER), 0)
    return Outcome("raised", (class_name(type(error)), first_line(error)), line=line)


def class_name(cls: type) -> str:
    """The name of a class, even if its metaclass lies about it."""
    return type.__dict__["__name__"].__get__(cls)


def first_line(error: BaseException) -> str:
    """The first line of an exception's message, "" if it has none or raises itself."""
    try:
        text = (str(error).splitlines() or [""])[0][:200]
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception whose __str__ raises
        return ""
    text = text.encode("utf-8", "replace").decode()
    text = re.sub(r"<ipython-input-[^>]*>", "a cell", text)
    return re.sub(r"\b0x[0-9a-fA-F]{6,}", "0x...", text)  # addresses change every run


def _freeze(value: Any, depth: int, room: list[int]) -> Outcome:
    """Freeze one value; `room` counts down the items that containers may still hold."""
    cls = type(value)
    try:
        found = _scalar(value, cls) or _array(value, cls)
        return found or _container(value, cls, depth, room) or _other(value, cls)
    except Exception:  # a half-made or exotic object
        return Outcome("other", article(class_name(cls)))


def _scalar(value: Any, cls: type) -> Outcome | None:
    if value is None:
        return Outcome("none")
    if cls is bool:
        return Outcome("bool", value)
    for base, plain in SCALARS:
        if issubclass(cls, base):
            number = plain(value)
            if base is int and number.bit_length() > MAX_BITS:
                text = f"a whole number of {number.bit_length():,} bits"
                return Outcome("other", text)
            return Outcome(base.__name__, number)
    if cls is torch.dtype:
        return Outcome("dtype", str(value))
    if issubclass(cls, np.generic):
        item = np.generic.item(value)
        return None if isinstance(item, np.generic) else _scalar(item, type(item))
    return None


def _array(value: Any, cls: type) -> Outcome | None:
    if issubclass(cls, torch.Tensor):
        return _freeze_tensor(value, cls)
    if cls is np.ndarray:
        return _freeze_array(value)
    return None


def _freeze_tensor(value: torch.Tensor, cls: type) -> Outcome:
    if torch._C._dispatch_keys(value).has(torch._C.DispatchKey.Python):
        return Outcome("other", article(class_name(cls)))  # runs Python of its own
    tensor = torch.Tensor.detach(value)  # of the base class
    if tensor.is_nested:
        return Outcome("other", "a nested tensor")
    dtype = str(tensor.dtype).removeprefix("torch.")
    if tensor.is_meta or tensor.layout is not torch.strided or dtype not in _DTYPES:
        special = "meta" if tensor.is_meta else "sparse"
        kind = special if dtype in _DTYPES else dtype
        return Outcome("other", f"a {kind} tensor of shape {tuple(tensor.shape)}")
    asks = torch._C.TensorBase.requires_grad.__get__(value)
    return Outcome("tensor", _snapshot(tensor), dtype, asks)


def _freeze_array(value: np.ndarray) -> Outcome:
    dtype = str(value.dtype)
    if dtype not in _DTYPES:
        return Outcome("other", f"a NumPy array of dtype {dtype[:40]}")
    if any(stride < 0 for stride in value.strides):  # torch has no such views
        value = value.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # read-only arrays: nothing is written here
        return Outcome("array", _snapshot(torch.from_numpy(value)), dtype)


def _snapshot(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.clone() if tensor.numel() <= MAX_ITEMS else tensor


def _container(value: Any, cls: type, depth: int, room: list) -> Outcome | None:
    for base, length, content in CONTAINERS:
        if not issubclass(cls, base):
            continue
        room[0] -= length(value)
        if room[0] < 0 or depth >= MAX_DEPTH:
            return Outcome("other", f"a {base.__name__} of {length(value):,} items")
        items = content(value)
        if base is dict:
            items = [(_freeze(k, depth + 1, room), v) for k, v in items]
            frozen = tuple((k, _freeze(v, depth + 1, room)) for k, v in items)
        else:
            frozen = tuple(_freeze(item, depth + 1, room) for item in items)
        return Outcome(base.__name__, frozen)
    return None


def _other(value: Any, cls: type) -> Outcome:
    if issubclass(cls, type):
        return Outcome("other", f"the class {class_name(value)} itself")
    return Outcome("other", article(class_name(cls)))


def article(noun: str) -> str:
    """`a tensor`, `an int`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
