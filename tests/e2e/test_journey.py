"""A student works, hands in and reads feedback, an instructor grades: in a browser.

One JupyterLab, one course, steps in the order in which a class takes them. From the
home page to the first verdicts the student uses no mouse.
"""

import csv
import os
import pwd
from difflib import unified_diff
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course.chapters import read_chapter
from course.requirements import ROOT
from tests.e2e import pages
from tests.e2e.axe import findings, grave
from tests.e2e.keyboard import NotebookKeys
from tests.e2e.pages import Assignments, Notebook, failed_exercises
from tests.e2e.pictures import DOCS, words_of

pytestmark = pytest.mark.usefixtures("in_order")

SLUG = "03_linear_regression"
WORK = Path("work") / SLUG / f"{SLUG}.ipynb"
WRONG = "return ((y_hat - y.reshape(y_hat.shape)) ** 2).mean()"
MISTAKE = "the factor 1/2 is missing"
# Passes every test that a student sees: only a hidden one has three parameters.
FOR_TWO_ONLY = """\
def sgd(params, lrs):
    (w, b), (lr_w, lr_b) = params, lrs
    with torch.no_grad():
        for param, lr in ((w, lr_w), (b, lr_b)):
            if param.grad is not None:
                param -= lr * param.grad
                param.grad.zero_()
"""
QUESTION = "upright_bias"
THOUGHT = "equal shapes demanded, where broadcasting stretches an axis of size 1"
BY_HAND = "why_not_squares"
COMMENT = "Where is the gradient?"


@pytest.fixture(scope="module")
def student(open_page):
    """The student's page, the same through the whole journey."""
    return open_page()


@pytest.fixture(scope="module")
def instructor(open_page):
    """The instructor's page."""
    return open_page()


@pytest.fixture(scope="module")
def notebook(student, lab):
    """The student's copy of the exercises."""
    return Notebook(student.page, lab.course / WORK)


@pytest.fixture(scope="module")
def keys(notebook):
    """A student without a mouse."""
    return NotebookKeys(notebook)


def row_of(page, text):
    """A line of one of formgrader's tables."""
    return page.locator("tbody tr").filter(has_text=text)


# ------------------------------------------------------------------ handed out


def test_the_instructor_releases_the_assignment_in_formgrader(
    lab, instructor, pictures
):
    page = instructor.page
    pages.open_lab(page, lab, "/lab/workspaces/instructor")
    frame = pages.formgrader_in_lab(page)
    row = frame.locator("tr").filter(has_text=SLUG)
    expect(row.locator(".status")).to_have_text("draft")
    pictures.window("formgrader-in-jupyterlab", page)
    row.locator(".release a").click()
    expect(frame.get_by_text(f"Successfully released '{SLUG}'.")).to_be_visible()


def test_it_is_fetched_from_the_assignment_list(lab, instructor, pictures):
    page = instructor.page  # the window that is open: here both have one account
    pages.open_from_menu(page, "Assignment List")
    assignments = Assignments(page)
    assignments.button("released", SLUG, "Fetch").click()
    expect(assignments.row("fetched", SLUG)).to_be_visible()
    pictures.window("assignment-fetched", page)
    released = lab.course / "release" / SLUG / f"{SLUG}.ipynb"
    assert (lab.course / WORK).read_bytes() == released.read_bytes()
    page.goto("about:blank")


# ------------------------------------------------------------------ worked on, no mouse


def test_jupyterlab_opens_on_the_home_page(lab, student, pictures):
    page = student.page
    home = pages.open_home(page, lab)
    expect(home).to_contain_text("Next: read 00 Introduction")
    assert grave(page, ".jp-MarkdownViewer .jp-RenderedMarkdown") == []
    pictures.window("home-page-at-first", page)


def test_the_exercises_open_and_nothing_stands_between(student, keys):
    keys.walk_to("14 exercises")
    keys.press("Enter")
    keys.notebook.wait()
    assert student.page.url.endswith(f"/tree/{WORK.as_posix()}")
    assert pages.dialogs_seen(student.page) == []


