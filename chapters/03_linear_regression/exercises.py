# %% [markdown]
# # Linear regression: exercises
# You build every part of linear regression by hand: data, batches, loss, gradient,
# step, exact answer, training loop. Then PyTorch does it, and at the end you break it.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.
#
# Stuck? `check.hint("synthetic_data")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.
#
# The letters of the chapter hold here too: $N$ examples, $n$ features, `X` (N, n),
# `y` (N, 1), `w` (n, 1), `b` (1,).

# %%
import torch
from torch import nn
from torch.nn import functional as F

from utils import check
from utils.data import load_array

# %% [markdown]
# ## 1. Make data whose answer you know
# Write `synthetic_data(w, b, num_examples, sigma=0.01)`. It returns
#
# - `X`, shape (num_examples, n): every entry drawn from the standard normal
#   distribution
# - `y`, shape (num_examples, 1): $\mathbf y = \mathbf X \mathbf w + b + \varepsilon$,
#   where each example has its own noise $\varepsilon$ with mean 0 and **standard
#   deviation** `sigma`
#
# Allowed: all of torch. Not allowed: a loop.
#
# For example, with `w = torch.tensor([[2.0], [-3.4]])`, `b = 4.2`, 5 examples and
# `sigma=0`, `X` has shape (5, 2), and an example with features (1, 1) has the label
# 2 - 3.4 + 4.2 = 2.8.


# %% exercise="synthetic_data"
def synthetic_data(w, b, num_examples, sigma=0.01):
    """Draw X ~ N(0, 1) and y = X w + b + noise, noise ~ N(0, sigma^2).

    Args:
        w: (n, 1) float32, the true weights.
        b: the true bias, a number.
        num_examples: N, how many examples.
        sigma: standard deviation of the noise.

    Returns:
        X: (N, n) float32; y: (N, 1) float32.
    """
    ### BEGIN SOLUTION
    X = torch.randn(num_examples, len(w))
    y = X @ w + b
    return X, y + sigma * torch.randn(y.shape)
    ### END SOLUTION


# %% test="synthetic_data" points=2 bans="loops"
def shapes(w, b, num_examples):
    X, y = check.call(synthetic_data, w, b, num_examples)
    return {"X": [X.shape, X.dtype], "y": [y.shape, y.dtype]}


def facts(w, b, sigma, scale=1):
    X, y = check.call(synthetic_data, w, b, 20000, *sigma)
    noise = scale * (y.reshape(-1, 1) - (X @ w + b))
    numbers = {"mean of noise": noise.mean(), "deviation of noise": noise.std()}
    numbers = {name: round(value.item(), 1) for name, value in numbers.items()}
    numbers["y is X w + b"] = bool(noise.abs().max() < 1e-4 * scale)
    return numbers | {"X.T @ X / N": (X.T @ X / 20000).round(decimals=1)}


w = torch.tensor([[2.0], [-3.4], [0.7]])
check.probe(shapes, w, 4.2, 7, call="synthetic_data(w, 4.2, 7)")
check.probe(facts, w, 4.2, [0.5], call="synthetic_data(w, 4.2, 20000, sigma=0.5)")
### BEGIN HIDDEN TESTS
v = torch.tensor([[1.5], [0.2], [-1.0], [3.0]])
check.probe(shapes, v, -1.0, 1, call="synthetic_data(v, -1.0, 1)")
check.probe(facts, v, -2.5, [0], call="synthetic_data(v, -2.5, 20000, sigma=0)")
check.probe(facts, v, 0.5, [], 100, call="synthetic_data(v, 0.5, 20000)")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Deal even batches
# Cut as in the lecture, 10 examples in batches of 3 leave one alone. It moves the
# weights as far as three others together do. So deal even batches.
#
# Write the generator `data_iter(batch_size, X, y)`. It yields pairs
# `(X_batch, y_batch)` until each example was given exactly once: one epoch.
#
# - The order is random, and different each time.
# - Labels stay with their examples.
# - There are $\lceil N / \text{batch size} \rceil$ batches. No two sizes differ by more
#   than one, and the larger batches come first.
#
# Allowed: all of torch. Not allowed: `torch.utils.data`.
#
# For example, 7 examples with `batch_size=3` come as batches of 3, 2 and 2.


