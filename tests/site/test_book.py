"""The site of a tiny course, read as files and in a browser; and builds that stop."""

import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.site import book
from tests.browser import chromium_with_bars  # noqa: F401
from tests.site.conftest import ALT, EXERCISES, LECTURE, README, REPOSITORY, SLUG
from tests.site.looking import faults


@pytest.fixture(scope="module")
def site(tiny):
    return tiny[1]


def soup(path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def article(path) -> str:
    return soup(path).find("article").get_text()


def test_a_lecture_has_its_outputs_and_the_alternative_texts_of_figures(site):
    page = soup(site / LECTURE).find("article")
    assert page.find("img", alt=ALT)["src"].startswith("data:image/png;base64,")
    assert [cell.text for cell in page.find("table").find_all("td")] == ["0.5", "1.0"]


def test_an_exercise_set_has_prompts_stubs_and_visible_tests_only(site):
    text = article(site / EXERCISES)
    assert "raise NotImplementedError" in text and "check.exercise(" in text
    for secret in ("BEGIN SOLUTION", "HIDDEN", "check.load(", "check.hidden("):
        assert secret not in text, secret


def test_pages_follow_the_home_page_and_lead_to_each_other(site):
    home = soup(site / "home.html")
    order = [a["href"] for a in home.select(".bd-links a.reference")]
    look_up = ["docs/bibliography.html", "genindex.html"]
    assert order == [LECTURE, EXERCISES, *look_up, "docs/authors.html"]
    lecture = soup(site / LECTURE)
    assert lecture.find("a", class_="right-next")["href"].endswith(EXERCISES)
    assert lecture.find("a", class_="left-prev")["href"].endswith("home.html")
    assert "home.html" in (site / "index.html").read_text()


def test_a_notebook_says_where_it_can_be_opened(site):
    line = soup(site / EXERCISES).find("p", class_="open-in")
    assert line.text == (
        f"In JupyterLab, which make lab opens, this notebook is work/{SLUG}/"
        f"{SLUG}.ipynb. Open this notebook in Colab, Binder."
    )
    assert "localhost" not in (site / EXERCISES).read_text()


def test_what_colab_needs_is_folded_below_with_the_courses_address(site):
    folded = soup(site / LECTURE).find("details", class_="open-in")
    assert "On Colab" in folded.summary.text and not folded.has_attr("open")
    assert f"!git clone -q --depth 1 {REPOSITORY} course\n" in folded.pre.text


def test_the_index_leads_to_the_heading_that_explains_a_term(site):
    index = soup(site / "genindex.html")
    links = {a.text: a["href"] for a in index.select(".indextable a")}
    assert links == {term: f"{LECTURE}#the-idea" for term in ("half", "gradient")}


def test_pages_say_their_language(site):
    assert soup(site / LECTURE).html["lang"] == "en"


def test_the_first_page_is_readmes_welcome_with_the_map(site):
    home = soup(site / "home.html").find("article")
    assert home.h1.text.startswith("Toy course")
    assert "Everything here is small." in home.text
    assert "For instructors" not in home.text
    builds_on = home.table.find_all("td")[1]
    assert builds_on.a["href"] == LECTURE and builds_on.em.text == "02"


def test_citations_lead_to_the_work_or_to_the_bibliography(site):
    reading = soup(site / LECTURE).find(id="further-reading")
    assert {a.text: a["href"] for a in reading.select("li a")} == {
        "Kingma and Ba 2015": "https://arxiv.org/abs/1412.6980",
        "Network in network": "https://arxiv.org/abs/1312.4400",
        "Perceptrons": "../docs/bibliography.html#minsky-1969",
    }
    works = soup(site / "docs" / "bibliography.html").find("article")
    [minsky] = works.select("#minsky-1969")
    assert minsky.name == "p" and "Cited in 01." in minsky.text
    assert len(works.select("p[id]")) == 3


def test_below_a_page_stands_where_to_report_a_mistake_and_to_edit(site):
    links = soup(site / LECTURE).select(".corrections a")
    report, edit = (a["href"] for a in links)
    assert report.startswith(f"{REPOSITORY}/issues/new?title=A+toy+chapter&body=")
    assert edit == f"{REPOSITORY}/blob/HEAD/chapters/{SLUG}/lecture.py"
    assert not soup(site / "search.html").select(".corrections")


@pytest.mark.parametrize(
    ("page", "width"),
    [
        ("home.html", 400),
        (LECTURE, 400),
        (LECTURE, 1280),
        (EXERCISES, 400),
        ("genindex.html", 400),
        ("docs/authors.html", 400),
    ],
)
def test_a_browser_without_network_shows_a_page_and_axe_finds_nothing_grave(
    chromium_with_bars,  # noqa: F811
    site,
    page,
    width,
):
    assert faults(chromium_with_bars, site / page, width) == []


def test_each_fault_of_a_page_is_seen(chromium_with_bars, tmp_path):  # noqa: F811
    page = tmp_path / "page.html"
    page.write_text(
        "<html><body><main><h1>Page</h1><h3>Part</h3>"
        '<div style="width: 600px">wide</div>'
        '<article class="bd-article"><pre style="overflow: hidden; width: 300px">'
        f"{'x' * 300}</pre></article>"
        '<img src="gone.png" alt="short"><span class="math">\\(x\\)</span>'
        "<script>window.MathJax = {startup: {promise: Promise.resolve()}}; gone()"
        '</script><script src="http://example.org/a.js"></script></main></body></html>'
    )
    found = "\n".join(faults(chromium_with_bars, page))
    for fault in (
        "network: http://example.org/a.js",
        "script: gone is not defined",
        "1 formulas, 0 drawn",
        "headings jump from 1 to 3",
        "1 figures without an alternative text",
        "1 pictures that can't be shown",
        "px wide in a window of 400",
        "cut off: PRE",
        "> 300 at 1280 px",
        "axe html-has-lang",
    ):
        assert fault in found, found


def test_every_fault_of_the_pages_is_named_and_the_old_site_stays(tiny, tmp_path):
    root = tmp_path / "broken"
    shutil.copytree(tiny[0], root)
    old = root / ".build" / "site"
    (old / "index.html").write_text("the old site")
    links = "[gone](docs/gone.md) [far](#nowhere)"
    (root / "README.md").write_text(README.replace("Everything", f"{links} Everything"))
    (root / "docs" / "site" / "terms.toml").write_text(
        f'[{SLUG}]\n"No such heading" = ["half"]\n"The idea" = ["perceptron"]\n'
    )
    lecture = root / "notebooks" / f"{SLUG}.ipynb"
    notebook = nbformat.read(lecture, as_version=4)
    noise = "import sys; print('deprecated', file=sys.stderr)"
    notebook.cells.append(new_code_cell(noise))
    unknown = "## Further reading\n\n- *A work that nobody listed*"
    notebook.cells.append(new_markdown_cell(unknown))
    nbformat.write(notebook, lecture)
    with pytest.raises(book.SiteBroken) as broken:
        book.make(root, old, say=lambda text: None)
    for fault in (
        "docs/gone.md",
        "nowhere",
        "the lecture has no heading 'No such heading'",
        "'perceptron' doesn't occur below 'The idea'",
        "stderr was found",
        "bibliography.toml has no work 'A work that nobody listed'",
    ):
        assert fault in str(broken.value)
    assert (old / "index.html").read_text() == "the old site"
    assert not list(old.parent.glob(".site-*"))


def test_a_broken_link_that_sphinx_lets_through_stops_the_build(tiny, monkeypatch):
    root, site = tiny

    def damaged(root, new, doctrees):
        shutil.copytree(site, new)
        page = new / LECTURE
        page.write_text(re.sub("the-idea", "no-idea", page.read_text(), count=1))

    monkeypatch.setattr(book, "build_pages", damaged)
    with pytest.raises(book.SiteBroken, match="#no-idea: the page has no such anchor"):
        book.make(root, site, say=lambda text: None)
    assert (site / LECTURE).is_file()


def test_a_course_that_is_not_built_is_told_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="course build"):
        book.lectures(tmp_path)
