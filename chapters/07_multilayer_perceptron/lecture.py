# %% [markdown]
# # Multilayer perceptron: one lamp, two switches
# On the stairs hangs a lamp with two switches, one below and one above. Whoever flips
# either of them changes the lamp. So it burns when *exactly one* of the two is up. A
# child learns this in a minute. **Can a model learn it?**
#
# A weighted sum can't, whatever its weights are. Put one more layer in between, with a
# bend in it, and it can: that, and no more, is a **multilayer perceptron** (MLP). You
# build one by hand, let others learn, see why some of them never do, and then read
# images with them.
#
# You need [tensors](01 "broadcasting"), [autograd](02), [gradient descent](03), the
# [sigmoid](04), [batches and epochs](05 "epoch"), and [softmax](06) regression.

# %%
import math
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.data import animals, load_array, mnist
from utils.device import set_seed, try_gpu
from utils.drawings import multilayer_perceptron as drawings
from utils.train import evaluate, train

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## The lamp: XOR
# "One or the other, not both" is the **exclusive or**, short **XOR**. Four rows are all
# the data there are. Start with what you know: [logistic regression](04 "logit"), all
# four rows in each step.

# %%
switches = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])  # (4, 2)
lamp = torch.tensor([[0.0], [1.0], [1.0], [0.0]])  # (4, 1)


def fit_lamp(net, lr=1.0, num_steps=1000):
    """All four rows in each step: -> the last loss."""
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(net(switches), lamp)
        loss.backward()
        optimizer.step()
    return loss.item()


one_layer = nn.Linear(2, 1)
loss_of_one = fit_lamp(one_layer)
said = torch.sigmoid(one_layer(switches)).flatten()
print("probability of light:", [f"{p:.3f}" for p in said.tolist()])
print(f"loss {loss_of_one:.4f}; log 2 is {math.log(2):.4f}")
assert (said - 0.5).abs().max() < 1e-4 and abs(loss_of_one - math.log(2)) < 1e-6

# %% [markdown]
# One half for each state: it has learned nothing but "I don't know". The loss of
# logistic regression has one bottom only, so this *is* the best line. Perhaps the loss
# is to blame? Try 100,000 random lines and count how many rows each gets right.
#
# **Look for:** on the left, could any straight line part the circles from the squares?
# On the right, what does switch 1 do to the lamp when switch 2 is down, and when it is
# up?

# %%
W, b = torch.randn(2, 100_000), torch.randn(100_000)
says = switches @ W + b > 0  # (4, 2) x (2, 100000) -> (4, 100000)
rows_right = (says == (lamp > 0.5)).sum(dim=0)  # (100000,)
print("rows right:", {k: int((rows_right == k).sum()) for k in range(5)})
assert rows_right.max() == 3 and rows_right.min() == 1

fig = drawings.lamp(switches, lamp, w=(1.0, 1.0), b=-0.5)
plots.show(
    fig,
    alt="Left: the four states of two switches; the lamp is on at two corners. "
    "A line cuts off the corner 0, 0 and is right for three of four. Right: the lamp "
    "against switch 1: it rises if switch 2 is down and falls if switch 2 is up.",
)

# %% [markdown]
# ## What a weighted sum can't say
# Three rows of four, never all. On the right you see why: whether switch 1 means
# *light* or *dark* depends on switch 2. But in a weighted sum $w_1 x_1 + w_2 x_2 + b$
# more of $x_1$ always pushes the same way, up if $w_1 > 0$ and down if $w_1 < 0$,
# whatever else is true. **Linear implies monotone**. Here is the proof in three lines;
# "on" means above 0:
#
# $$\begin{aligned}
# b &\le 0 && \text{(both down: off)}\\
# w_1 + b > 0, \quad w_2 + b &> 0 && \text{(one up: on)}\\
# w_1 + w_2 + b &> -b \ge 0 && \text{(add the last two: both up is on)}
# \end{aligned}$$
#
# But both up is off.

# %% [markdown]
# Where else does "the more, the better" fail? At body temperature: 36.8 °C is fine,
# both less and more are worse. At a price, at sleep, at salt. And in images: whether a
# bright pixel speaks for a 7 depends on its neighbours. (We come back to that.)
#
# Two ways out. You can invent a column: $x_1 x_2$, the product, makes XOR easy. Or the
# model invents its own columns. That is what a hidden layer is.

# %% [markdown]
# ## A neuron, a layer, a network
# A **neuron** or **unit** takes a weighted sum of *all* its inputs, adds a bias and
# bends the result:
#
# $$h = \varphi(w_1 x_1 + \dots + w_n x_n + b)$$
#
# - $z = w_1 x_1 + \dots + b$ is its **pre-activation**
# - $\varphi$ ("phi") is the **activation function**, a fixed bend such as
#   $\max(0, z)$
# - $h$ is its **activation**
#
# If the bend is a step from 0 to 1, this is Rosenblatt's **perceptron** (1958).
#
# Put $m$ units side by side that all see the same inputs, and you have a **layer**. As
# each unit is joined to each input, it is called **fully connected** or dense. A row of
# weights a unit; all together one matrix product.

# %% [markdown]
# An MLP with one **hidden layer** of $m$ **hidden units**, for $N$ examples of $n$
# features and $q$ outputs:
#
# $$\mathbf H = \varphi(\mathbf X \mathbf W_1 + \mathbf b_1), \qquad
# \mathbf Z = \mathbf H \mathbf W_2 + \mathbf b_2$$
#
# $$(N, n) (n, m) + (m,) \to (N, m), \qquad (N, m) (m, q) + (q,) \to (N, q)$$
#
# - **hidden**, because no label says what a hidden unit should be
# - **width**: how many units a layer has, here $m$
# - **depth**: how many layers with weights there are, here 2. The input has no weights,
#   so it is no layer; an activation has none either.
# - **feed-forward network**: numbers only go forward, from layer to layer
#
# In PyTorch a **fully connected layer** without its bend is `nn.Linear(n, m)`. It works
# on the *last* axis, so a single vector is welcome, too.

# %%
layer = nn.Linear(2, 3)
for shape in ((2,), (4, 2), (7, 4, 2)):
    print(f"{shape!s:>9} -> {tuple(layer(torch.zeros(shape)).shape)}")
alone, in_batch = layer(switches[1]), layer(switches)[1]
torch.testing.assert_close(alone, in_batch)
weights = [part.weight for part in (nn.Linear(2, 3), nn.Linear(3, 1))]
print("parameters of a ReLU:", sum(p.numel() for p in nn.ReLU().parameters()))
print("depth of 2 - 3 - 1 :", len(weights))
assert layer(switches[1]).shape == (3,) and not list(nn.ReLU().parameters())

# %% [markdown]
# ## Are two layers better than one?
# A weighted sum with a bias is [affine](03). What are two of them, one after the other?

# %% [markdown] predict="no_bend"
# **Predict.** Leave out the bend: two linear layers, one after the other, with eight
# hidden units. 33 weights and biases in place of 3. How low does the loss on XOR get?
#
# - To 0: two layers can do what one can't.
#   wrong: the layer taken for the cause. What it adds without a bend is another
#   weighted sum.
# - To log 2, as one layer did.
#   right: a weighted sum of weighted sums is a weighted sum.
# - Somewhere between: eight units see more than one.
#   wrong: parameters counted, not functions. All 33 numbers together say no more than
#   three do.

