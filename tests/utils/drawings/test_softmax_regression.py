"""The drawings of the lecture on softmax regression show what they are given."""

import numpy as np
import torch

from utils.drawings import softmax_regression as drawings


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_plane_is_shaded_by_the_level_of_each_point():
    asked = []

    def level_of(points):
        asked.append(points)
        return (points[:, 0] > 0).long()

    X, y = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]]), torch.tensor([0, 1, 2])
    row = (torch.linspace(-1, 1, 40).reshape(-1, 1), torch.rand(40, 2), "share")
    fig = drawings.penguins_and_row(level_of, ["low", "high"], (X, y, "ABC"), row)
    left, right = fig.axes
    assert asked[0].shape == (22500, 2) and asked[0].dtype == torch.float32
    assert legend(left) == ["A", "B", "C", "low", "high"]
    assert legend(right) == ["kind 0", "kind 1"] and right.get_ylabel() == "share"
    edges = [line.get_xdata()[0] for line in right.get_lines()[2:]]
    assert edges == [0]  # two kinds of length 1, centred, meet at 0


def test_bars_show_scores_their_exponentials_and_shares():
    scores = torch.tensor([1.0, -1.0])
    fig = drawings.score_to_probability(scores, ["A", "B"], torch.softmax(scores, 0))
    heights = [[bar.get_height() for bar in ax.patches] for ax in fig.axes]
    np.testing.assert_allclose(heights[0], [1, -1])
    np.testing.assert_allclose(heights[1], [np.e, 1 / np.e], rtol=1e-5)
    np.testing.assert_allclose(sum(heights[2]), 1, rtol=1e-5)


def test_each_set_has_a_row_of_samples():
    X = torch.rand(3, 28, 28)
    fig = drawings.samples({"digits": (X, "012"), "animals": (X, ["a", "b", "c"])})
    titles = [ax.get_title() for ax in fig.axes]
    assert titles == ["0", "1", "2", "a", "b", "c"]
    np.testing.assert_allclose(fig.axes[4].get_images()[0].get_array(), X[1])


def test_weights_of_a_set_share_a_scale_that_is_the_same_both_ways():
    W = torch.zeros(2, 28, 28)
    W[1, 0, 0] = -3
    fig = drawings.weights({"a": (W, "01"), "b": (W + 1, "01")})
    first, second = fig.axes[0].get_images()[0], fig.axes[1].get_images()[0]
    assert first.get_clim() == second.get_clim() == (-3, 3)
    assert fig.axes[2].get_images()[0].get_clim() == (-2, 2)


def test_larger_bins_have_larger_dots():
    bins = torch.tensor([[0.4, 0.9], [0.5, 0.8], [10.0, 90.0]])
    fig = drawings.reliability_diagrams({"title": {"before": bins, "after": bins}})
    before, after = fig.axes[0].collections
    assert before.get_sizes()[0] < before.get_sizes()[1]
    np.testing.assert_allclose(after.get_offsets(), [[0.4, 0.5], [0.9, 0.8]], rtol=1e-6)
    assert legend(fig.axes[0]) == ["calibrated", "before", "after"]


def test_every_split_is_a_dot_and_the_mean_a_bar():
    fig = drawings.orders({"a": [1.0, 3.0], "b": [4.0, 4.0]}, "grades")
    dots, mean = fig.axes[0].get_lines()[:2]
    assert [*dots.get_ydata()] == [1, 3] and [*mean.get_ydata()] == [2, 2]
    assert fig.axes[0].get_ylim()[0] == 0
