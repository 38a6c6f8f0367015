"""A student's cells find their places, whatever was done to the notebook."""

import time
from dataclasses import replace

import pytest

from course.grade.intake.matching import MAX_REPAIRS, match
from course.grade.intake.reading import Found
from course.grade.plan import Cell

SOLUTION = "### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
STUB = "raise NotImplementedError"
PRISTINE = (
    Cell("prose", "given-0", "# Toy\nRun the cells."),
    Cell("given", "frozen-values", f"# Values\nload('{'1' * 50_000}')"),
    Cell("given", "given-1", "import torch"),
    Cell("answer", "half", f"def half(x):\n    {SOLUTION}"),
    Cell("test", "test_half", "check(half)\n### hidden", 2),
    Cell("answer", "sums", f"def sums(X):\n    {SOLUTION}"),
    Cell("test", "test_sums", "check(sums)\n### hidden", 3),
    Cell("manual", "why", SOLUTION, 4),
)
NAMES = [cell.grade_id for cell in PRISTINE]
HALF = Found("half", True, f"def half(x):\n    {STUB}")
TEST_HALF = Found("test_half", True, "check(half)")


def released(**changes: Found | None) -> list[Found]:
    """What students get; with cells of some names changed, or left out if None."""
    found = [Found(cell.grade_id, True, cell.source) for cell in PRISTINE]
    found[0] = replace(found[0], is_code=False)
    found[3], found[4] = HALF, TEST_HALF
    found[5] = Found("sums", True, f"def sums(X):\n    {STUB}")
    found[6] = Found("test_sums", True, "check(sums)")
    found[7] = Found("why", False, "Write your answer here.")
    kept = [changes.get(cell.grade_id.replace("-", "_"), cell) for cell in found]
    return [cell for cell in kept if cell]


def matched(found: list[Found]) -> tuple[dict[str, str], list[str]]:
    """The source of each cell in order, and what was repaired."""
    cells, repairs = match(PRISTINE, found)
    assert [c.grade_id for c in cells if c.kind not in ("extra", "remark")] == NAMES
    for cell in cells:
        if cell.kind in ("given", "prose", "test"):
            assert cell in PRISTINE
    assert "SOLUTION" not in "".join(c.source for c in cells)
    return {cell.grade_id: cell.source for cell in cells}, repairs


def repaired(found: list[Found]) -> tuple[dict[str, str], str]:
    """The source of each cell in order, and the one thing that was repaired."""
    sources, (repair,) = matched(found)
    return sources, repair


def code(source: str, grade_id: str = "") -> Found:
    """A code cell."""
    return Found(grade_id, True, source)


def test_a_release_is_matched_without_repairs():
    sources, repairs = matched(released())
    assert repairs == []
    assert sources["half"] == HALF.source
    assert sources["why"] == "Write your answer here."
    assert list(sources) == NAMES


def test_points_are_the_pristine_ones():
    cells, _ = match(PRISTINE, released())
    assert [cell.points for cell in cells] == [cell.points for cell in PRISTINE]


def test_added_cells_stay_where_they_stand():
    found = released()
    found.insert(4, code("helper = 2"))
    found[4:4] = [Found("", False, "A note."), code("  \n")]
    found.insert(0, code("import math"))
    found.append(code("half(2)"))
    sources, repairs = matched(found)
    assert repairs == []
    names = list(sources)
    assert names[0] == "extra-1" and names[-1] == "extra-4"
    assert names[4:8] == ["half", "extra-2", "extra-3", "test_half"]
    kinds = {cell.grade_id: cell.kind for cell in match(PRISTINE, found)[0]}
    assert [kinds[f"extra-{i}"] for i in (1, 2, 3, 4)] == [
        "extra",
        "remark",
        "extra",
        "extra",
    ]


def test_of_copies_the_last_one_counts_and_the_others_run_as_added_cells():
    found = released()
    found.insert(3, code("early try", "half"))
    sources, repair = repaired(found)
    assert repair == "exercise half: 2 cells bear its name; the last counts"
    assert sources["half"] == HALF.source
    assert sources["extra-1"] == "early try"
    assert list(sources).index("extra-1") < list(sources).index("half")


def test_a_copied_test_is_there_once():
    found = released()
    found.insert(4, TEST_HALF)
    sources, repair = repaired(found)
    assert repair == "the test of half: 2 cells bear its name; the last counts"
    assert sources["extra-1"] == TEST_HALF.source


def test_a_deleted_answer_counts_as_not_attempted():
    sources, repair = repaired(released(half=None))
    assert repair == "exercise half: its cell is missing: it counts as not attempted"
    assert sources["half"] == ""
    sources, repair = repaired(released(why=None))
    assert repair == "exercise why: its cell is missing: it counts as empty"
    assert sources["why"] == ""


def test_deleted_tests_and_given_cells_are_put_back():
    changes = {"test_half": None, "given_1": None, "test_sums": None}
    _, repair = repaired(released(**changes))
    assert repair == (
        "missing cells were put back: the given cell 'import torch', the test of half, "
        "the test of sums"
    )


