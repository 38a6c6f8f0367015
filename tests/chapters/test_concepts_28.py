"""What the right options of chapter 28 claim is computed, and no wrong one is true."""

import math
from pathlib import Path

import torch
from torch.nn import functional as F
from torchvision import ops

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHAPTER = read_chapter(ROOT / "chapters" / "28_region_cnn")


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHAPTER.choices[exercise].source).options
    return [option.text for option in options if option.is_right]


def reference(exercise: str):
    """The chapter's own answer to an exercise, as a function."""
    names = {"torch": torch, "F": F, "math": math}
    exec(CHAPTER.cells("exercise")[exercise].source, names)
    return names[exercise]


def test_a_factor_of_each_axis_cancels_in_the_deltas():
    anchors = torch.tensor([[3.0, 7, 21, 19], [40, 11, 47, 52]])
    boxes = torch.tensor([[5.0, 2, 16, 25], [37, 20, 55, 46]])
    deltas = reference("to_deltas")
    before = deltas(boxes, anchors, [1.0] * 4)
    for factors in ([2.0, 1, 2, 1], [2.0, 2, 2, 2]):
        stretch = torch.tensor(factors)
        after = deltas(boxes * stretch, anchors * stretch, [1.0] * 4)
        torch.testing.assert_close(after, before)
    assert right("wider_pixels") == ["None, in neither of the two."]


def test_forty_pixels_touch_at_most_four_cells_of_sixteen_along_each_axis():
    pool = reference("roi_max_pool")
    maps = torch.arange(64.0).reshape(1, 8, 8)
    counts = set()
    for at in range(33):
        box = torch.tensor([at, at, at + 40, at + 40]).float()
        counts.add(len(pool(maps, box, 7, 7, 16).unique()))
    assert counts == {9, 16}  # 9 is true of some places only
    assert right("forty_pixels")[0].startswith("16,")


def test_the_recall_of_final_boxes_can_pass_that_of_proposals_and_fall_below():
    truth = torch.tensor([[0.0, 0, 10, 10]])
    missed = torch.tensor([[0.0, 0, 10, 4]])
    assert ops.box_iou(missed, truth).item() < 0.5
    deltas = reference("to_deltas")(truth, missed, [1.0] * 4)
    moved = reference("from_deltas")(deltas[:, None], missed, [1.0] * 4, 64, 64)[:, 0]
    assert ops.box_iou(moved, truth).item() > 0.99  # above
    covered = truth.clone()
    scores = torch.tensor([0.1, 0.9])  # of the object's class, of the background
    assert ops.box_iou(covered, truth).item() >= 0.5 and scores.argmax() == 1  # below
    assert right("seen_by_proposals") == ["It may be above or below 80 %."]


def test_twice_the_regions_double_what_is_done_for_each_region_alone():
    crop, shared, head = 15.5, 184.0, 0.12  # billions: VGG-16, as in the lecture

    def r_cnn(regions):
        return regions * crop

    def fast_r_cnn(regions):
        return shared + regions * head

    assert r_cnn(600) == 2 * r_cnn(300)
    assert 1 < fast_r_cnn(600) / fast_r_cnn(300) < 2
    assert right("twice_the_regions")[0].startswith("R-CNN about twice as much, Fast")
