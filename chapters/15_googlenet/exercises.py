# %% [markdown]
# # GoogLeNet: exercises
#
# Ten exercises, from one line to blocks of your own, and three questions. Each stands
# alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of sizes that are not in the examples.
#
# Stuck? `check.hint("same_padding")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch import nn
from torch.nn import functional as F

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# The checks use two helpers. `pixels(N, C, H, W)` makes up images, always the same ones
# for a shape. `fill(net)` gives every parameter values that depend on its shape alone,
# so that two nets with the same layers give the same output.


# %%
def pixels(*shape):
    """Made-up images of the given shape with values in [-0.5, 0.5), always the same."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape))) - 0.5


def fill(net):
    """Give every parameter fixed values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            fan_in = p[0].numel() if p.dim() > 1 else 3
            p.copy_(pixels(*p.shape) * (24 / fan_in) ** 0.5)
    return net


# %% [markdown]
# ## 1. Padding for any kernel
#
# A path may have an even kernel, or a dilated one. Write `same_padding(k, dilation)`:
# the numbers of zeros before and after that keep the size of the input, at stride 1.
#
# - Takes two ints: the kernel's size `k` and the dilation, both at least 1.
# - Returns two ints, in a tuple or a list: padding before and padding after. If their
#   sum is odd, the zero more stands **after**.
# - Allowed: everything.
#
# Example: `same_padding(4, 1)` gives `(1, 2)`.


# %% exercise="same_padding"
def same_padding(k, dilation):
    """Zeros before and after that keep the size, for kernel k and a dilation."""
    ### BEGIN SOLUTION
    total = dilation * (k - 1)
    return total // 2, total - total // 2
    ### END SOLUTION


