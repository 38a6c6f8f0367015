"""`course grade` and `course feedback`, put together from the rooms of this package."""

import math
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from course.grade import summary
from course.grade.autograded import read_autograded
from course.grade.batch import (
    Class,
    default_workers,
    find_class,
    grade_class,
    preview,
)
from course.grade.engine import Engine, Time
from course.grade.feedback import feedback_page, write_feedback
from course.grade.isolation.ladder import require
from course.grade.isolation.limits import Limits
from course.grade.plan import read_assignment
from course.grade.pools import LocalPool
from course.grade.record import Record
from course.grade.result import Result


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
    """

    workers: int
    isolation: str | None = None
    times: Time = Time()
    limits: Limits = Limits()
    scheduler: str = ""
    db_url: str = ""


def options(
    workers: int | None,
    isolation: str | None,
    cell_seconds: float,
    seconds: float,
    memory: float,
    db: str,
    scheduler: str,
) -> Options:
    """The options of the command line."""
    return Options(
        workers=workers or default_workers(),
        isolation=isolation,
        times=Time(cell_seconds, seconds),
        limits=Limits(memory_bytes=int(memory * 2**30), cpu_s=math.ceil(seconds)),
        scheduler=scheduler,
        db_url=db,
    )


def grade(root: Path, slug: str, options: Options, again: bool = False) -> list[Result]:
    """Grade a class and show what came of it.

    Args:
        root: the course's folder.
        slug: the assignment.
        options: how.
        again: whether to grade those who are graded already.

    Raises:
        FileNotFoundError: there is no such assignment, or nobody handed it in.
        IsolationRefused: nothing here can lock students' code in.
    """
    group = find_class(root, slug)
    start = time.monotonic()
    with (
        Record(options.db_url, root) as record,
        summary.bar(len(group.students)) as move,
    ):
        pool = _pool(group, options)
        results = grade_class(group, record, pool, options.workers, again, move)
        everybody = record.results(slug)
    summary.show(group.assignment, everybody, time.monotonic() - start)
    for words in group.odd:
        print(f"left out: {words}")
    print(f"{len(results)} graded now, {len(everybody) - len(results)} before")
    return everybody


def regrade(root: Path, slug: str, options: Options) -> bool:
    """Say whose points would change if everybody were graded again; write nothing.

    Returns:
        whether anybody's would.
    """
    group = find_class(root, slug)
    with (
        Record(options.db_url, root) as record,
        summary.bar(len(group.students)) as move,
    ):
        found = preview(group, record, _pool(group, options), options.workers, move)
    summary.show_changes(found)
    return bool(found)


def write_json(root: Path, slug: str, results: list[Result], path: Path) -> None:
    """Write everybody's results as one JSON file."""
    summary.write_json(path, read_assignment(root / "source", slug), results)


def feedback(root: Path, slug: str, db_url: str = "") -> list[Path]:
    """Write a page for each student who was graded.

    Raises:
        FileNotFoundError: nobody was graded.
    """
    assignment = read_assignment(root / "source", slug)
    with Record(db_url, root) as record:
        results, manual = record.results(slug), record.manual(slug)
    if not results:
        raise FileNotFoundError(f"nobody is graded: run `course grade {slug}` first")
    pages = []
    for result in results:
        submission, outputs = read_autograded(root, result)
        result = Result(**{**vars(result), "outputs": outputs})
        marks = manual.get(result.student, {})
        page = feedback_page(assignment, submission, result, marks)
        pages.append(write_feedback(root, result.student, slug, page))
    return pages


def _pool(group: Class, options: Options):
    """What starts the graders once there is something to grade."""
    if options.scheduler:
        from course.grade.cluster import ClusterPool

        return partial(
            ClusterPool,
            group.assignment,
            options.scheduler,
            isolation=options.isolation,
            limits=options.limits,
            times=options.times,
        )
    level = require(options.isolation)
    make_engine = partial(
        Engine, group.assignment, level, options.limits, options.times
    )
    return partial(LocalPool, group.assignment, make_engine, options.workers)
