# %% [markdown]
# # Normalization: exercises
#
# Nine exercises and four questions. You write norms for shapes that the lecture didn't
# have, an average of another kind, and a folding; you mend a broken layer, and give
# a trained net new averages. Each exercise stands alone.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then the check below
# it. Some tests are hidden: they try other sizes.
#
# Stuck? `check.hint("statistics_of")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import math

import torch
from torch import nn

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# The checks use a helper: `numbers(N, C, ...)` makes up values, always the same ones
# for a shape, and `moved(layer)` gives a norm parameters and averages that are neither
# 0 nor 1.


# %%
def numbers(*shape):
    """Made-up values of the given shape, mean near 1, always the same."""
    generator = torch.Generator().manual_seed(sum(shape))
    return 1 + 2 * torch.randn(shape, generator=generator)


def moved(layer):
    """Give a norm fixed parameters and moving averages; return it."""
    with torch.no_grad():
        for k, tensor in enumerate([*layer.parameters(), *layer.buffers()]):
            if tensor.ndim:
                tensor.copy_(0.3 + numbers(*tensor.shape, k + 1)[..., k].abs())
    return layer


# %% [markdown]
# ## 1. How many means?
#
# Write `statistics_of(shape, norm, num_groups)`: how many means a norm computes for a
# batch of this shape in training, and of how many values each is made.
#
# - Takes `shape`: (N, C, ...), a tuple of two or more ints, places behind the channels
#   in any number of axes; `norm`: `"batch"`, `"layer"` (over all axes but the first),
#   `"instance"` or `"group"`; `num_groups`: used by `"group"` only.
# - Returns two numbers: how many means, values in each.
# - Not allowed: torch or NumPy. Use arithmetic.
#
# Example: `statistics_of((4, 6, 5, 5), "batch", 2)` gives `(6, 100)`.


# %% exercise="statistics_of"
def statistics_of(shape, norm, num_groups):
    """How many means a norm has for a batch (N, C, ...), and how many values each."""
    ### BEGIN SOLUTION
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod(shape) // means
    ### END SOLUTION


# %% test="statistics_of" points=2 bans="torch"
def all_four(shape, num_groups):
    names = ("batch", "layer", "instance", "group")
    return [check.call(statistics_of, shape, name, num_groups) for name in names]


