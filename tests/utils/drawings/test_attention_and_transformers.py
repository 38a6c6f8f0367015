"""Each drawing shows the numbers it was given, at their place."""

import torch

from utils import plots
from utils.drawings import attention_and_transformers as drawings


def ticks(labels):
    return [label.get_text() for label in labels]


def test_the_weights_of_one_query_stand_left_and_the_curves_right():
    _, axes = plots.figure(ncols=2)
    keys, x = torch.tensor([0.0, 1.0]), torch.tensor([0.0, 2.0, 4.0])
    weights = torch.tensor([[1.0, 0.0], [0.25, 0.75], [0.0, 1.0]])
    smooth = {"narrow": (torch.tensor([5.0, 6.0, 7.0]), weights)}
    drawings.regression(axes, keys, torch.tensor([3.0, 4.0]), x, smooth, row=1)
    assert axes[0].lines[0].get_ydata().tolist() == [0.25, 0.75]
    assert "x = 2" in axes[0].get_ylabel()
    assert axes[1].lines[0].get_ydata().tolist() == [5, 6, 7]
    assert axes[1].collections[0].get_offsets().tolist() == [[0, 3], [1, 4]]


def test_a_mask_is_drawn_with_queries_down():
    _, axes = plots.figure(ncols=2)
    mask = torch.tensor([[True, False], [True, True]])
    drawings.masks(axes, {"causal": mask, "none": ~mask})
    assert axes[0].get_title() == "causal"
    assert torch.as_tensor(axes[0].images[0].get_array()).tolist() == [[1, 0], [1, 1]]


def test_products_are_drawn_around_each_query():
    _, axes = plots.figure(ncols=2)
    scores = torch.arange(25.0).reshape(5, 5)
    P = torch.rand(5, 4)
    drawings.encoding(axes, P, {"bare": scores}, queries=(1, 3), reach=1)
    first, second = axes[1].lines[:2]
    assert first.get_ydata().tolist() == [5, 6, 7]
    assert second.get_ydata().tolist() == [17, 18, 19]
    assert first.get_xdata().tolist() == [-1, 0, 1] and axes[1].get_title() == "bare"


def test_learning_shows_both_parts_and_the_floor():
    _, axes = plots.figure(ncols=2)
    history = {"train_loss": [2.0, 1.0], "valid_loss": [2.5, 1.5]}
    history |= {"train_exact": [0.0, 0.5], "valid_exact": [0.25, 0.75]}
    drawings.learning(axes, history, floor=0.7)
    assert [line.get_ydata()[-1] for line in axes[0].lines[:2]] == [1.0, 1.5]
    assert axes[0].lines[2].get_ydata() == [0.7, 0.7]
    assert axes[1].lines[1].get_ydata().tolist() == [0.25, 0.75]


def test_the_mean_stands_before_the_heads():
    fig, axes = plots.figure(ncols=3)
    weights = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    drawings.heads(fig, axes, weights, "91", ["-onze"])
    assert torch.as_tensor(axes[0].images[0].get_array()).tolist() == [[0.5, 0.5]]
    assert torch.as_tensor(axes[2].images[0].get_array()).tolist() == [[0, 1]]
    assert [ax.get_title() for ax in axes[:3]] == ["mean", "head 0", "head 1"]
    assert ticks(axes[0].get_xticklabels()) == ["9", "1"]
    assert ticks(axes[0].get_yticklabels()) == ["-onze"]


def test_the_translator_has_two_towers_and_five_residual_connections():
    _, ax = plots.figure()
    drawings.translator(ax)
    words = [text.get_text() for text in ax.texts]
    assert words.count("+") == 5 and words.count("twice") == 2
    assert {"digits", "norm: memory", "norm, cross-attention", "next word"} <= {*words}
