"""Feedback pages as the zip that Moodle takes for a whole class.

In an assignment with feedback files, Moodle reads "Upload multiple feedback files in a
zip": folders named as in its own download of all submissions,
`Full name_PARTICIPANT_assignsubmission_file_`, each with what a participant gets. The
number is the assignment's own for each student and another in the next assignment; its
grading worksheet has it in the column "Identifier".

Source: Moodle 4.5, mod/assign/feedback/file/importziplib.php, which splits a folder's
name at the first four underscores.
"""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from course.report.gather import Person, listed
from course.report.identity import is_somebody_else, keys_of, plain, told_apart
from course.whole import write_bytes_whole

FOLDER = "{name}_{number}_assignsubmission_file_"
IDENTIFIER, NAME = "Identifier", "Full name"
KEYS = ("ID number", "Email address", "Username")
_PARTICIPANT = re.compile(r"\D*(\d+)")  # "Participant 4711", in any language
FIELDS = {"id, email or lms_user_id": ("id", "email", "lms_user_id")}


def write_zip(
    root: Path,
    slug: str,
    pages: Iterable[Path],
    people: Mapping[str, Person],
    worksheet: Path | None = None,
) -> tuple[Path, list[str]]:
    """Write `feedback/SLUG-moodle.zip`.

    Args:
        root: the course's folder.
        slug: the assignment.
        pages: the feedback pages, `feedback/STUDENT/SLUG/SLUG.html`.
        people: every student, by id.
        worksheet: the assignment's grading worksheet; without one a student's id must
            be the participant's number, as where a download of Moodle's was collected.

    Returns:
        the zip, and in sentences who is not in it.

    Raises:
        ValueError: the worksheet is something else, or nobody's number is known.
        CannotWrite: the disk is full, or the folder can't be written to.
    """
    page_of = {page.parents[1].name: page for page in pages}
    graded = {s: people.get(s, Person(s)) for s in page_of}
    if worksheet:
        numbers, notes = _by_worksheet(worksheet, graded, people)
    else:
        numbers = {s: s for s in graded if re.fullmatch(r"[0-9]+", s)}
        notes = _left_out(
            graded.keys() - numbers.keys(),
            "whose id is no participant's number; give --moodle-worksheet",
        )
    if not numbers:
        raise ValueError(f"no zip for Moodle: {'; '.join(notes) or 'no pages'}")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for student, number in sorted(numbers.items()):
            name = FOLDER.format(name=_shown(graded[student]), number=number)
            file.write(page_of[student], f"{name}/{slug}.html")
    path = root / "feedback" / f"{slug}-moodle.zip"
    return write_bytes_whole(path, content.getvalue()), notes


def _shown(person: Person) -> str:
    """A name that is a part of a folder's: Moodle counts the underscores in that."""
    name = f"{person.first_name} {person.last_name}".strip() or person.id
    return re.sub(r"[^\w .'-]|_", " ", name).strip(" .") or "Student"


def _by_worksheet(
    path: Path, graded: Mapping[str, Person], people: Mapping[str, Person]
) -> tuple[dict[str, str], list[str]]:
    """Each student's number; nobody's where two students or two rows would fit."""
    rows = read_worksheet(path)
    others = {s: person for s, person in people.items() if s not in graded}
    apart, notes = told_apart(graded, others, FIELDS)
    rows_of = defaultdict(set)
    for place, row in enumerate(rows):
        for key in (_number(row), *(row.get(name) or "" for name in KEYS)):
            rows_of[plain(key)].add(place)
    fits = {
        person.id: set().union(*(rows_of.get(key, ()) for key in keys_of(person)))
        for person in (*apart, *others.values())
    }
    owners = defaultdict(list)
    for student, places in fits.items():
        for place in places:
            owners[place].append(student)
    numbers = {}
    for person in apart:
        if len(fits[person.id]) != 1 or owners[min(fits[person.id])] != [person.id]:
            continue
        row = rows[min(fits[person.id])]
        if not is_somebody_else(person, row.get(NAME) or ""):
            numbers[person.id] = _number(row)
    unknown = {person.id for person in apart} - numbers.keys()
    why = f"whom no row of {path} fits, or more than one, or one of another name"
    return numbers, [*notes, *_left_out(unknown, why)]


def read_worksheet(path: Path) -> list[dict[str, str]]:
    """The rows of a grading worksheet that have a participant's number.

    Raises:
        ValueError: it is something else.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8: download it again") from None
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    if IDENTIFIER not in (reader.fieldnames or ()):
        raise ValueError(
            f"{path} is no grading worksheet of Moodle: it needs the column "
            f"{IDENTIFIER}, and has {', '.join(reader.fieldnames or ()) or 'none'}; in "
            "the assignment: Submissions, Actions, Download grading worksheet, with "
            "the language set to English"
        )
    return [row for row in reader if _number(row)]


def _number(row: Mapping[str, str]) -> str:
    match = _PARTICIPANT.fullmatch((row[IDENTIFIER] or "").strip())
    return match[1] if match else ""


def _left_out(students: Iterable[str], why: str) -> list[str]:
    students = sorted(students)
    if not students:
        return []
    return [f"not in the zip, {why} ({len(students)}): {listed(students)}"]
