# %% [markdown]
# # Graphs and message passing: exercises
#
# Ten exercises, from an adjacency matrix to a judge of nets, four questions to think
# about and one for a person. Each stands alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of graphs that are not in the examples: nodes without
# edges, self-loops, edges in one direction only, no edge at all.
#
# Stuck? `check.hint("adjacency")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import warnings

import networkx as nx
import torch
from torch import nn
from torch.nn import functional as F

with warnings.catch_warnings():  # a notice of a library to its own authors
    warnings.simplefilter("ignore")
    from torch_geometric.nn import EdgeConv

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# Unless a text says something else, graphs come as `edge_index`, (2, E) int64: row 0
# holds the sources, row 1 the targets. **Messages go from source to target.** A
# **self-loop** is an edge from a node to itself; it is listed once.
#
# `numbers(*shape)` makes up values, always the same ones for a shape. `arrows` has six
# nodes and one direction; nobody sends node 4 anything, and node 5 is alone. `looped`
# has five nodes and two self-loops.


# %%
def numbers(*shape):
    """Made-up values of the given shape in [-1, 1), always the same."""
    generator = torch.Generator().manual_seed(sum(shape) + 10 * len(shape))
    return 2 * torch.rand(shape, generator=generator) - 1


arrows = torch.tensor([[0, 0, 1, 2, 4, 3, 4], [1, 2, 2, 3, 3, 0, 2]])
looped = torch.tensor([[0, 1, 1, 3, 2, 0, 3], [1, 1, 2, 3, 0, 3, 2]])
nothing = torch.zeros(2, 0, dtype=torch.int64)

# %% [markdown]
# ## 1. Adjacency from a list
#
# Somebody noted phone calls: who called, who was called, for how many minutes. Write
# `adjacency(calls, num_nodes, directed)`.
#
# - Takes `calls`: a list of tuples (source, target, minutes), perhaps empty, in which a
#   pair may come **several times**; `num_nodes`: an int; `directed`: a bool.
# - Returns a float32 tensor (num_nodes, num_nodes). Rows are **targets**, columns
#   sources: cell (1, 0) holds the minutes, added up, in which 0 called 1.
# - If not `directed`, each call counts in both directions. A call to oneself (a test of
#   the line) is a self-loop and counts **once**.
# - Not allowed: NetworkX, PyTorch Geometric.
#
# Example: `adjacency([(0, 1, 2.0)], 2, True)` gives `[[0, 0], [2, 0]]`.


# %% exercise="adjacency"
def adjacency(calls, num_nodes, directed):
    """Sum of the weights of the edges to i from j: (num_nodes, num_nodes)."""
    ### BEGIN SOLUTION
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
        if not directed and source != target:
            A[source, target] += minutes
    return A
    ### END SOLUTION


# %% test="adjacency" points=2 bans="PyTorch Geometric, networkx"
def twice(calls, num_nodes):
    return [check.call(adjacency, calls, num_nodes, d) for d in (True, False)]


noted = [(0, 2, 1.5), (2, 1, 4.0), (0, 2, 2.0), (2, 0, 0.5), (1, 1, 3.0), (3, 0, 2.5)]
check.probe(twice, noted, 5, call="adjacency of `noted`, 5 nodes: [directed, not]")
### BEGIN HIDDEN TESTS
check.probe(adjacency, [(1, 0, 2.5), (1, 1, 1.0), (1, 1, 0.5)], 3, False)
check.probe(adjacency, [(4, 0, 1.5), (4, 0, 1.5), (0, 3, 2.0)], 7, True)
check.probe(adjacency, [], 2, False)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Three degrees
#
# Write `degrees(edge_index, num_nodes)`: for each node how many edges arrive, how many
# leave, and how many **other** nodes it has any edge with, in whatever direction.
#
# - Takes (2, E) int64, in which no edge stands twice, and an int.
# - Returns an int64 tensor (num_nodes, 3): in-degree, out-degree, number of different
#   neighbours. A self-loop arrives *and* leaves, once each; it makes nobody its own
#   neighbour. Two nodes that send each other a message are one neighbour each.
# - Not allowed: NetworkX, PyTorch Geometric.
#
# Example: for `[[0, 1], [1, 0]]` and two nodes: `[[1, 1, 1], [1, 1, 1]]`.


