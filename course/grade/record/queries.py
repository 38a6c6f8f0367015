"""What nbgrader's tables and ours are asked, as SQLAlchemy has it."""

from typing import Any

from sqlalchemy import Select, func, or_, select

from course.grade.record.gradebook import course_grading


class Queries:
    """The questions to a gradebook.

    Args:
        api: `nbgrader.api`, whose models are its tables.
    """

    def __init__(self, api: Any):
        self._api = api

    def graded_cells(self, slug: str) -> Select:
        """The names of an assignment's notebooks and of their cells, if somebody was
        graded in it.
        """
        api = self._api
        return (
            select(api.Notebook.name, api.SourceCell.name)
            .join(api.Notebook, api.Notebook.id == api.SourceCell.notebook_id)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .where(api.Assignment.name == slug)
            .where(api.Assignment.submissions.any())
        )

    def enrolled(self, slug: str) -> Select:
        """The ids of those who are there by more than one assignment's grading."""
        student, submitted = self._api.Student, self._api.SubmittedAssignment
        assignment = self._api.Assignment
        facts = (student.first_name, student.last_name, student.email)
        facts += (student.lms_user_id,)
        of_it = select(assignment.id).where(assignment.name == slug).scalar_subquery()
        return select(student.id).where(
            or_(
                *(func.coalesce(fact, "") != "" for fact in facts),
                student.submissions.any(submitted.assignment_id != of_it),
                ~student.submissions.any(),
            )
        )

    def grades(self, slug: str) -> Select:
        """The grade of each cell that gives points by a test or by an answer."""
        return self._grades(slug, self._api.GradeCell)

    def task_grades(self, slug: str) -> Select:
        """The grade of each task, which a person gives."""
        return self._grades(slug, self._api.TaskCell)

    def _grades(self, slug: str, cell: Any) -> Select:
        grade = self._api.Grade
        score = grade.score.label("score")
        columns = (cell.name, cell.max_score, score, grade.auto_score)
        columns += (grade.manual_score, grade.extra_credit)
        return self._of_notebooks(slug, grade, cell, columns)

    def comments(self, slug: str) -> Select:
        """The comment on each cell that students fill in."""
        comment, cell = self._api.Comment, self._api.SolutionCell
        said = comment.comment.label("comment")
        columns = (cell.name, said, comment.manual_comment)
        return self._of_notebooks(slug, comment, cell, columns)

    def _of_notebooks(self, slug: str, kind: Any, cell: Any, columns: tuple) -> Select:
        """Rows of a kind with their cell, student and notebook."""
        notebook, submitted = self._api.SubmittedNotebook, self._api.SubmittedAssignment
        assignment = self._api.Assignment
        whose = (submitted.student_id, submitted.timestamp)
        student, source = self._api.Student, self._api.Notebook
        whose += (notebook.late_submission_penalty, source.name.label("notebook"))
        whose += (student.first_name, student.last_name)
        whose += (submitted.extension, assignment.duedate)
        return (
            select(*whose, *columns)
            .join_from(kind, cell, cell.id == kind.cell_id)
            .join(notebook, notebook.id == kind.notebook_id)
            .join(source, source.id == notebook.notebook_id)
            .join(submitted, submitted.id == notebook.assignment_id)
            .join(assignment, assignment.id == submitted.assignment_id)
            .join(student, student.id == submitted.student_id)
            .where(assignment.name == slug)
        )

    def results(self) -> Select:
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
