"""`course watch`: one warm process that does again what a saved file has changed.

Starting takes longer than the work: torch alone costs seconds. Here it is imported
once, exercises that didn't change keep what was frozen of them, and a lecture runs from
the first changed cell on.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import matplotlib as mpl

from course.author.rerun import Lecture
from course.bank.judge import judge
from course.bank.pool import prepare
from course.build.freeze import Frozen, freeze, setup_modules
from course.build.pipeline import build, read_valid
from course.cells import Cell
from course.chapters import Chapter, ChapterError
from course.grade.judge.crossing import crossing_problems
from course.names import imported_modules

FILES = ("lecture.py", "exercises.py", "answers.py", "rubric.toml")
POLL_S = 0.2
Say = Callable[[str], None]


@dataclass
class Known:
    """What is known of a chapter since its last look.

    Args:
        marks: a digest of all that each exercise's verdicts depend on.
        frozen: the frozen values of each exercise.
        faults: what `course check` would say, by exercise.
        cells: the texts of the lecture's code cells.
    """

    marks: dict[str, str] = field(default_factory=dict)
    frozen: dict[str, Frozen] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    cells: set[str] = field(default_factory=set)


def watch(root: Path, folder: Path, say: Say, looks: int | None = None) -> None:
    """Look at a chapter now and after each change of its files, until interrupted.

    Args:
        root: the course's folder.
        folder: the chapter's.
        say: told what was found, line by line.
        looks: after how many looks to end; None for never.
    """
    mpl.use("Agg")
    known = Known()
    with Lecture() as lecture:
        while looks != 0:
            seen, start = stamps(folder), time.monotonic()
            for line in look(root, folder, known, lecture, seen):
                say(line)
            seconds = time.monotonic() - start
            say(f"-- {folder.name}: {seconds:.1f} s; waiting for a change")
            looks = None if looks is None else looks - 1
            while looks != 0 and stamps(folder) == seen:
                time.sleep(POLL_S)


def stamps(folder: Path) -> list[tuple[int, int]]:
    """Time and size of a chapter's files; (0, 0) for one that is gone."""
    paths = [folder / name for name in FILES]
    found = [path.stat() if path.exists() else None for path in paths]
    return [(s.st_mtime_ns, s.st_size) if s else (0, 0) for s in found]


def look(
    root: Path, folder: Path, known: Known, lecture: Lecture, seen: list
) -> Iterator[str]:
    """What is wrong with a chapter, and what its changed cells print.

    Args:
        root: the course's folder.
        folder: the chapter's.
        known: what is known of it; brought up to date.
        lecture: the lecture's processes.
        seen: the files' stamps; the lecture is left when they change.
    """
    try:
        chapter = read_valid(folder)
        prepare({"matplotlib.pyplot", *setup_modules(chapter), *_imported(chapter)})
        yield from check_changed(chapter, known)
        build(root, (folder.name,), lambda step: None, lambda _: known.frozen)
    except ChapterError as error:
        yield from map(str, error.problems)
        return
    for faults in known.faults.values():
        yield from faults
    yield from run_lecture(chapter, known, lecture, lambda: stamps(folder) != seen)


def check_changed(chapter: Chapter, known: Known) -> Iterator[str]:
    """Freeze and judge the exercises of which anything changed."""
    marks = dict(_marks(chapter))
    changed = {name for name, mark in marks.items() if known.marks.get(name) != mark}
    known.frozen = {name: known.frozen.get(name) for name in marks}
    known.faults = {name: known.faults.get(name, []) for name in marks}
    if not changed:
        return
    part = only(chapter, changed)
    known.frozen |= (frozen := freeze(part))
    crossing = crossing_problems(part, frozen)
    for name, score in judge(part, frozen).items():
        told = [f"{chapter.slug}/{name}: {fault}" for fault in score.faults]
        known.faults[name] = told + list(map(str, crossing.get(name, [])))
        wrong = f"{score.caught}/{score.wrong} wrong answers caught"
        yield f"{name}: {score.right} right, {wrong}, {score.named} named"
    known.marks = marks


def _marks(chapter: Chapter) -> Iterator[tuple[str, str]]:
    setup = [cell.source for cell in chapter.setup()]
    for name, cell in chapter.cells("exercise").items():
        bank = [
            (a.kind, a.title, a.source) for a in chapter.answers if a.exercise == name
        ]
        parts = (setup, cell.source, chapter.cells("test")[name], bank)
        yield name, hashlib.sha256(repr(parts).encode()).hexdigest()


def only(chapter: Chapter, names: set[str]) -> Chapter:
    """The chapter with these exercises and nothing of the others but what is given."""
    cells = [cell for cell in chapter.exercises if not cell.role or cell.id in names]
    answers = [answer for answer in chapter.answers if answer.exercise in names]
    return replace(chapter, exercises=cells, answers=answers)


def run_lecture(
    chapter: Chapter, known: Known, lecture: Lecture, is_over: Callable[[], bool]
) -> Iterator[str]:
    """Run the lecture from its first changed cell on; show what edited cells print."""
    cells, start, count = code_cells(chapter), time.monotonic(), 0
    edited = {c.line for c in cells if known.cells and c.source not in known.cells}
    known.cells = {cell.source for cell in cells}
    for ran in lecture.run(cells, is_over):
        count += 1
        if ran.line in edited and ran.printed:
            yield ran.printed.rstrip()
        if ran.error:
            yield ran.error
    yield f"lecture: {count} of {len(cells)} cells in {time.monotonic() - start:.1f} s"


def code_cells(chapter: Chapter) -> list[Cell]:
    """The lecture's code."""
    return [cell for cell in chapter.lecture if cell.is_code]


def _imported(chapter: Chapter) -> set[str]:
    return set().union(*(imported_modules(c.source) for c in code_cells(chapter)))