# %% test="same_padding" points=1
check.probe(same_padding, 4, 5)
check.probe(same_padding, 7, 2)
### BEGIN HIDDEN TESTS
check.probe(same_padding, 1, 5)
check.probe(same_padding, 6, 1)
check.probe(same_padding, 2, 4)
check.probe(same_padding, 11, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The channels of a whole stage
#
# Write `stage_shapes(C, side, rows)`: follow a map through the blocks of a stage.
#
# - Takes `C` and `side`, ints: channels and side of the input; `rows`: a list. A row is
#   `(c1, (c2a, c2b), (c3a, c3b), c4)` for an Inception block, as in the lecture, or
#   `None` for a 3 x 3 max pooling of stride 2 with padding 1.
# - Returns a list with a tuple for each row: channels in, channels out, side out.
# - Not allowed: building the layers. Use arithmetic.
#
# Example: `stage_shapes(8, 5, [None, (1, (9, 2), (9, 3), 4)])` gives
# `[(8, 8, 3), (8, 10, 3)]`.


# %% exercise="stage_shapes"
def stage_shapes(C, side, rows):
    """(channels in, channels out, side out) of each block or pooling."""
    ### BEGIN SOLUTION
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (_, c2), (_, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes
    ### END SOLUTION


# %% test="stage_shapes" points=2 bans="layers"
stage = [(16, (5, 32), (4, 7), 11), None, (3, (40, 17), (6, 9), 2)]
check.probe(stage_shapes, 13, 14, stage)
check.probe(stage_shapes, 20, 27, [None, None])
### BEGIN HIDDEN TESTS
check.probe(stage_shapes, 7, 9, [])
check.probe(
    stage_shapes, 6, 7, [None, (1, (2, 3), (4, 5), 6), None, (6, (5, 4), (3, 2), 1)]
)
### END HIDDEN TESTS

# %% [markdown] choice="what_grows" points=1
# ## Think: a wider bottleneck
# In an Inception block the 1 x 1 convolution *before* the 5 x 5 gets 32 channels in
# place of 16. All else stays. What else in the net must change its number of weights?
#
# - The 5 x 5 convolution of this block, and nothing outside of it.
#   right: it reads twice as many channels. Only the last convolution of a path decides
#   what the block hands on.
# - The 5 x 5 convolution, and the convolutions of the next block that read this one.
#   wrong: the bottleneck counted among the channels that are concatenated
# - Nothing: the path still ends in the same number of channels.
#   wrong: the channels that a convolution reads forgotten in its weights
# - The other three paths, since all must have equally many channels.
#   wrong: concatenation thought to need equal numbers of channels

# %% [markdown]
# ## 3. Join paths of unequal size
#
# Someone's paths use no padding, so their maps are of unequal size. Write
# `join_paths(outputs)`: crop all to the smallest size and lay them on one stack.

# %% [markdown]
# - Takes `outputs`: a list of one or more tensors (N, C_i, H_i, W_i). The smallest
#   height and the smallest width may belong to different tensors.
# - Returns (N, sum of the C_i, smallest H, smallest W), in the order of the list.
# - Crop around the centre. Of an odd number of rows (columns) to drop, the one more is
#   dropped at the bottom (right).
# - Allowed: everything in PyTorch.
#
# Example: maps (2, 3, 9, 9) and (2, 4, 6, 6) give (2, 7, 6, 6); of the first, row 0 and
# the last two rows are dropped.


# %% exercise="join_paths"
def join_paths(outputs):
    """Crop maps to their smallest size around the centre, join their channels."""
    ### BEGIN SOLUTION
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)
    ### END SOLUTION


# %% test="join_paths" points=2
check.probe(join_paths, [pixels(2, 1, 6, 8), pixels(2, 2, 7, 4), pixels(2, 3, 4, 9)])
check.probe(join_paths, [pixels(2, 1, 5, 5), pixels(2, 3, 5, 5)])
### BEGIN HIDDEN TESTS
check.probe(join_paths, [pixels(1, 4, 5, 3)])
check.probe(join_paths, [pixels(2, 1, 8, 3), pixels(2, 3, 3, 5), pixels(2, 2, 5, 6)])
### END HIDDEN TESTS

# %% [markdown]
# ## 4. The price of a path
#
# Write `path_costs(C, r, c, k, side, stride)`: the price of a path from `C` to `c`
# channels with a k x k kernel, without and with a bottleneck of `r` channels.
#
# - Takes six ints, `k` odd. Maps are square; the k x k convolution has the padding
#   $(k - 1) / 2$ and the given stride. The 1 x 1 convolution before it has stride 1.
# - Returns two pairs, tuples or lists: (multiply-adds, parameters) of the direct
#   convolution, and of the bottleneck's two together. Parameters include biases, which
#   need no multiply-add. One image.
# - Not allowed: building the layers. Use arithmetic.
#
# Example: `path_costs(6, 2, 4, 3, 5, 1)` gives `((5400, 220), (2100, 90))`.


# %% exercise="path_costs"
def path_costs(C, r, c, k, side, stride):
    """((multiply-adds, parameters) direct, the same with a bottleneck)."""
    ### BEGIN SOLUTION
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))
    ### END SOLUTION


