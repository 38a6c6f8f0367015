# %% [markdown]
# # State space models: exercises
#
# Eleven exercises, from one step of a spring to the chunks of Mamba-2, and a question.
# Each stands alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded: think of a single step, lengths that are no power of 2, more than
# one channel.
#
# Stuck? `check.hint("discretise")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch.nn import functional as F

from utils import check
from utils.device import set_seed

set_seed(0)


def made(*shape, shift=0):
    """Made-up numbers between -1 and 1, always the same for a shape and a shift."""
    stream = torch.Generator().manual_seed(sum(shape) + 97 * len(shape) + shift)
    return 2 * torch.rand(shape, generator=stream) - 1


def fading(*shape, shift=0):
    """Made-up numbers between 0.4 and 1."""
    return 0.7 + 0.3 * made(*shape, shift=shift)


# %% [markdown]
# ## 1. A family of rules
#
# The lecture's rules take the change at the step's start (Euler), or the mean of the
# changes at both ends (bilinear). Write `discretise(A, B, step, alpha)` for any share
# $\alpha$ of the end:
#
# $$\mathbf h_t = \mathbf h_{t-1} + \Delta \left[ (1 - \alpha)\, \mathbf A \mathbf
# h_{t-1} + \alpha\, \mathbf A \mathbf h_t + \mathbf B u_t \right]$$
#
# - Takes `A`: (N, N) and `B`: (N, 1), float32; `step`: $\Delta$, a float; `alpha`: a
#   float from 0 to 1.
# - Returns a pair of tensors, $\bar{\mathbf A}$ (N, N) and $\bar{\mathbf B}$ (N, 1),
#   for which $\mathbf h_t = \bar{\mathbf A} \mathbf h_{t-1} + \bar{\mathbf B} u_t$.
# - Allowed: everything in PyTorch.
#
# Example: `A = [[-2.0]]`, `B = [[3.0]]`, `step=0.5`, `alpha=1` give `[[0.5]]` and
# `[[0.75]]`.


# %% exercise="discretise"
def discretise(A, B, step, alpha):
    """A_bar (N, N) and B_bar (N, 1) of the rule that weighs the step's end by alpha."""
    ### BEGIN SOLUTION
    eye = torch.eye(len(A))
    end = eye - alpha * step * A
    A_bar = torch.linalg.solve(end, eye + (1 - alpha) * step * A)
    return A_bar, torch.linalg.solve(end, step * B)
    ### END SOLUTION


# %% test="discretise" points=2
A, B = 2 * made(3, 3), 3 * made(3, 1)
check.probe(discretise, A, B, 0.3, 0.25)
check.probe(discretise, A, B, 0.2, 1.0)
### BEGIN HIDDEN TESTS
check.probe(discretise, made(4, 4), made(4, 1), 0.5, 0.5)
check.probe(discretise, made(2, 2), made(2, 1), 0.7, 0.0)
check.probe(discretise, made(1, 1), made(1, 1), 0.4, 0.75)
### END HIDDEN TESTS

# %% [markdown] choice="finer_steps" points=1
# ## Think: twice as many steps
# A diagonal SSM with one number of state, $a = -1$, was trained on sound with
# $\Delta = 0.1$ and zero-order hold. New sound has twice as many samples a second.
# Nothing is trained anew. What has to change?
#
# - $\Delta$ to 0.05, and the kernel then has twice as many entries, each about half as
#   large.
#   right: the state's law is one of seconds. Between two samples half as much time
#   passes, and each sample is held half as long.
# - $\Delta$ to 0.2, since there is twice as much of everything.
#   wrong: the step's length taken for the number of steps
# - $\Delta$ to 0.05 in $\bar{\mathbf A}$ only; $\bar{\mathbf B}$ stays, since the sound
#   is as loud as before.
#   wrong: discretisation of A only, by which each sample counts as long as before
# - Nothing: the kernel is a list of numbers, and they were learned.
#   wrong: the kernel thought to belong to the samples and not to the seconds

