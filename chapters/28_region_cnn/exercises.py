# %% [markdown]
# # Region-based CNNs: exercises
#
# Nine exercises and five questions: the parts of a two-stage detector, each in another
# convention than the lecture's. Each stands alone: if you are stuck, go on with the
# next. Numbers 4, 6 and 8 are the hard ones; take paper.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what is not in the examples: no object at all, images
# that are not square, boxes that stick out.

# %% [markdown]
# Stuck? `check.hint("to_deltas")` in a new cell asks for a hint: first a question, then
# an idea, then the shape of the answer.

# %% [markdown]
# In all exercises $x$ runs to the right and $y$ runs **down**. Boxes are corners,
# `(x1, y1, x2, y2)` with `x1 < x2` and `y1 < y2`.

# %%
import math

import torch
from torch.nn import functional as F
from torchvision import ops

from utils import check
from utils.device import set_seed

set_seed(0)


def waves(C, H, W):
    """Maps to try things on: (C, H, W) numbers from -1.3 to 0.7."""
    values = torch.sin(torch.arange(float(C * H * W)) ** 1.4)
    return values.reshape(C, H, W) - 0.3


# %% [markdown]
# ## 1. Deltas of unit size
#
# Deltas are small numbers, so their loss is small. Fast R-CNN divides each by its
# standard deviation. Write `to_deltas(boxes, anchors, std)`: from each anchor to its
# box,
#
# $$\frac{1}{\sigma_x}\frac{x - a_x}{a_w},\quad
# \frac{1}{\sigma_y}\frac{y - a_y}{a_h},\quad
# \frac{1}{\sigma_w}\ln \frac{w}{a_w},\quad
# \frac{1}{\sigma_h}\ln \frac{h}{a_h}$$
#
# with centres $x, y$ and sizes $w, h$.
#
# - Take `boxes`, `anchors`: (M, 4) float32 corners, M may be 0; `std`: four numbers.
# - Return (M, 4) float32.
# - Not allowed: torchvision's own functions.
#
# Example: the anchor `[0., 0., 10., 20.]`, the box `[5., 0., 25., 10.]` and the `std`
# `[0.1, 0.1, 0.2, 0.2]` give `[10.0, -2.5, 3.4657, -3.4657]`.


# %% exercise="to_deltas"
def to_deltas(boxes, anchors, std):
    """Regression targets from anchors to boxes, each over its standard deviation.

    Args:
        boxes, anchors: (M, 4) float32, corners.
        std: four numbers, of x, y, w and h.

    Returns:
        (M, 4) float32.
    """
    ### BEGIN SOLUTION
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)
    ### END SOLUTION


# %% test="to_deltas" points=2 bans="boxes"
near = torch.tensor([[3.0, 7, 21, 19], [40, 11, 47, 52], [9, 30, 34, 36]])
grown = torch.tensor([[5.0, 2, 16, 25], [37, 20, 55, 46], [2, 27, 39, 45]])
check.probe(to_deltas, grown, near, [0.1, 0.3, 0.2, 0.7])
check.probe(to_deltas, near, grown, [1.0, 1.0, 1.0, 1.0])
### BEGIN HIDDEN TESTS
check.probe(to_deltas, near[:1] * 3 - 40, grown[:1] / 2, [0.4, 0.1, 0.5, 0.3])
check.probe(to_deltas, near[:0], grown[:0], [0.1, 0.1, 0.2, 0.2])
check.probe(to_deltas, near, near, [0.1, 0.2, 0.3, 0.4])
### END HIDDEN TESTS

# %% [markdown]
# ## 2. And back, for every class
#
# Fast R-CNN's head gives four deltas **for each class**. Write
# `from_deltas(deltas, anchors, std, height, width)`:
#
# - multiply the deltas by `std`;
# - limit the last two, $t_w$ and $t_h$, to at most $\ln 4$ (no lower limit);
# - decode: $x = a_x + t_x a_w$, $w = a_w e^{t_w}$, and so for $y$ and $h$;
# - as corners, clipped to the image: $x$ to 0 ... `width`, $y$ to 0 ... `height`.

