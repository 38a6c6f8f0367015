"""What the right options of chapter 05 claim is computed, and no wrong one is true."""

from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "05_data_pipelines").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def test_ten_shuffled_epochs_leave_no_example_out():
    torch.manual_seed(0)
    loader = DataLoader(range(1000), batch_size=64, shuffle=True, drop_last=True)
    epochs = [{int(i) for batch in loader for i in batch} for _ in range(10)]
    assert [len(seen) for seen in epochs] == [960] * 10
    assert len(set.union(*epochs)) == 1000
    assert 1000 * (40 / 1000) ** 10 < 1e-6  # a bound on the chance that one is missed
    fixed = DataLoader(range(1000), batch_size=64, drop_last=True)
    assert len({int(i) for batch in fixed for i in batch}) == 960
    assert "one in a million" in right("dropped_examples")[0]


def drop_unlabelled(X, y):
    rows = ~y.isnan()
    return X[rows], y[rows]


def keep_correlated(X, y):
    centred = X - X.mean(dim=0)
    correlation = (centred * (y - y.mean())[:, None]).sum(dim=0) / centred.norm(dim=0)
    return X[:, correlation.abs().topk(1).indices], y


def in_litres(X, y):
    return torch.cat([235.215 / X[:, :1], X[:, 1:]], dim=1), y


def fill_with_mean(X, y):
    return torch.where(X.isnan(), X.nanmean(dim=0), X), y


def test_a_leak_is_a_step_by_which_a_test_row_changes_a_training_row():
    torch.manual_seed(0)
    X, y = torch.rand(20, 3) + 1, torch.rand(20)
    X[:, 2] = y + 0.1 * torch.rand(20)  # the best column, until the test rows change

    def changes(step, X, y):
        """Whether the first nine rows depend on the last ten."""
        other_X, other_y = X.clone(), y.clone()
        other_X[10:] = other_X[10:] + torch.tensor([0.0, 50.0, 0.0])
        other_y[10:] = 50.0 * other_y[10:].flip(0)
        other_X[10:, 0] = 1 + other_y[10:]
        before, after = step(X, y)[0][:9], step(other_X, other_y)[0][:9]
        return not torch.equal(before.nan_to_num(), after.nan_to_num())

    holes, unlabelled = X.clone(), y.clone()
    holes[3, 1], unlabelled[4] = float("nan"), float("nan")
    assert not changes(drop_unlabelled, X, unlabelled)
    assert not changes(in_litres, X, y)
    assert changes(keep_correlated, X, y)
    assert changes(fill_with_mean, holes, y)
    told = " ".join(right("which_is_a_leak"))
    assert "correlate" in told and "mean weight" in told and "Rows without" not in told


def test_eval_mode_drops_nothing_and_still_learns():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    X = torch.randn(5, 4)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    net.train()
    assert not torch.equal(net(X), net(X))
    net.eval()
    assert torch.equal(net(X), net(X))
    before = net[0].weight.detach().clone()
    net(X).pow(2).mean().backward()  # no error
    optimizer.step()
    assert not torch.equal(net[0].weight, before)
    assert not net.training  # the optimiser sets no mode
    assert right("forgot_train") == ["It is trained without dropout."]


def test_the_mean_of_shares_is_too_low():
    true, reported = (90 + 90 + 3) / 210, (0.9 + 0.9 + 0.3) / 3
    assert round(true, 2) == 0.87 and round(reported, 2) == 0.70
    assert round(true - reported, 2) == 0.17
    assert round(reported - (90 + 90 + 3) / 300, 2) == 0.09
    assert round(true - 0.3, 2) == 0.57
    assert "0.17, too low" in right("accuracy_of_batches")[0]
