# %% [markdown]
# # Data pipelines: exercises
# You build the parts of a pipeline: counts, a `Dataset`, a ruler that doesn't leak,
# scores, a loop that reports the truth, batches of unequal examples, a split by groups.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.
#
# Stuck? `check.hint("iterations")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import Dataset

from utils import check

# %% [markdown]
# ## 1. Count the updates
# Write `iterations(num_examples, batch_size, num_epochs, drop_last)`. It returns two
# numbers:
#
# - how many updates the whole training makes, one for each batch of each epoch
# - how many examples the last batch **that is given** in an epoch has; 0 if there is no
#   batch at all
#
# With `drop_last=True` a batch that is not full is never given. `num_examples`,
# `batch_size` and `num_epochs` are ints, at least 1.
#
# Use arithmetic. Not allowed: a loop.
#
# For example, 10 examples in batches of 4 for 3 epochs: with `drop_last=False` the
# batches of an epoch are 4, 4, 2, so the answer is `(9, 2)`; with True it is `(6, 4)`.


# %% exercise="iterations"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    """How many updates a training makes, and the size of an epoch's last batch.

    Args:
        num_examples: N, an int of at least 1.
        batch_size: examples in a full batch, an int of at least 1.
        num_epochs: passes over the data, an int of at least 1.
        drop_last: whether a batch that is not full is left out.

    Returns:
        updates: int; last: int, examples in the last batch that is given, or 0.
    """
    ### BEGIN SOLUTION
    full, left = divmod(num_examples, batch_size)
    if left and not drop_last:
        return num_epochs * (full + 1), left
    return num_epochs * full, batch_size if full else 0
    ### END SOLUTION


# %% test="iterations" points=2 bans="loops"
check.probe(iterations, 100, 32, 5, False)
check.probe(iterations, 100, 32, 5, True)
check.probe(iterations, 96, 32, 2, False)
check.probe(iterations, 7, 32, 3, True)
### BEGIN HIDDEN TESTS
check.probe(iterations, 7, 32, 4, False)
check.probe(iterations, 96, 16, 4, True)
check.probe(iterations, 61, 6, 7, False)
check.probe(iterations, 59, 6, 3, True)
check.probe(iterations, 5, 1, 3, False)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. A Dataset with a transform
# Write the class `TableDataset(X, y, transform=None)`. `X` has shape (N, n), `y` has
# shape (N,).
#
# - `len(dataset)` is N.
# - `dataset[i]` is a tuple of the features, shape (n,), and the label, **shape (1,)**.
#   A negative `i` counts from the end.
# - If there is a `transform`, it is called with the features of *one* example when that
#   item is asked for, and its result is given in their place. Labels are never
#   transformed.
#
# For example, with `X = [[1., 2.], [3., 4.]]`, `y = [5., 6.]` and a `transform` that
# doubles, `dataset[1]` is `(tensor([6., 8.]), tensor([6.]))`.


# %% exercise="TableDataset"
class TableDataset(Dataset):
    """Rows of a table, one by one: item i is (features (n,), label (1,)).

    Args:
        X: (N, n) float32, features.
        y: (N,) float32, labels.
        transform: function of the features of one example, or None.
    """

    def __init__(self, X, y, transform=None):
        ### BEGIN SOLUTION
        self.X, self.y, self.transform = X, y, transform
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.X)
        ### END SOLUTION

    def __getitem__(self, i):
        ### BEGIN SOLUTION
        x = self.X[i]
        if self.transform is not None:
            x = self.transform(x)
        return x, self.y[i].reshape(1)
        ### END SOLUTION


# %% test="TableDataset" points=2
def centred(x):
    return x - x.mean()


def item(X, y, i, *transform):
    dataset = check.call(TableDataset, X, y, *transform)
    return check.call(dataset, i, method="__getitem__")


def length(X, y):
    return check.call(check.call(TableDataset, X, y), method="__len__")


X = torch.tensor([[1.0, 2.0, 6.0], [3.0, 4.0, 8.0], [5.0, 0.0, 7.0], [9.0, 2.0, 2.5]])
y = torch.tensor([10.0, 20.0, 35.0, 45.0])
check.probe(item, X, y, 2, call="TableDataset(X, y)[2]")
check.probe(item, X, y, 1, centred, call="TableDataset(X, y, x -> x - x.mean())[1]")
check.probe(length, X, y, call="len(TableDataset(X, y))")
check.probe(item, X, y, -1, call="TableDataset(X, y)[-1]")
### BEGIN HIDDEN TESTS
check.probe(length, X[:1, :2], y[:1], call="len of one row")
check.probe(item, X[:, :2], 2 * y, 0, centred)
check.probe(item, X, y, -3, centred)
### END HIDDEN TESTS

# %% [markdown] choice="dropped_examples" points=1
# ## Think: what is dropped
# A training set of 1,000 examples is read by
# `DataLoader(dataset, batch_size=64, shuffle=True, drop_last=True)` for ten epochs: 15
# full batches an epoch, 40 examples left over. How many examples does the net never
# see?
#
# - 40, those at the end of the set.
#   wrong: the order thought to be the same in each epoch
# - 400, as 40 are lost in each of ten epochs.
#   wrong: losses of single epochs added, though an example must be lost in all of them
# - None, but for an event of less than one in a million.
#   right: the order is new in each epoch, so an example is left out with the chance
#   0.04 each time, and ten times in a row with 0.04 to the power of ten.
# - None, since what is left over opens the next epoch.
#   wrong: a loader thought to remember what it left over

# %% [markdown]
# ## 3. One ruler for two parts
# Write `standardize_parts(X_train, X_other)`. Both are tables of n columns, and both
# have holes (NaN). It returns both, prepared by `X_train` alone:
#
# - mean and deviation of a column are those of the values that `X_train` has there; the
#   deviation divides by their number
# - a hole gets the mean, so it becomes 0
# - everything else becomes (value - mean) / deviation; where the deviation is 0, divide
#   by 1 instead
#
# Each column of `X_train` has at least one value. Not allowed: a loop, scikit-learn.
#
# For example, the training column 1, NaN, 3 has mean 2 and deviation 1; it becomes
# -1, 0, 1, and the other column 5, NaN becomes 3, 0.


# %% exercise="standardize_parts"
def standardize_parts(X_train, X_other):
    """Fill and scale two tables by the mean and deviation of the first.

    Args:
        X_train: (N, n) float32, NaN where a value is missing.
        X_other: (M, n) float32, NaN where a value is missing.

    Returns:
        (N, n) float32 and (M, n) float32, without NaN.
    """
    ### BEGIN SOLUTION
    mean = X_train.nanmean(dim=0)  # (n,)
    std = ((X_train - mean) ** 2).nanmean(dim=0).sqrt()  # (n,)
    std = torch.where(std > 0, std, 1.0)
    return tuple(((X - mean) / std).nan_to_num(nan=0.0) for X in (X_train, X_other))
    ### END SOLUTION


# %% test="standardize_parts" points=3 bans="loops, scikit-learn"
nan = float("nan")
X_train = torch.tensor([[1.0, 10.0], [4.0, 30.0], [9.0, 26.0], [7.0, 50.0]])
X_other = torch.tensor([[2.0, 20.0], [nan, 80.0], [6.0, nan]])
holes = torch.tensor([[1.0, 5.0], [nan, 5.0], [4.0, 5.0], [9.0, 5.0]])
check.probe(standardize_parts, X_train, X_other[:1])
check.probe(standardize_parts, X_train, X_other)
check.probe(standardize_parts, holes, X_other)
### BEGIN HIDDEN TESTS
more = torch.tensor(
    [[nan, 2.0, 7.0], [3.0, nan, 7.0], [8.0, 1.0, nan], [1.0, 9.0, 7.0]]
)
check.probe(standardize_parts, more, -more[:3])
check.probe(standardize_parts, more[:3] + 1, 2 * more)
### END HIDDEN TESTS

# %% [markdown] choice="which_is_a_leak" points=1
# ## Think: before the split
# Each of these is done to the whole table, before it is split at random into training
# and test rows. Which of them is a leak? Choose all that hold.
#
# - Rows without a label are dropped.
#   wrong: whatever stands before the split taken for a leak
# - The five columns that correlate most with the label are kept.
#   right: the correlations are learned from the labels of the test rows, too.
# - Miles per gallon are turned into litres per 100 kilometres.
#   wrong: a fixed formula, which learns from no row, taken for a fitted one
# - Missing weights are filled with the mean weight.
#   right: the mean is learned from the test rows as well, so a training row changes
#   when a test row does.

# %% [markdown]
# ## 4. R² for several outputs
# A net predicts m quantities at once: `y_hat` and `y` have shape (N, m). Write
# `r_squared(y_hat, y)`. It returns one $R^2$ for each quantity, shape (m,):
#
# $$R^2_j = 1 - \frac{\sum_i (\hat y_{ij} - y_{ij})^2}{\sum_i (y_{ij} - \bar y_j)^2}$$
#
# with the mean $\bar y_j$ of column $j$ of the truths. No column of `y` is constant.
#
# Not allowed: a loop, scikit-learn, `utils.metrics`.
#
# For example, the truths 1, 2, 3 and the predictions 1, 2, 4 give 1 - 1/2 = 0.5.


# %% exercise="r_squared"
def r_squared(y_hat, y):
    """The share of the variance that is explained, for each column.

    Args:
        y_hat: (N, m) float32, predictions.
        y: (N, m) float32, truths.

    Returns:
        (m,) float32.
    """
    ### BEGIN SOLUTION
    missed = ((y_hat - y) ** 2).sum(dim=0)  # (m,)
    spread = ((y - y.mean(dim=0)) ** 2).sum(dim=0)  # (m,)
    return 1 - missed / spread
    ### END SOLUTION


# %% test="r_squared" points=2 bans="loops, scikit-learn, utils.metrics"
y = torch.tensor([[1.0, 20.0], [2.0, 35.0], [4.0, 10.0], [7.0, 41.0], [3.0, 22.0]])
y_hat = torch.tensor([[1.5, 26.0], [1.0, 30.0], [4.5, 9.0], [5.0, 33.0], [3.0, 30.0]])
check.probe(r_squared, y_hat, y)
check.probe(r_squared, y_hat[:3, :1], y[:3, :1])
### BEGIN HIDDEN TESTS
check.probe(r_squared, y_hat.flip(0), y)
check.probe(r_squared, torch.cat([y_hat, 2 * y_hat], 1), torch.cat([y, y.flip(0)], 1))
check.probe(r_squared, y[:4], y[:4])
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Evaluate, whatever the batches
# Write `evaluate(net, data_iter)`. It returns two floats, the RMSE and the MAE of the
# net over **all** examples of `data_iter`, a list or loader of pairs `X` (batch, n),
# `y` (batch, 1). Batches may be of any size.
#
# - The net is measured in eval mode, and no gradients are recorded.
# - Afterwards the net is in the mode in which it was found.
#
# Not allowed: `utils.train`, `utils.metrics`.
#
# For example, errors of 3 and 0 in one batch and of 0 in another give an RMSE of
# $\sqrt{9/3}$ = 1.732 and an MAE of 1.


# %% exercise="evaluate"
def evaluate(net, data_iter):
    """RMSE and MAE over all examples, in eval mode.

    Args:
        net: module from (batch, n) to (batch, 1).
        data_iter: iterable of batches X (batch, n), y (batch, 1), float32.

    Returns:
        RMSE: float; MAE: float.
    """
    ### BEGIN SOLUTION
    was_training = net.training
    net.eval()
    squares, misses, count = 0.0, 0.0, 0
    with torch.no_grad():
        for X, y in data_iter:
            error = net(X) - y
            squares += (error**2).sum().item()
            misses += error.abs().sum().item()
            count += len(y)
    net.train(was_training)
    return (squares / count) ** 0.5, misses / count
    ### END SOLUTION


# %% test="evaluate" points=3 bans="utils.train, utils.metrics"
class Mood(nn.Module):
    """The sum of a row; in train mode 1 more."""

    def forward(self, X):
        recorded.append(torch.is_grad_enabled())
        return X.sum(dim=1, keepdim=True) + (1.0 if self.training else 0.0)


def measured(X, y, sizes, training=False):
    recorded.clear()
    net = Mood().train(training)
    data_iter = list(zip(X.split(sizes), y.split(sizes), strict=True))
    rmse, mae = check.call(evaluate, net, data_iter, changes="net")
    mode = "train mode" if net.training else "eval mode"
    return rmse, mae, mode, any(recorded)


recorded = []
X = torch.tensor([[1.0, 2.0], [3.0, 1.0], [0.5, 0.0], [2.0, 2.0], [1.0, 4.0]])
y = torch.tensor([[4.0], [2.5], [0.5], [1.0], [9.0]])
told = "(RMSE, MAE, mode afterwards, gradients recorded)"
check.probe(measured, X, y, [3, 2], call=f"evaluate, batches of 3 and 2: {told}")
check.probe(measured, X, y, [2, 2, 1], True, call=f"evaluate from train mode: {told}")
### BEGIN HIDDEN TESTS
check.probe(measured, 2 * X, y, [1, 4], call=f"evaluate, batches of 1 and 4: {told}")
check.probe(measured, X, -y, [5], True, call=f"evaluate, one batch: {told}")
### END HIDDEN TESTS

# %% [markdown] choice="forgot_train" points=1
# ## Think: a switch that is turned once
# A net with dropout is put into train mode once, before the loop. After each epoch a
# function measures it on the validation set, calls `net.eval()` and doesn't put the
# mode back. What happens from the second epoch on?
#
# - It is trained without dropout.
#   right: in eval mode a dropout layer passes everything on, and gradients still flow.
# - It doesn't learn any more, as eval mode records no gradients.
#   wrong: eval mode taken for `no_grad`
# - `backward` raises an error.
#   wrong: a mode thought to be checked by autograd
# - It is trained as before, as `optimizer.step()` needs train mode and sets it.
#   wrong: the optimiser thought to know the modes

# %% [markdown]
# ## 6. Mend a loop
# Here is one epoch of training as somebody wrote it. It runs, the net learns, and the
# number that it reports goes down. But 1,000 examples with a loss of about 1, in
# batches of 32, are reported as about 0.03, and the memory fills up.
#
# ```python
# def train_epoch(net, train_iter, lr):
#     """One epoch of SGD on the squared error; something is wrong with the report."""
#     optimizer = torch.optim.SGD(net.parameters(), lr=lr)
#     net.train()
#     total, count = 0, 0
#     for X, y in train_iter:
#         loss = F.mse_loss(net(X), y)
#         optimizer.zero_grad()
#         loss.backward()
#         optimizer.step()
#         total += loss
#         count += len(y)
#     return total / count
# ```

# %% [markdown]
# Write `train_epoch(net, train_iter, lr)`, which trains in the same way and returns, as
# a float, the **mean over all examples of the loss that each had when its batch was
# met**. Batches may be of unequal size. Leave the net in train mode.
#
# Not allowed: `utils.train`.
#
# For example, a batch of 3 examples with the loss 2 and one of 1 with the loss 6 are
# reported as 3.0.


# %% exercise="train_epoch"
def train_epoch(net, train_iter, lr):
    """One epoch of SGD on the squared error.

    Args:
        net: module from (batch, n) to (batch, 1); trained in place, in train mode.
        train_iter: iterable of batches X (batch, n), y (batch, 1), float32.
        lr: the learning rate.

    Returns:
        float, the mean over the examples of the losses met.
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.SGD(net.parameters(), lr)
    net.train()
    total, count = 0.0, 0
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
    ### END SOLUTION


