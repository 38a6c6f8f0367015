"""What the right options of chapter 27 claim is computed, and no wrong one is true."""

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F
from torchvision import ops

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHAPTER = read_chapter(ROOT / "chapters" / "27_object_detection")
AP_SETTINGS = [(25, 11), (40, 101)]  # the numbers of objects and of points


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHAPTER.choices[exercise].source).options
    return [option.text for option in options if option.is_right]


def reference(exercise: str):
    """The chapter's own answer to an exercise, as a function."""
    names = {"torch": torch, "F": F}
    exec(CHAPTER.cells("exercise")[exercise].source, names)
    return names[exercise]


def random_pairs(count):
    """Boxes that overlap without being equal: two (count, 4)."""
    generator = torch.Generator().manual_seed(0)
    corners = torch.rand(2, count, 4, generator=generator, dtype=torch.float64) * 60
    corners[..., 2:] += corners[..., :2] + 2
    iou = ops.box_iou(*corners).diagonal()
    return corners[:, (iou > 0) & (iou < 1)]


def with_margin(boxes, margin):
    return boxes + torch.tensor([-margin, -margin, margin, margin])


def test_a_margin_raises_every_iou_and_that_of_smaller_boxes_more():
    boxes, guesses = random_pairs(2000)
    assert len(boxes) > 500
    areas = [ops.box_area(b) for b in (boxes, guesses)]
    assert (areas[0] > areas[1]).any() and (areas[0] < areas[1]).any()

    def iou(scale, margin):
        pair = [with_margin(scale * b, margin) for b in (boxes, guesses)]
        return ops.box_iou(*pair).diagonal()

    torch.testing.assert_close(iou(0.5, 0), iou(1, 0))
    assert (iou(1, 5) > iou(1, 0)).all()
    assert (iou(0.5, 5) > iou(1, 5)).all()
    assert "rises, and for a pair of half the size" in right("a_margin")[0]


def test_a_higher_threshold_can_keep_fewer_boxes():
    whole, beside = [0, 0, 10, 10], [3, 0, 13, 10]
    upper, lower = [0, 0, 10, 6.4], [0, 3.6, 10, 10]
    boxes = torch.tensor([beside, whole, upper, lower])
    scores = torch.tensor([0.9, 0.8, 0.7, 0.6])
    assert ops.nms(boxes, scores, 0.4).tolist() == [0, 2, 3]
    assert ops.nms(boxes, scores, 0.6).tolist() == [0, 1]  # two go, and one is kept
    assert right("a_higher_bar")[0].startswith("Yes: a box that is kept only at 0.6")


def untrained_loss(side, box_weight):
    """The loss of outputs of 0 on a grid of side x side cells, with two objects."""
    target = torch.zeros(1, 6, side, side)
    for i, j, label in ((1, 2, 0), (side - 1, 3, 4)):
        target[0, :, i, j] = torch.tensor([1, 0.5, 0.5, 0.5, 0.5, label])
    y_hat = torch.zeros(1, 5 + 7, side, side)  # a sigmoid of 0: no error of the boxes
    return reference("detection_loss")(y_hat, target, box_weight).item()


def test_on_a_finer_grid_the_objectness_weighs_more_and_the_class_the_same():
    for side in (8, 16):
        objectness = side * side * math.log(2) / 2
        assert untrained_loss(side, 5) == pytest.approx(objectness + math.log(7))
    assert "objectness is four times as large, its part" in right("a_finer_grid")[0]


@pytest.mark.parametrize("seed", range(5))
def test_images_without_objects_lower_ap_and_leave_the_recall(seed):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(30, generator=generator)
    hits = torch.rand(30, generator=generator) < 0.6
    more = torch.cat([scores, 1 + torch.rand(10, generator=generator)])
    with_misses = torch.cat([hits, torch.zeros(10, dtype=torch.bool)])
    ap = reference("average_precision")
    for arguments in AP_SETTINGS:
        before, after = ap(scores, hits, *arguments), ap(more, with_misses, *arguments)
        assert 0 < after < before
    assert hits.sum() == with_misses.sum()  # over the same number of objects
    assert right("empty_images") == ["The recall stays, the AP falls."]
