"""The training loop measures rightly, leaves things as found and fails clearly."""

import re

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau, StepLR
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

from utils import plots
from utils.measuring import mode
from utils.metrics import accuracy
from utils.progress import Bar
from utils.train import evaluate, train

MSE = nn.MSELoss()


def line(n=20, batch_size=8):
    """Return the points of y = 2 x + 1, in batches the last of which is short."""
    X = torch.linspace(-1, 1, n).reshape(n, 1)
    return [
        (X[i : i + batch_size], 2 * X[i : i + batch_size] + 1) for i in range(0, n, 8)
    ]


def fit(net=None, train_iter=None, valid_iter=None, *, lr=0.1, num_epochs=3, **kwargs):
    net = nn.Linear(1, 1) if net is None else net
    kwargs = {"loss": MSE, "optimizer": torch.optim.SGD(net.parameters(), lr)} | kwargs
    train_iter = line() if train_iter is None else train_iter
    return train(net, train_iter, valid_iter, num_epochs=num_epochs, **kwargs)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


# It learns, and measures what it should


def test_it_learns_the_line():
    net = nn.Linear(1, 1)
    history = fit(net, valid_iter=line(), num_epochs=80)
    assert net.weight.item() == pytest.approx(2, abs=0.01)
    assert net.bias.item() == pytest.approx(1, abs=0.01)
    assert history["valid_loss"][-1] < 1e-3 < history["valid_loss"][0]


def test_it_takes_the_steps_of_a_loop_written_by_hand():
    net, twin = nn.Linear(1, 1), nn.Linear(1, 1)
    twin.load_state_dict(net.state_dict())
    optimizer = torch.optim.SGD(twin.parameters(), 0.1)
    for X, y in line() * 3:
        optimizer.zero_grad()
        MSE(twin(X), y).backward()
        optimizer.step()
    fit(net, num_epochs=3)
    assert torch.equal(net.weight, twin.weight) and torch.equal(net.bias, twin.bias)


