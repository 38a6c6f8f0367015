# %% [markdown]
# # Normalization: who standardises the inputs of layer five?
#
# Before training you [standardise](03) the inputs: mean 0, deviation 1. That helps the
# first layer. But the second layer's inputs are the first one's outputs, and these
# change with every step. **Who standardises the inputs of layer five?**
#
# For a long time, hardly anybody did. In 2015 Sergey Ioffe and Christian Szegedy put
# the standardising *into* the net, layer after layer: **batch normalisation**. Here you
# build it, measure what it gives and what it costs, and test three stories about why it
# works.
#
# You need [convolution](12), [validation](08), [dropout](08), [initialisation](10),
# [buffers](09 "buffer"), [cross-entropy](06), the [multilayer perceptron](07), the two
# [modes](05 "Train mode and eval mode") of a net and [standardising](03 "standardise").

# %%
import copy
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR

from utils import plots
from utils.data import animals, load_array
from utils.device import set_seed, try_gpu
from utils.drawings import normalization as drawings
from utils.one_cycle import fit
from utils.train import evaluate, train

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## Silhouettes, and a net that is hard to train
#
# 3,500 silhouettes of animals, 28 x 28 pixels, ten classes: 1,500 to learn from, 1,000
# for validation, 1,000 for the test at the end. The pixels are standardised.
#
# The net is plain: six [convolutions](12), each with 12 output channels, and one full
# layer. `norm` is put behind each convolution. All weights start by
# [He initialisation](10), which was made for such nets, so that the net *without*
# normalization has the best start we know.

# %%
(X, y), (X_test, y_test) = animals(num_train=2500, num_test=1000)
pixel_mean, pixel_std = X[:1500].mean(), X[:1500].std()
X, X_test = (X - pixel_mean) / pixel_std, (X_test - pixel_mean) / pixel_std
X, X_valid, y, y_valid = X[:1500], X[1500:], y[:1500], y[1500:]
print("train", tuple(X.shape), "valid", tuple(X_valid.shape), "test", len(y_test))


