"""Probes: calls whose right and wrong results the build has frozen."""

from collections.abc import Callable
from typing import Any

from utils.check.calls import attempt, call_text, fingerprint, observe
from utils.check.compare import difference, same
from utils.check.errors import WrongAnswer
from utils.check.outcome import Outcome, freeze
from utils.check.relations import explain
from utils.check.relations.case import Case
from utils.check.session import Probe, session
from utils.check.store import ROUNDING
from utils.check.verdict import hidden_message, where


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
        rtol: relative tolerance, at least 1e-5: frozen values have 6 digits.
        atol: absolute tolerance.
        **kwargs: its keyword arguments.

    Raises:
        WrongAnswer: the result is not the right one; names the mistake if the bank
            of answers holds one that explains every result of this test so far.
        NotAttempted: the function is still the stub.
        NothingFrozen: no values were frozen for this probe.
    """
    known = session.next_probe() if session.tape is None else None
    value, error = attempt(function, args, kwargs)
    outcome = observe(value, error)
    if known is None:
        text = call or call_text(function, args, kwargs)
        session.tape.append((outcome, text, fingerprint(function, args, kwargs)))
        return
    rtol = max(rtol, ROUNDING)
    found = difference(known.right, outcome, rtol, atol)
    if found is None:
        session.passed.append((known, rtol, atol, (function, args, kwargs)))
        return
    text = call or call_text(function, args, kwargs)
    message = f"{text}: {found.rstrip('.')}{where(error)}."
    if session.hidden:
        message = hidden_message(error)
    failed = (known, rtol, atol, (function, args, kwargs))
    raise WrongAnswer(session.exercise, message, *_name(outcome, failed))


def _name(outcome: Outcome, failed: tuple) -> tuple[str | None, str]:
    """The likely mistake, and whether the bank knows it or it was seen in the value."""
    known, rtol, atol, _ = failed
    if names := _explaining(known, outcome, rtol, atol):
        return "; or ".join(sorted(names)), "bank"
    case = _case(outcome, *failed)
    earlier = [_case(probe.right, probe, *rest) for probe, *rest in session.passed]
    return explain(case, earlier, session.hidden) or None, "relation"


def _case(got: Outcome, known: Probe, rtol: float, atol: float, call: tuple) -> Case:
    function, args, kwargs = call
    inputs = {f"argument {i}": freeze(value) for i, value in enumerate(args, start=1)}
    inputs |= {f"`{name}`": freeze(value) for name, value in kwargs.items()}
    is_first = not session.passed
    return Case(known.right, got, inputs, rtol, atol, is_first, made_by=function)


def _explaining(known: Probe, outcome: Outcome, rtol: float, atol: float) -> set[str]:
    """The mistakes that give this very outcome, and what was right before it.

    Looked for only once a probe has failed: a right answer pays for no comparison with
    the many wrong ones.
    """
    return {
        name
        for name, wrong in known.wrong.items()
        if wrong is not None
        and same(wrong, outcome, rtol, atol)
        and all(_passes(name, *earlier) for earlier in session.passed)
    }


def _passes(name: str, known: Probe, rtol: float, atol: float, _: tuple) -> bool:
    """Whether a mistake gives the right value at a probe."""
    wrong = known.wrong.get(name)
    return wrong is not None and same(wrong, known.right, rtol, atol)
