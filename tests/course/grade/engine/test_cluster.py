"""A scheduler and two workers as processes of their own, one killed in mid-batch."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from distributed import KilledWorker, Reschedule

from course.cli import main
from course.grade.engine.cluster import ClusterPool, Node, grade_here
from course.grade.engine.resident import EngineBroken
from course.grade.intake.submission import Submission
from course.grade.plan import read_assignment
from tests import forked
from tests.brought.both import by_course, grades
from tests.brought.kinds import BESIDE, DELETES

WAIT = "import time\ntime.sleep(0.5)\n"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


# A node in a process of its own, whose nursery has imported torch already.
NODE = """
import runpy
from course.grade.engine import resident
resident.NURSERY = ({nursery!r},)
runpy.run_module("distributed.cli.dask_worker", run_name="__main__")
"""


def start(*command: str, cwd) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *command],
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


@contextlib.contextmanager
def dask_scheduler(folder):
    """Its address, and its process."""
    port = free_port()
    scheduler = start(
        *("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"),
        *("--port", str(port), "--no-dashboard"),
        cwd=folder,
    )
    try:
        yield f"tcp://127.0.0.1:{port}", scheduler
    finally:
        stop(scheduler)


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address, its two workers and itself."""
    with dask_scheduler(tmp_path) as (address, scheduler):
        node = NODE.format(nursery=str(forked.programs() / "nursery"))
        worker = ("-c", node, address, "--no-nanny")
        options = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
        workers = [start(*worker, *options, cwd=tmp_path) for _ in range(2)]
        yield address, workers, scheduler
        for process in workers:
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
    address, workers, _ = cluster
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


def test_what_nodes_grade_is_written_in_one_place(cluster, built_toy_copy, read_grades):
    source = built_toy_copy / "source" / "01_toy" / "01_toy.ipynb"
    for student in ("ann", "bob"):
        folder = built_toy_copy / "submitted" / student / "01_toy"
        folder.mkdir(parents=True)
        shutil.copy(source, folder)
    words = ("grade", "01_toy", "--scheduler", cluster[0])
    done = CliRunner().invoke(main, ["--root", str(built_toy_copy), *words])
    assert done.exit_code == 0, done.output
    assert "2 graded now, 0 before" in done.output
    grades = read_grades(built_toy_copy)
    assert grades["ann"] == grades["bob"] and grades["ann"]["test_row_sums"] == 2


@pytest.mark.parametrize("kind", [BESIDE, DELETES], ids=lambda kind: kind.name)
def test_what_was_brought_along_gets_the_same_points(cluster, kind, tmp_path):
    """Its files, those of students and both ways of judging reach the nodes, too."""
    told = {}
    for where, scheduler in (("here", ""), ("there", cluster[0])):
        kind.make(tmp_path / where)
        with forked.nurseries():
            results = by_course(tmp_path / where, kind.name, scheduler=scheduler)
        told[where] = [grades(tmp_path / where), {r.student: r.ways for r in results}]
    points, ways = told["here"]
    assert told["there"] == [points, ways]
    assert sum(points.values()) > 0 and all(ways.values())


def test_a_scheduler_that_is_gone_ends_the_batch_with_a_word(
    cluster, built_toy, monkeypatch
):
    address, _, scheduler = cluster
    assignment = read_assignment(built_toy / "source", "01_toy")
    # Dask looks for it for as long as it had to connect at first.
    monkeypatch.setattr("course.grade.engine.cluster.CONNECT_S", 5)
    with ClusterPool(assignment, address) as pool:
        futures = [pool.submit(s) for s in submissions(assignment, 12)]
        futures[0].result(timeout=120)
        os.kill(scheduler.pid, signal.SIGKILL)
        with pytest.raises(RuntimeError, match=f"{address} is gone: whoever was"):
            for future in futures:
                future.result(timeout=60)


def test_who_waits_for_a_scheduler_that_was_given_up_is_told(
    built_toy, tmp_path, monkeypatch
):
    """Also where Dask says nothing of a result that was just under way."""
    monkeypatch.setattr("course.grade.engine.cluster.CONNECT_S", 5)
    monkeypatch.setattr(ClusterPool, "_pass_on", lambda *told: None)
    assignment = read_assignment(built_toy / "source", "01_toy")
    with (
        dask_scheduler(tmp_path) as (address, scheduler),
        ClusterPool(assignment, address) as pool,
    ):
        waiting = pool.submit(Submission("ann"))
        os.kill(scheduler.pid, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="is gone: whoever was"):
            waiting.result(timeout=60)
        with pytest.raises(RuntimeError, match="is gone: whoever was"):
            pool.submit(Submission("bob")).result(timeout=60)


def test_a_submission_that_ends_its_nodes_gets_a_row_for_a_person(built_toy):
    assignment = read_assignment(built_toy / "source", "01_toy")
    pool = ClusterPool.__new__(ClusterPool)
    pool.node, sent, received = Node(assignment, None, None, None), Future(), Future()
    sent.set_exception(KilledWorker("eve", None, 3))
    pool._pass_on(sent, Submission("eve"), received)
    assert received.result().student == "eve" and received.result().score == 0
    assert "one after the other" in received.result().flags[0]


def test_waiting_for_the_first_worker_is_said(tmp_path, built_toy, capsys):
    assignment = read_assignment(built_toy / "source", "01_toy")
    with dask_scheduler(tmp_path) as (address, _), ClusterPool(assignment, address):
        assert f"no `dask worker` is at {address} yet" in capsys.readouterr().err


def test_a_node_that_leaves_hands_its_submission_to_another(monkeypatch):
    class Closed:
        def grade(self, submission):
            raise EngineBroken("closed")

    node = SimpleNamespace(plugins={"node": SimpleNamespace(grader=Closed())})
    monkeypatch.setattr("course.grade.engine.cluster.get_worker", lambda: node)
    sent = json.dumps(asdict(Submission("ann")))
    with pytest.raises(Reschedule):
        grade_here("node", sent)


def test_no_scheduler_is_said_in_words(built_toy, monkeypatch):
    monkeypatch.setattr("course.grade.engine.cluster.CONNECT_S", 1)
    assignment = read_assignment(built_toy / "source", "01_toy")
    with pytest.raises(RuntimeError, match="no Dask scheduler at tcp://127.0.0.1"):
        ClusterPool(assignment, f"tcp://127.0.0.1:{free_port()}")
