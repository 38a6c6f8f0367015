"""Each wrong answer tried as if the bank did not know it: what do relations alone say?

Its frozen values are left out, and so are the names that the test has by hand. What is
said then, or is not, is read by a person: a relation must be true and of use.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import accumulate

from course.bank.jobs import TIMEOUT_S
from course.bank.pool import Lost, run_forked
from course.bank.trial import Exercises, Verdict, run_setup, try_answers
from course.build.freeze import Frozen
from course.build.notebook import test_source, visible_values
from course.cells import Cell
from course.chapters import Chapter


def blindly(
    chapter: Chapter, frozen: Mapping[str, Frozen]
) -> dict[str, dict[str, str | None]]:
    """Try every wrong answer of a chapter without its own name.

    Args:
        chapter: a chapter without problems in its text.
        frozen: what the build freezes of it.

    Returns:
        by exercise and by title, in the order of the bank: the relation that is said,
        None where nothing is.
    """
    names = run_setup(chapter)
    owners = list(_wrong(chapter))
    jobs = [
        partial(
            try_answers,
            _without(chapter, frozen, exercise, answer.title),
            names,
            [(exercise, answer.source)],
        )
        for exercise, answer in owners
    ]
    said = dict(run_forked(jobs, TIMEOUT_S))
    told: dict[str, dict[str, str | None]] = {}
    for i, (exercise, answer) in enumerate(owners):
        told.setdefault(exercise, {})[answer.title] = _relation(said[i])
    return told


def _wrong(chapter: Chapter) -> Iterator[tuple[str, Cell]]:
    for exercise in chapter.cells("exercise"):
        for answer in chapter.bank(exercise, "wrong"):
            yield exercise, answer


def _relation(verdicts: list[Verdict] | Lost) -> str | None:
    """What was said of the only answer that was tried, if a relation said it."""
    if isinstance(verdicts, Lost) or verdicts[0].by != "relation":
        return None
    return verdicts[0].mistake


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
    starts = [0, *accumulate(map(len, source.encode().splitlines(keepends=True)))]
    text = source.encode()  # the columns of a syntax tree count bytes
    for value in sorted(spans, key=lambda node: (-node.lineno, -node.col_offset)):
        first = starts[value.lineno - 1] + value.col_offset
        last = starts[value.end_lineno - 1] + value.end_col_offset
        text = text[:first] + b"None" + text[last:]
    return text.decode()
