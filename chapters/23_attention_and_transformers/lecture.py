# %% [markdown]
# # Attention and Transformers: look where it matters
#
# In French, 91 is *quatre-vingt-onze*: four-twenty-eleven. The 9 alone can't tell you
# to write *quatre*, nor the 1 to write *onze*. You look at the 9 and the 1, and
# never think of the digits further left. **How can a network choose where to look,
# anew for each word that it writes?**
#
# A recurrent network carries all it has read in one state. Attention drops the state:
# every word looks back at all that was read, and *weighs* it.
#
# You build attention from scratch, grow it into a Transformer, and teach it to put
# numbers it never saw into French.
#
# You need chapters 06 (softmax, cross-entropy), 16 (layer norm), 17 (residuals), 20
# (sequences).

# %%
import copy
import functools
import math
from collections import Counter

import networkx as nx
import torch
from d2l import torch as d2l
from matplotlib.patches import Rectangle
from num2words import num2words
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from torch.utils.flop_counter import FlopCounterMode

from utils import plots
from utils.data import load_array
from utils.device import set_seed

plots.use_style()
set_seed(0)

# %% [markdown]
# ## A soft look-up
#
# A dictionary gives the value whose key equals your query, or nothing at all. Make it
# soft: give *every* value a weight, the larger the closer its key is to the query, and
# return the weighted mean.
#
# This is older than deep learning. In 1964 Nadaraya and Watson used it to draw a curve
# through noisy points. The query is the place $x$ where you want the curve, the keys
# are the places $x_i$ where you measured, the values are the measurements $y_i$.
#
# **Look for** what the weights' width does: on the left to the weights of one query, on
# the right to the curve.


# %%
def kernel_regression(x, keys, values, width):
    """Weighted mean of the values for each query, and the weights.

    x: (m,) queries, keys: (n,), values: (n,). Returns (m,) and (m, n).
    """
    distance = (x[:, None] - keys) / width  # (m, n)
    weights = F.softmax(-(distance**2) / 2, dim=1)  # each row sums to 1
    return weights @ values, weights


keys = torch.rand(60).sort().values * 6
values = torch.sin(keys) + keys / 3 + 0.25 * torch.randn(60)
x = torch.linspace(0, 6, 121)
smooth = {f"width {w}": kernel_regression(x, keys, values, w) for w in (0.05, 0.4, 2)}

# %%
fig, axes = plots.figure(ncols=2, width=4.4, height=3.2)
for (label, (_, weights)), marker in zip(smooth.items(), "osD", strict=True):
    axes[0].plot(keys, weights[60], marker=marker, markersize=3, label=label)
axes[0].set(xlabel="key $x_i$", ylabel="weight for the query $x = 3$")
axes[0].legend()
axes[1].scatter(keys, values, s=12, color="gray", label="measured")
for label, (curve, _) in smooth.items():
    axes[1].plot(x, curve, label=label)
axes[1].set(xlabel="$x$", ylabel="$y$", ylim=(-0.2, 3.2))
axes[1].legend(loc="upper left", ncols=2)
plots.show(
    fig,
    alt="Left: weights of sixty keys for the query 3, a high spike for width 0.05, a "
    "hill for 0.4, nearly level for 2. Right: the three curves through the points: one "
    "jumps from point to point, one follows the wave, one is nearly straight.",
)
assert torch.allclose(smooth["width 0.4"][1].sum(dim=1), torch.ones(121))

# %% [markdown]
# A narrow kernel copies the nearest value, a wide one averages everything. In a network
# nobody sets the width: it learns how sharply to look.
#
# ## The formula
#
# Distances are one way to compare a query with a key. The Transformer uses the dot
# product. For one query $\mathbf q$, keys $\mathbf k_1 \dots \mathbf k_n$ and values
# $\mathbf v_1 \dots \mathbf v_n$,
#
# $$\mathbf y = \sum_{i=1}^{n} \alpha_i \mathbf v_i, \qquad
# \alpha_i = \frac{\exp(s_i)}{\sum_j \exp(s_j)}, \qquad
# s_i = \frac{\mathbf q^\top \mathbf k_i}{\sqrt d}$$
#
# Queries and keys are vectors of length $d$, values may have any length. The *scores*
# $s_i$ say how well key and query fit, the *weights* $\alpha_i$ are positive and sum to
# 1.

# %% [markdown]
# With all $m$ queries as rows of $\mathbf Q$, and likewise $\mathbf K$ and $\mathbf V$,
# it is one line:
#
# $$\operatorname{attention}(\mathbf Q, \mathbf K, \mathbf V) =
# \operatorname{softmax}\!\left(\mathbf Q \mathbf K^\top / \sqrt d\right) \mathbf V$$
#
# $(m, d) \times (d, n) \times (n, d_v) \to (m, d_v)$: a row of the middle $(m, n)$
# matrix belongs to one query, so the softmax runs along the **keys**, the last axis.
#
# A *mask* says which keys a query may see. Here `True` means *may look*. A forbidden
# score becomes the lowest number there is, so that its weight is 0.


# %%
def attention(Q, K, V, mask=None):
    """softmax(Q K^T / sqrt(d)) V, and the weights.

    Q: (..., m, d), K: (..., n, d), V: (..., n, d_v); mask: True where a query may look,
    broadcast to (..., m, n). Returns (..., m, d_v) and (..., m, n).
    """
    scores = Q @ K.transpose(-2, -1) / math.sqrt(Q.shape[-1])  # (..., m, n)
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1)
    return weights @ V, weights


# %% [markdown]
# PyTorch has it as `F.scaled_dot_product_attention`, the book as `DotProductAttention`,
# which takes the number of valid keys in place of a mask. Same inputs, three answers.

# %%
Q, K, V = torch.randn(2, 3, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 4)
valid = torch.tensor([5, 2])  # the second example has only two real keys
mask = (torch.arange(5) < valid[:, None])[:, None]  # (2, 1, 5), one row for all queries

ours, weights = attention(Q, K, V, mask)
by_torch = F.scaled_dot_product_attention(Q, K, V, attn_mask=mask)
by_book = d2l.DotProductAttention(dropout=0)(Q, K, V, valid)
for name, other in {"PyTorch": by_torch, "d2l": by_book}.items():
    difference = (ours - other).abs().max().item()
    print(f"largest difference from {name}: {difference:.1e}")
    assert difference < 1e-5
print("second example's first query:", [round(w, 3) for w in weights[1, 0].tolist()])
assert weights[1, :, 2:].eq(0).all()

# %% [markdown]
# And kernel regression? Multiply out the square:
# $-\tfrac{1}{2}(x - x_i)^2 = x x_i - \tfrac{1}{2} x_i^2 - \tfrac{1}{2} x^2$. The last
# term is the same for all keys, and softmax doesn't care. So it *is* dot-product
# attention, with the query $(x, 1)$ and the keys $(x_i, -\tfrac{1}{2} x_i^2)$, up to
# the width and the root.

# %%
width = 0.4
Q = torch.stack([x, torch.ones_like(x)], dim=1) * math.sqrt(2) / width**2  # (121, 2)
K = torch.stack([keys, -(keys**2) / 2], dim=1)  # (60, 2)
by_attention, _ = attention(Q, K, values[:, None])
difference = (by_attention[:, 0] - smooth["width 0.4"][0]).abs().max().item()
print(f"largest difference from kernel regression: {difference:.1e}")
assert difference < 1e-3

# %% [markdown]
# ## Why the root?
#
# Take queries and keys of independent numbers with mean 0 and variance 1. Each product
# $q_j k_j$ has variance 1, so a dot product of $d$ of them has variance $d$: scores
# grow like $\sqrt d$. Softmax of large scores puts nearly all weight on one key, and
# its slope there is nearly 0: nothing can be learned. Dividing by $\sqrt d$ keeps the
# variance at 1.
#
# **Look for** the two ends of each curve, with the root and without.

