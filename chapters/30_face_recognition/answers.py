# %% unit_triplets hints [markdown]
# 1. By which number is a mean divided if three of ten triplets cost something?
# 2. Each row is divided by its own length before anything is subtracted. A squared
#    distance is a sum of squared differences along a row; no root is taken. Then the
#    margin is added, and only then everything below 0 is cut.
# 3. Normalise three times. Two squared distances (M,), their difference plus the
#    margin, cut at 0. The sum of that, divided by how many are above 0, but at least by
#    1.


# %% unit_triplets right "by cosines"
def unit_triplets(A, P, N, margin):
    near = 2 - 2 * F.cosine_similarity(A, P)
    far = 2 - 2 * F.cosine_similarity(A, N)
    cost = near - far + margin
    chosen = cost[cost > 0]
    return chosen.mean() if len(chosen) else torch.zeros(())


# %% unit_triplets right "with relu and a norm"
def unit_triplets(A, P, N, margin):
    A, P, N = (rows / rows.norm(dim=1, keepdim=True) for rows in (A, P, N))
    cost = F.relu((A - P).norm(dim=1) ** 2 - (A - N).norm(dim=1) ** 2 + margin)
    return cost.sum() / max(1, cost.count_nonzero())


# %% unit_triplets wrong "no margin"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the margin is subtracted"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far - margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the distances are not squared"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).norm(dim=1)
    far = (A - N).norm(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the rows keep their lengths"
def unit_triplets(A, P, N, margin):
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "columns are given the length 1, not rows"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=0) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "only the anchors are given the length 1"
def unit_triplets(A, P, N, margin):
    A = F.normalize(A, dim=1)
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the mean is over all triplets"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.mean()


# %% unit_triplets wrong "a sum, where a mean is asked"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum()


# %% unit_triplets wrong "0 divided by 0 where nothing costs"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum()


# %% unit_triplets wrong "positive and negative are swapped"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (far - near + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "nothing is cut at 0"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = near - far + margin
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the mean is cut at 0, not each triplet"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    return (near - far + margin).mean().clamp(min=0)


# %% unit_triplets wrong "the margin is added after the cut"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far).clamp(min=0) + margin
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the mean of the squares of a row, not their sum"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().mean(dim=1)
    far = (A - N).square().mean(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "a cost for each triplet, not their mean"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost


# %% unit_triplets wrong "the negative is compared with the positive, not with the anchor"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (P - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the squares of the costs are averaged"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin).clamp(min=0)
    return cost.square().sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the margin is squared, too"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin**2).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "half of the squared distances"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1) / 2
    far = (A - N).square().sum(dim=1) / 2
    cost = (near - far + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "every anchor against every positive and negative"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    cost = (2 - 2 * A @ P.T - (2 - 2 * A @ N.T) + margin).clamp(min=0)
    return cost.sum() / (cost > 0).sum().clamp(min=1)


# %% unit_triplets wrong "the mean is over the triplets in wrong order only"
def unit_triplets(A, P, N, margin):
    A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N))
    near = (A - P).square().sum(dim=1)
    far = (A - N).square().sum(dim=1)
    cost = (near - far + margin)[near > far]
    return cost.sum() / max(len(cost), 1)


# %% unit_triplets equivalent "what normalising defaults to, and squares of a difference"
# A, P, N = (F.normalize(rows, dim=1) for rows in (A, P, N)) -> A, P, N = (F.normalize(rows) for rows in (A, P, N))
# far = (A - N).square().sum(dim=1) -> far = (N - A).square().sum(dim=1)
# near = (A - P).square().sum(dim=1) -> near = (P - A).square().sum(dim=1)


# %% all_triplets hints [markdown]
# 1. How many rows has `y = [2, 2, 0, 0]`, and why do (0, 1, 2) and (1, 0, 2) both
#    belong to it?
# 2. Two questions decide: do anchor and positive show one person and are they two
#    photos? Does the negative show another person? Each is a table (N, N) of yes and
#    no.
# 3. Two tables: same person without the diagonal, and another person. Bring them to
#    axes (a, p, 1) and (a, 1, n), combine them, and list the places that are true: they
#    come sorted.


# %% all_triplets right "three loops"
def all_triplets(y):
    y, rows = y.tolist(), []
    for a in range(len(y)):
        for p in range(len(y)):
            for n in range(len(y)):
                if a != p and y[a] == y[p] and y[a] != y[n]:
                    rows.append((a, p, n))
    return torch.tensor(rows, dtype=torch.int64).reshape(-1, 3)


# %% all_triplets right "from all products of three numbers"
def all_triplets(y):
    k = torch.arange(len(y))
    rows = torch.cartesian_prod(k, k, k)
    a, p, n = rows.T
    return rows[(y[a] == y[p]) & (a != p) & (y[a] != y[n])]


# %% all_triplets wrong "the anchor is its own positive, too"
def all_triplets(y):
    same = y[:, None] == y
    positive = same
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()


# %% all_triplets wrong "each pair once: the positive only behind the anchor"
def all_triplets(y):
    same = y[:, None] == y
    positive = same.triu(diagonal=1)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()


# %% all_triplets wrong "each pair once: the positive only before the anchor"
def all_triplets(y):
    same = y[:, None] == y
    positive = same.tril(diagonal=-1)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()


# %% all_triplets wrong "the negative may show any person"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return positive[:, :, None].expand(-1, -1, len(y)).nonzero()


# %% all_triplets wrong "the negative shows the same person"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & same[:, None, :]).nonzero()


# %% all_triplets wrong "positive and negative have changed places"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()[:, [0, 2, 1]]


# %% all_triplets wrong "sorted by anchor, then negative"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, None, :] & ~same[:, :, None]).nonzero()[:, [0, 2, 1]]


