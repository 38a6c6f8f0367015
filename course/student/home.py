"""The home page as a student sees it: where I am and what is next, above the map.

The page in git holds the map alone; what is added lives only in what JupyterLab reads.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.student import copies, lectures, notebooks
from course.student.damage import in_words as damages_in_words
from course.student.glance import bar, in_words
from course.student.progress import Chapter, progress

PAGE = "home.md"
BEGIN = "<!-- Made when this page is read; it is not in the file. -->"
END = "<!-- End of what is made. -->"
HEAD = "## Where you are"
READ = (
    "Right is what the tests that you can see call right. This is read from your "
    "notebooks as they were last saved: reload the browser's page for the latest."
)
# A row of the map: | [03 Title](notebooks/03_slug.ipynb) | 01, *02* | ...
ROW = re.compile(
    r"^\| \[(?P<title>[^\]]+)\]\((?P<lecture>notebooks/(?P<slug>\w+)\.ipynb)\)"
    r" \| (?P<needs>[^|]*)\|",
    re.MULTILINE,
)
WRITTEN_NUMBER = re.compile(r"(?<!\*)\b\d\d\b(?!\*)")  # in italics: not written yet
EXERCISES = re.compile(r"\(release/(\w+)/\1\.ipynb\)")
COPIES = re.compile(r"\(work/(\w+)/\1\.ipynb\)")
LECTURES = re.compile(r"\(notebooks/(\w+)\.ipynb\)")
LECTURE_COPIES = re.compile(r"\(work/lectures/(\w+)\.ipynb\)")
IN_MAP = 80  # pixels: the width of a bar in a column of the map
# A part of the map: its heading, a sentence about it, and its table.
PART = re.compile(r"^(### .+\n\n(?:[^|#\n].*\n+)*)((?:\|.*\n)+)", re.MULTILINE)
FOLD = "<details><summary>{} further ahead</summary>\n\n", "\n</details>\n"
FOLDED = re.compile(r"<details><summary>.*</summary>\n\n((?:\|.*\n)+)\n</details>\n")
BAR = re.compile(r"<br>!\[\]\(data:image/svg\+xml,[^)]*\)")
MADE = re.compile(rf"{re.escape(BEGIN)}.*?{re.escape(END)}\n\n", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """What the map says of a chapter: its title, its lecture, what it builds on."""

    title: str
    lecture: str
    needs: tuple[str, ...]


def live_page(root: Path, page: str) -> str:
    """The home page with "where you are" on top and links to the student's copies.

    Copies that are missing are made; where they can't be, the page says why and its
    links lead to the released notebooks.

    Args:
        root: the course's folder.
        page: what home.md holds.
    """
    problem = ""
    try:
        copies.start(root)
    except OSError as error:
        problem = (
            f"Your copies can't be made in `work/` ({error.strerror or error}): the "
            "links lead to notebooks as they were handed out. Don't work in those."
        )
    chapters, known = progress(root), places(page)
    added = where_you_are(chapters, known, problem)
    page = _folded(page, chapters, known)
    page = EXERCISES.sub(lambda link: _with_bar(link, chapters), page)
    page = EXERCISES.sub(lambda link: _to_copy(root, link, notebooks.work), page)
    page, added = (
        LECTURES.sub(lambda link: _to_copy(root, link, lectures.work), text)
        for text in (page, added)
    )
    added += _newer(lectures.behind(root), known)
    before, mark, after = page.partition("<!--")
    return f"{before}{BEGIN}\n\n{added}## The course\n\n{END}\n\n{mark}{after}"


def page_in_file(page: str) -> str:
    """What belongs into home.md of a page that `live_page` made: the way back."""
    page = FOLDED.sub(r"\1", BAR.sub("", MADE.sub("", page)))
    page = LECTURE_COPIES.sub(r"(notebooks/\1.ipynb)", page)
    return COPIES.sub(r"(release/\1/\1.ipynb)", page)


def _newer(slugs: list[str], known: dict[str, Place]) -> str:
    """Which lectures were built anew while their copies hold a reader's own words."""
    if not slugs:
        return ""
    titles = [(s, known[s].title if s in known else s.replace("_", " ")) for s in slugs]
    links = ", ".join(f"[{title}](notebooks/{slug}.ipynb)" for slug, title in titles)
    return (
        f"There is a newer version of {links}. Your copies in `work/lectures/` hold "
        "words of yours and stay. To begin one anew, give it another name.\n\n"
    )


