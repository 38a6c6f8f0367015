# %% [markdown]
# # Temporal convolution: exercises
#
# Twelve exercises, four questions with options and one for a person. Each stands alone:
# if you are stuck, go on with the next. Numbers 10 and 12 are the hard ones.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what is not in the examples: other sizes, a batch of
# one, a horizon longer than a season. Answers don't change their arguments.
#
# Stuck? `check.hint("seasonal_naive")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch import nn
from torch.nn import functional as F

from utils import check
from utils.device import set_seed

set_seed(0)


def made(*shape):
    """Made-up numbers in [-1, 2) of a shape, always the same ones for it."""
    return (
        3 * torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape))) - 1
    )


# %% [markdown]
# ## 1. The next seasons, naively
#
# Write `seasonal_naive(x, season, horizon)`: forecasts for the steps **behind the end**
# of a series, each the value of the same place in the last season that is known.
#
# - Takes `x`: (T,) float32 with $T \ge$ `season`; two ints, at least 1. `horizon` may
#   be longer than a season: then the last season is repeated.
# - Returns (horizon,) float32.
#
# Example: `[5, 1, 2, 3]` with a season of 3 and a horizon of 5 gives
# `[1, 2, 3, 1, 2]`.


# %% exercise="seasonal_naive"
def seasonal_naive(x, season, horizon):
    """Forecasts of the next steps: the last season, again and again: (horizon,)."""
    ### BEGIN SOLUTION
    return x[-season:][torch.arange(horizon) % season]
    ### END SOLUTION


# %% test="seasonal_naive" points=2
check.probe(seasonal_naive, made(10), 4, 7)
check.probe(seasonal_naive, made(9), 5, 3)
check.probe(seasonal_naive, made(7), 2, 9)
### BEGIN HIDDEN TESTS
check.probe(seasonal_naive, made(6), 6, 13)
check.probe(seasonal_naive, made(8), 1, 4)
check.probe(seasonal_naive, made(12), 5, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Skill, where there is a forecast
#
# Write `skill(forecast, baseline, x)`: one minus the MAE of the forecast over that of
# the baseline.
#
# - Takes three tensors (T,) float32. Either forecast may have NaN where it has none.
#   Both errors are taken over the steps where **both** have a number: there is at least
#   one, and the baseline is wrong somewhere among them.
# - Returns a float, below 0 where the forecast is worse.
#
# Example: errors 1, 1, 4 against errors NaN, 2, 8 count at the last two steps: the MAEs
# are 2.5 and 5, the skill is 0.5.


# %% exercise="skill"
def skill(forecast, baseline, x):
    """1 - MAE(forecast) / MAE(baseline) over the steps that both forecast: a float."""
    ### BEGIN SOLUTION
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return 1 - (own / other).item()
    ### END SOLUTION


# %% test="skill" points=2
def holes(f, *steps):
    """A copy of f with NaN at these steps."""
    return f.index_fill(0, torch.tensor(steps), torch.nan)


x = 10 * made(9)
check.probe(skill, holes(x + made(9), 0, 1, 4), holes(x + 5 * made(9).flip(0), 0, 7), x)
check.probe(skill, x - 2 * made(9).flip(0), holes(x + made(9), 2), x)
### BEGIN HIDDEN TESTS
y = made(14)
check.probe(skill, holes(0.5 * y, 5, 6), holes(y.roll(1), 0), y)
check.probe(skill, y.roll(2), y.roll(1), y)
check.probe(skill, holes(x + 1, 0, 2, 3), x - made(9), x)
### END HIDDEN TESTS

# %% [markdown] choice="other_baseline" points=1
# ## Think: another baseline
# A model's MAE on a test is measured against the naive forecast, whose MAE is 5: the
# skill is 0.4. The seasonal naive forecast has an MAE of 2.5 on the same steps. What is
# the model's skill over this one?
#
# - 0.4, on the same steps.
#   wrong: a skill thought to belong to the model alone
# - -0.2, below zero.
#   right: the model's MAE is 3, and 1 - 3 / 2.5 is -0.2. It loses to the calendar.
# - 0.2, half of the old one.
#   wrong: the skill thought to halve along with the baseline's error
# - 0.8, twice the old one.
#   wrong: a better baseline thought to raise the skill

# %% [markdown]
# ## 3. A causal convolution, steps before channels
#
# Write `causal_conv(X, W, b, dilation)` in another convention than the lecture's: the
# channels come last, and tap $j$ reads $j$ dilations **back**, so tap 0 is the present:
#
# $$Y_{n,t,o} = b_o + \sum_{j,c} W_{j,c,o}\; X_{n,\,t-jd,\,c}$$
#
# - Takes `X`: (N, T, C); `W`: (k, C, O); `b`: (O,), all float32; `dilation`, an int.
#   Before the first step $X$ is 0. $(k-1)d$ may be larger than $T$.
# - Returns (N, T, O) float32. Not allowed: PyTorch's convolutions.
#
# Example: `X` holding 1, 2, 4, 8 with $k = 2$, `W` holding 1 and 10, `b = [0]` and
# dilation 2 gives 1, 2, 14, 28.


# %% exercise="causal_conv"
def causal_conv(X, W, b, dilation):
    """(N, T, C), (k, C, O), (O,) -> (N, T, O), tap j reads step t - j * dilation."""
    ### BEGIN SOLUTION
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (0, 0, span, 0))  # channels, then steps: zeros in front
    Y = b
    for j in range(k):
        start = span - j * dilation
        Y = Y + padded[:, start : start + T] @ W[j]  # (N, T, C) @ (C, O)
    return Y
    ### END SOLUTION


