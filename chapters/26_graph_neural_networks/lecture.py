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
# graphs. You build the three classic layers by hand, see what a graph adds, and what
# goes wrong when you stack too many layers.
#
# You need chapters 04 (MLP), 06 (cross-entropy) and 25 (graphs, message passing).

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

from utils import plots
from utils.data import mnist
from utils.device import set_seed

plots.use_style()
set_seed(0)

# %% [markdown]
# ## The club
#
# NetworkX ships Zachary's graph: 34 nodes, 78 friendships. As in chapter 25 we write it
# as `edge_index`, shape (2, number of edges): row 0 holds the sources, row 1 the
# targets. A friendship goes both ways, so it is listed twice.
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
print(tuple(edge_index.shape), "sides:", y.bincount().tolist())
assert edge_index.shape == (2, 156) and y.bincount().tolist() == [17, 17]


# %%
def draw_club(ax, side, known=leaders, wrong=(), title=""):
    """Draw the club: circle or square by side (2: not known), a ring where wrong."""
    nx.draw_networkx_edges(club, place, ax=ax, edge_color="0.75")
    groups = [("instructor", "#56B4E9", "o"), ("officers", "#E69F00", "s")]
    for k, (label, color, shape) in enumerate([*groups, ("?", "#dddddd", "D")]):
        nodes = [v for v in club if side[v] == k]
        sizes = [420 if v in known else 170 for v in nodes]
        style = {"node_color": color, "node_shape": shape, "label": label}
        if nodes:
            nx.draw_networkx_nodes(club, place, nodes, sizes, ax=ax, **style)
    rings = {"node_color": "none", "edgecolors": "black", "linewidths": 2}
    nx.draw_networkx_nodes(club, place, list(wrong), 420, ax=ax, **rings)
    nx.draw_networkx_labels(club, place, font_size=7, ax=ax)
    ax.set_title(title)
    ax.axis("off")


place = nx.spring_layout(club, seed=4)
shown = torch.where(rest, 2, y).tolist()
fig, ax = plots.figure(width=6.6, height=4.2)
draw_club(ax, shown)
ax.legend(loc="upper right", markerscale=0.55)
plots.show(
    fig,
    alt="The karate club's 34 members joined by 78 friendships. Two are large: 0, the "
    "instructor, a circle, and 33, the officer, a square. All others are grey diamonds "
    "with a question mark in the legend. The drawing falls into two loose halves.",
)

# %% [markdown]
# ## The idea
#
# You would ask around: *with whom do your friends stand?* If they don't know yet, let
# them ask theirs. A **graph convolution** is just that. In each layer, every node
#
# 1. **collects** the vectors of its neighbours, and its own,
# 2. **averages** them in some way,
# 3. sends the average through a small layer of weights, the same for all nodes.
#
# After one layer a node knows of its friends, after two of their friends.
#
# Compare chapter 12: a convolution on an image also mixes a pixel with its neighbours.
# But there each neighbour has a place (left, above), so each gets a weight of its own.
# Friends have no left or right, so they all share one.

# %% [markdown]
# ## The formula
#
# One layer of the **GCN** (Kipf and Welling, 2017) computes
#
# $$H' = \sigma\!\left(\hat A\, H\, W + b\right), \qquad
# \hat A = \tilde D^{-1/2}\, (A + I)\, \tilde D^{-1/2}$$
#
# - $H$: $(n, F)$, a row of $F$ numbers for each of the $n$ nodes; $H'$: $(n, F')$, the
#   new rows; the first $H$ is the features $X$
# - $A$: the adjacency matrix, $A_{ij} = 1$ if $i$ and $j$ are friends
# - $I$: the identity; adding it gives each node a **self-loop**: it hears itself too
# - $\tilde D$: the diagonal matrix of the degrees $\tilde d_i$ of $A + I$
# - $W$: $(F, F')$ weights, $b$: $(F',)$ bias, $\sigma$: the activation, a ReLU

# %% [markdown]
# For one node this reads: *sum over myself and my friends, each divided by the root of
# both our degrees*,
#
# $$h_i' = \sigma\Big(\sum_{j \in \mathcal N(i) \cup \{i\}}
# \frac{1}{\sqrt{\tilde d_i\, \tilde d_j}}\; h_j W + b\Big)$$
#
# where $\mathcal N(i)$ is the set of the neighbours of $i$. On a path of three nodes
# you can check it by eye: degrees with self-loops are 2, 3, 2.


# %%
def normalized(A):
    """GCN's matrix: A (n, n) without self-loops -> D^-1/2 (A + I) D^-1/2."""
    A = A + torch.eye(len(A))
    root = A.sum(dim=1).rsqrt()  # (n,), degrees counted with the self-loops
    return root[:, None] * A * root  # row i and column j each get their root


path = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
print(normalized(path).numpy().round(3))
assert abs(normalized(path)[0, 1] - 1 / math.sqrt(2 * 3)) < 1e-6

# %% [markdown]
# ## Why the root?
#
# Four ways to mix, after the self-loops:
#
# - **sum**: $A + I$. Members with many friends get large numbers, and ten layers of it
#   explode.
# - **row**: divide by the listener's degree, $\tilde D^{-1}(A + I)$, a plain mean.
#   Everybody listens to everybody equally, so someone with 17 friends speaks in 17
#   means, and floods the club.
# - **column**: divide by the speaker's degree. Now everyone has one unit of voice to
#   share out, but a hub hears 17 voices, and swells.
# - **root**: half of each, the geometric mean of the two.
#
# **Look for** two things: which line rises steepest (who speaks) in the left panel, and
# in the right one (who hears).

# %%
A = torch.zeros(n, n)
A[edge_index[1], edge_index[0]] = 1.0  # row: who hears; column: who speaks
loops = A + torch.eye(n)
degree = loops.sum(dim=1)  # (34,)
A_hat = normalized(A)
ways = {"row": loops / degree[:, None], "column": loops / degree, "root": A_hat}

fig, axes = plots.figure(ncols=2, width=4.2, height=3.0, sharey=True)
order = degree.argsort()
for ax, axis, title in [(axes[0], 0, "speaks"), (axes[1], 1, "hears")]:
    totals = {name: M.sum(dim=axis)[order] for name, M in ways.items()}
    for (name, total), marker in zip(totals.items(), "osD", strict=True):
        ax.plot(degree[order], total, marker, ls="none", ms=5, label=name, alpha=0.7)
    ax.set(xlabel="degree with self-loop", title=f"how much a member {title}")
axes[0].set_ylabel("total weight")
axes[0].legend()
plots.show(
    fig,
    alt="Total weight against degree, two panels. Speaking: row normalisation rises to "
    "4, column stays at 1, root lies between. Hearing: the reverse, row stays at 1.",
)

# %%
top = {name: torch.linalg.eigvals(M).abs().max().item() for name, M in ways.items()}
top["sum"] = torch.linalg.eigvalsh(loops)[-1].item()
for name, value in top.items():
    print(f"{name:>6}: largest eigenvalue {value:.2f}, ten layers {value**10:,.0f}x")
assert all(abs(top[name] - 1) < 1e-4 for name in ways) and top["sum"] > 7
print({k: round(M.sum(0).max().item(), 2) for k, M in ways.items()})
assert ways["row"].sum(0).max() > 1.5 * A_hat.sum(0).max()
assert torch.equal(A_hat, A_hat.T) and not torch.allclose(ways["row"], ways["row"].T)

