# %% [markdown]
# # Graph neural networks: exercises
#
# Nine exercises, from GCN's matrix to a neighbour sampler, three questions to think
# about and one for a person. Each stands alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of graphs that are not in the examples: nodes without
# neighbours, edges in one direction only, huge scores.
#
# Stuck? `check.hint("normalized_adjacency")` in a new cell asks for a hint: first a
# question, then an idea, then the shape of the answer.

# %%
import math
import warnings

import networkx as nx
import torch
from torch import nn
from torch.nn import functional as F

with warnings.catch_warnings():  # a notice of a library to its own authors
    warnings.simplefilter("ignore")
    from torch_geometric.nn import GATv2Conv, GCNConv, SAGEConv

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# Graphs come as `edge_index`, (2, E) int64: row 0 holds the sources, row 1 the targets.
# **Messages go from source to target.** Self-loops are never in it, no edge is there
# twice. A friendship goes both ways and is listed in both directions; some of the test
# graphs have edges in one direction only.
#
# `numbers(*shape)` makes up values, always the same ones for a shape. `kite` is a
# friendship graph of six nodes, the last of them alone; `arrows` has five nodes and one
# direction.


# %%
def numbers(*shape):
    """Made-up values of the given shape in [-1, 1), always the same."""
    return (
        2 * torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape))) - 1
    )


def both_ways(*pairs):
    """Each pair in both directions: (2, 2 * pairs) int64."""
    return torch.tensor([*pairs, *[(b, a) for a, b in pairs]]).T.contiguous()


kite = both_ways((0, 1), (0, 2), (1, 2), (2, 3), (3, 4))
arrows = torch.tensor([[0, 1, 2, 3, 4, 0], [2, 2, 3, 2, 3, 1]])

# %% [markdown]
# ## 1. The normalised adjacency matrix
#
# Write `normalized_adjacency(edge_index, num_nodes)`: GCN's $\hat A = \tilde D^{-1/2}
# (A + I)\, \tilde D^{-1/2}$ as a dense matrix.
#
# - $A_{ij}$ is 1 where there is an edge **to** $i$ **from** $j$, else 0. $\tilde d_i$
#   is the sum of row $i$ of $A + I$.
# - Takes (2, E) int64 and an int; returns ($n$, $n$) float32. A node without neighbours
#   is no problem.
# - Not allowed: PyTorch Geometric.
#
# Example: for one friendship between nodes 0 and 1 all four entries are 0.5.


# %% exercise="normalized_adjacency"
def normalized_adjacency(edge_index, num_nodes):
    """D^-1/2 (A + I) D^-1/2, float32, of the edges (2, E) among num_nodes nodes."""
    ### BEGIN SOLUTION
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=1).rsqrt()
    return root[:, None] * A * root
    ### END SOLUTION


# %% test="normalized_adjacency" points=2 bans="PyTorch Geometric"
check.probe(normalized_adjacency, kite[:, [0, 1, 2, 3, 5, 6, 7, 8]], 5)
check.probe(normalized_adjacency, arrows, 5)
check.probe(normalized_adjacency, kite, 6, call="with a node alone")
### BEGIN HIDDEN TESTS
check.probe(normalized_adjacency, both_ways((0, 3), (1, 3), (2, 3), (3, 4)), 7)
check.probe(normalized_adjacency, torch.tensor([[0, 1, 2], [3, 3, 0]]), 4)
check.probe(normalized_adjacency, torch.zeros(2, 0, dtype=torch.int64), 3)
### END HIDDEN TESTS

# %% [markdown] choice="star_of_ones" points=1
# ## Think: a star of ones
# A hub has nine leaves, each joined to the hub alone. Every node carries the number 1.
# What do the nodes carry after one multiplication by the matrix of exercise 1?
#
# - Every node still has 1.
#   wrong: the rows thought to add up to 1, as those of a mean do
# - The hub has 10, each leaf 2.
#   wrong: the neighbours added without the normalisation
# - The hub has less than 1, each leaf more.
#   wrong: the degree of the receiver thought to shrink a busy node below the others
# - The hub has more than 2, each leaf less than 1.
#   right: with the self-loops the degrees are 10 and 2. The hub collects 1/10 and nine
#   times 1 over the root of 20, a leaf 1/2 and that once.

