"""Highlighting has its time for a notebook, and no more."""

from itertools import count

from course.grade import highlighting
from course.grade.highlighting import Highlighter

SOURCE = "def half(x):\n    return x / 2  # <b>"


def test_once_the_time_of_a_notebook_is_up_cells_are_plain_and_escaped(monkeypatch):
    asked = []
    real = highlighting.highlight

    def highlight(*given):
        asked.append(given)
        return real(*given)

    monkeypatch.setattr(highlighting, "highlight", highlight)
    highlighter = Highlighter(seconds=3, clock=count().__next__)  # a second a cell
    shown = [highlighter.show(SOURCE) for _ in range(60)]
    assert len(asked) == 3
    assert all('<span class="k">' in page for page in shown[:3])
    assert not any("<span" in page for page in shown[3:])
    assert all("&lt;b&gt;" in page and 'tabindex="0"' in page for page in shown)


def test_a_long_cell_is_plain_and_costs_the_others_nothing():
    highlighter = Highlighter(seconds=1, clock=count().__next__)
    assert "<span" not in highlighter.show("x = 1\n" * highlighting.LIMIT)
    assert "<span" in highlighter.show(SOURCE)
