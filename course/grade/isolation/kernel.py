"""The few kernel calls that Python lacks, through glibc, the same on x86-64 and ARM.

Calls that came after Linux 5.2 have one number on every architecture, so `syscall` can
name them; the older ones are functions of glibc.
"""

import ctypes
import os

NEW_NAMESPACE = {
    "mount": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REC, MS_PRIVATE = 0x4000, 0x40000
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_CLONE_TREE, _FROM_FD = 1, 4
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522
CAP_SYS_ADMIN = 21

_libc = ctypes.CDLL(None, use_errno=True)


def call(function: str, *args: int | bytes | None | ctypes.Array) -> int:
    """Call a function of glibc.

    Args:
        function: its name; "syscall" takes the number first.
        args: whole numbers (passed as C long), bytes, buffers or None.

    Raises:
        OSError: the kernel refused.
    """
    result = getattr(_libc, function)(*map(_plain, args))
    if result < 0:
        raise _refused(function)
    return result


def address(function: str, *args: int | None) -> int:
    """Call a function of glibc whose result is an address, `mmap` or `mremap`.

    Args:
        function: its name.
        args: whole numbers (passed as C long) or None.

    Raises:
        OSError: the kernel refused.
    """
    found = _libc[function]  # unlike `getattr`, not the one that others have
    found.restype = ctypes.c_void_p
    result = found(*map(_plain, args))
    if result == ctypes.c_void_p(-1).value:
        raise _refused(function)
    return result


def _plain(arg: int | bytes | None | ctypes.Array):
    return ctypes.c_long(arg) if isinstance(arg, int) else arg


def _refused(function: str) -> OSError:
    error = ctypes.get_errno()
    return OSError(error, f"{function}: {os.strerror(error)}")


def prctl(option: int, value: int = 0) -> int:
    """Set a property of this process."""
    return call("prctl", option, value, 0, 0, 0)


def unshare(*namespaces: str) -> None:
    """Leave the named kinds of namespace for new ones; "pid" is for the next child."""
    call("unshare", sum(NEW_NAMESPACE[name] for name in namespaces))


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a file system that needs no device, such as tmpfs or proc."""
    call(
        "mount", kind.encode(), target.encode(), kind.encode(), flags, options.encode()
    )


def make_mounts_private() -> None:
    """Keep mounts and unmounts in this mount namespace from all others."""
    call("mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)


def copy_tree(path: str, *, device: bool = False) -> int:
    """A read-only copy of the mounts at `path`, attached to nothing yet.

    Args:
        path: a file or folder.
        device: whether it is a device that may be opened.

    Returns: a descriptor for `attach_tree`.
    """
    flags = _CLONE_TREE | _AT_RECURSIVE | os.O_CLOEXEC
    tree = call("syscall", _OPEN_TREE, _AT_FDCWD, path.encode(), flags)
    attributes = MS_RDONLY | MS_NOSUID | (0 if device else MS_NODEV)
    _set_attributes(tree, b"", attributes, _AT_EMPTY_PATH | _AT_RECURSIVE)
    return tree


def attach_tree(tree: int, target: str) -> None:
    """Mount what `copy_tree` returned, and close it."""
    call("syscall", _MOVE_MOUNT, tree, b"", _AT_FDCWD, target.encode(), _FROM_FD)
    os.close(tree)


def make_read_only(mount_point: str) -> None:
    """Let nobody write to one mount; those within it stay as they are."""
    flags = MS_RDONLY | MS_NOSUID | MS_NODEV
    _set_attributes(_AT_FDCWD, mount_point.encode(), flags, 0)


def _set_attributes(folder: int, path: bytes, attributes: int, flags: int) -> None:
    # struct mount_attr: set, clear, propagation, userns_fd
    attr = (ctypes.c_uint64 * 4)(attributes)
    size = ctypes.sizeof(attr)
    call("syscall", _MOUNT_SETATTR, folder, path, flags, attr, size)


def pivot_to(root: str) -> None:
    """Make the mount at `root` the root folder and let go of everything else."""
    os.chdir(root)
    call("pivot_root", b".", b".")  # the old root lies over the new one now
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def has_capability(number: int) -> bool:
    """Whether this process may use a capability, in its own user namespace."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("CapEff:"):
                return bool(int(line.split()[1], 16) >> number & 1)
    return False


def empty_bounding_set() -> None:
    """Make sure that no program started later gains a capability; takes privileges."""
    for number in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0:
            break  # the kernel knows no more, or there is no right to drop any


def drop_capabilities() -> None:
    """Give every capability up, for good."""
    empty_bounding_set()
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
    prctl(PR_SET_NO_NEW_PRIVS, 1)