# %% [markdown]
# Take `deltas`: (M, K, 4); `anchors`: (M, 4) corners; `std`: four numbers. Return
# (M, K, 4) float32. M may be 0.
#
# Not allowed: torchvision's own functions.
#
# Example: the anchor `[0., 0., 10., 20.]` with deltas `[10., -2.5, 3.4657, -3.4657]`
# for one class, `std` `[0.1, 0.1, 0.2, 0.2]`, in an image of 64 x 64: the box is
# `[5, 0, 25, 10]`.


# %% exercise="from_deltas"
def from_deltas(deltas, anchors, std, height, width):
    """Boxes of each class from an anchor's deltas, within the image.

    Args:
        deltas: (M, K, 4) float32, over their standard deviations.
        anchors: (M, 4) float32, corners.
        std: four numbers, of x, y, w and h.
        height, width: pixels of the image.

    Returns:
        (M, K, 4) float32, corners.
    """
    ### BEGIN SOLUTION
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))
    ### END SOLUTION


# %% test="from_deltas" points=3 bans="boxes"
moves = torch.tensor(
    [
        [[1.0, -2, 0.5, 3], [-3, 1, -2, 9], [0, 0.5, 20, -1]],
        [[2, 4, 1, -4], [0.5, -6, 2, 1], [-6, 3, -3, 2]],
    ]
)  # (2, 3, 4)
start = torch.tensor([[30.0, 31, 31, 45], [70, 12, 83, 40]])
spread = [0.1, 0.2, 0.3, 0.25]
check.probe(from_deltas, moves, start, spread, 44, 80)
check.probe(from_deltas, moves, start, [0.1, 0.2, 0.7, 0.45], 3000, 4000)
check.probe(from_deltas, moves, start, [1.5, 2.0, 0.8, 0.4], 60, 90)
### BEGIN HIDDEN TESTS
check.probe(from_deltas, -moves[:, :1], start, [0.3, 0.1, 0.2, 0.4], 60, 85)
check.probe(from_deltas, moves[:0], start[:0], spread, 20, 30)
check.probe(from_deltas, 4 * moves[:1], start[:1], spread, 3000, 2000)
### END HIDDEN TESTS

# %% [markdown] choice="wider_pixels" points=1
# ## Think: wider pixels
# A data set is stored again with all images twice as wide and as high as before. The
# boxes and the anchors are enlarged in the same way. Somebody first stretches only $x$,
# and forgets $y$. Which deltas differ from those of the original data set?
#
# - All four do in the stretched one, none in the enlarged one.
#   wrong: the height thought to be measured in widths
# - In both of them $t_x$ and $t_w$, since these lengths have doubled.
#   wrong: deltas taken for pixels
# - None, in neither of the two.
#   right: $t_x$ and $t_w$ are ratios of lengths along $x$, the other two along $y$. A
#   factor of each axis cancels, though it be another one.
# - In the stretched one $t_x$ and $t_w$, in the enlarged one none.
#   wrong: the cancelling thought to need one factor for both axes

# %% [markdown]
# ## 3. RoI max pooling, outward
#
# Write `roi_max_pool(maps, box, rows, columns, stride)`. It differs from the lecture's:
#
# - The region is rounded **outward** to whole cells: from $\lfloor x_1 / s \rfloor$ up
#   to, but without, $\lceil x_2 / s \rceil$; $y$ alike. $s$ = `stride`.
# - `rows` x `columns` bins. With $h$ cells in height, bin $i$ goes from
#   $\lfloor i h / n \rfloor$ up to, but without, $\lfloor (i + 1) h / n \rfloor$, $n$ =
#   `rows`. If that is no cell, the bin has the one cell at $\lfloor i h / n \rfloor$.
#   Columns alike.
# - Each bin's value is its largest number.
#
# Take `maps`: (C, H, W) float32; `box`: (4,) corners in pixels, within the map. Return
# (C, rows, columns).

