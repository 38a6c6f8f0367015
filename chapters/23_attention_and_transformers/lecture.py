# %% [markdown]
# # Attention and Transformers: look where it matters
#
# In French, 91 is *quatre-vingt-onze*: four-twenty-eleven. The 9 alone can't tell you
# to write *quatre*, nor the 1 to write *onze*. You look at the 9 and the 1, and
# never think of the digits further left. **How can a network choose where to look,
# anew for each word that it writes?**
#
# You build attention from scratch, grow it into a Transformer, and teach it to put
# numbers it never saw into French.
#
# You need [Adam](03), [softmax](06) and [cross-entropy](06),
# [convolution](12 "kernel"), [layer norm](16), [residual
# connections](17 "residual connection") and [recurrent networks](20).

# %% [markdown]
# A [recurrent translator](20 "recurrent networks") reads the whole sentence into one
# state of fixed size, and writes from that state alone. The first word has to survive
# every later step, and a long sentence gets no more room than a short one. In 2014
# Bahdanau, Cho and Bengio let their translator look back at *all* states it had while
# reading, and weigh them anew for each word: **attention**. Three years later the
# **Transformer** dropped the recurrence and kept the attention.

# %%
import copy
import math
from collections import Counter

import torch
from d2l import torch as d2l
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader
from torch.utils.flop_counter import FlopCounterMode

from utils import plots
from utils.data import load_array, mnist
from utils.device import set_seed, try_gpu
from utils.drawings import attention_and_transformers as drawings
from utils.french import by_parts, draw_numbers, french, written
from utils.one_cycle import fit, one_cycle
from utils.train import evaluate, train

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## A soft look-up
#
# A dictionary gives the **value** whose **key** equals your **query**, or nothing at
# all. Make it soft: give *every* value $v_i$ a weight $\alpha_i$, the larger the closer
# its key is to the query, and return the one number $y$ that misses the values least:
#
# $$\frac{d}{dy} \sum_i \alpha_i (v_i - y)^2 = -2 \sum_i \alpha_i (v_i - y) = 0
# \quad\Rightarrow\quad y = \sum_i \alpha_i v_i \quad \text{if} \quad
# \sum_i \alpha_i = 1$$
#
# The weighted mean. This is older than deep learning: with it Nadaraya and Watson drew
# curves through noisy points in 1964, **kernel regression**.

# %% [markdown]
# The query is the place $x$ where you want the curve, the keys are the places $x_i$
# where you measured, the values are the measurements $y_i$. Their weights, here with
# the bell as **kernel** and $w$ as its width:
#
# $$\alpha_i = \frac{\exp(-(x - x_i)^2 / 2 w^2)}
# {\sum_j \exp(-(x - x_j)^2 / 2 w^2)}$$
#
# which is [softmax](06) of minus the squared distances.
#
# **Look for** what the width does: on the left to the weights of one query, on the
# right to the curve.


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
drawings.regression(axes, keys, values, x, smooth, row=60)
plots.show(
    fig,
    alt="Left: weights of sixty keys for the query 3, a high spike for width 0.05, a "
    "hill for 0.4, nearly level for 2. Right: the three curves through the points: one "
    "jumps from point to point, one follows the wave, one is nearly straight.",
)
by_width = {w: kernel_regression(keys, keys, values, w)[0] for w in (0.05, 0.4, 2)}
miss = {w: (values - y_hat).std().item() for w, y_hat in by_width.items()}
print(
    "the points miss the curve by", {w: round(m, 2) for w, m in miss.items()}, "(std)"
)
assert miss[0.05] < 0.2 < 0.35 < miss[2]

# %% [markdown]
# A narrow kernel goes through the nearest points, noise included. A wide one averages
# nearly everything and loses the wave. In a network nobody sets the width: it learns
# how sharply to look.
#
# ## The formula
#
# Distances are one way to compare a query with a key. The Transformer uses the dot
# product. For one query $\mathbf q$, keys $\mathbf k_1 \dots \mathbf k_n$ and values
# $\mathbf v_1 \dots \mathbf v_n$, **scaled dot-product attention** is
#
# $$\mathbf y = \sum_{i=1}^{n} \alpha_i \mathbf v_i, \qquad
# \alpha_i = \frac{\exp(s_i)}{\sum_j \exp(s_j)}, \qquad
# s_i = \frac{\mathbf q^\top \mathbf k_i}{\sqrt d}$$
#
# Queries and keys are vectors of length $d$, values may have any length. The **scores**
# $s_i$ say how well key and query fit, the **attention weights** $\alpha_i$ are
# positive and sum to 1.

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
# A **mask** says which keys a query may see. Here `True` means *may look*. A forbidden
# score becomes the lowest number there is, so that its weight is 0. **Dropout** on the
# weights, when it is asked for, makes a query miss some keys while it learns.


# %%
def attention(Q, K, V, mask=None, dropout=None):
    """softmax(Q K^T / sqrt(d)) V, and the weights.

    Q: (..., m, d), K: (..., n, d), V: (..., n, d_v); mask: True where a query may look,
    broadcast to (..., m, n). Returns (..., m, d_v) and (..., m, n).
    """
    scores = Q @ K.transpose(-2, -1) / math.sqrt(Q.shape[-1])  # (..., m, n)
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1)
    return (weights if dropout is None else dropout(weights)) @ V, weights


# %% [markdown]
# PyTorch has it as `F.scaled_dot_product_attention`. Same inputs, two answers.


# %%
def compare(ours, others):
    """Print how far our tensor is from each of the others; they must be equal."""
    for name, other in others.items():
        difference = (ours - other).abs().max().item()
        print(f"largest difference from {name}: {difference:.1e}")
        assert difference < 1e-5


Q, K, V = torch.randn(2, 3, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 4)
valid = torch.tensor([5, 2])  # the second example has only two real keys
mask = (torch.arange(5) < valid[:, None])[:, None]  # (2, 1, 5), one row for all queries
ours, weights = attention(Q, K, V, mask)
compare(ours, {"PyTorch": F.scaled_dot_product_attention(Q, K, V, attn_mask=mask)})
print("second example's first query:", [round(w, 3) for w in weights[1, 0].tolist()])
assert weights[1, :, 2:].eq(0).all()

# %% [markdown]
# And kernel regression? Multiply out the square:
# $-\tfrac{1}{2}(x - x_i)^2 = x x_i - \tfrac{1}{2} x_i^2 - \tfrac{1}{2} x^2$. The last
# term is the same for all keys, and softmax doesn't care. So it *is* dot-product
# attention, with the query $(x, 1)$ and the keys $(x_i, -\tfrac{1}{2} x_i^2)$, up to
# the width and the root.
#
# ## Why the root?
#
# Take queries and keys of independent numbers with mean 0 and variance 1. Then
#
# $$\operatorname{Var}(\mathbf q^\top \mathbf k)
# = \sum_{j=1}^{d} \operatorname{Var}(q_j k_j)
# = \sum_{j=1}^{d} \operatorname{E}[q_j^2] \operatorname{E}[k_j^2] = d$$
#
# so scores grow like $\sqrt d$. What do large scores do to softmax? Its slopes are
#
# $$\frac{\partial \alpha_i}{\partial s_j}
# = \alpha_i \left([i = j] - \alpha_j\right)$$
#
# and vanish where one weight is 1 and the others are 0: nothing can be learned there.
# Dividing by $\sqrt d$ keeps the variance at 1.
#
# **Look for** the two ends of each curve, with the root and without.

