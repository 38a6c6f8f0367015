"""Freezing: what the reference and every wrong answer return at each probe.

The values are computed with the plainest instructions that every processor of a kind
has (see `course.environment.reproducible`), so that the build gives nearly the same
numbers everywhere, and are stored as values, never as code.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from course.bank.pool import Lost, prepare, run_forked
from course.bank.trial import Recording, record, run_setup
from course.build.choice_rules import sealed_choices
from course.build.giveaway import giveaways
from course.cells import Cell, Problem
from course.chapters import Answer, Chapter, ChapterError, read_chapter
from course.environment import MODULE, PLAINEST
from course.names import arguments_of, imported_modules
from course.regions import split_hidden
from utils.check.compare import describe
from utils.check.outcome import Outcome
from utils.check.sketch import sketched
from utils.check.store import count_numbers, is_plain, to_json

MAX_NUMBERS = 256  # in one frozen value: tests are small, so that people can read them
TIMEOUT_S = 60.0
FREEZER = (*MODULE, "course.build.freeze")  # and folders of chapters


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
            a hidden probe repeats a visible one, or a prompt tells its result.
    """
    prepare(setup_modules(chapter))
    names = run_setup(chapter)
    jobs, owners = [], []
    for exercise, cell in chapter.cells("exercise").items():
        test = chapter.cells("test")[exercise]
        if "check.probe" not in test.source:
            continue
        for answer in (cell, *chapter.bank(exercise, "wrong")):
            asked = asked_of(test, cell)
            jobs.append(partial(_record, answer.source, test, names, exercise, asked))
            owners.append((exercise, answer))
    results = dict(run_forked(jobs, TIMEOUT_S))
    sealed = {i: Frozen(text, "{}") for i, text in sealed_choices(chapter).items()}
    return _assemble(chapter, owners, results) | sealed


@contextlib.contextmanager
def freezing(folders: Iterable[Path]) -> Iterator[Iterator[dict[str, Frozen]]]:
    """Freeze chapters in a process of its own, with the build's plain instructions.

    So a check compares what this processor computes with what the build will freeze.

    Args:
        folders: those of the chapters.

    Yields:
        what each chapter freezes, in this order, as soon as it is there; the iterator
        raises ChapterError for a chapter that can't be frozen, and RuntimeError if the
        process ended without an answer.
    """
    command = (*FREEZER, *map(str, folders))
    environment = os.environ | PLAINEST
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _read_frozen(process)
    finally:
        process.kill()
        process.communicate()


def _read_frozen(process: subprocess.Popen) -> Iterator[dict[str, Frozen]]:
    for line in process.stdout:
        found = json.loads(line)
        if found["problems"]:
            raise ChapterError([Problem(Path(p), *at) for p, *at in found["problems"]])
        yield {name: Frozen(*values) for name, values in found["frozen"].items()}
    if process.wait():
        raise RuntimeError(f"freezing ended with exit status {process.returncode}")


def main(folders: list[str]) -> None:
    """Print what each chapter freezes, or its problems, as a line of JSON."""
    for folder in folders:
        frozen, problems = {}, []
        try:
            with contextlib.redirect_stdout(sys.stderr):  # what given cells print
                found = freeze(read_chapter(Path(folder)))
            frozen = {exercise: astuple(values) for exercise, values in found.items()}
        except ChapterError as error:
            problems = [(str(p.path), p.line, p.message) for p in error.problems]
        print(json.dumps({"frozen": frozen, "problems": problems}), flush=True)


def setup_modules(chapter: Chapter) -> set[str]:
    """The modules that a chapter's setup cells import, plus those that checks need."""
    imported = (imported_modules(cell.source) for cell in chapter.setup())
    return {"utils.check", "matplotlib.pyplot"}.union(*imported)


def asked_of(test: Cell, answer: Cell | None) -> dict[str, str]:
    """What `check.exercise` is told of the function besides its name and points."""
    takes = arguments_of(answer.source, test.id) if answer else []
    return {"takes": " ".join(takes), "changes": test.changes}


def _record(answer: str, test: Cell, names: dict, exercise: str, asked: dict):
    return record(answer, *split_hidden(test.source), names, exercise, asked)


def _assemble(chapter: Chapter, owners: list, results: dict) -> dict[str, Frozen]:
    frozen, problems = {}, []
    nothing = Frozen("{}", "{}")
    for exercise, test in chapter.cells("test").items():
        mine = [(a, results[i]) for i, (e, a) in enumerate(owners) if e == exercise]
        if not mine:
            frozen[exercise] = nothing
            continue
        (answer, reference), *wrong = mine
        found = _reference_problems(reference, test, answer)
        if not found:
            taken = reference.visible, reference.hidden
            found = list(giveaways(chapter, test, *taken))
        problems += found
        if not problems:
            frozen[exercise] = Frozen(
                _to_json(exercise, reference, wrong, "visible"),
                _to_json(exercise, reference, wrong, "hidden"),
            )
    if problems:
        raise ChapterError(problems)
    return frozen


def _reference_problems(
    reference: Recording | Lost, test: Cell, answer: Cell
) -> list[Problem]:
    if isinstance(reference, Lost):
        return [test.problem(f"the reference answer {reference.reason}")]
    if reference.error:
        return [test.problem(f"the reference answer fails: {reference.error}")]
    found = []
    shown = {key for _, _, key in reference.visible}
    for outcome, call, _ in (*reference.visible, *reference.hidden):
        if outcome.kind == "raised":
            place = partial(answer.problem, line=outcome.line) if outcome.line else None
            found.append((place or test.problem)(_raises(outcome, call)))
        elif not is_plain(outcome):
            what = describe(outcome)
            found.append(test.problem(f"{call} gives {what}: it can't be frozen"))
        elif (count := count_numbers(outcome)) > MAX_NUMBERS:
            text = f"{call} gives {count} numbers; at most {MAX_NUMBERS}"
            found.append(test.problem(text))
    repeated = {call for _, call, key in reference.hidden if key in shown}
    found += [test.problem(f"a visible probe gives {c} away") for c in sorted(repeated)]
    return found


def _raises(outcome: Outcome, call: str) -> str:
    return (
        f"the reference answer raises {': '.join(filter(None, outcome.data))} in the "
        f"probe {call}; a test that asks for an error says so: "
        f"check.raises({outcome.data[0]}, ...)"
    )


def _to_json(
    exercise: str, reference: Recording, wrong: list[tuple[Answer, Any]], part: str
) -> str:
    rights = getattr(reference, part)
    if not rights:
        return "{}"
    probes = [
        [right, *(sketched(_outcome(recording, part, i)) for _, recording in wrong)]
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
    main(sys.argv[1:])
