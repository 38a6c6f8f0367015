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
from course.grade.record.gradebook import (
    add_nameless_course,
    course_grading,
    open_gradebook,
)
from course.grade.record.marks import Mark, Marks
from course.grade.record.queries import Queries
from course.grade.record.upgraded import write_upgraded
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

        self._api, self._config, self._root = api, settings(root), root
        self._queries = Queries(api)
        self._preparing = FileLock(root / ".gradebook.db.lock", timeout=PREPARE_S)
        if db_url:
            self._config.CourseDirectory.db_url = db_url
        course = CourseDirectory(config=self._config)
        self._config.CourseDirectory.db_url = self.db_url = course.db_url
        self._engine = open_gradebook(self.db_url)
        if not course.course_id:  # as in a course without any settings
            add_nameless_course(self._engine)
        self._registered: dict[str, list[Registered]] = {}
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
        (notebook,) = self.prepare_all(assignment).values()
        return notebook

    def prepare_all(self, assignment: Assignment) -> dict[str, nbformat.NotebookNode]:
        """The same for each notebook of an assignment, by its name."""
        slug = assignment.slug
        try:
            with self._preparing:  # nbgrader registers in several transactions
                self.check_cells(assignment)
                notebooks = self._released(assignment)
                with self._engine.begin() as connection:
                    found = [
                        self._read_registered(connection, assignment, *pair)
                        for pair in notebooks.items()
                    ]
        except Timeout as error:
            raise RuntimeError(
                f"another `course grade` has been registering {slug} for {PREPARE_S} s"
            ) from error
        self._registered[slug] = found
        return notebooks

    def _released(self, assignment: Assignment) -> dict[str, nbformat.NotebookNode]:
        """What nbgrader releases, and with it the rows that it writes."""
        config, slug = copy.deepcopy(self._config), assignment.slug
        with tempfile.TemporaryDirectory() as folder:
            config.CourseDirectory.release_directory = f"{folder}/release"
            if assignment.brought:
                config.CourseDirectory.source_directory = f"{folder}/source"
                source = self._root / "source" / slug
                write_upgraded(source, Path(folder, "source", slug))
            convert("GenerateAssignment", config, slug)
            places = {n: Path(folder, "release", slug) for n in assignment.notebooks}
            return {
                name: nbformat.read(place / f"{name}.ipynb", as_version=4)
                for name, place in places.items()
            }

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
            rows = connection.execute(self._queries.graded_cells(slug)).all()
        prefixes = {name: _prefix(assignment, name) for name, _ in rows}
        old = {f"{prefixes[notebook]}{name}" for notebook, name in rows}
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
            grades += connection.execute(self._queries.task_grades(slug)).all()
            said = {
                (row.student_id, row.notebook, row.name): row
                for row in connection.execute(self._queries.comments(slug))
            }
        has_several = len({row.notebook for row in grades}) > 1
        found: dict[str, Marks] = {}
        penalties: dict[tuple, float] = {}
        for row in grades:
            cells = found.setdefault(row.student_id, _without_cells(row)).cells
            name = f"{row.notebook}/{row.name}" if has_several else row.name
            cells[name] = _mark(row, _comment(said, row))
            cost = row.late_submission_penalty or 0
            penalties[row.student_id, row.notebook] = cost
        return {
            student: replace(
                marks, penalty=sum(c for (s, _), c in penalties.items() if s == student)
            )
            for student, marks in found.items()
        }

    def _late_plugin(self) -> Any:
        """The course's rule for late submissions; None if it is switched off."""
        from nbgrader.preprocessors import AssignLatePenalties

        late = AssignLatePenalties(config=self._config)
        late.init_plugin()
        return late.plugin_inst if late.enabled else None

    def _read_registered(
        self,
        connection: Connection,
        assignment: Assignment,
        name: str,
        notebook: nbformat.NotebookNode,
    ) -> Registered:
        """What was registered; gives a released notebook its whole tests back."""
        api = self._api
        keys = connection.execute(
            select(api.Assignment.id, api.Notebook.id)
            .join(api.Notebook, api.Notebook.assignment_id == api.Assignment.id)
            .where(api.Assignment.name == assignment.slug, api.Notebook.name == name)
        ).one()

        def rows(kind: Any, *columns: Any) -> list:
            query = select(kind.name, *columns).where(kind.notebook_id == keys[1])
            return connection.execute(query).all()

        stored = rows(api.SourceCell, api.SourceCell.source, api.SourceCell.checksum)
        sources = {row.name: row for row in stored}
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            row = sources.get(meta.get("grade_id"))
            if row is None:  # nbgrader leaves it alone
                continue
            cell.source, cell.metadata.nbgrader.checksum = row.source, row.checksum
        points, answers, tasks = (
            {row.name: row.id for row in rows(kind, kind.id)}
            for kind in (api.GradeCell, api.SolutionCell, api.TaskCell)
        )
        points, answers = points | tasks, answers | tasks
        released = {name: sources[name].source for name in answers}
        prefix = _prefix(assignment, name)
        return Registered(*keys, points, answers, released, prefix, frozenset(tasks))


def _without_cells(row: Any) -> Marks:
    """What a row of any of its cells says of a submission as a whole."""
    name = " ".join(filter(None, (row.first_name, row.last_name)))
    late_s = max(late_by(row.timestamp, row.duedate, row.extension), 0)
    return Marks(handed_in=row.timestamp, name=name, late_s=late_s)


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


def _prefix(assignment: Assignment, notebook: str) -> str:
    """What stands before the name of a cell in an assignment of several notebooks."""
    return f"{notebook}/" if len(assignment.notebooks) > 1 else ""


def _comment(said: dict[tuple[str, str, str], Any], grade: Any) -> str:
    """The comment on a written answer or, for a test, a person's on the answer."""
    where = grade.student_id, grade.notebook
    if row := said.get((*where, grade.name)):
        return row.comment or ""
    row = said.get((*where, grade.name.removeprefix("test_")))
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
