# %% [markdown]
# # Calculus and autograd: which way is down?
# A network guesses wrong. It has a million weights. **Which of them should grow, which
# should shrink, and by how much?**
#
# You could turn each weight a little, one after the other, and run the network each
# time: a million runs for one answer. This chapter gets the whole answer from one run
# forward and one run back, at about three times the price of a single run. You learn
# what a slope is and how slopes combine. You build an engine for them, in fewer than 40
# lines, and train a network with it. Then you use PyTorch's, and see where it says
# nothing when something is wrong.
#
# You need [broadcasting](01).

# %%
import inspect
import warnings
from decimal import Decimal, localcontext
from functools import partial

import numpy as np
import torch
from sklearn.datasets import make_moons
from torch import nn
from torch.autograd import gradcheck
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.checkpoint import checkpoint_sequential
from torch.utils.flop_counter import FlopCounterMode

from utils import plots
from utils.device import set_seed
from utils.drawings.calculus_and_autograd import arrows, graph, panels, relief, secants

plots.use_style()
set_seed(0)

# %% [markdown]
# ## How steep is it here? The derivative
# A colony of bacteria holds $f(x) = e^x$ thousand cells after $x$ hours. How fast does
# it grow at one hour *exactly*? In one instant nothing grows. So wait for $h$ hours,
# and divide the growth by the time. That is the slope of a line through two points of
# the curve, a **secant**.
#
# **Look for:** as $h$ gets smaller, the secants turn into one line, which only touches
# the curve: the **tangent**.

# %%
hours = torch.linspace(0, 2.1, 100)
start, top = torch.tensor(1.0), torch.tensor(1.0).exp()  # the point (1, e)
slopes = {h: (((start + h).exp() - top) / h).item() for h in (1.0, 0.5, 0.1)}

fig, ax = plots.figure(width=5.6, height=3.4)
secants(ax, hours, hours.exp(), (start, top), slopes, tangent=top)
ax.set(xlabel="time x (hours)", ylabel="cells (thousands)", ylim=(0, 8.5))
plots.show(
    fig,
    alt="The curve of e to the x with three secants through the point at one hour. The "
    "shorter the step h, the nearer the secant lies to the tangent there.",
)
print({h: round(slope, 2) for h, slope in slopes.items()}, f"tangent {top:.3f}")
assert slopes[1.0] > slopes[0.5] > slopes[0.1] > top and slopes[0.1] < 1.06 * top

# %% [markdown]
# The slopes 4.67, 3.53, 2.86 come down to 2.718, which is $e$. The slope at which they
# arrive is the **derivative**:
#
# $$f'(x) = \frac{df}{dx} = \lim_{h \to 0} \frac{f(x + h) - f(x)}{h}$$
#
# - $h$: the step, in the unit of $x$; $f'(x)$: units of $f$ for one unit of $x$
# - the fraction is a **difference quotient**, the **forward difference**
# - look the same way to both sides, and you have the **central difference**,
#   $\big(f(x + h) - f(x - h)\big) / (2h)$
#
# For $e^x$ the derivative at $x$ is $e^x$ again: the colony grows in proportion to its
# size.

# %% [markdown]
# ## Why not take the smallest h there is?
# The formula says $h \to 0$. A computer can do $h = 10^{-8}$, and much smaller.

# %% [markdown] predict="smallest_h"
# **Predict.** You compute the forward difference of $e^x$ in float32, at a thousand
# places between 1 and 2, with $h = 0.1$, $0.01$ and so on down to $10^{-10}$. What does
# its error do?
#
# - It gets smaller with each step, since the limit is at 0.
#   wrong: the limit of the formula taken for the limit of the computer. The formula has
#   exact numbers; float32 has seven digits.
# - It gets smaller down to $10^{-7}$, the precision of float32, and stays there.
#   wrong: the precision of a number taken for that of a difference. Two numbers that
#   agree in six of seven digits leave one digit in their difference.
# - It gets smaller, then larger again, and at the end it is 100 %.
#   right: a small step divides a rounding error by almost nothing. At the end
#   $x + h$ is rounded to $x$, and the quotient is exactly 0.


# %%
float64 = torch.float64
steps = 10.0 ** -torch.arange(0, 16.1, 0.25, dtype=float64)  # (65,)
places = 1 + torch.rand(1000, 1, dtype=float64)  # from 1 to 2


def mean_error(f, df, h, dtype, central=False):
    """Mean relative error of a difference quotient over the places, one for each h."""
    x, h = places.to(dtype), h.to(dtype)  # (1000, 1), (steps,)
    behind = x - h if central else x
    quotient = (f(x + h) - f(behind)) / (2 * h if central else h)  # (1000, steps)
    exact = df(x.double())
    return ((quotient.double() - exact) / exact).abs().mean(dim=0)


errors = {
    (name, dtype): mean_error(torch.exp, torch.exp, steps, dtype, name == "central")
    for dtype in (torch.float32, float64)
    for name in ("forward", "central")
}

# %% [markdown]
# **Look for:** each curve is a V. To the right of its lowest point it is smooth, to the
# left it is rough. Which of the two arms changes from the left panel to the right one?

# %%
fig, axes = plots.figure(1, 2, width=4.6, height=3.4, sharey=True)
for ax, dtype in zip(axes, (torch.float32, float64), strict=True):
    eps = torch.finfo(dtype).eps
    named = {name: errors[name, dtype] for name in ("forward", "central")}
    panels(ax, steps, named, marks=[eps ** (1 / 2), eps ** (1 / 3)])
    ax.set(xlabel="step h (hours)", title=str(dtype), ylim=(1e-12, 50))
axes[0].set_ylabel("mean relative error")
plots.show(
    fig,
    alt="Error of the forward and the central difference against h on log scales, in "
    "float32 and in float64. Each curve is a V; the thin lines at the square root and "
    "the cube root of the machine epsilon stand near the lowest points. In float64 the "
    "left arms lie much lower. In float32 the left arms end level at 1.",
)

# %%
best = {}
for (name, dtype), error in errors.items():
    power = 1 / 2 if name == "forward" else 1 / 3
    root = torch.finfo(dtype).eps ** power
    best[name, dtype] = steps[error.argmin()].item()
    print(f"{dtype} {name}: best h {best[name, dtype]:.1e}, ", end="")
    print(f"root of epsilon {root:.1e}, error there {error.min():.1e}")
    assert 1 / 3 < best[name, dtype] / root < 3
arm = errors["central", torch.float32], errors["central", float64]
assert abs(arm[0] / arm[1] - 1)[steps >= 0.1].max() < 3e-4  # the right arms agree
assert (arm[0] > 1e6 * arm[1])[(steps > 1e-7) & (steps < 1e-5)].all()  # the left don't
quotient = ((places.float() + 1e-8).exp() - places.float().exp()) / 1e-8
print("float32, h = 1e-8: all thousand quotients are", quotient.unique().tolist())
assert (quotient == 0).all()

