"""Drawings of the introduction: a threshold, a committee, groups of examples."""

from itertools import product

import matplotlib.pyplot as plt

from utils import plots
from utils.plots import MARKERS

BLAME = "#B34700"


def committee(x, W, v, blame_W, blame_v, features):
    """Draw a net of two layers with the weight and the blame of each connection.

    Args:
        x: (n,) the features of one example.
        W: (m, n) weights of the members; v: (m,) weights of the last neuron.
        blame_W: (m, n) and blame_v: (m,) how fast the objective grows with each weight.
        features: the n names of the features.

    Returns:
        The figure.
    """
    m, n = W.shape
    fig, ax = plt.subplots(figsize=(8.2, 4.0))
    rows = [n - 1 - k for k in range(n)]
    members = [(n - 1) * (1 - (j + 0.5) / m) for j in range(m)]
    middle = (n - 1) / 2
    for j, k in product(range(m), range(n)):
        ends = (0, rows[k]), (1.6, members[j])
        at = 0.25 if j == 0 else 0.35 if k == 0 else 0.7  # where no other line passes
        _connection(ax, *ends, W[j, k], blame_W[j, k], at=at)
    said = (W @ x).clamp(min=0)
    for j, y in enumerate(members):
        _connection(ax, (1.6, y), (3, middle), v[j], blame_v[j], at=0.5)
        _circle(ax, 1.6, y, f"{'ABCDEFGH'[j]}\n{said[j]:.2f}")
    for k, name in enumerate(features):
        _circle(ax, 0, rows[k], f"{x[k]:.1f}")
        ax.text(-0.2, rows[k], name, ha="right", va="center")
    _circle(ax, 3, middle, f"{v @ said:.2f}")
    ax.text(3.2, middle, "answer", va="center")
    ax.text(1.6, n - 0.55, "black: weight    orange, in brackets: blame", ha="center")
    ax.set(xlim=(-0.9, 3.7), ylim=(-0.5, n - 0.4))
    ax.axis("off")
    return fig


def _connection(ax, start, end, weight, blame, at):
    """A line with its weight and its blame, `at` a share of its way."""
    (x0, y0), (x1, y1) = start, end
    silent = float(blame) == 0
    ax.plot([x0, x1], [y0, y1], color="0.6", lw=1, ls=":" if silent else "-", zorder=0)
    x, y = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.text(x, y, f"{weight:.1f}", ha="right", va="center", bbox=box)
    text = f" [{blame + 0.0:.2f}]"
    ax.text(x, y, text, color=BLAME, ha="left", va="center", bbox=box)


def _circle(ax, x, y, text):
    ax.plot(x, y, "o", markersize=34, color="white", markeredgecolor="black")
    ax.text(x, y, text, ha="center", va="center", fontsize=9)


def groups(ax, points, group, species, names):
    """Draw points: the colour is the group that was found, the marker the species.

    Args:
        ax: the axes.
        points: (N, 2); group: (N,) and species: (N,) int64; names: of the species.

    Returns:
        The axes. The legend has an entry for each pair that occurs more than twice.
    """
    for j, s in product(group.unique().tolist(), range(len(names))):
        here = points[(group == j) & (species == s)]
        if len(here):
            label = f"group {j}: {names[s]}" if len(here) > 2 else None
            style = {"marker": MARKERS[s], "color": f"C{j}", "s": 16}
            ax.scatter(here[:, 0], here[:, 1], label=label, alpha=0.8, **style)
    return ax


def ink_rule(ink, is_seven, thresholds, right):
    """Draw what a threshold on the ink can part, and how often each one is right.

    Args:
        ink: (N,) the sum of the pixels; is_seven: (N,) bool, else a one.
        thresholds: list of T numbers; right: list of T shares, the best one is marked.

    Returns:
        The figure: histograms of both digits, and the share against the threshold.
    """
    fig, (left, middle) = plots.figure(1, 2, width=4.4, height=3.0)
    best_t = thresholds[right.index(max(right))]
    bins = list(range(0, 210, 10))
    left.hist(ink[~is_seven], bins, color="C0", alpha=0.6, label="ones")
    left.hist(ink[is_seven], bins, color="C1", hatch="//", alpha=0.6, label="sevens")
    left.axvline(best_t, color="black", label=f"t = {best_t}")
    left.set(xlabel="ink (sum of the pixels)", ylabel="examples")
    left.legend()
    plots.curves(middle, thresholds, {"": right}, "threshold t (ink)", "share right")
    middle.plot(best_t, max(right), "o", color="black")
    return fig
