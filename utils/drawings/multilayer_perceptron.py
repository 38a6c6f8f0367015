"""Drawings of the lecture on the multilayer perceptron."""

from itertools import pairwise, product

import numpy as np

from utils import plots

LAMPS = {0: {"marker": "o", "color": "C0"}, 1: {"marker": "s", "color": "C1"}}


def _lamps(ax, points, y, **style):
    """Scatter points by whether the lamp is off (0) or on (1)."""
    points, y = np.asarray(points), np.asarray(y).ravel()
    for label, name in ((0, "off"), (1, "on")):
        at = points[y == label]
        ax.scatter(*at.T, s=110, zorder=3, label=f"lamp {name}", **LAMPS[label])


def lamp(X, y, w, b):
    """Draw the four states of two switches with a line, and the lamp against one.

    Args:
        X, y: (4, 2) switches; (4, 1) lamp, 0 or 1.
        w, b: two weights and a bias, a line that is right for three of the four.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.2, height=3.2)
    _lamps(left, X, y)
    ends = np.array([-0.5, 1.5])
    left.plot(ends, -(b + w[0] * ends) / w[1], color="0.3", ls="-", label="one line")
    left.set(xlim=(-0.4, 1.4), ylim=(-0.4, 2.1), xlabel="switch 1", ylabel="switch 2")
    left.set(xticks=[0, 1], yticks=[0, 1])
    left.legend(loc="upper center", ncols=3, fontsize=8, columnspacing=1)
    for second, ls in ((0, "-"), (1, "--")):
        rows = np.asarray(X)[:, 1] == second
        color = f"C{second + 2}"
        name = "up" if second else "down"
        shown = np.asarray(y).ravel()[rows]
        right.plot([0, 1], shown, "o", ls=ls, color=color, label=f"switch 2 {name}")
    right.set(xlabel="switch 1", ylabel="lamp", xticks=[0, 1], yticks=[0, 1])
    right.set(xlim=(-0.4, 1.4), ylim=(-0.4, 2.1))
    right.legend(loc="upper center", ncols=2, fontsize=8)
    return fig


def network(ax, layers, weights, names):
    """Draw units as circles and each weight on its line.

    Args:
        ax: the axes to draw on.
        layers: for each column of units their biases, None for an input.
        weights: between two columns, (units before, units after).
        names: names of the columns.
    """
    places = []
    for i, biases in enumerate(layers):
        rows = 0.5 - (np.arange(len(biases)) - (len(biases) - 1) / 2)
        places.append([(float(i), row) for row in rows])
        for (x, y), bias in zip(places[-1], biases, strict=True):
            edge = "0.6" if bias is None else "C0"
            ax.scatter(x, y, s=900, color="white", edgecolor=edge, zorder=3, lw=2)
            text = "" if bias is None else f"{bias:+g}"
            ax.text(x, y, text, ha="center", va="center", zorder=4, fontsize=9)
        ax.text(i, -0.75, names[i], ha="center", fontsize=9)
    for (before, after), W in zip(pairwise(places), weights, strict=True):
        for (j, p), (k, q) in product(enumerate(before), enumerate(after)):
            ax.plot(*zip(p, q, strict=True), color="0.5", lw=1, ls="-", zorder=1)
            at = np.array(p) + 0.36 * (np.array(q) - p)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            ax.text(
                *at, f"{W[j, k]:+g}", fontsize=9, ha="center", va="center", bbox=box
            )
    ax.set(xlim=(-0.4, len(layers) - 0.6), ylim=(-0.95, 1.7))
    ax.axis("off")


def by_hand(net, X, y, names):
    """Draw a hand-set net of one hidden layer: its weights, its plane, its units.

    Args:
        net: nn.Sequential of a linear layer, an activation, a linear layer.
        X, y: (4, 2) switches; (4, 1) lamp, 0 or 1.
        names: names of the three columns of units.

    Returns:
        The figure.
    """
    first, second = net[0], net[2]
    fig, axes = plots.figure(1, 3, width=3.4, height=3.2)
    biases = [[None] * 2, first.bias.tolist(), second.bias.tolist()]
    weights = [layer.weight.detach().numpy().T for layer in (first, second)]
    network(axes[0], biases, weights, names)
    plots.decision_regions(net, X, y, axes[1])
    axes[1].get_legend().remove()
    axes[1].set(xlabel="switch 1", ylabel="switch 2", title="what the net says")
    H = net[:2](X).detach().numpy()  # (4, 2)
    _lamps(axes[2], H, y)
    (v,), c = second.weight.tolist(), second.bias.item()
    ends = np.array([-0.3, 2.3])
    axes[2].plot(ends, -(c + v[0] * ends) / v[1], color="0.3", ls="-", label="border")
    for state, at in zip(np.asarray(X).astype(int), H, strict=True):
        # the two lit states fall on one point: their names stand below each other
        up = {(0, 1): -0.06, (1, 0): -0.3}.get(tuple(state), 0.12)
        axes[2].annotate(f"{state[0]}, {state[1]}", at + (0.14, up), fontsize=9)
    axes[2].set(xlim=(-0.3, 2.5), ylim=(-0.4, 2.2), xlabel="hidden unit 1")
    axes[2].set(ylabel="hidden unit 2", title="as the hidden layer shows it")
    axes[2].legend(loc="upper left", fontsize=8)
    return fig


def success(widths, shares):
    """Draw how many of many starts find a solution, by the number of hidden units.

    Args:
        widths: (n,) hidden units.
        shares: name of an activation -> (n,) shares in [0, 1].

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6, height=3)
    plots.curves(ax, widths, shares, "hidden units", "share of starts that learn XOR")
    ax.set(xscale="log", ylim=(-0.05, 1.1))
    ax.set_xticks(widths, [str(w) for w in widths])
    ax.minorticks_off()
    ax.legend(loc="lower right")
    return fig


