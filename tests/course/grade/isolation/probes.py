"""What a stranger's code must not be able to do, each tried by one function.

A probe returns a true value if the thing is open; an OSError means that it is closed.
They run in a forked child of `driver`, with and without the lock.
"""

import ctypes
import mmap
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import threading

_libc = ctypes.CDLL(None, use_errno=True)
_ARM = platform.machine() == "aarch64"
# name: number on x86-64, on ARM
NUMBERS = {
    "ptrace": (101, 117),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "perf_event_open": (298, 241),
    "process_vm_readv": (310, 270),
    "memfd_create": (319, 279),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "pidfd_open": (434, 434),
    "tgkill": (234, 131),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "inotify_init1": (294, 26),
    "clone3": (435, 435),
}


def system_call(name, *args):
    """The call's result; raises OSError where the kernel says no."""
    number = NUMBERS[name][_ARM]
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    _libc.syscall.restype = ctypes.c_long
    return checked(_libc.syscall(ctypes.c_long(number), *wide))


def checked(result):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def read(path):
    with open(path, "rb") as file:
        return file.read(4096)


# Files


def read_a_submission(t):
    return b"SECRET" in read(f"{t['course']}/submitted/ada.ipynb")


def read_through_proc_self_root(t):
    return b"SECRET" in read(f"/proc/self/root{t['course']}/submitted/ada.ipynb")


def read_through_proc_1_root(t):
    return b"SECRET" in read(f"/proc/{t['victim']}/root{t['course']}/gradebook.db")


def read_through_the_current_folder(t):
    up = "../" * 12
    return b"SECRET" in read(f"{up}{t['course'][1:]}/gradebook.db")


def list_the_course(t):
    return os.listdir(t["course"])


def write_the_gradebook(t):
    with open(f"{t['course']}/gradebook.db", "ab") as file:
        return file.write(b"x")


def empty_a_file(t):
    os.truncate(f"{t['course']}/to_empty", 0)
    return True


def empty_a_file_by_reading_it(t):
    os.close(os.open(f"{t['runtime']}/to_empty", os.O_RDONLY | os.O_TRUNC))
    return True


def delete_a_file(t):
    os.unlink(f"{t['course']}/to_delete")
    return True


def link_a_file(t):
    os.link(f"{t['course']}/gradebook.db", "linked")
    return b"SECRET" in read("linked")


def change_modes(t):
    os.chmod(f"{t['course']}/to_change", 0o600)
    return os.stat(f"{t['course']}/to_change").st_mode & 0o777 == 0o600


def change_times(t):
    os.utime(f"{t['course']}/to_change", (1, 1))
    return os.stat(f"{t['course']}/to_change").st_mtime == 1


def write_into_the_runtime(t):
    with open(f"{t['runtime']}/helper.py", "a") as file:
        return file.write("# mine")


def add_to_the_runtime(t):
    with open(f"{t['runtime']}/helper.pyc", "wb") as file:
        return file.write(b"mine")


def read_home(t):
    return b"SECRET" in read(f"{t['home']}/.token")


def read_the_accounts(t):
    return read("/etc/passwd").decode() == t["passwd"]


def watch_a_folder(t):
    watch = system_call("inotify_init1", 0)
    path = t["course"].encode()
    return checked(_libc.inotify_add_watch(watch, path, 0x100)) >= 0


def share_memory_files(t):
    return b"SECRET" in read(t["shm"])


def see_that_a_file_exists(t):
    return os.stat(f"{t['course']}/gradebook.db").st_size


# The environment and other processes


def find_a_secret_in_the_environment(t):
    held = "".join(os.environ.values()).encode() + read("/proc/self/environ")
    return b"SECRET" in held


def read_the_environment_of_another(t):
    return b"SECRET" in read(f"/proc/{t['victim']}/environ")


def read_the_environment_of_the_parent(t):
    return b"SECRET" in read(f"/proc/{os.getppid()}/environ")


def see_other_processes(t):
    return read(f"/proc/{t['victim']}/cmdline") == t["cmdline"].encode()


def signal_another(t):
    os.kill(t["victim"], 0)
    return True


def signal_the_parent(t):
    os.kill(os.getppid() or -1, 0)
    return True


def signal_a_thread_of_another(t):
    return system_call("tgkill", t["victim"], t["victim"], 0) == 0


