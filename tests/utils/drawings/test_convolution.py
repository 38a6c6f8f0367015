"""The drawings of chapter 12 show what they are given, at its place."""

import numpy as np
import pytest
import torch

from utils.drawings import convolution as drawings


def test_a_row_has_each_picture_under_its_name_within_its_limits():
    pictures = {"left": np.arange(6).reshape(2, 3), "right": np.ones((4, 4, 3))}
    fig, axes, images = drawings.row(pictures, limits={"left": (-1, 9)})
    assert [ax.get_title() for ax in axes] == ["left", "right"]
    assert images[0].get_clim() == (-1, 9)
    assert np.array_equal(images[0].get_array(), pictures["left"])
    assert list(fig.axes) == list(axes)


def test_weights_are_unrolled_with_an_output_pixel_in_each_row():
    W = torch.arange(24.0).reshape(2, 3, 2, 2)
    one, two = drawings.unrolled({"W": W, "-W": -W}).axes
    assert one.get_title() == "W" and one.get_ylabel() == "output pixel"
    assert one.images[0].get_array()[4].tolist() == W[1, 1].flatten().tolist()
    assert two.images[0].get_clim() == (-3, 3)


def test_grids_write_every_number_at_its_place_and_frame_a_corner():
    tables = {"X": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "Y": [[7]]}
    fig = drawings.grids(tables, framed=(2, 1), caption="a sum")
    X, Y = fig.axes
    texts = {text.get_position(): text.get_text() for text in X.texts}
    assert texts[(2, 1)] == "5" and len(texts) == 9  # column 2, row 1
    assert [ax.patches[0].get_width() for ax in (X, Y)] == [2, 1]
    assert fig.get_supxlabel() == "a sum"


@pytest.mark.parametrize(
    ("p", "s", "d", "side", "span"),
    [(0, 1, 1, 3, 3), (1, 1, 1, 5, 3), (0, 2, 1, 2, 3), (0, 1, 2, 1, 5)],
)
def test_windows_have_a_cross_for_each_output_and_a_frame_around_the_taps(
    p, s, d, side, span
):
    fig = drawings.windows([(p, s, d), (0, 1, 1)])
    taps, crosses = fig.axes[0].lines
    frame = fig.axes[0].patches[0]
    assert fig.axes[0].get_title() == f"p={p}, s={s}, d={d}: {side} x {side}"
    assert len(crosses.get_xydata()) == side**2
    assert frame.get_xy() == (-p - 0.5, -p - 0.5) and frame.get_width() == span
    assert taps.get_xydata().min() == -p and taps.get_xydata().max() == -p + span - 1


def test_misses_show_both_layers_and_a_picture_for_each_weight():
    missed = {"a": [1, 0.1], "b": [0.5, 1e-6]}
    fig = drawings.misses([1, 10], missed, {"20 patches": np.eye(3)})
    curves, picture = fig.axes
    assert [line.get_ydata().tolist() for line in curves.lines] == [*missed.values()]
    assert picture.get_title() == "20 patches"
    assert np.array_equal(picture.images[0].get_array(), np.eye(3))
