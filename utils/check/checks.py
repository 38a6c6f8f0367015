"""Checks against a value that the test itself knows."""

from collections.abc import Callable, Mapping
from typing import Any

from utils.check.compare import describe, difference, same
from utils.check.errors import WrongAnswer
from utils.check.outcome import Outcome, freeze
from utils.check.probe import observe
from utils.check.session import hidden_message, session

Mistakes = Mapping[str, Any] | None


def fail(message: str, got: Any = None, mistakes: Mistakes = None) -> None:
    """Raise `WrongAnswer` with the first of `mistakes` that explains what was got.

    Args:
        message: what was expected and what was given.
        got: what was given.
        mistakes: name -> the value it gives, or a function of `got` that recognises it.

    Raises:
        WrongAnswer: always.
    """
    name = next((n for n, m in (mistakes or {}).items() if _explains(m, got)), None)
    text = hidden_message() if session.hidden else message
    raise WrongAnswer(session.exercise, text, name)


def _explains(mistake: Any, got: Any) -> bool:
    if callable(mistake):
        verdict = observe(mistake, (got,), {})
        return verdict.kind == "bool" and verdict.data
    return same(freeze(mistake), freeze(got))


def equal(got: Any, expected: Any, what: str = "", mistakes: Mistakes = None) -> None:
    """Demand got == expected exactly, type, shape and dtype included.

    Args:
        got: the student's value.
        expected: the right value.
        what: what the value is, for the message.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: they differ.
    """
    close(got, expected, what, rtol=0, atol=0, mistakes=mistakes)


def close(
    got: Any,
    expected: Any,
    what: str = "",
    rtol: float = 1e-4,
    atol: float = 1e-5,
    mistakes: Mistakes = None,
) -> None:
    """Demand |got - expected| <= atol + rtol |expected|, type, shape and dtype alike.

    Args:
        got: the student's value.
        expected: the right value.
        what: what the value is, for the message.
        rtol: relative tolerance.
        atol: absolute tolerance.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: they differ by more.
    """
    if found := difference(freeze(expected), freeze(got), rtol, atol):
        fail(_sentence(what, found), got, mistakes)


def shape(got: Any, expected: tuple, what: str = "", mistakes: Mistakes = None) -> None:
    """Demand a tensor or array of the given shape.

    Args:
        got: the student's tensor.
        expected: its right shape.
        what: what the tensor is, for the message.
        mistakes: name -> wrong shape, or a predicate of the tensor.

    Raises:
        WrongAnswer: not a tensor, or of another shape.
    """
    outcome = _tensor(got, what, mistakes)
    actual = tuple(outcome.data.shape)
    if actual != tuple(expected):
        found = f"expected shape {tuple(expected)}, got shape {actual}"
        by_shape = {
            name: m if callable(m) else (lambda _, m=m: tuple(m) == actual)
            for name, m in (mistakes or {}).items()
        }
        fail(_sentence(what, found), got, by_shape)


def dtype(got: Any, expected: Any, what: str = "", mistakes: Mistakes = None) -> None:
    """Demand a tensor of the given dtype.

    Args:
        got: the student's tensor.
        expected: a torch dtype.
        what: what the tensor is, for the message.
        mistakes: name -> a predicate of the tensor.

    Raises:
        WrongAnswer: not a tensor, or of another dtype.
    """
    outcome = _tensor(got, what, mistakes)
    wanted = str(expected).removeprefix("torch.")
    if outcome.dtype != wanted:
        found = f"expected dtype {wanted}, got {outcome.dtype}"
        fail(_sentence(what, found), got, mistakes)


def true(condition: Any, sentence: str, got: Any = None, mistakes: Mistakes = None):
    """Demand that a condition holds.

    Args:
        condition: a bool of the test's own.
        sentence: what is said when it does not hold.
        got: what the condition is about, for `mistakes`.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: the condition is not True.
    """
    outcome = freeze(condition)
    if outcome.kind in ("tensor", "array") and outcome.data.numel() == 1:
        outcome = freeze(outcome.data.item())
    if outcome != Outcome("bool", True):
        fail(sentence, got, mistakes)


def reaches(
    score: Any,
    bar: float,
    what: str = "the score",
    below: bool = False,
    mistakes: Mistakes = None,
) -> None:
    """Demand score >= bar, or score <= bar for a loss: training to a bar.

    Args:
        score: a number or a tensor with one number.
        bar: the number to reach.
        what: what the score is, for the message.
        below: whether smaller is better.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: the bar is not reached, or the score is no number.
    """
    outcome = freeze(score)
    if outcome.kind in ("tensor", "array") and outcome.data.numel() == 1:
        outcome = freeze(outcome.data.item())
    is_number = outcome.kind in ("int", "float")
    if is_number and (outcome.data <= bar if below else outcome.data >= bar):
        return
    bound = "at most" if below else "at least"
    fail(f"{what}: expected {bound} {bar:g}, got {describe(outcome)}.", score, mistakes)


def raises(
    error: type[BaseException],
    function: Callable,
    *args: Any,
    mistakes: Mistakes = None,
    **kwargs: Any,
) -> None:
    """Demand that a call raises the given exception.

    Args:
        error: the exception's class.
        function: what to call, on copies of the arguments.
        *args: its arguments.
        mistakes: name -> value or predicate of what the call returned.
        **kwargs: its keyword arguments.

    Raises:
        WrongAnswer: the call returned, or raised something else.
    """
    returned = []
    outcome = observe(lambda *a, **k: returned.append(function(*a, **k)), args, kwargs)
    if outcome.kind == "raised" and outcome.data[0] == error.__name__:
        return
    value = returned[0] if returned else None
    got = describe(freeze(value) if returned else outcome)
    fail(f"expected the error {error.__name__}, got {got}.", value, mistakes)


def _tensor(got: Any, what: str, mistakes: Mistakes) -> Outcome:
    outcome = freeze(got)
    if outcome.kind not in ("tensor", "array"):
        found = f"expected a tensor, got {describe(outcome)}"
        fail(_sentence(what, found), got, mistakes)
    return outcome


def _sentence(what: str, found: str) -> str:
    return f"{what}: {found}." if what else f"{found[0].upper()}{found[1:]}."
