"""A verdict in a notebook: one panel in words, one line of error, nothing on stderr."""

import html
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from utils.check import panel
from utils.check.errors import NotAttempted, WrongAnswer
from utils.digests import digest

# What the build freezes for half([3, 4]): the reference's value and a wrong answer's.
VALUES = (
    '{"half":{"names":["<doubled> & not halved"],"probes":'
    '[[["list",[["float",1.5],["float",2]]],["list",[["int",6],["int",8]]]]]}}'
)
HIDDEN = (
    '{"half":{"names":["<doubled> & not halved"],"probes":'
    '[[["list",[["float",4.5],["float",2.5]]],["list",[["int",18],["int",10]]]]]}}'
)
TEST = 'with check.exercise("half", points=2):\n    check.probe(half, [3, 4])'
WARNS = "import warnings, sys; warnings.warn('x'); print('y', file=sys.stderr)"
CELLS = {
    "unready": f"from utils import check\n{TEST}",
    "load": f"check.load('{VALUES}')",
    "not run": TEST,
    "stub def": "def half(x):\n    raise NotImplementedError",
    "stub": TEST,
    "right def": f"def half(x):\n    {WARNS}\n    return [v / 2 for v in x]",
    "right": TEST,
    "wrong def": "def half(x):\n    return [v * 2 for v in x]",
    "wrong": TEST,
    "wrong again": TEST,
    "odd def": "def half(x):\n    return '<b>' + str(x)",
    "odd": TEST,
    "leaves def": "import sys\ndef half(x):\n    sys.exit(3)",
    "leaves": TEST,
    "leaves in test": TEST.replace("check.probe(half, [3, 4])", "half(1)"),
    "raises def": "def half(x):\n\n    return x.foo",
    "raises": TEST,
    "unloaded": TEST.replace('"half"', '"other"'),
    "hidden def": "def half(x):\n    return [v / 2 if x == [3, 4] else 0 for v in x]",
    "hidden": f"{TEST}\n    check.hidden({HIDDEN!r})\n    check.probe(half, [9, 5])",
    "slip def": "def half(x):\n    return (",
    "slip": TEST,
    "older def": "def half(x):\n    return [v * 2 for v in x]",
    "slip of an older one": "def half(x):\n    return [v / 2 for v in x",
    "older": TEST,
    "demo def": "def half(x):\n    return [v / 2 for v in x]\n\nhalf(0)",
    "demo": TEST,
    "no helper": "pieces = 1 / 0\ndef helper(v):\n    return v / 2",
    "helped def": "def half(x):\n    return [helper(v) for v in x]",
    "helped": TEST,
    "no module": "del half\nimport torchh\ndef half(x):\n    return x",
    "nothing": TEST,
    "stub again def": "def half(x):\n    raise NotImplementedError",
    "indented def": "def half(x):\nreturn x",
    "indented": TEST,
    "mended def": "def half(x):\n    return [v / 2 for v in x]",
    "mended": TEST,
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


def panel_of(cell) -> str:
    (shown,) = [output for output in cell if output.output_type == "display_data"]
    return shown.data["text/html"]


def facts_of(cell) -> dict:
    (shown,) = [output for output in cell if output.output_type == "display_data"]
    return shown.metadata.course


def error_of(cell) -> str:
    (error,) = [output for output in cell if output.output_type == "error"]
    return "\n".join(error.traceback)


FAILING = ["not run", "stub", "wrong", "wrong again", "odd", "leaves", "raises"]


@pytest.mark.parametrize("name", [*FAILING, "leaves in test", "unready", "unloaded"])
def test_a_failed_check_is_an_error_of_a_line_or_two_without_a_traceback(outputs, name):
    text = error_of(outputs[name])
    assert text.startswith(("half: ", "other: "))
    assert len(text.splitlines()) <= 2
    assert "Traceback" not in text
    assert 'File "' not in text


@pytest.mark.parametrize("name", [*FAILING, "right"])
def test_nothing_reaches_standard_error(outputs, name):
    assert [o for o in outputs[name] if o.get("name") == "stderr"] == []


@pytest.mark.parametrize(
    ("name", "state", "sign"),
    [
        ("right", "right", "&#10003;"),
        ("wrong", "wrong", "&#10007;"),
        ("stub", "not attempted", "&#8230;"),
    ],
)
def test_the_panel_says_the_state_in_words_and_by_a_sign(outputs, name, state, sign):
    shown = panel_of(outputs[name])
    assert 'role="status"' in shown
    assert f"half: {state}</b>" in shown
    assert f'<span aria-hidden="true">{sign}</span>' in shown


def test_the_panel_names_the_mistake_and_escapes_what_it_shows(outputs):
    shown = panel_of(outputs["wrong"])
    assert "Likely mistake: <b>&lt;doubled&gt; &amp; not halved</b>." in shown
    assert "half([3, 4]): expected [1.5, 2], got [6, 8]." in shown
    assert "&lt;b&gt;[3, 4]" in panel_of(outputs["odd"])
    assert "<b>[3" not in panel_of(outputs["odd"])


def test_the_line_beneath_the_panel_is_enough_where_no_panel_is_seen(outputs):
    assert error_of(outputs["wrong"]) == "half: wrong. <doubled> & not halved"
    assert error_of(outputs["odd"]) == (
        "half: wrong. half([3, 4]): expected [1.5, 2], got '<b>[3, 4]'."
    )


def test_the_same_cell_says_the_same_again(outputs):
    assert panel_of(outputs["wrong"]) == panel_of(outputs["wrong again"])


def test_an_error_is_told_with_its_line_in_the_cell(outputs):
    assert "has no attribute &#x27;foo&#x27; (line 3 of a cell: `return x.foo`)" in (
        panel_of(outputs["raises"])
    )


def test_a_panel_carries_its_verdict_as_plain_data(outputs):
    right, wrong, stub = (facts_of(outputs[n]) for n in ("right", "wrong", "stub"))
    assert {**wrong, "answers": []} == {
        "exercise": "half",
        "state": "wrong",
        "points": 2,
        "mistake": "<doubled> & not halved",
        "hints": 0,
        "answers": [],
    }
    assert (right["state"], right["mistake"]) == ("right", None)
    assert stub["state"] == "not attempted"


def test_it_says_which_cells_ran_so_far_and_names_no_test(outputs):
    def answers(name):
        return facts_of(outputs[name])["answers"]

    for name in ("right", "wrong"):
        assert digest(CELLS[f"{name} def"]) in answers(name)
    assert digest(CELLS["wrong def"]) not in answers("right")
    assert digest(CELLS["load"]) in answers("stub")
    for name in ("slip", "hidden"):
        assert not {digest(CELLS[n]) for n in ("right", "hidden")} & set(answers(name))


def test_an_answer_that_did_not_run_is_not_among_them(outputs):
    assert digest(CELLS["slip def"]) not in facts_of(outputs["slip"])["answers"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("older", "SyntaxError: "),
        ("nothing", "ModuleNotFoundError: No module named 'torchh' (line 2: `import"),
        ("indented", "IndentationError: expected an indented block after function"),
    ],
)
def test_an_answer_whose_cell_raised_is_told_so(outputs, name, told):
    shown = html.unescape(panel_of(outputs[name]))
    assert f"The cell of your answer raised {told}" in shown
    assert facts_of(outputs[name])["state"] == "wrong"


