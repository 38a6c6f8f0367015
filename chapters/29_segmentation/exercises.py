# %% [markdown]
# # Segmentation: exercises
#
# Eight exercises lead from a single stamp to a net that reads images of any size. Four
# questions ask for a letter, one at the end for words. Each stands alone: if you are
# stuck, go on.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. It says what was expected and what came, and often which mistake it looks
# like. Some tests are hidden until your work is graded, so think of odd sizes, of
# images that are not square, of classes that do not occur.
#
# Stuck? `check.hint("trans_conv")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch import nn
from torch.nn import functional as F

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# The checks use three helpers. `whole(...)` makes small whole numbers and `labels(...)`
# makes masks, always the same for a shape. `wave(net)` gives every parameter values
# that depend on its shape alone, so that equal layers give equal scores.


# %%
def whole(*shape):
    """Whole numbers from -4 to 5 as float32, always the same for a shape."""
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randint(-4, 6, shape, generator=generator).float()


def labels(num_classes, *shape):
    """A mask of classes, int64, always the same for a shape."""
    generator = torch.Generator().manual_seed(num_classes + sum(shape))
    return torch.randint(num_classes, shape, generator=generator)


def wave(net):
    """Give every parameter values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            values = (torch.arange(p.numel()) * 1.7 + p.dim()).sin()
            p.copy_(values.reshape(p.shape) / 2)
    return net


# %% [markdown]
# ## 1. Stamp by stamp
#
# Write `trans_conv(X, K, stride=1, padding=0)`, the transposed convolution of one
# channel.
#
# - Takes `X`: (h, w) and `K`: ($k_h$, $k_w$), float32; ints `stride` and `padding`.
# - Every number of `X` puts a copy of `K`, times itself, into the output. Neighbours'
#   stamps lie `stride` pixels apart, and add up where they overlap. At the end
#   `padding` rows and columns are **cut off** on each of the four sides.
# - Not allowed: PyTorch's transposed convolutions.
#
# Example: `X = [[1, 2]]`, `K = [[1, 10]]` gives `[[1, 12, 20]]`; with `stride=2`,
# `[[1, 10, 2, 20]]`; with `stride=3`, `[[1, 10, 0, 2, 20]]`.


# %% exercise="trans_conv"
def trans_conv(X, K, stride=1, padding=0):
    """(h, w) and (kh, kw) -> ((h - 1) stride + kh - 2 padding, the same for w)."""
    ### BEGIN SOLUTION
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]
    ### END SOLUTION


# %% test="trans_conv" points=2 bans="transposed convolution"
check.probe(trans_conv, whole(3, 4), whole(5, 4), stride=3, padding=2)
check.probe(trans_conv, torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 10.0]]))
check.probe(trans_conv, whole(2, 3), whole(1, 2), stride=3)
### BEGIN HIDDEN TESTS
check.probe(trans_conv, whole(4, 2), whole(3, 3))
check.probe(trans_conv, whole(2, 2), whole(6, 5), stride=2, padding=1)
check.probe(trans_conv, whole(1, 1), whole(2, 4), stride=2)
### END HIDDEN TESTS

# %% [markdown] choice="all_ones" points=1
# ## Think: a flat map, enlarged
# A map of 8 x 8 ones goes through a transposed convolution with a kernel of ones, 4
# high and 3 wide, stride 2 both ways, no bias. Which numbers stand in the inside of the
# result, away from its rim?
#
# - Only 4: its stamps are spread evenly.
#   wrong: the height taken for both axes; a stride of 2 divides 4, but not 3
# - 1, 2 and 4, as on a checkerboard.
#   wrong: the pattern of a square kernel, uneven along both axes
# - 2 and 4, in stripes.
#   right: along the height every place lies under two stamps, across under one and two
#   by turns. The counts multiply: 2 x 1 or 2 x 2.
# - Only 12: each place adds up twelve products.
#   wrong: a gathering convolution in mind, where each output reads a whole window

# %% [markdown]
# ## 2. Down, and back to the same size?
#
# Write `map_sizes(size, layers)`: the side of the map before and after each layer.
#
# - Takes `size`, an int, and a list of `(kind, kernel, stride, padding)`, with `kind`
#   either `"down"` (a convolution or pooling) or `"up"` (a transposed convolution).
# - Returns a list of ints, one longer than `layers`; it begins with `size`.
# - Not allowed: building layers. Use arithmetic.
#
# Example: `map_sizes(13, [("down", 2, 2, 0), ("up", 2, 2, 0)])` gives `[13, 6, 12]`:
# what goes down does not always come back up.


# %% exercise="map_sizes"
def map_sizes(size, layers):
    """Sides of the maps: [size, after layer 1, after layer 2, ...]."""
    ### BEGIN SOLUTION
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes
    ### END SOLUTION


# %% test="map_sizes" points=2 bans="layers"
layers = [("down", 7, 2, 3), ("up", 6, 3, 1), ("down", 2, 3, 1), ("up", 5, 4, 2)]
check.probe(map_sizes, 32, layers)
check.probe(map_sizes, 13, [("down", 2, 2, 0), ("up", 2, 2, 0)])
### BEGIN HIDDEN TESTS
check.probe(map_sizes, 40, [("down", 3, 1, 1), ("down", 2, 2, 0), ("up", 64, 32, 16)])
check.probe(map_sizes, 7, [])
check.probe(map_sizes, 9, [("up", 3, 2, 1), ("up", 5, 1, 0), ("down", 4, 3, 0)])
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A kernel that interpolates
#
# Write `bilinear_kernel(mix, factors)`: the weight `W` with which
# `F.conv_transpose2d(X, W, stride=(f, g), padding=(f // 2, g // 2))` enlarges the
# channels of `X` bilinearly, `f` times in height and `g` times in width, and mixes
# them: output channel o is the sum over i of `mix[o, i]` times channel i, enlarged.
#
# - Takes `mix`: (out, in) float32, and `factors`, the pair of ints (f, g), each at
#   least 1. Returns (in, out, k, l) float32: $k$ is $2f$ for an even $f$, $2f - 1$ for
#   an odd one; $l$ likewise, from $g$.
# - Not allowed: `F.interpolate`, `nn.Upsample`.

# %% [markdown]
# The kernel from one channel to another is the product of two triangles, one along each
# axis: 1 in the middle of the kernel, falling by $1/f$ or $1/g$ a pixel; times the
# number in `mix`.
#
# Example: with `mix = [[2, 1]]` and factors (2, 1), the result has the shape
# (2, 1, 4, 1), and from channel 0 leads the column 0.5, 1.5, 1.5, 0.5.
#
# Mind the middle: a kernel with an even side has its middle *between* two pixels, where
# the triangle's peak is never met.


# %% exercise="bilinear_kernel"
def bilinear_kernel(mix, factors):
    """Weight (in, out, k, l) of bilinear enlargement by (f, g), with mixed channels."""
    ### BEGIN SOLUTION
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)  # (k,), then (l,)
    down, across = triangles
    return mix.T[:, :, None, None] * (down[:, None] * across)  # (in, out, k, l)
    ### END SOLUTION


# %% test="bilinear_kernel" points=3 bans="interpolation"
check.probe(bilinear_kernel, whole(2, 3) + 0.5, (1, 1))
check.probe(bilinear_kernel, torch.tensor([[2.0]]), (3, 2))
check.probe(bilinear_kernel, torch.tensor([[2.0, 1.0]]), (2, 1))
### BEGIN HIDDEN TESTS
check.probe(bilinear_kernel, whole(3, 2), (5, 2))
check.probe(bilinear_kernel, whole(1, 1), (2, 4))
check.probe(bilinear_kernel, whole(1, 3), (1, 1))
torch.manual_seed(2)
X, mix = torch.randn(1, 2, 5, 6), torch.randn(3, 2)
large = F.interpolate(X, scale_factor=(4, 3), mode="bilinear", align_corners=False)
expected = torch.einsum("oi,nihw->nohw", mix, large)[..., 4:-4, 3:-3]
W = check.call(bilinear_kernel, mix, (4, 3))
check.dtype(W, torch.float32, "the kernel")
got = F.conv_transpose2d(X, W, stride=(4, 3), padding=(2, 1))[..., 4:-4, 3:-3]
check.close(got, expected, "the inside of the enlarged and mixed image")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. The way up, with a skip and without a crop
#
# Write the module `UpBlock(deep, skip, out)`, one step of a U-Net's way up.
#
# - `forward(H, kept)` takes `H`: (N, deep, h', w') from below and `kept`: (N, skip, h,
#   w) from the way down, with $h' = \lfloor h/2 \rfloor$, $w' = \lfloor w/2 \rfloor$.
# - It enlarges `H` with a transposed convolution (2 x 2, stride 2) to `skip` channels.
#   If $h$ or $w$ is odd, a row or column is missing: put zeros **at the bottom and on
#   the right**.
# - It concatenates along the channels, `kept` first; then two 3 x 3 convolutions to
#   `out` channels that keep the size, a ReLU after each.

# %% [markdown]
# - `forward` returns (N, out, h, w). All three layers have a bias. There is no batch
#   normalisation.
# - Allowed: everything in PyTorch.
#
# Example: `UpBlock(6, 4, 5)` makes (2, 5, 7, 8) of `H`: (2, 6, 3, 4) and `kept`: (2, 4,
# 7, 8). The first of its two convolutions reads 8 channels. (The paper of 2015 *crops*
# `kept` instead, and its masks come out smaller than its images.)


# %% exercise="UpBlock"
class UpBlock(nn.Module):
    """Enlarge H, join it to `kept`, convolve twice: -> (N, out, h, w)."""

    def __init__(self, deep, skip, out):
        ### BEGIN SOLUTION
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )
        ### END SOLUTION

    def forward(self, H, kept):
        ### BEGIN SOLUTION
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))
        ### END SOLUTION


# %% test="UpBlock" points=4
def sizes(deep, skip, out):
    block = check.call(UpBlock, deep, skip, out)
    Y = check.call(block, whole(2, deep, 3, 4), whole(2, skip, 6, 8))
    return Y.shape, sorted(tuple(p.shape) for p in block.parameters())


def joined(deep, skip, out, h, w):
    block = check.call(UpBlock, deep, skip, out)
    H, kept = whole(2, deep, h // 2, w // 2), whole(2, skip, h, w)
    check.call(block, H, kept)
    Y = check.call(wave(block), H, kept)
    return Y.shape, Y[1, -1, -3:, -3:], Y[0, 0, :2, :2]


told = "(shape, last 3 x 3 pixels, first 2 x 2 pixels)"
shapes = "(shape of the result, shapes of the parameters)"
check.probe(sizes, 6, 4, 5, call=f"UpBlock(6, 4, 5)(H, kept), 6 x 8: {shapes}")
check.probe(joined, 4, 3, 2, 5, 7, call=f"UpBlock(4, 3, 2)(H, kept): {told}")
check.probe(joined, 3, 2, 2, 7, 4, call=f"UpBlock(3, 2, 2)(H, kept), 7 x 4: {told}")
check.probe(joined, 2, 2, 3, 4, 6, call=f"UpBlock(2, 2, 3)(H, kept): {told}")
### BEGIN HIDDEN TESTS
check.probe(joined, 3, 2, 4, 6, 5)
check.probe(joined, 5, 1, 3, 9, 4)
check.probe(sizes, 7, 3, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Mean IoU, and classes that are not there
#
# Write `mean_iou(y_hat, y, num_classes, ignore=255)`.
#
# - Takes `y_hat`, `y`: (N, H, W) int64, the predicted classes and the true ones, and
#   two ints. Pixels whose **true** class is `ignore` do not count, whatever was
#   predicted. `y_hat` never holds `ignore`.
# - For each class: intersection over union of all counted pixels of the batch together.
#   A class in neither mask has no IoU and stays out of the mean. One that was predicted
#   but is absent has an IoU of 0.
# - At least one pixel counts. Returns a float.
#
# Example: `y = [[[0, 0, 1, 255]]]`, `y_hat = [[[0, 1, 1, 2]]]`, 4 classes: the IoUs are
# 1/2 and 1/2, the mean is 0.5.


# %% exercise="mean_iou"
def mean_iou(y_hat, y, num_classes, ignore=255):
    """Mean over the classes that occur of |A and B| / |A or B|, as a float."""
    ### BEGIN SOLUTION
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)
    ### END SOLUTION


# %% test="mean_iou" points=3
y = labels(3, 2, 4, 5)
y_hat = y.flip(2)
y_hat[0, :2] = y[0, :2]
y_hat[1, 3, 2:] = 4  # predicted, and never there
y[0, 3, :2] = torch.tensor([5, 6])  # there, and never predicted
y[0, 0, 0] = y_hat[0, 0, 0] = 7
y[:, 1, :4] = 255
check.probe(mean_iou, y_hat, y, 8)
y, y_hat = torch.tensor([[[0, 0, 1, 255]]]), torch.tensor([[[0, 1, 1, 2]]])
check.probe(mean_iou, y_hat, y, 4)
### BEGIN HIDDEN TESTS
check.probe(mean_iou, labels(4, 1, 6, 5), labels(4, 1, 6, 5).flip(1), 4)
y, y_hat = labels(2, 3, 3, 3), torch.ones(3, 3, 3, dtype=torch.int64)
check.probe(mean_iou, y_hat, y, 3, ignore=0)
check.probe(mean_iou, labels(5, 2, 3, 4), labels(5, 2, 3, 4).flip(0), 9)
lone, lone_hat = torch.tensor([[[0, 0, 0, 1]]]), torch.tensor([[[0, 2, 0, 1]]])
check.probe(mean_iou, lone_hat, lone, 4)
### END HIDDEN TESTS

# %% [markdown] choice="rim_or_shift" points=1
# ## Think: too small, or too far right?
# A tumour covers 10 x 10 pixels. Mask P marks 8 x 8 of them and leaves out a rim of one
# pixel all round. Mask Q marks 10 x 10 pixels, one too far down and one too far right.
# How do the two masks compare?
#
# - P is better by IoU and by Dice: it marks no healthy pixel.
#   wrong: only false alarms counted, where missed pixels cost as well
# - Q is better by IoU and by Dice.
#   right: P's IoU is 64/100. Q shares 9 x 9 of its pixels, 81/119 = 0.68. A thin rim
#   is a third of a small thing.
# - Equal by IoU and by Dice: each outline is off by one pixel.
#   wrong: the outline measured, where IoU and Dice count pixels of an area
# - Q is better by IoU and P by Dice, which counts the overlap twice.
#   wrong: IoU and Dice thought to disagree, where each is computed from the other

# %% [markdown]
# ## 6. A loss for small things
#
# Write `dice_loss(logits, y, eps=1.0)`. With $p_{nkij}$ the softmax of the logits over
# the **classes** and $t_{nkij}$ 1 where pixel $(i, j)$ of image $n$ has class $k$, else
# 0:
#
# $$L = 1 - \frac{1}{K} \sum_{k=1}^{K} \frac{2 \sum_{nij} p_{nkij}\, t_{nkij} +
# \varepsilon}{\sum_{nij} p_{nkij} + \sum_{nij} t_{nkij} + \varepsilon}$$
#
# - Takes `logits`: (N, K, H, W) float32; `y`: (N, H, W) int64, classes from 0 to K - 1.
#   A class that doesn't occur in `y` counts in the mean like the others.
# - Returns a tensor without axes through which gradients flow.
#
# Example: all logits 0, K = 2, `y = [[[0, 1]]]`: both classes give
# $(2 \cdot 0.5 + 1) / (1 + 1 + 1)$, so the loss is 1/3.


# %% exercise="dice_loss"
def dice_loss(logits, y, eps=1.0):
    """1 - mean over the classes of (2 sum p t + eps) / (sum p + sum t + eps)."""
    ### BEGIN SOLUTION
    p = F.softmax(logits, dim=1)  # (N, K, H, W)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)  # (N, H, W, K) -> (N, K, H, W)
    overlap = (p * t).sum(dim=(0, 2, 3))  # (K,)
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()
    ### END SOLUTION


# %% test="dice_loss" points=3
def slope(logits, y):
    logits.requires_grad_()
    check.call(dice_loss, logits, y).backward()
    return logits.grad


check.probe(dice_loss, whole(2, 3, 4, 5) / 2, labels(3, 2, 4, 5))
check.probe(dice_loss, torch.zeros(1, 2, 1, 2), torch.tensor([[[0, 1]]]))
check.probe(dice_loss, whole(1, 3, 2, 4), labels(2, 1, 2, 4))
check.probe(slope, whole(1, 3, 2, 4), labels(2, 1, 2, 4), call="its gradient")
### BEGIN HIDDEN TESTS
check.probe(dice_loss, whole(3, 4, 2, 3), labels(4, 3, 2, 3), eps=0.1)
check.probe(dice_loss, whole(1, 5, 3, 3) * 30, labels(2, 1, 3, 3))
check.probe(slope, whole(2, 2, 3, 2) / 3, labels(2, 2, 3, 2))
### END HIDDEN TESTS

# %% [markdown] choice="absent_class" points=1
# ## Think: the price of a class that isn't there
# One of K = 4 classes occurs nowhere in a batch of two images of 100 x 100 pixels, and
# the net gives it a probability of 0.01 at every pixel. How much does this class add to
# the loss of exercise 6, with $\varepsilon = 1$?
#
# - Nothing: $\varepsilon$ makes its fraction 1.
#   wrong: a fraction of 1 expected, which needs a sum of probabilities near 0
# - Next to nothing, about 1 % of 1/4.
#   wrong: the probability at one pixel taken for their sum over all pixels
# - Nearly 1/4, as much as a class that is there and wholly missed.
#   right: the probabilities add up to 200, so its fraction is 1/201. Over many pixels
#   even small probabilities of an absent class are dear.
# - It is not defined: its overlap is 0, and so is its number of pixels.
#   wrong: 0/0 suspected, though two positive numbers still stand below the line

# %% [markdown]
# ## 7. From logits to a mask
#
# A net gives logits on a coarse grid. Write `mask_from_logits(logits, size,
# certain=0.0)`.
#
# - Takes `logits`: (N, K, h, w) float32; `size`, the pair (H, W) of the image's height
#   and width; `certain`, a probability.
# - Enlarges the **logits** bilinearly to `size` (`align_corners=False`), takes the
#   softmax over the classes, and gives each pixel its most probable class; but 255
#   ("void") where that class's probability is below `certain`.
# - Returns (N, H, W) int64.
#
# Example: the logits `[[[[0., 2.]], [[1., 1.]]]]`, two classes on a grid of 1 x 2,
# become `[[[1, 1, 0, 0]]]` at size (1, 4).


# %% exercise="mask_from_logits"
def mask_from_logits(logits, size, certain=0.0):
    """Classes (N, H, W) int64 of coarse logits (N, K, h, w); 255 where unsure."""
    ### BEGIN SOLUTION
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)  # (N, H, W) each
    mask[probability < certain] = 255
    return mask
    ### END SOLUTION


# %% test="mask_from_logits" points=3
def coarse(*shape):
    prefer = torch.arange(shape[1]) * 0.17  # no two classes are equally probable
    return whole(*shape) / 3 + prefer.reshape(-1, 1, 1) - 1.2


check.probe(mask_from_logits, coarse(2, 3, 3, 5), (6, 3))
check.probe(mask_from_logits, coarse(1, 2, 3, 4) * 2, (5, 8), certain=0.65)
check.probe(mask_from_logits, torch.tensor([[[[0.0, 2.0]], [[1.0, 1.0]]]]), (1, 4))
### BEGIN HIDDEN TESTS
check.probe(mask_from_logits, coarse(2, 5, 4, 2), (7, 10), 0.45)
check.probe(mask_from_logits, coarse(1, 2, 5, 5) * 2, (3, 4), certain=0.9)
check.probe(mask_from_logits, torch.zeros(1, 1, 2, 2), (3, 3), certain=1.0)
check.probe(mask_from_logits, coarse(1, 3, 4, 4), (9, 11))
### END HIDDEN TESTS

# %% [markdown]
# ## 8. An image larger than the memory
#
# The U-Net of 2015 reads large images tile by tile. Write `predict_tiled(net, X, tile,
# margin)` so that no seam shows.
#
# - Takes `X`: (N, C, H, W) float32, H and W multiples of `tile` and more than `margin`;
#   `net`, which gives for any (N, C, h, w) scores (N, K, h, w).
# - Continue the image on each side by `margin` pixels: F.pad's mode `"reflect"`. Run
#   the net, without gradients, once for each tile: on its tile x tile pixels **and**
#   the `margin` around them, whatever lies there. Of its scores only the tile's own
#   pixels count.
# - Returns the scores (N, K, H, W). Leave the net's mode alone.

# %% [markdown]
# Why is there no seam? An output that sees no further than `margin` pixels can't tell
# that it was computed in a tile, if the net also treats every place alike. Convolutions
# of stride 1 do. Pooling doesn't, as it begins to count its pairs at the window's first
# pixel: a question below asks what that means for `tile` and `margin`.
#
# Example: for `X` of shape (1, 1, 8, 12), `tile=4` and `margin=2` the net is run 6
# times on (1, 1, 8, 8).


# %% exercise="predict_tiled"
def predict_tiled(net, X, tile, margin):
    """Scores (N, K, H, W), computed by tiles that see `margin` pixels around them."""
    ### BEGIN SOLUTION
    H, W = X.shape[2:]
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side = tile + 2 * margin
    rows = []
    with torch.no_grad():
        for i in range(0, H, tile):
            row = []
            for j in range(0, W, tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, margin : margin + tile, margin : margin + tile])
            rows.append(torch.cat(row, dim=3))  # (N, K, tile, W)
    return torch.cat(rows, dim=2)  # (N, K, H, W)
    ### END SOLUTION


# %% test="predict_tiled" points=4
class Watched(nn.Module):
    def __init__(self, channels):
        super().__init__()
        torch.manual_seed(1)
        self.conv = wave(nn.Conv2d(channels, 2, 3, padding=1))

    def forward(self, X):
        seen.append((tuple(X.shape), torch.is_grad_enabled(), self.training))
        return self.conv(X)


def tiled(channels, H, W, tile, margin, N=1, training=False):
    seen.clear()
    net = Watched(channels).train(training)
    X = whole(N, channels, H, W)
    scores = check.call(predict_tiled, net, X, tile, margin, changes="net")
    facts = (len(seen), sorted(set(seen)), net.training)
    return scores.shape, facts, scores[:, :, ::2, 1::3]


seen = []
told = "(shape, (runs, what they saw: shape, gradients, mode), some of the scores)"
check.probe(tiled, 1, 6, 9, 3, 2, call=f"tiles of 3, margin 2: {told}")
check.probe(tiled, 2, 4, 8, 4, 1, 2, True, call=f"tiles of 4, margin 1: {told}")
### BEGIN HIDDEN TESTS
check.probe(tiled, 1, 8, 4, 4, 3, N=2)
check.probe(tiled, 2, 6, 6, 2, 0)
check.probe(tiled, 1, 5, 5, 5, 1)
### END HIDDEN TESTS

# %% [markdown] choice="pooled_tiles" points=1
# ## Think: tiles for a net that pools
# A U-Net pools by 2 twice and enlarges by 2 twice. Its outputs depend on pixels up to
# 13 away. `predict_tiled` runs it with tiles of 40, and margins of 14, 16, 18 and 20.
# Far from the image's rim, which of them give the scores of the whole image in one go?
#
# - All four: each margin is larger than 13.
#   wrong: only the reach counted, not where pooling begins to count its pairs
# - 16 and 20; the other two give other scores, without an error.
#   right: then every window begins at a multiple of 4, so that pooling groups the same
#   pixels as in the whole image. A shift by 2 groups others.
# - 16 and 20; the other two stop with an error, as 54 and 58 can't be halved twice.
#   wrong: the margin added once, where a window has it on both sides
# - None: what is pooled always depends on where the window begins.
#   wrong: pooling thought to notice every shift, also one by its own total stride

# %% [markdown]
# ## A question for words: which number would you report?
#
# A net marks tumours in scans. In 95 of 100 scans there is none; where there is one, it
# covers 1 % of the pixels. A colleague reports a pixel accuracy of 99.9 %. Say what a
# net that marks nothing would reach, which numbers you would report instead, and what
# you would do with the scans without a tumour, on which IoU and Dice are 0/0. A few
# sentences; a person reads them.

# %% [markdown] manual="which_number" points=3
# ### BEGIN SOLUTION
# Marking nothing is right on 1 - 0.05 * 0.01 = 99.95 % of the pixels: 99.9 % is worse
# than no net. Report IoU or Dice of the tumour class: over all pixels of
# the test scans together (then large tumours weigh most), or as a mean over the scans
# with a tumour. For scans without one the ratio is 0/0 if nothing is marked and 0 if a
# single pixel is, so it must be said how they count: leave them out of that mean and
# report them apart, as the share of healthy scans in which the net marks anything, and
# the share of tumours of which it marks nothing. Split by patient.
# ### END SOLUTION