def test_the_history_has_one_entry_an_epoch_under_the_promised_names():
    net, X, y = nn.Linear(2, 3), torch.randn(10, 2), torch.arange(10) % 3
    batches = DataLoader(TensorDataset(X, y), 4)
    cross_entropy, metrics = nn.CrossEntropyLoss(), {"accuracy": accuracy}
    history = fit(net, batches, batches, loss=cross_entropy, metrics=metrics)
    assert list(history) == [
        "train_loss",
        "train_accuracy",
        "valid_loss",
        "valid_accuracy",
        "seconds",
    ]
    assert all(len(values) == 3 for values in history.values())
    assert all(isinstance(v, float) for values in history.values() for v in values)
    assert not history.interrupted and history.stopped == ""


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.integers(0, 1000))
def test_the_mean_over_unequal_batches_is_the_mean_over_all(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    X, y = torch.randn(2, sum(sizes), 3, generator=generator)
    batches = list(zip(X.split(sizes), y.split(sizes), strict=True))
    found = evaluate(nn.Identity(), batches, loss=MSE)
    assert found["loss"] == pytest.approx(MSE(X, y).item(), rel=1e-5)


def test_the_training_mean_weighs_the_short_batch_by_its_examples():
    history = fit(lr=0.0, num_epochs=1, net=(net := nn.Linear(1, 1)))
    X, y = (torch.cat(part) for part in zip(*line(), strict=True))
    assert history["train_loss"][0] == pytest.approx(MSE(net(X), y).item(), rel=1e-5)


def test_the_validation_figures_are_those_of_evaluate_after_the_epoch():
    net = nn.Linear(1, 1)
    history = fit(net, valid_iter=line(12), num_epochs=2)
    assert history["valid_loss"][-1] == evaluate(net, line(12), loss=MSE)["loss"]


def test_evaluate_gives_the_accuracy_where_nothing_is_asked_for():
    X = torch.eye(3)
    assert evaluate(nn.Identity(), [(X, torch.tensor([0, 1, 0]))]) == {
        "accuracy": pytest.approx(2 / 3)
    }


# Modes


class Spy(nn.Module):
    """Records the mode in which it is called; its second part is frozen in eval."""

    def __init__(self):
        super().__init__()
        self.part, self.frozen, self.modes = nn.Linear(1, 1), nn.Dropout(), []
        self.frozen.eval()

    def forward(self, X):
        self.modes.append(self.training)
        return self.part(X)


def test_training_is_in_train_mode_and_validation_in_eval_mode():
    net = Spy().eval()
    fit(net, [line()[0]], [line()[0]] * 2, num_epochs=2)
    assert net.modes == [True, False, False] * 2


@pytest.mark.parametrize("training", [True, False])
def test_train_leaves_every_module_in_the_mode_it_found(training):
    net = Spy()
    net.training = training
    fit(net, valid_iter=line())
    assert (net.training, net.frozen.training) == (training, False)


def test_evaluate_leaves_every_module_in_the_mode_it_found():
    net = Spy()
    evaluate(net, line(), loss=MSE)
    assert (net.training, net.frozen.training) == (True, False)


def test_modes_are_put_back_after_an_error_too():
    net = Spy().eval()
    with pytest.raises(RuntimeError):
        fit(net, [(torch.zeros(3, 5), torch.zeros(3, 1))])
    assert not net.training
    with pytest.raises(ZeroDivisionError), mode(net, training=True):
        raise ZeroDivisionError
    assert not net.training


def test_evaluate_tracks_no_gradient():
    grads = []
    evaluate(
        nn.Linear(1, 1), line(), loss=lambda a, b: grads.append(a.grad_fn) or MSE(a, b)
    )
    assert grads == [None] * 3


# What goes from the device to the host


class HostReads(TorchDispatchMode):
    """Counts every `.item()`, `float()`, `bool()` and the like of a tensor."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += "_local_scalar_dense" in str(function)
        return function(*args, **(kwargs or {}))


def host_reads(batches):
    with HostReads() as reads:
        fit(
            nn.Linear(2, 3),
            [(torch.zeros(4, 2), torch.zeros(4, dtype=torch.int64))] * batches,
            loss=nn.CrossEntropyLoss(),
            metrics={"accuracy": accuracy},
            clip_norm=1.0,
            num_epochs=2,
        )
    return reads.count


def test_the_counter_of_host_reads_counts():
    with HostReads() as reads:
        torch.ones(()).item()
        bool(torch.ones(()) > 0)
    assert reads.count == 2


def test_nothing_is_read_from_the_device_for_each_batch():
    assert host_reads(batches=50) == host_reads(batches=2) == 4  # 2 epochs, 2 figures


# The progress bar


@pytest.fixture
def clock(monkeypatch):
    """A clock of tqdm's that only moves when it is told to, in seconds."""
    clock = type("Clock", (), {"now": 1000.0})()
    monkeypatch.setattr("tqdm.std.time", lambda: clock.now)
    return clock


class Slow:
    """Batches that take `seconds` each."""

    def __init__(self, clock, batches, seconds):
        self.clock, self.batches, self.seconds = clock, batches, seconds

    def __len__(self):
        return self.batches

    def __iter__(self):
        for _ in range(self.batches):
            yield line()[0]
            self.clock.now += self.seconds


def test_the_bar_is_redrawn_at_most_ten_times_a_second(clock, capsys):
    with HostReads() as reads:
        fit(train_iter=Slow(clock, 1000, 0.005), num_epochs=1)
    drawn = capsys.readouterr().out.count("batch/s")
    assert 20 <= drawn <= 30  # three seconds, after the first two
    assert reads.count <= drawn + 1


def test_the_bar_shows_the_time_left_and_the_loss_on_standard_output(clock, capsys):
    fit(train_iter=Slow(clock, 50, 0.1), num_epochs=1)
    printed = capsys.readouterr()
    assert re.search(r"3\d/50 \[00:03<00:01, .*, loss [\d.]+\]", printed.out)
    assert printed.err == ""


def test_the_bar_is_wiped_away_at_the_end(clock, capsys):
    fit(train_iter=Slow(clock, 50, 0.1), num_epochs=1)
    assert capsys.readouterr().out.endswith(" \r")


def test_a_run_under_two_seconds_prints_nothing(clock, capsys):
    fit(train_iter=Slow(clock, 19, 0.1), num_epochs=1)
    assert capsys.readouterr() == ("", "")


def test_without_progress_a_long_run_prints_nothing(clock, capsys):
    fit(train_iter=Slow(clock, 50, 0.1), num_epochs=1, progress=False)
    assert capsys.readouterr() == ("", "")


def test_the_bar_starts_no_thread(clock, monkeypatch):
    monkeypatch.setattr(tqdm, "monitor", None)  # other bars may have started theirs
    fit(train_iter=Slow(clock, 50, 0.1), num_epochs=1)
    assert Bar.monitor is None


# Early stop, clipping, schedule, interrupt


def test_patience_stops_when_the_validation_loss_no_longer_falls(capsys):
    worse = [(X, -y) for X, y in line()]
    history = fit(valid_iter=worse, num_epochs=50, patience=3)
    best = history["valid_loss"].index(min(history["valid_loss"]))
    assert history.epochs == best + 1 + 3 < 50
    assert "Stopped early after epoch" in history.stopped
    assert history.stopped in capsys.readouterr().out


def test_patience_waits_while_the_validation_loss_falls():
    assert fit(valid_iter=line(), num_epochs=10, lr=0.01, patience=1).epochs == 10


def test_clip_norm_bounds_the_step():
    net = nn.Linear(1, 1)
    before = torch.cat([net.weight.flatten(), net.bias]).detach().clone()
    batch = (torch.full((4, 1), 100.0), torch.full((4, 1), 1000.0))
    fit(net, [batch], lr=1.0, clip_norm=0.5, num_epochs=1)
    after = torch.cat([net.weight.flatten(), net.bias]).detach()
    assert (after - before).norm().item() == pytest.approx(0.5, rel=1e-3)


def test_the_schedule_moves_once_an_epoch():
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
    schedule = StepLR(optimizer, step_size=1, gamma=0.1)
    fit(net, optimizer=optimizer, scheduler=schedule, num_epochs=2)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(1e-5)


def test_a_schedule_on_plateaus_watches_the_validation_loss():
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    schedule = ReduceLROnPlateau(optimizer, patience=0, factor=0.5)
    worse = [(X, -10 * y) for X, y in line()]
    fit(net, valid_iter=worse, optimizer=optimizer, scheduler=schedule, num_epochs=4)
    assert optimizer.param_groups[0]["lr"] < 0.1


def interrupting(after):
    """Return a loss during whose call number `after` somebody presses Ctrl+C."""
    calls = iter(range(after))

    def loss(y_hat, y):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return MSE(y_hat, y)

    return loss


def test_an_interrupt_keeps_the_epochs_that_were_finished(capsys):
    net = nn.Linear(1, 1).eval()
    history = fit(net, loss=interrupting(after=7), num_epochs=50)  # 3 batches an epoch
    assert history.interrupted and history.epochs == 2
    assert "Interrupted after 2" in capsys.readouterr().out
    assert not net.training


def test_an_interrupt_in_the_first_epoch_gives_an_empty_history():
    history = fit(loss=interrupting(after=0))
    assert history.interrupted and history.epochs == 0
    assert len(history.table()) == 0


def test_a_loss_that_is_not_a_number_is_noticed_and_said(capsys):
    history = fit(lr=1e30, num_epochs=20)
    assert history.epochs < 20
    assert re.search(r"loss of epoch \d+ is (nan|inf).*smaller", history.stopped)
    assert history.stopped in capsys.readouterr().out


# Errors


def other_optimizer():
    return torch.optim.SGD(nn.Linear(1, 1).parameters(), 0.1)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"num_epochs": 0}, ValueError, "num_epochs is 0"),
        ({"patience": 0, "valid_iter": line()}, ValueError, "patience is 0"),
        ({"patience": 2}, ValueError, "valid_iter"),
        ({"clip_norm": 0.0}, ValueError, "clip_norm is 0.0"),
        ({"train_iter": []}, ValueError, "train_iter holds no batch"),
        ({"valid_iter": []}, ValueError, "valid_iter holds no batch"),
        ({"train_iter": iter(line())}, TypeError, "one epoch only"),
        ({"loss": nn.MSELoss}, TypeError, "loss is .*with its brackets"),
        ({"loss": nn.MSELoss(reduction="none")}, ValueError, r"loss gave .*\(8, 1\)"),
        ({"loss": lambda y_hat, y: 0.5}, TypeError, "loss gave 0.5"),
        ({"metrics": {"accuracy": "accuracy"}}, TypeError, "accuracy is 'accuracy'"),
        ({"metrics": {"loss": MSE}}, ValueError, 'may not be called "loss"'),
        (
            {"metrics": {"error": lambda a, b: a - b}},
            ValueError,
            r"error gave .*\(8, 1\)",
        ),
        ({"optimizer": other_optimizer()}, ValueError, "none of net's parameters"),
    ],
)
def test_a_wrong_argument_is_refused_before_a_step_is_taken(wrong, error, message):
    net = nn.Linear(1, 1)
    before = net.weight.clone()
    with pytest.raises(error, match=message):
        fit(net, **wrong)
    assert torch.equal(net.weight, before)


