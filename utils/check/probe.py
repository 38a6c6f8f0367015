"""Probes: calls whose right and wrong results the build has frozen."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

from utils.check.calls import Trial, observe, refuse, try_out
from utils.check.compare import carries_graph, difference, same
from utils.check.errors import WrongAnswer
from utils.check.naming import call_text, fingerprint
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
    number: bool = False,
    graph: bool = True,
    **kwargs: Any,
) -> None:
    """Call `function` on copies of the arguments and compare with the frozen values.

    Args:
        function: the student's function, or a small one of the test that calls it.
        *args: its arguments; each is copied, so nothing is changed in place.
        call: what messages show as the call; made from the arguments if None.
        rtol: relative tolerance, at least 1e-5: frozen values have 6 digits.
        atol: absolute tolerance.
        number: whether a tensor of no axes may stand for a number.
        graph: whether tensors may carry the graph that made them, although those of
            the reference carry none; the other way round is always wrong.
        **kwargs: its keyword arguments.

    Raises:
        WrongAnswer: the result is not the right one; names the mistake if the bank
            of answers holds one that explains every result of this test so far. Or the
            student's function changed an argument, or left a setting of torch changed.
        NotAttempted: the function is still the stub.
        NothingFrozen: no values were frozen for this probe.
    """
    known = session.next_probe() if session.tape is None else None
    trial = try_out(function, args, kwargs, not _is_of_test(function))
    outcome, error = observe(trial.value, trial.error), trial.error

    def text() -> str:
        return call or call_text(function, args, kwargs)

    if known is None:
        session.tape.append((outcome, text(), fingerprint(function, args, kwargs)))
        return refuse(trial.faults if error is None else [], text)
    how = _How(max(rtol, ROUNDING), atol, number, graph)
    found = how.difference(known.right, outcome)
    if found is None:
        session.passed.append((known, how, (function, args, kwargs)))
        return refuse(trial.faults, text)
    message = f"{text()}: {found.rstrip('.')}{where(error)}."
    if session.hidden:
        message = hidden_message(error)
    failed = (known, how, (function, args, kwargs))
    # Nothing of a hidden test is kept: an answer may have given its inputs back.
    given = None if session.hidden else (f"probe {session.probes_made}", outcome)
    named = _name(outcome, trial, failed)
    raise WrongAnswer(session.exercise, message, *named, given)


def _name(outcome: Outcome, trial: Trial, failed: tuple) -> tuple[str | None, str]:
    """The likely mistake, and whether the bank knows it or it was seen in the value."""
    known, how, _ = failed
    if names := _explaining(known, outcome, how):
        return "; or ".join(sorted(names)), "bank"
    if besides := _besides(trial, known, how):
        return besides, "relation"
    case = _case(outcome, *failed)
    earlier = [_case(probe.right, probe, *rest) for probe, *rest in session.passed]
    return explain(case, earlier, session.hidden) or None, "relation"


def _case(got: Outcome, known: Probe, how: "_How", call: tuple) -> Case:
    function, args, kwargs = call
    inputs = {f"argument {i}": freeze(value) for i, value in enumerate(args, start=1)}
    inputs |= {f"`{name}`": freeze(value) for name, value in kwargs.items()}
    is_first = not session.passed
    return Case(
        known.right, got, inputs, how.rtol, how.atol, is_first, made_by=function
    )


@dataclass(frozen=True)
class _How:
    """How exactly a probe compares; see there."""

    rtol: float
    atol: float
    number: bool
    graph: bool

    def difference(self, expected: Outcome, got: Outcome) -> str | None:
        """Where the two differ, in words."""
        found = difference(
            expected, got, self.rtol, self.atol, strict=False, number=self.number
        )
        if found is None and not self.graph and carries_graph(got):
            return "right values, but they still carry the graph that made them"
        return found

    def same(self, wrong: Outcome, outcome: Outcome) -> bool:
        """Whether a mistake that gives the one gives the other."""
        return same(wrong, outcome, self.rtol, self.atol)


def _is_of_test(function: Callable) -> bool:
    """Whether the test cell itself defines a function: by the file that it is from."""
    code = getattr(function, "__code__", None)
    test = sys._getframe(2).f_code
    return isinstance(code, CodeType) and code.co_filename == test.co_filename


def _besides(trial: Trial, known: Probe, how: _How) -> str | None:
    """The mistake, where the bank knows none, by what the call did or gave besides."""
    if trial.faults:
        return trial.faults[0]
    outcome = observe(trial.value, trial.error)
    if replace(how, number=True).difference(known.right, outcome) is None:
        return "a tensor where a plain number is asked"
    return None


def _explaining(known: Probe, outcome: Outcome, how: _How) -> set[str]:
    """The mistakes that give this very outcome, and what was right before it.

    Looked for only once a probe has failed: a right answer pays for no comparison with
    the many wrong ones.
    """
    return {
        name
        for name, wrong in known.wrong.items()
        if wrong is not None
        and how.same(wrong, outcome)
        and how.difference(known.right, wrong) is not None
        and all(_passes(name, *earlier) for earlier in session.passed)
    }


def _passes(name: str, known: Probe, how: _How, _: tuple) -> bool:
    """Whether a mistake gives the right value at a probe."""
    wrong = known.wrong.get(name)
    return wrong is not None and how.difference(known.right, wrong) is None
