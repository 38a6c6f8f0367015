# %% [markdown]
# # Efficient CNNs: see as well with less work
#
# A phone shall name a plant while you hold its camera over it, many times a second.
# [VGG-16](14) can name things in photos. But it multiplies 15 billion times for
# one picture, and its weights fill half a gigabyte. **Can a net see as well with a
# fiftieth of the work?**
#
# Here you build the parts of MobileNet and EfficientNet by hand and count what they
# save. Then you measure the *seconds*, which do not follow the count, and find out why.
#
# You need [batch normalisation](16), [VGG](14), [ReLU](13),
# [convolution](12), [one cycle](10) of the learning rate, [validation](08) and the
# [sigmoid](04).

# %%
import math
import statistics
from collections import defaultdict
from time import process_time

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models
from torchvision.ops import SqueezeExcitation

from utils import plots
from utils.costs import costs, multiply_adds
from utils.data import ANIMALS, animals, load_array
from utils.device import set_seed, try_gpu
from utils.drawings import efficient_cnns as drawings
from utils.one_cycle import fit
from utils.train import evaluate

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## What the famous nets cost
#
# A **multiply-add** is one product, added to a sum. Papers count those of convolutions
# and full layers; many papers call them FLOPs. Beside them stand two more costs: the
# **parameters**, which you store and send to the phone, and the **memory** that
# training takes. It holds the output of each layer until the backward pass needs it.
#
# On PyTorch's device "meta" a tensor has a shape and no numbers. So a net of full size
# can be counted there in a moment, without a computation.

# %% [markdown] predict="training_memory"
# **Predict.** MobileNetV2 makes a sixth of the multiply-adds of ResNet-18, with less
# than a third of its parameters. How much memory does it need to train on one picture?
#
# - About a sixth: memory follows the work.
#   wrong: work taken for memory. Each number in memory can be used in many products, or
#   in few.
# - Less than a third: memory follows the parameters.
#   wrong: weights thought to fill the memory. At training, the outputs of all layers
#   are kept too, and here they are the larger part.
# - Nearly as much as ResNet-18: neither of the two decides it.
#   right: it has many layers with large outputs, and each of them must be kept, however
#   cheap it was to compute.

# %%
full_size = {}
with torch.device("meta"):
    picture = torch.zeros(1, 3, 224, 224)
    for make in (
        *(models.vgg16, models.resnet18),
        *(models.mobilenet_v2, models.efficientnet_b0),
    ):
        full_size[make.__name__] = costs(make(), picture)
print("                 parameters  multiply-adds  training  prediction")
for name, cost in full_size.items():
    print(
        f"{name:>15} {cost.parameters / 1e6:8.1f} M {cost.multiply_adds / 1e9:10.2f} G"
    )
    mega = [cost.training_bytes / 1e6, cost.prediction_bytes / 1e6]
    print(f"{'':>40} {mega[0]:8.0f} MB {mega[1]:6.0f} MB")
vgg, resnet, v2, b0 = full_size.values()
assert round(v2.multiply_adds / 1e9, 2) == 0.30 and round(v2.parameters / 1e6, 1) == 3.5
assert round(b0.multiply_adds / 1e9, 2) == 0.39 and round(b0.parameters / 1e6, 1) == 5.3
assert 5.9 < resnet.multiply_adds / v2.multiply_adds < 6.1
assert 0.9 < v2.training_bytes / resnet.training_bytes < 1
assert vgg.multiply_adds / v2.multiply_adds > 50 and vgg.parameters * 4 > 5e8

# %% [markdown]
# The counts are those of the papers: 0.30 billion for MobileNetV2, 0.39 for
# EfficientNet-B0. **Look for** the group of bars in which ResNet-18 and the two small
# nets are nearly equal.

# %%
fig = drawings.relative_costs(full_size, to="resnet18")
plots.show(
    fig,
    alt="Parameters, multiply-adds, training memory and prediction memory of VGG-16, "
    "ResNet-18, MobileNetV2 and EfficientNet-B0, relative to ResNet-18, on a log "
    "scale. In training memory the last three are nearly equal; in multiply-adds the "
    "two small nets need about a sixth and a fifth of ResNet-18.",
)

# %% [markdown]
# MobileNetV2 has a sixth of ResNet-18's multiply-adds and 92 % of its training memory.
# A saving in one column is no saving in all. Keep this in mind: the same will happen to
# the seconds.
#
# And do they see as well? All four were trained on ImageNet, on photos of a thousand
# kinds of things. torchvision says of its weights how many of 50,000 other photos they
# name.

# %%
weights = {
    "vgg16": models.VGG16_Weights,
    "resnet18": models.ResNet18_Weights,
    "mobilenet_v2": models.MobileNet_V2_Weights,
    "efficientnet_b0": models.EfficientNet_B0_Weights,
}
named = {
    name: kind.IMAGENET1K_V1.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    for name, kind in weights.items()
}
print(", ".join(f"{name}: {share:.1f} %" for name, share in named.items()))
assert named["mobilenet_v2"] > named["vgg16"] > named["resnet18"]
assert named["efficientnet_b0"] > named["vgg16"] + 5

# %% [markdown]
# So the answer to our question is yes: MobileNetV2 names as many as VGG-16, with a
# fiftieth of the multiply-adds. How?

# %% [markdown]
# ## The idea: two jobs, one after the other
#
# A convolution does two jobs at once. It looks at **neighbours** (3 x 3 places) and it
# mixes **channels** (all of them). Each of the $M$ input channels meets each of the $N$
# output channels through 9 weights of its own: $9MN$ weights.
#
# Now do one job after the other:
#
# - a **depthwise convolution**: each channel has *one* kernel and makes one map. No
#   channels are mixed. $9M$ weights;
# - a **pointwise convolution** ([1 x 1](12 "1 x 1")): mixes the channels at each place.
#   No neighbours. $MN$ weights.
#
# Together they are a **depthwise separable convolution**.
#
# **Look for** the number of lines that arrive at one output channel.

# %%
fig = drawings.wiring(inputs=4, outputs=5)
plots.show(
    fig,
    alt="Left, a full convolution: each of 4 input channels is joined to each of 5 "
    "output channels, 20 lines of 9 weights. Right, depthwise: 4 lines of 9 weights, "
    "straight down; then pointwise: 20 lines of 1 weight.",
)

# %% [markdown]
# In the full convolution each line stands for 9 weights, 180 in all. In the pair, 4
# lines stand for 9 weights and 20 for a single one: 56 in all.
#
# ## The formula and its price
#
# With input $X$ of $M$ channels, depthwise kernels $D_c$ of $k \times k$, and the
# $N \times M$ matrix $P$ of the pointwise step, channel $o$ at place $(i, j)$ is
#
# $$Z_{c,i,j} = \sum_{u,v} X_{c,\,i+u,\,j+v}\, D_{c,u,v}, \qquad
# Y_{o,i,j} = \sum_c P_{o,c}\, Z_{c,i,j} .$$
#
# For an output of $h \times w$ places the multiply-adds are
#
# $$\text{full: } k^2 M N h w, \qquad \text{separable: } k^2 M h w + M N h w .$$

# %% [markdown]
# Divide the second by the first, term by term:
#
# $$\frac{k^2 M h w}{k^2 M N h w} + \frac{M N h w}{k^2 M N h w}
# = \frac{1}{N} + \frac{1}{k^2} .$$
#
# The size of the picture and $M$ have left. With many output channels the first term is
# small, and the ratio is near $1/k^2$. For $k = 3$: a ninth.
#
# **Look for** the number of channels from which on a curve is nearly level.

