"""Which cells of a notebook count: one rule for `course verify` and `course grade`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

WRITTEN = ("answer", "manual")  # kinds of cells that hold a student's text
# Names that a cell defines at its top level. No parser: a cell with a magic, or with a
# slip in another line, defines them all the same; and the documentation of `ast` says
# that hostile text can crash the process.
_DEFINED = re.compile(
    r"^(?:(?:async[ \t]++)?def|class)[ \t]++(\w++)"
    r"|^(\w++)[ \t]*+(?::[^=\n]*+)?=(?!=)",
    re.MULTILINE,
)


class Cell(Protocol):
    """What is asked of a student's cell: its grade id, "" if none, and its text."""

    grade_id: str
    is_code: bool
    source: str


def counted(pristine: Sequence[Any], cells: Sequence[Cell]) -> dict[str, int]:
    """The place of the cell that counts for each pristine one: of copies the last.

    Args:
        pristine: the cells as they were handed out, with their `grade_id`.
        cells: a student's.

    Returns:
        grade id -> place in `cells`, of those that are there.
    """
    names = {cell.grade_id for cell in pristine}
    return {c.grade_id: at for at, c in enumerate(cells) if c.grade_id in names}


def adopt(
    pristine: Sequence[Any], cells: Sequence[Cell], places: dict[str, int]
) -> Iterator[tuple[Any, Any, bool]]:
    """Find answers whose cell is gone in other cells; changes `places`.

    Args:
        pristine: the cells as they were handed out, with `grade_id` and `kind`.
        cells: a student's.
        places: what `counted` gave.

    Yields:
        the answer's pristine cell; the pristine cell whose place its text has taken, or
        runs in, if any; and whether the text was found at all.
    """
    gone = [c for c in pristine if c.kind == "answer" and c.grade_id not in places]
    names = [defined(cell) for cell in cells] if gone else []
    for cell in gone:
        owners = {places[c.grade_id]: c for c in pristine if c.grade_id in places}
        at = [i for i, found in enumerate(names) if cell.grade_id in found]
        running = [i for i in at if i in owners and owners[i].kind in WRITTEN]
        free = [i for i in at if i not in owners]
        replaced = [i for i in at if i not in running + free]
        if chosen := (free or replaced):
            places[cell.grade_id] = chosen[-1]
        place = (free or replaced or running or [None])[-1]
        yield cell, owners.get(place), place is not None


def defined(cell: Cell) -> set[str]:
    """The names that a code cell defines at its top level."""
    matches = _DEFINED.finditer(cell.source) if cell.is_code else ()
    return {found[1] or found[2] for found in matches}