def test_a_wrong_answer_is_met_with_the_name_of_the_mistake(keys, pictures):
    keys.press(*["Shift+Enter"] * 3)  # what is given, above the first exercise
    keys.replace_last_line("squared_loss", WRONG)
    assert keys.run("squared_loss") == "wrong"
    verdict = keys.notebook.verdict("squared_loss")
    expect(verdict).to_contain_text(f"Likely mistake: {MISTAKE}.")
    expect(verdict).to_contain_text("expected tensor(2.15625), got tensor(4.3125)")
    pictures.part("named-mistake", *keys.notebook.both("squared_loss"))


def test_a_hint_comes_when_it_is_asked_for(keys, pictures):
    cell = keys.add_below("test_squared_loss", "hint", 'check.hint("squared_loss")')
    keys.press("Control+Enter")
    expect(cell.get_by_role("status")).to_contain_text("Hint 1 of 3 for squared_loss")
    keys.press("Control+Enter")
    expect(cell.get_by_role("status")).to_contain_text("Hint 2 of 3 for squared_loss")
    pictures.part("hint", cell)
    keys.press("Escape")


def test_mended_it_turns_right(student, keys, pictures):
    keys.replace_last_line("squared_loss", f"{WRONG} / 2")
    assert keys.run("squared_loss") == "right"
    verdict = keys.notebook.verdict("squared_loss")
    expect(verdict).to_contain_text("As far as these tests see (2 points).")
    expect(verdict).to_contain_text("2 hints asked.")
    pictures.part("turned-right", *keys.notebook.both("squared_loss"))
    assert grave(student.page, ".jp-Notebook [role=status]") == []


def test_a_wrong_letter_is_met_with_the_thought_behind_it(keys, pictures):
    keys.replace_last_line(QUESTION, f'{QUESTION} = "a"')
    assert keys.run(QUESTION) == "wrong"
    verdict = keys.notebook.verdict(QUESTION)
    expect(verdict).to_contain_text(f"Likely mistake: {THOUGHT}.")
    expect(verdict).to_contain_text("You chose A.")
    expect(verdict).not_to_contain_text("try.")
    pictures.part("wrong-letter", *keys.notebook.both(QUESTION))


def test_another_letter_turns_right_and_says_why_and_which_try(student, keys, pictures):
    keys.replace_last_line(QUESTION, f'{QUESTION} = "C"')
    assert keys.run(QUESTION) == "right"
    verdict = keys.notebook.verdict(QUESTION)
    expect(verdict).to_contain_text("Axes fit if they are equal or one of them is 1")
    expect(verdict).to_contain_text("2nd try.")
    place = keys.notebook.places[QUESTION]
    asked = keys.notebook.panel.locator(f'[data-windowed-list-index="{place - 1}"]')
    expect(asked).to_contain_text("A. An error for every N")
    pictures.part("right-letter", asked, *keys.notebook.both(QUESTION))
    assert grave(student.page, ".jp-Notebook [role=status]") == []


def test_validate_says_what_the_panels_say(student, keys, pictures):
    states = {}
    for name in keys.notebook.exercises:
        keys.go_to(name)
        states[name] = keys.run(name)
    assert set(states.values()) == {"right", "not attempted"}
    keys.walk_to("Insert a cell below (B)", "Shift+Tab")  # the toolbar
    keys.walk_to("Validate", "ArrowRight")
    keys.press("Enter")
    dialog = keys.notebook.validated()
    unsolved = {name for name, state in states.items() if state != "right"}
    assert failed_exercises(dialog) == unsolved
    pictures.window("validate-failed", student.page)
    keys.press("Enter")
    expect(dialog).to_have_count(0)


def test_no_mouse_was_needed(student):
    assert pages.mouse_presses(student.page) == 0


# ------------------------------------------------------------------ handed in


def test_validate_promises_no_more_than_the_visible_tests(notebook, pictures):
    chapter = read_chapter(ROOT / "chapters" / SLUG)
    answers = {n: chapter.bank(n, "right")[0].source for n in notebook.exercises}
    for name, source in (answers | {"sgd": FOR_TWO_ONLY}).items():
        notebook.write(name, source)
        assert notebook.run(name) == "right"
    notebook.write(BY_HAND, "The border moves right, to 2.31.")
    notebook.panel.get_by_role("button", name="Validate").click()
    dialog = notebook.validated()
    expect(dialog.locator("#validation-message")).to_match_aria_snapshot(
        "- text: Right, as far as the tests in this notebook see. "
        "Hidden tests come on top when your work is graded."
    )
    pictures.part("validate", dialog)
    dialog.get_by_role("button", name="Ok").click()