# %% [markdown]
# ## 2. A GCN layer, equal to PyG's
#
# Write the module `GCNLayer(in_features, out_features)`, which computes
# $\hat A X W + b$.
#
# - Parameters: `weight`, (in, out), from `nn.init.xavier_uniform_`; `bias`, (out,),
#   that **starts at 0**. No activation.
# - `forward(X, A_hat)` takes $X$, ($n$, in), and $\hat A$, ($n$, $n$), already made.
# - Not allowed: PyTorch Geometric, `nn.Linear`.
#
# With the same parameters it equals `GCNConv`; the check compares the two. In this
# notebook, memory that nobody has written is filled with NaN: a forgotten start value
# shows at once.

# %%
torch.use_deterministic_algorithms(True)  # fills fresh memory with NaN


# %% exercise="GCNLayer"
class GCNLayer(nn.Module):
    """A_hat X W + b: features (n, in_features) -> (n, out_features)."""

    def __init__(self, in_features, out_features):
        ### BEGIN SOLUTION
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)
        ### END SOLUTION

    def forward(self, X, A_hat):
        ### BEGIN SOLUTION
        return A_hat @ (X @ self.weight) + self.bias
        ### END SOLUTION


# %% test="GCNLayer" points=3 bans="PyTorch Geometric, torch.nn.Linear"
def fresh(a, b):
    params = check.parameters(check.call(GCNLayer, a, b))
    shapes = {name: tuple(p.shape) for name, p in params.items()}
    start = params.get("weight", torch.zeros(1)).detach()
    limit = (6 / (a + b)) ** 0.5
    kinds = {
        "never set": start.isnan().any(),
        "all 0": (start == 0).all(),
        "wider than Xavier's": start.abs().max() > limit,
        "narrower than Xavier's": min(start.max(), -start.min()) < 0.9 * limit,
        "as Xavier's": True,
    }
    kind = next(kind for kind, true in kinds.items() if true)
    return shapes, params.get("bias"), kind


def output(a, b, X, A_hat):
    layer = check.call(GCNLayer, a, b)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(numbers(*p.shape))
    Y = check.call(layer, X, A_hat)
    if Y.requires_grad:
        Y.square().sum().backward()
    return Y, sorted(k for k, p in layer.named_parameters() if p.grad is not None)


def matrix(edges, n):
    plain = GCNConv(n, n, bias=False)
    plain.lin.weight = nn.Parameter(torch.eye(n))
    return plain(torch.eye(n), edges).detach()


hat, hat_arrows = matrix(kite, 6), matrix(arrows, 5)
theirs = GCNConv(3, 2)
theirs.load_state_dict({"lin.weight": numbers(3, 2).T, "bias": numbers(2)})
expected = theirs(numbers(6, 3), kite)
told = "(parameters' shapes, bias, spread of the weight)"
check.probe(fresh, 70, 40, call=f"GCNLayer(70, 40): {told}")
told = "(Y, parameters with a gradient)"
check.probe(output, 3, 2, numbers(5, 3), hat_arrows, call=f"GCNLayer(3, 2): {told}")
ours = output(3, 2, numbers(6, 3), hat)[0]
check.close(ours, expected, what="your layer, against GCNConv")
### BEGIN HIDDEN TESTS
check.probe(fresh, 30, 50)
check.probe(output, 4, 6, numbers(6, 4), hat)
check.probe(output, 4, 4, 3 * numbers(5, 4), hat_arrows)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Train on a few nodes
#
# Write `fit_nodes(net, X, y, labelled, lr, num_epochs)`: every epoch is **one** step of
# `torch.optim.Adam` on the mean cross-entropy of the labelled nodes.
#
# - Takes `net`, whose `net(X)` gives the scores ($n$, classes) of all nodes at once
#   (it knows its edges); `X`, ($n$, F); `y`, ($n$,) int64; `labelled`, ($k$,) int64:
#   the nodes whose labels you may learn from.
# - Train in train mode; measure in eval mode.
# - Returns `{"loss": [one float an epoch, before its step], "accuracy": float}`, the
#   accuracy at the end on all nodes that are **not** labelled.
#
# On the karate club, with the two leaders' labels, a GCN must reach 0.9.

# %%
club = nx.karate_club_graph()
club_edges = both_ways(*club.edges)
club_y = torch.tensor([int(club.nodes[v]["club"] == "Officer") for v in club])


