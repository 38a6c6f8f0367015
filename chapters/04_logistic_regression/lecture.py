# %% [markdown]
# # Logistic regression: is this lump a cancer?
# Somebody finds a lump in her breast. A doctor draws a few cells out of it with a thin
# needle, and a computer measures thirty numbers in a photo of them: how large the
# nuclei are, how rough their edges. Is the lump **malignant**, a cancer, or **benign**,
# harmless? And how sure can you be?
#
# [Linear regression](03) was asked for a yes or no in the last exercises, and broke.
# This chapter gives its line one bend and a loss that fits. The result is the
# classifier that others are compared with, and each neuron of the networks to come
# looks like it.
#
# You need [gradient descent](03), [likelihood](03) and [autograd](02).

# %%
import math
from copy import deepcopy
from itertools import product

import torch
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.data import breast_cancer, diabetes, load_array
from utils.device import set_seed, try_gpu
from utils.drawings import logistic_regression as drawings
from utils.metrics import confusion_matrix
from utils.train import train

plots.use_style()
set_seed(0)

# %% [markdown]
# ## Can a line say yes or no?
# To predict a quantity, such as points or euros, is **regression**. To predict which of
# a few classes it is, is **classification**; with two classes, **binary**
# classification. The label is $y = 1$ for the **positive** class and $y = 0$ for the
# **negative** one. "Positive" is only a name: it is usually the class that you look
# for, here the cancer.
#
# Before the real table, a small picture. Twenty students studied for an exam, some of
# them long, some briefly. Who passed? (We made these numbers up, so that you can see
# all of them.)

# %%
hours = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.25, 4.5]
hours += [4.75, 5, 5.5, 5.75, 6, 6.5, 7, 7.5, 8, 9]
passed = [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1]
hours = torch.tensor(hours).reshape(-1, 1)  # (20, 1)
passed = torch.tensor(passed, dtype=torch.float32).reshape(-1, 1)  # (20, 1)

# %% [markdown]
# Begin where the exercise ended: fit a line by least squares, and say "passed" where it
# is above 1/2. Then a twenty-first student comes, who studied for 40 hours and passed.
# Nobody is surprised. Fit again.
#
# **Look for** three things: what the line says for the new student, which way it tilts,
# and how far its border, the dotted line, moves.


# %%
def least_squares(x, y):
    """The line w x + b with the least squared loss: x, y (N, 1) -> w, b."""
    A = torch.cat([x, torch.ones_like(x)], dim=1)  # (N, 2)
    w, b = torch.linalg.lstsq(A, y).solution.flatten().tolist()
    return w, b


more_hours = torch.cat([hours, torch.tensor([[40.0]])])  # (21, 1)
more_passed = torch.cat([passed, torch.ones(1, 1)])
line, new_line = least_squares(hours, passed), least_squares(more_hours, more_passed)
border, new_border = ((0.5 - b) / w for w, b in (line, new_line))
lines = [(*line, border), (*new_line, new_border)]
fig = drawings.students([hours, more_hours], [passed, more_passed], lines)
plots.show(
    fig,
    alt="Two panels of students as dots at 0 or 1 against hours studied, with a fitted "
    "line. Left: twenty students, the border near 5 hours. Right: with the one who "
    "studied for 40 hours the line is flatter and the border beyond 7 hours.",
)

# %%
says = [w * 40 + b for w, b in (line, new_line)]
wrong = [int(((hours > edge) != (passed > 0.5)).sum()) for edge in (border, new_border)]
print(f"border {border:.2f} h, then {new_border:.2f} h; wrong of twenty: {wrong}")
print(f"for 40 hours the old line says {says[0]:.2f}, the new one {says[1]:.2f}")
assert abs(border - 4.93) < 0.01 and abs(new_border - 7.17) < 0.01
assert wrong == [4, 6] and says[0] > 5 and says[1] > 1.3

# %% [markdown]
# The line says 1.37 for "passed". That is no probability, and no class. And an easy
# case did harm: the old line said 5.69 where the truth is 1, so the squared loss
# charged an error of 4.69 for being *too right*, and the line tilted until it was
# smaller. Two more students are judged wrongly now.
#
# So two things are to be mended: what the model **says**, and what the loss
# **charges**.

# %% [markdown]
# ## The idea: how likely is a yes?
# Let the model say a probability $p$: how likely is it that $y = 1$? It should creep
# from 0 to 1 while the hours grow. A line can't do that, since it runs out of
# $[0, 1]$. So look for something that belongs to $p$ and may be *any* number.
#
# Gamblers have it. The **odds** are $p / (1 - p)$: 9 to 1 for $p = 0.9$. They run from
# 0 to infinity. Their logarithm, the **log-odds** or **logit** $z$, runs from minus to
# plus infinity. *That* may be a line.

# %% [markdown]
# Set the log-odds to $z = \mathbf x^\top \mathbf w + b$ and solve for $p$, in three
# lines:
#
# $$\begin{aligned}
# \log \frac{p}{1 - p} &= z\\
# p &= (1 - p) \, e^{z}\\
# p &= \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}} =: \sigma(z)
# \end{aligned}$$
#
# - $\mathbf x, \mathbf w, b$: features, weights and bias, as in linear regression
# - $z$: the logit, the score before the bend
# - $\sigma$ ("sigma"): the **logistic function**. It is S-shaped, so people call it
#   *the* **sigmoid**. (No relative of the $\sigma$ of a bell.)
#
# A linear model of the log-odds is **logistic regression**. It classifies; the name is
# older than the habit of calling that another thing than regression.


# %%
def sigmoid(z):
    """1 / (1 + e^-z), entry by entry."""
    return 1 / (1 + torch.exp(-z))


z = torch.linspace(-8, 8, 401)
p = sigmoid(z)
for k in range(100, 301, 50):
    print(f"z {z[k]:4.0f}: p {p[k]:.3f}, odds {math.exp(z[k]):.3f} to 1")
torch.testing.assert_close(p, torch.sigmoid(z))
torch.testing.assert_close(sigmoid(-z), 1 - p)  # "no" is the mirror image of "yes"
assert (p.diff() > 0).all()  # it rises everywhere

# %% [markdown]
# How steep is it? By the chain rule, in three lines ([autograd](02) will agree):
#
# $$\begin{aligned}
# \sigma'(z) &= \frac{e^{-z}}{(1 + e^{-z})^2}
# = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}\\
# &= \sigma(z) \, \sigma(-z) = \sigma(z) \, (1 - \sigma(z))\\
# &\le \tfrac14
# \end{aligned}$$
#
# The last line holds because two numbers that add up to 1 have their largest product
# when both are 1/2, which is at $z = 0$.
#
# **Look for:** on the left, what $w$ and $b$ do to $\sigma(w x + b)$. On the right, the
# shape of the slope.

# %%
z_leaf = z.clone().requires_grad_()
torch.sigmoid(z_leaf).sum().backward()
slope = p * (1 - p)
torch.testing.assert_close(slope, z_leaf.grad)
print(f"largest slope {slope.max():.3f}, at z = 5 {slope[z >= 5][0]:.4f}")
assert abs(slope.max() - 0.25) < 1e-4 and slope[z >= 5][0] < 0.007

shapes = {"w 1, b 0": p, "w 3, b 0": sigmoid(3 * z), "w 1, b 2": sigmoid(z + 2)}
panels = ("p", "slope of the sigmoid, w 1, b 0")
fig, _ = drawings.two_panels(z, shapes, {"slope": slope}, "x", panels)
plots.show(
    fig,
    alt="Left: three S-shaped curves from 0 to 1; the one with the larger weight is "
    "steeper, the one with a bias of 2 lies further left. Right: the slope of the "
    "sigmoid, a bell with its top of 0.25 at 0, close to 0 beyond 6 on each side.",
)

# %% [markdown]
# The weight sets how steep, $-b/w$ where $p$ is 1/2. The slope is a **bell**: 1/4 in
# the middle, below 0.007 from $z = 5$ on. There the sigmoid is **saturated**: its input
# may move, its output hardly does. Keep that word, it will return.
#
# Don't mix up the two panels. The *slope* rises and falls; the sigmoid itself only
# rises: it is **monotonic**. So $p > 1/2$ exactly where $z > 0$, and the border between
# yes and no is where $\mathbf x^\top \mathbf w + b = 0$. It is still straight: logistic
# regression is a **linear classifier**.

