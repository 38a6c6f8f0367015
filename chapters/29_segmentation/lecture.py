# %% [markdown]
# # Segmentation: a class for every pixel
#
# A biologist photographs cells whose nuclei glow. She doesn't ask what the picture
# shows, nor for a box around each nucleus. She asks for the area, to the pixel.
# **How can a net answer with a picture?**
#
# You measure such answers, and see a number that praises doing nothing. You build the
# layer that makes maps larger, and from it two nets: the FCN and the U-Net. You train
# them on made shapes, take them apart to see what each part is for, and then go to a
# real picture.
#
# You need [learning-rate schedules](10), the [receptive field](12) and
# [batch normalisation](16).

# %%
import io
import math
from itertools import pairwise

import numpy as np
import torch
from PIL import Image
from skimage import measure
from skimage.filters import threshold_otsu
from torch import nn
from torch.nn import functional as F

# %%
from utils import plots
from utils.data import load_array
from utils.device import set_seed, try_gpu
from utils.drawings import segmentation as drawings
from utils.one_cycle import fit
from utils.packaged import read

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## Semantic or instance?
#
# The picture is real: 512 x 512 pixels from the 2018 Data Science Bowl. People drew the
# nuclei by hand: this is the **ground truth**. Each nucleus has a number of its own, 0
# is the background.
#
# - **Semantic segmentation** gives each pixel a class: nucleus or not.
# - **Instance segmentation** also says *which* nucleus. (Both at once, for things such
#   as cars and for stuff such as sky, is called *panoptic*.)
#
# **Look for** nuclei that touch: what becomes of them in the middle panel?

# %%
picture = np.array(Image.open(io.BytesIO(read("nuclei")))).astype(np.float32)
instances = np.array(Image.open(io.BytesIO(read("nuclei_mask")))).astype(np.int64)
semantic = (instances > 0).astype(np.int64)

# %%
corner = (slice(300, 460), slice(0, 160))
fig = drawings.two_segmentations(np.log(picture[corner] + 10), instances[corner])
plots.show(
    fig,
    alt="A corner of the microscope picture with glowing oval nuclei; its semantic "
    "mask in one colour, where touching nuclei form one region; its instance mask, "
    "where a black outline goes around each nucleus, also between touching ones.",
)


# %%
def regions(mask):
    """Connected regions of a mask (H, W), numbered from 1: neighbours share a side."""
    return measure.label(np.asarray(mask), connectivity=1)


num_nuclei = len(np.unique(instances)) - 1
num_regions = regions(semantic).max()
share = semantic.mean()
print(f"{num_nuclei} nuclei drawn, {num_regions} regions in the semantic mask")
print(f"{share:.3f} of the pixels are nucleus")
assert num_nuclei == 125 and num_regions == 106 and round(share, 3) == 0.199

# %% [markdown]
# In the middle panel, nuclei that touch have become one. The semantic mask here is
# *perfect*, and whoever counts its regions finds 106 nuclei instead of 125. This
# chapter is about semantic segmentation. At its end the gap will still be there.
#
# ## How good is a mask?

# %% [markdown]
# For one class, call $A$ the pixels that the mask gives to it and $B$ those that have
# it. $|A \cap B|$ counts the **true positives**; the rest of $A$ are false positives,
# the rest of $B$ false negatives.
#
# - **Pixel accuracy**: the share of all pixels with the right class.
# - **Intersection over union** (IoU, Jaccard index):
#   $\dfrac{|A \cap B|}{|A \cup B|}$; its mean over the classes is the *mean IoU*.
# - **Dice** coefficient: $\dfrac{2\,|A \cap B|}{|A| + |B|}$, the same as the F1 score.


# %%
def iou(y_hat, y, num_classes):
    """IoU of each class: (num_classes,); nan for a class that is in neither mask."""
    scores = []
    for c in range(num_classes):
        A, B = y_hat == c, y == c
        union = (A | B).sum()
        scores.append((A & B).sum() / union if union else torch.tensor(math.nan))
    return torch.stack(scores)


def mean_iou(y_hat, y, num_classes):
    """Mean IoU over the classes that occur, as a float."""
    return iou(y_hat, y, num_classes).nanmean().item()


def dice(A, B):
    """Dice of two masks of bools: 2 |A and B| / (|A| + |B|)."""
    return (2 * (A & B).sum() / (A.sum() + B.sum())).item()


def pixel_accuracy(y_hat, y):
    """Share of the pixels with the right class."""
    return (y_hat == y).float().mean().item()


# %% [markdown] predict="nothing_marked"
# **Predict.** The laziest net there is answers "background" for every pixel, and a
# fifth of them are nucleus. What is its mean IoU over the two classes?
#
# - 0
#   wrong: the mean taken for the rare class's score. Nothing of nucleus is found, but
#   background is a class too, and most of it is right.
# - 0.4
#   right: background has an IoU of 0.8 (all of it is found, and a fifth of the picture
#   is marked wrongly), nucleus 0. The mean of the two is 0.4.
# - 0.8
#   wrong: pixel accuracy taken for IoU. Four fifths of the pixels are right, yet each
#   class counts the same in the mean, and one of them has 0.

# %%
y = torch.from_numpy(semantic)
nothing = torch.zeros_like(y)
accuracy, mean = pixel_accuracy(nothing, y), mean_iou(nothing, y, 2)
of_nucleus = iou(nothing, y, 2)[1].item()
print(f"pixel accuracy {accuracy:.3f}, mean IoU {mean:.3f}")
print(f"nucleus: IoU {of_nucleus:.3f}, Dice {dice(nothing == 1, y == 1):.3f}")
assert round(accuracy, 2) == 0.80 and of_nucleus == 0 and round(mean, 2) == 0.40

# %% [markdown]
# A pixel accuracy of 0.80 for nothing: that is what **class imbalance** does. The rarer
# the class, the higher the praise. IoU and Dice of the class itself say 0.
#
# For one class of one image these two always rank masks alike, since one is computed
# from the other. (Their means over many images may not.) With
# $I = |A \cap B|$ and $U = |A \cup B|$,
#
# $$|A| + |B| = U + I, \qquad
# \text{Dice} = \frac{2 I}{U + I} = \frac{2\,\text{IoU}}{1 + \text{IoU}} .$$
#
# (Divide above and below by $U$.) Dice is the larger number, so ask which one you are
# shown. Both are strict with small things:

# %%
shifted = torch.roll(y, 3, dims=1)  # the perfect mask, three pixels too far right
a, b = iou(shifted, y, 2)[1].item(), dice(shifted == 1, y == 1)
print(f"shifted by 3 pixels: IoU {a:.3f}, Dice {b:.3f}")
print(f"2 IoU / (1 + IoU) = {2 * a / (1 + a):.3f}")
assert abs(2 * a / (1 + a) - b) < 1e-5 and a < b and round(a, 2) == 0.73

# %% [markdown]
# Three pixels of shift cost a quarter of the IoU.
#
# ## The baseline: a threshold
#
# Nuclei glow. Why a net? Otsu's method (1979) tries all thresholds and keeps the one
# whose two groups of pixels differ most:
#
# $$\max_t \; w_0(t)\, w_1(t)\, \bigl(\mu_0(t) - \mu_1(t)\bigr)^2$$
#
# where $w_0, w_1$ are the shares of pixels below and above the threshold $t$, and
# $\mu_0, \mu_1$ the groups' mean brightness. There is nothing to train. Any net must
# beat it, so we measure it first.
#
# Columns 0 to 367 are for training, 384 to 511 for the test. The 16 columns in between
# are thrown away, so that few nuclei lie on both sides.