# %% [markdown]
# A sum would multiply the signal by hundreds of millions in ten layers. The other three
# all have 1 as their largest eigenvalue, so none explodes. The root is the only
# symmetric one: an edge has the same weight in both directions, and hubs are damped as
# speakers and as listeners. The spectral view below needs the symmetry once more.
#
# ## From scratch
#
# A matrix of $n \times n$ is mostly zeros. Real code follows the edges: for each edge,
# take the source's row, weigh it, add it to the target's.


# %%
def with_loops(edge_index, n):
    """Append the n self-loops: (2, E) -> (2, E + n)."""
    nodes = torch.arange(n)
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
# ## The same in PyTorch Geometric
#
# PyTorch Geometric (PyG) has the layer as `GCNConv`. Its base class `MessagePassing`
# lets you write layers of your own: you say what a message is, it collects and adds.
# `x_j` means the source's row, for each edge.


# %%
class GCNbyPyG(pyg.MessagePassing):
    """The sum over neighbours of norm times x, with PyG's machinery."""

    def __init__(self):
        super().__init__(aggr="add")

    def forward(self, X, edge_index, norm):
        return self.propagate(edge_index, x=X, norm=norm)

    def message(self, x_j, norm):
        return norm[:, None] * x_j


X = torch.randn(n, 5)
ours, theirs = GCN(5, 3), pyg.GCNConv(5, 3)
with torch.no_grad():
    theirs.lin.weight.copy_(ours.weight.T)  # PyG keeps (out, in), as nn.Linear does
    ours.bias.copy_(torch.tensor([0.1, -0.2, 0.3]))
    theirs.bias.copy_(ours.bias)
    looped = with_loops(edge_index, n)
    norm = A_hat[looped[1], looped[0]]
    passed = GCNbyPyG()(X @ ours.weight, looped, norm) + ours.bias
    dense = A_hat @ X @ ours.weight + ours.bias
    for name, other in [("GCNConv", theirs(X, edge_index)), ("matrix", dense)]:
        print(f"{name:>14}: {(ours(X, edge_index) - other).abs().max():.1e} apart")
        assert torch.allclose(ours(X, edge_index), other, atol=1e-5)
    print(f"MessagePassing: {(ours(X, edge_index) - passed).abs().max():.1e} apart")
assert torch.allclose(ours(X, edge_index), passed, atol=1e-5)

# %% [markdown]
# ## Two labels, 32 questions
#
# The members have no features. So member $i$ gets the $i$-th row of the identity
# matrix, a name tag: $X = I$. Two layers give each member two scores. The
# cross-entropy is taken over the **two leaders only**; all 34 take part in the forward
# pass. Learning like this, with few labels and all inputs, is called
# **semi-supervised**.
#
# For comparison we train the same net without the graph: `Alone` ignores the edges,
# which makes it a plain MLP.


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


def fit(net, X, edge_index, y, labelled, num_epochs=60, lr=0.01):
    """Train on the labelled nodes alone; return the scores of all nodes."""
    optimizer = torch.optim.Adam(net.parameters(), lr=lr, weight_decay=5e-4)
    for _ in range(num_epochs):
        optimizer.zero_grad()
        F.cross_entropy(net(X, edge_index)[labelled], y[labelled]).backward()
        optimizer.step()
    with torch.no_grad():
        return net(X, edge_index)


# %%
def share_right(scores, y, mask):
    """Accuracy on the nodes of a mask."""
    return (scores.argmax(dim=1) == y)[mask].float().mean().item()


tags = torch.eye(n)
set_seed(0)
answers = {}
for name, layer in {"MLP": Alone, "GCN": GCN}.items():
    scores = fit(NodeNet(layer, n, 16, 2), tags, edge_index, y, leaders)
    answers[name] = scores.argmax(dim=1)
    print(f"{name}: {share_right(scores, y, rest):.3f} of the other 32 right")

# %% [markdown]
# **Look for** the ring in each drawing: a wrong answer. How many has the GCN?

# %%
fig, axes = plots.figure(ncols=2, width=4.6, height=3.7)
for ax, (name, side) in zip(axes, answers.items(), strict=True):
    wrong = (side != y).nonzero().ravel().tolist()
    title = f"{name}: {32 - len(wrong)} of 32 right"
    draw_club(ax, side.tolist(), wrong=wrong, title=title)
axes[1].legend(loc="lower right", markerscale=0.5)
plots.show(
    fig,
    alt="The club twice, with the answers of two nets. The MLP puts nearly all on one "
    "side, and half of the members carry a ring for wrong. The GCN cuts the club in "
    "two halves, with a ring around one or two members on the border.",
)
print("the GCN misses", (answers["GCN"] != y).nonzero().ravel().tolist())
with_officers = [int(y[friend]) for friend in club[8]]
print(
    f"{sum(with_officers)} of number 8's {len(with_officers)} friends: officers' side"
)
assert (answers["GCN"] != y).sum() <= 3 and answers["GCN"][8] != y[8]
assert y[8] == 0 and sum(with_officers) == 3 and len(with_officers) == 5

# %% [markdown]
# With two labels and not a single feature, the GCN is nearly perfect. It misses number
# 8, and there is a story. Zachary's own model, 40 years earlier, missed one member:
# this one. He had more ties to the officers, but was three weeks from his black-belt
# test, and would have lost his rank by leaving his teacher. **That isn't in the graph,
# so no net can know it.**
#
# Be fair to the MLP: with name tags it had no chance. What it learned of member 0 tells
# it nothing of member 1. This contest doesn't show that the MLP is a bad net. It shows
# that all the knowledge was in the edges. A fair contest comes below.

# %% [markdown]
# ## The spectral view: slow and fast waves
#
# Why does averaging work? Signals on a graph have frequencies, like sound. The
# **Laplacian** $L = I - D^{-1/2} A D^{-1/2}$ measures how much a signal $x$ (one number
# a node) differs across the edges:
#
# $$x^\top L\, x = \sum_{\text{edges } ij}
# \Big(\frac{x_i}{\sqrt{d_i}} - \frac{x_j}{\sqrt{d_j}}\Big)^2$$
#
# Its eigenvectors $u_k$ are the graph's waves, and the eigenvalue $\lambda_k$, between
# 0 and 2, is the frequency of $u_k$.
#
# **Look for** how often the sign (circle or square) changes along the edges of each
# drawing. Which wave looks like the split of the club?

# %%
root = A.sum(dim=1).rsqrt()
L = torch.eye(n) - root[:, None] * A * root
frequency, waves = torch.linalg.eigh(L)  # (34,) rising, (34, 34): waves in columns
fig, axes = plots.figure(ncols=3, width=3.2, height=3.2)
for ax, k in zip(axes, [1, 5, 33], strict=True):
    nx.draw_networkx_edges(club, place, ax=ax, edge_color="0.75")
    limit = waves[:, k].abs().max()
    for shape, nodes in [("o", waves[:, k] >= 0), ("s", waves[:, k] < 0)]:
        nodes = nodes.nonzero().ravel()
        style = {"cmap": "RdBu", "vmin": -limit, "vmax": limit, "node_size": 110}
        color = waves[nodes, k].tolist()
        points = nx.draw_networkx_nodes(
            club,
            place,
            nodes.tolist(),
            node_color=color,
            node_shape=shape,
            ax=ax,
            **style,
        )
        points.set_edgecolor("black")
    ax.set_title(f"wave {k}, frequency {frequency[k]:.2f}")
    ax.axis("off")
