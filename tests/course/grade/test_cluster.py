"""A scheduler and two workers as processes of their own, one killed in mid-batch."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
from distributed import Reschedule

from course.grade.cluster import ClusterPool, grade_here
from course.grade.engine import EngineBroken
from course.grade.intake import Submission
from course.grade.plan import read_assignment

WAIT = "import time\ntime.sleep(0.5)\n"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def start(*command: str, cwd) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address and its two workers."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start(
        *("distributed.cli.dask_scheduler", "--host", "127.0.0.1"),
        *("--port", str(port), "--no-dashboard"),
        cwd=tmp_path,
    )
    workers = [
        start(
            *("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"),
            *("--no-dashboard", "--host", "127.0.0.1"),
            cwd=tmp_path,
        )
        for _ in range(2)
    ]
    yield address, workers
    for process in (*workers, scheduler):
        stop(process)


def submissions(assignment, count: int) -> list[Submission]:
    """Right answers to everything, each notebook taking its time."""
    first = next(i for i, c in enumerate(assignment.cells) if c.kind == "answer")
    answer = assignment.cells[first]
    slow = replace(answer, source=f"{WAIT}{answer.source}")
    cells = (*assignment.cells[:first], slow, *assignment.cells[first + 1 :])
    return [Submission(f"s{i:02}", cells, digest=f"{i}") for i in range(count)]


def wait_for_workers(client, count: int) -> None:
    client.wait_for_workers(count, timeout=60)


def test_a_lost_nodes_submissions_are_graded_elsewhere(cluster, built_toy):
    address, workers = cluster
    assignment = read_assignment(built_toy / "source", "01_toy")
    full = sum(cell.points for cell in assignment.tests())
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        wait_for_workers(client, 2)
    with ClusterPool(assignment, address) as pool:
        futures = [pool.submit(s) for s in submissions(assignment, 12)]
        deadline = time.monotonic() + 120
        while sum(future.done() for future in futures) < 2:
            assert time.monotonic() < deadline, "nothing was graded"
            time.sleep(0.05)
        assert sum(future.done() for future in futures) < 8, "the batch was too quick"
        os.kill(workers[0].pid, signal.SIGKILL)
        results = [future.result(timeout=120) for future in futures]
    assert [r.student for r in results] == [f"s{i:02}" for i in range(12)]
    assert {r.score for r in results} == {full}
    assert {r.isolation for r in results} <= {"A", "B"}


def test_a_node_that_leaves_hands_its_submission_to_another(monkeypatch):
    class Closed:
        def grade(self, submission):
            raise EngineBroken("closed")

    node = SimpleNamespace(plugins={"node": SimpleNamespace(grader=Closed())})
    monkeypatch.setattr("course.grade.cluster.get_worker", lambda: node)
    sent = json.dumps(asdict(Submission("ann")))
    with pytest.raises(Reschedule):
        grade_here("node", sent)


def test_no_scheduler_is_said_in_words(built_toy, monkeypatch):
    monkeypatch.setattr("course.grade.cluster.CONNECT_S", 1)
    assignment = read_assignment(built_toy / "source", "01_toy")
    with pytest.raises(RuntimeError, match="no Dask scheduler at tcp://127.0.0.1"):
        ClusterPool(assignment, f"tcp://127.0.0.1:{free_port()}")
