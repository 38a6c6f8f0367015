"""What the right options of chapter 13 claim is computed, and no wrong one is true."""

from math import e, log
from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "13_lenet").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def lenet(side: int, num_classes: int = 10) -> nn.Sequential:
    """The LeNet of the exercises, for images of one channel."""
    last = (side // 2 - 4) // 2
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(16 * last**2, 120), nn.ReLU()),
        *(nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, num_classes)),
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_digit_moved_by_four_pixels_moves_the_last_maps_by_one_place(seed):
    torch.manual_seed(seed)
    X = torch.zeros(3, 1, 28, 28)
    X[:, :, 2:25, :24] = torch.rand(3, 1, 23, 24)  # four black columns at the right
    look = lenet(28)[:6]
    before, after = look(X), look(X.roll(4, dims=3))
    assert before.shape == (3, 16, 5, 5)
    torch.testing.assert_close(after[..., 1:], before[..., :-1])
    assert (before.std(dim=3) > 0.01).any()
    assert not torch.allclose(after, before)
    assert "one place to the right" in right("moved_digit")


def test_twice_the_side_grows_the_first_full_layer_alone_and_nearly_sixfold():
    small, large = lenet(28), lenet(56)
    assert large(torch.zeros(1, 1, 56, 56)).shape == (1, 10)
    weights = [
        [p.numel() for p in net.parameters() if p.ndim > 1] for net in (small, large)
    ]
    factors = [b / a for a, b in zip(*weights, strict=True)]
    assert factors == [1, 1, pytest.approx(5.76), 1, 1]
    assert "nearly six times" in right("twice_the_side")


def test_a_second_softmax_over_four_classes_has_its_floor_near_three_quarters():
    scores = nn.Parameter(torch.zeros(4, 4))  # of an image of each class
    optimizer = torch.optim.SGD([scores], lr=100.0)
    for _ in range(3000):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(scores.softmax(dim=1), torch.arange(4))
        loss.backward()
        optimizer.step()
    assert loss.item() == pytest.approx(-log(e / (e + 3)), abs=2e-3)
    assert right("softmax_floor").startswith(f"{-log(e / (e + 3)):.2f}")
    assert f"{log(4):.2f} {log(e + 9) - 1:.2f}" == "1.39 1.46"  # of the wrong options


@pytest.mark.parametrize("seed", range(3))
def test_a_dead_net_learns_how_frequent_the_classes_are_and_nothing_else(seed):
    torch.manual_seed(seed)
    net = lenet(12, num_classes=2)
    with torch.no_grad():
        net[9].bias.fill_(-100.0)  # the last hidden layer
        net[11].bias.zero_()
    X, y = torch.rand(50, 1, 12, 12), (torch.arange(50) % 5 == 0).long()
    hidden = [p.clone() for p in list(net.parameters())[:-1]]
    assert not net[:11](X).any() and not net(X).any()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    for _ in range(200):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(X), y)
        loss.backward()
        optimizer.step()
    for p, old in zip(net.parameters(), hidden, strict=False):
        torch.testing.assert_close(p, old, rtol=0, atol=0)
    assert loss.item() == pytest.approx(-0.8 * log(0.8) - 0.2 * log(0.2), abs=1e-3)
    assert loss.item() == pytest.approx(0.50, abs=0.005)
    assert (net(X).argmax(dim=1) == y).float().mean().item() == pytest.approx(0.8)
    assert right("silent_layer").startswith("To 0.5 and 0.8")
