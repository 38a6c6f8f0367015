"""Drawings of the lecture on face recognition."""

import torch
from matplotlib.patches import Circle, FancyBboxPatch

from utils import plots

SAME, OTHER = "#0072B2", "#D55E00"


def twins(photos):
    """Two photos, one net drawn twice, two unit vectors, and the distance between.

    Args:
        photos: (2, H, W) grey images.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.6, height=2.7)
    for photo, y, name in zip(photos, (1.1, -0.5), "uv", strict=True):
        ax.imshow(photo.numpy(), cmap="gray", extent=(0, 1, y - 0.5, y + 0.5))
        box = FancyBboxPatch((2, y - 0.35), 1.6, 0.7, boxstyle="round,pad=0.05")
        box.set(facecolor="#cfe3f1", edgecolor=SAME)
        ax.add_patch(box)
        ax.text(2.8, y, "net $f$", ha="center", va="center")
        for x in (1.1, 3.75):
            ax.annotate("", (x + 0.75, y), (x, y), arrowprops={"arrowstyle": "->"})
        ax.text(4.65, y, f"${name}$, length 1", va="center")
        arrow = {"arrowstyle": "->", "color": "grey"}
        ax.annotate("", (6.8, 0.3), (6.0, y), arrowprops=arrow)
    ax.plot([2.8, 2.8], [-0.05, 0.65], color=SAME, linestyle="--")
    ax.text(2.9, 0.3, "the same weights", va="center", fontsize=9, color=SAME)
    ax.text(6.9, 0.3, "$d^2 = |u - v|^2$\nsmall: same person", va="center")
    ax.set(xlim=(-0.1, 9), ylim=(-1.1, 1.7))
    ax.axis("off")
    return fig


def zones(positive=0.55, margin=0.35):
    """Where a negative is hard, semi-hard and easy, seen from the anchor.

    Args:
        positive: distance of the positive.
        margin: how much farther a negative must be to cost nothing.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=4.2, height=3.4)
    rings = [(1.35, "#eef6ee"), (positive + margin, "#ffe9b8"), (positive, "#f6c7b3")]
    for radius, color in rings:
        ax.add_patch(Circle((0, 0), radius, facecolor=color, edgecolor="grey"))
    ax.plot(0, 0, "k*", markersize=12)
    ax.plot(-positive, 0, "o", color=SAME)
    for y, name in ((0.3, "hard"), (0.72, "semi-hard"), (1.1, "easy")):
        ax.text(0, y, name, ha="center", va="center")
    ax.text(0.07, -0.05, "anchor", va="top")
    ax.text(-positive + 0.03, -0.13, "positive", va="center", fontsize=9, color=SAME)
    arrow = {"arrowstyle": "<->"}
    ax.annotate("", (positive + margin, 0), (positive, 0), arrowprops=arrow)
    ax.text(positive + margin / 2, -0.1, "margin", ha="center", fontsize=7)
    ax.set(xlim=(-1.4, 1.4), ylim=(-1.4, 1.4))
    ax.set_aspect("equal")
    ax.axis("off")
    return fig


