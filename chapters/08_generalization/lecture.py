# %% [markdown]
# # Generalization: will it still be right tomorrow?
# A model is right about every example that it has learned from. So is a person who has
# learned the answers of last year's exam by heart. What you want to know is another
# thing: will it be right about examples that it has never met?
#
# In this chapter you measure that, see it fail in both directions, and learn the tools
# against it: more data, validation, weight decay, dropout, early stopping. At the end
# you take a raw table of cars, with holes and words in it, all the way to a prediction.

# %% [markdown]
# You need [least squares](03 "normal equations"), [gradient descent](03), the
# [mini-batch](03), [SGD](03) with [momentum](03), [standardised](03 "standardise")
# columns, [imputing](01 "impute") and [indicator columns](01 "indicator column"),
# [cross-entropy](06), and nets with [hidden units](07 "hidden unit").

# %%
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.data import cars, diabetes, mnist
from utils.device import set_seed
from utils.drawings import generalization as drawings

plots.use_style()
set_seed(0)

# %% [markdown]
# ## Learning by heart
# 398 cars of 1970 to 1982, and how many miles each goes on a gallon of fuel (mpg). Here
# is a model that learns by heart: it writes every car into a dictionary. Of a car that
# it doesn't find, it says the mean of those that it knows.

# %%
table = cars().dropna(subset=["mpg"]).reset_index(drop=True)  # 398 rows
measured = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year"]
keys = [tuple(row) for row in table[measured].fillna(0).to_numpy()]
mpg = table["mpg"].to_numpy()  # (398,)
known, unknown = np.split(torch.randperm(len(table)).numpy(), [300])
memory, average = {keys[i]: mpg[i] for i in known}, mpg[known].mean()
guess = np.array([memory.get(key, average) for key in keys])  # (398,)
squared = (guess - mpg) ** 2
by_heart = {"known": squared[known].mean(), "unknown": squared[unknown].mean()}
of_average = ((average - mpg[unknown]) ** 2).mean()
print(f"error on the cars it knows   {by_heart['known']:.1f} mpg²")
print(f"error on the other 98 cars   {by_heart['unknown']:.1f} mpg²")
print(f"'every car is average' there {of_average:.1f} mpg²")
assert by_heart["known"] < 0.01 and by_heart["unknown"] > 0.9 * of_average

# %% [markdown]
# A perfect score on what it has seen, and no better than the mean on what it hasn't.

# %% [markdown]
# Two numbers, then, that must never be confused:
#
# $$R_\text{train} = \frac1N \sum_{i=1}^{N} \ell\big(f(x^{(i)}), y^{(i)}\big)
# \qquad
# R = \mathbb E_{(x, y) \sim P} \; \ell\big(f(x), y\big)$$
#
# - $\ell$: the loss of one example, such as the squared error
# - $R_\text{train}$: the **training error**, a mean over the $N$ examples learned from
# - $P$: where examples come from; $\mathbb E$: the mean over all that could come
# - $R$: the **generalization error**, what you will pay tomorrow
#
# $R$ can't be computed: nobody has all examples. But the mean over examples that were
# *put aside* is an honest estimate of it: the **test error**.

# %% [markdown]
# Honest under one condition: old and new examples are drawn from the same $P$, each on
# its own. They are **independent and identically distributed**, in short **i.i.d.**
# Remember this condition. At the end of the chapter we break it.

# %% [markdown]
# Why is the training error itself no honest estimate? Because the model was *chosen* to
# make it small. Whatever is chosen by a number makes that number look better than it
# is. This sentence comes back several times in this chapter.
#
# ## Capacity: how bent may the curve be?
# To see what happens between "learns nothing" and "learns by heart" we need a dial. A
# polynomial has one, its **degree** $d$:
#
# $$\hat y = w_0 + w_1 x + w_2 x^2 + \dots + w_d x^d$$
#
# It is linear in the weights, so least squares finds them: $x, x^2, \dots$ are columns
# like any other. How much a family of models can express is its **capacity**.


# %%
def hidden_truth(x):
    """The curve that the data follow, if there were no noise."""
    return torch.sin(4 * x + 1)


def draw(n, noise=0.3):
    """Draw n points: x uniform in [-1, 1], y = truth + noise: (n,), (n, 1) float64."""
    x = 2 * torch.rand(n, dtype=torch.float64) - 1
    y = hidden_truth(x) + noise * torch.randn(n, dtype=torch.float64)
    return x, y.reshape(-1, 1)


def powers(x, degree):
    """Columns x^0 ... x^degree: (n,) -> (n, degree + 1)."""
    return x.reshape(-1, 1) ** torch.arange(degree + 1)


def least_squares(A, y):
    """The shortest of all w that make the squared error of A w least."""
    return torch.linalg.lstsq(A, y, driver="gelsd").solution


def mse(A, w, y):
    """Mean squared error of the predictions A w."""
    return ((A @ w - y) ** 2).mean().item()


# %% [markdown]
# **Look for:** twenty points, three degrees. Which of the three curves would you trust
# at an `x` that has no point?

# %%
x, y = draw(20)
grid = torch.linspace(x.min(), x.max(), 200, dtype=torch.float64)
fig, axes = plots.figure(1, 3, width=3.1, height=3.0, sharey=True)
fits = {d: least_squares(powers(x, d), y) for d in (1, 5, 14)}
drawn = {f"degree {d}": powers(grid, d) @ w for d, w in fits.items()}
drawings.fits(axes, x, y, grid, hidden_truth(grid), drawn)
plots.show(
    fig,
    alt="Three panels with the same 20 points and the same dashed true curve. Degree 1 "
    "is a straight line far from the curve, degree 5 follows the curve, degree 14 "
    "follows the points and swings between them.",
)

# %%
on_seen = {d: mse(powers(x, d), w, y) for d, w in fits.items()}
curve = hidden_truth(grid)[:, None]
on_truth = {d: mse(powers(grid, d), w, curve) for d, w in fits.items()}
print("error on the points:    ", {d: f"{e:.3f}" for d, e in on_seen.items()})
print("distance from the truth:", {d: f"{e:.3f}" for d, e in on_truth.items()})
assert on_seen[14] < on_seen[5] < on_seen[1] and on_truth[5] < on_truth[1]
assert on_truth[14] > 2 * on_truth[5]

# %% [markdown]
# The line can't bend: **underfitting**. Degree 14 comes closest to the points and
# swings between them: it has fitted the noise, too. That is **overfitting**. Only the
# middle one would you trust.
#
# One draw of the data carries no claim. So we draw 100 times, fit all degrees from 0 to
# 12, and measure each fit on its 20 points and on 200 fresh ones.

# %% [markdown] predict="which_way_do_errors_go"
# **Predict.** The degree grows from 0 to 12. What do the two errors do?
#
# - Both fall, at first fast and then slowly.
#   wrong: a closer fit taken for a better model. The noise that is fitted doesn't come
#   again in new data.
# - The training error falls all the way, the validation error falls and then rises.
#   right: each new power can only help on the 20 points; on fresh ones it costs more
#   than it brings once the truth is bent enough.
# - Both fall and then rise together.
#   wrong: the training error thought to notice overfitting. It can't: a model with one
#   more column can always leave its weight at 0.
# - The training error reaches 0 at the best degree.
#   wrong: perfection on seen data taken for the goal. With noise in the data, error 0
#   means that the noise was learned.

# %%
degrees = range(13)


def both_errors(n, degrees):
    """Errors of each degree on n points learned from and on 200 fresh ones."""
    (x, y), (x_new, y_new) = draw(n), draw(200)
    pairs = []
    for d in degrees:
        w = least_squares(powers(x, d), y)
        pairs.append([mse(powers(x, d), w, y), mse(powers(x_new, d), w, y_new)])
    return torch.tensor(pairs)  # (degrees, 2)


