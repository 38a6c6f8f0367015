"""Grading one submission after the other, or several at once, by one nursery."""

import contextlib
import json
import os
import queue
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from course.grade.bridge.frames import DEATHS, TOO_LONG
from course.grade.engine.attempts import Attempts, Ran, unjudged
from course.grade.engine.notebooks import Files, grade_notebooks
from course.grade.engine.resident import (
    NURSERIES,
    START_S,
    EngineBroken,
    Job,
    Resident,
)
from course.grade.engine.trial import find_ways
from course.grade.intake.submission import Submission
from course.grade.isolation.limits import Limits
from course.grade.isolation.lock import NOBODY
from course.grade.plan import Assignment, Cell, runs
from course.grade.result import NOT_JUDGED, Result, Verdict

MAX_REPORT = 64 * 2**20  # bytes that a judge may report of one submission


@dataclass(frozen=True)
class Time:
    """How long things may take, in seconds of wall time."""

    cell: float = 60
    submission: float = 300


class NeverBegun(EngineBroken):
    """The nursery was gone before a submission's first cell ran."""


class Engine:
    """Grades the submissions of one assignment, by a nursery of its own, which begins
    to import at once: `ready` waits for it.

    Args:
        assignment: what is graded.
        level: how students' code is locked in: "A" to "D".
        limits: what a worker may use.
        times: how long a cell and a submission may take.
        work: where work folders are made; at level A they are in memory.
        workers: how many submissions run at once. Let `grade` be called for more: their
            processes are made ready meanwhile.
        demands_apart: whether tests of an assignment that was brought along may run in
            a process of their own only.
        large_pages: as for `Resident`.

    Raises:
        EngineBroken: the nursery did not start.
    """

    def __init__(
        self,
        assignment: Assignment,
        level: str,
        limits: Limits | None = None,
        times: Time | None = None,
        work: Path | None = None,
        workers: int = 1,
        demands_apart: bool = False,
        large_pages: bool = True,
    ):
        self.assignment, self.level = assignment, level
        self.limits, self.times = limits or Limits(), times or Time()
        on_disk = work or Path(tempfile.gettempdir())
        self.work = None if level == "A" else on_disk
        self.processors: queue.Queue[int] = queue.Queue()
        for cpu in islice(cycle(sorted(os.sched_getaffinity(0))), workers):
            self.processors.put(cpu)
        self.demands_apart = demands_apart
        self.ways: dict[str, str] | None = None  # until it is ready
        self.getting_ready = threading.Lock()
        self.nursery = Resident(assignment, level, self.limits, large_pages)

    def ready(self) -> None:
        """Wait until submissions can be graded; may be called from several threads.

        Raises:
            EngineBroken: the nursery did not start.
            NotApart: tests must run in a process of their own only, and can't.
        """
        with self.getting_ready:
            if self.ways is None:
                self.nursery.await_ready()
                brought = self.assignment.brought
                self.ways = self._find_ways() if brought else {}

    def _find_ways(self) -> dict[str, str]:
        try:
            return find_ways(self.assignment, self.try_notebook, self.demands_apart)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Engine":
        try:
            self.ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """End the nursery and every process under it."""
        self.nursery.close()

    def grade(self, submission: Submission) -> Result:
        """Run and judge one submission, once `ready`; also from several threads.

        Raises:
            EngineBroken: the nursery is gone.
        """
        about = {
            "student": submission.student,
            "assignment": self.assignment.slug,
            "repairs": list(submission.repairs),
            "isolation": self.level,
            "assignment_digest": self.assignment.digest,
            "submission_digest": submission.digest,
        }
        doubts = list(submission.flags)
        if submission.problem:
            return Result(
                problem=submission.problem,
                verdicts=self._none(""),
                flags=doubts,
                **about,
            )
        if self.assignment.brought:
            found = grade_notebooks(
                self.assignment, submission, self.ways, self.try_notebook
            )
            return replace(found, **about, flags=[*doubts, *found.flags])
        attempts = Attempts(submission.cells, self.times.submission)
        while attempts.goes_on:
            attempts.add(self._run(attempts))
        return Result(
            verdicts=self._none(attempts.reason) | attempts.verdicts,
            outputs={k: v for k, v in attempts.outputs.items() if v},
            flags=list(dict.fromkeys(doubts + attempts.flags)),
            seconds=round(attempts.spent, 4),
            **about,
        )

    def try_notebook(
        self,
        notebook: str,
        cells: tuple[Cell, ...],
        ways: dict[str, str],
        sent: Files = (),
        spent: float = 0,
    ) -> Attempts:
        """Run and judge one notebook of an assignment that was brought along.

        Args:
            notebook: its name.
            cells: a submission's, or the instructor's own.
            ways: `APART` or `INSIDE` for each test.
            sent: what was handed in beside it.
            spent: seconds that the submission's other notebooks took of its time.
        """
        attempts = Attempts(cells, self.times.submission - spent, is_brought=True)
        attempts.goes_on = bool(cells)
        about = {"notebook": notebook, "ways": ways}
        told = {"files": self.assignment.files, "sent": sent}
        while attempts.goes_on:
            attempts.add(self._run(attempts, about, told))
        return attempts

    def _none(self, reason: str) -> dict[str, Verdict]:
        """What stands until a test has reported back."""
        message = unjudged(reason) if reason else ""
        return {
            cell.grade_id: Verdict(NOT_JUDGED, cell.points, message=message)
            for cell in self.assignment.tests()
        }

    def _run(
        self,
        attempts: Attempts,
        about: dict | None = None,
        more: dict | None = None,
    ) -> Ran:
        """Have one process run what is left, and see both of its ends."""
        cells = attempts.rest()
        told = {
            "cells": [vars(cell) for cell in cells],
            "judged": attempts.judged(),
            **(more or {}),
        }
        number, job = self.nursery.add_job()
        try:
            with _work_folders(self.work) as folders:
                report = self._start_job(number, folders, told, about or {})
                with report, self._turn(number):
                    start = time.perf_counter()
                    events, is_late = self._collect(report, attempts.deadline())
                    seconds = time.perf_counter() - start
                end = {"end": "judge"} | next((e for e in events if "end" in e), {})
                reason = self._end_job(number, job, end["end"], is_late)
        finally:
            del self.nursery.jobs[number]
        if not end["end"]:
            return Ran(events, seconds=seconds)
        at = end.get("at") or _first_unheard(cells, events)
        died = end["end"] in DEATHS
        return Ran(events, at, reason, died, is_late, seconds)

    @contextlib.contextmanager
    def _turn(self, number: int) -> Iterator[None]:
        """Wait for a processor and have a job's two processes share it: they take turns
        at their work, and to wake one elsewhere costs more than what it is woken for.

        Raises:
            NeverBegun: the nursery is gone.
        """
        cpu = self.processors.get()
        try:
            try:
                for name in NURSERIES:
                    self.nursery.tell(name, {"begin": number, "cpu": cpu})
            except EngineBroken as error:
                raise NeverBegun(str(error)) from error
            yield
        finally:
            self.processors.put(cpu)

    def _start_job(
        self,
        number: int,
        folders: dict[str, str],
        told: dict,
        about: dict,
    ) -> socket.socket:
        """Have both processes forked and locked in, and the judge told the cells.

        Args:
            number, folders: the job and its work folders.
            told: what the judge reads before it begins.
            about: what both halves of the nursery are told of the job.

        Returns:
            the way to the judge, which waits for one more line before it begins.

        Raises:
            NeverBegun: the nursery is gone.
        """
        bridge, report = socket.socketpair(), socket.socketpair()
        ends = {"workers": (bridge[0],), "judges": (bridge[1], report[1])}
        message = {"job": number, "seconds": self.times.cell, **about}
        try:
            for name, sockets in ends.items():
                fds = tuple(sock.fileno() for sock in sockets)
                self.nursery.tell(name, {**message, "work": folders.get(name)}, fds)
        except EngineBroken as error:
            report[0].close()
            raise NeverBegun(str(error)) from error
        finally:
            for sock in (*bridge, report[1]):
                sock.close()
        report[0].settimeout(START_S)
        with contextlib.suppress(OSError):  # a judge that is gone: `_collect` sees it
            report[0].sendall(json.dumps(told).encode() + b"\n")
        return report[0]

    def _collect(
        self, report: socket.socket, deadline: float
    ) -> tuple[list[dict], bool]:
        """Have the cells run: what the judge tells until it ends, and if it is late."""
        data, size, is_late = [], 0, False
        try:
            report.sendall(b"\n")
            while size < MAX_REPORT:
                report.settimeout(max(deadline - time.monotonic(), 0.01))
                data.append(report.recv(2**20))
                size += len(data[-1])
                if not data[-1]:
                    break
        except TimeoutError:
            is_late = True
        except OSError:  # the judge is gone: what it told stands
            pass
        lines = b"".join(data).split(b"\n")
        # The last line may be a part of one.
        return [json.loads(line) for line in lines[:-1]], is_late

    def _end_job(self, number: int, job: Job, gone: str, is_late: bool) -> str:
        """See both processes dead; say why, in words about the student's code."""
        times, why = self.times, ""
        if is_late:
            why = f"took more than {times.submission:g} s in all"
        elif gone == TOO_LONG:
            why = f"took more than {times.cell:g} s in one go"
        elif gone and gone not in DEATHS:
            why = "gave back what can't be judged"
        ended = self.nursery.end(number, job, why)
        return why or ended["workers"]


def _first_unheard(cells: tuple[Cell, ...], events: list[dict]) -> str:
    """The cell at which a judge was that ended without a word, "" if at none."""
    heard = {event["cell"] for event in events if "cell" in event}
    ids = (cell.grade_id for cell in cells if runs(cell) or cell.kind == "test")
    return next((name for name in ids if name not in heard), "")


@contextlib.contextmanager
def _work_folders(work: Path | None) -> Iterator[dict[str, str]]:
    """A folder for each process, where the level needs them on disk."""
    if work is None:
        yield {}
        return
    with contextlib.ExitStack() as stack:
        made = {
            name: stack.enter_context(tempfile.TemporaryDirectory(dir=work))
            for name in NURSERIES
        }
        for folder in made.values():
            if os.getuid() == 0:
                os.chown(folder, NOBODY, NOBODY)
        yield made
