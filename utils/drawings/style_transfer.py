"""Drawings of the lecture on style transfer."""

from math import ceil

from matplotlib.patches import FancyBboxPatch

from utils import plots


def strip(pictures, ncols=6, side=1.75):
    """Colour pictures side by side, each below its title, on the scale from 0 to 1.

    Args:
        pictures: title -> (3, H, W) or (1, 3, H, W), clipped to [0, 1] when drawn.
        ncols: pictures a row.
        side: inches of a picture's side.

    Returns:
        The figure.
    """
    ncols = min(ncols, len(pictures))
    rows = ceil(len(pictures) / ncols)
    fig, axes = plots.figure(rows, ncols, side, side + 0.3, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, (title, picture) in zip(axes.flat, pictures.items(), strict=False):
        picture = picture.detach().cpu().reshape(3, *picture.shape[-2:]).clamp(0, 1)
        ax.imshow(picture.permute(1, 2, 0).numpy(), interpolation="nearest")
        ax.set_title(title, fontsize=9)
    return fig


BOXES = {  # name: (x, y, width, height, text, colour)
    "content": (0, 4, 2.4, 1.1, "content photo", "#cfe3f1"),
    "picture": (0, 2, 2.4, 1.1, "the picture:\nits pixels move", "#F3C98B"),
    "style": (0, 0, 2.4, 1.1, "style photo", "#cfe3f1"),
    "net": (3.6, 0, 1.8, 5.1, "one net,\nits weights\nstand still", "#dddddd"),
    "maps": (6.6, 3, 2.4, 1.1, "maps of a layer\nin the middle", "#cfe3f1"),
    "grams": (6.6, 1, 2.4, 1.1, "Gram matrices\nof five layers", "#cfe3f1"),
    "loss": (10.2, 1.9, 1.9, 1.3, "content loss\n+ style loss", "#cfe3f1"),
}


def pipeline():
    """Three images go through one net; the gradient goes back to the pixels of one.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=8.8, height=3.5)
    for x, y, width, height, text, color in BOXES.values():
        style = {"boxstyle": "round,pad=0.05", "facecolor": color, "edgecolor": "#555"}
        ax.add_patch(FancyBboxPatch((x, y), width, height, **style))
        ax.text(x + width / 2, y + height / 2, text, ha="center", va="center", size=8)
    forward = {"arrowstyle": "->", "color": "#555"}
    for start, end in [
        *(((2.5, y), (3.5, y)) for y in (4.55, 2.55, 0.55)),
        *(((5.5, y), (6.5, y)) for y in (3.55, 1.55)),
        *(((9.1, 3.55), (10.1, 2.8)), ((9.1, 1.55), (10.1, 2.3))),
    ]:
        ax.annotate("", end, start, arrowprops=forward)
    bend = "angle,angleA=0,angleB=90,rad=5"
    back = {"arrowstyle": "-", "color": "#D55E00", "linestyle": "--"}
    ax.annotate(
        "", (11.15, 1.8), (-0.6, -0.7), arrowprops=back | {"connectionstyle": bend}
    )
    ax.annotate("", (-0.6, 2.55), (-0.6, -0.72), arrowprops=back)
    ax.annotate(
        "", (-0.05, 2.55), (-0.62, 2.55), arrowprops=back | {"arrowstyle": "->"}
    )
    ax.text(6, -0.6, "gradient", color="#D55E00", ha="center", va="bottom", size=8)
    ax.set(xlim=(-0.9, 12.4), ylim=(-1, 5.4))
    ax.axis("off")
    return fig


def grams(matrices, limit):
    """Square matrices as coloured cells, side by side, on one scale.

    Args:
        matrices: title -> (C, C).
        limit: the scale goes from -limit to limit.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(matrices), 2.6, 2.6, squeeze=False)
    style = {"cmap": "RdBu", "vmin": -limit, "vmax": limit, "colorbar": False}
    for ax, (title, matrix) in zip(axes[0], matrices.items(), strict=True):
        plots.heatmap(matrix, ax, "channel", "channel", **style)
        ax.set_title(title, fontsize=9)
    fig.colorbar(
        axes[0, 0].images[0], ax=list(axes[0]), label="mean product", shrink=0.8
    )
    return fig


def trade_off(points, others):
    """Style loss over content loss, a labelled point for each picture.

    Args:
        points: style weight -> (content loss, style loss), joined by a line.
        others: name -> (content loss, style loss), single crosses.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=5.4, height=3.4)
    ax.plot(*zip(*points.values(), strict=True), marker="o", label="transferred")
    for weight, (x, y) in points.items():
        ax.annotate(f"weight {weight:g}", (x, y), (6, 4), textcoords="offset points")
    for k, (name, (x, y)) in enumerate(others.items()):
        ax.plot([x], [y], marker="x", markersize=8, linestyle="", color="#D55E00")
        place = {"xytext": (8, -4) if k % 2 else (6, 5), "textcoords": "offset points"}
        ax.annotate(name, (x, y), color="#D55E00", **place)
    ax.set(xlabel="content loss", ylabel="style loss (log scale)", yscale="log")
    ax.margins(x=0.2, y=0.1)
    return fig
