"""What the right options of chapter 03 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "03_linear_regression").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def exact(X, y):
    """The exact answer, with the bias as the last row."""
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    return torch.linalg.lstsq(A, y).solution


def predict(X, solution):
    return X @ solution[:-1] + solution[-1]


def descend(X, y, lr, num_steps):
    """Gradient descent on all data: the weights and the bias."""
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    w = torch.zeros(A.shape[1], 1, dtype=X.dtype)
    for _ in range(num_steps):
        w = w - lr * A.T @ (A @ w - y) / len(A)
    return w


@pytest.fixture
def data():
    """Ten standardised columns without correlation, labels with noise."""
    torch.manual_seed(0)
    X = torch.randn(320, 10, dtype=torch.float64)
    X = torch.linalg.qr(X - X.mean(dim=0)).Q * 320**0.5
    w = torch.arange(-4.0, 6.0, dtype=torch.float64).reshape(10, 1)
    return X, X @ w + 4 + torch.randn(320, 1, dtype=torch.float64)


def test_an_upright_bias_is_an_error_but_for_one_and_three():
    w, b = torch.randn(2, 3), torch.randn(3)
    runs = []
    for N in range(1, 40):
        X = torch.randn(N, 2)
        try:
            y_hat = X @ w + b[:, None]
        except RuntimeError:
            continue
        runs.append(N)
        expected = X @ w + b
        assert y_hat.shape != expected.shape or not torch.allclose(y_hat, expected)
    assert runs == [1, 3]
    assert "for N = 1 and N = 3" in right("upright_bias")[0]


def test_other_units_change_no_exact_prediction_and_drive_descent_away(data):
    X, y = data
    scaled = X.clone()
    scaled[:, 1] *= 20
    before, after = exact(X, y), exact(scaled, y)
    torch.testing.assert_close(predict(scaled, after), predict(X, before))
    torch.testing.assert_close(after[1], before[1] / 20)
    torch.testing.assert_close(descend(X, y, 0.5, 200), before)
    assert not descend(scaled, y, 0.5, 200).abs().max() < 1e6
    assert "gradient descent runs away" in right("other_units")[0]


def sgd(A, y, w, rates, seed):
    """Mini-batch SGD, one rate an epoch: the loss over all data after each epoch."""
    generator, losses = torch.Generator().manual_seed(seed), []
    for lr in rates:
        for rows in torch.randperm(len(A), generator=generator).split(16):
            w = w - lr * A[rows].T @ (A[rows] @ w - y[rows]) / len(rows)
        losses.append(((A @ w - y) ** 2).mean().item() / 2)
    return torch.tensor(losses)


@pytest.mark.parametrize("seed", range(5))
def test_the_smaller_rate_has_the_lower_floor_and_the_slower_way_down(data, seed):
    X, y = data
    X, y = X.clone(), y - 4
    X[:, 9] *= 0.3  # the flat direction, in which the walk takes ten epochs
    w0 = torch.full((10, 1), 3.0, dtype=torch.float64)
    lowest = ((predict(X, exact(X, y)) - y) ** 2).mean().item() / 2
    dropped = sgd(X, y, w0, [0.4] * 30 + [0.04] * 30, seed) / lowest
    small = sgd(X, y, w0, [0.04] * 30, seed) / lowest
    floor, lower = dropped[10:30], dropped[35:]
    assert 1.05 < floor.mean() < 1.3
    assert 1 <= lower.min() < lower.mean() < 1.03
    assert small[9] > 1.5 * floor.mean()  # the way down is ten times as long
    assert "noise of the batches" in right("two_floors")[0]


def test_labels_times_ten_move_the_fit_and_leave_curvature_alone(data):
    X, y = data
    before, after = exact(X, y), exact(X, 10 * y)
    torch.testing.assert_close(after, 10 * before)

    def loss_and_r2(solution, y):
        errors = ((predict(X, solution) - y) ** 2).sum()
        return errors / 2 / len(y), 1 - errors / ((y - y.mean()) ** 2).sum()

    loss, r2 = loss_and_r2(before, y)
    new_loss, new_r2 = loss_and_r2(after, 10 * y)
    torch.testing.assert_close(new_loss, 100 * loss)
    torch.testing.assert_close(new_r2, r2)
    for lr, arrives in ((1.5, True), (2.5, False)):  # the limit is 2 for both
        for labels in (y, 10 * y):
            w = descend(X, labels, lr, 100)
            assert torch.allclose(w, exact(X, labels)) == arrives
    assert len(right("labels_times_ten")) == 2
