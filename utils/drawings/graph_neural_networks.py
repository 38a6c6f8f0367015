"""Drawings of the chapter on graph neural networks: graphs, clouds of runs, blocks."""

import networkx as nx
import numpy as np
import torch

from utils import plots

MARKERS = "osD^vP"
SIDES = [("instructor", "#56B4E9", "o"), ("officers", "#E69F00", "s")]
UNKNOWN = ("?", "#dddddd", "D")


def club(ax, graph, place, side, large=(), wrong=(), title=""):
    """Draw the karate club, each member with its number, colour and shape by side.

    Args:
        ax: the axes to draw on.
        graph: the NetworkX graph.
        place: node -> (x, y).
        side: for each node 0, instructor; 1, officers; or 2, not known.
        large: nodes to draw large.
        wrong: nodes to put a ring around.
        title: of the axes.
    """
    nx.draw_networkx_edges(graph, place, ax=ax, edge_color="0.75")
    for k, (label, color, shape) in enumerate([*SIDES, UNKNOWN]):
        nodes = [v for v in graph if side[v] == k]
        sizes = [420 if v in large else 170 for v in nodes]
        style = {"node_color": color, "node_shape": shape, "label": label}
        if nodes:
            nx.draw_networkx_nodes(graph, place, nodes, sizes, ax=ax, **style)
    rings = {"node_color": "none", "edgecolors": "black", "linewidths": 2}
    nx.draw_networkx_nodes(graph, place, list(wrong), 420, ax=ax, **rings)
    nx.draw_networkx_labels(graph, place, font_size=7, ax=ax)
    ax.set_title(title)
    ax.axis("off")


def answers(axes, graph, place, sides, y, large=()):
    """Draw the club once for each net's answers, with a ring where one is wrong.

    Args:
        axes: as many axes as `sides` has entries.
        graph, place, large: as in `club`.
        sides: name -> (n,) the side it gives each node.
        y: (n,) the true sides; the nodes in `large` aren't counted in the title.
    """
    for ax, (name, side) in zip(axes, sides.items(), strict=True):
        wrong = (side != y).nonzero().ravel().tolist()
        asked = len(y) - len(large)
        title = f"{name}: {asked - len(wrong)} of {asked} right"
        club(ax, graph, place, side, large=large, wrong=wrong, title=title)


def messages(ax, graph, held, weights, to):
    """Draw the graph A, B, C, D and the messages that node `to` gets, with numbers.

    Args:
        ax: the axes to draw on.
        graph: four nodes named A to D, without self-loops.
        held: node -> the number it holds.
        weights: (4, 4) the normalised matrix; row: who hears.
        to: the node whose messages are shown.
    """
    spots = {"A": (0, 1), "B": (0, 0), "C": (1.5, 0.5), "D": (3, 0.5)}
    degree = {v: graph.degree[v] + 1 for v in graph}  # with the self-loop
    inside = {v: f"{v}: {held[v]:.0f}\ndegree {degree[v]}" for v in graph}
    look = {"node_size": 2400, "node_color": "#cfe3f1", "edgecolors": "#0072B2"}
    nx.draw_networkx_nodes(graph, spots, ax=ax, **look)
    nx.draw_networkx_labels(graph, spots, inside, font_size=9, ax=ax)
    apart = [pair for pair in graph.edges if to not in pair]
    nx.draw_networkx_edges(graph, spots, apart, edge_color="0.7", ax=ax)
    arrows = nx.DiGraph([(v, to) for v in graph.neighbors(to)])
    style = {"node_size": 2400, "width": 1.8, "arrowsize": 16}
    nx.draw_networkx_edges(arrows, spots, ax=ax, **style)
    got = {v: float(weights["ABCD".index(to), "ABCD".index(v)]) * held[v] for v in held}
    words = {
        (v, to): f"{held[v]:.0f}/√({degree[v]}·{degree[to]}) = {got[v]:.2f}"
        for v in graph.neighbors(to)
    }
    options = {"font_size": 9, "rotate": False, "ax": ax}
    nx.draw_networkx_edge_labels(arrows, spots, words, **options)
    itself = f"itself: {held[to]:.0f}/√({degree[to]}·{degree[to]}) = {got[to]:.2f}"
    x, y = spots[to]
    word = f"{itself}\nsum: {sum(got.values()):.2f}"
    ax.text(x, y - 0.48, word, ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.5, 3.5), ylim=(-0.5, 1.4))
    ax.axis("off")


