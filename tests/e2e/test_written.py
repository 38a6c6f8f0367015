"""A class's written answers are graded by keys, question by question, in a browser."""

import pytest
from playwright.sync_api import expect

from course.grade import command
from tests.browser import poke
from tests.course.grade.inert.hostile_outputs import VECTORS
from tests.course.written.written_class import (
    FULL,
    HALF,
    NO_REASON,
    PEOPLE,
    QUESTION,
    SLUG,
    TEXTS,
    graded,
    make_course,
    record_all,
    write_as_stock,
)
from tests.e2e import pages
from tests.e2e.axe import grave
from tests.lab import serving

pytestmark = pytest.mark.usefixtures("in_order")

PAGE = f"/formgrader/written/{SLUG}/{QUESTION}"
OWN_WORDS = "Look at 7 once more."
PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True}
PRESSED = "document.querySelectorAll('[aria-pressed=true]').length"


@pytest.fixture(scope="module")
def lab(built_toy, tmp_path_factory):
    """A JupyterLab on a small course whose written answers wait."""
    folder = tmp_path_factory.mktemp("written")
    course = make_course(built_toy, folder / "course")
    with serving(course, folder / "home") as running:
        yield running


@pytest.fixture(scope="module")
def grader(open_page, lab):
    """The page of a person who grades."""
    watched = open_page()
    pages.open_lab(watched.page, lab, "/api/status")
    return watched


@pytest.fixture
def page(grader):
    return grader.page


def press(page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def answered(page, text: str) -> None:
    """Wait for the page of an answer, and for its script."""
    expect(page.locator("#answer")).to_contain_text(text)
    page.wait_for_load_state("load")


def said(page, text: str) -> None:
    """Wait for words of the live region."""
    expect(page.get_by_role("status")).to_contain_text(text)


def test_formgrader_leads_to_the_list_and_that_to_the_question(lab, page):
    page.goto(f"{lab.address}/formgrader/gradebook")
    page.get_by_role("link", name="Written answers, one question at a time").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Written answers")).to_be_visible()
    assert grave(page) == []
    page.get_by_role("link", name=QUESTION).focus()
    press(page, "Enter")
    answered(page, TEXTS["ann"])
    expect(page.get_by_text("Apfelbaum, Ann (ann)")).to_be_visible()
    assert grave(page) == []


def test_three_answers_are_graded_by_keys_alone(lab, page, pictures):
    press(page, "1", "3")
    expect(page.get_by_label("Points, of 2")).to_have_value("2")
    pictures.window("written-answer-chosen", page)
    press(page, "Control+Enter")
    answered(page, TEXTS["ben"])
    said(page, "Saved: 2 of 2 points.")
    press(page, "1", "2", "4", "c")
    page.keyboard.insert_text("\n" + OWN_WORDS)
    press(page, "Control+Enter")
    answered(page, "Never.")
    press(page, "p")
    page.keyboard.insert_text("0,25")
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="Written answers")).to_be_visible()
    row = page.get_by_role("row", name=QUESTION).get_by_role("cell")
    expect(row.last).to_have_text("0")
    assert pages.mouse_presses(page) == 0


def test_gradebook_and_feedback_have_points_and_comments(lab):
    assert graded(lab.course, "ann")[:2] == (2, False)
    comment = f"{HALF}\n{NO_REASON}\n{OWN_WORDS}"
    assert graded(lab.course, "ben") == (0.5, False, comment)
    assert graded(lab.course, "cleo") == (0.25, False, None)
    written = command.feedback(lab.course, SLUG)
    shown = {path.parts[-3]: path.read_text(encoding="utf-8") for path in written}
    for student, total, said in (
        ("ann", "8", FULL),
        ("ben", "6.5", OWN_WORDS),
        ("cleo", "6.25", TEXTS["cleo"]),
    ):
        assert f"<strong>{total}</strong> of 8 points" in shown[student]
        assert said in shown[student]


def test_what_was_given_is_there_when_one_comes_back(lab, page):
    page.goto(f"{lab.address}{PAGE}")
    answered(page, TEXTS["ann"])
    said(page, "A person gave 2.")
    assert page.evaluate(PRESSED) == 2
    press(page, "j")
    answered(page, TEXTS["ben"])
    press(page, "ArrowLeft")
    answered(page, TEXTS["ann"])