errors = torch.stack([both_errors(20, degrees) for _ in range(100)])  # (100, 13, 2)
train_errors, valid_errors = errors.unbind(dim=2)  # (100, 13) each
middle_train, middle_valid = errors.quantile(0.5, 0).T  # (13,) each
best_degree = middle_valid.argmin().item()

# %% [markdown]
# **Look for:** where the curves part, and what the band does there. The axis is
# logarithmic.

# %%
fig, ax = plots.figure(width=6.5, height=3.6)
both = {"training, 20 points": train_errors, "validation, 200 fresh": valid_errors}
drawings.bands(ax, degrees, both, "degree", "mean squared error")
ax.axhline(0.09, color="0.4", lw=1, ls=":", label="noise alone: 0.3²")
ax.set(yscale="log", ylim=(0.01, 100))
ax.legend(loc="upper center")
plots.show(
    fig,
    alt="Median training and validation error against the degree, with a band for the "
    "middle half of 100 draws. The training error falls all the way and goes below the "
    "noise; the validation error falls to a valley at middle degrees and then rises "
    "steeply, and its band grows wide.",
)

# %%
low, high = valid_errors.quantile(0.25, 0), valid_errors.quantile(0.75, 0)  # (13,)
print(f"best degree {best_degree}, validation {middle_valid[best_degree]:.3f}")
print(f"degree  0: {middle_train[0]:.2f}, {middle_valid[0]:.2f}", end="; ")
print(f"degree 12: training {middle_train[12]:.2f}, validation {middle_valid[12]:.1f}")
assert (middle_train.diff() < 0).all() and middle_train[12] < 0.06
assert 4 <= best_degree <= 6 and middle_valid[best_degree] < 0.2
assert middle_valid[12] > 10 * middle_valid[0] > 20 * middle_valid[best_degree]
gap = middle_valid - middle_train
assert (gap > 0).all() and (gap[5:].diff() > 0).all() and high[12] > 100 * low[12]

# %% [markdown]
# On the left both errors are high and close to each other: underfitting. On the right
# they part: the **generalization gap**, validation minus training error, grows. And the
# training error goes *below* 0.09, which is what the true curve itself would get:
# whoever is closer to the points than the truth has fitted their noise.
#
# At degree 12 the fit is far worse than the constant of degree 0, and the band spans a
# factor of over a hundred: what you get depends on which 20 points you happened to
# draw. This dependence has a name.

# %% [markdown]
# ## Bias and variance
# Fit the same family to many training sets, and look at one $x$. Let $f$ be the truth
# there, $\hat y$ the prediction (it varies with the training set), $\bar y = \mathbb
# E[\hat y]$ its mean, and $y = f + \varepsilon$ a new label, its noise of variance
# $\sigma^2$. Then

# %% [markdown]
# $$\begin{aligned}
# \mathbb E (y - \hat y)^2 &= \mathbb E \big(\varepsilon + (f - \bar y) + (\bar y -
# \hat y)\big)^2\\
# &= \sigma^2 + (f - \bar y)^2 + \mathbb E (\bar y - \hat y)^2 + \text{mixed terms}\\
# &= \underbrace{\sigma^2}_{\text{noise}} + \underbrace{(f - \bar y)^2}_{\text{bias}^2}
# + \underbrace{\mathbb E (\hat y - \bar y)^2}_{\text{variance}}
# \end{aligned}$$
#
# The mixed terms are 0: $\varepsilon$ and $\bar y - \hat y$ have mean 0 and are
# independent, as the new label took no part in the training.
#
# **Bias**: what the family gets wrong *on average*. **Variance**: how much a fit
# depends on the luck of its training set. (This bias is not the $b$ of a layer.)
#
# To see both, we take 200 training sets with one point in each twentieth of the
# interval. (Where 20 free points leave a gap, one wild fit can hide all the others.)
#
# **Look for:** the bundle of thin lines on the left is narrow and wrong, in the middle
# right in the mean and wide. The third panel sums up.

# %%
inside = torch.linspace(-0.9, 0.9, 81, dtype=torch.float64)  # past the loose ends
target = hidden_truth(inside)
predictions = torch.zeros(len(degrees), 200, 81, dtype=torch.float64)
for s in range(200):
    x = (torch.arange(20) + torch.rand(20, dtype=torch.float64)) / 10 - 1
    y = hidden_truth(x)[:, None] + 0.3 * torch.randn(20, 1)
    for d in degrees:
        predictions[d, s] = (powers(inside, d) @ least_squares(powers(x, d), y))[:, 0]
bias2 = ((predictions.mean(dim=1) - target) ** 2).mean(dim=1)  # (13,)
variance = predictions.var(dim=1, correction=0).mean(dim=1)  # (13,)
new_labels = target + 0.3 * torch.randn(predictions.shape, dtype=torch.float64)
expected_error = ((predictions - new_labels) ** 2).mean(dim=(1, 2))  # (13,)

# %%
fig, axes = plots.figure(1, 3, width=3.3, height=3.1)
families = {f"degree {d}": predictions[d] for d in (1, 12)}
drawings.bundles(axes[:2], inside, target, families)
drawings.parts(axes[2], degrees, bias2, variance, expected_error, noise=0.09)
plots.show(
    fig,
    alt="Left: 40 straight lines close together, far from the dashed truth. Middle: 40 "
    "wavy fits of degree 12 around the truth, their mean on it. Right: squared bias "
    "falls from 0.5 to almost 0, variance rises; the sums lie on the measured error.",
)

# %%
total = bias2 + variance + 0.09
for d in (1, 5, 12):
    parts = f"bias² {bias2[d]:.4f} + variance {variance[d]:.4f} + noise 0.09"
    print(f"{d:2}: {parts} = {total[d]:.3f}, measured {expected_error[d]:.3f}")
assert ((total / expected_error - 1).abs() < 0.05).all()
assert bias2[1] > 30 * variance[1] and variance[12] > 30 * bias2[12]
assert (variance.diff() > 0).all() and bias2[5:].max() < 0.005
assert 0.45 < bias2[0] < 0.55 and bias2[12] < 3 * variance[12] / 200

# %% [markdown]
# The sum is right. Each power more costs variance, also where no bias is left to be
# removed: that is why the best degree lies in between. (The little that bias² rises at
# the right is variance, too: a mean of 200 fits still scatters, by a 200th of it.) And
# it says what to do. High bias: take a richer family. High variance: take a poorer one,
# or *more data*.
#
# ## More data
# Keep degree 12, the hopeless case, and change one thing: the number of points.

# %%
sizes = [16, 20, 30, 50, 100, 200, 400]
# (draws, sizes, degrees 12 and 1, training and validation)
curves = torch.stack(
    [torch.stack([both_errors(n, [12, 1]) for n in sizes]) for _ in range(60)]
)
learning, line = curves.unbind(dim=2)  # (60, 7, 2) each
last = curves[:, -1].quantile(0.5, 0)  # (2, 2)
print(f"400 points: degree 12 {last[0][1]:.3f}, the line {last[1][1]:.3f}, noise 0.09")
gaps = learning.quantile(0.5, 0).diff(dim=1)[:, 0]  # (7,) validation - training
print("gap of degree 12:", [f"{gap:.3g}" for gap in gaps.tolist()])
assert 0.085 < last[0][1] < 0.11 and last[1][1] > 3 * last[0][1]
assert gaps[-1] < 0.02 < 1 < gaps[1]

