"""Drawings of the lecture on ResNet: blocks, means of several runs, dense stages."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from utils import plots
from utils.plots import MARKERS

PLAIN, SUM = "#cfe3f1", "#F3C98B"  # colours of a layer's box and of the sum's


def blocks(columns):
    """Blocks side by side, data going down: layers, a sum, what stands behind it.

    Args:
        columns: title -> (path, shortcut, after): the names of the layers on the path;
            what the shortcut does ("" for nothing, None where there is no shortcut);
            the names of the layers behind the sum.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(columns), width=2.3, height=4.0, squeeze=False)
    most = max(len(path) + len(after) for path, _, after in columns.values())
    for ax, (title, (path, shortcut, after)) in zip(
        axes[0], columns.items(), strict=True
    ):
        end = _column(ax, path, shortcut, after)
        _arrow(ax, 0, end, end - 0.8)
        ax.text(0, 0.85, "$x$", ha="center", va="center")
        ax.set(xlim=(-1.1, 2.6), ylim=(-most - 2.2, 1.2))
        ax.set_title(title, fontsize=9, x=1.1 / 3.7)  # above x = 0, the path
        ax.axis("off")
    return fig


def _column(ax, path, shortcut, after):
    """Draw one block from y = 0 downwards; return where it ends."""
    y = 0.0
    for name in path:
        y = _box(ax, y, name, PLAIN)
    if shortcut is not None:
        _shortcut(ax, y - 0.7, shortcut)
        y = _box(ax, y, "+", SUM)
    for name in after:
        y = _box(ax, y, name, PLAIN)
    return y


def _box(ax, top, name, color):
    """An arrow from `top` down, a box with a name below it; return its lower end."""
    _arrow(ax, 0, top + 0.6 if top == 0 else top, top - 0.4)
    style = {"boxstyle": "round,pad=0.02", "facecolor": color, "edgecolor": "#0072B2"}
    ax.add_patch(FancyBboxPatch((-0.95, top - 1.0), 1.9, 0.6, **style))
    ax.text(0, top - 0.7, name, ha="center", va="center", fontsize=8)
    return top - 1.0


def _shortcut(ax, y, name):
    """A line from above the first layer round the path to the sum at height y."""
    line = {"color": "#D55E00", "ls": "-", "lw": 1.6}
    ax.plot([0, 1.6, 1.6], [0.25, 0.25, y], marker="", **line)
    ax.annotate("", (0.98, y), (1.6, y), arrowprops={"arrowstyle": "->", **line})
    text = name or "nothing\nto learn"
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(1.6, (y + 0.25) / 2, text, ha="center", va="center", fontsize=8, bbox=box)


def _arrow(ax, x, top, bottom):
    ax.annotate("", (x, bottom), (x, top), arrowprops={"arrowstyle": "->", "lw": 1.2})


def runs(axes, panels, ylabel, level=None):
    """Curves of several runs: the mean as a line, the single runs as thin lines.

    Args:
        axes: the axes to draw on, one for each panel.
        panels: title -> (label -> (runs, epochs) values).
        ylabel: what the values are.
        level: (value, name) of a level line, or None.
    """
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for i, (label, values) in enumerate(curves.items()):
            values = np.asarray(values)
            epochs = np.arange(1, values.shape[1] + 1)
            for run in values:
                ax.plot(epochs, run, color=f"C{i}", lw=0.7, ls="-", alpha=0.5)
            marker = MARKERS[i]
            ax.plot(epochs, values.mean(0), label=label, color=f"C{i}", marker=marker)
        if level is not None:
            ax.axhline(level[0], color="0.4", lw=1, ls=":", label=level[1])
        ax.set(xlabel="epoch", title=title)
    axes[0].set_ylabel(ylabel)
    axes[-1].legend(fontsize=8)


def by_layer(axes, panels, xlabel, ylabel):
    """Positive values along a net, one line for each run, on a logarithmic axis.

    Args:
        axes: the axes to draw on, one for each panel.
        panels: title -> (label -> (runs, blocks) positive values).
        xlabel, ylabel: what a place and a value are.
    """
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for i, (label, values) in enumerate(curves.items()):
            values = np.asarray(values)
            place = np.arange(1, values.shape[1] + 1)
            for k, run in enumerate(values):
                style = {"color": f"C{i}", "marker": MARKERS[i], "ls": "-", "lw": 1}
                ax.plot(place, run, label=None if k else label, markevery=3, **style)
        ax.set(yscale="log", xlabel=xlabel, title=title)
    axes[0].set_ylabel(ylabel)
    axes[-1].legend(fontsize=8)


def channels(stages):
    """The channels that stand behind each layer, as bars: what each layer added.

    Args:
        stages: (name, parts) for each layer in order; `parts` are the channels, oldest
            first, whose sum the next layer reads.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.4, height=3.2)
    hatches = ["", "//", "..", "xx"]
    for x, (_, parts) in enumerate(stages):
        bottom = 0
        for k, part in enumerate(parts):
            color, hatch = f"C{k % 6}", hatches[k % len(hatches)]
            style = {"color": color, "hatch": hatch, "edgecolor": "white"}
            ax.bar(x, part, 0.8, bottom=bottom, **style)
            bottom += part
        ax.text(x, bottom + 1, str(bottom), ha="center", fontsize=8)
    names = [name for name, _ in stages]
    ax.set_xticks(range(len(stages)), names, rotation=60, ha="right", fontsize=8)
    ax.set(xlabel="layer", ylabel="channels behind it")
    ax.set_ylim(0, 1.15 * max(sum(parts) for _, parts in stages))
    return fig


def without_one(values, whole, ylabel):
    """How a net does when one of its blocks is cut out, a panel for each net.

    Args:
        values: name of the net -> (runs, blocks) how it does without that block.
        whole: name of the net -> (runs,) how it does as it is.
        ylabel: what the values are.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(values), width=3.9, height=3.0, sharey=True)
    for ax, (name, runs_of) in zip(np.ravel(axes), values.items(), strict=True):
        for k, run in enumerate(np.asarray(runs_of)):
            place = np.arange(1, len(run) + 1)
            line = ax.plot(place, run, marker=MARKERS[k], label=f"seed {k}")
            ax.axhline(whole[name][k], color=line[0].get_color(), lw=1, ls=":")
        ax.set(xlabel="block that is cut out", title=name, ylim=(0, 1))
        ax.locator_params(axis="x", integer=True)
    np.ravel(axes)[0].set_ylabel(ylabel)
    np.ravel(axes)[-1].legend(fontsize=8)
    return fig
