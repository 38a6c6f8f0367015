"""The commands for authors at work; `course.cli` adds them to its own."""

import contextlib
import sys

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from course.environment import reproducible
from course.terminal import fail, find_root

FORM = "{:>5} {:>10} {:>10} {:>10} {:>10}  {:20}  {}"


@click.command()
@click.argument("chapter")
@click.option("--seeds", default=5, type=click.IntRange(2, 100), help="How many. [5]")
@click.pass_context
def bounds(context: click.Context, chapter: str, seeds: int) -> None:
    """Run a lecture under several seeds: is each asserted bound near its number?

    For each inequality that the lecture asserts: its least and greatest value, and how
    far the nearest of them is from the bound. A bound that is many spreads away never
    binds: a sick run would pass it. Exit status 1 if an assertion fails with any seed.

    \b
    course bounds 13_lenet               seeds 0 to 4
    course bounds 13_lenet --seeds 10    as asked before a chapter is done
    """
    from course.author import bounds as room
    from course.build.pipeline import read_valid
    from course.chapters import ChapterError, find_chapters

    try:
        (folder,) = find_chapters(find_root(context), (chapter,))
        lecture = read_valid(folder)
    except (ChapterError, FileNotFoundError) as error:
        fail(error)
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
    with bar:
        runs = room.run(lecture, range(seeds))
        told = dict(bar.track(runs, total=seeds, description=f"{chapter}, seeds"))
    faults = list(room.faults(told))
    show(room.rows({seed: m for seed, m in told.items() if not room.is_lost(m)}))
    for fault in faults:
        click.echo(f"{folder / 'lecture.py'}:{fault}")
    sys.exit(1 if faults else 0)


@click.command()
@click.argument("chapter")
@click.pass_context
def watch(context: click.Context, chapter: str) -> None:
    """Build, check and run what you change in a chapter, at each time you save.

    Stays until you press Ctrl-C. The first look takes as long as `course build` and
    the lecture together; after that a change costs seconds: only exercises of which
    something changed are tried, and the lecture runs from its first changed cell on.
    Mutants and other seeds are for `course check --mutants` and `course bounds`.

    \b
    course watch 13_lenet
    """
    from course.chapters import find_chapters

    root = find_root(context)
    try:
        (folder,) = find_chapters(root, (chapter,))
    except FileNotFoundError as error:
        fail(error)
    reproducible()  # before torch is imported
    from course.author import watch as room

    with contextlib.suppress(KeyboardInterrupt):
        room.watch(root, folder, click.echo)


def show(rows: list) -> None:
    """Print the inequalities, with a word on those that stand out."""
    click.echo(FORM.format("line", "least", "greatest", "bound", "distance", "", ""))
    for row in rows:
        numbers = (row.low, row.high, row.bound, row.distance)
        texts = (f"{number:.4g}" for number in numbers)
        click.echo(FORM.format(row.line, *texts, _remark(row), row.text))


def _remark(row) -> str:
    if row.distance < 0:
        return "fails"
    if row.spread == 0:
        return "same with every seed"
    return "never binds" if row.is_far else ""


COMMANDS = (bounds, watch)
