# %% [markdown]
# # Losses and distances: what should a mistake cost?
# Two people look at the same net. One says: it is off by 3 miles per gallon. The other
# says: for one car it is off by 200. Who is right, and which of the two should the net
# care about? You decide that, by one line of code: the loss.
#
# The second half asks the same of *things*: how far apart are two images? A distance,
# too, is a choice. In the end the net learns one.
#
# You need the [gradient](02), [likelihood](03), [cross-entropy](06), [softmax](06),
# [temperature](06), [binary cross-entropy](04), [MAE](05) on a [validation set](05),
# [nearest neighbour](01), an [MLP](07) and [gradient clipping](10).

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

from utils import plots
from utils.data import cars, mnist, penguins
from utils.device import set_seed
from utils.drawings import losses_and_distances as drawings

plots.use_style()
set_seed(0)

# %% [markdown]
# ## How far may one bad number move the line?
# A table says how heavy 398 cars are and how many miles they go with a gallon. Learn
# from 200 of them. Whoever typed the table lost the decimal point in 20 rows: 25.0
# became 250. Such numbers, far from all the others, are **outliers**.
#
# A [line](03 "affine") $\hat y = wx + b$ is fitted by gradient descent. What the loss
# changes is one thing: how strongly a **residual** $r = \hat y - y$ *pulls*. The pull
# is the slope of the loss in $r$:
#
# $$\frac{\partial}{\partial w} \frac1N \sum_i \ell(r_i)
# = \frac1N \sum_i \ell'(r_i) \, x_i$$
#
# - $\ell$: the loss of one example; $\ell'$: its slope
# - $N$: how many examples; $x_i, r_i$: weight and residual of car $i$

# %% [markdown]
# **L2 loss** (squared error): the pull grows with the residual. **L1 loss** (absolute
# error): every example pulls with strength 1, however far it is. Between the two stands
# the **Huber loss**: square near 0, straight beyond $\delta$. Its two pieces must meet,
# in value and in slope. That settles the formula, in three lines:
#
# $$\begin{aligned}
# \tfrac12 r^2 &\text{ has the slope } \delta \text{ and the value } \tfrac12 \delta^2
# \text{ at } r = \delta\\
# \text{so go on with } \delta \, |r| + c:\quad \delta^2 + c &= \tfrac12 \delta^2,
# \quad c = -\tfrac12 \delta^2\\
# \ell_\delta(r) &= \begin{cases} \tfrac12 r^2 & |r| \le \delta\\
# \delta \, (|r| - \tfrac12 \delta) & |r| > \delta \end{cases}
# \end{aligned}$$
#
# - $\delta$: how large a residual is still ordinary, in the unit of $y$


# %%
def huber(r, delta):
    """Squared up to delta, straight beyond: r of any shape -> the same shape."""
    return torch.where(r.abs() <= delta, r**2 / 2, delta * (r.abs() - delta / 2))


DELTA = 3.0  # miles per gallon
LOSSES = {"L2": lambda r: r**2 / 2, "L1": torch.abs}
LOSSES["Huber"] = lambda r: huber(r, DELTA)
PULLS = {"L2": lambda r: r, "L1": torch.sign}
PULLS["Huber"] = lambda r: r.clamp(-DELTA, DELTA)

r = torch.linspace(-8, 8, 161, requires_grad=True)
for name, loss in LOSSES.items():  # autograd agrees with the pulls
    (slope,) = torch.autograd.grad(loss(r).sum(), r)
    torch.testing.assert_close(slope, PULLS[name](r.detach()))
r = r.detach()
theirs = F.huber_loss(r, 0 * r, delta=DELTA, reduction="none")
torch.testing.assert_close(huber(r, DELTA), theirs)

# %% [markdown]
# **Look for:** where does the Huber loss leave the parabola? On the right: whose pull
# has a limit, and whose jumps?

# %%
shown = {name: loss(r) for name, loss in LOSSES.items()}
fig = drawings.losses_and_pulls(r, shown, {name: f(r) for name, f in PULLS.items()})
plots.show(
    fig,
    alt="Left: three losses against the residual: a parabola, a V, and a curve that is "
    "a parabola between -3 and 3 and straight outside. Right: their slopes: a straight "
    "line, a jump from -1 to 1 at 0, and a line that stays at -3 and 3 outside.",
)
at = torch.tensor(200.0)
pull_200 = {name: f(at).item() for name, f in PULLS.items()}
print("pull of a residual of 200:", pull_200)
assert pull_200 == {"L2": 200, "L1": 1, "Huber": DELTA}

# %% [markdown]
# Huber leaves the parabola at 3 and -3. L2's pull has no limit; L1's jumps at 0, so it
# can't settle: close to the goal it pulls as hard as far away. Huber has neither
# fault: its pull is L2's, limited for each example. (With [gradient clipping](10) the
# gradient of a whole batch is limited.)
#
# One more way to see it: let the model be a single number $c$ for all.
#
# $$\begin{aligned}
# \text{L2:}\quad \textstyle\sum_i (c - y_i) = 0 &\;\Rightarrow\;
# c \text{ is the mean}\\
# \text{L1:}\quad \textstyle\sum_i \operatorname{sign}(c - y_i) = 0 &\;\Rightarrow\;
# \text{as many below } c \text{ as above: the median}\\
# \end{aligned}$$

# %% [markdown] predict="largest_times_100"
# **Predict.** Nine people earn different wages. The model is one number for all, fitted
# with the L1 loss. Now the richest one earns a hundred times as much. What does the
# number do?
#
# - It grows, but less than the mean does.
#   wrong: a weak pull thought to grow a little. The pull is 1, before and after.
# - It stays exactly where it was.
#   right: only the *side* on which each person stands counts, and nobody has changed
#   sides.
# - It becomes the second largest wage, as the richest is ignored.
#   wrong: an outlier thought to be thrown out. The richest still counts as one above.

# %%
wages = torch.tensor([1.2, 1.5, 1.9, 2.0, 2.3, 2.4, 3.0, 3.1, 4.6]).double()
rich = wages.clone()
rich[-1] *= 100
candidates = torch.linspace(0, 80, 8001).double()  # steps of 0.01
best = {}
for name, loss in LOSSES.items():
    for who, data in (("before", wages), ("after", rich)):
        total = loss(candidates[:, None] - data).sum(dim=1)  # (8001, 9) -> (8001,)
        best[name, who] = candidates[total.argmin()].item()
    print(f"{name:6} {best[name, 'before']:5.2f}, then {best[name, 'after']:5.2f}")
assert abs(best["L1", "before"] - wages.median()) < 0.006
assert best["L1", "after"] == best["L1", "before"]
assert abs(best["L2", "after"] - rich.mean()) < 0.006 and best["L2", "after"] > 50
assert 0.05 < best["Huber", "after"] - best["Huber", "before"] < 0.2

# %% [markdown]
# The median stays, the mean runs away, Huber moves a little.
#
# ## Three regressions
# Now the cars. Three tables: typed well; 20 of 200 miles lost their decimal point; or
# 20 of 200 *weights* did. The [MAE](05) is measured on the other 198 cars, which were
# all typed well, ten times with other cars. Baseline: the median of the miles for
# everyone. L1's pull never shrinks, so the learning rate falls to 0, by a
# [schedule](10 "learning-rate schedule").


# %%
def line_by(pull, x, y, num_steps=400):
    """Fit a line by descent with a rate that falls to 0: -> slope, height."""
    mean, std = x.mean(), x.std()
    A = torch.stack([(x - mean) / std, torch.ones(len(x))], dim=1)  # (N, 2)
    w = torch.stack([torch.zeros(()), y.median()])
    for step in range(num_steps):
        w = w - (1 - step / num_steps) * A.T @ pull(A @ w - y) / len(y)
    return w[0] / std, w[1] - w[0] / std * mean


