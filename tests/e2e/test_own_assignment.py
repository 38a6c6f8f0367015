"""An instructor's own assignment in a browser: from formgrader's Create to a report.

The steps are those of "Your own assignment" in docs/instructors.md. Whatever kinds of
assignments there are is in `tests/course/grade/brought`.
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
# Whoever squares wrong is right about 2; whoever deleted the test gets it back.
RIGHT, WRONG = ("def square(x):\n    return " + body for body in ("x**2", "x + x"))
CLASS = {"ann": RIGHT, "ben": WRONG, "cleo": RIGHT}
POINTS = {"ann": "2", "ben": "0", "cleo": "2"}


@pytest.fixture(scope="module")
def instructor(open_page, lab):
    """The instructor's page."""
    watched = open_page()
    pages.open_lab(watched.page, lab, "/lab/workspaces/own")
    return watched


def row_of(page, text):
    """A line of one of formgrader's tables."""
    return page.locator("tbody tr").filter(has_text=text)


def is_saved(response) -> bool:
    """Whether a browser's request saved the notebook."""
    is_it = f"/contents/source/{NAME}/{NAME}.ipynb" in response.url
    return is_it and response.request.method == "PUT"


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
    page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").first.click()
    expect(page.locator(".jp-NotebookPanel .cm-content:focus")).to_have_count(1)
    with page.expect_response(is_saved) as response:
        page.keyboard.press("Control+s")
    assert response.value.ok
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


def test_three_hand_in(lab, instructor):
    released = lab.course / "release" / NAME / f"{NAME}.ipynb"
    for student, answer in CLASS.items():
        handed_in = nbformat.read(released, as_version=4)
        handed_in.cells[1].source = answer
        if student == "cleo":
            del handed_in.cells[2]
        path = lab.course / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(handed_in, path)
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_assignments")
    row_of(page, NAME).locator(".num-submissions a").click()
    expect(page.locator("tbody tr")).to_have_count(len(CLASS))


@pytest.mark.parametrize("student", CLASS)
def test_formgraders_autograde_gives_each_the_points(lab, instructor, student):
    page = instructor.page
    row_of(page, student).locator(".autograde a").click()
    expect(page.locator("#success-modal")).to_contain_text("Successfully autograded")
    said = page.locator("#success-modal")
    expect(said).to_contain_text("1 graded now")  # so it was not nbgrader's own
    said.get_by_role("button", name="OK").click()
    expect(said).to_be_hidden()
    row = row_of(page, student)
    expect(row.locator(".score")).to_have_text(f"{POINTS[student]} / 2")
    expect(row.locator(".status")).to_have_text("graded")


def test_formgraders_gradebook_has_the_average(lab, instructor):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/gradebook")
    expect(row_of(page, NAME).locator(".score")).to_have_text("1.33 / 2")


def test_a_students_feedback_names_the_assertion_that_failed(lab, instructor, run):
    assert len(run("course", "feedback", NAME).splitlines()) == len(CLASS)
    page = instructor.page
    page.goto((lab.course / "feedback" / "ben" / NAME / f"{NAME}.html").as_uri())
    expect(page.locator(".total")).to_have_text("0 of 2 points")
    expect(page.locator("body")).to_contain_text("assert square(3) == 9")
    page.goto((lab.course / "feedback" / "cleo" / NAME / f"{NAME}.html").as_uri())
    expect(page.locator(".total")).to_have_text("2 of 2 points")


def test_the_report_is_opened(lab, instructor, run):
    assert f"{NAME}.html" in run("course", "report", NAME)
    page = instructor.page
    page.goto((lab.course / "reports" / f"{NAME}.html").as_uri())
    expect(page.get_by_role("heading", name=NAME).first).to_be_visible()
    stopped = page.get_by_role("row", name="The test stopped at")
    expect(stopped).to_contain_text("assert square(3) == 9")
    # It has no bank into which anybody could write names of mistakes.
    expect(page.locator("body")).not_to_contain_text("answers.py")
    assert not (lab.course / "reports" / f"{NAME}-unnamed.py").exists()
    table = (lab.course / "reports" / f"{NAME}.csv").read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in table.splitlines()[1:]] == [*CLASS]


def test_nothing_of_it_needed_a_network_or_went_wrong(instructor):
    assert (instructor.boxes, instructor.errors, instructor.elsewhere) == ([], [], [])
