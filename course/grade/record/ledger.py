"""Who got what: one writer, one transaction a submission, nbgrader's own gradebook."""

import copy
import sys
import tempfile
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from filelock import FileLock, Timeout
from sqlalchemy import Connection, delete, insert, select, update

from course.environment import prepare_environment
from course.grade.plan import Assignment
from course.grade.record.entry import Entry, Lateness, Registered, as_utc, late_by
from course.grade.record.gradebook import course_grading, open_gradebook
from course.grade.record.marks import Mark, Marks
from course.grade.record.queries import Queries
from course.grade.result import Result
from course.stock import convert, settings

if TYPE_CHECKING:
    from course.grade.intake.submission import Submission


PREPARE_S = 300  # for another `course grade` to register the assignment


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
        self._queries = Queries(api)
        self._preparing = FileLock(root / ".gradebook.db.lock", timeout=PREPARE_S)
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
        slug = assignment.slug
        try:
            with self._preparing:  # nbgrader registers in several transactions
                self.check_cells(assignment)
                notebook = self._released(slug)
                with self._engine.begin() as connection:
                    found = self._read_registered(connection, slug, notebook)
        except Timeout as error:
            raise RuntimeError(
                f"another `course grade` has been registering {slug} for {PREPARE_S} s"
            ) from error
        self._registered[slug] = found
        return notebook

    def _released(self, slug: str) -> nbformat.NotebookNode:
        """The notebook that nbgrader releases, and with it the rows that it writes."""
        config = copy.deepcopy(self._config)
        with tempfile.TemporaryDirectory() as folder:
            config.CourseDirectory.release_directory = folder
            convert("GenerateAssignment", config, slug)
            return nbformat.read(Path(folder) / slug / f"{slug}.ipynb", as_version=4)

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

    def date(self, submission: "Submission", slug: str) -> None:
        """Note the time at which a submission that is graded already was handed in: its
        file may be newer than its grade.

        Args:
            submission: as it lies there now; without a time nothing changes.
            slug: the assignment.
        """
        if submission.timestamp is None:
            return
        kind, assignment = self._api.SubmittedAssignment, self._api.Assignment
        of_it = select(assignment.id).where(assignment.name == slug).scalar_subquery()
        change = (
            update(kind.__table__)
            .where(kind.assignment_id == of_it)
            .where(kind.student_id == submission.student)
            .values(timestamp=as_utc(submission.timestamp))
        )
        with self._engine.begin() as connection:
            connection.execute(change)

    def check_cells(self, assignment: Assignment) -> None:
        """See that no cell came or went since somebody was graded.

        Raises:
            RuntimeError: some did, and nbgrader takes that no more; says which.
        """
        slug = assignment.slug
        with self._engine.begin() as connection:
            old = set(connection.scalars(self._queries.graded_cells(slug)))
        new = {cell.grade_id for cell in assignment.cells}
        changes = {"came": sorted(new - old), "went": sorted(old - new)}
        told = [f"{how}: {', '.join(names)}" for how, names in changes.items() if names]
        if old and told:
            raise RuntimeError(
                f"since somebody was graded in {slug}, cells {'; '.join(told)}. "
                "nbgrader takes that no more: give the chapter a new name, or put them "
                "back"
            )

    def students(self) -> set[str]:
        """The ids of everybody in the gradebook."""
        with self._engine.begin() as connection:
            return set(connection.scalars(select(self._api.Student.id)))

    def enrolled(self, slug: str) -> set[str]:
        """The ids of those who are there by more than the grading of one assignment:
        a name, an address, another assignment, or nothing handed in so far.

        Args:
            slug: that assignment.
        """
        with self._engine.begin() as connection:
            return set(connection.scalars(self._queries.enrolled(slug)))

    def settle(self, slug: str) -> None:
        """Have what being late costs follow the points, a person's among them.

        Args:
            slug: the chapter's slug.
        """
        with self._engine.begin() as connection:
            Lateness(connection, self._late).settle(slug)

    def done(self, slug: str) -> dict[str, str]:
        """Who is graded already, by this version of the assignment or an older one.

        Args:
            slug: the chapter's slug.

        Returns:
            the SHA-256 of the submission that was graded, by student; not of one whose
            stored result is damaged, who is graded anew.
        """
        return {r.student: r.submission_digest for r in self.results(slug, tell=False)}

    def results(self, slug: str, tell: bool = True) -> list[Result]:
        """The results of an assignment by student, without outputs.

        Args:
            slug: the chapter's slug.
            tell: whether to say on standard error whose stored result is damaged and
                so left out.
        """
        is_it = course_grading.c.assignment == slug
        with self._engine.begin() as connection:
            rows = connection.execute(self._queries.results().where(is_it)).all()
        found = []
        for row in rows:
            try:
                found.append(Result.from_json(row.result))
            except (ValueError, TypeError, KeyError, AttributeError):
                words = f"the stored result of {row.student} in {slug} is damaged"
                if tell:
                    print(f"{words}: `course grade {slug}` mends it", file=sys.stderr)
        return found

    def marks(self, slug: str) -> dict[str, Marks]:
        """What each student has for each cell, and what being late costs.

        Args:
            slug: the chapter's slug.
        """
        with self._engine.begin() as connection:
            grades = connection.execute(self._queries.grades(slug)).all()
            said = {
                (row.student_id, row.name): row
                for row in connection.execute(self._queries.comments(slug))
            }
        found: dict[str, Marks] = {}
        for row in grades:
            late_s = max(late_by(row.timestamp, row.duedate, row.extension), 0)
            marks = Marks({}, row.late_submission_penalty or 0, row.timestamp, late_s)
            cells = found.setdefault(row.student_id, marks).cells
            cells[row.name] = _mark(row, _comment(said, row.student_id, row.name))
        return found

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


def _mark(row: Any, comment: str) -> Mark:
    """A grade in our words; nbgrader counts extra credit once there is a score."""
    waits = row.auto_score is None and row.manual_score is None
    return Mark(
        score=None if waits else row.score,
        points=row.max_score,
        by_hand=row.manual_score is not None,
        extra=0 if waits else row.extra_credit or 0,
        comment=comment,
    )


def _comment(said: dict[tuple[str, str], Any], student: str, grade_id: str) -> str:
    """The comment on a written answer or, for a test, a person's on the answer."""
    if row := said.get((student, grade_id)):
        return row.comment or ""
    row = said.get((student, grade_id.removeprefix("test_")))
    return (row.manual_comment or "") if row else ""


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
