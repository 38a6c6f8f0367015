"""An author is told, with the line, what the two processes of grading can't do."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.bank.pool import prepare
from course.build.freeze import freeze
from course.build.pipeline import build
from course.chapters import ChapterError, read_chapter
from course.cli import main
from course.grade.judge.crossing import crossing_problems

SLUG = "01_toy"
HIDDEN = "check.probe(count_above, [], limit=1.0)\n"
# One process has no trouble with these.
REFUSED = {
    "a generator": "check.equal(check.call(count_above, (v for v in [1, 2]), 1), 1)",
    "an open file": 'check.equal(check.call(count_above, open("/dev/null"), 1), 0)',
    "an iterator": "check.equal(check.call(count_above, iter([2]), 1), 1)",
}


def spoil(course: Path, line: str) -> int:
    """Put a line into a hidden test; the number of the line."""
    path = course / "chapters" / SLUG / "exercises.py"
    text = path.read_text()
    assert HIDDEN in text
    text = text.replace(HIDDEN, f"{HIDDEN}{line}\n")
    path.write_text(text)
    return text.splitlines().index(line) + 1


def problems(course: Path) -> dict:
    chapter = read_chapter(course / "chapters" / SLUG)
    return crossing_problems(chapter, freeze(chapter))


def test_a_sound_chapter_has_none(toy_course):
    assert problems(toy_course) == {}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_cross_is_told_with_its_line(toy_course, line):
    number = spoil(toy_course, line)
    found = problems(toy_course)
    assert list(found) == ["count_above"]
    (problem,) = found["count_above"]
    assert problem.path.name == "exercises.py" and problem.line == number
    assert "can't be handed to an answer" in problem.message


def test_another_verdict_than_in_one_process_is_told(toy_course):
    spoil(toy_course, "check.true(type(count_above) is not None and RIGHT, 'odd')")
    path = toy_course / "chapters" / SLUG / "exercises.py"
    text = path.read_text().replace(
        "    count = 0\n", "    global RIGHT\n    count = 0\n"
    )
    path.write_text(
        text.replace("    return count\n", "    RIGHT = True\n    return count\n")
    )
    line = "RIGHT = False\ncheck.probe(count_above, [3], 1)\n"
    path.write_text(path.read_text().replace(HIDDEN, HIDDEN + line))
    found = problems(toy_course)
    assert "is judged wrong" in found["count_above"][0].message


def test_a_chapter_whose_process_ends_is_told(toy_course, monkeypatch):
    end = lambda assignment: os._exit(5)  # noqa: E731
    monkeypatch.setattr("course.grade.judge.crossing._judge_references", end)
    found = problems(toy_course)
    assert list(found) == ["half", "row_sums", "count_above"]
    assert "exit code 5" in found["half"][0].message


def test_a_build_is_refused_with_the_line_and_writes_nothing(toy_course):
    """Its author is told while building, not a student while being graded."""
    number = spoil(toy_course, REFUSED["a generator"])
    with pytest.raises(ChapterError, match=f"exercises.py:{number}: this can't be"):
        build(toy_course, say=lambda text: None)
    assert not list(toy_course.rglob("*.ipynb"))


def test_course_check_fails_and_says_where(toy_course):
    number = spoil(toy_course, REFUSED["a generator"])
    prepare(set())
    done = CliRunner().invoke(main, ["--root", str(toy_course), "check", SLUG])
    assert done.exit_code == 1
    assert f"exercises.py:{number}: this can't be done" in done.output
