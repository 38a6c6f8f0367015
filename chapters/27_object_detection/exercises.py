# %% [markdown]
# # Object detection: exercises
#
# Nine exercises and five questions: all the parts of a detector, from box formats to
# average precision. Each stands alone: if you are stuck, go on with the next. Numbers
# 3, 5 and 9 are the hard ones; take paper.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what is not in the examples: no box at all, boxes
# that don't touch, grids that are not square.
#
# Stuck? `check.hint("convert_boxes")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %% [markdown]
# In all exercises $x$ runs to the right and $y$ runs **down**. Corners are
# `(x1, y1, x2, y2)` with `x1 <= x2` and `y1 <= y2`.

# %%
import math

import torch
from torch.nn import functional as F
from torchvision import ops

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# ## 1. Three formats, six ways
#
# Write `convert_boxes(boxes, source, target)`. `source` and `target` are each one of
# these formats, and may be the same:
#
# - `"xyxy"`: the corners $(x_1, y_1, x_2, y_2)$;
# - `"xywh"`: the top left corner and the size $(x_1, y_1, w, h)$, as COCO has it;
# - `"cxcywh"`: the centre and the size $(c_x, c_y, w, h)$.
#
# Take `boxes`: (..., 4) float32 in the format `source`, with any number of axes before
# the last one. Return a tensor of the same shape in the format `target`, and leave
# `boxes` as it is.
#
# Not allowed: `torchvision.ops.box_convert`.
#
# Example: the corners `[10., 20., 40., 60.]` are `[10., 20., 30., 40.]` as `"xywh"` and
# `[25., 40., 30., 40.]` as `"cxcywh"`.


# %% exercise="convert_boxes"
def convert_boxes(boxes, source, target):
    """Boxes (..., 4) of format `source` in the format `target`.

    Args:
        boxes: (..., 4) float32.
        source, target: "xyxy", "xywh" or "cxcywh".

    Returns:
        (..., 4) float32.
    """
    ### BEGIN SOLUTION
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2 / 2), (y1 - y2 / 2, y1 + y2 / 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)
    ### END SOLUTION


# %% test="convert_boxes" points=2 bans="boxes"
def every_way(boxes):
    formats = ["xyxy", "xywh", "cxcywh"]
    return {
        f"{source} to {target}": check.call(convert_boxes, boxes, source, target)
        for source in formats
        for target in formats
    }


rows = torch.tensor([[10.0, 20.0, 40.0, 60.0], [3.0, 1.0, 8.0, 30.0]])
check.probe(convert_boxes, rows, "xyxy", "cxcywh")
check.probe(every_way, rows, call="convert_boxes, every way")
check.probe(convert_boxes, rows[0], "cxcywh", "xyxy")
### BEGIN HIDDEN TESTS
check.probe(every_way, torch.arange(24.0).reshape(2, 3, 4) ** 2 / 7)
check.probe(every_way, torch.zeros(0, 4))
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Intersection over union
#
# Write `box_iou(boxes1, boxes2)`:
#
# $$\mathrm{IoU}(A, B) = \frac{|A \cap B|}{|A| + |B| - |A \cap B|}$$
#
# for each pair.
#
# - Take corners (M, 4) and (K, 4), float32; M or K may be 0.
# - Return (M, K) float32.
# - Boxes without area exist: where the union has no area, the answer is 0.
# - Not allowed: a loop, and torchvision's own functions.
#
# Example: `[[0., 0., 2., 2.]]` and `[[1., 0., 3., 2.]]` share 2 of 6: `[[0.3333]]`.


# %% exercise="box_iou"
def box_iou(boxes1, boxes2):
    """Intersection over union of each pair: (M, 4) and (K, 4) corners -> (M, K)."""
    ### BEGIN SOLUTION
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])  # (M, K, 2)
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)  # (M, K)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)
    ### END SOLUTION


