# %% [markdown]
# # LeNet: keep the picture a picture
#
# Write a 7 by hand. No two look alike. **How can a machine read all of them?**
#
# In 1998 Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner described a system
# that did: it read several million bank cheques a day. At its heart was a
# **convolutional neural network** of seven layers, **LeNet-5**. Most networks for
# pictures since then repeat its pattern.
#
# Here you build it twice, and see three trainings fail in ways that look the same and
# are not. Then you compare LeNet with simpler models, and look inside.
#
# You need [convolution](12) and [pooling](12), [initialisation](10), [validation](08),
# the [multilayer perceptron](07), [cross-entropy](06) and the [sigmoid](04).

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR

from utils import plots
from utils.data import load_array, mnist
from utils.device import set_seed, try_gpu
from utils.drawings import lenet as drawings
from utils.metrics import accuracy, confusion_matrix
from utils.train import evaluate, train

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## The digits
#
# 5,000 real digits from MNIST ship with this course. You use 4,000 of them, so that no
# training takes long: 2,000 to learn from, 1,000 for [validation](08), by which we
# choose, and 1,000 for the **test**, which is opened once, at the end. An image is a
# tensor of shape (1, 28, 28): one channel, because it is grey, 28 rows, 28 columns,
# from 0 (black) to 1 (white).
#
# **Look for** what the three digits of a column share. Is there one pixel that is white
# in all three of them and black in every other column?

# %%
(X, y), (X_test, y_test) = mnist(num_train=3000, num_test=1000)
X, X_valid, y, y_valid = X[:2000], X[2000:], y[:2000], y[2000:]
for name, images, labels in [("train", X, y), ("valid", X_valid, y_valid)]:
    print(f"{name}: {tuple(images.shape)} {images.dtype}, labels {tuple(labels.shape)}")
print(f"test:  {tuple(X_test.shape)}")

columns = [(y == digit).nonzero().ravel()[:3] for digit in range(10)]
shown = torch.stack(columns, dim=1).ravel()  # (3, 10) -> (30,)
axes = plots.images(X[shown], titles=y[shown].tolist(), ncols=10)
plots.show(
    axes[0].figure,
    alt="Three handwritten examples of each digit from 0 to 9, white on black. Digits "
    "of one class differ in slant, width and stroke.",
)


# %%
def with_own_pixel(X, y):
    """Digits with a pixel that is white in all of their images, black in all others."""
    white = X.flatten(1) > 0.5  # (N, 784)
    own = [(white[y == d].all(0) & ~white[y != d].any(0)).any() for d in range(10)]
    return [digit for digit in range(10) if own[digit]]


found = with_own_pixel(X[shown], y[shown])
print("digits with a pixel of their own, among the 30 shown:", found)
assert found == []

# %% [markdown]
# No digit has such a pixel, not even among thirty images. What makes a 7 is no single
# pixel but how strokes lie **beside each other**.

# %% [markdown]
# ## The idea
#
# A [multilayer perceptron](07) begins by tearing the picture into 784 numbers in a row.
# From then on no pixel knows its neighbours. LeNet keeps the picture, and repeats two
# steps:
#
# - **look**: a [convolution](12) slides small kernels over the image, each on the watch
#   for one pattern, and writes down *where* it saw it: one *feature map* for each
#   kernel;
# - **step back**: [pooling](12) shrinks each map to half, so that it no longer matters
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
fig = drawings.stages(stages)
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
# because the experiment below swaps them. The weights start as in the book, by the
# [initialisation](10) of Xavier Glorot, from a uniform distribution.


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
# Are the two the same network? Give both the same parameters and a batch of random
# numbers: a new network needs no data to show its errors. Then send the batch through
# layer by layer. This loop is the first thing to write when a network complains about
# shapes.

# %%
net = make_lenet()
noise = torch.rand(8, 1, 28, 28)
with torch.no_grad():
    difference = (lenet(noise, net.parameters()) - net(noise)).abs().max().item()
print(f"largest difference, by hand against PyTorch: {difference:.1e}\n")
assert difference < 1e-5

H = noise
print(f"{'input':>10}  {tuple(H.shape)}")
for layer in net:
    H = layer(H)
    print(f"{type(layer).__name__:>10}  {tuple(H.shape)}")
assert H.shape == (8, 10)

# %% [markdown]
# ## Where does the work happen?
#
# A kernel's few weights are used again at every place of the image (**weight
# sharing**); a weight of a full layer is used once. So parameters and multiplications
# live in different places.

# %% [markdown] predict="most_parameters"
# **Predict.** One of the five layers with weights holds about four fifths of all
# parameters. Which one?
#
# - The second convolution: it has the most kernels.
#   wrong: kernels counted instead of weights. Each of its 96 kernels has 25 weights
#   only, whatever the size of the image.
# - The first full layer: it joins 400 numbers to 120 units.
#   right: each pair has a weight of its own, and no other layer joins so many pairs.
# - The first convolution: its maps are the largest.
#   wrong: the output taken for the parameters. A large map costs many multiplications,
#   made with the same few weights.

# %% [markdown]
# **Look for** the layer with the tallest dark bar, and then at its light one.

# %%
weighted = [layer for layer in net if hasattr(layer, "weight")]
names = ["conv1", "conv2", "full1", "full2", "full3"]
places = [28 * 28, 10 * 10, 1, 1, 1]  # how often each weight is used for one image
params = [sum(p.numel() for p in layer.parameters()) for layer in weighted]
products = [n * layer.weight.numel() for n, layer in zip(places, weighted, strict=True)]