# %% [markdown]
# More digits leave the right arm where it is and lower the left one. The last line of
# the output is a bug that people meet: **h so small that $x + h$ is $x$**. The quotient
# is 0, whatever the function. Now the lowest point, in three lines. Taylor:
#
# $$\begin{aligned}
# \frac{f(x + h) - f(x)}{h} &= f'(x) + \tfrac h2 f''(x) + \dots\\
# E(h) &\approx \tfrac h2 |f''| + \frac{\epsilon\, |f|}{h}\\
# E'(h) = 0 &\;\Longrightarrow\; h^* = \sqrt{2 \epsilon\, |f / f''|}
# \end{aligned}$$
#
# - $\frac h2 |f''|$: **truncation error**, for the terms that were left out
# - $\epsilon |f| / h$: **rounding error**; each value of $f$ is stored to about
#   $\epsilon |f|$, and the division by $h$ enlarges that
# - $\epsilon$: **machine epsilon**, the gap above 1: $1.2 \cdot 10^{-7}$ in float32,
#   $2.2 \cdot 10^{-16}$ in float64

# %% [markdown]
# In the central difference the $f''$ of both sides cancel. Its truncation error is
# $\frac{h^2}{6} |f'''|$, and the same three lines give
# $h^* = \sqrt[3]{3 \epsilon |f / f'''|}$: a cube root. For $e^x$ all derivatives are
# equal, so the roots of $\epsilon$ alone, the thin upright lines of the figure, say
# about where the lowest points are.
#
# ## Is it really the rounding?
# That was an explanation. To test it, take each supposed cause away:
#
# - **no rounding**: calculate with 60 digits, by Python's `Decimal`
# - **no truncation**: a straight line, $f(x) = 3x$, has $f'' = 0$
# - **no subtraction**: the **complex step**, $f'(x) \approx \text{Im} f(x + ih) / h$,
#   where $i^2 = -1$. Taylor: $f(x + ih) = f + ih f' - \frac{h^2}{2} f'' - \dots$, and
#   the imaginary part, divided by $h$, is $f'$ up to an error in $h^2$.


# %%
def error_in_decimals(x, h):
    """Relative error of the forward difference of e^x, with 60 digits."""
    with localcontext(prec=60):
        x, h = Decimal(x), Decimal(h)
        return float(((x + h).exp() - x.exp()) / h / x.exp() - 1)


decimals = [error_in_decimals(1.5, h) for h in steps.tolist()]
straight = mean_error(lambda x: 3 * x, lambda x: 3 + 0 * x, steps, float64)
imaginary = torch.exp(places + 1j * steps).imag / steps / places.exp() - 1
causes = {
    "float64, as above": errors["forward", float64],
    "no rounding": torch.tensor(decimals),
    "no truncation": straight,
    "no subtraction": imaginary.abs().mean(dim=0),
}

# %% [markdown]
# **Look for:** which arm of the V does each of the three lose?

# %%
fig, ax = plots.figure(width=6.0, height=3.6)
for name, error in causes.items():
    ax.loglog(steps, error.clamp(min=1e-17), label=name)
ax.set(xlabel="step h (hours)", ylabel="mean relative error", ylim=(3e-18, 10))
ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plots.show(
    fig,
    alt="Error against h. As above: a V. No rounding: a straight line that falls with "
    "h all the way. No truncation: no right arm, the error grows as h shrinks. No "
    "subtraction: falls twice as steeply and then stays below 1e-16.",
)

# %%
coarse, fine = steps >= 1e-6, steps <= 1e-10
print(f"no rounding, h = 1e-16: {decimals[-1]:.1e}")
print(f"no subtraction, h = 1e-16: {causes['no subtraction'][-1]:.1e}")
moved = best["forward", torch.float32] / best["forward", float64]
root = (torch.finfo(torch.float32).eps / torch.finfo(float64).eps) ** 0.5
print(f"float64 moves the best h of the forward difference by {moved:,.0f}, ", end="")
print(f"the root says {root:,.0f}")
assert all(a > b for a, b in zip(decimals, decimals[1:], strict=False))
assert straight[coarse].max() < 1.5e-10 and straight[fine].min() > 5e-8
assert causes["no subtraction"][fine].max() < 6e-17
assert 1 / 3 < moved / root < 3

# %% [markdown]
# Without rounding the right arm goes on for ever. Without truncation only the left arm
# is there. With more digits the lowest point moves about as far as the root says (its
# bottom is rough). So both causes are real, and the V is their sum. The complex step
# has no left arm at all: nothing is subtracted, so nothing cancels. (It needs a
# function that accepts complex numbers.)
#
# Remember for practice: central difference, float64, $h$ near $10^{-5}$. And even with
# the best $h$, each weight costs a run of its own.

# %% [markdown]
# ## Many directions: the gradient
# A loss depends on many weights. Hold all but one still, and take the derivative by
# that one: a **partial derivative**, written $\partial f / \partial x_j$. All of them
# together, in one vector as long as $\mathbf x$, are the **gradient**:
#
# $$\nabla f(\mathbf x) = \Big(\frac{\partial f}{\partial x_1}, \dots,
# \frac{\partial f}{\partial x_n}\Big)$$
#
# How steep is it in some other direction? Walk a step $h$ along $\mathbf u$, of length
# 1. Each coordinate changes by $h u_j$, and adds its share of the climb:
#
# $$\begin{aligned}
# f(\mathbf x + h \mathbf u) - f(\mathbf x)
# &\approx \tfrac{\partial f}{\partial x_1} h u_1 + \dots
# + \tfrac{\partial f}{\partial x_n} h u_n\\
# D_{\mathbf u} f &= \nabla f \cdot \mathbf u
# = \|\nabla f\| \cos \theta
# \end{aligned}$$

# %% [markdown]
# - $D_{\mathbf u} f$: the **directional derivative**, the slope along $\mathbf u$
# - $\theta$: the angle between $\mathbf u$ and the gradient; $\|\cdot\|$: length
#
# The cosine is largest, 1, for $\theta = 0$: **the gradient points where it is
# steepest, and its length is that slope**. Straight against it is the steepest way
# down. At a right angle the slope is 0: there the contour runs.
#
# **Look for:** on the left, the angle between arrows and rings. On the right, slopes
# that were *measured* in 360 directions: where is the highest, where are the zeros?


# %%
def bowl(x1, x2):
    """f(x) = x1^2 + 2 x2^2 + x1 x2."""
    return x1**2 + 2 * x2**2 + x1 * x2


def bowl_gradient(x1, x2):
    """Its two partial derivatives: by x1, with x2 held still, and by x2."""
    return torch.stack([2 * x1 + x2, 4 * x2 + x1])


def slopes_around(f, x1, x2, angles, h=1e-5):
    """Central differences of f at (x1, x2) along directions given by their angles."""
    u1, u2 = h * angles.cos(), h * angles.sin()
    return (f(x1 + u1, x2 + u2) - f(x1 - u1, x2 - u2)) / (2 * h)


angles = torch.arange(360, dtype=float64).deg2rad()
here = torch.tensor([1.2, -0.9], dtype=float64)
measured = slopes_around(bowl, *here, angles)  # (360,)
steepest = bowl_gradient(*here)
toward = torch.atan2(steepest[1], steepest[0]).rad2deg() % 360

