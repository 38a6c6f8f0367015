# %% huber hints [markdown]
# 1. What are value and slope of half the square at `high`? And at `-low`?
# 2. Outside, the slope stays what it was at the limit. A straight line of that slope
#    through that value is all you need; think of where the residual would be clamped.
# 3. Three pieces chosen by `torch.where`: the square's half, a line with slope `high`,
#    a line with slope `-low`; each line minus half of its limit squared. Then the mean.


# %% huber right "three pieces"
def huber(y_hat, y, low, high):
    r = y_hat - y
    right = high * (r - high / 2)
    left = low * (-r - low / 2)
    each = torch.where(r > high, right, torch.where(r < -low, left, r**2 / 2))
    return each.mean()


# %% huber right "PyTorch-free: square minus what is beyond"
def huber(y_hat, y, low, high):
    r = y_hat - y
    above, below = (r - high).clamp(min=0), (-low - r).clamp(min=0)
    return (r**2 - above**2 - below**2).sum() / 2 / r.numel()


# %% huber wrong "one limit for both sides, and no mean"
def huber(y_hat, y, low, high):
    r = y_hat - y
    return torch.where(r.abs() <= high, r**2 / 2, high * (r.abs() - high / 2))


# %% huber wrong "half the limit taken off, not half its square: the pieces don't meet"
def huber(y_hat, y, low, high):
    r = y_hat - y
    line = torch.where(r > 0, high * r - high / 2, -low * r - low / 2)
    return torch.where((r <= high) & (r >= -low), r**2 / 2, line).mean()


# %% huber wrong "the left line falls: its sign is lost"
def huber(y_hat, y, low, high):
    r = y_hat - y
    line = torch.where(r > 0, high * (r - high / 2), low * (r - low / 2))
    return torch.where((r <= high) & (r >= -low), r**2 / 2, line).mean()


# %% huber wrong "the slope outside is 1: only the values meet"
def huber(y_hat, y, low, high):
    r = y_hat - y
    limit = torch.where(r > 0, high, low)
    line = r.abs() - limit + limit**2 / 2
    return torch.where(r.abs() <= limit, r**2 / 2, line).mean()


# %% huber wrong "the two pieces don't meet: the constant of the line is missing"
def huber(y_hat, y, low, high):
    r = y_hat - y
    line = torch.where(r > 0, high * r, -low * r)
    inside = (r <= high) & (r >= -low)
    return torch.where(inside, r**2 / 2, line).mean()


# %% huber wrong "the two limits exchanged, or the residual turned"
def huber(y_hat, y, low, high):
    r = y - y_hat
    inside = r.clamp(-low, high)
    return (inside * (r - inside / 2)).mean()


# %% huber wrong "the square isn't halved: value and slope of the pieces differ"
def huber(y_hat, y, low, high):
    r = y_hat - y
    line = torch.where(r > 0, high * (r - high / 2), low * (-r - low / 2))
    inside = (r <= high) & (r >= -low)
    return torch.where(inside, r**2, line).mean()


# %% huber wrong "twice the loss: no factor one half"
def huber(y_hat, y, low, high):
    r = y_hat - y
    inside = r.clamp(-low, high)
    return (inside * (2 * r - inside)).mean()


# %% huber wrong "the same limit on both sides, that for positive residuals"
def huber(y_hat, y, low, high):
    r = y_hat - y
    inside = r.clamp(-high, high)
    return (inside * (r - inside / 2)).mean()


# %% huber wrong "the same limit on both sides, that for negative residuals"
def huber(y_hat, y, low, high):
    r = y_hat - y
    inside = r.clamp(-low, low)
    return (inside * (r - inside / 2)).mean()


# %% huber wrong "the sum, not the mean"
def huber(y_hat, y, low, high):
    r = y_hat - y
    inside = r.clamp(-low, high)
    return (inside * (r - inside / 2)).sum()


# %% huber wrong "one loss an entry: the mean is missing"
def huber(y_hat, y, low, high):
    r = y_hat - y
    inside = r.clamp(-low, high)
    return inside * (r - inside / 2)


# %% huber wrong "the residual clipped before it is squared: level outside"
def huber(y_hat, y, low, high):
    return ((y_hat - y).clamp(-low, high) ** 2 / 2).mean()


# %% huber wrong "the slope outside is 1, as in smooth L1"
def huber(y_hat, y, low, high):
    r = y_hat - y
    limit = torch.where(r > 0, high, low)
    line = r.abs() - limit / 2
    return torch.where(r.abs() <= limit, r**2 / 2 / limit, line).mean()


# %% huber wrong "divided by the number of rows, not of entries"
def huber(y_hat, y, low, high):
    r = y_hat - y
    inside = r.clamp(-low, high)
    return (inside * (r - inside / 2)).sum() / len(r)


# %% log_tail hints [markdown]
# 1. What does the given function say just below and just above 2? Which number would
#    have to be added to the outer piece?
# 2. At the limit both must be `c`. So the outer piece is `c` plus `c` times the
#    logarithm of something that is 1 there.
# 3. `torch.where` computes both pieces everywhere, and an infinite slope of the unused
#    one becomes nan. Keep what goes into the logarithm at `c` or above, by a clamp.


