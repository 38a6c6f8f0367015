"""Mean average precision counts hits once, and the grid detector finds its targets."""

import pytest
import torch

from utils import detection

LEFT, RIGHT = [0.0, 0, 10, 10], [30.0, 0, 40, 10]


def found(*rows):
    """One image's boxes, scores and labels, from rows of a box, a score and a label."""
    boxes, scores, labels = zip(*rows, strict=True)
    return torch.tensor(boxes), torch.tensor(scores), torch.tensor(labels)


TRUTH = [torch.tensor([LEFT, RIGHT])], [torch.tensor([1, 1])]


def test_the_true_boxes_have_a_map_of_one():
    perfect = [found((LEFT, 0.9, 1), (RIGHT, 0.8, 1))]
    assert detection.mean_ap(perfect, *TRUTH) == pytest.approx(1)


def test_a_second_box_on_an_object_is_no_second_hit():
    doubled = [found((LEFT, 0.9, 1), (LEFT, 0.8, 1), (RIGHT, 0.7, 1))]
    assert detection.mean_ap(doubled, *TRUTH) == pytest.approx(1 / 2 + 2 / 3 / 2)


def test_a_box_of_another_class_is_no_hit():
    renamed = [found((LEFT, 0.9, 2), (RIGHT, 0.8, 1))]
    assert detection.mean_ap(renamed, *TRUTH) == pytest.approx(1 / 2)


def test_a_higher_bar_drops_a_box_that_is_off():
    off = [found(([1.0, 0, 11, 10], 0.9, 1), (RIGHT, 0.8, 1))]  # an IoU of 9 / 11
    assert detection.mean_ap(off, *TRUTH) == pytest.approx(1)
    assert detection.mean_ap(off, *TRUTH, min_iou=0.9) == pytest.approx(1 / 4)


def test_without_any_box_the_map_is_zero():
    nothing = [(torch.zeros(0, 4), torch.zeros(0), torch.zeros(0, dtype=torch.int64))]
    assert detection.mean_ap(nothing, *TRUTH) == 0


def test_outputs_that_say_what_the_targets_say_give_the_boxes_back():
    boxes, labels = torch.tensor([[8.0, 4, 30, 26], [40, 33, 52, 60]]), [3, 7]
    target = detection.grid_targets(boxes, torch.tensor(labels))
    y_hat = torch.zeros(1, 15, 8, 8)
    y_hat[0, :5] = target[:5].logit(eps=1e-6)
    for k, label in enumerate(labels):
        y_hat[0, 5 + label] = 20 * (target[0] == 1) * (target[5] == label)
        assert (target[5] == label).sum() == 1, k
    ((b, s, c),) = detection.grid_detect(torch.nn.Identity(), y_hat)
    order = c.argsort()
    torch.testing.assert_close(b[order], boxes, atol=1e-3, rtol=0)
    assert c[order].tolist() == labels and (s > 0.9).all()


def test_the_box_loss_leaves_empty_cells_alone():
    target = torch.zeros(1, 6, 8, 8)
    target[0, :, 2, 3] = torch.tensor([1.0, 0.5, 0.5, 0.5, 0.5, 4])
    y_hat = torch.zeros(1, 15, 8, 8)
    assert detection.grid_loss(y_hat, target)["box"] == 0
    y_hat[0, 1:5, 0, 0] = 9
    assert detection.grid_loss(y_hat, target)["box"] == 0
    y_hat[0, 1:5, 2, 3] = 9
    assert detection.grid_loss(y_hat, target)["box"] > 0.4