def totals(axes, degree, ways):
    """Draw what each node speaks and hears in total, against its degree.

    Args:
        axes: two axes, the first for the sums of columns (who speaks).
        degree: (n,) degrees with the self-loops.
        ways: name -> (n, n) matrix; row: who hears, column: who speaks.
    """
    for ax, axis, word in [(axes[0], 0, "speaks"), (axes[1], 1, "hears")]:
        for (name, M), marker in zip(ways.items(), MARKERS, strict=False):
            style = {"ls": "none", "ms": 5, "alpha": 0.7, "label": name}
            ax.plot(degree, M.sum(dim=axis), marker, **style)
        ax.set(xlabel="degree with self-loop", title=f"how much a member {word}")
    axes[0].set_ylabel("total weight")
    axes[0].legend()


def waves(axes, graph, place, values, frequency):
    """Draw signals on a graph, one on each axes: colour by value, shape by sign.

    Args:
        axes: k axes.
        graph: the NetworkX graph of n nodes, numbered from 0.
        place: node -> (x, y).
        values: k -> (n,) the signal number k.
        frequency: (n,) the frequency of each signal.
    """
    for ax, (k, wave) in zip(axes, values.items(), strict=True):
        nx.draw_networkx_edges(graph, place, ax=ax, edge_color="0.75")
        limit = float(wave.abs().max())
        for shape, chosen in [("o", wave >= 0), ("s", wave < 0)]:
            nodes = chosen.nonzero().ravel().tolist()
            style = {"cmap": "PuOr", "vmin": -limit, "vmax": limit, "node_size": 110}
            style |= {"node_color": wave[nodes].tolist(), "edgecolors": "black"}
            style |= {"node_shape": shape, "ax": ax}
            nx.draw_networkx_nodes(graph, place, nodes, **style)
        ax.set_title(f"wave {k}, frequency {frequency[k]:.2f}")
        ax.axis("off")


def clouds(ax, values, ylabel, means_at=None):
    """Draw the runs of each setting as a cloud of points of its own shape.

    Args:
        ax: the axes to draw on.
        values: name -> (runs,) results, of 1 run or more.
        ylabel: what was measured, with the unit.
        means_at: height at which each cloud's mean is written; None: nowhere.
    """
    for k, (name, runs) in enumerate(values.items()):
        runs = torch.as_tensor(runs)
        x = k + (torch.linspace(-0.2, 0.2, len(runs)) if len(runs) > 1 else 0 * runs)
        ax.plot(x, runs, MARKERS[k], ls="none", ms=5, label=name)
        if means_at is not None:
            word = f"mean {runs.mean():.2f}"
            ax.text(k, means_at, word, ha="center", fontsize=9)
    ax.set_ylabel(ylabel)
    ax.set_xticks(range(len(values)), list(values))


def bands(ax, x, runs, xlabel, ylabel, chance=None):
    """Draw the mean of several runs as a line, in a band from the worst to the best.

    Args:
        ax: the axes to draw on.
        x: (k,) the common abscissa, on a scale of doublings.
        runs: name -> (k, runs) results.
        xlabel, ylabel: what the axes show.
        chance: where to draw a thin grey line; None: nowhere.
    """
    means = {name: values.mean(dim=1) for name, values in runs.items()}
    plots.curves(ax, x, means, xlabel, ylabel)
    for k, values in enumerate(runs.values()):
        low, high = values.amin(dim=1), values.amax(dim=1)
        ax.fill_between(x, low, high, color=f"C{k}", alpha=0.15)
    if chance is not None:
        ax.axhline(chance, color="gray", lw=0.8, ls="-")
    ax.set_xscale("log")
    ax.set_xticks(x, x)
    ax.minorticks_off()


def blocks(ax, edge_index, graph):
    """Draw the adjacency matrix of a batch, with lines between its graphs.

    Args:
        ax: the axes to draw on.
        edge_index: (2, E) the batch's edges, row 0 the sources.
        graph: (n,) to which graph each node belongs, in rising order.
    """
    A = torch.zeros(len(graph), len(graph))
    A[edge_index[1], edge_index[0]] = 1.0
    plots.heatmap(A, ax, "source", "target", colorbar=False, cmap="cividis")
    for end in graph.bincount().cumsum(0)[:-1].tolist():
        ax.axhline(end - 0.5, color="white", lw=1, ls="--")
        ax.axvline(end - 0.5, color="white", lw=1, ls="--")


def pairs(axes, graphs):
    """Draw pairs of graphs on circles, the nodes of both of a pair at the same places.

    Args:
        axes: an even number of axes.
        graphs: as many NetworkX graphs; the two of a pair follow each other.
    """
    for k, (ax, graph) in enumerate(zip(axes, graphs, strict=True)):
        order = np.random.default_rng(k // 2).permutation(len(graph)).tolist()
        spot = nx.circular_layout(order)
        nx.draw(graph, spot, ax=ax, node_size=40, node_color="C0", edge_color="0.4")
        word = "connected" if nx.is_connected(graph) else "in pieces"
        ax.set_title(f"{word}\n{graph.number_of_edges()} edges", fontsize=9)
