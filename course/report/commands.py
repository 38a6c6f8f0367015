"""The commands that tell of a graded class; `course.cli` adds them to its own."""

import sys
from pathlib import Path

import click

from course.terminal import fail, find_root, talk


@click.command()
@click.argument("slug")
@click.option("--moodle", is_flag=True, help="Also as a zip for Moodle.")
@click.option(
    "--moodle-worksheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The same; the assignment's grading worksheet says who is who there.",
)
@click.option("--db", default="", help="SQLAlchemy URL. [default: gradebook.db]")
@click.pass_context
def feedback(
    context: click.Context,
    slug: str,
    moodle: bool,
    moodle_worksheet: Path | None,
    db: str,
) -> None:
    """Write a page for each student graded in SLUG, into feedback/.

    Each exercise's state, points, the name of the mistake, the student's own code and
    figures; nothing of hidden tests. `nbgrader release_feedback` hands the pages out.

    \b
    course feedback 03_linear_regression
    course feedback 03_linear_regression --moodle-worksheet ~/Downloads/Grades.csv
    """
    from course.grade import command

    missing: list[str] = []
    left_out: list[str] = []
    root = find_root(context, True)
    try:
        pages = command.feedback(root, slug, db, missing.append)
        if moodle or moodle_worksheet:
            from course.report.gather import read_class_people
            from course.report.moodle_feedback import write_zip

            people = read_class_people(root, db)
            path, left_out = write_zip(root, slug, pages, people, moodle_worksheet)
            click.echo(path)
    except (OSError, RuntimeError, ValueError) as error:
        fail(error)
    for page in pages:
        click.echo(page)
    for words in (*missing, *left_out):
        talk(words)
    talk(f"{len(pages)} pages")
    if missing:
        sys.exit(1)


@click.command()
@click.argument("slug", required=False)
@click.option("--all", "is_all", is_flag=True, help="All chapters that are graded.")
@click.option("--pseudonyms", is_flag=True, help="No names anywhere.")
@click.option("--db", default="", help="SQLAlchemy URL. [default: gradebook.db]")
@click.pass_context
def report(
    context: click.Context, slug: str | None, is_all: bool, pseudonyms: bool, db: str
) -> None:
    """Write what the class made of SLUG: reports/SLUG.html and .csv.

    Scores, each exercise's difficulty and discrimination, the named mistakes, wrong
    answers without a name, whom a person should look at, who is missing. One file
    without script; it can be printed. With --all also each student over the course.
    Pseudonyms are drawn anew for each report and kept nowhere.

    \b
    course report 03_linear_regression                one chapter
    course report --all                               all, all.html, students.html
    course report 03_linear_regression --pseudonyms   to show to others
    """
    if bool(slug) == is_all:
        raise click.UsageError("give one chapter, or --all")
    from course.report import command

    root = find_root(context)
    try:
        if slug:
            files = command.report(root, slug, db, pseudonyms)
        else:
            files = command.report_all(root, db, pseudonyms)
    except (FileNotFoundError, RuntimeError) as error:
        fail(error)
    for path in files:
        click.echo(path)


@click.command()
@click.argument("slug")
@click.option("--db", default="", help="SQLAlchemy URL. [default: gradebook.db]")
@click.pass_context
def similar(context: click.Context, slug: str, db: str) -> None:
    """Show submissions of SLUG that are alike where the class is not.

    Groups side by side in reports/SLUG-similar.html: places to look, and no verdict.
    Nothing is run, and nothing leaves this machine.

    \b
    course similar 03_linear_regression
    """
    from course.similar import command

    try:
        found = command.similar(find_root(context), slug, db)
    except (FileNotFoundError, RuntimeError) as error:
        fail(error)
    click.echo(found.page)
    for group in found.groups:
        click.echo(f"look at: {', '.join(group.students)}: {group.bits:.0f} bits")
    if found.unread:
        talk(f"without an answer to compare: {', '.join(found.unread)}")
    talk(f"{found.compared} compared, {len(found.groups)} groups to look at")


@click.command()
@click.argument("slugs", nargs=-1)
@click.option(
    "--canvas-roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gradebook as Canvas exported it; its rows are filled.",
)
@click.option(
    "--moodle-id",
    type=click.Choice(["username", "email", "idnumber"]),
    default="username",
    show_default=True,
    help="What tells students in Moodle; a username is the student's id.",
)
@click.option("--column", multiple=True, help="SLUG=NAME: the assignment's name there.")
@click.option("--zeros", is_flag=True, help="0 for whoever handed nothing in.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to. [default: the course's folder]",
)
@click.option("--db", default="", help="SQLAlchemy URL. [default: gradebook.db]")
@click.pass_context
def export(context: click.Context, slugs, column, folder, db, zeros, **given) -> None:
    """Write grades for the gradebook imports of Canvas and Moodle.

    Scores are those of `nbgrader export`, late penalties and a person's points
    included. Says who could not be matched and what is not final yet.

    \b
    course export                                       all chapters that are graded
    course export --canvas-roster ~/Downloads/grades.csv
    course export 03_linear_regression --moodle-id email
    course export --column 03_linear_regression="Homework 3 (41877)"
    """
    from course.report.export import export as write

    if wrong := [pair for pair in column if "=" not in pair]:
        raise click.UsageError(f"--column {wrong[0]}: give SLUG=NAME")
    columns = dict(pair.split("=", 1) for pair in column)
    options = {"columns": columns, "has_zeros": zeros, "db_url": db, "folder": folder}
    try:
        exported = write(find_root(context), slugs, **options, **given)
    except (FileNotFoundError, RuntimeError, ValueError) as error:
        fail(error)
    for path in exported.files:
        click.echo(path)
    for note in exported.notes:
        talk(note)


COMMANDS = (feedback, report, similar, export)
