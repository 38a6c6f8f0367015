"""What a student's code gave, as data that a test may compute with.

A test that computes `y - (X @ w + b)` with what an answer returned must compute with
numbers: an object of the student's class answers each operation as it likes, a tensor
may be of a subclass or bear a method of its own. So `check.call` turns each result into
objects of the built-in types themselves. A net stays a net, if it answers as each
`nn.Module` does; any other object is closed: a test can hand it on, and no more.
"""

import sys
from typing import Any, NoReturn

import numpy as np
import torch
from torch import nn

from utils.check.errors import WrongAnswer
from utils.check.outcome import CONTAINERS, MAX_DEPTH, SCALARS, article, class_name
from utils.check.session import session
from utils.check.verdict import hidden_message

# What tests and given cells ask of a net; a student's class may not answer itself.
_ASKED_TEXT = """
parameters named_parameters buffers named_buffers children named_children modules
named_modules get_parameter get_buffer get_submodule state_dict training
__call__ __class__ __getattribute__
"""
_ASKED = frozenset(_ASKED_TEXT.split())
_AS_THEY_ARE = (bool, int, float, complex, str, torch.Size, torch.dtype)
_LAZY = (nn.UninitializedParameter, nn.UninitializedBuffer)  # without shape as yet
_OF_TENSORS = frozenset(dir(torch.Tensor))
_DICT = vars(torch.Tensor)["__dict__"]  # a tensor's own attributes, truly


class Closed:
    """An object of the student's: handed on, never asked.

    Args:
        inside: the object.
    """

    __slots__ = ("_inside",)

    def __init__(self, inside: Any):
        object.__setattr__(self, "_inside", inside)

    def _refuse(self, *args: Any) -> NoReturn:
        what = article(class_name(type(opened(self))))
        text = f"expected numbers, tensors, or lists, tuples, dicts of them, got {what}"
        raise TypeError(text)

    __getattr__ = __setattr__ = __iter__ = __len__ = __bool__ = __eq__ = _refuse
    __getitem__ = __contains__ = __float__ = __int__ = __index__ = __str__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __call__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __abs__ = __format__ = _refuse
    __hash__ = None


def opened(value: Any) -> Any:
    """The object inside a closed one; anything else as it is."""
    if type(value) is Closed:
        return object.__getattribute__(value, "_inside")
    return value


def plain(value: Any, depth: int = 0) -> Any:
    """A result of a student's code as data that answers truly.

    Args:
        value: what the code gave.

    Returns:
        numbers, strings, tensors and arrays of the built-in types and lists, tuples and
        dicts of them, themselves where they are such already; a net; else the object,
        closed.
    """
    cls = type(value)
    if value is None or cls in _AS_THEY_ARE:
        return value
    if issubclass(cls, torch.Tensor):
        return _tensor(value, cls)
    if issubclass(cls, nn.Module):
        return _module(value)
    if depth < MAX_DEPTH and (found := _container(value, cls, depth)) is not None:
        return found
    for base, read in SCALARS:
        if issubclass(cls, base):
            return read(value)
    if issubclass(cls, np.generic) and cls.__module__ == "numpy":
        return value
    if issubclass(cls, np.ndarray):
        return value if cls is np.ndarray else np.ndarray.view(value, np.ndarray)
    return Closed(value)


def _tensor(value: torch.Tensor, cls: type) -> Any:
    if torch._C._dispatch_keys(value).has(torch._C.DispatchKey.Python):
        return Closed(value)  # runs Python of its own
    is_own = cls in (torch.Tensor, nn.Parameter, *_LAZY)
    if is_own and not _DICT.__get__(value):
        return value
    with torch._C.DisableTorchFunction():
        return torch.Tensor.as_subclass(value, torch.Tensor)


def _container(value: Any, cls: type, depth: int) -> Any:
    for base, _, content in CONTAINERS:
        if not issubclass(cls, base):
            continue
        items = content(value)
        if base is dict:
            made = {plain(k, depth + 1): plain(v, depth + 1) for k, v in items}
            same = zip(made.items(), items, strict=False)
            is_same = all(_is(k, o) and _is(v, p) for (k, v), (o, p) in same)
            return value if cls is dict and is_same else made
        made = base(plain(item, depth + 1) for item in items)
        is_same = cls is base and all(map(_is, made, items))
        return value if is_same else made
    return None


def _is(a: Any, b: Any) -> bool:
    return a is b


def _module(net: nn.Module) -> nn.Module:
    """A net, if neither it nor a part of it answers in nn.Module's place.

    Raises:
        WrongAnswer: one does.
    """
    for part in nn.Module.modules(net):
        if name := _answered_by(part):
            what = class_name(type(part))
            text = f"Expected a net like any other, got one whose {what} has its own"
            text = hidden_message() if session.hidden else f"{text} `{name}`."
            raise WrongAnswer(session.exercise, text)
    return net


def _answered_by(part: nn.Module) -> str | None:
    """What of `_ASKED` an object or a class outside torch answers itself."""
    own = _ASKED.intersection(nn.Module.__dict__["__dict__"].__get__(part))
    own -= {"training"}
    for tensor in (*part._parameters.values(), *part._buffers.values()):
        if tensor is not None:
            own |= _DICT.__get__(tensor).keys() & _OF_TENSORS
    for cls in type(part).__mro__:
        if not _is_of_library(cls):
            own |= _ASKED.intersection(vars(cls))
    return min(own, default=None)


def _is_of_library(cls: type) -> bool:
    """Whether a class is the one that its module and name stand for."""
    module = str(cls.__module__)
    found = sys.modules.get(module)
    for part in cls.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is cls and module != "__main__"
