# %% [markdown]
# # Initialization and stability: with which numbers should a net begin?
# Two nets have the same 50 layers, the same data and the same code. One learns. The
# other says the same about every picture, or `nan`, and nobody has made a programming
# error. They differ in one line: **how large are the random numbers that they begin
# with?**
#
# In this chapter you compute that size, see what a wrong one does to 50 layers, and
# learn two tools for the steps that follow: clipping, and a learning rate that changes
# on the way.
#
# You need the [learning rate](03), [Adam](03), a [validation set](05), the
# [multilayer perceptron](07) with [ReLU](07) and [tanh](07), [backpropagation](02), the
# [sigmoid](04), [weight decay](08), and [modules](09 "module").

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, OneCycleLR, StepLR

from utils import plots
from utils.data import load_array, mnist
from utils.device import set_seed
from utils.drawings import initialization_and_stability as drawings
from utils.train import train

plots.use_style()
set_seed(0)

# %% [markdown]
# The data: 2,000 digits to learn from and 1,000 for [validation](05 "validation set"),
# standardised, and shrunk to 14 x 14 pixels so that 50 layers run fast on a laptop. The
# trivial baseline is the most common class.

# %%
(X, y), (X_valid, y_valid) = mnist(num_train=2000, num_test=1000)
mean, std = X.mean(), X.std()
X = F.avg_pool2d((X - mean) / std, 2).flatten(1)  # (2000, 1, 28, 28) -> (2000, 196)
X_valid = F.avg_pool2d((X_valid - mean) / std, 2).flatten(1)  # (1000, 196)
most_common = (y_valid == y.mode().values).float().mean().item()
print(f"{tuple(X.shape)}, {tuple(X_valid.shape)}; most common class {most_common:.3f}")
assert 0.08 < most_common < 0.13

# %% [markdown]
# ## A factor a layer: 0.9 and 1.1, a hundred times
# A net is a chain. If each layer makes the signal a little smaller, by 0.9, is that
# bad? After one layer nobody would notice. **Look for** the three lines at layer 100:
# each step on the axis is a factor of 10.

# %%
layer = torch.arange(101)
factors = {f"{c} a layer": c ** layer.double() for c in (0.9, 1.0, 1.1)}
fig, ax = plots.figure(width=6, height=3)
plots.curves(ax, layer, factors, "layer", "size of the signal")
ax.set_yscale("log")
plots.show(
    fig,
    alt="Size of a signal over 100 layers, on a logarithmic axis: three straight lines "
    "from 1. With 0.9 a layer it falls below one ten-thousandth, with 1.0 it stays, "
    "with 1.1 it rises above ten thousand.",
)

# %%
print(f"0.9^100 = {0.9**100:.7f}, 1.1^100 = {1.1**100:,.0f}")
largest, least = torch.finfo(torch.float32).max, 2.0**-149
layers_up = math.log(largest) / math.log(1.1)
layers_down = math.log(least) / math.log(0.9)
print(f"float32 ends at {largest:.1e}: 1.1 a layer is too much after {layers_up:.0f}")
print(f"its least number is {least:.1e}: 0.9 is 0 after {layers_down:.0f} layers")
assert 2e-5 < 0.9**100 < 3e-5 and 13_000 < 1.1**100 < 14_000

# %% [markdown]
# Less than three hundred-thousandths on one side, almost 14,000 on the other. This is
# the whole problem: a factor that isn't 1, to the power of the depth. The same holds
# backwards, for gradients. The field's names are **vanishing gradients** and
# **exploding gradients**. (In [chapter 04](04 "vanishing gradient") the factor was the
# slope of the sigmoid.)
#
# So what is the factor of a layer? It depends on the weights that the layer begins
# with, its **initialisation**.

# %% [markdown]
# ## Why does the variance change at all?
# One unit of a layer is a sum, $z = \sum_{i=1}^{n} w_i x_i$, over $n$ inputs. Its size
# is measured by its variance, or by the root of it, the standard deviation (std). The
# numbers are drawn at random and don't depend on each other.

# %% [markdown] predict="four_times_the_inputs"
# **Predict.** Inputs and weights all have mean 0 and variance 1. A unit has 100 inputs;
# now it gets 400. What happens to the std of its output?
#
# - It stays: positive and negative terms cancel.
#   wrong: cancelling on the average taken for cancelling in each draw. The *mean* of
#   the sum stays 0; how far single sums lie from it grows.
# - It doubles.
#   right: variances add up, so the variance becomes four times as large, and the std is
#   its root.
# - It becomes four times as large.
#   wrong: the std thought to add up like the variance. That would be so if all terms
#   had the same sign.

# %%
widths = [10, 30, 100, 300, 1000]
rules = {"std 1": lambda n: 1.0, "std 1/n": lambda n: 1 / n}
rules["variance 1/n"] = lambda n: n**-0.5
spread = {name: [] for name in rules}
for n in widths:
    x = torch.randn(4000, n)  # 4000 inputs of n numbers
    for name, std_of in rules.items():
        w = std_of(n) * torch.randn(n, 20)  # 20 units
        spread[name].append((x @ w).std().item())
doubled = (torch.randn(4000, 400) @ torch.randn(400, 200)).std()
doubled /= (torch.randn(4000, 100) @ torch.randn(100, 200)).std()
print({name: [f"{s:.2f}" for s in stds] for name, stds in spread.items()})
print(f"400 inputs against 100: std times {doubled:.2f}")
assert 1.8 < doubled < 2.2 and all(0.7 < s < 1.4 for s in spread["variance 1/n"])
assert spread["std 1"][-1] > 30 and spread["std 1/n"][-1] < 0.034

# %% [markdown]
# **Look for** the level line. Which of the two rules with $1/n$ is it?

# %%
fig, ax = plots.figure(width=6, height=3)
plots.curves(ax, widths, spread, "number of inputs n", "std of the output")
ax.set(xscale="log", yscale="log")
plots.show(
    fig,
    alt="Std of a unit's output against its number of inputs, both axes logarithmic. "
    "With weights of std 1 it rises along a straight line, with std 1/n it falls along "
    "one, with variance 1/n it stays near 1.",
)

# %% [markdown]
# The one whose *variance* is $1/n$. Here is why. With weights of mean 0, independent of
# each other and of the inputs, mixed terms have mean 0:
#
# $$\begin{aligned}
# \operatorname{Var}(z) &= \mathbb E \Big(\sum_i w_i x_i\Big)^2
# = \sum_i \mathbb E\, w_i^2 \; \mathbb E\, x_i^2 \\
# &= n \operatorname{Var}(w) \; \mathbb E\, x^2
# \end{aligned}$$
#
# - $\mathbb E\, x^2$: the **second moment** of the inputs; their variance if their mean
#   is 0
#
# The sum adds up $n$ variances, so it grows with $n$, unless the weights are made
# smaller: $n \operatorname{Var}(w) = 1$ keeps the size. That is
# $\operatorname{Var}(w) = 1/n$, or **std** $1/\sqrt n$. A frequent slip is to give
# $1/n$ to `normal_(std=...)`: a std where a variance was meant.

