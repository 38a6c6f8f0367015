"""The pictures of README and guides are those that tests take."""

import re

import pytest
from PIL import Image

from course.requirements import ROOT
from tests.e2e.pictures import DOCS, KEPT, Pictures, words_of

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL = {name for names in KEPT.values() for name in names}
FIRST, *OTHERS = KEPT["journey"]
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+\.png)\)")


def shown() -> dict[str, str]:
    """The pictures on all pages: their names and alternative texts."""
    found = {}
    for page in PAGES:
        for words, path in SHOWN.findall(page.read_text(encoding="utf-8")):
            picture = (page.parent / path).resolve()
            assert picture.parent == DOCS, f"{page.name} shows {path}"
            found[picture.stem] = words
    return found


def test_the_pages_show_what_is_taken_and_nothing_else():
    assert set(shown()) == ALL == {path.stem for path in DOCS.iterdir()}


def test_every_picture_has_a_description():
    assert all(len(words) > 30 for words in shown().values())


def test_the_pictures_are_small_files_that_open():
    for name in sorted(ALL):
        path = DOCS / f"{name}.png"
        with Image.open(path) as picture:
            assert 600 <= picture.width <= 1280 and picture.height >= 100
        assert path.stat().st_size < 200_000


def test_the_pictures_carry_the_words_that_they_show():
    for name, word in (("home-page", "Next:"), ("feedback-page", "Exercises")):
        assert any(word in line for line in words_of(DOCS / f"{name}.png"))


@pytest.fixture
def page(chromium, monkeypatch, tmp_path):
    """A page with a sum, and no picture of it yet."""
    monkeypatch.setattr("tests.e2e.pictures.FOLDER", tmp_path / "all")
    monkeypatch.setattr("tests.e2e.pictures.DOCS", tmp_path)
    page = chromium.new_page()
    page.set_content(
        "<p id=a>one <b>and</b> one</p><p hidden>three</p><p>makes</p>"
        "<input id=b value=two><p>or not</p>"
    )
    yield page
    page.close()


def taken(page) -> Pictures:
    """Take the picture as the journey does."""
    pictures = Pictures("journey")
    pictures.part(FIRST, page.locator("#a"), page.locator("#b"))
    return pictures


def test_a_picture_of_the_docs_is_written_when_asked_for(page, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SCREENSHOTS", "keep")
    pictures = taken(page)
    pictures.part("another", page.locator("#a"))
    assert [path.name for path in tmp_path.glob("*.png")] == [f"{FIRST}.png"]
    assert words_of(tmp_path / f"{FIRST}.png") == ["one and one", "makes", "two"]
    assert (pictures.stale, pictures.missing()) == ({}, set(OTHERS))


def test_a_picture_that_says_else_is_stale_and_stays(page, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SCREENSHOTS", "keep")
    taken(page)
    path = tmp_path / f"{FIRST}.png"
    before = path.read_bytes()
    monkeypatch.setenv("COURSE_SCREENSHOTS", "")
    assert taken(page).stale == {}
    page.locator("#b").fill("three")
    assert taken(page).stale == {FIRST: ["one and one", "makes", "three"]}
    assert path.read_bytes() == before
