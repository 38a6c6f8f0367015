"""Metrics are what scikit-learn's are, and refuse what would be broadcast."""

import pytest
import sklearn.metrics
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.metrics import accuracy, confusion_matrix, r2


def test_accuracy_is_the_share_of_right_labels():
    y_hat = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
    assert accuracy(y_hat, torch.tensor([1, 1, 1])).item() == pytest.approx(2 / 3)


def test_accuracy_refuses_labels_that_would_be_broadcast():
    with pytest.raises(ValueError, match=r"\(3, 2\).*\(3, 1\)"):
        accuracy(torch.zeros(3, 2), torch.zeros(3, 1))


@given(st.integers(2, 30), st.integers(0, 1000))
def test_r2_is_that_of_scikit_learn(n, seed):
    y_hat, y = torch.randn(2, n, generator=torch.Generator().manual_seed(seed))
    assert r2(y_hat, y) == pytest.approx(sklearn.metrics.r2_score(y, y_hat), rel=1e-5)


def test_r2_is_0_for_the_mean_and_1_for_the_truth():
    y = torch.tensor([[1.0], [2.0], [6.0]])
    assert r2(y, y) == 1
    assert r2(torch.full_like(y, 3), y) == 0


def test_r2_refuses_shapes_that_would_be_broadcast():
    with pytest.raises(ValueError, match=r"\(3, 1\).*\(3,\)"):
        r2(torch.zeros(3, 1), torch.arange(3.0))


@pytest.mark.parametrize("y", [torch.ones(4), torch.ones(1), torch.ones(0)])
def test_r2_is_not_defined_where_nothing_varies(y):
    with pytest.raises(ValueError, match="not defined"):
        r2(y, y)


@given(st.integers(2, 6), st.integers(0, 40), st.integers(0, 1000))
def test_the_confusion_matrix_is_that_of_scikit_learn(num_classes, n, seed):
    generator = torch.Generator().manual_seed(seed)
    y_hat, y = torch.randint(num_classes, (2, n), generator=generator)
    found = confusion_matrix(y_hat, y, num_classes)
    assert found.dtype == torch.int64
    assert found.sum() == n
    if n:
        labels = range(num_classes)
        expected = sklearn.metrics.confusion_matrix(y, y_hat, labels=labels)
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("y_hat", "y", "words"),
    [
        (torch.zeros(3, 2), torch.zeros(3), "argmax"),
        (torch.tensor([0, 3]), torch.tensor([0, 1]), "from 0 to 3"),
        (torch.tensor([0, -1]), torch.tensor([0, 1]), "from -1 to 1"),
    ],
)
def test_the_confusion_matrix_refuses_what_are_no_classes(y_hat, y, words):
    with pytest.raises(ValueError, match=words):
        confusion_matrix(y_hat, y, 3)
