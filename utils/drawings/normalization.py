"""Drawings of the lecture on normalization."""

import torch
from matplotlib.patches import Rectangle

from utils import plots

EXAMPLES, CHANNELS, GROUPS = 4, 6, 2
COLORS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]
HATCHES = ["", "//", "..", "xx", "\\\\", "oo"]
SHARE = {  # which number belongs to the mean that a map (example, channel) shares
    "batch": lambda n, c: c,
    "layer": lambda n, c: n,
    "instance": lambda n, c: CHANNELS * n + c,
    "group": lambda n, c: GROUPS * n + c * GROUPS // CHANNELS,
}


def histograms(panels, xlabel):
    """Histograms of several variables in each of several panels, on one scale.

    Args:
        panels: title -> {name of the variable: (n,) values}.
        xlabel: what the values are.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=len(panels), width=3.3, sharey=True)
    for ax, (title, variables) in zip(axes, panels.items(), strict=True):
        for (name, values), hatch in zip(variables.items(), HATCHES, strict=False):
            share = torch.histogram(values.cpu(), bins=48, range=(-6, 6))
            style = {"alpha": 0.6, "hatch": hatch, "edgecolor": "white"}
            weights = (share.hist / len(values)).tolist()
            ax.bar(share.bin_edges[:-1].tolist(), weights, 0.25, label=name, **style)
        ax.set(title=title, xlabel=xlabel)
    axes[0].set_ylabel("share of the values")
    axes[0].legend()
    return fig


def norm_axes(norms):
    """Which maps share a mean: a grid of examples and channels for each norm.

    Args:
        norms: names out of "batch", "layer", "instance", "group".

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=len(norms), width=2.5, height=2.2, squeeze=False)
    for ax, name in zip(axes[0], norms, strict=True):
        for n in range(EXAMPLES):
            for c in range(CHANNELS):
                k = SHARE[name](n, c)
                color, hatch = COLORS[(k + k // 6) % 6], HATCHES[(k + 2 * (k // 6)) % 6]
                style = {"facecolor": color, "hatch": hatch, "edgecolor": "white"}
                ax.add_patch(Rectangle((c + 0.05, n + 0.05), 0.9, 0.9, **style))
        ax.set(xlim=(0, CHANNELS), ylim=(EXAMPLES, 0), title=f"{name} norm")
        ax.set(xlabel="channel (C)", ylabel="example (N)")
        ax.set_xticks([c + 0.5 for c in range(CHANNELS)], range(CHANNELS))
        ax.set_yticks([n + 0.5 for n in range(EXAMPLES)], range(EXAMPLES))
        ax.tick_params(length=0)
        ax.grid(False)
        ax.set_aspect("equal")
    return fig


def by_setting(settings, scores, xlabel, ylabel):
    """Scores against a setting on a log scale: each run a dot, their mean a line.

    Args:
        settings: the settings, such as learning rates.
        scores: name -> for each setting a list of the runs' scores.
        xlabel, ylabel: what the axes show.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.8)
    means = {n: [sum(r) / len(r) for r in rows] for n, rows in scores.items()}
    plots.curves(ax, settings, means, xlabel, ylabel)
    for line, rows in zip(ax.get_lines(), scores.values(), strict=True):
        xs = [x for x, row in zip(settings, rows, strict=True) for _ in row]
        ys = [score for row in rows for score in row]
        ax.scatter(xs, ys, s=12, color=line.get_color(), alpha=0.6)
    ax.set(xscale="log", ylim=(0, 1))
    ax.set_xticks(settings, [f"{x:g}" for x in settings])
    ax.minorticks_off()
    ax.legend()
    return fig


def drift_and_loss(drifts, losses):
    """How far means move in a step by layer, and the losses that nets end at.

    Args:
        drifts: name -> (layers,) moves.
        losses: name -> the losses of its runs.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(ncols=2, width=4.4, height=3.3)
    layers = range(1, len(next(iter(drifts.values()))) + 1)
    ylabel = "move of a channel's mean\nin a step (deviations)"
    plots.curves(left, layers, drifts, "layer", ylabel)
    left.set_xticks(layers)
    for k, (values, hatch) in enumerate(zip(losses.values(), HATCHES, strict=False)):
        style = {"color": f"C{k}", "hatch": hatch, "edgecolor": "white"}
        right.bar(k, sum(values) / len(values), 0.6, **style)
        right.scatter([k] * len(values), values, color="black", s=14, zorder=3)
    names = [name.replace(", ", ",\n") for name in losses]
    right.set_xticks(range(len(losses)), names)
    right.set(ylabel="training loss at the end (nats)")
    return fig


def clouds(values, xlabel, ylabel):
    """The values at each of several settings as a cloud of dots.

    Args:
        values: setting -> (n,) values.
        xlabel, ylabel: what the axes show.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.2)
    for k, cloud in enumerate(values.values()):
        shift = torch.linspace(-0.15, 0.15, len(cloud))
        ax.scatter((k + shift).tolist(), cloud.tolist(), s=10, alpha=0.6)
    ax.set_xticks(range(len(values)), [str(setting) for setting in values])
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return fig


def bars(values, ylabel):
    """A bar for each name, with its value above it.

    Args:
        values: name -> number from 0 to 1.
        ylabel: what the numbers are.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.4)
    drawn = ax.bar(list(values), list(values.values()), 0.6, edgecolor="white")
    ax.bar_label(drawn, fmt="%.2f")
    ax.set(ylabel=ylabel, ylim=(0, 1.05))
    return fig