# %% [markdown]
# ## 2. Go on where you stopped
#
# A diagonal SSM for texts that come in pieces. Write `recurrence(a, B, C, D, u, h)`:
#
# $$\mathbf h_t = \mathbf a \odot \mathbf h_{t-1} + \mathbf B u_t, \qquad
# y_t = \mathbf C \cdot \mathbf h_t + D u_t$$
#
# - Takes `a`, `B`, `C`: (N,) float32, discretised already; `D`: a float; `u`:
#   (batch, L); `h`: (batch, N), the state before the first step.
# - Returns `(y, h)`: (batch, L) and the state (batch, N) after the last step. Of no
#   step at all, `y` is (batch, 0) and `h` is what came in.
# - Allowed: everything in PyTorch.
#
# Example: `a = [0.5]`, `B = [1.0]`, `C = [2.0]`, `D = 10.0`, `u = [[1.0, 0.0]]`,
# `h = [[4.0]]` give `[[16.0, 3.0]]` and `[[1.5]]`.


# %% exercise="recurrence"
def recurrence(a, B, C, D, u, h):
    """Outputs y (batch, L) and the last state (batch, N), from the state h."""
    ### BEGIN SOLUTION
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None]  # (batch, N)
        y[:, t] = h @ C + D * u[:, t]
    return y, h
    ### END SOLUTION


# %% test="recurrence" points=2
a, B, C = fading(3), made(3, shift=1), made(3, shift=2)
check.probe(recurrence, a, B, C, 0.7, made(2, 5), made(2, 3))
check.probe(recurrence, a, B, C, -0.4, made(4, 0), made(4, 3))
### BEGIN HIDDEN TESTS
a, B, C = fading(2), made(2, shift=1), made(2, shift=2)
check.probe(recurrence, a, B, C, 0.0, made(3, 1), made(3, 2))
check.probe(recurrence, a, B, C, 1.3, made(1, 9), torch.zeros(1, 2))
check.probe(
    recurrence, fading(1), made(1), made(1, shift=5), 0.5, made(2, 4), made(2, 1)
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The kernels of all channels
#
# A layer has a diagonal SSM for each of its `d` channels. Write
# `kernels(rates, B, C, step, length)`, with **zero-order hold** for both matrices:
#
# $$K_{ck} = \sum_n C_{cn}\, \bar a_{cn}^{\,k}\, \bar b_{cn}, \qquad
# \bar a_{cn} = e^{-\Delta_c r_{cn}}, \quad
# \bar b_{cn} = \frac{\bar a_{cn} - 1}{-r_{cn}} B_{cn}$$
#
# - Takes `rates`, `B`, `C`: (d, N) float32, the rates $r$ positive; `step`: (d,);
#   `length`: an int, 1 or more.
# - Returns (d, length): $K_{c0}, K_{c1}, \dots$ for each channel.
# - Not allowed: a loop.
#
# Example: one channel, one rate $\ln 2$, `step` 1, $B = 2 \ln 2$, $C = 1$: the kernel
# is 1, 1/2, 1/4, ...


# %% exercise="kernels"
def kernels(rates, B, C, step, length):
    """Kernels (d, length) of diagonal SSMs, by zero-order hold."""
    ### BEGIN SOLUTION
    fades = step[:, None] * rates  # (d, N)
    B_bar = (1 - torch.exp(-fades)) / rates * B
    k = torch.arange(length)
    powers = torch.exp(-fades[:, :, None] * k)  # (d, N, length)
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)
    ### END SOLUTION


