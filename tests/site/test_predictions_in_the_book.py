"""Predictions in the book and in nbconvert's page: keys, phone, print, no script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Page, expect

from tests.browser import chromium_with_bars  # noqa: F401
from tests.site.conftest import LECTURE, SLUG
from tests.site.looking import FORMULAS_ARE_SET, faults

PHONE = {"width": 390, "height": 844}
ANSWERS = "Answers to the predictions"


@pytest.fixture(scope="module")
def book(tiny) -> Path:
    return tiny[1] / LECTURE


@pytest.fixture(scope="module")
def converted(built_toy, tmp_path_factory) -> Path:
    """What `jupyter nbconvert --to html` makes of the lecture."""
    notebook = nbformat.read(built_toy / "notebooks" / f"{SLUG}.ipynb", as_version=4)
    page = tmp_path_factory.mktemp("converted") / "lecture.html"
    page.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    return page


@pytest.fixture(params=["book", "converted"])
def path(request) -> Path:
    return request.getfixturevalue(request.param)


@pytest.fixture
def opened(chromium_with_bars, path) -> Iterator[Callable[..., Page]]:  # noqa: F811
    """The page on a phone, without a network; with `script=False` without scripts."""
    contexts = []

    def open_one(script: bool = True) -> Page:
        context = chromium_with_bars.new_context(
            offline=True, viewport=PHONE, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        return page

    yield open_one
    for context in contexts:
        context.close()


def option(page: Page, number: int, letter: str):
    place = 3 * (number - 1) + "ABC".index(letter)
    return page.locator("details.predict").nth(place)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_an_option_and_closes_it_with_or_without_scripts(
    opened, script, key
):
    page = opened(script)
    chosen = option(page, 2, "A")
    why = chosen.get_by_text("changes the type to hold the result")
    expect(why).to_be_hidden()
    chosen.locator("summary").focus()
    page.keyboard.press(key)
    expect(why).to_be_visible()
    assert page.locator("details.predict[open]").count() == 1
    page.keyboard.press(key)
    expect(why).to_be_hidden()


def test_tab_goes_from_option_to_option(opened):
    page = opened()
    option(page, 2, "A").locator("summary").focus()
    page.keyboard.press("Tab")
    expect(option(page, 2, "B").locator("summary")).to_be_focused()


def test_what_a_screen_reader_hears_before_opening_is_the_option_alone(opened):
    page = opened()
    heard = option(page, 2, "A").aria_snapshot()
    assert "floating-point number" in heard
    assert "Right" not in heard and "divides truly" not in heard
    heard = option(page, 2, "C").aria_snapshot()
    assert "C. An error, as the types differ" in heard and "Not so" not in heard


def test_a_phone_shows_all_options_without_a_scroll_to_the_side(opened):
    page = opened()
    for summary in page.locator("details.predict summary").all():
        summary.click()
        box = summary.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    wide = page.evaluate(
        "[...document.querySelectorAll('details.predict, details.predict *')]"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).length"
    )
    assert wide == 0


def test_print_shows_the_answers_at_the_end(opened):
    page = opened()
    page.emulate_media(media="print")
    heading = page.get_by_role("heading", name=ANSWERS)
    expect(heading).to_be_visible()
    last = option(page, 2, "C").bounding_box()
    for text in ("Predict 1, B:", "Predict 2, A:", "Half of", "What rounds down is"):
        answer = page.get_by_text(text).last
        expect(answer).to_be_visible()
        assert answer.bounding_box()["y"] > heading.bounding_box()["y"] > last["y"]


def test_formulas_of_options_are_set_in_the_book(chromium_with_bars, book):  # noqa: F811
    page = chromium_with_bars.new_page()
    page.goto(book.as_uri())
    page.wait_for_function(FORMULAS_ARE_SET)
    first = page.locator("details.predict summary").first
    assert first.locator("mjx-container svg").count() == 1
    assert "$" not in first.inner_text() and "frac" not in first.inner_text()
    page.close()


def test_axe_finds_nothing_grave_beside_predictions(chromium_with_bars, book):  # noqa: F811
    assert faults(chromium_with_bars, book, width=390) == []
