# %% [markdown]
# # Initialization and stability: exercises
# You compute the sizes with which nets should begin, for layers that the lecture
# didn't have; write your own initialisation; mend a clipping that turns the gradient;
# build a schedule and AdamW by hand.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.
#
# Stuck? `check.hint("layer_variance")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F  # noqa: F401, for your answers

from utils import check

# %% [markdown]
# ## 1. How large is the output?
# A unit computes $z = \sum_{i=1}^{n} w_i x_i + b$. All numbers are independent. Weights
# and bias have mean 0 and the given standard deviations. The inputs have the standard
# deviation `x_std` and, other than in most of the lecture, the mean `x_mean`.
#
# Write `layer_variance(n, w_std, x_mean, x_std, b_std)`: the variance of $z$, a float.
#
# Not allowed: torch or NumPy (arithmetic is enough).
#
# For example, `layer_variance(10, 0.5, 1.0, 2.0, 3.0)` gives 21.5.


# %% exercise="layer_variance"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    """The variance of a unit's output before the activation.

    Args:
        n: number of inputs, an int.
        w_std, b_std: standard deviations of weights and bias, whose means are 0.
        x_mean, x_std: mean and standard deviation of each input.

    Returns:
        The variance, a float.
    """
    ### BEGIN SOLUTION
    second_moment = x_std**2 + x_mean**2
    return n * w_std**2 * second_moment + b_std**2
    ### END SOLUTION


# %% test="layer_variance" points=2 bans="torch"
check.probe(layer_variance, 7, 0.3, 1.5, 2.0, 0.7)
### BEGIN HIDDEN TESTS
check.probe(layer_variance, 100, 0.1, 0.0, 3.0, 0.0)
check.probe(layer_variance, 3, 1.7, -2.0, 0.5, 1.1)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Xavier for any layer
# Write `xavier_bound(shape, gain)`: the bound $a$ for which a uniform distribution in
# $\pm a$ has `gain` times the standard deviation of Xavier's. `shape` is the shape of a
# weight as PyTorch stores it:
#
# - `(n_out, n_in)` for a linear layer
# - `(n_out, n_in, k_1, k_2, ...)` for a convolution of one to three dimensions, with
#   channels out, channels in, and a kernel. Each output sums over all channels in and
#   the whole kernel; so does the backward pass over all channels out and the kernel.
#
# Return a float. Not allowed: `torch.nn.init`.
#
# For example, `xavier_bound((2, 4), 3.0)` gives 3.0, as does `xavier_bound((1, 1, 3),
# 3.0)`.


# %% exercise="xavier_bound"
def xavier_bound(shape, gain):
    """gain * sqrt(6 / (fan_in + fan_out)), for linear layers and convolutions.

    Args:
        shape: tuple of two to five ints, out before in.
        gain: a float above 0.

    Returns:
        The bound, a float.
    """
    ### BEGIN SOLUTION
    n_out, n_in, *kernel = shape
    return gain * math.sqrt(6 / ((n_in + n_out) * math.prod(kernel)))
    ### END SOLUTION


# %% test="xavier_bound" points=2 bans="torch.nn.init"
check.probe(xavier_bound, (20, 50, 3, 5), 1.5)
check.probe(xavier_bound, (30, 7), 0.8)
### BEGIN HIDDEN TESTS
check.probe(xavier_bound, (6, 11, 2, 3, 4), 2.0)
check.probe(xavier_bound, (8, 3, 9), 1.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Kaiming for a leaky ReLU
# A leaky ReLU lets negative numbers through, multiplied by a `slope`. If $z$ is as
# often negative as positive, which part of $\mathbb E\, z^2$ is left? Work it out, then
# write `kaiming_std(shape, slope, mode)`: the standard deviation that keeps the size.
#
# - `shape`: a weight's shape as PyTorch stores it, `(n_out, n_in)` or, for a
#   convolution, `(n_out, n_in, k_1, k_2, ...)`
# - `mode`: `"fan_in"` keeps the signal, `"fan_out"` the gradient; another word raises a
#   `ValueError`
#
# Return a float. Not allowed: `torch.nn.init`.
#
# For example, `kaiming_std((10, 4), 1.0, "fan_in")` gives 0.5.


# %% exercise="kaiming_std"
def kaiming_std(shape, slope, mode):
    """The std that keeps the size through a leaky ReLU.

    Args:
        shape: tuple of two to five ints, out before in.
        slope: of the leaky ReLU for negative numbers; 0 is ReLU.
        mode: "fan_in" or "fan_out".

    Returns:
        The standard deviation, a float.

    Raises:
        ValueError: another mode.
    """
    ### BEGIN SOLUTION
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f'mode is {mode!r}; expected "fan_in" or "fan_out"')
    n = shape[1] if mode == "fan_in" else shape[0]
    fan = n * math.prod(shape[2:])
    return math.sqrt(2 / ((1 + slope**2) * fan))
    ### END SOLUTION


# %% test="kaiming_std" points=3 bans="torch.nn.init"
check.probe(kaiming_std, (12, 5, 3, 4), 0.4, "fan_in")
check.probe(kaiming_std, (9, 20, 6), 0.7, "fan_out")
accepted = {"an unknown mode is accepted": lambda value: True}
check.raises(ValueError, kaiming_std, (4, 4), 0.0, "fan_avg", mistakes=accepted)
### BEGIN HIDDEN TESTS
check.probe(kaiming_std, (3, 8, 5), 0.0, "fan_in")
check.probe(kaiming_std, (14, 6, 2, 3, 3), 0.25, "fan_out")
check.probe(kaiming_std, (14, 6), 0.5, "fan_out")
### END HIDDEN TESTS

# %% [markdown] choice="narrow_and_wide" points=1
# ## Think: narrow, wide, narrow
# Two linear layers without activation lead from 100 numbers to 400 and back to 100.
# All weights have the variance 1/fan-in. A gradient of variance 1 arrives at the
# output. What is its variance at the 400 numbers, and at the input?
#
# - 1 and 1, as the weights keep the size.
#   wrong: what keeps the signal is thought to keep the gradient
# - 1/4 and 1/16, as each layer takes a quarter.
#   wrong: both layers thought to have the same shape
# - 1/4 and 1.
#   right: backwards the factor is fan-out over fan-in: 100/400, then 400/100.
# - 4 and 1, as the gradient first spreads to 400 numbers.
#   wrong: fan-in and fan-out swapped

# %% [markdown]
# ## 4. Your own initialisation
# Write `initialize(net)`, which changes the parameters of any `nn.Module` in place,
# however its modules are nested:
#
# - `nn.Conv2d`: weights normal, mean 0, He's standard deviation for ReLU, **fan-out**
# - `nn.Linear`: weights uniform, Xavier, gain 1
# - `nn.Embedding`: weights normal, mean 0, standard deviation 0.02
# - `nn.LayerNorm`: weights 1
# - biases of all four, where there are any: 0
# - all other modules keep what they have
#
# Return nothing. Allowed: all of torch. For example, after `initialize(nn.Linear(100,
# 200))` the weights lie in $\pm 0.1414$, and the bias is 0.


# %% exercise="initialize"
def initialize(net):
    """Fill the parameters of a net by the types of its modules, in place.

    Args:
        net: an nn.Module; the net itself may be one of the four types.
    """
    ### BEGIN SOLUTION

    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)
    ### END SOLUTION


# %% test="initialize" points=4 changes="net"
class Block(nn.Module):
    """One of each kind, and a PReLU, which is none of the four."""

    def __init__(self):
        super().__init__()
        self.look_up = nn.Embedding(300, 50)
        self.conv = nn.Conv2d(40, 100, (3, 5))
        self.rest = nn.Sequential(nn.Linear(50, 350), nn.Sequential(nn.PReLU(350)))
        self.plain = nn.Linear(40, 400, bias=False)
        self.norm = nn.LayerNorm(20)


def filled(net):
    """What is left in each parameter: mean and std to a tenth, and the shape."""
    with torch.no_grad():
        for param in net.parameters():
            param.fill_(7.0)
    check.call(initialize, net, changes="net")
    left, fans = {}, {"Conv2d": 1500, "Linear": 0, "Embedding": 5000}
    for name, module in net.named_modules():
        kind = type(module).__name__
        for part, param in module.named_parameters(recurse=False):
            p = param.detach()
            told = f"{name}.{part}"
            if part == "bias" or kind not in fans:
                left[told] = p.unique().tolist()
                continue
            fan = fans[kind] or sum(p.shape)
            std = (2 / fan) ** 0.5
            left[told] = {
                "std, in units of the one asked": round(p.std().item() / std, 1),
                "mean, in such units": abs(round(p.mean().item() / std, 1)),
                "uniform": bool(p.abs().max() < 2 * p.std()),
            }
    return left


check.probe(filled, Block(), call="initialize(net) on nested modules filled with 7")
### BEGIN HIDDEN TESTS
check.probe(filled, nn.Linear(300, 60), call="initialize(nn.Linear(300, 60))")
both = nn.Sequential(nn.Sequential(Block(), nn.LayerNorm(3)), nn.Linear(90, 80))
check.probe(filled, both, call="initialize(a deeper net)")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Break the symmetry
# Two hidden units with the same weights stay equal for ever. Write
# `break_symmetry(W, noise)`: row `i` of `W` holds the weights of unit `i`. A unit that
# is equal to an **earlier** unit (one with a smaller `i`, not only the one just
# before) gets row `i` of `noise` added. All others stay: of equal units the first one,
# and those that have no twin.
#
# Equal means: exactly equal in `W` as it was given. Return a new tensor of the same
# shape; `W` must stay as it is. Allowed: all of torch and Python.
#
# For example, `W` = `[[1.], [2.], [1.]]` and `noise` = `[[.1], [.2], [.3]]` give
# `[[1.], [2.], [1.3]]`.


# %% exercise="break_symmetry"
def break_symmetry(W, noise):
    """Add noise to each row that repeats an earlier one.

    Args:
        W: (units, inputs) float32.
        noise: (units, inputs) float32.

    Returns:
        (units, inputs) float32.
    """
    ### BEGIN SOLUTION
    equal = (W[:, None] == W[None]).all(dim=2)  # (units, units)
    repeats = equal.tril(diagonal=-1).any(dim=1)  # (units,)
    return W + noise * repeats[:, None]
    ### END SOLUTION


# %% test="break_symmetry" points=3
a, b, c = [1.0, 2.0], [1.0, -3.0], [0.5, 2.0]
W = torch.tensor([a, b, a, a, c, b, [2.0, 1.0], a])
noise = torch.arange(1.0, 17.0).reshape(8, 2) / 64
check.probe(break_symmetry, W, noise)
check.probe(break_symmetry, torch.full((4, 3), 0.25), noise[:6].reshape(4, 3))
shifted = torch.tensor([[1.0], [1.0], [2.0], [1.5]])
check.probe(break_symmetry, shifted, torch.tensor([[0.5], [1.0], [2.0], [0.25]]))
### BEGIN HIDDEN TESTS
check.probe(break_symmetry, W[4:7], noise[:3])
more = torch.tensor([[3.0], [0.5], [0.5], [0.0], [0.5]])
check.probe(break_symmetry, more, torch.arange(-2.5, 2.0).reshape(5, 1) / 2)
### END HIDDEN TESTS

# %% [markdown] choice="dropout_and_twins" points=1
# ## Think: twins with dropout
# All hidden units of a net with one hidden layer begin with the same weights, and their
# outgoing weights are equal, too. It is trained with dropout on the hidden units, each
# dropped on its own. What becomes of the units?
#
# - They stay equal, as dropout changes values and not weights.
#   wrong: forgotten that a dropped unit gets no gradient from that example
# - They become different.
#   right: each unit is dropped on other examples, so the gradients differ from the
#   first step on.
# - They stay equal, as each is dropped equally often in the long run.
#   wrong: equal on the average taken for equal
# - They become 0, since equal units are of no use.
#   wrong: training thought to remove what is superfluous

# %% [markdown]
# ## 6. Mend it: clipping that turns the gradient
# The program below clips gradients, and the training goes in odd directions. It runs
# without an error; a thought is wrong in it.
#
# Write the mended `clip_gradients(gradients, max_norm)`. `gradients` is a list of
# tensors; parameters that took no part have `None` there. With the norm of *all* their
# numbers together, return the pair
#
# - the new list: all gradients multiplied by the same factor, so that the common norm
#   is `max_norm`; unchanged where it isn't above `max_norm`; `None` stays `None`
# - the norm before, a float (0.0 if there is no gradient)

# %% [markdown]
# The given tensors must stay as they are. Not allowed: `torch.nn.utils`.
#
# For example, `[tensor([3.]), None, tensor([[4.]])]` has the norm 5; with `max_norm=1`
# the new list is `[tensor([0.6]), None, tensor([[0.8]])]`.


# %%
def faulty_clip_gradients(gradients, max_norm):
    """Make gradients shorter where they are too long."""
    clipped, total = [], 0.0
    for g in gradients:
        if g is None:
            clipped.append(None)
            continue
        norm = g.norm().item()
        total += norm**2
        clipped.append(g * (max_norm / norm) if norm > max_norm else g)
    return clipped, total**0.5


# %% exercise="clip_gradients"
def clip_gradients(gradients, max_norm):
    """Clip by the global norm.

    Args:
        gradients: list of float32 tensors of any shapes, or None.
        max_norm: a float above 0.

    Returns:
        clipped, norm: a list like `gradients`, and a float.
    """
    ### BEGIN SOLUTION
    norm = math.sqrt(sum((g**2).sum().item() for g in gradients if g is not None))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm
    ### END SOLUTION


# %% test="clip_gradients" points=3 bans="torch.nn.utils"
g, h = torch.tensor([[1.0, -2.0], [2.0, 4.0]]), torch.tensor([0.5, -1.0, 0.25])
check.probe(clip_gradients, [g, None, h], 2.0)
check.probe(clip_gradients, [0.1 * g, h], 2.0)
check.probe(clip_gradients, [0 * h], 1.0)
check.probe(clip_gradients, [None, None], 1.0)
### BEGIN HIDDEN TESTS
check.probe(clip_gradients, [h, 3 * g, 2 * h, g[0]], 1.5)
check.probe(clip_gradients, [None], 3.0)
check.probe(clip_gradients, [h / 10, None], 0.05)
### END HIDDEN TESTS

# %% [markdown] choice="half_the_rate" points=1
# ## Think: half the rate, twice the norm
# Plain SGD clips by the global norm at 5. Now the learning rate is halved and gradients
# are clipped at 10. How do the lengths of the steps change, for the same gradients?
#
# - No step changes: the two cancel.
#   wrong: every gradient thought to be clipped
# - All steps are half as long.
#   wrong: the limit forgotten, where it is what counts
# - Gradients below 5 give half the step; above 10, the same step.
#   right: short ones feel only the rate; long ones have length rate times limit.
# - Gradients below 5 give the same step; above 10, half the step.
#   wrong: clipped and unclipped swapped

# %% [markdown]
# ## 7. Warm up, glide down
# Write `warm_up_cosine(t, T, warm, peak, least)`: the learning rate in step `t` of `T`
# (counted from 0), in two parts that meet:
#
# - for `t < warm`: a straight line that is 0 in step 0 and would be `peak` in step
#   `warm`
# - from step `warm` on: half a cosine that is `peak` in step `warm` and `least` in the
#   last step, `T - 1`
#
# `warm` may be 0. There are at least two steps from `warm` to `T - 1`, both counted.
# Return a float.
#
# Not allowed: `torch.optim`. For example, with `T=5`, `warm=2`, `peak=1.0`,
# `least=0.2` the rates are 0, 0.5, 1, 0.6, 0.2.


# %% exercise="warm_up_cosine"
def warm_up_cosine(t, T, warm, peak, least):
    """The learning rate of a linear warm-up and a cosine down to a floor.

    Args:
        t: the step, 0 to T - 1.
        T: the number of steps.
        warm: steps of the warm-up, 0 to T - 2.
        peak, least: the highest rate, and the rate of the last step.

    Returns:
        The rate, a float.
    """
    ### BEGIN SOLUTION
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2
    ### END SOLUTION


# %% test="warm_up_cosine" points=3 bans="torch.optim"
def all_rates(T, *rest):
    return [check.call(warm_up_cosine, t, T, *rest) for t in range(T)]


check.probe(all_rates, 12, 4, 0.5, 0.1, call="warm_up_cosine(t, 12, 4, 0.5, 0.1)")
check.probe(all_rates, 6, 0, 2.0, 0.0, call="warm_up_cosine(t, 6, 0, 2.0, 0.0)")
### BEGIN HIDDEN TESTS
check.probe(all_rates, 9, 7, 1.0, 0.3, call="warm_up_cosine(t, 9, 7, 1.0, 0.3)")
check.probe(all_rates, 7, 1, 0.25, 0.05, call="warm_up_cosine(t, 7, 1, 0.25, 0.05)")
### END HIDDEN TESTS

# %% [markdown] choice="decay_under_cosine" points=1
# ## Think: how much does it decay?
# A weight has gradient 0 all the time. Under AdamW with a constant rate it decays to
# 0.36 of its start over the training. Now the rate falls along a cosine from the same
# value to 0, over as many steps. Where does the weight end?
#
# - At 0.36: the decay doesn't depend on the rate.
#   wrong: "decoupled" taken for "free of the learning rate"
# - At 0.13.
#   wrong: a smaller rate thought to leave more time for the decay
# - At 0.6.
#   right: the mean rate is half as large, so the logarithm is halved: the root of 0.36.
# - At 0.68, as half of the loss of 0.64 is spared.
#   wrong: factors added where they are multiplied

# %% [markdown]
# ## 8. AdamW by hand
# Write `adamw_step(w, g, m, v, t, lr, lam)`: step `t` (counted from 1) of AdamW with
# $\beta_1 = 0.9$, $\beta_2 = 0.99$ (not PyTorch's 0.999) and $\epsilon = 10^{-8}$.
#
# $$\begin{aligned}
# m &\leftarrow \beta_1 m + (1 - \beta_1) g &
# v &\leftarrow \beta_2 v + (1 - \beta_2) g^2\\
# \hat m &= m / (1 - \beta_1^t) & \hat v &= v / (1 - \beta_2^t)\\
# w &\leftarrow (1 - \eta \lambda) \, w - \eta \, \hat m / (\sqrt{\hat v} + \epsilon)
# \end{aligned}$$
#
# Return the new `w`, `m`, `v` ($m$ and $v$ without the hats). The given tensors must
# stay as they are.

# %% [markdown]
# Not allowed: `torch.optim`. For example, with `w` = 2, `g` = 3, `m` = `v` = 0, `t` =
# 1, `lr` = 0.1 and `lam` = 0.5, the new `w` is 1.9 - 0.1 = 1.8, `m` is 0.3, `v` is
# 0.09.


# %% exercise="adamw_step"
def adamw_step(w, g, m, v, t, lr, lam):
    """One step of AdamW.

    Args:
        w, g, m, v: float32 tensors of one shape; weight, gradient, running means.
        t: the number of this step, from 1.
        lr, lam: learning rate and weight decay.

    Returns:
        w, m, v: three new tensors.
    """
    ### BEGIN SOLUTION
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v
    ### END SOLUTION


# %% test="adamw_step" points=4 bans="torch.optim"
w, g = torch.tensor([[1.5, -2.0, 0.5]]), torch.tensor([[0.2, 3.0, -1.0]])
m, v = torch.tensor([[0.1, -0.4, 0.3]]), torch.tensor([[0.5, 0.2, 1.5]])
check.probe(adamw_step, w, g, m, v, 3, 0.1, 0.7)
check.probe(adamw_step, w, 0 * g, 0 * m, 0 * v, 2, 0.1, 0.7)
check.probe(adamw_step, w, 1e-5 * g, 0 * m, 0 * v, 1, 0.1, 0.7)
### BEGIN HIDDEN TESTS
check.probe(adamw_step, w, g, 0 * m, 0 * v, 1, 0.3, 0.2)
check.probe(adamw_step, w[0], -g[0], m[0], v[0], 50, 0.02, 0.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Do they still point in different directions?
# Fifty layers with He's start keep the size of a signal. Its direction is another
# matter. Write `mean_cosine(H)` for signals `H` of shape (N, n), N at least 2: the mean
# over all pairs of **different** rows of the cosine of the angle between them: the
# dot product divided by both lengths. A pair with a row of zeros counts as 0.
# Return a tensor without axes.
#
# Not allowed: a loop, `F.cosine_similarity`.
#
# For example, `[[1., 0.], [2., 0.], [0., 3.]]` gives 1/3: the three pairs have 1, 0
# and 0. When a direction counts, and when a distance: [chapter 11](11) goes on from
# here.


# %% exercise="mean_cosine"
def mean_cosine(H):
    """The mean cosine between different rows.

    Args:
        H: (N, n) float32, N at least 2.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    norms = H.norm(dim=1, keepdim=True)  # (N, 1)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines = unit @ unit.T  # (N, N)
    N = len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))
    ### END SOLUTION