values = {"parameters": params, "multiplications for one image": products}
ylabel, scale = "count (log scale)", {"yscale": "log", "ylim": (90, 3e6)}
fig = drawings.pairs_of_bars(values, names, ylabel, ",", "upper right", **scale)
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
# Ours is the modern simplification. What differed in 1998:
#
# | | 1998 | here |
# |---|---|---|
# | input | 32 x 32 | 28 x 28, padded by 2 |
# | activation | $1.7159 \tanh(\tfrac{2}{3} a)$ | sigmoid, then ReLU |
# | pooling | sum, trained factor and bias, activation | mean, then maximum |
# | second convolution | each map sees 3, 4 or 6 of the 6 maps | each sees all 6 |
# | output | squared distance to a fixed pattern of 84 numbers | linear |
# | loss | the distances, with a term against wrong ones | cross-entropy |
# | training | one digit a step, a rate per weight | batches, one rate |

# %% [markdown]
# Those patterns were the digits drawn by hand as 7 x 12 pixels of $\pm 1$: the 84 units
# before them had to learn to *draw* the digit. Count the parameters by hand, and the
# sum is a surprise.

# %%
paper = {
    "C1, 6 kernels of 5x5 and a bias": 6 * (25 + 1),
    "S2, a factor and a bias per map": 6 * 2,
    "C3, 6 maps see 3, 9 see 4, 1 sees 6": (6 * 3 + 9 * 4 + 1 * 6) * 25 + 16,
    "S4, a factor and a bias per map": 16 * 2,
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
# LeNet was born with an activation of the sigmoid's shape and a pooling that averages.
# Today's pair is **ReLU** and **max pooling**. Averaging asks how much of a pattern
# there is in four places; the maximum asks whether it is in any of them, and keeps a
# thin stroke at full strength.

# %% [markdown]
# The activations differ in their **slope**, by which every gradient is multiplied on
# its way back: that of the [sigmoid](04) is at most 1/4, the ReLU's is 1 for positive
# inputs and exactly 0 for negative ones. Both facts will come back. (ReLU doesn't make
# a net less complex, as is sometimes said: no activation takes a weight away, and
# LeNet keeps its 61,706.)

# %%
stroke = torch.tensor([[[0.0, 1.0, 0.0, 0.0]] * 4])  # (1, 4, 4), a line one pixel wide
print("mean:   ", nn.AvgPool2d(2)(stroke).tolist())
print("maximum:", nn.MaxPool2d(2)(stroke).tolist())
a = torch.linspace(-6, 6, 201, requires_grad=True)
for name, activation, steepest in [
    ("sigmoid", torch.sigmoid, 0.25),
    ("ReLU", torch.relu, 1),
]:
    (slope,) = torch.autograd.grad(activation(a).sum(), a)
    print(f"{name:>7}: slope from {slope.min():.4f} to {slope.max():.4f}")
    assert abs(slope.max() - steepest) < 1e-4

# %% [markdown] predict="pool_first"
# **Predict.** In LeNet the activation comes first, then the pooling. You swap ReLU and
# the $2 \times 2$ maximum. What happens to the output?
#
# - It changes wherever a block holds a negative number.
#   wrong: the negative numbers thought to count. Where a block has a positive number it
#   is the maximum either way; where it has none, both orders give 0.
# - It changes a little, and training makes up for it.
#   wrong: order thought to matter always. It does for the mean, which mixes what ReLU
#   cuts off; the maximum only picks, and ReLU never reverses a ranking.
# - Nothing: the same numbers come out, and ReLU has a quarter of the work.
#   right: ReLU keeps the order of numbers, so it commutes with the maximum. After the
#   pooling only one number in four is left for it.

# %%
A = torch.randn(3, 6, 28, 28)  # what a convolution might give
relu, maximum, mean = nn.ReLU(), nn.MaxPool2d(2), nn.AvgPool2d(2)
same = {
    "maximum": torch.equal(maximum(relu(A)), relu(maximum(A))),
    "mean": torch.equal(mean(relu(A)), relu(mean(A))),
}
print("same result in both orders:", same)
print("numbers that ReLU treats:", A[0].numel(), "or", maximum(A)[0].numel())
assert same == {"maximum": True, "mean": False}
assert A.numel() == 4 * maximum(A).numel()

# %% [markdown]
# ## The experiment: activation and learning rate
#
# The book trains LeNet with sigmoids and the enormous **learning rate** 0.9. With ReLU
# people take 0.1. Are these choices of taste? Cross them; all else stays the same:
# average pooling, 2,000 digits, batches of 20, shuffled anew in each epoch, eight
# epochs of plain SGD.

# %% [markdown] predict="four_runs"
# **Predict.** Sigmoid or ReLU, 0.9 or 0.1: which of the four nets read digits after
# eight epochs (800 steps)?
#
# - All but ReLU with 0.9, whose steps are too long.
#   wrong: a sigmoid thought to learn as soon as it has a slope. At 0.1 the steps are
#   too short for what four sigmoids leave of a digit; at 0.9 something else is in the
#   way.
# - Both at 0.1: small steps are safe.
#   wrong: small steps thought to be always safe. A step too small for the sigmoid's
#   gradients leaves the net where it was.
# - Only ReLU with 0.1; the other three stay near one digit in ten.
#   right: the other three end at the same loss, that of a net which knows nothing.
# - Each activation at its own rate: sigmoid 0.9, ReLU 0.1.
#   wrong: a recipe copied without its batch. The book's batches are more than ten
#   times as large; below you see what that changes.


# %%
def batches(X, y, size=20, seed=0):
    return load_array((X, y), batch_size=size, seed=seed)


def fit(net, lr, data_iter, valid, num_epochs, schedule=None):
    """Train by plain SGD on cross-entropy; `valid` is (X, y). Return the history."""
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = train(
        net,
        data_iter,
        load_array(valid, 250, shuffle=False),
        loss=nn.CrossEntropyLoss(),
        optimizer=optimizer,
        num_epochs=num_epochs,
        device=device,
        metrics={"accuracy": accuracy},
        scheduler=schedule and schedule(optimizer, num_epochs),
        progress=False,
    )
    net.to("cpu")  # where the digits are: we look inside it below
    return history


# %%
nets, histories = {}, {}
for activation in (nn.Sigmoid, nn.ReLU):
    for lr in (0.9, 0.1):
        name = f"{activation.__name__}, lr {lr}"
        nets[name] = make_lenet(activation)
        histories[name] = fit(nets[name], lr, batches(X, y), (X_valid, y_valid), 8)
        reached = histories[name]["valid_accuracy"][-1]
        print(f"{name:>15}: validation accuracy {reached:.3f} after the last epoch")

# %% [markdown]
# **Look for** two things on the left: which curves lie flat, and *at what height*.

# %%
fig, axes = plots.figure(ncols=2, width=4.4, height=3.3)
for (name, history), marker in zip(histories.items(), "os^D", strict=True):
    axes[0].plot(range(1, 9), history["train_loss"], marker=marker, label=name)
    axes[1].plot(range(1, 9), history["valid_accuracy"], marker=marker, label=name)
axes[0].axhline(math.log(10), color="gray", linewidth=0.8, linestyle="-")
axes[0].text(1, 2.08, "ln 10", color="gray", fontsize=9)
axes[0].set(xlabel="epoch", ylabel="training loss (nats)", ylim=(0, 2.6))
axes[1].set(xlabel="epoch", ylabel="validation accuracy", ylim=(0, 1))
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
plots.show(
    fig,
    alt="Training loss and validation accuracy over eight epochs. ReLU with 0.1 falls "
    "at once and reads more than nine digits in ten. The three others lie flat on each "
    "other at a loss of 2.3, with accuracies near 0.1.",
)
learned = "ReLU, lr 0.1"
assert histories[learned]["valid_accuracy"][-1] > 0.9
for name in nets.keys() - {learned}:
    assert abs(histories[name]["train_loss"][-1] - math.log(10)) < 0.025
    assert histories[name]["valid_accuracy"][-1] < 0.15

# %% [markdown]
# One net learns to read. The other three lie at one height, $\ln 10 \approx 2.303$.
# That is the loss of a net that gives each of ten classes the probability $1/10$: it
# knows nothing.
#
# So they have the same curve. Have they the same illness? And is a flat curve a reason
# to wait, or a reason to stop?

# %% [markdown]
# ## Asleep or dead?
#
# The loss can't tell you. Two other things can: the **gradient**, which is what
# training would change next, and the units themselves. Send the validation digits
# through a net and count the **dead units**: those that give 0 for every one of them.

# %% [markdown] predict="silent_units"
# **Predict.** The ReLU net at 0.9 has 84 units in its last hidden layer. How many of
# them give 0 for all 1,000 digits?
#
# - All of them, for every digit.
#   right: long steps push one unit after another below 0. There a ReLU has the slope
#   0, and once the whole layer is silent, nothing can bring it back.
# - A few: training that goes wrong is noisy, not silent.
#   wrong: death taken for noise. Noise would move the loss up and down; this one stands
#   still.
# - About half, as in a healthy net.
#   wrong: a unit that is silent for *one* digit taken for a dead one. For one digit
#   many units are at 0, for all digits hardly any should be.


# %%
def gradient_norms(net, X, y):
    """Norm of the loss's gradient in each layer's weight, from input to output."""
    net.zero_grad()
    nn.CrossEntropyLoss()(net(X), y).backward()
    return [p.grad.norm().item() for p in net.parameters() if p.ndim > 1]


@torch.no_grad()
def dead_shares(net, X):
    """Share of the channels or units of each hidden layer that are 0 for all of X."""
    shares = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU | nn.Sigmoid):
            top = X.transpose(0, 1).flatten(1).amax(dim=1)  # (channels,) or (units,)
            shares.append((top == 0).float().mean().item())
    return shares


