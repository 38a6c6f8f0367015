# %% [markdown]
# # LeNet: keep the picture a picture
#
# Write a 7 by hand. Some people give it a bar, some lean it over, no two look alike.
# **How can a machine read all of them?**
#
# In 1998 Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner described a system
# that did: it read several million bank cheques a day. At its heart was a network of
# seven layers, **LeNet-5**. Most networks for pictures since then repeat its pattern.
#
# Here you build it twice, from scratch and with PyTorch, and train it on real digits.
# You see two trainings fail in ways that look the same and are not. Then you look
# inside.
#
# You need chapters 12 (convolution, pooling) and 06 (cross-entropy).

# %%
import copy
import math

import torch
from matplotlib.patches import Rectangle
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.data import load_array, mnist
from utils.device import set_seed
from utils.train import accuracy, evaluate, train

plots.use_style()
set_seed(0)

# %% [markdown]
# ## The digits
#
# 5,000 real digits from MNIST ship with this course: 4,000 to learn from, 1,000 kept
# aside as the test set. An image is a tensor of shape (1, 28, 28): one channel, because
# it is grey, 28 rows, 28 columns, from 0 (black) to 1 (white).
#
# **Look for** what the three digits of a column share. Is there one pixel that is white
# in all three of them and black in every other column?

# %%
(X, y), (X_test, y_test) = mnist(num_train=4000, num_test=1000)
print("train:", tuple(X.shape), X.dtype, " labels:", tuple(y.shape), y.dtype)
print("test: ", tuple(X_test.shape))

columns = [(y == digit).nonzero().ravel()[:3] for digit in range(10)]
shown = torch.stack(columns, dim=1).ravel()  # (3, 10) -> (30,)
axes = plots.images(X[shown], titles=y[shown].tolist(), ncols=10)
plots.show(
    axes[0].figure,
    alt="Three handwritten examples of each digit from 0 to 9, white on black. Digits "
    "of one class differ in slant, width and stroke.",
)

# %% [markdown]
# ## The idea
#
# A multilayer perceptron begins by tearing the picture into 784 numbers in a row. From
# then on no pixel knows its neighbours. LeNet keeps the picture, and repeats two steps:
#
# - **look**: a convolution slides small kernels over the image, each on the watch for
#   one pattern, and writes down *where* it saw it: one *feature map* for each kernel;
# - **step back**: pooling shrinks each map to half, so that it no longer matters
#   exactly where.
#
# Each round knows less about *where* and more about *what*. After two rounds only 16
# maps of 5 x 5 are left. Three full layers weigh these 400 numbers against each other
# and give each digit a score.

# %% [markdown]
# **Look for** the two trends in this drawing of the network: from left to right the
# maps get smaller, and there are more of them.

# %%
stages = [  # name, channels, side in pixels (0: a vector), where to draw it
    ("input", 1, 28, 0),
    ("conv 5x5\npad 2", 6, 28, 36),
    ("pool 2x2", 6, 14, 80),
    ("conv 5x5", 16, 10, 110),
    ("pool 2x2", 16, 5, 144),
    ("full", 120, 0, 172),
    ("full", 84, 0, 188),
    ("full", 10, 0, 204),
]
fig, ax = plots.figure(width=8.8, height=2.9)
for name, channels, side, x in stages:
    for k in reversed(range(channels if side else 1)):
        width, height = (side, side) if side else (3, channels / 3)
        corner = (x + 0.9 * k, -height / 2 + 0.9 * k)
        style = {"facecolor": "#cfe3f1", "edgecolor": "#0072B2", "linewidth": 0.8}
        ax.add_patch(Rectangle(corner, width, height, **style))
    shape = f"{channels} x {side} x {side}" if side else f"{channels}"
    ax.text(x, 29, name, va="center", fontsize=8)
    ax.text(x, -26, shape, va="center", fontsize=8)
ax.set(xlim=(-3, 216), ylim=(-30, 34))
ax.set_aspect("equal")
ax.axis("off")
plots.show(
    fig,
    alt="LeNet from left to right: input 1 x 28 x 28; convolution 6 x 28 x 28; pooling "
    "6 x 14 x 14; convolution 16 x 10 x 10; pooling 16 x 5 x 5; full layers of 120, 84 "
    "and 10. Maps get smaller and more numerous.",
)

# %% [markdown]
# ## The formulas
#
# You know all the parts. A convolutional layer computes, for image $n$, output channel
# $o$ and place $(i, j)$,
#
# $$Y_{n,o,i,j} = b_o + \sum_{c}\sum_{u,v} X_{n,\,c,\,i+u,\,j+v}\; W_{o,c,u,v}$$
#
# where $c$ runs over the input's channels, $(u, v)$ over the places of the kernel
# $W_{o,c}$, and $b_o$ is the channel's bias. With kernel size $k$, padding $p$ on each
# side and stride $s$, an input of side $h$ gives an output of side
#
# $$\left\lfloor \frac{h + 2p - k}{s} \right\rfloor + 1 .$$
#
# After each convolution and after the first two full layers stands an *activation*: in
# the older style the sigmoid $\sigma(a) = 1/(1 + e^{-a})$. Average pooling replaces
# each $2 \times 2$ block by its mean.

