"""The drawings of the lecture on the multilayer perceptron show what they are given."""

import numpy as np
import torch
from torch import nn

from utils.drawings import multilayer_perceptron as drawings

SWITCHES = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
LAMP = torch.tensor([[0.0], [1.0], [1.0], [0.0]])


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_the_line_is_where_the_weighted_sum_is_0():
    left, right = drawings.lamp(SWITCHES, LAMP, w=(1.0, 2.0), b=-0.5).axes
    x, y = left.get_lines()[0].get_data()
    np.testing.assert_allclose(x + 2 * y - 0.5, 0, atol=1e-12)
    down, up = (line.get_ydata() for line in right.get_lines())
    assert down.tolist() == [0, 1] and up.tolist() == [1, 0]


def test_a_hand_set_net_shows_its_weights_and_biases():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    with torch.no_grad():
        net[0].weight.copy_(torch.tensor([[1.0, 3.0], [2.0, 4.0]]))
        net[0].bias.copy_(torch.tensor([0.0, -1.0]))
        net[2].weight.copy_(torch.tensor([[1.0, -2.0]]))
        net[2].bias.fill_(-0.5)
    fig = drawings.by_hand(net, SWITCHES, LAMP.flatten().long(), ["in", "mid", "out"])
    shown = texts(fig.axes[0])
    assert {"+1", "+2", "+3", "+4", "-2", "-0.5", "mid"} <= set(shown)
    x, y = fig.axes[2].get_lines()[0].get_data()  # the border in the hidden plane
    np.testing.assert_allclose(x - 2 * y - 0.5, 0, atol=1e-6)


def test_every_width_is_a_tick():
    ax = drawings.success([2, 4, 16], {"a": [0.2, 0.5, 1], "b": [0.6, 1, 1]}).axes[0]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "4", "16"]


def test_activations_stand_beside_their_slopes():
    z = np.linspace(-2, 2, 50)
    fig = drawings.activations(z, {"a": z, "b": 2 * z}, {"a": 0 * z + 1, "b": 0 * z})
    left, right = fig.axes
    np.testing.assert_allclose(left.get_lines()[1].get_ydata(), 2 * z)
    assert right.get_lines()[0].get_ydata().max() == 1 and right.get_legend() is None


def test_errors_are_on_logarithmic_scales():
    x = np.linspace(0, 1, 9)
    fig = drawings.hinges(x, x, {4: x, 8: x}, [4, 8], {"a": [0.1, 0.01], "b": [1, 1]})
    left, right = fig.axes
    assert right.get_xscale() == right.get_yscale() == "log"
    labels = [text.get_text() for text in left.get_legend().get_texts()]
    assert labels == ["the curve", "4 units", "8 units"]


def test_each_folded_line_has_its_title():
    x = np.linspace(0, 1, 9)
    fig = drawings.tents(x, {"one": x, "two": 1 - x, "three": x})
    assert [ax.get_title() for ax in fig.axes] == ["one", "two", "three"]


def test_the_line_of_accuracies_is_the_mean_of_the_runs():
    runs = torch.tensor([[0.2, 0.8], [0.4, 0.9]])
    fig = drawings.capacity([2, 8], runs, [1, 4], runs + 0.05, ["a", "b"])
    means = [ax.get_lines()[-1].get_ydata() for ax in fig.axes]
    np.testing.assert_allclose(means, [[0.3, 0.85], [0.35, 0.9]], rtol=1e-6)


def test_walks_start_where_their_paths_do():
    path = torch.tensor([[-10.0, 1.8], [-5.0, -1.0], [0.0, 0.0]])
    gaps = {"a": [3.0, 1.0, 0.1], "b": [3.0, 0.5, 0.01]}
    left, right = drawings.walks((0.01, 1.0), {"a": path, "b": path}, gaps).axes
    first = [line.get_xydata()[0].tolist() for line in left.get_lines()[:2]]
    np.testing.assert_allclose(first, [[-10, 1.8]] * 2, rtol=1e-6)
    assert right.get_yscale() == "log"


def test_results_write_each_accuracy_at_its_bar():
    scores = {"none": [0.1, 0.2], "linear": [0.9, 0.75], "MLP": [0.95, 0.87]}
    losses = {"digits": [1.0, 0.5], "animals": [1.5, 1.0]}
    _, right = drawings.results(losses, scores, ["digits", "animals"]).axes
    assert {"0.10", "0.75", "0.95", "0.87"} <= set(texts(right))


def test_dead_units_have_one_legend():
    shares = {"ReLU": [0.0, 0.1, 0.5], "tanh": [0.0, 0.0, 0.1]}
    left, right = drawings.dead([0.03, 0.1, 0.3], shares, shares).axes
    assert len(left.get_legend().get_texts()) == 2 and right.get_legend() is None


def test_bugs_are_told_apart_by_markers_too():
    curves = {name: np.arange(1.0, 5.0) for name in ("right", "a", "b")}
    lines = drawings.bugs(curves).axes[0].get_lines()
    assert len({line.get_marker() for line in lines}) == 3