plots.show(
    fig,
    alt="Three eigenvectors of the Laplacian on the club. Wave 1, frequency 0.13: "
    "one half of the club positive, the other negative. Wave 5: several patches. Wave "
    "33, frequency 1.71: signs change across nearly every edge.",
)

# %%
halves = (waves[:, 1] > 0).long()
agrees = (halves == y).float().mean().item()
print(f"sign of wave 1 against the true sides: {max(agrees, 1 - agrees):.3f} of all 34")
changes = [
    (waves[edge_index[0], k] * waves[edge_index[1], k] < 0).float().mean().item()
    for k in (1, 33)
]
print(f"edges across which the sign changes: {changes[0]:.0%}, {changes[1]:.0%}")
assert 0.9 < max(agrees, 1 - agrees) < 1 and changes[0] < 0.2 < 0.5 < changes[1]

# %% [markdown]
# Here is something humbling. The *sign of one eigenvector*, without any labels and any
# training, is right for 32 of 34 members. The split of the club is its slowest wave.
#
# ## ChebNet, and how the GCN falls out of it
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
# a bound on $\lambda_{\max}$.)


# %%
def chebyshev(L_hat, X, weights):
    """Sum over k of T_k(L_hat) X weights[k]: (n, F) -> (n, F')."""
    T_before, T = X, L_hat @ X
    Y = T_before @ weights[0] + T @ weights[1]
    for W in weights[2:]:
        T_before, T = T, 2 * L_hat @ T - T_before
        Y = Y + T @ W
    return Y


cheb = pyg.ChebConv(5, 3, K=4, bias=False)
with torch.no_grad():
    by_hand = chebyshev(L - torch.eye(n), X, [lin.weight.T for lin in cheb.lins])
    gap = (by_hand - cheb(X, edge_index)).abs().max().item()
print(f"Chebyshev by hand against ChebConv: {gap:.1e} apart")
assert gap < 1e-4

# %% [markdown]
# Take $K = 2$ and tie the two weights, $\theta = \theta_0 = -\theta_1$. Then
# $y = (I + D^{-1/2} A D^{-1/2})\, x\, \theta$: a graph convolution, almost. Its
# eigenvalues reach 2, so it would explode. Kipf and Welling's *renormalisation*: put
# the self-loops in first, then divide. This is $\hat A$.
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
bare = frequency[-1].item()
print(f"highest frequency without self-loops {bare:.2f}, with {with_self[-1]:.2f}")
assert with_self[-1] < 1.5 < bare

# %% [markdown]
# A GCN is a **low-pass filter**: it keeps what changes slowly from friend to friend.
# (The self-loops help: they pull the fastest waves down from 1.71 to 1.42, so they fade
# rather than flip.) That is just right where friends are alike, which people call
# **homophily**. Where they differ (buyers and sellers, say), it blurs what you need.
#
# ## GraphSAGE: keep yourself apart
#
# Hamilton, Ying and Leskovec (2017) give a node's own vector weights of its own, and
# take a plain mean of the others:
#
# $$h_i' = h_i W_{\text{self}} + \Big(\frac{1}{|\mathcal N(i)|}
# \sum_{j \in \mathcal N(i)} h_j\Big) W_{\text{neigh}} + b$$
#
# Now "my friends differ from me" can be learned. And nothing here belongs to one fixed
# graph, so a trained net works on nodes that come later: it is **inductive**.


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


ours, theirs = SAGE(5, 3), pyg.SAGEConv(5, 3)
theirs.lin_r.load_state_dict(ours.itself.state_dict())
theirs.lin_l.load_state_dict(ours.others.state_dict())
gap = (ours(X, edge_index) - theirs(X, edge_index)).abs().max().item()
print(f"SAGE by hand against SAGEConv: {gap:.1e} apart")
assert gap < 1e-5

# %% [markdown]
# ## GAT: not all friends count the same
#
# A **graph attention** layer (Veličković and others, 2018) learns whom to listen to.
# With $g_i = h_i W$, an edge from $j$ to $i$ gets a score, and each node's incoming
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
def softmax_of_each(scores, target, n):
    """Softmax among the edges with the same target: (E,) -> (E,)."""
    lowest = torch.full((n,), -math.inf)
    highest = lowest.scatter_reduce(0, target, scores.detach(), "amax")  # (n,)
    weight = (scores - highest[target]).exp()  # at most 1: exp can't overflow
    return weight / scores.new_zeros(n).index_add(0, target, weight)[target]


