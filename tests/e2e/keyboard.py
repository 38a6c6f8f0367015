"""A student's path with the keyboard alone: docs/keyboard.md, as a program."""

import re
from collections.abc import Callable
from pathlib import PurePath

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages import Notebook

# JupyterLab's buttons hold the focused element in a shadow tree.
FOCUSED = """() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return (found?.getAttribute("aria-label") || found?.textContent || "").trim();
}"""
MOST_STEPS = 60
ACTIVE = ".jp-Notebook-cell.jp-mod-active"


def up_or_down(steps: int) -> list[str]:
    """The keys that lead so many steps down, or up if negative."""
    return ["ArrowDown" if steps > 0 else "ArrowUp"] * abs(steps)


class Keyboard:
    """Someone who uses no mouse.

    Args:
        page: the browser's; its focus is where JupyterLab put it.
    """

    def __init__(self, page: Page):
        self.page = page

    def press(self, *keys: str) -> None:
        """Press one key after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def walk_to(self, name: str, key: str = "Tab") -> None:
        """Press a key until an element of this name has the focus."""
        self._walk(lambda: self.page.evaluate(FOCUSED) == name, name, key)

    def _walk(self, there: Callable[[], bool], where: str, key: str) -> None:
        passed = []
        for _ in range(MOST_STEPS):
            self.press(key)
            if there():
                return
            passed.append(self.page.evaluate(FOCUSED)[:60])
        raise AssertionError(f"{key} never leads to {where}, only to {passed}")

    def open_file(self, path: PurePath) -> None:
        """Open a file from the list at the left, which shows the course's folder."""
        names = self.page.locator(".jp-DirListing-itemText")
        focused = self.page.locator(".jp-DirListing-itemText:focus")
        chosen = self.page.locator(".jp-DirListing-item.jp-mod-selected").locator(
            focused
        )
        self._walk(lambda: focused.count() == 1, "the list of files", "Shift+Tab")
        for name in path.parts:
            expect(
                names.filter(has_text=re.compile(f"^{re.escape(name)}$"))
            ).to_be_visible()
            expect(focused).to_be_attached()
            self.press("ArrowUp")  # chooses what has the focus, or what is above it
            here, known = chosen.text_content(), names.all_text_contents()
            self.press(*up_or_down(known.index(name) - known.index(here)))
            expect(chosen).to_have_text(name)
            self.press("Enter")

    def command(self, name: str) -> None:
        """Choose a command from JupyterLab's palette."""
        self.press("Control+Shift+C")
        palette = self.page.locator(".lm-CommandPalette-input")
        expect(palette).to_be_focused()
        self.page.keyboard.type(name)
        chosen = self.page.locator(".lm-CommandPalette-item.lm-mod-active")
        expect(chosen).to_have_text(name)
        self.press("Enter")


class NotebookKeys(Keyboard):
    """The same, in a notebook.

    Args:
        notebook: the notebook, open and in front.
    """

    def __init__(self, notebook: Notebook):
        super().__init__(notebook.page)
        self.notebook = notebook

    def go_to(self, name: str) -> None:
        """Go up or down to a cell, in command mode."""
        active = self.notebook.panel.locator(ACTIVE)
        here = int(active.get_attribute("data-windowed-list-index"))
        self.press(*up_or_down(self.notebook.places[name] - here))
        expect(self.notebook.cell(name)).to_contain_class("jp-mod-active")

    def replace_last_line(self, name: str, line: str) -> None:
        """Type the last line of a cell anew and leave it in edit mode."""
        self.go_to(name)
        self.press("Enter")
        expect(self.notebook.cell(name).locator(".cm-content")).to_be_focused()
        self.press("Control+End", "Shift+Home")
        self.page.keyboard.type(line)

    def run(self, exercise: str) -> str:
        """Run an exercise's answer, where the focus is, and its test; the state."""
        before = self.notebook.count(exercise)
        self.press("Shift+Enter", "Shift+Enter")
        return self.notebook.state(exercise, before)

    def add_below(self, name: str, added: str, source: str) -> Locator:
        """Add a cell below another, write into it and stay in it."""
        self.go_to(name)
        self.press("b")
        self.notebook.note_added(name, added)
        cell = self.notebook.cell(added)
        expect(cell).to_contain_class("jp-mod-active")
        self.press("Enter")
        self.page.keyboard.type(source)
        return cell
