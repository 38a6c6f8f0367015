"""Chapter 28: figures of regions, rounded boxes, proposals and masks."""

import numpy as np
import torch
from torch.nn import functional as F

from utils import plots
from utils.drawings.object_detection import GUESSED, TRUE, rectangles, show_boxes

MASK = torch.tensor([0.0, 0.62, 0.45])  # the colour of a mask


def _enlarged(ax, image, title):
    ax.imshow(
        image.permute(1, 2, 0).numpy(), extent=(0, image.shape[2], image.shape[1], 0)
    )
    ax.set(xlabel="x (pixels)", title=title)
    ax.grid(False)


def scene_with_masks(image, boxes, masks):
    """Draw an image with its boxes, and beside it each object's mask in its own tone.

    Args:
        image: (3, H, W) in [0, 1].
        boxes: (M, 4) corners in pixels.
        masks: (M, H, W) bool.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=3.2, height=3.3)
    show_boxes(axes[0], image, boxes, title="boxes")
    tones = torch.arange(1, len(masks) + 1)[:, None, None] * masks
    shown = {"cmap": "cividis", "interpolation": "nearest"}
    axes[1].imshow(tones.amax(dim=0).numpy(), **shown)
    axes[1].set_title("masks, one of each object")
    axes[1].axis("off")
    return fig


def costs(counts):
    """Draw multiply-adds as horizontal bars on a logarithmic axis: name -> count."""
    fig, ax = plots.figure(width=6.2, height=2.3)
    bars = ax.barh(list(counts), list(counts.values()), color=GUESSED)
    ax.bar_label(bars, [f"{n / 1e9:,.0f} G" for n in counts.values()], padding=4)
    ax.set(xscale="log", xlabel="multiply-adds for one image")
    ax.set_xlim(1e10, 3e14)
    ax.invert_yaxis()
    return fig


def rounded_boxes(image, box, strides, rounded):
    """Draw a box, solid, and what is left of it on maps of some strides, dashed.

    Args:
        image: (3, H, W) in [0, 1].
        box: (4,) corners in pixels.
        strides: pixels of a cell, one a panel.
        rounded: a box (4,) for each stride.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(strides), width=2.9, height=3.9, sharey=True)
    for ax, stride, other in zip(axes, strides, rounded, strict=True):
        _enlarged(ax, image, f"cells of {stride} pixels")
        for line in range(0, image.shape[1] + 1, stride):
            ax.axhline(line, color="white", linewidth=0.4)
            ax.axvline(line, color="white", linewidth=0.4)
        rectangles(ax, box[None], TRUE, "-", "the box")
        rectangles(ax, other[None], "#56B4E9", "--", "rounded to cells")
    axes[0].set_ylabel("y (pixels, downwards)")
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=2)
    return fig


def stages(columns):
    """Draw each image twice: with its proposals above, with its final boxes below.

    Args:
        columns: (image, proposals, boxes, texts) of each image.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(2, len(columns), width=2.5, height=2.7, squeeze=False)
    for (upper, lower), (image, proposals, boxes, texts) in zip(
        axes.T, columns, strict=True
    ):
        show_boxes(upper, image, proposals, title=f"{len(proposals)} proposals")
        show_boxes(lower, image, boxes, texts, title=f"{len(boxes)} boxes")
    return fig


def masks_on(columns, titles=("image", "mask branch", "truth")):
    """Draw images with masks laid over them, one column an image.

    Args:
        columns: (image (3, H, W), masks (M, H, W) bool, true masks) of each image.
        titles: of the three rows.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(3, len(columns), width=1.9, height=2.1, squeeze=False)
    for column, (image, masks, truth) in zip(axes.T, columns, strict=True):
        for ax, title, layer in zip(column, titles, (None, masks, truth), strict=True):
            shown = image if layer is None else _tinted(image, layer)
            big = F.interpolate(shown[None], scale_factor=4.0)[0].clamp(0, 1)
            ax.imshow(big.permute(1, 2, 0).numpy())  # (3, H, W) -> (H, W, 3)
            ax.set_title(title)
            ax.axis("off")
    return fig


def _tinted(image, masks):
    return torch.where(masks.any(dim=0), MASK[:, None, None], 0.8 * image)


def mean_bars(groups, ylabel):
    """Draw the mean of some runs as a bar, and each run as a dot: name -> values."""
    fig, ax = plots.figure(width=5.6, height=3.0)
    for k, values in enumerate(groups.values()):
        ax.bar(k, np.mean(values), color=GUESSED, alpha=0.5, width=0.6)
        ax.plot([k] * len(values), values, "o", color="black", markersize=4)
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set_ylabel(ylabel)
    return fig
