"""Lock workers in: once for the nursery, then for each worker before it runs a line.

    lock = enter(level, roots)          # in the nursery, while it has one thread
    pid = lock.fork_worker()
    if pid == 0:
        work = lock.lock_in(Limits(), keep_fds={wire.fileno()}, work=None)
        ...                             # a stranger's code

The judge, which reads what a stranger's process sends, is locked in the same way.
"""

import contextlib
import ctypes
import os
import signal
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.grade.isolation import (
    IsolationRefused,
    kernel,
    landlock,
    limits,
    namespaces,
    seccomp,
)
from course.grade.isolation.limits import Limits

NOBODY = 65534
KEPT_ENVIRONMENT = (
    *("LANG", "LC_ALL", "MPLBACKEND", "PYTHONHASHSEED"),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
)


def enter(
    level: str, roots: Collection[Path] = (), closed: Collection[Path] = ()
) -> "Lock":
    """Make this process a nursery, whose forked workers can be locked in.

    Call it first thing in a fresh process with one thread. At level A it returns in a
    child, process 1 of new namespaces, that sees the runtime only; the process itself
    waits and ends as the child does. At every level the nursery dies with the thread
    that started it, and its environment holds no secrets afterwards.

    Args:
        level: "A" to "D", from `ladder.require`.
        roots: folders that workers may read, besides Python and the system's libraries.
        closed: folders that must not be in them, such as the course with its tests.

    Raises:
        IsolationRefused: a closed folder would be readable, or, to workers of a nursery
            that root started, Python would not be.
        OSError: the kernel refused.
    """
    uid = os.getuid()
    if uid == 0:
        uid = NOBODY
    gid = os.getgid() if uid == os.getuid() else NOBODY
    roots = [Path(sys.prefix), Path(sys.base_prefix), *roots]
    _refuse_open(closed, roots)
    programs = (b"", b"") if level == "D" else seccomp.build_filters()
    _forget_environment(level)
    if level != "D":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if level == "A":
        namespaces.enter_namespaces(roots, uid)
    if uid != os.getuid():
        _refuse_unreadable(roots, uid, gid)
    return Lock(level, tuple(map(str, roots)), *programs, uid, gid)


@dataclass(frozen=True)
class Lock:
    """What a nursery has prepared for its workers; `enter` makes it."""

    level: str
    roots: tuple[str, ...]
    signals: bytes
    program: bytes
    uid: int
    gid: int

    def fork_worker(self) -> int:
        """Fork; at level A the child is process 1 of a pid namespace of its own.

        Returns: the child's id, and 0 in the child.
        """
        return namespaces.fork_into_namespace() if self.level == "A" else os.fork()

    def lock_in(
        self,
        bounds: Limits,
        keep_fds: Collection[int] = (),
        work: Path | None = None,
    ) -> Path:
        """Give up everything that a stranger's code must not have. No way back.

        Args:
            bounds: how much may be used.
            keep_fds: descriptors that stay open. Let sockets be stream sockets: others
                can be pointed elsewhere.
            work: below level A a fresh folder, mode 0700, that belongs to `self.uid`;
                at level A there is a private one in memory.

        Returns: the work folder, which is the current one now.

        Raises:
            OSError: the kernel refused; the worker must end without running anything.
        """
        os.setsid()
        _close_all_but(keep_fds)
        os.umask(0o077)
        if self.level == "A":
            work = namespaces.WORK
            mounts = namespaces.mount_private(bounds.work_bytes, self.uid, self.gid)
            self._become_user()
            namespaces.enter_user_namespace(mounts, self.uid, self.gid)
            limits.apply(bounds)
        else:
            if work is None:
                raise ValueError(f"level {self.level} needs a work folder")
            os.chdir(work)
            self._become_user()
            before = limits.threads_of(self.uid) if self.level != "D" else 0
            limits.apply(bounds, threads_before=before)
        _set_environment(clean_environment(work))
        if self.level != "D":
            self._close_the_kernel(work)
        return work

    def _become_user(self) -> None:
        """Stop being root, for good."""
        if self.uid != os.getuid():
            kernel.empty_bounding_set()
            os.setgroups([])
            os.setresgid(self.gid, self.gid, self.gid)
            os.setresuid(self.uid, self.uid, self.uid)
            # The change has made /proc/self root's; nobody else's code is in here yet.
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)

    def _close_the_kernel(self, work: Path) -> None:
        if self.level == "B":
            landlock.restrict(list(self.roots), [str(work)])
        kernel.drop_capabilities()
        # After the last change of rights, each of which would undo it.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        seccomp.install(seccomp.for_process(self.signals, os.getpid()), self.program)


def clean_environment(
    work: Path, environment: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of a process that runs strangers' code: no secrets in it.

    Start the nursery with it as well, so that its memory never held any.

    Args:
        work: the folder that is home and temporary folder too.
        environment: what to take the harmless entries from; this process's by default.
    """
    given = os.environ if environment is None else environment
    kept = {name: given[name] for name in KEPT_ENVIRONMENT if name in given}
    own = {"HOME": str(work), "TMPDIR": str(work), "PATH": "/usr/bin:/bin"}
    own["NBGRADER_EXECUTION"] = "autograde"  # notebooks ask for it, as nbgrader sets it
    return {"MPLBACKEND": "agg"} | kept | own | {"PYTHONDONTWRITEBYTECODE": "1"}


def _set_environment(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it may have been found before TMPDIR said where


def _forget_environment(level: str) -> None:
    """Clean the environment, and what /proc/self/environ shows: its first state."""
    if level == "A":
        environment = clean_environment(namespaces.WORK)
    else:
        folders = {"TMPDIR": tempfile.gettempdir()}
        environment = clean_environment(Path.home()) | folders
    _set_environment(environment)
    with contextlib.suppress(FileNotFoundError), open("/proc/self/stat") as stat:
        # Fields 50 and 51 of proc(5), counted behind the name, which may hold spaces.
        fields = stat.read().rpartition(")")[2].split()
        start, end = int(fields[47]), int(fields[48])
        ctypes.memset(start, 0, end - start)


def _close_all_but(keep_fds: Collection[int]) -> None:
    """Close all other descriptors; the standard ones lead nowhere."""
    for standard, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        if standard not in keep_fds:
            null = os.open("/dev/null", mode)
            os.dup2(null, standard)
    edges = [2, *sorted(fd for fd in keep_fds if fd > 2), 1 << 30]
    for before, after in zip(edges, edges[1:], strict=False):
        os.closerange(before + 1, after)


def _refuse_open(closed: Collection[Path], roots: Collection[Path]) -> None:
    readable = [Path(path) for path in (*roots, *namespaces.SYSTEM)]
    for folder in closed:
        for root in readable:
            if folder.resolve().is_relative_to(root.resolve()):
                raise IsolationRefused(
                    f"{folder} lies in {root}, which workers can read: move the course"
                    " elsewhere, for example to a home folder"
                )


def _refuse_unreadable(roots: Collection[Path], uid: int, gid: int) -> None:
    """Root's workers are another user: see with that user's eyes, in a child."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        seen = all(os.access(root, os.R_OK | os.X_OK) for root in roots)
        os._exit(0 if seen else 1)
    if os.waitpid(child, 0)[1]:
        raise IsolationRefused(
            f"workers run as user {uid} when root starts them, who can't read one of"
            f" {', '.join(map(str, roots))}: grade as an ordinary user, or install"
            " Python and the course where everybody may read"
        )