# %% exercise="degrees"
def degrees(edge_index, num_nodes):
    """In-degree, out-degree and number of neighbours of each node: (num_nodes, 3)."""
    ### BEGIN SOLUTION
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    either = (A | A.T) & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)], dim=1)
    ### END SOLUTION


# %% test="degrees" points=2 bans="PyTorch Geometric, networkx"
both = torch.tensor([[0, 1, 1, 2, 3, 3, 0], [1, 0, 2, 2, 3, 0, 2]])
check.probe(degrees, both, 6)
check.probe(degrees, arrows, 6, call="degrees(arrows, 6)")
### BEGIN HIDDEN TESTS
check.probe(degrees, looped, 5)
check.probe(degrees, nothing, 3)
check.probe(degrees, torch.tensor([[3, 1], [1, 3]]), 4)
### END HIDDEN TESTS

# %% [markdown] choice="doubled_graph" points=1
# ## Think: everybody has a twin
# In a graph without self-loops each node becomes two, with the same number on both.
# Where an edge was, both copies of one end are joined to both of the other. Two rounds
# of aggregation run on both graphs. What does a copy hold, compared with its original?
#
# - By the sum twice as much; by the mean and by the maximum the same.
#   wrong: the second round forgotten, which adds up numbers already doubled
# - By the sum four times as much; by the mean and by the maximum the same.
#   right: each round hears every message twice, which doubles a sum.
# - By the sum and by the mean four times as much; by the maximum the same.
#   wrong: the mean taken for a sum
# - The same by all three, for each copy has the same kind of neighbours.
#   wrong: like neighbours taken for equally many, which a sum counts

# %% [markdown]
# ## 3. Incidence
#
# Write `incidence(edge_index, num_nodes, signed)`: one row a node, one column an edge,
# in the order of `edge_index`.
#
# - Returns a float32 tensor (num_nodes, E). `signed` is a bool.
# - If `signed`: $-1$ at the source and $+1$ at the target; a self-loop gives and gets,
#   so its column is all 0.
# - If not: each **end** counts 1, so a self-loop, with both ends at one node, has a 2.
# - Not allowed: NetworkX, PyTorch Geometric.
#
# Example: for one edge from 1 to 0, `signed=True`, two nodes: `[[1], [-1]]`.


# %% exercise="incidence"
def incidence(edge_index, num_nodes, signed):
    """Ends of the edges, one column each, with or without signs: (num_nodes, E)."""
    ### BEGIN SOLUTION
    source, target = F.one_hot(edge_index, num_nodes).float()  # (E, num_nodes) each
    return (target - source if signed else target + source).T
    ### END SOLUTION


# %% test="incidence" points=2 bans="PyTorch Geometric, networkx"
check.probe(incidence, looped, 5, True, call="incidence(looped, 5, True)")
check.probe(incidence, looped, 5, False, call="incidence(looped, 5, False)")
### BEGIN HIDDEN TESTS
check.probe(incidence, arrows, 6, True)
check.probe(incidence, arrows, 7, False)
check.probe(incidence, torch.tensor([[0, 2], [2, 0]]), 3, True)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. From an undirected list to `edge_index`
#
# People named their friends, and how many years they know them. Write
# `both_ways(pairs, years)`.
#
# - Takes `pairs`, (P, 2) int64, at least one row; `years`, (P,) float32, 0 or more.
#   Friends may name **each other** (0, 3 and 3, 0), or one twice; some name themselves.
# - Returns `edge_index`, (2, E) int64, and `weight`, (E,) float32. Each friendship
#   stands there in both directions, each **once**; a self-loop once. Its weight, the
#   same in both, is the **largest** number of years named.
# - The order is by source, and for one source by target.
# - Not allowed: NetworkX, PyTorch Geometric.
#
# Example: pairs `[[2, 0], [0, 2]]` and years `[1, 4]` give `[[0, 2], [2, 0]]` and
# `[4, 4]`.


