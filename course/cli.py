"""The `course` command: what instructors, authors and CI run."""

import math
import sys
from pathlib import Path

import click

from course.author.commands import COMMANDS as AUTHORS_COMMANDS
from course.environment import prepare_environment, reproducible
from course.student.commands import COMMANDS as STUDENTS_COMMANDS
from course.terminal import fail, find_root, progress, talk

# Heavy imports stand inside the commands, so that `course --help` answers at once.


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


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `course doctor`; authors go on with `course build`.",
)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="The course's folder; found from the current one if not given.",
)
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Build, check and teach the Deep Learning Workbook."""
    prepare_environment()
    context.obj = root.resolve() if root else None


@main.command()
@click.argument("chapters", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; compare.")
@click.option("--changed", is_flag=True, help="Only what is not as it was built.")
@click.pass_context
def build(context: click.Context, chapters, only_check: bool, changed: bool) -> None:
    """Make notebooks/, source/ and release/ from chapters/.

    \b
    course build                       all chapters
    course build 03_linear_regression  one chapter
    course build --changed             what is not as it was built, as `make lab` does
    course build --check               fail if what is built is not what chapters/ say
    course build --check 13_lenet      the same of one chapter alone
    """
    root = find_root(context)
    from course.build import fresh
    from course.chapters import ChapterError, find_chapters

    try:
        if changed:
            asked = {folder.name for folder in find_chapters(root, chapters)}
            chapters = tuple(slug for slug in fresh.stale(root) if slug in asked)
            if not chapters:
                talk("all chapters are as they were built")
                return
        reproducible()  # before torch is imported
        steps = len(find_chapters(root, chapters)) + 1
        with progress(steps) as say:
            from course.build import pipeline

            if only_check:
                lines = list(pipeline.differences(root, say, names=chapters))
            else:
                lines = [
                    f"built {slug}" for slug in pipeline.build(root, chapters, say)
                ]
    except (ChapterError, FileNotFoundError, RuntimeError) as error:
        fail(error)
    for line in lines:
        click.echo(line)
    sys.exit(1 if only_check and lines else 0)


@main.command()
@click.argument("chapters", nargs=-1)
@click.option("--mutants", is_flag=True, help="Also make and try mutants.")
@click.option("--built", is_flag=True, help="Also do what `build --check` does.")
@click.option("--lecture", is_flag=True, help="Also run the lectures from the top.")
@click.option(
    "--relations",
    is_flag=True,
    help="Also say what each wrong answer would be told without the bank.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the report as JSON.",
)
@click.pass_context
def check(
    context: click.Context,
    chapters,
    mutants: bool,
    built: bool,
    lecture: bool,
    relations: bool,
    json_file,
) -> None:
    """Test the autograder with every right and wrong answer of the banks.

    \b
    course check                                all chapters
    course check 13_lenet --mutants --lecture   one chapter whole
    course check 13_lenet --relations           what is seen in values alone
    course check --mutants --built              and that what is built is up to date
    course check --mutants --json report.json   for other programs
    """
    if built and chapters:
        raise click.UsageError("--built looks at all chapters: name none")
    from course.bank import report
    from course.chapters import ChapterError

    try:
        root = find_root(context)
        good = report.check(
            root, chapters, mutants, json_file, built, lecture, relations
        )
    except (ChapterError, FileNotFoundError) as error:
        fail(error)
    sys.exit(0 if good else 1)


@main.command()
@click.argument("slug")
@click.option("--title", help="The heading; the syllabus's if not given.")
@click.pass_context
def new(context: click.Context, slug: str, title: str | None) -> None:
    """Start a chapter from a template that builds and passes.

    \b
    course new 08_generalization
    course new 08_generalization --title "Why a model generalises"
    """
    from course.new import new_chapter

    try:
        folder = new_chapter(find_root(context), slug, title)
    except (ValueError, FileExistsError) as error:
        fail(error)
    click.echo(f"made {folder}")
    talk(f"next: edit its files, then `course build {slug}`")


@main.command()
def doctor() -> None:
    """Say what this machine offers, and what to do about what is missing.

    \b
    course doctor      exit status 1 if the course can't run here
    """
    from course.doctor import print_diagnosis

    sys.exit(0 if print_diagnosis() else 1)


@main.command()
@click.argument("chapter", default="03_linear_regression")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to; made anew each time. [default: demo/ in the course]",
)
@click.pass_context
def demo(context: click.Context, chapter: str, folder: Path | None) -> None:
    """Run the whole teaching loop on a made-up class of twelve.

    Builds a chapter, releases it, hands in right, wrong, half-done and broken work,
    grades it as `course grade` does, writes feedback, and shows points beside the
    points expected by construction; exit status 1 if any differ. The course's own
    gradebook is not touched. Says how students' code is locked in, or that it isn't.

    \b
    course demo                       03_linear_regression, in demo/
    course demo 13_lenet              another chapter
    course demo --folder ../a-class   in another folder
    """
    root = find_root(context)
    reproducible()
    from course.chapters import ChapterError
    from course.demo import loop, report

    folder = (folder or root / "demo").resolve()
    try:
        isolation, how = loop.isolation_here()
        talk(how)
        with progress(loop.STEPS) as say:
            rows = loop.teach(root, chapter, folder, say, isolation)
    except (ChapterError, FileNotFoundError, FileExistsError, RuntimeError) as error:
        fail(error)
    good = report.show(rows, f"{chapter}, graded by `course grade`")
    talk(f"look into {folder}: feedback/, autograded/, gradebook.db")
    sys.exit(0 if good else 1)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_context
def bundle(context: click.Context, folder: Path) -> None:
    """Write what students get into FOLDER: lectures, exercises, utils, a README.

    Builds what is not as it was built and looks through everything for solutions and
    hidden tests; on a find nothing is written.

    \b
    course bundle ../handout       a new folder beside the course
    """
    root = find_root(context)
    reproducible()
    from course.build.bundle import Leak
    from course.build.bundle import bundle as make_bundle
    from course.chapters import ChapterError, find_chapters

    try:
        with progress(len(find_chapters(root)) + 2) as say:
            files = make_bundle(root, folder.resolve(), say)
    except (ChapterError, FileNotFoundError, FileExistsError, Leak) as error:
        fail(error)
    for path in files:
        click.echo(path)
    talk(f"{len(files)} files in {folder}")


@main.command()
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


@main.command()
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


for _command in (*AUTHORS_COMMANDS, *STUDENTS_COMMANDS):
    main.add_command(_command)


@main.command()
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


@main.command()
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


@main.command()
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


@main.command()
@click.argument("chapter", required=False)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to; replaced. [default: .build/site in the course]",
)
@click.pass_context
def site(context: click.Context, chapter: str | None, output: Path | None) -> None:
    """Make the book to read: lectures with their outputs, exercises, guides, an index.

    Runs each lecture whose code, `utils` or packages changed since the last time; then
    no warning of Sphinx and no link that leads nowhere is let through. Reads what
    `course build` made.

    \b
    course site                      .build/site/index.html
    course site --output ../book     somewhere else
    course site 12                   one chapter's two pages, in .build/page
    """
    if chapter and output:
        raise click.UsageError("--output is for the book: a chapter is in .build/page")
    root = find_root(context)
    from course.site import book

    try:
        if chapter:
            with progress(2) as say:
                page = book.make_one(root, chapter, say)
            click.echo(page)
            return
        with progress(len(book.lectures(root)) + 2) as say:
            page = book.make(root, output or root / ".build" / "site", say)
    except (FileNotFoundError, RuntimeError) as error:
        fail(error)
    click.echo(page)
