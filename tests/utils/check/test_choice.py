"""A letter is judged in whatever way it is written, and a wrong one has a name."""

import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from utils import check
from utils.check.choice import MISSING, sealed
from utils.check.errors import NotAttempted, NothingFrozen, WrongAnswer
from utils.check.hints import NoHint
from utils.check.session import session

WHY = "`two` rows of <padding> are added."
ONE = {
    "A": (False, "padding left out"),
    "B": (True, WHY),
    "C": (False, "height & width swapped"),
    "D": (False, "rounded up"),
}
MANY = {
    "A": (True, "sums don't mind the order."),
    "B": (False, "the mean taken for a sum"),
    "C": (True, "nor does the largest."),
    "D": (False, "the first row taken for any"),
}
FROZEN = json.dumps(
    {"one": {"choice": sealed("one", ONE)}, "many": {"choice": sealed("many", MANY)}}
)


@pytest.fixture(autouse=True)
def loaded(fresh_session):
    """Two questions: of `one` B is right, of `many` A and C."""
    check.load(FROZEN)


def ask(exercise, value):
    """Run the test of a question as the notebook does."""
    with check.exercise(exercise, points=1):
        check.choice(exercise, value)


def refused(exercise, value, error=WrongAnswer):
    """What a choice is told that is not right."""
    with pytest.raises(error) as failed:
        ask(exercise, value)
    assert type(failed.value) is error
    return failed.value


class Lying(str):
    """A text that claims to be whatever it is compared with."""

    def __eq__(self, other):
        return True

    def upper(self):
        return "B"

    __str__ = __repr__ = strip = lower = upper
    __hash__ = str.__hash__


class Eager:
    """An object that claims to be the right letter, however it is asked."""

    def __eq__(self, other):
        return True

    def upper(self):
        return "B"

    __str__ = __repr__ = __upper__ = upper
    __hash__ = object.__hash__


class LyingSet(set):
    """A set that says that it holds the right letter."""

    def __iter__(self):
        return iter("B")

    def __len__(self):
        return 1


ONE_WAYS = ["B", "b", " B ", "b.", "B\n", "\uff22", ["B"], ("b",), {"B"}, ["B", "b"]]
MANY_WAYS = ["AC", "a, c", "C A", "c;a", "A,C", ["A", "C"], ("c", "a"), {"A", "C"}]
MANY_WAYS += [frozenset("CA"), "AAC", ["AC"], ["a,", " c"]]


@pytest.mark.parametrize("value", [*ONE_WAYS, np.str_("b"), Lying("b")])
def test_the_right_letter_is_right_in_any_way_it_is_written(value, capsys):
    ask("one", value)
    assert capsys.readouterr().out == f"one: right (1 point). {WHY}\n"


@pytest.mark.parametrize("value", MANY_WAYS)
def test_several_right_letters_are_right_in_any_order(value, capsys):
    ask("many", value)
    told = "many: right (1 point). Sums don't mind the order. Nor does the largest."
    assert capsys.readouterr().out == f"{told}\n"


@pytest.mark.parametrize(("letter", "option"), ONE.items())
def test_each_wrong_letter_is_met_with_the_thought_behind_it(letter, option):
    if not option[0]:
        failed = refused("one", letter.lower())
        assert (failed.mistake, failed.message) == (option[1], f"You chose {letter}.")


def test_of_several_each_wrong_one_is_named():
    assert refused("many", "ACD").mistake == "the first row taken for any"
    named = "the mean taken for a sum; and the first row taken for any"
    assert refused("many", "DB").mistake == named


@pytest.mark.parametrize("value", ["A", "C", ["c"]])
def test_one_that_is_missing_is_told_and_not_which(value):
    failed = refused("many", value)
    assert failed.mistake == MISSING
    assert "This holds, but it is not all" in failed.message
    (other,) = {"A", "C"} - {value[0].upper()}
    assert f" {other}" not in failed.message


