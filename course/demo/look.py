"""A safe look at a submission before nbgrader opens it."""

import json
import warnings
from pathlib import Path

import nbformat

from course.grade.opening import MAX_BYTES, Missing, Unreadable, open_folder


def why_unreadable(folder: Path, name: str, limit_bytes: int = MAX_BYTES) -> str:
    """Say why a submission can't be graded, in words for its student; "" if it can.

    Nothing of the file is run or believed: it must be a plain file of the right name,
    of bearable size, and hold a notebook of format 4.

    Args:
        folder: what the student handed in.
        name: what the notebook is called.
        limit_bytes: the largest file that is opened.
    """
    try:
        with open_folder(folder) as opened:
            content = opened.read(name, limit_bytes)
    except Missing:
        return _not_there(folder, name)
    except Unreadable as reason:
        return str(reason)
    if not content:
        return f"{name} is empty (0 bytes): save it in JupyterLab and hand it in again"
    return why_no_notebook(content, name)


def why_no_notebook(content: bytes, name: str) -> str:
    """Say why these bytes are no notebook that can be graded; "" if they are one."""
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return (
            f"{name} is no notebook: inside is another kind of file, or a part is "
            "missing; download it again with File, Download"
        )
    version = data.get("nbformat") if isinstance(data, dict) else None
    if version != 4:
        return f"{name} is no notebook of format 4: save it with JupyterLab"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nbformat.validate(nbformat.from_dict(data))
    except Exception:  # a stranger's file: anything may be in it
        return f"{name} is a damaged notebook: download it again with File, Download"
    return ""


def _not_there(folder: Path, name: str) -> str:
    """A notebook of another name is most often a second download."""
    others = sorted(path.name for path in folder.glob("*.ipynb"))
    if others:
        return f"there is {others[0]!r}, and no {name}: rename it and hand it in again"
    return f"there is no notebook: {name} is missing"
