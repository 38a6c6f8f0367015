"""Rules for hints: three steps to each exercise, and the answer in none of them."""

import re
from collections.abc import Iterator

from course.build.release import given_exercises, secrets
from course.cells import Problem
from course.chapters import Answer, Chapter, hint_items
from course.regions import region_lines

NUMBERS = [1, 2, 3]
MAX_WORDS = 60
MAX_LINE = 88
MAX_FRAGMENT = 12  # characters of inline code: beyond that it is a part of an answer
INLINE_CODE = re.compile(r"`([^`]*)`")
NAME = re.compile(r"[\w.]+(\(\))?")  # to name a tool is no answer
MARKUP = re.compile(r"\$|\*\*|\]\(")


def hints(chapter: Chapter) -> Iterator[Problem]:
    """Every exercise that has a test has three hints, fit to be shown."""
    for exercise, test in chapter.cells("test").items():
        if exercise in chapter.choices:
            continue
        cells = chapter.bank(exercise, "hints")
        if len(cells) != 1:
            yield test.problem(
                f"{exercise!r} has {len(cells) or 'no'} cells of hints in answers.py: "
                f"write one, `# %% {exercise} hints [markdown]`"
            )
        for cell in cells:
            yield from _form(cell)
    yield from _given_away(chapter)


def _form(cell: Answer) -> Iterator[Problem]:
    """Three numbered items, the first a question, all short and plain."""
    items = hint_items(cell.source)
    if [number for _, number, _ in items] != NUMBERS:
        message = "hints are three items, `# 1. `, `# 2. ` and `# 3. `: a question, "
        yield _problem(cell, 1, message + "the idea, the shape of the answer")
    elif not items[0][2].endswith("?"):
        yield _problem(cell, items[0][0], "the first hint must end in a question mark")
    for line, _, text in items:
        if (count := len(text.split())) > MAX_WORDS:
            yield _problem(cell, line, f"a hint of {count} words; at most {MAX_WORDS}")
        if text.count("`") % 2 or MARKUP.search(INLINE_CODE.sub("", text)):
            message = "a hint is shown as plain text: of markup only `code`, in pairs"
            yield _problem(cell, line, message)
    for line, text in enumerate(cell.source.splitlines(), start=1):
        if not text.startswith("#"):
            yield _problem(cell, line, "hints are comment lines")
        if len(text) > MAX_LINE:
            yield _problem(cell, line, f"a line of {len(text)}; at most {MAX_LINE}")


def _given_away(chapter: Chapter) -> Iterator[Problem]:
    """A hint holds no line of an answer or a hidden test, and no larger piece of one.

    What the exercise notebook shows anyway may be said.
    """
    given = "\n".join(given_exercises(chapter))
    lines = {_squeezed(line): what for line, what in secrets(chapter, given)}
    given, solutions = _squeezed(given), _squeezed("\n".join(_answers(chapter)))
    for cell in (answer for answer in chapter.answers if answer.kind == "hints"):
        for number, _, text in hint_items(cell.source):
            said = _squeezed(text.replace("`", ""))
            for line, what in lines.items():
                if line in said and line not in given:
                    message = f"the hint holds a line of {what}: {line}"
                    yield _problem(cell, number, message)
            for piece in INLINE_CODE.findall(text):
                short = _squeezed(piece)
                is_small = len(short) <= MAX_FRAGMENT or NAME.fullmatch(piece)
                if not is_small and short in solutions and short not in given:
                    message = f"the hint holds a piece of an answer: {piece}"
                    yield _problem(cell, number, message)


def _answers(chapter: Chapter) -> Iterator[str]:
    """The reference solutions and the bank's right answers."""
    for cell in chapter.cells("exercise").values():
        lines = cell.source.splitlines()
        yield "\n".join(lines[i - 1] for i in sorted(region_lines(cell.source)))
    yield from (answer.source for answer in chapter.answers if answer.kind == "right")


def _squeezed(code: str) -> str:
    """Text without comments and spaces, so that no line break hides what it is."""
    lines = (re.sub(r"\s#\s.*", "", line) for line in code.splitlines())
    return re.sub(r"\s", "", "".join(lines))


def _problem(cell: Answer, line: int, message: str) -> Problem:
    return Problem(cell.path, cell.line + line - 1, message)