# %% [markdown]
# ## The loss: how surprised were you?
# What should a wrong probability cost? Ask the [likelihood](03), as for least squares.
# One label is a coin that shows 1 with probability $p$, a **Bernoulli distribution**.
# From one label to the loss it takes three lines:
#
# $$\begin{aligned}
# P(y) &= p^{y} (1 - p)^{1 - y}
# \quad (p \text{ if } y = 1, \; 1 - p \text{ if } y = 0)\\
# \log P(y) &= y \log p + (1 - y) \log (1 - p)\\
# L &= -\frac1N \sum_{i=1}^N
# \left[ y^{(i)} \log p^{(i)} + (1 - y^{(i)}) \log (1 - p^{(i)}) \right]
# \end{aligned}$$
#
# - $P(y)$: how probable the model held what then happened
# - $N$: how many examples; $(i)$: which one
# - $L$: **binary cross-entropy** (BCE), also log loss: your mean surprise

# %%
for said in (0.99, 0.8, 0.5, 0.2, 0.01):
    print(f"said {said:4} and it is a yes: loss {-math.log(said):.2f}")
baseline = F.binary_cross_entropy(passed.mean().expand_as(passed), passed).item()
print(
    f"the share that passed, said to everybody: {baseline:.3f}; 1/2: {math.log(2):.3f}"
)
assert 0.68 < baseline < math.log(2)

# %% [markdown]
# A loss has a level at which you have learned nothing. Here it is that of the base
# rate, just below $\log 2 = 0.693$. Remember 0.693: a net for yes-or-no questions that
# sits there says 1/2 to everybody.
#
# Other losses would be possible. Keep the squared error and give it the sigmoid's $p$:
# $(p - y)^2 / 2$. Why not that?

# %% [markdown] predict="confidently_wrong"
# **Predict.** The truth is $y = 1$; the model is sure of the opposite, $z = -10$. How
# do the gradients with respect to $z$ compare, of $(p - y)^2 / 2$ and of BCE?
#
# - Both are large, as the error is as large as it can be.
#   wrong: the error taken for the gradient. The squared error has to pass through the
#   sigmoid's slope, which is all but 0 here.
# - That of the squared error is more than 10,000 times smaller.
#   right: it is the error times the slope of a saturated sigmoid; in BCE that slope
#   cancels.
# - That of BCE is close to 0, since the logarithm is flat.
#   wrong: the wrong end of the logarithm. It is flat where its argument is large; close
#   to 0, where $p$ is now, it is steepest.


# %%
def squared_of_sigmoid(z, y):
    return ((torch.sigmoid(z) - y) ** 2).mean() / 2


def squared_of_line(z, y):
    return ((z - y) ** 2).mean() / 2


bce = F.binary_cross_entropy_with_logits  # of (z, y); why "with logits" comes below
losses = {"square of the line": squared_of_line, "BCE": bce}
losses["square of the sigmoid"] = squared_of_sigmoid
z_axis, charged, slopes = torch.linspace(-10, 10, 401, requires_grad=True), {}, {}
for name, loss in losses.items():
    each = torch.stack([loss(one, torch.tensor(1.0)) for one in z_axis])  # (401,)
    (slopes[name],) = torch.autograd.grad(each.sum(), z_axis)
    charged[name] = each.detach()
    print(f"{name:22} at z = -10: {slopes[name][0]:10.6f}", end=", ")
    print(f"at 10: {slopes[name][-1]:9.6f}")
assert slopes["square of the sigmoid"][0] / slopes["BCE"][0] < 1e-4
assert slopes["square of the line"][-1] > 8 and abs(slopes["BCE"][0] + 1) < 1e-4
assert abs(slopes["BCE"][-1]) < 1e-4

# %% [markdown]
# Why does BCE not fall asleep? Three lines, with $p = \sigma(z)$ and
# $p' = p (1 - p)$:
#
# $$\begin{aligned}
# \frac{\partial}{\partial z} \tfrac12 (p - y)^2 &= (p - y) \, p (1 - p)\\
# \frac{\partial L}{\partial z}
# &= \left( -\frac{y}{p} + \frac{1 - y}{1 - p} \right) p (1 - p)\\
# &= -y (1 - p) + (1 - y) \, p = p - y
# \end{aligned}$$
#
# The logarithm undoes the sigmoid's slope. What remains is the **error**, prediction
# minus truth: the same form as in linear regression.
#
# **Look for**, in the figure for $y = 1$: which loss rises again on the far right, and
# which one is flat on the far left.

# %%
panels = ("loss of one example", "gradient with respect to z")
z_10 = z_axis.detach()
fig, (left, right) = drawings.two_panels(z_10, charged, slopes, "z, y = 1", panels, 1)
left.set(ylim=(-0.3, 12))
right.set(ylim=(-4.2, 2.2))
plots.show(
    fig,
    alt="Left: three losses against the logit. The square of the line rises on both "
    "sides, that of the sigmoid is flat on both, BCE falls steadily and runs out to 0. "
    "Right: their gradients; only BCE's goes from near -1 to near 0.",
)

# %% [markdown]
# There is the answer to the last question of those exercises. A loss for yes or no
# should charge next to nothing far on the right side (the square of the line charges
# more and more), and pull steadily on the wrong one (the square of the sigmoid sleeps).
# BCE does both. Its pull is never above 1.
#
# Does the sleep matter? Start with a model that has it the wrong way round, "the longer
# you study, the surer you fail", and train 1,000 steps with each loss.


# %%
def descend(loss, X, y, w, b, lr=0.3, num_steps=1000):
    """Gradient descent on all data from w (n, 1) and b (1,): -> w, b."""
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        gradients = torch.autograd.grad(loss(X @ w + b, y), (w, b))
        with torch.no_grad():
            for param, g in zip((w, b), gradients, strict=True):
                param -= lr * g
    return w.detach(), b.detach()


ended = {}
for start, (w_0, b_0) in {"upside down": (-3.0, 15.0), "zero": (0.0, 0.0)}.items():
    for name in ("square of the sigmoid", "BCE"):
        w, b = torch.tensor([[w_0]]), torch.tensor([b_0])
        w, b = descend(losses[name], hours, passed, w, b)
        ended[start, name] = bce(hours @ w + b, passed).item()
        print(f"from {start:11} by {name:21}: BCE {ended[start, name]:.3f}")
assert ended.pop(("upside down", "square of the sigmoid")) > 5
assert max(ended.values()) < 0.42

# %% [markdown]
# From zero both arrive. From upside down only BCE does: the other's gradient is the
# same error times $p(1 - p)$, and that factor alone makes the difference. This is the
# first cure of **saturation**: a loss that cancels the slope of the last bend.

# %% [markdown]
# ## From scratch
# With $z = \mathbf X \mathbf w + b$ the chain rule gives the rest:
#
# $$\nabla_{\mathbf w} L = \frac1N \mathbf X^\top (\mathbf p - \mathbf y),
# \qquad \frac{\partial L}{\partial b} = \frac1N \sum_i (p^{(i)} - y^{(i)})$$
#
# Letter for letter the gradient of linear regression, with $\mathbf p$ for
# $\hat{\mathbf y}$. But $\mathbf p$ bends, so there is no formula for the best
# $\mathbf w$: you have to walk. The way is safe, as BCE of a linear model is
# [convex](03): there are no other bottoms.


# %%
def logistic_gradient(X, y, w, b):
    """Gradients of BCE: X (N, n), y (N, 1) -> for w (n, 1), for b (1,)."""
    error = sigmoid(X @ w + b) - y  # (N, 1)
    return X.T @ error / len(X), error.mean(dim=0)  # (n, N) x (N, 1)


w, b = torch.randn(1, 1, requires_grad=True), torch.randn(1, requires_grad=True)
by_autograd = torch.autograd.grad(bce(hours @ w + b, passed), (w, b))
by_hand = logistic_gradient(hours, passed, w.detach(), b.detach())
torch.testing.assert_close(by_hand, by_autograd, rtol=1e-4, atol=1e-5)