# %% exercise="data_iter"
def data_iter(batch_size, X, y):
    """Yield the examples in random order, in as few even batches as possible.

    Args:
        batch_size: the most examples that a batch may hold.
        X: (N, n) features.
        y: (N, 1) labels.

    Yields:
        X_batch: (B, n); y_batch: (B, 1), with B at most batch_size.
    """
    ### BEGIN SOLUTION
    num_batches = (len(X) + batch_size - 1) // batch_size  # rounded up
    for rows in torch.randperm(len(X)).tensor_split(num_batches):
        yield X[rows], y[rows]
    ### END SOLUTION


# %% test="data_iter" points=2 bans="data loading"
def epoch(batch_size, num_examples):
    X = torch.arange(2.0 * num_examples).reshape(num_examples, 2)
    first, second = (check.take(data_iter, 99, batch_size, X, -X) for _ in range(2))
    X1, y1 = (torch.cat(parts) for parts in zip(*first, strict=True))
    second = torch.cat([X_batch for X_batch, _ in second])
    in_order = [X_b.flatten().diff().eq(1).all() for X_b, _ in first if len(X_b) > 1]
    sizes = [len(y_batch) for _, y_batch in first]
    return {
        "batch sizes, sorted": sorted(sizes),
        "the larger batches come first": sizes == sorted(sizes, reverse=True),
        "all of X, sorted again": X1.sort(dim=0).values,
        "labels are with their examples": torch.equal(X1, -y1),
        "each batch is a stretch of X": all(in_order) and batch_size > 1,
        "the second epoch has the same order": torch.equal(X1, second),
    }


check.probe(epoch, 6, 27, call="data_iter(6, X, y), 27 examples")
check.probe(epoch, 4, 12, call="data_iter(4, X, y), 12 examples")
### BEGIN HIDDEN TESTS
check.probe(epoch, 30, 17, call="data_iter(30, X, y), 17 examples")
check.probe(epoch, 1, 13, call="data_iter(1, X, y), 13 examples")
check.probe(epoch, 6, 31, call="data_iter(6, X, y), 31 examples")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Measure how wrong
# Write `squared_loss(y_hat, y)`, the mean over the batch of half the squared errors:
#
# $$L = \frac{1}{N} \sum_{i=1}^{N} \frac{1}{2}
# \left( \hat y^{(i)} - y^{(i)} \right)^2$$
#
# `y_hat` has shape (N, 1). `y` holds as many numbers, but may come as (N, 1) **or** as
# (N,). Return a tensor without axes, through which gradients can flow.
#
# Not allowed: `F.mse_loss`, `nn.MSELoss`.
#
# For example, the predictions 3 and 1 for the truths 1 and 1 give
# (4/2 + 0/2) / 2 = 1.