# %% test="causal_conv" points=3 bans="convolution"
check.probe(causal_conv, made(2, 9, 3), made(3, 3, 4), made(4), 2)
check.probe(causal_conv, made(1, 7, 2), made(2, 2, 3), made(3), 3)
### BEGIN HIDDEN TESTS
check.probe(causal_conv, made(3, 4, 1), made(4, 1, 2), made(2), 3)
check.probe(causal_conv, made(2, 6, 2), made(1, 2, 5), made(5), 4)
check.probe(causal_conv, made(1, 8, 4), made(5, 4, 1), made(1), 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. How many blocks?
#
# A net has blocks of `convs` causal convolutions each, all with the same kernel. Block
# $i$, counted from 0, has the dilation `base` to the power of $i$ in each of its
# convolutions. Write `blocks_needed(steps, kernel, convs, base)`: the smallest number
# of blocks, at least 1, whose last output reads `steps` steps or more.
#
# - Takes four ints: `steps` and `convs` at least 1, `kernel` at least 2, `base` at
#   least 1. Returns an int. Not allowed: torch. Use arithmetic.
#
# Example: `blocks_needed(15, 3, 1, 2)` is 3: with dilations 1, 2, 4 and one convolution
# of 3 taps each, the field is $1 + 2 \cdot 7 = 15$.


# %% exercise="blocks_needed"
def blocks_needed(steps, kernel, convs, base):
    """Smallest number of blocks with dilations base**i that read `steps` steps."""
    ### BEGIN SOLUTION
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += convs * (kernel - 1) * base**blocks
        blocks += 1
    return blocks
    ### END SOLUTION


# %% test="blocks_needed" points=2 bans="torch"
def needed(*sizes, kernel, convs, base):
    return [check.call(blocks_needed, steps, kernel, convs, base) for steps in sizes]


told = "the number of blocks for 20 to 200 steps"
sizes = [20, 24, 25, 26, 30, 32, 60, 61, 62, 80, 120, 121, 161]
check.probe(needed, *sizes, kernel=3, convs=2, base=2, call=told)
check.probe(needed, *sizes, kernel=2, convs=3, base=3, call=told + ", base 3")
check.probe(needed, 1, 2, 5, 6, 7, 37, kernel=5, convs=1, base=1, call="base 1")
### BEGIN HIDDEN TESTS
check.probe(needed, *range(1, 60, 3), kernel=2, convs=1, base=2)
check.probe(needed, 1000, 2044, 2045, 2046, kernel=3, convs=2, base=2)
check.probe(needed, 1, 4, 100, 341, 342, kernel=2, convs=1, base=4)
### END HIDDEN TESTS

# %% [markdown] choice="turned_round" points=1
# ## Think: large steps first
# A stack of three causal convolutions with kernels of 2 and dilations 1, 2, 4 reads 8
# steps. Somebody builds it the other way round: 4 first, on the input, then 2, then 1.
# What does the last output read now?
#
# - Only the last 2 steps, as its own layer has dilation 1.
#   wrong: the field of the last layer taken for that of the stack
# - 8 steps, but with holes: 1, 3 and 5 steps back are left out.
#   wrong: small dilations at the bottom thought to be needed to read neighbours
# - The same 8 steps.
#   right: each step back is a sum of some of 1, 2 and 4, in whatever order they are
#   taken.
# - More than 8, since the large step is taken from every output.
#   wrong: the reach thought to multiply from layer to layer, where it adds up

# %% [markdown]
# ## 5. Windows of several series
#
# Write `windows(x, length, horizon, gap, target)`: inputs of all series, and several
# steps of **one** of them as labels.
#
# - Takes `x`: (T, C) float32, C series side by side; `length`, steps of an input;
#   `horizon`, steps of a label; `gap`, how many steps lie between the last input and
#   the first label, 0 or more; `target`, the label's column.
# - Returns `X`: (n, length, C) and `Y`: (n, horizon), one window for each start at
#   which inputs and labels lie in the series, in order.
#
# Example: 6 steps with `length=2`, `horizon=2`, `gap=1` give 2 windows: inputs of steps
# 0 and 1 with labels of steps 3 and 4, then all one later.


# %% exercise="windows"
def windows(x, length, horizon, gap, target):
    """(T, C) -> X (n, length, C), Y (n, horizon) of column `target`, after a gap."""
    ### BEGIN SOLUTION
    W = x.unfold(0, length + gap + horizon, 1)  # (n, C, length + gap + horizon)
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap :]
    ### END SOLUTION


