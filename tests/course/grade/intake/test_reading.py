"""The text of cells is read from anything that still has some, and nothing else is."""

import json
import time

import pytest

from course.grade.intake import reading
from course.grade.intake.opening import Unreadable
from course.grade.intake.reading import Found, read_cells

SOURCE = "def half(x):\n    return x / 2"
DECLARED = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}


def cell(source: object = SOURCE, grade_id: object = "half", **changes) -> dict:
    """A code cell with a grade id."""
    metadata = {"nbgrader": {"grade_id": grade_id, "points": 1000, "locked": False}}
    return {"cell_type": "code", "metadata": metadata, "source": source, **changes}


def dump(*cells: object, **changes) -> bytes:
    """A notebook as a file's bytes."""
    return json.dumps({"cells": cells, **DECLARED, **changes}).encode()


def read(content: bytes) -> list[Found]:
    """The cells of a notebook in which nothing had to be mended."""
    found, repairs = read_cells(content, "01_toy.ipynb")
    assert repairs == []
    return found


def mended(content: bytes) -> tuple[list[Found], str]:
    """The cells of a notebook in which one thing was mended, and what it was."""
    found, (repair,) = read_cells(content, "01_toy.ipynb")
    return found, repair


def why_not(content: bytes) -> str:
    """Why this can't be read."""
    with pytest.raises(Unreadable) as reason:
        read_cells(content, "01_toy.ipynb")
    return str(reason.value)


def test_of_a_cell_name_kind_and_text_are_read():
    text = cell(["# a\n", "# b"], "odd", cell_type="markdown", outputs=["anything"])
    assert read(dump(cell(), text)) == [
        Found("half", True, SOURCE),
        Found("odd", False, "# a\n# b"),
    ]


@pytest.mark.parametrize("minor", [0, 4, 99, "x", None])
@pytest.mark.parametrize("major", [4, 5, "x", None])
def test_what_a_file_says_of_its_format_is_not_believed(major, minor):
    content = dump(cell(), nbformat=major, nbformat_minor=minor, metadata=7)
    assert read(content) == [Found("half", True, SOURCE)]


@pytest.mark.parametrize("grade_id", [None, 7, ["half"], {"half": 1}, True])
def test_a_grade_id_that_is_no_text_is_none(grade_id):
    assert read(dump(cell(grade_id=grade_id)))[0].grade_id == ""


@pytest.mark.parametrize("metadata", [None, 7, [], {"nbgrader": []}, {"nbgrader": "x"}])
def test_metadata_of_any_shape_is_borne(metadata):
    assert read(dump(cell(metadata=metadata)))[0].grade_id == ""


@pytest.mark.parametrize(
    ("source", "text"),
    [(None, ""), (7, ""), ({}, ""), ([["x"], None, "y = 1"], "y = 1"), ([], "")],
)
def test_a_source_of_any_shape_is_borne(source, text):
    assert read(dump(cell(source)))[0].source == text


def test_of_keys_given_twice_the_last_one_counts():
    content = (
        b'{"cells": 1, "cells": [{"source": "a", "source": "b", "cell_type": "code"}]}'
    )
    assert read(content) == [Found("", True, "b")]


def test_damaged_cells_are_left_out():
    found, repair = mended(dump(7, cell(), None, [cell()]))
    assert (len(found), repair) == (1, "damaged cells were left out: 3")


def test_a_notebook_of_an_old_format_is_read():
    cells = [
        {
            "cell_type": "code",
            "metadata": cell()["metadata"],
            "input": ["a = 1\n", "b"],
        },
        {"cell_type": "heading", "level": 10**30, "source": "Title"},
    ]
    old = {"nbformat": 3, "worksheets": [7, {"cells": 7}, {"cells": cells}]}
    found, repair = mended(json.dumps(old).encode())
    assert found == [Found("half", True, "a = 1\nb"), Found("", False, "Title")]
    assert "old format" in repair


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_is_read(encoding):
    content = dump(cell("name = 'Ёлка'")).decode().encode(encoding)
    found, repair = mended(content)
    assert found[0].source == "name = 'Ёлка'"
    assert "not saved as plain UTF-8" in repair


