"""A course of one kind, graded by stock nbgrader and by `course grade`."""

import gc
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import nbformat
from nbgrader.nbgraderformat import MetadataValidator

from course.grade import command
from course.stock import convert, settings

GRADES = """
SELECT submitted_assignment.student_id, notebook.name, base_cell.name,
    grade.auto_score, grade.needs_manual_grade
FROM grade
JOIN base_cell ON grade.cell_id = base_cell.id
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN notebook ON submitted_notebook.notebook_id = notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
"""
Grades = dict[tuple[str, str, str], float | str | None]


def grades(course: Path) -> Grades:
    """The points of each cell, or "waits", by student, notebook and cell."""
    with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        rows = gradebook.execute(GRADES).fetchall()
    return {tuple(row[:3]): "waits" if row[4] else row[3] for row in rows}


def by_stock(course: Path, slug: str) -> Grades:
    """Grade a class as `nbgrader update`, `generate_assignment`, `autograde` do, with
    missing tests put back: as nbgrader comes it gives nothing for these.
    """
    validator = MetadataValidator()
    for path in course.glob(f"s*/**/{slug}/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(validator.upgrade_notebook_metadata(notebook), path)
    config = settings(course)
    config.OverwriteCells.add_missing_cells = True
    config.Execute.timeout = 20
    config.Execute.shutdown_kernel = "immediate"
    with warnings.catch_warnings(action="ignore"):  # nbgrader's own, of its database
        convert("GenerateAssignment", config, slug)
        convert("Autograde", config, slug)
        gc.collect()
    return grades(course)


def by_course(course: Path, slug: str, **given) -> list:
    """Grade a class as `course grade` does."""
    how = {"workers": 2, "isolation": None, "cell_seconds": 20, "seconds": 60}
    how |= {"memory": 1, "db": "", "scheduler": "", **given}
    results = command.grade(course, slug, command.options(**how))
    with warnings.catch_warnings(action="ignore"):
        gc.collect()  # nbgrader's step for autotests leaves sockets open
    return results