# %%
sizes = [2**k for k in range(1, 11)]
largest = {"without the root": [], "with the root": []}
slope = {"without the root": [], "with the root": []}
for d in sizes:
    Q, K = torch.randn(500, 1, d), torch.randn(500, 10, d)
    for name, scale in zip(largest, (1, d**-0.5), strict=True):
        scores = (Q @ K.transpose(1, 2) * scale).requires_grad_()  # (500, 1, 10)
        weights = scores.softmax(dim=-1)
        best = weights.max(dim=-1).values
        (grad,) = torch.autograd.grad(best.sum(), scores)
        largest[name].append(best.mean().item())
        slope[name].append(grad.norm(dim=-1).median().item())
fig, axes = plots.figure(ncols=2, width=4.2, height=2.8)
plots.curves(axes[0], sizes, largest, "$d$", "largest of ten weights")
plots.curves(axes[1], sizes, slope, "$d$", "slope of that weight")
axes[0].set(xscale="log", ylim=(0, 1.05))
axes[1].set(xscale="log", yscale="log", ylim=(1e-7, 2))
plots.show(
    fig,
    alt="Left: the largest of ten weights grows from 0.4 to nearly 1 with d without "
    "the root and stays near 0.3 with it. Right: its slope falls by orders of "
    "magnitude without the root and stays level with it.",
)
assert largest["without the root"][-1] > 0.9 and largest["with the root"][-1] < 0.5
assert slope["without the root"][-1] < 1e-3 < 0.1 < slope["with the root"][-1]

# %% [markdown]
# At $d = 1024$ without the root, half of all queries have a slope too small to learn
# from. (The argument holds for fresh random vectors. After training, queries and keys
# are anything but independent: the root is a start, not a law.)
#
# ## Three masks
#
# Sentences in a batch have different lengths, so the short ones are *padded*. A
# **padding mask** keeps everyone from looking at padding. And a network that learns to
# write must not see the word it is about to write: in a **causal mask**, position $t$
# looks at positions up to $t$, itself included. The decoder needs both at once.
#
# **Look for** the columns that the padding mask closes and the triangle that the causal
# one leaves open.

# %%
PAD, BOS, EOS = 0, 1, 2
tokens = torch.tensor([BOS, 7, 8, 9, PAD, PAD])
padding = (tokens != PAD).expand(6, 6)  # the same for every query
causal = torch.ones(6, 6, dtype=torch.bool).tril()
masks = {"padding": padding, "causal": causal, "both": padding & causal}
fig, axes = plots.figure(ncols=3, width=2.7, height=2.9)
for ax, (name, mask) in zip(axes, masks.items(), strict=True):
    ax.set_title(name)
    style = {"fmt": "d", "colorbar": False, "cmap": "cividis", "vmin": 0, "vmax": 1}
    plots.heatmap(mask.int(), ax, "key position", "query position", **style)
plots.show(
    fig,
    alt="Three 6 x 6 masks of ones (may look) and zeros. Padding: the last two "
    "columns are 0. Causal: ones on and below the diagonal. Both: the triangle without "
    "its last two columns.",
)
assert masks["both"].sum().item() == 18 and masks["both"].any(dim=1).all()

# %% [markdown]
# Does the causal mask keep its promise? Change the last token's vector: no earlier
# output may move, not even in the last digit.

# %%
X = torch.randn(1, 6, 8)
changed = X.clone()
changed[:, -1] += 100
before, _ = attention(X, X, X, causal)
after, _ = attention(changed, changed, changed, causal)
moved = (before - after).abs().amax(dim=(0, 2))
print("how far each output moved:", [round(value, 3) for value in moved.tolist()])
assert moved[:-1].eq(0).all() and moved[-1] > 1

# %% [markdown]
# ## Several heads
#
# One query gives one set of weights. But a word may need the 9 *and* the 1. So let $h$
# *heads* look at once, each with queries, keys and values of its own, of length $d/h$:
#
# $$\operatorname{head}_j = \operatorname{attention}(\mathbf X \mathbf W^Q_j,
# \mathbf X \mathbf W^K_j, \mathbf X \mathbf W^V_j), \quad
# \mathbf Y = [\operatorname{head}_1, \dots, \operatorname{head}_h]\, \mathbf W^O$$
#
# $\mathbf W^Q_j, \mathbf W^K_j, \mathbf W^V_j$ are $(d, d/h)$, $\mathbf W^O$ is
# $(d, d)$. Nobody loops over heads: one $(d, d)$ product makes all queries, a reshape
# cuts each row into $h$ pieces, and a transpose makes the head an axis of its own.


# %%
class MultiHeadAttention(nn.Module):
    """h attentions side by side on d / h numbers each; then W_o mixes them."""

    def __init__(self, d, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(d, d) for _ in range(4))

    def split(self, X):
        B, n, d = X.shape
        X = X.reshape(B, n, self.num_heads, d // self.num_heads)  # cut each row
        return X.transpose(1, 2)  # (B, h, n, d / h)

    def join(self, heads):
        return self.W_o(heads.transpose(1, 2).flatten(2))  # (B, n, h, d/h) -> (B, n, d)

    def forward(self, queries, keys, values, mask=None):
        """queries: (B, m, d); keys, values: (B, n, d); mask: up to (B, h, m, n)."""
        Q, K, V = self.W_q(queries), self.W_k(keys), self.W_v(values)
        Y, weights = attention(self.split(Q), self.split(K), self.split(V), mask)
        self.weights = weights.detach()  # (B, h, m, n), to draw them later
        return self.join(Y)


# %% [markdown]
# Give the same parameters to PyTorch's `nn.MultiheadAttention` and to the book's class.
# PyTorch keeps the three input matrices stacked in one, and means the opposite by its
# mask: in `attn_mask` and `key_padding_mask` of this class, `True` is *forbidden*.

# %%
mine, theirs = MultiHeadAttention(8, 2), nn.MultiheadAttention(8, 2, batch_first=True)
book = d2l.MultiHeadAttention(8, 8, 8, 8, num_heads=2, dropout=0, bias=True)
book.load_state_dict(mine.state_dict())  # the four layers have the same names
inputs = (mine.W_q, mine.W_k, mine.W_v)
with torch.no_grad():
    theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in inputs]))
    theirs.in_proj_bias.copy_(torch.cat([layer.bias for layer in inputs]))
    theirs.out_proj.load_state_dict(mine.W_o.state_dict())
    X, valid = torch.randn(2, 5, 8), torch.tensor([5, 3])
    may_look = torch.arange(5) < valid[:, None]  # (2, 5)
    ours = mine(X, X, X, may_look[:, None, None])
    by_torch, _ = theirs(X, X, X, key_padding_mask=~may_look)  # the other way round
    by_book = book(X, X, X, valid)
for name, other in {"PyTorch": by_torch, "d2l": by_book}.items():
    difference = (ours - other).abs().max().item()
    print(f"largest difference from {name}: {difference:.1e}")
    assert difference < 1e-5

# %% [markdown]
# ## Order has to be told
#
# Nothing in the formula knows where a key stands. Shuffle the rows of the input, and
# self-attention (queries, keys and values from the same sequence) gives the same rows,
# shuffled. To it, 123 and 321 are one bag of digits.

# %%
order = torch.tensor([3, 0, 4, 1, 2])
with torch.no_grad():
    plain, shuffled = mine(X, X, X), mine(*[X[:, order]] * 3)
difference = (plain[:, order] - shuffled).abs().max().item()
print(f"shuffle before against shuffle after: {difference:.1e}")
assert difference < 1e-5

# %% [markdown]
# So add to each vector a pattern that says where it stands. The paper's pattern has one
# pair of columns for each frequency:
#
# $$P_{p,\,2j} = \sin\!\left(\frac{p}{10000^{2j/d}}\right), \qquad
# P_{p,\,2j+1} = \cos\!\left(\frac{p}{10000^{2j/d}}\right)$$
#
# $p$ is the position, counted from 0; $j$ runs from 0 to $d/2 - 1$. Even columns hold
# sines, odd ones cosines. Like the hands of a clock: the first pair turns fast, the
# last one hardly moves.


