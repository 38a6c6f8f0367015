"""What a student sees of JupyterLab: on a phone, on a laptop, at a lecture's end."""

import json
import re
import shutil
from collections.abc import Callable
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import expect

from course.grade.feedback import feedback_page
from course.grade.intake.submission import Submission
from course.grade.plan import Cell, read_assignment
from course.grade.record.marks import Marks
from course.grade.result import WRONG, Result, Verdict
from course.student import copies
from course.student.lectures import cells_digest
from tests.e2e import pages
from tests.e2e.axe import grave
from utils.check.panel import html_panel

SLUG = "01_toy"
LECTURE = f"work/lectures/{SLUG}.ipynb"
EXERCISES = f"work/{SLUG}/{SLUG}.ipynb"
FILES = ".jp-FileBrowser"
LONG = "expected tensor([" + "0.3333," * 60 + "]), got something else"


@pytest.fixture(scope="module")
def course(lab, built_toy):
    """The course with the toy chapter beside the others, its copies made."""
    for folder in ("notebooks", "release"):
        shutil.copytree(built_toy / folder, lab.course / folder, dirs_exist_ok=True)
    copies.start(lab.course)
    return lab.course


@pytest.fixture(scope="module")
def phone(course, open_page):
    return open_page(**pages.PHONE).page


@pytest.fixture(scope="module")
def laptop(course, open_page):
    return open_page().page


def keeps(is_folded: bool) -> Callable:
    """What knows the request to keep a layout whose list of files is folded, or not."""

    def asked(response) -> bool:
        request = response.request
        if request.method != "PUT" or "/api/workspaces/" not in request.url:
            return False
        layout = json.loads(request.post_data)["data"].get("layout-restorer:data", {})
        return layout.get("left", {}).get("collapsed") is is_folded

    return asked


def is_saved(response) -> bool:
    """Whether a browser's request saved the lecture."""
    path = urlsplit(response.url).path
    return response.request.method == "PUT" and path.endswith(LECTURE)


# ------------------------------------------------------------------ on a phone


def test_on_a_phone_the_page_has_the_room_and_nothing_is_cut(lab, phone, pictures):
    home = pages.open_home(phone, lab)
    expect(phone.locator(FILES)).to_be_hidden()
    assert home.bounding_box()["width"] > 300
    assert pages.cut(home) == []
    pictures.window("home-on-a-phone", phone)


def test_there_its_list_of_files_opens_and_the_next_visit_begins_without(lab, phone):
    with phone.expect_response(keeps(False)) as kept:
        phone.get_by_role("tab", name=re.compile("^File Browser")).click()
        expect(phone.locator(FILES)).to_be_visible()
    assert kept.value.ok
    pages.open_home(phone, lab)
    expect(phone.locator(FILES)).to_be_hidden()


def test_a_panel_with_a_long_line_is_whole_on_a_phone(lab, course, phone, pictures):
    panel = html_panel("wrong", "half", [f"<code>{LONG}</code>"])
    cell = new_code_cell(outputs=[new_output("display_data", {"text/html": panel})])
    nbformat.write(new_notebook(cells=[cell]), course / "work" / "panel.ipynb")
    pages.open_lab(phone, lab, "/lab/tree/work/panel.ipynb")
    shown = phone.locator(".jp-Notebook .jp-RenderedHTML")
    expect(shown).to_contain_text("half: wrong")
    assert pages.cut(shown) == []
    pictures.window("panel-on-a-phone", phone)


# ------------------------------------------------------------------ on a laptop


def test_on_a_laptop_the_list_is_open_and_has_what_a_student_needs(lab, laptop):
    """Also after a phone was there, whose layout is its own."""
    home = pages.open_home(laptop, lab)
    expect(laptop.locator(FILES)).to_be_visible()
    names = laptop.locator(".jp-DirListing-itemText")
    expect(names).to_have_text(["notebooks", "release", "work", "home.md"])
    assert laptop.locator(FILES).bounding_box()["width"] < 400
    assert pages.cut(home) == []


def test_a_laptops_layout_is_kept(lab, laptop):
    with laptop.expect_response(keeps(True)):
        laptop.get_by_role("tab", name=re.compile("^File Browser")).click()
        expect(laptop.locator(FILES)).to_be_hidden()
    pages.open_home(laptop, lab)
    expect(laptop.locator(FILES)).to_be_hidden()


def test_parts_ahead_are_folded_and_open_with_a_click(lab, laptop):
    home = pages.open_home(laptop, lab)
    far = home.get_by_role("link", name=re.compile("^31 Style transfer"))
    expect(far).to_be_hidden()
    home.locator("summary").last.click()
    expect(far).to_be_visible()
    assert grave(laptop, ".jp-MarkdownViewer .jp-RenderedMarkdown") == []


def test_a_lecture_ends_with_a_link_to_its_exercises(lab, course, laptop, pictures):
    before = cells_digest(json.loads((course / LECTURE).read_text(encoding="utf-8")))
    pages.open_lab(laptop, lab, f"/lab/tree/{LECTURE}")
    panel = laptop.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    heading = laptop.get_by_role("heading", name="Your exercises")
    expect(laptop.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    pages.scroll_down_to(laptop, heading)
    end = panel.locator(".jp-Notebook-cell").filter(has=heading)
    pictures.window("end-of-a-lecture", laptop)
    end.get_by_role("heading").click()
    with laptop.expect_response(is_saved) as saved:
        laptop.keyboard.press("Control+s")
    assert saved.value.ok
    after = json.loads((course / LECTURE).read_text(encoding="utf-8"))
    assert cells_digest(after) == before
    end.get_by_role("link", name="4 exercises, 8 points").click()
    expect(laptop).to_have_url(re.compile(f"/tree/{EXERCISES}"))


# ------------------------------------------------------------------ feedback


@pytest.fixture(scope="module")
def feedback(built_toy, tmp_path_factory):
    """A page with long lines wherever a student or a test can bring one."""
    assignment = read_assignment(built_toy / "source", SLUG)
    cells = tuple(
        Cell(c.kind, c.grade_id, "x" * 300 if c.kind == "manual" else f"# {LONG}", 1)
        if c.kind in ("answer", "manual")
        else c
        for c in assignment.cells
    )
    streams = [{"output_type": "stream", "name": "stdout", "text": "y" * 300}]
    result = Result(
        "ada-" * 12,
        SLUG,
        verdicts={"test_half": Verdict(WRONG, 1, 0, "z" * 90, LONG)},
        outputs={"half": streams},
    )
    marks = Marks(name="Ada " + "Lovelace" * 9)
    page = feedback_page(assignment, Submission(result.student, cells), result, marks)
    path = tmp_path_factory.mktemp("feedback") / "page.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("device", [pages.PHONE, {}], ids=["phone", "laptop"])
def test_nothing_of_a_feedback_page_is_cut(feedback, open_page, device):
    page = open_page(**device).page
    page.goto(feedback.as_uri())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert pages.cut(page.locator("body")) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "document.querySelector('h1').style.cssText = 'white-space: nowrap'"
    page.evaluate(f"{wide}; document.querySelector('h1').textContent = 'w'.repeat(200)")
    assert pages.cut(page.locator("body")) == ["w" * 200]
