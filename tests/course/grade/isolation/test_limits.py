"""How much a worker uses, and how it ended."""

import mmap
import os
import signal
import sys

import pytest

from course.grade.isolation.limits import (
    MIB,
    Limits,
    bytes_in,
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
    # A mapping of its own: what malloc hands out may be memory that was freed before.
    with mmap.mmap(-1, 64 * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as held:
        for i in range(0, len(held), 4096):
            held[i] = 1
        assert 63 * MIB < memory_of(os.getpid()) - before < 70 * MIB


def test_a_child_that_writes_to_what_it_inherited_has_taken_no_more():
    held = bytearray(os.urandom(1)) * (64 * MIB)
    before = memory_of()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        for i in range(0, len(held), 4096):
            held[i] = 1
        os.write(writer, b"x")
        signal.pause()
        os._exit(0)
    os.read(reader, 1)
    try:
        assert memory_of(child) < before + 8 * MIB
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


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
