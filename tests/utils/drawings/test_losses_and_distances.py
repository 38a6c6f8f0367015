"""The drawings of the lecture on losses and distances show what they are given."""

import numpy as np
import torch

from utils.drawings import losses_and_distances as drawings


def legend(fig):
    return [text.get_text() for text in fig.legends[0].get_texts()]


def test_losses_stand_on_the_left_and_their_slopes_on_the_right():
    r = torch.linspace(-2, 2, 41)
    fig = drawings.losses_and_pulls(r, {"L2": r**2 / 2}, {"L2": r})
    left, right = fig.axes
    np.testing.assert_allclose(left.get_lines()[0].get_ydata(), r**2 / 2)
    np.testing.assert_allclose(right.get_lines()[0].get_ydata(), r)


def test_a_line_has_its_slope_and_height_and_wrong_points_a_mark_of_their_own():
    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 50.0])
    wrong = torch.tensor([False, False, True])
    panel = (x, y, wrong, {"L2": (2.0, 1.0)})
    fig = drawings.lines({"a": panel, "b": panel}, "x", "y", (0, 10))
    ax = fig.axes[0]
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), [1, 5])
    good, bad = ax.collections
    assert len(good.get_offsets()) == 2 and len(bad.get_offsets()) == 1
    assert legend(fig) == ["typed well", "typed wrong", "L2"]


def test_bars_are_the_truth_and_lines_the_fits():
    x = torch.arange(4.0)
    bars = torch.tensor([0.1, 0.2, 0.3, 0.4])
    fig = drawings.bells(x, bars, {"a": bars.flip(0), "b": bars}, "hour")
    (ax,) = fig.axes
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(heights, bars)
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), bars.flip(0))


def test_the_plane_is_asked_for_its_distances_and_each_place_has_its_name():
    asked = []

    def distance(points):
        asked.append(points)
        return points.abs().sum(dim=1)

    places = torch.tensor([[2.0, 2.0], [3.0, 1.0]])
    fig = drawings.distance_maps({"a": distance, "b": distance}, places, "AB")
    assert len(asked) == 2 and asked[0].dtype == torch.float32
    assert [text.get_text() for text in fig.axes[1].texts] == ["A", "B"]
    assert list(fig.axes[0].get_lines()[1].get_xdata()) == [3]


def test_each_kind_has_its_points():
    places = torch.tensor([[0.0, 1.0], [1.0, 0.0], [5.0, 0.0]])
    fig = drawings.maps_of_points({"a": places, "b": places / 9}, [0, 0, 1])
    first, second = fig.axes
    assert [len(dots.get_offsets()) for dots in first.collections] == [2, 1]
    assert first.get_xlim()[1] > 5 and second.get_xlim()[1] == 1.3
    assert legend(fig) == ["kind 0", "kind 1"]


def test_rows_of_neighbours_keep_their_images_and_titles():
    X = torch.rand(2, 28, 28)
    fig = drawings.neighbours(
        {"asked": X, "found": X + 1}, {"asked": "12", "found": "34"}
    )
    assert [ax.get_title() for ax in fig.axes] == list("1234")
    np.testing.assert_allclose(fig.axes[3].get_images()[0].get_array(), X[1] + 1)
