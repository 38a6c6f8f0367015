"""The file of terms is read, or refused with a reason."""

import pytest

from course.chapters import find_chapters
from course.site.terms import read_terms
from tests.site.conftest import ROOT


def test_terms_are_read_by_lecture_and_heading(tmp_path):
    path = tmp_path / "terms.toml"
    path.write_text('[01_toy]\n"The idea" = ["half"]\n')
    assert read_terms(path) == {"01_toy": {"The idea": ["half"]}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[01_toy\n", "is not TOML"),
        ('"The idea" = ["half"]\n', "must hold lines such as"),
        ('[01_toy]\n"The idea" = "half"\n', "must hold lines such as"),
        ('[01_toy]\n"The idea" = [1]\n', "must hold lines such as"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, text, reason):
    path = tmp_path / "terms.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=reason):
        read_terms(path)


def test_our_terms_are_those_of_chapters_that_there_are():
    slugs = {folder.name for folder in find_chapters(ROOT)}
    terms = read_terms(ROOT / "docs" / "site" / "terms.toml")
    assert terms and set(terms) <= slugs