# %% test="box_iou" points=2 bans="boxes, loops"
some = torch.tensor([[0.0, 0, 20, 10], [5, 5, 15, 35], [30, 30, 34, 48]])
others = torch.tensor(
    [[2.0, 1, 22, 12], [40, 20, 50, 28], [5, 5, 15, 35], [0, 38, 9, 60]]
)
check.probe(box_iou, some, others)
check.probe(box_iou, some[:1], torch.tensor([[0.0, 0, 0, 0], [3, 3, 3, 9]]))
check.probe(box_iou, torch.zeros(1, 4), torch.zeros(1, 4))
### BEGIN HIDDEN TESTS
check.probe(box_iou, others - 30, others / 3 - 20)
check.probe(box_iou, some[:0], others)
check.probe(box_iou, others[:1] / 100, some / 100)
torch.manual_seed(2)
many = torch.randint(0, 50, (2, 25, 2)).float()
corners = torch.cat([many[0], many[0] + 1 + many[1]], dim=1)
expected = ops.box_iou(corners, corners.flip(0))
got = check.call(box_iou, corners, corners.flip(0))
check.close(got, expected, "IoU of many boxes")
### END HIDDEN TESTS

# %% [markdown] choice="a_margin" points=1
# ## Think: a margin around every box
# Nobody can click on exact pixels. So somebody adds a margin of 5 pixels on all four
# sides of every box, the true ones and the guesses. Take a guess that overlaps with the
# truth, but not perfectly. What becomes of their IoU?
#
# - It stays as it is, since both boxes grow by the same margin.
#   wrong: the same change of both boxes thought to cancel in the ratio
# - It rises, and for a pair of half the size it rises more.
#   right: the intersection is a box as well and gets the same margin, which is a larger
#   share of it than of the union. And 5 pixels are much for small boxes.
# - It falls, since most of the new area belongs to one of the boxes only.
#   wrong: the rims thought to lie side by side, where they overlap as the boxes do
# - It rises if the guess is the smaller box of the two, and falls if it is the larger.
#   wrong: the IoU thought to know which of the two boxes is the truth

# %% [markdown]
# From here on, `pairwise_iou(boxes1, boxes2)` does what exercise 2 asks, and
# `suppress(boxes, scores, max_iou)` is the lecture's NMS.


# %%
def pairwise_iou(boxes1, boxes2):
    """Intersection over union of each pair of corners: (M, 4), (K, 4) -> (M, K)."""
    return ops.box_iou(boxes1, boxes2)


def suppress(boxes, scores, max_iou):
    """Non-maximum suppression: indices of the boxes to keep, highest score first."""
    return ops.nms(boxes, scores, max_iou)


# %% [markdown]
# ## 3. Suppress softly
#
# Two riders side by side: NMS drops one. **Soft-NMS** (Bodla and others, 2017) only
# lowers scores. Write `soft_nms(boxes, scores, max_iou, min_score)`. While boxes are
# left:
#
# - take the one with the highest score **by now**. If that is below `min_score`, stop.
#   Else keep it, with this score;
# - multiply by $1 - \mathrm{IoU}$ the score of every box left whose IoU with it is
#   **more** than `max_iou`.
#
# Take `boxes`: (M, 4) corners; `scores`: (M,) above 0, at no time two alike; M may be
# 0. Return the indices of the kept boxes, (K,) int64, in the order in which they were
# kept, and the scores with which they were, (K,) float32.

# %% [markdown]
# Allowed: `pairwise_iou`. Not allowed: torchvision's own functions.
#
# Example: boxes 0 and 1 have an IoU of 0.6, box 2 lies apart; scores 0.5, 0.9, 0.7.
# With a `max_iou` of 0.4 box 1 is kept first and lowers box 0 to $0.5 \cdot 0.4 = 0.2$.
# So with a `min_score` of 0.3 the answer is `[1, 2]` with the scores `[0.9, 0.7]`, with
# one of 0.1 it is `[1, 2, 0]` with `[0.9, 0.7, 0.2]`.