norms = {name: gradient_norms(net, X[:300], y[:300]) for name, net in nets.items()}
dead = {name: dead_shares(net, X_valid) for name, net in nets.items()}
for name in nets:
    print(f"{name:>15}: gradients {', '.join(f'{v:.0e}' for v in norms[name])}")
    print(
        f"{'':>15}  dead in hidden layers {', '.join(f'{v:.0%}' for v in dead[name])}"
    )
assert dead["ReLU, lr 0.9"][-1] == 1.0 and dead["ReLU, lr 0.1"][-1] < 0.05
assert max(norms["ReLU, lr 0.9"]) == 0.0
assert min(norms["Sigmoid, lr 0.1"] + norms["Sigmoid, lr 0.9"]) > 1e-6
assert norms["Sigmoid, lr 0.1"][-1] > 20 * norms["Sigmoid, lr 0.1"][0]

# %% [markdown]
# **Look for** the bars that reach the top. One such layer is enough: no digit gets
# through it, and no gradient gets back.

# %%
hidden = ["conv1", "conv2", "full1", "full2"]
both = {name: dead[name] for name in ("ReLU, lr 0.1", "ReLU, lr 0.9")}
ylabel = "share of dead units"
fig = drawings.pairs_of_bars(both, hidden, ylabel, ".0%", "upper left", ylim=(0, 1.3))
plots.show(
    fig,
    alt="Share of dead channels or units in the four hidden layers of the two ReLU "
    "nets. At 0.9 many are dead, in the last hidden layer all; at 0.1 hardly any.",
)

