"""The drawings of the lecture on data pipelines show the data that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from utils.drawings.data_pipelines import (
    answers,
    gains,
    letters,
    parts_and_batches,
    pixels,
    predictions,
)


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_each_batch_is_a_bar_of_its_size_and_the_short_one_is_hatched(ax):
    parts_and_batches(ax, {"training": 70, "test": 32}, 32)
    assert [bar.get_width() for bar in ax.patches] == [32, 32, 6, 32]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True, False]
    assert [text.get_text() for text in ax.texts] == ["32", "32", "6", "32"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["training", "test"]


def test_gains_show_every_difference_and_the_mean(ax):
    values = {"small": np.array([0.0, 0.1]), "large": np.array([0.5, 0.7, 0.9])}
    gains(ax, values)
    drawn = [line.get_xdata() for line in ax.lines[1:]]
    for points, expected in zip(drawn, values.values(), strict=True):
        np.testing.assert_array_equal(points, expected)
    means = [bars.get_segments()[0][0][0] for bars in ax.collections]
    np.testing.assert_allclose(means, [0.05, 0.7])


def test_both_histograms_count_all_pixels_and_the_bell_holds_as_many():
    raw = np.repeat([0.0, 0.25, 1.0], [600, 300, 100])
    normal = (raw - raw.mean()) / raw.std()
    fig, axes = plt.subplots(1, 2)
    pixels(axes, raw, normal)
    for ax in axes:
        assert sum(bar.get_height() for bar in ax.patches) == 1000
    z, bell = axes[1].lines[0].get_data()
    width = axes[1].patches[0].get_width()
    assert abs(np.trapezoid(bell, z) / width - 1000) < 10
    plt.close(fig)


def test_filling_is_told_from_letters(ax):
    letters(ax, np.array([[99, 97, 114], [97, 0, 0]]), "two names")
    np.testing.assert_array_equal(ax.images[0].get_array(), [[1, 1, 1], [1, 0, 0]])


def test_all_answers_are_counted_and_the_line_stands_at_the_calm_one(ax):
    answers(ax, np.array([20.0, 21.0, 23.5]), 22.0)
    assert sum(bar.get_height() for bar in ax.patches) == 3
    assert ax.lines[0].get_xdata()[0] == 22.0


def test_each_car_is_a_point_and_the_diagonal_spans_them(ax):
    predictions(ax, np.array([10.0, 40.0]), np.array([12.0, 33.0]))
    points = ax.collections[0].get_offsets()
    np.testing.assert_array_equal(points, [[10, 12], [40, 33]])
    assert list(ax.lines[0].get_xdata()) == list(ax.lines[0].get_ydata()) == [8, 42]
