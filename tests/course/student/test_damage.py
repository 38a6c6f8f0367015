"""A test or a given cell that is not as it was handed out is noticed."""

import copy

import pytest

from course.student import damage, notebooks


def found(work, change) -> list[tuple[str, str]]:
    """What is noticed after a change to the pristine notebook."""
    pristine = notebooks.read(work.pristine)
    theirs = copy.deepcopy(pristine)
    change(theirs)
    cells = notebooks.cells(pristine), notebooks.cells(theirs)
    return [(entry.what, entry.said) for entry in damage.damages(*cells)]


def test_answers_and_own_cells_are_no_damage(work):
    def change(notebook):
        work.cell(notebook, "half")["source"] = ["def half(x):\n", "    return 3"]
        own = {"cell_type": "code", "metadata": {}, "source": "half(2)", "outputs": []}
        notebook["cells"].insert(4, own)
        work.cell(notebook, "odd_halves")["source"] = "Never."

    assert found(work, change) == []


def test_lines_that_were_saved_otherwise_are_no_damage(work):
    def change(notebook):
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"]).replace("\n", "\r\n") + "\n"

    assert found(work, change) == []


def test_a_deleted_cell_is_noticed(work):
    def change(notebook):
        del notebook["cells"][work.place(notebook, "test_half")]
        del notebook["cells"][work.place(notebook, "row_sums")]

    assert found(work, change) == [
        ("deleted", "the test of half was deleted"),
        ("deleted", "the cell for your answer to row_sums was deleted"),
    ]


def test_a_copied_cell_is_noticed(work):
    def change(notebook):
        notebook["cells"].append(copy.deepcopy(work.cell(notebook, "test_half")))

    kinds = dict(found(work, change))
    assert kinds["copied"] == "the test of half is there 2 times"


def test_a_changed_test_and_a_changed_given_cell_are_noticed(work):
    def change(notebook):
        work.cell(notebook, "test_half")["source"] = "pass"
        given = next(c for c in notebook["cells"] if c["cell_type"] == "markdown")
        given["source"] = "# Another heading"

    assert found(work, change) == [
        (
            "changed",
            "the given cell 'A toy chapter: exercises' is not as it was handed out",
        ),
        ("changed", "the test of half is not as it was handed out"),
    ]


def test_only_what_was_moved_is_said_to_be(work):
    def change(notebook):
        test = notebook["cells"].pop(work.place(notebook, "test_half"))
        notebook["cells"].append(test)

    assert found(work, change) == [("moved", "the test of half was moved")]


@pytest.mark.parametrize(
    ("name", "said"),
    [("half", "the cell for your answer to half"), ("test_half", "the test of half")],
)
def test_a_cell_turned_into_text_is_noticed(work, name, said):
    def change(notebook):
        work.cell(notebook, name)["cell_type"] = "markdown"

    assert found(work, change) == [("retyped", f"{said} was turned into text")]


def test_changed_points_are_noticed(work):
    def change(notebook):
        work.cell(notebook, "test_half")["metadata"]["nbgrader"]["points"] = 100

    assert found(work, change) == [
        ("changed", "what the test of half is worth was changed")
    ]


def test_of_much_damage_the_first_few_are_told(work):
    pristine = notebooks.cells(notebooks.read(work.pristine))
    said = damage.in_words(damage.damages(pristine, pristine[:2]))
    assert said.count(";") == 3 and said.endswith(f"and {len(pristine) - 5} cells more")
