"""Drawings of the lecture on tensors: cells, axes, broadcasting, memory."""

import numpy as np
from matplotlib.patches import Rectangle

from utils import plots

SOLID, FADED, DROP = "#cfe3f3", "white", "#f6d9c4"
OF_PLACES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]


def cells(ax, values, left=0.0, top=0.0, color=SOLID, is_copy=None, size=9, level=1):
    """Draw a table of numbers as unit squares, row 0 at the top.

    Args:
        ax: the axes to draw on; y points down after `canvas`.
        values: (rows, columns) numbers or words; (columns,) is drawn as one row.
        left, top: where the upper left corner is.
        color: of the squares, or a table of colours.
        is_copy: (rows, columns) bool, squares to be drawn pale with a dashed border.
        size: of the text, in points.
        level: what is drawn at a higher one hides what is below.

    Returns:
        the x of the right edge and the y of the lower one.
    """
    values = np.atleast_2d(np.asarray(values))
    colors = np.broadcast_to(np.asarray(color), values.shape)
    if is_copy is None:
        is_copy = np.zeros(values.shape, dtype=bool)
    for (row, column), value in np.ndenumerate(values):
        pale = bool(is_copy[row, column])
        style = {
            "facecolor": FADED if pale else colors[row, column],
            "lw": 1,
            "zorder": level,
        }
        style |= {"edgecolor": "0.55" if pale else "0.2", "ls": ":" if pale else "-"}
        ax.add_patch(Rectangle((left + column, top + row), 1, 1, **style))
        text = (
            value
            if isinstance(value, str)
            else f"{value:.4g}"
            if abs(value) >= 10
            else f"{value:.2g}"
        )
        middle = (left + column + 0.5, top + row + 0.5)
        ink = {"color": "0.4" if pale else "black", "size": size, "zorder": level + 0.5}
        ax.text(*middle, text, ha="center", va="center", **ink)
    return left + values.shape[1], top + values.shape[0]


def canvas(ax, width, height, title=""):
    """Make axes a sheet of paper: no ticks, squares are square, y points down."""
    ax.set(xlim=(-0.3, width + 0.3), ylim=(height + 0.3, -0.3), aspect="equal")
    ax.set_title(title)
    ax.axis("off")


def ranks(number, vector, matrix, layers):
    """Draw tensors of 0, 1, 2 and 3 axes side by side.

    Args:
        number: the tensor without axes; vector: (n,); matrix: (m, n);
        layers: (c, m, n), drawn as sheets one behind the other.

    Returns:
        the figure.
    """
    fig, axes = plots.figure(1, 4, width=2.4, height=2.3)
    for ax, values in zip(axes, (number, vector, matrix), strict=False):
        values = np.asarray(values)
        right, bottom = cells(ax, values, size=8)
        canvas(ax, right, bottom, _caption(values))
    layers = np.asarray(layers)
    count = len(layers)
    for k in range(count)[::-1]:  # the last sheet is farthest behind
        shift = 0.6 * k
        cells(
            axes[3],
            layers[k],
            shift,
            0.6 * (count - 1) - shift,
            size=8,
            level=count - k,
        )
    edge = 0.6 * (count - 1)
    size = layers.shape[2] + edge, layers.shape[1] + edge
    canvas(axes[3], *size, _caption(layers))
    return fig


def _caption(values):
    noun = "axis" if values.ndim == 1 else "axes"
    return f"{values.ndim} {noun}\nshape {values.shape}"