# %% [markdown]
# Now follow a 28 x 28 digit through the formula. First convolution ($k=5$, $p=2$,
# $s=1$): $28 + 4 - 5 + 1 = 28$. Pooling ($k=2$, $s=2$): $26/2 + 1 = 14$. Second
# convolution (no padding): $14 - 5 + 1 = 10$. Pooling: 5. So the first full layer gets
# $16 \cdot 5 \cdot 5 = 400$ numbers.
#
# Do this on paper for every network you build. Most errors of this chapter are a wrong
# number in this line.


# %%
def output_side(h, k, p=0, s=1):
    """Side of a convolution's or pooling's output: floor((h + 2p - k) / s) + 1."""
    return (h + 2 * p - k) // s + 1


sides = [28]
for k, p, s in [(5, 2, 1), (2, 0, 2), (5, 0, 1), (2, 0, 2)]:
    sides.append(output_side(sides[-1], k, p, s))
print(" -> ".join(map(str, sides)), "  then", 16 * sides[-1] ** 2, "numbers")
assert sides == [28, 28, 14, 10, 5]

# %% [markdown]
# ## From scratch
#
# The formula has seven indices, so written out it would be seven nested loops. Two are
# enough if each pass handles all images, channels and places at once: for each of the
# 25 places of the kernel, shift the input and add.


# %%
def conv2d(X, W, b, padding=0):
    """Y[n,o,i,j] = b[o] + sum over c,u,v of X[n,c,i+u,j+v] W[o,c,u,v].

    X: (N, C, H, W), W: (O, C, k, k), b: (O,).
    """
    X = F.pad(X, [padding] * 4)  # left, right, top, bottom
    k = W.shape[-1]
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Y = b.reshape(1, -1, 1, 1)  # (1, O, 1, 1), broadcast over images and places
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height, v : v + width]  # (N, C, height, width)
            Y = Y + torch.einsum("nchw,oc->nohw", shifted, W[:, :, u, v])
    return Y


def avg_pool2d(X):
    """Mean of each 2 x 2 block: (N, C, H, W) -> (N, C, H / 2, W / 2)."""
    N, C, height, width = X.shape
    blocks = X.reshape(N, C, height // 2, 2, width // 2, 2)
    return blocks.mean(dim=(3, 5))  # the two axes inside a block


# %% [markdown]
# With these two, LeNet is seven lines. Read the shapes on the right: they are the
# drawing above, in numbers.


# %%
def lenet(X, params):
    """Scores (N, 10) of images (N, 1, 28, 28): LeNet with sigmoids, by hand."""
    W1, b1, W2, b2, W3, b3, W4, b4, W5, b5 = params
    H = torch.sigmoid(conv2d(X, W1, b1, padding=2))  # (N, 6, 28, 28)
    H = avg_pool2d(H)  # (N, 6, 14, 14)
    H = torch.sigmoid(conv2d(H, W2, b2))  # (N, 16, 10, 10)
    H = avg_pool2d(H).reshape(len(X), -1)  # (N, 16, 5, 5) -> (N, 400)
    H = torch.sigmoid(H @ W3.T + b3)  # (N, 120)
    H = torch.sigmoid(H @ W4.T + b4)  # (N, 84)
    return H @ W5.T + b5  # (N, 10): scores, no softmax


# %% [markdown]
# ## The same in PyTorch
#
# `nn.Sequential` holds the layers in order. Activation and pooling are arguments,
# because the experiment below swaps them. The weights start as in the book: Xavier's
# uniform distribution (chapter 10).


# %%
def make_lenet(activation=nn.Sigmoid, pooling=nn.AvgPool2d):
    """LeNet for (N, 1, 28, 28) images and 10 classes, freshly initialised."""
    net = nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2),
        activation(),
        pooling(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5),
        activation(),
        pooling(kernel_size=2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        activation(),
        nn.Linear(120, 84),
        activation(),
        nn.Linear(84, 10),
    )
    for layer in net:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
    return net


# %% [markdown]
# Are the two the same network? Give both the same parameters and the same digits. Then
# let one image walk through, layer by layer: this loop is the first thing to write when
# a network complains about shapes.

# %%
net = make_lenet()
with torch.no_grad():
    difference = (lenet(X[:8], net.parameters()) - net(X[:8])).abs().max().item()
print(f"largest difference, by hand against PyTorch: {difference:.1e}\n")
assert difference < 1e-5

H = X[:1]
print(f"{'input':>10}  {tuple(H.shape)}")
for layer in net:
    H = layer(H)
    print(f"{type(layer).__name__:>10}  {tuple(H.shape)}")
assert H.shape == (1, 10)

