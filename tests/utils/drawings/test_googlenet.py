import torch

from utils.drawings import googlenet as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_paths_draw_a_box_for_each_step_and_a_tall_one_at_both_ends():
    fig = drawings.paths([["a"], ["b", "c"]], start="input", end="joined")
    (ax,) = fig.axes
    assert texts(ax) == ["input", "joined", "a", "b", "c"]
    heights = [patch.get_height() for patch in ax.patches[:5]]
    assert heights == [1.7, 1.7, 0.66, 0.66, 0.66]


def test_paths_without_ends_have_arrows_inside_the_rows_only():
    (ax,) = drawings.paths([["a"], ["b", "c", "d"]]).axes
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(arrows) == 2 and texts(ax) == ["a", "b", "c", "d"]


def test_stacked_bars_lie_behind_each_other_and_write_their_sums():
    parts = {"first": [1, 2000], "second": [3, 500]}
    fig = drawings.stacked(parts, ["A", "B"], "channels")
    (ax,) = fig.axes
    assert [bar.get_x() for bar in ax.patches] == [0, 0, 1, 2000]
    assert texts(ax) == [" 4", " 2,500"]
    assert len({bar.get_hatch() for bar in ax.patches}) == 2  # not by colour alone


def test_dots_show_each_run_and_the_mean_of_each_row():
    groups = {"cut": [[0.1, 0.3], [0.5, 0.5]], "retrained": [[0.0, 0.2], [0.1, 0.1]]}
    fig = drawings.dots(groups, ["3x3", "5x5"], "accuracy lost")
    (ax,) = fig.axes
    points, means = ax.collections[::2], ax.collections[1::2]
    assert [len(row.get_offsets()) for row in points] == [2, 2, 2, 2]
    at = [round(line.get_segments()[0][0, 0], 3) for line in means]
    assert at == [0.2, 0.5, 0.1, 0.1]


def test_maps_stand_in_one_row_for_each_path_behind_the_picture():
    rows = {"1x1": torch.rand(3, 4, 4), "3x3": torch.rand(3, 4, 4)}
    fig = drawings.maps(rows, torch.rand(8, 8))
    assert len(fig.axes) == 8
    assert [len(ax.images) for ax in fig.axes] == [1, 1, 1, 1, 0, 1, 1, 1]
    assert fig.axes[1].get_title(loc="left") == "1x1 path"