# %%
sizes = [2**k for k in range(1, 11)]
largest, slope = ({"without the root": [], "with the root": []} for _ in range(2))
for d in sizes:
    Q, K = torch.randn(500, 1, d), torch.randn(500, 10, d)
    for name, scale in zip(largest, (1, d**-0.5), strict=True):
        scores = (Q @ K.transpose(1, 2) * scale).requires_grad_()  # (500, 1, 10)
        best = scores.softmax(dim=-1).max(dim=-1).values
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
assert largest["without the root"][-1] > 0.9 and largest["with the root"][-1] < 0.4
assert slope["without the root"][-1] < 1e-4 < 0.2 < slope["with the root"][-1]

# %% [markdown]
# At $d = 1024$ without the root, half of all queries have a slope below 0.0001. (The
# argument holds for fresh random vectors. After training, queries and keys are
# anything but independent: the root is a start, not a law.)
#
# ## Three masks
#
# Sentences in a batch have different lengths, so the short ones are *padded*. A
# **padding mask** keeps everyone from looking at padding. And a network that learns to
# write must not see the word it is about to write: in a **causal mask**, position $t$
# looks at positions up to $t$, itself included. A padded target has both.
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
drawings.masks(axes, masks)
plots.show(
    fig,
    alt="Three 6 x 6 masks of ones (may look) and zeros. Padding: the last two "
    "columns are 0. Causal: ones on and below the diagonal. Both: the triangle without "
    "its last two columns.",
)

# %% [markdown]
# The columns of the two padded keys are 0 for every query; the causal triangle leaves
# key $j$ to the queries from $j$ on: no output depends on a later token.
#
# ## Several heads
#
# One query gives one set of weights. But a word may need the 9 *and* the 1. So let $h$
# **heads** look at once, each with queries, keys and values of its own, of length
# $d/h$. This is **multi-head attention**:
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

    def __init__(self, d, num_heads, dropout=0.0):
        super().__init__()
        self.num_heads, self.dropout = num_heads, nn.Dropout(dropout)
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(d, d) for _ in range(4))

    def split(self, X):
        B, n, d = X.shape
        X = X.reshape(B, n, self.num_heads, d // self.num_heads)  # cut each row
        return X.transpose(1, 2)  # (B, h, n, d / h)

    def join(self, heads):
        return self.W_o(heads.transpose(1, 2).flatten(2))  # (B, n, h, d/h) -> (B, n, d)

    def forward(self, queries, keys, values, mask=None):
        """queries: (B, m, d); keys, values: (B, n, d); mask: up to (B, h, m, n)."""
        heads = (self.W_q(queries), self.W_k(keys), self.W_v(values))
        Y, weights = attention(*map(self.split, heads), mask, self.dropout)
        self.weights = weights.detach()  # (B, h, m, n), to draw them later
        return self.join(Y)


# %% [markdown]
# Give the same parameters to PyTorch's `nn.MultiheadAttention`. It keeps the three
# input matrices stacked in one, and means the opposite by its masks: in `attn_mask` and
# `key_padding_mask` of this class, `True` is *forbidden*.


# %%
@torch.no_grad()
def copy_attention(mine, theirs):
    """Give the parameters of our attention to PyTorch's."""
    inputs = (mine.W_q, mine.W_k, mine.W_v)
    theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in inputs]))
    theirs.in_proj_bias.copy_(torch.cat([layer.bias for layer in inputs]))
    theirs.out_proj.load_state_dict(mine.W_o.state_dict())


mine, theirs = MultiHeadAttention(8, 2), nn.MultiheadAttention(8, 2, batch_first=True)
copy_attention(mine, theirs)
X, valid = torch.randn(2, 5, 8), torch.tensor([5, 3])
may_look = torch.arange(5) < valid[:, None]  # (2, 5)
ours = mine(X, X, X, may_look[:, None, None])
by_torch, _ = theirs(X, X, X, key_padding_mask=~may_look)  # the other way round
compare(ours, {"PyTorch": by_torch})

# %% [markdown]
# ## Order has to be told
#
# **Self-attention** takes queries, keys and values from the same sequence. Nothing in
# its formula says where a key stands.

# %% [markdown] predict="shuffled_rows"
# **Predict.** The five rows of the input are shuffled. What comes out of self-attention
# without a mask?
#
# - Five other rows: each word has new neighbours now.
#   wrong: attention taken for a convolution. Each query meets all keys, and a sum over
#   all keys doesn't ask for their order.
# - The same five rows, shuffled in the same way.
#   right: each query meets the same keys with the same values as before, so each row
#   is what it was, and only its place is new.
# - The same five rows in the old order.
#   wrong: the queries forgotten. The sum over keys ignores order, but row $i$ of the
#   output belongs to query $i$, and the queries were shuffled too.

# %%
order = torch.tensor([3, 0, 4, 1, 2])
plain, shuffled = mine(X, X, X), mine(*[X[:, order]] * 3)
compare(plain[:, order], {"shuffled first": shuffled})
assert (plain - shuffled).abs().max() > 0.01

# %% [markdown]
# Self-attention is **permutation equivariant**: to it, 123 and 321 are one bag of
# digits. So add to each vector a pattern that says where it stands, a **positional
# encoding**. The paper's pattern has one pair of columns for each frequency $\omega_j$:
#
# $$P_{p,\,2j} = \sin(p\, \omega_j), \qquad
# P_{p,\,2j+1} = \cos(p\, \omega_j), \qquad \omega_j = 10000^{-2j/d}$$
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
compare(P, {"d2l": d2l.PositionalEncoding(32, dropout=0, max_len=60).P[0]})

# %% [markdown]
# How do two patterns compare? With $\sin a \sin b + \cos a \cos b = \cos(a - b)$,
#
# $$\mathbf P_p \cdot \mathbf P_q = \sum_{j} \cos\big((p - q)\, \omega_j\big)$$
#
# This depends on the distance only. But all cosines are 1 at distance 0, and $-2$ gives
# what 2 gives: the bare patterns make each position look at *itself*, and can't tell
# left from right.

# %% [markdown] predict="two_to_the_left"
# **Predict.** Every position shall look hardest at the one two to its left. Can a
# single matrix $\mathbf W_q$, the same for all positions, bring that about?
#
# - Yes: it turns each pair of columns by an angle of its own.
#   right: a shift by two is a turn by $2 \omega_j$ of each hand, whatever it shows.
# - No: for each position it would have to be another matrix.
#   wrong: a shift taken for something that depends on where you are. Two hours earlier
#   is the same turn of the hand at any time of the day.
# - No: no matrix can make a symmetric product asymmetric.
#   wrong: a property of the bare product taken for one of all products. With
#   $\mathbf W_q$ between the two patterns, the product needn't be symmetric.
# - Yes: it multiplies all columns by a number below 1.
#   wrong: size taken for direction. A factor changes how sharply the weights fall off,
#   not where they peak.