# %%
def positional_encoding(num_positions, d):
    """The pattern of sines and cosines, (num_positions, d); d is even."""
    position = torch.arange(num_positions)[:, None]  # (positions, 1)
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)  # (positions, d / 2)
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)  # interleaved


P = positional_encoding(60, 32)
by_book = d2l.PositionalEncoding(32, dropout=0, max_len=60).P[0]
print(f"largest difference from d2l: {(P - by_book).abs().max().item():.1e}")
assert torch.allclose(P, by_book, atol=1e-5)

# %% [markdown]
# **Look for** stripes that get longer from left to right, and, on the right, for what
# the dot product of two patterns depends on.

# %%
fig, axes = plots.figure(ncols=2, width=4.2, height=3.2)
plots.heatmap(P, axes[0], "column", "position", cmap="RdBu", aspect="auto")
shifts = torch.arange(-20, 21)
near = {f"from position {p}": P[p] @ P[p + shifts].T for p in (20, 30, 39)}
plots.curves(axes[1], shifts, near, "distance in positions", "dot product")
plots.show(
    fig,
    alt="Left: the encoding of 60 positions in 32 columns, fast waves in the first "
    "columns, nearly constant in the last. Right: the dot product of two positions by "
    "their distance; three curves from different positions lie on each other.",
)
spread = torch.stack(list(near.values())).std(dim=0).max().item()
print(f"largest spread between the three curves: {spread:.1e}")
assert spread < 1e-4

# %% [markdown]
# The three curves are one: the dot product depends on the *distance* only, because
# $\sin a \sin b + \cos a \cos b = \cos(a - b)$. Attention, which compares by dot
# products, can so look "two to the left" from anywhere.
#
# ## The encoder layer
#
# Attention mixes positions, but only by weighted means. The other half of a layer works
# on each position by itself: two full layers with a ReLU. Around both halves runs a
# residual connection, and a layer norm keeps the scale. Where does the norm stand?
#
# - **post-norm** (the paper of 2017): $\mathbf X \leftarrow
#   \operatorname{norm}(\mathbf X + f(\mathbf X))$
# - **pre-norm** (most nets since): $\mathbf X \leftarrow \mathbf X +
#   f(\operatorname{norm}(\mathbf X))$
#
# $f$ is either half. With pre-norm the path of $\mathbf X$ from bottom to top is free.


# %%
class EncoderLayer(nn.Module):
    """Self-attention, then a small net on each position; both with a residual."""

    def __init__(self, d, num_heads, d_hidden, norm_first=True):
        super().__init__()
        self.norm_first = norm_first
        self.attention = MultiHeadAttention(d, num_heads)
        self.ffn = nn.Sequential(
            nn.Linear(d, d_hidden), nn.ReLU(), nn.Linear(d_hidden, d)
        )
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, mask=None):
        """X: (B, n, d) -> (B, n, d)."""
        if self.norm_first:
            Z = self.norm1(X)
            X = X + self.attention(Z, Z, Z, mask)
            return X + self.ffn(self.norm2(X))
        X = self.norm1(X + self.attention(X, X, X, mask))
        return self.norm2(X + self.ffn(X))


# %% [markdown]
# ## The decoder layer
#
# The decoder writes the translation, one token after the other. Its layer has three
# parts: **self-attention** over what is written so far, with the causal mask;
# **cross-attention**, where the queries come from the decoder and keys and values from
# the encoder's output, the *memory*: here the French word looks at the digits; and the
# small net.


# %%
class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention, small net; pre- or post-norm."""

    def __init__(self, d, num_heads, d_hidden, norm_first=True):
        super().__init__()
        self.norm_first = norm_first
        self.self_attention = MultiHeadAttention(d, num_heads)
        self.cross_attention = MultiHeadAttention(d, num_heads)
        self.ffn = nn.Sequential(
            nn.Linear(d, d_hidden), nn.ReLU(), nn.Linear(d_hidden, d)
        )
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d) for _ in range(3))

    def forward(self, Y, memory, causal_mask, memory_mask):
        """Y: (B, m, d), memory: (B, n, d) -> (B, m, d)."""
        if self.norm_first:
            Z = self.norm1(Y)
            Y = Y + self.self_attention(Z, Z, Z, causal_mask)
            Z = self.norm2(Y)
            Y = Y + self.cross_attention(Z, memory, memory, memory_mask)
            return Y + self.ffn(self.norm3(Y))
        Y = self.norm1(Y + self.self_attention(Y, Y, Y, causal_mask))
        Y = self.norm2(Y + self.cross_attention(Y, memory, memory, memory_mask))
        return self.norm3(Y + self.ffn(Y))


# %% [markdown]
# PyTorch has both layers. Copy the parameters over and compare, in both orders of norm.


# %%
def copy_layer(mine, theirs):
    """Give the parameters of our layer to PyTorch's encoder or decoder layer."""
    own = [m for m in mine.modules() if isinstance(m, MultiHeadAttention)]
    other = [m for m in theirs.modules() if isinstance(m, nn.MultiheadAttention)]
    pairs = [(mine.ffn[0], theirs.linear1), (mine.ffn[2], theirs.linear2)]
    for m, t in zip(own, other, strict=True):
        inputs = (m.W_q, m.W_k, m.W_v)
        t.in_proj_weight.data = torch.cat([layer.weight.data for layer in inputs])
        t.in_proj_bias.data = torch.cat([layer.bias.data for layer in inputs])
        pairs.append((m.W_o, t.out_proj))  # the norms are 1 and 0 in all
    for m, t in pairs:
        t.load_state_dict(m.state_dict())
    return theirs


settings = {"dropout": 0.0, "batch_first": True}
X, memory = torch.randn(2, 5, 8), torch.randn(2, 3, 8)
causal = torch.ones(5, 5, dtype=torch.bool).tril()
for first in (True, False):
    enc, dec = EncoderLayer(8, 2, 16, first), DecoderLayer(8, 2, 16, first)
    E = copy_layer(
        enc, nn.TransformerEncoderLayer(8, 2, 16, norm_first=first, **settings)
    )
    D = copy_layer(
        dec, nn.TransformerDecoderLayer(8, 2, 16, norm_first=first, **settings)
    )
    with torch.no_grad():
        gap_e = (enc(X, causal) - E(X, src_mask=~causal)).abs().max().item()
        both = dec(X, memory, causal, None), D(X, memory, tgt_mask=~causal)
    gap_d = (both[0] - both[1]).abs().max().item()
    print(f"norm first: {first!s:5}  encoder {gap_e:.1e}  decoder {gap_d:.1e}")
    assert max(gap_e, gap_d) < 1e-5

# %% [markdown]
# ## Pre or post?
#
# Stack 24 encoder layers, freshly made, and send one batch forward and back.
#
# **Look for** the trend of each curve: where in the stack does a first step of training
# pull hardest? And what does pre-norm pay, on the right?

# %%
grads, scales = {}, {}
for name, first in {"post-norm": False, "pre-norm": True}.items():
    set_seed(0)
    layers = [EncoderLayer(64, 4, 128, first) for _ in range(24)]
    H, stds = torch.randn(16, 8, 64), []
    for layer in layers:
        H = layer(H)
        stds.append(H.std().item())
    H = F.layer_norm(H, (64,)) if first else H
    (H * torch.randn(16, 1, 64)).sum(dim=2).mean().backward()
    grads[name] = [layer.ffn[0].weight.grad.norm().item() for layer in layers]
    scales[name] = stds
    grads[name] = [g / grads[name][0] for g in grads[name]]
