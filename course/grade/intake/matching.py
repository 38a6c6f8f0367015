"""A student's cells put into the places of the pristine notebook's.

Given cells, tests and prompts are the pristine ones, whatever a student did to theirs;
an answer's text is the student's; cells that a student added stay where they stand.
"""

from collections import Counter
from dataclasses import replace

from course.grade.intake.opening import shorten, show_name
from course.grade.intake.reading import Found
from course.grade.intake.written import Written, gather
from course.grade.plan import Cell
from course.student import places

MAX_REPAIRS = 30
MAX_NAMED = 5


def match(
    pristine: tuple[Cell, ...],
    found: list[Found],
    gathers: bool = True,
) -> tuple[tuple[Cell, ...], list[str]]:
    """Put a student's cells into the places of the pristine ones.

    Of cells with one name the last one counts, as in this course's stock nbgrader; the
    others stay as cells that the student added. An answer whose cell is gone is taken
    from a cell that defines its name.

    Args:
        pristine: the assignment's cells.
        found: the cells of a submission.
        gathers: whether written answers are looked for in other cells, too.

    Returns:
        all cells in the order in which they run, every pristine one once; and what was
        repaired, in words for the student.
    """
    repairs = _copies(pristine, found)
    counted = places.counted(pristine, found)
    repairs += _adopt(pristine, found, counted)
    order = [counted[cell.grade_id] for cell in pristine if cell.grade_id in counted]
    if order != sorted(order):
        repairs.append("cells had been moved: they run in the assignment's order")
    written = gather(pristine, found, counted) if gathers else Written()
    repairs += _missing(pristine, counted, written)
    for cell in pristine:
        if cell.grade_id in counted:
            repairs += _changes(cell, found[counted[cell.grade_id]])
    added, notes = _added(pristine, found, counted, written)
    ordered = _ordered(pristine, found, counted, added)
    sources = written.sources
    cells = (
        replace(c, source=sources[c.grade_id]) if c.grade_id in sources else c
        for c in ordered
    )
    return tuple(cells), _bounded(repairs + notes)


def belongs(pristine: tuple[Cell, ...], found: list[Found]) -> bool:
    """Whether any cell has the name of an answer or a test of this assignment."""
    names = {cell.grade_id for cell in pristine if cell.kind not in ("given", "prose")}
    return any(cell.grade_id in names for cell in found)


def defines_any(pristine: tuple[Cell, ...], found: list[Found]) -> bool:
    """Whether any code cell defines the name of an exercise."""
    names = {cell.grade_id for cell in pristine if cell.kind == "answer"}
    return any(names & places.defined(cell) for cell in found)


def _ordered(
    pristine: tuple[Cell, ...],
    found: list[Found],
    counted: dict[str, int],
    added: dict[str, list[Cell]],
) -> tuple[Cell, ...]:
    """The pristine cells with the student's texts, each followed by what was added."""
    cells = list(added.get("", ()))
    for cell in pristine:
        if cell.kind in places.WRITTEN:  # the pristine text is the solution
            place = counted.get(cell.grade_id)
            cell = replace(cell, source="" if place is None else found[place].source)
        cells += [cell, *added.get(cell.grade_id, ())]
    return tuple(cells)


def _added(
    pristine: tuple[Cell, ...],
    found: list[Found],
    counted: dict[str, int],
    written: Written,
) -> tuple[dict[str, list[Cell]], list[str]]:
    """The student's own cells by the name of the pristine cell that they follow."""
    owners = {
        counted[c.grade_id]: c.grade_id for c in pristine if c.grade_id in counted
    }
    added: dict[str, list[Cell]] = {}
    repairs, follows, number = [], "", 0
    for place, cell in enumerate(found):
        if place in owners:
            follows = owners[place]
            continue
        repairs += [f"a cell that you added: {note}" for note in cell.notes]
        if cell.source.strip() and place not in written.moved:
            number += 1
            kind = "extra" if cell.is_code else "remark"
            own = Cell(kind, f"extra-{number}", cell.source)
            added.setdefault(follows, []).append(own)
    return added, repairs


def _adopt(
    pristine: tuple[Cell, ...], found: list[Found], counted: dict[str, int]
) -> list[str]:
    """Find answers whose cell is gone in other cells; changes `counted`."""
    repairs = []
    for cell, owner, is_found in places.adopt(pristine, found, counted):
        text = f"{_label(cell)}: its cell is missing"
        if cell.grade_id in counted:
            where = _label(owner) if owner else "another cell"
            repairs.append(f"{text}; what defines it in {where} counts")
        elif is_found:
            repairs.append(f"{text}; it runs in the cell of {_label(owner)}")
        else:
            repairs.append(f"{text}: it counts as not attempted")
    return repairs


def _copies(pristine: tuple[Cell, ...], found: list[Found]) -> list[str]:
    """Say which names more than one cell bears."""
    times = Counter(cell.grade_id for cell in found)
    return [
        f"{_label(cell)}: {times[cell.grade_id]} cells bear its name; the last counts"
        for cell in pristine
        if times[cell.grade_id] > 1
    ]


def _missing(
    pristine: tuple[Cell, ...], counted: dict[str, int], written: Written
) -> list[str]:
    """Say which cells were put back; answers that are gone have their own words."""
    gone = [cell for cell in pristine if cell.grade_id not in counted]
    repairs = [
        f"{_label(cell)}: its cell is missing: it counts as empty"
        for cell in gone
        if cell.kind == "manual" and cell.grade_id not in written.sources
    ]
    repairs += [
        f"{_label(cell)}: what you wrote in other cells was added to it, for the "
        "person who grades it"
        for cell in pristine
        if cell.grade_id in written.sources
    ]
    back = [_label(cell) for cell in gone if cell.kind not in places.WRITTEN]
    if back:
        more = f" and {len(back) - MAX_NAMED} more" if len(back) > MAX_NAMED else ""
        named = ", ".join(back[:MAX_NAMED])
        repairs.append(f"missing cells were put back: {named}{more}")
    return repairs


def _changes(cell: Cell, found: Found) -> list[str]:
    """Say what a student changed in one of the assignment's cells."""
    if cell.kind == "test":  # the student's is shorter: hidden tests are not in it
        return []
    if cell.kind not in places.WRITTEN:
        is_same = found.source.strip() == cell.source.strip()
        return [] if is_same else [f"{_label(cell)} was changed; the original is used"]
    repairs = [f"{_label(cell)}: {note}" for note in found.notes]
    if cell.kind == "answer" and not found.is_code:
        repairs.append(f"{_label(cell)}: its cell was made text; it runs as code")
    return repairs


def _label(cell: Cell) -> str:
    """What a student knows a cell of the assignment by."""
    if cell.kind in places.WRITTEN:
        return f"exercise {cell.grade_id}"
    if cell.kind == "test":
        return f"the test of {cell.exercise}"
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return f"the given cell '{show_name(first.strip(), 40)}'"


def _bounded(repairs: list[str]) -> list[str]:
    """The repairs, each once and short, and not too many."""
    kept = list(dict.fromkeys(shorten(text) for text in repairs))
    if len(kept) > MAX_REPAIRS:
        kept[MAX_REPAIRS:] = [f"and {len(kept) - MAX_REPAIRS} more repairs"]
    return kept