# %% test="path_costs" points=3 bans="layers"
check.probe(path_costs, 11, 3, 7, 5, 10, 3)
check.probe(path_costs, 12, 5, 8, 3, 9, 2)
### BEGIN HIDDEN TESTS
check.probe(path_costs, 192, 16, 32, 5, 28, 1)
check.probe(path_costs, 5, 4, 9, 7, 13, 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. How wide may a bottleneck be?
#
# Write `widest_bottleneck(C, c, k)`: the largest number of channels `r` with which the
# two convolutions (C to r with 1 x 1, r to c with k x k, stride 1, size kept) need
# **fewer** multiply-adds than one k x k convolution from C to c.
#
# - Takes three ints of at least 1.
# - Returns an int; 0 if no bottleneck is cheaper.
# - Allowed: everything in Python. The numbers may be very large and the result must be
#   exact: neither floats nor a loop over `r` will do.
#
# Example: `widest_bottleneck(192, 32, 5)` gives 154: with 154 channels it is 152,768
# for each place, and direct 153,600.


# %% exercise="widest_bottleneck"
def widest_bottleneck(C, c, k):
    """Largest r with r C + c r k^2 < c C k^2."""
    ### BEGIN SOLUTION
    direct, per_channel = c * C * k**2, C + c * k**2
    return (direct - 1) // per_channel
    ### END SOLUTION


# %% test="widest_bottleneck" points=2
check.probe(widest_bottleneck, 20, 7, 3)
check.probe(widest_bottleneck, 36, 4, 3)  # 18 channels cost just as much
check.probe(widest_bottleneck, 5, 1, 1)
example = check.call(widest_bottleneck, 192, 32, 5)
floats = {"a float, where an int is asked for": lambda got: isinstance(got, float)}
check.equal(example, 154, "widest_bottleneck(192, 32, 5)", mistakes=floats)
### BEGIN HIDDEN TESTS
check.probe(widest_bottleneck, 1, 4, 3)
check.probe(widest_bottleneck, 96, 128, 1)
check.probe(widest_bottleneck, 2, 3, 1)
check.probe(widest_bottleneck, 3 * 10**17, 10**17 + 1, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. A block that shrinks
#
# Later Inception nets shrink their maps with a block in place of a pooling. Write the
# module `Reduction(C, c1, c2)` with **three** paths, in this order:
#
# 1. a 3 x 3 convolution to `c1` channels, stride 2, padding 1;
# 2. 1 x 1 to `c2[0]`, 3 x 3 to `c2[1]` (stride 1, padding 1), 3 x 3 to `c2[2]` with
#    stride 2, padding 1;
# 3. 3 x 3 max pooling, stride 2, padding 1, of the input itself.

# %% [markdown]
# - The constructor takes the input's channels `C`, the int `c1` and the triple `c2`.
# - `forward` takes (N, C, H, W) float32, returns the paths joined along the channels.
# - A ReLU follows every convolution. Every convolution has a bias.
# - Allowed: all of `torch.nn`, lazy layers too.
#
# Example: `Reduction(3, 4, (2, 5, 6))` makes (2, 13, 4, 5) of (2, 3, 7, 9).


# %% exercise="Reduction"
class Reduction(nn.Module):
    """Three paths of stride 2: (N, C, H, W) -> (N, c1 + c2[2] + C, about H/2, W/2)."""

    def __init__(self, C, c1, c2):
        ### BEGIN SOLUTION
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)
        ### END SOLUTION


# %% test="Reduction" points=3
def reduced(C, c1, c2, N, H, W):
    block, X = check.call(Reduction, C, c1, c2), pixels(N, C, H, W)
    shape = tuple(check.call(block, X).shape)  # lazy layers get their sizes
    shapes = sorted(tuple(p.shape) for p in block.parameters())
    return shapes, shape, check.call(fill(block), X)[:, :, :2, :3]


told = "Reduction(3, 4, (2, 5, 6)): (parameters' shapes, output's shape, some of it)"
check.probe(reduced, 3, 4, (2, 5, 6), 2, 8, 11, call=told)
block = check.call(Reduction, 4, 9, (12, 11, 10))
check.module(block, pixels(2, 4, 6, 7), output_shape=(2, 23, 3, 4))
### BEGIN HIDDEN TESTS
check.probe(reduced, 5, 2, (4, 3, 7), 1, 6, 9)
check.probe(reduced, 2, 3, (4, 6, 5), 3, 4, 4)
### END HIDDEN TESTS

# %% [markdown] choice="cut_path" points=1
# ## Think: which report is true?
# A trained net loses 40 points of accuracy when its 5 x 5 paths are cut off, and 12
# when its 1 x 1 paths are. Retrained without 5 x 5 it loses 1 point, without 1 x 1 it
# loses 3. Which sentence do these four numbers support?
#
# - An Inception block of this net needs its 5 x 5 path most of all.
#   wrong: a cut in the trained net taken for a net that never had the path
# - The 1 x 1 path is what others can replace least, though this net leans on 5 x 5.
#   right: retraining shows what the others can take over; cutting shows what the
#   weights that were found happen to use.
# - The 5 x 5 kernels have to be trained longer, as they lose so much.
#   wrong: the size of a loss taken for a lack of training
# - The four numbers contradict each other, so one measurement must be wrong.
#   wrong: two questions taken for one, whose answers would have to agree

# %% [markdown]
# ## 7. Seven by seven, in two strips
#
# Inception v3 and v4 make a 7 x 7 window of two thin ones. Write the module
# `Strips(C, c1, c2, c3)` with **three** paths, in this order:
#
# 1. 1 x 1 to `c1` channels;
# 2. 1 x 1 to `c2[0]`; then a kernel of 1 row and 7 columns, to `c2[1]`; then one of 7
#    rows and 1 column, to `c2[2]`;
# 3. 3 x 3 **average** pooling whose means leave out the padding, then 1 x 1 to `c3`.

# %% [markdown]
# - `forward` takes (N, C, H, W) float32 and returns the paths joined along the
#   channels, height and width kept.
# - A ReLU follows every convolution. Every convolution has a bias.
# - Allowed: all of `torch.nn`, lazy layers too.
#
# Example: `Strips(3, 4, (2, 5, 6), 7)` makes (2, 17, 8, 9) of (2, 3, 8, 9).


# %% exercise="Strips"
class Strips(nn.Module):
    """Three paths: (N, C, H, W) -> (N, c1 + c2[2] + c3, H, W)."""

    def __init__(self, C, c1, c2, c3):
        ### BEGIN SOLUTION
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)
        ### END SOLUTION


