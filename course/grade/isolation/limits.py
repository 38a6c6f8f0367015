"""How much a worker may use, and how it shows that it wanted more.

memory     MemoryError: RLIMIT_DATA counts what malloc and mmap hand out, so the limit
           is met at once, not when the pages are touched
processor  TimeoutError in the main thread; two seconds later the kernel kills
a file     OSError "File too large"; all files: OSError "No space left on device" (A)
threads    RuntimeError "can't start new thread"
files      OSError "Too many open files"

What the worker inherits from the nursery is not counted but can be written to, which
makes copies of it; `memory_of` counts those, for whoever watches the worker, and
`exceeds` does so cheaply.
"""

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20
GRACE_S = 2
STACK_BYTES = 8 * MIB


@dataclass(frozen=True)
class Limits:
    """What one worker may use.

    Args:
        memory_bytes: beyond what it has inherited.
        cpu_s: processor time, all threads together.
        file_bytes: the largest file.
        work_bytes: all files in the work folder together. At level A the kernel holds
            it; below, watch `bytes_in`.
        open_files: descriptors open at once, the inherited ones included.
        threads: at level A its own, below it those of its user that are not there yet.
    """

    memory_bytes: int = 2048 * MIB
    cpu_s: int = 300
    file_bytes: int = 256 * MIB
    work_bytes: int = 256 * MIB
    open_files: int = 256
    threads: int = 128


def apply(limits: Limits, *, threads_before: int = 0) -> None:
    """Set the limits of this process, which it can't raise again.

    Args:
        limits: what it may use.
        threads_before: how many its user has already in the same user namespace.
    """
    values = {
        "CPU": (limits.cpu_s, limits.cpu_s + GRACE_S),
        "FSIZE": min(limits.file_bytes, limits.work_bytes),
        "NOFILE": limits.open_files,
        "NPROC": limits.threads + threads_before,
        "STACK": STACK_BYTES,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
        # 0 would still start the program that some systems pipe core dumps to.
        "CORE": 1,
    }
    if (held := _status_bytes("self", "VmData")) is not None:
        values["DATA"] = held + limits.memory_bytes
    for name, value in values.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            _lower(kind, *(value if isinstance(value, tuple) else (value, value)))

    def stop(signum, frame):
        raise TimeoutError(f"this used up its {limits.cpu_s} seconds of processor time")

    signal.signal(signal.SIGXCPU, stop)


def threads_of(uid: int) -> int:
    """How many threads a user has on this machine, as far as /proc shows them."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == uid:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
            except OSError:
                continue  # it has just ended
    return count


def memory_of(pid: int | str = "self") -> int:
    """Bytes of memory that a process has mapped for itself, inherited pages included.

    A forked worker that writes to an inherited page gets a copy in its place, so what
    is beyond the count of its parent at the fork is what it has asked for. Files in
    its work folder are not in it; at level A, `Limits.work_bytes` bounds those.

    Args:
        pid: as the caller's /proc shows it.

    Returns: 0 for a process that has ended.
    """
    return _status_bytes(pid, "RssAnon") or 0


def bytes_in(folder: Path) -> int:
    """Bytes on disk of all files below a folder, without following links."""
    total = 0
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total


def why_it_died(
    status: int, limits: Limits | None = None, cpu_s: float = 0, stopped: str = ""
) -> str:
    """Say in words how a worker ended.

    Args:
        status: as `os.waitpid` and `os.wait4` return it.
        limits: what it was allowed.
        cpu_s: processor time it took, from `os.wait4`.
        stopped: why the caller killed it itself, if it did.

    Returns: a clause about "the code", such as "left Python with exit code 3".
    """
    if os.WIFEXITED(status):
        return f"left Python with exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL:
        if stopped:
            return stopped
        if limits is not None and cpu_s >= limits.cpu_s:
            return f"used up its {limits.cpu_s} seconds of processor time"
        return "was stopped by the machine, most likely because memory ran out"
    crashes = {
        signal.SIGSEGV: "it used memory that was not its own, or too deep a recursion",
        signal.SIGBUS: "it used memory that was not there",
        signal.SIGABRT: "a library gave up",
        signal.SIGFPE: "a whole number was divided by zero in a library",
        signal.SIGILL: "it ran what is no instruction",
        signal.SIGSYS: "it used system calls of another kind of program",
    }
    name = signal.Signals(number).name
    if number in crashes:
        return f"crashed the Python process ({name}: {crashes[number]})"
    return f"was ended by the signal {name}"


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit, or keep the one there is where that is lower."""
    ceiling = resource.getrlimit(kind)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


def _status_bytes(pid: int | str, name: str) -> int | None:
    try:
        with open(f"/proc/{pid}/status") as status:
            for line in status:
                if line.startswith(f"{name}:"):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return None