# %%
train_columns, test_columns = slice(0, 368), slice(384, 512)
threshold = threshold_otsu(picture[:, train_columns])
by_otsu = torch.from_numpy(picture[:, test_columns] > threshold).long()
y_held_out = y[:, test_columns]
otsu = mean_iou(by_otsu, y_held_out, 2)

masks = (torch.from_numpy(picture[:, test_columns] > t).long() for t in range(20, 80))
ceiling = max(mean_iou(mask, y_held_out, 2) for mask in masks)
print(f"Otsu's threshold {threshold:.0f}: mean IoU {otsu:.3f} on the held-out columns")
print(f"the best threshold, known only afterwards: {ceiling:.3f}")
assert round(otsu, 3) == 0.831 and round(ceiling, 3) == 0.862

# %% [markdown]
# Quite good. The second number isn't a result, since it was chosen on the test columns.
# It is a ceiling: whoever cuts at one brightness gets no further than 0.862 here. More
# is to be had by looking at *neighbours*.

# %% [markdown]
# ## A net without a flat end
#
# A classifier like LeNet ends in full layers that want a fixed number of pixels. A
# **fully convolutional network** (FCN; Long, Shelhamer and Darrell, 2015) has none. Its
# first half, the **encoder**, is a classifier's: convolutions and pooling. At its end a
# 1 x 1 convolution turns the features of every place into one score for each class.
#
# But pooling made that map coarse. To give each pixel its class it must become large
# again. This is **upsampling**, and the half that does it is the **decoder**. It needs
# a convolution that runs backwards.

# %% [markdown]
# ## Transposed convolution, by hand
#
# An ordinary convolution gathers: a window of inputs gives one output. A **transposed
# convolution** scatters: each input puts a copy of the kernel, times itself, into the
# output; where copies overlap, they add. (Older papers call it **deconvolution**,
# though it undoes nothing, or fractionally strided convolution.)
#
# In one dimension you can see it. Four numbers, stride 2, the kernel (1/4, 3/4, 3/4,
# 1/4). **Look for** what the thin stamps add up to.

# %%
x = torch.tensor([1.0, 3.0, 2.0, 4.0])
kernel = torch.tensor([0.25, 0.75, 0.75, 0.25])
stamps = torch.zeros(4, 10)
for i in range(4):
    stamps[i, 2 * i : 2 * i + 4] = x[i] * kernel
total = stamps.sum(dim=0)

fig = drawings.stamps(x, stamps, total)
plots.show(
    fig,
    alt="Four humps, each a copy of the kernel scaled by one input and two pixels to "
    "the right of the one before. Their sum, a staircase, rises and falls as the "
    "inputs do, in steps between their values: a linear interpolation.",
)
print(total.tolist())
linear = F.interpolate(x[None, None], scale_factor=2, mode="linear")[0, 0]
assert torch.allclose(total[2:8], linear[1:7])

# %% [markdown]
# With this kernel the sum *interpolates*. At both ends a second stamp is missing, and
# the values are too low. **Padding** $p$ means here: cut off $p$ values on each side.
# **Stride** $s$ is the distance between stamps, so it makes the output larger.

# %% [markdown] predict="size_up"
# **Predict.** A 2 x 2 map goes through a transposed convolution with a 3 x 3 kernel,
# stride 2 and padding 1. How large is the result?
#
# - 3 by 3
#   right: the two stamps of a row are 2 apart and 3 wide, so they cover 5 places;
#   padding cuts one off at each end.
# - 4 by 4
#   wrong: stride 2 taken for "twice as large". It is the distance between stamps; what
#   the last stamp adds depends on the kernel, and the padding takes some away.
# - 5 by 5
#   wrong: padding forgotten. The stamps cover 5 x 5, and then padding 1 cuts off the
#   rim.
# - 7 by 7
#   wrong: padding added, as in a convolution. There it enlarges the input; in the
#   transposed layer it takes away from the output.

# %%
small_map = torch.randn(1, 1, 2, 2)
kernel = torch.randn(1, 1, 3, 3)
for extra in (0, 1):
    large_map = F.conv_transpose2d(
        small_map, kernel, stride=2, padding=1, output_padding=extra
    )
    print(f"output_padding={extra}: {tuple(large_map.shape[2:])}")
    assert large_map.shape[2:] == (3 + extra, 3 + extra)
for side in (3, 4):
    down = F.conv2d(torch.zeros(1, 1, side, side), kernel, stride=2, padding=1)
    print(f"convolution from {side} x {side}: {tuple(down.shape[2:])}")
    assert down.shape[2:] == (2, 2)

# %% [markdown]
# Along one side: the last of $h$ stamps begins at $(h - 1)\,s$, it is $k$ long, and $p$
# are cut off at both ends. So the layer does, and makes a side of,
#
# $$Y_{i s + u - p,\; j s + v - p} \mathrel{+}= X_{i,j}\, K_{u,v},
# \qquad (h - 1)\, s + k - 2p .$$
#
# $(i, j)$ runs over the input's places and $(u, v)$ over the kernel's. A convolution
# has $\lfloor (h + 2p - k)/s \rfloor + 1$: everything that divided now multiplies.
#
# That $\lfloor\ \rfloor$ is why `output_padding` exists: 3 x 3 and 4 x 4 both shrink to
# 2 x 2. The way back has to be told which you mean. It adds rows and columns at the
# end; it doesn't pad with zeros.


# %%
def trans_conv(X, K, stride=1, padding=0):
    """Scatter: each X[i, j] adds X[i, j] * K to the output. One channel."""
    (h, w), k = X.shape, len(K)
    Y = torch.zeros((h - 1) * stride + k, (w - 1) * stride + k)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + k, left : left + k] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


X, K = torch.randn(4, 5), torch.randn(4, 4)
for stride, padding in [(1, 0), (2, 1), (3, 0), (4, 1)]:
    ours = trans_conv(X, K, stride, padding)
    by_torch = F.conv_transpose2d(X[None, None], K[None, None], None, stride, padding)
    difference = (ours - by_torch[0, 0]).abs().max()
    print(
        f"stride {stride}, padding {padding}: (4, 5) -> {tuple(ours.shape)}, ", end=""
    )
    print(f"difference from PyTorch {difference:.0e}")
    sides = [(h - 1) * stride + 4 - 2 * padding for h in (4, 5)]
    assert difference < 1e-5 and list(ours.shape) == sides

# %% [markdown]
# Why "transposed"? A convolution is linear, so it is a matrix $\mathbf W$ that takes
# the 16 numbers of a 4 x 4 image to the 4 of a 2 x 2 map. Our layer goes from 4 numbers
# to 16, with $\mathbf W^\top$.
#
# **Look for** rows on the left that are columns on the right.

# %%
K = torch.arange(1.0, 10.0).reshape(3, 3)
basis = torch.eye(16).reshape(16, 1, 4, 4)  # one image for each pixel
W = F.conv2d(basis, K[None, None]).reshape(16, 4).T  # (4, 16): a column per pixel
small = torch.eye(4).reshape(4, 2, 2)
W_up = torch.stack([trans_conv(x, K).ravel() for x in small]).T  # (16, 4)
fig = drawings.two_matrices(W, W_up)
plots.show(
    fig,
    alt="Left a matrix of 4 rows and 16 columns with the nine kernel values in each "
    "row, shifted from row to row. Right its mirror image at the diagonal: 16 rows and "
    "4 columns, with the nine values down each column.",
)
assert torch.equal(W_up, W.T)
assert not torch.allclose(W_up @ W, torch.eye(16))  # the transpose is no inverse