# %%
channels = torch.tensor([4, 8, 16, 32, 64, 128, 256, 512])
ratios = {f"k = {k}": 1 / channels + 1 / k**2 for k in (3, 5, 7)}
fig, ax = plots.figure(width=5.4)
plots.curves(ax, channels, ratios, "output channels N", "separable / full")
ax.set(xscale="log", yscale="log", ylim=(0.015, 0.5))
ax.set_xticks(channels, channels.tolist())
ax.minorticks_off()
ax.set_yticks([0.02, 0.05, 0.1, 0.2, 0.4], ["1/50", "1/20", "1/10", "1/5", "2/5"])
plots.show(
    fig,
    alt="Ratio of multiply-adds against output channels, log scales, for k = 3, 5, 7. "
    "Each curve falls from about a third and levels off at 1/9, 1/25 and 1/49; the "
    "larger the kernel, the later.",
)
for k, ratio in zip((3, 5, 7), ratios.values(), strict=True):
    print(
        f"k = {k}: {ratio[0]:.3f} for N = 4, {ratio[4]:.3f} for 64, limit {k**-2:.3f}"
    )
assert ratios["k = 3"][4] < 1.15 / 9 and ratios["k = 7"][4] > 1.7 / 49
assert min(ratio[0] for ratio in ratios.values()) > 0.25

# %% [markdown]
# At 64 channels the 3 x 3 pair is within 15 % of its limit of a ninth. A 7 x 7 pair
# needs more channels to come near its own, because $1/N$ weighs more beside $1/49$.
# With few channels there is little to save: at $N = 4$ more than a quarter is left,
# whatever the kernel.

# %% [markdown]
# ## From scratch
#
# The depthwise step multiplies each channel by its own kernel and never sums over
# channels. As in the chapter on [LeNet](13), the loop goes over the places of the
# kernel.


