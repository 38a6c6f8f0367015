"""A student's page says what each exercise got and why, and nothing of hidden tests."""

import csv
import datetime
import stat
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

import pytest

from course.grade import command
from course.grade.feedback import feedback_page, write_feedback
from course.grade.highlighting import Highlighter
from course.grade.intake.pictures import Picture
from course.grade.intake.submission import Submission
from course.grade.plan import Cell, read_assignment
from course.grade.record.autograded import write_autograded
from course.grade.record.ledger import Record
from course.grade.record.marks import Mark, Marks
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Result, Verdict
from course.stock import settings
from tests.course.grade.inert.shown import ALT, display, picture, stream

STUDENT, SLUG = "ada", "01_toy"
ROOT = Path(__file__).parents[3]
VOID = {"meta", "img", "br", "hr", "link", "input"}
SOURCES = {
    "half": "def half(x):\n    return x / 2  # <b>half</b>",
    "row_sums": "def row_sums(X):\n    return X.sum(dim=0)",
    "count_above": "def count_above(values, limit):\n    raise NotImplementedError",
    "odd_halves": "When it is odd <script>alert(1)</script>",
}
VERDICTS = {
    "test_half": Verdict(RIGHT, 1, 1),
    "test_row_sums": Verdict(
        WRONG, 2, 0, "summed over the wrong axis", "expected (2,), got (3,) <b>"
    ),
    "test_count_above": Verdict(NOT_ATTEMPTED, 3, 0, message="Replace the stub."),
}


@pytest.fixture(scope="module")
def toy(built_toy):
    return read_assignment(built_toy / "source", SLUG)


def handed_in(assignment, sources=SOURCES, **how):
    """A submission with `SOURCES`, and a cell and a note of the student's own."""
    cells = []
    for cell in assignment.cells:
        source = sources.get(cell.grade_id, cell.source)
        cells.append(Cell(cell.kind, cell.grade_id, source, cell.points))
        if cell.grade_id == "row_sums":
            cells.append(Cell("extra", "extra-1", "print(row_sums(X))"))
            cells.append(Cell("remark", "extra-2", "I am *not* sure"))
    time = datetime.datetime(2031, 5, 6, 7, 8)
    return Submission(STUDENT, tuple(cells), digest="ab" * 32, timestamp=time, **how)


def graded(**how):
    outputs = {
        "half": [display({"image/png": {"alt": ALT}}, image_png=picture())],
        "extra-1": [stream("tensor([3.])\x1b[0m <i>")],
        "test_row_sums": [stream("printed inside a test")],
    }
    return Result(STUDENT, SLUG, verdicts=VERDICTS, outputs=outputs, **how)


class Page(HTMLParser):
    """What a page holds: its words, elements, and whether they are well nested."""

    def __init__(self, html):
        super().__init__()
        self.words, self.elements, self.open = [], [], []
        self.feed(html)
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["title"]):
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(toy):
    marks = Marks({"odd_halves": Mark(1.5, 2, True, comment="Say <why>")})
    return Page(feedback_page(toy, handed_in(toy), graded(), marks))


def test_title_student_and_total_are_said(page):
    assert "A toy chapter: exercises Feedback for ada" in page.text
    assert "handed in 2031-05-06 07:08 UTC" in page.text
    assert "2.5 of 8 points" in page.text


def test_each_state_has_a_sign_and_a_word(page):
    for words in ("✓ right", "✗ wrong", "… not attempted", "✎ graded"):
        assert page.text.count(words) == 2  # in the table and at the exercise


def test_the_mistake_is_named_and_the_message_is_there(page):
    assert "Likely mistake: summed over the wrong axis ." in page.text
    assert "expected (2,), got (3,) <b>" in page.text
    assert "Comment: Say <why>" in page.text


def test_the_students_cells_stand_at_their_exercises(page):
    second = page.text.split("2. Sums of rows")[2].split("3. Counting")[0]
    for words in ("A cell of your own", "tensor([3.]) <i>", "I am *not* sure"):
        assert words in second