# %% [markdown]
# Not allowed: PyTorch's pooling, torchvision's own functions. Loops are allowed.
#
# Example: a map of one channel, `[[0, 1, 2], [3, 4, 5]]`, cells of 10 pixels, the box
# `[12., 0., 25., 20.]`: columns 1 and 2, rows 0 and 1. As 1 x 2 bins it gives
# `[[4, 5]]`; as 2 x 1 it gives `[[2], [5]]`.


# %% exercise="roi_max_pool"
def roi_max_pool(maps, box, rows, columns, stride):
    """Largest number of each bin of a region that is rounded outward.

    Args:
        maps: (C, H, W) float32.
        box: (4,) float32, corners in pixels.
        rows, columns: bins of the result.
        stride: pixels of a cell's sides.

    Returns:
        (C, rows, columns) float32.
    """
    ### BEGIN SOLUTION
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled
    ### END SOLUTION


# %% test="roi_max_pool" points=3 bans="pooling, boxes"
check.probe(roi_max_pool, waves(2, 12, 16), torch.tensor([22.0, 19, 83, 57]), 2, 3, 8)
check.probe(roi_max_pool, waves(1, 7, 6), torch.tensor([9.0, 4, 20, 26]), 4, 5, 4)
check.probe(roi_max_pool, waves(1, 7, 9), torch.tensor([8.0, 4, 28, 20]), 2, 2, 4)
### BEGIN HIDDEN TESTS
check.probe(roi_max_pool, waves(3, 6, 8) - 2, torch.tensor([1.0, 2, 39, 28]), 3, 2, 5)
check.probe(roi_max_pool, waves(2, 5, 5), torch.tensor([17.0, 33, 19, 34]), 2, 2, 16)
check.probe(roi_max_pool, waves(1, 11, 7), torch.tensor([0.0, 3, 7, 10]), 7, 7, 1)
### END HIDDEN TESTS

# %% [markdown] choice="forty_pixels" points=1
# ## Think: forty-nine bins, but how many numbers?
# A map has cells of 16 pixels. A region of 40 x 40 pixels is pooled to 7 x 7 as in
# exercise 3. How many **different** numbers can the 49 bins of one channel hold, at the
# very most?
#
# - 49, a number for each bin.
#   wrong: more bins thought to make more numbers
# - 9, as 40 pixels are 2.5 cells, which round to 3.
#   wrong: a position that fits the cells taken for every position
# - 16, as the region can touch four cells along each axis.
#   right: 40 pixels that begin late in a cell end in the fourth: 4 x 4 cells. A bin
#   with one cell copies it.
# - 1600, a number for each pixel.
#   wrong: cells of the map taken for pixels of the image

# %% [markdown]
# ## 4. Bilinear sampling, with nothing around the map
#
# Write `sample(maps, points)`: the maps at points between their cells. Cell $(i, j)$
# stands at $y = i$, $x = j$. A point's value is
#
# $$\sum_{i,j} \max(0, 1 - |y - i|)\, \max(0, 1 - |x - j|)\; M_{ij}$$
#
# over the cells **that exist**: unlike in the lecture, a point near the rim, or beyond,
# gets nothing from the cells that are missing. So the values fade to 0 there.
#
# - Take `maps`: (C, H, W) float32; `points`: (P, 2) float32, each $(x, y)$, in cells,
#   perhaps far outside. P may be 0.
# - Return (C, P) float32, through which gradients reach `maps`.
# - Not allowed: a loop, PyTorch's interpolation, torchvision's own functions.

# %% [markdown]
# Example: for the map `[[0., 10.], [20., 30.]]` the points `[[0.5, 0.], [1., 0.5],
# [1.5, 1.]]` give `[[5., 20., 15.]]`. The last one is half a cell beyond the rim, so
# half of 30 is left.


# %% exercise="sample"
def sample(maps, points):
    """Bilinear interpolation with zeros around the maps.

    Args:
        maps: (C, H, W) float32.
        points: (P, 2) float32, x and y in cells.

    Returns:
        (C, P) float32.
    """
    ### BEGIN SOLUTION
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)
    ### END SOLUTION


