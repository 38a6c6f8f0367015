"""Grading one submission after the other, or several at once, by one nursery."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count, cycle, islice
from pathlib import Path

from course.environment import MODULE
from course.grade.bridge.frames import DEATHS, TOO_LONG
from course.grade.engine.attempts import Attempts, Ran, unjudged
from course.grade.intake.submission import Submission
from course.grade.isolation.limits import Limits
from course.grade.isolation.lock import NOBODY
from course.grade.plan import Assignment, Cell, runs
from course.grade.result import NOT_JUDGED, Result, Verdict
from course.names import imported_modules

ROOT = Path(__file__).resolve().parents[3]
INLINE = "module://matplotlib_inline.backend_inline"
MODULES = {"utils.check", "matplotlib.pyplot", "torchvision"}  # and what cells import
NURSERIES = ("workers", "judges")
NURSERY = (*MODULE, "course.grade.engine.nursery")  # and the numbers of sockets
START_S = 180  # importing torch on a busy machine, and the given cells twice
MAX_REPORT = 64 * 2**20  # bytes that a judge may report of one submission


@dataclass(frozen=True)
class Time:
    """How long things may take, in seconds of wall time."""

    cell: float = 60
    submission: float = 300


class EngineBroken(RuntimeError):
    """The nursery is gone: nothing was written for the submissions in flight."""


class NeverBegun(EngineBroken):
    """The nursery was gone before a submission's first cell ran."""


@dataclass
class Job:
    """What is awaited of one submission's two processes."""

    ended: dict[str, queue.Queue] = field(
        default_factory=lambda: {name: queue.Queue() for name in NURSERIES}
    )


