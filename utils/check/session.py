"""Which exercise is being checked, and what is known of its answers."""

import contextlib
import functools
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from utils.check import panel, ran
from utils.check.errors import NothingFrozen
from utils.check.outcome import Outcome
from utils.check.seeding import laboratory
from utils.check.store import decode, unpack
from utils.check.verdict import verdict


@dataclass
class Probe:
    """One call to try: what the reference and each wrong answer return."""

    right: Outcome
    wrong: dict[str, Outcome | None]


@dataclass
class Session:
    """The state behind the public functions; one per process.

    Args:
        frozen: the visible values of each exercise as they were loaded; its probes, in
            the order of its test, once that has begun.
        exercise: the id of the exercise whose test runs now, "" outside a test.
        probes: the probes of that test, hidden ones included once they are loaded.
        probes_made: how many probes this test has made so far.
        hidden: whether the test's hidden part runs now.
        passed: the probes that this test has passed so far: each with how it compared,
            and the function called with its arguments.
        tape: where a build records outcomes in place of judging them.
        hints: the hints of each exercise as they were loaded.
        asked: how many of them this kernel has shown.
        takes: what the exercise's function calls its arguments, in order.
        changes: which of them it is asked to change.
        calls: how many calls of student code this test, or its last probe, has made.
        until_end: what is to be undone at the end of the test.
        choices: what is known of each question with options.
        tried: what was chosen there so far in this kernel, in order, each once.
        explained: why the choice that was just made is right.
    """

    frozen: dict[str, dict | list[Probe]] = field(default_factory=dict)
    exercise: str = ""
    probes: list[Probe] = field(default_factory=list)
    probes_made: int = 0
    hidden: bool = False
    passed: list[tuple[Probe, Any, tuple]] = field(default_factory=list)
    tape: list | None = None
    hints: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    takes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    calls: int = 0
    until_end: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    choices: dict[str, dict] = field(default_factory=dict)
    tried: dict[str, list[str]] = field(default_factory=dict)
    explained: str = ""

    def begin(self, exercise: str, takes: str = "", changes: str = "") -> None:
        """Forget the last test; "" ends one without starting another."""
        self.takes, self.changes, self.calls = takes.split(), changes.split(), 0
        self.exercise, self.probes = exercise, list(self._visible(exercise))
        self.probes_made, self.hidden, self.passed = 0, False, []
        if exercise:
            self.explained = ""

    def _visible(self, exercise: str) -> list[Probe]:
        """An exercise's visible probes, decoded once, when they are first needed."""
        found = self.frozen.get(exercise, [])
        if isinstance(found, dict):
            found = self.frozen[exercise] = _probes(found)
        return found

    def next_probe(self) -> Probe:
        """What was frozen for the probe that is made now.

        Raises:
            NothingFrozen: there are no values for it.
        """
        self.probes_made += 1
        if self.probes_made > len(self.probes):
            raise NothingFrozen(
                f"{self.exercise}: no value to compare with was frozen for probe "
                f"{self.probes_made}.\nRun the first code cell of this notebook, then "
                "this one again (an author runs `course build`)."
            )
        return self.probes[self.probes_made - 1]


session = Session()


def load(frozen: str) -> None:
    """Load frozen values: {exercise: {"names": [...], "probes": [[right, wrong...]]}}.

    The build writes this call; it stands in the first code cell of an exercise
    notebook for the visible tests. An exercise's "hints", if it has some, lie beside;
    of a question with options there is the "choice" alone.

    Args:
        frozen: JSON text as `course build` packs it.

    Raises:
        ValueError: the text is damaged.
    """
    values, hints, choices = _read(frozen)
    session.frozen |= values
    session.hints |= hints
    session.choices |= choices
    if panel.in_notebook():
        ran.watch()


@functools.cache  # a grader's workers are forked from a process that has read it
def _read(frozen: str) -> tuple[dict[str, dict], dict[str, list[str]], dict[str, dict]]:
    """Values, hints and choices by exercise."""
    entries = json.loads(unpack(frozen))
    hints, choices = (
        {i: entry.pop(key) for i, entry in entries.items() if key in entry}
        for key in ("hints", "choice")
    )
    return {i: entry for i, entry in entries.items() if entry}, hints, choices


def hidden(frozen: str) -> None:
    """Begin the hidden part of a test: add its frozen values, keep inputs unsaid.

    Args:
        frozen: JSON text as `course build` packs it.
    """
    if not session.hidden:  # what an answer prints of its input stays unsaid, too
        session.until_end.enter_context(contextlib.redirect_stdout(io.StringIO()))
    session.hidden = True
    session.probes += hidden_probes(frozen, session.exercise)


@functools.cache
def hidden_probes(frozen: str, exercise: str) -> list[Probe]:
    """The probes of a hidden part; a grader decodes them once for a whole class."""
    entry = json.loads(unpack(frozen)).get(exercise)
    return _probes(entry) if entry else []


def _probes(entry: dict) -> list[Probe]:
    return [
        Probe(decode(right), dict(zip(entry["names"], map(decode, wrong), strict=True)))
        for right, *wrong in entry["probes"]
    ]


@contextlib.contextmanager
def exercise(
    exercise_id: str, points: float = 0, takes: str = "", changes: str = ""
) -> Iterator[None]:
    """Judge one exercise: everything inside is seeded and ends in one of three states.

    Args:
        exercise_id: the exercise's id.
        points: what the test is worth, shown to the student.
        takes: the names of its function's arguments, in order, for messages.
        changes: those of them that the function is asked to change in place.

    Raises:
        WrongAnswer: a check failed or the student's code raised.
        NotAttempted: the student's code is still the stub.
        NothingFrozen: a probe has no values to compare with.
    """
    session.begin(exercise_id, takes, changes)
    try:
        with contextlib.ExitStack() as session.until_end, laboratory():
            yield
    except (KeyboardInterrupt, GeneratorExit, NothingFrozen):
        raise
    except BaseException as error:  # SystemExit and a student's own as well
        failed = verdict(error, exercise_id, session.hidden)
        if session.tape is None:
            asked = session.asked.get(exercise_id, 0)
            tries = len(session.tried.get(exercise_id, ()))
            panel.show(failed, hints=asked, points=points, tries=tries)
        raise failed from None
    else:
        if session.tape is None:
            asked = session.asked.get(exercise_id, 0)
            tries = len(session.tried.get(exercise_id, ()))
            why = session.explained
            panel.show_right(exercise_id, points, hints=asked, tries=tries, why=why)
    finally:
        session.begin("")


@contextlib.contextmanager
def recording() -> Iterator[list]:
    """Record every probe's outcome in place of judging it (what `course build` does).

    Yields:
        a list that receives (outcome, call as text, fingerprint of the call).
    """
    session.tape = tape = []
    try:
        yield tape
    finally:
        session.tape = None
