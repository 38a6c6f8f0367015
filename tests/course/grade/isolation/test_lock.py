"""A locked worker reaches nothing, and what it reaches unlocked shows that it tries.

Each probe runs in a worker behind the lock and in one without, as root (if the tests
run as root) and as an ordinary user, in a process of its own: see `driver`.
"""

import functools
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import probes
import pytest
from driver import BOUNDS

from course.grade.isolation import IsolationRefused, lock
from course.grade.isolation.lock import clean_environment
from tests.offered import not_offered

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")

DRIVER = Path(__file__).with_name("driver.py")
USERS = [
    pytest.param(
        "root", marks=pytest.mark.skipif(os.getuid() != 0, reason="not run by root")
    ),
    "nobody",
]
NAMES = [probe.__name__ for probe in probes.PROBES]
# What the administrator of a machine may have closed to ordinary users already.
OFTEN_CLOSED = {
    *("use_perf", "use_io_uring", "use_userfaultfd", "use_keyrings"),
    *("trace_another", "read_the_memory_of_another", "make_namespaces"),
    *("mount_something", "dump_core", "read_the_accounts"),
}
OPEN_AT_B = {"see_that_a_file_exists"}


@functools.cache
def played(level: str, user: str, scenario: str) -> dict:
    """What the driver's child found, and how it ended."""
    done = subprocess.run(
        [sys.executable, str(DRIVER), level, user, scenario],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "A_TOKEN": "SECRET", "OMP_NUM_THREADS": "1"},
    )
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    found = answer.get("found") or {}
    if "failure" in found:
        if "IsolationRefused" in found["failure"] or "unshare" in found["failure"]:
            not_offered(level, found["failure"])
        pytest.fail(found["failure"])
    return answer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("user", USERS)
def test_without_the_lock_it_is_open(user, name):
    said = played("raw", user, "probes")["found"][name]
    if said != "open" and name in OFTEN_CLOSED:
        pytest.skip(f"this machine closes it to everybody: {said}")
    assert said == "open"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("user", USERS)
def test_at_level_a_it_is_closed(user, name):
    assert played("A", user, "probes")["found"][name] != "open"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("user", USERS)
def test_at_level_b_it_is_closed(user, name):
    said = played("B", user, "probes")["found"][name]
    assert (said == "open") == (name in OPEN_AT_B)


def test_level_c_leaves_files_to_the_container_and_closes_the_rest():
    found = played("C", "nobody", "probes")["found"]
    opened = {name for name, said in found.items() if said == "open"}
    assert "read_a_submission" in opened
    files = {probe.__name__ for probe in probes.FILES}
    # Without namespaces and Landlock, /proc and /dev are open like all other files.
    files |= {"see_other_processes", "share_zeros"}
    files |= {"read_the_environment_of_another", "read_the_environment_of_the_parent"}
    assert opened <= files


@pytest.mark.parametrize("level", ["A", "B"])
@pytest.mark.parametrize("user", USERS)
def test_a_worker_has_no_rights_left(level, user):
    found = played(level, user, "describe_itself")["found"]
    status = found["status"]
    assert int(status["Uid"]) != 0
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[name], 16) == 0
    if level == "A" or user == "root":
        assert int(status["CapBnd"], 16) == 0
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert found["session"] == found["pid"]
    assert (found["pid"] == 1) == (level == "A")
    assert found["mode"] == "0o700"
    assert set(found["outputs"]) <= {"/dev/null"}


@pytest.mark.parametrize("level", ["A", "B"])
def test_the_environment_is_clean(level):
    environment = played(level, "nobody", "describe_itself")["found"]["environment"]
    assert "A_TOKEN" not in environment
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["HOME"] == environment["TMPDIR"]


@pytest.mark.parametrize("level", ["A", "B"])
@pytest.mark.parametrize("user", USERS)
def test_no_worker_outlives_its_nursery(level, user):
    assert played(level, user, "outlive") == {"survived": False}


@pytest.mark.parametrize("level", ["A", "B"])
def test_memory_ends_at_the_limit(level):
    found = played(level, "nobody", "take_memory")["found"]
    assert found["error"] == "MemoryError"
    assert found["held"] < 1.1 * BOUNDS.memory_bytes


@pytest.mark.parametrize(
    ("scenario", "said", "most"),
    [
        ("write_a_large_file", "File too large", BOUNDS.file_bytes),
        ("start_threads", "can't start new thread", BOUNDS.threads),
        ("open_files", "Too many open files", BOUNDS.open_files),
        ("compute", "1 seconds of processor time", 0),
    ],
)
@pytest.mark.parametrize("level", ["A", "B"])
def test_a_limit_is_met_with_a_clear_error(level, scenario, said, most):
    found = played(level, "nobody", scenario)["found"]
    assert said in found["error"]
    others = found.get("others", 0)
    assert found["held"] <= most + others
    assert level == "B" or others == 0


@pytest.mark.parametrize(
    ("scenario", "most"),
    [("fill_the_disk", BOUNDS.work_bytes), ("make_empty_files", 2000)],
)
def test_the_disk_of_level_a_is_full_in_time(scenario, most):
    found = played("A", "nobody", scenario)["found"]
    assert found["error"] == "No space left on device"
    assert found["held"] <= most


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("compute_stubbornly", "used up its 1 seconds of processor time"),
        ("crash", "SIGSEGV"),
        ("leave", "left Python with exit code 7"),
    ],
)
def test_how_a_worker_ended_is_said_in_words(scenario, said):
    answer = played("A", "nobody", scenario)
    assert answer["found"] is None
    assert said in answer["end"]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors have none")
def test_calls_of_32_bit_programs_end_the_process():
    assert "SIGSYS" in played("A", "nobody", "call_as_32_bit_program")["end"]


@pytest.mark.parametrize("level", ["A"])
def test_chapters_work_behind_the_lock(level):
    found = played(level, "nobody", "torch")["found"]
    assert found["losses"][-1] < found["losses"][0]
    assert found["figure"] == "PNG"
    assert found["saved"] == [1.0, 2.0]
    assert found["thread"] == [1]
    assert found["slept"]
    assert found["subprocess"] == found["workers"] == "PermissionError"


def test_a_course_among_the_systems_folders_is_refused():
    with pytest.raises(IsolationRefused, match="move the course"):
        lock._refuse_open([Path("/usr/src/course")], [])
    lock._refuse_open([Path("/srv/course")], [Path("/srv/course/.venv")])


def test_a_clean_environment_keeps_what_is_harmless():
    given = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "AWS_SECRET": "x", "PATH": "/x"}
    kept = clean_environment(Path("/somewhere"), given)
    assert kept.pop("NBGRADER_EXECUTION") == "autograde"  # as nbgrader tells it
    assert "AWS_SECRET" not in kept
    assert kept["PATH"] == "/usr/bin:/bin"
    assert kept["LANG"] == "C.UTF-8" and kept["OMP_NUM_THREADS"] == "1"
    assert kept["MPLBACKEND"] == "agg"
