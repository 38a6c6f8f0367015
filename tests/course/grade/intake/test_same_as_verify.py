"""What `course verify` runs is what `course grade` runs, whatever was done to cells."""

import copy
import json

import pytest

from course.grade.intake.matching import match
from course.grade.intake.reading import read_cells
from course.grade.plan import read_assignment, runs
from course.student import notebooks, restore

SLUG = "01_toy"
MINE = "def half(x):\n    return x / 2"
OTHER = "def half(x):\n    return x / 3"
OWN = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


class Notebook:
    """The released toy notebook, to be changed as a student might."""

    def __init__(self, path):
        self.data = json.loads(path.read_text(encoding="utf-8"))
        self.cells = self.data["cells"]

    def place(self, name: str) -> int:
        return [c.grade_id for c in notebooks.cells(self.data)].index(name)

    def copy(self, name: str, source: str | None = None, at: int | None = None) -> None:
        """Put a copy of a cell at the end, or elsewhere."""
        made = copy.deepcopy(self.cells[self.place(name)])
        made["source"] = made["source"] if source is None else source
        self.cells.insert(len(self.cells) if at is None else at, made)

    def write(self, name: str, source: str) -> None:
        self.cells[self.place(name)]["source"] = source

    def drop(self, name: str) -> None:
        del self.cells[self.place(name)]

    def own(self, source: str, at: int | None = None) -> None:
        made = {**OWN, "id": "own", "source": source}
        self.cells.insert(len(self.cells) if at is None else at, made)


def answer_then_stub(notebook):
    notebook.copy("half")
    notebook.write("half", MINE)


def stub_then_answer(notebook):
    notebook.copy("half", MINE)


def two_answers(notebook):
    notebook.write("half", MINE)
    notebook.copy("half", OTHER)


def a_stub_between_two_answers(notebook):
    notebook.write("half", MINE)
    notebook.copy("half", "raise NotImplementedError")
    notebook.copy("half", OTHER)


def a_copied_test(notebook):
    notebook.copy("test_half", at=2)
    notebook.copy("test_half", "pass")


def a_copied_given_cell(notebook):
    notebook.copy("frozen-values")
    notebook.copy("frozen-values", "x = 1", at=0)


def lost_and_defined_in_own_cells(notebook):
    notebook.drop("half")
    notebook.own(MINE, at=2)
    notebook.own(OTHER)


def lost_and_assigned(notebook):
    notebook.drop("half")
    notebook.own("half = lambda x: x / 2")


def lost_and_asynchronous(notebook):
    notebook.drop("half")
    notebook.own(f"async {MINE}")


def lost_and_written_into_its_test(notebook):
    notebook.drop("half")
    notebook.write("test_half", MINE)


def lost_and_written_into_another_answer(notebook):
    notebook.drop("half")
    notebook.write("row_sums", f"{MINE}\n\ndef row_sums(X):\n    return X.sum(1)")


def lost_altogether(notebook):
    notebook.drop("half")
    notebook.drop("test_half")


def moved(notebook):
    notebook.cells.append(notebook.cells.pop(notebook.place("half")))
    notebook.cells.insert(0, notebook.cells.pop(notebook.place("test_row_sums")))


def own_cells_everywhere(notebook):
    for number in (0, 3, 6, None):
        notebook.own(f"x = {number}", number)


def turned_into_text(notebook):
    notebook.write("half", MINE)
    cell = notebook.cells[notebook.place("half")]
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


CASES = (
    answer_then_stub,
    stub_then_answer,
    two_answers,
    a_stub_between_two_answers,
    a_copied_test,
    a_copied_given_cell,
    lost_and_defined_in_own_cells,
    lost_and_assigned,
    lost_and_asynchronous,
    lost_and_written_into_its_test,
    lost_and_written_into_another_answer,
    lost_altogether,
    moved,
    own_cells_everywhere,
    turned_into_text,
)


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__)
def test_the_same_cells_run_in_the_same_order(built_toy, change):
    path = notebooks.released(built_toy, SLUG)
    original, notebook = json.loads(path.read_text(encoding="utf-8")), Notebook(path)
    change(notebook)

    pristine = read_assignment(built_toy / "source", SLUG).cells
    found, _ = read_cells(json.dumps(notebook.data).encode(), SLUG)
    cells, _ = match(pristine, found)
    stubs = {cell.grade_id: cell.source for cell in notebooks.cells(original)}
    graded = [
        (cell.source or stubs[cell.grade_id])
        if cell.kind == "answer"
        else cell.source
        if cell.kind == "extra"
        else cell.grade_id
        for cell in cells
        if runs(cell) or cell.kind == "test"
    ]

    mended = restore.mended(notebook.data, original, as_graded=True)
    kinds = {"answer": "source", "own": "source"}
    verified = [
        getattr(cell, kinds.get(cell.kind, "grade_id"))
        for cell in notebooks.cells(mended)
        if cell.is_code
    ]
    assert verified == graded