def sums(table, rows, columns):
    """Draw a table with its sums along axis 0 (below) and along axis 1 (beside).

    Args:
        table: (m, n) numbers; rows: m names; columns: n names.

    Returns:
        the figure.
    """
    table = np.asarray(table)
    m, n = table.shape
    fig, ax = plots.figure(width=6.2, height=3.2)
    cells(ax, table, 2, 1)
    cells(ax, table.sum(0), 2, m + 1.7, DROP)
    cells(ax, table.sum(1).reshape(-1, 1), n + 3.2, 1, DROP)
    for k, name in enumerate(rows):
        ax.text(1.8, k + 1.5, name, ha="right", va="center")
    for k, name in enumerate(columns):
        ax.text(k + 2.5, 0.7, name, ha="center", size=8)
    arrow = {"arrowstyle": "->", "lw": 1.6}
    for k in range(n):
        ax.annotate("", (k + 2.5, m + 1.6), (k + 2.5, m + 0.95), arrowprops=arrow)
    for k in range(m):
        ax.annotate("", (n + 3.1, k + 1.5), (n + 1.95, k + 1.5), arrowprops=arrow)
    ax.text(n + 2.2, m + 2.2, "sum(dim=0): axis 0 is gone", va="center")
    ax.text(n + 4.4, m / 2 + 1, "sum(dim=1):\naxis 1 is gone", va="center")
    canvas(ax, n + 7.2, m + 2.7)
    return fig


def marked(ax, table, chosen, title):
    """Draw a table and colour the cells that an index picks.

    Args:
        ax: the axes; table: (m, n) numbers; title: what stands above.
        chosen: (row, column) pairs.
    """
    table = np.asarray(table)
    color = np.full(table.shape, FADED, dtype=object)
    for row, column in chosen:
        color[row, column] = DROP
    right, bottom = cells(ax, table, color=color)
    for row, column in chosen:  # not by colour alone
        frame = Rectangle((column, row), 1, 1, fill=False, lw=2.5, zorder=3)
        ax.add_patch(frame)
    canvas(ax, right, bottom, title)


def storage(tensor):
    """Draw the memory of a (m, n) tensor, the tensor and its transpose over it.

    Args:
        tensor: (m, n) contiguous, of at most six numbers.

    Returns:
        the figure.
    """
    flat, count = tensor.flatten(), tensor.numel()
    fig, axes = plots.figure(1, 3, width=2.9, height=2.2)
    right, bottom = cells(axes[0], flat, color=_places(np.arange(count)))
    for place in range(count):
        axes[0].text(place + 0.5, 1.4, str(place), ha="center", va="center", size=8)
    canvas(axes[0], right, bottom + 0.6, "memory: one row of places")
    places = np.arange(count).reshape(tensor.shape)
    shown = (tensor, places, "X"), (tensor.T, places.T, "X.T")
    for ax, (view, order, name) in zip(axes[1:], shown, strict=True):
        right, bottom = cells(ax, view, color=_places(order))
        canvas(ax, right, bottom, f"{name}: strides {view.stride()}")
    return fig


def _places(order):
    pale = np.array([f"{color}66" for color in OF_PLACES], dtype=object)  # 40 %
    return pale[order]


def broadcasting(ax, a, b, sign, result, title):
    """Draw `a sign b = result`, cells that broadcasting repeats pale and dotted.

    Args:
        ax: the axes; a, b: operands of one or two axes; sign: "+", "-", "/" ...
        result: what comes out, of two axes; title: what stands above.
    """
    left = 0.0
    height = np.asarray(result).shape[0]
    for operand, after in ((a, sign), (b, "=")):
        operand = np.asarray(operand)
        full = np.broadcast_to(operand, np.asarray(result).shape)
        given = np.atleast_2d(operand).shape
        is_copy = np.ones(full.shape, dtype=bool)
        is_copy[: given[0], : given[1]] = False
        right, _ = cells(ax, full, left, is_copy=is_copy, size=8)
        middle = (left + right) / 2
        ax.text(middle, height + 0.5, str(operand.shape), ha="center", va="center")
        ax.text(right + 0.5, height / 2, after, ha="center", va="center", size=13)
        left = right + 1
    right, _ = cells(ax, result, left, color=DROP, size=8)
    shape = str(np.asarray(result).shape)
    ax.text((left + right) / 2, height + 0.5, shape, ha="center", va="center")
    canvas(ax, right, height + 0.8, title)


