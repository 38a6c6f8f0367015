"""Drawings of the lecture on softmax regression."""

import matplotlib.pyplot as plt
import numpy as np
import torch

from utils import plots


def penguins_and_row(level_of, names, penguins, row):
    """Draw three kinds on a shaded plane, and the curves of classes in a row.

    Args:
        level_of: function of points (M, 2) float32 to levels (M,), which shade.
        names: a word for each level.
        penguins: X (N, 2) standardised, y (N,), the names of the kinds.
        row: x (n, 1), curves (n, K) and what they are; kind k lies on the k-th of K
            intervals of length 1, which are centred together.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.5)
    x0, x1 = np.meshgrid(np.linspace(-2.6, 3.1, 150), np.linspace(-2.4, 2.6, 150))
    plane = np.stack([x0, x1], axis=-1).reshape(-1, 2)  # (22500, 2)
    levels = np.asarray(level_of(torch.tensor(plane).float())).reshape(x0.shape)
    shades = plt.get_cmap("Greys")(np.linspace(0.05, 0.5, len(names)))
    edges = np.arange(len(names) + 1) - 0.5
    left.contourf(x0, x1, levels, levels=edges, colors=shades)
    X, y, kinds = penguins
    for k, (name, marker) in enumerate(zip(kinds, "os^", strict=False)):
        points = np.asarray(X)[np.asarray(y) == k]
        left.scatter(*points.T, color=f"C{k}", marker=marker, s=14, label=name)
    for shade, name in zip(shades, names, strict=True):
        left.plot([], [], "s", color=shade, mec="0.3", ms=9, label=name)
    left.set(xlabel="length of the bill (deviations)", ylabel="depth (deviations)")
    left.legend(loc="upper center", bbox_to_anchor=(0.5, 1.33), ncols=2, fontsize=8)
    x, curves, ylabel = row
    named = {f"kind {k}": curve for k, curve in enumerate(np.asarray(curves).T)}
    plots.curves(right, np.ravel(x), named, "feature x", ylabel)
    for edge in np.arange(1, len(named)) - len(named) / 2:
        right.axvline(edge, color="0.8", lw=1, ls=":", zorder=0)
    right.set(ylim=(-0.03, 1.03))
    right.legend(loc="upper center", bbox_to_anchor=(0.5, 1.33), ncols=3, fontsize=8)
    return fig


def score_to_probability(scores, names, softmax):
    """Draw scores, their exponentials and the shares of these as three bar charts.

    Args:
        scores: (K,) numbers.
        names: K names of classes.
        softmax: (K,) the shares.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 3, width=2.8, height=2.5)
    scores = np.asarray(scores)
    panels = {
        "score z": scores,
        "exp(z)": np.exp(scores),
        "share of the sum": np.asarray(softmax),
    }
    for ax, (title, heights), color in zip(axes, panels.items(), "012", strict=True):
        bars = ax.bar(names, heights, color=f"C{color}")
        ax.bar_label(bars, fmt="%.2f", fontsize=9)
        ax.axhline(0, color="0.4", lw=0.8)
        ax.set(title=title, ylabel=title)
        ax.margins(y=0.2)
    return fig


def samples(sets):
    """Draw a row of images for each of several sets, one image a class.

    Args:
        sets: name -> (images (K, 28, 28), K titles).

    Returns:
        The figure.
    """
    count = len(next(iter(sets.values()))[1])
    fig, axes = plots.figure(len(sets), count, width=0.95, height=1.25)
    for row, (name, (X, titles)) in zip(axes, sets.items(), strict=True):
        plots.images(X, titles=titles, axes=row)
        row[0].text(-0.25, 0.5, name, transform=row[0].transAxes, **_UPRIGHT)
    return fig


def weights(sets):
    """Draw the weights of each class as a picture, a row a set, on the row's scale.

    Args:
        sets: name -> (W (K, 28, 28), K titles).

    Returns:
        The figure.
    """
    count = len(next(iter(sets.values()))[1])
    fig, axes = plots.figure(len(sets), count, width=1.0, height=1.45)
    for row, (name, (W, titles)) in zip(axes, sets.items(), strict=True):
        W = np.asarray(W)
        limit = np.abs(W).max()
        for ax, picture, title in zip(row, W, titles, strict=True):
            image = ax.imshow(picture, cmap="RdBu", vmin=-limit, vmax=limit)
            ax.set_title(title, fontsize=9)
            ax.axis("off")
        row[0].text(-0.25, 0.5, name, transform=row[0].transAxes, **_UPRIGHT)
        fig.colorbar(image, ax=row, label="weight", shrink=0.85)
    return fig


_UPRIGHT = {"rotation": 90, "ha": "center", "va": "center", "fontsize": 10}


def reliability_diagrams(diagrams):
    """Draw what was said against what happened, before and after a temperature.

    Args:
        diagrams: title -> {label: (said, happened, count)}, each (bins,).

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(diagrams), width=3.1, height=3.6, sharey=True)
    for ax, (title, models) in zip(np.ravel(axes), diagrams.items(), strict=True):
        ax.plot([0, 1], [0, 1], color="0.6", ls=":", label="calibrated")
        for k, (label, (said, happened, count)) in enumerate(models.items()):
            count = np.asarray(count)
            sizes = 15 + 150 * count / count.sum()
            style = {"color": f"C{k}", "marker": "os"[k % 2]}
            ax.plot(said, happened, lw=1, color=f"C{k}", ls="-" if k else "--")
            ax.scatter(said, happened, sizes, label=label, **style)
        ax.set(xlim=(-0.03, 1.04), ylim=(-0.03, 1.04), aspect="equal", title=title)
        ax.set(xlabel="confidence, mean of the bin")
        ax.legend(loc="upper left", fontsize=8)
    np.ravel(axes)[0].set(ylabel="accuracy in the bin")
    return fig


def orders(groups, ylabel):
    """Draw several groups of dots, one dot a split, and the mean of each as a bar.

    Args:
        groups: label -> (n,) values.
        ylabel: what the values are.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=3.2)
    for k, values in enumerate(groups.values()):
        values = np.asarray(values)
        places = k + np.linspace(-0.22, 0.22, len(values))
        ax.plot(places, values, "o", color=f"C{k}", ls="none", ms=4, alpha=0.7)
        ax.plot([k - 0.33, k + 0.33], [values.mean()] * 2, color="black", ls="-")
        ax.annotate(f"{values.mean():.2f}", (k + 0.36, values.mean()), va="center")
    ax.set_xticks(range(len(groups)), groups)
    ax.set(ylabel=ylabel, xlim=(-0.5, len(groups) - 0.2))
    ax.set_ylim(bottom=0)
    return fig
