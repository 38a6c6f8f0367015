"""What is no longer as it was handed out: tests and given cells, by their grade id."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from course.student.notebooks import Cell
from course.student.places import counted

MAX_SAID = 3
MAX_NAMED = 40  # characters of a given cell's first line


@dataclass(frozen=True)
class Damage:
    """One cell that is not as it was handed out.

    Args:
        grade_id: the cell.
        what: "deleted", "copied", "changed", "retyped" or "moved".
        said: that in words.
    """

    grade_id: str
    what: str
    said: str


def in_words(found: tuple[Damage, ...] | list[Damage]) -> str:
    """The first few of what was noticed, and how many more there are."""
    said = [damage.said for damage in found[:MAX_SAID]]
    if len(found) > MAX_SAID:
        said.append(f"and {len(found) - MAX_SAID} cells more")
    return "; ".join(said)


def damages(pristine: list[Cell], cells: list[Cell]) -> list[Damage]:
    """What was deleted, copied, changed, turned into another type, or moved.

    Args:
        pristine: the cells as they were handed out.
        cells: a student's.

    Returns:
        one entry a cell and kind, in the order of the pristine cells.
    """
    places = counted(pristine, cells)
    times = Counter(cell.grade_id for cell in cells)
    moved = _moved([places[c.grade_id] for c in pristine if c.grade_id in places])
    found = []
    for cell in pristine:
        name, label = cell.grade_id, known_as(cell)
        if name not in places:
            found.append(Damage(name, "deleted", f"{label} was deleted"))
            continue
        if times[name] > 1:
            said = f"{label} is there {times[name]} times"
            found.append(Damage(name, "copied", said))
        found += _changes(cell, cells[places[name]])
        if places[name] in moved:
            found.append(Damage(name, "moved", f"{label} was moved"))
    return found


def _changes(cell: Cell, theirs: Cell) -> list[Damage]:
    """What was changed in a cell that is there; an answer's text is meant to be."""
    name, label = cell.grade_id, known_as(cell)
    if theirs.raw.get("cell_type") != cell.raw["cell_type"]:
        kind = "code" if theirs.is_code else "text"
        return [Damage(name, "retyped", f"{label} was turned into {kind}")]
    if cell.kind in ("given", "test") and theirs.text != cell.text:
        return [Damage(name, "changed", f"{label} is not as it was handed out")]
    marks = ("grade", "solution", "points")
    if any(theirs.nbgrader.get(mark) != cell.nbgrader.get(mark) for mark in marks):
        return [Damage(name, "changed", f"what {label} is worth was changed")]
    return []


def _moved(places: list[int]) -> set[int]:
    """The fewest places that must go elsewhere for the rest to be in order."""
    tails: list[int] = []  # the last place of the best run of each length
    runs: list[tuple[int, ...]] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at:] = [place, *tails[at + 1 :]]
        runs[at:] = [(*(runs[at - 1] if at else ()), place), *runs[at + 1 :]]
    return set(places) - set(runs[-1] if runs else ())


def known_as(cell: Cell) -> str:
    """What a student knows a cell by."""
    if cell.kind == "test":
        return f"the test of {cell.exercise}"
    if cell.kind in ("answer", "manual"):
        return f"the cell for your answer to {cell.exercise}"
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    first = first.strip().lstrip("# ")
    return f"the given cell '{first[:MAX_NAMED]}{'...' * (len(first) > MAX_NAMED)}'"
