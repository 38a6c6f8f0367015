"""Graphs that the course makes up, as NetworkX graphs."""

import networkx as nx
import numpy as np


def connected_pairs(num_pairs, seed=0):
    """Return pairs of graphs that are alike but for being in two pieces or in one.

    The first of a pair is two random connected parts side by side, of 3 to 7 nodes
    each. The second is the first after a few double edge swaps, uv and xw become ux and
    vw, which keep every node's degree, and it is connected.

    Args:
        num_pairs: how many pairs.
        seed: of all that is drawn.

    Returns:
        list of (apart, joined), `nx.Graph` with the nodes 0, 1, ...
    """
    rng = np.random.default_rng(seed)
    pairs = []
    while len(pairs) < num_pairs:
        apart = nx.disjoint_union(_part(rng), _part(rng))
        joined = apart.copy()
        for _ in range(6):
            _swap(joined, rng)
        if nx.is_connected(joined):
            pairs.append((apart, joined))
    return pairs


def _part(rng):
    """A random connected graph of 3 to 7 nodes."""
    while True:
        size = int(rng.integers(3, 8))
        most = min(size * (size - 1) // 2, 2 * size)
        edges = int(rng.integers(size - 1, most + 1))
        graph = nx.gnm_random_graph(size, edges, seed=int(rng.integers(2**31)))
        if nx.is_connected(graph):
            return graph


def _swap(graph, rng):
    """Swap the ends of two random edges in place, where both new ones are new."""
    edges = list(graph.edges)
    (u, v), (x, w) = (edges[i] for i in rng.choice(len(edges), 2, replace=False))
    is_new = not (graph.has_edge(u, x) or graph.has_edge(v, w))
    if len({u, v, x, w}) == 4 and is_new:
        graph.remove_edges_from([(u, v), (x, w)])
        graph.add_edges_from([(u, x), (v, w)])