plain = GCNConv(34, 34, bias=False)
plain.lin.weight.data = torch.eye(34)
club_hat = plain(torch.eye(34), club_edges).detach()  # (34, 34): GCN's matrix, by PyG
del plain


class ClubNet(nn.Module):
    """Two graph convolutions on the club: name tags (34, 34) -> scores (34, 2)."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(34, 16, bias=False)
        self.second = nn.Linear(16, 2, bias=False)

    def forward(self, X):
        H = F.relu(club_hat @ self.first(X))
        return club_hat @ self.second(H)


def mixer():
    """A small net for the checks: in train mode its batch norm mixes all nodes."""
    net = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 3))
    net[1].weight.data, net[1].bias.data = numbers(3, 4), numbers(3)
    return net.eval()


# %% exercise="fit_nodes"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    """Train on the labelled nodes; {"loss": [...], "accuracy": on all the others}."""
    ### BEGIN SOLUTION
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}
    ### END SOLUTION


# %% test="fit_nodes" points=3 changes="net"
def trained(n, labelled, num_epochs, lr=0.2):
    net, y, known = mixer(), (torch.arange(n) * 2) % 3, torch.tensor(labelled)
    result = check.call(fit_nodes, net, numbers(n, 4), y, known, lr, num_epochs)
    return result, net[1].weight, net[0].running_mean


told = "(result, the net's weight, its running mean)"
check.probe(trained, 11, [7, 2, 0, 4], 3, call=f"fit_nodes: {told}")
check.probe(trained, 8, [1, 5], 6, call=f"fit_nodes, two labels: {told}")
set_seed(0)
net, leaders = ClubNet(), torch.tensor([0, 33])
history = check.call(fit_nodes, net, torch.eye(34), club_y, leaders, 0.01, 60)
check.reaches(history["accuracy"], 0.9, what="accuracy on the club's other 32")
### BEGIN HIDDEN TESTS
check.probe(trained, 14, [13, 3, 5], 4, lr=0.05)
check.probe(trained, 9, [8, 0, 1, 2, 3, 4, 5], 1)
with torch.no_grad():
    guess = net(torch.eye(34)).argmax(dim=1)
measured = (guess == club_y)[1:33].float().mean().item()
check.reaches(measured, 0.9, what="accuracy on the club, measured")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. GraphSAGE with a weighted mean
#
# Friendships differ in strength, say in hours a week. Write
# `sage_mean(X, edge_index, strength, W_self, W_neigh)`: for each node $i$,
#
# $$h_i = x_i\, W_{\text{self}} + \frac{\sum_j s_{ij}\, x_j}{\sum_j s_{ij}}\,
# W_{\text{neigh}}$$
#
# Both sums run over the edges whose target is $i$; $s_{ij}$ is the strength of the edge
# from $j$ to $i$.
#
# - Takes `X`, ($n$, F); `edge_index`; `strength`, (E,) float32, one number an edge, at
#   least 0; two weights (F, F').
# - Returns ($n$, F'). Where the strengths that come in add up to 0, or nothing comes
#   in, the mean is 0.
# - Not allowed: PyTorch Geometric.
#
# Example: in `arrows` node 1 hears node 0 alone, so its mean is `X[0]`, whether the
# strength is 0.01 or 100. With equal strengths you get PyG's `SAGEConv`.


# %% exercise="sage_mean"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    """X W_self + (weighted mean over incoming edges) W_neigh: (n, F) -> (n, F')."""
    ### BEGIN SOLUTION
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)  # (n,)
    said = strength[:, None] * X[source]  # (E, F)
    heard = torch.zeros_like(X).index_add(0, target, said)  # (n, F)
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return X @ W_self + mean @ W_neigh
    ### END SOLUTION


# %% test="sage_mean" points=2 bans="PyTorch Geometric"
conv = SAGEConv(3, 2, bias=False)
W_self, W_neigh = numbers(3, 2), numbers(2, 3).flip(0).T.contiguous()
more = torch.cat([arrows, torch.tensor([[2], [0]])], dim=1)
hours = torch.tensor([0.25, 0.1, 2.5, 0.4, 0.2, 0.6, 3.0])
calls = torch.tensor([1.5, 4.0, 0.0, 0.5, 0.0, 2.0, 0.75, 0.0, 1.25, 3.0])
with torch.no_grad():
    conv.lin_r.weight.copy_(W_self.T)
    conv.lin_l.weight.copy_(W_neigh.T)
    expected = conv(numbers(6, 3), kite)