# %% log_tail right "with the maximum, without where"
def log_tail(r, c):
    size = r.abs()
    return size.clamp(max=c) + c * torch.log(size.clamp(min=c) / c)


# %% log_tail right "a harmless number for the unused piece"
def log_tail(r, c):
    size = r.abs()
    far = size > c
    safe = torch.where(far, size, torch.full_like(size, c))
    return torch.where(far, c * (1 + safe.log() - torch.tensor(c).log()), size)


# %% log_tail wrong "negative residuals have no tail: straight on that side"
def log_tail(r, c):
    return torch.where(r <= c, r.abs(), c + c * torch.log(r.clamp(min=c) / c))


# %% log_tail wrong "a logarithm of 1 plus what is beyond: another tail"
def log_tail(r, c):
    size = r.abs()
    return torch.where(size <= c, size, c + c * torch.log1p((size - c).clamp(min=0)))


# %% log_tail wrong "log c is taken off without its factor"
def log_tail(r, c):
    size = r.abs()
    far = c * torch.log(size.clamp(min=c)) + c - torch.tensor(c).log()
    return torch.where(size <= c, size, far)


# %% log_tail wrong "as given: the two pieces don't meet"
def log_tail(r, c):
    return torch.where(r.abs() <= c, r.abs(), c * torch.log(r.abs()))


# %% log_tail wrong "a nan in the slope at 0, from the piece that isn't used"
def log_tail(r, c):
    return torch.where(r.abs() <= c, r.abs(), c + c * torch.log(r.abs() / c))


# %% log_tail wrong "the pieces meet in value, not in slope: the factor c is missing"
def log_tail(r, c):
    size = r.abs()
    return torch.where(size <= c, size, c + torch.log(size.clamp(min=c) / c))


# %% log_tail wrong "the logarithm is 0 at the limit, but the value there isn't"
def log_tail(r, c):
    size = r.abs()
    return torch.where(size <= c, size, c * torch.log(size.clamp(min=c) / c))


# %% log_tail wrong "c is added, but log c isn't taken off"
def log_tail(r, c):
    size = r.abs()
    return torch.where(size <= c, size, c + c * torch.log(size.clamp(min=c)))


# %% log_tail wrong "the mean, not one loss an entry"
def log_tail(r, c):
    size = r.abs()
    each = torch.where(size <= c, size, c + c * torch.log(size.clamp(min=c) / c))
    return each.mean()


# %% log_tail wrong "negative residuals keep their sign"
def log_tail(r, c):
    return torch.where(r <= c, r, c + c * torch.log(r.clamp(min=c) / c))


# %% log_tail wrong "log(1 + r): smooth, but another loss"
def log_tail(r, c):
    return c * torch.log1p(r.abs() / c)


# %% log_tail wrong "straight outside: the tail isn't logarithmic"
def log_tail(r, c):
    return r.abs()


# %% log_tail equivalent "at the limit both pieces are the same"
# return torch.where(size <= c, size, c + c * torch.log(size.clamp(min=c) / c)) -> return torch.where(size < c, size, c + c * torch.log(size.clamp(min=c) / c))


# %% kl_from_logits hints [markdown]
# 1. What does the logarithm of a softmax become if one logit is 1000 and another
#    -1000? Which function gives it without a softmax first?
# 2. The sum of `p log p` minus `p log q`. Where `p` is 0 the first term must be 0, not
#    0 times minus infinity.
# 3. `log_softmax` along the classes; `torch.xlogy` for the first term; subtract, sum
#    along each row.


# %% kl_from_logits right "log-sum-exp by hand, zeros by where"
def kl_from_logits(P, Z):
    log_q = Z - torch.logsumexp(Z, dim=1, keepdim=True)
    log_p = torch.where(P > 0, P, torch.ones_like(P)).log()
    return (P * (log_p - log_q)).sum(dim=1)


# %% kl_from_logits right "cross-entropy minus entropy"
def kl_from_logits(P, Z):
    cross = -(P * Z.log_softmax(dim=-1)).sum(dim=1)
    return cross - torch.special.entr(P).sum(dim=1)


# %% kl_from_logits wrong "the entropy is added, not taken off"
def kl_from_logits(P, Z):
    return -(torch.xlogy(P, P) + P * torch.log_softmax(Z, dim=1)).sum(dim=1)


# %% kl_from_logits wrong "the arguments swapped: D(q || p)"
def kl_from_logits(P, Z):
    log_q = torch.log_softmax(Z, dim=1)
    return (log_q.exp() * (log_q - P.clamp(min=1e-30).log())).sum(dim=1)


# %% kl_from_logits wrong "the cross-entropy: the entropy isn't taken off"
def kl_from_logits(P, Z):
    return -(P * torch.log_softmax(Z, dim=1)).sum(dim=1)


# %% kl_from_logits wrong "the sign is turned: never above 0"
def kl_from_logits(P, Z):
    return (P * torch.log_softmax(Z, dim=1) - torch.xlogy(P, P)).sum(dim=1)


# %% kl_from_logits wrong "a true probability of 0 gives nan"
def kl_from_logits(P, Z):
    return (P * (P.log() - torch.log_softmax(Z, dim=1))).sum(dim=1)


