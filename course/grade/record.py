"""Who got what: one writer, one transaction a submission, nbgrader's own gradebook.

gradebook   the database, opened once for a batch
entry       one submission's rows in nbgrader's tables
"""

import copy
import tempfile
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from sqlalchemy import Connection, Select, delete, insert, select
from sqlalchemy.orm import aliased

from course.environment import prepare_environment
from course.grade.entry import Entry, Registered, as_utc
from course.grade.gradebook import course_grading, open_gradebook
from course.grade.plan import Assignment
from course.grade.result import Result
from course.stock import convert, settings

if TYPE_CHECKING:
    from course.grade.intake import Submission

# Points (None until a person gave them), the most there are, a comment.
Marks = tuple[float | None, float, str]


@dataclass(frozen=True)
class Change:
    """One exercise that regrading gives other points for.

    Args:
        student: the student's id.
        exercise: the exercise's id.
        before: points so far; None if it was not graded.
        after: points now; None if it is not graded any more.
    """

    student: str
    exercise: str
    before: float | None
    after: float | None


def changes(old: Iterable[Result], new: Iterable[Result]) -> list[Change]:
    """Who would get other points, for what, and how many.

    Args:
        old: what the gradebook holds.
        new: what grading again gives; whoever is not in it does not change.
    """
    before = {result.student: result.verdicts for result in old}
    found = []
    for result in sorted(new, key=lambda result: result.student):
        had, has = before.get(result.student, {}), result.verdicts
        for test in dict.fromkeys([*has, *had]):
            was = had[test].score if test in had else None
            now = has[test].score if test in has else None
            if was != now:
                exercise = test.removeprefix("test_")
                found.append(Change(result.student, exercise, was, now))
    return found


