"""What the right options of chapter 00 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "00_introduction").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def scores(said, truth):
    """Accuracy and balanced accuracy of yes and no."""
    recalls = [(said[truth == k] == k).double().mean() for k in (0, 1)]
    return (said == truth).double().mean(), sum(recalls) / 2


def test_a_shift_of_one_input_is_taken_up_by_the_bias_alone():
    torch.manual_seed(0)
    X = torch.randn(50, 3, dtype=torch.float64)
    w, b = torch.randn(3, dtype=torch.float64), 0.7
    kelvin = X + torch.tensor([0, 0, 273.15], dtype=torch.float64)
    before = X @ w + b
    torch.testing.assert_close(kelvin @ w + (b - 273.15 * w[2]), before)
    assert not torch.allclose(kelvin @ w + b, before)
    scaled = w / torch.tensor([1, 1, 273.15])
    assert not torch.allclose(kelvin @ scaled + b, before)
    A = torch.cat([kelvin, torch.ones(50, 1, dtype=torch.float64)], dim=1)
    assert torch.linalg.matrix_rank(A) == 4  # so no other change does it
    assert right("kelvin") == ["Only the bias."]


@pytest.mark.parametrize("fine", [980, 1980])
def test_the_idle_program_wins_by_accuracy_and_loses_by_balanced_accuracy(fine):
    truth = torch.tensor([1] * 20 + [0] * fine)
    false_alarms = 60 * fine // 980
    said = torch.tensor([1] * (20 + false_alarms) + [0] * (fine - false_alarms))
    accuracy_p, balanced_p = scores(torch.zeros_like(truth), truth)
    accuracy_q, balanced_q = scores(said, truth)
    assert accuracy_p > accuracy_q and balanced_p == 0.5 < balanced_q


def test_more_fine_parts_change_accuracy_and_leave_balanced_accuracy():
    found, alarms = 1.0, 60 / 980  # the rates of program Q
    accuracies = [(20 * found + n * (1 - alarms)) / (20 + n) for n in (980, 1980)]
    balanced = [(found + 1 - alarms) / 2 for _ in (980, 1980)]
    assert accuracies[0] != accuracies[1] and balanced[0] == balanced[1]
    assert len(right("faulty_parts")) == 2
    assert right("faulty_parts")[0] == "P has the higher accuracy."
    assert right("faulty_parts")[1].endswith("Q's balanced accuracy is the same.")


def test_inputs_without_their_mean_make_it_fire_on_somewhat_less_than_half():
    axis = torch.linspace(0, 1, 1001, dtype=torch.float64)
    pairs = torch.cartesian_prod(axis, axis)
    w = torch.tensor([-1, -2], dtype=torch.float64)
    assert not (pairs @ w - 0.1 > 0).any()
    share = ((pairs - 0.5) @ w - 0.1 > 0).double().mean()
    assert 0.4 < share < 0.48
    assert "somewhat less than half" in right("shifted_inputs")[0]


def test_a_member_that_is_not_heard_is_blamed_at_the_last_neuron_only():
    x = torch.tensor([1.0, 2.0])
    W = torch.tensor([[1.0, -0.2], [0.5, 1.0]], requires_grad=True)
    v = torch.tensor([3.0, 0.0], requires_grad=True)
    said = (W @ x).relu()
    error = v @ said - 1
    assert error > 0 and said[1] > 1  # too high, and B is loud
    (error**2 / 2).backward()
    assert torch.all(W.grad[1] == 0) and v.grad[1] != 0
    assert "not at B's own weights" in right("not_listened")[0]
