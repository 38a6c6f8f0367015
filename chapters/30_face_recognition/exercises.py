# %% [markdown]
# # Face recognition: exercises
#
# Eleven exercises, four questions and one to write about. Each stands alone: if you are
# stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. Some tests are hidden until your work is graded: think of persons with one
# photo, of ties, and of empty sets.
#
# Stuck? `check.hint("unit_triplets")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch.nn import functional as F

from utils import check
from utils.device import set_seed

set_seed(0)


def numbers(*shape):
    """Made-up numbers between -1 and 1, always the same for a shape."""
    generator = torch.Generator().manual_seed(sum(shape))
    return 2 * torch.rand(shape, generator=generator) - 1


# Made-up distances of six photos, with a few that are equal.
DISTANCES = torch.tensor(
    [
        [0.0, 0.5, 1.25, 0.5, 0.75, 1.0],
        [0.5, 0.0, 0.25, 1.0, 0.625, 1.5],
        [1.25, 0.25, 0.0, 1.375, 1.0, 1.5],
        [0.5, 1.0, 1.375, 0.0, 2.0, 0.875],
        [0.75, 0.625, 1.0, 2.0, 0.0, 1.75],
        [1.0, 1.5, 1.5, 0.875, 1.75, 0.0],
    ]
)


# %% [markdown]
# ## 1. A triplet loss that counts what costs
#
# The mean over all triplets shrinks as more of them become easy, though the others are
# as wrong as before. Write `unit_triplets(A, P, N, margin)`.
#
# - Takes `A`, `P`, `N`: (M, d) float32, rows of any length above 0: anchors, positives,
#   negatives. Give all rows the length 1 first. `margin`: a float.
# - The cost of a triplet is $\max(0, d^2(a, p) - d^2(a, n) + m)$, with *squared*
#   Euclidean distances.
# - Returns the mean over the triplets that cost **more than 0**, as a 0-d tensor; 0 if
#   none does.
# - Not allowed: PyTorch's losses, a loop.

# %% [markdown]
# Example: three triplets that cost 0, 0.1 and 0.3 give 0.2.


# %% exercise="unit_triplets"
def unit_triplets(A, P, N, margin):
    """Mean cost of the triplets that cost something, on the unit sphere: 0-d."""
    ### BEGIN SOLUTION
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)  # (M,)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)
    ### END SOLUTION


# %% test="unit_triplets" points=2 bans="losses, loops"
A, P, N = 3 * numbers(7, 4), 2 * numbers(7, 4, 1)[:, :, 0], numbers(2, 7, 4)[1]
check.probe(unit_triplets, A, P, N, 0.3)
check.probe(unit_triplets, A, A + 0.1 * P, -A, 0.2)
### BEGIN HIDDEN TESTS
check.probe(unit_triplets, A[:3], N[:3], P[:3], 0.5)
check.probe(unit_triplets, A, P, N, 0.9)
check.probe(unit_triplets, A[:1], P[:1], N[:1], 4.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. All triplets of a batch
#
# Write `all_triplets(y)`: every triplet that a batch holds.
#
# - Takes `y`: (N,) int64, the person in each photo.
# - Returns an int64 tensor (M, 3) with a row (anchor, positive, negative) for each
#   triplet of photo numbers, sorted by anchor, then positive, then negative. Anchor and
#   positive are two photos of one person, either may be the anchor; the negative shows
#   another. Without any triplet the shape is (0, 3).
# - Allowed: everything in PyTorch.
#
# Example: `y = [5, 2, 5]` gives `[[0, 2, 1], [2, 0, 1]]`.


# %% exercise="all_triplets"
def all_triplets(y):
    """Rows (anchor, positive, negative) of all triplets: (N,) -> (M, 3) int64."""
    ### BEGIN SOLUTION
    same = y[:, None] == y  # (N, N)
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()
    ### END SOLUTION


# %% test="all_triplets" points=3
check.probe(all_triplets, torch.tensor([4, 1, 4, 7, 1, 4]))
check.probe(all_triplets, torch.tensor([3, 0, 3, 3]))
### BEGIN HIDDEN TESTS
check.probe(all_triplets, torch.tensor([2, 2, 0, 0]))
check.probe(all_triplets, torch.tensor([6, 6, 6]))
check.probe(all_triplets, torch.tensor([0, 1, 2]))
### END HIDDEN TESTS

# %% [markdown] choice="photos_or_persons" points=1
# ## Think: more photos or more persons?
# A batch has 16 photos: once 8 persons with 2 photos each, once 4 persons with 4 photos
# each. How many triplets does the second hold, compared with the first?
#
# - Half as many.
#   wrong: persons counted, and the photos of each left out
# - As many.
#   wrong: the number of triplets thought to depend on the number of photos alone
# - A little more than two and a half times as many.
#   right: 16 anchors with 1 positive and 14 negatives give 224; with 3 positives and 12
#   negatives 576.
# - Three times as many.
#   wrong: the negatives thought to be as many as before

# %% [markdown]
# ## 3. Semi-hard, and only those
#
# Write `semi_hard(D, y, margin)`.
#
# - Takes `D`: (N, N) float32, distances that are **already squared**; `y`: (N,) int64;
#   `margin`: a float above 0.
# - A triplet (all kinds as in exercise 2) is semi-hard if
#   $D_{ap} < D_{an} < D_{ap} + m$. Both signs are strict.
# - Returns two things: the mean of $D_{ap} - D_{an} + m$ over all semi-hard triplets, a
#   0-d tensor; and how many there are, an int. Without any it returns 0 and 0.
# - Not allowed: PyTorch's losses, a loop.

# %% [markdown]
# Example: photos 0 and 1 show one person, 2 another; $D_{01} = 0.5$, $D_{02} = 0.6$,
# $D_{12} = 0.4$. With margin 0.2 only (0, 1, 2) is semi-hard: it returns 0.1 and 1.


# %% exercise="semi_hard"
def semi_hard(D, y, margin):
    """Mean cost of the semi-hard triplets (0-d), and their number (int)."""
    ### BEGIN SOLUTION
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]  # (a, p, n)
    gap = D[:, None, :] - D[:, :, None]  # D_an - D_ap
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)
    ### END SOLUTION


