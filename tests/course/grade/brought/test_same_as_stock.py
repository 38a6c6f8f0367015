"""The same points as stock nbgrader gives, cell by cell, whatever the assignment is."""

import os
import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.brought.both import by_course, by_stock, grades
from tests.brought.kinds import ALIKE, BESIDE
from tests.forked import nurseries, programs

NAMES = [kind.name for kind in ALIKE]


def kernels(name: str) -> AbstractContextManager:
    """Kernels that have imported once; these find no module beside the notebook, since
    their program ignores the folder that it starts in.
    """
    fast = {"JUPYTER_PATH": str(programs())}
    return nullcontext() if name == BESIDE.name else patch.dict(os.environ, fast)


@pytest.fixture(scope="module")
def graded_twice(once) -> Path:
    """stock/ and ours/: one class with all kinds, graded by both."""

    def make(folder: Path) -> None:
        stock, ours = folder / "stock", folder / "ours"
        for kind in ALIKE:
            kind.make(stock)
        shutil.copytree(stock, ours)
        with nurseries():
            for name in NAMES:
                with kernels(name):
                    by_stock(stock, name)
                by_course(ours, name)

    return once("brought-graded-twice", make)[0]


@pytest.fixture(scope="module")
def points(graded_twice) -> dict[str, dict]:
    return {who: grades(graded_twice / who) for who in ("stock", "ours")}


@pytest.mark.parametrize("kind", ALIKE, ids=NAMES)
def test_each_cell_has_the_points_that_stock_nbgrader_gives(points, kind):
    stock, ours = (
        {key: score for key, score in points[who].items() if key[1] in kind.notebooks}
        for who in ("stock", "ours")
    )
    assert stock
    differences = {key: (stock.get(key), ours.get(key)) for key in stock | ours}
    assert {k: pair for k, pair in differences.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("kind", ALIKE, ids=NAMES)
def test_a_kind_has_students_with_different_points(points, kind):
    of_kind = {k: v for k, v in points["stock"].items() if k[1] in kind.notebooks}
    assert len(set(of_kind.values())) > 1