def damaged(x, y, what, count=20):
    """Copies of x and y whose first rows lost the decimal point in one column."""
    x, y = x.clone(), y.clone()
    if what != "typed well":
        {"weights": x, "miles": y}[what][:count] *= 10
    return x, y


table = cars().dropna(subset=["mpg", "weight"])
weight = torch.tensor(table["weight"].to_numpy()).float() / 1000  # 1000 lb
mpg = torch.tensor(table["mpg"].to_numpy()).float()

# %% [markdown] predict="bad_weights"
# **Predict.** Suppose that Huber saves the line from wrong *miles*. Does it save it
# from wrong *weights*, too, that is, from outliers in the input?
#
# - Yes: such a car has a large residual too, and its pull is limited.
#   wrong: only half of the pull looked at. It is the slope of the loss *times x*, and x
#   is ten times too large.
# - Yes, but less well than L1, whose pull is smaller.
#   wrong: the limit of the pull thought to be the whole defence. With x outside, L1's
#   pull is large as well.
# - No: all three lines become nearly useless.
#   right: a wild x is a long lever. Its pull on the slope is ten times as strong as it
#   should be, and the line turns until it is nearly level.

# %%
CASES = ["typed well", "miles", "weights"]
errors = {case: {name: [] for name in [*PULLS, "median"]} for case in CASES}
for _ in range(10):
    order = torch.randperm(len(mpg))
    seen, new = order[:200], order[200:]
    for case in CASES:
        x, y = damaged(weight[seen], mpg[seen], case)
        for name, pull in PULLS.items():
            slope, height = line_by(pull, x, y)
            off = (slope * weight[new] + height - mpg[new]).abs().mean()
            errors[case][name].append(off.item())
        errors[case]["median"].append((y.median() - mpg[new]).abs().mean().item())
error = {case: {n: sum(v) / 10 for n, v in e.items()} for case, e in errors.items()}
for case, by_name in error.items():
    print(f"{case:10}", {name: round(value, 2) for name, value in by_name.items()})

# %%
well, miles, weights = (error[case] for case in CASES)
assert max(well[name] for name in PULLS) - min(well[name] for name in PULLS) < 0.1
assert miles["L2"] > 18 > 2 * miles["median"]
assert max(miles["L1"], miles["Huber"]) < well["L2"] + 0.15 < miles["median"] - 2.8
assert min(weights[name] for name in PULLS) > weights["median"] - 0.3

x, y = damaged(weight[seen], mpg[seen], "weights")
there = x < 8  # no car weighs 8,000 lb
slope, height = line_by(PULLS["L2"], x[there], y[there])
cleaned = (slope * weight[new] + height - mpg[new]).abs().mean().item()
print(f"L2 without the {(~there).sum()} cars of 8,000 lb and more: {cleaned:.2f}")
assert cleaned < weights["Huber"] - 2.5

# %% [markdown]
# **Look for:** which lines leave the grey cloud? The crosses of the middle panel lie
# above its frame.

# %%
panels = {}
for case in CASES:
    x, y = damaged(weight[seen], mpg[seen], case)
    fits = {name: line_by(pull, x, y) for name, pull in PULLS.items()}
    wrong = (x != weight[seen]) | (y != mpg[seen])
    panels[case if case == "typed well" else f"20 wrong {case}"] = (x, y, wrong, fits)
fig = drawings.lines(panels, "weight (1000 lb)", "miles per gallon", (0, 80))
plots.show(
    fig,
    alt="Three panels with 200 cars and three lines. Typed well: all three lines fall "
    "through the cloud, close together. Wrong miles: L1 and Huber stay in the "
    "cloud, L2 passes far above the middle of it. Wrong weights: crosses far to the "
    "right, and all three lines are nearly level.",
)

# %% [markdown]
# - Typed well: the three differ by less than 0.1 miles.
# - Wrong miles: L2 is off by about 20, far worse than the baseline. L1 and Huber don't
#   notice the wrong rows.
# - Wrong weights: none is better than the baseline by more than 0.3. This has a name:
#   a **leverage point**. No loss of the residual helps. Looking at the inputs does:
#   without the impossible weights even L2 is good.
#
# So why not always L1? Because it throws something away, too: *how far*. If the noise
# is a bell, that is knowledge. And because a median is not a mean: who must know what
# 1,000 cars burn *in total* needs the mean.

# %%
bell = torch.randn(2000, 101)  # 2,000 times 101 numbers around 0
spread = {"mean": bell.mean(dim=1).std(), "median": bell.median(dim=1).values.std()}
ratio = (spread["median"] / spread["mean"]).item()
theory = math.sqrt(math.pi / 2)
print(f"median scatters {ratio:.2f} times as far as the mean; theory {theory:.2f}")
assert 1.17 < ratio < 1.34

# a small delta makes a small pull: divide by it to step as far
for delta in (0.03, 0.3, 3.0, 30.0, 300.0):
    x, y = damaged(weight, mpg, "miles", 40)
    slope, height = line_by(lambda r, d=delta: r.clamp(-d, d) / min(d, 1), x, y)
    off = (slope * weight + height - mpg)[40:].abs().mean().item()
    print(f"delta {delta:6}: off by {off:.2f}")
    assert off < 3.6 if delta <= 3 else off > 4.5

# %% [markdown]
# With bells, the median needs about $\pi / 2 = 1.57$ times as many examples for the
# same spread ($1.25^2$). That is the price of insurance.
#
# And $\delta$ decides which of the two Huber is: small, it is L1; large, L2. Take about
# the size of an ordinary residual. Note the *unit*: $\delta = 1$, the default of
# `nn.HuberLoss`, means one mile per gallon here and would mean something else for
# kilometres.
#
# ## Mean, sum or none?
# Each loss in PyTorch has a `reduction`: `"mean"` (the default), `"sum"`, `"none"`
# (one number an example, to be weighted or looked at). Three details give wrong numbers
# without an error:

# %%
y_hat, y = torch.tensor([[1.0, 5.0], [2.0, 0.0]]), torch.zeros(2, 2)
values = {kind: F.huber_loss(y_hat, y, reduction=kind) for kind in ("mean", "sum")}
each = F.huber_loss(y_hat, y, reduction="none")
print("each", each.tolist(), "mean", values["mean"].item(), "sum", values["sum"].item())
assert values["sum"] == each.sum() == 4 * values["mean"]

smooth = F.smooth_l1_loss(y_hat, y, beta=2.0, reduction="none")
theirs = F.huber_loss(y_hat, y, delta=2.0, reduction="none")
torch.testing.assert_close(smooth, theirs / 2)
print("MSELoss has no 1/2 in front:", F.mse_loss(torch.tensor(3.0), torch.tensor(0.0)))
assert F.mse_loss(torch.tensor(3.0), torch.tensor(0.0)) == 9

for kind in ("mean", "sum"):
    w = torch.zeros(1, requires_grad=True)
    F.mse_loss(w.expand(1000), torch.ones(1000), reduction=kind).backward()
    print(f"{kind}: gradient {w.grad.item():.0f} with 1,000 examples")
assert w.grad == -2000

