"""An instructor's own assignment in a browser: from formgrader's Create to a release.

How it is graded, fed back and reported is in `tests/course/grade/brought`.
"""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from tests.brought.making import KERNEL
from tests.e2e import pages

pytestmark = pytest.mark.usefixtures("in_order")

NAME, THERE = "squares", "03_linear_regression"
SOLVED = "### BEGIN SOLUTION\ndef square(x):\n    return x * x\n### END SOLUTION"
KINDS = {1: "solution", 2: "tests"}  # of the notebook's cells, by place


@pytest.fixture(scope="module")
def instructor(open_page, lab):
    """The instructor's page."""
    watched = open_page()
    pages.open_lab(watched.page, lab, "/lab/workspaces/own")
    return watched


def row_of(page, text):
    """A line of one of formgrader's tables."""
    return page.locator("tbody tr").filter(has_text=text)


def test_an_assignment_is_added_in_formgrader(lab, instructor):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_assignments")
    expect(row_of(page, THERE)).to_be_visible()  # else there is no list to add it to
    page.get_by_role("link", name="Add new assignment...").click()
    page.locator("#add-assignment-modal input.name").fill(NAME)
    page.locator("#add-assignment-modal .save").click()
    expect(row_of(page, NAME).locator(".status")).to_have_text("draft")
    assert (lab.course / "source" / NAME).is_dir()


def test_its_cells_are_marked_in_jupyterlab(lab, instructor):
    cells = [new_markdown_cell("# Squares"), new_code_cell(SOLVED)]
    cells += [new_code_cell("assert square(2) == 4\nassert square(3) == 9")]
    path = lab.course / "source" / NAME / f"{NAME}.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    page = instructor.page
    page.goto(f"{lab.address}/lab/workspaces/own/tree/source/{NAME}/{NAME}.ipynb")
    expect(page.get_by_text("assert square(3) == 9")).to_be_visible()
    pages.open_from_menu(page, "Create assignment")
    for place, kind in KINDS.items():
        widget = page.locator(".nbgrader-CellWidget").nth(place)
        widget.locator(".nbgrader-CellType select").select_option(kind)
    tests = page.locator(".nbgrader-CellWidget").nth(2)
    tests.locator(".nbgrader-CellPoints input").fill("2")
    tests.locator(".nbgrader-CellPoints input").blur()
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.click()
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    saved = nbformat.read(path, as_version=4)
    facts = [cell.metadata.get("nbgrader", {}) for cell in saved.cells]
    assert [f.get("solution") for f in facts[1:]] == [True, False]
    assert facts[2].points == 2


def test_the_release_is_generated_in_formgrader(lab, instructor):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_assignments")
    row_of(page, NAME).locator(".assign a").click()
    expect(page.locator("#success-modal")).to_contain_text("Success")
    released = lab.course / "release" / NAME / f"{NAME}.ipynb"
    assert "x * x" not in released.read_text(encoding="utf-8")
