"""Autograd agrees with finite differences, or the message shows both."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from utils import check

INPUT = "square, gradient for input"


class Twice(torch.autograd.Function):
    """The square, whose backward forgets the factor 2."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0]


def said(*args, **kwargs) -> check.WrongAnswer | None:
    try:
        check.gradient(*args, **kwargs)
    except check.WrongAnswer as error:
        return error
    return None


@pytest.mark.parametrize(
    "function",
    [torch.sin, lambda x: (x**2).sum(), lambda x: F.softmax(x, dim=0), torch.square],
)
def test_a_differentiable_function_passes(function):
    assert said(function, torch.tensor([0.3, -1.2, 2.0])) is None


def test_labels_are_not_varied_and_an_unused_input_does_no_harm():
    labels = torch.tensor([0, 2])
    assert said(F.cross_entropy, torch.rand(2, 3), labels) is None
    assert said(lambda x, y: x.sum(), torch.rand(3), torch.rand(2)) is None


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            Twice.apply,
            f"{INPUT} 0: expected tensor([2, 8]), got tensor([1, 4]).",
        ),
        (
            lambda x: (x * x.detach()).sum(),
            f"{INPUT} 0: expected tensor([2, 4]), got tensor([1, 2]).",
        ),
        (
            lambda x: x.detach() ** 2,
            "square: expected a gradient, got a result cut off from its inputs.",
        ),
        (lambda x: x.numpy(), None),
        (lambda x: 3.0, "square: expected a tensor, got 3."),
    ],
)
def test_a_wrong_gradient_is_shown_beside_the_right_one(function, message):
    if message is None:
        with pytest.raises(RuntimeError):
            check.gradient(function, torch.tensor([1.0, 2.0]), what="square")
    else:
        error = said(function, torch.tensor([1.0, 2.0]), what="square")
        assert error.message == message


def test_the_second_input_is_checked_too():
    error = said(lambda x, w: x * w.detach() + w, torch.ones(2), torch.ones(2))
    assert "gradient for input 1: expected tensor([2, 4]), got tensor([1, 2])" in (
        error.message
    )


def test_an_answer_that_changes_its_input_in_place_is_tried_on_a_fresh_one_each_time():
    def double(x):
        with torch.no_grad():
            x *= 1
        return 2 * x

    x = torch.ones(2)
    assert said(double, x) is None
    assert not x.requires_grad


def test_a_mistake_is_recognised_by_the_function():
    mistakes = {"detached": lambda f: not f(torch.ones(1)).requires_grad}
    error = said(lambda x: x.detach(), torch.ones(2), mistakes=mistakes)
    assert error.mistake == "detached"


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=4), st.floats(0.5, 2))
def test_a_scaled_backward_is_always_seen_unless_the_scale_is_one(numbers, scale):
    class Scaled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 3 * x

        @staticmethod
        def backward(ctx, grad):
            return 3 * scale * grad

    error = said(Scaled.apply, torch.tensor(numbers))
    assert (error is None) == (abs(scale - 1) < 1.3e-4) or 1e-4 < abs(scale - 1) < 2e-4