# %% [markdown]
# ## Where does the work happen?
#
# A kernel's few weights are used again at every place of the image; a weight of a full
# layer is used once. So parameters and multiplications live in different places.
#
# **Look for** the layer with the tallest dark bar, and then at its light one.

# %%
weighted = [layer for layer in net if hasattr(layer, "weight")]
names = ["conv1", "conv2", "full1", "full2", "full3"]
places = [28 * 28, 10 * 10, 1, 1, 1]  # how often each weight is used for one image
params = [sum(p.numel() for p in layer.parameters()) for layer in weighted]
products = [n * layer.weight.numel() for n, layer in zip(places, weighted, strict=True)]

fig, ax = plots.figure(width=6.4)
for shift, color, label, values in [
    (-0.2, "#0072B2", "parameters", params),
    (0.2, "#F3C98B", "multiplications for one image", products),
]:
    bars = ax.bar([i + shift for i in range(5)], values, 0.38, color=color, label=label)
    ax.bar_label(bars, [f"{value:,}" for value in values], fontsize=7)
ax.set(xlabel="layer", ylabel="count (log scale)", yscale="log", ylim=(90, 3e6))
ax.set_xticks(range(5), names)
ax.legend(loc="upper right")
plots.show(
    fig,
    alt="Bars on a log scale. Parameters: conv1 156, conv2 2,416, full1 48,120, full2 "
    "10,164, full3 850. Multiplications: conv1 117,600, conv2 240,000, full1 48,000, "
    "full2 10,080, full3 840.",
)

# %%
share_params = params[2] / sum(params)
share_products = sum(products[:2]) / sum(products)
print(f"{sum(params):,} parameters, {share_params:.0%} of them in full1")
print(f"{sum(products):,} multiplications, {share_products:.0%} in the convolutions")
assert sum(params) == 61_706 and round(share_params, 2) == 0.78
assert round(share_products, 2) == 0.86
assert round(sum(params[:2]) / sum(params), 2) == 0.04

# %% [markdown]
# The two convolutions hold 4 % of the 61,706 parameters and do 86 % of the work. One
# full layer holds 78 % of the parameters. Remember this when you want a network
# *smaller* (look at the full layers) or *faster* (look at the convolutions).

# %% [markdown]
# ## What was really in the paper
#
# Ours is the modern simplification. The layers of 1998 differ in five places:
#
# | | 1998 | here |
# |---|---|---|
# | input | 32 x 32 | 28 x 28, padded by 2 |
# | activation | $1.7159 \tanh(\tfrac{2}{3} a)$ | sigmoid, then ReLU |
# | pooling | sum of 4 times a factor plus a bias, both trained | mean, then maximum |
# | second convolution | each map sees 3, 4 or 6 of the 6 maps | each sees all 6 |
# | output | squared distance to a fixed pattern of 84 numbers | linear, then softmax |
#
# Those patterns were the digits drawn by hand as 7 x 12 pixels of $\pm 1$: the 84 units
# before them had to learn to *draw* the digit. Count the parameters by hand, and the
# sum is a surprise.

# %%
paper = {
    "C1, 6 kernels of 5x5 and a bias": 6 * (25 + 1),
    "S2, a factor and a bias a map": 6 * 2,
    "C3, 6 maps see 3, 9 see 4, 1 sees 6": (6 * 3 + 9 * 4 + 1 * 6) * 25 + 16,
    "S4, a factor and a bias a map": 16 * 2,
    "C5, 120 units see all 16 maps of 5x5": 120 * (16 * 25 + 1),
    "F6, 84 units": 84 * (120 + 1),
}
for name, count in paper.items():
    print(f"{count:7,}  {name}")
print(f"{sum(paper.values()):7,}  in all")
assert sum(paper.values()) == 60_000

# %% [markdown]
# Exactly 60,000: the authors kept some connections out of C3 to bound their number, and
# to force the maps to become different.
#
# ## Flatten: mind the batch
#
# Between the last pooling and the first full layer, (N, 16, 5, 5) must become (N, 400).
# `nn.Flatten()` keeps the first axis. `torch.flatten(H)` does **not**, unless you tell
# it where to start: it pours all images of the batch into one long row.

# %%
H = net[:6](X[:3])  # the maps of three digits
print("before                 ", tuple(H.shape))
print("nn.Flatten()(H)        ", tuple(nn.Flatten()(H).shape))
print("torch.flatten(H, 1)    ", tuple(torch.flatten(H, 1).shape))
print("torch.flatten(H)       ", tuple(torch.flatten(H).shape), "<- the batch is gone")
try:
    net[7](torch.flatten(H))
except RuntimeError as error:
    print("\nthe next layer says:", error)

alone = torch.flatten(net[:6](X[:1]))
print("\nwith a batch of one:", tuple(net[7:](alone).shape), "and no complaint")
assert net[7:](alone).shape == (10,)

# %% [markdown]
# Note the last line. With a single image the mistake is silent: 400 numbers are what
# the layer wants. So try a new network on a batch of **two or more**.