# %% [markdown]
# **Look for:** for degree 12 the curves meet near the noise. For the line they meet,
# too, but high up: data heal variance, never bias.

# %%
fig, axes = plots.figure(1, 2, width=4.2, height=3.2, sharey=True)
for ax, runs, name in zip(axes, (learning, line), ("12", "1"), strict=True):
    both = {"training": runs[..., 0], "validation": runs[..., 1]}
    drawings.bands(ax, sizes, both, "training points", "mean squared error", sizes)
    ax.axhline(0.09, color="0.4", lw=1, ls=":", label="noise")
    ax.set(yscale="log", ylim=(0.01, 1000), title=f"degree {name}")
    ax.legend(loc="upper right")
plots.show(
    fig,
    alt="Learning curves on log scales. Degree 12: a huge gap at 16 points closes, "
    "both errors end at the noise. Degree 1: both errors end close to each other, "
    "clearly above the noise.",
)

# %% [markdown]
# ## A second descent
# So a model must be smaller than its data? Nets have millions of weights and thousands
# of examples, and they work. Let us follow the dial past the point where one weight
# comes on each example.
#
# The columns are now **random features**: $m$ hidden ReLU units whose weights are drawn
# once and never trained. Only the last layer is fitted, by least squares, to $N = 40$
# examples of 10 numbers. Beyond $m = N$ there are many solutions with training error 0;
# `gelsd` takes the one with the **smallest norm**, the shortest $\mathbf w$.

# %%
widths = [5, 10, 20, 30, 36, 40, 44, 50, 60, 80, 120, 200, 400]
N_few = 40


def ridge(A, y, lam):
    """Least squares with lam * (sum of squared weights) added to the squared errors."""
    return torch.linalg.solve(A.T @ A + lam * torch.eye(A.shape[1]).to(A), A.T @ y)


def random_features(noise, lam=0.0):
    """For each width: error on 400 clean fresh examples, and the norm of w."""
    direction = F.normalize(torch.randn(10, 1), dim=0)
    V, b = torch.randn(10, 400) / 10**0.5, torch.randn(400) / 2
    X = torch.randn(N_few + 400, 10)
    A, truth = torch.relu(X @ V + b).double(), torch.tanh(X @ direction).double()
    y = truth[:N_few] + noise * torch.randn(N_few, 1).double()
    measured = []
    for m in widths:
        seen, fresh = A[:N_few, :m], A[N_few:, :m]
        w = ridge(seen, y, lam) if lam else least_squares(seen, y)
        measured.append([mse(fresh, w, truth[N_few:]), w.norm().item()])
    return torch.tensor(measured)  # (13, 2)


# %% [markdown] predict="past_the_peak"
# **Predict.** The training error reaches 0 at 40 features. What does the error on fresh
# examples do from 40 features to 400?
#
# - It stays where it is: the data are fitted, nothing is left to learn.
#   wrong: one solution imagined where there are many. Which of them is taken changes
#   with every column.
# - It goes on rising: more weights, more overfitting.
#   wrong: the number of weights taken for the capacity that is used. The shortest of
#   many solutions is tame.
# - It falls, in the end below the best small model.
#   right: the more columns there are, the shorter the shortest solution that fits.

# %%
settings = {"label noise 0.3": (0.3, 0), "no label noise": (0, 0)}
settings["noise 0.3, ridge 1"] = (0.3, 1)
descent = {
    name: torch.stack([random_features(*args) for _ in range(24)])  # (24, 13, 2)
    for name, args in settings.items()
}
middles = {name: runs.quantile(0.5, 0) for name, runs in descent.items()}  # (13, 2)

# %% [markdown]
# **Look for:** two of the three curves have a peak. Is it at the same number of
# features in both, and in both panels? The third curve has none there.

# %%
fig, axes = plots.figure(1, 2, width=4.4, height=3.4)
for k, ylabel in enumerate(["error on fresh examples", "norm of the weights"]):
    runs = {name: values[..., k] for name, values in descent.items()}
    drawings.bands(axes[k], widths, runs, "random features m", ylabel)
    axes[k].axvline(N_few, color="0.4", lw=1, ls=":")
    axes[k].set(xscale="log", yscale="log")
axes[1].get_legend().remove()
plots.show(
    fig,
    alt="Error and norm of the weights against the number of random features, on log "
    "scales. Without ridge both have a sharp peak at 40 features, as many as examples, "
    "and fall again beyond. With ridge neither has a peak at 40.",
)

# %%
noisy, clean, tamed = (middles[name][:, 0] for name in settings)
peak, first = widths.index(40), slice(0, 4)
for name, values in middles.items():
    low, top, end = values[first, 0].min(), values[peak, 0], values[-1, 0]
    print(f"{name:18} up to 30 features {low:.2f}, at 40 {top:.2f}, at 400 {end:.2f}")
assert noisy.argmax() == clean.argmax() == peak
assert all(middles[name][:, 1].argmax() == peak for name in list(settings)[:2])
assert noisy[peak] > 8 * noisy[first].min() and noisy[-1] < 0.85 * noisy[first].min()
assert clean[peak] > 4 * clean[first].min() and clean[-1] < 0.4 * clean[first].min()
assert tamed[peak:].max() < 1.3 * tamed.min()

# %% [markdown]
# **Double descent** (Belkin et al., 2019): down, up to a peak where features equal
# examples, and down again, below the first valley. Why the peak? At $m = N$ there is
# exactly one fit, whatever norm it needs: error and norm peak together. Take causes
# away:
#
# - without label noise the peak stays. So noise is not its cause;
# - with **ridge**, which puts a price on the norm, the peak is gone. The huge weights
#   were the cause.
#
# Capacity, then, is not the number of weights, but what the fit is *allowed* to do with
# them. With a good price on the norm all widths from 40 on are about equally good.

# %% [markdown]
# ## Choosing needs a third set
# Degree, width, price: who turns the dials, the **hyperparameters**? Not the training
# set: it would take degree 12. The test set, then? Watch what happens. Here are 200
# models that know nothing: each guesses "yes" or "no" by a coin. We keep the one that
# is best on the test set.

# %% [markdown] predict="best_of_200"
# **Predict.** 200 coins, a test set of 100 questions. What does the best coin score on
# the test set, and what on 10,000 new questions?
#
# - About 0.5 on both, as they are coins.
#   wrong: the best of many taken for a typical one. Among 200, one is lucky.
# - Well above 0.5 on the test set, and 0.5 on the new ones.
#   right: the choice was made by the luck on these 100 questions, and luck doesn't come
#   again.
# - Well above 0.5 on both: it was chosen, so it must know something.
#   wrong: a choice thought to give knowledge. It picked the luck, not the skill.

# %%
truth, new_truth = torch.randint(2, (20, 1, 100)), torch.randint(2, (20, 10_000))
coins = torch.randint(2, (20, 200, 100))  # the whole search is done 20 times
best_score = (coins == truth).float().mean(dim=2).amax(dim=1).mean().item()
thrown_again = torch.randint(2, (20, 10_000))  # what the 20 winners say next
new_score = (thrown_again == new_truth).float().mean().item()
print(f"best on the test set {best_score:.3f}, then {new_score:.3f}")
assert 0.60 < best_score < 0.66 and abs(new_score - 0.5) < 0.01

# %% [markdown]
# A score above 0.6 that means 0.5. Nobody cheated; the test set was only *used to
# choose*. So the data are split in three:
#
# - the **training set** sets the weights,
# - the **validation set** sets the hyperparameters, as often as you like,
# - the **test set** is opened once, when nothing will be changed any more.
#
# ## k-fold cross-validation
# With little data, a validation set is small and its verdict depends on luck. So let
# each example do both jobs: cut the shuffled table into $k$ **folds**, train $k$ times,
# each time on all folds but one, validate on that one, and take the mean.


