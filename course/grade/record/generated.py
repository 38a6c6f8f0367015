"""Autotests, written out as `nbgrader generate_assignment` writes them.

An instructor writes `### AUTOTEST f(3)`; nbgrader runs the solutions, sees what that
is, and puts tests in its place. Without that such a cell would test nothing.
"""

import os
from dataclasses import replace
from pathlib import Path

from course.environment import prepare_environment
from course.grade.plan import Assignment, Cell
from course.grade.record.upgraded import upgraded
from course.grade.sheets import read_notebook
from course.stock import settings


def generated(root: Path, assignment: Assignment) -> Assignment:
    """An assignment with its autotests written out; most have none.

    Args:
        root: the course's folder, where nbgrader looks for `autotests.yml`.
        assignment: as its source has it.

    Raises:
        RuntimeError: nbgrader can't generate them.
    """
    mark = settings(root).InstantiateTests.get("autotest_delimiter", "AUTOTEST")
    names = [
        name
        for name in assignment.brought
        if any(mark in cell.source for cell in assignment.of(name).tests())
    ]
    if not names:
        return assignment
    sources: dict[str, str] = {}
    for name in names:
        made = _instantiated(root, assignment.slug, name)
        cells = [c for c in assignment.solved if c.notebook == name]
        sources |= {c.grade_id: s for c, s in zip(cells, made, strict=True)}

    def with_tests(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(
            replace(cell, source=sources.get(cell.grade_id, cell.source))
            if cell.kind == "test"
            else cell
            for cell in cells
        )

    cells, solved = with_tests(assignment.cells), with_tests(assignment.solved)
    return replace(assignment, cells=cells, solved=solved)


def _instantiated(root: Path, slug: str, name: str) -> list[str]:
    """The texts of a notebook's code and text cells after nbgrader's step."""
    prepare_environment()
    from nbgrader.preprocessors import InstantiateTests

    folder = (root / "source" / slug).resolve()
    notebook = upgraded(read_notebook(folder / f"{name}.ipynb"))
    resources = {"metadata": {"path": str(folder)}}
    here = Path.cwd()
    os.chdir(root)  # where nbgrader looks for `autotests.yml` after the folder itself
    try:
        step = InstantiateTests(config=settings(root))
        made, _ = step.preprocess(notebook, resources)
    except Exception as error:  # whatever the kernel, the template or the code raises
        raise RuntimeError(
            f"the autotests of {name} can't be generated: {type(error).__name__}: "
            f"{error}; `nbgrader generate_assignment {slug}` says more"
        ) from error
    finally:
        os.chdir(here)
    kinds = ("code", "markdown")
    return [cell.source for cell in made.cells if cell.cell_type in kinds]