# %% exercise="soft_nms"
def soft_nms(boxes, scores, max_iou, min_score):
    """Greedy suppression that lowers scores in place of dropping boxes.

    Args:
        boxes: (M, 4) float32, corners.
        scores: (M,) float32, above 0.
        max_iou: boxes that overlap a kept one by more have their score lowered.
        min_score: a box is kept while its score is at least that.

    Returns:
        (K,) int64, indices in the order in which the boxes are kept;
        (K,) float32, the scores with which they are.
    """
    ### BEGIN SOLUTION
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()  # (M, M), (M,)
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]
    ### END SOLUTION


# %% test="soft_nms" points=3 bans="boxes except pairwise_iou"
chain = torch.tensor([0.0, 3, 5, 9, 13, 40, 9])  # each box overlaps the next one
heap = torch.stack([chain, 0 * chain, chain + 10, 0 * chain + 8], dim=1)  # (7, 4)
heap[6, 1:] = torch.tensor([2.0, 20, 9])
votes = torch.tensor([0.58, 0.7, 0.76, 0.44, 0.83, 0.15, 0.9])
check.probe(soft_nms, heap, votes, 0.2, 0.25)
check.probe(soft_nms, heap, votes.flip(0), 0.3, 0.01)
quarter = torch.tensor([[0.0, 0, 8, 8], [0, 0, 8, 4], [4, 4, 7, 7]])
check.probe(soft_nms, quarter, torch.tensor([0.9, 0.5, 0.7]), 0.5, 0.45)
### BEGIN HIDDEN TESTS
check.probe(soft_nms, quarter, torch.tensor([0.9, 0.5, 0.125]), 0.2, 0.25)
check.probe(soft_nms, heap[:0], votes[:0], 0.5, 0.1)
check.probe(soft_nms, heap[:1], votes[:1], 0.5, 0.1)
check.probe(soft_nms, heap, votes / 2, 0.1, 0.9)
check.probe(soft_nms, heap.flip(0), votes, 0.0, 0.02)
torch.manual_seed(3)
corners = torch.rand(20, 4) * 20
corners[:, 2:] += corners[:, :2] + 5
check.probe(soft_nms, corners, torch.rand(20) + 0.01, 0.3, 0.05)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. A score for every class
#
# Many detectors give a box a score for **every** class, so that it may be kept twice,
# as a 1 and as a 7. Write
# `nms_per_class(boxes, scores, max_iou, limit)`:
#
# - in each class, suppress over all boxes, with their scores for that class;
# - of all that is kept, take the `limit` pairs of a box and a class with the highest
#   scores, or all if there are fewer.
#
# Take `boxes`: (M, 4) corners of **any size**, negative ones too (a box may stick out
# of the image); `scores`: (M, C), no two alike; `limit`: at least 1. M may be 0, C not.

# %% [markdown]
# Return the pairs' boxes and their classes, both (K,) int64, highest score first *over
# all classes*.
#
# Allowed: `suppress`. Not allowed: torchvision's own functions, `batched_nms` too.
#
# Example: two boxes on the same spot, with the scores `[[0.9, 0.1], [0.8, 0.3]]`. Class
# 0 keeps box 0, class 1 keeps box 1: with a `limit` of 5 that is `[0, 1]` and `[0, 1]`,
# with a `limit` of 1 `[0]` and `[0]`.


# %% exercise="nms_per_class"
def nms_per_class(boxes, scores, max_iou, limit):
    """Non-maximum suppression within each class, and the best of what is left.

    Args:
        boxes: (M, 4) float32, corners, perhaps negative.
        scores: (M, C) float32, no two alike.
        max_iou: boxes that overlap a kept one by more are dropped from a class.
        limit: at most so many pairs are returned.

    Returns:
        (K,) int64 and (K,) int64, indices of boxes and classes, highest score first.
    """
    ### BEGIN SOLUTION
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], labels[best]
    ### END SOLUTION


