"""axe-core, the accessibility checker, on pages of ours."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def findings(page: Page, part: str | None = None) -> list[str]:
    """What axe finds on a page, one line each: how bad, which rule, where.

    Args:
        page: the page.
        part: a CSS selector; only what is in there is looked at.

    Raises:
        AssertionError: axe found nothing to look at.
    """
    response = Axe().run(page, part, {"resultTypes": ["violations", "passes"]}).response
    assert response["passes"], f"no rule of axe applied to {part or 'the page'}"
    return [
        f"{rule['impact']}: {rule['id']} ({rule['help']}) at {node['target']}"
        for rule in response["violations"]
        for node in rule["nodes"]
    ]


def grave(page: Page, part: str | None = None) -> list[str]:
    """Serious and critical findings alone."""
    return [line for line in findings(page, part) if line.startswith(GRAVE)]