w, b = torch.zeros(1, 1), torch.zeros(1)
for _ in range(3000):
    grad_w, grad_b = logistic_gradient(hours, passed, w, b)
    w, b = w - 0.3 * grad_w, b - 0.3 * grad_b
print(f"w {w.item():.3f}, b {b.item():.2f}, border {-(b / w).item():.2f} h", end="; ")
print(f"one more hour: odds times {math.exp(w.item()):.1f}")
assert abs(w - 1.108) < 0.01 and abs(-b / w - 4.985) < 0.01

# %% [markdown]
# A weight of logistic regression can be read: one more unit of the feature multiplies
# the odds by $e^{w}$, wherever you stand. Here each hour makes the odds of passing
# about three times as good, in these twenty made-up students.
#
# Now the test that the line failed.

# %% [markdown] predict="forty_hours"
# **Predict.** The student of 40 hours, who passed, joins the twenty. Logistic
# regression is fitted again. Where does its border go?
#
# - To about 7 hours, as that of the line did.
#   wrong: the harm thought to come from the far-away $x$. It came from a loss that
#   charges for being too right.
# - To fewer hours, because there is one more who passed.
#   wrong: each example thought to pull. This one is predicted so surely that its error
#   $p - y$, and with it its pull, is nearly 0.
# - It moves by less than a hundredth of an hour.
#   right: the model was sure of this student before, so there is nothing to correct.


