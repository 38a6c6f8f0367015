"""The report in a real browser: on a phone, on paper, and with hostile names."""

import pytest
from browser import chromium  # noqa: F401  a fixture
from class_by_hand import SLUG

from course.report.names import Names
from course.report.page import all_page, class_page, students_page
from course.report.trajectory import ways
from tests.e2e.axe import grave

FILES = {f"{n:02}_x": f"{n:02}_x.html" for n in range(36)}
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module", params=["one", "all", "students"])
def page_file(request, work, tmp_path_factory):
    """Each kind of page, as a file."""
    names = Names(work.people)
    if request.param == "one":
        page = class_page(work, names)
    elif request.param == "students":
        page = students_page(ways([work] * 36, names), names, FILES)
    else:
        page = all_page([work], names, {SLUG: f"{SLUG}.html"})
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def opened(chromium, path, viewport):  # noqa: F811
    """The page, what it asked the network for, and what it said in the console."""
    context = chromium.new_context(viewport=viewport, java_script_enabled=True)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script("window.pwned = () => { window.wasPwned = true }")
    page.goto(path.as_uri())
    return page, [url for url in asked if url.startswith("http")], said


def test_on_a_phone_nothing_is_wider_than_the_screen(chromium, page_file):  # noqa: F811
    page, _, _ = opened(chromium, page_file, PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    overflowing = page.evaluate(
        """[...document.querySelectorAll("body *")].filter(
             e => e.getBoundingClientRect().right > 361 && !e.closest(".scrolls *")
           ).map(e => e.outerHTML)"""
    )
    assert overflowing == []


def test_a_phone_and_a_page_get_figures_of_their_own(chromium, page_file):  # noqa: F811
    used = "[...document.images].map(i => [i.currentSrc === i.src, i.naturalWidth > 0])"
    phone, _, _ = opened(chromium, page_file, PHONE)
    wide, _, _ = opened(chromium, page_file, {"width": 1200, "height": 900})
    assert all(shown == [False, True] for shown in phone.evaluate(used))
    assert all(shown == [True, True] for shown in wide.evaluate(used))


def test_axe_finds_nothing_grave(chromium, page_file):  # noqa: F811
    page, _, _ = opened(chromium, page_file, PHONE)
    assert grave(page) == []


def test_nothing_runs_and_nothing_is_fetched(chromium, page_file):  # noqa: F811
    page, asked, said = opened(chromium, page_file, PHONE)
    assert page.evaluate("window.wasPwned") is None
    assert asked == said == []


def test_on_paper_it_fits_and_keeps_its_colours(chromium, page_file):  # noqa: F811
    page, _, _ = opened(chromium, page_file, {"width": 690, "height": 900})
    page.emulate_media(media="print")
    if page.locator(".scrolls").count():  # a table that is printed across the sheet
        page.set_viewport_size({"width": 1040, "height": 690})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heat = "getComputedStyle(document.querySelector('[style^=b]')).printColorAdjust"
    assert page.evaluate(heat) == "exact"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