# %% [markdown]
# The ReLU net at 0.9 is **dead** (the field says *dying ReLU*). Its long steps pushed
# all 84 units of the last hidden layer below 0, and many before it. Where a ReLU gives
# 0 its slope is 0
# too: the gradient of every weight is not small but exactly 0, and only the ten last
# biases still move. More epochs can't help. Stop, lower the learning rate, start
# afresh.
#
# The sigmoid nets have a gradient in every layer. They are alive. Why don't they learn?
# There are two causes, and we remove one at a time.

# %% [markdown]
# ## Why the sigmoid sleeps
#
# The first cause: the sigmoid's slope is at most $1/4$, so each layer shrinks the
# *differences* between digits. How much is left of them at the end of an untrained net?
#
# If the differences are the trouble, larger ones at the input should help.
# **Standardising** the pixels, $x \leftarrow (x - \text{mean}) / \text{std}$ with the
# mean and the standard deviation of all training pixels, multiplies them by about
# three. (In torchvision the step is called `Normalize`.)
#
# **Look for** how far each line falls from the first to the last hidden layer.


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


pixel_mean, pixel_std = X.mean(), X.std()  # of the training digits only
Z, Z_valid, Z_test = ((T - pixel_mean) / pixel_std for T in (X, X_valid, X_test))
spread = {}
for activation in (nn.ReLU, nn.Sigmoid):
    fresh = make_lenet(activation)
    spread[f"{activation.__name__}, raw pixels"] = spreads(fresh, X_valid)
    spread[f"{activation.__name__}, standardised"] = spreads(fresh, Z_valid)

# %%
fig, ax = plots.figure(width=5.6)
plots.curves(ax, range(4), spread, "hidden layer", "spread between images (std)")
ax.set(yscale="log", ylim=(1e-4, 3))
ax.set_xticks(range(4), hidden)
plots.show(
    fig,
    alt="Spread of the hidden units between images, by layer, on a log scale, before "
    "training. With ReLU it falls slowly; with sigmoids it falls about fourfold "
    "at each layer, to a thousandth or less. Standardised pixels lift each line.",
)

# %%
raw, standardised = spread["Sigmoid, raw pixels"], spread["Sigmoid, standardised"]
shrink = (raw[0] / raw[-1]) ** (1 / 3)
relu = spread["ReLU, raw pixels"]
relu_shrink = (relu[0] / relu[-1]) ** (1 / 3)
lift = standardised[-1] / raw[-1]
print(f"a layer divides the differences by {shrink:.1f}; with ReLU {relu_shrink:.1f}")
print(
    f"at the end {raw[-1]:.5f} is left; with standardised pixels {lift:.1f} times that"
)
assert 3.5 < shrink < 5.5 and raw[-1] < 1e-3
assert shrink > 1.4 * relu_shrink
assert 2.5 < lift < 3.2

# %% [markdown]
# The slope of 1/4 at work: each sigmoid layer divides the differences by about four.
# The last hidden layer answers any digit with the same numbers, to within a thousandth.
# What reaches the output is nearly a constant, and the best constant answer costs
# $\ln 10$. On its way back the gradient meets the same slopes, and shrinks too: in the
# list above, for `Sigmoid, lr 0.1`, it is many times smaller in the first layer than
# in the last. The field calls these **vanishing gradients**; such a net is
# **asleep**.

# %% [markdown]
# ## Drowned: what a batch does
#
# The second cause hides in the batches. One of 20 digits may hold five 7s and no 3. The
# quickest way to please *this* batch is to raise the bias of the output 7, and the next
# batch pulls it elsewhere. The digits' faint signal drowns in that **gradient noise**.
#
# Remove the cause: **stratified** batches hold every class equally often. Deal them
# like cards, two of each digit in every batch, dealt anew in every epoch.


# %%
class Dealt:
    """Batches with two of each digit, dealt anew in each epoch."""

    def __init__(self, X, y, each=2, seed=0):
        self.X, self.y, self.each = X, y, each
        self.piles = [(y == digit).nonzero().ravel() for digit in range(10)]
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self):
        return min(map(len, self.piles)) // self.each

    def __iter__(self):
        orders = [torch.randperm(len(p), generator=self.generator) for p in self.piles]
        piles = [p[order] for p, order in zip(self.piles, orders, strict=True)]
        for start in range(0, len(self) * self.each, self.each):
            rows = torch.cat([pile[start : start + self.each] for pile in piles])
            yield self.X[rows], self.y[rows]


