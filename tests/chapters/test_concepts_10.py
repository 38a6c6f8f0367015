"""What the right options of chapter 10 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "10_initialization_and_stability").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


@pytest.mark.parametrize("seed", range(5))
def test_fan_in_keeps_the_signal_and_quarters_the_gradient_in_the_middle(seed):
    torch.manual_seed(seed)
    W1 = torch.randn(100, 400) / 100**0.5
    W2 = torch.randn(400, 100) / 400**0.5
    assert (torch.randn(2000, 100) @ W1 @ W2).var() == pytest.approx(1, abs=0.1)
    gradient = torch.randn(2000, 100)
    assert (gradient @ W2.T).var() == pytest.approx(1 / 4, abs=0.02)
    assert (gradient @ W2.T @ W1.T).var() == pytest.approx(1, abs=0.1)
    assert right("narrow_and_wide") == ["1/4 and 1."]


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_dropout_tells_twins_apart_and_nothing_else_does(rate):
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Linear(5, 8), nn.ReLU(), nn.Dropout(rate), nn.Linear(8, 3)
    ).double()
    for layer in (net[0], net[3]):
        nn.init.constant_(layer.weight, 0.1)
        nn.init.zeros_(layer.bias)
    X, y = torch.rand(40, 5, dtype=torch.float64), torch.arange(40) % 3
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    for step in range(50):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
        W = net[0].weight.detach()
        apart = min((a - b).abs().max() for i, a in enumerate(W) for b in W[:i])
        if step == 1 and rate:  # the outgoing weights have moved by then
            assert apart > 0
    assert (apart > 1e-3) == bool(rate) and (W.abs() > 0.01).any()
    assert right("dropout_and_twins")[0].startswith("They become different")


@pytest.mark.parametrize("norm", [1.0, 4.9, 7.0, 10.5, 300.0])
def test_half_the_rate_and_twice_the_limit_keep_only_the_long_steps(norm):
    def step(lr, limit):
        w = nn.Parameter(torch.zeros(3))
        w.grad = norm * torch.tensor([1.0, 2.0, 2.0]) / 3
        nn.utils.clip_grad_norm_([w], limit)
        torch.optim.SGD([w], lr=lr).step()
        return w.norm().item()

    ratio = step(0.05, 10.0) / step(0.1, 5.0)
    if norm < 5:
        assert ratio == pytest.approx(0.5, abs=1e-4)
    elif norm > 10:
        assert ratio == pytest.approx(1.0, abs=1e-4)
    else:
        assert 0.5 < ratio < 1
    option = "Gradients below 5 give half the step; above 10, the same step."
    assert right("half_the_rate") == [option]


def test_a_cosine_leaves_the_root_of_what_a_constant_rate_leaves():
    def end(falling, steps=2000):
        w = nn.Parameter(torch.ones(1, dtype=torch.float64))
        optimizer = torch.optim.AdamW([w], lr=0.01, weight_decay=0.0511)
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
        for _ in range(steps):
            w.grad = torch.zeros_like(w)
            optimizer.step()
            if falling:
                cosine.step()
        return w.item()

    assert end(False) == pytest.approx(0.36, abs=0.002)
    assert end(True) == pytest.approx(0.6, abs=0.002)
    assert right("decay_under_cosine") == ["At 0.6."]
