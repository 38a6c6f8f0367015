# %% [markdown]
# # Softmax regression: exercises
# You build a classifier of many classes from its parts, in other conventions than the
# lecture's, mend one that gets an axis wrong, judge what it says, and help it where a
# straight border can't.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.
#
# Stuck? `check.hint("one_hot")` in a new cell asks for a hint: first a question, then
# an idea, then the shape of the answer.
#
# $N$ examples, $K$ classes; logits `Z` (N, K), labels `y` (N,) from 0 to $K - 1$.

# %%
import torch
from torch.nn import functional as F

from utils import check

# %% [markdown]
# ## 1. One-hot, with labels that nobody knows
# Write `one_hot(y, num_classes)`. It gives float32 of shape (N, `num_classes`): a 1 at
# each label's place, 0 elsewhere. A label of -1 means "unknown"; its row is all 0.
#
# Not allowed: `F.one_hot`, a loop.
#
# For example, `one_hot(torch.tensor([2, -1]), 3)` is `[[0., 0., 1.], [0., 0., 0.]]`.


# %% exercise="one_hot"
def one_hot(y, num_classes):
    """One-hot rows; a row of zeros where the label is unknown.

    Args:
        y: (N,) int64, 0 to num_classes - 1, or -1.
        num_classes: K.

    Returns:
        (N, K) float32.
    """
    ### BEGIN SOLUTION
    return (y.reshape(-1, 1) == torch.arange(num_classes)).float()  # (N, 1), (K,)
    ### END SOLUTION


# %% test="one_hot" points=1 bans="one-hot, loops"
check.probe(one_hot, torch.tensor([1, 3, -1, 0, 1]), 4)
check.probe(one_hot, torch.tensor([2, 0, 2]), 5)
### BEGIN HIDDEN TESTS
check.probe(one_hot, torch.tensor([-1, -1]), 3)
check.probe(one_hot, torch.tensor([0, 1, 2, 3, -1, 5]), 6)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. How uncertain is each answer?
# Write `entropy_bits(P)`: for each row of `P` (N, K), probabilities that add up to 1,
# the entropy $-\sum_k p_k \log_2 p_k$ in **bits**. A probability of 0 adds 0.
#
# Not allowed: a loop.
#
# For example, the rows `[0.5, 0.5]` and `[1., 0.]` give `[1., 0.]`.


# %% exercise="entropy_bits"
def entropy_bits(P):
    """Entropy of each row, in bits.

    Args:
        P: (N, K) float32; each row adds up to 1.

    Returns:
        (N,) float32.
    """
    ### BEGIN SOLUTION
    logs = torch.log2(torch.where(P > 0, P, torch.ones_like(P)))  # log 1 = 0
    return -(P * logs).sum(dim=1)
    ### END SOLUTION


# %% test="entropy_bits" points=1 bans="loops"
P = torch.tensor(
    [[0.5, 0.25, 0.125, 0.125], [0.7, 0.1, 0.1, 0.1], [0.2, 0.3, 0.1, 0.4]]
)
check.probe(entropy_bits, P)
check.probe(entropy_bits, torch.tensor([[0.0, 0.6, 0.4], [1.0, 0.0, 0.0]]))
### BEGIN HIDDEN TESTS
check.probe(entropy_bits, torch.full((2, 8), 0.125))
check.probe(entropy_bits, torch.tensor([[0.9, 0.1], [0.0, 1.0], [0.3, 0.7]]))
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A softmax for columns, with a temperature
# Some libraries keep an example as a *column*. Write `softmax_columns(Z, T)`: `Z` has
# shape (K, N), a column an example; return the softmax of `Z / T` of each column, same
# shape, for scores of any size. A score of minus infinity means "this class is
# excluded"; it gets 0. In each column at least one score is finite. `T` is above 0.
#
# Not allowed: PyTorch's softmax, `torch.logsumexp`.
#
# For example, the column 2, 0 gives 0.8808, 0.1192 with `T=1`, and 0.7311, 0.2689 with
# `T=2`.


# %% exercise="softmax_columns"
def softmax_columns(Z, T):
    """Softmax of Z / T along the classes, which are the rows.

    Args:
        Z: (K, N) float32, a column an example; may hold -inf.
        T: temperature, above 0.

    Returns:
        (K, N) float32; each column adds up to 1.
    """
    ### BEGIN SOLUTION
    Z = Z / T
    E = torch.exp(Z - Z.max(dim=0).values)  # (K, N) - (N,)
    return E / E.sum(dim=0)
    ### END SOLUTION


