"""Fewer pages for a process that forks often: a fork copies the table of all of them.

With torch a nursery holds 450 MB, in 110,000 pages of 4 KiB; of 2 MiB each there are
some hundred, which takes most of the time from a fork and from a child's end.

Code, too: every child asks the kernel anew for each page of it, and two processes with
torch that take turns use more pages than a processor can look up quickly. The kernel
keeps a file's code on large pages only if it was built for that, which few are; a copy
in memory, at the same address, it does.
"""

import ctypes
import mmap
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from course.grade.isolation import kernel

MAPS = Path("/proc/self/maps")
LARGE = 2 * 2**20
MADV_HUGEPAGE = 14
MADV_COLLAPSE = 25  # since Linux 6.1
LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)")
# What every child runs through. What torch has for GPUs is not in it.
CODE = ("libtorch_cpu.", "libtorch_python.", "libpython3.", "python3", "_multiarray")
READ_WRITE, READ_RUN = mmap.PROT_READ | mmap.PROT_WRITE, mmap.PROT_READ | mmap.PROT_EXEC
CONSTANT = ("r--p", "r-xp")
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
# For mremap: to another place, over what is there; the old one stays taken.
OVER = 1 | 2 | 4


@dataclass(frozen=True)
class Region:
    """Memory from `start` to `end`, with its rights ("r-xp") and its file, if any."""

    start: int
    end: int
    rights: str
    file: str


def gather() -> int:
    """Move what this process has in memory onto large pages: its data, then its code.

    Returns:
        how many there are now; 0 where the kernel can't, which is slower and no more.
    """
    if not MAPS.exists():  # no Linux
        return 0
    return gather_data() + gather_code()


def gather_data() -> int:
    """The same for private memory that can be written to: the heap, other arenas."""
    return sum(
        _collapse(_up(region.start), _down(region.end))
        for region in _regions()
        if region.rights == "rw-p" and region.file in ("", "[heap]")
    )


def gather_code() -> int:
    """The same for code, on x86-64: elsewhere a copy of code needs more than a copy."""
    if os.uname().machine != "x86_64":
        return 0
    return sum(_copy(start, end) for start, end in _code(_regions()))


def _regions() -> Iterator[Region]:
    for line in MAPS.read_text().splitlines():
        start, end, rights, file = LINE.fullmatch(line).groups()
        yield Region(int(start, 16), int(end, 16), rights, file)


def _code(regions: Iterable[Region]) -> Iterator[tuple[int, int]]:
    """The large pages that hold a library's code, and what is constant beside it."""
    for file, parts in groupby(regions, lambda region: region.file):
        if Path(file).name.startswith(CODE):
            constant = _constant(parts)
            for code in (part for part in constant if part.rights == "r-xp"):
                start = max(_down(code.start), _up(constant[0].start))
                end = min(_up(code.end), _down(constant[-1].end))
                if start < end:
                    yield start, end


def _constant(parts: Iterable[Region]) -> list[Region]:
    """The first regions of a file, one behind the other, where nobody writes."""
    found: list[Region] = []
    for part in parts:
        follows = not found or found[-1].end == part.start
        if part.rights not in CONSTANT or not follows:
            break
        found.append(part)
    return found


def _copy(start: int, end: int) -> int:
    """Put a copy on large pages in the place of what is there, if it can be had."""
    size = end - start
    room = kernel.address("mmap", None, size + LARGE, READ_WRITE, PRIVATE, -1, 0)
    copy, count = _up(room), 0
    try:
        # So the copy is made on large pages: to move it there takes as long again.
        kernel.call("madvise", copy, size, MADV_HUGEPAGE)
        ctypes.memmove(copy, start, size)
        if _collapse(copy, copy + size) == size // LARGE:
            kernel.call("mprotect", copy, size, READ_RUN)
            kernel.address("mremap", copy, size, size, OVER, start)
            count = size // LARGE
    except OSError:  # a system where memory can't become code: the file's stays
        pass
    finally:
        kernel.call("munmap", room, size + LARGE)
    return count


def _collapse(start: int, end: int) -> int:
    """Have the kernel move what lies between two borders of large pages onto them."""
    count = 0
    for address in range(start, end, LARGE):
        try:
            kernel.call("madvise", address, LARGE, MADV_COLLAPSE)
        except OSError:  # an older kernel, or no room in one piece
            continue
        count += 1
    return count


def _up(address: int) -> int:
    return -(-address // LARGE) * LARGE


def _down(address: int) -> int:
    return address // LARGE * LARGE