check.probe(sage_mean, numbers(5, 3), more, hours, W_self, W_neigh)
check.probe(sage_mean, numbers(6, 3), kite, calls, W_self, W_neigh, call="on the kite")
even = torch.full((10,), 0.3)
ours = check.call(sage_mean, numbers(6, 3), kite, even, W_self, W_neigh)
check.close(ours, expected, what="yours with equal strengths, against SAGEConv")
### BEGIN HIDDEN TESTS
wide = numbers(3, 4), numbers(4, 3).T
crowd = torch.tensor([[0, 1], [3, 3]])
check.probe(sage_mean, numbers(7, 3), arrows.flip(0), hours[1:], *wide)
weak = torch.tensor([0.002, 0.001])
check.probe(sage_mean, numbers(4, 2), crowd, weak, numbers(2, 2), numbers(2, 2).T)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Attention coefficients with heads
#
# GATv2 (Brody and others, 2022) puts the LeakyReLU *before* the product with $a$. Write
# `gat_coefficients(S, T, edge_index, a)`. In head $k$ the edge from $j$ to $i$ has the
# score
#
# $$e_{ijk} = a_k^\top\, \text{LeakyReLU}(s_{jk} + t_{ik})$$
#
# with slope 0.2, and in each head a softmax runs over the edges **with the same
# target**.
#
# - Takes `S` and `T`, ($n$, K, F): what $j$ says in head $k$, $s_{jk}$, and what $i$
#   asks, $t_{ik}$; `edge_index`, as it is: no self-loops; `a`, (K, F).
# - Returns (E, K), the edges in their order.
# - Scores may be as large as 2,000 or as small as $-2{,}000$: no `inf`, no `nan`.
# - Not allowed: PyTorch Geometric, a loop.

# %% [markdown]
# Example: where a node hears one neighbour only, that edge's coefficient is 1 in every
# head.


# %% exercise="gat_coefficients"
def gat_coefficients(S, T, edge_index, a):
    """GATv2's attention, softmax over the edges of one target in each head: (E, K)."""
    ### BEGIN SOLUTION
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)  # (E, K)
    highest = torch.full(S.shape[:2], -math.inf)
    index = target[:, None].expand_as(scores)  # (E, K)
    highest = highest.scatter_reduce(0, index, scores, "amax")  # (n, K)
    weight = (scores - highest[target]).exp()
    total = torch.zeros(S.shape[:2]).index_add(0, target, weight)  # (n, K)
    return weight / total[target]
    ### END SOLUTION


# %% test="gat_coefficients" points=4 bans="PyTorch Geometric, loops"
S, T, a = 2 * numbers(6, 2, 3), numbers(6, 3, 2).transpose(1, 2), 3 * numbers(2, 3)
v2 = GATv2Conv(6, 3, heads=2, add_self_loops=False, bias=False)
with torch.no_grad():
    v2.lin_l.weight.copy_(S.reshape(6, 6).T)
    v2.lin_r.weight.copy_(T.reshape(6, 6).T)
    v2.att.copy_(a[None])
    expected = v2(torch.eye(6), kite, return_attention_weights=True)[1][1]
check.probe(gat_coefficients, S[:5], T[:5], arrows, a)
ours = check.call(gat_coefficients, S, T, kite, a)
check.close(ours, expected, what="yours against GATv2Conv")
loud = torch.tensor([[1.0], [0.9], [-0.5], [0.8], [-1.0]])
loud, quiet = torch.stack([1000 * loud, -900 * loud], dim=1), torch.zeros(5, 2, 1)
check.probe(gat_coefficients, loud, quiet, arrows, torch.ones(2, 1))
### BEGIN HIDDEN TESTS
check.probe(gat_coefficients, loud, quiet, arrows, torch.tensor([[-1.0], [2.0]]))
many = torch.tensor([[3.0, -1.0, 2.0, 0.5]])
check.probe(gat_coefficients, numbers(34, 1, 4), numbers(34, 4, 1).mT, club_edges, many)
far = 1000 * torch.tensor([1.0, 0.999, -5.0, -4.99, 0.5]).reshape(5, 1, 1)
check.probe(gat_coefficients, far, far / 2, arrows, torch.ones(1, 1))
### END HIDDEN TESTS

