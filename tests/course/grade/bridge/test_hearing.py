"""Tests in a notebook's order: verdicts, and what a test leaves behind."""

import pytest

from course.grade.bridge.judge import Judge
from course.grade.bridge.stand_ins import CannotCross
from course.grade.judge.hearing import hear, judge_test, prepare_case
from course.grade.judge.needed import names_used
from course.grade.plan import Assignment, Cell
from utils import check

GIVEN = Cell("given", "given-1", "import torch\nfrom utils import check\nlimit = 3", 0)
WRAPPED = 'with check.exercise("f", points=2):\n'
HIDDEN = (
    "    ### BEGIN HIDDEN TESTS\n    check.hidden('{}')\n%s    ### END HIDDEN TESTS"
)


def test_cell(visible: str, hidden: str = "    pass\n") -> Cell:
    return Cell("test", "test_f", f"{WRAPPED}    {visible}\n{HIDDEN % hidden}", 2)


test_cell.__test__ = False


@pytest.fixture
def heard(bridge):
    """Hear cells; gives the reports by cell, and the names over there."""

    def run(*cells: Cell) -> tuple[dict, dict]:
        tests = (cell for cell in cells if cell.kind == "test")
        case = prepare_case(Assignment("toy", (GIVEN, *tests), ""))
        names = bridge("")
        told: dict = {}
        judge: Judge = names.judge
        for cell in (GIVEN, *cells):
            if cell.kind == "test":
                told[cell.grade_id] = judge_test(case, cell, judge)
            else:
                judge.run(cell.grade_id, cell.source, cell.grade_id)
        return told, names

    return run


def answer(source: str) -> Cell:
    return Cell("answer", "f", source)


def test_right_wrong_and_not_attempted(heard):
    test = test_cell("check.equal(f(2), limit + 1)")
    for source, state, score in (
        ("def f(x):\n    return 4", "right", 2),
        ("def f(x):\n    return 5", "wrong", 0),
        ("def f(x):\n    raise NotImplementedError", "not attempted", 0),
        ("x = 1", "wrong", 0),
        ("def f(x):\n    import os\n    os._exit(0)", "not judged", 0),
    ):
        verdict = heard(answer(source), test)[0]["test_f"]
        assert (verdict.state, verdict.score) == (state, score), verdict


SPLIT = "ZeroDivisionError: division by zero (line 1: `1 / 0`)"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1 / 0\ndef f(x):\n    return 4", SPLIT),
        ("def f(x):\n    return (", "SyntaxError: '(' was never closed (line 2: `retu"),
        ("import nowhere\ndef f(x):\n    return 4", "ModuleNotFoundError: No module"),
        ("1 / 0", SPLIT),
    ],
)
def test_an_answer_whose_cell_raised_is_told_so(heard, source, told):
    test = test_cell("check.equal(f(2), limit + 1)")
    verdict = heard(answer(source), test)[0]["test_f"]
    assert (verdict.state, verdict.score) == ("wrong", 0)
    assert verdict.message.startswith(f"The cell of your answer raised {told}")


def test_a_cell_that_raised_after_the_answer_stood_costs_nothing(heard):
    test = test_cell("check.equal(f(2), limit + 1)")
    source = "def f(x):\n    return 4\n1 / 0"
    assert heard(answer(source), test)[0]["test_f"].state == "right"
    mended = Cell("extra", "extra-1", "def f(x):\n    return 4")
    broken = answer("def f(x):\n    return (")
    assert heard(broken, mended, test)[0]["test_f"].state == "right"


def test_a_helper_whose_cell_raised_is_told_with_its_error(heard):
    test = test_cell("check.equal(f(2), 4)")
    helper = Cell("extra", "extra-1", "1 / 0\ndef helper(x):\n    return x")
    calls = answer("def f(x):\n    return helper(x)")
    verdict = heard(helper, calls, test)[0]["test_f"]
    assert f"; the cell that defines helper raised {SPLIT}" in verdict.message


def test_a_hidden_test_tells_nothing_of_cells_that_raised(heard):
    test = test_cell("pass", "    check.equal(f(2), 4)\n")
    verdict = heard(answer("1 / 0\ndef f(x):\n    return 4"), test)[0]["test_f"]
    assert verdict.state == "wrong" and "ZeroDivision" not in verdict.message


def test_names_of_the_visible_part_are_in_the_notebook_afterwards(heard):
    hidden = "    secret = 1\n    shown = 2\n"
    test = test_cell("mine = [1, 2]; shown = 1", hidden)
    _, names = heard(answer("def f(x):\n    return 4"), test)
    assert names["mine"] == [1, 2]
    for name in ("secret", "shown"):
        with pytest.raises(KeyError):
            names[name]


def test_nothing_is_shared_after_a_test(heard):
    test = test_cell("X = torch.ones(2); check.equal(f(X).tolist(), [2.0, 2.0])")
    told, names = heard(answer("def f(x):\n    return 2 * x"), test)
    assert told["test_f"].state == "right"
    assert names.judge.objects == {} == names.judge.numbers == names.judge.seen


def test_what_cannot_cross_is_noted_with_its_line(heard):
    test = test_cell("check.equal(f((i for i in 'a')), 4)")
    told, names = heard(answer("def f(x):\n    return 4"), test)
    ((exercise, line, message),) = names.judge.refused
    assert (exercise, line) == ("f", 2) and "generator" in message
    assert issubclass(CannotCross, TypeError) and told["test_f"].score == 0


