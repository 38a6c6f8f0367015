"""Pictures of each step: all in `.build/screenshots`, some of them in the docs.

    COURSE_SCREENSHOTS=keep python -m pytest tests/e2e

writes those of the docs anew; look at them before they are committed.
"""

import os
import shutil

from playwright.sync_api import Locator, Page

from course.requirements import ROOT

DOCS = ROOT / "docs" / "images"
FOLDER = ROOT / ".build" / "screenshots"
# Those that README and guides show; nothing else lies in docs/images.
KEPT = ("home-page", "named-mistake", "formgrader-by-hand", "feedback-page")


class Pictures:
    """Takes pictures, numbered as they come.

    Args:
        name: of the folder that they go to; what lies in it goes away.
    """

    def __init__(self, name: str):
        self.folder = FOLDER / name
        self.keeps = os.environ.get("COURSE_SCREENSHOTS") == "keep"
        self.taken: list[str] = []
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def window(self, name: str, page: Page) -> None:
        """Take a picture of all that the window shows."""
        self._take(name, page, {})

    def part(self, name: str, *shown: Locator, margin: float = 0) -> None:
        """Take a picture of some elements of a page and what lies between them.

        Args:
            name: the picture's, without number and ending.
            shown: what must be in the picture; the first is brought into sight.
            margin: how much of what is around them, in pixels.
        """
        page = shown[0].page
        shown[0].scroll_into_view_if_needed()
        self._take(name, page, {"clip": _around(page, shown, margin)})

    def _take(self, name: str, page: Page, options: dict) -> None:
        self.taken.append(name)
        content = page.screenshot(caret="hide", animations="disabled", **options)
        (self.folder / f"{len(self.taken):02}-{name}.png").write_bytes(content)
        if self.keeps and name in KEPT:
            (DOCS / f"{name}.png").write_bytes(content)

    def note(self, name: str, lines: list[str]) -> None:
        """Write lines of text beside the pictures."""
        text = "".join(f"{line}\n" for line in lines)
        (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")

    def missing(self) -> set[str]:
        """Pictures of the docs that were not taken."""
        return set(KEPT) - set(self.taken)


def _around(page: Page, shown: tuple[Locator, ...], margin: float) -> dict:
    """The rectangle of the window that holds all elements and a margin."""
    boxes = [element.bounding_box() for element in shown]
    left = max(min(box["x"] for box in boxes) - margin, 0)
    top = max(min(box["y"] for box in boxes) - margin, 0)
    right = max(box["x"] + box["width"] for box in boxes) + margin
    bottom = max(box["y"] + box["height"] for box in boxes) + margin
    size = page.viewport_size
    width, height = min(right, size["width"]) - left, min(bottom, size["height"]) - top
    return {"x": left, "y": top, "width": width, "height": height}
