"""Drawings of the lecture on data pipelines: batches, leaks, pixels, answers."""

import matplotlib.pyplot as plt
import numpy as np


def parts_and_batches(ax: plt.Axes, parts: dict[str, int], batch_size: int) -> plt.Axes:
    """Draw each part of the data as a bar, cut into batches; each says its size.

    Args:
        ax: the axes to draw on.
        parts: name -> how many examples, from top to bottom.
        batch_size: examples a batch; a short last batch is hatched.

    Returns:
        The axes.
    """
    for row, size in enumerate(parts.values()):
        for start in range(0, size, batch_size):
            width = min(batch_size, size - start)
            is_short = width < batch_size
            ax.barh(
                row,
                width,
                left=start,
                color="0.85" if is_short else f"C{row}",
                edgecolor="white" if not is_short else f"C{row}",
                hatch="//" if is_short else None,
            )
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
            ax.text(
                start + width / 2, row, str(width), ha="center", va="center", bbox=box
            )
    ax.set_yticks(range(len(parts)), list(parts))
    ax.invert_yaxis()
    ax.grid(False)
    ax.set_xlabel(f"examples (in batches of {batch_size}; hatched: a short one)")
    return ax


def gains(ax: plt.Axes, values: dict[str, np.ndarray]) -> plt.Axes:
    """Draw a row of dots for each entry, its mean as a bar, and the line of zero.

    Args:
        ax: the axes to draw on.
        values: name -> (n,) differences, from top to bottom.

    Returns:
        The axes.
    """
    ax.axvline(0, color="0.4", lw=1)
    for row, (points, marker) in enumerate(zip(values.values(), "osD", strict=False)):
        spread = np.linspace(-0.25, 0.25, len(points))  # apart, so that all are seen
        ax.plot(points, row + spread, marker, ls="none", markersize=3, alpha=0.6)
        ax.vlines(np.mean(points), row - 0.35, row + 0.35, color="black", lw=2)
    ax.set_yticks(range(len(values)), list(values))
    ax.set_ylim(len(values) - 0.5, -0.5)
    return ax


def pixels(axes, raw, normal) -> None:
    """Draw the histograms of pixels before and after a shift and a scale, with a bell.

    Args:
        axes: the two axes to draw on; the heights have a log scale.
        raw: (n,) brightness in [0, 1].
        normal: (n,) the same pixels with mean 0 and deviation 1.
    """
    for ax, values, unit in zip(
        axes, (raw, normal), ("[0, 1]", "deviations"), strict=True
    ):
        ax.hist(values, 40, color="0.6", label="pixels")
        ax.set(xlabel=f"brightness ({unit})", yscale="log")
    width = float(normal.max() - normal.min()) / 40  # of a bar
    z = np.linspace(-3, 3, 100)
    bell = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * len(normal) * width
    axes[1].plot(z, bell, color="C1", label="a bell of the same size")
    axes[0].set(ylabel="pixels (log scale)", ylim=(len(raw) / 700, 6 * len(raw)))
    axes[1].legend(loc="upper right")


def letters(ax: plt.Axes, padded, title: str) -> plt.Axes:
    """Draw a padded batch: dark where a cell is filling, light where it is a letter.

    Args:
        ax: the axes to draw on.
        padded: (B, longest) codes, 0 where it is filling.
        title: of the axes.

    Returns:
        The axes.
    """
    ax.imshow(np.asarray(padded) > 0, vmin=0, vmax=1, aspect="auto")
    ax.grid(False)
    ax.set(xlabel="letter", ylabel="name", title=title)
    return ax


def answers(ax: plt.Axes, noisy, calm: float) -> plt.Axes:
    """Draw the histogram of the answers in train mode, a line for that of eval mode.

    Args:
        ax: the axes to draw on.
        noisy: (n,) answers for one car in train mode.
        calm: the answer in eval mode.

    Returns:
        The axes.
    """
    counts, _, _ = ax.hist(
        noisy, 30, color="0.7", label=f"train mode, {len(noisy)} calls"
    )
    ax.axvline(float(calm), color="C1", ls="--", label="eval mode, each call")
    ax.set(xlabel="answer for one car (miles per gallon)", ylabel="calls")
    ax.set_ylim(0, 1.5 * counts.max())  # room for the legend
    ax.legend(loc="upper right")
    return ax


def predictions(ax: plt.Axes, truth, y_hat) -> plt.Axes:
    """Draw predictions against truths, and the diagonal on which they should lie.

    Args:
        ax: the axes to draw on.
        truth, y_hat: (n,) miles per gallon.

    Returns:
        The axes.
    """
    ends = [float(truth.min()) - 2, float(truth.max()) + 2]
    ax.plot(ends, ends, color="0.6", ls="--", label="perfect")
    ax.scatter(truth, y_hat, s=14, label="a test car")
    ax.set(xlabel="true (miles per gallon)", ylabel="predicted (miles per gallon)")
    ax.legend(loc="upper left")
    return ax
