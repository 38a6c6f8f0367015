"""What came of grading a class, as a table, as JSON, and while it runs as a bar."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from course.grade.brought.why import stop_of
from course.grade.plan import Assignment
from course.grade.record.changes import Change
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Result
from course.whole import write_whole

WIDTH = 132  # where the output is no terminal, so that the columns have room
STATES = (RIGHT, WRONG, NOT_ATTEMPTED, NOT_JUDGED)


@contextlib.contextmanager
def bar(total: int) -> Iterator[Callable[[Result | None], None]]:
    """A bar on standard error with rate and time left; yields what moves it."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, rate="")
        start, graded = time.monotonic(), 0

        def move(result: Result | None) -> None:
            nonlocal graded
            graded += result is not None
            rate = graded / max(time.monotonic() - start, 1e-9)
            text = f"{60 * rate:.0f} a minute" if graded else ""
            progress.update(task, advance=1, rate=text)

        yield move


def show(assignment: Assignment, results: list[Result], seconds: float) -> None:
    """Print the class: each exercise's outcomes, then what a person has to look at."""
    console = _console()
    table = Table("exercise", "points", *STATES, "most frequent mistake", box=None)
    for cell in assignment.tests():
        verdicts = [r.verdicts[cell.grade_id] for r in results if r.verdicts]
        states = Counter(verdict.state for verdict in verdicts)
        told = (v.mistake or stop_of(v) for v in verdicts)
        names = Counter(words for words in told if words)
        often = "".join(f"{n} x {name}" for name, n in names.most_common(1))
        counts = [str(states[state]) for state in STATES]
        table.add_row(cell.exercise, f"{cell.points:g}", *counts, often)
    console.print(table)
    unreadable = [result for result in results if result.problem]
    for result in unreadable:
        console.print(f"could not be read: {result.student}: {result.problem}")
    for result in results:
        _show_flags(console, result)
    most = sum(cell.points for cell in assignment.tests())
    _show_unprotected(console, results)
    average = mean(result.score for result in results) if results else 0
    console.print(
        f"{len(results)} in all, {len(unreadable)} could not be read; "
        f"mean of all by tests {average:.2f} of {most:g} points; {seconds:.1f} s"
    )


def show_student(assignment: Assignment, result: Result) -> None:
    """Print what came of one student's submission, exercise by exercise."""
    console = _console()
    if result.problem:
        console.print(f"could not be read: {result.student}: {result.problem}")
    table = Table("exercise", "outcome", "points", "likely mistake", box=None)
    for cell in assignment.tests():
        if verdict := result.verdicts.get(cell.grade_id):
            points = f"{verdict.score:g} of {cell.points:g}"
            named = verdict.mistake or stop_of(verdict)
            table.add_row(cell.exercise, verdict.state, points, named)
    console.print(table)
    _show_flags(console, result)
    _show_unprotected(console, [result])
    most = sum(cell.points for cell in assignment.tests())
    console.print(f"{result.student}: {result.score:g} of {most:g} points by tests")


def _show_unprotected(console: Console, results: list[Result]) -> None:
    """Say which tests' points a student's code could have reached."""
    names = dict.fromkeys(name for result in results for name in result.unprotected)
    if names:
        console.print(
            "judged in the process of the submission, so that their points are not "
            f"protected from tampering: {', '.join(names)}"
        )


def _show_flags(console: Console, result: Result) -> None:
    for flag in result.flags:
        console.print(f"look at: {result.student}: {flag}")
    for note in result.notes:
        console.print(f"note: {result.student}: {note}")


def write_json(path: Path, assignment: Assignment, results: list[Result]) -> None:
    """Write the results as one JSON file, whole or not at all."""
    data = {
        "assignment": assignment.slug,
        "digest": assignment.digest,
        "results": [json.loads(result.to_json()) for result in results],
    }
    write_whole(path, json.dumps(data, indent=1) + "\n")


def show_changes(changes: list[Change]) -> None:
    """Print who would get more or fewer points."""
    console = _console()
    if not changes:
        console.print("nobody's points change")
        return
    table = Table("student", "exercise", "before", "after", "change", box=None)
    for change in changes:
        before, after = change.before, change.after
        difference = (after or 0) - (before or 0)
        shown = ["-" if score is None else f"{score:g}" for score in (before, after)]
        table.add_row(change.student, change.exercise, *shown, f"{difference:+g}")
    console.print(table)
    count = len({change.student for change in changes})
    students = "1 student changes" if count == 1 else f"{count} students change"
    total = sum((c.after or 0) - (c.before or 0) for c in changes)
    console.print(f"{students}, by {total:+g} points together")


def _console() -> Console:
    """Standard output; wide where nobody says how wide it is."""
    width = None if Console().is_terminal else WIDTH
    return Console(width=width, markup=False)  # what students wrote is no markup
