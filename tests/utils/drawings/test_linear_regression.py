"""The drawings of chapter 03 show what they are given, at its place."""

import pytest
import torch

from utils import plots
from utils.drawings import linear_regression as drawings

LOWEST = torch.tensor([[0.5], [0.25]], dtype=torch.float64)


def loss(path):
    return ((path - LOWEST) ** 2).sum(dim=0)


def lines(ax):
    """The labelled lines of some axes: label -> points (k, 2)."""
    shown = [line for line in ax.lines if not line.get_label().startswith("_")]
    return {line.get_label(): line.get_xydata() for line in shown}


def walk(num_points):
    """A walk down a diagonal: (2, num_points)."""
    return torch.linspace(-1, 0.2, num_points, dtype=torch.float64).repeat(2, 1)


def test_each_line_of_the_landscape_is_a_point_of_the_map():
    x = y = torch.tensor([[0.0], [1.0]])
    models = {"flat": (0, 100), "steep": (90, 190), "best": (50, 150)}
    axis = torch.linspace(0.0, 200, 5)
    heights = torch.arange(25.0).reshape(5, 5)
    left, right = drawings.landscape(x, y, models, axis, axis, heights).axes
    assert lines(left)["steep"].tolist() == [[-2, 10], [4, 550]]
    assert {name: xy.tolist() for name, xy in lines(right).items()} == {
        name: [[*model]] for name, model in models.items()
    }


def test_the_noise_is_shown_with_its_bell_and_the_least_squares_weight():
    r = torch.linspace(-3, 3, 7)
    curves = {"sigma = 1": r**2}
    fig = drawings.noise(r, r, torch.exp(-(r**2) / 2), r, curves, 1.5)
    left, right = fig.axes
    assert sum(p.get_height() for p in left.patches) * 6 / 24 == pytest.approx(1)
    assert list(lines(left)) == [f"bell, sigma = {r.std():.0f}"]
    assert lines(right)["least squares"][:, 0].tolist() == [1.5, 1.5]
    assert lines(right)["sigma = 1"][0].tolist() == [-3, 9]


def test_a_valley_has_its_cross_at_the_lowest_point_and_both_axes_alike():
    _, ax = plots.figure()
    drawings.valley(ax, loss, LOWEST, low=-2, high=1)
    assert ax.lines[0].get_xydata().tolist() == [[0.5, 0.25]]
    assert ax.get_xlim() == ax.get_ylim() == (-2, 1)
    low, *_ = ax.collections[0].get_paths()  # the lowest ring encloses the cross
    assert low.contains_point((0.5, 0.25))


def test_rates_show_twelve_points_on_the_map_and_every_loss_beside_it():
    paths = {name: walk(20) for name in "abcd"}
    left, right = drawings.rates(paths, loss, LOWEST).axes
    assert all(len(xy) == 12 for xy in lines(left).values())
    assert list(lines(right)) == [*"abcd"]
    assert lines(right)["a"][:, 1].tolist() == loss(walk(20)).tolist()


def test_only_long_walks_are_averaged_and_all_end_at_the_last_epoch():
    walks = {"one": walk(2211), "some": walk(141), "all": walk(6)}
    left, right = drawings.batches(walks, loss, LOWEST, num_epochs=5).axes
    assert [len(xy) for xy in lines(left).values()] == [443, 141, 6]
    assert [len(xy) for xy in lines(right).values()] == [85, 140, 5]
    assert {xy[-1, 0] for xy in lines(right).values()} == {5}
    mean = loss(walk(2211))[1:27].mean().item()
    assert lines(right)["one"][0, 1] == pytest.approx(mean)


def test_walks_off_the_bowl_are_shown_where_they_went():
    def bumpy(w):
        return (w**2).sum()

    def saddle(w):
        return w[0] * w[1]

    down = torch.tensor([[2.0], [1.0]])
    off = torch.tensor([[1.0, -1.0], [0.5, 0.0]])
    fig = drawings.no_bowls(
        bumpy, {"a": down, "b": -down}, saddle, {"c": off, "d": -off}
    )
    left, right = fig.axes
    assert lines(left)["b"].tolist() == [[-2, 4], [-1, 1]]
    assert lines(right)["c"].tolist() == off.tolist()
