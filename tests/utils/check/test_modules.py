"""A module is judged by its shapes and gradients and is left as it was."""

import copy

import pytest
import torch
from torch import nn

from utils import check

X = torch.ones(2, 3)


class Net(nn.Module):
    """Two layers, a batch norm with buffers and, if asked, a layer that idles."""

    def __init__(self, idle=False):
        super().__init__()
        self.hidden = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(4, 2)
        if idle:
            self.idle = nn.Linear(1, 1)

    def forward(self, X):
        return self.out(self.drop(self.norm(self.hidden(X))))


class Returns(nn.Module):
    """A module that gives whatever it was told to."""

    def __init__(self, value):
        super().__init__()
        self.w = nn.Parameter(torch.ones(1))
        self.value = value

    def forward(self, X):
        return self.value(self.w) if callable(self.value) else self.value


def said(*args, **kwargs) -> check.WrongAnswer | None:
    try:
        check.module(*args, **kwargs)
    except check.WrongAnswer as error:
        return error
    return None


def rand(n=2):
    return torch.randn(n, 3, generator=torch.Generator().manual_seed(0))


def test_a_right_module_passes_in_every_respect():
    shapes = {"weight": (4, 3), "bias": (4,)}
    check.module(nn.Linear(3, 4), X, (2, 4), 16, shapes)
    check.module(nn.Linear(3, 4), X, [2, 4], 16, [(4,), [4, 3]])
    check.module(Net(), rand(8), (8, 2))
    check.module(nn.Softmax(dim=1), X, (2, 3), 0, {})


@pytest.mark.parametrize(
    ("net", "kwargs", "message"),
    [
        (None, {}, "Expected an nn.Module, got None."),
        (Net, {}, "Expected an nn.Module, got the class Net itself."),
        (
            nn.Linear(3, 4),
            {"num_params": 12},
            "Expected 12 parameters, got 16.",
        ),
        (
            nn.Linear(3, 4),
            {"param_shapes": {"weight": (4, 3)}},
            "Parameters: expected the shapes {'weight': (4, 3)}, "
            "got {'weight': (4, 3), 'bias': (4,)}.",
        ),
        (
            nn.Linear(3, 4),
            {"param_shapes": [(4, 3)]},
            "Parameters: expected the shapes [(4, 3)], got [(4,), (4, 3)].",
        ),
        (
            nn.Linear(3, 4),
            {"X": torch.ones(5, 3), "output_shape": (5, 2)},
            "The net on a tensor of shape (5, 3): expected shape (5, 2), "
            "got shape (5, 4).",
        ),
        (
            nn.Linear(5, 4),
            {"X": torch.ones(5, 3)},
            "The net on a tensor of shape (5, 3): expected an output, got the error "
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x3 and 5x4).",
        ),
        (
            nn.LazyLinear(4),
            {"num_params": 16},
            "Expected shapes, got none yet for weight, bias.",
        ),
        (
            Net(idle=True),
            {"X": rand(8)},
            "Expected a gradient for each parameter, got none for idle.weight, "
            "idle.bias: training would leave it as it is.",
        ),
        (
            Returns(lambda w: w.detach()),
            {"X": X},
            "Expected a gradient for each parameter, got none for w: training would "
            "leave it as it is.",
        ),
        (
            Returns(lambda w: 0 * w),
            {"X": X},
            "Expected a gradient for each parameter, got none for w: training would "
            "leave it as it is.",
        ),
        (
            Returns(None),
            {"X": X, "output_shape": (2,)},
            "The net on tensor([[1, 1, 1], [1, 1, 1]]): expected shape (2,), got None.",
        ),
        (Returns((1, 2)), {"X": X}, "Expected a tensor to train on, got (1, 2)."),
    ],
)
def test_what_is_wrong_with_a_module_is_said(net, kwargs, message):
    assert said(net, **kwargs).message == message


def test_a_gradient_of_nan_is_a_gradient():
    assert said(Returns(lambda w: w * float("nan")), X) is None


def test_a_frozen_parameter_is_an_idle_one_unless_training_is_not_asked():
    net = nn.Linear(3, 4)
    net.bias.requires_grad_(False)
    assert "got none for bias:" in said(net, X).message
    assert said(net, X, (2, 4), trains=False) is None


def test_a_plain_sum_that_hides_the_gradient_does_not():
    assert said(nn.Sequential(nn.Linear(3, 4), nn.Softmax(dim=1)), rand(8)) is None


def test_the_students_net_is_left_as_it_was():
    net = Net()
    net.eval().train()
    net(rand(8)).sum().backward()
    state = copy.deepcopy(net.state_dict())
    grads = [p.grad.clone() for p in net.parameters()]
    buffers = [id(buffer) for buffer in net.buffers()]
    check.module(net, rand(8), (8, 2))
    assert all(torch.equal(v, state[k]) for k, v in net.state_dict().items())
    assert all(map(torch.equal, grads, (p.grad for p in net.parameters())))
    assert buffers == [id(buffer) for buffer in net.buffers()]
    assert net.training


def test_buffers_are_put_back_even_if_the_net_replaces_them_and_fails():
    class Counter(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("count", torch.zeros(1))

        def forward(self, X):
            self.count = self.count + 1
            raise ValueError("bad")

    net = Counter()
    assert "the error ValueError: bad" in said(net, X).message
    assert net.count.item() == 0


def test_a_stub_in_forward_is_not_attempted():
    class Stub(nn.Module):
        def forward(self, X):
            raise NotImplementedError

    with pytest.raises(check.NotAttempted):
        check.module(Stub(), X)


def test_gradients_are_on_whatever_the_test_or_the_answer_set():
    with torch.no_grad():
        check.module(nn.Linear(3, 4), X)
        assert not torch.is_grad_enabled()


def test_a_mistake_is_recognised_by_the_net_or_by_a_wrong_count_or_shape():
    net = nn.Linear(3, 4)
    mistakes = {"no bias": 12, "bias": 16, "wide": (2, 9), "flat": (2, 4)}
    assert said(net, num_params=9, mistakes=mistakes).mistake == "bias"
    assert said(net, X, (2, 3), mistakes=mistakes).mistake == "flat"
    mistakes = {
        "no such layer": lambda net: net.conv.bias is None,
        "4 outputs": lambda net: net.out_features == 4,
    }
    for kwargs in (
        {"num_params": 9},
        {"param_shapes": {}},
        {"X": X, "output_shape": (2, 3)},
        {"X": torch.ones(9, 9)},
    ):
        assert said(net, mistakes=mistakes, **kwargs).mistake == "4 outputs"
    assert said(None, mistakes={"nothing returned": None}).mistake == "nothing returned"


def test_a_lazy_layer_gets_its_shape_from_the_input():
    check.module(nn.LazyLinear(4), X, (2, 4), 16)
