"""Each asserted number is held against its bound, over seeds; a slack bound shows."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from course.author.asserted import NAME, Measurements, measuring
from course.author.bounds import faults, is_lost, measure, rows, run
from course.bank.pool import Lost
from course.chapters import read_cells, read_chapter
from course.cli import main

TOY = Path(__file__).parents[2] / "fixtures" / "toy"


def measured(source: str, **names) -> Measurements:
    found = Measurements()
    exec(compile(measuring(source), "<cell>", "exec"), {NAME: found, **names})
    return found


@pytest.mark.parametrize(
    ("source", "value", "bound", "distance"),
    [
        ("assert x > 2", 3, 2, 1),
        ("assert 2 < x", 3, 2, 1),
        ("assert x <= 5", 3, 5, 2),
        ("assert 5 >= x", 3, 5, 2),
        ("assert x > 4", 3, 4, -1),
        ("assert x < 2 * x", 3, 6, 3),
        ("assert x > -1", 3, -1, 4),
        ("assert abs(x - 4) < 1.5, 'a word'", 1, 1.5, 0.5),
    ],
)
def test_an_inequality_gives_its_value_its_bound_and_their_distance(
    source, value, bound, distance
):
    (one,) = measured(source, x=3).inequalities
    assert (one.value, one.bound, one.distance) == (value, bound, distance)


def test_a_chain_and_what_and_joins_are_taken_apart():
    found = measured("assert 2 < x < 9 and x > 1 and x == 3", x=3)
    assert [one.text for one in found.inequalities] == ["2 < x", "x < 9", "x > 1"]
    assert found.failed == []


def test_tensors_without_axes_are_numbers_and_whole_ones_are_not():
    import torch

    x = torch.tensor(3.0)
    assert len(measured("assert x > 2", x=x).inequalities) == 1
    found = measured("assert (x > 2).all() and {1} < s", x=x.repeat(3), s={1, 2})
    assert found.inequalities == found.failed == []


@pytest.mark.parametrize(
    "source", ["assert x == 4", "assert x in (1, 2)", "assert not x", "assert x > 3"]
)
def test_what_does_not_hold_is_noted_and_nothing_raises(source):
    found = measured(f"y = 1\n{source}\nz = 2", x=3)
    assert found.failed == [(2, source.removeprefix("assert "))]


@pytest.fixture
def cells(tmp_path):
    def write(source: str):
        path = tmp_path / "lecture.py"
        path.write_text(source)
        return read_cells(path)

    return write


NOISY = """\
# %%
import torch

from utils.device import set_seed

set_seed(0)
x = torch.rand(()).item()

# %%
assert 0 <= x < 1
assert x < 1000 and x > 0.0001
"""


def test_the_spread_is_over_the_seeds_and_a_slack_bound_is_far(cells):
    runs = {seed: measure(cells(NOISY), seed) for seed in range(5)}
    below_1, near_0 = (rows(runs)[i] for i in (1, 3))
    far = rows(runs)[2]
    assert below_1.low < below_1.high
    assert (below_1.line, below_1.text, below_1.bound) == (10, "x < 1", 1)
    assert below_1.distance == pytest.approx(1 - below_1.high)
    assert far.text == "x < 1000"
    assert far.is_far
    assert not below_1.is_far and not near_0.is_far
    assert list(faults(runs)) == []


SHUFFLED = """\
# %%
import torch

from utils.data import load_array

(first,) = next(iter(load_array([torch.arange(100)], batch_size=1)))
assert first.item() >= 0
"""


def test_batches_come_in_another_order_for_each_seed(cells):
    firsts = {
        seed: measure(cells(SHUFFLED), seed).inequalities[0].value for seed in range(5)
    }
    assert len(set(firsts.values())) > 2
    assert measure(cells(SHUFFLED), 1).inequalities[0].value == firsts[1]


def test_what_fails_with_some_seeds_is_told_with_them(cells):
    source = NOISY + "\n# %%\nassert round(x, 4) == 0.4963\n\n# %%\n1 / 0\n"
    runs = {seed: measure(cells(source), seed) for seed in range(3)}
    equal, divided = faults(runs)
    assert equal == "14: round(x, 4) == 0.4963: fails with seed 1, 2"
    assert divided.startswith("17: ZeroDivisionError: division by zero")
    assert divided.endswith("fails with seed 0, 1, 2")


def test_a_run_without_an_end_is_a_fault():
    (fault,) = faults({3: Lost("took too long")})
    assert fault == "0: the lecture took too long: fails with seed 3"


def test_a_chapter_is_run_once_for_each_seed():
    told = dict(run(read_chapter(TOY / "chapters" / "01_toy"), range(2)))
    assert sorted(told) == [0, 1]
    assert not any(map(is_lost, told.values()))


def bounds(course: Path):
    words = ["--root", str(course), "bounds", "01_toy", "--seeds=2"]
    return CliRunner().invoke(main, words)


def test_the_command_ends_well_where_all_holds_and_badly_where_not(toy_course):
    good = bounds(toy_course)
    assert good.exit_code == 0, good.output
    lecture = toy_course / "chapters" / "01_toy" / "lecture.py"
    lecture.write_text(lecture.read_text() + "\n# %%\nassert x.item() > 7\n")
    bad = bounds(toy_course)
    assert bad.exit_code == 1
    assert "x.item() > 7: fails with seed 0, 1" in bad.output
