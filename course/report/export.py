"""`course export`: grades in the forms that Canvas and Moodle import.

Scores are those of `nbgrader export`: with a person's points and extra credit, less
what being late costs. Who handed nothing in gets no grade unless that is asked for: an
import would overwrite what stands there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.grade.record.ledger import Record
from course.report.attention import waiting
from course.report.canvas import INFO, POSSIBLE, Match, Roster, match, read_roster
from course.report.gather import (
    ClassWork,
    Person,
    listed,
    read_class,
    read_graded,
    total,
)
from course.report.identity import KEYS, told_apart
from course.report.table import Cell, csv_text, guard, number
from course.whole import CannotWrite, write_whole

CANVAS, MOODLE = "grades-canvas.csv", "grades-moodle.csv"
MOODLE_IDS = {  # option: column
    "username": "Username",
    "email": "Email address",
    "idnumber": "ID number",
}
MOODLE_FIELDS = {"username": "id", "email": "email", "idnumber": "lms_user_id"}
CANVAS_FIELDS = {"SIS Login ID": ("id",), "SIS User ID": ("lms_user_id",)}
ROSTER_FIELDS = {"id, email or lms_user_id": KEYS}  # any is looked for in any column
MOODLE_NOTHING = "-"  # as Moodle's own export has it; an empty cell may become 0


@dataclass(frozen=True)
class Grades:
    """The grades of a class.

    Args:
        people: who is in the files, by id.
        columns: the assignments: slug and the name of the column.
        most: the most points of each assignment, by slug.
        scores: by slug and student.
        others: who is in the class and not in the files, by id.
    """

    people: dict[str, Person]
    columns: dict[str, str]
    most: dict[str, float]
    scores: dict[str, dict[str, float]]
    others: dict[str, Person] = field(default_factory=dict)

    def score(self, slug: str, student: str) -> float | None:
        """A student's score; None if there is none."""
        return self.scores[slug].get(student)


@dataclass(frozen=True)
class Exported:
    """What was written, and what a person should know of it.

    Args:
        files: the files.
        notes: in sentences.
    """

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def export(
    root: Path,
    slugs: Sequence[str] = (),
    *,
    folder: Path | None = None,
    canvas_roster: Path | None = None,
    moodle_id: str = "username",
    columns: dict[str, str] | None = None,
    has_zeros: bool = False,
    db_url: str = "",
) -> Exported:
    """Write `grades-canvas.csv` and `grades-moodle.csv`.

    Args:
        root: the course's folder.
        slugs: the assignments; all that are graded and in `source/` if none are given.
        folder: where to; where `nbgrader export` puts its own if None.
        canvas_roster: the gradebook as Canvas exported it; its rows are filled.
        moodle_id: "username" (the student's id), "email" or "idnumber" (the LMS id).
        columns: other names for assignments than their slugs, by slug.
        has_zeros: whether who handed nothing in gets 0, as in `nbgrader export`.
        db_url: the gradebook; "" for the course's own.

    Raises:
        FileNotFoundError: nobody is graded, or an assignment is not there.
        ValueError: the roster is no export of Canvas, or a name fits nothing.
        CannotWrite: a file or the gradebook can't be written.
    """
    roster = read_roster(canvas_roster) if canvas_roster else None
    with Record(db_url, root) as record:
        works, left_out = [read_class(record, root, slug) for slug in slugs], []
        if not slugs:
            works, left_out = read_graded(record, root)
    _check(works, columns or {})
    grades = _grades(works, columns or {}, has_zeros)
    canvas, canvas_notes = canvas_rows(grades, roster)
    moodle, moodle_notes = moodle_rows(grades, moodle_id)
    texts = {CANVAS: csv_text(canvas), MOODLE: csv_text(moodle, MOODLE_NOTHING)}
    files = _write(folder or root, texts)
    open_ends = _open_ends(works, has_zeros)
    notes = [*left_out, *open_ends, *canvas_notes, *moodle_notes]
    return Exported(files, tuple(notes))


