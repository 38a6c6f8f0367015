# %% [markdown]
# # Efficient CNNs: exercises
#
# Eleven exercises, from a line of arithmetic to a block of EfficientNetV2 that you
# mend, four questions, and one that a person reads. Each stands alone: if you are
# stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded: they use other sizes.
#
# Stuck? `check.hint("separable_ratio")` in a new cell asks for a hint: first a
# question, then an idea, then the shape of the answer.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

from utils import check

# %% [markdown]
# The checks use two helpers. `pixels(N, C, H, W)` makes up numbers, always the same
# ones for a shape. `fill(net)` gives every parameter values that depend on its shape
# alone, so that two nets with the same layers give the same scores.


# %%
def pixels(*shape):
    """Made-up numbers of the given shape in [0, 1), always the same."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape)))


def fill(net):
    """Give every parameter fixed values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            values = pixels(*p.shape) - 0.4
            fan_in = p[0].numel() if p.dim() > 1 else 3
            p.copy_(values * (24 / fan_in) ** 0.5)
    return net


# %% [markdown]
# ## 1. The price, with a channel multiplier
#
# A depthwise convolution may make $m$ maps of each input channel in place of one. $m$
# is the **channel multiplier**. A kernel need not be square. Of $M$ input channels the
# depthwise step then makes $mM$ maps, which the pointwise step mixes to `out_channels`.
# The stride is 1.
#
# Write `separable_ratio(out_channels, kernel, multiplier)`: the multiply-adds of the
# pair, divided by those of a full convolution with this kernel.
#
# - Takes two ints, and `kernel`, a pair of ints (height, width).
# - Returns a float. The number of input channels must not matter.
# - Not allowed: torch. Arithmetic is enough.
#
# Example: `separable_ratio(10, (3, 3), 1)` gives 0.2111 (1/10 + 1/9).


# %% exercise="separable_ratio"
def separable_ratio(out_channels, kernel, multiplier):
    """Multiply-adds of depthwise and pointwise, relative to a full convolution."""
    ### BEGIN SOLUTION
    height, width = kernel
    return multiplier / out_channels + multiplier / (height * width)
    ### END SOLUTION


# %% test="separable_ratio" points=2 bans="torch"
check.probe(separable_ratio, 24, (5, 3), 2)
check.probe(separable_ratio, 7, (1, 4), 3)
### BEGIN HIDDEN TESTS
check.probe(separable_ratio, 128, (7, 7), 1)
check.probe(separable_ratio, 9, (2, 5), 4)
### END HIDDEN TESTS

# %% [markdown] choice="more_outputs" points=1
# ## Think: more outputs than inputs
# A layer is made by `nn.Conv2d(8, 16, kernel_size=3, groups=8)`. Count both kinds of
# channels from 0. What does output channel 5 read?
#
# - All 8 input channels, each through a 3 x 3 kernel.
#   wrong: groups thought to share out the outputs only, while each output reads
#   everything
# - Input channel 5.
#   wrong: outputs thought to be dealt round in turn, or as many as inputs
# - Input channel 2.
#   right: each of the 8 groups has one input and two outputs, so that outputs 4 and 5
#   belong to input 2.
# - Input channels 4 and 5.
#   wrong: the group's two outputs taken for its inputs

# %% [markdown]
# ## 2. Any number of groups
#
# Write `grouped_costs(in_channels, out_channels, k, groups, side)` for a convolution
# with a $k \times k$ kernel and a bias, whose output has side x side places.
#
# - Takes five ints.
# - Returns two ints: the parameters, bias included; and the multiply-adds for one
#   image, for which the bias doesn't count.
# - Raises `ValueError` where `groups` doesn't divide both numbers of channels.
# - Not allowed: building the layer. Use arithmetic.
#
# Example: `grouped_costs(4, 6, 3, 2, 10)` gives `(114, 10800)`.


# %% exercise="grouped_costs"
def grouped_costs(in_channels, out_channels, k, groups, side):
    """Parameters and multiply-adds of a grouped convolution with a bias."""
    ### BEGIN SOLUTION
    if in_channels % groups or out_channels % groups:
        raise ValueError(f"{groups} groups don't divide {in_channels}, {out_channels}")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2
    ### END SOLUTION


# %% test="grouped_costs" points=2 bans="layers"
def refused(asked):
    results = []
    for inputs, outputs, groups in asked:
        try:
            pair = check.call(grouped_costs, inputs, outputs, 3, groups, 7)
            results.append(", ".join(type(number).__name__ for number in pair))
        except ValueError:
            results.append("ValueError")
    return results


