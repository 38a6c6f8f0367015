"""Whatever of a written answer is found in a notebook reaches the person who grades.

Who deletes a cell and types it anew, splits it, or answers beside its place or in the
prompt, has the text in cells that are no answer's. What stands beside an answer's place
is added to it; where the answer is still empty, so is any other text of the student's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from course.grade.intake.reading import Found
from course.grade.plan import Cell

STUB = "Write your answer here, in place of this line."  # nbgrader_config.py's
ELSEWHERE = "*(from another cell of this notebook:)*"
MAX_JOINED = 100_000  # characters


@dataclass
class Written:
    """What written answers became.

    Args:
        sources: by grade id, of each answer that something was added to.
        moved: the places of cells that are now part of an answer beside them.
    """

    sources: dict[str, str] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)


def gather(
    pristine: tuple[Cell, ...], found: list[Found], counted: dict[str, int]
) -> Written:
    """Add to each written answer what was found of it in other cells.

    Args:
        pristine: the assignment's cells.
        found: the cells of a submission.
        counted: which of them counts, by grade id.
    """
    written = Written()
    around = _around(pristine, found, counted)
    for index, cell in enumerate(pristine):
        if cell.kind != "manual" or cell.is_code:
            continue
        place = counted.get(cell.grade_id)
        own = "" if place is None else found[place].source
        beside = [
            p for p, (before, after) in around.items() if before <= index <= after
        ]
        texts = [p for p in beside if not found[p].is_code]
        texts = [p for p in texts if not is_blank(found[p].source, own)]
        parts = [found[p].source for p in texts if place is not None and p < place]
        parts += [own] * (not is_blank(own))
        parts += [found[p].source for p in texts if place is None or p > place]
        if not parts:
            parts = list(_anywhere(pristine, found, counted, around, beside))
        if parts and parts != [own]:
            written.sources[cell.grade_id] = _joined(parts, own)
            written.moved.update(texts)
    return written


def is_blank(source: str, own: str = "") -> bool:
    """Whether a text says nothing, or nothing but what another one says."""
    return source.replace(STUB, "").strip() in ("", own.strip())


def _around(
    pristine: tuple[Cell, ...], found: list[Found], counted: dict[str, int]
) -> dict[int, tuple[int, int]]:
    """For each cell of the student's own: which pristine cells it stands between."""
    indices = {cell.grade_id: index for index, cell in enumerate(pristine)}
    owners = {place: indices[name] for name, place in counted.items()}
    before, waiting, around = -1, [], {}
    for place in range(len(found)):
        if place not in owners:
            waiting.append((place, before))
            continue
        around |= {p: (b, owners[place]) for p, b in waiting}
        before, waiting = owners[place], []
    return around | {p: (b, len(pristine)) for p, b in waiting}


def _anywhere(
    pristine: tuple[Cell, ...],
    found: list[Found],
    counted: dict[str, int],
    around: dict[int, tuple[int, int]],
    beside: list[int],
) -> Iterator[str]:
    """What an answer may be that is not beside its place: a person decides."""
    for place in beside:
        if found[place].is_code and found[place].source.strip():
            yield found[place].source
    for cell in pristine:
        if cell.kind == "prose" and cell.grade_id in counted:
            given = set(cell.source.splitlines())
            lines = found[counted[cell.grade_id]].source.splitlines()
            if new := "\n".join(line for line in lines if line not in given).strip():
                yield new
    for place in around:
        if not found[place].is_code and not is_blank(found[place].source):
            yield found[place].source


def _joined(parts: list[str], own: str) -> str:
    """An answer's own text as it is, what was added with a word."""
    shown = [part if part == own else f"{ELSEWHERE}\n\n{part}" for part in parts]
    return "\n\n".join(dict.fromkeys(shown))[:MAX_JOINED]
