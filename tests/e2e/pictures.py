"""Pictures of each step: all in `.build/screenshots`, some of them in the docs.

    COURSE_SCREENSHOTS=keep python -m pytest tests/e2e

writes those of the docs anew; look at them before they are committed. Each carries the
words that it shows, and who takes it again compares them: a picture that has gone stale
fails the test.
"""

import os
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Locator, Page

from course.requirements import ROOT

DOCS = ROOT / "docs" / "images"
FOLDER = ROOT / ".build" / "screenshots"
# Those that README and guides show, by the module that takes them; nothing else lies in
# docs/images.
KEPT = {
    "journey": ("home-page", "named-mistake", "written-answer", "feedback-page"),
    "demo_report": ("class-report",),
}
STILL = {"caret": "hide", "animations": "disabled"}
# What two elements and all between them say to who looks, a line for each block.
WORDS = """([first, last]) => {
  const range = document.createRange();
  range.setStartBefore(first);
  range.setEndAfter(last);
  const kinds = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
  const walker = document.createTreeWalker(document.body, kinds);
  const isInline = element => getComputedStyle(element).display.startsWith("inline");
  const lines = [];
  let block = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    let around = node.parentElement;
    if (!range.intersectsNode(node) || !around.checkVisibility()) continue;
    while (isInline(around)) around = around.parentElement;
    if (around !== block) lines.push("");
    block = around;
    lines.push(lines.pop() + (node.data || node.value || node.placeholder || ""));
  }
  return lines.map(line => line.replace(/\\s+/g, " ").trim()).filter(line => line);
}"""


class Pictures:
    """Takes pictures, numbered as they come.

    Args:
        name: of the module that takes them, and of the folder that they go to; what
            lies in it goes away.

    Attributes:
        stale: what those of the docs should say, by name, where they say else.
    """

    def __init__(self, name: str):
        self.folder = FOLDER / name
        self.kept = KEPT.get(name, ())
        self.keeps = os.environ.get("COURSE_SCREENSHOTS") == "keep"
        self.taken: list[str] = []
        self.stale: dict[str, list[str]] = {}
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def window(self, name: str, page: Page) -> None:
        """Take a picture of all that the window shows."""
        self._take(name, page.screenshot(**STILL))

    def part(self, name: str, *shown: Locator, margin: float = 0) -> None:
        """Take a picture of some elements of a page and what lies between them.

        Args:
            name: the picture's, without number and ending.
            shown: what must be in the picture; the first is brought into sight.
            margin: how much of what is around them, in pixels.
        """
        page = shown[0].page
        shown[0].scroll_into_view_if_needed()
        clip = _around(page, shown, margin)
        content = self._take(name, page.screenshot(clip=clip, **STILL))
        if name in self.kept:
            ends = [shown[0].element_handle(), shown[-1].element_handle()]
            self._keep(name, content, page.evaluate(WORDS, ends))

    def _take(self, name: str, content: bytes) -> bytes:
        self.taken.append(name)
        (self.folder / f"{len(self.taken):02}-{name}.png").write_bytes(content)
        return content

    def _keep(self, name: str, content: bytes, words: list[str]) -> None:
        """Write a picture of the docs anew if asked to, else note if it is stale."""
        path = DOCS / f"{name}.png"
        if self.keeps:
            with_words = PngInfo()
            with_words.add_itxt("Description", "\n".join(words))
            Image.open(BytesIO(content)).save(path, pnginfo=with_words, optimize=True)
        elif words_of(path) != words:
            self.stale[name] = words

    def note(self, name: str, lines: list[str]) -> None:
        """Write lines of text beside the pictures."""
        text = "".join(f"{line}\n" for line in lines)
        (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")

    def missing(self) -> set[str]:
        """Pictures of the docs that were not taken."""
        return set(self.kept) - set(self.taken)


def words_of(path: Path) -> list[str]:
    """The words that a picture of the docs shows, as it carries them."""
    with Image.open(path) as picture:
        return picture.text.get("Description", "").splitlines()


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