# %% [markdown]
# 1. `"mean"` divides by *all numbers*, not by examples: with two outputs, by $2N$.
# 2. A sum makes the gradient grow with the batch: a learning rate that was right for 10
#    examples is 100 times too large for 1,000.
# 3. The same loss has two names and two scales: `smooth_l1_loss(beta)` is
#    `huber_loss(delta)` divided by $\delta$. And `MSELoss` is not halved.
#
# ## How wrong is a distribution? The Kullback-Leibler divergence
# Now the truth is a *distribution* $\mathbf p$, and a model says $\mathbf q$. The
# [cross-entropy](06) is what you pay, the entropy is what nobody can avoid. The
# difference is the price of believing $\mathbf q$, the **Kullback-Leibler divergence**
# (KL divergence, relative entropy):
#
# $$D(\mathbf p \,\|\, \mathbf q) = H(\mathbf p, \mathbf q) - H(\mathbf p)
# = \sum_k p_k \log \frac{p_k}{q_k}$$

# %% [markdown]
# - $p_k, q_k$: true and believed probability of outcome $k$; where $p_k = 0$ the term
#   is 0
#
# It is never negative, and 0 only for equal distributions. Three lines, with
# $\log t \le t - 1$ (the [tangent](02 "derivative") at 1 lies above the logarithm):
#
# $$\begin{aligned}
# -D(\mathbf p \,\|\, \mathbf q) &= \sum_k p_k \log \frac{q_k}{p_k}\\
# &\le \sum_k p_k \left( \frac{q_k}{p_k} - 1 \right)\\
# &= \sum_k q_k - \sum_k p_k \le 0
# \end{aligned}$$
#
# (The sums run over the $k$ with $p_k > 0$.) As $H(\mathbf p)$ doesn't depend on the
# model, **to minimise the cross-entropy is to minimise the KL divergence**.


# %%
def kl(p, q):
    """D(p || q) in nats; outcomes along the last axis; p = 0 adds nothing."""
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)


p, q = torch.tensor([0.5, 0.4, 0.1]), torch.tensor([0.2, 0.2, 0.6])
print(f"D(p||q) = {kl(p, q):.3f}, D(q||p) = {kl(q, p):.3f}, D(p||p) = {kl(p, p):.3f}")
assert abs(kl(p, q) - kl(q, p)) > 0.1 and kl(p, p).abs() < 1e-7
with_entropy = F.cross_entropy(q.log()[None], p[None]) - torch.special.entr(p).sum()
torch.testing.assert_close(kl(p, q), with_entropy)

right = F.kl_div(q.log(), p, reduction="sum")  # log q first, then p
swapped = F.kl_div(p.log(), q, reduction="sum")
no_log = F.kl_div(q, p, reduction="sum")
print(f"F.kl_div: {right:.3f}; swapped {swapped:.3f}; without the log {no_log:.3f}")
torch.testing.assert_close(right, kl(p, q))
torch.testing.assert_close(swapped, kl(q, p))
assert no_log < 0  # no divergence at all

# %% [markdown]
# Mind the order in PyTorch: `F.kl_div(log_q, p)`, first the model's *log* of the
# probabilities, then the truth. It is $D(\mathbf p \,\|\, \mathbf q)$, written from the
# right. A negative value tells you that the log is missing. For a batch say
# `reduction="batchmean"`: `"mean"` divides by all $N K$ numbers.
#
# KL is no distance: $D(\mathbf p \,\|\, \mathbf q) \ne D(\mathbf q \,\|\, \mathbf p)$.
# Does it matter which one you take?

# %% [markdown] predict="two_humps"
# **Predict.** People get on a bus at all hours, most around 8 and around 17:30. You may
# describe that by *one* bell $\mathbf q$ with a middle and a width, and choose it by
# the lowest $D(\mathbf q \,\|\, \mathbf p)$, with the roles swapped. Where does it
# stand?
#
# - In the middle of the day, and wide, to cover both humps.
#   wrong: the answer for the other order. In $D(\mathbf p \,\|\, \mathbf q)$ each true
#   passenger whom the model calls impossible costs much.
# - On one hump, and narrow.
#   right: now the sum is weighted with $\mathbf q$. Only where the *model* is, it is
#   punished, so it avoids the empty noon.
# - In the same place for both orders, only the value differs.
#   wrong: the two thought to be one measure in two units. They have different lowest
#   points.

# %%
hour = torch.arange(0, 24, 0.5) + 0.25  # (48,) middles of half hours


def bell_shares(middle, width):
    """Shares (48,) of the half hours under a bell."""
    return torch.softmax(-(((hour - middle) / width) ** 2) / 2, dim=0)


def minimise(loss, start):
    """The numbers z that minimise loss(z), by Rprop: only signs of slopes count."""
    z = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.Rprop([z], lr=0.1)
    for _ in range(150):
        optimizer.zero_grad()
        loss(z).backward()
        optimizer.step()
    return z.detach()


# %%
riders = 0.55 * bell_shares(8.0, 1.2) + 0.4 * bell_shares(17.5, 1.5) + 0.05 / 48
LOWEST = {  # z: the middle, and the log of the width
    "D(p || q)": lambda z: kl(riders, bell_shares(z[0], z[1].exp())),
    "D(q || p)": lambda z: kl(bell_shares(z[0], z[1].exp()), riders),
}
found = {}
for name, loss in LOWEST.items():
    ends = [minimise(loss, [start, 1.0]) for start in (6.0, 12.0, 20.0)]
    middle, width = min(ends, key=loss)
    found[name] = middle.item(), width.exp().item()
    print(name, "middle {:.2f} h, width {:.2f} h".format(*found[name]))
mean = (riders * hour).sum()
std = ((riders * (hour - mean) ** 2).sum()).sqrt()
print(f"mean of the riders {mean:.2f} h, standard deviation {std:.2f} h")
assert abs(found["D(p || q)"][0] - mean) < 0.2 and found["D(p || q)"][1] > 4
assert abs(found["D(q || p)"][0] - 8) < 0.3 and found["D(q || p)"][1] < 1.6

# %% [markdown]
# **Look for:** which bell says that people get on at noon?

# %%
fits = {f"lowest {name}": bell_shares(*end) for name, end in found.items()}
fig = drawings.bells(hour, riders, fits, "hour of the day")
fig.axes[0].set_xticks(range(0, 25, 4))
plots.show(
    fig,
    alt="Grey bars with two humps around 8 and 17.5 hours. One line is a wide bell "
    "around noon, low everywhere. The other is a narrow bell on the morning hump.",
)

# %% [markdown]
# The one with $D(\mathbf p \,\|\, \mathbf q)$: it covers everything
# (**mass-covering**) and stands where hardly anybody gets on. Training by cross-entropy
# is this one. The other seeks one hump (**mode-seeking**) and forgets the evening.
#
# ## Soft targets: label smoothing, and focal loss
# A one-hot target asks for probability 1, so logits run to infinity
# ([separable data](04 "linearly separable")). **Label smoothing** asks for a bit less:
# $1 - \varepsilon$ for the class and $\varepsilon$ spread over all $K$. The loss is the
# cross-entropy with that target, and by the last section it is lowest where the model
# *says* that target.
#
# **Focal loss** does something else: it multiplies the cross-entropy by
# $(1 - p_y)^\gamma$, so that easy examples, with $p_y$ near 1, hardly count.

# %%
K, eps, gamma = 10, 0.1, 2.0
Z, y = torch.randn(6, K), torch.tensor([3, 1, 4, 1, 5, 9])
soft = (1 - eps) * F.one_hot(y, K) + eps / K  # (6, K)
smoothed = F.cross_entropy(Z, y, label_smoothing=eps)
torch.testing.assert_close(smoothed, F.cross_entropy(Z, soft))
top = 1 - eps + eps / K
print(f"lowest where the class has {top:.2f}: a logit {math.log(top / 0.01):.2f} ahead")
assert abs(math.log(top / (eps / K)) - 4.51) < 0.01

