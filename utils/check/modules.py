"""Checks of modules, gradients and of what may be called."""

import contextlib
import functools
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from utils.check.checks import Mistakes, fail, shape
from utils.check.compare import describe
from utils.check.errors import WrongAnswer
from utils.check.outcome import freeze
from utils.check.probe import copy_arguments
from utils.check.session import session


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

    Args:
        net: the student's module.
        X: an input; without it nothing is run.
        output_shape: the shape of net(X).
        num_params: how many numbers the parameters hold.
        param_shapes: name -> shape, or the shapes in any order.
        trains: whether every parameter must get a gradient that is not all zero.
        mistakes: name -> predicate of the net.

    Raises:
        WrongAnswer: the first of these that does not hold.
    """
    if not isinstance(net, nn.Module):
        got = describe(freeze(net))
        fail(f"expected an nn.Module, got {got}.", net, mistakes)
    shapes = {name: tuple(p.shape) for name, p in net.named_parameters()}
    if num_params is not None:
        count = sum(p.numel() for p in net.parameters())
        if count != num_params:
            text = f"expected {num_params:,} parameters, got {count:,}."
            fail(text, net, mistakes)
    if param_shapes is not None:
        _check_parameter_shapes(net, shapes, param_shapes, mistakes)
    if X is not None:
        _check_forward(net, X, output_shape, trains, mistakes)


def _check_parameter_shapes(net, shapes: dict, expected, mistakes: Mistakes) -> None:
    got = shapes
    if not isinstance(expected, dict):
        expected, got = sorted(map(tuple, expected)), sorted(shapes.values())
    if got != expected:
        text = f"parameters: expected the shapes {expected}, got {got}."
        fail(text, net, mistakes)


def _check_forward(net, X, output_shape, trains: bool, mistakes: Mistakes) -> None:
    y_hat = net(X.clone())
    if output_shape is not None:
        wrong = {n: _about(m, net) for n, m in (mistakes or {}).items()}
        shape(y_hat, output_shape, f"the output on {describe(freeze(X))}", wrong)
    if not trains:
        return
    net.zero_grad()
    weights = torch.arange(1.0, y_hat.numel() + 1).reshape(y_hat.shape).sin()
    (y_hat * weights).sum().backward()
    idle = [
        name
        for name, p in net.named_parameters()
        if p.grad is None or not bool(p.grad.abs().sum() > 0)
    ]
    net.zero_grad()
    if idle:
        text = f"no gradient reaches {', '.join(idle)}, so training leaves it as it is."
        fail(text, net, mistakes)


def _about(mistake: Any, net: nn.Module) -> Any:
    """A predicate of the net, asked about its output's shape."""
    return (lambda _: mistake(net)) if callable(mistake) else mistake


def gradient(
    function: Callable, *inputs: torch.Tensor, what: str = "", mistakes: Mistakes = None
) -> None:
    """Demand that autograd agrees with (f(x + eps) - f(x - eps)) / (2 eps).

    Args:
        function: a differentiable function of the inputs, in double precision.
        *inputs: floating-point tensors.
        what: what the gradient is of, for the message.
        mistakes: name -> value or predicate of the function.

    Raises:
        WrongAnswer: the result does not depend on an input, or the two disagree.
    """
    doubles = [x.detach().double().requires_grad_() for x in inputs]
    name = what or getattr(function, "__name__", "the function")
    y = function(*copy_arguments(doubles))
    if not (isinstance(y, torch.Tensor) and y.requires_grad):
        text = f"{name}: the result is cut off from its inputs, so no gradient flows."
        fail(text, function, mistakes)
    try:
        torch.autograd.gradcheck(function, doubles, eps=1e-6, atol=1e-4)
    except torch.autograd.gradcheck.GradcheckError:
        text = f"{name}: its gradient differs from the finite difference."
        fail(text, function, mistakes)


class _Watch(TorchFunctionMode):
    """Notices calls of torch functions, however the student imported them."""

    def __init__(self, forbidden: dict[Any, str], called: list[str]):
        super().__init__()
        self.forbidden, self.called = forbidden, called

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if func in self.forbidden:
            self.called.append(self.forbidden[func])
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def forbidden(*names: str) -> Iterator[None]:
    """Demand that none of the named torch functions or classes is used inside.

    Args:
        *names: dotted names, such as "torch.nn.functional.mse_loss", "torch.optim.SGD".

    Raises:
        WrongAnswer: one was called or made.
    """
    called: list[str] = []
    targets = {name: _resolve(name) for name in names}
    classes = {name: t for name, t in targets.items() if isinstance(t, type)}
    functions = {t: name for name, t in targets.items() if name not in classes}
    with contextlib.ExitStack() as stack:
        stack.enter_context(_Watch(functions, called))
        for name, cls in classes.items():
            stack.enter_context(_watched_class(cls, name, called))
        yield
    if called:
        text = f"You called {called[0]}; this exercise asks you to do it from scratch."
        raise WrongAnswer(session.exercise, text, f"{called[0]} does the work")


def _resolve(name: str) -> Any:
    """The object behind a dotted name, modules imported on the way."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        with contextlib.suppress(ModuleNotFoundError):
            module_ = importlib.import_module(".".join(parts[:cut]))
            return functools.reduce(getattr, parts[cut:], module_)
    raise ValueError(f"check.forbidden: no such name: {name!r}")


@contextlib.contextmanager
def _watched_class(cls: type, name: str, called: list[str]) -> Iterator[None]:
    original = cls.__init__

    @functools.wraps(original)
    def init(self, *args, **kwargs):
        called.append(name)
        original(self, *args, **kwargs)

    cls.__init__ = init
    try:
        yield
    finally:
        cls.__init__ = original
