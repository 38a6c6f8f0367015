"""How a test's own functions, classes, modules and objects get to the student's side.

Code goes only this way, from the trusted side, as code: an answer that calls a test's
function calls a copy of it in its own process, with the names that the function uses.
What can't be copied in this manner is refused with `CannotCross`, for the author to see
when the chapter is checked.
"""

import functools
import marshal
import sys
import types
import weakref
from typing import Any

import torch
from torch import nn

from course.grade.bridge.peer import Peer
from course.grade.bridge.stand_ins import CannotCross
from course.grade.bridge.table import MODULE_PARTS, simple_attributes

_WRAPPERS = {staticmethod: "static", classmethod: "class", property: "property"}
_OWN_MODULES = ("course", "utils.check")
_LEFT_OUT = ("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__")


class Parcels(Peer):
    """Packing of what only the judge may send."""

    def pack_object(self, value: Any, depth: int):
        if isinstance(value, types.ModuleType):
            return self._pack_python_module(value)
        if isinstance(value, type):
            return self.pack_class(value)
        if (home := _library_name(value)) is not None:
            return ["library", self.share(value), *home]
        for kind, pack in self._parcels().items():
            if isinstance(value, kind):
                return pack(value, depth + 1)
        return self._pack_instance(value, depth + 1)

    def _parcels(self) -> dict:
        return {
            types.FunctionType: self._pack_function,
            types.MethodType: self._pack_method,
            types.BuiltinMethodType: self._pack_builtin_method,
            weakref.ref: self._pack_reference,
            tuple(_WRAPPERS): self._pack_wrapped,
            functools.partial: self._pack_partial,
            torch.Generator: self._pack_generator,
            nn.Module: self._pack_module,
            BaseException: self._pack_error,
            types.TracebackType: lambda value, depth: None,
        }

    def _pack_python_module(self, value: types.ModuleType):
        if _is_ours(value.__name__):
            raise CannotCross(
                f"{value.__name__} is used in what the test hands to the answer: check "
                "in the test itself, on what the answer gives back"
            )
        return ["import", value.__name__]

    def _pack_error(self, value: BaseException, depth: int):
        base = next(c for c in type(value).__mro__ if c.__module__ == "builtins")
        return ["error", base.__name__, self.pack_all(value.args, depth)]

    def _pack_function(self, value: types.FunctionType, depth: int):
        number = self.share(value)
        self.in_step(number)
        self.blobs.append(marshal.dumps(value.__code__))
        tree = ["code", number, len(self.blobs) - 1, value.__name__]
        tree += self._pack_cells(value.__closure__ or (), depth)
        tree.append(self.pack_pairs(_names_used(value), depth))
        details = (value.__defaults__, value.__kwdefaults__)
        tree += self.pack_all(details, depth)
        return [*tree, self.pack_pairs(value.__dict__, depth)]

    def _pack_cells(self, cells: tuple, depth: int) -> tuple[list, list]:
        """The numbers of a closure's cells, and the contents of those that are new."""
        new = [cell for cell in cells if id(cell) not in self.numbers]
        for cell in new:
            self.in_step(self.share(cell))
        contents = [
            [self.numbers[id(cell)], self.pack_all(self.content(cell), depth)]
            for cell in new
        ]
        return [self.numbers[id(cell)] for cell in cells], contents

    def _pack_method(self, value: types.MethodType, depth: int):
        return ["bound", *self.pack_all((value.__func__, value.__self__), depth)]

    def _pack_builtin_method(self, value: types.BuiltinMethodType, depth: int):
        return ["method", self.pack(value.__self__, depth), value.__name__]

    def _pack_reference(self, value: weakref.ref, depth: int):
        return ["reference", self.pack(value(), depth)]

    def _pack_wrapped(self, value: Any, depth: int):
        inner = value.fget if isinstance(value, property) else value.__func__
        return ["wrapped", _WRAPPERS[type(value)], self.pack(inner, depth)]

    def _pack_partial(self, value: functools.partial, depth: int):
        parts = (value.func, value.args, value.keywords)
        return ["partial", *self.pack_all(parts, depth)]

    def _pack_generator(self, value: torch.Generator, depth: int):
        number = self.share(value)
        self.blobs.append(value.get_state().numpy().tobytes())
        self.in_step(number)
        return ["generator", number, len(self.blobs) - 1]

    def pack_class(self, cls: type):
        number = self.numbers.get(id(cls))
        if number is not None:
            return ["same", number]
        if (home := _library_name(cls)) is not None:
            return ["library", None, *home]
        if type(cls) is not type:
            raise CannotCross(f"the class {cls.__name__} has a metaclass")
        number = self.share(cls)
        bases = self.pack_all(cls.__bases__, 1)
        own = {k: v for k, v in vars(cls).items() if k not in _LEFT_OUT}
        return ["made_class", number, cls.__name__, bases, self.pack(own, 1)]

    def _pack_instance(self, value: Any, depth: int):
        cls = type(value)
        is_common = (
            cls.__new__ is object.__new__
            and hasattr(value, "__dict__")
            and cls.__basicsize__ <= _OnlyAttributes.__basicsize__
        )
        if not is_common or any(vars(c).get("__slots__") for c in cls.__mro__):
            raise CannotCross(
                f"an object of the class {cls.__name__} can't be handed to an answer: "
                "hand over numbers, tensors, lists, functions or modules"
            )
        number = self.share(value)
        self.by_attributes.add(id(value))
        tree = ["instance", number, self.pack_class(cls)]
        tree.append(self.pack_pairs(vars(value), depth))
        self.in_step(number)
        return tree

    def content(self, value: Any) -> list | None:
        """As for both sides; of a test's function the names that it uses."""
        if type(value) is not types.FunctionType:
            return super().content(value)
        if self.numbers[id(value)] % 2 != self.first % 2:
            return None  # a stand-in for the student's
        names = _names_used(value)
        return [*names, *names.values()]

    def _pack_module(self, net: nn.Module, depth: int):
        number = self.share(net)
        tree = ["made_module", number, self.pack_class(type(net))]
        state = self.pack_module_state(net)
        others = {
            name: item
            for name, item in vars(net).items()
            if name not in (*MODULE_PARTS, "training", *simple_attributes(net))
            and not (isinstance(item, dict) and not item)
        }
        items = self.pack_pairs(others, depth)
        self.in_step(number)
        return [*tree, state, items]


