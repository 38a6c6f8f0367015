"""Chapter 29's figures show the numbers that they are given, each in its place."""

import numpy as np
import pytest
import torch

from utils.drawings import segmentation


def texts(ax):
    return [text.get_text() for text in ax.texts]


def legend(owner):
    (found,) = owner.legends if hasattr(owner, "legends") else [owner.get_legend()]
    return [text.get_text() for text in found.get_texts()]


def test_touching_instances_are_parted_by_an_outline_in_the_third_panel_only():
    instances = np.zeros((6, 8), dtype=int)
    instances[1:5, 1:4], instances[1:5, 4:7] = 1, 2
    fig = segmentation.two_segmentations(np.ones((6, 8)), instances)
    semantic, outlined = (ax.images[0].get_array() for ax in fig.axes[1:])
    assert semantic[2, 2:6].tolist() == [1, 1, 1, 1]
    assert outlined[2, 2:6].tolist() == [1, 2, 2, 1]
    assert outlined[0, 0] == 0


def test_each_stamp_is_drawn_where_it_is_not_zero():
    stamps = torch.tensor([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 6.0]])
    fig = segmentation.stamps(torch.tensor([1.0, 3.0]), stamps, stamps.sum(dim=0))
    first, second, total = fig.axes[0].lines
    assert first.get_xdata().tolist() == [0, 1]
    assert second.get_ydata().tolist() == [3, 6]
    assert total.get_ydata().tolist() == [1, 2, 3, 6]
    assert legend(fig.axes[0])[1] == "stamp of x[1] = 3"


def test_the_matrices_are_named_by_their_sizes():
    fig = segmentation.two_matrices(np.ones((4, 16)), np.ones((16, 4)))
    titles = [ax.get_title() for ax in fig.axes[:2]]
    assert titles == ["convolution: 16 pixels to 4", "transposed: 4 to 16"]


def test_the_u_net_is_drawn_with_its_channels_and_sizes_and_two_dashed_skips():
    fig = segmentation.u_net((5, 6, 7), side=24, num_classes=3)
    (ax,) = fig.axes
    boxes = ["5 x 24 x 24", "6 x 12 x 12", "7 x 6 x 6", "6 + 6 x 12 x 12"]
    assert set(boxes) < set(texts(ax)) and "scores\n3 x 24 x 24" in texts(ax)
    arrows = [text.arrow_patch for text in ax.texts if hasattr(text, "arrow_patch")]
    assert sum(arrow.get_linestyle() == "--" for arrow in arrows) == 2
    assert len(arrows) == 8 and texts(ax).count("skip") == 2


def test_a_gallery_has_a_named_row_for_each_mask_and_one_scale_of_colours():
    masks = torch.zeros(3, 4, 4, dtype=torch.int64)
    masks[2] = 3
    rows = {"image": torch.rand(3, 1, 4, 4), "truth": masks, "U-Net": masks}
    fig = segmentation.gallery(rows, ["background", "disc", "square", "triangle"])
    assert len(fig.axes) == 9
    assert [ax.get_ylabel() for ax in fig.axes[::3]] == ["image", "truth", "U-Net"]
    assert {ax.images[0].get_clim() for ax in fig.axes[3:]} == {(0, 3)}
    assert legend(fig) == ["background", "disc", "square", "triangle"]


def test_naming_is_drawn_against_finding_and_by_layer():
    results = {"U-Net": [(0.9, 0.8, 0.7), (1.0, 0.6, 0.5)], "wide": [(0.5, 0.4, 0.3)]}
    by_depth = {"wide": [0.9, 0.8, 0.7, 0.6, 0.5]}
    fig = segmentation.finding_and_naming(results, by_depth, [0.4] * 5)
    left, right = fig.axes
    assert list(left.lines[0].get_xdata()) == [0.9, 1.0]
    assert list(left.lines[0].get_ydata()) == [0.8, 0.6]
    assert legend(left) == ["U-Net", "wide"]
    assert legend(right) == ["wide", "commonest class"]
    assert list(right.lines[0].get_ydata()) == [0.9, 0.8, 0.7, 0.6, 0.5]
    lines = [*left.lines, *right.lines]
    looks = [(line.get_color(), line.get_marker()) for line in lines]
    assert looks[1] == looks[2] != looks[0]
    labels = [text.get_text() for text in right.get_xticklabels()]
    assert labels == ["1", "2", "3", "4", "5 and more"]


def test_pixels_are_told_apart_by_how_they_are_right_or_wrong():
    y_hat, truth = np.array([0, 1, 1, 0]), np.array([0, 1, 0, 1])
    assert segmentation.kinds_of_pixels(y_hat, truth).tolist() == [0, 1, 2, 3]
    found = dict(zip(segmentation.VERDICTS, (1, 2, 3), strict=True))
    assert found["false positive (extra)"] == 2 and found["true positive"] == 1


def test_errors_are_drawn_mirrored_below_the_truth():
    truth = torch.tensor([[0, 1, 1], [0, 0, 1]])
    answers = {"nothing": torch.zeros_like(truth), "all": torch.ones_like(truth)}
    fig = segmentation.errors(np.ones((2, 3)), truth, answers)
    shown = [ax.images[0].get_array().tolist() for ax in fig.axes]
    assert shown[1] == truth.T.tolist()
    assert shown[2] == [[0, 0], [3, 0], [3, 3]]
    assert shown[3] == [[2, 2], [1, 2], [1, 1]]
    assert [ax.get_title(loc="left") for ax in fig.axes][2:] == ["nothing", "all"]
    assert legend(fig) == segmentation.VERDICTS


def test_a_bar_is_the_mean_over_the_runs_and_the_second_of_a_pair_is_hatched():
    first = {"plain": torch.tensor([0.2, 0.4]), "longer, wide": torch.tensor([0.5])}
    second = {name: values / 2 for name, values in first.items()}
    fig = segmentation.pairs_of_bars({"raw": first, "tuned": second}, "Dice")
    (ax,) = fig.axes
    heights = [[bar.get_height() for bar in bars] for bars in ax.containers]
    assert heights == [pytest.approx([0.3, 0.5]), pytest.approx([0.15, 0.25])]
    assert [bars[0].get_hatch() for bars in ax.containers] == ["", "//"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["plain", "longer,\nwide"]
    assert legend(ax) == ["raw", "tuned"] and ax.get_ylabel() == "Dice"
