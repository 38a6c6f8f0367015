# %% [markdown]
# # Deep CNNs: exercises
#
# You follow an image through AlexNet, build blocks of VGG and NiN in variants that the
# lecture doesn't show, count costs, and mend a net that answers differently each time.
# Four questions need no code; a last one is read by a person.
#
# Each exercise stands alone: if you are stuck, go on with the next. Replace
# `raise NotImplementedError` by your answer, run the cell, then run the check below it.
# Some tests are hidden until your work is graded, so think of sizes that are not in the
# examples.
#
# Stuck? `check.hint("alexnet_sides")` in a new cell asks for a hint: first a question,
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
# so that two networks with the same layers give the same scores.


# %%
def pixels(*shape):
    """Made-up images of the given shape with values in [0, 1), always the same."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape)))


def fill(net):
    """Give every parameter fixed values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            values = pixels(*p.shape) - 0.4
            fan_in = p[0].numel() if p.dim() > 1 else 3
            p.copy_(values * (20 / fan_in) ** 0.5)
    return net


# %% [markdown]
# ## 1. AlexNet on an image that is no square
#
# Write `alexnet_sides(height, width, padding)`: follow an image through AlexNet.
#
# Four layers change the size: a convolution with AlexNet's first kernel, stride 4 and
# the given padding; then three poolings of 3 x 3 with stride 2.
#
# - Takes three ints: the image's rows and columns, each at least 67, and the padding on
#   each side.
# - Returns a list of five: four tuples (rows, columns), after each of these layers, and
#   the number of inputs of the first full layer, which reads 256 maps.
# - Not allowed: building the layers. Use arithmetic.
#
# Example: `alexnet_sides(224, 224, 2)` gives
# `[(55, 55), (27, 27), (13, 13), (6, 6), 9216]`.


# %% exercise="alexnet_sides"
def alexnet_sides(height, width, padding):
    """Sizes after the first convolution and three poolings, and the flat size."""

    ### BEGIN SOLUTION
    def after(side, kernel, stride, padding=0):
        return (side + 2 * padding - kernel) // stride + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]
    ### END SOLUTION


