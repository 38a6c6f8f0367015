"""One submission's rows in nbgrader's tables, as `nbgrader autograde` leaves them.

A person's manual scores, extra credit and comments are never written here, so that
they outlast every regrading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from course.grade.result import Result

if TYPE_CHECKING:
    from course.grade.intake.submission import Submission

NO_RESPONSE = "No response."  # nbgrader's comment on an answer left as it was released


@dataclass(frozen=True)
class Registered:
    """One notebook of an assignment as the gradebook knows it.

    Args:
        assignment: the assignment's key.
        notebook: the notebook's.
        prefix: what stands before the names of its cells in our verdicts.
        tasks: the names of cells that a person grades by what a student adds to them;
            they are among `points`.
        points: key of each cell that gives points, by grade id.
        answers: key of each cell that students fill in, by grade id.
        released: what such a cell holds in the release, by grade id.
    """

    assignment: str
    notebook: str
    points: dict[str, str]
    answers: dict[str, str]
    released: dict[str, str]
    prefix: str = ""
    tasks: frozenset[str] = frozenset()

    def is_answered(self, grade_id: str, answers: dict[str, str]) -> bool:
        """Whether a student wrote something in a cell."""
        answer = answers.get(grade_id, "")
        return bool(answer.strip()) and answer != self.released[grade_id]


class Entry:
    """Writes one submission within the caller's transaction.

    Args:
        connection: with the transaction.
        registered: the notebooks of the assignment.
        late: nbgrader's plugin for late submissions; None if they cost nothing.
    """

    def __init__(
        self, connection: Connection, registered: Sequence[Registered], late: Any
    ):
        from nbgrader import api

        self._api, self._connection = api, connection
        self._notebooks, self._lateness = registered, Lateness(connection, late)

    def write(self, submission: "Submission", result: Result) -> None:
        """Write student, submission, grades, comments and what being late costs.

        Args:
            submission: what was graded.
            result: how; a test without a verdict has 0 points.
        """
        self._find_or_add(self._api.Student, {"id": result.student})
        submitted = self._submitted(submission, result.student)
        for registered in self._notebooks:
            self._registered = registered
            notebook = self._find_or_add(
                self._api.SubmittedNotebook,
                {"notebook_id": registered.notebook, "assignment_id": submitted},
                {"flagged": False},
            )
            answers = {
                cell.grade_id.removeprefix(registered.prefix): cell.source
                for cell in submission.cells
                if cell.grade_id.startswith(registered.prefix)
            }
            self._write_grades(notebook, answers, result)
            self._write_comments(notebook, answers, is_readable=bool(answers))
            self._lateness.write(submitted, notebook, result.student)

    def _submitted(self, submission: "Submission", student: str) -> str:
        """The key of the submitted assignment, made if it is new, its time set."""
        kind = self._api.SubmittedAssignment
        keys = {"assignment_id": self._notebooks[0].assignment, "student_id": student}
        submitted = self._find_or_add(kind, keys)
        if submission.timestamp is not None:
            self._set(kind, submitted, {"timestamp": as_utc(submission.timestamp)})
        return submitted

    def _write_grades(
        self, notebook: str, answers: dict[str, str], result: Result
    ) -> None:
        grade, registered = self._api.Grade, self._registered
        query = select(grade.cell_id, grade.manual_score)
        query = query.where(grade.notebook_id == notebook)
        there = {
            row.cell_id: row.manual_score for row in self._connection.execute(query)
        }
        rows = []
        for grade_id, cell in registered.points.items():
            if grade_id in registered.tasks:  # one that is there waits for a person
                score = None if answers else 0
            elif grade_id not in registered.answers:
                verdict = result.verdicts.get(f"{registered.prefix}{grade_id}")
                score = verdict.score if verdict else 0
            else:  # a written answer has nothing, or waits for a person
                is_answered = registered.is_answered(grade_id, answers)
                score = None if is_answered else 0
            # A person's score stands, and is put before a person again: stock's rule.
            waits = score is None or there.get(cell) is not None
            values = {"auto_score": score, "needs_manual_grade": waits}
            rows.append({"cell_id": cell, **values})
        self._put(grade.__table__, notebook, there, rows)

    def _write_comments(
        self, notebook: str, answers: dict[str, str], is_readable: bool
    ) -> None:
        comment, registered = self._api.Comment, self._registered
        query = select(comment.cell_id).where(comment.notebook_id == notebook)
        there = set(self._connection.scalars(query))
        rows = []
        for grade_id, cell in registered.answers.items():
            is_blank = is_readable and not registered.is_answered(grade_id, answers)
            is_blank = is_blank and grade_id not in registered.tasks
            said = NO_RESPONSE if is_blank else None
            rows.append({"cell_id": cell, "auto_comment": said})
        self._put(comment.__table__, notebook, there, rows)

    def _put(self, table: Table, notebook: str, there, rows: list[dict]) -> None:
        """Add rows of a submitted notebook, or change those whose cell is `there`."""
        new = [row for row in rows if row["cell_id"] not in there]
        old = [row for row in rows if row["cell_id"] in there]
        if new:
            own = [
                {"id": self._api.new_uuid(), "notebook_id": notebook, **row}
                for row in new
            ]
            self._connection.execute(insert(table), own)
        if old:
            change = update(table).where(
                table.c.notebook_id == notebook, table.c.cell_id == bindparam("cell")
            )
            renamed = [{"cell": row.pop("cell_id"), **row} for row in old]
            self._connection.execute(change, renamed)

    def _find_or_add(self, kind: Any, keys: dict, more: dict | None = None) -> str:
        """The id of the row with these keys, made with `more` if it is not there."""
        conditions = [getattr(kind, name) == value for name, value in keys.items()]
        found = self._connection.scalar(select(kind.id).where(*conditions))
        if found is None:
            row = {"id": self._api.new_uuid(), **keys, **(more or {})}
            self._connection.execute(insert(kind.__table__), row)
            found = row["id"]
        return found

    def _set(self, kind: Any, key: str, values: dict) -> None:
        change = update(kind.__table__).where(kind.id == key)
        self._connection.execute(change.values(**values))


class Lateness:
    """What being late costs, within the caller's transaction.

    Args:
        connection: with the transaction.
        late: nbgrader's plugin for late submissions; None if they cost nothing.
    """

    def __init__(self, connection: Connection, late: Any):
        from nbgrader import api

        self._api, self._connection, self._late = api, connection, late

    def settle(self, slug: str) -> None:
        """Work it out anew for everybody: points, due date or rule may have changed.

        Args:
            slug: the assignment.
        """
        notebook, submitted = self._api.SubmittedNotebook, self._api.SubmittedAssignment
        assignment = self._api.Assignment
        query = (
            select(submitted.id, notebook.id, submitted.student_id)
            .join_from(notebook, submitted, submitted.id == notebook.assignment_id)
            .join(assignment, assignment.id == submitted.assignment_id)
            .where(assignment.name == slug)
        )
        if self._late is None:  # there may be some of a rule that was taken out
            query = query.where(notebook.late_submission_penalty.is_not(None))
        for row in self._connection.execute(query).all():
            self.write(*row)

    def write(self, submitted: str, notebook: str, student: str) -> None:
        """Write one student's, by the course's plugin: between 0 and the score.

        Args:
            submitted, notebook: the keys of what was handed in.
            student: who did.
        """
        late_s = self._late_s(submitted) if self._late else 0
        penalty = None
        if late_s > 0:
            grade = self._api.Grade
            query = select(func.coalesce(func.sum(grade.score), 0.0))
            query = query.where(grade.notebook_id == notebook)
            score = self._connection.scalar(query)
            penalty = self._asked(student, score, late_s)
        if penalty is not None:
            penalty = min(max(penalty, 0), score)
        kind = self._api.SubmittedNotebook
        change = update(kind.__table__).where(kind.id == notebook)
        self._connection.execute(change.values(late_submission_penalty=penalty))

    def _asked(self, student: str, score: float, late_s: float) -> float | None:
        try:
            return self._late.late_submission_penalty(student, score, late_s)
        except Exception as error:  # whatever an instructor wrote there
            raise RuntimeError(
                f"the rule for late submissions, {type(self._late).__name__} in "
                f"nbgrader_config.py, fails: {type(error).__name__}: {error}"
            ) from error

    def _late_s(self, submitted: str) -> float:
        """How late a submission is, in seconds; negative if it is early."""
        kind, assignment = self._api.SubmittedAssignment, self._api.Assignment
        row = self._connection.execute(
            select(kind.timestamp, kind.extension, assignment.duedate)
            .join(assignment, assignment.id == kind.assignment_id)
            .where(kind.id == submitted)
        ).one()
        return late_by(row.timestamp, row.duedate, row.extension)


def late_by(
    handed_in: datetime | None, due: datetime | None, extension: timedelta | None
) -> float:
    """How late something is, in seconds; negative if early, 0 if nobody knows."""
    if handed_in is None or due is None:
        return 0
    return (handed_in - due - (extension or timedelta())).total_seconds()


def as_utc(time: datetime) -> datetime:
    """nbgrader's times are UTC and don't say so; one without a zone is UTC already."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
