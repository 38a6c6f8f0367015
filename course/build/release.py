"""The students' version, made by nbgrader itself, and the scan of what they get."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

from course.chapters import Chapter
from course.options import read_question
from course.regions import HIDDEN, SOLUTION, region_lines, split_hidden, stub
from course.stock import convert, settings

MIN_LINE = 12  # shorter lines of a solution, such as `return x`, stand anywhere
OUR_TEXTS = ("lecture.py", "exercises.py", "answers.py", "rubric.toml")


def generate_release(root: Path, target: Path, slugs: list[str]) -> None:
    """Run nbgrader's generate_assignment over `target/source` into `target/release`.

    Args:
        root: the course's folder; its nbgrader_config.py rules, as on the command line.
        target: the folder that is being built.
        slugs: the assignments.

    Raises:
        RuntimeError: nbgrader refused one; says which, with nbgrader's own words.
    """
    config = settings(root, target)
    config.GenerateAssignment.no_database = True  # grading registers it, not building
    config.SaveCells.enabled = False
    for slug in slugs:
        convert("GenerateAssignment", config, slug)


def leaks(chapter: Chapter, folder: Path, known: str = "") -> Iterator[str]:
    """What a student must not get and would: solutions, hidden tests, our text files.

    Args:
        chapter: the chapter whose secrets are looked for.
        folder: what students get, searched whole.
        known: text that students see anyway; what stands in it is no secret.

    Yields:
        one sentence a find.
    """
    shown = "\n".join(given_texts(chapter))
    hidden = {s: what for s, what in secrets(chapter, shown) if s not in known}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, text = path.relative_to(folder), _text(path)
        for mark in (*SOLUTION, *HIDDEN):
            if mark in text:
                yield f"{name} holds a {mark!r} mark"
        for secret, what in hidden.items():
            if secret in text:
                yield f"{name} holds a line of {what}: {secret}"
        if path.name in OUR_TEXTS:
            yield f"{name} is a chapter's text"


def _text(path: Path) -> str:
    """A file's text; of a notebook also its cells' sources without JSON's escapes."""
    raw = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return raw
    cells = nbformat.reads(raw, as_version=4).cells
    return "\n".join([raw, *(cell.source for cell in cells)])


def secrets(chapter: Chapter, shown: str) -> Iterator[tuple[str, str]]:
    """Lines that answer an exercise or test it in secret, and whose they are.

    Args:
        chapter: the chapter.
        shown: text that students see; what stands in it is no secret.
    """
    for role in ("exercise", "manual"):
        for cell in chapter.cells(role).values():
            lines = cell.source.splitlines()
            for number in region_lines(cell.source):
                yield from _secret(lines[number - 1], shown, f"{cell.id}'s solution")
    for answer in chapter.answers:
        if answer.kind == "right":
            for line in answer.source.splitlines():
                yield from _secret(line, shown, f"an answer to {answer.exercise}")
    for exercise, why in _explanations(chapter):
        yield from _secret(why, shown, f"{exercise}'s explanations")
    for cell in chapter.cells("test").values():
        for line in split_hidden(cell.source)[1].splitlines():
            yield from _secret(line, shown, f"{cell.id}'s hidden test")


def _explanations(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """What there is to say of each option of each question, with the question's id."""
    for exercise, cell in chapter.choices.items():
        for option in read_question(cell.source).options:
            yield exercise, option.why


def _secret(line: str, shown: str, what: str) -> Iterator[tuple[str, str]]:
    text = line.strip()
    if len(text) >= MIN_LINE and re.search(r"\w", text) and text not in shown:
        yield text, what


def given_texts(chapter: Chapter) -> Iterator[str]:
    """All that a reader may see: the lecture, prompts, setup, stubs, visible tests."""
    for cell in chapter.lecture:
        yield cell.source
    yield from given_exercises(chapter)


def given_exercises(chapter: Chapter) -> Iterator[str]:
    """The same of the exercise notebook alone."""
    for cell in chapter.exercises:
        if cell.role == "test":
            yield split_hidden(cell.source)[0]
        else:
            yield stub(cell.source)