# %% test="Strips" points=4
def strips(C, c1, c2, c3, N, H, W):
    block, X = check.call(Strips, C, c1, c2, c3), pixels(N, C, H, W)
    shape = tuple(check.call(block, X).shape)  # lazy layers get their sizes
    shapes = sorted(tuple(p.shape) for p in block.parameters())
    return shapes, shape, check.call(fill(block), X)[:, :, :2, :3]


told = "Strips(3, 4, (2, 5, 6), 7): (parameters' shapes, output's shape, some of it)"
check.probe(strips, 3, 4, (2, 5, 6), 7, 1, 8, 9, call=told)
block = check.call(Strips, 2, 9, (12, 11, 10), 8)
check.module(block, pixels(2, 2, 9, 8), output_shape=(2, 27, 9, 8))
### BEGIN HIDDEN TESTS
check.probe(strips, 2, 3, (5, 4, 7), 6, 1, 8, 7)
check.probe(strips, 4, 5, (3, 2, 7), 6, 2, 5, 4)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. A probe that leaves no trace
#
# How many numbers arrive at a flat layer? Write `flat_features(features, shape)`: send
# a probe through and read it off.
#
# - Takes `features`: a module from images to maps or vectors, which may hold dropout,
#   batch normalisation, and parts that are in different modes; `shape`: (C, H, W) of
#   one image.
# - Returns an int: how many numbers the module makes of one image.
# - Run it in **eval mode** and record no gradients. Afterwards every part of the module
#   is in the mode in which it was, and no buffer has changed.
# - Allowed: everything in PyTorch.
#
# Example: for `nn.Conv2d(1, 6, 5)` and `(1, 28, 28)` the result is 3456.


# %% exercise="flat_features"
def flat_features(features, shape):
    """How many numbers `features` makes of one image of this shape; leaves no trace."""
    ### BEGIN SOLUTION
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()
    ### END SOLUTION


# %% test="flat_features" points=3
class Watched(nn.Module):
    """Notes in which mode it is called, with or without gradients, on which shape."""

    def forward(self, X):
        seen.append((self.training, torch.is_grad_enabled()))
        return X


def probed(shape, channels, k, frozen=False, training=True):
    seen.clear()
    norm = nn.BatchNorm2d(channels)
    conv = nn.Conv2d(shape[0], channels, k, stride=2)
    net = nn.Sequential(fill(conv), norm, Watched(), nn.MaxPool2d(2)).train(training)
    if frozen:
        norm.eval()  # as in fine-tuning
    size = check.call(flat_features, net, shape, changes="features")
    modes = [layer.training for layer in net.modules()]
    trace = norm.running_mean.abs().max().item(), int(norm.num_batches_tracked)
    return size, modes, trace, seen[-1:]


