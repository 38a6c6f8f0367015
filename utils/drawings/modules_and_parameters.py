"""Drawings of the lecture on modules: a net as a tree, weights that moved, costs."""

import matplotlib.pyplot as plt
import numpy as np
from torch import nn

from utils import plots

_HATCHES = ("", "//", "..")


def tree(net: nn.Module) -> plt.Figure:
    """Draw a net's modules as a tree: root at the left, numbers in the boxes.

    Args:
        net: a module with submodules.

    Returns:
        The figure: one box a module, with its name, class and own parameters.
    """
    places: dict[str, tuple[int, float]] = {}
    _place(net, "", 0, iter(range(1000)), places)
    rows = 1 + max(row for _, row in places.values())
    fig, ax = plots.figure(width=7.2, height=0.62 * rows)
    for name, (depth, row) in places.items():
        if name:
            parent = places[name.rpartition(".")[0]]
            ends = [parent[0] + 0.1, depth], [parent[1], row]  # from under its box
            ax.plot(*ends, "-", color="0.6", lw=1, zorder=1)
        part = net.get_submodule(name)
        own = [f"{n} {p.numel():,}" for n, p in part.named_parameters(recurse=False)]
        text = " ".join(filter(None, [name.rpartition(".")[2], type(part).__name__]))
        text = "\n".join([text, ", ".join(own)]) if own else text
        color = "#cfe3f5" if own else "white"
        box = {"boxstyle": "round", "facecolor": color, "edgecolor": "0.4"}
        ax.text(depth, row, text, ha="left", va="center", fontsize=9, bbox=box)
    ax.set(xlim=(-0.1, 3.1), ylim=(rows - 0.4, -0.6))
    ax.axis("off")
    return fig


def _place(part, name, depth, rows, places):
    """Give each module a column, its depth, and a row; a parent is between its ends."""
    inner = [
        _place(child, f"{name}.{key}" if name else key, depth + 1, rows, places)
        for key, child in part.named_children()
    ]
    row = (inner[0] + inner[-1]) / 2 if inner else next(rows)
    places[name] = (depth, row)
    return row


def moves(values: dict[str, list[float]], layers: list[str]) -> plt.Figure:
    """Draw how far each layer's weight moved, a group of bars for each net.

    Args:
        values: net -> a number for each layer; where it is 0, "0" stands in place of
            the bar.
        layers: the layers' names.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.4, height=3.0)
    width = 0.8 / len(layers)
    for k, (layer, hatch) in enumerate(zip(layers, _HATCHES, strict=False)):
        heights = [numbers[k] for numbers in values.values()]
        x = np.arange(len(values)) + (k - (len(layers) - 1) / 2) * width
        ax.bar(x, heights, 0.9 * width, label=layer, hatch=hatch, edgecolor="white")
        for place, height in zip(x, heights, strict=True):
            if height == 0:
                ax.text(place, 0.01, "0", ha="center", va="bottom", color=f"C{k}")
    ax.set_xticks(range(len(values)), list(values))
    ax.set_ylabel("change / start (norms)")
    ax.set_ylim(0, 1.35 * max(map(max, values.values())))
    ax.legend(loc="upper right", ncols=len(layers))
    return fig


def histories(runs: dict[str, dict], baseline: float) -> plt.Figure:
    """Draw the training loss and the validation accuracy of some nets over the epochs.

    Args:
        runs: net -> its history, with "train_loss" and "valid_accuracy", a number an
            epoch.
        baseline: accuracy of the nearest mean; a horizontal line marks it.

    Returns:
        The figure, loss left and accuracy right.
    """
    fig, (left, right) = plots.figure(ncols=2, width=4.4, height=3.0)
    for ax, what, label in (
        (left, "train_loss", "training loss (nats)"),
        (right, "valid_accuracy", "validation accuracy"),
    ):
        values = {name: history[what] for name, history in runs.items()}
        epochs = range(1, 1 + len(next(iter(values.values()))))
        plots.curves(ax, epochs, values, "epoch", label)
    left.set_ylim(0, 2.5)
    right.set_ylim(0, 1)
    right.axhline(baseline, color="gray", lw=0.8)
    right.text(5.2, baseline - 0.07, "nearest mean", color="gray", fontsize=9)
    return fig


def pause(first: list[float], runs: dict[str, list[float]]) -> plt.Figure:
    """Draw the training loss before a pause, and that of several ways to go on.

    Args:
        first: the loss of each epoch before the pause.
        runs: way to go on -> the loss of each epoch after it.

    Returns:
        The figure; a vertical line marks the pause.
    """
    fig, ax = plots.figure(width=5.8, height=3.2)
    end = len(first)
    whole = {name: [first[-1], *losses] for name, losses in runs.items()}
    epochs = range(end, end + len(next(iter(whole.values()))))
    plots.curves(ax, epochs, whole, "epoch", "training loss (nats)")
    ax.plot(
        range(1, end + 1), first, color="gray", marker="s", label="before the pause"
    )
    ax.axvline(end, color="gray", lw=0.8, ls=":")
    ax.set_ylim(0, None)
    ax.legend(loc="upper right")
    return fig


def knows(scores: dict[str, list[float]]) -> plt.Figure:
    """Draw how well the nearest mean reads pixels, and what each layer makes of them.

    Args:
        scores: net -> accuracy on the pixels, then on each layer's output.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.6, height=3.0)
    count = len(next(iter(scores.values())))
    plots.curves(ax, range(count), scores, "", "accuracy of the nearest mean")
    ax.set_xticks(range(count), ["pixels", *(f"layer {k}" for k in range(1, count))])
    ax.set(ylim=(0, 1), xlabel="what the nearest mean sees")
    return fig


def go_or_stay(n, seconds: dict, crossing: float) -> plt.Figure:
    """Draw four lines of seconds on log scales, product left and sum right.

    Args:
        n: (K,) sides of the matrices.
        seconds: "product, stay" and so on -> (K,) seconds.
        crossing: where the product's lines meet; a vertical line marks it.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=2, width=4.2, height=3.0, sharey=True)
    for ax, job in zip(axes, ("product", "sum"), strict=True):
        for way, style in (("stay", "-"), ("go", "--")):
            ax.plot(n, seconds[f"{job}, {way}"], style, label=way)
        ax.set(xscale="log", yscale="log", xlabel="side n of the matrices", title=job)
        ax.legend(loc="upper left")
    axes[0].axvline(crossing, color="gray", lw=0.8)
    axes[0].set_ylabel("seconds, by assumed speeds")
    return fig