# %% test="alexnet_sides" points=2 bans="layers"
check.probe(alexnet_sides, 318, 179, 1)
check.probe(alexnet_sides, 224, 224, 2)
### BEGIN HIDDEN TESTS
check.probe(alexnet_sides, 67, 251, 0)
check.probe(alexnet_sides, 400, 131, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Global average pooling of images with a margin
#
# A batch holds images of different sizes; the smaller ones were filled up with empty
# margins. Places of the margin must not count, whatever stands there, infinity
# included. Write `masked_average_pool(X, mask)`: the average of each map over its
# image's own places.
#
# - Takes `X`: (N, C, H, W) float32; `mask`: (N, H, W) bool, True where a place belongs
#   to the image.
# - Returns (N, C). An image without any place gives zeros.
# - Not allowed: PyTorch's poolings, a loop.
#
# Example: a map `[[1, 3], [5, 100]]` with the mask `[[True, True], [True, False]]`
# gives 3.


# %% exercise="masked_average_pool"
def masked_average_pool(X, mask):
    """Mean of each map over the places of its image: (N, C, H, W) -> (N, C)."""
    ### BEGIN SOLUTION
    inside = mask.unsqueeze(1)  # (N, 1, H, W)
    total = torch.where(inside, X, 0.0).sum(dim=(2, 3))  # (N, C)
    places = inside.sum(dim=(2, 3)).clamp(min=1)  # (N, 1)
    return total / places
    ### END SOLUTION


# %% test="masked_average_pool" points=2 bans="pooling, loops"
def corner(N, H, W, *sizes):
    """A mask that is True in the upper left corner of the given size."""
    mask = torch.zeros(N, H, W, dtype=torch.bool)
    for n, (rows, columns) in enumerate(sizes):
        mask[n, :rows, :columns] = True
    return mask


mask = corner(3, 4, 5, (4, 5), (2, 3), (3, 1))
check.probe(masked_average_pool, pixels(3, 2, 4, 5) - 0.7, mask)
mask = corner(2, 3, 2, (1, 2), (0, 0))
check.probe(masked_average_pool, pixels(2, 4, 3, 2), mask)
### BEGIN HIDDEN TESTS
mask = pixels(4, 3, 6) > 0.5
check.probe(masked_average_pool, pixels(4, 3, 3, 6), mask)
far = torch.where(mask.unsqueeze(1), pixels(4, 3, 3, 6), torch.inf)
check.probe(masked_average_pool, far, mask)
check.probe(masked_average_pool, pixels(2, 5, 2, 2), corner(2, 2, 2, (2, 1), (1, 1)))
### END HIDDEN TESTS

# %% [markdown] choice="larger_canvas" points=1
# ## Think: the same animal on a larger canvas
# A net ends in ten maps and global average pooling. For a small image the maps are 7 x
# 7. Then the same animal, just as large, comes on a canvas of twice the side. The maps
# are 14 x 14: 49 places hold what they held before, all others 0. What are the ten
# scores?
#
# - There are none: the net stops with an error about the size.
#   wrong: global pooling taken for a full layer, which has a weight for each place
# - The same ten scores, since the empty places add nothing.
#   wrong: the average taken for a sum
# - Half as large, and the same animal has the highest.
#   wrong: the side of a map taken for the number of its places
# - A quarter as large, and the same animal has the highest.
#   right: the sum over the places is the same, and it is divided by 196 instead of 49.
#   Ten numbers divided by 4 keep their order.

# %% [markdown]
# ## 3. Local response normalisation with an even window
#
# Write `lrn(X, n, alpha, beta, k)` from the formula
#
# $$b_c = a_c \Big/ \Big( k + \alpha \sum_{j} a_j^2 \Big)^{\beta}$$
#
# for **any** n from 1 on. The window holds n channels: `n // 2` before $c$, itself, the
# rest behind it. For n = 4 these are c - 2 to c + 1. Channels that don't exist add
# nothing. `alpha` is not divided by n.
#
# - Takes `X`: (N, C, H, W) float32, or (N, C), the units of a full layer; an int; three
#   floats.
# - Returns a tensor of the shape of `X`.
# - Not allowed: PyTorch's normalisations. Loops are allowed.
#
# Example: `[[1., 2., 3.]]` with n = 2 and alpha = beta = k = 1 gives
# `[[1/2, 2/6, 3/14]]`.


# %% exercise="lrn"
def lrn(X, n, alpha, beta, k):
    """Local response normalisation over n channels, those before it first."""
    ### BEGIN SOLUTION
    squares = X.square()
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        window = squares[:, max(start, 0) : start + n]  # (N, up to n, ...)
        sums[:, c] = window.sum(dim=1)
    return X / (k + alpha * sums) ** beta
    ### END SOLUTION


# %% test="lrn" points=3 bans="normalisation"
check.probe(lrn, 4 * pixels(2, 7, 3, 4) - 1, 4, 0.3, 0.75, 2.0)
check.probe(lrn, 4 * pixels(3, 6) - 1, 3, 0.5, 0.6, 1.5)
### BEGIN HIDDEN TESTS
check.probe(lrn, 5 * pixels(1, 5, 2, 2) - 2, 2, 0.2, 0.5, 1.0)
check.probe(lrn, 3 * pixels(2, 3, 1, 4), 8, 0.4, 0.75, 2.0)
check.probe(lrn, 3 * pixels(2, 4, 3, 1), 1, 0.7, 0.9, 1.0)
check.probe(lrn, 3 * pixels(2, 9, 2, 3), 5, 0.1, 0.75, 2.0)
### END HIDDEN TESTS

# %% [markdown] choice="loud_channel" points=1
# ## Think: one channel gets loud
# Behind a layer of 16 channels stands local response normalisation with n = 5. At one
# place of the image channel 7 grows from 1 to 100; all other inputs are positive and
# stay as they were.
# Which outputs of **other** channels change?
#
# - Those of channels 5, 6, 8 and 9 at this place: they get smaller.
#   right: the large square stands in the sums of the channels up to two before and two
#   behind it, at this place only, and a larger sum divides more.
# - Those of all channels at this place: they get smaller, since all share one sum.
#   wrong: the window over channels taken for a sum over all of them, as in a softmax
# - Those of channel 7 in the places around.
#   wrong: neighbours among the channels taken for neighbours in the image
# - Those of channels 5, 6, 8 and 9 at this place: they get larger, since they are
#   scaled to the same strength.
#   wrong: normalisation thought to make all outputs equally strong

# %% [markdown]
# ## 4. A VGG block that keeps the last row
#
# Write `vgg_block(num_convs, in_channels, out_channels, pooling)`.
#
# - Takes three ints, each at least 1, and `pooling`: the text `"max"` or `"average"`.
# - Returns an `nn.Sequential`: `num_convs` times a 3 x 3 convolution that keeps rows
#   and columns, with bias, and a ReLU; then one pooling, 2 x 2 with stride 2.
# - Of an **odd** side the pooling keeps what is left over: 7 rows become 4. The last
#   window then holds fewer numbers; an average is taken over those that exist.
# - Raises `ValueError` for any other `pooling`.
# - Allowed: all of `torch.nn`.
#
# Example: `vgg_block(2, 3, 8, "max")` turns (4, 3, 5, 6) into (4, 8, 3, 3).


# %% exercise="vgg_block"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    """Convolutions of 3 x 3 with ReLU, then a pooling that keeps odd rests."""
    ### BEGIN SOLUTION
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(f'pooling is {pooling!r}; expected "max" or "average"')
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))
    ### END SOLUTION