# %%
def depthwise(X, D):
    """Z[n,c,i,j] = sum over u,v of X[n,c,i+u,j+v] D[c,u,v], padded to keep the size.

    X: (N, C, H, W), D: (C, k, k), k odd.
    """
    k = D.shape[-1]
    X = F.pad(X, [k // 2] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height, v : v + width]  # (N, C, H, W)
            Z = Z + shifted * D[:, u, v].reshape(1, -1, 1, 1)
    return Z


def pointwise(Z, P):
    """Y[n,o,i,j] = sum over c of P[o,c] Z[n,c,i,j]; Z: (N, C, H, W), P: (O, C)."""
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% [markdown]
# ## The same in PyTorch: groups
#
# `nn.Conv2d(..., groups=g)` cuts input and output channels into $g$ **groups**; a group
# of outputs sees only its group of inputs. With `groups=in_channels`, a group is one
# channel: that is the depthwise convolution. Each kernel then reads one channel, so the
# weight has the shape $(C, 1, k, k)$.

# %%
M, N = 6, 10
photos = torch.randn(2, M, 9, 8)
look = nn.Conv2d(M, M, kernel_size=3, padding=1, groups=M, bias=False)
mix = nn.Conv2d(M, N, kernel_size=1, bias=False)
print(
    "depthwise weight", tuple(look.weight.shape), " pointwise", tuple(mix.weight.shape)
)
with torch.no_grad():
    D, P = look.weight[:, 0], mix.weight[:, :, 0, 0]  # (6, 3, 3), (10, 6)
    by_hand = pointwise(depthwise(photos, D), P)
    torch.testing.assert_close(by_hand, mix(look(photos)))
    product = P[:, :, None, None] * D  # (10, 6, 1, 1) * (6, 3, 3) -> (10, 6, 3, 3)
    torch.testing.assert_close(by_hand, F.conv2d(photos, product, padding=1))

ours = costs(nn.Sequential(look, mix), photos)
full = costs(nn.Conv2d(M, N, 3, padding=1, bias=False), photos)
print(f"{ours.multiply_adds:,} of {full.multiply_adds:,} multiply-adds:", end=" ")
print(f"{ours.multiply_adds / full.multiply_adds:.4f} = 1/10 + 1/9")
assert abs(ours.multiply_adds / full.multiply_adds - (1 / N + 1 / 9)) < 1e-12
assert ours.parameters / full.parameters == ours.multiply_adds / full.multiply_adds

# %% [markdown]
# By hand and by PyTorch the same. The last check says more: a separable convolution
# *is* a full one whose kernel for output $o$ and input $c$ is $P_{o,c} D_c$. All
# outputs see channel $c$ through the same $D_c$, only stronger or weaker. A full
# convolution may look for an edge here and for a spot there. That freedom is what you
# give up, and whether it is missed is a question for an experiment.

# %% [markdown]
# ## An eighth of the work: how many times faster?
#
# As in MobileNet, each convolution is followed by a [batch
# normalisation](16) and a [ReLU](13). So a full block has three
# layers, and a separable one six.


# %%
def conv_bn(in_channels, out_channels, k=3, stride=1, groups=1, activation=nn.ReLU):
    """Convolution that keeps the size at stride 1, batch normalisation, activation."""
    settings = {"padding": k // 2, "groups": groups, "bias": False}
    return [
        nn.Conv2d(in_channels, out_channels, k, stride, **settings),
        nn.BatchNorm2d(out_channels),
        activation(),
    ]


def full_block(in_channels, out_channels, stride=1):
    """One full 3 x 3 convolution."""
    return nn.Sequential(*conv_bn(in_channels, out_channels, 3, stride))


def separable_block(in_channels, out_channels, stride=1):
    """Depthwise 3 x 3, which has the stride, then pointwise."""
    return nn.Sequential(
        *conv_bn(in_channels, in_channels, 3, stride, groups=in_channels),
        *conv_bn(in_channels, out_channels, 1),
    )


# %% [markdown]
# (The convolutions need no bias: the normalisation would subtract it.)
#
# Now time a training step of both on your **CPU**, forward and backward, for 32 inputs
# of 64 channels and 14 x 14 places. Other programs disturb a measurement. So read the
# time that the processor spent on *this* program, let both take turns, repeat, and
# compare the medians.

# %% [markdown] predict="how_much_faster"
# **Predict.** The separable block makes a bit less than an eighth of the full block's
# multiply-adds. How many times as fast is its training step?
#
# - About eight times: a processor spends its time on multiplications.
#   wrong: the count taken for the time. Before numbers can be multiplied they must come
#   from memory, and six layers fetch more of them than three.
# - By much less than eight times, if it is faster at all.
#   right: the multiplications that went away were the cheap ones, many for each number
#   that is fetched.
# - More than eight times: a depthwise layer also has fewer weights to load.
#   wrong: weights taken for the traffic. All weights of the block are less than a
#   fiftieth of the numbers that pass through it.

# %%
CPU = torch.device("cpu")  # this section's subject, also where you have a GPU


def median_seconds(functions, repeats=15):
    """Median time of each function; they take turns, so that a slow moment hits all."""
    times = defaultdict(list)
    for i in range(repeats + 2):
        for name, function in functions.items():
            start = process_time()
            function()
            if i >= 2:  # the first rounds warm up
                times[name].append(process_time() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def training_step(net, X):
    """A function of nothing: one forward and backward pass."""
    upstream = torch.rand_like(net(X))  # the gradient that the next layer would send
    return lambda: net(X).backward(upstream)


last = {"memory_format": torch.channels_last}  # channels side by side: faster on CPUs
X = torch.rand(32, 64, 14, 14, device=CPU).to(**last).requires_grad_()
blocks = {"full": full_block(64, 64), "separable": separable_block(64, 64)}
blocks = {name: block.to(CPU, **last) for name, block in blocks.items()}
step_seconds = median_seconds({n: training_step(b, X) for n, b in blocks.items()})
work = {name: multiply_adds(block, X) for name, block in blocks.items()}
fewer = work["full"] / work["separable"]
faster = step_seconds["full"] / step_seconds["separable"]
print(f"{fewer:.1f} times fewer multiply-adds, {faster:.1f} times as fast")
assert 7.8 < fewer < 8 and faster < 0.6 * fewer
assert sum(p.numel() for p in blocks["separable"].parameters()) < X.numel() / 50

# %% [markdown]
# ## Where do the seconds go?
#
# Time a training step of each layer of the separable block alone. **Look for** layers
# whose share of the seconds is larger than their share of the multiply-adds.

# %%
parts = ["depthwise", "norm 1", "ReLU 1", "pointwise", "norm 2", "ReLU 2"]
layers = dict(zip(parts, blocks["separable"], strict=True))
part_seconds = median_seconds({n: training_step(part, X) for n, part in layers.items()})
part_work = {name: multiply_adds(layer, X) for name, layer in layers.items()}
shares = {"multiply-adds": part_work, "seconds": part_seconds}
shares = {
    kind: {name: value / sum(row.values()) for name, value in row.items()}
    for kind, row in shares.items()
}
fig = drawings.shares(shares)
plots.show(
    fig,
    alt="Shares of the six layers of a separable block. Of the multiply-adds the "
    "pointwise layer has 88 % and the depthwise layer 12 %. Of the seconds the "
    "pointwise layer has much less than 88 %, and normalisation and ReLU have a "
    "visible part.",
)

# %%
free = sum(shares["seconds"][name] for name in parts if part_work[name] == 0)
rate = {n: part_work[n] / part_seconds[n] / 1e9 for n in ("depthwise", "pointwise")}
print(f"layers without a multiply-add take {free:.0%} of the seconds")
print(", ".join(f"{n}: {value:.0f} billion a second" for n, value in rate.items()))
assert 0.87 < shares["multiply-adds"]["pointwise"] < 0.89
assert shares["seconds"]["pointwise"] < 0.7 and free > 0.15
assert rate["pointwise"] > 2 * rate["depthwise"]

# %% [markdown]
# The pointwise layer has 88 % of the multiply-adds and a far smaller part of the
# seconds. Normalisation and ReLU, which no paper counts, take a good part. And a
# multiply-add costs more time in the depthwise layer than in the pointwise one. Why?

# %% [markdown]
# ## The explanation, and a test of it
#
# A number must travel from memory to the processor before it can be multiplied. What
# counts is how often it is used once it is there: the **arithmetic intensity**, the
# multiply-adds for each byte that is read or written. An input and an output number are
# 4 bytes each. For each such pair, with $C$ channels in and out,
#
# - a full convolution makes $k^2 C$ multiply-adds: with $k=3$, $C=64$, 72 a byte;
# - a pointwise one $C$: 8 a byte;
# - a depthwise one $k^2$: about 1 a byte. A ReLU makes none.

# %% [markdown]
# If that is the reason, the *kind* of a layer must not matter, only its intensity:
#
# - a pointwise layer of 8 channels, also at 1 multiply-add a byte, must be as slow, by
#   multiply-adds a second, as the depthwise one;
# - a depthwise layer with a larger kernel moves the same bytes. It must run at a higher
#   rate.
#
# Ten layers on inputs of equal size. **Look for** the places where two kinds of
# marks lie beside each other, and whether the rates level off.


# %%
def forward(layer, X):
    """A function of nothing: one forward pass that records no gradients."""
    return torch.no_grad()(lambda: layer(X))


def square_layer(kind, C, k):
    """A convolution from C to C channels that keeps the size."""
    groups = C if kind == "depthwise" else 1
    return nn.Conv2d(C, C, k, padding=k // 2, groups=groups, bias=False)


specs = [("depthwise", 64, k) for k in (3, 5, 7)]
specs += [("pointwise", C, 1) for C in (8, 16, 32, 64)]
specs += [("full", C, 3) for C in (16, 32, 64)]
timed, intensity, done = {}, {}, {}
for spec in specs:
    kind, C, k = spec
    layer = square_layer(*spec).to(CPU, **last)
    X = torch.rand(16 * 64 // C, C, 28, 28, device=CPU).to(**last)
    done[spec] = multiply_adds(layer, X)
    intensity[spec] = done[spec] / (4 * (2 * X.numel() + layer.weight.numel()))
    timed[spec] = forward(layer, X)
timed = median_seconds(timed, repeats=9)
speed = {spec: done[spec] / timed[spec] / 1e9 for spec in specs}  # billions a second
fig = drawings.roofline(intensity, speed)
plots.show(
    fig,
    alt="Speed in billions of multiply-adds a second against arithmetic intensity, log "
    "scales, for ten layers. Depthwise and narrow pointwise layers lie together at "
    "the left and low; the marks rise to the right, where wide pointwise and full "
    "layers lie, and level off.",
)

# %%
by = {f"{kind} {k}x{k}, {C}": spec for spec in specs for kind, C, k in [spec]}
for name, spec in by.items():
    print(f"{name:>18}: {intensity[spec]:5.1f} a byte, {speed[spec]:5.0f} G/s")
ranks = [
    torch.tensor([values[s] for s in specs]).argsort().argsort().double()
    for values in (intensity, speed)
]
rank_correlation = torch.corrcoef(torch.stack(ranks))[0, 1].item()
depthwise3, depthwise7 = ("depthwise", 64, 3), ("depthwise", 64, 7)
narrow, wide = ("pointwise", 8, 1), ("full", 64, 3)
slower = timed[depthwise7] / timed[depthwise3]
print(
    f"rank correlation {rank_correlation:.2f}; 7 x 7 against 3 x 3 depthwise:", end=" "
)
print(f"{49 / 9:.1f} times the multiply-adds, {slower:.1f} times the seconds")
assert rank_correlation > 0.7 and slower < 0.8 * 49 / 9
assert 0.4 < speed[depthwise3] / speed[narrow] < 2.5
assert speed[wide] > 1.4 * max(speed[depthwise3], speed[narrow])

# %% [markdown]
# The test holds. The depthwise 3 x 3 and the narrow pointwise layer, of different kinds
# and equal intensity, are both slow. Larger depthwise kernels make more multiply-adds
# for the same bytes and run faster by that measure. Where the intensity is high, the
# arithmetic is the limit and the speed levels off. The picture is called a **roofline**
# (Williams, Waterman and Patterson 2009).
#
# So on a CPU a full convolution is the *most efficient user of the processor*, and a
# separable one removes its cheapest multiply-adds. What the phone's chip gains depends
# on its memory: measure on the device that you mean.

# %% [markdown]
# ## Does it see as well? Equal accuracy, then the clock
#
# The silhouettes of ten animals ship with this course. You learn from 2,400, choose by
# 1,000 others ([validation](08)), and keep 1,000 for one test at the end. They are
# drawn at 20 x 20 pixels so that no training takes long.
#
# Two nets of five convolutions. One has full blocks, the other separable ones, with
# more channels, so that both come to the same accuracy. Each is trained three times by
# Adam, over [one cycle](10) of the learning rate, from other weights and with other
# batches.

# %%
(X, y), (X_test, y_test) = animals(num_train=3400, num_test=1000)
pixel_mean, pixel_std = X[:2400].mean(), X[:2400].std()
X, X_test = ((T - pixel_mean) / pixel_std for T in (X, X_test))  # (N, 1, 28, 28)
X, X_valid, y, y_valid = X[:2400], X[2400:], y[:2400], y[2400:]


def resized(X, side):
    """Images (N, 1, H, W) at side x side pixels, smoothed before they shrink."""
    return F.interpolate(X, size=(side, side), mode="bilinear", antialias=True)


S, S_valid = resized(X, 20), resized(X_valid, 20)
shown = [(y == k).nonzero()[0].item() for k in range(len(ANIMALS))]
axes = plots.images(S[shown], titles=ANIMALS, ncols=10)
plots.show(
    axes[0].figure,
    alt="One silhouette of each of the ten kinds of animal, 20 x 20 pixels, coarse.",
)
guess = (y_valid == y.bincount().argmax()).float().mean().item()
print(f"most frequent animal: {guess:.3f} of the validation images")
assert guess < 0.2


# %%
def stack(block, stem, plan, in_channels=1, num_classes=10):
    """A full convolution of stride 2, blocks, the mean of each map, a full layer.

    plan: for each block its output channels and its stride.
    """
    layers, channels = conv_bn(in_channels, stem, 3, 2), stem
    for out_channels, stride in plan:
        layers.append(block(channels, out_channels, stride))
        channels = out_channels
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)]
    return nn.Sequential(*layers, *head)


def small(block, w):
    """Four blocks on 20 x 20 pixels: maps of 10 x 10, then of 5 x 5."""
    return stack(block, w, [(2 * w, 1), (2 * w, 1), (4 * w, 2), (4 * w, 1)])


def trained(net, S, seed):
    """Train a net on images S with labels y; return it, and its seconds an epoch."""
    data = load_array((S, y), batch_size=50, seed=seed)
    start = process_time()
    fit(net.to(**last), data, lr=0.01, num_epochs=3, device=device)
    return net, (process_time() - start) / 3


def accuracy_of(net, S_valid):
    """Share of the validation images that the net names."""
    return evaluate(net, [(S_valid, y_valid)])["accuracy"]


# %% [markdown]
# **Look for** the two groups of dots: do they overlap? Then compare the three lines
# that follow.

# %%
kinds_of_small = {"full": (full_block, 16), "separable": (separable_block, 28)}
scores, epochs, first_nets = defaultdict(list), defaultdict(list), {}
for seed in range(3):
    for name, settings in kinds_of_small.items():
        net, seconds = trained(small(*settings), S, seed)
        scores[name].append(accuracy_of(net, S_valid))
        epochs[name].append(seconds)
        if seed == 0:
            first_nets[name] = net
    linear = nn.Sequential(nn.Flatten(), nn.Linear(400, 10))
    scores["linear"].append(accuracy_of(trained(linear, S, seed)[0], S_valid))
fig = drawings.runs(scores, "validation accuracy")
plots.show(
    fig,
    alt="Validation accuracy of three trainings each: full and separable nets close "
    "together, near 0.87; the linear model far below.",
)
mean = {name: statistics.mean(values) for name, values in scores.items()}

# %%
counted = {n: costs(small(*kind), S[:1]) for n, kind in kinds_of_small.items()}
small_work = counted["separable"].multiply_adds / counted["full"].multiply_adds
small_size = counted["separable"].parameters / counted["full"].parameters
epoch = {name: statistics.median(epochs[name]) for name in counted}
small_time = epoch["separable"] / epoch["full"]
print(f"accuracy {mean['full']:.3f} (full), {mean['separable']:.3f} (separable)")
print("the separable net has, of what the full one has,")
print(f"{small_work:.0%} of the multiply-adds, {small_size:.0%} of the parameters,")
print(f"{small_time:.0%} of the seconds")
assert abs(mean["full"] - mean["separable"]) < 0.03
assert min(mean["full"], mean["separable"]) > mean["linear"] + 0.1
assert max(small_work, small_size) < 0.41 and small_time > 1.8 * small_work

# %% [markdown]
# The same accuracy, to within three points, for about two fifths of the multiply-adds
# and of the parameters. So the freedom that was given up is not missed here: cheaper
# layers pay for more channels.
#
# The seconds do not follow: **on a CPU they fall far less than the multiply-adds, if at
# all.** Who wants a small file takes the separable net. Who wants a fast training on a
# CPU must time both.

# %% [markdown]
# ## MobileNetV1: thirteen times the same block
#
# MobileNet (Howard and others 2017) is such a stack at full size: a stem, 13 separable
# blocks, [global average pooling](14), one full layer. The paper trained it with full
# convolutions in their place too. So `stack` builds both.

# %%
V1_PLAN = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
V1_PLAN += [*[(512, 1)] * 5, (1024, 2), (1024, 1)]


def mobilenet_v1(alpha=1.0, block=separable_block):
    """MobileNetV1 for 1,000 classes, each number of channels times alpha."""
    plan = [(int(alpha * channels), stride) for channels, stride in V1_PLAN]
    return stack(block, int(alpha * 32), plan, in_channels=3, num_classes=1000)


with torch.device("meta"):
    v1, v1_full = mobilenet_v1(), mobilenet_v1(block=full_block)
    v1_costs, full_costs = costs(v1, picture), costs(v1_full, picture)
for name, cost in (("separable", v1_costs), ("full", full_costs)):
    print(f"{name:>9}: {cost.multiply_adds / 1e6:5.0f} million multiply-adds,", end=" ")
    print(f"{cost.parameters / 1e6:4.1f} million parameters")
assert round(v1_costs.multiply_adds / 1e6) == 569
assert round(v1_costs.parameters / 1e6, 1) == 4.2
assert round(full_costs.parameters / 1e6, 1) == 29.3
assert 8.5 < full_costs.multiply_adds / v1_costs.multiply_adds < 8.6

# %% [markdown]
# The counts of the paper. It reports 70.6 % on ImageNet for the separable net and 71.7
# % for the full one: a ninth of the work for one point.
#
# To shrink it further the paper has one number, the **width multiplier** $\alpha$: all
# channels times $\alpha$. The pointwise layers, $MN$, shrink with $\alpha^2$, the
# depthwise ones only with $\alpha$. **Look for** how near the net comes to $\alpha^2$.

# %%
widths = [0.25, 0.5, 0.75, 1.0]
with torch.device("meta"):
    shrunk = [multiply_adds(mobilenet_v1(alpha), picture) for alpha in widths]
relative = [m / shrunk[-1] for m in shrunk]
for alpha, value in zip(widths, relative, strict=True):
    print(f"alpha {alpha}: {value:.3f} of the multiply-adds, alpha^2 = {alpha**2:.3f}")
assert all(0 <= v - a**2 < 0.02 for v, a in zip(relative, widths, strict=True))

# %% [markdown]
# Nearly $\alpha^2$: half the width, a quarter of the work. The small excess is the
# stem's and the depthwise layers', which shrink with $\alpha$ only. They can't weigh
# much: the paper counts 95 % of the work in the pointwise layers.

# %% [markdown]
# ## MobileNetV2: narrow outside, wide inside
#
# ResNet's **bottleneck** block is wide, narrow inside, and wide again. The pair of
# narrow and wide changes places in MobileNetV2 (Sandler and others 2018). Its block,
# the **inverted residual**, has three steps:
#
# 1. **expand**: pointwise, from $C$ channels to $tC$ ($t = 6$ in the paper),
#    activation;
# 2. **depthwise** 3 x 3, perhaps with stride 2, activation;
# 3. **project**: pointwise, back to few channels, and *no* activation. This is the
#    **linear bottleneck**.
#
# A **skip connection** adds the input to the output. It exists only where both have the
# same shape: stride 1, and as many channels out as in.
#
# **Look for** the ends of the orange arrow: what do they join?

# %%
fig = drawings.bottlenecks(
    {
        "bottleneck of ResNet": (
            [256, 64, 64, 256],
            ["1 x 1\nReLU", "3 x 3\nReLU", "1 x 1"],
        ),
        "inverted residual of MobileNetV2": (
            [24, 144, 144, 24],
            ["1 x 1\nReLU6", "depthwise\n3 x 3\nReLU6", "1 x 1\nlinear"],
        ),
    }
)
plots.show(
    fig,
    alt="Two blocks, each bar as high as it has channels. ResNet: 256, 64, 64, 256; "
    "the skip connection joins the wide ends. MobileNetV2: 24, 144, 144, 24; the skip "
    "connection joins the narrow ends.",
)

# %% [markdown]
# The skip connection joins the *narrow* ends. Between blocks only few channels are
# kept; the wide maps inside a block can be forgotten at prediction once they were used.
# A depthwise layer is cheap, so it may be wide.
#
# The activation is **ReLU6**, $\min(\max(x, 0), 6)$. The paper takes it for its
# robustness in computations of low precision: an 8-bit number has 256 steps, and here
# they need to cover 0 to 6 only.

# %% [markdown]
# ## Why is the last step linear?
#
# A ReLU sets what is negative to 0, and what was different becomes equal. How much is
# lost? Take points in the plane. A random matrix $T$ maps each to $n$ numbers, and a
# ReLU follows. Can somebody who knows $T$ find the point again?

# %% [markdown]
# Each positive number gives one equation for the two coordinates. So two positive
# numbers are enough, and with fewer the point is **lost**. Each number is positive with
# probability 1/2. The probability of none or one among $n$ is
#
# $$\frac{1}{2^n} + \frac{n}{2^n} = \frac{n + 1}{2^n} .$$

# %% [markdown] predict="lost_in_three"
# **Predict.** The plane has two dimensions. What share of the points is lost in a space
# of $n = 3$ dimensions, with a ReLU behind the random matrix?
#
# - None: three numbers hold more than two.
#   wrong: the numbers counted before the ReLU. A zero says only that something was not
#   positive.
# - A half: with one positive number only, or with none, a point can't be found.
#   right: 4 of the 8 patterns of signs have fewer than two positive ones.
# - An eighth: those with three negative numbers.
#   wrong: one number thought to be enough. It gives one equation for two unknowns, a
#   whole line of points.
# - All: a ReLU has no inverse.
#   wrong: the single ReLU taken for the whole layer. Where enough numbers are positive,
#   they tell all that there was.


# %%
def through_relu(points, T):
    """What a decoder that knows T finds of ReLU(points T); nan where it can't.

    points: (N, 2), T: (2, n), both float64. It solves the positive equations.
    """
    seen = torch.relu(points @ T)  # (N, n)
    on = (seen > 0).to(points.dtype)
    A = torch.einsum("an,in,bn->iab", T, on, T)  # (N, 2, 2), sums over positive ones
    b = (seen @ T.T).unsqueeze(2)  # (N, 2, 1)
    known = on.sum(dim=1) >= 2
    found = torch.full_like(points, float("nan"))
    found[known] = torch.linalg.solve(A[known], b[known]).squeeze(2)
    return found


turn = torch.linspace(0.6, 3 * torch.pi, 600, dtype=torch.float64)
spiral = torch.stack([turn * turn.cos(), turn * turn.sin()], dim=1) / 9  # (600, 2)
for n in (2, 3, 5, 10, 15):
    draws = [torch.randn(2, n, dtype=torch.float64) for _ in range(300)]
    found = torch.stack([through_relu(spiral, T) for T in draws])  # (300, 600, 2)
    lost = found.isnan().any(dim=2)
    off = (found - spiral).norm(dim=2)[~lost].median()
    share, formula = lost.double().mean().item(), (n + 1) / 2**n
    print(
        f"n = {n:2}: lost {share:.4f}, formula {formula:.4f}; the rest off by {off:.0e}"
    )
    assert abs(share - formula) < 0.04 and off < 1e-9

# %% [markdown]
# As derived: three quarters are lost in two dimensions, a half in three, one in a
# hundred in ten. The rest is found exactly. **Look for** how the gaps lie: single
# points, or whole pieces?

# %%
generator = torch.Generator().manual_seed(6)
panels = {}
for n in (2, 3, 5, 15):
    T = torch.randn(2, n, dtype=torch.float64, generator=generator)
    panels[f"ReLU, n = {n}"] = through_relu(spiral, T)
fig = drawings.recovered(spiral, panels)
plots.show(
    fig,
    alt="A spiral, and what is found of it after a random matrix and a ReLU in 2, 3, 5 "
    "and 15 dimensions. In 2 and 3 dimensions whole sectors are missing, in 15 "
    "nothing.",
)
gaps = {title: found.isnan().any(dim=1) for title, found in panels.items()}
pieces = {title: gap.diff().sum().item() for title, gap in gaps.items()}
print("borders between found and lost, among 600 points:", pieces)
assert max(pieces.values()) < 30 and not gaps["ReLU, n = 15"].any()

# %% [markdown]
# Whole sectors are missing: those directions in which too few numbers are positive.
#
# So a ReLU does no harm where few dimensions lie in a wide space: inside the block. It
# does harm where the space is as narrow as what it holds. For $k$ independent numbers
# in $tk$ channels, at least $k$ must be positive:


# %%
def kept(k, t):
    """Probability that at least k of t * k numbers are positive, each with 1/2."""
    n = t * k
    return sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n


for t in (1, 2, 4, 6):
    print(f"8 numbers in {8 * t:2} channels: kept with probability {kept(8, t):.4f}")
assert kept(8, 1) == 1 / 256 and kept(8, 6) > 0.9999

# %% [markdown]
# These were random matrices. Could training place the points so that the ReLU does no
# harm? Let a net try. It must tell two arms of a spiral apart, and between its four
# wide layers stand bottlenecks of *two* numbers: exactly what a point has. Once they
# are linear, once a ReLU follows. All else is equal, and the wide layers have their
# ReLU in both.


# %%
def two_arms(n=400, seed=0):
    """Points (n, 2) on two arms of a spiral, and which arm (n,)."""
    generator = torch.Generator().manual_seed(seed)
    turn = torch.rand(n, generator=generator) * 2.5 * torch.pi + 0.6
    arm = torch.arange(n) % 2
    angle = turn + arm * torch.pi
    return torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1) / 8, arm


def with_bottlenecks(linear, width=32, blocks=4):
    """Two numbers, then wide and narrow in turn; at the end two scores."""
    layers = []
    for _ in range(blocks):
        layers += [nn.Linear(2, width), nn.ReLU(), nn.Linear(width, 2)]
        layers += [] if linear else [nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(2, width), nn.ReLU(), nn.Linear(width, 2))


# %%
points, arm = two_arms()
arms_read, silent = {True: [], False: []}, {True: [], False: []}
for _ in range(4):
    for linear in (True, False):
        net = with_bottlenecks(linear)
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01, fused=True)
        for _ in range(250):
            optimizer.zero_grad()
            F.cross_entropy(net(points), arm).backward()
            optimizer.step()
        Z, has_silent_layer = points, False
        for layer in net:
            Z = layer(Z).detach()
            has_silent_layer |= not Z.any().item()  # zeros only, for all points
        arms_read[linear].append((Z.argmax(dim=1) == arm).float().mean().item())
        silent[linear].append(has_silent_layer)
        assert has_silent_layer == (Z.std(dim=0).max().item() < 1e-4)  # one answer
for linear, values in arms_read.items():
    name = "linear" if linear else "with a ReLU"
    print(
        f"bottlenecks {name:>11}: right", ", ".join(f"{v:.2f}" for v in values), end=""
    )
    print(f"; {sum(silent[linear])} of 4 have a layer that gives only zeros")
assert statistics.median(arms_read[True]) > 0.97 and not any(silent[True])
assert statistics.mean(arms_read[False]) < statistics.mean(arms_read[True]) - 0.1
assert any(silent[False])

# %% [markdown]
# The nets with linear bottlenecks learn the spiral, nearly all of them. With a ReLU in
# the bottleneck they are worse on average, and at least one only guesses (0.50); with
# other weights at the start it is mostly three or all four. Training does not lead them
# out. In one of their bottlenecks both numbers are 0 for all points, so that every
# point gets the same answer, and no gradient gets back through a ReLU that gives 0. In
# so narrow a space two zeros are all it takes. Nets that keep a way through end
# anywhere between. That is the case for which the linear bottleneck was made.
#
# ## The block, and the same test on animals


# %%
class InvertedResidual(nn.Module):
    """Expand by t, depthwise 3 x 3, project; the input is added where shapes agree."""

    def __init__(
        self, in_channels, out_channels, stride=1, t=4, gate=None, linear=True
    ):
        super().__init__()
        hidden, relu6 = t * in_channels, {"activation": nn.ReLU6}
        layers = conv_bn(in_channels, hidden, 1, **relu6)
        layers += conv_bn(hidden, hidden, 3, stride, groups=hidden, **relu6)
        if gate is not None:
            layers.append(gate(hidden))  # squeeze and excitation, see below
        last_activation = nn.Identity if linear else nn.ReLU6
        layers += conv_bn(hidden, out_channels, 1, activation=last_activation)
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


def small_v2(w=8, blocks=(1, 1), **kind):
    """Stem, two stages of inverted residuals, a pointwise layer, mean, full layer."""
    layers, channels = conv_bn(1, w, 3, 2, activation=nn.ReLU6), w
    for stage, (out_channels, count) in enumerate(zip((w, 2 * w), blocks, strict=True)):
        for i in range(count):
            stride = 2 if stage > 0 and i == 0 else 1
            block = InvertedResidual(channels, out_channels, stride, **kind)
            layers.append(block)
            channels = out_channels
    layers += conv_bn(channels, 64, 1, activation=nn.ReLU6)
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
    return nn.Sequential(*layers, *head)


# %%
kinds = {"V2": {}, "V2, ReLU6 at the end": {"linear": False}}
for seed in range(2):
    for name, kind in kinds.items():
        net, seconds = trained(small_v2(**kind), S, seed)
        scores[name].append(accuracy_of(net, S_valid))
        epochs[name].append(seconds)
difference = [a - b for a, b in zip(*(scores[name] for name in kinds), strict=True)]
for name in kinds:
    print(f"{name:>20}:", ", ".join(f"{value:.3f}" for value in scores[name]))
print("linear minus ReLU6, pair by pair:", [f"{d:+.3f}" for d in difference])
assert max(map(abs, difference)) < 0.08 and abs(statistics.mean(difference)) < 0.05

# %% [markdown]
# On the animals the same change matters far less: a few points at most, either way,
# where on the spiral it can leave a net guessing. These bottlenecks have 8 and 16
# channels. What ten kinds
# of silhouettes need seems to fit beside the zeros. (On ImageNet the paper reports that
# the linear bottleneck helps.) So the reason is sound, and how much it matters depends
# on how narrow the bottleneck is for what it must carry.

# %% [markdown]
# ## Squeeze and excitation: how loud each channel is
#
# A convolution sees a small window. Should a channel count more *in this picture*,
# because of something at its other end? **Squeeze and excitation** (SE; Hu, Shen and
# Sun 2018) gives each channel a **gate** between 0 and 1:
#
# $$z_c = \frac{1}{HW} \sum_{i,j} X_{c,i,j}, \qquad
# s = \sigma\bigl(W_2 \operatorname{ReLU}(W_1 z + b_1) + b_2\bigr), \qquad
# Y_{c,i,j} = s_c X_{c,i,j} .$$
#
# *Squeeze*: a map becomes its mean $z_c$. *Excite*: two full layers, with fewer units
# between them than channels, and a [sigmoid](04) $\sigma$. Then map $c$ is multiplied
# by its gate $s_c$.


# %%
class SqueezeExcite(nn.Module):
    """Multiply each map of an image by a gate, made from the means of all its maps."""

    def __init__(self, channels, squeezed):
        super().__init__()
        self.excite = nn.Sequential(
            *(nn.Linear(channels, squeezed), nn.ReLU()),
            *(nn.Linear(squeezed, channels), nn.Sigmoid()),
        )

    def forward(self, X):
        gates = self.excite(X.mean(dim=(2, 3)))  # (N, C, H, W) -> (N, C)
        return X * gates[:, :, None, None]


ours, theirs = SqueezeExcite(12, 3), SqueezeExcitation(12, 3)  # torchvision's has 1 x 1
with torch.no_grad():
    for i, layer in ((0, theirs.fc1), (2, theirs.fc2)):
        layer.weight.copy_(ours.excite[i].weight[:, :, None, None])
        layer.bias.copy_(ours.excite[i].bias)
    maps = torch.randn(2, 12, 5, 6)
    torch.testing.assert_close(ours(maps), theirs(maps))
print("the same as torchvision's")


# %% [markdown] predict="do_gates_pay"
# **Predict.** Each inverted residual of the small V2 gets a squeeze and excitation
# before its projection. It is trained on the animals as before. What happens?
#
# - The accuracy rises clearly: the net can now look at the whole picture.
#   wrong: a new ability taken for a needed one. Silhouettes are told apart by their
#   outlines, and the mean of each map at the end sees the whole picture too.
# - Little: a few points at most, and with other seeds as often upwards as downwards.
#   right: nothing in this task asks for a channel to be loud in one picture and silent
#   in another.
# - It falls by ten points and more: numbers below 1 make the signal fade.
#   wrong: the normalisation behind the projection forgotten. It divides a common factor
#   out.

# %%
gated = {"gate": lambda channels: SqueezeExcite(channels, 4)}
gated_nets = []
for seed in range(3):
    net, seconds = trained(small_v2(**gated), S, seed)
    gated_nets.append(net)
    scores["V2 + SE"].append(accuracy_of(net, S_valid))
    epochs["V2 + SE"].append(seconds)
for name in ("V2", "V2 + SE"):
    mean[name] = statistics.mean(scores[name])
    own = costs(small_v2(**(gated if "SE" in name else {})), S[:1])
    print(f"{name:>8}: {', '.join(f'{v:.3f}' for v in scores[name])};", end=" ")
    print(f"{own.parameters:,} parameters, {own.multiply_adds:,} multiply-adds")
assert abs(mean["V2 + SE"] - mean["V2"]) < 0.05

# %% [markdown]
# The gates bring no gain here: a few points at most, upwards or downwards, and with
# other seeds the order changes. What do the gates do, then? **Look for** columns in
# which the ten animals differ.


# %%
def gates_of(net, X):
    """The gates (N, C) of the last squeeze and excitation, in eval mode."""
    seen = []
    excite = [m for m in net.modules() if isinstance(m, SqueezeExcite)][-1].excite
    handle = excite.register_forward_hook(lambda module, X, gates: seen.append(gates))
    with torch.no_grad():
        net.eval()(X.to(device))
    handle.remove()
    return seen[0].cpu()


# %%
gates = gates_of(gated_nets[0], S_valid)  # (1000, 32), of the second block
by_animal = torch.stack(
    [gates[y_valid == k].mean(dim=0) for k in range(10)]
)  # (10, 32)
fig, ax = plots.figure(width=8.2, height=3.2)
style = {"vmin": 0, "vmax": 1, "cmap": "cividis", "aspect": "auto"}
plots.heatmap(by_animal, ax, "channel of the second block", "", **style)
ax.set_yticks(range(10), ANIMALS)
plots.show(
    fig,
    alt="Mean gate of each of 32 channels for each of the ten animals. Columns differ "
    "clearly from each other; within some columns the animals differ, too.",
)

# %%
all_gates = torch.stack([gates_of(net, S_valid) for net in gated_nets])
# all_gates: (3, 1000, 32), nets, images, channels
between_channels = all_gates.mean(dim=1).std(dim=1).mean().item()
between_images = all_gates.std(dim=1).mean().item()
print(f"gates of three nets: {between_channels:.2f} from channel to channel (std),")
print(f"{between_images:.2f} from image to image")
assert between_channels > 1.1 * between_images and between_images > 0.02

# %% [markdown]
# Each channel has a gate of its own, and in some columns the animals differ.
#
# If the gates did not look at the image, each would be a constant, and a constant could
# be multiplied into the weights: nothing gained. Test it. Replace each gate by its mean
# over all images, and score the net again.


# %%
def average_gates(net):
    """Hooks that replace each gate by its mean over the batch; remove them later."""
    parts = [m for m in net.modules() if isinstance(m, SqueezeExcite)]

    def average(module, inputs, gates):
        return gates.mean(dim=0, keepdim=True).expand_as(gates)

    return [part.excite.register_forward_hook(average) for part in parts]


frozen_scores = []
for net in gated_nets:
    handles = average_gates(net)
    frozen_scores.append(accuracy_of(net, S_valid))
    for handle in handles:
        handle.remove()
print("gates as they are: ", [f"{v:.3f}" for v in scores["V2 + SE"]])
print("replaced by means: ", [f"{v:.3f}" for v in frozen_scores])
lost_by_means = mean["V2 + SE"] - statistics.mean(frozen_scores)
print(f"on average {lost_by_means:.3f} lower")
assert lost_by_means > 0.01

# %% [markdown]
# On average the accuracy falls, in one net more than in another: the nets have come to
# rely on gates that look at the image. And yet nets that never had gates are about as
# good as those that have them. A part that is
# *used* is not yet a part that is *needed*: to cut it out of a trained net shows the
# first, to train without it shows the second.

# %% [markdown]
# ## Where the gates matter
#
# Is there a task that needs them? The gates *multiply*: they let one part of the
# picture decide what another part means. So make a task of that kind. In the lower
# right corner lie three bars, upright or level. In the upper left corner there may be a
# flag. Without a flag the class is 1 for upright bars; with it, for level ones.
#
# A net that takes the mean over all places of what it sees in small windows, and then
# adds it up in a full layer, gives *flag* and *bars* a score each, and adds them. No
# such sum can give all four cases right: at best three of four.


# %%
def flags_and_bars(n, seed):
    """Images (n, 1, 20, 20) with bars and perhaps a flag, and the class (n,)."""
    generator = torch.Generator().manual_seed(seed)
    flag, upright = torch.randint(2, (2, n), generator=generator)
    corners = torch.randint(10, 16, (n, 3, 2), generator=generator).tolist()
    X = 0.1 * torch.randn(n, 1, 20, 20, generator=generator)
    for i in range(n):
        X[i, 0, 1:6, 1:6] += flag[i]
        for row, column in corners[i]:
            height, width = (4, 1) if upright[i] else (1, 4)
            X[i, 0, row : row + height, column : column + width] += 1
    return X, flag ^ upright


X_flags, y_flags = flags_and_bars(1000, seed=0)
X_new, y_new = flags_and_bars(1000, seed=1)
axes = plots.images(X_flags[:8], titles=[f"class {k}" for k in y_flags[:8]])
plots.show(
    axes[0].figure,
    alt="Eight images: three bars in the lower right, upright or level; in some a "
    "small square in the upper left.",
)


# %%
def small_window_net(gate):
    """Stem, separable block, perhaps gates, a pointwise layer, mean, full layer."""
    layers = [*conv_bn(1, 8, 3, 2), separable_block(8, 16)]
    layers += [SqueezeExcite(16, 16)] if gate else []
    layers += conv_bn(16, 16, 1)
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 2)]
    return nn.Sequential(*layers, *head)