# %%
grid = torch.linspace(-2, 2, 81)
X1, X2 = torch.meshgrid(grid, grid, indexing="xy")  # (81, 81) each
spots = torch.tensor([[1.2, -0.9], [-1.3, -0.3], [-0.6, 1.1], [0.9, 0.6]])  # (4, 2)

fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.6)
arrows(left, (X1, X2, bowl(X1, X2)), spots.T, bowl_gradient(*spots.T))
right.plot(angles.rad2deg(), measured, label="measured slope")
right.axvline(toward, color="C1", ls="--", label="gradient's direction")
for turn in (90, 270):
    right.axvline((toward + turn) % 360, color="0.5", ls=":")
right.set(xlabel="direction (degrees)", ylabel="slope of f", ylim=(-4, 6))
right.legend(loc="upper left", frameon=True)
plots.show(
    fig,
    alt="Left: oval contours of a bowl; arrows of the gradient stand at right angles "
    "to them and point outwards. Right: the slope against the direction is one wave; "
    "its top is at the gradient's direction, its zeros are 90 degrees to both sides.",
)

# %%
highest = measured.argmax().item()  # whole degrees
print(f"steepest direction: {highest} degrees, the gradient's: {toward:.1f}")
print(f"slope there {measured.max():.4f}, length of the gradient {steepest.norm():.4f}")
across = slopes_around(bowl, *here, (toward + torch.tensor([90, 270])).deg2rad())
print("slope at right angles:", [f"{slope:.0e}" for slope in across.tolist()])
assert abs(highest - toward) <= 0.5 + 1e-6
assert abs(measured.max() - steepest.norm()) < 1e-3 and across.abs().max() < 1e-8

# %% [markdown]
# ## Partial derivatives without a derivative
# Can you trust a gradient? One wave with one highest point: that holds only if $f$ is
# **differentiable** there, that is, if *one* vector predicts the slopes in all
# directions. Partial derivatives look along the axes only. Take
#
# $$f(x_1, x_2) = \frac{x_1 x_2^2}{x_1^2 + x_2^2}, \qquad f(0, 0) = 0.$$
#
# On both axes $f$ is 0, so at the origin both partial derivatives exist and are 0.
# Their vector (0, 0) says: level in every direction. **Look for** the ridges and
# valleys that meet at the origin, between the axes.


# %%
def ridges(x1, x2):
    """x1 x2^2 / (x1^2 + x2^2), away from the origin."""
    return x1 * x2**2 / (x1**2 + x2**2)


around = slopes_around(ridges, 0.0, 0.0, angles)  # (360,)
radius = torch.linspace(0.01, 1, 25)[:, None]  # (25, 1)
turn = torch.linspace(0, 6.2832, 73)  # (73,)
R1, R2 = radius * turn.cos(), radius * turn.sin()  # (25, 73) each

fig, (left, right) = relief(R1, R2, ridges(R1, R2))
right.plot(angles.rad2deg(), around, label="measured slope")
right.axhline(0, color="C1", ls="--", label="what (0, 0) says")
right.set(xlabel="direction (degrees)", ylabel="slope at the origin", ylim=(-0.5, 0.7))
right.legend(loc="upper right")
plots.show(
    fig,
    alt="Left: a surface that is level along both axes and has ridges and valleys "
    "between them, which run into the origin. Right: its slope at the origin against "
    "the direction, several bumps up to 0.38, where the two partial derivatives say 0.",
)

# %%
along_axes = around[[0, 90, 180, 270]]
print(f"along the axes {along_axes.abs().max():.0e}, elsewhere {around.max():.3f}")
beside = slopes_around(ridges, 0.3, 0.4, angles)  # a place that isn't the origin
wave = beside[0] * angles.cos() + beside[90] * angles.sin()
print(f"beside the origin, slopes from two partials miss {(beside - wave).max():.0e}")
assert along_axes.abs().max() < 1e-9 and 0.38 < around.max() < 0.39
assert (beside - wave).abs().max() < 1e-7

# %% [markdown]
# At the origin the two partial derivatives miss slopes of up to 0.385. Beside it they
# predict all 360. What differs is that there they are **continuous**: near by they are
# nearly the same. That is enough to be differentiable. At the origin they jump.
#
# ## How do slopes combine? The chain rule
# A network is a function of a function of a function. Say $y = g(x)$ and $z = f(y)$.
# Change $x$ a little, by $\Delta x$:
#
# $$\begin{aligned}
# \Delta y &\approx g'(x)\, \Delta x\\
# \Delta z &\approx f'(y)\, \Delta y \approx f'(y)\, g'(x)\, \Delta x\\
# \frac{dz}{dx} &= \frac{dz}{dy} \cdot \frac{dy}{dx}
# \end{aligned}$$
#
# This is the **chain rule**: *along* a chain slopes multiply. Think of gears: one that
# turns three times as fast drives one that turns twice as fast, and the last turns six
# times.

# %% [markdown]
# If $x$ reaches $z$ on several ways, each way moves $z$ by its own share. So *over*
# the ways you add:
#
# $$\frac{dz}{dx} = \sum_{\text{ways}} \; \prod_{\text{steps of the way}}
# (\text{slope of the step})$$
#
# One neuron shows both. It reads $x = 2$, should say $y = 1$, and large weights cost
# something:
#
# $$L = (a - y)^2 + 0.1\, w^2, \qquad a = \tanh z, \qquad z = w x + b$$
#
# $w$ is the weight, $b$ the bias, $a$ the neuron's answer, $L$ the loss. Draw each step
# as a box, and you have its **computation graph**. The **forward pass** fills in the
# values, from left to right. The **backward pass** goes from right to left and writes
# below each box the slope of $L$ by it.

# %%
w, b, x, y = 0.5, -0.4, 2.0, 1.0
z = w * x + b  # forward pass: values
a = np.tanh(z)
r = a - y
L = r**2 + 0.1 * w**2

by_r = 2 * r  # backward pass: slopes of L
by_a = by_r * 1
by_z = by_a * (1 - a**2)  # the slope of tanh
by_b = by_z * 1
by_w = by_z * x + 0.2 * w  # two ways: through the neuron, and straight to L
print(f"L = {L:.4f}, slopes: by w {by_w:.4f}, by b {by_b:.4f}")

# %% [markdown]
# **Look for** the two arrows that leave $w$. Multiply along each way, add the two.

# %%
boxes = {
    "w": (0, 2, f"{w}", f"{by_w:.3f}"),
    "b": (0, 0, f"{b}", f"{by_b:.3f}"),
    "z": (2.7, 1, f"{z:.3f}", f"{by_z:.3f}"),
    "a": (5.4, 1, f"{a:.3f}", f"{by_a:.3f}"),
    "r": (8.1, 1, f"{r:.3f}", f"{by_r:.3f}"),
    "L": (10.8, 2, f"{L:.3f}", "1"),
}
ways = [("w", "z", "x = 2"), ("b", "z", "1"), ("z", "a", f"{1 - a**2:.3f}")]
ways += [("a", "r", "1"), ("r", "L", f"2r = {2 * r:.3f}"), ("w", "L", "0.2w = 0.1")]

