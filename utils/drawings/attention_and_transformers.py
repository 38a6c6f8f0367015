"""Drawings of the chapter on attention: weights, masks, encodings, the two towers."""

import torch
from matplotlib.patches import Rectangle

from utils import plots


def regression(axes, keys, values, x, smooth, row):
    """Draw the weights of one query, and the curves through the measured points.

    Args:
        axes: two axes.
        keys, values: (n,) where was measured, and what.
        x: (m,) the queries.
        smooth: label -> (curve (m,), weights (m, n)).
        row: which query's weights are drawn.
    """
    for (label, (_, weights)), marker in zip(smooth.items(), "osD", strict=False):
        axes[0].plot(keys, weights[row], marker=marker, markersize=3, label=label)
    axes[0].set(xlabel="key $x_i$", ylabel=f"weight for the query $x = {x[row]:.0f}$")
    axes[0].legend()
    axes[1].scatter(keys, values, s=12, color="gray", label="measured")
    for label, (curve, _) in smooth.items():
        axes[1].plot(x, curve, label=label)
    top = float(values.max()) + 0.8  # room for the legend
    axes[1].set(xlabel="$x$", ylabel="$y$", ylim=(float(values.min()) - 0.2, top))
    axes[1].legend(loc="upper left", ncols=2)


def masks(axes, named):
    """Draw masks of ones (may look) and zeros, queries down and keys across.

    Args:
        axes: as many axes as masks.
        named: name -> (m, n) bool.
    """
    for ax, (name, mask) in zip(axes, named.items(), strict=True):
        ax.set_title(name)
        style = {"fmt": "d", "colorbar": False, "cmap": "cividis", "vmin": 0, "vmax": 1}
        plots.heatmap(mask.int(), ax, "key position", "query position", **style)


def encoding(axes, P, products, queries, reach=12):
    """Draw an encoding as a heat map, and dot products of some queries around them.

    Args:
        axes: one axes more than `products` has entries.
        P: (positions, d) the encoding.
        products: title -> (positions, positions), row: query.
        queries: the queries that get a curve.
        reach: how far the keys lie from the query at most.
    """
    plots.heatmap(P, axes[0], "column", "position", cmap="RdBu", aspect="auto")
    shifts = torch.arange(-reach, reach + 1)
    for ax, (title, scores) in zip(axes[1:], products.items(), strict=True):
        near = {f"query {p}": scores[p, p + shifts] for p in queries}
        plots.curves(ax, shifts, near, "position of key - of query", "dot product")
        ax.set_title(title)


def learning(axes, history, floor):
    """Draw loss and exact match of training and validation, epoch by epoch.

    Args:
        axes: two axes.
        history: "train_loss", "valid_loss", "train_exact", "valid_exact" -> values.
        floor: the least possible loss.
    """
    epochs = range(1, len(history["train_loss"]) + 1)
    labels = {"loss": "loss (nats)", "exact": "exact match"}
    for ax, (name, label) in zip(axes, labels.items(), strict=True):
        ys = {part: history[f"{part}_{name}"] for part in ("train", "valid")}
        plots.curves(ax, epochs, ys, "epoch", label)
        ax.set_xticks(epochs)
    axes[0].axhline(floor, color="gray", linewidth=0.9, linestyle="-")
    axes[0].text(1, floor + 0.04, "floor", color="gray", fontsize=9)
    axes[0].set(ylim=(floor - 0.2, None))
    axes[1].set(ylim=(0, 1.05))


def heads(fig, axes, weights, digits, words):
    """Draw cross-attention: the mean over the heads, then each head.

    Args:
        fig: the figure, which gets one scale for all.
        axes: one axes more than heads.
        weights: (h, words, digits).
        digits: a label for each column.
        words: a label for each row.
    """
    panels = {"mean": weights.mean(dim=0)}
    panels |= {f"head {j}": head for j, head in enumerate(weights)}
    style = {"vmin": 0, "vmax": 1, "cmap": "cividis", "aspect": "auto"}
    for ax, (name, matrix) in zip(axes, panels.items(), strict=True):
        plots.heatmap(matrix, ax, "digit", "", colorbar=False, **style)
        ax.set_title(name)
        ax.set_xticks(range(len(digits)), list(digits))
        ax.set_yticks(range(len(words)), [""] * len(words))
    axes[0].set_yticks(range(len(words)), words)
    axes[0].set_ylabel("word being written")
    fig.colorbar(axes[-1].images[0], ax=axes, label="weight")


def translator(ax):
    """Draw the encoder and the decoder as two towers of boxes with their arrows."""
    left = ["digits", "embedding + position", "norm, self-attention"]
    left += ["norm, feed-forward", "norm: memory"]
    right = ["words so far", "embedding + position", "norm, causal self-attention"]
    right += ["norm, cross-attention", "norm, feed-forward", "norm, linear"]
    right += ["next word"]
    _tower(ax, 0, left, skips=(2, 3))
    _tower(ax, 4.2, right, skips=(2, 3, 4))
    arrow = {"arrowstyle": "->", "linewidth": 1.5}
    ax.annotate("", (3.2, 3), (0.75, 4), arrowprops=arrow)
    ax.text(2.0, 3.75, "keys, values", ha="center", fontsize=9)
    for x, height in [(-1.4, 2), (2.8, 3)]:
        frame = {"fill": False, "edgecolor": "gray", "linestyle": "--"}
        ax.add_patch(Rectangle((x, 1.5), 2.8, height, **frame))
        ax.text(x + 0.05, 1.58, "twice", fontsize=9)
    ax.set(xlim=(-1.6, 5.8), ylim=(-0.4, 6.4))
    ax.axis("off")


def _tower(ax, x, names, skips):
    """A column of boxes with arrows between, and residual connections round `skips`."""
    box = {"boxstyle": "round,pad=0.35", "facecolor": "#cfe3f1", "edgecolor": "#0072B2"}
    plus = {"boxstyle": "circle,pad=0.1", "facecolor": "white", "edgecolor": "#D55E00"}
    arrow = {"arrowstyle": "->", "color": "gray"}
    for y, name in enumerate(names):
        if y:
            ax.annotate("", (x, y - 0.2), (x, y - 0.8), arrowprops=arrow)
        ax.text(x, y, name, ha="center", va="center", fontsize=9, bbox=box)
    for y in skips:
        side, low, high = x + 1.25, y - 0.42, y + 0.42
        ax.plot([x, side, side], [low, low, high], "-", color="#D55E00", lw=1.2)
        red = {"arrowstyle": "->", "color": "#D55E00"}
        ax.annotate("", (x + 0.1, high), (side, high), arrowprops=red)
        ax.text(x, high, "+", ha="center", va="center", fontsize=9, bbox=plus)
