"""What the right options of chapter 26 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "26_graph_neural_networks").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (text,) = [option.text for option in options if option.is_right]
    return text


def normalized(pairs: list[tuple[int, int]], n: int) -> torch.Tensor:
    """GCN's matrix of a graph whose edges go both ways: (n, n)."""
    A = torch.eye(n)
    for i, j in pairs:
        A[i, j] = A[j, i] = 1
    root = A.sum(dim=1).rsqrt()
    return root[:, None] * A * root


def test_the_hub_of_a_star_has_more_than_2_and_a_leaf_less_than_1():
    A_hat = normalized([(0, leaf) for leaf in range(1, 10)], 10)
    hub, *leaves = (A_hat @ torch.ones(10)).tolist()
    assert hub == pytest.approx(1 / 10 + 9 / 20**0.5) and hub > 2
    assert all(leaf == pytest.approx(1 / 2 + 1 / 20**0.5) for leaf in leaves)
    assert max(leaves) < 1
    assert right("star_of_ones") == "The hub has more than 2, each leaf less than 1."


def test_a_twin_gets_the_same_weight_and_all_are_divided_anew():
    before = torch.softmax(torch.tensor([0.5, 0.3, 0.2]).log(), dim=0)
    assert torch.allclose(before, torch.tensor([0.5, 0.3, 0.2]))
    _, a, b, c = torch.softmax(torch.tensor([0.5, 0.3, 0.2, 0.2]).log(), dim=0).tolist()
    assert (round(a, 3), round(b, 3), round(c, 3)) == (0.25, 0.167, 0.167)
    assert right("a_twin_joins") == "0.25, and 0.167 for $b$ and $c$ each."


def test_three_layers_carry_a_change_to_nodes_1_to_4():
    A_hat = normalized([(i, i + 1) for i in range(9)], 10)
    weights = torch.randn(3, 2, 2)
    X = torch.randn(10, 2)
    moved = X.clone()
    moved[0] += 1

    def net(H):
        for W in weights:
            H = torch.tanh(A_hat @ H @ W)
        return H

    change = (net(X) - net(moved)).abs().amax(dim=1)
    assert change.nonzero().flatten().tolist() == [0, 1, 2, 3]
    assert right("down_the_chain") == "Nodes 1 to 4."
