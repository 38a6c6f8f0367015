"""Grading by a weak engine: what it reads, which points it gives, what was used up."""

from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

from nbformat import from_dict
from nbformat.v4 import new_code_cell
from nbgrader import nbgraderformat
from nbgrader.utils import determine_grade
from test_attacks import LIMITS
from weakened import Weakness

from course.bank.pool import Lost, run_forked
from course.grade.intake.submission import Submission, read_submission
from course.grade.plan import Assignment, Cell, read_cell
from course.grade.result import Result, Verdict

MOST = (LIMITS.threads, LIMITS.open_files, LIMITS.work_bytes, LIMITS.memory_bytes)


def read(
    weakness: Weakness, folder: Path, assignment: Assignment, student: str
) -> Submission:
    """What is graded of a submission.

    Raises:
        RuntimeError: reading it stops the class.
    """
    take = as_stock_reads if weakness.trusts else read_submission
    submission = take(folder, assignment, student)
    cells = submission.cells
    if weakness.beside:
        cells = [replace(c, kind="extra") if c.kind == "test" else c for c in cells]
    tests = repr([cell.source for cell in assignment.tests()])
    before = Cell("extra", "before", weakness.before.replace("TESTS", tests))
    after = Cell("extra", "after", weakness.after)
    return replace(submission, cells=(before, *cells, after) if cells else ())


def as_stock_reads(folder: Path, assignment: Assignment, student: str) -> Submission:
    """Read a notebook as nbgrader and nbconvert do: what it says of itself is believed.

    Raises:
        RuntimeError: they would have stopped here.
    """
    job = partial(_read_like_stock, folder / f"{assignment.slug}.ipynb")
    ((_, cells),) = run_forked([job], timeout_s=3)
    if isinstance(cells, Lost):
        raise RuntimeError(f"the class is stopped: reading {cells.reason}")
    return Submission(student, cells)


def _read_like_stock(path: Path) -> tuple[Cell, ...]:
    notebook = nbgraderformat.read(path, as_version=4)
    if notebook.metadata.kernelspec.name != "python3":
        raise RuntimeError("nbconvert starts the kernel that a notebook names")
    is_skipped = [
        "skip-execution" in c.metadata.get("tags", ()) for c in notebook.cells
    ]
    cells = map(read_cell, notebook.cells)
    return tuple(
        replace(cell, source="") if skipped else cell
        for cell, skipped in zip(cells, is_skipped, strict=True)
    )


def scored(
    weakness: Weakness, folder: Path, submission: Submission, result: Result
) -> Result:
    """The result with the points that a weak engine gives."""
    if weakness.believes:
        (path,) = folder.glob("*.ipynb")
        claims = path.read_text()
        points = {
            name: verdict.points if f"{name[5:]}: right (" in claims else verdict.score
            for name, verdict in result.verdicts.items()
        }
    elif weakness.beside:
        points = {
            cell.grade_id: _as_stock_scores(cell, result.outputs.get(cell.grade_id, []))
            for cell in submission.cells
            if cell.grade_id.startswith("test_")
        }
    else:
        return result
    verdicts = {
        name: Verdict("not judged", most, points[name])
        for name, most in ((c.grade_id, c.points) for c in submission.cells)
        if name in points
    }
    return replace(result, verdicts=verdicts)


def _as_stock_scores(test: Cell, outputs: list[dict]) -> float:
    about = {"grade": True, "solution": False, "points": test.points}
    shown = map(from_dict, outputs)
    metadata = {"nbgrader": about}
    return determine_grade(new_code_cell(outputs=list(shown), metadata=metadata))[0]


def measured(result: Result) -> list[str]:
    """What a submission used up: all its time, or more than a sound engine grants."""
    messages = [verdict.message for verdict in result.verdicts.values()]
    found = [message for message in messages if "s in all" in message]
    for had, got in product(_counts(result, "before"), _counts(result, "after")):
        used = [after - before for before, after in zip(had, got, strict=True)]
        found += [
            f"{got} used of {most}"
            for got, most in zip(used, MOST, strict=True)
            if got > 1.1 * most  # as is promised of memory
        ]
    return found


def _counts(result: Result, cell: str) -> list[list[int]]:
    texts = [output.get("text", "") for output in result.outputs.get(cell, [])]
    return [
        [int(word) for word in text.split()[1:]] for text in texts if "USED" in text
    ]