# %%
def fit(X, y, decay=0.0, loss=bce):
    """Minimise loss + decay / 2 * |w|^2 with LBFGS: X (N, n), y (N, 1) -> w, b."""
    w = torch.zeros(X.shape[1], 1, dtype=X.dtype, requires_grad=True)
    b = torch.zeros(1, dtype=X.dtype, requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        total = loss(X @ w + b, y) + decay / 2 * (w**2).sum()
        total.backward()
        return total

    optimizer.step(closure)
    return w.detach(), b.detach()


w_20, b_20 = fit(hours.double(), passed.double())
w_21, b_21 = fit(more_hours.double(), more_passed.double())
edge_20, edge_21 = -(b_20 / w_20).item(), -(b_21 / w_21).item()
pull = torch.sigmoid(-40 * w_20 - b_20).item()  # 1 - p of the new student
print(f"border {edge_20:.4f} h, then {edge_21:.4f} h; the new one's error {pull:.0e}")
assert abs(edge_21 - edge_20) < 0.01 and pull < 1e-12 and abs(w_20 - w) < 0.01

# %% [markdown]
# **Look for** the two curves: solid without, dashed with the new student, who is far
# outside on the right. Can you tell them apart?

# %%
grid = torch.linspace(0, 12, 200, dtype=torch.float64).reshape(-1, 1)
two_curves = {"20 students": torch.sigmoid(grid * w_20 + b_20)}
two_curves["21 students"] = torch.sigmoid(grid * w_21 + b_21)
fig = drawings.fitted_sigmoids(hours, passed, grid, two_curves, new_border)
plots.show(
    fig,
    alt="Students at 0 or 1 against hours, and two S-shaped curves that lie on each "
    "other and cross 1/2 near 5 hours; the line's border is dotted, beyond 7 hours.",
)

# %% [markdown]
# They are one curve. (`fit` uses [LBFGS](03), as the gradient is exact; its `decay` is
# needed later.)
#
# ## In PyTorch: keep the logit
# A net for yes or no is an `nn.Linear` whose output is the **logit**. The loss that
# takes it is `nn.BCEWithLogitsLoss`, as a function
# `F.binary_cross_entropy_with_logits`. There is also `nn.BCELoss`, which takes
# probabilities: `BCELoss(torch.sigmoid(z), y)`. On paper the two are the same number.
# On a computer they are not.

# %%
benign, table = torch.zeros(1), {}
for value in (10.0, 20.0, 120.0):
    z_hot = torch.tensor([value], requires_grad=True)
    of_p = nn.BCELoss()(torch.sigmoid(z_hot), benign)
    of_z = nn.BCEWithLogitsLoss()(z_hot, benign)
    slopes_of = [torch.autograd.grad(loss, z_hot)[0].item() for loss in (of_p, of_z)]
    table[value] = [of_p.item(), slopes_of[0], of_z.item(), slopes_of[1]]
    row = "BCELoss {:6.2f}, slope {:.2f}; with logits {:6.2f}, slope {:.2f}"
    print(f"z {value:5}: " + row.format(*table[value]))
assert torch.sigmoid(torch.tensor(20.0)) == 1  # exactly, in 32 bits
assert table[20.0][:2] == table[120.0][:2] == [100, 0]
assert abs(table[20.0][2] - 20) < 1e-3 and table[120.0][3] == 1

# %% [markdown]
# At $z = 20$ the sigmoid of a 32-bit number is *exactly* 1. Its $1 - p$ is 0, the
# logarithm minus infinity; `BCELoss` cuts that off at 100, and the gradient is gone.
# The worst mistake teaches nothing. From the logit it can be computed without loss:
#
# $$\begin{aligned}
# L &= -y \log \sigma(z) - (1 - y) \log \sigma(-z)
# = \log(1 + e^{-z}) + (1 - y) z\\
# &= \log(1 + e^{z}) - y z\\
# &= \max(z, 0) + \log(1 + e^{-\lvert z \rvert}) - y z
# \end{aligned}$$
#
# The last line holds for both signs of $z$, and its $e^{-|z|}$ never overflows.


# %%
def bce_from_logits(z, y):
    """Mean binary cross-entropy of logits z and labels y, of one shape."""
    each = z.clamp(min=0) + torch.log1p(torch.exp(-z.abs())) - y * z
    return each.mean()


logits = torch.tensor([[-300.0], [-20.0], [-1.0], [0.0], [2.0], [300.0]])
for y_fixed in (torch.zeros(6, 1), torch.ones(6, 1)):
    torch.testing.assert_close(bce_from_logits(logits, y_fixed), bce(logits, y_fixed))
naive = torch.log(1 + torch.exp(logits)).flatten()
print(f"log(1 + e^z) as it stands, at z = 300: {naive[-1]:.0f}")
assert naive[-1].isinf()

# %% [markdown]
# So a net gives logits. The sigmoid is applied where a person wants to read a
# probability, and nowhere else.
#
# ## Why this curve and no other?
# Many curves have the sigmoid's shape. Four, moved and stretched so that all run from 0
# to 1 with the slope 1/4 at 0:
#
# - logistic: $\sigma(z)$
# - tanh: $\tfrac12 + \tfrac12 \tanh(z / 2)$
# - arctan: $\tfrac12 + \tfrac1\pi \arctan(\pi z / 4)$
# - **Gudermannian**, $\operatorname{gd}(z) = 2 \arctan(\tanh(z / 2))$:
#   $\; \tfrac12 + \tfrac1\pi \operatorname{gd}(\pi z / 4)$
#
# **Look for:** how alike they are on the left, and what the log-odds on the right make
# of that.


# %%
curves_of_shape = {
    "logistic": torch.sigmoid,
    "tanh": lambda z: 0.5 + torch.tanh(z / 2) / 2,
    "arctan": lambda z: 0.5 + torch.atan(math.pi * z / 4) / math.pi,
    "Gudermann": lambda z: 0.5 + 2 / math.pi * torch.atan(torch.tanh(z * math.pi / 8)),
}
z64 = torch.linspace(-8, 8, 401, dtype=torch.float64)
heights = {name: curve(z64) for name, curve in curves_of_shape.items()}
log_odds = {name: torch.logit(p) for name, p in heights.items()}
fig, _ = drawings.two_panels(z, heights, log_odds, "z", ("p", "log-odds of p"))
plots.show(
    fig,
    alt="Left: four S-shaped curves; logistic and tanh coincide, arctan is slower to "
    "reach 0 and 1. Right: log-odds; logistic and tanh are one straight line, the "
    "Gudermannian bends a little, arctan a lot.",
)

# %%
torch.testing.assert_close(heights["tanh"], heights["logistic"])
bends = {name: (-p.log()).diff(n=2).min() for name, p in heights.items()}  # y = 1
print("1 - p at z = 8:", {name: f"{1 - p[-1]:.4f}" for name, p in heights.items()})
print("the loss is convex:", {name: bool(bend > 0) for name, bend in bends.items()})
assert all((bend > 0) == (name != "arctan") for name, bend in bends.items())

# %% [markdown]
# tanh *is* the logistic curve in another scale: $\tanh(z/2) = 2 \sigma(z) - 1$. Arctan
# never gets sure: its $1 - p$ falls like $1 / z$, not like $e^{-z}$.
#
# Why does everybody take the logistic one? Not because it fits better. Fit all of them
# to the twenty students, then once more with a slip of the pen in the list: "20 hours,
# failed".

# %%
slip_hours = torch.cat([hours, torch.tensor([[20.0]])]).double()  # (21, 1)
slip_passed = torch.cat([passed, torch.zeros(1, 1)]).double()
found = {}
for name, curve in curves_of_shape.items():

    def nll(z, y, curve=curve):
        return F.binary_cross_entropy(curve(z).clamp(1e-12, 1 - 1e-12), y)

    for X_few, y_few in ((hours.double(), passed.double()), (slip_hours, slip_passed)):
        w, b = fit(X_few, y_few, loss=nll)
        found[name, len(X_few)] = -(b / w).item()
    print(f"{name:13} border {found[name, 20]:.2f}, then {found[name, 21]:.2f}")
assert all(abs(found[name, 20] - 5) < 0.15 for name in curves_of_shape)
assert found["logistic", 21] > 7 and found["arctan", 21] < 5.3

# %% [markdown]
# On clean labels the four borders lie within 0.2 hours of each other. And where a label
# is *wrong*, the logistic curve is the bad one: its border runs to 7.6 hours. It
# was so sure of that student that the slip cost a fortune. Arctan, never sure, hardly
# moves.
#
# The logistic curve is chosen for what it makes easy:
#
# - its log-odds are the linear score itself, so a weight can be **read** as $e^{w}$
# - its gradient is $p - y$, **without a factor** that sleeps
# - its loss is **convex**; that of arctan isn't
#
# The name is from Verhulst (1845), who described growing populations with it.

# %% [markdown]
# ## The real table: 569 lumps
# Thirty columns, measured in photos of cells (Street, Wolberg and Mangasarian, 1993).
# The model doesn't change: $\mathbf x$ now has 30 entries, $\mathbf w$ too.
#
# Three parts: one to learn from, one to **choose** by (validation), one that is opened
# at the end (test). `stratify` gives each part the same share of cancers.
#
# The columns are [standardised](03 "standardise"), with mean and deviation of the
# *training* rows. That is not scaling to $[0, 1]$: it makes the mean 0 and the
# deviation 1, and the values may go anywhere.

# %%
X_raw, y_all = breast_cancer()  # (569, 30), (569, 1); 1 is malignant


def split(random_state=None):
    """Row numbers of training, validation and test; None draws anew."""
    labels, how = y_all.flatten(), {"random_state": random_state}
    rest, test = train_test_split(range(569), test_size=143, stratify=labels, **how)
    seen, valid = train_test_split(rest, test_size=142, stratify=labels[rest], **how)
    return seen, valid, test


def standardised(rows):
    """All 569 rows, by mean and deviation of these rows."""
    return (X_raw - X_raw[rows].mean(dim=0)) / X_raw[rows].std(dim=0)


parts = split(random_state=0)
X_all = standardised(parts[0])
X, X_valid, X_test = (X_all[rows] for rows in parts)  # (284, 30), (142, 30), (143, 30)
y, y_valid, y_test = (y_all[rows] for rows in parts)

# %%
print("malignant:", [f"{y_all[rows].mean():.1%} of {len(rows)}" for rows in parts])
print(f"raw up to {X_raw.max():.0f}; standardised {X.min():.1f} to {X.max():.1f}")
base_rate = bce(torch.logit(y.mean()).expand_as(y_test), y_test).item()
print(f"'benign' for everybody is right for {1 - y_test.mean():.1%} of the test lumps")
print(f"the training's share of cancers for everybody: loss {base_rate:.3f}")
assert X_raw.max() > 4000 and X.min() < -2 and X.max() > 5
assert 0.6 < 1 - y_test.mean() < 0.65 and 0.65 < base_rate < 0.67

# %% [markdown]
# Train twice with the course's `train`: once on the raw columns, once standardised. All
# else is equal, the learning rate too.


# %%
nets, histories = {}, {}
for name, table in {"raw": X_raw, "standardised": X_all}.items():
    nets[name] = nn.Linear(30, 1)
    histories[name] = train(
        nets[name],
        load_array((table[parts[0]], y), batch_size=32),
        [(table[parts[1]], y_valid)],
        loss=nn.BCEWithLogitsLoss(),
        optimizer=torch.optim.SGD(nets[name].parameters(), lr=0.1),
        num_epochs=60,
        device=try_gpu(),
        progress=False,
    )
    nets[name].to("cpu")

# %%
raw_late, late = (history["valid_loss"][-10:] for history in histories.values())
print(f"last ten epochs, loss {min(late):.3f} to {max(late):.3f}; ", end="")
print(f"raw {min(raw_late):.0f} to {max(raw_late):.0f}")
z_raw = nets["raw"](X_raw[parts[1]]).detach()
p_raw = torch.sigmoid(z_raw)
stuck, middle = (p_raw * (1 - p_raw) == 0).float().mean(), z_raw.abs().median()
print(
    f"raw: median |z| {middle:.0f}, the slope is exactly 0 for {stuck:.0%} of the lumps"
)
assert max(late) < 0.12 and min(raw_late) > 10 * base_rate
assert stuck > 0.9 and middle > 1000

# %% [markdown]
# Standardised, the loss is below 0.1 in the end. On raw columns the areas, up to 4,254,
# make logits of thousands: nearly every sigmoid is saturated, a step for one batch
# throws all other lumps across, and the loss is more than ten times that of the base
# rate. The logit loss still has a gradient there; a sigmoid in a *hidden* layer would
# have none. So the second cure of saturation is: **standardise** what goes into a
# sigmoid.

# %% [markdown]
# ## Train until the loss stands still?
# Sixty epochs of SGD stopped somewhere. `fit` goes on until nothing changes any more.

# %% [markdown] predict="to_the_bottom"
# **Predict.** LBFGS minimises BCE on the 284 training lumps to the very end. What
# happens on the validation lumps?
#
# - Loss and share of right answers get a little better.
#   wrong: a lower training loss thought to carry over. Beyond some point it is paid for
#   by surer mistakes elsewhere.
# - The loss grows many times over; still over 90 % are judged rightly.
#   right: the weights run off, and each mistake becomes an extremely sure one. On which
#   side of 0 a logit lies changes for few lumps.
# - The loss grows, and accuracy falls to that of "benign for everybody".
#   wrong: a terrible loss taken for terrible answers. Loss asks how sure, accuracy only
#   which side.


# %%
def accuracy_at_0(z, y):
    return ((z > 0) == (y > 0.5)).float().mean()


w_free, b_free = fit(X, y)
z_free = X_valid @ w_free + b_free
net_norm = nets["standardised"].weight.norm().item()
print(f"training loss {bce(X @ w_free + b_free, y):.0e}, validation", end=" ")
print(f"{bce(z_free, y_valid):.2f}, right {accuracy_at_0(z_free, y_valid):.3f}")
print(f"length of w {w_free.norm():.0f}, after SGD {net_norm:.1f}")
assert bce(X @ w_free + b_free, y) < 1e-4 and bce(z_free, y_valid) > 2 * base_rate
assert accuracy_at_0(z_free, y_valid) > 0.9 and w_free.norm() > 30 * net_norm

# %% [markdown]
# Why? With thirty columns a flat border separates all cancers among the 284 from all
# benign lumps: the training data are **linearly separable**. Then there is no best
# $\mathbf w$. Take any that separates and double it: each logit doubles, each right
# answer is surer, the loss falls. And again, without end: all that doubles is how sure
# the model is, not what it knows.

# %%
z_seen = X @ w_free + b_free
for c in (0.01, 0.1, 1, 10):
    print(f"{c} w: {bce(c * z_seen, y):.0e}, validation {bce(c * z_free, y_valid):.2f}")
assert accuracy_at_0(z_seen, y) == 1
assert bce(0.01 * z_free, y_valid) < bce(z_free, y_valid) / 10

# %% [markdown]
# The cure is to make length cost something: **regularise**. Add
# $\tfrac{\lambda}{2} \lVert \mathbf w \rVert^2$ to the loss. Its gradient
# $\lambda \mathbf w$ pulls every weight towards 0, hence **weight decay**; $b$ is left
# free. How strong? $\lambda$ is a hyperparameter, so validation data choose it. This is
# the third cure of saturation.
#
# **Look for:** the lowest point of the validation curve on the left, and what becomes
# of the probabilities on the right.

# %%
decays = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0]
fits = {decay: fit(X, y, decay) for decay in decays}
on_train = [bce(X @ w + b, y).item() for w, b in fits.values()]
on_valid = [bce(X_valid @ w + b, y_valid).item() for w, b in fits.values()]
best_decay = decays[on_valid.index(min(on_valid))]
w_best, b_best = fits[best_decay]
sure = {"no decay": torch.sigmoid(z_free)}
sure[f"decay {best_decay:g}"] = p_valid = torch.sigmoid(X_valid @ w_best + b_best)
losses_by_part = {"training": on_train, "validation": on_valid}
fig = drawings.decay_choice(decays, losses_by_part, sure)
plots.show(
    fig,
    alt="Left: training loss rises with the weight decay; validation loss is high on "
    "both sides and lowest at 0.01. Right: without decay nearly all probabilities are "
    "in the outermost bars; with the chosen decay some spread between.",
)

