# %% [markdown]
# # Losses and distances: exercises
# Ten exercises, from a loss with two pieces to the neighbours that are hardest to tell
# apart, four questions to think about and one to write about. Each stands alone: if you
# are stuck, go on with the next.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes.
#
# Stuck? `check.hint("huber")` in a new cell asks for a hint: first a question, then an
# idea, then the shape of the answer.

# %%
import torch
from torch.nn import functional as F

from utils import check

# %% [markdown]
# ## 1. A Huber loss with two limits
# Asking for too much is often worse than asking for too little. Write `huber(y_hat, y,
# low, high)` for residuals $r = \hat y - y$: half the square for $-\text{low} \le r \le
# \text{high}$; outside, a straight line that continues it, so that value *and* slope
# meet at both ends. Both limits are above 0. Return the **mean** over all entries.
# `y_hat` and `y` have the same shape, which may be any.
#
# Not allowed: PyTorch's losses, a loop.
#
# For example, with `low=1.` and `high=2.` the residuals 1, 4 and -3 cost 0.5, 6 and
# 2.5.


# %% exercise="huber"
def huber(y_hat, y, low, high):
    """Mean of a Huber loss with a limit of its own on each side.

    Args:
        y_hat, y: float32 tensors of the same shape.
        low, high: floats above 0, the limits for negative and positive residuals.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    r = y_hat - y
    inside = r.clamp(-low, high)  # where the slope stops growing
    return (inside * (r - inside / 2)).mean()
    ### END SOLUTION


# %% test="huber" points=2 bans="losses, loops"
y_hat = torch.tensor([[1.0, 0.5, -3.0], [4.0, -0.6, 0.2]])
y = torch.tensor([[0.2, -4.5, 1.0], [3.5, 0.2, -0.1]])
check.probe(huber, y_hat, y, 1.5, 0.7)
check.probe(huber, torch.tensor([3.0, 0.5]), torch.tensor([0.0, 1.0]), 1.0, 2.0)
check.probe(huber, torch.tensor([-4.0, 0.5]), torch.tensor([0.0, 1.0]), 2.5, 1.5)
### BEGIN HIDDEN TESTS
check.probe(huber, 3 * y_hat.T, y.T, 0.4, 2.2)
check.probe(huber, y_hat / 9, y / 9, 5.0, 6.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Find the bug and mend it: two pieces that don't meet
# The function below was written by a student, for a loss that is straight near 0 and
# logarithmic far out, so that wild points pull less and less. It runs. Trained with
# it, points jump to and fro around the limit.


# %%
def as_given(r, c):
    return torch.where(r.abs() <= c, r.abs(), c * torch.log(r.abs()))


# %%
around = torch.tensor([1.9, 2.0, 2.1])
as_given(around, 2.0).tolist()

# %% [markdown]
# Write `log_tail(r, c)`, which does what was meant: $|r|$ for $|r| \le c$; outside,
# $c \log |r|$ plus a constant, such that the two pieces meet at $|r| = c$. Return the
# loss of each entry. `c` is above 0. Its slope in `r` must be a number everywhere, at 0
# too, where it shall be 0.
#
# Not allowed: a loop.
#
# For example, `log_tail(torch.tensor([-2., 2. * 2.718281828]), 2.)` is `[2., 4.]`.


# %% exercise="log_tail"
def log_tail(r, c):
    """|r| up to c, then c log|r| moved so that the pieces meet.

    Args:
        r: float32 residuals of any shape.
        c: float above 0, where the pieces meet.

    Returns:
        float32 tensor of the shape of r.
    """
    ### BEGIN SOLUTION
    size = r.abs()
    return torch.where(size <= c, size, c + c * torch.log(size.clamp(min=c) / c))
    ### END SOLUTION


# %% test="log_tail" points=2 bans="loops"
def slope_of_log_tail(r, c):
    r.requires_grad_()
    check.call(log_tail, r, c).sum().backward()
    return r.grad


r = torch.tensor([[0.5, -1.0, 2.5], [-7.0, 1.9, 30.0]])
check.probe(log_tail, r, 2.0)
check.probe(log_tail, r, 0.7)
r = torch.tensor([0.0, -1.0, 3.0, -8.0])
check.probe(slope_of_log_tail, r, 2.0, call="the slope of log_tail(r, 2.0)")
### BEGIN HIDDEN TESTS
check.probe(log_tail, -r[1:], 5.0)
check.probe(slope_of_log_tail, 3 * r, 1.3, call="the slope of log_tail(r, 1.3)")
### END HIDDEN TESTS

# %% [markdown] choice="pinball_weather" points=1
# ## Think: the price of a short delivery
# A bakery must say in the morning how many loaves it bakes. A loaf too many costs 1
# euro, a loaf too few costs 4 euros. Day after day, with no other information, it says
# one number. Which one is cheapest in the long run?
#
# - The mean demand, plus a quarter of it.
#   wrong: the ratio of the two prices taken for a factor on the mean
# - The demand that 80 % of the days stay below.
#   right: one loaf more helps with the share of days above, at 4, and hurts with the
#   rest, at 1; both are equal at 4 of 5.
# - The demand that 75 % of the days stay below.
#   wrong: three parts out of four, from the difference of the prices, not their share
# - The median demand, since both costs are absolute.
#   wrong: the two prices thought to be equal

# %% [markdown]
# ## 3. KL divergence, from logits
# Write `kl_from_logits(P, Z)`. `P` (N, K) are true probabilities, some of them 0; `Z`
# (N, K) are the **logits** of a model, of any size. Return
# $D(\mathbf p \,\|\, \mathbf q)$ in nats for each row, with
# $\mathbf q = \operatorname{softmax}(\mathbf z)$. A true probability of 0 adds 0;
# logits of 1000 do no harm.
#
# Allowed: `torch.log_softmax`. Not allowed: PyTorch's losses, a loop.
#
# For example, `P = [[0.5, 0.5], [1., 0.]]` and logits of 0 give `[0., 0.6931]`.


# %% exercise="kl_from_logits"
def kl_from_logits(P, Z):
    """Kullback-Leibler divergence of each row from softmax(Z).

    Args:
        P: (N, K) float32; each row adds up to 1.
        Z: (N, K) float32, logits.

    Returns:
        (N,) float32.
    """
    ### BEGIN SOLUTION
    log_q = torch.log_softmax(Z, dim=1)
    return (torch.xlogy(P, P) - P * log_q).sum(dim=1)
    ### END SOLUTION


# %% test="kl_from_logits" points=2 bans="losses, loops"
P = torch.tensor([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.1, 0.85, 0.05], [0.3, 0.1, 0.6]])
Z = torch.tensor([[1.0, -0.5, 0.3], [2.0, 0.1, -1.0], [0.4, 0.0, 1.1], [0.0, 3.0, 1.0]])
check.probe(kl_from_logits, P, Z)
check.probe(kl_from_logits, torch.tensor([[0.0, 0.7, 0.3], [1.0, 0.0, 0.0]]), Z[:2])
check.probe(kl_from_logits, P[:3], 500 * Z[:3])
### BEGIN HIDDEN TESTS
check.probe(kl_from_logits, P[:, :2] / P[:, :2].sum(1, keepdim=True), -Z[:, 1:])
check.probe(kl_from_logits, torch.softmax(Z, dim=1), Z + 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Cosine distance of every pair, with zero vectors
# Write `cosine_distance(U, V)`: `U` (N, d), `V` (M, d), the result (N, M) is 1 minus
# the cosine similarity. A vector of zeros has no direction. Agree on this: **two** zero
# vectors are equal, distance 0; a zero vector and another one have nothing in common,
# distance 1. Short vectors, of length $10^{-6}$ say, have a direction like others.
#
# Not allowed: `F.cosine_similarity`, a loop.
#
# For example, `[[0., 0.], [3., 0.]]` against `[[0., 0.], [0., 2.], [-1., 0.]]` gives
# `[[0., 1., 1.], [1., 1., 2.]]`.


# %% exercise="cosine_distance"
def cosine_distance(U, V):
    """1 minus the cosine of every pair of rows; zeros equal each other.

    Args:
        U: (N, d) float32; V: (M, d) float32.

    Returns:
        (N, M) float32, from 0 to 2.
    """
    ### BEGIN SOLUTION
    u, v = U.norm(dim=1, keepdim=True), V.norm(dim=1, keepdim=True)  # (N, 1), (M, 1)
    U = U / torch.where(u == 0, 1, u)
    V = V / torch.where(v == 0, 1, v)
    both = (u == 0) & (v == 0).T  # (N, 1), (1, M)
    return torch.where(both, 0.0, 1 - U @ V.T)
    ### END SOLUTION


# %% test="cosine_distance" points=2 bans="torch.nn.functional.cosine_similarity, loops"
U = torch.tensor([[1.0, 2.0, -0.5], [0.3, -1.0, 4.0]])
V = torch.tensor([[2.0, 0.5, 1.0], [-3.0, 1.0, 0.2], [0.1, 0.9, 0.4]])
check.probe(cosine_distance, U, V)
zeros = torch.tensor([[0.0, 0.0, 0.0], [2.0, -1.0, 0.5]])
check.probe(cosine_distance, torch.cat([zeros, U]), V)
check.probe(cosine_distance, U, torch.cat([V, zeros]))
check.probe(cosine_distance, zeros, torch.cat([zeros, V]))
check.probe(cosine_distance, 1e-6 * U, V)
### BEGIN HIDDEN TESTS
check.probe(cosine_distance, -V[:, :2], U[:, :2])
check.probe(cosine_distance, torch.zeros(2, 4), torch.zeros(3, 4))
### END HIDDEN TESTS

# %% [markdown] choice="order_of_neighbours" points=1
# ## Think: two ways to be near
# All vectors in a gallery and all that are asked have length 1. A search by Euclidean
# distance is replaced by one by cosine distance. What changes?
#
# - The values of the distances, but not who is nearest.
#   right: on vectors of length 1 the squared distance is twice the cosine distance.
# - The nearest may change where vectors point in opposite directions.
#   wrong: the sign of the cosine thought to be lost
# - Nothing: the two give the same numbers.
#   wrong: the square and the factor 2 not looked at
# - It can't be told, as one measures length and the other direction.
#   wrong: a rule for vectors of any length applied where all lengths are equal

# %% [markdown]
# ## 5. Squared distances without the large tensor
# `U[:, None] - V` holds N times M times d numbers. Use
# $\|\mathbf u - \mathbf v\|^2 = \|\mathbf u\|^2 - 2\mathbf u \cdot \mathbf v +
# \|\mathbf v\|^2$ instead. Write `squared_distances(U, V, w)`: each of the d axes has a
# weight `w` (d,), 0 or above, so that the distance is $\sum_j w_j (u_j - v_j)^2$. The
# result is (N, M). No entry may be below 0, even by rounding.
#
# Not allowed: PyTorch's distances (`torch.cdist` and their like), a loop. On your
# honour: no tensor of N times M times d numbers.
#
# For example, `[[1., 2.]]` against `[[4., 2.], [1., 0.]]` with weights `[1., 3.]` gives
# `[[9., 12.]]`.


# %% exercise="squared_distances"
def squared_distances(U, V, w):
    """Weighted squared Euclidean distances of every pair of rows.

    Args:
        U: (N, d) float32; V: (M, d) float32; w: (d,) float32, 0 or above.

    Returns:
        (N, M) float32, 0 or above.
    """
    ### BEGIN SOLUTION
    u, v = (U**2) @ w, (V**2) @ w  # (N,), (M,)
    return (u[:, None] - 2 * (U * w) @ V.T + v).clamp(min=0)
    ### END SOLUTION


# %% test="squared_distances" points=3 bans="distances, loops"
def none_below_zero(U, w):
    return bool((check.call(squared_distances, U, U, w) >= 0).all())


U = torch.tensor([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]])
V = torch.tensor([[0.0, 1.0, 2.0], [2.5, -1.0, 0.3], [1.0, 1.5, -2.0]])
check.probe(squared_distances, U, V, torch.tensor([0.5, 3.0, 2.0]))
check.probe(squared_distances, V, U, torch.ones(3), atol=1e-5)
many = 3 + torch.sin(torch.arange(280.0)).reshape(40, 7)
weights = 1 + 0.9 * torch.cos(torch.arange(7.0))
call = "whether squared_distances(U, U, w) is nowhere below 0"
check.probe(none_below_zero, many, weights, call=call)
### BEGIN HIDDEN TESTS
check.probe(squared_distances, U[:, :2], V[:, :2], torch.tensor([0.0, 2.0]))
expected = ((many[:, None] - many[:11]) ** 2 * weights).sum(dim=2)
got = check.call(squared_distances, many, many[:11], weights)
check.close(got, expected, atol=1e-3)
check.probe(none_below_zero, 2 * many[:30], weights.flip(0), call=call)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. An embedding, by hand, with padding
# Sentences have unequal lengths; the short ones are filled up with the number
# `padding`, which stands for no word. Write `bag(table, ids, padding)`: `table` (V, d),
# `ids` (N, T) int64. For each sentence the **mean** of the rows of its words, shape (N,
# d); padding isn't counted. A sentence of padding only gives zeros.
#
# Write the look-up as a product with a matrix of counts: no indexing of `table` by
# `ids` (on your honour).
#
# Not allowed: PyTorch's embeddings, a loop.
#
# For example, with the table `[[9., 9.], [2., 0.], [4., 2.]]` and padding 0, the
# sentence `[1, 2, 2, 0]` gives `[10/3, 4/3]`.


# %% exercise="bag"
def bag(table, ids, padding):
    """Mean embedding of each sentence, padding left out.

    Args:
        table: (V, d) float32, a row a word.
        ids: (N, T) int64, 0 to V - 1.
        padding: the number that stands for no word.

    Returns:
        (N, d) float32.
    """
    ### BEGIN SOLUTION
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()  # (N, T, V) -> (N, V)
    counts[:, padding] = 0
    words = counts.sum(dim=1, keepdim=True).clamp(min=1)  # (N, 1)
    return counts @ table / words  # (N, V) x (V, d)
    ### END SOLUTION


# %% test="bag" points=2 bans="embedding, loops"
table = torch.tensor([[1.0, -2.0], [0.5, 3.0], [4.0, 0.1], [-1.0, 2.0], [7.0, 5.0]])
ids = torch.tensor([[1, 2, 2, 0], [3, 0, 0, 0], [4, 1, 3, 2]])
check.probe(bag, table, ids, 0)
check.probe(bag, table, ids[:, :3], 2)
check.probe(bag, table, torch.tensor([[0, 0], [4, 0]]), 0)
check.probe(bag, table, torch.tensor([[1, 2, 1], [2, 0, 0]]), 0)
### BEGIN HIDDEN TESTS
check.probe(bag, table.T.contiguous(), torch.tensor([[1, 1, 0, 1, 0]]), 1)
check.probe(bag, 2 * table, ids.T.contiguous(), 3)
### END HIDDEN TESTS

# %% [markdown] choice="untouched_rows" points=1
# ## Think: a word that never occurs
# An `nn.Embedding(50_000, 100)` with its default settings is trained with `Adam`. Word
# 17 occurs in the first batch, and never again. What happens to its row after that
# batch?
#
# - Nothing: its gradient is `None` in later batches.
#   wrong: a row thought to have a gradient of its own, apart from the table's
# - Nothing: its gradient is 0, and a step along 0 is no step.
#   wrong: Adam taken for plain gradient descent, without memory
# - It keeps moving for a while, by ever smaller steps.
#   right: the gradient is 0, but Adam's running mean of the past is not.
# - It is pulled back towards 0, as the table is decayed.
#   wrong: weight decay thought to be Adam's default

# %% [markdown]
# ## 7. Contrastive loss, and how it pulls
# Write `contrastive(U, V, same, margin)`: `U`, `V` (N, d), row by row a pair; `same`
# (N,) bool. With $d$ the Euclidean distance of a pair it costs $d^2$ if the two are the
# same, else $\max(0, m - d)^2$. Return the mean over the pairs **and** the gradient of
# that mean in `U`, (N, d), written by hand. For a pair at distance 0 the gradient is 0.
#
# Not allowed: autograd, PyTorch's losses, a loop.
#
# For example, one pair `[3., 4.]` and `[0., 0.]` that is not the same, with margin 7:
# $d = 5$, the loss is 4 and the gradient `[-2.4, -3.2]`: away from its partner when you
# step against it.


# %% exercise="contrastive"
def contrastive(U, V, same, margin):
    """Mean contrastive loss of pairs, and its gradient in U.

    Args:
        U, V: (N, d) float32, row i of both is pair i.
        same: (N,) bool.
        margin: float above 0.

    Returns:
        loss: 0-d float32; gradient: (N, d) float32.
    """
    ### BEGIN SOLUTION
    difference = U - V  # (N, d)
    d = difference.norm(dim=1)  # (N,)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    slope = torch.where(same, 2 * d, -2 * short)  # of each pair, in d
    unit = difference / torch.where(d > 0, d, 1)[:, None]  # zeros where d is 0
    return loss, slope[:, None] * unit / len(U)
    ### END SOLUTION


# %% test="contrastive" points=3 bans="autograd, losses, loops"
U = torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0], [-1.0, 0.4], [2.0, 2.0]])
V = torch.tensor([[0.0, 0.5], [1.0, -0.2], [-2.0, 1.0], [-0.7, 1.0], [1.0, 1.5]])
same = torch.tensor([True, False, False, True, False])
check.probe(contrastive, U, V, same, 2.0)
check.probe(contrastive, U[:3], V[:3], same[:3], 6.5)
equal = torch.tensor([[1.0, 1.0], [2.0, -1.0]])
check.probe(contrastive, equal, equal, torch.tensor([True, False]), 1.5)
### BEGIN HIDDEN TESTS
torch.manual_seed(2)
A, B, s = torch.randn(9, 4, requires_grad=True), torch.randn(9, 4), torch.rand(9) > 0.5
d = (A - B).norm(dim=1)
loss = torch.where(s, d**2, (3 - d).clamp(min=0) ** 2).mean()
expected = (loss.detach(), torch.autograd.grad(loss, A)[0])
check.close(check.call(contrastive, A.detach(), B, s, 3.0), expected)
check.probe(contrastive, V, -U, ~same, 1.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. InfoNCE in both directions
# Row `i` of `U` (N, d) and row `i` of `V` (N, d) belong together: an image and its
# caption, say. Ask twice: which of the captions belongs to this image, and which of the
# images belongs to this caption? The logits are cosine similarities divided by the
# temperature `tau`. Write `info_nce(U, V, tau)`: the **mean of the two**
# cross-entropies. No row is zero.
#
# Allowed: `torch.log_softmax`. Not allowed: PyTorch's losses, a loop.
#
# For example, for `U = [[2., 0.], [0., 1.]]` and `V = [[1., 0.], [0., 3.]]` with
# `tau=0.5` it is $\log(1 + e^{-2}) = 0.1269$.


# %% exercise="info_nce"
def info_nce(U, V, tau):
    """Mean of the two cross-entropies, along rows and along columns.

    Args:
        U, V: (N, d) float32; row i of both is a pair.
        tau: temperature, above 0.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    U = U / U.norm(dim=1, keepdim=True)
    V = V / V.norm(dim=1, keepdim=True)
    Z = U @ V.T / tau  # (N, N)
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean() / 2
    ### END SOLUTION


