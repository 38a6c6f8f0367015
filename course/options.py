"""Questions with options, as authors write them: text, then a list to choose from.

    Which shape has the result?

    - `(8, 16)`
      wrong: the last axis summed instead of the first
    - `(16, 8)`
      right: each row keeps its place, the columns are summed

An option is an item `- text`; the indented lines below it say `right: why` or
`wrong: the thought that leads there`. Letters are given in the order of the list.
"""

import re
from dataclasses import dataclass
from string import ascii_uppercase

ITEM = re.compile(r"- (.*)")
VERDICT = re.compile(r" +(right|wrong):(.*)")


@dataclass(frozen=True)
class Option:
    """One answer to choose.

    Args:
        line: its line in the source, from 1.
        text: what the reader sees.
        is_right: whether it is (one of) the right one(s); None if nothing is said.
        why: why it is right, or the thought that leads to it; "" if nothing is said.
    """

    line: int
    text: str
    is_right: bool | None
    why: str


@dataclass(frozen=True)
class Question:
    """A question, and the options in the order in which they are shown."""

    text: str
    options: tuple[Option, ...]

    def letters(self) -> dict[str, Option]:
        """The options by letter: A, B, C ..."""
        return dict(zip(ascii_uppercase, self.options, strict=False))

    def right(self) -> str:
        """The letters of the right options, in order: "B", or "AC"."""
        return "".join(k for k, option in self.letters().items() if option.is_right)


def read_question(source: str) -> Question:
    """Read a cell's Markdown: what stands above the first `- ` item is the question.

    Nothing is refused here; a rule of the build looks at what is missing.
    """
    lines = source.splitlines()
    starts = [i for i, line in enumerate(lines) if ITEM.match(line)]
    ends = [*starts, len(lines)][1:]
    options = tuple(
        _option(start + 1, lines[start:end])
        for start, end in zip(starts, ends, strict=True)
    )
    text = "\n".join(lines[: starts[0]] if starts else lines).strip()
    return Question(text, options)


def _option(line: int, lines: list[str]) -> Option:
    text, why, is_right = [lines[0][2:]], [], None
    for following in lines[1:]:
        if verdict := VERDICT.match(following):
            is_right = verdict[1] == "right"
            why.append(verdict[2])
        else:
            (text if is_right is None else why).append(following)
    return Option(line, _joined(text), is_right, _joined(why))


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
