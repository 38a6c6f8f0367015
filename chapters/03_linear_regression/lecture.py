# %% [markdown]
# # Linear regression: how ill will this person be in a year?
# Ten numbers are measured in a doctor's office: age, sex, body mass index, blood
# pressure, six values of a blood sample. A year later, doctors grade how far the
# diabetes has gone. Could you have known?
#
# This chapter answers with the smallest model there is: a weighted sum. All that a
# network of a hundred layers does is already here: a model with parameters, a loss that
# says how wrong it is, a gradient that says which way is down, and a loop that walks.
# Here, as nowhere later, the exact answer is known, so every method can be checked.
#
# You need [tensors and broadcasting](01 "broadcasting") and [autograd](02).

# %%
import math
from functools import partial

import torch
from sklearn.model_selection import train_test_split
from torch import nn

from utils import plots
from utils.data import diabetes, load_array
from utils.device import set_seed, try_gpu
from utils.drawings import linear_regression as drawings
from utils.metrics import r2
from utils.train import train

plots.use_style()
set_seed(0)

# %% [markdown]
# ## The data
# 442 people, ten columns, one number to predict (Efron et al., 2004). A quarter of the
# people are put aside: the model never sees them until we ask how good it is.

# %%
X_raw, y_all = diabetes(standardize=False)  # (442, 10), (442, 1)
train_rows, test_rows = train_test_split(range(len(y_all)), random_state=0)
y, y_test = y_all[train_rows], y_all[test_rows]  # (331, 1), (111, 1)
print(f"training {tuple(y.shape)}, test {tuple(y_test.shape)}")
print(f"progression: from {y_all.min():.0f} to {y_all.max():.0f}, mean {y.mean():.0f}")
assert y.shape == (331, 1) and y_test.shape == (111, 1)

# %% [markdown]
# The columns live on different scales: years, kilograms per square metre, millimetres
# of mercury. We **standardise** each one: subtract its mean and divide by its standard
# deviation, so that a value of 1 means "one standard deviation above the average
# person". Mean and deviation come from the training rows alone. Taken from all rows
# they would carry knowledge of the test people into training: **data leakage**.

# %%
mean, std = X_raw[train_rows].mean(dim=0), X_raw[train_rows].std(dim=0)
X = (X_raw[train_rows] - mean) / std  # (331, 10)
X_test = (X_raw[test_rows] - mean) / std  # (111, 10)
columns = ["age", "sex", "bmi", "pressure"]
columns += ["chol", "ldl", "hdl", "ratio", "lipids", "sugar"]  # from the blood
assert X.mean(dim=0).abs().max() < 1e-4 and (X.std(dim=0) - 1).abs().max() < 1e-4

# %% [markdown]
# ## The idea: a line, and how far it misses
# Start with one column, the body mass index (BMI). A line predicts; the truth is
# somewhere else; the vertical stick between them is the **residual**. To learn is to
# turn and shift the line until the sticks are short.
#
# **Look for:** the cloud tilts upwards, so BMI does tell something. But look how long
# most sticks stay: at one and the same BMI, people end up more than 200 points apart.

# %%
bmi = X[:, [2]]  # (331, 1): the list keeps the axis
slope = (bmi * (y - y.mean())).mean() / (bmi**2).mean()
line = slope * bmi + y.mean()  # (331, 1)

fig, ax = plots.figure(width=6, height=3.4)
ax.vlines(bmi[:60], line[:60], y[:60], color="0.6", lw=1, label="residual (60 shown)")
ax.scatter(bmi, y, s=10, color="C0", label="a person")
ax.plot([-2, 4], [y.mean() - 2 * slope, y.mean() + 4 * slope], color="C1", label="line")
ax.set(xlabel="BMI (standard deviations from the mean)", ylabel="progression (points)")
ax.legend(loc="upper left", frameon=True)
plots.show(
    fig,
    alt="Scatter of disease progression against standardised BMI for 331 people: a "
    "wide cloud that tilts upwards, a line through it, vertical sticks to the line.",
)

# %%
at_average_bmi = y[bmi.abs() < 0.25]
spread = at_average_bmi.max() - at_average_bmi.min()
print(f"slope {slope:.1f} points per standard deviation; spread {spread:.0f} points")
assert 45 < slope < 55 and spread > 200

# %% [markdown]
# ## The model
# With all $n = 10$ features, the prediction is a weighted sum and a start value:
#
# $$\hat y = w_1 x_1 + w_2 x_2 + \dots + w_n x_n + b$$
#
# - $x_j$: feature $j$ of one person (a number from the table)
# - $w_j$: its **weight**, how many points one unit of it adds
# - $b$: the **bias**, the prediction for the average person, whose $x_j$ are all 0
# - $\hat y$: the prediction, read "y hat"; $y$ is the truth
#
# A weighted sum is *linear*; with the shift $b$ it is **affine**, and people say
# "linear" all the same.

# %% [markdown]
# For all $N$ people at once, stack their rows into a matrix. Then one product does it:
#
# $$\hat{\mathbf y} = \mathbf X \mathbf w + b
# \qquad (N, n) \times (n, 1) + (1,) \to (N, 1)$$
#
# Read the shapes as dominoes: the inner numbers must match, the outer ones remain. To
# predict $m$ quantities at once, give $\mathbf w$ $m$ columns and $b$ $m$ entries:
# $(N, n) \times (n, m) + (m,) \to (N, m)$. That is all a "linear layer" will ever be.


# %%
def linreg(X, w, b):
    """Affine model: X (N, n), w (n, m), b (m,) -> y_hat (N, m)."""
    return X @ w + b


one_output = linreg(X, torch.zeros(10, 1), torch.zeros(1))
three_outputs = linreg(X, torch.zeros(10, 3), torch.zeros(3))
print(tuple(one_output.shape), tuple(three_outputs.shape))
assert one_output.shape == (331, 1) and three_outputs.shape == (331, 3)

# %% [markdown]
# ## The loss: one number for "how wrong"
# Square each residual, halve it, take the mean over the batch:
#
# $$L(\mathbf w, b) = \frac{1}{N} \sum_{i=1}^{N} \frac{1}{2}
# \left( \hat y^{(i)} - y^{(i)} \right)^2$$
#
# - $N$: how many examples; $(i)$: which one
# - the **square** makes every miss positive, and one big miss worse than many small
# - the **1/2** is there for the derivative: $\frac{d}{dr} \frac{r^2}{2} = r$
# - the **mean**, not the sum: else ten times the data would give ten times the
#   gradient, and the step size would have to change with the amount of data


# %%
def squared_loss(y_hat, y):
    """Mean over the batch of (y_hat - y)^2 / 2; both (N, 1) -> a 0-d tensor."""
    return ((y_hat - y) ** 2).mean() / 2


everyone_average = squared_loss(y.mean().expand_as(y), y)
with_bmi = squared_loss(line, y)
print(f"loss of 'everyone is average' {everyone_average:.0f}, with BMI {with_bmi:.0f}")
assert with_bmi < 0.75 * everyone_average

# %% [markdown]
# A **landscape of losses** is the picture to keep in mind for the whole course. Each
# pair $(w, b)$ is one line through the cloud, so it is **one point on a map**; the loss
# is its height.
#
# **Look for:** the three lines on the left are the three markers on the right; the
# numbers on the rings are losses. The worst line is highest up the slope, the best one
# at the bottom of a bowl. The bowl is round because we standardised; raw columns would
# squeeze it into a canyon.

# %%
candidates = {"flat": (0, 100), "too steep": (90, 190), "best": (slope, y.mean())}
w_axis, b_axis = torch.linspace(-20, 120, 60), torch.linspace(60, 240, 60)
W, B = torch.meshgrid(w_axis, b_axis, indexing="xy")  # (60, 60) each
# 3600 models at once: (331, 1) x (1, 3600) + (3600,) -> (331, 3600)
heights = ((linreg(bmi, W.reshape(1, -1), B.flatten()) - y) ** 2).mean(dim=0) / 2

heights = heights.reshape(W.shape)
fig = drawings.landscape(bmi, y, candidates, w_axis, b_axis, heights)
plots.show(
    fig,
    alt="Left: three lines through the BMI cloud. Right: contours of the loss over "
    "weight and bias, circular rings, with the same three models as markers; the best "
    "one is in the middle of the rings.",
)

