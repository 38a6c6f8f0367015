"""`course bounds`: a lecture's asserted numbers under several seeds.

A bound that is far from everything that ever comes out passes a sick run too. So an
author looks at each number's spread over seeds, and at its distance from its bound.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

import matplotlib as mpl

from course.author.asserted import NAME, Measured, Measurements, measuring
from course.bank.pool import Lost, prepare, run_forked
from course.cells import Cell
from course.chapters import Chapter
from course.names import imported_modules
from utils import data, device

TIMEOUT_S = 3600.0  # by the clock, on a machine that has other work too
FAR = 10  # spreads; a bound so far from each number never binds


@dataclass(frozen=True)
class Row:
    """One inequality over all seeds.

    Args:
        line: where it is asserted.
        text: as written.
        low: the least value.
        high: the greatest value.
        bound: the bound, of the seed where it was nearest.
        distance: of that seed; below 0 where the assertion fails.
    """

    line: int
    text: str
    low: float
    high: float
    bound: float
    distance: float

    @property
    def spread(self) -> float:
        """From the least value to the greatest."""
        return self.high - self.low

    @property
    def is_far(self) -> bool:
        """Whether the bound is many spreads away: a number that varies, not bound."""
        return self.spread > 0 and self.distance > FAR * self.spread


def run(chapter: Chapter, seeds: Iterable[int]) -> Iterator[tuple[int, Any]]:
    """Run a lecture once for each seed, in forked children.

    Args:
        chapter: whose lecture it is.
        seeds: what is added to each seed that the lecture sets.

    Yields:
        a seed and its `Measurements`, or `Lost`, in the order in which they end.
    """
    seeds = list(seeds)
    imported = (
        imported_modules(cell.source) for cell in chapter.lecture if cell.is_code
    )
    prepare({"matplotlib.pyplot"}.union(*imported))
    cells = [cell for cell in chapter.lecture if cell.is_code]
    jobs = [partial(measure, cells, seed) for seed in seeds]
    for i, measured in run_forked(jobs, TIMEOUT_S):
        yield seeds[i], measured


def measure(cells: Iterable[Cell], seed: int) -> Measurements:
    """Run a lecture's code cells with other seeds.

    Args:
        cells: the code cells.
        seed: what is added to each seed that they set.
    """
    measured = Measurements()
    names: dict[str, Any] = {"__name__": "__main__", NAME: measured}
    with _seeds_moved(seed):
        for cell in cells:
            try:
                code = measuring(cell.source, cell.line)
                exec(compile(code, str(cell.path), "exec"), names)
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
                measured.raised.append((cell.line, told))
    return measured


@contextlib.contextmanager
def _seeds_moved(by: int) -> Iterator[None]:
    """Figures are drawn unseen; `set_seed(0)` sets another seed than 0, and
    `load_array` shuffles in another order.
    """
    mpl.use("Agg")
    set_seed, load_array = device.set_seed, data.load_array

    def in_another_order(*args, seed=0, **settings):
        return load_array(*args, seed=seed + by, **settings)

    with (
        patch.object(device, "set_seed", lambda seed=0: set_seed(seed + by)),
        patch.object(data, "load_array", in_another_order),
    ):
        device.set_seed()  # for a lecture that sets none
        yield


def is_lost(measured: Measurements | Lost) -> bool:
    """Whether a run gave nothing: it took too long, or its process ended."""
    return isinstance(measured, Lost)


def rows(measurements: Mapping[int, Measurements]) -> list[Row]:
    """Each inequality over all seeds, in the order of the lecture."""
    found: dict[tuple[int, str], list[Measured]] = {}
    for measured in measurements.values():
        for one in measured.inequalities:
            found.setdefault((one.line, one.text), []).append(one)
    return [_row(*place, many) for place, many in sorted(found.items())]


def _row(line: int, text: str, many: list[Measured]) -> Row:
    nearest = min(many, key=lambda one: one.distance)
    values = [one.value for one in many]
    return Row(line, text, min(values), max(values), nearest.bound, nearest.distance)


def faults(measurements: Mapping[int, Measurements | Lost]) -> Iterator[str]:
    """What did not hold, or did not run, with the seeds with which it didn't."""
    seeds: dict[tuple[int, str], list[int]] = {}
    for seed, measured in sorted(measurements.items()):
        if is_lost(measured):
            seeds.setdefault((0, f"the lecture {measured.reason}"), []).append(seed)
            continue
        for place in dict.fromkeys([*measured.failed, *measured.raised]):
            seeds.setdefault(place, []).append(seed)
    for (line, text), among in sorted(seeds.items()):
        yield f"{line}: {text}: fails with seed {', '.join(map(str, among))}"
