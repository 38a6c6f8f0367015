"""Chapter 27: scenes of digits on photos, and figures of boxes, grids and curves."""

import numpy as np
import torch
from matplotlib.patches import Rectangle
from torch.nn import functional as F
from torchvision.utils import draw_bounding_boxes

from utils import plots

TRUE, GUESSED = "#D55E00", "#0072B2"
TRIES = 10  # to find a free place for a digit
LETTER = 7  # enlarged pixels that a letter of a box's text takes
SHARED = 2  # pixels of the widest strip that two boxes may share


def scenes(photos, digits, names, num_scenes, seed, height=64, width=64, most=4):
    """Paste digits on crops of photos, darkened to half their brightness.

    Args:
        photos: tensors (1 or 3, H, W) in [0, 1], larger than a scene.
        digits, names: (n, 1, 28, 28) images in [0, 1] and (n,) what they are.
        num_scenes: how many to make.
        seed: of all that is drawn by chance.
        height, width: pixels of a scene.
        most: digits on a scene, at most; at least a quarter of it, rounded down.

    Returns:
        images (N, 3, height, width) in [0, 1]; a list of boxes (M, 4), corners exact to
        the pixel; a list of labels (M,).
    """
    sizes = {"height": height, "width": width, "most": most}
    return masked_scenes(photos, digits, names, num_scenes, seed, **sizes)[:3]


def masked_scenes(photos, digits, names, num_scenes, seed, **sizes):
    """Make the `scenes` of the same arguments, and with them a mask for each digit.

    Args:
        photos, digits, names, num_scenes, seed, sizes: as `scenes` takes them.

    Returns:
        what `scenes` returns; a list of masks (M, height, width) bool, the pixels that
        are at least half ink.
    """
    rng = np.random.default_rng(seed)
    sizes = {"height": 64, "width": 64, "most": 4} | sizes
    made = [_scene(photos, digits, names, rng, **sizes) for _ in range(num_scenes)]
    images, boxes, labels, masks = zip(*made, strict=True)
    return torch.stack(images), list(boxes), list(labels), list(masks)


