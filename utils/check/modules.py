"""Checks of modules: their parameters, their output and what the gradient reaches."""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from utils.check.calls import call
from utils.check.checks import Mistakes, fail
from utils.check.describe import describe
from utils.check.errors import CheckFailed
from utils.check.outcome import freeze, freeze_error
from utils.check.plain import opened, plain
from utils.check.session import session
from utils.check.verdict import is_stub, verdict, where


def module(
    net: Any,
    X: torch.Tensor | None = None,
    output_shape: tuple | None = None,
    num_params: int | None = None,
    param_shapes: dict | list | None = None,
    trains: bool = True,
    mistakes: Mistakes = None,
) -> None:
    """Demand an nn.Module with these shapes whose every parameter gets a gradient.

    Parameters, gradients and buffers are left as they were; only a lazy layer, which
    has no shape before it is run, gets it from `X`.

    Args:
        net: the student's module.
        X: an input; without it nothing is run.
        output_shape: the shape of net(X).
        num_params: how many numbers the parameters hold.
        param_shapes: name -> shape, or the shapes in any order.
        trains: whether every parameter must get a gradient that is not all zero.
        mistakes: name -> predicate of the net, or a wrong count or output shape.

    Raises:
        WrongAnswer: the first of these that does not hold.
    """
    net = opened(net)
    if not issubclass(type(net), nn.Module):
        fail(f"Expected an nn.Module, got {describe(freeze(net))}.", net, mistakes)
    with _left_alone(net):
        y_hat = None if X is None else _output(net, X, mistakes)
        if X is not None and output_shape is not None:
            _check_output(net, X, y_hat, tuple(output_shape), mistakes)
        params = parameters(net)
        _check_parameters(net, params, num_params, param_shapes, mistakes)
        if X is not None and trains:
            _check_gradients(net, params, y_hat, mistakes)


def parameters(net: Any) -> dict[str, nn.Parameter]:
    """A net's parameters by name, as torch finds them: a net may answer otherwise.

    Args:
        net: the student's module.

    Raises:
        TypeError: it is none.
    """
    if not issubclass(type(net), nn.Module):
        raise TypeError(f"expected an nn.Module, got {describe(freeze(net))}")
    return {name: plain(p) for name, p in nn.Module.named_parameters(net)}


def _check_parameters(net, params: dict, count, expected, mistakes: Mistakes) -> None:
    if lazy := [name for name, p in params.items() if is_lazy(p)]:
        fail(f"Expected shapes, got none yet for {', '.join(lazy)}.", net, mistakes)
    total = sum(p.numel() for p in params.values())
    if count is not None and total != count:
        text = f"Expected {count:,} parameters, got {total:,}."
        fail(text, total, mistakes, about=net)
    if expected is None:
        return
    shapes = {name: tuple(p.shape) for name, p in params.items()}
    if isinstance(expected, dict):
        expected = {name: tuple(shape) for name, shape in expected.items()}
    else:
        shapes, expected = sorted(shapes.values()), sorted(map(tuple, expected))
    if shapes != expected:
        text = f"Parameters: expected the shapes {expected}, got {shapes}."
        fail(text, shapes, mistakes, about=net)


def _output(net: nn.Module, X: torch.Tensor, mistakes: Mistakes) -> Any:
    """net(X), seeded and with gradients; if it raises, that is a wrong answer."""
    try:
        with torch.enable_grad():
            return call(net, X)
    except (CheckFailed, KeyboardInterrupt):
        raise
    except BaseException as error:
        if is_stub(error):
            raise verdict(error, session.exercise, session.hidden) from None
        got = f"{describe(freeze_error(error))}{where(error)}"
        text = f"The net on {describe(freeze(X))}: expected an output, got {got}."
        fail(text, None, mistakes, about=net)


def _check_output(net, X, y_hat: Any, expected: tuple, mistakes: Mistakes) -> None:
    outcome = freeze(y_hat)
    is_tensor = outcome.kind == "tensor"
    actual = tuple(outcome.data.shape) if is_tensor else y_hat
    if actual == expected and is_tensor:
        return
    got = f"shape {actual}" if is_tensor else describe(outcome)
    text = f"The net on {describe(freeze(X))}: expected shape {expected}, got {got}."
    fail(text, actual, mistakes, about=net)


def _check_gradients(net, params: dict, y_hat: Any, mistakes: Mistakes) -> None:
    outcome = freeze(y_hat)
    if outcome.kind != "tensor":
        text = f"Expected a tensor to train on, got {describe(outcome)}."
        fail(text, net, mistakes)
    free = {name: p for name, p in params.items() if p.requires_grad}
    grads = dict(zip(free, _gradients(y_hat, list(free.values())), strict=True))
    idle = [n for n in params if grads.get(n) is None or not grads[n].count_nonzero()]
    if idle:
        text = "Expected a gradient for each parameter, got none for"
        text = f"{text} {', '.join(idle)}: training would leave it as it is."
        fail(text, net, mistakes)


def _gradients(y_hat: torch.Tensor, params: list) -> list:
    """The gradient of a weighted sum of the outputs; None where nothing flows."""
    if not (y_hat.requires_grad and params):
        return [None] * len(params)
    with torch._C.DisableTorchFunction(), torch.enable_grad():
        # Unequal weights: the plain sum of a softmax, say, has no gradient at all.
        weights = torch.arange(1, y_hat.numel() + 1, device=y_hat.device).sin()
        total = (y_hat * weights.reshape(y_hat.shape)).sum()
        return list(torch.autograd.grad(total, params, allow_unused=True))


@contextlib.contextmanager
def _left_alone(net: nn.Module) -> Iterator[None]:
    """Put buffers (running means, counters) back as they were on the way out."""
    kept = [
        (part, name, buffer, buffer.detach().clone())
        for part in nn.Module.modules(net)
        for name, buffer in part._buffers.items()
        if buffer is not None and not is_lazy(buffer)
    ]
    try:
        yield
    finally:
        with torch.no_grad():
            for part, name, buffer, value in kept:
                part._buffers[name] = buffer.copy_(value)
