# %% [markdown]
# # LeNet: keep the picture a picture
#
# Write a 7 by hand. Some people give it a bar, some lean it over, no two look alike.
# **How can a machine read all of them?**
#
# In 1998 Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner described a system
# that did: it read several million bank cheques a day. At its heart was a network of
# seven layers, **LeNet-5**. Every network for pictures since then has its shape.
#
# Here you build it twice, from scratch and with PyTorch, and train it on real digits. You
# see two trainings fail in ways that look the same and are not. Then you look inside.
#
# You need chapter 12 (convolution, padding, pooling) and chapter 06 (cross-entropy).

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
# - **look**: a convolution slides small kernels over the image, each on the watch for one
#   pattern, and writes down *where* it saw it: one *feature map* for each kernel;
# - **step back**: pooling shrinks each map to half, so that it no longer matters exactly
#   where.
#
# Each round knows less about *where* and more about *what*. After two rounds only
# 16 maps of 5 x 5 are left. Three full layers weigh these 400 numbers against each other
# and give each digit a score.

# %% [markdown]
# **Look for** the two trends in this drawing of the network: from left to right the maps
# get smaller, and there are more of them.

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
# the older style the sigmoid $\sigma(a) = 1/(1 + e^{-a})$. Average pooling replaces each
# $2 \times 2$ block by its mean.

# %% [markdown]
# Now follow a 28 x 28 digit through the formula. First convolution ($k=5$, $p=2$, $s=1$):
# $28 + 4 - 5 + 1 = 28$. Pooling ($k=2$, $s=2$): $26/2 + 1 = 14$. Second convolution (no
# padding): $14 - 5 + 1 = 10$. Pooling: 5. So the first full layer gets
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
# A convolution written out would be four nested loops. Two are enough if each pass
# handles all images and all places at once: for each of the 25 places of the kernel,
# shift the input and add.

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
# With these two, LeNet is seven lines. Read the shapes on the right: they are the drawing
# above, in numbers.

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
# `nn.Sequential` holds the layers in order. Activation and pooling are arguments, because
# the experiment below swaps them. The weights start as in the book: Xavier's uniform
# distribution (chapter 10).

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
# let one image walk through, layer by layer: this loop is the first thing to write when a
# network complains about shapes.

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

# %% [markdown]
# The two convolutions hold 4 % of the 61,706 parameters and do 86 % of the work. One full
# layer holds 78 % of the parameters. Remember this when you want a network *smaller*
# (look at the full layers) or *faster* (look at the convolutions).

# %% [markdown]
# ## What was really in the paper
#
# Ours is the modern simplification. The LeNet-5 of 1998 differs in five places:
#
# | | 1998 | here |
# |---|---|---|
# | input | 32 x 32 | 28 x 28, padded by 2 |
# | activation | $1.7159 \tanh(\tfrac{2}{3} a)$ | sigmoid, then ReLU |
# | pooling | sum of 4, times a trained factor, plus a trained bias, squashed | mean, then maximum |
# | second convolution | each map sees 3, 4 or 6 of the 6 maps | each sees all 6 |
# | output | squared distance to a fixed pattern of 84 numbers | linear, then softmax |
#
# Those patterns were the digits drawn by hand as 7 x 12 pixels of $\pm 1$: the 84 units
# before them had to learn to *draw* the digit. Count the parameters by hand, and the sum
# is a surprise.

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
# Exactly 60,000: the authors kept some connections out of C3 to bound their number, and to
# force the maps to become different.
#
# ## Flatten: mind the batch
#
# Between the last pooling and the first full layer, (N, 16, 5, 5) must become (N, 400).
# `nn.Flatten()` keeps the first axis. `torch.flatten(H)` does **not**, unless you tell it
# where to start: it pours all images of the batch into one long row.

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
# Note the last line. With a single image the mistake is silent: 400 numbers are what the
# layer wants. So try a new network on a batch of **two or more**.
#
# ## The experiment: activation and learning rate
#
# The book trains LeNet with sigmoids, average pooling and the enormous learning rate 0.9.
# The modern recipe is ReLU, max pooling and 0.1. Are these choices of taste? Cross them.
# Before you run the cell, **guess**: which of the four will learn to read?
#
# As in the book, the optimiser is plain SGD. To fit into half a minute we take 2,000
# digits, batches of 20 and seven epochs. One thing is unusual: the batches are *dealt like
# cards*, two of each digit in every batch. Why, you will see.

# %%
def deal(y, num_per_class):
    """Indices (10 * num_per_class,) such that every ten in a row hold each digit once."""
    piles = [(y == digit).nonzero().ravel()[:num_per_class] for digit in range(10)]
    return torch.stack(piles, dim=1).ravel()  # (num_per_class, 10) -> one row


