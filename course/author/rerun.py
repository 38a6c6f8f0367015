"""A lecture run again from its first changed cell on.

While the cells run, the process forks now and then: one half goes on, the other holds
the names as they were at that place. When a cell was edited, the last half that stands
before it forks once more and runs the rest. Nothing runs again that didn't change.
"""

import contextlib
import hashlib
import io
import multiprocessing.connection
import os
import signal
import socket
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from course.cells import Cell

EVERY_S = 0.3  # a fork costs a few milliseconds and little memory
POLL_S = 0.2


@dataclass(frozen=True)
class Ran:
    """How one cell went: its line, seconds, what it printed, its error if any."""

    line: int
    seconds: float
    printed: str
    error: str = ""


@dataclass(frozen=True)
class _Held:
    """A process that waits with the names that these cells have left."""

    digests: tuple[str, ...]
    wire: Connection


class Lecture:
    """A lecture's cells, and the processes that hold its names at some places.

    Use it as a context: on the way out all of its processes end.
    """

    def __init__(self):
        self._held: list[_Held] = []

    def __enter__(self) -> "Lecture":
        self._folder = tempfile.TemporaryDirectory(prefix="lecture-")
        self._address = str(Path(self._folder.name) / "held")
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(self._address)
        self._door.listen()
        return self

    def __exit__(self, *_: Any) -> None:
        self._forget(0)
        self._door.close()
        self._folder.cleanup()

    def run(
        self, cells: list[Cell], is_over: Callable[[], bool] = lambda: False
    ) -> Iterator[Ran]:
        """Run what changed since the last time, and what comes after it.

        Args:
            cells: the lecture's code cells as they are now.
            is_over: asked several times a second whether to stop, as the file changed.

        Yields:
            how each cell went, up to the first that raised.
        """
        digests = tuple(hashlib.sha256(c.source.encode()).hexdigest() for c in cells)
        fits = [h.digests == digests[: len(h.digests)] for h in self._held]
        self._forget(fits.index(False) if False in fits else len(fits))
        done = len(self._held[-1].digests) if self._held else 0
        work = [(cell.source, cell.line, str(cell.path)) for cell in cells[done:]]
        child = 0  # of this process; others' children are theirs to wait for
        if self._held:
            self._held[-1].wire.send(work)
        elif (child := os.fork()) == 0:
            _run(self._address, {"__name__": "__main__"}, work)
        running, pid, _ = self._meet()
        try:
            yield from self._follow(running, digests, done, is_over)
        finally:
            running.close()
            with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                os.kill(pid, signal.SIGKILL)
            if child:
                os.waitpid(child, 0)

    def _follow(
        self, running: Connection, digests, done: int, is_over
    ) -> Iterator[Ran]:
        """Pass on what the running process tells, and note which ones hold names."""
        while not is_over():
            ready = multiprocessing.connection.wait([running, self._door], POLL_S)
            while multiprocessing.connection.wait([self._door], 0):
                wire, _, count = self._meet()
                self._held.append(_Held(digests[: done + count], wire))
            if running in ready:
                try:
                    yield running.recv()
                except EOFError:
                    return

    def _meet(self) -> tuple[Connection, int, int]:
        """The next process that calls: its id, and how many cells it has run."""
        wire = Connection(self._door.accept()[0].detach())
        return wire, *wire.recv()

    def _forget(self, first: int) -> None:
        """End the processes that hold names from this one on."""
        for held in self._held[first:]:
            held.wire.close()
        del self._held[first:]


def _run(address: str, names: dict, work: list[tuple[str, int, str]]) -> None:
    """Run cells in this forked process, leaving halves behind; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the halves
    try:
        wire, held_at = _call(address, 0), time.monotonic()
        for count, cell in enumerate(work, start=1):
            ran = _run_cell(names, *cell)
            wire.send(ran)
            if ran.error:
                break
            if time.monotonic() - held_at > EVERY_S and count < len(work):
                half = _call(address, count)  # before this half's next word
                if os.fork() == 0:
                    wire.close()
                    _hold(half, address, names)
                half.close()
                held_at = time.monotonic()
    finally:
        os._exit(0)


def _hold(wire: Connection, address: str, names: dict) -> None:
    """Wait for other cells to run after these; end when nobody asks any more."""
    with contextlib.suppress(EOFError):
        while True:
            work = wire.recv()
            if os.fork() == 0:
                wire.close()
                _run(address, names, work)
    os._exit(0)


def _call(address: str, count: int) -> Connection:
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(address)
    wire = Connection(sock.detach())
    wire.send((os.getpid(), count))
    return wire


def _run_cell(names: dict, source: str, line: int, path: str) -> Ran:
    start, printed, error = time.monotonic(), io.StringIO(), ""
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            exec(compile("\n" * (line - 1) + source, path, "exec"), names)
        except BaseException as raised:  # a cell may call exit()
            frames = traceback.extract_tb(raised.__traceback__)
            own = [frame.lineno for frame in frames if frame.filename == path]
            told = "".join(traceback.format_exception_only(raised)).strip()
            error = f"{path}:{own[-1] if own else line}: {told}"
    return Ran(line, time.monotonic() - start, printed.getvalue(), error)
