"""The notebook in autograded/, as stock nbgrader and formgrader expect it.

Every byte follows from the assignment, the student's sources and the result: nothing
of the submitted notebook's metadata, ids or outputs is in it.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbformat.v4.rwbase import split_lines

from course.grade.inert import inert_markdown, inert_text, make_inert
from course.grade.inert.image import OWN_NAME, own_pictures
from course.grade.intake.pictures import Picture, shown_in
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment, Cell, read_cell
from course.grade.record.entry import as_utc
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Result, Verdict
from course.student.places import WRITTEN
from course.whole import write_bytes_whole, write_whole

ENAMES = {
    WRONG: "WrongAnswer",
    NOT_ATTEMPTED: "NotAttempted",
    NOT_JUDGED: "NotJudged",
}
# Exercises are named as functions are: none of them has a hyphen.
PROBLEM_ID = "could-not-be-graded"
Inert = Callable[[list[dict]], list[dict]]


def write_autograded(
    root: Path,
    pristine: NotebookNode,
    submission: Submission,
    result: Result,
    inert: Inert = make_inert,
) -> Path:
    """Write a student's graded notebook where nbgrader looks for it.

    Files that the student sent along are not copied. A notebook is there whole or not
    at all, and outlasts a power cut once this returns.

    Args:
        root: the course's folder.
        pristine, submission, result, inert: as for `autograded_notebook`.

    Returns:
        the notebook's path.

    Raises:
        CannotWrite: the disk is full, or the folder can't be written to.
    """
    path = autograded_path(root, result.student, result.assignment)
    notebook = autograded_notebook(pristine, submission, result, inert)
    write_whole(path, _text(notebook))
    _write_time(path.with_name("timestamp.txt"), submission.timestamp)
    return path


def write_all(
    root: Path,
    pristine: dict[str, NotebookNode],
    assignment: Assignment,
    submission: Submission,
    result: Result,
) -> None:
    """Write a student's graded notebooks and, of an assignment that was brought along,
    the pictures and other files that they show.

    Args:
        root: the course's folder.
        pristine: what `Record.prepare_all` gave.
        assignment: what was graded.
        submission, result: as for `write_autograded`.
    """
    for name, notebook in pristine.items():
        path = autograded_path(root, result.student, result.assignment, name)
        own = replace(
            submission,
            cells=tuple(c for c in submission.cells if c.notebook in ("", name)),
        )
        write_whole(path, _text(autograded_notebook(notebook, own, result)))
    folder = path.parent
    for place, content in assignment.files:
        write_bytes_whole(folder / place, base64.b64decode(content))
    _write_time(folder / "timestamp.txt", submission.timestamp)


def read_autograded(
    root: Path, result: Result, assignment: Assignment | None = None
) -> tuple[Submission, dict[str, list[dict]]]:
    """Read back what `write_autograded` wrote, for the student's feedback.

    Args:
        root: the course's folder.
        result: whose.
        assignment: what was graded, if it was brought along.

    Returns:
        the submission, without the time; and the outputs of each code cell but the
        tests, by grade id. Of an unreadable submission there are no cells.

    Raises:
        RuntimeError: the notebook is gone or damaged.
    """
    cells: tuple[Cell, ...] = ()
    pictures: tuple[Picture, ...] = ()
    outputs: dict[str, list[dict]] = {}
    brought = assignment.brought if assignment else ()
    for name in brought or ("",):
        own, pasted, shown = _read_one(root, result, name, len(brought) > 1)
        cells, pictures, outputs = cells + own, pictures + pasted, outputs | shown
    told = (tuple(result.repairs), result.problem, result.submission_digest)
    return Submission(result.student, cells, *told, pictures=pictures), outputs


def _read_one(
    root: Path, result: Result, notebook: str = "", has_several: bool = False
) -> tuple[tuple[Cell, ...], tuple[Picture, ...], dict[str, list[dict]]]:
    """The cells of one notebook, the pictures in them, and what they showed."""
    path = autograded_path(root, result.student, result.assignment, notebook)
    try:
        read = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise RuntimeError(f"{path} is missing or damaged") from error
    nodes = [node for node in read.cells if node.id != PROBLEM_ID]
    # Written answers are for a person, whether or not there is code to run.
    if result.problem or not (
        notebook or any(node.get("execution_count") for node in nodes)
    ):
        nodes = []
    prefix = f"{notebook}/" if has_several else ""
    pictures: tuple[Picture, ...] = ()
    for node in nodes:
        node.source, pasted = read_pictures(node)
        pictures += pasted
    cells = tuple(read_cell(node, notebook, prefix) for node in nodes)
    outputs = {
        cell.grade_id: node.outputs
        for cell, node in zip(cells, nodes, strict=True)
        if node.cell_type == "code" and cell.kind != "test"
    }
    return cells, pictures, outputs


def autograded_notebook(
    pristine: NotebookNode,
    submission: Submission,
    result: Result,
    inert: Inert = make_inert,
) -> NotebookNode:
    """A student's graded notebook.

    Args:
        pristine: what `Record.prepare` gave; it is not changed.
        submission: the student's cells; of an unreadable one there are none, and the
            notebook is the pristine one beneath the reason.
        result: the outputs, and the verdict on each test.
        inert: makes a cell's outputs such that looking at them runs nothing.
    """
    named = ((cell.metadata.get("nbgrader", {}), cell) for cell in pristine.cells)
    places = {meta.get("grade_id"): cell for meta, cell in named}
    cells = [_problem_cell(result.problem)] if result.problem else []
    for cell in submission.cells or _released(pristine):
        place = places.get(cell.name)
        made = _added_cell(cell) if place is None else _placed_cell(place, cell)
        if made.cell_type == "markdown":
            _show_pictures(made, shown_in(made.source, submission.pictures))
        if made.cell_type == "code":
            outputs = inert(_shown(cell, result))
            made.outputs = [nbformat.from_dict(output) for output in outputs]
        if cell.kind == "test" and (said := _said_of(cell, result, made.outputs)):
            made.outputs.append(said)
        cells.append(made)
    if submission.cells:
        _number(cells)
    head = nbformat.from_dict({**pristine, "cells": []})
    return NotebookNode({**head, "cells": cells})


def _released(pristine: NotebookNode) -> list[Cell]:
    """The cells of a notebook that nobody answered."""
    return [read_cell(node) for node in pristine.cells]


def _placed_cell(place: NotebookNode, cell: Cell) -> NotebookNode:
    """A cell of the assignment; of an answer the text is the student's."""
    made = nbformat.from_dict(place)  # a copy
    if cell.kind in WRITTEN:
        is_code = made.cell_type == "code"
        made.source = cell.source if is_code else inert_markdown(cell.source)
    return made


