"""Level A: namespaces in which nothing but the runtime exists.

The nursery builds the runtime once and moves in: a small read-only tmpfs that holds
read-only copies of the system's libraries and of the folders it is given. Each worker
then adds what must be its own: process ids, user ids, /proc and the writable folders.
Network, IPC, host name and cgroup namespaces are made once for the nursery: they would
add some 5 ms to each worker, the network's removal most of it, and workers can't meet
in them, since the filter (`seccomp`) forbids sockets and System V IPC.

User namespaces without root need `kernel.unprivileged_userns_clone=1` on old Debian
and, on Ubuntu 24.04 and later, that AppArmor does not restrict them
(`kernel.apparmor_restrict_unprivileged_userns=0`); `ladder` tries and says B if not.
"""

import contextlib
import os
import signal
from pathlib import Path

from course.grade.isolation import kernel
from course.grade.isolation.kernel import MS_NODEV, MS_NOEXEC, MS_NOSUID

WORK = Path("/student")  # where no root lies
SCRATCH = ("/tmp", "/dev/shm")
SCRATCH_BYTES = 16 * 2**20
NURSERY_SCRATCH_BYTES = 64 * 2**20

# Not /dev/zero: mapped as shared it is memory that no limit counts.
DEVICES = ("/dev/null", "/dev/urandom", "/dev/random")
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"),
    *("/etc/fonts", "/etc/mime.types", "/sys/devices/system/cpu"),
)
_CLOSED = MS_NOSUID | MS_NODEV | MS_NOEXEC


def enter_namespaces(roots: list[Path], uid: int) -> None:
    """Move this process into namespaces of its own, as their process 1.

    Returns in a child; this process itself waits for it and ends with its exit status,
    so that the caller's parent sees one process. Must be called while there is a
    single thread. Keeps its capabilities, which `fork_into_namespace` needs.

    Args:
        roots: folders that stay readable, at the paths that they have.
        uid: the user that workers will be, for /etc/passwd.

    Raises:
        OSError: the kernel refused.
    """
    user, group = os.getuid(), os.getgid()
    privileged = kernel.has_capability(kernel.CAP_SYS_ADMIN)
    if not privileged:
        # A change of user before made /proc/self root's, where maps are written.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
        kernel.unshare("user")
        _map_ids("/proc/self", user, group)
    kernel.unshare("pid", "mount", "net", "ipc", "uts", "cgroup")
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    child = os.fork()
    if child:
        _end_like(child)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.make_mounts_private()
    _move_into_runtime(roots, uid, os.getgid() if uid == user else uid)


def fork_into_namespace() -> int:
    """Fork a child that is process 1 of a new pid namespace: all in it die with it.

    Returns: the child's id, as `os.fork` does; 0 in the child.
    """
    kernel.unshare("pid")
    child = os.fork()
    if child:
        # Otherwise the next child would be born into this one's namespace.
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        try:
            kernel.call("setns", own, kernel.NEW_NAMESPACE["pid"])
        finally:
            os.close(own)
    return child


def mount_private(work_bytes: int, uid: int, gid: int) -> int:
    """Give this worker its own /proc and its own writable folders, of limited size.

    Returns: a descriptor of the old /proc/self, in which ids can still be mapped.
    """
    old_self = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    kernel.unshare("mount")
    # Roots may lie in /tmp; it is read-only then, and TMPDIR is the work folder anyway.
    scratch = [folder for folder in SCRATCH if not os.listdir(folder)]
    for folder, size in ((WORK, work_bytes), *((s, SCRATCH_BYTES) for s in scratch)):
        # An empty file costs memory too, which `size` does not count.
        files = 64 + size // 16384
        options = f"size={size},nr_inodes={files},mode=700,uid={uid},gid={gid}"
        kernel.mount("tmpfs", str(folder), _CLOSED, options)
    # Read-only: outside a user namespace, /proc/sys obeys a root without capabilities.
    kernel.mount("proc", "/proc", _CLOSED | kernel.MS_RDONLY)
    os.chdir(WORK)
    return old_self