def test_a_net_that_is_a_plain_function_is_refused():
    with pytest.raises(TypeError, match="net is a function"):
        train(lambda X: X, line(), loss=MSE, optimizer=None, num_epochs=1)


def test_an_iterable_that_turns_out_empty_is_refused():
    class Empty:
        def __iter__(self):
            return iter(())

    with pytest.raises(ValueError, match="no batch"):
        fit(train_iter=Empty())
    with pytest.raises(ValueError, match="no batch"):
        evaluate(nn.Linear(1, 1), iter(()))


def test_a_name_that_the_history_lacks_is_answered_with_those_it_has():
    with pytest.raises(KeyError, match=r"train_acc.*train_loss, seconds"):
        fit()["train_acc"]


# Table and plot


def test_the_table_counts_epochs_from_one():
    history = fit(valid_iter=line())
    table = history.table()
    assert isinstance(table, pd.DataFrame) and table.index.name == "epoch"
    assert table.index.tolist() == [1, 2, 3]
    assert table["valid_loss"].tolist() == history["valid_loss"]


def test_the_plot_has_a_labelled_line_for_each_figure_but_the_time():
    ax = fit(valid_iter=line()).plot()
    assert [line.get_label() for line in ax.lines] == ["train loss", "valid loss"]
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    plots.plt.close(ax.figure)