# %% test="train_epoch" points=3 changes="net" bans="utils.train"
class Lively(nn.Linear):
    """Adds 1 in train mode, so that the mode shows."""

    def forward(self, X):
        return super().forward(X) + (1.0 if self.training else 0.0)


def trained(X, y, sizes, lr, training=False):
    net = Lively(2, 1).train(training)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[0.5, -1.0]]))
        net.bias.fill_(0.25)
    train_iter = list(zip(X.split(sizes), y.split(sizes), strict=True))
    report = check.call(train_epoch, net, train_iter, lr)
    mode = "train mode" if net.training else "eval mode"
    return report, net.weight.detach(), net.bias.detach(), mode


X = torch.tensor([[1.0, 0.5], [-0.5, 2.0], [0.0, 1.5], [2.0, -1.0], [1.5, 1.0]])
y = torch.tensor([[2.0], [-1.0], [0.5], [3.0], [-4.5]])
told = "(report, weight, bias, mode afterwards)"
check.probe(trained, X, y, [2, 2, 1], 0.1, call=f"batches of 2, 2, 1: {told}")
check.probe(trained, X, y, [4, 1], 0.05, True, call=f"batches of 4 and 1: {told}")
### BEGIN HIDDEN TESTS
check.probe(trained, -X, y, [1, 1, 3], 0.2, call=f"batches of 1, 1, 3: {told}")
check.probe(trained, X, 2 * y, [5], 0.1, call=f"one batch: {told}")
### END HIDDEN TESTS

