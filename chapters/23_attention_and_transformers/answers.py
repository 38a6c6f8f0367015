# %% masked_softmax hints [markdown]
# 1. What does a softmax give for a row in which every score is minus infinity, and what
#    is asked for such a row? What do the weights of any other row sum to?
# 2. Forbid before the softmax, not after it: a score so low that its exponential is 0
#    takes no share, and the others still sum to 1. Where all of a row is that low,
#    minus infinity gives 0 / 0; the lowest finite number gives equal weights, which is
#    wrong as well but can be mended.
# 3. Three steps. Fill the places where the mask is `False` with the lowest finite
#    float, which `torch.finfo` knows. Take the softmax along the last axis. Put 0 into
#    the forbidden places of the result: that only matters in a row that may look
#    nowhere.

# %% masked_softmax right "torch.where before and after"
def masked_softmax(scores, mask):
    low = torch.where(mask, scores, torch.finfo(torch.float32).min)
    return torch.where(mask, F.softmax(low, -1), 0.0)


# %% masked_softmax right "exp by hand, shifted by the largest allowed score"
def masked_softmax(scores, mask):
    mask = mask.expand(scores.shape)
    safe = scores.masked_fill(~mask, -3e38)
    top = safe.amax(dim=-1, keepdim=True).detach()
    power = torch.where(mask, scores - top, 0.0).exp() * mask
    return power / power.sum(dim=-1, keepdim=True).clamp(min=1e-30)


# %% masked_softmax wrong "a mask with 0 and 1 the wrong way round"
def masked_softmax(scores, mask):
    weights = scores.masked_fill(mask, torch.finfo(scores.dtype).min).softmax(dim=-1)
    return weights.masked_fill(mask, 0)


# %% masked_softmax wrong "a row that may look nowhere is 0 / 0, which is NaN"
def masked_softmax(scores, mask):
    return scores.masked_fill(~mask, -torch.inf).softmax(dim=-1)


# %% masked_softmax right "the NaN of a whole row replaced afterwards"
def masked_softmax(scores, mask):
    weights = scores.masked_fill(~mask, -torch.inf).softmax(dim=-1)
    return weights.masked_fill(~mask.any(dim=-1, keepdim=True), 0)


# %% masked_softmax wrong "softmax on the query axis"
def masked_softmax(scores, mask):
    lowest = torch.finfo(scores.dtype).min
    weights = scores.masked_fill(~mask, lowest).softmax(dim=-2)
    return weights.masked_fill(~mask, 0)


# %% masked_softmax wrong "a row that may look nowhere looks everywhere"
def masked_softmax(scores, mask):
    return scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(dim=-1)


# %% masked_softmax wrong "weights are taken away and the rest does not sum to 1"
def masked_softmax(scores, mask):
    return scores.softmax(dim=-1) * mask


# %% masked_softmax wrong "forbidden scores become 0, which is a score like any other"
def masked_softmax(scores, mask):
    return scores.masked_fill(~mask, 0).softmax(dim=-1)


# %% masked_softmax wrong "exp of a large score overflows"
def masked_softmax(scores, mask):
    power = scores.exp() * mask
    return power / power.sum(dim=-1, keepdim=True).clamp(min=1e-30)


# %% masked_softmax wrong "filled with a number that a score can fall below"
def masked_softmax(scores, mask):
    weights = scores.masked_fill(~mask, -1e6).softmax(dim=-1)
    return weights.masked_fill(~mask, 0)


# %% masked_softmax wrong "masked after the softmax, where a forbidden score can swallow all the weight"
def masked_softmax(scores, mask):
    weights = scores.softmax(dim=-1) * mask
    return weights / (weights.sum(dim=-1, keepdim=True) + 1e-12)


# %% masked_softmax wrong "no exponential: the scores themselves are divided"
def masked_softmax(scores, mask):
    kept = scores * mask
    return kept / kept.sum(dim=-1, keepdim=True).clamp(min=1e-30)


# %% masked_softmax wrong "forbidden scores are low, but not the lowest"
def masked_softmax(scores, mask):
    return scores.masked_fill(~mask, -100).softmax(dim=-1) * mask


# %% attention hints [markdown]
# 1. `K` has fewer heads than `Q`. Which key head goes with query head 3 if h is 6 and g
#    is 2? And along which of the two last axes lie the weights of one query?
# 2. Give `K` and `V` as many heads as `Q` by repeating each head in place, so that
#    equal ones stand side by side: 0, 0, 0, 1, 1, 1. Then it is plain attention. A
#    forbidden key must be out before the softmax shares out the weight.
# 3. Repeat the heads of `K` and `V` h/g times along axis 1. The scores: `Q` times `K`
#    with its last two axes exchanged, divided by the root of d. Forbidden scores get
#    the lowest value there is. Softmax along the keys, times the values.


# %% attention right "an axis for the groups, einsum"
def attention(Q, K, V, mask=None):
    B, h, m, d = Q.shape
    g, n = K.shape[1:3]
    groups = Q.reshape(B, g, h // g, m, d)
    scores = torch.einsum("bgsmd,bgnd->bgsmn", groups, K).reshape(B, h, m, n) * d**-0.5
    if mask is not None:
        scores = torch.where(mask, scores, -1e30)
    weights = F.softmax(scores, -1).reshape(B, g, h // g, m, n)
    return torch.einsum("bgsmn,bgnv->bgsmv", weights, V).reshape(B, h, m, -1)


# %% attention right "head by head"
def attention(Q, K, V, mask=None):
    h, g = Q.shape[1], K.shape[1]
    group = [j * g // h for j in range(h)]
    scores = torch.matmul(Q / Q.shape[-1] ** 0.5, K[:, group].transpose(-1, -2))
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), float("-inf"))
    return torch.matmul(torch.softmax(scores, -1), V[:, group])


# %% attention wrong "no scaling"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "divided by the length, not by its root"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1]
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "multiplied by the root"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT * Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "the root of the number of keys"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / K.shape[-2] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "the root of the values' length"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / V.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "softmax on the query axis"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -1e30)
    return s.softmax(dim=-2) @ V


