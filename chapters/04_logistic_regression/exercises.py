# %% [markdown]
# # Logistic regression: exercises
# You build a classifier from its parts, mend one that says "yes" to everybody, turn
# probabilities into decisions, judge them, and fit a real table.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.
#
# Stuck? `check.hint("stable_sigmoid")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.
#
# The letters of the chapter hold here too: $N$ examples, $n$ features, `X` (N, n),
# logits `z`, labels `y`, `w` (n, 1), `b` (1,).

# %%
import torch
from torch.nn import functional as F

from utils import check
from utils.data import breast_cancer

# %% [markdown]
# ## 1. A sigmoid for every number
# Write `stable_sigmoid(z)`, $\sigma(z) = 1 / (1 + e^{-z})$ of each entry. `z` has any
# shape.
#
# In PyTorch `1 / (1 + torch.exp(-z))` gives the right value even for -1000: one divided
# by infinity. But its *gradient* is infinity times 0, `nan`. Yours gives the right
# value **and** a finite, right gradient from -1000 to 1000. (The gradient at exactly 0
# isn't tested.)
#
# Not allowed: `torch.sigmoid`, `torch.tanh` or another activation of PyTorch.
#
# For example, `stable_sigmoid(torch.tensor([0., 2.]))` gives `[0.5000, 0.8808]`.


# %% exercise="stable_sigmoid"
def stable_sigmoid(z):
    """1 / (1 + e^-z), entry by entry, with finite gradients.

    Args:
        z: float32 of any shape.

    Returns:
        float32 of the same shape, through which gradients flow.
    """
    ### BEGIN SOLUTION
    small = torch.exp(-z.abs())  # between 0 and 1, whatever z is
    return torch.where(z >= 0, torch.ones_like(z), small) / (1 + small)
    ### END SOLUTION


# %% test="stable_sigmoid" points=2 bans="activations"
def slope_of_sigmoid(z):
    z.requires_grad_()
    check.call(stable_sigmoid, z).sum().backward()
    return z.grad


z = torch.tensor([[-1000.0, -20.0, -1.5], [0.5, 3.0, 1000.0]])
check.probe(stable_sigmoid, z[:, 1:2], rtol=1e-3, atol=1e-12)
check.probe(stable_sigmoid, torch.tensor([0.0, 2.0, -3.0]), rtol=1e-3)
check.probe(stable_sigmoid, z, rtol=1e-3, atol=1e-12)
call = "the gradient of stable_sigmoid(z)"
check.probe(slope_of_sigmoid, z, call=call, rtol=1e-3, atol=1e-12)
### BEGIN HIDDEN TESTS
check.probe(stable_sigmoid, -z[0] / 7, rtol=1e-3, atol=1e-12)
call = "the gradient of stable_sigmoid(z), other numbers"
check.probe(slope_of_sigmoid, -z.T / 3 + 0.1, call=call, rtol=1e-3, atol=1e-12)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The loss, with labels of -1 and 1
# Many papers call the classes $y = -1$ and $y = 1$. Then $y z$ is large where the logit
# is far on the right side, and binary cross-entropy has one term only:
#
# $$L = \frac1N \sum_{i=1}^N \log \left( 1 + e^{-y^{(i)} z^{(i)}} \right)$$
#
# Write `signed_bce(z, y)`. `z` has shape (N, 1), the logits; `y` has shape (N,), int64,
# -1 or 1. Return a tensor without axes, through which gradients can flow; it must be
# right for logits of 1000, too.
#
# Not allowed: a loss or an activation of PyTorch.
#
# For example, the logits 0 and 0 give $\log 2 = 0.693$, whatever the labels are.


