"""What an assignment asks, read from its pristine source notebook."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course.grade.sheets import (
    check_language,
    facts_of,
    find_notebooks,
    is_of_this_course,
    read_notebook,
)

if TYPE_CHECKING:
    import nbformat

RUN = ("given", "answer", "extra")
KINDS = ("given", "answer", "test", "manual", "task", "prose", "extra", "remark")
BY_PERSON = ("manual", "task")  # kinds that a person grades
WITH_POINTS = ("test", *BY_PERSON)  # those that give points
TEXTS = ("prose", "remark", "task")


@dataclass(frozen=True)
class Cell:
    """One cell, pristine or a student's.

    Args:
        kind: "given" (setup code), "answer", "test", "manual" (a person grades it),
            "task" (a person grades what a student adds to it), "prose" (the prompts);
            "extra" and "remark" are code and text cells that a student added, or that
            nbgrader leaves alone.
        grade_id: nbgrader's name of the cell; "extra-1", "extra-2" ... for added ones.
            In an assignment of several notebooks "NOTEBOOK/NAME".
        source: its text.
        points: what it is worth; 0 unless it is a test or graded by a person.
        is_code: whether a cell that a person grades is code, and so is run.
        notebook: the name of its notebook; "" for the one of the assignment's name.
    """

    kind: str
    grade_id: str
    source: str
    points: float = 0
    is_code: bool = False
    notebook: str = ""

    @property
    def name(self) -> str:
        """What the notebook itself calls it."""
        return self.grade_id.removeprefix(f"{self.notebook}/")

    @property
    def exercise(self) -> str:
        """The id of the exercise that an answer or a test belongs to."""
        return self.grade_id.removeprefix("test_")


def runs(cell: Cell) -> bool:
    """Whether a cell is run in the student's process."""
    return cell.kind in RUN or (cell.kind == "manual" and cell.is_code)


@dataclass(frozen=True)
class Assignment:
    """A pristine assignment: its cells in order, solutions and hidden tests included.

    Args:
        slug: its name: a chapter's slug, which is also its notebook's name.
        cells: the cells that nbgrader knows, of all its notebooks.
        digest: SHA-256 of the notebooks, so that a record says what it was graded with.
        brought: the names of its notebooks, if it is not of this course.
        solved: all cells of these as their instructor has them, plain ones included.
        files: what lies beside them: (path, base64).
    """

    slug: str
    cells: tuple[Cell, ...]
    digest: str
    brought: tuple[str, ...] = ()
    solved: tuple[Cell, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def tests(self) -> tuple[Cell, ...]:
        """The autograded tests, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "test")

    def by_person(self) -> tuple[Cell, ...]:
        """The cells that a person grades."""
        return tuple(cell for cell in self.cells if cell.kind in BY_PERSON)

    @property
    def shown(self) -> tuple[Cell, ...]:
        """All its cells as a reader sees them."""
        return self.solved or self.cells

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of its notebooks."""
        return self.brought or (self.slug,)

    def of(self, notebook: str) -> "Assignment":
        """The same with the cells of one notebook only."""
        if not self.brought:
            return self
        cells, solved = (
            tuple(cell for cell in cells if cell.notebook == notebook)
            for cells in (self.cells, self.solved)
        )
        return Assignment(
            self.slug, cells, self.digest, (notebook,), solved, self.files
        )


def read_back(data: dict) -> Assignment:
    """An assignment that travelled as JSON."""
    lists = {name: data[name] for name in ("cells", "solved")}
    cells = {name: tuple(Cell(**c) for c in found) for name, found in lists.items()}
    return Assignment(**{**data, **cells, "brought": tuple(data["brought"])})


def read_assignment(source: Path, slug: str) -> Assignment:
    """Read `source/slug/`: a chapter of this course, or an assignment brought along.

    Args:
        source: the course's source folder.
        slug: the assignment's name.

    Raises:
        FileNotFoundError: there is no such assignment, or the chapter was not built.
        NotPython: a notebook of it is in another language.
        RuntimeError: a notebook of it can't be read.
    """
    paths = find_notebooks(source / slug)
    if not paths:
        there = sorted({found.parent.name for found in source.glob("*/*.ipynb")})
        raise FileNotFoundError(
            f"there is no {source / slug / slug}.ipynb: run `course build {slug}`, put "
            "an assignment of your own there, or mend the name; there are "
            f"{', '.join(there) or 'none'}"
        )
    notebooks = {path.stem: read_notebook(path) for path in paths}
    first = next(iter(notebooks.values()))
    if list(notebooks) == [slug] and is_of_this_course(first):
        cells = tuple(read_cell(cell) for cell in first.cells)
        return Assignment(slug, cells, _digest(paths))
    for path in paths:
        check_language(notebooks[path.stem], path, slug)
    return _brought(slug, notebooks, _digest(paths))


def _digest(paths: list[Path]) -> str:
    """SHA-256 of a file, or of several with their names."""
    if len(paths) == 1:
        return hashlib.sha256(paths[0].read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.name}\n".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _brought(slug: str, notebooks: dict, digest: str) -> Assignment:
    solved: list[Cell] = []
    has_several = len(notebooks) > 1
    for name, notebook in notebooks.items():
        prefix = f"{name}/" if has_several else ""
        for number, cell in enumerate(notebook.cells, start=1):
            if cell.cell_type in ("code", "markdown"):
                solved.append(read_cell(cell, name, prefix, f"plain-{number}"))
    cells = tuple(cell for cell in solved if cell.kind not in ("extra", "remark"))
    return Assignment(slug, cells, digest, tuple(notebooks), tuple(solved))


def read_cell(
    cell: "nbformat.NotebookNode", notebook: str = "", prefix: str = "", plain: str = ""
) -> Cell:
    """What a cell of a source, built or graded notebook is, by nbgrader's metadata.

    Args:
        cell: the cell.
        notebook: the name of its notebook, if that is not the assignment's.
        prefix: what stands before its name in an assignment of several notebooks.
        plain: what a cell without a name and an id is called.
    """
    facts, is_code = facts_of(cell), cell.cell_type == "code"
    if facts is None:
        kind = "extra" if is_code else "remark"
        name = f"{prefix}{cell.get('id') or plain}"
        return Cell(kind, name, cell.source, notebook=notebook)
    if facts["task"]:
        kind = "task"
    elif facts["solution"]:
        kind = "manual" if facts["grade"] else "answer"
    elif facts["grade"]:
        kind = "test" if is_code else "manual"
    else:
        kind = "given" if is_code else "prose"
    points = facts["points"] if kind in WITH_POINTS else 0
    name = f"{prefix}{facts['grade_id']}"
    return Cell(kind, name, cell.source, points, is_code, notebook)
