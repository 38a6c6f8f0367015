"""The command that grades; `course.cli` adds it to its own."""

import math
from pathlib import Path

import click

from course.terminal import fail, find_root, talk


class Amount(click.FloatRange):
    """A number between two bounds; for click, `nan` is."""

    def convert(self, value, param, ctx) -> float:
        """The number, or a usage error."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is no amount", param, ctx)
        return number


# With less, the given cells alone would cost everybody their points.
SECONDS, GIB = Amount(1, 24 * 60 * 60), Amount(0.25, 1024)


@click.command()
@click.argument("slug")
@click.option("--workers", type=click.IntRange(1), help="[default: one a core]")
@click.option(
    "--isolation",
    type=click.Choice(["A", "B", "C", "none"]),
    help="How students' code is locked in; the best there is if not given.",
)
@click.option("--cell-seconds", default=60, type=SECONDS, help="For one cell. [60]")
@click.option("--seconds", default=300, type=SECONDS, help="For a submission. [300]")
@click.option("--memory", default=2, type=GIB, help="GiB a submission. [2]")
@click.option("--db", default="", help="SQLAlchemy URL. [default: gradebook.db]")
@click.option("--scheduler", default="", help="Grade on a Dask cluster: tcp://...")
@click.option(
    "--student",
    "students",
    multiple=True,
    help="Grade this one alone, and again if need be; may be given more than once.",
)
@click.option(
    "--apart",
    is_flag=True,
    help="Refuse an assignment of your own whose tests can't run out of reach.",
)
@click.option("--regrade", is_flag=True, help="Say who would change; write nothing.")
@click.option("--yes", is_flag=True, help="With --regrade: write the changes.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write every result as JSON.",
)
@click.pass_context
def grade(
    context: click.Context,
    slug: str,
    students: tuple[str, ...],
    regrade: bool,
    yes: bool,
    **given,
) -> None:
    """Grade everybody who handed in SLUG.

    Reads submitted/, writes autograded/ and the gradebook; formgrader and `nbgrader
    export` go on from there. Students' code runs locked in, and tests run outside its
    reach. Stopped at any moment, the same command takes up where it was.

    \b
    course grade 03_linear_regression                   whoever is not graded yet
    course grade 03_linear_regression --student ann     Ann, once more
    course grade 03_linear_regression --regrade         who would change, after a test
                                                        was mended and built
    course grade 03_linear_regression --regrade --yes   write that
    """
    from course.grade import command
    from course.grade.isolation import IsolationRefused

    json_file, root = given.pop("json_file"), find_root(context, any_course=True)
    if yes and not regrade:
        raise click.UsageError("--yes goes with --regrade")
    if json_file and regrade and not yes:
        raise click.UsageError("--json writes results: it needs --yes with --regrade")
    if json_file and not json_file.resolve().parent.is_dir():
        raise click.UsageError(f"--json: there is no folder {json_file.parent}")
    try:
        options = command.options(**given)
        if regrade and not yes:
            if command.regrade(root, slug, options, students):
                talk("nothing was written; to write this: add --yes")
            return
        results = command.grade(root, slug, options, regrade, students)
        if json_file:
            command.write_json(root, slug, results, json_file)
    except (FileNotFoundError, RuntimeError, IsolationRefused) as error:
        fail(error)


COMMANDS = (grade,)
