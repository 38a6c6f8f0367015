"""Autograd against finite differences."""

from collections.abc import Callable
from typing import Any

import torch

from utils.check.checks import Mistakes, fail
from utils.check.compare import difference
from utils.check.copies import copy_arguments
from utils.check.describe import describe
from utils.check.outcome import freeze
from utils.check.plain import opened, plain
from utils.check.seeding import seeded

EPS = 1e-6
TOLERANCE = 1e-4


def gradient(
    function: Callable, *inputs: torch.Tensor, what: str = "", mistakes: Mistakes = None
) -> None:
    """Demand that autograd agrees with (f(x + eps) - f(x - eps)) / (2 eps).

    A result y of many numbers counts as y[0] + 2 y[1] + 3 y[2] + ...

    Args:
        function: a differentiable function of the inputs, called in double precision.
        *inputs: tensors; those of whole numbers (labels, indices) are not varied.
        what: what the gradient is of, for the message.
        mistakes: name -> predicate of the function.

    Raises:
        WrongAnswer: no gradient reaches the inputs, or the two disagree.
    """
    name = what or getattr(function, "__name__", "the function")
    xs = [_double(x) for x in inputs]
    y = _call(function, xs)
    if freeze(y).kind != "tensor":
        text = f"{name}: expected a tensor, got {describe(freeze(y))}."
        fail(text, function, mistakes)
    if not y.requires_grad:
        text = f"{name}: expected a gradient, got a result cut off from its inputs."
        fail(text, function, mistakes)
    for i, (want, have) in enumerate(_both_gradients(function, xs)):
        if found := difference(freeze(want), freeze(have), TOLERANCE, TOLERANCE):
            text = f"{name}, gradient for input {i}: {found}."
            fail(text, function, mistakes)


def _double(x: torch.Tensor) -> torch.Tensor:
    if not x.is_floating_point():
        return x
    return x.detach().double().requires_grad_()


def _call(function: Callable, xs: list) -> Any:
    """One call, seeded, on copies; what it gives is plain."""
    with seeded(0), torch.enable_grad():
        return plain(opened(function)(*copy_arguments(xs)))


def _both_gradients(function: Callable, xs: list):
    """By finite differences and by autograd, input by input."""
    copies = copy_arguments(xs)
    with seeded(0), torch.enable_grad():
        y = plain(opened(function)(*copies))
    with torch._C.DisableTorchFunction():
        free = [x for x in copies if x.requires_grad]
        grads = iter(torch.autograd.grad(_weighted(y), free, allow_unused=True))
    for i, x in enumerate(xs):
        if x.requires_grad:
            have, want = next(grads), _finite_differences(function, xs, i)
            yield want, torch.zeros_like(want) if have is None else have


def _finite_differences(function: Callable, xs: list, i: int) -> torch.Tensor:
    slopes = []
    for j in range(xs[i].numel()):
        ends = []
        for step in (EPS, -EPS):
            moved = copy_arguments(xs)
            with torch._C.DisableTorchFunction():
                moved[i].detach().view(-1)[j] += step
            ends.append(_weighted(_call(function, moved)).detach().item())
        slopes.append((ends[0] - ends[1]) / (2 * EPS))
    grid = torch.tensor(slopes, dtype=torch.float64).reshape(xs[i].shape)
    return grid.round(decimals=6)


def _weighted(y: torch.Tensor) -> torch.Tensor:
    """One number that depends on each number of y in its own way."""
    with torch._C.DisableTorchFunction():
        weights = torch.arange(1, y.numel() + 1, device=y.device)
        return (y.reshape(-1) * weights).sum()
