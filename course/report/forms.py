"""The forms in which Canvas and Moodle import grades."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from course.report.canvas import INFO, POSSIBLE, Match, Roster, match
from course.report.gather import Person, listed
from course.report.identity import KEYS, told_apart
from course.report.table import Cell, guard, number

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


def _formulas(where: str, keys: list[str]) -> Iterable[str]:
    if keys:
        yield (
            f"{where}: left out because a spreadsheet would take the id for a formula "
            f"({len(keys)}): {listed(map(repr, keys))}; enter these grades by hand"
        )