# %% test="semi_hard" points=3 bans="losses, loops"
check.probe(semi_hard, DISTANCES, torch.tensor([0, 0, 0, 1, 2, 1]), 0.625)
check.probe(semi_hard, DISTANCES, torch.tensor([3, 1, 3, 1, 3, 1]), 0.25)
### BEGIN HIDDEN TESTS
check.probe(semi_hard, DISTANCES[:3, :3], torch.tensor([0, 0, 1]), 1.0)
check.probe(semi_hard, DISTANCES, torch.arange(6), 0.5)
check.probe(semi_hard, DISTANCES[:5, :5], torch.tensor([1, 2, 1, 2, 2]), 1.0)
check.probe(semi_hard, DISTANCES, torch.tensor([2, 2, 2, 2, 2, 2]), 0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. The hardest of each anchor
#
# Write `hardest(D, y)`.
#
# - Takes `D`: (N, N) float32, row a holds the distances from photo a, and need not be
#   symmetric (behind two nets it isn't); `y`: (N,) int64.
# - Returns two int64 tensors (N,): for each photo the number of its *hardest positive*
#   (the farthest other photo of its person), and of its *hardest negative* (the nearest
#   photo of another). Where there is none, the number is -1. Of equal ones take the
#   smallest number.
# - Not allowed: a loop.
#
# Example: three photos on a line at 0, 1 and 3 with `y = [0, 0, 1]` give `[1, 0, -1]`
# and `[2, 2, 1]`.


# %% exercise="hardest"
def hardest(D, y):
    """Numbers of the farthest positive and the nearest negative, or -1: (N,) each."""
    ### BEGIN SOLUTION
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)
    ### END SOLUTION


# %% test="hardest" points=2 bans="loops"
crooked = DISTANCES + numbers(6, 6).abs()
check.probe(hardest, crooked, torch.tensor([0, 0, 1, 1, 0, 2]))
check.probe(hardest, crooked, torch.tensor([1, 2, 1, 2, 2, 1]))
check.probe(hardest, torch.zeros(4, 4), torch.tensor([3, 5, 3, 3]))
check.probe(hardest, torch.zeros(4, 4), torch.tensor([3, 5, 3, 6]))
### BEGIN HIDDEN TESTS
check.probe(hardest, torch.zeros(1, 1), torch.tensor([4]))
check.probe(hardest, DISTANCES[:3, :3], torch.tensor([7, 7, 7]))
check.probe(hardest, crooked[:4, :4], torch.tensor([3, 2, 1, 0]))
check.probe(hardest, crooked.flip(0, 1), torch.tensor([0, 1, 1, 0, 1, 1]))
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Find the bug and mend it: a loss of ln 2
#
# Somebody takes no margin but the *soft* one: the mean of $\log(1 + e^{d_p - d_n})$
# over the anchors, with the hardest positive and negative of each and plain, not
# squared, distances. The loss never gets below $\ln 2 = 0.69$:
#
# ```
# D = torch.cdist(E, E)
# same = y[:, None] == y
# farthest = (D * same).amax(dim=1)
# nearest = (D * ~same).amin(dim=1)
# return F.softplus(farthest - nearest).mean()
# ```