# %% attention wrong "a mask with 0 and 1 the wrong way round"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "the mask is ignored"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    return s.softmax(dim=-1) @ V


# %% attention wrong "masked after the softmax, so the weights do not sum to 1"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = (Q @ K.mT / Q.shape[-1] ** 0.5).softmax(dim=-1)
    if mask is not None:
        s = s * mask
    return s @ V


# %% attention wrong "masked scores become 0, which is a score like any other"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s * mask
    return s.softmax(dim=-1) @ V


# %% attention wrong "the weights are returned, not the mean of the values"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1)


# %% attention wrong "no softmax: scores are used as weights"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s * mask
    return s @ V


# %% attention wrong "the mask is added to the scores, as 0 and 1"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat_interleave(share, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s + mask
    return s.softmax(dim=-1) @ V


# %% attention wrong "query heads take the key heads in turn"
def attention(Q, K, V, mask=None):
    share = Q.shape[1] // K.shape[1]
    K, V = (x.repeat(1, share, 1, 1) for x in (K, V))
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "all query heads use the first key head"
def attention(Q, K, V, mask=None):
    K, V = K[:, :1], V[:, :1]
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "the key heads are averaged"
def attention(Q, K, V, mask=None):
    K, V = K.mean(1, keepdim=True), V.mean(1, keepdim=True)
    s = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, -torch.inf)
    return s.softmax(dim=-1) @ V


# %% attention wrong "a library does the attention"
def attention(Q, K, V, mask=None):
    look = torch.ops.aten.scaled_dot_product_attention
    return look(Q, K, V, mask, enable_gqa=True)


# %% multi_head hints [markdown]
# 1. A reshape from (B, n, d) to (B, h, n, d/h) runs without an error. Try it on two
#    positions of two numbers each, with two heads: whose numbers does a head get?
# 2. A head keeps all positions, and of each position a piece of its numbers. So cut the
#    last axis in two first, into heads and numbers; then exchange axes, so that the
#    head stands before the positions. On the way back, undo both in the opposite order.
# 3. Project `X` three times. Split each into (B, h, n, d/h): a reshape, then a
#    transpose. Call `F.scaled_dot_product_attention` once: it takes B and h as axes of
#    a batch, and scales by the head's length. Transpose back, reshape to (B, n, d),
#    multiply by `W_o`.


# %% multi_head right "chunks of the columns, stacked"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    Q, K, V = (
        torch.stack((X @ W).chunk(num_heads, dim=2), dim=1) for W in (W_q, W_k, W_v)
    )
    heads = F.scaled_dot_product_attention(Q, K, V)
    return torch.cat([*heads.unbind(dim=1)], dim=2) @ W_o


# %% multi_head right "unflatten and einsum"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    Q, K, V = ((X @ W).unflatten(2, (num_heads, -1)) for W in (W_q, W_k, W_v))
    scores = torch.einsum("bmhc,bnhc->bhmn", Q, K) / math.sqrt(Q.shape[-1])
    return torch.einsum("bhmn,bnhc->bmhc", scores.softmax(-1), V).flatten(2) @ W_o


# %% multi_head wrong "heads split by view without transpose"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.view(B, num_heads, n, d // num_heads)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.reshape(B, n, d) @ W_o


# %% multi_head wrong "joined without the transpose back"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.reshape(B, n, d) @ W_o


# %% multi_head wrong "heads attend to each other at one position, not position to position"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.reshape(B, n, d) @ W_o


# %% multi_head wrong "one head of all the numbers"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    return F.scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v) @ W_o


# %% multi_head wrong "a head gets every h-th number, not numbers in a row"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, d // num_heads, num_heads).permute(0, 3, 1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.permute(0, 2, 3, 1).reshape(B, n, d) @ W_o


# %% multi_head wrong "the results of the heads are interleaved, not put side by side"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.permute(0, 2, 3, 1).reshape(B, n, d) @ W_o


# %% multi_head wrong "the last matrix is left out"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, n, d)


# %% multi_head wrong "scaled by the whole width, not by the head's"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V, scale=d**-0.5)
    return heads.transpose(1, 2).reshape(B, n, d) @ W_o


# %% multi_head wrong "scaled twice: the library's function divides as well"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q / math.sqrt(d // num_heads), K, V)
    return heads.transpose(1, 2).reshape(B, n, d) @ W_o


# %% multi_head wrong "no scaling"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V, scale=1.0)
    return heads.transpose(1, 2).reshape(B, n, d) @ W_o


# %% multi_head wrong "the matrices are transposed, as inside nn.Linear"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q.T), split(X @ W_k.T), split(X @ W_v.T)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, n, d) @ W_o.T


# %% multi_head wrong "queries and keys have changed places"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def f(W):
        return (X @ W).reshape(B, n, num_heads, -1).transpose(1, 2)

    return (
        F.scaled_dot_product_attention(f(W_k), f(W_q), f(W_v))
        .transpose(1, 2)
        .flatten(2)
        @ W_o
    )