# %% [markdown]
# ## The older pair and the newer one
#
# LeNet was born with a sigmoid-like activation and a pooling that averages. Today's
# pair is ReLU and the maximum. Averaging asks how much of a pattern there is in four
# places; the maximum asks whether it is in any of them, and keeps a thin stroke at full
# strength.
#
# The activations differ most in their slope, which every gradient is multiplied by on
# its way back. **Look for** the highest point of each slope.

# %%
stroke = torch.tensor([[[0.0, 1.0, 0.0, 0.0]] * 4])  # (1, 4, 4), a line one pixel wide
print("mean:   ", nn.AvgPool2d(2)(stroke).tolist())
print("maximum:", nn.MaxPool2d(2)(stroke).tolist())

a = torch.linspace(-6, 6, 201, requires_grad=True)
values, slopes = {}, {}
for label, function in {"sigmoid": torch.sigmoid, "ReLU": torch.relu}.items():
    values[label] = function(a)
    (slopes[label],) = torch.autograd.grad(values[label].sum(), a)
fig, axes = plots.figure(ncols=2, width=3.8, height=2.6)
plots.curves(axes[0], a, values, "input", "output")
plots.curves(axes[1], a, slopes, "input", "slope")
plots.show(
    fig,
    alt="Sigmoid and ReLU, left, and their slopes, right. The sigmoid's slope is a low "
    "hill of height 0.25 at 0; the ReLU's is 0 for negative inputs and 1 for positive.",
)
assert abs(slopes["sigmoid"].max() - 0.25) < 1e-4 and slopes["ReLU"].max() == 1

# %% [markdown]
# A quarter against one. And on the left of 0 the sigmoid's slope is small, the ReLU's
# is exactly 0. Both facts will come back.

# %% [markdown]
# ## The experiment: activation and learning rate
#
# The book trains LeNet with sigmoids, average pooling and the enormous learning rate
# 0.9. The modern recipe is ReLU, max pooling and 0.1. Are these choices of taste? Cross
# them. Before you run the cell, **guess**: which of the four will learn to read?
#
# As in the book, the optimiser is plain SGD. To fit into half a minute we take 2,000
# digits, batches of 20 and six epochs. One thing is unusual: the batches are *dealt
# like cards*, two of each digit in every batch. Why, you will see.


# %%
def deal(y, num_per_class):
    """Indices such that every ten in a row hold each digit once: (10 * n,)."""
    piles = [(y == digit).nonzero().ravel()[:num_per_class] for digit in range(10)]
    return torch.stack(piles, dim=1).ravel()  # (num_per_class, 10) -> one row


dealt = deal(y, min(200, int(y.bincount().min())))
train_iter = load_array((X[dealt], y[dealt]), batch_size=20, shuffle=False)
test_iter = load_array((X_test, y_test), batch_size=250, shuffle=False)
print(len(dealt), "digits in", len(train_iter), "batches an epoch")
assert all(labels.bincount(minlength=10).eq(2).all() for _, labels in train_iter)


# %%
def fit(net, lr, train_iter=train_iter, num_epochs=6):
    """Train with plain SGD and cross-entropy; return the history."""
    return train(
        net,
        train_iter,
        test_iter,
        loss=nn.CrossEntropyLoss(),
        optimizer=torch.optim.SGD(net.parameters(), lr=lr),
        num_epochs=num_epochs,
        metrics={"accuracy": accuracy},
        progress=False,
    )


nets, fresh, histories = {}, {}, {}
for activation, pooling in [(nn.Sigmoid, nn.AvgPool2d), (nn.ReLU, nn.MaxPool2d)]:
    for lr in (0.9, 0.1):
        name = f"{activation.__name__}, lr {lr}"
        nets[name] = make_lenet(activation, pooling)
        fresh[name] = copy.deepcopy(nets[name])  # as it was before training
        histories[name] = fit(nets[name], lr)
        test_accuracy = histories[name]["valid_accuracy"][-1]
        print(f"{name:>15}: test accuracy {test_accuracy:.3f} after the last epoch")

# %% [markdown]
# **Look for** three things on the left: which curves lie flat, *at what height*, and
# which one does not stay there.

# %%
fig, axes = plots.figure(ncols=2, width=4.4, height=3.3)
for (name, history), marker in zip(histories.items(), "os^D", strict=True):
    epochs = range(1, len(history["seconds"]) + 1)
    axes[0].plot(epochs, history["train_loss"], marker=marker, label=name)
    axes[1].plot(epochs, history["valid_accuracy"], marker=marker, label=name)
axes[0].axhline(math.log(10), color="gray", linewidth=0.8, linestyle="-")
axes[0].text(5.4, 2.37, "ln 10", color="gray", fontsize=9)
axes[0].set(xlabel="epoch", ylabel="training loss (nats)", ylim=(0, 2.6))
axes[1].set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1))
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
plots.show(
    fig,
    alt="Training loss and test accuracy over six epochs. ReLU with 0.1 learns at "
    "once. Sigmoid with 0.9 lies flat near 2.30 for some epochs, then learns. Sigmoid "
    "with 0.1 and ReLU with 0.9 end flat at 2.30.",
)

