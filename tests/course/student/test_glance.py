"""A bar says what the words beside it say, and is a whole picture."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree

from course.student.glance import LOOKS, bar, in_words
from course.student.progress import STATES, Chapter, Exercise
from utils.states import NOT_ATTEMPTED

SVG = "{http://www.w3.org/2000/svg}"


def chapter(*states: str, points: float = 2) -> Chapter:
    exercises = tuple(Exercise(str(n), s, points) for n, s in enumerate(states))
    return Chapter("03_linear", "work/03_linear/03_linear.ipynb", exercises)


def widths(markdown: str) -> dict[str, float]:
    """How wide each colour of a bar is."""
    address = re.fullmatch(r"!\[\]\(data:image/svg\+xml,([^ )]*)\)", markdown)[1]
    parts = ElementTree.fromstring(unquote(address)).iter(f"{SVG}rect")
    found = [(part.get("fill"), float(part.get("width"))) for part in parts]
    return {colour: width for colour, width in found if colour.startswith("#")}


def test_each_state_has_its_share_of_the_bar():
    shown = widths(bar([chapter("right", "right", "wrong", "not attempted")], 80))
    assert shown == {LOOKS["right"][0]: 40, LOOKS["wrong"][0]: 20}


def test_chapters_are_counted_together_in_bar_and_words():
    both = [chapter("right"), chapter("not tested", "not graded yet", "right")]
    assert widths(bar(both, 80))[LOOKS["right"][0]] == 40
    assert in_words(both) == (
        "2 right, 1 not tested, 1 not graded yet; 4 of 8 points, 2 not graded yet"
    )


def test_a_bar_of_nothing_done_and_of_no_exercises_is_empty():
    assert widths(bar([chapter("not attempted")])) == widths(bar([chapter()])) == {}


def test_every_state_that_is_drawn_has_a_colour_and_a_pattern_of_its_own():
    assert set(LOOKS) == set(STATES) - {NOT_ATTEMPTED}
    assert len({colour for colour, _ in LOOKS.values()}) == len(LOOKS)
    assert len({pattern for _, pattern in LOOKS.values()}) == len(LOOKS)
    assert set(widths(bar([chapter(*STATES)]))) == {c for c, _ in LOOKS.values()}