# %% test="windows" points=2
check.probe(windows, made(11, 3), 4, 2, 2, 1)
check.probe(windows, made(8, 2), 2, 3, 0, 0)
### BEGIN HIDDEN TESTS
check.probe(windows, made(8, 4), 3, 1, 4, 3)
check.probe(windows, made(10, 1), 1, 2, 3, 0)
check.probe(windows, made(11, 2), 5, 1, 0, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. A split without a leak
#
# Window $s$ has as inputs the steps $s$ to $s + L - 1$, as labels the next $H$ steps.
# Write `split_windows(num_steps, length, horizon, cut)`; the test begins at step `cut`.
#
# - A window is for training if **all** its labels lie before step `cut`; for the test
#   if all its labels lie at `cut` or later. Its inputs may reach back before `cut`:
#   that past is known. Windows with labels on both sides belong to neither.
# - Takes four ints; every window lies within `num_steps` steps.
# - Returns two lists of ints, the starts of the windows for training and for the test.
#
# Example: 8 steps, `length=2`, `horizon=2`, `cut=5` give `[0, 1]` and `[3, 4]`.


# %% exercise="split_windows"
def split_windows(num_steps, length, horizon, cut):
    """Starts of the windows with all labels before `cut`, and of those with none."""
    ### BEGIN SOLUTION
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon <= cut]
    test = [s for s in starts if s + length >= cut]
    return train, test
    ### END SOLUTION