def test_sources_are_text_and_highlighted(page):
    assert "# <b>half</b>" in page.text and "<script>alert(1)</script>" in page.text
    assert not page.all("script") and not page.all("b")[len(VERDICTS) + 1 :]
    assert any(span.get("class") == "k" for span in page.all("span"))


def test_a_figure_has_its_alternative_text(page):
    (image,) = page.all("img")
    assert image["alt"] == ALT and image["src"].startswith("data:image/png;base64,")


def test_a_pasted_picture_stands_beneath_the_text_that_names_it(toy):
    kept = (Picture(1, "image/png", picture()), Picture(2, "image/png", "AAAA"))
    sources = {"odd_halves": "As drawn in [picture 1]."}
    submission = handed_in(toy, sources=sources, pictures=kept)
    page = Page(feedback_page(toy, submission, Result(STUDENT, SLUG), Marks()))
    [image] = page.all("img")
    assert image["src"] == f"data:image/png;base64,{picture()}"
    assert image["alt"] == "Picture 1 of your answer."


def test_tests_their_outputs_and_solutions_are_not_on_the_page(toy, page):
    hidden = [cell.source for cell in toy.cells if cell.kind == "test"]
    solutions = [cell.source for cell in toy.cells if cell.kind == "answer"]
    assert any("0.25" in source for source in hidden)
    for secret in ("0.25", "HIDDEN", "check.probe", "SOLUTION", "inside a test"):
        assert secret in "".join([*hidden, *solutions, "inside a test"])
        assert secret not in page.text


def test_flags_are_for_instructors_and_repairs_for_students(toy):
    repairs = ("A copied cell was dropped: <half>",)
    result = graded(flags=["reads the notebook file"])
    page = Page(feedback_page(toy, handed_in(toy, repairs=repairs), result, Marks()))
    assert "What we mended in your notebook A copied cell was dropped: <half>" in (
        page.text
    )
    assert "reads the notebook file" not in page.text


def test_what_a_person_has_yet_to_grade_is_said(toy):
    page = Page(feedback_page(toy, handed_in(toy), graded(), Marks()))
    assert "2 of them are not graded yet: a person gives them." in page.text
    assert "◦ not graded yet – of 2 points" in page.text


def test_a_blank_answer_is_not_attempted_and_waits_for_nobody(toy):
    marks = Marks({"odd_halves": Mark(0, 2)})
    page = Page(feedback_page(toy, handed_in(toy), graded(), marks))
    assert "4. In your own words … not attempted 0 of 2" in page.text
    assert "not graded yet" not in page.text


def test_the_person_is_named_beside_the_account(toy):
    marks = Marks(name="Ada <b>Lovelace")
    page = Page(feedback_page(toy, handed_in(toy), graded(), marks))
    assert "Feedback for Ada <b>Lovelace (ada), handed in" in page.text
    alone = Page(feedback_page(toy, handed_in(toy), graded(), Marks()))
    assert "Feedback for ada, handed in" in alone.text


def test_a_persons_points_stand_in_the_place_of_a_tests(toy):
    marks = Marks({"test_row_sums": Mark(2.5, 2, True, 0.5, "Nearly <right>")})
    page = Page(feedback_page(toy, handed_in(toy), graded(), marks))
    assert "✎ graded 2.5 of 2 points" in page.text
    assert "A person gave these points; the test gave 0." in page.text
    assert "Extra credit: 0.5." in page.text
    assert "Comment: Nearly <right>" in page.text
    assert "Likely mistake: summed over the wrong axis" in page.text
    assert "3.5 of 8 points" in page.text and "✗ wrong" not in page.text


def test_extra_credit_leaves_a_tests_own_word(toy):
    marks = Marks({"test_half": Mark(2, 1, extra=1)})
    page = Page(feedback_page(toy, handed_in(toy), graded(), marks))
    assert "✓ right 2 of 1 points" in page.text and "Extra credit: 1." in page.text
    assert "A person gave" not in page.text