def canvas_rows(
    grades: Grades, roster: Roster | None
) -> tuple[list[list[Cell]], list[str]]:
    """The import file of Canvas: headings, points possible, one row a student.

    Args:
        grades: of the class.
        roster: Canvas's own export; without it students are told by "SIS Login ID",
            which is taken to be the student's id.

    Returns:
        the rows, and what a person should know.
    """
    if roster is None:
        return _plain_canvas(grades)
    people, notes = _told_apart("Canvas", grades, ROSTER_FIELDS)
    found = match(roster, people, grades.others.values())
    places = {slug: roster.column(name) for slug, name in grades.columns.items()}
    notes += [f"Canvas: {problem}" for problem in found.problems]
    head: list[Cell] = list(roster.head[: roster.info])
    possible: list[Cell] = [f"    {POSSIBLE}", *[None] * (roster.info - 1)]
    for slug, place in places.items():
        head.append(grades.columns[slug] if place is None else roster.head[place])
        here, there = grades.most[slug], _possible(roster, place)
        possible.append(here if there is None else there)
        if there is not None and there != here:
            notes.append(
                f"Canvas: {head[-1]} is worth {number(there)} points there and "
                f"{number(here)} here; the scores are not rescaled"
            )
    rows = [head, possible, *_filled(grades, roster, found, places)]
    absent = len(roster.rows) - len(found.rows)
    if absent:
        notes.append(f"Canvas: {absent} of its students have no grades here: left out")
    return rows, notes


def moodle_rows(grades: Grades, moodle_id: str) -> tuple[list[list[Cell]], list[str]]:
    """The import file of Moodle: one column that says who, one for each assignment.

    Args:
        grades: of the class.
        moodle_id: a key of `MOODLE_IDS`.

    Returns:
        the rows, and what a person should know.
    """
    rows: list[list[Cell]] = [[MOODLE_IDS[moodle_id], *grades.columns.values()]]
    what = MOODLE_FIELDS[moodle_id]
    people, notes = _told_apart("Moodle", grades, {moodle_id: (what,)})
    unknown, formulas = [], []
    for person in people:
        key = getattr(person, what).strip()
        if not key:
            unknown.append(person.id)
        elif guard(key) != key:
            formulas.append(key)
        else:
            scores = (grades.score(slug, person.id) for slug in grades.columns)
            rows.append([key, *scores])
    if unknown:
        notes.append(
            f"Moodle: left out because the gradebook has no {moodle_id} of them "
            f"({len(unknown)}): {listed(unknown)}; put their {what} into students.csv "
            "and import it again, or give another --moodle-id"
        )
    return rows, [*notes, *_formulas("Moodle", formulas)]


def _plain_canvas(grades: Grades) -> tuple[list[list[Cell]], list[str]]:
    """Without Canvas's own numbers: by login."""
    info: list[Cell] = [f"    {POSSIBLE}", *[None] * (len(INFO) - 1)]
    most = [grades.most[slug] for slug in grades.columns]
    rows: list[list[Cell]] = [[*INFO, *grades.columns.values()], [*info, *most]]
    people, notes = _told_apart("Canvas", grades, CANVAS_FIELDS)
    formulas = []
    for person in people:
        if any(guard(key) != key for key in (person.id, person.lms_user_id)):
            formulas.append(person.id)
            continue
        name = ", ".join(filter(None, (person.last_name, person.first_name)))
        info = [name or person.id, None, person.lms_user_id or None, person.id, None]
        scores = (grades.score(slug, person.id) for slug in grades.columns)
        rows.append([*info, *scores])
    return rows, [*notes, *_formulas("Canvas", formulas)]


def _told_apart(
    where: str, grades: Grades, fields: dict[str, tuple[str, ...]]
) -> tuple[list[Person], list[str]]:
    people, notes = told_apart(grades.people, grades.others, fields)
    return people, [f"{where}: {note}" for note in notes]