# %% test="sample" points=3 bans="interpolation, boxes, loops"
def slope(maps, points):
    maps.requires_grad_()
    values = check.call(sample, maps, points) * torch.arange(1.0, len(points) + 1)
    if values.requires_grad:
        values.sum().backward()
    return torch.zeros_like(maps) if maps.grad is None else maps.grad


hilly = waves(2, 4, 6) * 10
spots = torch.tensor([[1.25, 2.5], [4.75, 0.5], [3.0, 1.0], [0.5, 2.25]])
rim = torch.tensor([[5.5, 1.5], [2.25, -0.25], [-0.75, 3.5], [9.0, 2.0], [-4.0, -3.0]])
check.probe(sample, hilly, spots)
check.probe(sample, hilly, rim)
check.probe(slope, hilly, spots, call="the gradient of sample")
### BEGIN HIDDEN TESTS
check.probe(
    sample, waves(3, 5, 2), torch.tensor([[0.25, 3.75], [1.0, 4.0], [1.5, 4.5]])
)
check.probe(sample, hilly, spots[:0])
check.probe(sample, waves(1, 1, 1) + 2, torch.tensor([[0.0, 0.0], [0.25, -0.5]]))
check.probe(slope, waves(2, 3, 5), rim, call="the gradient of sample")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Find the bug and mend it: RoI align that rounds
#
# `interpolate(maps, x, y)` is given and correct: the maps at all pairs of the $x$ and
# the $y$, in cells, with the rim's values beyond the rim. `broken_align` is to be RoI
# align with `aligned=True` and `points` x `points` sample points a bin. It has
# **three** faults: a box moved by one pixel gives the same numbers, everything is half
# a cell too far to the right and down, and a wide box is read as if it were high.


# %%
def interpolate(maps, x, y):
    """Maps (C, H, W) at columns x (Q,) and rows y (P,), in cells: (C, P, Q)."""
    height, width = maps.shape[1:]
    x, y = x.clamp(0, width - 1), y.clamp(0, height - 1)
    j, i = x.long().clamp(max=width - 2), y.long().clamp(max=height - 2)
    lines = torch.lerp(maps[:, i], maps[:, i + 1], (y - i)[:, None])  # (C, P, W)
    return torch.lerp(lines[:, :, j], lines[:, :, j + 1], x - j)


def broken_align(maps, box, rows, columns, stride, points):
    """RoI align of one box: (C, H, W), (4,) -> (C, rows, columns)."""
    x1, y1, x2, y2 = (box / stride).round()
    across = (torch.arange(columns * points) + 0.5) / (columns * points)
    down = (torch.arange(rows * points) + 0.5) / (rows * points)
    x, y = x1 + across * (y2 - y1), y1 + down * (x2 - x1)
    values = interpolate(maps, x, y)  # (C, rows * points, columns * points)
    return F.avg_pool2d(values, points)


# %% [markdown]
# Write the mended `align(maps, box, rows, columns, stride, points)`.
#
# - `maps`: (C, H, W) float32; `box`: (4,) corners in pixels, within the image; `rows`,
#   `columns`: bins of the result; `stride`: pixels of a cell; `points`: at least 1.
# - Return (C, rows, columns).
# - Allowed: `interpolate`, all of PyTorch. Not allowed: torchvision's own functions.
#
# Example: on a map whose cell in column $j$ holds $j$, cells of 4 pixels, the box
# `[8., 8., 16., 12.]` gives 2.0 and 3.0 as 1 x 2 bins: the centres of columns 2 and 3
# stand at 10 and 14 pixels.


# %% exercise="align"
def align(maps, box, rows, columns, stride, points):
    """RoI align of one box, `aligned=True`.

    Args:
        maps: (C, H, W) float32.
        box: (4,) float32, corners in pixels.
        rows, columns: bins of the result.
        stride: pixels of a cell's sides.
        points: sample points of a bin along each axis.

    Returns:
        (C, rows, columns) float32.
    """
    ### BEGIN SOLUTION
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)
    ### END SOLUTION