# %% exercise="both_ways"
def both_ways(pairs, years):
    """Both directions of each friendship once, sorted, with the most years named."""
    ### BEGIN SOLUTION
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist(), strict=True):
        for edge in ((u, v), (v, u)):
            most[edge] = max(y, most.get(edge, y))
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[edge] for edge in edges])
    ### END SOLUTION


# %% test="both_ways" points=3 bans="PyTorch Geometric, networkx"
named = [[3, 1], [0, 3], [1, 3], [2, 2], [3, 0], [0, 4], [0, 4], [4, 1]]
named = torch.tensor(named)
years = torch.tensor([2.0, 5.0, 7.0, 3.0, 1.0, 6.0, 4.0, 0.0])
check.probe(both_ways, named, years, call="both_ways(named, years)")
check.probe(both_ways, torch.tensor([[1, 0], [2, 1]]), torch.tensor([1.5, 0.5]))
### BEGIN HIDDEN TESTS
check.probe(both_ways, torch.tensor([[5, 5], [5, 5]]), torch.tensor([1.0, 2.0]))
check.probe(both_ways, named.flip(1)[1:6], 0.5 * years[2:7])
### END HIDDEN TESTS

# %% [markdown] choice="three_rounds_in_two_kinds" points=1
# ## Think: buyers and goods
# A connected graph joins buyers to the goods that they bought. One buyer holds a 1, all
# other nodes 0. Three rounds of $X \leftarrow A X$ run, without self-loops. Which nodes
# can hold something other than 0 now?
#
# - Buyers and goods at most three steps away.
#   wrong: a node thought to keep what it had, where $A X$ replaces it
# - Goods alone: those that this buyer bought, and those of buyers who share one.
#   right: each step changes the kind, so after three a walk stands at goods.
# - Goods alone, and none that this buyer bought.
#   wrong: a walk thought not to turn back, where it may use an edge again
# - Buyers alone, who share a purchase with this one.
#   wrong: the kind after an even number of steps taken for that after an odd one

# %% [markdown]
# ## 5. Aggregate, and what to do in silence
#
# Write `aggregate(X, edge_index, how)`: what each node makes of the rows of `X` at the
# sources of its incoming edges.
#
# - Takes `X`, (n, F) float32; `edge_index`; `how`: `"sum"`, `"mean"`, `"max"` or
#   `"range"`, the maximum minus the minimum, each feature on its own.
# - Returns (n, F) float32. A node to which **no edge comes** gets 0 by `"sum"` and by
#   `"range"`, and **its own row of `X`** by `"mean"` and by `"max"`.
# - Raises `ValueError` for any other `how`.
# - Not allowed: PyTorch Geometric.
#
# Example: `X = [[1], [5], [3]]` and edges from 0 and 1 to 2 give `[[0], [0], [4]]` by
# `"range"` and `[[1], [5], [5]]` by `"max"`.


# %% exercise="aggregate"
def aggregate(X, edge_index, how):
    """Sum, mean, maximum or range of what arrives at each node: (n, F) -> (n, F)."""
    ### BEGIN SOLUTION
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(f"got how={how!r}; expected 'sum', 'mean', 'max' or 'range'")
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]  # (edges into the node, F)
        if len(heard) == 0:
            rows.append(
                X[node] if how in ("mean", "max") else torch.zeros_like(X[node])
            )
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)
    ### END SOLUTION


# %% test="aggregate" points=3 bans="PyTorch Geometric"
def each_way(X, edge_index):
    ways = "sum", "mean", "max", "range"
    return {how: check.call(aggregate, X, edge_index, how) for how in ways}


values = numbers(6, 2) - 1.5  # all of them negative
check.probe(each_way, values, arrows, call="aggregate(values, arrows, how)")
mistakes = {"an unknown word raises no ValueError": lambda got: True}
check.raises(ValueError, aggregate, values, arrows, "median", mistakes=mistakes)
### BEGIN HIDDEN TESTS
check.probe(each_way, 3 * numbers(5, 3), looped)
check.probe(each_way, numbers(4, 1), nothing)
check.probe(each_way, numbers(6, 3) + 2, arrows.flip(0))
whole = torch.tensor([[3.0, -2.0], [-3.0, 0.0], [4.0, -1.0], [1.0, 5.0], [2.0, 2.0]])
check.probe(each_way, whole, torch.tensor([[0, 1, 1], [2, 2, 3]]))
### END HIDDEN TESTS

