"""Calls of a student's function: on copies, seeded, and whatever it does survived."""

import copy
import hashlib
import inspect
import itertools
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from utils.check.arguments import changed
from utils.check.describe import describe
from utils.check.errors import CheckFailed, WrongAnswer
from utils.check.outcome import Outcome, class_name, freeze, freeze_error
from utils.check.plain import opened, plain
from utils.check.seeding import seeded
from utils.check.session import session
from utils.check.settings import put_back
from utils.check.store import is_plain, to_json
from utils.check.verdict import hidden_message, is_stub, is_undefined, verdict

_FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
)
_COMPARED = (nn.Module, np.ndarray, set)


@dataclass(frozen=True)
class Trial:
    """How a call went.

    Args:
        value: what it returned, None if it raised.
        error: what it raised, None if it returned.
        faults: what it did besides, in words: arguments and settings that it changed.
    """

    value: Any
    error: BaseException | None
    faults: list[str]


def attempt(
    function: Callable, args: tuple, kwargs: dict
) -> tuple[Any, BaseException | None]:
    """Call a function on copies of its arguments, seeded.

    Returns:
        what it returned and None, or None and what it raised.

    Raises:
        as `try_out`.
    """
    trial = try_out(function, args, kwargs)
    return trial.value, trial.error


def try_out(
    function: Callable, args: tuple, kwargs: dict, is_theirs: bool = True
) -> Trial:
    """Call a function on copies of its arguments, seeded, and look what it changed.

    Args:
        function: a student's function, or one of the test that calls it.
        args: its arguments.
        kwargs: its keyword arguments.
        is_theirs: whether it is the student's; the test's may do with its copies what
            it likes.

    Raises:
        NotAttempted: the function is a stub.
        WrongAnswer: its cell was not run.
        CheckFailed: a check made inside the call failed.
        KeyboardInterrupt: somebody pressed stop.
    """
    given = copy_arguments((args, kwargs))
    session.calls = 0
    watched = (args, kwargs) if is_theirs else ((), {})
    return _try(opened(function), given, watched, seed=0)


def call(
    function: Callable, /, *args: Any, method: str = "", changes: str = "", **kwargs
) -> Any:
    """Call a student's function and return its result as plain data.

    Each call of a test is seeded with a number of its own and leaves the random state,
    the settings of torch and the arguments as they were: what comes after can't depend
    on what the student's code did besides. So a test calls the answer, and a net or an
    object that it gave, by this and by other checks only; the build sees to it.

    Args:
        function: the student's function, class or net; or an object, with `method`.
        *args: its arguments, which it must not change; not copied, so that gradients
            reach them.
        method: the name of the object's method that is called.
        changes: names of arguments that may change, besides those that the test's
            marker names.
        **kwargs: its keyword arguments.

    Returns:
        numbers, strings, tensors, arrays and lists, tuples, dicts of them, of the
        built-in types; or a net; any other object is closed, and can be handed to
        other checks alone.

    Raises:
        WrongAnswer: an argument or a setting was changed.
        Exception: what the function raised.
    """
    function = opened(function)
    if method:
        function = _Method(function, method)
    given = tuple(map(opened, args)), {k: opened(v) for k, v in kwargs.items()}
    free = _free(function, given, changes.split())
    before = copy_arguments(given, dict(free), _itself)
    session.calls += 1
    trial = _try(function, given, before, session.calls - 1, changes.split())
    if trial.error is not None:
        raise trial.error
    refuse(trial.faults, lambda: call_text(function, *before))
    return plain(trial.value)


class _Method:
    """A method that is looked up when it is called: that is the student's code too."""

    def __init__(self, owner: Any, name: str):
        self.owner, self.name = owner, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.owner, self.name)(*args, **kwargs)


def _try(
    function: Callable, given: tuple, before: tuple, seed: int, changes: Iterable = ()
) -> Trial:
    """One call, on `given`; what is not in `before` is not looked at."""
    value = error = None
    with seeded(seed), put_back() as left:
        try:
            value = function(*given[0], **given[1])
        except (CheckFailed, KeyboardInterrupt):
            raise
        except BaseException as raised:  # SystemExit and a student's own as well
            is_missing = is_undefined(raised, session.exercise)
            if (is_stub(raised) or is_missing) and not session.hidden:
                raise verdict(raised, session.exercise) from None
            error = raised
    faults = list(_changed_arguments(function, before, given, changes))
    return Trial(
        value, error, faults + [f"{name} is left changed" for name in left.names]
    )