# %% test="align" points=3 bans="boxes except interpolate"
field = waves(2, 8, 12) * 5
check.probe(align, field, torch.tensor([9.0, 6.0, 37.0, 17.0]), 2, 3, 4, 2)
check.probe(align, field, torch.tensor([5.0, 3.0, 24.0, 30.0]), 3, 2, 4, 3)
check.probe(align, field, torch.tensor([0.0, 0.0, 11.0, 5.0]), 1, 2, 4, 1)
### BEGIN HIDDEN TESTS
check.probe(align, waves(1, 6, 5), torch.tensor([3.5, 20.25, 36.0, 44.0]), 2, 2, 8, 2)
box = torch.tensor([13.0, 2.0, 45.0, 29.0])
roi = torch.cat([torch.zeros(1), box])[None]
expected = ops.roi_align(field[None], roi, (4, 5), 0.25, 2, True)[0]
check.close(
    check.call(align, field, box, 4, 5, 4, 2), expected, "align, as torchvision"
)
### END HIDDEN TESTS

# %% [markdown]
# From here on, `pairwise_iou(boxes1, boxes2)` and `suppress(boxes, scores, max_iou)`
# are given: the IoU of all pairs, and non-maximum suppression.


# %%
def pairwise_iou(boxes1, boxes2):
    """Intersection over union of each pair of corners: (M, 4), (K, 4) -> (M, K)."""
    return ops.box_iou(boxes1, boxes2)


def suppress(boxes, scores, max_iou):
    """Non-maximum suppression: indices of the boxes to keep, highest score first."""
    return ops.nms(boxes, scores, max_iou)


# %% [markdown]
# ## 6. Labels of the RPN
#
# Write `rpn_labels(anchors, boxes, high, low, height, width)`, as the paper has it: for
# each anchor 1 (positive), 0 (negative) or -1 (ignored).

# %% [markdown]
# - An anchor that sticks out of the image (0 ... `width`, 0 ... `height`) is ignored,
#   whatever else holds. An edge on the image's edge is no sticking out.
# - Of the others, those with an IoU of at least `high` with some box are positive.
# - For each box, the anchors **within the image** with the highest IoU with it are
#   positive, *all* if several are alike, unless that IoU is 0.
# - The rest is negative if its IoU is **below** `low` with all boxes, else ignored.

# %% [markdown]
# - Take `anchors`: (A, 4); `boxes`: (M, 4), M may be 0, A not.
# - Return (A,) int64.
# - Allowed: `pairwise_iou`. Not allowed: torchvision's own functions.
#
# Example: one box, `high` 0.7, `low` 0.3. Three anchors in the image with the IoU 0.5,
# 0.2 and 0.5, and one that sticks out with 0.9: the labels are `[1, 0, 1, -1]`. With no
# box: `[0, 0, 0, -1]`.


# %% exercise="rpn_labels"
def rpn_labels(anchors, boxes, high, low, height, width):
    """Which anchors the RPN learns as object, as background, or not at all.

    Args:
        anchors: (A, 4) float32, corners.
        boxes: (M, 4) float32, corners of the true boxes.
        high, low: IoU from which on an anchor is positive, below which it is negative.
        height, width: pixels of the image.

    Returns:
        (A,) int64: 1, 0 or -1.
    """
    ### BEGIN SOLUTION
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels
    ### END SOLUTION


