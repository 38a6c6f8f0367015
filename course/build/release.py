"""The students' version, made by nbgrader itself, and the scan of what they get."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from traitlets.config.loader import PyFileConfigLoader

from course.chapters import Chapter
from course.regions import HIDDEN, SOLUTION, region_lines, split_hidden

MIN_LINE = 12  # shorter lines of a solution, such as `return x`, stand anywhere


def generate_release(root: Path, target: Path, slugs: list[str]) -> None:
    """Run nbgrader's generate_assignment over `target/source` into `target/release`.

    Args:
        root: the course's folder; its nbgrader_config.py rules, as on the command line.
        target: the folder that is being built.
        slugs: the assignments.

    Raises:
        RuntimeError: nbgrader refused one; says which, with nbgrader's own words.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(target)
    config.GenerateAssignment.no_database = True  # grading registers it, not building
    config.SaveCells.enabled = False
    for slug in slugs:
        config.CourseDirectory.assignment_id = slug
        words: list[str] = []
        log = _collecting_logger(words)
        try:
            courses = CourseDirectory(config=config, log=log)
            GenerateAssignment(coursedir=courses, config=config, log=log).start()
        except NbGraderException as error:
            raise RuntimeError(f"nbgrader, {slug}: {''.join(words)}") from error


def _collecting_logger(words: list[str]) -> logging.Logger:
    """A logger that keeps nbgrader's errors for our message and is silent otherwise."""
    log = logging.Logger("nbgrader")
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: words.append(record.getMessage() + "\n")
    log.addHandler(handler)
    return log


def leaks(chapter: Chapter, folder: Path) -> Iterator[str]:
    """What a student must not get and would: solutions, hidden tests, our text files.

    Args:
        chapter: the chapter whose secrets are looked for.
        folder: what students get, searched whole.

    Yields:
        one sentence a find.
    """
    secrets = dict(_secrets(chapter))
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = _text(path)
        for mark in (*SOLUTION, *HIDDEN):
            if mark in text and path.suffix == ".ipynb":
                yield f"{path.name} holds a {mark!r} mark"
        for secret, what in secrets.items():
            if secret in text:
                yield f"{path.name} holds a line of {what}: {secret}"
        if path.name in ("lecture.py", "exercises.py", "answers.py"):
            yield f"{path.name} is a chapter's text"


def _text(path: Path) -> str:
    """A file's text; of a notebook, its cells' sources without JSON's escapes."""
    raw = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return raw
    cells = nbformat.reads(raw, as_version=4).cells
    return "\n".join(cell.source for cell in cells)


def _secrets(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """Lines that stand in solutions or hidden tests and nowhere in what is given."""
    shown = "\n".join(_given_texts(chapter))
    for role in ("exercise", "manual"):
        for cell in chapter.cells(role).values():
            lines = cell.source.splitlines()
            for number in region_lines(cell.source):
                yield from _secret(lines[number - 1], shown, f"{cell.id}'s solution")
    for cell in chapter.cells("test").values():
        for line in split_hidden(cell.source)[1].splitlines():
            yield from _secret(line, shown, f"{cell.id}'s hidden test")


def _secret(line: str, shown: str, what: str) -> Iterator[tuple[str, str]]:
    text = line.strip()
    if len(text) >= MIN_LINE and re.search(r"\w", text) and text not in shown:
        yield text, what


def _given_texts(chapter: Chapter) -> Iterator[str]:
    """All that a reader may see: the lecture, prompts, setup, visible tests."""
    for cell in chapter.lecture:
        yield cell.source
    for cell in chapter.exercises:
        if not cell.role:
            yield cell.source
        elif cell.role == "test":
            yield split_hidden(cell.source)[0]
