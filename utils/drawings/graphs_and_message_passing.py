"""Drawings of the chapter on graphs: matrices, messages, walks, a family tree."""

import networkx as nx
import numpy as np
import torch

from utils import plots

NODE = {"node_color": "#cfe3f1", "edgecolors": "#0072B2"}
CALM = "#dddddd"


def guests(ax, B, women, events, hidden=None):
    """Draw who came to what as a table of dots, one of its cells a question mark.

    Args:
        ax: the axes to draw on.
        B: (women, events) 1 where she came.
        women, events: the names of rows and columns.
        hidden: (row, column) of the cell to hide; None: none.
    """
    rows, columns = torch.as_tensor(B).nonzero().T
    seen = torch.ones(len(rows), dtype=torch.bool)
    if hidden is not None:
        seen = (rows != hidden[0]) | (columns != hidden[1])
        ax.text(hidden[1], hidden[0], "?", ha="center", va="center", weight="bold")
    ax.plot(columns[seen], rows[seen], "o", ms=6)
    ax.set_yticks(range(len(women)), women, fontsize=8)
    ax.set_xticks(range(len(events)), events, fontsize=8)
    ax.invert_yaxis()
    ax.set(xlabel="event", ylabel="woman")


def small(ax, graph, spots, title="", numbers=None):
    """Draw a small graph: names in the nodes, weights or `numbers` on the edges.

    Args:
        ax: the axes to draw on.
        graph: a NetworkX graph; where it is directed, edges are bent arrows.
        spots: node -> (x, y).
        title: of the axes.
        numbers: edge -> what to write on it; by default its weight, if it has one.
    """
    style = {"node_size": 420, "ax": ax}
    nx.draw_networkx_nodes(graph, spots, **NODE, **style)
    nx.draw_networkx_labels(graph, spots, font_size=10, ax=ax)
    bend = {"connectionstyle": "arc3,rad=0.15"} if graph.is_directed() else {}
    nx.draw_networkx_edges(graph, spots, edge_color="0.4", **bend, **style)
    words = nx.get_edge_attributes(graph, "weight") if numbers is None else numbers
    options = {"font_size": 9, "rotate": False, "ax": ax}
    nx.draw_networkx_edge_labels(graph, spots, words, **options, **bend)
    ax.set_title(title)
    ax.margins(0.2)
    ax.axis("off")


def matrices(axes, tables):
    """Draw matrices with their numbers, one on each axes, in one scale of colours.

    Args:
        axes: as many axes as `tables` has entries.
        tables: title -> (matrix, row names, column names, what rows are, what
            columns are).
    """
    for ax, (title, (M, rows, columns, ylabel, xlabel)) in zip(
        axes, tables.items(), strict=True
    ):
        limit = max(float(torch.as_tensor(M).abs().max()), 1.0)
        look = {"cmap": "RdBu", "vmin": -1.6 * limit, "vmax": 1.6 * limit}
        plots.heatmap(M, ax, xlabel, ylabel, fmt=".0f", colorbar=False, **look)
        ax.set_xticks(range(len(columns)), columns)
        ax.set_yticks(range(len(rows)), rows)
        ax.set_title(title)


def novel(ax, graph, place, values, label, named=8):
    """Draw a large graph: nodes as large as their value, the largest with names.

    Args:
        ax: the axes to draw on.
        graph: a NetworkX graph.
        place: node -> (x, y).
        values: node -> a number, 0 or more.
        label: what the values are, for the scale of colours.
        named: how many of the nodes get their name written.
    """
    nx.draw_networkx_edges(graph, place, ax=ax, edge_color="0.8")
    numbers = [values[v] for v in graph]
    sizes = [30 + 400 * value / max(numbers) for value in numbers]
    look = {"node_color": numbers, "cmap": "cividis", "edgecolors": "black"}
    nodes = nx.draw_networkx_nodes(graph, place, node_size=sizes, ax=ax, **look)
    top = sorted(graph, key=values.get, reverse=True)[:named]
    frame = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1}
    names = {v: v for v in top}
    spots = {v: (place[v][0], place[v][1] + 0.07) for v in top}
    nx.draw_networkx_labels(graph, spots, names, font_size=8, bbox=frame, ax=ax)
    ax.figure.colorbar(nodes, ax=ax, label=label)
    ax.axis("off")


