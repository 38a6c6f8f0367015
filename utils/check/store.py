"""Frozen outcomes as JSON: what the build writes and a notebook loads.

Packed it is small and can't be read in passing. It is no secret: three lines of Python
unpack it, and what is in it is what the visible tests compare with.
"""

import binascii
import bz2
import json
import math
import textwrap
from typing import Any

import torch

from utils.check.outcome import Outcome
from utils.check.sketch import Sketch

SIGNIFICANT_DIGITS = 6
ROUNDING = 1e-5  # relative error that this rounding can make, rounded up
# bzip2's bytes are the same on every system, which zlib's and lzma's are not.
PACKED_LINE = 2_000  # characters: few lines where nothing folds, none that is endless
MAX_BYTES = 20_000_000  # of a text, unpacked
DAMAGED = (
    "these values are not as `course build` wrote them: take this cell again from the "
    "notebook as it was handed out"
)


def to_json(outcomes: Any) -> str:
    """Write nested dicts and lists with outcomes in them as compact JSON.

    Floating-point values keep 6 significant digits: the tolerances of the checks are
    far wider, and the last bits differ between processors.
    """
    return json.dumps(outcomes, default=_encode, separators=(",", ":"), sort_keys=True)


def pack(text: str) -> str:
    """A text in a few lines of letters and digits; equal texts give equal lines."""
    packed = binascii.b2a_base64(bz2.compress(text.encode()), newline=False).decode()
    return "\n".join(textwrap.wrap(packed, PACKED_LINE))


def unpack(packed: str) -> str:
    """The text that `pack` was given; JSON, as earlier builds wrote it, as it is.

    Raises:
        ValueError: it is damaged; says what to do.
    """
    if packed.startswith("{"):
        return packed
    reader = bz2.BZ2Decompressor()
    try:
        text = reader.decompress(binascii.a2b_base64(packed), MAX_BYTES).decode()
    except (OSError, ValueError) as error:
        raise ValueError(f"{DAMAGED} ({error})") from None
    if not reader.eof:
        raise ValueError(f"{DAMAGED} (its end is missing)")
    return text


def decode(item: Any) -> Outcome | None:
    """Read one outcome back from parsed JSON; None stands for `never observed`."""
    if item is None:
        return None
    kind, *rest = item
    if kind in ("tensor", "array"):
        return Outcome(kind, _tensor(*rest[:3]), rest[0], bool(rest[3:]))
    if kind in SKETCHED:
        dtype, shape, size, *sums = rest[:5]
        sketch = Sketch(torch.Size(shape), size, (*sums,))
        return Outcome(SKETCHED[kind], sketch, dtype, bool(rest[5:]))
    if kind in ("list", "tuple"):
        return Outcome(kind, tuple(decode(value) for value in rest[0]))
    if kind == "dict":
        return Outcome(kind, tuple((decode(k), decode(v)) for k, v in rest[0]))
    if kind == "raised":
        return Outcome(kind, tuple(rest))
    if kind == "complex":
        return Outcome(kind, complex(*map(float, rest)))
    if kind == "float":
        return Outcome(kind, float(rest[0]))
    return Outcome(kind, *rest)


def count_numbers(outcome: Outcome) -> int:
    """How many numbers, strings and the like an outcome holds."""
    if outcome.kind in ("tensor", "array"):
        return outcome.data.numel()
    return 1 if outcome.kind not in _NESTED else sum(map(count_numbers, parts(outcome)))


def is_plain(outcome: Outcome) -> bool:
    """Whether an outcome can be compared through and through: nothing "other" in it."""
    return outcome.kind != "other" and all(map(is_plain, parts(outcome)))


SKETCHED = {"tensor~": "tensor", "array~": "array"}
_NESTED = ("list", "tuple", "dict")


def parts(outcome: Outcome) -> list[Outcome]:
    """The items of a container, a dict's values; nothing for anything else."""
    if outcome.kind == "dict":
        return [value for _, value in outcome.data]
    return list(outcome.data) if outcome.kind in _NESTED else []


def _encode(outcome: Outcome) -> list:
    kind, data = outcome.kind, outcome.data
    asks = [1] if outcome.grad else []  # of gradients
    if isinstance(data, Sketch):
        sums = map(_rounded, (data.size, *data.sums))
        return [f"{kind}~", outcome.dtype, list(data.shape), *sums, *asks]
    if kind in ("tensor", "array"):
        return [kind, outcome.dtype, list(data.shape), _values(data), *asks]
    if kind in _NESTED:
        return [kind, [list(pair) for pair in data] if kind == "dict" else list(data)]
    if kind == "raised":
        return [kind, *data]
    if kind == "complex":
        return [kind, _rounded(data.real), _rounded(data.imag)]
    return [kind] if data is None else [kind, _rounded(data)]


def _values(data: torch.Tensor) -> list:
    """A tensor's numbers in a row; a complex one's as real and imaginary parts."""
    if data.is_complex():
        data = torch.view_as_real(data.to(torch.complex128).resolve_conj())
    return [_rounded(value) for value in data.flatten().tolist()]


def _tensor(dtype: str, shape: list[int], values: list) -> torch.Tensor:
    dtype = getattr(torch, dtype)
    if dtype.is_complex:
        pairs = torch.tensor([float(v) for v in values], dtype=torch.float64)
        return torch.view_as_complex(pairs.reshape(*shape, 2)).to(dtype)
    if dtype.is_floating_point:
        values = [float(value) for value in values]
        return torch.tensor(values, dtype=torch.float64).to(dtype).reshape(shape)
    return torch.tensor(values, dtype=dtype).reshape(shape)


def _rounded(value: Any) -> Any:
    """Six significant digits; a whole float is written as a whole number."""
    if not isinstance(value, float):
        return value
    if math.isnan(value) or math.isinf(value):
        return str(value)
    short = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return int(short) if short == int(short) and abs(short) < 1e6 else short