class GAT(nn.Module):
    """Graph attention with one head."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features, bias=False)
        self.a_source = nn.Parameter(torch.randn(out_features) / out_features**0.5)
        self.a_target = nn.Parameter(torch.randn(out_features) / out_features**0.5)
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.linear.weight)

    def attention(self, G, edge_index):
        source, target = edge_index
        scores = (G @ self.a_source)[source] + (G @ self.a_target)[target]  # (E,)
        return softmax_of_each(F.leaky_relu(scores, 0.2), target, len(G))

    def forward(self, X, edge_index):
        edge_index = with_loops(edge_index, len(X))
        G = self.linear(X)  # (n, out)
        messages = self.attention(G, edge_index)[:, None] * G[edge_index[0]]
        return add_up(messages, edge_index[1], len(X)) + self.bias


# %%
ours, theirs = GAT(5, 3), pyg.GATConv(5, 3)
with torch.no_grad():
    theirs.lin.weight.copy_(ours.linear.weight)
    theirs.att_src.copy_(ours.a_source.reshape(1, 1, 3))  # (1, heads, out)
    theirs.att_dst.copy_(ours.a_target.reshape(1, 1, 3))
    gap = (ours(X, edge_index) - theirs(X, edge_index)).abs().max().item()
    alpha = ours.attention(ours.linear(X), with_loops(edge_index, n))
    total = torch.zeros(n).index_add(0, with_loops(edge_index, n)[1], alpha)
print(f"GAT by hand against GATConv: {gap:.1e} apart")
print(f"attention of each node adds up to {total.min():.4f} ... {total.max():.4f}")
assert gap < 1e-5 and (total - 1).abs().max() < 1e-5

# %% [markdown]
# In practice one uses several *heads*, as in chapter 23, and puts their outputs side by
# side. A known weakness: $a_s^\top g_j$ doesn't depend on who listens, so within a
# neighbourhood the *order* of importance is the same for every listener. GATv2 (Brody
# and others, 2022) moves the LeakyReLU between $W$ and $a$ and lifts this.
#
# ## All four, ten seeds
#
# One run proves little. Train each net from ten seeds.
#
# **Look for** the height of each cloud, and its *width*. Which layer would you trust
# with two labels?

# %%
layers = {"MLP": Alone, "GCN": GCN, "SAGE": SAGE, "GAT": GAT}
right = {name: [] for name in layers}
for seed in range(10):
    for name, layer in layers.items():
        set_seed(seed)
        scores = fit(NodeNet(layer, n, 16, 2), tags, edge_index, y, leaders)
        right[name].append(share_right(scores, y, rest))
right = {name: torch.tensor(values) for name, values in right.items()}

fig, ax = plots.figure(width=6.0, height=3.2)
for k, ((name, values), marker) in enumerate(zip(right.items(), "osD^", strict=True)):
    x = k + torch.linspace(-0.2, 0.2, 10)
    ax.plot(x, values, marker, ls="none", ms=5, label=name)
    ax.text(k, 0.42, f"mean {values.mean():.2f}", ha="center", fontsize=9)
ax.set(xlabel="layer", ylabel="accuracy on the other 32", ylim=(0.38, 1.02))
ax.set_xticks(range(4), layers)
plots.show(
    fig,
    alt="Accuracy of ten seeds for four layers. MLP: 0.5 each time. GCN: all near "
    "0.96. SAGE and GAT: mostly around 0.9, with more spread, single runs far below.",
)

# %%
for name, values in right.items():
    print(f"{name:>4}: mean {values.mean():.3f}, from {values.min():.3f}", end=" ")
    print(f"to {values.max():.3f}")
lead = right["GCN"] - right["MLP"]
print(f"GCN minus MLP, worst of ten seeds: {lead.min():.2f}")
assert lead.min() >= 0.25 and right["GCN"].mean() > 0.92
assert right["SAGE"].mean() > 0.7 and right["GAT"].mean() > 0.75
assert right["GCN"].std() < right["SAGE"].std()

metrics = {f"{name}, 2 labels": right[name].mean().item() for name in right}
metrics["least lead of GCN over MLP in ten seeds"] = lead.min().item()

# %% [markdown]
# The plainest layer holds best here: no seed of the GCN falls far. SAGE can learn "I am
# member 0, so instructor" from the name tag through $W_{\text{self}}$, and then has no
# need to learn from friends. GAT has more to learn than two labels can teach. Freedom
# costs labels.
#
# ## A fair contest: digits with neighbours
#
# Now give the MLP a real chance: 1,000 handwritten digits, with their pixels, of which
# **two of each class** carry a label. Each digit is joined to the 8 digits whose pixels
# lie nearest.

# %%
(images, digit), _ = mnist(num_train=1000, num_test=100)
pixels = images.flatten(1)  # (1000, 784)
nearest = torch.cdist(pixels, pixels).topk(9, largest=False).indices  # self is first
knn = torch.stack([nearest[:, 1:].flatten(), torch.arange(1000).repeat_interleave(8)])
knn = torch.cat([knn, knn.flip(0)], dim=1).unique(dim=1)  # both ways, each edge once
alike = (digit[knn[0]] == digit[knn[1]]).float().mean().item()
print(f"{knn.shape[1]} edges; {alike:.0%} join two images of the same digit")
assert 0.68 < alike < 0.8

# %% [markdown]
# And a third player without a single weight. **Label propagation** (Zhou and others,
# 2003) spreads the known labels over the graph, $Y \leftarrow 0.95\, \hat A\, Y +
# 0.05\, Y_0$, fifty times over: $Y_0$ holds a 1 for each known label and is fed in
# again in each round.
#
# **Look for** how far the GCN is ahead of the MLP, and who is ahead of the GCN.


# %%
def propagate_labels(A_hat, y, labelled, num_classes, keep=0.05):
    """Spread one-hot labels over the graph: scores (n, num_classes)."""
    Y_0 = torch.zeros(len(y), num_classes)
    Y_0[labelled, y[labelled]] = 1.0
    Y = Y_0
    for _ in range(50):
        Y = (1 - keep) * (A_hat @ Y) + keep * Y_0
    return Y


near = torch.zeros(1000, 1000)
near[knn[1], knn[0]] = 1.0
near = normalized(near)
contest = {"MLP": [], "GCN": [], "label propagation": []}
for seed in range(4):
    set_seed(seed)
    drawn = [(digit == k).nonzero().ravel() for k in range(10)]
    drawn = torch.cat([nodes[torch.randperm(len(nodes))[:2]] for nodes in drawn])
    others = torch.ones(1000, dtype=torch.bool)
    others[drawn] = False
    for name, layer in {"MLP": Alone, "GCN": GCN}.items():
        net = NodeNet(layer, 784, 32, 10)
        scores = fit(net, pixels, knn, digit, drawn, num_epochs=50)
        contest[name].append(share_right(scores, digit, others))
    spread = propagate_labels(near, digit, drawn, 10)
    contest["label propagation"].append(share_right(spread, digit, others))

# %%
fig, ax = plots.figure(width=5.8, height=3.0)
for (name, values), marker in zip(contest.items(), "osD", strict=True):
    ax.plot(torch.arange(4) + 1, values, marker=marker, ls="-", label=name)
    print(f"{name:>17}: mean {sum(values) / 4:.3f}")
ax.set(
    xlabel="draw of the 20 labels", ylabel="accuracy on the other 980", ylim=(0.3, 0.8)
)
ax.set_xticks(range(1, 5))
ax.legend(ncols=3, loc="upper center")
plots.show(
    fig,
    alt="Accuracy of three methods on four draws of twenty labels. The MLP is lowest, "
    "between 0.35 and 0.55, the GCN higher by about 0.1, label propagation as good as "
    "the GCN or a little better.",
)
mean = {name: sum(values) / 4 for name, values in contest.items()}
assert mean["GCN"] > mean["MLP"] + 0.04
assert mean["label propagation"] > mean["GCN"] - 0.04

# %% [markdown]
# The graph still helps, though it was made from the very pixels that the MLP has too:
# it brings in the 980 *unlabelled* digits. But the lead is about 0.1, not 0.45. And
# copying labels along the edges, without any training, does at least as well. **Before
# you train a GNN, run label propagation.** Nets earn their keep where features and
# edges know different things, or where there are more labels.

# %% [markdown]
# ## Deeper is worse: oversmoothing
#
# In chapter 12 more layers helped. Here? Each layer multiplies every wave but the
# slowest by a factor below 1. In the end only the slowest is left: the vector of
# $\sqrt{\tilde d_i}$, with frequency 0. All rows become the same up to a factor that
# only tells *how many friends* you have. Anything else is smoothed away.

# %% [markdown]
# Theory even gives the speed. With $|\mu|$ the second largest eigenvalue of $\hat A$ in
# size, what is left shrinks by $|\mu|$ in each layer. Measure it: the share of
# $\hat A^k X$ that isn't along $\sqrt{\tilde d}$.
#
# **Look for** whether the dots fall on the line, once the fastest waves are gone.

# %%
slowest = degree.sqrt() / degree.sqrt().norm()  # (34,)
mu = torch.linalg.eigvalsh(A_hat).abs().sort().values[-2].item()
left, H = [], torch.randn(n, 8, generator=torch.Generator().manual_seed(0))
for _ in range(41):
    H_rest = H - torch.outer(slowest, slowest @ H)  # remove the slowest wave
    left.append((H_rest.norm() / H.norm()).item())
    H = A_hat @ H
speed = (left[40] / left[20]) ** (1 / 20)
print(f"measured: times {speed:.4f} a layer; second eigenvalue {mu:.4f}")
assert abs(speed - mu) < 0.01

fig, ax = plots.figure(width=5.6, height=3.0)
ax.plot(range(41), left, "o", ms=4, label="measured")
line = [left[40] * mu ** (k - 40) for k in range(41)]
ax.plot(range(41), line, label=f"{mu:.3f} to the power k")
ax.set(xlabel="layers k", ylabel="share that differs", yscale="log")
ax.legend()
plots.show(
    fig,
    alt="Share of the signal that still differs between members, against the number of "
    "propagation steps, log scale. Dots fall onto a straight line: a factor of about "
    "0.9 a layer.",
)

# %% [markdown]
# That was without weights and ReLUs. Does it happen in trained nets? We train GCNs of 1
# to 16 layers on the club. So that ten seeds don't take ten times as long, all ten nets
# run at once: every weight has a leading axis of seeds, and `@` multiplies them in
# parallel.
#
# Beside them nets with a **skip connection**: each layer adds to what was there,
# $H' = H + \sigma(\hat A H W + b)$, as in a ResNet.


# %%
class DeepGCN(nn.Module):
    """Ten GCNs at once, one a seed: 34 name tags -> scores (10, 34, 2)."""

    def __init__(self, depth, skip, width=16, seeds=10):
        super().__init__()
        self.skip = skip
        sizes = [n, *[width] * (depth - 1), 2]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for a, b in zip(sizes, sizes[1:], strict=False):
            bound = math.sqrt(6 / (a + b))  # Xavier
            weight = torch.empty(seeds, a, b).uniform_(-bound, bound)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(torch.zeros(seeds, 1, b)))

    def forward(self, X):
        H, last = X, len(self.weights) - 1
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            Z = A_hat @ (H @ W) + b  # (10, 34, width)
            if k == last:
                return Z
            H = F.relu(Z) + H if self.skip and k else F.relu(Z)


# %%
def accuracy_at(depth, skip):
    """Accuracies (10,) on the other 32 of ten nets of a depth."""
    set_seed(depth)
    net = DeepGCN(depth, skip)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-4)
    for _ in range(100):
        optimizer.zero_grad()
        scores = net(tags)[:, leaders].flatten(0, 1)  # (10, 2, 2) -> (20, 2)
        (10 * F.cross_entropy(scores, y[leaders].repeat(10))).backward()
        optimizer.step()
    with torch.no_grad():
        return (net(tags).argmax(dim=2) == y)[:, rest].float().mean(dim=1)


depths = [1, 2, 4, 8, 16]
kinds = {"plain": False, "with skips": True}
by_depth = {
    name: torch.stack([accuracy_at(depth, skip) for depth in depths])  # (5, 10)
    for name, skip in kinds.items()
}

# %% [markdown]
# **Look for** the depth at which the plain net falls to a coin's 0.5, and at the shaded
# band, which spans the worst to the best of ten seeds.

# %%
fig, ax = plots.figure(width=6.0, height=3.2)
curves = {name: values.mean(dim=1) for name, values in by_depth.items()}
plots.curves(ax, depths, curves, "layers", "accuracy on the other 32")
for k, values in enumerate(by_depth.values()):
    low, high = values.min(dim=1).values, values.max(dim=1).values
    ax.fill_between(depths, low, high, color=f"C{k}", alpha=0.15)
ax.axhline(0.5, color="gray", lw=0.8, ls="-")
ax.set(xscale="log", ylim=(0.2, 1.02))
ax.set_xticks(depths, depths)
ax.minorticks_off()
plots.show(
    fig,
    alt="Accuracy against depth. The plain GCN stays near 0.95 up to 4 layers, spreads "
    "at 8 and falls to about 0.5 at 16. With skip connections it stays above 0.9.",
)
for name, values in by_depth.items():
    print(f"{name:>10}:", [round(v, 2) for v in values.mean(dim=1).tolist()])
plain, skips = by_depth["plain"].mean(dim=1), by_depth["with skips"].mean(dim=1)
assert plain[1] > 0.92 and plain[4] < 0.75 and skips[4] > plain[4] + 0.15

# %% [markdown]
# Sixteen plain layers know as much as a coin. Two is a good depth for most graphs.
#
# Be careful with the reason, though. "Oversmoothing" has become the name for every
# failure of deep GNNs. But a deep plain MLP trains badly as well: gradients fade
# (chapter 10). What is proved is the linear part you measured, and a bound for ReLU
# nets whose weights are not too large (Oono and Suzuki, 2020). How much of a given
# failure is smoothing and how much is training, papers still argue about.

# %% [markdown]
# ## Gates and jumps
#
# Two older cures. The **gated graph network** (GGNN; Li and others, 2016) sums the
# messages, and lets a GRU (chapter 21) decide what to keep of the old state.

# %%
gated = pyg.GatedGraphConv(6, num_layers=3)
H = start = torch.randn(n, 6)
with torch.no_grad():
    for W in gated.weight:  # one (6, 6) matrix a step, one GRU cell for all
        heard = add_up((H @ W)[edge_index[0]], edge_index[1], n)
        H = gated.rnn(heard, H)  # input: what was heard; state: what was known
    gap = (H - gated(start, edge_index)).abs().max().item()
print(f"GGNN by hand against GatedGraphConv: {gap:.1e} apart")
assert gap < 1e-5

# %% [markdown]
# **Jumping knowledge** (Xu and others, 2018) keeps the output of *every* layer and lets
# the end choose: put them side by side, take the largest, or attend. A member in the
# centre may need one step, one at the rim four.

# %%
layer_outputs = [torch.randn(n, 4) for _ in range(3)]
side_by_side = pyg.JumpingKnowledge("cat")(layer_outputs)  # (34, 12)
largest = pyg.JumpingKnowledge("max")(layer_outputs)  # (34, 4)
assert torch.equal(side_by_side, torch.cat(layer_outputs, dim=1))
assert torch.equal(largest, torch.stack(layer_outputs).amax(dim=0))
print("side by side", tuple(side_by_side.shape), " largest", tuple(largest.shape))

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
# never meets. A coin has 0.5.


# %%
def auc(positive, negative):
    """How often a positive's score is above a negative's; ties count half."""
    difference = positive[:, None] - negative  # (positives, negatives)
    return ((difference > 0).float() + (difference == 0).float() / 2).mean().item()


novel = nx.les_miserables_graph()
cast = {name: i for i, name in enumerate(novel)}
m = len(cast)
meetings = torch.tensor([(cast[u], cast[v]) for u, v in novel.edges])  # (254, 2)
together = torch.eye(m)
together[meetings[:, 0], meetings[:, 1]] = 1.0
strangers = ((together + together.T).triu() == 0).nonzero()  # i > j too: below
strangers = strangers[strangers[:, 0] < strangers[:, 1]]
print(f"{m} characters, {len(meetings)} meetings, {len(strangers)} pairs never meet")
assert len(meetings) + len(strangers) == m * (m - 1) // 2


# %%
def link_scores(seen, num_epochs=100):
    """Scores (m, m) of all pairs by a GCN that sees and learns the pairs `seen`."""
    both = torch.cat([seen, seen.flip(1)]).T  # (2, 2 * pairs)
    net = NodeNet(GCN, m, 32, 16)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(num_epochs):
        pairs = torch.randint(m, (len(seen), 2))  # random pairs, nearly all no edges
        Z = net(torch.eye(m), both)  # (m, 16)
        # softplus(-s) is the cross-entropy of a true edge, softplus(s) of a false one
        score = [(Z[p[:, 0]] * Z[p[:, 1]]).sum(dim=1) for p in (seen, pairs)]
        loss = F.softplus(-score[0]).mean() + F.softplus(score[1]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return (Z @ Z.T).detach()


results = {"GCN": [], "common friends": []}
for seed in range(4):
    set_seed(seed)
    meetings = meetings[torch.randperm(len(meetings))]
    hidden, seen = meetings[:50], meetings[50:]
    never = strangers[torch.randperm(len(strangers))[:200]]
    known = torch.zeros(m, m)
    known[seen[:, 0], seen[:, 1]] = 1.0
    known = known + known.T
    for name, S in [("GCN", link_scores(seen)), ("common friends", known @ known)]:
        results[name].append(
            auc(S[hidden[:, 0], hidden[:, 1]], S[never[:, 0], never[:, 1]])
        )
for name, values in results.items():
    print(f"{name:>15}: AUC", [round(v, 2) for v in values])
    assert sum(values) / 4 > 0.75

# %% [markdown]
# Honest again: *counting common friends*, two lines, is as good as the trained net or
# better. In small social graphs this old heuristic is hard to beat. A GCN pays when
# nodes have features, or when the right heuristic isn't known.
#
# ## Readouts: one vector for a graph
#
# Third kind of question: about a **whole graph**, such as a molecule. Graphs differ in
# size, and their nodes have no order. So we need a function of a *set* of vectors, a
# **readout**: sum, mean, maximum.
#
# Which of them can tell two graphs apart? Take nodes of two kinds, 1 and 3.

# %%
cases = {
    "1 3     against 1 1 3 3": ([1.0, 3.0], [1.0, 1.0, 3.0, 3.0]),
    "1 3     against 1 1 3": ([1.0, 3.0], [1.0, 1.0, 3.0]),
    "1 3     against 2 2": ([1.0, 3.0], [2.0, 2.0]),
    "3       against 1 1 1": ([3.0], [1.0, 1.0, 1.0]),
}
readouts = {"sum": torch.sum, "mean": torch.mean, "max": torch.max}
print(f"{'told apart by':>23}:   sum   mean    max")
told = {}
for name, (one, other) in cases.items():
    one, other = torch.tensor(one), torch.tensor(other)
    told[name] = [bool(f(one) != f(other)) for f in readouts.values()]
    print(f"{name:>23}: ", "  ".join("  yes" if t else "   no" for t in told[name]))
assert list(told.values()) == [
    [True, False, False],
    [True, True, False],
    [False, False, True],
    [False, True, True],
]

# %% [markdown]
# The mean keeps the *proportions*, the maximum keeps *which kinds occur*, the sum keeps
# *how many*. None is always best: the sum can't tell one 3 from three 1s. But put a
# small MLP **before** the sum, as one does, and it can: with one-hot kinds, the sum is
# a full count of them. Then only the sum loses nothing (Xu and others, 2019).
#
# **Attention** readouts learn a weight for each node, with a softmax over the nodes of
# one graph. **Set2Set** (Vinyals and others, 2016) does so several times: an LSTM asks,
# the nodes answer with a weighted mean, the LSTM asks again.


# %%
def attention_readout(H, gate):
    """Softmax-weighted mean of one graph's nodes: (n, F) -> (1, F)."""
    return torch.softmax(gate(H), dim=0).T @ H  # (1, n) @ (n, F)


