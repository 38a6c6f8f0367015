"""The class: twelve made-up students and what each of them does.

All are named after trees, in twelve languages; nbgrader's gradebook has to bear that.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from course.chapters import Answer
from course.demo.assignment import Assignment, HandIn, cell

# It sleeps, so that the others' notebooks get the processor while it is waited for.
ENDLESS = """\
import time

def {}(*args, **kwargs):
    while True:
        time.sleep(0.1)"""


@dataclass(frozen=True)
class Student:
    """One student: a plain id, a name in any script, what they do."""

    id: str
    first_name: str
    last_name: str
    does: Callable[[Assignment], HandIn]

    @property
    def did(self) -> str:
        """What they do, in words."""
        return (self.does.__doc__ or "").rstrip(".")


def all_right(assignment: Assignment) -> HandIn:
    """All right, written in another way."""
    return assignment.hand_in(assignment.all_right())


def all_wrong(assignment: Assignment) -> HandIn:
    """A common mistake in every exercise."""
    answers = {
        exercise: assignment.wrong(exercise) for exercise in assignment.exercises
    }
    return assignment.hand_in(answers)


def half_done(assignment: Assignment) -> HandIn:
    """Half done: some right, one wrong, the rest as it came."""
    middle = len(assignment.exercises) // 2
    answers = {e: assignment.right(e) for e in assignment.exercises[:middle]}
    exercise = assignment.exercises[middle]
    answers[exercise] = assignment.wrong(exercise)
    return assignment.hand_in(answers, writes=False)


def blank(assignment: Assignment) -> HandIn:
    """Nothing answered."""
    return assignment.hand_in({}, writes=False)


def syntax_error(assignment: Assignment) -> HandIn:
    """A syntax error in the first answer, the others right."""
    exercise = assignment.exercises[0]
    source = assignment.right(exercise).source + "\nprint((("
    return _one_spoilt(assignment, exercise, source)


def endless_loop(assignment: Assignment) -> HandIn:
    """An endless loop in the first answer, the others right."""
    exercise = assignment.exercises[0]
    source = ENDLESS.format(exercise)
    return _one_spoilt(assignment, exercise, source)


def _one_spoilt(assignment: Assignment, exercise: str, source: str) -> HandIn:
    """All right but one; what is wrong with that one has no name in the bank."""
    right = assignment.right(exercise)
    spoilt = Answer(right.path, right.line, exercise, "wrong", "", source)
    handed = assignment.hand_in({**assignment.all_right(), exercise: spoilt})
    return replace(handed, mistakes={})


def deleted_test(assignment: Assignment) -> HandIn:
    """All right, one test deleted."""

    def delete(notebook: NotebookNode) -> None:
        notebook.cells.remove(cell(notebook, f"test_{assignment.exercises[0]}"))

    return assignment.hand_in(assignment.all_right(), then=delete)


def cells_copied(assignment: Assignment) -> HandIn:
    """All right; an early try stands in a copied cell."""
    exercise = assignment.exercises[-1]

    def copy_cells(notebook: NotebookNode) -> None:
        answer, test = cell(notebook, exercise), cell(notebook, f"test_{exercise}")
        early = copy.deepcopy(answer)
        early.id, early.source = "early-try", assignment.wrong(exercise).source
        again = copy.deepcopy(test)
        again.id = "test-again"
        place = notebook.cells.index(answer)
        notebook.cells[place:place] = [early, again]

    return assignment.hand_in(assignment.all_right(), then=copy_cells)


def web_page(assignment: Assignment) -> HandIn:
    """A web page saved under the notebook's name."""
    page = b"<!DOCTYPE html>\n<html><body>Sign in to see this file.</body></html>\n"
    return HandIn({assignment.file: page}, is_readable=False)


def empty_file(assignment: Assignment) -> HandIn:
    """A file of 0 bytes."""
    return HandIn({assignment.file: b""}, is_readable=False)


def other_name(assignment: Assignment) -> HandIn:
    """All right, in a file of another name."""
    handed = all_right(assignment)
    (content,) = handed.files.values()
    name = assignment.file.replace(".ipynb", " (1).ipynb")
    return replace(handed, files={name: content})


def no_notebook(assignment: Assignment) -> HandIn:
    """A note and no notebook."""
    return HandIn({"note.txt": b"I will send it tomorrow.\n"}, is_readable=False)


STUDENTS = (
    Student("linde", "Linde", "Apfelbaum", all_right),
    Student("yolka", "Ёлка", "Берёзова", all_wrong),
    Student("drys", "Δρυς", "Κυπαρίσση", half_done),
    Student("zaytuna", "زيتونة", "أرزي", blank),
    Student("oren", "אורן", "דקלוני", syntax_error),
    Student("songbai", "柏桐", "松", endless_loop),
    Student("momiji", "もみじ", "杉野", deleted_test),
    Student("sonamu", "나무", "소", cells_copied),
    Student("devdar", "देवदार", "पीपल", web_page),
    Student("tonson", "ต้นสน", "มะขาม", empty_file),
    Student("tsaruk", "Ծառուկ", "Կաղնի", other_name),
    Student("simsir", "Şimşir", "Çınarcık", no_notebook),
)
