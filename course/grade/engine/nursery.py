"""The resident parent: imports torch once, then forks a process per submission.

Started as `python -m course.grade.engine.nursery` by `Engine`. It locks itself in,
imports, rehearses the given cells, and then splits in two: one half forks workers for
students' code and never sees a test; the other is told the tests and forks judges.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from course import pages
from course.grade.isolation.limits import Limits, memory_of, why_it_died
from course.grade.isolation.lock import Lock, enter

WATCH_S = 0.02  # between two looks at how much memory a worker has


@dataclass
class Child:
    """A forked process at work on one job."""

    pid: int
    pidfd: int
    reason: str = ""


def serve(
    control: socket.socket,
    lock: Lock,
    work: Callable[[dict, list[int]], None],
    limits: Limits,
) -> None:
    """Fork a child for each job, watch it, and say how it ended.

    Args:
        lock: forks and locks in.
        control: messages from the coordinator: {"job": n, ...} with file descriptors,
            {"begin": n, "cpu": its processor} and {"kill": n, "reason": text}; the
            answer to the last or to its end is {"done": n, "reason": text}.
        work: what a child does with its message and descriptors.
        limits: what a child may use; over its memory it is killed.
    """
    children: dict[int, Child] = {}
    most = memory_of() + limits.memory_bytes
    while True:
        watched = [control, *(child.pidfd for child in children.values())]
        timeout = WATCH_S if children else None
        ready, _, _ = select.select(watched, [], [], timeout)
        for job, child in list(children.items()):
            if child.pidfd in ready:
                _bury(control, job, children.pop(job), limits)
            elif not child.reason and memory_of(child.pid) > most:
                gib = limits.memory_bytes / 2**30
                child.reason = f"used more than {gib:.1f} GiB of memory"
                os.kill(child.pid, signal.SIGKILL)
        if control in ready and not _obey(control, lock, work, children):
            return


def _obey(control: socket.socket, lock: Lock, work: Callable, children: dict) -> bool:
    """Do what the next message says; False when the coordinator is gone."""
    text, fds = _receive(control)
    if not text:
        return False
    message = json.loads(text)
    if "begin" in message:
        if child := children.get(message["begin"]):
            os.sched_setaffinity(child.pid, {message["cpu"]})
        return True
    if "kill" in message:
        if child := children.get(message["kill"]):
            child.reason = child.reason or message.get("reason", "")
            os.kill(child.pid, signal.SIGKILL)
        return True
    pid = lock.fork_worker()
    if pid == 0:
        _be_child(work, message, fds)
    for fd in fds:
        os.close(fd)
    children[message["job"]] = Child(pid, os.pidfd_open(pid))
    return True


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """One line, and the descriptors that came with it; nothing from who is gone."""
    try:
        text, fds, _, _ = socket.recv_fds(control, 1, 4)
        while text and not text.endswith(b"\n"):
            more = control.recv(1)
            if not more:
                return b"", fds
            text += more
    except ConnectionResetError:  # gone before it read what we told
        return b"", []
    return text, fds


def _be_child(work: Callable, message: dict, fds: list[int]) -> None:
    """Work and leave: torch would take a second to tidy up, so without that."""
    try:
        work(message, fds)
    except BaseException:
        with contextlib.suppress(OSError):
            os.write(2, traceback.format_exc().encode())
        os._exit(3)
    os._exit(0)


def _bury(control: socket.socket, job: int, child: Child, limits: Limits) -> None:
    _, status, usage = os.wait4(child.pid, 0)
    os.close(child.pidfd)
    cpu_s = usage.ru_utime + usage.ru_stime
    reason = why_it_died(status, limits, cpu_s, child.reason)
    done = json.dumps({"done": job, "reason": reason[:1000]}).encode() + b"\n"
    # A coordinator that is gone cannot be told; its silence ends `serve`.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        control.sendall(done)


def main(worker_fd: int, judge_fd: int) -> None:
    """Prepare once, then serve both kinds of children in two processes.

    What a person can mend is said in words: {"error": text} in place of "ready".
    """
    workers, judges = (socket.socket(fileno=fd) for fd in (worker_fd, judge_fd))
    try:
        _serve_both(workers, judges)
    except RuntimeError as error:  # of isolation or of the scout
        workers.send(json.dumps({"error": str(error)}).encode() + b"\n")
        sys.exit(1)


def _serve_both(workers: socket.socket, judges: socket.socket) -> None:
    text, fds = _receive(workers)
    if not text:  # the coordinator is gone already
        return
    settings, (fonts,) = json.loads(text), fds
    level, limits = settings["level"], Limits(**settings["limits"])
    roots = [Path(root) for root in settings["roots"]]
    lock = enter(level, roots, [Path(folder) for folder in settings["closed"]])
    _bring_fonts(settings["fonts"], fonts)
    if settings["brought"]:
        from course.grade.engine import visitors

        shell = visitors.prepare(settings["modules"])
        children = visitors.student(lock, limits, shell), visitors.judges(lock, limits)
    else:
        shell = _prepare(settings)
        children = _student(lock, limits, shell), partial(_case_judges, lock, limits)
    if "torch" in sys.modules:
        _scout()
    gc.collect()
    gc.freeze()  # again: all that a child would otherwise go through and copy
    if settings["large_pages"]:
        pages.gather()
    be_student, make_be_judge = children
    if os.fork() == 0:
        workers.close()
        _judges(judges, lock, limits, make_be_judge)
        os._exit(0)
    judges.close()
    workers.send(b'{"ready": "workers"}\n')
    serve(workers, lock, be_student, limits)


def _prepare(settings: dict):
    """Import, make the shell, and rehearse the given cells; gives the shell."""
    from course.bank.pool import bring
    from course.grade.worker.shell import make_shell

    # Here, not in each child: what a child needs, and what brings seconds of imports.
    ours = {"bridge.student", "judge.hearing", "judge.needed"}
    bring({f"course.grade.{name}" for name in ours}.union(settings["modules"]))
    shell = make_shell()
    names = {"__name__": "__main__"}
    for source in settings["given"]:  # warms what the first call of a loader reads
        exec(compile(source, "<given>", "exec"), names)
    return shell


def _student(lock: Lock, limits: Limits, shell) -> Callable[[dict, list[int]], None]:
    """What a forked worker does."""

    def be_student(message: dict, fds: list[int]) -> None:
        from course.grade.bridge.frames import Wire
        from course.grade.bridge.student import serve as answer

        work = lock.lock_in(limits, set(fds), message.get("work"))
        shell.begin(work)
        answer(Wire(socket.socket(fileno=fds[0])), shell)

    return be_student


def _judges(
    control: socket.socket, lock: Lock, limits: Limits, make_be_judge: Callable
) -> None:
    """Learn the tests, then fork a judge for each job."""
    from course.grade.plan import read_back

    text, _ = _receive(control)
    if not text:
        return
    be_judge = make_be_judge(read_back(json.loads(text)))
    gc.freeze()
    control.send(b'{"ready": "judges"}\n')
    serve(control, lock, be_judge, limits)


def _case_judges(lock: Lock, limits: Limits, assignment) -> Callable:
    """What a forked judge does, once the tests are ready to run."""
    from course.grade.judge.hearing import prepare_case

    case = prepare_case(assignment)

    def be_judge(message: dict, fds: list[int]) -> None:
        lock.lock_in(limits, set(fds), message.get("work"))
        _hear(case, message, *map(_socket, fds))

    return be_judge


def _socket(fd: int) -> socket.socket:
    return socket.socket(fileno=fd)


def _hear(case, message: dict, student: socket.socket, report: socket.socket) -> None:
    from course.grade.bridge.frames import Wire
    from course.grade.bridge.judge import Judge
    from course.grade.intake.flags import look_at
    from course.grade.judge.hearing import hear
    from course.grade.judge.needed import names_used, still_needed
    from course.grade.plan import Cell
    from course.grade.worker.shell import reseed

    with report.makefile("rb") as lines:
        told = json.loads(lines.readline())
        cells = [Cell(**cell) for cell in told["cells"]]
        # While another submission has its turn.
        flags, used = look_at(cells), names_used(cells)
        cells = still_needed(cells, told["judged"]) if told["judged"] else cells
        lines.readline()  # now it is ours
    reseed()
    judge = Judge(Wire(student), message["seconds"])

    def tell(event: dict) -> None:
        report.sendall(json.dumps(event).encode() + b"\n")

    tell({"flags": flags})
    hear(case, cells, judge, tell, used)


def _bring_fonts(name: str, fd: int) -> None:
    """Put matplotlib's list of fonts where it looks: to make another takes seconds."""
    folder = Path(tempfile.mkdtemp())
    with open(fd, "rb") as file:
        (folder / name).write_bytes(file.read())
    os.environ["MPLCONFIGDIR"] = str(folder)


def _scout() -> None:
    """See that torch works in a forked child: with threads started, it would hang."""
    import torch

    pid = os.fork()
    if pid == 0:
        net = torch.nn.Linear(64, 64)
        net(torch.randn(64, 64)).sum().backward()
        os._exit(0)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            if status:
                raise RuntimeError("torch fails in a forked process")
            return
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    raise RuntimeError(
        "torch hangs in a forked process: something that was imported started threads; "
        "a given cell must not compute with more than one"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
