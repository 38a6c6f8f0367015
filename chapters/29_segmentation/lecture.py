# %% [markdown]
# # Segmentation: a class for every pixel
#
# A biologist photographs cells whose nuclei glow. She doesn't ask what the picture
# shows, nor for a box around each nucleus. She asks for the area, to the pixel.
# **How can a net answer with a picture?**
#
# You measure such answers, and see a number that praises doing nothing. You build the
# layer that makes maps larger, by hand, and from it the U-Net. You train it on made
# shapes, take it apart to see what each half is for, and then on a real picture.
#
# You need chapters 12 (convolution, transposed convolution) and 14 (batch
# normalisation).

# %%
import io
import math

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import torch
from matplotlib.colors import ListedColormap
from PIL import Image
from skimage import measure
from skimage.filters import threshold_otsu
from torch import nn
from torch.nn import functional as F
from torchvision.utils import draw_segmentation_masks

from utils import plots
from utils.data import load_array
from utils.device import set_seed
from utils.packaged import read

plots.use_style()
set_seed(0)

# %% [markdown]
# ## Semantic or instance?
#
# The picture is real: 512 x 512 pixels from the 2018 Data Science Bowl. People drew the
# nuclei by hand, each with a number of its own: 0 is background, then 1, 2, 3 ...
#
# - **Semantic** segmentation gives each pixel a class: nucleus or not.
# - **Instance** segmentation also says *which* nucleus.
#
# **Look for** two nuclei that touch: what happens to them in the middle?

# %%
picture = np.array(Image.open(io.BytesIO(read("nuclei")))).astype(np.float32)
instances = np.array(Image.open(io.BytesIO(read("nuclei_mask")))).astype(np.int64)
semantic = (instances > 0).astype(np.int64)

corner = (slice(300, 460), slice(0, 160))
shuffled = (instances * 7) % 19 + 1  # neighbours get different colours
fig, axes = plots.figure(ncols=3, width=2.9, height=3.3)
axes[0].imshow(np.log(picture[corner] + 10), cmap="gray")
axes[1].imshow(semantic[corner], cmap="cividis")
axes[2].imshow(np.where(semantic, shuffled, 0)[corner], cmap="nipy_spectral")
for ax, title in zip(axes, ("picture", "semantic", "instances"), strict=True):
    ax.set_title(title)
    ax.axis("off")
plots.show(
    fig,
    alt="A corner of the microscope picture with glowing oval nuclei; its semantic "
    "mask in two colours, where touching nuclei melt into one blob; its instance mask, "
    "where each nucleus has a colour of its own.",
)


# %%
def number_blobs(mask):
    """Connected regions of a mask (H, W), numbered from 1: neighbours share a side."""
    return measure.label(np.asarray(mask), connectivity=1)


num_nuclei = len(np.unique(instances)) - 1
num_blobs = number_blobs(semantic).max()
share = semantic.mean()
print(f"{num_nuclei} nuclei drawn, {num_blobs} connected regions in the semantic mask")
print(f"{share:.3f} of the pixels are nucleus")
assert num_nuclei == 125 and num_blobs == 106 and round(share, 3) == 0.199

# %% [markdown]
# Keep these two numbers. The semantic mask here is *perfect*, and whoever counts its
# blobs finds 106 nuclei instead of 125. This chapter is about semantic segmentation. At
# its end the gap will still be there.
#
# ## How good is a mask?
#
# Call $A$ the pixels that the mask gives to a class, and $B$ those that have it.
#
# - **Pixel accuracy**: the share of all pixels with the right class.
# - **IoU**, intersection over union, for each class:
#   $\dfrac{|A \cap B|}{|A \cup B|}$, where $|\cdot|$ counts pixels; its mean over the
#   classes is the *mean IoU*.
# - **Dice**: $\dfrac{2\,|A \cap B|}{|A| + |B|}$, the same as the F1 score.


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


# %% [markdown]
# Now the laziest net there is: it answers "background" everywhere.

# %%
y = torch.from_numpy(semantic)
nothing = torch.zeros_like(y)
lazy = {
    "pixel accuracy": pixel_accuracy(nothing, y),
    "IoU of nucleus": iou(nothing, y, 2)[1].item(),
    "mean IoU": mean_iou(nothing, y, 2),
    "Dice of nucleus": dice(nothing == 1, y == 1),
}
for name, value in lazy.items():
    print(f"{name:>16}: {value:.3f}")
assert round(lazy["pixel accuracy"], 2) == 0.80 and lazy["IoU of nucleus"] == 0
assert round(lazy["mean IoU"], 2) == 0.40

shifted = torch.roll(y, 3, dims=1)  # the perfect mask, three pixels too far right
a, b = iou(shifted, y, 2)[1].item(), dice(shifted == 1, y == 1)
print(f"\nshifted by 3 pixels: IoU {a:.3f}, Dice {b:.3f}, 2 IoU / (1 + IoU) = ", end="")
print(f"{2 * a / (1 + a):.3f}")
assert abs(2 * a / (1 + a) - b) < 1e-5 and a < b and round(a, 2) == 0.73

