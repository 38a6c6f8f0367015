from utils.drawings import lenet as drawings


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_stages_draw_a_square_for_each_map_and_a_column_for_a_vector():
    (ax,) = drawings.stages(
        [("input", 1, 8, 0), ("conv", 3, 4, 10), ("full", 9, 0, 20)]
    ).axes
    sizes = [(patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert sizes == [(8, 8), (4, 4), (4, 4), (4, 4), (3, 3.0)]
    assert texts(ax) == ["input", "1 x 8 x 8", "conv", "3 x 4 x 4", "full", "9"]


def test_pairs_of_bars_stand_side_by_side_with_their_values():
    values = {"parameters": [1500, 20], "products": [3, 4000]}
    fig = drawings.pairs_of_bars(values, ["a", "b"], "count", ",", "best", yscale="log")
    (ax,) = fig.axes
    assert texts(ax) == ["1,500", "20", "3", "4,000"]
    assert [bar.get_height() for bar in ax.patches] == [1500, 20, 3, 4000]
    assert ax.get_yscale() == "log" and ax.get_ylabel() == "count"
    hatches = {bar.get_hatch() for bar in ax.patches}
    assert len(hatches) == 2  # told apart without colour