# %%
final = {name: history["train_loss"][-1] for name, history in histories.items()}
reached = {name: history["valid_accuracy"][-1] for name, history in histories.items()}
plateau = histories["Sigmoid, lr 0.9"]["train_loss"][1]
print(f"ln 10 = {math.log(10):.3f}, sigmoid at 0.9 in epoch 2: {plateau:.3f}")
assert abs(plateau - math.log(10)) < 0.05 and final["Sigmoid, lr 0.9"] < 1.8
assert reached["Sigmoid, lr 0.9"] > 0.5 and reached["ReLU, lr 0.1"] > 0.8
assert abs(final["Sigmoid, lr 0.1"] - math.log(10)) < 0.02
assert abs(final["ReLU, lr 0.9"] - math.log(10)) < 0.1 and reached["ReLU, lr 0.9"] < 0.2

# %% [markdown]
# So it is no matter of taste. 0.9 suits the sigmoid and ruins the ReLU; 0.1 suits the
# ReLU, and the sigmoid sleeps through all six epochs. A learning rate is right or wrong
# only *together with* an activation.
#
# And both failures lie at the same height, $\ln 10 \approx 2.303$. That is the loss of
# a net that gives each of ten classes the probability $1/10$: it knows nothing. The
# sigmoid net at 0.9 lay there too, for several epochs, and then woke up.
#
# So is a flat curve a reason to wait, or a reason to stop?

# %% [markdown]
# ## Asleep or dead?
#
# The loss can't tell you. The gradient can: it is what training would change next. Take
# the two flat nets and send one batch forward and back.
#
# **Look for** missing bars. The scale is logarithmic, so a missing bar is no small
# number.


# %%
def gradient_norms(net, X, y):
    """Norm of the loss's gradient in each layer's weight, from input to output."""
    net.zero_grad()
    nn.CrossEntropyLoss()(net(X), y).backward()
    weighted = [layer for layer in net if hasattr(layer, "weight")]
    return [layer.weight.grad.norm().item() for layer in weighted]


flat = ("Sigmoid, lr 0.1", "ReLU, lr 0.9")
norms = {k: gradient_norms(nets[k], X[dealt[:200]], y[dealt[:200]]) for k in flat}
fig, ax = plots.figure(width=6.4)
for name, shift, hatch in zip(flat, (-0.2, 0.2), ("", "//"), strict=True):
    values = norms[name]
    bars = ax.bar([i + shift for i in range(5)], values, 0.38, hatch=hatch, label=name)
    texts = [f"{value:.0e}" if value else "" for value in values]
    ax.bar_label(bars, texts, fontsize=7)
ax.set(xlabel="layer", ylabel="norm of the gradient", yscale="log", ylim=(1e-9, 1))
ax.set_xticks(range(5), names)
ax.legend(loc="upper right", ncols=2)
plots.show(
    fig,
    alt="Gradient norms of two flat nets on a log scale. The sigmoid net has a small "
    "gradient in every layer. The ReLU net has no bar at all in its first layers.",
)

# %% [markdown]
# Where a bar is missing, the gradient is exactly 0. Now look at the maps themselves: in
# how many of the 16 channels after the second convolution does nothing happen, for any
# test digit?


# %%
@torch.no_grad()
def silent_maps(net):
    """How many of conv2's 16 maps are 0 everywhere, for every test digit."""
    maps = net[:5](X_test)  # (1000, 16, 10, 10), after conv2 and its activation
    return int((maps.amax(dim=(0, 2, 3)) == 0).sum())


silent = {name: silent_maps(net) for name, net in nets.items()}
for name, count in silent.items():
    print(f"{name:>15}: {count:2} of 16 maps are silent")
assert silent["ReLU, lr 0.9"] >= 12 and silent["ReLU, lr 0.1"] <= 8
assert silent["Sigmoid, lr 0.1"] == 0 and min(norms["Sigmoid, lr 0.1"]) > 1e-5
if silent["ReLU, lr 0.9"] == 16:
    assert norms["ReLU, lr 0.9"][0] == 0.0  # nothing gets through to conv1

# %% [markdown]
# The ReLU net is **dead**. Its large steps threw the weights so far that nearly all
# these maps give 0 for every digit. Where a ReLU gives 0 its slope is 0 too: once all
# maps are silent, the layers before them get a gradient that is not small but exactly
# 0, and nothing will ever move them again. More epochs can't help. Stop, lower the
# learning rate, start afresh.
#
# The sigmoid net is **asleep**: its gradients are small, and there. It is on its way,
# slowly. Wait, or raise the learning rate: at 0.9 it woke up before your eyes.
#
# Make this check whenever a loss is flat: it costs one batch.

# %% [markdown]
# ## Why the sigmoid sleeps
#
# The sigmoid's slope is at most $1/4$ (chapter 04), so each layer shrinks the
# *differences* between digits. How much of them is left at the end of an untrained net?
#
# **Look for** the distance between the two lines at the last hidden layer.