fig, axes = plots.figure(ncols=2, width=4.2, height=2.8)
plots.curves(axes[0], range(1, 25), grads, "layer", "gradient (layer 1 = 1)")
plots.curves(axes[1], range(1, 25), scales, "layer", "std of the output")
axes[0].set(ylim=(0, None))
axes[1].set(ylim=(0, None))
plots.show(
    fig,
    alt="Left: gradient of each of 24 layers relative to the first; it grows towards "
    "the top with post-norm and falls a little with pre-norm. Right: the outputs' "
    "standard deviation stays 1 with post-norm and grows with depth with pre-norm.",
)
top = {name: sum(g[-4:]) / sum(g[:4]) for name, g in grads.items()}
print({name: round(ratio, 2) for name, ratio in top.items()}, "top four against first")
assert top["post-norm"] > 1.1 > 0.95 > top["pre-norm"]
assert scales["pre-norm"][-1] > 1.5 and abs(scales["post-norm"][-1] - 1) < 0.05

# %% [markdown]
# With post-norm the last layers pull hardest, so such nets are started with a tiny
# learning rate that warms up. Pre-norm is even, at the price of outputs that grow with
# depth, for which a last norm stands at the end of the stack. Ours is pre-norm.
#
# ## The whole translator
#
# **Look for** the one arrow that leads from the left tower to the right one: all that
# the decoder ever learns about the number.

# %%
boxes = {
    "digits": (0, 0), "embed + position": (0, 1), "self-attention": (0, 2),
    "small net": (0, 3), "norm: memory": (0, 4),
    "words so far": (3, 0), "embed + position ": (3, 1),
    "causal self-attention": (3, 2), "cross-attention": (3, 3), "small net ": (3, 4),
    "norm, linear": (3, 5), "next word": (3, 6),
}  # fmt: skip
graph = nx.DiGraph()
for column in (0, 3):
    tower = [name for name, (x, _) in boxes.items() if x == column]
    nx.add_path(graph, tower)
graph.add_edge("norm: memory", "cross-attention")
fig, ax = plots.figure(width=6.6, height=4.6)
look = {"boxstyle": "round,pad=0.4", "facecolor": "#cfe3f1", "edgecolor": "#0072B2"}
across = [("norm: memory", "cross-attention")]
upwards = [edge for edge in graph.edges if edge not in across]
nx.draw_networkx_edges(graph, boxes, upwards, ax=ax, node_size=500)
margin = {"min_source_margin": 45, "min_target_margin": 50}
nx.draw_networkx_edges(graph, boxes, across, ax=ax, width=1.5, **margin)
nx.draw_networkx_labels(graph, boxes, ax=ax, font_size=9, bbox=look)
ax.text(1.5, 3.72, "keys, values", ha="center", fontsize=9)
for x, bottom, height in [(-0.85, 1.55, 1.9), (2.15, 1.55, 2.9)]:
    frame = {"fill": False, "edgecolor": "gray", "linestyle": "--"}
    ax.add_patch(Rectangle((x, bottom), 1.7, height, **frame))
    ax.text(x + 1.78, bottom + height / 2, "twice", va="center", fontsize=9)
ax.set(xlim=(-1.1, 4.5), ylim=(-0.5, 6.5))
ax.axis("off")
plots.show(
    fig,
    alt="Two towers of boxes. Left, the encoder: digits, embed + position, twice "
    "self-attention and small net, norm: memory. Right, the decoder: words so far, "
    "embed + position, twice causal self-attention, cross-attention and small net, "
    "then norm and linear, next word. One arrow leads from memory to cross-attention.",
)


# %%
class Transformer(nn.Module):
    """Scores of the next token, from a source sequence and what is written so far."""

    def __init__(self, num_source, num_target, d=64, num_heads=4, d_hidden=128):
        super().__init__()
        self.source, self.target = (
            nn.Embedding(num_source, d),
            nn.Embedding(num_target, d),
        )
        layer = (d, num_heads, d_hidden)
        self.encoder = nn.ModuleList(EncoderLayer(*layer) for _ in range(2))
        self.decoder = nn.ModuleList(DecoderLayer(*layer) for _ in range(2))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(d), nn.LayerNorm(d)
        self.output = nn.Linear(d, num_target)
        self.register_buffer("P", positional_encoding(64, d))

    def encode(self, X):
        """X: (B, n) tokens -> memory (B, n, d) and its mask (B, 1, 1, n)."""
        mask = (X != PAD)[:, None, None]
        H = self.source(X) + self.P[: X.shape[1]]
        for layer in self.encoder:
            H = layer(H, mask)
        return self.encoder_norm(H), mask

    def decode(self, Y, memory, memory_mask):
        """Y: (B, m) tokens -> scores (B, m, num_target) of the token after each."""
        m = Y.shape[1]
        causal = torch.ones(m, m, dtype=torch.bool, device=Y.device).tril()
        H = self.target(Y) + self.P[:m]
        for layer in self.decoder:
            H = layer(H, memory, causal, memory_mask)
        return self.output(self.decoder_norm(H))

    def forward(self, X, Y):
        return self.decode(Y, *self.encode(X))


# %% [markdown]
# The decoder's own padding needs no mask: it stands at the *end*, where the causal mask
# keeps every real token from looking, and the loss ignores it.
#
# ## A small language pair
#
# From digits to French words. `num2words` knows the rules, our net won't: *soixante et
# onze* (71), *quatre-vingts* (80) but *quatre-vingt-un* (81), *deux cents* (200) but
# *deux cent un* (201), *mille* that never changes.
#
# A word is a token; after a hyphen it is another token that keeps the hyphen in front.
# So tokens can be glued together again without loss.


# %%
@functools.cache
def french(n):
    """Tokens of a number's French name: 91 -> ["quatre", "-vingt", "-onze"]."""
    return num2words(n, lang="fr").replace("-", " -").split()


def written(words):
    """The tokens as a person writes them."""
    return " ".join(words).replace(" -", "-")


for n in (17, 71, 80, 81, 91, 200, 201, 276_391):
    print(f"{n:7}  {written(french(n))}")
assert all(written(french(n)) == num2words(n, lang="fr") for n in range(0, 99_999, 499))

# %% [markdown]
# The net learns from 0 to 99, as in any language course, and from about 6,000 larger
# numbers of three, four and six digits. 1,000 others are kept for the test. **Numbers
# of five digits are left out entirely**, for an experiment at the end.


# %%
def draw_numbers(num, lengths):
    """`num` different numbers, each with one of these numbers of digits."""
    found = set()
    while len(found) < num:
        k = lengths[torch.randint(len(lengths), ()).item()]
        found.add(torch.randint(10 ** (k - 1), 10**k, ()).item())
    found = sorted(found)
    return [found[i] for i in torch.randperm(num).tolist()]


def encode(numbers):
    """Digits and words as ids, padded: (N, digits) and (N, words + 2)."""
    X = [torch.tensor([int(digit) + 1 for digit in str(n)]) for n in numbers]
    Y = [[BOS, *(word_id[word] for word in french(n)), EOS] for n in numbers]
    Y = [torch.tensor(ids) for ids in Y]
    return pad_sequence(X, batch_first=True), pad_sequence(Y, batch_first=True)


drawn = draw_numbers(7000, lengths=(3, 4, 6))
shown = [471, 4097, 276_391]  # to look at later, so not to learn from
test_numbers = drawn[:1000]
train_numbers = [*range(100), *(n for n in drawn[1000:] if n not in shown)]
words = sorted({word for n in train_numbers for word in french(n)})
vocabulary = ["<pad>", "<bos>", "<eos>", *words]
word_id = {word: i for i, word in enumerate(vocabulary)}
X_train, Y_train = encode(train_numbers)
X_test, Y_test = encode(test_numbers)
print(len(train_numbers), "numbers to learn from,", len(vocabulary), "tokens")
print(test_numbers[0], X_test[0].tolist(), [vocabulary[i] for i in Y_test[0]])
assert not set(train_numbers) & set(test_numbers) and len(vocabulary) == 47

