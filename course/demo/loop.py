"""The teaching loop: build, release, hand in, look, grade, give feedback."""

import os
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
from traitlets.config import Config

from course.bank.pool import Lost, run_forked
from course.build import pipeline
from course.chapters import Chapter, find_chapters, read_chapter
from course.demo.assignment import Assignment, HandIn
from course.demo.folder import hand_in, prepare
from course.demo.look import why_unreadable
from course.demo.report import Row, make_row
from course.demo.roster import STUDENTS, Student
from course.demo.verdicts import Verdict, verdicts
from course.environment import PLAINEST
from course.stock import convert, settings

STUDENT_LIMIT_S = 600.0  # for one student's notebook as a whole
ENDLESS_LIMIT_S = 30  # for a cell of whoever wrote an endless loop
STEPS = 2 + 1 + len(STUDENTS)


def teach(
    root: Path,
    slug: str,
    folder: Path,
    say: Callable[[str], None],
) -> list[Row]:
    """Teach one chapter to the made-up class, in a folder of its own.

    Args:
        root: the course.
        slug: the chapter.
        folder: where to; made anew.
        say: told of each of at most `STEPS` steps.

    Returns:
        one row a student, in the order of the roster.

    Raises:
        FileNotFoundError: there is no such chapter.
        FileExistsError: the folder holds something else.
        ChapterError: the chapter breaks the rules of the build.
    """
    (source,) = find_chapters(root, (slug,))
    prepare(root, folder, slug)
    pipeline.build(folder, (slug,), say)
    say(f"{slug}: registering it and the class with nbgrader")
    config = class_settings(folder)
    register(config, slug)
    handed = receive(folder, read_chapter(source))
    refused = look(folder, slug)
    failed = grade(config, slug, refused, say)
    return results(folder, config, slug, handed, refused | failed)


def class_settings(folder: Path) -> Config:
    """The course's nbgrader settings, with what a demonstration does otherwise."""
    config = settings(folder)
    config.GenerateAssignment.force = True  # the build made this release already
    # Two processes write into one gradebook: who comes second waits.
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}?timeout=60"
    return config


def register(config: Config, slug: str) -> None:
    """Enter the assignment and the class into a new gradebook."""
    from nbgrader.api import Gradebook

    convert("GenerateAssignment", config, slug)
    course = config.CourseDirectory
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for student in STUDENTS:
            name = {"first_name": student.first_name, "last_name": student.last_name}
            gradebook.add_student(student.id, **name)


def receive(folder: Path, chapter: Chapter) -> dict[str, HandIn]:
    """Let each student hand in what they made of the release."""
    release = nbformat.read(folder / pipeline.release_path(chapter.slug), as_version=4)
    assignment = Assignment(chapter, release)
    handed = {student.id: student.does(assignment) for student in STUDENTS}
    for student, sent in handed.items():
        hand_in(folder, student, chapter.slug, sent.files)
    return handed


def look(folder: Path, slug: str) -> dict[str, str]:
    """Why nbgrader could not read a submission, by student; empty if it could."""
    name = f"{slug}.ipynb"
    submitted = {s.id: folder / "submitted" / s.id / slug for s in STUDENTS}
    reasons = {
        student: why_unreadable(path, name) for student, path in submitted.items()
    }
    return {student: reason for student, reason in reasons.items() if reason}


def grade(
    config: Config, slug: str, refused: dict[str, str], say: Callable[[str], None]
) -> dict[str, str]:
    """Grade every readable submission, each in a process of its own, two at a time.

    Returns:
        why grading failed, by student; empty if it did for nobody.
    """
    for name in PLAINEST:  # set for the build; students' kernels compute as at home
        os.environ.pop(name, None)
    endless_first = sorted(STUDENTS, key=lambda student: not student.is_endless)
    students = [student for student in endless_first if student.id not in refused]
    jobs = [partial(_grade_one, config, slug, student) for student in students]
    failed = {}
    for count, (i, failure) in enumerate(run_forked(jobs, STUDENT_LIMIT_S), start=1):
        if failure:
            text = failure.reason if isinstance(failure, Lost) else failure
            failed[students[i].id] = f"not graded: {text}"
        say(f"{slug}: graded {count} of {len(jobs)}, with feedback")
    return failed


def _grade_one(config: Config, slug: str, student: Student) -> str:
    """Autograde one submission and write its feedback; say what went wrong, if any."""
    if student.is_endless:
        config.Execute.timeout = ENDLESS_LIMIT_S
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # kernels warn on the terminal
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            convert("Autograde", config, slug, student.id)
            convert("GenerateFeedback", config, slug, student.id)
    except Exception as error:  # one submission never stops the others
        return f"{type(error).__name__}: {error}"
    return ""


def results(
    folder: Path,
    config: Config,
    slug: str,
    handed: dict[str, HandIn],
    failed: dict[str, str],
) -> list[Row]:
    """Hold what the gradebook and the graded notebooks say against what must come."""
    scores = dict(read_scores(config, slug))
    rows = []
    for student in STUDENTS:
        said: dict[str, Verdict] = {}
        if student.id not in failed:
            path = folder / "autograded" / student.id / slug / f"{slug}.ipynb"
            said = verdicts(nbformat.read(path, as_version=4))
        score = scores.get(student.id, (0.0, 0.0))
        reason = failed.get(student.id, "")
        rows.append(make_row(student, handed[student.id], score, said, reason))
    return rows


def read_scores(config: Config, slug: str) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each student's points given, and points that a person has yet to give."""
    from nbgrader.api import Gradebook

    course = config.CourseDirectory
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for submission in gradebook.assignment_submissions(slug):
            grades = [g for notebook in submission.notebooks for g in notebook.grades]
            waiting = sum(g.max_score for g in grades if g.needs_manual_grade)
            yield submission.student_id, (submission.score, waiting)
