"""Thirty honest submissions get the same scores from stock nbgrader and from us.

The class is made of the bank: right, wrong and empty answers mixed, in notebooks as
people leave them, with prints, cells of their own, edited prompts, cells deleted and
cells copied.
"""

import copy
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.build.places import release_path, source_path
from course.chapters import find_chapters, read_chapter
from course.demo.assignment import Assignment, cell
from course.demo.folder import hand_in
from course.grade import command
from tests.forked import nurseries

ROOT = Path(__file__).parents[3]
SLUGS = [folder.name for folder in find_chapters(ROOT)]
EACH = -(-30 // len(SLUGS))  # students, so that they are thirty in all


def prints(notebook, exercise: str) -> None:
    answer = cell(notebook, exercise)
    answer.source = f"print('mine')\n{answer.source}\nprint({exercise}, end='')"


def adds_cells(notebook, exercise: str) -> None:
    place = notebook.cells.index(cell(notebook, exercise))
    look = f"try:\n    print({exercise}.__doc__)\nexcept NameError:\n    pass"
    mine = [new_code_cell(look, id="mine-1"), new_code_cell("1 / 0", id="mine-2")]
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    mine += [new_code_cell(plot, id="mine-3"), new_markdown_cell("so", id="mine-4")]
    notebook.cells[place + 1 : place + 1] = mine


def edits_prompts(notebook, exercise: str) -> None:
    for prompt in notebook.cells:
        if prompt.cell_type == "markdown":
            prompt.source += "\n\nMy notes: **ask about this**."


def uses_a_helper(notebook, exercise: str) -> None:
    answer = cell(notebook, exercise)
    place = notebook.cells.index(answer)
    helper = f"def helper_of(function):\n    return function\n\nPREFIX = {exercise!r}"
    notebook.cells.insert(place, new_code_cell(helper, id="helper"))
    answer.source += f"\n\n{exercise} = helper_of({exercise})"


def deletes_a_test(notebook, exercise: str) -> None:
    notebook.cells.remove(cell(notebook, f"test_{exercise}"))


def deletes_an_answer(notebook, exercise: str) -> None:
    notebook.cells.remove(cell(notebook, exercise))


def copies_an_answer(notebook, exercise: str) -> None:
    place = notebook.cells.index(cell(notebook, exercise))
    earlier = copy.deepcopy(notebook.cells[place])
    earlier.source, earlier.id = "# an attempt\nraise ValueError", "attempt"
    notebook.cells.insert(place, earlier)


def copies_a_test(notebook, exercise: str) -> None:
    test = cell(notebook, f"test_{exercise}")
    again = copy.deepcopy(test)
    again.id = "again"
    notebook.cells.insert(notebook.cells.index(test) + 1, again)


def eases_a_test(notebook, exercise: str) -> None:
    cell(notebook, f"test_{exercise}").source = "assert True"


def leaves_a_syntax_error(notebook, exercise: str) -> None:
    cell(notebook, exercise).source += "\ndef broken(:"


def warns(notebook, exercise: str) -> None:
    answer = cell(notebook, exercise)
    answer.source = f"import warnings\nwarnings.warn('mine')\n{answer.source}"


def uses_magics(notebook, exercise: str) -> None:
    answer = cell(notebook, exercise)
    answer.source = f"%matplotlib inline\n{answer.source}"
    notebook.cells.append(new_code_cell("%timeit -n1 -r1 1 + 1\n!echo", id="magic"))


HABITS: list[Callable] = [
    lambda notebook, exercise: None,
    *(prints, adds_cells, edits_prompts, uses_a_helper, deletes_a_test),
    *(deletes_an_answer, copies_an_answer, copies_a_test, eases_a_test),
    *(leaves_a_syntax_error, warns, uses_magics),
]


WRITE_BESIDE = {adds_cells, edits_prompts, uses_magics}  # or behind the last cell


def hand_in_all(course: Path, slug: str) -> None:
    """Hand in mixed answers of a chapter's own students, each with a habit or two."""
    chapter = read_chapter(ROOT / "chapters" / slug)
    release = nbformat.read(course / release_path(slug), as_version=4)
    assignment = Assignment(chapter, release)
    for number in range(EACH):
        dice = random.Random(f"{slug} {number}")
        answers = {}
        for exercise in assignment.exercises:
            kind = dice.choice(["right", "right", "wrong", "none"])
            if kind != "none":
                answers[exercise] = dice.choice(chapter.bank(exercise, kind))
        habits = {HABITS[number % len(HABITS)], dice.choice(HABITS)}

        def live(notebook, habits=habits, dice=dice) -> None:
            exercises = dice.sample(assignment.exercises, len(habits))
            for habit, exercise in zip(habits, exercises, strict=True):
                habit(notebook, exercise)

        # Stock gives 0 to an empty written answer, whatever was written beside it; here
        # a person sees that, see `test_written.py`.
        writes = number % 3 > 0 or not habits.isdisjoint(WRITE_BESIDE)
        work = assignment.hand_in(answers, writes=writes, then=live)
        hand_in(course, f"{slug}-{number:02}", slug, work.files)


@pytest.fixture(scope="module")
def graded_twice(once, run_nbgrader, read_grades) -> tuple[dict, dict]:
    """The grades of one class from stock nbgrader, and from `course grade`."""

    def make(folder: Path) -> None:
        stock, ours = folder / "stock", folder / "ours"
        stock.mkdir(parents=True)
        shutil.copy(ROOT / "nbgrader_config.py", stock)
        for slug in SLUGS:
            (stock / source_path(slug)).parent.mkdir(parents=True)
            shutil.copy(ROOT / source_path(slug), stock / source_path(slug))
            run_nbgrader(stock, ["generate_assignment", slug])
            hand_in_all(stock, slug)
        shutil.copytree(stock, ours)
        for slug in SLUGS:
            run_nbgrader(stock, ["autograde", slug])
            options = command.options(2, None, 60, 300, 2, "", "")
            with nurseries():
                command.grade(ours, slug, options)

    folder, _ = once("graded-twice", make)
    return read_grades(folder / "stock"), read_grades(folder / "ours")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_grade_cell_has_the_score_that_stock_nbgrader_gives(graded_twice, slug):
    stock, ours = (
        {student: got for student, got in grades.items() if student.startswith(slug)}
        for grades in graded_twice
    )
    assert len(stock) == EACH
    differences = {
        f"{student} {name}": (score, ours.get(student, {}).get(name))
        for student, scores in stock.items()
        for name, score in scores.items()
        if ours.get(student, {}).get(name) != score
    }
    assert not differences, json.dumps(differences, indent=1)
    assert ours.keys() == stock.keys()


def test_they_are_thirty_and_scores_are_of_many_kinds(graded_twice):
    stock, _ = graded_twice
    assert len(stock) >= 30
    totals = [
        sum(score for score in scores.values() if score not in ("waits", None))
        for scores in stock.values()
    ]
    assert len(set(totals)) >= 8 and min(totals) < max(totals) / 2