# %% [markdown]
# The first row, 1 to 9 with gaps, is the first column on the right: the two matrices
# are each other's transpose, number for number. They aren't inverses. What the encoder
# threw away, no kernel brings back.
#
# ## The bilinear kernel
#
# How should such a layer start? As something sensible: enlarging without learning
# anything. In two dimensions our kernel of above is a product of two triangles. For a
# factor $f$ its side is $k = 2f - (f \bmod 2)$ and
#
# $$K_{u,v} = \left(1 - \frac{|u - c|}{f}\right)\left(1 - \frac{|v - c|}{f}\right),
# \qquad c = \frac{k - 1}{2},$$
#
# where $c$ is the kernel's middle. It should do what `F.interpolate` does. At the rim,
# where stamps are missing, that function repeats the last pixel, so we do it too.


# %%
def bilinear_kernel(factor):
    """The kernel that enlarges by `factor`: (k, k), k = 2 factor - factor % 2."""
    k = 2 * factor - factor % 2
    triangle = 1 - (torch.arange(k) - (k - 1) / 2).abs() / factor
    return torch.outer(triangle, triangle)


patch = torch.from_numpy(np.log(picture[120:136, 60:84] + 10))  # (16, 24)
factor = 4
library = F.interpolate(patch[None, None], scale_factor=factor, mode="bilinear")[0, 0]
wider = F.pad(patch[None], (1, 1, 1, 1), mode="replicate")[0]  # (18, 26)
large = trans_conv(wider, bilinear_kernel(factor), stride=factor, padding=factor // 2)
gap = (large[factor:-factor, factor:-factor] - library).abs().max()
print(f"{tuple(patch.shape)} -> {tuple(library.shape)}, largest difference {gap:.0e}")
assert gap < 1e-4

# %% [markdown]
# ## Shapes whose masks are exact
#
# Now a task where every pixel's class is known for certain, because you draw it: discs,
# squares and triangles, 12 to 19 pixels wide. A shape is darker *or* brighter than the
# background, whatever its kind. So brightness says nothing about the class.


# %%
CLASSES = ["background", "disc", "square", "triangle"]


def inside(kind, x, y, r):
    """Where a shape of radius r around the origin covers the points (x, y)."""
    if kind == 1:
        return x**2 + y**2 < r**2
    if kind == 2:
        return np.maximum(abs(x), abs(y)) < 0.89 * r
    return (y < 0.9 * r) & (abs(x) < 0.55 * (y + r))


def scene(rng, cells=2):
    """One image and its mask: noise, and shapes in some of cells x cells places."""
    rows, columns = np.mgrid[: 20 * cells, : 20 * cells]
    image, mask = np.full(rows.shape, rng.uniform(0.4, 0.6)), np.zeros_like(rows)
    number = rng.integers(cells**2 // 2, cells**2 + 1)
    for cell in rng.permutation(cells**2)[:number]:
        x = columns - 20 * (cell % cells) - 9.5 - rng.uniform(-1, 1)
        y = rows - 20 * (cell // cells) - 9.5 - rng.uniform(-1, 1)
        kind, r = rng.integers(1, 4), rng.uniform(7, 9)
        value = rng.choice([rng.uniform(0, 0.2), rng.uniform(0.8, 1)])
        covered = inside(kind, x, y, r)
        image[covered], mask[covered] = value, kind
    return image + rng.normal(0, 0.05, image.shape), mask


# %% [markdown]
# **Look for** two shapes of one class and opposite brightness.

# %%
rng = np.random.default_rng(0)
images, masks = zip(*(scene(rng) for _ in range(500)), strict=True)
X_all = torch.tensor(np.stack(images), dtype=torch.float32)[:, None]  # (500, 1, 40, 40)
y_all = torch.tensor(np.stack(masks), dtype=torch.int64)  # (500, 40, 40)
X, y_shapes, X_test, y_test = X_all[:400], y_all[:400], X_all[400:], y_all[400:]
commonest = y_shapes[y_shapes > 0].mode().values.item()
background = (y_test == 0).float().mean().item()
print(f"{background:.2f} of the test pixels are background")

kinds = [mask == kind for mask in masks for kind in (1, 2, 3)]
boxes = [shape.bbox for kind in kinds for shape in measure.regionprops(regions(kind))]
widths = [right - left for _, left, _, right in boxes]
print(f"the shapes are {min(widths)} to {max(widths)} pixels wide")
assert (min(widths), max(widths)) == (12, 19)

# %%
fig = drawings.gallery({"image": X_test[:6], "mask": y_test[:6]}, CLASSES)
plots.show(
    fig,
    alt="Six made images of 40 x 40 pixels with two to four dark or bright discs, "
    "squares and triangles on grey; below each its mask: discs blue, squares orange, "
    "triangles black.",
)

# %% [markdown]
# The first image has a bright triangle and a dark one.
#
# ## What rules can do here
#
# Three baselines without a net, each cleverer than the last:
#
# 1. Otsu in each image; the smaller group is "shape", and gets the commonest class.
# 2. How far is a pixel from the image's median? Otsu on that. It finds dark shapes too.
# 3. As 2, then a **ruler**: for each connected region, the share of its bounding box
#    that it fills. A square fills all of it, a disc $\pi/4$, a triangle half.
#
# The third is a rule by somebody who *knows* the shapes.


# %%
def ruler(found):
    """Class of each region by how much of its box it fills: (H, W) bools to int64."""
    numbers = regions(found)
    mask = np.zeros(found.shape, dtype=np.int64)
    for region in measure.regionprops(numbers):
        differences = np.abs(region.extent - np.array([np.pi / 4, 1, 0.5]))
        mask[numbers == region.label] = 1 + differences.argmin()
    return mask


guesses = {"1. Otsu": [], "2. distance": [], "3. and a ruler": []}
for image in X_test[:, 0].numpy():
    bright = image > threshold_otsu(image)
    smaller = bright if bright.mean() < 0.5 else ~bright
    distance = np.abs(image - np.median(image))
    found = distance > threshold_otsu(distance)
    guesses["1. Otsu"].append(smaller * commonest)
    guesses["2. distance"].append(found * commonest)
    guesses["3. and a ruler"].append(ruler(found))

# %% [markdown]
# Two numbers tell what a mask is good at. **Finding**: the mean IoU of "shape or not",
# whatever the class. **Naming**: of the shape pixels that were found, the share with
# the right class.


# %%
def finding(y_hat, y):
    """Mean IoU of "shape or not", whatever the class."""
    return mean_iou((y_hat > 0).long(), (y > 0).long(), 2)


def naming(y_hat, y, where=True):
    """Share with the right class among the found shape pixels (where a mask says)."""
    both = (y_hat > 0) & (y > 0) & where
    return (y_hat == y)[both].float().mean().item()


def report(name, y_hat):
    """Print and return (finding, naming, mean IoU) on the test images."""
    scores = finding(y_hat, y_test), naming(y_hat, y_test), mean_iou(y_hat, y_test, 4)
    print(f"{name:>21}: finding {scores[0]:.3f}, naming {scores[1]:.3f}, mean", end="")
    print(f" IoU {scores[2]:.3f}, pixel accuracy {pixel_accuracy(y_hat, y_test):.3f}")
    return scores


rules = {name: report(name, torch.tensor(np.stack(g))) for name, g in guesses.items()}
assert rules["1. Otsu"][0] < 0.8 and rules["2. distance"][0] > 0.95
assert rules["2. distance"][1] < 0.5 and rules["3. and a ruler"][2] > 0.9

# %% [markdown]
# A threshold *finds* shapes well, if you ask the right question. It can't *name* them.
#
# And honestly: the ruler is a short function that needs no training, and has a mean
# IoU above 0.9. For this task alone you might not train a net, as long as the shapes
# stay apart and somebody knows the rule. Nobody tells the net.

# %% [markdown]
# ## The FCN, and its first skips
#
# An **encoder** of three sizes, and at each of them a 1 x 1 convolution that gives
# class scores. The coarsest scores are upsampled by 2, twice, with a transposed
# convolution that starts as the bilinear kernel.
#
# The same paper added **skip connections**: after each upsampling, *add* the scores of
# the encoder's map of that size. (The paper's FCN-32s has none, its FCN-8s two.) Our
# blocks are a convolution, [batch normalisation](16) and a ReLU.


# %%
def conv_block(in_channels, out_channels, dilation=1):
    """3 x 3 convolution that keeps the size, batch normalisation, ReLU."""
    options = {"padding": dilation, "dilation": dilation, "bias": False}
    conv = nn.Conv2d(in_channels, out_channels, 3, **options)
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels), nn.ReLU())


class Encoder(nn.Module):
    """Maps of (N, 1, H, W) in several sizes, the finest first, each half the last."""

    def __init__(self, widths):
        super().__init__()
        self.blocks = nn.ModuleList(conv_block(a, b) for a, b in pairwise((1, *widths)))

    def forward(self, X):
        maps = [self.blocks[0](X)]
        for block in self.blocks[1:]:
            maps.append(block(F.max_pool2d(maps[-1], 2)))
        return maps


# %%
def twice_as_large(channels):
    """Upsampling by 2, each channel for itself, that starts as bilinear."""
    options = {"stride": 2, "padding": 1, "groups": channels, "bias": False}
    up = nn.ConvTranspose2d(channels, channels, kernel_size=4, **options)
    with torch.no_grad():
        up.weight.copy_(bilinear_kernel(2))  # (channels, 1, 4, 4)
    return up


class FCN(nn.Module):
    """Scores (N, num_classes, H, W) of grey images (N, 1, H, W); skips add scores."""

    def __init__(self, num_classes, widths=(12, 32, 64), skips=True):
        super().__init__()
        self.skips, self.encoder = skips, Encoder(widths)
        self.scores = nn.ModuleList(nn.Conv2d(a, num_classes, 1) for a in widths)
        self.up = nn.ModuleList(twice_as_large(num_classes) for _ in widths[1:])

    def forward(self, X):
        maps = zip(self.scores, self.encoder(X), strict=True)
        *finer, S = [score(H) for score, H in maps]
        for up in self.up:
            S, left = up(S), finer.pop()  # both (N, num_classes, h, w)
            S = S + left if self.skips else S
        return S


# %% [markdown]
# The loss is the cross-entropy of every pixel, averaged; the learning rate rises, then
# falls, batch by batch, a [learning-rate schedule](10). Each net for the shapes is
# trained from two seeds.


# %%
def train_masks(net, X, y, num_epochs=5, batch_size=5, seed=0, lr=0.01, **more):
    """Train with Adam; the learning rate rises to lr, then falls. Return the history.

    `more` goes to `fit`, such as `loss` where it isn't the cross-entropy.
    """
    net.to(device, memory_format=torch.channels_last)  # the same sums, faster
    train_iter = load_array((X, y), batch_size, seed=seed)
    return fit(net, train_iter, lr=lr, num_epochs=num_epochs, metrics={}, **more)


@torch.no_grad()
def predict(net, X):
    """The class of every pixel: (N, 1, H, W) to (N, H, W) int64."""
    return net.eval()(X.to(device)).argmax(dim=1).cpu()


results, answers, nets = {}, {}, {}


def try_net(name, make):
    """Train a net from two seeds; keep the last net, its answers, and all results."""
    results[name] = []
    for seed in range(2):
        set_seed(seed)
        nets[name] = make()
        train_masks(nets[name], X, y_shapes, seed=seed)
        answers[name] = predict(nets[name], X_test)
        results[name].append(report(name, answers[name]))


def mean_of(name, number):
    """The mean over the seeds: 0 finding, 1 naming, 2 mean IoU."""
    return sum(r[number] for r in results[name]) / len(results[name])


# %% [markdown] predict="coarse_errors"
# **Predict.** Trained without its skips, the FCN has to draw from a map of 10 x 10
# scores. Where will its wrong pixels be?
#
# - In the middle of shapes, which get the wrong class.
#   wrong: coarse taken for ignorant. The coarse map comes last in the encoder, and its
#   scores have seen the most of each shape.
# - Spread over the image like noise.
#   wrong: every pixel thought to be judged for itself. Neighbours share the same coarse
#   scores, so they are right or wrong together.
# - Along the outlines.
#   right: one coarse score stands for 4 x 4 pixels, and what lies between two scores is
#   interpolated. What is in the middle is known; where it ends is not.

# %%
try_net("FCN without skips", lambda: FCN(4, skips=False))
try_net("FCN", lambda: FCN(4))


def depth(y):
    """Which layer of its shape each pixel is in: 1 at the outline, 0 outside."""
    left = (y > 0).float()[:, None]  # (N, 1, H, W)
    layers = left.clone()
    for _ in range(10):  # keep the pixels whose eight neighbours are all left
        left = (F.avg_pool2d(left, 3, stride=1, padding=1) > 0.99).float()
        layers += left
    return layers[:, 0].int()


def touches_outline(y):
    """Whether each pixel has a neighbour on the other side of an outline: bool."""
    return (depth(y) == 1) | (depth((y == 0).long()) == 1)


at_outline = touches_outline(y_test)
wrong = answers["FCN without skips"] != y_test
share = at_outline[wrong].float().mean().item()
print(f"{at_outline.float().mean():.0%} of the pixels touch an outline; ", end="")
print(f"{share:.0%} of the wrong ones do")
assert share > 0.93 and min(r[1] for r in results["FCN without skips"]) > 0.99

# %% [markdown]
# It names nearly every pixel of every shape. Its errors sit along the outlines: that is
# what the paper saw, and why it added skips. With them the same encoder finds clearly
# better, at four scores a place:

# %%
for name in results:
    print(f"{name:>17}: finding {mean_of(name, 0):.3f}, naming {mean_of(name, 1):.3f}")
assert mean_of("FCN", 0) > mean_of("FCN without skips", 0) + 0.02

# %% [markdown]
# ## The U-Net
#
# Adding scores hands over four numbers a place. Ronneberger, Fischer and Brox (2015)
# hand over *everything*: the encoder's maps are **concatenated** with the decoder's, as
# further channels, and a convolution decides what to take from which. Addition needs
# equal channels; concatenation doesn't.
#
# **Look for** the letter, and for the sizes at both ends of each dashed skip.

# %%
fig = drawings.u_net(widths=(12, 32, 64), side=40, num_classes=4)
plots.show(
    fig,
    alt="The U-Net in the shape of a U. Down the left: 12 maps of 40 x 40, 32 of 20 x "
    "20, 64 of 10 x 10. Up the right by transposed convolutions to the scores. Dashed "
    "skips join the maps of equal size left and right.",
)


# %% [markdown]
# A U: down on the left, up on the right. A skip joins maps of one size, so they can be
# laid on top of each other.
#
# The paper's net takes four steps with two convolutions each, and has 64 to 1,024
# channels. Ours takes two steps with one each: it must learn within seconds. Another
# difference: the paper does not pad, so its maps shrink and the skips are cropped. With
# `padding=1` nothing needs cropping.
#
# `skips=False` takes the skips away and *nothing else*: the decoder has the same
# weights, and is handed zeros.


# %%
class UNet(nn.Module):
    """Scores (N, num_classes, H, W) of grey images (N, 1, H, W)."""

    def __init__(self, num_classes, widths=(12, 32, 64), skips=True):
        super().__init__()
        self.skips, self.encoder = skips, Encoder(widths)
        steps = [(b, a) for a, b in pairwise(widths)][::-1]  # (coarse, fine) widths
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2) for b, a in steps)
        self.join = nn.ModuleList(conv_block(2 * a, a) for _, a in steps)
        self.head = nn.Conv2d(widths[0], num_classes, kernel_size=1)

    def forward(self, X):
        *kept, H = self.encoder(X)
        for up, join in zip(self.up, self.join, strict=True):
            left = kept.pop()
            left = left if self.skips else torch.zeros_like(left)
            H = join(torch.cat([left, up(H)], dim=1))  # (N, 2 a, h, w) -> (N, a, h, w)
        return self.head(H)