def _scene(photos, digits, names, rng, height, width, most):
    picture = photos[rng.integers(len(photos))]  # (1 or 3, H, W)
    top = rng.integers(picture.shape[1] - height)
    left = rng.integers(picture.shape[2] - width)
    crop = picture[:, top : top + height, left : left + width]
    image, boxes, labels, masks = 0.5 * crop.expand(3, -1, -1), [], [], []
    for _ in range(rng.integers(most // 4, most + 1)):
        k = rng.integers(len(digits))
        digit = trim(digits[k, 0])
        h, squeeze = int(rng.integers(18, 35)), rng.uniform(0.8, 1.25)
        w = int(np.clip(h * digit.shape[1] / digit.shape[0] * squeeze, 6, 40))
        for _ in range(TRIES):
            x, y = int(rng.integers(width - w + 1)), int(rng.integers(height - h + 1))
            if is_apart((x, y, x + w, y + h), boxes):
                ink = _paste(image[:, y : y + h, x : x + w], digit, rng)
                boxes.append((x, y, x + w, y + h))
                labels.append(int(names[k]))
                masks.append(torch.zeros(height, width, dtype=torch.bool))
                masks[-1][y : y + h, x : x + w] = ink >= 0.5
                break
    masks = torch.stack(masks) if masks else torch.zeros(0, height, width).bool()
    return image, torch.tensor(boxes).float(), torch.tensor(labels), masks


def _paste(place, digit, rng):
    """Draw a digit over a part of an image (3, h, w), bright; return its ink (h, w)."""
    ink = F.interpolate(digit[None, None], place.shape[1:], mode="bilinear")[0]
    color = torch.tensor(rng.uniform(0.8, 1, (3, 1, 1))).float()
    place += ink * (color - place)
    return ink[0]


def trim(digit):
    """Cut a digit (H, W) down to the smallest rectangle that holds its ink."""
    ink = digit.numpy() > 0.3
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def is_apart(box, others):
    """Whether a box shares at most a strip of 2 pixels with each of the others."""
    left, top, right, bottom = box
    shared = [
        min(min(right, o[2]) - max(left, o[0]), min(bottom, o[3]) - max(top, o[1]))
        for o in others
    ]
    return all(strip <= SHARED for strip in shared)


def windows(X, boxes, labels, side, rng, nothing):
    """Cut a window around each digit, and up to two of each image that hold none.

    Args:
        X, boxes, labels: images (N, 3, H, W), a list of corners, a list of labels.
        side: pixels of a window's sides.
        rng: NumPy's generator; a digit may stand 2 pixels from its window's middle.
        nothing: the class of a window in whose middle there is no digit.

    Returns:
        windows (n, 3, side, side); classes (n,) int64.
    """
    cut, classes = [], []
    far = X.shape[-1] - side
    for image, truth, of in zip(X, boxes, labels, strict=True):
        corners = (truth[:, :2] + truth[:, 2:]) / 2 - side / 2  # x, y
        for (x, y), label in zip(corners.round().int().tolist(), of, strict=True):
            near = rng.integers(-2, 3, 2)
            x, y = np.clip([x + near[0], y + near[1]], 0, far)
            cut.append(image[:, y : y + side, x : x + side])
            classes.append(int(label))
        for x, y in rng.integers(0, far + 1, (2, 2)):
            if all(max(abs(x - a), abs(y - b)) > 6 for a, b in corners.tolist()):
                cut.append(image[:, y : y + side, x : x + side])
                classes.append(nothing)
    return torch.stack(cut), torch.tensor(classes)


def with_scores(labels, scores):
    """A text for each box: its class and its score."""
    return [f"{k} {s:.2f}" for k, s in zip(labels.tolist(), scores, strict=True)]


def show_boxes(ax, image, boxes, texts=(), title=""):
    """Draw an image four times enlarged, with boxes and a text at each.

    Args:
        ax: the axes to draw on.
        image: (3, H, W) in [0, 1].
        boxes: (M, 4) corners in pixels.
        texts: M texts, or none.
        title: what stands above.
    """
    big = F.interpolate(image[None], scale_factor=4.0)[0].clamp(0, 1)
    corners = 4 * torch.as_tensor(boxes)
    if len(corners):
        big = draw_bounding_boxes(big, corners, colors="#E69F00", width=3)
    ax.imshow(big.permute(1, 2, 0).numpy())  # (3, H, W) -> (H, W, 3)
    spots = []  # where a text stands already
    for (x, y, _, bottom), text in zip(corners.tolist(), texts, strict=False):
        x, y = min(max(x, 2), big.shape[2] - 4 - LETTER * len(text)), max(y, 26)
        if any(abs(x - a) < 80 and abs(y - b) < 24 for a, b in spots):
            y = bottom  # the top is taken, so write at the foot of the box
        spots.append((x, y))
        label = {"facecolor": "black", "edgecolor": "none", "pad": 1.5}
        ax.text(x, y, text, color="white", fontsize=8, va="bottom", bbox=label)
    ax.set_title(title)
    ax.axis("off")


def gallery(panels, width=2.5, height=2.8):
    """Draw images side by side with their boxes.

    Args:
        panels: (title, image, boxes) of each, and, if wanted, the texts at its boxes.
        width, height: inches of each panel.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(panels), width=width, height=height, squeeze=False)
    for ax, (title, *panel) in zip(axes[0], panels, strict=True):
        show_boxes(ax, *panel, title=title)
    return fig


def rectangles(ax, boxes, color, line, label):
    """Draw boxes (M, 4) with one look; the first stands in the legend."""
    for k, (x1, y1, x2, y2) in enumerate(torch.as_tensor(boxes).tolist()):
        look = {"edgecolor": color, "facecolor": color + "22", "linestyle": line}
        look |= {"linewidth": 2, "label": label if k == 0 else None}
        ax.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, **look))


def compared(titles, truths, guesses, names=("truth", "guess"), side=70):
    """Draw in each panel a true box, solid, and guessed ones, dashed.

    Args:
        titles: one a panel.
        truths: a box (4,) for each panel.
        guesses: boxes (M, 4) for each panel.
        names: what stands in the legend for the two.
        side: pixels that a panel shows.

    Returns:
        The figure.
    """
    ncols = len(titles)
    fig, axes = plots.figure(1, ncols, width=2.9, height=3.6, sharey=True)
    for ax, title, truth, boxes in zip(axes, titles, truths, guesses, strict=True):
        rectangles(ax, truth[None], TRUE, "-", names[0])
        rectangles(ax, boxes, GUESSED, "--", names[1])
        ax.set(xlim=(0, side), ylim=(side, 0), xlabel="x (pixels)", title=title)
        ax.set_aspect("equal")
    axes[0].set_ylabel("y (pixels, downwards)")
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=2)
    return fig


def window_map(image, probabilities, spots):
    """Draw an image beside a map of probabilities, with dots where the digits are.

    Args:
        image: (3, H, W) in [0, 1].
        probabilities: (rows, columns).
        spots: (M, 2) column and row of each dot.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=3.4, height=3.3)
    axes[0].imshow(image.permute(1, 2, 0).numpy())
    axes[0].set(xlabel="x (pixels)", ylabel="y (pixels)", title="the image")
    axes[0].grid(False)
    shown = {"vmin": 0, "vmax": 1, "cmap": "cividis"}
    plots.heatmap(
        probabilities, axes[1], "column of the map", "row of the map", **shown
    )
    axes[1].plot(*np.asarray(spots).T, "o", color="white", mec="black")
    axes[1].set_title("probability of a digit; dots: where they are")
    return fig


def grid(image, boxes, objectness, cell):
    """Draw a grid over an image, shade the cells of the boxes' centres, show targets.

    Args:
        image: (3, H, W) in [0, 1].
        boxes: (M, 4) corners in pixels.
        objectness: (rows, columns) 0 and 1.
        cell: pixels of a cell's sides.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=3.3, height=3.3)
    axes[0].imshow(image.permute(1, 2, 0).numpy())
    for line in range(0, image.shape[1] + 1, cell):
        axes[0].axhline(line - 0.5, color="white", linewidth=0.6)
        axes[0].axvline(line - 0.5, color="white", linewidth=0.6)
    for x1, y1, x2, y2 in boxes.tolist():
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        style = {"edgecolor": "#E69F00", "linewidth": 2, "fill": False}
        axes[0].add_patch(Rectangle((x1 - 0.5, y1 - 0.5), x2 - x1, y2 - y1, **style))
        corner = (cx // cell * cell - 0.5, cy // cell * cell - 0.5)
        axes[0].add_patch(Rectangle(corner, cell, cell, color="#56B4E9", alpha=0.7))
        axes[0].plot(cx - 0.5, cy - 0.5, "o", color="black", markersize=4)
    axes[0].set(xlabel="x (pixels)", ylabel="y (pixels)", title="image, grid, centres")
    axes[0].grid(False)
    shown = {"colorbar": False, "cmap": "Blues", "fmt": ".0f"}
    plots.heatmap(objectness, axes[1], "column j", "row i", **shown)
    axes[1].set_title("objectness p of the targets")
    return fig


def precision_recall(curves):
    """Draw precision against recall: label -> (recall (n,), precision (n,))."""
    fig, ax = plots.figure(width=5.6, height=3.6)
    for label, (recall, precision) in curves.items():
        ax.plot(np.asarray(recall), np.asarray(precision), label=label)
    ax.set(xlabel="recall (share of the objects found)", xlim=(0, 1.02))
    ax.set(ylabel="precision (share of the boxes right)", ylim=(0, 1.05))
    ax.legend(loc="lower left")
    return fig
