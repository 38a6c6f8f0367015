"""What the right options of chapter 16 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "16_normalization").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def test_a_constant_channel_comes_out_as_its_shift():
    norm = nn.BatchNorm1d(1)
    with torch.no_grad():
        norm.weight.fill_(2.0), norm.bias.fill_(3.0)
    out = norm(torch.full((6, 1), 7.0))
    torch.testing.assert_close(out, torch.full((6, 1), 3.0), atol=1e-3, rtol=0)
    assert right("constant_channel") == "3 everywhere."


@pytest.mark.parametrize("seed", range(3))
def test_with_momentum_099_the_last_batch_is_nearly_all(seed):
    torch.manual_seed(seed)
    norm = nn.BatchNorm1d(2, momentum=0.99)
    batches = [5 + 3 * torch.randn(50, 2) for _ in range(100)]
    for X in batches:
        norm(X)
    means = torch.stack([X.mean(0) for X in batches])
    last, earlier = means[-1], means[:-1].mean(0)
    assert (
        (norm.running_mean - last).abs() < 0.02 * (means.amax(0) - means.amin(0))
    ).all()
    average = means.mean(0)
    assert not torch.allclose(norm.running_mean, average, rtol=1e-3)
    assert not torch.allclose(earlier, last, rtol=1e-3)
    assert (norm.running_mean - 0).abs().min() > 3  # far from the start
    assert "very last batch" in right("copied_momentum")


@pytest.mark.parametrize("seed", range(3))
def test_minus_the_weights_lets_the_other_part_through(seed):
    torch.manual_seed(seed)
    conv, norm = nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)
    X = torch.randn(8, 2, 6, 6)
    before = norm(conv(X))
    with torch.no_grad():
        conv.weight.mul_(-1), conv.bias.mul_(-1)
    after = norm(conv(X))
    torch.testing.assert_close(after, -before)
    passed, now = before.relu() > 0, after.relu() > 0
    assert not (passed & now).any() and now.any() and passed.any()
    assert right("minus_one").startswith("Another part")


@pytest.mark.parametrize("seed", range(3))
def test_a_rise_by_three_passes_in_eval_mode_only(seed):
    torch.manual_seed(seed)
    norm = nn.BatchNorm1d(1)
    with torch.no_grad():
        norm.running_mean.zero_(), norm.running_var.fill_(4.0)
    X = 2 * torch.randn(64, 1)
    norm.eval()
    rise_eval = norm(X + 3) - norm(X)
    norm.train()
    rise_train = norm(X + 3) - norm(X)
    torch.testing.assert_close(rise_eval, torch.full_like(X, 1.5), atol=1e-4, rtol=0)
    torch.testing.assert_close(rise_train, torch.zeros_like(X), atol=1e-4, rtol=0)
    assert right("rises_by_three") == "By 0 and by 1.5."