flag_scores = defaultdict(list)
for seed in range(2):
    for gate in (False, True):
        net = small_window_net(gate).to(**last)
        data = load_array((X_flags, y_flags), batch_size=50, seed=seed)
        fit(net, data, lr=0.02, num_epochs=8, device=device)
        name = "with gates" if gate else "without"
        score = evaluate(net, [(X_new, y_new)])["accuracy"]
        flag_scores[name].append(score)
    handles = average_gates(net)
    flag_scores["gates replaced by means"].append(
        evaluate(net, [(X_new, y_new)])["accuracy"]
    )
for name, values in flag_scores.items():
    print(f"{name:>24}:", ", ".join(f"{value:.3f}" for value in values))
assert max(flag_scores["without"]) < 0.65
assert min(flag_scores["with gates"]) > 0.94
assert max(flag_scores["gates replaced by means"]) < 0.8

# %% [markdown]
# Without gates the net is about as poor as guessing; with them it reads the flag. And
# with gates that no longer look at the image most of that is lost. So squeeze and
# excitation can do what the plain net can't. Whether *your* task needs it is a question
# for a measurement. (Another full layer behind the mean would solve this one too.)

# %% [markdown]
# ## EfficientNet: which way to grow?
#
# You have a small net that works, and four times as much to spend. Make it **deeper**
# (more blocks), **wider** (more channels), or give it images of a higher
# **resolution**?
#
# Depth times $d$ costs $d$ times the multiply-adds; width times $w$ costs $w^2$, since
# a layer has channels in and out; resolution times $r$ costs $r^2$, for height and
# width. So the net grows by $d\, w^2 r^2$.
#
# **Compound scaling** (Tan and Le 2019) grows all three together. With one number
# $\phi$,
#
# $$d = \alpha^\phi, \quad w = \beta^\phi, \quad r = \gamma^\phi, \qquad
# \alpha\, \beta^2 \gamma^2 \approx 2,$$
#
# each step of $\phi$ doubles the work. By a search over small nets the paper found
# $\alpha = 1.2$, $\beta = 1.1$, $\gamma = 1.15$ for its base, EfficientNet-B0, whose
# blocks are inverted residuals with squeeze and excitation.

