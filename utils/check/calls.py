"""Calls of a student's function: on copies, seeded, and whatever it does survived."""

import copy
import hashlib
import inspect
import itertools
import types
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from utils.check.describe import describe
from utils.check.errors import CheckFailed
from utils.check.outcome import Outcome, class_name, freeze, freeze_error
from utils.check.seeding import seeded
from utils.check.session import session
from utils.check.store import is_plain, to_json
from utils.check.verdict import is_stub, is_undefined, verdict

_FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
)


def attempt(
    function: Callable, args: tuple, kwargs: dict
) -> tuple[Any, BaseException | None]:
    """Call a function on copies of its arguments, seeded.

    Returns:
        what it returned and None, or None and what it raised.

    Raises:
        NotAttempted: the function is a stub.
        WrongAnswer: its cell was not run.
        CheckFailed: a check made inside the call failed.
        KeyboardInterrupt: somebody pressed stop.
    """
    args, kwargs = copy_arguments((args, kwargs))
    with seeded(0):
        try:
            return function(*args, **kwargs), None
        except (CheckFailed, KeyboardInterrupt):
            raise
        except BaseException as error:  # SystemExit and a student's own as well
            if is_stub(error) or is_undefined(error, session.exercise):
                raise verdict(error, session.exercise) from None
            return None, error


def take(items: Iterable, most: int) -> list:
    """The first `most` items of what may go on for ever.

    In a test write this, not a loop: `course grade` runs answers in a process of their
    own, and has to ask it but once.

    Args:
        items: an iterator, such as a student's generator.
        most: how many are taken; fewer if there are no more.
    """
    return list(itertools.islice(items, most))


def observe(value: Any, error: BaseException | None) -> Outcome:
    """The outcome of an attempt."""
    return freeze(value) if error is None else freeze_error(error)


def copy_arguments(value: Any, memo: dict | None = None) -> Any:
    """Copy tensors (as leaves, gradients kept), containers and objects.

    What occurs twice is copied once; functions, classes and modules stay themselves.

    Args:
        value: an argument, or a container of arguments.
        memo: copies made so far, by the id of what they are copies of.
    """
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, torch.Tensor):
        copied = _copy_tensor(value)
    elif type(value) in (list, tuple):
        copied = type(value)([copy_arguments(item, memo) for item in value])
    elif type(value) is dict:
        copied = {key: copy_arguments(item, memo) for key, item in value.items()}
    else:
        return copy.deepcopy(value, memo)
    memo[id(value)] = copied
    return copied


def _copy_tensor(value: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunction():
        copied = value.detach().clone()
        if isinstance(value, nn.Parameter):
            copied = nn.Parameter(copied, requires_grad=value.requires_grad)
        copied.requires_grad_(value.requires_grad)
        if value.is_leaf and value.grad is not None:
            copied.grad = value.grad.clone()
        return copied


def call_text(function: Callable, args: tuple, kwargs: dict) -> str:
    """Show a call in one line: `squared_loss(tensor([3]), tensor([1]))`."""
    name = _name(function) or class_name(type(function))
    if name == "<lambda>":  # it makes the call, but nobody knows how
        return f"a call of {session.exercise or 'your code'}"
    shown = [_argument_text(value) for value in args]
    shown += [f"{key}={_argument_text(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(shown)})"


def _argument_text(value: Any) -> str:
    return _name(value) or describe(freeze(value)).removeprefix("a ")


def _name(value: Any) -> str | None:
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
    if _name(value):
        return repr(value)
    outcome = freeze(value)
    return to_json(outcome) if is_plain(outcome) else f"{outcome.data} {id(value)}"


def _code_part(code) -> str:
    inner = (_code_part(c) if inspect.iscode(c) else repr(c) for c in code.co_consts)
    return f"{code.co_code.hex()} {code.co_names} {' '.join(inner)}"
