"""Each wrong answer tried as if the bank did not know it: what do relations alone say?

Its frozen values are left out, and so are the names that the test has by hand. What is
said then, or is not, is read by a person: a relation must be true and of use.
"""

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from course.bank.jobs import TIMEOUT_S
from course.bank.pool import Lost, run_forked
from course.bank.trial import Exercises, run_setup, try_answers
from course.build.freeze import Frozen
from course.build.notebook import test_source, visible_values
from course.chapters import Cell, Chapter


@dataclass(frozen=True)
class Blind:
    """What one wrong answer is told while the bank does not know it.

    Args:
        title: the mistake, as the bank names it.
        told: the name that it gets; None if nobody can say.
        by: "relation"; "bank" where it is taken for another mistake of the bank.
        message: what was expected and what was given.
    """

    title: str
    told: str | None
    by: str | None
    message: str


def blindly(
    chapter: Chapter,
    frozen: Mapping[str, Frozen],
    done: Callable[[int, int], None] = lambda finished, total: None,
) -> dict[str, list[Blind]]:
    """Try every wrong answer of a chapter without its own name.

    Args:
        chapter: a chapter without problems in its text.
        frozen: what the build freezes of it.
        done: told after each answer how many are finished and how many there are.

    Returns:
        what each is told, by exercise, in the order of the bank.
    """
    names = run_setup(chapter)
    owners, jobs = [], []
    for exercise, answer in _wrong(chapter):
        alone = _without(chapter, frozen, exercise, answer.title)
        jobs.append(partial(try_answers, alone, names, [(exercise, answer.source)]))
        owners.append((exercise, answer.title))
    told: dict[int, Blind] = {}
    for count, (i, verdicts) in enumerate(run_forked(jobs, TIMEOUT_S), start=1):
        told[i] = _told(owners[i][1], verdicts)
        done(count, len(jobs))
    found: dict[str, list[Blind]] = {}
    for i, (exercise, _) in enumerate(owners):
        found.setdefault(exercise, []).append(told[i])
    return found


def _wrong(chapter: Chapter) -> Iterator[tuple[str, Cell]]:
    for exercise in chapter.cells("exercise"):
        for answer in chapter.bank(exercise, "wrong"):
            yield exercise, answer


def _told(title: str, verdicts) -> Blind:
    if isinstance(verdicts, Lost):
        return Blind(title, None, None, f"the test {verdicts.reason}")
    (own,) = verdicts
    return Blind(title, own.mistake, own.by, own.message)


def _without(
    chapter: Chapter, frozen: Mapping[str, Frozen], exercise: str, title: str
) -> Exercises:
    """One exercise, ready to be tried, whose test does not know a mistake."""
    known = frozen[exercise]
    values = Frozen(
        _less(known.visible, exercise, title), _less(known.hidden, exercise, title)
    )
    test = chapter.cells("test")[exercise]
    test = replace(test, source=without_names(test.source))
    return Exercises(
        answers={exercise: chapter.cells("exercise")[exercise].source},
        tests={exercise: test_source(test, values)},
        frozen=visible_values({exercise: values}, {}),
    )


def _less(values: str, exercise: str, title: str) -> str:
    """Frozen values without those of one wrong answer."""
    entries = json.loads(values)
    entry = entries.get(exercise, {})
    if title in entry.get("names", ()):
        place = entry["names"].index(title)
        del entry["names"][place]
        for probe in entry["probes"]:
            del probe[place + 1]  # the right value comes first
    return json.dumps(entries)


def without_names(source: str) -> str:
    """A test without the `mistakes` that its checks are given by hand.

    Only these spans are cut out: the comments that part it are kept.
    """
    spans = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            spans += [k.value for k in node.keywords if k.arg == "mistakes"]
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = source.encode()
    for value in sorted(
        spans, key=lambda node: -node.lineno * 10_000 - node.col_offset
    ):
        first = starts[value.lineno - 1] + value.col_offset
        last = starts[value.end_lineno - 1] + value.end_col_offset
        text = text[:first] + b"None" + text[last:]
    return text.decode()