easy, hard = torch.full((1000,), 0.95), torch.full((10,), 0.1)  # p of the true class
shares = {}
for name, power in (("cross-entropy", 0.0), ("focal loss", gamma)):
    sums = [(-((1 - p) ** power) * p.log()).sum().item() for p in (easy, hard)]
    shares[name] = sums[1] / sum(sums)
    print(f"{name:13} 1,000 easy {sums[0]:5.1f}, 10 hard {sums[1]:5.1f}")
q = torch.linspace(0.01, 0.99, 99)  # what is said where the truth is 0.8
mixed = -0.8 * (1 - q) ** gamma * q.log() - 0.2 * q**gamma * (1 - q).log()
lowest = q[mixed.argmin()].item()
print(f"focal loss is lowest at {lowest:.2f} where the true probability is 0.80")
assert lowest < 0.75
assert shares["cross-entropy"] < 0.35 and shares["focal loss"] > 0.99

# %% [markdown]
# In cross-entropy a thousand easy examples outvote ten hard ones; in focal loss the ten
# make up nearly the whole sum. That was made for detectors, where nearly every place of
# an image is easy background. It costs something: the lowest point is no longer the
# true probability, so the outputs aren't [calibrated](04). Nor are those of label
# smoothing: a sure class gets 0.91.
#
# ## Which loss for which output?
# Ask first what the output *means*. A loss that is minimised over one constant tells:
# it gives the mean, the median, a share... The net does the same, for each $x$ anew.
# Below, a model without any input: a few free numbers, called `z`.


# %%
def pinball(y_hat, y, share):
    """Too low costs `share` a unit, too high 1 - share: lowest at that quantile."""
    return torch.maximum(share * (y - y_hat), (share - 1) * (y - y_hat)).mean()


N = len(mpg)
cylinders = torch.tensor(table["cylinders"].to_numpy()).float()
origin = torch.tensor(table["origin"].map(["USA", "Europe", "Japan"].index).to_numpy())
light, strong = (weight < 2.5).float(), (cylinders > 4).float()
tags = torch.stack([light, strong, (mpg > 15).float()], dim=1)  # (N, 3), any of them

# %%
rows = {
    "MSE": (lambda z: F.mse_loss(z.expand(N), mpg), 1),
    "L1": (lambda z: F.l1_loss(z.expand(N), mpg), 1),
    "Huber": (lambda z: F.huber_loss(z.expand(N), mpg, delta=DELTA), 1),
    "pinball 0.9": (lambda z: pinball(z.expand(N), mpg, 0.9), 1),
    "Poisson": (lambda z: F.poisson_nll_loss(z.expand(N), cylinders), 1),
    "Gaussian": (
        lambda z: F.gaussian_nll_loss(z[:1].expand(N), mpg, z[1:].exp().expand(N)),
        2,
    ),
    "BCE": (lambda z: F.binary_cross_entropy_with_logits(z.expand(N), light), 1),
    "CE": (lambda z: F.cross_entropy(z.expand(N, 3), origin), 3),
    "BCE, a column each": (
        lambda z: F.binary_cross_entropy_with_logits(z.expand(N, 3), tags),
        3,
    ),
}
z = {name: minimise(loss, [0.0] * size) for name, (loss, size) in rows.items()}

# %%
says = {name: z[name] for name in ("MSE", "L1", "Huber", "pinball 0.9")}
says["Poisson"], says["BCE"] = z["Poisson"].exp(), z["BCE"].sigmoid()
says["Gaussian"] = torch.stack([z["Gaussian"][0], z["Gaussian"][1].exp().sqrt()])
says["CE"] = z["CE"].softmax(dim=0)
says["BCE, a column each"] = z["BCE, a column each"].sigmoid()
means = {"MSE": mpg.mean(), "L1": mpg.median(), "pinball 0.9": mpg.quantile(0.9)}
means |= {"Poisson": cylinders.mean(), "BCE": light.mean()}
means["Gaussian"] = torch.stack([mpg.mean(), mpg.std(correction=0)])
means["CE"], means["BCE, a column each"] = origin.bincount() / N, tags.mean(dim=0)
for name, value in says.items():
    print(f"{name:18} says", [f"{v:.3f}" for v in value.tolist()])
for name, value in means.items():
    torch.testing.assert_close(says[name], value.reshape(-1), atol=0.06, rtol=0.005)
assert abs(says["Huber"].item() - means["L1"]) < 0.5 < means["MSE"] - means["L1"]
print(f"tags add up to {means['BCE, a column each'].sum():.2f}, kinds to 1")
assert means["BCE, a column each"].sum() > 1.3

# %% [markdown]
# The decision table. The net ends in a linear layer; what stands under "then" is
# applied by the loss, and by you when a person reads the output. (To `GaussianNLLLoss`
# you give the variance, to `KLDivLoss` the log-softmax.)
#
# | the answer is | outputs | loss | then | it says |
# |---|---|---|---|---|
# | a number | 1 | `MSELoss` | – | mean |
# | the same, with outliers | 1 | `HuberLoss`, `L1Loss` | – | (near) median |
# | a bound that 90 % stay below | 1 | pinball | – | quantile |
# | a number and its spread | 2 | `GaussianNLLLoss` | exp of one | mean, variance |
# | a count | 1 | `PoissonNLLLoss` | exp | mean count |

# %% [markdown]
# | the answer is | outputs | loss | then | it says |
# |---|---|---|---|---|
# | yes or no: two outcomes | 1 | `BCEWithLogitsLoss` | sigmoid | share |
# | one of $K$ | $K$ | `CrossEntropyLoss` | softmax | $K$ shares, sum 1 |
# | any of $K$ (tags) | $K$ | `BCEWithLogitsLoss` | sigmoid | $K$ shares alone |
# | a distribution | $K$ | `KLDivLoss` | softmax | that one |
# | a place in a space | $d$ | triplet, InfoNCE | length 1 | near or far |
#
# Several answers at once, such as class and box of an object: a loss for each, and a
# weighted sum. A sequence: one row a step; the classes stand on axis 1 for
# `CrossEntropyLoss`, (N, K, T). A common slip is *tags* with a softmax: they
# would have to share 1 among them, and here they add up to more.

# %% [markdown]
# ## How far apart are two things?
# From outputs to things. Write each as a vector, $\mathbf u$ and $\mathbf v$ in
# $\mathbb R^d$. Three answers:
#
# $$d_1 = \sum_j |u_j - v_j|, \qquad d_2 = \sqrt{\textstyle\sum_j (u_j - v_j)^2},
# \qquad d_{\cos} = 1 - \frac{\mathbf u \cdot \mathbf v}{\|\mathbf u\| \|\mathbf v\|}$$
#
# - $d_1$: **Manhattan distance**, along streets; $d_2$: **Euclidean distance**, in a
#   straight line
# - the fraction: **cosine similarity**, the [cosine](02 "gradient") of the angle, from
#   -1 to 1 and 1 for the same direction; **cosine distance** is 1 minus that, from 0
#   to 2
# - $\|\mathbf u\|$: the [norm](01) of $\mathbf u$
#
# Similarity is large for near things, distance small. To confuse them finds the
# *farthest* neighbour.