def he_start(net):
    """Start weights by He's rule, biases at 0; return the net."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return net


def make_conv_net(norm=nn.Identity, channels=12, depth=6):
    """Scores of (N, 1, 28, 28) images: convolution, `norm`, ReLU; six times."""
    layers, c_in = [], 1
    for i in range(depth):
        k, stride = (5, 2) if i == 0 else (3, 2 if i == 1 else 1)
        conv = nn.Conv2d(c_in, channels, k, stride=stride, padding=k // 2)
        layers += [conv, norm(channels), nn.ReLU()]
        c_in = channels  # maps: 14 x 14 after the first, then 7 x 7
    head = [nn.MaxPool2d(2), nn.Flatten(), nn.Linear(channels * 3 * 3, 10)]
    return he_start(nn.Sequential(*layers, *head))


# %% [markdown]
# ## The idea
#
# Take one number that a layer computes, for instance what the channel 0 of the first
# convolution finds at each place. Over a batch of images these numbers have a mean
# $\mu$ and a deviation $\sigma$. Subtract $\mu$, divide by $\sigma$: now they have
# mean 0 and deviation 1, whatever the layer's weights are. Then multiply by a number
# $\gamma$ and add a number $\beta$; both are *learned*. So the net can choose any mean
# and deviation that serves it, but it has to say so in two parameters.
#
# **Look for** what changes from the first panel to the second, and what does not.

# %%
net = make_conv_net()
with torch.no_grad():
    H = net[0](X[:64])  # (64, 12, 14, 14), before the activation
spreads = H.std(dim=(0, 2, 3))  # (12,)
channels = [spreads.argmin().item(), spreads.argmax().item()]
raw = {f"channel {c}": H[:, c].ravel() for c in channels}
standard = {name: (v - v.mean()) / v.std() for name, v in raw.items()}
moved = {
    name: g * v + b
    for (name, v), g, b in zip(standard.items(), (0.5, 1.5), (2.0, -1.0), strict=True)
}
panels = {"as computed": raw, "standardised": standard, "scaled and shifted": moved}
plots.show(
    drawings.histograms(panels, "value"),
    alt="Histograms of two channels in three panels. As computed, one is much wider "
    "than the other. Standardised, both have mean 0 and deviation 1, and keep "
    "their shapes. Scaled and shifted, each has a mean and a width of its own again.",
)
ratio = (spreads.max() / spreads.min()).item()
print(f"deviations before: from {spreads.min():.2f} to {spreads.max():.2f}")
for v in standard.values():
    torch.testing.assert_close(v.mean(), torch.tensor(0.0), atol=1e-4, rtol=0)
    assert abs(v.std() - 1) < 1e-4
assert ratio > 1.5

# %% [markdown]
# The place and the width of the histograms change, their shape does not. The values
# that are evened out are **activations**, one batch of them; no weight is touched. (It
# is sometimes said that batch normalisation evens out the *weights*. It does not.)

# %% [markdown]
# ## The formula
#
# Let $x_1, \dots, x_m$ be all values of one channel in one batch. Then
#
# $$\mu = \frac{1}{m}\sum_i x_i, \qquad
# \sigma^2 = \frac{1}{m}\sum_i (x_i - \mu)^2, \qquad
# y_i = \gamma\,\frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta .$$
#
# - $\mu, \sigma^2$: the **batch mean** and **batch variance** of this channel;
# - $\epsilon$ (epsilon, $10^{-5}$): keeps the root away from 0 where a channel is
#   constant;
# - $\gamma, \beta$: **scale and shift**, one pair a channel, learned by gradients. They
#   start at 1 and 0.
#
# The variance divides by $m$, not by $m - 1$: it is the *biased* one. Keep that in
# mind.

# %% [markdown]
# ## Which axis is batch norm's?
#
# The question that most learners stumble over. Each **channel** has its own mean. So a
# batch (N, C) of a full layer has C means, each over the N examples. A batch
# (N, C, H, W) of a convolution has C means too, each over all N examples **and** all
# H x W places: the same kernel made all these values.

# %% [markdown] predict="shape_of_gamma"
# **Predict.** A convolution gives (64, 12, 14, 14). How many numbers does $\gamma$
# have, and of how many values is each mean made?
#
# - 64 x 12 x 14 x 14 numbers: $\gamma$ multiplies every value, so it has their shape.
#   wrong: broadcasting forgotten. One number a channel multiplies all values of that
#   channel.
# - 12 numbers; each mean is over 64 values, those of the batch.
#   wrong: each place thought to have a mean of its own. Then there would be
#   12 x 14 x 14 means.
# - 64 x 12 numbers; each mean is over 14 x 14 values.
#   wrong: batch and channel taken together as the samples. Then no example would be
#   compared with another: that is instance normalization, below.
# - 12 numbers; each mean is over 64 x 14 x 14 = 12,544 values.
#   right: all places of all examples share the kernel, so they share its statistics.

# %%
layer = nn.BatchNorm2d(12)
means = H.mean(dim=(0, 2, 3))  # (12,)
print("gamma", tuple(layer.weight.shape), "beta", tuple(layer.bias.shape))
print("means", tuple(means.shape), "each over", H.numel() // means.numel(), "values")
assert layer.weight.shape == layer.bias.shape == means.shape == (12,)
assert H.numel() // 12 == 64 * 14 * 14 == 12_544

# %% [markdown]
# In the drawing a small square is one map: 14 x 14 values of one example and channel.
# **Look for** the squares of one colour: one mean and one deviation are made of them.

# %%
plots.show(
    drawings.norm_axes(["batch"]),
    alt="A grid of squares, rows are examples, columns are channels. Each column has "
    "one colour from top to bottom: all maps of one channel share a mean.",
)

# %% [markdown]
# A whole column has one colour: batch normalisation compares an example *with the
# other examples of its batch*. Remember this sentence; the trouble below comes from it.

# %% [markdown]
# ## From scratch
#
# In training the statistics come from the batch. But at test time a single image may
# come, and its score must not depend on who else is there. So during training the layer
# also keeps **moving averages** of mean and variance, and uses these in
# [eval mode](05 "Train mode and eval mode"):
#
# $$\text{moving} \leftarrow (1 - \alpha)\,\text{moving} + \alpha\,\text{batch} .$$
#
# PyTorch calls $\alpha$ **momentum**; it is the weight of the **new** value, 0.1 by
# default. (In other libraries, and in the optimiser of that name, momentum is the
# weight of the *old* one.)
#
# One detail: into the moving variance goes the **unbiased** batch variance, divided by
# $m - 1$. The output uses the biased one.


# %%
def batch_norm(X, gamma, beta, moving_mean, moving_var, training, alpha=0.1, eps=1e-5):
    """gamma (X - mean) / sqrt(var + eps) + beta, channel by channel.

    X: (N, C) or (N, C, H, W); gamma, beta, moving_mean, moving_var: (C,).
    Returns the output and the two moving averages, new ones in training.
    """
    axes = (0,) if X.ndim == 2 else (0, 2, 3)  # all but the channel's
    if training:
        m = X.numel() // X.shape[1]  # values a channel
        mean = X.mean(dim=axes)  # (C,)
        var = X.var(dim=axes, correction=0)  # divided by m: for the output
        with torch.no_grad():
            moving_mean = (1 - alpha) * moving_mean + alpha * mean
            unbiased = var * m / (m - 1)  # for the moving average
            moving_var = (1 - alpha) * moving_var + alpha * unbiased
    else:
        mean, var = moving_mean, moving_var
    shape = (1, -1) + (1,) * (X.ndim - 2)  # (1, C) or (1, C, 1, 1)
    mean, var, gamma, beta = (t.reshape(shape) for t in (mean, var, gamma, beta))
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta, moving_mean, moving_var


# %% [markdown]
# As a layer: $\gamma$ and $\beta$ are parameters; the moving averages are
# [buffers](09 "buffer"), saved with the net but not trained.


# %%
class BatchNorm(nn.Module):
    """Batch normalisation of (N, C) or (N, C, H, W), by hand."""

    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("moving_mean", torch.zeros(num_channels))
        self.register_buffer("moving_var", torch.ones(num_channels))

    def forward(self, X):
        Y, self.moving_mean, self.moving_var = batch_norm(
            X,
            self.gamma,
            self.beta,
            self.moving_mean,
            self.moving_var,
            self.training,
        )
        return Y


# %% [markdown]
# ## The same in PyTorch
#
# Feed both the same five batches in train mode, then one in eval mode. Everything has
# to agree: outputs, gradients, moving averages. The values are real ones: what the
# first convolution finds in silhouettes, as maps (N, C, H, W), and in one place of the
# maps, (N, C).


# %%
def both_agree(mine, theirs, batches, gradient):
    """Assert equal outputs, gradients and moving averages, in train and eval mode."""
    for i, batch in enumerate(batches):
        for layer in (mine, theirs):
            layer.double().train(i < len(batches) - 1)  # the last batch in eval mode
        inputs = [batch.double().requires_grad_() for _ in range(2)]
        outputs = [mine(inputs[0]), theirs(inputs[1])]
        torch.testing.assert_close(*outputs)
        for output in outputs:
            output.backward(gradient.double())
        torch.testing.assert_close(inputs[0].grad, inputs[1].grad)
    torch.testing.assert_close(mine.moving_mean, theirs.running_mean)
    torch.testing.assert_close(mine.moving_var, theirs.running_var)
    for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)


maps = [net[0](T).detach() for T in X[:384].split(64)]  # six of (64, 12, 14, 14)
vectors = [T[:, :, 7, 7] for T in maps]  # six of (64, 12)
both_agree(BatchNorm(12), nn.BatchNorm2d(12), maps, torch.randn(64, 12, 14, 14))
both_agree(BatchNorm(12), nn.BatchNorm1d(12), vectors, torch.randn(64, 12))
print("BatchNorm2d and BatchNorm1d: outputs, gradients and moving averages agree")

# %% [markdown]
# Does the detail about $m$ and $m - 1$ matter? Give both rules to one batch of four
# examples and compare with PyTorch's moving variance.

# %%
few = vectors[0][:4]
layer = nn.BatchNorm1d(12)
out = layer(few)
kept = {
    f"correction={c}": 0.9 * torch.ones(12) + 0.1 * few.var(dim=0, correction=c)
    for c in (0, 1)
}
for name, value in kept.items():
    error = (value - layer.running_var).abs().max()
    print(f"moving variance with {name}: off by {error:.1e}")
torch.testing.assert_close(kept["correction=1"], layer.running_var)
assert not torch.allclose(kept["correction=0"], layer.running_var, rtol=1e-4)
biased = (few - few.mean(0)) / (few.var(dim=0, correction=0) + 1e-5).sqrt()
torch.testing.assert_close(out, biased)
factor = {m: m / (m - 1) for m in (4, 64, 12_544)}
print("m / (m - 1):", {m: round(f, 5) for m, f in factor.items()})
assert factor[4] > 1.3 and factor[12_544] < 1.0001

# %% [markdown]
# With four values the two differ by a third; with 12,544 nobody would notice. So the
# mistake hides in nets for images and shows in full layers.

# %% [markdown]
# ## How fast do moving averages arrive?
#
# They start at mean 0 and variance 1, which say nothing about your data. After $t$
# steps, $(1-\alpha)^t$ of that start is left: with 0.1, after 10 steps 35 %.
#
# **Look for** the line that arrives first, and for the one that is smoothest
# afterwards.

# %%
order = torch.cat([torch.randperm(len(X)) for _ in range(2)])  # two epochs
stream = [net[0](T).detach() for T in X[order].split(50)]  # 60 batches
steps = len(stream)
channel = H.mean(dim=(0, 2, 3)).abs().argmax().item()
paths = {}
for alpha in (0.01, 0.1, 0.9):
    layer = nn.BatchNorm2d(12, momentum=alpha)
    paths[f"momentum {alpha}"] = []
    for T in stream:
        layer(T)
        paths[f"momentum {alpha}"].append(layer.running_mean[channel].item())
goal = torch.cat(stream)[:, channel].mean().item()
fig, ax = plots.figure(width=5.8)
plots.curves(ax, range(1, steps + 1), paths, "step", "moving mean of one channel")
ax.axhline(goal, color="gray", linewidth=0.8, linestyle="-")
ax.text(steps + 3.5, goal, "mean\nof all", color="gray", fontsize=9, va="center")
plots.show(
    fig,
    alt="Moving mean of one channel over 60 steps, for momentum 0.01, 0.1 and 0.9, "
    "with a grey line at the mean of all data. 0.9 is as high as the line at once and "
    "jumps about it; 0.1 arrives after some 30 steps; 0.01 is far off at the end.",
)

# %%
left = {alpha: (1 - alpha) ** 60 for alpha in (0.01, 0.1, 0.9)}
ends = {n: abs(statistics.mean(p[-20:]) / goal - 1) for n, p in paths.items()}
moves = {  # from one step to the next
    n: [after - before for before, after in zip(p[-21:-1], p[-20:], strict=True)]
    for n, p in paths.items()
}
jitter = {n: statistics.stdev(m) / abs(goal) for n, m in moves.items()}
for name in paths:
    print(
        f"{name:>13}: last 20 steps off by {ends[name]:.0%},",
        f"jumps of {jitter[name]:.1%}",
    )
print(f"of the start is left after 10 steps with 0.1: {0.9**10:.0%}")
assert ends["momentum 0.01"] > 0.5 > 0.1 > ends["momentum 0.1"]
assert jitter["momentum 0.9"] > 2 * jitter["momentum 0.1"]
assert jitter["momentum 0.1"] > 2 * jitter["momentum 0.01"]
assert round(0.9**10, 2) == 0.35 and abs(left[0.01] - 0.55) < 0.01

# %% [markdown]
# A large momentum arrives first and stays restless; a small one is calm and late.
# The default 0.1 needs some 30 steps. So a net that has trained for a few steps only
# may score badly in eval mode although it has learned: its averages are not there yet.

# %% [markdown]
# ## The experiment: learning rates
#
# Now the question for which batch normalisation became famous. Train the plain net and
# the normalized one with plain SGD at five learning rates, two starts each, three
# epochs.

# %% [markdown] predict="which_rates"
# **Predict.** The rates are 0.005, 0.02, 0.08, 0.32 and 1.28. What does batch
# normalization change?
#
# - It makes the best rate of the plain net a bit better, and no more.
#   wrong: the best value taken for the whole story. Look at how *many* rates work.
# - Any rate works: the layers repair what a long step breaks.
#   wrong: the last layer and the parameters of the norm forgotten. Nothing
#   standardises them.
# - More rates work, up to higher ones, and some of them beat the best plain net.
#   right: at 0.08 and 0.32 it is ahead of what the plain net reaches at its best rate,
#   and at 0.32 the plain net is far behind. At 1.28 both fail.
# - It only lets you take higher rates; at low ones both nets are equal.
#   wrong: higher rates thought to be the only gain. At 0.02 and 0.08, where both nets
#   learn, it is ahead, too.


# %%
def train_sgd(net, lr, seed=0, num_epochs=3, batch_size=50, data=(X, y), **settings):
    """Train by plain SGD on cross-entropy; return (valid accuracy, history)."""
    history = train(
        net,
        load_array(data, batch_size, seed=seed),
        loss=F.cross_entropy,
        optimizer=torch.optim.SGD(net.parameters(), lr=lr),
        num_epochs=num_epochs,
        device=device,
        progress=False,
        **settings,
    )
    accuracy = evaluate(net, [(X_valid, y_valid)])["accuracy"]
    net.to("cpu")
    return accuracy, history


rates = [0.005, 0.02, 0.08, 0.32, 1.28]
norms = {"without": nn.Identity, "batch norm": nn.BatchNorm2d}
grid = {name: [] for name in norms}  # name -> for each rate its two accuracies
losses = {}
for name, norm in norms.items():
    for lr in rates:
        runs = [train_sgd(make_conv_net(norm), lr, seed) for seed in range(2)]
        grid[name].append([accuracy for accuracy, _ in runs])
        losses[name, lr] = [history["train_loss"][-1] for _, history in runs]

# %% [markdown]
# **Look for** the width of each curve, and for the height of the plain one's peak.

# %%
averages = {n: [statistics.mean(r) for r in rows] for n, rows in grid.items()}
for name, row in averages.items():
    print(f"{name:>10}:", [f"{lr}: {a:.2f}" for lr, a in zip(rates, row, strict=True)])
best_plain, best_norm = (max(averages[name]) for name in norms)
fig = drawings.by_setting(rates, grid, "learning rate", "validation accuracy")
plots.show(
    fig,
    alt="Validation accuracy against the learning rate on a log scale, two dots and "
    "their mean for each. With batch norm the curve is wider and, from 0.02 to "
    "0.32, higher: at 0.08 and 0.32 it lies above the peak of the net without. At 1.28 "
    "both are low.",
)
assert min(averages["batch norm"][2:4]) > best_plain
assert averages["batch norm"][1] > averages["without"][1]
assert best_norm > best_plain + 0.08
assert averages["without"][3] < averages["batch norm"][3] - 0.2
assert max(averages["without"][4], averages["batch norm"][4]) < 0.25

# %% [markdown]
# At 0.08 and 0.32 the normalized net is ahead of the *best* plain one, and at 0.02 of
# the plain one at the same rate. At 0.32 the plain net is far behind; near its limit
# its dots may lie far apart: there the start decides. At the lowest rate three epochs
# are too few for both. And it is not proof against everything: at 1.28 both fail.
# (`train` says so and stops where a loss becomes nan, "not a number".)

# %% [markdown]
# ## Is it still ahead when both train well?
#
# Three epochs of plain SGD are short. Give both nets twice the time and the stronger
# recipe of `utils.one_cycle.fit`: Adam, whose rate rises and falls
# ([one cycle](10)). Choose each net's own best rate on one start; then train two more.


# %%
def train_cycle(net, lr, seed=0):
    """Train by Adam and one cycle for six epochs; return (net, history)."""
    history = fit(
        net,
        load_array((X, y), 50, seed=seed),
        load_array((X_valid, y_valid), 250),
        lr=lr,
        num_epochs=6,
        device=device,
        progress=False,
    )
    return net.to("cpu"), history


recipes, long_runs = {}, {}
for name, norm in norms.items():
    tried = {lr: train_cycle(make_conv_net(norm), lr) for lr in (0.01, 0.03)}
    best = max(tried, key=lambda lr: tried[lr][1]["valid_accuracy"][-1])
    again = [train_cycle(make_conv_net(norm), best, seed) for seed in (1, 2)]
    recipes[name], long_runs[name] = best, [tried[best], *again]

# %% [markdown]
# **Look for** the distance of the two bundles at the end.

# %%
fig, ax = plots.figure(width=5.8)
for (name, runs), color, marker in zip(
    long_runs.items(), ("C0", "C1"), "os", strict=True
):
    for i, (_, history) in enumerate(runs):
        style = {"color": color, "marker": marker, "label": name if i == 0 else None}
        ax.plot(range(1, 7), history["valid_accuracy"], linestyle="-", **style)
ax.set(xlabel="epoch", ylabel="validation accuracy", ylim=(0, 1))
ax.legend(loc="lower right")
plots.show(
    fig,
    alt="Validation accuracy over six epochs of Adam and one cycle, three runs each. "
    "On average those with batch norm end above those without.",
)
finals = {
    name: [h["valid_accuracy"][-1] for _, h in runs] for name, runs in long_runs.items()
}
for name, values in finals.items():
    print(
        f"{name:>10}, rate {recipes[name]}: {[round(v, 3) for v in values]}",
        f"mean {statistics.mean(values):.3f}",
    )
long_gap = statistics.mean(finals["batch norm"]) - statistics.mean(finals["without"])
print(f"ahead by {long_gap:.3f}; in the short SGD runs by {best_norm - best_plain:.3f}")
assert 0.03 < long_gap < min(0.12, best_norm - best_plain)

# %% [markdown]
# At the end batch norm is ahead, but by less than before: a better optimiser and more
# time help the plain net more. That is the honest size of the gain on this task: a
# wider range of rates, faster training with simple SGD, and some hundredths of
# accuracy, up to about a tenth (with other starts and batches we saw 0.03 to 0.12).
# Rates further out, 0.005 without and 0.06 with the norm, were not better when we tried
# them.

# %% [markdown]
# ## Why does it help? The first story
#
# The paper's title names a cause: **internal covariate shift**. While the first layers
# learn, the distribution of what the later ones get moves from step to step, and they
# have to run after it. Normalizing holds it still.
#
# In 2018 Shibani Santurkar and others tested this: they put noise **behind** the batch
# norm, drawn anew in each step, so that the distributions moved more than without it.
# Their nets still trained well. Repeat it here: each step shifts each channel by a
# random 0.3 deviations or so, and stretches it at random.

# %% [markdown] predict="noise_behind"
# **Predict.** Behind every batch norm each channel is shifted and stretched at random,
# anew in each step. Three epochs of SGD at 0.08. How does this net train?
#
# - Worse than the net without normalization: its layers get a moving target.
#   wrong: the first story taken for granted. It is what we test.
# - Better than the net without, though on average its distributions move more than
#   those of that net.
#   right: so a target that holds still can't be what makes the difference here.
# - Just like the net with plain batch norm: the next norm removes the shift.
#   wrong: the ReLU between two norms forgotten, which cuts a shifted channel at
#   another place. The noise does cost something.


# %%
class ShiftedBatchNorm(nn.BatchNorm2d):
    """Batch norm, then a random shift and stretch of each channel while training."""

    def forward(self, X):
        Y = super().forward(X)
        if not self.training:
            return Y
        one_each = (1, Y.shape[1], 1, 1)
        stretch = 1 + 0.3 * (2 * torch.rand(one_each, device=Y.device) - 1)
        return Y * stretch + 0.3 * torch.randn(one_each, device=Y.device)


@torch.no_grad()
def layer_means(net, X):
    """Means and deviations of what reaches the ReLUs: two of (layers, channels)."""
    means, spreads = [], []
    for layer in net:
        if isinstance(layer, nn.ReLU):
            means.append(X.mean(dim=(0, 2, 3)))
            spreads.append(X.std(dim=(0, 2, 3)))
        X = layer(X)
    return torch.stack(means), torch.stack(spreads)


# %% [markdown]
# First measure how far the distributions move: send the same 200 images through before
# and after each of the steps 21 to 30, and compare the mean of each channel, in units
# of its deviation. Average over two starts of each net.


# %%
def drift(net, lr=0.08, first=20):
    """Mean move of a channel's mean from one step to the next, by layer."""
    optimizer, before, moves = torch.optim.SGD(net.parameters(), lr=lr), None, []
    for step, (X_batch, y_batch) in enumerate(load_array((X, y), 50), start=1):
        optimizer.zero_grad()
        F.cross_entropy(net(X_batch), y_batch).backward()
        optimizer.step()
        if step < first:
            continue
        after, spread = layer_means(net, X[:200])
        if before is not None:  # what the step before left
            moves.append(((after - before).abs() / (spread + 1e-3)).mean(dim=1))
        before = after
    return torch.stack(moves).mean(dim=0)  # (layers,)