# %% test="mean_cosine" points=3 bans="loops, torch.nn.functional.cosine_similarity"
H = torch.tensor(
    [[1.0, 2.0, -1.0], [3.0, 0.5, 1.0], [0.2, -0.1, 0.4], [-2.0, 1.0, 5.0]]
)
check.probe(mean_cosine, H)
check.probe(mean_cosine, torch.cat([H[:3], torch.zeros(1, 3)]))
### BEGIN HIDDEN TESTS
check.probe(mean_cosine, 1e-3 * H[:2])
check.probe(mean_cosine, torch.zeros(3, 2))
check.probe(mean_cosine, -H[1:, :2])
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Answer a colleague (a person reads your answer)
# "My net has 40 layers with ReLU. I use `xavier_normal_`, since a paper did, and the
# loss doesn't move. So I tried a learning rate of 1000, and then it was `nan`. I think
# that deep nets just don't work."
#
# 1. By which factor does the signal shrink over 40 layers of equal width?
# 2. Which one line do you change, and to what?
# 3. How would you check that this was the cause? Name two things to measure.
#
# Answer in four to eight sentences.

# %% [markdown] manual="answer_a_colleague" points=3
# ### BEGIN SOLUTION
# 1. Xavier has the variance $1/n$ there, and ReLU halves the second moment: a factor of
#    $1/\sqrt2$ a layer, $2^{-20}$, about a millionth, over 40.
# 2. `kaiming_normal_(weight, nonlinearity="relu")`: variance $2/n$.
# 3. The root of the mean square of each layer's output before training, and the size of
#    the weights' gradients, with either start; then train both at the same rate, with
#    several seeds. A large rate can't help: it enlarges the step where the signal is
#    missing, and after a few steps the weights explode.
#
# Grader: a point each; 1 needs a number, 3 a comparison in which one thing changes.
# ### END SOLUTION