# %% test="kernels" points=2 bans="loops"
rates, B, C = 1.2 + made(3, 4), made(3, 4, shift=1), made(3, 4, shift=2)
step = 0.6 + 0.5 * made(3)
check.probe(kernels, rates, B, C, step, 5)
check.probe(kernels, rates[:, :1], B[:, :1], C[:, :1], step, 2)
### BEGIN HIDDEN TESTS
rates, B, C = 1.2 + made(2, 3), made(2, 3, shift=1), made(2, 3, shift=2)
check.probe(kernels, rates, B, C, 0.6 + 0.5 * made(2), 8)
check.probe(kernels, 1.2 + made(1, 2), made(1, 2), made(1, 2), torch.tensor([0.3]), 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Short kernel, long text
#
# Write `causal_convolution(u, K)` by FFT: the kernel may be shorter than the input, or
# longer:
#
# $$y_{bct} = \sum_{k=0}^{\min(t,\, m - 1)} K_{ck}\, u_{b,c,t-k}$$
#
# - Takes `u`: (batch, d, L) float32; `K`: (d, m), with any $m \ge 1$.
# - Returns (batch, d, L). Nothing may wrap around, and no output may see a later input.
# - Not allowed: PyTorch's convolutions, a loop.
#
# Example: `u = [[[1.0, 0.0, 2.0]]]` and `K = [[3.0, 4.0]]` give `[[[3.0, 4.0, 6.0]]]`.


# %% exercise="causal_convolution"
def causal_convolution(u, K):
    """Causal convolution of u (batch, d, L) with K (d, m), by FFT."""
    ### BEGIN SOLUTION
    L = u.shape[-1]
    size = L + K.shape[-1] - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)[..., :L]
    ### END SOLUTION


# %% test="causal_convolution" points=2 bans="convolution, loops"
check.probe(causal_convolution, made(1, 2, 4), made(2, 7))
check.probe(causal_convolution, made(2, 3, 7), made(3, 4))
### BEGIN HIDDEN TESTS
check.probe(causal_convolution, made(3, 1, 6), made(1, 6))
check.probe(causal_convolution, made(1, 2, 5), made(2, 1))
check.probe(causal_convolution, made(2, 2, 1), made(2, 3))
### END HIDDEN TESTS

# %% [markdown] choice="what_moves" points=1
# ## Think: one input is changed
# A sequence of 12 goes through a layer that convolves by FFT of size 12, without any
# padding. The kernel has 12 entries, none of them 0. Now only input 9 (counted from 0)
# is changed. Which outputs move?
#
# - 9, 10 and 11.
#   wrong: a convolution on a circle taken for a causal one
# - All of them.
#   right: on a circle of 12 places, output t takes in input 9 with the kernel's entry
#   (t - 9) modulo 12, and no entry is 0.
# - Output 9 alone.
#   wrong: a product of transforms taken for a product of the sequences themselves
# - 0 to 8, since the wrapped part comes in at the start.
#   wrong: the wrapped part seen, and the ordinary one forgotten

# %% [markdown]
# ## 5. The operator for matrices
#
# In a state space model whose $\mathbf A_t$ is a full matrix, a step is
# $\mathbf h \mapsto \mathbf A_t \mathbf h + \mathbf b_t$. Write
# `combine(earlier, later)`: two steps as one.
#
# - Takes two pairs `(A, b)`, each `A`: (..., N, N) and `b`: (..., N) float32, with the
#   same leading axes.
# - Returns the pair `(A, b)` of the one step that does what `earlier` does and then
#   `later`, shapes as they came.
# - Allowed: everything in PyTorch.
#
# Example: `earlier` doubles and adds 1, `later` triples and adds 5 ($N = 1$): together
# `A = [[6.0]]`, `b = [8.0]`.


# %% exercise="combine"
def combine(earlier, later):
    """The pair (A, b) of the step that is `earlier`, then `later`."""
    ### BEGIN SOLUTION
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, (A2 @ b1.unsqueeze(-1)).squeeze(-1) + b2
    ### END SOLUTION


# %% test="combine" points=1
def step_of(*shape, shift=0):
    return made(*shape, shape[-1], shift=shift), made(*shape, shift=shift + 1)