class Record(AbstractContextManager):
    """The gradebook of a course, open for a batch.

    Args:
        db_url: where it is; "" for where the course's nbgrader settings have it, which
            is gradebook.db in the course's folder unless they say otherwise.
        root: the course's folder.

    Raises:
        RuntimeError: another version of nbgrader made the gradebook.
    """

    def __init__(self, db_url: str, root: Path):
        prepare_environment()
        from nbgrader import api
        from nbgrader.coursedir import CourseDirectory

        self._api, self._config = api, settings(root)
        if db_url:
            self._config.CourseDirectory.db_url = db_url
        self._config.CourseDirectory.db_url = self.db_url = CourseDirectory(
            config=self._config
        ).db_url
        self._engine = open_gradebook(self.db_url)
        self._registered: dict[str, Registered] = {}
        self._late = self._late_plugin()

    def __exit__(self, *raised) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def prepare(self, assignment: Assignment) -> nbformat.NotebookNode:
        """Register the assignment, or what its author changed, as stock nbgrader does.

        Returns:
            the notebook that `autograded_notebook` starts from: answers as released,
            tests whole, and the checksums by which nbgrader sees what was changed.

        Raises:
            RuntimeError: nbgrader refuses, for instance because a cell came or went
                and there are submissions; says so in nbgrader's words.
        """
        config, slug = copy.deepcopy(self._config), assignment.slug
        with tempfile.TemporaryDirectory() as folder:
            config.CourseDirectory.release_directory = folder
            convert("GenerateAssignment", config, slug)
            path = Path(folder) / slug / f"{slug}.ipynb"
            notebook = nbformat.read(path, as_version=4)
        with self._engine.begin() as connection:
            self._registered[slug] = self._read_registered(connection, slug, notebook)
        return notebook

    def write(self, submission: "Submission", result: Result) -> None:
        """Put a result into the gradebook: all of it, or nothing if we are stopped.

        Args:
            submission: what was graded; its answers tell what a person has to grade.
            result: how it was graded; a test without a verdict has 0 points.

        Raises:
            KeyError: the assignment was not prepared.
        """
        registered = self._registered[result.assignment]
        with self._engine.begin() as connection:
            Entry(connection, registered, self._late).write(submission, result)
            _replace_row(connection, result)

    def done(self, assignment_digest: str) -> dict[str, str]:
        """Who is graded with this version of the assignment already.

        Returns:
            the SHA-256 of the submission that was graded, by student.
        """
        digest = course_grading.c.assignment_digest == assignment_digest
        with self._engine.begin() as connection:
            rows = connection.execute(self._rows().where(digest)).all()
        return {row.student: row.submission_digest for row in rows}

    def results(self, slug: str) -> list[Result]:
        """The results of an assignment by student, without outputs.

        Args:
            slug: the chapter's slug.
        """
        is_it = course_grading.c.assignment == slug
        with self._engine.begin() as connection:
            rows = connection.execute(self._rows().where(is_it)).all()
        return [Result.from_json(row.result) for row in rows]

    def manual(self, slug: str) -> dict[str, dict[str, Marks]]:
        """What a person gave for written answers, by student and grade id.

        Args:
            slug: the chapter's slug.
        """
        with self._engine.begin() as connection:
            rows = connection.execute(self._marks(slug)).all()
        found: dict[str, dict[str, Marks]] = {row.student_id: {} for row in rows}
        for row in rows:
            waits = row.auto_score is None and row.manual_score is None
            marks = (None if waits else row.score, row.max_score, row.comment or "")
            found[row.student_id][row.name] = marks
        return found

    def _marks(self, slug: str) -> Select:
        """Grade and comment of each written answer."""
        api = self._api
        grade, notebook = api.Grade, api.SubmittedNotebook
        submitted, comment = api.SubmittedAssignment, api.Comment
        cell, answer = api.GradeCell, aliased(api.SolutionCell, flat=True)
        said, score = comment.comment.label("comment"), grade.score.label("score")
        columns = (submitted.student_id, cell.name, cell.max_score, said)
        return (
            select(*columns, grade.auto_score, grade.manual_score, score)
            .join_from(grade, cell, cell.id == grade.cell_id)
            .join(notebook, notebook.id == grade.notebook_id)
            .join(submitted, submitted.id == notebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
            .join(comment, comment.notebook_id == notebook.id)
            .join(answer, answer.id == comment.cell_id)
            .where(api.Assignment.name == slug, answer.name == cell.name)
        )

    def _rows(self) -> Select:
        """Our rows, of submissions that nobody has taken out of the gradebook since."""
        row, assignment = course_grading.c, self._api.Assignment
        submitted = self._api.SubmittedAssignment
        return (
            select(course_grading)
            .join(assignment, assignment.name == row.assignment)
            .join(submitted, submitted.assignment_id == assignment.id)
            .where(submitted.student_id == row.student)
            .order_by(row.student)
        )

    def _late_plugin(self) -> Any:
        """The course's rule for late submissions; None if it is switched off."""
        from nbgrader.preprocessors import AssignLatePenalties

        late = AssignLatePenalties(config=self._config)
        late.init_plugin()
        return late.plugin_inst if late.enabled else None

    def _read_registered(
        self, connection: Connection, slug: str, notebook: nbformat.NotebookNode
    ) -> Registered:
        """What was registered; gives a released notebook its whole tests back."""
        api = self._api
        keys = connection.execute(
            select(api.Assignment.id, api.Notebook.id)
            .join(api.Notebook, api.Notebook.assignment_id == api.Assignment.id)
            .where(api.Assignment.name == slug, api.Notebook.name == slug)
        ).one()

        def rows(kind: Any, *columns: Any) -> list:
            query = select(kind.name, *columns).where(kind.notebook_id == keys[1])
            return connection.execute(query).all()

        stored = rows(api.SourceCell, api.SourceCell.source, api.SourceCell.checksum)
        sources = {row.name: row for row in stored}
        for cell in notebook.cells:
            row = sources[cell.metadata.nbgrader.grade_id]
            cell.source, cell.metadata.nbgrader.checksum = row.source, row.checksum
        points = {row.name: row.id for row in rows(api.GradeCell, api.GradeCell.id)}
        answers = {
            row.name: row.id for row in rows(api.SolutionCell, api.SolutionCell.id)
        }
        released = {name: sources[name].source for name in answers}
        return Registered(*keys, points, answers, released)


def _replace_row(connection: Connection, result: Result) -> None:
    """Put our own row of this student and assignment in the place of an older one."""
    row = course_grading.c
    old = (row.student == result.student, row.assignment == result.assignment)
    connection.execute(delete(course_grading).where(*old))
    values = {
        "student": result.student,
        "assignment": result.assignment,
        "assignment_digest": result.assignment_digest,
        "submission_digest": result.submission_digest,
        "isolation": result.isolation,
        "seconds": result.seconds,
        "result": replace(result, outputs={}).to_json(),
        "graded_at": as_utc(datetime.now(UTC)),
    }
    connection.execute(insert(course_grading), values)
