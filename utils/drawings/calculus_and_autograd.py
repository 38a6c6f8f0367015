"""Drawings of the lecture on calculus and autograd."""

import matplotlib.pyplot as plt
import numpy as np

INK, FLOW = "#222222", "#B04A00"  # of the way forward; of the way back


def secants(ax, x, y, point, slopes, tangent):
    """Draw a curve, secants through one of its points, and the tangent there.

    Args:
        ax: the axes to draw on.
        x, y: (n,) the curve.
        point: (x, y) of the point.
        slopes: step h -> slope of the secant to the point that is h to the right.
        tangent: slope of the tangent.

    Returns:
        The axes.
    """
    x, (x0, y0) = np.asarray(x), map(float, point)
    ax.plot(x, np.asarray(y), color="0.2", ls="-", lw=2.4, label="f(x)")
    for i, (h, slope) in enumerate(slopes.items()):
        style = {"color": f"C{i}", "ls": ["--", "-.", ":"][i % 3]}
        ax.plot(x, y0 + slope * (x - x0), label=f"secant, h = {h}", **style)
        ax.plot(x0 + h, y0 + slope * h, "o", color=f"C{i}")
    line = y0 + float(tangent) * (x - x0)
    ax.plot(x, line, color="C3", ls="-", lw=1, label="tangent")
    ax.plot(x0, y0, "o", color="0.2")
    ax.legend(loc="upper left")
    return ax


def panels(ax, x, ys, marks):
    """Draw curves on two log scales, each with a thin upright line of its own.

    Args:
        ax: the axes to draw on.
        x: (n,) the common abscissa.
        ys: label -> (n,) values.
        marks: as many places on the abscissa.

    Returns:
        The axes.
    """
    for i, ((label, y), mark) in enumerate(zip(ys.items(), marks, strict=True)):
        style = {"color": f"C{i}", "ls": ["-", "--"][i % 2]}
        ax.loglog(np.asarray(x), np.asarray(y), label=label, **style)
        ax.axvline(mark, lw=0.8, **style)
    ax.legend(loc="lower left", frameon=True)
    return ax


def arrows(ax, heights, points, slopes):
    """Draw contours of a function, and its gradients at some points, a fifth as long.

    Args:
        ax: the axes to draw on.
        heights: three (rows, columns): first and second coordinate, the function.
        points: (2, k) coordinates.
        slopes: (2, k) the gradients there.

    Returns:
        The axes.
    """
    grid = [np.asarray(part) for part in heights]
    ax.contour(*grid, levels=9, colors="0.6", linewidths=1, linestyles="-")
    (x, y), (u, v) = np.asarray(points), np.asarray(slopes)
    how = {"angles": "xy", "scale_units": "xy", "scale": 5}
    ax.quiver(x, y, u, v, color="C1", **how)
    ax.plot(x, y, "o", color="C0", ls="none")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    return ax


def relief(x, y, z):
    """A new figure with a surface in space on its left, and empty axes on its right.

    Args:
        x, y, z: (rows, columns) coordinates of the surface.

    Returns:
        fig, (left, right): the figure and its axes.
    """
    fig = plt.figure(figsize=(9, 3.6))
    left = fig.add_subplot(1, 2, 1, projection="3d")
    surface = [np.asarray(part) for part in (x, y, z)]
    left.plot_surface(*surface, cmap="cividis", rstride=1, cstride=1)
    left.set(xlabel="$x_1$", ylabel="$x_2$", zlabel="f", zticks=[-0.3, 0, 0.3])
    left.view_init(elev=35, azim=-60)
    return fig, (left, fig.add_subplot(1, 2, 2))


def graph(ax, boxes, arrows, size=(1.1, 0.5)):
    """Draw a computation graph: values in its boxes, slopes below them.

    Args:
        ax: the axes to draw on.
        boxes: name -> (x, y, forward, backward): the centre, what is computed there,
            and the slope of the result by it; "" for none.
        arrows: (from, to, slope): the slope of the one by the other, written beside
            the arrow; "" for none.
        size: width and height of a box.

    Returns:
        The axes, without ticks.
    """
    width, height = size
    for name, (x, y, forward, backward) in boxes.items():
        text = f"{name} = {forward}" if forward else name
        style = {"boxstyle": "round,pad=0.35", "facecolor": "#E8F1F8"}
        style["edgecolor"] = INK
        ax.text(x, y, text, ha="center", va="center", color=INK, size=9, bbox=style)
        ax.text(x, y - height, backward, ha="center", va="center", color=FLOW, size=9)
    for start, end, slope in arrows:
        (x0, y0), (x1, y1) = boxes[start][:2], boxes[end][:2]
        tail, tip = (x0 + width / 2, y0), (x1 - width / 2, y1)
        line = {"arrowstyle": "->", "color": INK, "linewidth": 1.1}
        ax.annotate("", tip, tail, arrowprops=line)
        middle = (tail[0] + tip[0]) / 2, (tail[1] + tip[1]) / 2
        back = {
            "boxstyle": "square,pad=0.15",
            "facecolor": "white",
            "edgecolor": "none",
        }
        style = {"ha": "center", "va": "center", "color": FLOW, "size": 8, "bbox": back}
        ax.text(*middle, slope, **(style if slope else {}))
    xs, ys = zip(*(box[:2] for box in boxes.values()), strict=True)
    ax.set(xlim=(min(xs) - width, max(xs) + width))
    ax.set(ylim=(min(ys) - 2 * height, max(ys) + 2 * height))
    ax.axis("off")
    return ax