# %% test="nms_per_class" points=2 bans="boxes except suppress"
left = torch.tensor([0.0, 1, 0, -40, -39, 30, 13])
top = torch.tensor([0.0, 0, 1, -41, -41, 0, 2])
width = torch.tensor([10.0, 10, 10, 10, 9, 10, 10])
pile = torch.stack([left, top, left + width, top + 10], dim=1)  # (7, 4)
ranks = [2, 24, 9, 6, 5, 19, 10, 12, 13, 22, 3, 20, 23, 8, 4, 1, 16, 17, 11, 15, 14]
votes = torch.tensor(ranks).reshape(7, 3) / 25
check.probe(nms_per_class, pile, votes, 0.5, 100)
check.probe(nms_per_class, pile, votes.flip(1), 0.5, 3)
### BEGIN HIDDEN TESTS
check.probe(nms_per_class, pile, votes.reshape(3, 7).T.flip(0), 0.5, 1)
check.probe(nms_per_class, pile, votes[:, :1], 0.3, 4)
check.probe(nms_per_class, pile[:0], votes[:0], 0.5, 3)
check.probe(nms_per_class, 3e7 * pile, votes.flip(0), 0.5, 12)
six = (torch.arange(42.0) * 5 % 43).reshape(7, 6) / 50
check.probe(nms_per_class, pile / 3, six, 0.55, 30)
### END HIDDEN TESTS

# %% [markdown] choice="a_higher_bar" points=1
# ## Think: a higher threshold keeps ... fewer?
# The lecture's NMS runs on the same boxes and scores of one class, first with a
# `max_iou` of 0.4, then of 0.6. Can the second run keep fewer boxes than the first?
#
# - No: what survives at 0.4 also survives at 0.6.
#   wrong: one pair of boxes taken for the whole chain
# - No: a box may go, but for each that goes, at least one other is kept.
#   wrong: a box that is kept thought to drop one other at most
# - Yes: at 0.6 the boxes are taken in another order.
#   wrong: the order thought to depend on the threshold, where the scores decide
# - Yes: a box that is kept only at 0.6 may drop several others.
#   right: at 0.4 a better box drops it, so that it drops nothing itself. At 0.6 it
#   stays, and drops all that overlap with it by more than that.

# %% [markdown]
# ## 5. The grid's targets
#
# Write `grid_targets(boxes, labels, num_classes, rows, columns, cell)`. The image has
# `rows` x `columns` cells of `cell` pixels each. The cell that holds a box's centre
# gets the vector
#
# $$(1,\; x,\; y,\; w,\; h,\; \text{one-hot class})$$
#
# with $x, y$ the centre's offset from the cell's **top left** corner, and $w, h$ the
# box's size, all in units of a **cell's side**. All other cells are 0.
#
# If two centres fall into one cell, the box with the **larger area** gets it; no two
# are alike. A centre on a border belongs to the cell right of it or below.
#
# - Take `boxes`: (M, 4) corners in pixels, all centres within the image; `labels`: (M,)
#   int64. M may be 0.
# - Return (5 + num_classes, rows, columns) float32.

# %% [markdown]
# Example: with `cell=8`, the box `[8., 4., 32., 16.]` has its centre at (20, 10). So
# row 1, column 2 holds it, with the vector $(1,\, 0.5,\, 0.25,\, 3,\, 1.5,\, \ldots)$.