net = UNet(num_classes=4)
num_params = sum(p.numel() for p in net.parameters())
scores = net(torch.zeros(2, 1, 40, 40))
print(f"{num_params:,} parameters; scores: {tuple(scores.shape)}")
assert num_params == sum(p.numel() for p in UNet(4, skips=False).parameters())

# %% [markdown]
# ## What is each half for?
#
# A saying about U-Nets: the deep half says *what*, the skips say *where*. Test both
# parts, changing one thing each time.
#
# - **Skips**: the U-Net against the same net whose skips hand over zeros.
# - **Field**: what a deep half brings is a large receptive field. So take nets without
#   pooling or upsampling, four 3 x 3 convolutions at full size. In the `narrow` one an
#   output sees 9 x 9 pixels. The `wide` one has the same weights, but **dilated**
#   (atrous) convolutions, and sees 17 x 17.


# %%
def flat_net(dilations, width=16):
    """3 x 3 convolutions at full size, then scores of four classes."""
    widths = (1, *[width] * len(dilations))
    pairs = zip(pairwise(widths), dilations, strict=True)
    blocks = [conv_block(a, b, dilation) for (a, b), dilation in pairs]
    return nn.Sequential(*blocks, nn.Conv2d(width, 4, kernel_size=1))


def sees(net):
    """Side in pixels of the square of inputs that one output depends on."""
    net.eval()
    X = torch.rand(1, 1, 80, 80).requires_grad_()
    net(X)[0, :, 40, 40].sum().backward()
    rows = X.grad[0, 0].abs().sum(dim=1).nonzero()
    return int(rows.max() - rows.min()) + 1