class Engine:
    """A nursery for one assignment, and the way to it.

    Args:
        assignment: what is graded.
        level: how students' code is locked in: "A" to "D".
        limits: what a worker may use.
        times: how long a cell and a submission may take.
        work: where work folders are made; at level A they are in memory.
        workers: how many submissions run at once. Let `grade` be called for more: their
            processes are made ready meanwhile.
    """

    def __init__(
        self,
        assignment: Assignment,
        level: str,
        limits: Limits | None = None,
        times: Time | None = None,
        work: Path | None = None,
        workers: int = 1,
    ):
        self.assignment, self.level = assignment, level
        self.limits, self.times = limits or Limits(), times or Time()
        on_disk = work or Path(tempfile.gettempdir())
        self.work = None if level == "A" else on_disk
        self.jobs: dict[int, Job] = {}
        self.numbers = count(1)
        self.processors: queue.Queue[int] = queue.Queue()
        for cpu in islice(cycle(sorted(os.sched_getaffinity(0))), workers):
            self.processors.put(cpu)
        self.lock = threading.Lock()
        self.broken = ""
        self._start()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """End the nursery and every process under it."""
        self.broken = self.broken or "closed"
        self.process.kill()
        self.process.wait()
        for control in self.controls.values():
            # One of our threads may be reading: `close` alone would wait for what the
            # judges' half says, and that half for our end.
            with contextlib.suppress(OSError):
                control.shutdown(socket.SHUT_RDWR)
            control.close()

    # ------------------------------------------------------------ starting

    def _start(self) -> None:
        given = [cell.source for cell in self.assignment.cells if cell.kind == "given"]
        fonts = _list_of_fonts()
        settings = {
            "level": self.level,
            "limits": asdict(self.limits),
            "roots": [str(ROOT / "utils"), str(ROOT / "course")],
            "fonts": fonts.name,
            "closed": [str(ROOT / "source"), str(ROOT / "chapters")],
            "modules": sorted(MODULES.union(*map(imported_modules, given))),
            "given": given,
        }
        pairs = {name: socket.socketpair() for name in NURSERIES}
        theirs = [pair[1].fileno() for pair in pairs.values()]
        command = [*NURSERY, *map(str, theirs)]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": INLINE}
        self.controls = {name: pair[0] for name, pair in pairs.items()}
        self.process = subprocess.Popen(
            command,
            pass_fds=theirs,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we end it in good order
        )
        for pair in pairs.values():
            pair[1].close()
        try:
            with fonts.open("rb") as file:
                self._tell("workers", settings, (file.fileno(),))
            self._tell("judges", asdict(self.assignment))
            self._await_ready()
        except EngineBroken:
            self.close()
            raise
        except (OSError, ValueError) as error:
            self.close()
            raise EngineBroken("the grading process did not start") from error
        except BaseException:  # Ctrl-C
            self.close()
            raise
        for name in self.controls:
            threading.Thread(target=self._listen, args=(name,), daemon=True).start()

    def _tell(self, name: str, message: dict, fds: tuple[int, ...] = ()) -> None:
        text = json.dumps(message).encode() + b"\n"
        try:
            with self.lock:
                socket.send_fds(self.controls[name], [text], fds)
        except OSError as error:
            raise EngineBroken("the grading process is gone") from error

    def _await_ready(self) -> None:
        for name, control in self.controls.items():
            control.settimeout(START_S)
            message = json.loads(_line(control))
            if "error" in message:
                raise EngineBroken(message["error"])
            if message != {"ready": name}:
                raise ValueError(message)
            control.settimeout(None)

    # ------------------------------------------------------------ listening

    def _listen(self, name: str) -> None:
        """Pass on which job's process has ended, and how."""
        try:
            while message := json.loads(_line(self.controls[name])):
                if job := self.jobs.get(message["done"]):
                    job.ended[name].put(message["reason"])
        except (OSError, ValueError):
            self.broken = self.broken or "the grading process is gone"
            for job in list(self.jobs.values()):
                job.ended[name].put(None)

    # ------------------------------------------------------------ grading

    def grade(self, submission: Submission) -> Result:
        """Run and judge one submission; may be called from several threads.

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

    def _none(self, reason: str) -> dict[str, Verdict]:
        """What stands until a test has reported back."""
        message = unjudged(reason) if reason else ""
        return {
            cell.grade_id: Verdict(NOT_JUDGED, cell.points, message=message)
            for cell in self.assignment.tests()
        }

    def _run(self, attempts: Attempts) -> Ran:
        """Have one process run what is left, and see both of its ends."""
        cells = attempts.rest()
        with self.lock:
            number = next(self.numbers)
        job = self.jobs[number] = Job()
        try:
            with _work_folders(self.work) as folders:
                report = self._start_job(number, folders, cells, attempts.judged())
                with report, self._turn(number):
                    start = time.perf_counter()
                    events, is_late = self._collect(report, attempts.deadline())
                    seconds = time.perf_counter() - start
                told = {"end": "judge"} | next((e for e in events if "end" in e), {})
                reason = self._end_job(number, job, told["end"], is_late)
        finally:
            del self.jobs[number]
        if not told["end"]:
            return Ran(events, seconds=seconds)
        at = told.get("at") or _first_unheard(cells, events)
        died = told["end"] in DEATHS
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
                    self._tell(name, {"begin": number, "cpu": cpu})
            except EngineBroken as error:
                raise NeverBegun(str(error)) from error
            yield
        finally:
            self.processors.put(cpu)

    def _start_job(
        self,
        number: int,
        folders: dict[str, str],
        cells: tuple[Cell, ...],
        judged: list[str],
    ) -> socket.socket:
        """Have both processes forked and locked in, and the judge told the cells.

        Returns:
            the way to the judge, which waits for one more line before it begins.

        Raises:
            NeverBegun: the nursery is gone.
        """
        bridge, report = socket.socketpair(), socket.socketpair()
        ends = {"workers": (bridge[0],), "judges": (bridge[1], report[1])}
        message = {"job": number, "seconds": self.times.cell}
        try:
            for name, sockets in ends.items():
                fds = tuple(sock.fileno() for sock in sockets)
                self._tell(name, {**message, "work": folders.get(name)}, fds)
        except EngineBroken as error:
            report[0].close()
            raise NeverBegun(str(error)) from error
        finally:
            for sock in (*bridge, report[1]):
                sock.close()
        told = {"cells": [vars(cell) for cell in cells], "judged": judged}
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
        for name in NURSERIES:
            self._tell(name, {"kill": number, "reason": why})
        ends = {}
        for name in NURSERIES:
            try:
                ends[name] = job.ended[name].get(timeout=START_S)
            except queue.Empty as error:
                raise EngineBroken("a process could not be ended") from error
            if ends[name] is None:
                raise EngineBroken(self.broken)
        return why or ends["workers"]


def _list_of_fonts() -> Path:
    """Matplotlib's list of fonts, made now if there is none: that takes seconds."""
    from matplotlib import font_manager, get_cachedir

    return (
        Path(get_cachedir()) / f"fontlist-v{font_manager.FontManager.__version__}.json"
    )


def _first_unheard(cells: tuple[Cell, ...], events: list[dict]) -> str:
    """The cell at which a judge was that ended without a word, "" if at none."""
    heard = {event["cell"] for event in events if "cell" in event}
    ids = (cell.grade_id for cell in cells if runs(cell) or cell.kind == "test")
    return next((name for name in ids if name not in heard), "")


def _line(control: socket.socket) -> bytes:
    """One line of a nursery's; empty once it is gone."""
    data = bytearray()
    while not data.endswith(b"\n"):
        byte = control.recv(1)
        if not byte:
            return b""
        data += byte
    return bytes(data)


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
