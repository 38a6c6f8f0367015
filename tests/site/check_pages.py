"""Every page of the built site in a browser: `make pages`, after `make site`.

Not among the unit tests (its name says so): it looks at what `make site` has built.
"""

from pathlib import Path

import pytest

from tests.browser import chromium_with_bars  # noqa: F401
from tests.site.looking import faults

SITE = Path(__file__).parents[2] / ".build" / "site"
PAGES = sorted(
    str(page.relative_to(SITE))
    for page in SITE.rglob("*.html")
    if "_static" not in page.parts and page.name not in ("index.html", "search.html")
)
KINDS = ("home", "notebooks/03", "release/03")
WIDE = [page for page in PAGES if page.startswith(KINDS)]


def test_there_are_pages_to_look_at():
    assert len(WIDE) == 3, f"no site in {SITE}; run `make site`"


@pytest.mark.parametrize("page", PAGES)
def test_on_a_phone(chromium_with_bars, page):  # noqa: F811
    assert faults(chromium_with_bars, SITE / page, width=400, contrast=False) == []


@pytest.mark.parametrize("page", WIDE)
def test_on_a_desk(chromium_with_bars, page):  # noqa: F811
    assert faults(chromium_with_bars, SITE / page, width=1280) == []