dealt = deal(y, min(200, int(y.bincount().min())))
train_iter = load_array((X[dealt], y[dealt]), batch_size=20, shuffle=False)
test_iter = load_array((X_test, y_test), batch_size=250, shuffle=False)
print(len(dealt), "digits in", len(train_iter), "batches an epoch")
assert all(labels.bincount(minlength=10).eq(2).all() for _, labels in train_iter)

# %%
def fit(net, lr, train_iter=train_iter, num_epochs=7):
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
# **Look for** three things on the left: which curves lie flat, *at what height*, and which
# one does not stay there.

# %%
fig, axes = plots.figure(ncols=2, width=4.4, height=3.3)
for (name, history), marker in zip(histories.items(), "os^D", strict=True):
    epochs = range(1, len(history["seconds"]) + 1)
    axes[0].plot(epochs, history["train_loss"], marker=marker, label=name)
    axes[1].plot(epochs, history["valid_accuracy"], marker=marker, label=name)
axes[0].axhline(math.log(10), color="gray", linewidth=0.8, linestyle="-")
axes[0].text(1.0, 2.39, "ln 10", color="gray", fontsize=9)
axes[0].set(xlabel="epoch", ylabel="training loss (nats)", ylim=(0, 2.6))
axes[1].set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1))
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
plots.show(
    fig,
    alt="Training loss and test accuracy over seven epochs. ReLU with 0.1 learns at "
    "once. Sigmoid with 0.9 lies flat near 2.30 for some epochs, then learns. Sigmoid "
    "with 0.1 and ReLU with 0.9 end flat at 2.30.",
)

# %%
final = {name: history["train_loss"][-1] for name, history in histories.items()}
reached = {name: history["valid_accuracy"][-1] for name, history in histories.items()}
plateau = histories["Sigmoid, lr 0.9"]["train_loss"][1]
print(f"ln 10 = {math.log(10):.3f}, sigmoid at 0.9 in epoch 2: {plateau:.3f}")
assert abs(plateau - math.log(10)) < 0.05 and final["Sigmoid, lr 0.9"] < 1.2
assert reached["Sigmoid, lr 0.9"] > 0.6 and reached["ReLU, lr 0.1"] > 0.8
assert abs(final["Sigmoid, lr 0.1"] - math.log(10)) < 0.02
assert abs(final["ReLU, lr 0.9"] - math.log(10)) < 0.1 and reached["ReLU, lr 0.9"] < 0.2

# %% [markdown]
# So it is no matter of taste. 0.9 suits the sigmoid and ruins the ReLU; 0.1 suits the
# ReLU, and the sigmoid sleeps through all seven epochs. A learning rate is right or wrong
# only *together with* an activation.
#
# And both failures lie at the same height, $\ln 10 \approx 2.303$. That is the loss of a
# net that gives each of ten classes the probability $1/10$: it knows nothing. The
# sigmoid net at 0.9 lay there too, for several epochs, and then woke up.
#
# So is a flat curve a reason to wait, or a reason to stop?

# %% [markdown]
# ## Asleep or dead?
#
# The loss can't tell you. The gradient can: it is what training would change next. Take
# the two flat nets and send one batch forward and back.
#
# **Look for** a missing bar. The scale is logarithmic, so a missing bar is no small number.

# %%
def gradient_norms(net, X, y):
    """Norm of the loss's gradient in each layer's weight, from input to output."""
    net.zero_grad()
    nn.CrossEntropyLoss()(net(X), y).backward()
    return [layer.weight.grad.norm().item() for layer in net if hasattr(layer, "weight")]


norms = {
    name: gradient_norms(nets[name], X[dealt[:200]], y[dealt[:200]])
    for name in ("Sigmoid, lr 0.1", "ReLU, lr 0.9")
}
fig, ax = plots.figure(width=6.4)
for shift, (name, values), hatch in zip((-0.2, 0.2), norms.items(), ("", "//"), strict=True):
    bars = ax.bar([i + shift for i in range(5)], values, 0.38, hatch=hatch, label=name)
    ax.bar_label(bars, [f"{value:.0e}" if value else "0" for value in values], fontsize=7)
ax.set(xlabel="layer", ylabel="norm of the gradient", yscale="log", ylim=(1e-6, 30))
ax.set_xticks(range(5), ["conv1", "conv2", "full1", "full2", "full3"])
ax.legend(loc="upper left")
plots.show(
    fig,
    alt="Gradient norms of two flat nets on a log scale. The sigmoid net has a small "
    "gradient in every layer, growing towards the output. The ReLU net has none at all "
    "in its first layers.",
)

# %%
print({name: [f"{value:.1e}" for value in values] for name, values in norms.items()})
assert norms["ReLU, lr 0.9"][0] == 0.0
assert min(norms["Sigmoid, lr 0.1"]) > 0.0
