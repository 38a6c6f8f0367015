import torch

from utils import plots
from utils.drawings import augmentation_and_transfer as drawings


def test_a_gallery_names_each_picture_and_leaves_the_other_places_empty():
    pictures = {"colour": torch.rand(3, 8, 6), "grey": torch.rand(1, 4, 4) + 1}
    fig, axes = drawings.gallery(pictures, ncols=3)
    assert [ax.get_title() for ax in axes] == ["colour", "grey"]
    assert len(fig.axes) == 3 and not any(ax.axison for ax in fig.axes)
    shapes = [ax.images[0].get_array().shape for ax in axes]
    assert shapes == [(8, 6, 3), (4, 4)]
    assert axes[1].images[0].get_array().max() == 1  # clipped


def test_boxes_are_frames_at_their_place_and_masks_a_veil():
    mask = torch.zeros(1, 10, 12)
    mask[0, 2:5, 3:7] = 1
    samples = {"a": (torch.rand(3, 10, 12), torch.tensor([[3, 2, 7, 5]]), mask)}
    _, axes = drawings.annotated(samples, ncols=2)
    frame = axes[0].patches[-1]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((3, 2), 4, 3)
    veil = axes[0].images[1].get_array()
    assert (veil[..., 3] > 0).sum() == 12


def test_spread_shows_the_mean_as_a_line_and_every_seed():
    _, ax = plots.figure()
    scores = {"probe": [[0.5, 0.7], [0.8, 0.9]], "scratch": [[0.1, 0.3], [0.2, 0.2]]}
    drawings.spread(ax, [5, 20], scores, "labels", "accuracy", floor=(0.1, "chance"))
    assert ax.lines[0].get_ydata().tolist() == [0.6, 0.8500000000000001]
    assert len(ax.collections) == 4 and ax.get_xscale() == "log"
    assert ax.lines[-1].get_label() == "chance"
    markers = {line.get_marker() for line in ax.lines[:2]}
    assert len(markers) == 2  # told apart without colour
