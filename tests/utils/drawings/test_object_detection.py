"""Chapter 27's scenes have exact boxes; its figures show what they are given."""

import matplotlib as mpl
import numpy as np
import pytest
import torch
from matplotlib.patches import Rectangle

from utils import plots
from utils.drawings import object_detection as drawings


@pytest.fixture
def style():
    """The course's style, in which figures are laid out; put back afterwards."""
    with mpl.rc_context():
        plots.use_style()
        yield


@pytest.fixture
def digits():
    """Two bright bars, 4 x 10 and 10 x 4 pixels, and what they are."""
    images = torch.zeros(2, 1, 28, 28)
    images[0, :, 5:15, 8:12] = images[1, :, 12:16, 3:13] = 1
    return images, torch.tensor([3, 8])


def made(digits, num_scenes=6, **sizes):
    photos = [torch.zeros(1, 150, 200), torch.zeros(3, 140, 210)]
    return drawings.scenes(photos, *digits, num_scenes, seed=5, **sizes)


def rectangles(ax):
    """Corners of the rectangles that were drawn."""
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [
        [r.get_x(), r.get_y(), r.get_x() + r.get_width(), r.get_y() + r.get_height()]
        for r in found
    ]


# scenes


def test_a_box_holds_all_the_ink_of_its_digit_and_no_more(digits):
    X, boxes, labels = made(digits, most=1, num_scenes=20)
    one = [n for n in range(20) if len(boxes[n]) == 1]
    assert len(one) > 5
    for n in one:
        x1, y1, x2, y2 = boxes[n][0].int().tolist()
        ink = X[n].amax(dim=0) > 0.3  # the photos are black
        assert ink[y1:y2, x1:x2].all() and ink.sum() == (x2 - x1) * (y2 - y1)
        assert labels[n].item() in (3, 8)


def test_a_mask_is_the_ink_of_its_own_digit_alone(digits):
    photos = [torch.zeros(3, 140, 210)]
    X, boxes, _, masks = drawings.masked_scenes(photos, *digits, 20, seed=5)
    for image, truth, own in zip(X, boxes, masks, strict=True):
        assert own.shape == (len(truth), 64, 64) and own.dtype == torch.bool
        assert torch.equal(own.any(dim=0), image.amax(dim=0) > 0.3)  # bars, all of ink
        for (x1, y1, x2, y2), mask in zip(truth.int().tolist(), own, strict=True):
            assert mask.sum() == mask[y1:y2, x1:x2].sum() == (x2 - x1) * (y2 - y1)


def test_scenes_are_masked_scenes_without_their_masks(digits):
    photos = [torch.rand(3, 140, 210)]
    plain = drawings.scenes(photos, *digits, 5, seed=2)
    masked = drawings.masked_scenes(photos, *digits, 5, seed=2)
    assert torch.equal(plain[0], masked[0])
    assert all(map(torch.equal, plain[1], masked[1]))


def test_scenes_have_the_sizes_that_are_asked_and_depend_on_their_seed_alone(digits):
    X, boxes, labels = made(digits, height=96, width=128, most=8)
    assert X.shape == (6, 3, 96, 128) and X.min() >= 0 and X.max() <= 1
    assert all(
        2 <= len(b) <= 8 and len(b) == len(k)
        for b, k in zip(boxes, labels, strict=True)
    )
    again = made(digits, height=96, width=128, most=8)
    assert torch.equal(X, again[0]) and torch.equal(boxes[3], again[1][3])


def test_photos_are_darkened_and_stay_as_they_are(digits):
    bright = [torch.ones(3, 100, 100)]
    X, boxes, _ = drawings.scenes(bright, *digits, 3, seed=0, most=1)
    for image, truth in zip(X, boxes, strict=True):
        x1, y1, x2, y2 = truth[0].int().tolist() if len(truth) else (0, 0, 0, 0)
        outside = torch.ones(64, 64, dtype=torch.bool)
        outside[y1:y2, x1:x2] = False
        assert (image[:, outside] == 0.5).all()
    assert (bright[0] == 1).all()


def test_boxes_share_at_most_a_strip():
    box = (10, 10, 20, 20)
    assert drawings.is_apart(box, [(18, 10, 30, 20), (10, 18, 20, 30)])
    assert not drawings.is_apart(box, [(17, 17, 30, 30)])
    assert drawings.is_apart(box, [])


def test_a_digit_is_trimmed_to_its_ink(digits):
    assert drawings.trim(digits[0][0, 0]).shape == (10, 4)