# %% kl_from_logits wrong "the logarithm after the softmax: large logits give infinity"
def kl_from_logits(P, Z):
    return (torch.xlogy(P, P) - P * torch.softmax(Z, dim=1).log()).sum(dim=1)


# %% kl_from_logits wrong "a softmax by bare exponentials: large logits overflow"
def kl_from_logits(P, Z):
    E = Z.exp()
    return (torch.xlogy(P, P) - P * (E / E.sum(1, keepdim=True)).log()).sum(dim=1)


# %% kl_from_logits wrong "one number for the batch, the mean of its rows"
def kl_from_logits(P, Z):
    log_q = torch.log_softmax(Z, dim=1)
    return (torch.xlogy(P, P) - P * log_q).sum(dim=1).mean()


# %% kl_from_logits wrong "the mean over the classes, not the sum"
def kl_from_logits(P, Z):
    return (torch.xlogy(P, P) - P * torch.log_softmax(Z, dim=1)).mean(dim=1)


# %% kl_from_logits wrong "one value a class: the sum runs over the batch"
def kl_from_logits(P, Z):
    return (torch.xlogy(P, P) - P * torch.log_softmax(Z, dim=1)).sum(dim=0)


# %% kl_from_logits wrong "the softmax runs over the batch"
def kl_from_logits(P, Z):
    return (torch.xlogy(P, P) - P * torch.log_softmax(Z, dim=0)).sum(dim=1)


# %% kl_from_logits wrong "in bits, not in nats"
def kl_from_logits(P, Z):
    log_q = torch.log_softmax(Z, dim=1)
    return (torch.xlogy(P, P) - P * log_q).sum(dim=1) / torch.tensor(2.0).log()


# %% kl_from_logits wrong "logits taken for log-probabilities: no softmax"
def kl_from_logits(P, Z):
    return (torch.xlogy(P, P) - P * Z).sum(dim=1)


# %% cosine_distance hints [markdown]
# 1. What is 0 divided by 0? And which rows may you divide by something else than their
#    length without any harm?
# 2. Rows of length 1 first, zero rows left as zeros: their product with anything is 0,
#    so the distance is 1 by itself. Only pairs of two zero rows are left.
# 3. Replace lengths of 0 by 1, divide, one matrix product, 1 minus it; then a mask
#    (N, 1) and (1, M) for pairs of zeros.


# %% cosine_distance right "with normalize and a tiny eps"
def cosine_distance(U, V):
    D = 1 - F.normalize(U, dim=1, eps=1e-20) @ F.normalize(V, dim=1, eps=1e-20).T
    both = torch.outer((U == 0).all(dim=1), (V == 0).all(dim=1))
    D[both] = 0
    return D


# %% cosine_distance right "products divided by products of lengths"
def cosine_distance(U, V):
    u, v = U.norm(dim=1)[:, None], V.norm(dim=1)[None, :]
    some = (u > 0) & (v > 0)
    cosine = torch.where(some, (U @ V.T) / torch.where(some, u * v, 1.0), 0.0)
    return torch.where((u == 0) & (v == 0), 0.0, 1 - cosine)


# %% cosine_distance wrong "a lower limit on the product of lengths: short vectors lose"
def cosine_distance(U, V):
    u, v = U.norm(dim=1, keepdim=True), V.norm(dim=1, keepdim=True)
    both = (u == 0) & (v == 0).T
    return torch.where(both, 0.0, 1 - (U @ V.T) / (u @ v.T).clamp(min=1e-5))


# %% cosine_distance wrong "row i with row i only, not every pair"
def cosine_distance(U, V):
    n = min(len(U), len(V))
    return 1 - F.cosine_similarity(U[:n], V[:n], dim=1)


# %% cosine_distance wrong "the similarity returned, not the distance"
def cosine_distance(U, V):
    S = F.normalize(U, dim=1, eps=1e-20) @ F.normalize(V, dim=1, eps=1e-20).T
    both = torch.outer((U == 0).all(dim=1), (V == 0).all(dim=1))
    return torch.where(both, 1.0, S)


# %% cosine_distance wrong "zero vectors divide by 0 and give nan"
def cosine_distance(U, V):
    U, V = U / U.norm(dim=1, keepdim=True), V / V.norm(dim=1, keepdim=True)
    return 1 - U @ V.T


# %% cosine_distance wrong "two zero vectors are at distance 1"
def cosine_distance(U, V):
    return 1 - F.normalize(U, dim=1, eps=1e-20) @ F.normalize(V, dim=1, eps=1e-20).T


# %% cosine_distance wrong "a zero vector is near to everything: distance 0"
def cosine_distance(U, V):
    D = 1 - F.normalize(U, dim=1, eps=1e-20) @ F.normalize(V, dim=1, eps=1e-20).T
    some = (U == 0).all(dim=1)[:, None] | (V == 0).all(dim=1)
    return torch.where(some, 0.0, D)


# %% cosine_distance wrong "a number added to the lengths: short vectors lose"
def cosine_distance(U, V):
    u, v = U.norm(dim=1, keepdim=True), V.norm(dim=1, keepdim=True)
    both = (u == 0) & (v == 0).T
    return torch.where(both, 0.0, 1 - (U / (u + 1e-6)) @ (V / (v + 1e-6)).T)


