"""Which exercise is being checked, and what is known of its answers."""

import contextlib
import json
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from utils.check import panel
from utils.check.errors import CheckFailed, NotAttempted, WrongAnswer
from utils.check.outcome import Outcome
from utils.check.seeding import seeded
from utils.check.store import decode


@dataclass
class Probe:
    """One call to try: what the reference and each wrong answer return."""

    right: Outcome
    wrong: dict[str, Outcome | None]


@dataclass
class Session:
    """The state behind the public functions; one per process.

    Args:
        frozen: the probes of each exercise, in the order in which its test makes them.
        exercise: the id of the exercise whose test runs now, "" outside a test.
        probes_made: how many probes this test has made so far.
        hidden: whether the test's hidden part runs now.
        suspects: the mistakes that explain every result of this test so far.
        tape: where a build records outcomes in place of judging them.
    """

    frozen: dict[str, list[Probe]] = field(default_factory=dict)
    exercise: str = ""
    probes_made: int = 0
    hidden: bool = False
    suspects: set[str] | None = None
    tape: list | None = None


session = Session()


def load(frozen: str) -> None:
    """Load frozen values: {exercise: {"names": [...], "probes": [[right, wrong...]]}}.

    The build writes this call; it stands in the first code cell of an exercise
    notebook for the visible tests.

    Args:
        frozen: JSON text made by `course build`.
    """
    for exercise_id, entry in json.loads(frozen).items():
        session.frozen[exercise_id] = _probes(entry)


def hidden(frozen: str) -> None:
    """Load the frozen values of a hidden test, and keep its inputs out of messages."""
    session.hidden = True
    for exercise_id, entry in json.loads(frozen).items():
        session.frozen.setdefault(exercise_id, []).extend(_probes(entry))


def _probes(entry: dict) -> list[Probe]:
    return [
        Probe(decode(right), dict(zip(entry["names"], map(decode, wrong), strict=True)))
        for right, *wrong in entry["probes"]
    ]


@contextlib.contextmanager
def exercise(exercise_id: str, points: float = 0) -> Iterator[None]:
    """Judge one exercise: everything inside is seeded and ends in one of three states.

    Args:
        exercise_id: the exercise's id.
        points: what the test is worth, shown to the student.

    Raises:
        WrongAnswer: a check failed or the student's code raised.
        NotAttempted: the student's code is still the stub.
    """
    visible = len(session.frozen.get(exercise_id, ()))
    session.exercise, session.probes_made = exercise_id, 0
    session.hidden, session.suspects = False, None
    try:
        with seeded(0):
            yield
    except Exception as error:
        verdict = _verdict(error)
        if session.tape is None:
            panel.show(verdict)
        raise verdict from None
    else:
        if session.tape is None:
            panel.show_right(exercise_id, points)
    finally:
        if session.hidden:  # running the cell again loads them again
            del session.frozen.get(exercise_id, [])[visible:]
        session.exercise = ""


def _verdict(error: Exception) -> CheckFailed:
    """Turn whatever ended a test into what the student is told."""
    if isinstance(error, CheckFailed):
        return error
    if isinstance(error, NotImplementedError) and not error.args:
        return not_attempted()
    if isinstance(error, NameError):
        return WrongAnswer(
            session.exercise,
            f"{error}. Run the cell with your answer (and those above it) first.",
        )
    if session.hidden:
        return WrongAnswer(session.exercise, hidden_message())
    return WrongAnswer(session.exercise, f"Your code raised {raised(error)}")


def not_attempted() -> NotAttempted:
    """The verdict on a stub."""
    hint = "Replace `raise NotImplementedError` by your answer, then run both cells."
    return NotAttempted(session.exercise, hint)


def hidden_message() -> str:
    """What is said of a failed hidden test: that there was one, not what it tried."""
    return (
        "It passes the tests you can see and fails one that you can't: "
        "think of other sizes, shapes and edge cases."
    )


def raised(error: BaseException) -> str:
    """Name an exception, its message and the line of the cell that it is from."""
    text = "".join(traceback.format_exception_only(error)).strip()
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_cell(frame.filename)]
    where = f" (line {own[-1].lineno} of a cell: `{own[-1].line}`)" if own else ""
    return f"{text[:500]}{where}"


def _is_cell(filename: str) -> bool:
    return filename.startswith("<ipython-input") or "ipykernel_" in filename


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
