"""Drawings of chapter 19: what transforms make of a photo, and scores with spread."""

import numpy as np
from matplotlib.patches import Rectangle

from utils import plots
from utils.plots import MARKERS


def gallery(pictures, ncols=5, width=1.8, height=1.55):
    """Pictures in a grid, each under its name, whatever their sizes.

    Args:
        pictures: name -> (3, H, W) or (1, H, W) in [0, 1]; values beyond are clipped.
        ncols: pictures a row.
        width, height: inches of each picture.

    Returns:
        fig, axes: the figure and the axes of its pictures.
    """
    nrows = -(-len(pictures) // ncols)
    fig, axes = plots.figure(nrows, ncols, width=width, height=height)
    axes = np.ravel(axes)
    for ax in axes:
        ax.axis("off")
    for ax, (name, picture) in zip(axes, pictures.items(), strict=False):
        pixels = np.moveaxis(np.asarray(picture).clip(0, 1), 0, -1)  # (H, W, C)
        ax.imshow(pixels.squeeze(), cmap="gray", vmin=0, vmax=1)
        ax.set_title(name, fontsize=8)
    return fig, axes[: len(pictures)]


def annotated(samples, ncols=4):
    """Pictures with their boxes as frames and their masks as a veil of colour.

    Args:
        samples: name -> (image (3, H, W) in [0, 1], boxes (K, 4) as left, top, right,
            bottom in pixels, mask (1, H, W) with 1 on the object).
        ncols: pictures a row.

    Returns:
        fig, axes: the figure and the axes of its pictures.
    """
    pictures = {name: image for name, (image, _, _) in samples.items()}
    fig, axes = gallery(pictures, ncols, width=2.3, height=1.9)
    for ax, (_, boxes, mask) in zip(axes, samples.values(), strict=True):
        mask = np.asarray(mask)[0]
        veil = np.zeros((*mask.shape, 4))
        veil[mask > 0] = (0.0, 0.45, 0.7, 0.45)
        ax.imshow(veil)
        for left, top, right, bottom in np.asarray(boxes).tolist():
            size = (right - left, bottom - top)
            ax.add_patch(
                Rectangle((left, top), *size, fill=False, edgecolor="white", lw=3)
            )
            ax.add_patch(
                Rectangle((left, top), *size, fill=False, edgecolor="#D55E00", lw=1.4)
            )
    return fig, axes


def spread(ax, x, scores, xlabel, ylabel, floor=None):
    """Means over seeds as lines, each seed as a pale marker, on a log axis of labels.

    Args:
        ax: the axes to draw on.
        x: (n,) the abscissa.
        scores: name -> (n, seeds) values.
        xlabel, ylabel: what the axes show.
        floor: (value, name) of a line across, such as what guessing gives.

    Returns:
        The axes.
    """
    for (name, rows), marker in zip(scores.items(), MARKERS, strict=False):
        rows = np.asarray(rows)
        (line,) = ax.plot(x, rows.mean(axis=1), marker=marker, label=name)
        for column in rows.T:
            style = {"color": line.get_color(), "alpha": 0.35, "s": 14}
            ax.scatter(x, column, marker=marker, **style)
    if floor is not None:
        ax.axhline(floor[0], color="gray", linewidth=0.8, linestyle=":", label=floor[1])
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    ax.set_xticks(x, [str(value) for value in x])
    ax.minorticks_off()
    ax.legend(fontsize=8)
    return ax