# %% [markdown]
# ## And backwards? Xavier (Glorot) initialisation
# In a layer $\mathbf z = \mathbf x \mathbf W$ with $\mathbf W$ of shape
# $(n_\text{in}, n_\text{out})$, an output sums $n_\text{in}$ terms, the **fan-in**. In
# the [backward pass](02) the gradient of an input sums over all outputs that it went
# to: $n_\text{out}$ terms, the **fan-out**. The same three lines give two wishes:
#
# $$n_\text{in} \operatorname{Var}(w) = 1 \;\text{(forward)}, \qquad
# n_\text{out} \operatorname{Var}(w) = 1 \;\text{(backward)}.$$
#
# Where the layer isn't square you can't have both. **Xavier initialisation**, also
# called **Glorot initialisation** (Glorot and Bengio 2010), takes the middle:
#
# $$\operatorname{Var}(w) = \frac{2}{n_\text{in} + n_\text{out}}$$

# %% [markdown]
# It is no $1/n_\text{in}$, though for square layers both agree. Measure all three rules
# on a layer from 400 to 100.

# %%
n_in, n_out = 400, 100
x, g_out = torch.randn(1000, n_in), torch.randn(1000, n_out)
variances = {"fan-in": 1 / n_in, "fan-out": 1 / n_out, "Xavier": 2 / (n_in + n_out)}
for name, variance in variances.items():
    W = variance**0.5 * torch.randn(n_in, n_out)
    forward = (x @ W).var().item()
    backward = (g_out @ W.T).var().item()  # (1000, 100) @ (100, 400)
    print(f"{name:8} variance times {forward:.2f} forward, {backward:.2f} backward")
    assert abs(forward / (n_in * variance) - 1) < 0.07
    assert abs(backward / (n_out * variance) - 1) < 0.07

# %% [markdown]
# Fan-in keeps the signal and fan-out the gradient. Xavier is a compromise: 1.6 and 0.4
# are nearer to 1 than the worst of the others, 4 and 0.25.
#
# ## Why tell Xavier from Kaiming?
# So far there was no [activation](07 "activation function"). Between two layers stands
# a [ReLU](07), and it throws away every negative number. What is left of the size?

# %% [markdown] predict="variance_of_relu"
# **Predict.** $z$ has mean 0 and variance 1 and is normally distributed. What is the
# variance of $\text{relu}(z)$?
#
# - 1/2, as half of the numbers are set to 0.
#   wrong: the variance taken for the second moment. The mean of $\text{relu}(z)^2$ is
#   1/2; the mean of $\text{relu}(z)$ isn't 0, and the variance subtracts its square.
# - 1/4, as the numbers are halved.
#   wrong: half of the numbers taken for numbers of half the size. Those that stay keep
#   their size.
# - About 0.34.
#   right: the second moment is 1/2, the mean 0.40, and $1/2 - 0.40^2$ is 0.34.
# - 1, as the positive numbers don't change.
#   wrong: only the half that stays was looked at. The other half is 0 now, and counts.

# %%
z = torch.randn(400_000)
h = torch.relu(z)
second_moment, variance = (h**2).mean().item(), h.var().item()
print(f"mean {h.mean():.3f}, second moment {second_moment:.3f}, ", end="")
print(f"variance {variance:.3f}; 1/2 - 1/(2 pi) = {0.5 - 0.5 / math.pi:.3f}")
assert abs(second_moment - 0.5) < 0.006 and abs(variance - 0.341) < 0.005

# %% [markdown]
# **Look for** the pile at 0.

# %%
fig, axes = plots.figure(1, 2, width=3.4, height=2.8, sharey=True)
drawings.histograms(axes, {"z": z, "relu(z)": h}, torch.linspace(-4, 4, 41))
plots.show(
    fig,
    alt="Two histograms. Left, z: a bell around 0 with variance 1. Right, relu(z): one "
    "tall bar at 0 that holds over half of the numbers, and the right half of the "
    "bell; the title gives a variance of about 0.34.",
)

# %% [markdown]
# Which of the two counts for the next layer? Look back at the formula: it holds
# $\mathbb E\, x^2$, the **second moment**. And that is halved exactly, since $z$ is as
# often negative as positive:
#
# $$\begin{aligned}
# \mathbb E \, \text{relu}(z)^2 &= \tfrac12\, \mathbb E\, z^2 \\
# \operatorname{Var}(z_\text{next}) &= n_\text{in} \operatorname{Var}(w) \cdot
# \tfrac12 \operatorname{Var}(z) \\
# \operatorname{Var}(w) &= \frac{2}{n_\text{in}} \quad\text{keeps it}
# \end{aligned}$$
#
# This is **He initialisation**, also called **Kaiming initialisation** (He and others
# 2015). Backwards the factor 1/2 is there, too: half of the slopes are 0.

# %% [markdown]
# So the two differ in one thing: Xavier takes the activation for a straight line of
# slope 1 near 0, as tanh is; Kaiming counts what ReLU throws away. A number by which
# the std is multiplied to make up for the activation is called the **gain**: 1 for a
# straight line, $\sqrt 2$ for ReLU.
#
# And the sigmoid? Its slope at 0 is 1/4, not 1. Would a gain of 4 help? Try it on 50
# layers. We need one function for the rest of the chapter: it sends the digits through
# a chain of layers, and a random gradient back.


# %%
def chain(start, act=torch.relu, depth=50, width=256):
    """Sizes in each layer: signal, gradient, weights' gradient, each (depth,).

    `start(n_in, n_out)` draws a weight. A size is the root of the mean square.
    In float64, so that a curve goes on where float32 has ended.
    """
    H, weights, outputs = X[:100].double(), [], []
    for n_in in [H.shape[1]] + (depth - 1) * [width]:
        W = start(n_in, width).double().requires_grad_()
        H = act(H @ W)  # (100, n_in) -> (100, width)
        H.retain_grad()
        weights.append(W)
        outputs.append(H)
    (H * torch.randn_like(H)).mean().backward()
    parts = ([H.detach() for H in outputs], [H.grad for H in outputs])
    parts += ([W.grad for W in weights],)
    return [torch.stack([t.pow(2).mean().sqrt() for t in part]) for part in parts]


def xavier(n_in, n_out, gain=1.0):
    return gain * (2 / (n_in + n_out)) ** 0.5 * torch.randn(n_in, n_out)


def he(n_in, n_out):
    return (2 / n_in) ** 0.5 * torch.randn(n_in, n_out)