# %% [markdown]
# The addition theorems give the pattern of $p + k$ from that of $p$:
#
# $$\sin((p+k)\omega) = \sin p\omega \cos k\omega + \cos p\omega \sin k\omega$$
#
# $$\cos((p+k)\omega) = \cos p\omega \cos k\omega - \sin p\omega \sin k\omega$$
#
# So $\mathbf P_{p+k} = \mathbf P_p \mathbf R_k$, where $\mathbf R_k$ turns each pair of
# columns by $k \omega_j$: a **rotation** that doesn't depend on $p$. Let
# $\mathbf W_q = \mathbf R_{-2}$ and $\mathbf W_k = \mathbf I$: the query of $p$ is
# then the pattern of $p - 2$, and fits that key best.
#
# **Look for** stripes that get longer from left to right; then for where the products
# peak, without the rotation and with it.


# %%
def rotation(k, d):
    """R_k with P[p + k] = P[p] @ R_k for every p, (d, d)."""
    angle = k / 10000 ** (torch.arange(0, d, 2) / d)  # (d / 2,)
    c, s = angle.cos(), angle.sin()
    blocks = torch.stack([c, -s, s, c], dim=1).reshape(-1, 2, 2)
    return torch.block_diag(*blocks)


R = rotation(-2, 32)
compare(P[:-2], {"the pattern two further on, turned back": P[2:] @ R})
bare, turned = P @ P.T, (P @ R) @ P.T  # (queries, keys)
print("key with the largest product, for queries 20 to 24:")
print("  bare", bare.argmax(dim=1)[20:25].tolist(), end="  ")
print("turned", turned.argmax(dim=1)[20:25].tolist())
assert bare.argmax(dim=1).equal(torch.arange(60)) and torch.allclose(bare, bare.T)
assert turned.argmax(dim=1)[2:].equal(torch.arange(58))
for scores in (bare, turned):  # rows of queries 20 and 40, each around its query
    assert torch.allclose(scores[20, 8:33], scores[40, 28:53], atol=1e-3)

# %%
fig, axes = plots.figure(ncols=3, width=3.6, height=3.0)
drawings.encoding(axes, P, {"bare": bare, "turned": turned}, queries=(20, 30, 40))
plots.show(
    fig,
    alt="Left: the encoding of 60 positions in 32 columns, fast waves in the first, "
    "nearly constant in the last. Middle: dot products of three queries with the keys "
    "around them, equal curves, highest at distance 0. Right: rotated, highest at -2.",
)

# %% [markdown]
# The three curves are one, and the rotation moves its peak from 0 to $-2$. That is why
# attention can learn to look "two to the left" from anywhere: the shift is *one*
# matrix, which $\mathbf W_q$ and $\mathbf W_k$ can learn.

# %% [markdown]
# ## The encoder layer
#
# Attention mixes positions, but only by weighted means. The other half of a layer works
# on each position by itself: the **feed-forward network**, two linear layers with a
# ReLU between. Around each half $f$ runs a [residual connection](17), and a
# [layer norm](16) keeps the scale. Where does the norm stand?
#
# - **post-norm** (the paper of 2017): $\mathbf X \leftarrow
#   \operatorname{norm}(\mathbf X + f(\mathbf X))$
# - **pre-norm** (most nets since): $\mathbf X \leftarrow \mathbf X +
#   f(\operatorname{norm}(\mathbf X))$

# %% [markdown]
# Post-norm needs a **warm-up**, a learning rate that starts near 0 and rises; pre-norm
# trains without it, but its values grow from layer to layer, so that a last norm must
# stand at the end of the stack (Xiong et al., 2020).
#
# In training, **dropout** acts in three places of a layer: on the attention weights,
# inside the feed-forward network, and on each $f$ before it is added. A fourth is the
# sum of embedding and positional encoding, below the first layer.


# %%
def feed_forward(d, d_hidden, dropout):
    """The same two linear layers for each position: d -> d_hidden -> d."""
    hidden = nn.Linear(d, d_hidden), nn.ReLU(), nn.Dropout(dropout)
    return nn.Sequential(*hidden, nn.Linear(d_hidden, d))


class EncoderLayer(nn.Module):
    """Self-attention, then a feed-forward network; both with a residual."""

    def __init__(self, d, num_heads, d_hidden, dropout=0.0, norm_first=True):
        super().__init__()
        self.norm_first, self.dropout = norm_first, nn.Dropout(dropout)
        self.attention = MultiHeadAttention(d, num_heads, dropout)
        self.ffn = feed_forward(d, d_hidden, dropout)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, X, mask=None):
        if self.norm_first:
            Z = self.norm1(X)
            X = X + self.dropout(self.attention(Z, Z, Z, mask))
            return X + self.dropout(self.ffn(self.norm2(X)))
        X = self.norm1(X + self.dropout(self.attention(X, X, X, mask)))
        return self.norm2(X + self.dropout(self.ffn(X)))


# %% [markdown]
# ## The decoder layer
#
# The **decoder** is **autoregressive**: it writes one token after the other, each from
# those before it. Its layer has three parts: self-attention over what is written so
# far, with the causal mask; **cross-attention**, where the queries come from the
# decoder, and keys and values from the encoder's output, the **memory**: here the
# French word looks at the digits; and the feed-forward network. Ours is pre-norm only.


# %%
class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention, feed-forward network; pre-norm."""

    def __init__(self, d, num_heads, d_hidden, dropout=0.0):
        super().__init__()
        self.self_attention = MultiHeadAttention(d, num_heads, dropout)
        self.cross_attention = MultiHeadAttention(d, num_heads, dropout)
        self.ffn = feed_forward(d, d_hidden, dropout)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d) for _ in range(3))
        self.dropout = nn.Dropout(dropout)

    def forward(self, Y, memory, causal_mask, memory_mask):
        """Y: (B, m, d), memory: (B, n, d) -> (B, m, d)."""
        Z = self.norm1(Y)
        Y = Y + self.dropout(self.self_attention(Z, Z, Z, causal_mask))
        Z = self.norm2(Y)
        Y = Y + self.dropout(self.cross_attention(Z, memory, memory, memory_mask))
        return Y + self.dropout(self.ffn(self.norm3(Y)))


# %% [markdown]
# PyTorch has both layers. Copy the parameters over and compare. Dropout is random, so
# the comparison is made in `eval` mode, which turns it off.


# %%
def copy_layer(mine, theirs):
    """Give the parameters of our layer to PyTorch's encoder or decoder layer."""
    own = [m for m in mine.modules() if isinstance(m, MultiHeadAttention)]
    other = [m for m in theirs.modules() if isinstance(m, nn.MultiheadAttention)]
    for m, t in zip(own, other, strict=True):
        copy_attention(m, t)
    theirs.linear1.load_state_dict(mine.ffn[0].state_dict())
    theirs.linear2.load_state_dict(mine.ffn[3].state_dict())
    return theirs.eval()  # the norms are 1 and 0 in all