# %% exercise="signed_bce"
def signed_bce(z, y):
    """Mean of log(1 + e^(-y z)), without overflow.

    Args:
        z: (N, 1) float32, logits.
        y: (N,) int64, -1 or 1.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    against = -y * z.flatten()  # (N,): positive where the model is wrong
    each = against.clamp(min=0) + torch.log1p(torch.exp(-against.abs()))
    return each.mean()
    ### END SOLUTION


# %% test="signed_bce" points=3 bans="losses, activations"
def slope_of_signed_bce(z, y):
    z.requires_grad_()
    check.call(signed_bce, z, y).backward()
    return z.grad


z = torch.tensor([[2.0], [-1.5], [0.5], [-3.0], [1.0]])
y = torch.tensor([1, 1, -1, -1, -1])
check.probe(signed_bce, z, y)
check.probe(signed_bce, 200 * z[:3], -y[:3])
call = "the gradient of signed_bce(z, y)"
check.probe(slope_of_signed_bce, z, y, call=call)
### BEGIN HIDDEN TESTS
check.probe(signed_bce, -z[1:], y[1:])
check.probe(signed_bce, torch.tensor([[-1000.0], [400.0]]), y[:2])
torch.manual_seed(1)
many, signs = 5 * torch.randn(97, 1), torch.randint(2, (97,)) * 2 - 1
expected = F.soft_margin_loss(many.flatten(), signs)
check.close(check.call(signed_bce, many, signs), expected)
### END HIDDEN TESTS

# %% [markdown] choice="smoothed_labels" points=1
# ## Think: labels that are not quite sure
# Somebody replaces the labels 0 and 1 by 0.1 and 0.9, "so that the model isn't too
# sure". How low can binary cross-entropy get now, over all models?
#
# - To 0, as before, if each prediction equals its label.
#   wrong: a perfect prediction thought to cost nothing, whatever the label
# - To about 0.33, if each prediction equals its label.
#   right: at p = y the loss is the entropy of y, and that of 0.1 and of 0.9 is 0.325.
# - To about 0.11, which is minus the logarithm of 0.9.
#   wrong: the second term forgotten, which charges for the other class
# - Below 0 without end, since the labels are no classes any more.
#   wrong: labels inside [0, 1] taken for labels outside it

# %% [markdown]
# ## 3. A miss that counts more
# To miss a cancer is worse than a false alarm. Let each positive example count $c$
# times in the loss:
#
# $$L = -\frac1N \sum_{i=1}^N \left[ c \, y^{(i)} \log p^{(i)}
# + (1 - y^{(i)}) \log (1 - p^{(i)}) \right]$$
#
# with $\mathbf p = \sigma(\mathbf X \mathbf w + b)$. Write `weighted_gradient(X, y, w,
# b, c)`. It returns the gradients for `w` (n, 1) and for `b` (1,). The sum is divided
# by the number of examples $N$. Derive the gradient in the logit first: what stands
# there for a label 1, what for a label 0?
#
# Allowed: `torch.sigmoid`. Not allowed: autograd (`backward`, `torch.autograd.grad`).
#
# For example, `X = [[2.]]`, `y = [[1.]]`, all parameters 0 and `c = 3` give `[[-3.]]`
# and `[-1.5]`.


# %% exercise="weighted_gradient"
def weighted_gradient(X, y, w, b, c):
    """Gradients of binary cross-entropy in which positives count c times.

    Args:
        X: (N, n) float32; y: (N, 1) float32, 0 or 1.
        w: (n, 1) float32; b: (1,) float32.
        c: a number above 0.

    Returns:
        gradient for w: (n, 1) float32; gradient for b: (1,) float32.
    """
    ### BEGIN SOLUTION
    p = torch.sigmoid(X @ w + b)  # (N, 1)
    error = (1 - y) * p - c * y * (1 - p)
    return X.T @ error / len(X), error.mean(dim=0)  # (n, N) x (N, 1)
    ### END SOLUTION


# %% test="weighted_gradient" points=3 bans="autograd"
X = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [2.0, 0.5, 1.0], [1.5, 1.0, -2.0]])
X = torch.cat([X, torch.tensor([[-1.0, 0.5, 0.3]])])  # (5, 3)
y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [0.0]])
w, b = torch.tensor([[0.5], [-1.0], [0.4]]), torch.tensor([0.7])
check.probe(weighted_gradient, X, y, w, b, 3.0)
check.probe(weighted_gradient, X[:2, :2], y[:2], torch.zeros(2, 1), torch.zeros(1), 10)
### BEGIN HIDDEN TESTS
check.probe(weighted_gradient, -X[:4], 1 - y[:4], w, -b, 0.25)
torch.manual_seed(3)
X, y = torch.randn(11, 6), torch.randint(2, (11, 1)).float()
w, b = torch.randn(6, 1, requires_grad=True), torch.randn(1, requires_grad=True)
loss = F.binary_cross_entropy_with_logits(X @ w + b, y, pos_weight=torch.tensor(4.0))
expected = torch.autograd.grad(loss, (w, b))
got = check.call(weighted_gradient, X, y, w.detach(), b.detach(), 4.0)
check.close(got, expected, "the gradients for w and b")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Find the bug and mend it
# The function below was written by a student. It runs without an error, its loss falls,
# and in the end it says "yes" to everybody. Run the cell and look at what it gives.


# %%
def as_given(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        y_hat = torch.sigmoid(X @ w + b)
        loss = F.binary_cross_entropy_with_logits(y_hat, y)
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    y_hat = torch.sigmoid(X @ w + b)
    said = torch.sigmoid(y_hat) > 0.5
    return w.detach(), b.detach(), said


few = torch.tensor([[-2.0], [-1.0], [-0.5], [0.5], [1.0], [2.0]])
few_labels = (few > 0).float()
start = torch.zeros(1, 1), torch.zeros(1)
as_given(few, few_labels, *start, lr=0.5, num_steps=100)[2].flatten().tolist()

# %% [markdown]
# Write `train_logistic(X, y, w, b, lr, num_steps)`, which does what was meant: gradient
# descent on the binary cross-entropy, on all data at once, from the given `w` and `b`,
# which stay as they are. It returns the trained `w` and `b`, and `said` (N, 1), bool:
# is the probability of a 1 *above* one half? There is one mistake in the thinking; it
# may show in more than one line.
#
# Allowed: all of torch but its optimisers. Not allowed: `torch.optim`.
#
# For example, on the six examples of the cell above the mended function says `False`
# three times and then `True` three times.


# %% exercise="train_logistic"
def train_logistic(X, y, w, b, lr, num_steps):
    """Logistic regression by full-batch gradient descent.

    Args:
        X: (N, n) float32; y: (N, 1) float32, 0 or 1.
        w: (n, 1) float32, b: (1,) float32: where to start.
        lr: the learning rate.
        num_steps: how many steps.

    Returns:
        w: (n, 1) float32, b: (1,) float32, said: (N, 1) bool.
    """
    ### BEGIN SOLUTION
    w, b = w.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.sigmoid(X @ w + b) - y  # (N, 1)
        w -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return w, b, X @ w + b > 0
    ### END SOLUTION


# %% test="train_logistic" points=2 bans="optimisers"
X = torch.tensor([[-2.0, 0.3], [-1.0, 1.0], [-0.5, -1.2], [0.4, 0.8], [1.0, -0.5]])
y = torch.tensor([[0.0], [0.0], [1.0], [0.0], [1.0]])
w, b = torch.tensor([[0.3], [-0.2]]), torch.tensor([0.2])
call = "train_logistic(X, y, w, b, lr=0.5, num_steps=3)"
check.probe(train_logistic, X, y, w, b, 0.5, 3, call=call)
call = "train_logistic(X, y, w, b, lr=0.5, num_steps=60)"
check.probe(train_logistic, X, y, w, b, 0.5, 60, call=call, rtol=1e-3)
### BEGIN HIDDEN TESTS
check.probe(train_logistic, X, 1 - y, -w, b, 0.2, 10, call="other labels, ten steps")
check.probe(train_logistic, -X[:3], y[1:4], w, -3 * b, 1.0, 0, call="no step at all")
half = X[:2], y[:2], 0 * w, 0 * b, 1.0, 0
check.probe(train_logistic, *half, call="probabilities of exactly one half")
### END HIDDEN TESTS

# %% [markdown] choice="hours_or_minutes" points=1
# ## Think: hours or minutes?
# A logistic regression on one column, hours studied, is fitted to the very bottom (the
# classes overlap, so there is one). Then the column is rewritten in minutes, not
# standardised, and the model fitted anew: once without weight decay, and once with the
# same decay before and after. What becomes of the probabilities?
#
# - They stay as they are in both cases, since the weight becomes a sixtieth.
#   wrong: weight decay thought to know units
# - Without decay they stay. With decay they lie further apart than before.
#   right: the same probabilities now take a weight of a sixtieth, whose square costs
#   3,600 times less, so decay hardly holds it.
# - Without decay they stay. With decay they move towards one half.
#   wrong: the smaller weight thought to mean smaller logits, though minutes are larger
# - Without decay they get surer, as the numbers are larger; with decay they stay.
#   wrong: large features thought to make sure predictions, and decay to correct it

# %% [markdown]
# ## 5. Decide by what mistakes cost
# Write `decide(z, miss, alarm)`. From logits `z` (N, 1) it makes decisions, shape (N,),
# int64: 1 where "positive" is the cheaper thing to say, else 0.
#
# A wrong "negative" costs `miss`, a wrong "positive" costs `alarm`, right answers cost
# nothing. With the probability $p = \sigma(z)$, saying "positive" costs $(1 - p) \cdot$
# `alarm` in the mean, saying "negative" $p \cdot$ `miss`. Where both cost the same, say
# 1.
#
# Allowed: `torch.sigmoid`, `torch.logit`, or neither. Not allowed: a loop.
#
# For example, with `miss=9` and `alarm=1` a probability of 0.2 is a 1 and a probability
# of 0.05 is a 0.


# %% exercise="decide"
def decide(z, miss, alarm):
    """The cheaper class for each logit; at a tie 1.

    Args:
        z: (N, 1) float32, logits of the positive class.
        miss: cost of a wrong "negative", above 0.
        alarm: cost of a wrong "positive", above 0.

    Returns:
        (N,) int64, 0 or 1.
    """
    ### BEGIN SOLUTION
    p = torch.sigmoid(z).flatten()
    return ((1 - p) * alarm <= p * miss).long()
    ### END SOLUTION


# %% test="decide" points=2 bans="loops"
z = torch.tensor([[-4.0], [-2.5], [-1.5], [-0.4], [0.0], [0.05], [0.3], [1.5], [5.0]])
check.probe(decide, z, 9, 1)
check.probe(decide, z, 1, 1)
check.probe(decide, z, 2, 8)
### BEGIN HIDDEN TESTS
check.probe(decide, -z[2:], 1, 6)
check.probe(decide, z[3:6], 30, 30)
check.probe(decide, torch.tensor([[0.02], [-0.02], [0.6], [-0.6]]), 1.5, 2.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Three shares
# Write `rates(said, y)`. `said` (N,) holds the decisions, `y` (N,) the truth, both
# int64, 0 or 1. Return a dict of three floats:
#
# - `"sensitivity"`: of those that are 1, the share that is called 1
# - `"specificity"`: of those that are 0, the share that is called 0
# - `"precision"`: of those that are called 1, the share that is 1
#
# A share of nothing is 1.0: if nobody is called 1, no alarm was false.
#
# Not allowed: scikit-learn.
#
# For example, `said = [1, 1, 0, 0]` and `y = [1, 0, 0, 0]` give a sensitivity of 1.0, a
# specificity of 2/3 and a precision of 0.5.


# %% exercise="rates"
def rates(said, y):
    """Sensitivity, specificity and precision of yes-or-no decisions.

    Args:
        said: (N,) int64, 0 or 1, the decisions.
        y: (N,) int64, 0 or 1, the truth.

    Returns:
        dict with the keys "sensitivity", "specificity", "precision"; floats.
    """

    ### BEGIN SOLUTION
    def share(hit, among):
        count = int(among.sum())
        return int((hit & among).sum()) / count if count else 1.0

    return {
        "sensitivity": share(said == 1, y == 1),
        "specificity": share(said == 0, y == 0),
        "precision": share(y == 1, said == 1),
    }
    ### END SOLUTION


# %% test="rates" points=2 bans="scikit-learn"
y = torch.tensor([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
said = torch.tensor([1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0])
check.probe(rates, said, y)
check.probe(rates, torch.zeros(5, dtype=torch.int64), y[2:7])
### BEGIN HIDDEN TESTS
check.probe(rates, 1 - said, y)
check.probe(rates, said[:3], y[:3])
check.probe(rates, said[4:], y[4:])
check.probe(rates, y[:0], y[:0])
### END HIDDEN TESTS

# %% [markdown] choice="rarer_cancers" points=1
# ## Think: where cancers are rare
# In a hospital 37 of 100 lumps are cancers. A model with its threshold finds 95 % of
# them and alarms 10 % of the benign. Now it is used in screening, where 1 of 100 lumps
# is a cancer. Within each class the lumps are like those of the hospital. Which of its
# numbers change?
#
# - None: the model is the same, and so is each class.
#   wrong: a share thought to belong to the model that depends on the mixture, too
# - Precision falls from about 85 % to about 9 %; sensitivity, specificity and AUC stay.
#   right: the first is a share of the alarms, of which most now come from the many
#   benign; the others are counted within a class.
# - Sensitivity falls, as there are fewer cancers to find; the rest stays.
#   wrong: a number of cancers taken for a share of them
# - AUC falls, as there are fewer pairs; the rest stays.
#   wrong: a probability over pairs taken for a count of pairs

# %% [markdown]
# ## 7. The ROC curve, with ties
# Write `roc_points(scores, y)`. `scores` (N,) float32 and `y` (N,) int64, 0 or 1, with
# at least one of each. For each *different* score, from the highest to the lowest, call
# everybody positive who has this score or a higher one. Return two tensors of shape
# (K + 1,) float32 for K different scores: the false positive rates and the true
# positive rates. Both begin with 0, where nobody is positive.
#
# Equal scores share **one** point: no threshold can tell them apart.
#
# Not allowed: scikit-learn.
#
# For example, `scores = [0.9, 0.4, 0.4]` and `y = [1, 1, 0]` give the false positive
# rates `[0, 0, 1]` and the true positive rates `[0, 0.5, 1]`.


# %% exercise="roc_points"
def roc_points(scores, y):
    """The corners of the ROC curve, one for each different score.

    Args:
        scores: (N,) float32, higher is more likely positive; ties may occur.
        y: (N,) int64, 0 or 1, both occur.

    Returns:
        false positive rates, true positive rates: (K + 1,) float32 each, from 0 to 1.
    """
    ### BEGIN SOLUTION
    thresholds = scores.unique().flip(0)  # (K,), highest first
    said = scores >= thresholds.reshape(-1, 1)  # (K, N)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    start = torch.zeros(1)
    return torch.cat([start, fpr]), torch.cat([start, tpr])
    ### END SOLUTION


# %% test="roc_points" points=3 bans="scikit-learn"
scores = torch.tensor([0.4, 0.9, 0.4, 0.1, 0.7, 0.4, 0.8, 0.1])
y = torch.tensor([1, 1, 0, 0, 1, 0, 0, 0])
check.probe(roc_points, scores[:5].add(torch.arange(5.0)), y[:5])
check.probe(roc_points, scores, y)
### BEGIN HIDDEN TESTS
check.probe(roc_points, -scores, y)
check.probe(roc_points, torch.full((5,), 2.0), y[:5])
check.probe(roc_points, torch.tensor([3.0, -1.0, 2.5, 2.5, -7.0, 0.0]), y[2:])
### END HIDDEN TESTS

# %% [markdown]
# ## 8. The AUC by counting pairs
# Take every pair of one positive and one negative example. Write `auc(scores, y)`: the
# share of the pairs in which the positive one has the higher score, where a pair of
# *equal* scores counts as half a pair. Shapes as in exercise 7. Return a number, as a
# float or a tensor without axes.
#
# Not allowed: a loop, scikit-learn.
#
# For example, `scores = [0.9, 0.4, 0.4]` and `y = [1, 1, 0]` give 0.75: one pair is in
# order, one is a tie.


# %% exercise="auc"
def auc(scores, y):
    """Share of the pairs (positive, negative) in order; ties count 1/2.

    Args:
        scores: (N,) float32.
        y: (N,) int64, 0 or 1, both occur.

    Returns:
        a number in [0, 1].
    """
    ### BEGIN SOLUTION
    difference = scores[y == 1].reshape(-1, 1) - scores[y == 0]  # (positive, negative)
    return ((difference > 0).float() + (difference == 0).float() / 2).mean().item()
    ### END SOLUTION


# %% test="auc" points=2 bans="loops, scikit-learn"
scores = torch.tensor([0.4, 0.9, 0.4, 0.1, 0.7, 0.4, 0.8, 0.1, 0.3])
y = torch.tensor([1, 1, 0, 0, 1, 0, 0, 0, 0])
check.probe(auc, 0.7 * scores + torch.arange(9) / 100, y, number=True)
check.probe(auc, scores, y, number=True)
### BEGIN HIDDEN TESTS
check.probe(auc, -scores, y, number=True)
check.probe(auc, torch.full((7,), 2.0), y[:7], number=True)
check.probe(auc, 5 * scores[1:5], y[1:5], number=True)
### END HIDDEN TESTS

# %% [markdown] choice="cancers_twice" points=1
# ## Think: each cancer twice
# A million rows were drawn from a logistic model: $p = \sigma(w x + b)$ is the truth,
# and the fit finds that $w$ and $b$. Now each row with $y = 1$ is written into the
# table once more, and the model is fitted anew, without decay. What does it find?
#
# - Nearly the same $w$, and a $b$ that is larger by about 0.69.
#   right: at each x the odds double, and the logarithm of 2 is 0.69.
# - A $w$ and a $b$ about twice as large.
#   wrong: doubled odds taken for doubled log-odds
# - Nearly the same $w$ and $b$: within a class nothing has changed.
#   wrong: the base rate thought to play no part in a probability
# - A larger $w$ and the same $b$: there is more to learn from.
#   wrong: the number of rows thought to set how steep the curve is

# %% [markdown]
# ## 9. Turn a hidden unit round
# A stack of two linear layers with sigmoids between them gives the logits
#
# $$\mathbf z = \sigma(\mathbf X \mathbf W_1 + \mathbf b_1) \, \mathbf W_2 + \mathbf
# b_2$$
#
# with `W1` (n, h), `b1` (h,), `W2` (h, m), `b2` (m,). Write `turn_round(W1, b1, W2, b2,
# k)`. It returns four **new** tensors of the same shapes, so that hidden unit `k` says
# $1 - h_k$ where it said $h_k$, every other unit is as before, and the logits are the
# same for every `X`. (Who would read $h_k = 0.8$ as "80 %" of something now?)
#
# Not allowed: a loop.
#
# For example, with all shapes of one number, `W1` 2, `b1` 1, `W2` 3, `b2` 5 become -2,
# -1, -3 and 8.


# %% exercise="turn_round"
def turn_round(W1, b1, W2, b2, k):
    """The same net, with hidden unit k replaced by one minus it.

    Args:
        W1: (n, h), b1: (h,), W2: (h, m), b2: (m,) float32.
        k: which hidden unit, 0 to h - 1.

    Returns:
        W1, b1, W2, b2: new tensors of the same shapes.
    """
    ### BEGIN SOLUTION
    sign = torch.ones_like(b1)  # (h,)
    sign[k] = -1
    return W1 * sign, b1 * sign, W2 * sign.reshape(-1, 1), b2 + W2[k]
    ### END SOLUTION


# %% test="turn_round" points=3 bans="loops"
def logits_after(W1, b1, W2, b2, k, X):
    V1, c1, V2, c2 = check.call(turn_round, W1, b1, W2, b2, k)
    hidden = torch.sigmoid(X @ V1 + c1)
    return {"hidden units": hidden, "logits": hidden @ V2 + c2}


W1 = torch.tensor(
    [[0.5, -1.0, 2.0, 0.3], [1.5, 0.7, -0.4, -2.0], [0.2, 1.0, 0.9, -0.6]]
)
b1, b2 = torch.tensor([0.1, -0.5, 0.8, 1.2]), torch.tensor([0.6, -1.4])
W2 = torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25], [2.0, 0.75]])
X = torch.tensor([[1.0, -0.5, 0.2], [0.3, 2.0, -1.0]])
check.probe(turn_round, W1, b1, W2, b2, 2)
call = "the net after turn_round(W1, b1, W2, b2, 1)"
check.probe(logits_after, W1, b1, W2, b2, 1, X, call=call)
### BEGIN HIDDEN TESTS
check.probe(turn_round, -2 * W1, b1, W2[:, :1], b2[:1], 0)
call = "the net after turn_round(W1, b1, W2, b2, 3)"
check.probe(logits_after, W1, -b1, 2 * W2, b2, 3, X, call=call)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Fit a real table
# Write `fit_table(X, y, X_new, decay)`: fit a logistic regression to the raw columns
# `X` (N, n) with `y` (N, 1), and return the probabilities of a 1 for `X_new`, shape (M,
# 1).
#
# 1. Standardise the columns, those of `X_new` too, with mean and standard deviation of
#    `X`. (Divide by N or by N - 1: the results are too close to be told apart.) No
#    column of `X` is constant; `X_new` may have one row.
# 2. Minimise the mean binary cross-entropy plus `decay / 2` times the sum of the
#    squared weights, `decay` above 0, the bias not decayed. Stop when the probabilities
#    are right to 0.003.

# %% [markdown]
# Allowed: all of torch. Not allowed: scikit-learn.
#
# For example, on 200 lumps with `decay=0.01` the other 369 get an AUC above 0.98.


# %% exercise="fit_table"
def fit_table(X, y, X_new, decay):
    """Probabilities for new rows by logistic regression with weight decay.

    Args:
        X: (N, n) float32, raw columns; y: (N, 1) float32, 0 or 1.
        X_new: (M, n) float32, raw columns.
        decay: lambda, of (lambda / 2) |w|^2, above 0.

    Returns:
        (M, 1) float32, probabilities of a 1.
    """
    ### BEGIN SOLUTION
    mean, std = X.mean(dim=0), X.std(dim=0)
    X, X_new = (X - mean) / std, (X_new - mean) / std
    w = torch.zeros(X.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        loss = loss + decay / 2 * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        return torch.sigmoid(X_new @ w + b)
    ### END SOLUTION


# %% test="fit_table" points=4 bans="scikit-learn"
lumps, malignant = breast_cancer()  # (569, 30), (569, 1)
X, y = lumps[100:220, [1, 20, 24, 28]], malignant[100:220]
X_new, near = lumps[:30, [1, 20, 24, 28]], {"rtol": 0, "atol": 3e-3}
check.probe(fit_table, X, y, X_new, 0.1, call="30 new lumps", **near)
check.probe(fit_table, X, y, X_new[:1], 0.1, call="one new lump", **near)
p = check.call(fit_table, lumps[:200], malignant[:200], lumps[200:], 0.01).flatten()
ill = malignant[200:].flatten() == 1
in_order = (p[ill].reshape(-1, 1) > p[~ill]).float().mean()
check.reaches(in_order, 0.98, "the AUC on 369 unseen lumps")
### BEGIN HIDDEN TESTS
X_2, new = X[:60, :2], X_new[:9, :2]
check.probe(fit_table, X_2, y[:60], new, 0.5, call="two columns", **near)
sick = lumps[malignant.flatten() == 1][:12, [1, 20, 24, 28]]
check.probe(fit_table, X, y, sick, 0.03, call="twelve malignant lumps", **near)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. A good number that is not true (a person reads your answer)
# A colleague standardises all 569 lumps at once, looks at the AUC of each column on all
# of them, keeps the five best columns, tries decays and thresholds until the cost on
# the test lumps is lowest, and reports that cost.
#
# 1. At which points did the test lumps leak into the model or into its report?
# 2. Which of them do you expect to matter most, and why?
# 3. In which order should the steps be done? Say which part of the data each one uses.
#
# Answer in five to ten sentences. How a program keeps these parts apart is what
# [chapter 05](05) is about.

# %% [markdown] manual="where_it_leaks" points=3
# ### BEGIN SOLUTION
# 1. Four times: mean and deviation of all rows; the columns chosen on all rows; the
#    decay and the threshold chosen on the test lumps; and the report made on the lumps
#    that the choice was made on.
# 2. Choosing decay and threshold by the test cost: with 53 cancers a miss more or less
#    decides, so the lowest cost of many tries is partly luck. Choosing columns comes
#    next. Means over 569 rows hardly differ from those over 284.
# 3. Split first. Training rows: mean and deviation, choice of columns, weights.
#    Validation rows: decay and threshold. Test rows: once, at the end, to report.
#
# Grader: a point each; 2 needs a reason.
# ### END SOLUTION
