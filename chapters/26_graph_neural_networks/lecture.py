# %% [markdown]
# # Graph neural networks: ask the neighbours
#
# A karate club at an American university, around 1971. The instructor and the club's
# officers quarrel about the price of lessons, and the club breaks in two. The
# anthropologist Wayne Zachary watched for three years and noted which of the 34
# members met outside the lessons.
#
# Say you know only which side the **two leaders** are on. **On which side will each of
# the other 32 be?** You know nothing of these people but their friendships.

# %% [markdown]
# In this chapter networks answer such questions: about nodes, about edges, about whole
# graphs. You build the three classic layers by hand, see where a graph helps and where
# a simple rule does as well, and what such nets can't see.
#
# You need [cross-entropy](06), the [MLP](07), a convolution's [kernel](12), the
# [skip connection](17), the [GRU](21), attention's [heads](23) and
# [message passing](25).
#
# The graphs here are small, so everything stays on the CPU. On a GPU the net, the
# features and `edge_index` move together, each with `.to(device)`.

# %%
import math
import warnings

import networkx as nx
import torch
from torch import nn
from torch.nn import functional as F

with warnings.catch_warnings():  # a notice of a library to its own authors
    warnings.simplefilter("ignore")
    from torch_geometric import nn as pyg
    from torch_geometric import utils as pyg_utils
    from torch_geometric.data import Data
    from torch_geometric.loader import DataLoader

# %%
from utils import plots
from utils.data import mnist
from utils.device import set_seed
from utils.drawings import graph_neural_networks as drawings
from utils.graphs import connected_pairs

plots.use_style()
set_seed(0)

# %% [markdown]
# ## The club
#
# NetworkX ships Zachary's graph: 34 nodes, 78 friendships. We write it as
# [`edge_index`](25 "edge_index"), shape (2, number of edges): row 0 holds the sources,
# row 1 the targets. A friendship goes both ways, so it is listed twice.
#
# **Look for** the two leaders, drawn large. Could you cut the drawing in two by eye?
# Which members would you not be sure of?


# %%
def edges_of(graph):
    """Both directions of a NetworkX graph's edges: (2, E) int64."""
    pairs = torch.tensor(list(graph.edges)).T  # (2, E / 2)
    return torch.cat([pairs, pairs.flip(0)], dim=1)


club = nx.karate_club_graph()
edge_index, n = edges_of(club), len(club)
y = torch.tensor([int(club.nodes[v]["club"] == "Officer") for v in club])  # (34,)
leaders = torch.tensor([0, 33])  # the instructor, called Mr. Hi, and the officer
rest = torch.ones(n, dtype=torch.bool)
rest[leaders] = False
place = nx.spring_layout(club, seed=4)
print(tuple(edge_index.shape), "sides:", y.bincount().tolist())
assert edge_index.shape == (2, 156) and y.bincount().tolist() == [17, 17]


# %%
fig, ax = plots.figure(width=6.6, height=4.2)
drawings.club(ax, club, place, torch.where(rest, 2, y), large=leaders)
ax.legend(loc="upper right", markerscale=0.55)
plots.show(
    fig,
    alt="The karate club's 34 members joined by 78 friendships. The instructor, 0, is "
    "a large circle, the officer, 33, a large square, all others are grey diamonds, "
    "question marks in the legend. The drawing falls into two loose halves.",
)

# %% [markdown]
# Most members clearly belong to one half. A few, such as 2, 8 and 19 in the middle,
# have friends in both.

# %% [markdown]
# ## One round of messages, with numbers
#
# You would ask around: *with whom do your friends stand?* If they don't know yet, let
# them ask theirs. In **message passing** every node, at the same time,
#
# 1. gets a **message** from each neighbour, and one from itself (a **self-loop**),
# 2. **aggregates** them, here by a weighted sum,
# 3. **updates** its own vector: a small layer of weights, the same for all nodes.
#
# After one round a node knows of its neighbours, after two of theirs. Take four nodes
# that hold one number each, and follow what node C gets.
#
# **Look for** how the weight of a message depends on both ends' degrees.


# %%
def normalized(A):
    """GCN's matrix: A (n, n) without self-loops -> D^-1/2 (A + I) D^-1/2."""
    A = A + torch.eye(len(A))
    root = A.sum(dim=1).rsqrt()  # (n,), degrees counted with the self-loops
    return root[:, None] * A * root  # row i and column j each get their root


small = nx.Graph(["AB", "AC", "BC", "CD"])
held = {"A": 1.0, "B": 2.0, "C": 4.0, "D": 8.0}
small_hat = normalized(torch.tensor(nx.to_numpy_array(small, nodelist="ABCD")))
print(small_hat.numpy().round(3))
after = small_hat @ torch.tensor(list(held.values())).double()  # (4,)
by_hand = 1 / math.sqrt(3 * 4) + 2 / math.sqrt(3 * 4) + 4 / 4 + 8 / math.sqrt(2 * 4)
print(f"C by hand: {by_hand:.3f}; all by the matrix:", after.numpy().round(3))
assert abs(by_hand - after[2]) < 1e-5

# %%
fig, ax = plots.figure(width=7.2, height=3)
drawings.messages(ax, small, held, small_hat, "C")
plots.show(
    fig,
    alt="Four nodes, each with its number and its degree with self-loop. Arrows from "
    "A, B and D to C carry 1 over root 12, 0.29; 2 over root 12, 0.58; 8 over root 8, "
    "2.83. Node C adds its own 4 over root 16, 1.00. The sum is 4.69.",
)

# %% [markdown]
# Each message is divided by the root of both degrees (with self-loops): for C, which
# hears four, and for the one that speaks. Then C's sum, 4.69, goes through the layer of
# weights. In symbols, for node $i$ with neighbours $\mathcal N(i)$, this is the **graph
# convolutional network** (GCN; Kipf and Welling, 2017):
#
# $$h_i' = \sigma\Big(\sum_{j \in \mathcal N(i) \cup \{i\}}
# \frac{1}{\sqrt{\tilde d_i\, \tilde d_j}}\; h_j W + b\Big)$$
#
# - $h_j$: $(F,)$, what $j$ holds; $h_i'$: $(F',)$, what $i$ holds after
# - $\tilde d_i$: the degree of $i$, self-loop included
# - $W$: $(F, F')$ weights, $b$: $(F',)$ bias, $\sigma$: the activation, a ReLU

# %% [markdown]
# ### The formula for all nodes at once
#
# Stack the vectors as rows of $H$, $(n, F)$. Then
#
# $$H' = \sigma\!\left(\hat A\, H\, W + b\right), \qquad
# \hat A = \tilde D^{-1/2}\, (A + I)\, \tilde D^{-1/2}$$
#
# - $A$: the **adjacency matrix**, $A_{ij} = 1$ if $i$ and $j$ are friends; adding the
#   identity $I$ gives the self-loops
# - $\tilde D$: the diagonal matrix of the degrees $\tilde d_i$ of $A + I$
#
# Row $i$ of $\hat A H$ is the sum of above, since $\hat A_{ij} = (A + I)_{ij} /
# \sqrt{\tilde d_i \tilde d_j}$.
#
# Compare the [kernel](12): a convolution on an image also mixes a pixel with its
# neighbours. But there each neighbour has a place (left, above), so each gets a weight
# of its own. Friends have no left or right, so they all share one.

# %% [markdown]
# ### Why the root?
#
# Four ways to mix, after the self-loops:
#
# - **sum**: $A + I$
# - **row**: $\tilde D^{-1}(A + I)$, divide by the listener's degree: a plain mean
# - **column**: divide by the speaker's degree, so that everyone has one unit to share
#   out
# - **root**: divide by the root of both
#
# **Look for** the points that rise most in each panel: who is heard (left), and who
# hears (right).

# %%
A = torch.zeros(n, n)
A[edge_index[1], edge_index[0]] = 1.0  # row: who hears; column: who speaks
loops = A + torch.eye(n)
degree = loops.sum(dim=1)  # (34,)
A_hat = normalized(A)
ways = {"row": loops / degree[:, None], "column": loops / degree, "root": A_hat}

fig, axes = plots.figure(ncols=2, width=4.2, height=3.0, sharey=True)
drawings.totals(axes, degree, ways)
plots.show(
    fig,
    alt="Total weight against degree, two panels. Speaking: row normalisation rises to "
    "4, column stays at 1, root lies between. Hearing: the reverse, row stays at 1 and "
    "column rises.",
)

