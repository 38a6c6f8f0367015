# %% [markdown]
# # ResNet: exercises
#
# You follow shapes and costs through residual nets, write the blocks that the lecture
# only names, build a ResNet from a list and a dense block with bottlenecks, measure
# what a shortcut does to a gradient, and mend a block that somebody else wrote. Each
# exercise stands alone.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then the check below
# it. The checks name your mistake where they know it. Some tests are hidden until your
# work is graded: they try other sizes, strides and widths.
#
# Stuck? `check.hint("stack_shapes")` in a new cell asks for a hint: first a question,
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
# so that two nets with the same layers give the same numbers.


# %%
def pixels(*shape):
    """Made-up images of the given shape with values in [-1, 1), always the same."""
    generator = torch.Generator().manual_seed(sum(shape))
    return 2 * torch.rand(shape, generator=generator) - 1


def fill(net):
    """Give every parameter fixed values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            values = pixels(*p.shape)
            p.copy_(values * (3 / p[0].numel()) ** 0.5 if p.dim() > 1 else 1 + values)
    return net


# %% [markdown]
# ## 1. Shapes down a stack
#
# A residual block for `channels` with a `stride` reads the whole input with a 3 x 3
# kernel, padding 1, and this stride; its second convolution keeps the size. Write
# `stack_shapes(shape, blocks)` for several blocks in a row.
#
# - Takes `shape`: (N, C, H, W), a tuple; `blocks`: a list of pairs
#   `(channels, stride)`, maybe empty.
# - Returns a list of tuples of ints: the shape **behind** each block.
# - Not allowed: layers. Use arithmetic.
#
# Example: `stack_shapes((2, 3, 9, 7), [(4, 2)])` gives `[(2, 4, 5, 4)]`.


# %% exercise="stack_shapes"
def stack_shapes(shape, blocks):
    """The shape behind each of the residual blocks (channels, stride)."""
    ### BEGIN SOLUTION
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes
    ### END SOLUTION


# %% test="stack_shapes" points=2 bans="layers"
check.probe(stack_shapes, (5, 3, 29, 14), [(8, 1), (12, 2), (20, 3)])
check.probe(stack_shapes, (1, 6, 11, 8), [(6, 2), (9, 2)])
### BEGIN HIDDEN TESTS
check.probe(stack_shapes, (7, 2, 5, 4), [])
check.probe(stack_shapes, (4, 1, 1, 33), [(10, 2), (16, 4), (32, 1), (2, 2)])
### END HIDDEN TESTS

# %% [markdown] choice="stride_and_pool" points=1
# ## Think: two ways to half the side
# A block's path begins with a 3 x 3 convolution of stride 2, padding 1. Its shortcut is
# `nn.AvgPool2d(2)`, then a 1 x 1 convolution to the same channels. For which square
# images, of side 4 or more, does the sum of the two raise an error?
#
# - For all images, since a 3 x 3 and a 2 x 2 window never give one size.
#   wrong: the padding forgotten, which makes up for the larger kernel
# - For sides that are no multiple of 4.
#   wrong: two halvings counted, where path and shortcut run side by side
# - For odd sides, such as 13.
#   right: the convolution makes 7 of 13, rounding up; the pooling drops the last row
#   and makes 6.
# - For none of them: whatever is left over is broadcast.
#   wrong: broadcasting thought to fit 6 to 7, where it stretches only an axis of size 1

# %% [markdown]
# ## 2. What a bottleneck costs
#
# A bottleneck block takes `in_channels` to `width` channels (1 x 1), then 3 x 3 at
# `width`, padding 1, **with the stride**, then 1 x 1 to `4 * width`. If the channels or
# the size change, its shortcut is a 1 x 1 convolution with the stride. No layer has a
# bias; leave normalisation out.
#
# Write `bottleneck_cost(in_channels, width, side, stride)` for one square image.
#
# - Takes four ints; `side`: of the input.
# - Returns a pair of ints: the number of weights, and of multiply-adds.
# - Not allowed: layers. Use arithmetic.
#
# Example: `bottleneck_cost(8, 2, 5, 1)` gives `(68, 1700)`.


# %% exercise="bottleneck_cost"
def bottleneck_cost(in_channels, width, side, stride):
    """Weights and multiply-adds of a bottleneck block on one square image."""
    ### BEGIN SOLUTION
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width  # 1 x 1, at every place of the input
    behind = 9 * width**2 + width * out_channels  # 3 x 3 with the stride, and 1 x 1
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels  # the shortcut
    return before + behind, before * side**2 + behind * out_side**2
    ### END SOLUTION


# %% test="bottleneck_cost" points=3 bans="layers"
check.probe(bottleneck_cost, 24, 5, 13, 2)
check.probe(bottleneck_cost, 14, 3, 7, 1)
check.probe(bottleneck_cost, 12, 3, 10, 3)
### BEGIN HIDDEN TESTS
check.probe(bottleneck_cost, 64, 64, 56, 1)
check.probe(bottleneck_cost, 12, 3, 7, 1)
check.probe(bottleneck_cost, 256, 128, 56, 2)
check.probe(bottleneck_cost, 2048, 512, 7, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A shortcut without parameters
#
# Where the shape changes, the paper also tries a shortcut that learns nothing, its
# **option A**: make the map smaller, and fill the missing channels with zeros. Write
# `shortcut_a(X, out_channels, stride)`.
#
# - Takes `X`: (N, C, H, W) float32; H and W are multiples of `stride`; `out_channels`:
#   an int, at least C, with an **even** difference to C.
# - Average each block of `stride` x `stride` pixels. Half of the new channels stand in
#   front of the old ones, half behind.
# - Returns (N, out_channels, H / stride, W / stride).
# - Allowed: everything in PyTorch.
#
# Example: `shortcut_a(X, 5, 2)` of an `X` of (1, 3, 4, 4): channels 0 and 4 are zero.


# %% exercise="shortcut_a"
def shortcut_a(X, out_channels, stride):
    """Average stride x stride blocks, with zero channels half in front, half behind."""
    ### BEGIN SOLUTION
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, extra, extra])  # width, height, then channels
    ### END SOLUTION


# %% test="shortcut_a" points=2
check.probe(shortcut_a, pixels(2, 3, 8, 4), 9, 2)
check.probe(shortcut_a, pixels(3, 2, 6, 9), 4, 3)
### BEGIN HIDDEN TESTS
check.probe(shortcut_a, pixels(1, 4, 3, 5), 4, 1)
check.probe(shortcut_a, pixels(4, 1, 4, 4), 3, 4)
check.probe(shortcut_a, pixels(2, 2, 2, 6).requires_grad_(), 6, 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. A block that activates first
#
# Write the module `PreActivationBlock(in_channels, out_channels, stride=1)`: batch
# norm, ReLU, 3 x 3 convolution (padding 1, with the stride), batch norm, ReLU, 3 x 3
# convolution (padding 1); then the shortcut is added, and **nothing** follows.
#
# - If channels and size stay, the shortcut is `X` itself. Else it is a 1 x 1
#   convolution with the stride, without norm, of the **activated** input: of what comes
#   out of the first ReLU.
# - No convolution has a bias. `X` stays as it was.
# - Allowed: all of `torch.nn`.
#
# Example: `PreActivationBlock(2, 2)` has 80 parameters.


# %% exercise="PreActivationBlock"
class PreActivationBlock(nn.Module):
    """Norm, ReLU, conv, norm, ReLU, conv, plus the shortcut."""

    def __init__(self, in_channels, out_channels, stride=1):
        ### BEGIN SOLUTION
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))
        ### END SOLUTION


# %% test="PreActivationBlock" points=3
def pre_shapes(*args):
    block = check.call(PreActivationBlock, *args)
    check.call(block, pixels(2, args[0], 6, 6))  # lazy layers get their sizes
    return sorted(tuple(p.shape) for p in block.parameters())


def pre_output(N, H, W, *args):
    block, X = check.call(PreActivationBlock, *args), pixels(N, args[0], H, W)
    check.call(block, X=X.clone(), changes="X")
    after = X.clone()
    Y = check.call(fill(block), X=after, changes="X")
    return torch.equal(after, X), tuple(Y.shape), Y[:2, :3, :2, :3]


told = "(is X as before, shape, some numbers) of PreActivationBlock{}, filled"
check.probe(pre_output, 4, 6, 5, 3, 3, call=told.format((3, 3)))
check.probe(pre_output, 3, 7, 6, 2, 5, 2, call=told.format((2, 5, 2)))
check.probe(pre_output, 3, 4, 5, 3, 4, call=told.format((3, 4)))
check.probe(pre_shapes, 2, 5, 2, call="the parameters of PreActivationBlock(2, 5, 2)")
block = check.call(PreActivationBlock, 3, 4)
check.module(block, pixels(2, 3, 5, 5), output_shape=(2, 4, 5, 5))
### BEGIN HIDDEN TESTS
check.probe(pre_output, 3, 9, 7, 4, 4, 2)
check.probe(pre_output, 2, 4, 5, 2, 6)
check.probe(pre_shapes, 4, 4, 2)
### END HIDDEN TESTS

# %% [markdown] choice="only_upwards" points=1
# ## Think: an activation in front of the sum
# In a net of blocks `X + relu(f(X))`, with nothing behind the sum, a channel shows 3.0
# at some place in front of the first block. What can it show there behind the last?
#
# - Any number: the blocks learn what to add.
#   wrong: what is added thought to have both signs, also behind a ReLU
# - Any number of at least 0.
#   wrong: the activation thought to act on the sum
# - 3.0 only, since f is 0 for an input that is positive.
#   wrong: a ReLU behind f thought to silence it
# - Any number of at least 3.0.
#   right: each block adds 0 or more, so nothing that was once added can be taken back.

# %% [markdown]
# ## 5. A bottleneck that throws nothing away
#
# A 1 x 1 convolution with stride 2 reads one pixel of four. **ResNet-D** mends this.
# Write `BottleneckD(in_channels, width, stride=1)`.
#
# - Path: 1 x 1 to `width`, 3 x 3 (padding 1, with the stride), 1 x 1 to `4 * width`; a
#   batch norm behind each, a ReLU behind the first two norms.
# - Shortcut: if the stride isn't 1, average pooling over `stride` x `stride`, which
#   **rounds up**; then, if channels or size change, a 1 x 1 convolution of stride 1 and
#   a batch norm. Else `X`.
# - A ReLU follows the sum. No convolution has a bias.
#
# Example: `BottleneckD(4, 2, 2)` makes (1, 8, 4, 3) of (1, 4, 7, 5).


# %% exercise="BottleneckD"
class BottleneckD(nn.Module):
    """1 x 1, 3 x 3 with the stride, 1 x 1, plus a shortcut that averages first."""

    def __init__(self, in_channels, width, stride=1):
        ### BEGIN SOLUTION
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return F.relu(self.path(X) + self.shortcut(X))
        ### END SOLUTION


# %% test="BottleneckD" points=3
def d_shapes(*args):
    block = check.call(BottleneckD, *args)
    check.call(block, pixels(2, args[0], 6, 6))
    return sorted(tuple(p.shape) for p in block.parameters())


def d_output(N, H, W, *args):
    block, X = check.call(BottleneckD, *args), pixels(N, args[0], H, W)
    check.call(block, X)
    return check.call(fill(block), X)[:2, 4:8, :2, -2:]


told = "some of what BottleneckD{} gives, filled with numbers"
check.probe(d_output, 3, 7, 6, 5, 3, 2, call=told.format((5, 3, 2)))
check.probe(d_shapes, 5, 3, 2, call="the parameters of BottleneckD(5, 3, 2)")
check.probe(d_output, 4, 5, 6, 8, 2, call=told.format((8, 2)))
check.probe(d_shapes, 8, 2, call="the parameters of BottleneckD(8, 2)")
block = check.call(BottleneckD, 4, 2, 2)
check.module(block, pixels(2, 4, 7, 5), output_shape=(2, 8, 4, 3))
### BEGIN HIDDEN TESTS
check.probe(d_output, 2, 6, 4, 8, 2, 2)
check.probe(d_output, 2, 9, 8, 3, 2, 3)
check.probe(d_shapes, 6, 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Start as the identity
#
# The residual blocks of a net have an attribute `path`, an `nn.Sequential` (maybe with
# `Sequential`s inside) that holds the block's layers; the sum and the shortcut stand
# elsewhere. Write `zero_last(net)`: set the scale (gamma) of the **last**
# `nn.BatchNorm2d` of each path to 0, in place.
#
# - Takes `net`: an `nn.Module` with blocks at any depth, or a block itself. A path may
#   have no such layer; it stays as it is.
# - Changes nothing else: no shift (beta), no norm outside the paths.
# - Returns the number of scales that it set (one for each norm), an int. No block
#   stands inside another one's path.
#
# Example: a net of three blocks with two norms each gives 3.


# %% exercise="zero_last"
def zero_last(net):
    """Set gamma of the last BatchNorm2d of each `path` to 0; return how many."""
    ### BEGIN SOLUTION
    count = 0
    for block in net.modules():
        if isinstance(getattr(block, "path", None), nn.Module):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count
    ### END SOLUTION


# %% test="zero_last" points=2 changes="net"
class PathBlock(nn.Module):
    def __init__(self, *path, shortcut=None):
        super().__init__()
        self.path = nn.Sequential(*path)
        self.shortcut = shortcut or nn.Sequential()

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


def small_path(C, inner=False):
    first = [nn.Conv2d(C, C, 3, padding=1), nn.BatchNorm2d(C), nn.ReLU()]
    second = [nn.Conv2d(C, C, 3, padding=1), nn.BatchNorm2d(C)]
    return [nn.Sequential(*first), nn.Sequential(*second)] if inner else first + second


def zeroed(net):
    with torch.no_grad():
        for k, p in enumerate(net.parameters()):
            p.fill_(k + 1.0)
    count = check.call(zero_last, net, changes="net")
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    sums = [p.sum().item() for p in net.parameters()]
    return count, sums, [norm.running_var.sum().item() for norm in norms]


projection = nn.Sequential(nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3))
net = nn.Sequential(
    *(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3)),
    PathBlock(*small_path(3), shortcut=projection),
    nn.Sequential(PathBlock(*small_path(3)), PathBlock(*small_path(3, inner=True))),
    nn.Sequential(PathBlock(nn.ReLU())),
    PathBlock(*small_path(3)),
    nn.BatchNorm2d(3),
)
told = "(count, sums of all parameters, sums of running variances)"
check.probe(zeroed, net, call=f"zero_last(net): {told}")
check.probe(zeroed, PathBlock(*small_path(2)), call=f"zero_last(block): {told}")
### BEGIN HIDDEN TESTS
ends = PathBlock(nn.BatchNorm2d(2), nn.ReLU(), nn.Conv2d(2, 2, 1))
check.probe(zeroed, nn.Sequential(ends, PathBlock(*small_path(2))))
check.probe(zeroed, nn.Sequential(nn.Conv2d(2, 2, 3), nn.BatchNorm2d(2)))
### END HIDDEN TESTS

# %% [markdown] choice="growing_sum" points=1
# ## Think: ten sums
# In a new net without normalisation, each block `X + f(X)` adds something independent
# of `X`, with mean 0, whose variance is that of the block's **own input**. The numbers
# in front of the first block have the variance 1. Which variance do they have behind
# ten blocks?
#
# - About 1000.
#   right: each sum doubles the variance, and two to the tenth is 1,024. A batch norm at
#   the end of f would hold what is added at 1.
# - 11.
#   wrong: what is added thought to have the variance 1 in every block
# - 20.
#   wrong: the doublings added up where they multiply
# - 1, as the shortcut passes the numbers on unchanged.
#   wrong: what the path adds forgotten

# %% [markdown]
# ## 7. What a block does to a gradient
#
# A block makes `Y` of `X`, both (N, C, H, W). The loss's gradient arrives at `Y` as
# `G`. How much larger, or smaller, is it at `X`? Write `gradient_gain(block, X, G)`.
#
# - Takes `block`: an `nn.Module`; `X`: (N, ...) float32, which records no gradient
#   itself; `G`: a tensor of the shape of the block's output.
# - Returns a float: the norm of $\partial L / \partial X$ over the norm of
#   $\partial L / \partial Y$, each over all its numbers.
# - Leave `X`, `G`, and the gradients of the block's parameters (`.grad`) as they were.
# - Allowed: everything in PyTorch.
#
# Example: for `nn.Identity()` it is 1.0, for a block that doubles `X` it is 2.0.


# %% exercise="gradient_gain"
def gradient_gain(block, X, G):
    """Norm of the gradient at the block's input over its norm at the output."""
    ### BEGIN SOLUTION
    X = X.detach().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / G.norm()).item()
    ### END SOLUTION


