"""What the right options of chapter 06 claim is computed, and no wrong one is true."""

import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "06_softmax_regression").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def test_two_of_three_classes_free_say_all_that_three_do():
    torch.manual_seed(0)
    layer = nn.Linear(4, 3)
    assert sum(p.numel() for p in layer.parameters()) == 15  # not 12
    X = 3 * torch.randn(500, 4)
    with torch.no_grad():
        W, b = layer.weight - layer.weight[2], layer.bias - layer.bias[2]
        assert W[2].abs().max() == b[2] == 0 and W[:2].numel() + b[:2].numel() == 10
        Z = X @ W.T + b
        torch.testing.assert_close(layer(X).softmax(dim=1), Z.softmax(dim=1))
    assert (Z.argmax(dim=1) == 2).any()  # a score of 0 does win
    at_origin = b.softmax(dim=0)
    assert (at_origin[0] - at_origin[1]).abs() > 0.01  # no border through the origin
    assert "15 numbers were stored, and 10" in right("spare_parameters")[0]


def test_the_loss_that_looks_too_good_is_that_of_a_net_that_knows_nothing():
    torch.manual_seed(0)
    y = torch.randint(3, (20_000,))
    means = [F.cross_entropy(torch.zeros(100, 3), part).item() for part in y.split(100)]
    assert len(means) == 200 and round(sum(means) / 20_000, 3) == 0.011
    assert (
        abs(sum(means) / 200 - math.log(3)) < 1e-6
    )  # all batches full: it is the mean
    assert abs(math.exp(-0.011) - 0.989) < 1e-3  # what the first option takes it for
    assert abs(0.011 * 200 - 2.2) < 1e-9  # and the second
    assert right("too_good_loss") == ["Nothing: the true mean is about log 3."]


def test_a_modest_net_wants_a_temperature_below_one():
    torch.manual_seed(0)
    Z = 4 * torch.randn(4000, 5)
    y = torch.multinomial(Z.softmax(dim=1), 1).flatten()  # Z is calibrated
    modest = Z / 3
    T = torch.logspace(-1, 1, 201)
    losses = torch.stack([F.cross_entropy(modest / t, y) for t in T])
    best = T[losses.argmin()]
    before, after = modest.softmax(dim=1), (modest / best).softmax(dim=1)
    accuracy = (before.argmax(dim=1) == y).float().mean()
    assert before.amax(dim=1).mean() < accuracy - 0.05
    assert best < 0.5 and after.amax(dim=1).mean() > before.amax(dim=1).mean()
    assert torch.equal(before.argmax(dim=1), after.argmax(dim=1))
    (text,) = right("colder_or_warmer")
    assert "below 1" in text and "accuracy stays" in text