# %%
@torch.no_grad()
def spreads(net, X):
    """How much each activation's output differs from image to image (mean std)."""
    values = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.Sigmoid | nn.ReLU):
            values.append(X.std(dim=0).mean().item())  # over images, then over units
    return values


hidden = ["conv1", "conv2", "full1", "full2"]
spread = {
    "Sigmoid": spreads(fresh["Sigmoid, lr 0.9"], X_test),
    "ReLU": spreads(fresh["ReLU, lr 0.1"], X_test),
}
fig, ax = plots.figure(width=5.2)
plots.curves(ax, range(4), spread, "layer", "spread between images (std)")
ax.set(yscale="log", ylim=(1e-4, 0.3))
ax.set_xticks(range(4), hidden)
plots.show(
    fig,
    alt="Spread of the hidden units between images, by layer, on a log scale, before "
    "training. With ReLU it stays between 0.02 and 0.1; with sigmoids it falls from "
    "layer to layer, to less than a thousandth.",
)
print({name: [round(value, 4) for value in values] for name, values in spread.items()})
shrink = (spread["Sigmoid"][0] / spread["Sigmoid"][-1]) ** (1 / 3)
print(f"each sigmoid layer divides the differences by about {shrink:.1f}")
assert spread["Sigmoid"][-1] < 1e-3 and spread["ReLU"][-1] > 0.01
assert 3 < shrink < 6

# %% [markdown]
# The slope of 1/4 at work: each sigmoid layer divides the differences by four or five.
# After four of them the last hidden layer answers any digit with the same numbers, to
# within a thousandth. What reaches the output is nearly a constant, and the best
# constant answer costs $\ln 10$. During the plateau the net slowly turns up its own
# volume until the digits come apart. Then the loss falls quickly.

# %% [markdown]
# Look back at the right panel: the net that sleeps at 0.1 reads well more than one
# digit in ten, and more with every epoch, *while its loss is flat*. Accuracy asks only
# which score is highest; a difference in the third decimal is enough. The loss asks how
# sure the net is. **A flat loss can hide progress, so plot both.**

# %%
asleep = max(histories["Sigmoid, lr 0.1"]["valid_accuracy"])
loss_then = final["Sigmoid, lr 0.1"]
print(f"sigmoid, lr 0.1: loss {loss_then:.3f} at the end, accuracy up to {asleep:.2f}")
assert asleep > 0.12

# %% [markdown]
# ## Deal the cards, or shuffle them?
#
# Now for the odd batches. Train the sigmoid net at 0.9 once more, from the same
# weights, on the same 2,000 digits, shuffled as everyone does it.
#
# **Look for** the epoch in which each curve leaves $\ln 10$, and for the side of the
# grey line on which the shuffled one lies.

# %%
shuffled_iter = load_array((X[dealt], y[dealt]), batch_size=20, shuffle=True)
shuffled_net = copy.deepcopy(fresh["Sigmoid, lr 0.9"])
shuffled = fit(shuffled_net, lr=0.9, train_iter=shuffled_iter, num_epochs=5)

fig, ax = plots.figure(width=5.6)
curves = {
    "dealt: two of each digit": histories["Sigmoid, lr 0.9"]["train_loss"][:5],
    "shuffled": shuffled["train_loss"],
}
plots.curves(ax, range(1, 6), curves, "epoch", "training loss (nats)")
ax.axhline(math.log(10), color="gray", linewidth=0.8, linestyle="-")
ax.text(4.8, 2.2, "ln 10", color="gray", fontsize=9)
ax.set_xticks(range(1, 6))
ax.legend(loc="lower left")
plots.show(
    fig,
    alt="Training loss of the sigmoid net at 0.9 over five epochs. With dealt batches "
    "it falls after a few epochs; with shuffled ones it stays a little above ln 10.",
)
print("shuffled:", [round(value, 3) for value in shuffled["train_loss"]])
assert min(shuffled["train_loss"]) > math.log(10)

# %% [markdown]
# Same net, same digits, same learning rate: only the dealing differs. A shuffled batch
# of 20 may hold five 7s and no 3. The quickest way to please *this* batch is to raise
# the bias of the output 7, and at 0.9 the ten biases chase every batch. The loss is
# even a little **worse** than $\ln 10$, worse than knowing nothing. The faint signal
# from the digits drowns in that noise, until it has grown.

# %%
print(math.ceil(60_000 / 256), "steps an epoch in the book")
assert math.ceil(60_000 / 256) == 235

# %% [markdown]
# In five epochs the shuffled net has not woken. The book trains on shuffled batches all
# the same: its batches of 256 have less of this noise, and its 60,000 images give it
# 235 steps an epoch. Dealing (*stratified* batches) was our way to stay within half a
# minute.

# %% [markdown]
# ## Look inside
#
# Take the net that won: ReLU, max pooling, 0.1. Its first kernels are 5 x 5 weights
# each; draw them before and after training. Blue is positive, red is negative.
#
# **Look for** kernels that became a stripe or an edge: one side blue, the other red.