# %%
stack = nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1))
loss_of_stack = fit_lamp(stack, lr=0.3)
print(f"loss of two linear layers {loss_of_stack:.4f}, log 2 is {math.log(2):.4f}")
assert abs(loss_of_stack - math.log(2)) < 1e-5

# %% [markdown]
# One half again, as with one layer. Multiply out, and you see why:
#
# $$\begin{aligned}
# \mathbf Z &= (\mathbf X \mathbf W_1 + \mathbf b_1) \mathbf W_2 + \mathbf b_2\\
# &= \mathbf X (\mathbf W_1 \mathbf W_2) + (\mathbf b_1 \mathbf W_2 + \mathbf b_2)\\
# &= \mathbf X \mathbf W + \mathbf b
# \end{aligned}$$
#
# One matrix, one bias. The same holds for three layers, or thirty: **a stack of affine
# maps is affine**.

# %%
with torch.no_grad():
    W = stack[1].weight @ stack[0].weight  # (1, 8) x (8, 2) -> (1, 2)
    b = stack[0].bias @ stack[1].weight.T + stack[1].bias  # (8,) (8, 1) -> (1,)
    torch.testing.assert_close(stack(switches), switches @ W.T + b)
print(f"33 parameters collapsed: W {tuple(W.shape)}, b {tuple(b.shape)}")
assert sum(p.numel() for p in stack.parameters()) == 33

# %% [markdown]
# `nn.Linear` keeps its weight as (outputs, inputs), so its product runs the other way
# round: $W_2 W_1$ and `.T`. So **the bend is all**: it keeps the layers from melting
# into one.
#
# ## XOR by hand
# Now with a bend: $\varphi(z) = \max(0, z)$, the **rectified linear unit**, **ReLU**.
# Two hidden units count switches. The first says how many are up. The second says how
# many are up *beyond the first*. Then
#
# $$h_1 = \max(0, x_1 + x_2), \quad h_2 = \max(0, x_1 + x_2 - 1), \quad
# z = h_1 - 2 h_2 - \tfrac12$$
#
# One up: $1 - 0 - \tfrac12$, on. Both up: $2 - 2 - \tfrac12$, off.

# %%
by_hand = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
with torch.no_grad():
    by_hand[0].weight.copy_(torch.tensor([[1.0, 1.0], [1.0, 1.0]]))  # a row a unit
    by_hand[0].bias.copy_(torch.tensor([0.0, -1.0]))
    by_hand[2].weight.copy_(torch.tensor([[1.0, -2.0]]))
    by_hand[2].bias.fill_(-0.5)
    print("hidden:", by_hand[:2](switches).tolist())
    print("logits:", by_hand(switches).flatten().tolist())
    assert torch.equal(by_hand(switches), lamp - 0.5)

# %% [markdown]
# **Look for:** on the left, the weights on the lines and the biases in the circles. In
# the middle, two parallel borders. On the right, the same four states *as the hidden
# layer sees them*: where have the two squares gone?

# %%
names = ["switches", "hidden, ReLU", "logit"]
fig = drawings.by_hand(by_hand, switches, lamp.flatten().long(), names)
plots.show(
    fig,
    alt="Left: a net of two inputs, two hidden units and one output with its weights. "
    "Middle: the plane of the switches, a diagonal band is said to be on. Right: the "
    "hidden layer's plane; both on-states fall on the point 1, 0, and one line parts "
    "it from the off-states at 0, 0 and 2, 1.",
)

# %% [markdown]
# Both lit states have landed on one point, and now a straight line is enough. That is
# the whole idea, and it stays the same in the largest nets: **the hidden layers move
# the points until a linear model can part them**. A hidden layer is a machine that
# makes columns; the last layer is the regression you know.

# %% [markdown]
# ## XOR by learning
# Nobody sets weights by hand. Does training find them?

# %% [markdown] predict="two_units"
# **Predict.** Two hidden units are enough, you have just seen it. Draw random weights
# for this very net, train it long enough for the loss to stand still, and do so from
# 100 starts. How many of them learn XOR?
#
# - Nearly all: a solution exists, and gradient descent goes down to it.
#   wrong: "there is a solution" taken for "training finds it". The loss isn't convex
#   any more, and some units stop learning on the way.
# - Fewer than half of them.
#   right: from most starts a unit falls silent on all four rows, or the walk ends on a
#   plateau where three rows at most are right.
# - None: two units are too few to learn with.
#   wrong: one bad start taken for all. From some the walk leads down to a loss near 0.

# %% [markdown]
# To train a hundred nets at once, give each tensor one more axis in front. `@` then
# multiplies the matrices of each net on their own.


# %%
def learn_xor(width, act, starts=100, num_steps=300, lr=0.5):
    """Train many 2 - width - 1 nets: -> solved (starts,), H (starts, 4, width)."""
    bound = [2**-0.5, 2**-0.5, width**-0.5, width**-0.5]  # as nn.Linear draws them
    shapes = [(2, width), (1, width), (width, 1), (1, 1)]
    params = [
        torch.empty(starts, *shape).uniform_(-k, k).requires_grad_()
        for shape, k in zip(shapes, bound, strict=True)
    ]
    W1, b1, W2, b2 = params
    optimizer = torch.optim.SGD(params, lr=lr)
    y = lamp.expand(starts, 4, 1)
    for _ in range(num_steps):
        z = act(switches @ W1 + b1) @ W2 + b2  # (4, 2) (starts, 2, width) -> ...
        each = F.binary_cross_entropy_with_logits(z, y, reduction="none")
        optimizer.zero_grad()
        each.mean(dim=(1, 2)).sum().backward()  # each net has its own loss
        optimizer.step()
    solved = ((z > 0) == (y > 0.5)).all(dim=1).flatten()  # (starts, 4, 1) -> (starts,)
    return solved, act(switches @ W1 + b1).detach()


# %%
widths = [2, 4, 8, 16]
shares = {"ReLU": [], "tanh": []}
for width in widths:
    for name, act in (("ReLU", torch.relu), ("tanh", torch.tanh)):
        solved, _ = learn_xor(width, act)
        shares[name].append(solved.float().mean().item())
for name, values in shares.items():
    print(f"{name}: ", {w: f"{v:.2f}" for w, v in zip(widths, values, strict=True)})
assert 0.08 < shares["ReLU"][0] < 0.42 and shares["tanh"][0] > shares["ReLU"][0] + 0.15
assert min(shares["ReLU"][-1], shares["tanh"][-1]) > 0.96

# %% [markdown]
# **Look for** where each curve starts, and where they meet.

# %%
fig = drawings.success(widths, shares)
plots.show(
    fig,
    alt="Share of starts that learn XOR against the number of hidden units, 2 to 16. "
    "ReLU starts below one half, tanh above it; with 16 units nearly all starts "
    "of both succeed.",
)

# %% [markdown]
# A net that *can* is not yet a net that *will*. With two ReLU units most starts fail;
# with sixteen, hardly any. This is a reason for width that has nothing to do
# with what a net can express: more units are more lottery tickets.
#
# Why does ReLU fail more often than tanh? Suspicion: a ReLU unit that is 0 on all four
# rows passes no gradient, so it never changes again. It is a **dead unit**. Sort the
# 2-unit nets by whether they have one.

