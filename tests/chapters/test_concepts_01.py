"""What the right options of chapter 01 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.options import read_question
from utils.data import penguins

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "01_tensors_and_data").choices


def options(exercise: str, is_right: bool = True) -> list[str]:
    """The right options of a question, or the wrong ones."""
    found = read_question(CHOICES[exercise].source).options
    return [option.text for option in found if option.is_right is is_right]


def test_after_a_sum_along_axis_0_the_years_are_axis_0():
    X = torch.arange(24.0).reshape(2, 3, 4)
    result = X.sum(dim=0).mean(dim=0)
    expected = torch.stack([X[:, :, j].sum(dim=0).mean() for j in range(4)])
    assert result.shape == (4,)
    torch.testing.assert_close(result, expected)
    assert options("which_axis_now")[0].startswith("Four numbers: for each measurement")


def test_three_axes_and_two_stretch_each_other():
    A, B = torch.randn(5, 1, 3), torch.randn(4, 1)
    assert tuple((A + B).shape) == (5, 4, 3)
    assert options("stretched_twice") == ["(5, 4, 3)"]


def test_only_copies_still_hold_zeros():
    a = torch.zeros(2, 3)
    kept = {"`b`": a.reshape(3, 2), "`c`": a.T.reshape(6)}
    kept |= {"`d`": a[:, [0]], "`e`": a[:, 0]}
    a += 1
    zeros = [name for name, tensor in kept.items() if (tensor == 0).all()]
    ones = [name for name, tensor in kept.items() if (tensor == 1).all()]
    assert options("whose_memory") == zeros
    assert options("whose_memory", is_right=False) == ones


@pytest.mark.parametrize("limit", [4000, 5000, 6000])
def test_a_scale_that_stops_makes_both_means_equally_too_low(limit):
    true = penguins()["body_mass_g"].dropna()
    known = true.mask(true > limit)
    ann, ben = known.dropna().mean(), known.fillna(known.mean()).mean()
    assert known.isna().sum() > 0
    assert ann == pytest.approx(ben)
    assert ann < true.mean() - 5
    assert options("broken_scale")[0].startswith("Neither: both get the same mean")
