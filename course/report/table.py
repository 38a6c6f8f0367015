"""CSV that no spreadsheet takes for formulas."""

import csv
import io
import re
from collections.abc import Iterable

from course.grade.inert import inert_text
from course.grade.plan import WITH_POINTS
from course.grade.record.marks import Marks
from course.grade.result import Result
from course.report.gather import ClassWork, total
from course.report.names import Names

Cell = str | float | None

# What a spreadsheet reads as a formula when a cell begins with it, the full-width
# forms too; also after a semicolon, which is the separator in half of Europe. See
# OWASP, "CSV Injection".
_FORMULA = re.compile(r"(\A|[;|])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def guard(text: str) -> str:
    """A text that every spreadsheet shows as text: `=1+1` becomes `'=1+1`.

    Args:
        text: anything; tabs and line breaks become spaces, a number stays one.
    """
    if _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub(r"\1\2'", _CONTROLS.sub(" ", text))


def number(value: float) -> str:
    """A number without rounding that shows: 2.5, 23, 0.3333333333."""
    return f"{value:.10g}"


def csv_text(rows: Iterable[Iterable[Cell]], nothing: str = "") -> str:
    """Rows as CSV; texts are guarded and numbers are numbers.

    Args:
        rows: the heading's row first.
        nothing: what stands for None.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for row in rows:
        writer.writerow([nothing if cell is None else _cell(cell) for cell in row])
    return file.getvalue()


def class_rows(work: ClassWork, names: Names) -> list[list[Cell]]:
    """One row a student, after a row of headings: state, score, and for each exercise
    points, how its test ended, and the name of the mistake.
    """
    cells = [c for c in work.assignment.cells if c.kind in WITH_POINTS]
    head = ["student", "last_name", "first_name", "submission", "score", "max_score"]
    head += ["late_penalty", "isolation", "grading_seconds"]
    head += ["tests not protected"] * bool(work.assignment.brought)
    for cell in cells:
        head.append(f"{cell.exercise} points")
        if cell.kind == "test":
            head += [f"{cell.exercise} state", f"{cell.exercise} mistake"]
    rows: list[list[Cell]] = [list(head)]
    for student in names.sort(work.people):
        marks, result = work.marks.get(student), work.results.get(student)
        row: list[Cell] = [*names.columns(student), work.state(student)]
        row += _score(work, marks)
        row += [result.isolation, result.seconds] if result else [None, None]
        if work.assignment.brought:
            row.append(", ".join(result.unprotected) if result else None)
        for cell in cells:
            row += _of_cell(cell.grade_id, cell.kind == "test", marks, result)
        rows.append(row)
    return rows


def all_rows(works: list[ClassWork], names: Names) -> list[list[Cell]]:
    """One row a student, after a row of headings: the score of each assignment."""
    head = ["student", "last_name", "first_name"]
    head += [f"{w.slug} (of {number(w.max_points)})" for w in works]
    head += ["score", "max_score"]
    most = sum(work.max_points for work in works)
    rows: list[list[Cell]] = [list(head)]
    for student in names.sort(set().union(*(work.people for work in works))):
        scores = [
            total(work.marks[student]) if student in work.marks else None
            for work in works
        ]
        together = sum(score or 0 for score in scores)
        rows.append([*names.columns(student), *scores, together, most])
    return rows


def _cell(cell: str | float) -> str:
    return guard(cell) if isinstance(cell, str) else number(cell)


def _score(work: ClassWork, marks: Marks | None) -> list[Cell]:
    if marks is None:
        return [None, work.max_points, None]
    return [total(marks), work.max_points, marks.penalty]


def _of_cell(
    grade_id: str, is_test: bool, marks: Marks | None, result: Result | None
) -> list[Cell]:
    """Points, state and mistake of one exercise of one student."""
    mark = marks.cells.get(grade_id) if marks else None
    row: list[Cell] = [mark.score if mark else None]
    if is_test:
        verdict = result.verdicts.get(grade_id) if result else None
        mistake = inert_text(verdict.mistake or "", 1000) if verdict else None
        row += [verdict.state if verdict else None, mistake]
    return row
