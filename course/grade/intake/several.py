"""A submission of an assignment that was brought along: several notebooks, and files.

Each notebook has its name, as nbgrader demands; one that is missing or can't be read
costs its own points. Files that the student sent along lie beside the notebook as it
runs, unless the assignment has one of the same name.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from course.grade.intake.matching import match
from course.grade.intake.misplaced import FILES_OF_OURS, is_notebook, why_none
from course.grade.intake.opening import Folder, Missing, Unreadable, show_name
from course.grade.intake.reading import read_cells
from course.grade.plan import Assignment, Cell

MAX_FILES = 200
MAX_FILES_BYTES = 20 * 2**20  # of all together
MAX_DEPTH = 4  # folders in folders


@dataclass
class Read:
    """What was read of a submission so far.

    Args:
        cells: in the order in which they run.
        repairs, notes, pictures, files: as a `Submission` has them.
        reasons: why a notebook could not be read.
        digest: of all that counts, so that a new file is graded anew.
    """

    cells: list[Cell] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: list = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


def read_several(folder: Folder, assignment: Assignment, limit_bytes: int) -> Read:
    """Read every notebook of a submission, and what lies beside them.

    Args:
        folder: `submitted/STUDENT/SLUG`.
        assignment: what it is of.
        limit_bytes: the largest notebook that is read.

    Raises:
        Unreadable: none could be read.
    """
    read = Read()
    for notebook in assignment.brought:
        name = f"{notebook}.ipynb"
        try:
            _read_one(folder, assignment, notebook, limit_bytes, read)
        except Missing:
            alone = len(assignment.brought) == 1
            missing = why_none(folder, name) if alone else f"{name} is missing"
            read.reasons.append(missing)
        except Unreadable as reason:
            read.reasons.append(str(reason))
    if len(read.reasons) == len(assignment.brought):
        raise Unreadable("; ".join(read.reasons))
    read.repairs += [f"{reason}: it gives no points" for reason in read.reasons]
    read.notes += [f"not all was handed in: {reason}" for reason in read.reasons]
    _read_files(folder, read)
    return read


def _read_one(
    folder: Folder, assignment: Assignment, notebook: str, limit: int, read: Read
) -> None:
    """Put a student's cells into the places of one notebook."""
    sheet, name = assignment.of(notebook), f"{notebook}.ipynb"
    content = _content(folder, name, limit, len(assignment.brought) == 1, read)
    read.digest.update(hashlib.sha256(content).digest())
    found, notes = read_cells(content, show_name(name), len(read.pictures))
    several = len(assignment.brought) > 1
    prefix = f"{notebook}/" if several else ""
    pristine = tuple(replace(cell, grade_id=cell.name) for cell in sheet.cells)
    # A written answer that is as released gets 0, as from nbgrader, whatever is beside.
    cells, more = match(pristine, found, gathers=False)
    where = f"{name}: " if several else ""
    read.repairs += [f"{where}{words}" for words in (*notes, *more)]
    read.cells += [
        replace(cell, grade_id=f"{prefix}{cell.grade_id}", notebook=notebook)
        for cell in cells
    ]
    read.pictures += [picture for cell in found for picture in cell.pictures]


def _content(folder: Folder, name: str, limit: int, alone: bool, read: Read) -> bytes:
    """A notebook's bytes; where one is asked for, the only one there will do."""
    try:
        return folder.read(name, limit)
    except Missing:
        others = [n for n in folder.plain_files() if is_notebook(n) and n[0] != "."]
        if not alone or len(others) != 1:
            raise
        read.repairs.append(f"{show_name(others[0])} was read in the place of {name}")
        return folder.read(others[0], limit)


def _read_files(folder: Folder, read: Read) -> None:
    """Take what was sent along, as far as it is plain and not too much."""
    left, out = MAX_FILES_BYTES, 0
    for place, name, path in _paths(folder):
        if len(read.files) == MAX_FILES:
            out += 1
            continue
        try:
            content = place.read(name, left)
        except Unreadable:
            out += 1
            continue
        left -= len(content)
        read.digest.update(f"{path}\n".encode("utf-8", "replace"))
        read.digest.update(hashlib.sha256(content).digest())
        read.files.append((path, base64.b64encode(content).decode()))
    if out:
        read.notes.append(f"files left out, as too large, too many or no files: {out}")


def _paths(folder: Folder, above: str = "", depth: int = 0) -> Iterator[tuple]:
    """Each file with the opened folder that it lies in, and its path."""
    for name in folder.plain_files():
        is_ours = name in FILES_OF_OURS and not above
        if name.isprintable() and not is_ours and not name.endswith(".ipynb"):
            yield folder, name, f"{above}{name}"
    for name in folder.plain_folders() if depth < MAX_DEPTH else ():
        if name.isprintable() and not name.startswith((".", "__")):
            try:
                with folder.enter(name) as inner:
                    yield from _paths(inner, f"{above}{name}/", depth + 1)
            except Unreadable:
                continue