# %% [markdown]
# Mend it as `soft_hardest(E, y)`: `E` (N, d), `y` (N,). The mean is over the anchors
# that have both a positive, which is never the anchor itself, and a negative. If there
# is no such anchor, the result is a 0-d 0.
#
# Allowed: everything in PyTorch. Not allowed: a loop.
#
# Example: places 0, 1 and 3 on a line with `y = [0, 0, 1]`: anchor 0 has $1 - 3 = -2$,
# anchor 1 has $1 - 2 = -1$, anchor 2 no positive; the result is 0.220.


# %% exercise="soft_hardest"
def soft_hardest(E, y):
    """Mean of log(1 + exp(d_p - d_n)) with the hardest of each anchor: 0-d."""
    ### BEGIN SOLUTION
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)
    ### END SOLUTION


# %% test="soft_hardest" points=2 bans="loops"
E = torch.tensor(
    [[0.0, 1.0], [2.0, 0.5], [1.0, -1.0], [3.0, 3.0], [0.5, 2.0], [1.5, 1]]
)
far_off = torch.tensor([[3.0, 0.0]])
y = torch.tensor([0, 1, 2, 1, 0, 2, 3])
check.probe(soft_hardest, torch.cat([E, far_off]), y)
check.probe(soft_hardest, E[:4], torch.tensor([0, 1, 2, 3]))
### BEGIN HIDDEN TESTS
check.probe(soft_hardest, 2 * E, torch.tensor([1, 1, 1, 0, 0, 1]))
check.probe(soft_hardest, E[:3], torch.tensor([4, 4, 4]))
### END HIDDEN TESTS

# %% [markdown] choice="flat_at_the_margin" points=1
# ## Think: a flat line
# A net is trained with hardest triplets of unit vectors and margin 0.3. After 100 steps
# the loss is 0.300, and stays there for the next 1,000. Where are the photos?
#
# - Spread over the sphere as at the start: nothing was learned.
#   wrong: a loss at the margin taken for that of a random net, whose hardest triplets
#   cost more
# - Where they should be: each positive is closer by exactly the margin.
#   wrong: the margin thought to be what is left when the order is right; then it costs
#   0
# - All at the origin, as the word collapse to zero says.
#   wrong: unit vectors thought to get the length 0
# - All at one point of the sphere: their distances are 0.
#   right: then each triplet costs 0 - 0 + 0.3. The name collapse to zero is from nets
#   without unit length.

# %% [markdown]
# ## 6. Contrastive loss of a batch
#
# Write `contrastive(E, y, margin)`, as Hadsell, Chopra and LeCun wrote it, for all
# pairs of a batch.
#
# - Takes `E`: (N, d) float32; `y`: (N,) int64; `margin`: a float above 0. Each pair
#   $i < j$ counts once, with $d$ its Euclidean distance.
# - Pairs of one person cost $\frac12 d^2$, pairs of two $\frac12 \max(0, m - d)^2$.
#   Batches have many more of the second kind, so return the mean over the first
#   **plus** the mean over the second; without pairs of a kind, its mean is 0. The
#   result is 0-d.
# - Two equal photos must not spoil the gradient: it is finite everywhere.
# - Not allowed: PyTorch's losses, a loop.

# %% [markdown]
# Example: `E = [[0.], [1.], [3.]]`, `y = [0, 0, 1]`, margin 2.5: the first mean is 0.5;
# distances 3 and 2 cost 0 and 0.125, mean 0.0625; the result is 0.5625.


# %% exercise="contrastive"
def contrastive(E, y, margin):
    """Mean cost of pairs of one person plus mean cost of pairs of two: 0-d."""
    ### BEGIN SOLUTION
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)  # (pairs,)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()  # the clamp has the slope 0, not infinite
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)
    ### END SOLUTION


# %% test="contrastive" points=3 bans="losses, loops"
def slopes(E, y, margin):
    leaf = E.clone().requires_grad_()
    check.call(contrastive, leaf, y, margin).backward()
    return leaf.grad.isfinite().all().item()


