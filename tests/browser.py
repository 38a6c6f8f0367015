"""A real browser for tests: Debian's Chromium, driven through Playwright.

Chromium comes from the system (`apt-get install chromium`); Playwright brings none.
"""

import shutil
from collections.abc import Iterator

import pytest

QUIET = [
    "--no-sandbox",  # tests run as root in containers
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# Whatever a person could do with a page: each element gets each event and a click.
EVENTS = ["mouseover", "focus", "focusin", "toggle", "animationstart"]
POKE = """async ([within, events]) => {
  const found = document.querySelectorAll(within);
  for (const element of found) {
    for (const event of events) element.dispatchEvent(new Event(event));
    if (/^http/.test(element.href || "")) continue;  // a link to look at, not to follow
    if (element.click) element.click();
    else element.dispatchEvent(new MouseEvent("click"));
    // A click on another link would call this one off.
    if (element.matches("a, area, button")) await new Promise(go => setTimeout(go, 10));
  }
  return found.length;
}"""


def poke(page, within: str) -> int:
    """Do to a page whatever a person could, and see what its scripts do.

    Args:
        page: Playwright's page.
        within: a CSS selector of the elements that are poked.

    Returns:
        how many elements there were.

    Raises:
        playwright.sync_api.Error: the page went elsewhere meanwhile.
    """
    return page.evaluate(POKE, [within, EVENTS])


def find_chromium() -> str:
    """The path of Chromium; the test fails, and is not skipped, if there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("there is no Chromium: install the system's package `chromium`")
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    """A browser; make pages with `chromium.new_page()`.

    One a module: while Playwright runs, nothing else in the process can use asyncio.
    """
    yield from _launched()


@pytest.fixture(scope="module")
def chromium_with_bars() -> Iterator:
    """A browser that shows scroll bars, as people's do, which Playwright's hides."""
    yield from _launched(ignore_default_args=["--hide-scrollbars"])


def _launched(**options) -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = find_chromium()
        browser = playwright.chromium.launch(
            executable_path=path, args=QUIET, **options
        )
        yield browser
        browser.close()
