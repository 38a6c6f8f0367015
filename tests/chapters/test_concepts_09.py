"""What the right options of chapter 09 claim is computed, and no wrong one is true."""

import copy
from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "09_modules_and_parameters").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def step(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """One step on made-up numbers."""
    optimizer.zero_grad()
    width = next(net.parameters()).shape[1]
    net(torch.randn(8, width)).square().mean().backward()
    optimizer.step()


def test_a_layer_at_three_places_is_counted_once_with_its_bias():
    A, B = nn.Linear(10, 10), nn.Linear(10, 4)
    net = nn.Sequential(A, nn.ReLU(), A, nn.ReLU(), A, B)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    held = sum(p.numel() for p in optimizer.param_groups[0]["params"])
    assert held == 154 and right("three_places").startswith("154")
    each = [sum(p.numel() for p in part.parameters()) for part in net]
    assert sum(each) == 374  # of the wrong options
    assert A.weight.numel() + B.weight.numel() == 140
    assert sum(p.numel() for p in B.parameters()) == 44


@pytest.mark.parametrize("seed", range(3))
def test_a_new_head_gets_a_gradient_and_stays_while_the_others_move(seed):
    torch.manual_seed(seed)
    net = nn.Sequential()
    net.add_module("body", nn.Linear(6, 64))
    net.add_module("head", nn.Linear(64, 10))
    optimizer = torch.optim.Adam(net.parameters())
    step(net, optimizer)
    net.head = nn.Linear(64, 3)
    before = copy.deepcopy(net.state_dict())
    for _ in range(10):
        step(net, optimizer)
    moved = {k for k, v in net.state_dict().items() if not torch.equal(v, before[k])}
    assert moved == {"body.weight", "body.bias"}
    assert net.head.weight.grad.count_nonzero() > 0
    assert "but the head" in right("new_head")


def test_a_kept_state_dict_goes_on_changing_and_so_gives_the_last_epoch_back():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(5, 4, bias=False), nn.BatchNorm1d(4))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    epochs = [copy.deepcopy(net.state_dict())]
    for epoch in range(1, 11):
        step(net, optimizer)
        epochs.append(copy.deepcopy(net.state_dict()))
        if epoch == 3:
            best = net.state_dict()
    net.load_state_dict(best)
    now = net.state_dict()

    def same(other):
        return [torch.equal(now[k], other[k]) for k in now]

    assert all(same(epochs[10])) and "tenth" in right("best_epoch")
    assert not any(same(epochs[3])) and not any(same(epochs[0]))


def test_float_batches_of_ten_epochs_are_forty_times_the_bytes_of_one_copy():
    images, epochs, batch = 60_000, 10, 1_000
    pixels = images * 28 * 28
    as_floats = torch.zeros(batch, 28, 28).nbytes * (images // batch) * epochs
    once = pixels * torch.zeros(1, dtype=torch.uint8).nbytes
    assert as_floats == 40 * once and right("over_the_cable").startswith("40 times")
    assert 4 * epochs * (images // batch) == 2400  # of the last wrong option
