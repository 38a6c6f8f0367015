"""Drawings of the lecture on losses and distances."""

import numpy as np
import torch

from utils import plots


def losses_and_pulls(r, losses, pulls):
    """Draw losses against the residual, and beside them their slopes.

    Args:
        r: (n,) residuals.
        losses, pulls: name -> (n,) values.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.4, height=3)
    plots.curves(left, r, losses, "residual r", "loss")
    plots.curves(right, r, pulls, "residual r", "pull, the slope of the loss")
    for ax in (left, right):
        ax.axvline(0, color="0.8", lw=1, zorder=0)
    return fig


def lines(panels, xlabel, ylabel, ylim):
    """Draw points and several straight lines through them, a panel a case.

    Args:
        panels: title -> (x (N,), y (N,), wrong (N,) bool, {name: (slope, height)}).
        xlabel, ylabel: what the axes show, with the unit.
        ylim: least and greatest y that is shown.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(panels), width=4.5, height=3.5)
    for ax, (title, (x, y, wrong, fits)) in zip(axes, panels.items(), strict=True):
        x, y, wrong = (np.asarray(values) for values in (x, y, wrong))
        ax.scatter(x[~wrong], y[~wrong], s=9, color="0.6", label="typed well")
        ax.scatter(x[wrong], y[wrong], s=22, marker="x", color="k", label="typed wrong")
        ends = np.array([x.min(), x.max()])
        for k, (name, (slope, height)) in enumerate(fits.items()):
            style = {"ls": ["-", "--", "-."][k % 3], "color": f"C{k}", "label": name}
            ax.plot(ends, float(slope) * ends + float(height), **style)
        ax.set(xlabel=xlabel, ylabel=ylabel, ylim=ylim, title=title)
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=5)
    return fig


def bells(x, bars, fits, xlabel):
    """Draw a distribution as bars and others over it as lines.

    Args:
        x: (n,) evenly spaced places.
        bars: (n,) shares.
        fits: label -> (n,) shares.
        xlabel: what x is, with the unit.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.4, height=3)
    x = np.asarray(x)
    ax.bar(x, np.asarray(bars), width=x[1] - x[0], color="0.85", label="true shares p")
    plots.curves(ax, x, fits, xlabel, "share of the half hour")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def distance_maps(maps, places, names):
    """Draw for several distances how far each point of a plane is from the first.

    Args:
        maps: title -> function of points (M, 2) float32 to distances (M,).
        places: (K, 2) points; the first is where the distance is measured from.
        names: K names of the points.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(maps), width=3.5, height=3.2)
    side = np.linspace(0.05, 5.2, 120)
    x0, x1 = np.meshgrid(side, side)
    plane = torch.tensor(np.stack([x0, x1], axis=-1).reshape(-1, 2)).float()
    for ax, (title, distance) in zip(axes, maps.items(), strict=True):
        heights = np.asarray(distance(plane)).reshape(x0.shape)
        levels = np.linspace(0, heights.max(), 11)
        ax.contourf(x0, x1, heights, levels=levels, cmap="Blues_r", alpha=0.8)
        ax.contour(x0, x1, heights, levels=levels, colors="0.4", linewidths=0.6)
        for (a, b), name, marker in zip(
            np.asarray(places), names, "*os^", strict=False
        ):
            ax.plot(a, b, marker, color="k", ms=7, ls="none")
            ax.annotate(name, (a, b), xytext=(6, 5), textcoords="offset points")
        ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    return fig


def maps_of_points(panels, y):
    """Draw embeddings in the plane, one panel each, kinds by colour and marker.

    Args:
        panels: title -> (N, 2) places.
        y: (N,) kinds, 0 to 3.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(panels), width=2.7, height=3.4)
    y = np.asarray(y)
    for ax, (title, places) in zip(np.ravel(axes), panels.items(), strict=True):
        places = np.asarray(places)
        for k, marker in zip(np.unique(y), "os^D", strict=False):
            style = {"color": f"C{k}", "marker": marker, "s": 26, "alpha": 0.75}
            ax.scatter(*places[y == k].T, label=f"kind {k}", **style)
        limit = max(1.3, 1.15 * np.abs(places).max())
        ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", title=title)
        ax.set(xlabel="number 1 of the row")
    np.ravel(axes)[0].set(ylabel="number 2 of the row")
    handles, labels = np.ravel(axes)[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=4)
    return fig


def neighbours(rows, titles):
    """Draw rows of images below each other, with titles, a row a way to look.

    Args:
        rows: name -> images (K, 28, 28).
        titles: name -> K titles.

    Returns:
        The figure.
    """
    count = len(next(iter(rows.values())))
    fig, axes = plots.figure(len(rows), count, width=0.95, height=1.3)
    for row, (name, X) in zip(axes, rows.items(), strict=True):
        plots.images(X, titles=titles[name], axes=row)
        style = {"ha": "right", "va": "center", "fontsize": 10}
        row[0].text(-0.15, 0.5, name, transform=row[0].transAxes, **style)
    return fig
