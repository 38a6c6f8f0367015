"""What a person sees of JupyterLab and does there, in words of the course."""

import json
import re
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.lab import TOKEN, Lab

TIMEOUT_MS = 120_000  # for a busy machine; nothing waits longer than it has to
SIZE = {"width": 1280, "height": 800}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36",
}
# Words and pictures that end right of what contains them, where nothing scrolls.
CUT = """container => {
  const edge = Math.min(container.getBoundingClientRect().right, innerWidth) + 1;
  const scrolls = element => element !== document.documentElement
    && /auto|scroll/.test(getComputedStyle(element).overflowX)
    && element.scrollWidth > element.clientWidth
    && element.getBoundingClientRect().right <= edge;
  const range = document.createRange();
  const found = [];
  const kinds = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(container, kinds);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE ? !node.data.trim() : node.tagName !== "IMG")
      continue;
    range.selectNode(node);
    const rectangle = range.getBoundingClientRect();
    if (!rectangle.width || rectangle.right <= edge) continue;
    let around = node.parentElement;
    while (around && around !== container && !scrolls(around))
      around = around.parentElement;
    if (!around || around === container) found.push(node.data || node.outerHTML);
  }
  return found;
}"""
RAN = re.compile(r"\[\d+\]:")
# Whatever stands between a person and the page, noted even if it goes away by itself;
# and each press of a mouse's button.
NOTES = """
window.dialogsSeen = [];
window.mousePressed = 0;
const kinds = "dialog, .jp-Dialog, [role=dialog], [role=alertdialog], .Toastify__toast";
new MutationObserver(changes => {
  for (const change of changes) for (const node of change.addedNodes) {
    if (!(node instanceof Element)) continue;
    const found = node.matches(kinds) ? node : node.querySelector(kinds);
    if (found) window.dialogsSeen.push(found.textContent);
  }
}).observe(document, { childList: true, subtree: true });
document.addEventListener("mousedown", () => window.mousePressed++, true);
"""


def open_lab(page: Page, lab: Lab, place: str = "/") -> None:
    """Open a page of the server, as its own link with the token does."""
    page.goto(f"{lab.address}{place}?token={TOKEN}")


def open_home(page: Page, lab: Lab) -> Locator:
    """Open JupyterLab as a student does, and wait for the home page."""
    open_lab(page, lab)
    home = page.locator(".jp-MarkdownViewer")
    expect(home.get_by_role("heading", name="Where you are")).to_be_visible()
    return home


def open_from_menu(page: Page, name: str) -> None:
    """Choose an entry of the menu Nbgrader."""
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def formgrader_in_lab(page: Page) -> FrameLocator:
    """Formgrader inside JupyterLab, opened from the menu."""
    open_from_menu(page, "Formgrader")
    return page.frame_locator("iframe[src*=formgrader]")


def cut(container: Locator) -> list[str]:
    """What of a part of a page ends beyond its edge, and can't be scrolled to."""
    return container.evaluate(CUT)


def scroll_down_to(page: Page, wanted: Locator) -> None:
    """Scroll the open notebook until a part of it is there, which JupyterLab makes and
    takes away as one scrolls.
    """
    scroller = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    scroller = scroller.locator(".jp-WindowedPanel-outer")
    for _ in range(100):
        if wanted.count() and wanted.is_visible():
            break
        scroller.evaluate("element => element.scrollTo(0, element.scrollHeight)")
        page.wait_for_timeout(300)
    expect(wanted).to_be_visible()


def dialogs_seen(page: Page) -> list[str]:
    """The texts of all dialogs and prompts that ever appeared on the page."""
    return page.evaluate("window.dialogsSeen")


def mouse_presses(page: Page) -> int:
    """How often a button of the mouse was pressed on the page."""
    return page.evaluate("window.mousePressed")


class Notebook:
    """An exercise notebook in JupyterLab; its cells are known by their grade ids.

    Args:
        page: the browser's.
        path: the notebook on disk.
    """

    def __init__(self, page: Page, path: Path):
        self.page = page
        # The panel in front: JupyterLab keeps others, hidden.
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells]
        self.places = {name: place for place, name in enumerate(names)}
        self.exercises = [name[5:] for name in names if name.startswith("test_")]

    def wait(self) -> None:
        """Wait until the notebook is shown and its kernel is ready."""
        expect(self.cell(next(iter(self.places)))).to_be_visible()
        expect(self.page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()

    def note_added(self, above: str, name: str) -> None:
        """A cell was added below another: those that follow have moved."""
        place = self.places[above] + 1
        moved = {n: p + (p >= place) for n, p in self.places.items()}
        self.places = {**moved, name: place}

    def cell(self, name: str) -> Locator:
        """A cell by its grade id: `squared_loss`, or `test_squared_loss`."""
        place = f'[data-windowed-list-index="{self.places[name]}"]'
        return self.panel.locator(f".jp-Notebook-cell{place}")

    def both(self, exercise: str) -> list[Locator]:
        """The cells of an exercise: its answer and its test."""
        return [self.cell(exercise), self.cell(f"test_{exercise}")]

    def verdict(self, exercise: str) -> Locator:
        """The panel below an exercise's test."""
        return self.cell(f"test_{exercise}").get_by_role("status")

    def count(self, exercise: str) -> str:
        """What stands left of a test: `[3]:`, or `[ ]:` where it hasn't run."""
        return self._prompt(f"test_{exercise}").text_content()

    def state(self, exercise: str, before: str) -> str:
        """The state on an exercise's panel once its test has run.

        Args:
            exercise: the exercise's id.
            before: its `count` before the test was started.
        """
        prompt = self._prompt(f"test_{exercise}")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(RAN)
        # Not inner_text: that is empty where the cell is out of sight.
        text = self.verdict(exercise).text_content()
        return re.search(f"{exercise}: (right|wrong|not attempted)", text)[1]

    def write(self, name: str, source: str) -> None:
        """Replace a cell's text as a whole, with the mouse and the clipboard."""
        self._prompt(name).click()
        self.page.keyboard.press("Enter")
        expect(self.cell(name).locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, exercise: str) -> str:
        """Run an answer as it stands and its test; the state that the panel says."""
        before = self.count(exercise)
        self._prompt(exercise).click()
        self.page.keyboard.press("Shift+Enter")
        self.page.keyboard.press("Shift+Enter")
        return self.state(exercise, before)

    def _prompt(self, name: str) -> Locator:
        """Left of a cell, where a click does nothing but choose the cell."""
        return self.cell(name).locator(".jp-InputPrompt").first

    def validated(self) -> Locator:
        """The dialog with the results of nbgrader's Validate, once they are there."""
        dialog = self.page.locator(".jp-Dialog-content")
        expect(dialog.get_by_text("Validation Results")).to_be_visible()
        return dialog


def failed_exercises(dialog: Locator) -> set[str]:
    """The exercises that Validate's dialog lists as failed."""
    return set(re.findall(r'with check\.exercise\("(\w+)"', dialog.inner_text()))


class Assignments:
    """nbgrader's Assignment List in JupyterLab.

    Args:
        page: the browser's; the list is open.
    """

    def __init__(self, page: Page):
        self.page = page

    def row(self, kind: str, slug: str) -> Locator:
        """A line of the list `released`, `fetched` or `submitted`."""
        rows = self.page.locator(f"#{kind}_assignments_list > .list_item")
        return rows.filter(has_text=slug)

    def button(self, kind: str, slug: str, name: str) -> Locator:
        """A button of an assignment."""
        return self.row(kind, slug).get_by_role("button", name=name, exact=True)
