"""Canvas's own gradebook export, read so that its rows can be given back with grades.

Canvas finds a student by its own number in the column "ID", then by "SIS User ID" and
"SIS Login ID"; the columns up to "Section" are kept as they are.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.report.gather import Person, listed
from course.report.identity import is_somebody_else, keys_of, plain

INFO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "Points Possible"
KEYS = ("ID", "SIS User ID", "SIS Login ID")
_WITH_ID = re.compile(r"^(.*?)\s*\(\d+\)$")  # "Homework 3 (41877)"


@dataclass(frozen=True)
class Roster:
    """The rows of Canvas's export.

    Args:
        path: the file, for messages.
        head: all its columns.
        info: how many of them say who a student is; the last of them is "Section".
        possible: the row "Points Possible"; () if there is none.
        rows: one a student.
    """

    path: Path
    head: tuple[str, ...]
    info: int
    possible: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> int | None:
        """Which column holds an assignment, by its title with or without its number.

        Raises:
            ValueError: several do.
        """
        wanted = name.casefold()
        found = [
            place
            for place, head in enumerate(self.head[self.info :], self.info)
            if wanted in {head.casefold(), _WITH_ID.sub(r"\1", head).casefold()}
        ]
        if len(found) > 1:
            heads = ", ".join(self.head[place] for place in found)
            raise ValueError(
                f"{self.path} has several columns for {name}: {heads}; give one with "
                f"its number: --column SLUG='{self.head[found[0]]}'"
            )
        return found[0] if found else None


@dataclass(frozen=True)
class Match:
    """Which row is whose.

    Args:
        rows: a student's row in the roster, by student.
        problems: who has no row of their own, and why, in sentences.
    """

    rows: dict[str, int]
    problems: tuple[str, ...]


def read_roster(path: Path) -> Roster:
    """Read the CSV that Canvas's gradebook exports.

    Args:
        path: the file, with commas or semicolons.

    Raises:
        ValueError: it is something else.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")  # line breaks as they are
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8: export it from Canvas again") from None
    first = "".join(text.splitlines()[:1])
    separator = ";" if first.count(";") > first.count(",") else ","
    lines = io.StringIO(text, newline="")  # a quoted field may have several
    head, *rows = [*csv.reader(lines, delimiter=separator)] or [[]]
    if "ID" not in head or "Section" not in head:
        raise ValueError(
            f"{path} is no gradebook of Canvas: its first row must have the columns "
            f"{', '.join(INFO)}, and has {', '.join(head[:6]) or 'none'}; in Canvas: "
            "Grades, Export, Export Entire Gradebook"
        )
    full = [tuple(row + [""] * (len(head) - len(row))) for row in rows]
    possible = next((row for row in full if POSSIBLE in row[0]), ())
    own = head.index("ID")
    students = tuple(row for row in full if row[own].strip() and POSSIBLE not in row[0])
    return Roster(path, tuple(head), head.index("Section") + 1, possible, students)


def match(
    roster: Roster, people: Iterable[Person], others: Iterable[Person] = ()
) -> Match:
    """Find each student's row: id, address or LMS id against Canvas's three ids.

    A student who fits two rows, students who fit one row, and a student whom a single
    key leads to a row of quite another name get none: a grade must not go to somebody
    else.

    Args:
        roster: Canvas's rows.
        people: who has grades and shares no key with anybody (`told_apart`).
        others: who is in the class without a grade: a row may be theirs.
    """
    people, rows_of = list(people), _rows_by_key(roster)
    found, names, agree = {}, {}, {}
    for person in (*people, *others):
        fits = [rows_of[key] for key in keys_of(person) if key in rows_of]
        found[person.id], agree[person.id] = set().union(*fits), len(fits)
        names[person.id] = person
    owners = defaultdict(list)
    for student, numbers in found.items():
        for number in numbers:
            owners[number].append(student)
    graded = {person.id for person in people}
    fits = {student: found[student] for student in sorted(graded)}
    strangers = {
        student: row[0]
        for student, numbers in fits.items()
        if agree[student] == 1 and len(numbers) == 1
        if is_somebody_else(names[student], (row := roster.rows[min(numbers)])[0])
    }
    rows = {
        student: min(numbers)
        for student, numbers in fits.items()
        if len(numbers) == 1 and student not in strangers
        if owners[min(numbers)] == [student]
    }
    problems = [*_problems(roster, fits, owners), *_strangers(strangers)]
    return Match(rows, tuple(problems))


def _rows_by_key(roster: Roster) -> dict[str, set[int]]:
    places = [roster.head.index(key) for key in KEYS if key in roster.head]
    rows_of = defaultdict(set)
    for number, row in enumerate(roster.rows):
        for place in places:
            if key := plain(row[place]):
                rows_of[key].add(number)
    return dict(rows_of)


def _problems(roster: Roster, fits: dict, owners: dict) -> Iterator[str]:
    if absent := [student for student, numbers in fits.items() if not numbers]:
        yield (
            f"left out because no {', '.join(KEYS)} in {roster.path} fits "
            f"({len(absent)}): {listed(absent)}"
        )
    for student, numbers in fits.items():
        if len(numbers) > 1:
            whose = " and ".join(f"'{roster.rows[n][0]}'" for n in sorted(numbers)[:3])
            yield (
                f"{student} fits {len(numbers)} rows of {roster.path}, {whose}: "
                "left out"
            )
    for number, students in sorted(owners.items()):
        if len(students) > 1 and not fits.keys().isdisjoint(students):
            whose = " and ".join(sorted(students))
            yield f"{whose} fit the same row, {roster.rows[number][0]}: left out"


def _strangers(strangers: dict[str, str]) -> Iterator[str]:
    for student, shown in sorted(strangers.items()):
        yield (
            f"{student} fits the row '{shown}' by one key alone, and the names differ: "
            "left out; put students.csv right, or enter it by hand"
        )
