"""A hint at each call, in words that anybody sees; the verdict says how many."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from utils import check
from utils.check.errors import NothingFrozen
from utils.check.hints import NoHint, html_panel
from utils.check.session import session

HINTS = ["Which axis of `X<0>` goes?", "The other one.", "Sum, then `return` it."]
FROZEN = {
    "half": {"names": [], "probes": [[["float", 1.5]]], "hints": HINTS},
    "net": {"hints": ["Why?", "Because.", "So."]},  # no probe: its test uses others
}
TEST = 'with check.exercise("half", points=2):\n    check.probe(half, 3.0)'
ASK = 'check.hint("half")'
CELLS = {
    "too early": f"from utils import check\n{ASK}",
    "load": f"check.load({json.dumps(FROZEN)!r})",
    "unknown": 'check.hint("haff")',
    "wrong def": "def half(x):\n    return x * 2",
    "not asked": TEST,
    "first": ASK,
    "wrong": TEST,
    "second": ASK,
    "stub def": "def half(x):\n    raise NotImplementedError",
    "stub": TEST,
    "third": ASK,
    "once more": ASK,
    "right def": "def half(x):\n    return x / 2",
    "load again": f"check.load({json.dumps(FROZEN)!r})",
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


def shown_in(outputs):
    (shown,) = [o for o in outputs if o.output_type == "display_data"]
    return shown


def panel_of(outputs) -> str:
    return shown_in(outputs).data["text/html"]


def facts_of(outputs) -> dict:
    return shown_in(outputs).metadata["course"]


def error_of(outputs) -> list[str]:
    (error,) = outputs
    return error.traceback


@pytest.fixture
def loaded():
    check.load(json.dumps(FROZEN))


@pytest.mark.parametrize(("cell", "number"), [("first", 1), ("second", 2)])
def test_each_call_shows_the_next_hint_in_words_and_by_a_sign(outputs, cell, number):
    shown = panel_of(outputs[cell])
    assert 'role="status"' in shown
    assert f'aria-hidden="true">?</span> Hint {number} of 3 for half</b>' in shown
    assert "Run this cell again for the next hint." in shown


def test_code_is_shown_as_code_and_nothing_else_as_markup(outputs):
    assert "of <code>X&lt;0&gt;</code> goes?" in panel_of(outputs["first"])
    assert "<b>" not in html_panel("h", "<b>not bold</b>", "").replace("<b><span", "")


def test_that_asking_is_free_is_said_once(outputs):
    said = [name for name in CELLS if "costs no points" in str(outputs[name])]
    assert said == ["first"]


def test_after_the_last_hint_it_is_shown_again_and_said_to_be_the_last(outputs):
    assert "This is the last hint." in panel_of(outputs["third"])
    shown = panel_of(outputs["once more"])
    assert "Hint 3 of 3" in shown
    assert "Sum, then <code>return</code> it." in shown
    assert "These were all the hints" in shown


@pytest.mark.parametrize(
    ("cell", "said", "number"),
    [
        ("wrong", "1 hint asked.", 1),
        ("stub", "2 hints asked.", 2),
        ("right", "3 hints asked.", 3),
    ],
)
def test_the_verdict_says_how_many_were_asked(outputs, cell, said, number):
    assert f"<div>{said}</div>" in panel_of(outputs[cell])
    assert facts_of(outputs[cell])["hints"] == number


def test_the_verdict_of_who_asked_nothing_says_nothing_of_hints(outputs):
    assert "hint" not in panel_of(outputs["not asked"])
    assert facts_of(outputs["not asked"])["hints"] == 0


def test_a_question_before_the_first_cell_was_run_is_told_what_to_do(outputs):
    assert error_of(outputs["too early"]) == [
        "No hints are loaded yet. Run the first code cell of this notebook, then ask "
        "again."
    ]


def test_an_unknown_exercise_is_told_which_there_are(outputs):
    assert error_of(outputs["unknown"]) == [
        "There are no hints to 'haff'. Ask with one of these names, in quotes: half, "
        "net."
    ]


@pytest.mark.parametrize("given", [None, len, ["half"], 3])
def test_what_is_no_name_is_told_the_same(loaded, given):
    with pytest.raises(NoHint, match="no hints to what was given.*: half, net"):
        check.hint(given)
    assert session.asked == {}


def test_exercises_are_counted_apart(loaded, capsys):
    for exercise in ("half", "net", "half"):
        check.hint(exercise)
    assert session.asked == {"half": 2, "net": 1}
    printed = capsys.readouterr().out.splitlines()
    assert printed[2:4] == [
        "Hint 1 of 3 for net: Why?",
        "Run this cell again for the next hint.",
    ]


def test_hints_do_not_stand_in_for_values_to_compare_with(loaded):
    nothing = pytest.raises(NothingFrozen, match="no value to compare with")
    with nothing, check.exercise("net"):
        check.probe(len, [1])


def test_a_plain_process_sees_plain_text():
    cells = [CELLS[name] for name in ("load", "right def", "first", "right")]
    source = "\n".join(["from utils import check", *cells])
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=120
    )
    assert done.stderr == ""
    assert done.stdout == (
        "Hint 1 of 3 for half: Which axis of `X<0>` goes?\n"
        "Asking costs no points. Run this cell again for the next hint.\n"
        "half: right (2 points), as far as these tests see. 1 hint asked.\n"
    )
