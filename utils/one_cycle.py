"""One cycle of the learning rate, and the short fit of a net that goes with it."""

import torch
from torch.nn import functional as F
from torch.optim.lr_scheduler import OneCycleLR

from utils.history import History
from utils.metrics import accuracy
from utils.train import train


def one_cycle(optimizer, lr, num_steps, warm_up=0.3) -> dict:
    """Settings of `train`: the optimiser, and its learning rate stepped per batch.

    The rate rises from lr / 25 to lr, then falls along a cosine to nearly 0.

    Args:
        optimizer: a `torch.optim` optimiser of the net's parameters.
        lr: the largest learning rate.
        num_steps: batches of the whole training.
        warm_up: share of the steps in which the rate rises.

    Returns:
        what `train` takes as `optimizer`, `scheduler` and `scheduler_per`.

    Source: Smith and Topin, Super-convergence, 2018.
    """
    scheduler = OneCycleLR(optimizer, lr, num_steps, pct_start=warm_up)
    return {"optimizer": optimizer, "scheduler": scheduler, "scheduler_per": "batch"}


def fit(
    net,
    train_iter,
    valid_iter=None,
    *,
    lr,
    num_epochs,
    optimizer=None,
    warm_up=0.3,
    loss=F.cross_entropy,
    **settings,
) -> History:
    """Train `net` in place over one cycle of the learning rate.

    Args:
        net: the module.
        train_iter, valid_iter: DataLoaders of batches (X, y), as in `train`.
        lr: the largest learning rate.
        num_epochs: passes over `train_iter`.
        optimizer: by default Adam.
        warm_up: share of the steps in which the rate rises.
        loss: function of (y_hat, y); by default the cross-entropy, of which the
            accuracy is measured, too.
        settings: what else `train` takes, such as `device` and `metrics`.

    Returns:
        the history that `train` gives.
    """
    if optimizer is None:
        optimizer = torch.optim.Adam(net.parameters(), lr=lr, fused=True)
    if loss is F.cross_entropy:
        settings = {"metrics": {"accuracy": accuracy}} | settings
    cycle = one_cycle(optimizer, lr, num_epochs * len(train_iter), warm_up)
    return train(
        net,
        train_iter,
        valid_iter,
        loss=loss,
        num_epochs=num_epochs,
        **cycle,
        **settings,
    )