# %% test="vgg_block" points=3
def block_output(num_convs, in_channels, out_channels, *size):
    found = []
    for pooling in ("max", "average"):
        net = check.call(vgg_block, num_convs, in_channels, out_channels, pooling)
        X = pixels(2, in_channels, *size)
        check.call(net, X)  # lazy layers get their sizes
        found.append([tuple(p.shape) for p in check.parameters(net).values()])
        Y = check.call(fill(net), X)
        found += [tuple(Y.shape), Y[1, :2, -2:, -2:]]
    return found


def answer_to(pooling):
    try:
        return type(check.call(vgg_block, 2, 3, 4, pooling)).__name__
    except ValueError:
        return "ValueError"
    except Exception as error:
        return f"another error: {type(error).__name__}"


told = "(the parameters' shapes, shape of the output, a corner; by max, by average)"
call = "vgg_block(3, 2, 5, pooling) on (2, 2, 7, 6): "
check.probe(block_output, 3, 2, 5, 7, 6, call=call + told)
check.probe(answer_to, "median", call='vgg_block(2, 3, 4, "median")')
### BEGIN HIDDEN TESTS
check.probe(block_output, 2, 3, 4, 6, 9)
check.probe(block_output, 1, 3, 2, 5, 5)
check.probe(answer_to, "")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. VGG's configuration C
#
# In one net of VGG's paper some blocks end in a 1 x 1 convolution. Write
# `vgg(conv_arch, in_channels, size, full, num_classes)`.
#
# - Takes `conv_arch`: for each block `(num_convs, channels, last_kernel)`; the images'
#   channels and side; the units of a hidden full layer; the classes.
# - A block: `num_convs` convolutions that keep the size, each with a ReLU. All are 3 x
#   3, but the **last** has side `last_kernel`, 1 or 3. Then 2 x 2 max pooling, stride
#   2, which drops an odd last row.
# - Then: flatten, full layer, ReLU, dropout of 0.5, full layer.
# - Returns a module, with all biases. Allowed: all of `torch.nn`.

# %% [markdown]
# Example: `vgg([(1, 4, 3), (3, 8, 1)], 1, 14, 20, 10)` has convolutions of sides 3, 3,
# 3 and 1; its first full layer reads 72 numbers.


# %% exercise="vgg"
def vgg(conv_arch, in_channels, size, full, num_classes):
    """VGG whose blocks may end in a 1 x 1 convolution."""
    ### BEGIN SOLUTION
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))
    ### END SOLUTION


# %% test="vgg" points=3
def shapes_and_scores(conv_arch, in_channels, size, full, num_classes):
    net = check.call(vgg, conv_arch, in_channels, size, full, num_classes)
    net.eval()
    X = pixels(3, in_channels, size, size)
    check.call(net, X)
    shapes = [tuple(p.shape) for p in check.parameters(net).values() if p.dim() > 1]
    Y = check.call(fill(net), X)
    return shapes, tuple(Y.shape), Y[:2, :3]


