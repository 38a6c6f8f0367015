"""The reader's map on the home page, made from the chapters that are built."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from course.build.references import needed
from course.chapters import Chapter
from course.syllabus import read_syllabus

BEGIN = "<!-- The map is written by `course build`: edit the chapters. -->"
END = "<!-- End of the map. -->"
FURTHER = "Further chapters"  # those that the syllabus doesn't list
WORDS_A_MINUTE, LINES_A_MINUTE = 200, 12
HEAD = "| chapter | builds on | to read | exercises | points |\n|---|---|--:|---|--:|\n"


def with_map(
    page: str,
    chapters: list[Chapter],
    parts: Mapping[str, str],
    about: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The home page with the map of these chapters in the place of the one it has.

    Args:
        page: the home page.
        chapters: those to show, in order.
        parts: the part of the course that each slug belongs to, see `read_parts`.
        about: a sentence on each part, see `course.syllabus.read_about`.

    Raises:
        ValueError: the page doesn't say where the map goes.
    """
    before, found, rest = page.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"home.md must hold the lines {BEGIN} and {END}")
    built = {chapter.slug[:2] for chapter in chapters}
    order = [*dict.fromkeys(parts.values()), FURTHER]
    placed = [(order.index(parts.get(c.slug, FURTHER)), c) for c in chapters]
    placed.sort(key=lambda pair: pair[0])
    tables = [
        _head(order[at], about) + "".join(_row(c, built) for _, c in group)
        for at, group in groupby(placed, key=lambda pair: pair[0])
    ]
    return f"{before}{BEGIN}\n\n" + "\n".join(tables) + f"\n{END}{after}"


def _head(part: str, about: Mapping[str, str]) -> str:
    said = f"{about[part]}\n\n" if part in about else ""
    return f"### {part}\n\n{said}{HEAD}"


def title(chapter: Chapter) -> str:
    """A lecture's heading."""
    return chapter.lecture[0].source.partition("\n")[0].removeprefix("# ")


def minutes(chapter: Chapter) -> int:
    """How long a lecture takes to read, prose and code, to five minutes."""
    words = sum(len(c.source.split()) for c in chapter.lecture if not c.is_code)
    code = [cell.source.split("\n") for cell in chapter.lecture if cell.is_code]
    lines = sum(bool(line.strip()) for source in code for line in source)
    return 5 * round((words / WORDS_A_MINUTE + lines / LINES_A_MINUTE) / 5)


def _row(chapter: Chapter, built: set[str]) -> str:
    slug = chapter.slug
    lecture = f"[{slug[:2]} {title(chapter)}](notebooks/{slug}.ipynb)"
    # In italics what is still to be written: the idea is needed, not the page.
    builds_on = ", ".join(n if n in built else f"*{n}*" for n in needed(chapter))
    graded = [*chapter.cells("test").values(), *chapter.cells("manual").values()]
    exercises = f"[{len(graded)} exercises](release/{slug}/{slug}.ipynb)"
    points = sum(cell.points for cell in graded)
    cells = (lecture, builds_on, f"{minutes(chapter)} min", exercises, f"{points:g}")
    return f"| {' | '.join(cells)} |\n"


def read_parts(root: Path) -> dict[str, str]:
    """The part that each chapter of the syllabus belongs to, by slug."""
    return {slug: part for slug, _, part in read_syllabus(root)}


def read_page(root: Path) -> str | None:
    """The home page of a course; None if it has none."""
    path = root / "home.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None