# %%
kinds = {"without": nn.Identity, "batch norm": nn.BatchNorm2d}
kinds["batch norm, shifted"] = ShiftedBatchNorm
drifts = {
    name: (drift(make_conv_net(norm)) + drift(make_conv_net(norm))) / 2  # two starts
    for name, norm in kinds.items()
}
shifted = [train_sgd(make_conv_net(ShiftedBatchNorm), 0.08, seed) for seed in range(2)]
scores = {name: grid[name][2] for name in norms}
scores["batch norm, shifted"] = [accuracy for accuracy, _ in shifted]
end_losses = {name: losses[name, 0.08] for name in norms}
end_losses["batch norm, shifted"] = [h["train_loss"][-1] for _, h in shifted]

# %% [markdown]
# **Look for** the net whose distributions move most, and for its bars on the right.

# %%
plots.show(
    drawings.drift_and_loss(drifts, end_losses),
    alt="Left: how far the channels' means move in a step, by layer: with batch norm "
    "hardly at all, without it little in the first layer and more in later ones, "
    "shifted much in every layer. Right: training loss after three epochs, lowest "
    "with batch norm, then shifted, highest without.",
)
for name in kinds:
    print(
        f"{name:>19}: mean move {drifts[name].mean():.3f},",
        f"loss {statistics.mean(end_losses[name]):.2f},",
        f"valid accuracy {statistics.mean(scores[name]):.2f}",
    )
