"""What a call is called: in a message, and to tell two probes apart."""

import hashlib
import inspect
import types
from collections.abc import Callable
from typing import Any

from utils.check.describe import describe
from utils.check.outcome import class_name, freeze
from utils.check.session import session
from utils.check.store import is_plain, to_json

_FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
)


def call_text(function: Callable, args: tuple, kwargs: dict) -> str:
    """Show a call in one line: `squared_loss(tensor([3]), tensor([1]))`."""
    name = function_name(function) or class_name(type(function))
    if name == "<lambda>":  # it makes the call, but nobody knows how
        return f"a call of {session.exercise or 'your code'}"
    shown = [_argument_text(value) for value in args]
    shown += [f"{key}={_argument_text(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(shown)})"


def _argument_text(value: Any) -> str:
    return function_name(value) or describe(freeze(value)).removeprefix("a ")


def function_name(value: Any) -> str | None:
    """The name of a function or class; None for any other object."""
    if issubclass(type(value), type):
        return class_name(value)
    return value.__name__ if issubclass(type(value), _FUNCTIONS) else None


def fingerprint(function: Callable, args: tuple, kwargs: dict) -> str:
    """A text that two probes share if they make the very same call.

    A small function of the test counts by its code and by the plain values that it
    takes from outside; objects, such as a net, count as different each time.
    """
    parts = [_part(value) for value in (function, *args, *kwargs, *kwargs.values())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _part(value: Any) -> str:
    if inspect.isfunction(value):
        outside = inspect.getclosurevars(value)
        names = {**outside.globals, **outside.nonlocals}
        plain = {name: freeze(item) for name, item in names.items()}
        plain = {name: item for name, item in plain.items() if is_plain(item)}
        defaults = freeze([value.__defaults__, value.__kwdefaults__])
        return f"{_code_part(value.__code__)} {to_json([plain, defaults])}"
    if function_name(value):
        return repr(value)
    outcome = freeze(value)
    return to_json(outcome) if is_plain(outcome) else f"{outcome.data} {id(value)}"


def _code_part(code) -> str:
    inner = (_code_part(c) if inspect.iscode(c) else repr(c) for c in code.co_consts)
    return f"{code.co_code.hex()} {code.co_names} {' '.join(inner)}"
