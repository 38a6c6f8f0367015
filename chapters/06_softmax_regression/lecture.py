# %% [markdown]
# # Softmax regression: which of ten is it?
# An envelope arrives, and the postcode on it is written by hand. Which digit is this?
# The answer is one of ten, and yes-or-no is not enough any more.
#
# [Logistic regression](04 "logistic regression") tells two classes apart. This chapter
# makes it choose among many, with one line of algebra, and points it at pictures: it
# is the first image classifier of the course. Then it asks the model a second
# question, which matters as much as the first: *how sure are you, and is that true?*
#
# You need the [sigmoid](04 "sigmoid") and its [binary cross-entropy](04),
# [likelihood](03), [mini-batches](03 "mini-batch"), [broadcasting](01) and a
# [validation set](05).

# %%
import math
from itertools import permutations

import torch
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.data import ANIMALS, animals, cars, load_array, mnist, penguins
from utils.device import set_seed, try_gpu
from utils.drawings import softmax_regression as drawings
from utils.metrics import accuracy, confusion_matrix
from utils.train import train

plots.use_style()
set_seed(0)

# %% [markdown]
# ## Can't I just number the classes?
# Begin with a table in which you can see everything: 342 penguins of three kinds,
# Adelie, Chinstrap and Gentoo, and two measurements of the bill. A computer wants
# numbers, so call the kinds 0, 1 and 2, fit a line by least squares and round what it
# says. It runs. But who says that Adelie is 0?


# %%
KINDS = ["Adelie", "Chinstrap", "Gentoo"]
table = penguins().dropna(subset=["bill_length_mm", "bill_depth_mm"])
kind = torch.tensor([KINDS.index(word) for word in table["species"]])  # (342,)
bill = torch.tensor(table[["bill_length_mm", "bill_depth_mm"]].to_numpy()).float()
bill = (bill - bill.mean(dim=0)) / bill.std(dim=0)  # (342, 2)
A = torch.cat([bill, torch.ones(342, 1)], dim=1)  # (342, 3)

by_order = {}
for numbers in permutations(range(3)):
    number = torch.tensor(numbers)[kind]  # this order's number of each penguin
    line = torch.linalg.lstsq(A, number.float().reshape(-1, 1)).solution
    said = (A @ line).flatten().round().clamp(0, 2)
    by_order[numbers] = (said == number).float().mean().item()
    print(dict(zip(KINDS, numbers, strict=True)), f"right: {by_order[numbers]:.3f}")
most_common = (kind.bincount().max() / 342).item()
print(f"'Adelie' for all: {most_common:.3f}")
assert abs(by_order[0, 1, 2] - 0.933) < 0.002 and abs(by_order[1, 0, 2] - 0.678) < 0.002
assert abs(most_common - 0.442) < 0.001

# %% [markdown]
# The same penguins, the same line, and between 68 % and 93 % right, depending on an
# order that *we* made up. Numbers say that Gentoo is twice Chinstrap, and that
# Chinstrap lies between the others. Names have no such thing.
#
# So give each class a place of its own. **One-hot**: a vector of $K$ numbers, 1 at the
# class and 0 elsewhere. (You have done it to
# [columns](01 "one-hot encoding"); here it is done to the *label*.) No class is between
# two others: all are equally far apart.


# %%
def one_hot(y, num_classes):
    """(N,) int64 -> (N, K) float32, a 1 at each label's place."""
    Y = torch.zeros(len(y), num_classes)
    Y[torch.arange(len(y)), y] = 1
    return Y


Y = one_hot(kind, 3)
print(f"penguin 0 is {KINDS[kind[0]]}: {Y[0].tolist()}; in each class {Y.sum(dim=0)}")
torch.testing.assert_close(Y, F.one_hot(kind, 3).float())
assert (torch.cdist(torch.eye(3), torch.eye(3)).unique() > 0).sum() == 1

# %% [markdown]
# ## One against rest
# Three columns of 0 and 1 are three questions of the old kind: Adelie or not?
# Chinstrap or not? Gentoo or not? Train three **detectors**, each a logistic
# regression, and believe the one that says the largest number. That is **one against
# rest** (also *one-vs-rest*).
#
# In matrices it is no extra work. $\mathbf Z = \mathbf X \mathbf W + \mathbf b$ with
# $\mathbf X$ (N, n), $\mathbf W$ (n, K), $\mathbf b$ (K,): a column a detector. For the
# small tables here, [LBFGS](03) finds the best weights.


# %%
def fit(X, y, num_classes, loss, decay=1e-3, max_iter=200):
    """Minimise loss(XW + b, y) + decay / 2 * |W|^2: -> W (n, K), b (K,)."""
    W = torch.zeros(X.shape[1], num_classes, requires_grad=True)
    b = torch.zeros(num_classes, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [W, b], max_iter=max_iter, line_search_fn="strong_wolfe"
    )

    def closure():
        optimizer.zero_grad()
        total = loss(X @ W + b, y) + decay / 2 * (W**2).sum()
        total.backward()
        return total

    optimizer.step(closure)
    return W.detach(), b.detach()


def detectors(Z, y):
    """K binary cross-entropies, one a column: Z (N, K), y (N,) -> their sum."""
    Y = one_hot(y, Z.shape[1])
    return Z.shape[1] * F.binary_cross_entropy_with_logits(Z, Y)


# %%
W_rest, b_rest = fit(bill, kind, 3, detectors)
yes = torch.sigmoid(bill @ W_rest + b_rest)  # (342, 3)
votes = (yes > 0.5).sum(dim=1)  # how many detectors say yes
right_rest = accuracy(yes, kind).item()
least, most = yes.sum(dim=1).min(), yes.sum(dim=1).max()
print(f"right: {right_rest:.3f}; the three add up to {least:.2f} up to {most:.2f}")
shares = [(votes == k).float().mean().item() for k in (0, 2)]
print(f"nobody says yes: {shares[0]:.1%}, two say yes: {shares[1]:.1%}")
assert right_rest > 0.94 and least < 0.4 and most > 1.8
assert shares[0] > 0.05 and shares[1] > 0.02

# %% [markdown]
# 95 % are right. But the three answers don't fit together. For one penguin they add up
# to 0.3, for another to 1.9; for 8 % nobody says yes. Each detector was trained alone
# and never heard of the others.
#
# Something else is lost, and it shows in a made table: five kinds stand in a row along
# one feature, 60 of each, with gaps between them.

# %% [markdown] predict="kinds_in_a_row"
# **Predict.** Five detectors are trained on the five kinds in the row. What does the
# detector of the *middle* kind say along the row?
#
# - High in the middle, low on both sides.
#   wrong: a hill expected of a sigmoid. Of one feature, it can only rise or only fall.
# - About 1/5 everywhere; it never says yes.
#   right: rising and falling are equally wrong for it, so it says how common its kind
#   is.
# - High on one side, as it can exclude one half of the others.
#   wrong: half a success hoped for. Each gain on one side is lost on the other, as the
#   row is the same both ways.


# %%
def row_of_kinds(num_kinds, each=60):
    """Made data: x (N, 1), centred; y (N,). Kind k is between k and k + 1."""
    y = torch.arange(num_kinds).repeat_interleave(each)
    x = y + 0.05 + 0.9 * torch.rand(len(y))  # gaps of 0.1 between the kinds
    return (x - num_kinds / 2).reshape(-1, 1), y


