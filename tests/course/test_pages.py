"""Memory on large pages, where the kernel has them."""

import os
import subprocess
import sys

import pytest

from course import pages

PROGRAM = """
import mmap, os, re
from pathlib import Path
from course import pages

def huge():
    text = Path("/proc/self/smaps").read_text()
    return sum(map(int, re.findall(r"AnonHugePages: +(\\d+) kB", text))) * 1024

size = 64 * 2**20
private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
with mmap.mmap(-1, size, flags=private) as held:
    content = os.urandom(2**20) * 64
    held[:] = content
    before = huge()
    count = pages.gather()
    assert held[:] == content
    print(count, huge() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_memory_keeps_its_content_and_has_fewer_pages():
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, grown = map(int, done.stdout.split())
    release = tuple(map(int, os.uname().release.split("-")[0].split(".")[:2]))
    if release >= (6, 1):
        assert count >= 31  # of 32, if the region starts between two
    assert grown == 0 if count == 0 else grown >= count * pages.LARGE * 0.9


def test_a_kernel_that_can_not_is_no_error(monkeypatch):
    def refuse(*args):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(pages.kernel, "call", refuse)
    assert pages.gather() == 0


def test_where_there_is_no_linux_nothing_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "MAPS", tmp_path / "maps")
    assert pages.gather() == 0
