"""Each drawing shows the numbers it was given, at their place."""

import networkx as nx
import torch

from utils import plots
from utils.drawings import graph_neural_networks as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def points(ax):
    """The scattered nodes of each group that was drawn."""
    return [group for group in ax.collections if len(group.get_offsets()) > 0]


def test_the_club_shows_sides_by_label_and_a_ring_where_wrong():
    graph = nx.path_graph(4)
    place = {v: (v, 0) for v in graph}
    _, ax = plots.figure()
    drawings.club(ax, graph, place, [0, 1, 1, 2], large=[3], wrong=[2], title="four")
    labels = {g.get_label(): g.get_offsets()[:, 0].tolist() for g in ax.collections}
    assert labels["instructor"] == [0] and labels["officers"] == [1, 2]
    assert labels["?"] == [3]
    (large,) = [g for g in ax.collections if g.get_label() == "?"]
    (small,) = [g for g in ax.collections if g.get_label() == "instructor"]
    assert large.get_sizes()[0] > small.get_sizes()[0]
    ring = points(ax)[-1]
    assert ring.get_offsets()[:, 0].tolist() == [2] and len(ring.get_facecolor()) == 0
    assert ax.get_title() == "four" and texts(ax) == ["0", "1", "2", "3"]


def test_answers_are_counted_without_the_large_nodes():
    graph = nx.path_graph(4)
    _, axes = plots.figure(ncols=2)
    y, place = torch.tensor([0, 0, 1, 1]), {v: (v, 0) for v in graph}
    sides = {"good": y, "poor": torch.tensor([0, 1, 0, 1])}
    drawings.answers(axes, graph, place, sides, y, large=torch.tensor([0, 3]))
    assert [ax.get_title() for ax in axes] == [
        "good: 2 of 2 right",
        "poor: 0 of 2 right",
    ]
    assert points(axes[1])[-1].get_offsets()[:, 0].tolist() == [1, 2]


def test_the_messages_of_a_node_are_written_with_their_sum():
    graph = nx.Graph(["AB", "AC", "BC", "CD"])
    held = {"A": 1.0, "B": 2.0, "C": 4.0, "D": 8.0}
    weights = torch.zeros(4, 4)
    weights[2] = torch.tensor([0.5, 0.25, 0.125, 1.0])
    _, ax = plots.figure()
    drawings.messages(ax, graph, held, weights, "C")
    words = texts(ax)
    assert "1/√(3·4) = 0.50" in words and "8/√(2·4) = 8.00" in words
    assert "itself: 4/√(4·4) = 0.50\nsum: 9.50" in words
    assert "B: 2\ndegree 3" in words


def test_totals_are_those_of_columns_left_and_of_rows_right():
    _, axes = plots.figure(ncols=2)
    M = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    drawings.totals(axes, torch.tensor([2.0, 5.0]), {"way": M})
    left, right = (ax.lines[0] for ax in axes)
    assert left.get_ydata().tolist() == [4, 6] and right.get_ydata().tolist() == [3, 7]
    assert left.get_xdata().tolist() == [2, 5] and left.get_label() == "way"


def test_a_wave_has_circles_where_it_is_positive():
    graph = nx.path_graph(3)
    _, ax = plots.figure()
    wave = torch.tensor([0.5, -1.0, 0.25])
    place = {v: (v, 0) for v in graph}
    drawings.waves([ax], graph, place, {1: wave}, torch.tensor([0.0, 0.13]))
    above, below = points(ax)[-2:]
    assert above.get_offsets()[:, 0].tolist() == [0, 2]
    assert below.get_offsets()[:, 0].tolist() == [1]
    assert above.get_clim() == (-1, 1) and ax.get_title() == "wave 1, frequency 0.13"


def test_clouds_hold_every_run_and_their_mean():
    _, ax = plots.figure()
    values = {"a": torch.tensor([0.25, 0.75]), "b": [1.0]}
    drawings.clouds(ax, values, "accuracy", means_at=0.1)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.25, 0.75], [1.0]]
    assert ax.lines[1].get_xdata().tolist() == [1.0]
    assert texts(ax) == ["mean 0.50", "mean 1.00"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "b"]
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()


def test_a_band_reaches_from_the_worst_run_to_the_best():
    _, ax = plots.figure()
    runs = {"plain": torch.tensor([[0.5, 1.0], [0.25, 0.75]])}
    drawings.bands(ax, [1, 2], runs, "layers", "accuracy", chance=0.5)
    assert ax.lines[0].get_ydata().tolist() == [0.75, 0.5]
    assert ax.lines[1].get_ydata() == [0.5, 0.5]
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.min() == 0.25 and heights.max() == 1.0


def test_lines_stand_between_the_graphs_of_a_batch():
    _, ax = plots.figure()
    edge_index = torch.tensor([[0, 2], [1, 3]])
    drawings.blocks(ax, edge_index, torch.tensor([0, 0, 1, 1, 1]))
    A = torch.as_tensor(ax.images[0].get_array())
    assert A.nonzero().tolist() == [[1, 0], [3, 2]]
    assert {tuple(line.get_ydata()) for line in ax.lines} >= {(1.5, 1.5)}


def test_pairs_say_whether_they_are_in_one_piece():
    _, axes = plots.figure(ncols=2)
    apart = nx.disjoint_union(nx.cycle_graph(3), nx.cycle_graph(3))
    drawings.pairs(axes, [apart, nx.cycle_graph(6)])
    titles = [ax.get_title() for ax in axes]
    assert titles == ["in pieces\n6 edges", "connected\n6 edges"]
    places = [sorted(points(ax)[-1].get_offsets().tolist()) for ax in axes]
    assert places[0] == places[1]
