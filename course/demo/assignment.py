"""A released assignment, and the notebooks that students make of it."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from course.chapters import Answer, Chapter

WRITTEN = "It depends on how often such errors come, and on what each of them costs."


@dataclass(frozen=True)
class HandIn:
    """What a student sends, and what must come of it by construction.

    Args:
        files: contents by file name.
        points: what the tests must give.
        to_grade: points that a person has yet to give for written answers.
        mistakes: the name of the mistake that must be told, by exercise.
        is_readable: whether it can be read.
    """

    files: dict[str, bytes]
    points: float = 0
    to_grade: float = 0
    mistakes: dict[str, str] = field(default_factory=dict)
    is_readable: bool = True


class Assignment:
    """What a class is given: a chapter's released exercises, with the bank behind them.

    Args:
        chapter: the chapter, as authors know it.
        release: the notebook that students get.
    """

    def __init__(self, chapter: Chapter, release: NotebookNode):
        self.chapter, self.release = chapter, release
        self.exercises = list(chapter.cells("exercise"))
        self.file = f"{chapter.slug}.ipynb"

    def right(self, exercise: str) -> Answer:
        """An answer that is right and isn't the reference."""
        return self.chapter.bank(exercise, "right")[0]

    def wrong(self, exercise: str) -> Answer:
        """The first wrong answer of the bank, which is the likeliest mistake."""
        return self.chapter.bank(exercise, "wrong")[0]

    def all_right(self) -> dict[str, Answer]:
        """A right answer to every exercise."""
        return {exercise: self.right(exercise) for exercise in self.exercises}

    def hand_in(
        self,
        answers: Mapping[str, Answer],
        writes: bool = True,
        then: Callable[[NotebookNode], None] = lambda notebook: None,
    ) -> HandIn:
        """Answer exercises of the bank and say what that is worth.

        Args:
            answers: answers of the bank by exercise; no entry, no answer.
            writes: whether to answer what a person grades.
            then: what the student does to the notebook besides.
        """
        notebook = copy.deepcopy(self.release)
        for exercise, answer in answers.items():
            cell(notebook, exercise).source = answer.source
        manual = self.chapter.cells("manual") if writes else {}
        for name, question in manual.items():
            mark = "# " if question.is_code else ""
            cell(notebook, name).source = mark + WRITTEN
        then(notebook)
        tests = self.chapter.cells("test")
        is_right = {exercise: a.kind == "right" for exercise, a in answers.items()}
        return HandIn(
            files={self.file: nbformat.writes(notebook).encode()},
            points=sum(tests[e].points for e, right in is_right.items() if right),
            to_grade=sum(question.points for question in manual.values()),
            mistakes={
                e: answers[e].title for e, right in is_right.items() if not right
            },
        )


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with this grade id."""
    return next(c for c in notebook.cells if _grade_id(c) == grade_id)


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")
