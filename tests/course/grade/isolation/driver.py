"""A fresh process that plays coordinator and nursery for the tests.

    python driver.py LEVEL USER SCENARIO

LEVEL is A to D, or "raw": a forked child that is not locked in at all. USER is "root"
or "nobody". SCENARIO is "probes", "torch", or the name of a function of `probes` that
is given the limits. Prints what the child found, as JSON.
"""

import ctypes
import json
import os
import resource
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[4]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import probes  # noqa: E402

from course.grade.isolation import kernel, limits  # noqa: E402
from course.grade.isolation.limits import Limits  # noqa: E402
from course.grade.isolation.lock import NOBODY, enter  # noqa: E402

MIB = 2**20
BOUNDS = Limits(
    memory_bytes=200 * MIB,
    cpu_s=1,
    file_bytes=4 * MIB,
    work_bytes=16 * MIB,
    open_files=64,
    threads=20,
)
TORCH_BOUNDS = Limits()
SECRET = "SECRET-of-the-machine"


def make_reachable(paths) -> None:
    """Show these folders to everybody, wherever they lie; for this process only."""
    closed = {
        parent
        for path in paths
        for parent in reversed(path.parents)
        if not parent.stat().st_mode & 0o001
    }
    if not closed:
        return
    kernel.unshare("mount")
    kernel.make_mounts_private()
    paths = [p for p in paths if closed & set(p.parents)]
    trees = {path: kernel.copy_tree(str(path)) for path in paths}
    for folder in sorted(closed, key=lambda path: len(path.parts)):
        if folder.exists():
            kernel.mount("tmpfs", str(folder), 0, "mode=755")
    for path, tree in trees.items():
        path.mkdir(parents=True, exist_ok=True)
        kernel.attach_tree(tree, str(path))


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def make_target(folder: Path) -> dict:
    """A course, a home and a runtime that everybody may read and write."""
    for name in (
        "course/submitted",
        "course/source",
        "home",
        "runtime",
        "sockets",
        "work",
    ):
        (folder / name).mkdir(parents=True)
    (folder / "work").chmod(0o700)
    for name in (
        *("course/submitted/ada.ipynb", "course/gradebook.db", "course/to_empty"),
        *("course/to_delete", "course/to_change", "home/.token"),
        *("runtime/helper.py", "runtime/to_empty"),
    ):
        (folder / name).write_text(f"# {SECRET}\n")
    shared = Path("/dev/shm", folder.name)
    shared.write_text(SECRET)
    text = ctypes.create_string_buffer(SECRET.encode(), len(SECRET))
    return {
        **{name: str(folder / name) for name in ("course", "home", "runtime", "work")},
        "unix": str(folder / "sockets/listening"),
        "abstract": folder.name,
        "shm": str(shared),
        "passwd": Path("/etc/passwd").read_text()[:4096],
        "in_memory": SECRET,
        "address": ctypes.addressof(text),
        "kept": text,
    }


def start_victim(target: dict) -> None:
    """Another process of the same user, which listens, waits, and has a secret."""
    listeners = [
        socket.create_server(("127.0.0.1", 0)),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX),
    ]
    tcp, udp, unix, abstract = listeners
    udp.bind(("127.0.0.1", 0))
    unix.bind(target["unix"])
    abstract.bind("\0" + target["abstract"])
    unix.listen()
    abstract.listen()
    target |= {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1]}
    target["victim"] = os.fork()
    if target["victim"] == 0:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
        os.close(1)
        time.sleep(60)
        os._exit(0)
    for listener in listeners:
        listener.close()
    cmdline = f"/proc/{target['victim']}/cmdline"
    target["cmdline"] = Path(cmdline).read_bytes().decode()


def run_child(scenario: str, target: dict, bounds: Limits, report: int) -> None:
    """The worker: does what it is told, and writes what it found into the pipe."""
    if scenario == "probes":
        found = probes.run_probes(target)
    elif scenario == "torch":
        import torch_work

        found = torch_work.work()
    elif scenario == "outlive":
        found = {"pid": os.getpid()}
    else:
        found = getattr(probes, scenario)(bounds)
    os.write(report, json.dumps(found).encode())
    if scenario == "outlive":
        time.sleep(60)
    os._exit(0)


def play_nursery(level: str, scenario: str, target: dict, report: int) -> None:
    """Enter, fork one worker, lock it in, let it run, and say how it ended."""
    bounds = TORCH_BOUNDS if scenario == "torch" else BOUNDS
    lock = None
    work = Path(target["work"])
    if level != "raw":
        roots = [ROOT / "course", Path(__file__).parent, Path(target["runtime"])]
        lock = enter(level, roots, closed=[Path(target["course"])])
        if level != "A" and os.getuid() != lock.uid:
            os.chown(work, lock.uid, lock.gid)
    if scenario == "torch":
        import torch_work

        torch_work.prepare()
    child = lock.fork_worker() if lock else os.fork()
    if child == 0:
        try:
            if lock:
                lock.lock_in(bounds, keep_fds={report}, work=work)
            else:
                os.chdir(work)
            run_child(scenario, target, bounds, report)
        except BaseException:
            os.write(report, json.dumps({"failure": traceback.format_exc()}).encode())
            os._exit(1)
    if scenario == "outlive":
        time.sleep(60)
    _, status, usage = os.wait4(child, 0)
    spent = usage.ru_utime + usage.ru_stime
    end = limits.why_it_died(status, bounds, spent)
    os.write(report, b"\n" + json.dumps({"end": end, "cpu_s": spent}).encode())
    os._exit(0)


def main(level: str, user: str, scenario: str) -> None:
    """Run one scenario and print {"found": ..., "end": ...}."""
    if os.getuid() == 0:
        make_reachable([Path(sys.prefix), Path(sys.base_prefix), ROOT])
    if user == "nobody" and os.getuid() == 0:
        become_nobody()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        target = make_target(Path(folder))
        resource.setrlimit(
            resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2
        )
        start_victim(target)
        reader, writer = os.pipe()
        nursery = os.fork()
        if nursery == 0:
            os.close(reader)
            try:
                play_nursery(level, scenario, target, writer)
            except BaseException:
                os.write(
                    writer, json.dumps({"failure": traceback.format_exc()}).encode()
                )
            os._exit(1)
        os.close(writer)
        if scenario == "outlive":
            print(json.dumps(outlive(nursery, reader)))
        else:
            print(json.dumps(collect(reader)))
            os.waitpid(nursery, 0)
        os.kill(target["victim"], 9)
        os.unlink(target["shm"])


def collect(reader: int) -> dict:
    """Everything that came through the pipe until nobody held its other end."""
    with open(reader) as pipe:
        found, _, end = pipe.read().partition("\n")
    return {
        "found": json.loads(found) if found else None,
        **(json.loads(end) if end else {}),
    }


def outlive(nursery: int, reader: int) -> dict:
    """Kill the nursery; the pipe ends once the worker is gone too."""
    os.read(reader, 4096)
    start = time.monotonic()
    os.kill(nursery, 9)
    os.waitpid(nursery, 0)
    os.set_blocking(reader, False)
    while time.monotonic() - start < 5:
        try:
            if os.read(reader, 1) == b"":
                return {"survived": False}
        except BlockingIOError:
            time.sleep(0.01)
    return {"survived": True}


if __name__ == "__main__":
    main(*sys.argv[1:])