E = torch.tensor(
    [[0.0, 1.0], [2.0, 0.5], [1.0, -1.0], [3.0, 3.0], [0.5, 2.0], [1.5, 1]]
)
check.probe(contrastive, E, torch.tensor([0, 1, 0, 1, 0, 2]), 2.0)
check.probe(contrastive, E[:4], torch.tensor([0, 1, 2, 3]), 3.0)
twins = torch.tensor([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
check.probe(slopes, twins, torch.tensor([0, 0, 1, 1]), 2.5, call="gradient is finite")
### BEGIN HIDDEN TESTS
check.probe(contrastive, E[:3], torch.tensor([5, 5, 5]), 1.0)
check.probe(contrastive, E[:2], torch.tensor([0, 1]), 5.0)
check.probe(contrastive, E[:2], torch.tensor([6, 6]), 1.0)
check.probe(contrastive, 3 * E, torch.tensor([1, 1, 0, 0, 0, 2]), 5.0)
check.probe(slopes, twins[:2], torch.tensor([0, 1]), 1.0, call="gradient is finite")
### END HIDDEN TESTS

# %% [markdown]
# ## 7. False accepts and false rejects, by similarity
#
# Many systems compare *similarities*, such as cosines: the higher, the more alike.
# Write `far_frr(scores, same, threshold)`.
#
# - Takes `scores`: (N,) float32, the similarity of each pair; `same`: (N,) bool,
#   whether it shows one person; `threshold`: a float. A pair is accepted if its score
#   is at least the threshold.
# - Returns two floats: the share of the pairs of two persons that are accepted, and the
#   share of the pairs of one person that are not. Without any pair of a kind its rate
#   is 0.
# - Allowed: everything in PyTorch.
#
# Example: scores 0.9, 0.4, 0.6, 0.1, the first two of one person each, threshold 0.5:
# `(0.5, 0.5)`.


# %% exercise="far_frr"
def far_frr(scores, same, threshold):
    """False-accept rate and false-reject rate of similarities: two floats."""
    ### BEGIN SOLUTION
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr
    ### END SOLUTION


# %% test="far_frr" points=2
own = torch.tensor([0.75, 0.5, 0.25, 0.875])
other = torch.tensor([0.5, -0.5, 0.625, 0.125, 0.375, 1.0, -0.25])
scores, same = torch.cat([own, other]), torch.arange(11) < 4
check.probe(far_frr, scores, same, 0.5)
check.probe(far_frr, scores[4:], same[4:], 0.25)
### BEGIN HIDDEN TESTS
check.probe(far_frr, scores[:4], same[:4], 0.6)
check.probe(far_frr, scores.flip(0), same, 0.375)
check.probe(far_frr, scores[3:5], same[3:5], 0.5)
check.probe(far_frr, scores[2:6:2], same[2:6:2], 0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. The threshold for a promised rate
#
# Write `threshold_for(d_other, far)`: distances up to the threshold are accepted.
#
# - Takes `d_other`: (N,) float32, distances of pairs of two persons, in any order, some
#   of them equal; `far`: a float from 0 to 1, the largest allowed share of them that is
#   accepted.
# - Returns the largest of these distances that keeps the promise, as a float. Equal
#   distances are accepted together. If not even the smallest may be accepted, it
#   returns -1.0.
# - Raises `ValueError` if there is no distance.
#
# Example: of `[0.4, 0.9, 0.4, 0.7]` a rate of 0.5 allows 0.4, and so does 0.7; a rate
# of 0.3 allows none.


# %% exercise="threshold_for"
def threshold_for(d_other, far):
    """Largest distance that accepts at most the share `far` of the pairs: float."""
    ### BEGIN SOLUTION
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)  # sorted
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1].item() if len(kept) else -1.0
    ### END SOLUTION


# %% test="threshold_for" points=3
eighths = [11, 23, 19, 24, 18, 19, 13, 23, 16, 23, 6, 23, 11, 23, 21, 9, 16, 3, 20, 24]
d_other = torch.tensor(eighths) / 8
no_error = {"no error without distances": lambda value: isinstance(value, float)}
check.probe(threshold_for, d_other, 0.4)
check.probe(threshold_for, d_other, 0.13)
check.probe(threshold_for, d_other, 0.04)
check.probe(threshold_for, d_other, 0.2)
check.raises(ValueError, threshold_for, torch.zeros(0), 0.1, mistakes=no_error)
### BEGIN HIDDEN TESTS
check.probe(threshold_for, d_other, 1.0)
check.probe(threshold_for, d_other, 0.7)
check.probe(threshold_for, torch.arange(100.0).flip(0), 0.29)
check.probe(threshold_for, d_other - 0.25, 0.05)
### END HIDDEN TESTS

# %% [markdown] choice="forgotten_length" points=1
# ## Think: the length is forgotten
# A net was tested with unit vectors, and the threshold 0.9 was chosen for their
# distances. In the product someone leaves out the normalisation; all vectors are now
# three times as long, in the same directions. What happens to the two error rates?
#
# - False accepts fall, false rejects rise.
#   right: all distances are three times as large, so fewer pairs of both kinds stay
#   below 0.9.
# - False accepts rise, false rejects fall.
#   wrong: distances thought to shrink, or the threshold to grow along
# - Both stay, since the directions are the same.
#   wrong: a fixed threshold compared with distances as if they were angles
# - Both rise, since the order of the distances is lost.
#   wrong: one factor for all thought to change the order of distances

# %% [markdown]
# ## 9. The equal error rate
#
# Write `equal_error_rate(d_same, d_other)`.
#
# - Takes `d_same`, `d_other`: (M,) and (N,) float32, distances of pairs of one and of
#   two persons, at least one of each. Distances **up to** the threshold are accepted.
# - Try each of the M + N distances as the threshold. Take the one where false-accept
#   and false-reject rate differ least; of equally good ones the smallest.
# - Returns two floats: this threshold, and the mean of the two rates there.
# - Allowed: everything in PyTorch.
#
# Example: `[0.2, 0.6]` and `[0.4, 0.8]` give `(0.4, 0.5)`: at 0.4 both rates are 0.5.


# %% exercise="equal_error_rate"
def equal_error_rate(d_same, d_other):
    """Threshold where both rates are most nearly equal, and their mean: two floats."""
    ### BEGIN SOLUTION
    thresholds = torch.cat([d_same, d_other]).unique()  # sorted
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()
    ### END SOLUTION


# %% test="equal_error_rate" points=3
d_same = torch.tensor([1.75, 2.375, 1.0, 1.625, 1.625, 0.5])
d_other = torch.tensor([1.875, 2.375, 0.5, 1.375, 1.375, 0.625, 1.625])
check.probe(equal_error_rate, d_same, d_other)
few_same, few_other = (
    torch.tensor([1.0, 1.125]),
    torch.tensor([0.625, 1.625, 1.75, 1.25]),
)
check.probe(equal_error_rate, few_same, few_other)
check.probe(equal_error_rate, torch.tensor([0.5]), torch.tensor([0.25, 0.75]))
check.probe(equal_error_rate, torch.tensor([0.25, 0.5]), torch.tensor([1.5, 1.0, 1.25]))
### BEGIN HIDDEN TESTS
check.probe(equal_error_rate, d_other[:5], d_same[:3])
check.probe(equal_error_rate, torch.tensor([0.5]), torch.tensor([0.5]))
check.probe(equal_error_rate, 2 - d_other, 2 - d_same)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Enrol a gallery
#
# Persons come with one photo, or with several. Write `enrol(E, y)`: one **prototype** a
# person.
#
# - Takes `E`: (N, d) float32, embeddings of length 1; `y`: (N,) int64, who they show,
#   in any order.
# - Returns two tensors: the persons in increasing order, (M,) int64, each once; and the
#   mean of each person's embeddings, brought back to length 1, (M, d).
# - Not allowed: a loop.
#
# Example: `E = [[1, 0], [0, 1], [0, 1]]`, `y = [8, 3, 8]` give `[3, 8]` and
# `[[0, 1], [0.707, 0.707]]`.


# %% exercise="enrol"
def enrol(E, y):
    """The persons, (M,), and a unit vector for each, (M, d)."""
    ### BEGIN SOLUTION
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)  # (M, d)
    return persons, F.normalize(sums, dim=1)  # the length of a mean doesn't matter
    ### END SOLUTION