# %%
fig, ax = plots.figure(width=9, height=2.9)
graph(ax, boxes, ways)
plots.show(
    fig,
    alt="Computation graph from left to right: w and b lead to z, then a, r and L; a "
    "second arrow leads from w straight to L. Values stand in the boxes. Below each "
    "stands the slope of L: by w -1.218, b -0.659, z -0.659, a -0.926, r -0.926, L 1.",
)


# %%
def loss_of(w, b):
    """The neuron's loss as a function of its two parameters."""
    return (np.tanh(w * 2.0 + b) - 1.0) ** 2 + 0.1 * w**2


by_steps_w = (loss_of(w + 1e-5, b) - loss_of(w - 1e-5, b)) / 2e-5
by_steps_b = (loss_of(w, b + 1e-5) - loss_of(w, b - 1e-5)) / 2e-5
print(f"by central differences: w {by_steps_w:.4f}, b {by_steps_b:.4f}")
assert abs(by_steps_w - by_w) < 1e-8 and abs(by_steps_b - by_b) < 1e-8
assert round(by_w, 3) == -1.218 and round(by_b, 3) == -0.659

# %% [markdown]
# Both slopes are negative: to lower the loss, let $w$ and $b$ grow. Notice that the
# backward pass used $a$ and $x$, values of the forward pass. They must be *kept* until
# then. That is where the memory of training goes.
#
# ## What shape has a derivative?
# Real steps have vectors going in and out. A derivative has a number for each pair of
# an output and an input:
#
# | | scalar $y$ | vector $\mathbf y$, $m$ entries |
# |---|---|---|
# | **by a scalar** $x$ | a number | $(m,)$ |
# | **by a vector** $\mathbf x$, $n$ entries | gradient $(n,)$ | Jacobian $(m, n)$ |
#
# The **Jacobian** $J$ has $J_{ij} = \partial y_i / \partial x_j$: a row for each
# output, a column for each input.

# %% [markdown] predict="shares"
# **Predict.** A household spends $\mathbf x$ = (400, 300, 200, 100) euros on rent,
# food, travel and books. The *shares* are $y_i = x_i / (x_1 + x_2 + x_3 + x_4)$. How
# many numbers are needed to say how the four shares react to the four expenses?
#
# - 16: each share reacts to each expense.
#   right: every $x_j$ is in the sum below the line, so no entry of the Jacobian is 0.
# - 4: the slope of each share by its own expense.
#   wrong: a derivative taken entry by entry. If the rent rises, the sum rises, and
#   with it the share of food falls.
# - 1: the shares add up to 1, so together they don't react.
#   wrong: the sum of the shares taken for the shares. Each of them moves.

# %% [markdown]
# With the sum $S$, the Jacobian is
# $\partial y_i / \partial x_j = (\delta_{ij} - y_i) / S$, where $\delta_{ij}$ is 1 for
# $i = j$ and else 0. `torch.func.jacrev` finds it without being told the formula.
#
# **Look for** the signs on the diagonal and beside it, and add up a column in your
# head.


# %%
def shares(x):
    """y_i = x_i / sum of x: (n,) -> (n,)."""
    return x / x.sum()


expenses = torch.tensor([4.0, 3.0, 2.0, 1.0], dtype=float64)  # hundreds of euros
J = torch.func.jacrev(shares)(expenses)  # (4, 4)
formula = (torch.eye(4) - shares(expenses)[:, None]) / expenses.sum()

names = ["rent", "food", "travel", "books"]
fig, ax = plots.figure(width=4.8, height=3.6)
style = {"fmt": ".2f", "cmap": "RdBu_r", "vmin": -0.1, "vmax": 0.1}
plots.heatmap(J, ax, "expense", "share of", **style)
ax.set_xticks(range(4), names)
ax.set_yticks(range(4), names)
plots.show(
    fig,
    alt="The Jacobian of four shares by four expenses as a grid of numbers: positive "
    "on the diagonal, 0.06 to 0.09; negative everywhere else, -0.01 to -0.04. Each "
    "column adds up to 0.",
)

# %%
change = torch.tensor([0.1, 0, 0, 0], dtype=float64)  # ten euros more rent
truth = shares(expenses + change) - shares(expenses)
entry_by_entry = J.diagonal() * change
print("true change of the shares ", [f"{c:+.4f}" for c in truth.tolist()])
print("Jacobian times change     ", [f"{c:+.4f}" for c in (J @ change).tolist()])
print("diagonal alone            ", [f"{c:+.4f}" for c in entry_by_entry.tolist()])
torch.testing.assert_close(J, formula, rtol=1e-12, atol=1e-12)
assert (J != 0).all() and J.sum(dim=0).abs().max() < 1e-12
assert (J @ change - truth).abs().max() < 1e-4
assert (entry_by_entry - truth).abs().max() > 2e-3

# %% [markdown]
# The columns add up to 0 because the shares always add up to 1. Taken entry by entry,
# the derivative claims that food's share stays when the rent rises.
#
# ## Forward or backward through the chain?
# In a chain $\mathbf x \to \mathbf h_1 \to \dots \to L$ the Jacobians multiply like
# the slopes did: $\nabla L = \mathbf g^\top J_k \cdots J_2 J_1$, where $\mathbf g$ is
# the gradient of $L$ by the last layer. The product may be worked out from either end.
#
# - From the right, where the inputs are: matrix times matrix. This is **forward mode**.
# - From the left, where the loss is: row times matrix gives a row. This is **reverse
#   mode**, and each of its steps is a **vector-Jacobian product**.