def set2set(H, lstm, steps):
    """Ask `steps` times: one graph's nodes (n, F) -> (1, 2 F)."""
    answer, state = H.new_zeros(1, 2 * H.shape[1]), None
    for _ in range(steps):
        question, state = lstm(answer[None], state)  # (1, 1, F)
        weight = torch.softmax(H @ question[0, 0], dim=0)  # (n,)
        answer = torch.cat([question[0], (weight @ H)[None]], dim=1)
    return answer


H, gate = torch.randn(n, 4), nn.Linear(4, 1)
theirs = pyg.AttentionalAggregation(gate), pyg.Set2Set(4, processing_steps=3)
with torch.no_grad():
    ours = attention_readout(H, gate), set2set(H, theirs[1].lstm, steps=3)
    gaps = [(a - b(H)).abs().max().item() for a, b in zip(ours, theirs, strict=True)]
print("attention, Set2Set: apart by", [f"{gap:.0e}" for gap in gaps])
assert max(gaps) < 1e-5
assert torch.allclose(ours[1], set2set(H.flip(0), theirs[1].lstm, 3), atol=1e-5)

# %% [markdown]
# The last assertion turned the nodes round: a readout must not care about their order.
#
# ## Graph classification: in one piece?
#
# NetworkX ships an atlas of all graphs with up to 7 nodes. We take those with 7 and
# ask: is the graph **connected**? To make it hard, the two classes are paired so that
# *the number of edges tells nothing*. All nodes get the same feature, 1.
#
# **Look for** a pair you have to look at twice.

