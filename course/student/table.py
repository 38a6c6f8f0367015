"""What students' commands print: tables and sentences for a shell."""

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.student.damage import in_words
from course.student.progress import Chapter, Exercise
from course.student.restore import Restored
from course.student.verify import Report
from utils.states import (
    NOT_ATTEMPTED,
    NOT_GRADED,
    NOT_TESTED,
    RIGHT,
    WRONG,
    points_in_words,
)

COUNTED = (RIGHT, WRONG, NOT_TESTED, NOT_ATTEMPTED, NOT_GRADED)
COLUMNS = (*COUNTED, "points", "hints")
LIMITS = (
    "This is what the tests that you can see say. When your work is graded, hidden "
    "tests come on top: other sizes, shapes and edge cases."
)


def show_progress(chapters: list[Chapter]) -> None:
    """A row a chapter, the sum, and beneath it what needs mending."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("chapter")
    for name in COLUMNS:
        # Of several words the first stands alone, above the others.
        head = "\n".join(name.split(maxsplit=1))
        table.add_column(head, justify="right", no_wrap=True)
    for chapter in chapters:
        cells = ["?"] * len(COLUMNS) if chapter.problem else _cells([chapter])
        table.add_row(chapter.slug.replace("_", " "), *cells)
    table.add_row("all", *_cells(chapters), style="bold")
    console = Console(highlight=False)
    console.print(table)
    for line in [*tries(chapters), *remarks(chapters)]:
        console.print(Text(line), soft_wrap=True)
    click.echo(
        f'"{NOT_TESTED}": the answer was changed since its test ran, or it never ran. '
        f'"{NOT_GRADED}": a person gives the points. Hidden tests come on top.',
        err=True,
    )


def show_exercises(chapter: Chapter) -> None:
    """A line an exercise, as its notebook was last saved."""
    click.echo(chapter.path)
    width = max((len(e.name) for e in chapter.exercises), default=0)
    for exercise in chapter.exercises:
        click.echo(f"  {exercise.name:<{width}}  {_line(exercise)}".rstrip())
    click.echo()


def _cells(chapters: list[Chapter]) -> list[str]:
    counts = [str(sum(c.count(state) for c in chapters)) for state in COUNTED]
    points = sum(chapter.points for chapter in chapters)
    points_of = sum(chapter.points_of for chapter in chapters)
    hints = sum(chapter.hints for chapter in chapters)
    return [*counts, f"{points:g}/{points_of:g}", str(hints)]


def tries(chapters: list[Chapter]) -> list[str]:
    """In which chapters it took more than one try to choose."""
    return [f"{chapter.path}: {chapter.tried}" for chapter in chapters if chapter.tried]


def remarks(chapters: list[Chapter]) -> list[str]:
    """What is wrong with notebooks themselves, and how to mend it."""
    said = []
    for chapter in chapters:
        if chapter.problem:
            said.append(f"{chapter.path}: {chapter.problem}")
        elif chapter.damages:
            found = in_words(chapter.damages)
            mend = f"`course restore {chapter.slug}` puts it back, your answers stay"
            said.append(f"{chapter.path}: {found}. {mend}")
    return said


def show_report(report: Report, slug: str) -> None:
    """A line an exercise, and what is wrong with the notebook itself."""
    width = max((len(e.name) for e in report.exercises), default=0)
    for exercise in report.exercises:
        click.echo(f"{exercise.name:<{width}}  {_line(exercise)}".rstrip())
    for problem in report.problems:
        click.echo(f"{slug}: {problem}")
    for damage in report.damages:
        click.echo(f"{slug}: {damage.said}")
    if report.damages:
        click.echo(
            "These cells were run as they were handed out, as they will be when it is "
            f"graded; `course restore {slug}` puts them back, your answers stay."
        )
    ran = Chapter(slug, "", report.exercises)
    said = points_in_words(ran.points, ran.points_of, ran.waiting)
    click.echo(f"{slug}: {said}")


def _line(exercise: Exercise) -> str:
    """`right           2 of 2`, and what else there is to say."""
    got = f"{exercise.points if exercise.state == RIGHT else 0:g}"
    said = f"Likely mistake: {exercise.mistake}." if exercise.mistake else exercise.said
    if exercise.by_hand:
        got, said = "-", "A person gives the points."
    return f"{exercise.state:<14}  {got} of {exercise.points:<4g}  {said}"


def show_limits() -> None:
    """Say what a run of visible tests can't promise."""
    click.echo(LIMITS, err=True)


def show_restored(restored: Restored) -> None:
    """Say what was put back and where the old notebook lies."""
    if restored.backup is None:
        click.echo(f"{restored.path.name}: nothing to put back")
        return
    for said in restored.done:
        click.echo(f"{restored.path.name}: {said}; put back")
    click.echo(f"as it was, it lies in {restored.backup.name}")
    click.echo(
        "Is it open in JupyterLab? Menu File, Reload Notebook from Disk.", err=True
    )