# %% exercise="grid_targets"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    """Targets of one image: p, x, y, w, h in cells, then the one-hot class.

    Args:
        boxes: (M, 4) float32, corners in pixels.
        labels: (M,) int64.
        num_classes, rows, columns: sizes of the target.
        cell: pixels of a cell's sides.

    Returns:
        (5 + num_classes, rows, columns) float32.
    """
    ### BEGIN SOLUTION
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():  # the largest comes last and stays
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target
    ### END SOLUTION


# %% test="grid_targets" points=3
placed = torch.tensor([[8.0, 4, 32, 16], [34, 10, 38, 30], [1, 17, 5, 22]])
check.probe(grid_targets, placed, torch.tensor([1, 2, 0]), 3, 3, 5, 8)
on_border = torch.tensor([[5.0, 1, 11, 6], [9, 3, 18, 13]])
check.probe(grid_targets, on_border, torch.tensor([0, 1]), 2, 3, 3, 8)
sizes = [[30.0, 30], [2, 69], [60, 24], [12, 68], [40, 40], [68, 3], [4, 4], [20, 20]]
centers = [[104.0, 98], [97, 102], [100, 97], [103, 99], [98, 101], [101, 104]]
centers = torch.tensor([*centers, [99, 103], [102, 100]])  # (8, 2), all in one cell
more = torch.tensor([[145.0, 32], [154, 25], [150, 38]])  # and three in another
half = torch.tensor([*sizes, [22, 22], [30, 20], [80, 3]]) / 2  # (11, 2)
rivals = torch.cat([centers, more])
rivals = torch.cat([rivals - half, rivals + half], dim=1)  # (11, 4)
kinds = torch.tensor([1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0])
check.probe(grid_targets, rivals, kinds, 2, 2, 3, 64)
### BEGIN HIDDEN TESTS
check.probe(grid_targets, rivals.flip(0), torch.arange(11) % 4, 4, 3, 2, 80)
check.probe(grid_targets, rivals[1:5:3], torch.tensor([3, 2]), 4, 3, 4, 44)
check.probe(grid_targets, placed[:0], torch.tensor([], dtype=torch.int64), 2, 4, 2, 8)
check.probe(grid_targets, placed, torch.tensor([0, 0, 0]), 1, 4, 7, 7)
check.probe(grid_targets, rivals[:2] + 15, torch.tensor([4, 1]), 5, 1, 2, 130)
aside = torch.tensor([[40.0, 0, 50, 10], [44, 2, 48, 8]])
check.probe(grid_targets, aside, torch.tensor([1, 0]), 2, 1, 1, 64)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Decode a grid
#
# Write `decode_grid(y_hat, cell)`: from a net's outputs for one image to boxes.
#
# Each cell in row $i$ and column $j$ gives $(a, t_x, t_y, t_w, t_h, z_1 \ldots z_K)$.
# With the sigmoid $\sigma$ and $s$ = `cell`,
#
# $$c_x = s\,(j + \sigma(t_x)),\; c_y = s\,(i + \sigma(t_y)),\;
# w = s\, e^{t_w},\; h = s\, e^{t_h}$$
#
# $$\text{score} = \sigma(a) \cdot \max_k \operatorname{softmax}(\mathbf z)_k$$
#
# - Take `y_hat`: (5 + K, rows, columns) float32, in no cell two classes of one score;
#   `cell`: pixels of a cell's sides.
# - Return `boxes` (rows * columns, 4), **corners** in pixels, `scores` and `labels`
#   (int64), both (rows * columns,), cell after cell, row 0 first.

# %% [markdown]
# Example: in a 1 x 2 grid all outputs are 0, but for the second of three classes, which
# has $\ln 2$. Then `decode_grid(y_hat, 8)` gives the boxes
# `[[0, 0, 8, 8], [8, 0, 16, 8]]`, twice the score $0.5 \cdot 0.5 = 0.25$ and twice the
# label 1.


# %% exercise="decode_grid"
def decode_grid(y_hat, cell):
    """Boxes, scores and labels of every cell of one image.

    Args:
        y_hat: (5 + K, rows, columns) float32, outputs of a net.
        cell: pixels of a cell's sides.

    Returns:
        boxes: (rows * columns, 4) float32, corners; scores: (rows * columns,) float32;
        labels: (rows * columns,) int64.
    """
    ### BEGIN SOLUTION
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))  # (rows, columns)
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()
    ### END SOLUTION


# %% test="decode_grid" points=3
def outputs(channels, rows, columns):
    count = channels * rows * columns
    values = 1.7 * torch.sin(torch.arange(float(count)) ** 1.5)
    return values.reshape(channels, rows, columns)


check.probe(decode_grid, outputs(8, 2, 3), 8)
quiet = torch.zeros(8, 1, 2)
quiet[6] = math.log(2)
check.probe(decode_grid, quiet, 8)
### BEGIN HIDDEN TESTS
check.probe(decode_grid, outputs(7, 4, 2) / 2, 5)
check.probe(decode_grid, outputs(6, 1, 3), 16)
check.probe(decode_grid, 3 * outputs(10, 3, 1), 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Anchors
#
# Write `anchor_boxes(rows, columns, stride, sizes, ratios)`. Around the centre of each
# cell of `stride` pixels, lay one box for **each** pair of a size $s$ and a ratio $r$,
# of the area $s^2$ and with $w / h = r$:
#
# $$w = s \sqrt r, \qquad h = s / \sqrt r$$
#
# - `sizes` (pixels) and `ratios` are lists of numbers.
# - Return (rows * columns * len(sizes) * len(ratios), 4) float32, corners in pixels.
#   Order: row by row, in a row cell by cell, in a cell size by size, for a size ratio
#   by ratio. Boxes may stick out of the image.
# - Allowed: everything in PyTorch, loops too.
#
# Example: `anchor_boxes(1, 2, 16, [8], [4])` gives `[[0, 6, 16, 10], [16, 6, 32, 10]]`.


# %% exercise="anchor_boxes"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    """All anchors of a grid of cells.

    Args:
        rows, columns: cells of the grid.
        stride: pixels of a cell's sides.
        sizes: list of n numbers, the square root of an anchor's area, in pixels.
        ratios: list of m numbers, width over height.

    Returns:
        (rows * columns * n * m, 4) float32, corners in pixels.
    """
    ### BEGIN SOLUTION
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)
    ### END SOLUTION


# %% test="anchor_boxes" points=2
check.probe(anchor_boxes, 2, 3, 15, [10, 24], [1, 2.25, 0.64])
check.probe(anchor_boxes, 1, 2, 16, [8], [4])
### BEGIN HIDDEN TESTS
check.probe(anchor_boxes, 3, 1, 10, [5, 7, 30], [0.5, 3])
check.probe(anchor_boxes, 2, 2, 9, [12], [0.25])
### END HIDDEN TESTS

# %% [markdown]
# ## 8. The masked loss
#
# Write `detection_loss(y_hat, target, box_weight)`. Target channels: $p$ (0 or 1),
# then $x, y, w, h$, then the class's number. Output channels: $a$, four numbers for the
# box, $K$ class scores.
#
# $$L = \frac{1}{M} \Big( \sum_{\text{all cells}} \ell_p + \sum_{\text{cells with } p=1}
# \big( \lambda\, \ell_{\text{box}} + \ell_{\text{class}} \big) \Big)$$
#
# - $\ell_p$: binary cross-entropy of $\sigma(a)$ and $p$;
# - $\ell_{\text{box}}$: **sum** of the four absolute errors of the box outputs **after
#   a sigmoid**; $\lambda$ = `box_weight`;
# - $\ell_{\text{class}}$: cross-entropy of the class scores;
# - $M$: number of cells with $p = 1$ in the batch, or 1 if there are none.

# %% [markdown]
# - Take `y_hat`: (N, 5 + K, H, W) float32; `target`: (N, 6, H, W) float32. In **empty**
#   cells the target's other channels hold any numbers, as class one of $0 \ldots K-1$.
# - Return a tensor without axes, through which gradients can flow.
# - Allowed: all of `torch.nn.functional`.
#
# Example: a single cell, empty, all outputs 0: only $\ell_p = \ln 2$ is left, so the
# loss is 0.6931, whatever the target's other channels hold.


# %% exercise="detection_loss"
def detection_loss(y_hat, target, box_weight):
    """Objectness everywhere, box and class only where an object is; over the objects.

    Args:
        y_hat: (N, 5 + K, H, W) float32, outputs of a net.
        target: (N, 6, H, W) float32: p, x, y, w, h and the class's number.
        box_weight: the number by which the box errors are multiplied.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]  # (N, H, W, 5 + K) -> (M, 5 + K)
    true = target.movedim(1, 3)[p == 1]  # (M, 6)
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)
    ### END SOLUTION