# %% test="softmax_columns" points=2 bans="softmax, torch.logsumexp"
Z = torch.tensor([[1.0, -2.0, 0.5, 3.0], [2.0, 0.0, -1.0, 1.0], [-1.0, 1.5, 0.0, 2.5]])
check.probe(softmax_columns, Z, 1.0)
check.probe(softmax_columns, Z[:, :2], 2.5)
check.probe(softmax_columns, 400 * Z[:, :3] + 500, 2.0)
excluded = torch.tensor([[1.0, 2.0], [-torch.inf, 0.5], [0.0, -torch.inf]])
check.probe(softmax_columns, excluded, 0.5)
### BEGIN HIDDEN TESTS
check.probe(softmax_columns, -Z.T, 0.7)
check.probe(softmax_columns, torch.tensor([[-900.0], [-901.0]]), 1.0)
### END HIDDEN TESTS

# %% [markdown] choice="spare_parameters" points=1
# ## Think: parameters to spare
# A softmax regression with 4 features and 3 classes is stored as `nn.Linear(4, 3)`.
# Somebody subtracts the third class's weights and bias from those of *all three*
# classes, so that the third has only zeros, and never trains these zeros again. What
# can the new model still say?
#
# - All that it could before: 15 numbers were stored, and 10 free ones suffice.
#   right: a shift of all scores changes no share, so the third class may stay at 0.
# - Less than before: the third class can't win any more, as its score is 0.
#   wrong: a score taken for a share; the others' scores may be negative
# - All that it could before: 12 numbers were stored, and 8 free ones suffice.
#   wrong: the biases not counted
# - Less than before: borders must go through the origin, as a bias is gone.
#   wrong: the two remaining biases forgotten, which still move the borders

# %% [markdown]
# ## 4. Cross-entropy that leaves some labels out
# Write `cross_entropy(Z, y)`. It equals `nn.CrossEntropyLoss()(Z, y)`, with that loss's
# usual setting: an example with the label **-100 doesn't count**. The mean is over the
# other examples; there is at least one. Gradients flow through the result, and logits
# of 1000 do no harm.
#
# Not allowed: PyTorch's losses, its softmax, `torch.logsumexp`.
#
# For example, logits `[[0., 0.], [3., 5.]]` and labels `[1, -100]` give
# $\log 2 = 0.693$.