# %%
name = "ReLU, lr 0.1"
net = nets[name]
before, after = fresh[name][0].weight.detach(), net[0].weight.detach()  # (6, 1, 5, 5)
limit = max(before.abs().max(), after.abs().max()).item()
fig, axes = plots.figure(2, 6, width=1.25, height=1.35)
for row, (when, kernels) in enumerate({"before": before, "after": after}.items()):
    for k, ax in enumerate(axes[row]):
        image = ax.imshow(kernels[k, 0], cmap="RdBu", vmin=-limit, vmax=limit)
        ax.set_title(f"{when} {k}")
        ax.axis("off")
fig.colorbar(image, ax=axes, label="weight", shrink=0.8)
plots.show(
    fig,
    alt="The six 5 x 5 kernels of the first layer, before training a random pattern, "
    "after training smoother, several with a positive and a negative side.",
)

# %%
moved = (after - before).flatten(1).norm(dim=1) / before.flatten(1).norm(dim=1)  # (6,)
with torch.no_grad():
    brightness = net[:2](X_test).mean(dim=(0, 2, 3))  # (6,), of maps after the ReLU
print("how far each kernel moved:", [round(value, 2) for value in moved.tolist()])
print("mean of its map:          ", [round(value, 3) for value in brightness.tolist()])
correlation = torch.corrcoef(torch.stack([moved, brightness]))[0, 1].item()
print(f"correlation of the two: {correlation:.2f}")
assert correlation > 0.2 and moved.max() > 0.5

# %% [markdown]
# Be honest about such pictures: some kernels became edges, some still carry the dice of
# their first day. Compare the two lists: on the whole, the brighter a kernel's map, the
# further it moved. Where a ReLU is silent no gradient arrives, so who speaks little
# learns little. A net can live with a kernel or two like that. You saw what happens
# when all go silent.
#
# What the kernels *do* shows better in the feature maps. Send one digit through and
# stop after each pooling.
#
# **Look for** maps that light up on one side of the strokes only: horizontal edges,
# slanted ones. Then see how little of the shape is left in the 5 x 5 maps.

# %%
digit = X_test[y_test == 4][:1]  # (1, 1, 28, 28)
with torch.no_grad():
    maps1 = net[:2](digit)[0]  # (6, 28, 28), after conv1 and ReLU
    maps2 = net[:6](digit)[0]  # (16, 5, 5), after the second pooling

fig, axes = plots.figure(1, 7, width=1.25, height=1.5)
titles = ["input", *(f"map {k}" for k in range(6))]
for ax, image, title in zip(axes, [digit[0, 0], *maps1], titles, strict=True):
    ax.imshow(image, cmap="gray" if title == "input" else "viridis")
    ax.set_title(title)
    ax.axis("off")
plots.show(
    fig,
    alt="A handwritten 4 and the six feature maps after the first convolution and "
    "ReLU: each is bright along other parts of the strokes, and one may stay dark.",
)
axes = plots.images(maps2, titles=[f"map {k}" for k in range(16)], cmap="viridis")
plots.show(
    axes[0].figure,
    alt="The sixteen 5 x 5 feature maps after the second pooling: a few bright cells "
    "in each, no longer a picture of the digit.",
)

# %% [markdown]
# Nobody could read a 4 from these 16 mosaics, yet the full layers can: they learned
# what *this combination* of "an edge here, a corner there" means.
#
# ## Which digits does it misread?
#
# Count, for the 1,000 test digits, what was written against what the net read.
#
# **Look for** the largest number off the diagonal. Would you confuse those two?

# %%
with torch.no_grad():
    probabilities = F.softmax(net(X_test), dim=1)  # (1000, 10)
sure, read = probabilities.max(dim=1)
confusion = torch.zeros(10, 10, dtype=torch.int64)
confusion.index_put_((y_test, read), torch.tensor(1), accumulate=True)

fig, ax = plots.figure(width=5.6, height=4.6)
plots.heatmap(confusion, ax, "read by the net", "written", fmt="d", cmap="cividis")
ax.set(xticks=range(10), yticks=range(10))
plots.show(
    fig,
    alt="Confusion matrix of the ten digits on the test set: about a hundred right "
    "answers in each cell of the diagonal, a few errors scattered off it.",
)
right = confusion.trace().item()
print(f"{right} of {len(y_test)} read correctly")
assert confusion.sum() == len(y_test) and 800 < right < 990

# %% [markdown]
# And here are the errors themselves, those in which the net was surest first. Above
# each: written, read, and how sure it was.
#
# **Look for** the ones where you side with the net.