# %% [markdown] choice="a_twin_joins" points=1
# ## Think: a twin joins
# In a GAT layer a node gives the weights 0.5 to itself, 0.3 to neighbour $a$ and 0.2
# to neighbour $b$. Then a node $c$ with the same features as $b$ becomes its neighbour
# too. What are the weights of $a$, $b$ and $c$ now?
#
# - 0.25, and 0.167 for $b$ and $c$ each.
#   right: equal features get equal scores, so $c$ adds another 0.2 to what the softmax
#   divides by, and everything is divided by 1.2.
# - 0.3, and 0.1 for $b$ and $c$ each.
#   wrong: twins thought to share one weight, where each has a score of its own
# - 0.3, 0.2 and 0.2.
#   wrong: the softmax over the node's neighbours forgotten, which makes the sum 1
# - 0.25 for each of them.
#   wrong: attention taken for the mean over the neighbours

# %% [markdown]
# ## 6. Readouts of a batch of graphs
#
# Several graphs of different sizes lie one after the other, or mixed, in one matrix.
# Write `readout(H, graph, num_graphs, how)`: one row for each graph.
#
# - Takes `H`, ($n$, F) float32; `graph`, ($n$,) int64, to which graph a node belongs
#   (each graph has a node, the order is any); `how`, `"sum"`, `"mean"` or `"max"`.
# - Returns (num_graphs, F).
# - Raises `ValueError` for any other `how`.
# - Not allowed: PyTorch Geometric.
#
# Example: `H = [[1], [5], [3]]`, `graph = [0, 1, 0]` and `"mean"` give `[[2], [5]]`.


# %% exercise="readout"
def readout(H, graph, num_graphs, how):
    """Sum, mean or maximum of each graph's rows: (n, F) -> (num_graphs, F)."""
    ### BEGIN SOLUTION
    if how not in ("sum", "mean", "max"):
        raise ValueError(f"got how={how!r}; expected 'sum', 'mean' or 'max'")
    reduce = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
    rows = [reduce(H[graph == k], dim=0) for k in range(num_graphs)]
    return torch.stack(rows)
    ### END SOLUTION


# %% test="readout" points=2 bans="PyTorch Geometric"
which = torch.tensor([0, 2, 1, 0, 2, 2, 0])
check.probe(readout, numbers(7, 2) - 1.5, which, 3, "sum")
check.probe(readout, numbers(7, 2) - 1.5, which, 3, "mean")
check.probe(readout, numbers(7, 2) - 1.5, which, 3, "max")
mistakes = {"an unknown readout raises no ValueError": lambda got: True}
check.raises(ValueError, readout, numbers(7, 2), which, 3, "median", mistakes=mistakes)
### BEGIN HIDDEN TESTS
for how in ("max", "sum", "mean"):
    check.probe(readout, numbers(9, 3) - 2, torch.arange(9) % 4, 4, how)
    check.probe(readout, numbers(3, 1), torch.tensor([1, 0, 1]), 2, how)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Look-alikes
#
# Write `look_alikes(how, num_features)`: make up two graphs' node features that the
# readout `how` **can't** tell apart, while **both** others can.
#
# - Takes `"sum"`, `"mean"` or `"max"`, and the number of features of a node.
# - Returns two float32 tensors, ($n_1$, num_features) and ($n_2$, num_features), with 1
#   to 8 nodes each.
# - The readout `how` gives the same vector for both. The other two readouts give
#   vectors that differ, in at least one feature.
#
# Any such pair is right. Think before you try numbers: what does each readout forget?