def a_layer(sizes):
    """The factor by which a size changes per layer, over the last half."""
    half = len(sizes) // 2
    return ((sizes[-1] / sizes[half]) ** (1 / (len(sizes) - 1 - half))).item()


# %%
slope = torch.zeros(1, requires_grad=True)
torch.sigmoid(slope).backward()
print(f"slope of the sigmoid at 0: {slope.grad.item()}")
cases = {
    "sigmoid, gain 1": (torch.sigmoid, 1),
    "sigmoid, gain 4": (torch.sigmoid, 4),
    "4 sigmoid - 2, gain 1": (lambda z: 4 * torch.sigmoid(z) - 2, 1),
    "tanh, gain 1": (torch.tanh, 1),
    "ReLU, gain 1": (torch.relu, 1),
    "ReLU, gain 1.41": (torch.relu, 2**0.5),
}
back = {}
for name, (act, gain) in cases.items():
    _, gradient, _ = chain(lambda n, m, gain=gain: xavier(n, m, gain), act)
    back[name] = 1 / a_layer(gradient)  # backwards: from a layer to the one before
    print(f"{name:22} the gradient: times {back[name]:.2f} a layer")
assert slope.grad == 0.25 and back["sigmoid, gain 1"] < 0.25
assert back["sigmoid, gain 4"] < 0.7 and 0.68 < back["ReLU, gain 1"] < 0.74
for name in ("4 sigmoid - 2, gain 1", "tanh, gain 1", "ReLU, gain 1.41"):
    assert 0.95 < back[name] < 1.05

# %% [markdown]
# The plain sigmoid leaves less than a quarter in each layer. A gain of 4 is no cure:
# the sigmoid's values lie around 1/2, so the next sums lie far from 0, where the slope
# is below 1/4. Take that cause away (centre it, and stretch it to the slope 1), and
# Xavier with gain 1 works, as for tanh. ReLU with gain 1 leaves $1/\sqrt2 = 0.71$ a
# layer, with $\sqrt2$ all of it.

# %% [markdown]
# ## Fifty layers, six starts
# Now the full picture for ReLU. Six initialisations, 50 layers of 256 units:
#
# 1. normal with std 1
# 2. normal with std 0.1
# 3. He
# 4. Xavier
# 5. what `nn.Linear` does if you say nothing: uniform in $\pm 1/\sqrt{n_\text{in}}$
# 6. normal with std 0.01

# %% [markdown]
# A size is multiplied by $\sqrt{n \operatorname{Var}(w) / 2}$ a layer. A uniform number
# in $\pm a$ has the variance $\frac{1}{2a} \int_{-a}^{a} w^2 \, dw = a^2/3$; so number
# 5 has a variance of $1/(3 n_\text{in})$, a sixth of He's.

# %%
starts = {
    "normal, std 1": lambda n, m: torch.randn(n, m),
    "normal, std 0.1": lambda n, m: 0.1 * torch.randn(n, m),
    "He": he,
    "Xavier": xavier,
    "PyTorch's default": lambda n, m: torch.empty(n, m).uniform_(-(n**-0.5), n**-0.5),
    "normal, std 0.01": lambda n, m: 0.01 * torch.randn(n, m),
}
sizes = {name: chain(start) for name, start in starts.items()}
weight_variance = [1, 0.01, 2 / 256, 1 / 256, 1 / (3 * 256), 0.0001]
for (name, (signal, _, _)), var in zip(sizes.items(), weight_variance, strict=True):
    expected = (256 * var / 2) ** 0.5
    print(f"{name:18} expected {expected:6.3f} a layer, signal {a_layer(signal):6.3f}")
    assert abs(a_layer(signal) / expected - 1) < 0.06

# %% [markdown]
# **Look for** the one curve that stays level, in both panels; and for where float32
# would have ended.

# %%
fig, axes = plots.figure(1, 2, width=4.2, height=3.8)
panels = {"signal": {name: s[0] for name, s in sizes.items()}}
panels["gradient"] = {name: s[1] for name, s in sizes.items()}
drawings.layers(axes, panels, (largest, "end of float32"))
axes[0].set_ylabel("size (root of the mean square)")
plots.show(
    fig,
    alt="Two panels, six curves each over 50 layers, logarithmic. All are nearly "
    "straight. Signals: std 1 rises steeply and crosses the end of float32 before the "
    "last layer, std 0.1 rises gently, He stays level, Xavier, PyTorch's default and "
    "std 0.01 fall, each more steeply. Gradients: the mirror image, as they run from "
    "the last layer to the first.",
)

# %%
moved = {name: (s[0][-1] / s[0][0]).item() for name, s in sizes.items()}
arrives = {name: (s[1][0] / s[1][-1]).item() for name, s in sizes.items()}
for name in starts:
    print(f"{name:18} signal {moved[name]:.0e}, gradient {arrives[name]:.0e}")
for change in (moved, arrives):
    assert 0.2 < change["He"] < 5 and change["Xavier"] < 3e-7
    assert change["normal, std 1"] > largest and change["normal, std 0.01"] < 3e-46
    assert change["PyTorch's default"] < 1e-18 and change["normal, std 0.1"] > 99

# %% [markdown]
# He's is the only level one. Between Xavier and He there is a factor of 1.41 in each
# weight, and more than a million after 50 layers. The default of PyTorch loses more
# than 18 powers of ten.

# %% [markdown] predict="whose_weights"
# **Predict.** Xavier with ReLU: the signal shrinks from the first layer to the last,
# the gradient from the last to the first. Which layer's *weights* get the smallest
# gradient?
#
# - The first layer's: the gradient has the longest way to it.
#   wrong: only half of the product was looked at. The first layers get small gradients,
#   but their inputs are still large.
# - The last layer's: the signal that reaches it is tiny.
#   wrong: only half of the product was looked at. The inputs of the last layers are
#   tiny, but the gradients there are still large.
# - All get about equally small ones.
#   right: a weight's gradient is input times gradient of the output. What one lost on
#   its way forward, the other loses on its way back.

# %%
inner = {name: sizes[name][2][1:] for name in ("Xavier", "He")}  # layers 2 to 50
for name, size in inner.items():
    print(f"{name:7} gradient of the weights: layer 2 {size[0]:.1e}", end=", ")
    print(f"layer 25 {size[23]:.1e}, layer 50 {size[-1]:.1e}")
ratio = (inner["Xavier"].max() / inner["Xavier"].min()).item()
lost = (inner["He"].median() / inner["Xavier"].median()).item()
print(
    f"Xavier, largest against smallest layer: {ratio:.1f}; He against Xavier {lost:.0e}"
)
sleepy = chain(xavier, torch.sigmoid)[2]
print(f"sigmoid: layer 2 {sleepy[1]:.0e}, layer 50 {sleepy[-1]:.0e}")
assert ratio < 5 and lost > 3e6 and sleepy[1] < 1e-25 * sleepy[-1]

