"""The reader's map says what the chapters say."""

from pathlib import Path

import pytest

from course.build import home
from course.build.pipeline import build, differences
from course.build.references import needed
from course.chapters import find_chapters, read_chapter

ROOT = Path(__file__).parents[3]
PARTS = home.read_parts(ROOT)
EMPTY = f"# Course\n\n{home.BEGIN}\nold\n{home.END}\nMore.\n"


@pytest.fixture(scope="module")
def chapters():
    return [read_chapter(folder) for folder in find_chapters(ROOT)]


def row(page: str, number: str) -> list[str]:
    line = next(line for line in page.splitlines() if line.startswith(f"| [{number} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_names_links_needs_time_exercises_and_points(chapters):
    others = [chapter for chapter in chapters if chapter.slug[:2] != "06"]
    page = home.with_map(EMPTY, others, PARTS)
    lecture, builds_on, minutes, exercises, points = row(page, "13")
    slug = "13_lenet"
    assert lecture.endswith(f"(notebooks/{slug}.ipynb)") and "[13 LeNet" in lecture
    needed = builds_on.split(", ")
    assert "12" in needed and "*06*" in needed  # as of a chapter not written yet
    assert minutes.endswith(" min") and 20 <= int(minutes.split()[0]) <= 120
    lenet = next(chapter for chapter in chapters if chapter.slug == slug)
    count = len(lenet.cells("test")) + len(lenet.cells("manual"))
    assert exercises == f"[{count} exercises](release/{slug}/{slug}.ipynb)"
    assert float(points) > 0


def test_the_map_takes_the_place_of_the_old_one(chapters):
    page = home.with_map(EMPTY, chapters, PARTS)
    assert "old" not in page.split("\n")
    assert page.startswith("# Course\n") and page.endswith(f"{home.END}\nMore.\n")
    assert home.with_map(page, chapters, PARTS) == page


def test_chapters_stand_under_their_parts_in_order(chapters):
    lines = home.with_map(EMPTY, chapters, PARTS).splitlines()
    heads = [line for line in lines if line.startswith("###")]
    assert heads == sorted(heads) and heads[0] == "### Part I. Foundations"
    numbers = [line[3:5] for line in lines if line.startswith("| [")]
    assert numbers == sorted(numbers) and len(numbers) == len(chapters)


def test_a_part_says_what_it_is_about_above_its_chapters(chapters):
    about = {"Part II. Convolutional networks": "Nets that look."}
    page = home.with_map(EMPTY, chapters, PARTS, about)
    assert "### Part II. Convolutional networks\n\nNets that look.\n\n| chapter" in page
    assert "### Part I. Foundations\n\n| chapter" in page


def test_a_chapter_that_the_syllabus_does_not_list_stands_last(chapters):
    parts = {slug: part for slug, part in PARTS.items() if slug[:2] != "03"}
    lines = home.with_map(EMPTY, chapters, parts).splitlines()
    heads = [line for line in lines if line.startswith("###")]
    assert heads[0] == "### Part I. Foundations"
    assert heads[-1] == f"### {home.FURTHER}"
    assert lines.index(heads[-1]) < lines.index(
        next(line for line in lines if line.startswith("| [03 "))
    )


def test_every_chapter_says_what_it_builds_on(chapters):
    first, *others = chapters
    assert not needed(first)
    for chapter in others:
        assert needed(chapter), f"{chapter.slug}: no `You need chapters ...`"


def test_a_page_without_a_place_for_the_map_is_refused(chapters):
    with pytest.raises(ValueError, match="home.md must hold the lines"):
        home.with_map("# Course\n", chapters, PARTS)


def test_a_build_writes_the_map_and_a_check_sees_an_old_one(built_toy_copy):
    course = built_toy_copy
    (course / "home.md").write_text(EMPTY)
    build(course, say=lambda text: None)
    assert "| [" in (course / "home.md").read_text()
    assert not list(differences(course, lambda text: None))
    (course / "home.md").write_text(EMPTY)
    found = list(differences(course, lambda text: None))
    assert found == ["home.md: its map differs from the chapters; run `course build`"]
