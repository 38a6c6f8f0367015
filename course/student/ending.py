"""What stands at the end of an open lecture: its exercises, and how far one is.

It is made as the lecture is read. The file has none of it, so that a copy stays as it
was handed out and says what holds today.
"""

import os.path
from pathlib import Path

import nbformat

from course.student import notebooks
from course.student.glance import bar, in_words
from course.student.progress import Chapter, chapter

HEAD = "## Your exercises"
MADE = {"course": {"made": "as the lecture is read"}}  # by this it is known again


def worth(about: Chapter) -> str:
    """`14 exercises, 27 points`."""
    count = len(about.exercises)
    exercises = f"{count} exercise{'s' * (count != 1)}"
    return f"{exercises}, {about.points_of:g} points"


def text(root: Path, slug: str, folder: str) -> str:
    """The Markdown of a lecture's end; "" if it has no exercises here.

    Args:
        root: the course's folder.
        slug: the chapter.
        folder: where the lecture lies, from the course's folder: links start there.
    """
    about = chapter(root, slug)
    if not about.exercises:
        return ""
    places = (notebooks.work(root, slug), notebooks.released(root, slug))
    exercises = next((place for place in places if place.is_file()), places[1])
    link = os.path.relpath(exercises, root / folder).replace(os.sep, "/")
    said = f"{bar([about])}<br>{in_words([about])}" if about.begun else "Not begun yet."
    return f"{HEAD}\n\n[{worth(about)}]({link})\n\n{said}"


def add(notebook: dict, markdown: str) -> None:
    """Put a lecture's end below its last cell."""
    cell = {"cell_type": "markdown", "source": markdown}
    cell["metadata"] = {**MADE, "editable": False, "deletable": False}
    if (notebook.get("nbformat"), notebook.get("nbformat_minor", 0)) >= (4, 5):
        cell["id"] = "your-exercises"
    notebook["cells"].append(nbformat.from_dict(cell))


def take_off(notebook: dict) -> None:
    """Leave out what `add` put there, wherever it has been moved to."""
    if "cells" in notebook:  # an old format has none
        notebook["cells"] = [c for c in notebook["cells"] if not _is_made(c)]


def _is_made(cell: dict) -> bool:
    return cell.get("metadata", {}).get("course") == MADE["course"]