x_row, y_row = row_of_kinds(5)
W_row, b_row = fit(x_row, y_row, 5, detectors, decay=0)
grid = torch.linspace(-2.5, 2.5, 201).reshape(-1, 1)
says = torch.sigmoid(grid @ W_row + b_row)  # (201, 5)
print("highest answer of each detector:", [f"{p:.2f}" for p in says.max(dim=0).values])
assert says[:, 2].max() < 0.35 and says[:, 2].min() > 0.1
assert says[:, [0, 4]].max() > 0.95

# %% [markdown]
# **Look for:** on the left, the regions in which no detector says yes, or two do. On
# the right, the curve of kind 2, and which curve is highest above its place.


# %%
def count_yes(points):
    return (points @ W_rest + b_rest > 0).sum(dim=1)


birds = (bill, kind, KINDS)
levels = ["nobody", "one yes", "two yes"]
row = (grid, says, "detector's probability")
fig = drawings.penguins_and_row(count_yes, levels, birds, row)
plots.show(
    fig,
    alt="Left: penguins in a plane shaded by how many detectors say yes; a light patch "
    "between the kinds where nobody does, dark wedges where two do. Right: five "
    "detectors in a row; the outer ones are steep, the middle one is level near 0.2.",
)


# %%
def right_in_row(num_kinds, loss):
    """Share of a row of kinds that is right if the highest score wins."""
    x, y = row_of_kinds(num_kinds)
    W, b = fit(x, y, num_kinds, loss, decay=0, max_iter=400)
    return round(accuracy(x @ W + b, y).item(), 3)


rest_in_row = {kinds: right_in_row(kinds, detectors) for kinds in (3, 5, 8)}
print("kinds in the row, and what is right if the highest wins:", rest_in_row)
assert rest_in_row[3] > 0.99 and 0.9 < rest_in_row[8] < 0.98

# %% [markdown]
# The level curve is kind 2. Still, "the highest wins" mostly saves it: in the middle
# all the others are lower. With three kinds in a row nothing is lost; with eight a few
# in a hundred are, though there are gaps between all kinds.
#
# So one against rest gives answers, no probabilities, and asks of each detector more
# than it needs: to beat all the rest *alone*. Enough is to beat the others *in
# comparison*.

# %% [markdown]
# ## From scores to shares: the softmax
# Let the model give $K$ scores $z_1, \dots, z_K$, any numbers: the **logits**. We want
# probabilities, positive and with the sum 1. The [log-odds](04 "log-odds") of logistic
# regression compare two classes; let us ask the same of *any* two, in three lines:
#
# $$\begin{aligned}
# \log \frac{p_j}{p_k} &= z_j - z_k \quad \text{for all } j, k\\
# p_j &= c \, e^{z_j} \quad \text{with one } c \text{ for all classes}\\
# \textstyle\sum_k p_k = 1 \;\Rightarrow\;
# p_j &= \frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}} =: \operatorname{softmax}(\mathbf z)_j
# \end{aligned}$$
#
# - $z_j$: the score of class $j$; $p_j$: its probability; $K$: how many classes
# - $c$: what makes the sum 1

# %% [markdown]
# This is the **softmax**: exponentiate, then take shares. It is a soft version of "1
# for the highest, 0 for the rest". A linear model whose scores go through it is
# **softmax regression**, also called multinomial logistic regression.
#
# **Look for** how three scores become shares, and what becomes of a negative one.


# %%
def naive_softmax(Z):
    """(N, K) scores -> (N, K) probabilities; each row adds up to 1."""
    E = torch.exp(Z)
    return E / E.sum(dim=1, keepdim=True)  # (N, K) / (N, 1)


Z = torch.tensor([[2.0, 1.0, -1.0]])
P = naive_softmax(Z)
torch.testing.assert_close(P, torch.softmax(Z, dim=1))
print("shares", [f"{p:.3f}" for p in P[0].tolist()], f"sum {P.sum():.3f}")
assert abs(P[0, 0] / P[0, 1] - math.e) < 1e-5  # one more point: e times the share
fig = drawings.score_to_probability(Z[0], ["A", "B", "C"], P[0])
plots.show(
    fig,
    alt="Three bar charts for classes A, B, C: the scores 2, 1 and -1; their "
    "exponentials 7.39, 2.72 and 0.37; the shares 0.71, 0.26 and 0.04.",
)

# %% [markdown]
# A score of -1 still gets a share: none is ever 0. And a score is no probability: 2 is
# not "200 %", nor is -1 less than nothing. What counts are *differences*: one point
# more is $e \approx 2.72$ times the share.
#
# Two consequences, each one line long:
#
# $$\frac{e^{z_j + a}}{\sum_k e^{z_k + a}} = \frac{e^a \, e^{z_j}}{e^a \sum_k e^{z_k}}
# = \operatorname{softmax}(\mathbf z)_j, \qquad
# \operatorname{softmax}(z, 0)_1 = \frac{e^z}{e^z + 1} = \sigma(z)$$
#
# So softmax is **invariant to shifts**. And the [sigmoid](04 "sigmoid") is the softmax
# of two classes, one of which has the score 0.

# %%
torch.testing.assert_close(naive_softmax(Z + 7), P)
z = torch.linspace(-6, 6, 25)
pair = torch.stack([z, torch.zeros(25)], dim=1)  # (25, 2): scores z and 0
torch.testing.assert_close(naive_softmax(pair)[:, 0], torch.sigmoid(z))

hot = torch.tensor([[1000.0, 999.0, 998.0]])
print("1000, 999, 998 as it stands:", naive_softmax(hot)[0].tolist())
print("the same less 1000:", [f"{p:.3f}" for p in naive_softmax(hot - 1000)[0]])
assert naive_softmax(hot).isnan().all()
largest = math.log(torch.finfo(torch.float32).max)
print(f"exp overflows beyond {largest:.1f}")
assert torch.tensor(89.0).exp().isinf() and torch.tensor(88.0).exp().isfinite()

# %% [markdown]
# The invariance isn't only pretty. $e^{1000}$ is infinity on a computer, infinity by
# infinity is `nan`, and from 89 on a 32-bit number **overflows**. But you may shift as
# you like: subtract each row's largest score first. Then the largest exponent is 0.
#
# The logarithm of the sum has a name, **log-sum-exp**, and is made safe in the same
# way:
#
# $$\operatorname{lse}(\mathbf z) = \log \sum_k e^{z_k}
# = m + \log \sum_k e^{z_k - m}, \quad m = \max_k z_k, \qquad
# \log \operatorname{softmax}(\mathbf z)_j = z_j - \operatorname{lse}(\mathbf z)$$


# %%
def log_sum_exp(Z):
    """(N, K) -> (N, 1), without overflow."""
    m = Z.max(dim=1, keepdim=True).values  # (N, 1)
    return m + torch.log(torch.exp(Z - m).sum(dim=1, keepdim=True))


def softmax(Z):
    """(N, K) scores -> (N, K) probabilities, for scores of any size."""
    return torch.exp(Z - log_sum_exp(Z))


torch.testing.assert_close(softmax(hot), naive_softmax(hot - 1000))
torch.testing.assert_close(log_sum_exp(Z)[:, 0], torch.logsumexp(Z, dim=1))
lse = log_sum_exp(Z).item()
print(f"lse(2, 1, -1) = {lse:.3f}: a little above the largest score")
assert 2 < lse < 2.4

