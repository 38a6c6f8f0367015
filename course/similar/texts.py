"""Answers as texts of tokens that can be compared, one character a token."""

import builtins
import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from course.grade.intake.submission import Submission
from course.grade.intake.written import is_blank
from course.grade.plan import Assignment, Cell
from course.regions import stub

MAX_SOURCE = 20_000  # characters of one answer
FEWEST = 12  # tokens or words; what is shorter tells nothing
PRIVATE = 0x100000  # the first of 65,000 characters that mean nothing
# Unlike Python's own tokenizer it takes whatever a student wrote for something.
_TOKEN = re.compile(
    r"""(?P<remark>\#[^\n]*)
    |(?P<text>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<name>[^\W\d]\w*)
    |(?P<number>\d[\w.]*)
    |(?P<line>\n)
    |(?P<sign>[^\s\w])""",
    re.DOTALL | re.VERBOSE,
)
_KEPT = frozenset([*keyword.kwlist, *dir(builtins)])  # names that nobody chose


@dataclass
class Alphabet:
    """A character for each kind of token of a class, in the order in which they come.

    Args:
        known: the characters given so far.
    """

    known: dict[str, str] = field(default_factory=dict)

    def text(self, tokens: Iterable[str]) -> str:
        """Tokens as a text of one character each."""
        for token in tokens:
            self.known.setdefault(token, chr(PRIVATE + len(self.known) % 0xFFFD))
        return "".join(self.known[token] for token in tokens)


@dataclass(frozen=True)
class Answer:
    """An answer in the forms in which it is compared.

    Args:
        source: as it was handed in.
        as_written: its tokens, names and all.
        bare: without the names that its author chose, as code.
        sorted: the same with its lines in the order of the alphabet.
    """

    source: str
    as_written: str
    bare: str
    sorted: str


def answers(
    assignment: Assignment, submission: Submission, alphabet: Alphabet
) -> dict[str, Answer]:
    """What of a submission can be compared, by exercise.

    Args:
        assignment: the pristine notebook.
        submission: what a student handed in.
        alphabet: the class's.
    """
    asked = {c.grade_id: c for c in assignment.cells if c.kind in ("answer", "manual")}
    found = {}
    for cell in submission.cells:
        if cell.grade_id in asked and len(cell.source) <= MAX_SOURCE:
            answer = _answer(asked[cell.grade_id], cell, alphabet)
            if len(answer.bare) >= FEWEST:
                found[cell.grade_id] = answer
    return found


def _answer(asked: Cell, cell: Cell, alphabet: Alphabet) -> Answer:
    if asked.kind == "manual" and not asked.is_code:
        blank = is_blank(cell.source)
        words = [] if blank else re.findall(r"\w+", cell.source.casefold())
        text = alphabet.text(words)
        return Answer(cell.source, text, text, text)
    given = {line.strip() for line in stub(asked.source).splitlines()}
    own = [line for line in cell.source.splitlines() if line.strip() not in given]
    lines = _tokens("\n".join(own))
    bare = [[token for _, token in line] for line in lines]
    texts = (
        [token for line in lines for token, _ in line],
        [token for line in bare for token in line],
        [token for line in sorted(bare) for token in line],
    )
    return Answer(cell.source, *map(alphabet.text, texts))


def _tokens(source: str) -> list[list[tuple[str, str]]]:
    """The tokens of each line that has some, as they are and without what its author
    chose: "V" for a name, "S" for a text. Remarks and docstrings are left out.

    A name after a dot is a library's, and so is a builtin's: nobody can rename it.
    """
    lines: list[list[tuple[str, str]]] = [[]]
    after_dot = False
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup, match[0]
        if kind == "line":
            lines.append([])
        elif kind != "remark":
            is_own = kind == "name" and not after_dot and text not in _KEPT
            bare = "V" if is_own else "S" if kind == "text" else text
            lines[-1].append((text, bare))
            after_dot = text == "."
    return [line for line in lines if [bare for _, bare in line] not in ([], ["S"])]