def test_the_plot_can_go_on_given_axes():
    fig, ax = plots.figure()
    assert fit().plot(ax) is ax
    plots.plt.close(fig)


# A schedule stepped after each batch, and several losses


def test_a_schedule_can_be_stepped_after_each_batch():
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=9)
    by_hand = nn.Linear(1, 1)
    by_hand.load_state_dict(net.state_dict())
    twin = torch.optim.SGD(by_hand.parameters(), 0.1)
    twins = torch.optim.lr_scheduler.OneCycleLR(twin, 0.1, total_steps=9)
    for X, y in line() * 3:
        twin.zero_grad()
        MSE(by_hand(X), y).backward()
        twin.step()
        twins.step()
    fit(net, optimizer=optimizer, scheduler=schedule, scheduler_per="batch")
    assert schedule.last_epoch == 9
    assert torch.equal(net.weight, by_hand.weight)


@pytest.mark.parametrize(
    ("scheduler", "per", "words"),
    [
        (None, "batch", "needs a scheduler"),
        (None, "step", 'expected "epoch" or "batch"'),
        (ReduceLROnPlateau, "batch", "loss of a whole epoch"),
    ],
)
def test_a_schedule_that_cannot_be_stepped_so_is_refused(scheduler, per, words):
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    scheduler = scheduler and scheduler(optimizer)
    with pytest.raises(ValueError, match=words):
        fit(net, optimizer=optimizer, scheduler=scheduler, scheduler_per=per)


def two_losses(y_hat, y):
    return {"near": MSE(y_hat, y), "far": (y_hat - 3 * y).abs().mean()}


def test_several_losses_are_kept_by_name_and_their_weighted_sum_is_reduced():
    net, twin = nn.Linear(1, 1), nn.Linear(1, 1)
    twin.load_state_dict(net.state_dict())
    weights = {"far": 0.25}
    history = fit(net, loss=two_losses, loss_weights=weights, valid_iter=line())
    alone = fit(twin, loss=lambda a, b: MSE(a, b) + (a - 3 * b).abs().mean() / 4)
    assert torch.equal(net.weight, twin.weight)
    assert history["train_loss"] == pytest.approx(alone["train_loss"])
    parts = zip(history["train_near"], history["train_far"], strict=True)
    sums = [near + far / 4 for near, far in parts]
    assert sums == pytest.approx(history["train_loss"])
    found = evaluate(net, line(), loss=two_losses, loss_weights=weights)
    assert found["far"] == history["valid_far"][-1]


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"loss": two_losses, "loss_weights": {"afar": 2}}, "names afar"),
        ({"loss_weights": {"far": 2}}, "one loss without a name"),
        ({"loss": two_losses, "metrics": {"near": MSE}}, "both called near"),
        ({"loss": lambda a, b: {"near": (a - b) ** 2}}, "near gave a tensor of shape"),
    ],
)
def test_losses_that_do_not_fit_together_are_refused(kwargs, words):
    with pytest.raises(ValueError, match=words):
        fit(**kwargs)


def test_weights_without_a_loss_are_refused():
    with pytest.raises(ValueError, match="give loss too"):
        evaluate(nn.Identity(), line(), loss_weights={"far": 2})


def test_a_net_of_several_inputs_takes_a_tuple():
    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.zeros(1))

        def forward(self, X, Z):
            return X * self.scale + Z

    batches = [((X, torch.ones_like(X)), y) for X, y in line()]
    net = Both()
    history = fit(net, batches, valid_iter=batches, num_epochs=40, lr=0.5)
    assert net.scale.item() == pytest.approx(2, abs=0.01)
    assert history["valid_loss"][-1] < 1e-3