# %% test="enrol" points=2 bans="loops"
E = F.normalize(numbers(7, 3), dim=1)
check.probe(enrol, E, torch.tensor([4, 9, 4, 1, 9, 4, 1]))
check.probe(enrol, E[:2], torch.tensor([6, 2]))
### BEGIN HIDDEN TESTS
check.probe(enrol, F.normalize(numbers(6, 5), dim=1), torch.tensor([3, 0, 3, 0, 0, 12]))
check.probe(enrol, E[:3], torch.tensor([7, 7, 7]))
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Who is it, if anybody?
#
# The last step of a door: open-set identification. Write
# `identify(E, gallery, y, threshold)`.
#
# - Takes `E`: (N, d) unit vectors of new photos; `gallery`: (G, d) unit vectors, a
#   person may have several; `y`: (G,) int64, who they show, 0 or more; `threshold`: a
#   float.
# - The distance to a person is the **mean** of the Euclidean distances to all of his or
#   her photos.
# - Returns an int64 tensor (N,): the nearest person, or -1 if even the nearest is
#   farther than the threshold (at the threshold, the person is accepted). Of equally
#   near persons take the smallest number. An empty gallery gives -1 for all.
# - Not allowed: a loop.

# %% [markdown]
# Example: one new photo at distances 0.2, 0.8 and 0.6 from photos of the persons 5, 5
# and 3: person 5 is nearer (0.5 against 0.6). With the threshold 0.4 the result is -1.


