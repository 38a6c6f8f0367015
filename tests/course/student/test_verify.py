"""A notebook is run from the top in a kernel; what its visible tests say is told."""

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

from course.student.commands import main
from course.student.damage import Damage
from course.student.progress import Exercise, progress
from course.student.verify import Report
from course.student.verify import run as run_cells


def quiet(done: int, of: int) -> None:
    """Say nothing."""


def run(work, *words: str):
    return CliRunner().invoke(main, ["--root", str(work.root), "verify", *words])


def test_all_right_ends_with_zero_and_the_file_is_not_changed(work):
    work.answer(work.RIGHT)
    before = work.path.read_bytes()
    result = run(work, "01")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "half         right           1 of 1",
        "row_sums     right           2 of 2",
        "count_above  right           3 of 3",
        "odd_halves   not graded yet  - of 2     A person gives the points.",
        "01_toy: 6 of 8 points, 2 not graded yet",
    ]
    assert "hidden tests come on top" in result.stderr
    assert work.path.read_bytes() == before


def test_each_exercise_has_a_line_and_tests_run_as_they_were_handed_out(work):
    work.answer(work.COLUMNS | {"half": "def half(x):\n    return x.foo"})
    notebook = work.read()
    work.cell(notebook, "test_row_sums")["source"] = "pass"
    del notebook["cells"][work.place(notebook, "test_half")]
    work.write(notebook)
    result = run(work, str(work.path))
    assert result.exit_code == 1
    half, row_sums, count_above, odd_halves, *about = result.stdout.splitlines()
    assert half.startswith(
        "half         wrong           0 of 1     half(tensor([3, -4,"
    )
    assert "AttributeError" in half
    assert row_sums.endswith("0 of 2     Likely mistake: the columns are summed.")
    assert count_above == "count_above  not attempted   0 of 3"
    assert odd_halves.split("  ")[1:3] == [" not attempted", " - of 2"]
    assert about[:2] == [
        "01_toy: the test of half was deleted",
        "01_toy: the test of row_sums is not as it was handed out",
    ]
    assert "`course restore 01_toy` puts them back" in about[2]


@pytest.mark.parametrize(
    ("states", "damages", "problems", "good"),
    [
        (("right", "not graded yet by hand"), (), (), True),
        (("right", "not attempted by hand"), (), (), True),
        (("right", "not tested"), (), (), False),
        (("right", "not attempted"), (), (), False),
        (("right",), (Damage("test_half", "changed", "..."),), (), False),
        (("right",), (), ("it took too long",), False),
    ],
)
def test_only_a_whole_run_of_right_tests_is_good(states, damages, problems, good):
    exercises = tuple(
        Exercise("half", s.removesuffix(" by hand"), 1, by_hand=s.endswith("by hand"))
        for s in states
    )
    assert Report(exercises, damages, problems).good is good


def test_a_cell_without_end_is_interrupted_and_a_kernel_that_ends_is_told(tmp_path):
    sources = ["while True: pass", "print(2)", "import os; os._exit(1)", "print(4)"]
    cells = [new_code_cell(source) for source in sources]
    ran, problems = run_cells(new_notebook(cells=cells), tmp_path, quiet, 5)
    assert problems == [
        "the cell 'while True: pass' took over 5 s: interrupted",
        "the cell 'import os; os._exit(1)' ended the kernel (out of memory, or it left "
        "Python); what comes after it was not run",
    ]
    assert ran["cells"][1]["outputs"][0]["text"] == "2\n"
    assert ran["cells"][3]["outputs"] == []


def test_what_a_kernel_saved_is_what_progress_reads(work):
    """The same notebook, run with its outputs kept, as JupyterLab saves it."""
    work.answer(work.RIGHT | work.COLUMNS)
    ran, problems = run_cells(work.read(), work.path.parent, quiet, 60)
    assert problems == []
    work.write(ran)
    [chapter] = progress(work.root)
    states = {exercise.name: exercise.state for exercise in chapter.exercises}
    assert states["half"] == "right" and states["row_sums"] == "wrong"
    assert chapter.exercises[1].mistake == "the columns are summed"
    work.answer({"half": "def half(x):\n    return x / 3"})
    assert progress(work.root)[0].exercises[0].state == "not tested"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("09_x", "there are no exercises '09_x'; there are: 01_toy"),
        ("elsewhere/mine.ipynb", "of which chapter is it? Name it as it was: 01_toy"),
        ("01", "Error: 01_toy.ipynb is not there: `course start` makes a copy"),
    ],
)
def test_what_is_no_notebook_of_the_course_is_refused_in_words(work, given, said):
    result = run(work, given)
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize("content", ["", '{"cells": [], "metadata": null}'])
def test_a_broken_notebook_is_named_and_so_is_the_command_that_mends_it(work, content):
    work.answer({})
    work.path.write_text(content)
    result = run(work, "01")
    assert result.exit_code == 1 and "Error: 01_toy.ipynb is " in result.stderr
    assert ": `course restore 01_toy` begins it anew" in result.stderr


def test_the_command_that_mends_a_notebook_elsewhere_can_be_typed(work, tmp_path):
    other = tmp_path / "my copies" / "01_toy.ipynb"
    other.parent.mkdir()
    other.write_text("")
    assert f"`course restore '{other}'` begins" in run(work, str(other)).stderr


def test_after_a_notebook_that_can_not_be_run_comes_the_next(work, tmp_path):
    work.answer(work.RIGHT)
    broken = tmp_path / "01_toy.ipynb"
    broken.write_text("")
    result = run(work, str(broken), "09_x", "01")
    assert result.exit_code == 1
    assert "01_toy.ipynb is empty" in result.stderr
    assert "there are no exercises '09_x'" in result.stderr
    assert "01_toy: 6 of 8 points" in result.stdout


@pytest.mark.parametrize("name", ["utils.py", "torch.py", "utils/__init__.py"])
def test_a_file_that_takes_the_name_of_a_module_is_said_and_does_no_harm(work, name):
    work.answer(work.RIGHT)
    path = work.path.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise RuntimeError('mine')")
    result = run(work, "01")
    assert "01_toy: 6 of 8 points" in result.stdout and result.exit_code == 1
    assert f"01_toy: {name} lies beside the notebook and is not handed in" in (
        result.stdout
    )


def test_what_a_notebook_takes_from_a_file_beside_it_is_not_there(work):
    (work.path.parent).mkdir(parents=True)
    (work.path.parent / "helpers.py").write_text("two = 2")
    (work.path.parent / "unused.py").write_text("two = 2")
    half = "from helpers import two\n\ndef half(x):\n    return x / two"
    work.answer(work.RIGHT | {"half": half})
    result = run(work, "01")
    first = result.stdout.splitlines()[0]
    assert first.split()[:2] != ["half", "right"] and result.exit_code == 1
    assert "helpers.py lies beside the notebook" in result.stdout
    assert "unused.py" not in result.stdout


def test_a_given_cell_that_fails_is_named_with_the_reason(tmp_path):
    given = new_code_cell("# The data\nimport nothing_of_that_name")
    given.metadata["nbgrader"] = {"grade_id": "given-1"}
    _, problems = run_cells(new_notebook(cells=[given]), tmp_path, quiet, 60)
    assert problems == [
        "the cell '# The data' failed, and what needs it too: ModuleNotFoundError: "
        "No module named 'nothing_of_that_name'"
    ]