mean_loss = {name: statistics.mean(v) for name, v in end_losses.items()}
assert drifts["batch norm, shifted"].mean() > 1.2 * drifts["without"].mean()
assert drifts["batch norm, shifted"].min() > drifts["without"].mean()
assert drifts["without"][3:].mean() > 2 * drifts["without"][0]
assert drifts["batch norm"].mean() < 0.05 * drifts["without"].mean()
assert mean_loss["batch norm"] < mean_loss["batch norm, shifted"] < mean_loss["without"]

# %% [markdown]
# Two facts. Batch norm does hold the distributions nearly still. But the net whose
# distributions are pushed about *more*, on average over the layers, than the plain
# net's still trains better than the plain net. So holding still can't be the whole
# reason. The push isn't free either: plain batch norm is best.
#
# What is known? That it helps is beyond doubt. Santurkar et al. argue that it makes the
# loss smoother; others stress what comes next, the freedom from scale. The question is
# still studied. Say "batch norm reduces internal covariate shift, *therefore* it works"
# and you say more than is known.

# %% [markdown]
# ## A second story: the scale no longer matters
#
# Multiply all weights of a layer before a batch norm by 10. Its outputs grow tenfold,
# and so do their mean and deviation. The norm divides them out: **scale invariance**.

# %% [markdown] predict="times_ten"
# **Predict.** You multiply one convolution's weights by 10. A batch norm stands behind
# it. What happens to the loss, and to the gradient in these weights?
#
# - Loss the same; gradient the same: the layer computes the same.
#   wrong: the gradient thought to follow from the loss alone. It says what a *step* in
#   the weights does; the same step is now ten times smaller beside the weights.
# - Loss the same; gradient 10 times as large.
#   wrong: the factor set on the wrong side. To change the output by as much, you need
#   a change of the weights ten times as large.
# - Loss the same; gradient 10 times as small.
#   right: if the loss at 10 W is that at W for every W, its slope at 10 W is a tenth of
#   the slope at W.
# - Loss larger; gradient larger.
#   wrong: the norm forgotten. It divides by the deviation, which is ten times as large.


# %%
def loss_and_gradient(net, conv):
    """Loss of 200 training images and the gradient in `conv`'s weights."""
    loss = F.cross_entropy(net(X[:200]), y[:200])
    return loss.item(), torch.autograd.grad(loss, conv.weight)[0]