def three_steps(axes, graph, spots, held, to):
    """Draw select, aggregate and update at one node, one on each axes.

    Args:
        axes: three axes.
        graph: a directed NetworkX graph.
        spots: node -> (x, y).
        held: node -> the number it holds.
        to: the node that is followed; its update adds half of what it got.
    """
    sources = list(graph.predecessors(to))
    total = sum(held[v] for v in sources)
    into = {(v, to): f"{held[v]:g}" for v in sources}
    after = held[to] + 0.5 * total
    words = [f"{v}: {held[v]:g}" for v in graph]
    steps = [
        ("1. select", into, "  ".join(words)),
        ("2. aggregate", into, " + ".join(into.values()) + f" = {total:g}"),
        ("3. update", {}, f"{held[to]:g} + 0.5 · {total:g} = {after:g}"),
    ]
    for ax, (title, numbers, below) in zip(axes, steps, strict=True):
        faint = nx.DiGraph(edge for edge in graph.edges if edge not in into)
        faint.add_nodes_from(graph)
        small(ax, faint, spots, title, {})
        style = {"node_size": 420, "connectionstyle": "arc3,rad=0.15", "ax": ax}
        width = 2.2 if numbers else 0.8
        look = {"edge_color": "#D55E00" if numbers else "0.4", "width": width}
        nx.draw_networkx_edges(graph, spots, list(into), **look, **style)
        options = {"font_size": 9, "rotate": False, "ax": ax}
        options["connectionstyle"] = "arc3,rad=0.15"
        nx.draw_networkx_edge_labels(graph, spots, numbers, **options)
        nx.draw_networkx_nodes(graph, spots, [to], 420, "#E69F00", ax=ax)
        ax.text(0.5, -0.08, below, transform=ax.transAxes, ha="center", weight="bold")


def against_neighbours(ax, own, theirs):
    """Draw each node's value against the mean of its neighbours', with the diagonal.

    Args:
        ax: the axes to draw on.
        own: (n,) values.
        theirs: (n,) the means over the neighbours.
    """
    above = theirs > own
    for chosen, marker, word in [(above, "o", "above"), (~above, "s", "not above")]:
        name = f"{word} the line: {int(chosen.sum())}"
        ax.plot(own[chosen], theirs[chosen], marker, ls="none", alpha=0.6, label=name)
    top = float(max(own.max(), theirs.max()))
    ax.plot([0, top], [0, top], "k--", lw=1)
    ax.set(xlabel="own acquaintances", ylabel="mean of the acquaintances'")
    ax.legend()


def neighbourhoods(axes, pairs, results):
    """Draw pairs of neighbourhoods as stars, with what each aggregation makes of them.

    Args:
        axes: two axes a pair.
        pairs: a list of (list of the neighbours' numbers, another such list).
        results: for each pair, name of an aggregation -> (value, other value).
    """
    for k, (pair, found) in enumerate(zip(pairs, results, strict=True)):
        for side, values in enumerate(pair):
            ax, star = axes[2 * k + side], nx.star_graph(len(values))
            turn = 2 * np.pi / len(values)
            spots = {
                i + 1: (np.sin(i * turn), np.cos(i * turn)) for i in range(len(values))
            }
            spots[0] = (0, 0)
            colors = ["#E69F00"] + ["#cfe3f1"] * len(values)
            look = {"node_color": colors, "edgecolors": "black", "node_size": 330}
            names = {0: "", **{i + 1: f"{v:g}" for i, v in enumerate(values)}}
            nx.draw(star, spots, ax=ax, labels=names, font_size=9, **look)
            lines = [f"{name} {v[side]:.3g}" for name, v in found.items()]
            ax.set_title("\n".join([f"pair {k + 1}", *lines]), fontsize=9)
            ax.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5))