# %%
top = {name: torch.linalg.eigvals(M).abs().max().item() for name, M in ways.items()}
top["sum"] = torch.linalg.eigvalsh(loops)[-1].item()
for name, value in top.items():
    print(f"{name:>6}: largest eigenvalue {value:.2f}, ten layers {value**10:,.0f}x")
assert all(abs(top[name] - 1) < 1e-4 for name in ways) and top["sum"] > 7
assert ways["row"].sum(0).max() > 1.5 * A_hat.sum(0).max()
assert torch.equal(A_hat, A_hat.T) and not torch.allclose(ways["row"], ways["row"].T)

# %% [markdown]
# With the row mean, members with many friends speak most; with the column, they hear
# most; the root damps both. A plain sum multiplies the signal by hundreds of millions
# in ten layers. The other three have 1 as their largest eigenvalue, so none explodes,
# and the root alone is symmetric: an edge has one weight. The spectral view below needs
# that.

# %% [markdown]
# None of the four is wrong: GraphSAGE, below, takes the row mean. Which one is best on
# the club is a question for an experiment, and you will see its answer.
#
# ### From scratch
#
# A matrix of $n \times n$ is mostly zeros. Real code follows the edges: for each edge,
# take the source's row, weigh it, add it to the target's.


# %%
def with_loops(edge_index, n):
    """Append the n self-loops: (2, E) -> (2, E + n)."""
    nodes = torch.arange(n, device=edge_index.device)
    return torch.cat([edge_index, torch.stack([nodes, nodes])], dim=1)


def add_up(messages, target, n):
    """Sum what arrives at each node: (E, F) messages, (E,) targets -> (n, F)."""
    return messages.new_zeros(n, messages.shape[1]).index_add(0, target, messages)


class GCN(nn.Module):
    """One graph convolution, A_hat X W + b, by the edges."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, edge_index):
        source, target = with_loops(edge_index, len(X))
        degree = torch.bincount(target, minlength=len(X)).float()
        norm = (degree[source] * degree[target]).rsqrt()  # (E + n,)
        messages = norm[:, None] * (X @ self.weight)[source]  # (E + n, out)
        return add_up(messages, target, len(X)) + self.bias


# %% [markdown]
# ### The same in PyTorch Geometric
#
# PyTorch Geometric (PyG) has the layer as `GCNConv`. Its base class `MessagePassing`
# lets you write layers of your own: you say what a message is, it collects and adds.
# In `message`, `x_j` is the source's row for each edge; ask for `x_i`, and you get the
# target's beside it. `add_self_loops` and `degree` do what their names say. Where edges
# have one direction, mind which degree you mean: here, the number of edges that
# *arrive*.


# %%
class GCNbyPyG(pyg.MessagePassing):
    """The sum over neighbours of norm times x, with PyG's machinery."""

    def __init__(self):
        super().__init__(aggr="add")

    def forward(self, X, edge_index):
        edge_index, _ = pyg_utils.add_self_loops(edge_index, num_nodes=len(X))
        root = pyg_utils.degree(edge_index[1], len(X)).rsqrt()
        norm = root[edge_index[0]] * root[edge_index[1]]
        return self.propagate(edge_index, x=X, norm=norm)

    def message(self, x_j, norm):
        return norm[:, None] * x_j


X = torch.randn(n, 5)
ours, theirs = GCN(5, 3), pyg.GCNConv(5, 3)
with torch.no_grad():
    ours.bias.copy_(torch.tensor([0.1, -0.2, 0.3]))
    theirs.load_state_dict({"lin.weight": ours.weight.T, "bias": ours.bias})
    dense = A_hat @ X @ ours.weight + ours.bias
    passed = GCNbyPyG()(X @ ours.weight, edge_index) + ours.bias
    others = {"GCNConv": theirs(X, edge_index), "matrix": dense, "by hand": passed}
    for name, other in others.items():
        print(f"{name:>8}: {(ours(X, edge_index) - other).abs().max():.1e} apart")
        assert torch.allclose(ours(X, edge_index), other, atol=1e-5)

# %% [markdown]
# ## Two labels, 32 questions
#
# The members have no features. So member $i$ gets the $i$-th row of the identity
# matrix, a name tag: $X = I$. Two layers give each member two scores. The
# [cross-entropy](06) is taken over the **two leaders only**; all 34 take part in the
# forward pass.
#
# Learning with few labels and all inputs is called **semi-supervised**. Here it is also
# **transductive**: the nodes asked about are in the graph while the net learns. In an
# **inductive** task they come later.
#
# For comparison we train the same net without the graph: `Alone` ignores the edges,
# which makes it an [MLP](07).


# %%
class Alone(nn.Linear):
    """A linear layer that is given the edges and doesn't look at them."""

    def forward(self, X, edge_index):
        return super().forward(X)


class NodeNet(nn.Module):
    """Layers of one kind with ReLUs between them: features -> scores of each node."""

    def __init__(self, layer, *sizes):
        super().__init__()
        pairs = zip(sizes, sizes[1:], strict=False)
        self.layers = nn.ModuleList(layer(a, b) for a, b in pairs)

    def forward(self, X, edge_index):
        X = self.layers[0](X, edge_index)
        for layer in self.layers[1:]:
            X = layer(F.relu(X), edge_index)
        return X