# %%
def operations(run):
    """Additions and multiplications in matrix products while `run()` works."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


row, J = torch.ones(1, 100), torch.eye(100)  # one loss; a layer of 100 by 100
from_left = operations(lambda: ((row @ J) @ J) @ J)
from_right = operations(lambda: row @ (J @ (J @ J)))
print(f"from the loss: {from_left:,} operations, from the inputs: {from_right:,}")
assert from_right == 67 * from_left

# %% [markdown]
# From the side with **one** number you carry a vector; from the other side, a matrix.
# Training has one loss and many weights, so it goes backward: **backpropagation** is
# reverse mode on a network. With one input and many outputs it is the other way round,
# and forward mode wins. And note: no Jacobian need ever be written down. Each step has
# to know only how to turn the row that comes in into the row that goes out.
#
# %% [markdown]
# ## An engine of your own
# A node needs to know three things: its value; which nodes it was made from; and for
# each of these, how to pull a gradient back to it, a vector-Jacobian product. The
# operators build the graph while they calculate. Here are four:
#
# | step | values | pulled back to |
# |---|---|---|
# | $a + b$ | | $g$ to both |
# | $a \cdot b$ | | $g \cdot b$ to $a$, $g \cdot a$ to $b$ |
# | $A B$ | matrix product | $g B^\top$ to $A$, $A^\top g$ to $B$ |
# | $\tanh a = t$ | | $g \cdot (1 - t^2)$ |

# %% [markdown]
# Here $g$ is the gradient of the loss by the step's result, and has its shape. The
# third row follows from shapes alone: for $A$ of shape $(N, n)$ and $B$ of $(n, m)$,
# $g$ is $(N, m)$, and only $g B^\top$ is $(N, n)$ again.
#
# `backward` visits the nodes so that each comes after all that were made from it, a
# **topological order** seen from the end: only then is its gradient complete. And it
# *adds* to a gradient, because there may be several ways.


# %%
class Node:
    """An array, what it was made from, and the gradient of a loss by it."""

    def __init__(self, data, edges=()):
        self.data = np.asarray(data, dtype=float)
        self.edges = edges  # pairs: a node, and how to pull a gradient back to it
        self.grad = np.zeros_like(self.data)

    def __add__(self, other):
        return Node(self.data + other.data, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        a, b = self.data, other.data
        return Node(a * b, [(self, lambda g: g * b), (other, lambda g: g * a)])

    def __matmul__(self, other):
        A, B = self.data, other.data  # (N, n), (n, m)
        return Node(A @ B, [(self, lambda g: g @ B.T), (other, lambda g: A.T @ g)])

    def tanh(self):
        t = np.tanh(self.data)
        return Node(t, [(self, lambda g: g * (1 - t**2))])

    def mean(self):
        shape, n = self.data.shape, self.data.size
        return Node(self.data.mean(), [(self, lambda g: np.full(shape, g / n))])

    def backward(self):
        """Add to each node's grad the gradient of this number by it."""
        order = in_order(self, set())
        self.grad = np.ones_like(self.data)  # of the number by itself
        for node in reversed(order):
            for parent, pull in node.edges:
                parent.grad = parent.grad + fit(pull(node.grad), parent.data.shape)


# %%
def in_order(node, seen):
    """The nodes that `node` was made from, each after its own parents, then `node`."""
    seen.add(node)
    before = [in_order(parent, seen) for parent, _ in node.edges if parent not in seen]
    return sum(before, []) + [node]


def fit(g, shape):
    """Undo broadcasting: sum over the axes along which a parent was stretched."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))  # axes that were put in front
    stretched = tuple(i for i, n in enumerate(shape) if n == 1)
    return g.sum(axis=stretched, keepdims=True)


parts = [part for part in vars(Node).values() if inspect.isfunction(part)]
sources = [inspect.getsource(part) for part in (*parts, in_order, fit)]
lines = 2 + sum(len(source.splitlines()) for source in sources)  # 2: class, docstring
print(f"the engine has {lines} lines")
assert 30 < lines < 40

# %% [markdown]
# Why `fit`? A bias of shape $(m,)$ was [broadcast](01 "broadcasting") to $(N, m)$: used
# $N$ times. $N$ ways, so $N$ gradients to be added.
#
# ## Does it agree?
# Take the neuron once more, with your engine and with **autograd**, PyTorch's engine.
# There you mark the parameters by `requires_grad`, calculate, call `backward` on the
# result, and read `.grad`. Then take away what `backward` is so careful about.

# %% [markdown] predict="overwrite"
# **Predict.** In `backward`, the line `parent.grad = parent.grad + ...` is changed to
# `parent.grad = ...`. The program writes the square as `r * r`. What does the changed
# engine say for $b$, whose slope was -0.659?
#
# - -0.659: only one way leads from $b$ to $L$.
#   wrong: the ways counted in the drawing. It has one arrow from $r$ to $L$, but the
#   program multiplies $r$ by $r$.
# - -0.330, half of it.
#   right: `r * r` is two ways from $r$ to $L$, each with half of the slope. The second
#   overwrites the first, and all that lies behind $r$ gets one half.
# - 0: each `backward` starts with gradients of zero.
#   wrong: the start taken for the end. What is written last stays, and that is no zero.


# %%
def neuron(w, b, x, minus_y, penalty):
    """The neuron's loss, for nodes as for tensors."""
    r = (w * x + b).tanh() + minus_y
    return r * r + penalty * w * w


def overwriting(loss):
    """`backward` without the sum over ways."""
    loss.grad = np.ones_like(loss.data)
    for node in reversed(in_order(loss, set())):
        for parent, pull in node.edges:
            parent.grad = fit(pull(node.grad), parent.data.shape)


values = (0.5, -0.4, 2.0, -1.0, 0.1)
nodes, forgetful = [Node(v) for v in values], [Node(v) for v in values]
tensors = [torch.tensor(v, dtype=float64, requires_grad=True) for v in values]
neuron(*nodes).backward()
neuron(*tensors).backward()
overwriting(neuron(*forgetful))
for name, *three in zip("wb", nodes, tensors, forgetful, strict=False):
    print(name, [f"{item.grad.item():.4f}" for item in three])

# %%
apart = [abs(n.grad - t.grad.item()) for n, t in zip(nodes, tensors, strict=True)]
print(f"engine against torch.autograd: at most {max(apart):.0e} apart")
half = (forgetful[1].grad / nodes[1].grad).item()
print(f"without the sum, b gets {half:.2f} of its slope")
assert max(apart) < 1e-15 and abs(nodes[0].grad - by_w) < 1e-15
assert half == 0.5 and abs(forgetful[0].grad - nodes[0].grad) > 0.5

# %% [markdown]
# ## Does it learn? Two moons
# A network of eight neurons that feed one more:
# $\hat y = \tanh(\tanh(X W_1 + b_1) W_2 + b_2)$, of shapes
# $(N, 2) \to (N, 8) \to (N, 1)$. It is to tell two moons apart, points with $y = 1$ and
# $y = -1$. The loss is the mean of $(\hat y - y)^2$. Each step goes a little against
# the gradient:
# $\text{parameter} \leftarrow \text{parameter} - 0.5 \cdot \text{gradient}$. (How long
# a step should be is a question for [chapter 03](03).)
#
# Half of the points are kept for the end. In each step autograd is asked for the same
# gradients, and the greatest difference is kept.


# %%
def predict(X, params):
    """A network (N, 2) -> (N, 8) -> (N, 1), for nodes as for tensors."""
    W1, b1, W2, b2 = params
    return ((X @ W1 + b1).tanh() @ W2 + b2).tanh()


def loss_by_torch(params, X, y):
    """The same loss by PyTorch: its gradients for all four parameters."""
    copies = [torch.tensor(p.data, requires_grad=True) for p in params]
    loss = ((predict(torch.tensor(X), copies) - torch.tensor(y)) ** 2).mean()
    return [g.numpy() for g in torch.autograd.grad(loss, copies)]


points, labels = make_moons(300, noise=0.15)
sign = 2.0 * labels[:, None] - 1  # (300, 1), -1 or 1
X, X_test, y, y_test = points[:150], points[150:], sign[:150], sign[150:]
starts = [np.random.randn(2, 8), np.zeros(8), np.random.randn(8, 1) / 3, np.zeros(1)]
params = [Node(start) for start in starts]

# %%
history, apart = [], 0.0
for _ in range(500):
    for param in params:
        param.grad = np.zeros_like(param.data)
    error = predict(Node(X), params) + Node(-y)
    loss = (error * error).mean()
    loss.backward()
    history.append(loss.data.item())
    by_torch = loss_by_torch(params, X, y)
    for param, g in zip(params, by_torch, strict=True):
        apart = max(apart, abs(param.grad - g).max())
        param.data = param.data - 0.5 * param.grad

