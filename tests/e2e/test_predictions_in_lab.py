"""A lecture in JupyterLab: predictions open with keys; what draws is folded."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from course.student import copies
from course.student.lectures import FOLDER
from tests.e2e import pages
from tests.e2e.keyboard import Keyboard
from tests.lab import running_lab

BUILT = "notebooks/01_toy.ipynb"
LECTURE = (FOLDER / "01_toy.ipynb").as_posix()
DRAWS = {
    "cell_type": "code",
    "id": "draws",
    "metadata": {},
    "source": 'plots.show(fig, alt="A line that rises.")',
    "outputs": [],
    "execution_count": None,
}
ACTIVE = ".jp-Notebook-cell.jp-mod-active"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, built_toy):
    """A JupyterLab on a course with the toy lecture."""
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        (lab.course / "notebooks").mkdir()
        lecture = json.loads((built_toy / BUILT).read_text(encoding="utf-8"))
        lecture["cells"].insert(1, DRAWS)
        (lab.course / BUILT).write_text(json.dumps(lecture), encoding="utf-8")
        copies.start(lab.course)
        yield lab


@pytest.fixture(scope="module")
def page(lab, open_page):
    page = open_page().page
    pages.open_lab(page, lab, f"/lab/tree/{LECTURE}")
    expect(page.locator("details")).to_have_count(9)
    expect(page.locator("details mjx-container").first).to_be_visible()
    return page


def test_an_option_opens_with_keys_alone(page):
    keyboard = Keyboard(page)
    first = page.locator("details").first
    page.locator(".jp-Notebook").focus()
    while "Predict 1." not in page.locator(ACTIVE).inner_text():
        keyboard.press("Escape", "ArrowDown")
    keyboard.press("Tab")
    for _ in range(8):
        if first.locator("summary").evaluate("e => e === document.activeElement"):
            break
        keyboard.press("Tab")
    keyboard.press("Space")
    expect(first).to_have_attribute("open", "")
    expect(first.get_by_text("halvings that are added")).to_be_visible()


def test_code_that_only_draws_is_folded_and_shows_with_one_click(page):
    cell = page.locator(".jp-CodeCell").first
    cell.scroll_into_view_if_needed()
    expect(cell.locator(".cm-content")).to_be_hidden()
    cell.locator(".jp-InputPlaceholder").locator("svg").click()
    expect(cell.locator(".cm-content")).to_contain_text("plots.show(fig")


def test_formulas_and_code_of_options_are_set(page):
    summary = page.locator("details summary")
    assert summary.nth(0).locator("mjx-container").count() == 1
    assert summary.nth(3).locator("code").text_content() == "1.5"
    assert "$" not in "".join(summary.all_text_contents())


def test_what_is_wrong_is_read_as_markdown(page):
    page.locator("details").nth(4).locator("summary").click()
    opened = page.locator("details").nth(4)
    assert opened.locator("p strong").inner_text() == "Not so: the other division."
    assert opened.locator("p code").inner_text() == "n // 2"


def is_saved(response, path: str) -> bool:
    """Whether a browser's request saved a file."""
    is_its_own = urlsplit(response.url).path.endswith(path)
    return response.request.method == "PUT" and is_its_own


def test_a_note_is_saved_in_the_copy_and_nowhere_else(page, lab):
    built = (lab.course / BUILT).read_bytes()
    keyboard = Keyboard(page)
    page.locator(".jp-Notebook").focus()
    keyboard.press("Escape", "b", "m", "Enter")
    page.keyboard.type("My note.")
    # JupyterLab puts its layout, too, when it likes.
    with page.expect_response(lambda r: is_saved(r, LECTURE)) as saved:
        keyboard.press("Escape", "Control+s")
    assert saved.value.ok
    assert "My note." in (lab.course / LECTURE).read_text()
    assert (lab.course / BUILT).read_bytes() == built


def test_the_lecture_as_it_was_built_is_shown_and_not_saved(page, lab):
    built = (lab.course / BUILT).read_bytes()
    pages.open_lab(page, lab, f"/lab/tree/{BUILT}")
    shown = page.locator(".jp-Notebook:visible")  # the copy may be open behind it
    expect(shown.locator("details")).to_have_count(9)
    # Keys pressed before the notebook is ready go nowhere.
    expect(page.get_by_text("notebook is read-only")).to_be_visible()
    shown.get_by_role("heading", name="A toy chapter").click()
    keyboard = Keyboard(page)
    keyboard.press("Escape", "b", "m", "Enter")
    page.keyboard.type("My note.")
    expect(shown.get_by_text("My note.")).to_be_visible()
    keyboard.press("Escape", "Control+s")
    expect(page.get_by_text(f"{BUILT} is read-only")).to_be_visible()
    assert (lab.course / BUILT).read_bytes() == built
