"""What stands in the judge's process for objects of the student's."""

import operator
from typing import Any

from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.plain import Malformed

# Python's own function for each special method that a test may use on an object.
_OPERATORS = {
    "__call__": "call",
    "__len__": "len",
    "__iter__": "iter",
    "__next__": "next",
    "__bool__": "bool",
    "__str__": "str",
}
_OF_GENERATORS = ("send", "throw", "close")


class CannotCross(TypeError):
    """A test used something that can't go to the student's process; for its author."""


class Remote:
    """Any object of the student's that is neither data, nor function, nor module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            kind = type(self).__name__
            raise AttributeError(f"{kind!r} object has no attribute {name!r}")
        return _judge(self).operate("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _judge(self).operate("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        _judge(self).operate("delattr", self, name)

    def __deepcopy__(self, memo: dict) -> Any:
        return _judge(self).operate("deepcopy", self)

    def __copy__(self) -> Any:
        return _judge(self).operate("copy", self)

    def __reduce__(self):
        raise CannotCross("a student's object can't be pickled")

    __hash__ = object.__hash__

    @property
    def __class__(self):
        """The class of a library that it is of, for `isinstance`."""
        return type(self)._library


class StandInClass(type):
    """A student's class: calling it makes an object over there."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls._judge.operate("call", cls, *args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return cls._judge.operate("getattr", cls, name)

    def __deepcopy__(cls, memo: dict) -> type:
        return cls

    def __instancecheck__(cls, instance: Any) -> bool:
        return issubclass(type(instance), cls)

    def __subclasscheck__(cls, other: type) -> bool:
        if type(other) is not StandInClass or cls is other:
            return cls is other
        return cls._judge.operate("issubclass", other, cls) is True


def stand_in_class(judge, name: str, library: type, methods: list) -> type:
    """A class for objects of a student's class.

    Args:
        judge: whom its objects ask.
        name: what the student's class is called.
        library: the nearest class above it that everybody has.
        methods: the names of methods that it defines itself.
    """
    if type(methods) is not list or not all(map(plain.is_method_name, methods)):
        raise Malformed("no methods")
    asked = {method: _method(method) for method in methods}
    if "__hash__" in asked:  # not asked: to look something up must not be a question
        asked["__hash__"] = object.__hash__
    asked |= {"_judge": judge, "_library": library, "__module__": "__main__"}
    if issubclass(library, nn.Module):
        asked |= {"__getattr__": _module_attribute, "__deepcopy__": Remote.__deepcopy__}
        asked.setdefault("forward", _method("forward"))
        asked.pop("_library")
        return StandInClass(name, (library,), asked)
    cls = StandInClass(name, (Remote,), asked)
    if library is object:
        type.__setattr__(cls, "_library", cls)
    return cls


def generator_class(judge) -> type:
    """A class for a student's generators, which are their own iterators."""
    cls = stand_in_class(judge, "generator", object, ["__next__", *_OF_GENERATORS])
    type.__setattr__(cls, "__iter__", lambda self: self)
    return cls


def forward_to(judge, method: str, owner: nn.Module):
    """A function that calls a method of a student's module over there."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return judge.operate("method", owner, method, *args, **kwargs)

    return call


def _judge(stand_in) -> Any:
    return type(stand_in)._judge


def _method(name: str):
    """A method that does over there what it would do here."""

    def call(self, *args: Any, **kwargs: Any) -> Any:
        judge = _judge(self)
        if name in _OPERATORS:
            return judge.operate(_OPERATORS[name], self, *args, **kwargs)
        if name.startswith("__") and name in vars(operator):
            return judge.operate(name, self, *args)
        return judge.operate("method", self, name, *args, **kwargs)

    call.__name__ = name
    return call


def _module_attribute(self, name: str) -> Any:
    """A part of a module, as `nn.Module` finds it; else an attribute over there."""
    try:
        return nn.Module.__getattr__(self, name)
    except AttributeError:
        if name.startswith("__"):
            raise
    return _judge(self).operate("getattr", self, name)
