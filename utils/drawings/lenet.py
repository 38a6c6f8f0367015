"""Drawings of the lecture on LeNet."""

from matplotlib.patches import Rectangle

from utils import plots


def stages(layers):
    """What goes from layer to layer, drawn to scale: a stack of maps, or a column.

    Args:
        layers: for each stage its name, the number of channels, their side in pixels (0
            for a vector), and where it stands from left to right.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=8.8, height=2.9)
    for name, channels, side, x in layers:
        for k in reversed(range(channels if side else 1)):
            width, height = (side, side) if side else (3, channels / 3)
            corner = (x + 0.9 * k, -height / 2 + 0.9 * k)
            style = {"facecolor": "#cfe3f1", "edgecolor": "#0072B2", "linewidth": 0.8}
            ax.add_patch(Rectangle(corner, width, height, **style))
        shape = f"{channels} x {side} x {side}" if side else f"{channels}"
        ax.text(x, 29, name, va="center", fontsize=8)
        ax.text(x, -26, shape, va="center", fontsize=8)
    ax.set(xlim=(-3, layers[-1][3] + 12), ylim=(-30, 34))
    ax.set_aspect("equal")
    ax.axis("off")
    return fig


def pairs_of_bars(values, labels, ylabel, fmt, legend, **axes):
    """Two bars for each layer, side by side, with their values above them.

    Args:
        values: two entries, what a bar shows -> a value for each layer.
        labels: the layers' names.
        ylabel: what the values are.
        fmt: how a value is written, such as ",".
        legend: where the legend stands, such as "upper right".
        axes: whatever else `ax.set` takes, such as `yscale="log"`.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.4)
    looks = [(-0.2, "", "#0072B2"), (0.2, "//", "#F3C98B")]
    for (kind, row), (shift, hatch, color) in zip(values.items(), looks, strict=True):
        places = [i + shift for i in range(len(labels))]
        style = {"color": color, "hatch": hatch, "edgecolor": "white"}
        bars = ax.bar(places, row, 0.38, label=kind, **style)
        ax.bar_label(bars, [format(value, fmt) for value in row], fontsize=7)
    ax.set(xlabel="layer", ylabel=ylabel, **axes)
    ax.set_xticks(range(len(labels)), labels)
    ax.legend(loc=legend)
    return fig