trials = {
    "U-Net": lambda: UNet(4),
    "without skips": lambda: UNet(4, skips=False),
    "narrow": lambda: flat_net((1, 1, 1, 1)),
    "wide": lambda: flat_net((1, 2, 4, 1)),
}
for name, make in trials.items():
    net = make()
    count = sum(p.numel() for p in net.parameters())
    print(f"{name:>13}: sees {sees(net):2} pixels, {count:6,} parameters")
assert sees(trials["narrow"]()) == 9 and sees(trials["wide"]()) == 17

# %% [markdown] predict="small_field"
# **Predict.** The shapes are 12 to 19 pixels wide. The narrow net sees 9. What will it
# do worse than the wide one?
#
# - Find outlines: they will be frayed.
#   wrong: small field taken for coarse maps. Nothing was pooled, so an outline is as
#   sharp in its maps as in the image, and nine pixels are plenty to see it.
# - Little: its weights are as many, so it only needs more training.
#   wrong: weights taken for sight. Where all 81 pixels that an output depends on are
#   alike, no weights can tell two shapes apart.
# - Name the middle of shapes.
#   right: more than four pixels from the outline it sees nothing but one brightness,
#   the same in a disc as in a square. There it can only guess.

# %%
for name, make in trials.items():
    try_net(name, make)


# %%
layers = depth(y_test)
deep = layers > 4  # all the 9 x 9 pixels around are of the same shape
counts = y_test[deep].bincount(minlength=4)
guess = (counts.max() / counts.sum()).item()
print(f"deep inside: {counts.tolist()} pixels a class; the commonest is {guess:.2f}")
assert CLASSES[counts.argmax()] == "square" and guess > 0.6
for name in trials:
    print(f"{name:>13}: names {naming(answers[name], y_test, deep):.2f} of them")
assert naming(answers["narrow"], y_test, deep) < guess + 0.01
assert min(naming(answers[name], y_test, deep) for name in ("U-Net", "wide")) > 0.95
assert mean_of("wide", 1) > mean_of("narrow", 1) + 0.2
assert mean_of("narrow", 0) > mean_of("U-Net", 0) - 0.002
missed = {name: 1 - mean_of(name, 0) for name in results}  # outlines, badly found
assert missed["FCN"] > 3 * missed["U-Net"]
assert min(r[1] for r in results["without skips"]) > 0.97
assert missed["without skips"] > 6 * missed["U-Net"]

# %% [markdown]
# **Look for** the net that leaves the corner downwards (names badly), those that leave
# it to the left (find badly), and for the layer in which the narrow net is lost.

# %%
at_depth = [layers == 1, layers == 2, layers == 3, layers == 4, deep]
by_depth = {n: [naming(answers[n], y_test, at) for at in at_depth] for n in trials}
commonest_at = [y_test[where].bincount().max() / where.sum() for where in at_depth]
fig = drawings.finding_and_naming(results, by_depth, commonest_at)
plots.show(
    fig,
    alt="Left: naming against finding for six nets, two seeds each. The FCN without "
    "skips and the U-Net without skips name well and find worse; the narrow net finds "
    "well and names far worse; U-Net and wide are in the upper right. Right: naming "
    "by depth. Three nets stay near 1 in all layers; the narrow one begins well above "
    "the stars, the commonest class of each layer, and comes down to them. In the last "
    "layer it is no more than level with the star.",
)
named = {name: min(at) for name, at in by_depth.items()}  # in its worst layer
assert named.pop("narrow") < by_depth["narrow"][0] - 0.18 and min(named.values()) > 0.93
assert by_depth["narrow"][0] > commonest_at[0] + 0.2

# %% [markdown]
# Both parts of the saying hold.
#
# - **The skips find.** Without them the U-Net still names nearly every pixel. What
#   suffers are its outlines, as those of the FCN did. (The FCN with its skips finds
#   better than without them, and less well than the U-Net.)
# - **The field names.** The narrow net is no worse at outlines. It names better near
#   them, where it sees corners and curves. Deeper than four pixels it is no better than
#   someone who always says the commonest class. (Its line rises at the end because the
#   star does: most of the deepest pixels are in squares.)

# %% [markdown]
# And the wide net has neither pooling nor skips. Where nothing is thrown away, nothing
# must be handed over. But each of its layers works at full size: that is cheap here,
# with 16 channels, and dear for 1,024. Pooling is the thrifty way to a large field, and
# skips repair what it costs.

# %% [markdown]
# **Look for** the outlines in the row without skips, and for the colours in the narrow
# row.

