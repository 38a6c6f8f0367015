import torch

from utils import plots
from utils.drawings import state_space_models as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_responses_are_cut_off_beyond_the_true_curve():
    t = torch.arange(5.0)
    _, axes = plots.figure(ncols=2)
    drawn = {"good": t / 4, "wild": 100 * t}
    drawings.responses(axes, t, t > 2, t / 4, drawn)
    assert axes[1].get_ylim() == (-2, 2)
    labels = [text.get_text() for text in axes[1].get_legend().get_texts()]
    assert labels == ["true", "good", "wild"]


def test_rounds_of_a_scan_double_what_each_position_has():
    _, ax = plots.figure()
    drawings.rounds(ax, 4)
    told = [text for text in texts(ax) if text]
    assert told[:5] == ["steps", "0", "1", "2", "3"]
    assert told[5:10] == ["round 1", "0", "0-1", "1-2", "2-3"]
    assert told[10:] == ["round 2", "0", "0-1", "0-2", "0-3"]
    assert texts(ax).count("") == 3 + 2  # arrows


def test_masks_have_a_letter_for_each_row_and_column():
    _, axes = plots.figure(ncols=2)
    named = {"one": torch.eye(3), "two": torch.ones(3, 3)}
    drawings.masks(axes, named, "ab·")
    for ax, title in zip(axes, named, strict=True):
        assert ax.get_title() == title
        assert [label.get_text() for label in ax.get_xticklabels()] == list("ab·")


def test_a_block_has_two_paths_and_one_selective_layer():
    _, ax = plots.figure()
    drawings.block(ax)
    told = texts(ax)
    assert told.count("SiLU") == 2 and told.count("selective\nSSM") == 1
    assert told.index("conv") < told.index("selective\nSSM") < told.index("product")


def test_shares_stand_side_by_side_with_a_dot_for_each_net():
    _, ax = plots.figure()
    means = {"a": torch.tensor([[1.0, 0.5]]), "b": torch.tensor([[0.2, 0.4]])}
    drawings.shares(ax, means, 0.25)
    heights = [round(bar.get_height(), 2) for bar in ax.patches]
    assert heights == [1.0, 0.5, 0.2, 0.4]
    assert len(ax.lines) == 3  # two nets and the line of guessing


def test_inside_shows_the_rows_that_ask():
    _, axes = plots.figure(ncols=2)
    drawings.inside(axes, torch.rand(4), torch.rand(4, 4) + 0.1, ["A", "·", "1", "2"])
    assert [bar.get_x() for bar in axes[0].patches] == [-0.4, 0.6, 1.6, 2.6]
    assert axes[1].images[0].get_array().shape == (2, 4)
    assert [label.get_text() for label in axes[1].get_yticklabels()] == ["1", "2"]