seen = []
told = "(numbers, modes after it, traces in the norm, [(train mode, gradients)])"
check.probe(probed, (3, 13, 17), 7, 3, call=told)
check.probe(probed, (1, 11, 14), 6, 4, training=False, call=f"in eval mode: {told}")
check.probe(probed, (2, 12, 9), 4, 2, frozen=True, call=f"frozen norm: {told}")
### BEGIN HIDDEN TESTS
check.probe(probed, (1, 9, 11), 6, 2, frozen=True)
check.probe(flat_features, nn.Flatten(), (3, 5, 7))
check.probe(
    flat_features, nn.Sequential(nn.Flatten(), fill(nn.Linear(12, 9))), (1, 3, 4)
)
### END HIDDEN TESTS

# %% [markdown] choice="twice_as_large" points=1
# ## Think: photos of twice the side
# A GoogLeNet is trained on 224 x 224 photos. Someone feeds it photos of 448 x 448
# without changing a line. What happens?
#
# - It runs; the full layer gets four times as many numbers as before.
#   wrong: the mean over a map thought to keep one number for each place
# - An error at the full layer, whose size no longer fits.
#   wrong: a flat layer assumed, where global average pooling stands
# - It runs, with about four times the multiply-adds and the same parameters.
#   right: convolutions take any size, and the mean over a map is one number for any
#   map. Each weight is used at four times as many places.
# - An error in the blocks, as their paths get unequal sizes.
#   wrong: padding thought to fit one size only

# %% [markdown]
# ## 9. Find four bugs
#
# This block was written in a hurry. It should be a cheaper cousin of the Inception
# block: paths 1 x 1; 1 x 1 then 3 x 3; 1 x 1 then 3 x 3 with **dilation 2**, which sees
# 5 x 5 with nine weights; 3 x 3 max pooling then 1 x 1; a ReLU after **every**
# convolution; sizes kept; joined along the channels in this order. It has four bugs.


# %%
class Hasty(nn.Module):
    """Four paths, four bugs."""

    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=1, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(self.p3_1(X)))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=0)


# %% [markdown]
# Copy it, find the four, and write it whole as `Mended`.
#
# - The constructor takes `C`, `c1`, the pairs `c2` and `c3`, and `c4`; keep all biases.
# - Takes (N, C, H, W) float32, returns (N, c1 + c2[1] + c3[1] + c4, H, W).
# - Allowed: everything in PyTorch.
#
# Example: `Mended(3, 4, (2, 5), (3, 6), 7)` makes (2, 22, 8, 9) of (2, 3, 8, 9).


# %% exercise="Mended"
class Mended(nn.Module):
    """Four paths, no bug: (N, C, H, W) -> (N, c1 + c2[1] + c3[1] + c4, H, W)."""

    def __init__(self, C, c1, c2, c3, c4):
        ### BEGIN SOLUTION
        super().__init__()
        relu = nn.ReLU()
        first, second = nn.Conv2d(C, c2[0], 1), nn.Conv2d(*c2, 3, padding=1)
        third, fourth = nn.Conv2d(C, c3[0], 1), nn.Conv2d(*c3, 3, 1, 2, 2)
        pool, last = nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(C, c4, 1)
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), relu)
        self.three = nn.Sequential(first, relu, second, relu)
        self.wide = nn.Sequential(third, relu, fourth, relu)
        self.pool = nn.Sequential(pool, last, relu)
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        parts = [self.one(X), self.three(X), self.wide(X), self.pool(X)]
        return torch.cat(parts, dim=1)
        ### END SOLUTION


# %% test="Mended" points=3
def mended(C, c1, c2, c3, c4, N, H, W):
    X = pixels(N, C, H, W)
    block = check.call(Mended, C, c1, c2, c3, c4)
    check.call(block, X)  # lazy layers get their sizes
    return check.call(fill(block), X)[:, :, :2, :2]