# %% [markdown]
# A pixel accuracy of 0.80 for nothing: that is what **class imbalance** does. The rarer
# the class, the higher the praise. IoU and Dice of the class itself say 0.
#
# These two always rank masks alike, since one is computed from the other:
# $\text{Dice} = 2\,\text{IoU} / (1 + \text{IoU})$. Dice is the larger number, so ask
# which one you are shown. And both are strict with small things: three pixels of shift
# cost a quarter of the IoU.

# %% [markdown]
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

levels = range(20, 80)  # and the best threshold of all, chosen on the test itself
masks = [torch.from_numpy(picture[:, test_columns] > level).long() for level in levels]
oracle = max(mean_iou(mask, y_held_out, 2) for mask in masks)
print(f"Otsu's threshold {threshold:.0f}: mean IoU {otsu:.3f} on the held-out columns")
print(f"the best threshold that hindsight can find: {oracle:.3f}")
assert round(otsu, 3) == 0.831 and round(oracle, 3) == 0.862

# %% [markdown]
# Quite good. And there is a ceiling: whoever cuts at one brightness, however cleverly
# chosen, gets no further than 0.862 here. More is to be had by looking at *neighbours*.

# %% [markdown]
# ## The idea: a net without a flat end
#
# A classifier like LeNet ends in full layers that want a fixed number of pixels. A
# **fully convolutional** net (Long, Shelhamer and Darrell, 2015) has none. Its last
# layer is a 1 x 1 convolution: at every place it turns the features into one score for
# each class. It reads an image of any size and answers with a map of scores.
#
# But pooling made that map coarse. To give each pixel its class it must become large
# again. For that you need a convolution that runs backwards.

# %% [markdown]
# ## Transposed convolution, by hand
#
# An ordinary convolution gathers: a window of inputs gives one output. A *transposed*
# one scatters: each input puts a copy of the kernel, times itself, into the output;
# where copies overlap, they add.
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

fig, ax = plots.figure(width=6.4, height=2.9)
for i in range(4):
    places = torch.arange(2 * i, 2 * i + 4)
    label = f"stamp of x[{i}] = {x[i]:.0f}"
    ax.plot(places, stamps[i, places], marker="osD^"[i], linewidth=1, label=label)
ax.step(range(10), total, where="mid", color="black", linestyle="-", label="their sum")
ax.set(xlabel="place in the output (pixels)", ylabel="value", ylim=(0, 5.6))
ax.set_xticks(range(10))
ax.legend(ncols=3, loc="upper left")
plots.show(
    fig,
    alt="Four humps, each a copy of the kernel scaled by one input and two pixels to "
    "the right of the one before. Their sum, a staircase, rises and falls through the "
    "values of the inputs with steps in between: a linear interpolation.",
)
print(total.tolist())
linear = F.interpolate(x[None, None], scale_factor=2, mode="linear")[0, 0]
assert torch.allclose(total[2:8], linear[1:7])

# %% [markdown]
# With this kernel the sum *interpolates*. Note the rim, where a second stamp is missing
# and the values are too low. **Padding** $p$ means here: cut off $p$ values on each
# side. **Stride** $s$ is the distance between stamps, so it makes the output larger.
# From an input of side $h$ and a kernel of side $k$ comes
#
# $$Y_{i s + u - p,\; j s + v - p} \mathrel{+}= X_{i,j}\, K_{u,v},
# \qquad \text{of side} \quad (h - 1)\, s + k - 2p .$$
#
# $(i, j)$ runs over the input's places and $(u, v)$ over the kernel's. Compare with the
# convolution's side, $\lfloor (h + 2p - k)/s \rfloor + 1$: everything that divided now
# multiplies.


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
    print(f"stride {stride}, padding {padding}: (4, 5) -> {tuple(ours.shape)}", end="")
    print(f", difference from PyTorch {difference:.0e}")
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
W = F.conv2d(basis, K[None, None]).reshape(16, 4).T  # (4, 16): a column a pixel
small = torch.eye(4).reshape(4, 2, 2)
W_up = torch.stack([trans_conv(x, K).ravel() for x in small]).T  # (16, 4)
fig, axes = plots.figure(ncols=2, width=4.6, height=3.4, width_ratios=[2.2, 1])
plots.heatmap(W, axes[0], "input pixel", "output", colorbar=False, cmap="cividis")
plots.heatmap(W_up, axes[1], "input", "output pixel", cmap="cividis", aspect="auto")
axes[0].set_title("convolution: 16 pixels to 4")
axes[1].set_title("transposed: 4 to 16")
plots.show(
    fig,
    alt="Left a matrix of 4 rows and 16 columns with the nine kernel values in each "
    "row, shifted from row to row. Right the same matrix on its side: 16 rows, 4 "
    "columns.",
)
assert torch.equal(W_up, W.T)
assert not torch.allclose(W_up @ W, torch.eye(16))  # the transpose is no inverse