def test_a_wrong_one_is_told_before_a_missing_one():
    assert refused("many", "AB").mistake == "the mean taken for a sum"


NO_CHOICE = {
    "another letter": "E",
    "a word": "option B",
    "a digit": "2",
    "a number": 2,
    "a truth": True,
    "nothing": None,
    "dots": ...,
    "two letters": "AB",
    "two letters with the right one": ["B", "C"],
    "a list of a number": [2],
    "a list in a list": [["B"]],
    "bytes": b"B",
    "a text without end": "B" * 10**6,
    "a function": len,
    "an object that claims all": Eager(),
    "a list of it": [Eager()],
    "a dict": {"B": "B"},
    "a set that lies": LyingSet("Z"),
    "a lie": Lying("Z"),
    "a Greek letter": "\u0392",
}


@pytest.mark.parametrize("value", NO_CHOICE.values(), ids=NO_CHOICE)
def test_what_is_no_choice_is_told_what_to_write_and_not_counted(value):
    failed = refused("one", value, NotAttempted)
    assert failed.message.startswith("Write one of A, B, C, D in quotes: ")
    assert failed.message.endswith("This is not counted as a try.")
    assert len(failed.message) < 300
    assert failed.mistake is None
    assert session.tried.get("one", []) == []


def test_no_choice_says_what_was_given():
    assert (
        "'E' is no letter of this question" in refused("one", "E", NotAttempted).message
    )
    assert "2 is no letter of this" in refused("one", 2, NotAttempted).message
    two = refused("one", "a,b", NotAttempted).message
    assert "you chose 2 letters, and one is asked" in two
    assert "Write one or more of A, B" in refused("many", "E", NotAttempted).message


@pytest.mark.parametrize("value", ["", "  ", [], set(), ()])
def test_empty_quotes_are_not_attempted(value):
    assert refused("one", value, NotAttempted).message == (
        "Write your letter between the quotes, then run both cells."
    )
    assert "Write your letters" in refused("many", value, NotAttempted).message


def test_tries_are_different_choices_and_the_same_cell_again_is_none():
    for value in ("A", "a", " A ", "E", ""):
        refused("one", value, (NotAttempted if value in ("E", "") else WrongAnswer))
    assert session.tried == {"one": ["A"]}
    refused("one", "C")
    ask("one", "B")
    ask("one", ["b"])
    assert session.tried == {"one": ["A", "C", "B"]}
    refused("many", "C A B")
    refused("many", "ABC")
    assert session.tried["many"] == ["ABC"]


def test_a_question_that_was_not_loaded_says_what_to_run():
    with pytest.raises(NothingFrozen, match="Run the first code cell"):
        ask("other", "A")


def test_an_exercise_after_a_question_is_not_explained_by_it(load, capsys):
    load("half", (1.5, {}))
    ask("one", "B")
    with check.exercise("half"):
        check.probe(lambda x: x / 2, 3.0)
    assert capsys.readouterr().out.endswith("half: right, as far as these tests see.\n")


def test_there_are_no_hints_and_a_kind_word():
    with pytest.raises(NoHint, match="needs no hints: choose") as none:
        check.hint("one")
    assert "as often as you like" in str(none.value)


def test_what_is_loaded_gives_no_letter_away_at_a_glance():
    for exercise, options in (("one", ONE), ("many", MANY)):
        text = json.dumps({exercise: {"choice": sealed(exercise, options)}})
        for letter, (_, why) in options.items():
            assert why not in text and f'"{letter}"' not in text
        assert "wrong" not in text


def test_entries_are_not_in_the_order_of_the_letters():
    """Else the n-th entry is that of the n-th letter."""
    orders = set()
    for number in range(8):
        told = sealed(f"question{number}", ONE)["told"]
        assert list(told) == sorted(told)
        orders.add(tuple(len(text) for text in told.values()))
    assert len(orders) > 2


