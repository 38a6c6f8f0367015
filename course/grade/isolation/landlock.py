"""Level B: Landlock, by which a process gives up files it does not need.

Own ctypes, as the only package on PyPI (`landlock` 1.0.0.dev5) is a development
release that stops at version 3 of the interface. What Landlock does not know at all,
the filter (`seccomp`) forbids or answers without doing it: changing modes, owners and
times, cutting files short, sockets, signals. What remains visible of a closed file is
that it exists, and what stat() tells: its size, owner and times.
"""

import contextlib
import os
import stat
import struct

from course.grade.isolation import kernel
from course.grade.isolation.namespaces import DEVICES, SYSTEM

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_FIFO, _MAKE_BLOCK = 1 << 6, 1 << 10, 1 << 11
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_DEVICE = _READ_FILE | _WRITE_FILE

# How many rights on files each version of the interface knows; later ones are alike.
_KNOWN_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_BIND_AND_CONNECT = 3  # TCP, from version 4
_SOCKETS_AND_SIGNALS = 3  # what a process outside can be sent, from version 6

# Little of /proc: the rest tells of mounts, connections and other processes.
PROC = (
    *("/proc/cpuinfo", "/proc/meminfo"),
    *(f"/proc/self/{name}" for name in ("maps", "stat", "statm", "status")),
)


def abi() -> int:
    """The version of Landlock that this kernel offers; 0 if it offers none."""
    try:
        return kernel.call("syscall", _CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def restrict(readable: list[str], writable: list[str]) -> None:
    """Close every file but the system's libraries and these to this process, for good.

    Args:
        readable: further files and folders to read.
        writable: folders in which everything is allowed but special files.

    Raises:
        OSError: the kernel has no Landlock.
    """
    version = abi()
    rights = (1 << _KNOWN_RIGHTS.get(version, 16)) - 1
    network = _BIND_AND_CONNECT if version >= 4 else 0
    scope = _SOCKETS_AND_SIGNALS if version >= 6 else 0
    attributes = struct.pack("QQQ", rights, network, scope)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = kernel.call("syscall", _CREATE_RULESET, attributes, size, 0)
    everything = rights & ~(_MAKE_CHAR | _MAKE_FIFO | _MAKE_BLOCK)
    for paths, allowed in (
        ((*SYSTEM, *PROC, *readable), _READ),
        (DEVICES, _DEVICE),
        (writable, everything),
    ):
        for path in paths:
            _allow(ruleset, path, allowed & rights)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.call("syscall", _RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add a rule for what there is at `path`; nothing there needs no rule."""
    with contextlib.suppress(FileNotFoundError):
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= _FILE_RIGHTS
        rule = struct.pack("=Qi", rights, target)
        kernel.call("syscall", _ADD_RULE, ruleset, 1, rule, 0)
        os.close(target)
