"""The figures of chapter 29: stamps, the U-Net's shape, masks beside their images."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from skimage.segmentation import find_boundaries

from utils import plots

CLASS_COLORS = ListedColormap(["#EEEEEE", "#0072B2", "#E69F00", "#000000"])
NO_YES = ListedColormap(["white", "#BBBBBB"])
ERROR_COLORS = ListedColormap(["white", "#BBBBBB", "#E69F00", "#08306B"])
VERDICTS = [
    "true positive",
    "false positive (extra)",
    "false negative (missed)",
]


def two_segmentations(picture, instances):
    """Draw a picture, its semantic mask, and the mask with each instance outlined.

    Args:
        picture: (H, W) brightness.
        instances: (H, W) 0 for the background, else the number of an instance.

    Returns:
        The figure.
    """
    semantic = (instances > 0).astype(int)
    outlined = np.where(find_boundaries(instances, mode="inner"), 2, semantic)
    fig, axes = plots.figure(ncols=3, width=2.9, height=3.3)
    axes[0].imshow(picture, cmap="gray")
    axes[1].imshow(semantic, cmap=ListedColormap(["white", "#56B4E9"]))
    axes[2].imshow(outlined, cmap=ListedColormap(["white", "#56B4E9", "black"]))
    for ax, title in zip(axes, ("picture", "semantic", "instances"), strict=True):
        ax.set_title(title)
        ax.axis("off")
    return fig


def stamps(x, stamps, total):
    """Draw the stamps of a transposed convolution in one dimension, and their sum.

    Args:
        x: (h,) the inputs, for the legend.
        stamps: (h, places) one stamp in each row; it is drawn where it isn't 0.
        total: (places,) the sum of the rows.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.4, height=2.9)
    for i, stamp in enumerate(stamps):
        places = np.flatnonzero(np.asarray(stamp))
        look = {"marker": plots.MARKERS[i], "linewidth": 1}
        label = f"stamp of x[{i}] = {float(x[i]):.0f}"
        ax.plot(places, np.asarray(stamp)[places], label=label, **look)
    count = range(len(total))
    ax.step(count, total, where="mid", color="black", linestyle="-", label="their sum")
    ax.set(xlabel="place in the output (pixels)", ylabel="value")
    ax.set(ylim=(0, 1.6 * float(max(total))), xticks=count)  # room for the legend
    ax.legend(ncols=3, loc="upper left")
    return fig


def two_matrices(W, W_up):
    """Draw the matrix of a convolution beside that of the transposed one.

    Args:
        W: (outputs, pixels) what a convolution multiplies an image's pixels by.
        W_up: (pixels, outputs) the same for the transposed convolution.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=2, width=4.6, height=3.4, width_ratios=[2.2, 1])
    plots.heatmap(W, axes[0], "input pixel", "output", colorbar=False, cmap="cividis")
    plots.heatmap(W_up, axes[1], "input", "output pixel", cmap="cividis", aspect="auto")
    axes[0].set_title(f"convolution: {len(W_up)} pixels to {len(W)}")
    axes[1].set_title(f"transposed: {len(W)} to {len(W_up)}")
    return fig


def u_net(widths, side, num_classes):
    """Draw a U-Net with the channels and sizes of its maps, and its skips dashed.

    Args:
        widths: the three numbers of channels, from the finest map to the coarsest.
        side: height and width of the image.
        num_classes: how many scores a pixel gets.

    Returns:
        The figure.
    """
    a, b, c = widths
    sizes = [f"{side // 2**k} x {side // 2**k}" for k in range(3)]
    places = {  # what the map is: where it stands
        f"image\n1 x {sizes[0]}": (-0.6, 2),
        f"{a} x {sizes[0]}": (1.7, 2),
        f"{b} x {sizes[1]}": (2.4, 1),
        f"{c} x {sizes[2]}": (4, 0),
        f"{b} + {b} x {sizes[1]}": (5.6, 1),
        f"{a} + {a} x {sizes[0]}": (6.3, 2),
        f"scores\n{num_classes} x {sizes[0]}": (9.5, 2),
    }
    up = ["transposed\nconv", "conv,\ntransposed conv", "conv,\n1 x 1 conv"]
    steps = ["conv", "pool, conv", "pool, conv", *up]
    maps = list(places)
    arrows = [
        (*ends, word, "-") for ends, word in zip(pairwise(maps), steps, strict=True)
    ]
    arrows += [(maps[1], maps[5], "skip", "--"), (maps[2], maps[4], "skip", "--")]
    fig, ax = plots.figure(width=9, height=3.4)
    ax.set(xlim=(-1.3, 10.2), ylim=(-0.4, 2.5))
    ax.axis("off")
    _boxes_and_arrows(ax, places, arrows)
    return fig


def _boxes_and_arrows(ax, places, arrows):
    """Write a boxed text at each place, and a word on each arrow between two."""
    box = {"boxstyle": "round,pad=0.35", "facecolor": "#cfe3f1", "edgecolor": "#0072B2"}
    middle = {"ha": "center", "va": "center"}
    boxes = {
        name: ax.text(*place, name, bbox=box, **middle).get_bbox_patch()
        for name, place in places.items()
    }
    ax.figure.draw_without_rendering()  # so that the boxes have their sizes
    look = {"arrowstyle": "-|>", "color": "#333333", "linewidth": 1.3}
    look |= {"shrinkA": 2, "shrinkB": 2}
    for start, end, word, line in arrows:
        ends = {"patchA": boxes[start], "patchB": boxes[end], "linestyle": line}
        where = {"xy": places[end], "xytext": places[start]}
        ax.annotate("", **where, arrowprops=look | ends)
        x, y = np.add(places[start], places[end]) / 2
        ax.text(x, y, word, zorder=3, fontsize=9, backgroundcolor="white", **middle)


def gallery(rows, classes):
    """Draw images, and below them one row of masks after another, in class colours.

    Args:
        rows: name of the row -> (n, H, W) masks; of the first row (n, 1, H, W) images.
        classes: the names of the four classes, for the legend.

    Returns:
        The figure.
    """
    (_, images), *masks = rows.items()
    fig, axes = plots.figure(len(rows), len(images), width=1.15, height=1.17)
    plots.images(images, axes=axes[0])
    for row, (_, mask) in zip(axes[1:], masks, strict=True):
        for ax, one in zip(row, mask, strict=True):
            ax.imshow(np.asarray(one), cmap=CLASS_COLORS, vmin=0, vmax=3)
            ax.axis("off")
    for ax, name in zip(axes[:, 0], rows, strict=True):
        ax.axis("on")
        ax.spines[:].set_visible(False)
        ax.grid(False)
        ax.set(xticks=[], yticks=[])
        ax.set_ylabel(name.replace(" ", "\n"), rotation=0, ha="right", va="center")
    _legend_of(fig, CLASS_COLORS, classes)
    return fig


def finding_and_naming(results, by_depth, commonest):
    """Draw naming against finding for each run, and naming in each layer of a shape.

    Args:
        results: net -> its runs, each of them (finding, naming, ...).
        by_depth: net -> (5,) naming in layer 1, 2, 3, 4 and deeper; nets of `results`,
            which have one colour and marker in both panels.
        commonest: (5,) share of the commonest class in each layer.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(ncols=2, width=4.4, height=3.5)
    layers = ["1", "2", "3", "4", "5 and more"]
    cycle = zip(plots.MARKERS, plt.rcParams["axes.prop_cycle"], strict=False)
    for (name, runs), (marker, look) in zip(results.items(), cycle, strict=False):
        look = look | {"marker": marker, "label": name}
        x, y, *_ = zip(*runs, strict=True)
        axes[0].plot(x, y, **look | {"linestyle": "none"}, markersize=7)
        if name in by_depth:
            axes[1].plot(layers, by_depth[name], **look)
    axes[0].set(xlabel="finding (mean IoU of shape or not)", ylabel="naming (share)")
    axes[0].locator_params(axis="x", nbins=5)
    axes[0].legend(loc="lower center")
    axes[1].plot(layers, commonest, "k*", markersize=10, label="commonest class")
    axes[1].set(xlabel="layer of the shape (pixels)", ylabel="naming", ylim=(0, 1.05))
    axes[1].legend(loc="lower left", ncols=2)
    return fig


