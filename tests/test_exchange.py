"""Hand out, hand in, hand back: nbgrader's exchange, with the commands people type."""

import os
import pwd
import shutil
from pathlib import Path

import nbformat
import pytest

from course.build.release import leaks
from course.chapters import read_chapter
from tests.forked import run

ROOT = Path(__file__).parents[1]
SLUG = "01_toy"
NOTEBOOK = f"{SLUG}.ipynb"
# One account stands in for two students here; on a real machine each has their own.
ONE_ACCOUNT = "--ExchangeCollect.check_owner=False"
ME = pwd.getpwuid(os.getuid()).pw_name


class Student:
    """A student with a home, an id and nothing of the course but its exchange."""

    def __init__(self, student, home, exchange):
        self.id, self.home = student, home
        self.notebook = home / "work" / SLUG / NOTEBOOK
        (home / "work").mkdir(parents=True)
        self.environ = {
            "HOME": str(home),
            "JUPYTER_CONFIG_PATH": str(ROOT / "hub" / "personal"),
            "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
            "JUPYTER_DATA_DIR": str(home / ".local"),
            "COURSE_EXCHANGE": str(exchange),
            "COURSE_HOME": str(home),
        }

    def does(self, command) -> str:
        """Type `nbgrader COMMAND 01_toy` at home; what it says."""
        words = (command, SLUG, f"--student={self.id}")
        status, said = run("nbgrader", *words, cwd=self.home, environ=self.environ)
        assert status == 0, said
        return said

    def answers(self, source, *exercises) -> None:
        """Put the reference's answers to some exercises into the notebook."""
        solved = {c.id: c.source for c in nbformat.read(source, 4).cells}
        notebook = nbformat.read(self.notebook, 4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") in exercises:
                cell.source = solved[cell.id]
        nbformat.write(notebook, self.notebook)

    def feedback(self) -> list[Path]:
        return sorted(self.notebook.parent.glob("feedback/*/*"))


def instructor(course, *words) -> str:
    """Type `nbgrader WORDS` in the course's folder; what it says."""
    status, said = run("nbgrader", *words, cwd=course)
    assert status == 0, said
    return said


def hands_out(course) -> None:
    exchange = course / "exchange"
    exchange.mkdir()
    exchange.chmod(0o1777)
    instructor(course, "release_assignment", SLUG)


def make_a_term(folder: Path, built: Path) -> dict:
    """Two students and an instructor, from the release to the feedback at home."""
    course = Path(shutil.copytree(built, folder / "course"))
    hands_out(course)
    source = course / "source" / SLUG / NOTEBOOK
    alice, bob = (Student(n, folder / n, course / "exchange") for n in ("alice", "bob"))
    for student in (alice, bob):
        student.does("fetch_assignment")
    alice.does("submit")
    bob.answers(source, "half")
    bob.does("submit")
    said = {"first": instructor(course, "collect", SLUG, ONE_ACCOUNT)}
    collected = course / "submitted" / "alice" / SLUG / NOTEBOOK
    unsolved = collected.read_bytes()

    alice.answers(source, "half", "row_sums", "count_above")
    alice.does("submit")
    said["again"] = instructor(course, "collect", SLUG, ONE_ACCOUNT)
    assert collected.read_bytes() == unsolved, "replaced without --update"
    said["update"] = instructor(course, "collect", SLUG, ONE_ACCOUNT, "--update")

    for command in ("grade", "feedback"):
        status, told = run("course", command, SLUG, cwd=course)
        assert status == 0, told
    instructor(course, "release_feedback", SLUG)
    for student in (alice, bob):
        student.does("fetch_feedback")
    return said


@pytest.fixture(scope="module")
def term(once, built_toy):
    return once("exchange", lambda folder: make_a_term(folder, built_toy))


@pytest.fixture(scope="module")
def folder(term):
    return term[0]


@pytest.fixture(scope="module")
def said(term):
    return term[1]


def test_what_is_handed_out_is_the_release_and_holds_no_secret(folder):
    outbound = folder / "course" / "exchange" / "deep-learning" / "outbound"
    release = folder / "course" / "release" / SLUG / NOTEBOOK
    files = [path for path in outbound.rglob("*") if path.is_file()]
    assert files == [outbound / SLUG / NOTEBOOK]
    assert files[0].read_bytes() == release.read_bytes()
    chapter = read_chapter(folder / "course" / "chapters" / SLUG)
    assert list(leaks(chapter, outbound)) == []
    assert list(leaks(chapter, folder / "course" / "source")) != []


def test_a_student_sees_what_is_open_and_cannot_list_what_others_handed_in(folder):
    exchange = folder / "course" / "exchange"
    modes = {
        name: oct((exchange / "deep-learning" / name).stat().st_mode & 0o7777)
        for name in ("", "outbound", "inbound", "feedback")
    }
    assert modes == {
        "": "0o755",
        "outbound": "0o755",
        "inbound": "0o2733",
        "feedback": "0o711",
    }
    # Sticky: whoever may write here may not put another course in place of this one.
    assert exchange.stat().st_mode & 0o1000


def test_both_hand_in_and_neither_is_in_the_others_place(folder):
    course = folder / "course"
    source = course / "source" / SLUG / NOTEBOOK
    divisor = "divisor = 2"
    assert divisor in source.read_text()
    for student, answered in (("alice", True), ("bob", True)):
        text = (course / "submitted" / student / SLUG / NOTEBOOK).read_text()
        assert (divisor in text) == answered
    bobs = (course / "submitted" / "bob" / SLUG / NOTEBOOK).read_text()
    assert "by_row" not in bobs


def test_a_second_submission_replaces_the_first_when_asked_to(said, folder):
    assert "use --update to update: alice" in said["again"]
    assert "Updating submission: alice" in said["update"]
    assert "No newer submission to collect: bob" in said["update"]
    text = (folder / "course" / "submitted" / "alice" / SLUG / NOTEBOOK).read_text()
    assert "by_row" in text
    inbound = folder / "course" / "exchange" / "deep-learning" / "inbound"
    assert len(list(inbound.glob("alice+*"))) == 2  # nothing is ever lost there


@pytest.mark.parametrize(("student", "points"), [("alice", "6"), ("bob", "1")])
def test_each_student_gets_our_page_and_only_their_own(folder, student, points):
    (page,) = (folder / student / "work" / SLUG / "feedback").glob("*/*")
    made = folder / "course" / "feedback" / student / SLUG / f"{SLUG}.html"
    assert page.read_bytes() == made.read_bytes()
    assert f"<strong>{points}</strong> of 8 points" in page.read_text()
    assert "<script" not in page.read_text()


def test_the_pages_lie_under_names_that_nobody_can_guess(folder):
    pages = folder / "course" / "exchange" / "deep-learning" / "feedback"
    names = [page.stem for page in pages.iterdir()]
    assert len(set(names)) == 2
    assert all(len(name) >= 32 for name in names)


# ---------------------------------------------------- what others may have put there

WHEN, LATER, MUCH_LATER = (f"2026-03-0{n} 10:00:00.000000 UTC" for n in (1, 2, 3))


def hand_in(inbound: Path, name: str, text: str = "{}") -> Path:
    """A submission as the exchange holds it."""
    folder = inbound / name
    folder.mkdir()
    (folder / NOTEBOOK).write_text(text)
    (folder / "submission_secret.txt").write_text("a secret")
    (folder / "timestamp.txt").write_text("not a time")
    return folder


def make_hostile(where: Path, term: Path) -> dict:
    """A course in whose exchange somebody has been; collected twice.

    The account that runs the tests is an honest student, and every other name forged.
    """
    course = where / "course"
    for name in ("release", "source"):
        shutil.copytree(term / "course" / name, course / name)
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(term / "course" / name, course)
    hands_out(course)
    inbound = course / "exchange" / "deep-learning" / "inbound"
    source = course / "source" / SLUG

    honest = hand_in(inbound, f"{ME}+{SLUG}+{WHEN}+abc", "my own work")
    (honest / "solution.ipynb").symlink_to(source / NOTEBOOK)
    os.mkfifo(honest / "pipe")
    (honest / "drafts").mkdir()
    (honest / "answers.py").write_text("called as our own bank is, and not collected")
    hand_in(inbound, f"bob+{SLUG}+{WHEN}+abc", "in the name of bob")
    hand_in(inbound, f"+{SLUG}+{WHEN}+abc")
    hand_in(inbound, f"{ME}+{SLUG}+yesterday+abc")
    said = {"first": instructor(course, "collect", SLUG)}

    hand_in(inbound, f"{ME}+{SLUG}+{LATER}+abc", "my own work, again")
    (inbound / f"{ME}+{SLUG}+{MUCH_LATER}+abc").symlink_to(source)
    shutil.copytree(course / "submitted", where / "first")
    said["update"] = instructor(course, "collect", SLUG, "--update")
    return said


@pytest.fixture(scope="module")
def hostile(once, folder):
    """The folder, and what `nbgrader collect` said the first and the second time."""
    return once("hostile-exchange", lambda where: make_hostile(where, folder))


def test_what_belongs_to_another_account_is_not_collected(hostile):
    where, said = hostile
    assert os.listdir(where / "course" / "submitted") == [ME]
    assert f"it says bob and belongs to {ME}" in said["first"]
    assert "--ExchangeCollect.check_owner=False" in said["first"]


def test_a_name_without_a_student_is_left(hostile):
    assert f"+{SLUG}+{WHEN}+abc: its name holds no student" in hostile[1]["first"]


def test_a_name_without_a_time_stops_nobody(hostile):
    where, said = hostile
    assert "yesterday+abc: its name holds no time" in said["first"]
    assert (where / "first" / ME / SLUG / NOTEBOOK).read_text() == "my own work"


def test_links_pipes_and_our_own_files_stay_behind(hostile):
    where, said = hostile
    names = os.listdir(where / "first" / ME / SLUG)
    assert sorted(names) == [NOTEBOOK, "submission_secret.txt", "timestamp.txt"]
    for name in ("solution.ipynb", "pipe", "drafts"):
        assert f"abc: {name} is a link or a folder" in said["first"]


def test_the_time_is_that_of_the_folder_and_not_the_students_own_file(hostile):
    time = hostile[0] / "first" / ME / SLUG / "timestamp.txt"
    assert time.read_text() == WHEN


def test_a_link_to_the_source_does_not_hide_the_last_honest_submission(hostile):
    where, said = hostile
    assert "it is a link or a file" in said["update"]
    collected = where / "course" / "submitted" / ME / SLUG / NOTEBOOK
    assert collected.read_text() == "my own work, again"


def test_stock_nbgrader_takes_what_ours_leaves(hostile):
    """So that each of the tests above is known to be able to fail."""
    stock = "--ExchangeFactory.collect=nbgrader.exchange.default.ExchangeCollect"
    course = hostile[0] / "course"
    status, said = run("nbgrader", "collect", SLUG, stock, cwd=course)
    assert status == 1 and "Unknown string format: yesterday" in said
    shutil.rmtree(next(course.glob("exchange/*/inbound/*yesterday*")))
    shutil.rmtree(course / "submitted")
    instructor(course, "collect", SLUG, stock)
    solved = (course / "submitted" / ME / SLUG / NOTEBOOK).read_text()
    assert "BEGIN SOLUTION" in solved
    assert (course / "submitted" / "bob").is_dir()