# %% [markdown]
# ## The loss: how many questions short?
# What should a wrong probability cost? Take the weather: sunny on 1/2 of the days,
# cloudy 1/4, rain 1/8, snow 1/8. A friend knows today's; you ask yes-or-no questions.
# "Sunny?" first, then "cloudy?", then "rain?": that takes 1, 2, 3 or 3 questions.
# For a day of probability $p$ it is $\log_2 (1/p)$: your **surprise**. Its mean is the
# **entropy**; if you believe $\mathbf q$ while $\mathbf p$ is true, you pay the
# **cross-entropy**:
#
# $$H(\mathbf p) = -\sum_k p_k \log p_k, \qquad
# H(\mathbf p, \mathbf q) = -\sum_k p_k \log q_k \ge H(\mathbf p)$$
#
# With $\log_2$ the unit is the **bit** (a question), with the natural logarithm the
# **nat**: 1 bit is $\log 2 = 0.693$ nats.


# %%
def cross_entropy_of(p, q):
    """-sum p log q, in nats; an outcome with p = 0 adds nothing."""
    return -torch.xlogy(p, q).sum(dim=-1)


weather = torch.tensor([1 / 2, 1 / 4, 1 / 8, 1 / 8])
questions = torch.tensor([1.0, 2.0, 3.0, 3.0])
entropy = cross_entropy_of(weather, weather).item()
believed = torch.full((4,), 1 / 4)  # somebody who thinks all four equally likely
paid = cross_entropy_of(weather, believed).item()
print(f"mean number of questions {(weather * questions).sum():.2f}; entropy", end=" ")
print(f"{entropy / math.log(2):.2f} bits = {entropy:.3f} nats")
print(f"believing 1/4 each: {paid / math.log(2):.2f} bits")
assert abs(entropy / math.log(2) - 1.75) < 1e-6 and abs(paid / math.log(2) - 2) < 1e-6
print(f"ten classes, no idea: {math.log(10):.3f} nats")

# %% [markdown]
# **Look for:** at which $q$ is each curve lowest, and how high is it there?

# %%
q = torch.linspace(0.01, 0.99, 197)
both = torch.stack([q, 1 - q], dim=1)  # (197, 2)
losses = {}
for share in (1.0, 0.8, 0.5):
    truth = torch.tensor([share, 1 - share])
    losses[f"true share {share}"] = cross_entropy_of(truth, both)
    best = q[losses[f"true share {share}"].argmin()]
    lowest, own = losses[f"true share {share}"].min(), cross_entropy_of(truth, truth)
    print(f"true {share}: lowest at q = {best:.2f}, {lowest:.3f} nats", end="; ")
    print(f"entropy {own.abs():.3f}")
    assert abs(best - min(share, 0.99)) < 0.006 and abs(lowest - own) < 0.011
fig, ax = plots.figure(width=5.4, height=3)
plots.curves(ax, q, losses, "q, what you say", "cross-entropy (nats)")
ax.set(ylim=(0, 3))
plots.show(
    fig,
    alt="Cross-entropy against what you say, q, for true shares 1, 0.8 and 0.5. Each "
    "curve is lowest where q is the true share, at 0, 0.50 and 0.69 nats, and steep "
    "towards the wrong end.",
)

# %% [markdown]
# Each curve is lowest where you say the truth: the loss rewards **honest
# probabilities**. And the lowest point is the entropy: what is left by chance costs
# something even for a perfect model. (The difference $H(\mathbf p, \mathbf q) -
# H(\mathbf p)$ is the [Kullback-Leibler divergence](11).)
#
# In classification the truth of one example is one-hot, so of the sum one term is left.
# That is the [likelihood](03) again, in three lines:
#
# $$\begin{aligned}
# P(y) &= p_y\\
# L &= -\frac1N \sum_i \log p^{(i)}_{y^{(i)}}\\
# &= \frac1N \sum_i \left[ \operatorname{lse}(\mathbf z^{(i)}) - z^{(i)}_{y^{(i)}}
# \right]
# \end{aligned}$$

# %% [markdown]
# - $y$: the true class; $p_y$: the probability that the model gave to it
# - $L$: **cross-entropy**, or **negative log-likelihood** (NLL) of the **log-softmax**
#
# PyTorch has the same three names. `F.nll_loss` takes log-probabilities and picks.
# `F.cross_entropy` (as a module `nn.CrossEntropyLoss`) takes **logits** and does both
# steps:
# log-softmax, then NLL.


# %%
def cross_entropy(Z, y):
    """Mean of lse(z) - z_y: logits (N, K), labels (N,) -> 0-d."""
    picked = Z[torch.arange(len(y)), y]  # (N,), a pair of indices each
    return (log_sum_exp(Z)[:, 0] - picked).mean()


Z, y = 3 * torch.randn(7, 4), torch.tensor([0, 3, 1, 1, 2, 0, 3])
two_steps = F.nll_loss(F.log_softmax(Z, dim=1), y)
torch.testing.assert_close(cross_entropy(Z, y), F.cross_entropy(Z, y))
torch.testing.assert_close(cross_entropy(Z, y), two_steps)
nothing = cross_entropy(torch.zeros(7, 4), y)
print(f"4 classes, no idea: {nothing:.3f}, log 4 = {math.log(4):.3f}")
assert abs(nothing - math.log(4)) < 1e-6 and cross_entropy(1000 * Z, y).isfinite()

# %% [markdown]
# Its gradient in a score, three lines for one example:
#
# $$\begin{aligned}
# \ell &= \log \sum_k e^{z_k} - z_y\\
# \frac{\partial \ell}{\partial z_j}
# &= \frac{e^{z_j}}{\sum_k e^{z_k}} - [\, j = y \,]\\
# &= \operatorname{softmax}(\mathbf z)_j - \text{one-hot}(y)_j
# \end{aligned}$$
#
# ($[\, j = y \,]$ is 1 if the two are equal, else 0.) **Softmax minus one-hot**:
# prediction minus truth, as for the line and for the sigmoid. With the chain rule:
# $\nabla_{\mathbf W} L = \frac1N \mathbf X^\top (\mathbf P - \mathbf Y)$ and
# $\nabla_{\mathbf b} L = \frac1N \sum_i (\mathbf p^{(i)} - \mathbf y^{(i)})$.


# %%
def gradient(X, Y, W, b, bend=softmax):
    """Of the cross-entropy: X (N, n), Y (N, K) one-hot -> for W (n, K), for b (K,)."""
    error = bend(X @ W + b) - Y  # (N, K)
    return X.T @ error / len(X), error.mean(dim=0)  # (n, N) x (N, K)


W, b = torch.randn(2, 3, requires_grad=True), torch.randn(3, requires_grad=True)
by_autograd = torch.autograd.grad(F.cross_entropy(bill @ W + b, kind), (W, b))
by_hand = gradient(bill, Y, W.detach(), b.detach())
torch.testing.assert_close(by_hand, by_autograd, rtol=1e-4, atol=1e-5)

# %% [markdown]
# Both rows add up to 1, so the pulls on the $K$ scores add up to 0: what one class
# wins, the others lose. The classes compete now. Back to the penguins and the row.
#
# **Look for:** on the left, are the borders straight? On the right, what kind 2 has
# become.

