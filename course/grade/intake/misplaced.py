"""What lies where a notebook should, and what to do: nothing is unpacked or opened."""

import os
from pathlib import Path

from course.grade.intake.opening import Folder, Unreadable, show_name

ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
PAGES = (".html", ".htm", ".pdf")
MAX_FOLDERS = 20  # of a student's that are looked into
MAX_NAMED = 3
FILES_OF_OURS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's exchange's


def is_notebook(name: str) -> bool:
    """Browsers add a number in front of a file's ending, or an ending of their own."""
    return ".ipynb" in name.lower() and not _is_packed(name, ARCHIVES + PAGES)


def why_none(folder: Folder, name: str) -> str:
    """Why there is no notebook in what a student handed in, and what to do.

    Args:
        folder: `submitted/STUDENT/SLUG`, without a notebook.
        name: what the notebook should be called.
    """
    files = [n for n in folder.plain_files() if n not in FILES_OF_OURS]
    files = [n for n in files if not n.startswith(".")]
    if deeper := _one_deeper(folder):
        return (
            f"there is no {name}, and {deeper} lies one folder too deep: it belongs "
            f"directly into the folder {folder.path.name}"
        )
    if packed := [n for n in files if _is_packed(n, ARCHIVES)]:
        return (
            f"there is no {name}, but {named(packed)}: archives are not opened here; "
            f"unpack it and hand in {name} itself"
        )
    if pages := [n for n in files if _is_packed(n, PAGES)]:
        return (
            f"there is no {name}, but {named(pages)}, a page to read: hand in the "
            "notebook itself, in JupyterLab File, Download"
        )
    missing = f"there is no notebook: {name} is missing"
    return f"{missing}; there is {named(files)}" if files else missing


def why_elsewhere(folder: Path, slug: str) -> str | None:
    """Where the submission seems to lie in a folder that has none where it belongs.

    Args:
        folder: `submitted/STUDENT`.
        slug: the assignment.

    Returns:
        words for the instructor; None if nothing in there seems to be one.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return None
    belongs = f"it belongs into submitted/{show_name(folder.name)}/{slug}/"
    if f"{slug}.ipynb" in names:
        return f"{slug}.ipynb lies beside no folder {slug}; {belongs}"
    if other := next((name for name in names if name.lower() == slug.lower()), ""):
        return f"has a folder {show_name(other)}; {belongs}"
    if folder.name == slug and names:
        return f"folders are the wrong way round: submitted/STUDENT/{slug}/ is right"
    return _unpacked_or_deeper(folder, names, slug, belongs)


def _unpacked_or_deeper(
    folder: Path, names: list[str], slug: str, belongs: str
) -> str | None:
    for name in names[:MAX_FOLDERS]:
        inner = folder / name
        if inner.is_symlink():
            continue
        if os.path.lexists(inner / f"{slug}.ipynb"):
            return f"{slug}.ipynb lies in {show_name(name)}; {belongs}"
    packed = [n for n in names if slug in n and _is_packed(n, ARCHIVES)]
    pages = [n for n in names if slug in n and _is_packed(n, PAGES)]
    if packed:
        return f"has {named(packed)}: unpack it; the notebook in it: {belongs}"
    if pages:
        return f"has {named(pages)}, a page to read; ask for the notebook: {belongs}"
    return None


def named(names: list[str]) -> str:
    """Some names that may hold anything, in one short text."""
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(show_name(name) for name in names[:MAX_NAMED]) + more


def _one_deeper(folder: Folder) -> str:
    """A notebook in a folder of the student's; "" if there is none."""
    for inner in folder.plain_folders()[:MAX_FOLDERS]:
        if inner.startswith((".", "__")):  # checkpoints, leftovers of a Mac
            continue
        try:
            with folder.enter(inner) as opened:
                found = [n for n in opened.plain_files() if is_notebook(n)]
        except Unreadable:  # it is gone, or nobody may look into it
            continue
        if found:
            return f"{show_name(inner, 40)}/{show_name(found[0])}"
    return ""


def _is_packed(name: str, endings: tuple[str, ...]) -> bool:
    return name.lower().endswith(endings)
