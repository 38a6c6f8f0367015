"""What this machine offers, as plain facts: `look()` for `course doctor` to judge.

Nothing here changes anything; what can't be found out is None or empty.
"""

import contextlib
import json
import platform
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import psutil

from course.requirements import DIRECT, LOCK, NO_DEPS, ROOT, canonical, read_pins

# Runs in a process of its own, which then ends: it gives its rights away to find out.
# Namespaces count only where a mount inside them works (Ubuntu 24.04 forbids it).
ISOLATION_PROBE = """
import ctypes, errno, json, os
libc = ctypes.CDLL(None, use_errno=True)
landlock = libc.syscall(444, None, 0, 1)  # landlock_create_ruleset, ABI version
libc.prctl(22, 2, 0, 0, 0)  # PR_SET_SECCOMP, filter mode, no filter: EFAULT if known
seccomp = ctypes.get_errno() in (errno.EFAULT, errno.EACCES)
uid = os.getuid()
try:
    user, mount, pid, net, ipc = 0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000
    namespaces = libc.unshare(user | mount | pid | net | ipc) == 0
    with open("/proc/self/uid_map", "w") as uid_map:
        uid_map.write(f"0 {uid} 1")
    private = 0x4000 | 0x40000  # MS_REC | MS_PRIVATE
    namespaces = namespaces and libc.mount(b"none", b"/", None, private, None) == 0
except OSError:
    namespaces = False
print(json.dumps({"namespaces": namespaces, "landlock_abi": max(landlock, 0),
                  "seccomp": seccomp}))
"""


@dataclass(frozen=True)
class Isolation:
    """What there is to lock a stranger's code in with."""

    namespaces: bool = False
    bubblewrap: bool = False
    landlock_abi: int = 0
    seccomp: bool = False
    container: str = ""

    @property
    def level(self) -> str:
        """A to D, the rungs that `course grade` tries from the top."""
        if self.seccomp and (self.namespaces or self.bubblewrap):
            return "A"
        if self.seccomp and self.landlock_abi:
            return "B"
        return "C" if self.container else "D"


@dataclass(frozen=True)
class Machine:
    """The facts that the course depends on; sizes in bytes."""

    system: str
    python: tuple[int, int, int]
    executable: str
    pinned: dict[str, str]  # what the project uses itself, by canonical name
    no_deps: dict[str, str]
    locked: dict[str, str]
    installed: dict[str, str]
    torch_error: str = ""
    devices: tuple[str, ...] = ()
    isolation: Isolation = field(default_factory=Isolation)
    data: dict[str, str] = field(default_factory=dict)  # entry: ok, missing, changed
    data_package: dict[str, str] = field(default_factory=dict)  # entry: package
    data_install: dict[str, str] = field(default_factory=dict)  # package: command
    alembic: str = ""
    gradebook: str = "none"  # none, whole or half-made
    free_disk: int = 0
    memory: int = 0
    free_memory: int = 0


def look(root: Path = ROOT) -> Machine:
    """The facts about this machine and the course in `root`; imports torch."""
    torch_error, devices = _torch()
    memory = psutil.virtual_memory()
    return Machine(
        system=platform.system(),
        python=sys.version_info[:3],
        executable=sys.executable,
        pinned=read_pins(DIRECT, root),
        no_deps=read_pins(NO_DEPS, root),
        locked=read_pins(LOCK, root),
        installed=installed_packages(),
        torch_error=torch_error,
        devices=devices,
        isolation=probe_isolation(),
        alembic=shutil.which("alembic") or "",
        gradebook=gradebook_state(root / "gradebook.db"),
        free_disk=shutil.disk_usage(root).free,
        memory=memory.total,
        free_memory=memory.available,
        **_data(),
    )


def installed_packages() -> dict[str, str]:
    """{canonical name: version}, local parts such as `+cpu` left out."""
    found = {}
    for distribution in metadata.distributions():
        name = canonical(distribution.name)
        found.setdefault(name, distribution.version.split("+")[0])
    return found


def probe_isolation() -> Isolation:
    """What there is to lock a stranger's code in with, each tried for real."""
    kernel = {}
    if platform.system() == "Linux":
        answer = _output(sys.executable, "-I", "-S", "-c", ISOLATION_PROBE)
        if answer:
            kernel = json.loads(answer)
    bubblewrap = ("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")
    engines = (engine for engine in ("podman", "docker") if _runs(engine, "info"))
    return Isolation(
        **kernel, bubblewrap=_runs(*bubblewrap), container=next(engines, "")
    )


def gradebook_state(path: Path) -> str:
    """ "none", "whole", or "half-made": tables without alembic's version of them."""
    if not path.is_file():
        return "none"
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        ) as db:
            tables = {name for (name,) in db.execute(query)}
            if "alembic_version" in tables:
                found = db.execute("SELECT version_num FROM alembic_version").fetchall()
                return "whole" if found else "half-made"
    except sqlite3.DatabaseError:
        return "half-made"
    return "half-made" if tables else "none"


def _torch() -> tuple[str, tuple[str, ...]]:
    try:
        import torch  # noqa: F401
        import torchvision  # noqa: F401

        from utils.device import device_name, try_all_gpus

        names = [device_name(device) for device in try_all_gpus()]
    except Exception as error:  # a broken install fails in many ways, all worth telling
        return f"{type(error).__name__}: {error}", ()
    return "", tuple(names)


def _data() -> dict[str, dict[str, str]]:
    from utils.packaged import PACKAGED, verify

    return {
        "data": {name: verify(name) for name in PACKAGED},
        "data_package": {name: entry.package for name, entry in PACKAGED.items()},
        "data_install": {entry.package: entry.install for entry in PACKAGED.values()},
    }


def _output(*command: str) -> str | None:
    """What a short command prints, or None where it fails or is not there."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _runs(*command: str) -> bool:
    return _output(*command) is not None