# %%
W_soft, b_soft = fit(bill, kind, 3, cross_entropy)
W_row, b_row = fit(x_row, y_row, 5, cross_entropy, decay=0)
shares = softmax(grid @ W_row + b_row)  # (201, 5)


def best_kind(points):
    return (points @ W_soft + b_soft).argmax(dim=1)


row = (grid, shares, "softmax's probability")
fig = drawings.penguins_and_row(best_kind, [f"says {k}" for k in KINDS], birds, row)
plots.show(
    fig,
    alt="Left: the penguins' plane in three regions with straight borders that meet in "
    "one point. Right: five curves along the row, each close to 1 between its borders "
    "and close to 0 elsewhere.",
)

# %%
right_soft = accuracy(bill @ W_soft + b_soft, kind).item()
print(f"penguins right: softmax {right_soft:.3f}, one against rest {right_rest:.3f}")
soft_in_row = {kinds: right_in_row(kinds, cross_entropy) for kinds in (3, 5, 8)}
print("kinds in the row, and what is right:", soft_in_row)
assert min(soft_in_row.values()) > 0.995
assert right_soft >= right_rest and shares[100, 2] > 0.9

# %% [markdown]
# Kind 2 is recognised, by *comparison*: its own score is level, those to its left fall,
# those to its right rise. It is **still a linear model**: $p_j = p_k$ where
# $z_j = z_k$, and that is a straight line (or a plane, with more features).
#
# On the penguins the difference is only a few birds. One against rest isn't bad at
# choosing; it gives no probabilities.

# %%
shapes = [tuple(p.shape) for p in nn.Linear(4, 3).parameters()]  # four measurements
print("parameters of nn.Linear(4, 3):", shapes)
assert sum(math.prod(shape) for shape in shapes) == 4 * 3 + 3 == 15


# %% [markdown]
# Count the parameters with the **biases**: four features and three classes make
# $4 \cdot 3 + 3 = 15$, not 12. (PyTorch keeps the weights as (K, n), transposed.)
#
# ## An image is a vector
# Two sets of pictures, 28 by 28 pixels, ten classes each: real handwritten digits from
# MNIST (LeCun and others, 1998), and silhouettes of animals, which stand in for
# pictures of clothes here, as no download is needed. A linear model takes vectors, so
# write the 28 rows of pixels one behind the other: 784 numbers. Each pixel is a
# feature.

# %%
SETS, SHOWN = {}, {}
for name, load in {"digits": mnist, "animals": animals}.items():
    (X, y), (X_test, y_test) = load(num_train=4000, num_test=1000)
    X, X_test = X.flatten(1), X_test.flatten(1)  # (N, 1, 28, 28) -> (N, 784)
    SETS[name] = {"all": (X, y), "test": (X_test, y_test)}
    SETS[name] |= {"train": (X[:3000], y[:3000]), "valid": (X[3000:], y[3000:])}
    first = torch.stack([(y == k).nonzero()[0, 0] for k in range(10)])  # of each class
    titles = ANIMALS if name == "animals" else range(10)
    SHOWN[name] = (X[first].reshape(10, 28, 28), titles)  # (10, 784) -> pictures
    print(name, {part: tuple(data[0].shape) for part, data in SETS[name].items()})
fig = drawings.samples(SHOWN)
plots.show(
    fig,
    alt="Two rows of ten small pictures: handwritten digits from 0 to 9, and light "
    "silhouettes of animals on black, from bear to zebra, each with its name.",
)

# %% [markdown]
# To the model, nothing of the picture is left: it doesn't know which pixels are
# neighbours. (Later [convolutions](12 "locality") will.)
#
# What would something trivial do? Say the most common class. Or average all training
# images of a class to a **template**, and choose the nearest one.


# %%
baseline = {}
for name, data in SETS.items():
    (X, y), (X_valid, y_valid) = data["train"], data["valid"]
    templates = torch.stack([X[y == k].mean(dim=0) for k in range(10)])  # (10, 784)
    nearest = torch.cdist(X_valid, templates).argmin(dim=1)  # (1000,)
    common = (y_valid == y.bincount().argmax()).float().mean().item()
    baseline[name] = (nearest == y_valid).float().mean().item()
    print(f"{name}: most common class {common:.3f}, templates {baseline[name]:.3f}")
    assert common < 0.13
assert 0.75 < baseline["digits"] < 0.85 and 0.45 < baseline["animals"] < 0.6

# %% [markdown]
# ## The first image classifier, from scratch
# $784 \cdot 10 + 10 = 7850$ parameters, all 0 at first, and
# [mini-batch descent](03 "mini-batch") with the gradient from above. `bend` may be
# exchanged: with a sigmoid for the softmax the same loop trains ten detectors, since
# their gradient is $\mathbf P - \mathbf Y$, too. After 20 epochs five with a tenth of
# the rate let the noise of the small batches die away.


# %%
def descend(X, y, W, b, lr=0.2, num_epochs=20, bend=softmax, batch_size=50):
    """Mini-batch gradient descent: X (N, n), y (N,), W (n, K), b (K,) -> W, b."""
    Y = one_hot(y, len(b))
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            grad_W, grad_b = gradient(X[rows], Y[rows], W, b, bend)
            W, b = W - lr * grad_W, b - lr * grad_b
    return W, b


def classifier(X, y, bend=softmax, num_classes=10):
    """The recipe of this chapter: 20 epochs, then 5 with a small rate."""
    start = torch.zeros(X.shape[1], num_classes), torch.zeros(num_classes)
    W, b = descend(X, y, *start, bend=bend)
    return descend(X, y, W, b, lr=0.02, num_epochs=5, bend=bend)


models = {name: classifier(*data["train"]) for name, data in SETS.items()}
scores = {}
for name, (W, b) in models.items():
    Z, y = SETS[name]["valid"][0] @ W + b, SETS[name]["valid"][1]
    scores[name] = accuracy(Z, y).item()
    print(f"{name}: {scores[name]:.3f}, loss {cross_entropy(Z, y):.3f}", end=", ")
    print(f"templates {baseline[name]:.3f}")
    assert scores[name] > baseline[name] + 0.05

# %% [markdown]
# **Accuracy** is the share of the examples whose highest score is the label's. (In
# PyTorch `torch.max` along an axis returns a **pair**, the largest values and where
# they are; the second of them, or `argmax`, is the class.) A softmax isn't needed
# for it: it keeps the order.
#
# Without any knowledge of pictures the model reads about nine digits in ten, and about
# three animals in four.

# %% [markdown]
# ## The same in PyTorch
# The net ends in an `nn.Linear`: its outputs are **logits**. The loss does the rest.

# %%
X, y = SETS["digits"]["train"]
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
history = train(
    net,
    load_array((X, y), batch_size=50),
    [SETS["digits"]["valid"]],
    loss=nn.CrossEntropyLoss(),
    optimizer=torch.optim.SGD(net.parameters(), lr=0.2),
    num_epochs=15,
    device=try_gpu(),
    metrics={"accuracy": accuracy},
    progress=False,
)

# %%
net.to("cpu")
X_valid, y_valid = SETS["digits"]["valid"]
values, indices = net(X_valid).max(dim=1)  # a pair
by_max = (indices == y_valid).float().mean().item()
first, last = history["train_loss"][0], history["valid_accuracy"][-1]
print(f"untrained {math.log(10):.2f}, epoch 1 {first:.2f}; accuracy {by_max:.3f}")
assert first < math.log(10) / 2 and abs(by_max - last) < 1e-6
assert abs(by_max - scores["digits"]) < 0.02

