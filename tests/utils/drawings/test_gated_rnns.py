import pytest
import torch

from utils.drawings import gated_rnns as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_list_sizes_writes_each_total_and_hatches_scripts():
    lists = {"A": ["x"], "B": ["x", "y", "z"]}
    (ax,) = drawings.list_sizes(lists, {"x", "z"}, ["Cyrillic", "Greek"]).axes
    assert texts(ax) == ["1, 1 shared", "3, 2 shared"]
    by_row = {round(bar.get_y() + 0.4): bar for bar in ax.patches}
    assert [by_row[i].get_width() for i in (0, 1)] == [1, 3]
    assert [by_row[i].get_hatch() for i in (0, 1)] == ["xx", "//"]


def test_gate_writes_every_number_and_scales_the_gate_alone_from_zero():
    rows = {"old": torch.tensor([0.5, -1.0]), "gate": torch.tensor([1.0, 0.25])}
    memory, gate = drawings.gate(rows).axes
    assert texts(memory) == ["0.50", "-1.00"] and texts(gate) == ["1.00", "0.25"]
    assert [ax.images[0].get_clim() for ax in (memory, gate)] == [(-1, 1), (0, 1)]


@pytest.mark.parametrize(
    ("draw", "gates", "arrows"), [(drawings.gru, 2, 13), (drawings.lstm, 3, 15)]
)
def test_cells_have_their_gates_and_arrows(draw, gates, arrows):
    (ax,) = draw().axes
    labels = texts(ax)
    assert sum("gate" in label for label in labels) == gates
    assert not any("#" in label for label in labels)
    assert sum(label == "" for label in labels) == arrows


def test_runs_have_a_marker_for_each_run_and_a_line_for_each_baseline():
    values = {"one": [0.1, 0.2], "two": [0.9, 1.0]}
    (ax,) = drawings.runs(values, {"guess": 0.125, "mode": 0.2}, "accuracy").axes
    markers = [list(line.get_xdata()) for line in ax.lines]
    assert markers == [[0.1, 0.2], [0.9, 1.0], [0.125, 0.125], [0.2, 0.2]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]


def test_padded_frames_the_last_letter_of_each_name():
    (ax,) = drawings.padded(["li", "smith"], 6).axes
    assert "".join(texts(ax)) == "li0000smith0"
    assert [(p.get_x(), p.get_y()) for p in ax.patches] == [(0.5, -0.5), (3.5, 0.5)]


def test_pairs_of_bars_stand_side_by_side_with_their_values():
    values = {"valid": {"RNN": 0.5, "GRU": 0.6}, "column": {"RNN": 0.1, "GRU": 0.2}}
    (ax,) = drawings.pairs_of_bars(values, ("majority", 0.05), "accuracy").axes
    assert texts(ax) == ["0.50", "0.60", "0.10", "0.20"]
    assert [bar.get_height() for bar in ax.patches] == [0.5, 0.6, 0.1, 0.2]
    assert list(ax.lines[0].get_ydata()) == [0.05, 0.05]
