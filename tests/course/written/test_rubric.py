"""Rubrics: what is read, what is refused with its line, and that no student gets it."""

import shutil
from pathlib import Path

import nbformat
import pytest
from written_class import FULL, QUESTION, RUBRIC, SLUG

from course.build.bundle import scan
from course.build.release import leaks
from course.build.rules import problems
from course.chapters import ChapterError, find_chapters, read_chapter
from course.grade.batch import find_assignment
from course.requirements import ROOT
from course.stock import convert, settings
from course.written.rubric import Comment, find_rubric, read_rubric
from tests.brought.making import KERNEL, written

WORTH = {QUESTION: 2.0}


def read(folder: Path, text: str):
    """Read a rubric that holds this text."""
    path = folder / "rubric.toml"
    path.write_text(text, encoding="utf-8")
    return read_rubric(path, WORTH)


def refused(folder: Path, text: str) -> list[str]:
    """What is said of a rubric that is refused, each with its line."""
    with pytest.raises(ChapterError) as caught:
        read(folder, text)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_a_rubric_is_read(tmp_path):
    first, second = read(tmp_path, RUBRIC)[QUESTION]
    assert (first.about, first.points) == ("It says that the integer is odd", 1)
    assert first.comments[0] == Comment(1, FULL, 1)
    assert [comment.points for comment in second.comments] == [1, -0.5, None]


def test_there_may_be_none(tmp_path):
    assert read_rubric(tmp_path / "rubric.toml", WORTH) == {}


COMMENT = "{ key = 1, points = 1,"
DEFECTS = {
    "another sum": (
        "points = 1\n",
        "points = 0.5\n",
        "2: the criteria are worth 1.5 points together, the question 2",
    ),
    "an unknown question": (
        "[[odd_halves]]",
        "[[even_halves]]",
        "2: there is no written question 'even_halves'; there are: odd_halves",
    ),
    "two comments of one key": ("key = 2", "key = 1", "2: two comments have key = 1"),
    "a key on no keyboard": ("key = 2", "key = 10", "2: key = 10 is on no keyboard"),
    "an empty comment": (FULL, " ", "2: the comment of key 1 is empty"),
    "more than the criterion": (
        "points = 0.5,",
        "points = 1.5,",
        "2: the comment of key 2 stands for 1.5 points, its criterion for 1",
    ),
    "no comment for a full answer": (
        COMMENT,
        "{ key = 1, points = 0.75,",
        "2: no comment gives all 1: a full answer would have no key",
    ),
    "no criterion's text": (
        "It gives the reason",
        "",
        "10: about is empty: say what an answer is to have",
    ),
    "a criterion worth nothing": (
        'reason"\npoints = 1',
        'reason"\npoints = 0',
        "10: points are 0: a criterion is worth more than 0",
    ),
    "points in words": ("points = 0.5,", 'points = "half",', "2: write [[odd_halves]]"),
    "points that are no number": ("points = -0.5", "points = nan", "10: write [["),
    "a word that nobody knows": ("{ key = 3,", "{ kye = 3,", "10: write [[odd_halves"),
    "no TOML": ("[[odd_halves]]", "[[odd_halves", "1: this is no TOML"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_rubric_that_does_not_fit_is_refused_with_its_line(name, tmp_path):
    old, new, said = DEFECTS[name]
    assert old in RUBRIC
    # Of an unknown question all criteria go there, else one and its neighbour differ.
    count = -1 if name == "an unknown question" else 1
    words = refused(tmp_path, RUBRIC.replace(old, new, count))
    assert any(line.startswith(said) for line in words), words


@pytest.mark.parametrize("text", [f"{QUESTION} = 3", f"{QUESTION} = []"])
def test_what_is_no_list_of_criteria_is_refused(text, tmp_path):
    assert refused(tmp_path, text)[0].startswith("1: write [[odd_halves]] with about")


def test_the_build_and_the_check_refuse_it(toy_course):
    folder = toy_course / "chapters" / SLUG
    (folder / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    assert problems(read_chapter(folder)) == []
    wrong = RUBRIC.replace("odd_halves", "other")
    (folder / "rubric.toml").write_text(wrong, encoding="utf-8")
    said = [str(problem) for problem in problems(read_chapter(folder))]
    assert said and all("rubric.toml:" in line for line in said)
    assert "there is no written question 'other'" in said[0]


def test_each_chapter_has_one_for_each_written_question():
    for folder in find_chapters(ROOT):
        asked = {n: c.points for n, c in read_chapter(folder).cells("manual").items()}
        assert read_rubric(find_rubric(ROOT, folder.name), asked).keys() == asked.keys()


def test_a_rubric_in_a_release_or_a_bundle_is_found(toy_course, tmp_path):
    chapter = read_chapter(toy_course / "chapters" / SLUG)
    handout = tmp_path / "handout"
    handout.mkdir()
    assert list(leaks(chapter, handout)) == []
    (handout / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    assert list(leaks(chapter, handout)) == ["rubric.toml is a chapter's text"]
    found = list(scan(toy_course, handout, [chapter]))
    assert found == [f"{SLUG}: rubric.toml is a chapter's text"]


@pytest.fixture
def brought(tmp_path) -> Path:
    """A course with an assignment that was brought along, and its rubric."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    source = tmp_path / "source" / "essay"
    source.mkdir(parents=True)
    cells = [nbformat.from_dict({**written("why", 2), "id": "why"})]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, source / "essay.ipynb")
    (source / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    (source / "data.csv").write_text("1,2\n", encoding="utf-8")
    return tmp_path


def test_that_of_an_assignment_brought_along_is_not_handed_out(brought):
    assert find_rubric(brought, "essay") == brought / "source" / "essay" / "rubric.toml"
    config = settings(brought, brought)
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    convert("GenerateAssignment", config, "essay")
    released = {path.name for path in (brought / "release" / "essay").iterdir()}
    assert released == {"essay.ipynb", "data.csv"}


def test_nor_does_it_lie_beside_a_students_code(brought):
    files = [path for path, _ in find_assignment(brought, "essay").files]
    assert files == ["data.csv"]
