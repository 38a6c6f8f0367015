"""Who wrote what and has how many points: read from nbgrader's gradebook, and saved."""

import hashlib
import json
import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from course.grade.record.gradebook import open_gradebook


class Refused(ValueError):
    """What can't be saved; says why, and what to do."""


class Stale(RuntimeError):
    """The answer or its grade is no longer what the person saw."""


@dataclass(frozen=True)
class Question:
    """A written question of an assignment, as the gradebook has it.

    Args:
        slug: the assignment.
        notebook: the name of its notebook.
        name: what that calls the cell.
        id: how the assignment calls it, "NOTEBOOK/NAME" if there are several notebooks.
        points: what it is worth.
        grade_cell, comment_cell: the keys of the cell that has the points and of the
            one that has the comment.
        answers, waiting: how many there are, and wait for a person.
    """

    slug: str
    notebook: str
    name: str
    id: str
    points: float
    grade_cell: str
    comment_cell: str
    answers: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Answer:
    """What the gradebook knows of one student's answer to a question.

    Args:
        id: the key of the grade, which tells nothing about the student.
        submission: the key of the submitted notebook; formgrader's page has it.
        student, first_name, last_name: who.
        score: the points that count, without extra credit; None while it waits for
            its first ones.
        by_hand: whether a person gave them.
        waits: whether a person is to look at it, for the first time or again.
        comment: what a person wrote beside it.
    """

    id: str
    submission: str
    student: str
    first_name: str
    last_name: str
    score: float | None
    by_hand: bool
    waits: bool
    comment: str

    def version(self, source: str) -> str:
        """A digest of what a person sees of it.

        Args:
            source: the answer itself.
        """
        seen = [source, self.score if self.by_hand else None, self.comment]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