# %%
buckets = {}
for graph in nx.graph_atlas_g():
    if len(graph) == 7:
        split = buckets.setdefault(graph.number_of_edges(), ([], []))
        split[nx.is_connected(graph)].append(graph)
set_seed(0)
pieces, whole = [], []
for apart, joined in buckets.values():
    k = min(len(apart), len(joined))
    pieces += apart[:k]
    whole += [joined[i] for i in torch.randperm(len(joined))[:k].tolist()]
graphs = pieces + whole
label = torch.tensor([0] * len(pieces) + [1] * len(whole))
adjacency = torch.stack(
    [torch.tensor(nx.to_numpy_array(g)).float() for g in graphs]
)  # (264, 7, 7)
print(len(graphs), "graphs, half of them connected")
same = adjacency[label == 0].sum() == adjacency[label == 1].sum()
assert len(pieces) == len(whole) == 132 and same

# %%
fig, axes = plots.figure(ncols=6, width=1.5, height=1.7)
for ax, i in zip(axes, [20, 152, 60, 192, 100, 232], strict=True):
    spot = nx.circular_layout(graphs[i])
    nx.draw(graphs[i], spot, ax=ax, node_size=40, node_color="C0", edge_color="0.4")
    edges = graphs[i].number_of_edges()
    ax.set_title(
        f"{'connected' if label[i] else 'in pieces'}\n{edges} edges", fontsize=8
    )
plots.show(
    fig,
    alt="Six graphs of seven nodes on circles: three in pieces and three connected, in "
    "pairs with the same number of edges. One has to trace the lines to tell.",
)

# %% [markdown]
# Three nets, which differ in one line: how a node mixes in its neighbours. The *sum* is
# called GIN (graph isomorphism network). Three layers, then a readout by sum.


# %%
def mixing(A, how):
    """The matrix that a layer multiplies with, for a batch of graphs (B, 7, 7)."""
    A = A + torch.eye(7)
    d = A.sum(dim=2, keepdim=True)  # (B, 7, 1)
    return {"sum": A, "root": A * (d * d.mT).rsqrt(), "mean": A / d}[how]


class GraphNet(nn.Module):
    """Three rounds of mixing and a small MLP, sum readout, two scores."""

    def __init__(self, width=16):
        super().__init__()
        self.rounds = nn.ModuleList()
        for a in (1, width, width):
            layers = [
                nn.Linear(a, width),
                nn.ReLU(),
                nn.Linear(width, width),
                nn.ReLU(),
            ]
            self.rounds.append(nn.Sequential(*layers))
        self.scores = nn.Linear(width, 2)

    def forward(self, M):
        H = torch.ones(*M.shape[:2], 1)  # (B, 7, 1): every node the same
        for mlp in self.rounds:
            H = mlp(M @ H)
        return self.scores(H.sum(dim=1))  # readout: (B, 7, width) -> (B, width)


# %%
verdicts = {"mean": [], "root": [], "sum": []}
for seed in range(2):
    set_seed(seed)
    order = torch.randperm(len(label))
    learn, test = order[:190], order[190:]
    for how in verdicts:
        set_seed(seed)
        net, M = GraphNet(), mixing(adjacency, how)
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        for _ in range(100):
            optimizer.zero_grad()
            F.cross_entropy(net(M[learn]), label[learn]).backward()
            optimizer.step()
        guess = net(M[test]).argmax(dim=1)
        verdicts[how].append((guess == label[test]).float().mean().item())
for how, values in verdicts.items():
    print(f"neighbours mixed by {how:>4}:", [round(v, 2) for v in values])
score = {how: sum(values) / 2 for how, values in verdicts.items()}
assert (
    score["sum"] > 0.85 and score["mean"] < 0.6 and score["sum"] > score["root"] + 0.1
)