# %%
alpha, beta, gamma = 1.2, 1.1, 1.15
per_step = alpha * beta**2 * gamma**2
phi = math.log(4) / math.log(per_step)
print(f"alpha beta^2 gamma^2 = {per_step:.2f}; for 4 times the work phi = {phi:.2f}")
print(
    f"depth x {alpha**phi:.2f}, width x {beta**phi:.2f}, resolution x {gamma**phi:.2f}"
)
assert round(per_step, 2) == 1.92 and round(phi, 2) == 2.12
assert (round(alpha**phi * 2), round(beta**phi * 8), round(gamma**phi * 10)) == (
    3,
    10,
    13,
)

# %% [markdown]
# Our base: the small V2 with SE, two blocks, 8 channels, images of 10 x 10 pixels. Four
# times the work, in four ways. Blocks, channels and pixels are whole numbers, so that
# the budgets agree only roughly. (EfficientNet's
# activation is SiLU. We keep ReLU6, so that nothing else changes.)

# %% [markdown] predict="which_axis"
# **Predict.** Which way to grow pays most reliably at this base, by the accuracy after
# three epochs, on average over two trainings?
#
# - Depth alone: deep nets see best.
#   wrong: depth thought to be what is missing. Eight blocks of 8 or 16 channels pass on
#   no more than two do.
# - Resolution alone: the base sees 10 x 10 pixels only.
#   wrong: what the data hold taken for what the net can use. With 8 channels and two
#   blocks it has nothing to read more detail with.
# - Width alone: first, or level with the compound.
#   right: 8 channels are the narrowest place of this base, and wide nets learn fast.
# - The compound: a bit of everything is best.
#   wrong: what was found for B0 thought to hold for every base. Its coefficients were
#   searched on ImageNet, for a net with many more channels.