def test_broken_characters_are_replaced():
    found, repair = mended(dump(cell("x = 'ß'")).replace(b"\\u00df", b"\xdf"))
    assert found[0].source == "x = '\ufffd'"
    assert "broken characters" in repair


def test_text_after_the_end_is_left_out():
    found, repair = mended(dump(cell()) + b'\n}\n  ],\n "metadata": {}')
    assert len(found) == 1
    assert "after the notebook's end" in repair
    assert read(dump(cell()) + b"\r\n \0") == found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n", "is empty"),
        (b"<!DOCTYPE html>", "another kind of file"),
        (b"PK\x03\x04\x00\xff", "another kind of file"),
        (dump(cell())[:-30], "ends in the middle"),
        (b"[" * 100_000, "another kind of file"),
        (b"[]", "no cells in it"),
        (b'"cells"', "no cells in it"),
        (b"NaN", "no cells in it"),
        (dump(cells=7), "no cells in it"),
        (dump(*[{}] * 2001), "has 2001 cells, over 2000"),
        (b'{\n<<<<<<< HEAD\n "a": 1\n=======\n', "merge conflict"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(content, reason):
    assert reason in why_not(content)


def test_marks_of_a_conflict_in_a_text_are_no_conflict_of_the_file():
    found = read(dump(cell("<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b")))
    assert found[0].notes == ("it holds the marks of a merge conflict (<<<<<<<)",)
    assert found[0].source.startswith("<<<<<<< HEAD\na = 1")


def test_line_ends_are_made_plain():
    assert read(dump(cell("a\r\nb\rc")))[0].source == "a\nb\nc"
    assert "line ends" in read(dump(cell("a\r\nb")))[0].notes[0]


def test_characters_that_no_text_can_hold_are_replaced():
    content = json.dumps({"cells": [cell(["a\0", "\ud83d", "\ude00", "\U0001f600"])]})
    (found,) = read(content.encode())
    assert found.source == "a\ufffd\ufffd\ufffd\U0001f600"
    assert "were replaced" in found.notes[0]
    assert read(dump(cell("\ufeffx = 1")))[0].source == "x = 1"


def test_a_cell_of_over_a_megabyte_is_left_out():
    long, fitting = "x" * (2**20 + 1), "x" * 2**20
    found = read(dump(cell(long), cell(fitting), cell()))
    assert [len(c.source) for c in found] == [0, 2**20, len(SOURCE)]
    assert "over 1048576 characters" in found[0].notes[0]


def test_a_number_of_any_length_costs_nothing():
    start = time.perf_counter()
    content = b'{"n": -%b, "x": Infinity, "cells": []}' % (b"9" * 5_000_000)
    assert read(content) == []
    assert time.perf_counter() - start < 5  # as an int: minutes, or a ValueError


def test_a_file_that_would_fill_the_memory_is_refused(monkeypatch):
    many = b'{"cells": [], "x": [' + b"[]," * 1_000_000 + b"0]}"
    assert "too many parts: clear its outputs" in why_not(many)
    monkeypatch.setattr(reading, "MAX_PIECES", 10**9)
    assert read(many) == []


@pytest.mark.parametrize("depth", [500, 900, 5000])
def test_deep_nesting_is_borne(depth):
    deep = json.loads("[" * 100 + "]" * 100)
    for content in (
        b'{"cells": [], "x": ' + b"[" * depth + b"]" * depth + b"}",
        b'{"cells": ' + b'[{"source": ' * depth + b"1" + b"}]" * depth + b"}",
    ):
        try:
            read_cells(content, "01_toy.ipynb")
        except Unreadable as reason:
            assert "is no notebook" in str(reason)
    assert read(dump(cell(deep)))[0].source == ""