def bias_noise(net, data_iter):
    """How much the gradient in the ten output biases differs from batch to batch."""
    pulls = []
    for X_batch, y_batch in data_iter:
        loss = nn.CrossEntropyLoss()(net(X_batch), y_batch)
        pulls += torch.autograd.grad(loss, net[-1].bias)  # (10,)
    return torch.stack(pulls).std(dim=0).norm().item()


noise_shuffled = bias_noise(nets["Sigmoid, lr 0.1"], batches(X, y))
noise_dealt = bias_noise(nets["Sigmoid, lr 0.1"], Dealt(X, y))
print(f"noise in the biases: {noise_shuffled:.4f} shuffled, {noise_dealt:.4f} dealt")
assert noise_shuffled > 20 * noise_dealt

# %% [markdown] predict="dealt"
# **Predict.** Train the sigmoid net at 0.9 for eight epochs again, on raw pixels. Only
# the batches change: two of each digit in each. What does the loss do?
#
# - It stays at $\ln 10$: the slopes of the sigmoid are as small as before.
#   wrong: one cause thought to be the only one. Small slopes slow the net down; what
#   held it at 0.9 was the noise of the class counts.
# - It lies still for a few epochs, then falls.
#   right: without the noise the faint signal adds up from step to step, and the net
#   turns up its own volume until the digits come apart.
# - It falls from the first epoch on, as with ReLU.
#   wrong: the slopes forgotten. Four sigmoid layers still leave only a thousandth of a
#   digit, and it takes hundreds of steps to amplify that.

# %%
runs, woken = {"raw, shuffled": histories["Sigmoid, lr 0.9"]}, {}
for pixels, T, T_valid in [("raw", X, X_valid), ("standardised", Z, Z_valid)]:
    for dealing, data in [("shuffled", batches(T, y)), ("dealt", Dealt(T, y))]:
        if (name := f"{pixels}, {dealing}") not in runs:
            woken[name] = make_lenet()
            runs[name] = fit(woken[name], 0.9, data, (T_valid, y_valid), 8)


def waking(history):
    """First epoch with a training loss clearly below ln 10; None if there is none."""
    below = [value < 2.2 for value in history["train_loss"]]
    return below.index(True) + 1 if any(below) else None


for name, history in runs.items():
    reached = history["valid_accuracy"][-1]
    print(f"{name:>22}: wakes in epoch {waking(history)}, ends at {reached:.3f}")
assert min(runs["standardised, shuffled"]["train_loss"]) > 2.2
assert 3 < waking(runs["raw, dealt"]) < 8
assert waking(runs["standardised, dealt"]) < waking(runs["raw, dealt"])
assert min(runs["raw, shuffled"]["train_loss"]) > math.log(10)

# %% [markdown]
# **Look for** the epoch in which each curve leaves $\ln 10$, and for the side of the
# grey line on which the shuffled ones lie.

# %%
fig, ax = plots.figure(width=5.8)
losses = {name: history["train_loss"] for name, history in runs.items()}
plots.curves(ax, range(1, 9), losses, "epoch", "training loss (nats)")
ax.axhline(math.log(10), color="gray", linewidth=0.8, linestyle="-")
ax.text(7.6, 2.1, "ln 10", color="gray", fontsize=9)
ax.set(ylim=(0, 2.6))
ax.legend(loc="lower left")
plots.show(
    fig,
    alt="Training loss of the sigmoid net at 0.9 in four settings. With shuffled "
    "batches it stays at ln 10 or a little above, whatever the pixels. With dealt ones "
    "it falls, with standardised pixels earlier.",
)

# %% [markdown]
# Same net, same digits, same rate. Dealt batches wake it; shuffled ones keep the loss
# even a little **above** $\ln 10$, worse than knowing nothing: the biases chase each
# batch. Standardised pixels alone don't wake it within the eight epochs, but with dealt
# batches they bring the waking forward.
#
# In everyday work one doesn't deal. One standardises, and takes larger batches, so that
# the noise averages out, or a smaller rate, so that each pull moves the biases less.
# The book's 0.9 goes with batches of 256 and 60,000 images, 235 steps an epoch.
#
# **Look for** what is left of the noise when a batch is four times as large.

# %%
print(math.ceil(60_000 / 256), "steps an epoch in the book")
asleep = nets["Sigmoid, lr 0.1"]
noise_of = {size: bias_noise(asleep, batches(X, y, size)) for size in (20, 80, 256)}
for size, value in noise_of.items():
    print(f"noise in the biases, shuffled batches of {size:3}: {value:.3f}")
assert math.ceil(60_000 / 256) == 235
assert 1.7 < noise_of[20] / noise_of[80] < 2.3
assert 3 < noise_of[20] / noise_of[256] < 4.2

# %% [markdown]
# About half: the noise falls with the square root of the batch size. With 256 digits
# less than a third is left. Whether the net then wakes you can try, in question 1 at
# the end.
#
# So three nets with one curve had three illnesses:
#
# | illness | net | sign | cure |
# |---|---|---|---|
# | dead | ReLU, 0.9 | gradient exactly 0, dead units | smaller rate, start afresh |
# | asleep | sigmoid, 0.1 | gradient shrinks layer by layer | ReLU at the same rate |
# | drowned | sigmoid, 0.9 | dealt batches wake it | larger batches, smaller rate |
#
# A learning rate is right or wrong only *together with* activation, scale and batch.