# %% exercise="cross_entropy"
def cross_entropy(Z, y):
    """Mean of log-sum-exp minus the label's logit, over the labels that count.

    Args:
        Z: (N, K) float32, logits.
        y: (N,) int64, 0 to K - 1, or -100.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    counts = y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=1, keepdim=True).values  # (M, 1)
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))  # (M,)
    return (lse - Z[torch.arange(len(y)), y]).mean()
    ### END SOLUTION


# %% test="cross_entropy" points=3 bans="losses, softmax, torch.logsumexp"
def slope_of_cross_entropy(Z, y):
    Z.requires_grad_()
    check.call(cross_entropy, Z, y).backward()
    return Z.grad


Z = torch.tensor(
    [[2.0, -1.0, 0.5], [0.3, 1.2, -0.7], [-1.5, 0.0, 2.5], [1.0, 1.0, 3.0]]
)
y = torch.tensor([2, 1, -100, 0])
check.probe(cross_entropy, Z, y)
check.probe(cross_entropy, Z, torch.tensor([0, 2, 2, 1]))
check.probe(cross_entropy, 400 * Z[:2], torch.tensor([0, 1]))
check.probe(cross_entropy, 400 * Z[:2], y[:2])
check.probe(slope_of_cross_entropy, Z, y, call="the gradient of cross_entropy(Z, y)")
### BEGIN HIDDEN TESTS
check.probe(cross_entropy, -300 * Z, torch.tensor([-100, 0, 0, -100]))
torch.manual_seed(4)
many, labels = 3 * torch.randn(50, 7), torch.randint(7, (50,))
labels[::6] = -100
expected = F.cross_entropy(many, labels)
check.close(check.call(cross_entropy, many, labels), expected)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The gradient, for votes
# Several people label each image, here three of them and there one. `V` (N, K) holds
# how many votes each class got: "cat, cat, dog" is a row like `[2., 1., 0.]`. Each vote
# counts alike; an image without votes adds nothing. With $M$ votes in all, $M \ge 1$,
# the loss is
#
# $$L = -\frac1M \sum_i \sum_k v_{ik} \log p_{ik}, \quad
# \mathbf P = \operatorname{softmax}(\mathbf X \mathbf W + \mathbf b)$$
#
# Write `softmax_gradient(X, V, W, b)`. It returns the gradients for `W` (n, K) and for
# `b` (K,). Derive first what the gradient in a logit is.
#
# Allowed: `torch.softmax`. Not allowed: autograd (`backward`, `torch.autograd.grad`).
#
# For example, `X = [[2.]]`, `V = [[3., 1.]]` and parameters of 0 give `[[-0.5, 0.5]]`
# and `[-0.25, 0.25]`.


# %% exercise="softmax_gradient"
def softmax_gradient(X, V, W, b):
    """Gradients of the cross-entropy with votes for labels.

    Args:
        X: (N, n) float32; V: (N, K) float32, how many votes each class got.
        W: (n, K) float32; b: (K,) float32.

    Returns:
        gradient for W: (n, K) float32; gradient for b: (K,) float32.
    """
    ### BEGIN SOLUTION
    votes = V.sum(dim=1, keepdim=True)  # (N, 1)
    error = votes * torch.softmax(X @ W + b, dim=1) - V  # (N, K)
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()  # (n, N) x (N, K)
    ### END SOLUTION


# %% test="softmax_gradient" points=3 bans="autograd"
X = torch.tensor([[1.0, 2.0], [0.0, -1.0], [2.0, 0.5], [-1.5, 1.0], [0.5, 3.0]])
V = torch.tensor([[2.0, 1.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 3.0], [0.0, 0.0, 0.0]])
V = torch.cat([V, torch.tensor([[1.0, 0.0, 1.0]])])  # (5, 3)
W, b = (
    torch.tensor([[0.5, -1.0, 0.4], [1.5, 0.3, -0.8]]),
    torch.tensor([0.7, -0.2, 0.1]),
)
check.probe(softmax_gradient, X[:3], V[:3], W, b)
check.probe(softmax_gradient, X, V, W, b)
check.probe(softmax_gradient, X[:2, :1], V[:2], torch.zeros(1, 3), torch.zeros(3))
### BEGIN HIDDEN TESTS
check.probe(softmax_gradient, -X[1:], V[1:].flip(1), 2 * W, -b)
torch.manual_seed(3)
X, V = torch.randn(11, 6), torch.randint(0, 4, (11, 4)).float()
W, b = torch.randn(6, 4, requires_grad=True), torch.randn(4, requires_grad=True)
loss = -(V * torch.log_softmax(X @ W + b, dim=1)).sum() / V.sum()
expected = torch.autograd.grad(loss, (W, b))
got = check.call(softmax_gradient, X, V, W.detach(), b.detach())
check.close(got, expected, "the gradients for W and b")
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Find the bug and mend it
# The function below was written by a student. It runs without an error, its loss falls,
# and it reads far fewer digits than it should. Run the cells and look at what it says
# about one digit alone.


# %%
def as_given(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        loss = F.nll_loss(torch.log_softmax(X @ W + b, dim=0), y)
        grads = torch.autograd.grad(loss, (W, b))
        with torch.no_grad():
            W -= lr * grads[0]
            b -= lr * grads[1]
    P = torch.softmax(X_new @ W + b, dim=0)
    return W.detach(), b.detach(), P.detach()


# %%
few = torch.tensor([[2.0, 0.0], [1.5, 0.5], [0.0, 2.0], [0.2, 1.0], [-2.0, -1.0]])
few_labels, start = torch.tensor([0, 0, 1, 1, 2]), (torch.zeros(2, 3), torch.zeros(3))
as_given(few, few_labels, *start, lr=0.5, num_steps=50, X_new=few[:1])[2].tolist()

# %% [markdown]
# Write `train_softmax(X, y, W, b, lr, num_steps, X_new)`, which does what was meant:
# gradient descent on the cross-entropy, on all data at once, from the given `W` and
# `b`, which stay as they are. It returns the trained `W` and `b` and the probabilities
# `P` (M, K) of the new examples. There is one mistake in the thinking; it may show in
# more than one line.
#
# Allowed: all of torch but its optimisers. Not allowed: `torch.optim`.
#
# For example, with the call of the cell above the mended function gives the first of
# the three classes the largest probability, and the three add up to 1.


# %% exercise="train_softmax"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    """Softmax regression by full-batch gradient descent.

    Args:
        X: (N, n) float32; y: (N,) int64, 0 to K - 1.
        W: (n, K) float32, b: (K,) float32: where to start.
        lr: the learning rate; num_steps: how many steps.
        X_new: (M, n) float32.

    Returns:
        W: (n, K) float32, b: (K,) float32, P: (M, K) float32.
    """
    ### BEGIN SOLUTION
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1)  # (N, K)
        error[torch.arange(len(y)), y] -= 1
        W -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=1)
    ### END SOLUTION


# %% test="train_softmax" points=2 bans="optimisers"
X = torch.tensor([[2.0, 0.3], [1.0, -1.0], [-0.5, 1.2], [0.4, 0.8], [-1.0, -0.5]])
y, X_new = torch.tensor([0, 0, 1, 1, 2]), torch.tensor([[0.5, 1.0], [-2.0, 0.0]])
W, b = torch.tensor([[0.3, 0.0, -0.2], [0.1, 0.4, 0.0]]), torch.tensor([0.2, 0.0, -0.1])
call = "train_softmax(X, y, W, b, lr=0.5, num_steps=3, X_new=X_new)"
check.probe(train_softmax, X, y, W, b, 0.5, 3, X_new, call=call)
call = "train_softmax(X, y, W, b, lr=0.5, num_steps=60, X_new=X_new[:1])"
check.probe(train_softmax, X, y, W, b, 0.5, 60, X_new[:1], call=call, rtol=1e-3)
### BEGIN HIDDEN TESTS
check.probe(train_softmax, X, 2 - y, -W, b, 0.2, 10, X[:3], call="other labels")
check.probe(train_softmax, X[:3], y[:3], W, 3 * b, 1.0, 0, X_new, call="no step")
### END HIDDEN TESTS

# %% [markdown] choice="too_good_loss" points=1
# ## Think: a loss that looks too good
# There are 20,000 examples and 3 classes. A loop goes through 200 batches of 100 and
# adds up `F.cross_entropy(net(X), y).item()`, which is a batch's *mean*. In the end the
# sum is divided by 20,000 and printed: 0.011. What has the net learned?
#
# - Nearly all: a cross-entropy of 0.011 means 98.9 % for the right class.
#   wrong: the divisor not looked at
# - It is worse than guessing: the true mean is 2.2.
#   wrong: the print multiplied by the number of batches, not by the size of one
# - Nothing: the true mean is about log 3.
#   right: the sum of 200 means must be divided by 200, which gives 1.1.
# - It can't be said: the mean of batch means isn't the mean of all.
#   wrong: the warning about a short last batch applied where all batches are full

# %% [markdown]
# ## 7. Accuracy over batches
# Write `accuracy_of(batches)`. `batches` is a list of pairs (`Z`, `y`): logits (B, K),
# labels (B,). The batches may have different sizes. Return the share of all examples
# whose highest logit is the label's, as a float. Labels of -100 don't count; at least
# one label counts. Where two logits are equally high, the class with the smaller number
# is the answer.
#
# Not allowed: scikit-learn.
#
# For example, batches of 3 and 1 examples, all three wrong and the one right, give
# 0.25.


# %% exercise="accuracy_of"
def accuracy_of(batches):
    """Share of the examples that are right, over all batches.

    Args:
        batches: list of pairs: logits (B, K) float32, labels (B,) int64 or -100.

    Returns:
        a float from 0 to 1.
    """
    ### BEGIN SOLUTION
    right, count = 0, 0
    for Z, y in batches:
        right += int((Z.argmax(dim=1) == y).sum())  # -100 is no class: never right
        count += int((y != -100).sum())
    return right / count
    ### END SOLUTION


# %% test="accuracy_of" points=2 bans="scikit-learn"
Z = torch.tensor([[0.1, 2.0, -1.0, 0.0], [3.0, 0.5, 1.0, 2.0], [0.2, 0.1, 0.0, 0.9]])
Z = torch.cat([Z, -Z, Z.flip(1), Z + Z.flip(0)])  # (12, 4)
y = torch.tensor([1, 0, 2, 2, 0, 2, 2, -100, 0, 3, 0, -100])
check.probe(accuracy_of, [(Z[:5], y[:5]), (Z[5:10], y[5:10]), (Z[10:], y[10:])])
check.probe(accuracy_of, [(Z[:7], y[:7]), (Z[7:9], y[7:9]), (Z[9:10], y[9:10])])
### BEGIN HIDDEN TESTS
check.probe(accuracy_of, [(torch.zeros(4, 3), torch.tensor([0, 2, 0, -100]))])
check.probe(accuracy_of, [(Z[7:8], y[7:8]), (Z[:7], y[:7])])
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Top-k accuracy that nobody can cheat
# A model that gives *every* class the same score has no favourites, and yet `topk` may
# happen to pick the right one. Be strict: a label counts as found if **fewer than k
# other classes have a score at least as high** as the label's.
#
# Write `strict_top_k(Z, y, k)`: the share of the labels that are found, as a float.
# `k` is from 1 to $K$; with $k = K$ every label is found.
#
# Not allowed: sorting (`torch.topk`, `torch.sort` and their like), a loop.
#
# For example, the scores `[2., 2., 1.]` and the label 0 count as found for `k=2`, but
# not for `k=1`.


# %% exercise="strict_top_k"
def strict_top_k(Z, y, k):
    """Share of the labels with fewer than k rivals; a tie is a rival.

    Args:
        Z: (N, K) float32, scores.
        y: (N,) int64, labels.
        k: from 1 to K.

    Returns:
        a float from 0 to 1.
    """
    ### BEGIN SOLUTION
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)  # (N, 1)
    rivals = (own <= Z).sum(dim=1) - 1  # the label itself is none
    return (rivals < k).float().mean().item()
    ### END SOLUTION


# %% test="strict_top_k" points=2 bans="sorting, loops"
Z = torch.tensor([[5.0, 3.0, 2.0, 1.0, 0.0], [0.0, 1.0, 2.0, 3.0, 5.0]])
Z = torch.cat([Z, torch.tensor([[1.0, 4.0, 2.0, 5.0, 3.0], [9.0, 8.0, 7.0, 6.0, 5.0]])])
Z = torch.cat([Z, Z.flip(1) / 3, torch.tensor([[2.0, 2.0, 2.0, 1.0, 0.0]])])  # (9, 5)
y = torch.tensor([0, 2, 1, 3, 0, 2, 0, 1, 1])
check.probe(strict_top_k, Z[:8], y[:8], 3)
check.probe(strict_top_k, Z, y, 1)
check.probe(strict_top_k, Z, y, 2)
### BEGIN HIDDEN TESTS
check.probe(strict_top_k, torch.zeros(3, 4), torch.tensor([0, 1, 3]), 3)
check.probe(strict_top_k, Z, y, 5)
check.probe(strict_top_k, -Z[:6], y[:6], 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Reliability bins that are equally full
# Bins of equal *width* leave some nearly empty. Write `reliability_bins(P, y, m)`, with
# `m` bins of equally many answers instead:
#
# 1. Confidence is the largest probability of a row of `P` (N, K); the answer is where
#    it stands. No two confidences are equal.
# 2. Sort the answers by confidence, lowest first, and cut them into `m` bins, one
#    behind the other. If $N$ isn't a multiple of `m`, the **first** $N \bmod m$ bins
#    get one more. `m` is at most $N$.
# 3. Return three tensors (m,): mean confidence and accuracy, float32, and count, int64,
#    of each bin.

# %% [markdown]
# Not allowed: scikit-learn.
#
# For example, confidences 0.9, 0.5, 0.6, of which the first and the last are right, in
# two bins: the first bin holds 0.5 and 0.6, so the confidences are `[0.55, 0.9]`, the
# accuracies `[0.5, 1.]` and the counts `[2, 1]`.


# %% exercise="reliability_bins"
def reliability_bins(P, y, m):
    """Confidence, accuracy and count in m bins of equally many answers.

    Args:
        P: (N, K) float32, probabilities; y: (N,) int64, labels.
        m: number of bins, 1 to N.

    Returns:
        confidence (m,) float32, accuracy (m,) float32, count (m,) int64.
    """
    ### BEGIN SOLUTION
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = torch.tensor_split(confidence.argsort(), m)  # the first ones are longer
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])
    ### END SOLUTION


# %% test="reliability_bins" points=3 bans="scikit-learn"
P = torch.tensor(
    [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.05, 0.05, 0.9], [0.41, 0.3, 0.29]]
)
P = torch.cat(
    [P, torch.tensor([[0.62, 0.3, 0.08], [0.01, 0.96, 0.03], [0.3, 0.33, 0.37]])]
)
P = torch.cat([P, torch.tensor([[0.1, 0.74, 0.16]])])  # (8, 3)
y = torch.tensor([0, 2, 2, 1, 0, 1, 2, 0])
check.probe(reliability_bins, P, y, 3)
check.probe(reliability_bins, P[:7], y[:7], 2)
### BEGIN HIDDEN TESTS
check.probe(reliability_bins, P.flip(0), y.flip(0), 5)
check.probe(reliability_bins, P[2:6], y[2:6], 4)
check.probe(reliability_bins, P, 2 - y, 1)
### END HIDDEN TESTS

# %% [markdown] choice="colder_or_warmer" points=1
# ## Think: which temperature?
# On validation data a net's answers are right in 92 % of the cases, its mean confidence
# is 0.75, and in each bin accuracy is above confidence. One temperature $T$ is chosen
# by the lowest cross-entropy and used from now on. What is true?
#
# - $T$ is below 1; confidences rise, and some answers change with them.
#   wrong: larger differences thought to reorder the scores
# - $T$ is below 1; confidences rise, and the accuracy stays exactly as it is.
#   right: dividing by less than 1 spreads the scores and keeps their order.
# - $T$ is above 1; the confidences rise with the temperature.
#   wrong: dividing by a large number thought to make scores larger
# - $T$ is 1, since the net is right more often than it claims.
#   wrong: modesty thought to be calibrated

# %% [markdown]
# ## 10. Another way to choose the temperature
# The lowest cross-entropy is one wish; here is another: on the validation data the
# **mean confidence** should **equal the accuracy**. Write `match_temperature(Z, y)`. It
# returns, as a float right to 0.1 %, the $T$ between 0.01 and 100 for which the mean of
# the largest entry of $\operatorname{softmax}(\mathbf z / T)$ is the share of rows
# whose highest logit is the label's.
#
# Mean confidence falls steadily while $T$ grows. In the tests such a $T$ exists, and no
# row has two highest logits.

# %% [markdown]
# Allowed: `torch.softmax`, a loop. Not allowed: `torch.optim`, `scipy.optimize`.
#
# For example, one row of logits `[2., 0.]`, given twice, once right and once wrong, has
# no such $T$; with `[[2., 0.]]` three times, two of them right, $T$ is 2.885.


# %% exercise="match_temperature"
def match_temperature(Z, y):
    """The temperature at which mean confidence equals accuracy.

    Args:
        Z: (N, K) float32, logits; y: (N,) int64, labels.

    Returns:
        a float between 0.01 and 100.
    """
    ### BEGIN SOLUTION
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5  # halve the distance on a logarithmic scale
        confidence = torch.softmax(Z / middle, dim=1).max(dim=1).values.mean()
        if confidence > goal:  # too sure: warmer
            low = middle
        else:
            high = middle
    return middle
    ### END SOLUTION


# %% test="match_temperature" points=3 bans="optimisers, scipy.optimize"
Z = torch.tensor([[1.0, 0.2, -0.3, 0.1], [0.1, 0.9, 0.3, -0.2], [0.2, 0.3, 0.4, 0.8]])
check.probe(match_temperature, Z, torch.tensor([0, 1, 2]), rtol=2e-3)
Z = torch.tensor(
    [[4.0, 1.0, 0.0], [0.5, 3.0, -1.0], [2.0, -2.0, 5.0], [1.0, 0.0, -1.0]]
)
Z = torch.cat([Z, torch.tensor([[0.0, 0.5, 2.5], [3.0, 2.0, -2.0]])])  # (6, 3)
y = torch.tensor([0, 1, 0, 0, 2, 1])
check.probe(match_temperature, Z, y, rtol=2e-3)
check.probe(match_temperature, 0.2 * Z, torch.tensor([0, 1, 2, 0, 2, 1]), rtol=2e-3)
check.probe(match_temperature, 20 * Z, y, rtol=2e-3)
### BEGIN HIDDEN TESTS
check.probe(match_temperature, 5 * Z[:4], y[:4], rtol=2e-3)
check.probe(match_temperature, 0.0075 * Z, y, rtol=2e-3)
check.probe(match_temperature, Z[:, :2], torch.tensor([0, 1, 1, 0, 1, 0]), rtol=2e-3)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. A ring, for a model with straight borders
# Three kinds of points: a disc, a ring around it, and a ring around that. No straight
# line separates them. But a linear model is linear in *what it is given*. Write
# `quadratic_features(X)`: for `X` (N, n) return (N, n + n(n + 1)/2), first the $n$
# columns themselves, then the products of every two, each pair once and squares
# included, in the order $x_0 x_0, x_0 x_1, \dots, x_0 x_{n-1}, x_1 x_1, \dots$
#
# Allowed: loops.
#
# For example, `[[2., 3.]]` becomes `[[2., 3., 4., 6., 9.]]`.


# %% exercise="quadratic_features"
def quadratic_features(X):
    """The columns and all products of two of them.

    Args:
        X: (N, n) float32.

    Returns:
        (N, n + n (n + 1) / 2) float32.
    """
    ### BEGIN SOLUTION
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1])
    return torch.cat([X, X[:, rows] * X[:, columns]], dim=1)
    ### END SOLUTION


# %% test="quadratic_features" points=2
def right_on_rings():
    """Fit softmax regression to 300 points on rings; share of the points right."""
    t = torch.arange(300) * 2.399963  # radians: points spread evenly
    labels = torch.arange(300) % 3
    radius = 0.2 + labels + torch.arange(300) / 600
    points = torch.stack([radius * t.cos(), radius * t.sin()], dim=1)  # (300, 2)
    inputs = check.call(quadratic_features, points)
    inputs = (inputs - inputs.mean(dim=0)) / inputs.std(dim=0)
    W, b = torch.zeros(inputs.shape[1], 3), torch.zeros(3)
    for _ in range(400):
        error = torch.softmax(inputs @ W + b, dim=1) - F.one_hot(labels, 3)
        W, b = W - 2 * inputs.T @ error / 300, b - 2 * error.mean(dim=0)
    return ((inputs @ W + b).argmax(dim=1) == labels).float().mean()


check.probe(quadratic_features, torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]]))
check.probe(quadratic_features, torch.tensor([[2.0], [-3.0], [0.5]]))
check.reaches(right_on_rings(), 0.97, "the share of the rings' points")
### BEGIN HIDDEN TESTS
check.probe(quadratic_features, torch.tensor([[1.0, 2.0, 3.0, 5.0]]))
### END HIDDEN TESTS

# %% [markdown]
# With five columns instead of two the same straight model separates rings. But *you*
# had to know that products help. With 784 pixels there are 307,720 products, and which
# of them matter? A net that finds its features itself is what the chapter on the
# multilayer perceptron is about.

# %% [markdown]
# ## 12. A model for a new question (a person reads your answer)
# A shop wants to sort photos of shirts by size: XS, S, M, L, XL. For some photos even
# experts disagree, and from time to time a photo shows no shirt at all.

# %% [markdown]
# 1. Would you train a softmax over five classes, or a regression on a number? Give one
#    reason for each, and say how you would find out which is better.
# 2. What will a softmax over five sizes say about a photo of a shoe? Why can't it say
#    "none of these", and would one against rest do better?
# 3. The shop wants to check by hand the answers with confidence below 0.8. What must
#    you look at before you promise that the others are right in 80 % of the cases?

# %% [markdown] manual="shirts" points=3
# ### BEGIN SOLUTION
# 1. Sizes have an order, a mistake by one is small: a number knows this. A softmax
#    doesn't claim equal steps, and its shares show disagreement. Compare both on
#    validation photos, by mean distance in sizes, beside "M for all".
# 2. Its five shares add up to 1, so one gets the most, perhaps nearly all. Five
#    detectors may all say no, but haven't seen shoes either; better is a class "other"
#    with examples.
# 3. The reliability diagram above 0.8 on photos not used to train or to choose a
#    temperature; how many each bin holds; whether the shop's photos are like them.
#
# Grader: a point each.
# ### END SOLUTION