# %% [markdown]
# ## 6. A message of both ends, equal to PyG's
#
# In **EdgeConv** (Wang and others, 2019) a message looks at the receiver and at the
# *difference*. Write `edge_conv(X, edge_index, W, b)`, which computes for each node
#
# $$h_i = \max_{j \to i}\; \tanh\big([\,x_i,\; x_j - x_i\,]\, W + b\big)$$
#
# where $[\cdot,\cdot]$ puts two rows side by side, and the maximum, for each feature on
# its own, runs over the edges from $j$ to $i$.
#
# - Takes `X`, (n, F); `edge_index`; `W`, (2F, F'); `b`, (F',).
# - Returns (n, F'); a row of zeros where no edge arrives.
# - Not allowed: PyTorch Geometric. The check compares your layer with its `EdgeConv`.
#
# Example: with `X = [[1], [3]]`, one edge from 1 to 0, `W = [[0], [1]]`, `b = [0]`:
# `[[tanh(2)], [0]]`.


# %% exercise="edge_conv"
def edge_conv(X, edge_index, W, b):
    """Maximum over incoming edges of tanh([x_i, x_j - x_i] W + b): (n, F')."""
    ### BEGIN SOLUTION
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)  # (E, 2F)
    messages = torch.tanh(ends @ W + b)  # (E, F')
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)
    ### END SOLUTION


# %% test="edge_conv" points=3 bans="PyTorch Geometric"
X, W, b = 2 * numbers(6, 2), numbers(4, 3), numbers(3) - 0.6
theirs = EdgeConv(nn.Sequential(nn.Linear(4, 3), nn.Tanh()), aggr="max")
theirs.nn[0].load_state_dict({"weight": W.T, "bias": b})
expected = theirs(X, arrows).detach()
check.probe(edge_conv, X, arrows, W, b, call="edge_conv(X, arrows, W, b)")
ours = check.call(edge_conv, X, arrows, W, b)
check.close(ours, expected, what="your layer, against EdgeConv")
### BEGIN HIDDEN TESTS
check.probe(edge_conv, 3 * numbers(5, 3), looped, numbers(6, 2), numbers(2))
check.probe(edge_conv, numbers(3, 1), nothing, numbers(2, 4), numbers(4))
check.probe(edge_conv, numbers(6, 1), arrows.flip(0), numbers(2, 1), numbers(1))
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Count walks
#
# Write `walk_counts(edge_index, num_nodes, start, steps)`: how many walks of
# **exactly** $k$ steps lead from node `start` to each node, for $k = 0, 1, \dots$,
# `steps`?
#
# - A walk follows the edges in their direction. It may use an edge or a node again; a
#   self-loop is a step.
# - Takes `edge_index`, in which no edge stands twice, and three ints.
# - Returns an int64 tensor (steps + 1, num_nodes): row $k$ for walks of $k$ steps. The
#   only walk of 0 steps stays at `start`.
#
# Example: with the edges 0 to 1 and 1 to 0, `start=0` and `steps=2`:
# `[[1, 0], [0, 1], [1, 0]]`.


# %% exercise="walk_counts"
def walk_counts(edge_index, num_nodes, start, steps):
    """Number of walks of k steps from start to each node: (steps + 1, num_nodes)."""
    ### BEGIN SOLUTION
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)
    ### END SOLUTION