def errors(picture, truth, answers):
    """Draw a strip of a picture, its true mask, and where each answer errs.

    All is drawn mirrored at the diagonal, so that a high strip lies flat.

    Args:
        picture: (H, W) brightness.
        truth: (H, W) 0 and 1.
        answers: title -> (H, W) 0 and 1.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(2 + len(answers), 1, width=8.2, height=2.15)
    axes[0].imshow(np.asarray(picture).T, cmap="gray")
    axes[1].imshow(np.asarray(truth).T, cmap=NO_YES)
    for ax, y_hat in zip(axes[2:], answers.values(), strict=True):
        kinds = kinds_of_pixels(np.asarray(y_hat), np.asarray(truth))
        ax.imshow(kinds.T, cmap=ERROR_COLORS, vmin=0, vmax=3)
    titles = ["picture (mirrored at its diagonal)", "ground truth", *answers]
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, loc="left")
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
    _legend_of(fig, ERROR_COLORS, ["", *VERDICTS])
    return fig


def kinds_of_pixels(y_hat, truth):
    """0: rightly left out, 1: true positive, 2: false positive, 3: false negative."""
    return np.where(y_hat == truth, truth, 2 + truth)


def pairs_of_bars(pairs, ylabel):
    """Draw two bars for each name, the second hatched, with their heights on top.

    Args:
        pairs: label of the first and of the second bar -> (name -> (runs,) values from
            0 to 1); the same names in both. A bar is the mean over the runs.
        ylabel: what the axis shows.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7.4, height=3)
    for shift, hatch, (label, values) in zip(
        (-0.2, 0.2), ("", "//"), pairs.items(), strict=True
    ):
        places = np.arange(len(values)) + shift
        means = [float(value.mean()) for value in values.values()]
        bars = ax.bar(places, means, 0.38, hatch=hatch, label=label)
        ax.bar_label(bars, fmt="%.2f", fontsize=9)
    names = [name.replace(", ", ",\n") for name in values]
    ax.set_xticks(range(len(names)), names)
    ax.set(ylabel=ylabel, ylim=(0, 1))
    ax.legend(loc="upper left", ncols=2)
    return fig


def _legend_of(fig, colors, names):
    """A legend of colours below a figure; colours without a name are left out."""
    named = [(colors(k), name) for k, name in enumerate(names) if name]
    patches = [plt.Rectangle((0, 0), 1, 1, color=color) for color, _ in named]
    words = [name for _, name in named]
    fig.legend(patches, words, loc="outside lower center", ncols=len(words))