def signal_through_a_descriptor(t):
    return system_call("pidfd_open", t["victim"], 0) >= 0


def signal_through_a_file(t):
    import fcntl

    reader, _ = os.pipe()
    fcntl.fcntl(reader, 8, t["victim"])  # F_SETOWN
    return True


def trace_another(t):
    attached = system_call("ptrace", 0x4206, t["victim"], None, None) == 0
    return attached


def read_the_memory_of_another(t):
    size = len(t["in_memory"])
    mine = ctypes.create_string_buffer(size)
    local = (ctypes.c_void_p * 2)(ctypes.addressof(mine), size)
    remote = (ctypes.c_void_p * 2)(t["address"], size)
    system_call("process_vm_readv", t["victim"], local, 1, remote, 1, 0)
    return mine.raw.decode() == t["in_memory"]


def start_a_program(t):
    return subprocess.run(["/bin/true"]).returncode == 0


def fork(t):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def forget_the_parent(t):
    return checked(_libc.prctl(1, 0, 0, 0, 0)) == 0  # PR_SET_PDEATHSIG


# The network


def connect_by_tcp(t):
    socket.create_connection(("127.0.0.1", t["tcp"]), timeout=2).close()
    return True


def send_by_udp(t):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(b"x", ("127.0.0.1", t["udp"]))


def listen(t):
    with socket.create_server(("127.0.0.1", 0)):
        return True


def connect_to_a_socket_file(t):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(t["unix"])
        return True


def connect_to_an_abstract_socket(t):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + t["abstract"])
        return True


