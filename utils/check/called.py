"""What a student calls what was called: `nn.Conv2d`, `F.mse_loss`, `Tensor.sum`."""

import re
from collections.abc import Callable
from types import FrameType, MethodDescriptorType
from typing import Any

import torch
from torch.nn import functional as F

from utils.check.bans import METHODS, Ban

ACCESS = ("__get__", "__set__", "__delete__")  # of attributes of tensors


def owner(frame: FrameType) -> Any:
    """The object whose method a frame runs, as far as can be told."""
    code = frame.f_code
    return frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None


def python_name(ban: Ban, frame: FrameType) -> str:
    """What a student calls the function or the class behind a frame."""
    if ban.codes and ban.family is None:
        return ban.subject
    module, name = str(frame.f_globals.get("__name__")), frame.f_code.co_qualname
    home, _, method = name.rpartition(".")
    if method in METHODS:
        cls = type(owner(frame))
        module, name = cls.__module__, cls.__name__
        if module == "__main__":  # the student's own, made of a library's
            module, name = frame.f_globals["__name__"], home
    return _in_short(f"{module}.{name}")


def _in_short(name: str) -> str:
    """A dotted name as it is mostly written: `nn.Conv2d`, `F.mse_loss`."""
    name = re.sub(r"^torch\.nn\.modules\.\w+\.", "nn.", name)
    name = re.sub(r"^torch\.nn\.functional\.", "F.", name)
    name = re.sub(r"^numpy\.\w+\.\w+\.", "np.", name)
    name = re.sub(r"^torch\._functorch\.\w+\.", "torch.func.", name)
    name = re.sub(r"\._\w+(?=\.)", "", name)  # modules for a library's own use
    return re.sub(r"\.<locals>.*", "", name)


def in_graph(answer: Any) -> list[str]:
    """The operations in a traced or scripted answer, which has no frames to tell by."""
    traced = torch.jit.ScriptFunction, torch.jit.ScriptModule
    if not issubclass(type(answer), traced):
        return []
    return re.findall(r"aten::(\w+)", str(answer.inlined_graph))


def short_name(function: Callable) -> str:
    """The name of a function of torch without its module and overload."""
    schema = getattr(function, "_schema", None)
    if schema is not None:
        return schema.name.rpartition("::")[2]
    name = getattr(function, "__name__", "")
    return name if isinstance(name, str) and name not in ACCESS else ""


def known_as(ban: Ban, function: Callable, name: str) -> str:
    """What a student calls a function of torch."""
    if ban.family is None:
        return ban.subject
    if type(function) is MethodDescriptorType:
        return f"Tensor.{name}"
    for short, home in (("F", F), ("torch", torch)):
        if hasattr(home, name):
            return f"{short}.{name}"
    return str(function) if hasattr(function, "_schema") else name
