"""From cells to notebooks: nbgrader's metadata, stable ids, nothing that varies."""

import hashlib
import json
import textwrap
from itertools import count

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.build.freeze import Frozen, asked_of
from course.build.predict import answers_cell, asked, predict_cell
from course.cells import Cell
from course.chapters import Chapter
from course.regions import HIDDEN, split_hidden
from utils.check.store import pack

SCHEMA_VERSION = 3
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
# In the first code cell, for who gets a notebook alone: what it is a part of.
WHOLE = """\
try:
    from utils import check
except ImportError as error:
    raise ImportError(
        f"{error}. This notebook is a part of the Deep Learning Workbook and needs the "
        "course's folder. Ask whoever gave it to you for all of that folder, set it up "
        "as its README.md says, and open the notebook there."
    ) from None"""
NOTICE = "Built by `course build` from chapters/{slug}/{file}: edit that one."


def lecture_notebook(chapter: Chapter) -> nbformat.NotebookNode:
    """The lecture as a notebook without outputs; its predictions' answers come last."""
    number = count(1)
    cells = [
        _prediction(cell, next(number)) if cell.role == "predict" else _plain(cell)
        for cell in chapter.lecture
    ]
    kinds = [cell.cell_type for cell in cells]
    if "code" in kinds:
        cells.insert(kinds.index("code"), _whole_cell())
    if sources := [cell.source for cell in asked(chapter)]:
        cells.append(new_markdown_cell(answers_cell(sources), id="predict-answers"))
    return _notebook(cells, chapter.slug, "lecture.py")


def _whole_cell() -> nbformat.NotebookNode:
    """A lecture's first code cell, folded; the book leaves it out."""
    source = f"# Is the whole course here? Run it and read on.\n{WHOLE}"
    node = new_code_cell(source, id="whole-course")
    node.metadata["jupyter"] = {"source_hidden": True}
    node.metadata["tags"] = ["remove-cell"]
    return node


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
        _graded(cell, frozen, chapter) if cell.role else _given(cell, next(number))
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


def test_source(cell: Cell, frozen: Frozen | None, answer: Cell | None = None) -> str:
    """A test as it stands in the notebook: one `with` block that gives the verdict.

    Args:
        cell: the test as authored.
        frozen: its frozen values.
        answer: the cell with the reference answer, for the names of its arguments.

    Returns:
        source with the hidden part, and its values, between nbgrader's delimiters; a
        question with options has none.
    """
    visible, hidden = split_hidden(cell.source)
    head = _head(cell, answer)
    if not hidden:
        return f"{head}:\n" + textwrap.indent(visible, "    ")
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
    return f"{head}:\n" + textwrap.indent(block, "    ")


def _head(cell: Cell, answer: Cell | None) -> str:
    """The line that opens a test: what it is worth, asks for and forbids."""
    about = f"points={cell.points:g}"
    for key, text in asked_of(cell, answer).items():
        about += f', {key}="{text}"' if text else ""
    head = f'with check.exercise("{cell.id}", {about})'
    if cell.bans:  # for the whole test, its hidden part included
        head += f", check.forbidden({', '.join(map(_quoted, cell.bans))})"
    return head


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _values_cell(values: str) -> nbformat.NotebookNode:
    """The first code cell: what the visible checks compare with, folded."""
    source = (
        "# What the checks below compare your results with. Run it and read on.\n"
        f"{WHOLE}\n\ncheck.load({_literal(values)})"
    )
    node = new_code_cell(source, id="frozen-values")
    node.metadata["jupyter"] = {"source_hidden": True}
    node.metadata["nbgrader"] = _metadata("frozen-values", locked=True)
    return node


def _literal(text: str) -> str:
    """A JSON text, packed, as a Python string literal of a few lines."""
    if text == "{}":
        return '"{}"'
    packed = pack(text)
    return f'"""\n{packed}\n"""' if "\n" in packed else f'"{packed}"'


def _graded(cell: Cell, frozen: dict, chapter: Chapter) -> nbformat.NotebookNode:
    if cell.role == "test":
        answer = chapter.cells("exercise").get(cell.id)
        source = test_source(cell, frozen.get(cell.id), answer)
        node = new_code_cell(source, id=f"test-{cell.id}")
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
