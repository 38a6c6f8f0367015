"""A page of exercises shows a question with its options, and marks none of them."""

import pytest
from bs4 import BeautifulSoup

from course.site import book
from tests.site.conftest import EXERCISES, course_with_site


@pytest.fixture(scope="module")
def page(once, built_choices) -> BeautifulSoup:
    """The page of the toy chapter's exercises, two questions among them."""

    def make(folder):
        course_with_site(built_choices, folder)
        book.make(folder, folder / ".build" / "site", say=lambda text: None)

    site = once("site-with-questions", make)[0] / ".build" / "site"
    return BeautifulSoup((site / EXERCISES).read_text("utf-8"), "html.parser")


def test_a_question_is_a_section_with_its_options_in_order(page):
    section = page.find("section", id="half-of-an-odd-number")
    options = [item.get_text().strip() for item in section.find("ul").find_all("li")]
    assert options == [
        "A. 1, an int64 tensor",
        "B. 1.5, a float32 tensor",
        "C. an error, as 3 is odd",
    ]


def test_below_it_stands_where_the_letter_goes(page):
    text = page.find("section", id="half-of-an-odd-number").get_text()
    assert 'half_of_odd = ""  # your letter between the quotes' in text
    assert "check.choice(" in text


def test_nothing_on_the_page_tells_the_options_apart(page):
    text = str(page)
    for told in ("true division", "thought to keep its dtype", "addition commutes"):
        assert told not in text
    assert "check.load(" not in text
    section = page.find("section", id="half-of-an-odd-number")
    kinds = {str(item.attrs) for item in section.find("ul").find_all("li")}
    assert len(kinds) == 1
