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


def find_chromium() -> str:
    """The path of Chromium; the test fails, and is not skipped, if there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("there is no Chromium: install the system's package `chromium`")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """A browser, one a test process; make pages with `chromium.new_page()`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = find_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
