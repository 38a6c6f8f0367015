"""What the right options of chapter 08 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "08_generalization").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def ridge(X, y, lam):
    eye = torch.eye(X.shape[1], dtype=X.dtype)
    return torch.linalg.solve(X.T @ X + lam * eye, X.T @ y)


def lasso(X, y, lam):
    """The minimum of half the sum of squares plus lam * sum |w|."""
    lr = 1 / torch.linalg.matrix_norm(X, 2) ** 2
    w = torch.zeros(X.shape[1], 1, dtype=X.dtype)
    for _ in range(3000):
        w = w - lr * X.T @ (X @ w - y)
        w = w.sign() * (w.abs() - lr * lam).clamp(min=0)
    return w


@pytest.mark.parametrize("seed", range(5))
def test_only_a_richer_model_helps_where_the_errors_have_met(seed):
    torch.manual_seed(seed)

    def error(n, degree, lam=0.0, train=False):
        """Of polynomials on a curve that a line fits badly, with noise of 0.05."""
        x = 2 * torch.rand(n + 20_000, 1, dtype=torch.float64) - 1
        y = 0.7 * torch.sin(5 * x) + 0.05**0.5 * torch.randn_like(x)
        A = x ** torch.arange(degree + 1)
        w = ridge(A[:n], y[:n], lam)
        rows = slice(0, n) if train else slice(n, None)
        return ((A[rows] @ w - y[rows]) ** 2).mean().item()

    before = error(1000, 1)
    assert abs(error(1000, 1, train=True) - before) < 0.04 and before > 0.25
    assert error(10_000, 1) > 0.25  # ten times the data
    assert error(1000, 1, lam=300.0) > 0.25  # a higher price
    assert error(1000, 9) < 0.1  # a richer family
    assert "express more" in right("which_remedy")[0]


def test_a_walk_that_stops_early_is_no_better_where_bias_is_left():
    torch.manual_seed(0)
    x = 2 * torch.rand(2000, 1, dtype=torch.float64) - 1
    y = 0.7 * torch.sin(5 * x) + 0.05**0.5 * torch.randn_like(x)
    A = x ** torch.arange(2)
    w, errors = torch.zeros(2, 1, dtype=torch.float64), []
    for _ in range(300):
        w = w - 0.1 * A[:1000].T @ (A[:1000] @ w - y[:1000]) / 1000
        errors.append(((A[1000:] @ w - y[1000:]) ** 2).mean().item())
    assert min(errors) > 0.2


@pytest.mark.parametrize("seed", range(5))
def test_labels_times_ten_scale_ridge_and_free_the_lasso(seed):
    torch.manual_seed(seed)
    X = torch.randn(60, 8, dtype=torch.float64)
    w = torch.tensor([3.0, -2, 1, 0.3, 0.1, 0, 0, 0], dtype=torch.float64)[:, None]
    y = X @ w + torch.randn(60, 1, dtype=torch.float64)
    torch.testing.assert_close(ridge(X, 10 * y, 5.0), 10 * ridge(X, y, 5.0))
    old, new = lasso(X, y, 40.0), lasso(X, 10 * y, 40.0)
    assert (old == 0).any()
    assert new.abs().sum() > 10 * old.abs().sum()
    assert (new == 0).sum() <= (old == 0).sum()
    assert "L1 more than that in all, and no more zeros" in right("labels_times_ten")[0]


def test_two_dropouts_leave_a_quarter_four_times_as_large():
    torch.manual_seed(0)
    twice = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5))
    out = twice(torch.ones(200_000))
    assert out.unique().tolist() == [0.0, 4.0]
    assert abs((out == 0).float().mean() - 0.75) < 0.01
    assert abs(out.mean() - 1) < 0.02
    once = nn.Dropout(0.5)(torch.ones(200_000))
    assert out.var() > 2 * once.var()
    assert "3/4, else 4; the mean is 1" in right("two_dropouts")[0]