X, memory = torch.randn(2, 5, 8), torch.randn(2, 3, 8)
causal = torch.ones(5, 5, dtype=torch.bool).tril()
for first in (False, True):
    enc = EncoderLayer(8, 2, 16, dropout=0.1, norm_first=first).eval()
    E = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=first)
    E = copy_layer(enc, E)
    compare(enc(X, causal), {f"PyTorch, {first = }": E(X, src_mask=~causal)})
dec = DecoderLayer(8, 2, 16, dropout=0.1).eval()
D = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True, norm_first=True)
D = copy_layer(dec, D)
compare(dec(X, memory, causal, None), {"PyTorch": D(X, memory, tgt_mask=~causal)})

# %% [markdown]
# ## The whole translator
#
# **Look for** the one arrow that leads from the left tower to the right one, and for
# the residual connections, which pass by every half layer.

# %%
fig, ax = plots.figure(width=7.0, height=5.2)
drawings.translator(ax)
plots.show(
    fig,
    alt="Two towers. Left: digits, embedding, twice self-attention and feed-forward, "
    "memory. Right: words so far, embedding, twice causal self-attention, attention to "
    "the memory and feed-forward, next word. A line with a plus passes each half.",
)

# %% [markdown]
# That arrow is all that the decoder ever learns about the number.


# %%
class Transformer(nn.Module):
    """Scores of the next token, from a source sequence and what is written so far."""

    def __init__(
        self, num_source, num_target, d=64, heads=4, d_hidden=128, dropout=0.0
    ):
        super().__init__()
        self.source = nn.Embedding(num_source, d)
        self.target = nn.Embedding(num_target, d)
        layer = (d, heads, d_hidden, dropout)
        self.encoder = nn.ModuleList(EncoderLayer(*layer) for _ in range(2))
        self.decoder = nn.ModuleList(DecoderLayer(*layer) for _ in range(2))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(d), nn.LayerNorm(d)
        self.output, self.dropout = nn.Linear(d, num_target), nn.Dropout(dropout)
        self.register_buffer("P", positional_encoding(64, d))

    def encode(self, X):
        """X: (B, n) tokens -> memory (B, n, d) and its mask (B, 1, 1, n)."""
        mask = (X != PAD)[:, None, None]
        H = self.dropout(self.source(X) + self.P[: X.shape[1]])
        for layer in self.encoder:
            H = layer(H, mask)
        return self.encoder_norm(H), mask

    def decode(self, Y, memory, memory_mask):
        """Y: (B, m) tokens -> scores (B, m, num_target) of the token after each."""
        m = Y.shape[1]
        causal = torch.ones(m, m, dtype=torch.bool, device=Y.device).tril()
        H = self.dropout(self.target(Y) + self.P[:m])
        for layer in self.decoder:
            H = layer(H, memory, causal, memory_mask)
        return self.output(self.decoder_norm(H))

    def forward(self, X, Y):
        return self.decode(Y, *self.encode(X))


# %% [markdown]
# The decoder's own padding needs no mask: it stands at the *end*, where the causal mask
# keeps every real token from looking, and the loss ignores it.
#
# The paper's base model is this net with $d = 512$, 8 heads, a feed-forward width of
# 2,048 and 6 layers in each tower; ours has 64, 4, 128 and 2. What else differs: the
# paper is post-norm; it drops 0.1 of the numbers in training, we nothing, as four short
# epochs leave no time to learn by heart (watch the two losses below); it multiplies the
# embeddings by $\sqrt d$ and shares them with the last linear layer; its learning rate
# falls like $1/\sqrt{\text{step}}$; it cuts words into pieces.

# %% [markdown]
# ## A small language pair
#
# From digits to French words. `num2words` knows the rules, our net won't: *soixante et
# onze* (71), *quatre-vingts* (80) but *quatre-vingt-un* (81), *deux cents* (200) but
# *deux cent un* (201), *mille* that never changes.
#
# A word is a **token**; after a hyphen it is another token that keeps the hyphen in
# front. So tokens can be glued together again without loss. `french` cuts a name into
# tokens, `written` glues them.

# %%
for n in (17, 71, 80, 81, 91, 200, 201, 276_391):
    print(f"{n:7}  {french(n)}  {written(french(n))}")

# %% [markdown]
# The net learns from 0 to 99, as in any language course, and from about 6,000 larger
# numbers of three, four and six digits. 300 others are kept to choose by (validation),
# 1,000 for the test. **Numbers of five digits are left out entirely**, for an
# experiment at the end.

# %%
drawn = draw_numbers(7300, lengths=(3, 4, 6))
shown = 276_391  # to look at later, so not to learn from
test_numbers, valid_numbers = drawn[:1000], drawn[1000:1300]
train_numbers = [*range(100), *(n for n in drawn[1300:] if n != shown)]
words = sorted({word for n in train_numbers for word in french(n)})
vocabulary = ["<pad>", "<bos>", "<eos>", *words]
word_id = {word: i for i, word in enumerate(vocabulary)}
print(len(train_numbers), "numbers to learn from,", len(vocabulary), "tokens")
assert not set(train_numbers) & {*test_numbers, *valid_numbers}
assert len(vocabulary) == 47

# %% [markdown]
# While it learns, the decoder gets the *right* words so far (**teacher forcing**) and
# must name the next one at every position at once; the causal mask keeps it from
# reading it. Inputs and targets are the same words, shifted by one. Each batch is
# padded to its own longest number.


# %%
def digits(numbers):
    """The digits of each number as ids from 1 on, padded: (N, most digits)."""
    ids = [torch.tensor([int(digit) + 1 for digit in str(n)]) for n in numbers]
    return pad_sequence(ids, batch_first=True)


def batch(numbers):
    """Inputs (digits, words before) and targets, the words after: (N, words + 1)."""
    rows = [[BOS, *(word_id[word] for word in french(n)), EOS] for n in numbers]
    Y = pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    return (digits(numbers), Y[:, :-1]), Y[:, 1:]


(X, Y_before), Y_after = batch([91, 200])
print("digits", X.tolist(), "input", Y_before.tolist(), "target", Y_after.tolist())
print([vocabulary[i] for i in Y_after[0].tolist()])

# %% [markdown]
# How good can a table be? A person who knows only that thousands and the rest are
# named apart looks up both among the numbers to learn from: for 276,391 the names of
# 276 and 391, with *mille* between (`by_parts`). The **baseline** to beat.

# %%
table = {n: french(n) for n in train_numbers if n < 1000}


def share_exact(names, numbers):
    """Share of the numbers whose name is right, to the last letter."""
    pairs = zip(names, numbers, strict=True)
    return sum(name == french(n) for name, n in pairs) / len(numbers)


by_table = [by_parts(n, table) for n in test_numbers]
table_match = share_exact(by_table, test_numbers)
print(f"exact match of the table on the test numbers: {table_match:.3f}")

