"""Checks against a value that the test itself knows."""

from collections.abc import Callable, Mapping
from typing import Any

from utils.check.calls import observe, refuse, try_out
from utils.check.compare import as_number, difference, same
from utils.check.describe import EXACT, describe
from utils.check.errors import WrongAnswer
from utils.check.naming import call_text
from utils.check.outcome import Outcome, freeze
from utils.check.relations import explain
from utils.check.relations.case import Case
from utils.check.relations.shapes import explain_shape
from utils.check.session import session
from utils.check.store import is_plain
from utils.check.verdict import hidden_message, where

Mistakes = Mapping[str, Any] | None
_SAME = object()


def fail(
    message: str,
    got: Any = None,
    mistakes: Mistakes = None,
    about: Any = _SAME,
    related: str = "",
) -> None:
    """Raise `WrongAnswer` with the first of `mistakes` that explains what was got.

    Args:
        message: what was expected and what was given.
        got: what was given, compared with the values among the mistakes.
        mistakes: name -> the value it gives, or a function that recognises it.
        about: what those functions are given, if it is not `got`.
        related: how `got` relates to the right value, if no mistake explains it.

    Raises:
        WrongAnswer: always.
    """
    about = got if about is _SAME else about
    found = (n for n, m in (mistakes or {}).items() if _explains(m, got, about))
    text = hidden_message() if session.hidden else message
    if name := next(found, None):
        raise WrongAnswer(session.exercise, text, name)
    is_kept = got is not None and not session.hidden  # it may hold a hidden input
    given = (_place(), freeze(got)) if is_kept else None
    raise WrongAnswer(session.exercise, text, related or None, "relation", given)


def _place() -> str:
    """Which check this is: by the probes and the calls that came before it."""
    return f"check after {session.probes_made} probes and {session.calls} calls"


def _related(expected: Any, got: Any) -> str:
    """How a value relates to the right one, in words; "" if nobody can say."""
    return explain(Case(freeze(expected), freeze(got)), coarse=session.hidden)


def _explains(mistake: Any, got: Any, about: Any) -> bool:
    if not callable(mistake):
        return same(freeze(mistake), freeze(got))
    try:
        return _is_true(mistake(about))
    except KeyboardInterrupt:
        raise
    except BaseException:  # it asked for something that this answer does not have
        return False


def _is_true(condition: Any) -> bool:
    return as_number(freeze(condition)) == Outcome("bool", True)


def equal(got: Any, expected: Any, what: str = "", mistakes: Mistakes = None) -> None:
    """Demand got == expected exactly, type, shape and dtype included.

    Args:
        got: the student's value.
        expected: the right value: numbers, strings, None, dtypes, tensors, arrays and
            lists, tuples, dicts of those.
        what: what the value is, for the message.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: they differ.
        TypeError: the expected value is of a kind that cannot be compared.
    """
    found = difference(_comparable(expected), freeze(got), 0, 0, strict=True)
    if found:
        related = _related(expected, got)
        fail(_sentence(what, found), got, mistakes, related=related)


def close(
    got: Any,
    expected: Any,
    what: str = "",
    rtol: float = 1e-4,
    atol: float = 1e-5,
    mistakes: Mistakes = None,
) -> None:
    """Demand |got - expected| <= atol + rtol |expected|, shape and dtype alike.

    Args:
        got: the student's value.
        expected: the right value, as in `equal`. A number may be met by a tensor
            without axes, a float by an int, a list by a tuple.
        what: what the value is, for the message.
        rtol: relative tolerance.
        atol: absolute tolerance.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: they differ by more.
        TypeError: the expected value is of a kind that cannot be compared.
    """
    if found := difference(_comparable(expected), freeze(got), rtol, atol):
        related = _related(expected, got)
        fail(_sentence(what, found), got, mistakes, related=related)


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
        related = explain_shape(tuple(expected), actual)
        fail(_sentence(what, found), actual, mistakes, got, related)


def dtype(got: Any, expected: Any, what: str = "", mistakes: Mistakes = None) -> None:
    """Demand a tensor or array of the given dtype.

    Args:
        got: the student's tensor.
        expected: a torch dtype.
        what: what the tensor is, for the message.
        mistakes: name -> wrong dtype, or a predicate of the tensor.

    Raises:
        WrongAnswer: not a tensor, or of another dtype.
    """
    outcome = _tensor(got, what, mistakes)
    wanted = str(expected).removeprefix("torch.")
    if outcome.dtype != wanted:
        found = f"expected dtype {wanted}, got {outcome.dtype}"
        fail(_sentence(what, found), outcome.data.dtype, mistakes, about=got)


def true(
    condition: Any, sentence: str, got: Any = None, mistakes: Mistakes = None
) -> None:
    """Demand that a condition holds.

    Args:
        condition: a bool of the test's own, or a tensor or array of one.
        sentence: what is said when it does not hold.
        got: what the condition is about, for `mistakes`.
        mistakes: name -> value or predicate.

    Raises:
        WrongAnswer: the condition is not True.
    """
    if not _is_true(condition):
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
    outcome = as_number(freeze(score))
    is_number = outcome.kind in ("int", "float")
    if is_number and (outcome.data <= bar if below else outcome.data >= bar):
        return
    bound, given = f"{bar:g}", describe(outcome)
    if bound == given:  # a bar just missed
        bound, given = repr(bar), describe(outcome, EXACT)
    text = f"expected {'at most' if below else 'at least'} {bound}, got {given}"
    fail(_sentence(what, text), score, mistakes)


def raises(
    error: type[BaseException],
    function: Callable,
    *args: Any,
    mistakes: Mistakes = None,
    **kwargs: Any,
) -> None:
    """Demand that a call raises the given exception, or one derived from it.

    Args:
        error: the exception's class.
        function: what to call, on copies of the arguments.
        *args: its arguments.
        mistakes: name -> value or predicate of what the call returned.
        **kwargs: its keyword arguments.

    Raises:
        WrongAnswer: the call returned, or raised something else.
    """
    trial = try_out(function, args, kwargs)
    value, raised = trial.value, trial.error
    if issubclass(type(raised), error):
        return refuse(trial.faults, lambda: call_text(function, args, kwargs))
    got = f"{describe(observe(value, raised))}{where(raised)}"
    found = f"expected the error {error.__name__}, got {got}"
    fail(_sentence(call_text(function, args, kwargs), found), value, mistakes)


def _comparable(expected: Any) -> Outcome:
    outcome = freeze(expected)
    if not is_plain(outcome):
        text = f"expected is {describe(outcome)}, which can't be compared: sort a set"
        raise TypeError(f"{text}, make a list of a generator, a dense tensor ...")
    return outcome


def _tensor(got: Any, what: str, mistakes: Mistakes) -> Outcome:
    outcome = freeze(got)
    if outcome.kind not in ("tensor", "array"):
        found = f"expected a tensor, got {describe(outcome)}"
        fail(_sentence(what, found), got, mistakes)
    return outcome


def _sentence(what: str, found: str) -> str:
    found = found.rstrip(".")
    return f"{what}: {found}." if what else f"{found[0].upper()}{found[1:]}."
