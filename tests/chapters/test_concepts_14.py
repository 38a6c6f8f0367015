"""What the right options of chapter 14 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question
from utils.costs import costs, multiply_adds

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "14_deep_cnns").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


@pytest.mark.parametrize("seed", range(5))
def test_a_canvas_of_twice_the_side_quarters_the_scores_and_keeps_their_order(seed):
    torch.manual_seed(seed)
    maps = torch.randn(3, 10, 7, 7)
    canvas = torch.zeros(3, 10, 14, 14)
    canvas[:, :, 2:9, 5:12] = maps
    pool = nn.AdaptiveAvgPool2d(1)
    small, large = pool(maps).flatten(1), pool(canvas).flatten(1)
    torch.testing.assert_close(large, small / 4)
    assert torch.equal(large.argmax(dim=1), small.argmax(dim=1))
    assert right("larger_canvas").startswith("A quarter as large, and the same animal")


def test_a_loud_channel_damps_its_neighbours_at_its_own_place_only():
    lrn = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
    X = torch.rand(1, 16, 3, 3) + 0.5
    X[0, 7, 1, 1] = 1.0
    loud = X.clone()
    loud[0, 7, 1, 1] = 100.0
    before, after = lrn(X), lrn(loud)
    changed = (before != after).nonzero().tolist()
    assert changed == [[0, channel, 1, 1] for channel in (5, 6, 7, 8, 9)]
    others = [5, 6, 8, 9]
    assert (after[0, others, 1, 1] < before[0, others, 1, 1]).all()
    assert "channels 5, 6, 8 and 9 at this place: they get smaller" in right(
        "loud_channel"
    )


def test_two_halves_of_a_layer_have_half_the_weights_and_half_the_multiply_adds():
    X = torch.empty(1, 96, 27, 27, device="meta")
    whole, halves = (
        nn.Conv2d(96, 256, 5, padding=2, groups=groups, device="meta")
        for groups in (1, 2)
    )
    assert whole.weight.numel() == 2 * halves.weight.numel()
    assert multiply_adds(whole, X) == 2 * multiply_adds(halves, X)
    assert right("two_halves") == "Half the weights and half the multiply-adds."


def test_half_the_batch_halves_only_what_belongs_to_the_images():
    assert 240 + 240 + 512 == 992 and 240 + 240 + 512 // 2 == 736
    assert 240 + 240 + 512 // 128 == 484  # one image
    assert right("smaller_batch").startswith("736 MB")
    net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(800, 9))
    whole, half, none = (
        costs(net, torch.zeros(N, 1, 12, 12)).training_bytes for N in (128, 64, 0)
    )
    own = 2 * 4 * sum(p.numel() for p in net.parameters())
    assert none == own
    assert half - own == pytest.approx((whole - own) / 2, rel=1e-3)