# %% [markdown]
# In this square chain all layers starve together. That "the first layers learn most
# slowly" is so where the signal keeps its size and only the gradient shrinks: with
# sigmoids (last line), whose outputs lie around 1/2 however deep you go.
#
# ## Does it matter for learning?
# Twenty layers of 64 units, the six starts, [SGD](03) with momentum. One net proves
# nothing, so we train three at once: a **bundle** holds the weights of $K$ nets in one
# tensor of shape $(K, n_\text{in}, n_\text{out})$. Their losses are added up, so each
# net gets its own gradient, as if it were alone.


# %%
class Bundle(nn.Module):
    """K nets with ReLU between their layers: (N, sizes[0]) -> (K, N, sizes[-1])."""

    def __init__(self, K, sizes, start=he):
        super().__init__()
        pairs = list(zip(sizes, sizes[1:], strict=False))
        draw = [torch.stack([start(n, m) for _ in range(K)]) for n, m in pairs]
        self.weights = nn.ParameterList(draw)
        self.biases = nn.ParameterList([torch.zeros(K, 1, m) for m in sizes[1:]])

    def forward(self, X):
        H = X
        for i, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            H = (torch.relu(H) if i else H) @ W + b  # (K, N, m)
        return H


def summed_loss(scores, y):
    """The cross-entropies of K nets, added up: (K, N, 10), (N,) -> number."""
    return len(scores) * F.cross_entropy(scores.flatten(0, 1), y.repeat(len(scores)))


def mean_accuracy(scores, y):
    """The mean accuracy of K nets."""
    return (scores.argmax(dim=2) == y).float().mean()


# %%
def fit(net, optimizer, num_epochs, **options):
    """Train a bundle on the digits, batches of 50; return the history."""
    return train(
        net,
        load_array((X, y), batch_size=50, seed=int(torch.randint(10**6, (1,)))),
        [(X_valid, y_valid)],
        loss=summed_loss,
        optimizer=optimizer,
        num_epochs=num_epochs,
        metrics={"accuracy": mean_accuracy},
        progress=False,
        **options,
    )


deep = [196] + 20 * [64] + [10]
learned = {}
for name, start in starts.items():
    net = Bundle(3, deep, start)
    history = fit(net, SGD(net.parameters(), lr=0.01, momentum=0.9), num_epochs=3)
    learned[name] = history["valid_accuracy"]

# %% [markdown]
# `train` stops where the loss is no number any more. **Look for** the curves that leave
# the line of the most common class.

# %%
fig, ax = plots.figure(width=5.5, height=3.4)
for (name, scores), marker in zip(learned.items(), plots.MARKERS, strict=False):
    ax.plot(range(1, len(scores) + 1), scores, marker=marker, label=name)
ax.axhline(most_common, color="0.4", lw=1, ls=":", label="most common class")
ax.set(xlabel="epoch", ylabel="validation accuracy", ylim=(0, 1), xticks=range(1, 4))
ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plots.show(
    fig,
    alt="Validation accuracy of nets with 20 layers over three epochs. He rises "
    "clearly. The others stay at or near the line of the most common class; normal "
    "with std 1 ends after one epoch.",
)

# %%
final = {name: scores[-1] for name, scores in learned.items()}
print({name: f"{score:.3f}" for name, score in final.items()})
others = max(score for name, score in final.items() if name != "He")
assert final["He"] > 0.3 and final["He"] > others + 0.15
assert len(learned["normal, std 1"]) == 1 and final["Xavier"] < 0.2
assert final["PyTorch's default"] < 0.15 and final["normal, std 0.01"] < 0.15

# %% [markdown]
# Only He's nets learn much in this time. Nothing else was changed: not the layers, the
# data, the optimiser, the learning rate or the number of steps. And std 0.1, too large
# for 256 units, is too small for 64: $0.1 \sqrt{64/2} = 0.57$ a layer. No fixed number
# is right for each width.
#
# ## What if all weights are the same?
# If the size is what counts, why random numbers at all? Give all weights of one layer
# the same constant, or 0.

# %% [markdown] predict="all_the_same"
# **Predict.** A net with one hidden layer of 64 units, all weights 0.05, is trained for
# three epochs. How many of its hidden units compute different things then?
#
# - 64: the examples differ, so the units get different gradients.
#   wrong: examples thought to tell units apart. Each unit sees the same examples, with
#   the same weights going in and coming out.
# - 10: one for each class.
#   wrong: the labels thought to be dealt out to units. The output units differ soon,
#   but each of them treats all hidden units alike.
# - 1: all are still equal.
#   right: equal units get equal gradients, and stay equal for ever.


# %%
def small_net(first):
    """196-64-10 with ReLU; `first(weight)` fills each weight, biases are 0."""
    net = nn.Sequential(nn.Linear(196, 64), nn.ReLU(), nn.Linear(64, 10))
    for layer in (net[0], net[2]):
        first(layer.weight)
        nn.init.zeros_(layer.bias)
    return net


def constant_and_noise(weight):
    nn.init.constant_(weight, 0.05)
    with torch.no_grad():
        weight += 0.01 * torch.randn_like(weight)


fills = {"constant": lambda w: nn.init.constant_(w, 0.05), "zero": nn.init.zeros_}
fills |= {"constant + noise": constant_and_noise, "He": nn.init.kaiming_normal_}
nets, score, apart = {}, {}, {}
for name, fill in fills.items():
    nets[name] = net = small_net(fill)
    data, optimizer = load_array((X, y), batch_size=50), SGD(net.parameters(), lr=0.05)
    options = {"loss": F.cross_entropy, "optimizer": optimizer, "num_epochs": 3}
    train(net, data, progress=False, **options)
    W = net[0].weight.detach()  # (64, 196)
    score[name] = (net(X_valid).argmax(dim=1) == y_valid).float().mean().item()
    apart[name] = (W - W[0]).abs().max().item()
    print(f"{name:17} accuracy {score[name]:.3f}", end=", ")
    print(f"units differ by up to {apart[name]:.0e}")
assert apart["constant"] < 1e-4 and apart["constant + noise"] > 0.01
assert nets["zero"][0].weight.abs().max() == nets["zero"][2].weight.abs().max() == 0
assert score["He"] > 0.8 and score["constant + noise"] > score["constant"] + 0.1
assert score["constant"] < 0.3 and abs(score["zero"] - most_common) < 0.06

# %% [markdown]
# **Look for** differences between the four units of a row.

