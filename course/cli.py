"""The `course` command: what instructors, authors and CI run."""

import sys
from pathlib import Path

import click

from course.author.commands import COMMANDS as AUTHORS_COMMANDS
from course.environment import prepare_environment, reproducible
from course.grade.commands import COMMANDS as GRADERS_COMMANDS
from course.report.commands import COMMANDS as REPORTERS_COMMANDS
from course.student.commands import COMMANDS as STUDENTS_COMMANDS
from course.terminal import fail, find_root, progress, talk

# Heavy imports stand inside the commands, so that `course --help` answers at once.


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


COMMANDS = (
    *AUTHORS_COMMANDS,
    *GRADERS_COMMANDS,
    *REPORTERS_COMMANDS,
    *STUDENTS_COMMANDS,
)

for _command in COMMANDS:
    main.add_command(_command)