def step(optimizer, loss):
    """One step down the gradient of a loss."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def fit(net, X, edge_index, y, labelled, num_epochs=60):
    """Train on the labelled nodes alone; return the scores of all nodes."""
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-4)
    for _ in range(num_epochs):
        scores = net(X, edge_index)  # the whole graph is the one batch: (n, classes)
        step(optimizer, F.cross_entropy(scores[labelled], y[labelled]))
    return net(X, edge_index).detach()


def share_right(scores, y, mask):
    """Accuracy on the nodes of a mask: (..., n, classes) -> (...)."""
    return (scores.argmax(dim=-1) == y)[..., mask].float().mean(dim=-1)


# %% [markdown] predict="mlp_on_tags"
# **Predict.** The MLP, too, is trained on the two leaders' name tags until it is sure
# of both. How many of the other 32 does it get right?
#
# - About a half.
#   right: a name tag has nothing in common with another one. What was learned about two
#   people says nothing of the rest.
# - Nearly all.
#   wrong: fitting taken for knowing. It is right on the two examples that it was shown;
#   nothing connects the others with these.
# - Fewer than a third.
#   wrong: ignorance taken for being wrong. Someone who knows nothing of two equal sides
#   is still right half of the time.

# %%
tags = torch.eye(n)
set_seed(0)
answers = {}
for name, layer in {"MLP": Alone, "GCN": GCN}.items():
    scores = fit(NodeNet(layer, n, 16, 2), tags, edge_index, y, leaders)
    answers[name] = scores.argmax(dim=1)
    print(
        f"{name}: {share_right(scores, y, leaders):.0%} of the leaders right", end=", "
    )
    print(f"{share_right(scores, y, rest):.1%} of the others")
ties = y[list(club[8])]  # the sides of 8's friends
print("the GCN misses", (answers["GCN"] != y).nonzero().ravel().tolist())
print(f"{ties.sum()} of {len(ties)} friends of 8: officers' side")
assert 0.4 < (answers["MLP"] == y)[rest].float().mean() < 0.6
assert (answers["GCN"] != y).sum() <= 3 and answers["GCN"][8] != y[8]
assert y[8] == 0 and ties.sum() == 3 and len(ties) == 5

# %% [markdown]
# **Look for** the ring in each drawing: a wrong answer.

# %%
fig, axes = plots.figure(ncols=2, width=4.6, height=3.7)
drawings.answers(axes, club, place, answers, y, large=leaders)
axes[1].legend(loc="lower right", markerscale=0.5)
plots.show(
    fig,
    alt="The club twice, with the answers of two nets. The MLP's have a ring for wrong "
    "around about half of the members. The GCN cuts the club in two halves, with a "
    "ring around one to three members on the border.",
)

# %% [markdown]
# With two labels and not a single feature, the GCN is nearly perfect. It misses number
# 8, and there is a story. Zachary's own model, 40 years earlier, missed one member:
# this one. He had more ties to the officers, but was three weeks from his black-belt
# test, and would have lost his rank by leaving his teacher. **That isn't in the graph,
# so no net can know it.**
#
# The MLP puts all 32 on one side: weight decay shrinks the weights of tags that it is
# never taught, so all get the same answer, and 16 are right each time.

# %% [markdown]
# Be fair to the MLP: with name tags it had no chance. This contest shows that all the
# knowledge was in the edges. A fair contest comes below.

# %% [markdown]
# ## The spectral view: slow and fast waves
#
# Why does averaging work? Signals on a graph have frequencies, like sound. The
# **Laplacian** $L = I - D^{-1/2} A D^{-1/2}$ (without self-loops) measures how much a
# signal $x$, one number per node, differs across the edges:
#
# $$x^\top L\, x = \sum_{\text{edges } ij}
# \Big(\frac{x_i}{\sqrt{d_i}} - \frac{x_j}{\sqrt{d_j}}\Big)^2$$
#
# (Multiply out: each node's $x_i^2 / d_i$ comes once for each of its $d_i$ edges, which
# makes $x^\top x$; the mixed terms make $-x^\top D^{-1/2} A D^{-1/2} x$.) Its
# eigenvectors $u_k$ are the graph's waves, and the eigenvalue $\lambda_k$, between 0
# and 2, is the frequency of $u_k$. Frequency 0 is the signal $\sqrt{d_i}$, without any
# change; the next one is the slowest that changes.

# %% [markdown] predict="sign_of_a_wave"
# **Predict.** No labels, no training: cut the club by the *sign* of wave 1, the slowest
# that changes at all. How many of the 34 members does this put on their true side
# (counting the better of the two ways to name the sides)?
#
# - About 17, as by chance.
#   wrong: no labels taken for no knowledge. Labels only name the two sides; where the
#   cut runs is in the edges.
# - About 25.
#   wrong: the wave thought to be blurred by the other friendships. It is chosen to
#   change across as few edges as it can, which is what a split between friends does.
# - More than 30.
#   right: the split of the club is its slowest wave. The club broke where the fewest
#   friendships were.

# %%
root = A.sum(dim=1).rsqrt()
L = torch.eye(n) - root[:, None] * A * root
frequency, waves = torch.linalg.eigh(L)  # (34,) rising, (34, 34): waves in columns
halves = (waves[:, 1] > 0).long()
agrees = int(max((halves == y).sum(), (halves != y).sum()))
print(f"sign of wave 1 against the true sides: {agrees} of 34")
flips = (waves[edge_index[0]] * waves[edge_index[1]] < 0).float().mean(dim=0)  # (34,)
print(
    f"edges across which wave 1 changes its sign: {flips[1]:.0%}; 33: {flips[33]:.0%}"
)
assert agrees == 32 and flips[1] < 0.2 < 0.5 < flips[33]

# %% [markdown]
# Without any labels and any training. **Look for** how often the sign (circle or
# square) changes along the edges of each drawing.

# %%
fig, axes = plots.figure(ncols=3, width=3.2, height=3.2)
drawings.waves(axes, club, place, {k: waves[:, k] for k in (1, 5, 33)}, frequency)
plots.show(
    fig,
    alt="Three eigenvectors of the Laplacian on the club. Wave 1, frequency 0.13: "
    "one half of the club positive, the other negative. Wave 5: several patches. Wave "
    "33, frequency 1.71: signs change across about three quarters of the edges.",
)

# %% [markdown]
# Wave 1 changes its sign along few edges, wave 33 along most: high frequency.
#
# ### ChebNet, and how the GCN follows from it
#
# A **filter** turns each frequency up or down by its own factor $g(\lambda)$:
# $y = U g(\Lambda) U^\top x$, with the waves as the columns of $U$. That costs an
# eigendecomposition and reaches across the whole graph. **ChebNet** (Defferrard and
# others, 2016) takes for $g$ a polynomial of degree $K - 1$, so that a node hears at
# most $K - 1$ steps away:
#
# $$y = \sum_{k=0}^{K-1} T_k(\hat L)\, x\, \theta_k, \qquad \hat L = L - I$$
#
# with weights $\theta_k$ and Chebyshev's polynomials $T_0 = 1$, $T_1(z) = z$,
# $T_k = 2 z\, T_{k-1} - T_{k-2}$. (In general $\hat L = 2 L / \lambda_{\max} - I$; 2 is
# a bound on $\lambda_{\max}$.) In PyG it is `ChebConv`.

# %% [markdown]
# Take $K = 2$ and tie the two weights, $\theta = \theta_0 = -\theta_1$. Then
# $y = (I + D^{-1/2} A D^{-1/2})\, x\, \theta$: a graph convolution, almost. How large
# are its eigenvalues?

# %%
first_order = 2 * torch.eye(n) - L  # I + D^-1/2 A D^-1/2
largest = torch.linalg.eigvalsh(first_order)[-1].item()
print(f"largest eigenvalue {largest:.2f}, ten layers {largest**10:,.0f}x")
assert abs(largest - 2) < 1e-4

# %% [markdown]
# They reach 2, so it would explode. Kipf and Welling's *renormalisation*: put the
# self-loops in first, then divide. This is $\hat A$.
#
# So what does $\hat A$ do to each wave? A wave of $\tilde L = I - \hat A$ with
# frequency $\lambda$ is multiplied by $1 - \lambda$ in each layer.
#
# **Look for** what is left of the fast waves after 2 layers, and of *all* waves but the
# slowest after 8.

# %%
with_self = torch.linalg.eigvalsh(torch.eye(n) - A_hat)
fig, ax = plots.figure(width=5.8, height=3.2)
grid = torch.linspace(0, 1.5, 100)
factors = {f"layers: {k}": (1 - grid) ** k for k in (1, 2, 8)}
plots.curves(ax, grid, factors, "frequency", "factor on a wave")
ax.plot(with_self, torch.full_like(with_self, -0.62), "k|", label="the club's waves")
ax.legend(loc="upper right")
plots.show(
    fig,
    alt="The factor (1 - frequency) to the power of the number of layers. One layer "
    "falls from 1 to -0.5 in a line; after 2 layers fast waves are weak; after 8 only "
    "frequencies under 0.3 survive. Ticks mark the club's frequencies, from 0 to 1.4.",
)
print(f"highest frequency without loops {frequency[-1]:.2f}, with {with_self[-1]:.2f}")
left = {k: ((1 - with_self) ** k).abs() for k in (2, 8)}  # rising frequency
print(f"left of the fastest wave by 2 layers: {left[2][-1]:.2f}")
print(f"left of any but the slowest by 8: at most {left[8][1:].max():.2f}")
assert with_self[-1] < 1.5 < frequency[-1]
assert left[2][-1] < 0.2 and left[8][1:].max() < 0.5

# %% [markdown]
# A GCN is a **low-pass filter**: it keeps what changes slowly from friend to friend.
# Two layers leave less than a fifth of the fastest wave, eight less than half of any
# wave but the slowest. (The self-loops help: they pull the fastest waves down from 1.71
# to 1.42, so that a layer leaves 0.42 of them, not 0.71; both with the sign flipped.)
# That is just right where friends are alike, which is called **homophily**. Where they
# differ (buyers and sellers, say), it blurs what you need.

# %% [markdown]
# ## GraphSAGE and GAT
#
# **GraphSAGE** (Hamilton, Ying and Leskovec, 2017) gives a node's own vector weights of
# its own, and takes a plain mean of the neighbours, without the node itself:
#
# $$h_i' = h_i W_{\text{self}} + \Big(\frac{1}{|\mathcal N(i)|}
# \sum_{j \in \mathcal N(i)} h_j\Big) W_{\text{neigh}} + b$$
#
# Now "my friends differ from me" can be learned.

# %% [markdown]
# A **graph attention network** (GAT; Veličković and others, 2018) learns whom to listen
# to. With $g_i = h_i W$, an edge from $j$ to $i$ gets a score, and each node's incoming
# scores go through a softmax:
#
# $$e_{ij} = \text{LeakyReLU}\left(a_s^\top g_j + a_t^\top g_i\right), \qquad
# \alpha_{ij} = \frac{e^{e_{ij}}}{\sum_{k \in \mathcal N(i) \cup \{i\}} e^{e_{ik}}},
# \qquad h_i' = \sum_j \alpha_{ij}\, g_j + b$$
#
# - $a_s, a_t$: learned vectors of length $F'$, for the source and for the target
# - LeakyReLU: like a ReLU, but slope 0.2 for negative numbers
# - $\alpha_{ij}$: how much $i$ listens to $j$; for each $i$ they add up to **1**


# %%
class SAGE(nn.Module):
    """GraphSAGE with the mean: X W_self + mean of the neighbours W_neigh + b."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.itself = nn.Linear(in_features, out_features, bias=False)
        self.others = nn.Linear(in_features, out_features)

    def forward(self, X, edge_index):
        source, target = edge_index
        count = torch.bincount(target, minlength=len(X)).clamp(min=1)  # none: mean 0
        mean = add_up(X[source], target, len(X)) / count[:, None]  # (n, in)
        return self.itself(X) + self.others(mean)