check.probe(combine, step_of(3), step_of(3, shift=5))
check.probe(combine, step_of(4, 2), step_of(4, 2, shift=5))
### BEGIN HIDDEN TESTS
check.probe(combine, step_of(3, 3), step_of(3, 3, shift=5))
check.probe(combine, step_of(2, 5, 2), step_of(2, 5, 2, shift=5))
check.probe(combine, step_of(1), step_of(1, shift=5))
### END HIDDEN TESTS

# %% [markdown]
# ## 6. A scan from the end
#
# The gradient of a recurrence runs backwards: $g_t = a_t\, g_{t+1} + b_t$, with
# $g_{L} = 0$ behind the last step. Write `reverse_scan(a, b)`, which computes all
# $g_0, \dots, g_{L-1}$ in about $\log_2 L$ rounds of whole tensors.
#
# - Takes `a`, `b`: (L, d) float32, $L \ge 1$, also where it is no power of 2.
# - Returns (L, d).
# - At most $\lceil \log_2 L \rceil$ rounds: a loop *over the rounds* is right, one over
#   the steps isn't (on your honour). Some numbers in the first tensor may be 0.
# - Not allowed: `cumsum`, `cumprod` and their like.
#
# Example: `a = [[9.0], [2.0], [5.0]]`, `b = [[1.0], [1.0], [3.0]]` give
# `[[64.0], [7.0], [3.0]]`.


# %% exercise="reverse_scan"
def reverse_scan(a, b):
    """All g_t = a_t g_{t+1} + b_t, from 0 behind the last step; (L, d)."""
    ### BEGIN SOLUTION
    reach = 1
    while reach < len(b):
        near_a, near_b = a[:-reach], b[:-reach]
        far_a, far_b = a[reach:], b[reach:]
        b = torch.cat([near_a * far_b + near_b, b[-reach:]])
        a = torch.cat([near_a * far_a, a[-reach:]])
        reach *= 2
    return b
    ### END SOLUTION


# %% test="reverse_scan" points=3 bans="scans"
check.probe(reverse_scan, fading(7, 2), made(7, 2))
check.probe(reverse_scan, fading(8, 1), made(8, 1))
check.probe(reverse_scan, (made(6, 3) > 0).float(), made(6, 3, shift=1))
### BEGIN HIDDEN TESTS
check.probe(reverse_scan, fading(1, 4), made(1, 4))
check.probe(reverse_scan, fading(2, 3), made(2, 3))
check.probe(reverse_scan, made(33, 2), made(33, 2, shift=1))
### END HIDDEN TESTS

# %% [markdown]
# ## 7. One selective step
#
# Write `selective_step(x, h, p)`: one step of Mamba's layer as in its paper, where each
# channel has a step of its own, for a net that writes word by word.
#
# $$\Delta_{c} = \text{softplus}\Big(\sum_e x_e W^\Delta_{ec} + w_c\Big), \quad
# B_n = \sum_e x_e W^B_{en}, \quad C_n = \sum_e x_e W^C_{en}$$
# $$h_{cn} \leftarrow e^{-\Delta_c r_{cn}}\, h_{cn} + \Delta_c B_n x_c, \qquad
# y_c = \sum_n C_n h_{cn} + D_c x_c$$
#
# - Takes `x`: (batch, d) float32; `h`: (batch, d, N), the old state; `p`: a dict with
#   `"W_step"` (d, d), `"w_step"` (d,), `"W_B"` and `"W_C"` (d, N), `"rates"` (d, N) and
#   `"D"` (d,).
# - Returns `(y, h)`: (batch, d), and the new state. Neither `h` nor `p` is changed in
#   place.
# - Allowed: everything in PyTorch.

# %% [markdown]
# Example: with all of `p` 0 but `rates`, `y` is 0, each step is $\ln 2$, and the state
# is multiplied by $2^{-r}$.


# %% exercise="selective_step"
def selective_step(x, h, p):
    """One step of a selective SSM: y (batch, d) and the state (batch, d, N)."""
    ### BEGIN SOLUTION
    step = F.softplus(x @ p["W_step"] + p["w_step"])  # (batch, d)
    B, C = x @ p["W_B"], x @ p["W_C"]  # (batch, N) each
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h
    ### END SOLUTION