# %% test="rpn_labels" points=4 bans="boxes except pairwise_iou"
tiles = [[0.0, 0, 20, 20], [4, 0, 24, 20], [30, 10, 50, 20], [30, 20, 50, 30]]
tiles += [[60, 0, 80, 40], [55, 0, 85, 40], [-5, 0, 15, 20], [0, 42, 20, 60]]
tiles += [[70, 10, 90, 30], [-3, 40, 17, 59], [85, 35, 105, 55], [12, 22, 26, 42]]
tiles = torch.tensor(tiles)
objects = torch.tensor(
    [[2.0, 0, 20, 20], [34, 15, 46, 25], [57, 0, 83, 38], [92, 50, 99, 59]]
)
check.probe(rpn_labels, tiles, objects, 0.95, 0.3, 60, 100)
check.probe(rpn_labels, tiles, objects, 0.7, 0.3, 60, 100)
check.probe(rpn_labels, tiles, objects[:2], 0.5, 0.2, 60, 100)
check.probe(rpn_labels, tiles, objects[:0], 0.7, 0.3, 60, 100)
check.probe(rpn_labels, tiles, objects, 0.8, 0.3, 50, 80)
### BEGIN HIDDEN TESTS
check.probe(rpn_labels, tiles[6:], objects[:1], 0.4, 0.1, 60, 100)
quarters = torch.tensor([[0.0, 0, 8, 8], [0, 0, 8, 4], [0, 0, 8, 2], [0, 8, 4, 9]])
check.probe(rpn_labels, quarters, quarters[:1], 0.5, 0.25, 9, 8)
check.probe(rpn_labels, tiles - 3, objects, 0.6, 0.25, 57, 97)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. The hardest anchors
#
# Most negative anchors are easy. Train on the hard ones alone. Write
# `hardest(labels, scores, count)`: it keeps `count` labels, all others become -1.
#
# - Positives: at most `count // 2`, those with the **lowest** scores.
# - Negatives: as many as are then left of `count`, those with the **highest** scores;
#   all, if there are fewer.
#
# Take `labels`: (A,) int64 of 1, 0 and -1; `scores`: (A,) float32, no two alike;
# `count`: at least 1. Return (A,) int64, and leave `labels` as it is.
#
# Example: labels `[1, 1, 1, 0, 0, -1]`, scores `[.9, .2, .5, .1, .7, .6]`. For a
# `count` of 2: `[-1, 1, -1, -1, 0, -1]`. For one of 9: the labels as they are.


# %% exercise="hardest"
def hardest(labels, scores, count):
    """Labels of the hardest positives and negatives; -1 for all others.

    Args:
        labels: (A,) int64 of 1, 0 and -1.
        scores: (A,) float32, the objectness.
        count: how many labels are kept at most.

    Returns:
        (A,) int64.
    """
    ### BEGIN SOLUTION
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept
    ### END SOLUTION


# %% test="hardest" points=2
marks = torch.tensor([0, 1, 0, -1, 1, 0, 1, 0, 1, 0, -1, 0, 1, 0])
votes = torch.tensor([31.0, 62, 7, 90, 15, 88, 77, 45, 50, 3, 2, 69, 94, 20]) / 100
check.probe(hardest, marks, votes, 4)
check.probe(hardest, marks, votes, 7)
check.probe(hardest, marks, votes, 13)
check.probe(hardest, marks, votes, 1)
### BEGIN HIDDEN TESTS
check.probe(hardest, marks, votes - 2, 8)
check.probe(hardest, marks, votes, 40)
check.probe(hardest, marks.clamp(max=0), votes, 4)
check.probe(hardest, torch.ones_like(marks), votes, 6)
### END HIDDEN TESTS

# %% [markdown] choice="seen_by_proposals" points=1
# ## Think: what the first stage misses
# On a test set the proposals cover 80 % of the objects with an IoU of at least 0.5; the
# other objects have proposals with an IoU around 0.4. What holds for the recall of the
# final boxes, at the bar 0.5?
#
# - It is at most 80 %: what the proposals miss is lost.
#   wrong: the second stage thought to leave the boxes where they are
# - It is at least 80 %, since the head improves the boxes.
#   wrong: a covered object thought to be a found one
# - It may be above or below 80 %.
#   right: the head moves boxes, so a proposal of 0.4 can become a hit. And it may take
#   a covered object for background, or for another class.
# - It is 80 %, if all classes are right.
#   wrong: the class thought to be all that the second stage adds

# %% [markdown]
# ## 8. Proposals from several maps
#
# A feature pyramid has an RPN on each of its maps, its **levels**. Write
# `propose(boxes, scores, levels, first, last, max_iou, min_size)`:
#
# 1. Drop boxes whose width **or** height is below `min_size`.
# 2. In each level, take the `first` with the highest scores, or all that there are.
# 3. In each level, suppress what overlaps a better one **of this level** by more than
#    `max_iou`.
# 4. Of what is left in all levels, take the `last` with the highest scores.
#
# Take `boxes`: (A, 4) corners; `scores`: (A,), no two alike; `levels`: (A,) int64, any
# numbers. A may be 0. Return (K,) int64, **indices into `boxes`**, highest score first.

