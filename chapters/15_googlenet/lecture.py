# %% [markdown]
# # GoogLeNet: all kernel sizes at once
#
# LeNet looks through windows of 5 x 5, VGG through 3 x 3, and NiN mostly through
# 1 x 1. **Which kernel size is the right one?**
#
# In 2014 a team at Google answered: don't choose. Their network, **GoogLeNet**, uses
# several sizes side by side in every block. It won that year's ImageNet competition in
# image classification. The name honours LeNet.

# %% [markdown]
# You build its block, count what it costs, and train a small GoogLeNet. Then you ask
# two questions that papers often leave open: which part of the block does the net
# *need*, and is the mixture better than one size at the same price?
#
# You need [convolution](12) and [pooling](12), [LeNet](13), [VGG](14) and [NiN](14),
# [validation](08), [initialisation](10) and [Adam](03).

# %%
import time

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.costs import costs, multiply_adds
from utils.data import ANIMALS, animals, load_array
from utils.device import set_seed, try_gpu
from utils.drawings import googlenet as drawings
from utils.one_cycle import fit
from utils.train import evaluate

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## Silhouettes of animals
#
# The data are silhouettes of ten kinds of animals, 28 x 28 pixels: 5,000 images to
# learn from, 1,000 for [validation](08), and 1,000 for the test at the end. The pixels
# are standardised with the mean and the standard deviation of the training images.
#
# **Look for** the parts by which you tell the animals apart. Are they all of one size?

# %%
(X, y), (X_test, y_test) = animals(num_train=6000, num_test=1000)
X, X_valid, y, y_valid = X[:5000], X[5000:], y[:5000], y[5000:]
pixel_mean, pixel_std = X.mean(), X.std()
Z, Z_valid, Z_test = ((T - pixel_mean) / pixel_std for T in (X, X_valid, X_test))
for name, images in {"train": Z, "valid": Z_valid, "test": Z_test}.items():
    print(f"{name}: {tuple(images.shape)}")

shown = torch.stack([(y == k).nonzero().ravel()[:2] for k in range(10)], dim=1).ravel()
titles = [ANIMALS[k] for k in range(10)] + [""] * 10
axes = plots.images(X[shown], titles=titles, ncols=10)
plots.show(
    axes[0].figure,
    alt="Two silhouettes of each of ten kinds of animals, such as bear, bird, cat and "
    "elephant. They differ in posture and size.",
)
guessed = (y_test == y.bincount().argmax()).float().mean().item()
print(f"always the most frequent animal: {guessed:.3f} of the test images")
assert guessed < 0.15

# %% [markdown]
# They are not: an ear is a few pixels wide, and a body takes up much of the picture. So
# one may wish for small and large windows at the same time. (Zebras and giraffes keep
# some of their pattern, too.)

# %% [markdown]
# ## The idea: four paths
#
# An **Inception block** sends its input along four **paths** (or *branches*) side by
# side:
#
# 1. a 1 x 1 convolution: each pixel by itself, all channels mixed;
# 2. a 1 x 1 convolution, then 3 x 3: a small neighbourhood;
# 3. a 1 x 1 convolution, then 5 x 5: a larger one;
# 4. 3 x 3 max pooling, then a 1 x 1 convolution.
#
# After every convolution stands a ReLU. What comes out of the four is laid on one
# stack: **concatenated** along the channels.

# %% [markdown]
# **Look for** the number of channels in each box, those of the first block of the
# paper. Which four of them add up to the block's output?

# %%
rows = [
    ["1x1 conv\n64"],
    ["1x1 conv\n96", "3x3 conv\n128"],
    ["1x1 conv\n16", "5x5 conv\n32"],
    ["3x3 max pool\n192", "1x1 conv\n32"],
]
end = "concatenated: 256 x 28 x 28"
fig = drawings.paths(rows, "input: 192 x 28 x 28", end)
plots.show(
    fig,
    alt="An Inception block. An input of 192 channels goes four ways: 1x1 to 64; "
    "1x1 to 96, then 3x3 to 128; 1x1 to 16, then 5x5 to 32; pooling, then 1x1 to 32. "
    "Joined, they are 256 channels.",
)
print("the last box of each path:", 64 + 128 + 32 + 32)
assert 64 + 128 + 32 + 32 == 256

# %% [markdown]
# The last box of each path counts, and nothing else. The sum, 256, is what the next
# block gets.

# %% [markdown]
# ## The formula
#
# Let $X$ be the input, (N, C, H, W), and $\text{conv}_k$ a convolution with a $k \times
# k$ kernel, its padding and a ReLU. The block is
#
# $$Y = \big[\,\text{conv}_1(X),\; \text{conv}_3(\text{conv}_1(X)),\;
# \text{conv}_5(\text{conv}_1(X)),\; \text{conv}_1(\text{pool}_3(X))\,\big]$$
#
# Every $\text{conv}$ has weights of its own; the bracket is the concatenation along the
# second axis. It needs equal H and W on all paths. For an odd kernel with stride 1 the
# size stays if the [padding](12) is
#
# $$p = \frac{k - 1}{2}:\qquad h + 2p - k + 1 = h .$$
#
# So 0, 1, 2 for kernels of 1, 3, 5. The pooling needs padding 1 **and stride 1**.

# %% [markdown]
# ## From scratch
#
# Six convolutions, each a weight and a bias. `F.conv2d` is the function that you wrote
# in the chapters on [convolution](12) and [LeNet](13 "flatten").


