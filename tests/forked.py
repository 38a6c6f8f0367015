"""Programs that import once: each run is a fork of a process that waits.

Importing nbgrader takes two seconds and torch six; a test that runs ten commands or
thirty kernels would do little else.

    programs("course", "nbgrader")             # a folder with both as executable files
    programs("kernel")                         # for JUPYTER_PATH: the kernel "python3"
    run("nbgrader", "export", cwd=course)

The process ends with the one that called `programs`. As a program: python forked.py
SOCKET PROGRAM ...
"""

import atexit
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
from pathlib import Path

MODULES = {
    "course": """course.cli course.grade.command course.report.command
        course.report.export""",
    "nbgrader": "nbgrader.apps.nbgraderapp nbgrader.converters",
    "kernel": "ipykernel.kernelapp matplotlib.pyplot torchvision utils.check",
}
# In the place of a program; nothing is imported that takes time.
CLIENT = """\
#!{python} -IS
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    words = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
    message = json.dumps([words, os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [b"x"], [0, 1, 2])
    server.sendall(message + b"\\n")
    sys.exit(int(server.recv(16) or b"1"))
"""


@functools.cache
def programs(*names: str) -> Path:
    """Make a folder of programs, and start the process whose forks they are.

    Args:
        names: keys of `MODULES`.
    """
    folder = Path(tempfile.mkdtemp())
    address = str(folder / "server")
    for name in names:
        program = folder / name
        program.write_text(CLIENT.format(python=sys.executable, address=address))
        program.chmod(0o755)
    if "kernel" in names:
        kernel = folder / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        argv = [str(folder / "kernel"), "-f", "{connection_file}"]
        about = {"argv": argv, "display_name": "Python 3", "language": "python"}
        kernel.write_text(json.dumps(about))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        words = [sys.executable, "-P", __file__, str(server.fileno()), *names]
        backend = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        process = subprocess.Popen(
            words,
            pass_fds=[server.fileno()],
            env=os.environ | backend,  # matplotlib reads it as it is imported
            stdin=subprocess.PIPE,  # its end says that this process is gone
        )
    atexit.register(shutil.rmtree, folder)
    atexit.register(process.communicate)  # first: it closes the input, and waits
    return folder


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
        [programs("course", "nbgrader") / program, *words],
        cwd=cwd,
        env=os.environ | (environ or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


# ----------------------------------------------------------------- in the other process


def serve(server: socket.socket, names: list[str]) -> None:
    """Fork a keeper for each run until whoever started this is gone."""
    for name in names:
        for module in MODULES[name].split():
            importlib.import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
    while True:
        ready, _, _ = select.select([server, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = server.accept()
        if not os.fork():
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            keep(connection)
            os._exit(0)
        connection.close()


def keep(connection: socket.socket) -> None:
    """Run one program to its end, or to that of the client."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 3)
    with connection.makefile() as file:
        words, folder, environ = json.loads(file.readline())
    child = os.fork()
    if not child:
        connection.close()
        become(words, folder, environ, streams)
    for stream in streams:
        os.close(stream)
    ready, _, _ = select.select([os.pidfd_open(child), connection], [], [])
    if connection in ready:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if connection not in ready:
        connection.sendall(str(status).encode())


def become(words: list[str], folder: str, environ: dict, streams: list[int]) -> None:
    """Turn this process into the program, with its folder, settings and streams."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = words
    sys.exit({"course": course, "nbgrader": nbgrader, "kernel": kernel}[words[0]]())


def course() -> None:
    from course.cli import main

    main()


def nbgrader() -> None:
    """The program, and a failure where it would only show its help."""
    from nbgrader.apps.nbgraderapp import NbGraderApp, main

    verb = " ".join(sys.argv[1:2])
    if verb not in NbGraderApp.subcommands:
        sys.exit(f"nbgrader has no command {verb!r}")
    main()


def kernel() -> None:
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