# %% [markdown]
# ## Why squares? Because of a bell
# Squares look like a matter of taste. They are a claim about the world. Say that the
# truth is the line plus noise $\varepsilon$ that follows Gauss's bell, the **normal
# distribution** of mean 0 and standard deviation $\sigma$:
#
# $$y = \mathbf x^\top \mathbf w + b + \varepsilon,
# \qquad \varepsilon \sim \mathcal N(0, \sigma^2), \qquad
# p(\varepsilon) = \frac{1}{\sqrt{2 \pi \sigma^2}}
# \, e^{-\varepsilon^2 / (2 \sigma^2)}$$
#
# - $\sigma$: how wide the bell is, in points
# - $p(\varepsilon)$: its **density**: how probable a noise near $\varepsilon$ is, per
#   point
# - $P$: the **likelihood** of a model, the density that it gives to all that happened,
#   the product over the people: $P = \prod_i p(y^{(i)} - \hat y^{(i)})$

# %% [markdown]
# Which $\mathbf w$ and $b$ make $P$ largest? Three lines. Take the logarithm, which
# turns the product into a sum and keeps the place of the maximum; change the sign;
# divide by $N$:
#
# $$\begin{aligned}
# \log p(\varepsilon) &= -\tfrac12 \log(2\pi\sigma^2) - \varepsilon^2 / (2\sigma^2)\\
# -\frac1N \log P &= \tfrac12 \log(2\pi\sigma^2)
# + \frac{1}{\sigma^2} \cdot \frac1N \sum_i \tfrac12 (\hat y^{(i)} - y^{(i)})^2\\
# &= \underbrace{\tfrac12 \log(2 \pi \sigma^2)}_{\text{no } \mathbf w \text{ in here}}
# + \frac{1}{\sigma^2} L(\mathbf w, b)
# \end{aligned}$$

# %% [markdown]
# So **maximum likelihood** is least squared loss (**ordinary least squares**, OLS),
# whatever $\sigma$ is. Carl Friedrich Gauss argued this way in 1809.
#
# **Look for:** on the left, are our residuals a bell? Roughly: a bit lopsided, but with
# no wild tails. On the right, three different guesses of $\sigma$ give three different
# curves. Their lowest points stand above one another.

# %%
residuals = (line - y).flatten()
weights = torch.linspace(0, 90, 181)  # (181,) candidate slopes, 0.5 apart
losses = ((bmi * weights + y.mean() - y) ** 2).mean(dim=0) / 2  # (181,)
minus_log_likelihood = {
    f"sigma = {s}": math.log(2 * math.pi * s**2) / 2 + losses / s**2
    for s in (45, 60, 90)
}
lowest = {name: weights[nll.argmin()] for name, nll in minus_log_likelihood.items()}
print({name: float(w) for name, w in lowest.items()}, "least squares:", f"{slope:.2f}")
assert len(set(map(float, lowest.values()))) == 1
assert abs(lowest["sigma = 60"] - slope) <= 0.25 + 1e-3  # the grid is 0.5 wide