# %%
growths = {  # channels, blocks of the two stages, side of the image
    "base": (8, (1, 1), 10),
    "depth": (8, (4, 4), 10),
    "width": (18, (1, 1), 10),
    "compound": (10, (1, 2), 13),
    "resolution": (8, (1, 1), 20),  # the net with SE of above, already trained
}
images = {side: (resized(X, side), resized(X_valid, side)) for side in (10, 13, 20)}
grown = {}
for name, (w, blocks, side) in growths.items():
    grown[name] = costs(small_v2(w, blocks, **gated), images[side][0][:1])
    for seed in range(2 if name != "resolution" else 0):
        net, seconds = trained(small_v2(w, blocks, **gated), images[side][0], seed)
        scores[name].append(accuracy_of(net, images[side][1]))
        epochs[name].append(seconds)
scores["resolution"] = scores["V2 + SE"][:2]
epochs["resolution"] = epochs["V2 + SE"][:2]
times = {
    name: c.multiply_adds / grown["base"].multiply_adds for name, c in grown.items()
}
mean |= {name: statistics.mean(scores[name]) for name in growths}
for name in growths:
    values = ", ".join(f"{value:.3f}" for value in scores[name])
    print(
        f"{name:>10}: {values}, mean {mean[name]:.3f}; {times[name]:.1f} x the work,",
        end=" ",
    )
    print(f"{statistics.median(epochs[name]):.2f} s an epoch")

