"""One cycle rises and falls once over the whole training, batch by batch."""

import pytest
import torch
from torch import nn

from utils.data import load_array
from utils.one_cycle import fit, one_cycle


@pytest.fixture
def data():
    X = torch.randn(50, 3, generator=torch.Generator().manual_seed(0))
    return load_array((X, (X[:, 0] > 0).long()), batch_size=8)  # 7 batches


def rates(num_steps, **settings):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = one_cycle(optimizer, 0.5, num_steps, **settings)["scheduler"]
    found = []
    for _ in range(num_steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def test_the_rate_rises_to_lr_and_falls_to_nearly_nothing():
    found = rates(50)
    top = found.index(max(found))
    assert max(found) == pytest.approx(0.5) and found[0] == pytest.approx(0.02)
    assert found[:top] == sorted(found[:top])
    assert found[top:] == sorted(found[top:], reverse=True)
    assert found[-1] < 1e-3


def test_warm_up_is_the_share_of_steps_that_rise():
    assert rates(100, warm_up=0.1).index(max(rates(100, warm_up=0.1))) == 9


def test_fit_ends_the_cycle_with_the_last_batch(data):
    net = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    history = fit(net, data, data, lr=0.5, num_epochs=4, optimizer=optimizer)
    assert optimizer.param_groups[0]["lr"] < 0.5 / 100
    assert history["valid_accuracy"][-1] > 0.9


def test_fit_takes_adam_and_measures_the_accuracy_unless_told(data):
    torch.manual_seed(0)
    history = fit(nn.Linear(3, 2), data, lr=0.05, num_epochs=3)
    assert history["train_accuracy"][-1] > history["train_accuracy"][0]
    other = fit(
        nn.Linear(3, 2), data, lr=0.05, num_epochs=1, loss=nn.CrossEntropyLoss()
    )
    assert "train_accuracy" not in other


def test_what_train_takes_is_passed_on(data):
    history = fit(nn.Linear(3, 2), data, lr=0.05, num_epochs=1, metrics={})
    assert "train_accuracy" not in history
