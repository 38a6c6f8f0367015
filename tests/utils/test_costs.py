"""Costs are what is counted by hand, and what is published of nets everybody knows."""

import pytest
import torch
import torchvision
from torch import nn

from utils.costs import costs, multiply_adds


@pytest.fixture
def convolution():
    """3 -> 8 channels, k 3, stride 2, padding 1, of 9 x 7 pixels: 8 maps of 5 x 4."""
    return nn.Conv2d(3, 8, 3, stride=2, padding=1)


def test_a_convolution_costs_a_kernel_for_each_number_that_it_writes(convolution):
    assert multiply_adds(convolution, torch.zeros(2, 3, 9, 7)) == 2 * 8 * 5 * 4 * 27


def test_groups_divide_the_work(convolution):
    depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
    assert multiply_adds(depthwise, torch.zeros(1, 8, 5, 5)) == 8 * 5 * 5 * 9


def test_a_full_layer_costs_its_weights():
    assert multiply_adds(nn.Linear(30, 7), torch.zeros(4, 30)) == 4 * 30 * 7


@pytest.mark.parametrize(
    ("make", "parameters", "billions"),
    [("vgg16", 138_357_544, 15.5), ("mobilenet_v2", 3_504_872, 0.30)],
)
def test_full_size_nets_cost_what_is_published(make, parameters, billions):
    with torch.device("meta"):
        net, X = torchvision.models.get_model(make), torch.zeros(1, 3, 224, 224)
    found = costs(net, X)
    assert found.parameters == parameters
    assert found.multiply_adds / 1e9 == pytest.approx(billions, rel=0.01)


def test_training_keeps_what_the_backward_pass_needs():
    net, X = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 5)), None
    X = torch.randn(4, 10)
    parameters = 4 * (10 * 20 + 20 + 20 * 5 + 5)
    # ReLU keeps its output, and the second layer the same tensor as its input.
    hidden = 4 * 4 * 20
    assert costs(net, X).training_bytes == 2 * parameters + X.nbytes + hidden


def test_what_is_not_trained_has_no_gradient():
    net, X = nn.Linear(10, 20), torch.randn(4, 10)
    before = costs(net, X).training_bytes
    net.requires_grad_(False)
    assert costs(net, X).training_bytes == before - 4 * (10 * 20 + 20)


def test_prediction_holds_one_layer_at_a_time():
    net = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 5))
    parameters = 4 * (10 * 20 + 20 + 20 * 5 + 5)
    assert costs(net, torch.randn(4, 10)).prediction_bytes == parameters + 4 * 4 * 40


def test_the_same_is_counted_without_a_computation():
    def make():
        return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU())

    with torch.device("meta"):
        unreal = costs(make(), torch.zeros(2, 1, 8, 8))
    assert unreal == costs(make(), torch.zeros(2, 1, 8, 8))


def test_counting_leaves_the_net_as_it_was():
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.5)).eval()
    net[2].train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    costs(net, torch.randn(3, 1, 8, 8))
    torch.testing.assert_close(net.state_dict(), before)
    assert [layer.training for layer in net] == [False, False, True]
    assert not any(layer._forward_hooks for layer in net)


def test_a_lazy_net_is_told_what_to_do():
    with pytest.raises(ValueError, match="batch first"):
        costs(nn.LazyLinear(3), torch.zeros(2, 5))
