"""A wrong answer's tensor, small: enough to know it again, not enough to read it.

A right value is kept whole, for messages show it. A wrong one is only ever compared
with what a student's answer gave: three sums tell as much as 200 numbers, and the first
cell of a notebook stays small however many mistakes a chapter names.
"""

import functools
import random
from dataclasses import dataclass, replace

import torch

from utils.check.outcome import Outcome

LONGEST = 8  # numbers; a tensor of more is sketched, and no message shows its numbers
SIGNIFICANT = 1e-5  # relative error of a sum that is kept with six digits, rounded up


@dataclass(frozen=True)
class Sketch:
    """Three sums over a tensor's numbers.

    Args:
        shape: the tensor's.
        size: sum of |x|, the scale on which the other two are compared.
        sums: of w x, for two rows of weights w in [-1, 1].
    """

    shape: torch.Size
    size: float
    sums: tuple[float, float]

    def meets(self, other: "torch.Tensor | Sketch", rtol: float, atol: float) -> bool:
        """Whether |other - x| <= atol + rtol |x| may hold everywhere.

        It is true wherever that holds. Where it doesn't, both sums would have to hide
        the difference: two independent chances of about one in a thousand.
        """
        if other.shape != self.shape:
            return False
        if not isinstance(other, Sketch):
            other = of(other)
        room = self.shape.numel() * atol + (rtol + SIGNIFICANT) * self.size
        mine, others = (self.size, *self.sums), (other.size, *other.sums)
        return all(abs(a - b) <= room for a, b in zip(mine, others, strict=True))


def of(tensor: torch.Tensor) -> Sketch:
    """The sketch of a tensor of real numbers."""
    x = tensor.detach().cpu().double().flatten()
    sums = _weights(len(x)) @ x  # (2, n) @ (n,) -> (2,)
    return Sketch(tensor.shape, float(x.abs().sum()), tuple(sums.tolist()))


def sketched(outcome: Outcome | None) -> Outcome | None:
    """An outcome with each long tensor of finite real numbers in it sketched."""
    if outcome is None:
        return None
    if outcome.kind in ("list", "tuple"):
        return replace(outcome, data=tuple(map(sketched, outcome.data)))
    if outcome.kind == "dict":
        pairs = tuple((key, sketched(value)) for key, value in outcome.data)
        return replace(outcome, data=pairs)
    return replace(outcome, data=of(outcome.data)) if _is_long(outcome) else outcome


def _is_long(outcome: Outcome) -> bool:
    return (
        outcome.kind in ("tensor", "array")
        and outcome.data.is_floating_point()
        and outcome.data.numel() > LONGEST
        and bool(outcome.data.double().isfinite().all())
    )


@functools.cache
def _weights(count: int) -> torch.Tensor:
    """Two rows of weights, (2, count) float64, the same on every machine."""
    draws = random.Random(0)
    pairs = [[draws.uniform(-1, 1), draws.uniform(-1, 1)] for _ in range(count)]
    return torch.tensor(pairs, dtype=torch.float64).reshape(count, 2).T