call = "Mended(3, 4, (2, 5), (3, 6), 7)(X)"
check.probe(mended, 3, 4, (2, 5), (3, 6), 7, 2, 8, 9, call=call)
check.probe(mended, 2, 3, (4, 3), (5, 3), 3, 2, 5, 6)
### BEGIN HIDDEN TESTS
check.probe(mended, 5, 2, (3, 4), (2, 7), 6, 1, 6, 7)
block = check.call(Mended, 4, 9, (12, 11), (10, 13), 8)
check.module(block, pixels(2, 4, 9, 7), output_shape=(2, 41, 9, 7))
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Cut a path without shifting the rest
#
# A path that is replaced by zeros also shifts what the next layer is used to. A gentler
# cut replaces each of its maps by a constant: the map's mean. Write
# `mean_cut(paths, X, cut)`.

# %% [markdown]
# - Takes `paths`: name -> module, in order, each from (N, C, H, W) to (N, C_i, H, W);
#   `X`: the batch; `cut`: a list of names, maybe empty.
# - Returns the paths' outputs joined along the channels, in the order of `paths`. For a
#   path in `cut`, every number of a channel is the **mean of this channel** over all
#   images and places of the batch.
# - A name in `cut` that is not among the paths raises a `KeyError`.
# - Allowed: everything in PyTorch.
#
# Example: a channel that holds 1, 3 in the first image and 0, 0 in the second, is 1
# everywhere once it is cut.


# %% exercise="mean_cut"
def mean_cut(paths, X, cut):
    """Joined outputs of the paths, those in `cut` replaced by their channels' means."""
    ### BEGIN SOLUTION
    for name in cut:
        paths[name]  # raises KeyError
    outputs = []
    for name, path in paths.items():
        Y = path(X)  # (N, C_i, H, W)
        if name in cut:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)
    ### END SOLUTION


# %% test="mean_cut" points=3
paths = {"one": fill(nn.Conv2d(2, 3, 1)), "many": fill(nn.Conv2d(2, 4, 3, padding=1))}
paths["same"] = nn.Identity()
check.probe(mean_cut, paths, pixels(3, 2, 2, 4), ["many"])
check.probe(mean_cut, paths, pixels(2, 2, 3, 3), [])
ignored = {"an unknown name is ignored": torch.is_tensor}
check.raises(KeyError, mean_cut, paths, pixels(2, 2, 3, 3), ["five"], mistakes=ignored)
### BEGIN HIDDEN TESTS
check.probe(mean_cut, paths, pixels(2, 2, 4, 3), ["same", "one"])
check.probe(mean_cut, nn.ModuleDict({"a": nn.Identity()}), pixels(4, 3, 2, 3), ["a"])
### END HIDDEN TESTS

# %% [markdown]
# ## A question: spend a budget
#
# A net for a phone has an Inception block with 64 channels in and 7 x 7 places, as in
# the lecture: `(24, (24, 48), (8, 16), 16)`. It may cost 10 % fewer multiply-adds. Name
# two ways to save that much, with their numbers, and say how you would find out which
# of them costs less accuracy: what you train, on what you measure, how often. A few
# sentences; a person reads them.

# %% [markdown] manual="spend_a_budget" points=3
# ### BEGIN SOLUTION
# For each place the block needs 1,536 + 1,536 + 10,368 + 512 + 3,200 + 1,024 = 18,176
# products, so 1,818 must go. One way: the 5 x 5 path out, which saves 3,712 (20 %). Or
# 20 channels in place of 24 before the 3 x 3: 4 * 64 + 4 * 48 * 9 = 1,984 (11 %). To
# compare, I train both smaller nets from the start, as long as the full one, with the
# same data and settings, on three seeds or more each, and compare mean and spread on
# validation images. Cutting the trained net tells nothing about it. The test set is
# opened once, for the one that is chosen.
# ### END SOLUTION
