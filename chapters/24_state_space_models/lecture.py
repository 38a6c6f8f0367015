# %% [markdown]
# # State space models: a memory of fixed size
#
# A Transformer that writes keeps every word it has read, and looks at all of them for
# the next one. You don't read a book like that. You keep a *summary*, and each sentence
# changes it a little. **How far does a summary of fixed size get, if it may choose what
# goes into it?**
#
# You build a **state space model** (SSM), compute it in four ways that give the same
# numbers, and see where its memory fails.
#
# You need [attention](23) and the [KV cache](23), the [update gate](21),
# [convolution](12 "kernel") and the [residual connection](17).

# %%
import math
import time

import torch
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.device import set_seed, try_gpu
from utils.drawings import state_space_models as drawings
from utils.one_cycle import one_cycle

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## A spring that is pushed
#
# A weight hangs on a spring with friction, and you push it. Its **state** is two
# numbers, place and speed: whoever knows them needs no other past. With a push $u(t)$,
#
# $$\dot{\mathbf h}(t) = \mathbf A \mathbf h(t) + \mathbf B u(t), \qquad
# y(t) = \mathbf C \mathbf h(t)$$
#
# $\dot{\mathbf h}$ is the state's change per second. $\mathbf A$ says how the state
# moves when nobody pushes, $\mathbf B$ where a push enters, $\mathbf C$ what we see of
# the state. With $N$ numbers in the state, the shapes are $N \times N$, $N \times 1$,
# $1 \times N$. This is a **linear state space model**.

# %% [markdown]
# ## From seconds to steps: discretisation
#
# A computer gets $u$ in steps of $\Delta$ seconds. Say that a push is *held* for the
# whole step (**zero-order hold**). Then the differential equation has an exact answer:
#
# $$\mathbf h_t = \underbrace{e^{\Delta \mathbf A}}_{\bar{\mathbf A}} \mathbf h_{t-1} +
# \underbrace{\int_0^{\Delta} e^{s \mathbf A} ds \; \mathbf B}_{\bar{\mathbf B}} \, u_t,
# \qquad \bar{\mathbf B} = \mathbf A^{-1} (\bar{\mathbf A} - \mathbf I) \mathbf B$$
#
# **Euler's rule** takes the change at the step's start for the whole step:
# $\bar{\mathbf A} = \mathbf I + \Delta \mathbf A$, $\bar{\mathbf B} = \Delta \mathbf
# B$. The **bilinear** rule takes the mean of the changes at start and end, and solves
# for $\mathbf h_t$:
# $\bar{\mathbf A} = (\mathbf I - \tfrac{\Delta}{2} \mathbf A)^{-1}
# (\mathbf I + \tfrac{\Delta}{2} \mathbf A)$,
# $\bar{\mathbf B} = (\mathbf I - \tfrac{\Delta}{2} \mathbf A)^{-1} \Delta \mathbf B$.


# %%
def discretise(A, B, step, rule="zoh"):
    """A_bar (N, N) and B_bar (N, 1) of one step of `step` seconds.

    Source: Gu, Goel, Re, S4, ICLR 2022, section 2, for the bilinear rule.
    """
    eye = torch.eye(len(A))
    if rule == "euler":
        return eye + step * A, step * B
    if rule == "bilinear":
        half = eye - step / 2 * A
        solve = torch.linalg.solve
        return solve(half, eye + step / 2 * A), solve(half, step * B)
    A_bar = torch.matrix_exp(step * A)
    return A_bar, torch.linalg.solve(A, (A_bar - eye) @ B)


def recurrence(A_bar, B_bar, C, u):
    """y (L,) of an input u (L,): one step after the other, from h = 0."""
    h, y = torch.zeros_like(B_bar), []
    for u_t in u:
        h = A_bar @ h + B_bar * u_t  # (N, 1)
        y.append((C @ h).squeeze())
    return torch.stack(y)


# %% [markdown] predict="euler"
# **Predict.** The spring swings about once in three seconds, with friction. You push
# for four seconds and let go. With steps of a quarter of a second, what does Euler's
# rule draw?
#
# - Nearly the true swing: twelve steps for one swing are fine enough.
#   wrong: a step that looks small taken for a harmless one. Each step goes straight on
#   along the tangent, and the tangent of a swing points outwards.
# - A swing that dies too soon.
#   wrong: an error of the step taken for friction. It has the other sign: a tangent
#   leads out of the curve, not into it.
# - A swing that grows without end.
#   right: each step multiplies the state's size by more than 1, friction or not.
# - The true swing, some steps late.
#   wrong: an error of size taken for a delay. Each step errs outwards, and the errors
#   multiply.

# %% [markdown]
# **Look for** the rule that leaves the picture, and for the one that lies on the true
# curve. (The true curve is Euler's rule, with steps 300 times as short.)

# %%
A = torch.tensor([[0.0, 1.0], [-4.0, -0.4]])  # place changes by speed; spring, friction
B, C = torch.tensor([[0.0], [1.0]]), torch.tensor([[1.0, 0.0]])
step, seconds = 0.25, 15.0
t = torch.arange(step, seconds + step / 2, step)  # (60,) the ends of the steps
u = ((t > 1) & (t <= 5)).float()  # a push of four seconds

fine = [M.double() for M in discretise(A, B, step / 300, "euler")]
true = recurrence(*fine, C.double(), u.double().repeat_interleave(300))[299::300]
drawn = {
    rule: recurrence(*discretise(A, B, step, rule), C, u)
    for rule in ("zoh", "bilinear", "euler")
}
fig, axes = plots.figure(ncols=2, width=4.4)
drawings.responses(axes, t, u, true, drawn)
plots.show(
    fig,
    alt="Left: a push that is 1 from second 1 to 5 and 0 elsewhere. Right: the place "
    "of the weight. The true curve swings and calms down; zero-order hold lies on it, "
    "the bilinear rule near it, Euler's rule swings higher and higher.",
)

# %%
off = {rule: (y - true).abs().max().item() for rule, y in drawn.items()}
sizes = {
    rule: torch.linalg.eigvals(discretise(A, B, step, rule)[0]).abs().max().item()
    for rule in drawn
}
for rule in drawn:
    print(f"{rule:8}  off by at most {off[rule]:6.3f}", end="   ")
    print(f"a step multiplies the swing by {sizes[rule]:.3f}")
assert off["zoh"] < 0.005 < off["bilinear"] < 0.1 and off["euler"] > 5
assert sizes["euler"] > 1 > max(sizes["zoh"], sizes["bilinear"])

