"""Where two outcomes differ, in the order type, shape, dtype, value."""

import math

import torch

from utils.check.outcome import Outcome

NUMBERS = ("bool", "int", "float", "complex")
SHOWN = 8  # numbers of a tensor that a message shows


def difference(
    expected: Outcome, got: Outcome, rtol: float = 1e-4, atol: float = 1e-5
) -> str | None:
    """Say where |got - expected| <= atol + rtol |expected| first fails.

    Args:
        expected: what a right answer gives.
        got: what the student's answer gave.
        rtol: relative tolerance of floating-point values.
        atol: absolute tolerance of floating-point values.

    Returns:
        One line that says what was expected and what was given; None if they agree.
    """
    got = _as_number(got, expected)
    if expected.kind in NUMBERS and got.kind in NUMBERS:
        return _number_difference(expected, got, rtol, atol)
    if expected.kind != got.kind and {expected.kind, got.kind} != {"list", "tuple"}:
        return f"expected {describe(expected)}, got {describe(got)}"
    if expected.kind in ("tensor", "array"):
        return _tensor_difference(expected, got, rtol, atol)
    if expected.kind in ("list", "tuple"):
        return _sequence_difference(expected, got, rtol, atol)
    if expected.kind == "dict":
        return _dict_difference(expected, got, rtol, atol)
    if expected.data != got.data:
        return f"expected {describe(expected)}, got {describe(got)}"
    return None


def same(a: Outcome, b: Outcome, rtol: float = 1e-4, atol: float = 1e-5) -> bool:
    """Whether two outcomes agree within the tolerances."""
    return difference(a, b, rtol, atol) is None


def describe(outcome: Outcome) -> str:
    """Name an outcome in a few words: `a tensor of shape (2, 3)`, `None`, `2.5`."""
    kind, data = outcome.kind, outcome.data
    if kind in ("tensor", "array"):
        noun = "a tensor" if kind == "tensor" else "a NumPy array"
        if data.numel() <= SHOWN and data.ndim <= 1:
            return f"{noun} {_numbers(data)}"
        return f"{noun} of shape {tuple(data.shape)}"
    if kind in ("list", "tuple"):
        if len(data) <= SHOWN and all(item.kind in (*NUMBERS, "str") for item in data):
            items = ", ".join(describe(item) for item in data)
            return f"[{items}]" if kind == "list" else f"({items})"
        return f"a {kind} of {len(data)} items"
    if kind == "raised":
        return f"the error {data[0]}: {data[1]}" if data[1] else f"the error {data[0]}"
    if kind == "float":
        return f"{data:.6g}"
    if kind == "str":
        return repr(data if len(data) <= 80 else data[:77] + "...")
    named = {"none": "None", "dict": f"a dict of {len(data or ())} items"}
    return named.get(kind, str(data))


def _numbers(tensor: torch.Tensor) -> str:
    if tensor.is_complex() or tensor.dtype is torch.bool:
        return str(tensor.tolist())
    values = tensor.tolist() if tensor.ndim else [tensor.item()]
    text = ", ".join(f"{value:.6g}" for value in values)
    return f"[{text}]" if tensor.ndim else text


def _as_number(got: Outcome, expected: Outcome) -> Outcome:
    """Beside an expected number, a tensor without axes counts as its number.

    Not the other way round: a float where a tensor is asked would break autograd.
    """
    if expected.kind not in NUMBERS or got.kind not in ("tensor", "array"):
        return got
    if got.data.ndim:
        return got
    value = got.data.item()
    return Outcome(type(value).__name__, value)


def _number_difference(expected, got, rtol, atol) -> str | None:
    kinds_differ = (expected.kind == "bool") != (got.kind == "bool")
    if kinds_differ or not _close(expected.data, got.data, rtol, atol):
        return f"expected {describe(expected)}, got {describe(got)}"
    return None


def _close(a, b, rtol, atol) -> bool:
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    if a != a or b != b:
        return a != a and b != b
    if math.isinf(abs(a)) or math.isinf(abs(b)):
        return a == b
    return abs(a - b) <= atol + rtol * abs(a)


def _tensor_difference(expected, got, rtol, atol) -> str | None:
    want, have = expected.data, got.data
    if want.shape != have.shape:
        return f"expected shape {tuple(want.shape)}, got shape {tuple(have.shape)}"
    if expected.dtype != got.dtype:
        return f"right shape, but expected dtype {expected.dtype}, got {got.dtype}"
    if want.dtype.is_floating_point or want.dtype.is_complex:
        agree = torch.isclose(have, want, rtol=rtol, atol=atol, equal_nan=True)
    else:
        agree = have == want
    if bool(agree.all()):
        return None
    wrong = (~agree).nonzero()
    first = tuple(wrong[0].tolist())
    where = f" at index {list(first)}" if first else ""
    count = f" ({len(wrong)} of {want.numel()} differ)" if want.numel() > 1 else ""
    return (
        f"right shape, wrong value{where}: expected {_numbers(want[first])}, "
        f"got {_numbers(have[first])}{count}"
    )


def _sequence_difference(expected, got, rtol, atol) -> str | None:
    if len(expected.data) != len(got.data):
        return f"expected {len(expected.data)} items, got {len(got.data)}"
    for i, (want, have) in enumerate(zip(expected.data, got.data, strict=True)):
        if found := difference(want, have, rtol, atol):
            return f"item {i}: {found}"
    return None


def _dict_difference(expected, got, rtol, atol) -> str | None:
    want = {describe(key): value for key, value in expected.data}
    have = {describe(key): value for key, value in got.data}
    if want.keys() != have.keys():
        return f"expected the keys {sorted(want)}, got {sorted(have)}"
    for key, value in want.items():
        if found := difference(value, have[key], rtol, atol):
            return f"key {key}: {found}"
    return None