# %% exercise="identify"
def identify(E, gallery, y, threshold):
    """The nearest person of each new photo, or -1: (N,) int64."""
    ### BEGIN SOLUTION
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)  # (N, G)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)  # (N, M)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)
    ### END SOLUTION


# %% test="identify" points=3 bans="loops"
angles = torch.tensor([1.7, 1.8, 3.6, 5.9, 5.5, 5.9, 5.7, 5.3, 5.9, 1.1])
E = torch.stack([angles.cos(), angles.sin()], dim=1)  # (10, 2)
places = torch.tensor([0.2, 2.8, 1.0, 1.6, 6.0, 2.8, 0.9])
gallery = torch.stack([places.cos(), places.sin()], dim=1)  # (7, 2)
y = torch.tensor([2, 6, 9, 2, 9, 9, 2])
check.probe(identify, E, gallery, y, 1.2)
check.probe(identify, E, gallery, y, 2.0)
### BEGIN HIDDEN TESTS
check.probe(identify, E[:3], gallery[:0], y[:0], 1.0)
check.probe(identify, E[2:7], gallery[:5].flip(0), y[:5], 0.9)
axes = torch.eye(3)
check.probe(identify, axes[:1], axes[1:], torch.tensor([5, 3]), 1.5)
check.probe(identify, -axes[:2], axes[:2], torch.tensor([1, 0]), 2.0)
check.probe(identify, -axes[:1], axes[:1], torch.tensor([4]), 2.0)
### END HIDDEN TESTS

# %% [markdown] choice="two_systems" points=1
# ## Think: two systems at one door
# Two systems recognise faces, and their errors are independent. Each accepts 1 % of the
# wrong persons and rejects 10 % of the right ones. The door opens only if **both**
# accept. Which rates has the door?
#
# - 0.01 % false accepts, and 1 % false rejects.
#   wrong: both errors thought to need both systems; one rejection keeps the door shut
# - 0.5 % false accepts, and 5 % false rejects.
#   wrong: rates of a chain thought to be halved
# - 0.01 % false accepts, and 19 % false rejects.
#   right: both must err to let a wrong person in, one is enough to keep a right one
#   out: 1 - 0.9 times 0.9.
# - 1.99 % false accepts, and 1 % false rejects.
#   wrong: the rates of a door that opens if either accepts

# %% [markdown]
# ## To write: a door for a school
#
# A school with 400 pupils wants its door to open for faces: each photo is compared with
# one gallery photo of all 400. The seller writes: "false-accept rate 0.1 % at 2 % false
# rejects, measured on our 50 employees, threshold chosen on the same photos."
#
# How many pupils don't match their own photo in the morning? How often is a stranger
# let in, if pairs are independent? Name three things that you would ask or object to. A
# few sentences with the numbers; a person reads them.

# %% [markdown] manual="school_door" points=3
# ### BEGIN SOLUTION
# Two per cent of 400 are 8 pupils. A stranger is compared 400 times: 1 - 0.999 to the
# power of 400 is 33 %, so one in three is let in: a rate per pair is no rate per
# visitor. (A third of the 8 pupils get in, too, as somebody else.) The threshold was
# chosen on the test's own photos, so the rates are too good; 50 employees are few,
# adults, and not the pupils: measure with other persons, and by group, since a mean
# hides differences. Who agreed, who keeps photos of children and how long, what does
# somebody do whom the door rejects each day? Would a card do?
# ### END SOLUTION