def activations(z, curves, slopes):
    """Draw activation functions beside their slopes.

    Args:
        z: (n,) where they are known.
        curves, slopes: name -> (n,) values.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.3)
    plots.curves(left, z, curves, "z", "activation")
    plots.curves(right, z, slopes, "z", "slope")
    left.set(ylim=(-1.2, 3.1))
    right.set(ylim=(-0.25, 1.25))
    right.get_legend().remove()
    return fig


def hinges(x, truth, drawn, units, errors):
    """Draw a curve with piecewise linear ones, and their errors by units.

    Args:
        x, truth: (n,) a curve.
        drawn: number of units -> (n,) what a net of so many gives.
        units: (m,) numbers of units.
        errors: name -> (m,) largest errors.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.3)
    left.plot(x, truth, color="0.7", lw=5, ls="-", label="the curve")
    for n, values in drawn.items():
        left.plot(x, values, label=f"{n} units")
    left.set(xlabel="x", ylabel="y", ylim=(-1.6, 2.6))
    left.legend(loc="upper center", ncols=2)
    plots.curves(right, units, errors, "hidden units", "largest error")
    right.set(xscale="log", yscale="log")
    right.set_xticks(units, [str(n) for n in units])
    right.minorticks_off()
    return fig


def tents(x, curves):
    """Draw folded lines side by side.

    Args:
        x: (n,) the common abscissa.
        curves: title -> (n,) values in [0, 1].

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(curves), width=3.0, height=2.3, sharey=True)
    for ax, (title, values) in zip(axes, curves.items(), strict=True):
        ax.plot(x, values)
        ax.set(xlabel="x", title=title)
    axes[0].set(ylabel="output")
    return fig


def capacity(widths, valid, bottlenecks, narrow, names):
    """Draw validation accuracies by the width of one hidden layer, twice.

    Args:
        widths, bottlenecks: (n,), (m,) hidden units.
        valid, narrow: (runs, n), (runs, m) accuracies.
        names: titles of the two panels.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=4.4, height=3.0)
    panels = zip(axes, (widths, bottlenecks), (valid, narrow), names, strict=True)
    for ax, x, runs, name in panels:
        runs = np.asarray(runs)
        for run in runs:
            ax.plot(x, run, "o", color="0.6", markersize=4)
        ax.plot(x, runs.mean(axis=0), color="C0", label="mean of the runs (dots)")
        ax.set(xscale="log", xlabel="hidden units", title=name)
        ax.set(ylabel="validation accuracy")
        ax.set_xticks(x, [str(k) for k in x])
        ax.minorticks_off()
        ax.legend(loc="lower right")
    return fig


