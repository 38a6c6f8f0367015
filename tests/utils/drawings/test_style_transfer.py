import torch

from utils.drawings import style_transfer as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_strip_has_a_picture_for_each_title_and_clips_what_is_out_of_range():
    pictures = {"a": torch.full((3, 4, 5), 1.5), "b": torch.full((1, 3, 4, 5), -0.5)}
    axes = drawings.strip(pictures | {"c": torch.rand(3, 2, 2)}, ncols=2).axes
    assert [ax.get_title() for ax in axes] == ["a", "b", "c", ""]
    drawn = [ax.images[0].get_array() for ax in axes[:3]]
    assert [image.shape for image in drawn] == [(4, 5, 3), (4, 5, 3), (2, 2, 3)]
    assert (drawn[0] == 1).all() and (drawn[1] == 0).all() and not axes[3].images


def test_the_pipeline_has_a_box_for_each_part_and_says_where_the_gradient_goes():
    (ax,) = drawings.pipeline().axes
    assert len(ax.patches) >= len(drawings.BOXES) == 7
    assert {box[4] for box in drawings.BOXES.values()} < set(texts(ax))
    assert "gradient" in texts(ax)


def test_grams_share_one_scale():
    fig = drawings.grams({"a": torch.eye(3), "b": -2 * torch.eye(3)}, limit=2)
    first, second = fig.axes[:2]
    assert (first.get_title(), second.get_title()) == ("a", "b")
    assert first.images[0].get_clim() == second.images[0].get_clim() == (-2, 2)


def test_the_trade_off_names_each_point():
    points = {0.1: (0.01, 0.6), 10: (0.4, 0.03)}
    (ax,) = drawings.trade_off(points, {"blend": (0.5, 0.5)}).axes
    assert set(texts(ax)) >= {"weight 0.1", "weight 10", "blend"}
    assert ax.get_yscale() == "log" and len(ax.lines) == 2
    assert ax.lines[0].get_xydata().tolist() == [[0.01, 0.6], [0.4, 0.03]]