# %% cosine_distance wrong "the product isn't divided by the lengths"
def cosine_distance(U, V):
    return 1 - U @ V.T


# %% cosine_distance wrong "divided by the squared lengths"
def cosine_distance(U, V):
    u, v = (U**2).sum(dim=1, keepdim=True), (V**2).sum(dim=1, keepdim=True)
    both = (u == 0) & (v == 0).T
    U, V = U / torch.where(u == 0, 1, u), V / torch.where(v == 0, 1, v)
    return torch.where(both, 0.0, 1 - U @ V.T)


# %% cosine_distance wrong "only the first argument is brought to length 1"
def cosine_distance(U, V):
    return 1 - F.normalize(U, dim=1, eps=1e-20) @ V.T


# %% cosine_distance wrong "columns brought to length 1, not rows"
def cosine_distance(U, V):
    return 1 - F.normalize(U, dim=0, eps=1e-20) @ F.normalize(V, dim=0, eps=1e-20).T


# %% cosine_distance wrong "the angle, in radians"
def cosine_distance(U, V):
    S = F.normalize(U, dim=1, eps=1e-20) @ F.normalize(V, dim=1, eps=1e-20).T
    return torch.acos(S.clamp(-1, 1))


# %% cosine_distance wrong "opposite vectors taken for equal: the sign is lost"
def cosine_distance(U, V):
    S = F.normalize(U, dim=1, eps=1e-20) @ F.normalize(V, dim=1, eps=1e-20).T
    return 1 - S.abs()


# %% cosine_distance equivalent "a row of zeros divided by anything"
# U = U / torch.where(u == 0, 1, u) -> U = U / torch.where(u == 0, 2, u)
# V = V / torch.where(v == 0, 1, v) -> V = V / torch.where(v == 0, 2, v)


# %% squared_distances hints [markdown]
# 1. Which of the three terms depends on `i` only, which on `j` only, and where does the
#    weight stand in each?
# 2. The weighted square of each row is a product of the squared matrix with `w`. In the
#    mixed term the weight belongs to one of the two factors, not to both.
# 3. (N, 1) minus twice (N, d) x (d, M) plus (M,); a clamp at 0 in the end.


# %% squared_distances right "weights as roots on both sides"
def squared_distances(U, V, w):
    U, V = U * w.sqrt(), V * w.sqrt()
    D = U.square().sum(1, keepdim=True) - 2 * U @ V.T + V.square().sum(1)
    return torch.relu(D)


# %% squared_distances right "with diag"
def squared_distances(U, V, w):
    W = torch.diag(w)
    u = (U @ W * U).sum(dim=1)[:, None]
    v = (V @ W * V).sum(dim=1)[None, :]
    return torch.maximum(u + v - 2 * U @ W @ V.T, torch.zeros(()))


# %% squared_distances wrong "rounding lets some distances fall below 0"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return u[:, None] - 2 * (U * w) @ V.T + v


# %% squared_distances wrong "the root is taken: no squares"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] - 2 * (U * w) @ V.T + v).clamp(min=0).sqrt()


# %% squared_distances wrong "the mixed term once instead of twice"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] - (U * w) @ V.T + v).clamp(min=0)


# %% squared_distances wrong "the mixed term without weights"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] - 2 * U @ V.T + v).clamp(min=0)


# %% squared_distances wrong "the weights on both factors: squared in the mixed term"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] - 2 * (U * w) @ (V * w).T + v).clamp(min=0)


# %% squared_distances wrong "the weights squared"
def squared_distances(U, V, w):
    U, V = U * w, V * w
    D = U.square().sum(1, keepdim=True) - 2 * U @ V.T + V.square().sum(1)
    return D.clamp(min=0)


# %% squared_distances wrong "the weights are left out"
def squared_distances(U, V, w):
    D = U.square().sum(1, keepdim=True) - 2 * U @ V.T + V.square().sum(1)
    return D.clamp(min=0)


# %% squared_distances wrong "rows and columns exchanged"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] - 2 * (U * w) @ V.T + v).clamp(min=0).T


# %% squared_distances wrong "the mixed term is added, not subtracted"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] + 2 * (U * w) @ V.T + v).clamp(min=0)


# %% squared_distances wrong "the mean over the axes, not the sum"
def squared_distances(U, V, w):
    u, v = (U**2) @ w, (V**2) @ w
    return (u[:, None] - 2 * (U * w) @ V.T + v).clamp(min=0) / U.shape[1]


# %% squared_distances wrong "Manhattan distances, weighted"
def squared_distances(U, V, w):
    return ((U[:, None] - V).abs() * w).sum(dim=2)


# %% bag hints [markdown]
# 1. A word that stands twice in a sentence counts twice. Which matrix of N rows and V
#    columns says how often each word stands in each sentence?
# 2. One-hot vectors added up along the sentence are counts. Put the column of the
#    padding to 0, and the product with the table is the sum of the rows.
# 3. Divide by the number of words that are no padding, at least 1, as a column (N, 1).


