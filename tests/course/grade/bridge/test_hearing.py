"""Tests in a notebook's order: verdicts, and what a test leaves behind."""

import pytest

from course.grade.bridge.judge import Judge
from course.grade.bridge.stand_ins import CannotCross
from course.grade.hearing import hear, judge_test, prepare_case
from course.grade.plan import Assignment, Cell

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
        case = prepare_case(Assignment("toy", (GIVEN, *cells), ""))
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


def test_what_a_test_shared_is_forgotten_over_there_before_the_next_cell(heard):
    held = "import weakref\ndef f(x):\n    global seen\n    seen = weakref.ref(x)"
    test = test_cell("f({1, 2})")
    look = Cell("extra", "extra-1", "alive = seen() is not None")
    _, names = heard(answer(held), test, look)
    assert names["alive"] is False
