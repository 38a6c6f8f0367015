"""The training loop of the course: a plain function from a net to its history."""

import math
from collections.abc import Iterator
from functools import partial
from operator import length_hint
from time import perf_counter

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from utils.history import History
from utils.measuring import Means, functions_of, measure, mode
from utils.metrics import accuracy
from utils.progress import progress_bar


def train(
    net,
    train_iter,
    valid_iter=None,
    *,
    loss,
    optimizer,
    num_epochs,
    device=None,
    loss_weights=None,
    metrics=None,
    scheduler=None,
    scheduler_per="epoch",
    clip_norm=None,
    patience=None,
    progress=True,
) -> History:
    """Train `net` in place and return what was measured in each epoch.

    The means are over examples, so that a short last batch weighs what it should.
    Training figures are gathered while the net learns, in train mode; validation
    figures after each epoch, in eval mode. Modes are put back as they were found.

    Args:
        net: the module; it is moved to `device`.
        train_iter, valid_iter: iterables of batches (X, y), such as DataLoaders; a net
            of several inputs takes a tuple X.
        loss: function of (y_hat, y) to a 0-d tensor, the mean over the batch; or to
            several by name, {"box": ..., "class": ...}, whose weighted sum is reduced.
        optimizer: a `torch.optim` optimiser of the net's parameters.
        num_epochs: passes over `train_iter`, 1 or more.
        device: where to compute; by default where the net is.
        loss_weights: name -> weight in that sum; 1 for a loss that isn't named.
        metrics: name -> function like `loss`, such as {"accuracy": accuracy}.
        scheduler: learning-rate schedule.
        scheduler_per: "epoch" or "batch", after which it is stepped; `OneCycleLR`, say,
            counts batches.
        clip_norm: largest norm of the gradient, of all parameters together.
        patience: stop after so many epochs without a lower validation loss.
        progress: whether to show a bar where training takes over two seconds; with
            TQDM_DISABLE=1 in the environment there is none at all.

    Returns:
        The history. An interrupt from the keyboard ends training, not the program:
        the epochs that were finished are returned.

    Raises:
        TypeError, ValueError: an argument that can't work; most are found before
            training, a loss or metric that isn't a single number on the first batch.

    Source: Dive into Deep Learning, section 6.6 (`train_ch6`).
    """
    functions = functions_of(loss, metrics, loss_weights)
    _check(net, optimizer, num_epochs, clip_norm, patience, train_iter, valid_iter)
    _check_schedule(scheduler, scheduler_per)
    device = _device_of(net, device)
    net.to(device)
    history = History()
    bar = progress_bar(train_iter, num_epochs, progress)
    each_batch = scheduler if scheduler_per == "batch" else None
    steps = partial(_steps, functions, optimizer, each_batch, clip_norm, bar, device)
    with bar, mode(net, training=True):
        try:
            for _ in range(num_epochs):
                start = perf_counter()
                net.train()
                measured = _named("train", steps(net, train_iter))
                if valid_iter is not None:
                    measured |= _named("valid", _evaluate(net, valid_iter, functions))
                if scheduler_per == "epoch":
                    _step(scheduler, measured)
                history.add(measured | {"seconds": perf_counter() - start})
                if reason := _reason_to_stop(history, patience):
                    history.stopped = reason
                    break
        except KeyboardInterrupt:
            history.interrupted = True
            history.stopped = f"Interrupted after {history.epochs} whole epochs."
    if history.stopped:
        print(history.stopped)
    return history


def _steps(functions, optimizer, scheduler, clip_norm, bar, device, net, train_iter):
    """Go through the batches once, a step for each; return the means by name."""
    means = Means()
    for X, y in train_iter:
        values, n = measure(functions, net, X, y, device)
        optimizer.zero_grad()
        values["loss"].backward()
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(net.parameters(), clip_norm)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        means.add(values, n)
        if bar.update():  # just redrawn; the next time it shows this loss
            bar.set_postfix_str(f"loss {means.read()['loss']:.4g}", False)
    return means.read()