# %% test="detection_loss" points=3
def case(N, K, H, W, filled):
    wave = torch.sin(torch.arange(1.0, 1 + N * (5 + K) * H * W) ** 1.3)
    target = torch.cos(torch.arange(N * 6.0 * H * W)).abs().reshape(N, 6, H, W)
    target[:, 0] = 0
    target[:, 5] = (torch.arange(N * H * W) % K).reshape(N, H, W)  # of empty cells, too
    for number, (n, i, j) in enumerate(filled):
        target[n, 0, i, j], target[n, 5, i, j] = 1, (number + 1) % K
    return 2 * wave.reshape(N, 5 + K, H, W), target


def slope(y_hat, target, box_weight):
    y_hat.requires_grad_()
    check.call(detection_loss, y_hat, target, box_weight).backward()
    return y_hat.grad


y_hat, target = case(2, 3, 2, 4, [(0, 1, 3), (1, 0, 0), (1, 1, 2)])
check.probe(detection_loss, y_hat, target, 2.5)
check.probe(detection_loss, torch.zeros(1, 9, 1, 1), torch.zeros(1, 6, 1, 1), 5.0)
check.probe(slope, y_hat, target, 3.0, call="the gradient of detection_loss")
### BEGIN HIDDEN TESTS
check.probe(detection_loss, *case(3, 2, 3, 2, [(2, 0, 1)]), 0.5)
check.probe(detection_loss, *case(1, 4, 3, 3, []), 2.0)
check.probe(slope, *case(2, 2, 3, 2, []), 2.0)
check.probe(slope, *case(1, 5, 2, 3, [(0, 0, 0), (0, 1, 2)]), 10.0)
### END HIDDEN TESTS

