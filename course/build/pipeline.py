"""`course build`: read, freeze, cross, write, release, scan; then move into place.

Everything is made in a temporary folder first: a build that fails changes nothing.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat

from course.build import fresh
from course.build.across import linked_beside
from course.build.freeze import Frozen, freeze
from course.build.home import read_page, read_parts, with_map
from course.build.notebook import WHOLE, lecture_notebook, source_notebook
from course.build.places import built_files, lecture_path, source_path
from course.build.release import generate_release, leaks
from course.build.rules import problems
from course.build.settle import built_values, settle
from course.cells import Problem
from course.chapters import Chapter, ChapterError, find_chapters, read_chapter
from course.grade.judge.crossing import crossing_problems
from course.syllabus import read_about

Freezer = Callable[[Chapter], dict[str, Frozen]]
BUILT = ("notebooks", "source", "release")
HOME = Path("home.md")
MAX_VALUES = 20_000  # characters of a notebook's first code cell, beside WHOLE


def read_valid(folder: Path) -> Chapter:
    """Read a chapter and hold it against the rules.

    Raises:
        ChapterError: what is wrong with it, each with file and line.
    """
    chapter = read_chapter(folder)
    if found := problems(chapter):
        raise ChapterError(found)
    return chapter


def build(
    root: Path,
    names: tuple[str, ...] = (),
    say: Callable[[str], None] = print,
    freezer: Freezer | None = None,
) -> list[str]:
    """Build the named chapters, or all, into `notebooks/`, `source/` and `release/`.

    Args:
        root: the course's folder.
        names: slugs; none means all chapters.
        say: told of each step.
        freezer: gives a chapter's frozen values; by default they are made, and what
            can't go between two processes is refused.

    Returns:
        the slugs that were built.

    Raises:
        ChapterError: a chapter breaks a rule, or its references do not pass as
            `course grade` judges; nothing has been changed.
    """
    folders = find_chapters(root, names)
    of = fresh.made_of(root, [folder.name for folder in folders])
    with _scratch(root) as scratch:
        slugs = build_into(root, scratch, folders, say, freezer or freeze_and_cross)
        built = {path for path in find_chapters(root) if _is_built(root, path.name)}
        home = _write_home(root, scratch, sorted(built.union(folders)))
        for path in [*built_files(slugs), *home]:
            _move(scratch / path, root / path)
    fresh.remember(root, of)
    return slugs


def freeze_and_cross(chapter: Chapter) -> dict[str, Frozen]:
    """Freeze a chapter's values, and refuse what can't go between two processes.

    Args:
        chapter: a chapter without problems in its text.

    Returns:
        the frozen values by exercise id.

    Raises:
        ChapterError: what `freeze` refuses, or what `crossing_problems` finds.
    """
    frozen = freeze(chapter)
    found = crossing_problems(chapter, frozen)
    if found:
        raise ChapterError([problem for of_one in found.values() for problem in of_one])
    return frozen


def build_into(
    root: Path,
    target: Path,
    folders: list[Path],
    say: Callable[[str], None] = print,
    freezer: Freezer = freeze,
) -> list[str]:
    """Build chapters into a folder of its own.

    Args:
        root: the course's folder.
        target: where the files are made.
        folders: those of the chapters.
        say: told of each step.
        freezer: gives a chapter's frozen values.

    Returns:
        the slugs that were built.

    Raises:
        ChapterError: the problems of all chapters together.
    """
    chapters, found = [], []
    for folder in folders:
        try:
            chapters.append(read_valid(folder))
        except ChapterError as error:
            found += error.problems
    if found:
        raise ChapterError(found)
    chapters = linked_beside(root, chapters)
    for chapter in chapters:
        say(f"{chapter.slug}: trying its probes")
        built = built_values(root / source_path(chapter.slug))
        values = settle(freezer(chapter), built)
        source = source_notebook(chapter, values)
        _refuse_many_values(chapter, values, source)
        _write(lecture_notebook(chapter), target / lecture_path(chapter.slug))
        _write(source, target / source_path(chapter.slug))
    slugs = [chapter.slug for chapter in chapters]
    say("nbgrader makes the release")
    generate_release(root, target, slugs)
    for chapter in chapters:
        _refuse_leaks(chapter, target / "release" / chapter.slug)
    return slugs


def differences(
    root: Path,
    say: Callable[[str], None] = print,
    freezer: Freezer = freeze,
    names: tuple[str, ...] = (),
) -> Iterator[str]:
    """Rebuild elsewhere and name each file, and cell, that differs from `root`'s.

    Args:
        root: the course's folder.
        say: told of each step.
        freezer: gives a chapter's frozen values.
        names: slugs; none means all chapters, the home page, and what is too many.

    Raises:
        ChapterError: a chapter breaks a rule.
        FileNotFoundError: a name that is no chapter.
    """
    folders = find_chapters(root, names)
    with _scratch(root) as scratch:
        slugs = build_into(root, scratch, folders, say, freezer)
        expected = set(built_files(slugs))
        home = [] if names else _write_home(root, scratch, folders)
        for path in [*sorted(expected), *home]:
            yield from _file_difference(scratch / path, root / path, path)
        for path in sorted(set() if names else _present(root) - expected):
            yield f"{path}: no chapter makes this file"


def _is_built(root: Path, slug: str) -> bool:
    return (root / lecture_path(slug)).is_file()


def _write_home(root: Path, target: Path, folders: list[Path]) -> list[Path]:
    """Write the home page with a map of these chapters, if the course has that page."""
    page = read_page(root)
    if page is None:
        return []
    chapters = [read_chapter(folder) for folder in folders]
    text = with_map(page, chapters, read_parts(root), read_about(root))
    (target / HOME).write_text(text, encoding="utf-8", newline="\n")
    return [HOME]


def _present(root: Path) -> set[Path]:
    """Notebooks in the built folders."""
    found = (p for name in BUILT for p in (root / name).rglob("*") if p.is_file())
    ignored = (".ipynb_checkpoints", ".gitkeep", "__pycache__")
    return {
        p.relative_to(root) for p in found if not any(i in p.parts for i in ignored)
    }


def _file_difference(new: Path, old: Path, name: Path) -> Iterator[str]:
    if not old.exists():
        yield f"{name}: missing; run `course build`"
    elif new.read_bytes() != old.read_bytes():
        if name == HOME:
            yield f"{name}: its map differs from the chapters; run `course build`"
            return
        cells = list(_cell_differences(new, old)) or [
            "its metadata or the order of its cells"
        ]
        yield f"{name}: differs from its chapter in {', '.join(cells)}"


def _cell_differences(new: Path, old: Path) -> Iterator[str]:
    try:
        have = {c.id: c for c in nbformat.read(old, as_version=4).cells}
    except Exception as error:  # whatever lies there is no notebook of ours
        yield f"everything ({type(error).__name__}: it can't be read)"
        return
    want = {c.id: c for c in nbformat.read(new, as_version=4).cells}
    for cell_id in want.keys() | have.keys():
        if want.get(cell_id) != have.get(cell_id):
            yield f"cell {cell_id}"


def _refuse_many_values(chapter: Chapter, values: dict[str, Frozen], source) -> None:
    """Whoever opens the notebook outside JupyterLab has the cell before their eyes."""
    cells = (c.source for c in source.cells if c.id == "frozen-values")
    if (size := len(next(cells)) - len(WHOLE)) > MAX_VALUES:
        largest = sorted(values, key=lambda name: -len(values[name].visible))[:3]
        text = (
            f"what the visible tests compare with takes {size:,} characters; at most "
            f"{MAX_VALUES:,}: make probes' results smaller (most: {', '.join(largest)})"
        )
        raise ChapterError([Problem(chapter.folder / "answers.py", 1, text)])


def _refuse_leaks(chapter: Chapter, folder: Path) -> None:
    test = next(iter(chapter.cells("test").values()), chapter.exercises[0])
    if found := list(leaks(chapter, folder)):
        raise ChapterError([test.problem(f"release: {text}") for text in found])


def _write(notebook: nbformat.NotebookNode, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")


@contextlib.contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    """A folder on the same disk, so that moving out of it is a rename.

    In .build/, which git ignores: a build that is killed leaves it behind.
    """
    place = root / ".build"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="build-", dir=place) as folder:
        yield Path(folder)


def _move(new: Path, old: Path) -> None:
    old.parent.mkdir(parents=True, exist_ok=True)
    os.replace(new, old)