# %% [markdown]
# ## Teaching it to write
#
# While it learns, the decoder gets the *right* words so far (teacher forcing) and must
# name the next one at every position at once; the causal mask keeps it honest. Inputs
# are `Y[:, :-1]`, targets `Y[:, 1:]`: shifted by one.
#
# The loss is cross-entropy with *label smoothing*: the target is the right token with
# $1 - \varepsilon$, plus $\varepsilon / V$ on each of the $V$ tokens,
#
# $$L = -\frac{1}{|T|} \sum_{t \in T} \sum_{v=1}^{V} \left( (1 - \varepsilon)
# [v = y_t] + \frac{\varepsilon}{V} \right) \log p_t(v)$$
#
# where $T$ are the positions that aren't padding, $y_t$ is the right token there and
# $p_t$ the net's probabilities.

# %% [markdown]
# The smallest value of this loss isn't 0 but the entropy of the smoothed target. Know
# it before you judge a curve.

# %%
epsilon, V = 0.1, len(vocabulary)
right, other = 1 - epsilon + epsilon / V, epsilon / V
floor = -right * math.log(right) - (V - 1) * other * math.log(other)
print(f"the loss can't go below {floor:.3f}")
ideal = torch.full((1, V), math.log(other)).index_fill(
    1, torch.tensor(5), math.log(right)
)
at_best = F.cross_entropy(ideal, torch.tensor([5]), label_smoothing=epsilon).item()
assert abs(at_best - floor) < 1e-5 and 0.69 < floor < 0.70


# %%
@torch.no_grad()
def greedy(net, X, max_len=24):
    """Write the likeliest next token until all have ended: (B, digits) -> (B, m)."""
    memory, mask = net.encode(X)
    Y = torch.full((len(X), 1), BOS)
    ended = torch.zeros(len(X), dtype=torch.bool)
    for _ in range(max_len):
        token = net.decode(Y, memory, mask)[:, -1].argmax(dim=1)  # (B,)
        token[ended] = PAD
        Y = torch.cat([Y, token[:, None]], dim=1)
        ended |= token == EOS
        if ended.all():
            break
    return Y


def to_words(ids):
    """A row of ids as tokens, without the three special ones."""
    return [vocabulary[i] for i in ids.tolist() if i > EOS]


def is_exact(Y_hat, numbers):
    """For each number, whether every token is right: (N,) bool."""
    pairs = zip(Y_hat, numbers, strict=True)
    return torch.tensor([to_words(row) == french(n) for row, n in pairs])