def test_windows_stand_around_digits_or_far_from_all_of_them():
    X = torch.arange(3 * 40.0 * 40).reshape(1, 3, 40, 40)
    boxes, labels = [torch.tensor([[15.0, 15, 25, 25]])], [torch.tensor([7])]
    for seed in range(5):
        rng = np.random.default_rng(seed)
        cut, classes = drawings.windows(X, boxes, labels, 12, rng, nothing=10)
        assert cut.shape[1:] == (3, 12, 12) and classes[0] == 7
        assert set(classes[1:].tolist()) <= {10} and len(classes) <= 3
        for window, kind in zip(cut, classes.tolist(), strict=True):
            y, x = divmod(int(window[0, 0, 0]), 40)
            distance = max(abs(x - 14), abs(y - 14))
            assert distance <= 2 if kind == 7 else distance > 6


# figures


def test_a_text_names_class_and_score():
    texts = drawings.with_scores(torch.tensor([4, 9]), torch.tensor([0.987, 0.5]))
    assert texts == ["4 0.99", "9 0.50"]


def test_a_gallery_shows_titles_boxes_and_texts_and_leaves_the_boxes_alone():
    image, boxes = torch.zeros(3, 20, 20), torch.tensor([[2.0, 3, 10, 12]])
    panels = [("none", image, []), ("one", image, boxes, ["5 0.90"])]
    fig = drawings.gallery(panels)
    first, second = fig.axes
    assert (first.get_title(), second.get_title()) == ("none", "one")
    assert first.images[0].get_array().max() == 0
    assert second.images[0].get_array()[12, 8].max() > 0.5  # a corner of the box
    assert [text.get_text() for text in second.texts] == ["5 0.90"]
    assert boxes.tolist() == [[2, 3, 10, 12]]


def test_texts_that_would_meet_are_parted():
    boxes = torch.tensor([[2.0, 10, 14, 18], [3.0, 11, 15, 19]])
    fig = drawings.gallery([("two", torch.zeros(3, 32, 32), boxes, ["a", "b"])])
    places = [text.get_position()[1] for text in fig.axes[0].texts]
    assert places == [40, 76]


@pytest.mark.usefixtures("style")
def test_a_text_at_the_right_rim_stays_on_the_image():
    boxes = torch.tensor([[56.0, 20, 64, 50]])
    fig = drawings.gallery([("rim", torch.zeros(3, 64, 64), boxes, ["5 0.90"])])
    fig.draw_without_rendering()
    (text,), picture = fig.axes[0].texts, fig.axes[0].get_window_extent()
    assert text.get_window_extent().x1 <= picture.x1


@pytest.mark.usefixtures("style")
def test_the_titles_of_compared_boxes_are_not_cut():
    truths = torch.tensor([[10.0, 10, 40, 50]]).repeat(3, 1)
    fig = drawings.compared(["IoU 0.84"] * 3, truths, truths[:, None])
    fig.draw_without_rendering()
    for ax in fig.axes:
        assert ax.title.get_window_extent().y1 <= fig.bbox.y1


def test_truth_and_guesses_are_drawn_at_their_places():
    truths = torch.tensor([[10.0, 10, 40, 50]])
    guesses = [torch.tensor([[12.0, 9, 41, 48], [0, 0, 5, 5]])]
    fig = drawings.compared(["a", "b"], truths.repeat(2, 1), guesses * 2)
    ax = fig.axes[0]
    assert rectangles(ax) == [[10, 10, 40, 50], [12, 9, 41, 48], [0, 0, 5, 5]]
    assert [r.get_linestyle() for r in ax.patches] == ["-", "--", "--"]
    (legend,) = fig.legends
    assert [t.get_text() for t in legend.get_texts()] == ["truth", "guess"]
    assert ax.get_ylim() == (70, 0)  # y runs down


def test_dots_lie_on_the_map_of_probabilities():
    spots = torch.tensor([[1.0, 2.0], [3.0, 0.0]])
    fig = drawings.window_map(torch.zeros(3, 8, 8), torch.rand(4, 5), spots)
    (dots,) = fig.axes[1].lines
    assert dots.get_xdata().tolist() == [1, 3] and dots.get_ydata().tolist() == [2, 0]
    assert fig.axes[1].images[0].get_clim() == (0, 1)


def test_the_cell_of_a_boxs_centre_is_shaded():
    boxes = torch.tensor([[8.0, 4, 32, 16]])  # centre (20, 10): column 2, row 1
    fig = drawings.grid(torch.zeros(3, 40, 40), boxes, torch.zeros(5, 5), cell=8)
    box, cell = rectangles(fig.axes[0])
    assert box == [7.5, 3.5, 31.5, 15.5] and cell == [15.5, 7.5, 23.5, 15.5]
    (dot,) = [line for line in fig.axes[0].lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (19.5, 9.5)


def test_each_curve_of_precision_and_recall_has_its_label():
    curves = {"digit 1": (torch.tensor([0.5, 1.0]), torch.tensor([1.0, 0.8]))}
    (ax,) = drawings.precision_recall(curves).axes
    assert ax.lines[0].get_xdata().tolist() == [0.5, 1.0]
    assert ax.lines[0].get_label() == "digit 1"
    assert ax.get_xlabel().startswith("recall")
