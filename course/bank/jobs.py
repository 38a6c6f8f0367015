"""Jobs: answers to try in one forked child, and what their verdicts say of others."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from course.bank.pool import Lost, run_forked
from course.bank.trial import Exercises, Verdict, try_answers

TIMEOUT_S = 60.0
BATCH = 8


@dataclass(frozen=True)
class Job:
    """One answer to try: whose, of what kind, and what must come out."""

    exercise: str
    kind: str
    title: str
    answers: list[tuple[str, str]]

    @property
    def name(self) -> str:
        """What the job is called in a report."""
        kind = self.kind
        return f"{kind} answer {self.title!r}" if self.title else f"the {kind}"


def run_jobs(
    exercises: Exercises, names: dict[str, Any], jobs: list[Job]
) -> Iterator[tuple[Job, list[Verdict] | Lost]]:
    """Run jobs in forked children; yields each with its verdicts, as they end."""
    tries = [partial(try_answers, exercises, names, job.answers) for job in jobs]
    for i, verdicts in run_forked(tries, TIMEOUT_S):
        yield jobs[i], verdicts


def run_together(
    exercises: Exercises, names: dict[str, Any], jobs: list[Job]
) -> Iterator[tuple[Job, list[Verdict] | Lost]]:
    """Run small jobs several to a child: a fork costs more than many a mutant's test.

    The reference is tried last in each child. If it isn't judged right there, one of
    the answers before it left something behind, and each is tried again alone.
    """
    batches = []
    for _, group in groupby(jobs, key=lambda job: job.exercise):
        mine = list(group)
        batches += [mine[i : i + BATCH] for i in range(0, len(mine), BATCH)]
    at_once = [_batch(exercises, batch) for batch in batches]
    again: list[Job] = []
    for whole, verdicts in run_jobs(exercises, names, at_once):
        batch = batches[at_once.index(whole)]
        if isinstance(verdicts, Lost) or verdicts[-1].state != "right":
            again += batch
        else:
            yield from zip(batch, ([v] for v in verdicts), strict=False)
    yield from run_jobs(exercises, names, again)


def _batch(exercises: Exercises, jobs: list[Job]) -> Job:
    """The answers of some jobs, then the reference."""
    exercise = jobs[0].exercise
    answers = [answer for job in jobs for answer in job.answers]
    reference = (exercise, exercises.answers[exercise])
    return Job(exercise, "batch", jobs[0].title, [*answers, reference])


def after_all(exercises: Exercises, exercise: str, tried: list[Job]) -> Job:
    """All answers to an exercise that came to an end, then all its neighbours."""
    answers = [answer for job in tried for answer in job.answers]
    neighbours = [(e, s) for e, s in exercises.answers.items() if e != exercise]
    return Job(exercise, "neighbours", "", answers + neighbours)


def leaks(
    exercises: Exercises,
    names: dict[str, Any],
    job: Job,
    verdicts: list[Verdict] | Lost,
    tried: list[Job],
) -> Iterator[str]:
    """Which answers cost a neighbour its marks; each is tried alone to find out.

    Args:
        exercises: the chapter's exercises.
        names: what the setup cells define.
        job: an `after_all` job.
        verdicts: what came of it.
        tried: the jobs whose answers are in it, in order.

    Yields:
        one sentence a fault.
    """
    if _neighbours_are_right(verdicts, job):
        return
    alone = [after_all(exercises, job.exercise, [one]) for one in tried]
    guilty = False
    outcomes = _in_order(exercises, names, alone)
    for one, (again, outcome) in zip(tried, outcomes, strict=True):
        if not _neighbours_are_right(outcome, again):
            guilty = True
            yield f"{one.name} costs {_losers(outcome, again)} marks"
    if not guilty:
        yield f"the answers together cost {_losers(verdicts, job)} marks"


def _in_order(exercises, names, jobs: list[Job]) -> list[tuple[Job, Any]]:
    """The outcomes of jobs in the order of the jobs."""
    outcomes = {id(job): outcome for job, outcome in run_jobs(exercises, names, jobs)}
    return [(job, outcomes[id(job)]) for job in jobs]


def _neighbours_are_right(verdicts: list[Verdict] | Lost, job: Job) -> bool:
    return not isinstance(verdicts, Lost) and not list(_lost_marks(verdicts, job))


def _lost_marks(verdicts: list[Verdict], job: Job) -> Iterator[str]:
    for (exercise, _), verdict in zip(job.answers, verdicts, strict=True):
        if exercise != job.exercise and verdict.state != "right":
            yield exercise


def _losers(verdicts: list[Verdict] | Lost, job: Job) -> str:
    if isinstance(verdicts, Lost):
        return f"all neighbours (the run {verdicts.reason}) their"
    return f"{', '.join(_lost_marks(verdicts, job))} its"
