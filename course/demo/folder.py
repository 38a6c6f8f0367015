"""A demonstration's folder: a small course of its own, made anew each time."""

import shutil
from pathlib import Path

MARK = ".course-demo"
MARK_TEXT = "Made by `course demo`, which deletes this folder and makes it anew.\n"


def prepare(root: Path, folder: Path, slug: str) -> None:
    """Make `folder` a course with one chapter and nothing else.

    Args:
        root: the course to take the chapter and nbgrader's settings from.
        folder: where to; if there is one already, it must be an earlier demonstration.
        slug: the chapter.

    Raises:
        FileExistsError: the folder holds something else.
    """
    if root.is_relative_to(folder):
        raise FileExistsError(f"{folder} holds the course; choose another folder")
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} holds files that `course demo` didn't make; give --folder the "
            "name of a new folder"
        )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text(MARK_TEXT, encoding="utf-8")
    shutil.copy(root / "nbgrader_config.py", folder)
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    chapter = Path("chapters") / slug
    shutil.copytree(root / chapter, folder / chapter, ignore=ignored)


def hand_in(folder: Path, student: str, slug: str, files: dict[str, bytes]) -> Path:
    """Put a student's files where nbgrader looks for them."""
    submitted = folder / "submitted" / student / slug
    submitted.mkdir(parents=True)
    for name, content in files.items():
        (submitted / name).write_bytes(content)
    return submitted