# %%
def k_folds(num_rows, k):
    """Yield k pairs (training rows, validation rows) of a shuffled table."""
    parts = torch.randperm(num_rows).tensor_split(k)
    for i in range(k):
        others = [part for j, part in enumerate(parts) if j != i]
        yield torch.cat(others), parts[i]


fig, ax = plots.figure(width=5.0, height=2.2)
drawings.folds(ax, rows=20, k=5)
plots.show(
    fig,
    alt="Five lines of 20 marks, one line a round. In each round another stretch of "
    "four rows is held out for validation, the other sixteen are for training.",
)


# %%
def split_and_fold(n=40, degree=4):
    """Errors: one split, five folds; fresh points: the folds' models, one from all."""
    (x, y), (x_new, y_new) = draw(n), draw(500)
    A, A_new = powers(x, degree), powers(x_new, degree)
    scores, fresh = [], []
    for train, valid in k_folds(n, 5):
        w = least_squares(A[train], y[train])
        scores.append(mse(A[valid], w, y[valid]))
        fresh.append(mse(A_new, w, y_new))
    of_all = mse(A_new, least_squares(A, y), y_new)
    return [scores[0], sum(scores) / 5, sum(fresh) / 5, of_all]


# %%
estimates = torch.tensor([split_and_fold() for _ in range(1000)])  # (1000, 4)
low, middle, high = estimates.quantile(torch.tensor([0.25, 0.5, 0.75]), 0)
names = ["one split", "5 folds", "fresh, the 5 models", "fresh, one from all"]
for i, name in enumerate(names):
    print(f"{name:20} median {middle[i]:.3f}, half in {low[i]:.3f} to {high[i]:.3f}")
narrower = ((high - low)[0] / (high - low)[1]).item()
print(f"the folds' band is narrower by a factor of {narrower:.1f}")
assert narrower > 1.25 and middle[1] > 1.01 * middle[3]
assert middle[2] > 1.03 * middle[3] and abs(middle[1] / middle[2] - 1) < 0.06

# %% [markdown]
# Five folds cost five trainings, and their mean scatters less than one split of eight
# points. (Their training sets overlap, so they aren't five independent judges.) The
# folds' median is a little above that of one model from all 40 points on fresh ones.
# Are the folds wrong? No: on fresh points their five models, of 32 points each, have
# about the folds' median. Fewer points make a worse model, and the folds say so.

# %% [markdown]
# ## "My test score is above my training score: what have I swapped?"
# Perhaps the two sets: `report(test, train)` for `report(train, test)`. In the figure
# over the degrees, the points learned from have the lower median error at *every*
# degree: the gap was never negative. If "test" looks better, and by much, look at the
# arguments first. (An *error* is better when low, an *accuracy* when high: look at
# that, too.)

# %% [markdown]
# But there are two innocent reasons:
#
# 1. The training score was measured with a brake on: dropout, or a mean over the epoch
#    while the net was still learning. You see both below.
# 2. Luck, when the sets are small.
#
# How much luck? An accuracy $a$ over $n$ independent examples has the **standard
# error** $\sqrt{a (1 - a) / n}$: each example is a coin that shows "right" with
# probability $a$, of variance $a(1-a)$, and the variance of a mean of $n$ is a $n$-th.

# %% [markdown]
# Somebody reports 0.875 in training and 0.845 in the test, 200 examples each, and calls
# it overfitting. Let two sets come from a model that is right with probability 0.86 on
# *both*:

# %%
hits = torch.distributions.Binomial(200, torch.tensor(0.86)).sample((20_000, 2)) / 200
standard_error = (0.86 * 0.14 / 200) ** 0.5
share = ((hits[:, 0] - hits[:, 1]).abs() > 0.0299).float().mean()
print(f"standard error {standard_error:.3f}, drawn {hits.std():.3f}")
print(f"{share:.0%} of the pairs differ by 0.03 or more, without any overfitting")
assert abs(hits.std() - standard_error) < 0.002 and 0.3 < share < 0.5

# %% [markdown]
# So the difference tells nothing. Report a spread with every score: over seeds, over
# folds, or this formula.
#
# ## Weight decay
# Huge weights made the peak. Put a price on them: **weight decay**, also called
# **L2 regularisation** or ridge. With $\lambda$ as the price,
#
# $$\begin{aligned}
# J(\mathbf w) &= L(\mathbf w) + \tfrac{\lambda}{2} \sum_j w_j^2\\
# \nabla J &= \nabla L + \lambda \mathbf w\\
# \mathbf w - \eta \nabla J &= (1 - \eta \lambda) \, \mathbf w - \eta \nabla L
# \end{aligned}$$
#
# $L$: the loss on the data; $J$: what is now made small; $\eta$: the learning rate.
# Line three is an SGD step, and explains the name: before each step every weight
# *decays* by a factor a little below 1. In PyTorch it is `weight_decay=lam`.

# %%
X_sugar, y_sugar = (data.double() for data in diabetes())  # (442, 10), (442, 1)


def walk(optimizer_class, penalty=0.0, **kwargs):
    """100 steps from the same start; `penalty` is added to the loss by hand."""
    w = torch.full((10, 1), 0.5, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([w], lr=0.05, **kwargs)
    for _ in range(100):
        optimizer.zero_grad()
        loss = ((X_sugar @ w - y_sugar) ** 2).mean() / 2 + penalty / 2 * (w**2).sum()
        loss.backward()
        optimizer.step()
    return w.detach()


SGD, Adam, AdamW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
by_hand = walk(SGD, penalty=0.3)
print(f"SGD:   {(by_hand - walk(SGD, weight_decay=0.3)).norm():.1e} apart")
apart = (walk(Adam, penalty=0.3) - walk(AdamW, weight_decay=0.3)).norm().item()
print(f"Adam with a penalty and AdamW: {apart:.2f} apart")
assert torch.allclose(by_hand, walk(SGD, weight_decay=0.3)) and apart > 0.02

# %% [markdown]
# For SGD, decay and L2 are one and the same. For [Adam](03) they are two things: it
# divides the whole gradient by its usual size, and `Adam` divides the penalty with it.
# `AdamW` decays the weights on their own (Loshchilov and Hutter, 2019).
#
# One parameter is spared: **no decay on biases**. A bias bends nothing; it says where
# the middle is. Make the price visible: add 10 to every label, and fit with and without
# a price on the bias.


# %%
def residuals(X, y, lam, price_on_bias):
    """Ridge with a column of ones whose weight is paid for or not."""
    A = torch.cat([X, torch.ones(len(X), 1).to(X)], dim=1)
    price = torch.tensor([lam] * 10 + [lam * price_on_bias]).to(X) * len(X)
    return A @ torch.linalg.solve(A.T @ A + price.diag(), A.T @ y) - y


for paid in (False, True):
    errors = [(residuals(X_sugar, y_sugar + c, 0.3, paid) ** 2).mean() for c in (0, 10)]
    print(f"bias paid for: {paid}; error {errors[0]:.3f}, labels + 10: {errors[1]:.3f}")
    assert errors[1] > 5 if paid else torch.allclose(*errors)

# %% [markdown]
# ## L1 and L2 leave different weights
# Another price: $\lambda \sum_j |w_j|$, **L1 regularisation**, the **lasso**. Its
# gradient is $\lambda \, \text{sign}(w_j)$: the same pull on a large weight and on a
# tiny one, while that of L2 fades as $w_j$ shrinks. So L1 pulls a weight all the way to
# 0 and holds it there. The exact step: move by at most $\eta\lambda$ towards 0 and stop
# at 0 (**soft thresholding**).

# %%
prices = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]