# %%
def inception(X, params):
    """Y = [conv1(X), conv3(conv1(X)), conv5(conv1(X)), conv1(pool3(X))].

    X: (N, C, H, W); params: six pairs (W, b), in the order of the formula.
    """

    def conv(X, W, b):
        return F.relu(F.conv2d(X, W, b, padding=W.shape[-1] // 2))  # size stays

    one, reduce3, three, reduce5, five, project = params
    pooled = F.max_pool2d(X, kernel_size=3, stride=1, padding=1)
    paths = [
        conv(X, *one),  # (N, c1, H, W)
        conv(conv(X, *reduce3), *three),  # (N, c2[1], H, W)
        conv(conv(X, *reduce5), *five),  # (N, c3[1], H, W)
        conv(pooled, *project),  # (N, c4, H, W)
    ]
    return torch.cat(paths, dim=1)  # (N, c1 + c2[1] + c3[1] + c4, H, W)


# %% [markdown]
# ## The same in PyTorch
#
# A module with its paths in an `nn.ModuleDict`. The argument `keep` names the paths
# that are built; we need it later, to take one away. `c2` and `c3` are pairs: the
# channels of the 1 x 1 convolution and those of the one after it.

# %%
PATHS = ("1x1", "3x3", "5x5", "pool")


def conv(in_channels, out_channels, k):
    """A convolution that keeps the size, and a ReLU."""
    layer = nn.Conv2d(in_channels, out_channels, k, padding=k // 2)
    return nn.Sequential(layer, nn.ReLU())


class Inception(nn.Module):
    """Paths side by side: (N, in_channels, H, W) -> (N, out_channels, H, W)."""

    def __init__(self, in_channels, c1, c2, c3, c4, keep=PATHS):
        super().__init__()
        C = in_channels
        paths = {
            "1x1": conv(C, c1, 1),
            "3x3": nn.Sequential(conv(C, c2[0], 1), conv(c2[0], c2[1], 3)),
            "5x5": nn.Sequential(conv(C, c3[0], 1), conv(c3[0], c3[1], 5)),
            "pool": nn.Sequential(nn.MaxPool2d(3, 1, padding=1), conv(C, c4, 1)),
        }
        channels = dict(zip(PATHS, (c1, c2[1], c3[1], c4), strict=True))
        self.paths = nn.ModuleDict({name: paths[name] for name in keep})
        self.out_channels = sum(channels[name] for name in keep)

    def forward(self, X):
        return torch.cat([path(X) for path in self.paths.values()], dim=1)


# %% [markdown]
# Give both the same weights. The channels here are small and all different, so that a
# mix-up would show.

# %%
block = Inception(5, 4, (3, 6), (2, 7), 8)
convolutions = [layer for layer in block.modules() if isinstance(layer, nn.Conv2d)]
params = [(layer.weight, layer.bias) for layer in convolutions]
noise = torch.rand(2, 5, 9, 11)
with torch.no_grad():
    Y = block(noise)
    difference = (inception(noise, params) - Y).abs().max().item()
print(f"{tuple(noise.shape)} -> {tuple(Y.shape)}, largest difference {difference:.1e}")
assert difference < 1e-5 and Y.shape == (2, 4 + 6 + 7 + 8, 9, 11)

# %% [markdown] predict="who_chooses"
# **Predict.** What does the block do with its four paths when it meets an image?
#
# - It uses the path that suits the image best.
#   wrong: a mixture taken for a choice. Nothing in the block compares the paths or
#   switches one off.
# - It takes the mean of the four.
#   wrong: concatenation taken for a sum. For a mean all paths would need equally many
#   channels, and their maps would be mixed for good.
# - It computes all four and hands on all maps, for every image.
#   right: the layer after it weighs them, with weights that are the same for all
#   images.
# - Training finds the best path and keeps that one.
#   wrong: a block thought to select its best path in training. All four keep their
#   weights and cost their time to the end.

# %%
calls = dict.fromkeys(PATHS, 0)


def count(name):
    def hook(layer, inputs, Y):
        calls[name] += len(Y)  # images that went this way

    return hook


for name, path in block.paths.items():
    path.register_forward_hook(count(name))
with torch.no_grad():
    for image in noise:
        block(image[None])  # one image at a time
print("images on each path:", calls)
assert set(calls.values()) == {2}
five = block.paths["5x5"](noise)
print("the 5x5 path's maps stand in the output:", torch.allclose(five, Y[:, 10:17]))
assert torch.allclose(five, Y[:, 10:17], atol=1e-6)

# %% [markdown]
# Each of the two images went along all four paths, and the maps of the 5 x 5 path are
# channels 10 to 16 of the output.

# %% [markdown]
# ## A 1 x 1 convolution mixes channels
#
# A kernel of one pixel sees no neighbour. What is it good for? It computes at each
# place $(i, j)$
#
# $$Y_{o,i,j} = b_o + \sum_c W_{o,c}\, X_{c,i,j},$$
#
# a full layer across the channels, the same at all places. With fewer outputs than
# inputs it is a **bottleneck**: 192 maps become 16 mixtures of them.
#
# **Look for** the two lines that give the same numbers.

# %%
reduce5 = block.paths["5x5"][0][0]  # 5 channels to 2
W = reduce5.weight[:, :, 0, 0]  # (2, 5, 1, 1) -> (2, 5)
with torch.no_grad():
    by_layer = reduce5(noise)  # (2, 2, 9, 11)
    by_hand = torch.einsum("oc,nchw->nohw", W, noise) + reduce5.bias.reshape(1, 2, 1, 1)
print("by the layer:", by_layer[0, :, 3, 4].tolist())
print("by hand:     ", by_hand[0, :, 3, 4].tolist())
torch.testing.assert_close(by_hand, by_layer)

# %% [markdown]
# Both lines are the same to the last digits shown, up to rounding.
#
# ## Why a bottleneck pays
#
# A convolution makes, for each output number, $C_{in} k^2$ products, each added to a
# sum: **multiply-adds**. In all
#
# $$M = C_{out}\, H\, W\, C_{in}\, k^2 .$$
#
# The 5 x 5 path of the block above has 192 channels in, 32 out and 28 x 28 places.
# Straight through, that is $32 \cdot 784 \cdot 192 \cdot 25$. With 16 channels in
# between, it is $784 \cdot (16 \cdot 192 + 32 \cdot 16 \cdot 25)$.

# %% [markdown] predict="bottleneck"
# **Predict.** One layer becomes two. What happens to the multiply-adds of this path?
#
# - They grow a little: one layer more has to be computed.
#   wrong: layers counted instead of products. The added layer is 1 x 1, and it makes
#   the expensive one see 16 channels in place of 192.
# - They fall to a tenth.
#   right: the 5 x 5 convolution shrinks twelvefold, and the 1 x 1 adds a quarter of
#   what is left.
# - They fall to a twelfth, since 192 / 16 = 12.
#   wrong: the price of the 1 x 1 convolution forgotten. It is small, but not nothing.
# - They fall to a twenty-fifth, the price of a 1 x 1 kernel.
#   wrong: the 5 x 5 kernel thought to be gone. It is still there, on fewer channels.

# %%
places = 28 * 28
by_hand = {
    "direct": places * 32 * 192 * 25,
    "bottleneck": places * (16 * 192 + 32 * 16 * 25),
}
params_by_hand = {"direct": 32 * (192 * 25 + 1)}
params_by_hand["bottleneck"] = 16 * (192 + 1) + 32 * (16 * 25 + 1)
routes = {"direct": conv(192, 32, 5)}
routes["bottleneck"] = nn.Sequential(conv(192, 16, 1), conv(16, 32, 5))
maps = torch.rand(1, 192, 28, 28)
for name, route in routes.items():
    counted = costs(route, maps)
    print(f"{name:>10}: {by_hand[name]:11,} multiply-adds,", end=" ")
    print(f"{params_by_hand[name]:7,} parameters")
    assert counted.multiply_adds == by_hand[name]
    assert counted.parameters == params_by_hand[name]
ratio = by_hand["direct"] / by_hand["bottleneck"]
print(
    f"ratio {ratio:.1f}; the 1x1 part {16 * 192 / (32 * 16 * 25):.2f} of the 5x5 part"
)
assert round(ratio, 1) == 9.7 and 16 * 192 / (32 * 16 * 25) == 0.24

# %% [markdown]
# About a tenth: 12.4 million in place of 120 million, and a tenth of the parameters.
# `utils.costs` counts the same as you by hand.
#
# Products are no seconds. Measure those, too: the fastest of several passes on this
# machine. **Look for** the two marks of the bottleneck: are they at the same place?


# %%
def fastest(route, X, repeats=15):
    """Seconds of the fastest of several passes, without gradients."""
    seconds = []
    with torch.no_grad():
        route(X)  # the first pass prepares
        for _ in range(repeats):
            start = time.perf_counter()
            route(X)
            seconds.append(time.perf_counter() - start)
    return min(seconds)


seconds = {name: fastest(route, maps) for name, route in routes.items()}
share = {"multiply-adds": [by_hand[name] / by_hand["direct"] for name in routes]}
share["seconds"] = [seconds[name] / seconds["direct"] for name in routes]
for name in routes:
    print(f"{name:>10}: {1000 * seconds[name]:.2f} ms")
groups = {kind: [[value] for value in values] for kind, values in share.items()}
fig = drawings.dots(groups, list(routes), "share of the direct route", height=2.2)
plots.show(
    fig,
    alt="Multiply-adds and seconds of the two routes as a share of the direct one. The "
    "bottleneck needs a tenth of the multiply-adds, and it saves time, too.",
)
assert share["seconds"][1] < 0.5

# %% [markdown]
# The bottleneck saves time as well as multiplications. The two savings need not be the
# same number: a layer also reads and writes maps, which no multiply-add shows. Count
# to compare designs; measure before you promise seconds.

# %% [markdown]
# ## An activation inside the path
#
# Between the 1 x 1 and the 5 x 5 convolution stands a ReLU. Forget it, and nothing
# complains. But two linear maps in a row are one linear map: without biases the pair
# computes what a single 5 x 5 convolution computes, with the kernel
#
# $$V_{o,c,u,v} = \sum_m W^{(5)}_{o,m,u,v}\, W^{(1)}_{m,c}.$$
#
# It is not even a free one: read as a matrix, with a row for each input channel, $V$
# has rank 16 at most, where a direct convolution may have 192.
#
# **Look for** the difference without the ReLU and with it.

# %%
W1 = routes["bottleneck"][0][0].weight.detach()  # (16, 192, 1, 1)
W5 = routes["bottleneck"][1][0].weight.detach()  # (32, 16, 5, 5)
V = torch.einsum("omuv,mc->ocuv", W5, W1[:, :, 0, 0])  # (32, 192, 5, 5)
one_layer = F.conv2d(maps, V)  # (1, 32, 24, 24)
gaps = {}
for name, between in {"without ReLU": nn.Identity(), "with ReLU": nn.ReLU()}.items():
    two_layers = F.conv2d(between(F.conv2d(maps, W1)), W5)
    gap = (two_layers - one_layer).abs().max() / one_layer.abs().max()
    gaps[name] = gap.item()
    print(f"{name:>12}: the pair differs from one layer by {gaps[name]:.1e}")
rank = torch.linalg.matrix_rank(V.transpose(0, 1).flatten(1)).item()  # (192, 800)
print("rank of V as a matrix of 192 rows:", rank)
assert gaps["without ReLU"] < 1e-5 and gaps["with ReLU"] > 0.01
assert rank == 16

# %% [markdown]
# Without the ReLU the difference is rounding. With it the pair is no single
# convolution: the path can combine its 16 mixtures in ways that one layer can't.
#
# ## Side by side: which axis, which size?
#
# `torch.cat` needs one axis to lay the parts along, and equal sizes on all others. Two
# mistakes give an error, the third is silent if you are unlucky.

# %% [markdown] predict="batch_axis"
# **Predict.** Someone writes `torch.cat(paths, dim=0)`. All four paths have 8 channels,
# the batch has 36 images. What comes out of the block?
#
# - An error, since four batches don't fit.
#   wrong: the axis of the concatenation thought to need equal sizes. All *other* axes
#   need them, and here they agree.
# - A batch of 144, of 8 channels.
#   right: each image now stands there four times, seen by one path each. The net goes
#   on without a word, up to the loss.
# - A batch of 36, of 32 channels.
#   wrong: the first axis taken for the channels. Axis 0 counts images, axis 1 channels.
# - A batch of 36, of 8 channels, the maps added up.
#   wrong: concatenation taken for a sum. Nothing is added; the maps stay what they are.

# %%
same = Inception(3, 8, (4, 8), (4, 8), 8)
batch = torch.rand(36, 3, 14, 14)
outputs = [path(batch) for path in same.paths.values()]
on_batch_axis = torch.cat(outputs, dim=0)
print("along the batch:   ", tuple(on_batch_axis.shape))
print("along the channels:", tuple(torch.cat(outputs, dim=1).shape))
scores = on_batch_axis.mean(dim=(2, 3))  # (144, 8), as if it were the end of a net
try:
    F.cross_entropy(scores, torch.zeros(36, dtype=torch.long))
except ValueError as error:
    print("the loss says:", error)
assert on_batch_axis.shape == (144, 8, 14, 14)

# %% [markdown]
# Only the loss notices: 144 answers for 36 labels. If the paths have different numbers
# of channels, `torch.cat` itself complains.
#
# The other two mistakes: a padding that is forgotten, and the stride of the pooling.
# The default stride of `nn.MaxPool2d(3)` is [its kernel's size](12 "stride"), 3.

# %%
paths = {
    "5x5, padding 2": nn.Conv2d(3, 8, 5, padding=2),
    "5x5, no padding": nn.Conv2d(3, 8, 5),
    "pool, stride 1": nn.MaxPool2d(3, stride=1, padding=1),
    "pool, default stride": nn.MaxPool2d(3, padding=1),
}
sides = {name: path(batch).shape[-1] for name, path in paths.items()}
for name, side in sides.items():
    print(f"{name:>20}: {side} x {side}")
wrong = [paths["5x5, padding 2"](batch), paths["pool, default stride"](batch)]
try:
    torch.cat(wrong, dim=1)
except RuntimeError as error:
    print(error)
assert list(sides.values()) == [14, 10, 14, 5]

# %% [markdown]
# The message names both sizes. Write down the size behind each path before you write
# the block, and the pooling's stride first.
#
# ## The end of the net: global average pooling
#
# LeNet's [first full layer](13 "flatten") holds most of its parameters. GoogLeNet has
# no such layer: [global average pooling](14), as in NiN, takes the mean of each map,
# one number a channel, and a single full layer makes scores of them.
# `nn.AdaptiveAvgPool2d(1)` does it for maps of any size, so images of any size fit.
#
# If you do flatten, how many numbers arrive? Don't compute it: send a **probe tensor**
# through and read the shape. `nn.LazyLinear` does the same by itself, at its first
# batch.

# %%
stem = nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
features = nn.Sequential(*stem, Inception(16, 8, (8, 16), (4, 8), 12))
with torch.no_grad():
    probe = features(torch.zeros(1, 1, 28, 28))  # a batch of one black image
flat = probe.flatten(1).shape[1]
lazy = nn.Sequential(features, nn.Flatten(), nn.LazyLinear(10))
lazy(torch.zeros(1, 1, 28, 28))
print(f"maps {tuple(probe.shape)}, flat {flat}; LazyLinear found {lazy[2].in_features}")
pooled = nn.Sequential(
    features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(44, 10)
)
heads = {"flattened": 10 * (flat + 1), "global average": 10 * (44 + 1)}
print("parameters of the last layer:", heads)
assert flat == lazy[2].in_features == 44 * 7 * 7 and heads["flattened"] > 40 * 450
assert (
    pooled(torch.zeros(1, 1, 28, 28)).shape == pooled(torch.zeros(1, 1, 50, 41)).shape
)

# %% [markdown]
# The mean saves 98 % of the last layer, and the same net reads images of 50 x 41. Its
# price: *where* a map was bright is gone. A probe runs in eval mode where a net has
# dropout or batch statistics, or it leaves traces; one of the exercises is about that.

# %% [markdown]
# ## A small GoogLeNet
#
# The whole net is a **stem** (a convolution and a pooling that make the image small
# early), Inception blocks with pooling between them, global average pooling, one full
# layer. Ours has two blocks, on 7 x 7 and on 4 x 4 places; the paper's has nine.
#
# The two blocks are arguments: below, other blocks take their place. The weights start
# by [He initialisation](10), which fits ReLU.


# %%
SIZES = [(16, (16, 32), (4, 8), 8), (24, (24, 48), (8, 16), 16)]


def initialise(net):
    """Weights by Kaiming He's rule, biases 0; those of the last layer small."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    nn.init.normal_(net[-1].weight, std=0.01)
    return net


def small_net(first, second, num_classes=10):
    """Two blocks between a stem and global average pooling, for (N, 1, 28, 28)."""
    return initialise(
        nn.Sequential(
            nn.Conv2d(1, 16, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),  # (N, 16, 7, 7)
            first,
            nn.MaxPool2d(3, stride=2, padding=1),  # (N, first.out_channels, 4, 4)
            second,
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(second.out_channels, num_classes),
        )
    )


# %% [markdown]
# **Look for** the number of channels and of places behind each step.

# %%
rows = [["stem\n16 x 7 x 7", "block\n64 x 7 x 7", "pool\n64 x 4 x 4"]]
rows += [["block\n104 x 4 x 4", "average\n104", "full layer\n10"]]
fig = drawings.paths(rows, width=6.4, height=1.6)
plots.show(
    fig,
    alt="The small net in two lines: stem 16 x 7 x 7, block 64 x 7 x 7, pooling "
    "64 x 4 x 4; block 104 x 4 x 4, average 104, full layer 10.",
)

# %% [markdown]
# The channels grow while the places shrink, as in [LeNet](13 "LeNet-5").

# %% [markdown]
# Train it on the 5,000 images with [Adam](03), over [one cycle](10) of the
# learning rate: it rises to 0.01 and falls again, step by step.


# %%
def inception_blocks(sizes=SIZES, keep=PATHS):
    """The two Inception blocks of the small net."""
    first = Inception(16, *sizes[0], keep=keep)
    return first, Inception(first.out_channels, *sizes[1], keep=keep)


def train_net(net, Z, y, num_epochs, seed=0, valid=None):
    """Train on (Z, y) in batches of 32 and return the history."""
    net.to(memory_format=torch.channels_last)  # a faster layout for convolutions
    data = load_array((Z, y), batch_size=32, seed=seed)
    valid = valid and load_array(valid, 250, shuffle=False)
    settings = {"lr": 0.01, "num_epochs": num_epochs, "device": device}
    return fit(net, data, valid, progress=False, **settings)


net = small_net(*inception_blocks())
H = torch.zeros(1, 1, 28, 28)
shapes = [tuple((H := layer(H)).shape[1:]) for layer in net]
assert shapes[2:6] == [(16, 7, 7), (64, 7, 7), (64, 4, 4), (104, 4, 4)]

# %%
counted = costs(net, Z[:1])
print(f"{counted.parameters:,} parameters, {counted.multiply_adds:,} multiply-adds")
history = train_net(net, Z, y, num_epochs=6, valid=(Z_valid, y_valid))
for epoch in range(6):
    train_accuracy = history["train_accuracy"][epoch]
    print(f"epoch {epoch + 1}: train {train_accuracy:.3f}", end=", ")
    print(f"valid {history['valid_accuracy'][epoch]:.3f}")

# %% [markdown]
# **Look for** the steepest part of the training curve, and for the order of the two
# curves at the start and at the end.

# %%
fig, ax = plots.figure(width=5.2)
kinds = {"training": "train_accuracy", "validation": "valid_accuracy"}
both = {name: history[key] for name, key in kinds.items()}
plots.curves(ax, range(1, 7), both, "epoch", "accuracy")
plots.show(
    fig,
    alt="Training and validation accuracy over six epochs. Training rises fast at "
    "first, from below validation to above it; both end above nine in ten.",
)
softmax_regression = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
data = load_array((Z, y), batch_size=32)
fit(softmax_regression, data, lr=0.003, num_epochs=5, device=device, progress=False)
tested = {"most frequent animal": guessed}
for name, model in {"softmax regression": softmax_regression, "GoogLeNet": net}.items():
    tested[name] = evaluate(model, [(Z_test, y_test)])["accuracy"]
for name, value in tested.items():
    print(f"{name:>20}: {value:.3f} of the test images")
assert tested["GoogLeNet"] > 0.91 > tested["softmax regression"] + 0.1
assert 0.7 < tested["softmax regression"] < 0.81
assert history["train_accuracy"][-1] > history["valid_accuracy"][-1] > 0.9
assert both["training"][2] > both["training"][0] + 0.4
assert both["training"][0] < both["validation"][0]

# %% [markdown]
# Training climbs most in the first epochs. It starts below validation, because it is
# measured [while the net learns](13 "evaluate"); it ends above it. If validation falls
# for an epoch in the middle, that is the high learning rate of the cycle; the small
# steps at the end repair it. The test is over nine in ten. A linear model stays below
# by more than ten in a hundred.
#
# ## What each path sees
#
# **Look for** maps that follow the whole body, and maps that are bright in one spot.
# Does one path have all of one sort?


# %%
@torch.no_grad()
def maps_of(net, X, count=6):
    """Strongest maps of each path of the first block, for one image (1, 1, H, W)."""
    H = net[:3](X)  # the stem
    rows = {}
    for name, path in net[3].paths.items():
        found = path(H)[0]  # (channels, 7, 7)
        strongest = found.amax(dim=(1, 2)).argsort(descending=True)
        rows[name] = found[strongest[:count]].cpu()
    return rows


one = Z_valid[:1]
fig = drawings.maps(maps_of(net, one.to(device)), one[0, 0])
plots.show(
    fig,
    alt="A silhouette and, for each of the four paths, six feature maps of 7 x 7: some "
    "follow the body or what is around it, some are bright in a few places only.",
)

# %% [markdown]
# Both sorts occur, and some maps follow what is around the animal. A path may have
# nearly all of one sort. But that doesn't tell what the net needs it for. To learn
# that, we take it away.
#
# ## Which path does the net need?
#
# There are two ways to take a path away.
#
# - **Cut it off** in the trained net: its maps are replaced by zeros. (The field says
#   **ablation**.) Nothing else changes.
# - **Leave it out** from the start, and train the smaller net anew.
#
# In both cases we count the accuracy that is lost. Three nets are trained on 1,600
# images, five epochs each, and measured on the validation images. Without each path we
# train two more.

# %% [markdown] predict="cut_or_retrained"
# **Predict.** The 3 x 3 path has about half of the channels. The nets read more than
# eight in ten animals in the mean. What is left if this path is cut off, and what if
# the net is trained without it?
#
# - About the same in both cases: the information of the path is missing in both.
#   wrong: a net that lost a path taken for one that never had it. The second learned to
#   use what there is.
# - Less than half when cut, over seven in ten when retrained.
#   right: the layers behind it rely on its maps; trained without them, the other paths
#   take over most of the work.
# - Over seven in ten in both cases: three other paths see the same image.
#   wrong: the paths thought to be copies that stand in for each other. The next layer
#   was trained on all four together.
# - Well under half in both cases, since 1 x 1 kernels see no shapes.
#   wrong: the other paths forgotten. There is a 5 x 5 kernel beside it, and the stem
#   has seen shapes before.


# %%
def zeros(layer, inputs, Y):
    return torch.zeros_like(Y)


def means(layer, inputs, Y):
    """Each channel's mean over all images and places, everywhere."""
    return Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)


def cut(net, path, Z, y, replacement=zeros):
    """Accuracy of the net while one path is replaced in both blocks."""
    hooks = [
        block.paths[path].register_forward_hook(replacement)
        for block in net
        if isinstance(block, Inception)
    ]
    reached = evaluate(net, [(Z, y)])["accuracy"]
    for hook in hooks:
        hook.remove()
    return reached


few, valid = (Z[:1600], y[:1600]), (Z_valid, y_valid)
SEEDS = range(3)


def trained(*two_blocks, seed, num_epochs=5):
    """Train a small net on few images: validation accuracy, net, processor seconds."""
    net = small_net(*two_blocks)
    start = time.process_time()
    train_net(net, *few, num_epochs, seed)
    seconds = time.process_time() - start
    return evaluate(net, [valid])["accuracy"], net, seconds


# %%
whole = [trained(*inception_blocks(), seed=seed) for seed in SEEDS]
complete = [run[0] for run in whole]
lost = {"cut off (zeros)": [], "cut off (means)": [], "left out, retrained": []}
for path in PATHS:
    rest = tuple(name for name in PATHS if name != path)
    reached = (
        [cut(net, path, *valid, zeros) for _, net, _ in whole],
        [cut(net, path, *valid, means) for _, net, _ in whole],
        [trained(*inception_blocks(keep=rest), seed=seed)[0] for seed in SEEDS[:2]],
    )
    for kind, values in zip(lost, reached, strict=True):
        lost[kind].append([a - b for a, b in zip(complete, values, strict=False)])
        print(f"{path:>4} {kind:>19}: {sum(values) / len(values):.3f}", end=" ")
        print(f"({min(values):.3f} to {max(values):.3f})")
print(f"all four paths: {sum(complete) / 3:.3f}")
assert sum(complete) / 3 > 0.8

# %% [markdown]
# **Look for** the longest distance between the kinds of one path, and for the path
# whose cut costs most. (The middle kind is explained below.)

# %%
fig = drawings.dots(lost, PATHS, "validation accuracy lost")
plots.show(
    fig,
    alt="Accuracy lost without each of the four paths, two or three nets. Cut off, the "
    "3x3 path costs more than half of the right answers in the mean; retrained without "
    "it, far less. The other paths, too, cost more in the mean when cut.",
)

# %%
mean_lost = {kind: [sum(v) / len(v) for v in rows] for kind, rows in lost.items()}
cut_off, by_mean, left_out = mean_lost.values()
for path, *three in zip(PATHS, cut_off, by_mean, left_out, strict=True):
    print(f"{path:>4}: lost {', '.join(f'{value:.2f}' for value in three)}")
assert min(a - c for a, c in zip(cut_off, left_out, strict=True)) > 0
right = sum(complete) / 3
assert cut_off[1] > 0.5 * right and cut_off[1] == max(cut_off)
assert right - left_out[1] > 0.7 and max(left_out) < 0.1
assert sum(by_mean) > 0.5 * sum(cut_off) > sum(left_out)

# %% [markdown]
# The two questions have two answers. Cut off, the 3 x 3 path takes more than half of
# the right answers with it, and every path costs more than if the net never had it.
# Retrained, the others take over: without any one path less than a tenth is lost, and
# two nets are too few to say which path is missed most.

# %% [markdown]
# Why does a cut cost so much? Perhaps because zeros are new to the layers behind.
# Remove that cause: put in each channel's **mean** over all images (middle group). Now
# the level is right, and only what differs between images and places is gone. Summed
# over the four paths, more than half of the loss stays. So the zeros are not the main
# cause: the layers behind use what the path says, and have not learned to do without.

# %% [markdown]
# So an ablation in a trained net shows what *these weights use*. What the block
# *needs*, only a new training shows. Papers use the one word for both; look which was
# done.

# %% [markdown]
# ## The whole GoogLeNet, without computing it
#
# The paper's net reads 224 x 224 colour photos in 1,000 classes. On the device `meta`
# PyTorch keeps shapes and no numbers, so the full size costs no time. These are the
# nine blocks of the paper's table; `None` is a pooling of stride 2. The paper's dropout
# and its local response normalisation have no weights; we leave them out.

# %%
TABLE = [
    ("3a", 64, (96, 128), (16, 32), 32),
    ("3b", 128, (128, 192), (32, 96), 64),
    None,
    ("4a", 192, (96, 208), (16, 48), 64),
    ("4b", 160, (112, 224), (24, 64), 64),
    ("4c", 128, (128, 256), (24, 64), 64),
    ("4d", 112, (144, 288), (32, 64), 64),
    ("4e", 256, (160, 320), (32, 128), 128),
    None,
    ("5a", 256, (160, 320), (32, 128), 128),
    ("5b", 384, (192, 384), (48, 128), 128),
]


def googlenet(table, num_classes=1000):
    """GoogLeNet for (N, 3, 224, 224): the layers with weights, and the poolings."""
    shrink = nn.MaxPool2d(3, stride=2, padding=1)
    stem = nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU(), shrink
    layers = [*stem, conv(64, 64, 1), conv(64, 192, 3), shrink]
    channels = 192
    for row in table:
        layers.append(Inception(channels, *row[1:]) if row else shrink)
        channels = layers[-1].out_channels if row else channels
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)
    return nn.Sequential(*layers, *head)


# %%
with torch.device("meta"):
    full, photo = googlenet(TABLE), torch.empty(1, 3, 224, 224)
counted = costs(full, photo)
print(f"{counted.parameters:,} parameters, {counted.multiply_adds:,} multiply-adds")
H, outputs, inputs = photo, {}, {}
for layer, row in zip(full, [None] * 6 + TABLE + [None] * 3, strict=True):
    if row:
        inputs[row[0]] = H
    H = layer(H)
    if row:
        outputs[row[0]] = tuple(H.shape[1:])
for name, shape in outputs.items():
    print(f"{name}: {shape}", end="   ")
assert (counted.parameters, counted.multiply_adds) == (6_998_552, 1_582_671_872)
assert outputs["3a"] == (256, 28, 28) and outputs["5b"] == (1024, 7, 7)
first = multiply_adds(full[6], inputs["3a"])
print(f"\nblock 3a alone: {first:,}")
assert round(first / 1e6) == 128

# %% [markdown]
# 7.0 million parameters and 1.58 billion multiply-adds. The paper speaks of 1.5
# billion, and of 128 million for block 3a, which is what we get.
#
# **Look for** the path with the most output channels in each block, and for what
# happens to the 5 x 5 path from the first block to the last.

# %%
blocks = [row for row in TABLE if row]
parts = {
    "1x1": [c1 for _, c1, _, _, _ in blocks],
    "3x3": [c2[1] for _, _, c2, _, _ in blocks],
    "5x5": [c3[1] for _, _, _, c3, _ in blocks],
    "pool": [c4 for _, _, _, _, c4 in blocks],
}
fig = drawings.stacked(parts, [row[0] for row in blocks], "output channels")
plots.show(
    fig,
    alt="Output channels of the nine blocks, 256 to 1,024, split by path. The 3x3 path "
    "has the most in every block but the last, where the 1x1 path has as many.",
)
assert all(b >= max(a, c, d) for a, b, c, d in zip(*parts.values(), strict=True))
assert (parts["5x5"][0], parts["5x5"][-1]) == (32, 128)
assert sum(a == b for a, b in zip(parts["1x1"], parts["3x3"], strict=True)) == 1
totals = [sum(row) for row in zip(*parts.values(), strict=True)]
share_of_5x5 = [c / total for c, total in zip(parts["5x5"], totals, strict=True)]
print("share of the 5x5 path:", [round(value, 2) for value in share_of_5x5])
assert share_of_5x5[0] == share_of_5x5[-1] == 1 / 8 and max(share_of_5x5) <= 0.2

# %% [markdown]
# The 3 x 3 path is nowhere smaller than another one. The 5 x 5 path grows from 32
# channels to 128, with an eighth of the output in the first block and in the last.
#
# **Look for** the path with most of the work in this drawing, and for the share of the
# 5 x 5 path.


# %%
def path_products(C, c1, c2, c3, c4):
    """Multiply-adds of each path for one place of the map."""
    three, five = c2[0] * (C + 9 * c2[1]), c3[0] * (C + 25 * c3[1])
    return C * c1, three, five, C * c4


work = []
for name, *sizes in blocks:
    channels, side = inputs[name].shape[1:3]
    work.append([side**2 * n / 1e6 for n in path_products(channels, *sizes)])
parts = dict(zip(PATHS, zip(*work, strict=True), strict=True))
names, xlabel = [row[0] for row in blocks], "multiply-adds (millions)"
fig = drawings.stacked(parts, names, xlabel, ".0f")
plots.show(
    fig,
    alt="Multiply-adds of the nine blocks, split by path. The 3x3 path has more than "
    "half in every block, the 5x5 path less than a quarter.",
)
shares = [[n / sum(row) for n in row] for row in work]
direct = inputs["3a"].shape[1] * 32 * 25 * 28**2 / 1e6
print(f"3x3 path: {min(row[1] for row in shares):.0%} or more of a block's work")
print(f"in 3a: 3x3 {work[0][1]:.0f}, 5x5 {work[0][2]:.0f}, and direct {direct:.0f}")
assert min(row[1] for row in shares) > 0.5 and max(row[2] for row in shares) < 0.25
assert round(sum(work[0])) == 128 and work[0][1] < direct

# %% [markdown]
# More than half of the work of each block is its 3 x 3 path. Without the bottleneck,
# the 5 x 5 path of block 3a alone would cost more than that.
#
# ## Does torchvision have the same net?
#
# It has a `googlenet`. Count it.

# %%
with torch.device("meta"):
    settings = {"weights": None, "init_weights": False}
    theirs = torchvision.models.googlenet(**settings, aux_logits=False)
counted_theirs = costs(theirs, photo)
gap_parameters = counted.parameters - counted_theirs.parameters
gap_products = counted.multiply_adds - counted_theirs.multiply_adds
print(f"theirs: {counted_theirs.parameters:,} and {counted_theirs.multiply_adds:,}")
print(f"ours has {gap_parameters:,} parameters, {gap_products:,} multiply-adds more")
third = theirs.inception3a.branch3[1].conv
print("their third path in 3a:", third)
assert third.kernel_size == (3, 3) and third.bias is None

# %% [markdown]
# Two differences. Their third path has a **3 x 3** kernel where the paper has 5 x 5; a
# comment in torchvision's source calls it "a known bug". And each of their convolutions
# has no bias but a [batch normalisation](16) with *two* numbers a channel.
#
# Is that all? A convolution from $r$ to $c$ channels loses $(25 - 9)\, r c$ weights,
# each used at every place; every convolution loses one number a channel and gains two.

# %%
sides = {name: shape[1] for name, shape in outputs.items()}
kernels = {name: 16 * c3[0] * c3[1] for name, _, _, c3, _ in blocks}
channels = [m.out_channels for m in full.modules() if isinstance(m, nn.Conv2d)]
products = sum(n * sides[name] ** 2 for name, n in kernels.items())
print(f"kernels: {sum(kernels.values()):,} parameters; norms: {sum(channels):,}")
print(f"explained: {sum(kernels.values()) - sum(channels):,} and {products:,}")
assert gap_parameters == sum(kernels.values()) - sum(channels)
assert gap_products == products

# %% [markdown]
# To the last one: the two differences explain everything. The name of a model is no
# specification; two lines of counting are.

# %% [markdown]
# ## Auxiliary classifiers
#
# GoogLeNet is 22 layers deep: three in the stem, two in each of nine blocks, one full
# layer. Its authors feared that little gradient would
# reach the early ones. So they gave the net two more ends, behind blocks 4a and 4d:
# **auxiliary classifiers**, each with average pooling to 4 x 4, a 1 x 1 convolution to
# 128 channels, a full layer of 1,024 with dropout of 70 %, and scores of its own. In
# training their losses are added with the weight 0.3:
#
# $$\ell = \ell_{\text{main}} + 0.3\,(\ell_{4a} + \ell_{4d}) .$$
#
# For prediction they are thrown away. **Look for** what torchvision's net returns in
# train mode and in eval mode, and for the parameters that exist for training only.

# %%
with torch.device("meta"):
    helped = torchvision.models.googlenet(**settings)
    photos = torch.empty(2, 3, 224, 224)
returned = {}
for mode in ("train", "eval"):
    result = getattr(helped, mode)()(photos)
    parts = result if isinstance(result, tuple) else (result,)
    returned[mode] = [tuple(part.shape) for part in parts]
    print(f"{mode}: {returned[mode]}")
aux = sum(p.numel() for name, p in helped.named_parameters() if "aux" in name)
share_of_aux = aux / sum(p.numel() for p in helped.parameters())
print(f"in the auxiliary classifiers: {aux:,}, {share_of_aux:.0%} of all parameters")
assert [len(parts) for parts in returned.values()] == [3, 1] and 3 + 9 * 2 + 1 == 22
assert round(share_of_aux, 2) == 0.49

# %% [markdown]
# Three results in training, one in use: nearly half of all parameters serve training
# only. So the loss must take three results apart in train mode; `F.cross_entropy` wants
# one tensor and refuses a tuple.
#
# Did the two ends help? The authors' next paper looked again (Szegedy et al. 2016,
# section 4): they don't make early training faster; near the end the net with them is
# slightly better, and the lower one can go without harm. They act as regularisation,
# the authors now argue. We didn't test this here.

# %% [markdown]
# ## Inception-A: two small kernels for a large one
#
# The same paper replaces the 5 x 5 convolution by two of 3 x 3, which see as far, and
# the later **Inception-A** block has *average* pooling on its fourth path. Does it pay?
# Two 3 x 3 kernels have $18 / 25 = 72$ % of the weights of one 5 x 5, **if** all layers
# have equally many channels. **Look for** the case in which they cost more.


# %%
def third_path(*channels, k):
    """Convolutions of k x k from channel number to channel number."""
    pairs = zip(channels, channels[1:], strict=False)
    return nn.Sequential(*[conv(a, b, k) for a, b in pairs])


with torch.device("meta"):
    prices = {}
    for r, c in [(16, 32), (64, 64)]:
        H = torch.empty(1, r, 28, 28)
        prices[f"{r} to {c}"] = [
            multiply_adds(third_path(r, c, k=5), H),
            multiply_adds(third_path(r, c, c, k=3), H),
            multiply_adds(third_path(r, r, c, k=3), H),
        ]
for name, (five, late, early) in prices.items():
    print(f"{name}: 5x5 {five:,}; two 3x3, widened at once {late / five:.2f},", end=" ")
    print(f"widened last {early / five:.2f} of it")
assert prices["64 to 64"][1] / prices["64 to 64"][0] == 0.72
five, late, early = prices["16 to 32"]
assert late / five == 1.08 and early / five == 0.54

# %% [markdown]
# Where the path widens from 16 to 32 channels, the first of the two must not widen it:
# then they would cost 8 % *more*. Widened last, they need 54 %.


# %%
class InceptionA(Inception):
    """Average pooling on the fourth path, two 3 x 3 kernels on the third."""

    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__(in_channels, c1, c2, c3, c4)
        C = in_channels
        self.paths["5x5"] = nn.Sequential(
            conv(C, c3[0], 1), conv(c3[0], c3[0], 3), conv(c3[0], c3[1], 3)
        )
        mean = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
        self.paths["pool"] = nn.Sequential(mean, conv(C, c4, 1))


block = InceptionA(5, 4, (3, 6), (2, 7), 8)
spot = torch.zeros(1, 5, 11, 11, requires_grad=True)
two = nn.Sequential(nn.Conv2d(5, 2, 3, padding=1), nn.Conv2d(2, 3, 3, padding=1))
(seen,) = torch.autograd.grad(two(spot)[0, :, 5, 5].sum(), spot)
side = (seen.abs().sum(dim=(0, 1)) > 0).sum(dim=1).max().item()
print(f"{tuple(block(noise).shape)}; two 3x3 kernels see {side} x {side} pixels")
flat = torch.ones(1, 1, 5, 5)  # the mean of ones is 1, at the border, too
corner = {
    name: nn.AvgPool2d(3, 1, 1, count_include_pad=name)(flat)[0, 0, 0, 0].item()
    for name in (True, False)
}
print("mean of ones in a corner, padding counted or not:", corner)
assert block(noise).shape == Y.shape and side == 5
assert abs(corner[True] - 4 / 9) < 1e-6 and corner[False] == 1

# %% [markdown]
# The same field of 5 x 5, and a ReLU more on the way. `count_include_pad=False` leaves
# the zeros of the padding out of the mean; otherwise a corner keeps 4/9 of its value.
# Its authors trained the block with batch normalisation, so a fair comparison of the
# two blocks waits for [chapter 16](16).

# %% [markdown]
# ## Does the mixture win?
#
# Now the fair question: is the mixture of kernel sizes better than **one** size at the
# same price? We build two rivals, with as many multiply-adds as the Inception blocks:
#
# - **one path**: 1 x 1, then 3 x 3, as in the second path, the bottleneck half as wide
#   as what follows. It has the same depth, and no mixture;
# - **plain**: a single 3 x 3 convolution for each block.


# %%
def plain_blocks(k):
    """Two blocks of one convolution each, at the price of the Inception blocks."""
    channels, in_channels, result = 16, 16, []
    for sizes in SIZES:
        products = sum(path_products(in_channels, *sizes))  # for one place
        width = round(products / (channels * k**2))
        block = conv(channels, width, k)
        block.in_channels, block.out_channels = channels, width
        c1, (_, c2), (_, c3), c4 = sizes
        channels, in_channels = width, c1 + c2 + c3 + c4
        result.append(block)
    return result


def one_path_blocks():
    """Two blocks with the 3x3 path alone, widened to the same price."""
    sizes = [(1, (18, 36), (1, 1), 1), (1, (30, 63), (1, 1), 1)]  # only c2 is built
    return inception_blocks(sizes, keep=("3x3",))


makers = {
    "Inception": inception_blocks,
    "one path": one_path_blocks,
    "plain 3x3": lambda: plain_blocks(3),
}
priced = {name: costs(small_net(*make()), Z[:1]) for name, make in makers.items()}
for name, price in priced.items():
    print(f"{name:>11}: {price.multiply_adds:,} multiply-adds,", end=" ")
    print(f"{price.parameters:,} parameters")
base = priced["Inception"]
for price in priced.values():
    assert abs(price.multiply_adds / base.multiply_adds - 1) < 0.01
    assert abs(price.parameters / base.parameters - 1) < 0.04

# %% [markdown] predict="mixture"
# **Predict.** Same multiply-adds, nearly the same parameters, three nets each. All
# train for five epochs; then the plain net trains again, for about as many *seconds*
# as Inception. What do the means on the validation images say?
#
# - All are equally good, since the price is the same.
#   wrong: equal cost thought to buy equal accuracy. How the products are spent counts.
# - One path is ahead of Inception: 3 x 3 kernels get all of the products.
#   wrong: the fame of 3 x 3 taken for a result. In five epochs it learns less.
# - Inception is ahead of one path, and the plain net doesn't catch up in its time.
#   wrong: multiply-adds taken for seconds. Twelve small convolutions and two
#   concatenations take longer than two large convolutions with as many products.
# - Inception is ahead of one path, but the plain net with as much time is ahead of it.
#   right: the mixture learns more in the same number of steps, and each step is dearer
#   than its multiply-adds say.

# %%
longer = "plain 3x3, 8 epochs"
runs, num_epochs = {"Inception": whole}, {longer: 8}
for name, make in (makers | {longer: makers["plain 3x3"]}).items():
    epochs = num_epochs.setdefault(name, 5)
    if name not in runs:
        runs[name] = [trained(*make(), seed=seed, num_epochs=epochs) for seed in SEEDS]
reached = {name: [run[0] for run in results] for name, results in runs.items()}
level = {name: sum(values) / len(values) for name, values in reached.items()}
# processor time of the fastest of three, since other programs use the machine, too
seconds = {name: min(run[2] for run in results) for name, results in runs.items()}
for name, values in reached.items():
    time_share = seconds[name] / seconds["Inception"]
    print(f"{name:>19}: {level[name]:.3f}, from {min(values):.3f}", end=" ")
    print(f"to {max(values):.3f}; {time_share:.2f} of Inception's time")
assert level["Inception"] > level["one path"]
assert seconds["plain 3x3"] < 0.8 * seconds["Inception"]

# %% [markdown]
# After five epochs the mixture is ahead of one path in the mean. The plain net needs
# clearly less time for its five epochs. So the last row gives it eight, which together
# take about as long as Inception's five, or less.
#
# **Look for** the place of the last row, and for how far nets of one kind lie apart.

# %%
rows = {"": list(reached.values())}
fig = drawings.dots(rows, list(reached), "validation accuracy", height=2.8)
plots.show(
    fig,
    alt="Validation accuracy of three nets of each kind. After five epochs Inception "
    "is ahead of one path in the mean, though single nets may lie close together. The "
    "plain net with eight epochs has the highest mean.",
)
assert level[longer] == max(level.values())
assert seconds[longer] < 1.25 * seconds["Inception"]

# %% [markdown]
# So the honest answer has two halves.
#
# - **Per step**, the mixture leads over the 3 x 3 path alone, at the same price and
#   depth: it learns more from the same images in the same number of passes.
# - **Per second** the plain net leads, on this kind of machine: in the same time
#   or less it makes more passes.
#
# Nets of one kind may lie some images in a hundred apart, so the means decide, not
# single nets. And three nets don't settle everything: the gap between Inception and the
# plain net after five epochs can close with other seeds, so don't build on it.

# %% [markdown]
# What else these runs don't show: the mixture has more output channels for its price,
# as its 1 x 1 and pooling paths are cheap. Whether the *sizes* or the *channels* bring
# the lead is question 2 below. And what is left of it when all train until nothing
# moves is question 1.

# %% [markdown]
# The paper doesn't make this comparison; it competes with other teams' nets. And ours
# are small nets on silhouettes: on photos with objects of all sizes the answer may be
# another. What lasted of GoogLeNet are its parts: the bottleneck, the global average,
# and the habit of counting multiply-adds.

# %% [markdown]
# ## What goes wrong in practice
#
# - **Concatenated along the batch**: with equal channels no error before the loss.
# - **Paths of unequal size**: a forgotten padding, or the pooling's default stride.
# - **No activation inside a path**: no error at all, and a layer that does nothing that
#   one layer couldn't.
# - **A block thought to choose**: it computes all paths, for every image.
# - **A wrong number at the full layer**: use a probe or a lazy layer.
# - **A loss for one result** on a net that returns three in train mode.
# - **Bottlenecks too wide**: from a certain width on they cost more than they save. One
#   of the exercises computes it.

# %%
metrics = {
    "test accuracy of the small GoogLeNet": tested["GoogLeNet"],
    "test accuracy of softmax regression": tested["softmax regression"],
    "lost when the 3x3 path is cut off": cut_off[1],
    "lost when retrained without it": left_out[1],
}
for name, value in metrics.items():
    print(f"{name}: {value:.3f}")

# %% [markdown]
# ## Summary
#
# - An Inception block runs four paths side by side and concatenates their maps along
#   the channels. It chooses nothing; the next layer weighs.
# - Padding $(k - 1)/2$ and stride 1, in the pooling too, keep all sizes equal.
# - A 1 x 1 convolution mixes channels. Before a large kernel it is a bottleneck, which
#   makes the 5 x 5 path of the first block ten times cheaper.
# - Global average pooling replaces the flat layer; a probe finds sizes.
# - Cutting a path shows what a trained net uses; retraining shows what it needs.
# - At equal multiply-adds and epochs the mixture leads over its 3 x 3 path alone; in
#   equal time a plain net leads over the mixture.

# %% [markdown]
# ## To think about
#
# 1. Train the three kinds for 16 epochs, with several seeds. Does the lead of the
#    mixture grow or shrink?
# 2. Give one path as many output channels as the mixture, 64 and 104, and bottlenecks
#    of 10 and 18 channels. How much of the lead stays?
# 3. Join an auxiliary classifier to the first block of the small net, with weight 0.3.
#    Is the accuracy higher after one epoch? And after six?
# 4. Put `InceptionA` in the place of both blocks. Which of its two changes alters
#    the accuracy more?
# 5. Reverse the order of the paths in `torch.cat` in a trained net. What happens, and
#    what would have to be reversed with it?

# %% [markdown]
# The exercise notebook `15_googlenet` comes next.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: section 7.4 in the edition of
#   `d2l` 0.17, 8.4 in the printed book.
# - Szegedy et al., *Going deeper with convolutions*, CVPR 2015: GoogLeNet. Table 1 has
#   the channels, section 5 the auxiliary classifiers.
# - Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, *Rethinking the Inception architecture for
#   computer vision*, CVPR 2016: two 3 x 3 for one 5 x 5, and a second look at the
#   auxiliary classifiers.
# - Lin, Chen, Yan, *Network in network*, ICLR 2014: 1 x 1 convolutions and global
#   average pooling, from which GoogLeNet took both.