def softmax_of_each(scores, target, n):
    """Softmax among the edges with the same target: (E,) -> (E,)."""
    lowest = scores.new_full((n,), -math.inf)
    highest = lowest.scatter_reduce(0, target, scores.detach(), "amax")  # (n,)
    weight = (scores - highest[target]).exp()  # at most 1: exp can't overflow
    return weight / scores.new_zeros(n).index_add(0, target, weight)[target]


# %%
class GAT(nn.Module):
    """Graph attention with one head."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features, bias=False)
        self.a_source = nn.Parameter(torch.randn(out_features) / out_features**0.5)
        self.a_target = nn.Parameter(torch.randn(out_features) / out_features**0.5)
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.linear.weight)

    def forward(self, X, edge_index):
        G, n = self.linear(X), len(X)  # (n, out)
        source, target = with_loops(edge_index, n)
        scores = (G @ self.a_source)[source] + (G @ self.a_target)[target]  # (E + n,)
        alpha = softmax_of_each(F.leaky_relu(scores, 0.2), target, n)
        return add_up(alpha[:, None] * G[source], target, n) + self.bias


sage, gat = SAGE(5, 3), GAT(5, 3)
sage_by_pyg, gat_by_pyg = pyg.SAGEConv(5, 3), pyg.GATConv(5, 3)
sage_by_pyg.lin_r.load_state_dict(sage.itself.state_dict())
sage_by_pyg.lin_l.load_state_dict(sage.others.state_dict())
with torch.no_grad():
    gat_by_pyg.lin.weight.copy_(gat.linear.weight)
    gat_by_pyg.att_src.copy_(gat.a_source.reshape(1, 1, 3))  # (1, heads, out)
    gat_by_pyg.att_dst.copy_(gat.a_target.reshape(1, 1, 3))
    for ours, theirs in [(sage, sage_by_pyg), (gat, gat_by_pyg)]:
        gap = (ours(X, edge_index) - theirs(X, edge_index)).abs().max().item()
        print(f"{type(ours).__name__} by hand against PyG: {gap:.1e} apart")
        assert gap < 1e-5

# %% [markdown]
# In practice one uses several [heads](23) and puts their outputs side by
# side. A known weakness: $a_s^\top g_j$ doesn't depend on who listens, so within a
# neighbourhood the *order* of importance is the same for every listener. GATv2 (Brody
# and others, 2022) moves the LeakyReLU between $W$ and $a$ and lifts this.
#
# One run proves little. Train each net from ten seeds, and with them the plain sum and
# the row mean of above.
#
# **Look for** the height of each cloud, and its *width*. Which layer would you trust
# with two labels?


# %%
class Mixed(nn.Linear):
    """M X W + b: a graph convolution by any matrix M (n, n)."""

    def forward(self, X, M):
        return M @ super().forward(X)


nets = {"MLP": (Alone, edge_index), "GCN": (GCN, edge_index)}
nets |= {"SAGE": (SAGE, edge_index), "GAT": (GAT, edge_index)}
nets |= {"sum": (Mixed, loops), "row mean": (Mixed, ways["row"])}
right = {name: [] for name in nets}
for seed in range(10):
    for name, (layer, graph) in nets.items():
        set_seed(seed)
        scores = fit(NodeNet(layer, n, 16, 2), tags, graph, y, leaders)
        right[name].append(share_right(scores, y, rest))
right = {name: torch.tensor(values) for name, values in right.items()}

fig, ax = plots.figure(width=6.6, height=3.2)
drawings.clouds(ax, right, "accuracy on the other 32", means_at=0.42)
ax.set(xlabel="layer", ylim=(0.38, 1.02))
plots.show(
    fig,
    alt="Accuracy of ten seeds for six layers. MLP: about 0.5. GCN, sum and row mean: "
    "above 0.92 on average. SAGE and GAT: somewhat lower on average than the GCN, with "
    "more spread.",
)

# %%
lead = right["GCN"] - right["MLP"]
print(f"GCN minus MLP, worst of ten seeds: {lead.min():.2f}")
assert lead.min() > 0.3 and right["GCN"].mean() > 0.92
freer = torch.cat([right["SAGE"], right["GAT"]])  # of both together, (20,)
assert freer.mean() < right["GCN"].mean() - 0.01
assert freer.std() > 1.3 * right["GCN"].std()
assert min(right[name].mean() for name in ("sum", "row mean")) > 0.92

# %% [markdown]
# The plainest layers hold best here, and *how* they normalise hardly matters in two
# layers: even the plain sum is as good. Normalisation is for deeper nets.
#
# SAGE and GAT have more freedom, and do a little worse with two labels. Which of their
# differences is to blame this figure doesn't say: SAGE leaves the node itself out of
# its average and has weights of its own for it, GAT has its attention to learn.

# %% [markdown]
# ## A fair contest: digits with neighbours
#
# Now give the MLP a real chance: 1,000 handwritten digits, with their pixels, of which
# **two of each class** carry a label. The edges come in two kinds:
#
# - **near**: each digit is joined to the 8 whose pixels lie nearest;
# - **links**: four random ones on average, six in ten to the same digit, as papers cite
#   papers mostly of their own field.
#
# In the first, all that the edges know was in the pixels. In the second it was not.

# %%
(images, digit), _ = mnist(num_train=1000, num_test=100)
pixels = images.flatten(1)  # (1000, 784)
nearest = torch.cdist(pixels, pixels).topk(9, largest=False).indices  # self is first
near = torch.stack([nearest[:, 1:].flatten(), torch.arange(1000).repeat_interleave(8)])
near = torch.cat([near, near.flip(0)], dim=1).unique(dim=1)  # both ways, each once

set_seed(0)
alike = digit[:, None] == digit
chance = torch.where(alike, 4 * 0.6 / 100, 4 * 0.4 / 900)  # about 100 digits a class
links = (torch.rand(1000, 1000) < chance).triu(1).nonzero().T  # (2, E / 2)
links = torch.cat([links, links.flip(0)], dim=1)
graphs = {"near": near, "links": links}
for name, edges in graphs.items():
    same = (digit[edges[0]] == digit[edges[1]]).float().mean().item()
    print(f"{name:>5}: {edges.shape[1]} edges; {same:.0%} join the same digit")

# %% [markdown]
# Another player has no weights at all. **Label propagation** (Zhu and Ghahramani, 2002)
# passes the known labels along the edges, round after round, and sets the known ones
# back each time. **Label spreading** (Zhou and others, 2003) only pulls them back:
#
# $$Y \leftarrow 0.95\, S\, Y + 0.05\, Y_0, \qquad S = D^{-1/2} A D^{-1/2}$$
#
# where $Y_0$ holds a 1 for each known label. $S$ is GCN's matrix *without* self-loops.
# PyG calls it `LabelPropagation`. We take fifty rounds.
#
# Two more players use pixels and edges without a graph layer. **MLP, then mix**: the
# MLP's class probabilities are averaged over the neighbours, twice, as by two GCN
# layers: $\hat A \hat A P$. **Mix, then MLP**: an MLP on $\hat A \hat A X$, close to
# the *simplified* GCN (Wu and others, 2019).


# %%
def mixed_twice(X, edge_index):
    """A_hat A_hat X: (n, F) -> (n, F)."""
    mix = GCNbyPyG()
    return mix(mix(X, edge_index), edge_index)


def contest(seed):
    """Accuracy by graph and player, with two labels a class drawn from a seed."""
    set_seed(seed)
    drawn = [(digit == k).nonzero().ravel() for k in range(10)]
    drawn = torch.cat([nodes[torch.randperm(len(nodes))[:2]] for nodes in drawn])
    others = torch.ones(1000, dtype=torch.bool)
    others[drawn] = False

    def learn(layer, X, edges):
        net = NodeNet(layer, 784, 32, 10)
        return fit(net, X, edges, digit, drawn, num_epochs=50)

    mlp, scores = learn(Alone, pixels, None), {}
    spread = pyg.LabelPropagation(num_layers=50, alpha=0.95)
    for graph, edges in graphs.items():
        scores[graph, "spreading"] = spread(digit, edges, mask=drawn)
        scores[graph, "MLP"] = mlp
        scores[graph, "MLP, then mix"] = mixed_twice(mlp.softmax(dim=1), edges)
        scores[graph, "mix, then MLP"] = learn(Alone, mixed_twice(pixels, edges), None)
        scores[graph, "GCN"] = learn(GCN, pixels, edges)
    return {key: share_right(s, digit, others) for key, s in scores.items()}


# %% [markdown] predict="who_wins_near"
# **Predict.** On the graph of *near* digits: who is best on the 980 digits without a
# label?
#
# - The GCN: it has features, edges and weights.
#   wrong: more means taken for more knowledge. The edges were computed from the pixels,
#   so the two don't add up; and its weights must be learned from 20 labels.
# - Label spreading, which copies labels along the edges and learns nothing.
#   right: three edges in four join the same digit, so following them is most of what
#   there is to know. It has nothing to learn from 20 labels.
# - The MLP: the edges hold nothing that the pixels don't.
#   wrong: no new information taken for no help. The edges show the MLP's blind spot,
#   how the 980 unlabelled digits lie to each other.

# %%
runs = [contest(seed) for seed in range(16)]
played = {key: torch.tensor([run[key] for run in runs]) for key in runs[0]}
mean = {key: values.mean().item() for key, values in played.items()}
for (graph, player), value in mean.items():
    print(f"{graph:>5}, {player:>13}: {value:.3f}")
assert mean["near", "spreading"] > mean["near", "GCN"] > mean["near", "MLP"] + 0.05
best = max(mean["links", name] for name in ("spreading", "MLP", "MLP, then mix"))
assert mean["links", "GCN"] > best + 0.08
assert abs(mean["links", "GCN"] - mean["links", "mix, then MLP"]) < 0.03

# %% [markdown]
# **Look for** the graph on which the GCN leaves the MLP and the spreading behind, and
# for who stays beside it.

# %%
fig, axes = plots.figure(ncols=2, width=4.6, height=3.2, sharey=True)
for ax, graph in zip(axes, graphs, strict=True):
    values = {p.replace(", ", ",\n"): v for (g, p), v in played.items() if g == graph}
    drawings.clouds(ax, values, "accuracy on the other 980", means_at=0.16)
    ax.set(title=graph, ylim=(0.12, 0.8))
plots.show(
    fig,
    alt="Accuracy of five methods on sixteen draws of labels. On near digits "
    "spreading, GCN and the MLP on mixed pixels are close together, above the MLP. On "
    "random links GCN and the MLP on mixed pixels are highest, spreading is lowest.",
)

# %% [markdown]
# On near digits the edges bring in the 980 *unlabelled* digits, so the GCN beats the
# MLP. But copying labels along the edges, without any training, does a little better.
# **Before you train a GNN, run label propagation or spreading.**
#
# On the links, spreading loses the labels on their way, since a link alone is often
# wrong, and the MLP has too little with 20 digits. Who learns from pixels *and* links
# leads clearly. **GNNs pay where features and edges know different things.**

# %% [markdown]
# The two new players say where the gain comes from. To mix the MLP's *answers* helps
# little: it had learned from 20 single digits, and links came too late. To mix the
# *pixels* first and give them to the same MLP does as well as the GCN. So it isn't the
# layers that matter here: it is to learn from averages over neighbours. **Try this
# cheap rival, too.**
#
# Can such a net answer for digits that it has never met? Learn without the last 300,
# then add them and their links.

# %%
new = torch.arange(1000) >= 700


def on_new_digits(seed):
    """Accuracy on the last 300 digits: unknown in training, and there all along."""
    set_seed(seed)
    labelled = torch.randperm(700)[:100]
    net = NodeNet(GCN, 784, 32, 10)
    fit(net, pixels[:700], links[:, (links < 700).all(0)], digit[:700], labelled, 50)
    inductive = share_right(net(pixels, links), digit, new)
    net = NodeNet(GCN, 784, 32, 10)
    scores = fit(net, pixels, links, digit, labelled, 50)
    return inductive, share_right(scores, digit, new)


pairs = torch.tensor([on_new_digits(seed) for seed in range(8)])  # (8, 2)
inductive, transductive = pairs.mean(dim=0).tolist()
print(f"new digits: {inductive:.2f}; had they been there all along: {transductive:.2f}")
print("differences:", [round(a - b, 2) for a, b in pairs.tolist()])
assert 0.005 < transductive - inductive < 0.04 and inductive > 0.75

# %% [markdown]
# Nearly as well, on average about two points behind: with pixels as features the net is
# **inductive**. The layer decides nothing here, the features do. On the club, no layer
# would help a 35th member: there is no name tag for him, and no weights.

# %% [markdown]
# ## Deeper is worse: oversmoothing
#
# Two layers hear friends of friends. Sixteen would hear everybody.

# %% [markdown] predict="sixteen_layers"
# **Predict.** GCNs of 1 to 16 layers are trained on the club's two leaders. What does
# the accuracy on the others do?
#
# - It rises, then stays: everybody can be heard.
#   wrong: more reach taken for more knowledge. Each layer also averages; after many,
#   all members hold nearly the same.
# - It stays: the graph is small, two layers see most of it.
#   wrong: a layer taken for harmless once nothing new is heard. It goes on averaging
#   all the same.
# - It falls to about chance.
#   right: at 16 layers the differences between members are averaged away, and such a
#   net is also hard to train.

# %% [markdown]
# To train ten seeds of each depth at once, every weight gets a leading axis of seeds,
# `@` multiplies them in parallel, and their losses are added. Each layer is told by
# which matrix it mixes, so that smoothing and depth can be separated later. Beside the
# plain nets stand some **with skips**: each layer adds to what was there,
# $H' = H + \sigma(\hat A H W + b)$, as a residual net does.


# %%
class DeepGCN(nn.Module):
    """Ten GCNs at once; layer k mixes by mixes[k]: X (n, F) -> scores (10, n, 2)."""

    def __init__(self, mixes, in_features, skip=False, width=16, seeds=10):
        super().__init__()
        self.mixes, self.skip = mixes, skip
        sizes = [in_features, *[width] * (len(mixes) - 1), 2]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for a, b in zip(sizes, sizes[1:], strict=False):
            xavier = math.sqrt(6 / (a + b))
            self.weights.append(torch.empty(seeds, a, b).uniform_(-xavier, xavier))
            self.biases.append(torch.zeros(seeds, 1, b))

    def forward(self, H):
        for k, M in enumerate(self.mixes):
            Z = M @ (H @ self.weights[k]) + self.biases[k]  # (seeds, n, width)
            if k == len(self.mixes) - 1:
                return Z
            H = F.relu(Z) + H if self.skip and k else F.relu(Z)


def train_deep(mixes, skip=False, num_epochs=100):
    """Train on the leaders, from ten seeds: scores (10, n, 2)."""
    set_seed(len(mixes))
    net = DeepGCN(mixes, n, skip)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-4)
    for _ in range(num_epochs):
        scores = net(tags)[:, leaders].flatten(0, 1)  # (10, 2, 2) -> (20, 2)
        step(optimizer, 10 * F.cross_entropy(scores, y[leaders].repeat(10)))
    return net(tags).detach()


# %%
depths = [1, 2, 4, 8, 16]
by_depth = {}
for name, skip in [("plain", False), ("with skips", True)]:
    runs = [train_deep([A_hat] * depth, skip) for depth in depths]
    by_depth[name] = torch.stack([share_right(scores, y, rest) for scores in runs])
    print(f"{name:>10}:", by_depth[name].mean(dim=1).numpy().round(2))
plain, skips = (values.mean(dim=1) for values in by_depth.values())
assert plain[1] > 0.92 and plain[4] < 0.65 and skips[4] > 0.85

# %% [markdown]
# **Look for** the depth at which the plain net falls, and at the shaded band, which
# spans the worst to the best of ten seeds.

# %%
fig, ax = plots.figure(width=6.0, height=3.2)
drawings.bands(ax, depths, by_depth, "layers", "accuracy on the other 32", chance=0.5)
ax.set_ylim(0.2, 1.02)
plots.show(
    fig,
    alt="Accuracy against depth. The plain GCN is high up to 4 layers, spreads more "
    "at 8 and is near chance at 16. With skip connections it stays high.",
)
least = by_depth["plain"].min(dim=1).values  # (5,) the worst seed at each depth
assert least[3] < least[2] - 0.05

# %% [markdown]
# It falls after 8 layers, where some of the ten seeds are already lower. Two is a good
# depth for many graphs. But why does it fall?
#
# Each $\hat A$ multiplies every wave but the slowest by a factor below 1. In the end
# only $\sqrt{\tilde d_i}$ is left, with frequency 0: all rows are the same, up to a
# factor that tells *how many friends* you have. This is **oversmoothing**. The share of
# $\hat A^k X$ that isn't along $\sqrt{\tilde d}$ shrinks by $|\mu|$ in each layer, the
# second largest eigenvalue of $\hat A$ in size.

# %%
mu = torch.linalg.eigvalsh(A_hat).abs().sort().values[-2].item()
print(f"second eigenvalue {mu:.3f}")
print(f"left of the second wave: {mu**16:.2f} after 16 layers, {mu**32:.2f} after 32")
assert 0.15 < mu**16 < 0.2 and mu**32 < 0.05

# %% [markdown]
# But after 16 layers a sixth of the second wave is left, and that wave *is* the split.
# So is smoothing really the reason? Separate the two:
#
# - **smoothing without depth**: mix 16 or 32 times, then one layer of weights;
# - **depth without smoothing**: 16 layers of weights, of which only the first and the
#   last mix.

# %%
cases = {
    "16 layers, 16 mixes": [A_hat] * 16,
    "1 layer,   16 mixes": [torch.linalg.matrix_power(A_hat, 16)],
    "1 layer,   32 mixes": [torch.linalg.matrix_power(A_hat, 32)],
    "16 layers,  2 mixes": [A_hat, *[torch.eye(n)] * 14, A_hat],
}
by_case = {name: train_deep(mixes) for name, mixes in cases.items()}
deep = {
    name: [share_right(scores, y, mask).mean() for mask in (rest, leaders)]
    for name, scores in by_case.items()
}
for name, (others, heads) in deep.items():
    print(f"{name}: others {others:.2f}, leaders {heads:.2f}")
gap = by_case["1 layer,   32 mixes"][:, rest].diff(dim=2).squeeze(2)  # (10, 32)
follows = torch.corrcoef(torch.cat([gap, degree[rest][None]]))[-1, :-1].mean()
print(f"32 mixes: scores and degrees correlate by {follows:.2f}")
assert deep["1 layer,   32 mixes"][0] < 0.6 and follows > 0.8
assert 0.55 < deep["1 layer,   16 mixes"][0] < 0.9
assert deep["16 layers,  2 mixes"][0] < 0.75 and deep["16 layers,  2 mixes"][1] < 1

# %% [markdown]
# Both are reasons, and each can be enough alone. With 32 mixes and one layer the net
# judges by the number of friends, as the theory says. At 16 mixes smoothing alone costs
# only a part. But 16 layers fail with two mixes, too: some of these nets don't even
# learn the two leaders. That is a deep net without a [skip connection](17).
#
# So be careful with the word "oversmoothing": it has become the name of every failure
# of deep GNNs. What is proved is the linear part, and a bound for ReLU nets whose
# weights are not too large (Oono and Suzuki, 2020).

# %% [markdown]
# A second limit has the opposite cause. **Over-squashing** (Alon and Yahav, 2021): the
# number of nodes within $k$ steps can grow like $3^k$, but what they say must fit into
# one vector of fixed length, often through a single edge between two halves. News from
# afar is lost though many layers could carry it. Cures add edges or a node joined to
# all.
#
# Older cures for depth, each one line in PyG. The **gated graph network** (GGNN; Li and
# others, 2016) sums the messages and lets a [GRU](21) decide what to keep of the
# old state. **Jumping knowledge** (Xu and others, 2018) keeps the output of *every*
# layer and lets the end choose, by concatenation, maximum or attention.

# %% [markdown]
# ## Link prediction: who should meet?
#
# Second kind of question: is there an edge that we don't see? Take the 77 characters of
# *Les Misérables*, joined when they appear in a chapter together. Hide 50 of the 254
# edges. A GCN gives each character a vector $z_i$; a pair's score is
# $z_i^\top z_j$. It learns to score true edges above random pairs.
#
# The hidden edges must be gone **from the graph the GCN sees**, not from the loss
# alone. The measure is the **AUC**: how often a hidden edge scores above a pair that
# never meets; a tie counts half. Chance gives 0.5.


# %%
novel = nx.convert_node_labels_to_integers(nx.les_miserables_graph())
m = len(novel)
meetings = torch.tensor(list(novel.edges))  # (254, 2)
strangers = torch.tensor(list(nx.complement(novel).edges))  # pairs that never meet
print(f"{m} characters, {len(meetings)} meetings, {len(strangers)} pairs never meet")


def link_scores(seen, num_epochs=100):
    """Scores (m, m) of all pairs by a GCN that sees and learns the pairs `seen`."""
    both = torch.cat([seen, seen.flip(1)]).T  # (2, 2 * pairs)
    truth = torch.cat([torch.ones(len(seen)), torch.zeros(len(seen))])
    net = NodeNet(GCN, m, 32, 16)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(num_epochs):
        by_chance = torch.randint(m, (len(seen), 2))  # nearly all of them no edges
        one, other = torch.cat([seen, by_chance]).T
        Z = net(torch.eye(m), both)  # (m, 16)
        score = (Z[one] * Z[other]).sum(dim=1)  # (2 * pairs,)
        step(optimizer, F.binary_cross_entropy_with_logits(score, truth))
    return (Z @ Z.T).detach()


# %%
results = {"GCN": [], "common friends": []}
for seed in range(4):
    set_seed(seed)
    hidden, seen = meetings[torch.randperm(len(meetings))].split([50, 204])
    never = strangers[torch.randperm(len(strangers))[:200]]
    known = torch.zeros(m, m)
    known[seen[:, 0], seen[:, 1]] = known[seen[:, 1], seen[:, 0]] = 1.0
    for name, S in zip(results, [link_scores(seen), known @ known], strict=True):
        met, not_met = S[hidden[:, 0], hidden[:, 1]], S[never[:, 0], never[:, 1]]
        above = (met[:, None] - not_met).sign()  # 1, 0 or -1 for each two pairs
        results[name].append((1 + above.mean().item()) / 2)
link_auc = {name: sum(values) / 4 for name, values in results.items()}
for name, values in results.items():
    print(f"{name:>14}: AUC {link_auc[name]:.3f}", [round(v, 2) for v in values])
assert link_auc["GCN"] > 0.8 and link_auc["common friends"] > link_auc["GCN"] - 0.02

# %% [markdown]
# Honest again: counting **common neighbours**, one product of matrices, is as good as
# the trained net or better. In small social graphs this old rule is hard to beat. As in
# the contest, a GCN pays when nodes have features.

# %% [markdown]
# ## Whole graphs, and batches of them
#
# Third kind of question: about a **whole graph**, such as a molecule. Two things are
# new.
#
# **A batch.** Graphs differ in size, so they can't be stacked like images. PyG puts
# them side by side as *one* large graph without edges between them: the adjacency
# matrix of a batch is **block-diagonal**, and every layer of above runs on it as it is.
# `batch` says to which graph each node belongs.
#
# **Look for** the numbers of nodes in the picture of one batch.

# %%
shapes = [nx.cycle_graph(3), nx.star_graph(4), nx.path_graph(4)]
examples = [Data(x=torch.ones(len(g), 1), edge_index=edges_of(g)) for g in shapes]
batch = next(iter(DataLoader(examples, batch_size=3)))
print(batch, batch.batch.tolist(), sep="\n")
fig, ax = plots.figure(width=3.6, height=3.2)
drawings.blocks(ax, batch.edge_index, batch.batch)
plots.show(
    fig,
    alt="The adjacency matrix of a batch of a triangle, a star and a path: 12 by 12, "
    "with edges only inside three blocks of 3, 5 and 4 nodes on the diagonal.",
)
alone = GCNbyPyG()(examples[1].x, examples[1].edge_index)  # the star by itself
together = GCNbyPyG()(batch.x, batch.edge_index)
assert torch.allclose(together[batch.batch == 1], alone)

# %% [markdown]
# Three, five and four nodes. The star gets the same numbers alone and in the batch.
#
# **A readout.** Nodes have no order, so one vector for a graph must be a function of a
# *set*: sum, mean or maximum over its nodes. Which of them can tell two graphs apart?
# Take nodes that hold one number each:
#
# | graphs | sum | mean | max |
# |---|---|---|---|
# | 1 3 and 1 1 3 3 | 4, **8** | 2, 2 | 3, 3 |
# | 1 3 and 1 1 3 | 4, **5** | 2, **5/3** | 3, 3 |
# | 1 3 and 2 2 | 4, 4 | 2, 2 | 3, **2** |
# | 3 and 1 1 1 | 3, 3 | 3, **1** | 3, **1** |

# %% [markdown]
# The mean keeps the *proportions*, the maximum keeps *which kinds occur*, the sum keeps
# *how many*. None is always best: the sum can't tell one 3 from three 1s. But put a
# small MLP **before** the sum, as one does, and it can: with one-hot kinds, the sum is
# a full count of them. Then only the sum loses nothing (Xu and others, 2019). Their
# **graph isomorphism network** (GIN) takes it inside the layers, too:
# $h_i' = \text{MLP}\bigl(h_i + \sum_{j \in \mathcal N(i)} h_j\bigr)$.

# %% [markdown]
# ### In one piece?
#
# A question that an eye answers at once: is the graph **connected**? Many made data
# sets for it are solved by "does any node have no edge?". So make it hard. Join two
# random connected parts, side by side, to a graph in two pieces. Then swap ends of a
# few of its edges ($uv$ and $xy$ become $ux$ and $vy$, a **double edge swap**) until
# it is in one piece. `connected_pairs` does that.
#
# **Every node of the pair keeps its degree.** So nothing that counts nodes, edges or
# degrees can tell the two apart.


# %%
def as_data(graph, label):
    """PyG's Data: for each node a 1 and its triangles; the edges; the label."""
    triangles = list(nx.triangles(graph).values())
    x = torch.tensor([[1.0, t] for t in triangles])  # (nodes, 2)
    return Data(x=x, edge_index=edges_of(graph), y=torch.tensor([label]))


