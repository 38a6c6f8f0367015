# %% [markdown]
# # Region-based CNNs: look twice
#
# You have a net that names what is on a small picture. Somebody gives you a street
# scene. You could cut out every place that *may* hold something and ask the net about
# each cut. **How many cuts does that take, and must the net run anew for each?**
#
# You follow one idea through four papers: R-CNN, Fast, Faster and Mask R-CNN. Each asks
# what was computed twice, and drops it. Then you train the third and the fourth as one
# small net, in less than half a minute, and compare it with the one-stage detector.
#
# You need [intersection over union, non-maximum suppression and average precision](27
# "non-maximum suppression"), [VGG](14), [cross-entropy](06) and [one cycle](10).

# %%
import copy
import math
import time

import numpy as np
import torch
from d2l import torch as d2l
from skimage.segmentation import felzenszwalb
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from torchvision import ops
from torchvision.models import vgg16

# %%
from utils import detection, plots
from utils.costs import multiply_adds
from utils.data import load_array, mnist, photo
from utils.detection import block, mean_ap
from utils.device import set_seed, try_gpu
from utils.drawings import object_detection
from utils.drawings import region_cnn as drawings
from utils.one_cycle import fit, one_cycle

SEED = 0
plots.use_style()
set_seed(SEED)
device = try_gpu()

# %% [markdown]
# ## Scenes with boxes and masks
#
# The data are those of the [grid detector](27 "detection"): digits pasted on crops of
# photos, 64 x 64 pixels, with whole photos and 1,000 digits held out for the test. New
# is the **mask** of each digit: the pixels that are at least half ink.
#
# **Look for** what a mask knows that a box doesn't.

# %%
SIDE = 64  # pixels of an image's sides
TRAIN_PHOTOS = ["astronaut", "chelsea", "rocket", "motorcycle_left", "ihc"]
TRAIN_PHOTOS += ["hubble_deep_field", "camera", "brick", "grass", "gravel"]
old_photos = [photo(name) for name in TRAIN_PHOTOS]
new_photos = [photo(name) for name in ("china", "flower", "coffee")]
old_digits, new_digits = mnist(num_train=4000, num_test=1000)
made = object_detection.masked_scenes(old_photos, *old_digits, 1200, seed=100 + SEED)
X, boxes, labels, masks = made
test_set = object_detection.masked_scenes(new_photos, *new_digits, 300, seed=1)
X_test, boxes_test, labels_test, masks_test = test_set
several = next(i for i in range(len(X)) if len(boxes[i]) == 4)
fig = drawings.scene_with_masks(X[several], boxes[several], masks[several])
plots.show(
    fig,
    alt="Left: a training image with four digits, each in its box. Right: the pixels "
    "of each digit, in a tone of its own on a dark ground.",
)

# %%
areas = [ops.box_area(b) for b in boxes_test]
ink = [m.sum(dim=(1, 2)) for m in masks_test]
share = (torch.cat(ink) / torch.cat(areas)).mean().item()
print(f"{len(X)} training images, {sum(map(len, boxes))} digits")
print(f"{len(X_test)} test images, {sum(map(len, boxes_test))} digits")
print(f"a digit's ink fills {share:.0%} of its box on average")
assert 0.3 < share < 0.4

# %% [markdown]
# A mask tells the digit's pixels from the ground within the box: about a third of it.
#
# ## R-CNN: cut out 2,000 regions
#
# All windows of all sizes are far too many. **R-CNN** (2014) asks only about some 2,000
# **region proposals**: boxes that may hold *something*. They come from **selective
# search**, which learns nothing. It divides the image into small patches of like
# colour, then merges the two most similar neighbours, again and again, until one region
# is left. Each region on the way is a proposal: its **bounding box**.
#
# The full method compares colour, texture, size and fit, in several colour spaces. Here
# is its core, with colour and size.


# %%
def neighbours(segments):
    """Pairs of segments that touch, in a map (H, W) of their numbers."""
    sides = [(segments[:, :-1], segments[:, 1:]), (segments[:-1], segments[1:])]
    pairs = {pair for a, b in sides for pair in zip(a.flat, b.flat, strict=True)}
    return {(min(a, b), max(a, b)) for a, b in pairs if a != b}


def join(a, b):
    """One region out of two: its box, mean colour and size."""
    (box_a, color_a, size_a), (box_b, color_b, size_b) = a, b
    box = (*np.minimum(box_a[:2], box_b[:2]), *np.maximum(box_a[2:], box_b[2:]))
    size = size_a + size_b
    return box, (size_a * color_a + size_b * color_b) / size, size


def region_of(segments, pixels, k):
    """A first region: its box, mean colour and size."""
    rows, columns = np.nonzero(segments == k)
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    return box, pixels[rows, columns].mean(axis=0), len(rows)


# %%
def selective_search(image):
    """Boxes (K, 4) of all regions on the way from small patches to the whole image."""
    pixels = image.permute(1, 2, 0).numpy()  # (3, H, W) -> (H, W, 3)
    segments = felzenszwalb(pixels, scale=20, sigma=0.5, min_size=10)
    regions = {k: region_of(segments, pixels, k) for k in np.unique(segments)}
    pairs, proposals = neighbours(segments), [r[0] for r in regions.values()]

    def distance(pair):
        (_, color_a, size_a), (_, color_b, size_b) = regions[pair[0]], regions[pair[1]]
        return np.abs(color_a - color_b).sum() + (size_a + size_b) / segments.size

    while pairs:
        a, b = min(pairs, key=distance)
        new = max(regions) + 1
        regions[new] = join(regions[a], regions[b])
        proposals.append(regions[new][0])
        moved = [tuple(new if k in (a, b) else k for k in pair) for pair in pairs]
        pairs = {(min(p), max(p)) for p in moved if p[0] != p[1]}
        del regions[a], regions[b]
    return torch.tensor(np.array(proposals)).float().unique(dim=0)


# %% [markdown]
# Is it any good? A proposal stage is judged by its **recall**: the share of objects
# that some proposal covers with an IoU of at least 0.5. An object that no proposal is
# near is lost for all that follows. The baseline: as many random boxes, whose sizes are
# those of training digits.


# %%
def recall_of(proposals, truths, min_iou=0.5):
    """Share of the true boxes that some proposal of their image covers."""
    covered = [
        ops.box_iou(truth, of).amax(dim=1) >= min_iou
        for of, truth in zip(proposals, truths, strict=True)
    ]
    return torch.cat(covered).float().mean().item()


def random_boxes(count, sizes):
    """Boxes (count, 4) of sizes drawn from `sizes` (n, 2), anywhere on the image."""
    wh = sizes[torch.randint(len(sizes), (count,))]
    corner = torch.rand(count, 2) * (SIDE - wh)
    return torch.cat([corner, corner + wh], dim=1)


every_box = torch.cat(boxes)
every_size = every_box[:, 2:] - every_box[:, :2]
searched = [selective_search(image) for image in X_test[:40]]
by_chance = [random_boxes(len(found), every_size) for found in searched]
num_regions = np.mean([len(found) for found in searched])
recall_searched = recall_of(searched, boxes_test[:40])
recall_chance = recall_of(by_chance, boxes_test[:40])
print(f"{num_regions:.0f} regions an image: recall {recall_searched:.2f},")
print(f"as many random boxes: {recall_chance:.2f}")
assert recall_searched > recall_chance + 0.1

# %% [markdown]
# Selective search beats chance, and nobody told it what a digit is. (Ours are easy for
# it: bright on dark.) On a photo of 500 pixels the full method gives about 2,000
# regions.
#
# R-CNN then warps each region to 224 x 224, runs the whole [VGG](14) on it, and lets
# one classifier a class judge the features. **What is computed twice?** Regions
# overlap: each pixel goes through the net for every region that holds it.
#
# **Fast R-CNN** (2015) runs the convolutions once over the image, and cuts the regions
# out of the *map*. **Faster R-CNN** (2015) lets a small net on the same map propose.

# %% [markdown] predict="what_sharing_saves"
# **Predict.** VGG-16 on an image of 600 x 1000 pixels, 2,000 regions. How much less
# does Fast R-CNN compute than R-CNN?
#
# - About 2,000 times less: one pass and not 2,000.
#   wrong: the full layers forgotten, and the image taken for a crop. They still run for
#   each region, and the one pass is over a picture 12 times a crop's size.
# - About half: the full layers are the larger part.
#   wrong: parameters taken for work. Nine tenths of VGG's parameters stand in its full
#   layers, and less than a hundredth of its multiply-adds.
# - About 70 times less.
#   right: one pass over a large image, and 2,000 times the full layers only.

# %%
with torch.device("meta"):  # the full size of the paper, without a computation
    vgg = vgg16(weights=None)
    crop, photo_size = torch.zeros(1, 3, 224, 224), torch.zeros(1, 3, 600, 1000)
    shared = multiply_adds(vgg.features[:-1], photo_size)
    a_crop = multiply_adds(vgg, crop)
    a_region = multiply_adds(vgg.classifier, torch.zeros(1, 512 * 7 * 7))
    scan = nn.Sequential(nn.Conv2d(512, 512, 3, padding=1), nn.Conv2d(512, 9 * 6, 1))
    rpn_work = multiply_adds(scan, torch.zeros(1, 512, 37, 62))
work = {
    "R-CNN, 2,000 crops": 2000 * a_crop,
    "Fast R-CNN, 2,000 regions": shared + 2000 * a_region,
    "Faster R-CNN, 300 regions": shared + rpn_work + 300 * a_region,
}
fig = drawings.costs(work)
plots.show(
    fig,
    alt="Horizontal bars on a logarithmic axis: R-CNN needs about seventy times the "
    "multiply-adds of Fast R-CNN, and that about twice those of Faster R-CNN.",
)

# %%
r_cnn, fast, faster = work.values()
print(f"R-CNN / Fast: {r_cnn / fast:.0f}, Fast / Faster: {fast / faster:.1f}")
print(
    f"Faster: the shared map is {shared / faster:.0%}, the RPN {rpn_work / faster:.0%}"
)
assert 65 < r_cnn / fast < 80 and 1.7 < fast / faster < 2.2
assert rpn_work / faster < 0.03

# %% [markdown]
# Fast R-CNN drops 2,000 passes, Faster R-CNN 1,700 of the 2,000 regions. The larger
# saving of the last step isn't in these counts: selective search runs on the CPU. The
# paper gives 1.5 seconds an image for it, and 0.2 for all of Faster R-CNN.
#
# To build it you need five parts: box targets, RoI pooling, RoI align, proposals, and a
# head. One at a time.
#
# ## A box as a difference
#
# The head doesn't say where the object is. It says how to **move a box that is nearly
# right**: from $(a_x, a_y, a_w, a_h)$, centre and size, to the truth $(x, y, w, h)$.
#
# $$t_x = \frac{x - a_x}{a_w},\; t_y = \frac{y - a_y}{a_h},\;
# t_w = \ln \frac{w}{a_w},\; t_h = \ln \frac{h}{a_h}$$
#
# These are the **box regression targets** or *deltas*.


# %%
def encode(boxes, anchors):
    """Deltas (..., 4) from anchors to boxes, both corners (..., 4)."""
    x, y, w, h = ops.box_convert(boxes, "xyxy", "cxcywh").unbind(dim=-1)
    a_x, a_y, a_w, a_h = ops.box_convert(anchors, "xyxy", "cxcywh").unbind(dim=-1)
    shift = [(x - a_x) / a_w, (y - a_y) / a_h]
    return torch.stack([*shift, torch.log(w / a_w), torch.log(h / a_h)], dim=-1)


def decode(deltas, anchors):
    """The way back: corners (..., 4) in the image."""
    a_x, a_y, a_w, a_h = ops.box_convert(anchors, "xyxy", "cxcywh").unbind(dim=-1)
    t_x, t_y, t_w, t_h = deltas.clamp(max=3).unbind(dim=-1)  # e^3: no overflow
    centers = [a_x + t_x * a_w, a_y + t_y * a_h, a_w * t_w.exp(), a_h * t_h.exp()]
    boxes = ops.box_convert(torch.stack(centers, dim=-1), "cxcywh", "xyxy")
    return boxes.clamp(0, SIDE)


nearby = every_box + torch.randn(every_box.shape)
deltas = encode(every_box, nearby)
assert torch.allclose(decode(deltas, nearby), every_box, atol=1e-3)
scaled = deltas * torch.tensor([10.0, 10, 5, 5])  # d2l weighs them so
assert torch.allclose(scaled, d2l.offset_boxes(nearby, every_box), atol=1e-3)
print("there and back again;", "the same as d2l, whose deltas are 10 and 5 times ours")

# %% [markdown]
# Why divide, and why a logarithm? Enlarge the picture: the error in pixels grows, the
# deltas stay. And a box twice too wide is as wrong as one half too wide: the logarithm
# gives them the same size, with opposite signs.

# %%
assert torch.allclose(encode(4 * every_box, 4 * nearby), deltas, atol=1e-4)
anchor = torch.tensor([20.0, 20, 40, 40])
wider, narrower = torch.tensor([[10.0, 20, 50, 40], [25, 20, 35, 40]])
pair = encode(torch.stack([wider, narrower]), anchor)[:, 2].tolist()
print(
    "t_w of a box twice as wide and of one half as wide:", [round(t, 3) for t in pair]
)
assert math.isclose(pair[0], -pair[1], abs_tol=1e-6)
inverted = decode(-encode(wider, anchor), anchor)
print("width 40 decoded with the ratio inverted:", (inverted[2] - inverted[0]).item())
assert (inverted[2] - inverted[0]).item() == 10

# %% [markdown]
# Turn the ratio in the logarithm round, and every box that should grow shrinks by the
# same factor. The loss still falls; the boxes are wrong.
#
# ## RoI pooling: a region of any size, an output of one
#
# A full layer wants a fixed input. A **region of interest** (RoI) has any size. **RoI
# pooling** (Fast R-CNN) divides it into, say, 7 x 7 bins and takes the largest value of
# each. On a map whose cells are $s$ pixels:
#
# 1. Divide the corners by $s$ and **round** them to whole cells; the last cell counts.
# 2. Bin $i$ of $n$ goes from $\lfloor i\,h/n \rfloor$ to $\lceil (i+1)\,h/n \rceil$,
#    $h$ cells high in all: bins may share a row.
# 3. Take the maximum.


# %%
def roi_pool(maps, box, size, stride):
    """Largest value of each bin: (C, H, W), corners in pixels -> (C, size, size)."""
    x1, y1, x2, y2 = (int(edge / stride + 0.5) for edge in box.tolist())
    height, width = max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1)
    pooled = torch.zeros(len(maps), size, size)
    for i in range(size):
        rows = slice(y1 + i * height // size, y1 - (-(i + 1) * height // size))
        for j in range(size):
            columns = slice(x1 + j * width // size, x1 - (-(j + 1) * width // size))
            bin_ = maps[:, rows, columns]  # (C, rows, columns); none beyond the rim
            pooled[:, i, j] = bin_.amax(dim=(1, 2)) if bin_.numel() else 0
    return pooled


maps = F.avg_pool2d(X[several], 4)  # (3, 16, 16): a map with cells of 4 pixels
for box in nearby[:40].clamp(0, SIDE):
    roi = torch.cat([torch.zeros(1), box])[None]  # the image's number stands first
    theirs = ops.roi_pool(maps[None], roi, output_size=5, spatial_scale=1 / 4)[0]
    assert torch.equal(roi_pool(maps, box, 5, 4), theirs)
print("40 regions: by hand and torchvision pool the same numbers")

# %% [markdown]
# `spatial_scale` is $1/s$. (`-(-a // b)` is $\lceil a / b \rceil$.)
#
# ## What rounding costs
#
# A box has no reason to end at the border of a cell. **Look for** how far the dashed
# box, whose corners are rounded to cells, is from the solid one. (RoI pooling reads
# even more than it: the last cell, too.)


# %%
def rounded(boxes, stride):
    """The boxes whose corners are rounded to cells, in pixels again."""
    return (boxes / stride + 0.5).floor() * stride


strides = [4, 8, 16]
example = boxes[several][ops.box_area(boxes[several]).argmax()]  # the largest
others = [rounded(example, stride) for stride in strides]
fig = drawings.rounded_boxes(X[several], example, strides, others)
plots.show(
    fig,
    alt="One image three times, with grids of 4, 8 and 16 pixels. A digit's box, "
    "solid, and the same box rounded to the grid, dashed: the coarser the grid, the "
    "farther apart they may be.",
)

# %%
for stride in strides:
    other = rounded(every_box, stride)
    off = (other - every_box).abs().mean().item()
    overlap = ops.box_iou(every_box, other).diagonal().nan_to_num().mean().item()
    print(
        f"stride {stride:2}: an edge is off by {off:.2f} pixels, mean IoU {overlap:.2f}"
    )
    assert abs(off - stride / 4) < 0.15 * stride / 4

# %% [markdown]
# A quarter of a cell on average, half of one at most. At 16 pixels, VGG's stride, that
# is 4 pixels an edge. For the name of an object it may not matter; for where it is, it
# should. You will test that.
#
# ## RoI align: don't round, interpolate
#
# **RoI align** (Mask R-CNN, 2017) rounds nothing. Each bin has 2 x 2 sample points
# (`sampling_ratio=2`), spread evenly. A point lies between four cells: their values
# are weighed by nearness, **bilinear interpolation**. The bin's value is the mean of
# its points.

# %% [markdown]
# Where is cell 0? Its value belongs to its *centre*, half a cell from the edge. So a
# point at $u$ pixels has, on the map, the place
#
# $$t = \frac{u}{s} - \frac12$$
#
# and cell $k$ has the weight $\max(0,\; 1 - |t - k|)$. (`aligned=True` is that half;
# the first versions forgot it.) Points in the outer half of the rim take the rim's
# cell.


# %%
def bilinear(maps, x, y):
    """The maps (C, H, W) at one point, given in cells: (C,)."""
    height, width = maps.shape[1:]
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    i, j = min(int(y), height - 2), min(int(x), width - 2)
    down, right = y - i, x - j  # how far the point is from the cell above, left
    upper = (1 - right) * maps[:, i, j] + right * maps[:, i, j + 1]
    lower = (1 - right) * maps[:, i + 1, j] + right * maps[:, i + 1, j + 1]
    return (1 - down) * upper + down * lower


def roi_align_slow(maps, box, size, stride, ratio=2):
    """Mean of ratio x ratio points of each bin: -> (C, size, size)."""
    x1, y1, x2, y2 = (box / stride - 0.5).tolist()
    steps = (np.arange(size * ratio) + 0.5) / (size * ratio)
    values = [
        torch.stack([bilinear(maps, x1 + v * (x2 - x1), y) for v in steps])
        for y in y1 + steps * (y2 - y1)
    ]
    grid = torch.stack(values).permute(2, 0, 1)  # (points, points, C) -> (C, ...)
    return F.avg_pool2d(grid, ratio)


options = {"spatial_scale": 1 / 4, "sampling_ratio": 2, "aligned": True}
for box in nearby[:10].clamp(0, SIDE):
    roi = torch.cat([torch.zeros(1), box])[None]
    theirs = ops.roi_align(maps[None], roi, output_size=5, **options)[0]
    assert torch.allclose(roi_align_slow(maps, box, 5, 4), theirs, atol=1e-5)
print("10 regions: by hand and torchvision align the same numbers")

# %% [markdown]
# ### The same as two matrices
#
# Interpolation is linear in the map, and rows and columns can be weighed one after the
# other. So RoI align is $\mathbf W_y\, \mathbf M\, \mathbf W_x^\top$ for each channel
# $\mathbf M$, with one row of $\mathbf W_y$ for each bin. No loop over points is left,
# and autograd has only products to go back through.


# %%
def weights(low, high, size, cells, ratio=2):
    """Weights (..., size, cells) of the cells for each bin between low and high."""
    steps = (torch.arange(size * ratio, device=low.device) + 0.5) / (size * ratio)
    t = low[..., None] + steps * (high - low)[..., None] - 0.5  # (..., points)
    t = t.clamp(0, cells - 1)[..., None]
    near = (1 - (t - torch.arange(cells, device=low.device)).abs()).clamp(min=0)
    return near.unflatten(-2, (size, ratio)).mean(dim=-2)  # points -> bins


def roi_align(maps, boxes, size, stride):
    """Maps (N, C, H, W), boxes (N, R, 4) in pixels -> (N, R, size, size, C)."""
    N, C, height, width = maps.shape
    x1, y1, x2, y2 = (boxes / stride).unbind(dim=-1)  # (N, R) each
    W_y, W_x = weights(y1, y2, size, height), weights(x1, x2, size, width)
    M = maps.permute(0, 2, 3, 1).reshape(N, height, width * C)
    rows = W_y.flatten(1, 2) @ M  # (N, R * size, H) @ (N, H, W * C)
    rows = rows.reshape(N, -1, size, width, C)
    return W_x[:, :, None] @ rows  # (N, R, 1, size, W) @ (N, R, size, W, C)


# %%
two = F.avg_pool2d(X[:2], 4)  # (2, 3, 16, 16)
regions = nearby[:40].clamp(0, SIDE).reshape(2, 20, 4)
theirs = ops.roi_align(two, list(regions), output_size=7, **options)
ours = roi_align(two, regions, 7, 4).permute(0, 1, 4, 2, 3).flatten(0, 1)
print("aligned:", tuple(ours.shape), "of two images with 20 regions each")
assert torch.allclose(ours, theirs, atol=1e-5)
shifted = ops.roi_align(two, list(regions), 7, **(options | {"aligned": False}))
off = (shifted - theirs).abs().mean() / (theirs.std())
print(f"without the half cell: off by {off:.2f} standard deviations on average")
assert off > 0.1

# %% [markdown]
# **Look for** the rows of $\mathbf W_x$: which cells does a bin read, and how many?

# %%
low, high = example[0] / 4, example[2] / 4
W_x = weights(low, high, 7, 16)  # (7, 16)
fig, ax = plots.figure(width=6.2, height=3.0)
plots.heatmap(W_x, ax, "cell of the map", "bin of the region", cmap="Blues")
plots.show(
    fig,
    alt="Weights of 16 cells for 7 bins: a band that runs down to the right. Each bin "
    "has a few cells with a weight, and the weights of a bin sum to one.",
)
num_read = (W_x > 0).sum(dim=1)
print("cells that a bin reads:", num_read.tolist(), " sums:", W_x.sum(dim=1).tolist())
assert torch.allclose(W_x.sum(dim=1), torch.ones(7)) and 2 <= num_read.max() <= 4

# %% [markdown]
# A few cells that lie side by side, never more than four, with weights that sum to 1.
#
# ## The region proposal network
#
# The **region proposal network** (RPN) slides over the map. At each cell it has a few
# [anchors](27), here three of 26 pixels' height, and gives each an **objectness** and
# four deltas. Which of the 192 anchors should say "something"?
#
# - **positive**: its IoU with some object is at least 0.5 (the paper: 0.7);
# - **negative**: its IoU is below 0.3 with all of them;
# - **ignored**: all others. They cost nothing.
# - And **each object's best anchor is positive**, however low its IoU is.

# %%
CELL = 8  # pixels of a cell of the map that the RPN reads
shapes = torch.tensor([[12.0, 26], [18, 26], [26, 26]])  # widths and heights
places = torch.arange(SIDE // CELL) * CELL + CELL / 2
centers = torch.cartesian_prod(places, places).flip(1)  # (64, 2): x, y, row by row
anchors = torch.cat(
    [centers[:, None] - shapes / 2, centers[:, None] + shapes / 2], dim=-1
).reshape(-1, 4)  # (64, 3, 4) -> (192, 4)
truth = pad_sequence(boxes, batch_first=True)  # (N, 4, 4): as many rows for each
names = pad_sequence(labels, batch_first=True, padding_value=10)  # 10: nothing there
outlines = pad_sequence([m.float() for m in masks], batch_first=True)
print(tuple(anchors.shape), tuple(truth.shape), tuple(outlines.shape))


# %%
def pairwise_iou(first, second):
    """IoU of all pairs, (..., A, 4) and (..., M, 4) -> (..., A, M); no area: 0."""
    first, second = first[..., :, None, :], second[..., None, :, :]
    low = torch.maximum(first[..., :2], second[..., :2])
    high = torch.minimum(first[..., 2:], second[..., 2:])
    shared = (high - low).clamp(min=0).prod(dim=-1)
    areas = [(b[..., 2:] - b[..., :2]).prod(dim=-1) for b in (first, second)]
    return shared / (sum(areas) - shared).clamp(min=1e-6)


def rpn_labels(anchors, truth, with_best=True):
    """1, 0 or -1 (ignored) for each anchor, and the number of its object: (N, A)."""
    iou = pairwise_iou(anchors.expand(len(truth), -1, -1), truth)  # (N, A, M)
    overlap, owner = iou.max(dim=2)
    label = torch.where(overlap >= 0.5, 1, torch.where(overlap < 0.3, 0, -1))
    if with_best:
        top = iou.amax(dim=1, keepdim=True)  # (N, 1, M)
        is_best = (iou == top) & (top > 0)
        chosen = is_best.any(dim=2)
        label[chosen] = 1
        owner = torch.where(chosen, is_best.int().argmax(dim=2), owner)
    return label, owner


anchor_labels, owners = rpn_labels(anchors, truth)

# %% [markdown] predict="without_best"
# **Predict.** Drop the last rule: positive is only what overlaps by 0.5. What happens
# to the objects?
#
# - All keep an anchor: there are 192.
#   wrong: many anchors thought to fit everywhere. They stand 8 pixels apart and have
#   three shapes.
# - Some have no anchor at all, and those are not like the others.
#   right: it is the small and the narrow digits that no anchor fits.
# - Most have none, as 0.5 is strict.
#   wrong: a hard bar thought to be out of reach. Most digits are near to one of the
#   three shapes.

# %%
strict_labels, strict_owners = rpn_labels(anchors, truth, with_best=False)
counts = [(anchor_labels == k).float().sum(dim=1).mean() for k in (1, 0, -1)]
print("an image: positive {:.1f}, negative {:.1f}, ignored {:.1f}".format(*counts))
is_real = truth[..., 2] > 0
owned = torch.zeros(is_real.shape, dtype=torch.int64).scatter_add_(
    1, strict_owners, (strict_labels == 1).long()
)
orphans = is_real & (owned == 0)
widths = truth[..., 2] - truth[..., 0]
print(f"digits without an anchor: {orphans.sum() / is_real.sum():.1%}; mean width")
print(
    f"{widths[orphans].mean():.1f} pixels, of all digits {widths[is_real].mean():.1f}"
)
assert 0.02 < orphans.sum() / is_real.sum() < 0.4
assert widths[orphans].mean() < widths[is_real].mean() - 2

# %% [markdown]
# The digits that lose their anchor are the narrow ones, above all 1s. Without the rule
# the RPN would learn that such things are *nothing*, or at best no matter.
#
# ## From anchors to proposals
#
# Of 192 anchors, take the 36 with the highest objectness, move them by their deltas,
# and let [non-maximum suppression](27) drop the doubles. Twelve are left at most: the
# proposals. (The paper: 6,000, then 300.) Where there are fewer, boxes of size 0 fill
# up, which every loss skips.


# %%
@torch.no_grad()
def propose(objectness, deltas, count=12, first=36, max_iou=0.6):
    """Proposals (N, count, 4) from (N, A) and (N, A, 4), the best ones first."""
    scores, index = objectness.topk(first, dim=1)  # (N, first)
    chosen = deltas.gather(1, index[..., None].expand(-1, -1, 4))
    moved = decode(chosen, anchors.to(deltas.device)[index])
    proposals = torch.zeros(len(moved), count, 4, device=moved.device)
    for n, (b, s) in enumerate(zip(moved, scores, strict=True)):
        keep = ops.nms(b, s, max_iou)[:count]
        proposals[n, : len(keep)] = b[keep]
    return proposals


# %% [markdown]
# ## The net
#
# Convolutions shared by all; a branch that goes on to cells of 8 pixels for the RPN;
# and, for each region, a **head**: RoI align to 7 x 7, one hidden layer, then eleven
# scores (ten digits and "background") and four deltas. A second branch, the **mask
# head**, we come to later; it is trained along.
#
# The head reads the finer map with cells of 4 pixels, since our digits are small.


# %%
class TwoStage(nn.Module):
    """A small Faster R-CNN with a mask branch."""

    def __init__(self):
        super().__init__()
        self.fine = block(3, 16, stride=2)
        self.shared = nn.Sequential(block(16, 32, stride=2), block(32, 32))
        self.deep = nn.Sequential(block(32, 48, stride=2), block(48, 48))
        self.rpn = nn.Conv2d(48, 3 * 5, kernel_size=1)  # 3 anchors, 1 + 4 numbers
        self.head = make_head()
        self.mask = nn.Sequential(block(48, 16), block(16, 16), nn.Conv2d(16, 1, 1))
        self.to(memory_format=torch.channels_last)

    def forward(self, X):
        """Maps with cells of 2 and of 4 pixels; objectness (N, A), deltas (N, A, 4)."""
        fine = self.fine(X)
        maps = self.shared(fine)
        y_hat = self.rpn(self.deep(maps)).permute(0, 2, 3, 1)  # (N, 8, 8, 15)
        y_hat = y_hat.reshape(len(X), -1, 5)  # (N, 192, 5), in the order of `anchors`
        return (fine, maps), y_hat[..., 0], y_hat[..., 1:]

    def look(self, maps, proposals):
        """Second look: scores (N, R, 11) and deltas (N, R, 4) of each proposal."""
        y_hat = self.head(roi_align(maps[1], proposals, 7, stride=4).flatten(2))
        return y_hat[..., :11], y_hat[..., 11:]

    def outline(self, maps, boxes):
        """Mask scores (M, 14, 14) of the boxes (N, R, 4) that aren't of size 0."""
        cut = [roi_align(m, boxes, 14, s) for m, s in zip(maps, (2, 4), strict=True)]
        cut = torch.cat(cut, dim=-1)[boxes[..., 2] > 0]  # (M, 14, 14, 48)
        return self.mask(cut.permute(0, 3, 1, 2))[:, 0]


def make_head():
    """Aligned features (..., 7 * 7 * 32) -> 11 scores and 4 deltas."""
    return nn.Sequential(nn.Linear(32 * 49, 128), nn.ReLU(), nn.Linear(128, 15))


# %% [markdown]
# ## Four losses and a fifth
#
# - RPN: binary cross-entropy of the objectness, over the anchors that aren't ignored;
#   **smooth L1** of the deltas, over the positive ones. Smooth L1 is quadratic for
#   small errors and linear for large ones, so that a wild box doesn't rule.
# - Head: [cross-entropy](06) over all proposals; smooth L1 over those with an object.
# - Mask: binary cross-entropy over pixels.
#
# A proposal belongs to the object with which its IoU is largest, if that is at least
# 0.5; else it is background.


# %%
def rpn_loss(objectness, deltas, label, target):
    """Losses of the first stage: name -> 0-d tensor. label: (N, A) of 1, 0, -1."""
    judged, positive = label >= 0, label == 1
    yes_or_no = F.binary_cross_entropy_with_logits(
        objectness[judged], label[judged].float(), reduction="sum"
    )
    box = F.smooth_l1_loss(
        deltas[positive], target[positive], beta=0.1, reduction="sum"
    )
    count = positive.sum().clamp(min=1)
    return {"objectness": yes_or_no / count, "anchor box": box / count}


# %%
def head_loss(scores, deltas, proposals, truth, names):
    """Losses of the second stage."""
    overlap, owner = pairwise_iou(proposals, truth).max(dim=2)  # (N, R)
    label = torch.where(overlap >= 0.5, names.gather(1, owner), 10)
    real = proposals[..., 2] > 0
    positive = real & (label < 10)
    target = truth.gather(1, owner[..., None].expand(-1, -1, 4))[positive]
    target = encode(target, proposals[positive])
    name = F.cross_entropy(scores[real], label[real], reduction="sum")
    box = F.smooth_l1_loss(deltas[positive], target, beta=0.1, reduction="sum")
    count = positive.sum().clamp(min=1)
    return {"class": name / count, "box": 5 * box / count}


# %%
def mask_loss(scores, truth, outlines):
    """Loss of the masks: scores of real objects (M, 14, 14), truth (N, 4, 4)."""
    target = roi_align(
        outlines.flatten(0, 1)[:, None], truth.flatten(0, 1)[:, None], 14, 1
    )
    real = (truth[..., 2] > 0).flatten()
    target = target.reshape(-1, 14, 14)[real]  # (4 * N, 1, 14, 14, 1) -> (M, ...)
    return {"mask": F.binary_cross_entropy_with_logits(scores, target)}


# %% [markdown]
# ## Training both stages at once
#
# The learning rate goes through [one cycle](10). The proposals are made anew in each
# step, by the RPN as it is then. Gradients don't flow through them (`no_grad`): the
# paper calls that **approximate joint training**. In the first steps they are useless,
# so the true boxes are added to them: the head always has something to learn from.


# %%
def train_two_stage(net, num_epochs=4, lr=0.006, batch_size=16):
    """Train on all images; return the mean losses of each epoch."""
    data = [X, truth, names, outlines, anchor_labels, owners]
    net.to(device).train()
    num_steps = num_epochs * math.ceil(len(X) / batch_size)
    cycle = one_cycle(torch.optim.AdamW(net.parameters()), lr, num_steps)
    history = []
    for _ in range(num_epochs):
        epoch = []
        for rows in torch.randperm(len(X)).split(batch_size):
            batch = [part[rows].to(device) for part in data]
            losses = two_stage_losses(net, *batch)
            cycle["optimizer"].zero_grad()
            sum(losses.values()).backward()
            cycle["optimizer"].step()
            cycle["scheduler"].step()
            epoch.append({name: value.item() for name, value in losses.items()})
        history.append({k: float(np.mean([e[k] for e in epoch])) for k in epoch[0]})
    net.cpu().eval()
    return history


def two_stage_losses(net, X, truth, names, outlines, label, owner):
    """All five losses of a batch."""
    maps, objectness, deltas = net(X.contiguous(memory_format=torch.channels_last))
    target = encode(
        truth.gather(1, owner[..., None].expand(-1, -1, 4)), anchors.to(deltas.device)
    )
    proposals = torch.cat([propose(objectness, deltas), truth], dim=1)
    return (
        rpn_loss(objectness, deltas, label, target)
        | head_loss(*net.look(maps, proposals), proposals, truth, names)
        | mask_loss(net.outline(maps, truth), truth, outlines)
    )


# %%
set_seed(SEED)
net = TwoStage()
start = time.process_time()
history = train_two_stage(net)
two_stage_s = time.process_time() - start
for epoch, losses in enumerate(history, 1):
    print(epoch, {name: round(value, 2) for name, value in losses.items()})
num_params = sum(p.numel() for p in net.parameters())
head_params = sum(p.numel() for p in net.head.parameters())
print(f"{num_params:,} parameters, {head_params / num_params:.0%} in the head")
for name in history[0]:
    assert history[-1][name] < history[0][name], name

# %% [markdown]
# ## What the two stages find
#
# **Look for** proposals that lie on the ground, and for several on one digit: what
# becomes of them below?


# %%
def judged(y_hat, proposals, move=True):
    """What is left of proposals, given the head's numbers (N, R, 15)."""
    scores, names = y_hat[..., :11].softmax(dim=-1)[..., :10].max(dim=-1)
    scores = torch.where(proposals[..., 2] > 0, scores, 0)  # those that fill up
    boxes = decode(y_hat[..., 11:], proposals) if move else proposals
    return detection.select(boxes, scores, names)


@torch.no_grad()
def detect(net, X, count=12, move=True):
    """A list of boxes, scores and labels of each image; the proposals (N, R, 4)."""
    maps, objectness, deltas = net(X)
    proposals = propose(objectness, deltas, count)
    y_hat = torch.cat(net.look(maps, proposals), dim=-1)
    return judged(y_hat, proposals, move), proposals


# %%
found, proposals = detect(net, X_test)
columns = []
for n in [n for n in range(300) if len(boxes_test[n]) == 3][:4]:
    b, s, c = (part[found[n][1] > 0.3] for part in found[n])
    of = proposals[n][proposals[n, :, 2] > 0]
    columns.append((X_test[n], of, b, object_detection.with_scores(c, s)))
fig = drawings.stages(columns)
plots.show(
    fig,
    alt="Four test images. Above: up to twelve proposals each, several on each digit, "
    "some of them shifted or too large. Below: a few final boxes, most of them tight "
    "on a digit, with class and score.",
)

# %%
coco_bars = [0.5, 0.75, 0.9]


def scores_of(found):
    """mAP at three IoU bars."""
    return [mean_ap(found, boxes_test, labels_test, bar) for bar in coco_bars]


two_stage = scores_of(found)
unmoved = scores_of(detect(net, X_test, move=False)[0])
print("mAP at IoU 0.5, 0.75, 0.9:", [round(value, 3) for value in two_stage])
print("boxes left as the RPN made them:", [round(value, 3) for value in unmoved])
assert two_stage[0] >= 0.7
assert two_stage[1] - unmoved[1] > 0.1 > two_stage[0] - unmoved[0]

# %%
with torch.no_grad():
    scores = net.look(net(X_test)[0], proposals)[0]
overlap = pairwise_iou(proposals, pad_sequence(boxes_test, batch_first=True)).amax(2)
on_ground = (proposals[..., 2] > 0) & (overlap < 0.3)
dropped = (scores.argmax(dim=2) == 10)[on_ground].float().mean().item()
print(f"{on_ground.float().sum(dim=1).mean():.1f} proposals an image on the ground,")
print(f"{dropped:.0%} of them called background")
assert dropped > 0.85

# %% [markdown]
# Nearly all proposals on the ground get the class "background". Of several on one
# digit, NMS leaves one a class: a digit with two names is an error that it can't mend.
#
# The second look also **moves the boxes**. The second row leaves that out: at the mild
# bar of 0.5 little is lost, at the stricter 0.75 a large part. That is what the head's
# deltas are for.
#
# ### Learned proposals against selective search
#
# **Look for** the number of proposals at which each curve is nearly flat.

# %%
numbers = [1, 2, 4, 8, 16, 32, 64]
with torch.no_grad():
    _, objectness, deltas = net(X_test[:40])
many = propose(objectness, deltas, count=36)
mixed = [regions[torch.randperm(len(regions))] for regions in searched]
sources = {"RPN": many, "selective search": mixed, "random boxes": by_chance}
recalls = {
    name: [recall_of([b[:k] for b in source], boxes_test[:40]) for k in numbers]
    for name, source in sources.items()
}
fig, ax = plots.figure(width=5.6, height=3.2)
plots.curves(ax, numbers, recalls, "proposals for each image", "recall at IoU 0.5")
plots.show(
    fig,
    alt="Recall against the number of proposals: the RPN's rises steeply to nearly 1 "
    "within about ten; selective search and random boxes rise slowly, far below.",
)
print({name: [round(v, 2) for v in values] for name, values in recalls.items()})
assert recalls["RPN"][3] > 0.9 and recalls["RPN"][3] > recalls["selective search"][5]

# %% [markdown]
# The RPN's curve is nearly flat from about eight proposals on: it knows what it is
# looking for, and puts it first. That of selective search still rises at 64: it has no
# order, and must give all its regions. But it needs no training, and knows no classes:
# the RPN proposes what looks like its training objects.
#
# ## One stage or two?
#
# Now the [grid detector](27 "detection") on the same 1,200 images and the same test
# photos, in batches of the same size; six epochs and not four, as each takes it less
# time.

# %% [markdown] predict="one_or_two"
# **Predict.** Two stages against one: where is the mAP of the two clearly higher?
#
# - At the stricter bar: the second look makes boxes exact.
#   wrong: the gain over its own first stage taken for one over a rival. The RPN's boxes
#   may be rough, since the head follows; the grid's must be right at once.
# - At the mild bar: it finds more digits.
#   wrong: finding taken for the hard part. The grid has 64 cells for four digits at
#   most, and finds most of them, too.
# - Nowhere: on these scenes the two are about even.
#   right: the objects are few and large here, and one look suffices for them.

# %%
set_seed(SEED)
grid_net = detection.grid_detector()
targets = torch.stack(list(map(detection.grid_targets, boxes, labels)))
start = time.process_time()
settings = {"loss_weights": {"box": 20}, "device": device}
fit(
    grid_net,
    load_array((X, targets), batch_size=16),
    lr=0.01,
    num_epochs=6,
    loss=detection.grid_loss,
    optimizer=torch.optim.AdamW(grid_net.parameters()),
    **settings,
)
one_stage_s = time.process_time() - start
one_stage = scores_of(detection.grid_detect(grid_net.cpu(), X_test))

# %%
per_region = multiply_adds(net.head, torch.zeros(1, 32 * 49))
passes = {
    "one stage": multiply_adds(grid_net, X_test[:1]),
    "two stages": multiply_adds(net, X_test[:1]) + 12 * per_region,
}
rows = [("one stage", one_stage), ("two stages", two_stage)]
print("mAP at IoU 0.5, 0.75, 0.9")
for name, values in rows:
    values = [round(value, 3) for value in values]
    print(f"{name:>10}: {values}, {passes[name] / 1e6:.1f} M multiply-adds an image")
print(f"trained in {one_stage_s:.0f} and {two_stage_s:.0f} seconds of the processor")
gained = [two - one for one, two in zip(one_stage, two_stage, strict=True)]
print("two stages against one:", [f"{gain:+.3f}" for gain in gained])
assert passes["two stages"] < passes["one stage"]
assert two_stage_s / 4 > one_stage_s / 6  # seconds of an epoch
assert all(abs(gain) < 0.08 for gain in gained)
metrics = {"mAP50 on held-out photos": two_stage[0], "mAP75": two_stage[1]}

# %% [markdown]
# The last row has a plus where two stages are better: the differences are small. **On
# these scenes the two are about even.** That is no law. Here 64 cells look for two
# digits. One-stage detectors of that time judged up to 100,000 boxes an image, nearly
# all of them ground, and fell behind; a first stage leaves a few hundred to judge. A
# loss that plays easy ground down, the **focal loss** (Lin et al., 2017), made up for
# it.

# %% [markdown]
# In *use*, the second look costs little: the two-stage net computes less than the grid,
# whose last maps have more channels. (RoI align and NMS aren't counted.) In *training*
# an epoch costs more: proposals are made, matched and aligned anew in each step.

# %% [markdown]
# ## Masks
#
# **Mask R-CNN** (2017) adds a branch: from an aligned region to a small mask, 14 x 14
# scores, each "object or not?" by a sigmoid. In use, the mask is stretched over the box
# that the head found.
#
# The paper gives one mask a class and trains only that of the true class: so classes
# don't compete for pixels. Ours has a single one, "the digit in this box".


# %%
def stretch(small, boxes):
    """Small masks (M, h, h) laid over their boxes (M, 4): (M, SIDE, SIDE)."""
    middle = torch.arange(SIDE) + 0.5  # of each pixel
    x1, y1, x2, y2 = boxes.T[..., None]  # (M, 1) each
    u = 2 * (middle - x1) / (x2 - x1) - 1  # (M, SIDE): -1 and 1 at the box's edges
    v = 2 * (middle - y1) / (y2 - y1) - 1
    u, v = u[:, None].expand(-1, SIDE, -1), v[:, :, None].expand(-1, -1, SIDE)
    grid = torch.stack([u, v], dim=-1)  # (M, SIDE, SIDE, 2)
    return F.grid_sample(small[:, None], grid, align_corners=False)[:, 0]


@torch.no_grad()
def draw_masks(net, X, boxes):
    """Masks (M, SIDE, SIDE) bool of one image X (3, H, W) in its boxes (M, 4)."""
    maps = net(X[None])[0]
    return stretch(torch.sigmoid(net.outline(maps, boxes[None])), boxes) > 0.5


columns = []
for n in [n for n in range(300) if len(boxes_test[n]) == 3][:4]:
    b = found[n][0][found[n][1] > 0.3]
    columns.append((X_test[n], draw_masks(net, X_test[n], b), masks_test[n]))

# %% [markdown]
# **Look for** the outlines: where are they coarser than the truth?

# %%
fig = drawings.masks_on(columns)
plots.show(
    fig,
    alt="Four test images; below them, in green, the masks of the found digits, and "
    "the true masks. The shapes of the digits agree, with small differences at edges; "
    "a digit that was not found has no mask.",
)

# %% [markdown]
# The strokes are where they should be; at thin ends and along edges a pixel is missing
# here and there, or is too many. A digit that the head didn't find gets no mask.
#
# A number for it: the mean IoU of masks within the **true** boxes, so that it is the
# branch alone that we judge. Three rivals:
#
# - the **filled box**: all of it is object;
# - a **threshold**: the pixels in the box that are brighter than a number, the best one
#   for 300 training scenes. Our digits are bright and the photos are darkened;
# - the **ceiling**: the true mask squeezed to 14 x 14 and stretched again. No branch of
#   that size could be much better.


# %%
def filled(boxes):
    """All pixels of each box: (M, 4) -> (M, SIDE, SIDE) bool."""
    middle = torch.arange(SIDE) + 0.5
    x1, y1, x2, y2 = boxes.T[..., None]  # (M, 1) each
    across, down = (x1 < middle) & (middle < x2), (y1 < middle) & (middle < y2)
    return down[:, :, None] & across[:, None]


def mask_iou(drawn, truth=masks_test):
    """Mean IoU with the true masks, over all digits."""
    pairs = zip(drawn, truth, strict=True)
    ious = [(a & b).sum(dim=(1, 2)) / (a | b).sum(dim=(1, 2)) for a, b in pairs]
    return torch.cat(ious).mean().item()


def squeezed(mask, boxes, size):
    """A true mask through `size` x `size` numbers and back."""
    small = roi_align(mask.float()[:, None], boxes[:, None], size, 1)
    return stretch(small.reshape(-1, size, size), boxes) > 0.5


def brighter(X, boxes, bar):
    """The pixels of each box brighter than `bar`: a list of (M, SIDE, SIDE)."""
    pairs = zip(X, boxes, strict=True)
    return [filled(b) & (image.mean(dim=0) > bar) for image, b in pairs]


# %%
some = X[:300], boxes[:300]
tried = {bar: mask_iou(brighter(*some, bar), masks[:300]) for bar in (0.5, 0.6, 0.7)}
best_bar = max(tried, key=tried.get)
pairs = list(zip(X_test, boxes_test, strict=True))
by_name = {
    "filled box": list(map(filled, boxes_test)),
    "threshold": brighter(X_test, boxes_test, best_bar),
    "mask branch": [draw_masks(net, *pair) for pair in pairs],
}
for size in (14, 28):
    pairs = zip(masks_test, boxes_test, strict=True)
    by_name[f"ceiling of {size} x {size}"] = [squeezed(*pair, size) for pair in pairs]
masked = {name: mask_iou(drawn) for name, drawn in by_name.items()}
print({name: round(value, 3) for name, value in masked.items()})
assert masked["mask branch"] > masked["filled box"] + 0.4
assert masked["mask branch"] < masked["ceiling of 14 x 14"] - 0.03
assert abs(masked["mask branch"] - masked["threshold"]) < 0.05

# %% [markdown]
# The branch is far above the filled box, and below the ceiling: so it isn't the 14 x 14
# numbers that hold it back, but what it has learned.
#
# **A threshold does as well as the branch.** These scenes give the digits away: bright
# on darkened photos, and whoever knows that needs no net. The branch wasn't told: it
# learned from masks alone. So this data set shows how a mask branch works, not that one
# is needed. For that, object and ground would have to be equally bright.

# %% [markdown]
# ## Does rounding matter?
#
# RoI align was invented since masks suffered from rounding. Test it on boxes, by
# putting the cause back, and it alone: the trained maps, the proposals and the
# interpolation stay, but the corners are rounded to cells of 4 pixels before they are
# read.
#
# And *why* would it matter? A guess: the deltas start from the exact box, and a head
# that reads a rounded one can't see where in the cell that was. Then a third kind
# should lose less: one whose deltas start from the rounded box, too.
#
# So that the heads can get used to it, each kind is trained on for a while, in three
# copies, on maps that are held fixed.


# %%
def exact(boxes):
    """The boxes as they are."""
    return boxes


def to_cells(boxes):
    """The boxes rounded to cells of 4 pixels."""
    return rounded(boxes, 4)


def features_of(net, X, read_at, start_from, more=None):
    """Features (N, R, 1568) of the regions read; boxes (N, R, 4) to start from."""
    with torch.no_grad():
        maps, objectness, deltas = net(X)
        proposals = propose(objectness, deltas)
        proposals = proposals if more is None else torch.cat([proposals, more], dim=1)
        features = roi_align(maps[1], read_at(proposals), 7, stride=4).flatten(2)
    return features, start_from(proposals)


def trained_on(head, features, proposals, seed, num_epochs=3):
    """A copy of the head, trained on with features that are held fixed."""
    torch.manual_seed(seed)
    head, num_images = copy.deepcopy(head).train(), len(features)
    cycle = one_cycle(
        torch.optim.AdamW(head.parameters()), 0.002, num_epochs * num_images // 32
    )
    for _ in range(num_epochs):
        for rows in torch.randperm(num_images).split(32):
            y_hat = head(features[rows])
            where = proposals[rows], truth[rows], names[rows]
            losses = head_loss(y_hat[..., :11], y_hat[..., 11:], *where)
            cycle["optimizer"].zero_grad()
            sum(losses.values()).backward()
            cycle["optimizer"].step()
            cycle["scheduler"].step()
    return head.eval()


# %% [markdown]
# **Look for** the dots: is the gap wider than the spread over the copies? And how much
# of it does the third bar win back?

# %%
part, at_75, at_50 = slice(320), {}, {}
kinds = {"exact": (exact, exact), "rounded": (to_cells, exact)}
kinds["rounded,\ndeltas, too"] = to_cells, to_cells
for name, kind in kinds.items():
    learned_from = features_of(net, X[part], *kind, truth[part])
    tested_on = features_of(net, X_test, *kind)
    heads = [trained_on(net.head, *learned_from, SEED + k) for k in range(3)]
    with torch.no_grad():
        results = [judged(head(tested_on[0]), tested_on[1]) for head in heads]
    at_50[name], at_75[name] = (
        [mean_ap(r, boxes_test, labels_test, bar) for r in results]
        for bar in (0.5, 0.75)
    )
fig = drawings.mean_bars(at_75, "mAP at IoU 0.75")
plots.show(
    fig,
    alt="Three bars of mAP at IoU 0.75, each with a dot for each of three copies: "
    "heads that read rounded boxes are far below those that read exact ones; those "
    "whose deltas start from the rounded box, too, lie well above the former.",
)

# %%
for bar, runs in ((0.5, at_50), (0.75, at_75)):
    print(bar, {k.replace("\n", " "): np.round(v, 3).tolist() for k, v in runs.items()})
reads_exact, reads_rounded, moves_rounded = at_75.values()
gap = np.mean(reads_exact) - np.mean(reads_rounded)
won_back = (np.mean(moves_rounded) - np.mean(reads_rounded)) / gap
gap_50 = np.mean(at_50["exact"]) - np.mean(at_50["rounded"])
print(f"exact minus rounded: {gap:+.3f} at 0.75, {gap_50:+.3f} at 0.5")
print(f"won back by deltas from the rounded box: {won_back:.0%}")
assert min(reads_exact) > max(reads_rounded) and gap > 2 * gap_50
assert min(moves_rounded) > max(reads_rounded) and won_back > 0.3

# %% [markdown]
# No dot of the second bar reaches one of the first: rounding matters, and more where
# boxes must be exact. The guess is right for a large part of it: once the deltas start
# where the head looks, much is won back. If something is still missing, it isn't
# explained by that; the rounded region may cut off a part of the digit.
#
# ## What goes wrong in practice
#
# **The proposals are too few.** A digit that no proposal is near, the head never sees.
#
# **The head isn't told about the ground.** Leave the class "background" out, and each
# proposal must be a digit.

# %%
for count in (2, 4, 8):
    some, of = detect(net, X_test, count)
    value, seen = mean_ap(some, boxes_test, labels_test), recall_of(of, boxes_test)
    print(f"{count:2} proposals: recall {seen:.3f}, mAP50 {value:.3f}")
    if count == 2:
        assert value < two_stage[0] - 0.1
print(f"12 proposals: mAP50 {two_stage[0]:.3f}")

# %%
with torch.no_grad():
    maps, objectness, deltas = net(X_test)
    proposals = propose(objectness, deltas)
    y_hat = torch.cat(net.look(maps, proposals), dim=-1)
    far = roi_align(maps[1], proposals, 7, stride=1).flatten(2)  # should be 4
    wrong = net.head(far)
no_ground = y_hat.clone()
no_ground[..., 10] = -torch.inf  # a softmax over the ten digits alone
bare = mean_ap(judged(no_ground, proposals), boxes_test, labels_test)
print(f"mAP50 without the class background {bare:.3f}, with it {two_stage[0]:.3f}")
assert bare < two_stage[0] - 0.02

# %% [markdown]
# Two proposals can't cover up to four digits, however good the head is. And a softmax
# over digits alone is sure of some digit even on bare ground.
#
# **The coordinates are those of another map.** `spatial_scale` is one over the stride.
# Give RoI align the boxes of the image and forget it: no error, but nearly every region
# reads the rim of the map.

# %%
forgotten = mean_ap(judged(wrong, proposals), boxes_test, labels_test)
print(f"mAP50 with the stride forgotten: {forgotten:.3f}")
assert forgotten < two_stage[0] / 4

# %% [markdown]
# ## The four papers
#
# | | proposals | convolutions | new |
# |---|---|---|---|
# | R-CNN, 2014 | selective search | one pass a region | a CNN on regions |
# | Fast, 2015 | selective search | one pass an image | RoI pooling, one loss |
# | Faster, 2015 | RPN | one pass an image | anchors, proposals learned |
# | Mask, 2017 | RPN | one pass an image | RoI align, mask branch |

# %% [markdown]
# ## Summary
#
# - A two-stage detector proposes regions, then looks at each.
# - Fast R-CNN shares one map among all regions; Faster R-CNN learns to propose.
# - Deltas: shift over size, logarithm of the ratio.
# - RoI pooling rounds: a quarter of a cell for each edge. RoI align interpolates, and
#   is two products of matrices.
# - RPN labels: two bars, a gap between them, and the best anchor of each object.
# - An object that no proposal is near is lost. Report the recall.
# - The second look moves boxes and drops the ground. Whether that beats one stage
#   depends on the data; on ours they are even.
# - A mask branch adds a small mask for each region. Compare it with a threshold.

# %% [markdown]
# ## To think about
#
# 1. One anchor a cell instead of three: which digits suffer?
# 2. R-CNN warps each region to a square. What does that do to a 1?
# 3. Why is NMS between the stages allowed a higher bar than after them?
# 4. Give the head the map with cells of 8 pixels. What gets worse, box or class?
# 5. Ten masks, one for each class, or a single one: when does it matter?
# 6. Cascade R-CNN feeds the moved boxes into a third stage. What would its IoU bar for
#    positives be?

# %% [markdown]
# The exercise notebook `28_region_cnn` comes next: nine checked exercises, from deltas
# to masks, four questions with options and one for words.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: section 13.8 in the edition of
#   `d2l` 0.17, 14.8 in the printed book.
# - Uijlings et al., *Selective Search for Object Recognition*, IJCV 104, 2013.
# - Girshick et al., *Rich Feature Hierarchies*, CVPR 2014: R-CNN.
# - Girshick, *Fast R-CNN*, ICCV 2015: RoI pooling, smooth L1.
# - Ren et al., *Faster R-CNN*, NeurIPS 2015: the RPN; section 3.1.2 has the labels.
# - He et al., *Mask R-CNN*, ICCV 2017: RoI align, and what rounding costs there.
# - Lin et al., *Feature Pyramid Networks*, CVPR 2017: regions read maps of several
#   strides.
# - Lin et al., *Focal Loss for Dense Object Detection*, ICCV 2017: why one stage fell
#   behind, and how it caught up.