# %% [markdown] choice="accuracy_of_batches" points=1
# ## Think: three batches
# A net gets 90 of 100 examples right in the first batch, 90 of 100 in the second, and 3
# of 10 in the last. A colleague reports the mean of the three shares. By how much is
# the colleague off the true share?
#
# - By nothing, as a mean of means is a mean.
#   wrong: groups of unequal size averaged as if they were equal
# - By about 0.17, too low.
#   right: the true share is 183 of 210, 0.87; the mean of 0.9, 0.9 and 0.3 is 0.70.
# - By about 0.09, too high.
#   wrong: the last batch counted as a hundred examples in the true share
# - By about 0.57, too low.
#   wrong: the last batch's share taken for the colleague's mean

# %% [markdown]
# ## 7. Batches of unequal examples
# Write `pad_collate(examples, value)`, a collate function. `examples` is a list of
# pairs: a float tensor of shape (length, n), of unequal lengths, and an int label. It
# returns
#
# - `X`, shape (B, longest, n): the tensors, filled up with `value` **at the end**
# - `mask`, shape (B, longest), bool: True where a row is real, False where it is
#   filling
# - `y`, shape (B,), int64
#
# The order stays. A real entry may be equal to `value`. There is at least one example,
# each with at least one row.
#
# Not allowed: `torch.nn.utils.rnn`.
#
# For example, examples with rows `[[5.]]` and `[[6.], [7.]]` and `value=-1` give
# `X = [[[5.], [-1.]], [[6.], [7.]]]` and `mask = [[True, False], [True, True]]`.


