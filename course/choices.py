"""Questions with options in exercises: one cell of Markdown becomes three cells.

Authors write the question, its options and what there is to say of each (see
`course.options`); students get the question with letters, a cell for their letter and
its test. The bank of answers follows from the options.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from course.cells import Cell
from course.options import Question, read_question

# What makes a question one with several right options.
SEVERAL = re.compile(r"\b(?:choose|pick|select|mark)\s+(?:all|each|every)\b", re.I)
MISSING = "one that holds is missing"  # as `utils.check.choice` says it


def expand(cell: Cell) -> tuple[Cell, Cell, Cell]:
    """The question as students see it, the cell for the answer, and its test."""
    question = read_question(cell.source)
    listed = "\n".join(f"- **{k}.** {o.text}" for k, o in question.letters().items())
    shown = f"{question.text}\n\n{listed}"
    answer = "\n".join(
        (
            "### BEGIN SOLUTION",
            f'{cell.id} = "{question.right()}"',
            "### END SOLUTION",
        )
    )
    test = f'check.choice("{cell.id}", {cell.id})'
    return (
        replace(cell, source=shown, role="", id="", points=None),
        replace(cell, source=answer, role="exercise", is_code=True, points=None),
        replace(cell, source=test, role="test", is_code=True),
    )


def answers(cell: Cell) -> Iterator[tuple[int, str, str, str]]:
    """The bank of a question: each option, and each way to write one.

    Yields:
        line, kind ("right", "wrong", or "unread": nothing that could be judged), title,
        source of the answer.
    """
    question = read_question(cell.source)
    start, right = cell.line - 1, question.right()
    for title, value in _ways(right).items():
        yield start, "right", title, f"{cell.id} = {value}"
    for line, title, letters in _wrong(question):
        yield start + line, "wrong", title, f'{cell.id} = "{letters}"'
    for title, value in _unread(question).items():
        yield start, "unread", title, f"{cell.id} = {value}"


def asks_for_several(question: Question) -> bool:
    """Whether a question says that more than one option may hold."""
    return SEVERAL.search(question.text) is not None


def _ways(right: str) -> dict[str, str]:
    """Other ways to write the right choice, as code."""
    parts = ", ".join(f'"{letter}"' for letter in right)
    return {
        "in lower case": f'"{right.lower()}"',
        "with spaces": f'" {", ".join(right)} "',
        "as a list": f"[{parts}]",
        "as a set": f"{{{parts}}}",
    }


def _wrong(question: Question) -> Iterator[tuple[int, str, str]]:
    """Choices with one mistake: its line, its name, the letters."""
    right = question.right()
    for letter, option in question.letters().items():
        if len(right) < 2:
            if not option.is_right:
                yield option.line, option.why, letter
        elif not option.is_right:
            yield option.line, option.why, "".join(sorted(right + letter))
    if len(right) > 1:
        yield 1, MISSING, right[1:]


def _unread(question: Question) -> dict[str, str]:
    """What is no choice at all, as code."""
    found = {"no letter of the question": '"Z"', "a number": "1", "an empty list": "[]"}
    return found | ({} if asks_for_several(question) else {"two letters": '"AB"'})