# %%
solved, H = learn_xor(2, torch.relu, starts=300)
num_dead = (H == 0).all(dim=1).sum(dim=1)  # (300, 4, 2) -> (300, 2) -> (300,)
rates = {}
for k in range(3):
    rates[k] = solved[num_dead == k].float().mean().item()
    print(f"{k} dead units: {(num_dead == k).sum():3} nets, {rates[k]:.0%} solved")
share_dead = (num_dead > 0).float().mean()
assert rates[1] == rates[2] == 0 and rates[0] > 0.42 and share_dead > 0.45

# %% [markdown]
# Not one net with a dead unit has learned XOR: it has one bend left, and that is too
# few. About half of the starts or more end there. tanh has no dead units, and the share
# that learns isn't far from that of the ReLU nets *without* a dead unit. What is left
# over are walks that end on a plateau. Remember the dead; you will count them in a net
# for images.

# %%
print(f"ReLU without a dead unit {rates[0]:.2f}, tanh {shares['tanh'][0]:.2f}")
assert abs(rates[0] - shares["tanh"][0]) < 0.22

# %% [markdown]
# ## Activation functions
# Five bends that you will meet everywhere. For each one, training needs its slope.
#
# | | $\varphi(z)$ | $\varphi'(z)$ |
# |---|---|---|
# | sigmoid | $\sigma(z) = 1 / (1 + e^{-z})$ | $\sigma(z)(1 - \sigma(z))$ |
# | **tanh** | $(e^z - e^{-z}) / (e^z + e^{-z})$ | $1 - \tanh^2 z$ |
# | **ReLU** | $\max(0, z)$ | 1 if $z > 0$, 0 if $z < 0$ |
# | **leaky ReLU** | $z$ if $z > 0$, else $0.01 z$ | 1 if $z > 0$, else 0.01 |
# | **GELU** | $z \, \Phi(z)$ | $\Phi(z) + z \, \phi(z)$ |
#
# $\phi(z) = e^{-z^2 / 2} / \sqrt{2 \pi}$ is the density of the standard normal
# distribution, $\Phi(z)$ the share of it below $z$.

# %% [markdown]
# The slope of the sigmoid is derived in [chapter 04](04 "sigmoid"). That of tanh, by
# the quotient rule, with $p = e^z + e^{-z}$ and $m = e^z - e^{-z}$, whose slopes are
# $p' = m$ and $m' = p$:
#
# $$\begin{aligned}
# \tanh' z &= (m / p)' = (m' p - m p') / p^2\\
# &= (p^2 - m^2) / p^2\\
# &= 1 - (m / p)^2 = 1 - \tanh^2 z
# \end{aligned}$$
#
# GELU is a product, so its slope is $\Phi + z \Phi'$, and $\Phi' = \phi$. Believe none
# of this before [autograd](02) agrees.

# %%
z = torch.linspace(-4, 4, 400, dtype=torch.float64, requires_grad=True)  # without 0
normal = torch.distributions.Normal(0.0, 1.0)
s, t, Phi = torch.sigmoid(z), torch.tanh(z), normal.cdf(z)
bends = {"sigmoid": (torch.sigmoid, s * (1 - s)), "tanh": (torch.tanh, 1 - t**2)}
bends["ReLU"] = (torch.relu, (z > 0).double())
bends["leaky ReLU"] = (F.leaky_relu, torch.where(z > 0, 1.0, 0.01).double())
bends["GELU"] = (F.gelu, Phi + z * normal.log_prob(z).exp())
curves, slopes = {}, {}
for name, (bend, slope) in bends.items():
    curves[name], slopes[name] = bend(z).detach(), slope.detach()
    (by_autograd,) = torch.autograd.grad(bend(z).sum(), z)
    torch.testing.assert_close(slopes[name], by_autograd)
    at = [f"{slopes[name][i]:.4f}" for i in (0, 250, -1)]
    print(f"{name:10} slope at -4, 1, 4: {', '.join(at)}")

# %% [markdown]
# **Look for:** which slopes go to 0 on both sides, which on one side only, and which
# curve goes down before it goes up.

# %%
fig = drawings.activations(z.detach(), curves, slopes)
plots.show(
    fig,
    alt="Left: sigmoid from 0 to 1, tanh from -1 to 1, ReLU, leaky ReLU and GELU. "
    "Right: their slopes. Sigmoid and tanh have bells of height a quarter and 1; ReLU "
    "and leaky ReLU jump at 0; GELU dips below 0, then rises to a little above 1.",
)

# %%
dip = curves["GELU"].argmin()
print(f"GELU is lowest at {z[dip]:.2f}, with {curves['GELU'][dip]:.2f}")
print(f"slope at 4: sigmoid {slopes['sigmoid'][-1]:.3f}, tanh {slopes['tanh'][-1]:.4f}")
torch.testing.assert_close(t, 2 * torch.sigmoid(2 * z) - 1)  # the same curve, stretched
assert curves["GELU"][dip] < -0.15 and slopes["tanh"][-1] < 0.002
assert slopes["tanh"].max() > 0.999 and 0.249 < slopes["sigmoid"].max() <= 0.25

# %% [markdown]
# Sigmoid and tanh are one curve: $\tanh z = 2 \sigma(2 z) - 1$. Both **saturate**: far
# from 0 they are flat, and a gradient that is multiplied by such a slope is nearly
# gone. ReLU can't saturate on the right; on the left it lets nothing through. Leaky
# ReLU (Maas et al., 2013) keeps a hundredth. GELU (Hendrycks and Gimpel, 2016) is a
# smooth ReLU that dips below 0 first: an activation function needn't be monotone.

# %% [markdown]
# ## What is the slope of ReLU at 0?
# There is none: from the left it is 0, from the right 1. Any number between them is a
# **subgradient**, the slope of a line through the corner that stays below the curve. A
# program has to say something, and PyTorch says 0. Does it matter? Only if a unit lands
# *exactly* on 0. With random weights and real inputs that hardly happens. It does with
# hand-set ones, like ours:

# %%
corner = torch.zeros(1, requires_grad=True)
said = {}
for name, bend in (("ReLU", F.relu), ("leaky ReLU", F.leaky_relu), ("abs", torch.abs)):
    said[name] = torch.autograd.grad(bend(corner), corner)[0].item()
print({name: f"{slope:.2f}" for name, slope in said.items()})
exactly_0 = int((by_hand[0](switches) == 0).sum())
print(f"hand-set XOR: {exactly_0} of 8 pre-activations are exactly 0")
assert said["ReLU"] == 0 and abs(said["leaky ReLU"] - 0.01) < 1e-6 and exactly_0 == 3

# %% [markdown]
# ## Can it draw any curve? Universal approximation
# Each ReLU unit of one input is a **hinge**: flat, then straight. A weighted sum of
# hinges is a line with a kink for each unit. So draw any curve by hand: put a hinge at
# each of $m$ places $k_0 < k_1 < \dots$, and let the weight of each be the *change* of
# slope there, with $s_j$ the slope of the curve's chord from $k_j$ to $k_{j+1}$:
#
# $$\hat f(x) = f(k_0) + s_0 \max(0, x - k_0) +
# \sum_{j=1}^{m-1} (s_j - s_{j-1}) \max(0, x - k_j)$$
#
# No training, one hidden layer. How good does it get?


