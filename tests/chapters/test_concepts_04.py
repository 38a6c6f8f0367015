"""What the right options of chapter 04 claim is computed, and no wrong one is true."""

import math
from pathlib import Path

import torch
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "04_logistic_regression").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def fit(x, y, decay=0.0, weight=None):
    """One column to the very bottom, by Newton's steps: weight, bias, probabilities."""
    A = torch.stack([x, torch.ones_like(x)], dim=1)  # (N, 2)
    each = torch.ones_like(x) if weight is None else weight
    D = torch.tensor([[decay, 0.0], [0.0, 0.0]], dtype=torch.float64)
    v = torch.zeros(2, dtype=torch.float64)
    for _ in range(40):
        p = torch.sigmoid(A @ v)
        H = A.T @ ((each * p * (1 - p))[:, None] * A) / each.sum() + D
        v = v - torch.linalg.solve(H, A.T @ (each * (p - y)) / each.sum() + D @ v)
    return v[0].item(), v[1].item(), torch.sigmoid(A @ v)


def students(num_students=400, seed=0):
    """Hours, and who passed; the classes overlap."""
    generator = torch.Generator().manual_seed(seed)
    hours = 10 * torch.rand(num_students, generator=generator, dtype=torch.float64)
    passed = torch.bernoulli(torch.sigmoid(hours - 5), generator=generator)
    return hours, passed


def test_smoothed_labels_cost_at_least_their_entropy():
    y = torch.tensor([0.1, 0.9])
    z = torch.linspace(-12, 12, 4801)
    losses = [F.softplus(z) - label * z for label in y]
    for label, loss in zip(y, losses, strict=True):
        assert abs(loss.min() - 0.325) < 1e-3  # neither 0, nor 0.11, nor below 0
        assert abs(torch.sigmoid(z[loss.argmin()]) - label) < 1e-3
    assert "about 0.33" in right("smoothed_labels")[0]


def test_minutes_change_probabilities_only_where_weights_decay():
    hours, passed = students()
    for decay in (0.0, 0.1, 1.0):
        w, _, p = fit(hours, passed, decay)
        w_60, _, p_60 = fit(60 * hours, passed, decay)
        if decay == 0:
            torch.testing.assert_close(p_60, p)
            assert abs(60 * w_60 - w) < 1e-6
        else:
            assert p_60.max() > p.max() + 0.01 and p_60.min() < p.min() - 0.01
            assert p_60.std() > p.std() + 0.01
            free = fit(hours, passed)[2]
            assert (p_60 - free).abs().max() < 0.1 * (p - free).abs().max()
    assert "With decay they lie further apart" in right("hours_or_minutes")[0]


def test_only_precision_knows_how_rare_cancers_are():
    def precision(share):
        found, alarmed = 0.95 * share, 0.10 * (1 - share)
        return found / (found + alarmed)

    assert abs(precision(0.37) - 0.85) < 0.005 and abs(precision(0.01) - 0.09) < 0.005
    torch.manual_seed(0)
    ill, healthy = torch.randn(1000) + 2.9, torch.randn(1700)

    def auc(ill):
        return (ill[:, None] > healthy).double().mean().item()

    found = [(part > 1.28).double().mean().item() for part in (ill, ill[:17])]
    whole, few = auc(ill), [auc(ill[k : k + 17]) for k in range(0, 986, 17)]
    assert abs(sum(few) / len(few) - whole) < 0.002 and 0.9 < found[0] < 0.99
    assert "Precision falls" in right("rarer_cancers")[0]


def test_doubled_positives_move_the_bias_by_the_logarithm_of_two():
    hours, passed = students(num_students=1_000_000)
    w, b, _ = fit(hours, passed)
    w_twice, b_twice, _ = fit(hours, passed, weight=1 + passed)
    assert abs(w - 1) < 0.02 and abs(b + 5) < 0.1  # the truth that was hidden
    assert abs(w_twice - w) < 0.02 and abs(b_twice - b - math.log(2)) < 0.05
    assert "0.69" in right("cancers_twice")[0]
