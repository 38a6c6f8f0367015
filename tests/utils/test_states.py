"""One word for each state, wherever it is written."""

from course.grade import result
from utils import states


def test_a_result_says_the_states_as_panels_do():
    names = ("RIGHT", "WRONG", "NOT_ATTEMPTED", "NOT_JUDGED")
    ours = [getattr(result, name) for name in names]
    assert ours == [getattr(states, name) for name in names]


def test_points_that_wait_for_a_person_are_said():
    assert states.points_in_words(24, 27) == "24 of 27 points"
    assert states.points_in_words(24, 27, 3) == "24 of 27 points, 3 not graded yet"