# %% test="walk_counts" points=2
check.probe(walk_counts, looped, 5, 0, 4, call="walk_counts(looped, 5, 0, 4)")
check.probe(walk_counts, arrows, 6, 4, 5, call="walk_counts(arrows, 6, 4, 5)")
### BEGIN HIDDEN TESTS
check.probe(walk_counts, looped, 6, 3, 7)
check.probe(walk_counts, arrows, 6, 5, 2)
check.probe(walk_counts, arrows, 6, 2, 0)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Many graphs, one batch
#
# A file holds graphs as matrices. Write `merge(matrices)`: one large graph of all.
#
# - Takes a list of weighted adjacency matrices, ($n_k$, $n_k$) float32: one graph or
#   more, each with a node or more, perhaps without any edge. Rows are **targets**: a
#   cell (i, j) that isn't 0 is an edge to $i$ from $j$ with this weight.
# - Returns three tensors: `edge_index`, (2, E) int64, with the nodes numbered through
#   all graphs; `weight`, (E,) float32; `batch`, (all nodes,) int64: to which graph each
#   node belongs, 0, 1, 2, ...
# - The edges stand in the order of the graphs; within a graph row by row, and in a row
#   from left to right.
# - Not allowed: PyTorch Geometric.

# %% [markdown]
# Example: for the matrices `[[7]]` and `[[0, 0], [9, 0]]` you get `[[0, 1], [0, 2]]`,
# `[7, 9]` and `[0, 1, 1]`.


# %% exercise="merge"
def merge(matrices):
    """One graph of many: (edge_index with offsets, weight, graph of each node)."""
    ### BEGIN SOLUTION
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)
    ### END SOLUTION


# %% test="merge" points=3 bans="PyTorch Geometric"
def some_graph(n, seed):
    """A weighted, directed graph; its last node and node 1 have no edge."""
    A = numbers(n + seed, n)[seed:].round(decimals=2)
    A[A.abs() < 0.4] = 0.0
    A[[1, -1]], A[:, [1, -1]] = 0.0, 0.0
    return A


three = [some_graph(6, 1), some_graph(4, 2), some_graph(5, 3)]
check.probe(merge, three, call="merge(three)")
check.probe(merge, [torch.zeros(2, 2), some_graph(4, 2)], call="first without edges")
### BEGIN HIDDEN TESTS
check.probe(merge, [torch.tensor([[0.5]])] * 3)
check.probe(merge, [torch.zeros(3, 3)])
check.probe(merge, [some_graph(3, 1), torch.zeros(1, 1), some_graph(4, 3)])
### END HIDDEN TESTS

# %% [markdown] choice="flattened_readout" points=1
# ## Think: one number for a molecule
# A net gives a molecule one number: two rounds of messages over its 9 atoms, with 4
# features each; then all 36 numbers in a row go through one linear layer. Once it is
# trained, somebody lists the same molecule's atoms in another order. What does the net
# say, and what would mend it?
#
# - The same number, since rounds are equivariant.
#   wrong: one equivariant part thought to make the whole net so
# - Another number in general; a row for each atom should be added up before the layer.
#   right: the linear layer has a weight for each place. A sum over the atoms doesn't
#   change when they change places.
# - Another number in general; more rounds would make the atoms alike, and mend it.
#   wrong: a remedy by blurring, which leaves small differences and costs the rest
# - Another number in general; sorting each atom's features first would mend it.
#   wrong: the order inside a row taken for the order of the rows

# %% [markdown]
# ## 9. A judge of nets
#
# Write `is_equivariant(f, A, X, num_orders=20, tolerance=1e-4)`: does $f$ give the same
# answers, in the new order, when the nodes are listed in another order?
#
# - Takes `f`, a function of `A`, (n, n), and `X`, (n, F), that returns (n, F'); `A`,
#   not symmetric in general; `X`.
# - Draws `num_orders` random orders of the nodes. Returns `False` (a bool) if for one
#   of them any number of $f(P A P^\top, P X)$ is further than `tolerance` from that of
#   $P f(A, X)$, in absolute value, else `True`.
# - $n$ is at least 3. Don't change `A` or `X`.
#
# Below are ten candidates. Which would you trust? The hidden tests have more.