def _added_cell(cell: Cell) -> NotebookNode:
    """A cell that the student added, unknown to nbgrader."""
    if cell.kind == "extra":
        return new_code_cell(cell.source, id=cell.name)
    return new_markdown_cell(inert_markdown(cell.source), id=cell.name)


def _show_pictures(made: NotebookNode, pictures: list[Picture]) -> None:
    """Put pictures beneath a text; `ShowInert` lets these words through."""
    for picture in pictures:
        number, name = picture.number, picture.name
        made.source += f"\n\n![picture {number}](attachment:{name})"
        made.setdefault("attachments", {})[name] = {picture.mime: picture.content}


def read_pictures(node: NotebookNode) -> tuple[str, tuple[Picture, ...]]:
    """The text of a graded cell as it was, and the pictures beneath it."""
    source, pictures = node.source, []
    for name, bundle in own_pictures(node.get("attachments")).items():
        ((mime, content),) = bundle.items()
        picture = Picture(int(OWN_NAME.fullmatch(name)[1]), mime, content)
        shown = f"\n\n![picture {picture.number}](attachment:{name})"
        source = source.replace(shown, "")
        pictures.append(picture)
    return source, tuple(pictures)


def _problem_cell(problem: str) -> NotebookNode:
    # A code block shows file names and other strangers' words as they are.
    lines = "\n".join(f"    {line}" for line in problem.splitlines())
    source = f"**This submission could not be graded:**\n\n{inert_text(lines)}"
    return new_markdown_cell(source, id=PROBLEM_ID)


def _shown(cell: Cell, result: Result) -> list[dict]:
    """What a cell showed; of a test what its visible part had the answer show.

    Stock nbgrader reads points and verdicts from errors and last values, of which a
    test has none but ours.
    """
    outputs = result.outputs.get(cell.grade_id, [])
    if cell.kind == "test" and not result.ways:
        kinds = ("stream", "display_data")
        return [output for output in outputs if output.get("output_type") in kinds]
    return outputs


def _verdict(cell: Cell, result: Result) -> Verdict:
    """The verdict on a test; one without gives nothing."""
    missing = Verdict(NOT_JUDGED, cell.points, message=result.problem)
    return result.verdicts.get(cell.grade_id, missing)


def _said_of(cell: Cell, result: Result, outputs: list) -> NotebookNode | None:
    """The output that gives a verdict. A test that was brought along has its own, from
    which nbgrader reads the same points, where it ran in the student's process.
    """
    verdict = _verdict(cell, result)
    if result.ways:
        if verdict.state == RIGHT or verdict.score > 0:
            return None
        if any(output.output_type == "error" for output in outputs):
            return None
    return _said(cell.exercise, verdict)


def _said(exercise: str, verdict: Verdict) -> NotebookNode:
    """A verdict as the output from which nbgrader reads the same points.

    The words are those of `utils.check`, which stock nbgrader leaves behind.
    """
    if verdict.state == RIGHT:
        plural = "" if verdict.points == 1 else "s"
        text = f"{exercise}: right ({verdict.points:g} point{plural})\n"
        return new_output("stream", name="stdout", text=text)
    named = f"Likely mistake: {verdict.mistake}." if verdict.mistake else ""
    lines = (f"{exercise}: {verdict.state}.", named, verdict.message)
    text = inert_text("\n".join(line for line in lines if line))
    name = ENAMES[verdict.state]
    lines = text.splitlines()
    return new_output("error", ename=name, evalue=text, traceback=lines)


def _number(cells: list[NotebookNode]) -> None:
    """Number the code cells as if they ran from the top, which is what they did."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def autograded_path(root: Path, student: str, slug: str, notebook: str = "") -> Path:
    """Where a student's graded notebook lies."""
    return root / "autograded" / student / slug / f"{notebook or slug}.ipynb"


def _text(notebook: NotebookNode) -> str:
    """A notebook as nbformat writes it, without the copy that it makes first."""
    lines = split_lines(notebook)
    return json.dumps(lines, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _write_time(path: Path, time: datetime | None) -> None:
    """Write when it was handed in, in nbgrader's words; no file if nobody knows."""
    if time is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, f"{as_utc(time).isoformat(sep=' ')} UTC\n")
