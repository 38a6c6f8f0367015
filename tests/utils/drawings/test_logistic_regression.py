"""The drawings of the lecture on logistic regression show what they are given."""

import numpy as np
import torch

from utils.drawings import logistic_regression as drawings


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_a_line_crosses_one_half_at_its_border():
    x, y = torch.tensor([[1.0], [3.0]]), torch.tensor([[0.0], [1.0]])
    fig = drawings.students([x, x], [y, y], [(0.5, -0.5, 2.0), (0.25, 0.0, 2.0)])
    for ax, (weight, bias) in zip(fig.axes, [(0.5, -0.5), (0.25, 0.0)], strict=True):
        line, border, mark = ax.get_lines()
        np.testing.assert_allclose(line.get_ydata(), weight * line.get_xdata() + bias)
        assert border.get_xdata()[0] == 2 and mark.get_ydata()[0] == 0.5
        assert ax.get_title() == "2 students" and "border, 2.0 h" in legend(ax)


def test_two_panels_have_one_legend():
    x = torch.arange(40.0)
    both = {"a": x, "b": 2 * x}
    _, (left, right) = drawings.two_panels(x, both, both, "z", ("loss", "slope"))
    assert legend(left) == ["a", "b"] and right.get_legend() is None
    assert (left.get_ylabel(), right.get_ylabel()) == ("loss", "slope")
    _, (left, right) = drawings.two_panels(x, both, both, "z", ("a", "b"), legend=1)
    assert legend(right) == ["a", "b"] and left.get_legend() is None


def test_the_second_sigmoid_lies_over_the_first():
    x = torch.tensor([[0.0], [2.0]])
    curves = {"20": x / 2, "21": x / 2}
    fig = drawings.fitted_sigmoids(x, x / 2, x, curves, border=1.5)
    first, second, border = fig.axes[0].get_lines()
    assert first.get_linewidth() > second.get_linewidth()
    assert border.get_xdata()[0] == 1.5


def test_decays_are_on_logarithmic_scales():
    losses = {"training": [0.1, 0.2], "validation": [0.3, 0.2]}
    fig = drawings.decay_choice([0.01, 0.1], losses, {"none": torch.tensor([[0.2]])})
    left, right = fig.axes
    assert left.get_xscale() == left.get_yscale() == "log"
    assert legend(left) == ["training", "validation"] and legend(right) == ["none"]


def test_the_chosen_threshold_is_marked():
    matrices = {
        0.5: torch.tensor([[5, 0], [2, 3]]),
        0.1: torch.tensor([[4, 1], [0, 5]]),
    }
    fig = drawings.threshold_choice([0.1, 0.5], [1, 20], matrices)
    assert legend(fig.axes[0]) == ["chosen: 0.1"]
    assert fig.axes[1].get_title() == "test, above 0.5"


def test_thresholds_are_points_of_the_roc_curve():
    rates = torch.tensor([0.0, 0.2, 1.0]), torch.tensor([0.0, 0.6, 1.0])
    matrix = torch.tensor([[8, 2], [2, 3]])  # false positives 2 of 10, found 3 of 5
    curves = {"many": rates, "one": rates}
    fig = drawings.roc_curves(curves, {0.5: matrix, 0.1: matrix})
    point = fig.axes[0].get_lines()[3]
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (0.2, 0.6)


def test_reliability_counts_each_example_in_its_bin():
    p = torch.tensor([[0.05], [0.15], [0.25], [0.95]])
    y = torch.tensor([[0.0], [1.0], [0.0], [1.0]])
    said, happened, count = drawings.reliability(p, y, [0.1, 0.3, 0.5])
    np.testing.assert_allclose(said, [0.05, 0.2, 0.95], rtol=1e-6)
    assert happened.tolist() == [0, 0.5, 1] and count.tolist() == [1, 2, 1]


def test_a_reliability_diagram_stays_inside_the_square():
    rows = np.array([0.1, 0.9]), np.array([0.05, 1.0]), np.array([20, 30])
    fig = drawings.reliability_diagrams({"a": rows, "b": rows})
    for ax in fig.axes:
        bars = ax.containers[0].lines[2][0].get_segments()
        assert all(0 <= y <= 1 for bar in bars for y in bar[:, 1])


def test_a_hill_shows_every_hidden_unit():
    grid = torch.linspace(0, 1, 50).reshape(-1, 1)
    fig = drawings.hill(grid, grid, grid, {"one": grid}, grid.repeat(1, 3))
    assert legend(fig.axes[1]) == ["unit 0", "unit 1", "unit 2"]


def test_bugs_are_told_apart_by_markers_too():
    curves = {name: np.arange(10.0) for name in ("right", "a", "b", "c")}
    fig = drawings.bugs(range(10), curves, level=0.69)
    lines = fig.axes[0].get_lines()[:4]
    assert len({line.get_marker() for line in lines}) == 4
