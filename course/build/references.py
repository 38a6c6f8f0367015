"""References between chapters: `[momentum](03)` names a term and its chapter.

`[the long valley](03 "condition number")` names the term apart from what is read, and
`[chapter 16](16)` alone names a chapter to come. The build makes each a link from one
notebook to the other, or plain words while that chapter is not written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from course.build.terms import Terms, read_index_terms, terms_of
from course.cells import Cell, Problem
from course.chapters import Chapter
from course.syllabus import read_syllabus

CODE = r"`[^`]*`"  # where brackets are no link
LINK = re.compile(rf'{CODE}|\[((?:[^\[\]`]|{CODE})+)\]\((\d+)(?:\s+"([^"]*)")?\)')
CHAPTER = re.compile(r"\bchapter\b", re.IGNORECASE)
NEEDS = re.compile(r"You need ((?:[^.]|\.\S)+)\.")  # in one of a lecture's first cells
FIRST_CELLS = 3
IN_FRAGMENT = "?/:@!&'*+,;~"  # JupyterLab compares anchors as they are written
FROM_LECTURE, FROM_EXERCISES = "", "../../notebooks/"


@dataclass(frozen=True)
class Place:
    """A chapter of the syllabus or the folder: its title, and its terms if written."""

    slug: str
    title: str
    terms: Terms | None = None


Index = dict[str, Place]  # by number: "03"


@dataclass(frozen=True)
class Reference:
    """A link to a chapter; `term` is "" if only the chapter is named."""

    cell: Cell
    line: int
    number: str
    term: str


def read_index(root: Path, chapters: Iterable[Chapter]) -> Index:
    """Where references may lead: the syllabus's chapters, those given with their terms.

    Args:
        root: the course's folder.
        chapters: those that are written.

    Raises:
        ChapterError: the syllabus can't be read.
    """
    index = {slug[:2]: Place(slug, title) for slug, title, _ in read_syllabus(root)}
    if not index:  # without a syllabus any chapter may be to come
        index = {f"{number:02}": Place("", "") for number in range(100)}
    listed = read_index_terms(root)
    for chapter in chapters:
        title = chapter.lecture[0].source.partition("\n")[0].lstrip("# ")
        terms = terms_of(chapter, listed.get(chapter.slug, {}))
        index[chapter.slug[:2]] = Place(chapter.slug, title, terms)
    return index


def references(chapter: Chapter) -> Iterator[Reference]:
    """All references of a chapter's lecture and exercises, those of `You need` too."""
    for cell in (*chapter.lecture, *chapter.exercises):
        for found in [] if cell.is_code else LINK.finditer(cell.source):
            if found[2]:
                line = cell.source.count("\n", 0, found.start()) + 1
                yield Reference(cell, line, found[2], _term(found))


def needed(chapter: Chapter) -> list[str]:
    """Numbers of the chapters that a lecture says it builds on: `You need ...`."""
    cells = [cell.source for cell in chapter.lecture[:FIRST_CELLS] if not cell.is_code]
    found = NEEDS.search("\n".join(cells))
    return list(dict.fromkeys(re.findall(r"\b\d\d\b", found[1]))) if found else []


def reference_problems(chapter: Chapter, index: Index) -> Iterator[Problem]:
    """References that lead nowhere, or to what isn't taught or isn't needed.

    Args:
        chapter: the chapter.
        index: all chapters, see `read_index`.
    """
    own, known = chapter.slug[:2], needed(chapter)
    for reference in references(chapter):
        for message in _faults(reference, own, known, index):
            yield reference.cell.problem(message, reference.line)
    for number in known:
        if number >= own or number not in index:
            which = "is no earlier one" if number in index else "doesn't exist"
            message = f"You need chapter {number}: {which}"
            yield chapter.lecture[0].problem(message)


def _faults(
    reference: Reference, own: str, known: list[str], index: Index
) -> Iterator[str]:
    number, term = reference.number, reference.term
    if number not in index:
        yield f"there is no chapter {number} in chapters/syllabus.toml"
        return
    terms = index[number].terms
    if terms is not None and term and not terms.has(term):
        yield (
            f"chapter {number} doesn't have the term {term!r}: of its lecture count "
            "headings, **bold words**, `code` and docs/site/terms.toml"
        )
    if number < own and not term:
        form = f'[chapter {number}]({number} "term")'
        yield f"say what chapter {number} teaches of it: {form}"
    if number < own and number not in known:
        yield f"chapter {number} is taken as known: name it in `You need ...`"


def linked(chapter: Chapter, index: Index) -> Chapter:
    """The chapter with its references as links that work in notebooks and in the book.

    Args:
        chapter: a chapter without problems.
        index: all chapters.
    """
    return replace(
        chapter,
        lecture=[_linked(cell, index, FROM_LECTURE) for cell in chapter.lecture],
        exercises=[_linked(cell, index, FROM_EXERCISES) for cell in chapter.exercises],
    )


def _linked(cell: Cell, index: Index, folder: str) -> Cell:
    if cell.is_code:
        return cell

    def link(found: re.Match) -> str:
        if not found[2]:
            return found[0]
        return _words(found[1], found[2], _term(found), index[found[2]], folder)

    return replace(cell, source=LINK.sub(link, cell.source))


def _words(text: str, number: str, term: str, place: Place, folder: str) -> str:
    """What a reader sees; on paper, too, it says which chapter."""
    says_chapter = CHAPTER.search(text)
    if place.terms is None:
        said = [place.title] if says_chapter else [f"chapter {number}", place.title]
        return f"{text} ({', '.join(filter(None, said))})" if any(said) else text
    heading = place.terms.heading(term) if term else ""
    anchor = f"#{quote(heading.replace(' ', '-'), IN_FRAGMENT)}" if heading else ""
    link = f"[{text}]({folder}{place.slug}.ipynb{anchor})"
    return link if says_chapter else f"{link} (chapter {number})"


def _term(found: re.Match) -> str:
    """The term that a link names: its title, or its text unless that says `chapter`."""
    if found[3]:
        return " ".join(found[3].split())
    return "" if CHAPTER.search(found[1]) else " ".join(found[1].split())