# %%
def curve(x):
    return torch.sin(2 * torch.pi * x) + 0.5 * torch.sin(5 * torch.pi * x)


def hinge_net(x, num_units):
    """One hidden layer of ReLUs, set by hand, through num_units + 1 points."""
    k = torch.linspace(0, 1, num_units + 1, dtype=torch.float64)
    slopes = curve(k).diff() * num_units  # (num_units,) of the chords
    v = torch.cat([slopes[:1], slopes.diff()])  # weights of the output
    return curve(k[0]) + torch.relu(x.reshape(-1, 1) - k[:-1]) @ v


x = torch.linspace(0, 1, 1001, dtype=torch.float64)  # (1001,)
units = [4, 8, 16, 32, 64]
errors = {"ReLU, by hand": [(hinge_net(x, m) - curve(x)).abs().max() for m in units]}
print(
    [f"{m} units: {e:.4f}" for m, e in zip(units, errors["ReLU, by hand"], strict=True)]
)
assert errors["ReLU, by hand"][3] < 0.02
quarters = [a / b for a, b in pairwise(errors["ReLU, by hand"][1:])]
assert min(quarters) > 3.5 and max(quarters) < 4.5

# %% [markdown]
# From 8 units on, twice the units leave about a quarter of the error. For a hidden
# layer wide enough, this works for **any** continuous function on a bounded range, of
# any number of inputs: **universal approximation** (Cybenko, 1989; Hornik, Stinchcombe
# and White, 1989). And not only with ReLU: any bend will do, unless it is a polynomial
# (Leshno et al., 1993). Is that exception true? Try $\varphi(z) = z^2$. So that
# training can't be to blame, draw the first layer at random and *solve* for the second
# by [least squares](03).

# %% [markdown]
# **Look for** the one line on the right that doesn't fall.


# %%
def solved_net(act, num_units):
    """Random hidden layer, least squares for the output: -> worst error on [0, 1]."""
    w, b = 6 * torch.randn(2, num_units, dtype=torch.float64)
    H = act(w * (x.reshape(-1, 1) - 0.5) + b / 2)  # (1001, num_units)
    H = torch.cat([H, torch.ones(1001, 1)], dim=1)
    fit = torch.linalg.lstsq(H, curve(x).reshape(-1, 1), driver="gelsd").solution
    return ((H @ fit).flatten() - curve(x)).abs().max()


for name, act in (("tanh, solved", torch.tanh), ("z², solved", torch.square)):
    tries = [[solved_net(act, m) for m in units] for _ in range(3)]
    errors[name] = torch.tensor(tries).median(dim=0).values  # (3, 5) -> (5,)
fig = drawings.hinges(x, curve(x), {m: hinge_net(x, m) for m in (4, 8)}, units, errors)
plots.show(
    fig,
    alt="Left: a wavy curve and two lines with kinks, of 4 and 8 units; the second one "
    "comes nearer to the curve. Right: largest error against 4 to 64 hidden units; "
    "ReLU by hand and tanh fall steeply, the square stays level above 1.",
)

# %%
print({name: f"{values[-1]:.1e}" for name, values in errors.items()})
stuck = errors["z², solved"]
assert stuck.max() - stuck.min() < 1e-9 and stuck[-1] > 1.2
assert errors["tanh, solved"][-1] < 1e-6

# %% [markdown]
# Sixty-four squares are no better than four: a sum of parabolas is a parabola. It is
# the collapse of affine maps, one degree higher.
#
# The theorem says that good weights *exist*. It doesn't say how many units you need,
# that training finds them, or what happens **outside** the range. Test the last two:
# train 32 ReLU units on the curve, three times.

# %%
inputs = x[::5].float().reshape(-1, 1)  # (201, 1)
trained = []
for _ in range(3):
    net = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(600):
        loss = F.mse_loss(net(inputs), curve(inputs))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    trained.append((net(inputs) - curve(inputs)).abs().max().item())
by_32 = errors["ReLU, by hand"][3].item()
outside = net(torch.tensor([[100.0], [200.0], [300.0]])).flatten()
bend = (outside.diff().diff() / outside.diff().abs().max()).abs().item()
print(f"largest errors: by hand {by_32:.2f}, trained {[f'{e:.2f}' for e in trained]}")
print(f"from 100 to 300 the trained net bends by {bend:.0e} of its rise")
assert min(trained) > 10 * by_32 and bend < 1e-3

# %% [markdown]
# By hand 32 units err by 0.02; after 600 steps of training they err by many times that.
# A theorem about what exists promises nothing about what is found. And far from the
# data a ReLU net goes on as a straight line, wherever the curve goes: past the last
# kink nothing bends it any more.

# %% [markdown]
# ## Wide or deep?
# If one hidden layer can do everything, why do people stack them? Fold a sheet of paper
# five times and you have 32 layers from five moves. Two ReLU units can fold the line:
# $\text{tent}(x) = 2 \max(0, x) - 4 \max(0, x - \tfrac12)$ goes up to 1 and down
# again. Put tents one after the other, a layer each. **Look for** how the number of
# straight pieces grows.

# %%
fine = torch.linspace(0, 1, 4097, dtype=torch.float64)  # steps of 1/4096, exact
pieces, folded, h = {}, {}, fine
for depth in range(1, 6):
    h = 2 * torch.relu(h) - 4 * torch.relu(h - 0.5)  # a layer of two units
    slope = h.diff() * 4096
    folded[depth], pieces[depth] = h, int((slope.diff() != 0).sum()) + 1
    print(f"{depth} layers, {2 * depth:2} units: {pieces[depth]:2} straight pieces")
fig = drawings.tents(fine, {f"layers: {d}": folded[d] for d in (1, 3, 5)})
plots.show(
    fig,
    alt="Three zigzag lines between 0 and 1: one tent from one layer of two units, "
    "four tents from three layers, sixteen from five.",
)
assert pieces == {d: 2**d for d in range(1, 6)}

# %% [markdown]
# Each layer doubles the pieces: ten units in five layers make 32. Ten units in *one*
# hidden layer make at most 11, one kink each. So depth can express with few units what
# width needs many for (Montúfar et al., 2014; Telgarsky, 2016). Again: *can*. These
# weights were set by hand, and training very deep stacks has troubles of its own
# (see [initialisation](10)).
#
# ## How many parameters?
# A layer from $n$ to $m$ units has a weight for each pair and a bias for each unit. The
# **parameter count** of the net is their sum over the layers:
#
# $$\sum_{\text{layers}} (n + 1) \, m$$
#
# Neither the input nor an activation adds anything.

# %% [markdown] predict="twice_as_wide"
# **Predict.** A net has 784 inputs, two hidden layers of 256 and 10 outputs. You double
# both widths. By which factor does its parameter count grow?
#
# - By 2: twice the units, twice the parameters.
#   wrong: units counted in place of pairs. Between the hidden layers both sides double.
# - By 4: a layer is a product of two widths, and both double.
#   wrong: one layer taken for all. In the first and the last layer one side is fixed by
#   the data.
# - By about 2.5.
#   right: the first layer doubles, the middle one grows fourfold, and the first is the
#   larger part.