# %% [markdown]
# ## Mean or maximum?
#
# So far all nets took the mean. Now change the pooling alone, with ReLU and
# standardised pixels. One run proves nothing, so take three pairs: both nets of a pair
# begin with the same weights and see the same batches. The rate decays to 0 along a
# **cosine schedule**: $\eta \, (1 + \cos(\pi t / T)) / 2$ in epoch $t$ of $T$, so that
# the last epoch isn't a matter of luck.

# %%
poolings = {"mean": nn.AvgPool2d, "maximum": nn.MaxPool2d}
pairs, scores, curves = [], {"mean": [], "maximum": []}, {}
for seed in range(3):
    start = make_lenet(nn.ReLU)
    pair = {"fresh": start}
    for name, pooling in poolings.items():
        pair[name] = make_lenet(nn.ReLU, pooling)
        pair[name].load_state_dict(start.state_dict())  # no pooling has a parameter
        data, valid = batches(Z, y, seed=seed), (Z_valid, y_valid)
        history = fit(pair[name], 0.1, data, valid, 6, CosineAnnealingLR)
        scores[name].append(history["valid_accuracy"][-1])
        curves[name, seed] = history
    pairs.append(pair)

averages = {pooling: sum(values) / 3 for pooling, values in scores.items()}
for pooling, values in scores.items():
    print(
        f"{pooling:>7}: {[round(v, 3) for v in values]}, mean {averages[pooling]:.4f}"
    )
chosen = max(averages, key=averages.get)
best_sigmoid = runs["standardised, dealt"]["valid_accuracy"][-1]
print(
    f"chosen: {chosen}; the best sigmoid net above, with the mean: {best_sigmoid:.3f}"
)
assert 0 < averages["maximum"] - averages["mean"] < 0.02
assert averages["mean"] > best_sigmoid + 0.01

# %% [markdown]
# The maximum is ahead, in the mean of three pairs, by a digit or so in a hundred. The
# activation did far more: ReLU learned at once where the sigmoid lay flat, and ends
# above the best sigmoid net, which needed dealt batches. We go on with the maximum,
# chosen by **validation**, not by the test.

# %% [markdown]
# ## Is it better than something simple?
#
# A good number means little without simpler models beside it: the most frequent digit,
# softmax regression, and a multilayer perceptron with as many parameters as LeNet. All
# learn from the same 2,000 digits. Now, once, the test set is opened.

# %%
softmax_regression = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
mlp = nn.Sequential(nn.Flatten(), nn.Linear(784, 78), nn.ReLU(), nn.Linear(78, 10))
for simple in (softmax_regression, mlp):
    fit(simple, 0.1, batches(Z, y), (Z_valid, y_valid), 6, CosineAnnealingLR)

net = pairs[0][chosen]  # the first of the chosen kind, not the best of the three
models = {"softmax regression": softmax_regression, "MLP, 78 hidden units": mlp}
models |= {"LeNet, sigmoid, mean": woken["standardised, dealt"]}
models |= {f"LeNet, ReLU, {pooling}": pairs[0][pooling] for pooling in scores}
tested = {
    name: evaluate(m, [(Z_test, y_test)])["accuracy"] for name, m in models.items()
}
guessed = (y_test == y.bincount().argmax()).float().mean()
print(f"{'most frequent digit':>21}: {guessed:.3f} of the test digits")
for name, model in models.items():
    size = sum(p.numel() for p in model.parameters())
    print(f"{name:>21}: {tested[name]:.3f}, {size:6,} parameters")
lenet_score, mlp_score = (
    tested[f"LeNet, ReLU, {chosen}"],
    tested["MLP, 78 hidden units"],
)
assert tested["softmax regression"] + 0.01 < mlp_score < lenet_score - 0.01
assert 0.4 < (1 - lenet_score) / (1 - mlp_score) < 0.65
assert abs(tested["softmax regression"] - 0.9) < 0.02
assert lenet_score > 0.945 and guessed < 0.15

# %% [markdown]
# Softmax regression reads about nine digits in ten: a deeper net below that has nothing
# to be proud of, however steep its curve. LeNet beats an MLP of its own size: it makes
# about half as many errors.
#
# Is that because it keeps the picture a picture? Test the explanation: destroy the
# picture.

# %% [markdown] predict="scrambled"
# **Predict.** Draw one random order of the 784 pixels and scramble all images, training
# and validation, by it. Train the MLP and LeNet on them anew. Who loses?
#
# - Both: nobody could read such images.
#   wrong: a person's eye taken for a net. No pixel is lost, and to the MLP the order of
#   its 784 inputs never meant anything.
# - Neither: each pixel keeps its information.
#   wrong: information taken for what a model can use. A kernel looks at 25 neighbours,
#   and neighbours now have nothing to do with each other.
# - Only the MLP: a convolution can undo the order.
#   wrong: a kernel thought to reach everywhere. It sees 5 x 5 pixels, and the same
#   weights must do at all places.
# - LeNet alone; the MLP reads as well as before.
#   right: what it knew before it saw a digit, that neighbours belong together, is now
#   false.

