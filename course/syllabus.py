"""The course's list of chapters, written or not: slug, title and part of each."""

import tomllib
from pathlib import Path

from course.cells import Problem
from course.chapters import SLUG, ChapterError

PATH = Path("chapters") / "syllabus.toml"


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
    path = root / PATH
    if not path.is_file():
        return []
    try:
        parts = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChapterError([Problem(path, 1, f"this is no TOML: {error}")]) from error
    if wrong := next((p for p, c in parts.items() if not _is_part(c)), None):
        form = f'["{wrong}"] must hold lines such as 17_resnet = "ResNet"'
        raise ChapterError([Problem(path, 1, form)])
    return [
        (slug, title, part)
        for part, chapters in parts.items()
        for slug, title in chapters.items()
    ]


def _is_part(chapters: object) -> bool:
    return isinstance(chapters, dict) and all(
        SLUG.fullmatch(slug) and isinstance(title, str) and title.strip()
        for slug, title in chapters.items()
    )