class _OnlyAttributes:
    """The size of all objects that hold nothing but attributes; a file holds more."""


def _library_name(value: Any) -> tuple[str, str] | None:
    """Module and name under which any process finds a function or class."""
    module, name = getattr(value, "__module__", None), _qualified_name(value)
    if type(module) is not str or name is None or module == "__main__":
        return None
    if _is_ours(module):
        raise CannotCross(f"{module}.{name} can't be handed to an answer")
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return (module, name) if found is value else None


def _is_ours(module: str) -> bool:
    """Whether a module is a part of the grader, which answers have no use for."""
    return f"{module}.".startswith(tuple(f"{name}." for name in _OWN_MODULES))


def _qualified_name(value: Any) -> str | None:
    name = getattr(value, "__qualname__", None)
    return name if type(name) is str and "<" not in name else None


def _names_used(function: types.FunctionType) -> dict[str, Any]:
    """The names from outside that a function uses, and what they stand for."""
    names, used = function.__globals__, _global_names(function.__code__)
    return {name: dict.__getitem__(names, name) for name in used if name in names}


@functools.cache
def _global_names(code: types.CodeType) -> tuple[str, ...]:
    inner = (_global_names(c) for c in code.co_consts if isinstance(c, types.CodeType))
    return tuple(sorted(set(code.co_names).union(*inner)))
