"""A class made by hand: no gradebook, no grading, every case that a report meets."""

import pytest

from course.grade.plan import Assignment, Cell
from course.grade.record.marks import Mark, Marks
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Result, Verdict
from course.report import figures
from course.report.gather import ClassWork, Person

SLUG = "01_toy"
COLUMNS = "the columns are summed"
HOSTILE = '=HYPERLINK("http://evil.example")<script>pwned(1)</script>'
PEOPLE = (
    Person("ann", "Ann", "Apfelbaum", "ann@example.org", "501"),
    Person("ben", "Ben", "Birch", "ben@example.org", "502"),
    Person("cleo", "Cleo", "Cedar"),
    Person("dan", HOSTILE, "ארז"),
    Person("eve"),
    Person("fay", "Fay", "Fir"),
    Person("gil", "Gil", "Ginkgo"),
)
CELLS = (
    Cell("prose", "p1", "# A *toy* chapter\n\nSome words."),
    Cell("answer", "half", "..."),
    Cell("test", "test_half", "...", 1),
    Cell("answer", "row_sums", "..."),
    Cell("test", "test_row_sums", "...", 2),
    Cell("manual", "odd_halves", "", 3),
)
# States of the two tests, and points for the written answer; None waits.
DONE = {
    "ann": ((RIGHT, RIGHT), 3),
    "ben": ((RIGHT, WRONG), 1.5),
    "cleo": ((WRONG, WRONG), None),
    "dan": ((RIGHT, NOT_JUDGED), 0),
    "fay": ((NOT_ATTEMPTED, NOT_ATTEMPTED), 0),
}
MISTAKES = {"test_half": "doubled in place of halved", "test_row_sums": COLUMNS}


def marks_of(states: tuple[str, str], by_hand: float | None, penalty=0.0) -> Marks:
    """The points of one submission."""
    tests = zip(("test_half", "test_row_sums"), (1, 2), states, strict=True)
    cells = {name: Mark(p if state == RIGHT else 0, p) for name, p, state in tests}
    cells["odd_halves"] = Mark(by_hand, 3, by_hand=by_hand is not None)
    return Marks(cells, penalty)


def result_of(student: str, states: tuple[str, str], **facts) -> Result:
    """How `course grade` graded one submission."""
    verdicts = {
        test: Verdict(
            state,
            points,
            points if state == RIGHT else 0,
            MISTAKES[test] if state == WRONG else None,
        )
        for test, points, state in zip(MISTAKES, (1, 2), states, strict=True)
    }
    given = {"isolation": "A", "assignment_digest": "d" * 64, "seconds": 2.0}
    return Result(student, SLUG, verdicts=verdicts, **(given | facts))


@pytest.fixture
def no_figures(monkeypatch) -> None:
    """Pages without pictures, for tests of other things: drawing takes a second."""
    monkeypatch.setattr(figures, "_svg", lambda *arguments, **options: "data:,")


@pytest.fixture(scope="session")
def work() -> ClassWork:
    """Five are graded, of whom one can't be read; Gil is not graded, Eve is missing."""
    marks = {student: marks_of(*done) for student, done in DONE.items()}
    results = {student: result_of(student, done[0]) for student, done in DONE.items()}
    marks["ben"] = marks_of(*DONE["ben"], penalty=0.5)
    said = "cell half names the file '../ann/answers' of Birch"
    results["dan"] = result_of("dan", DONE["dan"][0], flags=[said, HOSTILE])
    results["fay"] = result_of("fay", (NOT_JUDGED,) * 2, problem="fay.ipynb is empty")
    return ClassWork(
        Assignment(SLUG, CELLS, "d" * 64),
        {person.id: person for person in PEOPLE},
        marks,
        results,
        (*DONE, "gil"),
        ("submitted/x y is a link",),
    )
