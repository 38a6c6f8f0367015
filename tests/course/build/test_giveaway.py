"""A prompt that tells a hidden test's result is refused, an honest one is not."""

from pathlib import Path

import pytest
import torch

from course.build.giveaway import giveaways, prompts
from course.build.pipeline import build
from course.cells import Cell
from course.chapters import Chapter, ChapterError
from utils.check.outcome import freeze

PATH = Path("exercises.py")
BODY = "    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
STUB = f'def f(x):\n    """{{}}"""\n{BODY}'
TEST = (
    "check.probe(f, 1)\n### BEGIN HIDDEN TESTS\nX = torch.tensor([[2.0, -1.0]])\n"
    "check.probe({})\n### END HIDDEN TESTS"
)


def found(prompt: str, call: str, result, written="f, 1", docstring="f.", visible=()):
    """The problems of an exercise with this prompt; its hidden call gives `result`."""
    test = Cell(PATH, 30, TEST.format(written), True, "test", "f", 2)
    cells = [
        Cell(PATH, 1, "Another exercise, f(7, 3) = 5.", False),
        Cell(PATH, 3, "x = 1", True, "exercise", "g"),
        Cell(PATH, 5, "check.true(x)", True, "test", "g", 1),
        Cell(PATH, 10, prompt, False),
        Cell(PATH, 20, STUB.format(docstring), True, "exercise", "f"),
        test,
    ]
    chapter = Chapter(Path("01_toy"), [], cells)
    outcomes = [(freeze(value), "f(1)", "") for value in visible]
    return list(giveaways(chapter, test, outcomes, [(freeze(result), call, "")]))


COLUMN = torch.tensor([-1.0, 1.0])
MATRIX = torch.tensor([[-1.0, 0.5], [3.0, 0.25]])


@pytest.mark.parametrize(
    ("prompt", "call", "result"),
    [
        ("Write f.\n\nExample: `f(7, 3)` is 5.", "f(7, 3)", 5),
        ("Write f.\n\nWith 7 and 3 it gives 5.", "f(7, 3)", 5),
        ("Write f.\n\n5 is what comes of 7 and 3.", "f(7, 3)", torch.tensor(5)),
        ("Write f.\n\n`f(7)` is 49.", "f(7)", 49),
        ("Write f.\n\n`f(9)` gives 0.333.", "f(9)", 1 / 3),
        ("Write f.\n\nThe column 1, 3 becomes -1, 1.", "f(tensor([1, 3]))", COLUMN),
        (
            "Write f.\n\nThe column 1, 3 becomes \u22121, 1.",
            "f(tensor([1, 3]))",
            COLUMN,
        ),
        ("Write f.\n\n`f([1., 3.])` is `[-1.0, 1.0]`", "f([1, 3])", [-1, 1.0]),
        ("Write f.\n\nIt gives [[-1, 0.5], [3, 0.25]].", "a call of f", MATRIX),
    ],
)
def test_a_worked_example_that_is_a_hidden_test_is_refused(prompt, call, result):
    (problem,) = found(prompt, call, result)
    assert problem.line == 12
    assert problem.message.startswith("this gives a hidden test of 'f' away: ")
    assert call in problem.message


def test_arguments_are_read_as_they_were_written_where_a_message_shows_a_shape():
    call, prompt = "f(tensor of shape (1, 2))", "`f([[2, -1]])` is `[[4, 1]]`."
    result = torch.tensor([[4.0, 1.0]])
    assert found(prompt, call, result, "f, X")
    assert found(prompt, call, result, "f, torch.tensor([[2., -1.]]), rtol=1e-3")
    assert not found(prompt, call, result, "f, torch.tensor([[2., 1.]])")


def test_the_docstring_is_a_prompt_too():
    (problem,) = found("Write f.", "f(7, 3)", 5, docstring="f(7, 3) = 5")
    assert problem.line == 21


@pytest.mark.parametrize(
    ("prompt", "call", "result"),
    [
        ("`f(7, 3)` is 5.", "f(3, 7)", 5),
        ("`f(7, 3)` is 5.", "f(7, 4)", 5),
        ("`f(7, 3)` is 5.", "f(7, 3)", 6),
        ("`f(7, 3)` is an error.", "f(7, 3)", 5),
        ("For 7, 3 think of 1, 2, 4, 8 or 5.", "f(7, 3)", 5),
        ("## 1. Write f\n\nIt is 1 for nothing.", "f(1)", 1),
        ("Shape (2, 3) becomes (3, 2).", "f(tensor of shape (2, 3))", MATRIX),
        ("It gives [[-1, 0.5], [3, 0.26]].", "a call of f", MATRIX),
        ("Zeros: 0, 0, 0, 0, 0.", "a call of f", torch.zeros(4)),
        ("`f(7, 3)` is True.", "f(7, 3)", True),
        ("`float32`, conv2d, 3x3", "f(3, 2)", 3),
    ],
)
def test_an_honest_prompt_is_not(prompt, call, result):
    assert found(prompt, call, result) == []


def test_a_result_that_a_visible_test_has_too_is_no_secret():
    prompt = "It gives [[-1, 0.5], [3, 0.25]]."
    assert found(prompt, "a call of f", MATRIX, visible=[MATRIX]) == []


def test_prompts_of_other_exercises_do_not_count():
    assert found("Write f.", "f(7, 3)", 5) == []
    assert prompts(Chapter(Path("01_toy"), [], []), "f") == []


def test_the_build_refuses_it(toy_course):
    path = toy_course / "chapters" / "01_toy" / "exercises.py"
    text = path.read_text()
    path.write_text(text.replace("3 becomes 1.5", "5, 7 become 2.5, 3.5"))
    said = "exercises.py:1[0-9]: this gives a hidden test of 'half' away"
    with pytest.raises(ChapterError, match=said):
        build(toy_course, say=lambda text: None)