# %%
def pairwise(U, V, kind):
    """All distances between rows: U (N, d), V (M, d) -> (N, M)."""
    if kind == "cosine":
        U, V = (A / A.norm(dim=1, keepdim=True).clamp(min=1e-8) for A in (U, V))
        return 1 - U @ V.T
    difference = U[:, None, :] - V[None, :, :]  # (N, 1, d) - (1, M, d)
    if kind == "Manhattan":
        return difference.abs().sum(dim=2)
    return (difference**2).sum(dim=2).sqrt()


U, V = torch.randn(5, 3), torch.randn(4, 3)
torch.testing.assert_close(pairwise(U, V, "Manhattan"), torch.cdist(U, V, p=1))
torch.testing.assert_close(pairwise(U, V, "Euclidean"), torch.cdist(U, V))
by_torch = F.cosine_similarity(U[:, None, :], V[None, :, :], dim=2)
torch.testing.assert_close(pairwise(U, V, "cosine"), 1 - by_torch)

# %% [markdown]
# **Look for:** lines of equal distance from the star, dark where it is small. Which of
# B, C and D is nearest in each panel?

# %%
KINDS = ["Manhattan", "Euclidean", "cosine"]
places = torch.tensor([[2.0, 2.0], [3.45, 2.0], [2.9, 3.1], [4.5, 4.5]])
maps = {k: lambda P, k=k: pairwise(P, places[:1], k)[:, 0] for k in KINDS}
fig = drawings.distance_maps(maps, places, "ABCD")
plots.show(
    fig,
    alt="Three maps of the distance from a star A. Manhattan: squares standing on a "
    "corner. Euclidean: circles. Cosine: rays from the origin. B lies to the right of "
    "A, C above and to the right, close by, and D far away on the ray through A.",
)
nearest = {k: "BCD"[maps[k](places[1:]).argmin()] for k in KINDS}
print("nearest to A:", nearest)
assert list(nearest.values()) == ["B", "C", "D"]

# %% [markdown]
# Three distances, three different neighbours. For the cosine, D is *in the same place*
# as A: length doesn't count, only direction. If all vectors have length 1, cosine and
# Euclid agree on who is nearer:
#
# $$\begin{aligned}
# \|\mathbf u - \mathbf v\|^2
# &= \|\mathbf u\|^2 - 2 \, \mathbf u \cdot \mathbf v + \|\mathbf v\|^2\\
# &= 1 - 2 \cos \theta + 1\\
# &= 2 \, d_{\cos}
# \end{aligned}$$
#
# - $\theta$: the angle between $\mathbf u$ and $\mathbf v$
#
# ## When distance, when direction?
# Ask what may change without changing the thing. Two tasks: digits, some of them
# photographed too dark (all pixels times a number between 0.2 and 1); and penguins,
# three lengths in millimetres: male or female? Nearest neighbour does both.


# %%


(X, y), (X_test, y_test) = mnist(4000, 1000)
known, y_known = X[:1000].flatten(1), y[:1000]  # (1000, 784)
bright = X[3000:3500].flatten(1)
asked = torch.cat([bright * (0.2 + 0.8 * torch.rand(500, 1)), bright])  # dark, bright
lengths = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
birds = penguins().dropna(subset=[*lengths, "sex"])
mm = torch.tensor(birds[lengths].to_numpy().copy()).float()  # (333, 3)
male = torch.tensor((birds["sex"] == "male").to_numpy().copy())
share = {}
for kind in KINDS:
    p = {"Manhattan": 1.0, "Euclidean": 2.0}.get(kind)
    to_digits = torch.cdist(asked, known, p=p) if p else pairwise(asked, known, kind)
    read = y_known[to_digits.argmin(dim=1)].reshape(2, 500) == y[3000:3500]
    to_birds = pairwise(mm, mm, kind).fill_diagonal_(math.inf)  # not oneself
    sex = (male[to_birds.argmin(dim=1)] == male).float().mean()
    share[kind] = [*read.float().mean(dim=1), sex]
    print("{:10} dark {:.3f}, bright {:.3f}, birds {:.3f}".format(kind, *share[kind]))
common = male.float().mean()
print(f"male for all: {common:.3f}")
assert share["cosine"][0] > share["Euclidean"][0] + 0.2
assert abs(share["cosine"][1] - share["Euclidean"][1]) < 0.02
assert share["Euclidean"][2] > share["cosine"][2] + 0.1 and common < 0.51
assert share["cosine"][2] > common + 0.1
assert F.cosine_similarity(torch.zeros(3), torch.ones(3), dim=0) == 0

# %% [markdown]
# Exposure multiplies all pixels, so direction is what stays: the cosine reads the dark
# digits, the others confuse "dark" with "different". Take the darkness away, and Euclid
# is as good as the cosine, within 0.02. Among penguins *size* is the
# answer, and the cosine throws just that away. (It isn't at the baseline, as bills
# differ in form, too.)
#
# If a direction doesn't mean anything, as in a vector of zeros, the cosine has no
# value: 0 by 0. PyTorch divides by at least $10^{-8}$ and says similarity 0.

# %% [markdown]
# ## Where do the vectors come from? Embeddings
# A word, a product, a user is a *number in a list*, no vector. So give each a row of
# its own in a table $\mathbf E$ of shape (V, d), and let training find the entries. Row
# $i$ is the **embedding** of symbol $i$. It is a look-up, and also a linear layer on
# [one-hot](06) vectors:
#
# $$\mathbf E_{i} = \text{one-hot}(i)^\top \, \mathbf E$$
#
# - $V$: number of symbols; $d$: numbers that each gets

# %%
table = nn.Embedding(6, 2)  # V = 6 symbols, d = 2
ids = torch.tensor([4, 1, 4])
looked_up = table(ids)  # (3, 2)
product = F.one_hot(ids, 6).float() @ table.weight  # (3, 6) x (6, 2)
torch.testing.assert_close(looked_up, product)
looked_up.sum().backward()
print(table.weight.grad)
assert table.weight.grad[:, 0].tolist() == [0, 1, 0, 0, 2, 0]

# %% [markdown] predict="ten_thousand_words"
# **Predict.** An `nn.Embedding(10_000, 64)` is asked for 8 different symbols. After
# `backward()`, what is `weight.grad`?
#
# - A sparse tensor of 8 rows, since only they were used.
#   wrong: a sparse gradient thought to be the default. You must ask for it.
# - A tensor of shape (8, 64), one row a symbol.
#   wrong: the rows that were looked up taken for the parameter. The parameter is the
#   whole table, and a gradient has its shape.
# - A tensor of shape (10000, 64) in which 9,992 rows are zeros.
#   right: a gradient has the shape of its parameter, and by default zeros are stored
#   like other numbers.

# %%
words = torch.arange(0, 80, 10)  # 8 symbols
sizes = {}
for sparse in (False, True):
    big = nn.Embedding(10_000, 64, sparse=sparse)
    big(words).square().sum().backward()
    grad = big.weight.grad
    kept = grad.coalesce().values() if sparse else grad
    sizes[sparse] = kept.numel() * 4 / 1024
    print(f"sparse={sparse}: {tuple(kept.shape)} stored, {sizes[sparse]:.0f} KiB")
    rows = (grad.to_dense() != 0).any(dim=1).sum()
    assert grad.shape == (10_000, 64) and rows == 8 and grad.is_sparse == sparse
assert sizes[False] == 2500 and sizes[True] == 2

# %% [markdown]
# Two facts from the small table: rows that nobody asked for have gradient 0, and
# symbol 4, which stood there twice, got 2: **repeated indices add up**.
#
# With `sparse=True` the gradient is a list of rows and their numbers: a **sparse
# gradient**. Not every optimiser takes it. And there is a difference that isn't about
# memory: what happens to a row that is *not* asked for?

