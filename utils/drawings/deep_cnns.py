"""Drawings of the lecture on deep convolutional networks."""

import math

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.ticker import MaxNLocator

from utils import plots

COLORS = {"conv": "#cfe3f1", "1x1": "#f7d9a8", "pool": "#d9d9d9", "full": "#c7e5d4"}


def photo_edges_points(photo, edges, points, scales):
    """A photo, its edges, and the photo with a circle for each point of interest.

    Args:
        photo: (H, W) in [0, 1].
        edges: (H, W) bool.
        points: (n, 2) row and column of each point.
        scales: (n,) how large each point's surroundings are, in pixels.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=3, width=2.9, height=3.0)
    titles = ["photo", "Canny: edges", "SIFT: points"]
    for ax, image, title in zip(axes, [photo, edges, photo], titles, strict=True):
        ax.imshow(image, cmap="gray")
        ax.set_title(title)
        ax.axis("off")
    for (row, column), scale in zip(points, scales, strict=True):
        style = {"fill": False, "edgecolor": "#E69F00", "linewidth": 1.0}
        axes[2].add_patch(Circle((column, row), 2 * scale, **style))
    return fig


def gradients(image, cells):
    """An image, the strength of its gradients, and a star of strokes for each cell.

    A stroke lies along the edge, across the gradient, and is as long as its bin is
    full.

    Args:
        image: (H, W).
        cells: (rows, columns, 4, bins) blocks of 2 x 2 cells; the first is drawn.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=3, width=2.7, height=2.9)
    g_y, g_x = np.gradient(np.asarray(image))
    for ax, shown in zip(axes, [image, np.hypot(g_x, g_y), image], strict=True):
        ax.imshow(shown, cmap="gray", alpha=1.0 if ax is not axes[2] else 0.25)
        ax.axis("off")
    for ax, title in zip(axes, ["image", "strength", "directions"], strict=True):
        ax.set_title(title)
    rows, columns, _, bins = cells.shape
    cell = image.shape[0] / (rows + 1)
    for row in range(rows):
        for column in range(columns):
            x, y = cell * (column + 0.5) - 0.5, cell * (row + 0.5) - 0.5
            for b in range(bins):
                along = math.pi * (b + 0.5) / bins + math.pi / 2
                length = float(cells[row, column, 0, b]) * cell * 0.8
                dx, dy = length * math.cos(along), length * math.sin(along)
                ends = [x - dx, x + dx], [y - dy, y + dy]
                axes[2].plot(*ends, color="#0072B2", linestyle="-", linewidth=1.4)
    return fig


def columns(nets):
    """Nets side by side, each a column of layers, the input at the bottom.

    Args:
        nets: name -> [(kind, text)] from the first layer to the last; `kind` is
            "conv", "1x1", "pool" or "full".

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=8.6, height=5.0)
    hatches = {"conv": "", "1x1": "//", "pool": "", "full": "\\\\"}
    for place, (name, layers) in enumerate(nets.items()):
        for level, (kind, text) in enumerate(layers):
            style = {"facecolor": COLORS[kind], "hatch": hatches[kind]}
            style |= {"edgecolor": "#8a8a8a", "boxstyle": "round,pad=0.02"}
            box = FancyBboxPatch((place, level), 0.86, 0.72, **style)
            ax.add_patch(box)
            plain = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            look = {"ha": "center", "va": "center", "fontsize": 8, "bbox": plain}
            ax.text(place + 0.43, level + 0.36, text, **look)
        ax.text(place + 0.43, -0.75, name, ha="center", va="center")
    tallest = max(map(len, nets.values()))
    ax.set(xlim=(-0.1, len(nets)), ylim=(-1.2, tallest + 0.1))
    ax.axis("off")
    return fig


def layer_panels(names, panels):
    """Bars for each layer of a net, one panel for each quantity.

    Args:
        names: the layers' names, from the input on.
        panels: what is counted -> a number for each layer.

    Returns:
        The figure.
    """
    shape = {"ncols": len(panels), "width": 3.0, "height": 3.9, "sharey": True}
    fig, axes = plots.figure(**shape)
    for ax, (title, values) in zip(np.ravel(axes), panels.items(), strict=True):
        bars = ax.barh(range(len(names)), values, color="#0072B2")
        ax.bar_label(bars, [f"{v:.3g}" for v in values], fontsize=7, padding=2)
        ax.set(xlabel=title, xlim=(0, 1.25 * max(values)))
        ax.grid(visible=False, axis="y")
    first = np.ravel(axes)[0]
    first.set_yticks(range(len(names)), names, fontsize=8)
    first.invert_yaxis()
    return fig


def contest(scores, bars, xlabel="validation accuracy", xlim=None):
    """A row for each model: a dot for each seed, a line at their mean.

    Args:
        scores: name -> the scores of its runs.
        bars: name -> a score to beat, drawn as a line from top to bottom.
        xlabel: what the scores are.
        xlim: left and right end of the axis.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.6, height=0.9 + 0.42 * len(scores))
    for row, values in enumerate(scores.values()):
        middle = sum(values) / len(values)
        line = {"color": "#0072B2", "linestyle": "-", "linewidth": 3}
        ax.plot([middle] * 2, [row - 0.3, row + 0.3], **line)
        style = {"facecolors": "none", "edgecolors": "black", "zorder": 3}
        ax.scatter(values, [row] * len(values), 36, **style)
    for (name, value), dashes in zip(bars.items(), ["--", ":", "-."], strict=False):
        ax.axvline(value, color="#D55E00", linestyle=dashes, label=name)
    ax.set(xlabel=xlabel, xlim=xlim, ylim=(len(scores) - 0.5, -0.5))
    ax.set_yticks(range(len(scores)), scores)
    if bars:
        ax.legend(loc="lower left", fontsize=8)
    return fig


def bands(ax, x, runs, xlabel, ylabel):
    """A line for each entry: the mean of its runs, in a band from least to greatest.

    Args:
        ax: the axes to draw on.
        x: (n,) the common abscissa.
        runs: label -> (number of runs, n) values.
        xlabel, ylabel: what the axes show, with the unit.

    Returns:
        The axes.
    """
    for (label, values), marker in zip(runs.items(), plots.MARKERS, strict=False):
        table = np.asarray(values)  # (runs, n)
        (line,) = ax.plot(x, table.mean(axis=0), marker=marker, label=label)
        low, high = table.min(axis=0), table.max(axis=0)
        ax.fill_between(x, low, high, color=line.get_color(), alpha=0.2, linewidth=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return ax
