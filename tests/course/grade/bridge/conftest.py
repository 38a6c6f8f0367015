"""A student's process and a judge's, joined by a socket, for one test.

The student's is forked from pytest's: both have torch already, so a bridge costs about
30 ms. What the student would have of an IPython is a small stand-in.
"""

import contextlib
import io
import linecache
import os
import random
import signal
import socket
import textwrap
import traceback
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import torch

from course.bank.pool import prepare
from course.grade.bridge.frames import Wire
from course.grade.bridge.judge import Judge
from course.grade.bridge.student import serve
from course.grade.judge.hearing import Case, Names
from utils.check.seeding import seeded
from utils.check.session import session

SECONDS = 20


class PlainShell:
    """What `student.serve` needs of a shell: names, and cells that are run in them."""

    def __init__(self):
        self.names = {"__name__": "__main__"}

    def run(self, source: str, grade_id: str, seconds: float) -> SimpleNamespace:
        """Run a cell; what it raises is one of its outputs."""
        error = None
        with self.capturing(seconds) as outputs:
            try:
                exec(_compiled(source, f"<ipython-input-{grade_id}>"), self.names)
            except BaseException as raised:
                error = raised
                outputs.append({"error": traceback.format_exc()})
        return SimpleNamespace(outputs=outputs, error=error)

    @contextlib.contextmanager
    def capturing(self, seconds: float) -> Iterator[list]:
        """Collect what is printed."""
        outputs, text = [], io.StringIO()
        with contextlib.redirect_stdout(text):
            yield outputs
        if text.getvalue():
            outputs.append({"text": text.getvalue()})


def _compiled(source: str, name: str):
    """Source whose lines tracebacks can show."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    return compile(source, name, "exec")


@pytest.fixture(scope="session", autouse=True)
def _prepared():
    prepare({"torchvision"})


@pytest.fixture(autouse=True)
def _quiet_session():
    with seeded(1):
        yield
    session.begin("")


@pytest.fixture
def processes() -> Iterator[Callable[[Callable[[socket.socket], None]], Judge]]:
    """Fork `student(sock)`, a function, and give the judge at the other end."""
    with contextlib.ExitStack() as stack:

        def start(student: Callable, seconds: float = SECONDS) -> Judge:
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if pid == 0:
                _be_student(student, ours, theirs)
            theirs.close()
            stack.callback(os.waitpid, pid, 0)
            stack.callback(os.kill, pid, signal.SIGKILL)
            stack.callback(ours.close)
            judge = Judge(Wire(ours), seconds)
            judge.pid = pid
            return judge

        yield start


def _be_student(student: Callable, ours: socket.socket, theirs: socket.socket) -> None:
    signal.alarm(60)
    try:
        ours.close()
        random.seed()
        torch.seed()
        student(theirs)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    os._exit(0)


@pytest.fixture
def bridge(processes) -> Callable[..., Names]:
    """Run a student's cell over there: `names = bridge("def f(x): return x")`."""

    def start(answer: str, given: dict | None = None) -> Names:
        judge = processes(lambda sock: serve(Wire(sock), PlainShell()))
        judge.run("answer", textwrap.dedent(answer))
        assert not any("error" in output for output in judge.heard), judge.heard
        return Names(Case({}, {"__name__": "__main__", **(given or {})}), judge)

    return start


@pytest.fixture
def alike(bridge) -> Callable[[str, str], Names]:
    """Run a test in one process with the answer, then across: it must hold in both."""

    def run(answer: str, test: str) -> Names:
        answer, test = textwrap.dedent(answer), textwrap.dedent(test)
        together = {"__name__": "__main__"}
        with seeded(0):
            exec(_compiled(answer, "<ipython-input-answer>"), together)
            exec(_compiled(test, "<test in one process>"), together)
        with seeded(0):
            names = bridge(answer)
            exec(_compiled(test, "<test across the bridge>"), names)
        return names

    return run