pairs_of_graphs = connected_pairs(400)
examples = [as_data(g, k) for graphs in pairs_of_graphs for k, g in enumerate(graphs)]
train_set, test_set = examples[:560], examples[560:]  # pairs stay together
print(len(examples), "graphs;", examples[0], examples[1])
degrees = [sorted(dict(g.degree).values()) for two in pairs_of_graphs for g in two]
assert degrees[::2] == degrees[1::2] and min(map(min, degrees)) >= 1

# %% [markdown]
# **Look for** a pair you have to look at twice: left of each two is in pieces.

# %%
fig, axes = plots.figure(ncols=6, width=1.6, height=1.8)
drawings.pairs(axes, [graph for two in pairs_of_graphs[:3] for graph in two])
plots.show(
    fig,
    alt="Three pairs of graphs drawn on circles, one of each pair in two pieces and "
    "one connected, with as many nodes and edges. One has to trace the lines to tell.",
)


# %% [markdown]
# The nets: three GIN layers whose neighbours are taken by sum or by mean, a readout by
# sum, two scores. At first all nodes have the same feature, 1.


# %%
class GraphNet(nn.Module):
    """Three GIN layers, a sum readout, two scores for each graph of a batch."""

    def __init__(self, in_features, aggr, width=32):
        super().__init__()
        self.in_features = in_features
        self.layers = pyg.GIN(in_features, width, num_layers=3, aggr=aggr)
        self.scores = nn.Linear(width, 2)

    def forward(self, batch):
        X = batch.x[:, : self.in_features]
        H = self.layers(X, batch.edge_index)  # (nodes of the batch, width)
        return self.scores(pyg.global_add_pool(H, batch.batch))  # (graphs, 2)