# %% all_triplets wrong "triplets stand in columns"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero().T


# %% all_triplets wrong "three tensors, not rows of three"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero(as_tuple=True)


# %% all_triplets wrong "the persons, not the photos"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return y[(positive[:, :, None] & ~same[:, None, :]).nonzero()]


# %% all_triplets wrong "the number of triplets, not the triplets"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).sum()


# %% all_triplets wrong "only one negative for each pair"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    rows = positive.nonzero()
    n = (~same).int().argmax(dim=1)
    return torch.cat([rows, n[rows[:, 0]][:, None]], dim=1)


# %% all_triplets wrong "only one positive for each anchor"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    positive &= positive.int().cumsum(dim=1) == 1
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()


# %% all_triplets wrong "triplets as a list, which has no shape where it is empty"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return torch.tensor((positive[:, :, None] & ~same[:, None, :]).nonzero().tolist())


# %% all_triplets wrong "photos counted from 1"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero() + 1


# %% all_triplets wrong "int32 numbers"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero().int()


# %% all_triplets wrong "a table of yes and no, not rows"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return positive[:, :, None] & ~same[:, None, :]


# %% all_triplets wrong "negatives of the positive's row sorted last to first"
def all_triplets(y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero().flip(0)


# %% all_triplets wrong "persons that follow each other taken for the same"
def all_triplets(y):
    same = (y[:, None] - y).abs() <= 1
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    return (positive[:, :, None] & ~same[:, None, :]).nonzero()


# %% semi_hard hints [markdown]
# 1. For which of the three zones is the difference between negative and positive below
#    0, between 0 and the margin, and above it?
# 2. For each triplet one number decides: how much farther the negative is than the
#    positive. Hard triplets have it at 0 or below, easy ones at the margin or above.
#    Neither counts, not even as a 0 in the mean.
# 3. A table (a, p, n) of that difference by two added axes, and one of valid triplets.
#    Choose where it is above 0 and below the margin. Sum the margin minus it, divide by
#    the number or by 1, and return both.


# %% semi_hard right "with a list of triplets"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    a, p, n = (positive[:, :, None] & ~same[:, None, :]).nonzero(as_tuple=True)
    near, far = D[a, p], D[a, n]
    cost = (near - far + margin)[(near < far) & (far < near + margin)]
    return (cost.mean() if len(cost) else torch.tensor(0.0)), len(cost)


# %% semi_hard right "by torch.where"
def semi_hard(D, y, margin):
    other = y[:, None] != y
    positive = (~other).fill_diagonal_(False)
    cost = D.unsqueeze(2) - D.unsqueeze(1) + margin
    inside = positive.unsqueeze(2) & other.unsqueeze(1) & (cost < margin) & (cost > 0)
    count = inside.sum().item()
    return torch.where(inside, cost, 0.0).sum() / (count or 1), count


# %% semi_hard wrong "hard triplets count, too"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "easy triplets count, too, as if they cost less than nothing"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "only hard triplets"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap < 0)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "easy triplets are counted with a cost of 0"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0)
    cost = (margin - gap).clamp(min=0)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "negatives as far as the positive count, too"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap >= 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "negatives at the margin count, too"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap <= margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "the anchor is its own positive, too"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "squared distances are squared again"
def semi_hard(D, y, margin):
    D = D.square()
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "roots are taken of the squared distances"
def semi_hard(D, y, margin):
    D = D.sqrt()
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "no margin in the cost"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (-gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "the difference, not the cost"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = gap[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "negatives may show the same person"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "each pair counts once, with one anchor"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same.triu(diagonal=1)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "a sum, where a mean is asked"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum(), len(cost)


# %% semi_hard wrong "the mean of nothing is nan"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.mean(), len(cost)


# %% semi_hard wrong "the mean is over all triplets"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / valid.sum().clamp(min=1), len(cost)


# %% semi_hard wrong "the number is a tensor"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), chosen.sum()


# %% semi_hard wrong "the number of all triplets is returned"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), int(valid.sum())


# %% semi_hard wrong "positive and negative are swapped"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, :, None] - D[:, None, :]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "the number is missing"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1)


# %% semi_hard wrong "one negative for each pair, the nearest"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]
    gap = D[:, None, :] - D[:, :, None]
    chosen = valid & (gap > 0) & (gap < margin)
    chosen &= gap == gap.masked_fill(~chosen, torch.inf).amin(dim=2, keepdim=True)
    cost = (margin - gap)[chosen]
    return cost.sum() / max(len(cost), 1), len(cost)


# %% semi_hard wrong "the lecture's mining: one negative for each pair, or the farthest"
def semi_hard(D, y, margin):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    a, p = positive.nonzero(as_tuple=True)
    hard = D[a] <= D[a, p][:, None]
    beyond = D[a].masked_fill(same[a] | hard, torch.inf)
    farthest = D[a].masked_fill(same[a], -1).argmax(dim=1)
    n = torch.where(beyond.isinf().all(dim=1), farthest, beyond.argmin(dim=1))
    return (D[a, p] - D[a, n] + margin).clamp(min=0).mean(), len(a)


# %% semi_hard equivalent "the order of two numbers of which the greater is taken"
# return (cost.sum() / max(len(cost), 1), len(cost)) -> return (cost.sum() / max(1, len(cost)), len(cost))


# %% hardest hints [markdown]
# 1. What does `argmin` find in a row where all that may not be chosen was set to 0?
# 2. What may not be chosen must lose: minus infinity where the greatest is sought,
#    infinity where the smallest is. And a row in which nothing may be chosen still
#    gives a number: look for those rows apart.
# 3. Two tables: same person without the diagonal, and same person with it. Fill, take
#    argmax and argmin along the rows, and put -1 where the first table has no yes, or
#    the second no no.


# %% hardest right "maximum and minimum with their places"
def hardest(D, y):
    same = torch.eq(y.unsqueeze(1), y.unsqueeze(0))
    positive = same.clone().fill_diagonal_(False)
    far, p = torch.where(positive, D, -1.0).max(dim=1)
    near, n = torch.where(same, torch.inf, D).min(dim=1)
    p[far < 0] = -1
    n[near.isinf()] = -1
    return p, n


# %% hardest right "by sorting"
def hardest(D, y):
    other = y[:, None] != y
    positive = ~(other | torch.eye(len(y), dtype=torch.bool))
    p = D.masked_fill(~positive, -9.0).sort(dim=1, descending=True, stable=True)
    n = D.masked_fill(~other, 1e9).sort(dim=1, stable=True)
    p, n = p.indices[:, 0], n.indices[:, 0]
    p = p.masked_fill(~positive.any(dim=1), -1)
    return p, n.masked_fill(~other.any(dim=1), -1)


# %% hardest wrong "the nearest positive, not the farthest"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, torch.inf).argmin(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the farthest negative, not the nearest"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, -torch.inf).argmax(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the anchor is its own positive"
def hardest(D, y):
    same = y[:, None] == y
    positive = same
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the negative is the anchor itself: what may not be chosen was set to 0"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, 0).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "a number where there is no positive"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "a number where there is no negative"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, n


# %% hardest wrong "positives and negatives have changed places"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return torch.where(same.all(dim=1), -1, n), p


# %% hardest wrong "the distances, not the numbers of the photos"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    n = D.masked_fill(same, torch.inf).amin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the persons, not the numbers of the photos"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p, n = torch.where(positive.any(dim=1), y[p], -1), y[n]
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the negative is the nearest photo of anybody else's or one's own"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.clone().fill_diagonal_(torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the positive is the farthest photo of anybody"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "of equal positives the last"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = len(y) - 1 - D.masked_fill(~positive, -torch.inf).flip(1).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "of equal negatives the last"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = len(y) - 1 - D.masked_fill(same, torch.inf).flip(1).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "photos without a positive or a negative are left out"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    keep = positive.any(dim=1) & ~same.all(dim=1)
    return p[keep], n[keep]


# %% hardest wrong "-1 for both where one of the two is missing"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    both = positive.any(dim=1) & ~same.all(dim=1)
    return torch.where(both, p, -1), torch.where(both, n, -1)


# %% hardest wrong "one pair for the whole batch"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax().expand(len(y))
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "`D` is changed in place"
def hardest(D, y):
    same = y[:, None] == y
    D.fill_diagonal_(9)
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where(same.all(dim=1), -1, n)


# %% hardest wrong "the easiest: the nearest positive and the farthest negative"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, torch.inf).argmin(dim=1)
    n = D.masked_fill(same, -torch.inf).argmax(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where((~same).any(dim=1), n, -1)


# %% hardest wrong "the distances to each photo, not from it"
def hardest(D, y):
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = D.masked_fill(~positive, -torch.inf).argmax(dim=0)
    n = D.masked_fill(same, torch.inf).argmin(dim=0)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where((~same).any(dim=1), n, -1)


# %% hardest wrong "0 stands for no positive, though a distance can be 0"
def hardest(D, y):
    same = y[:, None] == y
    p = (D * same).argmax(dim=1)
    n = D.masked_fill(same, torch.inf).argmin(dim=1)
    p = torch.where(p == torch.arange(len(y)), -1, p)
    return p, torch.where((~same).any(dim=1), n, -1)


# %% hardest wrong "of equal ones the last, both times"
def hardest(D, y):
    same, last = y[:, None] == y, len(y) - 1
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    p = last - D.masked_fill(~positive, -torch.inf).flip(1).argmax(dim=1)
    n = last - D.masked_fill(same, torch.inf).flip(1).argmin(dim=1)
    p = torch.where(positive.any(dim=1), p, -1)
    return p, torch.where((~same).any(dim=1), n, -1)


# %% hardest equivalent "who shows the same person is a symmetric table"
# p = torch.where(positive.any(dim=1), p, -1) -> p = torch.where(positive.any(dim=0), p, -1)
# return (p, torch.where(same.all(dim=1), -1, n)) -> return (p, torch.where(same.all(), -1, n))
# return (p, torch.where(same.all(dim=1), -1, n)) -> return (p, torch.where(same.all(dim=0), -1, n))


# %% soft_hardest hints [markdown]
# 1. What is `nearest` in the given code for every row, and what does log(1 + exp) give
#    when both distances are 0?
# 2. A distance that may not be chosen was set to 0, and 0 is the smallest there is. A
#    person with a single photo has a positive at distance 0: itself. Such anchors have
#    to leave the mean.
# 3. Fill with infinities instead of multiplying, the diagonal taken out of the
#    positives. Note which rows have a positive and a negative. Softplus of the
#    difference for these, their sum divided by their number, but at least by 1.


# %% soft_hardest right "only the rows that take part"
def soft_hardest(E, y):
    D = (E[:, None] - E).norm(dim=2)
    other = y[:, None] != y
    positive = (~other).fill_diagonal_(False)
    rows = positive.any(dim=1) & other.any(dim=1)
    if not rows.any():
        return E.new_zeros(())
    p = torch.where(positive, D, -1.0)[rows].amax(dim=1)
    n = torch.where(other, D, torch.inf)[rows].amin(dim=1)
    return torch.log1p(torch.exp(p - n)).mean()


# %% soft_hardest right "the positives by multiplication"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    takes_part = (same.sum(dim=1) > 1) & ~same.all(dim=1)
    farthest = (D * same).amax(dim=1)
    nearest = torch.where(same, torch.inf, D).amin(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.mean() if len(costs) else torch.tensor(0.0)


# %% soft_hardest wrong "the code as it was: what may not be chosen is 0, the smallest distance"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = (D * ~same).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus((D * same).amax(dim=1) - nearest)
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "what may not be a negative is 0, the smallest distance"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, 0.0).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "persons with one photo count: positive and anchor are one photo"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "anchors without a positive count as 0 in the mean"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / len(y)


# %% soft_hardest wrong "the distances are squared"
def soft_hardest(E, y):
    D = torch.cdist(E, E).square()
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "a hard margin of 1 in place of the soft one"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = (farthest - nearest + 1).clamp(min=0)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "no margin, neither hard nor soft"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = (farthest - nearest).clamp(min=0)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "positive and negative are swapped"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(nearest - farthest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "a sum, where a mean is asked"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum()


# %% soft_hardest wrong "the mean of nothing is nan"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.mean()


# %% soft_hardest wrong "the nearest positive"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, torch.inf).amin(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "the farthest negative"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, -torch.inf).amax(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "softplus of the mean difference"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = (farthest - nearest)[takes_part]
    return F.softplus(costs.mean()) if len(costs) else costs.sum()


# %% soft_hardest wrong "street distances in place of straight ones"
def soft_hardest(E, y):
    D = torch.cdist(E, E, p=1)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "all positives averaged, not the hardest"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = (D * positive).sum(dim=1) / positive.sum(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "the logarithm of the exponential, without the 1"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = (farthest - nearest)[takes_part]
    return costs.sum() / max(len(costs), 1)


# %% soft_hardest wrong "a cost for each anchor, not their mean"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs


# %% soft_hardest wrong "ln 2 where no anchor takes part"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.mean() if len(costs) else F.softplus(E.new_zeros(()))


# %% soft_hardest wrong "the largest cost, not the mean"
def soft_hardest(E, y):
    D = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)
    takes_part = positive.any(dim=1) & ~same.all(dim=1)
    costs = F.softplus(farthest - nearest)[takes_part]
    return costs.max() if len(costs) else costs.sum()


# %% soft_hardest wrong "the embeddings are given the length 1"
def soft_hardest(E, y):
    E = F.normalize(E, dim=1)
    D, same = torch.cdist(E, E), y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    both = positive.any(dim=1) & (~same).any(dim=1)
    farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1)[both]
    nearest = D.masked_fill(same, torch.inf).amin(dim=1)[both]
    return F.softplus(farthest - nearest).sum() / max(both.sum().item(), 1)


# %% soft_hardest wrong "mean distances, not the hardest ones"
def soft_hardest(E, y):
    D, same = torch.cdist(E, E), y[:, None] == y
    both = (same.sum(dim=1) > 1) & (~same).any(dim=1)
    near = (D * same).sum(dim=1) / (same.sum(dim=1) - 1)
    far = (D * ~same).sum(dim=1) / (~same).sum(dim=1)
    return F.softplus(near - far)[both].sum() / max(both.sum().item(), 1)


# %% soft_hardest equivalent "distances and persons are symmetric, and nobody takes part alone"
# farthest = D.masked_fill(~positive, -torch.inf).amax(dim=1) -> farthest = D.masked_fill(~positive, -torch.inf).amax(dim=0)
# nearest = D.masked_fill(same, torch.inf).amin(dim=1) -> nearest = D.masked_fill(same, torch.inf).amin(dim=0)
# return costs.sum() / max(len(costs), 1) -> return costs.sum() / max(1, len(costs))
# return costs.sum() / max(len(costs), 1) -> return costs.sum() / max(len(costs), 2)
# takes_part = positive.any(dim=1) & ~same.all(dim=1) -> takes_part = positive.any(dim=0) & ~same.all(dim=1)
# takes_part = positive.any(dim=1) & ~same.all(dim=1) -> takes_part = positive.any(dim=1) & ~same.all()
# takes_part = positive.any(dim=1) & ~same.all(dim=1) -> takes_part = positive.any(dim=1) & ~same.all(dim=0)


# %% contrastive hints [markdown]
# 1. How many pairs have six photos if each counts once, and what is the slope of a root
#    at 0?
# 2. Pairs of one person need no root: their cost is half of the squared distance. For
#    the others the root must not be taken of an exact 0. The two kinds are averaged
#    apart, each by its own number.
# 3. All pairs i below j; their squared distances; which are of one person. Half the
#    squared ones on one side; on the other, root of the distance kept above a tiny
#    number, margin minus it, cut, squared, halved. Two means, each divided by at least
#    1, added.


# %% contrastive right "with a mask of the upper triangle"
def contrastive(E, y, margin):
    upper = torch.ones(len(y), len(y)).triu(diagonal=1).bool()
    d2 = (E[:, None] - E).square().sum(dim=2)[upper]
    same = (y[:, None] == y)[upper]
    short = F.relu(margin - (d2 + 1e-12).sqrt())
    pull = (d2 / 2)[same].sum() / same.sum().clamp(min=1)
    push = (short**2 / 2)[~same].sum() / (~same).sum().clamp(min=1)
    return pull + push


# %% contrastive right "with combinations of two"
def contrastive(E, y, margin):
    i, j = torch.combinations(torch.arange(len(y))).T
    same = y[i] == y[j]
    square = ((E[i] - E[j]) ** 2).sum(1)
    zero = square == 0
    d = torch.where(zero, 1.0, square).sqrt() * ~zero
    total = E.sum() * 0
    if same.any():
        total = total + 0.5 * square[same].mean()
    if not same.all():
        total = total + 0.5 * (margin - d[~same]).clamp_min(0).pow(2).mean()
    return total


# %% contrastive wrong "the factors 1/2 are missing"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same]
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square()
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the factor 1/2 is missing in the pull"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same]
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the factor 1/2 is missing in the push"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square()
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the distance of one person's pairs is not squared"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same].clamp(min=1e-12).sqrt() / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the push is not squared"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0) / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "margin minus the squared distance"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same]
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "squared margin minus squared distance"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin**2 - d**2).clamp(min=0) / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the push is not cut at 0: far pairs are pulled back"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "one mean over all pairs"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return (pull.sum() + push.sum()) / len(d2)


# %% contrastive wrong "sums, where means are asked"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() + push.sum()


# %% contrastive wrong "the mean of nothing is nan"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.mean() + push.mean()


# %% contrastive wrong "photos are paired with themselves"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=0)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "pairs of one person are pushed, those of two pulled"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] != y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the root of 0 spoils the gradient"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "half of the sum of both means"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return (pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)) / 2


# %% contrastive wrong "only the pull"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1)


# %% contrastive wrong "only the push"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return push.sum() / max(len(push), 1)


# %% contrastive wrong "neighbours in the batch only, not all pairs"
def contrastive(E, y, margin):
    i = torch.arange(len(y) - 1)
    j = i + 1
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the result is cut off from the graph"
def contrastive(E, y, margin):
    E = E.detach()
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the mean of the squares of a row, not their sum"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().mean(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "the margin is 1, whatever is given"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (1 - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "one person's pairs: the whole table, each photo with itself, too"
def contrastive(E, y, margin):
    i, j = torch.ones(len(y), len(y)).nonzero(as_tuple=True)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return d2[same].sum() / 2 / max(same.sum().item(), 1) + push.sum() / max(len(d), 1)


# %% contrastive wrong "the embeddings are given the length 1"
def contrastive(E, y, margin):
    E = F.normalize(E, dim=1)
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull = d2[same] / 2
    d = d2[~same].clamp(min=1e-12).sqrt()
    push = (margin - d).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "margin minus the squared distance, not squared"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d2 = (E[i] - E[j]).square().sum(dim=1)
    same = y[i] == y[j]
    pull, push = d2[same] / 2, (margin - d2[~same]).clamp(min=0) / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive wrong "a number under the root so large that it shows"
def contrastive(E, y, margin):
    i, j = torch.triu_indices(len(y), len(y), offset=1)
    d = ((E[i] - E[j]).square().sum(dim=1) + 1e-2).sqrt()
    same = y[i] == y[j]
    pull = d[same].square() / 2
    push = (margin - d[~same]).clamp(min=0).square() / 2
    return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1)


# %% contrastive equivalent "squares of a difference, and a number too small to see"
# d = d2[~same].clamp(min=1e-12).sqrt() -> d = d2[~same].clamp(min=2e-12).sqrt()
# d2 = (E[i] - E[j]).square().sum(dim=1) -> d2 = (E[j] - E[i]).square().sum(dim=1)
# return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1) -> return pull.sum() / max(1, len(pull)) + push.sum() / max(len(push), 1)
# return pull.sum() / max(len(pull), 1) + push.sum() / max(len(push), 1) -> return pull.sum() / max(len(pull), 1) + push.sum() / max(1, len(push))


# %% far_frr hints [markdown]
# 1. Which side of the threshold is accepted here, where a high score means alike, and
#    which side does a score equal to it belong to?
# 2. Each rate has its own denominator: all pairs of two persons for the first, all
#    pairs of one person for the second. How many pairs there are together does not
#    matter.
# 3. One tensor of yes and no for accepted. Count accepted and not same, divide by the
#    number of not same; count not accepted and same, divide by the number of same.
#    Denominators at least 1; plain floats.


# %% far_frr right "by indexing"
def far_frr(scores, same, threshold):
    def share(mask):
        return mask.double().mean().item() if len(mask) else 0.0

    return share(scores[~same] >= threshold), share(scores[same] < threshold)


# %% far_frr right "by counting in plain Python"
def far_frr(scores, same, threshold):
    pairs = list(zip(scores.tolist(), same.tolist()))
    other = [s >= threshold for s, one in pairs if not one]
    own = [s < threshold for s, one in pairs if one]
    return sum(other) / (len(other) or 1), sum(own) / (len(own) or 1)


# %% far_frr wrong "scores taken for distances: low ones are accepted"
def far_frr(scores, same, threshold):
    accepted = scores <= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "a score equal to the threshold is rejected"
def far_frr(scores, same, threshold):
    accepted = scores > threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "the two rates have changed places"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return frr, far


# %% far_frr wrong "shares of all pairs, not of each kind"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / len(same)
    frr = (~accepted & same).sum().item() / len(same)
    return far, frr


# %% far_frr wrong "the false-reject rate is the share that is accepted"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "the false-accept rate is the share that is rejected"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (~accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "share of the accepted that are false, not of the pairs of two persons"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max(accepted.sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "share of the rejected that are of one person"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max((~accepted).sum().item(), 1)
    return far, frr


# %% far_frr wrong "both shares of what was accepted and rejected"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max(accepted.sum().item(), 1)
    frr = (~accepted & same).sum().item() / max((~accepted).sum().item(), 1)
    return far, frr


# %% far_frr wrong "denominators have changed places"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max(same.sum().item(), 1)
    frr = (~accepted & same).sum().item() / max((~same).sum().item(), 1)
    return far, frr


# %% far_frr wrong "counts, not rates"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item()
    frr = (~accepted & same).sum().item()
    return far, frr


# %% far_frr wrong "0 divided by 0 where a kind is missing"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / (~same).sum().item()
    frr = (~accepted & same).sum().item() / same.sum().item()
    return far, frr


# %% far_frr wrong "1 where there is no pair of two persons"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return (far if (~same).any() else 1.0), frr


# %% far_frr wrong "tensors, where floats are asked"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "same and not same are confused"
def far_frr(scores, same, threshold):
    same = ~same
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "the threshold is 0.5, whatever is given"
def far_frr(scores, same, threshold):
    accepted = scores >= 0.5
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr wrong "the share of all errors, twice"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    wrong = (accepted != same).double().mean().item()
    return wrong, wrong


# %% far_frr wrong "percent, where shares are asked"
def far_frr(scores, same, threshold):
    accepted = scores >= threshold
    far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = (~accepted & same).sum().item() / max(same.sum().item(), 1)
    return 100 * far, 100 * frr


# %% far_frr wrong "a score at the threshold is an error of neither kind"
def far_frr(scores, same, threshold):
    far = ((scores > threshold) & ~same).sum().item() / max((~same).sum().item(), 1)
    frr = ((scores < threshold) & same).sum().item() / max(same.sum().item(), 1)
    return far, frr


# %% far_frr equivalent "the order of two numbers of which the greater is taken"
# far = (accepted & ~same).sum().item() / max((~same).sum().item(), 1) -> far = (accepted & ~same).sum().item() / max(1, (~same).sum().item())
# frr = (~accepted & same).sum().item() / max(same.sum().item(), 1) -> frr = (~accepted & same).sum().item() / max(1, same.sum().item())


# %% threshold_for hints [markdown]
# 1. Three strangers have the same distance and only two of them may pass. What happens
#    to the three?
# 2. Look at each distance that occurs, once: which share of all would be accepted if
#    the line stood exactly there? The share grows from value to value. The answer is
#    the last value at which it is still allowed.
# 3. The sorted different values with their counts; their running sum divided by N; keep
#    the values whose share is not above the allowed one. The last of them as a float,
#    or -1.0. The empty case first.


# %% threshold_for right "every distance tried as the threshold"
def threshold_for(d_other, far):
    if not d_other.numel():
        raise ValueError("no distances")
    best = -1.0
    for t in d_other.tolist():
        if (d_other <= t).sum().item() / len(d_other) <= far:
            best = max(best, t)
    return best


# %% threshold_for right "by a sorted search"
def threshold_for(d_other, far):
    if d_other.shape[0] == 0:
        raise ValueError("give at least one pair")
    d = d_other.sort().values
    accepted = torch.searchsorted(d, d, right=True).double() / len(d)
    count = int((accepted <= far).sum())
    return float(d[count - 1]) if count > 0 else -1.0


# %% threshold_for wrong "ties are cut in two: more are accepted than promised"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    d = d_other.sort().values
    count = int(far * len(d) + 1e-9)
    return d[count - 1].item() if count else -1.0


# %% threshold_for wrong "a share that is reached exactly is refused"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares < far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "the first distance that breaks the promise"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    broken = values[shares > far]
    return broken[0].item() if len(broken) else values[-1].item()


# %% threshold_for wrong "the smallest distance that keeps the promise"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[0].item() if len(kept) else -1.0


# %% threshold_for wrong "equal distances count once"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = torch.arange(1, len(values) + 1).double() / len(values)
    kept = values[shares <= far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "the share of different values, of all pairs"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = torch.arange(1, len(values) + 1).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "a quantile between the distances"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    return d_other.quantile(far).item()


# %% threshold_for wrong "a quantile rounded down, ties cut in two"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    return d_other.quantile(far, interpolation="lower").item()


# %% threshold_for wrong "far pairs are accepted, as if distances were similarities"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.flip(0).cumsum(dim=0).flip(0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[0].item() if len(kept) else -1.0


# %% threshold_for wrong "the smallest distance where nothing may be accepted"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1].item() if len(kept) else values[0].item()


# %% threshold_for wrong "0 where nothing may be accepted"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1].item() if len(kept) else 0.0


# %% threshold_for wrong "an error where nothing may be accepted"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1].item()


# %% threshold_for wrong "no error without distances"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        return -1.0
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "a tensor, where a float is asked"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far]
    return kept[-1] if len(kept) else -1.0


# %% threshold_for wrong "the distances are taken as sorted"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    shares = (torch.arange(len(d_other)) + 1).double() / len(d_other)
    kept = d_other[shares <= far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "the rate taken for percent"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= far / 100]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "the share, not the threshold"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = shares[shares <= far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "the rate thought to be of accepted right ones: 1 minus it"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[shares <= 1 - far]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "counts rounded down: 0.29 of 100 becomes 28"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    values, counts = d_other.unique(return_counts=True)
    shares = counts.cumsum(dim=0).double() / len(d_other)
    kept = values[counts.cumsum(dim=0) <= int(far * len(d_other))]
    return kept[-1].item() if len(kept) else -1.0


# %% threshold_for wrong "the lecture's line: where 0 are allowed, the largest distance"
def threshold_for(d_other, far):
    if len(d_other) == 0:
        raise ValueError("no pair of two persons: a rate can't be measured")
    count = int(far * len(d_other))
    return d_other.sort().values[count - 1].item()


# %% equal_error_rate hints [markdown]
# 1. Which two shares belong to the threshold 0.5 if a pair of each kind lies exactly
#    there?
# 2. Try each distance that occurs, from the smallest on. At each: the share of
#    strangers not above it, the share of the same person above it. The best is where
#    these two are closest.
# 3. All different distances sorted, as a column, compared with each of the two sets at
#    once; means along the rows in double precision; argmin of the absolute difference,
#    which takes the first. Threshold and half of the sum, as floats.


# %% equal_error_rate right "one threshold after the other"
def equal_error_rate(d_same, d_other):
    best = None
    for t in sorted(d_same.tolist() + d_other.tolist()):
        far = (d_other <= t).double().mean().item()
        frr = (d_same > t).double().mean().item()
        if best is None or abs(far - frr) < best[0] - 1e-12:
            best = abs(far - frr), t, (far + frr) / 2
    return best[1], best[2]


# %% equal_error_rate right "by a sorted search"
def equal_error_rate(d_same, d_other):
    t = torch.cat([d_other, d_same]).sort().values
    far = torch.searchsorted(d_other.sort().values, t, right=True).double() / len(
        d_other
    )
    own = torch.searchsorted(d_same.sort().values, t, right=True).double() / len(d_same)
    k = (far + own - 1).abs().argmin().item()
    return float(t[k]), float(far[k] + 1 - own[k]) / 2


# %% equal_error_rate wrong "far pairs are accepted, as if distances were similarities"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other >= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same < thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "same and other are confused, or right decisions counted as errors"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_same <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_other > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "a stranger at the threshold is rejected"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other < thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the same person at the threshold is rejected, too"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same >= thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "both at the threshold are rejected"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other < thresholds[:, None]).double().mean(dim=1)
    frr = (d_same >= thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "only distances of one person are tried"
def equal_error_rate(d_same, d_other):
    thresholds = d_same.unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "only distances of two persons are tried"
def equal_error_rate(d_same, d_other):
    thresholds = d_other.unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the least sum of both rates, not the least difference"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far + frr).argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the least difference without its absolute value"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the sum of the two rates, not their mean"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), (far + frr)[best].item()


# %% equal_error_rate wrong "the false-accept rate, not the mean of both"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), far[best].item()


# %% equal_error_rate wrong "the false-reject rate, not the mean of both"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), frr[best].item()


# %% equal_error_rate wrong "the accepted of one person are counted as rejected"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same <= thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "of equally good thresholds the largest"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    gap = (far - frr).abs()
    best = (gap <= gap.min() + 1e-12).nonzero()[-1, 0]
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "counts are made equal, not rates"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far * len(d_other) - frr * len(d_same)).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "rates of all pairs, not of each kind"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().sum(dim=1) / (
        len(d_same) + len(d_other)
    )
    frr = (d_same > thresholds[:, None]).double().sum(dim=1) / (
        len(d_same) + len(d_other)
    )
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the threshold is missing"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "rate and threshold have changed places"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return ((far + frr) / 2)[best].item(), thresholds[best].item()


# %% equal_error_rate wrong "the least product of both rates"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far * frr).argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the distances are tried in the order in which they come"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other])
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far - frr).abs().argmin()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate wrong "the first threshold where the curves have crossed"
def equal_error_rate(d_same, d_other):
    thresholds = torch.cat([d_same, d_other]).unique()
    far = (d_other <= thresholds[:, None]).double().mean(dim=1)
    frr = (d_same > thresholds[:, None]).double().mean(dim=1)
    best = (far >= frr).int().argmax()
    return thresholds[best].item(), ((far + frr) / 2)[best].item()


# %% equal_error_rate equivalent "the sign under an absolute value"
# best = (far - frr).abs().argmin() -> best = (frr - far).abs().argmin()


# %% enrol hints [markdown]
# 1. What do you get if you add up the embeddings of each person, and how does it differ
#    from their mean after both have the length 1?
# 2. Each embedding has to be added to the row of its person. Which row that is, PyTorch
#    tells while it lists the different persons.
# 3. The different persons with the place of each photo among them; a zero matrix, a row
#    a person, to which the rows are added at these places; its rows brought to length
#    1.


# %% enrol right "by a matrix of who is who"
def enrol(E, y):
    persons = y.unique()
    shows = (persons[:, None] == y).float()
    mean = shows @ E / shows.sum(dim=1, keepdim=True)
    return persons, mean / mean.norm(dim=1, keepdim=True)


# %% enrol right "by one-hot rows"
def enrol(E, y):
    persons, place = torch.unique(y, sorted=True, return_inverse=True)
    return persons, F.normalize(F.one_hot(place).T.float() @ E)


# %% enrol wrong "the mean is not brought back to length 1"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, sums / place.bincount()[:, None]


# %% enrol wrong "the sum is not brought back to length 1"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, sums


# %% enrol wrong "columns are given the length 1"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, F.normalize(sums, dim=0)


# %% enrol wrong "columns of the means are given the length 1"
def enrol(E, y):
    persons = y.unique()
    who = (persons[:, None] == y).float()
    return persons, F.normalize(who @ E / who.sum(dim=1, keepdim=True), dim=0)


# %% enrol wrong "the first photo only"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    first = (persons[:, None] == y).int().argmax(dim=1)
    return persons, E[first]


# %% enrol wrong "the last photo only"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    last = len(y) - 1 - (persons[:, None] == y).flip(1).int().argmax(dim=1)
    return persons, E[last]


# %% enrol wrong "the persons in the order in which they come"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    first = (persons[:, None] == y).int().argmax(dim=1)
    order = first.argsort()
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons[order], F.normalize(sums, dim=1)[order]


# %% enrol wrong "the prototypes first, then the persons"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return F.normalize(sums, dim=1), persons


# %% enrol wrong "the persons in decreasing order"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons.flip(0), F.normalize(sums, dim=1).flip(0)


# %% enrol wrong "the persons are missing"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return F.normalize(sums, dim=1)


# %% enrol wrong "a prototype for each photo, not for each person"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return y, F.normalize(sums, dim=1)[place]


# %% enrol wrong "the number of the person taken for the row"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(int(y.max()) + 1, E.shape[1]).index_add(0, y, E)
    return persons, F.normalize(sums, dim=1)


# %% enrol wrong "one mean of all photos"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, F.normalize(E.mean(dim=0, keepdim=True), dim=1).repeat(
        len(persons), 1
    )


# %% enrol wrong "the places, not the persons"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return torch.arange(len(persons)), F.normalize(sums, dim=1)


# %% enrol wrong "the largest of each column, not the mean"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    big = E.masked_fill((persons[:, None] != y)[:, :, None], -torch.inf)
    return persons, F.normalize(big.amax(dim=1), dim=1)


# %% enrol wrong "divided by the number of photos, not by the length"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, sums / len(y)


# %% enrol wrong "street length 1, not straight length"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, F.normalize(sums, p=1, dim=1)


# %% enrol wrong "a loop, where none is allowed"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    rows = [F.normalize(E[y == k].mean(dim=0), dim=0) for k in persons]
    return persons, torch.stack(rows)


# %% enrol wrong "the transposed prototypes"
def enrol(E, y):
    persons, place = y.unique(return_inverse=True)
    sums = torch.zeros(len(persons), E.shape[1]).index_add(0, place, E)
    return persons, F.normalize(sums, dim=1).T


# %% enrol wrong "a row for each number up to the largest"
def enrol(E, y):
    sums = torch.zeros(int(y.max()) + 1, E.shape[1]).index_add(0, y, E)
    return torch.arange(len(sums)), F.normalize(sums, dim=1)


# %% enrol equivalent "the axis that normalising takes by default"
# return (persons, F.normalize(sums, dim=1)) -> return (persons, F.normalize(sums))


# %% identify hints [markdown]
# 1. Person 5 has two photos, at 0.2 and 0.8. How far away is person 5?
# 2. First all distances to all photos, then a mean over the photos of each person: they
#    have to be added up by person and divided by how many there are. The nearest
#    person, and whether that is near enough, come last.
# 3. Empty gallery first. Distances (N, G); the sorted persons, each photo's place among
#    them, and counts; distances added along the second axis at these places, divided by
#    the counts; minimum and its place; the person where it is within the threshold,
#    else -1.


# %% identify right "by a matrix of who is who"
def identify(E, gallery, y, threshold):
    if not len(y):
        return -torch.ones(len(E), dtype=torch.int64)
    persons = y.unique()
    shows = (y[:, None] == persons).float()
    d = torch.cdist(E, gallery) @ (shows / shows.sum(dim=0))
    best = d.argmin(dim=1)
    answer = persons[best].clone()
    answer[d.gather(1, best[:, None])[:, 0] > threshold] = -1
    return answer


# %% identify right "distances by subtraction, an added column for nobody"
def identify(E, gallery, y, threshold):
    d = (E[:, None] - gallery).norm(dim=2)
    persons = torch.cat([y.unique(), torch.tensor([-1])])
    shows = (persons[:, None] == y).float()
    means = d @ shows.T / shows.sum(dim=1).clamp(min=1)
    means[:, -1] = torch.nextafter(torch.tensor(float(threshold)), torch.tensor(9.0))
    return persons[means.argmin(dim=1)]


# %% identify wrong "the nearest photo decides, not the mean of a person"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = d.min(dim=1)
    return torch.where(nearest <= threshold, y[best], -1)


# %% identify wrong "distances are added, not averaged: many photos are far"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = sums.min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "nobody is unknown"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return persons[best]


# %% identify wrong "the farthest person"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).max(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "the place among the persons, not the person"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, best, -1)


# %% identify wrong "the number of a photo, not of a person"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = d.min(dim=1)
    return torch.where(nearest <= threshold, best, -1)


# %% identify wrong "at the threshold a person is refused"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest < threshold, persons[best], -1)


# %% identify wrong "accepted beyond the threshold"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest >= threshold, persons[best], -1)


# %% identify wrong "squared distances"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery).square()
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "cosine distances in place of Euclidean ones"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = 1 - E @ gallery.T
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "street distances in place of straight ones"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery, p=1)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "0 for unknown persons"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], 0)