# %% [markdown]
# The two matrices are each other's transpose, number for number. They aren't inverses:
# what pooling threw away, no kernel brings back. This is why the skips further down
# matter.
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
# where $c$ is the kernel's middle.


# %%
def bilinear_kernel(factor):
    """The kernel that enlarges by `factor`: (k, k), k = 2 factor - factor % 2."""
    k = 2 * factor - factor % 2
    triangle = 1 - (torch.arange(k) - (k - 1) / 2).abs() / factor
    return torch.outer(triangle, triangle)


def book_kernel(k):
    """The recipe of the book's section on FCN, from the kernel's side k."""
    factor = (k + 1) // 2
    center = factor - 1 if k % 2 == 1 else factor - 0.5
    rows, columns = torch.arange(k).reshape(-1, 1), torch.arange(k).reshape(1, -1)
    down = 1 - torch.abs(rows - center) / factor
    return down * (1 - torch.abs(columns - center) / factor)


for factor in (2, 3, 4, 5):
    K = bilinear_kernel(factor)
    assert torch.allclose(K, book_kernel(len(K)))
print(bilinear_kernel(2).tolist()[:2])

# %% [markdown]
# The recipe of the book (the package `d2l` doesn't carry it, so it is written out
# above) gives the same kernels. Now the library's own interpolation. Our layer differs
# at the rim, where stamps are missing; there `F.interpolate` repeats the last pixel. So
# give it a rim to repeat: then all pixels agree.

# %%
patch = torch.from_numpy(np.log(picture[120:136, 60:84] + 10))  # (16, 24)
factor = 4
large = trans_conv(patch, bilinear_kernel(factor), stride=factor, padding=factor // 2)
library = F.interpolate(patch[None, None], scale_factor=factor, mode="bilinear")[0, 0]
gap = (large - library).abs()
rim = factor // 2
print(f"largest difference: {gap[rim:-rim, rim:-rim].max():.0e} inside, ", end="")
print(f"{gap.max():.2f} at the rim")
assert gap[rim:-rim, rim:-rim].max() < 1e-4 and gap.max() > 0.5

wider = F.pad(patch[None], (1, 1, 1, 1), mode="replicate")[0]
wider = trans_conv(wider, bilinear_kernel(factor), factor, factor // 2)
assert torch.allclose(wider[factor:-factor, factor:-factor], library, atol=1e-4)

# %% [markdown]
# ## The U-Net
#
# Going down, a net learns *what* there is and forgets *where*. Going up, it has to draw
# edges that are no longer in its maps. Ronneberger, Fischer and Brox (2015) had a
# simple idea: **keep the maps of the way down, and hand each to the way up at the same
# size**, concatenated as further channels. These are *skips*.
#
# **Look for** the letter, and for the sizes at both ends of each dashed skip.

# %%
places = {  # name: (x, level), how many channels and the side of the maps
    "image\n1 x 40 x 40": (-0.2, 0),
    "12 x 40 x 40": (1.5, 0),
    "32 x 20 x 20": (2.4, -1),
    "64 x 10 x 10": (3.75, -2),
    "32 + 32 x 20 x 20": (5.1, -1),
    "12 + 12 x 40 x 40": (6.0, 0),
    "scores\n4 x 40 x 40": (8.0, 0),
}
names = list(places)
steps = ["conv", "pool, conv", "pool, conv", "transposed\nconv", "transposed\nconv"]
steps.append("conv,\n1 x 1 conv")
labels = dict(zip(zip(names[:-1], names[1:], strict=True), steps, strict=True))
skips = {(names[1], names[5]): "skip", (names[2], names[4]): "skip"}
graph = nx.DiGraph([*labels, *skips])

# %%
fig, ax = plots.figure(width=9, height=3.6)
boxes = {"boxstyle": "round,pad=0.35", "facecolor": "#cfe3f1", "edgecolor": "#0072B2"}
nx.draw_networkx_labels(graph, places, font_size=8, bbox=boxes, ax=ax)
level = [edge for edge in labels if places[edge[0]][1] == places[edge[1]][1]]
steep = [edge for edge in labels if edge not in level]
options = {"ax": ax, "arrowsize": 13}
nx.draw_networkx_edges(graph, places, level, node_size=4600, **options)
nx.draw_networkx_edges(graph, places, steep, node_size=900, **options)
options |= {"style": "dashed", "edge_color": "#D55E00"}
nx.draw_networkx_edges(graph, places, list(skips), node_size=7500, **options)
options = {"ax": ax, "font_size": 7, "rotate": False}
nx.draw_networkx_edge_labels(graph, places, labels | skips, **options)
ax.set(xlim=(-0.9, 8.8), ylim=(-2.5, 0.5))
ax.axis("off")
plots.show(
    fig,
    alt="The U-Net as a graph in the shape of a U. Down the left: 12 maps of 40 x 40, "
    "32 of 20 x 20, 64 of 10 x 10. Up the right by transposed convolutions to the "
    "scores. Dashed skips join the maps of equal size left and right.",
)


# %% [markdown]
# The paper's net takes four steps with two convolutions each, and has 64 to 1,024
# channels. Ours takes two with one each: it must learn within seconds. Another
# difference: the paper does not pad, so its maps shrink and the skips are cropped. With
# `padding=1` nothing needs cropping.


# %%
def conv_block(in_channels, out_channels):
    """3 x 3 convolution that keeps the size, batch normalisation, ReLU."""
    conv = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels), nn.ReLU())


