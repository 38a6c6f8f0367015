"""CSV: right in every reader, and no formula in any spreadsheet."""

import csv
import io

import pytest
from class_by_hand import COLUMNS
from hypothesis import given
from hypothesis import strategies as st

from course.report.names import Names
from course.report.table import (
    all_rows,
    class_rows,
    csv_text,
    guard,
    number,
)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+SUM(A1)",
        "-cmd|' /C calc'!A0",
        "@SUM(1)",
        " =1+1",
        "\t=1+1",
        "\r\n@x",
        "\uff1d1+1",
        'Ann;=HYPERLINK("http://evil.example")',
        "a|=cmd",
    ],
)
def test_a_formula_becomes_text(text):
    guarded = guard(text)
    for part in guarded.replace("|", ";").split(";"):
        assert part.lstrip()[:1] not in tuple("=+-@\uff1d")
    assert "'" in guarded


@pytest.mark.parametrize("text", ["Ann", "-1.5", "+3", "a-b", "x = 1", "", "12,5"])
def test_plain_texts_and_numbers_stay(text):
    assert guard(text) == text


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_no_text_begins_like_a_formula(texts):
    for cell in next(csv.reader(io.StringIO(csv_text([texts])))):
        begins = cell.strip()[:1] in tuple("=+-@")
        assert not begins or cell.lstrip("+-")[:1].isdigit()


def test_numbers_are_not_rounded_where_it_shows():
    assert [number(n) for n in (2.5, 23, 1 / 3)] == ["2.5", "23", "0.3333333333"]
    assert csv_text([[-0.5, None, "x"]]) == "-0.5,,x\n"
    assert csv_text([["x", None]], nothing="-") == "x,-\n"


def test_one_row_a_student_with_points_state_and_mistake(work):
    head, *rows = class_rows(work, Names(work.people))
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert list(found) == ["eve", "ann", "ben", "cleo", "fay", "gil", "dan"]
    ben = found["ben"]
    assert (ben["score"], ben["late_penalty"], ben["max_score"]) == (2, 0.5, 6)
    assert ben["row_sums state"] == "wrong"
    assert ben["row_sums mistake"] == COLUMNS
    assert ben["half points"] == 1
    assert found["cleo"]["odd_halves points"] is None
    states = {student: row["submission"] for student, row in found.items()}
    assert states["fay"] == "could not be read"
    assert states["gil"] == "not graded"
    assert states["eve"] == "not handed in"
    assert found["eve"]["score"] is None


def test_all_chapters_in_one_table(work):
    head, *rows = all_rows([work, work], Names(work.people))
    assert head[3:] == ["01_toy (of 6)", "01_toy (of 6)", "score", "max_score"]
    scores = {row[0]: row[3:] for row in rows}
    assert scores["ann"] == [6, 6, 12, 12]
    assert scores["eve"] == [None, None, 0, 12]


def test_a_hostile_name_is_no_formula_in_the_table(work):
    text = csv_text(class_rows(work, Names(work.people)))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)