def dropped(full):
    """What is left of the hidden units, as shares: in training, then not."""
    # The last layer hands the hidden units on and adds 1; all weights are positive.
    net, X = check.call(vgg, [(1, 4, 3)], 1, 4, full, full), pixels(300, 1, 4, 4)
    check.call(net, X)
    with torch.no_grad():
        for p in check.parameters(fill(net)).values():
            p.copy_(p.abs() if p.dim() > 1 else torch.ones_like(p))
            if p.shape == (full, full):
                p.copy_(torch.eye(full))
    net.eval()
    units, found = check.call(net, X) - 1, []  # (300, full)
    for training in (True, False):
        net.train(training)
        # -1 where nothing was left to take a share of
        shares = ((check.call(net, X) - 1) / units).nan_to_num(-1, -1, -1)
        gone = shares.abs() < 1e-4
        found.append(sorted({round(share, 1) for share in shares.ravel().tolist()})[:4])
        found.append(
            "half are dropped" if 0.4 < gone.float().mean() < 0.6 else "not half"
        )
    return found


told = "(shapes of the weights, shape and some of the scores in eval mode)"
call = "vgg([(2, 3, 1), (1, 5, 3), (3, 4, 1)], 2, 21, 6, 7): "
check.probe(
    shapes_and_scores, [(2, 3, 1), (1, 5, 3), (3, 4, 1)], 2, 21, 6, 7, call=call + told
)
told = "what is left of the hidden units: shares, how many; in training, then not"
check.probe(dropped, 6, call=f"vgg([(1, 4, 3)], 1, 4, 6, 6): ({told})")
### BEGIN HIDDEN TESTS
check.probe(shapes_and_scores, [(1, 4, 1), (2, 6, 3)], 1, 13, 5, 3)
check.probe(shapes_and_scores, [(3, 2, 3)], 3, 5, 9, 2)
### END HIDDEN TESTS

# %% [markdown] choice="two_halves" points=1
# ## Think: two halves of a layer
# AlexNet's second convolution goes from 96 to 256 channels with kernels of 5 x 5. Its
# channels were cut into two halves, one on each card (`groups=2`): each half of the
# output reads one half of the input. What does it have and cost, beside the uncut
# layer?
#
# - Half the weights, but as many multiply-adds: the maps are as large as before.
#   wrong: multiply-adds thought to depend on the maps alone
# - Half the weights and half the multiply-adds.
#   right: there are as many outputs, and each reads 48 channels instead of 96.
# - A quarter of both, since both inputs and outputs are halved.
#   wrong: one of the two halves counted, and the other forgotten
# - As many of both: the same kernels are shared out between two cards.
#   wrong: a division of labour taken for a cut of connections

# %% [markdown]
# ## 6. A NiN block of any depth
#
# Write `nin_block(in_channels, widths, kernel, stride)`.
#
# - Takes the input's channels; `widths`: a list of one or more ints; the side of the
#   first kernel, odd; the first convolution's stride.
# - Returns an `nn.Sequential`: a convolution to `widths[0]` channels with this kernel
#   and stride, padded by half the kernel, rounded down; then for **each further** width
#   a 1 x 1 convolution with stride 1 and no padding. A ReLU behind every convolution;
#   all have biases.
# - Allowed: all of `torch.nn`.
#
# Example: `nin_block(3, [8, 6], 5, 2)` turns (2, 3, 9, 9) into (2, 6, 5, 5).


# %% exercise="nin_block"
def nin_block(in_channels, widths, kernel, stride):
    """A convolution, then 1 x 1 convolutions, a ReLU behind each."""
    ### BEGIN SOLUTION
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:], strict=False):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% test="nin_block" points=2
def nin_output(in_channels, widths, kernel, stride, *size):
    net = check.call(nin_block, in_channels, widths, kernel, stride)
    X = pixels(2, in_channels, *size)
    check.call(net, X)
    shapes = [tuple(p.shape) for p in check.parameters(net).values()]
    Y = check.call(fill(net), X)
    return shapes, tuple(Y.shape), Y[1, -2:, :2, -2:]


