"""How much a worker uses, and how it ended."""

import os
import signal
import sys

import pytest

from course.grade.isolation import limits
from course.grade.isolation.limits import (
    MIB,
    Limits,
    bytes_in,
    exceeds,
    memory_of,
    threads_of,
    why_it_died,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def test_a_process_that_has_ended_has_no_memory():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert memory_of(child) == 0


def test_memory_taken_is_memory_seen():
    before = memory_of(os.getpid())
    held = bytearray(os.urandom(1)) * (64 * MIB)
    assert 63 * MIB < memory_of(os.getpid()) - before < 70 * MIB
    del held


def test_too_much_memory_is_noticed():
    held = memory_of(os.getpid())
    assert exceeds(os.getpid(), held // 2)
    assert not exceeds(os.getpid(), 2 * held)


def test_what_is_shared_is_not_too_much(monkeypatch):
    """A forked child shares all it has inherited, which the cheap count can't tell."""
    held = bytearray(os.urandom(1)) * (64 * MIB)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    try:
        assert not exceeds(child, 32 * MIB)
        monkeypatch.setattr(limits, "memory_of", lambda pid: 2**40)
        assert exceeds(child, 32 * MIB)
    finally:
        os.close(writer)
        os.waitpid(child, 0)
    del held


def test_files_are_measured_without_following_links(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(os.urandom(MIB))
    (tmp_path / "link").symlink_to("/usr")
    assert MIB <= bytes_in(tmp_path) < 1.1 * MIB


def test_the_threads_of_a_user_are_counted():
    assert threads_of(os.getuid()) >= 1
    assert threads_of(2**31 - 7) == 0


KILLED = int(signal.SIGKILL)


@pytest.mark.parametrize(
    ("status", "facts", "said"),
    [
        (3 << 8, {}, "exit code 3"),
        (KILLED, {}, "memory ran out"),
        (KILLED, {"stopped": "took longer than 5 s"}, "took longer than 5 s"),
        (KILLED, {"limits": Limits(cpu_s=5), "cpu_s": 6}, "5 seconds of processor"),
        (KILLED, {"limits": Limits(cpu_s=5), "cpu_s": 1}, "memory ran out"),
        (int(signal.SIGSEGV) | 0x80, {}, "SIGSEGV"),
        (int(signal.SIGFPE), {}, "divided by zero"),
        (int(signal.SIGTERM), {}, "SIGTERM"),
    ],
)
def test_each_end_has_words(status, facts, said):
    assert said in why_it_died(status, **facts)