def memory(names, blocks):
    """Draw names and the blocks of memory that they point to.

    Args:
        names: name -> (address, color) of the block that it reads.
        blocks: address -> text of what lies there.

    Returns:
        the figure.
    """
    fig, ax = plots.figure(width=7.0, height=0.55 * len(names) + 0.5)
    order = list(blocks)
    for k, (address, text) in enumerate(blocks.items()):
        y = (k + 0.5) * len(names) / len(order)
        box = {"facecolor": SOLID, "edgecolor": "0.2", "boxstyle": "square,pad=0.4"}
        ax.text(4.2, y, f"{hex(address)}: {text}", va="center", bbox=box, size=9)
    for k, (name, address) in enumerate(names.items()):
        y = (order.index(address) + 0.5) * len(names) / len(order)
        ax.text(2.2, k + 0.5, name, ha="right", va="center", family="monospace", size=9)
        arrow = {"arrowstyle": "->", "lw": 1.4}
        ax.annotate("", (4.05, y), (2.3, k + 0.5), arrowprops=arrow)
    ax.set(xlim=(-1, 8), ylim=(len(names), 0))
    ax.axis("off")
    return fig


def histograms(samples, low, high):
    """Draw a histogram for each entry of `samples`, all with the same bins.

    Args:
        samples: title -> (n,) values; low, high: where the bins begin and end.

    Returns:
        the figure.
    """
    fig, axes = plots.figure(1, len(samples), width=2.9, height=2.3, sharey=True)
    for ax, (title, values) in zip(axes, samples.items(), strict=True):
        ax.hist(np.asarray(values), bins=np.linspace(low, high, 73), color="C0")
        ax.set(title=title, xlabel="value", xlim=(low, high))
    axes[0].set_ylabel("how many")
    return fig


def pictures(images):
    """Draw pictures of any size side by side in frames, each below its name and shape.

    Args:
        images: name -> (3, H, W) in [0, 1].

    Returns:
        the figure.
    """
    fig, axes = plots.figure(1, len(images), width=2.5, height=2.3)
    for ax, (name, image) in zip(axes, images.items(), strict=True):
        ax.imshow(np.moveaxis(np.asarray(image), 0, -1))  # (C, H, W) -> (H, W, C)
        ax.set_title(f"{name}\n{tuple(image.shape)}", fontsize=8)
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(True)
    return fig


def unit_shapes(x):
    """Draw all vectors of L1 norm 1 and of L2 norm 1, and an arrow to `x`.

    Args:
        x: (2,) a vector.

    Returns:
        the figure.
    """
    angle = np.linspace(0, 2 * np.pi, 401)  # 400 steps: four of them hit the corners
    circle = np.stack([np.cos(angle), np.sin(angle)])  # (2, 401)
    fig, ax = plots.figure(width=5.4, height=3.2)
    ax.plot(*circle, label="L2 norm is 1")
    ax.plot(*(circle / np.abs(circle).sum(0)), label="L1 norm is 1")
    ax.annotate("", x, (0, 0), arrowprops={"arrowstyle": "->", "lw": 1.5})
    ax.text(x[0] + 0.05, x[1] + 0.05, f"({x[0]:g}, {x[1]:g})")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.set(xlim=(-1.2, 1.2), ylim=(-1.2, 1.2))
    ax.legend(loc="center left", bbox_to_anchor=(1.05, 0.5))
    return fig


def distance_maps(maps, groups):
    """Draw tables of distances side by side, with lines between the groups.

    Args:
        maps: title -> (N, N) distances, sorted by group; groups: their sizes in order.

    Returns:
        the figure.
    """
    fig, axes = plots.figure(1, len(maps), width=4.2, height=3.4)
    for ax, (title, distance) in zip(axes, maps.items(), strict=True):
        distance = np.asarray(distance)
        plots.heatmap(distance, ax, "bird", "bird", vmax=np.quantile(distance, 0.95))
        ax.images[0].colorbar.set_label("distance")
        for edge in np.cumsum(np.asarray(groups))[:-1] - 0.5:
            ax.axhline(edge, color="white", lw=1, ls="-")
            ax.axvline(edge, color="white", lw=1, ls="-")
        ax.set_title(title)
    return fig