right_share = (np.sign(predict(Node(X_test), params).data) == y_test).mean()
A, A_test = (np.c_[points, np.ones(len(points))] for points in (X, X_test))
best_line = np.linalg.lstsq(A, y)[0]  # a straight border, by least squares
line_share = (np.sign(A_test @ best_line) == y_test).mean()
print(f"loss from {history[0]:.3f} to {history[-1]:.3f}; gradients {apart:.0e} apart")
print(f"right on unseen points: {right_share:.3f}, a straight border {line_share:.3f},")
print(f"one answer for all {abs((y_test > 0).mean() - 0.5) + 0.5:.3f}")
metrics = {"unseen points of two moons": right_share, "gradients apart": apart}

# %% [markdown]
# **Look for** the border on the right: could a straight line do that?

# %%
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Tanh())
with torch.no_grad():
    for own, param in zip(net.parameters(), params, strict=True):
        own.copy_(torch.tensor(param.data.T))  # nn.Linear keeps W as (out, in)
by_net = net(torch.tensor(X_test).float()).detach().numpy()
same = abs(by_net - predict(Node(X_test), params).data).max()

fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.4)
left.plot(history)
left.set(xlabel="step", ylabel="loss", ylim=(0, None))
plots.decision_regions(net, X_test, labels[150:], right)
plots.show(
    fig,
    alt="Left: the loss falls from its start to below 0.2. Right: unseen points of "
    "two moons and the border that the network found between them; it bends around the "
    "tips of both moons.",
)
print(f"nn.Sequential with the engine's parameters: {same:.0e} apart")
assert apart < 5e-15 and same < 3e-6 and history[-1] < 0.2 < history[0]
assert right_share > 0.93 and right_share > line_share + 0.04 and line_share < 0.94

# %% [markdown]
# It can't: a straight border, found by least squares, is right for fewer of the same
# points, and one answer for all for about half of them. Your engine does what PyTorch's
# does, to 14 decimals.
#
# ## The same in PyTorch
# Autograd's nodes have other names. A tensor that you made, and that asks for
# gradients, is a **leaf**: the only kind whose `.grad` is filled. What is calculated
# from it has a `grad_fn`: the step that made it. From there the edges lead back.

# %%
w = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
y = w * w  # three numbers
print("w: leaf", w.is_leaf, "| y: leaf", y.is_leaf, "| made by", y.grad_fn.name())
try:
    y.backward()
except RuntimeError as error:
    print("y.backward():", error)
y.backward(gradient=torch.tensor([1.0, 0.0, 10.0]))
print("with the row (1, 0, 10):", w.grad.tolist())
assert w.grad.tolist() == [1.0, 0.0, 40.0] and w.is_leaf and not y.is_leaf

# %% [markdown]
# `backward` of a vector is refused: reverse mode starts with *one* row. Give it the
# row, and you get that row times the Jacobian. With a row of ones it is the gradient of
# `y.sum()`. So people write `loss.sum()` or `loss.mean()` first.
#
# ## What happens if you call backward twice?
# The engine adds to `.grad`, and so does PyTorch, from call to call: **gradients
# accumulate**. Nobody sets them to zero but you.

# %% [markdown] predict="no_zeroing"
# **Predict.** You go down the bowl $f(w) = w^2/2$ from $w = 3$ with steps $w \leftarrow
# w - 0.1 \cdot$ `w.grad`, and forget to set `w.grad` to zero between them. Where does
# $w$ go?
#
# - To 0, faster: the gradients of all steps push together.
#   wrong: a push thought to end at the goal. At $w = 0$ the new gradient is 0, but the
#   sum of the old ones is at its largest.
# - To 0, more slowly: old gradients are out of date.
#   wrong: a sum taken for a mean. Added gradients make long steps.
# - Past 0 and back, again and again.
#   right: at 0 the sum still pushes on. It shrinks only on the far side, where the new
#   gradients have the other sign: a pendulum without friction.


# %%
def descend(zeroing, num_steps=120, lr=0.1):
    """Places on the way down w^2 / 2 from w = 3."""
    w = torch.tensor(3.0, requires_grad=True)
    path = []
    for _ in range(num_steps):
        (w**2 / 2).backward()
        with torch.no_grad():
            w -= lr * w.grad
        if zeroing:
            w.grad.zero_()
        path.append(w.item())
    return torch.tensor(path)


paths = {"zeroed each time": descend(True), "never zeroed": descend(False)}
fig, ax = plots.figure(width=6.2, height=3.0)
plots.curves(ax, range(120), paths, "step", "w")
ax.set_ylim(-3.4, 5.2)
ax.legend(loc="upper right")
plots.show(
    fig,
    alt="Two paths from w = 3. With zeroing it comes to 0 and stays. Without zeroing "
    "it swings between 3 and -3 in waves that do not get smaller.",
)

# %% [markdown]
# **Look for** the height of the waves: they don't shrink. The last wave is as high as
# the first.

# %%
early, late = paths["never zeroed"][:60], paths["never zeroed"][60:]
print(f"zeroed: ends at {paths['zeroed each time'][-1]:.0e}")
print(f"never zeroed: up to {early.abs().max():.2f}, then {late.abs().max():.2f}")
assert paths["zeroed each time"][-1] < 1e-4 and early.min() < -2.9
assert abs(late.max() - 3) < 0.1 and abs(late.min() + 3) < 0.1

# %% [markdown]
# Why does anybody want that? A sum over ways needs it. And a batch too large for the
# memory can be given in pieces, whose gradients add up.
#
# Three more ways to write the step wrongly:

# %%
w = torch.tensor([3.0], requires_grad=True)
(w**2 / 2).sum().backward()
w.grad += 1  # changes the gradient; the parameter stays where it is
print("after w.grad += 1: w is", w.item())
try:
    w -= 0.1 * w.grad  # the leaf itself would become a result
except RuntimeError as error:
    print("w -= ...:", error)
new = w - 0.1 * w.grad  # recorded: a result of w, no leaf
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # PyTorch warns when .grad of a result is read
    (new**2 / 2).sum().backward()
    print("w = w - ...: leaf", new.is_leaf, "| its .grad is", new.grad)
    assert w.item() == 3 and not new.is_leaf and new.grad is None

# %% [markdown]
# The step is no part of the model, so it must not be recorded. Write it in place, and
# inside `with torch.no_grad():`, as `descend` does.
#
# ## How do you stop a gradient?
# - `torch.no_grad()`: nothing in the block is recorded.
# - `x.detach()`: the same numbers without the graph; what is calculated from it treats
#   it as a constant. It **shares the memory** of `x`, it is no copy.
# - `x.data`: what people wrote before `detach` existed. It shares memory too. What is
#   the difference?

