"""Who is new is said; who is meant is asked only where somebody is missed."""

from course.grade.newcomers import newcomers

CLASS = {f"s{number:03}" for number in range(1, 21)}


def test_who_was_not_graded_yet_when_a_batch_was_stopped_is_no_newcomer():
    graded = {"s001", "s002", "s007"}
    rest = sorted(CLASS - graded)
    assert list(newcomers(rest, graded, set(), CLASS)) == []


def test_a_misspelt_id_of_somebody_who_is_missed_is_asked_about():
    handed_in = CLASS - {"s008"} | {"s0008"}
    (asked,) = newcomers(["s0008"], CLASS, CLASS, handed_in)
    assert asked == "new in the gradebook: s0008: is s008 meant?"


def test_somebody_with_a_hand_in_of_their_own_is_not_meant():
    (told,) = newcomers(["s0008"], CLASS, CLASS, CLASS | {"s0008"})
    assert told == "new in the gradebook: s0008"


def test_capitals_alone_are_asked_about_in_any_class():
    (asked,) = newcomers(["Ann"], {"ann", "bob"}, set(), {"ann", "Ann", "bob"})
    assert asked == "new in the gradebook: Ann: is ann meant?"
    assert list(newcomers(["zed"], {"ann"}, {"ann"}, {"zed"})) == [
        "new in the gradebook: zed"
    ]
