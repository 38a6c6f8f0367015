"""Where two outcomes differ, in the order type, shape, dtype, value."""

from dataclasses import replace

import torch

from utils.check.describe import describe, describe_pair, inline
from utils.check.outcome import Outcome
from utils.check.sketch import Sketch

SHORT = 40  # characters of a container that is shown whole
NUMBERS = ("int", "float", "complex")


def difference(
    expected: Outcome,
    got: Outcome,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    strict: bool = False,
    number: bool = True,
) -> str | None:
    """Say where |got - expected| <= atol + rtol |expected| first fails.

    Args:
        expected: what a right answer gives.
        got: what the student's answer gave.
        rtol: relative tolerance of floating-point values.
        atol: absolute tolerance of floating-point values.
        strict: whether 3 and 3.0, a list and a tuple, a number and a tensor without
            axes differ. A number where a tensor is asked always does: it would break
            autograd.
        number: whether a tensor without axes may stand for a number all the same.

    Returns:
        One line that says what was expected and what was given; None if they agree.
        What cannot be compared (kind "other") agrees with nothing.
    """
    if not strict:
        got = _relaxed(expected, got, number)
    if expected.kind != got.kind or expected.kind == "other":
        return _sentence(expected, got)
    judge = _JUDGES.get(expected.kind, _plain_difference)
    return judge(expected, got, rtol=rtol, atol=atol, strict=strict, number=number)


def same(a: Outcome, b: Outcome, rtol: float = 1e-4, atol: float = 1e-5) -> bool:
    """Whether b is what a is, as far as can be seen: how a known mistake is met.

    Unlike `difference` it asks for the same message of an exception and for the same
    description of what cannot be compared, and for nothing more of the latter.
    """
    if a.kind in ("other", "raised"):
        return a == b or (_is_too_deep(a) and _is_too_deep(b))
    if a.kind == b.kind and a.kind in ("tensor", "array"):  # spares the sentence
        alike = a.dtype == b.dtype and a.data.shape == b.data.shape
        if alike and isinstance(a.data, Sketch):
            return a.data.meets(b.data, rtol, atol)
        if alike and isinstance(b.data, Sketch):  # of a wrong answer beside another
            return b.data.meets(a.data, rtol, atol)
        return alike and bool(_agree(a.data, b.data, rtol, atol).all())
    return difference(a, b, rtol, atol) is None


def _is_too_deep(outcome: Outcome) -> bool:
    """Whether it is a RecursionError: its message is another in each Python."""
    return outcome.kind == "raised" and outcome.data[0] == "RecursionError"


def carries_graph(outcome: Outcome) -> bool:
    """Whether a tensor among the data still asks for gradients."""
    if outcome.kind == "dict":
        return any(carries_graph(value) for _, value in outcome.data)
    if outcome.kind in ("list", "tuple"):
        return any(map(carries_graph, outcome.data))
    return outcome.grad


def as_number(outcome: Outcome) -> Outcome:
    """The number inside a tensor or array that holds just one; else the outcome."""
    if outcome.kind not in ("tensor", "array") or outcome.data.numel() != 1:
        return outcome
    value = outcome.data.item()
    return Outcome(type(value).__name__, value)


def _relaxed(expected: Outcome, got: Outcome, number: bool) -> Outcome:
    """`got` as the kind that is expected, where the two kinds are akin."""
    is_number = expected.kind in NUMBERS or expected.kind == "bool"
    if number and is_number and got.kind in ("tensor", "array") and not got.data.shape:
        got = as_number(got)
    both = {expected.kind, got.kind}
    akin = both <= set(NUMBERS) or both == {"list", "tuple"}
    return replace(got, kind=expected.kind) if akin else got


def _plain_difference(expected, got, **_) -> str | None:
    if expected.data == got.data:
        return None
    return _sentence(expected, got)


def _raised_difference(expected, got, **_) -> str | None:
    """Two errors of one class agree: their messages may be put in other words."""
    return None if expected.data[0] == got.data[0] else _sentence(expected, got)


def _number_difference(expected, got, rtol, atol, **_) -> str | None:
    a, b = expected.data, got.data
    if isinstance(a, int) and isinstance(b, int):
        return None if a == b else _sentence(expected, got)
    is_complex = isinstance(a, complex) or isinstance(b, complex)
    cls, dtype = (complex, torch.complex128) if is_complex else (float, torch.float64)
    want, have = (torch.tensor(cls(number), dtype=dtype) for number in (a, b))
    return None if _agree(want, have, rtol, atol) else _sentence(expected, got)


