"""What a net is measured by, batch by batch: losses and metrics, and their means."""

from contextlib import contextmanager
from functools import partial

import torch


class Means:
    """Means over examples, of values that are means over batches of unequal size.

    mean = sum_b n_b v_b / sum_b n_b. The sums stay on the device until `read`.
    """

    def __init__(self):
        self.sums, self.count = {}, 0

    def add(self, values, n):
        """Add a batch of `n` examples: name -> 0-d tensor, the mean over the batch."""
        self.count += n
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0) + value.detach() * n

    def read(self):
        """Return name -> mean as a float; this waits for the device."""
        if not self.count:
            raise ValueError("there was no batch; is the data empty?")
        return {name: float(total) / self.count for name, total in self.sums.items()}


def functions_of(loss, metrics=None, loss_weights=None):
    """Name -> function of (y_hat, y) to its values by name."""
    if "loss" in (metrics or {}):
        raise ValueError('a metric may not be called "loss"; give it another name')
    if loss_weights is not None and loss is None:
        raise ValueError("loss_weights weigh the losses: give loss too")
    for name, function in (
        ({} if loss is None else {"loss": loss}) | (metrics or {})
    ).items():
        if isinstance(function, type) or not callable(function):
            raise TypeError(
                f"{name} is {function!r}; expected a function of (y_hat, y), such as "
                "metrics.accuracy or nn.MSELoss() with its brackets"
            )
    functions = {} if loss is None else {"loss": partial(_losses, loss, loss_weights)}
    return functions | (metrics or {})


def _losses(loss, weights, y_hat, y):
    """The losses by name, and under "loss" their weighted sum, or the only one."""
    found, weights = loss(y_hat, y), weights or {}
    several = found if isinstance(found, dict) else {}
    if unknown := weights.keys() - several.keys():
        named = ", ".join(several) or "one loss without a name"
        raise ValueError(f"loss_weights names {', '.join(unknown)}; loss gave {named}")
    _check_values(several or {"loss": found})
    if not several:
        return {"loss": found}
    total = sum(weights.get(name, 1) * value for name, value in several.items())
    return {"loss": total} | several


def measure(functions, net, X, y, device):
    """The values of a batch by name, and how many examples it has."""
    y, inputs = y.to(device), X if isinstance(X, tuple | list) else (X,)
    y_hat, values = net(*(part.to(device) for part in inputs)), {}
    for name, function in functions.items():
        found = function(y_hat, y)
        found = found if name == "loss" else {name: found}
        if twice := values.keys() & found.keys():
            raise ValueError(f"a loss and a metric are both called {', '.join(twice)}")
        _check_values(found)
        values |= found
    return values, len(y)


@contextmanager
def mode(net, *, training):
    """Put `net` in train or eval mode; put each module back as it was found."""
    found = [(module, module.training) for module in net.modules()]
    net.train(training)
    try:
        yield net
    finally:
        for module, was_training in found:
            module.training = was_training


def _check_values(values):
    for name, value in values.items():
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"{name} gave {value!r}; expected a tensor with no axes")
        if value.ndim:
            raise ValueError(
                f"{name} gave a tensor of shape {tuple(value.shape)} for a batch; "
                "expected its mean, a tensor with no axes: take .mean()"
            )
