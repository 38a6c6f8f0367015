"""The home page says where the student is and leads to one next step."""

import re
import shutil

import nbformat
import pytest

from course.student import copies, home, lectures
from course.student.progress import Chapter, Exercise

PICTURE = re.compile(r"!\[\]\(data:image/svg\+xml,[^)]*\)")
SLUGS = ("03_linear", "12_convolution", "13_lenet")
MAP = """
| [03 Linear](notebooks/03_linear.ipynb) | *01* | 1 | [2](release/03_linear/03_linear.ipynb) |
| [12 Convolution](notebooks/12_convolution.ipynb) | 03, *07* | 1 | x |
| [13 LeNet: a `net`](notebooks/13_lenet.ipynb) | 12, *06* | 1 | x |
"""  # noqa: E501


def chapters(*states: str) -> list[Chapter]:
    """One exercise a chapter, in these states."""
    return [
        Chapter(slug, f"work/{slug}/{slug}.ipynb", (Exercise("loss", state, 2),))
        for slug, state in zip(SLUGS, states, strict=True)
    ]


def next_step(*states: str) -> str:
    return home.next_step(chapters(*states), home.places(MAP))


def test_at_the_start_the_first_chapter_is_read():
    assert next_step(*["not attempted"] * 3) == (
        "read [03 Linear](notebooks/03_linear.ipynb), then do its exercises."
    )


@pytest.mark.parametrize("state", ["wrong", "not tested"])
def test_what_was_begun_comes_before_what_is_new(state):
    assert next_step("not attempted", state, "not attempted") == (
        "go on with `loss` in "
        "[12 Convolution](work/12_convolution/12_convolution.ipynb)."
    )


def test_after_a_chapter_comes_the_first_whose_needs_are_met():
    assert "[12 Convolution](notebooks" in next_step(
        "right", "not attempted", "not attempted"
    )
    assert "[03 Linear](notebooks" in next_step(
        "not attempted", "right", "not attempted"
    )
    without_first = chapters("right", "right", "not attempted")[1:]
    assert "[13 LeNet" in home.next_step(without_first, home.places(MAP))


def test_where_nothing_is_left_it_says_so():
    assert next_step(*["right"] * 3).startswith("nothing is left to do")


def test_a_notebook_that_is_damaged_is_mended_first():
    broken = Chapter(SLUGS[0], "work/03_linear/03_linear.ipynb", problem="is *empty*")
    page = home.where_you_are([broken], home.places(MAP))
    assert "**Next:** mend [03 Linear](work/03_linear/03_linear.ipynb)" in page
    assert "is \\*empty\\*. In a terminal: `course restore 03_linear`" in page


def test_the_page_has_a_line_for_each_chapter_begun_and_totals(work):
    work.answer({"half": "def half(x): return x / 2", "odd_halves": "When it is odd."})
    work.say("half", "right", hints=1)
    work.answer({"row_sums": "def row_sums(X): X", "test_row_sums": "pass"})
    page = home.live_page(work.root, (work.root / "home.md").read_text())
    said = (
        "1 right, 1 not tested, 1 not attempted, 1 not graded yet; 1 of 8 points, "
        "2 not graded yet"
    )
    lines = PICTURE.sub("BAR", page).splitlines()
    assert (
        f"- [01 A toy](work/01_toy/01_toy.ipynb)<br>BAR<br>{said}; 1 hint asked. **The "
        "test of row\\_sums is not as it was handed out.** In a terminal: `course "
        "restore 01_toy`"
    ) in lines
    assert f"All 1 chapters<br>BAR<br>{said}" in lines


FAR = """# Course

<!-- map -->

### Part I

| chapter | builds on |
|---|---|
| [03 Linear](notebooks/03_linear.ipynb) | *01* | x |

### Part II

A sentence about it,
in two lines.

| chapter | builds on |
|---|---|
| [12 Convolution](notebooks/12_convolution.ipynb) | 03, *07* | x |

### Part III

| chapter | builds on |
|---|---|
| [13 LeNet](notebooks/13_lenet.ipynb) | 12, *06* | x |

<!-- end -->
"""


