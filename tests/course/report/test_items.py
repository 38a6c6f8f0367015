"""Difficulty, discrimination and mistakes: what the formulas say, on cases by hand."""

from dataclasses import replace

import numpy as np
import pytest
from class_by_hand import CELLS, COLUMNS, SLUG, marks_of, result_of
from hypothesis import given
from hypothesis import strategies as st

from course.grade.plan import Assignment, Cell
from course.grade.record.marks import Mark, Marks
from course.grade.result import RIGHT, WRONG
from course.report.gather import ClassWork, Person, total
from course.report.items import difficulty, discrimination, items, mistakes

COUNTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 20)), min_size=3, max_size=30
)


def test_difficulty_is_the_mean_share():
    assert difficulty([1, 0, 0.5, 0.5]) == 0.5
    assert difficulty([]) is None


@given(COUNTS)
def test_discrimination_is_pearsons_correlation_with_the_rest(pairs):
    shares, rests = (list(part) for part in zip(*pairs, strict=True))
    got = discrimination(shares, rests)
    if len(set(shares)) == 1 or len(set(rests)) == 1:
        assert got is None
    else:
        assert got == pytest.approx(np.corrcoef(shares, rests)[0, 1], abs=1e-9)


def test_discrimination_of_all_or_nothing_is_the_point_biserial():
    """r_pb = (M_1 - M_0) / s sqrt(p q), with the population's standard deviation."""
    passed, rests = [1, 1, 0, 1, 0], [9, 7, 3, 8, 6]
    high = np.mean([9, 7, 8]) - np.mean([3, 6])
    expected = high / np.std(rests) * np.sqrt(0.6 * 0.4)
    assert discrimination(passed, rests) == pytest.approx(expected)


def test_two_students_tell_nothing():
    assert discrimination([0, 1], [1, 5]) is None


def test_an_exercise_is_not_correlated_with_itself():
    """With the whole score it would be positive: here the two tests are independent."""
    states = [(RIGHT, RIGHT), (RIGHT, WRONG), (WRONG, RIGHT), (WRONG, WRONG)]
    names = "abcd"
    marks = {n: marks_of(s, 0) for n, s in zip(names, states, strict=True)}
    work = ClassWork(Assignment(SLUG, CELLS, ""), {n: Person(n) for n in names}, marks)
    half, sums, _ = items(work)
    assert half.discrimination == pytest.approx(0)
    assert sums.discrimination == pytest.approx(0)


def test_what_could_not_be_read_is_in_no_statistic(work):
    half, sums, _ = items(work)
    assert half.states == {RIGHT: 3, WRONG: 1}
    assert half.difficulty == 0.75
    assert sums.difficulty == 0.25


def test_while_answers_wait_nothing_is_said_of_them_and_they_are_in_no_rest(work):
    half, _, by_hand = items(work)
    assert (by_hand.difficulty, by_hand.discrimination) == (None, None)
    changed = dict(work.marks, cleo=marks_of((WRONG, WRONG), 3))
    later = items(replace(work, marks=changed))
    assert later[2].difficulty == pytest.approx(7.5 / 12)
    assert half.discrimination == pytest.approx(1 / 3)
    assert later[0].discrimination != pytest.approx(1 / 3)


def test_mistakes_come_with_their_share_the_biggest_first(work):
    first, second = mistakes(work)
    assert (first.exercise, first.name, first.students) == ("row_sums", COLUMNS, 2)
    assert first.share == 0.5
    assert (first.number, second.number) == (1, 2)
    assert second.exercise == "half"


def test_a_mistake_in_two_exercises_has_one_number(work):
    results = dict(work.results)
    for student in ("ann", "ben"):
        wrong = result_of(student, (WRONG, WRONG))
        verdicts = {t: replace(v, mistake=COLUMNS) for t, v in wrong.verdicts.items()}
        results[student] = replace(wrong, verdicts=verdicts)
    made = mistakes(replace(work, results=results))
    assert [m.number for m in made if m.name == COLUMNS] == [1, 1]


def test_extra_credit_makes_no_exercise_easier():
    cell = Cell("test", "test_half", "", 2)
    marks = {"a": Marks({"test_half": Mark(3, 2, extra=1)})}
    work = ClassWork(Assignment(SLUG, (cell,), ""), {"a": Person("a")}, marks)
    assert items(work)[0].difficulty == 1
    assert total(marks["a"]) == 3


def test_the_score_is_that_of_nbgraders_export():
    assert total(marks_of((RIGHT, RIGHT), None, penalty=1)) == 2
    assert total(marks_of((RIGHT, WRONG), 0, penalty=4)) == 0