def test_what_being_late_costs_is_said_and_never_more_than_there_is(toy):
    for penalty, total in ((0.5, "0.5 of 8 points"), (4, "0 of 8 points")):
        marks = Marks(penalty=penalty)
        page = Page(feedback_page(toy, handed_in(toy), graded(), marks))
        assert total in page.text
        assert f"{penalty:g} are off for handing it in late." in page.text


GIVE = f"""
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "deep-learning") as book:
    def grade(cell, student):
        return book.find_grade(cell, "{SLUG}", "{SLUG}", student)
    book.update_or_create_assignment("{SLUG}", duedate="2031-05-01 12:00:00 UTC")
    grade("test_row_sums", "ann").manual_score = 1.25
    grade("test_half", "ann").extra_credit = 0.5
    grade("odd_halves", "ann").manual_score = 1.5
    grade("odd_halves", "dan").extra_credit = 2
    grade("test_count_above", "cat").manual_score = 2
    book.db.commit()
"""
RULE = """
from nbgrader.plugins import LateSubmissionPlugin

class ThreeQuarters(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.75

c.AssignLatePenalties.plugin_class = ThreeQuarters
"""


def test_totals_are_those_of_nbgraders_export(toy_class, run_bare, run_nbgrader):
    course = toy_class.course
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(RULE)
    with Record("", course) as record:
        pristine = record.prepare(read_assignment(course / "source", SLUG))
        for submission, result in toy_class.work.values():
            write_autograded(course, pristine, submission, result)
            record.write(submission, result)
    done = run_bare(course, "python", "-c", GIVE)
    assert done.returncode == 0, done.stderr
    pages = command.feedback(course, SLUG)  # the due date is new, so who is late is
    run_nbgrader(course, ["export"])
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        lines = {line["student_id"]: line for line in csv.DictReader(file)}
    assert {s: float(line["score"]) for s, line in lines.items()} == {
        **{"ann": 7.25, "cat": 4.25, "dan": 0}
    }
    for page in pages:
        line = lines[page.parent.parent.name]
        total = f"{float(line['score']):g} of {float(line['max_score']):g} points"
        assert total in Page(page.read_text(encoding="utf-8")).text


def test_a_test_without_a_verdict_did_not_report_back(toy):
    result = Result(STUDENT, SLUG)
    page = Page(feedback_page(toy, handed_in(toy), result, Marks()))
    assert page.text.count("! not judged 0 of 3") == 2
    assert "0 of 8 points" in page.text and "did not report back" in page.text


def test_an_unreadable_submission_says_why_and_what_to_do(toy):
    submission = Submission(STUDENT, problem="01_toy.ipynb is empty (0 bytes)")
    page = Page(feedback_page(toy, submission, Result(STUDENT, SLUG), Marks()))
    assert "could not be graded 01_toy.ipynb is empty (0 bytes)" in page.text
    assert "hand it in again" in page.text and "0 of 8 points" in page.text
    assert not page.all("section")


def test_the_page_is_accessible_and_needs_nothing_else(page):
    assert page.all("html")[0]["lang"] == "en"
    policy = page.all("meta")[1]["content"]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert [name for name, _ in page.elements].count("h1") == 1
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    links = [link["href"] for link in page.all("a")]
    assert links and all(link[0] == "#" and link[1:] in ids for link in links)
    assert all("scope" in cell for cell in page.all("th"))
    assert not {"link", "script", "iframe"} & {name for name, _ in page.elements}


def lightness(colour):
    """Relative luminance, as the Web Content Accessibility Guidelines define it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_every_colour_of_a_text_stands_out(toy):
    from course.grade.highlighting import Calm

    template = (ROOT / "course/grade/feedback.html.j2").read_text()
    names = ("ink", "muted", "right", "wrong", "quiet", "alert", "person")
    colours = [template.split(f"--{name}: ")[1][:7] for name in names]
    code = [f"#{look['color']}" for _, look in Calm if look["color"]]
    paper = lightness("#f6f7f8")
    assert min((paper + 0.05) / (lightness(c) + 0.05) for c in colours + code) >= 4.5


def test_a_long_cell_is_shown_plain_and_cut(toy):
    cells = (Cell("extra", "extra-1", "x = 1\n" * 20_000),)
    page = feedback_page(
        toy, Submission(STUDENT, cells), Result(STUDENT, SLUG), Marks()
    )
    assert len(page) < 100_000 and "[cut here: too long]" in page


def release(root):
    """Release feedback as `nbgrader release_feedback` does; the released pages."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.default import ExchangeReleaseFeedback

    config = settings(ROOT, root)
    config.Exchange.root = str(root / "exchange")
    config.CourseDirectory.assignment_id = SLUG
    course = CourseDirectory(config=config)
    ExchangeReleaseFeedback(coursedir=course, config=config).start()
    return list((root / "exchange/deep-learning/feedback").glob("*.html"))


