# %% [markdown]
# # Generalization: exercises
# You build the tools against overfitting by hand: features, folds, a table of mixed
# types, penalty and decay, dropout, early stopping. You mend a program that chose on
# its test set, and sort the parameters of a net.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.
#
# Stuck? `check.hint("polynomial_features")` in a new cell asks for a hint: first a
# question, then an idea, then the shape of the answer.

# %%
import torch
from torch import nn
from torch.nn import functional as F  # noqa: F401, for your answers

from utils import check

# %% [markdown]
# ## 1. Bend the line
# Write `polynomial_features(x, degree)`. Plain powers grow fast, so each is divided by
# a factorial: column $i$ holds $x^i / i!$, for $i = 0, 1, \dots,$ `degree`. (Remember
# that $i! = 1 \cdot 2 \cdots i$ and $0! = 1$.)
#
# `x` has shape (N,); return shape (N, degree + 1), float32.
#
# Allowed: all of torch and Python.
#
# For example, `polynomial_features(torch.tensor([2.0]), 3)` gives
# `tensor([[1.0000, 2.0000, 2.0000, 1.3333]])`.


# %% exercise="polynomial_features"
def polynomial_features(x, degree):
    """Columns x^i / i! for i from 0 to degree.

    Args:
        x: (N,) float32.
        degree: the highest power, 0 or more.

    Returns:
        (N, degree + 1) float32.
    """
    ### BEGIN SOLUTION
    columns = [torch.ones_like(x)]
    for i in range(1, degree + 1):
        columns.append(columns[-1] * x / i)
    return torch.stack(columns, dim=1)
    ### END SOLUTION