def _changed_arguments(
    function: Callable, before: tuple, given: tuple, changes: Iterable
) -> Iterator[str]:
    allowed = {*session.changes, *changes}
    for name, old, new in _pairs(function, before, given):
        if name not in allowed and (found := changed(old, new)):
            yield f"`{name}` {found}" if name.isidentifier() else f"{name} {found}"


def _pairs(function: Callable, before: tuple, given: tuple) -> Iterator[tuple]:
    """Each argument's name, or `argument 2`, and what it was and is."""
    for i, (old, new) in enumerate(zip(before[0], given[0], strict=False)):
        yield _argument_name(function, i), old, new
    for name, old in before[1].items():
        yield name, old, given[1][name]


def _argument_name(function: Callable, i: int) -> str:
    is_known = _name(function) == session.exercise and i < len(session.takes)
    return session.takes[i] if is_known else f"argument {i + 1}"


def _free(function: Callable, given: tuple, changes: list[str]) -> Iterator[tuple]:
    """By its id each argument that may change: no copy of it is needed."""
    allowed = {*session.changes, *changes}
    for name, value, _ in _pairs(function, given, given):
        if name in allowed:
            yield id(value), value


def _itself(value: Any, memo: dict) -> Any:
    """Nets are copied to be compared; functions, iterators and others are not."""
    return copy.deepcopy(value, memo) if isinstance(value, _COMPARED) else value


def refuse(faults: list[str], text: Callable[[], str]) -> None:
    """Raise `WrongAnswer` if a call changed what it had to leave alone."""
    if faults:
        message = hidden_message() if session.hidden else told(text(), faults)
        raise WrongAnswer(session.exercise, message, faults[0])


def told(text: str, faults: list[str]) -> str:
    """What is said of a call that gave the right result and changed something."""
    return f"{text}: {faults[0]}, which this exercise doesn't ask for."


def take(items: Iterable | Callable, most: int, *args: Any, **kwargs: Any) -> list:
    """The first `most` items of what may go on for ever, as plain data.

    In a test write this, not a loop: `course grade` runs answers in a process of their
    own, and has to ask it but once.

    Args:
        items: an iterator; or, with arguments, a student's function that gives one.
        most: how many are taken; fewer if there are no more.
        *args: arguments of the function.
        **kwargs: its keyword arguments.
    """
    if args or kwargs:
        items = call(items, *args, **kwargs)
    session.calls += 1
    with seeded(session.calls - 1), put_back() as left:
        taken = taken_from(opened(items), most)
    refuse([f"{name} is left changed" for name in left.names], lambda: "what it yields")
    return plain(taken)


def taken_from(items: Iterable, most: int) -> list:
    """The first items, as they come; `course grade` does this where the answer runs."""
    return list(itertools.islice(items, most))


def observe(value: Any, error: BaseException | None) -> Outcome:
    """The outcome of an attempt."""
    return freeze(value) if error is None else freeze_error(error)


def copy_arguments(
    value: Any, memo: dict | None = None, others: Callable = copy.deepcopy
) -> Any:
    """Copy tensors (as leaves, gradients kept), containers and objects.

    What occurs twice is copied once; functions, classes and modules stay themselves.

    Args:
        value: an argument, or a container of arguments.
        memo: copies made so far, by the id of what they are copies of.
        others: copies what is neither a tensor nor a list, tuple or dict.
    """
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, torch.Tensor):
        copied = _copy_tensor(value)
    elif type(value) in (list, tuple):
        copied = type(value)([copy_arguments(item, memo, others) for item in value])
    elif type(value) is dict:
        copied = {
            key: copy_arguments(item, memo, others) for key, item in value.items()
        }
    else:
        copied = others(value, memo)
        if isinstance(value, nn.Module):
            _copy_gradients(value, copied)
        return copied
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


def _copy_gradients(net: nn.Module, copied: nn.Module) -> None:
    """A deep copy of a parameter leaves its gradient behind."""
    pairs = zip(nn.Module.parameters(net), nn.Module.parameters(copied), strict=False)
    for old, new in pairs:
        if old.grad is not None and new.grad is None:
            new.grad = old.grad.clone()


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
