"""Drawings of chapter 12: a kernel on its grid, and pictures side by side."""

import numpy as np
from matplotlib.patches import Rectangle

from utils import plots

FRAME = {"fill": False, "edgecolor": "C0", "clip_on": False}


def row(pictures, limits=None, cmap="gray", width=2.0, height=2.5):
    """Pictures in a row, each under its name, without axes.

    Args:
        pictures: name -> (H, W), or (H, W, 3) in colour.
        limits: name -> (low, high), the values drawn as the colour map's two ends; a
            picture that isn't in it is drawn from its least value to its greatest.
        cmap: matplotlib's name of the colour map.
        width, height: inches of each picture.

    Returns:
        fig, axes, images: the figure, its axes, and what `imshow` returned.
    """
    fig, axes = plots.figure(1, len(pictures), width=width, height=height)
    images = []
    for ax, (name, picture) in zip(axes, pictures.items(), strict=True):
        low, high = (limits or {}).get(name, (None, None))
        images.append(ax.imshow(picture, cmap=cmap, vmin=low, vmax=high))
        ax.set_title(name)
        ax.axis("off")
    return fig, axes, images


def unrolled(weights):
    """Weights of four axes as matrices: output pixels down, input pixels to the right.

    Args:
        weights: name -> (h, w, h, w), drawn red at -3 and below, blue at 3 and above.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(weights), width=2.9, height=3.2)
    for ax, (name, weight) in zip(axes, weights.items(), strict=True):
        matrix = weight.flatten(2).flatten(0, 1)  # (h * w, h * w)
        style = {"colorbar": False, "cmap": "RdBu", "vmin": -3, "vmax": 3}
        plots.heatmap(matrix, ax, "input pixel", "output pixel", **style)
        ax.set_title(name)
    return fig


def grids(tables, framed, caption):
    """Small tables of whole numbers, a thick frame around a corner of each.

    Args:
        tables: name -> (k, k) whole numbers, k at most 3.
        framed: for each table the side of its upper left square that is framed.
        caption: the line below.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(tables), width=2.2, height=2.5)
    for ax, (name, table), side in zip(axes, tables.items(), framed, strict=True):
        for (i, j), value in np.ndenumerate(np.asarray(table, dtype=int)):
            ax.text(j, i, str(value), ha="center", va="center", fontsize=14)
        lines = np.arange(len(table) + 1) - 0.5
        ax.hlines(lines, -0.5, len(table) - 0.5, color="grey", linewidth=0.8)
        ax.vlines(lines, -0.5, len(table) - 0.5, color="grey", linewidth=0.8)
        ax.set(title=name, xlim=(-0.6, 2.6), ylim=(2.6, -0.6), aspect="equal")
        ax.axis("off")
        ax.add_patch(Rectangle((-0.5, -0.5), side, side, linewidth=3.5, **FRAME))
    fig.supxlabel(caption, fontsize=11)
    return fig


def windows(settings, size=5, k=3):
    """Where a k x k kernel goes on an image, for several paddings, strides, dilations.

    The first window has a frame, its taps are rings; a cross stands at the upper left
    corner of each window.

    Args:
        settings: list of (padding, stride, dilation), the same for both axes.
        size: side of the image; k: side of the kernel.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(settings), width=2.3, height=2.8)
    for ax, (p, s, d) in zip(axes, settings, strict=True):
        image = np.pad(np.full((size, size), 0.75), p, constant_values=1.0)
        low, high = -p - 0.5, size + p - 0.5
        extent = (low, high, high, low)
        ax.imshow(image, cmap="gray", vmin=0, vmax=1, extent=extent)
        lines = np.arange(low, high + 1)
        ax.set(xticks=lines, yticks=lines)
        ax.tick_params(labelbottom=False, labelleft=False, length=0)
        ax.grid(True, color="black", alpha=0.5)
        taps = np.array([(y, x) for y in range(k) for x in range(k)]) * d - p
        ax.plot(taps[:, 1], taps[:, 0], "o", color="C0", mfc="none", markersize=16)
        span = d * (k - 1) + 1
        ax.add_patch(Rectangle((low, low), span, span, linewidth=3, **FRAME))
        stops = range(-p, size + p - span + 1, s)
        corners = np.array([(y, x) for y in stops for x in stops])
        ax.plot(corners[:, 1], corners[:, 0], "x", color="C1", markersize=8, mew=2)
        ax.set_title(f"p={p}, s={s}, d={d}: {len(stops)} x {len(stops)}")
    return fig


def misses(counts, missed, weights):
    """What two layers miss against patches seen, beside the weights of one of them.

    Args:
        counts: (n,) numbers of patches.
        missed: label -> (n,) share of the variance missed, above 0.
        weights: name -> (H, W) the weights of one output pixel.

    Returns:
        The figure.
    """
    widths = [1.5] + [1] * len(weights)
    fig, axes = plots.figure(1, len(widths), width=2.6, height=3.0, width_ratios=widths)
    plots.curves(axes[0], counts, missed, "patches seen", "variance missed (log)")
    axes[0].set(xscale="log", yscale="log", ylim=(3e-7, 10))
    axes[0].legend(loc="center left", fontsize=8)
    for ax, (name, table) in zip(axes[1:], weights.items(), strict=True):
        ax.imshow(table, cmap="RdBu", vmin=-0.25, vmax=0.25)
        ax.set_title(name)
        ax.axis("off")
    return fig
