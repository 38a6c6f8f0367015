"""Drawings of the lecture on gated recurrent nets."""

from matplotlib.patches import Rectangle

from utils import plots

SCRIPT_STYLES = {
    "Latin": {"color": "#56B4E9", "hatch": ""},
    "Greek": {"color": "#E69F00", "hatch": "//"},
    "Cyrillic": {"color": "#CC79A7", "hatch": "xx"},
}


def list_sizes(lists, shared, scripts):
    """Bars of how many names each country has, hatched by its script.

    Args:
        lists: country -> its names.
        shared: the names that stand in several lists.
        scripts: "Latin", "Greek" or "Cyrillic" for each country.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=4.6)
    for script, style in SCRIPT_STYLES.items():
        sizes = [len(names) for names in lists.values()]
        here = [i for i, own in enumerate(scripts) if own == script]
        widths = [sizes[i] for i in here]
        ax.barh(here, widths, edgecolor="white", label=script, **style)
    for i, names in enumerate(lists.values()):
        text = f"{len(names):,}, {sum(name in shared for name in names)} shared"
        ax.text(len(names) + 20, i, text, va="center", fontsize=8)
    ax.set(xlabel="names in the list", xlim=(0, 1.2 * max(sizes)))
    ax.set_ylim(len(lists) - 0.5, -0.5)
    ax.set_yticks(range(len(lists)), lists)
    ax.legend(title="script")
    return fig


def gate(rows):
    """Vectors of numbers under each other as coloured cells; a gate's are grey.

    Args:
        rows: title -> (n,) numbers; a title that begins with "gate" has them in [0, 1],
            the others in [-1, 1].

    Returns:
        The figure.
    """
    fig, axes = plots.figure(nrows=len(rows), width=6.4, height=0.72)
    for ax, (title, row) in zip(axes, rows.items(), strict=True):
        scale = {"vmin": -1, "vmax": 1, "cmap": "RdBu"}
        if title.startswith("gate"):
            scale = {"vmin": 0, "vmax": 1, "cmap": "Greys"}
        plots.heatmap(row[None], ax, "", "", fmt=".2f", colorbar=False, **scale)
        ax.set(xticks=[], yticks=[])
        ax.set_ylabel(title, rotation=0, ha="right", va="center")
    axes[-1].set_xlabel("units of the memory")
    return fig


def gru():
    """A step of a GRU as boxes and arrows; returns the figure."""
    boxes = {"$H_{t-1}$": (0, 3), "×#keep": (4.4, 3), "+": (6.6, 3), "$H_t$": (8, 3)}
    boxes |= {"×#reset": (1.2, 2), "tanh\ncandidate": (3, 2), "× (1 - Z)": (5.6, 2)}
    boxes |= {"reset\ngate R": (1.2, 1), "$X_t$": (3, 1), "update\ngate Z": (5, 1)}
    arrows = [("$H_{t-1}$", "×#keep"), ("×#keep", "+"), ("+", "$H_t$")]
    arrows += [("$H_{t-1}$", "×#reset"), ("×#reset", "tanh\ncandidate")]
    arrows += [("tanh\ncandidate", "× (1 - Z)"), ("× (1 - Z)", "+")]
    arrows += [("reset\ngate R", "×#reset"), ("update\ngate Z", "×#keep")]
    arrows += [("update\ngate Z", "× (1 - Z)"), ("$X_t$", "tanh\ncandidate")]
    return _cell(boxes, arrows, ["reset\ngate R", "update\ngate Z"])


def lstm():
    """A step of an LSTM as boxes and arrows; returns the figure."""
    boxes = {"$C_{t-1}$": (0, 3), "×#keep": (1.4, 3), "+": (4.2, 3), "$C_t$": (8, 3)}
    boxes |= {"×#in": (4.2, 2), "tanh#out": (5.8, 2), "×#out": (7, 2), "$H_t$": (8, 2)}
    boxes |= {"forget\ngate F": (1.4, 1), "tanh\ncandidate G": (3, 1)}
    boxes |= {"input\ngate I": (4.6, 1), "output\ngate O": (7, 1)}
    arrows = [("$C_{t-1}$", "×#keep"), ("×#keep", "+"), ("+", "$C_t$"), ("×#in", "+")]
    arrows += [("+", "tanh#out"), ("tanh#out", "×#out"), ("×#out", "$H_t$")]
    arrows += [("forget\ngate F", "×#keep"), ("tanh\ncandidate G", "×#in")]
    arrows += [("input\ngate I", "×#in"), ("output\ngate O", "×#out")]
    return _cell(boxes, arrows, [label for label, (_, y) in boxes.items() if y == 1])


def _cell(boxes, arrows, from_below):
    """Boxes, {label: (x, y)}, arrows between them, and inputs from below."""
    fig, ax = plots.figure(width=7.2, height=3.2)
    drawn = {}
    for label, place in boxes.items():
        color = "#F5D9A0" if "gate" in label else "white"
        text = label.split("#")[0]  # what stands behind # only makes the label unique
        style = {"ha": "center", "va": "center", "fontsize": 9}
        frame = {"boxstyle": "round", "facecolor": color}
        drawn[label] = ax.text(*place, text, bbox=frame, **style).get_bbox_patch()
    ax.add_patch(Rectangle((-0.4, -0.3), 8.8, 0.6, facecolor="#DDDDDD"))
    ax.text(4, 0, "$X_t$ and $H_{t-1}$", ha="center", va="center")
    for start, end in [*arrows, *((None, label) for label in from_below)]:
        patches = {"patchA": drawn.get(start), "patchB": drawn[end]}
        place = boxes.get(start, (boxes[end][0], 0.3))
        style = {"arrowstyle": "->", "shrinkA": 1, "shrinkB": 1}
        ax.annotate("", boxes[end], place, arrowprops=style | patches)
    ax.set(xlim=(-0.6, 8.6), ylim=(-0.4, 3.5))
    ax.axis("off")
    return fig


def runs(values, lines, xlabel):
    """A row of markers for each entry: what each of its runs reached.

    Args:
        values: label -> the runs' values in [0, 1].
        lines: label -> value of a baseline, drawn from top to bottom.
        xlabel: what the values are.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=3.0)
    for i, row in enumerate(values.values()):
        ax.plot(row, [i] * len(row), plots.MARKERS[i], ms=8, alpha=0.7)
    for (label, value), style in zip(lines.items(), (":", "--"), strict=True):
        ax.axvline(value, color="black", lw=1, ls=style, label=label)
    ax.set(xlabel=xlabel, xlim=(0, 1.05), ylim=(len(values) - 0.5, -0.5))
    ax.set_yticks(range(len(values)), values)
    ax.legend(loc="upper center")
    return fig