# %% multi_head wrong "the number of heads is taken for the size of one"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def f(W):
        return (X @ W).reshape(B, n, d // num_heads, num_heads).transpose(1, 2)

    return (
        F.scaled_dot_product_attention(f(W_q), f(W_k), f(W_v))
        .transpose(1, 2)
        .flatten(2)
        @ W_o
    )


# %% multi_head wrong "the values are not projected"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, n, d) @ W_o


# %% multi_head equivalent "transpose takes its two axes in any order"
# return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2) -> return Y.reshape(B, n, num_heads, d // num_heads).transpose(2, 1)
# return heads.transpose(1, 2).reshape(B, n, d) @ W_o -> return heads.transpose(2, 1).reshape(B, n, d) @ W_o


# %% positional_encoding hints [markdown]
# 1. With d = 6, how many different frequencies are there? Which exponents of 10000 do
#    they have, and which two columns share the first of them?
# 2. Column j and column j + d/2 share one angle: there are only d/2 columns of angles.
#    Each row's angles come from its own entry of `positions`, whatever its place in the
#    result is.
# 3. Positions as a column, frequencies as a row: broadcasting makes the angles,
#    (n, d/2). Take the sines of all, take the cosines of all, and put the two blocks
#    beside each other.


# %% positional_encoding right "columns filled by slices"
def positional_encoding(positions, d):
    P = torch.empty(len(positions), d)
    power = torch.exp(-math.log(10000.0) * torch.arange(0, d, 2).float() / d)
    angle = positions.float()[:, None] * power
    P[:, : d // 2] = angle.sin()
    P[:, d // 2 :] = angle.cos()
    return P


# %% positional_encoding right "every column its frequency, then where"
def positional_encoding(positions, d):
    column = torch.arange(d)
    angle = torch.outer(positions.float(), 10000 ** (-2 * (column % (d // 2)) / d))
    return torch.where(column < d // 2, torch.sin(angle), torch.cos(angle))


# %% positional_encoding right "the parts of a complex number"
def positional_encoding(positions, d):
    angle = torch.outer(positions.double(), 1e4 ** (-torch.arange(d // 2) * 2 / d))
    turned = torch.polar(torch.ones_like(angle), angle)
    return torch.hstack([turned.imag, turned.real]).float()


# %% positional_encoding wrong "sines and cosines take turns, as in the lecture"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)


# %% positional_encoding wrong "the given positions are ignored: rows are counted from 0"
def positional_encoding(positions, d):
    angle = torch.arange(len(positions))[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the lecture's code: rows counted from 0, sines and cosines in turns"
def positional_encoding(positions, d):
    angle = torch.arange(len(positions))[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)


# %% positional_encoding wrong "sine and cosine on the wrong dims: the cosines come first"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.cos(), angle.sin()], dim=1)


# %% positional_encoding wrong "even positions get the sine, where the first columns should"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    angle, even = torch.cat([angle, angle], dim=1), positions[:, None] % 2 == 0
    return torch.where(even, angle.sin(), angle.cos())


# %% positional_encoding wrong "even columns get the sine and odd ones the cosine, of the right angles"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    angle, even = torch.cat([angle, angle], dim=1), torch.arange(d) % 2 == 0
    return torch.where(even, angle.sin(), angle.cos())


# %% positional_encoding wrong "each column has a frequency of its own: the cosines go on where the sines end"
def positional_encoding(positions, d):
    j = torch.arange(d)
    angle = positions.reshape(-1, 1) / 10000 ** (j / d)
    return torch.where(j < d // 2, angle.sin(), angle.cos())


# %% positional_encoding wrong "each column has a frequency of its own, with 2 j / d for all d columns"
def positional_encoding(positions, d):
    j = torch.arange(d)
    angle = positions.reshape(-1, 1) / 10000 ** (2 * j / d)
    return torch.where(j < d // 2, angle.sin(), angle.cos())


# %% positional_encoding wrong "positions are counted from 1"
def positional_encoding(positions, d):
    angle = (positions.reshape(-1, 1) + 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the positions are sorted first"
def positional_encoding(positions, d):
    positions = positions.sort().values
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the sign of a position is lost"
def positional_encoding(positions, d):
    positions = positions.abs()
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the frequencies grow from column to column"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) * 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the frequencies stand in the opposite order, the slowest first"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    angle = angle.flip(1)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the exponent is half as large: j / d where 2 j / d is due"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(d // 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the exponent is twice as large: 4 j / d where 2 j / d is due"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (2 * torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "the exponents reach 1: divided by d / 2 - 1, not by d / 2"
def positional_encoding(positions, d):
    share = torch.linspace(0, 1, d // 2)
    angle = positions.reshape(-1, 1) / 10000**share
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# %% positional_encoding wrong "sines only"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.sin()], dim=1)


# %% positional_encoding wrong "positions stand in columns"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=1).T


# %% positional_encoding wrong "halves of the rows, not of the columns: the cosines stand below the sines"
def positional_encoding(positions, d):
    angle = positions.reshape(-1, 1) / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()], dim=0)


# %% positional_encoding wrong "a loop, where none is allowed"
def positional_encoding(positions, d):
    frequency = 10000 ** (-torch.arange(0, d, 2) / d)
    rows = [
        torch.cat([(p * frequency).sin(), (p * frequency).cos()]) for p in positions
    ]
    return torch.stack(rows)


# %% decoder_mask hints [markdown]
# 1. In the prompt's example the third token is padding. Which of the nine entries does
#    it close: a row or a column? Is that the axis of the queries or of the keys?
# 2. Two conditions, and both must hold. One depends on positions alone: a triangle
#    (n, n), with its diagonal, since a query sees itself. The other depends on the
#    key's token alone, so within an example it is the same row for every query.
# 3. Make a bool matrix (n, n) that is `True` on and below the diagonal. Compare
#    `tokens` with `pad`, (B, n), and give that an axis of length 1 for the queries,
#    (B, 1, n). Join the two by a logical and: broadcasting makes (B, n, n).


# %% decoder_mask right "positions compared"
def decoder_mask(tokens, pad):
    place = torch.arange(tokens.shape[1])
    return (place <= place[:, None]) & (tokens[:, None, :] != pad)


# %% decoder_mask right "zeros turned to False"
def decoder_mask(tokens, pad):
    B, n = tokens.shape
    mask = torch.ones(B, n, n).tril()
    mask = mask * tokens.ne(pad).reshape(B, 1, n)
    return mask.bool()


# %% decoder_mask wrong "the diagonal is left out: a query can't see itself"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril(-1)
    return causal & (tokens != pad).unsqueeze(1)


# %% decoder_mask wrong "queries see the future, not the past"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).triu()
    return causal & (tokens != pad).unsqueeze(1)


# %% decoder_mask wrong "a mask with 0 and 1 the wrong way round"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return ~(causal & (tokens != pad).unsqueeze(1))


# %% decoder_mask wrong "padding closes the queries' rows, not the keys' columns"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return causal & (tokens != pad).unsqueeze(2)


# %% decoder_mask wrong "padding closes rows and columns"
def decoder_mask(tokens, pad):
    n, real = tokens.shape[1], tokens != pad
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return causal & real.unsqueeze(1) & real.unsqueeze(2)


# %% decoder_mask wrong "padding is forgotten"
def decoder_mask(tokens, pad):
    B, n = tokens.shape
    return torch.ones(B, n, n, dtype=torch.bool).tril()


# %% decoder_mask wrong "the future is forgotten"
def decoder_mask(tokens, pad):
    B, n = tokens.shape
    return (tokens != pad).unsqueeze(1).repeat(1, n, 1)


# %% decoder_mask wrong "one of the two conditions is enough"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return causal | (tokens != pad).unsqueeze(1)


# %% decoder_mask wrong "the padding's id is taken to be 0"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return causal & (tokens != 0).unsqueeze(1)


# %% decoder_mask wrong "numbers where bools are asked"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    return torch.ones(n, n).tril() * (tokens != pad).unsqueeze(1)


# %% decoder_mask wrong "real tokens are closed and padding is open"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return causal & (tokens == pad).unsqueeze(1)


# %% decoder_mask wrong "all that comes after the first padding is closed"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    real = (tokens == pad).cumsum(1) == 0
    return torch.ones(n, n, dtype=torch.bool).tril() & real[:, None]


# %% decoder_mask wrong "padding may look at itself"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    return torch.ones(n, n, dtype=torch.bool).tril() & (tokens != pad)[
        :, None
    ] | torch.eye(n, dtype=torch.bool)


# %% decoder_mask wrong "a loop, where none is allowed"
def decoder_mask(tokens, pad):
    n = tokens.shape[1]
    mask = (tokens != pad).unsqueeze(1).repeat(1, n, 1)
    for t in range(n):
        mask[:, t, t + 1 :] = False
    return mask


# %% EncoderLayer hints [markdown]
# 1. With `norm_first`, what is the attention's result added to: to `X`, or to the
#    normalised `X`? And what does `True` mean in the `key_padding_mask` of
#    `nn.MultiheadAttention`?
# 2. Both halves follow one pattern, with a norm each. If f is the attention or the
#    small net: either normalise the sum of X and f(X), or add f of the normalised X to
#    X itself. Queries, keys and values are the same tensor. This class's mask says who
#    is forbidden.
# 3. `__init__`: attention with `batch_first`, two linear layers, two norms; remember
#    `norm_first`. `forward`: attention of a tensor on itself with the opposite of
#    `valid` as `key_padding_mask`, of whose two results you need the first; linear,
#    ReLU, linear for the net; then two branches of two residual steps.


# %% EncoderLayer right "a Sequential, and an attention mask of its own"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.first = bool(norm_first)
        self.heads = num_heads
        self.look = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.net = nn.Sequential(
            nn.Linear(d, d_hidden), nn.ReLU(), nn.Linear(d_hidden, d)
        )
        self.norms = nn.ModuleList([nn.LayerNorm(d), nn.LayerNorm(d)])

    def forward(self, X, valid):
        n = X.shape[1]
        hidden = torch.logical_not(valid)[:, None].expand(-1, n, -1)
        hidden = hidden.repeat_interleave(self.heads, dim=0)
        for norm, part in zip(self.norms, ("look", "net"), strict=True):
            Z = norm(X) if self.first else X
            if part == "look":
                Z, _ = self.look(Z, Z, Z, attn_mask=hidden, need_weights=False)
            else:
                Z = self.net(Z)
            X = X + Z if self.first else norm(X + Z)
        return X


# %% EncoderLayer right "sequence first, transposed before and after"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            X = X.transpose(0, 1)
            Y, _ = self.attention(X, X, X, key_padding_mask=valid.logical_not())
            return Y.transpose(0, 1)

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "the norm always stands after the sum"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if False:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "the norm always stands in front"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if True:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "norm_first the wrong way round"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if not self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "no residual around the attention"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "no residual around the small net"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(net(X))


# %% EncoderLayer wrong "one norm does both jobs"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1 = nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm1(X))
        X = self.norm1(X + attend(X))
        return self.norm1(X + net(X))


# %% EncoderLayer wrong "two norms are made, but one of them does both jobs"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm1(X))
        X = self.norm1(X + attend(X))
        return self.norm1(X + net(X))


# %% EncoderLayer wrong "no activation in the small net"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(self.first(X))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "an activation after the small net too"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return torch.relu(self.second(torch.relu(self.first(X))))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "the residual starts from the normalised values"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            Z = self.norm1(X)
            X = Z + attend(Z)
            Z = self.norm2(X)
            return Z + net(Z)
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "a mask with 0 and 1 the wrong way round"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "the mask is ignored"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "only the queries are normalised, keys and values are not"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + self.attention(self.norm1(X), X, X, key_padding_mask=~valid)[0]
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "examples and positions are confused: the attention expects the sequence first"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "the small net is left out"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            return X + attend(self.norm1(X))
        return self.norm1(X + attend(X))


# %% EncoderLayer wrong "no biases in the attention"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(
            d, num_heads, bias=False, batch_first=True
        )
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, valid):
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))


# %% EncoderLayer wrong "another activation than ReLU"
class EncoderLayer(nn.Module):
    def __init__(self, d, num_heads, d_hidden, norm_first):
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        wide, narrow = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.net = nn.Sequential(wide, nn.GELU(), narrow)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def look(self, X, valid):
        return self.attention(X, X, X, key_padding_mask=~valid)[0]

    def forward(self, X, valid):
        if self.norm_first:
            X = X + self.look(self.norm1(X), valid)
            return X + self.net(self.norm2(X))
        X = self.norm1(X + self.look(X, valid))
        return self.norm2(X + self.net(X))


# %% greedy_decode hints [markdown]
# 1. Sentence 0 has ended, sentence 1 has not. What do you feed for sentence 0 in the
#    next step, what is appended to its list, and after which step is `next_scores`
#    called no more?
# 2. All sentences grow together in one tensor of tokens, as the function wants it; what
#    stands there behind an `eos` is nobody's business. Which of them have ended is
#    remembered apart, one bool each. A list grows only while its bool says that it is
#    open.
# 3. Begin with a column of `bos`, B bools, B empty lists. While fewer than `max_len`
#    tokens are written and a sentence is open: scores of all tokens so far, the best
#    token of each row, bools first (so that `eos` isn't appended), then the open lists,
#    then the new column joined to the tokens.


# %% greedy_decode right "written to the end, cut at the first eos"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos, dtype=torch.int64)
    for _ in range(max_len):
        best = next_scores(tokens).max(dim=1).indices
        tokens = torch.cat((tokens, best[:, None]), dim=1)
        if (tokens[:, 1:] == eos).any(dim=1).all():
            break
    sentences = []
    for row in tokens[:, 1:].tolist():
        sentences.append(row[: row.index(eos)] if eos in row else row)
    return sentences


# %% greedy_decode right "ended sentences are fed eos again"
def greedy_decode(next_scores, B, bos, eos, max_len):
    rows = [[bos] for _ in range(B)]
    for _ in range(max_len):
        if all(row[-1] == eos for row in rows):
            break
        scores = next_scores(torch.tensor(rows))
        for row, score in zip(rows, scores, strict=True):
            row.append(eos if row[-1] == eos else int(score.argmax()))
    return [[token for token in row[1:] if token != eos] for row in rows]


# %% greedy_decode wrong "all stop when the first one has ended"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.any():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "it goes on writing after the end"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if token[b] != eos:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "it goes on calling after all have ended"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len:
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "eos is part of the result"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        ended = ended | (token == eos)
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "bos is part of the result"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[bos] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "only the last token is fed, not all so far"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens[:, -1:]).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "one token too many"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len + 1 and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "one token too few: bos is counted"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] < max_len and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "the least likely token is written"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens).argmin(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "max_len is ignored"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= 20 and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences


# %% greedy_decode wrong "the sentences are written one after the other"
def greedy_decode(next_scores, B, bos, eos, max_len):
    out = []
    for b in range(B):
        row = [bos]
        while len(row) <= max_len and row[-1] != eos:
            row.append(int(next_scores(torch.tensor([row] * B))[b].argmax()))
        out.append([t for t in row[1:] if t != eos])
    return out


# %% greedy_decode wrong "a tensor with padding, not a list of lists"
def greedy_decode(next_scores, B, bos, eos, max_len):
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return tokens[:, 1:]


# %% greedy_decode wrong "ids below eos are dropped, too"
def greedy_decode(next_scores, B, bos, eos, max_len):
    Y = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    for _ in range(max_len):
        token = next_scores(Y).argmax(dim=1)
        token[ended] = 0
        Y = torch.cat([Y, token[:, None]], dim=1)
        ended |= token == eos
        if ended.all():
            break
    return [[i for i in row if i > eos] for row in Y.tolist()]


# %% beam_search hints [markdown]
# 1. Two beams are kept, and one of them has ended. Who competes for the two places in
#    the next step, and by which number: the total, or the total divided by the length?
# 2. A step is one contest for all: the ended beams as they are, and every open beam
#    extended by every token. One beam may win several places, another none. Totals
#    decide here. The length counts once, at the end, among the beams that are left.
# 3. Beams are pairs of total and tokens. Each step: list the ended ones; call
#    `next_scores` with all tokens of each open one, take log-probabilities, list one
#    candidate a token; sort, cut to `width`; stop when all have ended. Then choose by
#    the divided total, `bos` not counted, and return the undivided one.


# %% beam_search right "all open beams in one batch, topk over beams and tokens"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    rows, totals = torch.tensor([[bos]]), torch.zeros(1)
    lengths = torch.zeros(1, dtype=torch.int64)
    done = torch.zeros(1, dtype=torch.bool)
    for _ in range(max_len):
        log_p = F.log_softmax(next_scores(rows), dim=-1)  # (beams, V)
        V = log_p.shape[1]
        stay = torch.full((V,), -torch.inf)
        stay[eos] = 0.0
        log_p = torch.where(done[:, None], stay, log_p)
        flat = (totals[:, None] + log_p).flatten()
        totals, best = flat.topk(min(width, int(flat.isfinite().sum())))
        source, token = best // V, best % V
        lengths = lengths[source] + (~done[source]).long()
        rows = torch.cat([rows[source], token[:, None]], dim=1)
        done = token == eos
        if done.all():
            break
    winner = int((totals / lengths**alpha).argmax())
    return rows[winner, 1 : 1 + lengths[winner]].tolist(), totals[winner].item()


# %% beam_search right "open and ended beams in two lists"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    alive, ended, step = {(bos,): 0.0}, {}, 0
    while alive and step < max_len:
        step += 1
        pool = dict(ended)
        for tokens, total in alive.items():
            scores = next_scores(torch.tensor([list(tokens)])).squeeze(0)
            log_p = scores - torch.logsumexp(scores, 0)
            for token in range(len(log_p)):
                pool[(*tokens, token)] = total + log_p[token].item()
        best = sorted(pool, key=pool.get)[-width:]
        ended = {t: pool[t] for t in best if t[-1] == eos}
        alive = {t: pool[t] for t in best if t[-1] != eos}
    every = alive | ended
    winner = max(every, key=lambda t: every[t] / (len(t) - 1) ** alpha)
    return list(winner[1:]), every[winner]


# %% beam_search wrong "greedy: one beam, or copies of one, whatever the width"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:1]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "every beam keeps only its own best continuation"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                best = log_p.topk(width if len(tokens) == 1 else 1).indices
                for token, value in [(k, log_p[k].item()) for k in best.tolist()]:
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "ended beams are extended further"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = []
        for total, tokens in beams:
            if True:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "ended beams are thrown away"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = []
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        if not candidates:
            break
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "it stops when the first beam has ended"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if any(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "the length is not taken into account"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** 0 for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "the total is multiplied by the power of the length, not divided"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total * (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "eos is not counted in the length"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    lengths = [max(1, len(t) - 1 - (t[-1] == eos)) for _, t in beams]
    scores = [b[0] / m**alpha for b, m in zip(beams, lengths, strict=True)]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "ended beams are put aside, where they no longer compete with the open ones"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams, done = [(0.0, [bos])], []
    for _ in range(max_len):
        candidates = []
        for total, tokens in beams:
            log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
            for token, value in enumerate(log_p.tolist()):
                candidates.append((total + value, [*tokens, token]))
        best = sorted(candidates, reverse=True)[:width]
        done += [beam for beam in best if beam[1][-1] == eos]
        beams = [beam for beam in best if beam[1][-1] != eos]
        if not beams:
            break
    every = done + beams
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in every]
    total, tokens = every[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "bos is counted in the length"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / len(tokens) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "the length steers every step, not only the final choice"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(
            candidates, key=lambda c: c[0] / (len(c[1]) - 1) ** alpha, reverse=True
        )[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "the worst beams are kept"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "scores are added, not log-probabilities"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0]
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "the divided total is returned"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], max(scores)


# %% beam_search wrong "bos is part of the result"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens, total


# %% beam_search wrong "eos is missing from the result"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return [token for token in tokens[1:] if token != eos], total


# %% beam_search wrong "only the last token is fed, not all so far"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens[-1:]]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "as many beams are asked for as `width`, also where there are fewer"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        totals = torch.tensor([total for total, _ in candidates])
        beams = [candidates[i] for i in totals.topk(width).indices]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "the width is cut to the number of tokens, though later there are more candidates"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                width = min(width, len(log_p))
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "only ended beams may win, even where an open one is better"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    beams = [b for b in beams if b[1][-1] == eos] or beams
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "eos is put behind a sentence that has not ended"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    tokens = tokens if tokens[-1] == eos else [*tokens, eos]
    return tokens[1:], total


# %% beam_search wrong "probabilities are added, not their logarithms"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search wrong "alpha is ignored: divided by the length itself"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [([bos], 0.0)]
    for _ in range(max_len):
        c = []
        for t, p in beams:
            if t[-1] == eos:
                c.append((t, p))
                continue
            lp = next_scores(torch.tensor([t]))[0].log_softmax(0).tolist()
            c += [(t + [v], p + lp[v]) for v in range(len(lp))]
        beams = sorted(c, key=lambda b: -b[1])[:width]
        if all(b[0][-1] == eos for b in beams):
            break
    t, p = max(beams, key=lambda b: b[1] / (len(b[0]) - 1))
    return t[1:], p


# %% beam_search wrong "one step too many"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [([bos], 0.0)]
    for _ in range(max_len + 1):
        c = []
        for t, p in beams:
            if t[-1] == eos:
                c.append((t, p))
                continue
            lp = next_scores(torch.tensor([t]))[0].log_softmax(0).tolist()
            c += [(t + [v], p + lp[v]) for v in range(len(lp))]
        beams = sorted(c, key=lambda b: -b[1])[:width]
        if all(b[0][-1] == eos for b in beams):
            break
    t, p = max(beams, key=lambda b: b[1] / (len(b[0]) - 1) ** alpha)
    return t[1:], p


# %% beam_search wrong "the total divided by the length is not compared: the first beam to end wins"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = [beam for beam in beams if beam[1][-1] == eos]
        for total, tokens in beams:
            if tokens[-1] != eos:
                log_p = next_scores(torch.tensor([tokens]))[0].log_softmax(dim=0)
                for token, value in enumerate(log_p.tolist()):
                    candidates.append((total + value, [*tokens, token]))
        beams = sorted(candidates, reverse=True)[:width]
        ended = [beam for beam in beams if beam[1][-1] == eos]
        if ended:
            return ended[0][1][1:], ended[0][0]
        if all(tokens[-1] == eos for _, tokens in beams):
            break
    scores = [total / (len(tokens) - 1) ** alpha for total, tokens in beams]
    total, tokens = beams[scores.index(max(scores))]
    return tokens[1:], total


# %% beam_search equivalent "ended beams are not extended, so going on changes nothing"
# if all((tokens[-1] == eos for _, tokens in beams)): -> if all((tokens[-2] == eos for _, tokens in beams)):
# if all((tokens[-1] == eos for _, tokens in beams)): -> if all((tokens[1] == eos for _, tokens in beams)):


# %% smoothed_loss hints [markdown]
# 1. Look at the sum over v: is any of the V tokens left out of the share that epsilon
#    spreads, the right one or the padding's id? And by which number of positions is the
#    whole divided?
# 2. Split the bracket. Its first part picks one log-probability, that of the right
#    token. Its second part is the same for all tokens, so it asks for their mean. Both
#    are one number a position. Which positions count is decided by `targets` alone, and
#    the mean is over those of the whole batch.
# 3. Take `log_softmax` along the tokens (the log of a softmax can be the log of 0).
#    Pick the right token's value with `gather`, which wants `targets` with one axis
#    more: (B, m). Weigh it against the mean over the tokens. Keep the positions that
#    aren't padding; mean; turn the sign.


# %% smoothed_loss right "with the smoothed target written out"
def smoothed_loss(scores, targets, pad, epsilon):
    V = scores.shape[-1]
    q = (1 - epsilon) * F.one_hot(targets, V) + epsilon / V
    loss = -(q * F.log_softmax(scores, dim=-1)).sum(dim=-1)
    real = (targets != pad).float()
    return (loss * real).sum() / real.sum()


# %% smoothed_loss right "only the real positions, picked by index"
def smoothed_loss(scores, targets, pad, epsilon):
    real = targets.ne(pad)
    scores, targets = scores[real], targets[real]
    log_p = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    picked = log_p[torch.arange(len(targets)), targets]
    return -torch.mean((1 - epsilon) * picked + epsilon * log_p.mean(1))


# %% smoothed_loss wrong "padding is not ignored"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -smoothed.mean()


# %% smoothed_loss wrong "padding still counts in the number that is divided by"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -(smoothed * (targets != pad)).mean()


# %% smoothed_loss wrong "the padding is kept and the rest ignored"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -smoothed[targets == pad].mean()


# %% smoothed_loss wrong "epsilon goes to the other tokens only, shared by V - 1"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    others = (log_p.sum(dim=-1) - right) / (scores.shape[-1] - 1)
    smoothed = (1 - epsilon) * right + epsilon * others
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "each token gets epsilon, not its share of it"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.sum(dim=-1)
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "the right token gets the share twice over: 1 - epsilon is missing"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = right + epsilon * log_p.mean(dim=-1)
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "no smoothing"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = right
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "epsilon and 1 - epsilon are swapped"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = epsilon * right + (1 - epsilon) * log_p.mean(dim=-1)
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "the mean of the sentences, not of the tokens"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -torch.stack(
        [row[t != pad].mean() for row, t in zip(smoothed, targets, strict=True)]
    ).mean()


# %% smoothed_loss wrong "a sum where the mean is asked"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -smoothed[targets != pad].sum()


# %% smoothed_loss wrong "the sign is forgotten"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return smoothed[targets != pad].mean()


# %% smoothed_loss wrong "the padding token gets none of the smoothing"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    V = scores.shape[-1]
    log_all = log_p * (torch.arange(V) != pad) * V / (V - 1)
    smoothed = (1 - epsilon) * right + epsilon * log_all.mean(dim=-1)
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "log of a softmax that has become 0"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.softmax(dim=-1).log()
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -smoothed[targets != pad].mean()


# %% smoothed_loss wrong "the padding's id is taken to be 0"
def smoothed_loss(scores, targets, pad, epsilon):
    lp = scores.log_softmax(-1)
    r = lp.gather(-1, targets[..., None])[..., 0]
    return -((1 - epsilon) * r + epsilon * lp.mean(-1))[targets != 0].mean()


# %% smoothed_loss wrong "no gradient reaches the scores"
def smoothed_loss(scores, targets, pad, epsilon):
    lp = scores.detach().log_softmax(-1)
    r = lp.gather(-1, targets[..., None])[..., 0]
    return -((1 - epsilon) * r + epsilon * lp.mean(-1))[targets != pad].mean()


# %% smoothed_loss wrong "divided by the number of sentences, not of tokens"
def smoothed_loss(scores, targets, pad, epsilon):
    lp = scores.log_softmax(-1)
    r = lp.gather(-1, targets[..., None])[..., 0]
    return -(
        ((1 - epsilon) * r + epsilon * lp.mean(-1)) * (targets != pad)
    ).sum() / len(targets)


# %% smoothed_loss wrong "softmax over the positions, not over the tokens"
def smoothed_loss(scores, targets, pad, epsilon):
    log_p = scores.log_softmax(dim=1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -smoothed[targets != pad].mean()


# %% attend_next hints [markdown]
# 1. With `window=3` the cache holds positions 1, 2 and 3, and position 4 comes. Which
#    positions may it look at, and which does the cache that you return hold?
# 2. One new position means one query, and nothing later that a mask would have to hide.
#    Its key and value join the old ones first, so that it sees itself; then the oldest
#    are let go; then it looks at what is left. What it looks at and what you return are
#    the same.
# 3. Project `x`, split each result into heads: (B, h, 1, d/h). If there is a cache,
#    join old and new keys with `torch.cat` along axis 2 and keep the last `window`;
#    likewise the values. Attention of the one query, heads side by side: (B, 1, d).
#    Joining makes new tensors, so the old cache stays as it was.


# %% attend_next right "an empty cache to begin with, attention by einsum"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, size = len(x), x.shape[2] // num_heads
    if cache is None:
        cache = [torch.zeros(B, num_heads, 0, size)] * 2
    new = [(x @ W).reshape(B, num_heads, 1, size) for W in (W_k, W_v)]
    K, V = (torch.cat(pair, dim=2) for pair in zip(cache, new, strict=True))
    K, V = (
        K[:, :, max(0, K.shape[2] - window) :],
        V[:, :, max(0, V.shape[2] - window) :],
    )
    q = (x @ W_q).reshape(B, num_heads, size)
    weights = torch.softmax(torch.einsum("bhc,bhtc->bht", q, K) / size**0.5, dim=2)
    y = torch.einsum("bht,bhtc->bhc", weights, V)
    return y.reshape(B, 1, -1), (K, V)


# %% attend_next right "split as for many positions"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, n, d = x.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    q, k, v = (split(x @ W) for W in (W_q, W_k, W_v))
    past_k, past_v = (k[:, :, :0], v[:, :, :0]) if cache is None else cache
    k = torch.cat([past_k, k], dim=2)[:, :, -window:]
    v = torch.cat([past_v, v], dim=2)[:, :, -window:]
    weights = (q @ k.mT / math.sqrt(d // num_heads)).softmax(dim=-1)
    return (weights @ v).transpose(1, 2).flatten(2), [k, v]


# %% attend_next right "the newest position first"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    q, k, v = ((x @ W).unflatten(2, (num_heads, -1)) for W in (W_q, W_k, W_v))
    q, k, v = (part.transpose(1, 2) for part in (q, k, v))
    if cache is not None:
        k, v = (
            torch.cat([new, old], dim=2)[:, :, :window]
            for new, old in zip((k, v), cache, strict=True)
        )
    y = F.scaled_dot_product_attention(q, k, v)
    return y.transpose(1, 2).flatten(2), (k, v)


# %% attend_next wrong "`cache` is changed in place"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape
    Q, K, V = (
        (x @ W).reshape(B, num_heads, 1, d // num_heads) for W in (W_q, W_k, W_v)
    )
    if cache is not None and cache[0].shape[2] < window:
        K, V = torch.cat([cache[0], K], dim=2), torch.cat([cache[1], V], dim=2)
    elif cache is not None:
        for kept, fresh in zip(cache, (K, V), strict=True):
            kept[:, :, :-1] = kept[:, :, 1:].clone()
            kept[:, :, -1:] = fresh
        K, V = cache
    return F.scaled_dot_product_attention(Q, K, V).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the new position does not see itself"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    K_seen, V_seen = (K, V) if cache is None else cache
    heads = F.scaled_dot_product_attention(Q, K_seen, V_seen)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the earlier positions are forgotten"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if False:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the cache grows past the window"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)
        V = torch.cat([cache[1], V], dim=2)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the cache is cut, but all of it was looked at"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)
        V = torch.cat([cache[1], V], dim=2)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (
        K[:, :, -window:],
        V[:, :, -window:],
    )


# %% attend_next wrong "the window counts the earlier positions only"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window - 1 :]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window - 1 :]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the oldest positions are kept, not the newest"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, :window]
        V = torch.cat([cache[1], V], dim=2)[:, :, :window]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "only the keys are cut to the window and only the new value is kept"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = V.expand_as(K)
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "keys and values are swapped in the cache"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (V, K)


# %% attend_next wrong "one head of all the numbers"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, 1, d).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "no scaling"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V, scale=1.0)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "a head gets every h-th number, not numbers in a row"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, d // num_heads, num_heads).permute(0, 3, 1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the cache holds rows of d numbers, not split into heads"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat(
            [cache[0].unflatten(2, (num_heads, -1)).transpose(1, 2), K], dim=2
        )[:, :, -window:]
        V = torch.cat(
            [cache[1].unflatten(2, (num_heads, -1)).transpose(1, 2), V], dim=2
        )[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (
        K.transpose(1, 2).flatten(2),
        V.transpose(1, 2).flatten(2),
    )


# %% attend_next wrong "the earlier positions are kept outside of the arguments, whatever cache is given"
kept = {}


def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    cache = kept.get("cache") if cache is not None else None
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    kept["cache"] = K, V
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "`x` is changed in place"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    x /= math.sqrt(math.sqrt(x.shape[2] // num_heads))
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "`W_q` is changed in place"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    W_q /= math.sqrt(d // num_heads)
    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V, scale=1)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "a causal mask of one query, which hides all keys but the first"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V, is_causal=True)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "scaled by the whole width, not by the head's"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V, scale=d**-0.5)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "when the window is full the cache is emptied, not moved on"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None and cache[0].shape[2] < window:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)


# %% attend_next wrong "the cache may hold window - 1 positions and the new one is looked at beside them"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, 1, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)
    keep = max(window - 1, 1)
    K, V = K[:, :, -keep:], V[:, :, -keep:]
    return heads.transpose(1, 2).reshape(B, 1, d), (K, V)
