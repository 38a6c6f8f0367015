"""What the drawings of the lecture on tensors show."""

import matplotlib.pyplot as plt
import numpy as np
import torch

from utils.drawings import tensors_and_data as draw


def texts(ax):
    """What is written in the cells and beside them."""
    return [text.get_text() for text in ax.texts]


def pale(ax):
    """Whether each cell is drawn as a copy, in the order of drawing."""
    return [patch.get_linestyle() == ":" for patch in ax.patches]


def test_ranks_write_the_shape_of_each_tensor():
    fig = draw.ranks(1.0, np.ones(4), np.ones((3, 4)), np.ones((3, 2, 5)))
    titles = [ax.get_title() for ax in fig.axes]
    assert titles[0] == "0 axes\nshape ()"
    assert titles[1] == "1 axis\nshape (4,)"
    assert titles[3] == "3 axes\nshape (3, 2, 5)"


def test_sheets_behind_are_hidden_with_their_text():
    fig = draw.ranks(1.0, np.ones(4), np.ones((3, 4)), np.arange(12).reshape(3, 2, 2))
    ax = fig.axes[3]
    level = {text.get_text(): text.get_zorder() for text in ax.texts}
    front = min(p.get_zorder() for p in ax.patches if p.get_zorder() > 2)
    assert level["11"] < level["7"] < front < level["3"]


def test_sums_of_both_axes_stand_beside_the_table():
    fig = draw.sums(np.array([[1, 2, 4], [8, 16, 32]]), ["a", "b"], ["x", "y", "z"])
    written = texts(fig.axes[0])
    assert {"9", "18", "36", "7", "56"} <= set(written)


def test_marked_cells_have_a_frame_of_their_own():
    _, ax = plt.subplots()
    draw.marked(ax, np.ones((2, 3)), [(0, 0), (1, 2)], "pairs")
    frames = [patch.get_xy() for patch in ax.patches if not patch.get_fill()]
    assert frames == [(0, 0), (2, 1)]


def test_storage_colours_a_transpose_by_its_places_in_memory():
    fig = draw.storage(torch.arange(6).reshape(2, 3))
    row, _, turned = ([p.get_facecolor() for p in ax.patches] for ax in fig.axes)
    assert turned == [row[place] for place in (0, 3, 1, 4, 2, 5)]
    assert fig.axes[2].get_title() == "X.T: strides (1, 3)"


def test_broadcasting_draws_repeated_cells_pale():
    _, ax = plt.subplots()
    column, row = np.array([[1.0], [2.0]]), np.array([5.0, 6.0, 7.0])
    draw.broadcasting(ax, column, row, "+", column + row, "a sum")
    stretched_right = [False, True, True] * 2
    stretched_down = [False] * 3 + [True] * 3
    assert pale(ax) == stretched_right + stretched_down + [False] * 6
    assert {"(2, 1)", "(3,)", "(2, 3)"} <= set(texts(ax))


def test_names_of_one_block_point_to_one_place():
    fig = draw.memory({"a": 16, "b": 32, "c": 16}, {16: "ones", 32: "twos"})
    ends = {t.get_position()[1]: t.xy[1] for t in fig.axes[0].texts if hasattr(t, "xy")}
    assert ends[0.5] == ends[2.5] != ends[1.5]
    assert "0x10: ones" in texts(fig.axes[0])


def test_histograms_share_their_bins():
    fig = draw.histograms({"a": np.zeros(10), "b": np.arange(5.0)}, -5, 13)
    edges = [[p.get_x() for p in ax.patches] for ax in fig.axes]
    assert edges[0] == edges[1]
    assert sum(p.get_height() for p in fig.axes[0].patches) == 10


def test_pictures_show_channels_last_and_say_the_shape():
    fig = draw.pictures({"a": torch.rand(3, 2, 5), "b": torch.rand(3, 5, 2)})
    assert fig.axes[0].images[0].get_array().shape == (2, 5, 3)
    assert fig.axes[1].get_title() == "b\n(3, 5, 2)"


def test_unit_shapes_have_norm_one():
    fig = draw.unit_shapes([0.6, 0.8])
    circle, diamond = (np.stack(line.get_data()) for line in fig.axes[0].lines)
    np.testing.assert_allclose((circle**2).sum(0), 1)
    np.testing.assert_allclose(np.abs(diamond).sum(0), 1)


def test_distance_maps_draw_a_line_between_groups():
    fig = draw.distance_maps(dict.fromkeys("ab", np.ones((5, 5))), torch.tensor([2, 3]))
    assert [line.get_xdata()[0] for line in fig.axes[0].lines[1::2]] == [1.5]