# %% exercise="squared_loss"
def squared_loss(y_hat, y):
    """Mean over the batch of (y_hat - y)^2 / 2.

    Args:
        y_hat: (N, 1) float32, predictions.
        y: (N, 1) or (N,) float32, truths.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    error = y_hat - y.reshape(y_hat.shape)
    return (error**2).mean() / 2
    ### END SOLUTION


# %% test="squared_loss" points=2 bans="losses"
def slope_of_loss(y_hat, y):
    y_hat.requires_grad_()
    check.call(squared_loss, y_hat, y).backward()
    return y_hat.grad


y_hat = torch.tensor([[3.0], [1.0], [0.0], [-2.5]])
y = torch.tensor([[1.0], [1.5], [-2.0], [0.5]])
check.probe(squared_loss, y_hat, y)
check.probe(squared_loss, y_hat, y.flatten())
check.probe(slope_of_loss, y_hat, y, call="the gradient of squared_loss(y_hat, y)")
### BEGIN HIDDEN TESTS
check.probe(squared_loss, y_hat[:1], -y[:1])
check.probe(squared_loss, y_hat[:3], y[:3].flatten())
check.probe(slope_of_loss, 2 * y_hat[:3], y[:3].flatten())
torch.manual_seed(2)
many, truths = torch.randn(257, 1), torch.randn(257)
expected = F.mse_loss(many.flatten(), truths) / 2
check.close(check.call(squared_loss, many, truths), expected)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Which way is down, if some count more?
# A row of a table can stand for several people. The number $v_i \ge 0$ says how much
# row $i$ counts. The loss is then a **weighted mean**:
#
# $$L = \frac{1}{\sum_i v_i} \sum_{i=1}^{N} v_i \cdot \frac{1}{2}
# \left( \hat y^{(i)} - y^{(i)} \right)^2$$
#
# Write `linreg_gradient(X, y, w, b, v)`. It returns the gradients of this loss for `w`
# and for `b`, a pair of shapes (n, 1) and (1,). `v` has the shape (N,) and may hold
# zeros. Derive them as the lecture did for equal rows. Not allowed: autograd
# (`backward`, `torch.autograd.grad`).
#
# For example, `X = [[2., 1.], [0., 5.]]`, `y = [[3.], [1.]]`, `v = [3., 1.]` and
# parameters of 0 have the errors -3 and -1. The gradients are `[[-4.5], [-3.5]]` and
# `[-2.5]`.


# %% exercise="linreg_gradient"
def linreg_gradient(X, y, w, b, v):
    """Gradients of sum(v * (X w + b - y)^2 / 2) / sum(v), without autograd.

    Args:
        X: (N, n) float32; y: (N, 1) float32.
        w: (n, 1) float32; b: (1,) float32.
        v: (N,) float32, how much each row counts; not all are 0.

    Returns:
        gradient for w: (n, 1) float32; gradient for b: (1,) float32.
    """
    ### BEGIN SOLUTION
    error = (X @ w + b - y) * v.reshape(-1, 1)  # (N, 1)
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()  # (n, N) x (N, 1)
    ### END SOLUTION


# %% test="linreg_gradient" points=3 bans="autograd"
X = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [2.0, 0.5, 1.0], [1.5, 1.0, -2.0]])
y = torch.tensor([[1.0], [0.0], [-2.0], [3.5]])
w, b = torch.tensor([[0.5], [-1.0], [2.0]]), torch.tensor([0.7])
v = torch.tensor([2.0, 0.5, 1.5, 3.0])
check.probe(linreg_gradient, X, y, w, b, v)
check.probe(linreg_gradient, X[:1, :2], y[3:], torch.zeros(2, 1), torch.zeros(1), v[:1])
### BEGIN HIDDEN TESTS
check.probe(linreg_gradient, -X[:3], 2 * y[:3], w, -b, torch.tensor([0.0, 4.0, 1.0]))
check.probe(linreg_gradient, X[:, 1:2], y, w[2:], b, v)
torch.manual_seed(3)
X, y, v = torch.randn(11, 6), torch.randn(11, 1), torch.rand(11)
w, b = torch.randn(6, 1, requires_grad=True), torch.randn(1, requires_grad=True)
loss = v @ (X @ w + b - y).flatten() ** 2 / (2 * v.sum())
expected = torch.autograd.grad(loss, (w, b))
got = check.call(linreg_gradient, X, y, w.detach(), b.detach(), v)
check.close(got, expected, "the gradients for w and b")
### END HIDDEN TESTS

# %% [markdown] choice="upright_bias" points=1
# ## Think: a bias that stands upright
# A model predicts three numbers for each of N people: `X` is (N, 2) and `w` is (2, 3).
# By mistake the bias has the shape (3, 1) in place of (3,). What does `X @ w + b` give?
#
# - An error for every N, as (3, 1) is not (3,).
#   wrong: equal shapes demanded, where broadcasting stretches an axis of size 1
# - For every N what (3,) would give, as both hold the same three numbers.
#   wrong: numbers counted, where broadcasting compares axes from the right
# - An error, except for N = 1 and N = 3: there it gives a wrong answer and no error.
#   right: axes fit if they are equal or one of them is 1, so N must be 1 or 3. The
#   biases then go to the rows, one each, and not to the three predictions.
# - For every N a shape of (N, 3, 3), each person with each bias.
#   wrong: broadcasting thought to add an axis for each pair of rows

# %% [markdown]
# ## 5. Take one step
# Write `sgd(params, lrs)`. `params` is a list of tensors and `lrs` a list of as many
# learning rates, one for each: weights and bias need not walk at the same pace. For
# each tensor that has a gradient in `.grad`,
#
# - change it **in place** to $\text{param} - \text{lr} \cdot \text{grad}$ with its own
#   rate; it stays the same leaf, and asks for gradients
# - then clear its gradient, so that the next `backward` starts from zero
#
# A tensor whose `.grad` is None took no part in the loss: it stays as it is. Return
# nothing. Not allowed: `torch.optim`.
#
# For example, a parameter of 1 with gradient 4 and rate 0.1 becomes 0.6.


# %% exercise="sgd"
def sgd(params, lrs):
    """One step of gradient descent, in place: param <- param - lr * param.grad.

    Args:
        params: list of leaf tensors; `.grad` of some may be None.
        lrs: list of as many learning rates.
    """
    ### BEGIN SOLUTION
    pairs = zip(params, lrs, strict=True)
    with torch.no_grad():
        for param, lr in pairs:
            if param.grad is not None:
                param -= lr * param.grad
                param.grad.zero_()
    ### END SOLUTION


# %% test="sgd" points=2 changes="params" bans="optimisers"
def steps(values, slopes, lrs, num_steps=1):
    params = [value.clone().requires_grad_() for value in values]
    for _ in range(num_steps):
        pairs = zip(params, slopes, strict=True)
        losses = [(p * slope).sum() for p, slope in pairs if slope is not None]
        sum(losses).backward()
        given = [*params]
        returned = check.call(sgd, given, lrs)
    left = [0 if p.grad is None else p.grad.abs().sum().item() for p in params]
    return {
        "parameters": [p.detach() for p in params],
        "gradients left over": left,
        "the same tensors are in the list": [*map(id, given)] == [*map(id, params)],
        "all are leaves that ask for gradients": all(
            p.is_leaf and p.requires_grad for p in params
        ),
        "returned": returned,
    }


values = [torch.tensor([[1.0, 2.0], [-3.0, 0.5], [4.0, 0.0]]), torch.tensor([0.25])]
slopes = [torch.tensor([[4.0, -1.0], [0.5, 2.0], [3.0, 1.0]]), torch.tensor([-6.0])]
check.probe(steps, values, slopes, [0.1, 0.3], call="sgd([w, b], [0.1, 0.3])")
call = "three times sgd([w, b], [0.2, 0.05])"
check.probe(steps, values, slopes, [0.2, 0.05], 3, call=call)
call = "sgd([w, b], [0.5, 0.3]), w.grad is None"
check.probe(steps, values, [None, slopes[1]], [0.5, 0.3], call=call)
### BEGIN HIDDEN TESTS
three = [*values, torch.ones(2, 5)]
call = "two times sgd([w, b], [1.5, 0.4])"
check.probe(steps, slopes, values, [1.5, 0.4], 2, call=call)
call = "sgd([u, v, w], [0.5, 2, 0.1])"
check.probe(steps, three, [2 * v for v in three], [0.5, 2, 0.1], call=call)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Jump to the answer
# Write `closed_form(X, y, v)`. It returns the `w`, shape (n, 1), and `b`, shape (1,),
# with the least **weighted** loss of exercise 4, exactly, without a step. Set its
# gradient to zero, as the lecture did.
#
# `X` has no column of ones, and neither its columns nor `y` have mean 0. The entries of
# `v`, shape (N,), need not be whole; a row of weight 0 has no say.
#
# Allowed: all of `torch.linalg`. Not allowed: a loop.
#
# For example, (0, 1), (1, 3) and (2, 5) lie on a line, (3, 100) doesn't. These four
# with `v = [1., 1., 1., 0.]` give `tensor([[2.]])` and `tensor([1.])`.


# %% exercise="closed_form"
def closed_form(X, y, v):
    """The weights and the bias with the least weighted squared loss.

    Args:
        X: (N, n) float32; y: (N, 1) float32.
        v: (N,) float32, how much each row counts; more than n entries are above 0.

    Returns:
        w: (n, 1) float32; b: (1,) float32.
    """
    ### BEGIN SOLUTION
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)  # (N, n + 1)
    weighted = A * v.reshape(-1, 1)  # (N, n + 1)
    solution = torch.linalg.solve(weighted.T @ A, weighted.T @ y)  # (n + 1, 1)
    return solution[:-1], solution[-1]
    ### END SOLUTION


# %% test="closed_form" points=2 bans="loops"
X = torch.tensor([[1.0, 2.0], [2.0, 0.0], [4.0, 1.0], [3.0, 5.0], [0.5, 3.0]])
y = torch.tensor([[3.0], [1.0], [2.5], [7.0], [6.0]])
v = torch.tensor([1.0, 2.5, 0.5, 3.0, 1.5])
check.probe(closed_form, X, y, v, rtol=1e-3, atol=1e-3)
check.probe(closed_form, X[:4, 1:], y[:4], v[:4] - 0.5, rtol=1e-3, atol=1e-3)
### BEGIN HIDDEN TESTS
check.probe(closed_form, X.flip(1) + 2, 10 - 3 * y, 4 - v, rtol=1e-3, atol=1e-3)
torch.manual_seed(4)
X, v = torch.randn(40, 6) + torch.arange(6.0), torch.rand(40) + 0.5
w, b = torch.arange(-3.0, 3.0).reshape(6, 1), torch.tensor([2.5])
y = X @ w + b
X[7], v[7] = 100.0, 0.0  # an outlier that has no say
got = check.call(closed_form, X, y, v)
check.close(got, (w, b), "w and b", rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown] choice="other_units" points=1
# ## Think: one column in other units
# A model is fitted to standardised columns that are not correlated, once by the exact
# answer and once by many steps of gradient descent on all data with `lr=0.5`. Then one
# column is multiplied by 20, and both fits are made again with the same `lr`. What
# becomes of the predictions?
#
# - Both predict as before, since the weight of that column becomes a twentieth.
#   wrong: a step length thought to fit whatever the units are
# - Both listen to that column more than to the others.
#   wrong: a column of large numbers taken for an important one
# - The exact answer predicts as before; gradient descent too, after 20 times the steps.
#   wrong: the steps thought too short, where the gradient grows with the column
# - The exact answer predicts as before; gradient descent runs away.
#   right: the exact weight becomes a twentieth. But the curvature along it grows by
#   20 squared, and 0.5 is far above 2 divided by 400.

# %% [markdown]
# ## 7. Put it together
# Write `train_linreg(data_iter, w, b, lr, num_epochs, decay)`. For each batch of each
# epoch: predict, loss (as in exercise 3), gradient, step. The first epoch walks with
# `lr`; after each epoch the rate is multiplied by `decay`. It changes `w` and `b` in
# place and returns a list with one float an epoch: **the mean, over all examples of the
# epoch, of the loss that each had before the step of its batch**.
#
# `data_iter` is a list or a DataLoader of pairs of shapes (batch, n) and (batch, 1).
#
# Allowed: autograd, `F.mse_loss` (mind its factor). Not allowed: `torch.optim`.
#
# For example, 4 examples with the loss 1 and 2 with the loss 4 report 2, not 2.5.


# %% exercise="train_linreg"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    """Mini-batch SGD on linear regression; changes w and b in place.

    Args:
        data_iter: the batches (X, y) of an epoch: (batch, n) and (batch, 1) float32.
        w: (n, 1) float32 leaf, b: (1,) float32 leaf; both ask for gradients.
        lr: the learning rate of the first epoch.
        num_epochs: how many times to go through `data_iter`.
        decay: what the rate is multiplied by after each epoch.

    Returns:
        list of num_epochs floats: mean loss over the examples of each epoch.
    """
    ### BEGIN SOLUTION
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr *= decay
    return history
    ### END SOLUTION


# %% test="train_linreg" points=3 changes="w b" bans="optimisers"
def trained(X, y, sizes, lr, num_epochs, decay):
    w = torch.tensor([[0.5], [-0.5]], requires_grad=True)
    b = torch.tensor([0.25], requires_grad=True)
    data_iter = list(zip(X.split(sizes), y.split(sizes), strict=True))
    losses = check.call(train_linreg, data_iter, w, b, lr, num_epochs, decay)
    leaves = [p.is_leaf and p.requires_grad for p in (w, b)]
    return {"losses": losses, "w": w.detach(), "b": b.detach(), "leaves": leaves}


X = torch.tensor([[1.0, 0.5], [-0.5, 2.0], [0.0, 1.5], [2.0, -1.0], [1.5, 1.0]])
y = torch.tensor([[2.0], [-1.0], [0.5], [3.0], [-0.5]])
w_true, features = torch.tensor([[2.0], [-3.4], [0.7]]), torch.randn(150, 3)
call = "train_linreg(batches of 3 and 2, w, b, lr=0.1, num_epochs=3, decay=0.5)"
check.probe(trained, X, y, [3, 2], 0.1, 3, 0.5, call=call)
batches = load_array((features, features @ w_true + 4.2), batch_size=50)
w, b = torch.zeros(3, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
losses = check.call(train_linreg, batches, w, b, 0.5, 8, 0.95)
check.close(w, w_true, "w after 8 epochs", atol=0.01)
check.reaches(losses[-1], 1e-4, "the loss of epoch 8", below=True)
### BEGIN HIDDEN TESTS
check.probe(trained, 2 * X, y, [5], 0.05, 2, 0.8, call="one batch an epoch")
check.probe(trained, X, -y, [1, 3, 1], 0.2, 4, 0.9, call="batches of 1, 3 and 1")
### END HIDDEN TESTS

# %% [markdown] choice="two_floors" points=1
# ## Think: two floors
# A linear model is trained with batches of 16. In ten epochs the loss over all data
# falls to about 0.30, and for twenty more it wanders around that. Then `lr` is divided
# by ten: within a few epochs the loss sinks to 0.26 and stays. What do the floors say?
#
# - At the old rate, the noise of the batches kept the walk off the bottom.
#   right: each batch has a lowest point of its own, and steps of a fixed rate chase
#   them all. The smaller the rate, the closer to the true bottom the walk circles.
# - The walk sat in a local minimum, and the new rate freed it.
#   wrong: a local minimum suspected in a bowl, which has one minimum
# - The old rate was above the limit at which steps begin to grow.
#   wrong: noise taken for divergence, at which the loss grows without end
# - With the new rate from the start, the loss would be at 0.26 after ten epochs.
#   wrong: the height of the floor taken for the speed of the way down

# %% [markdown]
# ## 8. Let LBFGS do it
# Write `fit_lbfgs(X, y, num_steps)`. Make an `nn.Linear` with one output, train it with
# `torch.optim.LBFGS` (its default settings) on all data at once for `num_steps` steps,
# and return the net, wherever its parameters started. What it makes small is the mean
# squared error.
#
# LBFGS needs a **closure**: a function without arguments that clears the gradients,
# computes the loss, calls `backward` and returns the loss. `optimizer.step(closure)`
# calls it as often as it likes.
#
# For example, after `net = fit_lbfgs(X, y, 3)` on 5 examples with 2 features,
# `net.weight` has shape (1, 2), `net(X)` has shape (5, 1), and the loss is as low as
# the exact answer's.


# %% exercise="fit_lbfgs"
def fit_lbfgs(X, y, num_steps):
    """Train nn.Linear(n, 1) on the mean squared error with LBFGS.

    Args:
        X: (N, n) float32; y: (N, 1) float32.
        num_steps: how often `optimizer.step(closure)` is called.

    Returns:
        the trained nn.Linear.
    """
    ### BEGIN SOLUTION
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net
    ### END SOLUTION


# %% test="fit_lbfgs" points=2
def fitted(X, y, num_steps):
    net = check.call(fit_lbfgs, X, y, num_steps)
    if F.mse_loss(check.call(net, X), y) > 1e6:
        return "a net that ran away: its loss is over a million"
    return {name: p.detach() for name, p in check.parameters(net).items()}


def has_arrived(X, y, num_steps):
    y_hat = check.call(check.call(fit_lbfgs, X, y, num_steps), X)
    return bool(F.mse_loss(y_hat, y) < 5)


X = torch.tensor([[1.0, 0.5], [-0.5, 2.0], [0.0, 1.5], [2.0, -1.0], [1.5, 1.0]])
y = torch.tensor([[2.0], [-1.0], [0.5], [3.0], [-0.5]])
check.probe(fitted, X, y, 3, call="fit_lbfgs(X, y, 3)", rtol=1e-2, atol=1e-2)
net = check.call(fit_lbfgs, X, y, 2)
check.module(net, X, output_shape=(5, 1), param_shapes={"weight": (1, 2), "bias": (1,)})
### BEGIN HIDDEN TESTS
check.probe(fitted, X[:, :1], 2 - y, 4, call="one feature", rtol=1e-2, atol=1e-2)
check.probe(has_arrived, X, y + 50, 0, call="no step at all")
check.probe(has_arrived, X, y + 50, 3, call="three steps, far to go")
torch.manual_seed(6)
X, w = torch.randn(50, 4), torch.arange(4.0).reshape(4, 1)
weight = check.parameters(check.call(fit_lbfgs, X, X @ w - 3, 5))["weight"]
check.close(weight, w.T, "the weight", rtol=1e-2, atol=1e-2)
### END HIDDEN TESTS

# %% [markdown] choice="labels_times_ten" points=1
# ## Think: every label times ten
# All labels `y` are multiplied by 10, the features stay as they are, and the model is
# fitted anew to the bottom of the loss. What is true then? Choose all that hold.
#
# - Its weights and its bias are ten times the old ones.
#   right: the bottom moves in step with the labels.
# - Its loss is ten times the old one.
#   wrong: the square in the loss forgotten
# - Its $R^2$ is the old one.
#   right: both sums in $R^2$ grow by the same factor.
# - Gradient descent needs a smaller `lr`, or it runs away.
#   wrong: the size of the gradient taken for the curvature, which the features decide

# %% [markdown]
# ## 9. Yes or no?
# The label is now 0 (healthy) or 1 (ill). Nothing stops us from fitting a line to that,
# and calling everybody ill for whom it says more than 1/2.
#
# Write `border(x, y)`. Fit $\hat y = w x + b$ by least squares, and return the `x` at
# which $\hat y = 1/2$, as a tensor without axes. `x` has shape (N, 1), `y` (N, 1).
#
# Allowed: all of torch. Not allowed: a loop.
#
# For example, `x = [[0.], [1.], [2.], [3.]]` with `y = [[0.], [0.], [1.], [1.]]` gives
# 1.5, half-way between the two groups.


# %% exercise="border"
def border(x, y):
    """Where the least-squares line through labels of 0 and 1 crosses 1/2.

    Args:
        x: (N, 1) float32, one feature.
        y: (N, 1) float32, labels 0 or 1.

    Returns:
        0-d float32 tensor, the x with w x + b = 1/2.
    """
    ### BEGIN SOLUTION
    centred = x - x.mean()
    w = (centred * y).sum() / (centred**2).sum()
    b = y.mean() - w * x.mean()
    return (0.5 - b) / w
    ### END SOLUTION


# %% test="border" points=2 bans="loops"
x = torch.tensor([[0.5], [1.0], [2.5], [3.0], [4.5]])
y = torch.tensor([[0.0], [0.0], [0.0], [1.0], [1.0]])
check.probe(border, x, y)
check.probe(border, x, 1 - y)
### BEGIN HIDDEN TESTS
far = torch.tensor([[40.0], [30.0]])
check.probe(border, torch.cat([x, far]), torch.cat([y, torch.ones(2, 1)]))
check.probe(border, -3 * x[1:4], y[1:4])
### END HIDDEN TESTS

# %% [markdown]
# ## 10. What broke? (a person reads your answer)
# Take the four points of exercise 9: `x` = 0, 1, 2, 3 with labels 0, 0, 1, 1. The
# border is at 1.5 and all four are judged right. Now a fifth person comes, with
# `x = 30`, and is ill, as anyone would have guessed. Fit again.
#
# 1. Where is the border now, and who is judged wrongly? (Run it, or calculate.)
# 2. The new person was an easy case. Explain, with the squared loss and its gradient,
#    why it did harm.
# 3. What should a loss for yes-or-no questions do with such a person?
#
# Answer in five to ten sentences.

# %% [markdown] manual="why_not_squares" points=3
# ### BEGIN SOLUTION
# 1. The border moves to 2.31. The person at x = 2 is ill and is now called healthy.
# 2. The old line says 11.9 for x = 30. The truth is 1, so half the squared error is 59:
#    the prediction is punished for being *too* right. The gradient is the error times
#    x, so this person pulls harder than all others together; the line tilts down and
#    crosses 1/2 farther right.
# 3. It should charge next to nothing for an example far on the right side. Squash
#    $\hat y$ into (0, 1), read it as a probability and take minus its log likelihood:
#    [chapter 04](04).
#
# Grader: a point each; 2 needs the error's size.
# ### END SOLUTION