# %%
order = torch.randperm(784)
S, S_valid = (T.flatten(1)[:, order].reshape(T.shape) for T in (Z, Z_valid))
scrambled = {
    "MLP": nn.Sequential(
        nn.Flatten(), nn.Linear(784, 78), nn.ReLU(), nn.Linear(78, 10)
    ),
    "LeNet": make_lenet(nn.ReLU, poolings[chosen]),
}
intact = {"MLP": mlp, "LeNet": net}
intact_score, scrambled_score = {}, {}
for name, model in scrambled.items():
    fit(model, 0.1, batches(S, y), (S_valid, y_valid), 6, CosineAnnealingLR)
    scrambled_score[name] = evaluate(model, [(S_valid, y_valid)])["accuracy"]
    intact_score[name] = evaluate(intact[name], [(Z_valid, y_valid)])["accuracy"]
    print(f"{name:>5}: {intact_score[name]:.3f} on pictures,", end=" ")
    print(f"{scrambled_score[name]:.3f} on scrambled ones")
assert abs(intact_score["MLP"] - scrambled_score["MLP"]) < 0.015
assert intact_score["LeNet"] - scrambled_score["LeNet"] > 0.05
assert scrambled_score["LeNet"] < scrambled_score["MLP"]

# %% [markdown]
# The MLP reads scrambled digits as well as pictures. LeNet falls below it. Its
# advantage was the picture: that near pixels belong together, and that a stroke is a
# stroke wherever it lies. Such built-in knowledge is called an **inductive bias**.

# %% [markdown]
# ## Look inside
#
# Take the chosen net. Its first kernels are 5 x 5 weights each; draw them before and
# after training. Blue is positive, red is negative.
#
# **Look for** kernels with a blue side and a red side: they answer to an edge.

# %%
before = pairs[0]["fresh"][0].weight.detach()  # (6, 1, 5, 5)
after = net[0].weight.detach()
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
    alt="The six 5 x 5 kernels of the first layer. Before training, pale random "
    "patterns; after it stronger colours, and in several kernels neighbouring weights "
    "of one colour, so that they have a positive and a negative side.",
)


# %%
def agreement(kernels):
    """Correlation of neighbouring weights within kernels (6, 1, 5, 5); random: 0."""
    kernels = kernels - kernels.mean(dim=(2, 3), keepdim=True)
    right = (kernels[..., :-1].flatten(), kernels[..., 1:].flatten())
    below = (kernels[..., :-1, :].flatten(), kernels[..., 1:, :].flatten())
    pairs = [
        torch.cat([a, b]) for a, b in zip(right, below, strict=True)
    ]  # (240,) each
    return torch.corrcoef(torch.stack(pairs))[0, 1].item()


moved = (after - before).flatten(1).norm(dim=1) / before.flatten(1).norm(dim=1)  # (6,)
print("how far each kernel moved, by its own length:", [f"{m:.1f}" for m in moved])
learned_from_noise = scrambled["LeNet"][0].weight.detach()
print(f"neighbouring weights agree: before {agreement(before):.2f},", end=" ")
print(f"after {agreement(after):.2f}; from scrambled digits", end=" ")
print(f"{agreement(learned_from_noise):.2f}")
assert agreement(after) > max(agreement(before), agreement(learned_from_noise)) + 0.2
assert 0.6 < moved.mean() < 1.6

# %% [markdown]
# The kernels moved by about their own length, and neighbouring weights came to agree:
# stripes and edges, as far as 5 x 5 weights can show them. The net that learned from
# scrambled digits found little of the kind. But not every kernel is a clean edge; some
# are still hard to tell from the random start.
#
# What the kernels *do* shows better in the feature maps. Send one digit through and
# stop after each stage. **Look for** maps that light up on one side of the strokes
# only. Then see how little of the shape is left in the 5 x 5 maps.

# %%
digit = Z_test[y_test == 4][:1]  # (1, 1, 28, 28)
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
    "ReLU: each is bright along other parts of the strokes.",
)
axes = plots.images(maps2, titles=[f"map {k}" for k in range(16)], cmap="viridis")
plots.show(
    axes[0].figure,
    alt="The sixteen 5 x 5 feature maps after the second pooling: a few bright cells "
    "in most, no longer a picture of the digit.",
)
share = (maps2 > 0).float().mean().item()
print(f"of the 400 numbers {share:.0%} are above 0")
assert 0.1 < share < 0.8

# %% [markdown]
# Each map shows other parts of the 4: the horizontal strokes, the upright ones, an
# upper or a lower side. (A thin frame in some maps is the padding: it is 0, which after
# standardising means a medium grey, not black.) Nobody could read a 4 from the 16
# mosaics, yet the full layers can: they learned what *this combination* of "an edge
# here, a corner there" means.

# %% [markdown]
# ## Which digits does it misread?
#
# The **confusion matrix** counts, for the 1,000 test digits, what was written against
# what the net read.
#
# **Look for** the largest number off the diagonal. Would you confuse those two?

# %%
with torch.no_grad():
    probabilities = F.softmax(net(Z_test), dim=1)  # (1000, 10)
sure, read = probabilities.max(dim=1)
confusion = confusion_matrix(read, y_test, num_classes=10)
fig, ax = plots.figure(width=5.6, height=4.6)
plots.confusion(confusion, ax)
plots.show(
    fig,
    alt="Confusion matrix of the ten digits on the test set: nearly all of each row in "
    "its diagonal cell, a few errors scattered off it.",
)
recalls = confusion.diagonal() / confusion.sum(dim=1)  # (10,)
off_diagonal = confusion - torch.diag(confusion.diagonal())
written, said = divmod(off_diagonal.argmax().item(), 10)
print(f"{confusion.trace()} of {len(y_test)} read correctly")
print(f"worst digit: {recalls.argmin()}, {recalls.min():.0%} of its images right")
print(f"most frequent error: {written} read as {said}, {off_diagonal.max()} times")
assert confusion.trace() == round(1000 * lenet_score)
assert recalls.min() > 0.85 and off_diagonal.max() < 12