# %%
def fit(net, train_iter, num_epochs, lr):
    """Adam with warm-up and decay; yields the mean loss of each epoch."""
    optimizer = torch.optim.Adam(net.parameters(), lr=lr, fused=True)
    steps = num_epochs * len(train_iter)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, steps, pct_start=0.15)
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, Y in train_iter:
            Y = Y[:, : int((Y != PAD).sum(dim=1).max())]  # cut what is padding in all
            scores, target = net(X, Y[:, :-1]), Y[:, 1:]
            loss = F.cross_entropy(
                scores.flatten(0, 1),  # (B, m, V) -> (B * m, V)
                target.flatten(),
                ignore_index=PAD,
                label_smoothing=epsilon,
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + loss.item() * len(X), count + len(X)
        yield total / count


# %%
set_seed(0)
net = Transformer(11, len(vocabulary))
print(f"{sum(p.numel() for p in net.parameters()):,} parameters")
train_iter = load_array((X_train, Y_train), batch_size=64)
losses, scores = [], []
for epoch, loss in enumerate(fit(net, train_iter, num_epochs=4, lr=3e-3), start=1):
    losses.append(loss)
    some = 300 if epoch < 4 else len(X_test)  # a rough idea is enough on the way
    Y_hat = greedy(net, X_test[:some])
    right = is_exact(Y_hat, test_numbers[:some])
    scores.append(right.float().mean().item())
    print(f"epoch {epoch}: loss {loss:.3f}, exact match {scores[-1]:.3f}")
    if epoch == 1:
        early = copy.deepcopy(net)  # a beginner, for comparison below
exact_match = scores[-1]
assert exact_match >= 0.97 and losses[-1] - floor < 0.06

# %% [markdown]
# **Look for** how close to its floor the loss comes, and how much the exact match
# still gains while the loss hardly moves.

# %%
fig, axes = plots.figure(ncols=2, width=4.0, height=2.7)
axes[0].plot(range(1, 5), losses, marker="o")
axes[0].axhline(floor, color="gray", linewidth=0.9, linestyle="-")
axes[0].text(1, floor + 0.04, "floor", color="gray", fontsize=9)
axes[0].set(xlabel="epoch", ylabel="training loss (nats)", ylim=(0.5, None))
axes[1].plot(range(1, 5), scores, marker="s", color="#D55E00")
axes[1].set(xlabel="epoch", ylabel="exact match on the test", ylim=(0, 1.05))
for ax in axes:
    ax.set_xticks(range(1, 5))
plots.show(
    fig,
    alt="Training loss falls in four epochs nearly to its floor of 0.70; the exact "
    "match on 1,000 held-out numbers rises to nearly 1.",
)

# %% [markdown]
# At least 97 of 100 numbers that the net never saw come out right, every word and
# hyphen. What is wrong with the few others?

# %%
for i in (~right).nonzero().ravel().tolist()[:6]:
    print(f"{test_numbers[i]:7}  wrote {written(to_words(Y_hat[i]))}")
    print(f"{'':7}  right {written(french(test_numbers[i]))}")

# %% [markdown]
# Most misses are round numbers: *cent* gets an *s* only where nothing follows it, and
# among random numbers that is rare. Test the suspicion with round hundreds only.

# %%
known = set(train_numbers)
hundreds = [
    n for n in range(200, 1_000_000, 100) if len(str(n)) != 5 and n not in known
]
hundreds = [hundreds[i] for i in torch.randperm(len(hundreds))[:300].tolist()]
round_match = is_exact(greedy(net, encode(hundreds)[0]), hundreds).float().mean().item()
print(f"exact match: any number {exact_match:.3f}, round hundreds {round_match:.3f}")
assert round_match < exact_match - 0.1

# %% [markdown]
# A test set of random numbers hardly asks about rare rules. A score is an average over
# *its* questions, no more.
#
# ## Where does it look?
#
# Each written word has a row of weights over the digits. Here are the decoder's second
# layer's, averaged over the four heads, for three numbers it never saw.
#
# **Look for** what moves to the right as the words go down.


# %%
@torch.no_grad()
def look(n):
    """Tokens of the translation of n and their weights over its digits, (h, m, n)."""
    X = encode([n])[0]
    Y = greedy(net, X)
    net(X, Y[:, :-1])
    words = [vocabulary[i] for i in Y[0, 1:].tolist()]
    return words, net.decoder[-1].cross_attention.weights[0]


fig, axes = plots.figure(ncols=3, width=3.1, height=3.8)
for ax, n in zip(axes, shown, strict=True):
    tokens, weights = look(n)
    style = {"vmin": 0, "vmax": 1, "cmap": "cividis", "aspect": "auto", "fmt": ".1f"}
    plots.heatmap(weights.mean(dim=0), ax, "digit", "", colorbar=False, **style)
    ax.set_xticks(range(len(str(n))), list(str(n)))
    ax.set_yticks(range(len(tokens)), tokens)
axes[0].set_ylabel("word being written")
plots.show(
    fig,
    alt="Cross-attention of three numbers, words down, digits across. The large "
    "weights move from the left digits to the right ones as the words go on.",
)

# %% [markdown]
# Pictures persuade too easily, so measure it. Take the test numbers of six digits: how
# much weight falls on the first three digits while the net writes the thousands, and
# how much after *mille* (thousand)?

# %%
six = torch.tensor([n > 99_999 for n in test_numbers])
with torch.no_grad():
    net(X_test[six], Y_hat[six, :-1])
weights = net.decoder[-1].cross_attention.weights.mean(dim=1)  # (B, m, 6)
left = weights[:, :, :3].sum(dim=2)  # (B, m): weight on the first three digits
seen = (Y_hat[six] == word_id["mille"]).cumsum(dim=1)  # how often written up to here
writing = Y_hat[six, 1:] > EOS  # what is written at each place is a word
before = left[(seen[:, 1:] == 0) & writing].mean().item()
after = left[(seen[:, :-1] == 1) & writing].mean().item()
print(f"weight on the first three digits: {before:.2f} before mille, {after:.2f} after")
assert before > after + 0.2

# %% [markdown]
# The shift is real. But weights show where a layer *looks*, not what it *uses*: the
# encoder has already mixed the digits, so the memory at digit 3 also knows about its
# neighbours. Whether attention explains a decision was debated for years (see Further
# reading). And the heads disagree.
#
# **Look for** two heads that look at different digits for the same word.

# %%
tokens, weights = look(shown[2])
fig, axes = plots.figure(ncols=4, width=2.3, height=3.8)
for j, ax in enumerate(axes):
    style = {"vmin": 0, "vmax": 1, "cmap": "cividis", "aspect": "auto"}
    plots.heatmap(weights[j], ax, "digit", "", colorbar=j == 3, **style)
    ax.set_title(f"head {j}")
    ax.set_xticks(range(6), list(str(shown[2])))
    ax.set_yticks(range(len(tokens)), tokens)
plots.show(
    fig,
    alt="Cross-attention of the four heads for 276391: each has a pattern of its own, "
    "sharp for some words, spread over several digits for others.",
)
apart = (weights[:, None] - weights).abs().sum(dim=-1).amax().item() / 2
print(f"largest share of weight that two heads place differently: {apart:.2f}")
assert apart > 0.5

# %% [markdown]
# ## Greedy or beam?
#
# Greedy writing takes the likeliest next word, and never takes it back. The likeliest
# *sentence* may begin with another word:
#
# $$P(y_1, \dots, y_m) = \prod_{t=1}^{m} P(y_t \mid y_1, \dots, y_{t-1})$$
#
# where $y_t$ is the word at place $t$. **Look for** the path whose product is largest,
# and for where greedy leaves it.

# %%
tree = nx.DiGraph()
steps = [
    ("start", "the", 0.6), ("start", "a", 0.4), ("the", "cat", 0.4),
    ("the", "dog", 0.35), ("the", "hen", 0.25), ("a", "fox", 0.9), ("a", "cow", 0.1),
]  # fmt: skip
tree.add_weighted_edges_from(steps)
place = {"start": (0, 2), "the": (1, 3), "a": (1, 0.5)}
place |= {
    word: (2, 4 - i) for i, word in enumerate(("cat", "dog", "hen", "fox", "cow"))
}
paths = {"greedy": ("start", "the", "cat"), "best": ("start", "a", "fox")}
product = {name: tree[p[0]][p[1]]["weight"] * tree[p[1]][p[2]]["weight"]
           for name, p in paths.items()}  # fmt: skip
fig, ax = plots.figure(width=6.0, height=3.0)
nx.draw_networkx(tree, place, ax=ax, node_color="#cfe3f1", node_size=1300, font_size=9)
for path, color, style in [
    (paths["greedy"], "#D55E00", "--"),
    (paths["best"], "#009E73", "-"),
]:
    looks = {"edge_color": color, "style": style, "width": 3, "node_size": 1300}
    nx.draw_networkx_edges(tree, place, [path[:2], path[1:]], ax=ax, **looks)
numbers = {(a, b): w for a, b, w in steps}
nx.draw_networkx_edge_labels(tree, place, numbers, ax=ax, font_size=9)
for name, path in paths.items():
    x, y = place[path[-1]]
    ax.text(x + 0.22, y, f"{name}: {product[name]:.2f}", va="center")
ax.set(xlim=(-0.3, 2.9), ylim=(-0.6, 4.6))
ax.axis("off")
plots.show(
    fig,
    alt="A tree of two-word sentences. Greedy takes 'the' (0.6) and then 'cat' (0.4), "
    "product 0.24, drawn dashed. The best path takes 'a' (0.4) and then 'fox' (0.9), "
    "product 0.36, drawn solid.",
)
assert product["best"] > product["greedy"]

# %% [markdown]
# **Beam search** keeps the $k$ best beginnings. Each step extends all of them by every
# token and keeps the $k$ best of the results; width 1 is greedy. Log-probabilities are
# added, so a longer sentence can only lose; to be fair to it, the winner is picked by
# the sum divided by $m^{\alpha}$ ($m$ tokens, $\alpha = 0.75$ in the book).
#
# All beams of all examples go through the decoder as one batch.


# %%
@torch.no_grad()
def beam_search(net, X, width, alpha=0.75, max_len=24):
    """Best translations found, (B, m), and their log-probabilities, (B,)."""
    B, V = len(X), net.output.out_features
    memory, mask = net.encode(X.repeat_interleave(width, dim=0))  # (B * width, n, d)
    Y = torch.full((B * width, 1), BOS)
    total = torch.full((B, width), -torch.inf)
    total[:, 0] = 0.0  # at the start all beams are the same: only one counts
    for _ in range(max_len):
        log_p = net.decode(Y, memory, mask)[:, -1].log_softmax(dim=1)
        ended = (Y[:, -1] == EOS) | (Y[:, -1] == PAD)
        log_p[ended] = -torch.inf
        log_p[ended, PAD] = 0.0  # an ended beam stays as it is, for free
        every = (total.reshape(-1, 1) + log_p).reshape(B, width * V)
        total, best = every.topk(width, dim=1)  # (B, width)
        rows = best // V + width * torch.arange(B)[:, None]  # which beam it extends
        Y = torch.cat([Y[rows.flatten()], (best % V).reshape(-1, 1)], dim=1)
        if ((Y[:, -1] == EOS) | (Y[:, -1] == PAD)).all():
            break
    length = (Y[:, 1:] != PAD).sum(dim=1).reshape(B, width)
    winner = (total / length**alpha).argmax(dim=1)
    rows = torch.arange(B)
    return Y.reshape(B, width, -1)[rows, winner], total[rows, winner]


# %% [markdown]
# Compare widths on 150 test numbers, for the trained net and for the beginner that
# `early` kept after one epoch. Counted in rows that pass the decoder, the work is
# `width` times greedy's.
#
# Before you run it, **guess** how many more numbers come out right with four beams.

# %%
X_part, part = X_test[:150], test_numbers[:150]
widths = (1, 2, 4)
match, log_p = {}, {}
for name, model in {"after epoch 1": early, "trained": net}.items():
    found = [beam_search(model, X_part, width) for width in widths]
    match[name] = [is_exact(Y, part).float().mean().item() for Y, _ in found]
    log_p[name] = [p.mean().item() for _, p in found]
    assert all(is_exact(greedy(model, X_part), part) == is_exact(found[0][0], part))
    changed = (is_exact(found[-1][0], part) != is_exact(found[0][0], part)).sum().item()
    print(f"{name:13}: width 1 {match[name][0]:.3f}, width 4 {match[name][-1]:.3f};")
    print(f"{'':13}  {changed} of 150 verdicts changed")
fig, axes = plots.figure(ncols=2, width=4.0, height=2.8)
plots.curves(axes[0], widths, match, "beam width", "exact match")
plots.curves(axes[1], widths, log_p, "beam width", "mean log-probability (nats)")
for ax in axes:
    ax.set_xticks(widths)
axes[0].set(ylim=(0, 1.05))
plots.show(
    fig,
    alt="Exact match and mean log-probability of what is found by beam width 1, 2 and "
    "4. The trained net's curves are level; the beginner's rise a little.",
)
assert abs(match["trained"][-1] - match["trained"][0]) < 0.01
assert log_p["after epoch 1"][-1] > log_p["after epoch 1"][0] - 0.02
assert scores[1] > match["after epoch 1"][-1] + 0.05  # what one more epoch gave

# %% [markdown]
# Four times the work, and for the trained net next to nothing. A number has *one*
# right name, and the net is sure of it. The beginner gains something, but far less than
# its next epoch gave it: most of its mistakes aren't a wrong turn of the search, they
# are what it believes.
#
# Beams pay where many sentences are nearly as good, as in real translation, and even
# there wide beams make things *worse* (Koehn and Knowles, 2017), because the likeliest
# sentence is often too short.

# %% [markdown]
# ## BLEU
#
# Exact match is merciless: one missing *s* counts like nonsense. Translation is usually
# scored by **BLEU**, which counts matching pieces. In the book's form, for a prediction
# of $\ell$ tokens and a reference of $r$,
#
# $$\exp\!\left(\min\left(0, 1 - \frac{r}{\ell}\right)\right)
# \prod_{n=1}^{k} p_n^{1/2^n}$$

# %% [markdown]
# $p_n$ is the share of the prediction's $n$-grams ($n$ tokens in a row) that stand in
# the reference, each reference $n$-gram being used up once. The first factor punishes
# predictions that are too short.


# %%
def bleu(prediction, reference, k=2):
    """BLEU of two lists of tokens, up to k-grams, in [0, 1]."""
    if not prediction:
        return 0.0
    score = math.exp(min(0, 1 - len(reference) / len(prediction)))
    for n in range(1, min(k, len(prediction)) + 1):
        grams = [
            Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
            for tokens in (prediction, reference)
        ]
        matches = (grams[0] & grams[1]).total()  # & takes the smaller count of each
        score *= (matches / (len(prediction) - n + 1)) ** (0.5**n)
    return score


part = test_numbers[:400]
Y_early = greedy(early, X_test[:400])
pairs = [(to_words(row), french(n)) for row, n in zip(Y_early, part, strict=True)]
gaps = [
    abs(bleu(p, r) - d2l.bleu(" ".join(p), " ".join(r), k=2))
    for p, r in pairs
    if len(p) > 1
]
print(f"{len(gaps)} translations, largest difference from d2l: {max(gaps):.1e}")
assert max(gaps) < 1e-9 and len(gaps) > 360

# %%
early_match = is_exact(Y_early, part)
early_bleu = sum(bleu(p, r) for p, r in pairs) / len(pairs)
wrong = [
    bleu(p, r) for (p, r), exact in zip(pairs, early_match, strict=True) if not exact
]
print(f"after epoch 1: exact {early_match.float().mean():.3f}, BLEU {early_bleu:.3f}")
print(
    f"BLEU of its {len(wrong)} wrong translations alone: {sum(wrong) / len(wrong):.3f}"
)
trained_bleu = sum(
    bleu(to_words(row), french(n)) for row, n in zip(Y_hat, test_numbers, strict=True)
) / len(test_numbers)
print(f"trained:       exact {exact_match:.3f}, BLEU {trained_bleu:.3f}")
print(f"200,001 for 201: BLEU {bleu(french(200_001), french(201)):.2f}")
assert early_bleu > early_match.float().mean() + 0.03 and sum(wrong) / len(wrong) > 0.4
assert trained_bleu > 0.98

# %% [markdown]
# BLEU likes the beginner better than the exact match does, and gives even its wrong
# numbers good marks. For a novel that is fair, for a cheque it isn't: *deux cent mille
# un* in place of *deux cent un* scores well. Choose the score that fits the use.
#
# Know which BLEU you read. The one of the paper (Papineni et al., 2002) counts over the
# whole test set at once, up to $n = 4$, all with the exponent $1/4$, and allows several
# references. And `d2l.bleu` divides by zero when the prediction is shorter than $k$;
# ours stops there.

# %% [markdown]
# ## The cache
#
# To write word $t$, `greedy` sends all $t$ words through the decoder and keeps the last
# row. But a causal mask means that the earlier rows can't change. So keep their keys
# and values, the **KV cache**, and send only the new token.


# %%
def attend(layer, x, K, V):
    """Multi-head attention of the new rows x (B, 1, d) to given keys and values."""
    Y, _ = attention(layer.split(layer.W_q(x)), K, V)
    return layer.join(Y)


@torch.no_grad()
def decode_next(net, token, cache):
    """Scores (B, V) of the token after `token`, (B,); the cache grows by a row."""
    x = net.target(token)[:, None] + net.P[cache["length"]]  # (B, 1, d)
    for layer, kept in zip(net.decoder, cache["layers"], strict=True):
        own, cross = layer.self_attention, layer.cross_attention
        z = layer.norm1(x)
        new = own.split(own.W_k(z)), own.split(own.W_v(z))  # (B, h, 1, d / h) each
        kept["own"] = [
            torch.cat(pair, dim=2) for pair in zip(kept["own"], new, strict=True)
        ]
        x = x + attend(own, z, *kept["own"])
        x = x + attend(cross, layer.norm2(x), *kept["cross"])
        x = x + layer.ffn(layer.norm3(x))
    cache["length"] += 1
    return net.output(net.decoder_norm(x))[:, 0]


@torch.no_grad()
def make_cache(net, X):
    """An empty cache; the memory's keys and values are computed once, here."""
    memory, _ = net.encode(X)  # X without padding, so without a mask
    layers = []
    for layer in net.decoder:
        a = layer.cross_attention
        empty = torch.empty(len(X), a.num_heads, 0, memory.shape[2] // a.num_heads)
        kept = a.split(a.W_k(memory)), a.split(a.W_v(memory))
        layers.append({"own": [empty, empty], "cross": kept})
    return {"length": 0, "layers": layers}


# %% [markdown]
# The same scores? Feed both ways the same 48 tokens, longer than any number, and
# compare after each. Meanwhile PyTorch's `FlopCounterMode` counts additions and
# multiplications: unlike seconds, they are the same on every machine.
#
# **Look for** a straight line and a curve that bends upwards.

# %%
X = encode([276_391])[0]
memory, mask = net.encode(X)
Y = torch.randint(EOS + 1, len(vocabulary), (1, 48))
cache, work, gap = make_cache(net, X), {"without cache": [], "with cache": []}, 0.0
for t in range(Y.shape[1]):
    with torch.no_grad(), FlopCounterMode(display=False) as whole:
        scores = net.decode(Y[:, : t + 1], memory, mask)[:, -1]
    with FlopCounterMode(display=False) as step:
        by_cache = decode_next(net, Y[:, t], cache)
    gap = max(gap, (scores - by_cache).abs().max().item())
    for name, counter in zip(work, (whole, step), strict=True):
        work[name].append(counter.get_total_flops())
print(f"largest difference in any score: {gap:.1e}")
totals = {name: torch.tensor(flops).cumsum(0) / 1e6 for name, flops in work.items()}
fig, ax = plots.figure(width=5.4)
plots.curves(ax, range(1, 49), totals, "tokens written", "operations so far (millions)")
plots.show(
    fig,
    alt="Operations needed to write 1 to 48 tokens. Without a cache the curve bends "
    "upwards, with a cache it is nearly straight and far lower.",
)
ratio = totals["without cache"][-1] / totals["with cache"][-1]
print(f"for 48 tokens the cache saves a factor of {ratio:.1f}")
assert gap < 1e-4 and 15 < ratio < 40

# %% [markdown]
# Same numbers, about a twenty-fifth of the work. The price is memory: two numbers for
# each layer, position and unit, growing with every token. For a large language model
# with long texts it is gigabytes.
#
# ## What attention costs
#
# In an encoder layer, $n$ positions of width $d$ pass four projections ($4 n d^2$
# multiplications) and a small net of width $2d$ (again $4 n d^2$). Scores and weighted
# means take $2 n^2 d$, and the weights alone are $h n^2$ numbers.
#
# **Look for** the length at which the two lines cross.


# %%
def counted(function, *inputs):
    """Multiplications of one call; the counter counts each with its addition."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        function(*inputs)
    return counter.get_total_flops() // 2


layer, lengths = EncoderLayer(64, 4, 128), [2**k for k in range(3, 12)]
quadratic, linear = [], []
for n in lengths:
    heads = torch.randn(1, 4, n, 16)
    quadratic.append(counted(attention, heads, heads, heads))
    linear.append(counted(layer, torch.randn(1, n, 64)) - quadratic[-1])
    assert quadratic[-1] == 2 * n**2 * 64 and linear[-1] == 8 * n * 64**2
costs = {"scores and weighted means": quadratic, "projections and small net": linear}
fig, ax = plots.figure(width=5.4)
plots.curves(ax, lengths, costs, "length $n$", "multiplications")
ax.set(xscale="log", yscale="log")
plots.show(
    fig,
    alt="Multiplications by length on log scales. The line of scores and weighted "
    "means has slope 2 and crosses the line of the projections and the small net, of "
    "slope 1, at length 256.",
)
assert quadratic[lengths.index(256)] == linear[lengths.index(256)]

# %% [markdown]
# They cross at $2 n^2 d = 8 n d^2$, so at $n = 4d$: 256 here. For our numbers of at
# most 14 tokens, $n^2$ is no trouble; for a book it is the trouble. A recurrent network
# pays $n d^2$, but step after step, while attention does all positions at once.
#
# ## The surprise: five digits
#
# The net knows three, four and six digits. Every word that 54,321 needs, it has read
# hundreds of times: *cinquante-quatre mille*, *trois cent vingt et un*.
#
# **Guess** its exact match on numbers of five digits.

# %%
often = Counter(word for n in train_numbers for word in french(n))
assert min(often[word] for word in french(54_321)) > 200
five = draw_numbers(300, lengths=(5,))
X_five, _ = encode(five)
Y_five = greedy(net, X_five)
five_match = is_exact(Y_five, five).float().mean().item()
print(f"exact match on five digits: {five_match:.3f}\n")
for n, row in list(zip(five, Y_five, strict=True))[:4]:
    print(f"{n}  {written(to_words(row))}")
metrics = {"exact match": exact_match, "BLEU": trained_bleu}
metrics |= {"round hundreds": round_match, "five digits": five_match}
assert five_match < 0.05

# %% [markdown]
# Nearly nothing. It writes a number of four or six digits, or a garbled one, with these
# digits in it. It did not learn "groups of three from the right". It learned what
# to do with the first, second, third digit of numbers *of the lengths it met*. A test
# set drawn like the training set can't show this.
#
# The parts were all there; what was missing was the *kind*. When you collect data,
# variety is worth more than volume. (Try it: the first question of "To think about".)

# %% [markdown]
# ## What goes wrong in practice
#
# **The mask the wrong way round.** `True` means *may look* in
# `F.scaled_dot_product_attention` and *forbidden* in `nn.MultiheadAttention` and
# `nn.TransformerEncoderLayer`. Swapped, a causal mask shows each word only the future,
# and nothing complains, but for a NaN in the last row, which sees nobody.

# %%
X = torch.randn(1, 4, 8)
with torch.no_grad():
    out, _ = nn.MultiheadAttention(8, 2, batch_first=True)(
        X, X, X, attn_mask=torch.ones(4, 4, dtype=torch.bool).tril()
    )
print("rows that are NaN:", out.isnan().any(dim=2)[0].tolist())
assert out.isnan().any(dim=2)[0].tolist() == [False, False, False, True]

# %% [markdown]
# **A row with nothing to look at.** That last row was left without a single key: all
# its scores are $-\infty$, its softmax is 0/0. One NaN is enough: after the next
# gradient step all parameters are NaN. Ours fills in the lowest finite number, and a
# row without keys then averages over everything, padding too: finite, and as wrong.
# `F.scaled_dot_product_attention` returns zeros. Exercise 1 is about this.

# %%
Q, nothing = torch.randn(1, 2, 8), torch.zeros(1, 2, 2, dtype=torch.bool)
scores = (Q @ Q.transpose(1, 2)).masked_fill(~nothing, -torch.inf)
print("with -inf:   ", scores.softmax(dim=-1)[0, 0].tolist())
print("lowest finite:", attention(Q, Q, Q, nothing)[1][0, 0].tolist())
print(
    "PyTorch:     ", F.scaled_dot_product_attention(Q, Q, Q, nothing)[0, 0, :2].tolist()
)
assert scores.softmax(dim=-1).isnan().all()
assert attention(Q, Q, Q, nothing)[1].eq(0.5).all()

# %% [markdown]
# **Heads cut by `reshape` alone.** (B, n, d) holds as many numbers as (B, h, n, d/h),
# so `X.reshape(B, h, n, d // h)` runs. But it cuts along the *positions*: a "head" then
# gets a few positions with all their numbers, chopped. Training runs all the same.
# First reshape to (B, n, h, d/h), then transpose.

# %%
X = torch.arange(8.0).reshape(1, 4, 2)  # four positions, two numbers each
right = X.reshape(1, 4, 2, 1).transpose(1, 2)
wrong = X.reshape(1, 2, 4, 1)
print("head 0, right:", right[0, 0].ravel().tolist(), " the first number of each")
print("head 0, wrong:", wrong[0, 0].ravel().tolist(), " the first two positions")
assert right.shape == wrong.shape and not right.equal(wrong)

# %% [markdown]
# **A softmax along the queries.** `scores.softmax(dim=-2)` gives a matrix of the right
# shape whose *columns* sum to 1. Print `weights.sum(dim=-1)` once: it must be all ones.
#
# **Targets not shifted.** If the decoder's input and target are both `Y[:, 1:]`, the
# net copies its input: a loss near the floor in one epoch, and nonsense when it has to
# write. A loss too good to be true is a leak.

# %% [markdown]
# ## Summary
#
# - Attention is a soft look-up: queries meet keys, softmax makes weights, the values
#   are averaged.
# - The root keeps the scores' variance at 1, so that softmax can learn.
# - Masks: padding hides what isn't there, causality what isn't written yet.
# - Heads are a reshape *and* a transpose. Order comes from the positional encoding
#   only.
# - Encoder layer: attention, small net, two residuals, two norms. The decoder adds
#   cross-attention.
# - Greedy is beam search of width 1; here wider beams bought nothing.
# - The KV cache changes no number and saves most of the work; attention costs $n^2 d$.
# - 0.99 on a test set, far less on round numbers, 0 on a length never seen: ask who
#   chose the questions.

# %% [markdown]
# ## To think about
#
# 1. Exchange 300 training numbers for numbers of five digits and train afresh. What is
#    the exact match on the others now? And if you add 5,000 of six digits instead?
# 2. Train without the positional encoding. Which numbers can the net still translate?
# 3. Number the digits from the right. Does it now read five digits?
# 4. Take the root away in `attention` and train. Why does it hurt so little here? What
#    is $d/h$?
# 5. Replace learning by hand: which weights of cross-attention would *you* set?
# 6. Let the net translate words into digits. Is that easier?

# %% [markdown]
# The exercise notebook `23_attention_and_transformers` comes next: ten checked
# exercises, from a masked softmax to a cache of your own. Chapter 24 asks whether a
# state of fixed size can do what the growing cache does.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: chapter 10 and section 9.8
#   (beam search) in the edition of `d2l` 0.17; 11 and 10.8 in the printed book.
# - Vaswani et al., *Attention is all you need*, NeurIPS 2017. Section 3.2.1 has the
#   root and its reason, as a suspicion.
# - Bahdanau, Cho, Bengio, *Neural machine translation by jointly learning to align and
#   translate*, ICLR 2015: attention on a recurrent network.
# - Nadaraya, 1964, and Watson, 1964: kernel regression, independently.
# - Xiong et al., *On layer normalization in the Transformer architecture*, ICML 2020:
#   pre- against post-norm.

# %% [markdown]
# - Papineni et al., *BLEU: a method for automatic evaluation of machine translation*,
#   ACL 2002.
# - Koehn, Knowles, *Six challenges for neural machine translation*, 2017: the sixth is
#   beam search.
# - Szegedy et al., *Rethinking the Inception architecture*, CVPR 2016: label smoothing,
#   section 7.
# - Jain, Wallace, *Attention is not explanation*, NAACL 2019, and Wiegreffe, Pinter,
#   *Attention is not not explanation*, EMNLP 2019: read both.
# - Lake, Baroni, *Generalization without systematicity*, ICML 2018: nets that know the
#   parts and fail on lengths they never met.
