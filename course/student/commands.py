"""The commands that students use: `course start`, `progress`, `verify`, `restore`.

In the course they stand beside the others, in the students' bundle alone.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from course.student.find import find_notebook, find_root, find_slug
from course.student.notebooks import Broken, released

NOTEBOOKS = click.argument("given", metavar="NOTEBOOK...", nargs=-1, required=True)


def root_of(context: click.Context, given: tuple[str, ...] = ()) -> Path:
    """The course's folder: the one given, the nearest one above, or a notebook's."""
    if context.obj:
        return context.obj
    places = [Path.cwd(), *(Path(name).absolute().parent for name in given)]
    for place in places:
        if root := find_root(place):
            return root
    raise click.ClickException(
        f"no exercises here: neither {places[0]} nor a folder above it holds "
        "release/NN_slug/NN_slug.ipynb; go to the course's folder or give --root"
    )


@click.command()
@click.argument("chapters", nargs=-1)
@click.pass_context
def start(context: click.Context, chapters: tuple[str, ...]) -> None:
    """Make your own copies of the exercises in work/; what is there stays.

    \b
    course start          of all chapters
    course start 03 12    of two
    """
    from course.student import copies

    root = root_of(context)
    try:
        slugs = tuple(find_slug(root, chapter) for chapter in chapters)
        made = copies.start(root, slugs)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    for path in made:
        click.echo(path.relative_to(root))
    if not made:
        click.echo("nothing to make: your copies are in work/", err=True)


@click.command()
@click.argument("chapters", nargs=-1)
@click.option("--json", "is_json", is_flag=True, help="As JSON, with each exercise.")
@click.pass_context
def progress(context: click.Context, chapters: tuple[str, ...], is_json: bool) -> None:
    """Show where you stand, from your notebooks in work/ as they were last saved.

    \b
    course progress          all chapters, a row each
    course progress 03 12    two, with each exercise
    course progress --json
    """
    from course.student import table
    from course.student.progress import as_json, chapter
    from course.student.progress import progress as read_progress

    root = root_of(context)
    try:
        slugs = [find_slug(root, name) for name in chapters]
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    found = [chapter(root, slug) for slug in slugs] or read_progress(root)
    if is_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        return
    for one in found if slugs else ():
        table.show_exercises(one)
    table.show_progress(found)


@click.command()
@NOTEBOOKS
@click.option("--seconds", default=120, show_default=True, help="For one cell.")
@click.pass_context
def verify(context: click.Context, given: tuple[str, ...], seconds: int) -> None:
    """Run notebooks from the top and say what the tests that you can see say.

    Exit status 0 only if each of them is right, and none was changed. When your work is
    graded, hidden tests come on top.

    \b
    course verify 03                                      your copy of chapter 03
    course verify work/03_linear_regression/*.ipynb       a file
    """
    from course.student import table
    from course.student.verify import verify as run_notebook

    root, reports = root_of(context, given), []
    for name in given:
        with _plainly(name):
            slug, path = find_notebook(root, name)
            with _bar(slug) as say:
                report = run_notebook(path, released(root, slug), say, seconds)
            table.show_report(report, slug)
            reports.append(report)
    if reports:
        table.show_limits()
    is_good = len(reports) == len(given) and all(report.good for report in reports)
    sys.exit(0 if is_good else 1)


@click.command()
@NOTEBOOKS
@click.pass_context
def restore(context: click.Context, given: tuple[str, ...]) -> None:
    """Put tests and given cells back as they were handed out; your answers stay.

    The notebook as it was is kept beside it as NAME.before-restore.ipynb.

    \b
    course restore 03
    """
    from course.student import table
    from course.student.restore import restore as mend

    root, done = root_of(context, given), 0
    for name in given:
        with _plainly(name):
            slug, path = find_notebook(root, name)
            table.show_restored(mend(path, released(root, slug)))
            done += 1
    sys.exit(0 if done == len(given) else 1)


@contextlib.contextmanager
def _plainly(name: str) -> Iterator[None]:
    """Say in plain words why a notebook can't be dealt with; the others' turn comes."""
    try:
        yield
    except (Broken, FileNotFoundError) as error:
        click.ClickException(str(error)).show()
    except OSError as error:
        click.ClickException(f"{name}: {error}").show()


@contextlib.contextmanager
def _bar(text: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with time left on standard error; yields the function that moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


COMMANDS = (start, progress, verify, restore)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="The course's folder; found from the current one if not given.",
)
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Your copies of the exercises, where you stand, and a check before handing in."""
    from course.environment import prepare_environment

    prepare_environment()
    context.obj = root.resolve() if root else None


for _command in COMMANDS:
    main.add_command(_command)
