# %% [markdown]
# # Attention and Transformers: exercises
#
# Ten exercises, from a softmax that knows what it may see to a cache of fixed size;
# between them four questions with options, and at the end one that a person reads. Each
# stands alone: if you are stuck, go on with the next. The eighth and the tenth are
# hard; take paper.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then the check below
# it. The checks name your mistake where they know it. Some tests are hidden until your
# work is graded.
#
# Stuck? `check.hint("masked_softmax")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

from utils import check

# %% [markdown]
# One convention holds everywhere: in a mask, `True` means *may look*. $B$ is the number
# of examples, $m$ of queries, $n$ of keys, $h$ of heads.
#
# The checks use two helpers. `made(2, 3)` makes up numbers of that shape between -1 and
# 1, always the same ones. `preset(net)` gives every parameter of a network values that
# depend on its shape alone.


# %%
def made(*shape):
    """Made-up numbers in [-1, 1] of the given shape, always the same."""
    k = torch.arange(math.prod(shape), dtype=torch.float64)
    return torch.sin(0.7 * (k + sum(shape)) ** 2).float().reshape(shape)


def preset(net):
    """Give every parameter values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(made(*p.shape))
    return net


# %% [markdown]
# ## 1. A softmax that looks where it may
#
# Write `masked_softmax(scores, mask)`: softmax along the **last** axis, over the places
# where the mask is `True`; the others get the weight 0.
#
# - Takes `scores`: (..., n) float32 of any size; `mask`: bool, of the shape of `scores`
#   or broadcast to it.
# - Returns weights of the shape of `scores`.
# - A row that may look nowhere gets zeros, and neither its weights nor a gradient is
#   ever NaN.
# - Allowed: everything in PyTorch.
#
# Example: the scores `[1., 1., 5.]` with the mask `[True, True, False]` give
# `[0.5, 0.5, 0.]`.


# %% exercise="masked_softmax"
def masked_softmax(scores, mask):
    """Softmax along the last axis over the places where `mask` is True.

    Args:
        scores: (..., n) float32.
        mask: bool, broadcast to (..., n); True where a query may look.

    Returns:
        (..., n) float32 weights; zeros in a row that may look nowhere.
    """
    ### BEGIN SOLUTION
    lowest = torch.finfo(scores.dtype).min
    weights = scores.masked_fill(~mask, lowest).softmax(dim=-1)
    return weights.masked_fill(~mask, 0)
    ### END SOLUTION


# %% test="masked_softmax" points=2
def slope(scores, mask):
    scores.requires_grad_()
    weights = check.call(masked_softmax, scores, mask)
    (weights * made(*scores.shape)).sum().backward()
    return scores.grad


scores, mask = 2 * made(2, 3, 5), made(2, 3, 5) > -0.3
check.probe(masked_softmax, torch.tensor([[1.0, 1.0, 5.0]]), torch.arange(3) < 2)
check.probe(masked_softmax, scores, mask)
mask[1, 2] = False  # this query may look nowhere
check.probe(masked_softmax, scores, mask)
check.probe(slope, scores, mask, call="the gradient of (masked_softmax(...) * c).sum()")
check.probe(masked_softmax, 100 * scores, mask)
check.probe(masked_softmax, 100 * scores, ~mask)  # now the largest are hidden
### BEGIN HIDDEN TESTS
check.probe(masked_softmax, made(2, 2, 3, 4), made(2, 1, 1, 4) > 0)
check.probe(masked_softmax, made(3, 4), torch.ones(3, 4, dtype=torch.bool))
check.probe(masked_softmax, scores - 3e7, mask[:1])
check.probe(slope, 50 * scores, mask[:, :1])
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Attention with shared keys
#
# In **grouped-query attention** several query heads share the keys and values of one
# head: the cache of a large model becomes that much smaller. Write
# `attention(Q, K, V, mask=None)`: in every query head
# $\operatorname{softmax}(\mathbf Q \mathbf K^\top / \sqrt d)\, \mathbf V$ with the keys
# and values of its group.
#
# - Takes `Q`: (B, h, m, d), `K`: (B, g, n, d), `V`: (B, g, n, d_v), all float32, where
#   g divides h. Query heads 0 to h/g - 1 share key head 0, the next h/g key head 1,
#   and so on.
# - `mask`: `None`, or bool, broadcast to (B, h, m, n). Each query may look at one key
#   or more.
# - Returns (B, h, m, d_v).

# %% [markdown]
# Not allowed: `F.scaled_dot_product_attention`, `nn.MultiheadAttention`.
#
# Example: with h = 6 and g = 2 the query heads 0, 1, 2 use key head 0, and 3, 4, 5 use
# key head 1. A query of zeros scores all keys alike, so it gets the mean of the values.


# %% exercise="attention"
def attention(Q, K, V, mask=None):
    """softmax(Q K^T / sqrt(d)) V in each query head, keys shared by groups of heads.

    Args:
        Q: (B, h, m, d) queries; K: (B, g, n, d) keys; V: (B, g, n, d_v) values.
        mask: None, or bool broadcast to (B, h, m, n); True where a query may look.

    Returns:
        (B, h, m, d_v) float32.
    """
    ### BEGIN SOLUTION
    share = Q.shape[1] // K.shape[1]  # query heads for each key head
    K, V = K.repeat_interleave(share, dim=1), V.repeat_interleave(share, dim=1)
    scores = Q @ K.mT / math.sqrt(K.shape[-1])  # (B, h, m, n)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ V
    ### END SOLUTION


# %% test="attention" points=2 bans="attention"
Q, K, V = 2 * made(2, 4, 3, 7), 2 * made(2, 2, 5, 7), made(2, 2, 5, 2)
mask = made(3, 5) > -0.4
mask[:, 1] = True
check.probe(attention, Q, K, V)
check.probe(attention, Q, K, V, mask)
### BEGIN HIDDEN TESTS
check.probe(attention, made(1, 6, 3, 5), made(1, 2, 4, 5), made(1, 2, 4, 2))
check.probe(attention, Q[:1], K[:1], V[:1], mask[:, :1] | (torch.arange(5) > 2))
Q, K, V = made(3, 4, 6, 4), made(3, 2, 6, 4), made(3, 2, 6, 4)
causal = torch.ones(6, 6, dtype=torch.bool).tril()
expected = F.scaled_dot_product_attention(Q, K, V, is_causal=True, enable_gqa=True)
got = check.call(attention, Q, K, V, causal)
check.close(got, expected, "causal self-attention")
### END HIDDEN TESTS

# %% [markdown] choice="bias_to_spare" points=1
# ## Think: a bias to spare
# A trained layer of self-attention, without a mask, makes queries, keys and values by
# three linear maps with biases. One of these three biases can be set to 0, and no
# output of the layer moves, whatever comes in. Which one?
#
# - That of the queries.
#   wrong: one number that meets all queries thought to be one number for all keys
# - That of the values.
#   wrong: a constant added to all values thought to be lost in their weighted mean
# - That of the keys.
#   right: it adds the same to all scores of a query, and softmax does not feel that.
# - None of the three.
#   wrong: a number added to all scores of a query thought to change its weights

# %% [markdown]
# ## 3. Several heads at once
#
# Write `multi_head(X, W_q, W_k, W_v, W_o, num_heads)`: self-attention with heads.
#
# - Takes `X`: (B, n, d) float32; four matrices (d, d); `num_heads`, which divides d.
# - Project: queries are `X @ W_q`, and so on. Head $j = 0, 1, \dots$ gets $d/h$ numbers
#   of each position, from number $j d/h$ on. Put the heads' results beside each
#   other in this order; multiply by `W_o`.
# - Returns (B, n, d).
# - Allowed: `F.scaled_dot_product_attention`. Not allowed: `nn.MultiheadAttention`, a
#   loop.
#
# Example: `X` (2, 5, 6) with 3 heads makes queries (2, 3, 5, 2).


# %% exercise="multi_head"
def multi_head(X, W_q, W_k, W_v, W_o, num_heads):
    """Multi-head self-attention.

    Args:
        X: (B, n, d) float32.
        W_q, W_k, W_v, W_o: (d, d) float32, applied as X @ W.
        num_heads: number of heads, a divisor of d.

    Returns:
        (B, n, d) float32.
    """
    ### BEGIN SOLUTION
    B, n, d = X.shape

    def split(Y):
        return Y.reshape(B, n, num_heads, d // num_heads).transpose(1, 2)

    Q, K, V = split(X @ W_q), split(X @ W_k), split(X @ W_v)
    heads = F.scaled_dot_product_attention(Q, K, V)  # (B, h, n, d / h)
    return heads.transpose(1, 2).reshape(B, n, d) @ W_o
    ### END SOLUTION


# %% test="multi_head" points=3 bans="multi-head attention, loops"
def matrices(d):
    return [made(d, d), made(1, d, d)[0], made(2, d, d)[1], made(3, d, d)[2]]


check.probe(multi_head, made(2, 5, 6), *matrices(6), num_heads=3)
check.probe(multi_head, made(2, 4, 4), *matrices(4), num_heads=2)
### BEGIN HIDDEN TESTS
check.probe(multi_head, made(1, 3, 8), *matrices(8), num_heads=4)
check.probe(multi_head, made(3, 2, 5), *matrices(5), num_heads=1)
check.probe(multi_head, made(2, 7, 6), *matrices(6), num_heads=6)
library, W = nn.MultiheadAttention(6, 2, bias=False, batch_first=True), matrices(6)
with torch.no_grad():
    library.in_proj_weight.copy_(torch.cat([matrix.T for matrix in W[:3]]))
    library.out_proj.weight.copy_(W[3].T)
    X = made(3, 4, 6)
    expected, _ = library(X, X, X)
got = check.call(multi_head, X, *W, num_heads=2)
check.close(got, expected, "multi-head attention")
### END HIDDEN TESTS

# %% [markdown] choice="twice_the_heads" points=1
# ## Think: twice the heads
# In multi-head attention of width 64 the number of heads is raised from 4 to 8. Width,
# sentences and everything else stay. What is twice as large as before?
#
# - The number of parameters.
#   wrong: each head thought to get matrices of the full width
# - The number of attention weights.
#   right: each head has one for each pair of positions, however few numbers it
#   compares.
# - The number of multiplications in the matrix products.
#   wrong: the heads counted, and forgotten that each is half as long
# - The length of what a head returns for a position.
#   wrong: the head's length thought to grow with the number of heads

# %% [markdown]
# ## 4. Say where you stand
#
# Write `positional_encoding(positions, d)`: the lecture's pattern, but for *given*
# positions, and with the columns in another order, which many libraries use. The first
# half of the columns holds sines, the second half cosines of the same frequencies:
#
# $$P_{i,\,j} = \sin(p_i\, \omega_j), \quad P_{i,\,j + d/2} = \cos(p_i\, \omega_j),
# \quad \omega_j = 10000^{-2j/d}$$
#
# - Takes `positions`: (n,) int64, in any order, some perhaps twice or below 0; `d`, an
#   even int. $j$ runs from 0 to $d/2 - 1$.
# - Returns (n, d) float32.
# - Allowed: everything in PyTorch. Not allowed: a loop.
#
# Example: position 1 with $d = 4$ has the row `[0.84, 0.01, 0.54, 1.00]`.


# %% exercise="positional_encoding"
def positional_encoding(positions, d):
    """Sines in the first half of the columns, cosines in the second half.

    Args:
        positions: (n,) int64, the position of each row.
        d: number of columns, even.

    Returns:
        (n, d) float32.
    """
    ### BEGIN SOLUTION
    frequency = 10000 ** (-torch.arange(0, d, 2) / d)  # (d / 2,)
    angle = positions.reshape(-1, 1) * frequency  # (n, d / 2)
    return torch.cat([angle.sin(), angle.cos()], dim=1)
    ### END SOLUTION


# %% test="positional_encoding" points=2 bans="loops"
check.probe(positional_encoding, torch.tensor([3, 1, 0, 8, 3]), 6)
check.probe(positional_encoding, torch.tensor([-2, 7, 100]), 10)
### BEGIN HIDDEN TESTS
check.probe(positional_encoding, torch.tensor([5]), 2)
check.probe(positional_encoding, torch.arange(4), 4)
check.probe(positional_encoding, torch.tensor([41, 13, -6]), 32)
check.probe(positional_encoding, torch.tensor([900, 1500]), 16)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Neither the future nor the padding
#
# Write `decoder_mask(tokens, pad)`: who may look where in a decoder.
#
# - Takes `tokens`: (B, n) int64; `pad`, the id of the padding token.
# - Returns a bool tensor (B, n, n): entry $(b, t, s)$ is `True` where the query at $t$
#   may look at the key at $s$. That is where $s \le t$ and token $s$ is no padding.
#   Queries that are padding themselves need no special care.
# - Allowed: everything in PyTorch. Not allowed: a loop.
#
# Example: `decoder_mask(tensor([[5, 7, 0]]), pad=0)` has the rows
# `[True, False, False]`, `[True, True, False]`, `[True, True, False]`.


# %% exercise="decoder_mask"
def decoder_mask(tokens, pad):
    """Where a decoder may look: not at later positions, not at padding.

    Args:
        tokens: (B, n) int64.
        pad: id of the padding token.

    Returns:
        (B, n, n) bool, [example, query, key]; True where it may look.
    """
    ### BEGIN SOLUTION
    n = tokens.shape[1]
    causal = torch.ones(n, n, dtype=torch.bool).tril()
    return causal & (tokens != pad).unsqueeze(1)
    ### END SOLUTION


# %% test="decoder_mask" points=2 bans="loops"
check.probe(decoder_mask, torch.tensor([[5, 7, 4, 0], [6, 0, 3, 0], [8, 8, 8, 8]]), 0)
check.probe(decoder_mask, torch.tensor([[5, 0, 9, 9, 9], [0, 3, 4, 5, 9]]), pad=9)
### BEGIN HIDDEN TESTS
check.probe(decoder_mask, torch.tensor([[2], [3]]), 2)
check.probe(decoder_mask, torch.tensor([[1, 4, 1, 0, 2, 1]]), pad=1)
check.probe(decoder_mask, torch.tensor([[1, 2, 0]]), 0)
### END HIDDEN TESTS

# %% [markdown] choice="too_good" points=1
# ## Think: too good
# A decoder learns to write 20 digits that were drawn at random, each independent of the
# others. Its inputs are `bos` and the first 19 of them, its targets all 20. On new
# sequences, with teacher forcing, 0.955 of all targets are right. What happened?
#
# - Each place sees the next one, and only the last place has none.
#   right: 19 targets stand among the inputs, and the last is guessed one time in ten:
#   19.1 of 20.
# - The targets are not shifted: each place repeats its own input.
#   wrong: a target that is its own input, with which all 20 places would be right
# - It has learned the sequences by heart, but for a few.
#   wrong: memory thought to help on sequences that were never seen
# - The mask also hides the place itself, so that the first one sees nothing.
#   wrong: a mask that hides too much taken for one that hides too little

# %% [markdown]
# ## 6. The encoder layer
#
# Write the module `EncoderLayer(d, num_heads, d_hidden, norm_first)` with
# `nn.MultiheadAttention` (mind `batch_first`), `nn.LayerNorm` and `nn.Linear`.
#
# - Self-attention, then a small net $d \to d_{hidden} \to d$ with a ReLU in between;
#   each with a residual connection and a layer norm **of its own**: after the sum, or
#   in front of the attention or net if `norm_first`. No dropout. Linear layers and
#   attention have biases.
# - `forward(X, valid)` takes `X`: (B, n, d) and `valid`: (B, n) bool, `True` for real
#   tokens: the keys that may be looked at. Returns (B, n, d).
# - Not allowed: `nn.TransformerEncoderLayer`.
#
# Example: `EncoderLayer(6, 2, 10, True)` has $3 d (d + 1) + d (d + 1) + \dots = 328$
# parameters.


# %% exercise="EncoderLayer"
class EncoderLayer(nn.Module):
    """Self-attention and a small net on each position: (B, n, d) -> (B, n, d)."""

    def __init__(self, d, num_heads, d_hidden, norm_first):
        ### BEGIN SOLUTION
        super().__init__()
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(d, num_heads, batch_first=True)
        self.first, self.second = nn.Linear(d, d_hidden), nn.Linear(d_hidden, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        ### END SOLUTION

    def forward(self, X, valid):
        ### BEGIN SOLUTION
        def attend(X):
            return self.attention(X, X, X, key_padding_mask=~valid)[0]

        def net(X):
            return self.second(torch.relu(self.first(X)))

        if self.norm_first:
            X = X + attend(self.norm1(X))
            return X + net(self.norm2(X))
        X = self.norm1(X + attend(X))
        return self.norm2(X + net(X))
        ### END SOLUTION


# %% test="EncoderLayer" points=3 bans="transformer layers"
def outputs(d, num_heads, d_hidden, B=2, n=4):
    results, valid = {}, torch.arange(n) < torch.arange(n, n - B, -1)[:, None]
    for norm_first in (True, False):
        layer = preset(check.call(EncoderLayer, d, num_heads, d_hidden, norm_first))
        results[f"norm_first={norm_first}"] = check.call(layer, made(B, n, d), valid)
    return results


def count(*sizes):
    return sum(p.numel() for p in check.call(EncoderLayer, *sizes).parameters())


def idle(d, num_heads, d_hidden):
    results, valid = {}, torch.ones(2, 4, dtype=torch.bool)
    for norm_first in (True, False):
        layer = check.call(EncoderLayer, d, num_heads, d_hidden, norm_first)
        Y = check.call(layer, made(2, 4, d), valid)
        (Y * made(2, 4, d)).sum().backward()
        unused = sum(p.numel() for p in layer.parameters() if p.grad is None)
        results[f"norm_first={norm_first}"] = unused
    return results


check.probe(count, 6, 2, 10, True, call="parameters of EncoderLayer(6, 2, 10, True)")
check.probe(outputs, 6, 2, 10, call="EncoderLayer(6, 2, 10, norm_first)(X, valid)")
check.probe(idle, 6, 2, 10, call="parameters that no gradient reaches")
### BEGIN HIDDEN TESTS
check.probe(outputs, 8, 4, 5, B=3, n=5)
check.probe(outputs, 4, 1, 12, B=1, n=3)
library = nn.TransformerEncoderLayer(8, 2, 16, 0.0, norm_first=True, batch_first=True)
expected = preset(library)(made(2, 5, 8)).detach()
layer = preset(check.call(EncoderLayer, 8, 2, 16, True))
got = check.call(layer, made(2, 5, 8), made(2, 5) < 9)
check.close(got, expected, "the encoder layer", rtol=1e-3, atol=1e-4)
layer = check.call(EncoderLayer, 6, 3, 9, False)
check.module(layer, num_params=315, trains=False)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Write greedily
#
# For the next two exercises here is a toy model. `toy_model(X, num_tokens)` gives a
# function `next_scores(tokens)`: from what is written so far, (B, m) int64, to the
# scores of the next token, (B, num_tokens). It looks at everything written.


# %%
def toy_model(X, num_tokens, sharpness=3.0):
    """Scores of the next token that depend on X, (B,) int64, and on all tokens."""
    table = sharpness * made(11, num_tokens)

    def next_scores(tokens):
        places = torch.arange(1, tokens.shape[1] + 1)
        return table[(X + (tokens * places).sum(dim=1)) % 11]

    return next_scores


# %% [markdown]
# Write `greedy_decode(next_scores, B, bos, eos, max_len)`: write B sentences at once,
# each time the likeliest next token.
#
# - Each begins with `bos` and is done at its first `eos`, or after `max_len` tokens
#   (without counting `bos`).
# - Returns a list of B lists of ints, without `bos` and `eos`.
# - Call `next_scores` with **all** tokens so far, (B, m). Stop calling as soon as all
#   are done. What you feed for a sentence that is done doesn't matter.
# - Allowed: everything in PyTorch.
#
# Example: if sentence 0 writes 4, 5, `eos` and sentence 1 writes `eos` at once, the
# result is `[[4, 5], []]`.


# %% exercise="greedy_decode"
def greedy_decode(next_scores, B, bos, eos, max_len):
    """Write the likeliest next token until every sentence is done.

    Args:
        next_scores: function from tokens (B, m) int64 to scores (B, num_tokens).
        B: number of sentences.
        bos, eos: ids of the first and the last token.
        max_len: most tokens a sentence may get, `bos` not counted.

    Returns:
        list of B lists of ints, without `bos` and `eos`.
    """
    ### BEGIN SOLUTION
    tokens = torch.full((B, 1), bos)
    ended = torch.zeros(B, dtype=torch.bool)
    sentences = [[] for _ in range(B)]
    while tokens.shape[1] <= max_len and not ended.all():
        token = next_scores(tokens).argmax(dim=1)
        ended = ended | (token == eos)
        for b in range(B):
            if not ended[b]:
                sentences[b].append(token[b].item())
        tokens = torch.cat([tokens, token.reshape(-1, 1)], dim=1)
    return sentences
    ### END SOLUTION


# %% test="greedy_decode" points=3
def wrote(X, num_tokens, bos, eos, max_len):
    model, calls = toy_model(X, num_tokens), []

    def next_scores(tokens):
        calls.append(list(tokens.shape))
        return model(tokens)

    sentences = check.call(greedy_decode, next_scores, len(X), bos, eos, max_len)
    return sentences, calls


told = "(sentences, shapes that next_scores was called with)"
check.probe(wrote, torch.arange(5), 6, 1, 2, 8, call=f"greedy_decode: {told}")
check.probe(wrote, torch.tensor([3, 8]), 6, 1, 2, 3, call=f"max_len=3: {told}")
### BEGIN HIDDEN TESTS
check.probe(wrote, torch.arange(7), 9, 0, 4, 6)
check.probe(wrote, torch.tensor([6]), 5, 3, 1, 10)
check.probe(wrote, torch.arange(3, 9), 4, 2, 3, 1)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Keep several beginnings
#
# Write `beam_search(next_scores, bos, eos, width, max_len, alpha)` for one sentence.
#
# - Start with one beam: `[bos]`, total 0. Each step, extend every beam that has not
#   ended by **every** token and add the token's log-probability (log-softmax of the
#   scores) to its total. Ended beams stay and compete as they are. Keep the `width`
#   best totals, or all where there are fewer.
# - Stop when all kept beams have ended, or after `max_len` steps.
# - Of the beams left, ended or not, return the one with the largest total divided by
#   $m^{\alpha}$, where $m$ counts its tokens without `bos`, with `eos`.
# - Returns `(tokens, total)`: a list of ints without `bos`, `eos` kept; and a float,
#   not divided.

# %% [markdown]
# `next_scores` takes (B, m) tokens of equal length, as before; call it with one beam at
# a time or with many, as you like. The toy model for one sentence is
# `toy_model(torch.tensor([4]), 5)`; it takes more rows too.
#
# Example: with `width=1` it writes what greedy writes. With the lecture's table of five
# sentences, greedy finds 0.24 and width 2 finds 0.36.
#
# Allowed: everything in PyTorch. Totals of two beams are never equal in the tests;
# `width` and `max_len` are at least 1, and `width` may exceed the number of tokens.


# %% exercise="beam_search"
def beam_search(next_scores, bos, eos, width, max_len, alpha):
    """The best sentence that a beam search finds, and its log-probability.

    Args:
        next_scores: function from tokens (B, m) int64 to scores (B, num_tokens).
        bos, eos: ids of the first and the last token.
        width: number of beams that are kept.
        max_len: most steps.
        alpha: exponent of the length in the final choice.

    Returns:
        tokens: list of ints without `bos`; total: float, its log-probability.
    """
    ### BEGIN SOLUTION
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
    return tokens[1:], total
    ### END SOLUTION


# %% test="beam_search" points=4
def found(x, num_tokens, eos, width, max_len, alpha, bos=1):
    model = toy_model(torch.tensor([x]), num_tokens, sharpness=1.5)
    return check.call(beam_search, model, bos, eos, width, max_len, alpha)


def all_found(cases, alpha):
    return [found(*case, alpha) for case in cases]


told = "beam_search(toy_model(tensor([{}]), 5, 1.5), 1, {}, width=3, max_len=4, ...)"
several = "beam_search, alpha={}, for (x, num_tokens, eos, width, max_len) in {}"
cases = [(1, 5, 0, 3, 5), (3, 5, 0, 3, 5), (10, 5, 0, 3, 5), (4, 5, 2, 4, 4)]
cases += [(1, 3, 0, 2, 4)]
check.probe(all_found, cases, 1.0, call=several.format(1.0, cases))
check.probe(found, 2, 5, 0, 3, 4, 0.75, call=told.format(2, 0))
check.probe(found, 10, 5, 2, 3, 4, 0.75, call=told.format(10, 2))
cases = [(9, 3, 0, 5, 4), (2, 4, 0, 9, 4), (5, 3, 2, 99, 3)]
check.probe(all_found, cases, 0.5, call=several.format(0.5, cases))
### BEGIN HIDDEN TESTS
check.probe(found, 7, 6, 0, 2, 5, 1.0)
check.probe(found, 4, 5, 3, 1, 6, 0.5)
check.probe(found, 2, 5, 0, 3, 4, 0.0)
check.probe(found, 0, 7, 0, 5, 3, 2.0, bos=2)
check.probe(found, 6, 3, 1, 40, 4, 1.0, bos=2)
check.probe(found, 9, 4, 2, 6, 1, 1.0)
### END HIDDEN TESTS

# %% [markdown] choice="twice_as_long" points=1
# ## Think: twice as long
# An encoder layer works on texts of the length at which scores and weighted means
# together take as many multiplications as projections and feed-forward network
# together. The texts become twice as long. By which factor does the number of all
# multiplications grow?
#
# - 2
#   wrong: each position thought to cost the same, however many it looks at
# - 3
#   right: of two equal halves one is doubled and the other is multiplied by 4.
# - 4
#   wrong: all of the layer thought to grow with the square of the length
# - 6
#   wrong: the new sum of the parts compared with one part, not with the old sum

# %% [markdown]
# ## 9. A target that is not quite sure
#
# Write `smoothed_loss(scores, targets, pad, epsilon)`: cross-entropy with label
# smoothing,
#
# $$L = -\frac{1}{|T|} \sum_{t \in T} \sum_{v=1}^{V} \left( (1 - \varepsilon)
# [v = y_t] + \frac{\varepsilon}{V} \right) \log p_t(v)$$
#
# where $T$ are the positions of the whole batch whose target $y_t$ is not `pad`, and
# $p_t$ is the softmax of the scores at $t$.
#
# - Takes `scores`: (B, m, V) float32; `targets`: (B, m) int64.
# - Returns a tensor without axes, through which gradients flow.
# - Not allowed: `F.cross_entropy`, `nn.CrossEntropyLoss`, `F.nll_loss`.
#
# Example: scores that are all equal give $\ln V$, whatever $\varepsilon$ is.


# %% exercise="smoothed_loss"
def smoothed_loss(scores, targets, pad, epsilon):
    """Cross-entropy with label smoothing, the mean over what is not padding.

    Args:
        scores: (B, m, V) float32.
        targets: (B, m) int64 in [0, V).
        pad: the id that marks padding among the targets.
        epsilon: share of the target that is spread over all V tokens.

    Returns:
        0-d float32 tensor.
    """
    ### BEGIN SOLUTION
    log_p = scores.log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)  # (B, m)
    smoothed = (1 - epsilon) * right + epsilon * log_p.mean(dim=-1)
    return -smoothed[targets != pad].mean()
    ### END SOLUTION


# %% test="smoothed_loss" points=3 bans="losses"
def slope_of_loss(scores, targets, pad, epsilon):
    scores.requires_grad_()
    check.call(smoothed_loss, scores, targets, pad, epsilon).backward()
    return scores.grad


scores = 3 * made(3, 4, 6)
targets = torch.tensor([[2, 5, 3, 1], [4, 3, 0, 0], [1, 0, 0, 0]])
check.probe(smoothed_loss, scores, targets, pad=0, epsilon=0.1)
check.probe(smoothed_loss, scores, targets, pad=3, epsilon=0.0)
check.probe(slope_of_loss, scores, targets, 0, 0.2, call="the gradient of the loss")
### BEGIN HIDDEN TESTS
check.probe(smoothed_loss, 60 * scores, targets, pad=0, epsilon=0.3)
check.probe(smoothed_loss, made(2, 5, 4), torch.arange(10).reshape(2, 5) % 4, 1, 1.0)
check.probe(smoothed_loss, made(1, 3, 2), torch.tensor([[1, 1, 0]]), 0, 0.4)
flat, aims = scores.flatten(0, 1), targets.flatten()
expected = F.cross_entropy(flat, aims, ignore_index=0, label_smoothing=0.15)
got = check.call(smoothed_loss, scores, targets, 0, 0.15)
check.close(got, expected, "the loss")
### END HIDDEN TESTS

# %% [markdown]
# ## 10. A cache that stops growing
#
# Write `attend_next(x, cache, W_q, W_k, W_v, num_heads, window)`: one step of causal
# multi-head self-attention for a token that has just come.
#
# - Takes `x`: (B, 1, d), the new position only; `cache`: `None` at the first step,
#   afterwards what your last call returned; matrices (d, d) as in exercise 3;
#   `window`.
# - The new position looks at the last `window` positions, itself included.
# - Returns `(y, cache)`: `y` (B, 1, d), the heads beside each other (no `W_o`);
#   `cache`, the pair `(K, V)`, each (B, h, t, d/h), with the positions that may yet be
#   needed: $t \le$ `window`.

# %% [markdown]
# Example: with `window=3` the caches after five steps hold 1, 2, 3, 3 and 3 positions,
# and `y` of step 5 is what attention with queries of position 5 and keys of positions 3
# to 5 gives.
#
# All that it needs is in its arguments, and none of them is changed in place: two
# texts may come in turns, and a step may be done twice. Allowed: everything in PyTorch.
#
# A state of fixed size, in which something is forgotten at each step: that is where
# [chapter 24](24) begins. There the state isn't a list of the last positions but a
# summary of all of them.


# %% exercise="attend_next"
def attend_next(x, cache, W_q, W_k, W_v, num_heads, window):
    """Attention of one new position to the last `window` positions.

    Args:
        x: (B, 1, d) float32, the new position.
        cache: None, or (K, V) of earlier positions, each (B, h, t, d / h).
        W_q, W_k, W_v: (d, d), applied as x @ W.
        num_heads: h, a divisor of d.
        window: how many positions may be looked at, the new one included.

    Returns:
        y: (B, 1, d); cache: (K, V), each (B, h, t, d / h) with t <= window.
    """
    ### BEGIN SOLUTION
    B, _, d = x.shape

    def split(Y):
        return Y.reshape(B, num_heads, 1, d // num_heads)  # one row: no transpose

    Q, K, V = split(x @ W_q), split(x @ W_k), split(x @ W_v)
    if cache is not None:
        K = torch.cat([cache[0], K], dim=2)[:, :, -window:]
        V = torch.cat([cache[1], V], dim=2)[:, :, -window:]
    heads = F.scaled_dot_product_attention(Q, K, V)  # (B, h, 1, d / h)
    return heads.reshape(B, 1, d), (K, V)
    ### END SOLUTION


# %% test="attend_next" points=4
def steps(X, num_heads, window):
    W = [made(d, X.shape[2], X.shape[2])[-1] for d in (1, 2, 3)]
    cache, ys, sizes = None, [], []
    for t in range(X.shape[1]):
        x_t = X[:, t : t + 1]
        y, cache = check.call(attend_next, x_t, cache, *W, num_heads, window)
        ys.append(y)
        sizes.append([list(part.shape) for part in cache])
    return torch.cat(ys, dim=1), sizes


told = "(all y, shapes of the caches) of {} steps, window {}"
check.probe(steps, 2 * made(1, 5, 6), 3, 3, call=told.format(5, 3))
check.probe(steps, 2 * made(2, 3, 6), 2, 99, call=told.format(3, 99))


def in_turns(X, num_heads, window):
    W = [made(d, X.shape[3], X.shape[3])[-1] for d in (1, 2, 3)]
    caches, ys = [None] * len(X), []
    for t in range(X.shape[2]):
        for i, text in enumerate(X):
            x_t = text[:, t : t + 1]
            y, caches[i] = check.call(
                attend_next, x_t, caches[i], *W, num_heads, window
            )
            ys.append(y)
    return torch.stack(ys)


told = "y of 3 steps of two texts that come in turns, window 2"
check.probe(in_turns, 2 * made(2, 1, 3, 4), 2, 2, call=told)
### BEGIN HIDDEN TESTS
check.probe(steps, made(1, 4, 4), 4, 1)
check.probe(steps, made(3, 6, 4), 1, 2)
check.probe(steps, made(2, 7, 6), 2, 4)
check.probe(in_turns, made(3, 2, 4, 6), 2, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: what does a long text cost?
#
# A decoder has 24 layers of width $d = 2048$ with small nets of width $4d$, and stores
# numbers in 2 bytes. Without cross-attention, a position costs $4 d^2 + 8 d^2$
# multiplications a layer plus $2 n d$ for looking at $n$ positions. From which $n$ does
# the looking cost more than the rest? How large is the KV cache of one text of 100,000
# tokens? What would a window of 4,096 save, and what would the model lose? A few
# sentences with the numbers; a person reads them.

# %% [markdown] manual="long_text" points=3
# ### BEGIN SOLUTION
# Looking costs more where 2 n d > 12 d^2, so from n = 6 d = 12,288 on. The cache holds
# 2 (keys and values) x 24 x 2,048 numbers a token: 98,304 numbers, 196,608 bytes; for
# 100,000 tokens about 19.7 gigabytes. With a window of 4,096 it is at most 0.8
# gigabytes, and looking costs at most a third of the rest, however long the text. In
# one layer, what lies further back than the window is out of reach; through 24 layers
# it can still arrive, handed on from window to window, but no longer directly.
# ### END SOLUTION
