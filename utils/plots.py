"""Figures of the course: helpers that take and return axes, and `show`.

Every figure ends with `show(fig, alt="what it shows")`: the picture is displayed with
its alternative text and the figure is closed.
"""

import html
import sys
from base64 import b64encode
from io import BytesIO
from itertools import cycle, islice
from math import ceil
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

from utils.measuring import mode

SHORTEST_ALT = 20  # characters; less can't say what a figure shows
MARKERS = "osD^vPX*<>"


def use_style() -> None:
    """Draw every figure from here on in the course's style, `course.mplstyle`."""
    plt.style.use(Path(__file__).with_name("course.mplstyle"))


def figure(nrows=1, ncols=1, width=4.5, height=3.0, **kwargs):
    """Return a new figure and its axes.

    Args:
        nrows, ncols: rows and columns of axes.
        width, height: inches of each of the axes.
        kwargs: whatever else `plt.subplots` takes, such as `sharey=True`.

    Returns:
        fig, axes: the figure; its one axes, or an array of axes where there are more.
    """
    return plt.subplots(nrows, ncols, figsize=(width * ncols, height * nrows), **kwargs)


def curves(ax, x, ys, xlabel, ylabel):
    """Draw a labelled line for each entry of `ys`; each has its own colour and dashes.

    Args:
        ax: the axes to draw on.
        x: (n,) the common abscissa.
        ys: label -> (n,) values.
        xlabel, ylabel: what the axes show, with the unit.

    Returns:
        The axes.
    """
    x = _numpy(x)
    markers = cycle(MARKERS)
    for label, y in ys.items():
        marker = next(markers) if len(x) <= 30 else None  # more would hide the line
        ax.plot(x, _numpy(y), label=label, marker=marker)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if len(ys) > 1:
        ax.legend()
    return ax


def images(X, titles=None, ncols=8, axes=None, cmap="gray"):
    """Draw a batch of images in a grid, all on one scale of brightness.

    Args:
        X: (N, H, W), (N, 1, H, W) or (N, 3, H, W); colour in [0, 1].
        titles: N captions, one an image.
        ncols: images a row, where `axes` isn't given.
        axes: N axes to draw on, in any arrangement; by default a new figure's.
        cmap: matplotlib's name of the colour map of grey images.

    Returns:
        (rows * ncols,) array of the axes; `axes[0].figure` is the figure.

    Raises:
        ValueError: X isn't a batch of images, or there are too few axes or titles.
    """
    X = _numpy(X)
    if X.ndim not in (3, 4) or (X.ndim == 4 and X.shape[1] not in (1, 3)):
        raise ValueError(f"got X of shape {X.shape}; expected (N, 1 or 3, H, W)")
    if axes is None:
        ncols = min(ncols, len(X))
        _, axes = figure(ceil(len(X) / ncols), ncols, width=1.1, height=1.2)
    axes = np.ravel(axes)
    titles = [""] * len(X) if titles is None else list(titles)
    if len(axes) < len(X) or len(titles) != len(X):
        raise ValueError(f"{len(X)} images, {len(axes)} axes, {len(titles)} titles")
    for ax in axes:
        ax.axis("off")
    for ax, image, title in zip(axes, X, titles, strict=False):
        image = np.moveaxis(image, 0, -1) if image.ndim == 3 else image  # (H, W, C)
        ax.imshow(image, cmap=cmap, vmin=X.min(), vmax=X.max())
        ax.set_title(str(title), fontsize=9)
    return axes


def heatmap(matrix, ax, xlabel, ylabel, *, fmt=None, colorbar=True, **kwargs):
    """Draw a matrix as coloured cells, row 0 at the top.

    Args:
        matrix: (rows, columns) numbers.
        ax: the axes to draw on.
        xlabel, ylabel: what columns and rows are.
        fmt: write each value in its cell in this format, such as ".2f".
        colorbar: whether to draw the scale.
        kwargs: whatever else `ax.imshow` takes, such as `vmin`, `vmax`, `cmap`.

    Returns:
        The axes.

    Raises:
        ValueError: the matrix doesn't have two axes.
    """
    matrix = _numpy(matrix)
    if matrix.ndim != 2:
        raise ValueError(f"got an array of shape {matrix.shape}; expected two axes")
    image = ax.imshow(matrix, **kwargs)
    ax.grid(False)
    ax.locator_params(integer=True)  # a row is row 0 or row 1, never row 0.5
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if colorbar:
        ax.figure.colorbar(image, ax=ax)
    if fmt is not None:
        for (row, column), value in np.ndenumerate(matrix):
            brightness = np.dot(image.to_rgba(value)[:3], [0.299, 0.587, 0.114])
            style = {"color": "white" if brightness < 0.5 else "black"}
            ax.text(column, row, format(value, fmt), ha="center", va="center", **style)
    return ax


