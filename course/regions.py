"""Solution and hidden-test regions, with the delimiters of nbgrader."""

import re

SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
STUB = "raise NotImplementedError"
# The one line of a solution that is the choice of letters, see `course.choices`.
CHOICE = re.compile(r'(\w+) = "([A-Z]*)"')


def region_lines(source: str, delimiters: tuple[str, str] = SOLUTION) -> set[int]:
    """The numbers, from 1, of the lines inside regions, delimiters not counted.

    Raises:
        ValueError: a region opened twice, closed twice or never closed.
    """
    begin, end = delimiters
    inside, lines = False, set()
    for number, line in enumerate(source.splitlines(), start=1):
        if begin in line or end in line:
            if inside == (begin in line):
                raise ValueError(f"line {number}: {line.strip()!r} does not fit here")
            inside = not inside
        elif inside:
            lines.add(number)
    if inside:
        raise ValueError(f"a region opened by {begin!r} is never closed")
    return lines


def stub(source: str, text: str = STUB) -> str:
    """The student's version of an answer: each solution region becomes the stub.

    nbgrader does this for the release; here it serves the bank and the rules, and of a
    choice of letters the release too.
    """
    if match := chosen(source):
        letters = "letters" if len(match[2]) > 1 else "letter"
        return f'{match[1]} = ""  # your {letters} between the quotes'
    lines, inside = [], False
    for line in source.splitlines():
        if SOLUTION[0] in line:
            inside = True
            lines.append(line[: len(line) - len(line.lstrip())] + text)
        elif SOLUTION[1] in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def chosen(source: str) -> re.Match | None:
    """The name and the letters, if a cell is the answer to a question with options."""
    lines = source.strip().splitlines()
    is_one = len(lines) == 3 and SOLUTION[0] in lines[0] and SOLUTION[1] in lines[2]
    return CHOICE.fullmatch(lines[1]) if is_one else None


def split_hidden(source: str) -> tuple[str, str]:
    """A test's visible and hidden part; the hidden region stands last."""
    lines = source.splitlines()
    inside = region_lines(source, HIDDEN)
    marks = {i for i, line in enumerate(lines, 1) if any(m in line for m in HIDDEN)}
    visible = [t for i, t in enumerate(lines, 1) if i not in inside | marks]
    hidden = [t for i, t in enumerate(lines, 1) if i in inside]
    return "\n".join(visible).strip("\n"), "\n".join(hidden).strip("\n")