def test_every_cell_is_reported(bridge):
    cells = [GIVEN, answer("def f(x):\n    return 4\nprint('here')")]
    cells.append(test_cell("check.equal(f(2), 4)"))
    case = prepare_case(Assignment("toy", tuple(cells), ""))
    told = []
    hear(case, cells, bridge("").judge, told.append)
    by_cell = {event["cell"]: event for event in told if "cell" in event}
    assert list(by_cell) == ["given-1", "f", "test_f"]
    assert by_cell["f"]["outputs"] == [{"text": "here\n"}]
    assert by_cell["test_f"]["verdict"]["score"] == 2


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The names of the questions that judges ask."""
    questions, ask = [], Judge.ask

    def listen(judge, operation, *parts, pack=()):
        questions.append(parts[0] if operation == "apply" else operation)
        return ask(judge, operation, *parts, pack=pack)

    monkeypatch.setattr(Judge, "ask", listen)
    return questions


def test_an_answer_comes_with_its_cell_and_nothing_more_is_asked(heard, asked):
    test = test_cell("check.equal(f(2), 4)")
    told, _ = heard(answer("def f(x):\n    return 2 * x"), test)
    assert told["test_f"].state == "right"
    assert asked == ["run", "run", "run", "call"]  # one of the fixture's own


def test_a_name_that_a_later_cell_gives_away_is_asked_for_again(heard):
    test = test_cell("check.equal(f(2), 5)")
    again = Cell("extra", "extra-1", "def f(x):\n    return 5")
    told, _ = heard(answer("def f(x):\n    return 4"), again, test)
    assert told["test_f"].state == "right"


def test_a_generator_is_its_own_iterator_without_being_asked(heard, asked):
    test = test_cell("check.equal([x for x in f(2)], [0, 1])")
    told, _ = heard(answer("def f(x):\n    yield from range(x)"), test)
    assert told["test_f"].state == "right"
    assert asked[-4:] == ["call", "next", "next", "next"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    yield from range(n)",
        "def f(n):\n    i = 0\n    while True:\n        yield i\n        i += 1",
        "def f(n):\n    return [0, 1, 2, 3]",
        "class f:\n    def __init__(self, n):\n        self.i = -1\n"
        "    def __iter__(self):\n        return self\n"
        "    def __next__(self):\n        self.i += 1\n        return self.i",
    ],
)
def test_take_gives_the_first_items_of_whatever_an_answer_gives(heard, source):
    test = test_cell("check.equal(check.take(f(3), 3), [0, 1, 2])")
    told, _ = heard(answer(source), test)
    assert told["test_f"].state == "right", told


def test_take_asks_a_generator_once(heard, asked):
    test = test_cell("check.equal(check.take(f(2), 99), [0, 1])")
    heard(answer("def f(n):\n    yield from range(n)"), test)
    assert asked[-2:] == ["call", "take"]
    assert check.take(iter("ab"), 1) == ["a"]  # put back after the test


def test_an_error_of_a_generator_is_told_when_it_is_taken(heard):
    test = test_cell("check.equal(check.take(f(2), 99), [0, 1])")
    told, _ = heard(answer("def f(n):\n    yield 0\n    return 1 / 0"), test)
    verdict = told["test_f"]
    assert verdict.state == "wrong" and "ZeroDivisionError" in verdict.message


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("def f(X):\n    return X", False),  # a parameter is no name from elsewhere
        ("def f(x):\n    return X", True),
        ("def f(x):\n    def g():\n        return X\n    return g", True),
        ("f = [X for x in range(3)]", True),
        ("class A:\n    size = X", True),
        ("f = X is 3", True),  # with a warning of Python's
    ],
)
def test_which_names_cells_may_use(source, uses):
    found = names_used([answer(source), Cell("test", "test_f", "X")])
    assert ("X" in found) == uses


@pytest.mark.parametrize(
    "source",
    [
        "from __main__ import X",
        "f = eval('X')",
        "globals()['f'] = 1",
        "get_ipython().user_ns",
        "%timeit X",
        "no Python",
        "\0",
        "(" * 10_000,
        "#" * 200_000,
    ],
)
def test_cells_of_which_it_cannot_be_told_may_use_any_name(source):
    assert names_used([answer("x = 1"), answer(source)]) is None


@pytest.mark.parametrize(
    ("used", "there"),
    [(None, ["mine", "other"]), ({"mine", "more"}, ["mine"]), (set(), [])],
)
def test_the_notebook_gets_of_a_test_what_its_cells_may_use(bridge, used, there):
    cells = [GIVEN, answer("x = 1"), test_cell("mine, other = 1, 2")]
    case = prepare_case(Assignment("toy", tuple(cells), ""))
    names = bridge("")
    hear(case, cells, names.judge, lambda event: None, used)
    names.judge.run("look", "found = list(globals())")
    assert [name for name in ("mine", "other") if name in names["found"]] == there


def test_what_a_test_shared_is_forgotten_over_there_before_the_next_cell(heard):
    held = "import weakref\ndef f(x):\n    global seen\n    seen = weakref.ref(x)"
    test = test_cell("f({1, 2})")
    look = Cell("extra", "extra-1", "alive = seen() is not None")
    _, names = heard(answer(held), test, look)
    assert names["alive"] is False
