"""What a test gives, by nbgrader's rule, and where that is not followed."""

import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from course.grade.brought.points import last_value, number_in, verdict_of
from course.grade.brought.why import HIDDEN_FAILED, why
from course.grade.plan import Cell
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG

TEST = Cell("test", "t", "f()", 3, True)


def stock(shown: str) -> float:
    """What nbgrader gives for a test of 3 points whose last line has this value."""
    data = {"text/plain": shown}
    output = new_output("execute_result", data, execution_count=1)
    facts = {"grade": True, "solution": False, "points": 3, "grade_id": "t"}
    cell = new_code_cell("f()", outputs=[output], metadata={"nbgrader": facts})
    return determine_grade(cell)[0]


@pytest.mark.parametrize(
    "shown", ["3", "0", "1.5", "'1'", "True", "False", "[1]", "1e-3", "x", "2+0j", "{}"]
)
def test_the_value_of_the_last_line_counts_as_in_nbgrader(shown):
    assert verdict_of(TEST, "", "", shown).score == stock(shown)


@pytest.mark.parametrize(
    ("shown", "score"), [("nan", 0), ("-1", 0), ("-inf", 0), ("np.float64(0.5)", 0.5)]
)
def test_where_nbgrader_gives_all_points_for_less_ours_stands(shown, score):
    assert stock(shown) == 3
    assert verdict_of(TEST, "", "", shown).score == score


@pytest.mark.parametrize("shown", ["3.5", "inf"])
def test_more_than_all_points_is_for_a_person(shown):
    with pytest.raises(ValueError, match="greater than maximum"):
        stock(shown)
    assert verdict_of(TEST, "", "", shown).state == NOT_JUDGED


def test_an_error_gives_nothing_and_a_stub_was_not_attempted():
    assert verdict_of(TEST, "AssertionError", "no", "3").score == 0
    assert verdict_of(TEST, "AssertionError", "no", None).state == WRONG
    assert verdict_of(TEST, "NotImplementedError", "", None).state == NOT_ATTEMPTED


def test_a_part_of_the_points_is_told():
    verdict = verdict_of(TEST, "", "", "1.5")
    assert (verdict.state, verdict.message) == (WRONG, "Partly right: 1.5 of 3 points.")
    assert verdict_of(TEST, "", "", None).state == RIGHT


def test_numbers_of_numpy_are_numbers_and_texts_are_none():
    assert number_in("np.int64(2)") == 2
    assert number_in("'2'") is None


def test_a_value_is_found_among_outputs():
    shown = {"output_type": "execute_result", "data": {"text/plain": ["1", ".5"]}}
    assert last_value([{"output_type": "stream", "text": "9"}, shown]) == "1.5"
    assert last_value([]) is None


def test_the_line_that_failed_is_quoted_and_a_hidden_one_is_not():
    source = "f(1)\n### BEGIN HIDDEN TESTS\nf(2)\n### END HIDDEN TESTS"
    assert "`f(1)`: KeyError: 'a b'" in why(source, 1, "KeyError", "'a\nb'")
    assert why(source, 3, "KeyError", "secret") == HIDDEN_FAILED
    assert why(source, 0, "KeyError", "secret") == HIDDEN_FAILED
    assert why("f(1)", 0, "KeyError", "") == "The test stopped: KeyError"