def _folded(page: str, chapters: list[Chapter], known: dict[str, Place]) -> str:
    """The page with each part folded that lies ahead of the next step."""
    upcoming = next_chapter(chapters, known)
    begun = {chapter.slug for chapter in chapters if chapter.begun}
    is_ahead = False

    def fold(part: re.Match) -> str:
        nonlocal is_ahead
        slugs = [row["slug"] for row in ROW.finditer(part[2])]
        is_far = is_ahead and not begun.intersection(slugs)
        is_ahead = is_ahead or (upcoming is not None and upcoming.slug in slugs)
        if not is_far:
            return part[0]
        count = f"{len(slugs)} chapter{'s' * (len(slugs) != 1)}"
        return f"{part[1]}{FOLD[0].format(count)}{part[2]}{FOLD[1]}"

    return PART.sub(fold, page)


def _with_bar(link: re.Match, chapters: list[Chapter]) -> str:
    """A row's link to exercises, with the bar of that chapter below it."""
    found = [chapter for chapter in chapters if chapter.slug == link[1]]
    return f"{link[0]}<br>{bar(found, IN_MAP)}" if found else link[0]


def _to_copy(root: Path, link: re.Match, place: Callable[[Path, str], Path]) -> str:
    path = place(root, link[1])
    return f"({path.relative_to(root).as_posix()})" if path.is_file() else link[0]


def places(page: str) -> dict[str, Place]:
    """What the map on a page says, by slug, in its order."""
    return {
        row["slug"]: Place(
            row["title"], row["lecture"], tuple(WRITTEN_NUMBER.findall(row["needs"]))
        )
        for row in ROW.finditer(page)
    }


def where_you_are(
    chapters: list[Chapter], known: dict[str, Place], problem: str = ""
) -> str:
    """Markdown: what is next, how far all is and each chapter begun, what to mend.

    Args:
        chapters: where the student stands.
        known: what the map says, by slug.
        problem: why the student's copies can't be made; "" if they can.
    """
    parts = [HEAD, f"**Next:** {next_step(chapters, known)}"]
    if problem:
        parts.append(f"**{problem}**")
    begun = [chapter for chapter in chapters if chapter.begun]
    if begun:
        lines = [f"- {_line(chapter, known)}" for chapter in begun]
        parts += [_totals(chapters), "\n".join(lines), READ]
    return "\n\n".join(parts) + "\n\n"


def next_step(chapters: list[Chapter], known: dict[str, Place]) -> str:
    """One sentence with one link: go on where you were, or begin the next chapter.

    Args:
        chapters: where the student stands.
        known: what the map says, by slug.
    """
    chapter = next_chapter(chapters, known)
    if chapter is None:
        return "nothing is left to do: all exercises that there are are done."
    link, place = f"[{_title(chapter, known)}]({chapter.path})", known.get(chapter.slug)
    if chapter.problem or chapter.damages:
        return f"mend {link}; below it says how."
    if chapter.begun:
        return f"go on with `{chapter.next.name}` in {link}."
    if place is None:
        return f"begin the exercises of {link}."
    return f"read [{place.title}]({place.lecture}), then do its exercises."


def next_chapter(chapters: list[Chapter], known: dict[str, Place]) -> Chapter | None:
    """The chapter of the next step; None if all are done."""
    open_ones = (c for c in chapters if c.begun and not c.finished)
    return next(open_ones, None) or _ready(chapters, known)


def _ready(chapters: list[Chapter], known: dict[str, Place]) -> Chapter | None:
    """The first chapter not begun that builds on none that is not finished."""
    left = [chapter for chapter in chapters if not chapter.begun]
    unfinished = {chapter.slug[:2] for chapter in chapters if not chapter.finished}
    for chapter in left:
        place = known.get(chapter.slug)
        if place is None or not unfinished.intersection(place.needs):
            return chapter
    return left[0] if left else None


def _line(chapter: Chapter, known: dict[str, Place]) -> str:
    """How far a chapter is, or how to mend its notebook."""
    link = f"[{_title(chapter, known)}]({chapter.path})"
    if chapter.problem:
        return f"{link}: {_escape(chapter.problem)}. In a terminal: {_mend(chapter)}"
    hints = f"{chapter.hints} hint{'s' * (chapter.hints != 1)} asked"
    asked = f"; {hints}" if chapter.hints else ""
    asked += f"; {chapter.tried}" if chapter.tried else ""
    line = f"{link}<br>{bar([chapter])}<br>{in_words([chapter])}{asked}"
    if chapter.damages:
        found = _escape(damages_in_words(chapter.damages))
        line += f". **{found[:1].upper()}{found[1:]}.** In a terminal: {_mend(chapter)}"
    return line


def _mend(chapter: Chapter) -> str:
    return f"`course restore {chapter.slug}`"


def _totals(chapters: list[Chapter]) -> str:
    return f"All {len(chapters)} chapters<br>{bar(chapters)}<br>{in_words(chapters)}"


def _title(chapter: Chapter, known: dict[str, Place]) -> str:
    place = known.get(chapter.slug)
    return place.title if place else chapter.slug.replace("_", " ")


def _escape(text: str) -> str:
    """Text that Markdown shows as it is; code in backticks stays code."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_<>\[\]#|$])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)