def enter_user_namespace(old_self: int, uid: int, gid: int) -> None:
    """Count this worker's threads by themselves: RLIMIT_NPROC is per user namespace.

    Best effort: without it the limit holds for all workers together.
    """
    with contextlib.suppress(OSError):
        kernel.unshare("user")
        _map_ids(f"/proc/self/fd/{old_self}", uid, gid, folder=old_self)
    os.close(old_self)


def _map_ids(path: str, uid: int, gid: int, folder: int | None = None) -> None:
    """Let the ids of this process be the same in its new user namespace."""
    maps = {
        "setgroups": "deny",
        "uid_map": f"{uid} {uid} 1",
        "gid_map": f"{gid} {gid} 1",
    }
    for name, content in maps.items():
        target = f"{path}/{name}" if folder is None else name
        descriptor = os.open(target, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
        try:
            os.write(descriptor, content.encode())
        finally:
            os.close(descriptor)


def _end_like(child: int) -> None:
    """Wait for the child and end as it did, holding on to nothing meanwhile."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child decides
    os.closerange(0, 1 << 20)  # who waits for our pipes to close waits for the child
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 255)


def _move_into_runtime(roots: list[Path], uid: int, gid: int) -> None:
    # All are copied before anything is mounted, which might hide some of them.
    os.umask(0o022)
    links = [path for path in SYSTEM if os.path.islink(path) and path.count("/") == 1]
    targets = {path: os.readlink(path) for path in links}
    files = [path for path in SYSTEM if path not in links and os.path.exists(path)]
    trees = {}
    for path in [*files, *_outermost(roots)]:
        trees[path] = os.path.isdir(path), kernel.copy_tree(path)
    for path in DEVICES:
        trees[path] = False, kernel.copy_tree(path, device=True)

    new = "/tmp"
    kernel.mount("tmpfs", new, MS_NOSUID | MS_NODEV, "size=4m,mode=755")
    for path in (str(WORK), "/proc", *SCRATCH, "/etc"):
        os.makedirs(new + path, exist_ok=True)
    _write_accounts(Path(new, "etc"), uid, gid)
    for path, target in targets.items():
        os.symlink(target, new + path)
    for path, (is_folder, tree) in trees.items():
        _make_place(new + path, is_folder)
        kernel.attach_tree(tree, new + path)
    kernel.mount("proc", new + "/proc", _CLOSED)
    kernel.pivot_to(new)
    options = f"size={NURSERY_SCRATCH_BYTES},mode=700"
    kernel.mount("tmpfs", str(WORK), _CLOSED, options)
    kernel.make_read_only("/")


def _outermost(roots: list[Path]) -> list[str]:
    """The roots under the names given and under their real ones, none inside another.

    Raises:
        FileNotFoundError: a root is not there.
    """
    paths = {Path(os.path.abspath(root)) for root in roots}
    paths |= {root.resolve(strict=True) for root in roots}
    system = {Path(path) for path in SYSTEM}
    return [
        str(path)
        for path in sorted(paths)
        if not any(parent in paths | system for parent in (path, *path.parents)[1:])
        and path not in system
    ]


def _make_place(path: str, is_folder: bool) -> None:
    os.makedirs(path if is_folder else os.path.dirname(path), exist_ok=True)
    if not is_folder:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))


def _write_accounts(etc: Path, uid: int, gid: int) -> None:
    """Names for the ids, which getpass and torch ask for; the machine's stay secret."""
    accounts = {"root": (0, 0), "student": (uid, gid)}
    users = [f"{name}:x:{u}:{g}::{WORK}:\n" for name, (u, g) in accounts.items()]
    groups = [f"{name}:x:{g}:\n" for name, (_, g) in accounts.items()]
    (etc / "passwd").write_text("".join(users))
    (etc / "group").write_text("".join(groups))
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\n")