def make_a_pair_of_datagram_sockets(t):
    """Either could send to any socket file or abstract socket."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)


# Corners of the kernel


def use_io_uring(t):
    return system_call("io_uring_setup", 4, ctypes.create_string_buffer(120)) >= 0


def use_userfaultfd(t):
    return system_call("userfaultfd", 1) >= 0


def use_keyrings(t):
    return system_call("add_key", b"user", b"mine", b"x", 1, -2) > 0


def use_perf(t):
    attr = ctypes.create_string_buffer(b"\x01\0\0\0" + b"\x80\0\0\0", 128)
    return system_call("perf_event_open", attr, 0, -1, -1, 0) >= 0


def make_namespaces(t):
    return checked(_libc.unshare(0x10000000)) == 0


def mount_something(t):
    checked(_libc.unshare(0x20000))
    return checked(_libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)) == 0


def dump_core(t):
    return resource.getrlimit(resource.RLIMIT_CORE)[0] not in (0, 1)


# Memory that no limit counts


def make_a_memory_file(t):
    return system_call("memfd_create", b"x", 0) >= 0


def share_anonymous_memory(t):
    return mmap.mmap(-1, 1 << 20)


def share_zeros(t):
    with open("/dev/zero", "r+b") as zeros:
        return mmap.mmap(zeros.fileno(), 1 << 20)


def map_memory_that_grows_down(t):
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100
    return mmap.mmap(-1, 1 << 20, flags=flags)


def use_system_v_memory(t):
    return system_call("shmget", 0, 4096, 0o1600) >= 0


def use_message_queues(t):
    return system_call("msgget", 0, 0o1600) >= 0


FILES = [
    read_a_submission,
    read_through_proc_self_root,
    read_through_proc_1_root,
    read_through_the_current_folder,
    list_the_course,
    write_the_gradebook,
    empty_a_file,
    empty_a_file_by_reading_it,
    delete_a_file,
    link_a_file,
    change_modes,
    change_times,
    write_into_the_runtime,
    add_to_the_runtime,
    read_home,
    read_the_accounts,
    share_memory_files,
    see_that_a_file_exists,
]
OTHERS = [
    watch_a_folder,
    find_a_secret_in_the_environment,
    read_the_environment_of_another,
    read_the_environment_of_the_parent,
    see_other_processes,
    signal_another,
    signal_the_parent,
    signal_a_thread_of_another,
    signal_through_a_descriptor,
    signal_through_a_file,
    read_the_memory_of_another,
    trace_another,
    start_a_program,
    fork,
    forget_the_parent,
    connect_by_tcp,
    send_by_udp,
    listen,
    connect_to_a_socket_file,
    connect_to_an_abstract_socket,
    make_a_pair_of_datagram_sockets,
    use_io_uring,
    use_userfaultfd,
    use_keyrings,
    use_perf,
    dump_core,
    make_a_memory_file,
    share_anonymous_memory,
    share_zeros,
    map_memory_that_grows_down,
    use_system_v_memory,
    use_message_queues,
    make_namespaces,
    mount_something,  # in those, where there are any
]
PROBES = [*FILES, *OTHERS]


def run_probes(target) -> dict[str, str]:
    """{name of the probe: "open" or why it is closed}; the order matters little."""
    found = {}
    for probe in PROBES:
        try:
            found[probe.__name__] = "open" if probe(target) else "closed: nothing there"
        except (OSError, subprocess.SubprocessError) as error:
            found[probe.__name__] = f"closed: {error}"
    return found


# What ends in a way that a student can understand


def take_memory(bounds) -> dict:
    """Bytes held when Python said that there is no more."""
    held = []
    step = bounds.memory_bytes // 50
    try:
        while len(held) < 100:
            held.append(bytearray(step))
    except MemoryError:
        return {"error": "MemoryError", "held": len(held) * step}
    return {"error": "", "held": len(held) * step}


def fill_the_disk(bounds) -> dict:
    """Bytes written in small files when the system said that there is no more."""
    written = 0
    try:
        for number in range(100):
            with open(f"file-{number}", "wb") as file:
                written += file.write(bytes(bounds.work_bytes // 20))
                file.flush()
    except OSError as error:
        return {"error": error.strerror, "held": written}
    return {"error": "", "held": written}


def make_empty_files(bounds) -> dict:
    count = 0
    try:
        for count in range(20_000):
            os.close(os.open(f"empty-{count}", os.O_CREAT))
    except OSError as error:
        return {"error": error.strerror, "held": count}
    return {"error": "", "held": count}


def write_a_large_file(bounds) -> dict:
    try:
        with open("large", "wb", buffering=0) as file:
            for _ in range(100):
                file.write(bytes(bounds.file_bytes // 10))
    except OSError as error:
        return {"error": error.strerror, "held": os.path.getsize("large")}
    return {"error": "", "held": os.path.getsize("large")}


def start_threads(bounds) -> dict:
    stop = threading.Event()
    threads = []
    threading.stack_size(64 * 1024)
    error = ""
    try:
        for _ in range(bounds.threads * 4):
            thread = threading.Thread(target=stop.wait)
            thread.start()
            threads.append(thread)
    except RuntimeError as refused:
        error = str(refused)
    stop.set()
    # What the same user had when the limit was set (at level A nothing) may have ended.
    others = resource.getrlimit(resource.RLIMIT_NPROC)[0] - bounds.threads
    return {"error": error, "held": len(threads), "others": others}


def open_files(bounds) -> dict:
    held = []
    try:
        while len(held) < bounds.open_files * 4:
            held.append(os.dup(0))
    except OSError as error:
        for descriptor in held[-8:]:
            os.close(descriptor)
        return {"error": error.strerror, "held": len(held)}
    return {"error": "", "held": len(held)}


def compute(bounds) -> dict:
    try:
        while True:
            sum(range(10_000))
    except TimeoutError as error:
        return {"error": str(error), "held": 0}


def compute_stubbornly(bounds) -> dict:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        sum(range(10_000))


def crash(bounds) -> dict:
    return {"error": "", "held": ctypes.string_at(8)[0]}


def call_as_32_bit_program(bounds) -> dict:
    """getpid() through int 0x80, which a filter for 64 bits could overlook."""
    code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20; int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return {"error": "", "held": ctypes.CFUNCTYPE(ctypes.c_int)(address)()}


def leave(bounds) -> dict:
    sys.stdout.flush()
    os._exit(7)


def describe_itself(bounds) -> dict:
    """Who the worker is, by the kernel's own account."""
    names = ("Uid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs")
    lines = dict(
        line.split(":", 1) for line in read("/proc/self/status").decode().splitlines()
    )
    return {
        "status": {name: lines[name].split()[0] for name in (*names, "Seccomp")},
        "pid": os.getpid(),
        "session": os.getsid(0),
        "environment": dict(os.environ),
        "here": os.getcwd(),
        "mode": oct(os.stat(".").st_mode & 0o777),
        "outputs": [os.readlink(f"/proc/self/fd/{n}") for n in range(3)]
        if os.access("/proc/self/fd", os.R_OK)
        else [],
    }
