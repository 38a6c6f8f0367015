"""Chapter 28's figures show what they are given."""

import matplotlib as mpl
import pytest
import torch

from utils import plots
from utils.drawings import region_cnn as drawings

IMAGE = torch.full((3, 20, 30), 0.5)
BOX = torch.tensor([4.0, 3, 14, 11])


@pytest.fixture(autouse=True)
def style():
    """The course's style, in which figures are laid out; put back afterwards."""
    with mpl.rc_context():
        plots.use_style()
        yield


def test_costs_are_written_on_their_bars():
    (ax,) = drawings.costs({"slow": 3e12, "fast": 4e10}).axes
    assert [bar.get_width() for bar in ax.patches] == [3e12, 4e10]
    assert {text.get_text() for text in ax.texts} == {"3,000 G", "40 G"}


def test_a_rounded_box_is_drawn_beside_the_box_for_each_stride():
    others = [BOX.round(), torch.tensor([0.0, 0, 16, 8])]
    fig = drawings.rounded_boxes(IMAGE, BOX, [4, 8], others)
    for ax, other in zip(fig.axes, others, strict=True):
        true, dashed = ax.patches
        assert (true.get_x(), true.get_width()) == (4, 10)
        assert (
            dashed.get_linestyle() == "--" and dashed.get_width() == other[2] - other[0]
        )


def test_a_mask_tints_its_own_pixels_alone():
    masks = torch.zeros(1, 20, 30, dtype=torch.bool)
    masks[0, 5:9, 6:12] = True
    fig = drawings.masks_on([(IMAGE, masks, masks)])
    shown = torch.tensor(fig.axes[1].images[0].get_array())[2::4, 2::4]
    differs = (shown - shown[0, 0]).abs().sum(dim=-1) > 0
    assert torch.equal(differs, masks[0])


def test_stages_say_how_many_boxes_each_has():
    fig = drawings.stages([(IMAGE, BOX.repeat(3, 1), BOX[None], ["7"])])
    assert [ax.get_title() for ax in fig.axes] == ["3 proposals", "1 boxes"]


def test_each_run_is_a_dot_on_the_bar_of_its_mean():
    (ax,) = drawings.mean_bars({"a": [1.0, 3.0], "b": [5.0]}, "mAP").axes
    assert [bar.get_height() for bar in ax.patches] == [2, 5]
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 1]
