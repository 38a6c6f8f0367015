import numpy as np
import pytest

from utils import plots
from utils.drawings import resnet as drawings


@pytest.fixture
def axes():
    fig, axes = plots.figure(ncols=2)
    yield axes
    plots.plt.close(fig)


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_a_block_names_its_layers_its_shortcut_and_what_follows_the_sum():
    columns = {
        "plain": (["conv", "norm"], None, ["ReLU"]),
        "residual": (["conv"], "", ["ReLU"]),
        "new shape": (["conv"], "1 x 1", []),
    }
    plain, residual, new_shape = drawings.blocks(columns).axes
    assert texts(plain) == ["conv", "norm", "ReLU", "$x$"]
    assert texts(residual) == ["conv", "nothing\nto learn", "+", "ReLU", "$x$"]
    assert texts(new_shape) == ["conv", "1 x 1", "+", "$x$"]
    assert [len(ax.lines) for ax in (plain, residual, new_shape)] == [0, 1, 1]
    assert residual.get_title() == "residual"


def test_the_shortcut_ends_at_the_height_of_the_sum():
    (ax,) = drawings.blocks({"residual": (["a", "b"], "", ["c"])}).axes
    (line,) = ax.lines
    (total,) = [text for text in ax.texts if text.get_text() == "+"]
    assert line.get_ydata()[-1] == pytest.approx(total.get_position()[1])


def test_runs_are_thin_lines_and_their_mean_a_named_one(axes):
    values = np.array([[3.0, 1.0, 0.0], [5.0, 2.0, 1.0]])
    drawings.runs(axes, {"left": {"8": values}, "right": {"8": values}}, "loss")
    for ax in axes:
        *single, mean = ax.lines
        assert [list(line.get_ydata()) for line in single] == values.tolist()
        assert list(mean.get_ydata()) == [4.0, 1.5, 0.5]
        assert list(mean.get_xdata()) == [1, 2, 3] and mean.get_label() == "8"
    assert axes[0].get_ylabel() == "loss" and axes[1].get_legend() is not None


def test_values_by_layer_stand_on_a_log_axis_one_name_for_each_kind(axes):
    values = {"plain": np.array([[4.0, 2.0], [8.0, 3.0]]), "other": np.ones((2, 2))}
    drawings.by_layer(axes[:1], {"fresh": values}, "block", "norm")
    (ax, _) = axes
    assert ax.get_yscale() == "log" and ax.get_title() == "fresh"
    assert list(ax.lines[1].get_ydata()) == [8.0, 3.0]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["plain", "other"]


def test_channels_are_stacked_and_their_sum_is_written_above():
    (ax,) = drawings.channels([("stem", [4]), ("dense", [4, 3])]).axes
    assert texts(ax) == ["4", "7"]
    assert [bar.get_height() for bar in ax.patches] == [4, 4, 3]
    assert ax.patches[2].get_y() == 4
    assert [label.get_text() for label in ax.get_xticklabels()] == ["stem", "dense"]


def test_a_net_without_one_block_is_drawn_beside_the_whole_net():
    values = {"plain": [[0.1, 0.2]], "residual": [[0.7, 0.6]]}
    whole = {"plain": [0.8], "residual": [0.9]}
    plain, residual = drawings.without_one(values, whole, "accuracy").axes
    assert list(plain.lines[0].get_ydata()) == [0.1, 0.2]
    assert list(residual.lines[1].get_ydata()) == [0.9, 0.9]
    assert plain.get_ylabel() == "accuracy" and residual.get_title() == "residual"