def padded(names, width):
    """Names as rows of letters, zeros behind them, each last letter in a frame.

    Args:
        names: the names, none empty.
        width: columns of the table; at least the longest name's length.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=2.6)
    is_padding = [[t >= len(name) for t in range(width)] for name in names]
    ax.imshow(is_padding, cmap="Greys", vmin=0, vmax=3)
    for row, name in enumerate(names):
        for t in range(width):
            text = name[t] if t < len(name) else "0"
            ax.text(t, row, text, ha="center", va="center")
        frame = {"fill": False, "lw": 2.5, "ec": "#D55E00", "clip_on": False}
        ax.add_patch(Rectangle((len(name) - 1.5, row - 0.5), 1, 1, **frame))
    ax.set(xlabel="step t", ylabel="name")
    ax.set_xticks(range(width))
    ax.set_yticks(range(len(names)))
    ax.grid(False)
    return fig


def pairs_of_bars(values, line, ylabel):
    """Two bars for each label, side by side, with their values, and a baseline.

    Args:
        values: two entries, what a bar shows -> {label: value}.
        line: (label, value) of the baseline.
        ylabel: what the values are.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2)
    for (kind, row), shift, hatch in zip(
        values.items(), (-0.2, 0.2), ("", "//"), strict=True
    ):
        spots = [i + shift for i in range(len(row))]
        bars = ax.bar(spots, row.values(), 0.38, hatch=hatch, ec="white", label=kind)
        ax.bar_label(bars, [f"{value:.2f}" for value in row.values()], fontsize=8)
    label, value = line
    ax.axhline(value, color="black", lw=1, ls=":", label=label)
    ax.set(ylabel=ylabel, ylim=(0, 0.85))
    ax.set_xticks(range(len(row)), row)
    ax.legend(ncols=3, loc="upper center")
    return fig