# %%
errors = (read != y_test).nonzero().ravel()
errors = errors[sure[errors].argsort(descending=True)][:16]
titles = [f"{y_test[i]}, read {read[i]}\n{sure[i]:.0%}" for i in errors]
axes = plots.images(X_test[errors], titles=titles, ncols=8)
fig = axes[0].figure
fig.set_size_inches(9, 3.2)
plots.show(
    fig,
    alt="Sixteen misread test digits, each with what was written, what the net read "
    "and how sure it was. Many are badly formed; some are plain.",
)
print(f"surest error: {sure[errors[0]]:.3f}")
assert sure[errors[0]] > 0.8

# %% [markdown]
# Some of these are hard for anyone, some are not. Note how *sure* the net is while it
# is wrong: a high softmax is no promise.
#
# ## What goes wrong in practice
#
# **A softmax in the model.** `nn.CrossEntropyLoss` takes scores and applies the softmax
# itself. With one more in the net, it sees numbers between 0 and 1. Even a perfect,
# certain answer then costs
#
# $$-\ln \frac{e^{1}}{e^{1} + 9 e^{0}} \approx 1.46 .$$
#
# The net trains, slowly, and its loss never gets below that floor. If your loss stops
# near 1.46 with ten classes, look for a softmax.

# %%
perfect = F.one_hot(torch.tensor([7]), 10).float()  # what a softmax would give at best
floor = nn.CrossEntropyLoss()(perfect, torch.tensor([7])).item()
print(f"loss of a perfect answer after a second softmax: {floor:.3f}")
assert abs(floor - 1.461) < 1e-3 and abs(floor + math.log(math.e / (math.e + 9))) < 1e-5

# %% [markdown]
# **Sizes of 32 pixels, images of 28.** The paper's input had 32 pixels, so that 5 x 5
# kernels without padding leave 16 maps of 5 x 5. Copy that to 28 pixels, forget
# `padding=2`, and 16 maps of 4 x 4 arrive: 256 numbers where 400 were promised.

# %%
unpadded = make_lenet()
unpadded[0] = nn.Conv2d(1, 6, kernel_size=5)  # no padding
try:
    unpadded(X[:3])
except RuntimeError as error:
    print(error)
print("what arrives:", tuple(unpadded[:7](X[:3]).shape))
assert unpadded[:7](X[:3]).shape == (3, 256)

# %% [markdown]
# The message names both numbers. Divide by the 16 channels: $256 = 16 \cdot 4^2$,
# $400 = 16 \cdot 5^2$. Now you know it is the side that is off, by one.
#
# **The training set scored as the test set.** Pass the wrong iterator to `evaluate`,
# and your net seems to read nearly everything. What counts is what it reads in writing
# it has never seen.

# %%
score_train = evaluate(net, train_iter)["accuracy"]
score_test = evaluate(net, test_iter)["accuracy"]
print(f"on the digits it learned from: {score_train:.3f}")
print(f"on digits it never saw:        {score_test:.3f}")
assert score_train > score_test

metrics = {"accuracy, seen digits": score_train, "accuracy, unseen": score_test}

# %% [markdown]
# ## Summary
#
# - LeNet alternates convolution ("look") and pooling ("step back"): maps get smaller
#   and more numerous; three full layers decide.
# - Write down the shape after each layer. $\lfloor (h + 2p - k)/s \rfloor + 1$ is all
#   you need.
# - The convolutions do most of the multiplications, the first full layer holds most of
#   the parameters.
# - Flatten with `nn.Flatten()`, which keeps the batch axis; try nets on two images or
#   more.
# - The learning rate belongs to the activation: 0.9 for the sigmoid, 0.1 for the ReLU.
# - A loss flat at $\ln 10$ means "knows nothing". The gradients tell asleep from dead.
# - No softmax before `CrossEntropyLoss`; scores on data the net has never seen.

# %% [markdown]
# ## To think about
#
# 1. Replace max by average pooling in the ReLU net. Is it the activation or the pooling
#    that makes the difference?
# 2. Multiply all weights of the sigmoid net by 2 before training. What happens to the
#    spread, and to the plateau, with shuffled batches?
# 3. Shift the test digits by 1, 2, 4 pixels with `torch.roll`. How fast does the
#    accuracy fall? Explain it with the two poolings.
# 4. The sigmoid net's accuracy dips just when it wakes. Which digits does it answer
#    then?
# 5. The net can't say "this is no digit". Show it a letter, or noise. How sure is it?

# %% [markdown]
# The exercise notebook `13_lenet` comes next: eight checked exercises, from flattening
# to a net that is deeper than LeNet.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: section 6.6 in the edition of
#   `d2l` 0.17, 7.6 in the printed book. It trains on Fashion-MNIST, sigmoid at 0.9.
# - LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document
#   recognition*, Proceedings of the IEEE 86(11), 1998, pages 2278-2324. Section II has
#   LeNet-5, which misread 0.95 % of MNIST's test digits; the rest reads whole cheques.
# - LeCun et al., *Backpropagation applied to handwritten zip code recognition*, Neural
#   Computation 1(4), 1989: the ancestor, on envelopes.
# - Glorot, Bengio, *Understanding the difficulty of training deep feedforward neural
#   networks*, AISTATS 2010: why deep sigmoid nets sleep.