# %% bag right "a mask before the sum"
def bag(table, ids, padding):
    word = (ids != padding).float()  # (N, T)
    onehot = (ids[..., None] == torch.arange(len(table))).float()  # (N, T, V)
    total = ((onehot * word[..., None]) @ table).sum(dim=1)
    return total / word.sum(dim=1, keepdim=True).clamp(min=1)


# %% bag right "counts by scatter_add"
def bag(table, ids, padding):
    counts = torch.zeros(len(ids), len(table))
    counts.scatter_add_(1, ids, (ids != padding).float())
    total = counts.sum(dim=1, keepdim=True)
    return (counts / torch.where(total == 0, 1, total)) @ table


# %% bag wrong "the sum of all places, padding too"
def bag(table, ids, padding):
    return F.one_hot(ids, len(table)).sum(dim=1).float() @ table


# %% bag wrong "as many columns as the largest number asks for, not one a word"
def bag(table, ids, padding):
    counts = F.one_hot(ids).sum(dim=1).float()
    counts[:, padding] = 0
    return counts @ table / counts.sum(dim=1, keepdim=True).clamp(min=1)


# %% bag wrong "the padding is counted in the mean"
def bag(table, ids, padding):
    return F.one_hot(ids, len(table)).float().mean(dim=1) @ table


# %% bag wrong "the padding's row is left out, but its places are counted"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    counts[:, padding] = 0
    return counts @ table / ids.shape[1]


# %% bag wrong "the padding's row is added, but its places aren't counted"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    words = (ids != padding).sum(dim=1, keepdim=True).clamp(min=1)
    return counts @ table / words


# %% bag wrong "the sum, not the mean"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    counts[:, padding] = 0
    return counts @ table


# %% bag wrong "a sentence of padding gives nan"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    counts[:, padding] = 0
    return counts @ table / counts.sum(dim=1, keepdim=True)


# %% bag wrong "a repeated word counts once"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).amax(dim=1).float()
    counts[:, padding] = 0
    return counts @ table / counts.sum(dim=1, keepdim=True).clamp(min=1)


# %% bag wrong "the padding taken for word 0, whatever it is"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    counts[:, 0] = 0
    return counts @ table / counts.sum(dim=1, keepdim=True).clamp(min=1)


# %% bag wrong "one vector for all sentences together"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    counts[:, padding] = 0
    return (counts @ table).sum(dim=0) / counts.sum()


# %% bag wrong "the look-up itself: no mean over the words"
def bag(table, ids, padding):
    onehot = F.one_hot(ids, len(table)).float()
    onehot[..., padding] = 0
    return onehot @ table


# %% bag wrong "divided by one too many, as if against a division by 0"
def bag(table, ids, padding):
    counts = F.one_hot(ids, len(table)).sum(dim=1).float()
    counts[:, padding] = 0
    return counts @ table / (counts.sum(dim=1, keepdim=True) + 1)


# %% contrastive hints [markdown]
# 1. Of which distances does the loss depend at all if the two are different and far
#    apart? And what is the slope of the distance itself, in one coordinate?
# 2. Chain rule: slope of the pair's loss in `d`, times the vector of length 1 from `V`
#    to `U`, divided by the number of pairs. Where `d` is 0 that vector shall be zeros.
# 3. Difference, length, clamp of margin minus length; `torch.where` once for the losses
#    and once for the slopes `2 d` and `-2 (m - d)`; divide safely; mean.


# %% contrastive right "with index assignment"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.square().sum(dim=1).sqrt()
    short = torch.relu(margin - d)
    losses = short**2
    losses[same] = d[same] ** 2
    factor = -2 * short / d.clamp(min=1e-12)
    factor[same] = 2.0
    return losses.mean(), factor[:, None] * difference / len(d)


# %% contrastive right "same as a number of 0 or 1"
def contrastive(U, V, same, margin):
    s = same.float()
    difference = U - V
    d = torch.linalg.vector_norm(difference, dim=1)
    short = (margin - d).clamp(min=0)
    loss = (s * d**2 + (1 - s) * short**2).mean()
    unit = torch.nan_to_num(difference / d[:, None])
    return loss, (2 * (s * d - (1 - s) * short))[:, None] * unit / len(U)


# %% contrastive wrong "the push isn't squared"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    slope = torch.where(same, 2 * d, -(short > 0).float())
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return torch.where(same, d**2, short).mean(), slope[:, None] * unit / len(U)


# %% contrastive wrong "a mean for each kind of pair, added"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    equal, unequal = same.sum().clamp(min=1), (~same).sum().clamp(min=1)
    loss = (d**2)[same].sum() / equal + (short**2)[~same].sum() / unequal
    slope = torch.where(same, 2 * d / equal, -2 * short / unequal)
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit


# %% contrastive wrong "same and different exchanged"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, short**2, d**2).mean()
    slope = torch.where(same, -2 * short, 2 * d)
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit / len(U)


# %% contrastive wrong "no margin: different pairs are pushed without end"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    loss = torch.where(same, d**2, (margin - d) ** 2).mean()
    slope = torch.where(same, 2 * d, -2 * (margin - d))
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit / len(U)


# %% contrastive wrong "only the pull: different pairs cost nothing"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    slope = torch.where(same, 2.0, 0.0)
    return torch.where(same, d**2, 0.0).mean(), slope[:, None] * difference / len(U)


