"""The course's list of chapters, written or not: slug, title and part of each."""

import tomllib
from pathlib import Path

from course.cells import Problem
from course.chapters import SLUG, ChapterError

PATH = Path("chapters") / "syllabus.toml"
ABOUT = "about"  # in a part, beside its chapters: a sentence on it


def read_syllabus(root: Path) -> list[tuple[str, str, str]]:
    """Read `chapters/syllabus.toml`.

    Args:
        root: the course's folder.

    Returns:
        (slug, title, part) of each chapter, in the course's order; none if the course
        has no such file.

    Raises:
        ChapterError: not TOML, or not parts of chapters with titles; says where.
    """
    return [
        (slug, title, part)
        for part, chapters in _read(root).items()
        for slug, title in chapters.items()
        if slug != ABOUT
    ]


def read_about(root: Path) -> dict[str, str]:
    """A sentence on each part of `chapters/syllabus.toml` that has one.

    Raises:
        ChapterError: as `read_syllabus`.
    """
    parts = _read(root).items()
    return {part: content[ABOUT] for part, content in parts if ABOUT in content}


def _read(root: Path) -> dict[str, dict[str, str]]:
    path = root / PATH
    if not path.is_file():
        return {}
    try:
        parts = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChapterError([Problem(path, 1, f"this is no TOML: {error}")]) from error
    if wrong := next((p for p, c in parts.items() if not _is_part(c)), None):
        form = f'["{wrong}"] must hold lines such as 17_resnet = "ResNet"'
        raise ChapterError([Problem(path, 1, form)])
    return parts


def _is_part(chapters: object) -> bool:
    return isinstance(chapters, dict) and all(
        (name == ABOUT or SLUG.fullmatch(name))
        and isinstance(said, str)
        and said.strip()
        for name, said in chapters.items()
    )
