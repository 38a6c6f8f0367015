"""Going through answers: in which order, which ones, and where it ends."""

from course.written.answers import Answer
from course.written.view import View, find_place

FACTS = {"ann": ("Ann", "Birch", "3"), "ben": ("Ben", "Apfelbaum", "1")}
FACTS["cleo"] = ("Cleo", "Cedar", "2")
NAMED, ANONYMOUS = View(False, False), View(True, False)


def answers(*waiting: str) -> list[Answer]:
    """A class's answers, of which some wait."""
    return [
        Answer(key, "", name, first, last, None, False, name in waiting, "")
        for name, (first, last, key) in FACTS.items()
    ]


def way(found: list[Answer], view: View, at: str) -> list[str]:
    """Whose answers come, from one on."""
    students = []
    while at:
        place = find_place(found, view, at)
        students.append(place.answer.student)
        at = place.after
    return students


def test_with_names_it_goes_by_them_and_without_by_keys():
    assert way(answers(), NAMED, "1") == ["ben", "ann", "cleo"]
    assert way(answers(), ANONYMOUS, "1") == ["ben", "cleo", "ann"]


def test_it_begins_with_the_first_that_waits():
    assert find_place(answers("ann", "cleo"), NAMED).answer.student == "ann"
    assert find_place(answers("ann", "cleo"), ANONYMOUS).answer.student == "cleo"
    assert find_place(answers(), NAMED).answer.student == "ben"


def test_only_those_that_wait_come_beside_the_one_that_is_asked_for():
    waiting = View(False, True)
    assert way(answers("ann", "cleo"), waiting, "1") == ["ben", "ann", "cleo"]
    assert find_place(answers("ann", "cleo"), waiting, "3").total == 2


def test_who_it_is_stands_there_with_names_alone():
    place = find_place(answers(), NAMED, "1")
    assert (place.who, place.number, place.total) == ("Apfelbaum, Ben (ben)", 1, 3)
    assert (place.before, place.after) == ("", "3")
    assert find_place(answers(), ANONYMOUS, "1").who == ""


def test_an_answer_that_is_gone_has_no_place():
    assert find_place(answers(), NAMED, "9") is None


def test_an_address_keeps_what_was_chosen():
    assert View(True, False).query() == "anonymous=1&waiting=0"
    assert View(True, False).query(waiting=True) == "anonymous=1&waiting=1"