# %% [markdown]
# The mean is a coin, and it can't be anything else: if all features are 1, so is every
# mean, in any graph. Only counting sees structure. (The root lets a
# little of the degrees through: one seed finds it, another stays a coin.)
#
# Is the sum then all-powerful? No. Whatever the weights, message passing gives two
# nodes the same vector if their neighbourhoods *unfold* alike. So a hexagon and two
# triangles are the same to it: everybody has two neighbours who have two neighbours.
# The test behind this is older than the nets: Weisfeiler and Leman, 1968.

# %%
twins = {"a hexagon": nx.cycle_graph(6)}
twins["two triangles"] = nx.disjoint_union(nx.cycle_graph(3), nx.cycle_graph(3))
fig, axes = plots.figure(ncols=2, width=2.6, height=2.2)
outputs = []
for ax, (name, graph) in zip(axes, twins.items(), strict=True):
    spots = nx.circular_layout(graph)
    nx.draw(graph, spots, ax=ax, node_size=90, node_color="C0", edge_color="0.4")
    ax.set_title(name)
    padded = torch.zeros(1, 7, 7)  # the net expects seven: a lonely node for both
    padded[0, :6, :6] = torch.tensor(nx.to_numpy_array(graph))
    outputs.append(net(mixing(padded, "sum")))
plots.show(
    fig,
    alt="A hexagon, in one piece, and two triangles, in two pieces. In both "
    "every node has exactly two neighbours.",
)
print("scores:", [[round(v, 4) for v in out[0].tolist()] for out in outputs])
assert torch.allclose(outputs[0], outputs[1], atol=1e-4)

# %% [markdown]
# So the sum net's high score came from graphs whose pieces differ in degrees. On these
# twins, *any* message-passing net fails unless the nodes get features that tell them
# apart.
#
# ## Pooling: a smaller graph
#
# CNNs shrink the image on the way. Two ways to shrink a graph:
#
# - **DiffPool** (Ying and others, 2018): a GNN gives each node a soft share in each of
#   $K$ clusters, $S = \text{softmax}(\cdot)$, shape $(n, K)$. Then
#   $X' = S^\top Z$ and $A' = S^\top A\, S$: clusters are the new nodes.
# - **SAGPool** (Lee and others, 2019): a GNN gives each node one score. Keep the best
#   half with the edges among them, their rows times $\tanh$ of the score.


# %%
def diff_pool(Z, A, scores):
    """Features (n, F), adjacency (n, n), scores (n, K) -> (K, F), (K, K)."""
    S = torch.softmax(scores, dim=1)  # each node shares itself out among the clusters
    return S.T @ Z, S.T @ A @ S


def sag_pool(X, score, keep):
    """The `keep` best nodes, times tanh of the score: rows (keep, F), indices."""
    best = score.topk(keep).indices
    return X[best] * torch.tanh(score[best])[:, None], best


theirs = pyg.SAGPooling(5, ratio=0.5, GNN=pyg.GCNConv)
with torch.no_grad():
    theirs.select.weight.fill_(1.0)  # PyG scales the score once more
    scores = torch.randn(n, 4)
    ours = diff_pool(X, A, scores)
    pooled = pyg.dense_diff_pool(X, A, scores)[:2]
    ours_sag = sag_pool(X, theirs.gnn(X, edge_index)[:, 0], keep=17)
    theirs_sag = theirs(X, edge_index)
for a, b in zip(ours, pooled, strict=True):
    assert torch.allclose(a, b[0], atol=1e-4)
assert torch.allclose(ours_sag[0], theirs_sag[0], atol=1e-5)
print(
    "DiffPool", tuple(ours[0].shape), " SAGPool", tuple(ours_sag[0].shape), "as PyG's"
)

# %% [markdown]
# To see what $S^\top A\, S$ means, share the club out by hand: every member wholly to
# its true side.
#
# **Look for** what the four numbers count.

# %%
S = F.one_hot(y, 2).float()  # (34, 2)
coarse = S.T @ A @ S  # (2, 2)
fig, ax = plots.figure(width=3.6, height=2.9)
plots.heatmap(coarse, ax, "side", "side", fmt=".0f", cmap="cividis", colorbar=False)
ax.set_xticks(range(2), ["instructor", "officers"])
ax.set_yticks(range(2), ["instructor", "officers"])
plots.show(
    fig,
    alt="The pooled 2 by 2 adjacency matrix: large numbers on the diagonal, twice the "
    "friendships within each side, and 11 off the diagonal, the ties across.",
)
print(f"{coarse[0, 1]:.0f} of {A.sum() / 2:.0f} friendships cross the split")
assert coarse[0, 1] == coarse[1, 0] and coarse.sum() == 156

# %% [markdown]
# On the diagonal each friendship inside a side counts twice, once from either end; off
# it are the ties across.
#
# Does such pooling pay? Less than one hopes: in careful comparisons on the usual small
# benchmarks, plain readouts are often as good (Mesquita, Souza and Kaski, 2020).

# %% [markdown]
# ## Large graphs: sample
#
# A node's answer needs its neighbours, theirs need theirs: after a few layers a
# mini-batch of *one* needs most of the graph. Three families of cures:
#
# - **by node** (GraphSAGE): each node hears at most a few neighbours, drawn at random
# - **by layer** (FastGCN): draw a few nodes for the *whole layer*
# - **by subgraph**: train on a piece. Cluster-GCN cuts the graph into communities,
#   GraphSAINT draws pieces at random and corrects for the odds


# %%
def hop(edge_index, nodes, fanout):
    """Sources of at most `fanout` random incoming edges of each of the nodes."""
    found = []
    for v in nodes.tolist():
        neighbours = edge_index[0, edge_index[1] == v]
        found.append(neighbours[torch.randperm(len(neighbours))[:fanout]])
    return torch.cat([nodes, *found]).unique()


set_seed(0)
needed = {"all neighbours": [], "at most 3": []}
for name, fanout in [("all neighbours", 1000), ("at most 3", 3)]:
    nodes = torch.tensor([5])  # one digit of the graph of 1,000
    for _ in range(4):
        nodes = hop(knn, nodes, fanout)
        needed[name].append(len(nodes))
    print(f"{name:>15}: digits needed after 1 to 4 layers", needed[name])
assert needed["all neighbours"][3] > 400 and needed["at most 3"][3] < 150

# %% [markdown]
# The other two families, on the novel. For a layer, draw node $v$ with probability
# $q_v \propto \lVert \hat A_{:,v} \rVert^2$, and **divide by the odds**, so that on
# average the sum is right:
#
# $$\hat A H \approx \frac{1}{t} \sum_{s=1}^{t}
# \frac{\hat A_{:,v_s}\, H_{v_s}}{q_{v_s}}, \qquad v_s \text{ drawn with odds } q$$
#
# GraphSAINT does the same with edges: an edge that gets into a piece with probability
# $p_e$ is divided by $p_e$.

# %%
both = edges_of(nx.relabel_nodes(novel, cast))
N_hat = torch.zeros(m, m)
N_hat[both[1], both[0]] = 1.0
N_hat = normalized(N_hat)
H = torch.randn(m, 4)
exact = N_hat @ H

q = N_hat.square().sum(dim=0) / N_hat.square().sum()  # (77,)
draws = torch.multinomial(q.expand(1000, m), 20, replacement=True)  # (1000, 20)
counts = torch.zeros(1000, m).scatter_add(1, draws, torch.ones(1000, 20))
by_layer = (N_hat * (counts / (20 * q))[:, None, :]) @ H  # (1000, 77, 4)

