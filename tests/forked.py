"""Programs that import once: each run is a fork of a process that waits.

Importing nbgrader takes two seconds and torch six; a test that runs ten commands,
thirty kernels or five nurseries would do little else.

    programs()                            # a folder with all as executable files
    {"JUPYTER_PATH": str(programs())}     # where Jupyter finds the kernel "python3"
    run("nbgrader", "export", cwd=course)
    with nurseries(): ...                 # engines of this process have such ones
    with nurseries("import ..."): ...     # that run some code of ours first

Those of such a `course` have them too. The processes end with the one that called
`programs`. As a program: python forked.py SOCKET MODULE ...
"""

import atexit
import contextlib
import functools
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from course.environment import PLAINEST

# Which programs are forks of one process, and what it imports when the first is run:
# torch with the build's plain instructions, which a build demands, and with the usual.
COMMANDS = """course.cli course.grade.command course.report.command course.report.export
    course.build.freeze course.bank.judge course.grade.judge.crossing utils.check
    nbgrader.apps.nbgraderapp nbgrader.converters matplotlib.pyplot torch._dynamo"""
TORCH = """ipykernel.kernelapp matplotlib.pyplot torchvision torch._dynamo utils.check
    course.grade.engine.nursery course.grade.bridge.student course.grade.judge.hearing
    course.grade.worker.shell"""
MODULES = {"course freezer nbgrader": COMMANDS, "kernel nursery": TORCH}
RUNS_FIRST = "COURSE_TESTS_RUN_FIRST"  # a variable: the code of `nurseries`
PLAIN = {**PLAINEST, "OMP_NUM_THREADS": "1"}
# In the place of a program; nothing is imported that takes time. A nursery's words are
# the numbers of its sockets.
CLIENT = """\
#!{python} -IS
import json, os, socket, sys

words = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
own = [int(word) for word in words[1:]] if words[0] == "nursery" else []
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    message = json.dumps([words, os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [b"x"], [0, 1, 2, *own])
    server.sendall(message + b"\\n")
    for number in own:
        os.close(number)
    sys.exit(int(server.recv(16) or b"1"))
"""


@functools.cache
def programs() -> Path:
    """Make a folder of programs, and start the processes whose forks they are."""
    folder = Path(tempfile.mkdtemp())
    kernel = folder / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(folder / "kernel"), "-f", "{connection_file}"]
    about = {"argv": argv, "display_name": "Python 3", "language": "python"}
    kernel.write_text(json.dumps(about))
    atexit.register(shutil.rmtree, folder)
    for names, modules in MODULES.items():
        _start(folder, names.split(), modules.split())
    return folder


def _start(folder: Path, names: list[str], modules: list[str]) -> None:
    address = str(folder / f"{names[0]}.socket")
    for name in names:
        program = folder / name
        program.write_text(CLIENT.format(python=sys.executable, address=address))
        program.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        words = [sys.executable, "-P", __file__, str(server.fileno()), *modules]
        settings = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        if "freezer" in names:
            settings |= PLAIN
        process = subprocess.Popen(
            words,
            pass_fds=[server.fileno()],
            env=os.environ | settings,  # read as matplotlib and torch are imported
            stdin=subprocess.PIPE,  # its end says that this process is gone
        )
    atexit.register(process.communicate)  # it closes the input, and waits


def run(program: str, *words: str, cwd: Path, environ: dict | None = None):
    """Run `PROGRAM WORDS` in a folder.

    Args:
        program: "course" or "nbgrader".
        words: its arguments.
        cwd: where it runs.
        environ: what is set for it beside this process's environment.

    Returns:
        its exit status, and what it said on both streams.
    """
    done = subprocess.run(
        [programs() / program, *words],
        cwd=cwd,
        env=os.environ | (environ or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


@contextlib.contextmanager
def nurseries(code: str = "") -> Iterator[None]:
    """Have engines start nurseries in a moment: they have imported torch already.

    Args:
        code: what each of them runs before it does anything else.
    """
    command = (str(programs() / "nursery"),)
    with (
        patch("course.grade.engine.resident.NURSERY", command),
        patch.dict(os.environ, {RUNS_FIRST: code}),
    ):
        yield


# ----------------------------------------------------------------- in the other process


def serve(server: socket.socket, modules: list[str]) -> None:
    """Fork a keeper for each run until whoever started this is gone."""
    while True:
        ready, _, _ = select.select([server, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = server.accept()
        for module in modules:
            importlib.import_module(module)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
        if not os.fork():
            folder = Path(server.getsockname()).parent
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            keep(connection, folder)
            os._exit(0)
        connection.close()


def keep(connection: socket.socket, folder: Path) -> None:
    """Run one program of the folder to its end, or to that of the client."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 5)
    with connection.makefile() as file:
        words, cwd, environ = json.loads(file.readline())
    child = os.fork()
    if not child:
        connection.close()
        become(folder, words, cwd, environ, streams)
    for stream in streams:
        os.close(stream)
    ready, _, _ = select.select([os.pidfd_open(child), connection], [], [])
    if connection in ready:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if connection not in ready:
        connection.sendall(str(status).encode())


def become(
    folder: Path, words: list[str], cwd: str, environ: dict, streams: list[int]
) -> None:
    """Turn this process into the program, with its folder, settings and streams."""
    for number, stream in enumerate(streams[:3]):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = words
    status: int | str | None = 1
    try:
        match words[0]:
            case "course":
                course(folder)
            case "freezer":
                freezer()
            case "nbgrader":
                nbgrader()
            case "kernel":
                kernel()
            case "nursery":
                nursery(*streams[3:])
        status = 0
    except SystemExit as end:
        status = end.code
    except BaseException:
        traceback.print_exc()
    leave(status)


def leave(status: int | str | None) -> None:
    """End as Python does, but for what torch would tidy up for seconds."""
    if isinstance(status, str):
        print(status, file=sys.stderr)
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)


def course(folder: Path) -> None:
    from course.build import freeze
    from course.cli import main
    from course.grade.engine import resident

    os.environ.update(PLAIN)
    freeze.FREEZER = (str(folder / "freezer"),)
    resident.NURSERY = (str(folder / "nursery"),)
    main()


def freezer() -> None:
    from course.build.freeze import main

    main(sys.argv[1:])


def nbgrader() -> None:
    """The program, and a failure where it would only show its help."""
    from nbgrader.apps.nbgraderapp import NbGraderApp, main

    verb = " ".join(sys.argv[1:2])
    if verb not in NbGraderApp.subcommands:
        sys.exit(f"nbgrader has no command {verb!r}")
    sys.exit(main())


def kernel() -> None:
    from ipykernel.kernelapp import launch_new_instance

    sys.exit(launch_new_instance())


def nursery(worker_fd: int, judge_fd: int) -> None:
    from course import pages
    from course.grade.engine.nursery import main

    pages.gather = lambda: None  # it takes a second, and pays with a class
    exec(os.environ.pop(RUNS_FIRST, ""), {})
    main(worker_fd, judge_fd)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