# %%
four = ["depth", "width", "resolution", "compound"]
assert all(3.4 < times[name] < 4.2 for name in four)
assert mean["width"] > max(mean["depth"], mean["resolution"]) + 0.01
assert max(mean["depth"], mean["resolution"]) < mean["base"] + 0.045
assert mean["compound"] > statistics.mean([mean["depth"], mean["resolution"]])
assert mean["compound"] < mean["width"] + 0.01
fig = drawings.runs({name: scores[name] for name in growths}, "validation accuracy")
plots.show(
    fig,
    alt="Validation accuracy of five nets, two trainings each: the base; depth and "
    "resolution alone, little better than the base or worse; compound, above the mean "
    "of these two; width alone, best or level with compound.",
)

# %% [markdown]
# Depth alone and resolution alone spend four times the work for little or nothing, or
# even lose. Compound scaling is better than the mean of these two, and width alone is
# as good as it or better. So **at this size, after three epochs, B0's coefficients do
# not win**, and that is no contradiction: they were searched for B0, not for a base of
# 8 channels.
#
# What the paper really says has held: *one* axis alone may be wasted, because the
# others hold it back, and you don't know beforehand which. The coefficients belong to
# the base. Search them for yours, on small nets, as the authors did.

# %% [markdown]
# ## All of them in one picture
#
# Each net against its multiply-adds, and against the seconds that an epoch took. An
# accuracy is the mean of a net's two or three trainings. **Look for** how far the nets
# lie apart in each, from left to right.