# %% test="polynomial_features" points=2
x = torch.tensor([2.0, -1.0, 0.5, 3.0, -1.7])
check.probe(polynomial_features, x, 3)
check.probe(polynomial_features, x[:2], 6)
### BEGIN HIDDEN TESTS
check.probe(polynomial_features, x[1:], 0)
check.probe(polynomial_features, 2 * x, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Who is held out?
# Write `fold_rows(num_rows, k, i)`. Rows 0 to num_rows - 1 are cut into `k` folds, each
# a stretch of neighbouring rows, in ascending order. Where `k` doesn't divide
# `num_rows`, the **first** folds hold one row more. Return the pair `(train, valid)` of
# round `i`, counted from 0: the rows of fold `i` are for validation, all others for
# training. Both are int64 tensors in ascending order. (Shuffling is the caller's
# business.)
#
# Not allowed: `sklearn`.
#
# For example, 7 rows in 3 folds are (0, 1, 2), (3, 4) and (5, 6), so `fold_rows(7, 3,
# 1)` gives `tensor([0, 1, 2, 5, 6])` and `tensor([3, 4])`.


# %% exercise="fold_rows"
def fold_rows(num_rows, k, i):
    """The rows for training and for validation in round i of k-fold cross-validation.

    Args:
        num_rows: how many rows there are, at least k.
        k: how many folds, 2 or more.
        i: the round, 0 to k - 1.

    Returns:
        train, valid: 1-d int64 tensors, ascending, disjoint; together all rows.
    """
    ### BEGIN SOLUTION
    size, longer = divmod(num_rows, k)
    start = i * size + min(i, longer)
    stop = start + size + (i < longer)
    rows = torch.arange(num_rows)
    return torch.cat([rows[:start], rows[stop:]]), rows[start:stop]
    ### END SOLUTION


# %% test="fold_rows" points=2 bans="scikit-learn"
def all_rounds(num_rows, k):
    return [check.call(fold_rows, num_rows, k, i) for i in range(k)]


check.probe(all_rounds, 10, 4, call="fold_rows(10, 4, i) for i = 0, 1, 2, 3")
check.probe(fold_rows, 11, 4, 2)
### BEGIN HIDDEN TESTS
check.probe(fold_rows, 12, 3, 1)
check.probe(fold_rows, 13, 5, 3)
check.probe(fold_rows, 10, 7, 5)
check.probe(fold_rows, 9, 2, 1)
### END HIDDEN TESTS

# %% [markdown] choice="which_remedy" points=1
# ## Think: which remedy?
# Labels have noise of variance 0.05. A model is fitted to 1,000 examples; its training
# error is 0.30, its validation error 0.31. Which one change can bring the validation
# error down to 0.10?
#
# - Ten times as many examples.
#   wrong: data thought to heal everything, where the two errors have already met
# - A model that can express more.
#   right: both errors are equal and far above the noise, so what is left is bias.
# - A higher price on large weights.
#   wrong: a brake prescribed for a model that is too stiff already
# - Stopping after fewer epochs.
#   wrong: any high validation error taken for overfitting

# %% [markdown]
# ## 3. A table with holes and words
# Write `prepare_table(numbers, words, kinds, train_rows)`. It returns (N, 2 n + m):
#
# 1. the `n` columns of `numbers`, standardised: minus the mean, divided by the standard
#    deviation (the sum of squares divided by the count, not by the count minus 1). Both
#    are taken from the values that are **known** in the **training rows**. A hole, NaN
#    in the table, becomes 0: the mean.
# 2. `n` columns with 1 where `numbers` had a hole, else 0
# 3. `m` columns, one for each word of `kinds` in its order: 1 where the row has that
#    word, else 0. A word that isn't in `kinds` has zeros only.

# %% [markdown]
# Each column of `numbers` has two different known values or more in the training rows.
# The table itself must stay as it is.
#
# Not allowed: `sklearn`, `pandas`.
#
# For example, `numbers` = `[[1.], [3.], [nan]]`, `words` = `["a", "b", "c"]`, `kinds` =
# `["a", "b"]` and training rows 0 and 1 give `[[-1., 0., 1., 0.], [1., 0., 0., 1.],
# [0., 1., 0., 0.]]`.


# %% exercise="prepare_table"
def prepare_table(numbers, words, kinds, train_rows):
    """Standardised numbers, flags of holes, indicators of words.

    Args:
        numbers: (N, n) float32; NaN is a hole.
        words: list of N strings.
        kinds: list of m different strings.
        train_rows: int64 tensor, the rows whose numbers may be used.

    Returns:
        (N, 2 n + m) float32 without NaN.
    """
    ### BEGIN SOLUTION
    hole = numbers.isnan()
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    standard = ((numbers - mean) / std).masked_fill(hole, 0.0)
    indicators = [[float(word == kind) for kind in kinds] for word in words]
    return torch.cat([standard, hole.float(), torch.tensor(indicators)], dim=1)
    ### END SOLUTION


# %% test="prepare_table" points=4 bans="scikit-learn, pandas"
nan = float("nan")
numbers = torch.tensor(
    [[1.0, 20.0], [4.0, nan], [nan, 70.0], [6.0, 40.0], [2.0, 90.0], [nan, nan]]
)
words = ["sun", "rain", "fog", "rain", "snow", "sun"]
rows = torch.tensor([0, 1, 2, 3])
check.probe(prepare_table, numbers, words, ["rain", "sun", "fog"], rows)
check.probe(prepare_table, numbers[:, :1], words, ["fog", "snow"], torch.arange(5))
### BEGIN HIDDEN TESTS
check.probe(
    prepare_table, -2 * numbers, words, ["hail", "rain"], torch.tensor([4, 3, 0])
)
check.probe(prepare_table, numbers[:4], words[:4], ["sun"], torch.arange(4))
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Wrong on the average, or different each time?
# A family of models was fitted to S training sets, and each fit asked at the same N
# points. Write `bias_variance(predictions, truth)`. At each point, with the mean
# $\bar y$ of the S predictions there and the truth $f$, squared bias and variance are
#
# $$\big(\bar y - f\big)^2 \qquad \text{and} \qquad
# \frac1S \sum_{s=1}^{S} \big(\hat y_s - \bar y\big)^2$$
#
# Return their means over the points, as a pair of tensors without axes.
#
# Not allowed: a loop.
#
# For example, two fits say 1 and 3 at the only point, where the truth is 5: squared
# bias 9, variance 1.


# %% exercise="bias_variance"
def bias_variance(predictions, truth):
    """Squared bias and variance, each the mean over the points.

    Args:
        predictions: (S, N) float32, a row for each training set.
        truth: (N,) float32.

    Returns:
        squared bias, variance: 0-d float32 tensors.
    """
    ### BEGIN SOLUTION
    mean = predictions.mean(dim=0)  # (N,)
    return ((mean - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()
    ### END SOLUTION


# %% test="bias_variance" points=2 bans="loops"
predictions = torch.tensor(
    [[1.0, 2.0, -1.0], [3.0, 2.5, 0.0], [0.5, 4.0, 1.5], [2, 1, 3]]
)
truth = torch.tensor([2.0, 1.0, 3.5])
check.probe(bias_variance, predictions, truth)
check.probe(bias_variance, predictions[:3], truth)
### BEGIN HIDDEN TESTS
check.probe(bias_variance, predictions[:2, :1] * 3, truth[:1])
check.probe(bias_variance, predictions[:1], truth)
check.probe(
    bias_variance, predictions.T.contiguous(), torch.tensor([1.0, 0.0, -2.0, 1.0])
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The price and its slope
# Write `l2_penalty(params, lam)`. `params` is a list of tensors. Those with two axes or
# more are weights; the others are biases and cost nothing. Return
#
# - the penalty, a tensor without axes: $\frac{\lambda}{2}$ times the sum of the squares
#   of all entries of all weights (0 if there are none)
# - a list with the gradient of the penalty for each tensor of `params`, in their order
#   and shapes; for a bias it is all zeros
#
# Not allowed: autograd.
#
# For example, with `lam=0.5`, the weight `[[2., -4.]]` and the bias `[3.]`: the penalty
# is 5, the gradients are `[[1., -2.]]` and `[0.]`.


# %% exercise="l2_penalty"
def l2_penalty(params, lam):
    """lam / 2 * sum of squared weights, and its gradient; biases are free.

    Args:
        params: list of float32 tensors.
        lam: the price, 0 or more.

    Returns:
        penalty: 0-d float32 tensor; gradients: list of tensors, shaped as `params`.
    """
    ### BEGIN SOLUTION
    penalty, gradients = torch.tensor(0.0), []
    for param in params:
        paid = param if param.ndim > 1 else torch.zeros_like(param)
        penalty = penalty + lam / 2 * (paid**2).sum()
        gradients.append(lam * paid)
    return penalty, gradients
    ### END SOLUTION


# %% test="l2_penalty" points=2 bans="autograd"
W, b = torch.tensor([[1.0, -2.0, 0.5], [3.0, 0.0, -1.5]]), torch.tensor([4.0, -1.0])
K = torch.tensor([[[0.5, 2.0]], [[-1.0, 0.2]], [[0.3, 1.0]]])  # (3, 1, 2)
check.probe(l2_penalty, [W, b], 0.3)
check.probe(l2_penalty, [K, W, b], 0.7)
### BEGIN HIDDEN TESTS
check.probe(l2_penalty, [b], 0.5)
check.probe(l2_penalty, [b, -2 * W, torch.tensor(2.0), K], 1.5)
check.probe(l2_penalty, [W], 0.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Decay, then step
# Write `decay_step(params, lr, lam)`: one step of SGD with weight decay, in place. For
# each tensor of the list that has a gradient in `.grad`:
#
# - with two axes or more: multiply it by $1 - \eta \lambda$, then subtract
#   $\eta \cdot \text{grad}$
# - with fewer axes (a bias): subtract $\eta \cdot \text{grad}$ only
#
# A tensor whose `.grad` is None stays as it is. The gradients themselves stay as they
# are, too. Return nothing. Not allowed: `torch.optim`.
#
# For example, with `lr=0.1` and `lam=2`, a weight `[[5.]]` with gradient `[[10.]]`
# becomes 5 * 0.8 - 1 = 3; a bias of 5 with that gradient becomes 4.


# %% exercise="decay_step"
def decay_step(params, lr, lam):
    """One step of SGD with weight decay, in place; biases don't decay.

    Args:
        params: list of leaf tensors that ask for gradients; `.grad` may be None.
        lr: learning rate.
        lam: the weight decay.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                if param.ndim > 1:
                    param *= 1 - lr * lam
                param -= lr * param.grad
    ### END SOLUTION


# %% test="decay_step" points=3 changes="params" bans="optimisers"
def stepped(values, slopes, lr, lam, num_steps=1):
    params = [value.clone().requires_grad_() for value in values]
    for param, slope in zip(params, slopes, strict=True):
        param.grad = None if slope is None else slope.clone()
    returned = [check.call(decay_step, params, lr, lam) for _ in range(num_steps)]
    return {
        "parameters": [p.detach() for p in params],
        "gradients": [p.grad for p in params],
        "leaves": all(p.is_leaf and p.requires_grad for p in params),
        "returned": returned,
    }


values = [torch.tensor([[1.0, -2.0], [3.0, 0.5]]), torch.tensor([4.0, -1.0])]
slopes = [torch.tensor([[0.5, 1.0], [-2.0, 3.0]]), torch.tensor([2.0, -0.5])]
check.probe(stepped, values, slopes, 0.1, 0.7, call="decay_step([W, b], 0.1, 0.7)")
cube = torch.tensor([[[1.0, -3.0, 2.0]], [[0.5, 4.0, -1.0]]])  # (2, 1, 3)
call = "decay_step([W, b, K], 0.5, 0.3), W.grad is None, K has three axes"
check.probe(stepped, [*values, cube], [None, slopes[1], 2 - cube], 0.5, 0.3, call=call)
### BEGIN HIDDEN TESTS
call = "three times decay_step([W, b], 0.2, 1.5)"
check.probe(stepped, values, slopes, 0.2, 1.5, 3, call=call)
call = "decay_step([K], 0.3, 0.9)"
check.probe(stepped, [cube], [1 - cube], 0.3, 0.9, call=call)
### END HIDDEN TESTS

# %% [markdown] choice="labels_times_ten" points=1
# ## Think: every label times ten
# Two linear models without bias are fitted with the same price $\lambda$: one with the
# penalty $\frac{\lambda}{2} \sum w_j^2$ (L2), one with $\lambda \sum |w_j|$ (L1), under
# which some weights are 0. Now all labels are multiplied by 10 and $\lambda$ stays.
# What becomes of the weights?
#
# - Both have ten times the old weights, as both models are linear in the labels.
#   wrong: a linear model taken for a linear answer of the lasso
# - With L2 the weights are less than ten times the old ones, as the penalty grows a
#   hundredfold.
#   wrong: the penalty seen, and forgotten that the squared errors grow alike
# - L2 has ten times the old weights, L1 more than that in all, and no more zeros.
#   right: squares of errors and of weights grow by the same factor; the pull of L1
#   stays, while that of the data becomes ten times as strong.
# - L2 has ten times the old weights; under L1 more of them are 0, as they got larger.
#   wrong: the threshold of L1 thought to grow with the weights

# %% [markdown]
# ## 7. Drop whole channels
# In images neighbouring pixels say nearly the same, so dropping single ones hides
# little. Write `drop_channels(X, u, p, training)` for `X` of shape (N, C, H, W): in
# training, each channel of each example is set to 0 **as a whole** with probability
# `p`, and those that stay are scaled so that the mean is kept. At test time return the
# values of `X` as they are.

# %% [markdown]
# `u` (N, C) holds the random numbers, uniform in [0, 1), one for each channel of each
# example. A channel stays where `u >= p`. With `p = 1` everything is 0.
#
# Not allowed: PyTorch's own dropout.
#
# For example, with p = 0.75 and u = 0.8 a channel of ones becomes fours, with u = 0.5
# it becomes zeros.


# %% exercise="drop_channels"
def drop_channels(X, u, p, training):
    """Inverted dropout of whole channels.

    Args:
        X: (N, C, H, W) float32.
        u: (N, C) float32 in [0, 1); a channel stays where u >= p.
        p: probability of dropping, 0 to 1.
        training: whether to drop at all.

    Returns:
        (N, C, H, W) float32.
    """
    ### BEGIN SOLUTION
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    stays = (u >= p)[:, :, None, None]  # (N, C, 1, 1)
    return X * stays / (1 - p)
    ### END SOLUTION


# %% test="drop_channels" points=3 bans="dropout"
X = torch.arange(1.0, 25.0).reshape(3, 2, 2, 2)
u = torch.tensor([[0.1, 0.9], [0.25, 0.05], [0.6, 0.375]])


def both_modes(X, u, p):
    return [check.call(drop_channels, X, u, p, mode) for mode in (True, False)]


call = "drop_channels(X, u, 0.375, training) for True, then False"
check.probe(both_modes, X, u, 0.375, call=call)
check.probe(drop_channels, X, u, 1.0, True)
### BEGIN HIDDEN TESTS
check.probe(drop_channels, 9 - X[:2], u[1:], 0.25, True)
check.probe(drop_channels, X, u, 0.0, True)
check.probe(drop_channels, X.reshape(2, 3, 4, 1), u.reshape(2, 3), 0.3, True)
check.probe(drop_channels, X, u, 1.0, False)
### END HIDDEN TESTS

# %% [markdown] choice="two_dropouts" points=1
# ## Think: dropout after dropout
# By mistake two layers `nn.Dropout(0.5)` stand one after the other, in train mode. A
# value of 1 goes in. What comes out of the second?
#
# - 0 with probability 1/2, else 2.
#   wrong: the second layer thought to have nothing left to do
# - 0 with probability 3/4, else 2; the mean is 1/2.
#   wrong: the scaling counted once, where each layer scales
# - 0 with probability 1, since the second drops what the first has kept.
#   wrong: the two draws thought to be opposite, where they are independent
# - 0 with probability 3/4, else 4; the mean is 1.
#   right: it must survive twice, and each survival doubles it. Noise without bias stays
#   so, but there is more of it.

# %% [markdown]
# ## 8. When to stop, and what to keep
# Write `early_stop(valid_losses, patience, min_delta)`. `valid_losses` are the losses
# that training would give, epoch by epoch. An epoch is a **new best** if its loss is
# below the loss of the last new best by more than `min_delta`; the first epoch always
# is one. Training stops at the end of the first epoch that is `patience` epochs after
# the last new best, or when the list ends.
#
# Return the pair `(kept, run)`: the epoch of the last new best until then, and how many
# epochs were run. Epochs are counted from 1.

# %% [markdown]
# Allowed: all of Python and torch.
#
# For example, take the losses 5, 3, 4, 2.9, 3.5, 1 and `patience=2`. With `min_delta=0`
# the new bests are epochs 1, 2, 4 and 6, and the answer is (6, 6). With `min_delta=0.5`
# the 2.9 is no new best. Epoch 4 is two epochs after epoch 2, training stops there, and
# the answer is (2, 4).


# %% exercise="early_stop"
def early_stop(valid_losses, patience, min_delta):
    """Which epoch is kept, and how many are run.

    Args:
        valid_losses: list of floats, one or more.
        patience: epochs without a new best until training stops, 1 or more.
        min_delta: a new best is below the last one by more than this, 0 or more.

    Returns:
        kept, run: two ints, counted from 1.
    """
    ### BEGIN SOLUTION
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch
    ### END SOLUTION


# %% test="early_stop" points=3
losses = [5.0, 3.0, 3.5, 3.25, 2.0, 2.5, 2.25, 2.75, 2.5, 1.0, 1.5, 1.25]
check.probe(early_stop, losses, 3, 0.0)
check.probe(early_stop, losses, 2, 0.0)
check.probe(early_stop, [4.0, 3.0, 3.25, 2.625, 2.25, 2.0, 2.125], 3, 0.5)
check.probe(early_stop, [2.0, 2.0, 2.0, 2.0], 2, 0.0)
### BEGIN HIDDEN TESTS
check.probe(early_stop, [3.0, 2.0, 1.0], 2, 0.0)
check.probe(early_stop, [3.0], 1, 0.5)
check.probe(early_stop, [1.0, 2.0, 1.5, 1.25, 1.125, 0.5], 4, 0.0)
check.probe(early_stop, [3.0, 2.5, 2.25, 1.75, 1.5, 1.25], 5, 0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Mend it: a report that is too good
# The program below chooses the price of a ridge regression and reports its error. Its
# reports are always a little better than what users see later. It runs without an
# error; a thought is wrong in it.
#
# Write the mended `choose_price(train, valid, test, prices)`. Each of the three sets is
# a pair `(X, y)`. Return the chosen price and the honest report for it, its mean
# squared error: a pair of floats. The weights come from the training set alone; of
# equally good prices the first one is chosen. You may use `fit_ridge` and
# `squared_error`.

# %% [markdown]
# For example, two prices have the validation errors 3 and 2 and the test errors 4 and
# 5. The second price is chosen, and 5 is reported.


# %%
def fit_ridge(X, y, price):
    """Least squares with a price on squared weights: (N, n), (N, 1) -> (n, 1)."""
    return torch.linalg.solve(X.T @ X + price * torch.eye(X.shape[1]), X.T @ y)


def squared_error(X, y, w):
    """Mean squared error of the predictions X w, a float."""
    return ((X @ w - y) ** 2).mean().item()


def faulty_choose_price(train, valid, test, prices):
    """The price with the lowest error, and that error."""
    best_price, lowest = None, float("inf")
    for price in prices:
        w = fit_ridge(*train, price)
        error = squared_error(*test, w)
        if error < lowest:
            best_price, lowest = price, error
    return best_price, lowest


# %% exercise="choose_price"
def choose_price(train, valid, test, prices):
    """Choose the price of a ridge regression, and report its error honestly.

    Args:
        train, valid, test: pairs X (N, n), y (N, 1), float32.
        prices: list of floats.

    Returns:
        price, error: two floats.
    """
    ### BEGIN SOLUTION
    best_price, lowest, report = None, float("inf"), None
    for price in prices:
        w = fit_ridge(*train, price)
        error = squared_error(*valid, w)
        if error < lowest:
            best_price, lowest, report = price, error, squared_error(*test, w)
    return best_price, report
    ### END SOLUTION


# %% test="choose_price" points=3
def three_sets(seed, n):
    g = torch.Generator().manual_seed(seed)
    w = torch.randn(n, 1, generator=g)
    sets = []
    for N in (12, 9, 7):
        X = torch.randn(N, n, generator=g)
        sets.append((X, X @ w + torch.randn(N, 1, generator=g)))
    return sets


def chosen(seed, n, prices):
    return check.call(choose_price, *three_sets(seed, n), prices)


prices = [0.01, 0.1, 1.0, 3.0, 10.0, 30.0]
check.probe(chosen, 1744, 8, prices, call="choose_price(train, valid, test, prices)")
flat = torch.zeros(4, 2), torch.ones(4, 1)
check.probe(choose_price, flat, flat, flat, [3.0, 1.0, 2.0])
### BEGIN HIDDEN TESTS
check.probe(chosen, 2, 4, prices, call="another three sets")
check.probe(chosen, 3, 9, prices[::-1], call="prices in descending order")
check.probe(chosen, 3, 8, prices, call="other three sets")
check.probe(chosen, 1, 5, [2.0], call="a single price")
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Who decays? The parameters of a net
# An optimiser takes a list of groups, each a dict: `{"params": [...], "weight_decay":
# 0.1}`. Write `decay_groups(net, lam)` for any `nn.Module`, however its layers are
# nested. It returns two groups:
#
# 1. all parameters with two axes or more, with `weight_decay` equal to `lam`
# 2. all others, biases and scales, with `weight_decay` equal to 0.0
#
# Each `"params"` is a list, in the order of `net.parameters()`; either may be empty. It
# holds the net's parameters themselves, no copies: the optimiser is to change them.

# %% [markdown]
# Allowed: all of torch. For example, `nn.Linear(3, 2)` gives one parameter in each
# group: its weight of shape (2, 3), its bias of shape (2,). Where a module keeps its
# parameters, and how nets are nested, is what [chapter 09](09) is about.


# %% exercise="decay_groups"
def decay_groups(net, lam):
    """Two groups of parameters for an optimiser: those that decay, and the others.

    Args:
        net: an nn.Module.
        lam: the weight decay of the first group.

    Returns:
        list of two dicts with "params" (a list) and "weight_decay" (a float).
    """
    ### BEGIN SOLUTION
    params = list(net.parameters())
    return [
        {"params": [p for p in params if p.ndim > 1], "weight_decay": lam},
        {"params": [p for p in params if p.ndim <= 1], "weight_decay": 0.0},
    ]
    ### END SOLUTION


# %% test="decay_groups" points=3
def sorted_out(net, lam):
    found = []
    for group in check.call(decay_groups, net, lam):
        params, own = group["params"], list(net.parameters())
        shapes = [list(p.shape) for p in params]
        are_own = all(any(p is q for q in own) for p in params)
        decay = group["weight_decay"]
        found.append({"shapes": shapes, "weight_decay": decay, "are its own": are_own})
    return found


inner = nn.Sequential(nn.Linear(4, 5), nn.LayerNorm(5), nn.ReLU())
net = nn.Sequential(inner, nn.Linear(5, 2, bias=False), nn.Linear(2, 3))
check.probe(sorted_out, net, 0.3, call="decay_groups(net, 0.3)")
### BEGIN HIDDEN TESTS
check.probe(sorted_out, nn.LayerNorm(4), 0.5, call="decay_groups(nn.LayerNorm(4), 0.5)")
conv = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Sequential(nn.Sequential(nn.Linear(2, 1))))
check.probe(sorted_out, conv, 0.1, call="decay_groups(conv, 0.1)")
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Answer a colleague (a person reads your answer)
# "My net is right on 0.875 of the training images and on 0.845 of the test images. It
# overfits, so I chose another dropout rate, and now the test says 0.86. I ship it."
# Both sets have 200 images.
#
# 1. Is the first difference a sign of overfitting? Give a number.
# 2. What is wrong with the choice of the dropout rate?
# 3. What should be done next? Name two things.
#
# Answer in five to ten sentences.

# %% [markdown] manual="answer_a_colleague" points=3
# ### BEGIN SOLUTION
# 1. No. The standard error of an accuracy of 0.86 over 200 images is about 0.025, that
#    of a difference of two about 0.035. A difference of 0.03 comes by luck alone in
#    about two of five cases. It neither shows nor excludes overfitting.
# 2. The dropout rate was chosen on the test set, so 0.86 is biased upwards. Besides,
#    0.015 is well within the noise.
# 3. Cut off a validation set, or use k folds, and choose there; repeat with several
#    seeds and report the spread; open a fresh test set once. Larger sets would help.
#
# Grader: a point each; 1 needs a number with a spread.
# ### END SOLUTION
