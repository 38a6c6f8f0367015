"""`course grade` and `course feedback`, put together from the rooms of this package."""

import contextlib
import math
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from course.grade import summary
from course.grade.batch import (
    Class,
    Pool,
    default_workers,
    find_class,
    grade_class,
    preview,
)
from course.grade.engine.coordinator import Engine, Time
from course.grade.engine.pools import WRITTEN, LocalPool
from course.grade.feedback import feedback_page, write_feedback
from course.grade.isolation.ladder import require
from course.grade.isolation.limits import Limits
from course.grade.newcomers import newcomers
from course.grade.plan import read_assignment
from course.grade.record.autograded import read_autograded
from course.grade.record.ledger import Record
from course.grade.record.marks import Marks
from course.grade.result import Result
from course.whole import CannotWrite

AGAIN = "whoever was done is written down; the same command begins with everybody anew"
NOTHING = "nothing was written"
MANY = 50  # submissions: with fewer, large pages take longer than they save


class Stopped(RuntimeError):
    """Something ended a batch; the message says what that leaves behind."""


@dataclass(frozen=True)
class Options:
    """What an instructor may choose.

    Args:
        workers: how many submissions at once.
        isolation: the level asked for; None for the best there is.
        times: how long a cell and a submission may take.
        limits: what a submission may use.
        scheduler: the address of a Dask scheduler; "" for this machine.
        db_url: the gradebook; "" for the course's own.
        apart: whether tests of an assignment that was brought along must run out of
            reach of students' code.
    """

    workers: int
    isolation: str | None = None
    times: Time = Time()
    limits: Limits = Limits()
    scheduler: str = ""
    db_url: str = ""
    apart: bool = False


def options(
    workers: int | None,
    isolation: str | None,
    cell_seconds: float,
    seconds: float,
    memory: float,
    db: str,
    scheduler: str,
    apart: bool = False,
) -> Options:
    """The options of the command line."""
    return Options(
        workers=workers or default_workers(),
        isolation=isolation,
        times=Time(cell_seconds, seconds),
        limits=Limits(memory_bytes=int(memory * 2**30), cpu_s=math.ceil(seconds)),
        scheduler=scheduler,
        db_url=db,
        apart=apart,
    )


def grade(
    root: Path,
    slug: str,
    options: Options,
    again: bool = False,
    students: Collection[str] = (),
) -> list[Result]:
    """Grade a class, or some of it, and show what came of that.

    Args:
        root: the course's folder.
        slug: the assignment.
        options: how.
        again: whether to grade those who are graded already.
        students: who is graded, also if graded already; everybody if nobody is named.

    Returns:
        everybody's results.

    Raises:
        FileNotFoundError: there is no such assignment, or nobody handed it in, or not
            somebody who is named.
        IsolationRefused: nothing here can lock students' code in.
        Stopped: somebody pressed Ctrl-C.
    """
    group = find_class(root, slug, students)
    again = again or bool(students)
    start = time.monotonic()
    with (
        _stoppable(AGAIN if again else WRITTEN),
        start_pool(group, options) as graders,  # it imports while we prepare
        Record(options.db_url, root) as record,
        summary.bar(len(group.students)) as move,
    ):
        known, enrolled = record.students(), record.enrolled(slug)
        results = grade_class(group, record, graders, options.workers, again, move)
        record.settle(slug)
        everybody, marks = record.results(slug), record.marks(slug)
    for result in results if students else ():
        summary.show_student(group.assignment, result)
    if not students:
        summary.show(group.assignment, everybody, time.monotonic() - start)
    for words in group.odd:
        print(f"left out: {words}")
    fresh = sorted(result.student for result in results)
    for words in newcomers(fresh, known, enrolled, set(group.handed_in)):
        print(words)
    print(f"{len(results)} graded now, {len(everybody) - len(results)} before")
    digest = group.assignment.digest
    if older := sum(result.assignment_digest != digest for result in everybody):
        print(
            f"{older} of them by an older version of the assignment: "
            f"`course grade {slug} --regrade` says whose points would change"
        )
    _tell_waiting(marks.values())
    return everybody


def _tell_waiting(marks: Collection[Marks]) -> None:
    """Say how many answers nobody has given points to."""
    scores = [mark.score for own in marks for mark in own.cells.values()]
    if waiting := scores.count(None):
        answers = "1 answer waits" if waiting == 1 else f"{waiting} answers wait"
        print(f"{answers} for a person: Formgrader, Manual Grading, Written answers")


def regrade(
    root: Path, slug: str, options: Options, students: Collection[str] = ()
) -> bool:
    """Say whose points would change if everybody were graded again; write nothing.

    Returns:
        whether anybody's would.

    Raises:
        Stopped: somebody pressed Ctrl-C.
    """
    group = find_class(root, slug, students)
    with (
        _stoppable(NOTHING),
        start_pool(group, options) as graders,
        Record(options.db_url, root) as record,
        summary.bar(len(group.students)) as move,
    ):
        found = preview(group, record, graders, options.workers, move)
    summary.show_changes(found)
    return bool(found)


@contextlib.contextmanager
def _stoppable(words: str) -> Iterator[None]:
    """Turn Ctrl-C, a folder that can't be written to and a gradebook that is locked
    into a sentence, once everything in here is closed.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(f"stopped: {words}") from None
    except (OSError, SQLAlchemyError, CannotWrite) as error:
        reason = str(getattr(error, "orig", None) or error)
        raise Stopped(f"stopped by an error, {reason}: {words}") from error


def write_json(root: Path, slug: str, results: list[Result], path: Path) -> None:
    """Write everybody's results as one JSON file."""
    summary.write_json(path, read_assignment(root / "source", slug), results)


def feedback(
    root: Path, slug: str, db_url: str = "", tell: Callable[[str], None] = print
) -> list[Path]:
    """Write a page for each student who was graded.

    Args:
        root: the course's folder.
        slug: the assignment.
        db_url: the gradebook; "" for the course's own.
        tell: is told of each student whose page could not be made, and why.

    Raises:
        FileNotFoundError: nobody was graded.
    """
    assignment = read_assignment(root / "source", slug)
    with Record(db_url, root) as record:
        record.settle(slug)
        results, marks = record.results(slug), record.marks(slug)
    if not results:
        raise FileNotFoundError(f"nobody is graded: run `course grade {slug}` first")
    pages = []
    for result in results:
        try:
            submission, outputs = read_autograded(root, result, assignment)
        except RuntimeError as error:  # the others' pages don't wait for this one
            tell(f"no page for {result.student}: {error}; grade again")
            continue
        result = Result(**{**vars(result), "outputs": outputs})
        own = marks.get(result.student, Marks())
        submission = replace(submission, timestamp=own.handed_in)
        page = feedback_page(assignment, submission, result, own)
        pages.append(write_feedback(root, result.student, slug, page))
    return pages


def start_pool(group: Class, options: Options) -> AbstractContextManager[Pool]:
    """Start what grades; it need not be ready when this returns.

    Raises:
        IsolationRefused: nothing here can lock students' code in.
    """
    if options.scheduler:
        from course.grade.engine.cluster import ClusterPool

        return ClusterPool(
            group.assignment,
            options.scheduler,
            isolation=options.isolation,
            limits=options.limits,
            times=options.times,
            demands_apart=options.apart,
        )
    level = require(options.isolation)
    make_engine = partial(
        Engine,
        group.assignment,
        level,
        options.limits,
        options.times,
        demands_apart=options.apart,
        large_pages=len(group.students) >= MANY,
    )
    return LocalPool(group.assignment, make_engine, options.workers)
