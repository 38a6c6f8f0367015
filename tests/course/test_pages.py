"""Memory on large pages, where the kernel has them."""

import os
import platform
import subprocess
import sys

import pytest

from course import pages
from course.pages import LARGE, Region

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
    count = pages.gather_data()
    assert held[:] == content
    print(count, huge() - before)
"""


OF_CODE = """
import ctypes, sys
import torch
from course import pages

WHERE = "libtorch_python."
pages.CODE = (WHERE,)

of_file = [region for region in pages._regions() if WHERE in region.file]
start, end = of_file[0].start, of_file[-1].end

def code():
    regions = pages._regions()
    return [r for r in regions if start <= r.start < end and r.rights == "r-xp"]

def content():
    return b"".join(ctypes.string_at(r.start, r.end - r.start) for r in code())

before, regions = content(), code()
if "refuse" in sys.argv:
    call = pages.kernel.call
    def refuse(function, *args):
        if function == sys.argv[-1]:
            raise PermissionError
        return call(function, *args)
    pages.kernel.call = refuse
count = pages.gather_code()
assert before in content()  # beside code, a page may hold constants
assert torch.ones(3).sum() == 3
print(count, code() == regions, any(not r.file for r in code()))
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
on_x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 only")


def has_collapse() -> bool:
    """Whether this kernel moves memory onto large pages when asked (Linux 6.1)."""
    release = tuple(map(int, os.uname().release.split("-")[0].split(".")[:2]))
    return release >= (6, 1)


def run(program: str, *args: str) -> list[str]:
    command = [sys.executable, "-c", program, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


@on_linux
def test_memory_keeps_its_content_and_has_fewer_pages():
    count, grown = map(int, run(PROGRAM))
    if has_collapse():
        assert count >= 31  # of 32, if the region starts between two
    assert grown == 0 if count == 0 else grown >= count * LARGE * 0.9


@on_linux
@on_x86
def test_code_is_the_same_in_memory_of_its_own():
    count, is_as_before, is_copied = run(OF_CODE)
    if has_collapse():
        assert int(count) >= 5  # of some 8: the ends belong to pages with other things
    assert (is_as_before == "True") == (is_copied == "False") == (count == "0")


@on_linux
@on_x86
@pytest.mark.parametrize("call", ["madvise", "mprotect"])
def test_code_that_can_not_be_copied_stays(call):
    assert run(OF_CODE, "refuse", call) == ["0", "True", "False"]


def test_elsewhere_code_stays(monkeypatch):
    monkeypatch.setattr(pages.os, "uname", lambda: type("", (), {"machine": "aarch64"}))
    assert pages.gather_code() == 0


def regions(*parts: tuple[float, float, str], file: str = "/lib/libpython3.11.so"):
    return [Region(int(a * LARGE), int(b * LARGE), how, file) for a, b, how in parts]


LIBRARY = [(10, 10.4, "r--p"), (10.4, 12.3, "r-xp"), (12.3, 13.1, "r--p")]


@pytest.mark.parametrize(
    "parts, expected",
    [
        pytest.param([*LIBRARY, (13.1, 13.3, "rw-p")], [(10, 13)], id="whole pages"),
        pytest.param([(9.5, 9.7, "r--p"), *LIBRARY[1:]], [], id="something is missing"),
        pytest.param(LIBRARY[:2], [(10, 12)], id="nothing behind it"),
        pytest.param(
            [*LIBRARY[:2], (12.3, 13.1, "rw-p")], [(10, 12)], id="data behind"
        ),
        pytest.param([(10.1, 11.9, "r-xp")], [], id="less than a page"),
        pytest.param([(10, 12, "r--p"), (12, 14, "rw-p")], [], id="no code"),
    ],
)
def test_what_of_a_library_is_copied(parts, expected):
    found = [(a / LARGE, b / LARGE) for a, b in pages._code(regions(*parts))]
    assert found == expected


def test_other_libraries_stay():
    for file in ("/lib/libc.so.6", "/x/lib/libtorch_cuda.so", "/python3.11/x.so", ""):
        assert not [*pages._code(regions((10, 14, "r-xp"), file=file))]


def test_a_kernel_that_can_not_is_no_error(monkeypatch):
    call = pages.kernel.call

    def refuse(function, *args):
        if function == "madvise":
            raise OSError(22, "Invalid argument")
        return call(function, *args)

    monkeypatch.setattr(pages.kernel, "call", refuse)
    assert pages.gather() == 0


def test_where_there_is_no_linux_nothing_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "MAPS", tmp_path / "maps")
    assert pages.gather() == 0