# %%
def parameter_count(*widths):
    """Weights and biases of an MLP: input, hidden layers, output."""
    return sum((n + 1) * m for n, m in pairwise(widths))


for widths in ((784, 10), (784, 256, 10), (784, 256, 256, 10), (784, 512, 512, 10)):
    print(f"{' - '.join(map(str, widths)):22} {parameter_count(*widths):8,}")
growth = parameter_count(784, 512, 512, 10) / parameter_count(784, 256, 256, 10)
print(f"doubled widths: {growth:.2f} times")
assert abs(growth - 2.49) < 0.01 and parameter_count(784, 256, 10) == 203_530

# %% [markdown]
# ## An MLP on images
# Two sets of images of 28 x 28 pixels, ten classes each: handwritten digits, and
# grey shapes of animals. An MLP sees an image as a row of 784 numbers. We
# [standardise](03) by *one* mean and deviation of all training pixels, so that many
# inputs lie on both sides of 0. Of the 4,000 training images 1,000 are kept for
# [validation](05 "validation set"); the test images wait for the end.


# %%
def prepared(source):
    """-> training (4000), test (1000): pairs of standardised images and labels."""
    (X, y), (X_test, y_test) = source()
    mean, std = X.mean(), X.std()
    return ((X - mean) / std, y), ((X_test - mean) / std, y_test)


digits, digits_test = prepared(mnist)
beasts, beasts_test = prepared(animals)
X, y = digits[0][:3000], digits[1][:3000]  # (3000, 1, 28, 28), (3000,)
valid = [(digits[0][3000:], digits[1][3000:])]
axes = plots.images(torch.cat([digits[0][:8], beasts[0][:8]]), ncols=8)
plots.show(
    axes[0].figure,
    alt="Eight handwritten digits, white on black, above eight grey shapes of animals.",
)
print(f"training {tuple(X.shape)}, validation {tuple(valid[0][0].shape)}")
assert X.shape == (3000, 1, 28, 28)

# %% [markdown]
# From scratch the net is a loop over its layers. The bend comes *between* the layers,
# not after the last: that one gives logits, which may be negative.


# %%
def forward(X, params):
    """Logits (N, q) of an MLP with ReLUs; params: [(W (n, m), b (m,)), ...]."""
    H = X.reshape(len(X), -1)  # (N, 1, 28, 28) -> (N, 784)
    for i, (W, b) in enumerate(params):
        H = H @ W + b
        if i < len(params) - 1:
            H = torch.relu(H)
    return H


def mlp(*widths, act=nn.ReLU):
    """The same in PyTorch: a linear layer for each pair of widths, bends between."""
    layers = [nn.Flatten()]
    for n, m in pairwise(widths):
        layers += [nn.Linear(n, m), act()]
    return nn.Sequential(*layers[:-1])


net = mlp(784, 256, 128, 10)
params = [(part.weight.T, part.bias) for part in net if isinstance(part, nn.Linear)]
torch.testing.assert_close(forward(X[:5], params), net(X[:5]))
sizes = [p.numel() for p in net.parameters()]
print(net, f"\n{sum(sizes):,} parameters in {len(params)} layers")
assert sum(sizes) == parameter_count(784, 256, 128, 10) and len(params) == 3

# %% [markdown]
# ## Momentum: let the past push
# [Chapter 03](03 "Adam") named **momentum**; here is the rule. Keep a velocity
# $\mathbf v$ beside each parameter, starting at 0. With the gradient $\mathbf g_t$ of
# step $t$ and a factor $0 \le \beta < 1$:
#
# $$\mathbf v_t = \beta \, \mathbf v_{t-1} + \mathbf g_t, \qquad
# \mathbf w_t = \mathbf w_{t-1} - \eta \, \mathbf v_t$$
#
# Put the first into itself again and again, and see what $\mathbf v$ remembers:
#
# $$\mathbf v_t = \mathbf g_t + \beta \, \mathbf g_{t-1} + \beta^2 \, \mathbf g_{t-2}
# + \dots$$
#
# Gradients that agree add up; gradients that alternate cancel. $\beta = 0$ forgets all,
# which is plain SGD.

# %% [markdown] predict="long_slope"
# **Predict.** On a long, even slope the gradient is the same at each step. With
# $\beta = 0.9$ and the same learning rate, how long do the steps become, compared with
# plain SGD?
#
# - 1.9 times: the last velocity counts, too.
#   wrong: a memory of one step. The last velocity holds those before it.
# - As long as before: a mean of equal gradients is that gradient.
#   wrong: a sum taken for a mean. In this rule nothing divides.
# - Ten times.
#   right: $1 + 0.9 + 0.81 + \dots$ is $1 / (1 - 0.9)$.
# - Longer and longer, without end.
#   wrong: forgetting forgotten. A tenth of the velocity is lost at each step, and in
#   the end that is what the gradient adds.


# %%
def walk(lr, beta, curvature, start, num_steps=150):
    """Full gradient of sum(curvature * w^2) / 2, with momentum: -> path (steps, n)."""
    w, path = torch.tensor(start, dtype=torch.float64), []
    v = torch.zeros_like(w)
    for _ in range(num_steps):
        path.append(w)
        v = beta * v + curvature * w
        w = w - lr * v
    return torch.stack(path)


steps, v = [], 0.0
for _ in range(60):
    v = 0.9 * v + 1.0  # the gradient is 1 at each step
    steps.append(v)
print("step lengths:", [f"{steps[i]:.2f}" for i in (0, 1, 2, 9, 59)])
assert abs(steps[-1] - 10) < 0.05 and abs(steps[1] - 1.9) < 1e-9

# %% [markdown]
# So momentum 0.9 walks ten times as fast where the way is straight. Is it then nothing
# but a larger `lr`? Take a long valley, curved a hundred times more across than along,
# where plain steps must stay below $2 / \lambda_{\max} = 2$ ([chapter 03](03
# "condition number")). Give each rule the best of five rates.
#
# **Look for** how the two get along the valley, and which falls faster on the right.

# %%
curvature = torch.tensor([0.01, 1.0], dtype=torch.float64)
paths, gaps = {}, {}
for name, beta in (("plain", 0.0), ("momentum 0.9", 0.9)):
    tries = {}
    for lr in (0.1, 0.3, 1.0, 1.9, 3.0):
        path = walk(lr, beta, curvature, [-10.0, 1.8])
        tries[lr] = path, (curvature * path**2).sum(dim=1) / 2  # (150, 2), (150,)
    best = min(tries, key=lambda lr: tries[lr][1][-1].item())
    paths[f"{name}, lr {best}"], gaps[f"{name}, lr {best}"] = tries[best]
fig = drawings.walks(curvature, paths, gaps)
plots.show(
    fig,
    alt="Left: the first 25 steps of two walks in a long valley. The plain one jumps "
    "across at each step, the one with momentum swings in wide waves. Right: loss "
    "above the lowest on a log scale; with momentum it ends far lower.",
)
plain, heavy = (gap[-1].item() for gap in gaps.values())
print(f"after 150 steps: plain {plain:.0e}, momentum {heavy:.0e} above the lowest")
assert heavy < plain / 1000