for name, norm in norms.items():
    net = make_conv_net(norm)
    loss, gradient = loss_and_gradient(net, net[3])
    with torch.no_grad():
        net[3].weight *= 10
    loss_10, gradient_10 = loss_and_gradient(net, net[3])
    shrunk = gradient.norm() / gradient_10.norm()
    print(f"{name:>10}: loss {loss:.3f} and {loss_10:.3f},", end=" ")
    print(f"gradient divided by {shrunk:.3f}")
    if name == "batch norm":
        assert abs(loss - loss_10) < 1e-3 and abs(shrunk - 10) < 0.05
    else:
        assert loss_10 > loss + 0.2

# %% [markdown]
# So the layer has a brake of its own: weights that a long step made large get smaller
# gradients, and further steps count less. (That is why weight decay before a batch norm
# doesn't limit what the layer can compute; it only changes the length of its steps.)
#
# If scale is the matter, then a bad start should do no harm. Multiply all He weights of
# a [multilayer perceptron](07) by a factor from 0.1 to 10, and train two epochs.


# %%
def make_mlp(norm=nn.Identity, width=64, depth=3, scale=1.0):
    """Scores of (N, 1, 28, 28): `depth` times full layer, `norm`, ReLU; full layer."""
    layers, c_in = [nn.Flatten()], 784
    for _ in range(depth):
        layers += [nn.Linear(c_in, width), norm(width), nn.ReLU()]
        c_in = width
    net = he_start(nn.Sequential(*layers, nn.Linear(width, 10)))
    with torch.no_grad():
        for layer in net:
            if isinstance(layer, nn.Linear):
                layer.weight *= scale
    return net


scales = [0.1, 0.3, 1, 3, 10]
starts = {
    name: [
        [train_sgd(make_mlp(norm, scale=k), 0.1, s, 2)[0] for s in range(2)]
        for k in scales
    ]
    for name, norm in {"without": nn.Identity, "batch norm": nn.BatchNorm1d}.items()
}

# %% [markdown]
# **Look for** the range of starts from which each net learns.

# %%
fig = drawings.by_setting(
    scales, starts, "factor on the start weights", "validation accuracy"
)
plots.show(
    fig,
    alt="Validation accuracy against the factor on the start weights, log scale. "
    "Without norm it is good near 1 only, and near 0.1 at both ends. With batch norm "
    "it falls much less at either end.",
)
start_means = {n: [statistics.mean(r) for r in rows] for n, rows in starts.items()}
for name, row in start_means.items():
    print(f"{name:>10}: {[round(a, 2) for a in row]}")
assert min(start_means["batch norm"]) > 0.25
assert max(start_means["batch norm"]) - min(start_means["batch norm"][:3]) < 0.12
assert max(start_means["batch norm"]) - start_means["batch norm"][3] < 0.22
assert max(start_means["without"][0], start_means["without"][4]) < 0.3
others = [a for k, a in zip(scales, start_means["without"], strict=True) if k != 1]
assert start_means["without"][2] > max(others) + 0.1

# %% [markdown]
# Without the norm the net learns near He's scale only. With it the start hardly matters
# from 0.1 to 1, may cost something at 3, and even at 10 the net learns, although the
# last layer has no norm. This story passes its test.
#
# One more story can be checked: that *early layers have the larger gradients*, and
# that the norm evens this out. Average over five starts, and measure in two ways: a
# layer's gradient as a whole, beside the size of its weights, and the typical gradient
# of a single weight.

# %%
for name, norm in norms.items():
    whole, single = torch.zeros(7), torch.zeros(7)
    for _ in range(5):
        net = make_conv_net(norm)
        F.cross_entropy(net(X[:500]), y[:500]).backward()
        weights = [p for p in net.parameters() if p.ndim > 1]
        whole += torch.stack([(p.grad.norm() / p.norm()).detach() for p in weights]) / 5
        single += torch.stack([p.grad.square().mean().sqrt() for p in weights]) / 5
    print(f"{name:>10}: whole layer {[round(v, 2) for v in whole.tolist()]}")
    print(f"{'':>10}  one weight  {[round(v, 3) for v in single.tolist()]}")
    assert whole[0] < whole[1] and whole[0] < whole[1:].mean()
    ratio = single[0] / single[1:6].mean()
    assert 0.7 < ratio < 1.3 if name == "without" else ratio > 0.9

# %% [markdown]
# As a whole, the first layer's gradient is *smaller* than that of the second layer and
# than the mean of all later ones, in both nets: it has 300 weights, each other
# convolution 1,296. For a single weight it is about the mean of the other convolutions
# without a norm, and about that or more with it. So the story fails: in the plain net
# early layers are not ahead, and there is nothing here for a norm to even out.

# %% [markdown]
# ## Your output depends on your neighbours
#
# In train mode the mean and the deviation come from the batch. So what the net says
# about an image depends on who else is in the batch. Put one image into 100 batches of
# each size, made of different companions, and watch one score.
#
# **Look for** how the spread falls from left to right.

# %%
net = long_runs["batch norm"][0][0]
watched = copy.deepcopy(net).train()
told, sizes = {}, [4, 16, 64, 256]
with torch.no_grad():
    for size in sizes:
        others = [torch.randperm(len(X_valid) - 1)[: size - 1] + 1 for _ in range(100)]
        batches = [torch.cat([X_valid[:1], X_valid[rows]]) for rows in others]
        told[size] = torch.stack([watched(T)[0, y_valid[0]] for T in batches])
    net.eval()
    calm = torch.stack([net(T)[0, y_valid[0]] for T in batches[:20]])
spread = {size: scores_.std().item() for size, scores_ in told.items()}
plots.show(
    drawings.clouds(told, "images in the batch", "score of one image's class"),
    alt="Scores that one image gets in 100 batches, for batches of 4, 16, 64 and 256. "
    "The cloud gets narrower from left to right.",
)
print("spread:", {size: round(v, 2) for size, v in spread.items()})
print(f"in eval mode: {calm.std():.1e}")
assert spread[4] > spread[16] > spread[64] > spread[256] > 0
assert 1.7 < spread[4] / spread[64] < 10 and calm.std() < 1e-4

# %% [markdown]
# The spread falls from each size to the next. (The spread of a mean of independent
# values falls to a half at four times as many; here a step may be smaller or larger.)
# In eval mode it is 0. This is one reason why batches of **50 to 100** are customary
# with batch norm: below that the statistics get noisy, above it one gains little.
#
# Is the noise only bad? [Dropout](08) is noise too, and it regularises. Test it: train
# an MLP on 500 images for 40 epochs with batches of 100, but let the norm see groups of
# 5 only (the field says **ghost batches**). The gradient still comes from 100.


# %%
class GroupsOfFive(nn.BatchNorm1d):
    """Batch norm that takes its statistics from 5 examples at a time in training."""

    def forward(self, X):
        if not self.training:
            return super().forward(X)
        forward = super().forward
        return torch.cat([forward(group) for group in X.split(5)])


def cosine(net, num_epochs):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    return optimizer, CosineAnnealingLR(optimizer, num_epochs)