def walks(curvature, paths, gaps):
    """Draw walks in a valley, and how far above the bottom they are.

    Args:
        curvature: of the two directions.
        paths: name -> (steps, 2) points.
        gaps: name -> (steps,) losses above the lowest.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.8, height=3.2)
    u, v = np.meshgrid(np.linspace(-11, 3, 120), np.linspace(-2, 2.2, 120))
    height = (curvature[0] * u**2 + curvature[1] * v**2) / 2
    left.contour(u, v, height, levels=8, colors="0.8", linewidths=1)
    for (name, path), marker in zip(paths.items(), "osD", strict=False):
        left.plot(*np.asarray(path)[:25].T, marker=marker, markersize=3, label=name)
    left.plot(0, 0, "k*", markersize=10)
    left.set(xlabel="along the valley", ylabel="across", ylim=(-2, 2.2))
    steps = np.arange(len(next(iter(gaps.values()))))
    plots.curves(right, steps, gaps, "step", "loss above the lowest")
    right.set(yscale="log", ylim=(1e-12, 1e3))
    right.legend(loc="upper right")
    return fig


def results(history, scores, titles):
    """Draw training curves, and the test accuracy beside simpler answers.

    Args:
        history: name of a data set -> (epochs,) training losses.
        scores: name of a model -> one accuracy a data set.
        titles: the names of the data sets.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.2)
    epochs = range(1, 1 + len(next(iter(history.values()))))
    plots.curves(left, epochs, history, "epoch", "training loss")
    left.set(yscale="log", xticks=list(epochs))
    height = 0.8 / len(scores)
    for k, (name, values) in enumerate(scores.items()):
        at = np.arange(len(values)) + k * height
        bars = right.barh(
            at, values, height * 0.9, label=name, hatch=["", "//", ".."][k]
        )
        right.bar_label(bars, fmt="%.2f", padding=2, fontsize=8)
    right.set_yticks(np.arange(len(titles)) + 0.4 - height / 2, titles)
    right.set(xlabel="accuracy on the test images", xlim=(0, 1.15), ylim=(-0.3, 2.6))
    right.legend(loc="upper center", ncols=3, fontsize=8, columnspacing=1)
    return fig


def dead(rates, shares, scores):
    """Draw shares of silent units and accuracies by learning rate.

    Args:
        rates: (n,) learning rates.
        shares: name -> (n,) shares of units that are at or below 0 on all images.
        scores: name -> (n,) accuracies.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.0)
    plots.curves(left, rates, shares, "learning rate", "share at or below 0")
    plots.curves(right, rates, scores, "learning rate", "validation accuracy")
    for ax in (left, right):
        ax.set(xscale="log", ylim=(-0.05, 1.05))
        ax.set_xticks(rates, [str(rate) for rate in rates])
        ax.minorticks_off()
    right.get_legend().remove()
    return fig


def bugs(curves):
    """Draw the training loss of several runs, epoch by epoch.

    Args:
        curves: name -> (epochs,) losses.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.5, height=3.2)
    epochs = range(1, 1 + len(next(iter(curves.values()))))
    plots.curves(ax, epochs, curves, "epoch", "training loss")
    ax.set(yscale="log", xticks=list(epochs))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return fig