def test_the_same_letter_has_another_digest_in_another_question():
    one, other = sealed("one", ONE), sealed("other", ONE)
    assert one["right"] != other["right"]
    assert not set(one["told"]) & set(other["told"])


# ------------------------------------------------------------------ in a notebook

TEST = 'with check.exercise("one", points=1):\n    check.choice("one", one)'
CELLS = {
    "load": f"from utils import check\ncheck.load({FROZEN!r})",
    "not run": TEST,
    "stub def": 'one = ""',
    "stub": TEST,
    "first def": 'one = "C"',
    "first": TEST,
    "again": TEST,
    "no letter def": 'one = "E"',
    "no letter": TEST,
    "second def": 'one = "D"',
    "second": TEST,
    "no letter again def": "one = 2",
    "no letter again": TEST,
    "hint": 'check.hint("one")',
    "right def": 'one = "b"',
    "right": TEST,
}


@pytest.fixture(scope="module")
def outputs():
    """The outputs of each cell, run in one real kernel."""
    cells = [new_code_cell(source) for source in CELLS.values()]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    nbformat.validate(notebook)
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells), strict=True))


def shown(outputs, name):
    (panel,) = [o for o in outputs[name] if o.output_type == "display_data"]
    return panel.data["text/html"], panel.metadata.course


def test_the_panel_names_the_thought_and_escapes_it(outputs):
    text, facts = shown(outputs, "first")
    assert "Likely mistake: <b>height &amp; width swapped</b>." in text
    assert "You chose C." in text
    assert (facts["state"], facts["mistake"]) == ("wrong", ONE["C"][1])


def test_the_panel_says_which_try_it_was_from_the_second_on(outputs):
    assert " try." not in shown(outputs, "first")[0]
    assert " try." not in shown(outputs, "again")[0]
    assert "<div>2nd try.</div>" in shown(outputs, "second")[0]
    assert "<div>3rd try.</div>" in shown(outputs, "right")[0]


def test_what_is_no_choice_says_no_number(outputs):
    for name, tries in (("no letter", 1), ("no letter again", 2)):
        text, facts = shown(outputs, name)
        assert "one: not attempted" in text and "not counted as a try" in text
        assert "1st try" not in text and "2nd try" not in text
        assert facts["tries"] == tries


def test_tries_are_recorded_as_plain_data(outputs):
    names = ("first", "again", "second", "right")
    assert [shown(outputs, name)[1]["tries"] for name in names] == [1, 1, 2, 3]
    assert "tries" not in shown(outputs, "stub")[1]


def test_the_right_one_is_told_why(outputs):
    text, facts = shown(outputs, "right")
    assert "<code>two</code> rows of &lt;padding&gt; are added. (1 point)" in text
    assert "as far as these tests see" not in text.lower()
    assert facts["state"] == "right" and facts["mistake"] is None


def test_a_letter_that_was_not_run_is_asked_for(outputs):
    assert "Run the cell with your answer" in shown(outputs, "not run")[0]


def test_a_hint_that_there_is_not_is_no_traceback(outputs):
    (error,) = [o for o in outputs["hint"] if o.output_type == "error"]
    assert "needs no hints" in "\n".join(error.traceback)
    assert "Traceback" not in "\n".join(error.traceback)


@pytest.mark.parametrize(
    ("tries", "words"),
    [(2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th")]
    + [(21, "21st"), (22, "22nd"), (23, "23rd"), (31, "31st")],
)
def test_a_try_is_numbered_as_people_do(capsys, tries, words):
    from utils.check import panel

    panel.show_right("one", 0, tries=tries, why="So.")
    assert capsys.readouterr().out == f"one: right. So. {words} try.\n"


def test_a_plain_process_is_told_the_same():
    cells = (CELLS["load"], 'one = "A"', TEST)
    command = [sys.executable, "-c", "\n".join(cells)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "WrongAnswer: one: wrong.\nLikely mistake: padding left out.\nYou chose A.\n"
    )
