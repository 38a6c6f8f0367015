"""The filter on system calls: what a worker may ask of the kernel, by name.

Only what is listed is allowed. What is listed as forbidden answers EPERM, which Python
shows as PermissionError; everything else, future calls included, answers ENOSYS, upon
which glibc falls back to an older call. Calls of 32-bit and x32 programs end the
process. libseccomp (through pyseccomp) knows each architecture's numbers; it is on
every Debian and Ubuntu, as apt and systemd need it.
"""

import ctypes
import errno
import itertools
import os
import struct
from collections.abc import Iterable

from course.grade.isolation import kernel

ALLOWED = {
    "memory": "brk munmap mprotect mremap madvise mincore msync",
    "files": """
        read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 close
        close_range lseek stat fstat lstat newfstatat statx access faccessat faccessat2
        readlink readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir
        unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat creat
        ftruncate fallocate fsync fdatasync fadvise64 flock dup dup2 dup3 pipe pipe2
        umask sendfile copy_file_range statfs fstatfs fchmod getxattr lgetxattr
        fgetxattr listxattr llistxattr flistxattr""",
    "inherited sockets": """
        recvfrom recvmsg sendmsg shutdown getsockopt setsockopt getsockname
        getpeername""",
    "waiting": """
        poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait
        epoll_pwait epoll_pwait2 eventfd eventfd2 pause wait4 waitid""",
    "time": """
        clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times
        getrusage alarm setitimer getitimer timer_create timer_settime timer_gettime
        timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime""",
    "threads": """
        exit exit_group futex futex_waitv set_tid_address set_robust_list
        get_robust_list rseq membarrier getcpu sched_yield sched_getaffinity
        sched_getparam sched_getscheduler sched_get_priority_max
        sched_get_priority_min sched_rr_get_interval getpriority arch_prctl""",
    "signals": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait
        rt_sigsuspend sigaltstack restart_syscall signalfd4 kill tgkill""",
    "about itself": """
        getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid
        getresgid getpgrp getpgid getsid capget getrlimit setrlimit uname sysinfo
        getrandom""",
}

FORBIDDEN = {
    "sockets": "socket connect bind listen accept accept4 sendmmsg recvmmsg",
    "processes": """
        fork vfork execve execveat ptrace process_vm_readv process_vm_writev
        process_madvise kcmp tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open
        pidfd_getfd pidfd_send_signal setpriority sched_setaffinity sched_setscheduler
        sched_setparam sched_setattr setsid setpgid""",
    "kernel": """
        io_uring_setup io_uring_enter io_uring_register userfaultfd keyctl add_key
        request_key bpf perf_event_open personality io_setup quotactl swapon swapoff
        reboot kexec_load kexec_file_load init_module finit_module delete_module
        syslog acct iopl ioperm settimeofday clock_settime adjtimex""",
    "mounts": """
        mount umount2 move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
        pivot_root chroot unshare setns name_to_handle_at open_by_handle_at mknod
        mknodat inotify_init inotify_init1 fanotify_init""",
    "memory that no limit counts": """
        memfd_create memfd_secret shmget shmat shmctl msgget msgsnd msgrcv semget semop
        semctl mq_open mlock mlock2 mlockall vmsplice splice tee""",
    "identities": """
        setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid
        capset sethostname setdomainname""",
    "attributes": """
        truncate setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr""",
}

# Landlock does not guard modes, owners and times, and at level B all files may be the
# user's own. Honest code (shutil.copy, zipfile) sets them and needs no result.
PRETENDED = """
    chmod fchmodat fchmodat2 chown lchown fchown fchownat utime utimes utimensat
    futimesat"""

_CLONE_THREAD = 0x10000
_MAP_SHARED, _MAP_ANONYMOUS, _MAP_GROWSDOWN = 0x1, 0x20, 0x100
_O_WRITE, _O_TRUNC = 0x3, 0x200
# syscall: (argument, the flags that matter, their combinations that are forbidden)
FORBIDDEN_FLAGS = {
    "clone": (0, _CLONE_THREAD, {0}),  # a thread is welcome, a process is not
    # Memory that RLIMIT_DATA does not count: shared, or growing like a stack.
    "mmap": (
        3,
        _MAP_SHARED | _MAP_ANONYMOUS | _MAP_GROWSDOWN,
        {0x21, 0x100, 0x101, 0x120, 0x121},
    ),
    # Before version 3, Landlock lets a file that may be read be emptied.
    "open": (1, _O_WRITE | _O_TRUNC, {_O_TRUNC, _O_TRUNC | 3}),
    "openat": (2, _O_WRITE | _O_TRUNC, {_O_TRUNC, _O_TRUNC | 3}),
}
# syscall: the values that are allowed, by argument
ALLOWED_VALUES = {
    # Duplicates, flags and locks; not F_SETOWN, by which signals are sent to others.
    "fcntl": {1: (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)},
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
    "ioctl": {1: (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)},
    # The names of threads and of memory, and questions; not the death signal.
    "prctl": {0: (3, 15, 16, 21, 23, 39, 0x53564D41)},
    "prlimit64": {0: (0,)},  # its own
    "sendto": {4: (0,)},  # where the socket leads, and nowhere else
    # AF_UNIX and SOCK_STREAM, with or without CLOEXEC and NONBLOCK: by such a pair
    # Python's event loop wakes itself up. Datagrams could be sent to others.
    "socketpair": {0: (1,), 1: (0x1, 0x80001, 0x801, 0x80801)},
}
_MODE_FILTER = 2
_ANY_PROCESS = 0x7ABCDEF1  # no process: ids end at 2 ** 22


def build_filters() -> tuple[bytes, bytes]:
    """The two filters of every worker, as BPF programs: on signals, and on the rest.

    The first still needs the worker's own id: see `for_process`.

    Raises:
        RuntimeError: libseccomp is not installed.
    """
    return _signal_filter(), _filter()


def for_process(signal_filter: bytes, pid: int) -> bytes:
    """The filter that lets one process send signals to itself only."""
    place = struct.pack("=I", _ANY_PROCESS)
    if place not in signal_filter:
        raise ValueError("this is not the filter that build_filters made")
    return signal_filter.replace(place, struct.pack("=I", pid))


def _filter() -> bytes:
    import pyseccomp as sc

    rules = _Rules(sc.SyscallFilter(sc.ERRNO(errno.ENOSYS)))
    allow, forbid = sc.ALLOW, sc.ERRNO(errno.EPERM)
    rules.add(allow, " ".join(ALLOWED.values()))
    rules.add(forbid, " ".join(FORBIDDEN.values()))
    rules.add(sc.ERRNO(0), PRETENDED)
    for name, (index, mask, forbidden) in FORBIDDEN_FLAGS.items():
        for flags in _subsets(mask):
            compare = sc.Arg(index, sc.MASKED_EQ, mask, flags)
            rules.add(forbid if flags in forbidden else allow, name, compare)
    for name, allowed in ALLOWED_VALUES.items():
        for values in itertools.product(*allowed.values()):
            pairs = zip(allowed, values, strict=True)
            rules.add(allow, name, *(sc.Arg(i, sc.EQ, value) for i, value in pairs))
    return rules.export()


def _signal_filter() -> bytes:
    import pyseccomp as sc

    rules = _Rules(sc.SyscallFilter(sc.ALLOW))
    others = sc.Arg(0, sc.NE, _ANY_PROCESS)
    rules.add(sc.ERRNO(errno.EPERM), "kill tgkill", others)
    return rules.export()


def install(*programs: bytes) -> None:
    """Put this process, and every thread to come, behind filters that stay for good."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    for program in programs:
        instructions = ctypes.create_string_buffer(program, len(program))
        header = _Program(len(program) // 8, ctypes.addressof(instructions))
        pointer = ctypes.addressof(header)
        kernel.call("prctl", kernel.PR_SET_SECCOMP, _MODE_FILTER, pointer, 0, 0)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


class _Rules:
    """A filter being written."""

    def __init__(self, rules):
        import pyseccomp as sc

        self._rules = rules
        self._number = sc.resolve_syscall
        self._native = sc.Arch.NATIVE
        rules.set_attr(sc.Attr.ACT_BADARCH, sc.KILL_PROCESS)

    def add(self, action: int, names: str, *conditions) -> None:
        """A rule for each name that this architecture and this libseccomp know."""
        for name in names.split():
            if self._number(self._native, name) >= 0:
                self._rules.add_rule_exactly(action, name, *conditions)

    def export(self) -> bytes:
        with open(os.memfd_create("filter"), "w+b") as file:
            self._rules.export_bpf(file)
            file.seek(0)
            return file.read()


def _subsets(mask: int) -> Iterable[int]:
    bits = [1 << place for place in range(mask.bit_length()) if mask >> place & 1]
    for chosen in itertools.product((0, 1), repeat=len(bits)):
        yield sum(bit for bit, on in zip(bits, chosen, strict=True) if on)
