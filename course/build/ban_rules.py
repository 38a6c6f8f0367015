"""Rules for bans: what a prompt forbids is watched, or left to the student's honour."""

import re
from collections.abc import Iterator

from course.cells import Cell, Problem
from course.chapters import Chapter
from course.names import defined_names
from utils.check.bans import Ban, covers, read_ban
from utils.check.families import LOOPS

HONOUR = "on your honour"
# From "Not allowed" to the end of its sentence; a dot within a name ends none.
FORBIDDING = re.compile(r"not\s+allowed\b.*?(?:\.(?=\s|$)|\Z)", re.I | re.S)
CODE = re.compile(r"`([\w.]+)`")
SHORT = {"F": "torch.nn.functional", "nn": "torch.nn", "np": "numpy"}


def bans(chapter: Chapter) -> Iterator[Problem]:
    """Bans that exist, on tests alone; and one behind each "Not allowed"."""
    given = set().union(*(defined_names(cell.source) for cell in chapter.setup()))
    prompts: list[Cell] = []
    tests = chapter.cells("test")
    for cell in chapter.exercises:
        if cell.bans and cell.role != "test":
            yield cell.problem("only a test has bans: write them beside its points")
        if cell.role == "exercise":
            if test := tests.get(cell.id):
                known, unknown = _read(test, given)
                yield from unknown
                if not unknown:
                    yield from _unwatched(prompts, known, given)
            prompts = []
        elif cell.role:
            prompts = []
        elif not cell.is_code:
            prompts.append(cell)


def _read(test: Cell, given: set[str]) -> tuple[list[Ban], list[Problem]]:
    """A test's bans, and what is wrong with them."""
    known, problems = [], []
    for text in test.bans:
        try:
            known.append(read_ban(text))
        except ValueError as error:
            problems.append(test.problem(str(error)))
            continue
        problems += [
            test.problem(f"bans: no setup cell defines {name!r} of {text!r}")
            for name in known[-1].spared
            if name not in given
        ]
    return known, problems


def _unwatched(
    prompts: list[Cell], known: list[Ban], given: set[str]
) -> Iterator[Problem]:
    """What the prompt of an exercise forbids and none of its bans watches."""
    for cell in prompts:
        for match in FORBIDDING.finditer(cell.source):
            sentence = match.group()
            line = cell.source.count("\n", 0, match.start()) + 1
            if HONOUR in " ".join(sentence.split()):
                continue
            if not known:
                yield cell.problem(
                    "nothing watches what is not allowed here: write "
                    f'bans="..." beside the test\'s points, or "{HONOUR}"',
                    line,
                )
            for missing in _missing(sentence, known, given) if known else ():
                yield cell.problem(
                    f"no ban of the test watches {missing}, which is not allowed", line
                )


def _missing(sentence: str, known: list[Ban], given: set[str]) -> Iterator[str]:
    if re.search(r"\bloops?\b", sentence) and not _has_loops(known):
        yield f"a loop ({LOOPS!r})"
    for name in CODE.findall(sentence):
        head, _, rest = name.partition(".")
        full = f"{SHORT[head]}.{rest}" if head in SHORT and rest else name
        if name not in given and not any(covers(ban, full) for ban in known):
            yield f"`{name}`"


def _has_loops(known: list[Ban]) -> bool:
    return any(ban.subject == LOOPS for ban in known)