# %% [markdown]
# **Look for:** where do the two losses part, and does the accuracy notice?

# %%
fig, axes = plots.figure(1, 2, width=4.4, height=2.9)
for ax, what in zip(axes, ("loss", "accuracy"), strict=True):
    curves = {part: history[f"{part}_{what}"] for part in ("train", "valid")}
    plots.curves(ax, range(1, 16), curves, "epoch", what)
plots.show(
    fig,
    alt="Left: training and validation loss against the epoch, both falling, the "
    "training loss lower at the end. Right: accuracies; training climbs above 0.92, "
    "validation levels out near 0.9.",
)
gap = history["valid_loss"][-1] - history["train_loss"][-1]
print(f"last epoch: validation loss minus training loss {gap:.3f}")
assert gap > 0.03 and history["train_accuracy"][-1] > 0.92 and 0.87 < last < 0.92

# %% [markdown]
# They part after the first few epochs; the accuracy on validation hardly notices. (In
# epoch 1 the training numbers are the worse ones: they are taken *while* it learns.)
# (`load_array` shuffles anew in each epoch.) Two numbers to keep in mind: a net that
# knows nothing sits at $\log 10 = 2.30$ with ten classes, and the first epoch should
# end far below that.
#
# ## What did it learn? Weights drawn as pictures
# Each class has 784 weights, one for each pixel: draw them as a picture. Blue pixels
# speak *for* the class if they are white in the image, red ones *against* it.

# %% [markdown] predict="weights_of_zero"
# **Predict.** What do the weights of the digit 0 look like in the very middle of the
# picture, where a 0 has its hole?
#
# - Close to 0, since zeros have no ink there.
#   wrong: only its own class thought to teach a detector. Pixels in which *others* have
#   ink say something, too.
# - Clearly negative.
#   right: ink in the middle is the best sign that this is some other digit, so it
#   counts against 0.
# - Positive, like all the weights of the digit that is looked for.
#   wrong: weights taken for a mean image. They are what tells classes apart.

# %%
pictures = {}
for name, (W, _) in models.items():
    pictures[name] = (W.T.reshape(10, 28, 28), SHOWN[name][1])  # (784, 10) -> pictures
middle = pictures["digits"][0][:, 11:17, 13:15].mean(dim=(1, 2))  # (10,)
print("mean weight in the middle:", {k: f"{w:.2f}" for k, w in enumerate(middle)})
assert middle.argmin() == 0 and middle[0] < -0.2

# %% [markdown]
# **Look for** the red middle of the 0; the frame in which no weight has any colour; and
# whether you recognise an animal.

# %%
fig = drawings.weights(pictures)
plots.show(
    fig,
    alt="Weights of the ten classes as pictures, blue positive, red negative. Digits: "
    "the 0 is a blue ring with a red middle, and the corners are blank in all ten. "
    "Animals: speckled pictures, with blue and red spots over the whole square.",
)


# %%
X, y = SETS["digits"]["train"]
never = X.max(dim=0).values == 0  # (784,) black in all 3,000 images
W_digits = models["digits"][0]
W_net = net[1].weight.T.detach()  # (10, 784) -> (784, 10)
print(
    f"{never.sum()} pixels are black in all training images; their weights: ours",
    end="",
)
print(f" {W_digits[never].abs().max():.2f}, nn.Linear's {W_net[never].abs().max():.3f}")
print(f"nn.Linear starts within 1/28 = {1 / 28:.3f}")
sums = W_digits.sum(dim=1).abs().max()
print(f"the ten weights of a pixel add up to {sums:.0e}")
assert never.sum() > 80 and W_digits[never].abs().max() == 0
assert 0.03 < W_net[never].abs().max() <= 1 / 28 and sums < 1e-4

# %% [markdown]
# The blank frame is pixels without ink in all training images. Their gradient
# $\mathbf X^\top (\mathbf P - \mathbf Y)$ is exactly 0, so they stay where they
# started: ours at 0, those of `nn.Linear` at small random numbers, for ever. Take the
# random start away, and the noise in the frame is gone.
#
# In the animals you may recognise little. One weight a pixel has to serve all images of
# a class, whichever way the animal looks and however large it is.

# %% [markdown]
# ## Which mistakes?
# Is the right answer at least among the best three? **Top-k accuracy** is the share of
# the examples whose label is among the $k$ highest scores. It is what you want where a
# person picks from a short list.


# %%
def top_k_accuracy(Z, y, k):
    """Share of the labels among the k highest scores: (N, K), (N,) -> float."""
    best = Z.topk(k, dim=1).indices  # (N, k)
    return (best == y.reshape(-1, 1)).any(dim=1).float().mean().item()


tops, logits = {}, {}
for name, (W, b) in models.items():
    X_valid, y_valid = SETS[name]["valid"]
    logits[name] = X_valid @ W + b  # (1000, 10)
    tops[name] = [top_k_accuracy(logits[name], y_valid, k) for k in (1, 2, 3, 10)]
    shown = ", ".join(f"{share:.3f}" for share in tops[name])
    print(f"{name}, top 1, 2, 3 and 10: {shown}; chance 0.1, 0.2, 0.3 and 1")
    assert tops[name][0] == accuracy(logits[name], y_valid) and tops[name][3] == 1
assert tops["digits"][2] > 0.96 and tops["animals"][2] > 0.88

# %% [markdown]
# Top 10 of ten is 1 for everybody, a coin included. Always compare with $k / K$.
#
# **Look for** the largest number off the diagonal. Do those two animals look alike?

# %%
X_valid, y_valid = SETS["animals"]["valid"]
matrix = confusion_matrix(logits["animals"].argmax(dim=1), y_valid, num_classes=10)
fig, ax = plots.figure(width=5.4, height=4.4)
plots.confusion(matrix, ax, ANIMALS, percent=True)
plots.show(
    fig,
    alt="Confusion matrix of the ten animals in percent of each row: the diagonal "
    "cell is the largest of each row; the errors are spread over many cells.",
)
wrong = matrix - matrix.diagonal().diag()
shares = wrong / matrix.sum(dim=1, keepdim=True)  # of each row, as in the figure
i, j = divmod(shares.argmax().item(), 10)
print(f"largest: {ANIMALS[i]} taken for {ANIMALS[j]}, {shares.max():.0%} of its row")
print(f"all errors: {wrong.sum()}, at most {wrong.max()} in one cell")
assert torch.equal(matrix.argmax(dim=1), torch.arange(10))
assert wrong.max() < 0.1 * wrong.sum() and shares[4, 2] > 0.09  # dogs said to be cats

# %% [markdown]
# Each animal is mostly taken for itself, and no pair makes a tenth of the errors; which
# pair is worst may change from one run to the next. Dogs taken for cats, two animals
# that do look alike, are always among the worst.
#
# ## What does a new class cost?
# Nine digits are in use; then the 9 is invented. A common opinion: with one against
# rest you train *one* new detector and keep the nine; a softmax must be trained anew,
# as all its classes share one sum. Try it. Column by column: all ten trained together;
# or the old nine frozen, and only the tenth trained, on all images.

