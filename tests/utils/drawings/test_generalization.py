"""The drawings of chapter 08 show what they are given."""

import numpy as np
import pytest

from utils import plots
from utils.drawings.generalization import (
    bands,
    bundles,
    fits,
    folds,
    paired,
    parts,
    paths,
)


@pytest.fixture
def ax():
    fig, ax = plots.figure()
    yield ax
    plots.plt.close(fig)


def test_a_band_holds_the_middle_half_of_the_runs_around_their_median(ax):
    runs = np.array([[0.0, 10.0], [1.0, 20.0], [2.0, 30.0], [3.0, 40.0], [100.0, 50.0]])
    bands(ax, [1, 2], {"runs": runs}, "x", "y (units)")
    assert ax.lines[0].get_ydata().tolist() == [2.0, 30.0]
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.min() == 1.0 and heights.max() == 40.0
    assert ax.get_ylabel() == "y (units)"


def test_a_logarithmic_band_has_the_given_ticks_and_no_others(ax):
    bands(ax, [16, 20, 50], {"runs": np.ones((2, 3))}, "points", "y", [16, 50])
    assert ax.get_xscale() == "log" and ax.get_xticks().tolist() == [16, 50]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["16", "50"]
    assert not len(ax.get_xticks(minor=True))


def test_the_crosses_are_the_sum_of_bias_variance_and_noise(ax):
    parts(ax, [0, 1], np.array([4.0, 1.0]), np.array([0.5, 2.0]), [5.0, 3.5], noise=0.5)
    assert ax.lines[-1].get_ydata().tolist() == [5.0, 3.5]
    assert ax.lines[-1].get_label() == "sum + noise"


def test_each_row_is_held_out_in_one_round_and_kept_in_the_others(ax):
    folds(ax, 11, 3)
    points = [collection.get_offsets() for collection in ax.collections]
    kept, held = np.concatenate(points[0::2]), np.concatenate(points[1::2])
    assert sorted(held[:, 0]) == [*range(11)]
    assert len(kept) == 22 and not set(map(tuple, kept)) & set(map(tuple, held))
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [
        "training",
        "validation",
    ]


def test_a_panel_shows_its_own_fit_beside_the_common_truth():
    fig, axes = plots.figure(1, 2)
    curves = {"a": [1.0, 2.0], "b": [3.0, 4.0]}
    fits(axes, [0.5], [0.6], [0.0, 1.0], [7.0, 8.0], curves)
    drawn = [[list(line.get_ydata()) for line in ax.lines] for ax in axes]
    plots.plt.close(fig)
    assert drawn == [[[7.0, 8.0], [1.0, 2.0]], [[7.0, 8.0], [3.0, 4.0]]]
    assert [ax.get_title() for ax in axes] == ["a", "b"]


def test_the_mean_of_a_bundle_is_that_of_all_fits():
    fig, axes = plots.figure(1, 2)
    many = np.arange(60.0)[:, None] + [0.0, 1.0]  # (60, 2), of which 40 are drawn
    bundles(axes, [0.0, 1.0], [0.0, 0.0], {"a": many, "b": many})
    lines = axes[0].lines
    plots.plt.close(fig)
    assert len(lines) == 42 and lines[-1].get_ydata().tolist() == [29.5, 30.5]
    assert lines[-1].get_label() == "mean of 60 fits"


def test_each_column_is_a_path():
    fig, axes = plots.figure(1, 2)
    paths(axes, [1.0, 10.0], {"L1": [[1, 2, 3], [0, 1, 2]], "L2": [[1, 1, 1]] * 2})
    drawn = [list(line.get_ydata()) for line in axes[0].lines]
    plots.plt.close(fig)
    assert drawn[:3] == [[1, 0], [2, 1], [3, 2]] and axes[1].get_title() == "L2"


def test_a_line_joins_the_scores_of_one_fold(ax):
    paired(ax, {"mean": [1.0, 2.0], "net, wide": [3.0, 4.0]}, "error")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1.0, 3.0], [2.0, 4.0]]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["mean", "net\nwide"]