def lasso(X, y, lam, lr=0.2, num_steps=400):
    """L1 by gradient steps, each followed by soft thresholding: -> w (n, 1)."""
    w = torch.zeros(X.shape[1], 1).to(X)
    for _ in range(num_steps):
        w = w - lr * X.T @ (X @ w - y) / len(X)
        w = w.sign() * (w.abs() - lr * lam).clamp(min=0)
    return w


l1_path = torch.cat([lasso(X_sugar, y_sugar, p).T for p in prices])  # (7, 10)
l2_path = torch.cat([ridge(X_sugar, y_sugar, p * 442).T for p in prices])  # (7, 10)

# %% [markdown]
# **Look for:** what becomes of the ten weights of the diabetes table as the price goes
# up: which of them end on the line at 0, and where?

# %%
fig, axes = plots.figure(1, 2, width=4.3, height=3.0, sharey=True)
kinds = {"L1: ten weights": l1_path, "L2: ten weights": l2_path}
drawings.paths(axes, prices, kinds)
plots.show(
    fig,
    alt="Two panels of ten weights against the price. With L1 one weight after the "
    "other reaches exactly 0, at the highest price all are 0. With L2 the larger come "
    "nearer to 0, four cross it, and none is exactly 0.",
)

# %%
zeros = {name: (path == 0).sum(dim=1).tolist() for name, path in kinds.items()}
print("weights that are exactly 0, by price:", zeros)
print("norm of the weights with L2:", [f"{v:.2f}" for v in l2_path.norm(dim=1)])
assert zeros["L1: ten weights"][-3:] == [6, 8, 10] and not any(zeros["L2: ten weights"])
assert (l2_path.norm(dim=1).diff() < 0).all()
assert (l2_path[0] * l2_path[-1] < 0).sum() == 4  # four have crossed the line at 0

# %% [markdown]
# L1 *selects* columns: at 0.1 four of ten are left. L2 *shrinks* the weights as a
# whole: their norm falls at each price. A single one may grow or change its sign, where
# columns say nearly the same and share the work anew. Which price is better is a
# question for validation.
#
# ## Dropout
# A third brake works inside the net. In each training step, set each hidden unit to 0
# with probability $p$, and divide the others by $1 - p$ (**inverted dropout**,
# Srivastava et al., 2014). With $m = 1$ for a unit that stays, else 0:
#
# $$\begin{aligned}
# h' &= \frac{m}{1 - p} \, h, \qquad P(m = 1) = 1 - p\\
# \mathbb E[h'] &= \frac{(1 - p) \cdot 1 + p \cdot 0}{1 - p} \, h = h
# \end{aligned}$$
#
# So it is **unbiased noise**: the next layer gets the same sum in the mean. At test
# time nothing is dropped and nothing is scaled.


# %%
def dropout(H, p, training):
    """Inverted dropout: H of any shape -> the same shape."""
    if not training:
        return H
    mask = (torch.rand(H.shape) >= p).to(H)
    return mask * H / (1 - p)


H = torch.full((1000, 100), 2.0)
ours, layer = dropout(H, 0.5, training=True), nn.Dropout(0.5)
print(f"mean {ours.mean():.3f}, values {ours.unique().tolist()}")
layer.eval()
assert abs(ours.mean() - 2) < 0.03 and set(ours.unique().tolist()) == {0.0, 4.0}
assert torch.equal(layer(H), H) and torch.equal(dropout(H, 0.5, False), H)

# %% [markdown]
# Three mistakes are common. Each shows in a mean:
#
# - "dropout is not used while training": it is used *only* while training;
# - no division by $1 - p$: the net meets sums at test time that are larger than
#   those it was trained with;
# - dividing in training *and* multiplying by $1 - p$ at test time. That second
#   factor belongs to the older kind, which doesn't divide.

# %%
forgotten = (dropout(H, 0.5, True) * 0.5).mean().item()  # the division is undone
print(f"test time 2.0; trained without the division: {forgotten:.2f}")
print(f"divided in training, rescaled at test time too: {(H * 0.5).mean():.2f}")
assert abs(forgotten - 1) < 0.02

# %% [markdown]
# ## Why noise makes smooth
# Why should noise help? For a linear model it can be computed. Add noise $\mathbf n$ of
# variance $\sigma^2$ to each input, anew in every step; the loss in the mean is
#
# $$\begin{aligned}
# \mathbb E \big(y - \mathbf w^\top (\mathbf x + \mathbf n)\big)^2
# &= (y - \mathbf w^\top \mathbf x)^2
# - 2 (y - \mathbf w^\top \mathbf x) \, \mathbf w^\top \mathbb E[\mathbf n]
# + \mathbb E (\mathbf w^\top \mathbf n)^2\\
# &= (y - \mathbf w^\top \mathbf x)^2 + \sigma^2 \textstyle\sum_j w_j^2
# \end{aligned}$$
#
# since $\mathbb E[\mathbf n] = 0$. **Noise on the inputs is weight decay.** Check it:
# copy the table 300 times, add noise, fit without any penalty.

# %%
copies = X_sugar.repeat(300, 1)  # (442 * 300, 10)
shaken = copies + 0.5 * torch.randn_like(copies)
gram, right_side = shaken.T @ shaken, shaken.T @ y_sugar.repeat(300, 1)
w_noise = torch.linalg.solve(gram, right_side)
w_ridge = ridge(X_sugar, y_sugar, 442 * 0.5**2)
w_plain = ridge(X_sugar, y_sugar, 0.0)
near, far = (w_noise - w_ridge).norm(), (w_noise - w_plain).norm()
print(f"distance to ridge {near:.4f}, to no penalty {far:.2f}")
assert near < 0.02 * far

# %% [markdown]
# A model whose output must not change when its inputs shake has small slopes: it is
# *smooth* (Bishop, 1995). Dropout shakes the [hidden units](07 "hidden unit").
#
# Its authors tell a second story: units learn to rely on particular others,
# **co-adaptation**; where any unit may be missing, each must be useful on its own.
# That is a claim, so we measure it below. First, train.
#
# ## Digits: decay and dropout, measured
# 500 digits for training, 500 for validation, 1,000 for the test. A net with 128 hidden
# units, three times: bare, with weight decay on the weights (not the biases), with
# dropout on the hidden units. Each with eight seeds.

# %%
(X_all, y_all), (X_test, y_test) = mnist(num_train=1000, num_test=1000)
X_all, X_test = X_all.flatten(1), X_test.flatten(1)  # (N, 1, 28, 28) -> (N, 784)
(X_train, X_valid), (y_train, y_valid) = X_all.split(500), y_all.split(500)


def digit_net(p):
    """784 pixels -> 128 hidden units, dropped with probability p -> 10 scores."""
    layers = nn.Linear(784, 128), nn.ReLU(), nn.Dropout(p), nn.Linear(128, 10)
    return nn.Sequential(*layers)


@torch.no_grad()
def scores(net, X, y):
    """Cross-entropy and accuracy in eval mode, without dropout."""
    net.eval()
    y_hat = net(X)
    accuracy = (y_hat.argmax(dim=1) == y).float().mean().item()
    return F.cross_entropy(y_hat, y).item(), accuracy


# %%
def one_epoch(net, optimizer):
    """Train on the 500 digits once: -> mean loss, measured in train mode."""
    net.train()
    total = 0.0
    for rows in torch.randperm(len(X_train)).split(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X_train[rows]), y_train[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows) / len(X_train)
    return total