# %% [markdown]
# Allowed: `suppress`, a loop. Not allowed: torchvision's own functions, `batched_nms`
# too.
#
# Example: three equal boxes of 10 x 10, scores `[0.5, 0.9, 0.8]`, levels `[2, 2, 3]`.
# With `first=2, last=5, max_iou=0.7, min_size=4` the answer is `[1, 2]`; with `last=1`
# it is `[1]`; with `min_size=11` there is none.


# %% exercise="propose"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    """Proposals of all levels: filter, top k, suppression in each level, top k.

    Args:
        boxes: (A, 4) float32, corners.
        scores: (A,) float32, no two alike.
        levels: (A,) int64, the map that a box comes from.
        first: boxes that a level keeps before suppression.
        last: boxes that are returned at most.
        max_iou: boxes that overlap a kept one of their level by more are dropped.
        min_size: boxes that are narrower or lower are dropped.

    Returns:
        (K,) int64, indices, highest score first.
    """
    ### BEGIN SOLUTION
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]
    ### END SOLUTION


# %% test="propose" points=4 bans="boxes except suppress"
corner = torch.tensor(
    [[0.0, 0], [1, 0], [30, 0], [2, 0], [0, 30], [2, 1], [60, 60], [30, 2], [60, 60]]
    + [[61, 60], [0, 31], [62, 61], [90, 0], [33, 3]]
)
sides = torch.tensor([[20.0, 20]] * 14)
odd = [[0.1, 40], [20, 8], [20, 4.5], [3, 3], [5, 5], [4, 7]]
sides[[4, 6, 8, 11, 12, 13]] = torch.tensor(odd)
pile = torch.cat([corner, corner + sides], dim=1)  # (14, 4)
places = torch.tensor([4, 2, 4, 2, 4, 4, 7, 4, 7, 4, 2, 2, 4, 4])
ranks = [88.0, 71, 20, 64, 99, 91, 85, 41, 97, 12, 53, 95, 89, 93]
chances = torch.tensor(ranks) / 100
check.probe(propose, pile, chances, places, 3, 7, 0.5, 5)
check.probe(propose, pile, chances, places, 10, 20, 0.7, 5)
check.probe(propose, pile, chances.flip(0), places, 5, 3, 0.6, 4)
check.probe(propose, pile, chances, places, 4, 20, 0.8, 1)
### BEGIN HIDDEN TESTS
check.probe(propose, pile[:0], chances[:0], places[:0], 3, 3, 0.5, 4)
check.probe(propose, pile, chances, places, 5, 5, 0.5, 50)
check.probe(propose, 3 * pile, chances, 9 - places, 3, 4, 0.55, 16)
check.probe(propose, pile, chances - 2, places * 0, 6, 9, 0.4, 3)
### END HIDDEN TESTS

# %% [markdown] choice="twice_the_regions" points=1
# ## Think: twice the regions
# A detector gets 600 regions for an image, where it had 300. How much more does it
# compute?
#
# - R-CNN and Fast R-CNN both about twice as much.
#   wrong: the shared convolutions counted once for each region
# - R-CNN about twice as much, Fast R-CNN less than twice.
#   right: in R-CNN everything is done for each region. In Fast R-CNN only the head is,
#   and the one pass over the image stays as it is.
# - Both less than twice: the image stays the same.
#   wrong: a pass over the image added to R-CNN, which only sees crops
# - R-CNN four times as much, as regions overlap in pairs; Fast R-CNN twice.
#   wrong: the overlap of regions taken for work on pairs

# %% [markdown]
# ## 9. The mask loss
#
# Mask R-CNN's mask head gives each region one mask **for each class**. Only the mask of
# the true class is trained: so the classes don't compete for pixels. Write
# `mask_loss(logits, masks, labels)`:
#
# - for each region whose label is below $K$: the binary cross-entropy of
#   $\sigma(\text{logit})$ and the mask, the **mean over the pixels** of the mask of its
#   own class;
# - then the mean over **these** regions. Regions with the label $K$ are background and
#   add nothing. If there is no other region, the loss is 0.

# %% [markdown]
# Take `logits`: (R, K, h, w) float32; `masks`: (R, h, w) of 0 and 1; `labels`: (R,)
# int64, 0 ... K. R may be 0. Return a tensor without axes, through which gradients can
# flow.

# %% [markdown]
# Allowed: all of `torch.nn.functional`.
#
# Example: one region, two classes, masks of one pixel, which is 1. The logits are
# 0 for class 0 and $\ln 3$ for class 1. With the label 0 the loss is $\ln 2 = 0.6931$,
# with 1 it is $-\ln 0.75 = 0.2877$, with 2 it is 0.


# %% exercise="mask_loss"
def mask_loss(logits, masks, labels):
    """Binary cross-entropy of each region's mask of its own class.

    Args:
        logits: (R, K, h, w) float32.
        masks: (R, h, w) float32, 0 or 1.
        labels: (R,) int64, 0 ... K; K is the background.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)
    ### END SOLUTION


