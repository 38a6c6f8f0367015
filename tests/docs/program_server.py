"""Python programs that import once: a program sends its words to a waiting process,
which forks, takes the program's own input and outputs, and runs it.

Run as a program: python program_server.py SOCKET
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# In the place of a program; nothing is imported that takes time.
CLIENT = """\
#!{python} -IS
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    words = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
    message = json.dumps([words, os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [b"x"], [0, 1, 2])
    server.sendall(message)
    server.shutdown(socket.SHUT_WR)
    sys.exit(int(server.recv(16) or b"1"))
"""


@contextlib.contextmanager
def served(folder: Path, *programs: str) -> Iterator[None]:
    """Put fast forms of some programs into a folder, for as long as this lasts."""
    address = str(folder / "server")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        words = [sys.executable, __file__, str(server.fileno())]
        process = subprocess.Popen(words, pass_fds=[server.fileno()])
    for program in programs:
        (folder / program).unlink(missing_ok=True)
        client = CLIENT.format(python=sys.executable, address=address)
        (folder / program).write_text(client)
        (folder / program).chmod(0o755)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def serve(server: socket.socket) -> None:
    """Run one program after another, each in a fork."""
    import nbgrader.apps.nbgraderapp  # noqa: F401  for `run_nbgrader`

    import course.cli
    import course.grade.command
    import course.report.command
    import course.report.export

    mains = {"course": course.cli.main, "nbgrader": run_nbgrader}
    while True:
        connection, _ = server.accept()
        with connection:
            _, streams, _, _ = socket.recv_fds(connection, 1, 3)
            with connection.makefile() as file:
                words, folder, environ = json.load(file)
            child = os.fork()
            if not child:
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                os.chdir(folder)
                os.environ.clear()
                os.environ.update(environ)
                sys.argv = words
                sys.exit(mains[words[0]]())
            for stream in streams:
                os.close(stream)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            connection.sendall(str(status).encode())


def run_nbgrader() -> None:
    """What the program `nbgrader` does, and a failure where it only shows its help."""
    from nbgrader.apps.nbgraderapp import NbGraderApp, main

    verb = " ".join(sys.argv[1:2])
    if verb not in NbGraderApp.subcommands:
        sys.exit(f"nbgrader has no command {verb!r}")
    main()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