def train_digits(p=0.0, weight_decay=0.0, num_epochs=20):
    """Train a net; -> it, (epochs, 4) train and valid scores, losses in train mode."""
    net = digit_net(p)
    weights = [w for w in net.parameters() if w.ndim > 1]
    biases = [b for b in net.parameters() if b.ndim == 1]
    groups = [{"params": weights, "weight_decay": weight_decay}, {"params": biases}]
    optimizer = torch.optim.SGD(groups, lr=0.05, momentum=0.9)
    history, braked = [], []
    for _ in range(num_epochs):
        braked.append(one_epoch(net, optimizer))
        history.append([*scores(net, X_train, y_train), *scores(net, X_valid, y_valid)])
    return net, torch.tensor(history), braked


methods = {"bare": {}, "decay": {"weight_decay": 0.01}, "dropout": {"p": 0.5}}
runs = {name: [train_digits(**kw) for _ in range(8)] for name, kw in methods.items()}
history = {name: torch.stack([h for _, h, _ in rs]) for name, rs in runs.items()}

# %% [markdown]
# **Look for:** on the left the loss, on the right the accuracy, both on the validation
# set. Which curves turn upwards on the left, and does the right panel notice?

# %%
fig, axes = plots.figure(1, 2, width=4.4, height=3.2)
for ax, k, ylabel in zip(axes, (2, 3), ("loss", "accuracy"), strict=True):
    shown = {name: values[..., k] for name, values in history.items()}
    drawings.bands(ax, range(1, 21), shown, "epoch", f"validation {ylabel}")
axes[0].set_ylim(0.4, 1.0)
axes[1].set_ylim(0.75, 0.92)
axes[1].get_legend().remove()
plots.show(
    fig,
    alt="Validation loss and accuracy over 20 epochs, with bands over eight nets. The "
    "loss of the bare net falls and then rises, with dropout it rises less, with decay "
    "hardly. The three accuracies rise to about 0.85 to 0.87; from epoch 10 on that of "
    "dropout is mostly the highest.",
)

# %%
ends = {name: values[:, -1] for name, values in history.items()}  # (8, 4) each
for name, end in ends.items():
    m, s = end.mean(0), end.std(0)
    print(f"{name:8} train {m[1]:.3f}, valid {m[3]:.3f} ± {s[3]:.3f}; ", end="")
    print(f"valid loss {m[2]:.3f} ± {s[2]:.3f}")
loss_at_end = {name: end[:, 2].mean().item() for name, end in ends.items()}
score_at_end = {name: end[:, 3].mean().item() for name, end in ends.items()}
lowest = history["bare"][..., 2].amin(dim=1).mean().item()
print(f"the bare net's lowest validation loss was {lowest:.3f}")
rise = {n: (v[:, -1, 2] / v[..., 2].amin(dim=1)) for n, v in history.items()}  # (8,)
print("end / lowest loss:", {n: f"{v.mean():.2f}" for n, v in rise.items()})

# %%
more = {name: score_at_end[name] - score_at_end["bare"] for name in methods}
lowest_dropout = history["dropout"][..., 2].amin(dim=1).mean().item()
print(f"accuracy above the bare net: decay {more['decay']:+.3f}", end=", ")
print(f"dropout {more['dropout']:+.3f}")
print(f"dropout's lowest validation loss was {lowest_dropout:.3f}")
assert rise["bare"].min() > 1.05 and rise["decay"].mean() < 1.04
assert rise["bare"].mean() > rise["dropout"].mean() > 1.04
assert lowest_dropout < lowest - 0.04
assert 1.12 * loss_at_end["decay"] < loss_at_end["bare"] > 1.08 * loss_at_end["dropout"]
assert 0.01 < more["dropout"] < 0.025 and 0 < more["decay"] < 0.01
assert more["dropout"] > more["decay"] + 0.002
assert min(end[:, 1].min() for end in ends.values()) > 0.99

# %% [markdown]
# Read it like a stranger. All three are right on every training digit, or nearly so,
# and they differ on the unseen ones:
#
# - **bare**: the loss turns upwards, the accuracy doesn't fall. So the net becomes more
#   certain also where it is wrong, and [cross-entropy](06) charges for that;
# - **decay**: a much lower loss that hardly turns; it gains less than a point of
#   accuracy;
# - **dropout**: the one that gains accuracy, one to two points. Its loss turns, too,
#   from a lower place and less steeply.
#
# And the training loss that `dropout` reports *while it learns*? It is measured with
# the brake on. Here it is in the third epoch, beside the validation loss after it, with
# all units present:

# %%
unseen = history["dropout"][:, 2, 2].mean().item()  # the third epoch
early_brake = np.mean([braked[2] for _, _, braked in runs["dropout"]])
print(f"epoch 3: loss while learning {early_brake:.2f}, validation {unseen:.2f}")
assert early_brake > unseen

# %% [markdown]
# In epoch 3 the validation loss is *lower* than the reported training loss, and nothing
# is swapped. So much for innocent reason number one.
#
# ## Do the units rely on each other?
# Take the trained nets, remove a random share $q$ of the hidden units, divide the rest
# by $1 - q$, and measure again.

# %% [markdown] predict="knock_out"
# **Predict.** Half of the hidden units are removed. Which net loses least?
#
# - The one with decay: its weights are small, so each unit matters little.
#   wrong: small weights taken for many that share the work. They are small, but they
#   were never asked to do without each other.
# - All lose the same, as the same number of units is gone.
#   wrong: units counted. It matters how the work was divided among them.
# - The one with dropout.
#   right: it has met such holes in each step of its training.

# %%
shares = [0.0, 0.25, 0.5, 0.75, 0.9]


@torch.no_grad()
def without_units(net, q, draws=5):
    """Validation accuracy with a random share q of the hidden units removed."""
    hidden, measured = net[1](net[0](X_valid)), []
    for _ in range(draws):
        stays = (torch.rand(128) >= q).float()  # the same units for all digits
        y_hat = net[3](hidden * stays / (1 - q))
        measured.append((y_hat.argmax(dim=1) == y_valid).float().mean().item())
    return np.mean(measured)


robust = {
    name: torch.tensor([[without_units(net, q) for q in shares] for net, _, _ in rs])
    for name, rs in runs.items()
}

fig, ax = plots.figure(width=5.5, height=3.2)
drawings.bands(ax, shares, robust, "share of units removed", "validation accuracy")
plots.show(
    fig,
    alt="Validation accuracy against the share of hidden units removed, with a band "
    "over eight nets. All three curves fall; the one trained with dropout is highest "
    "at every share that was removed.",
)

# %%
lost = {name: score_at_end[name] - v[:, 2].mean().item() for name, v in robust.items()}
print("lost with half of the units:", {name: f"{v:.3f}" for name, v in lost.items()})
assert lost["dropout"] < 0.65 * min(lost["bare"], lost["decay"])
middle = {name: v[:, 1:].quantile(0.5, 0) for name, v in robust.items()}  # (4,) each
assert (middle["dropout"] > middle["bare"] + 0.02).all()
assert (middle["dropout"] > middle["decay"] + 0.02).all()

# %% [markdown]
# The net with dropout loses least, so the claim about its units holds here. Is that
# *why* it generalises better? This experiment can't say. Be careful with such steps.
#
# ## "The last epoch fell: is that overfitting, and which epoch do I keep?"
# Take the dropout nets again. Their validation accuracy rises over 20 epochs. In how
# many single epochs does it fall?