check.probe(grouped_costs, 12, 20, 5, 4, 7)
check.probe(grouped_costs, 6, 18, 3, 6, 9)
asked = [(12, 20, 3), (10, 24, 4), (10, 22, 4), (12, 24, 4)]
told = f"grouped_costs, types or error, (inputs, outputs, groups) = {asked}"
check.probe(refused, asked, call=told)
### BEGIN HIDDEN TESTS
check.probe(grouped_costs, 5, 3, 7, 1, 4)
check.probe(grouped_costs, 16, 16, 1, 2, 11)
check.raises(ValueError, grouped_costs, 6, 9, 5, 9, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Separable, with stride and multiplier
#
# Write `separable_conv(X, D, P, stride)` by hand, with $m$ kernels for each channel.
#
# - Takes `X`: (N, C, H, W); `D`: (C, m, k, k), $k$ odd; `P`: (O, C m); all float32.
# - Pad `X` with $k // 2$ zeros on each side. The depthwise step has the stride, in both
#   directions. First stand the $m$ maps of channel 0, then those of channel 1, ...
# - Returns (N, O, H', W'), the pointwise mix of the maps. No bias, no activation.
# - Not allowed: PyTorch's convolutions, `F.unfold`. Loops are allowed.
#
# Example: `X` of shape (2, 3, 8, 8), `D` (3, 2, 3, 3), `P` (5, 6) and stride 2 give
# (2, 5, 4, 4).


# %% exercise="separable_conv"
def separable_conv(X, D, P, stride):
    """Depthwise convolution with m kernels a channel, then the mix P of the maps."""
    ### BEGIN SOLUTION
    C, m, k, _ = D.shape
    X = F.pad(X, [k // 2] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)  # (N, C, m, H', W') -> (N, C m, H', W')
    return torch.einsum("nchw,oc->nohw", Z, P)
    ### END SOLUTION


# %% test="separable_conv" points=3 bans="convolution, unfold"
def mixed(N, C, m, k, outputs, H, W, stride):
    X, D = pixels(N, C, H, W), pixels(C, m, k, k) - 0.3
    return check.call(separable_conv, X, D, pixels(outputs, C * m) - 0.4, stride)


call = "separable_conv on X (1, 3, 7, 6), D (3, 2, 3, 3), P (4, 6), stride 2"
check.probe(mixed, 1, 3, 2, 3, 4, 7, 6, 2, call=call)
call = "separable_conv on X (1, 2, 4, 5), D (2, 3, 5, 5), P (3, 6), stride 1"
check.probe(mixed, 1, 2, 3, 5, 3, 4, 5, 1, call=call)
### BEGIN HIDDEN TESTS
check.probe(mixed, 1, 4, 1, 3, 2, 8, 10, 3)
check.probe(mixed, 3, 1, 4, 1, 2, 3, 4, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Channels that suit the processor
#
# Chips work on blocks of 8 or 16 numbers. So MobileNet's width multiplier is followed
# by a rounding. Write `round_channels(channels, divisor)`:
#
# - `channels` is a positive number, whole or not; `divisor` an int.
# - Round to the nearest multiple of `divisor`; of two that are equally near, to the
#   larger. Never below `divisor`.
# - If the result is less than 90 % of `channels`, take the next multiple above it.
# - Return an int. Not allowed: `torchvision`.
#
# Example: `round_channels(37, 8)` gives 40, and `round_channels(11, 8)` gives 16: the
# nearest multiple, 8, would be less than 90 % of 11.


# %% exercise="round_channels"
def round_channels(channels, divisor):
    """The nearest multiple of divisor, at least divisor and 90 % of channels."""
    ### BEGIN SOLUTION
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded
    ### END SOLUTION


# %% test="round_channels" points=2 bans="torchvision"
def several(numbers, divisor):
    found = [check.call(round_channels, number, divisor) for number in numbers]
    return found, sorted({type(value).__name__ for value in found})


told = "round_channels of {}, divisor {} (and the types)"
numbers = [19.2, 3, 28, 9.4, 11.5, 18, 44, 100, 110, 67.5]
check.probe(several, numbers, 8, call=told.format(numbers, 8))
numbers = [1.5, 10, 15, 22.5, 30, 31.5]
check.probe(several, numbers, 9, call=told.format(numbers, 9))
### BEGIN HIDDEN TESTS
check.probe(several, [5, 12, 24, 40.1, 56, 20, 23], 16)
check.probe(several, [1, 2.5, 3.49, 7.5], 1)
### END HIDDEN TESTS

# %% [markdown] choice="quarter" points=1
# ## Think: two ways to a quarter
# MobileNetV1 makes 569 million multiply-adds, and nearly all of them stand in pointwise
# layers. You may halve all its channels, or halve height and width of the image. Both
# make the multiply-adds about four times fewer. Which one saves more of the numbers
# that the layers put out, which training must keep?
#
# - Half the channels: a quarter of the weights needs a quarter of the memory.
#   wrong: weights taken for outputs
# - Half the sides: the outputs become a quarter, with half the channels only a half.
#   right: an output has channels times height times width numbers. Two of the three
#   factors are sides.
# - Both alike: outputs follow the multiply-adds.
#   wrong: memory thought to follow the work
# - Half the sides: it makes the weights four times fewer too.
#   wrong: a kernel thought to grow with the image

# %% [markdown]
# ## 5. What a ReLU loses, in more dimensions
#
# In the lecture points of the plane went through a random matrix to $n$ numbers and
# through a ReLU. Now the points have $d$ coordinates, independent ones. A point is
# found again if at least $d$ of the $n$ numbers are positive. Each is positive with
# probability 1/2, independently of the others.
#
# Write `lost_share(d, n)`: the probability that a point is lost.
#
# - Takes two ints, both at least 1; $n$ may be smaller than $d$.
# - Returns a float.
# - Not allowed: torch.
#
# Example: `lost_share(2, 3)` gives 0.5, as in the lecture.


# %% exercise="lost_share"
def lost_share(d, n):
    """Probability that fewer than d of n numbers are positive, each with 1/2."""
    ### BEGIN SOLUTION
    return sum(math.comb(n, j) for j in range(d)) / 2**n
    ### END SOLUTION


# %% test="lost_share" points=2 bans="torch"
check.probe(lost_share, 4, 9)
check.probe(lost_share, 3, 7)
check.probe(lost_share, 5, 3)
### BEGIN HIDDEN TESTS
check.probe(lost_share, 1, 6)
check.probe(lost_share, 4, 4)
check.probe(lost_share, 8, 24)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Shuffle the channels
#
# ShuffleNet makes the pointwise layer cheaper, too, by groups. Then no group ever hears
# of another, unless the channels are **shuffled** in between: the $C$ channels stand in
# `groups` rows of $C$ / `groups`, row by row, and are read column by column.
#
# Write `channel_shuffle(X, groups)`.
#
# - Takes `X`: (N, C, H, W), and an int that divides $C$.
# - Returns a tensor of the same shape.
# - Not allowed: `torch.channel_shuffle`, in any form.
#
# Example: six channels 0 to 5 in two groups come out in the order 0, 3, 1, 4, 2, 5.


# %% exercise="channel_shuffle"
def channel_shuffle(X, groups):
    """Channels as a table of `groups` rows, read column by column."""
    ### BEGIN SOLUTION
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return table.transpose(1, 2).reshape(N, C, H, W)
    ### END SOLUTION


# %% test="channel_shuffle" points=2 bans="torch.channel_shuffle"
numbered = torch.arange(96.0).reshape(2, 12, 2, 2)
check.probe(channel_shuffle, numbered, 3)
check.probe(channel_shuffle, pixels(1, 8, 3, 2), 2)
### BEGIN HIDDEN TESTS
check.probe(channel_shuffle, pixels(3, 10, 1, 2), 5)
check.probe(channel_shuffle, pixels(2, 4, 3, 5).transpose(2, 3), 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Squeeze and excite, for a phone
#
# MobileNetV3 gives the gates a **hard sigmoid**, which needs no exponential:
# $\operatorname{hs}(a) = \min(\max(a + 3, 0), 6) / 6$.
#
# Write `squeeze_excite(X, W1, b1, W2, b2)`.
#
# - Takes `X`: (N, C, H, W); `W1`: (r, C); `b1`: (r,); `W2`: (C, r); `b2`: (C,).
# - Squeeze: the mean of each map. Excite: first layer, ReLU, second layer, hard
#   sigmoid. Then multiply each map by its gate.
# - Returns a tensor of the shape of `X`.
# - Not allowed: PyTorch's activations, PyTorch's pooling.
# - A tensor's `clamp` will do for both limits.
#
# Example: if `W2` and `b2` are zeros, all gates are 0.5.


# %% exercise="squeeze_excite"
def squeeze_excite(X, W1, b1, W2, b2):
    """X times a gate for each image and channel, made from the means of the maps."""
    ### BEGIN SOLUTION
    squeezed = X.mean(dim=(2, 3))  # (N, C)
    hidden = (squeezed @ W1.T + b1).clamp(min=0)  # (N, r)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6  # (N, C)
    return X * gates[:, :, None, None]
    ### END SOLUTION


# %% test="squeeze_excite" points=3 bans="activations, pooling"
def gated(N, C, H, W, r, scale=6.0, light=1.0):
    X = light * pixels(N, C, H, W)
    W1, b1 = pixels(r, C) - 0.45, pixels(r + 1)[:r] - 0.6
    W2, b2 = scale * (pixels(C, r) - 0.5), scale * (pixels(C) - 0.5)
    return check.call(squeeze_excite, X, W1, b1, W2, b2)


call = "squeeze_excite on X (2, 5, 3, 4), W1 (3, 5), W2 (5, 3)"
check.probe(gated, 2, 5, 3, 4, 3, call=call)
call = "squeeze_excite on X (3, 4, 2, 1), W1 (2, 4), W2 (4, 2)"
check.probe(gated, 3, 4, 2, 1, 2, call=call)
### BEGIN HIDDEN TESTS
check.probe(gated, 1, 6, 5, 3, 1, scale=20.0)
check.probe(gated, 4, 2, 1, 6, 2, scale=2.0)
check.probe(gated, 1, 3, 2, 1, 4, scale=0.2, light=50.0)
### END HIDDEN TESTS

# %% [markdown] choice="half_gates" points=1
# ## Think: gates that stand at a half
# In a block all gates of squeeze and excitation are 0.5, for every image and channel.
# Behind them come a pointwise convolution without a bias and a batch normalisation in
# train mode. What do these gates do to the output of the block's normalisation?
#
# - They halve it.
#   wrong: the factor followed through the convolution, and the division by the
#   deviation forgotten
# - They halve the deviation of each channel and leave its mean.
#   wrong: normalisation thought to subtract only, not to divide
# - Next to nothing.
#   right: a common factor halves means and deviations alike, and the normalisation
#   divides it out.
# - They halve the channels that are positive and leave the others.
#   wrong: a gate taken for a ReLU

# %% [markdown]
# ## 8. Inverted residuals of any kernel
#
# Write the module `InvertedResidual(in_channels, out_channels, stride, t, k)`. It has
# the block of the lecture, with two changes that MobileNetV2 and EfficientNet make:
#
# - The depthwise kernel is $k \times k$, $k$ odd, padded by $k // 2$.
# - With `t=1` nothing is expanded: the first pointwise layer, its normalisation and its
#   activation are left out.
#
# Pointwise to `t * in_channels`, depthwise with the stride, pointwise to
# `out_channels`. Each convolution is without a bias and is followed by a batch
# normalisation; the first two by a ReLU6, too. The input is added where the block keeps
# the shape of every input (stride 1, as many channels out as in), and only there.

# %% [markdown]
# - `forward` takes `X`: (N, in_channels, H, W).
# - Allowed: all of `torch.nn`. Not allowed: `torchvision`.
#
# Example: `InvertedResidual(4, 4, 1, 1, 3)` has 68 parameters: 36 + 8 of the depthwise
# step with its normalisation, 16 + 8 of the projection with its own.


# %% exercise="InvertedResidual"
class InvertedResidual(nn.Module):
    """Expand, depthwise k x k, linear projection; X added where shapes agree."""

    def __init__(self, in_channels, out_channels, stride, t, k):
        ### BEGIN SOLUTION
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        self.net = nn.Sequential(
            *layers,
            nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return X + self.net(X) if self.has_skip else self.net(X)
        ### END SOLUTION


# %% test="InvertedResidual" points=4 bans="torchvision"
def block_shapes(*settings):
    net = check.call(InvertedResidual, *settings)
    return sorted(tuple(p.shape) for p in check.parameters(net).values())


def block_output(C, out, stride, t, k, H=4, W=3, N=1, train=False):
    net = check.call(InvertedResidual, C, out, stride, t, k)
    return check.call(fill(net).train(train), 4 * pixels(N, C, H, W) - 1)


told = "InvertedResidual{}: the parameters' shapes"
check.probe(block_shapes, 3, 5, 1, 4, 5, call=told.format("(3, 5, 1, 4, 5)"))
check.probe(block_shapes, 4, 6, 2, 1, 3, call=told.format("(4, 6, 2, 1, 3)"))
told = "InvertedResidual{}(X) in eval mode"
check.probe(block_output, 3, 3, 1, 4, 5, call=told.format("(3, 3, 1, 4, 5)"))
check.probe(block_output, 2, 2, 2, 3, 3, call=told.format("(2, 2, 2, 3, 3)"))
check.probe(block_output, 1, 3, 1, 5, 3, call=told.format("(1, 3, 1, 5, 3)"))
check.module(check.call(InvertedResidual, 3, 5, 2, 2, 3), pixels(4, 3, 6, 6))
### BEGIN HIDDEN TESTS
check.probe(block_output, 4, 4, 1, 1, 3)
check.probe(block_output, 2, 3, 2, 6, 5, H=5, W=6)
check.probe(block_output, 3, 3, 2, 2, 3, H=1, W=1)
check.probe(block_output, 2, 1, 2, 2, 3, H=3, W=2, N=2, train=True)
check.probe(block_output, 5, 5, 1, 2, 7, H=3, W=4, N=2)
### END HIDDEN TESTS

# %% [markdown] choice="silent_projection" points=1
# ## Think: a block that begins silent
# In an inverted residual with a skip connection, scale and shift of the *last* batch
# normalisation are set to 0. What does the block compute for an input $X$ that has
# positive and negative numbers?
#
# - Zeros, until it has learned something.
#   wrong: the skip connection forgotten, which adds the input
# - $X$, with its negative numbers set to 0.
#   wrong: an activation thought to follow the projection or the sum
# - $X$ itself.
#   right: the projection gives zeros, nothing follows the sum, so that the input passes
#   unchanged. Nets are sometimes started in this way.
# - $X$ brought to mean 0 and deviation 1 in each channel.
#   wrong: the normalisation thought to act on the sum

# %% [markdown]
# ## 9. Find and mend: a fused block
#
# In its first stages EfficientNetV2 has **fused** blocks, because depthwise layers
# waste time there: *one full* $3 \times 3$ convolution with the stride expands to `t *
# in_channels` (with `t=1`, too); a pointwise one projects. Normalisation after both.
# The bottleneck is linear, and the input is added where stride and channels allow it.
#
# The block below runs without an error for many settings, and is wrong in three ways.
# Write the mended module `FusedBlock(in_channels, out_channels, stride, t)`, with SiLU
# where the activation belongs.
#
# Example: `FusedBlock(2, 3, 2, 4)` has 190 parameters.


# %%
class FaultyBlock(nn.Module):
    """Meant as a fused block; three things are wrong."""

    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden, settings = t * in_channels, {"groups": in_channels, "bias": False}
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, **settings),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, kernel_size=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.SiLU(),
        )
        self.has_skip = stride == 1

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% exercise="FusedBlock"
class FusedBlock(nn.Module):
    """Full 3 x 3 that expands, linear projection; X added where shapes agree."""

    def __init__(self, in_channels, out_channels, stride, t):
        ### BEGIN SOLUTION
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return X + self.net(X) if self.has_skip else self.net(X)
        ### END SOLUTION


# %% test="FusedBlock" points=3
def fused_shapes(*settings):
    net = check.call(FusedBlock, *settings)
    return sorted(tuple(p.shape) for p in check.parameters(net).values())


def fused_output(C, out, stride, t, H=3, W=4, N=1, train=False):
    net = check.call(FusedBlock, C, out, stride, t)
    return check.call(fill(net).train(train), 40 * pixels(N, C, H, W) - 15)


def both():
    return fused_shapes(3, 5, 2, 4), fused_output(1, 4, 1, 3)


told = "(the parameters' shapes of FusedBlock(3, 5, 2, 4), FusedBlock(1, 4, 1, 3)(X))"
check.probe(both, call=told)
told = "FusedBlock{}(X) in eval mode"
check.probe(fused_output, 2, 2, 1, 2, call=told.format("(2, 2, 1, 2)"))
check.probe(fused_output, 2, 2, 2, 3, call=told.format("(2, 2, 2, 3)"))
check.module(check.call(FusedBlock, 3, 3, 1, 2), pixels(4, 3, 6, 6))
### BEGIN HIDDEN TESTS
check.probe(fused_output, 2, 3, 1, 1, H=3, W=6)
check.probe(fused_output, 4, 4, 1, 3, H=5, W=3, N=2)
check.probe(fused_output, 2, 1, 2, 2, W=2, N=2, train=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Scale under a budget
#
# A net of `blocks` blocks, `width` channels and images of `side` pixels may become
# `factor` times as costly. Compound scaling with `alpha`, `beta`, `gamma` takes the
# real number $\phi$ for which the multiply-adds grow exactly by the factor, $(\alpha
# \beta^2 \gamma^2)^\phi = \text{factor}$, and multiplies blocks by $\alpha^\phi$, width
# by $\beta^\phi$ and side by $\gamma^\phi$.
#
# Write `scale_under_budget(blocks, width, side, factor, alpha, beta, gamma)`.
#
# - Three ints, a factor of at least 1, three floats of at least 1, not all 1.
# - Returns a tuple of three ints, each rounded **down**, so that the budget is kept.
#
# Example: `scale_under_budget(4, 16, 32, 2.0, 1.2, 1.1, 1.15)` gives `(4, 17, 37)`.


# %% exercise="scale_under_budget"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    """Blocks, width and side of the net that compound scaling makes for this factor."""
    ### BEGIN SOLUTION
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )
    ### END SOLUTION


# %% test="scale_under_budget" points=3
check.probe(scale_under_budget, 7, 24, 65, 5.0, 1.3, 1.12, 1.07)
check.probe(scale_under_budget, 16, 40, 224, 3.7, 1.2, 1.1, 1.15)
check.probe(scale_under_budget, 9, 33, 100, 2.6, 1.0, 1.4, 1.0)
### BEGIN HIDDEN TESTS
check.probe(scale_under_budget, 5, 50, 90, 9.5, 1.1, 1.0, 1.25)
check.probe(scale_under_budget, 11, 21, 31, 1.7, 1.5, 1.05, 1.02)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Make a full convolution separable
#
# A separable convolution is a full one with the kernel $W_{o,c} = P_{o,c} D_c$. A
# trained net has full kernels. Which separable one is nearest?
#
# For each input channel $c$ write the kernels of all outputs as a matrix with a row for
# each output, $k^2$ columns. It must become a product of a column (the $P_{o,c}$) and a
# row ($D_c$): a matrix of rank 1. The nearest one, by the sum of squared differences,
# is the first term $\sigma_1 u_1 v_1^\top$ of its singular value decomposition,
# `torch.linalg.svd(matrix, full_matrices=False)`.

# %% [markdown]
# Write `nearest_separable(W)`.
#
# - Takes `W`: (O, C, k, k) float32, as PyTorch stores a full kernel.
# - Returns the nearest separable kernel, (O, C, k, k). `W` stays as it is.
# - Allowed: everything in PyTorch.
#
# Example: a kernel that is a product already comes back as it is.


# %% exercise="nearest_separable"
def nearest_separable(W):
    """The kernel P[o,c] D[c] with the least sum of squared differences from W."""
    ### BEGIN SOLUTION
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)  # (C, C_out, k k)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]  # (C, C_out, k k)
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)
    ### END SOLUTION


# %% test="nearest_separable" points=3
check.probe(nearest_separable, pixels(3, 2, 3, 3) - 0.5, atol=1e-4)
check.probe(nearest_separable, pixels(2, 3, 2, 2) - 0.3, atol=1e-4)
product = pixels(3, 2)[:, :, None, None] * (pixels(2, 3, 3) - 0.5)
check.probe(nearest_separable, product, atol=1e-4)
### BEGIN HIDDEN TESTS
check.probe(nearest_separable, pixels(3, 3, 5, 5) - 0.6, atol=1e-4)
check.probe(nearest_separable, pixels(7, 1, 2, 2) - 0.5, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: which net do you ship?
#
# An app shall name plants on a phone. On your laptop net A, of 300 million
# multiply-adds, takes 40 ms for a picture, and net B, of 600 million, 25 ms. Both see
# equally well. How can that be? What do you measure next before you choose, and on
# what? And what changes if the net is not trained from scratch but starts from weights
# that were learned on ImageNet? A few sentences; a
# person reads them.

# %% [markdown] manual="which_net" points=3
# ### BEGIN SOLUTION
# Multiply-adds are not time. Net A may have depthwise layers, many normalisations and
# activations: few multiply-adds for each byte that is moved, so that the laptop waits
# for its memory. Net B may have full convolutions, which use each number often.
#
# Next: time both on the phone itself, one picture at a time, medians over many runs;
# measure energy, size of the file and largest memory. Choose by what the app lacks.
#
# With weights from ImageNet, compare the accuracy anew after fine-tuning on plants:
# nets that are equal from scratch need not be equal then.
# ### END SOLUTION