def test_the_student_saves_and_submits_with_the_keyboard(lab, student, keys, pictures):
    keys.press("Control+S")
    expect(student.page.locator(".jp-mod-dirty")).to_have_count(0)
    keys.command("Assignment List")
    assignments = Assignments(student.page)
    expect(assignments.button("fetched", SLUG, "Submit")).to_be_visible()
    keys.walk_to("Submit")
    keys.press("Enter")
    expect(assignments.row("submitted", SLUG)).to_be_visible()
    pictures.window("assignment-submitted", student.page)


def test_the_home_page_knows_where_the_student_is(lab, student, pictures):
    home = pages.open_home(student.page, lab)
    expect(home).to_contain_text(
        "13 right, 1 not graded yet; 24 of 27 points, 3 not graded yet; "
        "2 hints asked; 5 tries at 4 questions"
    )
    assert grave(student.page, ".jp-MarkdownViewer .jp-RenderedMarkdown") == []
    pictures.part("home-page", home)  # which tabs come back is a matter of time


# ------------------------------------------------------------------ graded


def test_the_instructor_collects_and_grades(lab, instructor, run):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_students")
    # Whoever is added before the list has come is lost when it comes.
    expect(page.get_by_text("No data available in table")).to_be_visible()
    page.get_by_text("Add new student").click()
    form = page.locator(".modal-content")
    form.locator(".id").fill(pwd.getpwuid(os.getuid()).pw_name)
    form.locator(".first-name").fill("Ada")
    form.locator(".last-name").fill("Lovelace")
    form.get_by_role("button", name="Save").click()
    expect(row_of(page, "Lovelace, Ada")).to_be_visible()
    page.goto(f"{lab.address}/formgrader/manage_assignments")
    row_of(page, SLUG).locator(".collect a").click()
    expect(page.get_by_text("Successfully collected submissions")).to_be_visible()
    assert "1 graded now" in run("course", "grade", SLUG)


def test_formgrader_lists_the_assignment_and_the_score(lab, instructor, pictures):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_assignments")
    expect(row_of(page, SLUG).locator(".num-submissions")).to_have_text("1")
    pictures.window("formgrader-assignments", page)
    pictures.note("axe-formgrader", findings(page))  # not ours: told, not asked for
    page.goto(f"{lab.address}/formgrader/gradebook")
    expect(row_of(page, SLUG).locator(".score")).to_have_text("22 / 27")
    page.goto(f"{lab.address}/formgrader/manage_submissions/{SLUG}")
    row = row_of(page, "Lovelace, Ada")
    expect(row.locator(".score")).to_have_text("22 / 27")
    expect(row.locator(".status")).to_have_text("needs manual grading")
    pictures.window("formgrader-submissions", page)


def test_formgraders_autograde_grades_locked_in(lab, instructor, pictures):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_submissions/{SLUG}")
    row_of(page, "Lovelace, Ada").locator(".autograde a").click()
    expect(page.get_by_text("Successfully autograded")).to_be_visible(timeout=120_000)
    expect(page.locator(".modal-body")).to_contain_text("1 graded now, 0 before")
    pictures.window("formgrader-autograde", page)
    page.locator(".modal-footer button").click()
    expect(row_of(page, "Lovelace, Ada").locator(".score")).to_have_text("22 / 27")