# %% contrastive wrong "the distance squared where the margin is measured"
def contrastive(U, V, same, margin):
    difference = U - V
    d2 = difference.square().sum(dim=1)
    short = (margin - d2).clamp(min=0)
    loss = torch.where(same, d2, short).mean()
    slope = torch.where(same, 2.0, torch.where(short > 0, -2.0, 0.0))
    return loss, slope[:, None] * difference / len(U)


# %% contrastive wrong "the distance isn't squared for equal pairs"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d, short**2).mean()
    slope = torch.where(same, torch.ones_like(d), -2 * short)
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit / len(U)


# %% contrastive wrong "the gradient of a sum: not divided by the number of pairs"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    slope = torch.where(same, 2 * d, -2 * short)
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit


# %% contrastive wrong "the gradient's sign is turned for different pairs"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    slope = torch.where(same, 2 * d, 2 * short)
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit / len(U)


# %% contrastive wrong "the sign is turned: the gradient in V, or the step"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    slope = torch.where(same, -2 * d, 2 * short)
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, slope[:, None] * unit / len(U)


# %% contrastive wrong "nan in the gradient of a pair at distance 0"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    slope = torch.where(same, 2 * d, -2 * short)
    return loss, slope[:, None] * (difference / d[:, None]) / len(U)


# %% contrastive wrong "the push grows with the distance: the vector isn't of length 1"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    slope = torch.where(same, torch.full_like(d, 2.0), -2 * short)
    return loss, slope[:, None] * difference / len(U)


# %% contrastive wrong "the factor 2 of the square is missing in the gradient"
def contrastive(U, V, same, margin):
    difference = U - V
    d = difference.norm(dim=1)
    short = (margin - d).clamp(min=0)
    loss = torch.where(same, d**2, short**2).mean()
    unit = difference / torch.where(d > 0, d, 1)[:, None]
    return loss, torch.where(same, d, -short)[:, None] * unit / len(U)


# %% contrastive equivalent "zeros divided by anything"
# unit = difference / torch.where(d > 0, d, 1)[:, None] -> unit = difference / torch.where(d > 0, d, 2)[:, None]


# %% info_nce hints [markdown]
# 1. Which entries of the (N, N) matrix belong to true pairs? Where do the rivals of an
#    image stand, and where those of a caption?
# 2. Lengths to 1, product, divided by the temperature. A row asks for the caption of an
#    image; a column asks for the image of a caption.
# 3. A log-softmax along each of the two axes; of both take the diagonal; the mean of
#    all 2N numbers, with the sign turned.


# %% info_nce right "log-sum-exp of rows and columns"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    own = Z.diagonal()
    rows, columns = Z.logsumexp(dim=1) - own, Z.logsumexp(dim=0) - own
    return (rows.mean() + columns.mean()) / 2


# %% info_nce right "one direction as a helper, called twice"
def info_nce(U, V, tau):
    def one_way(A, B):
        Z = F.normalize(A, dim=1) @ F.normalize(B, dim=1).T / tau
        return -torch.log_softmax(Z, dim=1).trace() / len(Z)

    return 0.5 * (one_way(U, V) + one_way(V, U))


# %% info_nce wrong "the mean over all candidates, not over the partners"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    return -(torch.log_softmax(Z, dim=1) + torch.log_softmax(Z, dim=0)).mean() / 2


# %% info_nce wrong "all 2N rows are candidates: images for images, too"
def info_nce(U, V, tau):
    E = torch.cat([F.normalize(U, dim=1), F.normalize(V, dim=1)])
    Z = (E @ E.T / tau).fill_diagonal_(-torch.inf)
    partner = torch.arange(len(E)).roll(len(U))[:, None]
    return -torch.log_softmax(Z, dim=1).gather(1, partner).mean()


# %% info_nce wrong "the temperature is missing"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean() / 2


# %% info_nce wrong "multiplied by the temperature, not divided"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T * tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean() / 2


# %% info_nce wrong "one direction only: images ask, captions don't"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    return -torch.log_softmax(Z, dim=1).diagonal().mean()


# %% info_nce wrong "one direction only: captions ask, images don't"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    return -torch.log_softmax(Z, dim=0).diagonal().mean()


# %% info_nce wrong "the sum of the two directions, not their mean"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean()


# %% info_nce wrong "dot products, not cosines: the lengths count"
def info_nce(U, V, tau):
    Z = U @ V.T / tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean() / 2


# %% info_nce wrong "columns brought to length 1, not rows"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=0) @ F.normalize(V, dim=0).T / tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean() / 2


# %% info_nce wrong "distances as logits: the farthest wins"
def info_nce(U, V, tau):
    Z = (1 - F.normalize(U, dim=1) @ F.normalize(V, dim=1).T) / tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).mean() / 2


# %% info_nce wrong "the pair itself is left out of the denominator"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    others = Z.clone().fill_diagonal_(-torch.inf)
    both = others.logsumexp(dim=1) + others.logsumexp(dim=0)
    return (both / 2 - Z.diagonal()).mean()


# %% info_nce wrong "the sign is turned"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return (rows.diagonal() + columns.diagonal()).mean() / 2


