"""One answer tried: its cell and the tests run in a copy of the setup's names."""

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from course.chapters import Chapter
from utils import check
from utils.check import failures
from utils.check.outcome import ANSWER


@dataclass(frozen=True)
class Verdict:
    """How one exercise was judged: "right", "wrong" or "not attempted".

    Args:
        state: one of the three, or "broken" if the test itself failed.
        mistake: the likely mistake's name.
        message: what was expected and what was given.
        seconds: how long the answer and its test took.
        by: where the name is from, "bank" or "relation"; None without a name.
    """

    state: str
    mistake: str | None = None
    message: str = ""
    seconds: float = 0.0
    by: str | None = None


@dataclass(frozen=True)
class Exercises:
    """A chapter's exercises as runnable text.

    Args:
        answers: the reference answer of each exercise.
        tests: the built test of each exercise, frozen values included.
        frozen: JSON of the visible frozen values.
    """

    answers: dict[str, str]
    tests: dict[str, str]
    frozen: str = "{}"


def run_setup(chapter: Chapter) -> dict[str, Any]:
    """Run a chapter's setup cells and return the names that they define."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in chapter.setup():
        exec(compile(cell.source, f"{cell.path.name}:{cell.line}", "exec"), names)
    return names


def try_answers(
    exercises: Exercises, names: dict[str, Any], answers: list[tuple[str, str]]
) -> list[Verdict]:
    """Run answers, one after another in one process, and the test of each.

    Args:
        exercises: the chapter's exercises.
        names: what the setup cells define; as in a notebook, answers and tests run
            among them, so that given functions are of the same notebook.
        answers: (exercise id, source of an answer), in the order in which to try them.

    Returns:
        the verdict on each.
    """
    check.load(exercises.frozen)
    return [
        _judge(source, exercises.tests[exercise], names, exercise)
        for exercise, source in answers
    ]


def _judge(answer: str, test: str, names: dict, exercise: str) -> Verdict:
    start = time.perf_counter()
    verdict = Verdict("right")
    # As in a notebook, a cell that fails doesn't keep the next one from running.
    error = _raised_by(answer, f"<ipython-input-{exercise}>", names)
    failures.note(answer, error, exercise)
    try:
        exec(compile(test, f"<test {exercise}>", "exec"), names)
    except check.CheckFailed as failed:
        verdict = Verdict(failed.state, failed.mistake, failed.message, by=failed.by)
    except (Exception, SystemExit):
        verdict = Verdict("broken", None, traceback.format_exc(limit=-2))
    seconds = time.perf_counter() - start
    return replace(verdict, seconds=seconds)


def _raised_by(source: str, name: str, names: dict) -> BaseException | None:
    """Run a cell; what it raised, if it did."""
    try:
        exec(compile(source, name, "exec"), names)
    except (Exception, SystemExit) as error:
        return error
    return None


@dataclass(frozen=True)
class Recording:
    """What the probes of one test gave for one answer."""

    visible: list = field(default_factory=list)
    hidden: list = field(default_factory=list)
    error: str = ""


def record(
    answer: str,
    visible: str,
    hidden: str,
    names: dict[str, Any],
    exercise: str,
    asked: Mapping[str, str],
) -> Recording:
    """Run a test with its probes recording in place of judging.

    Args:
        answer: source of the answer cell.
        visible: the test's visible part, as authored.
        hidden: the test's hidden part.
        names: what the setup cells define; the answer runs among them.
        exercise: the exercise's id.
        asked: what else `check.exercise` is told.

    Returns:
        a `Recording`; its error says why the test could not be run to its end.
    """
    error, parts = "", []
    failures.note(answer, _raised_by(answer, ANSWER, names), exercise)
    with check.recording() as tape:
        try:
            with check.exercise(exercise, **asked):
                for source in (visible, hidden):
                    parts.append(len(tape))
                    exec(compile(source, "<test>", "exec"), names)
        except (Exception, SystemExit) as failure:
            error = f"{type(failure).__name__}: {failure}"
    split = parts[1] if len(parts) == 2 else len(tape)
    return Recording(tape[:split], tape[split:], error)