# %% test="selective_step" points=3
def parameters(d, N):
    names = {"W_step": (d, d), "w_step": (d,), "W_B": (d, N), "W_C": (d, N)}
    p = {name: made(*shape, shift=i) for i, (name, shape) in enumerate(names.items())}
    return p | {"rates": 1.2 + made(d, N, shift=7), "D": made(d, shift=8)}


check.probe(selective_step, 2 * made(2, 3), made(2, 3, 4), parameters(3, 4))
check.probe(selective_step, 2 * made(1, 3), made(1, 3, 2), parameters(3, 2))
### BEGIN HIDDEN TESTS
check.probe(selective_step, made(3, 3), made(3, 3, 3), parameters(3, 3))
check.probe(selective_step, 30 * made(4, 2), torch.zeros(4, 2, 5), parameters(2, 5))
check.probe(selective_step, made(2, 1), made(2, 1, 1), parameters(1, 1))
### END HIDDEN TESTS

# %% [markdown] choice="long_step" points=1
# ## Think: a full stop
# A selective layer is to forget everything at each full stop, keep the stop itself for
# a while, and let commas leave no trace at all. All its rates are 1. Which steps
# $\Delta$ should it learn?
#
# - Large at full stops, near 0 at commas.
#   right: a large step lets all that was there fade and takes the input in; with a step
#   of 0 no time passes and the input is multiplied by 0.
# - Near 0 at full stops, large at commas.
#   wrong: a long step thought to keep the state long
# - Large at both: neither a stop nor a comma is to be remembered.
#   wrong: the input's own step forgotten, which takes in what it does not let fade
# - Near 0 at both, with $\mathbf B = 0$ at commas.
#   wrong: forgetting thought to be the work of B, which only says what comes in

# %% [markdown]
# ## 8. The matrix, with resets
#
# Several documents stand behind one another in a sequence, and the state is **reset**
# where a new one begins. Write `ssm_matrix(a, B, C, starts)`: $M$ (L, L) with
#
# $$M_{ts} = a_{s+1} a_{s+2} \cdots a_t \; \mathbf C_t \cdot \mathbf B_s$$
#
# for $s \le t$ if no document begins at $s + 1, \dots, t$; and 0 elsewhere.
#
# - Takes `a`: (L,) float32, each in (0, 1]; `B`, `C`: (L, N); `starts`: (L,) bool,
#   `True` where a document begins. $L$ may be some thousand.
# - Returns (L, L), finite, also where the product of all `a` is 0 in float32.
# - Not allowed: a loop.
#
# Example: `a = [0.5, 0.5, 0.5]`, `B` and `C` ones with $N = 1$, a start at 0 and 2:
# `[[1.0, 0.0, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]`.


# %% exercise="ssm_matrix"
def ssm_matrix(a, B, C, starts):
    """M (L, L) of an SSM with one rate per position, reset at each start."""
    ### BEGIN SOLUTION
    total = a.log().cumsum(0)
    document = starts.long().cumsum(0)
    allowed = (document[:, None] == document[None, :]).tril()
    gaps = (total[:, None] - total[None, :]).masked_fill(~allowed, -torch.inf)
    return gaps.exp() * (C @ B.T)
    ### END SOLUTION


# %% test="ssm_matrix" points=3 bans="loops"
starts = torch.tensor([0, 0, 1, 0, 0, 0, 1]).bool()
check.probe(ssm_matrix, fading(7), made(7, 3), made(7, 3, shift=1), starts)
flat = torch.zeros(5).bool()
check.probe(ssm_matrix, fading(5), made(5, 2), made(5, 2, shift=1), flat)


def corners(L):
    a, B, C = torch.full((L,), 0.5), torch.ones(L, 1), torch.ones(L, 1)
    ends = [0, 1, L - 2, L - 1]
    return check.call(ssm_matrix, a, B, C, torch.arange(L) == 0)[ends][:, ends]