told = "statistics_of({}, norm, {}) for batch, layer, instance, group"
shape = (5, 6, 7, 11)
check.probe(all_four, shape, 3, call=told.format(shape, 3))
### BEGIN HIDDEN TESTS
check.probe(all_four, (3, 8, 13), 2)
check.probe(all_four, (2, 12, 3, 5, 7), 4)
check.probe(all_four, (9, 10), 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Batch norm over sequences
#
# A batch of sequences is (N, C, L): N examples, C channels, L steps in time. Write
# `batch_norm_sequences(X, gamma, beta, eps)`: batch norm **in training**, each channel
# over examples and steps, then scale and shift.
#
# - Takes `X`: (N, C, L) float32; `gamma`, `beta`: (C,); `eps`: a float, added to the
#   variance.
# - Returns (N, C, L), biased variance.
# - Not allowed: PyTorch's normalisation.
#
# Example: with `gamma` 1, `beta` 0 and `eps` 0 a channel `[[1, 3], [1, 3]]` (two
# examples, two steps) becomes `[[-1, 1], [-1, 1]]`.


# %% exercise="batch_norm_sequences"
def batch_norm_sequences(X, gamma, beta, eps):
    """Batch norm of (N, C, L) in training mode, with scale and shift (C,)."""
    ### BEGIN SOLUTION
    mean = X.mean(dim=(0, 2), keepdim=True)  # (1, C, 1)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)
    ### END SOLUTION


# %% test="batch_norm_sequences" points=2 bans="normalisation"
gamma, beta = torch.tensor([2.0, 0.5, -1.0]), torch.tensor([1.0, -2.0, 3.0])
check.probe(batch_norm_sequences, numbers(2, 3, 4), gamma, beta, 0.5)
### BEGIN HIDDEN TESTS
check.probe(batch_norm_sequences, numbers(3, 3, 3), gamma, beta, 1e-5)
check.probe(batch_norm_sequences, numbers(1, 2, 5), gamma[:2], beta[1:], 0.1)
check.probe(batch_norm_sequences, torch.ones(4, 2, 1), gamma[:2], beta[1:], 1e-3)
### END HIDDEN TESTS

# %% [markdown] choice="constant_channel" points=1
# ## Think: a channel that is always the same
# In one batch a channel has the value 7 everywhere. Batch norm has learned
# $\gamma = 2$ and $\beta = 3$ for it, and is in train mode. What comes out?
#
# - Not a number, since the deviation is 0.
#   wrong: epsilon forgotten, which keeps the root away from 0
# - 3 everywhere.
#   right: each value minus the mean is 0, and 0 stays 0 whatever it is divided by.
# - 5 everywhere.
#   wrong: a constant thought to be standardised to 1
# - 17 everywhere.
#   wrong: scale and shift applied to values that were not standardised

# %% [markdown]
# ## 3. Moving averages of another kind
#
# With `momentum=None` PyTorch's batch norm keeps a **cumulative** average: after $t$
# batches each of them has the weight $1/t$. Write
# `update_averages(mean, var, count, X, momentum)` for both kinds.
#
# - Takes `mean`, `var`: (C,), the averages so far; `count`: int, how many batches they
#   have seen; `X`: (N, C, L), the new batch; `momentum`: a float, the weight of the new
#   value, or None.
# - Returns the new `mean`, `var` and `count`. Into `var` goes the **unbiased** variance
#   of the batch. The arguments stay as they are.
# - Not allowed: PyTorch's normalisation.
#
# Example: the batch's mean 8 changes a mean of 5 to 5.3 with momentum 0.1, and to 6
# with None after two batches (count 2).


# %% exercise="update_averages"
def update_averages(mean, var, count, X, momentum):
    """New moving averages (C,), (C,) and count after the batch X: (N, C, L)."""
    ### BEGIN SOLUTION
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    return mean + weight * (new_mean - mean), var + weight * (new_var - var), count
    ### END SOLUTION


# %% test="update_averages" points=3 bans="normalisation"
mean, var = torch.tensor([4.0, -3.0, 0.5]), torch.tensor([9.0, 2.0, 6.0])
check.probe(update_averages, mean, var, 4, numbers(2, 3, 5), 0.3)
check.probe(update_averages, mean, var, 4, numbers(2, 3, 5), None)
### BEGIN HIDDEN TESTS
check.probe(update_averages, mean, var, 0, numbers(4, 3, 2), None)
check.probe(update_averages, mean, var, 7, numbers(1, 3, 4), 1.0)
check.probe(update_averages, mean, var, 1, numbers(1, 3, 4), 0.0)
### END HIDDEN TESTS

# %% [markdown] choice="copied_momentum" points=1
# ## Think: a momentum from another library
# In another library a net was trained with momentum 0.99 in its batch norms, where that
# is the weight of the **old** value. You write `momentum=0.99` in PyTorch and train.
# What do you get in eval mode?
#
# - The same: a weighted mean is the same from either end.
#   wrong: the two weights thought to be interchangeable
# - Averages over about the last hundred batches.
#   wrong: the number read by the other library's convention
# - Statistics close to the start, mean 0 and variance 1, for a long time.
#   wrong: the weight of the new value thought to be 0.01
# - Nearly the statistics of the very last batch.
#   right: the new value has the weight 0.99, so of all earlier batches together 1 % is
#   left.

# %% [markdown]
# ## 4. Layer norm over chosen axes
#
# `nn.LayerNorm` averages over the last axes, one, two or all but the first. Write
# `layer_norm(X, gamma, beta, eps)`, which reads from `gamma` how many.
#
# - Takes `X`: float32 of any shape; `gamma`, `beta`: of the shape of the **last** axes
#   of `X` (as many as `gamma` has), one pair a unit; `eps`: added to the variance.
# - Returns a tensor of the shape of `X`: for each index of the other axes, mean and
#   biased variance over all these last axes.
# - Not allowed: PyTorch's normalisation.
#
# Example: for `X` of (2, 3, 4) and `gamma` of (3, 4) there are two means, of 12 values
# each; for `gamma` of (4,) there are six, of 4.


# %% exercise="layer_norm"
def layer_norm(X, gamma, beta, eps):
    """Layer norm of X over its last `gamma.ndim` axes, with scale and shift."""
    ### BEGIN SOLUTION
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta
    ### END SOLUTION


# %% test="layer_norm" points=2 bans="normalisation"
X = numbers(3, 2, 2, 4, 5)
check.probe(layer_norm, X, numbers(4, 5), numbers(5, 4).T, 0.3)
check.probe(layer_norm, numbers(2, 3, 4), numbers(4), numbers(5)[1:], 0.3)
### BEGIN HIDDEN TESTS
check.probe(layer_norm, numbers(2, 2, 3, 4), numbers(2, 3, 4), numbers(2, 3, 4), 1e-5)
check.probe(layer_norm, numbers(6, 5), numbers(5), numbers(5), 0.01)
check.probe(layer_norm, numbers(5), numbers(5), numbers(5), 0.1)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Group norm
#
# Write `group_norm(X, num_groups, gamma, beta, eps)`.
#
# - Takes `X`: (N, C, ...) with any number of axes behind the channels, none too;
#   `num_groups`: divides C; `gamma`, `beta`: (C,), one pair a **channel**; `eps`: added
#   to the variance.
# - Neighbouring channels form a group: the first C / num_groups, the next, and so on.
# - Returns a tensor of the shape of `X`, biased variance.
# - Not allowed: PyTorch's normalisation.
#
# Example: with 6 channels and `num_groups=2` the channels 0, 1, 2 share a mean.


# %% exercise="group_norm"
def group_norm(X, num_groups, gamma, beta, eps):
    """Group norm of X: (N, C, ...), scale and shift (C,)."""
    ### BEGIN SOLUTION
    groups = X.reshape(len(X), num_groups, -1)  # (N, G, C / G * places)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)  # (1, C, 1, ...)
    return gamma.reshape(shape) * Z + beta.reshape(shape)
    ### END SOLUTION


# %% test="group_norm" points=3 bans="normalisation"
gamma, beta = numbers(6), numbers(7)[:6]
check.probe(group_norm, numbers(3, 6, 5), 2, gamma, beta, 0.3)
### BEGIN HIDDEN TESTS
check.probe(group_norm, numbers(2, 6, 2, 3), 3, gamma, beta, 1e-5)
check.probe(group_norm, numbers(4, 6), 2, gamma, beta, 0.1)
check.probe(group_norm, numbers(1, 6, 2, 1, 2), 1, gamma, beta, 1e-3)
### END HIDDEN TESTS

# %% [markdown] choice="minus_one" points=1
# ## Think: weights times -1
# In a net of convolution, batch norm (with $\gamma = 1$ and $\beta = 0$) and ReLU,
# somebody multiplies all weights and biases of the convolution by -1. What happens to
# the output of the ReLU, in train mode?
#
# - Nothing, as with every factor: the norm divides it out.
#   wrong: only the size of a factor is divided out, its sign is not
# - Another part of the values passes: those that were cut off before.
#   right: the deviation stays and each distance from the mean changes its sign.
# - All values become 0.
#   wrong: the mean forgotten, about which the values lie on both sides
# - Every value changes its sign.
#   wrong: the ReLU forgotten, which lets nothing negative through

# %% [markdown]
# ## 6. RMSNorm
#
# Write `rms_norm(X, gamma, eps)`, $\gamma\, x / \sqrt{\text{mean}(x^2) + \epsilon}$,
# over the **channels** of maps.
#
# - Takes `X`: (N, C, H, W) float32; `gamma`: (C,); `eps`: a float.
# - Returns (N, C, H, W): at each place of each example, the mean square is over the C
#   channels.
# - Not allowed: PyTorch's normalisation.
#
# Example: with `gamma` 1 and `eps` 0 the channels 3 and 4 of a place become 0.8485 and
# 1.1314, since $\sqrt{(9 + 16)/2} = 3.5355$.


# %% exercise="rms_norm"
def rms_norm(X, gamma, eps):
    """RMSNorm of (N, C, H, W) over the channels, scale (C,)."""
    ### BEGIN SOLUTION
    square = X.square().mean(dim=1, keepdim=True)  # (N, 1, H, W)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)
    ### END SOLUTION


# %% test="rms_norm" points=2 bans="normalisation"
check.probe(rms_norm, numbers(2, 3, 4, 5), numbers(3), 0.5)
### BEGIN HIDDEN TESTS
check.probe(rms_norm, numbers(3, 3, 3, 3), numbers(3), 1e-5)
check.probe(rms_norm, torch.zeros(1, 2, 1, 3), numbers(2), 1e-3)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Mend this layer
#
# A colleague's batch norm for (N, C). It trains, and its scores in eval mode are bad.
# It has four faults. Find them and write `BatchNorm`, which does what
# `nn.BatchNorm1d(num_channels)` does (momentum 0.1, `eps` $10^{-5}$).


# %%
class BrokenBatchNorm(nn.Module):
    """Batch norm of (N, C), with four faults."""

    def __init__(self, C):
        super().__init__()
        self.gamma, self.beta = (
            nn.Parameter(torch.ones(C)),
            nn.Parameter(torch.zeros(C)),
        )
        self.mean = nn.Parameter(torch.zeros(C), requires_grad=False)
        self.var = nn.Parameter(torch.ones(C), requires_grad=False)

    def forward(self, X):
        m, v = X.mean(dim=0).detach(), X.var(dim=0, correction=0).detach()
        self.mean.copy_(0.1 * self.mean + 0.9 * m)
        self.var.copy_(0.1 * self.var + 0.9 * v)
        Z = (X - X.mean(dim=0)) / torch.sqrt(X.var(dim=0, correction=0) + 1e-5)
        return Z * self.gamma + self.beta


# %% [markdown]
# - Names: parameters `gamma` and `beta`; **buffers** `mean` and `var`.
# - In train mode statistics of the batch, and the averages move; in eval mode the
#   averages are used and stay. The unbiased variance goes into `var`, the biased one
#   into the output.
# - In train mode the gradient passes through the batch's mean and variance, too. The
#   averages need none: they don't keep the graphs of earlier batches.
# - Not allowed: PyTorch's normalisation.
#
# Example: in train mode the first batch with the column 1, 3 moves `mean` from 0 to 0.2
# and `var` from 1 to 1.1.


# %% exercise="BatchNorm"
class BatchNorm(nn.Module):
    """Batch norm of (N, C) as in nn.BatchNorm1d: gamma, beta; buffers mean, var."""

    def __init__(self, num_channels):
        ### BEGIN SOLUTION
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta
        ### END SOLUTION


# %% test="BatchNorm" points=4 bans="normalisation"
def after(N, C, modes, width=1.0):
    layer = check.call(BatchNorm, C)
    state = dict(check.call(layer, method="state_dict"))
    learned = {"gamma": numbers(C), "beta": numbers(C + 1)[:C]}
    check.call(layer, state | learned, method="load_state_dict", changes="self")
    outputs = []
    for k, mode in enumerate(modes):
        layer.train(mode == "train")
        outputs.append(check.call(layer, width * numbers(N + k, C), changes="self"))
    state = dict(check.call(layer, method="state_dict"))
    return outputs, sorted(check.parameters(layer)), state


def fresh(C):
    return dict(check.call(check.call(BatchNorm, C), method="state_dict"))


def gradients(N, C):
    layer, found = check.call(BatchNorm, C), []
    for k in range(2):
        X = numbers(N + k, C).requires_grad_()
        Y = check.call(layer, X, changes="self")
        found += torch.autograd.grad((Y * numbers(N + k, C, 1)[..., 0]).sum(), X)
    return found, [b.requires_grad for b in layer.buffers()]


told = "(outputs, names of parameters, state_dict) after batches in {} mode"
check.probe(after, 4, 3, ["train"], call=told.format("train"))
check.probe(after, 4, 3, ["train", "eval", "train"], call=told.format("each"))
told = "(gradients of a weighted sum, do buffers require gradients) in two batches"
check.probe(gradients, 4, 3, call=told)
### BEGIN HIDDEN TESTS
check.probe(after, 1, 2, ["eval", "eval"])
check.probe(after, 5, 2, ["train", "eval"], width=0.003)
check.probe(fresh, 4)
check.probe(after, 6, 5, ["train", "train", "train", "eval"])
### END HIDDEN TESTS

# %% [markdown] choice="rises_by_three" points=1
# ## Think: brighter photos
# A layer's values in one channel have mean 0 and deviation 2 in the training data;
# $\gamma = 1$, $\beta = 0$. Now a batch of photos comes in which all values of this
# channel are higher by 3. By how much does the output of the batch norm rise, in train
# mode and in eval mode?
#
# - By 3 and by 3.
#   wrong: a shift thought to pass a norm unchanged
# - By 0 and by 0.
#   wrong: the mean of the new photos thought to be subtracted in eval mode, too
# - By 1.5 and by 0.
#   wrong: the two modes mixed up
# - By 0 and by 1.5.
#   right: in train mode the batch's own mean rises by 3 and is subtracted; in eval mode
#   the old mean is, and the 3 is divided by the deviation 2.

# %% [markdown]
# ## 8. Fold into a full layer
#
# Write `fold(linear, norm)`: one `nn.Linear` that gives what `norm(linear(X))` gives in
# **eval** mode.
#
# - Takes `linear`: an `nn.Linear`, with or without bias; `norm`: an `nn.BatchNorm1d` of
#   its outputs, with `affine=True` or `affine=False` (then `weight` and `bias` are
#   None), and an `eps` of its own.
# - Returns a new `nn.Linear` with bias. The arguments stay as they are.
# - Not allowed: `torch.nn.utils.fusion`.
#
# Example: weight 3, bias 1, moving mean 4, moving variance 4, `gamma` 2, `beta` 5 and
# `eps` 0 give weight 3 and bias 2.


# %% exercise="fold"
def fold(linear, norm):
    """An nn.Linear equal to norm(linear(X)) in eval mode."""
    ### BEGIN SOLUTION
    scale = 1 / torch.sqrt(norm.running_var + norm.eps)  # (out,)
    shift = -norm.running_mean * scale
    if linear.bias is not None:
        shift = shift + linear.bias * scale
    if norm.affine:
        scale, shift = scale * norm.weight, shift * norm.weight + norm.bias
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_(shift)
    return folded
    ### END SOLUTION


# %% test="fold" points=4 bans="torch.nn.utils.fusion"
def weights(n_in, n_out, bias, affine, eps):
    linear = moved(nn.Linear(n_in, n_out, bias=bias))
    norm = moved(nn.BatchNorm1d(n_out, eps=eps, affine=affine)).eval()
    with torch.no_grad():
        norm.running_var.mul_(0.001)  # so small that epsilon matters
    folded = check.call(fold, linear, norm)
    return folded.weight, folded.bias


told = "weight and bias of fold(linear, norm), linear with bias, norm with affine={}"
check.probe(weights, 3, 3, True, True, 0.01, call=told.format(True))
check.probe(weights, 4, 3, True, False, 0.02, call=told.format(False))
### BEGIN HIDDEN TESTS
check.probe(weights, 2, 5, False, True, 1e-5)
check.probe(weights, 5, 2, False, False, 0.1)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. New averages for a trained net
#
# A net trained on day photos shall read night photos. A cheap first step is to
# **recalibrate** it: keep the weights, measure the averages anew. Write
# `recalibrate(net, data_iter)`.
#
# - Takes `net`: a module; its batch norms are `nn.BatchNorm1d`s at any depth;
#   `data_iter`: batches `X`, of two examples or more.
# - Afterwards each batch norm's `running_mean` and `running_var` are the plain means
#   over the batches (each batch weighs the same) of the batch means and unbiased
#   variances, with the old averages forgotten.
# - Only the batch norms are in train mode meanwhile; dropout stays off. At the end
#   every module's mode and every `momentum` are as before. No gradients are recorded.
#   Returns nothing.

# %% [markdown]
# Useful: `norm.reset_running_stats()`, and `momentum=None`.
#
# Example: behind batches with the means 2 and 4, the first batch norm of the net has
# the running mean 3.


# %% exercise="recalibrate"
def recalibrate(net, data_iter):
    """Measure the averages of all batch norms of `net` anew on `data_iter`."""
    ### BEGIN SOLUTION
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode
    ### END SOLUTION


# %% test="recalibrate" points=4
class Watcher(nn.Dropout):
    def forward(self, X):
        seen.append((self.training, torch.is_grad_enabled()))
        return 3 * X if self.training else X


def calibrated(batch_sizes, training=(), momentum=0.2):
    seen.clear()
    first, last = nn.BatchNorm1d(3, momentum=momentum), nn.BatchNorm1d(2)
    block = nn.Sequential(Watcher(), moved(nn.Linear(3, 2)), moved(last))
    net = nn.Sequential(moved(first), block).eval()
    for k in training:
        list(net.modules())[k].training = True
    first.num_batches_tracked += 5
    check.call(recalibrate, net, [numbers(n, 3) for n in batch_sizes], changes="net")
    averages = [first.running_mean, first.running_var, last.running_mean]
    modes = [m.training for m in net.modules()]
    return *averages, last.running_var, modes, seen, first.momentum, last.momentum


seen = []
told = (
    "(averages, modes, (dropout on, gradients) at each batch, momenta) of a net in {}"
)
check.probe(calibrated, [4, 3], call=told.format("eval mode"))
check.probe(calibrated, [2, 5, 3], training=(0, 1, 3), call=told.format("mixed modes"))
### BEGIN HIDDEN TESTS
check.probe(calibrated, [6], training=(2, 5))
check.probe(calibrated, [3, 3, 2, 8], training=(0, 1, 2, 3, 4, 5), momentum=None)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: which norm, and why?
#
# Choose a norm for each, with the number of values in a mean where it matters, and say
# in a sentence why: (a) a CNN on photos, batches of 64, last maps of 7 x 7; (b) the
# same net on large scans, batches of 1; (c) sentences of unequal length, one vector a
# word; (d) a net of full layers that must score single customers at once. What must
# you not forget in (d)?

# %% [markdown] manual="which_norm" points=3
# ### BEGIN SOLUTION
# (a) Batch norm: 64 x 49 = 3,136 values in the smallest mean, and it can be folded.
# (b) Group norm: the statistics of one scan's maps are not compared with other scans;
# batch norm would have the values of one image only and other averages in eval mode.
# (c) Layer norm over the vector of each word: it doesn't look at other words, so
# padding and length don't matter. (d) Batch norm, trained in batches of 50 or so, or
# layer norm; with batch norm `net.eval()` must be called, since a batch of one has no
# variance.
# ### END SOLUTION
