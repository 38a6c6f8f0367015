"""The teaching loop: build, release, hand in, grade, give feedback."""

import os
from collections.abc import Callable
from pathlib import Path

import nbformat

from course.build import pipeline, places
from course.chapters import Chapter, find_chapters, read_chapter
from course.demo.assignment import Assignment, HandIn
from course.demo.folder import hand_in, prepare
from course.demo.report import Row, make_row
from course.demo.roster import STUDENTS, Student
from course.demo.verdicts import verdicts
from course.environment import PLAINEST
from course.grade import command
from course.grade.batch import default_workers, find_class, grade_class
from course.grade.engine.coordinator import Time
from course.grade.isolation.ladder import LEVELS, Facts, advice, probe
from course.grade.record.ledger import Record
from course.grade.record.marks import Marks
from course.grade.result import Result
from course.stock import settings

TIMES = Time(cell=15)  # somebody wrote an endless loop
STEPS = 2 + 1 + len(STUDENTS)


def isolation_here(facts: Facts | None = None) -> tuple[str, str]:
    """How to lock the class's code in, and the sentence that says so.

    Args:
        facts: what this machine offers; looked up by default.

    Returns:
        the best level here, or "none" where there is none: the code is our own.

    Raises:
        RuntimeError: `course grade` does not run on this system.
    """
    facts = facts or probe()
    if facts.system != "Linux":
        raise RuntimeError(advice(facts))
    if facts.level == "D":
        return "none", (
            "students' code is not locked in, as nothing here can do that: it is our "
            f"own, so it runs with your rights. {advice(facts)}"
        )
    how = LEVELS[facts.level]
    return facts.level, f"students' code is locked in at level {facts.level}: {how}"


def teach(
    root: Path,
    slug: str,
    folder: Path,
    say: Callable[[str], None],
    isolation: str,
) -> list[Row]:
    """Teach one chapter to the made-up class, in a folder of its own.

    Args:
        root: the course.
        slug: the chapter.
        folder: where to; made anew.
        say: told of each of at most `STEPS` steps.
        isolation: from `isolation_here`.

    Returns:
        one row a student, in the order of the roster.

    Raises:
        FileNotFoundError: there is no such chapter.
        FileExistsError: the folder holds something else.
        ChapterError: the chapter breaks the rules of the build.
        RuntimeError: the grading process did not start.
    """
    (source,) = find_chapters(root, (slug,))
    prepare(root, folder, slug)
    pipeline.build(folder, (slug,), say)
    handed = receive(folder, read_chapter(source))
    say(f"{slug}: registering it and the class with nbgrader")
    results, marks = grade(folder, slug, isolation, say)
    command.feedback(folder, slug)
    return [
        compare(folder, s, handed[s.id], results[s.id], marks[s.id]) for s in STUDENTS
    ]


def receive(folder: Path, chapter: Chapter) -> dict[str, HandIn]:
    """Let each student hand in what they made of the release."""
    release = nbformat.read(folder / places.release_path(chapter.slug), as_version=4)
    assignment = Assignment(chapter, release)
    handed = {student.id: student.does(assignment) for student in STUDENTS}
    for student, sent in handed.items():
        hand_in(folder, student, chapter.slug, sent.files)
    return handed


def grade(
    folder: Path, slug: str, isolation: str, say: Callable[[str], None]
) -> tuple[dict[str, Result], dict[str, Marks]]:
    """Grade the class as `course grade` does.

    Returns:
        by student, the results and what the gradebook holds.
    """
    for name in PLAINEST:  # set for the build; students' code computes as at home
        os.environ.pop(name, None)
    group, done = find_class(folder, slug), 0
    options = command.Options(default_workers(), isolation, TIMES)

    def tell(result: Result | None) -> None:
        nonlocal done
        done += 1
        say(f"{slug}: graded {done} of {len(STUDENTS)}")

    with command.start_pool(group, options) as graders, Record("", folder) as record:
        register(record.db_url, folder)
        grade_class(group, record, graders, options.workers, tell=tell)
        results = {result.student: result for result in record.results(slug)}
        return results, record.marks(slug)


def register(db_url: str, folder: Path) -> None:
    """Enter the class into the gradebook."""
    from nbgrader.api import Gradebook

    course_id = settings(folder).CourseDirectory.course_id
    with Gradebook(db_url, course_id) as gradebook:
        for student in STUDENTS:
            name = {"first_name": student.first_name, "last_name": student.last_name}
            gradebook.add_student(student.id, **name)


def compare(
    folder: Path, student: Student, handed: HandIn, result: Result, marks: Marks
) -> Row:
    """Hold what gradebook and graded notebook say against what must come."""
    slug = result.assignment
    path = folder / "autograded" / student.id / slug / f"{slug}.ipynb"
    points = sum(mark.score or 0 for mark in marks.cells.values())
    waiting = sum(m.points for m in marks.cells.values() if m.score is None)
    said = {} if result.problem else verdicts(nbformat.read(path, as_version=4))
    return make_row(student, handed, (points, waiting), said, result.problem)
