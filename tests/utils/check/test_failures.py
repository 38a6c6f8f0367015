"""A cell that raised is kept in mind until what it was to define is there."""

import pytest

from utils.check import failures
from utils.check.errors import NotAttempted, WrongAnswer
from utils.check.failures import believe, failure, note
from utils.check.verdict import not_attempted, verdict


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    monkeypatch.setattr(failures, "_failed", {})


def run(source: str, name: str = "") -> None:
    """Run a cell as a kernel does, and note how it ended."""
    error = None
    try:
        exec(compile(source, "<cell>", "exec"), {})
    except BaseException as raised:
        error = raised
    note(source, error, name)


BOOM = "ZeroDivisionError: division by zero (line {}: `1 / 0`)"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "def f(x):\n    return (",
            "SyntaxError: '(' was never closed (line 2: `ret",
        ),
        ("def f(x)\n    return x", "SyntaxError: expected ':' (line 1: `def f(x)`)"),
        (
            " def f(x):\n  return x",
            "IndentationError: unexpected indent (line 1: `d",
        ),
        ("def f(x):\nreturn x", "IndentationError: expected an indented block"),
        ("1 / 0\ndef f(x):\n    return x", BOOM.format(1)),
        ("import nowhere\nclass f:\n    pass", "ModuleNotFoundError: No module named"),
        ("@undefined\ndef f(x):\n    return x", "NameError: name 'undefined' is not"),
        ("def f(x, y=1 / 0):\n    return x", "division by zero (line 1: `def f(x, y=1"),
        ("class f:\n    1 / 0", "ZeroDivisionError"),
        ("f = 1 / 0", "ZeroDivisionError"),
        ("if True:\n    1 / 0\n    def f(x):\n        return x", "ZeroDivisionError"),
        ("async def f(x):\n    return (", "SyntaxError"),
        ("raise SystemExit(3)\ndef f(x): pass", "SystemExit: 3"),
        ("raise ValueError\ndef f(x): pass", "ValueError (line 1: `raise ValueError`)"),
        ("def f(x):\n    return '\ud800' + (", "UnicodeEncodeError"),
    ],
)
def test_a_cell_that_came_to_no_definition_is_told_with_its_error(source, told):
    run(source)
    assert failure("f").startswith(told) or told in failure("f")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x\n\n1 / 0",
        "def f(x):\n    return x\n\nprint(f())",
        "class f:\n    pass\nassert False",
        "def g(x):\n    return (",
        "1 / 0",
        "f == 1 / 0",
        "raise NotImplementedError\ndef f(x): pass",
    ],
)
def test_what_stands_or_was_never_to_be_defined_is_not_told(source):
    run(source)
    assert failure("f") == ""


def test_a_cell_that_a_notebook_names_by_its_exercise_needs_no_definition():
    run("de f(x):\n    return x", "f")
    assert failure("f").startswith("SyntaxError")
    run("def f(x):\n    return x\n1 / 0", "f")
    assert failure("f") == ""


def test_a_later_cell_that_defines_the_name_settles_it():
    run("def f(x):\n    return (")
    run("g = 1")
    assert failure("f")
    run("%matplotlib inline".replace("%", "# %") + "\ndef f(x):\n    return x")
    assert failure("f") == ""


def test_a_magic_does_not_hide_what_a_cell_defines():
    error = ZeroDivisionError("division by zero")
    note("%%time\n!ls\ndef f(x):\n    return x\n", error)
    assert failure("f") == "ZeroDivisionError: division by zero"


def test_long_texts_are_cut():
    run("raise ValueError('a' * 10_000)\ndef f(x): pass")
    assert len(failure("f")) <= failures.MAX_TEXT
    run("1 / 0\n" + "\n".join(f"name_{i} = {i}" for i in range(1000)))
    assert len(failures.failures()) <= failures.MAX_NAMES + 1


@pytest.mark.parametrize(
    "told",
    [None, 3, "text", [("f", "x")], (3,), (("f",),), (("f", 3),), (["f", "x"],), ()],
)
def test_a_stranger_is_believed_text_and_nothing_else(told):
    believe((("f", "before"),))
    assert failure("f") == "before"
    believe(told)
    assert failures.failures() == ()


UNDEFINED = NameError("name 'f' is not defined", name="f")


@pytest.mark.parametrize(
    "error", [NotImplementedError(), UNDEFINED, not_attempted("f")], ids=str
)
def test_a_stub_or_a_missing_name_is_put_down_to_the_cell_that_raised(error):
    run("1 / 0\ndef f(x): pass")
    told = verdict(error, "f")
    assert type(told) is WrongAnswer
    expected = (
        f"The cell of your answer raised {BOOM.format(1)}. Mend it and run it again."
    )
    assert told.message == expected
    assert verdict(told, "f").message == expected  # and not twice


def test_an_earlier_version_that_is_wrong_keeps_its_message_and_the_mistakes_name():
    run("1 / 0\ndef f(x): pass")
    told = verdict(WrongAnswer("f", "f(2): expected 3, got 4.", "one too many"), "f")
    assert told.mistake == "one too many"
    assert told.message.endswith("was tried here. f(2): expected 3, got 4.")


def test_without_a_cell_that_raised_verdicts_are_as_they_were():
    run("1 / 0\ndef g(x): pass")
    assert type(verdict(NotImplementedError(), "f")) is NotAttempted
    assert "Run the cell with your answer" in verdict(UNDEFINED, "f").message
    wrong = WrongAnswer("f", "f(2): expected 3, got 4.")
    assert verdict(wrong, "f") is wrong


def test_a_hidden_test_tells_nothing_of_it():
    run("1 / 0\ndef f(x): pass")
    assert "division" not in verdict(ValueError("secret"), "f", hidden=True).message
