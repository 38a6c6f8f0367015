"""What the right options of chapter 17 claim is computed, and no wrong one is true."""

from itertools import product
from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "17_resnet").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def test_a_stride_and_a_pooling_disagree_at_odd_sides_alone():
    conv = nn.Conv2d(2, 4, 3, stride=2, padding=1)
    shortcut = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(2, 4, 1))
    raises = []
    for side in range(4, 30):
        X = torch.zeros(1, 2, side, side)
        try:
            conv(X) + shortcut(X)
        except RuntimeError:
            raises.append(side)
    assert raises == [side for side in range(4, 30) if side % 2]
    X = torch.zeros(1, 2, 13, 13)
    assert conv(X).shape[-1] == 7 and shortcut(X).shape[-1] == 6
    X = torch.zeros(1, 2, 3, 3)  # why the question asks for sides of 4 or more
    assert (conv(X) + shortcut(X)).shape == conv(X).shape == (1, 4, 2, 2)
    assert right("stride_and_pool").startswith("For odd sides")


@pytest.mark.parametrize("seed", range(3))
def test_a_relu_in_front_of_the_sum_only_ever_adds(seed):
    torch.manual_seed(seed)
    X = torch.full((5, 3, 6, 6), 3.0)
    for scale in (0.1, 1.0, 3.0):
        H = X
        for _ in range(6):
            conv = nn.Conv2d(3, 3, 3, padding=1)
            nn.init.normal_(conv.weight, std=scale)
            H = H + torch.relu(conv(H))
        assert H.min() >= 3.0 and H.max() > 3.0
    assert right("only_upwards") == "Any number of at least 3.0."


def test_ten_sums_double_the_variance_ten_times():
    torch.manual_seed(0)
    X = torch.randn(200_000, dtype=torch.float64)
    bounded = X
    for _ in range(10):
        X = X + X.std() * torch.randn_like(X)  # independent, of the block's variance
        bounded = bounded + torch.randn_like(X)  # a batch norm at the end of f
    assert X.var() == pytest.approx(1024, rel=0.05)
    assert bounded.var() == pytest.approx(11, rel=0.05)
    assert right("growing_sum") == "About 1000."


def test_cutting_a_block_leaves_half_of_the_ways():
    ways = list(product(["path", "shortcut"], repeat=6))
    left = [way for way in ways if way[2] == "shortcut"]
    assert len(ways) == 64 and len(left) == 32
    assert right("paths_left") == "32."
