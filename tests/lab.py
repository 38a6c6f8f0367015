"""A real JupyterLab with the course's settings, started by tests in a copy."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from course.requirements import ROOT

START_TIMEOUT_S = 120
TOKEN = "only-for-this-test"  # the server ends with the test
SETTINGS = ("jupyter_lab_config.py", "nbgrader_config.py", "home.md", "pyproject.toml")


class Lab:
    """A running JupyterLab: its course folder, its user's home and its pages.

    Args:
        course: the course's folder.
        home: the user's, empty; its parent takes the log.
    """

    def __init__(self, course: Path, home: Path):
        self.course, self.home = course, home
        state = course / ".jupyter"
        environ = {
            "PATH": str(home),  # nothing activated: no alembic to be found here
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(state / "config"),
            "JUPYTER_DATA_DIR": str(state / "data"),
            "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
            "IPYTHONDIR": str(state / "ipython"),
            "MPLCONFIGDIR": str(state / "matplotlib"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        if "PYTHONPATH" in os.environ:  # another checkout than the installed one
            environ["PYTHONPATH"] = os.environ["PYTHONPATH"]
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        options = ["--config=jupyter_lab_config.py", "--port=0"]
        token = f"--IdentityProvider.token={TOKEN}"
        self.log_file = home.parent / "lab.log"
        self.log = open(self.log_file, "w")  # noqa: SIM115, closed in stop
        self.process = subprocess.Popen(
            [*command, *options, token],
            cwd=course,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def wait(self) -> None:
        """Wait until the server answers at the address that it wrote down.

        Raises:
            TimeoutError: it ended, or doesn't answer; the message is its log.
        """
        runtime = self.course / ".jupyter" / "runtime"
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for file in runtime.glob("jpserver-*.json"):
                with contextlib.suppress(ValueError, OSError):  # half-written, not up
                    self.port = json.loads(file.read_text())["port"]
                    self.json("/api")
                    return
            time.sleep(0.2)
        raise TimeoutError(self.stop())

    @property
    def address(self) -> str:
        """Where it answers: `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, page: str):
        """The response to a page of the server."""
        headers = {"Authorization": f"token {TOKEN}"}
        request = urllib.request.Request(f"{self.address}{page}", headers=headers)
        return urllib.request.urlopen(request)

    def json(self, page: str):
        """What a page of the server says, read as JSON."""
        with self.get(page) as response:
            return json.load(response)

    def stop(self) -> str:
        """End the server and return what it logged."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()
        return self.log_file.read_text()


def copy_course(course: Path, *folders: str) -> None:
    """Make a folder a course with our settings, and some of our folders in it.

    Args:
        course: the folder, not there yet.
        folders: what to copy, such as `release` or `source/03_linear_regression`.
    """
    shutil.copytree(ROOT / "course" / "jupyter", course / "course" / "jupyter")
    for name in SETTINGS:
        shutil.copy(ROOT / name, course)
    # A kernel that runs a notebook there has its sockets beside it.
    hidden = shutil.ignore_patterns(".*", "kernel-ipc-*")
    for name in folders:
        shutil.copytree(ROOT / name, course / name, ignore=hidden)
    for name in ("exchange", "source"):
        (course / name).mkdir(exist_ok=True)


@contextlib.contextmanager
def running_lab(folder: Path, *folders: str) -> Iterator[Lab]:
    """A JupyterLab in `folder/course`, a copy of the course; it ends with the block.

    Args:
        folder: an empty one.
        folders: what to copy into the course.
    """
    course, home = folder / "course", folder / "home"
    copy_course(course, *folders)
    with serving(course, home) as lab:
        yield lab


@contextlib.contextmanager
def serving(course: Path, home: Path) -> Iterator[Lab]:
    """A JupyterLab on a course that is there, with a home of its own.

    Args:
        course: its folder.
        home: the server's home folder; made here.
    """
    os.mkdir(home)
    lab = Lab(course, home)
    try:
        lab.wait()
        yield lab
    finally:
        if not lab.log.closed:
            lab.stop()
