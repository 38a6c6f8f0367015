from utils.drawings import temporal_convolution as drawings


def filled(ax, row):
    """Steps whose dot in a row is coloured."""
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    here = [line for line in dots if line.get_ydata()[0] == row]
    return [line.get_xdata()[0] for line in here if line.get_mfc() != "white"]


def test_stack_colours_what_the_last_output_reads_and_nothing_else():
    (ax,) = drawings.stack(2, [1, 2, 4], 10).axes
    assert filled(ax, 3) == [9] and filled(ax, 2) == [5, 9]
    assert filled(ax, 0) == list(range(2, 10))
    lines = [line for line in ax.lines if line.get_marker() != "o"]
    assert len(lines) == 2 + 4 + 8
    assert [t.get_text() for t in ax.get_yticklabels()][:2] == ["input", "dilation 1"]


def test_stack_draws_nothing_before_the_first_step():
    (ax,) = drawings.stack(3, [1, 2], 4).axes
    assert min(x for line in ax.lines for x in line.get_xdata()) == 0


def test_folds_meet_where_the_test_begins():
    (ax,) = drawings.folds([1901, 1937, 1973], 1700).axes
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert spans == [(1700, 1901), (1901, 1937), (1700, 1937), (1937, 1973)]
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["learned from", "forecast"]


def test_errors_have_a_marker_for_each_run_and_write_the_mean():
    (ax,) = drawings.errors({"naive": 4.0, "net": [1.0, 2.0]}, "error", log=True).axes
    assert [list(line.get_xdata()) for line in ax.lines] == [[4.0], [1.0, 2.0]]
    assert [text.get_text().strip() for text in ax.texts] == ["4", "1.5"]
    assert ax.get_xscale() == "log"