# %% [markdown] choice="a_finer_grid" points=1
# ## Think: a finer grid
# An untrained net gives 0 in all its outputs. Its grid of 8 x 8 cells is exchanged for
# one of 16 x 16 over the same images. Each object still has a cell of its own. What
# becomes of the loss of exercise 8?
#
# - Its part for the objectness is four times as large, its part for the class stays.
#   right: each cell adds $\ln 2$ to the first sum, each object $\ln K$ to the second,
#   and there are as many objects as before. So the grid's empty cells weigh more.
# - Both parts are four times as large, as there are four times as many cells.
#   wrong: the classes of empty cells taken into the loss
# - Both parts stay, as both are divided by the number of objects.
#   wrong: a division by the objects thought to undo the number of cells
# - The part for the objectness stays, that for the class is a quarter.
#   wrong: both sums thought to be means over the cells

# %% [markdown]
# ## 9. Average precision, at points
#
# The benchmarks don't take the area: they read the curve at $G$ recalls. Write
# `average_precision(scores, hits, num_objects, num_points)` for one class: order the
# boxes by score, highest first. After the first $n$ of them, $H_n$ are hits:
#
# $$P_n = \frac{H_n}{n}, \quad R_n = \frac{H_n}{M}, \quad
# \mathrm{AP} = \frac{1}{G} \sum_{g=0}^{G-1} \max_{n:\; R_n \ge r_g} P_n, \quad
# r_g = \frac{g}{G - 1}$$
#
# with $M$ = `num_objects`, $G$ = `num_points`. Where no $R_n$ reaches $r_g$, the
# maximum counts as 0. PASCAL VOC 2007 has $G = 11$, COCO $G = 101$.

# %% [markdown]
# - Take `scores`: (n,) float32, no two alike; `hits`: (n,) bool, in the same order;
#   `num_objects`: how many there are in truth, at least 1; `num_points`: at least 2.
# - Return a float. No box at all: 0.0.
# - Not allowed: scikit-learn.
# - No test depends on how a number such as 0.1 is rounded.
#
# Example: scores 0.9, 0.8, 0.7, hits yes, no, yes, 4 objects, 5 points.
# $P = 1, 1/2, 2/3$ and $R = 1/4, 1/4, 2/4$. At the recalls $0, 1/4, 2/4, 3/4, 1$ this
# gives $1, 1, 2/3, 0, 0$, so AP $= 0.5333$.