# %% [markdown]
# In the valley no rate saves plain steps: along it they are too short, across it they
# would explode. Momentum adds up along it and cancels across it. And on our images?
# Three trainings of the same net, two runs each: plain, with momentum, and plain with
# ten times the rate.


# %%
def fit(net, data, lr=0.03, momentum=0.9, num_epochs=3):
    """Cross-entropy, batches of 64, SGD: -> history; the net ends on the CPU."""
    seed = int(torch.randint(1000, ()))  # of the shuffling
    history = train(
        net,
        load_array(data, batch_size=64, seed=seed),
        loss=nn.CrossEntropyLoss(),
        optimizer=torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum),
        num_epochs=num_epochs,
        device=device,
        progress=False,
    )
    net.to("cpu")
    return history


# %%
kinds = {"plain, 0.03": (0.03, 0.0), "momentum, 0.03": (0.03, 0.9)}
kinds["plain, 0.3"] = (0.3, 0.0)
loss_of = {}
for name, (lr, beta) in kinds.items():
    runs = [fit(mlp(784, 64, 10), (X, y), lr, beta, 4) for _ in range(2)]
    loss_of[name] = sum(h["train_loss"][-1] for h in runs) / 2
    print(f"{name:15} training loss in epoch 4: {loss_of[name]:.3f}")
slow, pushed, fast = loss_of.values()
assert pushed < slow / 2 and 0.8 < fast / pushed < 1.3

# %% [markdown]
# Here momentum *is* little more than ten times the rate: plain steps of 0.3 get about
# as far. This is worth knowing when a paper praises an optimiser: ask whether its rival
# got a rate of its own. `torch.optim.SGD(..., momentum=0.9)` costs one number a
# parameter, and is what most people take.

# %% [markdown]
# ## Where do 784, 10 and the hidden number come from?
# Two are given by the data. 784 is 28 x 28 pixels; ten is the number of classes. The
# number in between is yours to choose, a hyperparameter: try some, and take what is
# best on **validation** data.
#
# And why change the width from layer to layer? Nothing asks for equal widths; the
# output of one layer must fit the next, no more. A narrow layer forces the net to pass
# everything through few numbers, a **bottleneck**. How few are enough for ten digits?
#
# **Look for** the number of units from which on each curve rises only a little more.

# %%
widths, bottlenecks = [2, 8, 32, 128], [1, 2, 4, 16]


def valid_accuracy(*widths):
    net = mlp(784, *widths, 10)
    fit(net, (X, y))
    return evaluate(net, valid)["accuracy"]


wide = torch.tensor([[valid_accuracy(m) for m in widths] for _ in range(2)])
narrow = torch.tensor([[valid_accuracy(64, k) for k in bottlenecks] for _ in range(2)])
titles = ["784 - m - 10", "784 - 64 - k - 10"]
fig = drawings.capacity(widths, wide, bottlenecks, narrow, titles)
plots.show(
    fig,
    alt="Validation accuracy against hidden units. Left: one hidden layer of 2 to 128 "
    "units; it rises steeply to 8, then less. Right: a second hidden layer of 1 to 16 "
    "units; one is far too few, four come within a tenth or so of sixteen.",
)

# %%
for name, x_axis, runs in (("m", widths, wide), ("k", bottlenecks, narrow)):
    means = runs.mean(dim=0).tolist()
    print({f"{name}={k}": f"{v:.3f}" for k, v in zip(x_axis, means, strict=True)})
assert wide.mean(dim=0)[-1] > 0.9 and wide.mean(dim=0)[0] < 0.6
assert narrow.mean(dim=0)[0] < 0.42 and narrow.mean(dim=0)[2] > 0.77
assert (wide[:, -1] - wide[:, 1]).mean() < 0.12
assert (narrow[:, -1] - narrow[:, 2]).mean() < 0.15

# %% [markdown]
# Left it is 8 units, right 4; beyond them there is a little more to gain, not much.
# *Four* numbers are enough to tell most images apart: the last layer only has to part
# ten clouds of points, and in four dimensions there is room for that.
#
# Why are widths so often **powers of two**? Habit, and hardware. Processors work on
# blocks of 8, 16 or 32 numbers at once; a width that isn't a multiple leaves the last
# block partly idle. The net itself doesn't mind.

# %%
for width in (256, 257, 288):
    blocks = math.ceil(width / 32)
    print(f"width {width}: {blocks} blocks of 32, {blocks * 32 - width:2} places idle")
assert math.ceil(257 / 32) == math.ceil(288 / 32) == math.ceil(256 / 32) + 1

# %% [markdown]
# ## How well does it read?
# Now the test, once. 784 - 256 - 10, all 4,000 training images, eight epochs, then
# three at a tenth of the rate to quiet the [noise of the batches](03 "mini-batch").
# Beside it [softmax](06) regression, trained alike: the same net without its hidden
# layer. And the largest class, which needs no net.


# %%
def test_accuracy(net, data, test):
    """Train for 8 + 3 epochs: -> training losses, accuracy on the test images."""
    losses = fit(net, data, num_epochs=8)["train_loss"]
    losses += fit(net, data, lr=0.003, num_epochs=3)["train_loss"]
    return losses, evaluate(net, [test])["accuracy"]


curves, scores = {}, {"largest class": [], "softmax regression": [], "MLP": []}
sets = {"digits": (digits, digits_test), "animals": (beasts, beasts_test)}
for name, (data, test) in sets.items():
    largest = data[1].bincount().argmax()
    scores["largest class"].append((test[1] == largest).float().mean().item())
    _, linear = test_accuracy(mlp(784, 10), data, test)
    curves[name], accuracy = test_accuracy(mlp(784, 256, 10), data, test)
    scores["softmax regression"].append(linear)
    scores["MLP"].append(accuracy)
for name, values in scores.items():
    print(f"{name:18}: digits {values[0]:.3f}, animals {values[1]:.3f}")

# %%
(linear_digits, linear_animals), (on_digits, on_animals) = list(scores.values())[1:]
metrics = {"accuracy on test digits": on_digits, "on test animals": on_animals}
assert on_digits >= 0.94 and on_animals >= 0.86
for linear, deep in ((linear_digits, on_digits), (linear_animals, on_animals)):
    assert 0.35 < (deep - linear) / (1 - linear) < 0.65  # of the errors
assert max(scores["largest class"]) < 0.15

fig = drawings.results(curves, scores, list(sets))
plots.show(
    fig,
    alt="Left: training losses on digits and animals over eleven epochs, both falling "
    "to below 0.1. Right: test accuracy on digits and animals; the largest class about "
    "a tenth, softmax regression more, the MLP most on both.",
)

# %% [markdown]
# On both sets the hidden layer removes about half of the errors.
#
# Can we make images on which a weighted sum fails as it did on the lamp? Show half of
# the digits as a **negative**: each standardised pixel times -1. To a person that is
# the same digit. For a pixel it is XOR: what bright means depends on all the others.


# %%
def with_negatives(X):
    """Every second image as its negative."""
    sign = torch.ones(len(X), 1, 1, 1)
    sign[::2] = -1
    return X * sign


