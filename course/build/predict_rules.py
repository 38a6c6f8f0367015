"""Rules for predictions: one right option, each explained, asked before the answer."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from course.build.cell_rules import words
from course.build.predict import LEAD, asked, thought
from course.build.predict_tells import said_above
from course.cells import Cell, Problem
from course.chapters import Chapter
from course.options import Option, read_question

FEWEST, MOST = 3, 6  # in a lecture
FEWEST_OPTIONS, MOST_OPTIONS = 3, 4
# Each part is read in a breath; the whole cell is longer than a cell of prose may be.
MOST_WORDS = {"the question": 70, "an option": 25, "an explanation": 60}
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
IS_BLOCK = ("$$", "```", "](", "![")


def predictions(chapter: Chapter) -> Iterator[Problem]:
    """Every prediction of a lecture is sound, and its experiment follows."""
    for cell in chapter.exercises:
        if cell.role == "predict":
            yield cell.problem("a prediction belongs into lecture.py")
    cells = asked(chapter)
    counts = Counter(cell.id for cell in cells)
    for cell in cells:
        if not cell.id.isidentifier() or counts[cell.id] > 1:
            fault = "is used twice" if counts[cell.id] > 1 else "is not a Python name"
            yield cell.problem(f"predict={cell.id!r}: this id {fault}")
        if cell.is_code:
            yield cell.problem('write `# %% [markdown] predict="..."`: it is text')
        else:
            yield from _form(cell)
            yield from _experiment(chapter, cell)
    yield from said_above(chapter)


def count(chapter: Chapter) -> Iterator[Problem]:
    """Enough predictions that a reader stays awake, and few enough to be answered."""
    number = len(asked(chapter))
    if chapter.lecture and not FEWEST <= number <= MOST:
        message = f"{number} predictions in a lecture; {FEWEST} to {MOST} are asked: "
        yield chapter.lecture[0].problem(message + "# %% [markdown] predict=...")


def _form(cell: Cell) -> Iterator[Problem]:
    """A question, three or four options, one of them right."""
    question = read_question(cell.source)
    if not question.text.startswith(LEAD) or "?" not in question.text:
        yield cell.problem(f"a prediction begins with {LEAD} and asks a question: `?`")
    yield from _length(cell, 1, "the question", question.text)
    if not FEWEST_OPTIONS <= len(question.options) <= MOST_OPTIONS:
        yield cell.problem(
            f"a prediction of {len(question.options)} options, `- text`; "
            f"{FEWEST_OPTIONS} or {MOST_OPTIONS} are asked"
        )
    right = sum(option.is_right is True for option in question.options)
    if right != 1:
        yield cell.problem(f"{right} options are `right:`; exactly one is asked")
    if len({option.text.casefold() for option in question.options}) < len(
        question.options
    ):
        yield cell.problem("two options say the same")
    for option in question.options:
        yield from _option(cell, option)


def _option(cell: Cell, option: Option) -> Iterator[Problem]:
    """An option says what it claims, and below it why it is right or wrong."""
    if not option.text:
        yield cell.problem("an option without text", option.line)
    if any(mark in option.text for mark in IS_BLOCK):
        message = "an option is words, `code`, *emphasis* and $formulas$ in one line"
        yield cell.problem(message, option.line)
    if option.is_right is None or not option.why:
        message = "an option without explanation: write `right: ...` or `wrong: ...`"
        yield cell.problem(f"{message} below it, indented", option.line)
    elif not option.is_right and not thought(option)[1]:
        message = "a wrong option names the thought, then says what is wrong with it"
        yield cell.problem(f"{message}: `wrong: Name. What is wrong.`", option.line)
    yield from _length(cell, option.line, "an option", option.text)
    yield from _length(cell, option.line, "an explanation", option.why)


def _length(cell: Cell, line: int, what: str, text: str) -> Iterator[Problem]:
    if (count := words(text)) > MOST_WORDS[what]:
        message = f"{what} of {count} words; at most {MOST_WORDS[what]}"
        yield cell.problem(message, line)


def _experiment(chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Before the next question or section a cell asserts what the right option says."""
    here = chapter.lecture.index(cell)
    above, below = chapter.lecture[: here + 1], chapter.lecture[here + 1 :]
    level = [depth for c in above for depth in _levels(c)][-1:] or [1]
    experiment = takewhile(
        lambda c: c.role != "predict" and all(n > level[0] for n in _levels(c)), below
    )
    if not any(_asserts(c) for c in experiment if c.is_code):
        yield cell.problem(
            "no experiment follows: a code cell before the next question or section "
            "asserts what the right option says"
        )


def _levels(cell: Cell) -> list[int]:
    """The levels of a text cell's headings: 2 of `## The idea`."""
    return (
        [] if cell.is_code else [len(marks) for marks in HEADING.findall(cell.source)]
    )


def _asserts(cell: Cell) -> bool:
    return any(isinstance(n, ast.Assert) for n in ast.walk(ast.parse(cell.source)))
