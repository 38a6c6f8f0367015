"""What an assignment asks, read from its pristine source notebook."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import nbformat

RUN = ("given", "answer", "extra")
KINDS = ("given", "answer", "test", "manual", "prose", "extra", "remark")


@dataclass(frozen=True)
class Cell:
    """One cell, pristine or a student's.

    Args:
        kind: "given" (setup code), "answer", "test", "manual" (a person grades it),
            "prose" (the prompts); "extra" and "remark" are code and text cells that a
            student added.
        grade_id: nbgrader's name of the cell; "extra-1", "extra-2" ... for added ones.
        source: its text.
        points: what it is worth; 0 unless it is a test or graded by a person.
        is_code: whether a cell that a person grades is code, and so is run.
    """

    kind: str
    grade_id: str
    source: str
    points: float = 0
    is_code: bool = False

    @property
    def exercise(self) -> str:
        """The id of the exercise that an answer or a test belongs to."""
        return self.grade_id.removeprefix("test_")


def runs(cell: Cell) -> bool:
    """Whether a cell is run in the student's process."""
    return cell.kind in RUN or (cell.kind == "manual" and cell.is_code)


@dataclass(frozen=True)
class Assignment:
    """A pristine notebook: its cells in order, solutions and hidden tests included.

    Args:
        slug: the chapter's slug, also the notebook's name.
        cells: its cells.
        digest: SHA-256 of the file, so that a record says what it was graded with.
    """

    slug: str
    cells: tuple[Cell, ...]
    digest: str

    def tests(self) -> tuple[Cell, ...]:
        """The autograded tests, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "test")


def read_assignment(source: Path, slug: str) -> Assignment:
    """Read `source/slug/slug.ipynb`.

    Args:
        source: the course's source folder.
        slug: the chapter's slug.

    Raises:
        FileNotFoundError: the chapter was not built.
    """
    path = source / slug / f"{slug}.ipynb"
    if not path.is_file():
        there = sorted(found.stem for found in source.glob("*/*.ipynb"))
        raise FileNotFoundError(
            f"there is no {path}: run `course build {slug}`, or mend the name; "
            f"built are {', '.join(there) or 'none'}"
        )
    content = path.read_bytes()
    notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
    cells = tuple(read_cell(cell) for cell in notebook.cells)
    return Assignment(slug, cells, hashlib.sha256(content).hexdigest())


def read_cell(cell: nbformat.NotebookNode) -> Cell:
    """What a cell of a built or graded notebook is, by nbgrader's metadata."""
    meta, is_code = cell.metadata.get("nbgrader"), cell.cell_type == "code"
    if meta is None:
        return Cell("extra" if is_code else "remark", cell.id, cell.source)
    if meta["solution"]:
        kind = "manual" if meta["grade"] else "answer"
    elif meta["grade"]:
        kind = "test"
    else:
        kind = "given" if is_code else "prose"
    points = meta.get("points", 0)
    return Cell(kind, meta["grade_id"], cell.source, points, is_code)