# %%
rows = {"image": X_test[:7], "ground truth": y_test[:7]}
rows |= {name: answers[name][:7] for name in ("without skips", "narrow", "U-Net")}
fig = drawings.gallery(rows, CLASSES)
plots.show(
    fig,
    alt="Seven test images, their ground truth and the answers of three nets. Without "
    "skips nearly every shape has its right colour, with slightly uneven outlines and "
    "rounded corners. The narrow net's outlines are sharp and many shapes are patched "
    "in two or three colours. The U-Net's masks are the ground truth but for a few "
    "pixels.",
)

# %%
scores = {name: round(mean_of(name, 2), 3) for name in results}
print(f"mean IoU: the ruler {rules['3. and a ruler'][2]:.3f},", scores)
assert scores.pop("narrow") < 0.75 and min(scores.values()) > rules["3. and a ruler"][2]

# %% [markdown]
# Without skips the outlines suffer, with a narrow field the colours do.
#
# And the ruler? Every net but the narrow one is above it, and nobody told them what a
# triangle is. Note the pixel accuracies, too: that of the narrow net doesn't look bad,
# because two thirds of the pixels are background.
#
# **Any size.** No layer knows the size of the image. Scenes four times as large:

# %%
rng = np.random.default_rng(7)
large, large_masks = zip(*(scene(rng, cells=4) for _ in range(10)), strict=True)
large = torch.tensor(np.stack(large), dtype=torch.float32)[:, None]  # (10, 1, 80, 80)
y_hat = predict(nets["U-Net"], large)
score = mean_iou(y_hat, torch.tensor(np.stack(large_masks)), 4)
print(f"{tuple(large.shape)} -> {tuple(y_hat.shape)}, mean IoU {score:.3f}")
assert score > 0.95

# %% [markdown]
# ## The real picture
#
# Now the nuclei. The net sees the training columns only, as 240 random crops of 64 x 64
# pixels, each turned by a multiple of 90 degrees: under a microscope no direction is
# special. Four epochs. The logarithm tames the few very bright nuclei; mean and
# deviation come from the training columns.


# %%
def crops(image, mask, number, side=64):
    """Turned crops of (H, W) tensors: (number, 1, side, side), (number, side, side)."""
    pair = torch.stack([image, mask.float()])  # (2, H, W)
    tops = torch.randint(image.shape[0] - side + 1, (number,)).tolist()
    lefts = torch.randint(image.shape[1] - side + 1, (number,)).tolist()
    turns = torch.randint(4, (number,)).tolist()
    windows = []
    for i, j, turn in zip(tops, lefts, turns, strict=True):
        window = pair[:, i : i + side, j : j + side]
        windows.append(torch.rot90(window, turn, dims=(1, 2)))
    pairs = torch.stack(windows)  # (number, 2, side, side)
    return pairs[:, :1], pairs[:, 1].long()


def held_out(train_columns, test_columns):
    """Train a U-Net on some columns of the picture; return its mask of others."""
    image = torch.from_numpy(np.log(picture + 10))
    image = (image - image[:, train_columns].mean()) / image[:, train_columns].std()
    net = UNet(num_classes=2, widths=(8, 16, 32))
    X_crops, y_crops = crops(image[:, train_columns], y[:, train_columns], 240)
    train_masks(net, X_crops, y_crops, num_epochs=4, batch_size=8)
    return predict(net, image[None, None, :, test_columns])[0]


by_net = held_out(train_columns, test_columns)
u_net = mean_iou(by_net, y_held_out, 2)
print(f"held-out columns: U-Net {u_net:.3f}, Otsu {otsu:.3f}, ceiling {ceiling:.3f}")
assert u_net > ceiling + 0.05

# %% [markdown]
# The net passes the ceiling of every threshold. **Look for** dim nuclei that Otsu
# misses (dark blue), and for what both get wrong.

# %%
strip = np.log(picture[:, test_columns] + 10)
shown = {f"Otsu, mean IoU {otsu:.2f}": by_otsu, f"U-Net, mean IoU {u_net:.2f}": by_net}
fig = drawings.errors(strip, y_held_out, shown)
plots.show(
    fig,
    alt="The held-out strip: picture, ground truth, and the errors of Otsu and of the "
    "U-Net. Otsu misses large parts of the dim nuclei, in dark blue, and adds a rim to "
    "the brightest one. The errors of the U-Net are mostly thin lines along the "
    "outlines.",
)

# %%
light, numbers = picture[:, test_columns], instances[:, test_columns]
own = [numbers == k for k in np.unique(numbers)[1:]]  # a mask for each nucleus
dim = [nucleus for nucleus in own if light[nucleus].mean() < threshold]
in_dim = torch.from_numpy(np.any(dim, axis=0))
of_dim = {
    name.split(",")[0]: m[in_dim].float().mean().item() for name, m in shown.items()
}
print(f"{len(dim)} of {len(own)} nuclei are on average darker than Otsu's threshold")
print("found of their pixels:", {k: f"{share:.0%}" for k, share in of_dim.items()})

both = (by_otsu != y_held_out) & (by_net != y_held_out)
at_rim = touches_outline(y_held_out[None])[0][both].float().mean().item()
print(f"{both.sum()} pixels both get wrong, {at_rim:.0%} of them touch an outline")
by_threshold, by_training = of_dim.values()
assert by_threshold < 0.4 and by_training > by_threshold + 0.3 and at_rim > 0.7

# %% [markdown]
# Of the dim nuclei Otsu finds less than half, and the net most. What both get wrong are
# mostly thin lines. A pixel at the rim is partly nucleus, partly not, and a mask has to
# choose.
#
# ## Would you bet on that number?
#
# One picture, one strip. Hold out the *left* 128 columns instead, train on the rest and
# ask again.

# %%
y_left = y[:, :128]
by_net_left = held_out(slice(144, 512), slice(0, 128))
by_otsu_left = torch.from_numpy(picture[:, :128] > threshold_otsu(picture[:, 144:]))
left, otsu_left = (mean_iou(m.long(), y_left, 2) for m in (by_net_left, by_otsu_left))
print(f"right strip: U-Net {u_net:.3f}, Otsu {otsu:.3f}")
print(f"left strip:  U-Net {left:.3f}, Otsu {otsu_left:.3f}")
assert u_net - left > (u_net - otsu) / 4 and left > otsu_left + 0.03

strips = {
    "right": (test_columns, by_net, y_held_out),
    "left": (slice(0, 128), by_net_left, y_left),
}
far = {}  # share of wrong pixels away from the outlines
for name, (columns, y_hat, truth) in strips.items():
    nuclei = len(np.unique(instances[:, columns])) - 1
    near, wrong = touches_outline(truth[None])[0], (y_hat != truth).float()
    far[name] = wrong[~near].mean().item()
    print(f"{name}: {nuclei} nuclei, {near.float().mean():.0%} of the pixels ", end="")
    print(f"touch an outline; wrong are {wrong[near].mean():.0%} of them ", end="")
    print(f"and {far[name]:.1%} of the others")
assert far["left"] > 3 * far["right"]

# %% [markdown]
# Several points less, with the same recipe. More nuclei mean more outlines on the left,
# and outlines are hard. But that is not all: away from them, too, the left strip has
# several times the errors. Which nuclei are different there, one picture can't tell.
#
# **The spread between two strips is more than a quarter of the whole gain over Otsu.**
# You can say that the net beats the threshold on both strips. You can't say how it does
# on your microscope.

# %% [markdown]
# ## And now count them

