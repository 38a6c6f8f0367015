"""Freezing: what the reference and every wrong answer return at each probe.

The values are computed with the plainest instructions that every processor of a kind
has (see `course.environment.reproducible`), so that the build gives the same bytes
everywhere, and are stored as values, never as code.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from course.bank.pool import Lost, prepare, run_forked
from course.bank.trial import Recording, record, run_setup
from course.chapters import (
    Answer,
    Cell,
    Chapter,
    ChapterError,
    Problem,
    read_chapter,
)
from course.environment import PLAINEST
from course.names import imported_modules
from course.regions import split_hidden
from utils.check.compare import describe
from utils.check.store import count_numbers, is_plain, to_json

MAX_NUMBERS = 256  # in one frozen value: tests are small, so that people can read them
TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Frozen:
    """One exercise's frozen values as JSON, for its visible and its hidden tests."""

    visible: str
    hidden: str


def freeze(chapter: Chapter) -> dict[str, Frozen]:
    """Run the reference and every wrong answer on every probe of a chapter.

    Args:
        chapter: a chapter without problems in its text.

    Returns:
        the frozen values by exercise id.

    Raises:
        ChapterError: a reference fails its own test, a probe's result can't be frozen,
            or a hidden probe repeats a visible one.
    """
    prepare(setup_modules(chapter))
    names = run_setup(chapter)
    jobs, owners = [], []
    for exercise, cell in chapter.cells("exercise").items():
        test = chapter.cells("test")[exercise]
        if "check.probe" not in test.source:
            continue
        for answer in (cell, *chapter.bank(exercise, "wrong")):
            jobs.append(partial(_record, answer.source, test, names, exercise))
            owners.append((exercise, answer))
    results = dict(run_forked(jobs, TIMEOUT_S))
    return _assemble(chapter, owners, results)


def start_freezing(folder: Path) -> subprocess.Popen:
    """Freeze a chapter in a process of its own, with the build's plain instructions.

    So a check compares what this processor computes with what the build will freeze.
    """
    command = (sys.executable, "-m", "course.build.freeze", str(folder))
    return subprocess.Popen(
        command, env=os.environ | PLAINEST, stdout=subprocess.PIPE, text=True
    )


def frozen_by(process: subprocess.Popen) -> dict[str, Frozen]:
    """What a process started by `start_freezing` froze.

    Raises:
        ChapterError: the chapter can't be frozen.
        RuntimeError: the process ended without an answer.
    """
    answer, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"freezing ended with exit status {process.returncode}")
    found = json.loads(answer)
    if found["problems"]:
        raise ChapterError([Problem(Path(p), *at) for p, *at in found["problems"]])
    return {exercise: Frozen(*values) for exercise, values in found["frozen"].items()}


def main(folder: str) -> None:
    """Print what a chapter freezes, or its problems, as JSON."""
    frozen, problems = {}, []
    try:
        frozen = {e: astuple(f) for e, f in freeze(read_chapter(Path(folder))).items()}
    except ChapterError as error:
        problems = [(str(p.path), p.line, p.message) for p in error.problems]
    print(json.dumps({"frozen": frozen, "problems": problems}))


def setup_modules(chapter: Chapter) -> set[str]:
    """The modules that a chapter's setup cells import, plus those that checks need."""
    imported = (imported_modules(cell.source) for cell in chapter.setup())
    return {"utils.check", "matplotlib.pyplot"}.union(*imported)


def _record(answer: str, test: Cell, names: Mapping[str, Any], exercise: str):
    return record(answer, *split_hidden(test.source), names, exercise)


def _assemble(chapter: Chapter, owners: list, results: dict) -> dict[str, Frozen]:
    frozen, problems = {}, []
    nothing = Frozen("{}", "{}")
    for exercise, test in chapter.cells("test").items():
        mine = [(a, results[i]) for i, (e, a) in enumerate(owners) if e == exercise]
        if not mine:
            frozen[exercise] = nothing
            continue
        (_, reference), *wrong = mine
        problems += _reference_problems(reference, test)
        if not problems:
            frozen[exercise] = Frozen(
                _to_json(exercise, reference, wrong, "visible"),
                _to_json(exercise, reference, wrong, "hidden"),
            )
    if problems:
        raise ChapterError(problems)
    return frozen


def _reference_problems(reference: Recording | Lost, test: Cell) -> list[Problem]:
    if isinstance(reference, Lost):
        return [test.problem(f"the reference answer {reference.reason}")]
    if reference.error:
        return [test.problem(f"the reference answer fails: {reference.error}")]
    found = []
    shown = {key for _, _, key in reference.visible}
    for outcome, call, _ in (*reference.visible, *reference.hidden):
        if not is_plain(outcome):
            what = describe(outcome)
            found.append(test.problem(f"{call} gives {what}: it can't be frozen"))
        elif (count := count_numbers(outcome)) > MAX_NUMBERS:
            text = f"{call} gives {count} numbers; at most {MAX_NUMBERS}"
            found.append(test.problem(text))
    repeated = {call for _, call, key in reference.hidden if key in shown}
    found += [test.problem(f"a visible probe gives {c} away") for c in sorted(repeated)]
    return found


def _to_json(
    exercise: str, reference: Recording, wrong: list[tuple[Answer, Any]], part: str
) -> str:
    rights = getattr(reference, part)
    if not rights:
        return "{}"
    probes = [
        [right, *(_outcome(recording, part, i) for _, recording in wrong)]
        for i, (right, *_) in enumerate(rights)
    ]
    names = [answer.title for answer, _ in wrong]
    return to_json({exercise: {"names": names, "probes": probes}})


def _outcome(recording: Recording | Lost, part: str, index: int):
    """A wrong answer's outcome at a probe; None if it never got there."""
    if isinstance(recording, Lost):
        return None
    taken = getattr(recording, part)
    return taken[index][0] if index < len(taken) else None


if __name__ == "__main__":
    main(sys.argv[1])
