"""The introduction's drawings say the numbers that they are given."""

import matplotlib.pyplot as plt
import torch

from utils.drawings import introduction as draw


def texts(ax):
    return [text.get_text().strip() for text in ax.texts]


def test_a_committee_shows_each_weight_and_each_blame():
    W = torch.tensor([[1.1, 2.2, 3.3], [-4.4, -5.5, -6.6]])
    x, v = torch.tensor([1.0, 1.0, 1.0]), torch.tensor([7.7, 8.8])
    blame_in = torch.tensor([[0.11, 0.22, 0.33], [0.0, -0.0, 0.0]])
    fig = draw.committee(x, W, v, blame_in, torch.tensor([0.44, 0.0]), ["p", "q", "r"])
    said = texts(fig.axes[0])
    for weight in (*W.flatten(), *v):
        assert f"{weight:.1f}" in said
    for blame in ("[0.11]", "[0.22]", "[0.33]", "[0.44]"):
        assert said.count(blame) == 1
    assert said.count("[0.00]") == 4 and "[-0.00]" not in said
    assert {"p", "q", "r", "answer", "A\n6.60", "B\n0.00"} <= set(said)


def test_connections_without_blame_are_dotted():
    W, v = torch.ones(2, 2), torch.ones(2)
    blame_in, blame_out = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([3, 0.0])
    fig = draw.committee(torch.ones(2), W, v, blame_in, blame_out, ["p", "q"])
    styles = [line.get_linestyle() for line in fig.axes[0].lines]
    assert styles.count(":") == 3


def test_groups_are_told_by_colour_and_species_by_marker():
    points = torch.tensor([[0.0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1], [9, 9]])
    group = torch.tensor([0, 0, 0, 1, 1, 1, 1])
    species = torch.tensor([0, 0, 0, 1, 1, 1, 0])
    _, ax = plt.subplots()
    assert draw.groups(ax, points, group, species, ["a", "b"]) is ax
    labels = ax.get_legend_handles_labels()[1]
    assert labels == ["group 0: a", "group 1: b"]  # the single one has no entry
    assert sum(len(dots.get_offsets()) for dots in ax.collections) == 7
    colours = {tuple(dots.get_facecolor()[0]) for dots in ax.collections}
    assert len(colours) == 2


def test_the_best_threshold_is_marked_in_both_panels():
    ink, is_seven = torch.tensor([10.0, 20, 30, 95]), torch.tensor([0, 0, 1, 1]).bool()
    fig = draw.ink_rule(ink, is_seven, [5, 25, 60], [0.5, 1.0, 0.75])
    left, right = fig.axes
    assert left.get_legend_handles_labels()[1][-1] == "t = 25"
    assert list(left.lines[0].get_xdata()) == [25, 25]
    assert [bar.get_height() for bar in left.containers[1]].index(1) == 3  # 30 to 40
    dot = right.lines[-1]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (25, 1.0)