def graph_accuracy(in_features, aggr, seed, num_epochs=60):
    """Train on the training graphs; the accuracy on the test graphs."""
    set_seed(seed)
    net = GraphNet(in_features, aggr)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    for _ in range(num_epochs):
        for batch in DataLoader(train_set, batch_size=56, shuffle=True):
            step(optimizer, F.cross_entropy(net(batch), batch.y))
    batch = next(iter(DataLoader(test_set, batch_size=len(test_set))))
    with torch.no_grad():
        return (net(batch).argmax(dim=1) == batch.y).float().mean().item()


# %% [markdown] predict="mean_of_ones"
# **Predict.** All features are 1, and neighbours are taken by *mean*. How often is the
# trained net right on new pairs?
#
# - Nearly always: three layers see most of such a small graph.
#   wrong: seeing taken for telling apart. Three steps reach most nodes, but each of
#   them says the same.
# - Exactly half of the time.
#   right: a mean of ones is 1 in any graph, so both graphs of a pair, with equally many
#   nodes, get the same scores: one of the two is wrong.
# - A little above a half, by its knowledge of degrees.
#   wrong: mean taken for sum. A mean doesn't count the neighbours; and by design, a
#   pair has the same degrees.

# %%
found = {}
for aggr, num_epochs in {"mean": 20, "sum": 60}.items():
    runs = [graph_accuracy(1, aggr, seed, num_epochs) for seed in range(3)]
    found[aggr] = torch.tensor(runs)
    print(f"{aggr:>4} of ones: {found[aggr].mean():.2f}", found[aggr].numpy().round(2))