class UNet(nn.Module):
    """Scores (N, num_classes, H, W) of grey images (N, 1, H, W)."""

    def __init__(self, num_classes, widths=(12, 32, 64), skips=True):
        super().__init__()
        self.skips = skips
        steps = list(zip(widths[:-1], widths[1:], strict=True))
        self.first = conv_block(1, widths[0])
        self.down = nn.ModuleList(conv_block(a, b) for a, b in steps)
        steps.reverse()
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in steps)
        joined = 2 if skips else 1
        self.join = nn.ModuleList(conv_block(joined * a, a) for a, _ in steps)
        self.head = nn.Conv2d(widths[0], num_classes, kernel_size=1)

    def forward(self, X):
        H, kept = self.first(X), []
        for block in self.down:
            kept.append(H)
            H = block(F.max_pool2d(H, 2))
        for up, block in zip(self.up, self.join, strict=True):
            H, left = up(H), kept.pop()
            H = block(torch.cat([left, H], dim=1) if self.skips else H)
        return self.head(H)


net = UNet(num_classes=4)
print("scores:", tuple(net(torch.zeros(2, 1, 40, 40)).shape))
print("any size:", tuple(net(torch.zeros(1, 1, 64, 104)).shape))
num_params = sum(p.numel() for p in net.parameters())
print(f"{num_params:,} parameters")
assert net(torch.zeros(1, 1, 64, 104)).shape == (1, 4, 64, 104)

# %%
paper, c = 9 * 64 + 64 + 9 * 64**2 + 64, 64  # the first two convolutions
for _ in range(4):
    paper += 9 * c * 2 * c + 2 * c + 9 * (2 * c) ** 2 + 2 * c  # down, to 2c channels
    paper += 4 * 2 * c * c + c + 9 * 2 * c * c + c + 9 * c**2 + c  # up, back to c
    c *= 2
paper += 64 * 2 + 2  # 1 x 1, to two classes
print(f"the paper's: {paper:,} parameters, {paper / num_params:.0f} times ours")
assert round(paper / 1e6) == 31 and 500 < paper / num_params < 650

# %% [markdown]
# ## Shapes whose masks are exact
#
# First a task where every pixel's class is known for certain, because you draw it:
# discs, squares and triangles. A shape is darker *or* brighter than the background,
# whatever its kind. So brightness says nothing about the class.


# %%
CLASSES = ["background", "disc", "square", "triangle"]


def inside(kind, x, y, r):
    """Where a shape of radius r around the origin covers the points (x, y)."""
    if kind == 1:
        return x**2 + y**2 < r**2
    if kind == 2:
        return np.maximum(abs(x), abs(y)) < 0.89 * r
    return (y < 0.9 * r) & (abs(x) < 0.55 * (y + r))


