"""How far exercises are, at a glance: a bar, and the same in words.

The bar is a picture within the page: it needs no script and no file. Each state has a
pattern beside its colour.
"""

from urllib.parse import quote

from course.student.progress import STATES, Chapter
from utils.states import (
    NOT_ATTEMPTED,
    NOT_GRADED,
    NOT_TESTED,
    RIGHT,
    UNREAD,
    WRONG,
    points_in_words,
)

WIDTH, HEIGHT = 240, 14  # pixels
# Of each state its colour, and the pattern on top: lines of that direction, or none.
LOOKS = {
    RIGHT: ("#1b7837", ""),
    WRONG: ("#b2182b", "M0 6L6 0"),
    NOT_TESTED: ("#b35900", "M3 0V6"),
    NOT_GRADED: ("#2166ac", "M0 3H6"),
    UNREAD: ("#767676", "M0 0L6 6"),
}
EDGE = "#767676"  # stands out on a light page and on a dark one


def in_words(chapters: list[Chapter]) -> str:
    """`11 right, 1 wrong, 2 not attempted; 22 of 27 points`, of chapters together."""
    counts = _counts(chapters).items()
    said = ", ".join(f"{count} {state}" for state, count in counts if count)
    got, of, waiting = (
        sum(getattr(chapter, name) for chapter in chapters)
        for name in ("points", "points_of", "waiting")
    )
    return f"{said}; {points_in_words(got, of, waiting)}"


def bar(chapters: list[Chapter], full: int = WIDTH) -> str:
    """Markdown of a picture of the same; what is not attempted stays empty.

    Args:
        chapters: those whose exercises are counted together.
        full: its width, in pixels.
    """
    counts = _counts(chapters)
    total, left, parts = sum(counts.values()), 0.0, []
    for state, count in counts.items():
        if count and state != NOT_ATTEMPTED:
            width = full * count / total
            parts += _part(state, left, width)
            left += width
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{full}" height="{HEIGHT}">'
        f'{"".join(parts)}<rect x=".5" y=".5" width="{full - 1}" '
        f'height="{HEIGHT - 1}" fill="none" stroke="{EDGE}"/></svg>'
    )
    return f"![](data:image/svg+xml,{quote(svg)})"


def _counts(chapters: list[Chapter]) -> dict[str, int]:
    return {state: sum(c.count(state) for c in chapters) for state in STATES}


def _part(state: str, left: float, width: float) -> list[str]:
    """The SVG of one state: its colour, and its pattern in white."""
    colour, path = LOOKS[state]
    place = f'x="{left:.1f}" width="{width:.1f}" height="{HEIGHT}"'
    plain = f'<rect {place} fill="{colour}"/>'
    if not path:
        return [plain]
    name = state.replace(" ", "-").replace("'", "")
    return [
        plain,
        f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="{path}" stroke="#fff"/></pattern>',
        f'<rect {place} fill="url(#{name})"/>',
    ]
