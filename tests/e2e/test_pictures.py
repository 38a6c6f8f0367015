"""The pictures of README and guides are those that the journey takes."""

import re

from PIL import Image

from course.requirements import ROOT
from tests.e2e.pictures import DOCS, KEPT, Pictures

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
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


def test_the_pages_show_what_the_journey_takes_and_nothing_else():
    assert set(shown()) == set(KEPT) == {path.stem for path in DOCS.iterdir()}


def test_every_picture_has_a_description():
    assert all(len(words) > 30 for words in shown().values())


def test_the_pictures_are_small_files_that_open():
    for name in KEPT:
        path = DOCS / f"{name}.png"
        with Image.open(path) as picture:
            assert 600 <= picture.width <= 1280 and picture.height >= 100
        assert path.stat().st_size < 200_000


def test_the_docs_pictures_are_written_only_when_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.e2e.pictures.FOLDER", tmp_path)
    monkeypatch.setattr("tests.e2e.pictures.DOCS", tmp_path)

    class Page:
        @staticmethod
        def screenshot(**options):
            return b"picture"

    for asked, kept in (("", []), ("keep", [f"{KEPT[0]}.png"])):
        monkeypatch.setenv("COURSE_SCREENSHOTS", asked)
        pictures = Pictures("some")
        pictures.window(KEPT[0], Page())
        pictures.window("another", Page())
        assert [path.name for path in tmp_path.glob("*.png")] == kept
        assert pictures.missing() == set(KEPT[1:])