# %%
print(f"{len(np.unique(instances[:, test_columns])) - 1} nuclei drawn by people")
masks = {"ground truth": y_held_out, "U-Net": by_net, "Otsu": by_otsu}
counts = {}
for name, mask in masks.items():
    sizes = np.bincount(regions(mask).ravel())[1:]  # pixels of each region
    counts[name] = len(sizes), int((sizes >= 20).sum())
    print(f"{name}: {counts[name][0]} regions, {counts[name][1]} of 20 pixels or more")
assert counts["ground truth"] == (27, 27) and abs(counts["U-Net"][1] - 27) <= 2
assert counts["Otsu"] == (242, 24)

# %% [markdown]
# The gap of the beginning: 30 nuclei, and touching ones are one region, even in the
# ground truth. The U-Net's first number may come nearer to 30, but not because it
# parts nuclei: it has specks smaller than any true region. Without them it counts about
# as many as the ground truth, for it joins what touches as well. (Otsu's mask is full
# of specks: nine in ten of its regions.) Semantic segmentation has no word for "two".

# %% [markdown]
# Ways out:
#
# - Weight the thin gaps between nuclei heavily in the loss, as the U-Net's authors did,
#   or make "border" a third class.
# - Predict for each pixel the shape around it (StarDist, from whose package this
#   picture comes).
# - Find boxes first, then a mask in each (Mask R-CNN).

# %% [markdown]
# ## When the class is rare
#
# Nuclei cover a fifth of the picture. Lesions or cracks can cover a hundredth or less.
# A small experiment: dots of 3 x 3 pixels that hardly rise above noise. Three losses:
#
# - cross-entropy, as before;
# - cross-entropy with the dots' pixels weighted 100-fold;
# - the **Dice loss**: with $p_i$ the probability of "dot" at pixel $i$ and $t_i \in
#   \{0, 1\}$ the truth, $\; 1 - \dfrac{2 \sum_i p_i t_i + 1}{\sum_i p_i + \sum_i t_i +
#   1}$. The ones keep it defined where there is nothing.


# %%
def dots(number):
    """Noise images (number, 1, 32, 32) with dots 1.5 brighter, and their masks."""
    centers = (torch.rand(number, 1, 32, 32) < 0.0012).float()
    mask = F.max_pool2d(centers, kernel_size=3, stride=1, padding=1)
    return 1.5 * mask + torch.randn(mask.shape), mask[:, 0].long()


def dice_loss(logits, y):
    """1 - soft Dice of class 1, over all pixels of the batch."""
    p = F.softmax(logits, dim=1)[:, 1]  # (N, H, W)
    return 1 - (2 * (p * y).sum() + 1) / (p.sum() + y.sum() + 1)


def weighted(logits, y):
    """Cross-entropy in which a dot's pixel counts as a hundred."""
    return F.cross_entropy(logits, y, weight=logits.new_tensor([1.0, 100.0]))


