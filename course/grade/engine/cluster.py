"""Grading on a Dask cluster: the same submissions, one resident parent a process.

Each worker process starts an engine of its own, at the best isolation that its machine
has or the one asked for, and keeps it. Dask gives the submissions of a node that is
lost to another one. The gradebook stays with the caller: nodes only send results.

Dask's own messages are pickles between scheduler, workers and caller: keep them in a
network of your own, or use its TLS. Students' code sees none of it.
"""

import contextlib
import json
import sys
import threading
from concurrent.futures import Future, InvalidStateError
from dataclasses import asdict
from functools import partial

from distributed import Client, KilledWorker, Reschedule, WorkerPlugin, get_worker
from distributed.client import ClosedClientError

from course.environment import prepare_environment
from course.grade.engine.coordinator import Engine, Time
from course.grade.engine.pools import WRITTEN, Grader, not_graded
from course.grade.engine.resident import EngineBroken
from course.grade.intake.submission import Submission
from course.grade.isolation.ladder import require
from course.grade.isolation.limits import Limits
from course.grade.plan import Assignment, Cell
from course.grade.result import Result

CONNECT_S = 30  # also how long a scheduler that is lost is looked for
WATCH_S = 0.5  # between two looks at whether it was given up


class Node(WorkerPlugin):
    """What a worker process keeps: an engine for one assignment.

    Args:
        assignment: what is graded, tests included.
        isolation: the level asked for; None for the best of each node.
        limits: what a submission may use.
        times: how long a cell and a submission may take.
        demands_apart: as for `Engine`.
    """

    def __init__(
        self,
        assignment: Assignment,
        isolation: str | None,
        limits: Limits,
        times: Time,
        demands_apart: bool = False,
    ):
        self.name = f"grade-{assignment.slug}-{assignment.digest[:16]}"
        self.assignment, self.isolation = assignment, isolation
        self.demands_apart = demands_apart
        self.limits, self.times = limits, times

    def setup(self, worker) -> None:
        """Start the engine; called on each worker, also on those that join later."""
        prepare_environment()
        make_engine = partial(self._make_engine, worker.state.nthreads)
        self.grader = Grader(self.assignment, make_engine)
        self.grader.ready()  # what is wrong with this node is said as it joins

    def teardown(self, worker) -> None:
        """End the engine."""
        self.grader.close()

    def _make_engine(self, workers: int) -> Engine:
        level, limits, times = require(self.isolation), self.limits, self.times
        how = {"workers": workers, "demands_apart": self.demands_apart}
        return Engine(self.assignment, level, limits, times, **how)


class ClusterPool:
    """Submissions graded by the workers of a Dask scheduler.

    Args:
        assignment: what is graded.
        scheduler: its address, `tcp://host:8786`.
        isolation, limits, times, demands_apart: as for `Node`.

    Raises:
        RuntimeError: there is no scheduler, or a node can't lock code in.
    """

    def __init__(
        self,
        assignment: Assignment,
        scheduler: str,
        isolation: str | None = None,
        limits: Limits | None = None,
        times: Time | None = None,
        demands_apart: bool = False,
    ):
        how = (limits or Limits(), times or Time(), demands_apart)
        self.node = Node(assignment, isolation, *how)
        self.scheduler = scheduler
        try:
            self.client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
        except OSError as error:
            raise RuntimeError(
                f"there is no Dask scheduler at {scheduler}: start one with "
                "`dask scheduler` and nodes with `dask worker`, in the course's folder"
            ) from error
        try:
            self.client.register_plugin(self.node)
        except BaseException:
            self.client.close()
            raise
        if not self.client.scheduler_info()["workers"]:
            print(f"no `dask worker` is at {scheduler} yet: waiting", file=sys.stderr)
        self.executor = self.client.get_executor(pure=False)
        self.received: set[Future] = set()
        self.closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self) -> "ClusterPool":
        return self

    def __exit__(self, *_) -> None:
        self.closed.set()
        with contextlib.suppress(ClosedClientError, OSError):  # the scheduler is gone
            self.executor.shutdown(wait=False)
            self.client.unregister_worker_plugin(self.node.name)
        self.client.close()

    def submit(self, submission: Submission) -> Future:
        """Have a submission graded somewhere; the future's result is its `Result`.

        It raises RuntimeError once the scheduler is gone. A submission with which nodes
        ended one after the other gets no points and a flag.
        """
        data = asdict(submission) | {"timestamp": None, "notes": (), "pictures": ()}
        received: Future = Future()
        self.received.add(received)
        received.add_done_callback(self.received.discard)
        try:
            sent = self.executor.submit(grade_here, self.node.name, json.dumps(data))
        except ClosedClientError:
            self._give_up(received)
        else:
            sent.add_done_callback(
                lambda done: self._pass_on(done, submission, received)
            )
        return received

    def _pass_on(self, done: Future, submission: Submission, received: Future) -> None:
        error = None if done.cancelled() else done.exception()
        if done.cancelled():
            self._give_up(received)
        elif isinstance(error, KilledWorker):
            flag = "the nodes that graded this ended, one after the other"
            assignment = self.node.assignment
            received.set_result(not_graded(assignment, submission, flag))
        elif error is not None:
            received.set_exception(error)
        else:
            received.set_result(Result.from_json(done.result()))

    def _watch(self) -> None:
        """Once Dask has given the scheduler up, say so to whoever waits: a future whose
        result was just under way would never hear of it.
        """
        while not self.closed.wait(WATCH_S):
            if self.client.status == "closed":
                for received in list(self.received):
                    self._give_up(received)

    def _give_up(self, received: Future) -> None:
        words = f"the Dask scheduler at {self.scheduler} is gone"
        with contextlib.suppress(InvalidStateError):  # told already
            received.set_exception(RuntimeError(f"{words}: {WRITTEN}"))


def grade_here(node: str, submission: str) -> str:
    """Grade a submission on this worker; JSON in, JSON out.

    Raises:
        Reschedule: the worker is about to leave; Dask gives the submission to another.
    """
    data = json.loads(submission)
    cells = tuple(Cell(**cell) for cell in data.pop("cells"))
    told = {
        name: tuple(data.pop(name))
        for name in ("repairs", "flags", "notes", "pictures", "files")
    }
    read = Submission(**data, **told, cells=cells)
    try:
        return get_worker().plugins[node].grader.grade(read).to_json()
    except EngineBroken as error:
        raise Reschedule from error