# %% [markdown]
# The push *is* held here, so zero-order hold is exact up to rounding (and the small
# error of what we call true). The number on the right decides: it is the largest
# absolute value of an eigenvalue of $\bar{\mathbf A}$. Above 1 every state grows; the
# spring's own law isn't to blame, the rule is.
#
# From here on, $\mathbf A$ is **diagonal** with negative entries, as in Mamba: each
# number of the state fades on its own, $\bar a_n = e^{\Delta a_n}$, between 0 and 1. A
# layer of a net has such a state for each of its channels.

# %% [markdown]
# ## The recurrence is a convolution
#
# Put the recurrence into itself: $\mathbf h_t = \bar{\mathbf B} u_t + \bar{\mathbf A}
# \bar{\mathbf B} u_{t-1} + \bar{\mathbf A}^2 \bar{\mathbf B} u_{t-2} + \dots$ So
#
# $$y_t = \sum_{k=0}^{t} K_k\, u_{t-k}, \qquad
# K_k = \mathbf C \bar{\mathbf A}^k \bar{\mathbf B}$$
#
# A [convolution](12 "kernel") with a kernel as long as the input, that never looks
# ahead: **causal**. All outputs come at once, and the state has vanished. $K$ is also
# what you see after one push of one step: the **impulse response**.
#
# Summed as it stands, it costs $L (L + 1) / 2$ products for $L$ steps. The **fast
# Fourier transform** (FFT) needs about $L \log_2 L$: transformed, a convolution is a
# product, number by number.


# %%
def kernel(A_bar, B_bar, C, length):
    """K (length,): C A^k B for k = 0, 1, ..."""
    powers, K = B_bar, []
    for _ in range(length):
        K.append((C @ powers).squeeze())
        powers = A_bar @ powers
    return torch.stack(K)


def fft_convolution(u, K, size):
    """The convolution of u with K (both (..., L)) on a circle of `size` places."""
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)[..., : u.shape[-1]]


A_bar, B_bar = discretise(A, B, step)
L = len(u)
K = kernel(A_bar, B_bar, C, L)
late = u.roll(30)  # the same push, in the middle of the record
y = recurrence(A_bar, B_bar, C, late)
direct = torch.stack([(K[: i + 1].flip(0) * late[: i + 1]).sum() for i in range(L)])
padded, wrapped = (fft_convolution(late, K, size) for size in (2 * L, L))

# %% [markdown]
# The FFT works on a circle: what runs out at the end comes in again at the start.
# Zeros behind the input (**zero padding**), at least $L - 1$ of them, catch it.
#
# **Look for** the curve that moves before the push.

# %%
fig, axes = plots.figure(ncols=2, width=4.4)
plots.curves(axes[0], t - step, {"K": K}, "time since the push (s)", "kernel $K$")
shown = {"recurrence": y, "FFT, padded": padded, "FFT, not padded": wrapped}
plots.curves(axes[1], t, shown, "time (s)", "place")
plots.show(
    fig,
    alt="Left: the kernel, a swing that fades. Right: three outputs for a push in the "
    "second half. Recurrence and padded FFT agree and rest until the push. Without "
    "padding the curve swings from the very start.",
)
gaps = [(direct - y).abs().max().item(), (padded - y).abs().max().item()]
early = wrapped[late.cumsum(0) == 0].abs().max().item()
print("differences from the recurrence:", [f"{gap:.1e}" for gap in gaps])
print(f"before the push, without padding: up to {early:.2f}")
assert max(gaps) < 1e-5 and early > 0.1 and y[late.cumsum(0) == 0].eq(0).all()

# %% [markdown]
# The same numbers three times. The curve without padding moves before anybody pushes:
# it remembers the *future*. A net trained with it reads the answer before the question.
#
# S4 (Gu, Goel, Ré, 2022) learns long-range tasks in this way: trained as a convolution,
# used step by step. What makes it possible is that $\bar{\mathbf A}, \bar{\mathbf B},
# \mathbf C$ are the same at each step: the model is **linear and time-invariant**
# (LTI).

# %% [markdown]
# ## Why is there no non-linearity between the steps?
#
# A [GRU](21) squeezes its state at each step. An SSM doesn't: non-linearities stand
# *between layers*, never between steps. Look at two steps of one number,
# $h_t = a_t h_{t-1} + b_t$:
#
# $$h_2 = a_2 (a_1 h_0 + b_1) + b_2 = (a_2 a_1)\, h_0 + (a_2 b_1 + b_2)$$
#
# Two steps are *one step of the same kind*, with the pair $(a_2 a_1,\; a_2 b_1 + b_2)$.
# So are a thousand. With $\tanh$ around each step they aren't: two tanh in a row are no
# tanh of anything simple. And since pairs can be joined in any grouping
# (**associativity**), nobody has to begin at the left.


# %%
def combine(earlier, later):
    """Two steps h -> a h + b, the earlier one first, as one step."""
    (a1, b1), (a2, b2) = earlier, later
    return a2 * a1, a2 * b1 + b2


p, q, r = ((torch.rand(5), torch.randn(5)) for _ in range(3))
left = combine(combine(p, q), r)
right = combine(p, combine(q, r))
swapped = combine(combine(q, p), r)
torch.testing.assert_close(left, right)
print("grouped otherwise:", (left[1] - right[1]).abs().max().item() < 1e-5)
print(f"order exchanged: off by {(left[1] - swapped[1]).abs().max():.2f}")
assert (left[1] - swapped[1]).abs().max() > 1e-3

# %% [markdown]
# The grouping is free, the *order* isn't: earlier and later may not be exchanged.
#
# ## The scan: all states in a few rounds
#
# A **scan** gives all partial results of an associative operation; `cumsum` is one. In
# round $r = 1, 2, 3, \dots$ every position takes in what stands $2^{r-1}$ places before
# it. After round 1 each knows the last two steps, then four, then eight (Hillis and
# Steele, 1986).
#
# **Look for** the number of rounds for eight steps, and count the joints in each. A
# box names the steps that it has joined; a blue one is finished.

# %%
fig, ax = plots.figure(width=6.4, height=3.0)
drawings.rounds(ax, 8)
plots.show(
    fig,
    alt="Eight positions in four rows. From row to row arrows lead 1, then 2, then 4 "
    "places to the right: 7, 6 and 4 of them. In the last row each position covers all "
    "steps from the first to itself.",
)


# %%
def scan(operation, steps):
    """All partial results; steps: a tuple of tensors (L, ...). Hillis and Steele."""
    reach = 1
    while reach < len(steps[0]):
        before = tuple(part[:-reach] for part in steps)
        joined = operation(before, tuple(part[reach:] for part in steps))
        steps = tuple(
            torch.cat([part[:reach], new])
            for part, new in zip(steps, joined, strict=True)
        )
        reach *= 2
    return steps