# %%
everything = {
    "full": counted["full"],
    "separable (V1)": counted["separable"],
    "V2": costs(small_v2(), S[:1]),
    "V2 + SE": grown["resolution"],
    "wide V2 + SE": grown["width"],
}
keys = ["full", "separable", "V2", "V2 + SE", "width"]
rows = {}
for (name, cost), key in zip(everything.items(), keys, strict=True):
    rows[name] = (
        cost.multiply_adds / 1e6,
        statistics.median(epochs[key]),
        statistics.mean(scores[key]),
    )
    print("{:>14}: {:5.2f} M, {:.2f} s an epoch, {:.3f}".format(name, *rows[name]))
fig = drawings.two_costs(rows)
plots.show(
    fig,
    alt="Validation accuracy of five nets, left against millions of multiply-adds on a "
    "log scale, right against seconds an epoch. At the left they are spread over a "
    "factor of more than ten, at the right over a much smaller factor.",
)
spans = [max(c) / min(c) for c in list(zip(*rows.values(), strict=True))[:2]]
print(f"largest over smallest: multiply-adds {spans[0]:.0f}, seconds {spans[1]:.1f}")
assert spans[0] > 10 and spans[1] < spans[0] / 3
reached = [row[2] for row in rows.values()]
assert min(reached[:2]) > max(reached[2:]) + 0.01

# %%
stored = {}  # kilobytes that training keeps for an image, without the weights
compared = {name: small(*kind) for name, kind in kinds_of_small.items()}
for name, net in (compared | {"V2": small_v2()}).items():
    cost = costs(net, S[:50])
    stored[name] = (cost.training_bytes - 2 * 4 * cost.parameters) / 50 / 1000
    print(f"{name:>9}: {stored[name]:4.0f} kB of layers' outputs for each image")
assert stored["separable"] > 2 * stored["full"] and stored["V2"] > 1.5 * stored["full"]

# %% [markdown]
# In multiply-adds the nets lie far apart, in seconds much closer together. On this CPU,
# at this size, after these few epochs, the two plain stacks, full and separable, name
# the most animals. The inverted residuals have by far the fewest multiply-adds, and
# save much less of the seconds. The last lines say why: the nets that compute less have
# *more* numbers that go to memory and come back. MobileNetV2 was made for a phone and a
# small file.
#
# By validation you'd take one of the first two nets. Now, once, the test set is opened
# for it.

# %%
chosen = max(("full", "separable"), key=lambda name: mean[name])
net = first_nets[chosen]  # the first of its kind, not the best of the three
tested = evaluate(net, [(resized(X_test, 20), y_test)])["accuracy"]
print(f"chosen: {chosen}; of 1,000 new silhouettes it names {tested:.1%}")
assert abs(tested - mean[chosen]) < 0.05
metrics = {"accuracy, test, chosen": tested, "seconds, separable / full": small_time}
metrics |= {"multiply-adds, separable / full": small_work}

# %% [markdown]
# ## What goes wrong in practice
#
# **The wrong number of groups.** `groups` is 1 by default: a full convolution, and no
# error. A number that divides the channels makes groups of several: again no error.
# Only a number that doesn't divide them is refused. Count the parameters.

# %%
sizes = {
    g: nn.Conv2d(64, 64, 3, groups=g, bias=False).weight.numel() for g in (1, 8, 64)
}
for g, count in sizes.items():
    print(f"groups={g:2}: {count:6,} weights")
try:
    nn.Conv2d(64, 64, 3, groups=48)
except ValueError as error:
    print("groups=48:", error)
assert sizes == {1: 36_864, 8: 4_608, 64: 576}

# %% [markdown]
# **A skip connection where the shapes differ.** Mostly the sum is an error. But from 1
# channel to 8, or from 14 x 14 to 1 x 1 places, PyTorch broadcasts and adds without a
# word: each output channel gets the same image on top. Ask for both conditions, stride
# 1 and equal channels.

# %%
careless = InvertedResidual(1, 8)
careless.has_skip = True
with torch.no_grad():
    print(
        "1 to 8 channels: the sum has shape", tuple(careless(S[:2]).shape), "- no error"
    )
careless = InvertedResidual(4, 8)
careless.has_skip = True
try:
    careless(torch.zeros(2, 4, 6, 6))
except RuntimeError as error:
    print("4 to 8 channels:", error)

# %% [markdown]
# **An activation after the projection.** It costs nothing that you see at once, and can
# make a narrow bottleneck blind, as the spiral showed. Look at the last layer of each
# block: it must be a normalisation.
#
# **Each axis scaled alone, and each by the whole budget.** Twice the depth, twice the
# width *and* twice the side make $2 \cdot 4 \cdot 4 = 32$ times the work, not 6 times.
#
# **Multiply-adds read as seconds.** Time the net on the machine that will run it.

# %% [markdown]
# ## Summary
#
# - A depthwise convolution looks at neighbours, a pointwise one mixes channels.
#   Together they cost $1/N + 1/k^2$ of a full convolution.
# - Few multiply-adds are not few seconds. What counts on a CPU is how often a number is
#   used once it has come from memory: the arithmetic intensity.
# - Nor are they little memory: MobileNetV2 trains in about as many bytes as ResNet-18.
# - Inverted residual: narrow, wide, narrow; the bottleneck linear, because a ReLU in a
#   narrow space loses points. The input is added only where shapes agree.

# %% [markdown]
# - Squeeze and excitation multiplies each channel by a gate that sees the whole
#   picture. It pays where one part of the picture decides what another means.
# - Compound scaling grows depth, width and resolution together. The coefficients belong
#   to the base: search them.

# %% [markdown]
# ## To think about
#
# 1. Train depth, width, resolution and compound for ten epochs. Who is first then?
# 2. Start from a base of 16 channels. Which axis pays now?
# 3. Put SiLU in place of ReLU6. Does the accuracy change by more than the seeds do?
# 4. Give the animals a task with a flag, as above: the class is shifted by one if a
#    small square is in the corner. Do the gates pay now?
# 5. Run the section on seconds with `torch.set_num_threads(1)` and with all threads, or
#    on a GPU. Where does the roofline bend?
#
# The exercise notebook `18_efficient_cnns` comes next: eleven checked exercises.

# %% [markdown]
# ## Further reading
#
# - Howard and others 2017, *MobileNets: efficient convolutional neural networks for
#   mobile vision applications*, arXiv:1704.04861: tables 1, 4 and 6 for what was
#   counted here. Chollet 2017, *Xception: deep learning with depthwise separable
#   convolutions*
# - Sandler, Howard, Zhu, Zhmoginov and Chen 2018, *MobileNetV2: inverted residuals and
#   linear bottlenecks*: figure 1 has the spiral
# - Hu, Shen and Sun 2018, *Squeeze-and-excitation networks*
# - Tan and Le 2019, *EfficientNet: rethinking model scaling for convolutional neural
#   networks*; 2021, *EfficientNetV2: smaller models and faster training*, which puts
#   full convolutions back into the first stages, because depthwise ones are slow there
# - Williams, Waterman and Patterson 2009, *Roofline: an insightful visual performance
#   model for multicore architectures*