# %%
(X, y), (X_valid, y_valid) = SETS["digits"]["train"], SETS["digits"]["valid"]
old, nines = y < 9, y_valid == 9
late = {}
for name, bend in {"one against rest": torch.sigmoid, "softmax": softmax}.items():
    W, b = classifier(X, y, bend)
    W_old, b_old = classifier(X[old], y[old], bend, num_classes=9)
    known = X @ W_old + b_old  # (3000, 9), the frozen nine
    w, c = torch.zeros(784, 1), torch.zeros(1)
    for rows in (r for _ in range(20) for r in torch.randperm(3000).split(50)):
        Z = torch.cat([known[rows], X[rows] @ w + c], dim=1)  # (50, 10)
        error = bend(Z)[:, 9:] - (y[rows] == 9).float().reshape(-1, 1)
        w, c = w - 0.2 * X[rows].T @ error / 50, c - 0.2 * error.mean(dim=0)
    Z_old = X_valid @ W_old + b_old
    ten = {"all ten": X_valid @ W + b}
    ten["frozen nine, one new"] = torch.cat([Z_old, X_valid @ w + c], dim=1)
    late[name] = [accuracy(Z, y_valid).item() for Z in ten.values()]
    late[name] += [accuracy(Z[nines], y_valid[nines]).item() for Z in ten.values()]
    print("{:16} all {:.3f}, {:.3f}; nines {:.2f}, {:.2f}".format(name, *late[name]))
    if bend is torch.sigmoid:
        claims = Z_old[nines] > 0  # (nines, 9): who says "mine"
claimed = claims.any(dim=1).float().mean().item()
by_4_or_7 = (claims[:, 4] | claims[:, 7]).float().mean().item()
print(f"nines that an old detector claims: {claimed:.0%}; 4 or 7: {by_4_or_7:.0%}")

# %%
rest, soft = late["one against rest"], late["softmax"]
assert abs(soft[1] - soft[0]) < 0.02 and abs(rest[1] - rest[0]) < 0.02
assert rest[3] < rest[2] - 0.02 and 0.45 < by_4_or_7 < 0.5 and by_4_or_7 <= claimed
assert soft[3] > rest[3]

# %% [markdown]
# The common opinion is half true. Freezing nine columns costs neither model much; the
# softmax can be extended by one column, too. But the nine old detectors have never seen
# a 9: the 4 or the 7 claims nearly half of the nines. So with one against rest fewer
# nines are found than with all ten trained. The softmax's new column is trained *in
# comparison* with the old ones, and learns to beat them.

# %% [markdown]
# ## When it says 90 %, is it right nine times in ten?
# Accuracy looks at the highest score only. A doctor, or a machine that sorts letters,
# wants to know which answers to trust. **Confidence** is the probability that the model
# gives to its own answer, the largest of the row. **Calibration** means: of the answers
# with confidence 0.9, nine in ten are right. (For
# [two classes](04 "calibrated") you have seen it.)
#
# A **reliability diagram** sorts the answers into bins by confidence and compares
# confidence and accuracy in each. The **expected calibration error** (ECE) is the mean
# distance of the two, each bin at its weight:
#
# $$\text{ECE} = \sum_{m} \frac{n_m}{N} \,
# \lvert \text{accuracy}_m - \text{confidence}_m \rvert$$
#
# with $n_m$ of the $N$ answers in bin $m$.


# %%
def reliability(P, y, num_bins=10):
    """Mean confidence, accuracy and count of each bin that isn't empty."""
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = (confidence * num_bins).long().clamp(max=num_bins - 1)  # 1.0: the last bin
    inside = [bins == m for m in range(num_bins) if (bins == m).any()]
    rows = [[confidence[m].mean(), right[m].mean(), m.sum()] for m in inside]
    return torch.tensor(rows).T  # (3, bins in use)


def calibration_error(P, y):
    confidence, right, count = reliability(P, y)
    return ((confidence - right).abs() * count / count.sum()).sum().item()


def error_by_chance(P, draws=30):
    """ECE of a perfectly calibrated model: labels are drawn from P itself."""
    labels = [torch.multinomial(P, 1).flatten() for _ in range(draws)]
    return sum(calibration_error(P, y) for y in labels) / draws


# %% [markdown]
# One more tool. Divide all logits by one number $T$ before the softmax, the
# **temperature**: $\operatorname{softmax}(\mathbf z / T)$. With $T > 1$ the shares come
# closer together, with $T < 1$ they part; the order, and with it the accuracy, stays.
# One number, chosen on **validation** data by the lowest NLL.


# %%
def best_temperature(Z, y):
    """The T of 400 between 0.1 and 60 with the lowest NLL."""
    candidates = torch.logspace(-1, math.log10(60), 400)
    losses = [cross_entropy(Z / T, y) for T in candidates]
    return candidates[torch.stack(losses).argmin()].item()


X_test, y_test = SETS["digits"]["test"]
W, b, done = torch.zeros(784, 10), torch.zeros(10), 0
stages, rows = {}, {}
for epochs in (1, 3, 10, 30, 100):
    W, b = descend(X, y, W, b, num_epochs=epochs - done)
    Z = X_valid @ W + b
    values = [
        accuracy(Z, y_valid).item(),
        W.norm().item(),
        best_temperature(Z, y_valid),
    ]
    stages[epochs], rows[epochs], done = (W, b), values, epochs

# %% [markdown] predict="after_one_epoch"
# **Predict.** After *one* epoch the model reads about 86 % of the digits. What is its
# mean confidence on digits that it hasn't seen?
#
# - Well above 86 %: such models are overconfident.
#   wrong: a true sentence about long training taken for one about all training. The
#   weights, and with them the logits, begin at 0.
# - About 86 %: cross-entropy rewards honest probabilities.
#   wrong: what holds at the lowest point of the loss taken for the way there. One epoch
#   is far from it.
# - Well below 86 %.
#   right: its scores are still small and close to each other, so the shares are, too;
#   the order is found long before the size.

# %%
W, b = stages[1]
P_one = softmax(X_test @ W + b)
sure, right = P_one.max(dim=1).values.mean().item(), accuracy(P_one, y_test).item()
print(f"after 1 epoch: right {right:.3f}, mean confidence {sure:.3f}")
for n, values in rows.items():
    print("{:3} epochs: accuracy {:.3f}, |W| {:4.1f}, T {:.2f}".format(n, *values))
(at_1, at_10, at_100), length, T = zip(rows[1], rows[10], rows[100], strict=True)
assert sure < right - 0.1 and T[0] < 0.75 and T[2] > 1.2
assert abs(at_100 - at_10) < 0.025 and length[2] > 2 * length[1]

# %% [markdown]
# The order is learned in a few epochs. After that mostly the *size* of the logits
# grows: too small at first (**underconfident**, $T < 1$), too large later
# (**overconfident**, $T > 1$). At the very bottom of the training loss, where
# [separable data](04 "linearly separable") send the weights off, the model should be
# surest of all. LBFGS goes (nearly) there.

