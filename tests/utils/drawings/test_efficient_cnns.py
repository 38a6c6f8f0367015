import torch

from utils.costs import Costs
from utils.drawings import efficient_cnns as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_relative_costs_are_1_for_the_net_they_are_relative_to():
    nets = {"big": Costs(40, 60, 80, 100), "small": Costs(10, 20, 40, 50)}
    (ax,) = drawings.relative_costs(nets, to="small").axes
    assert [bar.get_height() for bar in ax.patches] == [4, 3, 2, 2, 1, 1, 1, 1]
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names[:2] == ["parameters", "multiply adds"]
    assert ax.get_ylabel() == "relative to small"
    assert len({bar.get_hatch() for bar in ax.patches}) == 2  # not by colour alone


def test_wiring_joins_all_channels_or_each_to_itself_and_counts_the_weights():
    full, separable = drawings.wiring(inputs=2, outputs=3).axes
    assert len(full.lines) == 6 and texts(full) == ["6 x 9 = 54"]
    assert len(separable.lines) == 2 + 6
    assert texts(separable) == ["2 x 9 = 18", "6 x 1 = 6"]


def test_shares_stand_side_by_side_in_percent():
    kinds = {"work": {"a": 0.9, "b": 0.1}, "seconds": {"a": 0.5, "b": 0.5}}
    (ax,) = drawings.shares(kinds).axes
    assert [bar.get_height() for bar in ax.patches] == [0.9, 0.1, 0.5, 0.5]
    assert texts(ax) == ["90%", "10%", "50%", "50%"]


def test_roofline_has_a_mark_for_each_layer_and_says_what_it_is():
    specs = [("depthwise", 64, 5), ("pointwise", 8, 1), ("full", 16, 3)]
    intensity, speed = dict.fromkeys(specs, 2.0), dict.fromkeys(specs, 30.0)
    (ax,) = drawings.roofline(intensity, speed).axes
    assert texts(ax) == ["5 x 5", "8 channels", "16 channels"]
    assert sum(len(marks.get_offsets()) for marks in ax.collections) == 3
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_bottlenecks_have_a_bar_as_high_as_the_channels_of_each_stage():
    (ax, _) = drawings.bottlenecks(
        {"one": ([4, 9, 4], ["a", "b"]), "two": ([2, 2], ["c"])}
    ).axes
    bars = [patch for patch in ax.patches if hasattr(patch, "get_height")]
    assert [bar.get_height() for bar in bars] == [4, 9, 4]
    assert {"4", "9", "a", "b"} <= set(texts(ax)) and ax.get_title() == "one"


def test_recovered_shows_the_original_first_and_all_panels_on_one_scale():
    points = torch.tensor([[1.0, 2.0], [3.0, -4.0]])
    found = torch.tensor([[1.0, 2.0], [float("nan"), float("nan")]])
    fig = drawings.recovered(points, {"n = 2": found})
    assert [ax.get_title() for ax in fig.axes] == ["original", "n = 2"]
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()


def test_runs_show_each_seed_and_write_the_mean():
    (ax,) = drawings.runs({"a": [0.5, 0.7], "b": [0.9, 0.9]}, "accuracy").axes
    assert texts(ax) == ["0.600", "0.900"]
    dots = [len(c.get_offsets()) for c in ax.collections if hasattr(c, "get_sizes")]
    assert 2 in dots and ax.get_ylabel() == "accuracy"


def test_two_costs_show_each_net_in_both_panels():
    rows = {"a": (1.0, 0.5, 0.8), "b": (10.0, 0.6, 0.9)}
    work, seconds = drawings.two_costs(rows).axes
    assert len(work.collections) == len(seconds.collections) == 2
    assert work.get_xscale() == "log" and seconds.get_xlim()[0] == 0
    legend = [text.get_text() for text in seconds.get_legend().get_texts()]
    assert legend == ["a", "b"]