told = "(the parameters' shapes, shape of the output, a part of it)"
call = "nin_block(2, [6, 4, 5, 3], 5, 2) on (2, 2, 12, 9): "
check.probe(nin_output, 2, [6, 4, 5, 3], 5, 2, 12, 9, call=call + told)
call = "nin_block(3, [4], 3, 1) on (2, 3, 5, 6): "
check.probe(nin_output, 3, [4], 3, 1, 5, 6, call=call + told)
### BEGIN HIDDEN TESTS
check.probe(nin_output, 1, [3, 5], 7, 3, 10, 11)
check.probe(nin_output, 4, [2, 3, 4, 3], 1, 1, 4, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. The multiply-adds of any convolution
#
# Write `conv_multiply_adds(conv, height, width)`: how many products, each added to a
# sum, one image costs.
#
# - Takes `conv`: an `nn.Conv2d` with any kernel (also 3 x 5), stride, padding
#   (numbers), dilation and groups; the rows and columns of the input.
# - Returns the number. Biases don't count. With $g$ groups an output channel reads
#   $C_{in} / g$ channels. A kernel of side $k$ with dilation $d$ reaches over
#   $d (k - 1) + 1$ pixels, but has $k$ weights.
# - Not allowed: running a convolution. Use arithmetic.
#
# Example: `nn.Conv2d(3, 8, 5, stride=2)` on 11 x 13 gives $4 \cdot 5 \cdot 8 \cdot 75 =
# 12000$.


# %% exercise="conv_multiply_adds"
def conv_multiply_adds(conv, height, width):
    """Multiply-adds of one image through a convolution, biases left out."""
    ### BEGIN SOLUTION
    places = 1
    sizes = zip(
        *((height, width), conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        strict=False,
    )
    for side, kernel, stride, padding, dilation in sizes:
        reach = dilation * (kernel - 1) + 1
        places *= (side + 2 * padding - reach) // stride + 1
    return places * conv.weight.numel()  # a weight for each pair of channels that meet
    ### END SOLUTION


# %% test="conv_multiply_adds" points=3 bans="convolution"
tall = nn.Conv2d(6, 9, (3, 5), stride=(3, 1), padding=(3, 2), dilation=(1, 2), groups=3)
call = "conv_multiply_adds(nn.Conv2d(6, 9, (3, 5), (3, 1), (3, 2), (1, 2), 3), 19, 26)"
check.probe(conv_multiply_adds, tall, 19, 26, call=call)
call = "conv_multiply_adds(nn.Conv2d(3, 8, 5, stride=2), 11, 13)"
check.probe(conv_multiply_adds, nn.Conv2d(3, 8, 5, stride=2), 11, 13, call=call)
### BEGIN HIDDEN TESTS
check.probe(conv_multiply_adds, nn.Conv2d(3, 96, 11, stride=4), 227, 227)
check.probe(conv_multiply_adds, nn.Conv2d(10, 10, 3, padding=1, groups=10), 8, 6)
check.probe(conv_multiply_adds, nn.Conv2d(4, 7, 3, dilation=3, bias=False), 12, 9)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. How many small kernels for a large field?
#
# Write `stack_for(field, kernel, channels)`: replace one convolution, whose kernel has
# side `field`, by a stack of smaller ones, stride 1.
#
# - Takes three ints: `field`, odd; `kernel`, odd, from 3 to `field`; the channels,
#   which every layer takes and gives.
# - Returns three numbers (list or tuple): the **least** number of `kernel` x `kernel`
#   convolutions in a row whose output sees `field` x `field` pixels or more; the
#   weights of that stack; those of the one large convolution. Biases don't count.
# - Use arithmetic, or a loop.
#
# Example: `stack_for(5, 3, 10)` gives `[2, 1800, 2500]`.


# %% exercise="stack_for"
def stack_for(field, kernel, channels):
    """Number of small convolutions that see `field` pixels, their weights, its own."""
    ### BEGIN SOLUTION
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]
    ### END SOLUTION


# %% test="stack_for" points=2
check.probe(stack_for, 35, 5, 4)
check.probe(stack_for, 5, 3, 10)
### BEGIN HIDDEN TESTS
check.probe(stack_for, 9, 3, 6)
check.probe(stack_for, 7, 7, 3)
check.probe(stack_for, 17, 5, 2)
check.probe(stack_for, 15, 5, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Find the bug and mend it: a net that changes its mind
#
# The head of a small net, given below. Asked twice about the same image, even in eval
# mode, it gives two answers. Its scores also grow with the image's size. And in
# training its dropout hits the convolutions' maps, where AlexNet has none.


# %%
def broken_head(maps, hidden, output, p, training):
    """Scores from the last maps: (N, C, H, W) -> (N, classes)."""
    maps = F.dropout(maps, p)
    pooled = maps.sum(dim=(2, 3))  # (N, C)
    return output(F.relu(hidden(pooled)))


maps = pixels(1, 3, 4, 4)
layers = (nn.Linear(3, 6), nn.Linear(6, 2))
for _ in range(2):
    print(broken_head(maps, *layers, 0.5, training=False))

# %% [markdown]
# Write the mended `head(maps, hidden, output, p, training)`.
#
# - Takes `maps`: (N, C, H, W); two modules, `hidden` and `output`; the probability `p`,
#   in [0, 1), of a unit to be dropped; `training`: a bool.
# - Global **average** pooling gives (N, C); then `hidden` and a ReLU; then dropout of
#   these units, with probability `p`, in training only; then `output`.
# - What dropout keeps is divided by $1 - p$, as PyTorch does.
# - Returns what `output` gives.
# - Allowed: everything in PyTorch.


# %% exercise="head"
def head(maps, hidden, output, p, training):
    """Scores from the last maps, with dropout behind the hidden layer in training."""
    ### BEGIN SOLUTION
    pooled = maps.mean(dim=(2, 3))  # (N, C)
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training))
    ### END SOLUTION


