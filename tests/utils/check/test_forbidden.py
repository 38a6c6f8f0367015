"""A forbidden call is noticed under every name, and nothing stays watched."""

import contextlib
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.functional import mse_loss as m
from torchvision.ops import box_iou

from utils import check

X = torch.ones(2, 3)
LINEAR = "torch.nn.functional.linear"
MSE = nn.MSELoss()
W = nn.Parameter(torch.ones(2))
W.grad = torch.ones(2)
SGD = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)


class OwnLoss(nn.MSELoss):
    pass


def swallowing():
    with contextlib.suppress(BaseException):
        F.mse_loss(X, X)


def pooled():
    return F.max_pool2d(torch.ones(1, 1, 2, 2), 2)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("torch.nn.functional.mse_loss", lambda: m(X, X)),
        ("torch.nn.functional.mse_loss", lambda: nn.MSELoss()(X, X)),
        ("torch.nn.functional.mse_loss", swallowing),
        ("torch.nn.MSELoss", lambda: nn.MSELoss()),
        ("torch.nn.MSELoss", lambda: OwnLoss()),
        ("torch.nn.MSELoss", lambda: MSE(X, X)),
        ("torch.optim.SGD", lambda: torch.optim.SGD([nn.Parameter(X)], lr=0.1)),
        ("torch.optim.SGD", lambda: SGD.step()),
        ("torch.nn.BatchNorm2d", lambda: nn.BatchNorm2d(3)),
        ("torch.nn.functional.linear", lambda: nn.Linear(3, 2)(X)),
        ("torch.Tensor.backward", lambda: X.clone().requires_grad_().sum().backward()),
        ("torch.autograd.grad", lambda: torch.autograd.grad(W.sum(), W)),
        ("torch.sum", lambda: X.sum()),
        ("torch.Tensor.sum", lambda: torch.sum(X)),
        ("torch.Tensor.matmul", lambda: X @ X.T),
        ("torch.matmul", lambda: X @ X.T),
        ("torch.randn", lambda: torch.randn(2)),
        ("torch.nn.functional.max_pool2d", pooled),
        ("torch.nn.utils.clip_grad_norm_", lambda: nn.utils.clip_grad_norm_([X], 1)),
        ("torch.nn.init.xavier_uniform_", lambda: nn.init.xavier_uniform_(X.clone())),
        (
            "torchvision.ops.box_iou",
            lambda: box_iou(X, X),
        ),
        ("torch.no_grad", lambda: torch.no_grad()),
    ],
)
def test_a_forbidden_call_is_noticed_however_it_is_made(name, call):
    with (
        pytest.raises(check.WrongAnswer) as caught,
        check.forbidden(name),
        contextlib.suppress(Exception),
    ):
        call()
    assert caught.value.message == (
        f"You called {name}; this exercise asks you to do it from scratch."
    )
    assert caught.value.mistake == f"{name} does the work"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("torch.nn.functional.mse_loss", lambda: F.l1_loss(X, X)),
        ("torch.nn.functional.max_pool2d", lambda: F.max_pool1d(X, 2)),
        (
            "torch.nn.utils.clip_grad_norm_",
            lambda: nn.utils.clip_grad_value_([W], 1),
        ),
        ("torch.nn.BatchNorm2d", lambda: nn.BatchNorm1d(3)),
        ("torch.sum", lambda: X.mean()),
        ("torch.nn.MSELoss", lambda: nn.L1Loss()(X, X)),
    ],
)
def test_a_near_relative_is_not_mistaken_for_it(name, call):
    with check.forbidden(name):
        call()


def test_the_checks_own_calls_are_not_the_students():
    names = ("clone", "detach", "isclose", "sum", "item", "sin", "reshape", "cpu", "to")
    watched = [f"torch.Tensor.{name}" for name in names]
    watched += ["torch.autograd.grad", "torch.no_grad", "torch.arange", "torch.tensor"]
    w, net = nn.Parameter(torch.ones(2)), nn.Linear(3, 4)
    with check.forbidden(*watched):
        check.close(X, X)
        check.close(w[0], 1.0)
        check.true((X == 1).all(), "ones")
        check.reaches(w[0], 0.5)
        check.raises(TypeError, abs, w, w)
        check.module(net, X, (2, 4), 16)
        check.gradient(torch.exp, X)


def test_everything_is_as_before_afterwards_even_after_an_error():
    before = [vars(cls).get("__init__") for cls in (nn.MSELoss, nn.BatchNorm2d)]
    forward, step = nn.MSELoss.forward, torch.optim.SGD.step
    names = ("torch.nn.MSELoss", "torch.nn.BatchNorm2d", "torch.optim.SGD", "torch.sum")
    with pytest.raises(ZeroDivisionError), check.forbidden(*names):
        raise ZeroDivisionError
    assert before == [vars(cls).get("__init__") for cls in (nn.MSELoss, nn.BatchNorm2d)]
    assert "__init__" not in vars(nn.BatchNorm2d)
    assert (nn.MSELoss.forward, torch.optim.SGD.step) == (forward, step)
    assert torch.overrides._get_current_function_mode() is None


def test_a_profiler_that_runs_already_goes_on():
    calls = []
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, arg: calls.append(event))
    try:
        with check.forbidden("torch.nn.functional.mse_loss"):
            calls.clear()
            F.l1_loss(X, X)
        assert calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("call", [lambda: X.sum(), lambda: F.linear(X, X)])
def test_of_two_functions_written_in_c_either_is_noticed(call):
    with pytest.raises(check.CheckFailed), check.forbidden("torch.sum", LINEAR):
        call()


def test_several_watches_work_together():
    names = ("torch.nn.functional.l1_loss", "torch.nn.functional.mse_loss")
    for forbidden in (names, names[::-1]):
        with pytest.raises(check.WrongAnswer), check.forbidden(*forbidden):
            F.mse_loss(X, X)


@pytest.mark.parametrize("name", ["torch.no_such", "no_such.module", "torch"])
def test_a_name_that_does_not_exist_is_the_authors_error(name):
    with pytest.raises(ValueError, match="no such name"), check.forbidden(name):
        pass


@pytest.mark.parametrize("name", ["numpy.dot", "torch.pi", "torch.nn.Parameter"])
def test_what_cannot_be_noticed_is_refused(name):
    with pytest.raises(ValueError, match="can't notice"), check.forbidden(name):
        pass
