"""Where a student stands is what the notebooks on disk say, and no more."""

import subprocess
import sys

import pytest

from course.student import copies
from course.student.progress import as_json, progress
from utils.states import NOT_ATTEMPTED

SLUG = "01_toy"


def states(work) -> dict[str, str]:
    [chapter] = progress(work.root)
    return {exercise.name: exercise.state for exercise in chapter.exercises}


def test_without_a_copy_nothing_is_begun(work):
    [chapter] = progress(work.root)
    assert not chapter.begun and chapter.count(NOT_ATTEMPTED) == 4
    assert not (work.root / "work").exists()
    copies.start(work.root)
    [chapter] = progress(work.root)
    assert not chapter.begun and not chapter.finished


def test_a_verdict_is_read_from_the_panel_that_was_saved(work):
    work.answer({"half": "def half(x): return x / 2", "row_sums": "def row_sums(X): X"})
    work.say("half", "right", hints=2)
    work.say("row_sums", "wrong", points=2, mistake="the columns are summed")
    [chapter] = progress(work.root)
    half, row_sums, count_above, odd_halves = chapter.exercises
    assert (half.state, half.points, half.hints) == ("right", 1, 2)
    assert (row_sums.state, row_sums.mistake) == ("wrong", "the columns are summed")
    assert row_sums.said == "expected 1, got 2."
    assert count_above.state == "not attempted" and odd_halves.state == "not attempted"
    assert (chapter.points, chapter.points_of, chapter.hints) == (1, 8, 2)
    assert chapter.next == row_sums and chapter.begun and not chapter.finished
    assert half.heading == "1. Half"


def test_points_are_those_of_the_released_notebook(work):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "right", points=100)
    assert progress(work.root)[0].points == 1


def test_an_answer_changed_since_its_test_ran_is_to_be_run(work):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "right")
    assert states(work)["half"] == "right"
    work.answer({"half": "def half(x): return x / 3"})
    assert states(work)["half"] == "not tested"
    work.answer({"half": "def half(x): return x / 2\n"})
    assert states(work)["half"] == "right"


def test_an_answer_that_no_test_has_seen_is_to_be_run(work):
    work.answer({"half": "def half(x): return x / 2"})
    assert states(work)["half"] == "not tested"


def test_a_stub_put_back_is_not_attempted_whatever_the_panel_says(work):
    work.answer({})
    work.say("half", "right")
    assert states(work)["half"] == "not attempted"


def test_a_verdict_of_a_changed_test_does_not_count(work):
    work.answer({"half": "def half(x): return x / 3"})
    work.say("half", "right")
    work.answer({"test_half": "pass"})
    [chapter] = progress(work.root)
    assert chapter.exercises[0].state == "not tested"
    assert [damage.said for damage in chapter.damages] == [
        "the test of half is not as it was handed out"
    ]


def test_a_panel_pasted_from_another_exercise_does_not_count(work):
    work.answer({"half": "def half(x): return x / 3"})
    work.say("half", "right", exercise="row_sums")
    assert states(work)["half"] == "not tested"


@pytest.mark.parametrize(
    "facts",
    [{"answers": None}, {"state": "perfect"}, {"hints": "many"}, {"mistake": 3}],
)
def test_what_a_panel_carries_may_be_anything(work, facts):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "wrong", **facts)
    assert states(work)["half"] in ("wrong", "not tested")


def test_a_text_waits_for_a_person_and_its_points_count_among_all(work):
    work.answer({"odd_halves": "When it is odd."})
    [chapter] = progress(work.root)
    odd_halves = chapter.exercises[3]
    assert (odd_halves.state, odd_halves.by_hand) == ("not graded yet", True)
    assert (chapter.points, chapter.waiting, chapter.points_of) == (0, 2, 8)
    assert [e.by_hand for e in chapter.exercises[:3]] == [False] * 3


@pytest.mark.parametrize("state", ["not tested", "not graded yet", "can't be read"])
def test_a_panel_says_nothing_but_a_verdict(work, state):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", state)
    assert states(work)["half"] == "not tested"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n", "marks of a merge conflict"),
        ('{"cells": [{"cell_type": "co', "ends in the middle"),
        ("PK\x03\x04", "is no notebook"),
        ("[]", "is no notebook of this format"),
        ('{"cells": [{"source": 3}]}', "is no notebook of this format"),
        ('{"cells": [], "metadata": null}', "is no notebook of this format"),
        ("[" * 100_000, "is no notebook"),
    ],
)
def test_a_broken_notebook_says_how_to_mend_it_in_its_row(work, content, said):
    work.path.parent.mkdir(parents=True)
    work.path.write_text(content)
    [chapter] = progress(work.root)
    assert said in chapter.problem and "`course restore 01_toy`" in chapter.problem
    assert chapter.begun and not chapter.finished and chapter.next is None
    assert (chapter.points, chapter.points_of) == (0, 8)


def test_a_deleted_notebook_says_how_to_get_it_again(work):
    work.path.parent.mkdir(parents=True)
    [chapter] = progress(work.root)
    assert chapter.problem == "the notebook is not there: `course start` makes a copy"


def test_a_broken_release_is_no_fault_of_the_student(work):
    work.pristine.write_text("")
    [chapter] = progress(work.root)
    assert "release/01_toy/01_toy.ipynb is empty: get the course's folder" in (
        chapter.problem
    )


def test_as_json_it_has_the_sums(work):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "right")
    [chapter] = as_json(progress(work.root))
    assert chapter["exercises"][0]["name"] == "half"
    assert (chapter["points"], chapter["begun"], chapter["finished"]) == (
        1,
        True,
        False,
    )


def test_nothing_heavy_is_imported():
    source = (
        "import sys; from course.student import commands, glance, home, table;"
        "print([m for m in ('torch', 'nbformat', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr
