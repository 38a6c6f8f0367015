# %% [markdown]
# # Object detection: what, where, and how many?
#
# Somebody hands you a photo and asks: *which numbers are on it, and where?* You don't
# know how many there are. It may be one, it may be four, it may be none. **How can a
# network with a fixed number of outputs answer a question whose answer has any
# length?**
#
# You need [convolution](12), [LeNet](13), [batch normalisation](16), which keeps the
# numbers of each channel in a good range, and a learning rate of [one cycle](10).

# %% [markdown]
# You build a detector in this chapter, from the overlap of two boxes to the curve by
# which detectors are judged. It trains here, from nothing, in less than half a minute.
# Then you give it a picture six times as large as any that it has seen.

# %%
import warnings

import numpy as np
import torch
from d2l import torch as d2l
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode
from torchvision import ops

from utils import plots
from utils.data import load_array, mnist, photo
from utils.device import set_seed, try_gpu
from utils.drawings import object_detection as drawings
from utils.metrics import accuracy
from utils.one_cycle import fit
from utils.train import evaluate, train

SEED = 0
warnings.filterwarnings("ignore", message="torch.meshgrid")  # d2l's old call of it
plots.use_style()
set_seed(SEED)
device = try_gpu()

# %% [markdown]
# ## Pictures whose answer you know
#
# Somebody must draw a box around each object of a training image: the **ground truth**.
# That is slow work, so we make images whose boxes we know: handwritten digits pasted on
# crops of photos.
#
# The digits are squeezed, enlarged and coloured at random, and the photo is darkened
# to half its brightness. Two things are kept aside for the test: **whole photos** (a
# crop of a photo that was trained on would not be new) and 1,000 digits.
#
# Each digit is trimmed to its ink before it is pasted, so the box is exact to the
# pixel. (`scenes` stands in `utils/drawings/object_detection.py`.)

# %%
SIDE = 64  # pixels of an image's sides
TRAIN_PHOTOS = ["astronaut", "chelsea", "rocket", "motorcycle_left", "ihc"]
TRAIN_PHOTOS += ["hubble_deep_field", "camera", "brick", "grass", "gravel"]
old_photos = [photo(name) for name in TRAIN_PHOTOS]
new_photos = [photo(name) for name in ("china", "flower", "coffee")]
old_digits, new_digits = mnist(num_train=4000, num_test=1000)  # images, names

X, boxes, labels = drawings.scenes(old_photos, *old_digits, 2200, seed=100 + SEED)
test_set = drawings.scenes(new_photos, *new_digits, 300, seed=1)
X_test, boxes_test, labels_test = test_set
print("training images:", tuple(X.shape), " digits on them:", sum(map(len, boxes)))
print("test images:    ", tuple(X_test.shape), " digits:", sum(map(len, boxes_test)))
print("boxes of the first image:\n", boxes[0], "\nits labels:", labels[0].tolist())

# %% [markdown]
# ## Three questions
#
# - **Classification**: what is on this image? One label.
# - **Localisation**: there is one thing; what is it, and where? One label, one box.
# - **Detection**: what is here, and where, all of it? Any number of labels and boxes.
#
# **Look for** the question that a list of fixed length can't answer.

# %%
single = next(i for i in range(len(X)) if len(boxes[i]) == 1)
several = next(i for i in range(len(X)) if len(boxes[i]) == 4)
digit, texts = str(labels[single].item()), [str(k) for k in labels[several].tolist()]
panels = [
    (f'classification: "{digit}"', X[single], []),
    ("localisation", X[single], boxes[single], [digit]),
    ("detection", X[several], boxes[several], texts),
]
fig = drawings.gallery(panels)
plots.show(
    fig,
    alt="Three images. Classification: one digit, its name in the title. Localisation: "
    "the same with a box around the digit. Detection: four digits, each with a box.",
)

# %% [markdown]
# It is the third: nobody knows beforehand how long the answer is.
#
# ## A box is four numbers
#
# Two ways to write them down are in use:
#
# - **corners**: $(x_1, y_1, x_2, y_2)$, left, top, right, bottom;
# - **centre**: $(c_x, c_y, w, h)$, the middle, the width, the height.
#
# $$c_x = \frac{x_1 + x_2}{2},\quad c_y = \frac{y_1 + y_2}{2},\quad
# w = x_2 - x_1,\quad h = y_2 - y_1$$
#
# Here $x$ runs to the right and $y$ runs **down**, in pixels from the top left corner.
# So $x$ goes with the *last* axis of the image tensor: the digit is
# `image[:, y1:y2, x1:x2]`.
#
# Corners are good for overlaps, centres for learning. Four numbers don't say which they
# are, so name your variables well.


# %%
def to_center(boxes):
    """Corners (..., 4) -> centre, width, height (..., 4)."""
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], dim=-1)


def to_corner(boxes):
    """Centre, width, height (..., 4) -> corners (..., 4)."""
    cx, cy, w, h = boxes.unbind(dim=-1)
    return torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], dim=-1)


every_box = torch.cat(boxes)  # all boxes of the training images
centers = to_center(every_box)
assert torch.equal(centers, ops.box_convert(every_box, "xyxy", "cxcywh"))
assert torch.equal(centers, d2l.box_corner_to_center(every_box))
assert torch.equal(to_corner(centers), every_box)  # there and back again
print(f"{len(every_box)} boxes: by hand, torchvision and d2l agree")
print("first box:", every_box[0].tolist(), "->", centers[0].tolist())

# %% [markdown]
# ## How well do two boxes agree?
#
# Your box will never fit to the last pixel. When is it good enough? Share of the truth
# covered? Then a box as large as the image is perfect. Share of your box that is truth?
# Then a single pixel is. Ask for both at once: the **intersection over union**
#
# $$\mathrm{IoU}(A, B) = \frac{|A \cap B|}{|A \cup B|}
# = \frac{|A \cap B|}{|A| + |B| - |A \cap B|}$$
#
# with $|A|$ the area of box $A$. It is 1 for equal boxes and 0 for boxes that don't
# touch.

# %% [markdown] predict="off_by_a_fifth"
# **Predict.** A box of the right size is off by a fifth of its width to the right and a
# fifth of its height downwards. What is its IoU?
#
# - About 0.8: it is wrong by a fifth.
#   wrong: the shift along one axis taken for the loss of area. It loses a fifth of the
#   width and then a fifth of the height.
# - About 0.64: four fifths of four fifths.
#   wrong: the intersection divided by one box. The union is larger than a box: each box
#   has a part that the other lacks.
# - Less than a half.
#   right: the intersection is 0.64 of a box, the union is 1.36.

# %% [markdown]
# **Look for** how strict the measure is: the middle pair looks like a good guess.

# %%
truth = torch.tensor([[10.0, 10, 40, 50]])
guesses = torch.tensor([[12.0, 9, 41, 48], [16, 18, 46, 58], [26, 26, 64, 60]])
found = [round(iou, 2) for iou in ops.box_iou(truth, guesses)[0].tolist()]
titles = [f"IoU {iou:.2f}" for iou in found]
fig = drawings.compared(titles, truth.expand(3, 4), guesses[:, None])
plots.show(
    fig,
    alt="Three pairs of overlapping boxes, truth solid and guess dashed: nearly equal, "
    "IoU 0.84; shifted by a fifth, IoU 0.47; sharing a corner only, IoU 0.16.",
)
assert found == [0.84, 0.47, 0.16] and found[1] < 0.5

# %% [markdown]
# A guess that is off by a fifth of the width and of the height has only
# $0.64 / 1.36 = 0.47$. The usual bar for a hit is 0.5.
#
# By hand, for all pairs of two lists at once. The intersection is a box as well: its
# left edge is the larger of the two left edges, its right edge the smaller of the two
# right ones.


# %%
def box_iou(boxes1, boxes2):
    """IoU of each pair: corners (M, 4) and (K, 4) -> (M, K)."""
    first, second = boxes1[:, None], boxes2[None]  # (M, 1, 4) and (1, K, 4)
    top_left = torch.maximum(first[..., :2], second[..., :2])  # (M, K, 2)
    bottom_right = torch.minimum(first[..., 2:], second[..., 2:])
    sides = (bottom_right - top_left).clamp(min=0)  # width and height, or 0
    intersection = sides.prod(dim=-1)  # (M, K)
    areas1 = (first[..., 2:] - first[..., :2]).prod(dim=-1)  # (M, 1)
    areas2 = (second[..., 2:] - second[..., :2]).prod(dim=-1)  # (1, K)
    return intersection / (areas1 + areas2 - intersection)


sample1, sample2 = every_box[:400], every_box[400:1000]
ours = box_iou(sample1, sample2)
print("pairs:", tuple(ours.shape), " largest IoU:", round(ours.max().item(), 2))
assert torch.allclose(ours, ops.box_iou(sample1, sample2), atol=1e-6)
assert torch.allclose(ours, d2l.box_iou(sample1, sample2), atol=1e-6)

# %% [markdown]
# The `clamp` is the line that people forget. Boxes that lie apart in $x$ **and** in $y$
# have a negative "width" and a negative "height", and minus times minus is plus.

# %%
apart = torch.tensor([[0.0, 0, 10, 10], [30, 30, 40, 40], [15, 15, 25, 25]])
for other in apart[1:]:
    wh = torch.minimum(apart[0, 2:], other[2:]) - torch.maximum(apart[0, :2], other[:2])
    wrong = (wh.prod() / (100 + 100 - wh.prod())).item()
    print(f"sides {wh.tolist()}: IoU without the clamp {wrong:.2f}")
assert round(wrong, 2) == 0.14 and box_iou(apart[:1], apart[1:]).max() == 0

# %% [markdown]
# -2 is easily noticed. The 0.14 of two boxes 5 pixels apart looks like a true overlap.
#
# ## One object: the target vector
#
# Start with localisation. Let the network answer with one vector and no more:
#
# $$\mathbf y = (p,\; x, y, w, h,\; c)$$
#
# $p$, the **objectness**, is 1 if there is an object, else 0; $x, y, w, h$ tell the
# box and $c$ the class. The output has a score for $p$, four numbers, and one score a
# class.

# %% [markdown]
# What should $\mathbf y$ be if there is *nothing*? $p = 0$, and the rest is "don't
# care": no box is right, so none may be punished. The loss is **masked**:
#
# $$L = \ell_p(\hat p, p) + p \cdot \big( \lambda\, \ell_{\text{box}} +
# \ell_{\text{class}} \big)$$
#
# with $\lambda$ a weight. Which loss for which output? For yes or no, $\ell_p$, the
# *logistic* loss: binary cross-entropy. For numbers, $\ell_{\text{box}}$, the
# *absolute* or the *squared* error. For one of many, $\ell_{\text{class}}$, the
# *cross-entropy* of a softmax.

# %% [markdown]
# ### Landmarks
#
# Nothing says that the numbers must be boxes. A **landmark** is a point with a meaning:
# a corner of the eye, a wrist. $k$ landmarks are $2k$ more outputs and a distance as
# loss. The order is part of the meaning: mirror a face, and its left eye becomes its
# right one.
#
# A face with 64 landmarks is an answer of $1 + 2 \cdot 64$ numbers: is there a face,
# and where is each point? A **pose** is the same with joints. The loss masks the points
# by $p$, as it does the box.

# %% [markdown]
# ## Many objects: slide a window
#
# The oldest way to detection: cut a window out, ask a classifier "what is this?", move
# the window by a few pixels, ask again. Then repeat with larger windows.
#
# Here is a small [LeNet](13) for windows of 28 x 28. It tells the ten digits apart, and
# an eleventh class, "no digit in the middle". Its training windows are cut from the
# training images: one around each digit, and up to two that stand somewhere else.

# %%
WINDOW, NOTHING = 28, 10  # side of a window; the eleventh class
window_net = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=5),  # 28 -> 24
    nn.ReLU(),
    nn.MaxPool2d(2),  # 12
    nn.Conv2d(8, 16, kernel_size=5),  # 8
    nn.ReLU(),
    nn.MaxPool2d(2),  # 4
    nn.Flatten(),
    nn.Linear(16 * 4 * 4, 32),
    nn.ReLU(),
    nn.Linear(32, 11),
)

# %%
rng = np.random.default_rng(SEED)
learned_from = drawings.windows(X, boxes, labels, WINDOW, rng, nothing=NOTHING)
tested_on = drawings.windows(*test_set, WINDOW, rng, nothing=NOTHING)
options = {"loss": nn.CrossEntropyLoss(), "num_epochs": 5, "device": device}
optimizer = torch.optim.Adam(window_net.parameters(), lr=2e-3)
train(window_net, load_array(learned_from, 32), optimizer=optimizer, **options)
test_iter = load_array(tested_on, batch_size=256, shuffle=False)
measured = evaluate(window_net, test_iter, metrics={"accuracy": accuracy})
window_net.cpu()
most_common = tested_on[1].bincount().max().item() / len(tested_on[1])
print(f"{len(learned_from[0]):,} windows to learn from; on new ones: accuracy")
print(f"{measured['accuracy']:.3f}, always the most common class {most_common:.3f}")
assert measured["accuracy"] > 0.7 > most_common

# %% [markdown]
# More than seven windows of ten get the right name, though the larger digits don't fit
# into 28 pixels. Now all windows of one image, in steps of 4 pixels. It works, and it
# wastes: neighbouring windows share most of their pixels, and each convolution is
# computed anew for each.

# %%
n = next(i for i in range(300) if len(boxes_test[i]) == 4)
image = X_test[n]
windows = image.unfold(1, WINDOW, 4).unfold(2, WINDOW, 4)  # (3, 10, 10, 28, 28)
windows = windows.permute(1, 2, 0, 3, 4).reshape(-1, 3, WINDOW, WINDOW)  # (100, 3, ...)
with torch.no_grad():
    one_by_one = torch.cat([window_net(window[None]) for window in windows])
print("windows:", tuple(windows.shape), " scores:", tuple(one_by_one.shape))
assert one_by_one.shape == (100, 11)

# %% [markdown]
# ## The whole image at once
#
# [Convolution](12) and pooling don't mind a larger image. Only the full layers insist
# on 4 x 4 maps. But a full layer on 16 maps of 4 x 4 **is** a convolution: 32 kernels
# of size 4 x 4 that fit at one place only. The next full layer is one of size 1 x 1.
# Reshape the weights, change no number:

# %%
full1, full2 = window_net[7], window_net[9]
conv1 = nn.Conv2d(16, 32, kernel_size=4)
conv2 = nn.Conv2d(32, 11, kernel_size=1)
with torch.no_grad():
    conv1.weight.copy_(full1.weight.reshape(32, 16, 4, 4))  # (32, 256) -> kernels
    conv1.bias.copy_(full1.bias)
    conv2.weight.copy_(full2.weight.reshape(11, 32, 1, 1))
    conv2.bias.copy_(full2.bias)
    conv_net = nn.Sequential(*window_net[:6], conv1, nn.ReLU(), conv2)
    at_once = conv_net(image[None])[0]  # (11, 10, 10): class, row, column
    grid = one_by_one.T.reshape(11, 10, 10)  # (100 windows, 11 scores) -> the same
print("one window:", tuple(conv_net(windows[:1]).shape), "image:", tuple(at_once.shape))
print(f"largest difference: {(at_once - grid).abs().max().item():.1e}")
assert torch.allclose(at_once, grid, atol=1e-5)

# %% [markdown]
# One pass over the image, all 100 answers. **Look for** the windows that say "a digit":
# are they where the digits are? The dot of a digit stands where a window around it
# would have its cell.

# %%
something = 1 - torch.softmax(at_once, dim=0)[NOTHING]  # (10, 10)
spots = (to_center(boxes_test[n])[:, :2] - WINDOW / 2) / 4  # (4, 2): column, row
spots = spots.clamp(0, 9)  # the nearest window, at the image's rim
fig = drawings.window_map(image, something, spots)
plots.show(
    fig,
    alt="Left: a test image with four digits. Right: a map of 10 by 10 probabilities "
    "that there is a digit, high in patches around the dots of the digits' centres and "
    "in a few more places, low on most of the rest.",
)

# %%
near = spots.round().int().tolist()
at_digits = torch.stack([something[row, column] for column, row in near])
print(f"probability at the digits' own windows: {at_digits.mean():.2f}, of all windows")
print(f"{something.mean():.2f} on average")
assert at_digits.mean() > something.mean() + 0.15

# %% [markdown]
# It finds them. But each digit is found by several windows, and at its rim there is
# doubt: we will meet both again. And the cost?


# %%
def operations(net, X):
    """Multiplications and additions of the layers for the batch X."""
    with FlopCounterMode(display=False) as counter:
        net(X)
    return counter.get_total_flops()


slow, fast = operations(window_net, windows), operations(conv_net, image[None])
print(f"{slow:,} against {fast:,}: {slow / fast:.0f} times less work")
assert 10 < slow / fast < 12

# %% [markdown]
# Overlapping windows share their work: eleven times fewer operations for the same
# numbers. OverFeat (2013) detected that way.
#
# One weakness is left. Windows stand 4 pixels apart and have one size. A box can be no
# better than that.

# %% [markdown]
# ## The grid: the centre decides
#
# Put both ideas together. Lay a grid of 8 x 8 cells over the image, 8 pixels each. A
# convolutional net whose output is 8 x 8 gives **each cell its own target vector**
# $(p, x, y, w, h, c)$. That is the idea of YOLO, "you only look once" (2015).
#
# Which cell answers for an object that covers nine of them? One rule, and a unique
# answer: **the cell that holds the centre of its box**. With cells of 8 pixels,
#
# $$j = \lfloor c_x / 8 \rfloor,\; i = \lfloor c_y / 8 \rfloor,\quad
# x = \frac{c_x}{8} - j,\; y = \frac{c_y}{8} - i,\quad
# w = \frac{w_\text{px}}{64},\; h = \frac{h_\text{px}}{64}$$
#
# for column $j$ and row $i$. $x, y$ are *offsets* within the cell, from 0 to 1; $w, h$
# may be much larger than a cell.


# %%
CELL = 8  # pixels of a cell's sides