check.probe(corners, 400, call="the four corners of M, for 400 steps of a = 0.5")
### BEGIN HIDDEN TESTS
starts = torch.tensor([1, 1, 0, 0, 1, 0]).bool()
check.probe(ssm_matrix, fading(6), made(6, 4), made(6, 4, shift=1), starts)
check.probe(ssm_matrix, torch.ones(1), made(1, 2), made(1, 2, shift=1), flat[:1])
check.probe(corners, 900)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Mend a block
#
# The cell below holds a Mamba block around any mixing layer. It trains, and its loss is
# too good to be true. It has **four** faults: two names are exchanged, two are in
# the short convolution, and the gate has another activation. Write
# `mended_block(X, mix, p)` without them.
#
# - Takes `X`: (batch, L, d) float32, $L \ge 1$; `mix`: a function (batch, L, e) to the
#   same shape; `p`: a dict with `"W_in"` (d, 2e), `"conv"` (e, k), `"W_out"` (e, d).
# - Returns (batch, L, d), $\mathbf X + (\text{mix}(\text{SiLU}(\mathbf s)) \odot
#   \text{SiLU}(\mathbf z))\, \mathbf W_\text{out}$: of $\mathbf X \mathbf W_\text{in}$
#   the first e columns are the signal $\mathbf x$, the last e the gate $\mathbf z$, and
#   $s_{tc} = \sum_{i=0}^{k-1} \text{conv}_{ci}\, x_{t-k+1+i,\,c}$, where $x$ is 0
#   before the start.

# %% [markdown]
# So the *last* entry of a row of `conv` weighs the position itself, as in `F.conv1d`.
# Allowed: everything in PyTorch. The kernel's width k is 1 or more.
#
# Example: with `W_out` all 0, `X` comes back unchanged.