# %% [markdown]
# ## Teaching it to write
#
# The loss is cross-entropy with **label smoothing**: the target is the right token with
# $1 - \varepsilon$, plus $\varepsilon / V$ on each of the $V$ tokens,
#
# $$L = -\frac{1}{|T|} \sum_{t \in T} \sum_{v=1}^{V} \left( (1 - \varepsilon)
# [v = y_t] + \frac{\varepsilon}{V} \right) \log p_t(v)$$
#
# where $T$ are the positions that aren't padding, $y_t$ is the right token there and
# $p_t$ the net's probabilities.
#
# Its smallest value isn't 0. For a target $q$, the sum $-\sum_v q(v) \log p(v)$ is
# least at $p = q$, where it is the entropy of $q$. Know it before you judge a curve.

# %%
epsilon, V = 0.1, len(vocabulary)
likely, other = 1 - epsilon + epsilon / V, epsilon / V
floor = -likely * math.log(likely) - (V - 1) * other * math.log(other)
print(f"the loss can't go below {floor:.3f}")


def smoothed(scores, target):
    """Cross-entropy with label smoothing; scores (B, m, V), target (B, m)."""
    settings = {"ignore_index": PAD, "label_smoothing": epsilon}
    return F.cross_entropy(scores.transpose(1, 2), target, **settings)


assert 0.69 < floor < 0.70

# %% [markdown]
# **Greedy** decoding writes the likeliest next token, until all have ended. In training
# there is a shortcut to its score: a number comes out right just if at *each* place,
# after the right words so far, the likeliest token is the right one. One call of the
# net tells.


# %%
@torch.no_grad()
def greedy(net, X, max_len=24):
    """Write the likeliest next token until all have ended: (B, digits) -> (B, m)."""
    X = X.to(net.P.device)
    memory, mask = net.encode(X)
    Y = X.new_full((len(X), 1), BOS)
    ended = torch.zeros_like(Y[:, 0], dtype=torch.bool)
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


def exact(scores, target):
    """Share of the sequences whose every token is the likeliest one."""
    right = (scores.argmax(dim=2) == target) | (target == PAD)  # (B, m)
    return right.all(dim=1).float().mean()


# %% [markdown]
# The optimiser is [Adam](03). Its learning rate follows **one cycle**: it rises from a
# small value to its largest in the first 15 % of the steps, then falls towards 0 along
# a cosine. It changes after each batch. The gradient is **clipped**: where its norm is
# above 1, it is shortened to 1.


# %%
def learn(numbers, parts):
    """Train a new net, with a copy of it after each part; parts: numbers of epochs."""
    net = Transformer(11, len(vocabulary)).to(device)
    train_iter = DataLoader(numbers, 64, shuffle=True, collate_fn=batch)
    valid_iter = DataLoader(valid_numbers, 300, collate_fn=batch)
    optimizer = torch.optim.Adam(net.parameters(), fused=True)
    settings = {"loss": smoothed, "metrics": {"exact": exact}, "clip_norm": 1.0}
    num_steps = sum(parts) * len(train_iter)
    settings |= one_cycle(optimizer, 3e-3, num_steps, warm_up=0.15)
    nets, histories = [], []
    for num_epochs in parts:
        found = train(net, train_iter, valid_iter, num_epochs=num_epochs, **settings)
        histories.append(found)
        nets.append(copy.deepcopy(net).eval())
    return nets, {name: sum((h[name] for h in histories), []) for name in found}


# %%
set_seed(0)
(early, net), history = learn(train_numbers, parts=(1, 3))  # early: a beginner
print(f"{sum(p.numel() for p in net.parameters()):,} parameters, on {device}")
for epoch in range(4):
    print(epoch + 1, {name: round(history[name][epoch], 3) for name in history})

# %% [markdown]
# **Look for** how close to its floor the loss comes, and whether the validation loss
# leaves the training loss.

# %%
fig, axes = plots.figure(ncols=2, width=4.0, height=2.7)
drawings.learning(axes, history, floor)
plots.show(
    fig,
    alt="Losses fall in four epochs nearly to their floor of 0.70, the validation loss "
    "not above the training loss; the exact match on numbers that it doesn't learn "
    "from rises to nearly 1.",
)
assert max(history["valid_loss"][-1], history["train_loss"][-1]) - floor < 0.05
assert history["valid_loss"][-1] < history["train_loss"][-1] + 0.01

# %% [markdown]
# Both losses end within 0.05 nats of the floor. The validation loss doesn't rise
# above the training loss (which is measured while the net learns, so a little earlier):
# nothing is learned by heart. Now the test, once, and by writing.

# %%
Y_hat = greedy(net, digits(test_numbers))
names = [to_words(row) for row in Y_hat]
exact_match = share_exact(names, test_numbers)
print(f"exact match on the test: net {exact_match:.3f}, table {table_match:.3f}")
assert exact_match >= 0.97 and exact_match > table_match + 0.2

# %% [markdown]
# At least 97 of 100 numbers that the net never saw come out right, every word and
# hyphen; the table fails where a part is missing, and where *cents* loses its *s*
# before *mille*. But a score is an average over *its* questions, no more: random
# numbers hardly ask about rare rules.

# %% [markdown]
# ## Where does it look?
#
# Each written word has a row of weights over the digits. Here are those of the
# decoder's second layer for a number that it never saw: the mean of the four heads, and
# each head.
#
# **Look for** what moves to the right as the words go down.

# %%
with torch.no_grad():
    X = digits([shown]).to(device)
    Y = greedy(net, X)
    net(X, Y[:, :-1])
tokens = [vocabulary[i] for i in Y[0, 1:].tolist()]
heads = net.decoder[-1].cross_attention.weights[0]  # (h, m, digits)
fig, axes = plots.figure(ncols=5, width=2.0, height=3.8)
drawings.heads(fig, axes, heads, str(shown), tokens)
plots.show(
    fig,
    alt="Cross-attention for 276391, words down, digits across: the mean of the heads, "
    "and each head. The large weights move from left to right as the words go on.",
)

# %% [markdown]
# The weight moves on with the words. (*Mille*, thousand, names no digit, and its own
# row may point anywhere.) Pictures persuade too easily, so measure it. Take the test
# numbers of six digits: how much weight falls on the first three digits while the net
# writes the thousands, and how much after *mille*?

# %%
six = torch.tensor([n > 99_999 for n in test_numbers], device=device)
Y_six = Y_hat[six]
with torch.no_grad():
    net(digits(test_numbers).to(device)[six], Y_six[:, :-1])
weights = net.decoder[-1].cross_attention.weights.mean(dim=1)  # (B, m, 6)
left = weights[:, :, :3].sum(dim=2)  # (B, m): weight on the first three digits
seen = (Y_six == word_id["mille"]).cumsum(dim=1)  # how often written up to here
writing = Y_six[:, 1:] > EOS  # what is written at each place is a word
before = left[(seen[:, 1:] == 0) & writing].mean().item()
after = left[(seen[:, :-1] == 1) & writing].mean().item()
print(f"weight on the first three digits: {before:.2f} before mille, {after:.2f} after")
assert before > 0.7 and after < 0.2

# %% [markdown]
# The shift is real. But weights show where a layer *looks*, not what it *uses*: the
# encoder has already mixed the digits, so the memory at digit 3 also knows about its
# neighbours. Whether attention explains a decision was debated for years (see Further
# reading).