def folded(*states: str) -> list[str]:
    """The parts of a map that are folded, where chapters are in these states."""
    page = home._folded(FAR, chapters(*states), home.places(FAR))
    assert home.page_in_file(page) == FAR
    parts = page.split("### ")[1:]
    return [part.split("\n")[0] for part in parts if "1 chapter further ahead" in part]


def test_parts_ahead_of_the_next_step_are_folded_and_those_begun_are_not():
    todo = "not attempted"
    assert folded(todo, todo, todo) == ["Part II", "Part III"]
    assert folded("right", todo, todo) == ["Part III"]
    assert folded("wrong", todo, "right") == ["Part II"]
    assert folded("right", "right", "right") == []


def test_a_bar_of_each_chapter_stands_in_the_map_and_not_in_the_file(work):
    text = (work.root / "home.md").read_text()
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "right")
    page = home.live_page(work.root, text)
    [row] = [line for line in page.splitlines() if line.startswith("| [01 A toy]")]
    assert PICTURE.search(row) and home.page_in_file(page) == text


def test_links_lead_to_copies_that_are_made_as_the_page_is_read(work):
    page = home.live_page(work.root, (work.root / "home.md").read_text())
    assert work.path.is_file()
    assert "(release/" not in page and "(work/01_toy/01_toy.ipynb)" in page
    assert page.index(home.HEAD) < page.index("<!-- map -->")


@pytest.fixture
def lecture(work, built_toy):
    """The toy lecture as it was built, where it was built."""
    (work.root / "notebooks").mkdir()
    return shutil.copy(built_toy / "notebooks/01_toy.ipynb", work.root / "notebooks")


def test_lectures_open_as_copies_and_the_way_back_is_known(work, lecture):
    text = (work.root / "home.md").read_text()
    page = home.live_page(work.root, text)
    assert "**Next:** read [01 A toy](work/lectures/01_toy.ipynb)" in page
    assert "| [01 A toy](work/lectures/01_toy.ipynb) |" in page
    assert "(notebooks/" not in page and home.page_in_file(page) == text


def test_a_newer_lecture_than_the_copy_with_a_note_is_named(work, lecture):
    text = (work.root / "home.md").read_text()
    assert "newer version" not in home.live_page(work.root, text)
    notebook = nbformat.read(lecture, as_version=4)
    for path in (lectures.work(work.root, "01_toy"), lecture):
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"A note: {path}."))
        copied = nbformat.read(path, as_version=4)
        copied.cells = notebook.cells
        nbformat.write(copied, path)
    page = home.live_page(work.root, text)
    assert "a newer version of [01 A toy](notebooks/01_toy.ipynb). Your copies" in page
    assert home.page_in_file(page) == text


def test_the_way_back_leads_to_what_is_in_the_file(work):
    text = (work.root / "home.md").read_text()
    live = home.live_page(work.root, text)
    assert live != text
    assert home.page_in_file(live) == text
    edited = live.replace("# Course", "# My course")
    assert home.page_in_file(edited) == text.replace("# Course", "# My course")


def test_where_no_copy_can_be_made_the_page_says_why(work, monkeypatch):
    def fail(root):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(copies, "start", fail)
    page = home.live_page(work.root, (work.root / "home.md").read_text())
    assert "can't be made in `work/` (Permission denied)" in page
    assert "(release/01_toy/01_toy.ipynb)" in page


def test_a_page_without_a_map_and_a_course_without_exercises_are_shown(work):
    assert "begin the exercises of [01 toy](work/" in home.live_page(
        work.root, "# Hi\n"
    )
    shutil.rmtree(work.root / "release")
    assert "nothing is left to do" in home.live_page(work.root, "# Hi\n")