noisy = {"norm over 100": nn.BatchNorm1d, "norm over 5": GroupsOfFive}
measured = {}
for name, norm in noisy.items():
    rows = []
    for seed in range(2):
        net = make_mlp(norm, depth=2)
        optimizer, scheduler = cosine(net, 40)
        data = load_array((X[:500], y[:500]), 100, seed=seed)
        settings = {"optimizer": optimizer, "scheduler": scheduler, "device": device}
        train(
            net, data, loss=F.cross_entropy, num_epochs=40, progress=False, **settings
        )
        losses_eval = [  # both in eval mode, without the noise
            evaluate(net, [pair], loss=F.cross_entropy)["loss"]
            for pair in ((X[:500], y[:500]), (X_valid, y_valid))
        ]
        accuracy = evaluate(net, [(X_valid, y_valid)])["accuracy"]
        rows.append((*losses_eval, accuracy))
    measured[name] = torch.tensor(rows).mean(dim=0).tolist()
    print(f"{name:>13}: training loss {measured[name][0]:.3f}, validation loss", end="")
    print(f" {measured[name][1]:.3f}, validation accuracy {measured[name][2]:.3f}")
calm_row, noisy_row = measured["norm over 100"], measured["norm over 5"]
gaps = [row[1] - row[0] for row in (calm_row, noisy_row)]
assert noisy_row[0] > 3 * calm_row[0] and gaps[1] < gaps[0] - 0.05
assert noisy_row[1] < calm_row[1] + 0.1
assert abs(noisy_row[2] - calm_row[2]) < 0.04

# %% [markdown]
# Both losses are measured in eval mode. After training with noise the training loss is
# several times larger, and the validation loss does not rise along: the gap between
# them shrinks. In that sense the noise regularises. But the accuracy moves by a few
# hundredths at most. Don't count on it; where you need regularisation, add some on
# purpose.

# %% [markdown]
# ## Batches of two
#
# Large images or detailed labels may force batches of 2 on you. What then? Standardise
# two numbers $a > b$ by hand: the mean is in the middle, the deviation is half their
# distance. Whatever they were, you get $+1$ and $-1$.

# %%
with torch.no_grad():
    pair = nn.Linear(784, 8)(X[:2].flatten(1))  # (2, 8)
    two = nn.BatchNorm1d(8, eps=1e-12)(pair)
print("computed:    ", [[round(v, 2) for v in row] for row in pair.tolist()])
print("standardised:", [[round(v, 2) for v in row] for row in two.tolist()])
assert (two.abs() - 1).abs().max() < 0.02

# %% [markdown]
# Only a sign is left of each number. Two other norms don't look at the batch at all:
# **layer norm** standardises over all units of one example, **group norm** over groups
# of its units (here 4 groups of 16). Their formulas follow below.

# %%
families = {"batch norm": nn.BatchNorm1d, "layer norm": nn.LayerNorm}
families["group norm"] = lambda width: nn.GroupNorm(4, width)
batch_sizes = [2, 16, 64]
by_size = {
    name: [
        [train_sgd(make_mlp(norm), 0.002 * size, seed, 1, size)[0] for seed in range(2)]
        for size in batch_sizes
    ]
    for name, norm in families.items()
}

# %% [markdown]
# (The rate grows with the batch, 0.002 for each image in it, so that all sizes move
# about equally far in an epoch.) **Look for** the curve that drops at the left.

# %%
fig = drawings.by_setting(batch_sizes, by_size, "batch size", "validation accuracy")
plots.show(
    fig,
    alt="Validation accuracy against batch size for batch, layer and group norm. At 16 "
    "and 64 batch norm is as good as the others or better. At 2 it falls far below "
    "them.",
)
size_means = {n: [statistics.mean(r) for r in rows] for n, rows in by_size.items()}
for name, row in size_means.items():
    print(f"{name:>10}: {[round(a, 2) for a in row]}")
at_two = {name: row[0] for name, row in size_means.items()}
assert at_two["batch norm"] < 0.4
for name in ("layer norm", "group norm"):
    assert at_two[name] > size_means[name][1] - 0.07
    assert (
        min(size_means["batch norm"][k] - size_means[name][k] for k in (1, 2)) > -0.05
    )

# %% [markdown]
# Batch norm breaks down at 2 and is fine at 16; the other two hold at 2 what they reach
# at 16. (Compare norms at one size: with 64 an epoch has only 24 steps.) Now a
# surprise: do the same with a *convolutional* net.

# %% [markdown] predict="conv_of_two"
# **Predict.** A small convolutional net with `BatchNorm2d`, batches of 2. Its maps are
# 7 x 7. Does it break down, too?
#
# - Yes: a batch of 2 is a batch of 2.
#   wrong: the batch counted instead of the values in a mean. Two maps hold many values.
# - No: each mean is over 2 x 49 = 98 values.
#   right: what counts is how many values a mean is made of, and places count as
#   examples.
# - No: convolutions don't need normalization.
#   wrong: need confused with harm. What doesn't need a norm can still be harmed by one.


# %%
def make_small_conv(norm):
    """One convolution to 8 maps of 7 x 7, `norm`, ReLU, a full layer."""
    conv = nn.Conv2d(1, 8, 5, stride=4, padding=2)
    return he_start(nn.Sequential(conv, *norm, nn.ReLU(), nn.Linear(8 * 49, 10)))


kinds = {
    "over examples and places: 98 values": [nn.BatchNorm2d(8), nn.Flatten()],
    "over examples: 2 values": [nn.Flatten(), nn.BatchNorm1d(8 * 49)],
    "layer norm": [nn.Flatten(), nn.LayerNorm(8 * 49)],
}
conv_of_two = {}
for name, norm in kinds.items():
    runs = []
    for seed in range(2):
        net = make_small_conv(copy.deepcopy(norm))
        runs.append(train_sgd(net, 0.004, seed, 1, 2)[0])
    conv_of_two[name] = statistics.mean(runs)
    print(f"{conv_of_two[name]:.2f}  {name}")
over_98, over_2, over_units = conv_of_two.values()
assert over_98 > over_2 + 0.05 and abs(over_98 - over_units) < 0.1

# %% [markdown]
# The same net, the same batches of 2: with 98 values a mean, batch norm does as well as
# layer norm; with 2 values it loses. So count $N \cdot H \cdot W$, not $N$. (Nets for
# large images have small maps at their end. There a batch of 2 does hurt: Wu and He,
# 2018, report it for ResNet-50.)

# %% [markdown]
# ## Layer, group and instance norm
#
# All four have one formula, $\gamma\,(x - \mu)/\sqrt{\sigma^2 + \epsilon} + \beta$.
# They differ in *who shares a mean*. **Look for** the norms in which no colour crosses
# from one row, which is one example, into another.

# %%
plots.show(
    drawings.norm_axes(["batch", "layer", "instance", "group"]),
    alt="Four grids of maps, rows are examples, columns channels. Batch norm: each "
    "column has one colour. Layer norm: each row. Instance norm: each square its own. "
    "Group norm: each half row.",
)

# %% [markdown]
# Only batch norm crosses the rows. The other three do the same for a batch of one, and
# the same in train and eval mode; they keep no moving averages.
#
# | norm | mean over | used in |
# |---|---|---|
# | batch | N, H, W | CNNs with batches of 16 or more |
# | layer | C, H, W (or the last axis) | [Transformers](23), [recurrent networks](20) |
# | group | a group of channels, H, W | CNNs with small batches |
# | instance | H, W | [style transfer](31 "neural style transfer") |
#
# Group norm with one group is layer norm over (C, H, W); with C groups it is instance
# norm.


# %%
def normalize(X, axes, eps=1e-5):
    """(X - mean) / sqrt(var + eps), mean and biased variance over `axes`."""
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return (X - mean) / torch.sqrt(var + eps)