assert (found["mean"] - 0.5).abs().max() < 1e-6 and 0.55 < found["sum"].mean() < 0.8

# %% [markdown]
# The mean can't do better than chance (whatever its weights, so a few epochs are
# enough to see it); the sum can, and on average it does, but it is still often wrong.
# What holds it back?
# Whatever the weights, message passing gives two nodes the same vector if their
# neighbourhoods *unfold* alike. A hexagon and two triangles are the same to it:
# everybody has two neighbours who have two neighbours. This limit is the **1-WL test**
# (Weisfeiler and Leman, 1968).

# %%
hexagon = nx.cycle_graph(6)
triangles = nx.disjoint_union(nx.cycle_graph(3), nx.cycle_graph(3))
twins = next(iter(DataLoader([as_data(hexagon, 1), as_data(triangles, 0)], 2)))
set_seed(0)
with torch.no_grad():
    blind, seeing = (GraphNet(features, "sum")(twins) for features in (1, 2))
print("features 1:", blind.numpy(), "and triangles:", seeing.numpy(), sep="\n")
assert torch.allclose(blind[0], blind[1], atol=1e-5)
assert not torch.allclose(seeing[0], seeing[1], atol=1e-2)

# %% [markdown]
# If that is the reason, a feature that tells such nodes apart must help. Give each node
# its number of **triangles**: parts in two pieces are denser, so they have more. But
# then a rule could use them, too: one threshold on triangles per edge, chosen on the
# training graphs. And of course there is an algorithm: walk the graph, or ask whether
# the Laplacian's second eigenvalue is 0.


# %%
per_edge = torch.stack([d.x[:, 1].sum() / d.edge_index.shape[1] for d in examples])
is_joined = torch.cat([d.y for d in examples]).bool()  # (800,)
levels = per_edge[:560].unique()
hits = (per_edge[:560, None] <= levels) == is_joined[:560, None]
level = levels[hits.float().mean(dim=0).argmax()]  # the best on the training graphs
rule = (per_edge[560:] <= level) == is_joined[560:]
found["rule: triangles"] = rule.float().mean()[None]
runs = [graph_accuracy(2, "sum", seed) for seed in range(3)]
found["sum, triangles"] = torch.tensor(runs)
for name, values in found.items():
    print(f"{name:>15}: {values.mean():.2f}", values.numpy().round(2))
assert found["sum, triangles"].mean() > found["rule: triangles"].mean() + 0.1
assert found["sum, triangles"].mean() > found["sum"].mean() + 0.15

# %% [markdown]
# So the limit was the reason: the same net, with a feature that 1-WL can't compute, is
# far better, and better than the rule that has the feature alone. (A walk through the
# graph is still right always. Know the algorithms.)

# %% [markdown]
# ### Pooling, in words
#
# CNNs shrink the image on the way; graphs can shrink, too.
#
# - **DiffPool** (Ying and others, 2018): a GNN gives each node a soft share in $K$
#   clusters, $S$, $(n, K)$; then $X' = S^\top Z$ and $A' = S^\top A\, S$.
# - **SAGPool** (Lee and others, 2019): a GNN gives each node a score; the best half
#   stays, with the edges among them.
# - Readouts that learn: **attention** (a weight for each node), and **Set2Set**
#   (Vinyals and others, 2016), in which an LSTM asks the set several times.
#
# In careful comparisons on small benchmarks plain readouts were often as good
# (Mesquita, Souza and Kaski, 2020).