def scene(rng, cells=3):
    """One image and its mask: shapes in some of cells x cells places, and noise."""
    side = 40 * cells // 3
    rows, columns = np.mgrid[:side, :side]
    image, mask = np.full((side, side), rng.uniform(0.4, 0.6)), np.zeros_like(rows)
    number = rng.integers(cells**2 // 2, cells**2 + 1)
    for cell in rng.permutation(cells**2)[:number]:
        x = columns - side / cells * (cell % cells + 0.5) - rng.uniform(-1, 1)
        y = rows - side / cells * (cell // cells + 0.5) - rng.uniform(-1, 1)
        kind, r = rng.integers(1, 4), rng.uniform(4, 6)
        value = rng.choice([rng.uniform(0, 0.2), rng.uniform(0.8, 1)])
        covered = inside(kind, x, y, r)
        image[covered], mask[covered] = value, kind
    return image + rng.normal(0, 0.05, image.shape), mask


# %% [markdown]
# **Look for** two shapes of one class and opposite brightness. Below each image, its
# mask is drawn over it with torchvision's `draw_segmentation_masks`.

# %%
rng = np.random.default_rng(0)
images, masks = zip(*(scene(rng) for _ in range(500)), strict=True)
X_all = torch.tensor(np.stack(images), dtype=torch.float32)[:, None]  # (500, 1, 40, 40)
y_all = torch.tensor(np.stack(masks), dtype=torch.int64)  # (500, 40, 40)
X, y_shapes, X_test, y_test = X_all[:400], y_all[:400], X_all[400:], y_all[400:]
COLORS = ["#0072B2", "#E69F00", "#CC79A7"]  # disc, square, triangle


def overlay(image, mask):
    """A (1, H, W) image in grey with the mask of its classes in colour: (3, H, W)."""
    grey = (image.clamp(0, 1) * 255).byte().expand(3, -1, -1)
    kinds = torch.stack([mask == c for c in (1, 2, 3)])  # (3, H, W) of bools
    return draw_segmentation_masks(grey, kinds, alpha=0.75, colors=COLORS) / 255


# %%
pairs = [X_test[i].clamp(0, 1).expand(3, -1, -1) for i in range(6)]
pairs += [overlay(X_test[i], y_test[i]) for i in range(6)]
axes = plots.images(torch.stack(pairs), ncols=6)
fig = axes[0].figure
patches = [plt.Rectangle((0, 0), 1, 1, color=color) for color in COLORS]
fig.legend(patches, CLASSES[1:], loc="outside lower center", ncols=3)
fig.set_size_inches(8, 3)
plots.show(
    fig,
    alt="Six made images of 40 x 40 pixels with dark and bright discs, squares and "
    "triangles on grey; below each the same with its mask in colour: discs blue, "
    "squares orange, triangles pink.",
)

# %% [markdown]
# ## What a threshold can do here
#
# Three baselines, each cleverer than the last:
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
    numbers = number_blobs(found)
    mask = np.zeros(found.shape, dtype=np.int64)
    for blob in measure.regionprops(numbers):
        differences = np.abs(blob.extent - np.array([np.pi / 4, 1, 0.5]))
        mask[numbers == blob.label] = 1 + differences.argmin()
    return mask


commonest = y_shapes[y_shapes > 0].mode().values.item()
guesses = {"1. Otsu": [], "2. distance": [], "3. and a ruler": []}
for image in X_test[:, 0].numpy():
    bright = image > threshold_otsu(image)
    smaller = bright if bright.mean() < 0.5 else ~bright
    distance = np.abs(image - np.median(image))
    found = distance > threshold_otsu(distance)
    guesses["1. Otsu"].append(smaller * commonest)
    guesses["2. distance"].append(found * commonest)
    guesses["3. and a ruler"].append(ruler(found))


# %%
def finding(y_hat, y):
    """Mean IoU of "shape or not", whatever the class."""
    return mean_iou((y_hat > 0).long(), (y > 0).long(), 2)


results = {}
for name, guessed in guesses.items():
    y_hat = torch.tensor(np.stack(guessed))
    results[name] = (finding(y_hat, y_test), mean_iou(y_hat, y_test, 4))
    found, named = results[name]
    print(f"{name:>15}: finding {found:.3f}, mean IoU {named:.3f}")
assert results["1. Otsu"][1] < 0.4 and results["2. distance"][1] < 0.4
assert results["2. distance"][0] > 0.95 and 0.88 < results["3. and a ruler"][1] < 0.94

# %% [markdown]
# A threshold *finds* shapes well, if you ask the right question. It can't *name* them:
# a mean IoU of about a third.
#
# And honestly: the ruler reaches about 0.92. It took ten lines, no training, and it
# would be hard to justify a net with this task alone, if the shapes never touched and
# somebody always knew the rule. Nobody tells the net.
#
# ## Three nets
#
# Train the U-Net, and two that each lack a part:
#
# - **without skips**: the same stairs, but nothing is handed across;
# - **one step**: skips, but only one step down, so the way is short.
#
# Before you run it, guess what each will be bad at. The loss is the cross-entropy of
# every pixel, averaged.


# %%
def fit(net, X, y, num_epochs=4, batch_size=10, lr=0.01, loss=F.cross_entropy):
    """Train with Adam; the learning rate rises to lr, then falls; return the losses."""
    net.to(memory_format=torch.channels_last).train()  # same numbers, faster
    train_iter = load_array((X, y), batch_size)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, epochs=num_epochs, steps_per_epoch=len(train_iter)
    )
    losses = []
    for _ in range(num_epochs):
        for X_batch, y_batch in train_iter:
            value = loss(net(X_batch), y_batch)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            schedule.step()
            losses.append(value.item())
    return losses


@torch.no_grad()
def predict(net, X):
    """The class of every pixel: (N, 1, H, W) to (N, H, W) int64."""
    net.eval()
    return net(X).argmax(dim=1)


# %%
nets = {
    "U-Net": UNet(4),
    "without skips": UNet(4, skips=False),
    "one step": UNet(4, widths=(12, 32)),
}
losses, answers = {}, {}
for name, net in nets.items():
    losses[name] = fit(net, X, y_shapes)
    answers[name] = predict(net, X_test)
    results[name] = (finding(answers[name], y_test), mean_iou(answers[name], y_test, 4))
    accuracy = pixel_accuracy(answers[name], y_test)
    found, named = results[name]
    print(f"{name:>13}: finding {found:.3f}, mean IoU {named:.3f}, ", end="")
    print(f"pixel accuracy {accuracy:.3f}")
assert results["U-Net"][1] >= 0.92

# %% [markdown]
# **Look for** edges in the row without skips, and for the colours in the last one: a
# colour is a class.

# %%
rows = {"image": None, "truth": y_test} | answers
grid = []
for masks in rows.values():
    for i in range(7):
        plain = X_test[i].clamp(0, 1).expand(3, -1, -1)
        grid.append(plain if masks is None else overlay(X_test[i], masks[i]))
fig, axes = plots.figure(5, 7, width=1.15, height=1.15)
plots.images(torch.stack(grid), axes=axes)
for ax, name in zip(axes[:, 0], rows, strict=True):
    ax.axis("on")
    ax.spines[:].set_visible(False)
    ax.set(xticks=[], yticks=[])
    ax.set_ylabel(name.replace(" ", "\n"), rotation=0, ha="right", va="center")
plots.show(
    fig,
    alt="Seven test images, their true masks and the answers of three nets. Those of "
    "the U-Net are nearly the truth. Without skips the outlines are ragged, with a "
    "few pixels missing at corners. With one step they are sharp, and some shapes have "
    "wrong or mixed classes.",
)

# %%
for name in ("without skips", "one step"):
    assert results[name][1] < results["U-Net"][1] - 0.02
assert results["without skips"][0] < results["one step"][0] - 0.015
assert results["one step"][0] > 0.98

# %% [markdown]
# Each half has its job. **The depth names, the skips find.** With one step the outlines
# are as sharp as the U-Net's, but shapes get the wrong class, or two classes at once.
# Without skips the edges fray: they went through a map of 10 x 10. (From some starts it
# mixes classes too: after only four epochs, the way without skips is slower to learn.)
#
# Why can't one step name? Measure how far an output sees: which input pixels does the
# score of the middle pixel have a gradient for?


# %%
def sees(net):
    """Side in pixels of the square of inputs that one output depends on."""
    net.eval()
    X = torch.rand(1, 1, 80, 80).requires_grad_()
    net(X)[0, :, 40, 40].sum().backward()
    rows = X.grad[0, 0].abs().sum(dim=1).nonzero()
    return int(rows.max() - rows.min()) + 1


fields = {name: sees(net) for name, net in nets.items()}
print(fields, " a shape: 8 to 12 pixels")
assert fields["one step"] <= 12 < 18 <= fields["U-Net"]
background = (y_test == 0).float().mean().item()
print(f"{background:.2f} of the pixels are background")
assert 0.5 < background < 0.8

# %% [markdown]
# In the middle of a large square, a net that sees ten pixels sees no corner. Is it a
# square or a disc? It can only guess.
#
# Note also the pixel accuracies: they are close together and all look fine, because
# more than half of the pixels are background.
#
# ## The same net on another size
#
# No layer knows the image's size. **Look for** what the net makes of a scene four times
# as large as any it was trained on.

# %%
large, large_mask = scene(np.random.default_rng(7), cells=6)
large = torch.tensor(large, dtype=torch.float32)[None]
answer = predict(nets["U-Net"], large[None])[0]
score = mean_iou(answer, torch.from_numpy(large_mask), 4)
fig, axes = plots.figure(ncols=2, width=3, height=3.2)
pair = torch.stack([large.clamp(0, 1).expand(3, -1, -1), overlay(large, answer)])
plots.images(pair, titles=["80 x 80 pixels", "the U-Net's answer"], axes=axes)
plots.show(
    fig,
    alt="A scene of 80 x 80 pixels with about thirty shapes, and the same with the "
    "net's mask: nearly every shape has the one right colour.",
)
print(f"mean IoU {score:.3f}")
assert score > 0.85

# %% [markdown]
# ## The real picture
#
# Now the nuclei. The net sees the training columns only, as 240 random crops of 64 x 64
# pixels, each turned by a multiple of 90 degrees: a cell has no upside. Four epochs.
# The logarithm tames the few very bright nuclei; mean and deviation come from the
# training columns.


# %%
def crops(image, mask, number, side=64):
    """Turned crops of (H, W) tensors: (number, 1, side, side), (number, side, side)."""
    X, y = [], []
    for _ in range(number):
        top = int(torch.randint(image.shape[0] - side + 1, ()))
        left = int(torch.randint(image.shape[1] - side + 1, ()))
        window = (slice(top, top + side), slice(left, left + side))
        turns = int(torch.randint(4, ()))
        X.append(torch.rot90(image[window], turns))
        y.append(torch.rot90(mask[window], turns))
    return torch.stack(X)[:, None], torch.stack(y)


def held_out(train_columns, test_columns):
    """Train on some columns of the picture; return losses and the mask of others."""
    image = torch.from_numpy(np.log(picture + 10))
    image = (image - image[:, train_columns].mean()) / image[:, train_columns].std()
    net = UNet(num_classes=2, widths=(8, 16, 32))
    X_crops, y_crops = crops(image[:, train_columns], y[:, train_columns], 240)
    history = fit(net, X_crops, y_crops, num_epochs=4, batch_size=8)
    return history, predict(net, image[None, None, :, test_columns])[0]


history, by_net = held_out(train_columns, test_columns)
u_net = mean_iou(by_net, y_held_out, 2)
print(f"held-out columns: U-Net {u_net:.3f}, Otsu {otsu:.3f}, hindsight {oracle:.3f}")
assert u_net >= 0.92 and u_net > oracle + 0.04

metrics = {"mean IoU, made shapes": results["U-Net"][1], "mean IoU, nuclei": u_net}
metrics |= {"mean IoU, nuclei, Otsu": otsu}

# %% [markdown]
# The net passes the ceiling of every threshold. **Look for** dim nuclei that Otsu
# misses (dark blue), and for what both get wrong.

# %%
fig, axes = plots.figure(4, 1, width=8.2, height=2.15)
axes[0].imshow(np.log(picture[:, test_columns] + 10).T, cmap="gray")
axes[1].imshow(y_held_out.T, cmap=ListedColormap(["white", "#BBBBBB"]))
palette = ListedColormap(["white", "#BBBBBB", "#08306B", "#E69F00"])
for ax, y_hat in zip(axes[2:], (by_otsu, by_net), strict=True):
    kind = y_held_out + 2 * (y_hat != y_held_out)  # 2: extra, 3: missed
    kind = torch.tensor([0, 1, 3, 2])[kind]
    ax.imshow(kind.T, cmap=palette, vmin=0, vmax=3)
titles = ["picture (turned on its side)", "truth", f"Otsu, mean IoU {otsu:.2f}"]
for ax, title in zip(axes, [*titles, f"U-Net, mean IoU {u_net:.2f}"], strict=True):
    ax.set_title(title, loc="left")
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
patches = [plt.Rectangle((0, 0), 1, 1, color=palette(k)) for k in (1, 2, 3)]
words = ["nucleus, found", "nucleus, missed", "background, marked"]
fig.legend(patches, words, loc="outside lower center", ncols=3)
plots.show(
    fig,
    alt="The held-out strip: picture, true mask, and the errors of Otsu and of the "
    "U-Net. Otsu misses rims and whole dim nuclei, in dark blue. The errors of the "
    "U-Net are thin lines along the outlines.",
)

# %% [markdown]
# ## Would you bet on that number?
#
# One picture, one strip. Hold out the *left* 128 columns instead, train on the rest and
# ask again.

# %%
_, by_net_left = held_out(slice(144, 512), slice(0, 128))
y_left = y[:, :128]
by_otsu_left = torch.from_numpy(picture[:, :128] > threshold_otsu(picture[:, 144:]))
left = mean_iou(by_net_left, y_left, 2)
otsu_left = mean_iou(by_otsu_left.long(), y_left, 2)
print(f"right strip: U-Net {u_net:.3f}, Otsu {otsu:.3f}")
print(f"left strip:  U-Net {left:.3f}, Otsu {otsu_left:.3f}")
assert u_net - left > (u_net - otsu) / 4 and left > otsu_left + 0.02

# %% [markdown]
# Several points less, with the same net. The left strip is crowded and full of blurred
# nuclei whose outline even the annotator had to guess. **The spread between two strips
# is more than a quarter of the whole gain over Otsu.** With one picture you can say
# that the net beats the threshold on both strips. You can't say how it does on your
# microscope.

# %% [markdown]
# ## And now count them

# %%
counts = {
    "drawn by people": len(np.unique(instances[:, test_columns])) - 1,
    "regions of the true mask": number_blobs(y_held_out).max(),
    "regions of the U-Net's mask": number_blobs(by_net).max(),
    "regions of Otsu's mask": number_blobs(by_otsu).max(),
}
for name, count in counts.items():
    print(f"{count:4}  {name}")
assert counts["drawn by people"] == 30 and counts["regions of the true mask"] == 27
assert 22 <= counts["regions of the U-Net's mask"] <= 38
assert counts["regions of Otsu's mask"] > 60

# %% [markdown]
# The gap of the beginning: touching nuclei are one region, in the best mask of the
# world. (Otsu's mask has many regions more: specks of noise.) Semantic segmentation has
# no word for "two". Ways out:
#
# - Weight the thin gaps between nuclei heavily in the loss, as the U-Net's authors did,
#   or make "border" a third class.
# - Predict for each pixel the shape around it (StarDist, from whose package this
#   picture comes).
# - Find boxes first, then a mask in each (Mask R-CNN, chapter 28).

# %% [markdown]
# ## When the class is rare
#
# Nuclei cover a fifth of the picture. Lesions, cracks or lane marks cover a hundredth.
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
    return F.cross_entropy(logits, y, weight=torch.tensor([1.0, 100.0]))


(X_dots, y_dots), (X_tune, y_tune), (X_new, y_new) = (dots(300) for _ in range(3))
rare = {"cross-entropy": F.cross_entropy, "weighted": weighted, "Dice loss": dice_loss}
probabilities = {}
for name, loss in rare.items():
    net = nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 2, 1),
    )
    fit(net, X_dots, y_dots, num_epochs=5, batch_size=30, lr=0.02, loss=loss)
    with torch.no_grad():
        for part, X_part in (("tune", X_tune), ("new", X_new)):
            probabilities[name, part] = F.softmax(net(X_part), dim=1)[:, 1]