# %%
fig, axes = plots.figure(2, 4, width=1.6, height=1.7)
shown = [nets[name][0].weight.detach()[:4] for name in ("constant", "He")]
units = torch.cat([(w - w.mean()) / w.std() for w in shown]).reshape(8, 1, 14, 14)
titles = [f"{name}, unit {i}" for name in ("constant", "He") for i in range(4)]
plots.images(units, titles, axes=axes.flatten())
plots.show(
    fig,
    alt="The weights of eight hidden units as images of 14 by 14 pixels. Upper row, "
    "from a constant start: four times the same image. Lower row, from He's start: "
    "four different images.",
)

# %% [markdown]
# In the upper row there is none. The layer of 64 has become 64 copies of one unit. This
# is the **symmetry** of hidden units: exchange two equal ones, and nothing changes, so
# no gradient can tell them apart. Noise as small as 0.01 **breaks the symmetry**.
#
# Zero is worse: the gradient of each weight is a product with another weight or with a
# hidden value, and all of them are 0. Only the output's bias moves. For *biases* 0 is
# fine: the weights already tell the units apart.

# %% [markdown]
# ## Normal or uniform?
# Only the variance stood in the formulas. A uniform number in $\pm a$ has the variance
# $a^2/3$, so for the variance $v$ choose $a = \sqrt{3v}$. For Xavier that is
#
# $$a = \sqrt{\frac{6}{n_\text{in} + n_\text{out}}}$$
#
# Does the shape matter? And what if the std is given as the bound?


# %%
def he_uniform(n, m):
    a = (3 * 2 / n) ** 0.5  # variance 2 / n
    return torch.empty(n, m).uniform_(-a, a)


def std_as_bound(n, m):
    a = (2 / n) ** 0.5
    return torch.empty(n, m).uniform_(-a, a)


shape = {}
draws = {"He, normal": he, "He, uniform": he_uniform, "std as bound": std_as_bound}
for name, start in draws.items():
    shape[name] = sum(a_layer(chain(start)[0]) for _ in range(3)) / 3
    print(f"{name:13} signal times {shape[name]:.3f} a layer")
assert abs(shape["He, normal"] - shape["He, uniform"]) < 0.03
assert abs(shape["std as bound"] - 3**-0.5) < 0.03

# %% [markdown]
# Normal or uniform: no clear difference. A std taken for a bound: $1/\sqrt3$ a layer.
#
# Sometimes a distribution is **cut off**, so that no weight is huge. What comes out
# depends on what you do with the numbers beyond the cut. Draw uniformly from
# $\pm 10$, and cut at 5. **Look for** the one histogram that is flat.
# (The bars that a cut goes through are only half full.)

# %%
wide = torch.empty(400_000).uniform_(-10, 10)
cuts = {"drawn again": wide[wide.abs() < 5], "clamped": wide.clamp(-5, 5)}
cuts["small ones set to 0"] = wide * (wide.abs() >= 5)
fig, axes = plots.figure(1, 3, width=2.9, height=2.8, sharey=True)
drawings.histograms(axes, cuts, torch.linspace(-10.25, 10.25, 42))
plots.show(
    fig,
    alt="Three histograms. Drawn again: flat between -5 and 5. Clamped: flat between, "
    "with a tall bar at each end. Small ones set to 0: one tall bar at 0, and flat "
    "parts from 5 to 10 on both sides.",
)

# %%
var = {name: values.var().item() for name, values in cuts.items()}
print({name: f"{v:.1f}" for name, v in var.items()}, "uniform in ±5: ", end="")
cut_normal = nn.init.trunc_normal_(torch.empty(400_000)).std().item()
untouched = nn.init.trunc_normal_(torch.empty(400_000), std=0.02).std().item()
print(f"{25 / 3:.1f}; trunc_normal_: std 1 gives {cut_normal:.2f}", end="")
print(f", std 0.02 gives {untouched:.4f}")
assert abs(var["drawn again"] - 25 / 3) < 0.06 and abs(var["clamped"] - 50 / 3) < 0.1
assert abs(var["small ones set to 0"] - 175 / 6) < 0.2 and abs(cut_normal - 0.88) < 0.01
assert abs(untouched - 0.02) < 1e-4

# %% [markdown]
# Only numbers that are *drawn again* until they fit are uniform in $\pm5$. Clamped ones
# pile up at the ends, with twice the variance. `nn.init.trunc_normal_` draws again; its
# limits are plain numbers, $\pm2$ if you say nothing, not two stds: with a std of 1 it
# leaves 0.88, with 0.02 it cuts nothing.
#
# ## In PyTorch: your own initialize_weights
# The rules live in `nn.init`, with an underscore: they fill a tensor in place. A layer
# stores its weight as $(n_\text{out}, n_\text{in})$, and `nn.init` knows that.
# `net.apply(f)` calls `f` with each [module](09) of the net, however nested.


# %%
def initialize_weights(module):
    """He for linear layers, biases 0; all other modules stay as they are."""
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


layer, square = nn.Linear(400, 100), (2 / 400) ** 0.5
default_bound = layer.weight.abs().max().item()
layer.apply(initialize_weights)
print(f"default: up to {default_bound:.4f}, 1/sqrt(400) = {400**-0.5:.4f}")
print(f"kaiming_normal_: std {layer.weight.std():.4f}, by hand {square:.4f}")
nn.init.xavier_uniform_(layer.weight)
bound, by_hand = layer.weight.abs().max().item(), (6 / 500) ** 0.5
print(f"xavier_uniform_: up to {bound:.4f}, by hand {by_hand:.4f}")
print("gains:", {a: nn.init.calculate_gain(a) for a in ("sigmoid", "tanh", "relu")})
conv = nn.init.kaiming_normal_(nn.Conv2d(64, 128, 5).weight, nonlinearity="relu")
print(f"64 channels, kernel 5 x 5: 2/var = {2 / conv.var():.0f}, 64 * 25 = {64 * 25}")
assert 0.99 < default_bound * 20 <= 1 and 0.999 < bound / by_hand <= 1
assert abs(2 / conv.var() / 1600 - 1) < 0.015

# %% [markdown]
# Three traps. `kaiming_normal_` without `nonlinearity="relu"` assumes a *leaky* ReLU
# whose slope `a` is 0, which is the same; `kaiming_uniform_` with `a=5**0.5` is the
# default of `nn.Linear`. The gain of tanh is 5/3 there, a number of experience. And the
# fan-in of a convolution, which has one kernel for each pair of channels, is channels
# times kernel area.
#
# ## When gradients explode: gradient clipping
# A good start doesn't protect you from each later step. Take the smallest deep net:
# one weight, used 50 times, $L(w) = (w^{50} - 1/2)^2$. Left of 1 it is a plain, right
# of 1 a wall.