# %%
bottom = fit(X, y, 10, cross_entropy, decay=0, max_iter=60)
assert accuracy(X @ bottom[0] + bottom[1], y) == 1  # they are separable
chosen = {"1 epoch": stages[1], "30 epochs": stages[30], "to the bottom": bottom}
diagrams, ece = {}, {}
for name, (W, b) in chosen.items():
    T = best_temperature(X_valid @ W + b, y_valid)
    Z = X_test @ W + b
    before, after = softmax(Z), softmax(Z / T)
    ece[name] = [calibration_error(P, y_test) for P in (before, after)]
    ece[name] += [error_by_chance(after), cross_entropy(Z, y_test).item()]
    ece[name] += [cross_entropy(Z / T, y_test).item(), T]
    title = f"{name}\nerror {ece[name][0]:.3f}, then {ece[name][1]:.3f}"
    steps = {"before": before, f"T = {T:.1f}": after}
    diagrams[title] = {key: reliability(P, y_test) for key, P in steps.items()}
    assert torch.equal(before.argmax(dim=1), after.argmax(dim=1))
    print(f"{name:13} right {accuracy(Z, y_test):.3f}, T {T:5.2f}: ", end="")
    line = "ECE {:.3f} -> {:.3f} (by chance {:.3f}), NLL {:.2f} -> {:.2f}"
    print(line.format(*ece[name][:5]))

# %% [markdown]
# **Look for** the side of the diagonal on which the large dots lie before, and where
# they go. A dot's size says how many answers it stands for; a small one scatters.

# %%
fig = drawings.reliability_diagrams(diagrams)
plots.show(
    fig,
    alt="Three reliability diagrams, before and after a temperature. After 1 epoch the "
    "large dots lie above the diagonal; after 30 epochs close to it; at the bottom of "
    "the training loss one large dot, at confidence 1, lies below it. With the "
    "temperature the large dots are close to the diagonal.",
)
young, grown, deep = ece.values()
assert young[0] > 0.1 and young[1] < 0.05 and deep[0] > 0.08 and deep[1] < 0.05
assert grown[0] < 0.045 and 0.8 < grown[5] < 1.3 and deep[5] > 2.5
assert deep[4] < deep[3] / 2 and max(e[2] for e in (young, grown, deep)) < 0.03

# %% [markdown]
# Above the diagonal: too modest. Below: too sure. One number mends both, and no answer
# changes. After 30 epochs there is nothing to mend.
#
# Mind the third number: even a *perfect* model has an ECE of about 0.02 here, because
# 1,000 digits in ten bins scatter. An error below that says nothing. And mend with the
# validation set, report on the test set: $T$ is a parameter like any other.

# %% [markdown]
# ## What goes wrong in practice
# Three slips, none of which raises an error. A model whose outputs already went through
# a softmax, in front of `nn.CrossEntropyLoss`, which applies its own: **softmax
# twice**. A **ReLU** (negative numbers to 0; it is [used between layers](07 "ReLU"))
# on the scores. And the softmax along the **wrong axis**.

# %% [markdown] predict="softmax_twice"
# **Predict.** The net for digits ends in a softmax, and `nn.CrossEntropyLoss` takes
# what it gives. It is trained like before. What do you see?
#
# - A loss that stays near 2.30; one digit in ten is right.
#   wrong: a damped signal taken for a dead one. The second softmax is flat, but it
#   rises where it should.
# - Nearly the right accuracy, and a loss that can't fall below 1.46.
#   right: the outer softmax gets numbers between 0 and 1, so it never says more than
#   0.23; the order is learned all the same.
# - Nearly the right loss, and far fewer right digits.
#   wrong: the roles exchanged. It is the loss that has a floor; accuracy asks for the
#   order only.


# %%
def slip_curve(loss, W, b, num_epochs=10):
    """Train with a loss of logits; -> its value in each epoch, W, b."""
    W, b, curve = W.clone().requires_grad_(), b.clone().requires_grad_(), []
    for _ in range(num_epochs):
        total = 0.0
        for rows in torch.randperm(len(X)).split(50):
            value = loss(X[rows] @ W + b, y[rows])
            grads = torch.autograd.grad(value, (W, b))
            with torch.no_grad():
                W -= 0.2 * grads[0]
                b -= 0.2 * grads[1]
            total += value.item() * len(rows)
        curve.append(total / len(X))
    return curve, W.detach(), b.detach()


LOSSES = {"right": F.cross_entropy}
LOSSES["softmax twice"] = lambda Z, y: F.cross_entropy(Z.softmax(dim=1), y)
LOSSES["ReLU on the scores"] = lambda Z, y: F.cross_entropy(Z.relu(), y)
LOSSES["wrong axis"] = lambda Z, y: F.nll_loss(Z.log_softmax(dim=0), y)
zeros = torch.zeros(784, 10), torch.zeros(10)
slips = {name: slip_curve(loss, *zeros) for name, loss in LOSSES.items()}

# %%
fig, ax = plots.figure(width=6.5, height=3.1)
curves = {name: curve for name, (curve, _, _) in slips.items()}
plots.curves(ax, range(1, 11), curves, "epoch", "training loss")
for level, text in ((math.log(10), "log 10"), (1.461, "1.46")):
    ax.axhline(level, color="0.6", lw=1, ls=":")
    ax.annotate(text, (10.6, level), color="0.3", va="center", annotation_clip=False)
ax.legend(loc="center left", bbox_to_anchor=(1.1, 0.5))
plots.show(
    fig,
    alt="Four training losses against the epoch. Right: falls below 0.3. Softmax "
    "twice: falls slowly and stays above 1.46. ReLU: level at log 10. Wrong axis: "
    "stays above 2.",
)

# %%
reached, ends = {}, {}
for name, (curve, W, b) in slips.items():
    reached[name], ends[name] = accuracy(X_valid @ W + b, y_valid).item(), curve[-1]
    print(f"{name:18} loss {ends[name]:.3f}, accuracy {reached[name]:.3f}")
floor = F.cross_entropy(torch.eye(10), torch.arange(10)).item()
most = torch.eye(10).softmax(dim=1).max().item()
print(f"softmax twice: loss at least {floor:.3f}, probability at most {most:.3f}")
_, W, b = slips["wrong axis"]
alone = (X_valid[:1] @ W + b).softmax(dim=0)
print("wrong axis, one digit alone:", alone[0].tolist())
assert ends["softmax twice"] > floor > 1.46 and most < 0.232
assert reached["right"] - 0.05 < reached["softmax twice"]
assert abs(ends["ReLU on the scores"] - math.log(10)) < 1e-4
assert reached["wrong axis"] < reached["right"] - 0.1 and (alone == 1).all()

# %% [markdown]
# **Softmax twice** hides in a good accuracy; its loss gives it away. Don't put a
# softmax in the net. **Outputs before the softmax are no probabilities**: apply it
# where a person reads them.
#
# **ReLU**, started at 0: no score can leave 0, since its slope there is 0. From a
# random start it can learn something, but a score below 0 has no slope: an image that
# gave its own class such a score can't pull it up.

# %% [markdown]
# **Wrong axis.** `dim=0` makes the *columns* add up to 1: the 50 digits of a batch
# compete for each class. One digit alone has no rival, and is every digit with
# certainty. Rows are examples, so classes are `dim=1`; if in doubt, print
# `P.sum(dim=1)`.
#
# The last slip is in the report. `F.cross_entropy` gives the mean of a *batch*. Sum it
# over the batches and divide by ... what?

# %%
W, b = models["digits"]
Z, losses, hits = X_valid @ W + b, [], []
for rows in torch.arange(1000).split(333):  # 333, 333, 333 and 1
    losses.append(cross_entropy(Z[rows], y_valid[rows]).item())
    hits.append(accuracy(Z[rows], y_valid[rows]).item())
