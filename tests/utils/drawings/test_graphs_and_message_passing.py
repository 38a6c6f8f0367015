"""Each drawing shows the numbers it was given, at their place."""

import networkx as nx
import torch

from utils import plots
from utils.drawings import graphs_and_message_passing as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def points(ax):
    """The scattered nodes of each group that was drawn."""
    return [group for group in ax.collections if len(group.get_offsets()) > 0]


def test_guests_are_dots_and_the_hidden_cell_a_question_mark():
    _, ax = plots.figure()
    B = torch.tensor([[1, 0], [1, 1]])
    drawings.guests(ax, B, ["Ann", "Bea"], ["E1", "E2"], hidden=(1, 0))
    (line,) = ax.lines
    assert sorted(zip(*line.get_data(), strict=True)) == [(0, 0), (1, 1)]
    (mark,) = ax.texts
    assert mark.get_text() == "?" and mark.get_position() == (0, 1)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Ann", "Bea"]


def test_without_a_hidden_cell_all_marks_are_dots():
    _, ax = plots.figure()
    drawings.guests(ax, torch.ones(2, 2), ["a", "b"], ["E1", "E2"])
    assert len(ax.lines[0].get_xdata()) == 4 and not ax.texts


def test_a_small_graph_has_its_names_and_weights():
    graph = nx.Graph()
    graph.add_edge("A", "B", weight=7)
    _, ax = plots.figure()
    drawings.small(ax, graph, {"A": (0, 0), "B": (1, 0)}, "two")
    assert sorted(texts(ax)) == ["7", "A", "B"] and ax.get_title() == "two"


def test_matrices_hold_their_numbers_and_names():
    _, axes = plots.figure(ncols=2)
    M = torch.tensor([[0.0, -1.0], [2.0, 0.0]])
    table = (M, ["a", "b"], ["c", "d"], "node", "edge")
    drawings.matrices(axes, {"one": table, "two": table})
    assert texts(axes[0]) == ["0", "-1", "2", "0"] and axes[1].get_title() == "two"
    assert [t.get_text() for t in axes[0].get_xticklabels()] == ["c", "d"]
    assert axes[0].get_ylabel() == "node"


def test_the_largest_nodes_of_a_novel_have_names():
    graph = nx.star_graph(["hub", "a", "b"])
    _, ax = plots.figure()
    place = {"hub": (0, 0), "a": (1, 0), "b": (0, 1)}
    drawings.novel(ax, graph, place, dict(graph.degree), "degree", named=1)
    assert texts(ax) == ["hub"]
    sizes = points(ax)[-1].get_sizes()
    assert sizes[0] > sizes[1] == sizes[2]


def test_three_steps_write_sum_and_update():
    graph = nx.DiGraph(["AC", "BC", "CA"])
    spots = {"A": (0, 1), "B": (0, 0), "C": (1, 0)}
    _, axes = plots.figure(ncols=3)
    drawings.three_steps(axes, graph, spots, {"A": 3.0, "B": 5.0, "C": 1.0}, "C")
    assert "A: 3  C: 1  B: 5" in texts(axes[0]) and {"3", "5"} < set(texts(axes[0]))
    assert "3 + 5 = 8" in texts(axes[1]) and "1 + 0.5 · 8 = 5" in texts(axes[2])
    assert [ax.get_title() for ax in axes] == ["1. select", "2. aggregate", "3. update"]


def test_points_above_the_diagonal_are_counted():
    _, ax = plots.figure()
    own, theirs = torch.tensor([1.0, 2.0, 5.0]), torch.tensor([3.0, 4.0, 5.0])
    drawings.against_neighbours(ax, own, theirs)
    labels = [line.get_label() for line in ax.lines]
    assert labels[:2] == ["above the line: 2", "not above the line: 1"]
    assert ax.lines[1].get_xdata().tolist() == [5.0]


def test_neighbourhoods_show_numbers_and_results():
    _, axes = plots.figure(ncols=2)
    result = {"sum": (6.0, 4.0), "max": (4.0, 4.0)}
    drawings.neighbourhoods(axes, [([2, 4], [4])], [result])
    assert [ax.get_title() for ax in axes] == [
        "pair 1\nsum 6\nmax 4",
        "pair 1\nsum 4\nmax 4",
    ]
    assert sorted(texts(axes[0])) == ["", "2", "4"]


def test_rounds_count_whom_they_reached():
    graph = nx.path_graph(3)
    _, axes = plots.figure(ncols=2)
    reached = {
        0: torch.tensor([True, False, False]),
        1: torch.tensor([True, True, False]),
    }
    drawings.rounds(axes, graph, {v: (v, 0) for v in graph}, reached, 0)
    titles = [ax.get_title() for ax in axes]
    assert titles == ["rounds: 0, reached 1", "rounds: 1, reached 2"]
    assert points(axes[1])[-2].get_offsets()[:, 0].tolist() == [0, 1]


def test_bars_are_means_with_the_spread():
    _, ax = plots.figure()
    values = {"a": torch.tensor([[0.5, 1.0]]), "b": torch.tensor([[0.25, 0.25]])}
    drawings.bars(ax, values, "R²", ["one"])
    assert [bar.get_height() for bar in ax.patches] == [0.75, 0.25]
    assert texts(ax) == ["0.75", "0.25"]


def test_scores_stand_beside_the_cloud_of_rewired_ones():
    _, ax = plots.figure()
    clouds = {"y": torch.tensor([0.5, 0.6])}
    drawings.scores(ax, {"x": 0.7, "y": 0.9}, clouds, chance=0.5)
    assert texts(ax) == ["0.70", "0.90"]
    heights = [list(map(float, line.get_ydata())) for line in ax.lines]
    assert [0.7] in heights and [0.9] in heights
    assert any(abs(h[0] - 0.5) + abs(h[-1] - 0.6) < 1e-6 for h in heights)


def test_the_family_has_its_branches_and_their_models():
    _, ax = plots.figure()
    drawings.family(ax, {"one": ["a", "b"], "two": ["c"]})
    assert texts(ax)[1:] == ["one", "a\nb", "two", "c"]