# %%
takes = {}
for name in ("SGD", "Adagrad", "SparseAdam", "Adam", "AdamW", "RMSprop"):
    small = nn.Embedding(6, 2, sparse=True)
    small(ids).sum().backward()
    with torch.sparse.check_sparse_tensor_invariants():
        try:
            getattr(torch.optim, name)(small.parameters(), lr=0.1).step()
            takes[name] = "takes sparse gradients"
        except RuntimeError as error:
            takes[name] = str(error)[:45]
    print(f"{name:10} {takes[name]}")
assert [name for name in takes if "takes" in takes[name]] == list(takes)[:3]

moves = {}
for name, sparse in (("Adam", False), ("SparseAdam", True)):
    small = nn.Embedding(6, 2, sparse=sparse)
    optimizer = getattr(torch.optim, name)(small.parameters(), lr=0.1)
    for asked in ([4, 1, 4], [2]):  # the second step asks for symbol 2 only
        before = small.weight.detach().clone()
        optimizer.zero_grad()
        small(torch.tensor(asked)).sum().backward()
        optimizer.step()
    moves[name] = (small.weight - before).detach().norm(dim=1)
    print(name, "second step moved:", [f"{m:.2f}" for m in moves[name].tolist()])
assert moves["Adam"][4] > 0.08 and moves["SparseAdam"][4] == 0

# %% [markdown]
# [Adam](03) moved rows 1 and 4 again, though nobody asked for them: their momentum goes
# on. `SparseAdam` leaves them alone. For rare words that is another training, not only
# a cheaper one.
#
# ## Train the places: pull, and push
# Now let a loss arrange the table. 30 things of three kinds, an embedding of two
# numbers each. Known are pairs: same kind or not. Four losses:
#
# - **Pull only**: $d^2$ for each pair of the same kind
# - **Contrastive loss**: $d^2$ for the same kind, $\max(0, m - d)^2$ for different ones
# - **Triplet loss**: $\max(0,\; d(a, p) - d(a, n) + m)$
# - **InfoNCE**, below
#
# $d$: Euclidean distance; $m$: the **margin**; $a$: **anchor**, $p$: a **positive**, of
# the same kind; $n$: a **negative**, of another.

# %% [markdown] predict="only_pull"
# **Predict.** The first loss only pulls pairs of the same kind together. It says
# nothing about different kinds. 250 steps later, where are the three kinds?
#
# - In three tight heaps, wherever their middles were at first.
#   right: nothing pulls two kinds together, but nothing keeps them apart either: each
#   heap is where its kind's middle was, by chance close or far.
# - In three tight heaps, far from each other.
#   wrong: a push expected. No term of this loss contains one.
# - Spread as at first, since pulls in all directions cancel.
#   wrong: the pulls towards a common middle thought to be a balance. They shorten every
#   distance.

# %%
kinds = torch.arange(3).repeat_interleave(10)  # (30,)
same = (kinds[:, None] == kinds) & ~torch.eye(30, dtype=torch.bool)  # (30, 30)
other = kinds[:, None] != kinds


def distances(E):
    """(N, d) -> (N, N); the 1e-9 keeps the slope of the root finite at 0."""
    return ((E[:, None] - E[None, :]).square().sum(dim=2) + 1e-9).sqrt()


def pull_only(E):
    return distances(E)[same].square().mean()


def contrastive(E, margin=1.0):
    d = distances(E)
    push = (margin - d[other]).clamp(min=0).square()
    return d[same].square().mean() + push.mean()


def triplet(E, margin=1.0):
    d = distances(E)
    gap = d[:, :, None] - d[:, None, :] + margin  # a, p, n: (30, 30, 30)
    return gap[same[:, :, None] & other[:, None, :]].clamp(min=0).mean()


# %% [markdown]
# **InfoNCE** turns the question into [softmax](06) classification. Take $N$ pairs
# $(\mathbf u_i, \mathbf v_i)$; ask of each $\mathbf u_i$: *which of the N is your
# partner?* The logits are similarities, the right class is $i$:
#
# $$\begin{aligned}
# z_{ij} &= \cos(\mathbf u_i, \mathbf v_j) / \tau\\
# P(\text{partner of } i \text{ is } j) &= \operatorname{softmax}(\mathbf z_i)_j\\
# L &= -\frac1N \sum_i \log \frac{e^{z_{ii}}}{\sum_j e^{z_{ij}}}
# \end{aligned}$$
#
# - $\tau$: the [temperature](06), such as 0.1; the numerator pulls, the other $N - 1$
#   terms of the denominator push


# %%
def info_nce(U, V, tau=0.2):
    """Which row of V belongs to each row of U? U, V (..., N, d) -> 0-d."""
    U, V = F.normalize(U, dim=-1), F.normalize(V, dim=-1)
    Z = U @ V.transpose(-1, -2) / tau  # (..., N, N)
    partner = torch.arange(Z.shape[-1]).expand(Z.shape[:-1])
    return F.cross_entropy(Z.flatten(0, -2), partner.flatten())


def info_nce_of_kinds(E):
    """Ten groups of one pair a kind, so that no negative is of the same kind."""
    U, V = (E.reshape(3, 10, 2)[:, torch.randperm(10)] for _ in range(2))
    return info_nce(U.transpose(0, 1), V.transpose(0, 1), tau=0.5)  # (10, 3, 2)


WAYS = {"pull only": pull_only, "contrastive": contrastive, "triplet": triplet}
WAYS["InfoNCE"] = info_nce_of_kinds
start = torch.randn(30, 2)
arranged = {"start": start}
for name, loss in WAYS.items():
    E = nn.Embedding.from_pretrained(start.clone(), freeze=False)
    optimizer = torch.optim.SGD(E.parameters(), lr=1.0)
    if name == "InfoNCE":  # Adam: steps of one size, however long the rows are
        optimizer = torch.optim.Adam(E.parameters(), lr=0.1)
    for _ in range(250):
        optimizer.zero_grad()
        loss(E.weight).backward()
        optimizer.step()
    arranged[name] = E.weight.detach()

# %% [markdown]
# **Look for:** in which panels are the heaps apart by a margin? What does InfoNCE
# arrange: distance or direction?

# %%
arranged["InfoNCE"] = F.normalize(arranged["InfoNCE"], dim=1)
fig = drawings.maps_of_points(arranged, kinds)
plots.show(
    fig,
    alt="Five maps of 30 points of three kinds. Start: mixed. Pull only: three points "
    "by chance near or far from each other. Contrastive: three points, apart. Triplet: "
    "three heaps, no points, with room between them. InfoNCE: three points on a "
    "circle, far from each other.",
)
gaps = {}
for name, E in arranged.items():
    d = distances(E)
    gaps[name] = far, near = d[same].max().item(), d[other].min().item()
    print(f"{name:12} same at most {far:.2f}, other at least {near:.2f}")
assert gaps["start"][0] > gaps["start"][1] and gaps["pull only"][0] < 1e-3
for name, room in (("contrastive", 0.9), ("InfoNCE", 1.5)):
    assert gaps[name][0] < 0.1 and gaps[name][1] > room
assert triplet(arranged["triplet"]) < 0.01 and gaps["triplet"][1] > 1
assert gaps["triplet"][0] > 0.5  # it stops pulling once the margin is kept
middles = torch.stack([start[kinds == k].mean(dim=0) for k in range(3)])
ends = torch.stack([arranged["pull only"][kinds == k].mean(dim=0) for k in range(3)])
assert (middles - ends).abs().max() < 1e-5

