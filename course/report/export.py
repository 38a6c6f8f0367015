"""`course export`: grades in the forms that Canvas and Moodle import.

Scores are those of `nbgrader export`: with a person's points and extra credit, less
what being late costs. Who handed nothing in gets no grade unless that is asked for: an
import would overwrite what stands there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.grade.record.ledger import Record
from course.report.attention import waiting
from course.report.canvas import read_roster
from course.report.forms import MOODLE_NOTHING, Grades, canvas_rows, moodle_rows
from course.report.gather import (
    ClassWork,
    read_class,
    read_graded,
    total,
)
from course.report.table import csv_text
from course.whole import CannotWrite, write_whole

CANVAS, MOODLE = "grades-canvas.csv", "grades-moodle.csv"


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
