"""`course bundle`: what students get, in a folder of its own, and nothing else."""

import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from course.build import fresh, home
from course.build.places import lecture_path, release_path
from course.build.release import given_texts, leaks
from course.chapters import Chapter, find_chapters, read_chapter
from course.syllabus import read_about

COPIED = (
    "requirements.txt",
    "requirements-no-deps.txt",
    "requirements-lock.txt",
    "LICENSE",
    "jupyter_lab_config.py",
    "setup.py",
)
UTILS = (".py", ".mplstyle")
OWN = Path(__file__).parent / "student"  # texts written for students
PACKAGE = Path(__file__).parents[1]
# Of the package `course` what students use, and nothing of what makes or grades it.
OF_PACKAGE = ("__init__.py", "environment.py", "jupyter/*", "student/**/*")
PYPROJECT = """\
[build-system]
requires = ["{setuptools}"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
description = "What the notebooks of this course import, and the command `course`"
requires-python = "{python}"

[project.scripts]
course = "course.student.commands:main"

[tool.setuptools]
packages = {{ find = {{ include = ["utils*", "course*"] }} }}
package-data = {{ utils = ["*.mplstyle"], course = ["jupyter/*", "student/etc/*"] }}

[tool.setuptools.data-files]
"etc/jupyter" = ["course/student/etc/jupyter_lab_config.py"]

[tool.jupytext]
notebook_extensions = "ipynb"
"""


class Leak(ValueError):
    """The bundle would have given something away; carries every find."""

    def __init__(self, found: list[str]):
        super().__init__(
            "\n".join(["nothing was written, for students would get:", *found])
        )


def bundle(root: Path, target: Path, say: Callable[[str], None] = print) -> list[str]:
    """Write the students' bundle, whole or not at all.

    What is not as it was built is built anew, and nothing else that happens to lie in
    `release/` gets in.

    Args:
        root: the course's folder.
        target: a folder that isn't there yet, or an empty one.
        say: told of each step.

    Returns:
        the files written, from `target`, in order.

    Raises:
        FileExistsError: the target holds something.
        ChapterError: a chapter breaks the rules of the build.
        FileNotFoundError: a file that students need is missing.
        Leak: a solution, a hidden test or a chapter's text would have got in.
    """
    _refuse_full(target)
    chapters = [read_chapter(folder) for folder in find_chapters(root)]
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bundle-", dir=target.parent) as scratch:
        built, made = Path(scratch) / "built", Path(scratch) / "made"
        _build(root, built, chapters, say)
        write(root, built, made, chapters)
        say("looking for solutions and hidden tests")
        if found := list(scan(root, made, chapters)):
            raise Leak(found)
        _refuse_full(target)
        if target.exists():
            target.rmdir()
        os.rename(made, target)
    files = (p.relative_to(target) for p in target.rglob("*") if p.is_file())
    return sorted(path.as_posix() for path in files)


def _build(root: Path, built: Path, chapters: list[Chapter], say: Callable) -> None:
    """Build chapters into a folder; of those that are as they were built take that."""
    stale = set(fresh.stale(root))
    for chapter in chapters:
        for path in (lecture_path(chapter.slug), release_path(chapter.slug)):
            if chapter.slug not in stale:
                (built / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / path, built / path)
    if folders := [chapter.folder for chapter in chapters if chapter.slug in stale]:
        from course.build import pipeline  # imports torch

        pipeline.build_into(root, built, folders, say)


def write(root: Path, built: Path, made: Path, chapters: list[Chapter]) -> None:
    """Put together what students get.

    Args:
        root: the course's folder.
        built: where these chapters are built.
        made: the folder to make.
        chapters: all that go in.
    """
    for folder in ("notebooks", "release"):
        shutil.copytree(built / folder, made / folder)
    package = [(path, PACKAGE.parent) for path in _package()]
    for path, base in [(path, root) for path in _utils(root)] + package:
        copy = made / path.relative_to(base)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    for name in COPIED:
        shutil.copyfile(root / name, made / name)
    for name, text in _own_texts(root, chapters).items():
        (made / name).write_text(text, encoding="utf-8", newline="\n")


def scan(root: Path, made: Path, chapters: list[Chapter]) -> Iterator[str]:
    """What must not be in a bundle and is: secrets of any chapter."""
    known = [text for chapter in chapters for text in given_texts(chapter)]
    shipped = [*_utils(root), *_package()]
    known += [path.read_text(encoding="utf-8") for path in shipped]
    for chapter in chapters:
        for text in leaks(chapter, made, "\n".join(known)):
            yield f"{chapter.slug}: {text}"


def _refuse_full(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(
            f"{target} is there already and not an empty folder; nothing was changed. "
            "Give the name of a new folder"
        )


def _utils(root: Path) -> list[Path]:
    """The files of the package that notebooks import."""
    files = (root / "utils").rglob("*")
    return sorted(path for path in files if path.suffix in UTILS)


def _package() -> list[Path]:
    """The files of the package `course` that students get."""
    found = {path for pattern in OF_PACKAGE for path in PACKAGE.glob(pattern)}
    return sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)


def _own_texts(root: Path, chapters: list[Chapter]) -> dict[str, str]:
    """Files written for students: README, home page, settings, what is installed."""
    rows = "\n".join(_row(chapter) for chapter in chapters)
    environment = (root / "environment.yml").read_text(encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    page, parts, about = _own("home.md"), home.read_parts(root), read_about(root)
    return {
        "README.md": _own("README.md").replace("CHAPTERS", rows),
        "home.md": home.with_map(page, chapters, parts, about),
        "nbgrader_config.py": _own("nbgrader_config.py"),
        "environment.yml": environment[environment.index("name:") :],
        "pyproject.toml": PYPROJECT.format(
            setuptools=project["build-system"]["requires"][0],
            name=project["project"]["name"],
            version=project["project"]["version"],
            python=project["project"]["requires-python"],
        ),
    }


def _own(name: str) -> str:
    return (OWN / name).read_text(encoding="utf-8")


def _row(chapter: Chapter) -> str:
    """A chapter's line in the README's table."""
    title = chapter.lecture[0].source.splitlines()[0].lstrip("# ")
    lecture = lecture_path(chapter.slug).as_posix()
    exercises = release_path(chapter.slug).as_posix()
    links = f"[lecture]({lecture}) | [exercises]({exercises})"
    return f"| {chapter.slug[:2]} {title} | {links} |"