print(f"dots cover {y_dots.float().mean():.1%} of the pixels")

# %% [markdown]
# Score each at the usual threshold of 0.5, and at the one that is best on a *second*
# set of images, `tune`. **Look for** the loss whose two bars differ most.

# %%
half, tuned, chosen = {}, {}, {}
for name in rare:
    levels = torch.arange(0.02, 1, 0.02)
    p = probabilities[name, "tune"]
    scores = [dice(p > level, y_tune == 1) for level in levels]
    chosen[name] = levels[int(np.argmax(scores))].item()
    p, truth = probabilities[name, "new"], y_new == 1
    half[name], tuned[name] = dice(p > 0.5, truth), dice(p > chosen[name], truth)
    right = ((p > 0.5) == truth).float().mean()
    print(f"{name:>13}: pixel accuracy {right:.3f}, Dice {half[name]:.3f}; ", end="")
    print(f"with threshold {chosen[name]:.2f}: {tuned[name]:.3f}")

fig, ax = plots.figure(width=5.6, height=3)
for shift, label, hatch, values in [
    (-0.2, "threshold 0.5", "", half),
    (0.2, "tuned threshold", "//", tuned),
]:
    bars = ax.bar([i + shift for i in range(3)], values.values(), 0.38, hatch=hatch)
    bars.set_label(label)
    ax.bar_label(bars, fmt="%.2f", fontsize=8)
