import numpy as np
import pytest

from utils import plots
from utils.drawings import deep_cnns as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_photo_stands_beside_its_edges_and_a_circle_for_each_point():
    photo, edges = np.zeros((8, 9)), np.eye(8, 9, dtype=bool)
    fig = drawings.photo_edges_points(photo, edges, [(2, 5), (7, 1)], [1.0, 1.5])
    circles = fig.axes[2].patches
    assert [circle.center for circle in circles] == [(5, 2), (1, 7)]
    assert [circle.radius for circle in circles] == [2.0, 3.0]
    assert not fig.axes[1].patches and fig.axes[1].images[0].get_array()[3, 3]


def test_a_stroke_lies_along_the_edge_and_is_as_long_as_its_bin_is_full():
    cells = np.zeros((1, 1, 4, 2))
    cells[0, 0, 0, 0] = 0.5  # gradients at 45 degrees
    lines = drawings.gradients(np.eye(8), cells).axes[2].lines
    (x0, x1), (y0, y1) = lines[0].get_data()
    assert (y1 - y0) == pytest.approx(-(x1 - x0))  # across the gradient
    assert np.hypot(x1 - x0, y1 - y0) == pytest.approx(2 * 0.5 * 4 * 0.8)
    assert np.ptp(lines[1].get_xdata()) == pytest.approx(0)


def test_columns_have_a_box_for_each_layer_and_tell_kinds_apart_without_colour():
    nets = {"A": [("conv", "5x5"), ("full", "10")], "B": [("1x1", "1x1")]}
    (ax,) = drawings.columns(nets).axes
    assert texts(ax) == ["5x5", "10", "A", "1x1", "B"]
    assert len({patch.get_hatch() for patch in ax.patches}) == 3


def test_each_panel_has_a_bar_for_each_layer_from_the_top():
    panels = {"parameters": [3, 1000], "products": [7, 2]}
    fig = drawings.layer_panels(["a", "b"], panels)
    assert [ax.get_xlabel() for ax in fig.axes] == ["parameters", "products"]
    assert [bar.get_width() for bar in fig.axes[0].patches] == [3, 1000]
    assert texts(fig.axes[0]) == ["3", "1e+03"]
    assert fig.axes[0].yaxis_inverted()


def test_a_contest_shows_each_run_the_mean_and_what_there_is_to_beat():
    (ax,) = drawings.contest({"A": [0.5, 0.7], "B": [0.9]}, {"simple": 0.4}).axes
    assert ax.lines[0].get_xdata() == pytest.approx([0.6, 0.6])
    assert len(ax.collections[0].get_offsets()) == 2
    assert ax.lines[-1].get_xdata() == [0.4, 0.4]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A", "B"]
    (bare,) = drawings.contest({"A": [0.5]}, {}).axes
    assert bare.get_legend() is None


def test_bands_reach_from_the_least_to_the_greatest_run():
    _, ax = plots.figure()
    drawings.bands(ax, [1, 2], {"A": [[1.0, 4.0], [3.0, 6.0]]}, "epoch", "loss")
    assert list(ax.lines[0].get_ydata()) == [2.0, 5.0]
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert {1.0, 3.0, 4.0, 6.0} <= set(heights)