# %% test="split_windows" points=2
check.probe(split_windows, 17, 4, 3, 10)
check.probe(split_windows, 11, 2, 1, 5)
check.probe(split_windows, 15, 3, 5, 10)
### BEGIN HIDDEN TESTS
check.probe(split_windows, 12, 5, 2, 12)
check.probe(split_windows, 14, 1, 4, 5)
check.probe(split_windows, 9, 3, 2, 3)
check.probe(split_windows, 9, 6, 2, 4)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. A scale from the past
#
# Write `scale_by_past(x, stop)`: standardise several series with what is known before
# step `stop`.
#
# - Takes `x`: (T, C) float32, with NaN where nothing was measured; `stop`, an int. Each
#   series has a number before `stop`.
# - From each series subtract the mean of its numbers before `stop`, and divide by their
#   deviation: the root of the **mean** squared distance from that mean (divide by their
#   number, not by one less). Where this is 0, divide by 1.
# - Returns (T, C) float32, **all** steps scaled, NaN where `x` has NaN.
#
# Example: one series 1, 3, 5, 9 with `stop=2` gives -1, 1, 3, 7.


# %% exercise="scale_by_past"
def scale_by_past(x, stop):
    """Each column minus its mean before `stop`, over its deviation before `stop`."""
    ### BEGIN SOLUTION
    past = x[:stop]
    mean = past.nanmean(dim=0)
    deviation = (past - mean).square().nanmean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)
    ### END SOLUTION


