"""Drawings of the lecture on efficient CNNs."""

import torch
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, NullLocator

from utils import plots

LOOKS = [("", "#0072B2"), ("//", "#F3C98B"), ("..", "#7FC8A9"), ("xx", "#E3B7D0")]


def relative_costs(full_size, to):
    """What nets cost in each respect, relative to one of them: groups of bars.

    Args:
        full_size: name of the net -> `utils.costs.Costs`, four at most.
        to: the name of the net that is 1.

    Returns:
        The figure.
    """
    fields = full_size[to]._fields
    fig, ax = plots.figure(width=7.4, height=3.2)
    for k, (name, cost) in enumerate(full_size.items()):
        hatch, color = LOOKS[k]
        values = [a / b for a, b in zip(cost, full_size[to], strict=True)]
        places = [i + 0.2 * (k - 1.5) for i in range(len(fields))]
        style = {"color": color, "hatch": hatch, "edgecolor": "white"}
        bars = ax.bar(places, values, 0.19, label=name, **style)
        ax.bar_label(bars, [f"{value:.2g}" for value in values], fontsize=7)
    ax.set(yscale="log", ylim=(0.1, 90), ylabel=f"relative to {to}")
    ax.set_xticks(range(len(fields)), [name.replace("_", " ") for name in fields])
    ax.axhline(1, color="gray", linewidth=0.8, linestyle="-")
    ax.legend(ncols=len(full_size), loc="upper center")
    return fig


def wiring(inputs, outputs):
    """Which channels a full and a separable convolution join, and by how many weights.

    Args:
        inputs, outputs: numbers of channels.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=4.2, height=2.6)
    every = [(a, b) for a in range(inputs) for b in range(outputs)]
    straight = [(a, a) for a in range(inputs)]
    _layers(axes[0], [inputs, outputs], [(every, 9)])
    axes[0].set_title("full 3 x 3")
    _layers(axes[1], [inputs, inputs, outputs], [(straight, 9), (every, 1)])
    axes[1].set_title("depthwise 3 x 3, then pointwise")
    return fig


def _layers(ax, sizes, joints):
    """Rows of channels from left to right, a line for each pair that is joined."""
    height = max(sizes)
    for x, (pairs, weights) in enumerate(joints):
        for a, b in pairs:
            ends = [a + (height - sizes[x]) / 2, b + (height - sizes[x + 1]) / 2]
            width = 2.0 if weights > 1 else 0.7
            ax.plot([x, x + 1], ends, color="gray", linewidth=width, linestyle="-")
        total = f"{len(pairs)} x {weights} = {len(pairs) * weights}"
        ax.text(x + 0.5, -1.1, total, ha="center", fontsize=9)
    for x, size in enumerate(sizes):
        ys = [y + (height - size) / 2 for y in range(size)]
        ax.scatter([x] * size, ys, s=110, color="#0072B2", zorder=3)
    ax.set(ylim=(-1.5, height - 0.3))
    ax.axis("off")


def shares(kinds):
    """Two bars for each part of a block, with their percentages.

    Args:
        kinds: two entries, what is shared out -> part -> share in [0, 1].

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.0)
    for k, (kind, row) in enumerate(kinds.items()):
        hatch, color = LOOKS[k]
        places = [i + 0.4 * k - 0.2 for i in range(len(row))]
        style = {"color": color, "hatch": hatch, "edgecolor": "white"}
        bars = ax.bar(places, row.values(), 0.38, label=kind, **style)
        ax.bar_label(bars, [f"{value:.0%}" for value in row.values()], fontsize=8)
    ax.set(ylabel="share of the block", ylim=(0, 1))
    ax.set_xticks(range(len(row)), row)
    ax.legend(loc="upper left")
    return fig


