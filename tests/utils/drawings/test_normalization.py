import pytest
import torch

from utils.drawings import normalization as drawings


def colors(ax):
    """(examples, channels) the look of each map."""
    looks = [(patch.get_facecolor(), patch.get_hatch()) for patch in ax.patches]
    step = drawings.CHANNELS
    return [looks[start : start + step] for start in range(0, len(looks), step)]


def test_histograms_hold_all_values_on_one_scale():
    values = {"a": torch.randn(500), "b": torch.randn(400) / 2}
    fig = drawings.histograms({"one": values, "two": values}, "value")
    assert [ax.get_title() for ax in fig.axes] == ["one", "two"]
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    assert sum(heights) == pytest.approx(2)
    assert fig.axes[0].get_xlabel() == "value"


def test_batch_norm_shares_a_mean_down_each_column():
    (ax,) = drawings.norm_axes(["batch"]).axes
    rows = colors(ax)
    assert all(row == rows[0] for row in rows)
    assert len(set(rows[0])) == drawings.CHANNELS


def test_layer_instance_and_group_norm_share_no_mean_between_examples():
    layer, instance, group = drawings.norm_axes(["layer", "instance", "group"]).axes
    assert [len(set(row)) for row in colors(layer)] == [1] * drawings.EXAMPLES
    groups = [set(row) for row in colors(group)]
    assert [len(row) for row in groups] == [drawings.GROUPS] * drawings.EXAMPLES
    for ax, count in [(layer, 1), (group, drawings.GROUPS)]:
        looks = {look for row in colors(ax) for look in row}
        assert len(looks) == count * drawings.EXAMPLES
    looks = {look for row in colors(instance) for look in row}
    assert len(looks) == drawings.EXAMPLES * drawings.CHANNELS


def test_scores_stand_on_a_log_scale_with_a_dot_for_each_run():
    scores = {"a": [[0.1, 0.3], [0.5, 0.7]], "b": [[0.2, 0.2], [0.4, 0.8]]}
    (ax,) = drawings.by_setting([0.1, 1], scores, "rate", "accuracy").axes
    assert ax.get_xscale() == "log"
    means = [list(line.get_ydata()) for line in ax.get_lines()]
    assert means == [pytest.approx([0.2, 0.6]), pytest.approx([0.2, 0.6])]
    assert [len(dots.get_offsets()) for dots in ax.collections] == [4, 4]


def test_drift_and_loss_have_a_panel_each():
    drifts = {"a": torch.tensor([0.1, 0.2]), "b, c": torch.tensor([0.3, 0.4])}
    fig = drawings.drift_and_loss(drifts, {"a": [1.0, 2.0], "b, c": [3.0]})
    left, right = fig.axes
    assert len(left.get_lines()) == 2
    assert [bar.get_height() for bar in right.patches] == [1.5, 3.0]


def test_clouds_show_every_value():
    (ax,) = drawings.clouds({4: torch.arange(5.0), 8: torch.ones(3)}, "x", "y").axes
    assert [len(dots.get_offsets()) for dots in ax.collections] == [5, 3]


def test_bars_carry_their_values():
    (ax,) = drawings.bars({"a": 0.5, "b": 0.25}, "accuracy").axes
    assert [text.get_text() for text in ax.texts] == ["0.50", "0.25"]