# %% [markdown]
# ## Large graphs: sample
#
# A node's answer needs its neighbours, theirs need theirs. How soon is that the whole
# graph?

# %%
needed = torch.zeros(1000, dtype=torch.bool)
needed[5] = True  # one digit
counts = []
for _ in range(4):
    needed[near[0, needed[near[1]]]] = True  # the sources of all edges into them
    counts.append(int(needed.sum()))
print("of 1,000 digits, needed by 1, 2, 3 and 4 layers:", counts)
assert counts[3] > 500

# %% [markdown]
# Four layers need most of the digits. With 3 neighbours each they would need at most
# 1 + 3 + 9 + 27 + 81 = 121.

# %% [markdown]
# Three families of cures:
#
# - **By node** (GraphSAGE): each node hears a few neighbours, drawn at random. PinSAGE
#   (Ying and others, 2018) draws them by random walks, on billions of nodes.
# - **By layer** (FastGCN): draw $t$ nodes for the *whole layer*, node $v$ with
#   probability $q_v$, and weigh what it says by $1 / (t\, q_v)$, so that the sum is
#   right on average.
# - **By subgraph**: Cluster-GCN trains on communities, several together. **GraphSAINT**
#   draws some nodes and takes the *induced* subgraph, all edges among them. An edge
#   from $u$ to $v$ is then in if both ends are, with probability $p_{uv}$; given that
#   $v$ is in, its messages are divided by $p_{uv} / p_v$, and losses by $p_v$.

# %% [markdown]
# (To drop edges at random, one by one, is another thing: **DropEdge**, against
# oversmoothing.)
#
# ### The family
#
# All of these are **message-passing neural networks** (MPNN; Gilmer and others, 2017):
# message, sum, update. The first GNN (Scarselli and others, 2009) was *recurrent*: one
# layer, repeated until nothing changes; GGNN repeats a GRU a few times. DeepGCNs take
# skips and dilated neighbourhoods from CNNs.
#
# ## What goes wrong in practice
#
# **Test nodes in the loss.** All nodes are in the forward pass, so it is easy to forget
# the mask. The result looks wonderful, and says nothing.

# %%
set_seed(0)
leak = fit(NodeNet(Alone, n, 16, 2), tags, edge_index, y, torch.arange(n))
print(f"MLP, all labels in the loss: {share_right(leak, y, rest):.2f}")
print(f"MLP, two labels in the loss: {right['MLP'].mean():.2f}")
assert share_right(leak, y, rest) > 0.95 and right["MLP"].mean() < 0.6

# %% [markdown]
# Even the MLP, which can know nothing of these people, is now "perfect".
#
# **A bias that nobody initialised.** `torch.empty` takes memory as it finds it: often
# zeros, sometimes anything, so that a layer works today and gives NaN tomorrow.
# PyTorch can make the mistake visible: in deterministic mode, fresh memory is filled
# with NaN.

# %% [markdown]
# **Degrees counted before the self-loops.** A member without friends then has degree 0,
# and $1/\sqrt 0$ is infinite; the others' weights are too large, and the largest
# eigenvalue leaves 1.
#
# **A softmax over all edges.** `torch.softmax(scores, dim=0)` runs without complaint.
# But then all edges of the graph compete for one unit of attention.

# %%
root = A.sum(dim=1).rsqrt()  # degrees without the self-loops: the mistake
largest = torch.linalg.eigvalsh(root[:, None] * loops * root)[-1].item()
print(f"largest eigenvalue, degrees before the self-loops: {largest:.2f}, not 1")
assert largest > 1.2

# %% [markdown]
# ## Summary
#
# - Message passing: each node collects, aggregates, updates. The GCN divides by the
#   root of both degrees, self-loops first; it is a low-pass filter.
# - GCN weighs by degree, SAGE keeps itself apart, GAT learns whom to hear. With few
#   labels the plain ones hold best.
# - GNNs pay where features and edges know different things. Before: label propagation,
#   an MLP on averaged features, common friends, one eigenvector, a walk through the
#   graph.
# - Depth fails twice: all becomes alike, and training fails. Skips help.
# - The mean keeps proportions, the maximum kinds, the sum counts; none sees more than
#   1-WL, unless a feature brings it.
# - Batches are block-diagonal; large graphs are sampled, and weights corrected.

# %%
metrics = {f"{name}, 2 labels": right[name].mean().item() for name in ("MLP", "GCN")}
metrics["least lead of GCN over MLP in ten seeds"] = lead.min().item()
metrics["digits, random links, GCN"] = mean["links", "GCN"]
metrics["in one piece, sum and triangles"] = found["sum, triangles"].mean().item()

# %% [markdown]
# ## To think about
#
# 1. Give the label of two random members in place of the leaders. How much worse does
#    the GCN become? Who makes a good label?
# 2. Make links that join mostly *different* digits. Which of the layers can still
#    learn, with enough labels?
# 3. Draw the GAT's attention as edge widths. Is it what you expected?
# 4. In which order would you do it: $\hat A (X W)$ or $(\hat A X) W$? Count the
#    multiplications for 784 features and 16 units.
# 5. An image is a graph of pixels. What does a GCN on it compute, and what can't it
#    that a 3 x 3 kernel can?

# %% [markdown]
# The exercise notebook `26_graph_neural_networks` comes next: nine checked exercises,
# from the normalised matrix to a neighbour sampler.

# %% [markdown]
# ## Further reading
#
# *Dive into Deep Learning* has no chapter on graphs.
#
# - Zachary, *An information flow model for conflict and fission in small groups*,
#   Journal of Anthropological Research 33(4), 1977.
# - Kipf, Welling, *Semi-supervised classification with graph convolutional networks*,
#   ICLR 2017.
# - Defferrard, Bresson, Vandergheynst, *Convolutional neural networks on graphs with
#   fast localized spectral filtering*, NeurIPS 2016.
# - Hamilton, Ying, Leskovec, *Inductive representation learning on large graphs*,
#   NeurIPS 2017.
# - Veličković and others, *Graph attention networks*, ICLR 2018; Brody, Alon, Yahav,
#   *How attentive are graph attention networks?*, ICLR 2022.
# - Gilmer and others, *Neural message passing for quantum chemistry*, ICML 2017;
#   Scarselli and others, *The graph neural network model*, 2009; Li and others, *Gated
#   graph sequence neural networks*, ICLR 2016.

# %% [markdown]
# ### Labels, limits, depth
#
# - Zhu, Ghahramani, *Learning from labeled and unlabeled data with label propagation*,
#   Carnegie Mellon report CMU-CALD-02-107, 2002; Zhou and others, *Learning with local
#   and global consistency*, NeurIPS 2003.
# - Xu and others, *How powerful are graph neural networks?*, ICLR 2019.
# - Li, Han, Wu, *Deeper insights into graph convolutional networks for semi-supervised
#   learning*, AAAI 2018; Oono, Suzuki, *Graph neural networks exponentially lose
#   expressive power for node classification*, ICLR 2020; Wu and others, *Simplifying
#   graph convolutional networks*, ICML 2019.
# - Alon, Yahav, *On the bottleneck of graph neural networks and its practical
#   implications*, ICLR 2021.
# - Xu and others, *Representation learning on graphs with jumping knowledge networks*,
#   ICML 2018; Rong and others, *DropEdge*, ICLR 2020; Li and others, *DeepGCNs*, ICCV
#   2019.

# %% [markdown]
# ### Pooling and sampling
#
# - Vinyals, Bengio, Kudlur, *Order matters*, ICLR 2016; Ying and others, DiffPool,
#   NeurIPS 2018; Lee, Lee, Kang, *Self-attention graph pooling*, ICML 2019; Mesquita,
#   Souza, Kaski, *Rethinking pooling in graph neural networks*, NeurIPS 2020.
# - Ying and others, *Graph convolutional neural networks for web-scale recommender
#   systems* (PinSAGE), KDD 2018; Chen, Ma, Xiao, *FastGCN*, ICLR 2018; Chiang and
#   others, *Cluster-GCN*, KDD 2019; Zeng and others, *GraphSAINT*, ICLR 2020.
