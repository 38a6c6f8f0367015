import torch

from utils.drawings import rnn as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_unrolled_has_a_column_a_step_and_a_row_a_layer():
    (ax,) = drawings.unrolled(["a", "b", "c"], ["x", "y", "z"], num_layers=2).axes
    found = texts(ax)
    assert {"a", "b", "c", "x", "y", "z"} <= set(found)
    assert found.count("$W_h$") == 3 and found.count("$W_x$") == 3
    assert {"$h_{0}^{(1)}$", "$h_{3}^{(2)}$"} <= set(found)


def test_one_layer_needs_no_number():
    (ax,) = drawings.unrolled(["a"], ["x"]).axes
    assert {"$h_{0}$", "$h_{1}$", "$W_o$"} <= set(texts(ax))


def test_a_stream_shows_each_letter_and_makes_spaces_visible():
    (ax,) = drawings.stream([["ab", "c "], ["de", "\nf"]]).axes
    assert texts(ax) == [*"abc·", "batch 1", *"de¶f", "batch 2"]
    assert len(ax.patches) == 4
    assert [label.get_text() for label in ax.get_yticklabels()] == ["row 0", "row 1"]


def test_runs_of_a_name_share_a_label_and_differ_from_others_by_dash():
    pair = (torch.tensor([3.0, 2.0]), torch.tensor([1.0, 5.0]))
    runs = {"wild": [pair, pair], "tame": [pair]}
    left, right = drawings.clipped_and_not(runs, ("baseline", 2.5)).axes
    labels = [line.get_label() for line in left.lines]
    assert labels[0] == "wild" and labels[1].startswith("_")
    assert labels[2:] == ["tame", "baseline"]
    assert left.lines[0].get_linestyle() != left.lines[2].get_linestyle()
    assert list(right.lines[0].get_ydata()) == [1, 5]
    assert left.get_yscale() == right.get_yscale() == "log"


def test_bars_carry_their_numbers_and_marked_ones_a_hatch():
    (ax,) = drawings.bars({"a": 2.0, "b": 4.5}, "perplexity", ".1f", ("b",)).axes
    assert texts(ax) == [" 2.0", " 4.5"]
    assert [bar.get_hatch() for bar in ax.patches] == [None, "//"]
    assert ax.get_xlabel() == "perplexity"
