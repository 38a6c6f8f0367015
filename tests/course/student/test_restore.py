"""What was handed out comes back; what the student wrote stays."""

import copy
import json
import os

import nbformat
import pytest

from course.student import damage, notebooks
from course.student.notebooks import Broken
from course.student.restore import restore

OWN = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


def test_tests_come_back_and_answers_and_own_cells_stay(work):
    work.answer({"half": "def half(x): return 3", "odd_halves": "Never."})
    notebook = work.read()
    shown = {"output_type": "stream", "name": "stdout", "text": "3"}
    work.cell(notebook, "half")["outputs"] = [shown]
    mine = {**OWN, "id": "mine", "source": "half(2)"}
    notebook["cells"].insert(work.place(notebook, "half") + 1, mine)
    work.cell(notebook, "test_row_sums")["source"] = "pass"
    del notebook["cells"][work.place(notebook, "test_half")]
    notebook["cells"].append(copy.deepcopy(work.cell(notebook, "test_count_above")))
    work.write(notebook)
    before = work.path.read_bytes()

    restored = restore(work.path, work.pristine)

    assert restored.done == [
        "the test of half was deleted",
        "the test of row_sums is not as it was handed out",
        "the test of count_above is there 2 times",
        "the test of count_above was moved",
    ]
    assert restored.backup.name == "01_toy.before-restore.ipynb"
    assert restored.backup.read_bytes() == before
    pristine = notebooks.cells(notebooks.read(work.pristine))
    made = notebooks.read(work.path)
    cells = notebooks.cells(made)
    assert damage.damages(pristine, cells) == []
    names = [cell.grade_id for cell in cells]
    place = names.index("half")
    assert names[place + 1 : place + 3] == ["", "test_half"]
    assert cells[place + 1].raw == mine
    assert cells[place].source == "def half(x): return 3"
    assert cells[place].raw["outputs"] == [shown]
    assert cells[names.index("odd_halves")].source == "Never."
    assert len(cells) == len(pristine) + 1
    nbformat.validate(nbformat.from_dict(made))


def test_a_notebook_in_order_is_not_written(work):
    work.answer({"half": "def half(x): return 3"})
    before = work.path.read_bytes()
    assert restore(work.path, work.pristine).backup is None
    assert work.path.read_bytes() == before
    assert os.listdir(work.path.parent) == ["01_toy.ipynb"]


def test_each_mending_keeps_a_backup_of_its_own(work):
    for name in ("01_toy.before-restore.ipynb", "01_toy.before-restore-2.ipynb"):
        work.answer({"test_half": "pass"})
        assert restore(work.path, work.pristine).backup.name == name


def test_an_answer_that_lost_its_cell_is_found_in_a_cell_of_ones_own(work):
    work.answer({})
    notebook = work.read()
    del notebook["cells"][work.place(notebook, "half")]
    answer = "import math\ndef half(x):\n    return x / 2"
    notebook["cells"].append({**OWN, "source": answer})
    work.write(notebook)
    restore(work.path, work.pristine)
    made = work.read()
    assert work.cell(made, "half")["source"] == answer
    assert len(made["cells"]) == len(notebooks.read(work.pristine)["cells"])


def test_a_second_answer_in_a_copy_stays_as_a_cell_of_ones_own(work):
    work.answer({"half": "def half(x): return 1"})
    notebook = work.read()
    second = copy.deepcopy(work.cell(notebook, "half"))
    second["source"] = "def half(x): return 2"
    notebook["cells"].append(second)
    work.write(notebook)
    restore(work.path, work.pristine)
    cells = notebooks.cells(work.read())
    kinds = {cell.source: cell.kind for cell in cells if "return" in cell.source}
    assert kinds["def half(x): return 2"] == "answer"
    assert kinds["def half(x): return 1"] == "own"
    place = [cell.source for cell in cells].index("def half(x): return 1")
    assert cells[place - 1].raw["cell_type"] == "markdown"
    assert "a copy of the cell for your answer to half" in cells[place - 1].source
    assert sum("a copy of" in cell.source for cell in cells) == 1
    nbformat.validate(nbformat.from_dict(work.read()))
    ids = [cell.raw["id"] for cell in cells]
    assert len(set(ids)) == len(ids)


def test_of_copies_of_an_answer_the_last_that_holds_more_than_the_stub_is_kept(work):
    work.answer({})
    notebook = work.read()
    stub = copy.deepcopy(work.cell(notebook, "half"))
    work.cell(notebook, "half")["source"] = "def half(x): return 3"
    notebook["cells"].append(stub)
    work.write(notebook)
    restore(work.path, work.pristine)
    made = work.read()
    assert work.cell(made, "half")["source"] == "def half(x): return 3"
    assert len(made["cells"]) == len(notebooks.read(work.pristine)["cells"])


def test_an_answer_turned_into_text_is_code_again(work):
    work.answer({"half": "def half(x): return 3"})
    notebook = work.read()
    cell = work.cell(notebook, "half")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    work.write(notebook)
    restore(work.path, work.pristine)
    made = work.read()
    assert work.cell(made, "half")["cell_type"] == "code"
    assert work.cell(made, "half")["source"] == "def half(x): return 3"
    nbformat.validate(nbformat.from_dict(made))


def test_a_notebook_that_nobody_can_read_begins_anew_and_is_kept(work):
    work.path.parent.mkdir(parents=True)
    work.path.write_text("<<<<<<< mine\n{}\n>>>>>>> theirs\n")
    restored = restore(work.path, work.pristine)
    assert "holds the marks of a merge conflict" in restored.done[0]
    assert restored.backup.read_text().startswith("<<<<<<<")
    assert json.loads(work.path.read_text()) == json.loads(work.pristine.read_text())


def test_a_notebook_whose_metadata_is_null_begins_anew_and_is_kept(work):
    work.answer(work.RIGHT)
    work.write({**work.read(), "metadata": None})
    restored = restore(work.path, work.pristine)
    assert restored.done == [
        "the notebook is no notebook of this format: it begins anew"
    ]
    assert json.loads(restored.backup.read_text())["metadata"] is None
    assert json.loads(work.path.read_text()) == json.loads(work.pristine.read_text())


def test_without_a_notebook_or_a_pristine_one_it_says_what_to_do(work):
    with pytest.raises(Broken, match="01_toy.ipynb is not there: `course start`"):
        restore(work.path, work.pristine)
    work.answer({"test_half": "pass"})
    work.pristine.unlink()
    with pytest.raises(Broken, match="get the course's folder again"):
        restore(work.path, work.pristine)


def test_a_mending_that_fails_leaves_the_notebook_as_it_was(work, monkeypatch):
    work.answer({"test_half": "pass"})
    before = work.path.read_bytes()

    def fail(*paths):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        restore(work.path, work.pristine)
    assert work.path.read_bytes() == before