sigma = residuals.std()
r = torch.linspace(-220, 220, 200)
bell = torch.exp(-(r**2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
print(f"the longest residual is {residuals.abs().max() / sigma:.1f} sigma")
assert residuals.abs().max() < 3.5 * sigma

# %%
fig = drawings.noise(residuals, r, bell, weights, minus_log_likelihood, slope)
plots.show(
    fig,
    alt="Left: a histogram of the residuals with a bell curve of the same width laid "
    "over it. Right: minus the log likelihood against the weight for three noise "
    "widths; all three are lowest at the same weight, the least-squares one.",
)

# %% [markdown]
# The claim has a price. A bell says that a miss of four $\sigma$ almost never happens,
# so one wild outlier pulls the line as far as it must to be less surprised. If noise
# has long tails, $|r|$ is the better loss: it follows from the Laplace distribution in
# just the same way.

# %% [markdown]
# ## The exact answer, in one line
# At the bottom of the bowl every slope is zero. Derive the slopes first. With
# $\hat y^{(i)} = \sum_j w_j x_j^{(i)} + b$ the chain rule gives
#
# $$\begin{aligned}
# \frac{\partial L}{\partial w_j} &= \frac1N \sum_i (\hat y^{(i)} - y^{(i)}) x_j^{(i)},
# \qquad \frac{\partial L}{\partial b} = \frac1N \sum_i (\hat y^{(i)} - y^{(i)})\\
# \nabla_{\mathbf w} L &= \frac1N \mathbf X^\top (\hat{\mathbf y} - \mathbf y)
# \end{aligned}$$
#
# The **gradient** $\nabla_{\mathbf w} L$ is the column of all slopes
# $\partial L / \partial w_j$; line two is line one for all $j$ at once: row $j$ of
# $\mathbf X^\top$ holds the $x_j$ of all people. Never believe a gradient that you
# derived by hand before [autograd](02) has agreed:

# %%
w, b = torch.randn(10, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
squared_loss(linreg(X, w, b), y).backward()
error = (linreg(X, w, b) - y).detach()  # (331, 1)
by_hand_w = X.T @ error / len(X)  # (10, 331) x (331, 1) -> (10, 1)
by_hand_b = error.mean(dim=0)  # (1,)
torch.testing.assert_close(by_hand_w, w.grad, rtol=1e-4, atol=1e-2)
torch.testing.assert_close(by_hand_b, b.grad, rtol=1e-4, atol=1e-2)
print("by hand and autograd agree")

# %% [markdown]
# Now set it to zero. Put $b$ into $\mathbf w$ by giving $\mathbf X$ a column of ones:
#
# $$\mathbf X^\top (\mathbf X \mathbf w - \mathbf y) = 0
# \quad\Longrightarrow\quad
# \mathbf X^\top \mathbf X \, \mathbf w = \mathbf X^\top \mathbf y,$$
#
# the **normal equations**: $n + 1$ equations, $n + 1$ unknowns. The name means that the
# residual stands at a right angle ("normal") to every column. `solve` is faster and
# more accurate than multiplying by an inverse matrix.

# %%
ones = torch.ones(len(X), 1)
A = torch.cat([X, ones], dim=1)  # (331, 11)
solution = torch.linalg.solve(A.T @ A, A.T @ y)  # (11, 11), (11, 1) -> (11, 1)
w_exact, b_exact = solution[:-1], solution[-1]  # (10, 1), (1,)
right_angle = (A.T @ (A @ solution - y)).abs().max() / (A.abs().T @ y).max()
print(f"residual against every column: {right_angle:.1e}")
assert right_angle < 1e-5

# %% [markdown]
# How good is it? $R^2$ compares the squared error with that of "everyone is average": 1
# is perfect, 0 is no better than the mean, below 0 is worse.
#
# $$R^2 = 1 - \frac{\sum_i (\hat y^{(i)} - y^{(i)})^2}{\sum_i (\bar y - y^{(i)})^2},
# \qquad \bar y: \text{mean of } y$$
#
# In code it is `r2(y_hat, y)`, from `utils.metrics`.

# %%
r2_exact = r2(linreg(X_test, w_exact, b_exact), y_test)
print(f"R2 on people it has seen    {r2(linreg(X, w_exact, b_exact), y):.3f}")
print(f"R2 on people it has not     {r2_exact:.3f}")
print({c: round(w) for c, w in zip(columns, w_exact.flatten().tolist(), strict=True)})
assert abs(r2_exact - 0.359) < 0.002

# %% [markdown]
# So: 0.359. On this split of the people, *this linear model* explains about a third of
# the variance. Another model might find more in the same ten numbers, and another split
# would give another figure: below you see how far it moves.
#
# Now look at the weights. Total cholesterol (`chol`) and its main part, `ldl`, have big
# weights of **opposite sign**. Does cholesterol cure? No. The two columns rise and fall
# together, so one weight can grow as long as the other undoes it. The loss hardly
# notices: the columns are **collinear**, nearly. A weight is not a cause, and a pair
# like this makes a long, flat valley.

# %%
correlation = torch.corrcoef(X.T)[4, 5]
w_chol, w_ldl = w_exact[4].item(), w_exact[5].item()
print(f"correlation of chol and ldl {correlation:.2f}")
print(f"weights {w_chol:.0f} and {w_ldl:.0f}")
assert correlation > 0.85 and w_chol < -20 and w_ldl > 5

# %% [markdown] predict="same_column_twice"
# **Predict.** Take the thought to its end: the table holds the BMI column twice. What
# does least squares find?
#
# - A lower loss: the model has one more weight.
#   wrong: weights counted instead of columns that differ. Whatever two weights make of
#   two equal columns, one weight makes of one.
# - The same predictions, by many pairs of weights.
#   right: only the sum of the two weights matters, so the minimum is a whole line and
#   no longer a point.
# - No minimum at all, because the equations have no solution.
#   wrong: a singular matrix taken for a problem without solution. The bottom of the
#   bowl is still there; it has become a channel, flat along one direction.

# %%
A_twice = torch.cat([A, A[:, [2]]], dim=1)  # (331, 12)
rank = int(torch.linalg.matrix_rank(A_twice.double()))
try:
    torch.linalg.solve(A_twice.T @ A_twice, A_twice.T @ y)
except RuntimeError as problem:
    print("solve:", str(problem).split(":")[-1].strip())
shortest = torch.linalg.lstsq(A_twice, y, driver="gelsd").solution  # (12, 1)
print(f"rank {rank} of 12; lstsq gives BMI {shortest[2].item():.2f} twice,", end=" ")
print(f"with one column {solution[2].item():.2f}")
torch.testing.assert_close(A_twice @ shortest, A @ solution, rtol=1e-3, atol=0.05)
assert rank == 11 and abs(shortest[2] + shortest[11] - solution[2]) < 0.05

# %% [markdown]
# $\mathbf X^\top \mathbf X$ is **singular** when a column is a weighted sum of others,
# or when there are fewer people than columns: its **rank** is then below the number of
# columns. `solve` needs full rank; without it, it raises or returns numbers without
# meaning. `lstsq` doesn't need it: it works on $\mathbf X$ itself, and of all best
# weights its driver `gelsd` gives the shortest. It also loses fewer digits, since
# $\mathbf X^\top \mathbf X$ squares the condition number (next section). We use it
# below for raw columns.

# %% [markdown]
# ## Why walk, if we can jump?
# If there is a formula, why does anybody train? Because the formula is special. It
# needs a gradient that is linear in $\mathbf w$; put one bend into the model and it is
# gone. And it costs about $N n^2 + n^3$ operations. The $N$ is harmless, as
# $\mathbf X^\top \mathbf X$ can be summed batch by batch; the $n^3$ is not, when $n$ is
# in the millions.
#
# **Gradient descent** asks for nothing but a slope. Stand somewhere, see which way is
# steepest down, take a step, repeat:
#
# $$\mathbf w \leftarrow \mathbf w - \eta \, \nabla_{\mathbf w} L$$
#
# $\eta$ ("eta", in code `lr`) is the **learning rate**. It is a **hyperparameter**: you
# choose it, while the parameters $\mathbf w$ and $b$ are learned.

# %%
pieces = [(rows.T @ rows) for rows in A.split(50)]  # (11, 11) each, 50 people at a time
torch.testing.assert_close(sum(pieces), A.T @ A, rtol=1e-4, atol=0.1)
print(f"{len(pieces)} batches add up to the whole matrix")

# %% [markdown]
# ## How long a step?
# To see paths we need a problem with two weights. Take the troublesome pair, `chol` and
# `ldl`, with everything standardised so that no bias is needed: a real valley. In
# double precision, so that errors may shrink for long.

# %% [markdown]
# How a bowl bends is told by its **Hessian**, the table of second derivatives; for our
# loss it is $\mathbf H = \mathbf X^\top \mathbf X / N$, the same everywhere. Its
# **eigenvectors** are the directions in which a step changes its length only, its
# **eigenvalues** $\lambda$ the curvatures along them:
# $\mathbf H \mathbf v = \lambda \mathbf v$.

# %%
X_std, y_std = (t.double() for t in diabetes(standardize=True))
X2 = X_std[:, [4, 5]]  # (442, 2): chol, ldl
H = X2.T @ X2 / len(X2)  # (2, 2): the Hessian
w_best = torch.linalg.solve(H, X2.T @ y_std / len(X2))  # (2, 1)
curvature = torch.linalg.eigvalsh(H)  # smallest, largest
print(f"eigenvalues {curvature[0]:.3f} along the valley, {curvature[1]:.3f} across")
assert abs(curvature.sum() - 2) < 1e-6 and 18 < curvature[1] / curvature[0] < 19


def gap(path):
    """How far above the lowest loss: path (2, steps) -> (steps,)."""
    d = path - w_best
    return (d * (H @ d)).sum(dim=0) / 2


# %% [markdown]
# Along an eigenvector the gradient is $\lambda$ times the distance $d$ to the bottom,
# so one step turns $d$ into $d - \eta \lambda d = (1 - \eta \lambda) \, d$. That
# shrinks only while $|1 - \eta \lambda| < 1$, and it must for the largest $\lambda$:
#
# $$\eta < \frac{2}{\lambda_{\max}}$$
#
# A limit that we can compute **before** a single step. Let us try rates below it and
# one 2 % above.

# %% [markdown] predict="just_too_large"
# **Predict.** The start lies up the valley, far along the flat direction and off to the
# side. With a rate 2 % above the limit, what does the loss do?
#
# - It falls at first, then rises without end.
#   right: the flat direction still shrinks, fast at first; the steep one grows by 4 % a
#   step, from little, and wins.
# - It rises from the first step on.
#   wrong: the limit thought to hold for all directions. It is that of the steepest one;
#   in the flat one the same rate is a good one.
# - It swings about a level and stays there.
#   wrong: a limit taken for a wall. Above it each swing is longer than the last, by the
#   same factor.


# %%
def descend(lr, num_steps=60, start=(-0.6, 1.4)):
    """Full-batch gradient descent: -> the path (2, num_steps + 1)."""
    w = torch.tensor(start, dtype=torch.float64).reshape(2, 1)
    path = [w]
    for _ in range(num_steps):
        w = w - lr * (H @ (w - w_best))  # the same as X2.T @ (X2 @ w - y_std) / N
        path.append(w)
    return torch.cat(path, dim=1)


lr_limit = 2 / curvature[1].item()
rates = {"too small": 0.03, "good": 0.5, "zigzag": 1.0, "too large": 1.02 * lr_limit}
paths = {f"{name}, lr = {lr:.2f}": descend(lr) for name, lr in rates.items()}
above = gap(descend(1.02 * lr_limit))
print(f"limit {lr_limit:.3f}")
print(f"2 % above: from {above[0]:.3f} to {above.min():.3f} in step", end=" ")
print(f"{int(above.argmin())}, then to {above[-1]:.0f}")
assert abs(lr_limit - 1.055) < 0.001 and 0 < above.argmin() < 6
assert above[-1] > 10 * above[0] and (above.diff()[4:] > 0).all()

# %% [markdown]
# **Look for:** on the left, the first steps of four walks from the same star. With the
# small rate the walk has hardly left it; with 0.50 it goes down to the floor of the
# valley and along it. The large one jumps from wall to wall, each time a little further
# out. On the right, the same four as curves: a 2 % excess over the limit is enough to
# turn "learns" into "explodes".


# %%
fig = drawings.rates(paths, gap, w_best)
plots.show(
    fig,
    alt="Left: contours of a narrow diagonal valley with the first steps of four "
    "learning rates; the smallest hardly moves, the largest zigzags outwards. Right: "
    "their loss over 60 steps on a log scale; three fall, the largest dips and grows.",
)

# %%
final = {name: gap(path)[-1].item() for name, path in paths.items()}
print({name: f"{value:.1e}" for name, value in final.items()})
falls = [gap(p)[-1] < gap(p)[0] for p in paths.values()]
assert falls == [True, True, True, False]
assert min(final, key=final.get).startswith("zigzag")

# %% [markdown]
# Surprised? The rate that looks ugliest, the zigzag at 1.00, is the one that gets
# lowest. The slow direction sets the pace: along the valley a step shrinks the distance
# by $1 - \eta \lambda_{\min}$ only, so you want $\eta$ as large as the steep direction
# allows. Best is where both shrink alike,
# $\eta = 2 / (\lambda_{\min} + \lambda_{\max})$: here exactly 1, for the two
# eigenvalues of a pair of standardised columns add up to 2.
#
# The ratio $\lambda_{\max} / \lambda_{\min}$, about 18 here, is the **condition
# number**, and it is why people standardise, normalise and invent optimisers.

# %% [markdown]
# ## Every step needs all the data. Does it?
# The gradient is a mean over $N$ people, and a mean can be estimated from a few:
#
# - **full batch**: all $N$ examples a step. Exact and slow.
# - **stochastic** (Robbins and Monro, 1951): one example a step. Quick and wild.
# - **mini-batch**: `batch_size` examples a step. What everybody uses.

# %% [markdown]
# Going through all data once is an **epoch**: $\lceil N / \text{batch size} \rceil$
# steps. The estimate is **unbiased**: *at a fixed* $\mathbf w$ its expectation over a
# random batch is the full gradient. The cell checks it at one $\mathbf w$: the
# gradients of all batches, each counted by its size, average to the full one. (During
# an epoch $\mathbf w$ moves from batch to batch, so the steps don't add up to a full
# step.)

# %%
w = torch.tensor([[-0.6], [1.4]], dtype=torch.float64)
total = torch.zeros(2, 1, dtype=torch.float64)
for rows in torch.randperm(442).split(16):  # 27 batches of 16, the last one of 10
    gradient = X2[rows].T @ (X2[rows] @ w - y_std[rows]) / len(rows)
    total += gradient * len(rows)
torch.testing.assert_close(total / 442, H @ (w - w_best))
print(f"{math.ceil(442 / 16)} batches, the last of {len(rows)}: their mean is exact")
assert len(rows) == 442 % 16 == 10


# %%
def minibatch_descend(batch_size, num_epochs, lr=0.1):
    """Mini-batch gradient descent on the valley: -> the path (2, updates + 1)."""
    w = torch.tensor([[-0.6], [1.4]], dtype=torch.float64)
    path = [w]
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X2)).split(batch_size):
            error = X2[rows] @ w - y_std[rows]  # (batch, 1)
            w = w - lr * X2[rows].T @ error / len(rows)
            path.append(w)
    return torch.cat(path, dim=1)


sizes = {"stochastic, 1": 1, "mini-batch, 16": 16, "full batch, 442": 442}
walks = {name: minibatch_descend(size, num_epochs=5) for name, size in sizes.items()}
updates = {name: walk.shape[1] - 1 for name, walk in walks.items()}
print("updates in five epochs:", updates)
assert list(updates.values()) == [5 * 442, 5 * 28, 5 * 1]

# %% [markdown]
# All three look at each person five times, with the same `lr`. **Look for:** the full
# batch takes five perfect steps and is still high up in the valley: only half of the
# loss above the lowest is gone. One example at a time rushes down and then buzzes
# around the bottom for ever (its curve is the mean of every 26 updates, else you would
# see only ink). The mini-batch ends lowest.

# %%
fig = drawings.batches(walks, gap, w_best, num_epochs=5)
plots.show(
    fig,
    alt="Left: three walks in the valley; the stochastic one is a scribble around the "
    "bottom, the mini-batch one a nearly smooth path, the full batch five steps. "
    "Right: loss over five epochs; stochastic falls at once and stays noisy, "
    "mini-batch falls steadily and ends lowest, full batch stays high.",
)

# %%
level = {name: gap(walk)[-updates[name] // 5 :].mean() for name, walk in walks.items()}
for name, value in level.items():
    print(f"{name:16} mean loss above lowest in the last epoch {value:.4f}")
five_best = min(gap(descend(lr, num_steps=5))[-1].item() for lr in (0.1, 0.5, 1.0))
quiet = gap(minibatch_descend(1, num_epochs=5, lr=0.01))[-442:].mean()
print(f"full batch, best of three rates {five_best:.4f};", end=" ")
print(f"stochastic, lr 0.01: {quiet:.4f}")
assert level["mini-batch, 16"] < five_best / 3 < level["full batch, 442"] / 3
assert level["mini-batch, 16"] < level["stochastic, 1"] and quiet < 0.02

# %% [markdown]
# Why does one example at a time never come to rest? At the bottom the *mean* gradient
# is zero, but each person's own is not: everyone pulls their own way, and `lr` decides
# how far you follow. A tenth of it quiets the buzz (the last number). Rates that shrink
# on the way, *learning-rate schedules*, come in [chapter 10](10). The full batch stays
# far behind at the best of three rates, too.
#
# There is a second reason for batches: hardware. One product of 32 rows takes hardly
# longer than one of a single row.

# %% [markdown]
# ## From scratch: can we find weights that we hid?
# On real data nobody knows the true weights. So first test the machine where we do:
# make **synthetic data** from weights of our choice and see whether they come back.

# %%
w_true, b_true = torch.tensor([[2.0], [-3.4]]), 4.2
features = torch.randn(1000, 2)  # (N, n)
labels = linreg(features, w_true, b_true) + 0.01 * torch.randn(1000, 1)  # (N, 1)
print(tuple(features.shape), tuple(labels.shape))

# %% [markdown]
# And here is the loop, in its four steps: predict, loss, gradient, update. You will
# meet it in every chapter to come. Note the three places where mistakes are made:
#
# 1. The step is taken under `no_grad`, in place: it must not become part of the graph.
# 2. Gradients **add up** in PyTorch, so each one is zeroed after its use.
# 3. The epoch's loss is the mean over all *examples*, so each batch counts by its size.


# %%
def train_from_scratch(X, y, lr, num_epochs, batch_size):
    """Mini-batch SGD on linear regression: -> w (n, 1), b (1,), loss of each epoch."""
    w = torch.zeros(X.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    history = []
    for _ in range(num_epochs):
        total = 0.0
        for rows in torch.randperm(len(X)).split(batch_size):
            loss = squared_loss(linreg(X[rows], w, b), y[rows])  # predict, loss
            loss.backward()  # gradient
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad  # update
                    param.grad.zero_()
            total += loss.item() * len(rows)
        history.append(total / len(X))
    return w.detach(), b.detach(), history


# %%
w, b, history = train_from_scratch(features, labels, 0.03, num_epochs=5, batch_size=10)
for epoch, value in enumerate(history, start=1):
    print(f"epoch {epoch}: loss {value:.6f}")
print(f"w {w[0].item():.4f} and {w[1].item():.4f}, b {b.item():.4f}")
assert (w - w_true).abs().max() < 0.005 and (b - b_true).abs() < 0.005
assert history[-1] < 1e-4  # the noise alone has 0.01^2 / 2 = 0.00005

# %% [markdown]
# The hidden weights came back to two decimals. And the loss stops at about 0.00005. Not
# by chance: that is $\sigma^2 / 2$ for our noise of 0.01, the floor below which there
# is nothing left to learn. If a loss goes far below the noise, be suspicious.

# %% [markdown]
# ## The same in PyTorch
# What you wrote by hand has names: `nn.Linear` keeps `w` and `b`, `torch.optim.SGD`
# takes the step, `zero_grad` wipes the gradients, `load_array` deals the batches.
#
# Two traps hide in here. `nn.MSELoss` has **no 1/2**, so its gradient is twice ours and
# the same walk needs half the `lr`. And `nn.Linear` stores its weight as (outputs,
# inputs), the transpose of ours.

# %%
net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.03 / 2)
loss = nn.MSELoss()
data_iter = load_array((features, labels), batch_size=10)  # shuffles anew each epoch
for _ in range(5):
    for X_batch, y_batch in data_iter:
        optimizer.zero_grad()
        loss(net(X_batch), y_batch).backward()
        optimizer.step()
weight = net.weight.detach().numpy().round(4)
print(f"weight {weight}, bias {net.bias.item():.4f}")
assert net.weight.shape == (1, 2)
assert (net.weight.T - w_true).abs().max() < 0.005 and abs(net.bias - b_true) < 0.005

# %% [markdown]
# ## Back to the people
# Now the ten columns, fifty epochs. The course's `train` is the loop above, written
# once: it takes a net, batches, a loss and an optimiser, and returns the history. As
# `valid_iter` it gets the test people: we watch them, and choose nothing by them. Where
# something is chosen, a third set is needed, for **validation** ([chapter 08](08)).

# %% [markdown] predict="have_we_arrived"
# **Predict.** After fifty epochs the walk's $R^2$ on the test people is within 0.02 of
# the exact solution's. And the weights of `chol` and `ldl`?
#
# - As near: the same loss means the same weights.
#   wrong: loss taken for distance. In a flat valley far-away points have nearly the
#   same loss.
# - Half-way, both with the right sign.
#   wrong: all weights thought to arrive together. Each direction has its own pace, and
#   that of more `chol` and less `ldl` is the slowest.
# - Far off, one even with the wrong sign.
#   right: the direction in which they differ has almost no slope, so fifty epochs
#   hardly moved along it.

# %%
device = try_gpu()


def fit_people(watched):
    """Train from seed 0 on the 331, watching other rows: -> net, history."""
    set_seed(0)
    net = nn.Linear(10, 1)
    history = train(
        net,
        load_array((X, y), batch_size=32),
        [watched],
        loss=nn.MSELoss(),
        optimizer=torch.optim.SGD(net.parameters(), lr=0.01),
        num_epochs=50,
        device=device,
    )
    return net.to("cpu"), history


# %%
net, history = fit_people((X_test, y_test))
with torch.no_grad():
    y_hat = net(X_test)
r2_walked, w_walked = r2(y_hat, y_test), net.weight.detach()[0]  # (10,)
print(f"R2 on the test people: trained {r2_walked:.3f}, exact {r2_exact:.3f}")
print(f"chol: trained {w_walked[4]:.1f}, exact {w_chol:.1f}")
print(f"ldl:  trained {w_walked[5]:.1f}, exact {w_ldl:.1f}")
assert abs(r2_walked - r2_exact) < 0.015
assert w_walked[4] > w_chol + 20 and w_walked[5] < -4.5 < 0 < w_ldl

# %% [markdown]
# $R^2$ has all but arrived; the weights have not. That is the valley again, now in ten
# dimensions: the smallest eigenvalue of the Hessian sets the pace along its floor, and
# its eigenvector is, above all, more `chol` and less `ldl`. For *predicting* people
# like these it doesn't matter. For *reading* the weights it does.

# %%
eigenvalues, eigenvectors = torch.linalg.eigh(X.T @ X / len(X))  # (10,), (10, 10)
condition = eigenvalues[-1] / eigenvalues[0]
left_over = (1 - 2 * 0.01 * eigenvalues[0]) ** (50 * 11)  # MSELoss doubles gradients
print(f"eigenvalues {eigenvalues[0]:.4f} to {eigenvalues[-1]:.2f}", end=", ")
print(f"condition number {condition:.0f}")
print(f"along the flattest direction {left_over:.0%} of the way is still to go")
flattest = eigenvectors[:, 0] / eigenvectors[4, 0]  # so that chol counts 1
print({c: round(v.item(), 1) for c, v in zip(columns, flattest, strict=True)})
assert 400 < condition < 500 and left_over > 0.85
assert flattest.abs().argsort()[-2:].tolist() == [5, 4] and flattest[5] < -0.5

# %% [markdown]
# **Look for:** on the left, both losses drop fast and then lie flat, and the test error
# *begins below* the training error. On the right, a perfect model would put every dot
# on the line. Ours avoids the extremes: it predicts no one as ill as the most ill
# become.

# %%
fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.3)
epochs = range(1, 51)
measured = {"training": history["train_loss"], "test": history["valid_loss"]}
plots.curves(left, epochs, measured, "epoch", "mean squared error (points²)")
left.set(yscale="log")
right.scatter(y_hat, y_test, s=12, color="C0")
right.plot([20, 350], [20, 350], color="C1", ls="--", label="perfect")
right.set(xlabel="predicted (points)", ylabel="true (points)")
right.legend(loc="upper left")
plots.show(
    fig,
    alt="Left: training and test error over 50 epochs; both fall steeply at first and "
    "then lie flat; the test error begins below and ends above. Right: true against "
    "predicted progression of the test people, a wide cloud around the diagonal.",
)

# %%
_, seen = fit_people((X, y))  # the same walk, watching the people it learns from
first = [history["train_loss"][0], seen["valid_loss"][0], history["valid_loss"][0]]
print("epoch 1: training {:.0f}, after the epoch {:.0f}, test {:.0f}".format(*first))
spread_train = ((y - y.mean()) ** 2).mean()
spread_test = ((y_test - y.mean()) ** 2).mean()
print(f"everyone is average: training {spread_train:.0f}, test {spread_test:.0f}")
print(f"highest prediction {y_hat.max():.0f}, highest truth {y_test.max():.0f}")
print(f"spread of predictions {y_hat.std():.0f}, of the truth {y_test.std():.0f}")
assert seen["train_loss"] == history["train_loss"]  # the very same walk
assert (
    first[0] > 1.28 * first[1]
    and first[1] > first[2]
    and spread_train > 1.2 * spread_test
)
assert history["valid_loss"][-1] > 1.14 * seen["valid_loss"][-1]
assert y_hat.max() < 0.85 * y_test.max() and y_hat.std() < 0.74 * y_test.std()

# %% [markdown]
# Two reasons for the start. The training figure is gathered *during* the epoch, mostly
# before the net had learned anything; measured after it, like the test error, it is
# much lower. The rest is this split: the 111 happen to be less spread out than the 331.
#
# At the end the test error is the higher one. Is *that* the price of not having seen
# these people, or luck again?

# %% [markdown]
# ## A surprise: how sure are we of 0.359?
# Three decimals look precise. But 111 people decided them. Draw another quarter as the
# test set, fit exactly, measure again; 400 times. On the same splits fit a smaller
# model beside: BMI, pressure and `lipids` only.

# %% [markdown] predict="gap_of_the_split"
# **Predict.** Our $R^2$ is 0.555 on people seen and 0.359 on people unseen: a gap of
# 0.196. How large is the gap in the mean over 400 splits?
#
# - About the same: unseen people are harder to predict.
#   wrong: one split taken for all. Eleven numbers fitted to 331 people can't learn them
#   by heart.
# - Zero: a linear model can't overfit.
#   wrong: overfitting thought to need a large model. Eleven free numbers fit a little
#   of the noise, too.
# - Below 0.06: the rest of ours is the luck of this split.
#   right: overfitting costs a few hundredths. Beyond that, hard people fell into the
#   test set and easy ones into the training set.

# %%
A_all = torch.cat([X_raw, torch.ones(442, 1)], dim=1).double()  # (442, 11)
y_double = y_all.double()
small = [2, 3, 8, 10]  # BMI, pressure, lipids, bias


def split_scores(seen, unseen, columns):
    """Fit by least squares on the rows `seen`: -> R2 on these, R2 on the others."""
    A_seen, A_unseen = A_all[seen][:, columns], A_all[unseen][:, columns]
    fit = torch.linalg.lstsq(A_seen, y_double[seen]).solution  # (columns, 1)
    return r2(A_seen @ fit, y_double[seen]), r2(A_unseen @ fit, y_double[unseen])


scores = []
for _ in range(400):
    rows = torch.randperm(442)
    seen, unseen = rows[:331], rows[331:]
    full = split_scores(seen, unseen, range(11))
    scores.append((*full, split_scores(seen, unseen, small)[1]))
on_seen, on_unseen, on_unseen_small = torch.tensor(scores).T  # (400,) each

# %%
gaps, r2_seen = on_seen - on_unseen, r2(linreg(X, w_exact, b_exact), y)
print(
    f"seen {on_seen.mean():.3f}, unseen {on_unseen.mean():.3f}: gap {gaps.mean():.3f}"
)
larger = (gaps > r2_seen - r2_exact).float().mean()
print(f"a gap as large as ours: {larger:.1%} of the splits")
tied = torch.corrcoef(torch.stack([on_seen, on_unseen]))[0, 1]
print(f"correlation of seen and unseen {tied:.2f}")
print(f"unseen from {on_unseen.min():.2f} to {on_unseen.max():.2f}")
assert 0.02 < gaps.mean() < 0.06 and larger < 0.1 and tied < -0.9
assert on_unseen.min() < 0.33 and on_unseen.max() > 0.6
assert 0.47 < on_unseen.mean() < 0.5 < on_seen.mean() < 0.54

# %% [markdown]
# **Look for** how wide the hill is, and where our split, the dashed line, stands.

# %%
fig, ax = plots.figure(width=6, height=2.6)
ax.hist(on_unseen, bins=25, color="0.75", edgecolor="white")
ax.axvline(r2_exact, color="C1", ls="--", label=f"our split: {r2_exact:.3f}")
ax.set(xlabel="R² on the unseen quarter", ylabel="splits (of 400)")
ax.legend(loc="upper right")
plots.show(
    fig,
    alt="Histogram of R2 over 400 random splits: a hill from about 0.3 to about 0.6 "
    "with its top near 0.5; our split, at 0.359, stands far out on its left side.",
)

# %% [markdown]
# Same model, same data, same formula: from about 0.3 or less to 0.6 or more, by chance
# alone. Seen and unseen scores are tied: whenever hard people fall into the test set,
# fewer are left to train on. Our split was such a one.
#
# Does it follow that two models can be compared no better than to 0.06, the **standard
# deviation** of that hill? No, if both are measured on the *same* split: its luck hits
# both alike.

# %%
paired = on_unseen - on_unseen_small
print(f"standard deviation of one model's R2: {on_unseen.std():.3f}")
print(f"of the difference of two models on the same split: {paired.std():.3f}")
print(f"the full model is better by {paired.mean():.3f} in the mean,", end=" ")
print(f"on {(paired > 0).float().mean():.0%} of the splits")
assert 0.055 < on_unseen.std() < 0.07 and paired.std() < 0.5 * on_unseen.std()
assert 0.015 < paired.std() < 0.035 and 0.01 < paired.mean() < 0.03

# %% [markdown]
# A **paired** comparison is more than twice as sharp. Still, on a single split of 442
# people a difference of 0.01 between two models tells nothing: its own luck is larger.
# [Chapter 08](08) shows what to do about it (cross-validation).

# %% [markdown]
# ## Not every landscape is a bowl
# For linear regression the loss is **convex**: the line between any two of its points
# never runs below it. So there is one bottom, every way down leads there, and we could
# start at zero above without harm. That is luxury. Add just one more layer and it ends.
# Take
#
# $$\hat y = w_1 w_2 x,$$
#
# the smallest "deep" network, two linear layers of one weight each, and let $y = x$
# with $x = 1$. Then $L = (w_1 w_2 - 1)^2 / 2$: any pair with $w_1 w_2 = 1$ is perfect.
# At $(0, 0)$ both slopes are zero, yet it is no minimum: up one way, down the other, a
# **saddle point**. A **local minimum** is worse: a bottom, only not the lowest.

# %%
w_start = torch.zeros(2, requires_grad=True)  # "start with all weights zero"
((w_start[0] * w_start[1] - 1) ** 2 / 2).backward()
print(f"gradient at the saddle: {w_start.grad.tolist()}")
assert w_start.grad.abs().max() == 0


def walk_down(loss, start, lr, num_steps):
    """Gradient descent by autograd: -> the path (num_steps + 1, len(start))."""
    w = torch.tensor(start, requires_grad=True)
    path = [w.detach().clone()]
    for _ in range(num_steps):
        (gradient,) = torch.autograd.grad(loss(w), w)
        with torch.no_grad():
            w -= lr * gradient
        path.append(w.detach().clone())
    return torch.stack(path)


# %%
def bumpy(w):
    return (w**2 + 2 * torch.cos(4 * w)).sum()  # a bowl with ripples


def two_layers(w):
    return (w[0] * w[1] - 1) ** 2 / 2


left_walk = walk_down(bumpy, [-2.6], lr=0.02, num_steps=40)
right_walk = walk_down(bumpy, [1.2], lr=0.02, num_steps=40)
on_ridge = walk_down(two_layers, [1.2, -1.2], lr=0.2, num_steps=60)
beside_it = walk_down(two_layers, [1.21, -1.2], lr=0.2, num_steps=60)
stuck, escaped = two_layers(on_ridge[-1]), two_layers(beside_it[-1])
print(f"two layers: from the ridge {stuck:.4f}, from beside it {escaped:.1e}")
worse, better = bumpy(left_walk[-1]), bumpy(right_walk[-1])
print(f"bumpy: {worse:.2f} from the left, {better:.2f} from the right")
assert abs(stuck - 0.5) < 1e-3 and escaped < 1e-3 and worse > better + 1

generator = torch.Generator().manual_seed(0)


# %%
def noisy_batch(w):
    x, noise = torch.randn(2, 16, generator=generator)  # (16,) each
    return squared_loss(w[0] * w[1] * x, x + noise)


in_noise = walk_down(noisy_batch, [1.2, -1.2], lr=0.2, num_steps=300)
print(f"from the ridge, by noisy batches of 16: {in_noise[-1].abs().max():.1e} from 0")
assert in_noise[-1].abs().max() < 1e-3

# %% [markdown]
# **Look for:** on the left, the same rule with the same `lr` ends in two different
# bottoms, because it started in different places. On the right, one walk starts exactly
# on the ridge and creeps into the saddle, where it stays for ever. The other starts
# 0.01 beside it, lingers, and slides away to a perfect model.

# %%
bumpy_walks = {"start -2.6": left_walk, "start 1.2": right_walk}
saddle_walks = {"on the ridge": on_ridge, "0.01 beside it": beside_it}
fig = drawings.no_bowls(bumpy, bumpy_walks, two_layers, saddle_walks)
plots.show(
    fig,
    alt="Left: a rippled bowl with two walks that end in different dips. Right: "
    "contours of a saddle; one walk stops at its centre, the other bends away into a "
    "valley.",
)

# %% [markdown]
# Two morals. With more than one layer start somewhere random, never at all zeros
# ([chapter 10](10)); a convex loss like that of our regression allows zeros. And don't
# count on mini-batches: on this ridge the two slopes are mirror images in every batch,
# so noise never leads off it. In networks with millions of weights, saddles are far
# more common than bad local minima (Dauphin et al., 2014): a minimum needs *every*
# direction to point up.

# %% [markdown]
# ## Eight ways to take a step
# `torch.optim` offers many rules for turning a gradient $g$ into a step. All change one
# of two things: the direction, or the step length of each weight. A bar is a **moving
# average** that forgets, $\bar a \leftarrow \beta \bar a + (1 - \beta) a$:
#
# | rule | step of each weight |
# |---|---|
# | SGD, ASGD | $-\eta \, g$ |
# | Adagrad | $-\eta \, g \, / \sqrt{\sum g^2}$, over all steps so far |
# | RMSprop | $-\eta \, g \, / \sqrt{\overline{g^2}}$ |
# | Adam | $-\eta \, \bar g \, / \sqrt{\overline{g^2}}$ |
# | Adamax | $-\eta \, \bar g \, / \text{largest recent } \lvert g \rvert$ |
# | Rprop | $-\Delta \operatorname{sign} g$; $\Delta$ halves when the sign flips |
# | LBFGS | $-\eta \, \mathbf H^{-1} \mathbf g$, with a Hessian guessed from gradients |

# %% [markdown]
# $\bar g$ in place of $g$ is called **momentum**: past gradients carry a walk on, like
# a heavy ball. Adam and Adamax have it, SGD can (`momentum=0.9`, [chapter 07](07)).
#
# ASGD keeps the average of the points passed in `optimizer.state`, but only from step
# `t0` on, by default a million: here it is all but SGD.

# %% [markdown]
# LBFGS may look at the loss several times before one step, by default up to
# `max_iter=20` times. So you hand `step` a function without arguments, the **closure**,
# that zeroes the gradient, computes the loss, calls `backward` and returns the loss.
# The other seven accept one too. To be fair we count *gradients computed*, not steps.


# %%
def optimise(name, lr, batch_size=None, budget=100, **settings):
    """One optimiser on the valley: -> path (2, budget), one point a gradient."""
    w = torch.tensor([[-0.6], [1.4]], dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([w], lr=lr, **settings)
    path = []

    def loss_of(rows):
        path.append(w.detach().clone())
        optimizer.zero_grad()
        loss = squared_loss(X2[rows] @ w, y_std[rows])
        loss.backward()
        return loss

    while len(path) < budget:
        rows = torch.randperm(len(X2))[:batch_size]  # None keeps all
        optimizer.step(partial(loss_of, rows))  # the closure: loss_of with its rows
    return torch.cat(path[:budget], dim=1)


# %% [markdown]
# A race at one shared `lr` would be a lottery: the numbers mean different things to
# different rules. So each gets four rates to try and keeps its best. We ask: after how
# many gradients is the loss within 0.0001 of the lowest?

# %%
names = ["SGD", "ASGD", "Adagrad", "RMSprop", "Adam", "Adamax", "Rprop", "LBFGS"]
best_lr, best_path = {}, {}
for name in names:
    tries = {lr: optimise(name, lr) for lr in (0.03, 0.1, 0.3, 1.0)}
    best_lr[name] = min(tries, key=lambda lr: gap(tries[lr])[-1].item())
    best_path[name] = tries[best_lr[name]]
needed = {name: int((gap(p) > 1e-4).sum()) for name, p in best_path.items()}
for name, count in sorted(needed.items(), key=lambda item: item[1]):
    print(f"{name:8} lr {best_lr[name]:<5} {count:3} gradients")
assert needed["LBFGS"] < 10 and min(needed.values()) == needed["LBFGS"]
assert all(30 < n < 100 for name, n in needed.items() if name != "LBFGS")

# %% [markdown]
# **Look for** the character of each walk. SGD bounces across the valley, and ASGD does
# the same. Adagrad and RMSprop make one wild jump, then slide down the middle. Adam and
# Adamax, which have momentum, swing past and come back. Rprop goes by signs, so its
# first steps are diagonal. And LBFGS: a few leaps.

# %%
fig, axes = plots.figure(2, 4, width=2.35, height=2.5, sharex=True, sharey=True)
for ax, (name, path) in zip(axes.flat, best_path.items(), strict=True):
    drawings.valley(ax, gap, w_best, low=-1.75)
    ax.plot(*path, "o-", color="C0", markersize=2.5, lw=1)
    ax.set_title(f"{name}, lr {best_lr[name]}: {needed[name]}")
fig.supxlabel("weight of chol (in the titles: gradients needed)", fontsize=10)
fig.supylabel("weight of ldl", fontsize=10)
plots.show(
    fig,
    alt="Eight small maps of the same valley, one an optimiser, each with its path "
    "from the upper left to the bottom: SGD zigzags, Adam and Adamax swing past and "
    "return, LBFGS arrives in a few long jumps.",
)

# %% [markdown]
# LBFGS needs a handful of gradients where the others need thirty and more. So why isn't
# the world trained with it? Change one thing only: **batches of 16** in place of all
# data, every optimiser with the `lr` that it has just won with.

# %% [markdown] predict="lbfgs_in_noise"
# **Predict.** With all data LBFGS and SGD (at `lr` 1.0) get lowest of all. Where are
# they with batches of 16?
#
# - Still lowest: the best optimiser stays the best.
#   wrong: a ranking thought to belong to the optimiser. It belongs to the pair of
#   optimiser and gradient.
# - LBFGS stays lowest, SGD falls back.
#   wrong: curvature thought to help against noise. It finds the minimum of *these*
#   sixteen people the faster, and that is not the minimum we want.
# - All eight are equal: noise drowns the differences.
#   wrong: noise thought to hit all alike. Rules that average or shrink their steps
#   suffer less.
# - Behind Adagrad and Adamax, both.
#   right: each follows a batch too far, LBFGS by fitting it, SGD by its long step.


# %%
def in_noise(name, lr, **settings):
    """Loss above lowest with batches of 16, median of 15 runs: (100,)."""
    runs = [gap(optimise(name, lr, batch_size=16, **settings)) for _ in range(15)]
    return torch.stack(runs).median(dim=0).values  # (15, 100) -> (100,)


noisy = {name: in_noise(name, lr) for name, lr in best_lr.items()}
end = {name: curve[-20:].mean().item() for name, curve in noisy.items()}
for name, value in sorted(end.items(), key=lambda item: item[1]):
    exact = gap(best_path[name])[-1]
    print(f"{name:8} {value:.4f} above the lowest loss; with all data {exact:.0e}")
for careful in ("Adagrad", "Adamax"):
    assert 2 * end[careful] < end["LBFGS"] < end["SGD"]

# %% [markdown]
# **Look for:** who is lowest on the left, and where the same line is on the right. Mind
# the scales: the right panel ends where the left one begins to be interesting. (Each
# curve on the right is the median of fifteen runs.)

# %%
fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.6)
shown = ["SGD", "Adagrad", "Adamax", "Rprop", "LBFGS"]
exact_curves = {name: gap(best_path[name]) for name in shown}
noisy_curves = {name: noisy[name] for name in shown}
ylabel = "loss above lowest"
plots.curves(left, range(100), exact_curves, "gradients computed", ylabel)
plots.curves(right, range(100), noisy_curves, "gradients computed", ylabel)
left.set(yscale="log", ylim=(1e-10, 3), title="all data in every gradient")
right.set(yscale="log", ylim=(1e-3, 20), title="16 people in every gradient")
right.get_legend().remove()
plots.show(
    fig,
    alt="Two panels of loss against gradients computed. With all data LBFGS falls at "
    "once and the others follow. With batches of 16 LBFGS, SGD and Rprop stay high, "
    "while Adagrad and Adamax come down.",
)

# %% [markdown]
# Two champions fall back. Why? Two guesses, each tested by taking the supposed cause
# away:
#
# - **LBFGS fits each batch.** One `step` takes up to twenty gradients of the *same*
#   sixteen people, enough to reach the bottom of their valley, which isn't ours. Let it
#   take one: `max_iter=1`.
# - **SGD is too fast.** `lr` 1.0 is just below the limit of the whole data set, and a
#   batch of 16 has a limit of its own. Let it go at 0.3.


# %%
remedies = {
    "LBFGS, max_iter=1": in_noise("LBFGS", 1.0, max_iter=1),
    "SGD at 0.3": in_noise("SGD", 0.3),
    "Adam at 0.1": in_noise("Adam", 0.1),
}
cured = {name: curve[-20:].mean().item() for name, curve in remedies.items()}
for name, value in cured.items():
    print(f"{name:17} {value:.4f} above the lowest loss")
late = [optimise("Rprop", best_lr["Rprop"], 16)[:, -20:] for _ in range(15)]
rprop_moves = torch.stack(late).diff(dim=2).abs().amax(dim=(1, 2)).median()
print(f"longest of Rprop's last twenty moves, median of 15 runs: {rprop_moves:.0e}")
assert cured["LBFGS, max_iter=1"] < end["LBFGS"] / 2 and rprop_moves < 0.003
assert cured["SGD at 0.3"] < end["SGD"] / 5 and max(cured.values()) < 0.015

# %% [markdown]
# Both guesses hold. (Rprop has a third illness: noise flips signs, each flip halves a
# step, and soon it stands still, wherever it is.) With one gradient a batch LBFGS comes
# down to the careful ones, although its guess of the curvature then mixes gradients of
# different people. SGD at 0.3 joins them, and so does Adam at 0.1: what wins with exact
# gradients can be too fast for noisy ones.
#
# There is a third remedy: keep walking fast, but *average the points*. That is what
# ASGD is for: with `t0=50` it would keep the mean of the points from about step 50
# on. Here it is by hand, from walks of SGD at its fast `lr` of 1.0.

# %%
walks = [optimise("SGD", 1.0, batch_size=16) for _ in range(40)]  # (2, 100) each
walk_end = torch.cat([gap(walk)[-1:] for walk in walks]).median()
means = [walk[:, 50:].mean(dim=1, keepdim=True) for walk in walks]  # (2, 1) each
average_end = gap(torch.cat(means, dim=1)).median()
print(f"the walk {walk_end:.4f}, the average of its last 50 points {average_end:.4f}")
apart = (best_path["ASGD"] - best_path["SGD"]).abs().max()
print(f"ASGD as it comes and SGD are never more than {apart:.0e} apart")
assert average_end < walk_end / 5 and apart < 0.0015

# %% [markdown]
# So there is no best optimiser, only a best one for your gradient. Small problem, exact
# gradient: LBFGS. Noise: SGD or Adam with a modest rate, or an average of the points.
# And a name tells little without its settings: two of our eight lost by a default.

# %% [markdown]
# ## What goes wrong in practice
# Linear regression fails **quietly**. The classic: `y_hat` is (N, 1), but `y` came as
# (N,). Subtract, and [broadcasting](01) builds an (N, N) table of everybody's
# prediction minus everybody else's truth. No error. A loss comes out. It even goes
# down.

# %%
y_flat = y.flatten()  # (331,)
print("shape of the difference:", tuple((linreg(X, w_exact, b_exact) - y_flat).shape))
w_trap, b_trap, _ = train_from_scratch(X, y_flat, 0.05, num_epochs=50, batch_size=32)
r2_trap = r2(linreg(X_test, w_trap, b_trap), y_test)
print(f"weights {w_trap.abs().max():.1f} at most, bias {b_trap.item():.0f}, ", end="")
print(f"mean of y {y.mean():.0f}, R2 {r2_trap:.2f}")
assert w_trap.abs().max() < 5 and abs(b_trap - y.mean()) < 8 and r2_trap < 0.15

# %% [markdown]
# It learned to predict nearly the mean for everybody: if each prediction must fit *all*
# truths of its batch at once, that is about the best one can do. (Not quite all is
# lost: of the 32 x 32 pairs in a batch 32 are right, so about a thirty-second of the
# real weights is learned.) `nn.MSELoss` at least warns. So print shapes, and assert
# them.
#
# Other bugs show in the **shape of the curve**. Train six times: once right, and five
# times with one thing wrong.

# %%
order = y.flatten().argsort()  # sorted by y: what "not shuffled" can mean


def run(bug="", lr=0.1, num_epochs=12, batch_size=32):
    """Train with one bug: -> loss over all data before each update."""
    w, b = torch.zeros(10, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    measured = []
    for _ in range(num_epochs):
        rows = order if bug == "not shuffled" else torch.randperm(len(y))
        for batch in rows.split(batch_size):
            with torch.no_grad():
                measured.append(squared_loss(linreg(X, w, b), y).item())
            truth = y[batch].flatten() if bug == "y is (N,)" else y[batch]
            loss = squared_loss(linreg(X[batch], w, b), truth)
            (loss * len(batch) if bug == "sum for mean" else loss).backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    if bug != "no zero_grad":
                        param.grad.zero_()
    return measured


bugs = ["no zero_grad", "y is (N,)", "not shuffled", "sum for mean"]
symptoms = {"right": run()} | {bug: run(bug) for bug in bugs}
symptoms["lr too small"] = run(lr=0.001)

# %% [markdown]
# **Look for** the signature of each. Health is a fall to a level where it stays. Waves
# that grow: gradients pile up. A plateau that is too high: broadcasting. A sawtooth
# with one tooth an epoch (11 updates): sorted data. Straight up: the step is too long
# by the batch size. A line that loses a quarter in 12 epochs: `lr` too small.

# %%
fig, ax = plots.figure(width=7.5, height=3.8)
for (name, curve), marker in zip(symptoms.items(), "os^DvP", strict=True):
    ax.plot(range(132), curve, marker=marker, markevery=11, label=name)
ax.set(xlabel="updates made", ylabel="loss over all data (points²)", yscale="log")
ax.set(xlim=(0, 132), ylim=(1e3, 1.5e5))
ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plots.show(
    fig,
    alt="Six loss curves on a log scale. Right: a fall to a level floor. No "
    "zero_grad: growing waves. y of shape (N,): a plateau at twice the floor. Not "
    "shuffled: a sawtooth with one tooth an epoch. Sum for mean: leaves the top at "
    "once. Small lr: a slow, even fall.",
)

# %%
last = {name: curve[-1] for name, curve in symptoms.items()}
print({name: f"{value:.2g}" for name, value in last.items()})
teeth = torch.tensor(symptoms["not shuffled"]).reshape(12, 11)  # (epoch, update)
print("not shuffled, mean of epochs 3 to 12:", teeth[2:].mean(dim=0).int().tolist())
assert last["right"] < 1600 and not last["sum for mean"] < 1e6
assert last["y is (N,)"] > 1.7 * last["right"]
assert 0.74 < last["lr too small"] / symptoms["lr too small"][0] < 0.78
waves = symptoms["no zero_grad"]
assert max(waves[-44:]) > max(waves[:44]) > 14000
assert teeth[2:].amax(dim=1).min() > 1.3 * last["right"]

# %% [markdown]
# One bug hides in the report, not in the training: printing the loss of the **last
# batch** as if it were the epoch's. Here are the trained weights, unchanged, measured
# on the 331 people they were trained on, batch by batch:

# %%
with torch.no_grad():
    batches = load_array((X, y), batch_size=16)
    per_batch = torch.stack([squared_loss(net(X_b), y_b) for X_b, y_b in batches])
    honest = squared_loss(net(X), y)
print(f"batches from {per_batch.min():.0f} to {per_batch.max():.0f}, all {honest:.0f}")
off = (per_batch / honest - 1).abs().max()
print(f"the batch that is farthest off: by {off:.0%}")
assert off > 0.5

# %% [markdown]
# Whoever reports the last batch can be wrong by more than half. Report the mean
# over all examples of the epoch, the short last batch at its true weight.
#
# ## So, how ill will this person be?
# We promised a number. Here it is for the first of the people put aside, with the root
# of the mean squared error as its "give or take":

# %%
give_or_take = ((y_hat - y_test) ** 2).mean().sqrt()
print(f"in a year: {y_hat[0].item():.0f} points, give or take {give_or_take:.0f}")
print(f"it came to {y_test[0].item():.0f}")
misses = (y_hat - y_test).abs()  # (111, 1)
beyond = (misses > give_or_take).float().mean()
print(f"a miss of {misses[0].item():.0f}; {beyond:.0%} miss by more than that 'give'")
print(f"with 'everyone is average': give or take {spread_test.sqrt():.0f}")
assert 56.5 < give_or_take < 57.5 and 70 < spread_test.sqrt() < 71
assert misses[0] > give_or_take and 0.2 < beyond < 0.45

metrics = {"R2 on the test people": r2_walked, "R2, exact solution": r2_exact}
metrics["error in a year, points"] = give_or_take.item()

# %% [markdown]
# A good guess says how good it is. This one missed by more than its 57, as it does for
# about a third of the people: give or take is no limit. Saying the mean of all to
# everybody would give or take 70: the ten numbers take 13 points off.

# %% [markdown]
# ## Summary
# - The model is $\mathbf X \mathbf w + b$: (N, n) times (n, m) plus (m,).
# - Least squares is maximum likelihood under Gaussian noise.
# - The normal equations jump to the answer; gradient descent walks to it, and its rate
#   must stay below $2 / \lambda_{\max}$.
# - Mini-batches trade exact steps for many. Convex here; saddles and local minima as
#   soon as there is a second layer.
# - Nearly collinear columns make a flat valley: the predictions arrive long before the
#   weights. If columns are dependent, $\mathbf X^\top \mathbf X$ is singular: use
#   `lstsq`.
# - No optimiser is best: LBFGS for exact gradients, SGD or Adam at a modest rate for
#   noisy ones.
# - One split of 442 people pins $R^2$ down to about a tenth; compare models in pairs.

# %% [markdown]
# ## Exercises and further reading
# The exercise notebook of this chapter builds all of it by hand: data, batches, loss,
# gradient, step, closed form, loop. Before you open it, guess, then try here:
#
# 1. Set `lr` in `descend` to exactly `lr_limit`. What should the walk do?
# 2. Give `bumpy` the start 0.0. Why does it not move?
# 3. Does LBFGS, with its default `max_iter`, recover with batches of 200?
#
# In [Dive into Deep Learning](https://d2l.ai): sections 3.1 to 3.3 in the edition of
# `d2l` 0.17, 3.1 to 3.5 in the printed book; in both, the chapter on optimisation
# algorithms.

# %% [markdown]
# - Legendre 1805 and Gauss 1809, least squares, and who was first
# - Robbins and Monro 1951, *A stochastic approximation method*
# - Efron, Hastie, Johnstone and Tibshirani 2004, *Least angle regression*: these data
# - Dauphin et al. 2014, *Identifying and attacking the saddle point problem*
# - Rprop: Riedmiller and Braun 1993. RMSprop: Tieleman and Hinton 2012, a lecture.
#   Adagrad: Duchi, Hazan and Singer 2011. Adam, Adamax: Kingma and Ba 2015. ASGD:
#   Polyak and Juditsky 1992. LBFGS: Liu and Nocedal 1989
# - Bottou, Curtis and Nocedal 2018, *Optimization methods for large-scale machine
#   learning*: a review of all of this
#
# Next, [chapter 04](04): what if the answer is yes or no?
