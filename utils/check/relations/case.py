"""One result beside the right one, as numbers, and what counts as evidence."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

import torch

from utils.check.compare import same
from utils.check.outcome import Outcome
from utils.check.store import count_numbers

MAX_NUMBERS = 1_000  # of a value that is related to another
MAX_SYMBOLS = 64  # of a container whose items are told apart by comparing all pairs
CLOSE = 1e-4  # relative error of a relation: frozen values have 6 digits
SEQUENCES = ("list", "tuple")


@dataclass(frozen=True)
class Case:
    """What was right, what was given and what the call was given.

    Args:
        right: the right outcome.
        got: the student's outcome.
        inputs: the call's arguments by name, or by place as "argument 1".
        rtol: relative tolerance of the check.
        atol: absolute tolerance of the check.
        is_first: whether no call of this test was judged right before.
        made_by: the function that made the call: two calls by one can be compared.
        confirms: whether another part of the result has given the evidence already.
        is_part: whether this is a part of the result, not all of it.
    """

    right: Outcome
    got: Outcome
    inputs: dict[str, Outcome] = field(default_factory=dict)
    rtol: float = 1e-4
    atol: float = 1e-5
    is_first: bool = True
    made_by: Any = None
    confirms: bool = False
    is_part: bool = False

    @cached_property
    def pair(self) -> tuple[torch.Tensor, torch.Tensor] | None:
        """Right and given as float64 tensors; None if one of them isn't numbers."""
        right, got = numbers(self.right), numbers(self.got)
        return None if right is None or got is None else (right, got)

    @cached_property
    def symbols(self) -> tuple[torch.Tensor, torch.Tensor] | None:
        """Two texts or two sequences as codes: equal items have equal codes."""
        return _symbols(self.right, self.got, self.rtol, min(self.atol, 1e-5))

    @cached_property
    def sizes(self) -> set[int]:
        """The sizes of axes of inputs and of the right value, and their products."""
        found = [numbers(o) for o in (self.right, *self.inputs.values())]
        found = [n for n in found if n is not None]
        return {*chain(*(n.shape for n in found)), *(n.numel() for n in found)}

    def agree(self, a: torch.Tensor, b: torch.Tensor, rtol: float = CLOSE) -> bool:
        """Whether two tensors hold the same: shape and, closely, numbers."""
        return a.shape == b.shape and bool(self.where_equal(a, b, rtol).all())

    def where_equal(self, a, b, rtol: float = CLOSE) -> torch.Tensor:
        """Where two tensors of one shape agree."""
        atol = min(self.atol, 1e-5)
        return torch.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)

    @cached_property
    def is_right(self) -> bool:
        """Whether the numbers are the right ones: then other words are for the rest."""
        return self.pair is not None and self.agree(*self.pair, self.rtol)

    @cached_property
    def is_lost(self) -> bool:
        """Whether what should be a number is NaN or infinite: nothing else counts."""
        if self.pair is None or self.pair[0].shape != self.pair[1].shape:
            return False
        return bool((~self.pair[1].isfinite() & self.pair[0].isfinite()).any())

    def knows(self, *values: torch.Tensor, enough: int) -> bool:
        """Whether numbers tell enough, here or, for a call judged right, elsewhere."""
        if self.confirms or self.got is self.right:
            return True
        return min(map(evidence, values)) >= enough

    def of(self, right: Outcome, got: Outcome) -> "Case":
        """The same call, looking at a part of its result."""
        return replace(self, right=right, got=got, is_part=True)


@dataclass(frozen=True)
class Relation:
    """How a value may relate to the right one.

    Args:
        words: what the student is told.
        holds: whether a case is as these words say. At an earlier call, where the
            student's value was the right one, it tells whether they fit that too.
        coarse: what is said in a hidden test; `words` if they hold no number.
        is_fact: whether the words say what was given and no more, so that what came
            before can't speak against them.
    """

    words: str
    holds: Callable[[Case], bool] = lambda case: True
    coarse: str = ""
    is_fact: bool = False


Found = Iterator[Relation]


def numbers(outcome: Outcome) -> torch.Tensor | None:
    """A value's real numbers as a float64 tensor; None if it holds something else."""
    if outcome.kind in ("tensor", "array"):
        data = outcome.data
        if data.numel() > MAX_NUMBERS or data.is_complex():
            return None
        return data.detach().cpu().to(torch.float64)
    if outcome.kind in ("int", "float", "bool"):
        return _one_number(outcome.data)
    if outcome.kind in SEQUENCES and count_numbers(outcome) <= MAX_NUMBERS:
        parts = [numbers(part) for part in outcome.data]
        is_even = None not in parts and len({part.shape for part in parts}) == 1
        return torch.stack(parts) if is_even and not _holds_tensors(outcome) else None
    return None


def _holds_tensors(outcome: Outcome) -> bool:
    """Tensors with axes are results of their own, not rows of one result."""
    return any(o.kind in ("tensor", "array") and o.data.ndim for o in outcome.data)


def _one_number(value: float) -> torch.Tensor | None:
    is_exact = not isinstance(value, int) or abs(value) < 2**53
    return torch.tensor(float(value), dtype=torch.float64) if is_exact else None


def _symbols(
    right: Outcome, got: Outcome, rtol: float, atol: float
) -> tuple[torch.Tensor, torch.Tensor] | None:
    both = (right, got)
    if all(o.kind == "str" for o in both):
        items = [[Outcome("str", letter) for letter in o.data] for o in both]
    elif all(o.kind in SEQUENCES for o in both):
        items = [list(o.data) for o in both]
    else:
        return None
    if not all(0 < len(part) <= MAX_SYMBOLS for part in items):
        return None
    known: list[Outcome] = []
    return tuple(
        torch.tensor([_code(item, known, rtol, atol) for item in part]).double()
        for part in items
    )


def _code(item: Outcome, known: list[Outcome], rtol: float, atol: float) -> float:
    """A number of its own for each different item: no whole one, as it is no chance."""
    for place, other in enumerate(known):
        if same(other, item, rtol, atol):
            return place * 7 + 2.5
    known.append(item)
    return len(known) * 7 - 4.5


def evidence(values: torch.Tensor) -> int:
    """How telling numbers are: each different one counts 2, a whole one 1.

    0, 1 and -1 count nothing, and nothing does what is too small to be compared or is
    no number: such values agree with many others by chance.
    """
    values = values[values.isfinite() & (values.abs() > 1e-3)]
    values = values[values.abs() != 1]
    different = {float(f"{value:.4g}") for value in values.flatten().tolist()}
    return sum(1 if value == round(value) else 2 for value in different)
