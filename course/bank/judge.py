"""`course check`: does the autograder tell right from wrong, and by name?

Every answer of the bank and every stub is tried in a forked child of its own, mutants a
few to a child. Then, for each exercise, one child tries all of the bank's answers to it
and the references of its neighbours after them: a mark lost there shows what leaks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from course.bank.agreements import agreements, as_fault
from course.bank.blind import blindly
from course.bank.jobs import Job, after_all, leaks, run_jobs, run_together
from course.bank.mutants import mutants
from course.bank.pool import Lost, prepare
from course.bank.trial import Exercises, Verdict, run_setup
from course.build.freeze import Frozen, setup_modules
from course.build.notebook import test_source, visible_values
from course.chapters import Chapter
from course.regions import stub

MIN_KILLED = 0.95


@dataclass
class Score:
    """What the bank and the mutants say about one exercise's tests.

    Args:
        agreements: pairs of wrong answers that no probe tells apart until they fail.
        blind: what each wrong answer is told while the bank does not know it, None
            where no relation is seen; empty unless that was asked for.
    """

    points: float
    right: int = 0
    wrong: int = 0
    caught: int = 0
    named: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    agreements: list[list[str]] = field(default_factory=list)
    blind: dict[str, str | None] = field(default_factory=dict)

    def killed_share(self) -> float:
        """Killed mutants among those that are not equivalent; 1 if there are none."""
        count = self.mutants - self.equivalent
        return self.killed / count if count else 1.0


def judge(
    chapter: Chapter,
    frozen: dict[str, Frozen],
    with_mutants: bool = False,
    done: Callable[[int, int], None] = lambda finished, total: None,
    with_relations: bool = False,
) -> dict[str, Score]:
    """Try every answer to every exercise of a chapter.

    Args:
        chapter: a chapter without problems in its text.
        frozen: what the build freezes of it.
        with_mutants: whether to make and try mutants too.
        done: told after each job how many are finished and how many there are.
        with_relations: whether to try each wrong answer without its name, too.

    Returns:
        the score of each exercise, faults included.
    """
    exercises = runnable(chapter, frozen)
    names = run_setup(chapter)
    tests = chapter.cells("test")
    scores = {exercise: Score(tests[exercise].points) for exercise in exercises.tests}
    jobs = list(_bank_jobs(chapter, exercises))
    small = list(_mutant_jobs(exercises)) if with_mutants else []
    total = len(jobs) + len(small) + len(scores)
    ended: dict[str, list[Job]] = {exercise: [] for exercise in scores}
    tried = chain(
        run_jobs(exercises, names, jobs), run_together(exercises, names, small)
    )
    for count, (job, verdicts) in enumerate(tried, start=1):
        _book(scores[job.exercise], job, verdicts)
        if job.kind != "mutant" and not isinstance(verdicts, Lost):
            ended[job.exercise].append(job)
        done(count, total)
    neighbours = [after_all(exercises, e, tried) for e, tried in ended.items()]
    for job, verdicts in run_jobs(exercises, names, neighbours):
        for fault in leaks(exercises, names, job, verdicts, ended[job.exercise]):
            scores[job.exercise].faults.append(fault)
        done(count := count + 1, total)
    for exercise, score in scores.items():
        _settle_mutants(chapter, exercise, score, with_mutants)
        score.agreements = agreements(frozen[exercise], exercise)
        score.faults += map(as_fault, score.agreements)
    for exercise, told in (blindly(chapter, frozen) if with_relations else {}).items():
        scores[exercise].blind = told
    return scores


def runnable(chapter: Chapter, frozen: dict[str, Frozen]) -> Exercises:
    """A chapter's exercises with their built tests, ready to be tried."""
    prepare(setup_modules(chapter))
    tests, answers = chapter.cells("test"), chapter.cells("exercise")
    return Exercises(
        answers={i: c.source for i, c in answers.items()},
        tests={i: test_source(c, frozen.get(i), answers[i]) for i, c in tests.items()},
        frozen=visible_values(frozen, chapter.hints()),
    )


