"""Calls of a student's function: on copies, seeded, and whatever it does survived."""

import copy
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from utils.check.arguments import changed, face, face_changed
from utils.check.copies import copy_arguments
from utils.check.errors import CheckFailed, WrongAnswer
from utils.check.naming import call_text, function_name
from utils.check.outcome import Outcome, freeze, freeze_error
from utils.check.plain import opened, plain
from utils.check.seeding import seeded
from utils.check.session import session
from utils.check.settings import put_back
from utils.check.verdict import hidden_message, is_stub, is_undefined, verdict

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
    faces = [(name, value, face(value)) for name, value in free]
    before = copy_arguments(given, {id(v): v for _, v in free}, _itself)
    session.calls += 1
    trial = _try(function, given, before, session.calls - 1, changes.split())
    if trial.error is not None:
        raise trial.error
    looks = ((name, face_changed(kept, face(value))) for name, value, kept in faces)
    others = [f"`{name}` {words}" for name, words in looks if words]
    refuse(trial.faults + others, lambda: call_text(function, *before))
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
    is_known = function_name(function) == session.exercise and i < len(session.takes)
    return session.takes[i] if is_known else f"argument {i + 1}"


def _free(function: Callable, given: tuple, changes: list[str]) -> list[tuple]:
    """Name and value of each argument that may change: no copy of it is needed."""
    allowed = {*session.changes, *changes}
    pairs = _pairs(function, given, given)
    return [(name, value) for name, value, _ in pairs if name in allowed]


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