def roofline(intensity, speed):
    """Speed against arithmetic intensity on log scales, a mark for each layer.

    Args:
        intensity: (kind, channels, k) -> multiply-adds a byte.
        speed: the same keys -> billions of multiply-adds a second.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.6, height=3.6)
    for kind, marker in (("depthwise", "D"), ("pointwise", "o"), ("full", "s")):
        own = [spec for spec in speed if spec[0] == kind]
        xs, ys = [intensity[s] for s in own], [speed[s] for s in own]
        ax.scatter(xs, ys, marker=marker, s=45, label=kind, zorder=3)
        for (_, C, k), x, y in zip(own, xs, ys, strict=True):
            text = f"{k} x {k}" if kind == "depthwise" else f"{C} channels"
            style = {"textcoords": "offset points", "fontsize": 8}
            below = kind == "depthwise"
            ax.annotate(text, (x, y), (7, -12 if below else 5), **style)
    low, high = min(speed.values()), max(speed.values())
    ax.set(xscale="log", yscale="log", xlim=(0.7, 160), ylim=(0.7 * low, 1.4 * high))
    for axis in (ax.xaxis, ax.yaxis):
        _plain_log_ticks(axis)
    ax.set(xlabel="multiply-adds a byte", ylabel="billion multiply-adds a second")
    ax.legend(loc="lower right")
    return fig


def _plain_log_ticks(axis):
    """1, 2, 5, 10 ... on a log axis, in plain numbers."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_locator(NullLocator())


def bottlenecks(blocks):
    """Blocks as rows of bars, each as high as it has channels.

    Args:
        blocks: title -> for each stage its channels, and what leads to the next (one
            fewer).

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(blocks), width=4.4, height=2.6)
    for ax, (title, (channels, steps)) in zip(axes, blocks.items(), strict=True):
        top = max(channels)
        for x, count in enumerate(channels):
            look = {"facecolor": "#cfe3f1", "edgecolor": "#0072B2"}
            ax.add_patch(Rectangle((x - 0.11, -count / 2), 0.22, count, **look))
            ax.text(x, -0.62 * top, count, ha="center", va="top", fontsize=9)
        for x, step in enumerate(steps):
            ax.text(x + 0.5, 0, step, ha="center", va="center", fontsize=8)
        ax.annotate(
            "",
            (len(channels) - 1, channels[-1] / 2 + 0.05 * top),
            (0, channels[0] / 2 + 0.05 * top),
            arrowprops={
                "arrowstyle": "->",
                "color": "#D55E00",
                "connectionstyle": "arc3,rad=-0.45",
            },
        )
        ax.set(title=title, xlim=(-0.4, len(channels) - 0.6))
        ax.set(ylim=(-0.8 * top, 1.3 * top))
        ax.axis("off")
    return fig


def recovered(points, panels):
    """Points of the plane, and what a decoder makes of them, coloured along the curve.

    Args:
        points: (N, 2) the original.
        panels: title -> (N, 2) what came back; nan where nothing could.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(panels) + 1, width=1.9, height=2.2)
    panels = {"original": points} | panels
    order = torch.arange(len(points))
    for ax, (title, found) in zip(axes, panels.items(), strict=True):
        ax.scatter(*found.T, c=order, s=4)
        limit = 1.15 * points.abs().max().item()
        ax.set(title=title, xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
        ax.set(xticks=[], yticks=[])
    return fig


def runs(scores, ylabel, low=None):
    """A dot for each seed and a line at the mean, for each net.

    Args:
        scores: name of the net -> scores of its seeds.
        ylabel: what is scored.
        low: where the axis begins.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=1.25 * len(scores) + 1.2, height=2.8)
    for x, values in enumerate(scores.values()):
        places = [x + 0.08 * (i - (len(values) - 1) / 2) for i in range(len(values))]
        ax.scatter(places, values, s=28, color="#0072B2", zorder=3)
        mean = sum(values) / len(values)
        ax.hlines(mean, x - 0.3, x + 0.3, color="#D55E00", linestyle="-")
        ax.text(x + 0.32, mean, f"{mean:.3f}", va="center", fontsize=8)
    ax.set(ylabel=ylabel, xlim=(-0.5, len(scores) - 0.3))
    if low is not None:
        ax.set_ylim(bottom=low)
    ax.set_xticks(range(len(scores)), scores)
    return fig


def two_costs(rows):
    """Accuracy against two costs, side by side, a named mark for each net.

    Args:
        rows: name -> millions of multiply-adds, seconds an epoch, accuracy.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=4.4, height=3.2, sharey=True)
    labels = ["million multiply-adds an image", "seconds an epoch"]
    for k, (ax, label) in enumerate(zip(axes, labels, strict=True)):
        for i, (name, row) in enumerate(rows.items()):
            marker = plots.MARKERS[i]
            ax.scatter(row[k], row[2], marker=marker, color=f"C{i}", s=55, label=name)
        ax.set(xlabel=label)
    axes[0].set(xscale="log", ylabel="validation accuracy")
    _plain_log_ticks(axes[0].xaxis)
    axes[1].set_xlim(left=0)
    axes[1].legend(loc="lower left")
    return fig
