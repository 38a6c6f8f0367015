"""`course report`, put together from the rooms of this package."""

from pathlib import Path

import click

from course.grade.record.ledger import Record
from course.report.gather import ClassWork, read_class, read_graded
from course.report.names import Names, Pseudonyms
from course.report.page import all_page, class_page, students_page
from course.report.table import all_rows, class_rows, csv_text
from course.report.trajectory import way_rows, ways
from course.report.unnamed import Group, bank_text, unnamed, with_code
from course.whole import write_whole

FOLDER, ALL, STUDENTS, UNNAMED = "reports", "all", "students", "-unnamed.py"
SPREADSHEET = "utf-8-sig"  # without the mark Excel takes UTF-8 for something else


def report(
    root: Path, slug: str, db_url: str = "", has_pseudonyms: bool = False
) -> list[Path]:
    """Write the report of one assignment: `reports/SLUG.html` and `.csv`; and what the
    bank has no name for as `reports/SLUG-unnamed.py`, if there is any.

    Args:
        root: the course's folder.
        slug: the chapter's slug.
        db_url: the gradebook; "" for the course's own.
        has_pseudonyms: whether names are replaced everywhere; the files then have
            other names, so that one is not taken for the other.

    Returns:
        the files.

    Raises:
        FileNotFoundError: the chapter was not built, or nobody is graded.
        CannotWrite: a file or the gradebook can't be written.
    """
    with Record(db_url, root) as record:
        work = read_class(record, root, slug)
    if not work.marks:
        raise FileNotFoundError(f"nobody is graded: run `course grade {slug}` first")
    return _write_one(root, work, _names([work], has_pseudonyms))


def report_all(
    root: Path, db_url: str = "", has_pseudonyms: bool = False
) -> list[Path]:
    """Write the report of each assignment that is graded, `reports/all.html`, and each
    student's way through the course, `reports/students.html`; both with a CSV.

    A student has the same pseudonym in all of them. An assignment that is not in
    `source/` is left out, and standard error says so.

    Args:
        root, db_url, has_pseudonyms: as `report` has them.

    Returns:
        the files.

    Raises:
        FileNotFoundError: nobody is graded in anything that is in `source/`.
        CannotWrite: a file or the gradebook can't be written.
    """
    with Record(db_url, root) as record:
        works, left_out = read_graded(record, root)
    for words in left_out:
        click.echo(words, err=True)
    if not works:
        raise FileNotFoundError("nobody is graded: run `course grade NN_slug` first")
    names = _names(works, has_pseudonyms)
    written = [path for work in works for path in _write_one(root, work, names)]
    files = {work.slug: _path(root, work.slug, names, ".html").name for work in works}
    found = ways(works, names)
    pages = {
        ALL: (all_page(works, names, files), all_rows(works, names)),
        STUDENTS: (students_page(found, names, files), way_rows(found, names)),
    }
    for stem, (page, rows) in pages.items():
        path = _path(root, stem, names, ".html")
        written.append(write_whole(path, page))
        path = path.with_suffix(".csv")
        written.append(write_whole(path, csv_text(rows), SPREADSHEET))
    return written


def _write_one(root: Path, work: ClassWork, names: Names) -> list[Path]:
    page = _path(root, work.slug, names, ".html")
    rows = csv_text(class_rows(work, names))
    groups = unnamed(work)
    if not names.hidden:  # code may hold names
        groups = with_code(root, work, groups)
    return [
        write_whole(page, class_page(work, names, groups)),
        write_whole(page.with_suffix(".csv"), rows, SPREADSHEET),
        *_write_unnamed(root, work, names, groups),
    ]


def _write_unnamed(
    root: Path, work: ClassWork, names: Names, groups: list[Group]
) -> list[Path]:
    """Write what an author may paste into the bank; an older one goes away."""
    if names.hidden or work.assignment.brought:  # the latter have no bank
        return []
    path = root / FOLDER / f"{work.slug}{UNNAMED}"
    if groups:
        return [write_whole(path, bank_text(work.slug, groups))]
    path.unlink(missing_ok=True)
    return []


def _path(root: Path, stem: str, names: Names, suffix: str) -> Path:
    hidden = "-pseudonyms" if names.hidden else ""
    return root / FOLDER / f"{stem}{hidden}{suffix}"


def _names(works: list[ClassWork], has_pseudonyms: bool) -> Names:
    people = {student: p for work in works for student, p in work.people.items()}
    return Pseudonyms(people) if has_pseudonyms else Names(people)
