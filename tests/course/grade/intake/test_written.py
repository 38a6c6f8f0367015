"""A written answer reaches a person wherever in the notebook it stands."""

from pathlib import Path

import pytest

from course.grade.intake.matching import match
from course.grade.intake.reading import Found
from course.grade.intake.written import STUB
from course.grade.plan import Cell
from course.stock import settings

ROOT = Path(__file__).parents[4]
PROMPT = "## Why?\nSay why."
PRISTINE = (
    Cell("prose", "given-0", "# Toy"),
    Cell("answer", "half", "def half(x): ..."),
    Cell("test", "test_half", "check(half)", 2),
    Cell("prose", "given-1", PROMPT),
    Cell("manual", "why", "the solution", 4),
    Cell("prose", "given-2", "## Next"),
    Cell("answer", "sums", "def sums(X): ..."),
)
GIVEN = {
    "given-0": Found("given-0", False, "# Toy"),
    "half": Found("half", True, "def half(x):\n    return x / 2"),
    "test_half": Found("test_half", True, "check(half)"),
    "given-1": Found("given-1", False, PROMPT),
    "why": Found("why", False, STUB),
    "given-2": Found("given-2", False, "## Next"),
    "sums": Found("sums", True, "def sums(X):\n    return 1"),
}
ANSWER = "Because the step is too long."


def text(source: str, grade_id: str = "") -> Found:
    return Found(grade_id, False, source)


def notebook(**changes: list[Found]) -> list[Found]:
    """What students get; with other cells in the place of some."""
    named = {name.replace("-", "_"): [cell] for name, cell in GIVEN.items()}
    return [cell for cells in (named | changes).values() for cell in cells]


def answer(found: list[Found]) -> tuple[str, list[Cell]]:
    """The written answer, and the cells that the student added."""
    cells, _ = match(PRISTINE, found)
    own = [cell for cell in cells if cell.kind in ("extra", "remark")]
    return next(cell.source for cell in cells if cell.grade_id == "why"), own


@pytest.mark.parametrize(
    "changes",
    [
        {"why": [text(ANSWER)]},  # deleted and typed anew
        {"why": [GIVEN["why"], text(ANSWER)]},  # below its place
        {"why": [text(ANSWER), GIVEN["why"]]},  # above it
        {"why": [text(ANSWER, "why"), GIVEN["why"]]},  # in a copy of the cell
        {"why": [Found("", True, ANSWER), GIVEN["why"]]},  # in a code cell beside it
        {"given_1": [text(f"{PROMPT}\n{ANSWER}", "given-1")]},  # in the prompt
        {"given_0": [text(ANSWER), GIVEN["given-0"]]},  # at the top
        {"sums": [GIVEN["sums"], text(ANSWER)]},  # at the end
    ],
)
def test_an_answer_outside_its_place_is_found(changes):
    source, _ = answer(notebook(**changes))
    assert ANSWER in source
    assert STUB not in source


def test_a_split_answer_is_joined_in_order_and_shown_once():
    halves = [text("First.", "why"), text("Second.", "why"), text("Third.")]
    source, own = answer(notebook(why=halves))
    places = [source.index(word) for word in ("First.", "Second.", "Third.")]
    assert places == sorted(places)
    assert own == []


def test_an_answer_in_its_place_stays_as_it_is():
    found = notebook(why=[text(ANSWER, "why")], half=[GIVEN["half"], text("A note.")])
    source, own = answer(found)
    assert source == ANSWER
    assert [cell.source for cell in own] == ["A note."]


def test_an_empty_answer_stays_empty():
    assert answer(notebook())[0] == STUB
    assert answer(notebook(why=[text(STUB, "why"), text(STUB, "why")]))[0] == STUB


def test_the_stub_is_the_one_that_students_get():
    assert settings(ROOT).ClearSolutions.text_stub == STUB
