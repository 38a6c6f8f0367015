"""Drawings of the lecture on recurrent nets."""

from matplotlib.patches import Rectangle

from utils import plots

BOX = {"boxstyle": "round,pad=0.35", "facecolor": "#DCEBF7", "edgecolor": "#0072B2"}
PLAIN = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": "grey"}
ARROW = {"arrowstyle": "->", "color": "black", "shrinkA": 14, "shrinkB": 14}


def unrolled(inputs, outputs, num_layers=1):
    """A recurrent net written out over time: a column a step, a row a layer.

    Args:
        inputs, outputs: labels of what comes in and out at each step, (T,) strings.
        num_layers: recurrent layers above each other.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=1.7 + 0.75 * num_layers)
    top = num_layers + 1
    for t, (below, above) in enumerate(zip(inputs, outputs, strict=True), start=1):
        _box(ax, t, 0, below, PLAIN)
        _box(ax, t, top, above, PLAIN)
        for layer in range(1, top):
            _box(ax, t, layer, _state(layer, t, num_layers), BOX)
            _arrow(ax, (t - 1, layer), (t, layer), "$W_h$" if layer == 1 else "")
        for row in range(top):
            name = {0: "$W_x$", top - 1: "$W_o$"}.get(row, "")
            _arrow(ax, (t, row), (t, row + 1), name)
    for layer in range(1, top):
        _box(ax, 0, layer, _state(layer, 0, num_layers), PLAIN)
    ax.text(0, 0, "time", ha="center", va="center", color="dimgrey")
    ax.annotate("", (0.55, 0), (0.2, 0), arrowprops={"arrowstyle": "->"})
    ax.set(xlim=(-0.4, len(inputs) + 0.4), ylim=(-0.4, top + 0.4))
    ax.axis("off")
    return fig


def _state(layer, t, num_layers):
    upper = f"^{{({layer})}}" if num_layers > 1 else ""
    return f"$h_{{{t}}}{upper}$"


def _box(ax, x, y, text, style):
    ax.text(x, y, text, ha="center", va="center", fontsize=10, bbox=style)


def _arrow(ax, start, end, name=""):
    ax.annotate("", end, start, arrowprops=ARROW)
    upright = start[0] == end[0]
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    shift = (0.05, 0) if upright else (0, 0.12)
    place = {"ha": "left", "va": "center"} if upright else {"ha": "center"}
    ax.text(x + shift[0], y + shift[1], name, fontsize=8, **place)


def stream(batches):
    """Letters of a text in rows, cut into batches that go on in the next.

    Args:
        batches: list of lists of strings: the rows of each batch, all of one length.

    Returns:
        The figure.
    """
    length = len(batches[0][0])
    fig, ax = plots.figure(width=7.6, height=0.55 + 0.32 * len(batches[0]))
    styles = [("#DCEBF7", ""), ("#FBE3C0", ""), ("#E5E5E5", "")]
    for b, rows in enumerate(batches):
        colour, _ = styles[b % len(styles)]
        for i, row in enumerate(rows):
            x = b * (length + 0.6)
            ax.add_patch(
                Rectangle((x - 0.5, i - 0.45), length, 0.9, fc=colour, ec="grey")
            )
            for j, letter in enumerate(row):
                shown = {" ": "\u00b7", "\n": "\u00b6"}.get(letter, letter)
                ax.text(x + j, i, shown, ha="center", va="center", fontsize=9)
        middle = b * (length + 0.6) + (length - 1) / 2
        ax.text(middle, -0.75, f"batch {b + 1}", ha="center", fontsize=9)
    ax.set(xlim=(-1, len(batches) * (length + 0.6)))
    ax.set_ylim(len(batches[0]) - 0.4, -1.2)
    ax.set_yticks(range(len(batches[0])), [f"row {i}" for i in range(len(batches[0]))])
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return fig


def clipped_and_not(runs, floor, xlabel="batch"):
    """Losses and norms of gradients, run by run: two panels, log scales.

    Args:
        runs: name -> list of (losses, norms), each (steps,).
        floor: label and loss of a baseline, drawn as a line.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=3.9, height=3.1)
    styles = [("#D55E00", ":"), ("#0072B2", "-")]
    for (name, pairs), (colour, dash) in zip(runs.items(), styles, strict=True):
        for i, pair in enumerate(pairs):
            for ax, values in zip(axes, pair, strict=True):
                label = name if i == 0 else None
                ax.plot(values, color=colour, ls=dash, lw=1.2, alpha=0.8, label=label)
    label, loss = floor
    axes[0].axhline(loss, color="grey", ls="--", lw=1, label=label)
    axes[0].set(xlabel=xlabel, ylabel="loss (log scale)", yscale="log")
    axes[0].set_yticks([2, 3, 5, 10, 20, 50], [2, 3, 5, 10, 20, 50])
    axes[0].minorticks_off()
    axes[1].set(xlabel=xlabel, ylabel="norm of the gradient (log scale)", yscale="log")
    axes[0].legend(fontsize=8)
    return fig


def bars(values, xlabel, fmt=".1f", marked=()):
    """A horizontal bar for each value, with its number behind it.

    Args:
        values: name -> number.
        xlabel: what the bars show, with the unit.
        fmt: how a number is written.
        marked: the names that stand out by colour and hatch.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.2, height=0.6 + 0.32 * len(values))
    for i, (name, value) in enumerate(values.items()):
        style = {"color": "#B0B0B0"}
        if name in marked:
            style = {"color": "#56B4E9", "hatch": "//", "edgecolor": "white"}
        ax.barh(i, value, **style)
        ax.text(value, i, f" {value:{fmt}}", va="center", fontsize=9)
    ax.set_yticks(range(len(values)), values)
    ax.set(xlabel=xlabel, xlim=(0, 1.15 * max(values.values())))
    ax.set_ylim(len(values) - 0.5, -0.5)
    return fig