def rounds(axes, graph, place, reached, start):
    """Draw whom a message has reached after each number of rounds, one an axes.

    Args:
        axes: as many as there are entries in `reached`.
        graph, place: the NetworkX graph and node -> (x, y).
        reached: number of rounds -> (n,) bool, in the order of the graph's nodes.
        start: the node where the message starts.
    """
    for ax, (k, here) in zip(axes, reached.items(), strict=True):
        nx.draw_networkx_edges(graph, place, ax=ax, edge_color="0.75")
        for shape, color, wanted in [("s", "#E69F00", True), ("o", CALM, False)]:
            nodes = [v for v, r in zip(graph, here, strict=True) if bool(r) == wanted]
            look = {"node_shape": shape, "node_color": color, "edgecolors": "black"}
            nx.draw_networkx_nodes(graph, place, nodes, 35, ax=ax, **look)
        spot = {start: (place[start][0], place[start][1] - 0.16)}
        nx.draw_networkx_labels(graph, spot, {start: start}, font_size=8, ax=ax)
        ax.set_title(f"rounds: {k}, reached {int(sum(here))}")
        ax.margins(0.15)
        ax.axis("off")


def bars(ax, values, ylabel, names):
    """Draw for each group a bar per name, each with its number, and with its spread.

    Args:
        ax: the axes to draw on.
        values: name -> (groups, runs) results.
        ylabel: what was measured.
        names: the groups, in their order.
    """
    width = 0.8 / len(values)
    for k, (name, runs) in enumerate(values.items()):
        runs = torch.as_tensor(runs).numpy()
        mean = runs.mean(axis=1)
        x = np.arange(len(names)) + (k - (len(values) - 1) / 2) * width
        spread = [mean - runs.min(axis=1), runs.max(axis=1) - mean]
        style = {"label": name, "hatch": ["", "//", "..", "xx"][k % 4]}
        ax.bar(x, mean, width * 0.92, yerr=spread, capsize=2, edgecolor="w", **style)
        for place, value, top in zip(x, mean, runs.max(axis=1), strict=True):
            ax.text(place, max(top, 0) + 0.03, f"{value:.2f}", ha="center", size=8)
    ax.set_xticks(range(len(names)), names)
    ax.set_ylabel(ylabel)
    ax.legend(fontsize=8)


def scores(ax, real, rewired, chance):
    """Draw each rule's score on the real table, beside a cloud from rewired ones.

    Args:
        ax: the axes to draw on.
        real: name -> a number.
        rewired: name -> (runs,) numbers, for some of the names.
        chance: where to draw a thin grey line.
    """
    for k, value in enumerate(real.values()):
        ax.plot(k, value, "o", ms=9, color="C0", label="real" if k == 0 else None)
        ax.text(k + 0.12, value, f"{value:.2f}", va="center", fontsize=9)
    for label, (name, runs) in zip(
        ["rewired", *[None] * len(rewired)], rewired.items(), strict=False
    ):
        x = list(real).index(name) - torch.linspace(0.12, 0.3, len(runs))
        ax.plot(x, runs, "D", ms=4, color="C1", label=label)
    ax.axhline(chance, color="gray", lw=0.8)
    ax.set_xticks(range(len(real)), list(real))
    ax.set(xlim=(-0.6, len(real) - 0.3), ylabel="AUC")
    ax.legend()


def family(ax, branches):
    """Draw a family tree: a root, its branches, and the models on each of them.

    Args:
        ax: the axes to draw on.
        branches: name of a branch -> list of lines about its models.
    """
    box = {"boxstyle": "round", "facecolor": "#cfe3f1", "edgecolor": "#0072B2"}
    leaf = {"boxstyle": "round", "facecolor": "white", "edgecolor": "0.5"}
    middle = (len(branches) - 1) / 2
    ax.text(middle, 2, "one round:\nselect, aggregate, update", bbox=box, ha="center")
    for k, (name, lines) in enumerate(branches.items()):
        ax.plot([middle, k], [1.93, 1.32], color="0.5", lw=1, ls="-")
        ax.plot([k, k], [1.2, 0.9], color="0.5", lw=1, ls="-")
        ax.text(k, 1.2, name, bbox=box, ha="center", weight="bold", fontsize=9)
        text = {"ha": "center", "va": "top", "fontsize": 8}
        ax.text(k, 0.85, "\n".join(lines), bbox=leaf, **text)
    ax.set(xlim=(-0.55, len(branches) - 0.45), ylim=(-0.1, 2.4))
    ax.axis("off")