p = 0.3  # GraphSAINT's simplest: each edge is in with probability 0.3
kept = (torch.rand(1000, m, m) < p).float() / p
by_piece = (N_hat * kept) @ H
for name, estimates in [("FastGCN", by_layer), ("GraphSAINT", by_piece)]:
    off = (estimates - exact).flatten(1).norm(dim=1) / exact.norm()  # (1000,)
    once, average = off.mean(), (estimates.mean(dim=0) - exact).norm() / exact.norm()
    print(
        f"{name:>10}: a sample is off by {once:.0%}, the mean of 1,000 by {average:.0%}"
    )
    assert average < 0.15 < 0.5 < once

# %% [markdown]
# One sample is far off, but not to one side: the mean comes near. For training that is
# enough, as with mini-batches in chapter 03.
#
# **Look for** the different shapes of the three samples of one graph: a bush around one
# character, scattered nodes with few edges left, a tight community.

# %%
index = nx.relabel_nodes(novel, cast)
set_seed(1)
bush = torch.tensor([cast["Marius"]])
for fanout in (4, 2):
    bush = hop(both, bush, fanout)
parts = nx.community.greedy_modularity_communities(index)
samples = {
    "by node (GraphSAGE)": bush.tolist(),
    "by layer (FastGCN)": torch.multinomial(q, 14).tolist(),
    "subgraph (Cluster-GCN)": sorted(parts[1]),
}
spots = nx.spring_layout(index, seed=3)
fig, axes = plots.figure(ncols=3, width=3.2, height=3.1)
for ax, (title, chosen) in zip(axes, samples.items(), strict=True):
    nx.draw_networkx_edges(index, spots, ax=ax, edge_color="0.88")
    nx.draw_networkx_nodes(index, spots, node_size=12, node_color="0.75", ax=ax)
    piece = index.subgraph(chosen)
    nx.draw_networkx_edges(piece, spots, ax=ax, edge_color="#D55E00", width=1.5)
    style = {"node_size": 55, "node_shape": "s", "node_color": "#D55E00"}
    nx.draw_networkx_nodes(piece, spots, ax=ax, **style)
    ax.set_title(title, fontsize=10)
    ax.axis("off")
plots.show(
    fig,
    alt="The graph of Les Misérables three times, with a sample as larger squares: a "
    "bush around Marius, fourteen nodes mostly in the centre, and one community.",
)

# %%
part = torch.empty(m, dtype=torch.int64)
for k, members in enumerate(parts):
    part[list(members)] = k
shuffled = part[torch.randperm(m)]
inside = [(p[both[0]] == p[both[1]]).float().mean().item() for p in (part, shuffled)]
print(f"edges inside a part: communities {inside[0]:.0%}, random parts {inside[1]:.0%}")
assert inside[0] > 0.6 > 0.45 > inside[1]

# %% [markdown]
# Cluster-GCN throws away the edges between parts. Cut along communities, you lose few;
# cut at random, most. (The paper puts several small parts into each batch, so that the
# lost edges come back now and then.)
#
# ## What goes wrong in practice
#
# **Test nodes in the loss.** All nodes are in the forward pass, so it is easy to forget
# the mask. The result looks wonderful, and says nothing.

# %%
set_seed(0)
everyone = torch.arange(n)
leak = fit(NodeNet(Alone, n, 16, 2), tags, edge_index, y, everyone, num_epochs=50)
honest = right["MLP"].mean().item()
print(f"MLP, all labels in the loss: {share_right(leak, y, rest):.2f}")
print(f"MLP, two labels in the loss: {honest:.2f}")
assert share_right(leak, y, rest) > 0.95 and honest < 0.75

# %% [markdown]
# Even the MLP, which can know nothing of these people, is now "perfect".
#
# **A bias that nobody initialised.** `torch.empty` takes memory as it finds it: often
# zeros, sometimes anything. The layer works today and gives NaN on Friday. PyTorch can
# make the mistake visible: in deterministic mode, fresh memory is filled with NaN.

# %%
torch.use_deterministic_algorithms(True)
print("torch.empty(3) in deterministic mode:", torch.empty(3).tolist())
assert torch.empty(3).isnan().all()
torch.use_deterministic_algorithms(False)

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

source, target = with_loops(edge_index, n)
scores = torch.randn(len(target))
for name, alpha in {
    "over all edges": torch.softmax(scores, dim=0),
    "over each node's": softmax_of_each(scores, target, n),
}.items():
    total = torch.zeros(n).index_add(0, target, alpha)
    print(
        f"softmax {name}: a node's attention adds up to {total.mean():.3f} on average"
    )
assert abs(total.mean() - 1) < 1e-5 and torch.softmax(scores, 0).sum() / n < 0.05

# %% [markdown]
# ## Summary
#
# - A graph convolution averages over neighbours, then applies one shared linear layer.
# - $\hat A = \tilde D^{-1/2}(A + I)\tilde D^{-1/2}$: self-loops first, then the root of
#   both degrees. It is a low-pass filter, the simplest polynomial of ChebNet.
# - GCN weighs by degree, SAGE keeps itself apart, GAT learns whom to hear.
# - Two leaders' labels and the edges gave 0.96 on the club; two layers are enough, and
#   sixteen forget everything. Skips help.
# - The mean keeps proportions, the maximum kinds, the sum counts.
# - Large graphs: sample by node, by layer or by piece, and correct for the odds.
# - Label propagation, common friends, one eigenvector: try the simple thing first.

# %% [markdown]
# ## To think about
#
# 1. Give the label of two random members in place of the leaders. How much worse does
#    the GCN become? Who makes a good label?
# 2. Flip half of the labels so that friends mostly *differ*. Which of the layers can
#    still learn it, with enough labels?
# 3. Draw the GAT's attention as edge widths. Is it what you expected?
# 4. In which order would you do it: $\hat A (X W)$ or $(\hat A X) W$? Count the
#    multiplications for 784 features and 16 units.
# 5. An image is a graph of pixels. What does a GCN on it compute, and what can't it
#    that a 3 x 3 kernel can?

# %% [markdown]
# The exercise notebook `26_graph_neural_networks` comes next: nine checked exercises,
# from the normalised matrix to a neighbour sampler.

# %% [markdown]
# ## Further reading: the layers
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
# - Li and others, *Gated graph sequence neural networks*, ICLR 2016; Xu and others,
#   *Representation learning on graphs with jumping knowledge networks*, ICML 2018.

# %% [markdown]
# ## Further reading: limits, pooling, sampling
#
# - Li, Han, Wu, *Deeper insights into graph convolutional networks for semi-supervised
#   learning*, AAAI 2018; Oono, Suzuki, *Graph neural networks exponentially lose
#   expressive power for node classification*, ICLR 2020.
# - Xu and others, *How powerful are graph neural networks?*, ICLR 2019.
# - Zhou and others, *Learning with local and global consistency*, NeurIPS 2003.
# - Vinyals, Bengio, Kudlur, *Order matters*, ICLR 2016; Ying and others, DiffPool,
#   NeurIPS 2018; Lee, Lee, Kang, *Self-attention graph pooling*, ICML 2019; Mesquita,
#   Souza, Kaski, *Rethinking pooling in graph neural networks*, NeurIPS 2020.
# - FastGCN (ICLR 2018), Cluster-GCN (KDD 2019), GraphSAINT (ICLR 2020).
