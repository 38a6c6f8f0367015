"""Copies are shown, honest look-alikes are not, and a stranger's text stays text."""

import shutil

import nbformat
import pytest
from browser import chromium  # noqa: F401  a fixture
from bs4 import BeautifulSoup
from click.testing import CliRunner

from course import cli
from course.build.places import release_path
from course.chapters import read_chapter
from course.demo.alike import WAYS, MadeClass, make_class
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment, Cell, read_assignment
from course.requirements import ROOT
from course.similar.evidence import Group, Likeness, groups, least_bits
from course.similar.measure import shown
from course.similar.page import similar_page
from course.similar.texts import MAX_SOURCE, Alphabet, Answer, answers
from tests.e2e.axe import grave

SLUG = "03_linear_regression"
GIVEN = 'def f(x, y):\n    """Do it."""\n    raise NotImplementedError\n'
EVIL = "<script>pwned(1)</script>"


@pytest.fixture(scope="module")
def assignment():
    return read_assignment(ROOT / "source", SLUG)


@pytest.fixture(scope="module")
def made() -> MadeClass:
    """A class of a hundred, five of whom copy in each way."""
    return make_class(read_chapter(ROOT / "chapters" / SLUG), 100, 5)


def compared(*sources: str, kind="answer") -> list[Answer | None]:
    """Answers to one exercise as they are compared."""
    asked = Cell(kind, "f", f"{GIVEN}### BEGIN SOLUTION\n    pass\n### END SOLUTION")
    exercise, alphabet = Assignment("01_x", (asked,), ""), Alphabet()
    found = []
    for source in sources:
        own = Submission("ann", (Cell(kind, "f", source),))
        found.append(answers(exercise, own, alphabet).get("f"))
    return found


def test_copies_are_shown_and_nobody_who_wrote_alone(assignment, made):
    found = shown(assignment, made)
    assert found["honest"] == 0
    assert found["verbatim"] == 5
    assert min(found[way] for way in WAYS) >= 3


def test_a_class_without_copies_shows_nobody(assignment, made):
    honest = {s: own for s, own in made.answers.items() if s not in made.copies}
    assert shown(assignment, MadeClass(honest, {})).total() == 0


def test_a_class_in_which_all_write_the_same_shows_nobody(assignment, made):
    own = made.answers["honest000"]
    alike = MadeClass({f"s{n}": own for n in range(40)}, {})
    assert shown(assignment, alike).total() == 0


def test_a_group_is_one_however_many_copied(assignment, made):
    everybody = dict(made.answers)
    everybody |= {f"copy{n}": everybody["honest003"] for n in range(3)}
    alphabet = Alphabet()
    work = {
        student: answers(
            assignment,
            Submission(student, tuple(Cell("answer", e, c) for e, c in own.items())),
            alphabet,
        )
        for student, own in everybody.items()
    }
    copied = {"honest003", "copy0", "copy1", "copy2"}
    [group] = [g for g in groups(work) if copied.intersection(g.students)]
    assert copied <= set(group.students)


LOOP = "total = 0\nfor row in X.sum(dim=1):\n    total = total + row * y\nreturn total"


@pytest.mark.parametrize(
    "other",
    [
        LOOP.replace("total", "s").replace("row", "r"),
        "# mine\n" + LOOP.replace("=", " =  "),
        GIVEN + LOOP,
        LOOP.replace("total = 0", '"""My text."""\ntotal = 0'),
    ],
)
def test_names_remarks_space_and_what_was_handed_out_do_not_count(other):
    first, second = compared(LOOP, other)
    assert first.bare == second.bare


def test_the_order_of_lines_does_not_count_and_a_librarys_names_do():
    lines = LOOP.splitlines()
    first, second = compared(LOOP, "\n".join([*lines[1:], lines[0]]))
    assert first.bare != second.bare and first.sorted == second.sorted
    first, second = compared(LOOP, LOOP.replace(".sum", ".mean"))
    assert first.sorted != second.sorted


@pytest.mark.parametrize("source", ["return x + y", "", GIVEN, "x" * MAX_SOURCE + "()"])
def test_what_is_short_blank_or_endless_tells_nothing(source):
    assert compared(source) == [None]


@pytest.mark.parametrize(
    "source", ["def f(:\n" * 9, "'" * 999, '"""' * 99 + "a = b + c"]
)
def test_what_is_no_python_is_read_all_the_same(source):
    compared(source)


def test_written_answers_are_compared_by_their_words():
    text = "The squares punish one outlier more than all the other points of the data."
    first, second = compared(text, text.upper(), kind="manual")
    assert first.bare == second.bare


def test_more_must_speak_for_a_pair_where_there_are_more_pairs():
    assert least_bits(300) > least_bits(30) > least_bits(2) == 10


@pytest.fixture(scope="module")
def page() -> str:
    """A group of five, one of whom has an evil name and evil code."""
    answer = Answer(f"x = 1  # {EVIL}\u202e", "a", "a", "a")
    students = ("a", "b", "c", "d", EVIL)
    work = {student: {"f": answer} for student in students}
    group = Group(students, (Likeness("f", 5, 300),), 30.0)
    return similar_page(SLUG, [group], work, {})


def test_the_page_escapes_names_and_code_and_gives_no_verdict(page):
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.select("script") and EVIL in soup.get_text()
    assert "\u202e" not in page
    assert "Places to look, and no verdict." in soup.get_text()
    assert "5 of 300 wrote it so" in soup.get_text()
    assert len(soup.select(".beside section")) == 4


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_grave_and_nothing_is_cut(chromium, page, tmp_path, width):  # noqa: F811
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    tab = chromium.new_page(viewport={"width": width, "height": 800})
    tab.goto((tmp_path / "page.html").as_uri())
    assert grave(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.close()


def test_the_command_compares_what_was_handed_in_and_runs_nothing(built_toy, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(built_toy, course)
    release = nbformat.read(course / release_path("01_toy"), as_version=4)
    marker = tmp_path / "ran"
    for student in ("ann", "ben", "cat"):
        for cell in release.cells:
            if cell.metadata.nbgrader.grade_id == "row_sums":
                cell.source = f"open({str(marker)!r}, 'w').write('x' + 'y' + 'z')"
        folder = course / "submitted" / student / "01_toy"
        folder.mkdir(parents=True)
        nbformat.write(release, folder / "01_toy.ipynb")
    done = CliRunner().invoke(cli.main, ["--root", str(course), "similar", "01_toy"])
    assert done.exit_code == 0, done.output
    assert "3 compared, 0 groups to look at" in done.stderr
    assert (course / "reports" / "01_toy-similar.html").is_file()
    assert not marker.exists()


def test_without_submissions_it_says_so(built_toy_copy):
    words = ["--root", str(built_toy_copy), "similar", "01_toy"]
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 1 and "nobody handed in 01_toy" in done.stderr