# %% test="gradient_gain" points=3
class Skip(nn.Module):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def forward(self, X):
        return X + self.path(X)


def gain(block, X, G):
    for p in block.parameters():
        p.grad = torch.full_like(p, 7.0)
    result = check.call(gradient_gain, block, X, G, changes="block")
    grads = [p.grad for p in block.parameters()]
    if any(g is None for g in grads):
        return result, "gradients gone"
    kept = all(bool((g == 7).all()) for g in grads)
    return result, "gradients kept" if kept else "gradients changed"


path = fill(nn.Sequential(nn.Conv2d(2, 2, 3, padding=1), nn.ReLU()))
X, G = pixels(3, 2, 5, 4), pixels(3, 2, 5, 4).flip(0) - 0.3
told = "(gain, what became of the parameters' gradients)"
check.probe(gain, path, X, G, call=f"gradient_gain(path, X, G): {told}")
check.probe(gain, Skip(path), X, G, call=f"gradient_gain(X + path(X), X, G): {told}")
### BEGIN HIDDEN TESTS
full = fill(nn.Sequential(nn.Linear(6, 9), nn.Tanh(), nn.Linear(9, 6)))
check.probe(gain, Skip(full), pixels(4, 6), pixels(4, 6) * 10)
check.probe(gain, fill(nn.Linear(3, 8)), pixels(2, 3), pixels(2, 8))
### END HIDDEN TESTS