def dot_net(start):
    """Scores of two classes; untrained it says "dot" with probability `start`."""
    sizes = [(1, 8, 5), (8, 8, 3), (8, 2, 1)]
    convs = [nn.Conv2d(a, b, k, padding=k // 2) for a, b, k in sizes]
    with torch.no_grad():
        convs[-1].bias.copy_(torch.tensor([1 - start, start]).log())
    return nn.Sequential(convs[0], nn.ReLU(), convs[1], nn.ReLU(), convs[2])


# %%
def dot_trial(loss, start, num_epochs, seed):
    """Train from a seed: Dice at 0.5, at a tuned level, that level, accuracy, share.

    The share is that of the background, the accuracy of the laziest net.
    """
    set_seed(seed)
    (X_dots, y_dots), (X_tune, y_tune), (X_new, y_new) = (dots(200) for _ in range(3))
    net, settings = dot_net(start), {"lr": 0.02, "loss": loss, "seed": seed}
    train_masks(net, X_dots, y_dots, num_epochs, batch_size=10, **settings)
    with torch.no_grad():
        scores = net(torch.cat([X_tune, X_new]).to(device)).cpu()  # (400, 2, 32, 32)
    p_tune, p_new = F.softmax(scores, dim=1)[:, 1].split(200)
    levels = torch.linspace(-4, 7, 56).sigmoid()
    level = max(levels.tolist(), key=lambda x: dice(p_tune > x, y_tune == 1))
    is_dot = y_new == 1
    at_half, at_level = dice(p_new > 0.5, is_dot), dice(p_new > level, is_dot)
    accuracy = pixel_accuracy(p_new > 0.5, is_dot)
    return at_half, at_level, level, accuracy, (~is_dot).float().mean().item()


# %%
def two_trials(name, loss, start=0.5, num_epochs=8):
    """Run a trial from two seeds; keep its (2, 5) numbers and print their means."""
    numbers = [dot_trial(loss, start, num_epochs, seed) for seed in range(2)]
    rare[name] = torch.tensor(numbers)
    half, tuned, level, accuracy, _ = rare[name].mean(dim=0).tolist()
    print(f"{name:>26}: accuracy {accuracy:.3f}, Dice {half:.2f}; ", end="")
    print(f"{tuned:.2f} at the tuned threshold {level:.3f}")


rare = {}
two_trials("cross-entropy", F.cross_entropy)
two_trials("weighted", weighted)
two_trials("Dice loss", dice_loss)
of_lazy = rare["cross-entropy"][:, 4]  # (2,)
print(f"{'always background':>26}: accuracy {of_lazy.mean():.3f}, Dice 0.00")
assert torch.equal(rare["cross-entropy"][:, 3], of_lazy)  # no pixel is marked

# %% [markdown]
# Each loss had eight epochs. Plain cross-entropy marks no pixel at all, with an
# accuracy of 0.99: that of the laziest net. It is often said that this loss can't cope
# with a rare class. Is that so?

# %% [markdown] predict="start_at_one_percent"
# **Predict.** One number is changed: the bias of the last layer, so that the untrained
# net says "dot" with probability 0.01 rather than 0.5. Then the same eight epochs of
# plain cross-entropy. What comes out?
#
# - Still nothing marked: it begins even further from marking a dot.
#   wrong: where it starts taken for where it goes. From 0.5 most of its first steps go
#   into "nearly all is background". Now this is known, and they go into the dots.
# - Dice about as good as with the Dice loss.
#   right: cross-entropy copes well with a rare class. What it needed was time to get
#   away from a bad start, and the bias is that start.
# - No change: training soon overwrites a bias.
#   wrong: training taken for instant. It does overwrite it in the end; with so few
#   epochs, a bad start is most of what you see.

# %%
two_trials("cross-entropy, from 0.01", F.cross_entropy, start=0.01)
two_trials("cross-entropy, 5 x as long", F.cross_entropy, num_epochs=40)
half = {name: numbers[:, 0] for name, numbers in rare.items()}  # (2,) each: the seeds
tuned = {name: numbers[:, 1] for name, numbers in rare.items()}
assert half["cross-entropy"].max() == 0 and half["Dice loss"].min() > 0.6
assert half["cross-entropy, from 0.01"].mean() > half["Dice loss"].mean() - 0.01
assert tuned["cross-entropy, 5 x as long"].mean() > tuned["Dice loss"].mean() - 0.02
assert tuned["cross-entropy"].max() < tuned["cross-entropy, 5 x as long"].mean() - 0.2
assert (tuned["weighted"] - half["weighted"]).min() > 0.3
assert rare["weighted"][:, 2].min() > 0.95  # the tuned threshold
accuracy = {name: numbers[:, 3].mean() for name, numbers in rare.items()}
assert accuracy.pop("weighted") < min(accuracy.values()) - 0.02

# %% [markdown]
# **Look for** the trainings that do badly at 0.5 and as well as the best when tuned.

# %%
pairs = {"threshold 0.5": half, "tuned threshold": tuned}
fig = drawings.pairs_of_bars(pairs, "Dice on new images")
plots.show(
    fig,
    alt="Dice of five trainings, at 0.5 and at a tuned threshold. Plain cross-entropy "
    "has 0 at 0.5 and is the lowest when tuned. Weighted cross-entropy is low at 0.5 "
    "and high when tuned; so may be the one of 40 epochs. The Dice loss, and "
    "cross-entropy that starts from 0.01, are high at both.",
)

# %% [markdown]
# The weighted loss, and cross-entropy trained five times as long, if a seed of it still
# marks too little. So plain cross-entropy was not blind, but *late*. With one number
# set before training it does what the Dice loss does; five times as long it ranks the
# pixels as well, too, as its second bar says. "This loss fails" was a net that wasn't
# trained.

# %% [markdown]
# The weighted net knows where the dots are, too; it marks too much, so its accuracy is
# the lowest. For a pixel that is a dot with probability $p$, weight $w$ makes the loss
# $-w\, p \log q - (1 - p) \log(1 - q)$. Its slope in $q$ is 0 where
#
# $$\frac{w\, p}{q} = \frac{1 - p}{1 - q}, \qquad
# \frac{q}{1 - q} = w\, \frac{p}{1 - p} .$$
#
# The odds are multiplied by 100. So "more likely than not" is no longer $q > 0.5$, but
# $q > 100/101 \approx 0.99$, and the tuned threshold is near it. **A loss and a
# threshold belong together.** Choose it on images that you neither train nor test on.

# %% [markdown]
# ## What goes wrong in practice
#
# **A size that the stairs don't divide.** 42 halves to 21, then to 10, and comes back
# as 20. Pad the image to a multiple of 4 (with two steps), and crop the answer.

# %%
net = nets["U-Net"].cpu()
odd = torch.rand(1, 1, 42, 50)
try:
    net(odd)
except RuntimeError as error:
    print(error)

below, right = -odd.shape[2] % 4, -odd.shape[3] % 4
padded = F.pad(odd, (0, right, 0, below), mode="reflect")
y_hat = net(padded)[:, :, :42, :50]
print("padded to", tuple(padded.shape[2:]), "and cropped:", tuple(y_hat.shape))
assert y_hat.shape == (1, 4, 42, 50)

# %% [markdown]
# **Softmax over the height.** With (N, classes, H, W) the classes are axis 1. Axis 2,
# or -1, raises no error. Check that the probabilities of a pixel add up to 1.

# %%
with torch.no_grad():
    scores = net(X_test[:2])  # (2, 4, 40, 40)
for axis in (1, 2):
    sums = F.softmax(scores, dim=axis).sum(dim=1)  # over the classes
    print(f"over axis {axis}: a pixel's sum is {sums.min():.3f} to {sums.max():.3f}")
    assert torch.allclose(sums, torch.ones_like(sums)) == (axis == 1)

# %% [markdown]
# **A mask resized like a photo.** Class numbers are names, not amounts. Between
# background (0) and square (2), bilinear resizing invents 1: a disc. Resize masks with
# `mode="nearest"`. For the same reason never save a mask as JPEG.

# %%
mask = torch.zeros(1, 1, 6, 6)
mask[:, :, 2:4, 2:4] = 2  # one square
for mode in ("bilinear", "nearest"):
    resized = F.interpolate(mask, scale_factor=2, mode=mode).round()
    print(f"{mode:>9}: classes {resized.unique().int().tolist()}")
    assert (1 in resized) == (mode == "bilinear")

# %% [markdown]
# **A class that never comes.** The loss looks settled, and one class has an IoU of 0,
# like the dots after eight epochs of cross-entropy. A mean over the classes hides it:
# the laziest net had 0 for nucleus and a mean IoU of 0.40. Look at the IoU of every
# class, and train longer before you blame the loss.

# %% [markdown]
# **Leaking through the split.** Crops that overlap lie in training *and* test if you
# cut them first and shuffle then. Split by region, by picture or, best, by patient.
#
# **A checkerboard in the masks.** A kernel that the stride doesn't divide gives some
# pixels more stamps than others ([transposed convolution](12)). Ours, 2 and 4 wide at
# stride 2, give each the same number.

# %% [markdown]
# ## Summary
#
# - Semantic segmentation gives each pixel a class; it can't tell two touching things
#   apart.
# - Pixel accuracy praises doing nothing. Report IoU or Dice per class, and say which.
# - Transposed convolution scatters: stamps, $s$ apart, added; side $(h-1)s + k - 2p$.
#   With a bilinear kernel it interpolates.
# - The encoder's large field says what, the skips say where. FCN adds scores across,
#   U-Net concatenates maps.
# - Try a threshold first, and rules that use what you know.
# - A rare class needs a good start or patience; choose loss and threshold together.

# %%
metrics = {"mean IoU, made shapes": mean_of("U-Net", 2), "mean IoU, nuclei": u_net}
metrics |= {"Otsu": otsu, "without skips": mean_of("without skips", 2)}

# %% [markdown]
# ## To think about
#
# 1. Give the narrow net three times the epochs. Where does it get better, and where
#    can't it?
# 2. Replace the transposed convolutions by `nn.Upsample(scale_factor=2,
#    mode="bilinear")` and a 1 x 1 convolution. What changes?
# 3. Make "border" a third class on the nuclei: pixels of a nucleus next to another
#    nucleus or the background. Count again, without the borders.
# 4. Let the made shapes overlap. Which falls faster, the ruler or the net?
# 5. A pixel at a nucleus's rim is half nucleus. What is the best IoU that two careful
#    people could agree on?

# %% [markdown]
# The exercise notebook `29_segmentation` comes next: eight checked exercises, from
# one stamp to an image too large for the memory.
#
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: sections 13.9 to 13.11 in the
#   edition of `d2l` 0.17, 14.9 to 14.11 in the printed book.
# - Long, Shelhamer, Darrell, *Fully convolutional networks for semantic segmentation*,
#   CVPR 2015, arXiv 1411.4038.
# - Ronneberger, Fischer, Brox, *U-Net: convolutional networks for biomedical image
#   segmentation*, MICCAI 2015, arXiv 1505.04597. Its first task had 30 images.
# - Yu, Koltun, *Multi-scale context aggregation by dilated convolutions*, ICLR 2016,
#   arXiv 1511.07122.
# - Milletari, Navab, Ahmadi, *V-Net*, 3DV 2016, arXiv 1606.04797: the Dice loss.

# %% [markdown]
# - Lin, Goyal, Girshick, He, Dollár, *Focal loss for dense object detection*, ICCV
#   2017, arXiv 1708.02002: its section 3.3 starts the last bias at 0.01, as here.
# - Otsu, *A threshold selection method from gray-level histograms*, IEEE Transactions
#   on Systems, Man, and Cybernetics 9(1), 1979.
# - Caicedo et al., *Nucleus segmentation across imaging experiments: the 2018 Data
#   Science Bowl*, Nature Methods 16, 2019: where the picture comes from.
# - Schmidt, Weigert, Broaddus, Myers, *Cell detection with star-convex polygons*,
#   MICCAI 2018, arXiv 1806.03535: StarDist.
# - Maier-Hein et al., *Metrics reloaded*, Nature Methods 21, 2024: which number to
#   report, and why so many papers choose badly.
