"""Notebooks of any age, as nbgrader takes them: format 4.5, its newest metadata.

Stock nbgrader refuses older metadata until `nbgrader update` has rewritten the source;
here a copy is brought up to date, and the source stays as it is.
"""

import shutil
from pathlib import Path

import nbformat

from course.grade.sheets import find_notebooks, read_notebook


def write_upgraded(source: Path, copy: Path) -> None:
    """Copy an assignment's folder, its notebooks brought up to date.

    Args:
        source: `source/SLUG`.
        copy: where to; made here.
    """
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.ipynb", ".*"))
    for path in find_notebooks(source):
        nbformat.write(upgraded(read_notebook(path)), copy / path.name)


def upgraded(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook in format 4.5, each cell with an id that is the same every time."""
    from nbgrader.nbgraderformat import MetadataValidator

    notebook = MetadataValidator().upgrade_notebook_metadata(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    taken: set[str] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("id", "") in taken | {""}:
            cell.id = f"plain-{number}"
        taken.add(cell.id)
    return notebook