mixed, mixed_valid = with_negatives(X), [(with_negatives(valid[0][0]), valid[0][1])]
models = {"softmax regression": mlp(784, 10), "MLP": mlp(784, 256, 10)}
reads = {}
for name, model in models.items():
    fit(model, (mixed, y), num_epochs=6)
    reads[name] = evaluate(model, mixed_valid)["accuracy"]
    print(f"{name:18}: {reads[name]:.3f} of digits and negatives")
assert reads["softmax regression"] < 0.23 and reads["MLP"] > 0.9

# %% [markdown]
# Softmax regression falls from about 0.9 to between 0.1, which is guessing, and 0.2: if
# $\mathbf x$ raises the score of a 7, then $-\mathbf x$ lowers it. To the MLP negatives
# are hardly a problem. That is the lamp again, with 784 switches.

# %% [markdown]
# ## Must outputs lie around 0?
# People say that tanh is better than the sigmoid because its outputs are
# **zero-centred**. The argument: let $\delta_j$ be the slope of the loss at
# pre-activation $j$ of the next layer. Then for one example
#
# $$\frac{\partial L}{\partial w_{kj}} = \delta_j \, h_k .$$
#
# If all $h_k$ are positive, all weights of unit $j$ have gradients of *one sign*: for
# this example they can only rise together or fall together. True. But does it slow
# training down? The sigmoid differs from tanh in its slope, too, so comparing these two
# tells nothing. Compare tanh with tanh + 1: the same slopes, only the centre moved.


# %%
class Shifted(nn.Tanh):
    def forward(self, z):
        return torch.tanh(z) + 1


same_sign, loss_after = {}, {}
for act in (nn.Tanh, Shifted):
    losses = []
    for _ in range(3):
        net = mlp(784, 64, 64, 10, act=act)
        losses.append(fit(net, (X, y), momentum=0.0)["train_loss"][-1])
    net.zero_grad()
    F.cross_entropy(net(X[:1]), y[:1]).backward()  # one example
    signs = net[3].weight.grad.sign().sum(dim=1).abs()  # (64, 64) -> (64,)
    same_sign[act.__name__] = (signs == 64).float().mean().item()
    loss_after[act.__name__] = sum(losses) / 3
    print(
        f"{act.__name__:8} one sign: {same_sign[act.__name__]:.0%} of the units;",
        end="",
    )
    print(f" loss after 3 epochs {loss_after[act.__name__]:.3f}")
assert same_sign == {"Tanh": 0.0, "Shifted": 1.0}
assert 1.01 < loss_after["Shifted"] / loss_after["Tanh"] < 1.15

# %% [markdown]
# The argument holds to the letter, and its effect is small: a few percent of the loss.
# What made the sigmoid slow was its slope, as [chapter 04](04 "vanishing gradient")
# found by the same method. ReLU isn't centred either.
#
# ## ReLU in place, and not
# `torch.relu(z)` makes a new tensor. `nn.ReLU(inplace=True)` and `z.relu_()` overwrite
# `z`, as the [underscore](01 "in place") says. That saves the memory of one tensor a
# layer. When does it do harm?

# %%
z = torch.tensor([-2.0, 3.0])
kept = z
h = F.relu(z, inplace=True)
print("what you kept as pre-activation is now", kept.tolist())
assert h is z and kept.tolist() == [0.0, 3.0]

caught = []
for name, first in (("linear", nn.Linear(2, 2)), ("sigmoid", nn.Sigmoid())):
    inputs = torch.tensor([[1.0, -1.0]], requires_grad=True)
    try:
        nn.Sequential(first, nn.ReLU(inplace=True))(inputs).sum().backward()
        print(f"after {name}: fine")
    except RuntimeError as error:
        caught.append(name)
        print(f"after {name}: {str(error)[:66]} ...")
assert caught == ["sigmoid"]

# %% [markdown]
# After a linear layer it is safe: `backward` needs the layer's *input*, not its output.
# The slope of the sigmoid is computed from its output, which is gone; autograd notices
# and raises. What it can't notice is your own variable, such as `kept`. So: in place
# only when nobody else needs the number.

# %% [markdown]
# ## Dead units
# Back to the silent units of the lamp. A **dead unit** is a ReLU that is 0 on *all*
# training examples (papers say **dying ReLU**). Then all its slopes are 0, and so is
# the gradient of its weights and bias. Count it like this: run all training images
# through the first layer and ask which columns of $\mathbf H$ are 0 from top to bottom.
#
# What kills units? A long step that throws the bias far below 0. Train for two epochs
# at three rates.


# %%
def is_dead(net):
    """Units of the first layer at or below 0 on all training images: (m,) bool."""
    with torch.no_grad():
        return (net[1](X.flatten(1)) <= 0).all(dim=0)  # (3000, 128) -> (128,)


rates, shares, scores, hurt = [0.03, 0.1, 0.3], {}, {}, {}
for name, act in (("ReLU", nn.ReLU), ("leaky ReLU", nn.LeakyReLU), ("tanh", nn.Tanh)):
    shares[name], scores[name] = [], []
    for lr in rates:
        net = mlp(784, 128, 10, act=act)
        fit(net, (X, y), lr, num_epochs=2)
        shares[name].append(is_dead(net).float().mean().item())
        scores[name].append(evaluate(net, valid)["accuracy"])
        hurt[name, lr] = net
    print(f"{name:10} below 0 on all images: {[f'{s:.0%}' for s in shares[name]]}")

# %% [markdown]
# **Look for** the rate at which units die, and what becomes of the accuracy. (For leaky
# ReLU and tanh the left panel counts units that are below 0 on all images. They aren't
# dead: they still have a slope.)

# %%
fig = drawings.dead(rates, shares, scores)
plots.show(
    fig,
    alt="Left: share of units that stay at or below 0, against the learning rate: next "
    "to none at 0.03, more at 0.1, most at 0.3 for ReLU and leaky ReLU; few for tanh. "
    "Right: validation accuracy, lower at 0.3 than at 0.03 for all three.",
)
print({name: [f"{v:.2f}" for v in values] for name, values in scores.items()})
assert shares["ReLU"][0] < 0.05 and shares["ReLU"][2] > 0.33
assert shares["leaky ReLU"][2] > 0.2 and shares["tanh"][2] < 0.1
for name in ("ReLU", "leaky ReLU"):
    assert shares[name][1] < shares[name][2] - 0.05
assert all(score[2] < score[0] - 0.03 for score in scores.values())

# %% [markdown] predict="back_to_life"
# **Predict.** Take the ReLU net that was hurt by the rate of 0.3 and train it on for
# four epochs with a gentle rate, 0.03. How many of its dead units come back?
#
# - Most of them: with small steps they recover.
#   wrong: a small step thought to mend what a long one broke. A step is the rate times
#   the gradient, and their gradient is 0.
# - Some, by luck: other images come in other batches.
#   wrong: batches thought to bring something new. The unit is silent on every image, so
#   on every batch.
# - None: their weights don't change by a single bit.
#   right: the images are what they are, the gradient of each is 0, and 0 times any rate
#   is 0.