def test_a_comment_is_taken_back_and_another_takes_its_place(page):
    comment, points = page.get_by_label("Comment"), page.get_by_label("Points, of 2")
    press(page, "2")
    expect(points).to_have_value("1.5")
    assert FULL not in comment.input_value()
    press(page, "2", "3")
    expect(points).to_have_value("0")
    expect(comment).to_have_value("")
    press(page, "4")
    expect(points).to_have_value("0")
    press(page, "3", "5")
    expect(points).to_have_value("0.5")
    said(page, "Chosen: See chapter 01.")


def test_points_that_are_refused_stay_in_the_field(lab, page):
    page.get_by_label("Points, of 2").fill("7")
    press(page, "Control+s")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(
        "Nothing was saved. 7 points are out of range: 0 to 2"
    )
    expect(page.get_by_label("Points, of 2")).to_have_value("7")
    assert NO_REASON in page.get_by_label("Comment").input_value()
    assert graded(lab.course, "ann")[0] == 2
    assert grave(page) == []


def test_an_answer_that_came_anew_is_shown_and_nothing_is_lost(lab, page):
    record_all(lab.course, {"ann": "When it is even."})
    page.get_by_label("Points, of 2").fill("1")
    press(page, "Control+s")
    expect(page.get_by_role("alert")).to_contain_text("was graded anew")
    answered(page, "When it is even.")
    expect(page.get_by_label("Points, of 2")).to_have_value("1")
    press(page, "Control+s")
    said(page, "Saved: 1 of 2 points.")
    expect(page.get_by_role("alert")).to_have_text("")
    assert graded(lab.course, "ann")[:2] == (1, False)


def test_formgrader_shows_the_same(lab, page):
    page.get_by_role("link", name="The whole notebook").click()
    cell = page.locator(".nbgrader_cell").filter(has=page.locator(f"#{QUESTION}"))
    expect(cell.locator(".score")).to_have_value("1")
    expect(cell.locator("textarea")).to_have_value(graded(lab.course, "ann")[2])


def test_who_leaves_with_unsaved_words_is_asked(lab, grader):
    page = grader.page
    page.goto(f"{lab.address}{PAGE}")
    page.get_by_label("Comment").fill("Half a")
    before = len(grader.boxes)
    press(page, "Escape", "j")
    answered(page, TEXTS["ben"])
    assert len(grader.boxes) == before + 1
    grader.boxes.clear()


def test_keys_can_be_switched_off(page):
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Keys without Ctrl are on").uncheck()
    page.get_by_label("Keys without Ctrl are on").blur()
    press(page, "5", "j")
    assert "See chapter" not in page.get_by_label("Comment").input_value()
    answered(page, TEXTS["ben"])
    page.get_by_label("Keys without Ctrl are on").check()


def test_without_names_it_is_read_the_same_and_no_name_is_there(lab, page):
    page.goto(f"{lab.address}{PAGE}?anonymous=1")
    html = page.content()
    assert not [n for names in PEOPLE.values() for n in names if n in html]
    expect(page.get_by_role("link", name="With names")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_screen(lab, open_page, pictures):
    phone = open_page(**PHONE).page
    pages.open_lab(phone, lab, "/api/status")
    for place in ("/formgrader/written", PAGE):
        phone.goto(f"{lab.address}{place}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert pages.cut(phone.locator("body")) == []
        assert grave(phone) == []
    pictures.window("written-answer-on-a-phone", phone)


def test_a_hostile_answer_runs_nothing(lab, open_page):
    watched, ran = open_page(), []
    watched.page.expose_function("pwned", lambda number: ran.append(number))
    pages.open_lab(watched.page, lab, "/api/status")
    hostile = [v.filled(n) for n, v in enumerate(VECTORS) if v.kind == "markdown"]
    record_all(lab.course, {"ann": "\n\n".join(hostile)})
    for is_stock in (False, True):
        if is_stock:
            write_as_stock(lab.course, "ann", "\n\n".join(hostile))
        watched.page.goto(f"{lab.address}{PAGE}")
        answered(watched.page, "pwned")
        poke(watched.page, "#answer, #answer *")
        tags = "[...document.querySelectorAll('#answer *')].map(e => e.tagName)"
        assert set(watched.page.evaluate(tags)) == {"PRE"}
    assert (ran, watched.boxes, watched.elsewhere) == ([], [], [])


def test_nothing_failed_and_nothing_came_from_elsewhere(grader):
    refused = [e for e in grader.errors if "status of 4" not in e]  # asked for, above
    assert (grader.boxes, refused, grader.elsewhere) == ([], [], [])
