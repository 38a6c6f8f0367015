"""Time `utils.train.train` beside a loop written by hand and beside d2l's `train_ch6`.

LeNet with sigmoids, as in the book, on 4,000 digits. The hand-written loop measures the
same: loss and accuracy in training, loss and accuracy in validation. The two take turns
batch by batch, so that a busy machine slows both alike. `train_ch6` draws its Animator
as in a notebook, on an IPython shell; the two take turns run by run. Times are CPU
seconds of one thread; each ratio is the median over several runs.

Run: python benchmarks/train_overhead.py
"""

import contextlib
import io
import sys
from statistics import median
from time import process_time

import torch
from d2l import torch as d2l
from IPython.core.interactiveshell import InteractiveShell
from torch import nn

from utils import data, plots
from utils.device import set_seed
from utils.metrics import accuracy
from utils.train import train

HAND_LIMIT, D2L_LIMIT = 1.03, 0.5
LR = 0.9


def lenet() -> nn.Module:
    """Return LeNet with sigmoids, always with the same weights."""
    set_seed(0)
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, 10),
    )


def ours(net, train_iter, valid_iter, num_epochs):
    """Train with `utils.train.train`, its progress bar on."""
    train(
        net,
        train_iter,
        valid_iter,
        loss=nn.CrossEntropyLoss(),
        optimizer=torch.optim.SGD(net.parameters(), lr=LR),
        num_epochs=num_epochs,
        metrics={"accuracy": accuracy},
    )


def by_hand(net):
    """Receive batches and train on each, or evaluate on it after the word "valid"."""
    loss, part = nn.CrossEntropyLoss(), "train"
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)
    total, right, count = 0.0, 0.0, 0
    while True:
        X, y = yield
        if isinstance(X, str):
            part, total, right, count = X, 0.0, 0.0, 0
            net.train(part == "train")
            continue
        with torch.set_grad_enabled(part == "train"):
            y_hat = net(X)
            l = loss(y_hat, y)  # noqa: E741
        if part == "train":
            optimizer.zero_grad()
            l.backward()
            optimizer.step()
        total += l.detach() * len(y)
        right += (y_hat.argmax(1) == y).sum()
        count += len(y)


class TakingTurns:
    """Batches that hand each batch to another loop too, and time that loop apart."""

    def __init__(self, part, batches, loop):
        self.part, self.batches, self.loop, self.seconds = part, batches, loop, 0.0

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        self.loop.send((self.part, None))
        for batch in self.batches:
            yield batch
            start = process_time()
            self.loop.send(batch)
            self.seconds += process_time() - start


def ratio_to_hand(train_batches, valid_batches, num_epochs=2) -> float:
    """Return the time of `train`, all its own work included, over the loop's."""
    loop = by_hand(lenet())
    next(loop)
    first = TakingTurns("train", train_batches, loop)
    second = TakingTurns("valid", valid_batches, loop)
    start = process_time()
    ours(lenet(), first, second, num_epochs)
    hand = first.seconds + second.seconds
    return (process_time() - start - hand) / hand


def ratio_to_d2l(train_batches, valid_batches, num_epochs=2) -> float:
    """Return the time of `train` over that of `d2l.train_ch6` with its Animator."""
    start = process_time()
    ours(lenet(), train_batches, valid_batches, num_epochs)
    middle = process_time()
    d2l.train_ch6(lenet(), train_batches, valid_batches, num_epochs, LR, "cpu")
    end = process_time()
    d2l.plt.close("all")
    return (middle - start) / (end - middle)


def measure(name, ratio, batches, limit, runs) -> bool:
    """Print the median ratio and its range; return whether it is within the limit."""
    with contextlib.redirect_stdout(io.StringIO()):  # progress bars, d2l's lines
        ratios = sorted(ratio(*batches) for _ in range(runs))
    verdict = "ok" if median(ratios) <= limit else "OVER THE LIMIT"
    print(
        f"train() / {name}: {median(ratios):.3f}, from {ratios[0]:.3f} to "
        f"{ratios[-1]:.3f} in {runs} runs; limit {limit}: {verdict}"
    )
    return verdict == "ok"


def main() -> int:
    """Print both ratios; return 1 where one is over its limit."""
    torch.set_num_threads(1)
    InteractiveShell.instance()  # renders d2l's figures as a notebook would
    plots.fix_d2l()
    parts = data.mnist()
    small, large = (
        [list(data.load_array(part, size, shuffle=False)) for part in parts]
        for size in (64, 256)
    )
    well = [
        measure("a loop by hand", ratio_to_hand, small, HAND_LIMIT, runs=7),
        measure("d2l.train_ch6", ratio_to_d2l, large, D2L_LIMIT, runs=7),
    ]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