# %% test="head" points=3
def scores(N, C, H, W, p=0.5):
    hidden, output = fill(nn.Linear(C, 6)), fill(nn.Linear(6, 3))
    return check.call(head, pixels(N, C, H, W) - 0.6, hidden, output, p, False)


class Shift(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, X):
        return X + self.by


def kept_and_dropped(p):
    """What may be left of a unit, as a share of it; how many are dropped, and how."""
    maps = pixels(300, 4, 1, 1).expand(300, 4, 3, 2)
    found = []
    for training in (True, False):
        Y = check.call(head, maps, Shift(0.1), Shift(1.0), p, training)
        shares = (Y - 1) / (maps.mean(dim=(2, 3)) + 0.1)  # (300, 4)
        gone = shares.abs() < 1e-4
        enough = abs(gone.float().mean().item() - p * training) < 0.07
        mixed = (gone.any(dim=1) & ~gone.all(dim=1)).float().mean().item()
        kept = sorted({abs(round(share, 2)) for share in shares.flatten().tolist()})
        found += [kept[:4], "about p" if enough else "not about p"]
        found.append("unit by unit" if mixed > 0.3 else "no example in part")
        found.append("anew for each example" if (gone != gone[0]).any() else "alike")
    return found


told = "(what is left of the hidden units: shares, how many are dropped, how; "
told += "first in training, then not)"
check.probe(kept_and_dropped, 0.3, call=f"head with p = 0.3: {told}")
call = "head(maps, hidden, output, 0.5, training=False)"
check.probe(scores, 2, 5, 4, 3, call=call)
### BEGIN HIDDEN TESTS
check.probe(scores, 1, 3, 6, 6, p=0.0)
check.probe(scores, 2, 4, 1, 3, p=0.8)
check.probe(kept_and_dropped, 0.75)
### END HIDDEN TESTS

# %% [markdown] choice="smaller_batch" points=1
# ## Think: it doesn't fit
# A net is trained by plain SGD with batches of 128. Of the memory, 240 MB hold its
# parameters, 240 MB their gradients, and 512 MB the input and what the forward pass
# keeps: 992 MB. Your card has 500 MB. You take batches of 64. How much is needed then?
#
# - 496 MB: it just fits.
#   wrong: all the memory thought to be of the batch
# - 992 MB: the batch changes the time, not the memory.
#   wrong: what the forward pass keeps forgotten
# - 736 MB: it doesn't fit, and a batch of one would need nearly as much as the card
#   has.
#   right: only the 512 MB belong to the images and are halved. Parameters and gradients
#   alone take 480 MB, so even one image, with 4 MB, leaves little room.
# - 616 MB: gradients are summed over fewer images, so they shrink, too.
#   wrong: gradients thought to be kept for each image

# %% [markdown]
# ## 10. Memory for training, memory for prediction
#
# Write `memory(net, X)`: count the **numbers**, not bytes, that must be held.
#
# - Takes `net`: an `nn.Sequential` without inner blocks; `X`: (N, ...) float32.
# - Returns two numbers (list or tuple). **Training**: each parameter twice (it and its
#   gradient), the batch `X`, the outputs of all layers. **Prediction**: each parameter
#   once, and the most that one layer's input and output take together.
# - The output of `nn.Flatten` counts like any other. A layer that stands at two places
#   has its parameters once.
# - Allowed: everything in PyTorch. Leave the net in its mode.