# %% [markdown] predict="data"
# **Predict.** `y = x.exp()` is calculated, and autograd keeps $y$, because the slope of
# $e^x$ is $e^x$. Then somebody writes `y.data.mul_(2)`, and you call
# `y.sum().backward()`. What is in `x.grad`?
#
# - $e^x$: the doubling was not recorded.
#   wrong: what is not recorded thought not to have happened. The numbers in memory have
#   changed, and the backward pass reads them.
# - $2 e^x$, and no message.
#   right: the backward pass multiplies by the $y$ that it finds. But the recorded step
#   was $e^x$, whose slope is $e^x$.
# - Nothing: PyTorch notices and raises an error.
#   wrong: `.data` taken for `detach`. Autograd counts the changes of a tensor, but
#   those through `.data` it doesn't count.

# %%
start = torch.tensor([0.0, 1.0, 2.0])
for way in ("detach()", "data"):
    x = start.clone().requires_grad_()
    y = x.exp()
    hidden = y.detach() if way == "detach()" else y.data
    hidden.mul_(2)
    assert hidden.data_ptr() == y.data_ptr()  # no copy: y is doubled as well
    try:
        y.sum().backward()
        print(f"y.{way}: x.grad / exp(x) =", (x.grad / start.exp()).tolist())
    except RuntimeError as error:
        print(f"y.{way}:", str(error).split(":")[0])
assert way == "data" and torch.equal(x.grad, 2 * start.exp())

# %% [markdown]
# With `detach` autograd notices that a kept value is not what it was, and refuses. With
# `.data` it hands you a gradient that is wrong by a factor of 2. This is why `.data` is
# outdated. Write `detach()`, and `detach().clone()` if you mean a copy.
#
# ## When is the graph made?
# While you calculate, and anew each time: the graph is **dynamic**. So `if` and `while`
# may depend on the data. Here is a square root as the Babylonians found it: take the
# mean of $y$ and $x/y$ until nothing changes. Each $x$ gets a graph of its own length.


# %%
def root(x):
    """sqrt(x) by averaging y and x / y until y^2 is x; the graph holds each round."""
    y = torch.ones_like(x)
    while abs(y.detach() ** 2 - x.detach()) > 1e-10 * x.detach():
        y = (y + x / y) / 2
    return y


def nodes_behind(step, seen):
    """Count the steps of a graph, from a `grad_fn` back."""
    if step is None or step in seen:
        return 0
    seen.add(step)
    return 1 + sum(nodes_behind(before, seen) for before, _ in step.next_functions)


sizes = []
for value in (1.5, 100.0, 1e6):
    x = torch.tensor(value, dtype=float64, requires_grad=True)
    y = root(x)
    sizes.append(nodes_behind(y.grad_fn, set()))
    y.backward()
    print(f"x {value:g}: {sizes[-1]} steps, slope {x.grad:.8f}, ", end="")
    print(f"formula {0.5 / value**0.5:.8f}")
    assert abs(x.grad / (0.5 / value**0.5) - 1) < 3e-9
assert sizes[0] < sizes[1] < sizes[2]

# %% [markdown]
# Autograd knows nothing of square roots. It went back through the rounds of the loop,
# and the slope that it found is $1 / (2 \sqrt x)$.
#
# After `backward` the kept values are **freed**. A second call on the same graph is an
# error, unless the first says `retain_graph=True`. Then it works, and adds up.

# %%
try:
    y.backward()
except RuntimeError as error:
    print("second call:", str(error)[:56], "...")
x.grad = None
y = root(x)
y.backward(retain_graph=True)
once = x.grad.clone()
y.backward()
print("with retain_graph: second over first", (x.grad / once).item())
assert x.grad == 2 * once

# %% [markdown]
# Seldom is `retain_graph` the cure. If you meet that error in a training loop, look for
# a result of the last round that you use in this one: it wants a `detach`.
#
# ## What does it cost?
# Now the bill that the beginning promised. Seconds depend on the machine, so count
# operations in matrix products, and the bytes that are kept for the way back.

# %% [markdown] predict="price"
# **Predict.** A network has 16,705 weights. How much more does it cost to calculate
# the loss *and* all 16,705 slopes, than the loss alone?
#
# - About 16,705 times as much: one run for each slope.
#   wrong: the price of difference quotients taken for that of reverse mode. One row,
#   carried back once, passes all weights.
# - Between two and three times as much.
#   right: for each matrix product forward there are two of the same size on the way
#   back, one for the weights and one for the layer's input.
# - Twice as much: one run forward, one run back.
#   wrong: a run back thought to cost as much as one forward. It has two products to
#   work out for each one.


# %%
def chain(depth, width):
    """`depth` layers of (width, width) with tanh, then one output."""
    parts = [(nn.Linear(width, width), nn.Tanh()) for _ in range(depth)]
    return nn.Sequential(*sum(parts, ()), nn.Linear(width, 1))


def bill(net, X):
    """Weights, operations of the loss alone, of loss and gradient by reverse mode."""
    alone = operations(lambda: net(X).mean())
    both = operations(lambda: net(X).mean().backward())
    return sum(p.numel() for p in net.parameters()), alone, both


bills = [bill(chain(4, width), torch.rand(32, width)) for width in (4, 16, 64, 256)]
weights, alone, both = map(torch.tensor, zip(*bills, strict=True))
for n, forth, all_of_it in bills:
    print(f"{n:7,} weights: loss {forth:,}, with gradient {all_of_it / forth:.2f} x")
assert weights[2] == 16_705 and ((both / alone > 2.5) & (both / alone < 3)).all()

# %% [markdown]
# Not quite three times, since nobody asks for the slopes by the input. Now the memory:
# everything that a step keeps for its way back, apart from the weights, is counted by a
# hook. `no_grad` keeps nothing. **Checkpointing** cuts the chain into
# $\sqrt{\text{depth}}$ pieces. It keeps what enters each piece, and all of the last
# one; the rest is calculated again on the way back, one piece at a time.


