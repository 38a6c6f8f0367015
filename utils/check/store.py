"""Frozen outcomes as JSON: what the build writes and a notebook loads."""

import json
import math
from typing import Any

import torch

from utils.check.outcome import Outcome

SIGNIFICANT_DIGITS = 6


def to_json(outcomes: Any) -> str:
    """Write nested dicts and lists with outcomes in them as compact JSON.

    Floating-point values keep 6 significant digits: the tolerances of the checks are
    far wider, and the last bits differ between processors.
    """
    return json.dumps(outcomes, default=_encode, separators=(",", ":"), sort_keys=True)


def decode(item: Any) -> Outcome | None:
    """Read one outcome back from parsed JSON; None stands for `never observed`."""
    if item is None:
        return None
    kind, *rest = item
    if kind in ("tensor", "array"):
        dtype, shape, values = rest
        data = torch.tensor([_number(v) for v in values], dtype=getattr(torch, dtype))
        return Outcome(kind, data.reshape(shape), dtype)
    if kind in ("list", "tuple"):
        return Outcome(kind, tuple(decode(value) for value in rest[0]))
    if kind == "dict":
        return Outcome(kind, tuple((decode(k), decode(v)) for k, v in rest[0]))
    if kind == "raised":
        return Outcome(kind, tuple(rest))
    if kind == "complex":
        return Outcome(kind, complex(*map(_number, rest)))
    if kind == "float":
        return Outcome(kind, float(_number(rest[0])))
    return Outcome(kind, *rest)


def count_numbers(outcome: Outcome) -> int:
    """How many numbers, strings and the like an outcome holds."""
    if outcome.kind in ("tensor", "array"):
        return outcome.data.numel()
    if outcome.kind in ("list", "tuple"):
        return sum(count_numbers(item) for item in outcome.data)
    if outcome.kind == "dict":
        return sum(count_numbers(value) for _, value in outcome.data)
    return 1


def _encode(outcome: Outcome) -> list:
    kind, data = outcome.kind, outcome.data
    if kind in ("tensor", "array"):
        values = [_rounded(value) for value in data.flatten().tolist()]
        return [kind, outcome.dtype, list(data.shape), values]
    if kind in ("list", "tuple"):
        return [kind, list(data)]
    if kind == "dict":
        return [kind, [list(pair) for pair in data]]
    if kind == "raised":
        return [kind, *data]
    if kind == "complex":
        return [kind, _rounded(data.real), _rounded(data.imag)]
    return [kind] if data is None else [kind, _rounded(data)]


def _rounded(value: Any) -> Any:
    """Six significant digits; a whole float is written as a whole number."""
    if not isinstance(value, float):
        return value
    if math.isnan(value) or math.isinf(value):
        return str(value)
    short = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return int(short) if short == int(short) and abs(short) < 1e6 else short


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, str) else value