# %% [markdown]
# ## 8. A ResNet from a list
#
# Given is a residual block, `Block(in_channels, out_channels, stride)`. Write
# `resnet(in_channels, stages, num_classes)`.
#
# - `stages`: a list of pairs `(num_blocks, channels)`, both at least 1.
# - Stem: 3 x 3 convolution, stride 1, padding 1, no bias, to the **first stage's**
#   channels; batch norm; ReLU. Then the stages, then the mean over all places, and a
#   full layer with bias.
# - The first block of each stage halves the side, except in the first stage; all other
#   blocks keep it.
# - Returns a module that makes scores (N, num_classes) of images
#   (N, in_channels, H, W) of any size.
#
# Example: `resnet(3, [(1, 4)], 10)` has 470 parameters.


# %%
class Block(nn.Module):
    """Two 3 x 3 convolutions with norms, a way round them, a ReLU behind the sum."""

    def __init__(self, C, D, stride=1):
        super().__init__()
        first = nn.Conv2d(C, D, 3, stride, padding=1, bias=False), nn.BatchNorm2d(D)
        second = nn.Conv2d(D, D, 3, padding=1, bias=False), nn.BatchNorm2d(D)
        self.f = nn.Sequential(*first, nn.ReLU(), *second)
        self.way_round = nn.Identity()
        if C != D or stride > 1:
            conv = nn.Conv2d(C, D, 1, stride, bias=False)
            self.way_round = nn.Sequential(conv, nn.BatchNorm2d(D))

    def forward(self, X):
        return F.relu(self.way_round(X) + self.f(X))


