"""Which level of isolation this machine offers, each tried for real.

Run as a program it tries one level on itself, for `probe`.
"""

import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course.environment import MODULE
from course.grade.isolation import IsolationRefused

LEVELS = {
    "A": "namespaces, a filter on system calls, limits",
    "B": "Landlock, a filter on system calls, limits",
    "C": "inside a container: a filter on system calls, limits",
    "D": "none",
}
TRY_TIMEOUT_S = 20
_CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")
_CONTAINER_GROUPS = ("docker", "kubepods", "containerd", "libpod", "lxc")


@dataclass(frozen=True)
class Facts:
    """What there is to lock a stranger's code in with.

    Args:
        system: "Linux", "Darwin" or "Windows".
        namespaces: whether level A works here.
        landlock_abi: Landlock's version if level B works here, else 0.
        seccomp: whether the filter on system calls works here.
        container: whether this runs inside a container.
        refusals: for each level that was tried in vain, what was said.
    """

    system: str = "Linux"
    namespaces: bool = False
    landlock_abi: int = 0
    seccomp: bool = False
    container: bool = False
    refusals: tuple[tuple[str, str], ...] = ()

    @property
    def level(self) -> str:
        """The best level: "A" to "D"."""
        if self.namespaces:
            return "A"
        if self.landlock_abi:
            return "B"
        return "C" if self.container and self.seccomp else "D"


def probe() -> Facts:
    """Try each level in a process of its own; about 0.3 s."""
    if platform.system() != "Linux":
        return Facts(system=platform.system())
    from course.grade.isolation import landlock

    refusals = {level: reason for level in "ABC" if (reason := _try(level))}
    return Facts(
        namespaces="A" not in refusals,
        landlock_abi=0 if "B" in refusals else landlock.abi(),
        seccomp=len(refusals) < 3,
        container=in_container(),
        refusals=tuple(refusals.items()),
    )


def best_level() -> str:
    """The best level on this machine: "A" to "D"."""
    return probe().level


def require(wanted: str | None, facts: Facts | None = None) -> str:
    """The level to grade at.

    Args:
        wanted: "A", "B" or "C"; "none" to run strangers' code unprotected; None for
            the best there is.
        facts: what the machine offers; looked up by default.

    Raises:
        ValueError: there is no such level.
        IsolationRefused: the machine does not offer it, or nothing at all.
    """
    if wanted == "none":
        return "D"
    if wanted not in (None, "A", "B", "C"):
        raise ValueError(f"isolation is A, B, C or none, not {wanted!r}")
    facts = facts or probe()
    if facts.level == "D":
        raise IsolationRefused(
            f"There is nothing here to lock strangers' code in with. {advice(facts)}"
            " To grade code that you trust, pass --isolation none."
        )
    if wanted is None:
        return facts.level
    offered = {
        "A": facts.namespaces,
        "B": facts.landlock_abi > 0,
        "C": facts.container and "C" not in dict(facts.refusals),
    }
    if not offered[wanted]:
        reason = dict(facts.refusals).get(wanted) or "this is no container"
        raise IsolationRefused(
            f"Level {wanted} ({LEVELS[wanted]}) does not work here: {reason}."
            f" The best level is {facts.level} ({LEVELS[facts.level]})."
        )
    return wanted


def advice(facts: Facts) -> str:
    """What to do for a better level; "" at the best."""
    if facts.system != "Linux":
        return f"{facts.system} offers none: grade in WSL2 or in a Linux container."
    if facts.level == "A":
        return ""
    if not facts.seccomp:
        reason = dict(facts.refusals).get("C", "refused")
        return (
            f"Not even a filter on system calls: {reason}. It needs libseccomp2,"
            " pyseccomp and a kernel that allows filters."
        )
    if facts.level == "B":
        return (
            "User namespaces would be better; on Ubuntu 24.04 and later:"
            " sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return (
        "Grade on Linux 5.13 or later with user namespaces or Landlock; a container"
        " must allow them (docker: --security-opt seccomp=unconfined)."
    )


def in_container() -> bool:
    """Whether this is a container, going by the marks that engines leave."""
    if any(os.path.exists(path) for path in _CONTAINER_FILES):
        return True
    if "container" in os.environ:  # systemd's word for it, podman's too
        return True
    try:
        groups = Path("/proc/1/cgroup").read_text(encoding="utf-8")
    except OSError:
        return False
    return any(name in groups for name in _CONTAINER_GROUPS)


def _try(level: str) -> str:
    """Lock a process in at a level and look around in it; "" if that went well."""
    command = (*MODULE, "course.grade.isolation.ladder", level)
    root = str(Path(__file__).parents[3])
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TRY_TIMEOUT_S,
            env={**os.environ, "PYTHONPATH": root},
            cwd=root,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    return done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"


def _try_here(level: str) -> None:
    """Lock a child in and let it try what the level forbids.

    Raises:
        OSError: the kernel refused.
        IsolationRefused: something that must be closed is open.
    """
    from course.grade.isolation.limits import Limits
    from course.grade.isolation.lock import enter

    with tempfile.TemporaryDirectory() as folder:
        lock = enter(level)
        if level != "A":
            os.chown(folder, lock.uid, lock.gid)
        pid = lock.fork_worker()
        if pid == 0:
            os._exit(_look_around(lock, level, Limits(), Path(folder)))
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if status:
            raise IsolationRefused(f"a locked process failed its trial ({status})")


def _look_around(lock, level: str, bounds, folder: Path) -> int:
    """0 if the child is locked in as it should be, else the number of the failure."""
    import socket

    try:
        work = lock.lock_in(bounds, keep_fds={2}, work=folder)
        (work / "file").write_text("x")
    except OSError as error:
        print(error, file=sys.stderr)
        return 3
    try:
        socket.socket()
        return 4
    except PermissionError:
        pass
    if level == "A" and os.getpid() != 1:
        return 5
    if level == "B":
        try:
            os.listdir("/")
            return 6
        except PermissionError:
            pass
    return 0


if __name__ == "__main__":
    try:
        _try_here(sys.argv[1])
    except Exception as failure:  # whatever it is, the level does not work here
        print(failure, file=sys.stderr)
        sys.exit(1)