# %%
steps = history["dropout"][:, 7:, 3].diff(dim=1)  # (8, 12): epochs 8 to 20
fell = (steps < 0).float().mean().item()
size = -steps[steps < 0].mean().item()
error_500 = (score_at_end["dropout"] * (1 - score_at_end["dropout"]) / 500) ** 0.5
print(f"{fell:.0%} of the late epochs fell, by {size:.4f} in the mean")
print(f"standard error of an accuracy over 500 digits: {error_500:.4f}")
assert 0.25 < fell < 0.65 and size < error_500

# %% [markdown]
# Up and down like that, with falls that are smaller in the mean than the standard
# error: **a single fall is noise**. Overfitting is a trend: the validation *loss* of
# the bare net, which turned and ended at least 5 % above its lowest in all eight runs.
#
# So keep the epoch with the lowest validation loss, and stop when it has not been
# beaten for some epochs, the **patience**. That is **early stopping**. Two details:
# keep a *copy* of the weights, since the net goes on changing; and a patience of 1
# stops at the first bad epoch, which is noise.


# %%
def early_stopping(patience, seed, max_epochs=20):
    """Train bare until `patience` epochs brought no lower validation loss."""
    set_seed(seed)  # the same walk for each patience
    net = digit_net(0.0)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    lowest, kept, best_epoch = float("inf"), None, 0
    for epoch in range(1, max_epochs + 1):
        one_epoch(net, optimizer)
        valid_loss, _ = scores(net, X_valid, y_valid)
        if valid_loss < lowest:
            lowest, best_epoch = valid_loss, epoch
            kept = {name: w.clone() for name, w in net.state_dict().items()}
        if epoch - best_epoch >= patience:
            break
    net.load_state_dict(kept)
    return net, best_epoch, epoch


# %%
stopped_loss = {}
for patience in (1, 5):
    results = [early_stopping(patience, seed) for seed in range(8)]
    kept, ran = [best for _, best, _ in results], [ran for *_, ran in results]
    losses = [scores(net, X_valid, y_valid)[0] for net, _, _ in results]
    stopped_loss[patience] = np.mean(losses)
    print(f"patience {patience}: kept {kept}, ran {ran}, loss {np.mean(losses):.3f}")
    assert max(ran) < 20
assert stopped_loss[5] < 0.93 * loss_at_end["bare"]
assert stopped_loss[5] < stopped_loss[1] - 0.005

# %% [markdown]
# A brake that *saves* time; and with a patience of 1 you stop too early: on the same
# walks a patience of 5 finds lower losses. Now we stop turning dials. The validation
# accuracy prefers dropout. The test set is opened, once; beside it a baseline that
# needs no training: the label of the nearest training digit.

# %%
chosen = max(score_at_end, key=score_at_end.get)
test_scores = torch.tensor([scores(net, X_test, y_test)[1] for net, *_ in runs[chosen]])
nearest = torch.cdist(X_test, X_train).argmin(dim=1)
nearest_score = (y_train[nearest] == y_test).float().mean().item()
print(f"{chosen}: test {test_scores.mean():.3f} ± {test_scores.std():.3f}", end="")
print(f", nearest digit {nearest_score:.3f}, the most common class about 0.1")
assert chosen == "dropout" and test_scores.mean() > nearest_score + 0.01

# %% [markdown]
# ## From a raw table to a prediction
# Back to the cars: the dictionary was no better than the mean. The raw table has
# numbers, words and holes:

# %%
print(table.loc[[0, 14, 32], ["name", "origin", "horsepower", "weight", "mpg"]])
holes = table.isna().sum()
print(holes[holes > 0].to_dict(), table["origin"].value_counts().to_dict())
assert holes["horsepower"] == 6 and len(table) == 398

# %% [markdown]
# Four decisions turn it into a matrix:
#
# 1. [Impute](01): fill a hole with the median of its column, and add a column that is 1
#    where there was a hole: that a value is missing may tell something.
# 2. [Indicators](01 "indicator column"): `origin` becomes three columns of 0 and 1. As
#    numbers 0, 1, 2 the words would get an order that they don't have.
# 3. Standardise the numbers.
# 4. The **log of the target**. A miss of 3 mpg is much at 10 and little at 45; what we
#    want is a small *relative* error, and
#    $\log \hat y - \log y = \log(\hat y / y) \approx (\hat y - y) / y$ when small.
#
# Medians, means and deviations come from the training rows alone.

# %%
origins = ["USA", "Europe", "Japan"]


def matrix(rows, reference):
    """Rows of the table -> (N, 10) float64, with the numbers of `reference`."""
    fill = reference[measured].median()
    base = reference[measured].fillna(fill)
    numbers = (rows[measured].fillna(fill) - base.mean()) / base.std()
    words = [(rows["origin"] == origin).to_numpy() for origin in origins]
    hole = rows["horsepower"].isna().to_numpy()
    columns = np.column_stack([numbers.to_numpy(), *words, hole])
    return torch.tensor(columns.astype(float))


def squares(X):
    """Add the products of all pairs of the six numbers: (N, 10) -> (N, 31)."""
    i, j = torch.triu_indices(6, 6)
    return torch.cat([X, X[:, i] * X[:, j]], dim=1)


def linear(X, y, X_new, lam):
    """Ridge with a free bias: predictions for X_new, (M, 1)."""
    mean_X, mean_y = X.mean(dim=0), y.mean()
    w = ridge(X - mean_X, y - mean_y, lam * len(X) + 1e-9)
    return (X_new - mean_X) @ w + mean_y


# %% [markdown]
# The candidates: the mean, a linear model, one with all squares and products at five
# prices, and a net of 32 hidden units with weight decay. 98 cars are put aside for the
# test; five folds of the other 300 decide. The score is the root of the mean squared
# error of the logarithm: 0.1 means "typically 10 % off".


# %%
def net_guess(X, y, X_new, hidden=32):
    """A small net, 150 steps of SGD with momentum on all rows: -> predictions."""
    net = nn.Sequential(nn.Linear(X.shape[1], hidden), nn.ReLU(), nn.Linear(hidden, 1))
    net, mean_y = net.double(), y.mean()
    weights, biases = [net[0].weight, net[2].weight], [net[0].bias, net[2].bias]
    groups = [{"params": weights, "weight_decay": 0.01}, {"params": biases}]
    optimizer = torch.optim.SGD(groups, lr=0.05, momentum=0.9)
    for _ in range(150):
        optimizer.zero_grad()
        F.mse_loss(net(X), y - mean_y).backward()
        optimizer.step()
    with torch.no_grad():
        return net(X_new) + mean_y


def with_squares(lam):
    """The linear model on all squares and products, at a price."""
    return lambda X, y, X_new: linear(squares(X), y, squares(X_new), lam)


def without_log(X, y, X_new):
    """The linear model of mpg itself; below 5 mpg its guess has no useful log."""
    return linear(X, y.exp(), X_new, 0).clamp(min=5).log()


candidates = {"mean": lambda X, y, X_new: y.mean().expand(len(X_new), 1)}
candidates |= {"linear, no log": without_log, "net": net_guess}
candidates["linear"] = lambda X, y, X_new: linear(X, y, X_new, 0)
for lam in (0.0, 0.001, 0.01, 0.1, 1.0):
    candidates[f"squares, price {lam}"] = with_squares(lam)


# %%
def log_error(guess, y):
    """Root of the mean squared error of the logarithms: the typical relative error."""
    return ((guess - y) ** 2).mean().sqrt().item()


