"""What the right options of chapter 11 claim is computed, and no wrong one is true."""

import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "11_losses_and_distances").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (text,) = [option.text for option in options if option.is_right]
    return text


def test_the_bakery_is_cheapest_at_the_demand_that_80_percent_stay_below():
    torch.manual_seed(0)
    for demand in (torch.randn(20_001) * 20 + 100, torch.rand(20_001).exp() * 50):
        loaves = demand.sort().values[::20]  # (1001,)
        short = demand - loaves[:, None]  # (1001, 20001), above 0: too few
        cost = torch.where(short > 0, 4 * short, -short).mean(dim=1)
        cheapest = loaves[cost.argmin()]
        assert abs((demand < cheapest).float().mean() - 0.8) < 0.01
        at = {"mean + a quarter": demand.mean() * 1.25, "median": demand.median()}
        at["75 %"] = demand.quantile(0.75)
        for other in at.values():
            short = demand - other
            assert torch.where(short > 0, 4 * short, -short).mean() > cost.min()
    assert "80 %" in right("pinball_weather")


def test_on_vectors_of_length_1_euclid_and_cosine_agree_who_is_nearest():
    torch.manual_seed(0)
    gallery, asked = (F.normalize(torch.randn(n, 5), dim=1) for n in (200, 100))
    gallery = torch.cat([gallery, -asked])  # opposite directions, too
    euclid, cosine = torch.cdist(asked, gallery), 1 - asked @ gallery.T
    assert torch.equal(euclid.argmin(dim=1), cosine.argmin(dim=1))
    torch.testing.assert_close(euclid**2, 2 * cosine, atol=1e-4, rtol=1e-4)
    assert (euclid - cosine).abs().max() > 0.1  # not the same numbers
    assert "not who is nearest" in right("order_of_neighbours")


def test_adam_goes_on_moving_a_row_that_is_not_asked_for_by_ever_smaller_steps():
    torch.manual_seed(0)
    table = nn.Embedding(50, 3)
    optimizer = torch.optim.Adam(table.parameters())
    assert optimizer.defaults["weight_decay"] == 0
    moves, ids = [], torch.tensor([17, 3])
    for _ in range(200):
        before = table.weight[17].detach().clone()
        optimizer.zero_grad()
        table(ids).square().sum().backward()
        optimizer.step()
        moves.append((table.weight[17] - before).norm().item())
        ids = torch.tensor([3, 5])  # never 17 again
    assert table.weight.grad[17].tolist() == [0, 0, 0]  # not None
    assert moves[1] > 0.3 * moves[0] and moves[-1] < 1e-3 * moves[0]
    assert all(later <= sooner for sooner, later in zip(moves, moves[1:], strict=False))
    assert "keeps moving" in right("untouched_rows")


def test_twins_in_the_batch_leave_a_loss_of_log_16():
    corners = torch.tensor(
        [[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    )  # four points as far apart as can be
    U = F.normalize(corners.repeat_interleave(16, dim=0), dim=1)  # (64, 3)
    loss = F.cross_entropy(U @ U.T / 0.02, torch.arange(64))
    assert abs(loss - math.log(16)) < 1e-3
    assert round(math.log(16), 1) == 2.8 and round(math.log(64), 1) == 4.2
    assert round(math.log(4), 1) == 1.4
    assert "log 16 = 2.8" in right("same_class_in_batch")