@pytest.fixture
def exchange(tmp_path):
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    return tmp_path


@pytest.mark.filterwarnings("ignore")  # of nbgrader
def test_nbgrader_releases_our_pages_under_the_students_secret(exchange):
    from nbgrader.utils import notebook_hash

    folder = exchange / "submitted" / STUDENT / SLUG
    folder.mkdir(parents=True)
    (folder / "submission_secret.txt").write_text("s3cret")
    (folder / "timestamp.txt").write_text("2031-05-06 07:08:09 UTC")
    path = write_feedback(exchange, STUDENT, SLUG, "<p>page of ada</p>")
    write_feedback(exchange, "bob", SLUG, "<p>page of bob</p>")  # no secret
    assert path == exchange / "feedback" / STUDENT / SLUG / f"{SLUG}.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    released = {page.name: page.read_text() for page in release(exchange)}
    name = notebook_hash(secret="s3cret", notebook_id=SLUG) + ".html"
    assert released[name] == "<p>page of ada</p>" and len(released) == 2


def test_a_second_page_replaces_the_first_and_leaves_nothing(tmp_path):
    path = write_feedback(tmp_path, STUDENT, SLUG, "one")
    secret = (path.parent / "submission_secret.txt").read_text()
    write_feedback(tmp_path, STUDENT, SLUG, "two")
    assert path.read_text() == "two" and len(secret) == 64
    assert (path.parent / "submission_secret.txt").read_text() == secret
    assert len(list(path.parent.iterdir())) == 3


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\x1b[0m", b"x" * 2000, b"a\nb"])
def test_a_secret_that_is_none_is_not_copied(tmp_path, content):
    folder = tmp_path / "submitted" / STUDENT / SLUG
    folder.mkdir(parents=True)
    (folder / "submission_secret.txt").write_bytes(content)
    path = write_feedback(tmp_path, STUDENT, SLUG, "page")
    assert len((path.parent / "submission_secret.txt").read_bytes()) == 64


def test_a_secret_that_is_a_link_is_not_followed(tmp_path):
    folder = tmp_path / "submitted" / STUDENT / SLUG
    folder.mkdir(parents=True)
    (tmp_path / "key").write_text("private")
    (folder / "submission_secret.txt").symlink_to(tmp_path / "key")
    path = write_feedback(tmp_path, STUDENT, SLUG, "page")
    assert (path.parent / "submission_secret.txt").read_text() != "private"


@pytest.mark.parametrize("student", ["../eve", "..", "a/b", "", "/etc"])
def test_a_student_whose_id_names_no_folder_is_refused(tmp_path, student):
    with pytest.raises(ValueError, match="no student's id"):
        write_feedback(tmp_path, student, SLUG, "page")


def test_the_state_of_every_verdict_has_a_sign():
    from course.grade.feedback import SIGNS

    assert SIGNS.keys() == {RIGHT, WRONG, NOT_ATTEMPTED, NOT_JUDGED}


def test_all_code_of_a_page_shares_one_time_of_highlighting(toy):
    """Sixty cells that take a second each would hold the whole class up."""
    slow = Highlighter(seconds=1, clock=count().__next__)
    page = feedback_page(toy, handed_in(toy), graded(), Marks(), slow)
    assert page.count('<div class="code">') == 1
    assert page.count('<pre class="code" tabindex="0">') == 3
    assert "# &lt;b&gt;half&lt;/b&gt;" in page