# %% test="scale_by_past" points=2
def gappy(T, C):
    """Made-up series with a few NaN, and a column that is constant at first."""
    x = made(T, C) * torch.arange(1, C + 1) + torch.arange(T)[:, None]
    x[1, 0] = x[T - 1, 1] = torch.nan
    x[: T // 2, 2] = 4.0
    return x


check.probe(scale_by_past, gappy(7, 4)[:, :2], 4)
check.probe(scale_by_past, gappy(8, 3), 3)
### BEGIN HIDDEN TESTS
check.probe(scale_by_past, gappy(9, 5), 7)
check.probe(scale_by_past, made(6, 1), 1)
check.probe(scale_by_past, gappy(10, 3), 10)
### END HIDDEN TESTS

# %% [markdown] choice="normed_blocks" points=1
# ## Think: batch normalisation in a causal net
# Somebody puts `nn.BatchNorm1d` behind each causal convolution of a TCN. A batch of
# series of 100 steps goes through it; then step 70 of the first series is changed. At
# which steps can the output change, in train mode and in eval mode?
#
# - From 70 on in both modes, as every convolution is causal.
#   wrong: the net thought to be as causal as its convolutions
# - At all steps in both modes, as the norm takes means over time.
#   wrong: eval mode forgotten, where the means of training are used
# - At all steps in train mode, from 70 on in eval mode.
#   right: in train mode mean and variance of a channel run over all steps and series,
#   later ones included. In eval mode they are constants.
# - From 70 on in train mode, at all steps in eval mode.
#   wrong: train and eval mode exchanged

# %% [markdown]
# ## 8. Weight norm along any axis
#
# Write `weight_normed(g, V, dim)`: a weight from lengths and directions, with one
# length for each index of axis `dim`. (PyTorch's `weight_norm` has this argument: a
# transposed convolution keeps its output channels on axis 1.)
#
# $$W = g\, \frac{V}{\lVert V \rVert}$$
#
# where the norm, the root of the sum of squares, runs over all axes **but** `dim`.
#
# - Takes `V`: two axes or more, float32; `g`: a tensor (size of axis `dim`,); `dim`, an
#   int, perhaps negative. No slice of `V` is 0.
# - Returns a tensor of the shape of `V`. Allowed: everything but `torch.nn.utils`.
#
# Example: `V = [[3, 4], [0, 5]]`, `g = [10, 1]`: along axis 0 `[[6, 8], [0, 1]]`.


# %% exercise="weight_normed"
def weight_normed(g, V, dim):
    """g V / |V|, with one g and one norm for each index of axis `dim`."""
    ### BEGIN SOLUTION
    moved = V.movedim(dim, 0)
    norm = moved.flatten(1).norm(dim=1)
    shape = [-1] + [1] * (V.dim() - 1)
    return ((g / norm).reshape(shape) * moved).movedim(0, dim)
    ### END SOLUTION


# %% test="weight_normed" points=2 bans="torch.nn.utils"
check.probe(weight_normed, made(3), made(2, 3, 4), 1)
check.probe(weight_normed, made(5), made(5, 4, 2), 0)
check.probe(weight_normed, made(4), made(2, 3, 3, 4), -1)
### BEGIN HIDDEN TESTS
check.probe(weight_normed, made(6), made(2, 6), 1)
check.probe(weight_normed, made(2), made(3, 2, 4), -2)
check.probe(weight_normed, made(1), made(1, 3, 2), 0)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. A block with the activation first
#
# Write the module `PreActivationBlock(in_channels, out_channels, kernel, dilation)`:
#
# $$Y = s(X) + f_2(\mathrm{relu}(f_1(\mathrm{relu}(X))))$$
#
# - $f_1$ (to `out_channels`) and $f_2$ (keeps them) are causal `nn.Conv1d` with bias,
#   this kernel and this dilation, **without** weight norm. $s$ is a 1 x 1 `nn.Conv1d`
#   with bias where the two numbers of channels differ, else the identity: then the
#   block has no further parameters.
# - No ReLU behind the sum. $s$ gets `X` itself.
# - `forward` takes (N, in_channels, T) and returns (N, out_channels, T), and reads no
#   later step.
#
# Example: `PreActivationBlock(2, 5, 3, 4)` has weights (5, 2, 3), (5, 5, 3) and
# (5, 2, 1), three biases, and reads 17 steps.


# %% exercise="PreActivationBlock"
class PreActivationBlock(nn.Module):
    """s(X) + f2(relu(f1(relu(X)))), causal: (N, in, T) -> (N, out, T)."""

    def __init__(self, in_channels, out_channels, kernel, dilation):
        ### BEGIN SOLUTION
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H
        ### END SOLUTION


# %% test="PreActivationBlock" points=3
def fill(net):
    """Give every parameter fixed values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(made(*p.shape) - 0.4)
    return net


def block_of(*sizes, T=7, N=1):
    net = check.call(PreActivationBlock, *sizes)
    check.call(net, made(N, sizes[0], T))  # lazy layers get their sizes
    count = sum(p.numel() for p in net.parameters())
    return count, check.call(fill(net), made(N, sizes[0], T))[:, :3]


told = "PreActivationBlock({}): (number of parameters, its first output channels)"
check.probe(block_of, 2, 5, 3, 2, call=told.format("2, 5, 3, 2"))
check.probe(block_of, 3, 3, 2, 3, call=told.format("3, 3, 2, 3"))
net = check.call(PreActivationBlock, 3, 4, 2, 1)
check.module(net, made(2, 3, 8), output_shape=(2, 4, 8))
### BEGIN HIDDEN TESTS
check.probe(block_of, 1, 4, 4, 3, T=5, N=1)
check.probe(block_of, 4, 4, 3, 1, T=6, N=3)
check.probe(block_of, 6, 2, 2, 5, T=7, N=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Walk forward with a short memory
#
# Write `walk_forward(fit, x, start, every, size)`, where old values are forgotten: a
# **rolling window**.
#
# - `fit(past)` returns a model, `model(past)` the forecast of the next step, both from
#   a tensor. `x`: (T,) float32; three ints, `every` at least 1, `size` $\le$ `start`
#   < T.
# - Forecast each step from `start` on from the `size` values just before it. At the
#   steps `start`, `start + every`, `start + 2 * every`, ... first fit a new model on
#   these values; between them the old one goes on. Fit no more often.
# - Returns (T - start,) float32.
#
# Example: if `fit` always returns `torch.max`, `x` of 4, 1, 3, 2, 5 with `start=3`,
# `size=2` gives 3 and 3.


# %% exercise="walk_forward"
def walk_forward(fit, x, start, every, size):
    """Forecasts of the steps from `start` on, fitted anew at times: (T - start,)."""
    ### BEGIN SOLUTION
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)
    ### END SOLUTION


# %% test="walk_forward" points=3
def noted(T, start, every, size):
    """Forecasts of a model that mixes what it was fitted on and what it is given."""
    fitted = []

    def fit(past):
        fitted.append(len(past))
        mean, first = past.mean().item(), past[0].item()
        return lambda now: (
            mean + 10 * now[-1] + 100 * now[0] * first + len(now)
        ).item()

    return check.call(walk_forward, fit, made(T), start, every, size), fitted


told = "walk_forward(fit, x, start={}, every={}, size={}): (forecasts, values per fit)"
check.probe(noted, 14, 6, 3, 5, call=told.format(6, 3, 5))
check.probe(noted, 11, 5, 4, 2, call=told.format(5, 4, 2))
### BEGIN HIDDEN TESTS
check.probe(noted, 11, 4, 1, 4)
check.probe(noted, 9, 3, 20, 2)
check.probe(noted, 8, 7, 2, 3)
### END HIDDEN TESTS

# %% [markdown] choice="short_window" points=1
# ## Think: a field longer than the window
# A TCN whose last output reads 61 steps is trained on windows of 48 steps. Later it
# gets a series of 300 steps in one pass. What do its last outputs read then, and what
# is new to them?
#
# - 48 steps, as in training: the weights learned no more.
#   wrong: the reach thought to be learned from the length of the windows
# - 61 steps; where training always had padding, now there are values.
#   right: the taps that reach back 48 steps and more met only zeros from the padding
#   of each layer. What they were worth was never learned.
# - All 300 steps, as a series is one example.
#   wrong: the length of the input taken for the receptive field
# - None: the shapes no longer fit, and it raises an error.
#   wrong: a convolution thought to fix the length of its input, as a full layer does

# %% [markdown]
# ## 11. Several steps, each from the last
#
# Write `forecast(net, X, horizon)`: a causal net goes on from its own forecasts.
#
# - Takes `net`: a module (N, T, 1) to (N, T, 1), whose output at a step is the forecast
#   of the next; `X`: (N, T) float32, N series; `horizon`, an int, at least 1.
# - Put the forecast behind the series and **drop its oldest value**, so that the net
#   always gets T steps. `horizon` forecasts in all.
# - Returns (N, horizon) float32. Forecast in eval mode, record no gradients, and leave
#   the net in the mode in which you found it.
#
# Example: a net that adds 1 to its input makes 3, 4, 5 of the series 7, 2.


# %% exercise="forecast"
def forecast(net, X, horizon):
    """The next `horizon` steps of series (N, T), each from the forecasts before."""
    ### BEGIN SOLUTION
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]  # (N, T, 1) -> (N, 1)
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]
    ### END SOLUTION


# %% test="forecast" points=2
class Echo(nn.Module):
    """Half of the step's value plus the sum and number of all before, and a mood."""

    def forward(self, X):
        grads.append(torch.is_grad_enabled())
        count = torch.arange(1, X.shape[1] + 1)[:, None]
        Y = 0.5 * X + 0.1 * X.cumsum(dim=1) + 0.01 * count + 0.3 * X[:, :1]
        return Y + self.training


def forecasts(N, T, horizon, training=False):
    grads.clear()
    net = Echo().train(training)
    result = check.call(forecast, net, made(N, T), horizon, changes="net")
    return result, "train mode" if net.training else "eval mode", any(grads)


grads = []
told = "(forecasts, mode afterwards, gradients recorded)"
check.probe(forecasts, 2, 5, 4, call=told)
check.probe(forecasts, 3, 4, 6, True, call=f"from train mode: {told}")
### BEGIN HIDDEN TESTS
check.probe(forecasts, 1, 3, 5, True)
check.probe(forecasts, 4, 2, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 12. Find the leaks
#
# Somebody reports a wonderful forecaster of the next value. It looks for the most
# similar moment of the past and says what came next then. A moment is described by two
# numbers: its value, and a mean of `span` values. The code below has **three leaks**.


# %%
def leaky_error(x, span, stop):
    """Test MAE of the forecast of x[t + 1] from x[t] and a mean; three leaks."""
    half = span // 2
    means = x.unfold(0, span, 1).mean(dim=1)  # entry i: of the steps i to i + span - 1
    t = torch.arange(half, len(x) - half - 1)
    moments = torch.stack([x[t], means[t - half]], dim=1)  # (n, 2)
    moments = (moments - moments.mean(dim=0)) / moments.std(dim=0)
    tested = (t >= stop - 1).nonzero().ravel()
    distances = torch.cdist(moments[tested], moments)  # (tested, n)
    distances[range(len(tested)), tested] = torch.inf  # not itself
    nearest = distances.argmin(dim=1)
    return (x[t + 1][nearest] - x[t + 1][tested]).abs().mean().item()


# %% [markdown]
# Write `honest_error(x, span, stop)`: the same forecaster and the same error without a
# leak, for the test steps `stop` to the end.
#
# - The mean is that of the `span` values **up to and including** step $t$.
# - The memory holds the moments $t$ whose label $x_{t+1}$ lies **before** step `stop`,
#   from the first $t$ on that has a mean.
# - Both numbers are standardised by mean and deviation of the moments in memory
#   (`std`, as above).
# - Every step from `stop` on is forecast, the last one too, from the moment just before
#   it. Takes `x`: (T,) float32 and two ints, `span` + 3 $\le$ `stop` < T. Returns a
#   float.
#
# Example: with `span=1` both numbers of a moment are its value.


# %% exercise="honest_error"
def honest_error(x, span, stop):
    """Test MAE of the next value after the most similar moment in the past: a float."""
    ### BEGIN SOLUTION
    means = x.unfold(0, span, 1).mean(dim=1)  # entry i: known at step i + span - 1
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()
    ### END SOLUTION


# %% test="honest_error" points=3
def wave(T):
    """A wave that grows, with some noise: the later part isn't like the earlier one."""
    t = torch.arange(T)
    return (1 + 0.05 * t) * torch.sin(0.9 * t) + 0.3 * made(T) + 0.04 * t


check.probe(honest_error, wave(55), 7, 33)
check.probe(honest_error, wave(60), 4, 35)
### BEGIN HIDDEN TESTS
check.probe(honest_error, wave(52), 3, 40)
check.probe(honest_error, wave(39), 6, 38)
check.probe(honest_error, wave(33), 1, 12)
check.probe(honest_error, made(31), 4, 9)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: would you trust it?
#
# A report says: "Our TCN forecasts the hourly load of a power station 24 hours ahead.
# We filled gaps by interpolation, removed the weekly mean with a centred filter, split
# the windows at random into 80 % and 20 %, and reached a skill of 0.93 over the naive
# forecast." Which three things would you ask or change, why, and which baseline would
# you add? A few sentences; a person reads them.

# %% [markdown] manual="would_you_trust_it" points=3
# ### BEGIN SOLUTION
# Interpolation over a gap uses the value behind it; a centred filter reads half its
# width into the future: both must use the past alone. Windows drawn at random overlap
# with those of the test nearly everywhere: split by time, with a gap of at least the 24
# hours of the horizon, better walk forward. At 24 hours ahead the naive forecast is the
# same hour of the day before; the same hour a week ago is another seasonal one. These
# and a linear autoregression with lags of 24 and 168 hours belong into the table.
# Choose settings on validation data, report several runs, and change the future to see
# whether forecasts move.
# ### END SOLUTION