def test_a_version_that_an_earlier_run_left_is_tried_and_said_to_be(outputs):
    shown = panel_of(outputs["older"])
    assert facts_of(outputs["older"])["mistake"] == "<doubled> & not halved"
    assert "What it defined before was tried here." in shown
    assert facts_of(outputs["slip"])["state"] == "right"


def test_a_stub_or_nothing_at_all_is_no_earlier_version(outputs):
    assert "before" not in panel_of(outputs["indented"])
    assert "not defined" not in panel_of(outputs["nothing"])


def test_a_cell_that_raised_after_the_answer_stood_costs_nothing(outputs):
    assert facts_of(outputs["demo"])["state"] == "right"


def test_a_helper_whose_cell_raised_is_told_with_its_error(outputs):
    shown = html.unescape(panel_of(outputs["helped"]))
    assert "NameError: name 'helper' is not defined (line 2 of a cell" in shown
    told = "; the cell that defines helper raised ZeroDivisionError: division by zero"
    assert told in re.sub("<[^>]+>", "", shown)


def test_once_the_cell_is_mended_nothing_is_told_of_it(outputs):
    assert facts_of(outputs["mended"])["state"] == "right"


def test_of_a_hidden_test_it_carries_no_more_than_the_panel_says(outputs):
    shown, facts = panel_of(outputs["hidden"]), facts_of(outputs["hidden"])
    assert "fails one that you can" in shown and "Likely mistake" not in shown
    assert (facts["state"], facts["mistake"]) == ("wrong", None)
    assert set(facts) == set(facts_of(outputs["right"]))
    assert "[9, 5]" not in str(facts) and "4.5" not in str(facts)


def test_leaving_the_kernel_is_a_wrong_answer(outputs):
    text = "got the error SystemExit: 3 (line 3 of a cell"
    assert text in panel_of(outputs["leaves"])
    assert "Your code raised SystemExit: 3" in panel_of(outputs["leaves in test"])


def test_values_that_were_not_loaded_are_asked_for(outputs):
    assert "Run the first code cell of this notebook" in error_of(outputs["unloaded"])


def test_an_answer_that_was_not_run_is_asked_for(outputs):
    assert "Run the cell with your answer" in panel_of(outputs["not run"])


def test_a_plain_process_sees_plain_text_and_an_exit_status():
    cells = [CELLS[name] for name in ("right def", "right", "wrong def", "wrong")]
    source = "\n".join(["from utils import check", CELLS["load"], *cells])
    command = [sys.executable, "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stdout == "half: right (2 points), as far as these tests see.\n"
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith(
        "WrongAnswer: half: wrong.\nLikely mistake: <doubled> & not halved.\n"
        "half([3, 4]): expected [1.5, 2], got [6, 8].\n"
    )


def test_without_a_panel_the_whole_message_is_rendered():
    error = WrongAnswer("half", "expected 1, got 2.", "halved twice")
    assert error._render_traceback_() == [
        "half: wrong.",
        "Likely mistake: halved twice.",
        "expected 1, got 2.",
    ]
    error.shown = True
    assert error._render_traceback_() == ["half: wrong. halved twice"]
    assert NotAttempted("half", "")._render_traceback_() == ["half: not attempted."]


def test_outside_a_notebook_nothing_is_displayed(capsys):
    assert not panel.in_notebook()
    error = WrongAnswer("half", "no")
    panel.show(error)
    assert not error.shown
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("points", "worth"), [(0, ""), (1, " (1 point)"), (2.5, " (2.5 points)")]
)
def test_points_are_counted_in_words(capsys, points, worth):
    panel.show_right("half", points)
    assert capsys.readouterr().out == (
        f"half: right{worth}, as far as these tests see.\n"
    )