# %%
print(f"chosen: {best_decay:g}, validation loss {min(on_valid):.3f}", end=", ")
print(f"length of w {w_best.norm():.1f}")
extreme = [((p < 0.001) | (p > 0.999)).float().mean().item() for p in sure.values()]
print("beyond 0.001 and 0.999:", [f"{share:.0%}" for share in extreme])
assert best_decay == 0.01 and min(on_valid) < 0.085 and w_best.norm() < 3
assert extreme[0] > 0.95 and extreme[1] < 0.3

# %% [markdown]
# The validation loss is lowest at 0.01. Without decay, all but a few probabilities are
# 0 or 1 to three digits; with it, that holds for about a quarter.

# %% [markdown]
# ## Which mistakes? The threshold
# The model says a probability; the doctor needs a decision. Say "cancer" where $p$ is
# above a **threshold**. The usual 1/2 treats both mistakes alike. Are they alike? The
# **confusion matrix** counts them apart:
#
# | | said benign | said malignant |
# |---|---|---|
# | is benign | **true negative** (TN) | **false positive** (FP), a false alarm |
# | is malignant | **false negative** (FN), a miss | **true positive** (TP) |
#
# - **sensitivity** or **recall**: which share of the cancers is found,
#   TP / (TP + FN), also **true positive rate**
# - **specificity**: which share of the benign is left in peace, TN / (TN + FP)
# - **precision**: which share of the alarms is true, TP / (TP + FP)

# %% [markdown]
# Say that a miss is as bad as ten false alarms. (That is our assumption. In life it is
# for doctors and patients to say, not for programmers.) If $p$ can be trusted, the
# threshold follows in three lines. Saying "benign" costs 10 with probability $p$,
# saying "malignant" costs 1 with probability $1 - p$:
#
# $$\begin{aligned}
# \text{say malignant if} \quad 1 \cdot (1 - p) &< 10 \cdot p\\
# 1 &< 11 \, p\\
# p &> 1 / 11 \approx 0.09
# \end{aligned}$$
#
# Or let the **validation** lumps choose: try a hundred thresholds, take the cheapest
# (of several, the middle one).


# %%
def cost(p, y, thresholds, miss=10):
    """Cost at each threshold, a false alarm counts 1: (N, 1), (N, 1), (T,) -> (T,)."""
    said, true = p > thresholds, y > 0.5  # (N, T), (N, 1)
    return miss * (~said & true).sum(dim=0) + (said & ~true).sum(dim=0)


thresholds = torch.arange(1, 100) / 100