def test_a_written_answer_is_graded_by_the_chapters_rubric(lab, instructor, pictures):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/gradebook")
    page.get_by_role("link", name="Written answers").click()
    page.get_by_role("link", name="Without names").click()  # an account is in the name
    page.get_by_role("link", name=BY_HAND).click()
    expect(page.locator("#answer")).to_contain_text("The border moves right, to 2.31.")
    page.set_viewport_size({"width": 1280, "height": 1060})
    page.keyboard.press("2")
    page.keyboard.press("6")
    expect(page.get_by_label("Points, of 3")).to_have_value("0.5")
    pictures.part("written-answer", page.get_by_role("main"), margin=8)
    page.set_viewport_size(pages.SIZE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Written answers")).to_be_visible()
    page.goto(f"{lab.address}/formgrader/manage_submissions/{SLUG}")
    expect(row_of(page, "Lovelace, Ada").locator(".score")).to_have_text("22.5 / 27")


def test_points_and_a_comment_by_hand_change_the_total(lab, instructor, pictures):
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/gradebook/{SLUG}/{SLUG}")
    page.get_by_role("link", name="Submission #1").click()
    expect(page.locator("#test_sgd")).to_have_attribute("placeholder", "0")
    formulas = page.locator("mjx-container")
    expect(formulas.first).to_be_visible()
    assert formulas.count() > 5
    assert page.locator("mjx-container [data-mjx-error]").count() == 0
    formulas.first.scroll_into_view_if_needed()
    pictures.window("formgrader-submission", page)
    answer = page.locator(".nbgrader_cell").filter(has=page.locator(f"#{BY_HAND}"))
    for place, text, saved in (
        (".score", "2", "grade"),
        ("textarea", COMMENT, "comment"),
    ):
        with page.expect_response(f"**/formgrader/api/{saved}/*") as response:
            answer.locator(place).fill(text)
            answer.locator(place).press("Tab")
        assert response.value.ok
    pictures.part("formgrader-by-hand", answer, margin=8)
    page.goto(f"{lab.address}/formgrader/manage_submissions/{SLUG}")
    row = row_of(page, "Lovelace, Ada")
    expect(row.locator(".score")).to_have_text("24 / 27")
    expect(row.locator(".status")).to_have_text("graded")


def test_the_exported_grades_have_the_points_by_hand(lab, run):
    run("nbgrader", "export")
    with (lab.course / "grades.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    got = {name: row[name] for name in ("last_name", "score", "max_score")}
    assert got == {"last_name": "Lovelace", "score": "24.0", "max_score": "27.0"}


# ------------------------------------------------------------------ feedback


def test_the_instructor_releases_feedback(lab, instructor, run):
    run("course", "feedback", SLUG)
    page = instructor.page
    page.goto(f"{lab.address}/formgrader/manage_assignments")
    row_of(page, SLUG).locator(".release-feedback a").click()
    expect(page.get_by_text("Successfully released feedback")).to_be_visible()


def test_the_student_fetches_feedback_and_reads_it(lab, student, keys, pictures):
    page, folder = student.page, (lab.course / WORK).parent
    mouse = pages.mouse_presses(page)
    keys.command("Assignment List")
    expect(
        Assignments(page).button("submitted", SLUG, "Fetch Feedback")
    ).to_be_visible()
    keys.walk_to("Fetch Feedback")
    keys.press("Enter")
    expect(page.get_by_text("(view feedback)")).to_be_visible()
    [path] = folder.glob("feedback/*/*.html")
    keys.open_file(path.relative_to(lab.course))
    shown = page.frame_locator(".jp-HTMLViewer iframe")
    expect(shown.get_by_text("24 of 27 points")).to_be_visible()
    expect(shown.get_by_text("Feedback for Ada Lovelace (")).to_be_visible()
    expect(shown.get_by_role("row", name="5. Take one step")).to_contain_text("wrong")
    expect(shown.get_by_text(COMMENT)).to_be_attached()
    pictures.window("feedback-in-jupyterlab", page)
    assert pages.mouse_presses(page) == mouse


def test_the_feedback_page_has_no_grave_fault(lab, student, pictures):
    page = student.page
    [path] = (lab.course / WORK).parent.glob("feedback/*/*.html")
    page.goto(path.as_uri())
    assert grave(page) == []
    score = page.get_by_text("24 of 27 points")
    pictures.part("feedback-page", score, page.get_by_role("table").first, margin=12)


# ------------------------------------------------------------------ all the while


def test_nothing_failed_on_the_students_page(student):
    assert (student.boxes, student.errors, student.elsewhere) == ([], [], [])


def test_formgrader_works_without_a_network(instructor):
    assert (instructor.boxes, instructor.errors, instructor.elsewhere) == ([], [], [])


def test_every_picture_of_the_docs_was_taken(pictures):
    assert pictures.missing() == set()


def test_no_picture_of_the_docs_is_stale(pictures):
    """Else take them anew, and look at them: `tests/e2e/pictures.py` says how."""
    for name, words in pictures.stale.items():
        said = unified_diff(words_of(DOCS / f"{name}.png"), words, name, "today", n=0)
        print("\n".join(said))  # pytest shows it
    assert not pictures.stale
