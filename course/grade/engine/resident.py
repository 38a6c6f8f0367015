"""The nursery's process, as whoever grades has it: started, told, heard, ended."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path

from course.environment import MODULE
from course.grade.isolation.limits import Limits
from course.grade.plan import Assignment, runs
from course.names import imported_modules

ROOT = Path(__file__).resolve().parents[3]
INLINE = "module://matplotlib_inline.backend_inline"
MODULES = {"utils.check", "matplotlib.pyplot", "torchvision"}  # and what cells import
NURSERIES = ("workers", "judges")
NURSERY = (*MODULE, "course.grade.engine.nursery")  # and the numbers of sockets
START_S = 180  # importing torch on a busy machine, and the given cells twice


class EngineBroken(RuntimeError):
    """The nursery is gone: nothing was written for the submissions in flight."""


@dataclass
class Job:
    """What is awaited of one submission's two processes."""

    ended: dict[str, queue.Queue] = field(
        default_factory=lambda: {name: queue.Queue() for name in NURSERIES}
    )


class Resident:
    """A nursery for one assignment: it begins to import at once.

    Args:
        assignment: what is graded.
        level: how students' code is locked in: "A" to "D".
        limits: what a worker may use.
        large_pages: whether to spend a second on forks that take less time.

    Raises:
        EngineBroken: it did not start.
    """

    def __init__(
        self,
        assignment: Assignment,
        level: str,
        limits: Limits,
        large_pages: bool = True,
    ):
        self.assignment = assignment
        self.jobs: dict[int, Job] = {}
        self.numbers = count(1)
        self.lock = threading.Lock()
        self.broken = ""
        self._start(level, limits, large_pages)

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

    def _start(self, level: str, limits: Limits, large_pages: bool) -> None:
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
        settings = {"level": level, "limits": asdict(limits)}
        settings |= {"large_pages": large_pages, **_needs(self.assignment)}
        with self._closed_by_errors():
            fonts = _list_of_fonts()
            with fonts.open("rb") as file:
                told = settings | {"fonts": fonts.name}
                self.tell("workers", told, (file.fileno(),))

    def await_ready(self) -> None:
        """Wait until it can fork; to be called once.

        Raises:
            EngineBroken: it did not start.
        """
        with self._closed_by_errors():
            # Not before: what a socket doesn't hold waits until there is a reader.
            self.tell("judges", asdict(replace(self.assignment, files=())))
            self._hear_ready()
        for name in self.controls:
            threading.Thread(target=self._listen, args=(name,), daemon=True).start()

    @contextlib.contextmanager
    def _closed_by_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            self.close()
            raise EngineBroken("the grading process did not start") from error
        except BaseException:  # Ctrl-C, too
            self.close()
            raise

    def tell(self, name: str, message: dict, fds: tuple[int, ...] = ()) -> None:
        """Send a half a message, with file descriptors.

        Args:
            name: one of `NURSERIES`.

        Raises:
            EngineBroken: the nursery is gone.
        """
        text = json.dumps(message).encode() + b"\n"
        try:
            with self.lock:
                socket.send_fds(self.controls[name], [text], fds)
        except OSError as error:
            raise EngineBroken("the grading process is gone") from error

    def _hear_ready(self) -> None:
        for name, control in self.controls.items():
            control.settimeout(START_S)
            message = json.loads(_line(control))
            if "error" in message:
                raise EngineBroken(message["error"])
            if message != {"ready": name}:
                raise ValueError(message)
            control.settimeout(None)

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

    def add_job(self) -> tuple[int, Job]:
        """A new job and its number; whoever adds one takes it out of `jobs` again."""
        with self.lock:
            number = next(self.numbers)
        self.jobs[number] = Job()
        return number, self.jobs[number]

    def end(self, number: int, job: Job, why: str) -> dict[str, str]:
        """Kill both processes of a job, and see them dead.

        Returns:
            how they ended, in words.

        Raises:
            EngineBroken: the nursery is gone.
        """
        for name in NURSERIES:
            self.tell(name, {"kill": number, "reason": why})
        ends = {}
        for name in NURSERIES:
            try:
                ends[name] = job.ended[name].get(timeout=START_S)
            except queue.Empty as error:
                raise EngineBroken("a process could not be ended") from error
            if ends[name] is None:
                raise EngineBroken(self.broken)
        return ends


def _needs(assignment: Assignment) -> dict:
    """What the nursery of an assignment may read, must not, imports and rehearses."""
    given = [cell.source for cell in assignment.cells if cell.kind == "given"]
    return {
        "roots": [str(ROOT / "utils"), str(ROOT / "course")],
        "closed": [str(ROOT / "source"), str(ROOT / "chapters")],
        "modules": _modules(assignment),
        "given": [] if assignment.brought else given,
        "brought": bool(assignment.brought),
    }


def _modules(assignment: Assignment) -> list[str]:
    """What the nursery imports: what a chapter needs beside this course's own, and of
    an assignment that was brought along what its cells import and no more.
    """
    if not assignment.brought:
        given = (cell.source for cell in assignment.cells if cell.kind == "given")
        return sorted(MODULES.union(*map(imported_modules, given)))
    found: set[str] = set()
    for cell in assignment.solved:
        if cell.kind == "test" or runs(cell):
            with contextlib.suppress(SyntaxError):  # a magic: its process imports then
                found |= imported_modules(cell.source)
    beside = {
        path.partition("/")[0].removesuffix(".py") for path, _ in assignment.files
    }
    return sorted(name for name in found if name.partition(".")[0] not in beside)


def _list_of_fonts() -> Path:
    """Matplotlib's list of fonts, made now if there is none: that takes seconds."""
    from matplotlib import font_manager, get_cachedir

    return (
        Path(get_cachedir()) / f"fontlist-v{font_manager.FontManager.__version__}.json"
    )


def _line(control: socket.socket) -> bytes:
    """One line of a nursery's; empty once it is gone."""
    data = bytearray()
    while not data.endswith(b"\n"):
        byte = control.recv(1)
        if not byte:
            return b""
        data += byte
    return bytes(data)
