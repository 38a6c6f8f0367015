"""What the right options of chapter 25 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "25_graphs_and_message_passing").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (text,) = [option.text for option in options if option.is_right]
    return text


def random_graph(n: int, seed: int) -> torch.Tensor:
    """A connected undirected graph without self-loops, as a matrix (n, n)."""
    torch.manual_seed(seed)
    A = (torch.rand(n, n) < 0.4).float().triu(1)
    A[range(n - 1), range(1, n)] = 1.0  # a path through all nodes
    return A + A.T


def aggregated(A: torch.Tensor, X: torch.Tensor, how: str) -> torch.Tensor:
    """One round by sum, mean or maximum, of one number a node: (n,)."""
    if how == "max":
        return torch.where(A > 0, X, -torch.inf).amax(dim=1)
    return A @ X / (A.sum(dim=1) if how == "mean" else 1)


@pytest.mark.parametrize("seed", range(5))
def test_twins_make_the_sum_four_times_as_large_in_two_rounds_and_nothing_else(seed):
    A, X = random_graph(6, seed), torch.randn(6)
    twins, doubled = A.repeat(2, 2), X.repeat(2)
    for how, factor in {"sum": 4, "mean": 1, "max": 1}.items():
        old, new = X, doubled
        for _ in range(2):
            old, new = aggregated(A, old, how), aggregated(twins, new, how)
        torch.testing.assert_close(new, factor * old.repeat(2), rtol=1e-4, atol=1e-5)
    assert right("doubled_graph").startswith("By the sum four times as much")


def test_three_rounds_from_a_buyer_end_at_goods_one_or_three_steps_away():
    bought = torch.tensor([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]])  # buyers, goods
    A = torch.zeros(7, 7, dtype=torch.int64)
    A[:3, 3:], A[3:, :3] = bought, bought.T
    X = torch.eye(7, dtype=torch.int64)[0]
    held = (A @ A @ A @ X).nonzero().ravel().tolist()
    own = (A @ X).nonzero().ravel().tolist()
    assert own == [3, 4] and held == [3, 4, 5]  # own goods, and one of who shares one
    assert right("three_rounds_in_two_kinds").startswith("Goods alone: those that")


@pytest.mark.parametrize("seed", range(3))
def test_a_flattened_readout_minds_the_order_and_a_sum_does_not(seed):
    A, X, order = random_graph(9, seed), torch.randn(9, 4), torch.randperm(9)
    W, flat, each = torch.randn(4, 4), nn.Linear(36, 1), nn.Linear(4, 1)

    def rounds(A, X):
        for _ in range(2):
            X = torch.tanh(X + A @ X @ W)
        return X

    old, new = rounds(A, X), rounds(A[order][:, order], X[order])
    torch.testing.assert_close(new, old[order], rtol=1e-3, atol=1e-4)
    assert not torch.allclose(flat(new.ravel()), flat(old.ravel()), atol=1e-3)
    assert torch.allclose(each(new.sum(dim=0)), each(old.sum(dim=0)), atol=1e-3)
    inside = [H.sort(dim=1).values.ravel() for H in (old, new)]
    assert not torch.allclose(flat(inside[0]), flat(inside[1]), atol=1e-3)
    assert "added up before the layer" in right("flattened_readout")


def test_eleven_edges_and_a_self_loop_fill_22_cells():
    edges = [(0, 1), (1, 0), (2, 2), (0, 2), (1, 3), (3, 4), (4, 5), (5, 6), (6, 0)]
    edges += [(2, 5), (3, 6), (4, 1)]
    M = torch.zeros(7, 12, dtype=torch.int64)
    for e, (source, target) in enumerate(edges):
        M[source, e] -= 1
        M[target, e] += 1
    assert M.numel() == 84 and int((M != 0).sum()) == 22
    assert right("ends_of_the_edges") == "22."
