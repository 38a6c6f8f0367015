"""The same verdicts whether answers run in the test's process or in one of their own.

Every answer of every bank is judged across the bridge. Submission k takes the k-th
answer to each exercise, so that as many submissions as the longest list of answers has
entries hold the whole bank.
"""

from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest

from course.bank.pool import Lost, prepare, run_forked
from course.chapters import find_chapters, read_chapter
from course.grade.engine.resident import MODULES
from course.grade.judge.crossing import hear_here
from course.grade.judge.hearing import prepare_case
from course.grade.plan import read_assignment
from course.grade.result import NOT_ATTEMPTED, RIGHT, WRONG
from course.grade.worker.shell import make_shell
from course.names import imported_modules
from course.regions import stub
from utils.check.seeding import seeded

ROOT = Path(__file__).parents[4]
SLUGS = [folder.name for folder in find_chapters(ROOT)]
SECONDS = 120


def entries(chapter, exercise: str) -> list[tuple[str, str, str]]:
    """Every answer to an exercise: what must be said of it, its name, its source."""
    reference = chapter.cells("exercise")[exercise].source
    bank = [
        (state, answer.title, answer.source)
        for state, kind in ((RIGHT, "right"), (WRONG, "wrong"))
        for answer in chapter.bank(exercise, kind)
    ]
    return [*bank, (NOT_ATTEMPTED, "the stub", stub(reference)), (RIGHT, "", reference)]


def judge(case, cells, sources: dict[str, str]) -> dict[str, tuple]:
    """State and mistake of each test of a notebook with these answers."""
    told = {}

    def tell(event: dict) -> None:
        if "verdict" in event:
            verdict = event["verdict"]
            about = verdict["state"], verdict["mistake"], verdict["message"]
            told[event["cell"].removeprefix("test_")] = about

    hear_here(case, with_answers(cells, sources), make_shell(), tell)
    return told


def with_answers(cells, sources: dict[str, str]) -> tuple:
    """The cells with answers in the place of the references."""
    return tuple(
        replace(cell, source=sources[cell.exercise]) if cell.kind == "answer" else cell
        for cell in cells
    )


@pytest.mark.filterwarnings("ignore")  # a warning costs no student anything
@pytest.mark.parametrize("slug", SLUGS)
def test_every_answer_of_the_bank_gets_its_verdict_across_the_bridge(slug):
    chapter = read_chapter(ROOT / "chapters" / slug)
    assignment = read_assignment(ROOT / "source", slug)
    given = [cell.source for cell in assignment.cells if cell.kind == "given"]
    prepare(MODULES.union(*map(imported_modules, given)))
    with seeded():
        case = prepare_case(assignment)
    exercises = list(chapter.cells("exercise"))
    rows = list(zip_longest(*(entries(chapter, exercise) for exercise in exercises)))
    rows = [dict(zip(exercises, row, strict=True)) for row in rows]
    wanted, jobs = [], []
    for row in rows:  # where the list of one exercise is at its end, its reference
        row = {e: entry or entries(chapter, e)[-1] for e, entry in row.items()}
        wanted.append(row)
        sources = {e: source for e, (_, _, source) in row.items()}
        jobs.append(partial(judge, case, assignment.cells, sources))
    differences = []
    for k, told in run_forked(jobs, SECONDS):
        if isinstance(told, Lost):
            differences.append(f"submission {k} {told.reason}")
            continue
        for exercise, (state, title, _) in wanted[k].items():
            mistake = title if state == WRONG else None
            if told[exercise][:2] != (state, mistake):
                differences.append(f"{exercise}, {title!r}: {told[exercise]}")
    assert not differences, "\n".join(differences)