# %% identify wrong "an error for an empty gallery"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        raise ValueError("nobody is enrolled")
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "the distance to the mean of a person's photos"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    means = torch.zeros(len(persons), E.shape[1]).index_add(0, place, gallery)
    nearest, best = torch.cdist(E, means / counts[:, None]).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "the distance to a prototype of length 1"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    means = torch.zeros(len(persons), E.shape[1]).index_add(0, place, gallery)
    nearest, best = torch.cdist(E, F.normalize(means, dim=1)).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "a person's farthest photo decides"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    far = torch.where((persons[:, None] == y), d[:, None], -1).amax(dim=2)
    nearest, best = far.min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "of equally near persons the largest number"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).flip(1).min(dim=1)
    best = len(persons) - 1 - best
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "one threshold for all: unknown if anybody is"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where((nearest <= threshold).all(), persons[best], -1)


# %% identify wrong "a float for each photo"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1).float()


# %% identify wrong "the distance is returned, too"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons, place, counts = y.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(E), len(persons)).index_add(1, place, d)
    nearest, best = (sums / counts).min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1), nearest


# %% identify wrong "a loop, where none is allowed"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    d = torch.cdist(E, gallery)
    persons = y.unique()
    means = torch.stack([d[:, y == k].mean(dim=1) for k in persons], dim=1)
    nearest, best = means.min(dim=1)
    return torch.where(nearest <= threshold, persons[best], -1)


# %% identify wrong "numbers that nobody has count as persons at distance 0"
def identify(E, gallery, y, threshold):
    if len(gallery) == 0:
        return torch.full((len(E),), -1)
    count = y.bincount()
    sums = torch.zeros(len(E), len(count)).index_add(1, y, torch.cdist(E, gallery))
    nearest, best = (sums / count.clamp(min=1)).min(dim=1)
    return torch.where(nearest <= threshold, best, -1)
