"""The page says what there is to say, and nothing on it can run or be fetched."""

import base64
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from class_by_hand import SLUG

from course.grade.plan import Assignment
from course.report.gather import ClassWork
from course.report.names import Names
from course.report.page import all_page, class_page, effort


@pytest.fixture(scope="module")
def soup(work) -> BeautifulSoup:
    return BeautifulSoup(class_page(work, Names(work.people)), "html.parser")


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_the_facts_are_at_the_top(soup):
    facts = {div.dt.get_text(): text(div.dd) for div in soup.select(".facts div")}
    assert facts["Graded"] == "5 of 6 handed in, 7 in the class"
    assert facts["Mean score"] == (
        "2.25 of 6 points; median 1.5; 1 that could not be read left out"
    )
    assert facts["Need a person"] == "3 and 1 written answer waits"
    assert facts["Not handed in"] == "1"
    assert facts["Time spent grading"].startswith("10 s median 2.0 s")
    assert facts["Isolation"].startswith("A namespaces")


def test_who_is_missing_and_who_needs_a_person_is_named(soup):
    who = soup.select_one("table.who")
    assert "fay.ipynb is empty" in text(who)
    assert "Ginkgo, Gil (gil)" in text(who)
    listed = [text(ul) for ul in soup.select("ul.names")]
    assert listed == ["Cedar, Cleo (cleo)", "eve"]
    assert "submitted/x y is a link" in text(soup)


def test_mistakes_are_shown_with_shares(soup):
    row = soup.find("caption", string=re.compile("which mistake")).parent.tbody.tr
    assert text(row) == "1 the columns are summed row_sums 2 50 %"
    assert "The biggest: 50 % in row_sums" in text(soup)


def test_every_picture_has_a_text_and_a_form_for_phones(soup):
    pictures = soup.select("figure picture")
    assert len(pictures) == 3
    for picture in pictures:
        assert len(picture.img["alt"]) > 40
        for uri in (picture.img["src"], picture.source["srcset"]):
            head, _, data = uri.partition(",")
            assert head == "data:image/svg+xml;base64"
            assert b"<svg" in base64.b64decode(data)


def test_a_strangers_text_is_text(soup, work, no_figures):
    names = Names(work.people)
    for page in (
        soup,
        BeautifulSoup(all_page([work], names, {SLUG: "x"}), "html.parser"),
    ):
        assert not page.select("script, iframe, object, link, form")
        for tag in page.find_all():
            assert not [name for name in tag.attrs if name.startswith("on")]
            for name in ("src", "href", "srcset"):
                assert not re.match(r"(?:https?:)?//|javascript:", tag.get(name, ""))
    assert "<script>pwned(1)</script>" in text(soup)


def test_nothing_may_be_loaded(soup):
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'; img-src data:;")


def test_headings_are_in_order_and_tables_have_headers(soup):
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
    for table in soup.find_all("table"):
        assert table.caption
        assert all(th.get("scope") == "col" for th in table.thead.find_all("th"))
        rows = table.tbody.find_all("tr")
        assert all(row.th.get("scope") == "row" for row in rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"isolation": "D"}, "5 of the submissions ran with no isolation"),
        ({"isolation": "none"}, "5 of the submissions ran with no isolation"),
        ({"assignment_digest": "e" * 64}, "graded with another version"),
    ],
)
def test_what_makes_scores_doubtful_is_said(work, no_figures, change, said):
    results = {s: replace(result, **change) for s, result in work.results.items()}
    page = class_page(replace(work, results=results), Names(work.people))
    assert said in page
    assert said not in class_page(work, Names(work.people))


def test_whoever_nbgrader_graded_counts_and_is_told(work, no_figures):
    results = {s: r for s, r in work.results.items() if s != "ann"}
    page = class_page(replace(work, results=results), Names(work.people))
    assert "1 of the submissions were graded by <code>nbgrader autograde" in page
    assert effort(replace(work, results=results)).by_nbgrader == 1
    assert "Mean score" in page


def test_a_class_of_which_nothing_could_be_read_has_a_page(work, no_figures):
    only = {
        "marks": {"fay": work.marks["fay"]},
        "results": {"fay": work.results["fay"]},
    }
    page = class_page(replace(work, **only), Names(work.people))
    assert "There are no scores yet." in page
    assert "No wrong answer had a name." in page


def test_a_class_that_only_nbgrader_graded_has_a_page(work, no_figures):
    page = class_page(replace(work, results={}), Names(work.people))
    assert "unknown" in page


def test_without_headings_the_slug_is_the_title(work):
    bare = Assignment(SLUG, work.assignment.cells[1:], "")
    assert ClassWork(bare, {}).title == SLUG
    assert work.title == "A toy chapter"


def test_the_page_is_the_same_each_time(soup, work):
    again = BeautifulSoup(class_page(work, Names(work.people)), "html.parser")
    assert again == soup


def test_all_chapters_link_to_their_pages(work, no_figures):
    second = replace(work, assignment=replace(work.assignment, slug="02_other"))
    files = {SLUG: "01_toy.html", "02_other": "02_other.html"}
    page = all_page([work, second], Names(work.people), files)
    soup = BeautifulSoup(page, "html.parser")
    links = [a["href"] for a in soup.find_all("a")]
    assert links == [*files.values(), "students.html"]
    assert text(soup.tbody.tr) == "01 toy 5 38 % 4 1"
    assert "Medians: 01_toy 25%, 02_other 25%" in soup.img["alt"]