# %%
def kept_bytes(run, net):
    """Bytes that `run()` keeps for a backward pass, the weights left out."""
    weights = {p.untyped_storage().data_ptr() for p in net.parameters()}
    kept = {}

    def note(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with saved_tensors_hooks(note, lambda tensor: tensor):
        result = run()  # held until the count is made
    return sum(kept.values()) if result is not None else 0


# %%
def kept_by(depth, X):
    """Bytes kept by three ways to run a chain; operations, pieces over plain."""
    net = chain(depth, 64)[:-1]  # the last layer is left out
    plain, num_pieces = partial(net, X), round(depth**0.5)
    pieces = partial(checkpoint_sequential, net, num_pieces, X, use_reentrant=False)
    kept = [kept_bytes(plain, net), kept_bytes(pieces, net)]
    with torch.no_grad():
        kept.append(kept_bytes(plain, net))
    work = [operations(lambda f=f: f().sum().backward()) for f in (pieces, plain)]
    return kept, work[0] / work[1]


depths, X = [4, 9, 16, 25, 36, 64], torch.rand(32, 64).requires_grad_()
kept, work = zip(*(kept_by(depth, X) for depth in depths), strict=True)
full, sparse, nothing = torch.tensor(kept).T / 1024  # (depths,) each, KiB

# %% [markdown]
# **Look for:** on the left, how far apart the lines are for the largest network. On the
# right, which line is straight?

# %%
fig, (left, right) = plots.figure(1, 2, width=4.5, height=3.3)
price = {"difference quotients": (weights + 1) * alone, "reverse mode": both}
plots.curves(left, weights, price | {"loss alone": alone}, "weights", "operations")
left.set(xscale="log", yscale="log")
ways = {"all kept": full, "checkpointing": sparse, "no_grad": nothing}
plots.curves(right, depths, ways, "layers", "kept for the way back (KiB)")
plots.show(
    fig,
    alt="Left, log scales: operations against weights. Difference quotients rise much "
    "more steeply than reverse mode, which runs just above the loss alone. Right: "
    "kept bytes. All kept: a straight line. Checkpointing: below it. no_grad: zero.",
)

# %%
per_layer = full.diff() / torch.tensor(depths).diff()
times = (price["difference quotients"] / both)[-1]
print(f"{weights[-1]:,} weights: quotients cost {times:,.0f} times reverse mode")
print(f"each layer keeps {per_layer[0]:.0f} KiB: 32 x 64 numbers of 4 bytes")
print(f"64 layers: {full[-1]:.0f} KiB, checkpointing {sparse[-1]:.0f} KiB", end=" ")
print(f"for {work[-1]:.2f} times the operations")
assert (per_layer == 8).all() and not nothing.any() and times > 80_000
assert sparse[-1] < full[-1] / 3 and 1.2 < work[-1] < 1.4

# %% [markdown]
# So reverse mode pays in memory: bytes grow with the depth and the batch. That is why
# training needs so much more memory than prediction.
#
# ## When autograd needs your help
# The softplus, $\log(1 + e^x)$, is a smooth bend. Its slope is $1 / (1 + e^{-x})$. In
# float32, $e^{100}$ is infinite. Then the value is infinite as well, and the slope,
# $\infty / \infty$, is `nan`. Write a step of your own, an **`autograd.Function`**: how
# to go forward, what to keep, how to pull back.


# %%
class Softplus(torch.autograd.Function):
    """log(1 + e^x), for large x too."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * torch.sigmoid(x)  # the vector-Jacobian product


class Forgetful(Softplus):
    """The same with a mistake on the way back: it forgets what comes in."""

    @staticmethod
    def backward(ctx, g):
        return torch.sigmoid(*ctx.saved_tensors)


def naive(x):
    return (1 + x.exp()).log()


for softplus in (naive, Softplus.apply):
    x = torch.tensor([-100.0, 0.0, 100.0], requires_grad=True)
    softplus(x).sum().backward()
    print("values", softplus(x).tolist(), "slopes", x.grad.tolist())
assert torch.allclose(x.grad, torch.tensor([0.0, 0.5, 1.0])) and softplus(x)[2] == 100

# %% [markdown]
# Whoever writes a `backward` by hand makes mistakes. `Forgetful` gives the right slopes
# if it is the last step before `sum()`, where $g$ is 1. So test against difference
# quotients, in float64: a **gradient check**. `torch.autograd.gradcheck` does it.


# %%
def then_squared(x, step):
    return step.apply(x) ** 2


x = torch.tensor([-2.0, 0.5, 3.0], dtype=float64, requires_grad=True)
alone = torch.autograd.grad(Forgetful.apply(x).sum(), x)[0]
assert torch.equal(alone, torch.autograd.grad(Softplus.apply(x).sum(), x)[0])
verdicts = {}
for step in (Softplus, Forgetful):
    verdicts[step.__name__] = gradcheck(then_squared, (x, step), raise_exception=False)
print("alone they agree; gradient check of their squares:", verdicts)
assert verdicts == {"Softplus": True, "Forgetful": False}

# %% [markdown]
# ## What goes wrong in practice
# Autograd differentiates the steps that you wrote, not the function that you meant.
# `relu(x)` is $\max(x, 0)$, with a kink at 0. PyTorch calls its slope there 0. Now
# $\text{relu}(x) - \text{relu}(-x)$ is just $x$, for each $x$, and has the slope 1.

# %%
x = torch.tensor([-1.0, 0.0, 1.0], requires_grad=True)
(torch.relu(x) - torch.relu(-x)).sum().backward()
print("slope of relu(x) - relu(-x):", x.grad.tolist())
zero = torch.tensor(0.0, requires_grad=True)
(0 * zero.sqrt()).backward()
print("slope of 0 * sqrt(x) at 0:", zero.grad.item())
assert x.grad.tolist() == [1.0, 0.0, 1.0] and zero.grad.isnan()

# %% [markdown]
# At a kink you get *a* number. In training you hardly ever stand exactly on one. `nan`
# is worse: the slope of a root at 0 is infinite, and 0 times infinity is `nan`. One
# `nan` spreads to all weights in a single step.
#
# | what you see | look for |
# |---|---|
# | `grad can be ... only for scalar outputs` | `backward` of a vector |
# | `backward ... a second time` | a result of an earlier round |
# | `.grad` is `None` | not a leaf, or cut off by `detach`, `item`, NumPy |
# | the loss swings | gradients not zeroed |
# | no message, a wrong slope | `.data`, a kink, your own `backward`: check it |
# | the quotient is 0 | $h$ too small, float32 |

# %% [markdown]
# ## Summary
# - A difference quotient has a best $h$: truncation on one side, rounding on the other.
# - The gradient is the vector of partial derivatives. It points to where it is
#   steepest, if the function is differentiable.
# - Along a chain slopes multiply, over several ways they add.
# - A vector by a vector is a Jacobian, $(m, n)$.
# - Reverse mode carries one row back: under three runs for all slopes, paid for with
#   memory.
# - Gradients accumulate. Zero them, and step inside `no_grad`.
# - `detach` shares memory, and autograd watches it; `.data` it doesn't watch.

# %% [markdown]
# ## Exercises and further reading
# The exercise notebook builds it again, in scalars, and ends where [chapter 03](03)
# begins. Before you open it, try here:
#
# 1. Take `sin` at $x = 1000$ in place of $e^x$. Where does the best $h$ go?
# 2. Give `Node` a method `relu`. Which slope do you choose at 0?
# 3. Take away the sum in `fit`. Which parameters of the moons go wrong?
#
# In [Dive into Deep Learning](https://d2l.ai), edition of `d2l` 0.17: sections 2.4
# (calculus) and 2.5 (automatic differentiation).

# %% [markdown]
# - Linnainmaa 1970, a master's thesis in Helsinki: reverse mode, for rounding errors
# - Baur and Strassen 1983, *The complexity of partial derivatives*: why a gradient
#   costs only a constant times the function
# - Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating
#   errors*
# - Squire and Trapp 1998, *Using complex variables to estimate derivatives of real
#   functions*
# - Griewank and Walther 2008, *Evaluating derivatives*: the book on all of this
# - Chen, Xu, Zhang and Guestrin 2016, *Training deep nets with sublinear memory cost*:
#   checkpointing
# - Baydin, Pearlmutter, Radul and Siskind 2018, *Automatic differentiation in machine
#   learning: a survey*
