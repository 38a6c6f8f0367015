"""The drawings of chapter 10 show what they are given."""

import numpy as np
import pytest

from utils import plots
from utils.drawings.initialization_and_stability import (
    histograms,
    layers,
    scores,
    wall,
)


@pytest.fixture
def axes():
    fig, axes = plots.figure(1, 2)
    yield axes
    plots.plt.close(fig)


def test_layers_count_from_1_and_share_one_legend(axes):
    panels = {"signal": {"a": [1.0, 10.0]}, "gradient": {"a": [3.0, 4.0]}}
    layers(axes, panels, (100.0, "too much"))
    assert axes[0].lines[0].get_xdata().tolist() == [1, 2]
    assert axes[1].lines[0].get_ydata().tolist() == [3.0, 4.0]
    assert axes[0].lines[1].get_ydata()[0] == 100.0
    named = [text.get_text() for text in axes[1].get_legend().get_texts()]
    assert named == ["a", "too much"] and axes[0].get_legend() is None
    assert all(ax.get_yscale() == "log" for ax in axes)


def test_a_histogram_shows_shares_and_the_variance(axes):
    histograms(axes, {"one": [0.0, 2.0], "two": [1.0, 1.0]}, [0, 1.5, 3])
    assert [bar.get_height() for bar in axes[0].patches] == [0.5, 0.5]
    assert axes[0].get_title() == "one\nvariance 1.00"
    assert axes[1].get_title() == "two\nvariance 0.00"


def test_walks_stand_on_the_loss_and_over_their_steps(axes):
    wall(axes, np.arange(3), np.arange(3) ** 2, {"walk": ([2.0, 1.0], [4.0, 1.0])})
    assert list(axes[0].lines[1].get_xdata()) == [2.0, 1.0]
    assert list(axes[1].lines[0].get_xdata()) == [0, 1]
    assert list(axes[1].lines[0].get_ydata()) == [4.0, 1.0]


def test_scores_are_dots_with_their_mean(axes):
    scores(axes, {"slow": {"a": [0.5, 0.7]}, "fast": {"a": [1.0], "b": [0.0]}}, "right")
    assert axes[0].collections[0].get_offsets().tolist() == [[0, 0.5], [0, 0.7]]
    assert axes[0].collections[1].get_segments()[0][0][1] == pytest.approx(0.6)
    assert [text.get_text() for text in axes[1].get_xticklabels()] == ["a", "b"]
    assert axes[0].get_ylabel() == "right" and axes[1].get_title() == "fast"