# %% exercise="pad_collate"
def pad_collate(examples, value):
    """Fill sequences up to one length, and say which rows are real.

    Args:
        examples: list of B pairs (x (length, n) float32, label int).
        value: what filled rows hold, a number.

    Returns:
        X: (B, longest, n) float32; mask: (B, longest) bool; y: (B,) int64.
    """
    ### BEGIN SOLUTION
    lengths = torch.tensor([len(x) for x, _ in examples])
    longest, n = int(lengths.max()), examples[0][0].shape[1]
    X = torch.full((len(examples), longest, n), float(value))
    for row, (x, _) in zip(X, examples, strict=True):
        row[: len(x)] = x
    mask = torch.arange(longest) < lengths[:, None]  # (longest,) < (B, 1)
    return X, mask, torch.tensor([label for _, label in examples])
    ### END SOLUTION


# %% test="pad_collate" points=3 bans="torch.nn.utils.rnn"
def sequences(lengths, n):
    """Rows of different numbers; some are 0."""
    total = sum(lengths)
    rows = (torch.arange(float(total * n)) % 7).reshape(total, n)
    labels = [(3 * i + 1) % 4 for i in range(len(lengths))]
    return list(zip(rows.split(lengths), labels, strict=True))


check.probe(pad_collate, sequences([2, 4, 1], 2), -5, call="pad_collate, value -5")
check.probe(pad_collate, sequences([3, 1, 2, 5], 1), 0, call="pad_collate, value 0")
### BEGIN HIDDEN TESTS
check.probe(pad_collate, sequences([3, 3], 3), 9)
check.probe(pad_collate, sequences([1], 4), 2)
check.probe(pad_collate, sequences([6, 2, 4, 1, 3], 2), 3.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Keep groups together
# If one person's rows are in both parts, the test is too easy. Write
# `split_by_group(groups, share)`. `groups` is a list with the name of each row's group.
# It returns two ascending lists of row numbers, `train` and `test`:
#
# - no group has rows in both
# - groups are taken in the order of their first appearance, and go to `test`, whole,
#   **as long as `test` has fewer than `share` times N rows** when the group's turn
#   comes
# - all other groups go to `train`
#
# For example, `groups = ["a", "b", "a", "c"]` with `share=0.25`: "a" goes to `test`,
# which then has 2 rows, more than 1. So `train` is `[1, 3]`, `test` is `[0, 2]`.


# %% exercise="split_by_group"
def split_by_group(groups, share):
    """Split row numbers so that no group is in both parts.

    Args:
        groups: list of N strings, the group of each row.
        share: of the rows that `test` should have, from 0 to 1.

    Returns:
        train: list of ints, ascending; test: list of ints, ascending.
    """
    ### BEGIN SOLUTION
    chosen, size = set(), 0
    for group in dict.fromkeys(groups):  # each once, in order of appearance
        if size < share * len(groups):
            chosen.add(group)
            size += groups.count(group)
    train = [i for i, group in enumerate(groups) if group not in chosen]
    return train, [i for i, group in enumerate(groups) if group in chosen]
    ### END SOLUTION


# %% test="split_by_group" points=3
names = ["volvo", "volvo", "audi", "volvo", "bmw", "audi"]
names += ["fiat", "saab", "opel", "bmw", "kia"]
check.probe(split_by_group, names, 0.6)
check.probe(split_by_group, ["z", "y", "x", "z"], 0.5)
check.probe(split_by_group, names, 0.0)
### BEGIN HIDDEN TESTS
check.probe(split_by_group, names[::-1], 0.4)
check.probe(split_by_group, names, 1.0)
check.probe(split_by_group, ["z", "y", "x", "z", "x", "x"], 0.34)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Statistics of a set that doesn't fit
# `Normalize` needs the mean and the deviation of each channel over all training images.
# They come in batches. Write `channel_statistics(data_iter)`. `data_iter` yields
# tensors of shape (batch, C, H, W); the last batch may be short. It returns the mean
# and the standard deviation of each channel over **all** pixels of all images, shape
# (C,) each; the deviation divides by the number of pixels.
#
# Go through the batches once; keep sums, not images (on your honour).
#
# For example, one channel, two batches of one image with the pixels 1, 3 and 5, 7: the
# mean is 4, the deviation $\sqrt{5}$ = 2.236. (Each batch's deviation is 1.)


# %% exercise="channel_statistics"
def channel_statistics(data_iter):
    """Mean and deviation of each channel over all images of all batches.

    Args:
        data_iter: iterable of (batch, C, H, W) float32 tensors.

    Returns:
        mean: (C,) float32; std: (C,) float32, divided by the number of pixels.
    """
    ### BEGIN SOLUTION
    count, total, squares = 0, 0.0, 0.0
    for X in data_iter:
        X = X.double()  # sums of many squares lose digits in float32
        count += X[:, 0].numel()
        total = total + X.sum(dim=(0, 2, 3))  # (C,)
        squares = squares + (X**2).sum(dim=(0, 2, 3))
    mean = total / count
    std = (squares / count - mean**2).sqrt()
    return mean.float(), std.float()
    ### END SOLUTION


# %% test="channel_statistics" points=3
def of_images(num_images, C, H, W, sizes):
    X = torch.arange(float(num_images * C * H * W)).remainder(11).sqrt()
    X = X.reshape(num_images, C, H, W) + torch.arange(num_images)[:, None, None, None]
    return check.call(channel_statistics, list(X.split(sizes)))


told = "channel_statistics: (mean, std)"
check.probe(of_images, 5, 3, 2, 4, [2, 2, 1], call=f"{told}, batches of 2, 2, 1")
check.probe(of_images, 4, 2, 3, 1, [4], call=f"{told}, one batch of 4")
### BEGIN HIDDEN TESTS
check.probe(of_images, 7, 1, 3, 2, [1, 5, 1])
check.probe(of_images, 9, 4, 1, 5, [4, 4, 1])
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Words become classes
# A label may be a word, one of several: "Europe", "Japan", "USA".
# Write `encode_labels(train_words, words)`: number the distinct words of `train_words`
# 0, 1, 2, ... **in alphabetical order**, and return the numbers of `words`, in their
# order, as an int64 tensor of shape (len(words),). A word that the training set doesn't
# have gets -1. `words` may be empty.
#
# For example, with the training words `["b", "a", "b"]` the words `["b", "c", "a"]`
# become `tensor([1, -1, 0])`.


# %% exercise="encode_labels"
def encode_labels(train_words, words):
    """The class numbers of `words`, as learned from the training words.

    Args:
        train_words: list of strings, at least one.
        words: list of strings.

    Returns:
        (len(words),) int64; -1 for a word that isn't among the training words.
    """
    ### BEGIN SOLUTION
    number = {word: i for i, word in enumerate(sorted(set(train_words)))}
    return torch.tensor([number.get(word, -1) for word in words], dtype=torch.int64)
    ### END SOLUTION


# %% test="encode_labels" points=2
train_words = ["USA", "Japan", "USA", "Europe", "USA", "Japan", "Brazil"]
words = ["Japan", "Kenya", "USA", "Europe", "Austria"]
check.probe(encode_labels, train_words, words)
check.probe(encode_labels, ["pear", "fig", "fig"], ["fig", "apple", "pear"])
check.probe(encode_labels, train_words, [])
### BEGIN HIDDEN TESTS
check.probe(encode_labels, train_words[::-1], ["USA", "Europe"])
check.probe(encode_labels, ["one"], ["two", "one", "two"])
### END HIDDEN TESTS

# %% [markdown]
# ## 11. What does the number say? (a person reads your answer)
# Now the origins of the cars are 0 (Europe), 1 (Japan) and 2 (USA), and you have a net
# that predicts a number from the features of a car, trained on the squared error.
#
# 1. A car is European or American, each with probability one half; it is surely not
#    Japanese. Which number is best for the squared error, and what does it say?
# 2. Number the origins differently: Japan 0, Europe 1, USA 2. What happens to that
#    answer, and to the loss?
# 3. What would you let the net give instead of one number?
#
# Answer in five to eight sentences.

# %% [markdown] manual="why_not_numbers" points=3
# ### BEGIN SOLUTION
# 1. The mean, (0 + 2) / 2 = 1. It says "Japan", the one origin that is excluded.
# 2. The best number is now (1 + 2) / 2 = 1.5, between Europe and USA, and the squared
#    error falls from 1 to 0.25. So the loss depends on an order that doesn't exist.
# 3. Three numbers, one for each origin: probabilities that add up to 1. That is the
#    chapter on softmax regression.
#
# Grader: a point each.
# ### END SOLUTION