# %% exercise="resnet"
def resnet(in_channels, stages, num_classes):
    """A ResNet with a 3 x 3 stem and stages (num_blocks, channels)."""
    ### BEGIN SOLUTION
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% test="resnet" points=3
def net_shapes(channels, stages, classes):
    net = check.call(resnet, channels, stages, classes)
    check.call(net, pixels(2, channels, 8, 8))
    return sorted(tuple(p.shape) for p in net.parameters())


def scores(channels, stages, classes, H, W):
    net, X = check.call(resnet, channels, stages, classes), pixels(4, channels, H, W)
    check.call(net, X)
    return check.call(fill(net), X)


call = "the parameters of resnet(2, [(2, 3), (1, 5)], 4)"
check.probe(scores, 2, [(2, 3), (1, 5)], 4, 7, 10, atol=1e-4)
check.probe(net_shapes, 2, [(2, 3), (1, 5)], 4, call=call)
net = check.call(resnet, 1, [(1, 3), (2, 3), (1, 4)], 6)
check.module(net, pixels(3, 1, 9, 9), output_shape=(3, 6))
### BEGIN HIDDEN TESTS
check.probe(net_shapes, 1, [(1, 4), (2, 4), (3, 6)], 7)
check.probe(scores, 3, [(1, 4), (2, 4)], 3, 7, 8, rtol=1e-3, atol=1e-3)
check.probe(scores, 2, [(2, 3)], 5, 5, 5, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown] choice="paths_left" points=1
# ## Think: a block is cut out
# Six residual blocks in a row: at each sum the signal comes through the block's layers
# or over the shortcut, so there are 64 ways through the net. The third block's layers
# are cut out; its shortcut stays. How many of the 64 ways are left?
#
# - None: a chain breaks where a link is missing.
#   wrong: the shortcut forgotten, over which the signal still passes
# - 32.
#   right: half of the ways lead through the third block's layers, half over its
#   shortcut.
# - 60: all but those of the block that is missing.
#   wrong: few ways thought to lead through one block, where every second one does
# - 63, since one way is cut.
#   wrong: a block taken for one way, where it is a piece of many