# %% [markdown]
# **Gradient clipping** (Pascanu, Mikolov and Bengio 2013) makes a long gradient
# shorter and keeps its direction. With $\mathbf g$ all gradients of the net as one long
# vector, and a largest norm $c$:
#
# $$\mathbf g \leftarrow \mathbf g \cdot \min\Big(1, \frac{c}{\lVert \mathbf g
# \rVert}\Big), \qquad \lVert \mathbf g \rVert = \sqrt{\sum_j g_j^2}$$


# %%
def clip(gradients, max_norm):
    """Shorten all gradients together, in place; return the norm before."""
    norm = sum(g.pow(2).sum() for g in gradients).sqrt()
    for g in gradients:
        g *= (max_norm / norm).clamp(max=1)
    return norm.item()


def descend(max_norm, w=1.02, lr=0.002, steps=40):
    """Gradient descent on (w^50 - 1/2)^2 -> weights, losses."""
    w, path, losses = torch.tensor(w, dtype=torch.float64), [], []
    for _ in range(steps):
        path.append(w.item())
        losses.append((w.item() ** 50 - 0.5) ** 2)
        g = 2 * (w**50 - 0.5) * 50 * w**49
        clip([g], max_norm)
        w = w - lr * g
    return path, losses


# %% [markdown]
# **Look for** where the unclipped walk lands after one step, and what it does then.

# %%
walks = {"not clipped": descend(math.inf), "clipped to 1": descend(1.0)}
fig, axes = plots.figure(1, 2, width=3.6, height=3)
w = torch.linspace(-0.3, 1.025, 300)
drawings.wall(axes, w, (w**50 - 0.5) ** 2, walks)
plots.show(
    fig,
    alt="Left: the loss over the weight, flat at 0.25 from -0.3 to about 0.9, a "
    "narrow valley just below 1 and a wall right of it. The unclipped walk jumps from "
    "the wall far to the left onto the plain; the clipped one goes down into the "
    "valley. Right: the loss of the unclipped walk stays at 0.25, the other falls far "
    "below.",
)

# %%
(wild, stuck), (tame, low) = walks["not clipped"], walks["clipped to 1"]
print(f"not clipped: {wild[0]:.2f} to {wild[1]:.2f}, loss {stuck[1]:.2f}, ", end="")
print(f"at the end {stuck[-1]:.2f}; clipped: {tame[-1]:.3f}, loss {low[-1]:.4f}")
assert wild[1] < -0.1 and stuck[-1] == 0.25 and low[-1] < 0.01

# %% [markdown]
# One step of the exploded gradient throws the weight onto the plain, where $w^{49}$ is
# 0 for all purposes: there the gradient has vanished, and the walk never returns. The
# clipped walk takes small steps down the wall. At the bottom it hops to and fro, as
# the valley is narrower than its steps.
#
# Clip the norm of *all* tensors together, as `nn.utils.clip_grad_norm_` does. Each
# tensor by itself would get another direction. Measure it on 20 layers with std 0.2,
# which is too large for them.

# %%
net = Bundle(1, deep, lambda n, m: 0.2 * torch.randn(n, m))
summed_loss(net(X[:50]), y[:50]).backward()
before = [p.grad.clone() for p in net.parameters()]
together, each = ([g.clone() for g in before] for _ in range(2))
norm = clip(together, 1.0)
for g in each:
    clip([g], 1.0)


def flat(gradients):
    return torch.cat([g.flatten() for g in gradients])


angles = {}
for name, gradients in (("together", together), ("each", each)):
    angles[name] = F.cosine_similarity(flat(gradients), flat(before), dim=0).item()
by_torch = nn.utils.clip_grad_norm_(net.parameters(), 1.0).item()
pairs = zip(net.parameters(), together, strict=True)
same = all(torch.allclose(p.grad, g, rtol=1e-4) for p, g in pairs)
print(f"norm before {norm:.0f}; PyTorch says {by_torch:.0f}, same result: {same}")
print({name: f"cosine with the true gradient {c:.3f}" for name, c in angles.items()})
assert same and angles["together"] > 0.9999 and angles["each"] < 0.9

# %% [markdown]
# Together the direction stays; each by itself it is turned away from the true one. In
# training it is one argument, `clip_norm` of `train`, and no cure for a bad start: it
# limits the step, not the signal.
#
# ## Learning-rate schedules
# One learning rate for the whole training is a compromise. Large steps go far and never
# come to rest ([chapter 03](03 "stochastic") saw that buzz); small ones rest, and take
# for ever. A **learning-rate schedule** changes $\eta$ on the way. With $t$ the step,
# $T$ the number of steps and $\eta_0$ the given rate:

# %% [markdown]
# - **step schedule**: $\eta_0 \, \gamma^{\lfloor t/s \rfloor}$, a cut by $\gamma$ every
#   $s$ steps
# - **cosine schedule** (Loshchilov and Hutter 2017):
#   $\frac{\eta_0}{2} \big(1 + \cos(\pi t / T)\big)$
# - **warm-up**: rise in a straight line to $\eta_0$ over the first $t_w$ steps, then
#   do anything else
# - **one cycle** (Smith 2018): rise and fall along two halves of a cosine, to far below
#   the start; momentum falls and rises the other way round
#
# In PyTorch a scheduler changes the optimiser's rate each time that `step` is called.
# `LambdaLR` takes any factor of $\eta_0$, so you can write your own.


# %%
def cosine(t, T):
    return (1 + math.cos(math.pi * t / T)) / 2


def warm_up_cosine(t, T, warm):
    return (t + 1) / warm if t < warm else cosine(t - warm, T - warm)


