"""The nursery's two halves for assignments that were brought along: nothing of this
course is imported for them, and torch only if they import it.
"""

import contextlib
import gc
import importlib
import json
import socket
import sys
import warnings
from collections.abc import Callable
from functools import partial

from course.grade.isolation.limits import Limits
from course.grade.isolation.lock import Lock

# What each child of a half needs, imported before it is forked.
OURS = ("brought.session", "brought.hearing", "worker.shell")


def prepare(modules: list[str]):
    """Import what the assignment imports, and make the shell.

    Args:
        modules: names of modules; one that isn't installed is left out: it may lie
            beside the notebook.
    """
    for name in OURS:
        importlib.import_module(f"course.grade.{name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library says of itself on import
        for name in modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    _one_thread()
    gc.freeze()
    from course.grade.worker.shell import make_shell

    return make_shell()


def _one_thread() -> None:
    """A process that forks must not have started a pool of threads."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def student(lock: Lock, limits: Limits, shell) -> Callable[[dict, list[int]], None]:
    """What a forked worker does."""

    def be_student(message: dict, fds: list[int]) -> None:
        from course.grade.bridge.frames import Wire
        from course.grade.brought.session import serve

        work = lock.lock_in(limits, set(fds), message.get("work"))
        shell.begin(work)
        serve(Wire(socket.socket(fileno=fds[0])), shell)

    return be_student


def judges(lock: Lock, limits: Limits) -> Callable:
    """What makes, of an assignment, what a forked judge does."""
    return partial(_be_judge, lock, limits)


def _be_judge(lock: Lock, limits: Limits, assignment) -> Callable:
    def be_judge(message: dict, fds: list[int]) -> None:
        lock.lock_in(limits, set(fds), message.get("work"))
        _hear(assignment, message, *(socket.socket(fileno=fd) for fd in fds))

    return be_judge


def _hear(
    assignment, message: dict, student: socket.socket, report: socket.socket
) -> None:
    from course.grade.bridge.frames import Wire
    from course.grade.brought.hearing import Hearing, signs_beyond
    from course.grade.plan import Cell
    from course.grade.worker.shell import reseed

    with report.makefile("rb") as lines:
        told = json.loads(lines.readline())
        cells = [Cell(**cell) for cell in told["cells"]]
        sheet = assignment.of(message["notebook"])
        flags = signs_beyond(cells, sheet.solved)  # while another one has its turn
        lines.readline()  # now it is ours
    reseed()

    def tell(event: dict) -> None:
        report.sendall(json.dumps(event).encode() + b"\n")

    tell({"flags": flags})
    hearing = Hearing(sheet, Wire(student), message["seconds"], message["ways"])
    hearing.hand_over(told["files"], told["sent"])
    hearing.hear(cells, tell)