def test_moved_cells_run_in_the_assignments_order():
    found = released()
    found.append(found.pop(3))
    found.append(code("after half"))
    sources, repair = repaired(found)
    assert repair == "cells had been moved: they run in the assignment's order"
    assert list(sources)[3:5] == ["half", "extra-1"]


def test_an_answer_made_text_runs_as_code():
    sources, repair = repaired(released(half=replace(HALF, is_code=False)))
    assert repair == "exercise half: its cell was made text; it runs as code"
    assert sources["half"] == HALF.source


@pytest.mark.parametrize(
    "source",
    [
        "def half(x):\n    return x / 2",
        "%matplotlib inline\nasync  def half(x): return x / 2",
        "@cache\ndef half(x):\n    return (",
        "class half:\n    pass",
        "half = lambda x: x / 2",
        "half: Callable = numpy.half",
    ],
)
def test_an_answer_whose_name_is_gone_is_found_by_what_it_defines(source):
    found = released(half=code(source, "half-renamed"))
    found.insert(4, code("after = 1"))
    sources, repair = repaired(found)
    assert repair == (
        "exercise half: its cell is missing; what defines it in another cell counts"
    )
    assert sources["half"] == source
    assert list(sources)[3:6] == ["half", "extra-1", "test_half"]


@pytest.mark.parametrize(
    "source",
    [
        "half(2)",
        "    half = 1",
        "half == 1",
        "def halves(): half = 1",
        "x.half = 1",
        "",
    ],
)
def test_a_cell_that_defines_something_else_is_no_answer(source):
    sources, repair = repaired(released(half=code(source, "")))
    assert "not attempted" in repair
    assert sources["half"] == ""


def test_text_is_not_taken_for_an_answer():
    sources, repair = repaired(released(half=replace(HALF, grade_id="", is_code=False)))
    assert "not attempted" in repair
    assert sources["extra-1"] == HALF.source


def test_two_answers_in_one_cell_run_there():
    both = code("def half(x): ...\ndef sums(X): ...", "")
    sources, repairs = matched(released(half=both, sums=None))
    assert repairs == [
        "exercise half: its cell is missing; what defines it in another cell counts",
        "exercise sums: its cell is missing; it runs in the cell of exercise half",
    ]
    assert (sources["half"], sources["sums"]) == (both.source, "")
    assert "extra-1" not in sources


def test_an_answer_merged_into_its_test_is_not_lost():
    merged = code(f"{HALF.source}\n\ncheck(half)", "test_half")
    sources, repair = repaired(released(half=None, test_half=merged))
    assert "what defines it in the test of half counts" in repair
    assert sources["half"] == merged.source


def test_of_many_cells_that_define_an_answer_the_last_one_counts():
    found = released(half=code("half = 1", ""))
    found.insert(4, code("half = 2", "old-name"))
    sources, _ = repaired(found)
    assert (sources["half"], sources["extra-1"]) == ("half = 2", "half = 1")


def test_an_answer_that_has_its_cell_is_not_taken_from_elsewhere():
    sources, repairs = matched([*released(), code("def half(x): return 2")])
    assert repairs == []
    assert sources["half"] == HALF.source
    assert list(sources)[-1] == "extra-1"


def test_changed_given_cells_are_said_and_changed_tests_are_not():
    changes = {
        "given_1": code("import os", "given-1"),
        "test_half": code("", "test_half"),
    }
    _, repair = repaired(released(**changes))
    assert repair == "the given cell 'import torch' was changed; the original is used"
    _, repair = repaired(released(given_0=Found("given-0", False, "# Mine")))
    assert repair == "the given cell '# Toy' was changed; the original is used"
    assert matched(released(given_1=code("import torch\n\n", "given-1")))[1] == []


def test_what_was_mended_in_a_text_is_said_of_the_students_cells_only():
    notes = ("its line ends were changed",)
    found = released(
        half=replace(HALF, notes=notes), test_half=replace(TEST_HALF, notes=notes)
    )
    assert repaired(found)[1] == "exercise half: its line ends were changed"
    assert repaired([*released(), replace(code("x"), notes=notes)])[1] == (
        "a cell that you added: its line ends were changed"
    )


def test_repairs_are_bounded():
    notes = tuple(f"{i} {'x' * 400}" for i in range(100))
    _, repairs = match(PRISTINE, released(half=replace(HALF, notes=notes)))
    assert len(repairs) == MAX_REPAIRS + 1
    assert repairs[-1] == "and 70 more repairs"
    assert max(map(len, repairs)) == 300


def test_without_any_cell_all_is_put_back():
    sources, repairs = matched([])
    assert list(sources) == NAMES
    assert len(repairs) == 4


@pytest.mark.parametrize("line", ["a" * 2**20, "a" + " " * 2**20, "def " * 2**18, "a:"])
def test_looking_for_definitions_takes_time_in_proportion(line):
    hostile = code(f"{line * (2**20 // len(line))}\n" * 4)
    start = time.perf_counter()
    match(PRISTINE, [hostile] * 4)
    assert time.perf_counter() - start < 10  # a pattern that goes back takes hours