def make_schedule(name, optimizer, T):
    """A scheduler of that name for T steps, to be stepped after each batch."""
    if name == "step":
        return StepLR(optimizer, step_size=T // 3, gamma=0.3)
    if name == "one cycle":
        return OneCycleLR(
            optimizer, max_lr=optimizer.param_groups[0]["lr"], total_steps=T
        )
    factor = {
        "constant": lambda t: 1.0,
        "cosine": lambda t: cosine(t, T),
        "warm-up": lambda t: min(1, (t + 1) / (T // 5)),
        "warm-up + cosine": lambda t: warm_up_cosine(t, T, T // 5),
    }[name]
    return LambdaLR(optimizer, factor)


# %%
def rates_of(make, T=120):
    """The rate in each of T steps under a scheduler that `make(optimizer)` makes."""
    optimizer = SGD([nn.Parameter(torch.zeros(1))], lr=0.01, momentum=0.9)
    scheduler, rates = make(optimizer), []
    for _ in range(T):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return torch.tensor(rates)


schedules = ["constant", "step", "cosine", "warm-up", "warm-up + cosine", "one cycle"]
drawn = {s: rates_of(lambda opt, s=s: make_schedule(s, opt, 120)) for s in schedules}
library = rates_of(lambda optimizer: CosineAnnealingLR(optimizer, 120))
print("our cosine is PyTorch's:", torch.allclose(drawn["cosine"], library, atol=1e-8))
assert torch.allclose(drawn["cosine"], library, atol=1e-8)
assert drawn["one cycle"][0] < 0.05 * 0.01 and drawn["one cycle"][-1] < 1e-6

# %% [markdown]
# **Look for** which of them begin low, and which end low. (Warm-up alone is hard to
# see: it rises with warm-up + cosine and then stays with the constant rate.)

# %%
fig, ax = plots.figure(width=6, height=3.2)
plots.curves(ax, torch.arange(120), drawn, "step", "learning rate")
ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plots.show(
    fig,
    alt="Six learning rates over 120 steps. Constant stays at 0.01. Step falls in "
    "stairs. Cosine starts at 0.01 and glides to 0. Warm-up rises in a line over a "
    "fifth and stays; warm-up with cosine rises and then glides to 0; one cycle starts "
    "low, rises to 0.01 at 30 percent and falls to 0.",
)

# %% [markdown]
# Three begin low: warm-up, warm-up + cosine, one cycle. Four end low: step (at a
# tenth), cosine, warm-up + cosine, one cycle. The **one problem** on which we compare
# them: He nets with ten hidden layers of 64 units, the digits, three epochs or 120
# steps of [AdamW](08 "AdamW"), six nets at once. The rate of 0.01 is high for Adam;
# 0.003 stands beside it for two of them.

# %% [markdown] predict="what_helps_most"
# **Predict.** At the high rate of 0.01, a constant rate does badly. What brings most?
#
# - To let the rate fall: cosine or step.
#   wrong: the end thought to be the only trouble. A fall quiets the last steps; it
#   can't undo what the first ones broke.
# - To begin low: warm-up alone, then constant.
#   wrong: the beginning thought to be the only trouble. The last steps stay as long as
#   before.
# - Both together.
#   right: the first steps break little, and the last ones come to rest. On average: a
#   single net can tell another story.
# - Nothing: a rate that is too high stays too high.
#   wrong: one number thought to decide. What counts is the path that the rate takes.

# %%
ten_layers, T = [196] + 10 * [64] + [10], 120


def contest(name, lr, make=AdamW, **options):
    """Validation accuracies of six nets after three epochs: (6,)."""
    net = Bundle(6, ten_layers)
    # fused: the same step for all weights in one go, which is faster
    optimizer = make(net.parameters(), lr=lr, fused=True, **options)
    scheduler = make_schedule(name, optimizer, T)
    fit(net, optimizer, 3, scheduler=scheduler, scheduler_per="batch")
    with torch.no_grad():
        return (net(X_valid).argmax(dim=2) == y_valid).float().mean(dim=1)


entered = {0.003: ("constant", "warm-up + cosine"), 0.01: schedules}
results = {
    f"rate {lr}": {s: contest(s, lr, weight_decay=0.1) for s in names}
    for lr, names in entered.items()
}

# %% [markdown]
# **Look for** the two schedules of the left panel: how far do their bars fall in the
# right one?

# %%
fig, axes = plots.figure(1, 2, width=4.2, height=3.4, sharey=True)
drawings.scores(axes, results, "validation accuracy")
plots.show(
    fig,
    alt="Validation accuracy of six nets, dots and their mean. At rate 0.003 a "
    "constant rate and warm-up with cosine lie close together. At 0.01, with all six "
    "schedules, warm-up with cosine and one cycle lie on average above step, cosine "
    "and warm-up, and above the constant rate.",
)

# %%
means = {
    r: {s: a.mean().item() for s, a in group.items()} for r, group in results.items()
}
for rate, group in means.items():
    print(rate, {s: f"{a:.3f}" for s, a in group.items()})
low, high = means["rate 0.003"], means["rate 0.01"]
both_ends = (high["warm-up + cosine"] + high["one cycle"]) / 2
one_end = sum(high[s] for s in ("step", "cosine", "warm-up")) / 3
print(f"both ends {both_ends:.3f}, one end {one_end:.3f} (means)")
lost = {s: low[s] - high[s] for s in low}
print("lost by the high rate:", {s: f"{drop:.3f}" for s, drop in lost.items()})
assert both_ends > one_end + 0.01 and both_ends > high["constant"] + 0.03
assert lost["constant"] > lost["warm-up + cosine"] + 0.015
at_low = abs(low["constant"] - low["warm-up + cosine"])
assert at_low < high["warm-up + cosine"] - high["constant"]
best_constant = max(low["constant"], high["constant"])
best = max(*low.values(), *high.values())
assert best - best_constant < 0.05 and best_constant > most_common + 0.6

# %% [markdown]
# At the high rate the two that begin low *and* end low (warm-up + cosine, one cycle)
# are better on average than the three that do only one of these, and than a constant
# rate. The order within each group changes from seed to seed: six nets are few. Why do
# large first steps do harm with Adam? It divides by an estimate of the gradient's size,
# which rests on a few batches then. That is an explanation that we don't test here.

# %% [markdown]
# At the low rate the two differ less: the better constant rate is a few points behind
# the best schedule at most. So a schedule is no magic. It makes you less sensitive: the
# high rate costs the constant one more accuracy than it costs warm-up + cosine. Two
# rates are few; in earnest tune the rate for each schedule, on validation data.

# %% [markdown]
# ## AdamW: weight decay on its own
# [Weight decay](08) and a penalty are one thing for SGD. Adam divides the gradient,
# penalty included, by its usual size $\sqrt{\hat v}$; **AdamW** decays the weight
# beside it (**decoupled weight decay**, Loshchilov and Hutter 2019):
#
# $$\begin{aligned}
# \text{Adam with L2:}\quad & w \leftarrow w - \eta\, \hat m(g + \lambda w) /
# \sqrt{\hat v(g + \lambda w)}\\
# \text{AdamW:}\quad & w \leftarrow (1 - \eta\lambda)\, w - \eta\, \hat m(g) /
# \sqrt{\hat v(g)}
# \end{aligned}$$

# %% [markdown]
# $\hat m$ and $\hat v$: running means of the gradient and of its square; the small
# $\epsilon$ is left out. What does the division do to the decay? Three groups of
# weights start at 1. Their gradients are pure noise of mean 0, of size 10, 1 and 0.1.
# Nothing should be learned; each should just decay.

# %%
noise_size = torch.tensor([[10.0], [1.0], [0.1]])
paths = {}
for make in (Adam, AdamW):
    w = torch.ones(3, 300, requires_grad=True)
    optimizer = make([w], lr=0.01, weight_decay=0.1)
    means_of_w = []
    for _ in range(500):
        w.grad = noise_size * torch.randn(3, 300)
        optimizer.step()
        means_of_w.append(w.detach().mean(dim=1))
    paths[make.__name__] = torch.stack(means_of_w)  # (500, 3)
expected = (1 - 0.01 * 0.1) ** 500
left = {name: path[-1].tolist() for name, path in paths.items()}
print({name: [f"{v:.2f}" for v in values] for name, values in left.items()})
print(f"(1 - lr * decay) ^ 500 = {expected:.2f}")
assert left["Adam"][0] > 0.9 and left["Adam"][2] < 0.05
assert all(abs(value - expected) < 0.06 for value in left["AdamW"])

# %% [markdown]
# **Look for** the three curves in each panel: do they fall alike?

# %%
fig, axes = plots.figure(1, 2, width=3.6, height=3, sharey=True)
for ax, (name, path) in zip(axes, paths.items(), strict=True):
    groups = {f"noise {s:g}": path[:, i] for i, s in enumerate((10, 1, 0.1))}
    plots.curves(ax, torch.arange(500), groups, "step", "mean weight")
    ax.set_title(f"{name}, weight_decay=0.1")
plots.show(
    fig,
    alt="Mean of three groups of weights over 500 steps. With Adam the group with the "
    "smallest noise falls to nearly 0 and the one with the largest hardly falls. With "
    "AdamW all three fall along the same curve to about 0.6.",
)

# %% [markdown]
# With Adam, weights with small gradients decay fast, and those with large gradients
# hardly decay. With AdamW all decay alike, by $(1 - \eta\lambda)$ a step. ($\eta$
# stands in it: where a schedule lowers the rate, the decay falls, too.) And on our one
# problem, at the low rate, with warm-up + cosine?

# %%
options = {"Adam": (Adam, 0.003, {})}
options["Adam with L2"] = (Adam, 0.003, {"weight_decay": 0.1})
options["SGD, momentum"] = (SGD, 0.03, {"momentum": 0.9})
compared = {"AdamW": results["rate 0.003"]["warm-up + cosine"]}
for name, (make, lr, more) in options.items():
    compared[name] = contest("warm-up + cosine", lr, make, **more)
for name, scores in compared.items():
    print(f"{name:13} {scores.mean():.3f} ± {scores.std():.3f} (six nets)")
compared = {name: scores.mean().item() for name, scores in compared.items()}
assert abs(compared["AdamW"] - compared["Adam"]) < 0.03
assert compared["AdamW"] > compared["Adam with L2"] + 0.12
metrics = {"accuracy, warm-up + cosine, AdamW": low["warm-up + cosine"]}
metrics |= {"accuracy, best constant rate": best_constant, "most common": most_common}

# %% [markdown]
# In 120 steps AdamW's decay of 0.1 changes next to nothing: Adam without any decay is
# about as good. The *same number* given to Adam ruins it. There the decay behaves as in
# the left panel above: where gradients are small, it takes over. So don't carry a
# `weight_decay` from one to the other.

# %% [markdown]
# ## Before good starts: greedy layer-wise pre-training
# Until about 2010 many thought that deep nets can't be trained from random numbers.
# Hinton, Osindero and Teh (2006) and Bengio and others (2007) trained them **greedily,
# layer by layer**: the first layer learns to describe the inputs, without labels; then
# it is frozen and the second learns to describe the first one's outputs, and so on. At
# the end all layers are trained together, with labels. It was a way to find a good
# start. Better initialisation, ReLU, and later normalisation and skip connections (the
# chapters Normalization and ResNet) made it unnecessary.

# %% [markdown]
# ## What goes wrong in practice
# He keeps the *size* through 50 layers. Does it keep what the digits say? Compare pairs
# of different digits: the [cosine](11 "cosine similarity") of the angle between their
# signals.

# %%
signals, H = [], X[:100].double()
for _ in range(50):
    unit = F.normalize(H, dim=1)
    signals.append(((unit @ unit.T).sum() - 100).item() / (100 * 99))
    H = torch.relu(H @ he(H.shape[1], 256).double())
print(", ".join(f"before layer {i + 1}: {signals[i]:.2f}" for i in (0, 5, 10, 20, 49)))
assert signals[0] < 0.4 and signals[20] > 0.85 and signals[49] > 0.95

# %% [markdown]
# After 50 layers all digits point in nearly the same direction. A level size is
# necessary, and not enough.
#
# | what you see | likely cause | look at |
# |---|---|---|
# | `nan` in the first epoch | start or rate too large | size in each layer |
# | loss never moves | start too small; zeros | gradient of each layer |
# | 64 units learn like one | constant start | differences of rows |
# | loss jumps now and then | exploding gradient | norm before clipping |
# | rate hardly changes | counts batches, stepped per epoch | print the rate |

# %% [markdown]
# The last one, in numbers: a cosine over 120 steps that is stepped once an epoch has,
# after three epochs, moved by

# %%
moved_by = 1 - cosine(3, 120)
print(f"{moved_by:.2%} of the rate; after 120 steps it would have been 100 %")
assert moved_by < 0.002

# %% [markdown]
# ## Summary
# - A factor a layer, to the power of the depth: it must be 1.
# - $\operatorname{Var}(z) = n \operatorname{Var}(w)\, \mathbb E\, x^2$. Xavier:
#   $2/(n_\text{in} + n_\text{out})$. He, for ReLU: $2/n_\text{in}$, since ReLU halves
#   the second moment.
# - Equal weights stay equal: break the symmetry. Biases may be 0.
# - Normal or uniform doesn't matter; std, variance and bound do.
# - Clip all gradients by their common norm.
# - Begin low and end low: warm-up + cosine, or one cycle. Count steps in batches.
# - AdamW decays all weights alike. Its number is no number for Adam.

# %% [markdown]
# ## Exercises and further reading
# In the exercises you compute sizes, bounds and stds for other layers than here, write
# your own initialisation, and mend a clipping that turns the gradient. Try here:
#
# 1. Set `nn.Tanh` in place of ReLU in `Bundle`. Which start learns now?
# 2. Warm up over half of the steps. What does it cost?
#
# Open questions: how do you keep the *directions* apart through 50 layers? Why does a
# warm-up help Adam?

# %% [markdown]
# - [Dive into Deep Learning](https://d2l.ai), edition of `d2l` 0.17: "Numerical
#   Stability and Initialization", "Parameter Management", "Learning Rate Scheduling"
# - Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward
#   neural networks*
# - He, Zhang, Ren and Sun 2015, *Delving deep into rectifiers*
# - Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural
#   networks*
# - Loshchilov and Hutter 2017, *SGDR: stochastic gradient descent with warm restarts*;
#   2019, *Decoupled weight decay regularization*
# - Smith 2018, *A disciplined approach to neural network hyper-parameters*
# - Hinton, Osindero and Teh 2006, *A fast learning algorithm for deep belief nets*
# - Bengio and others 2007, *Greedy layer-wise training of deep networks*
#
# A good start is one half. The other is what you ask for: losses and distances, in
# [chapter 11](11).