# %% exercise="look_alikes"
def look_alikes(how, num_features):
    """Two node sets that only the readout `how` takes for the same."""
    ### BEGIN SOLUTION
    columns = {
        "sum": ([4.0], [2.0, 2.0]),
        "mean": ([0.0, 2.0], [1.0]),
        "max": ([1.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)  # (nodes, 1)
    return one.repeat(1, num_features), other.repeat(1, num_features)
    ### END SOLUTION


# %% test="look_alikes" points=3
def fooled(how, num_features):
    one, other = check.call(look_alikes, how, num_features)
    sizes = [
        H.dim() == 2 and 1 <= len(H) <= 8 and H.shape[1] == num_features
        for H in (one, other)
    ]
    readouts = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}
    same = [
        name
        for name, f in readouts.items()
        if sizes == [True, True]
        and torch.allclose(f(one.float(), dim=0), f(other.float(), dim=0))
    ]
    told = f"taken for the same by: {', '.join(same)}"
    return sizes, [one.dtype, other.dtype], told


told = "(shapes as asked, dtypes, who is fooled)"
check.probe(fooled, "sum", 1, call=f"look_alikes('sum', 1): {told}")
check.probe(fooled, "mean", 1, call=f"look_alikes('mean', 1): {told}")
check.probe(fooled, "max", 2, call=f"look_alikes('max', 2): {told}")
### BEGIN HIDDEN TESTS
for how in ("mean", "max", "sum"):
    check.probe(fooled, how, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Oversmoothing, measured
#
# How different are friends, after $k$ rounds of averaging? The **roughness** of $H$,
# with rows $h_i$, is
#
# $$r(H) = \frac{1}{\lVert H \rVert^2} \sum_{\text{friendships } \{i, j\}}
# \Big\lVert \frac{h_i}{\sqrt{\tilde d_i}} - \frac{h_j}{\sqrt{\tilde d_j}}
# \Big\rVert^2$$
#
# where each friendship counts **once** and $\lVert H \rVert^2$ is the sum of the
# squares of all numbers in $H$. Write `oversmoothing(X, A_hat, steps)`.
#
# - Takes `X`, ($n$, F), not all 0, nor after a step; `A_hat`, GCN's matrix of a
#   friendship graph. You get
#   no edges and no degrees: find them in $\hat A$, or do without.
# - Returns `steps + 1` floats: $r(X), r(\hat A X), r(\hat A^2 X), \dots$
#
# Example: two friends with the features 1 and 0 have roughness 1/2, and 0 after a step.


# %% exercise="oversmoothing"
def oversmoothing(X, A_hat, steps):
    """Roughness of X, A_hat X, A_hat A_hat X ...: steps + 1 floats."""
    ### BEGIN SOLUTION
    curve, H = [], X
    for _ in range(steps + 1):
        spread = A_hat @ H
        curve.append(((H * (H - spread)).sum() / H.square().sum()).item())
        H = spread
    return curve
    ### END SOLUTION


# %% test="oversmoothing" points=4
def matrix_of(edges, n):
    plain = GCNConv(n, n, bias=False)
    plain.lin.weight = nn.Parameter(torch.eye(n))
    return plain(torch.eye(n), edges).detach()


pair = torch.tensor([[1.0], [0.0]])
hat_kite, hat_club = matrix_of(kite, 6), matrix_of(club_edges, 34)
check.probe(oversmoothing, numbers(6, 2) + 0.3, hat_kite, 3, call="on the kite")
check.probe(oversmoothing, 3 * numbers(34, 5), hat_club, 5, call="on the club")
check.probe(oversmoothing, pair, torch.full((2, 2), 0.5), 1)
### BEGIN HIDDEN TESTS
star = matrix_of(both_ways((0, 1), (0, 2), (0, 3), (0, 4), (3, 4)), 5)
check.probe(oversmoothing, numbers(5, 3) * 7, star, 4)
check.probe(oversmoothing, numbers(5, 1) - 0.2, star, 0)
check.probe(oversmoothing, torch.eye(34), hat_club, 8)
### END HIDDEN TESTS

# %% [markdown] choice="down_the_chain" points=1
# ## Think: down the chain
# Ten nodes stand in a chain, 1 to 10, each joined to the next. A net of three GCN
# layers is trained on it. Now the features of node 1 change and nothing else. Whose
# outputs can change?
#
# - All ten, since training has mixed everything.
#   wrong: what the weights have learned taken for what a forward pass sees
# - Nodes 1 to 4.
#   right: each layer carries a node's features one edge further, and the self-loops
#   keep them at home as well.
# - Nodes 2 to 4.
#   wrong: the self-loop forgotten, by which a node hears itself
# - Nodes 1 and 2, as each layer looks at direct neighbours only.
#   wrong: the layers thought to look at the input side by side instead of in turn

# %% [markdown]
# ## 9. A neighbour sampler
#
# A million nodes don't fit in a batch. Write
# `sample_block(edge_index, seeds, fanouts)`, GraphSAGE's sampler.
#
# - Round 1 asks the seeds, each later round the nodes that the round before **found for
#   the first time**. In round $k$ each asked node draws at random, without replacement,
#   `fanouts[k - 1]` of its **incoming** edges, or takes all if it has no more.
# - `seeds`: ($s$,) int64, all different; `fanouts`: a list of ints, each
#   at least 1; it may be empty.
# - Returns `nodes` (int64, each once, the seeds first and in their order, then the
#   found ones in any order) and `edges`, (2, E') int64, the drawn edges in any order.
# - Every call draws anew, from PyTorch's random numbers.

# %% [markdown]
# Example: on `arrows`, seed 3 and fanouts `[5]` give nodes 3, 2, 4 and the edges 2 to 3
# and 4 to 3. With `[5, 1]`, node 2 then draws one of its three incoming edges; node 4
# hears nobody.


# %% exercise="sample_block"
def sample_block(edge_index, seeds, fanouts):
    """Nodes that the seeds need, and the incoming edges drawn, len(fanouts) rounds."""
    ### BEGIN SOLUTION
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()  # numbers of edges
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges
    ### END SOLUTION


# %% test="sample_block" points=4
def block(edge_index, seeds, fanouts):
    nodes, edges = check.call(sample_block, edge_index, torch.tensor(seeds), fanouts)
    return (
        nodes[: len(seeds)].tolist(),
        sorted(nodes.tolist()),
        sorted(edges.T.tolist()),
        edges.dtype,
    )


def counted(edge_index, seeds, fanout, calls):
    start, sizes, seen, odd = torch.tensor(seeds), set(), set(), set()
    for _ in range(calls):
        nodes, edges = check.call(sample_block, edge_index, start, [fanout])
        pairs = list(map(tuple, edges.T.tolist()))
        sizes.add(len(pairs))
        seen |= set(pairs)
        if len(set(pairs)) < len(pairs):
            odd.add("an edge drawn twice")
        if {v for pair in pairs for v in pair} | set(seeds) != set(nodes.tolist()):
            odd.add("nodes and edges don't match")
    return sorted(sizes), len(seen), sorted(odd)


def rounds(seeds, calls):
    odd, start = set(), torch.tensor(seeds)
    for _ in range(calls):
        pairs = check.call(sample_block, club_edges, start, [2, 1])[1].T.tolist()
        found = {s for s, t in pairs if t in seeds} - set(seeds)
        for k, asked in enumerate((seeds, found), start=1):
            count = {sum(t == v for _, t in pairs) for v in asked}
            odd |= {f"round {k}: {c} edges" for c in count}
    return sorted(odd)


told = "(the seeds, all nodes sorted, edges sorted, dtype)"
check.probe(block, arrows, [3], [5], call=f"sample_block, all of one round: {told}")
check.probe(block, arrows, [3], [5, 5, 5], call=f"three rounds: {told}")
check.probe(block, kite, [4, 1], [9, 9], call=f"two seeds in the kite: {told}")
check.probe(counted, arrows, [2], 2, 12, call="seed 2, fanout 2: (sizes, edges, odd)")
check.probe(rounds, [8, 30], 5, call="fanouts [2, 1]: edges into a node")
### BEGIN HIDDEN TESTS
check.probe(block, club_edges, [16, 3], [99])
check.probe(block, kite, [3, 0, 2], [9])
check.probe(block, kite, [2], [])
check.probe(counted, kite, [2, 4], 2, 9)
check.probe(rounds, [5, 13, 27], 3)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: should friends be averaged?
#
# A shop's graph joins buyers and sellers; edges run between the two kinds only. Nodes
# have a few noisy features. You want to tell which kind a node is.
#
# What does one GCN layer do to the two kinds' features? Why is SAGE safer? Would two
# GCN layers, or a skip connection, help? And an image is a graph too, each pixel joined
# to its eight neighbours: what can a 3 x 3 convolution learn on it that no layer of
# this chapter can? A few sentences; a person reads them.

# %% [markdown] manual="friends_averaged" points=3
# ### BEGIN SOLUTION
# A buyer's neighbours are all sellers. One GCN layer mixes its own vector (weight
# 1/degree) with theirs: the kinds are blurred or swapped. The kinds are the fastest
# wave, and a GCN keeps the slow ones. SAGE has weights of its own for the node and can
# learn "my features, minus my neighbours'". After two GCN layers a buyer hears buyers
# again, better but still mixed; a skip keeps the own vector and helps. On an image the
# 3 x 3 kernel has a weight for each direction, so it finds edges; GCN, SAGE and GAT
# take the neighbours as a set: they blur or sharpen, but know no left and right.
# ### END SOLUTION