# %% test="mask_loss" points=3
def pull(logits, masks, labels):
    logits.requires_grad_()
    loss = check.call(mask_loss, logits, masks, labels)
    if loss.requires_grad:
        loss.backward()
    return torch.zeros_like(logits) if logits.grad is None else logits.grad


def regions(R, K, h, w):
    values = 2 * torch.sin(torch.arange(float(R * K * h * w)) ** 1.3)
    drawn = torch.cos(torch.arange(float(R * h * w)) ** 1.2) > 0.2
    return values.reshape(R, K, h, w), drawn.float().reshape(R, h, w)


kinds = torch.tensor([2, 0, 3, 1, 2])
check.probe(mask_loss, *regions(5, 3, 2, 4), kinds)
check.probe(pull, *regions(5, 3, 2, 2), kinds, call="the gradient of mask_loss")
check.probe(mask_loss, *regions(2, 4, 3, 3), torch.tensor([4, 4]))
### BEGIN HIDDEN TESTS
check.probe(mask_loss, *regions(4, 4, 3, 2), torch.tensor([4, 1, 3, 0]))
check.probe(mask_loss, *regions(1, 2, 5, 3), torch.tensor([1]))
check.probe(mask_loss, *regions(1, 2, 1, 1), torch.tensor([1]))
check.probe(mask_loss, *regions(0, 2, 3, 3), kinds[:0])
check.probe(pull, *regions(2, 2, 2, 3), torch.tensor([2, 2]))
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Screws on a circuit board (a person reads your answer)
#
# A camera takes photos of 4000 x 3000 pixels of circuit boards. Each has up to 200
# screws of about 20 x 20 pixels; some are loose, which shows in a few pixels. A
# colleague proposes Faster R-CNN as in the paper: the image shrunk to 800 x 600, a map
# with cells of 16 pixels, 300 proposals, RoI pooling.
#
# 1. How large is a screw on the map? What does RoI pooling make of it?
# 2. Name two changes that help, and what each of them costs.
# 3. Which number would you ask for before you train the second stage, and why?
#
# Answer in five to ten sentences.

# %% [markdown] manual="screws" points=3
# ### BEGIN SOLUTION
# 1. 20 pixels become 4, a quarter of a cell. Rounded, the region is a cell or two, most
#    of which is not the screw: 7 x 7 bins copy one number.
# 2. Two of: tiles at full resolution (25 times the convolutions); a finer map or a
#    pyramid (memory, the RPN's work); more proposals (the head's work); anchors of the
#    screws' size (free). RoI align is of little use on so coarse a map.
# 3. The recall of the proposals: what they miss the second stage hardly gets back, and
#    300 for 200 screws leave little room.
#
# Grader: a point each; 1 needs the size on the map, 2 both costs.
# ### END SOLUTION