def group_norm(X, num_groups):
    """X: (N, C, H, W); mean and variance over each group of C / num_groups maps."""
    N, C, height, width = X.shape
    groups = X.reshape(N, num_groups, C // num_groups, height, width)
    return normalize(groups, (2, 3, 4)).reshape(X.shape)


A = maps[0]  # (64, 12, 14, 14)
pairs = {
    "batch": (normalize(A, (0, 2, 3)), nn.BatchNorm2d(12)),
    "layer": (normalize(A, (1, 2, 3)), nn.LayerNorm((12, 14, 14))),
    "instance": (normalize(A, (2, 3)), nn.InstanceNorm2d(12)),
    "group": (group_norm(A, 4), nn.GroupNorm(4, 12)),
}
for name, (mine, theirs) in pairs.items():
    torch.testing.assert_close(mine, theirs(A), rtol=1e-4, atol=1e-4)
    print(f"{name:>8}: by hand and in PyTorch the same")
torch.testing.assert_close(group_norm(A, 1), pairs["layer"][0])
torch.testing.assert_close(group_norm(A, 12), pairs["instance"][0])

# %% [markdown]
# Their $\gamma$ and $\beta$: one pair a *channel* for group and instance norm (the
# latter has none unless you say `affine=True`), one pair a *unit* for `nn.LayerNorm`,
# which takes the shape of the axes that it averages over.
#
# **RMSNorm** leaves the mean alone and divides by the root of the mean square,
# $x / \sqrt{\tfrac{1}{n}\sum_i x_i^2 + \epsilon}$, times $\gamma$. It needs
# one mean fewer than layer norm, and many of today's language models use it.

# %%
rows = vectors[0]  # (64, 12)
by_hand = rows / (rows.square().mean(dim=1, keepdim=True) + 1e-5).sqrt()
torch.testing.assert_close(by_hand, nn.RMSNorm(12, eps=1e-5)(rows))
shapes = {
    "batch": nn.BatchNorm2d(12).weight.shape,
    "group": nn.GroupNorm(4, 12).weight.shape,
    "layer": nn.LayerNorm((12, 14, 14)).weight.shape,
}
print({name: tuple(shape) for name, shape in shapes.items()})
assert nn.InstanceNorm2d(12).weight is None and shapes["layer"] == (12, 14, 14)

# %% [markdown]
# ## Where does it stand?
#
# In the paper, and in most nets, **after the affine map and before the activation**:
# convolution, batch norm, ReLU. There the values spread to both sides of 0, so that
# about half of each channel passes the ReLU. Is the place a law? Try the other order.


# %%
class NormLast(nn.Module):
    """ReLU, then batch norm: the other order, to be used as `norm`."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, X):
        return self.norm(F.relu(X))


def make_other_order():
    """The conv net with convolution, ReLU, batch norm."""
    layers = list(make_conv_net(NormLast))
    kept = [layer for layer in layers if not isinstance(layer, nn.ReLU)]
    return nn.Sequential(*kept)


other = [train_sgd(make_other_order(), 0.08, seed)[0] for seed in range(3)]
third, _ = train_sgd(make_conv_net(nn.BatchNorm2d), 0.08, seed=2)
usual = [*grid["batch norm"][2], third]  # the two of above, and one more
for name, values in {"norm, ReLU": usual, "ReLU, norm": other}.items():
    print(
        f"{name}: {[round(v, 3) for v in values]}, mean {statistics.mean(values):.3f}"
    )
assert statistics.mean(other) > best_plain + 0.1
assert statistics.mean(other) > statistics.mean(usual) - 0.04

# %% [markdown]
# The other order also trains far better than no norm, and here about as well as the
# usual one or better. The place before the activation is a custom, with a practical
# advantage that the next sections use: there the norm stands directly behind the affine
# map.

# %% [markdown]
# ## A bias before batch norm is useless
#
# A bias adds one number to a whole channel. The norm subtracts the channel's mean, and
# with it the bias. So the loss doesn't depend on it, and its gradient is 0, but for
# rounding.

# %%
net = make_conv_net(nn.BatchNorm2d)
double = copy.deepcopy(net).double()  # float64, to keep rounding small
F.cross_entropy(double(X[:100].double()), y[:100]).backward()
useless = double[3].bias.grad.abs().max().item()
useful = double[4].bias.grad.abs().max().item()
print(f"largest gradient: bias of the convolution {useless:.1e}, beta {useful:.1e}")
assert useless < 1e-12 < 1e-4 < useful

# %% [markdown]
# The work of a bias is done by $\beta$. So people write
# `nn.Conv2d(..., bias=False)` before a batch norm, and save the parameters.

# %% [markdown]
# ## What goes wrong in practice
#
# **"I forgot `net.eval()`."** Then the test images standardise each other. Three
# deliveries of the same 1,000 images: shuffled, sorted by class, one by one.

# %% [markdown] predict="forgotten_eval"
# **Predict.** The trained net stays in train mode. Which delivery does it read worst?
#
# - None: the weights are the same, so the scores are.
#   wrong: the statistics forgotten. In train mode they belong to the batch.
# - Shuffled batches of 50: they are noisy.
#   wrong: noise of 50 images thought to be much. They look like the training batches.
# - Sorted batches and single images; shuffled ones it reads nearly as well as in eval
#   mode.
#   right: a batch of one class has another mean than the mixed ones in training, and
#   the norm subtracts just what the class has in common.
# - Only single images, since their variance is 0.
#   wrong: the places forgotten. A map has many values, so a single image has a
#   variance. It is merely the wrong one.


# %%
@torch.no_grad()
def read(net, X, y, batch_size, training):
    """Accuracy of a copy of the net, in train or eval mode."""
    net = copy.deepcopy(net).train(training)
    y_hat = torch.cat([net(T).argmax(dim=1) for T in X.split(batch_size)])
    return (y_hat == y).float().mean().item()


net = long_runs["batch norm"][0][0]
order = y_valid.argsort()
X_sorted, y_sorted = X_valid[order], y_valid[order]
reads = {
    "eval mode": read(net, X_sorted, y_sorted, 50, training=False),
    "shuffled, 50": read(net, X_valid, y_valid, 50, training=True),
    "sorted, 50": read(net, X_sorted, y_sorted, 50, training=True),
    "one by one": read(net, X_valid, y_valid, 1, training=True),
}

# %% [markdown]
# **Look for** the bars that fall.

# %%
plots.show(
    drawings.bars(reads, "accuracy of one and the same net"),
    alt="Four bars. Eval mode and shuffled batches of 50 in train mode are high and "
    "close. Sorted batches and single images in train mode are much lower.",
)
assert abs(reads["shuffled, 50"] - reads["eval mode"]) < 0.05
assert max(reads["sorted, 50"], reads["one by one"]) < reads["eval mode"] - 0.1

# %% [markdown]
# The mistake hides while the test data come shuffled. It also *changes the net*: each
# pass in train mode moves the averages.
#
# **A batch of one.** Behind a full layer a batch of one has one value a channel: no
# variance. PyTorch refuses it, in train mode only. You meet it when 1,001 examples come
# in batches of 100; `drop_last=True` helps.

# %%
layer = nn.BatchNorm1d(12)
try:
    layer(vectors[0][:1])
    refused = ""
except ValueError as error:
    refused = str(error)
print(refused)
assert "more than 1 value" in refused
layer.eval()
print("eval mode:", tuple(layer(vectors[0][:1]).shape), "and no complaint")

# %% [markdown]
# **Dropout before batch norm.** Dropout keeps the mean of a number but makes its
# variance larger, in training only. A later batch norm stores this larger variance, and
# in eval mode divides by it though dropout is off: a **variance shift** (Li et al.,
# 2019). Measure it in a trained net, with dropout before the last norm and behind it.


# %%
def with_dropout(before):
    """MLP with one dropout of 0.5: before the last norm's layer, or at the end."""
    layers = list(make_mlp(nn.BatchNorm1d))
    layers.insert(7 if before else 10, nn.Dropout(0.5))
    return nn.Sequential(*layers)


@torch.no_grad()
def stored_over_met(net):
    """Last norm: stored deviation over that of its input in eval mode, per unit."""
    net.eval()
    last = max(i for i, layer in enumerate(net) if isinstance(layer, nn.BatchNorm1d))
    inputs = net[:last](X)  # (1500, 64)
    return (net[last].running_var.sqrt() / inputs.std(dim=0)).median().item()


shift = {}
for place, before in {"before the norm": True, "behind all norms": False}.items():
    net = with_dropout(before)
    accuracy, _ = train_sgd(net, 0.1, num_epochs=6)
    shift[place] = stored_over_met(net)
    print(
        f"dropout {place:>16}: stored / met {shift[place]:.2f}, accuracy {accuracy:.2f}"
    )
assert shift["before the norm"] > 1.1 and abs(shift["behind all norms"] - 1) < 0.07

# %% [markdown]
# With dropout before the norm the stored deviations are too large for eval mode; with
# dropout behind all norms they fit. So if you use both, put dropout **behind** the last
# batch norm, near the output.

# %% [markdown]
# ## Fold it away
#
# In eval mode a batch norm is one multiplication and one addition with fixed numbers a
# channel. So is what a convolution does last. Join them. With
# $s = \gamma / \sqrt{\text{moving var} + \epsilon}$,
#
# $$W' = s\,W, \qquad b' = s\,(b - \text{moving mean}) + \beta ,$$
#
# where $s$ multiplies all weights of its *output* channel. The norm is gone, and the
# numbers are the same.


# %%
@torch.no_grad()
def fold(conv, norm):
    """A convolution that gives in one step what `norm(conv(X))` gives in eval mode."""
    s = norm.weight / torch.sqrt(norm.running_var + norm.eps)  # (C_out,)
    folded = copy.deepcopy(conv)
    folded.weight.copy_(conv.weight * s.reshape(-1, 1, 1, 1))  # (C_out, C_in, k, k)
    folded.bias.copy_((conv.bias - norm.running_mean) * s + norm.bias)
    return folded


net = long_runs["batch norm"][0][0].eval()
layers, lean = list(net), []
for i, layer in enumerate(layers):
    if isinstance(layer, nn.BatchNorm2d):
        lean[-1] = fold(layers[i - 1], layer)
    else:
        lean.append(layer)
lean = nn.Sequential(*lean).eval()
with torch.no_grad():
    torch.testing.assert_close(net(X_valid), lean(X_valid), rtol=1e-3, atol=1e-3)
print(f"{len(net)} layers, folded {len(lean)}; the same scores")

# %% [markdown]
# Does it save time? Time both nets in turn, 200 pairs, one image each, and compare
# within each pair, so that a busy moment of the computer hits both.


# %%
@torch.inference_mode()
def seconds(net, X):
    start = time.perf_counter()
    net(X)
    return time.perf_counter() - start


times = [(seconds(net, X[:1]), seconds(lean, X[:1])) for _ in range(210)][10:]
ratios = [after / before for before, after in times]
typical = [1e3 * statistics.median(column) for column in zip(*times, strict=True)]
print(f"median {typical[0]:.3f} ms with norms, {typical[1]:.3f} ms folded")
print(f"median ratio {statistics.median(ratios):.2f}")
assert statistics.median(ratios) < 0.95

# %% [markdown]
# The folded net gives the same scores in less time. Tools that prepare trained nets for
# use do this step. It can't be done with layer or group norm, whose
# statistics come from each example.

# %% [markdown]
# ## So, how far does it go?
#
# The recipes were chosen on validation data. Now open the test set, once. Beside the
# two nets stand the most frequent class and [softmax regression](06).

# %%
simple = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
train_sgd(simple, 0.01, num_epochs=6)
guess = (y_test == y.bincount().argmax()).float().mean().item()
tested = {"most frequent class": [guess]}
tested["softmax regression"] = [evaluate(simple, [(X_test, y_test)])["accuracy"]]
for name, runs in long_runs.items():
    tested[f"conv net, {name}"] = [
        evaluate(net, [(X_test, y_test)])["accuracy"] for net, _ in runs
    ]
for name, values in tested.items():
    spread = f", {len(values)} runs" if len(values) > 1 else ""
    print(f"{name:>20}: {statistics.mean(values):.3f}{spread}")
reached = {name: statistics.mean(values) for name, values in tested.items()}
plain, normed = reached["conv net, without"], reached["conv net, batch norm"]
assert normed > plain + 0.01 > reached["softmax regression"] and guess < 0.15

metrics = {"test accuracy, batch norm": normed, "test accuracy, without": plain}

# %% [markdown]
# ## Summary
#
# - Batch norm standardises each channel over the batch and all places, then scales and
#   shifts by learned $\gamma$ and $\beta$, one pair a channel.
# - Output: biased variance. Moving variance: the unbiased one. PyTorch's momentum is
#   the weight of the new value.
# - Train mode uses the batch, eval mode moving averages: don't forget `eval()`.
# - It works over a wide range of learning rates and starts; with both nets trained well
#   it is ahead by some hundredths here, up to about a tenth.
# - Why it works is disputed. It isn't only that distributions hold still.
# - Means of few values break it; layer and group norm not.
# - Drop the bias before it, put dropout behind it, fold it at the end.

# %% [markdown]
# ## To think about
#
# 1. Train the conv net with the default start of PyTorch in place of He's. Which of the
#    two curves of the learning rates moves?
# 2. Freeze $\gamma$ at 1 and $\beta$ at 0. What does the net lose?
# 3. In the drift figure, why does the plain net's curve climb from layer to layer?
# 4. A trained net shall read photos taken at night, all darker. Would you let its
#    moving averages follow? What must the batches be like?
# 5. Two computers share a batch of 4. Which statistics should each take?

# %% [markdown]
# The exercise notebook `16_normalization` comes next: norms over sequences, averages of
# another kind, layer and group norm, a folding of another sort, and a norm to mend.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: section 7.5 in the edition of
#   `d2l` 0.17, 8.5 in the printed book.
# - Ioffe, Szegedy, *Batch normalisation: accelerating deep network training by reducing
#   internal covariate shift*, ICML 2015.
# - Santurkar, Tsipras, Ilyas, Madry, *How does batch normalisation help optimization?*,
#   NeurIPS 2018.
# - Ba, Kiros, Hinton, *Layer normalization*, 2016. Ulyanov, Vedaldi, Lempitsky,
#   *Instance normalization*, 2016. Wu, He, *Group normalization*, ECCV 2018. Zhang,
#   Sennrich, *Root mean square layer normalization*, NeurIPS 2019.
# - Li, Chen, Hu, Yang, *Understanding the disharmony between dropout and batch
#   normalization by variance shift*, CVPR 2019.
