"""The drawings of chapter 02 show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from utils.drawings import calculus_and_autograd as drawings


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_secants_pass_through_the_point_with_their_slopes(ax):
    x = np.linspace(0, 2, 5)
    drawings.secants(ax, x, x**2, (1, 1), {1.0: 3.0, 0.5: 2.5}, tangent=2.0)
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    for name, slope in [("h = 1.0", 3), ("h = 0.5", 2.5), ("tangent", 2)]:
        label = next(label for label in lines if name in label)
        np.testing.assert_allclose(lines[label], 1 + slope * (x - 1))
    np.testing.assert_allclose(lines["f(x)"], x**2)


def test_panels_have_a_mark_for_each_curve_on_log_scales(ax):
    x = np.array([0.1, 1.0])
    drawings.panels(ax, x, {"a": x, "b": 2 * x}, marks=[0.2, 0.5])
    assert ax.get_xscale() == ax.get_yscale() == "log"
    marks = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) < 2]
    assert marks == [0.2, 0.5]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]


def test_arrows_are_the_gradients(ax):
    x, y = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9))
    points = np.array([[0.5, 0.0], [0.0, -0.5]])
    drawings.arrows(ax, (x, y, x**2 + y**2), points, 2 * points)
    (quiver,) = [c for c in ax.collections if hasattr(c, "U")]
    np.testing.assert_allclose([quiver.U, quiver.V], 2 * points)


def test_a_relief_is_a_surface_beside_empty_axes():
    x, y = np.meshgrid(np.linspace(0, 1, 3), np.linspace(0, 1, 4))
    fig, (left, right) = drawings.relief(x, y, x * y)
    assert left.name == "3d" and len(left.collections) == 1
    assert right.name == "rectilinear" and not right.has_data()
    plt.close(fig)


def test_a_graph_shows_values_slopes_and_arrows(ax):
    boxes = {"w": (0, 0, "2", "-1.5"), "L": (3, 0, "0.25", "1")}
    drawings.graph(ax, boxes, [("w", "L", "0.7")])
    assert {"w = 2", "L = 0.25", "-1.5", "1", "0.7"} <= set(texts(ax))
    arrows = [note for note in ax.texts if getattr(note, "arrow_patch", None)]
    assert len(arrows) == 1
    assert arrows[0].xyann[0] < arrows[0].xy[0]  # from w to L
