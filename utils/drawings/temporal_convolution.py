"""Drawings of the lecture on temporal convolution."""

from itertools import pairwise

from utils import plots

TRAINED, TESTED = "#56B4E9", "#E69F00"


def stack(kernel, dilations, length):
    """Steps as dots, a row for each layer; lines show what the last output reads.

    Args:
        kernel: taps of each layer.
        dilations: of the layers, from the input up.
        length: steps to draw.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=2.6)
    used = [{length - 1}]
    for dilation in reversed(dilations):
        below = {t - j * dilation for t in used[0] for j in range(kernel)}
        used.insert(0, {t for t in below if t >= 0})
    for row, dilation in enumerate(dilations):
        for t in used[row + 1]:
            for back in range(0, kernel * dilation, dilation):
                if t - back >= 0:
                    ax.plot([t - back, t], [row, row + 1], "-", color="#0072B2", lw=1.2)
    for row, reached in enumerate(used):
        for t in range(length):
            face = "#D55E00" if t in reached else "white"
            ax.plot(t, row, "o", ms=7, mfc=face, mec="black", zorder=3)
    labels = ["input", *(f"dilation {d}" for d in dilations)]
    ax.set_yticks(range(len(labels)), labels)
    ax.set(xlabel="step t", ylim=(-0.4, len(dilations) + 0.4))
    ax.grid(False)
    return fig


def folds(edges, first):
    """Bars of walk-forward evaluation: what is learned from, and what is forecast.

    Args:
        edges: years in which a test begins, and the year after the last one.
        first: the first year of the series.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=1.9)
    for row, (start, stop) in enumerate(pairwise(edges)):
        label = "learned from" if row == 0 else None
        ax.barh(row, start - first, left=first, color=TRAINED, label=label)
        label = "forecast" if row == 0 else None
        style = {"color": TESTED, "hatch": "//", "edgecolor": "white"}
        ax.barh(row, stop - start, left=start, label=label, **style)
    rows = range(len(edges) - 1)
    ax.set_yticks(rows, [f"fold {row + 1}" for row in rows])
    ax.set(xlabel="year", ylim=(len(edges) - 1.5, -0.5))
    ax.grid(False)
    ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return fig


def errors(values, xlabel, log=False):
    """A row of markers for each method: the error of each of its runs.

    Args:
        values: label -> errors of the runs; one number for what isn't trained.
        xlabel: what the errors are, with the unit.
        log: whether the axis is logarithmic.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.2, height=0.6 + 0.38 * len(values))
    for row, runs in enumerate(values.values()):
        runs = runs if isinstance(runs, list) else [runs]
        ax.plot(runs, [row] * len(runs), plots.MARKERS[row], ms=8, alpha=0.7)
        ax.text(max(runs), row, f"   {sum(runs) / len(runs):.3g}", va="center", size=9)
    ax.set_yticks(range(len(values)), values)
    ax.set(xlabel=xlabel, ylim=(len(values) - 0.5, -0.5))
    ax.margins(x=0.12)
    if log:
        ax.set_xscale("log")
    else:
        ax.set_xlim(left=-0.02 * ax.get_xlim()[1])  # a marker at 0 is seen whole
    return fig
