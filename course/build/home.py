"""The reader's map on the home page, made from the chapters that are built."""

import re
from itertools import groupby
from pathlib import Path

from course.chapters import Chapter

BEGIN = "<!-- The map is written by `course build`: edit the chapters. -->"
END = "<!-- End of the map. -->"
PARTS = {
    0: "Part I. Foundations",
    12: "Part II. Convolutional networks",
    20: "Part III. Sequences",
    25: "Part IV. Graphs",
    27: "Part V. Vision tasks",
}
WORDS_A_MINUTE, LINES_A_MINUTE = 200, 12
HEAD = "| chapter | builds on | to read | exercises | points |\n|---|---|--:|---|--:|\n"
NEEDS = re.compile(r"You need (?:chapters? )?([^.]+)\.")


def with_map(page: str, chapters: list[Chapter]) -> str:
    """The home page with the map of these chapters in the place of the one it has.

    Raises:
        ValueError: the page doesn't say where the map goes.
    """
    before, found, rest = page.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"home.md must hold the lines {BEGIN} and {END}")
    built = {chapter.slug[:2] for chapter in chapters}
    tables = [
        f"### {part}\n\n{HEAD}" + "".join(_row(chapter, built) for chapter in group)
        for part, group in groupby(chapters, key=_part)
    ]
    return f"{before}{BEGIN}\n\n" + "\n".join(tables) + f"\n{END}{after}"


def title(chapter: Chapter) -> str:
    """A lecture's heading."""
    return chapter.lecture[0].source.partition("\n")[0].removeprefix("# ")


def needs(chapter: Chapter) -> list[str]:
    """Numbers of the chapters that a lecture says it builds on: `You need ...`."""
    text = "\n".join(cell.source for cell in chapter.lecture[:3] if not cell.is_code)
    found = NEEDS.search(text)
    return re.findall(r"\b\d\d\b", found[1]) if found else []


def minutes(chapter: Chapter) -> int:
    """How long a lecture takes to read, prose and code, to five minutes."""
    words = sum(len(c.source.split()) for c in chapter.lecture if not c.is_code)
    code = [cell.source.split("\n") for cell in chapter.lecture if cell.is_code]
    lines = sum(bool(line.strip()) for source in code for line in source)
    return 5 * round((words / WORDS_A_MINUTE + lines / LINES_A_MINUTE) / 5)


def _part(chapter: Chapter) -> str:
    return PARTS[max(first for first in PARTS if first <= int(chapter.slug[:2]))]


def _row(chapter: Chapter, built: set[str]) -> str:
    slug = chapter.slug
    lecture = f"[{slug[:2]} {title(chapter)}](notebooks/{slug}.ipynb)"
    # In italics what is still to be written: the idea is needed, not the page.
    builds_on = ", ".join(n if n in built else f"*{n}*" for n in needs(chapter))
    graded = [*chapter.cells("test").values(), *chapter.cells("manual").values()]
    exercises = f"[{len(graded)} exercises](release/{slug}/{slug}.ipynb)"
    points = sum(cell.points for cell in graded)
    cells = (lecture, builds_on, f"{minutes(chapter)} min", exercises, f"{points:g}")
    return f"| {' | '.join(cells)} |\n"


def read_page(root: Path) -> str | None:
    """The home page of a course; None if it has none."""
    path = root / "home.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None
