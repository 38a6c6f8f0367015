"""The book's first page: README's words for readers, then the map with links."""

import re

import pytest

from course.requirements import ROOT
from course.site.welcome import welcome
from tests.site.conftest import HOME, README


def test_it_holds_what_readme_says_to_readers_and_the_map_and_no_more():
    page = welcome(README, HOME)
    for said in ("# Toy course", "Everything here is small.", "## How to start"):
        assert said in page
    for said in ("### Part I. Toys", "What fits into a pocket.", "A number in italics"):
        assert said in page
    assert "For instructors" not in page and "In JupyterLab only" not in page


def test_a_chapter_that_is_built_on_is_a_link_and_one_to_come_is_not():
    assert "| [01](notebooks/01_toy.ipynb), *02* |" in welcome(README, HOME)


def test_notebooks_are_read_where_they_are_pristine():
    home = HOME.replace("(release/", "(work/").replace("| 5 min |", "| 5 min |")
    home = home.replace("What fits", "[x](work/lectures/01_toy.ipynb) fits")
    page = welcome(README, home)
    assert "[x](notebooks/01_toy.ipynb) fits" in page
    assert "(release/01_toy/01_toy.ipynb)" in page and "(work/" not in page


@pytest.mark.parametrize(
    ("readme", "home", "said"),
    [("# A README\n", HOME, "README.md must"), (README, "# Home\n", "home.md must")],
)
def test_a_text_without_its_mark_is_refused(readme, home, said):
    with pytest.raises(ValueError, match=f"{said} hold the line"):
        welcome(readme, home)


def test_ours_says_what_this_is_shows_a_named_mistake_and_each_part_in_a_sentence():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    home = (ROOT / "home.md").read_text(encoding="utf-8")
    page = welcome(readme, home)
    first, picture, start = map(
        page.index, ("autograded exercises", "images/named-mistake.png", "make lab")
    )
    assert first < picture < start < page.index("### Part I.")
    parts = re.findall(r"^### Part .+\n\n(.+\n(?:.+\n)?)\n\|", page, re.MULTILINE)
    assert len(parts) == page.count("### Part ") == 5
    assert all(40 < len(sentence) < 160 for sentence in parts)
    needs = re.findall(r"^\| \[\d\d [^|]+\| ([^|]*) \|", page, re.MULTILINE)
    assert len(needs) > 25 and not re.search(r"(?<!\[)\b\d\d\b(?![_\]*])", str(needs))