true_loss, true_hits = cross_entropy(Z, y_valid).item(), accuracy(Z, y_valid).item()
print(f"all examples: loss {true_loss:.3f}, accuracy {true_hits:.3f}")
print(f"sum of the batches' losses / 1000 examples: {sum(losses) / 1000:.5f}")
print(f"mean of the batches' accuracies: {sum(hits) / 4:.3f}")
assert 300 < true_loss / (sum(losses) / 1000) < 350
assert abs(sum(hits) / 4 - true_hits) > 0.015

# %% [markdown]
# Divided by a wrong count, the loss is some three hundred times too good: whoever adds
# up 300 batch means and divides by 2,000 examples is proud of nothing. The mean of
# batch accuracies lets one digit count as much as 333
# ([batches of unequal size](05 "batch"), again).
#
# ## When classes have an order
# How many miles does a gallon take a [car](05 "Dataset")? Say it in eight grades, equal
# in number, from thirsty to economical. They are classes; but grade 3 *is* between 2
# and 4, and one grade off is a small mistake. Now the numbers are true. 60 cars to
# learn from, 30 times; the score is how many grades the answer is off, in the mean.


# %%
def by_number(X, grade, X_new, names):
    """Least squares on the grades' numbers; `names` renumbers them first."""
    A, A_new = (torch.cat([T, torch.ones(len(T), 1)], dim=1) for T in (X, X_new))
    line = torch.linalg.lstsq(A, names[grade].float().reshape(-1, 1)).solution
    said = (A_new @ line).flatten().round().clamp(0, 7).long()
    return names.argsort()[said]  # back to the grades


def by_softmax(X, grade, X_new):
    """-> the likeliest grade, and the mean grade by the probabilities, rounded."""
    W, b = fit(X, grade, 8, F.cross_entropy, decay=0.01, max_iter=60)
    P = softmax(X_new @ W + b)  # (M, 8)
    return P.argmax(dim=1), (P @ torch.arange(8.0)).round().long()


COLUMNS = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year"]
table = cars().dropna(subset=["mpg", "horsepower"])
X_cars = torch.tensor(table[COLUMNS].to_numpy()).float()
mpg = torch.tensor(table["mpg"].to_numpy())
grade = torch.bucketize(mpg, mpg.quantile(torch.arange(1, 8, dtype=mpg.dtype) / 8))

# %%
NAMES = ["by number", "numbers\nshuffled", "softmax,\nlikeliest", "softmax,\nmean"]
off = {name: [] for name in [*NAMES, "grade 3\nfor all"]}
for _ in range(30):
    order = torch.randperm(len(grade))
    seen, new = order[:60], order[60:]
    Z = (X_cars - X_cars[seen].mean(dim=0)) / X_cars[seen].std(dim=0)
    data = Z[seen], grade[seen], Z[new]
    answers = [by_number(*data, torch.arange(8)), by_number(*data, torch.randperm(8))]
    answers += [*by_softmax(*data), torch.full((len(new),), 3)]
    for name, said in zip(off, answers, strict=True):
        off[name].append((said - grade[new]).abs().float().mean().item())
fig = drawings.orders(off, "grades off, mean of the new cars")
plots.show(
    fig,
    alt="Dots for 30 splits, grades off in the mean. By number about 0.65; numbers "
    "shuffled above 2, and scattered; softmax, likeliest, about 0.8; softmax, mean, "
    "about 0.66; grade 3 for all about 2.",
)
number, shuffled, likeliest, mean, same = (sum(v) / 30 for v in off.values())
print(f"{number:.2f} {shuffled:.2f} {likeliest:.2f} {mean:.2f} {same:.2f}")
assert number < likeliest - 0.08 and mean < likeliest - 0.05 and shuffled > same

# %% [markdown]
# With few cars the plain line wins over the likeliest class, with 7 parameters against
# 56: it knows the order. Take the order away, by shuffling the
# numbers, and it is no better than one grade for all. The softmax doesn't know any
# order, so it loses nothing by shuffling, and it gains when you *decide* with the
# order: say the mean grade instead of the likeliest.
#
# Ask of your labels: is one of them *between* two others?

# %% [markdown]
# ## So, which digit is it?
# All is chosen. Train once more on training and validation images together, 4,000, and
# open the test set.

# %%
tested = {}
for name, data in SETS.items():
    (X, y), (X_test, y_test) = data["all"], data["test"]
    W, b = classifier(X, y)
    Z = X_test @ W + b
    templates = torch.stack([X[y == k].mean(dim=0) for k in range(10)])
    nearest = torch.cdist(X_test, templates).argmin(dim=1)
    tested[name] = [accuracy(Z, y_test).item(), cross_entropy(Z, y_test).item()]
    tested[name] += [(nearest == y_test).float().mean().item()]
    tested[name] += [top_k_accuracy(Z, y_test, 3)]
    line = "{}: right {:.3f}, loss {:.3f}; templates {:.3f}; top three {:.3f}"
    print(line.format(name, *tested[name]))
assert tested["digits"][0] >= 0.90 and tested["animals"][0] >= 0.74
assert tested["digits"][0] > tested["digits"][2] + 0.08
assert tested["animals"][0] > tested["animals"][2] + 0.18

metrics = {f"accuracy on test {name}": values[0] for name, values in tested.items()}
metrics["calibration error before a temperature"] = deep[0]
metrics["calibration error after it"] = deep[1]

# %% [markdown]
# ## Summary
# - Names are no numbers: **one-hot** labels. With a true order, numbers may be better.
# - One against rest: $K$ answers that don't fit together. The **softmax** compares:
#   log-odds of any two classes are differences of logits.
# - Softmax doesn't see shifts; so subtract the largest score (**log-sum-exp**).
# - **Cross-entropy** is the NLL of the log-softmax; gradient: softmax minus one-hot;
#   $\log K$ means "I don't know".
# - Keep **logits** in the net: no softmax, no ReLU before the loss; classes are
#   `dim=1`.
# - It is a linear model: one picture of weights a class, straight borders.
# - Accuracy says how often, **calibration** whether you may believe the confidence;
#   one **temperature** mends it without changing an answer.

# %% [markdown]
# ## Exercises and further reading
# In the exercise notebook you build the parts in other conventions, mend a classifier
# with a wrong axis, and give features to a model that can't see a ring.
#
# Try here: (1) Which decay in `fit` gives a temperature of 1 at the bottom? (2) Train
# the animals and their mirror images together. Does it help a linear model?
#
# [Dive into Deep Learning](https://d2l.ai): sections 3.4 to 3.7 in the edition of
# `d2l` 0.17 (softmax regression, the images, from scratch, concise); 4.1 to 4.5
# in the printed book.

# %% [markdown]
# - Shannon 1948, *A mathematical theory of communication*: entropy
# - Bridle 1990, who named the softmax in networks, *Probabilistic interpretation of
#   feedforward classification network outputs*
# - LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document
#   recognition*: MNIST
# - Murphy and Winkler 1977, *Reliability of subjective probability forecasts of
#   precipitation and temperature*
# - Guo, Pleiss, Sun and Weinberger 2017, *On calibration of modern neural networks*:
#   temperature scaling
#
# Next: what a stack of such layers can do once it bends (the multilayer perceptron).
