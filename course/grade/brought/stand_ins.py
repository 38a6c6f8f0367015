"""What a test sees, in the judge's process, of a student's functions and objects."""

import builtins
from typing import Any

from course.grade.brought import values
from course.grade.brought.asking import Asking


class CannotCross(BaseException):
    """A test needs what can't go between two processes; for its author.

    Not an `Exception`: a test that expects an error must not take this for it.
    """


class Bench:
    """The stand-ins of one submission.

    Args:
        asking: the line to the student's process.
    """

    def __init__(self, asking: Asking):
        self.asking = asking
        self.refused = ""  # what could not cross, if anything

    def name(self, name: str) -> Any:
        """What a name of the notebook stands for.

        Raises:
            NameError: it stands for nothing.
        """
        return self._value(*self.asking.ask("name", name))

    def operate(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """Do something to a student's object over there, and bring arguments that it
        changed up to date here.
        """
        trees = [self._pack(list(args)), self._pack(kwargs)]
        answer = self._value(*self.asking.ask("apply", operation, *trees))
        if type(answer) is not list or len(answer) != 2 or type(answer[1]) is not list:
            raise values.Malformed("no answer")
        result, after = answer
        given = [*args, *kwargs.values()]
        for old, new in zip(given, after, strict=False):
            if values.can_change(old) and new is not None:
                values.put_into(old, new)
        return result

    def refuse(self, words: str) -> CannotCross:
        """Note that something can't cross."""
        self.refused = self.refused or words
        return CannotCross(words)

    def _pack(self, value: Any) -> Any:
        return values.pack(value, self._refer)

    def _refer(self, value: Any) -> list:
        if isinstance(value, StandIn):
            return ["known", object.__getattribute__(value, "_number")]
        raise self.refuse(f"a {type(value).__name__} of the test can't be handed over")

    def _value(self, tree: Any, error: tuple | None) -> Any:
        if error is not None:
            raise raised(*error)
        return values.unpack(tree, self._resolve)

    def _resolve(self, tree: list) -> Any:
        kind, number, name = tree
        kinds = {"function": Function, "object": StandIn}
        if type(number) is not int or type(name) is not str:
            raise values.Malformed("no reference")
        return kinds[kind](self, number, name)


class StandIn:
    """An object of the student's that is no plain value.

    It is never equal to anything else: what it says of itself is no evidence.
    """

    def __init__(self, bench: Bench, number: int, name: str):
        own = {"_bench": bench, "_number": number, "_name": name}
        for attribute, value in own.items():
            object.__setattr__(self, attribute, value)

    def __getattr__(self, name: str) -> Any:
        return self._bench.operate("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._bench.operate("setattr", self, name, value)

    def __len__(self) -> int:
        return self._bench.operate("len", self)

    def __iter__(self):
        return iter(self._bench.operate("list", self))

    def __getitem__(self, key: Any) -> Any:
        return self._bench.operate("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._bench.operate("setitem", self, key, value)

    def __str__(self) -> str:
        return self._bench.operate("str", self)

    def __repr__(self) -> str:
        return self._bench.operate("repr", self)

    def __bool__(self) -> bool:
        raise self._bench.refuse(f"a {self._name} can't be asked whether it is true")

    def __eq__(self, other: Any) -> bool:
        return self is other

    def _uncopyable(self, *args: Any) -> Any:
        raise self._bench.refuse(f"a {self._name} can't be copied")

    __hash__ = object.__hash__
    __deepcopy__ = __copy__ = __reduce_ex__ = _uncopyable

    @property
    def __doc__(self) -> Any:
        return self._bench.operate("getattr", self, "__doc__")


class Function(StandIn):
    """A function or a class of the student's: calling it calls that over there."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._bench.operate("call", self, *args, **kwargs)

    def __bool__(self) -> bool:
        return True


def raised(name: str, text: str, line: int, base: str) -> BaseException:
    """The student's error, as a test can catch it: its nearest builtin class."""
    kind = getattr(builtins, base)
    cls = type(name, (kind,), {"__str__": lambda self: text})
    error = cls.__new__(cls)
    error.args = (text,)
    return error
