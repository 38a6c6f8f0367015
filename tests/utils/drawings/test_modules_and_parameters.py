"""The drawings of the lecture on modules show the nets and numbers they are given."""

import numpy as np
from torch import nn

from utils.drawings.modules_and_parameters import (
    go_or_stay,
    histories,
    knows,
    moves,
    pause,
    tree,
)


def test_the_tree_has_a_box_for_each_module_with_its_own_numbers():
    net = nn.Sequential(nn.Sequential(nn.Linear(3, 2), nn.ReLU()), nn.Linear(2, 5))
    (ax,) = tree(net).axes
    texts = [text.get_text() for text in ax.texts]
    assert len(texts) == len(list(net.modules())) == 5
    assert "0 Linear\nweight 6, bias 2" in texts and "1 ReLU" in texts
    assert "1 Linear\nweight 10, bias 5" in texts
    assert len(ax.lines) == 4  # a line from each child to its parent


def test_a_parent_stands_between_its_children_and_no_two_leaves_in_one_row():
    net = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1), nn.Linear(1, 1))
    (ax,) = tree(net).axes
    rows = {text.get_text().split()[0]: text.get_position()[1] for text in ax.texts}
    assert rows == {"0": 0, "1": 1, "2": 2, "Sequential": 1}


def test_moves_draws_each_number_and_says_0_where_nothing_moved():
    (ax,) = moves({"a": [0.1, 0.2], "b": [0.0, 0.4]}, ["first", "second"]).axes
    assert [bar.get_height() for bar in ax.patches] == [0.1, 0.0, 0.2, 0.4]
    assert [text.get_text() for text in ax.texts] == ["0"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]


def test_histories_shows_each_net_in_both_and_the_baseline_at_the_accuracy():
    a = {"train_loss": [2.0, 1.0, 0.5], "valid_accuracy": [0.3, 0.6, 0.9]}
    b = {"train_loss": [2.1, 2.0, 1.9], "valid_accuracy": [0.2, 0.3, 0.4]}
    left, right = histories({"a": a, "b": b}, 0.8).axes
    np.testing.assert_allclose(
        [line.get_ydata() for line in left.lines], [a["train_loss"], b["train_loss"]]
    )
    drawn = [line.get_ydata() for line in right.lines]
    np.testing.assert_allclose(drawn[:2], [a["valid_accuracy"], b["valid_accuracy"]])
    assert list(drawn[2]) == [0.8, 0.8]
    assert list(left.lines[0].get_xdata()) == [1, 2, 3]


def test_pause_begins_each_way_on_where_the_first_part_ended():
    (ax,) = pause([3.0, 2.0], {"a": [1.0, 0.5], "b": [2.5, 0.5]}).axes
    a, b, before, mark = ax.lines
    assert list(a.get_xdata()) == list(b.get_xdata()) == [2, 3, 4]
    assert list(a.get_ydata()) == [2.0, 1.0, 0.5]
    assert list(b.get_ydata()) == [2.0, 2.5, 0.5]
    assert (list(before.get_xdata()), list(before.get_ydata())) == ([1, 2], [3.0, 2.0])
    assert list(mark.get_xdata()) == [2, 2]


def test_knows_names_the_pixels_and_each_layer():
    (ax,) = knows({"before": [0.8, 0.7, 0.6], "trained": [0.8, 0.85, 0.9]}).axes
    drawn = [list(line.get_ydata()) for line in ax.lines]
    assert drawn == [[0.8, 0.7, 0.6], [0.8, 0.85, 0.9]]
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels == ["pixels", "layer 1", "layer 2"]


def test_go_or_stay_shows_both_ways_of_both_jobs_and_the_crossing():
    n = np.array([1.0, 10.0, 100.0])
    jobs = ["product, stay", "product, go", "sum, stay", "sum, go"]
    seconds = {name: (i + 1) * n for i, name in enumerate(jobs)}
    left, right = go_or_stay(n, seconds, 7.0).axes
    drawn = [line.get_ydata() for line in (*left.lines[:2], *right.lines)]
    np.testing.assert_allclose(drawn, list(seconds.values()))
    assert list(left.lines[2].get_xdata()) == [7.0, 7.0]