def _bank_jobs(chapter: Chapter, exercises: Exercises) -> Iterator[Job]:
    for exercise, reference in exercises.answers.items():
        entries = [("reference", "", reference), ("stub", "", stub(reference))]
        for kind in ("right", "wrong", "unread"):
            bank = chapter.bank(exercise, kind)
            entries += [(kind, answer.title, answer.source) for answer in bank]
        for kind, title, source in entries:
            yield Job(exercise, kind, title, [(exercise, source)])


def _mutant_jobs(exercises: Exercises) -> Iterator[Job]:
    for exercise, reference in exercises.answers.items():
        for mutant in mutants(reference):
            yield Job(exercise, "mutant", mutant.label, [(exercise, mutant.source)])


def _book(score: Score, job: Job, verdicts: list[Verdict] | Lost) -> None:
    """Enter one job's verdict into its exercise's score."""
    if isinstance(verdicts, Lost):
        own = Verdict("wrong", None, f"the test {verdicts.reason}")
    else:
        (own,) = verdicts
    what = job.name
    if own.state == "broken":
        score.faults.append(f"{what} breaks the test itself: {own.message}")
    _BOOKED[job.kind](score, job, own, what)


def _book_reference(score: Score, job: Job, own: Verdict, what: str) -> None:
    score.seconds = round(own.seconds, 3)
    if own.state != "right":
        score.faults.append(f"{what} is judged {own.state}: {own.message}")


def _book_stub(score: Score, job: Job, own: Verdict, what: str) -> None:
    if own.state != "not attempted":
        score.faults.append(f"{what} is judged {own.state}: {own.message}")


def _book_right(score: Score, job: Job, own: Verdict, what: str) -> None:
    score.right += 1
    if own.state != "right":
        told = own.mistake or own.message
        score.faults.append(f"{what} loses its marks: {told}")


def _book_wrong(score: Score, job: Job, own: Verdict, what: str) -> None:
    score.wrong += 1
    score.caught += own.state == "wrong"
    score.named += own.mistake == job.title
    if own.state != "wrong":
        score.faults.append(f"{what} is judged {own.state}")
    elif own.mistake != job.title:
        told = own.mistake or f"no name ({own.message})"
        score.faults.append(f"{what} is told: {told}")


def _book_mutant(score: Score, job: Job, own: Verdict, what: str) -> None:
    score.mutants += 1
    if own.state == "right":
        score.survivors.append(job.title)
    else:
        score.killed += 1


_BOOKED = {
    "reference": _book_reference,
    "stub": _book_stub,
    "unread": _book_stub,
    "right": _book_right,
    "wrong": _book_wrong,
    "mutant": _book_mutant,
}


def _settle_mutants(
    chapter: Chapter, exercise: str, score: Score, with_mutants: bool
) -> None:
    """Take the listed equivalent mutants out; too many survivors are a fault."""
    listed = {
        line.removeprefix("#").strip()
        for answer in chapter.bank(exercise, "equivalent")
        for line in answer.source.splitlines()
        if line.startswith("#")
    }
    survived = set(score.survivors)
    score.equivalent = sum(label in listed for label in score.survivors)
    score.survivors = sorted(label for label in score.survivors if label not in listed)
    if not with_mutants:
        return
    for label in sorted(listed - survived):
        score.faults.append(f"listed as equivalent, but no mutant survives as: {label}")
    if score.killed_share() < MIN_KILLED:
        share = f"{score.killed_share():.0%} of the mutants die"
        score.faults.append(f"{share}, {MIN_KILLED:.0%} are asked")


def as_json(
    scores: Mapping[str, Mapping[str, Score]], stale: list[str], seconds: float
) -> dict:
    """The report of all chapters as plain data.

    Args:
        scores: of each exercise of each chapter.
        stale: how what is built differs from the chapters.
        seconds: how long everything took.
    """
    chapters = {
        slug: {exercise: vars(score) for exercise, score in exercises.items()}
        for slug, exercises in scores.items()
    }
    faults = sum(len(s.faults) for e in scores.values() for s in e.values())
    about = {"faults": faults, "stale": stale, "seconds": round(seconds, 1)}
    return {"chapters": chapters} | about