def _filled(
    grades: Grades, roster: Roster, found: Match, places: dict[str, int | None]
) -> Iterable[list[Cell]]:
    """Canvas's rows of those who have grades; where there is none, what stood there."""
    for student, row_number in sorted(found.rows.items(), key=lambda pair: pair[1]):
        row = roster.rows[row_number]
        cells: list[Cell] = list(row[: roster.info])
        for slug, place in places.items():
            score = grades.score(slug, student)
            before = row[place] if place is not None else None
            cells.append(before if score is None else score)
        yield cells


def _possible(roster: Roster, place: int | None) -> float | None:
    """How many points an assignment is worth in Canvas; None if that isn't said."""
    if place is None or not roster.possible:
        return None
    try:
        return float(roster.possible[place].replace(",", "."))
    except ValueError:
        return None


def _write(folder: Path, texts: dict[str, str]) -> tuple[Path, ...]:
    try:
        return tuple(write_whole(folder / name, text) for name, text in texts.items())
    except CannotWrite as error:
        raise CannotWrite(f"{error}; or give another one: --to FOLDER") from error


def _check(works: list[ClassWork], columns: dict[str, str]) -> None:
    if empty := [slug for slug, name in columns.items() if not name.strip()]:
        raise ValueError(
            f"--column {empty[0]}= has no name: give one after the equals sign, or "
            "leave the option out and the column is called like the chapter"
        )
    if not any(work.marks for work in works):
        raise FileNotFoundError("nobody is graded: run `course grade NN_slug` first")
    if unknown := set(columns) - {work.slug for work in works}:
        raise ValueError(
            f"--column names {', '.join(sorted(unknown))}, and exported are "
            f"{', '.join(work.slug for work in works)}"
        )


def _grades(works: list[ClassWork], columns: dict[str, str], has_zeros: bool) -> Grades:
    """Scores as `nbgrader export` has them, of everybody who has one."""
    scores = {w.slug: {s: total(m) for s, m in w.marks.items()} for w in works}
    everybody = {student: p for work in works for student, p in work.people.items()}
    if has_zeros:
        scores = {s: dict.fromkeys(everybody, 0.0) | own for s, own in scores.items()}
    there = set().union(*scores.values())
    return Grades(
        {student: everybody[student] for student in sorted(there)},
        {work.slug: columns.get(work.slug, work.slug) for work in works},
        {work.slug: work.max_points for work in works},
        scores,
        {student: p for student, p in everybody.items() if student not in there},
    )


def _open_ends(works: list[ClassWork], has_zeros: bool) -> Iterable[str]:
    """What is not final yet."""
    for work in works:
        students = {s for question in waiting(work) for s in question.students}
        if students:
            yield (
                f"{work.slug}: answers of {len(students)} students wait for a person "
                "and count 0 until then"
            )
        if zero := [s for s in work.unreadable() if not total(work.marks[s])]:
            yield (
                f"{work.slug}: {len(zero)} hand-ins could not be read and count 0: "
                f"{', '.join(zero)}"
            )
        if outdated := work.outdated():
            yield (
                f"{work.slug}: {len(outdated)} graded by an older version of it: "
                f"`course grade {work.slug} --regrade` says whose points would change"
            )
        if late := work.not_graded():
            yield f"{work.slug}: {len(late)} handed in and are not graded"
        if work.missing() and not has_zeros:
            yield (
                f"{work.slug}: {len(work.missing())} handed nothing in and get no "
                "grade; --zeros gives them 0, as `nbgrader export` does"
            )


def _formulas(where: str, keys: list[str]) -> Iterable[str]:
    if keys:
        yield (
            f"{where}: left out because a spreadsheet would take the id for a formula "
            f"({len(keys)}): {listed(map(repr, keys))}; enter these grades by hand"
        )
