"""A reader's own copies of the lectures: `work/lectures/NN_slug.ipynb`.

`notebooks/` stays as it was built: an update changes it, and a build writes over it. A
copy carries a digest of the cells that it was made of, so that it tells by itself
whether its reader has changed any.
"""

import hashlib
import json
from itertools import count
from pathlib import Path

from course.student import notebooks
from course.student.drawing import only_draws
from course.student.notebooks import Broken, Cell

FOLDER = Path("work") / "lectures"
COPIED_OF = "copied_of"  # in the notebook's metadata, under "course"
OLD = "before-renewal"


def slugs(root: Path) -> list[str]:
    """The chapters whose lectures are here, in order."""
    found = (path.stem for path in (root / "notebooks").glob("*.ipynb"))
    return sorted(slug for slug in found if notebooks.SLUG.fullmatch(slug))


def built(root: Path, slug: str) -> Path:
    """Where a lecture lies as it was built."""
    return root / "notebooks" / f"{slug}.ipynb"


def work(root: Path, slug: str) -> Path:
    """Where the reader's own copy of it lies."""
    return root / FOLDER / f"{slug}.ipynb"


def start(root: Path, slug: str) -> list[Path]:
    """Copy a lecture, or renew a copy in which the reader has changed no cell.

    The copy that was renewed is kept beside it, under another name.

    Args:
        root: the course's folder, with its folder `work/`.
        slug: the chapter.

    Returns:
        the file made, if any.

    Raises:
        OSError: the copy can't be written.
    """
    original, copy = _read(built(root, slug)), work(root, slug)
    if original is None:
        return []
    copy.parent.mkdir(exist_ok=True)
    if copy.exists():
        if not _is_behind(original, mine := _read(copy)) or _is_changed(mine):
            return []
        _keep(copy)
    about = original["metadata"].get("course")
    about = about if isinstance(about, dict) else {}
    about = {**about, COPIED_OF: cells_digest(original)}
    metadata = {**original["metadata"], "course": about}
    cells = [_folded(cell) for cell in notebooks.cells(original)]
    notebooks.write(copy, {**original, "cells": cells, "metadata": metadata})
    return [copy]


def behind(root: Path) -> list[str]:
    """Lectures that were built anew, and whose copies hold what their reader wrote."""
    found = []
    for slug in slugs(root):
        original, mine = _read(built(root, slug)), _read(work(root, slug))
        if original and mine and _is_behind(original, mine) and _is_changed(mine):
            found.append(slug)
    return found


def cells_digest(notebook: dict) -> str:
    """A digest of what a person writes into a notebook: its cells, without outputs."""
    cells = [
        (cell.raw.get("cell_type"), cell.source, cell.raw.get("attachments") or {})
        for cell in notebooks.cells(notebook)
    ]
    return hashlib.sha256(json.dumps(cells).encode("utf-8")).hexdigest()


def _folded(cell: Cell) -> dict:
    """A cell as it goes into a copy; JupyterLab folds code that only draws."""
    if not (cell.is_code and only_draws(cell.source)):
        return cell.raw
    about = cell.raw.get("metadata", {})
    jupyter = {"source_hidden": True, **about.get("jupyter", {})}
    return {**cell.raw, "metadata": {**about, "jupyter": jupyter}}


def _read(path: Path) -> dict | None:
    """A notebook, or None if it isn't there or holds something else."""
    try:
        return notebooks.read(path)
    except Broken:
        return None


def _is_behind(original: dict, mine: dict | None) -> bool:
    """Whether a copy was made of other cells than the lecture has now."""
    digest = cells_digest(original)
    return mine is None or digest not in (_copied_of(mine), cells_digest(mine))


def _is_changed(mine: dict | None) -> bool:
    """Whether a copy holds what its reader wrote, or nobody knows whose words."""
    return mine is None or _copied_of(mine) != cells_digest(mine)


def _copied_of(mine: dict) -> object:
    about = mine["metadata"].get("course")
    return about.get(COPIED_OF) if isinstance(about, dict) else None


def _keep(copy: Path) -> None:
    """Give a copy another name beside it, one that no other file has."""
    for number in count(1):
        mark = OLD if number == 1 else f"{OLD}-{number}"
        kept = copy.with_name(f"{copy.stem}.{mark}{copy.suffix}")
        if not kept.exists():
            copy.rename(kept)
            return