def choose_threshold(p, y):
    """The middle one of the cheapest thresholds, and the cost at each."""
    costs = cost(p, y, thresholds)
    cheapest = thresholds[costs == costs.min()]
    return round(cheapest[len(cheapest) // 2].item(), 2), costs


p_test = torch.sigmoid(X_test @ w_best + b_best)
chosen, costs = choose_threshold(p_valid, y_valid)
matrices = {}
for threshold in (0.5, chosen):
    said = (p_test > threshold).long().flatten()
    matrices[threshold] = confusion_matrix(said, y_test.long().flatten(), 2)

# %% [markdown]
# **Look for:** how the cost on the validation lumps depends on the threshold; and in
# the two matrices, on the *test* lumps, which cell empties and which one fills.

# %%
fig = drawings.threshold_choice(thresholds, costs, matrices)
plots.show(
    fig,
    alt="Left: cost against threshold in steps, lowest at 0.1, between 20 and 30 up "
    "to 0.6, then rising to over 200. Then the test lumps' confusion matrices at 0.5 "
    "and at the chosen threshold; misses become fewer and false alarms more.",
)

# %%
test_cost = {}
for threshold, matrix in matrices.items():
    (tn, fp), (fn, tp) = matrix.tolist()
    test_cost[threshold] = 10 * fn + fp
    print(f"above {threshold}: {fn} misses, {fp} false alarms,", end=" ")
    print(f"cost {10 * fn + fp}; recall {tp / (tp + fn):.3f},", end=" ")
    print(f"specificity {tn / (tn + fp):.3f}, precision {tp / (tp + fp):.3f}")
nobody, everybody = cost(p_test, y_test, torch.tensor([1.0, -1.0])).tolist()
print(f"'benign' for everybody: {nobody}, 'malignant' for everybody: {everybody}")
assert test_cost[chosen] < test_cost[0.5] < everybody < nobody

# %% [markdown]
# The misses become fewer, the false alarms more. But
# [one split is luck](03 "surprise"). Eighty splits, each with its own fit, and with a
# threshold chosen on its own validation lumps:

# %%
rows = []
for _ in range(80):
    seen, valid, test = split()
    X_new = standardised(seen)
    w, b = fit(X_new[seen], y_all[seen], best_decay)
    p_new, y_new = torch.sigmoid(X_new @ w + b), y_all[test]
    cheap = choose_threshold(p_new[valid], y_all[valid])[0]
    row = cost(p_new[test], y_new, torch.tensor([0.5, cheap, 1 / 11])).tolist()
    column = roc_auc_score(y_new, X_new[test, 22])  # the largest perimeters
    rows.append([*row, cheap, roc_auc_score(y_new, p_new[test]), column])
eighty = torch.tensor(rows)  # (80, 6)
at_half, at_chosen, at_theory = eighty[:, :3].mean(dim=0).tolist()
print(f"mean cost: at 0.5 {at_half:.1f}, chosen {at_chosen:.1f}, 1/11 {at_theory:.1f}")
print(f"chosen thresholds from {eighty[:, 3].min():.2f} to {eighty[:, 3].max():.2f}")
assert at_theory < at_chosen < at_half - 3
assert eighty[:, 3].min() < 0.1 and eighty[:, 3].max() > 0.3

# %% [markdown]
# Choosing pays: in the mean it costs less than 1/2 does. But here is a surprise: the
# threshold from *three lines of algebra* is cheaper still. In each split the choice
# hangs on a handful of lumps, so it jumps about. The formula needs no data, only
# probabilities that can be trusted. Can they? Two sections further on we look.

# %% [markdown]
# ## All thresholds at once: ROC
# Let the threshold fall from 1 to 0. At first nobody is called ill, in the end
# everybody. On the way note two shares: of the cancers that are found (true positive
# rate), and of the benign that are alarmed (**false positive rate**, FP / (FP + TN)).
# The path of these points is the **receiver operating characteristic**, ROC. The **area
# under the curve** is the **AUC**: 1 is perfect, 1/2 a coin.
#
# The AUC has a second meaning: the probability that a random malignant lump gets a
# higher score than a random benign one. By hand, both ways:


# %%
def roc(scores, y):
    """ROC of scores (N, 1), without ties: -> false and true positive rates (N + 1,)."""
    ranked = y.flatten()[scores.flatten().argsort(descending=True)]  # highest first
    start = torch.zeros(1)
    found = torch.cat([start, ranked.cumsum(dim=0) / ranked.sum()])
    alarmed = torch.cat([start, (1 - ranked).cumsum(dim=0) / (1 - ranked).sum()])
    return alarmed, found


z_test = X_test @ w_best + b_best
alarmed, found_share = roc(z_test, y_test)
area = torch.trapezoid(found_share, alarmed).item()
ill, healthy = z_test[y_test > 0.5], z_test[y_test < 0.5]
higher = (ill.reshape(-1, 1) > healthy).float().mean().item()  # all pairs
auc = roc_auc_score(y_test, z_test)
print(f"area {area:.4f}, pairs in order {higher:.4f}, scikit-learn {auc:.4f}")
assert abs(area - auc) < 1e-5 and abs(higher - auc) < 1e-5 and auc > 0.98

# %% [markdown] predict="halved_logits"
# **Predict.** Each logit of the fitted model is halved. What changes?
#
# - The AUC falls, because the model is less sure.
#   wrong: AUC thought to look at the scores. It looks at their order, and halves keep
#   the order.
# - AUC and loss stay: each lump keeps its side of 0.
#   wrong: the loss thought to look at sides. Accuracy does; the loss looks at how sure.
# - The loss; AUC and accuracy stay as they are.
#   right: half a logit has the same sign and the same rank, but says another
#   probability.

# %%
half = z_test / 2
for name, z_now in (("logits", z_test), ("halves", half)):
    print(f"{name}: AUC {roc_auc_score(y_test, z_now):.4f}, accuracy", end=" ")
    print(f"{accuracy_at_0(z_now, y_test):.3f}, loss {bce(z_now, y_test):.3f}")
assert roc_auc_score(y_test, half) == auc and bce(half, y_test) > bce(z_test, y_test)
assert accuracy_at_0(half, y_test) == accuracy_at_0(z_test, y_test)

# %% [markdown]
# **Look for:** where on the curve the two thresholds sit, and how far *one* column gets
# alone. It is the column of the largest perimeters, the best on the training lumps.

# %%
single = [roc_auc_score(y, X[:, [j]]) for j in range(30)]
best_column = single.index(max(single))
auc_column = roc_auc_score(y_test, X_test[:, best_column])
rocs = {f"30 columns, {auc:.3f}": (alarmed, found_share)}
rocs[f"one column, {auc_column:.3f}"] = roc(X_test[:, best_column], y_test)
fig = drawings.roc_curves(rocs, matrices)
plots.show(
    fig,
    alt="ROC curves: 30 columns near the upper left corner, one column below, a "
    "coin on the diagonal; the chosen threshold lies higher and to the right of 0.5.",
)

# %%
aucs, column_aucs = eighty[:, 4], eighty[:, 5]
print(f"AUC {aucs.min():.3f} to {aucs.max():.3f}, mean {aucs.mean():.4f}", end="; ")
print(f"0.98 or more in {(aucs >= 0.98).sum()} of 80; one {column_aucs.mean():.4f}")
assert best_column == 22 and aucs.mean() > 0.99 and (aucs >= 0.98).float().mean() > 0.9
assert aucs.mean() - column_aucs.mean() > 0.01 and 0.96 < auc_column < auc

# %% [markdown]
# The lower threshold lies further up the same curve: more is found, more is alarmed.
# And "AUC 0.99" is true, and less of a wonder than it sounds: the size of the largest
# nuclei alone gets more than 0.96. Always ask what one column does.

# %% [markdown]
# ## When it says 80 %, is it 80 %?
# AUC knows only the order. The formula for the threshold wants more: of the lumps that
# get about 0.8, about 80 % should be malignant. Such a model is **calibrated**. A
# **reliability diagram** shows it: put the lumps into bins by what the model says, and
# compare what happened.
#
# That takes many lumps with a $p$ in the middle. So let each lump be judged by a model
# that hasn't seen it: ten times, fit on nine tenths and judge the last tenth.


# %%
def judged_unseen(decay):
    """Logits (569, 1), each by a model fitted to nine tenths without it."""
    z_out = torch.zeros(569, 1)
    folds = StratifiedKFold(10, shuffle=True)
    for seen, unseen in folds.split(X_raw, y_all.flatten()):
        X_fold = standardised(seen)
        w, b = fit(X_fold[seen], y_all[seen], decay)
        z_out[unseen] = X_fold[unseen] @ w + b
    return z_out


edges = [0.1, 0.3, 0.5, 0.7, 0.9]  # borders of six bins
diagrams, error, paid = {}, {}, {}
for decay in (0.0, 0.001, 0.1):
    z_out = judged_unseen(decay)
    p_out, auc_out = torch.sigmoid(z_out), roc_auc_score(y_all, z_out)
    rows = drawings.reliability(p_out, y_all, edges)
    error[decay] = (abs(rows[0] - rows[1]) * rows[2]).sum() / 569
    diagrams[f"decay {decay:g}: error {error[decay]:.3f}"] = rows
    paid[decay] = cost(p_out, y_all, torch.tensor([0.5, 1 / 11])).tolist()
    print(f"decay {decay}: AUC {auc_out:.3f}, cost at 0.5 and at 1/11 {paid[decay]}")
assert error[0.001] < error[0.0] and error[0.001] < error[0.1]
assert paid[0.001][1] < min(paid[0.0][1], paid[0.1][1])

# %% [markdown]
# The **calibration error** is the mean distance of the dots from the diagonal, each bin
# at its weight.
#
# **Look for:** how many dots each model has, which dots leave the diagonal, and on
# which side. Bars show give or take two standard errors.

# %%
fig = drawings.reliability_diagrams(diagrams)
plots.show(
    fig,
    alt="Three reliability diagrams. Without decay: dots near 0 and 1. With "
    "decay 0.001: dots about the diagonal. With decay 0.1: an S, below the diagonal "
    "on the left and above it on the right.",
)

# %% [markdown]
# All three put the lumps in nearly the same order. But without decay the model says 0
# or 1, of all 569 lumps, and is wrong in a few per cent: **overconfident**. (Its two
# dots look near; a loss asks how *sure* the mistakes were.) With too much it says 0.8
# where nearly all are malignant: **underconfident**, as the decay keeps the logits
# short. In between it can be trusted best. (The middle bins hold few lumps, so don't
# read much into one dot.)

# %% [markdown]
# The formula needs that trust: at 1/11 the model in between pays least, and with less
# calibration, in either direction, 1/11 gets dearer. (Whether it beats 1/2 for that
# model changes from one division of the lumps to the next: look at the costs above.)

# %% [markdown]
# ## One bend more: a stack of linear layers with sigmoids
# A weighted sum can only say "the more, the likelier", or "the less". What if the
# middle is best? Made data again: 300 students, each with the hours studied on the
# *last day* before an exam. Below four hours is too little; above eleven there is no
# sleep.
#
# Two logistic regressions on top of each other can do it. Let **hidden units** be
# sigmoids of the hours, and let a second linear layer weigh them:
#
# $$\mathbf h = \sigma(\mathbf X \mathbf W_1 + \mathbf b_1), \qquad
# \mathbf z = \mathbf h \mathbf W_2 + b_2$$
#
# - $\mathbf W_1$ (1, 4), $\mathbf W_2$ (4, 1): weights of the two layers; $\mathbf h$
#   (N, 4): the hidden units


# %%
def last_day(num_students):
    """Made data: hours (N, 1), passed (N, 1); about 4 to 11 hours are best."""
    h = 16 * torch.rand(num_students, 1)
    p = torch.sigmoid(2 * (h - 4)) * torch.sigmoid(2 * (11 - h))
    return h, torch.bernoulli(p)


def train_stack(net, X, y, optimizer=None):
    optimizer = optimizer or torch.optim.Adam(net.parameters(), lr=0.1)
    for _ in range(400):
        optimizer.zero_grad()
        bce(net(X), y).backward()
        optimizer.step()


day, day_passed = last_day(300)
day_new, new_passed = last_day(300)
scale = (day.mean(), day.std())
stack = nn.Sequential(nn.Linear(1, 4), nn.Sigmoid(), nn.Linear(4, 1))
nets = {"one layer": nn.Linear(1, 1), "two layers with sigmoids": stack}
nets["two layers, no sigmoid"] = nn.Sequential(nn.Linear(1, 4), nn.Linear(4, 1))
z_new = {}
for name, model in nets.items():
    train_stack(model, (day - scale[0]) / scale[1], day_passed)
    z_new[name] = model((day_new - scale[0]) / scale[1]).detach()
    print(f"{name:25} loss on unseen students {bce(z_new[name], new_passed):.3f}")
z_new["the same p"] = torch.logit(day_passed.mean()).expand_as(new_passed)
one, two, flat, same = (bce(z_out, new_passed).item() for z_out in z_new.values())
print(f"the same p for everybody: {same:.3f}")
assert abs(one - same) < 0.02 and two < 0.36 < 0.6 < same and abs(flat - one) < 1e-5

# %% [markdown]
# **Look for:** on the left, the one layer can only rise or only fall, and stays near
# 1/2. On the right, the four hidden units of the stack: each is a sigmoid, some rise
# and some fall, and a weighted sum of them makes the hill.

# %%
grid = torch.linspace(0, 16, 200).reshape(-1, 1)
with torch.no_grad():
    inputs = (grid - scale[0]) / scale[1]
    says = {k: torch.sigmoid(m(inputs)) for k, m in list(nets.items())[:2]}
    hidden = stack[:2](inputs)  # (200, 4)
fig = drawings.hill(day[:100], day_passed[:100], grid, says, hidden)
plots.show(
    fig,
    alt="Left: probability of passing; one layer gives a gentle slope near 1/2, two "
    "with sigmoids a hill between about 4 and 11 hours. Right: four S-shaped hidden "
    "units, some rising and some falling.",
)
ends = hidden[-1] - hidden[0]  # (4,)
assert (says["one layer"] - 0.5).abs().max() < 0.25 and ends.min() < 0 < ends.max()

# %% [markdown]
# Without the sigmoid between them two layers are no better than one: a weighted sum of
# weighted sums is a weighted sum.
#
# A hidden unit may say 0.8. Is that "80 %"? Of what? The output was trained against
# labels, so its 0.8 is a statement about students. No label says what a hidden unit
# should be. Try it: turn one unit round, $h \to 1 - h$, and undo it in the next layer.

# %%
turned = deepcopy(stack)
with torch.no_grad():
    turned[0].weight[0] *= -1  # 1 - sigmoid(z) is sigmoid(-z)
    turned[0].bias[0] *= -1
    turned[2].bias += turned[2].weight[:, 0]  # v h = v - v (1 - h)
    turned[2].weight[:, 0] *= -1
    unit, unit_turned = stack[:2](inputs)[:, 0], turned[:2](inputs)[:, 0]
    difference = (turned(inputs) - stack(inputs)).abs().max().item()
at = (unit - 0.8).abs().argmin()
print(f"unit 0 says {unit[at]:.2f}, then {unit_turned[at]:.2f}; ", end="")
print(f"largest difference of the logits {difference:.0e}")
assert difference < 1e-5
torch.testing.assert_close(unit + unit_turned, torch.ones(200))

# %% [markdown]
# The same net to all who use it, and its unit says the opposite. A hidden unit's number
# is a **feature**, not a probability.
#
# ## Saturation, layer by layer
# If one layer of sigmoids is good, are six better? Backwards through each of them the
# gradient is multiplied by a slope, at most 1/4, and by weights. Six slopes are at most
# $(1/4)^6 = 1/4096$. That is the **vanishing gradient**.

# %% [markdown]
# Is it the slope? Change one thing at a time. $\sigma(z) - 1/2$ has the same slope, but
# is centred at 0. $4 \sigma(z) - 2$ is that curve stretched to the slope 1. tanh has
# the slope 1 by nature. On the lumps, with 16 units a layer, the table shows the norm
# of the first layer's gradient for one to six hidden layers (median of ten nets), and
# how far six layers get in 400 steps.


# %%
class Stretched(nn.Sigmoid):
    def forward(self, z):
        return 4 * torch.sigmoid(z) - 2


class Centred(nn.Sigmoid):
    def forward(self, z):
        return torch.sigmoid(z) - 0.5


def deep(act, depth):
    """30 columns, `depth` hidden layers of 16 with an activation, one logit."""
    hidden = [[nn.Linear(n, 16), act] for n in [30] + (depth - 1) * [16]]
    return nn.Sequential(*(part for pair in hidden for part in pair), nn.Linear(16, 1))


# %%
factor, trained = {}, {}
for act in (nn.Sigmoid(), Centred(), Stretched(), nn.Tanh()):
    name = type(act).__name__
    norms = torch.zeros(10, 6)
    for run, depth in product(range(10), range(6)):
        model = deep(act, depth + 1)
        bce(model(X), y).backward()
        norms[run, depth] = model[0].weight.grad.norm()
    norms = norms.median(dim=0).values  # (10, 6) -> (6,)
    train_stack(model, X, y, torch.optim.SGD(model.parameters(), lr=0.1))
    factor[name], trained[name] = (norms[-1] / norms[0]) ** (1 / 5), bce(model(X), y)
    print(f"{name:13} gradients", " ".join(f"{norm:.0e}" for norm in norms), end="; ")
    print(f"a layer: times {factor[name]:.2f}; loss of six layers {trained[name]:.3f}")
train_base = bce(torch.logit(y.mean()).expand_as(y), y)
print(f"the base rate's loss on the training lumps: {train_base:.3f}")
for slow, quick in (("Sigmoid", "Stretched"), ("Centred", "Tanh")):
    assert factor[slow] < 0.2 < 0.4 < factor[quick]
    assert trained[slow] > train_base - 1e-3 and trained[quick] < 0.1

# %% [markdown]
# Six layers of sigmoids don't move: 400 steps leave the loss at the base rate. Centred,
# they don't either. The same curve with four times the slope trains, and so does tanh.
# So the slope was it, and the fourth cure is **another activation** between the layers;
# the [multilayer perceptron](07) and [initialisation](10) go on from here. At the
# *output* the sigmoid is at home.
#
# ## What goes wrong in practice
# A colleague predicts how ill people will be, 25 to 346 points, with this chapter's
# loss. It is a loss, it falls, so what?

# %% [markdown] predict="negative_loss"
# **Predict.** BCE from logits gets the raw points as `y`. What does training show?
#
# - A loss that falls to about 0 and stays.
#   wrong: 0 taken for the floor of every loss. It is the floor only where each label is
#   between 0 and 1.
# - A loss that falls below 0 and never stops falling.
#   right: the part $-y z$ outweighs the rest as soon as $y > 1$, so larger logits are
#   always better.
# - An error that stops the run, because a label is 152.
#   wrong: a check hoped for that isn't there. `BCELoss` has one; the version with
#   logits takes any number.

# %%
X_people, points = diabetes(standardize=False)  # (442, 10), (442, 1)
X_people = (X_people - X_people.mean(dim=0)) / X_people.std(dim=0)
scaled = (points - points.min()) / (points.max() - points.min())
targets = {"raw points": points, "scaled to [0, 1]": scaled}
targets["standardised"] = (points - points.mean()) / points.std()
reached, zeros = {}, (torch.zeros(10, 1), torch.zeros(1))
for name, target in targets.items():
    w, b = descend(bce, X_people, target, *zeros, lr=0.1, num_steps=300)
    reached[name] = bce(X_people @ w + b, target).item()
    print(f"{name:17} loss after 300 steps {reached[name]:12,.2f}")
entropy = F.binary_cross_entropy(torch.tensor(0.3), torch.tensor(0.3))
print(f"a label of 0.3, said 0.3: loss {entropy:.2f}")
assert reached["raw points"] < -1e5 and reached["standardised"] < 0
assert reached["scaled to [0, 1]"] > 0.5 and abs(entropy - 0.611) < 0.001

# %% [markdown]
# What a negative loss tells: minus the logarithm of a probability is never below 0. If
# the loss is, then something in it is no probability: a label outside $[0, 1]$. Then
# there is no bottom at all. Standardised labels do it more slowly, and labels of 1 and
# 2 too. Use the squared error for a quantity, and 0 and 1 for classes.
#
# And a loss that stops *above* 0 can be perfect: a label of 0.3 costs at least its
# entropy, 0.61.

# %% [markdown] predict="sigmoid_twice"
# **Predict.** A net ends in a sigmoid, and `BCEWithLogitsLoss` takes what it gives: the
# sigmoid is applied **twice**. It is trained on the lumps. What do you see on
# validation?
#
# - An AUC near 1/2: the net has learned nothing.
#   wrong: a high loss taken for a bad order. The second sigmoid rises like the first,
#   so the order can be learned.
# - Nothing but a slower fall of the loss to the same level.
#   wrong: two bends taken for one. The second gets numbers from 0 to 1 only, so it says
#   0.50 to 0.73 and never comes close to a sure no.
# - A good AUC, a loss far above the right net's, and "malignant" for everybody.
#   right: the order is there, but the outer sigmoid gets numbers from 0 to 1 only, so
#   it never says less than one half.


# %%
bends = {"right": lambda z: z, "sigmoid twice": torch.sigmoid}
bends |= {"ReLU on the output": torch.relu, "labels 1 and 2": lambda z: z}
curves_of_bugs, seen_by = {}, {}
for name, bend in bends.items():

    def loss_of(z, labels, bend=bend):
        return bce(bend(z), labels)

    labels = y + 1 if name == "labels 1 and 2" else y
    w, b, curve = torch.zeros(30, 1), torch.tensor([0.1]), []
    for _ in range(60):
        curve.append(loss_of(X @ w + b, labels).item())
        w, b = descend(loss_of, X, labels, w, b, lr=0.5, num_steps=5)
    z_out = bend(X_valid @ w + b)
    seen_by[name] = (roc_auc_score(y_valid, z_out), torch.sigmoid(z_out).min().item())
    curves_of_bugs[name] = curve

# %% [markdown]
# **Look for:** which curves level out far above the right one, and which one has no
# floor at all.

# %%
fig = drawings.bugs(range(0, 300, 5), curves_of_bugs, math.log(2))
plots.show(
    fig,
    alt="Four loss curves. Right: falls towards 0. Sigmoid twice, ReLU on the output: "
    "level out above 0.4. Labels 1 and 2: falls through 0 and out of the picture.",
)

# %%
for name, (area, least) in seen_by.items():
    print(f"{name:19} loss {curves_of_bugs[name][-1]:7.3f}, AUC {area:.3f}, ", end="")
    print(f"least probability {least:.3f}")
relu_floor = (1 - y.mean().item()) * math.log(2)
twice_floor = relu_floor + y.mean().item() * math.log(1 + math.exp(-1))
print(f"floors: sigmoid twice {twice_floor:.3f}, ReLU {relu_floor:.3f}")
right, twice, rectified, shifted = (curve[-1] for curve in curves_of_bugs.values())
assert twice > twice_floor > 0.5 and rectified > relu_floor
assert shifted < -1 < right < 0.1
for name in ("sigmoid twice", "ReLU on the output"):
    assert seen_by[name][0] > 0.95 and seen_by[name][1] >= 0.5

# %% [markdown]
# A healthy lump costs at least $\log 2$ in both: a second sigmoid gets nothing below 0,
# and neither does one behind a ReLU, so $p$ is never below 1/2. No error comes, and the
# AUC is high; it sees the order only. Look at the **least probability** of your model:
# 0.5 is a symptom.
#
# The last mistake: **scaling with the test set's statistics**. It looks harmless, as
# the columns are "only brought to the same scale". Let the ten most malignant-looking
# lumps of the test set be a test set of their own, and then one patient who comes
# alone.

# %%
sickest = z_test.flatten().argsort(descending=True)[:10]
group = X_raw[parts[2]][sickest]  # (10, 30), raw
own = (group - group.mean(dim=0)) / group.std(dim=0)
said_own = torch.sigmoid(own @ w_best + b_best).flatten()
said_training = torch.sigmoid(X_test[sickest] @ w_best + b_best).flatten()
print(f"by the training lumps' statistics: all ten above {said_training.min():.3f}")
print("by the ten's own:", sorted(round(p, 2) for p in said_own.tolist()))
alone = (group[:1] - group[:1].mean(dim=0)) / group[:1].std(dim=0, correction=0)
assert said_training.min() > 0.99 and said_own.min() < 0.2
assert y_test[sickest].mean() == 1 and alone.isnan().all()

# %% [markdown]
# All ten are cancers, and scaled by *their own* mean some become "benign": compared
# with each other, half of them are below average. One alone is 0 divided by 0. Mean and
# deviation are parameters of the model: learned from the training rows, and kept.
#
# ## So, is this lump a cancer?
# The first lump of the test set, as the doctor would see it:

# %%
verdict = "malignant" if p_test[0] > chosen else "benign"
print(f"probability of a cancer {p_test[0].item():.3f}, so: {verdict}; ", end="")
print("it was", "malignant" if y_test[0] == 1 else "benign")
(tn, fp), (fn, tp) = matrices[chosen].tolist()
test_loss = bce(z_test, y_test).item()
print(f"{fn} of {tp + fn} cancers missed, {fp} of {tn + fp} benign alarmed, ", end="")
print(f"loss {test_loss:.3f}, base rate {base_rate:.3f}")
assert auc > 0.98 and test_loss < 0.2 * base_rate

metrics = {"AUC on the test lumps": auc, "cross-entropy on the test lumps": test_loss}
metrics["sensitivity at the chosen threshold"] = tp / (tp + fn)

# %% [markdown]
# ## Summary
# - Classification predicts a class. Logistic regression makes the **log-odds** linear;
#   the sigmoid turns them into a probability.
# - Maximum likelihood of a Bernoulli label is binary cross-entropy; its gradient in the
#   logit is $p - y$.
# - Keep logits; `BCEWithLogitsLoss` takes them. No sigmoid and no ReLU before it.
# - Saturation has four cures: the loss that cancels the slope, standardised inputs,
#   weight decay, other activations in hidden layers.
# - Separable data have no best weights: without decay the model ends overconfident.
# - AUC judges the order, calibration the probabilities, a threshold the decision.
#   Choose it by the costs, on validation data.
# - A negative loss means a label that is no probability; 0.693 means "I don't know".

# %% [markdown]
# ## Exercises and further reading
# The exercise notebook builds the parts by hand: sigmoid, loss, gradient, threshold,
# ROC, and a whole fit. Before you open it, guess, then try here:
#
# 1. Swap the classes: 1 for benign. What happens to $\mathbf w$, $b$, AUC?
# 2. Write `miss=1` in `cost`. Which threshold should win?
# 3. Give `last_day` a third region in which students pass. How many hidden units?
#
# In [Dive into Deep Learning](https://d2l.ai): the section on softmax regression, 3.4
# in the edition of `d2l` 0.17 and 4.1 in the printed book, does the same for more than
# two classes; the section on multilayer perceptrons (4.1 and 5.1) draws the sigmoid and
# its slope.

# %% [markdown]
# - Verhulst 1845, the logistic curve; Berkson 1944, who named the logit
# - Cox 1958, *The regression analysis of binary sequences*
# - Street, Wolberg and Mangasarian 1993, *Nuclear feature extraction for breast tumor
#   diagnosis*: these data
# - Hanley and McNeil 1982, *The meaning and use of the area under a receiver operating
#   characteristic (ROC) curve*
# - Albert and Anderson 1984, *On the existence of maximum likelihood estimates in
#   logistic regression models*: separable data
# - Niculescu-Mizil and Caruana 2005, *Predicting good probabilities with supervised
#   learning*
#
# Next: how to bring data to a model, batch by batch, without leaks (data pipelines).