# %% [markdown]
# ## Greedy or beam?
#
# Greedy decoding never takes a word back. The likeliest *sentence* may begin with
# another word: its probability is the product
#
# $$P(y_1, \dots, y_m) = \prod_{t=1}^{m} P(y_t \mid y_1, \dots, y_{t-1})$$
#
# where $y_t$ is the word at place $t$. Take five sentences of two words:
#
# | first word | | second word | | product |
# |---|---|---|---|---|
# | **the** | **0.6** | cat | 0.4 | 0.24 |
# | the | 0.6 | dog | 0.35 | 0.21 |
# | the | 0.6 | hen | 0.25 | 0.15 |
# | a | 0.4 | **fox** | 0.9 | **0.36** |
# | a | 0.4 | cow | 0.1 | 0.04 |
#
# Greedy takes *the*, and can't reach *a fox* any more.

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
    X, B, V = X.to(net.P.device), len(X), net.output.out_features
    memory, mask = net.encode(X.repeat_interleave(width, dim=0))  # (B * width, n, d)
    Y = X.new_full((B * width, 1), BOS)
    total = memory.new_full((B, width), -torch.inf)
    total[:, 0] = 0.0  # at the start all beams are the same: only one counts
    first = width * torch.arange(B, device=X.device)[:, None]  # row of its first beam
    for _ in range(max_len):
        log_p = net.decode(Y, memory, mask)[:, -1].log_softmax(dim=1)
        ended = (Y[:, -1] == EOS) | (Y[:, -1] == PAD)
        log_p[ended] = -torch.inf
        log_p[ended, PAD] = 0.0  # an ended beam stays as it is, for free
        every = (total.reshape(-1, 1) + log_p).reshape(B, width * V)
        total, best = every.topk(width, dim=1)  # (B, width)
        rows = (best // V + first).flatten()  # which beam it extends
        Y = torch.cat([Y[rows], (best % V).reshape(-1, 1)], dim=1)
        if ((Y[:, -1] == EOS) | (Y[:, -1] == PAD)).all():
            break
    length = (Y[:, 1:] != PAD).sum(dim=1).reshape(B, width)
    winner = (total / length**alpha).argmax(dim=1, keepdim=True)  # (B, 1)
    return Y[(winner + first).flatten()], total.gather(1, winner)[:, 0]


# %% [markdown]
# Counted in rows that pass the decoder, the work is `width` times greedy's. Compare on
# validation numbers, with the trained net and with the beginner that `early` kept after
# one epoch.

# %% [markdown] predict="four_beams"
# **Predict.** The trained net writes 150 numbers again, with four beams. How many more
# come out right?
#
# - Ten or more: greedy takes a wrong turn once in a while.
#   wrong: the table of five sentences taken for the usual case. A wrong turn hurts only
#   where two beginnings are nearly as likely, and here one word is nearly sure.
# - At most three more, or three fewer.
#   right: a number has one right name, and here the net is sure of nearly every word.
#   Beams need a choice between two beginnings that are nearly as likely.
# - It loses ten or more, as a product favours short names.
#   wrong: the factors forgotten. To stop early, the net must give the end a fair
#   chance, and after *trois cent vingt et* it gives it nearly none.

# %%
X_part, part = digits(valid_numbers[:150]), valid_numbers[:150]
match = {}
for name, model in {"after epoch 1": early, "trained": net}.items():
    found = [beam_search(model, X_part, width)[0] for width in (1, 2, 4)]
    match[name] = [share_exact(map(to_words, Y), part) for Y in found]
    assert [*map(to_words, found[0])] == [*map(to_words, greedy(model, X_part))]
    print(f"{name:13}  exact match", [round(m, 3) for m in match[name]])
next_epoch = history["valid_exact"][1] - history["valid_exact"][0]
print(f"what the second epoch gave: {next_epoch:+.3f}")
assert -3.5 / 150 < match["trained"][-1] - match["trained"][0] < 3.5 / 150
assert match["after epoch 1"][-1] - match["after epoch 1"][0] < next_epoch / 2

# %% [markdown]
# Four times the work, and of 150 names at most three more, or three fewer, are right.
# The beginner gains less than half of what its next epoch gave it. That is one net, at
# two ages, and one task; beams can only mend a wrong turn between two beginnings that
# are nearly as likely.
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
# $p_n$ is the share of the prediction's **n-grams** ($n$ tokens in a row) that stand in
# the reference, each reference $n$-gram being used up once. The first factor, the
# **brevity penalty**, punishes predictions that are too short.


# %%
def bleu(prediction, reference):
    """The book's BLEU of two lists of tokens, up to pairs of them, in [0, 1]."""
    said, right = " ".join(prediction), " ".join(reference)
    return d2l.bleu(said, right, k=min(2, len(prediction))) if prediction else 0.0


def mean_bleu(names, numbers):
    """Mean BLEU of the names, each against the right name of its number."""
    pairs = zip(names, numbers, strict=True)
    return sum(bleu(name, french(n)) for name, n in pairs) / len(numbers)


print(f"deux cent mille un for deux cent un: {bleu(french(200_001), french(201)):.2f}")

# %% [markdown]
# Beside the beginner and the trained net, a baseline that can't be right: it writes the
# name of the *nearest* number to learn from.

# %%
part = test_numbers[:400]
early_names = [to_words(row) for row in greedy(early, digits(part))]
nearest = [french(min(train_numbers, key=lambda m: abs(m - n))) for n in part]
rivals = {"nearest": nearest, "after epoch 1": early_names, "trained": names[:400]}
marks = {}
for name, said in rivals.items():
    marks[name] = share_exact(said, part), mean_bleu(said, part)
    print("{:14} exact {:.3f}, BLEU {:.3f}".format(name, *marks[name]))
trained_bleu = mean_bleu(names, test_numbers)
assert marks["nearest"][0] == 0 and marks["nearest"][1] > 0.6
assert marks["after epoch 1"][1] > marks["after epoch 1"][0] + 0.03
assert trained_bleu > 0.98

# %% [markdown]
# BLEU gives good marks to names that are all wrong. For a novel that is fair, for a
# cheque it isn't: *deux cent mille un* in place of *deux cent un* scores well. Choose
# the score that fits the use, and print what a trivial baseline gets in it.
#
# Know which BLEU you read. The one of the paper (Papineni et al., 2002) counts over the
# whole test set at once, up to $n = 4$, all with the exponent $1/4$, and allows several
# references. (`d2l.bleu` divides by zero when the prediction is shorter than $k$, so
# we lower $k$ there.)

# %% [markdown]
# ## The cache
#
# To write word $t$, `greedy` sends all $t$ words through the decoder and keeps the last
# row. But a causal mask means that the earlier rows can't change. So keep their keys
# and values, the **KV cache**, and send only the new token.


# %%
def next_row(layer, x, cache):
    """Causal self-attention of one new row x, (B, 1, d), and the longer cache."""
    new = layer.split(layer.W_k(x)), layer.split(layer.W_v(x))  # (B, h, 1, d/h) each
    if cache is not None:
        new = [torch.cat(pair, dim=2) for pair in zip(cache, new, strict=True)]
    Y, _ = attention(layer.split(layer.W_q(x)), *new)
    return layer.join(Y), new


def counted(function, *inputs):
    """The result, and how many multiplications its matrix products take."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        result = function(*inputs)
    return result, counter.get_total_flops() // 2  # each counts with its addition


# %% [markdown]
# PyTorch's `FlopCounterMode` counts the additions and multiplications of **matrix
# products** (and convolutions): softmax, norms and ReLU count 0. Products are most of
# the work, and unlike seconds their number is the same on every machine.

# %% [markdown] predict="cached_rows"
# **Predict.** The net writes 48 tokens. How many times more multiplications does a
# layer of causal self-attention take without the cache?
#
# - About twice.
#   wrong: the mean length forgotten. Without a cache, step $t$ computes $t$ rows to
#   keep one; with it, one row.
# - About 25 times.
#   right: step $t$ computes $t$ rows in place of one, and the mean of 1 to 48 is 24.5.
# - About 48 times.
#   wrong: the last step taken for all. Only step 48 computes 48 rows for one.
# - About 1,200 times.
#   wrong: the sum taken for the ratio. 1 + 2 + ... + 48 is 1,176 rows, but the cache
#   computes 48 rows, not one.

# %%
layer, X = copy.deepcopy(net.decoder[0].self_attention).cpu(), torch.randn(1, 48, 64)
cache, work, gap = None, [], 0.0
for t in range(48):
    so_far, causal = X[:, : t + 1], torch.ones(t + 1, t + 1, dtype=torch.bool).tril()
    rows, without = counted(layer, so_far, so_far, so_far, causal)
    (row, cache), cached = counted(next_row, layer, X[:, t : t + 1], cache)
    gap = max(gap, (rows[:, -1] - row[:, 0]).abs().max().item())
    work.append([without, cached])
without, cached = torch.tensor(work).sum(dim=0).tolist()
print(f"largest difference in any number: {gap:.1e}")
print(f"multiplications for 48 tokens: {without:,} without cache, {cached:,} with it")
assert gap < 1e-4 and 22 < without / cached < 28

# %% [markdown]
# The same numbers, at about a twenty-fifth of the work, and so it is in all that a
# decoder does for one token: one row in place of $t$. The price is memory: a key and a
# value for each layer, position and unit, growing with every token. For a large
# language model with long texts it is gigabytes.
#
# ## What attention costs
#
# In an encoder layer, $n$ positions of width $d$ pass four projections ($4 n d^2$
# multiplications) and a feed-forward network of width $2d$ (again $4 n d^2$). Scores
# and weighted means take $n^2 d$ each, and the weights alone are $h n^2$ numbers.
#
# **Look for** the length at which both take the same.

# %%
layer = EncoderLayer(64, 4, 128)
for n in (64, 256, 1024):
    heads = torch.randn(1, 4, n, 16)
    _, looking = counted(attention, heads, heads, heads)
    _, all_of_it = counted(layer, torch.randn(1, n, 64))
    print(f"n = {n:4}: looking {looking:11,}, all the rest {all_of_it - looking:10,}")
    assert looking == 2 * n**2 * 64 and all_of_it - looking == 8 * n * 64**2

# %% [markdown]
# They are equal at $2 n^2 d = 8 n d^2$, so at $n = 4d$: 256 here. For our numbers of at
# most 14 tokens, $n^2$ is no trouble; for a book it is the trouble. Beside a
# [recurrent](20 "recurrent networks") layer:
#
# | | products | steps in a row | longest path |
# |---|---|---|---|
# | recurrent | $n d^2$ | $n$ | $n$ |
# | self-attention | $n^2 d$ | 1 | 1 |
#
# All positions at once, and any word reaches any other in one step: that is what
# $n^2$ buys. [Chapter 24](24) asks whether it has to cost so much.

# %% [markdown]
# ## The surprise: five digits
#
# The net knows three, four and six digits. Every word that 54,321 needs, it has read
# hundreds of times: *cinquante-quatre mille*, *trois cent vingt et un*.

# %% [markdown] predict="five_digits"
# **Predict.** How many of 300 numbers with five digits does it write without a mistake?
#
# - About 60 %: some lengths get confused.
#   wrong: a new length taken for noise on a known one. Nothing is confused by chance:
#   each number has a length that it never met.
# - More than the table, which knows no rules.
#   wrong: the rule of people taken for the net's. The table's *thousands and the rest*
#   came from a person; nobody told the net.
# - Hardly any.
#   right: it learned what to do with digits at places of the lengths it met, and no
#   training number told it to count groups from the right.

# %%
often = Counter(word for n in train_numbers for word in french(n))
assert min(often[word] for word in french(54_321)) > 200
five = draw_numbers(1500, lengths=(5,))
five, five_more = five[:300], five[300:]
Y_five = greedy(net, digits(five))
five_match = share_exact(map(to_words, Y_five), five)
five_table = share_exact([by_parts(n, table) for n in five], five)
print(f"exact match on five digits: net {five_match:.3f}, table {five_table:.3f}\n")
for n, row in list(zip(five, Y_five, strict=True))[:4]:
    print(f"{n}  {written(to_words(row))}")
assert five_match < 0.02 and five_table > 0.6

# %% [markdown]
# The table, beaten on the test set, gets most of them: the parts were all there. Is it
# the *kind* that the net lacks? Exchange 1,200 of its training numbers for numbers of
# five digits, others than these, and train afresh. Nothing else changes.

# %%
varied_numbers = train_numbers[:-1200] + five_more
(varied,), _ = learn(varied_numbers, parts=(4,))
five_varied, test_varied = (
    share_exact(map(to_words, greedy(varied, digits(numbers))), numbers)
    for numbers in (five, test_numbers)
)
print(f"1,200 exchanged: five digits {five_varied:.3f}, test {test_varied:.3f}")
metrics = {"exact match": exact_match, "BLEU": trained_bleu}
metrics |= {"five digits": five_match, "five digits, 1,200 exchanged": five_varied}
assert five_varied > 0.9 and test_varied > exact_match - 0.03

# %% [markdown]
# One number in five, of the missing kind, and hardly a gap is left. The words were
# never the trouble. The net didn't learn "groups of three from the right"; it learned
# what to do with digits in numbers *of the lengths it met*, and a test set drawn like
# the training set can't show this. When you collect data, ask first which kinds are
# missing.

# %% [markdown]
# ## What goes wrong in practice
#
# **The mask the wrong way round.** `True` means *may look* in
# `F.scaled_dot_product_attention` and *forbidden* in `nn.MultiheadAttention` and
# `nn.TransformerEncoderLayer`. Swapped, a causal mask shows each word only the future,
# and nothing complains, but for a NaN in the last row, which sees nobody.

# %%
X, causal = torch.randn(1, 4, 8), torch.ones(4, 4, dtype=torch.bool).tril()
out, _ = nn.MultiheadAttention(8, 2, batch_first=True)(X, X, X, attn_mask=causal)
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
by_torch = F.scaled_dot_product_attention(Q, Q, Q, nothing)
print("with -inf:    ", scores.softmax(dim=-1)[0, 0].tolist())
print("lowest finite:", attention(Q, Q, Q, nothing)[1][0, 0].tolist())
print("PyTorch:      ", by_torch[0, 0, :2].tolist(), "...")
assert scores.softmax(dim=-1).isnan().all() and by_torch.eq(0).all()
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
# **The defaults of `nn.TransformerEncoderLayer`.** It expects the *sequence first*,
# (n, B, d), unless you say `batch_first=True`. Given (B, n, d), it runs, and lets the
# examples of a batch look at each other instead of the words of a sentence. It also
# starts with dropout 0.1, post-norm and a feed-forward width of 2,048, and in training
# mode: forget `eval` and each call answers differently.

# %%
X = torch.randn(3, 5, 8)  # three sentences of five words
changed = X.clone()
changed[2] += 10 * torch.randn(5, 8)  # another third sentence
for batch_first in (False, True):
    layer = nn.TransformerEncoderLayer(8, 2, batch_first=batch_first).eval()
    moved = (layer(X) - layer(changed))[0].abs().max().item()
    print(f"{batch_first = !s:5}  the first sentence moved by {moved:.2f}")
    assert (moved < 1e-5) == batch_first
assert layer.dropout.p == 0.1 and layer.linear1.out_features == 2048

# %% [markdown]
# **A softmax along the queries.** `scores.softmax(dim=-2)` gives a matrix of the right
# shape whose *columns* sum to 1. Print `weights.sum(dim=-1)` once: it must be all ones.
#
# **Targets not shifted.** If the decoder's input and target are both `Y[:, 1:]`, the
# net copies its input: a loss near the floor in one epoch, and nonsense when it has to
# write. A loss too good to be true is a leak.

# %% [markdown]
# ## From here to today's nets
#
# **Decoder-only** nets (GPT) drop the encoder and cross-attention: question and answer
# are one sequence under a causal mask. **Encoder-only** nets (BERT) drop the decoder;
# they read, and don't write.
#
# **RoPE** (Su et al., 2021) adds nothing to the input. It turns the query at $p$ by
# $\mathbf R_p$ and the key at $q$ by $\mathbf R_q$, the rotations from above. Rotations
# keep dot products, so $(\mathbf q \mathbf R_p) \cdot (\mathbf k \mathbf R_q) =
# (\mathbf q \mathbf R_{p - q}) \cdot \mathbf k$: what remains is the distance.

# %% [markdown]
# **Fused attention** (FlashAttention, Dao et al., 2022) computes the same numbers block
# by block, with a running maximum and sum for softmax: $n^2 d$ work remains, but the
# $n^2$ weights are never stored. `F.scaled_dot_product_attention` picks such a kernel
# where there is one. Ours keeps them, to draw them.

# %% [markdown]
# ## Attention on images
#
# The **Vision Transformer** (ViT; Dosovitskiy et al., 2021) cuts a picture into
# patches, maps each by one linear layer to a token of width $d$, adds *learned*
# positions, and uses the encoder above. The paper reads the answer from an extra token;
# we take the mean over all tokens. Nothing in it knows that near patches belong
# together, which a [convolution](12 "locality") takes for granted.


# %%
class VisionTransformer(nn.Module):
    """Scores of ten classes from images (B, 1, 28, 28), in 16 patches of 7 x 7."""

    def __init__(self, d=64):
        super().__init__()
        self.cut = nn.Unfold(7, stride=7)  # to (B, 49, 16), a column for each patch
        self.embed = nn.Linear(49, d)
        self.P = nn.Parameter(0.02 * torch.randn(16, d))
        self.layers = nn.ModuleList(EncoderLayer(d, 4, 2 * d) for _ in range(2))
        self.norm, self.output = nn.LayerNorm(d), nn.Linear(d, 10)

    def forward(self, X):
        H = self.embed(self.cut(X).transpose(1, 2)) + self.P  # (B, 16, d)
        for layer in self.layers:
            H = layer(H)
        return self.output(self.norm(H).mean(dim=1))


# %% [markdown]
# Three nets learn from 4,000 handwritten digits for five epochs: a linear layer, two
# small convolutions, and a ViT. **Look for** their order.

# %%
(X, y), test = mnist(num_train=4000)
train_iter, test_iter = load_array((X, y), 64), load_array(test, 500, shuffle=False)
rivals = {
    "one linear layer": nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
    "two convolutions": nn.Sequential(
        *(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(4)),
        *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Flatten()),
        nn.Linear(16 * 7 * 7, 10),
    ),
    "ViT": VisionTransformer(),
}
seen = {}
for name, rival in rivals.items():
    settings = {"num_epochs": 5, "warm_up": 0.15, "clip_norm": 1.0}
    fit(rival.to(device), train_iter, lr=3e-3, **settings)
    seen[name] = evaluate(rival, test_iter)["accuracy"]
    size = sum(p.numel() for p in rival.parameters())
    print(f"{name:16} {size:6,} parameters, test accuracy {seen[name]:.3f}")
assert seen["two convolutions"] > seen["ViT"] + 0.015
assert abs(seen["ViT"] - seen["one linear layer"]) < 0.05

# %% [markdown]
# With an eighth of its parameters the convolutions beat the ViT, which has nine times
# those of the linear layer and is at most a few points ahead of it.
# Dosovitskiy et al. report the same at full size: behind
# convolutional nets after training on 1.3 million pictures, ahead after 300 million.

# %% [markdown]
# ## Summary
#
# - Attention is a soft look-up: queries meet keys, values are averaged.
# - The root keeps the scores' variance at 1, so that softmax can learn.
# - Masks: padding hides what isn't there, causality what isn't written yet.
# - Heads: a reshape *and* a transpose. Order comes from the positional encoding; a
#   shift is a fixed rotation of it.
# - Encoder layer: attention, feed-forward network, two residuals, two norms. The
#   decoder adds cross-attention.
# - Greedy is beam search of width 1; here wider beams changed next to nothing for the
#   trained net.
# - The KV cache saves most of the work; attention costs $n^2 d$.
# - 0.97 or more on a test set, hardly anything on a new length: ask who chose the
#   questions.

# %% [markdown]
# ## To think about
#
# 1. How few numbers of five digits are enough? Try 300, with several seeds: some nets
#    find the rule within four epochs, and some don't. And what do 5,000 more of six
#    digits do for those of five?
# 2. Train without the positional encoding. Which numbers can the net still translate?
# 3. Number the digits from the right. Does it now read five digits?
# 4. Take the root away in `attention` and train. Why does it hurt so little here? What
#    is $d/h$?
# 5. Replace learning by hand: which weights of cross-attention would *you* set?
# 6. Let the net translate words into digits. Is that easier?

# %% [markdown]
# The exercise notebook `23_attention_and_transformers` comes next: ten checked
# exercises, from a masked softmax to a cache of your own. [Chapter 24](24) asks whether
# a state of fixed size can do what the growing cache does.

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
# - Su et al., *RoFormer*, 2021: rotary positions. Dao et al., *FlashAttention*, NeurIPS
#   2022. Dosovitskiy et al., *An image is worth 16x16 words*, ICLR 2021.

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