# %% [markdown]
# The last three keep the kinds apart; InfoNCE arranges directions, so all lie on a
# circle. Pull only leaves the heaps where chance had put their middles. The triplet
# loss is content once the margin is kept, so its heaps stay loose.
#
# "Everything in one point" would give the pull its lowest value, 0, as well. A net that
# answers so, whatever it sees, has **collapsed**; the name of that is **collapse**. A
# push forbids it. In the triplet loss the margin does: without it, all zeros would
# reach the lowest value, 0.

# %% [markdown]
# ## A net that learns a distance, without labels
# Two photos of one thing: that is a pair, and nobody has to name the thing. Make the
# second photo yourself: turn, scale and shift the first at random (a **view**). Then
# train an [MLP](07) to find each image's other view among 200. No label is used.


# %%
def moved(X):
    """Turned up to 15 degrees, scaled up to 15 %, shifted up to 3 pixels, at random."""
    angle, size, *shift = 2 * torch.rand(4, len(X)) - 1  # each in -1 to 1, (N,)
    angle, size = angle * math.radians(15), 1 + 0.15 * size
    rows = [size * angle.cos(), -size * angle.sin(), 6 / 28 * shift[0]]
    rows += [size * angle.sin(), size * angle.cos(), 6 / 28 * shift[1]]
    A = torch.stack(rows, dim=1).reshape(-1, 2, 3)  # a map of the plane for each image
    grid = F.affine_grid(A, X.shape, align_corners=False)
    return F.grid_sample(X, grid, align_corners=False)


def mlp():
    """From 28 x 28 pixels to 64 numbers."""
    layers = nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 64)
    return nn.Sequential(*layers)


def embed_by_views(X, tau, num_epochs=8):
    """Train an MLP by InfoNCE on two views of each image: X (N, 1, 28, 28)."""
    net = mlp()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.002)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(200):
            loss = info_nce(net(moved(X[rows])), net(moved(X[rows])), tau)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return net, loss.item()


# %% [markdown]
# The test of a distance: nearest neighbour. Ten images of each digit have names, 100
# in all (the **gallery**). The new images were moved. Three rivals: the raw pixels; an
# *untrained* net; and **centring by hand**: shift every image so that its ink lies in
# the middle. That is what a person would do who knows that shifts are the trouble.


# %%
def centred(X):
    """Shift each image so that the mean place of its ink is the middle."""
    ink, places = X.sum(dim=(1, 2, 3)), torch.linspace(-1, 1, 28) * 27 / 28
    A = torch.eye(2, 3).repeat(len(X), 1, 1)
    A[:, 0, 2] = (X.sum(dim=(1, 2)) * places).sum(dim=1) / ink  # (N, 28) x (28,)
    A[:, 1, 2] = (X.sum(dim=(1, 3)) * places).sum(dim=1) / ink
    grid = F.affine_grid(A, X.shape, align_corners=False)
    return F.grid_sample(X, grid, align_corners=False)


@torch.no_grad()
def nearest_in(gallery, asked, embed):
    """For each asked image the number of the nearest in the gallery, by cosine."""
    return pairwise(embed(asked), embed(gallery), "cosine").argmin(dim=1)


X_known, y_known, X_valid, y_valid = X[:3000], y[:3000], X[3000:], y[3000:]
named = torch.cat([(y_known == k).nonzero()[:10, 0] for k in range(10)])  # (100,)
gallery, names = X_known[named], y_known[named]
EMBED = {"raw pixels": nn.Flatten(), "untrained net": mlp()}
EMBED["centred by hand"] = lambda X: centred(X).flatten(1)

# %% [markdown] predict="no_temperature"
# **Predict.** Somebody leaves out the temperature: the cosines, from -1 to 1, go into
# the softmax as they are ($\tau = 1$). With 200 pairs a loss of $\log 200 = 5.30$ means
# "no idea". How low can the loss get?
#
# - Close to 0, after more epochs.
#   wrong: a softmax thought to reach 1 from any scores. It needs differences of logits,
#   and these end at 2.
# - Not below 3.3, however long you train.
#   right: at best the partner has 1 and the 199 others have -1, and $\log(1 + 199
#   e^{-2})$ is 3.33.
# - It stays at 5.30: nothing is learned.
#   wrong: a weak signal taken for none. The gradient still points the right way.

# %%
floor = math.log(1 + 199 * math.exp(-2))
moved_valid, result, losses = moved(X_valid), {}, {}
for tau in (1.0, 0.2, 0.05):
    net, losses[tau] = embed_by_views(X_known, tau)
    EMBED[f"InfoNCE, tau {tau}"] = net
for name, embed in EMBED.items():
    found = names[nearest_in(gallery, moved_valid, embed)]
    result[name] = (found == y_valid).float().mean().item()
    print(f"{name:18} {result[name]:.3f}")
print(f"tau 1: loss {losses[1.0]:.2f}, floor {floor:.2f}, no idea {math.log(200):.2f}")
assert abs(floor - 3.33) < 0.01 and floor < losses[1.0] < math.log(200) - 0.7
best_tau = max((1.0, 0.2, 0.05), key=lambda tau: result[f"InfoNCE, tau {tau}"])
trained = result[f"InfoNCE, tau {best_tau}"]
assert trained > result["raw pixels"] + 0.27
assert trained > result["untrained net"] + 0.35
assert result["InfoNCE, tau 1.0"] < trained - 0.06
assert best_tau == 0.2 and result["InfoNCE, tau 0.05"] < trained - 0.005
assert abs(result["centred by hand"] - trained) < 0.08

# %% [markdown]
# Without a single label the net has learned what a shift doesn't change. The untrained
# net doesn't know it: what helps is the training, not the layers.
#
# Centring by hand comes within 0.08 of it. That is knowledge put in by a person;
# InfoNCE got it from pairs. And the temperature matters: 0.2 is better than 1 and than
# 0.05. Why? A negative pushes with its share of the softmax. See how much of the push
# comes from the ten nearest of the 199 negatives:

# %%
net = EMBED[f"InfoNCE, tau {best_tau}"]
with torch.no_grad():
    views = [net(moved(X_known[:200])) for _ in range(2)]
cosines = 1 - pairwise(*views, "cosine")
pushed = {}
for tau in (1.0, 0.2, 0.05):
    push = (cosines / tau).fill_diagonal_(-math.inf).softmax(dim=1)  # (200, 200)
    pushed[tau] = push.topk(10).values.sum(dim=1).mean().item()
    print(f"tau {tau}: the ten nearest negatives do {pushed[tau]:.0%} of the push")
assert pushed[1.0] < 0.15 and pushed[0.05] > 0.85

# %% [markdown]
# With $\tau = 1$ the other 189 do most of the push, and most of them are far already.
# With 0.05 hardly any but the ten nearest push: little is asked of a batch of 200.
#
# **Look for:** what does the pixel distance find, and what the learned one?

# %%
by_pixels = nearest_in(gallery, moved_valid, nn.Flatten())
by_net = nearest_in(gallery, moved_valid, net)
helped = (names[by_net] == y_valid) & (names[by_pixels] != y_valid)
harmed = (names[by_net] != y_valid) & (names[by_pixels] == y_valid)
print(f"net right, pixels wrong: {helped.sum()}; the other way: {harmed.sum()}")
assert helped.sum() > 4 * harmed.sum()
some = torch.cat([helped.nonzero()[:7, 0], harmed.nonzero()[:2, 0]])
rows = {"asked": moved_valid[some, 0], "by pixels": gallery[by_pixels[some], 0]}
rows["by the net"] = gallery[by_net[some], 0]
titles = {"asked": y_valid[some].tolist(), "by pixels": names[by_pixels[some]].tolist()}
titles["by the net"] = names[by_net[some]].tolist()
fig = drawings.neighbours(rows, titles)
plots.show(
    fig,
    alt="Nine moved digits, below each the nearest of the gallery by pixels and by the "
    "net. In the first seven columns the net's neighbour is the same digit and that of "
    "the pixels another one; in the last two it is the other way round.",
)

