"""Probes: calls whose right and wrong results the build has frozen."""

import contextlib
import copy
import io
import warnings
from collections.abc import Callable
from typing import Any

import torch

from utils.check.compare import describe, difference, same
from utils.check.errors import CheckFailed, WrongAnswer
from utils.check.outcome import Outcome, freeze, freeze_error
from utils.check.seeding import seeded
from utils.check.session import Probe, hidden_message, not_attempted, session
from utils.check.store import to_json


def probe(
    function: Callable,
    *args: Any,
    call: str | None = None,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    **kwargs: Any,
) -> None:
    """Call `function` on copies of the arguments and compare with the frozen values.

    Args:
        function: the student's function, or a small one of the test that calls it.
        *args: its arguments; each is copied, so nothing is changed in place.
        call: what messages show as the call; made from the arguments if None.
        rtol: relative tolerance.
        atol: absolute tolerance.
        **kwargs: its keyword arguments.

    Raises:
        WrongAnswer: the result is not the right one; names the mistake if the bank
            of answers holds one that explains every result of this test so far.
        NotAttempted: the function is still the stub.
        LookupError: no values were frozen for this probe.
    """
    text = call or call_text(function, args, kwargs)
    outcome = observe(function, args, kwargs)
    if session.tape is not None:
        session.tape.append((outcome, text, _fingerprint(function, args, kwargs)))
        return
    known = _next_probe()
    suspects = _explaining(known, outcome, rtol, atol)
    session.suspects = suspects
    if found := difference(known.right, outcome, rtol, atol):
        message = hidden_message() if session.hidden else f"{text}: {found}."
        mistake = "; or ".join(sorted(suspects)) or None
        raise WrongAnswer(session.exercise, message, mistake)


def observe(function: Callable, args: tuple, kwargs: dict) -> Outcome:
    """What a call returns or raises, seeded, with warnings and prints kept quiet.

    Raises:
        NotAttempted: the function is a stub.
        CheckFailed: a check made inside the call failed.
    """
    try:
        args, kwargs = copy_arguments(args), copy_arguments(kwargs)
        with seeded(0), warnings.catch_warnings(), _no_stderr():
            warnings.simplefilter("ignore")
            return freeze(function(*args, **kwargs))
    except CheckFailed:
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, NotImplementedError) and not error.args:
            raise not_attempted() from None
        return freeze_error(error)


def copy_arguments(value: Any) -> Any:
    """Copy tensors (as leaves), containers and objects; functions stay themselves."""
    if isinstance(value, torch.Tensor):
        copied = value.detach().clone()
        return copied.requires_grad_() if value.requires_grad else copied
    if type(value) in (list, tuple):
        return type(value)(copy_arguments(item) for item in value)
    if type(value) is dict:
        return {key: copy_arguments(item) for key, item in value.items()}
    return copy.deepcopy(value)


def call_text(function: Callable, args: tuple, kwargs: dict) -> str:
    """Show a call in one line: `squared_loss(a tensor [3], a tensor [1])`."""
    name = getattr(function, "__name__", type(function).__name__)
    shown = [_argument_text(value) for value in args]
    shown += [f"{key}={_argument_text(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(shown)})"


def _fingerprint(function: Callable, args: tuple, kwargs: dict) -> str:
    """A text that two probes share if they make the very same call."""
    code = getattr(function, "__code__", None)
    body = (code.co_code, code.co_names, code.co_consts) if code else function
    frozen = freeze([list(args), kwargs])
    return f"{body} {to_json(frozen)}"


def _argument_text(value: Any) -> str:
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return describe(freeze(value))


def _next_probe() -> Probe:
    probes = session.frozen.get(session.exercise, [])
    index = session.probes_made
    session.probes_made += 1
    if index >= len(probes):
        raise LookupError(
            f"no frozen values for probe {index + 1} of {session.exercise!r}: run the "
            "first code cell of this notebook; an author runs `course build`"
        )
    return probes[index]


def _explaining(known: Probe, outcome: Outcome, rtol: float, atol: float) -> set[str]:
    """The mistakes that give this very outcome, and gave all those before it."""
    return {
        name
        for name, wrong in known.wrong.items()
        if wrong is not None
        and (session.suspects is None or name in session.suspects)
        and same(wrong, outcome, rtol, atol)
    }


@contextlib.contextmanager
def _no_stderr():
    """Stock nbgrader gives no points for a test that writes to standard error."""
    with contextlib.redirect_stderr(io.StringIO()):
        yield