def _tensor_difference(expected, got, rtol, atol, strict, **_) -> str | None:
    want, have = expected.data, got.data
    if want.shape != have.shape:
        shown = f": {text}" if (text := inline(got)) else ""
        shapes = tuple(want.shape), tuple(have.shape)
        return f"expected shape {shapes[0]}, got shape {shapes[1]}{shown}"
    if expected.dtype != got.dtype:
        return f"right shape, but expected dtype {expected.dtype}, got {got.dtype}"
    if isinstance(want, Sketch):  # of a wrong answer: nobody is told more
        is_alike = isinstance(have, Sketch) or not strict
        return None if is_alike and want.meets(have, rtol, atol) else "another value"
    if isinstance(have, Sketch):
        is_met = not strict and have.meets(want, rtol, atol)
        return _cut_off(expected, got) if is_met else "another value"
    agree = _agree(want, have, rtol, atol)
    if agree.all():
        return _cut_off(expected, got)
    wrong = (~agree).nonzero()
    return _value_sentence(expected, got, tuple(wrong[0].tolist()), len(wrong))


def _cut_off(expected: Outcome, got: Outcome) -> str | None:
    """What is wrong with right values that should ask for gradients and don't."""
    is_cut = expected.grad and not got.grad
    return "right values, but cut off from the graph of gradients" if is_cut else None


def _agree(want: torch.Tensor, have: torch.Tensor, rtol, atol) -> torch.Tensor:
    """Where two tensors of one shape agree; floating point in double, so exactly."""
    want, have = want.cpu(), have.cpu()
    if not (want.is_floating_point() or want.is_complex()):
        return have == want
    double = torch.complex128 if want.is_complex() else torch.float64
    want, have = want.to(double), have.to(double)
    return torch.isclose(have, want, rtol=rtol, atol=atol, equal_nan=True)


def _value_sentence(expected, got, first: tuple, count: int) -> str:
    if inline(expected) and inline(got):
        return _sentence(expected, got)
    texts = _numbers_at(first, expected, got)
    return (
        f"right shape {tuple(expected.data.shape)}, wrong value at index "
        f"{list(first)}: expected {texts[0]}, got {texts[1]} "
        f"({count:,} of {expected.data.numel():,} differ)"
    )


def _numbers_at(index: tuple, *outcomes: Outcome) -> tuple[str, str]:
    numbers = [replace(outcome, data=outcome.data[index]) for outcome in outcomes]
    return describe_pair(*map(as_number, numbers))


def _sequence_difference(expected, got, **tolerance) -> str | None:
    if len(expected.data) != len(got.data):
        return _sentence(expected, got)
    for i, (want, have) in enumerate(zip(expected.data, got.data, strict=True)):
        if found := difference(want, have, **tolerance):
            return _whole_or(f"item {i}: {found}", expected, got)
    return None


def _dict_difference(expected, got, **tolerance) -> str | None:
    want = {_key(key): (key, value) for key, value in expected.data}
    have = {_key(key): (key, value) for key, value in got.data}
    for text, (key, value) in want.items():
        if text not in have:
            return f"expected the key {describe(key)}, got a dict without it"
        if found := difference(value, have[text][1], **tolerance):
            return _whole_or(f"key {describe(key)}: {found}", expected, got)
    for text, (key, _) in have.items():
        if text not in want:
            return f"expected no key {describe(key)}, got one"
    return None


def _whole_or(part: str, expected: Outcome, got: Outcome) -> str:
    """Where two containers differ; both of them if they are short enough."""
    texts = inline(expected), inline(got)
    if texts[0] == texts[1] or any(text is None or len(text) > SHORT for text in texts):
        return part
    return f"expected {texts[0]}, got {texts[1]}"


def _key(key: Outcome) -> str:
    return f"{key.kind} {key.data!r}"


def _sentence(expected: Outcome, got: Outcome) -> str:
    want, have = describe_pair(expected, got)
    return f"expected {want}, got {have}"


_JUDGES = {
    "int": _number_difference,
    "float": _number_difference,
    "complex": _number_difference,
    "tensor": _tensor_difference,
    "array": _tensor_difference,
    "list": _sequence_difference,
    "tuple": _sequence_difference,
    "dict": _dict_difference,
    "raised": _raised_difference,
}
