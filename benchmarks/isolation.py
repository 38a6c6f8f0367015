"""What locking a worker in costs, beside a fork that locks nothing.

At each level that this machine offers, a nursery with torch forks children in turn: one
that just leaves, and one that is locked in first. A submission's worker and judge are
locked in at the same time, so the difference is what isolation adds to it.

Run: python benchmarks/isolation.py
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from course.grade.isolation.ladder import probe
from course.grade.isolation.limits import Limits
from course.grade.isolation.lock import NOBODY, Lock, enter

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MS, ROUNDS = 15, 40


def timed(lock: Lock, is_locked: bool) -> float:
    """Milliseconds from a fork to the end of the child."""
    with tempfile.TemporaryDirectory() as work:
        if lock.level != "A" and os.getuid() == 0:
            os.chown(work, NOBODY, NOBODY)
        start = time.perf_counter()
        pid = lock.fork_worker() if is_locked else os.fork()
        if pid == 0:
            if is_locked:
                lock.lock_in(Limits(), work=None if lock.level == "A" else Path(work))
            os._exit(0)
        if os.waitpid(pid, 0)[1]:
            raise RuntimeError("a child could not be locked in")
        return 1000 * (time.perf_counter() - start)


def measure(level: str) -> None:
    """Become a nursery of this level and print the medians of both kinds as JSON."""
    lock = enter(level, [ROOT / "utils", ROOT / "course"])
    from course import pages
    from course.bank.pool import prepare

    prepare({"utils.check", "torchvision"})
    pages.gather()
    pairs = [(timed(lock, False), timed(lock, True)) for _ in range(ROUNDS)]
    print(json.dumps([median(times) for times in zip(*pairs, strict=True)]))


def main() -> bool:
    """Measure each level in a process of its own; whether the limit holds."""
    refused, good = dict(probe().refusals), True
    for level in "AB":
        if level in refused:
            print(f"level {level}: {refused[level]}")
            continue
        command = [sys.executable, __file__, level]
        plain, locked = json.loads(subprocess.check_output(command))
        cost = locked - plain
        print(f"level {level}: fork to end {plain:.1f} ms, locked in {locked:.1f} ms")
        print(f"level {level}: isolation costs {cost:.1f} ms (limit {LIMIT_MS})")
        good = good and cost <= LIMIT_MS
    return good


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        sys.exit(0 if main() else 1)
