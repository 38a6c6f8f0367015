"""A class graded from `submitted/` to gradebook, one row a student, whatever comes."""

import os
from collections.abc import Callable, Collection, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Protocol

from course.grade.intake.submission import Submission, find_students, read_submission
from course.grade.plan import Assignment, read_assignment
from course.grade.record.autograded import autograded_path, write_all
from course.grade.record.changes import Change, changes
from course.grade.record.generated import generated
from course.grade.record.ledger import Record
from course.grade.result import Result
from course.grade.sheets import packed_files
from course.stock import settings

AHEAD = 2  # submissions read before their turn, for each worker


class Pool(Protocol):
    """What grades a submission somewhere."""

    def submit(self, submission: Submission) -> Future: ...


@dataclass(frozen=True)
class Class:
    """One assignment of one course, and who handed it in.

    Args:
        root: the course's folder.
        assignment: the pristine notebook.
        students: who is graded.
        odd: folders that can't be a student's, with why.
        handed_in: everybody who handed something in, graded or not.
    """

    root: Path
    assignment: Assignment
    students: list[str]
    odd: list[str]
    handed_in: list[str]

    def read(self, student: str) -> Submission:
        """What a student handed in."""
        folder = self.root / "submitted" / student / self.assignment.slug
        return read_submission(folder, self.assignment, student)


def find_class(root: Path, slug: str, only: Collection[str] = ()) -> Class:
    """Look into `submitted/`.

    Args:
        root: the course's folder.
        slug: the assignment.
        only: of whom the class consists; everybody who is there if nobody is named.

    Raises:
        FileNotFoundError: the chapter was not built, or nobody handed it in, or not
            somebody who is named.
    """
    assignment = find_assignment(root, slug)
    submitted = root / "submitted"
    students, odd = find_students(submitted, slug) if submitted.is_dir() else ([], [])
    if not students:
        raise FileNotFoundError(
            f"nobody handed in {slug}: put notebooks into submitted/STUDENT/{slug}/, "
            "or collect them with `nbgrader collect`"
        )
    if not only:
        return Class(root, assignment, students, odd, students)
    if missing := [student for student in only if student not in students]:
        raise FileNotFoundError(_not_among(missing[0], students, odd, slug))
    named = [name for name in students if name in only]
    return Class(root, assignment, named, [], students)


def find_assignment(root: Path, slug: str) -> Assignment:
    """An assignment as it is graded: of one that was brought along also the files that
    nbgrader hands out with it, and its autotests written out.

    Raises:
        FileNotFoundError: there is no such assignment.
        RuntimeError: it can't be graded here; says why.
    """
    assignment = read_assignment(root / "source", slug)
    if not assignment.brought:
        return assignment
    from nbgrader.coursedir import CourseDirectory  # takes seconds

    ignore = CourseDirectory(config=settings(root)).ignore
    files = packed_files(root / "source" / slug, ignore)
    return replace(generated(root, assignment), files=files)


def _not_among(student: str, students: list[str], odd: list[str], slug: str) -> str:
    """Who is not in the class, and who may be meant."""
    lines = [f"{student!r} handed in no {slug} that can be graded"]
    if alike := get_close_matches(student, students, n=3, cutoff=0.5):
        lines[0] += f": is {' or '.join(alike)} meant?"
    return "\n".join([*lines, *(words for words in odd if student in words)])


def grade_class(
    group: Class,
    record: Record,
    graders: Pool,
    workers: int,
    again: bool = False,
    tell: Callable[[Result | None], None] = lambda result: None,
) -> list[Result]:
    """Grade whoever is not graded yet, and write each down as soon as it is done.

    Args:
        group: the assignment and the students.
        record: the gradebook.
        graders: what grades; it may be starting yet.
        workers: how many submissions are graded at once.
        again: whether to grade everybody; if not, who is graded keeps the points, also
            those that an older version of the assignment gave.
        tell: is called with each result, and with None for each student graded before.

    Returns:
        the results of this run, in the order in which they came.
    """
    pristine = record.prepare_all(group.assignment)
    done = {} if again else record.done(group.assignment.slug)
    todo = _not_done(group, done, record, tell)
    results = []
    with closing(_graded(todo, graders, workers)) as graded:
        for submission, result in graded:
            write_all(group.root, pristine, group.assignment, submission, result)
            record.write(submission, result)
            tell(result)
            results.append(replace(result, outputs={}))  # a class's figures are many
    return results


def preview(
    group: Class,
    record: Record,
    graders: Pool,
    workers: int,
    tell: Callable[[Result | None], None] = lambda result: None,
) -> list[Change]:
    """Grade everybody again and say whose points would change; write nothing.

    Raises:
        RuntimeError: a cell came or went, so that nothing could be written either.
    """
    slug = group.assignment.slug
    record.check_cells(group.assignment)
    before, marks = record.results(slug), record.marks(slug)
    after = []
    todo = (group.read(student) for student in group.students)
    with closing(_graded(todo, graders, workers)) as graded:
        for _, result in graded:
            tell(result)
            after.append(replace(result, outputs={}))
    return changes(before, after, marks)


def _not_done(
    group: Class, done: dict[str, str], record: Record, tell
) -> Iterator[Submission]:
    """Whoever is to be graded; of the others only the time may have come or changed."""
    for student in group.students:
        submission = group.read(student)
        is_written = all(
            autograded_path(group.root, student, group.assignment.slug, name).exists()
            for name in group.assignment.notebooks
        )
        if is_written and done.get(student) == submission.digest != "":
            record.date(submission, group.assignment.slug)
            tell(None)
        else:
            yield submission


def _graded(
    todo: Iterator[Submission], graders: Pool, workers: int
) -> Generator[tuple[Submission, Result], None, None]:
    """Each submission with its result, in the order in which they are done.

    A few are read ahead, no more: a class's notebooks need not fit into memory.
    """
    ahead = islice(todo, AHEAD * workers)
    running = {graders.submit(submission): submission for submission in ahead}
    while running:
        ready, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in ready:
            submission = running.pop(future)
            for following in islice(todo, 1):
                running[graders.submit(following)] = following
            notes = list(submission.notes)  # they are no business of the engine's
            yield submission, replace(future.result(), notes=notes)


def default_workers() -> int:
    """One submission for each processor core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
