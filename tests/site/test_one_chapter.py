"""`course site NN`: a chapter's two pages, and the book as it was."""

import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_markdown_cell

from course.cli import main
from course.site import book
from tests.site.conftest import EXERCISES, LECTURE, SLUG


@pytest.fixture
def course(tiny, tmp_path) -> Path:
    """The tiny course with a second lecture, which would not run."""
    root = Path(shutil.copytree(tiny[0], tmp_path / "course"))
    path = root / "notebooks" / f"{SLUG}.ipynb"
    lecture = nbformat.read(path, as_version=4)
    lecture.cells.append(new_markdown_cell("[Other](02_other.ipynb#Part)"))
    nbformat.write(lecture, path)
    (root / "notebooks" / "02_other.ipynb").write_text("no notebook")
    return root


def test_one_chapters_pages_are_made_whatever_the_others_are(course):
    before = (course / ".build" / "site" / "index.html").stat().st_mtime_ns
    page = book.make_one(course, "01", say=lambda text: None)
    assert page == course / ".build" / "page" / LECTURE
    assert "Predict 1." in page.read_text() and "Other" in page.read_text()
    assert (course / ".build" / "page" / EXERCISES).is_file()
    assert (course / ".build" / "site" / "index.html").stat().st_mtime_ns == before
    assert book.make_one(course, SLUG, say=lambda text: None) == page


def test_what_sphinx_says_of_the_page_itself_stops_it(course):
    path = course / "notebooks" / f"{SLUG}.ipynb"
    lecture = nbformat.read(path, as_version=4)
    lecture.cells.append(new_markdown_cell("{nosuchrole}`x`"))
    nbformat.write(lecture, path)
    with pytest.raises(book.SiteBroken, match="nosuchrole"):
        book.make_one(course, "01", say=lambda text: None)


def test_a_chapter_that_is_not_built_is_named(course):
    with pytest.raises(FileNotFoundError, match="no lecture 07"):
        book.make_one(course, "07", say=lambda text: None)


def test_the_books_place_is_no_place_for_one_chapter(tmp_path):
    done = CliRunner().invoke(main, ["site", "01", "--output", str(tmp_path / "x")])
    assert done.exit_code == 2 and ".build/page" in done.output