# %% [markdown]
# ## 9. How wide a DenseNet gets
#
# A dense block of n layers adds n times `growth` channels to those that it reads.
# Behind each block **but the last** a transition keeps the share `theta` of the
# channels, rounded **down**. Write `dense_channels(in_channels, growth, blocks,
# theta)`.
#
# - `blocks`: a list with the number of layers of each block, not empty; `theta`: a
#   float above 0, at most 1.
# - Returns a list of ints: the channels behind each block and each transition, in
#   order.
# - Not allowed: layers. Use arithmetic.
#
# Example: `dense_channels(10, 3, [1, 2], 0.5)` gives `[13, 6, 12]`.


# %% exercise="dense_channels"
def dense_channels(in_channels, growth, blocks, theta):
    """Channels behind each dense block and each transition."""
    ### BEGIN SOLUTION
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels
    ### END SOLUTION


# %% test="dense_channels" points=2 bans="layers"
check.probe(dense_channels, 7, 5, [2, 3, 4], 0.5)
check.probe(dense_channels, 16, 3, [5], 0.25)
### BEGIN HIDDEN TESTS
check.probe(dense_channels, 9, 12, [1, 6, 2, 3], 0.75)
check.probe(dense_channels, 64, 32, [6, 12, 24, 16], 0.5)
check.probe(dense_channels, 5, 4, [3, 1], 1.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. A dense block with bottlenecks
#
# In **DenseNet-B** each layer first shrinks what it reads. Write the module
# `DenseBlockB(in_channels, growth, num_layers)`.
#
# - Layer k reads the channels of the input and of all layers before it, the input's
#   first, then the oldest layer's: batch norm, ReLU, 1 x 1 convolution to
#   `4 * growth` channels, batch norm, ReLU, 3 x 3 convolution (padding 1) to `growth`
#   channels. No convolution has a bias.
# - The block returns the input's channels, then those of all layers in order:
#   (N, in_channels + num_layers * growth, H, W).
# - Allowed: all of `torch.nn`.
#
# Example: `DenseBlockB(3, 2, 1)` has 190 parameters.


# %% exercise="DenseBlockB"
class DenseBlockB(nn.Module):
    """Layers that each read all channels so far and add `growth` of their own."""

    def __init__(self, in_channels, growth, num_layers):
        ### BEGIN SOLUTION
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X
        ### END SOLUTION


# %% test="DenseBlockB" points=3
def dense_shapes(*args):
    block = check.call(DenseBlockB, *args)
    check.call(block, pixels(2, args[0], 5, 5))
    return sorted(tuple(p.shape) for p in block.parameters())


def dense_output(N, H, W, *args):
    block, X = check.call(DenseBlockB, *args), pixels(N, args[0], H, W)
    check.call(block, X)
    return check.call(fill(block), X)[:2, :, :2, -2:]


told = "some of what DenseBlockB{} gives, filled with numbers"
check.probe(dense_shapes, 5, 3, 2, call="the parameters of DenseBlockB(5, 3, 2)")
check.probe(dense_output, 3, 5, 4, 5, 3, 2, call=told.format((5, 3, 2)))
block = check.call(DenseBlockB, 2, 3, 3)
check.module(block, pixels(4, 2, 5, 6), output_shape=(4, 11, 5, 6))
### BEGIN HIDDEN TESTS
check.probe(dense_output, 2, 4, 3, 4, 1, 4)
check.probe(dense_shapes, 3, 4, 3)
check.probe(dense_output, 4, 3, 6, 1, 5, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Find the mistakes, and mend them
#
# The block below was to be this one: the path is leaky ReLU (slope 0.1), 3 x 3
# convolution (padding 1, with the stride), batch norm, leaky ReLU, 3 x 3 convolution
# (padding 1), batch norm, and nothing else. The shortcut is `X`, as it came in, if
# channels and size stay; else a 1 x 1 convolution with the stride, and a batch norm, of
# `X`. A leaky ReLU follows the sum.
#
# It trains badly, or raises an error. Find the mistakes, and write it again without
# them, as `MendedBlock(in_channels, out_channels, stride=1)`. No convolution has a
# bias, `X` stays as it was, and no sum is broadcast.

# %% [markdown]
# ```python
# class Broken(nn.Module):
#     def __init__(self, C, D, stride=1):
#         super().__init__()
#         act = nn.LeakyReLU(0.1, inplace=True)
#         first = act, nn.Conv2d(C, D, 3, stride, 1, bias=False), nn.BatchNorm2d(D)
#         second = act, nn.Conv2d(D, D, 3, 1, 1, bias=False), nn.BatchNorm2d(D)
#         self.f = nn.Sequential(*first, *second, act)
#         self.way_round = nn.Identity()
#         if C != D:
#             conv = nn.Conv2d(C, D, 1, bias=False)
#             self.way_round = nn.Sequential(conv, nn.BatchNorm2d(D))
#
#     def forward(self, X):
#         return self.f(X) + self.way_round(X)
# ```
#
# Example: `MendedBlock(2, 2, 2)` makes (1, 2, 4, 4) of (1, 2, 8, 8), `Broken` an error.


# %% exercise="MendedBlock"
class MendedBlock(nn.Module):
    """Leaky ReLU, conv, norm, leaky ReLU, conv, norm, plus the shortcut; leaky ReLU."""

    def __init__(self, in_channels, out_channels, stride=1):
        ### BEGIN SOLUTION
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return self.act(self.path(X) + self.shortcut(X))
        ### END SOLUTION


# %% test="MendedBlock" points=4
def mended(N, H, W, *args):
    block, X = check.call(MendedBlock, *args), pixels(N, args[0], H, W)
    check.call(block, X=X.clone(), changes="X")
    after = X.clone()
    Y = check.call(fill(block), X=after, changes="X")
    return torch.equal(after, X), tuple(Y.shape), Y[:2, :3, :2, :2]


def mended_shapes(*args):
    block = check.call(MendedBlock, *args)
    check.call(block, pixels(2, args[0], 6, 6))
    return sorted(tuple(p.shape) for p in block.parameters())


told = "(is X as before, shape, some numbers) of MendedBlock{}, filled"
check.probe(mended, 3, 6, 5, 3, 3, call=told.format((3, 3)))
check.probe(mended, 3, 7, 6, 2, 4, 2, call=told.format((2, 4, 2)))
check.probe(mended, 3, 4, 6, 3, 5, call=told.format((3, 5)))
check.probe(mended_shapes, 2, 4, 2, call="the parameters of MendedBlock(2, 4, 2)")
block = check.call(MendedBlock, 3, 5)
check.module(block, pixels(2, 3, 5, 5), output_shape=(2, 5, 5, 5))
### BEGIN HIDDEN TESTS
check.probe(mended, 2, 8, 8, 3, 3, 2)
check.probe(mended, 2, 5, 4, 2, 6)
check.probe(mended_shapes, 4, 4)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: is it overfitting?
#
# A colleague trains a plain net of 8 layers and one of 38 on the same images. The deep
# one is worse on the test set, and the colleague says: "Of course, it overfits. I shall
# add dropout." Which number do you ask for, what would it be if the colleague is right,
# and what if it is degradation? Why is dropout no help then, and what do you propose? A
# few sentences; a person reads them.

# %% [markdown] manual="is_it_overfitting" points=3
# ### BEGIN SOLUTION
# I ask for the loss on the training images, measured in eval mode after training. If
# the deep net overfits, it is low, lower than the shallow net's, and only the test loss
# is high. If it is degradation, it is higher than the shallow net's: the deep net
# doesn't even fit what it is shown, although it could, since it could copy the shallow
# net and let the other layers pass their input on. Dropout makes fitting harder still;
# it would raise that loss further. I propose shortcuts around every two layers (with
# 1 x 1 convolutions where the shape changes), or fewer layers, and I would compare the
# training losses of several seeds again.
# ### END SOLUTION