# %% info_nce wrong "the sum over the pairs, not the mean"
def info_nce(U, V, tau):
    Z = F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau
    rows, columns = torch.log_softmax(Z, dim=1), torch.log_softmax(Z, dim=0)
    return -(rows.diagonal() + columns.diagonal()).sum() / 2


# %% info_nce wrong "bare exponentials: they overflow at a low temperature"
def info_nce(U, V, tau):
    E = (F.normalize(U, dim=1) @ F.normalize(V, dim=1).T / tau).exp()
    own = E.diagonal()
    return -((own / E.sum(dim=1)).log() + (own / E.sum(dim=0)).log()).mean() / 2


# %% product_loss hints [markdown]
# 1. Three outputs, three kinds of answer: a number, yes or no, one of four. Which
#    columns belong to which, and which of the three losses take logits?
# 2. `binary_cross_entropy_with_logits` wants floats of the same shape as the logits;
#    `cross_entropy` wants classes as int64 and can be told which label to ignore.
# 3. Three lines, one a loss, each with the default reduction; for the kinds give
#    `ignore_index`. Add them up.


# %% product_loss right "unknown kinds filtered out by a mask"
def product_loss(out, price, new, kind):
    known = kind >= 0
    return (
        (out[:, 0] - price).abs().mean()
        + F.softplus(torch.where(new, -out[:, 1], out[:, 1])).mean()
        + F.cross_entropy(out[known, 2:], kind[known])
    )


# %% product_loss right "split, then three losses"
def product_loss(out, price, new, kind):
    number, logit, logits = out.split([1, 1, 4], dim=1)
    known = kind != -1
    own = logits.log_softmax(dim=1).gather(1, kind.clamp(min=0)[:, None])[:, 0]
    return (
        F.l1_loss(number.squeeze(1), price)
        + F.binary_cross_entropy_with_logits(logit.squeeze(1), new.float())
        - own[known].mean()
    )


# %% product_loss wrong "a sigmoid, then a loss of probabilities: large logits are cut off"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy(out[:, 1].sigmoid(), new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "the Huber loss for the price"
def product_loss(out, price, new, kind):
    loss = F.huber_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "the median of the errors, not their mean"
def product_loss(out, price, new, kind):
    loss = (out[:, 0] - price).abs().median()
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "the logit of new stands among the kinds"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 1:], kind, ignore_index=-1)


# %% product_loss wrong "an unknown kind isn't left out: -1 is no class"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind)


# %% product_loss wrong "the squared error for the price"
def product_loss(out, price, new, kind):
    loss = F.mse_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "a column taken for a row of the price: (N, 1) beside (N,)"
def product_loss(out, price, new, kind):
    loss = (out[:, :1] - price).abs().mean()
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "the classes' logits went through a softmax first"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    P = out[:, 2:].softmax(dim=1)
    return loss + F.cross_entropy(P, kind, ignore_index=-1)


# %% product_loss wrong "a sigmoid before the loss that applies its own"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    yes = out[:, 1].sigmoid()
    loss = loss + F.binary_cross_entropy_with_logits(yes, new.float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "the logarithm of a sigmoid: infinite for large logits"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    p = out[:, 1].sigmoid()
    loss = loss - torch.where(new, p, 1 - p).log().mean()
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "an unknown kind is taken for the last one"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind % 4)


# %% product_loss wrong "an unknown kind is taken for kind 0"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind.clamp(min=0))


# %% product_loss wrong "a product of unknown kind is left out of all three losses"
def product_loss(out, price, new, kind):
    known = kind >= 0
    out, price, new, kind = out[known], price[known], new[known], kind[known]
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.cross_entropy(out[:, 2:], kind)


# %% product_loss wrong "the kinds' loss divided by all products, known or not"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    total = F.cross_entropy(out[:, 2:], kind, ignore_index=-1, reduction="sum")
    return loss + total / len(out)


# %% product_loss wrong "sums over the batch, not means"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price, reduction="sum")
    loss = loss + F.binary_cross_entropy_with_logits(
        out[:, 1], new.float(), reduction="sum"
    )
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1, reduction="sum")


# %% product_loss wrong "the mean of the three losses, not their sum"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return (loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)) / 3


# %% product_loss wrong "new and old exchanged"
def product_loss(out, price, new, kind):
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], (~new).float())
    return loss + F.cross_entropy(out[:, 2:], kind, ignore_index=-1)


# %% product_loss wrong "the kinds as four yes-or-no questions"
def product_loss(out, price, new, kind):
    known = kind >= 0
    loss = F.l1_loss(out[:, 0], price)
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 1], new.float())
    return loss + F.binary_cross_entropy_with_logits(
        out[known, 2:], F.one_hot(kind[known], 4).float()
    )


# %% product_loss equivalent "the absolute difference is symmetric"
# loss = F.l1_loss(out[:, 0], price) -> loss = F.l1_loss(price, out[:, 0])


# %% hardest_triplets hints [markdown]
# 1. Which entries of the (N, N) distances may the farthest positive be chosen from?
#    Which value makes sure that an entry is never the largest, or never the smallest?
# 2. Masks: same class without the diagonal, other class. Fill what isn't allowed with
#    minus or plus infinity and take the maximum and minimum of each row.
# 3. An anchor takes part if its row of both masks has a True. Clamp the gap plus margin
#    at 0, keep these anchors, sum, divide by their number, at least 1.


