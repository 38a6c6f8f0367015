"""What of the student's objects the judge is told: numbers, names and states."""

import builtins
import sys
import traceback
import types

import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.peer import Peer

_FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
)


class Telling(Peer):
    """Packs functions, classes, modules, results with a history, and errors.

    Attributes:
        graphs: by number, a result that the judge has, and what it was computed from.
        anchors: see `Copies`.
    """

    graphs: dict[int, tuple]
    anchors: dict[int, tuple]

    def pack_object(self, value, depth: int):
        cls = type(value)
        if cls is types.GeneratorType:
            return ["iterator", self.share(value)]
        if issubclass(cls, nn.Module):
            return self._pack_module(value)
        if issubclass(cls, type):
            return self.pack_class(value)
        if issubclass(cls, BaseException):
            return self.pack_exception(value)
        if cls in _FUNCTIONS:
            return ["function", self.share(value), printable(value.__name__)]
        specials = [name for name in plain.SPECIALS if _has(cls, name)]
        return ["object", self.share(value), self.pack_class(cls), specials]

    def _pack_module(self, net: nn.Module):
        cls, number = self.pack_class(type(net)), self.share(net)
        tree = ["module", number, cls, self.pack_module_state(net)]
        self.in_step(number)
        return tree

    def pack_class(self, cls: type):
        number = self.numbers.get(id(cls))
        if number is not None:
            return ["same", number]
        if _is_of_library(cls):
            return ["class", cls.__module__, cls.__qualname__]
        bases = [c for c in cls.__mro__ if _is_of_library(c)][:1]
        base = self.pack_class(bases[0]) if bases else None
        own = [c for c in cls.__mro__ if not _is_of_library(c)]
        methods = {name for c in own for name, m in vars(c).items() if _is_method(m)}
        methods = sorted(m for m in methods if plain.is_method_name(m))
        name = printable(type.__dict__["__name__"].__get__(cls))
        return ["own_class", self.share(cls), name, base, methods]

    def pack_graph(self, value: torch.Tensor, depth: int):
        shared = {v.grad_fn: v for v, _ in self.graphs.values()}
        sources = [self.anchors.get(id(v), (v, v)) for v in _sources(value, shared)]
        number = self.share(value)
        self.graphs[number] = value, [source for source, _ in sources]
        known = [self.pack(there, depth + 1) for _, there in sources]
        numbers = plain.pack_numbers(value, self.blobs)
        self.in_step(number)
        return ["graph", number, numbers, known]

    def pack_exception(self, error: BaseException):
        """Its nearest class that everybody has, its own name, what it says, where."""
        base = next(c for c in type(error).__mro__ if _is_plain_error(c))
        name = printable(type.__dict__["__name__"].__get__(type(error)))
        about = getattr(error, "name", None) if base is NameError else None
        return [
            "exception",
            base.__name__,
            name,
            [_clean(arg) for arg in error.args[:5]],
            _clean(_text(error)),
            about if type(about) is str else None,
            _line(error),
        ]


def _has(cls: type, special: str) -> bool:
    """Whether a class has a special method that plain objects have not."""
    method = getattr(cls, special, None)
    return method is not None and method is not getattr(object, special, None)


def _is_of_library(cls: type) -> bool:
    """Whether the judge has this very class too."""
    root = str(cls.__module__).partition(".")[0]
    if issubclass(cls, torch.jit.ScriptModule):  # not to be made without its code
        return False
    if root == "builtins":
        return getattr(builtins, cls.__name__, None) is cls
    module = sys.modules.get(cls.__module__)
    if root not in plain.LIBRARIES or module is None:
        return False
    found = module
    for part in cls.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is cls


def _sources(value: torch.Tensor, shared: dict) -> list[torch.Tensor]:
    """The tensors that a tensor was computed from, each once.

    Args:
        value: a tensor with history.
        shared: tensors that the judge has too, by the node of their history: there
            the search ends, as it does at leaves.
    """
    found, nodes, met = {}, [value.grad_fn], set()
    while nodes:
        node = nodes.pop()
        if node is None or node in met:
            continue
        met.add(node)
        source = shared.get(node, getattr(node, "variable", None))
        if source is not None:
            found[id(source)] = source
        else:
            nodes += [following for following, _ in node.next_functions]
    return list(found.values())


def why_not(value, error: Exception) -> str:
    """Why a value can't be handed over, in words."""
    kind = printable(type.__dict__["__name__"].__get__(type(value)))
    if isinstance(value, nn.Module) and isinstance(error, (KeyError, AttributeError)):
        return "its `__init__` does not call `super().__init__()`"
    if isinstance(error, plain.TooDeep):
        return str(error)
    if isinstance(error, MemoryError):
        return "it is too large for the memory"
    return f"it is or holds what is no plain data (a {kind}; {type(error).__name__})"


def _is_method(value) -> bool:
    """Whether what a class holds is called with an object of it first."""
    return callable(value) and not isinstance(value, (staticmethod, type))


def _is_plain_error(cls: type) -> bool:
    """Whether an error of this class is a class, a message and no more."""
    is_builtin = getattr(builtins, cls.__name__, None) is cls
    return is_builtin and not issubclass(cls, BaseExceptionGroup)


def printable(text) -> str:
    """A name as the judge takes it."""
    return "".join(filter(str.isprintable, str(text)))[:200]


def _text(value) -> str:
    try:
        return str(value)[:2000]
    except BaseException:  # its __str__ raises, or the number is too long
        return ""


def _clean(value):
    """A part of an error: a number, or short text without lone surrogates."""
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is int and abs(value) < 2**62:
        return value
    return _text(value).encode("utf-8", "replace").decode()


def _line(error: BaseException):
    """The last line of a cell that an error came by: [number, text]."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith("<ipython-input")]
    return [own[-1].lineno, _clean(own[-1].line or "")] if own else None
