"""An answer, and the question, as a page may show them.

What a student wrote is shown as feedback shows it: as text, its pictures beneath.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbconvert.filters import markdown2html

from course.grade.feedback import Part, show_part
from course.grade.highlighting import Highlighter
from course.grade.inert.markup import inert_html
from course.grade.plan import TEXTS, Assignment, Cell, read_cell
from course.grade.record.autograded import autograded_path, read_pictures
from course.regions import SOLUTION
from course.written.answers import Question


@dataclass(frozen=True)
class Shown:
    """An answer to look at.

    Args:
        source: all its text, by which a change is known.
        parts: its cells; of a task, what stands beneath it, too.
        problem: why there is nothing to see, in words without a name; "" if there is.
    """

    source: str = ""
    parts: tuple[Part, ...] = ()
    problem: str = ""


def show_answer(root: Path, student: str, question: Question) -> Shown:
    """Read an answer from the graded notebook.

    Args:
        root: the course's folder.
        student: whose.
        question: to what.
    """
    path = autograded_path(root, student, question.slug, question.notebook)
    try:
        nodes = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError, nbformat.ValidationError):
        again = f"`course grade {question.slug} --regrade --yes` writes it anew"
        return Shown(problem=f"The graded notebook is missing or damaged: {again}.")
    found = list(_nodes(nodes, question.name))
    if not found:
        return Shown(problem=f"The graded notebook has no cell {question.name}.")
    highlighter, parts = Highlighter(), []
    for node in found:
        source, pictures = read_pictures(node)
        cell = replace(read_cell(node), source=source)
        outputs = node.outputs if node.cell_type == "code" else None
        parts.append(show_part(cell, outputs, pictures, highlighter))
    seen = [(node.source, node.get("attachments")) for node in found]
    return Shown(repr(seen), tuple(parts))


def _nodes(nodes: list, name: str) -> Iterator[nbformat.NotebookNode]:
    """The cell of an answer; of a task also those that were added beneath it."""
    goes_on = False
    for node in nodes:
        meta = node.metadata.get("nbgrader", {})
        if meta.get("grade_id") == name:
            goes_on = meta.get("task", False)
            yield node
        elif meta.get("grade_id"):
            goes_on = False
        elif goes_on:
            yield node


def show_question(assignment: Assignment, name: str) -> tuple[Markup, Markup]:
    """A question's text and its sample answer, as HTML without scripts.

    Args:
        assignment: as its author has it.
        name: the question's id.
    """
    above: list[Cell] = []
    for cell in assignment.shown:
        if cell.grade_id == name:
            is_task = cell.kind == "task"
            texts = [*(c.source for c in above), *([cell.source] * is_task)]
            sample = [] if is_task else [_without_marks(cell.source)]
            return _html(texts), _html(sample)
        if cell.kind in TEXTS:
            above = [cell] if _begins(cell.source) else [*above, cell]
    return Markup(), Markup()


def _begins(markdown: str) -> bool:
    """Whether a text begins with a heading."""
    return markdown.lstrip().startswith("#")


def _without_marks(source: str) -> str:
    lines = source.splitlines()
    return "\n".join(n for n in lines if not any(mark in n for mark in SOLUTION))


def _html(texts: list[str]) -> Markup:
    return Markup(inert_html(markdown2html("\n\n".join(texts))))