ax.set_xticks(range(3), rare)
ax.set(xlabel="loss", ylabel="Dice on new images", ylim=(0, 1))
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="Dice by loss, at 0.5 and at a tuned threshold. Cross-entropy is near 0 at "
    "0.5. Weighted cross-entropy is low at 0.5 and high when tuned. The Dice loss is "
    "high at both.",
)

# %%
assert half["cross-entropy"] < 0.2 and half["weighted"] < 0.4
assert half["Dice loss"] > half["weighted"] and half["Dice loss"] > 0.3
assert tuned["weighted"] > half["weighted"] + 0.15 and chosen["weighted"] > 0.8

# %% [markdown]
# Plain cross-entropy marks next to nothing, and has the best pixel accuracy or nearly
# so. Weighting makes the net mark far too much. The Dice loss hits the balance by
# itself.
#
# The surprise is the second bar. The weighted net had learned where the dots are; it
# was only shouting. A weight of 100 multiplies the odds $p/(1-p)$ by 100, so "0.5"
# means "1 in 101". **A loss and a threshold belong together.** Choose the threshold on
# images that you neither train nor test on, before you blame the loss.

# %% [markdown]
# ## What goes wrong in practice
#
# **A size that the stairs don't divide.** 42 halves to 21, then to 10, and comes back
# as 20. Pad the image to a multiple of 4 (with two steps), and crop the answer.

