"""What the right options of chapter 20 claim is computed, and no wrong one is true."""

from math import e, exp, log, prod
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "20_rnn").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def test_the_last_state_of_the_last_layer_is_the_last_output():
    rnn = nn.RNN(6, 5, num_layers=2, batch_first=True)
    output, h_n = rnn(torch.randn(2, 4, 6))
    assert torch.equal(output[:, -1], h_n[-1])
    for other in (h_n[:, -1], h_n[0], h_n):
        assert other.shape != output[:, -1].shape or not torch.equal(
            other, output[:, -1]
        )
    assert right("last_state").startswith("`h_n[-1]`")


def test_sigmoid_scores_of_four_letters_have_their_floor_near_three_quarters():
    scores = nn.Parameter(torch.zeros(4, 4))
    optimizer = torch.optim.Adam([scores], lr=0.1)
    for _ in range(1500):
        optimizer.zero_grad()
        loss = F.cross_entropy(scores.sigmoid(), torch.arange(4))
        loss.backward()
        optimizer.step()
    assert loss.item() == pytest.approx(-log(e / (e + 3)), abs=2e-3)
    assert right("sigmoid_scores").startswith(f"{-log(e / (e + 3)):.2f}")
    assert f"{log(1 + 3 * exp(-2)):.2f} {log(4):.2f}" == "0.34 1.39"  # wrong options


def test_perplexities_of_two_halves_meet_at_their_geometric_mean():
    p = [1 / 4] * 50 + [1 / 16] * 50
    assert prod(p) ** (-1 / len(p)) == pytest.approx(8)
    by_arithmetic = 1 / ((1 / 4 + 1 / 16) / 2)
    assert (4 + 16) / 2 == 10 and by_arithmetic == pytest.approx(6.4)
    assert right("two_halves").startswith("8,")


@pytest.mark.parametrize("seed", range(3))
def test_a_window_of_one_trains_the_matrix_but_not_for_later(seed):
    torch.manual_seed(seed)
    cell, out = nn.RNNCell(3, 4), nn.Linear(4, 3)
    H, first = torch.zeros(5, 4), cell.weight_hh.detach().clone()
    optimizer = torch.optim.SGD(cell.parameters(), lr=0.1)
    for _ in range(4):
        X = F.one_hot(torch.randint(3, (5,)), 3).float()
        before = H.detach().requires_grad_()
        H = cell(X, before)
        optimizer.zero_grad()
        F.cross_entropy(out(H), torch.randint(3, (5,))).backward()
        assert (
            before.is_leaf and before.grad_fn is None
        )  # no gradient goes further back
        optimizer.step()
    assert not torch.allclose(cell.weight_hh, first)
    assert right("window_of_one").startswith("It learns, to use the old state")