# %% [markdown]
# Example: `nn.Sequential(nn.Linear(4, 3), nn.ReLU())` with `X` of (2, 4) gives
# $2 \cdot 15 + 8 + 6 + 6 = 50$ and $15 + \max(8 + 6, 6 + 6) = 29$.


# %% exercise="memory"
def memory(net, X):
    """Numbers to hold for training, and for prediction, of a Sequential."""
    ### BEGIN SOLUTION
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    with torch.no_grad():
        H = X
        for layer in net:
            before, H = H, layer(H)
            outputs += H.numel()
            largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]
    ### END SOLUTION


# %% test="memory" points=3
look = [nn.Conv2d(2, 1, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(6, 4)]
check.probe(memory, nn.Sequential(*look), pixels(3, 2, 6, 8))
shared = nn.Linear(12, 12)
layers = [nn.Linear(9, 12), shared, nn.Tanh(), shared, nn.Linear(12, 2)]
layers += [nn.Linear(2, 30), nn.Linear(30, 1)]
check.probe(memory, nn.Sequential(*layers), pixels(4, 9))
### BEGIN HIDDEN TESTS
late = [
    nn.AvgPool2d(2),
    nn.Conv2d(1, 30, 3, padding=1),
    nn.Flatten(),
    nn.Linear(270, 7),
]
check.probe(memory, nn.Sequential(*late), pixels(1, 1, 6, 6))
check.probe(memory, nn.Sequential(nn.Linear(20, 3, bias=False)), pixels(5, 20))
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Which kernel size? All of them
#
# AlexNet begins with 11 x 11, VGG with 3 x 3. What if you need not choose? Write
# `side_by_side(convs, X)`, a first step towards [chapter 15](15): one image through
# several convolutions, their maps together as channels.
#
# - Takes `convs`: a list of `nn.Conv2d` without padding, stride 1, with odd square
#   kernels of **different** sides; `X`: (N, C, H, W), large enough.
# - Larger kernels give smaller maps. Crop the others to the smallest one, in their
#   **middle**, so that a place means the same pixel in all maps.
# - Returns (N, all output channels together, rows, columns), in the order of `convs`.
# - Allowed: everything in PyTorch.

# %% [markdown]
# Example: kernels of 3 and 5 with 4 and 6 channels on (2, 1, 8, 9) give (2, 10, 4, 5).


# %% exercise="side_by_side"
def side_by_side(convs, X):
    """Maps of several convolutions, cropped to one size: their channels together."""
    ### BEGIN SOLUTION
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)  # (N, channels, H - k + 1, W - k + 1)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)
    ### END SOLUTION


# %% test="side_by_side" points=2
def joined(kernels, channels, *shape):
    pairs = zip(kernels, channels, strict=True)
    convs = [fill(nn.Conv2d(shape[1], c, k)) for k, c in pairs]
    Y = check.call(side_by_side, convs, pixels(*shape))
    return tuple(Y.shape), Y[1:, :, :1, -2:]


told = "(shape, a corner of the maps)"
call = f"kernels 3, 7, 1 on (2, 3, 10, 9): {told}"
check.probe(joined, [3, 7, 1], [4, 1, 3], 2, 3, 10, 9, call=call)
### BEGIN HIDDEN TESTS
check.probe(joined, [5, 3], [3, 3], 2, 1, 6, 8)
check.probe(joined, [1, 3, 5], [1, 2, 4], 3, 2, 7, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: is the deeper net better?
#
# A friend writes: "I trained two nets, once each, and took the accuracy of the last
# epoch on 700 validation images: 0.925 for the old one, 0.931 for my deeper one. So
# depth helps." What do you answer? Say with numbers how much such a figure varies by
# itself, and what your friend should run and report instead. A few sentences; a person
# reads them.

# %% [markdown] manual="is_it_better" points=3
# ### BEGIN SOLUTION
# The figures differ by four of 700 images. That of one set of 700 alone has a standard
# error of about sqrt(0.93 * 0.07 / 700) = 0.01 (a part is shared, as both nets see the
# same images). Another seed, start and order of batches, moves it too; at a constant
# learning rate so does another epoch. Nothing is shown. Train both with several seeds,
# at equal budget (examples, epochs, about the same parameters or multiply-adds), let
# the rate fall to nearly 0, report mean and spread, and say what else differs. Choose
# on validation data; open the test set once, at the end.
# ### END SOLUTION
