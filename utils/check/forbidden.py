"""Work that an exercise forbids, noticed however the student does it."""

import contextlib
import linecache
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

from utils.check.bans import read_ban
from utils.check.errors import NotAttempted, NothingFrozen, WrongAnswer
from utils.check.families import LOOPS
from utils.check.session import session
from utils.check.verdict import in_words, is_undefined
from utils.check.watch import Finding, Watch
from utils.check.whose import Line, Whose


def forbidden(*bans: str) -> contextlib.AbstractContextManager:
    """Demand that the answer does none of this inside; the test itself may.

    The build writes it around each test whose marker has `bans="..."`. It counts what
    is done, so an import under another name, a lower-level name, a swallowed exception
    or a thread changes nothing. Where a mistake in the answer has a name, this name is
    told first.

    Args:
        *bans: families of `utils.check.families` ("convolution", "loops"), or dotted
            names of modules, classes and functions ("torch.optim", "torch.nn.Linear");
            each may end in "except" and given functions: "boxes except suppress".

    Raises:
        WrongAnswer: the answer did it.
        ValueError: there is no such family or name, or its use can't be noticed.
    """
    return _forbidden(bans, sys._getframe(1))


@contextlib.contextmanager
def _forbidden(bans: Sequence[str], test: FrameType) -> Iterator[None]:
    with judging(bans) as findings:
        file = test.f_code.co_filename
        whose = Whose(session.exercise, test.f_globals, lambda other: other == file)
        watch = noticed(bans, whose)
        try:
            with watch:
                yield
        finally:
            findings += watch.findings.values()


def noticed(bans: Sequence[str], whose: Whose) -> Watch:
    """A watch that notes what an answer does of what is forbidden."""
    return Watch([read_ban(ban) for ban in bans], whose)


@contextlib.contextmanager
def judging(bans: Sequence[str]) -> Iterator[list[Finding]]:
    """Judge by the findings that the block adds to the list.

    Raises:
        WrongAnswer: there is one, and the test did not fail with a name.
    """
    findings: list[Finding] = []
    try:
        yield findings
    except NotAttempted:
        raise
    except Exception as error:
        is_named = isinstance(error, WrongAnswer) and error.mistake is not None
        is_missing = isinstance(error, NothingFrozen)
        if is_named or is_missing or is_undefined(error, session.exercise):
            raise
        refuse(bans, findings, error)
        raise
    refuse(bans, findings)


def refuse(
    bans: Sequence[str], findings: list[Finding], instead: Exception | None = None
) -> None:
    """Raise `WrongAnswer` if anything forbidden was done: the first, in their order."""
    order = {text: place for place, text in enumerate(bans)}
    for finding in sorted(findings, key=lambda finding: order[finding.ban]):
        ban = read_ban(finding.ban)
        text = f"{_told(finding)}; {ban.instead}."
        raise WrongAnswer(session.exercise, text, ban.mistake) from instead


def _told(finding: Finding) -> str:
    """What was done, and where; of a hidden test only what kind of thing."""
    ban, name = read_ban(finding.ban), finding.name
    if ban.subject == LOOPS:
        if name in ("", "a loop"):
            return f"There is a loop in your answer{_where(finding.line)}"
        return f"You used {name}{_where(finding.line)}"
    if not name:
        name = f"a function for {ban.family.work}" if ban.family else ban.subject
    return f"You called {name}{_where(finding.line)}"


def _where(line: Line) -> str:
    """` (line 3 of a cell: ...)`; nothing where no line is known."""
    if not line.number:
        return ""
    text = line.text or linecache.getline(line.file, line.number).strip()
    return in_words(line.number, text)