# %%
def faulty_block(X, mix, p):
    """A Mamba block with four faults; see above."""
    z, x = (X @ p["W_in"]).chunk(2, dim=2)  # (batch, L, e) each
    e, k = p["conv"].shape
    padded = F.pad(x.transpose(1, 2), (k // 2, k // 2))  # (batch, e, about L + k)
    s = F.conv1d(padded, p["conv"].flip(1)[:, None], groups=e)[..., : X.shape[1]]
    H = F.silu(s).transpose(1, 2)  # (batch, L, e)
    return X + (mix(H) * torch.sigmoid(z)) @ p["W_out"]


# %% exercise="mended_block"
def mended_block(X, mix, p):
    """A Mamba block around `mix`: (batch, L, d) to the same shape, causal."""
    ### BEGIN SOLUTION
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    padded = F.pad(x.transpose(1, 2), (k - 1, 0))  # (batch, e, L + k - 1)
    s = F.conv1d(padded, p["conv"][:, None], groups=e)
    y = mix(F.silu(s.transpose(1, 2)))
    return X + (y * F.silu(z)) @ p["W_out"]
    ### END SOLUTION


# %% test="mended_block" points=3
def block_parameters(d, e, k):
    names = {"W_in": (d, 2 * e), "conv": (e, k), "W_out": (e, d)}
    return {
        name: made(*shape, shift=i) for i, (name, shape) in enumerate(names.items())
    }


def summed(x):
    return x.cumsum(dim=1) + 0.3


told = "mended_block(X, mix, p) with mix(x) = x.cumsum(dim=1) + 0.3, k = {}"
p = block_parameters(2, 3, 4)
check.probe(mended_block, 2 * made(2, 6, 2), summed, p, call=told.format(4))
p = block_parameters(3, 2, 3)
check.probe(mended_block, 2 * made(1, 5, 3), summed, p, call=told.format(3))
### BEGIN HIDDEN TESTS
p = block_parameters(2, 4, 1)
check.probe(mended_block, 2 * made(2, 4, 2), summed, p)
p = block_parameters(3, 3, 5)
check.probe(mended_block, made(1, 1, 3), summed, p)
check.probe(mended_block, made(2, 3, 3), summed, p)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Linear attention, in the order that costs less
#
# Attention between two texts, without softmax, as Katharopoulos and others normalise
# it, with $\phi(z) = \text{elu}(z) + 1$ for each number:
#
# $$\mathbf y_i = \frac{\sum_j \phi(\mathbf q_i) \cdot \phi(\mathbf k_j)\; \mathbf v_j}
# {\sum_j \phi(\mathbf q_i) \cdot \phi(\mathbf k_j)}$$
#
# Write `linear_attention(Q, K, V)`.
#
# - Takes `Q`: (m, N), `K`: (n, N), `V`: (n, d), float32, $n \ge 1$.
# - Returns `(Y, order)`: (m, d), and a string: `"state"` if $\phi(\mathbf Q)\,
#   (\phi(\mathbf K)^\top \mathbf V)$ takes fewer multiplications than
#   $(\phi(\mathbf Q)\, \phi(\mathbf K)^\top)\, \mathbf V$, else `"rows"`, also if they
#   take as many. Only these four products of matrices count. Compute in that order (on
#   your honour).
# - Not allowed: a softmax, `F.scaled_dot_product_attention`.
#
# Example: `Q` of zeros (2, 4), any `K` (3, 4) that has three equal rows: each row of
# `Y` is the mean of `V`.


# %% exercise="linear_attention"
def linear_attention(Q, K, V):
    """Normalised linear attention (m, d), and the cheaper order."""
    ### BEGIN SOLUTION
    (m, N), (n, d) = Q.shape, V.shape
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    total = Q @ K.sum(dim=0)  # (m,)
    if N * n * d + m * N * d < m * N * n + m * n * d:
        Y, order = Q @ (K.T @ V), "state"
    else:
        Y, order = (Q @ K.T) @ V, "rows"
    return Y / total[:, None], order
    ### END SOLUTION


# %% test="linear_attention" points=3 bans="softmax, attention"
def several(*sizes):
    return [
        check.call(linear_attention, 3 * made(m, N), 3 * made(n, N), made(n, d))
        for m, n, N, d in sizes
    ]


sizes = (3, 5, 2, 1), (3, 5, 6, 2), (2, 4, 5, 3), (2, 4, 3, 6)
told = f"(Y, order) for m, n, N, d in {sizes}"
check.probe(several, *sizes, call=told)
check.probe(linear_attention, 3 * made(2, 3), 3 * made(7, 3), made(7, 1))
### BEGIN HIDDEN TESTS
check.probe(linear_attention, made(4, 4), made(4, 4, shift=1), made(4, 4, shift=2))
check.probe(linear_attention, made(4, 3), made(4, 3, shift=1), made(4, 6))  # a tie
check.probe(linear_attention, made(3, 5), made(4, 5), made(4, 2))
check.probe(linear_attention, made(5, 3), made(4, 3), made(4, 2))
check.probe(linear_attention, made(1, 3), made(12, 3), made(12, 2))
check.probe(linear_attention, made(12, 3), made(1, 3), made(1, 2))
check.probe(linear_attention, made(20, 2), made(6, 2), made(6, 9))
### END HIDDEN TESTS

# %% [markdown] choice="fifth_key" points=1
# ## Think: the fifth key
# Linear attention (no softmax, no normaliser, no fading) has keys of $N = 4$ numbers.
# Four pairs have keys of length 1 that are at right angles to each other. Then a fifth
# pair comes, whose key is half the first and half the second, scaled to length 1. Of
# how many of the five can *some* query return exactly the value, without a trace of any
# other?
#
# - Five: all keys are different.
#   wrong: different keys taken for orthogonal ones
# - Four: only the fifth is one too many.
#   wrong: the newcomer thought to be the only one that suffers
# - Two: the third and the fourth.
#   right: their keys are at right angles to all others. A query that misses both the
#   second and the fifth key misses the first as well.
# - None: the state is too full.
#   wrong: a limit of the whole state thought to spoil every direction of it

# %% [markdown]
# ## 11. Chunks
#
# Mamba-2 trains neither by the whole matrix nor step by step. It cuts the sequence into
# chunks of $c$ positions. Write `chunked(a, B, C, x, chunk)`.
#
# - Takes `a`: (L,) float32 in (0, 1]; `B`, `C`: (L, N); `x`: (L, d); `chunk`: an int
#   that divides $L$.
# - Returns `(y, h)`: (L, d), with $\mathbf h_t = a_t \mathbf h_{t-1} + \mathbf B_t
#   \mathbf x_t^\top$ from $\mathbf h = 0$ and $\mathbf y_t = \mathbf C_t \mathbf h_t$;
#   and the states at the **ends of the chunks**, (L / chunk, N, d).
# - A loop over the *chunks* is right, one over the steps isn't, nor a matrix (L, L) (on
#   your honour). Allowed: everything in PyTorch.

# %% [markdown]
# Within a chunk, what its own inputs do is a small matrix as in exercise 8; what came
# before is in one state, which fades on its way into the chunk. The states of the
# chunks' ends obey a recurrence of their own.
#
# Example: `a` all 1, `B`, `C`, `x` all 1 with $N = d = 1$, $L = 4$, `chunk=2`: `y` is
# 1, 2, 3, 4, and the states are 2 and 4.
#
# The same thought opens doors beyond this course: what a long computation hands on may
# be small, even where what it does is not.


# %% exercise="chunked"
def chunked(a, B, C, x, chunk):
    """Outputs y (L, d), and the states (L / chunk, N, d) at the chunks' ends."""
    ### BEGIN SOLUTION
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [tensor.split(chunk) for tensor in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts, strict=True):
        total = log_a.cumsum(0)  # (chunk,)
        gaps = total[:, None] - total
        causal = torch.ones(chunk, chunk, dtype=torch.bool).tril()
        M = gaps.masked_fill(~causal, -torch.inf).exp() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]  # (chunk, 1), to the chunk's end
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)
    ### END SOLUTION