# %%
after = {}
for name in ("ReLU", "leaky ReLU"):
    net = hurt[name, 0.3]
    before, W = is_dead(net), net[1].weight.detach().clone()
    fit(net, (X, y), num_epochs=4)
    moved = (net[1].weight - W).abs().amax(dim=1)[before]
    after[name] = before, is_dead(net), moved.max().item()
    back = int((before & ~is_dead(net)).sum())
    print(f"{name:10} {before.sum()} silent, {back} back, weights moved by", end=" ")
    print(f"up to {moved.max():.3f}; accuracy {evaluate(net, valid)['accuracy']:.3f}")
before, still, moved = after["ReLU"]
assert moved == 0 and torch.equal(before & still, before)
leaky_before, leaky_still, leaky_moved = after["leaky ReLU"]
assert leaky_moved > 0.005
assert (leaky_before & leaky_still).sum() > 0.75 * leaky_before.sum()

# %% [markdown]
# Not a bit. The weights of leaky ReLU do move, a hundredth of a slope is no zero; yet
# most of its silent units are still silent after four epochs. A slope is not yet a
# rescue.
#
# The net that was hurt reads badly. Because of its dead units? Take the supposed cause
# away. First cut them out: nothing may change. Then train a *fresh* net that has only
# as many units as survived.

# %%
net = hurt["ReLU", 0.3]
alive = ~is_dead(net)
cut = mlp(784, int(alive.sum()), 10)
with torch.no_grad():
    cut[1].weight.copy_(net[1].weight[alive])
    cut[1].bias.copy_(net[1].bias[alive])
    cut[3].weight.copy_(net[3].weight[:, alive])
    cut[3].bias.copy_(net[3].bias)
    torch.testing.assert_close(cut(X), net(X), rtol=1e-3, atol=1e-2)
fresh = mlp(784, int(alive.sum()), 10)
fit(fresh, (X, y), num_epochs=6)
hurt_reads, fresh_reads = (evaluate(m, valid)["accuracy"] for m in (net, fresh))
print(f"{int(alive.sum())} units alive: hurt {hurt_reads:.3f}, fresh {fresh_reads:.3f}")
assert fresh_reads > hurt_reads + 0.02 and fresh_reads > 0.9

# %% [markdown]
# So the dead units were *not* why it reads badly: with the same number of living units
# a fresh net reads well. The long steps have hurt the living, too. Dead units are a
# symptom that is easy to count: they say *your steps were too long*. In a net as small
# as that of the lamp each unit is needed; here the survivors are plenty.

# %% [markdown]
# ## What goes wrong in practice
# Two mistakes make no error message. **No activation between the layers**: you know
# what remains. **ReLU on the logits**: an activation after the last layer, too. It cuts
# negative logits to 0, and where the right class's logit is below 0 its slope is 0: the
# example can't pull it up.


# %%
def unbent(*widths):
    return nn.Sequential(*[part for part in mlp(*widths) if type(part) is not nn.ReLU])


makers = {"right": (mlp, 3), "no activation": (unbent, 3)}  # how many runs
makers["ReLU on the logits"] = lambda *widths: mlp(*widths).append(nn.ReLU()), 8
curves, reads, cut_off = {}, {}, {}
for name, (make, runs) in makers.items():
    nets = [make(784, 32, 10) for _ in range(runs)]
    losses = torch.tensor(
        [fit(net, (X, y), num_epochs=4)["train_loss"] for net in nets]
    )
    curves[name] = losses.mean(dim=0)  # (runs, 4 epochs) -> (4,)
    reads[name] = sorted(evaluate(net, valid)["accuracy"] for net in nets)
    with torch.no_grad():  # (3000, 10) -> (3000, 1), the right class's logit
        own = [net(X).gather(1, y.reshape(-1, 1)) for net in nets]
    cut_off[name] = sorted((z <= 0).float().mean().item() for z in own)
    print(f"{name:18} accuracy {reads[name][0]:.3f} to {reads[name][-1]:.3f}")

# %% [markdown]
# **Look for** the order of the three curves, each a mean of several runs, and for the
# runs in which many examples have the right class's logit at 0.

# %%
fig = drawings.bugs(curves)
plots.show(
    fig,
    alt="Mean training loss over four epochs on a log scale. The right net ends "
    "lowest. Without an activation the loss begins lower and ends higher; with ReLU "
    "on the logits it ends higher, too.",
)
for name, values in cut_off.items():
    print(f"{name:18} right logit not above 0: {[f'{v:.1%}' for v in values]}")
last = {name: values[-1].item() for name, values in curves.items()}
assert last["no activation"] > 1.5 * last["right"]
assert curves["no activation"][0] < curves["right"][0]
assert last["ReLU on the logits"] > 1.1 * last["right"]
some_runs = cut_off["ReLU on the logits"]
assert some_runs[0] < 0.02 and some_runs[-1] > 0.08 > 0.02 > cut_off["right"][-1]
assert reads["ReLU on the logits"][0] < reads["right"][0] - 0.04

# %% [markdown]
# Neither looks like a bug: the loss falls, the net reads. Without an activation it even
# begins ahead, then it is overtaken. With ReLU on the logits some runs are as good as
# right ones, and in others a digit or more is lost: the logits of a tenth of the
# examples or more are cut to 0, where no slope pulls them up. A bug that hides in some
# runs is the worst kind. So train more than once, and compare with softmax regression:
# an MLP that is no better has probably lost its bend. And look at the smallest logit:
# if it is exactly 0, something cuts it.

# %% [markdown]
# ## Summary
# - A weighted sum is monotone in each input, so it can't say XOR. A hidden layer makes
#   new columns in which a weighted sum is enough.
# - Without an activation a stack of layers is one layer.
# - One wide hidden layer can come near any continuous function, unless the activation
#   is a polynomial. That a net *can* doesn't mean that training *will*.
# - Depth counts layers with weights; parameters are $(n + 1) m$ a layer.
# - Momentum adds up past gradients: up to $1 / (1 - \beta)$ times the step where they
#   agree.
# - A dead unit is 0 on all examples, gets no gradient and stays dead.
# - No activation after the last layer.

# %% [markdown]
# ## Exercises and further reading
# The exercise notebook builds collapse, switches, activations, a net, a counter,
# momentum and a census of the dead. Before you open it, guess, then try here:
#
# 1. Give `learn_xor` leaky ReLU (`F.leaky_relu`). How many 2-unit nets learn then?
# 2. What does `hinge_net` need for a curve that jumps?
# 3. Give the negatives to a net whose hidden layer has no biases. Does it still read?
#
# In [Dive into Deep Learning](https://d2l.ai): sections 4.1 to 4.3 in the edition of
# `d2l` 0.17, 5.1 and 5.2 in the printed book; momentum in the chapter on optimisation
# algorithms.

# %% [markdown]
# - Minsky and Papert 1969, *Perceptrons*: what one layer can't do
# - Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating
#   errors*
# - Cybenko 1989; Hornik, Stinchcombe and White 1989; Leshno et al. 1993: universal
#   approximation
# - Polyak 1964: momentum. Sutskever et al. 2013, *On the importance of initialization
#   and momentum in deep learning*
# - Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*. Leaky ReLU:
#   Maas, Hannun and Ng 2013. GELU: Hendrycks and Gimpel 2016
# - Montúfar et al. 2014; Telgarsky 2016: what depth adds
#
# Next: our MLP reads its training images better than new ones.
# [Chapter 08](08) asks why, and what helps.