# %%
net = nets["U-Net"]
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
    print(f"softmax over axis {axis}: a pixel's sum is {sums.min():.3f} to ", end="")
    print(f"{sums.max():.3f}")
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
# **A class that never comes.** The loss looks settled, and one class has an IoU near 0,
# like the dots under plain cross-entropy. A mean over the classes hides it: the laziest
# net had 0 for nucleus and still a mean IoU of 0.40. Look at the IoU of every class;
# try another seed, more channels or more epochs before you doubt the data.
#
# **Leaking through the split.** Crops that overlap lie in training *and* test if you
# cut them first and shuffle then. Split by region, by picture or, best, by patient.
#
# **A checkerboard in the masks.** A kernel that the stride doesn't divide gives some
# pixels more stamps than others (chapter 12). Ours have 2 and 2.

# %% [markdown]
# ## Summary
#
# - Semantic segmentation gives each pixel a class; it can't tell two touching things
#   apart.
# - Pixel accuracy praises doing nothing. Report IoU or Dice per class, and say which.
# - A fully convolutional net reads any size. Transposed convolution scatters: stamps,
#   $s$ apart, added; side $(h-1)s + k - 2p$. With a bilinear kernel it interpolates.
# - U-Net: the depth names, the skips find. Skips are concatenated.
# - Try a threshold first, and rules that use what you know. On nuclei the net wins, on
#   shapes the ruler is close.
# - For rare classes choose loss and threshold together.

# %% [markdown]
# ## To think about
#
# 1. Train the net without skips for three times as many epochs. Does it catch up?
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
# - Milletari, Navab, Ahmadi, *V-Net*, 3DV 2016, arXiv 1606.04797: the Dice loss.

# %% [markdown]
# - Otsu, *A threshold selection method from gray-level histograms*, IEEE Transactions
#   on Systems, Man, and Cybernetics 9(1), 1979.
# - Caicedo et al., *Nucleus segmentation across imaging experiments: the 2018 Data
#   Science Bowl*, Nature Methods 16, 2019: where the picture comes from.
# - Schmidt, Weigert, Broaddus, Myers, *Cell detection with star-convex polygons*,
#   MICCAI 2018, arXiv 1806.03535: StarDist.
# - Maier-Hein et al., *Metrics reloaded*, Nature Methods 21, 2024: which number to
#   report, and why so many papers choose badly.