class Answers(AbstractContextManager):
    """The written answers in a gradebook.

    Args:
        db_url: where it is, as SQLAlchemy has it.

    Raises:
        RuntimeError: another version of nbgrader made it, or it can't be opened.
    """

    def __init__(self, db_url: str):
        from nbgrader import api

        self._api, self._engine = api, open_gradebook(db_url)

    def __exit__(self, *raised) -> None:
        self._engine.dispose()

    def questions(self, slug: str = "") -> list[Question]:
        """The questions that somebody handed in an answer to, by assignment.

        Args:
            slug: of this one alone, if given.
        """
        with self._engine.begin() as connection:
            rows = [r for query in self._cells(slug) for r in connection.execute(query)]
            counts = {row[0]: row[1:] for row in connection.execute(self._counts())}
        found = []
        for *facts, notebooks in rows:
            slug, notebook, name, *_, grade_cell, _ = facts
            prefix = f"{notebook}/" if notebooks > 1 else ""
            if count := counts.get(grade_cell):
                id_ = f"{prefix}{name}"
                found.append(Question(slug, notebook, name, id_, *facts[3:], *count))
        return sorted(found, key=lambda question: (question.slug, question.id))

    def answers(self, question: Question) -> list[Answer]:
        """Everybody's answers to a question, in the order of their keys: by chance."""
        with self._engine.begin() as connection:
            return self._answers(connection, question)

    def save(
        self,
        question: Question,
        answer: str,
        version: str,
        points: float,
        comment: str,
        source: Callable[[Answer], str],
    ) -> Answer:
        """Write a person's points and comment: both, or nothing.

        Args:
            question: what was asked.
            answer: the answer's id.
            version: the digest of what the person saw.
            points: theirs.
            comment: theirs; "" for none.
            source: reads an answer as it lies there now.

        Returns:
            the answer as it is now.

        Raises:
            Refused: the points are not among those of the question.
            Stale: it was graded anew or by somebody else meanwhile, or is gone.
        """
        if not 0 <= points <= question.points:
            raise Refused(
                f"{points:g} points are out of range: 0 to {question.points:g}"
            )
        grade = self._api.Grade
        with self._engine.begin() as connection:
            found = self._answers(connection, question, answer)
            if not found:
                raise Stale("This answer is no longer in the gradebook.")
            if found[0].version(source(found[0])) != version:
                raise Stale(
                    "Meanwhile this answer was graded anew, or somebody else gave "
                    "points or a comment."
                )
            values = {"manual_score": points, "needs_manual_grade": False}
            change = update(grade.__table__).where(grade.id == answer).values(**values)
            connection.execute(change)
            self._write_comment(connection, question, found[0].submission, comment)
            return self._answers(connection, question, answer)[0]

    def _answers(
        self, connection: Connection, question: Question, only: str = ""
    ) -> list[Answer]:
        api = self._api
        grade, notebook, comment = api.Grade, api.SubmittedNotebook, api.Comment
        submitted, student = api.SubmittedAssignment, api.Student
        is_its = (comment.notebook_id == notebook.id) & (
            comment.cell_id == question.comment_cell
        )
        query = (
            select(
                *(grade.id, notebook.id, student.id),
                *(
                    func.coalesce(n, "")
                    for n in (student.first_name, student.last_name)
                ),
                func.coalesce(grade.manual_score, grade.auto_score),
                grade.manual_score.is_not(None),
                grade.needs_manual_grade,
                func.coalesce(comment.manual_comment, ""),
            )
            .join_from(grade, notebook, notebook.id == grade.notebook_id)
            .join(submitted, submitted.id == notebook.assignment_id)
            .join(student, student.id == submitted.student_id)
            .outerjoin(comment, is_its)
            .where(grade.cell_id == question.grade_cell)
            .where(or_(only == "", grade.id == only))
            .order_by(grade.id)
        )
        return [Answer(*row) for row in connection.execute(query)]

    def _write_comment(
        self, connection: Connection, question: Question, submission: str, said: str
    ) -> None:
        comment = self._api.Comment
        keys = {"notebook_id": submission, "cell_id": question.comment_cell}
        values = {"manual_comment": said or None}
        conditions = [getattr(comment, name) == key for name, key in keys.items()]
        change = update(comment.__table__).where(*conditions).values(**values)
        if not connection.execute(change).rowcount:
            row = {"id": self._api.new_uuid(), **keys, **values}
            connection.execute(insert(comment.__table__), row)

    def _cells(self, slug: str) -> list:
        """Queries for what a person grades: answers with points, and tasks."""
        api = self._api
        notebook, beside = api.Notebook, aliased(api.Notebook)
        solution = aliased(api.SolutionCell, flat=True)
        is_beside = beside.assignment_id == notebook.assignment_id
        number = select(func.count()).where(is_beside).scalar_subquery()
        answer, job = api.GradeCell, api.TaskCell
        is_same = solution.notebook_id == answer.notebook_id
        is_same &= solution.name == answer.name
        queries = []
        for kind, said in ((answer, solution), (job, job)):
            columns = (api.Assignment.name, notebook.name, kind.name, kind.max_score)
            query = (
                select(*columns, kind.id, said.id, number)
                .join_from(kind, notebook, notebook.id == kind.notebook_id)
                .join(api.Assignment, api.Assignment.id == notebook.assignment_id)
                .where(or_(slug == "", api.Assignment.name == slug))
            )
            queries.append(query.join(said, is_same) if kind is answer else query)
        return queries

    def _counts(self):
        grade = self._api.Grade
        waits = func.sum(case((grade.needs_manual_grade, 1), else_=0))
        return select(grade.cell_id, func.count(), waits).group_by(grade.cell_id)


def read_points(text: object) -> float:
    """A number of points as a person writes it: "1.5", or "1,5".

    Raises:
        Refused: it is none.
    """
    try:
        points = float(str(text).strip().replace(",", "."))
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        said = f"{text!r} is no number" if str(text).strip() else "there are none"
        raise Refused(f"Points: {said}. Write one such as 1.5.")
    return points