# %% [markdown]
# No digit is lost: even the worst is read right far more often than not, and no pair of
# digits takes up most of the errors; another seed can give another worst pair. Here are
# the errors themselves, those in which the net was surest first. Above each: written,
# read, and how sure it was.
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
assert sure[errors[0]] > 0.98 and len(errors) == 16

# %% [markdown]
# Some of these are hard for anyone, some are not. Note how *sure* the net is while it
# is wrong: a high softmax is no promise (the field says *overconfident*).

# %% [markdown]
# ## What goes wrong in practice
#
# **A softmax in the model.** `nn.CrossEntropyLoss` ([cross-entropy](06)) takes scores
# and applies the softmax itself. With one more in the net, it sees numbers between 0
# and 1. Even a perfect, certain answer then costs
#
# $$-\ln \frac{e^{1}}{e^{1} + 9 e^{0}} \approx 1.46 .$$
#
# The loss never gets below that floor. If yours stops near 1.46 with ten classes, look
# for a softmax.

# %%
perfect = F.one_hot(torch.tensor([7]), 10).float()  # what a softmax would give at best
floor = nn.CrossEntropyLoss()(perfect, torch.tensor([7])).item()
doubled = make_lenet(nn.ReLU, poolings[chosen]).append(nn.Softmax(dim=1))
history = fit(doubled, 0.1, batches(Z, y), (Z_valid, y_valid), 3)
print(f"loss of a perfect answer after a second softmax: {floor:.3f}")
print("training loss with it:", [round(value, 2) for value in history["train_loss"]])
assert abs(floor - 1.461) < 1e-3 and min(history["train_loss"]) > floor

# %% [markdown]
# **ReLU in the convolutions only.** Leave out the activations between the full layers,
# and three layers become one: a product of matrices is a matrix, as the chapter on the
# [multilayer perceptron](07) shows. The parameters are as many as before, but two
# layers' worth of them buys nothing.

# %%
W3, W4, W5 = (
    net[i].weight.detach() for i in (7, 9, 11)
)  # (120, 400) (84, 120) (10, 84)
H = net[:7](Z_test[:5]).detach()  # (5, 400)
three = H @ W3.T @ W4.T @ W5.T  # without activations and biases
W = W5 @ W4 @ W3  # (10, 400)
one = H @ W.T
print(
    f"largest difference {(three - one).abs().max():.1e}, one {tuple(W.shape)} matrix"
)
torch.testing.assert_close(three, one, rtol=1e-3, atol=1e-3)

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
# **The training set scored as the test set.** Pass the wrong tensors to `evaluate`, and
# your net seems to read nearly everything. What counts is what it reads in writing it
# has never seen.

# %%
score_train = evaluate(net, [(Z, y)])["accuracy"]
print(f"on the digits it learned from: {score_train:.3f}")
print(f"on digits it never saw:        {lenet_score:.3f}")
first = {key: values[0] for key, values in curves[chosen, 0].items()}
print(
    f"epoch 1: train {first['train_accuracy']:.2f}, valid {first['valid_accuracy']:.2f}"
)
assert score_train > 0.99 and score_train - lenet_score > 0.02
assert first["train_accuracy"] < first["valid_accuracy"]

metrics = {"accuracy, seen digits": score_train, "accuracy, unseen": lenet_score}
metrics["accuracy of softmax regression, unseen"] = tested["softmax regression"]

# %% [markdown]
# **My validation score is above my training score: what have I swapped?** Perhaps
# nothing. In epoch 1 `train` gathers its figures *while* the net learns, so they
# include the first, blind batches; validation comes after the last one. Measured at the
# same moment (`evaluate`, both sets), training data score higher. If they don't, look
# for swapped sets, or for dropout left on.

# %% [markdown]
# ## Summary
#
# - LeNet alternates convolution and pooling: maps get smaller and more numerous; three
#   full layers decide.
# - Write down the shape after each layer. $\lfloor (h + 2p - k)/s \rfloor + 1$ is all
#   you need. Flatten with `nn.Flatten()`, which keeps the batch axis.
# - The convolutions do most of the multiplications, the first full layer holds most of
#   the parameters.
# - A loss flat at $\ln 10$ means "knows nothing". Gradients, dead units and a run with
#   dealt batches tell why.
# - The learning rate belongs to activation, pixel scale and batch size together.
# - LeNet beats an MLP of its size because neighbouring pixels belong together: scramble
#   them, and the advantage is gone.
# - Choose by validation, open the test set once, put simple models beside.

# %% [markdown]
# ## To think about
#
# 1. Train the sigmoid net at 0.9 with batches of 256 on standardised pixels, for 40
#    epochs. When does it wake? Count the steps; compare with batches of 20 at 0.3.
# 2. Multiply all weights of the sigmoid net by 2 before training. What happens to the
#    spread, and to the plateau?
# 3. Shift the test digits by 1, 2, 4 pixels with `torch.roll`. How fast does the
#    accuracy fall? Explain it with the two poolings.
# 4. Freeze the first convolution at its random start and train the rest. How much do
#    the learned kernels matter?
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