def grid_targets(boxes, labels, size=SIDE // CELL):
    """Targets (6, size, size) of one image: p, x, y, w, h, class; empty cells are 0.

    boxes: corners (M, 4) in pixels; labels: (M,). Of two in one cell the last stays.
    """
    target = torch.zeros(6, size, size)
    for (cx, cy, w, h), label in zip(to_center(boxes).tolist(), labels, strict=True):
        j, i = int(cx // CELL), int(cy // CELL)
        vector = [1, cx / CELL - j, cy / CELL - i, w / SIDE, h / SIDE, float(label)]
        target[:, i, j] = torch.tensor(vector)
    return target


targets = torch.stack(list(map(grid_targets, boxes, labels)))
filled = int(targets[:, 0].sum())
print(
    f"{tuple(targets.shape)}: {filled} cells of {targets[:, 0].numel():,} have a digit"
)
print("digits that lost their cell to another:", len(every_box) - filled)
assert filled / targets[:, 0].numel() < 0.05 and len(every_box) - filled <= 5

# %% [markdown]
# 97 % of the cells are empty: remember that for the loss.
#
# **Look for** the shaded cells. Each holds a dot, the centre of a box.

# %%
fig = drawings.grid(X[several], boxes[several], targets[several, 0], CELL)
plots.show(
    fig,
    alt="Left: an image with four digits, their boxes and a grid of 8 by 8 cells; the "
    "cell with a box's centre is shaded. Right: the 8 by 8 objectness targets, 1 in "
    "these four cells and 0 in all others.",
)

# %% [markdown]
# ## The network
#
# Six convolutions of 3 x 3, each with [batch normalisation](16), three of them with
# stride 2: 64 pixels become 8 cells. The
# last one, 1 x 1, makes $5 + 10$ numbers a cell. There is no full layer, so it takes
# images of other sizes, too. (`channels_last` stores the channels of a pixel side by
# side: the same numbers, often in less time.)


# %%
def block(in_channels, out_channels, stride=1):
    """Convolution 3 x 3, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


def make_detector(num_classes=10):
    """Images (N, 3, H, W) -> (N, 5 + num_classes, H / 8, W / 8)."""
    return nn.Sequential(
        block(3, 16, stride=2),
        block(16, 32, stride=2),
        block(32, 32),
        block(32, 48, stride=2),
        block(48, 64),
        block(64, 64),
        nn.Conv2d(64, 5 + num_classes, kernel_size=1),
    ).to(memory_format=torch.channels_last)


# %%
set_seed(SEED)
net = make_detector()
H = X[:2]
for layer in net:
    H = layer(H)
    print(f"{type(layer).__name__:>10}  {tuple(H.shape)}")
field, jump = 1, 1  # pixels that one output sees; pixels between two outputs
for stride in [2, 2, 1, 2, 1, 1]:
    field, jump = field + 2 * jump, jump * stride
num_params = sum(p.numel() for p in net.parameters())
print(f"{num_params:,} parameters; a cell of {jump} pixels sees {field} x {field}")
assert H.shape == (2, 15, 8, 8) and jump == CELL and field == 55

# %% [markdown]
# A cell answers for 8 x 8 pixels, and *sees* 55 x 55: it knows the whole digit whose
# centre it holds.
#
# ## The loss
#
# Objectness is judged in every cell, box and class **only where $p = 1$**. The four box
# outputs go through a sigmoid $\sigma$, so that they lie between 0 and 1 as the targets
# do. With $a$ the output for $p$, the binary cross-entropy is
#
# $$\ell_p = -\,p \ln \sigma(a) - (1 - p) \ln \sigma(-a) .$$
#
# Boxes are judged by the mean absolute error. All three sums are divided by the number
# of *objects*, not of cells: so a digit counts the same, however many others there are.


# %%
def detection_loss(y_hat, target):
    """Losses of objectness, boxes and classes, each a sum divided by the objects.

    y_hat: (N, 5 + classes, H, W) outputs; target: (N, 6, H, W).
    """
    p = target[:, 0]  # (N, H, W)
    a = y_hat[:, 0]
    objectness = -(p * F.logsigmoid(a) + (1 - p) * F.logsigmoid(-a)).sum()
    mask = p == 1
    y_hat = y_hat.permute(0, 2, 3, 1)[mask]  # (N, H, W, 5 + classes) -> (M, ...)
    target = target.permute(0, 2, 3, 1)[mask]  # (M, 6)
    box = (torch.sigmoid(y_hat[:, 1:5]) - target[:, 1:5]).abs().mean(dim=1).sum()
    log_p = torch.log_softmax(y_hat[:, 5:], dim=1)  # (M, classes)
    label = -log_p.gather(1, target[:, 5:].long()).sum()
    count = mask.sum().clamp(min=1)  # a batch without any object is allowed
    losses = {"objectness": objectness, "box": box, "class": label}
    return {name: loss / count for name, loss in losses.items()}


# %% [markdown]
# The same from PyTorch's own losses, number for number:

# %%
with torch.no_grad():
    y_hat = net(X[:32])
    by_hand = detection_loss(y_hat, targets[:32])
    p = targets[:32, 0]
    said, true = (Z.permute(0, 2, 3, 1)[p == 1] for Z in (y_hat, targets[:32]))
    by_torch = [
        F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum") / p.sum(),
        F.l1_loss(said[:, 1:5].sigmoid(), true[:, 1:5]),
        F.cross_entropy(said[:, 5:], true[:, 5].long()),
    ]
print({name: round(value.item(), 4) for name, value in by_hand.items()})
for ours, theirs in zip(by_hand.values(), by_torch, strict=True):
    assert torch.allclose(ours, theirs, rtol=1e-4)

# %% [markdown]
# ## Training
#
# `utils.train` takes several losses by name and reduces their weighted sum. The box
# loss, a mean of errors in cells ($x, y$) and in images ($w, h$), falls below a tenth,
# the other two are around 1: so the box has the weight $\lambda = 20$, which brings all
# three to the same order. The learning rate rises and falls once over the whole run:
# [one cycle](10), stepped per batch.


# %%
def train_detector(net, X, targets, loss=detection_loss):
    """Train a detector with AdamW; return the history of its three losses."""
    train_iter = load_array((X, targets), batch_size=32)
    optimizer = torch.optim.AdamW(net.parameters())
    settings = {"loss_weights": {"box": 20}, "optimizer": optimizer, "device": device}
    return fit(net, train_iter, lr=0.01, num_epochs=4, loss=loss, **settings)


history = train_detector(net, X, targets)
net.cpu()
print(history.table().round(3).to_string())
assert history["train_class"][-1] < 0.4 < 1.8 < history["train_class"][0]

# %% [markdown]
# Which of the three is learned first, and which is hard? A net that knows
# nothing pays $\ln 10 \approx 2.3$ for the class, and for the objectness about 4.4: it
# says in every cell what is true of 3 % of them.

# %%
values = {name: history[f"train_{name}"] for name in ("objectness", "box", "class")}
rate = targets[:, 0].mean().item()  # of the cells that are filled
ignorant = -np.log(rate) - (1 - rate) / rate * np.log(1 - rate)
print(f"objectness of a net that says {rate:.3f} everywhere: {ignorant:.2f}")
for epoch in (2, 4):
    left = {name: v[epoch - 1] / v[0] for name, v in values.items()}
    print(f"left after epoch {epoch}:", {k: round(v, 2) for k, v in left.items()})
    assert left["box"] == max(left.values())
    assert epoch > 2 or left["objectness"] == min(left.values())

# %% [markdown]
# The objectness falls most within an epoch, but its first part, down to 4.4, is only
# "nearly all cells are empty". By the second epoch it and the class are both far below
# what a net pays that knows nothing: the two are learned side by side. The box is hard:
# its error shrinks slowest.
#
# ## From numbers back to boxes
#
# Decoding undoes the targets: add the cell's corner to the offsets, multiply by the
# units, go from centres to corners. The **confidence** or **score** of a cell is the
# probability that there is something *and* that it is the class $k$:
#
# $$\text{score} = \sigma(a) \cdot \max_k P(k \mid \text{object})$$


# %%
@torch.no_grad()
def decode(y_hat):
    """Outputs (N, 5 + classes, H, W) -> boxes (N, HW, 4), scores, labels (N, HW)."""
    N, _, height, width = y_hat.shape
    x, y, w, h = torch.sigmoid(y_hat[:, 1:5]).unbind(dim=1)  # (N, H, W) each
    column = torch.arange(width)  # broadcast over the rows
    row = torch.arange(height)[:, None]  # (H, 1), over the columns
    centers = [(column + x) * CELL, (row + y) * CELL, w * SIDE, h * SIDE]
    boxes = to_corner(torch.stack(centers, dim=-1))  # (N, H, W, 4)
    classes, labels = torch.softmax(y_hat[:, 5:], dim=1).max(dim=1)  # (N, H, W)
    scores = torch.sigmoid(y_hat[:, 0]) * classes
    return boxes.reshape(N, -1, 4), scores.reshape(N, -1), labels.reshape(N, -1)


perfect = torch.zeros(1, 15, 8, 8)  # outputs that say just what the targets say
perfect[:, :5] = targets[several, :5].logit(eps=1e-6)
back, scores, _ = decode(perfect)
back = back[scores > 0.05]
print("recovered:", back.round().tolist())
assert len(back) == 4 and box_iou(back, boxes[several]).amax(dim=0).min() > 0.999

# %% [markdown]
# Targets in, the same boxes out: always make this round trip *before* you train. A
# factor 8 that is wrong on both sides cancels; one that is wrong on one side shows
# here, not after an hour of training.
#
# ## Too many boxes
#
# Now the test images, photos and digits that the net has never seen. **Look for** the
# digits that got two or three boxes. Why might neighbouring cells both say "mine"?

# %%
raw_boxes, raw_scores, raw_labels = decode(net.eval()(X_test))
min_score = 0.15
crowd = (raw_scores > min_score).sum(dim=1) - torch.tensor(list(map(len, boxes_test)))
shown = (crowd >= 2).nonzero().ravel()[:4].tolist()
panels = []
for n in shown:
    b = raw_boxes[n, raw_scores[n] > min_score]
    panels.append((f"{len(b)} boxes, {len(boxes_test[n])} digits", X_test[n], b))
fig = drawings.gallery(panels)
plots.show(
    fig,
    alt="Four test images before suppression: around some digits two or more boxes "
    "that overlap, often so much that they nearly coincide.",
)
surplus = int((raw_scores > min_score).sum()) - sum(map(len, boxes_test))
print(f"{surplus} boxes too many on {len(X_test)} images")
assert surplus > 150

# %% [markdown]
# Perhaps because the centre lies near the border of two cells: each has seen the digit
# and can't know what the other says. If that is so, digits with a centre in the middle
# of a cell should have one box.

# %%
distance, num_boxes = [], []
for n, truth in enumerate(boxes_test):
    b = raw_boxes[n, raw_scores[n] > min_score]
    overlap, owner = box_iou(b, truth).max(dim=1)  # the digit that each box is about
    offset = to_center(truth)[:, :2] % CELL
    distance += torch.minimum(offset, CELL - offset).amin(dim=1).tolist()
    num_boxes += owner[overlap > 0.3].bincount(minlength=len(truth)).tolist()
distance, twice = torch.tensor(distance), (torch.tensor(num_boxes) > 1).float()
at_border, inside = (twice[distance <= 1].mean(), twice[distance >= 2].mean())
print(f"several boxes: {at_border:.0%} of the digits with a centre up to 1 pixel from")
print(f"a border of cells, {inside:.0%} of those with one at least 2 pixels from it")
assert at_border > 2 * inside

# %% [markdown]
# It is so.
#
# ## Non-maximum suppression
#
# So compare the boxes with each other. **Non-maximum suppression** (NMS):
#
# 1. Take the box with the highest score; keep it.
# 2. Drop all others whose IoU with it is more than a threshold: the same object,
#    presumably.
# 3. Repeat with what is left.
#
# Different classes should not drop each other: a 1 may stand close to a 7. So suppress
# **class by class**. The trick for doing it in one go: shift the boxes of class $k$ by
# $k$ times more than any coordinate, so that classes never overlap.


# %%
def nms(boxes, scores, max_iou):
    """Indices of the boxes to keep, highest score first: (M, 4), (M,) -> (K,)."""
    order, keep = scores.argsort(descending=True), []
    while len(order):
        best, order = order[0], order[1:]
        keep.append(best)
        iou = box_iou(boxes[best][None], boxes[order])[0]  # (left,)
        order = order[iou <= max_iou]
    return torch.stack(keep) if keep else order


def nms_per_class(boxes, scores, labels, max_iou):
    """The same, but boxes drop only boxes of their own class."""
    if not len(boxes):
        return labels
    width = boxes.max() - boxes.min() + 1
    return nms(boxes + labels[:, None] * width, scores, max_iou)


# %%
differs = 0
for n in range(100):
    k = raw_scores[n] > 0.01
    b, s, c = raw_boxes[n, k], raw_scores[n, k], raw_labels[n, k]
    kept = nms(b, s, 0.45)
    assert torch.equal(kept, ops.nms(b, s, 0.45))
    assert torch.equal(kept, d2l.nms(b, s, 0.45))
    kept_per_class = nms_per_class(b, s, c, 0.45)
    assert torch.equal(kept_per_class, ops.batched_nms(b, s, c, 0.45))
    differs += len(kept) != len(kept_per_class)
print("100 images: by hand, torchvision and d2l keep the same boxes")
print(f"on {differs} of them the classes make a difference")
assert differs > 0

# %% [markdown]
# The same four images after suppression, with class and score. **Look for** digits that
# still have two boxes. Why did suppression let them pass?


# %%
def select(decoded, min_score=0.02, max_iou=0.45, per_class=True):
    """A list with boxes, scores and labels of each image, after suppression."""
    found = []
    for b, s, c in zip(*decoded, strict=True):
        likely = s > min_score
        b, s, c = b[likely], s[likely], c[likely]
        keep = nms_per_class(b, s, c if per_class else 0 * c, max_iou)
        found.append((b[keep], s[keep], c[keep]))
    return found


@torch.no_grad()
def detect(net, X):
    """From images (N, 3, H, W) to what `select` returns."""
    return select(decode(net.eval()(X)))


found = detect(net, X_test)
panels = []
for n in shown:
    b, s, c = (part[found[n][1] > min_score] for part in found[n])
    title = f"{len(b)} boxes, {len(boxes_test[n])} digits"
    panels.append((title, X_test[n], b, drawings.with_scores(c, s)))
fig = drawings.gallery(panels)
plots.show(
    fig,
    alt="The same four test images after non-maximum suppression: most digits have a "
    "single box with class and score; some may still have two.",
)
before = (raw_scores > min_score).sum().item()
after = sum((s > min_score).sum().item() for _, s, _ in found)
print(f"{before} boxes before, {after} after, {sum(map(len, boxes_test))} digits")
assert after < before

# %%
doubles = {"of another class": 0, "of the same class, IoU up to 0.45": 0}
for (b, s, c), truth in zip(found, boxes_test, strict=True):
    b, c = b[s > min_score], c[s > min_score]
    overlap, owner = box_iou(b, truth).max(dim=1)  # the digit that each box is about
    for m in owner[overlap > 0.3].unique():
        mine = c[(owner == m) & (overlap > 0.3)]  # the highest score first
        same = int((mine[1:] == mine[0]).sum())
        doubles["of another class"] += len(mine) - 1 - same
        doubles["of the same class, IoU up to 0.45"] += same
print("second boxes on a digit:", doubles)
assert doubles["of another class"] > doubles["of the same class, IoU up to 0.45"]

# %% [markdown]
# Four images are too few to tell. Over all 300, most second boxes name another class:
# suppression within a class never compared them. The others, such as a small box within
# a large one, overlap with the first by 0.45 or less: two guesses that differ so much
# could be two digits, as far as NMS knows.

# %% [markdown]
# ## How good is it?
#
# "Accuracy" has no meaning here: nobody can count the boxes that are rightly absent.
# Two questions make sense instead:
#
# - **precision**: which share of the boxes it gave are right?
# - **recall**: which share of the objects did it find?
#
# A box is a **true positive** (a hit) if its class is right, its IoU with an object of
# this class is at least 0.5, and no box with a higher score has claimed that object.
# Any other box, a second one on the same object included, is a **false positive**; an
# object that nobody claims is a **false negative**.
#
# $$\text{precision} = \frac{TP}{TP + FP}, \qquad
# \text{recall} = \frac{TP}{TP + FN}$$


# %%
def match(found, boxes, labels, num_classes=10, min_iou=0.5):
    """For each class: scores and hits (bool) of its boxes, number of true objects.

    found: boxes, scores and labels of each image; every image holds an object.
    """
    scores = [[] for _ in range(num_classes)]
    hits = [[] for _ in range(num_classes)]
    for (b, s, c), truth, truth_labels in zip(found, boxes, labels, strict=True):
        iou = box_iou(b, truth) * (c[:, None] == truth_labels)  # other classes: 0
        claimed = set()
        for k in s.argsort(descending=True).tolist():
            m = int(iou[k].argmax())
            is_hit = bool(iou[k, m] >= min_iou) and m not in claimed
            if is_hit:
                claimed.add(m)
            scores[int(c[k])].append(float(s[k]))
            hits[int(c[k])].append(is_hit)
    counts = torch.bincount(torch.cat(labels), minlength=num_classes).tolist()
    columns = map(torch.tensor, scores), map(torch.tensor, hits), counts
    return list(zip(*columns, strict=True))


# %% [markdown]
# Now lower the bar for the score from 1 to 0. Each new box is a hit, and recall rises,
# or it isn't, and precision falls. The pairs make the **precision-recall curve**. Its
# area is the **average precision**
#
# $$\mathrm{AP} = \sum_{n} (R_n - R_{n-1})\, \max_{m \ge n} P_m$$
#
# with $P_n$, $R_n$ the precision and recall of the $n$ boxes with the highest scores.
# The maximum flattens the saw-teeth. The mean over the classes is the **mean average
# precision**, mAP50 for the IoU bar of 0.5.


# %%
def average_precision(scores, hits, num_objects):
    """Area under the curve, and the curve: recall (n,) and precision (n,)."""
    hits = hits[scores.argsort(descending=True)].double()
    right = hits.cumsum(dim=0)
    precision = right / torch.arange(1, len(hits) + 1)
    recall = right / num_objects
    best_later = precision.flip(0).cummax(dim=0).values.flip(0)  # max over m >= n
    steps = torch.diff(recall, prepend=torch.zeros(1))
    return (steps * best_later).sum().item(), recall, precision


def mean_ap(found, boxes, labels, min_iou=0.5):
    """mAP at one IoU bar, over the classes that occur: others have no recall."""
    table = match(found, boxes, labels, min_iou=min_iou)
    return float(np.mean([average_precision(*row)[0] for row in table if row[2]]))


map50 = mean_ap(found, boxes_test, labels_test)
print(f"mAP50 on held-out photos: {map50:.3f}")
assert map50 >= 0.85

# %% [markdown]
# The benchmarks read the same curve at fixed recalls: exercise 9 does it. Now the
# curves behind the number. **Look for** where the curve of the worst class leaves the
# top, and where it ends.

# %%
table = match(found, boxes_test, labels_test)
ap = [average_precision(*row)[0] for row in table]
ranked = sorted(range(10), key=lambda k: ap[k])
curves = {
    f"digit {k}, AP {ap[k]:.2f}": average_precision(*table[k])[1:]
    for k in (ranked[-1], ranked[5], ranked[0])
}
fig = drawings.precision_recall(curves)
plots.show(
    fig,
    alt="Precision against recall for the best, a middling and the worst digit. The "
    "curves stay near the top over most of the recall, step down, and end before 1.",
)
print("AP of each digit:", {k: round(value, 2) for k, value in enumerate(ap)})
for label, (recall, precision) in curves.items():
    first = int((precision < 1).int().argmax())  # its first wrong box
    print(f"{label}: precision 1 up to recall {recall[first]:.2f},", end=" ")
    print(f"the curve ends at recall {recall[-1]:.2f}")
assert abs(sum(ap) / 10 - map50) < 1e-9

# %% [markdown]
# A curve leaves the top at its first wrong box. It ends at the share of the objects
# that are found at all: the rest got no fitting box, even with a score of 0.02.
#
# ## How exact are the boxes?
#
# An IoU of 0.5 is generous. The COCO benchmark takes the mean of the mAP over the ten
# bars 0.5, 0.55, ... 0.95. (That averaging is all we take from it: COCO also reads the
# curve at 101 points, and lets a box claim the best object that is still free.)
#
# **Look for** the bar at which half of the mAP is gone.

# %%
bars = [round(0.5 + 0.05 * k, 2) for k in range(10)]
at_bar = [mean_ap(found, boxes_test, labels_test, min_iou=bar) for bar in bars]
fig, ax = plots.figure(width=5.2)
plots.curves(ax, bars, {"mAP": at_bar}, "IoU that counts as a hit", "mAP")
ax.set_ylim(0, 1)
plots.show(
    fig,
    alt="Mean average precision against the IoU bar: it falls slowly from 0.5 to about "
    "0.65, then steeply, to almost nothing at 0.95.",
)
print({bar: round(value, 2) for bar, value in zip(bars, at_bar, strict=True)})
coco = float(np.mean(at_bar))
metrics = {"mAP50 on held-out photos": map50, "mAP over bars 0.5 to 0.95": coco}
half = next(bar for bar, m in zip(bars, at_bar, strict=True) if m < at_bar[0] / 2)
print(f"mean of the ten bars: {coco:.2f}; half of the mAP is gone at the bar {half}")
assert at_bar[-1] < 0.05 and coco < at_bar[0] - 0.25 and 0.8 <= half <= 0.9

# %% [markdown]
# It knows what and roughly where, and is often a pixel or two off. On a digit 10 pixels
# wide, a pixel too many at one edge leaves an IoU of 10/11, and a box that stands a
# pixel to the side one of 9/11. So when you read "our mAP", ask at which bar.
#
# ## A surprise
#
# The net has no full layer. Give it images of 128 x 192, with up to 14
# digits, without any further training.

# %% [markdown] predict="six_times_larger"
# **Predict.** What does the net make of an image six times as large as those that it
# learned from?
#
# - It refuses: the sizes of its layers don't fit.
#   wrong: a convolution taken for a full layer. It has kernels, not a weight for each
#   pixel, and gives a larger map for a larger image.
# - It gives boxes of the wrong size, stretched with the image.
#   wrong: sizes taken for shares of the image. Ours are in units of 64 pixels, whatever
#   the image.
# - It detects nearly as well as before.
#   right: each cell sees 55 x 55 pixels and knows nothing of what lies beyond.

# %% [markdown]
# **Look for** digits that it misses; count the boxes first.

# %%
sizes = {"height": 128, "width": 192, "most": 14}
large_set = drawings.scenes(new_photos, *new_digits, 40, seed=3, **sizes)
X_large, boxes_large, labels_large = large_set
found_large = detect(net, X_large)
map50_large = mean_ap(found_large, boxes_large, labels_large)
n = max(range(40), key=lambda k: len(boxes_large[k]))
b, s, c = (part[found_large[n][1] > 0.3] for part in found_large[n])
title = f"128 x 192 pixels: {len(b)} boxes, {len(boxes_large[n])} digits"
panel = (title, X_large[n], b, drawings.with_scores(c, s))
fig = drawings.gallery([panel], width=8.2, height=5.7)
plots.show(
    fig,
    alt="A large test image, six times the area of a training image, with 14 digits; "
    "most have a fitting box with class and score.",
)
print("output for one large image:", tuple(net(X_large[:1]).shape))
print(f"mAP50 on 40 large images: {map50_large:.3f} (on small ones {map50:.3f})")
assert map50_large > map50 - 0.06

# %% [markdown]
# Most of the digits have a box. One without has no fitting box whose score is above
# 0.3, the bar of this drawing. 384 cells instead of 64, and it works: a cell sees 55
# pixels, whatever the size of the image. Our sizes $w, h$ are in units of 64 *pixels*;
# had we divided by the image's width, as many do, all boxes would now be wrong.

# %% [markdown]
# ## Two centres in one cell: anchors
#
# One cell, one vector, one object. What if a person stands before a car and both
# centres fall into one cell? `grid_targets` forgets one of them.
#
# The remedy: several **anchors** a cell, boxes of fixed shapes, each with a target
# vector of its own. The tall anchor answers for the person, the wide one for the car.
# For a map of $h \times w$ cells, an anchor with scale $s$ and ratio $r$ is
#
# $$\text{width} = s \sqrt{r} \cdot \frac{h}{w}, \qquad \text{height} = s / \sqrt{r}$$
#
# in shares of the image's sides, so that $r$ is width to height in pixels.

# %% [markdown]
# The target grows with the anchors. A grid of 3 x 3 cells with two anchors and three
# classes has a target tensor of 3 x 3 x 16, as $2 \cdot (1 + 4 + 3) = 16$.
#
# All pairs of $n$ scales and $m$ ratios would be many. The book takes those that hold
# the first scale or the first ratio: $n + m - 1$ a cell. By hand, against `d2l`:


# %%
def multibox_prior(X, sizes, ratios):
    """Anchors (1, cells * (n + m - 1), 4): corners in shares of the image's sides."""
    height, width = X.shape[-2:]
    shapes = [(s, ratios[0]) for s in sizes] + [(sizes[0], r) for r in ratios[1:]]
    anchors = []
    for i in range(height):
        for j in range(width):
            for s, r in shapes:
                w, h = s * r**0.5 * height / width, s / r**0.5
                anchors.append([(j + 0.5) / width, (i + 0.5) / height, w, h])
    return to_corner(torch.tensor(anchors))[None]


feature_map = torch.zeros(1, 3, 6, 9)
ours = multibox_prior(feature_map, sizes=[0.3, 0.6], ratios=[1, 2, 0.5])
book = d2l.multibox_prior(feature_map, sizes=[0.3, 0.6], ratios=[1, 2, 0.5])
print("anchors:", tuple(ours.shape), "of 6 x 9 cells, 4 each")
assert ours.shape == (1, 6 * 9 * 4, 4) and torch.allclose(ours, book, atol=1e-6)

# %% [markdown]
# Which anchor answers for which object? **Assignment**: each anchor goes to the object
# with which its IoU is largest, if that is at least 0.5. And so that no object is left
# without: each object gets the best anchor that is still free, whatever its IoU. All
# other anchors are background.


# %%
def assign(anchors, truth, min_iou=0.5):
    """For each anchor the index of its object, or -1: (A, 4), (M, 4) -> (A,)."""
    iou = box_iou(anchors, truth)  # (A, M)
    best, index = iou.max(dim=1)
    assigned = torch.where(best >= min_iou, index, -1)
    for _ in range(len(truth)):
        a, m = divmod(iou.argmax().item(), len(truth))  # the best pair that is left
        assigned[a] = m
        iou[a], iou[:, m] = -1, -1  # neither is free any more
    return assigned


person = torch.tensor([26.0, 8, 40, 58]) / 64
car = torch.tensor([8.0, 24, 58, 44]) / 64
truth = torch.stack([person, car])
anchors = multibox_prior(torch.zeros(1, 1, 3, 3), [0.45], [1, 3, 1 / 3])[0]
assigned = assign(anchors, truth)
theirs = d2l.assign_anchor_to_bbox(truth, anchors, device="cpu")
print("anchors for person and car:", [(assigned == m).sum().item() for m in (0, 1)])
kept = int(grid_targets(64 * truth, [0, 1])[0].sum())
print("kept by a grid of one box a cell:", kept)
assert torch.equal(assigned, theirs) and kept == 1

# %% [markdown]
# **Look for** the anchor that fits each of the two boxes best, although both centres
# lie in one cell.

# %%
chosen = [64 * anchors[assigned == m] for m in (0, 1)]
names = ("object", "anchors assigned to it")
fig = drawings.compared(["person", "car"], 64 * truth, chosen, names)
plots.show(
    fig,
    alt="Left: a tall box, the person, and the tall dashed anchor assigned to it. "
    "Right: a wide box, the car, and its wide dashed anchor. Both centres lie close.",
)

# %% [markdown]
# With anchors the net predicts, for each, an objectness, the class, and how the box
# differs from the anchor. A detector such as ours or SSD, which judges all cells or
# anchors in one pass, is called **one-stage**. A **two-stage** detector
# ([Faster R-CNN](28)) first picks some hundred places that look like anything, the
# **region proposals**, then looks at each closely: [chapter 28](28) trains such
# differences.
#
# Our scenes have hardly two centres in a cell, so plain cells are enough. Many newer
# detectors dropped the anchors again: FCOS and CenterNet use finer grids, and DETR a
# fixed number of learned queries, matched one to one with the objects, so that it needs
# no NMS either.

# %% [markdown]
# ## What goes wrong in practice
#
# **The mask is forgotten.** Let the box loss run over *all* cells, with 0 as the
# target of the empty ones.

# %% [markdown] predict="mask_forgotten"
# **Predict.** How much of the box loss's gradient then comes from cells without a box?
#
# - None: where there is nothing, there is nothing to learn.
#   wrong: an empty cell taken for one that has no loss. Its target is 0 now, and its
#   output isn't.
# - About a half: objects and background pull against each other.
#   wrong: two kinds of cells taken for two equal parties. There are far more of the one
#   kind.
# - Over nine tenths.
#   right: 97 % of the cells are empty, and each of them pulls.

# %%
torch.manual_seed(1)
fresh = make_detector()
y_hat = fresh(X[:32])
y_hat.retain_grad()
(torch.sigmoid(y_hat[:, 1:5]) - targets[:32, 1:5]).abs().sum().backward()
pull = y_hat.grad[:, 1:5].abs().sum(dim=1)  # (32, 8, 8)
share = (pull[targets[:32, 0] == 0].sum() / pull.sum()).item()
print(f"{share:.0%} of the gradient comes from empty cells")
assert share > 0.9

# %% [markdown]
# Does it matter? Train the same net with that loss.


# %%
def forgotten_mask(y_hat, target):
    """`detection_loss`, but with the box errors of all cells."""
    errors = (torch.sigmoid(y_hat[:, 1:5]) - target[:, 1:5]).abs().mean(dim=1)
    count = (target[:, 0] == 1).sum().clamp(min=1)
    return detection_loss(y_hat, target) | {"box": errors.sum() / count}


history = train_detector(fresh, X, targets, loss=forgotten_mask)
map50_forgotten = mean_ap(detect(fresh.cpu(), X_test), boxes_test, labels_test)
print("box loss by epoch:", [round(value, 2) for value in history["train_box"]])
print(f"mAP50 {map50_forgotten:.3f} without the mask, {map50:.3f} with it")
assert map50_forgotten < map50 / 4 and history["train_box"][-1] < 1

# %% [markdown]
# The cells without an object outvote the others and pull every box towards 0: hardly
# one is a hit. Yet the loss falls nicely. Look at the boxes, not at the loss.
#
# **The score is the objectness alone.** Then a box whose class is a guess is ranked
# like a sure one, and AP is all about ranking:

# %%
objectness = torch.sigmoid(net(X_test)[:, 0]).detach().flatten(1)  # (300, 64)
alone = select((raw_boxes, objectness, raw_labels))
map50_alone = mean_ap(alone, boxes_test, labels_test)
print(f"mAP50 {map50_alone:.3f} with objectness alone, {map50:.3f} with the product")
assert map50_alone < map50 - 0.005

# %% [markdown]
# **The formats are mixed.** Hand centres to a function that expects corners. No error;
# the numbers look like boxes. **Width and height are swapped** the same way, by
# `image[:, x1:x2, y1:y2]` or $i$ for $j$. What does the IoU with the truth say?

# %%
some, some_centers = every_box[:500], centers[:500]
mixed = box_iou(some_centers, some).diagonal()  # centres where corners belong
swapped = box_iou(to_corner(some_centers[:, [0, 1, 3, 2]]), some).diagonal()
mirrored = box_iou(some[:, [1, 0, 3, 2]], some).diagonal()
print(f"below 0.5: {(mixed < 0.5).float().mean():.0%} with centres as corners,")
print(f"  {(swapped < 0.5).float().mean():.0%} with width and height swapped,")
print(f"  {(mirrored < 0.5).float().mean():.0%} with x and y swapped")
assert (mixed < 0.5).float().mean() > 0.95 and (mirrored < 0.5).float().mean() > 0.6
assert 0.2 < (swapped < 0.5).float().mean() < 0.9

# %% [markdown]
# Swapped width and height is the hardest to see: squarish objects hide it. Test with a
# box that is neither square nor on the diagonal.
#
# **The number hides what the user sees.** NMS has a threshold. Too low, and neighbours
# drop each other; too high, and doubles stay; at 1 there is no suppression at all.

# %% [markdown] predict="no_suppression"
# **Predict.** Without any suppression all the doubles stay. How much lower is mAP50?
#
# - Lower by less than a tenth of its value.
#   right: a double has a lower score than the box that it doubles, so it comes late in
#   the ranking, when most objects are found.
# - About halved: there are nearly two boxes for each digit.
#   wrong: the end of the ranking taken for the area under the curve. At its beginning
#   there are hardly any doubles, so precision is high there.
# - Not at all: each object is still found.
#   wrong: recall taken for the whole. Every double is a false positive and lowers the
#   precision from its place on.

# %%
thresholds = [0.1, 0.3, 0.45, 0.7, 1.0]
decoded = (raw_boxes, raw_scores, raw_labels)
selected = [select(decoded, max_iou=t) for t in thresholds]
by_threshold = [mean_ap(boxes_left, *test_set[1:]) for boxes_left in selected]
across = select(decoded, per_class=False)
map50_across = mean_ap(across, *test_set[1:])
print({t: round(value, 3) for t, value in zip(thresholds, by_threshold, strict=True)})
print(f"classes drop each other, at 0.45: {map50_across:.3f}")
lost = (by_threshold[2] - by_threshold[-1]) / by_threshold[2]
print(f"without suppression mAP50 is {lost:.1%} lower")
assert 0 < lost < 0.1 and 0 < map50 - map50_across < 0.1
assert abs(map50_across - by_threshold[-1]) < 0.02

# %% [markdown]
# The doubles' harm to the *area* is small; to somebody who counts the boxes it is not.
# Look at pictures, too.
#
# And if classes may drop each other? That costs about as much as no suppression at all,
# although our digits hardly touch. Where the net can't decide between a 4 and a 9, two
# cells give both names. One is a hit, and AP forgives the other, a late false alarm.
# Suppress across classes, and only the first guess is left.

# %% [markdown]
# ## Summary
#
# - Detection = what and where, for any number of objects.
# - Boxes come as corners or as centre and size. IoU compares them; clamp at 0.
# - Target vector: objectness, box, class. Box and class count only where an object is.
# - A full layer is a convolution: all windows in one pass.
# - Grid: the centre's cell answers, with offsets. Make the round trip first.
# - NMS keeps the best of each heap, class by class.
# - Anchors let one cell answer for several objects.
# - Precision-recall curve, its area AP, the mean over classes mAP, always with its IoU
#   bar.

# %% [markdown]
# ## To think about
#
# 1. Two 1s stand so close that their boxes overlap by 0.6. What does NMS do, at which
#    thresholds? Read about Soft-NMS.
# 2. Grid of 4 x 4 or 16 x 16: what gets better, what worse, what does it cost?
# 3. Add $1 - \mathrm{IoU}$ to the box loss. What is its gradient for boxes that don't
#    touch?
# 4. Train with digits of 18 to 34 pixels, test with 50. Where does it break first:
#    objectness, box, class?
# 5. Which of the three losses would you need to change for objects that may belong to
#    two classes?
# 6. The same detections, but half of the objects were never labelled. What happens to
#    precision and to the training?

# %% [markdown]
# The exercise notebook `27_object_detection` comes next: nine checked exercises, from
# box formats to average precision, four questions with options and one for words.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: sections 13.3 to 13.7 in the
#   edition of `d2l` 0.17, 14.3 to 14.7 in the printed book.
# - Sermanet et al., *OverFeat*, ICLR 2014: sliding windows as a convolution.
# - Redmon et al., *You Only Look Once*, CVPR 2016: the grid.
# - Liu et al., *SSD: Single Shot MultiBox Detector*, ECCV 2016: anchors at several
#   scales.
# - Everingham et al., *The PASCAL Visual Object Classes Challenge*, IJCV 88, 2010: AP.
# - Lin et al., *Focal Loss for Dense Object Detection*, ICCV 2017: what to do about
#   97 % empty cells.
# - Carion et al., *End-to-End Object Detection with Transformers*, ECCV 2020: no
#   anchors, no NMS.
