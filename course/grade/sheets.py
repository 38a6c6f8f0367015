"""Notebooks that instructors bring along: any format 4, any of nbgrader's metadata.

`course build` makes notebooks of one kind. These come from formgrader, from an earlier
year or from somebody else: without ids, with plain cells between those of nbgrader,
several to an assignment.
"""

import base64
import fnmatch
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it takes half a second, and processes for students need none
    import nbformat

PYTHON = ("python", "ipython", "python3")
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")  # nbgrader's own
OUR_TESTS = "check.exercise("  # what each test of this course begins with
MAX_FILES_BYTES = 256 * 2**20  # as many as a work folder takes


class NotPython(RuntimeError):
    """A notebook in another language; says who can grade it."""


def find_notebooks(folder: Path) -> list[Path]:
    """The notebooks of an assignment, sorted by name."""
    found = folder.glob("*.ipynb")
    return sorted(path for path in found if not path.name.startswith("."))


def read_notebook(path: Path) -> "nbformat.NotebookNode":
    """A notebook of format 4, or of an older one that nbformat knows.

    Raises:
        RuntimeError: it is none.
    """
    import nbformat

    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, nbformat.ValidationError, KeyError, AttributeError) as error:
        raise RuntimeError(
            f"{path} can't be read as a notebook ({type(error).__name__}): open it in "
            "JupyterLab and save it"
        ) from error


def check_language(notebook: "nbformat.NotebookNode", path: Path, slug: str) -> None:
    """See that a notebook's code is Python.

    Raises:
        NotPython: it is not.
    """
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language", "")
    language = language or notebook.metadata.get("language_info", {}).get("name", "")
    name = kernel.get("name", "")
    is_python = "python" in name.lower() or name == ""
    if language.lower() in PYTHON if language else is_python:
        return
    raise NotPython(
        f"{path} is written for the kernel {name or language!r}, and `course grade` "
        f"runs Python only: `nbgrader autograde {slug}` grades it, which runs "
        "students' code with your rights, so do that in a container"
    )


def facts_of(cell: "nbformat.NotebookNode") -> dict | None:
    """A cell's nbgrader metadata, of any schema; None for a cell that nbgrader leaves
    alone.
    """
    meta = cell.metadata.get("nbgrader")
    if not meta or not meta.get("grade_id"):
        return None
    flags = {name: meta.get(name) is True for name in ("grade", "solution", "task")}
    is_locked = meta.get("locked") is True
    if not (any(flags.values()) or is_locked):
        return None
    try:
        points = max(float(meta.get("points") or 0), 0)
    except ValueError:
        points = 0.0
    return {**flags, "grade_id": meta["grade_id"], "points": points}


def is_of_this_course(notebook: "nbformat.NotebookNode") -> bool:
    """Whether `course build` made this: each cell has its name, each test is ours."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if not meta or "id" not in cell or not {"grade", "solution"} <= meta.keys():
            return False
        is_test = meta["grade"] and not meta["solution"]
        if meta.get("task") or (is_test and OUR_TESTS not in cell.source):
            return False
    return any("utils" in c.source for c in notebook.cells if c.cell_type == "code")


def files_beside(folder: Path, ignore: Iterable[str] = IGNORED) -> Iterator[Path]:
    """What lies beside the notebooks of an assignment, as nbgrader hands it out.

    Args:
        folder: `source/SLUG`.
        ignore: patterns of names, as `c.CourseDirectory.ignore` has them.
    """
    ignore = (*ignore, "*.ipynb")
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if not _is_ignored(n, ignore))
        for name in sorted(names):
            if not _is_ignored(name, ignore):
                yield Path(path, name)


def packed_files(folder: Path, ignore: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The same with their contents, as text that travels: (path, base64).

    Raises:
        RuntimeError: they are too large for a work folder.
    """
    paths = list(files_beside(folder, ignore))
    if (size := sum(path.stat().st_size for path in paths)) > MAX_FILES_BYTES:
        raise RuntimeError(
            f"the files in {folder} have {size >> 20} MiB, and each submission gets "
            f"its own copy: {MAX_FILES_BYTES >> 20} MiB are the most"
        )
    return tuple((path.relative_to(folder).as_posix(), packed(path)) for path in paths)


def packed(path: Path) -> str:
    """A file's content as base64."""
    return base64.b64encode(path.read_bytes()).decode()


def _is_ignored(name: str, ignore: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in ignore)