def trainings(histories, names, steps):
    """A panel for each measured thing, a line for each training.

    Args:
        histories: label -> what a training measured, name -> a value an epoch.
        names: what to draw -> label of its axis.
        steps: optimiser steps an epoch.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(names), width=3.3, height=2.9)
    for ax, (name, ylabel) in zip(axes, names.items(), strict=True):
        curves = {label: history[name] for label, history in histories.items()}
        epochs = len(next(iter(curves.values())))
        x = [steps * (i + 1) for i in range(epochs)]
        plots.curves(ax, x, curves, "steps", ylabel)
        ax.set_ylim(bottom=0)
        ax.get_legend().remove()
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return fig


def answers(asked, gallery, chosen):
    """Photos that are asked about, above each what the gallery says, and if it's right.

    Args:
        asked: (ways, H, W) photos, photo i of person i.
        gallery: (ways, H, W), one photo a person, in the same order.
        chosen: (ways,) int64, who is nearest.

    Returns:
        The figure.
    """
    ways = len(asked)
    fig, axes = plots.figure(3, ways, width=0.55, height=0.62)
    found = gallery[chosen]
    for row, X in zip(axes, (gallery, asked, found), strict=True):
        plots.images(X, axes=row)
    for ax, name in zip(axes[:, 0], ("gallery", "asked", "found"), strict=True):
        ax.text(-0.2, 0.5, name, ha="right", va="center", transform=ax.transAxes)
    for i in range(ways):
        if chosen[i] != i:
            axes[2, i].set_title("x", fontsize=9, color=OTHER, pad=1)
    return fig


def two_heaps(panels):
    """Shares of same and different pairs by distance, a panel for each embedding.

    Args:
        panels: title -> (distances of same pairs, distances of different pairs).

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(panels), width=3.9, height=2.7, squeeze=False)
    for ax, (title, pair) in zip(axes[0], panels.items(), strict=True):
        looks = (("same person", SAME, ""), ("two persons", OTHER, "//"))
        for d, (label, color, hatch) in zip(pair, looks, strict=True):
            weights = torch.full_like(d, 100 / len(d))
            style = {"color": color, "hatch": hatch, "alpha": 0.55, "label": label}
            ax.hist(d, bins=torch.linspace(0, 2, 41), weights=weights, **style)
        ax.set(xlabel="distance", ylabel="% of the pairs", title=title)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=2)
    return fig


def rates(thresholds, far, frr, equal):
    """False-accept and false-reject rate against the threshold.

    Args:
        thresholds, far, frr: (n,) each.
        equal: threshold and rate where the two meet.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.0)
    lines = {"false-accept rate": far, "false-reject rate": frr}
    plots.curves(ax, thresholds, lines, "threshold: largest accepted distance", "rate")
    ax.plot(*equal, "ko", label=f"equal error rate {equal[1]:.3f}")
    ax.get_legend().remove()
    fig.legend(loc="outside lower center", ncols=3, fontsize=8)
    return fig


def trade(curves, marks):
    """False rejects against false accepts, on a logarithmic scale.

    Args:
        curves: label -> (false-accept rates, false-reject rates).
        marks: label -> (false-accept rate, false-reject rate) of single points.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.4, height=3.3)
    for label, (far, frr) in curves.items():
        ax.plot(far, frr, label=label)
    for marker, (label, point) in zip("sX^", marks.items(), strict=False):
        ax.plot(*point, marker, color="black", linestyle="none", label=label)
    ax.set(xscale="log", xlim=(5e-4, 1), ylim=(0, 1))
    ax.set(xlabel="false-accept rate (log scale)", ylabel="false-reject rate")
    ax.legend(fontsize=8)
    return fig


def groups(panels):
    """A panel for each rate, in it a bar for each group with its value above.

    Args:
        panels: label of the axis -> group -> a rate.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(panels), width=4.3, height=2.7, squeeze=False)
    for ax, (ylabel, values) in zip(axes[0], panels.items(), strict=True):
        bars = ax.bar(list(values), list(values.values()), 0.55, color="#56B4E9")
        ax.bar_label(bars, [f"{100 * value:.1f} %" for value in values.values()])
        ax.set(ylabel=ylabel, ylim=(0, 1.2 * max(values.values())))
    return fig


def crowds(curves, guess):
    """Shares against the number of persons in the gallery.

    Args:
        curves: label -> (n,) shares, for 1 to n persons.
        guess: label -> (n,) what a formula says, drawn thin.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.2)
    sizes = range(1, len(next(iter(curves.values()))) + 1)
    plots.curves(ax, sizes, curves, "persons in the gallery", "share")
    for label, values in guess.items():
        ax.plot(sizes, values, color="black", linewidth=0.8, label=label)
    ax.set_ylim(0, 1)
    ax.legend()
    return fig