# %% [markdown]
# The pixels find whatever has ink in the same places; the net finds the same form
# elsewhere. In the last two columns, which are rarer, it is the net that errs.
#
# ## When there are labels
# A label makes better pairs: *two different images of the same digit*. But take care:
# in a batch of 200 images of ten digits, about 20 candidates show the same digit as the
# anchor. All but one are pushed away though they belong: **false negatives**. Among 20
# that can't be told apart, no net gets its loss below $\log 20 = 3.0$.
#
# The cure: groups of one pair a digit, ten pairs each, and look for the partner in the
# group. Does it matter? Train both ways.

# %%
of_digit = [(y_known == k).nonzero()[:, 0] for k in range(10)]


def pairs(num_groups):
    """Two random images of each digit: two tensors (num_groups, 10) of row numbers."""
    draw = [d[torch.randint(len(d), (2, num_groups))] for d in of_digit]
    return torch.stack(draw, dim=2)  # (2, num_groups, 10)


def by_labels(candidates):
    """Train an MLP on 200 pairs a step, in groups of so many candidates."""
    net = mlp()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.002)
    for _ in range(120):
        rows = pairs(num_groups=20).flatten(1)  # (2, 200)
        U, V = (net(moved(X_known[r])).reshape(-1, candidates, 64) for r in rows)
        loss = info_nce(U, V)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net, loss.item()


# %%
labelled, of_ten = by_labels(candidates=10)
mixed, of_200 = by_labels(candidates=200)
found = [names[nearest_in(gallery, moved_valid, net)] for net in (labelled, mixed)]
right = [(f == y_valid).float().mean().item() for f in found]
print(f"groups of ten: right {right[0]:.3f}, loss {of_ten:.2f}")
print(f"all 200: right {right[1]:.3f}, loss {of_200:.2f}; log 20 = {math.log(20):.2f}")
assert of_200 > math.log(20) and of_ten < 1.2 and abs(right[0] - right[1]) < 0.04

# %% [markdown]
# The floor is real, but the harm is small here: the two differ by less than 0.04.
# What suffers is the loss as a gauge: a high value may belong to a good net.
#
# All is chosen ($\tau$ on the [validation](05 "validation set") images). Open the test
# set, moved as well.

# %%
moved_test = moved(X_test)
EMBED = {name: EMBED[name] for name in ("raw pixels", "centred by hand")}
EMBED |= {"InfoNCE, no labels": net, "InfoNCE, labels": labelled}
tested = {}
for name, embed in EMBED.items():
    found = names[nearest_in(gallery, moved_test, embed)]
    upright = names[nearest_in(gallery, X_test, embed)]
    tested[name] = (found == y_test).float().mean().item()
    as_it_was = (upright == y_test).float().mean().item()
    print(f"{name:18} moved {tested[name]:.3f}, as photographed {as_it_was:.3f}")
assert tested["InfoNCE, no labels"] > tested["raw pixels"] + 0.24
assert tested["InfoNCE, labels"] > tested["InfoNCE, no labels"] + 0.05
assert tested["InfoNCE, labels"] > tested["centred by hand"] + 0.08
metrics = {f"moved digits, {name}": value for name, value in tested.items()}
metrics["off with wrong miles, L2"] = miles["L2"]
metrics["off with wrong miles, Huber"] = miles["Huber"]

# %% [markdown]
# Both embeddings beat the raw pixels, on images that were used for no choice. Labels
# add at least 0.05 to views alone, and only with them the net is clearly ahead of a
# person who centres.
#
# ## What goes wrong in practice
# Four slips, none of which raises an error.

# %%
E = torch.ones(2, 2, requires_grad=True)  # two equal rows
(E[0] - E[1]).square().sum().sqrt().backward()
print("1. slope of the root at 0:", E.grad[0].tolist())
assert E.grad.isnan().all()

U = F.normalize(net(gallery[:50]), dim=1).detach()
as_distance = (U @ U.T).fill_diagonal_(math.inf).argmin(dim=1)  # meant: the nearest
farther = ((1 - U @ U.T).argmax(dim=1) == as_distance).float().mean()
print(f"2. similarity taken for distance: the farthest is found, {farther:.0%}")
assert farther == 1

a = 1000 + torch.tensor([[0.0], [0.01]])
short = (a**2 + (a**2).T - 2 * a @ a.T)[0, 1].item()
print(f"3. |u|^2 + |v|^2 - 2uv far from 0: {short:.4f}, true {0.01**2:.4f}")
assert short == 0 or abs(short) > 0.01

zero = triplet(torch.zeros(30, 2), margin=0.0).item()
print(f"4. triplet loss of all zeros without a margin: {zero:.6f}")
assert zero < 1e-6 and triplet(torch.zeros(30, 2)) == 1

# %% [markdown]
# 1. The root has no slope at 0: two equal rows make `nan`, and one `nan` spoils all
#    weights. Add a small number inside the root, or use squared distances.
# 2. Cosine *similarity* in the place of a distance finds the farthest.
# 3. The short formula for squared distances loses all digits if the vectors are long
#    and close together: [rounding](02 "rounding error"). Subtract the mean first.
# 4. A triplet loss without a margin is content with zeros (PyTorch's refuses one).

# %% [markdown]
# ## Summary
# - The slope of a loss is the pull. **L2** gives the mean and runs after outliers;
#   **L1** the median; **Huber** is L2 inside $\delta$, L1 outside. None helps against
#   outliers in the input.
# - **KL divergence** = cross-entropy minus entropy; never negative, not symmetric.
# - The loss decides what an output *means*: see the decision table.
# - **Manhattan**, **Euclidean**: how far; **cosine**: which direction. Ask what may
#   change without changing the thing.
# - An **embedding** is a look-up, a one-hot product; its gradient is dense unless you
#   ask for a sparse one.
# - **Contrastive**, **triplet** and **InfoNCE** losses arrange embeddings: pull and
#   push. InfoNCE is a softmax over partners and needs a temperature.

# %% [markdown]
# ## Exercises and further reading
# In the exercise notebook you write other losses and distances, mend a loss whose
# pieces don't meet, and look for the hardest negatives.
#
# Try here: (1) Half of the miles lose their point. When do L1 and Huber break? (2)
# Which change in `moved` does the net need most: shift, turn or size?
#
# [Dive into Deep Learning](https://d2l.ai): the appendix on information theory (KL
# divergence, cross-entropy), and the chapters on word embeddings.

# %% [markdown]
# - Huber 1964, *Robust estimation of a location parameter*
# - Kullback and Leibler 1951, *On information and sufficiency*
# - Hadsell, Chopra and LeCun 2006, *Dimensionality reduction by learning an invariant
#   mapping*: the contrastive loss
# - Schroff, Kalenichenko and Philbin 2015, *FaceNet*: triplets
# - van den Oord, Li and Vinyals 2018, *Representation learning with contrastive
#   predictive coding*: InfoNCE
# - Chen, Kornblith, Norouzi and Hinton 2020, *A simple framework for contrastive
#   learning of visual representations*: two views of each image
# - Szegedy et al. 2016, *Rethinking the Inception architecture for computer vision*:
#   label smoothing
# - Lin et al. 2017, *Focal loss for dense object detection*
