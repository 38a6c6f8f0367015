"""Mentions of chapters that are no references, so that nothing checks them.

`python -m course.build.bare [NN ...]` lists them, and what `You need` names in vain.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from course.build.references import FIRST_CELLS, LINK, NEEDS, needed
from course.cells import Cell, Problem
from course.chapters import Chapter, find_chapters, read_chapter

NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
WHICH = "last|next|previous|earlier|later|preceding|following|coming"
BARE = re.compile(
    rf"\b(?:chapters?|ch\.)\s+(?:\d+|{NUMBERS})\b"
    rf"|\b(?:{WHICH})\s+chapters?\b"
    r"|\]\([^)]*\.ipynb[^)]*\)",
    re.IGNORECASE,
)
# Below this heading chapters are those of books.
READING = re.compile(
    r"^#+ +further reading\b.*", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


def bare_references(chapter: Chapter) -> Iterator[Problem]:
    """Each mention of a chapter in lecture or exercises that names no term.

    What stands below `Further reading`, and in `You need ...`, is let be.
    """
    for notebook in (chapter.lecture, chapter.exercises):
        for place, cell in enumerate(notebook):
            is_first = notebook is chapter.lecture and place < FIRST_CELLS
            for found in BARE.finditer(_rest(cell, is_first)):
                said = " ".join(found[0].split())
                message = f"a bare mention, {said!r}: {_form(cell)}"
                yield cell.problem(
                    message, cell.source.count("\n", 0, found.start()) + 1
                )
            if not cell.is_code and READING.search(cell.source):
                break


def unused_needs(chapter: Chapter) -> Iterator[Problem]:
    """A chapter of `You need ...` that nothing else in the chapter refers to."""
    said = set()
    for place, cell in enumerate((*chapter.lecture, *chapter.exercises)):
        is_first = place < FIRST_CELLS
        text = NEEDS.sub("", cell.source) if is_first else cell.source
        said |= {found[2] for found in LINK.finditer(text) if not cell.is_code}
    for number in needed(chapter):
        if number not in said:
            yield chapter.lecture[0].problem(
                f"You need chapter {number}, but nothing refers to it: write "
                f"`[term]({number})` where it is used, or leave it out"
            )


def _form(cell: Cell) -> str:
    if cell.is_code:
        return "name the chapter in the text beside the code, `[term](NN)`"
    return (
        'write `[term](NN)`, `[text](NN "term")`, or `[chapter NN](NN)` of a later one'
    )


def _rest(cell: Cell, is_first: bool) -> str:
    """A cell's source without what is no bare mention, line by line as it was."""
    if cell.is_code:
        return cell.source
    text = LINK.sub(_blank, cell.source)
    text = READING.sub(_blank, text)
    return NEEDS.sub(_blank, text) if is_first else text


def _blank(found: re.Match) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def main(numbers: list[str], root: Path) -> int:
    """List the bare mentions and unused needs of chapters; 1 if there are any."""
    folders = [f for f in find_chapters(root) if not numbers or f.name[:2] in numbers]
    chapters = map(read_chapter, folders)
    found = [p for c in chapters for p in (*bare_references(c), *unused_needs(c))]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))
