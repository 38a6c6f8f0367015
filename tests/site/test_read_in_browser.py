"""A reader with a browser and no network: search, copy, fold and print a lecture."""

import pytest
from playwright.sync_api import expect

from tests.browser import chromium_with_bars  # noqa: F401
from tests.site.conftest import ALT, FIGURE, LECTURE
from tests.site.looking import FORMULAS_ARE_SET, TIMEOUT_MS, faults

A4 = 718  # CSS pixels between margins of 1 cm
FITS = """() => [...document.querySelectorAll("article :is(pre, img, table)")]
  .filter(e => !e.closest("details.open-in"))
  .map(e => [e.checkVisibility(), e.scrollWidth <= e.clientWidth + 1,
             e.getBoundingClientRect().right <= window.innerWidth])"""
OPEN = "[...document.querySelectorAll('details.draws')].map(fold => fold.open)"
expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="module")
def site(tiny):
    return tiny[1]


@pytest.fixture
def context(chromium_with_bars):  # noqa: F811
    context = chromium_with_bars.new_context(offline=True)
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


def search(context, site, query):
    page = context.new_page()
    page.goto(f"{(site / 'search.html').as_uri()}?q={query}")
    return page


@pytest.mark.parametrize("query", ["gradient", "Gradients", "the+gradient"])
def test_a_search_from_disk_names_the_section_that_explains_a_term(
    context, site, query
):
    page = search(context, site, query)
    first = page.locator("#search-results > li").first
    expect(first).to_contain_text("01 A toy chapter › The idea")
    expect(first).to_contain_text("explains gradient")
    assert "gradient" in first.locator("p mark").all_text_contents()
    first.get_by_role("link").click()
    page.wait_for_url(f"**/{LECTURE}#the-idea")


def test_a_search_finds_words_of_exercises_and_of_guides_and_says_how_many(
    context, site
):
    page = search(context, site, "folder")
    expect(page.locator("#search-results")).to_contain_text("Authors’ guide")
    expect(page.get_by_role("status")).to_contain_text("Sections found:")
    page = search(context, site, "NotImplementedError")
    expect(page.locator("#search-results a").first).to_contain_text("01 Exercises")


def test_a_search_in_vain_says_so(context, site):
    page = search(context, site, "xylophone")
    expect(page.get_by_role("status")).to_have_text("No section has “xylophone”.")
    assert page.locator("#search-results > li").count() == 0


def test_what_is_searched_for_is_text_and_no_html(context, site):
    page = search(context, site, "%3Cimg+src=x+onerror=alert(1)%3E")
    expect(page.get_by_role("status")).to_contain_text("No section has “<img")
    assert page.locator("main img").count() == 0


def test_every_page_has_a_field_that_searches(context, site):
    page = context.new_page()
    page.goto((site / LECTURE).as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("gradient")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=gradient")
    expect(page.locator("#search-results > li").first).to_contain_text("The idea")


@pytest.mark.parametrize("width", [400, 1280])
def test_axe_finds_nothing_grave_in_what_is_found(chromium_with_bars, site, width):  # noqa: F811
    page = site / "search.html"
    assert faults(chromium_with_bars, page, width, query="?q=gradient") == []


def test_a_cells_code_is_copied_as_a_whole_with_what_is_folded(context, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((site / LECTURE).as_uri())
    cell = page.locator(".cell_input").filter(has_text="slope = 1")
    button = cell.get_by_role("button", name="Copy")
    button.click()
    expect(cell.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == FIGURE


def test_all_code_has_a_button_to_copy_it_once_and_outputs_have_none(context, site):
    page = context.new_page()
    page.goto((site / LECTURE).as_uri())
    cells = page.locator(".cell_input").count()
    assert page.locator(".copy-code").count() == cells > 5
    assert page.locator(".cell_output").count() > 0
    assert page.locator(".cell_output .copy-code").count() == 0


def test_lines_that_only_draw_are_folded_and_open_with_one_click_or_key(context, site):
    page = context.new_page()
    page.goto((site / LECTURE).as_uri())
    cell = page.locator(".cell_input").filter(has_text="slope = 1")
    drawing = cell.get_by_text("plots.show")
    expect(cell.get_by_text("slope = 1")).to_be_visible()
    expect(drawing).to_be_hidden()
    fold = cell.get_by_text("Code that draws, 3 lines")
    fold.click()
    expect(drawing).to_be_visible()
    fold.press("Enter")
    expect(drawing).to_be_hidden()
    expect(page.get_by_alt_text(ALT)).to_be_visible()


def test_on_paper_all_code_and_each_figure_are_whole(context, site):
    page = context.new_page()
    page.set_viewport_size({"width": A4, "height": 1000})
    page.goto((site / LECTURE).as_uri())
    page.wait_for_function(FORMULAS_ARE_SET)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = page.evaluate(FITS)
    assert len(shown) > 8 and shown == [[True, True, True]] * len(shown)
    tallest = page.evaluate("Math.max(...[...document.images].map(i => i.height))")
    assert 100 < tallest < 950  # of a page of 1047
    expect(page.get_by_text("Open this notebook in")).to_be_hidden()
    expect(page.locator(".copy-code").first).to_be_hidden()


def test_a_browser_opens_the_folds_as_it_prints_and_closes_them_again(context, site):
    page = context.new_page()
    page.goto((site / LECTURE).as_uri())
    page.wait_for_function(FORMULAS_ARE_SET)
    assert page.evaluate(OPEN) == [False]
    page.evaluate(f"addEventListener('beforeprint', () => {{ window.seen = {OPEN} }})")
    printed = page.pdf(format="A4")
    assert page.evaluate("window.seen") == [True] and page.evaluate(OPEN) == [False]
    assert printed.count(b"/Subtype /Image") >= 1