# %% test="chunked" points=4
def inputs(L, N, d):
    return fading(L), made(L, N, shift=1), made(L, N, shift=2), made(L, d, shift=3)


check.probe(chunked, *inputs(6, 2, 3), 3)
check.probe(chunked, *inputs(8, 3, 1), 2)
### BEGIN HIDDEN TESTS
check.probe(chunked, *inputs(12, 2, 2), 4)
check.probe(chunked, *inputs(5, 4, 2), 5)
check.probe(chunked, *inputs(4, 1, 3), 1)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: which memory would you buy?
#
# A model of 48 layers reads text and stores numbers in 2 bytes. With attention, each
# layer keeps a key and a value of 1,024 numbers each for every token. As an SSM, each
# layer keeps a state of $N = 128$ numbers for each of 2,048 channels. From how many
# tokens on is the attention's memory the larger? How large are both for 100,000 tokens?
# Name one use for which you would choose the SSM, one for which you wouldn't, and what
# a mixture of both could look like. A few sentences with the numbers; a person reads
# them.

# %% [markdown] manual="which_memory" points=3
# ### BEGIN SOLUTION
# Attention keeps 48 x 2 x 1,024 = 98,304 numbers a token, the SSM 48 x 128 x 2,048 =
# 12,582,912 numbers once. They are equal at 128 tokens. For 100,000 tokens attention
# needs about 19.7 gigabytes, the SSM 25 megabytes, as for any length. I would take the
# SSM for long signals of which a summary is enough, such as sound or a sensor; not
# where a name or a line of code has to be found again exactly after many others, since
# a fixed state blurs what is more than it can hold. A mixture: mostly SSM layers, and
# every eighth one attention: about an eighth of the memory, with exact look-up.
# ### END SOLUTION
