"""What the right options of chapter 30 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "30_face_recognition").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def triplets(persons: int, photos: int) -> int:
    """How many triplets a batch holds, counted one by one."""
    y = torch.arange(persons).repeat_interleave(photos).tolist()
    numbers = range(len(y))
    pairs = [(a, p) for a in numbers for p in numbers if a != p and y[a] == y[p]]
    return sum(y[n] != y[a] for a, _ in pairs for n in numbers)


def hardest_loss(E: torch.Tensor, y: torch.Tensor, margin: float) -> float:
    """Mean triplet loss with the hardest positive and negative of each anchor."""
    D = torch.cdist(E, E).square()
    same = y[:, None] == y
    p = D.masked_fill(~same, -1).amax(dim=1)
    n = D.masked_fill(same, torch.inf).amin(dim=1)
    return (p - n + margin).clamp(min=0).mean().item()


def test_four_photos_of_four_persons_hold_more_than_twice_and_a_half_the_triplets():
    assert (triplets(8, 2), triplets(4, 4)) == (224, 576)
    assert 2.5 < 576 / 224 < 3
    assert "two and a half" in right("photos_or_persons")


def test_in_one_point_the_loss_is_the_margin_and_nowhere_else_of_the_options():
    y = torch.arange(6).repeat_interleave(4)
    point = F.normalize(torch.ones(1, 8), dim=1)
    assert hardest_loss(point.expand(24, 8), y, 0.3) == pytest.approx(0.3)
    torch.manual_seed(0)
    for _ in range(20):  # spread over the sphere
        assert hardest_loss(F.normalize(torch.randn(24, 8), dim=1), y, 0.3) > 0.6
    closer = torch.tensor([[0.0], [0.1], [0.1 + (0.3 + 0.01) ** 0.5]])
    near, far = (closer[1] - closer[0]) ** 2, (closer[2] - closer[1]) ** 2
    assert (near - far + 0.3).clamp(min=0).item() == pytest.approx(0, abs=1e-6)
    assert right("flat_at_the_margin").startswith("All at one point of the sphere")


def test_three_times_the_length_lowers_false_accepts_and_raises_false_rejects():
    torch.manual_seed(0)
    middles = torch.randn(30, 1, 6)
    E = F.normalize(middles + 0.4 * torch.randn(30, 5, 6), dim=2).flatten(0, 1)
    y = torch.arange(30).repeat_interleave(5)
    i, j = torch.triu_indices(150, 150, offset=1)
    same, d = y[i] == y[j], (E[i] - E[j]).norm(dim=1)
    far, far_3 = [(k * d[~same] <= 0.9).float().mean() for k in (1, 3)]
    frr, frr_3 = [(k * d[same] > 0.9).float().mean() for k in (1, 3)]
    assert far_3 < far and frr_3 > frr
    assert torch.equal(d.argsort(), (4 * d).argsort())
    assert right("forgotten_length") == "False accepts fall, false rejects rise."


def test_a_door_that_needs_both_systems_has_these_rates():
    assert pytest.approx(0.0001) == 0.01 * 0.01
    assert pytest.approx(0.19) == 1 - 0.9 * 0.9
    option = right("two_systems")
    assert "0.01 % false accepts" in option and "19 % false rejects" in option