# %% test="info_nce" points=3 bans="losses, loops"
U = torch.tensor([[1.0, 2.0, 0.5], [-1.0, 0.3, 2.0], [0.4, -2.0, 1.0], [3.0, 0.1, 0.2]])
V = torch.tensor(
    [[0.5, 1.0, 0.0], [-2.0, 1.0, 0.7], [1.0, -0.5, 0.2], [2.0, 2.0, -1.0]]
)
check.probe(info_nce, U, V, 0.3)
check.probe(info_nce, U[:3], V[:3], 0.07)
check.probe(info_nce, 5 * U, V / 3, 1.0)
### BEGIN HIDDEN TESTS
check.probe(info_nce, V, U, 0.5)
check.probe(info_nce, U[:, :2], -V[:, :2], 0.005)
check.probe(info_nce, U[:1], V[:1], 0.2)
### END HIDDEN TESTS

# %% [markdown] choice="same_class_in_batch" points=1
# ## Think: a batch with twins
# InfoNCE is trained on pairs of two images of the same class, 64 pairs in a batch, from
# 4 classes. All other images of the batch are negatives. After long training each class
# is one point, and the four points are far apart. Which value has the loss, with a very
# low temperature?
#
# - About 0: each class is perfectly separated from the others.
#   wrong: the other pairs of the same class in the denominator forgotten
# - About log 16 = 2.8: one in sixteen.
#   right: some sixteen candidates of the own class are equally near, and only one of
#   them counts as right.
# - About log 64 = 4.2: it can't tell any partner.
#   wrong: the 48 candidates of other classes thought to be as near as the own ones
# - About log 4 = 1.4: one of four classes.
#   wrong: the choice among 64 candidates taken for a choice among classes