# %% hardest_triplets right "rows that take part are chosen first"
def hardest_triplets(E, y, margin):
    d = (E[:, None] - E).square().sum(dim=2).sqrt()
    same = y[:, None] == y
    other = ~same
    same = same & (torch.arange(len(y))[:, None] != torch.arange(len(y)))
    rows = (same.any(dim=1) & other.any(dim=1)).nonzero()[:, 0]
    if len(rows) == 0:
        return torch.zeros(()), 0
    far = torch.where(same, d, -1.0)[rows].max(dim=1).values
    near = torch.where(other, d, torch.inf)[rows].min(dim=1).values
    return torch.relu(far - near + margin).mean(), len(rows)


# %% hardest_triplets right "all triplets, then the worst of each anchor"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E, compute_mode="donot_use_mm_for_euclid_dist")
    same, eye = y[:, None] == y, torch.eye(len(y), dtype=torch.bool)
    valid = (same & ~eye)[:, :, None] & ~same[:, None, :]  # a, p, n
    gap = d[:, :, None] - d[:, None, :] + margin
    worst = torch.where(valid, gap, -torch.inf).flatten(1).amax(dim=1)
    there = worst > -torch.inf
    return worst[there].clamp(min=0).sum() / max(1, int(there.sum())), int(there.sum())


# %% hardest_triplets wrong "the margin is taken off, not added"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    gap, count = (farthest - nearest - margin).clamp(min=0), int(part.sum())
    return gap[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "positive and negative exchanged in the gap"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    gap, count = (nearest - farthest + margin).clamp(min=0), int(part.sum())
    return gap[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "the mean over all triplets, not the hardest of each anchor"
def hardest_triplets(E, y, margin):
    d, same = torch.cdist(E, E), y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    valid = positive[:, :, None] & ~same[:, None, :]  # a, p, n
    gap = (d[:, :, None] - d[:, None, :] + margin).clamp(min=0)[valid]
    count = int(valid.any(dim=2).any(dim=1).sum())
    return gap.sum() / max(len(gap), 1), count


# %% hardest_triplets wrong "the nearest positive, not the farthest"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    chosen = d.masked_fill(~positive, torch.inf).amin(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(part.sum())
    return (chosen - nearest + margin).clamp(min=0)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "the farthest negative, not the nearest"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    chosen = d.masked_fill(same, -torch.inf).amax(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(part.sum())
    return (farthest - chosen + margin).clamp(min=0)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "the anchor is its own positive: single images take part"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    farthest = d.masked_fill(~same, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = ~same.all(dim=1)
    count = int(part.sum())
    return (farthest - nearest + margin).clamp(min=0)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "the nearest negative is at 0: anchor or masked entry"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = (d * positive).amax(dim=1)
    nearest = (d * ~same).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(part.sum())
    return (farthest - nearest + margin).clamp(min=0)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "squared distances, where Euclidean ones are asked"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E) ** 2
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(part.sum())
    return (farthest - nearest + margin).clamp(min=0)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "the margin is missing"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(part.sum())
    return (farthest - nearest).clamp(min=0)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "not clamped: easy anchors make up for hard ones"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    count = int(part.sum())
    return (farthest - nearest + margin)[part].sum() / max(count, 1), count


# %% hardest_triplets wrong "divided by all images, with or without a positive"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    gap = (farthest - nearest + margin).clamp(min=0)[part]
    return gap.sum() / len(E), int(part.sum())


# %% hardest_triplets wrong "the mean over the anchors that still cost something"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    gap = (farthest - nearest + margin).clamp(min=0)[part]
    count = int((gap > 0).sum())
    return gap.sum() / max(count, 1), count


# %% hardest_triplets wrong "nan where no anchor takes part"
def hardest_triplets(E, y, margin):
    d = torch.cdist(E, E)
    same = y[:, None] == y
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = d.masked_fill(same, torch.inf).amin(dim=1)
    part = positive.any(dim=1) & ~same.all(dim=1)
    gap = (farthest - nearest + margin).clamp(min=0)[part]
    return gap.mean(), int(part.sum())


# %% hardest_triplets equivalent "the tables of distances and classes are symmetric; no anchor is alone"
# farthest = d.masked_fill(~positive, -torch.inf).amax(dim=1) -> farthest = d.masked_fill(~positive, -torch.inf).amax(dim=0)
# nearest = d.masked_fill(same, torch.inf).amin(dim=1) -> nearest = d.masked_fill(same, torch.inf).amin(dim=0)
# return (gap.sum() / max(count, 1), count) -> return (gap.sum() / max(1, count), count)
# return (gap.sum() / max(count, 1), count) -> return (gap.sum() / max(count, 2), count)
# takes_part = positive.any(dim=1) & ~same.all(dim=1) -> takes_part = positive.any(dim=0) & ~same.all(dim=1)
# takes_part = positive.any(dim=1) & ~same.all(dim=1) -> takes_part = positive.any(dim=1) & ~same.all()
# takes_part = positive.any(dim=1) & ~same.all(dim=1) -> takes_part = positive.any(dim=1) & ~same.all(dim=0)
