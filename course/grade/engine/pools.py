"""Where submissions are graded: on this machine's cores, or (`cluster`) on many."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from course.grade.engine.coordinator import Engine, NeverBegun
from course.grade.engine.resident import EngineBroken
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment
from course.grade.result import Result

# What whoever ends a batch is told.
WRITTEN = "whoever was done is written down; the same command goes on with the others"
ATTEMPTS = 2  # a submission that ends the grading process twice is not tried again


class Grader:
    """An engine that is replaced by a new one when it breaks.

    What was in flight is graded again; a submission that was there each time gets no
    points and a flag.

    Args:
        assignment: what is graded.
        make_engine: starts an engine; it dies with the thread that this is made in.
    """

    def __init__(self, assignment: Assignment, make_engine: Callable[[], Engine]):
        self.assignment, self.make_engine = assignment, make_engine
        self.lock = threading.Lock()
        self.is_closed = False
        self.engine = make_engine()

    def ready(self) -> None:
        """Wait until it can grade, as `Engine.ready` does."""
        self.engine.ready()

    def grade(self, submission: Submission) -> Result:
        """One submission's result; may be called from several threads.

        Raises:
            EngineBroken: an engine does not start, or `close` was called meanwhile.
            NotApart: tests must run in a process of their own only, and can't.
        """
        attempts = 0
        while attempts < ATTEMPTS:
            engine = self.engine
            engine.ready()
            try:
                return engine.grade(submission)
            except EngineBroken as error:
                if self.is_closed:  # stopped by a person: nobody waits for this one
                    raise
                self._replace(engine)
                attempts += not isinstance(error, NeverBegun)
            except Exception as error:  # ours, so for a person: the class goes on
                flag = f"grading this failed: {type(error).__name__}: {error}"
                return not_graded(self.assignment, submission, flag)
        flag = f"the grading process ended {ATTEMPTS} times while this was graded"
        return not_graded(self.assignment, submission, flag)

    def _replace(self, broken: Engine) -> None:
        with self.lock:
            if self.engine is broken and not self.is_closed:
                broken.close()
                self.engine = self.make_engine()

    def close(self) -> None:
        """End the engine, also one that is just taking the place of a broken one."""
        self.is_closed = True
        with self.lock:
            self.engine.close()


class LocalPool:
    """Several submissions at once on this machine.

    Args:
        assignment: what is graded.
        make_engine: starts an engine, given how many submissions run at once.
        workers: how many that is.
    """

    def __init__(
        self, assignment: Assignment, make_engine: Callable[..., Engine], workers: int
    ):
        self.grader = Grader(assignment, partial(make_engine, workers=workers))
        # While one submission of a worker runs, the next one's processes are started.
        self.threads = ThreadPoolExecutor(2 * workers)

    def __enter__(self) -> "LocalPool":
        return self

    def __exit__(self, *_) -> None:
        self.threads.shutdown(wait=False, cancel_futures=True)
        self.grader.close()

    def submit(self, submission: Submission) -> Future:
        """Have a submission graded; the future's result is its `Result`."""
        return self.threads.submit(self.grader.grade, submission)


def not_graded(assignment: Assignment, submission: Submission, flag: str) -> Result:
    """The row of a submission that could not be graded through no fault of its own."""
    problem = "your notebook could not be graded; your instructor has been told"
    return Result(
        submission.student,
        assignment.slug,
        problem=problem,
        repairs=list(submission.repairs),
        flags=[*submission.flags, flag],
        assignment_digest=assignment.digest,
        submission_digest=submission.digest,
    )
