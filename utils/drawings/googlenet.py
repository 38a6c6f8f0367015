"""Drawings of the lecture on GoogLeNet."""

from matplotlib.patches import Rectangle

from utils import plots

COLORS = ("#cfe3f1", "#F3C98B", "#b9dfd0", "#e7c6dc")
HATCHES = ("", "//", "..", "xx")
BOX = {"edgecolor": "black", "linewidth": 0.8}
ARROW = {"arrowstyle": "->", "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}


def paths(rows, start="", end="", width=8.4, height=3.4):
    """Rows of boxes with arrows between them, from a common start to a common end.

    Args:
        rows: for each row the texts of its boxes, from left to right.
        start, end: texts of a tall box at the left and at the right; none if empty.
        width, height: inches of the figure.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=width, height=height)
    longest, low = max(map(len, rows)), -(len(rows) - 1)
    last = 1.5 * longest  # where the tall box at the end begins
    for text, x in ((start, -0.7), (end, last)):
        if text:
            corner = (x, low - 0.35)
            ax.add_patch(Rectangle(corner, 0.7, 0.7 - low, facecolor="white", **BOX))
            ax.text(x + 0.35, low / 2, text, ha="center", va="center", rotation=90)
    for y, (row, color) in enumerate(zip(rows, COLORS, strict=False)):
        step = 1.5 * longest / len(row)
        corners = [step * (k + 0.5) - 0.5 for k in range(len(row))]
        for x, text in zip(corners, row, strict=True):
            ax.add_patch(Rectangle((x, -y - 0.33), 1, 0.66, facecolor=color, **BOX))
            ax.text(x + 0.5, -y, text, ha="center", va="center", fontsize=8)
        tails = ([0] if start else []) + [x + 1 for x in corners]
        heads = corners[0 if start else 1 :] + ([last] if end else [])
        for tail, head in zip(tails, heads, strict=False):
            ax.annotate("", (head, -y), (tail, -y), arrowprops=ARROW)
    ax.set(xlim=(-0.8, last + 0.8), ylim=(low - 0.45, 0.45))
    ax.axis("off")
    return fig


def stacked(parts, labels, xlabel, fmt=",", width=7.0, height=3.6):
    """A horizontal bar for each label, made of the named parts in their order.

    Args:
        parts: name -> a number for each label.
        labels: the bars' names, from top to bottom.
        xlabel: what a bar's length is.
        fmt: how the sum of a bar is written behind it.
        width, height: inches of the figure.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=width, height=height)
    left = [0] * len(labels)
    looks = zip(parts.items(), COLORS, HATCHES, strict=False)
    for (name, values), color, hatch in looks:
        style = {"color": color, "hatch": hatch, "edgecolor": "black"}
        ax.barh(range(len(labels)), values, 0.7, left, label=name, **style)
        left = [a + b for a, b in zip(left, values, strict=True)]
    for y, total in enumerate(left):
        ax.text(total, y, " " + format(total, fmt), va="center", fontsize=8)
    ax.set(xlabel=xlabel, xlim=(0, 1.15 * max(left)))
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    if len(parts) > 1:
        fig.legend(loc="outside upper center", ncols=len(parts))
    return fig


def dots(groups, labels, xlabel, width=6.6, height=3.2):
    """One dot a run and a bar at their mean, for each label and each group.

    Args:
        groups: name -> for each label the values of its runs.
        labels: the rows' names, from top to bottom.
        xlabel: what the values are.
        width, height: inches of the figure.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=width, height=height)
    for k, ((name, rows), marker) in enumerate(
        zip(groups.items(), plots.MARKERS, strict=False)
    ):
        shift = 0.3 * (k - (len(groups) - 1) / 2)
        for y, values in enumerate(rows):
            label = name if y == 0 else None
            style = {"color": f"C{k}", "marker": marker, "alpha": 0.75}
            ax.scatter(values, [y + shift] * len(values), label=label, **style)
            mean = sum(values) / len(values)
            ax.vlines(mean, y + shift - 0.14, y + shift + 0.14, color="black")
    ax.set(xlabel=xlabel)
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    if len(groups) > 1:
        fig.legend(loc="outside upper center", ncols=len(groups))
    return fig


def maps(rows, picture):
    """A picture, and behind it one row of feature maps for each path.

    Args:
        rows: name of the path -> (maps, H, W), as many maps in each.
        picture: (H, W) what they were computed from.

    Returns:
        The figure.
    """
    count = len(next(iter(rows.values())))
    fig, axes = plots.figure(len(rows), count + 1, width=1.15, height=1.15)
    for ax in axes.flat:
        ax.axis("off")
    axes[0, 0].imshow(picture.numpy(), cmap="gray")
    axes[0, 0].set_title("input")
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(line[1:], images, strict=True):
            ax.imshow(image.numpy(), cmap="viridis")
        line[1].set_title(f"{name} path", loc="left")
    return fig