# %%
W_self, W_message = numbers(2, 3), numbers(3, 2).T.contiguous()
opposite = torch.tensor([1.0, -1.0])
candidates = {
    "a round": lambda A, X: torch.tanh(X @ W_self + A @ X @ W_message),
    "messages the wrong way": lambda A, X: A.T @ X @ W_message,
    "numbered nodes": lambda A, X: A @ X + 0.01 * torch.arange(len(X))[:, None],
    "the first node for all": lambda A, X: A @ X + X[0],
    "a sum over all": lambda A, X: (A @ X).sum(dim=0).expand(len(X), -1),
    "sorted": lambda A, X: (A @ X).sort(dim=0).values,
    "the upper half": lambda A, X: A.triu() @ X,
    "the row above": lambda A, X: (A @ X).roll(1, dims=0),
    "the last place": lambda A, X: X + (torch.arange(len(X)) == len(X) - 1)[:, None],
    "opposites": lambda A, X: torch.arange(len(X))[:, None] * X[:, :1] * opposite,
}


# %% exercise="is_equivariant"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    """Whether f(P A P^T, P X) = P f(A, X) for random orders of the nodes."""
    ### BEGIN SOLUTION
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True
    ### END SOLUTION


# %% test="is_equivariant" points=4
def kind(order, M, A):
    """How the matrix M that f was shown is made of A and the order of X."""
    back, old = order.argsort(), torch.arange(len(order))
    made = {"A as it was": A, "rows and columns": A[order][:, order], "rows": A[order]}
    made |= {"columns": A[:, order], "by the inverse": A[back][:, back]}
    found = next((name for name, B in made.items() if torch.equal(B, M)), "otherwise")
    return "X as it was" if torch.equal(order, old) and found == "otherwise" else found


def asked(n, num_orders):
    A, X, shown = numbers(n, n), torch.arange(float(n))[:, None], []

    def f(A, X):
        shown.append((X.ravel().long(), A))
        return X

    check.call(is_equivariant, f, A, X, num_orders=num_orders)
    moved = [(order, M) for order, M in shown if not torch.equal(order, X[:, 0].long())]
    other = [(order, M) for order, M in shown if not torch.equal(M, A)]
    kinds = sorted({kind(order, M, A) for order, M in moved + other})
    enough = num_orders - 2 <= max(len(moved), len(other)) <= 2 * num_orders
    return enough, len({tuple(o.tolist()) for o, _ in moved}) > 2, kinds


def judged(nets, n, **settings):
    A, X, said = numbers(n, n), numbers(n, 2), {}
    for name, f in nets.items():
        said[name] = check.call(is_equivariant, f, A, X, **settings)
    return said


def both(n):
    return asked(n, 6), judged(candidates, n)


check.probe(both, 6, call="what f sees (num_orders, different, A's kind), verdicts")
### BEGIN HIDDEN TESTS
nets = {"rounds": lambda A, X: A @ (A @ X).relu(), "own": lambda A, X: X.square()}
nets["in-degree"] = lambda A, X: A.sum(1)[:, None] * X
check.probe(judged, nets, 4, num_orders=40)
off = lambda by, base=0.0: lambda A, X: X + base + by * torch.eye(len(X))[:, :1]  # noqa: E731
check.probe(judged, {"above": off(2e-4), "below": off(6e-5), "far": off(1e-3, 100)}, 5)
check.probe(judged, {"faint": off(2e-3)}, 5, tolerance=0.1)
high = torch.arange(5.0).flip(0)[:, None]
best_first = lambda A, X: X + 1.0 * (X[:1] == X.max())  # noqa: E731
check.probe(is_equivariant, best_first, high @ high.T, high)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Find the bugs and mend them: how old are their friends?
#
# For each person: the mean age of those he or she meets, weighted by the hours. The
# function below has **five** bugs. One stops it here; with that one mended, the other
# four give wrong numbers or leave people out, without a word.


# %%
def broken_mean_age(ages, meetings):
    """Mean age of those a person meets, weighted by hours: five bugs."""
    G = nx.Graph()
    for one, other, hours in meetings:
        G.add_edge(one, other, edge_weights=hours)
    A = torch.tensor(nx.to_numpy_array(G)).float()  # (people, people)
    x = torch.tensor(list(ages.values()))  # (people,)
    means = A @ x / torch.tensor([G.degree[v] for v in G])
    return dict(zip(G, means.tolist(), strict=True))