def evaluate(
    net, data_iter, *, loss=None, loss_weights=None, metrics=None, device=None
):
    """Return the mean loss and metrics of `net` over all examples, in eval mode.

    Args:
        net: the module; its modes are put back as they were found.
        data_iter: iterable of batches (X, y).
        loss, loss_weights: as in `train`.
        metrics: name -> function like `loss`; {"accuracy": accuracy} by default
            where no loss is given either.
        device: where to compute; by default where the net is.

    Returns:
        name -> mean over the examples; "loss" is the name of the loss, or of the sum
        of several, which have their own names.

    Raises:
        ValueError: `data_iter` gave no batch.
    """
    functions = functions_of(loss, metrics, loss_weights) or {"accuracy": accuracy}
    net.to(_device_of(net, device))
    return _evaluate(net, data_iter, functions, device)


@torch.no_grad()
def _evaluate(net, data_iter, functions, device=None):
    device, means = _device_of(net, device), Means()
    with mode(net, training=False):
        for X, y in data_iter:
            means.add(*measure(functions, net, X, y, device))
    return means.read()


def _named(part, values):
    return {f"{part}_{name}": value for name, value in values.items()}


def _step(scheduler, measured):
    if isinstance(scheduler, ReduceLROnPlateau):
        scheduler.step(measured.get("valid_loss", measured["train_loss"]))
    elif scheduler is not None:
        scheduler.step()


def _reason_to_stop(history, patience):
    """Return a sentence where training should end now, else an empty string."""
    last = history["train_loss"][-1]
    if not math.isfinite(last):
        return (
            f"Stopped: the training loss of epoch {history.epochs} is {last}. Try a "
            "smaller learning rate; look for a division by 0 or a logarithm of 0."
        )
    if patience is None:
        return ""
    losses = history["valid_loss"]
    best = losses.index(min(losses)) + 1
    if history.epochs - best < patience:
        return ""
    return (
        f"Stopped early after epoch {history.epochs}: the validation loss has not "
        f"fallen below that of epoch {best}."
    )


def _device_of(net, device):
    if device is not None:
        return torch.device(device)
    return next((p.device for p in net.parameters()), torch.device("cpu"))


def _check_schedule(scheduler, per):
    if per not in ("epoch", "batch"):
        raise ValueError(f'scheduler_per is {per!r}; expected "epoch" or "batch"')
    if per == "batch" and scheduler is None:
        raise ValueError('scheduler_per="batch" needs a scheduler')
    if per == "batch" and isinstance(scheduler, ReduceLROnPlateau):
        raise ValueError("ReduceLROnPlateau looks at the loss of a whole epoch")


def _check(net, optimizer, num_epochs, clip_norm, patience, train_iter, valid_iter):
    if not isinstance(net, nn.Module):
        raise TypeError(f"net is a {type(net).__name__}; expected a torch.nn.Module")
    for name, value in (("num_epochs", num_epochs), ("patience", patience)):
        if value is not None and value < 1:
            raise ValueError(f"{name} is {value}; expected 1 or more")
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(f"clip_norm is {clip_norm}; expected a number above 0")
    if patience is not None and valid_iter is None:
        raise ValueError("patience watches the validation loss: give valid_iter too")
    for name, batches in (("train_iter", train_iter), ("valid_iter", valid_iter)):
        if isinstance(batches, Iterator):
            raise TypeError(f"{name} lasts one epoch only; give a DataLoader or a list")
        if length_hint(batches, 1) == 0:
            raise ValueError(f"{name} holds no batch; is the data empty?")
    mine = set(map(id, net.parameters()))
    groups = getattr(optimizer, "param_groups", None)  # one's own optimiser has none
    if groups and not any(id(p) in mine for group in groups for p in group["params"]):
        raise ValueError("the optimizer holds none of net's parameters; make it anew")