def confusion(matrix, ax, labels=None, *, percent=False):
    """Draw a confusion matrix: a row is a true class, a column what the net said.

    Args:
        matrix: (classes, classes) counts, as `metrics.confusion_matrix` gives them.
        ax: the axes to draw on.
        labels: the names of the classes; their numbers if not given.
        percent: whether to show each row as percent of its sum; cells that round to 0
            stay empty, and so do those of a class that never occurs.

    Returns:
        The axes.

    Raises:
        ValueError: the matrix isn't square, or there are too few or many labels.
    """
    counts = _numpy(matrix)
    labels = range(len(counts)) if labels is None else labels
    if counts.ndim != 2 or not len(counts) == counts.shape[1] == len(labels):
        raise ValueError(
            f"got a matrix of shape {counts.shape} and {len(labels)} labels; expected "
            "as many rows as columns as labels"
        )
    if percent:
        counts = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    heatmap(np.rint(counts), ax, "said by the net", "true class", cmap="cividis")
    for (row, column), value in np.ndenumerate(np.rint(counts).astype(int)):
        if value:
            color = "black" if value > counts.max() / 2 else "white"
            style = {
                "ha": "center",
                "va": "center",
                "size": 7 if len(counts) > 10 else 9,
            }
            ax.text(column, row, str(value), color=color, **style)
    is_long = any(len(str(label)) > 2 for label in labels)
    turned = {"rotation": 60, "ha": "right"} if is_long else {}
    ax.set_xticks(range(len(counts)), labels, **turned)
    ax.set_yticks(range(len(counts)), labels)
    ax.set_title("% of the row" if percent else "examples", loc="right")
    return ax


def decision_regions(net, X, y, ax, steps=200):
    """Colour the plane by the class that `net` gives each point, with the data on it.

    Args:
        net: module from (n, 2) float32 to (n, classes) scores, or to (n, 1) logits.
        X: (n, 2) points.
        y: (n,) int64 classes.
        ax: the axes to draw on.
        steps: points along each side of the grid that is classified.

    Returns:
        The axes.
    """
    X, y = _numpy(X), _numpy(y).ravel()
    low, high = X.min(0) - 0.1 * np.ptp(X, 0), X.max(0) + 0.1 * np.ptp(X, 0)
    x0, x1 = np.meshgrid(*np.linspace(low, high, steps).T)  # (steps, steps) each
    grid = torch.tensor(np.stack([x0, x1], -1).reshape(-1, 2), dtype=torch.float32)
    device = next((p.device for p in net.parameters()), torch.device("cpu"))
    with torch.no_grad(), mode(net, training=False):
        scores = net(grid.to(device)).cpu()
    label = scores.argmax(1) if scores.shape[1] > 1 else (scores > 0).long()
    count = max(2, scores.shape[1])
    wheel = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    colors = list(islice(cycle(wheel), count))
    edges = np.arange(count + 1) - 0.5
    label = label.reshape(steps, steps)
    ax.contourf(x0, x1, label, levels=edges, colors=colors, alpha=0.25)
    for k, marker in zip(range(count), cycle(MARKERS), strict=False):
        x = X[y == k]
        ax.scatter(x[:, 0], x[:, 1], color=colors[k], marker=marker, s=18, label=str(k))
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.legend(title="class")
    return ax


def show(fig, alt):
    """Display a figure as a PNG with its alternative text, and close it.

    Outside IPython nothing can be displayed: the alternative text is printed.

    Args:
        fig: the figure.
        alt: what the figure shows, for people who can't see it; 20 characters or more.

    Raises:
        ValueError: the alternative text is missing or too short to say anything.
    """
    alt = " ".join(alt.split())
    if len(alt) < SHORTEST_ALT:
        raise ValueError(
            f"got alt={alt!r}; say in at least {SHORTEST_ALT} characters what the "
            "figure shows, for people who can't see it"
        )
    buffer = BytesIO()
    fig.savefig(buffer, format="png", metadata={"Description": alt})
    width = round(fig.get_figwidth() * 96)  # CSS pixels an inch
    plt.close(fig)
    png = b64encode(buffer.getvalue()).decode("ascii")
    # Neither JupyterLab nor nbconvert gives an image/png an alternative text; both
    # prefer text/html, where an img element has one.
    tag = (
        f'<img alt="{html.escape(alt)}" width="{width}" '
        f'src="data:image/png;base64,{png}">'
    )
    bundle = {"text/html": tag, "image/png": png, "text/plain": f"Figure: {alt}"}
    if _in_ipython():
        from IPython.display import display

        display(bundle, metadata={"image/png": {"alt": alt, "width": width}}, raw=True)
    else:
        print(bundle["text/plain"])


def fix_d2l() -> None:
    """Make d2l 0.17's plots and animations work again on today's IPython.

    They call `IPython.display.set_matplotlib_formats`, which moved to
    `matplotlib_inline`; it is put back where they look for it.
    """
    from IPython import display
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    def set_formats(*formats, **kwargs):
        if _in_ipython():  # elsewhere it would start a shell of its own
            set_matplotlib_formats(*formats, **kwargs)

    display.set_matplotlib_formats = set_formats


def _in_ipython() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def _numpy(values) -> np.ndarray:
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu()
    return np.asarray(values)
