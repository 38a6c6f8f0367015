import torch

from utils.drawings import face_recognition as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_twins_pass_through_two_boxes_with_the_same_weights():
    (ax,) = drawings.twins(torch.rand(2, 8, 8)).axes
    assert len(ax.images) == 2
    assert texts(ax).count("net $f$") == 2 and "the same weights" in texts(ax)


def test_zones_are_as_wide_as_the_margin():
    (ax,) = drawings.zones(positive=0.5, margin=0.25).axes
    assert [ring.radius for ring in ax.patches[:3]] == [1.35, 0.75, 0.5]
    assert {"hard", "semi-hard", "easy"} <= set(texts(ax))


def test_each_training_has_a_line_in_each_panel():
    histories = {
        "a": {"loss": [3, 2, 1], "spread": [1, 2, 2]},
        "b": {"loss": [3, 3, 3], "spread": [1, 0, 0]},
    }
    names = {"loss": "loss", "spread": "mean distance"}
    fig = drawings.trainings(histories, names, steps=25)
    assert [ax.get_ylabel() for ax in fig.axes] == ["loss", "mean distance"]
    for ax in fig.axes:
        assert len(ax.lines) == 2
        assert list(ax.lines[0].get_xdata()) == [25, 50, 75]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["a", "b"]


def test_answers_mark_those_that_are_wrong():
    asked, gallery = torch.rand(2, 3, 4, 4)
    fig = drawings.answers(asked, gallery, torch.tensor([0, 2, 2]))
    assert len(fig.axes) == 9
    assert [ax.get_title() for ax in fig.axes[6:]] == ["", "x", ""]
    shown = torch.tensor(fig.axes[7].images[0].get_array())
    torch.testing.assert_close(shown, gallery[2])


def test_two_heaps_hold_all_pairs_in_per_cent():
    d = torch.tensor([0.1, 0.2, 0.2, 0.9])
    fig = drawings.two_heaps({"one": (d, d + 1), "two": (d, d)})
    assert [ax.get_title() for ax in fig.axes] == ["one", "two"]
    for ax in fig.axes:
        heights = [bar.get_height() for bar in ax.patches]
        assert abs(sum(heights) - 200) < 1e-3


def test_rates_and_the_point_where_they_meet():
    t = torch.linspace(0, 2, 5)
    fig = drawings.rates(t, t / 2, 1 - t / 2, (1.0, 0.5))
    assert len(fig.axes[0].lines) == 3
    told = [text.get_text() for text in fig.legends[0].get_texts()]
    assert told[2] == "equal error rate 0.500"


def test_trade_has_a_logarithmic_scale_and_marks():
    far = torch.tensor([0.001, 0.1, 1.0])
    (ax,) = drawings.trade({"net": (far, 1 - far)}, {"chosen": (0.01, 0.4)}).axes
    assert ax.get_xscale() == "log" and len(ax.lines) == 2


def test_groups_have_a_bar_each_with_its_value():
    fig = drawings.groups({"rejects": {"a": 0.1, "b": 0.25}, "accepts": {"c": 0.01}})
    assert texts(fig.axes[0]) == ["10.0 %", "25.0 %"]
    assert texts(fig.axes[1]) == ["1.0 %"]


def test_crowds_start_with_one_person():
    curves = {"found": torch.tensor([1.0, 0.9, 0.8])}
    (ax,) = drawings.crowds(curves, {"formula": torch.zeros(3)}).axes
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2, 3]] * 2