# %% [markdown]
# ## 9. The loss for any of three outputs
# A net looks at products. For each it gives 6 numbers: a price (column 0), a logit for
# "is it new?" (column 1), and logits for one of four kinds (columns 2 to 5). Write
# `product_loss(out, price, new, kind)`: the sum of three losses, each a mean:
#
# - price, where the *median* is wanted, as there are outliers: the absolute error;
# - new or not: what the decision table says, in nats;
# - one of four: what the table says, in nats, over the products whose kind is known. A
#   kind of -1 is unknown; at least one is known.
#
# Allowed: all of `F`.

# %% [markdown]
# For example, `out` of zeros for one product with price 2 that is new, of kind 3, gives
# $2 + \log 2 + \log 4 = 4.0794$.


# %% exercise="product_loss"
def product_loss(out, price, new, kind):
    """L1 + binary cross-entropy + cross-entropy, each a mean.

    Args:
        out: (N, 6) float32: price, logit of "new", four logits of the kind.
        price: (N,) float32; new: (N,) bool; kind: (N,) int64, 0 to 3 or -1.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)
    ### END SOLUTION


# %% test="product_loss" points=2
out = torch.tensor(
    [
        [3.0, 1.0, 0.2, -1.0, 2.0, 0.5],
        [1.0, -2.0, 1.0, 0.3, 0.1, -0.5],
        [-0.5, 0.4, -0.3, 2.0, 1.0, 0.6],
    ]
)
price, new = torch.tensor([2.2, 4.0, 0.1]), torch.tensor([True, False, False])
check.probe(product_loss, out, price, new, torch.tensor([2, 3, 0]))
check.probe(product_loss, out, price, new, torch.tensor([1, -1, 3]))
### BEGIN HIDDEN TESTS
check.probe(product_loss, -2 * out[:2], price[:2], ~new[:2], torch.tensor([-1, 0]))
check.probe(product_loss, 300 * out, price, new, torch.tensor([3, 0, 1]))
### END HIDDEN TESTS

# %% [markdown]
# ## Write: which loss, and why?
# Three people ask you for a loss. For each, name the net's outputs, the loss, and one
# thing that would go wrong with the loss that stands in brackets. Two or three
# sentences each.

# %% [markdown]
# 1. A hospital wants to know how long patients will stay, so that it can plan the beds
#    of *all* patients together. A few stay for a year. (L1)
# 2. An archive wants keywords for photos; a photo may have none or five of a thousand.
#    (`CrossEntropyLoss`)
# 3. A shop wants, for a photo that a customer sends, the most similar of its products.
#    New products come every day. (`CrossEntropyLoss` over the products)

# %% [markdown] manual="three_losses" points=3
# ### BEGIN SOLUTION
# 1. One output, `MSELoss`: a sum over all patients needs the mean. L1 gives the median;
#    the few long stays, which need many beds, would not count.
# 2. A thousand logits, `BCEWithLogitsLoss`, a question for each keyword. Behind a
#    softmax the keywords share one whole: of two that hold, one gets at most a half,
#    and "none" can't be said.
# 3. An embedding, trained by InfoNCE or triplets on pairs of photos of one product;
#    then the nearest neighbour. With a class for each product, a new one has no output.
#
# Grader: a point each. 1 needs mean against median; 2 that shares add up to 1; 3 that
# classes are fixed.
# ### END SOLUTION

# %% [markdown]
# ## 10. Triplets with the hardest negative
# Most triplets of a batch are easy and teach nothing. For each anchor take the
# **farthest** image of its own class and the **nearest** of another one. Write
# `hardest_triplets(E, y, margin)`: `E` (N, d), `y` (N,) int64. With Euclidean
# distances, the loss of an anchor is $\max(0,\; d_p - d_n + m)$. The mean is over the
# anchors that have both a positive, which is never the anchor itself, and a negative.
# If there is no such anchor, the result is 0.
#
# Return the loss, and the number of anchors it is the mean of, an int.

# %% [markdown]
# Allowed: `torch.cdist`. Not allowed: PyTorch's losses, a loop.
#
# For example, places 0, 1 and 3 on a line with classes 0, 0, 1 and margin 1: anchor 0
# costs 0, anchor 1 costs 0, anchor 2 has no positive; the result is (0, 2).


# %% exercise="hardest_triplets"
def hardest_triplets(E, y, margin):
    """Mean triplet loss with the farthest positive and the nearest negative.

    Args:
        E: (N, d) float32; y: (N,) int64; margin: float above 0.

    Returns:
        loss: 0-d float32; count: int, how many anchors took part.
    """
    ### BEGIN SOLUTION
    d = torch.cdist(E, E)  # (N, N)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(takes_part.sum())
    gap = (farthest - nearest + margin).clamp(min=0)[takes_part]
    return gap.sum() / max(count, 1), count
    ### END SOLUTION


# %% test="hardest_triplets" points=3 bans="losses, loops"
far = torch.tensor([[0.0, 0.0], [20.0, 0.0], [0.5, 3.0], [0.0, 1.0], [20.0, 1.5]])
far = torch.cat([far, torch.tensor([[6.0, 3.0], [9.0, 9.0]])])  # (7, 2)
check.probe(hardest_triplets, far, torch.tensor([0, 1, 2, 0, 1, 2, 3]), 0.5)
E = torch.tensor([[0.0, 1.0], [2.0, 0.5], [1.0, -1.0], [3.0, 3.0], [0.5, 2.0]])
E, y = torch.cat([E, torch.tensor([[4.0, 0.0]])]), torch.tensor([0, 1, 0, 1, 0, 2])
check.probe(hardest_triplets, E, y, 0.5)
check.probe(hardest_triplets, 4 * E, torch.tensor([0, 0, 1, 1, 2, 2]), 3.0)
check.probe(hardest_triplets, E[:3], torch.tensor([2, 2, 2]), 1.0)
### BEGIN HIDDEN TESTS
check.probe(hardest_triplets, E[:4], torch.tensor([0, 1, 2, 3]), 1.0)
check.probe(hardest_triplets, E.flip(1) * 2, torch.tensor([1, 1, 0, 1, 0, 3]), 0.2)
check.probe(hardest_triplets, E[:5] / 10, y[:5], 0.1)
### END HIDDEN TESTS

# %% [markdown]
# Pixels as one long vector: that is what this part of the course gave to every net. A
# shift by three pixels had to be *learned*. The next part, on convolutional networks,
# builds it in.
