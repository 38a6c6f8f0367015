"""From cells to notebooks: nbgrader's metadata, stable ids, nothing that varies."""

import hashlib
import json
import textwrap
from itertools import count

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.build.freeze import Frozen
from course.build.predict import answers_cell, asked, predict_cell
from course.chapters import Cell, Chapter
from course.regions import HIDDEN, split_hidden

SCHEMA_VERSION = 3
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
NOTICE = "Built by `course build` from chapters/{slug}/{file}: edit that one."


def lecture_notebook(chapter: Chapter) -> nbformat.NotebookNode:
    """The lecture as a notebook without outputs; its predictions' answers come last."""
    number = count(1)
    cells = [
        _prediction(cell, next(number)) if cell.role == "predict" else _plain(cell)
        for cell in chapter.lecture
    ]
    if sources := [cell.source for cell in asked(chapter)]:
        cells.append(new_markdown_cell(answers_cell(sources), id="predict-answers"))
    return _notebook(cells, chapter.slug, "lecture.py")


def _prediction(cell: Cell, number: int) -> nbformat.NotebookNode:
    return new_markdown_cell(predict_cell(cell.source, number), id=f"predict-{cell.id}")


def source_notebook(chapter: Chapter, frozen: dict[str, Frozen]):
    """The instructor's exercise notebook: solutions, hidden tests, frozen values.

    Args:
        chapter: a chapter without problems.
        frozen: the frozen values of each exercise.

    Returns:
        a notebook with nbgrader's metadata, schema 3.
    """
    number = count(1)
    cells = [
        _graded(cell, frozen.get(cell.id)) if cell.role else _given(cell, next(number))
        for cell in chapter.exercises
    ]
    kinds = [cell.cell_type for cell in cells]
    values = visible_values(frozen, chapter.hints())
    cells.insert(kinds.index("code"), _values_cell(values))
    return _notebook(cells, chapter.slug, "exercises.py")


def visible_values(frozen: dict[str, Frozen], hints: dict[str, list[str]]) -> str:
    """The frozen values of all visible tests, and the hints, as one JSON text.

    Args:
        frozen: the frozen values of each exercise.
        hints: the hints to each exercise.
    """
    entries = {}
    for exercise, values in frozen.items():
        entry = json.loads(values.visible).get(exercise, {})
        if exercise in hints:
            entry["hints"] = hints[exercise]
        if entry:
            entries[exercise] = entry
    return json.dumps(entries, separators=(",", ":"))


def test_source(cell: Cell, frozen: Frozen | None) -> str:
    """A test as it stands in the notebook: one `with` block that gives the verdict.

    Args:
        cell: the test as authored.
        frozen: its frozen values.

    Returns:
        source with the hidden part, and its values, between nbgrader's delimiters.
    """
    visible, hidden = split_hidden(cell.source)
    values = _literal(frozen.hidden if frozen else "{}")
    block = "\n".join(
        (
            visible,
            f"### {HIDDEN[0]}",
            f"check.hidden({values})",
            hidden,
            f"### {HIDDEN[1]}",
        )
    )
    head = f'with check.exercise("{cell.id}", points={cell.points:g}):\n'
    return head + textwrap.indent(block, "    ")


def _values_cell(values: str) -> nbformat.NotebookNode:
    """The first code cell: what the visible checks compare with, folded."""
    source = (
        "# What the checks below compare your results with. Run it and read on.\n"
        f"from utils import check\n\ncheck.load({_literal(values)})"
    )
    node = new_code_cell(source, id="frozen-values")
    node.metadata["jupyter"] = {"source_hidden": True}
    node.metadata["nbgrader"] = _metadata("frozen-values", locked=True)
    return node


def _literal(text: str) -> str:
    """A JSON text as a Python string literal on one line."""
    return repr(text) if "'" in text or "\\" in text else f"'{text}'"


def _graded(cell: Cell, frozen: Frozen | None) -> nbformat.NotebookNode:
    if cell.role == "test":
        node = new_code_cell(test_source(cell, frozen), id=f"test-{cell.id}")
        meta = _metadata(f"test_{cell.id}", grade=True, locked=True)
        meta["points"] = cell.points
    else:
        make = new_code_cell if cell.is_code else new_markdown_cell
        node = make(cell.source, id=cell.id)
        is_manual = cell.role == "manual"
        meta = _metadata(cell.id, grade=is_manual, solution=True)
        if is_manual:
            meta["points"] = cell.points
    node.metadata["nbgrader"] = dict(sorted(meta.items()))
    return node


def _given(cell: Cell, number: int) -> nbformat.NotebookNode:
    """A prompt or setup cell: read-only, so that autograding restores it.

    Its name does not hang on its text: nbgrader takes no cell of another name once
    there are submissions, and a slip of the pen in a prompt is mended all the same.
    """
    node = _plain(cell)
    node.metadata["nbgrader"] = _metadata(f"given-{number}", locked=True)
    return node


def _metadata(grade_id: str, grade=False, locked=False, solution=False) -> dict:
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }


def _plain(cell: Cell) -> nbformat.NotebookNode:
    make = new_code_cell if cell.is_code else new_markdown_cell
    digest = hashlib.sha256(cell.source.encode()).hexdigest()
    return make(cell.source, id=digest[:12])


def _notebook(cells: list, slug: str, file: str) -> nbformat.NotebookNode:
    _number_repeats(cells)
    notice = NOTICE.format(slug=slug, file=file)
    metadata = {"kernelspec": KERNELSPEC, "course": {"notice": notice}}
    metadata["language_info"] = {"name": "python"}
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _number_repeats(cells: list) -> None:
    """Two cells of the same text get ids that tell them apart."""
    seen: dict[str, int] = {}
    for cell in cells:
        seen[cell.id] = times = seen.get(cell.id, 0) + 1
        if times > 1:
            cell.id = f"{cell.id}-{times}"