shuffled = table.iloc[torch.randperm(len(table)).numpy()]
test, rest = shuffled[:98], shuffled[98:]
log_mpg = torch.tensor(np.log(rest[["mpg"]].values))  # (300, 1)
fold_errors = {name: [] for name in candidates}
for train_rows, valid_rows in k_folds(len(rest), 5):
    learned, held_out = rest.iloc[train_rows.numpy()], rest.iloc[valid_rows.numpy()]
    X, X_valid_cars = matrix(learned, learned), matrix(held_out, learned)
    for name, guess in candidates.items():
        guessed = guess(X, log_mpg[train_rows], X_valid_cars)
        fold_errors[name].append(log_error(guessed, log_mpg[valid_rows]))

cv = {name: np.mean(errors) for name, errors in fold_errors.items()}
for name, errors in sorted(fold_errors.items(), key=lambda item: np.mean(item[1])):
    print(f"{name:20} {np.mean(errors):.3f} ± {np.std(errors, ddof=1):.3f}")
best = min(cv, key=cv.get)
assert cv[best] < 0.125 < 0.3 < cv["mean"] and cv["linear"] < 0.9 * cv["linear, no log"]

# %% [markdown]
# **Look for:** each line is one fold, and folds differ in how hard they are. So compare
# along a line, not across. Which step down is the longest after the first?

# %%
fig, ax = plots.figure(width=6.5, height=3.2)
compared = ["mean", "linear, no log", "linear", "squares, price 0.01", "net"]
drawings.paired(ax, {name: fold_errors[name] for name in compared}, "relative error")
plots.show(
    fig,
    alt="Relative error of five models, a line for each of five folds. The mean is "
    "worst by far, the linear model without log comes next, the other three lie close "
    "together: one fold differs more from another than one of them from the next.",
)

# %%
gain = np.array(fold_errors["linear"]) - np.array(fold_errors["squares, price 0.01"])
print(f"chosen: {best}; linear minus squares: {gain.round(3)}; mean {gain.mean():.3f}")
between = np.ptp(fold_errors["linear"])
print(f"gain of the log {cv['linear, no log'] - cv['linear']:.3f}", end="")
print(f", best against worst fold of the linear model {between:.3f}")
assert 0 < gain.mean() < between and 0 < cv["linear"] - cv["net"] < between
assert cv["linear, no log"] - cv["linear"] > 2 * (cv["linear"] - cv[best])

# %% [markdown]
# The log is worth more than everything that comes after it. Squares or a net bring
# about a hundredth more at most: less than what lies between the best and the worst
# fold of one model.
#
# Now the test, once. And eight cars of the full table have no mpg at all. For them
# nobody knows the answer, so they are a **submission**: a table of names and
# predictions, as you hand it in.

# %%
X_rest, X_put_aside = matrix(rest, rest), matrix(test, rest)
truth = torch.tensor(np.log(test[["mpg"]].values))  # (98, 1)
guessed = candidates[best](X_rest, log_mpg, X_put_aside)
test_error = log_error(guessed, truth)
mean_error = log_error(candidates["mean"](X_rest, log_mpg, X_put_aside), truth)
print(f"test: relative error {test_error:.3f}, 'every car is average' {mean_error:.3f}")
full = cars()
unlabelled = full[full["mpg"].isna()]
prediction = candidates[best](X_rest, log_mpg, matrix(unlabelled, rest)).exp()[:, 0]
submission = unlabelled[["name"]].assign(mpg=prediction.numpy().round(1))
print(submission.to_string(index=False))
assert test_error < 0.16 < 0.25 < mean_error and len(submission) == 8
assert submission["mpg"].between(8, 45).all()

# %% [markdown]
# ## What goes wrong in practice: tomorrow is not today
# Everything so far held because test and training rows came from the same hat. Break
# that: learn from the cars until 1976, predict those after. That is **distribution
# shift**, and it is what "tomorrow" really means.

# %% [markdown] predict="cars_of_tomorrow"
# **Predict.** On shuffled rows, squares at price 0.01 are a little better than the
# linear model. And on the cars after 1976?
#
# - Still a little better: validation has shown it.
#   wrong: a verdict carried beyond what it was measured on. Folds of old cars say
#   nothing about new ones.
# - Equally good, as the differences were small anyway.
#   wrong: a small difference inside the data taken for a small one outside. Curves that
#   agree where the data are may part beyond them.
# - Clearly worse.
#   right: outside the years that were seen, nothing holds the squares; a line goes on
#   more tamely.

# %%
past, future = table[table["year"] <= 1976], table[table["year"] > 1976]
X_past, X_future = matrix(past, past), matrix(future, past)
y_past, y_future = (torch.tensor(np.log(t[["mpg"]].values)) for t in (past, future))
shift = {
    name: log_error(candidates[name](X_past, y_past, X_future), y_future)
    for name in ("mean", "linear", "squares, price 0.01", "squares, price 1.0")
}
for name, error in shift.items():
    print(f"{name:20} shuffled rows {cv[name]:.3f}, cars of tomorrow {error:.3f}")
assert shift["squares, price 0.01"] > 1.2 * shift["linear"] > 1.2 * 1.4 * cv["linear"]
assert shift["squares, price 1.0"] < shift["linear"] and cv[best] < cv["linear"]
assert cv["squares, price 1.0"] > 1.1 * cv["linear"] > 1.1 * cv["squares, price 0.01"]
metrics = {"relative error, test cars": test_error, "mean of all": mean_error}
metrics["accuracy with dropout, test digits"] = test_scores.mean().item()

# %% [markdown]
# The order is turned round. Take the freedom of the squares away, by a price of 1, and
# they are better than the line: what was worst of the three on shuffled rows is best
# tomorrow. So if you will predict tomorrow, validate on a tomorrow: hold out the *last*
# years, not random rows.

# %% [markdown]
# ## Summary
# - Training error is what was made small; generalization error is what you pay.
# - Capacity too low: bias. Too high for the data: variance. The error is the sum of
#   both and the noise. More data heal variance, not bias.

# %% [markdown]
# - What counts is the capacity that is *used*: beyond the peak at $m = N$ the
#   shortest fit is tame, and ridge removes the peak.
# - Choose on validation data or on folds; open the test set once. A score without a
#   spread is half a score.
# - Weight decay is L2 for SGD, not for Adam. L1 makes exact zeros. Spare the biases.
# - Dropout is unbiased noise, in training only.
# - One fall is noise. Keep the best epoch, by a copy.

# %% [markdown]
# ## Exercises and further reading
# The exercise notebook builds these tools by hand, and you mend a program that chose
# on its test set. Before you open it, guess, then try here:
#
# 1. Set the ridge of the second descent to 0.01. How much of the peak stays?
# 2. Give the digits 100 training examples. Which of the three methods gains most?
# 3. Fill the holes with 0 in place of the median. Does the error change? Why so little?
#
# In [Dive into Deep Learning](https://d2l.ai): the sections on model selection, weight
# decay, dropout and on predicting house prices, in the chapter on multilayer
# perceptrons (edition of `d2l` 0.17).

# %% [markdown]
# - Geman, Bienenstock and Doursat 1992, *Neural networks and the bias/variance dilemma*
# - Bishop 1995, *Training with noise is equivalent to Tikhonov regularization*
# - Tibshirani 1996, *Regression shrinkage and selection via the lasso*
# - Srivastava et al. 2014, *Dropout: a simple way to prevent neural networks from
#   overfitting*
# - Zhang et al. 2017, *Understanding deep learning requires rethinking generalization*
# - Belkin, Hsu, Ma and Mandal 2019, *Reconciling modern machine-learning practice and
#   the classical bias-variance trade-off*
# - Loshchilov and Hutter 2019, *Decoupled weight decay regularization*
#
# Next, [chapter 09](09): what is a module, and where does it keep its parameters?
