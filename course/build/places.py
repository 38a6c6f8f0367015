"""Where what is built lies, from the course's folder."""

from collections.abc import Iterator
from pathlib import Path


def lecture_path(slug: str) -> Path:
    """Where a lecture lies, from the course's folder."""
    return Path("notebooks") / f"{slug}.ipynb"


def source_path(slug: str) -> Path:
    """Where the instructor's exercises lie."""
    return Path("source") / slug / f"{slug}.ipynb"


def release_path(slug: str) -> Path:
    """Where the students' exercises lie."""
    return Path("release") / slug / f"{slug}.ipynb"


def built_files(slugs: list[str]) -> Iterator[Path]:
    """All files that a build of these chapters makes."""
    for slug in slugs:
        yield from (lecture_path(slug), source_path(slug), release_path(slug))
