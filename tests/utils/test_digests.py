"""A text has one digest, however it was saved."""

import pytest

from utils.digests import LENGTH, digest


@pytest.mark.parametrize("same", ["x = 1\ny = 2\n", "\nx = 1\r\ny = 2", "x = 1\ry = 2"])
def test_blank_lines_around_and_line_ends_do_not_matter(same):
    assert digest(same) == digest("x = 1\ny = 2")


@pytest.mark.parametrize("other", ["x = 1\ny = 3", "x = 1\n\ny = 2", "x = 1\n y = 2"])
def test_every_other_change_does(other):
    assert digest(other) != digest("x = 1\ny = 2")


def test_it_is_short_and_takes_any_text():
    assert len(digest("\ud800")) == LENGTH