# %% exercise="average_precision"
def average_precision(scores, hits, num_objects, num_points):
    """Mean of the best precision at `num_points` recalls from 0 to 1.

    Args:
        scores: (n,) float32, no two alike.
        hits: (n,) bool, whether a box is right.
        num_objects: number of true objects.
        num_points: number of recalls at which the curve is read.

    Returns:
        float in [0, 1].
    """
    ### BEGIN SOLUTION
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points
    ### END SOLUTION


# %% test="average_precision" points=3 bans="scikit-learn"
votes = torch.tensor([0.5, 0.1, 0.25, 0.45, 0.15, 0.85, 0.9, 0.95, 0.6])
right = torch.tensor([0, 1, 0, 1, 0, 1, 1, 0, 1]) == 1
check.probe(average_precision, votes, right, 7, 6)
three = torch.tensor([True, False, True])
check.probe(average_precision, torch.tensor([0.9, 0.8, 0.7]), three, 4, 5)
check.probe(average_precision, votes[:0], right[:0], 3, 11)
### BEGIN HIDDEN TESTS
check.probe(average_precision, votes, ~right, 4, 9)
check.probe(average_precision, -votes, right, 8, 5)
check.probe(average_precision, votes[:3], right[:3] & False, 2, 11)
check.probe(average_precision, votes[1:2], right[1:2], 1, 2)
torch.manual_seed(5)
chances, lucky = torch.rand(50), torch.rand(50) < 0.6
check.probe(average_precision, chances, lucky, 47, 101)
### END HIDDEN TESTS

# %% [markdown] choice="empty_images" points=1
# ## Think: images without an object
# A detector has found some of the objects of a test set. Now a hundred images are added
# on which there is none. On 90 of them it gives no box, on ten of them one, each with a
# higher score than any box before. What happens to the AP, and to the recall $R$ after
# all boxes?
#
# - Both fall: it is the same number of hits on more images.
#   wrong: hits divided by the images, not by the objects
# - Both stay: where there is no object, none can be missed.
#   wrong: an image without objects thought to be one without false positives
# - The recall stays, the AP falls.
#   right: the objects and the hits are the old ones, but ten false positives now stand
#   before all the others, so that each $P_n$ of a hit is lower.
# - The recall stays, the AP rises: on 90 of 100 images it was right.
#   wrong: boxes that are rightly absent counted as hits

# %% [markdown]
# ## 10. One stage or two? (a person reads your answer)
#
# In the lecture 97 % of the cells are empty. A detector with anchors judges perhaps
# 100,000 boxes an image; ten are objects.
#
# 1. Suppose each empty box has, when training begins, the objectness 0.5. Compare what
#    100,000 empty boxes and 10 objects add to the binary cross-entropy and to its
#    gradient. What does the net learn first?
# 2. Somebody proposes: first let a small net pick the 300 places that look like
#    *anything*; then let a second net look at these closely. What gets better, what
#    worse?
# 3. Can NMS be wrong *between* the two stages, too? Give an example.
#
# Answer in five to ten sentences.

# %% [markdown] manual="one_or_two_stages" points=3
# ### BEGIN SOLUTION
# 1. Each costs ln 2: 69,000 nats from the empty boxes, 7 from the objects; each
#    gradient is 0.5, so 50,000 against 5. The net first learns to say "nothing".
#    Remedies: start at a low objectness, sample empty boxes, focal loss.
# 2. Better: the second net sees one object in 30, at a fixed size, and may be large, so
#    it is more exact. Worse: slower, two trainings; what the first net misses is lost.
# 3. Yes: two riders side by side overlap by more than the threshold; one proposal is
#    dropped as a double, and the second net never sees him.
#
# Grader: a point each; 1 needs both sums, 3 two real objects.
# ### END SOLUTION
