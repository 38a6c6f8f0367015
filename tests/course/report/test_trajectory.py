"""Each student over the course: what came, how late, and how it moves."""

import csv
import io
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from class_by_hand import HOSTILE, SLUG

from course.report.names import Names, Pseudonyms
from course.report.page import students_page
from course.report.table import csv_text
from course.report.trajectory import Step, Way, way_rows, ways

FILES = {SLUG: f"{SLUG}.html", "02_other": "02_other.html"}


@pytest.fixture(scope="module")
def works(work):
    """Two chapters; Ben is two days late in the second and Ann hands nothing in."""
    late = replace(work.marks["ben"], late_s=2 * 86400)
    marks = {s: m for s, m in work.marks.items() if s != "ann"} | {"ben": late}
    handed_in = tuple(s for s in work.handed_in if s != "ann")
    assignment = replace(work.assignment, slug="02_other")
    second = replace(work, assignment=assignment, marks=marks, handed_in=handed_in)
    return [work, second]


def way(*shares: float | None) -> Way:
    """A way by the shares of its chapters; None was not handed in."""
    return Way(
        "ann",
        tuple(
            Step(f"{n:02}_x", "not handed in", None, 10)
            if share is None
            else Step(f"{n:02}_x", "graded", 10 * share, 10)
            for n, share in enumerate(shares, 1)
        ),
    )


def test_each_chapter_has_its_state_points_and_lateness(works):
    found = {way.student: way.steps for way in ways(works, Names(works[0].people))}
    states = {student: [s.state for s in steps] for student, steps in found.items()}
    assert states["ann"] == ["graded", "not handed in"]
    assert states["eve"] == ["not handed in"] * 2
    assert states["fay"] == ["could not be read"] * 2
    assert states["gil"] == ["not graded"] * 2
    assert [step.late for step in found["ben"]] == ["", "2 days"]
    assert [step.waits for step in found["cleo"]] == [True, True]


@pytest.mark.parametrize(
    ("late_s", "words"),
    [(0, ""), (-5, ""), (60, "under 1 h"), (3 * 3600, "3 h"), (86400, "24 h")],
)
def test_lateness_in_words(late_s, words):
    assert Step(SLUG, "graded", 1, 1, late_s).late == words


@pytest.mark.parametrize(
    ("shares", "moves", "behind"),
    [
        ((0.5, 0.5, 0.5), "", False),
        ((0.5, 0.9, 0.9, 0.9), "up 40 points", False),
        ((0.9, 0.9, 0.6, 0.6, 0.6), "down 30 points", True),
        ((0.8, 0.82, 0.8, 0.81), "steady", False),
        ((1, None, None), "", True),
        ((1, 1, 1, 1, 1, None), "down 33 points", True),
        ((None, 1, 1, 1), "up 100 points", False),
    ],
)
def test_how_it_moves(shares, moves, behind):
    assert way(*shares).moves == moves
    assert way(*shares).falls_behind is behind


def test_what_is_still_to_be_graded_moves_nothing():
    waiting = Step("05_x", "not graded", None, 10)
    steps = way(1, 1, 1, 1).steps
    assert Way("ann", (*steps, waiting)).moves == "steady"


def test_the_table_has_one_row_a_student_and_no_formula(works):
    names = Names(works[0].people)
    text = csv_text(way_rows(ways(works, names), names))
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 7
    ben = rows["ben"]
    assert ben["02_other hours late"] == "48" and ben["01_toy hours late"] == ""
    assert (ben["late"], ben["not handed in"]) == ("1", "0")
    assert rows["ann"]["02_other state"] == "not handed in"
    assert rows["ann"]["score"] == "6" and rows["ann"]["max_score"] == "12"
    assert rows["dan"]["first_name"].startswith("'=HYPERLINK")


def test_the_page_says_it_in_words_and_escapes_names(works):
    names = Names(works[0].people)
    page = students_page(ways(works, names), names, FILES)
    soup = BeautifulSoup(page, "html.parser")
    rows = {row.th.get_text(): row for row in soup.select("tbody tr")}
    words = " ".join(rows["Birch, Ben (ben)"].get_text(" ").split())
    assert words.startswith("Birch, Ben (ben) 4 of 12") and "late 2 days" in words
    assert "not in" in rows["Apfelbaum, Ann (ann)"].get_text()
    assert HOSTILE in soup.get_text() and not soup.select("script")
    assert [a["href"] for a in soup.select("thead a")] == list(FILES.values())
    assert "Not final:" in soup.get_text()


def test_with_pseudonyms_nobody_is_named(works):
    names = Pseudonyms(works[0].people)
    page = students_page(ways(works, names), names, FILES)
    assert "Apfelbaum" not in page and "Student 1" in page