town = {"Eva": "8", "Ada": "30", "Ben": "41", "Cem": "52", "Dot": "67"}
hours = [("Ada", "Ben", 3.0), ("Cem", "Ada", 1.0), ("Ben", "Dot", 0.5)]
try:
    print(broken_mean_age(town, hours))
except (TypeError, ValueError) as error:
    print(type(error).__name__, error)

# %% [markdown]
# Write the mended `mean_age(ages, meetings)`.
#
# - Takes `ages`: a dict name -> age, as **text** from a file, perhaps with decimals;
#   `meetings`: a list of tuples (name, name, hours), hours above 0. Meeting is mutual.
#   A pair comes once at most, in either order; nobody meets himself; all names are in
#   `ages`, in any order.
# - Returns a dict with **each** name of `ages` -> the sum of hours times age over those
#   met, divided by the sum of these hours, a float. Who meets nobody gets `None`.
# - Allowed: everything, NetworkX too.
#
# Example: for `{"Ada": "30", "Ben": "41", "Eva": "8"}` and `[("Ben", "Ada", 2.0)]`:
# `{"Ada": 41.0, "Ben": 30.0, "Eva": None}`.


# %% exercise="mean_age"
def mean_age(ages, meetings):
    """Mean age of those a person meets, weighted by hours; None where nobody is met."""
    ### BEGIN SOLUTION
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return means
    ### END SOLUTION


# %% test="mean_age" points=3
check.probe(mean_age, town, hours, call="mean_age(town, hours)")
### BEGIN HIDDEN TESTS
check.probe(mean_age, {"Cem": "9", "Ada": "71.5", "Bo": "30"}, [("Ada", "Bo", 4.0)])
ring = [("Eva", "Dot", 0.25), ("Dot", "Cem", 2.0), ("Cem", "Eva", 1.0)]
check.probe(mean_age, town, ring)
check.probe(mean_age, {"Ada": "30", "Ben": "41"}, [])
### END HIDDEN TESTS

# %% [markdown] choice="ends_of_the_edges" points=1
# ## Think: a column of zeros
# A directed graph has 7 nodes and 12 edges; one edge is a self-loop, and two others run
# between the same two nodes in opposite directions. Take the signed incidence matrix of
# exercise 3. How many of its 84 cells are not 0?
#
# - 24, two for each edge.
#   wrong: the self-loop's two ends forgotten to fall on one cell and cancel
# - 23, as the self-loop has one end only.
#   wrong: the self-loop counted as one end, where it gives and gets
# - 22.
#   right: a self-loop's column is all 0; the other 11 edges have a cell each for source
#   and target. Opposite edges have columns of their own.
# - 20, since opposite edges cancel each other, too.
#   wrong: columns of different edges added up, as in a sum over a row

# %% [markdown]
# ## A question: which graph?
#
# A school wants to know early who will need help in mathematics. It has marks and a
# seating plan for each lesson, who writes messages to whom, and which courses each
# pupil takes.
#
# Propose a graph: what are nodes, edges, features? Is it directed, weighted,
# heterogeneous? Which aggregation would you take for the messages, and what does a
# pupil without edges get? Which trivial rule must your net beat, and how would you show
# that an advantage comes from the edges? A few sentences; a person reads them.

# %% [markdown] manual="which_graph" points=3
# ### BEGIN SOLUTION
# Nodes: pupils (features: earlier marks, age) and courses: heterogeneous. Edges: pupil
# takes course (undirected), sits beside (weighted by the number of lessons), writes to
# (directed, weighted by messages). A mean keeps proportions where one pupil has 3 and
# another 30 partners; a sum would measure how popular a pupil is. A pupil without edges
# gets zeros, or his or her own features, and that must be said. Trivial rules: the last
# mark, the mean of the class, the number of edges. Rewire the edges so that all degrees
# stay: an advantage that remains did not come from who knows whom. Test pupils must not
# be in the loss.
# ### END SOLUTION