def economical_scan(operation, steps):
    """The same with less work: join pairs, scan half as many, fill the gaps."""
    L = len(steps[0])
    if L == 1:
        return steps
    even, odd = (tuple(part[i : L - L % 2 : 2] for part in steps) for i in (0, 1))
    odd = economical_scan(operation, operation(even, odd))  # through steps 1, 3, 5, ...
    gaps = tuple(part[: (L - 1) // 2] for part in odd)
    later = tuple(part[2::2] for part in steps)
    filled = operation(gaps, later) if L > 2 else later
    results = tuple(part.clone() for part in steps)
    for result, at_odd, at_even in zip(results, odd, filled, strict=True):
        result[1 : L - L % 2 : 2], result[2::2] = at_odd, at_even
    return results


# %% [markdown]
# Three rounds, with 7, 6 and 4 joints, are drawn above. The second function is close to
# Blelloch's scan (1990). Two things are counted: **depth**, how many rounds must wait
# for each other, and **work**, how many joints there are in all. The loop has depth and
# work $L - 1$.


# %%
def counted(method, steps):
    """The states, the depth and the work of a scan."""
    joints = []

    def operation(earlier, later):
        joints.append(len(earlier[0]))
        return combine(earlier, later)

    _, states = method(operation, steps)
    return states, len(joints), sum(joints)


def loop(a, b):
    """All h_t = a_t h_{t-1} + b_t from h = 0, one after the other."""
    h, states = torch.zeros_like(b[0]), []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return torch.stack(states)


for L in (8, 1024):
    a, b = torch.rand(L, 3), torch.randn(L, 3)
    for method in (scan, economical_scan):
        states, depth, work = counted(method, (a, b))
        print(f"L {L:4}  {method.__name__:15} depth {depth:2}, work {work:5,}")
        assert (states - loop(a, b)).abs().max() < 1e-5
        rounds = round(math.log2(L))
        paper = {scan: (rounds, L * rounds - L + 1)}
        paper[economical_scan] = (2 * rounds - 1, 2 * L - 2 - rounds)
        assert (depth, work) == paper[method]

# %% [markdown]
# Both give the loop's states. Hillis and Steele need $\log_2 L$ rounds with
# $L \log_2 L - L + 1$ joints; the economical scan nearly twice the rounds, and never
# more than twice the loop's joints. On a machine that does thousands of joints at once,
# 10 rounds beat 1,023 steps.
#
# How long does it take here, beside softmax attention? **Look for** the slopes: on
# these axes a straight line's slope is the exponent of $L$.

# %%
a, b = torch.rand(4096, 32) * 0.2 + 0.8, torch.randn(4096, 32)
methods = {
    "loop": lambda L: loop(a[:L], b[:L]),
    "scan": lambda L: scan(combine, (a[:L], b[:L])),
    "softmax attention": lambda L: (b[:L] @ b[:L].T).softmax(1) @ b[:L],
}


def seconds_of(method, L):
    """The fastest of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        method(L)
        times.append(time.perf_counter() - start)
    return min(times)


lengths = [256, 512, 1024, 2048, 4096]
measured = {
    name: [1000 * seconds_of(method, L) for L in lengths]
    for name, method in methods.items()
}
fig, ax = plots.figure(width=5.6)
plots.curves(ax, lengths, measured, "length $L$ (log scale)", "time (ms, log scale)")
ax.set(xscale="log", yscale="log")
ax.set_xticks(lengths, [f"{L:,}" for L in lengths])
ax.minorticks_off()
plots.show(
    fig,
    alt="Time against length on log scales, from 256 to 4,096. Attention rises the "
    "most steeply; loop and scan rise with the length, the loop far above.",
)

# %%
growth = {name: times[-1] / times[1] for name, times in measured.items()}
print("from 512 to 4,096, 8 times the length:")
for name, factor in growth.items():
    print(f"{name:18} {factor:5.1f} times the time, slope {math.log(factor, 8):.1f}")
products = {L: 2 * L * L * 32 for L in (512, 4096)}  # scores and weighted means
_, _, work = counted(scan, (a, b))
print(f"products at 4,096: attention {products[4096]:,}, scan {2 * 32 * work:,}")
assert products[4096] / products[512] == 64 and products[4096] > 300 * 2 * 32 * work
assert growth["softmax attention"] > max(16, growth["loop"], growth["scan"])
assert measured["loop"][-1] > measured["scan"][-1]

# %% [markdown]
# Counted, eight times the length costs attention 64 times the products (a slope of 2)
# and the loop eight times the steps (1). Measured slopes differ from machine to
# machine, and attention's may lie well above 2; the counts are the same everywhere. The
# scan's time is far below the loop's although it does more work: a loop in Python pays
# for each step, whatever the step does.

# %% [markdown]
# ## Selection: the input decides what is kept
#
# An LTI model treats all inputs alike: each fades at the same rate, a full stop as
# slowly as a name. **Mamba** (Gu and Dao, 2023) makes the parameters functions of the
# input $\mathbf x_t$ at each position, a **selective** SSM:
#
# $$\Delta_t = \text{softplus}(\mathbf w \cdot \mathbf x_t + w_0), \quad
# \mathbf B_t = \mathbf W_B \mathbf x_t, \quad \mathbf C_t = \mathbf W_C \mathbf x_t$$
# $$\mathbf h_t = e^{\Delta_t \mathbf A}\, \mathbf h_{t-1} + \Delta_t \mathbf B_t x_t,
# \qquad y_t = \mathbf C_t \mathbf h_t$$
#
# $\text{softplus}(z) = \ln(1 + e^z)$ is positive. $\mathbf A$ stays a parameter.
# ($\Delta_t \mathbf B_t$ is Euler's rule for $\mathbf B$, good enough since $\mathbf
# B_t$ is learned.)

# %% [markdown]
# $\Delta_t$ is the step's length, and now the net sets it. $\Delta_t = 0$: no time
# passes, the state stays and the input is not seen. $\Delta_t$ large: the past fades to
# nothing and the input replaces it. You know this pair of choices: it is a
# [gate](21). With one number of state, $a = -1$, $b = 1$ and zero-order hold,
#
# $$\bar a_t = e^{-\text{softplus}(z_t)} = \frac{1}{1 + e^{z_t}} = 1 - \sigma(z_t),
# \qquad \bar b_t = 1 - \bar a_t = \sigma(z_t)$$
#
# the [update gate](21) of a GRU, computed from the input alone. Gu and Dao prove it as
# their theorem 1. A GRU's gate looks at the *state*, too; the scan doesn't allow that.

# %%
z, x = torch.randn(20), torch.randn(20)
by_gate = loop(1 - torch.sigmoid(z), torch.sigmoid(z) * x)
step_sizes = F.softplus(z)
by_ssm = loop(torch.exp(-step_sizes), (1 - torch.exp(-step_sizes)) * x)
print(f"gate against selective SSM: {(by_gate - by_ssm).abs().max():.1e}")
assert (by_gate - by_ssm).abs().max() < 1e-5

# %% [markdown]
# A kernel $K_k$ exists no longer: how much of $x_s$ is left at $t$ depends on *what*
# stood between, not only on the distance $t - s$. So no convolution and no FFT. The
# scan still works: it never asked that all steps be alike.
#
# ## The whole layer as one matrix
#
# Write the recurrence out again, with one fading rate for all of the state, as
# **Mamba-2** has it (Dao and Gu, 2024): $\bar a_t = e^{\Delta_t a}$. Then
#
# $$y_t = \sum_{s \le t} M_{ts}\, x_s, \qquad
# M_{ts} = \underbrace{\bar a_{s+1} \bar a_{s+2} \cdots \bar a_t}_{L_{ts}}\;
# \mathbf C_t \cdot \bar{\mathbf B}_s$$
#
# Product by product: what came in at $s$ by $\bar{\mathbf B}_s$ fades on each step to
# $t$, and is read by $\mathbf C_t$. $L_{tt} = 1$, and above the diagonal all is 0.


# %%
def decay_matrix(log_a):
    """L (..., n, n): products of a over s+1 ... t for s <= t, else 0; log_a: (..., n).

    Differences of one running sum of logarithms: nothing under- or overflows.
    """
    total = log_a.cumsum(-1)
    gaps = total[..., :, None] - total[..., None, :]  # (..., n, n)
    causal = torch.ones_like(gaps, dtype=torch.bool).tril()
    return gaps.masked_fill(~causal, -torch.inf).exp()


n, N, d = 50, 4, 6  # positions, numbers of state, channels
a, x = torch.rand(n) * 0.5 + 0.5, torch.randn(n, d)
B_bar, C = torch.randn(n, N), torch.randn(n, N)

M = decay_matrix(a.log()) * (C @ B_bar.T)  # (n, n)
as_matrix = M @ x
inputs = B_bar[:, :, None] * x[:, None, :]  # (n, N, d), what comes into the state
states = loop(a[:, None, None].expand_as(inputs), inputs)
as_loop = torch.einsum("tn,tnd->td", C, states)
_, states = scan(combine, (a[:, None, None].expand_as(inputs), inputs))
as_scan = torch.einsum("tn,tnd->td", C, states)
gaps = [(as_loop - other).abs().max().item() for other in (as_matrix, as_scan)]
print("matrix and scan against the loop:", [f"{gap:.1e}" for gap in gaps])
assert max(gaps) < 1e-5 * as_loop.abs().max()

# %% [markdown]
# $L$ has a name: it is **1-semiseparable**. Every block of it on or below the diagonal
# has rank 1, because all that passes from the block's columns to its rows passes
# through *one* number. With $N$ numbers of state, $M$ is $N$-semiseparable: ranks of at
# most $N$. Here the state's size becomes visible: it is the rank.
#
# Now read $M = L \circ (\mathbf C \mathbf B^\top)$ as somebody who knows
# [attention](23): $\mathbf C_t$ is the query, $\mathbf B_s$ the key, $x_s$ the value,
# and $L$ is a [causal mask](23) that fades.

# %%
block = decay_matrix(a.log())[20:, :20], M[20:, :20]
ranks = [torch.linalg.matrix_rank(part.double(), rtol=1e-5).item() for part in block]
print(f"rank of a 30 x 20 block: {ranks[0]} of L, {ranks[1]} of M; state {N}")
scores = torch.randn(n, N) @ torch.randn(N, n)
soft = scores.masked_fill(torch.ones(n, n).triu(1).bool(), -torch.inf).softmax(1)
soft_rank = torch.linalg.matrix_rank(soft[20:, :20].double(), rtol=1e-5).item()
print(f"rank of such a block of softmax attention, keys of {N} numbers: {soft_rank}")
assert ranks == [1, N] and soft_rank > 2 * N

# %% [markdown]
# ## How are the two linked, and why drop the softmax?
#
# Take causal attention and leave out the softmax: $\mathbf Y = (\mathbf L \circ \mathbf
# Q \mathbf K^\top)\, \mathbf V$ with ones in the lower half of $\mathbf L$. This is
# **linear attention** (Katharopoulos et al., 2020). Let the ones fade, and it is an
# SSM: **state-space duality**. One function, two ways to compute it. In rows and
# columns, $n^2$ products, as attention; or step by step, $n$ of them, as a recurrence.
#
# **Look for** what the mask of each picture may depend on. (Yellow is 1, dark blue 0.)

# %%
letters = "··b·a···c·"
is_letter = torch.tensor([letter != "·" for letter in letters])
n = len(letters)
scores = torch.tensor([[1.0 if c == r else 0.0 for c in letters] for r in letters])
causal = torch.ones(n, n).tril()
named = {
    "softmax attention": scores.masked_fill(causal == 0, -torch.inf).softmax(1),
    "linear attention: ones": causal,
    "LTI: fades with distance": decay_matrix(torch.full((n,), math.log(0.8))),
    "selective: fades at letters": decay_matrix(is_letter * math.log(0.4)),
}

# %%
fig, axes = plots.figure(ncols=4, width=2.6, height=2.9)
drawings.masks(axes, named, letters)
plots.show(
    fig,
    alt="Four lower triangles over ten positions, three of them letters. Softmax "
    "attention: rows sum to 1. Ones: all equal. Fading with distance: stripes along "
    "the diagonal. Fading at letters: rectangular steps, their edges at the letters.",
)
spreads = [mask.diagonal(-3).std().item() for mask in named.values()]
print("spread along the diagonal of distance 3:", [f"{s:.2f}" for s in spreads])
assert max(spreads[1:3]) < 1e-6 and min(spreads[0], spreads[3]) > 0.05

# %% [markdown]
# The softmax divides each row by a sum over *all* keys, of exponentials of each score:
# to write one row, you need every key again, so all are kept. The three others need no
# old key. An LTI mask has stripes (that is the convolution: one number for each
# distance). A selective one has steps where the input says so.
#
# Without the softmax only products of matrices are left, and those may be grouped
# freely:
#
# $$(\mathbf Q \mathbf K^\top)\, \mathbf V = \mathbf Q\, (\mathbf K^\top \mathbf V)$$
#
# On the left $n \times n$ numbers stand in the middle; on the right $N \times d$, the
# state, however long the text is.


# %%
def in_two_orders(n, N, d):
    """Multiplications of (Q K^T) V and of Q (K^T V); Q, K: (n, N), V: (n, d)."""
    return n * N * n + n * n * d, N * n * d + n * N * d


for n in (64, 1024, 16384):
    rows_first, state_first = in_two_orders(n, N=64, d=64)
    print(f"n = {n:6,}: {rows_first:15,} or {state_first:12,} multiplications")
    assert rows_first / state_first == n / 64
Q, K, V = (torch.randn(200, 16, dtype=torch.float64) for _ in range(3))
assert torch.allclose((Q @ K.T) @ V, Q @ (K.T @ V))

# %% [markdown]
# At $n = N = d$ both cost the same; beyond, the saving grows with $n$. Causal linear
# attention uses the second order step by step: the state $\mathbf S_t = \bar a_t
# \mathbf S_{t-1} + \mathbf k_t \mathbf v_t^\top$ is an SSM's, and its output is
# $\mathbf q_t \mathbf S_t$. That replaces the [KV cache](23), which grows with each
# word, by $N \times d$ numbers that don't.
#
# Mamba-2 trains in between: inside chunks of some dozens or hundreds of positions as a
# matrix, from chunk to chunk by the state. Exercise 11 builds it.
#
# Two relatives. **RetNet** (Sun et al., 2023) is linear attention with a
# fixed fading per head, the third picture. **Grouped heads**: as several heads of
# queries share keys and values in grouped-query attention, several heads of an SSM
# share $\mathbf B$ and $\mathbf C$.

# %% [markdown]
# ## A Mamba block
#
# The layer needs company. A **Mamba block** makes the input wider, twice: one half is
# the signal, the other its gate. The signal passes a short causal
# [convolution](12 "kernel") for each channel, the **SiLU** $z \sigma(z)$, and the
# selective SSM. The gate half, through a SiLU, multiplies the result. A linear map
# leads back to the width, and a [residual connection](17) goes round it all. No
# attention and no feed-forward network: the block is both.
#
# **Look for** the only place where positions meet, beside the short convolution.

# %%
fig, ax = plots.figure(width=8.4, height=2.7)
drawings.block(ax)
plots.show(
    fig,
    alt="A Mamba block from left to right: norm and linear map; an upper path through "
    "convolution, SiLU and selective SSM; a lower path through a SiLU; both meet in a "
    "product, then a linear map. An arrow leads from input to output past everything.",
)


# %%
class SelectiveSSM(nn.Module):
    """h_t = exp(step_t A) h_{t-1} + step_t B_t x_t, y_t = C_t h_t + D x_t.

    One step per position, N rates; (n, L, width) to (n, L, width).
    """

    def __init__(self, width, N=8):
        super().__init__()
        self.to_step = nn.Linear(width, 1)
        nn.init.constant_(self.to_step.bias, -1.0)  # a step of about 0.3
        self.to_B = nn.Linear(width, N, bias=False)
        self.to_C = nn.Linear(width, N, bias=False)
        self.log_rates = nn.Parameter(torch.logspace(-1.5, 0.7, N).log())
        self.D = nn.Parameter(torch.ones(width))

    def parts(self, x):
        """step * rates (n, L, N), step * B (n, L, N) and C (n, L, N)."""
        step = F.softplus(self.to_step(x))  # (n, L, 1)
        return step * self.log_rates.exp(), step * self.to_B(x), self.to_C(x)

    def matrix(self, x):
        """M (n, L, L): what each position takes from each."""
        fading, B, C = (part.transpose(1, 2) for part in self.parts(x))  # (n, N, L)
        each = decay_matrix(-fading) * C[..., :, None] * B[..., None, :]
        return each.sum(dim=1)  # (n, N, L, L) -> (n, L, L)

    def forward(self, x):
        return self.matrix(x) @ x + self.D * x


# %% [markdown]
# Positions meet in the SSM; each other box treats a position alone, but for the
# neighbours in the convolution. (The second norm, not drawn, stands before the product
# here. Mamba-2 has one, too, behind the product.)
#
# Here $\mathbf A$ has $N$ rates, and $\Delta_t$ is one number for all channels. (Mamba:
# a $\Delta_t$ for each channel; Mamba-2: for each head, with one rate.) Two rivals for
# its place: the same layer step by step, which must agree; and **every LTI model at
# once**, a causal convolution whose kernel is free in every entry. Whatever $\mathbf A,
# \mathbf B, \mathbf C$ an LTI model of any size has, its kernel is one of these.


# %%
def step_by_step(layer, x):
    """What `layer(x)` gives, with a state (n, N, width) and no matrix."""
    fading, B, C = layer.parts(x)
    h, y = x.new_zeros(len(x), B.shape[2], x.shape[2]), []
    for t in range(x.shape[1]):
        new = B[:, t, :, None] * x[:, t, None, :]  # (n, N, width)
        h = torch.exp(-fading[:, t])[..., None] * h + new
        y.append(torch.einsum("bn,bnw->bw", C[:, t], h))
    return torch.stack(y, dim=1) + layer.D * x


class FreeKernel(nn.Module):
    """A causal convolution with a kernel of its own for each channel."""

    def __init__(self, width, length):
        super().__init__()
        self.K = nn.Parameter(torch.randn(width, length) / length**0.5)
        self.D = nn.Parameter(torch.ones(width))

    def forward(self, x):
        u = x.transpose(1, 2)  # (n, width, L)
        y = fft_convolution(u, self.K, 2 * x.shape[1])
        return y.transpose(1, 2) + self.D * x


layer, x = SelectiveSSM(12), torch.randn(3, 40, 12)
with torch.no_grad():
    gap = (layer(x) - step_by_step(layer, x)).abs().max().item()
print(f"as a matrix against step by step: {gap:.1e}")
assert gap < 1e-5


# %%
class MambaBlock(nn.Module):
    """X + W (norm(mix(SiLU(conv(x)))) * SiLU(z)), x and z from X; (n, L, d)."""

    def __init__(self, d, mix, conv_width=4):
        super().__init__()
        inner = mix.D.numel()
        self.norm, self.enter = nn.LayerNorm(d), nn.Linear(d, 2 * inner, bias=False)
        settings = {"groups": inner, "padding": conv_width - 1}  # too much at the end
        self.conv = nn.Conv1d(inner, inner, conv_width, **settings)
        self.mix, self.after = mix, nn.RMSNorm(inner)
        self.leave = nn.Linear(inner, d, bias=False)

    def forward(self, X):
        x, z = self.enter(self.norm(X)).chunk(2, dim=2)  # (n, L, inner) each
        x = self.conv(x.transpose(1, 2))[..., : X.shape[1]]  # the rest looks ahead
        y = self.mix(F.silu(x.transpose(1, 2)))
        return X + self.leave(self.after(y) * F.silu(z))


# %% [markdown]
# ## Selective copying
#
# A sequence has 20 places. At four of them, drawn at random, stand letters of an
# alphabet of 16; the others are blank. Then four questions follow: *the first letter?
# the second? the third? the fourth?*
#
# To answer the second question, the state must hold letters **by their rank**, however
# many blanks lie between. In **plain copying**, the control, the letters stand at the
# same four places in every sequence.


# %%
BLANKS, LETTERS, ASKED = 20, 16, 4


def sequences(n, at_random=True):
    """Tokens (n, 24) and answers (n, 4): 0 blank, 1-16 letters, 17-20 questions."""
    answers = torch.randint(LETTERS, (n, ASKED))
    if at_random:
        places = torch.rand(n, BLANKS).argsort(1)[:, :ASKED].sort(1).values
    else:
        places = (torch.arange(ASKED) * 5).expand(n, -1)
    tokens = torch.zeros(n, BLANKS, dtype=torch.long).scatter(1, places, answers + 1)
    questions = (LETTERS + 1 + torch.arange(ASKED)).expand(n, -1)
    return torch.cat([tokens, questions], dim=1).to(device), answers.to(device)


def make_net(mix, d=32):
    """Token ids (n, L) to scores (n, L, 16), with one Mamba block around `mix`."""
    embed = nn.Embedding(LETTERS + 1 + ASKED, d)
    block = MambaBlock(d, mix, conv_width=1)  # neighbours: nothing to be seen there
    net = nn.Sequential(embed, block, nn.LayerNorm(d), nn.Linear(d, LETTERS))
    return net.to(device)


tokens, answers = sequences(2)
for row, answer in zip(tokens.tolist(), answers.tolist(), strict=True):
    signs = ["·"] + [chr(65 + i) for i in range(LETTERS)] + list("1234")
    print("".join(signs[i] for i in row), "->", "".join(signs[i + 1] for i in answer))


# %%
def learn(net, num_steps, at_random=True, batch_size=32):
    """Train on new sequences at each step; return the share right per question (4,)."""
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02, fused=True)
    scheduler = one_cycle(optimizer, 0.02, num_steps)["scheduler"]
    for _ in range(num_steps):
        tokens, answers = sequences(batch_size, at_random)
        scores = net(tokens)[:, BLANKS:]  # (n, 4, 16)
        loss = F.cross_entropy(scores.flatten(0, 1), answers.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
    with torch.no_grad():
        tokens, answers = sequences(2000, at_random)
        return (net(tokens)[:, BLANKS:].argmax(2) == answers).float().mean(0).cpu()


def selective():
    return make_net(SelectiveSSM(64))


def time_invariant():
    return make_net(FreeKernel(64, BLANKS + ASKED))


# %% [markdown] predict="which_letter"
# **Predict.** The net has one block around a *free kernel*. Letters stand at random
# places. Which of the four can it name?
#
# - None better than by guessing, 1 in 16.
#   wrong: a kernel thought to be blind. It sees all letters, and it can weigh late ones
#   more than early ones.
# - All, after enough training.
#   wrong: more training taken for more knowledge. How many letters lie between is no
#   function of the distance, and a kernel knows the distance only.
# - The first and the last most of the time, those between half of the time at best.
#   right: a steep kernel makes the oldest or the newest letter the loudest. For the
#   second, no distance is the right one.
# - The last one only, which is nearest.
#   wrong: memory thought to fade always. A kernel may just as well grow with the
#   distance.

# %%
runs, nets = {"selective": [], "time-invariant": []}, []
for _ in range(3):
    nets.append(selective())
    runs["selective"].append(learn(nets[-1], 500))
    runs["time-invariant"].append(learn(time_invariant(), 500))
longer = learn(time_invariant(), 1000)
control = learn(time_invariant(), 500, at_random=False)
shares = {name: torch.stack(kind) for name, kind in runs.items()}  # (3, 4) each
medians = {name: kind.mean(1).median().item() for name, kind in shares.items()}
for name, kind in shares.items():
    nets_right = [f"{share:.3f}" for share in kind.mean(1).tolist()]
    print(f"{name:15} three nets: {nets_right}, median {medians[name]:.3f}")
print(f"time-invariant, twice the steps: {longer.mean():.3f}")
print(f"time-invariant, plain copying:         {control.mean():.3f}")
print(f"guessing: {1 / LETTERS:.3f}")
assert medians["selective"] > 0.97 and shares["time-invariant"].mean(1).max() < 0.75
assert longer.mean() < 0.75 and control.mean() > 0.98

# %% [markdown]
# **Look for** the questions that separate the two.

# %%
fig, ax = plots.figure(width=5.6)
drawings.shares(ax, shares, 1 / LETTERS)
plots.show(
    fig,
    alt="Share of right answers for the four questions, median of three nets. "
    "Selective: nearly 1 for all. Time-invariant: more than 0.7 for the first and the "
    "last, about 0.5 or less for the two between. Three dots show the single nets.",
)
ends, middle = shares["time-invariant"][:, [0, 3]], shares["time-invariant"][:, 1:3]
print(f"time-invariant: ends {ends.mean():.2f}, middle {middle.mean():.2f}")
assert ends.mean() > 0.8 and ends.min() > 0.7
assert middle.min() > 0.3 and middle.mean(0).max() < 0.5 and middle.max() < 0.55
assert shares["selective"].median(0).values.min() > 0.9 and longer[1:3].max() < 0.55
net = nets[shares["selective"].mean(1).argmax()]  # the best, to look inside below

# %% [markdown]
# The bars are **medians**, not means, because of the starts: in some runs of this
# notebook a selective net stays at guessing for all 500 steps, or misses one question,
# while the others are perfect. Whoever trains a single net must be ready to start it
# anew.

# %% [markdown]
# The free kernel copies nearly perfectly from fixed places, so its memory isn't the
# trouble. From random places it names most of the ends, and of the middle less than
# half. Twice the training hardly helps. One thing differs: whether the places are known
# in advance. This is the case that selection is made for.
#
# Be fair to the older model: this is *one* block. In a stack of two, with a
# non-linearity between them, the first could count the letters, and the second could
# use the count. Whether training finds that is not measured here: *To think about*, 2.

# %% [markdown]
# ## What did the step learn?
#
# **Look for** the tokens at which time passes, and for the darkest cell of each row.


# %%
@torch.no_grad()
def look_inside(net, tokens):
    """Steps (L,) and matrix (L, L) of the layer, for one sequence of tokens (1, L)."""
    embed, block = net[0], net[1]
    x, _ = block.enter(block.norm(embed(tokens))).chunk(2, dim=2)
    x = F.silu(block.conv(x.transpose(1, 2)).transpose(1, 2))
    step = F.softplus(block.mix.to_step(x))
    return step[0, :, 0].cpu(), block.mix.matrix(x)[0].abs().cpu()


tokens, _ = sequences(1)
step, M = look_inside(net, tokens)
by_token, _ = look_inside(net, torch.arange(LETTERS + 1, device=device)[None])
read = [signs[i] for i in tokens[0].tolist()]

# %%
fig, axes = plots.figure(ncols=2, width=4.6, height=3.4)
drawings.inside(axes, step, M, read)
plots.show(
    fig,
    alt="Left: the step at each of 24 tokens, higher at the four letters than at the "
    "blanks. Right: the last four rows of the layer's matrix, one for each question, "
    "with large values in the columns of letters.",
)
print(f"step at a blank {by_token[0]:.3f}, mean over letters {by_token[1:].mean():.3f}")
share = (M[BLANKS:, :BLANKS] * (tokens[0, :BLANKS] > 0).cpu()).sum()
print(f"weight on letters {share / M[BLANKS:, :BLANKS].sum():.2f}")
assert by_token[1:].min() > 3 * by_token[0] and share > 0.9 * M[20:, :20].sum()

# %% [markdown]
# At a blank next to no time passes, at a letter it does: each letter makes the earlier
# ones fade by one step more, however many blanks lie between. So what is left of a
# letter depends on its rank. The state fades at eight rates, and a question reads a
# mixture of them. Is the mixture needed? Give the eight numbers *one* rate, learned as
# before.

# %%
one_rate = SelectiveSSM(64)
one_rate.log_rates = nn.Parameter(torch.zeros(1))  # for all eight numbers of the state
share = learn(make_net(one_rate), 500)
print("one rate for all, four questions:", [f"{s:.2f}" for s in share.tolist()])
assert share.max() < 0.5

# %% [markdown]
# It is: no letter is named half of the time. With one rate, letters fade alike for
# every question. The step counts the letters; it takes several rates to read the count.
#
# ## What it costs to drop the softmax
#
# A state of $N \times d$ numbers can't hold everything. Test it with **associative
# recall**: pairs of a key and a value come in, then a key, and its value is asked. With
# softmax attention, each pair stays in the cache. With linear attention, all pairs are
# *added up* in one state, $\mathbf S = \sum_s \mathbf k_s \mathbf v_s^\top$.

# %% [markdown] predict="too_many_pairs"
# **Predict.** There are 32 keys, and each is a learned vector of $N = 4$ numbers. 16
# pairs come in. How many answers are right, without and with the softmax?
#
# - Nearly all in both: 32 different vectors are easily told apart.
#   wrong: different taken for orthogonal. Without the softmax a query takes a little of
#   every value whose key isn't at right angles to it, and there are four directions.
# - About two thirds without, nearly all with the softmax.
#   right: four directions hold four pairs cleanly, more of them blur. The exponential
#   makes the best key win, even if others are close.
# - A quarter in both: four keys of sixteen fit.
#   wrong: the state's limit applied to softmax attention too. That has no state: it
#   keeps all sixteen keys.
# - Nearly all without the softmax, fewer with it.
#   wrong: the mean over the keys blamed on the softmax. It sharpens the mean, if the
#   scores are far apart.


# %%
class Recall(nn.Module):
    """Scores (n, asked, values) for keys asked Q (n, asked), after pairs (K, V)."""

    def __init__(self, N, softmax, num_keys=32, num_values=16, d=32):
        super().__init__()
        self.query, self.key = (nn.Embedding(num_keys, N) for _ in range(2))
        self.value, self.output = nn.Embedding(num_values, d), nn.Linear(d, num_values)
        self.softmax = softmax

    def forward(self, K, V, Q):
        q, k, v = (
            self.query(Q),
            self.key(K) / self.key.embedding_dim**0.5,
            self.value(V),
        )
        if self.softmax:
            return self.output((q @ k.transpose(1, 2)).softmax(dim=2) @ v)
        state = k.transpose(1, 2) @ v  # (n, N, d): all that is kept of the pairs
        return self.output(q @ state)


def draw_pairs(n, num_pairs):
    """K, V (n, num_pairs), keys all different; eight of the keys, and their values."""
    K = torch.rand(n, 32, device=device).argsort(dim=1)[:, :num_pairs]
    V = torch.randint(16, (n, num_pairs), device=device)
    i = torch.randint(num_pairs, (n, 8), device=device)
    return K, V, K.gather(1, i), V.gather(1, i)


def recalled(N, num_pairs, softmax=False, num_steps=300):
    """Share of right answers after training."""
    net = Recall(N, softmax).to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.03, fused=True)
    scheduler = one_cycle(optimizer, 0.03, num_steps)["scheduler"]
    for _ in range(num_steps):
        K, V, Q, y = draw_pairs(64, num_pairs)
        loss = F.cross_entropy(net(K, V, Q).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    with torch.no_grad():
        K, V, Q, y = draw_pairs(2000, num_pairs)
        return (net(K, V, Q).argmax(dim=2) == y).float().mean().item()


# %% [markdown]
# **Look for** the number of pairs at which each curve leaves the top.

# %%
num_pairs = [2, 4, 8, 16, 32]
recall = {
    f"linear, N = {N}": [recalled(N, pairs) for pairs in num_pairs] for N in (4, 8, 32)
}
recall["softmax, N = 4"] = [recalled(4, pairs, softmax=True) for pairs in num_pairs]
fig, ax = plots.figure(width=5.6)
plots.curves(ax, num_pairs, recall, "pairs (log scale)", "share recalled")
ax.set(xscale="log", ylim=(0, 1.05))
ax.set_xticks(num_pairs, num_pairs)
ax.minorticks_off()
plots.show(
    fig,
    alt="Share recalled against the number of pairs, 2 to 32. Softmax with 4 numbers a "
    "key and linear with 32 stay at 1. Linear with 8 falls to about three quarters at "
    "32 pairs, linear with 4 to under a half.",
)
for name, values in recall.items():
    print(f"{name:15}", [f"{value:.2f}" for value in values])
print(f"guessing: {1 / 16:.2f}")
four, eight, full = (recall[f"linear, N = {N}"] for N in (4, 8, 32))
assert min(full + recall["softmax, N = 4"]) > 0.98 and min(four[0], eight[0]) > 0.99
assert 0.58 < four[3] < 0.75 and four[4] < 0.5 and 0.65 < eight[4] < 0.85
assert four[1] > 0.94 and eight[2] > 0.94

# %% [markdown]
# As many pairs as directions are recalled nearly always, twice as many less well, eight
# times as many badly. With $N = 32$, one direction for each key, nothing is lost. The
# softmax needs only 4 numbers a key, and its price is another: its memory is all 32
# pairs.
#
# That is the trade. **Gains**: linear time, a state that never grows. **Costs**: no
# exact look-up of more than about $N$ things. So many recent models mix a few layers of
# attention among many SSM layers.

# %%
metrics = {
    "selective copying, selective": medians["selective"],
    "selective copying, time-invariant": medians["time-invariant"],
    "recall of 32 pairs, linear, N = 4": four[4],
    "recall of 32 pairs, softmax, N = 4": recall["softmax, N = 4"][4],
}

# %% [markdown]
# ## What goes wrong in practice
#
# **Only $\mathbf A$ discretised.** $\bar{\mathbf A} = e^{\Delta \mathbf A}$, and
# $\mathbf B$ as it was. Halve the step, and every push counts twice. Push the spring
# with 1 for a long time: it comes to rest where $0 = \mathbf A \mathbf h + \mathbf B$,
# at $1/4$, whatever the step.

# %%
for step in (0.25, 0.125):
    A_bar, B_bar = discretise(A, torch.tensor([[0.0], [1.0]]), step)
    ones = torch.ones(round(40 / step))
    C_place = torch.tensor([[1.0, 0.0]])
    rest = recurrence(A_bar, B_bar, C_place, ones)[-1].item()
    wrong = recurrence(A_bar, torch.tensor([[0.0], [1.0]]), C_place, ones)[-1].item()
    print(f"step {step:5}: rests at {rest:.3f}; only A discretised: {wrong:.3f}")
    assert abs(rest - 0.25) < 2e-3 and wrong > 0.7
    assert step == 0.25 or wrong > 1.7

# %% [markdown]
# **Products as a ratio of running products.** $\bar a_{s+1} \cdots \bar a_t$ is
# `cumprod[t] / cumprod[s]`, until `cumprod` is 0: after some two hundred steps of 0.6
# you divide 0 by 0. Differences of summed *logarithms* don't do that.

# %%
fading = torch.full((400,), 0.6)
running = fading.cumprod(0)
ratios = running[:, None] / running
print(f"running product is 0 after {(running > 0).sum()} steps", end="; ")
print(f"NaN among the ratios: {ratios.isnan().sum():,} of {ratios.numel():,}")
by_logs = decay_matrix(fading.log())
print(f"by logarithms: {by_logs.isnan().sum()}; one step {by_logs[399, 398]:.3f}")
assert 190 < (running > 0).sum() < 210
assert ratios.isnan().any() and not by_logs.isnan().any()
assert abs(by_logs[399, 398] - 0.6) < 1e-3

# %% [markdown]
# **The scan's operator the other way round.** `combine(later, earlier)` has the right
# shapes. Only $b$ is wrong, since $a_1 a_2 = a_2 a_1$ for numbers: the decays look
# fine. Test against the loop, with values that are all different.
#
# **A kernel that looks ahead.** `padding="same"` centres a kernel. In a net that
# predicts the next token, a loss that is too good to be true is the sign. Change the
# last input: no earlier output may move.

# %%
short = nn.Conv1d(1, 1, 3, padding="same")
causal = nn.Conv1d(1, 1, 3, padding=2)
x = torch.randn(1, 1, 10)
changed = x.clone()
changed[..., -1] += 1
for name, conv in {"same": short, "before, cut": causal}.items():
    moved = (conv(x) != conv(changed))[0, 0, :10].nonzero().ravel().tolist()
    print(f"padding {name:12} outputs that moved: {moved}")
    assert (min(moved) == 9) == (name != "same")

# %% [markdown]
# **A rate of the wrong sign.** If $\mathbf A$ were a free parameter, one gradient step
# could make it positive, and the state would grow at each step, as Euler's did. So nets
# learn $\ln(-a)$, as `log_rates` above: $-e^{(\cdot)}$ is negative whatever is learned.
#
# ## Summary
#
# - A state space model is linear in its state: $\mathbf h_t = \bar{\mathbf A} \mathbf
#   h_{t-1} + \bar{\mathbf B} u_t$. Discretise **both** matrices.
# - Time-invariant: a causal convolution with $K_k = \mathbf C \bar{\mathbf A}^k
#   \bar{\mathbf B}$; by FFT, with zeros behind.
# - No non-linearity between steps: so steps join, and a scan needs $\log_2 L$ rounds.
# - Selective: step, $\mathbf B$ and $\mathbf C$ come from the input; the step is a
#   gate.
# - As a matrix: semiseparable, masked linear attention.
# - No softmax: linear time and a fixed state, and recall of about $N$ things.

# %% [markdown]
# ## To think about
#
# 1. Ask the four questions of selective copying in a random order. Does the selective
#    net still learn it? Why can it?
# 2. Put two blocks with free kernels in a row, and train for 500, 1,500 and 5,000
#    steps. What can two do that one can't?
# 3. Give `SelectiveSSM` a constant step, then constant $\mathbf B$, then constant
#    $\mathbf C$. Which of the three does selective copying need?
# 4. The backward pass of a scan is a scan. In which direction does it run?
# 5. Add to linear attention a normaliser, as Katharopoulos et al. do: divide by
#    $\phi(\mathbf q_t) \cdot \sum_s \phi(\mathbf k_s)$. Does recall improve?

# %% [markdown]
# The exercise notebook `24_state_space_models` comes next: eleven checked exercises,
# from another rule of discretisation to the chunks of Mamba-2.

# %% [markdown]
# ## Further reading
#
# - Gu, Goel, Ré, *Efficiently modeling long sequences with structured state spaces*,
#   ICLR 2022: S4.
# - Smith, Warrington, Linderman, *Simplified state space layers for sequence modeling*,
#   ICLR 2023: S5, which trains with a scan.
# - Gu, Dao, *Mamba: linear-time sequence modeling with selective state spaces*, 2023.
#   Selective copying is in section 4.1.
# - Dao, Gu, *Transformers are SSMs*, ICML 2024: Mamba-2, state-space duality.
# - Katharopoulos, Vyas, Pappas, Fleuret, *Transformers are RNNs*, ICML 2020.
# - Sun et al., *Retentive network*, 2023. Blelloch, *Prefix sums and their
#   applications*, 1990.
