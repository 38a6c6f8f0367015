"""What the class is promised, with the defence taken out: each check is seen to fail.

`test_attacks.py` shows that every student has a row, that no batch and no engine stops,
and that honest neighbours are graded as without attackers.
"""

from concurrent.futures import Future
from pathlib import Path
from unittest.mock import patch

import pytest
from test_attacks import CORPUS, Course, Graded, astray, changed, grade
from weak_grading import as_stock_reads
from weakened import edited

from course.grade.engine.coordinator import Time
from course.grade.engine.pools import LocalPool
from course.grade.intake.submission import Submission
from tests.forked import nurseries

# The nursery runs students' cells itself, each student's with names of their own, and
# forks no more than something to bury.
ONE_PROCESS = """
import os
from course.grade.engine import nursery
from course.grade.isolation.lock import Lock
from course.grade.worker.shell import Shell
be_child = nursery._be_child
def leave(work, *rest):
    if work.__name__ != "be_student":
        be_child(work, *rest)
    os._exit(0)
nursery._be_child = leave
from course.grade.worker import shell
shell.leave_out = lambda: None
Lock.lock_in = lambda self, *bounds: None
begin = Shell.begin
def begin_anew(self, *rest):
    first = vars(self).setdefault("first", dict(self.names))
    self.names.clear()
    self.names.update(first)
    begin(self, *rest)
Shell.begin = begin_anew
""" + edited(
    "course.grade.engine.nursery",
    "_obey",
    "    pid = lock.fork_worker()",
    "    if work.__name__ == 'be_student':\n"
    "        work(message, list(map(os.dup, fds)))\n"
    "    pid = lock.fork_worker()",
)


ATTACKS = {f"{attack.kind}/{attack.name}": attack for attack in CORPUS}


class InTurn(LocalPool):
    """One submission after the other."""

    def submit(self, submission: Submission) -> Future:
        future: Future = Future()
        future.set_result(self.grader.grade(submission))
        return future


def grade_with(folder: Path, *names: str) -> Graded:
    """Grade a class with these attackers, and honest neighbours."""
    # No attack here is on time, and a busy machine must not look like one.
    patient = patch("test_attacks.TIMES", Time(cell=10, submission=60))
    with patch("test_attacks.LocalPool", InTurn), patient:
        return grade(Course(folder), "A", [ATTACKS[name] for name in names])


def skipping(group, done, record, tell):
    """Go on with the next student if one can't be read, as nbgrader does."""
    for student in group.students:
        try:
            yield group.read(student)
        except RuntimeError:
            continue


def test_in_one_process_an_attacker_changes_neighbours(tmp_path):
    with nurseries(ONE_PROCESS):
        alone = grade_with(tmp_path / "alone")
        graded = grade_with(tmp_path / "attacked", "language/patched_modules")
    assert changed(alone) == []
    assert changed(graded)


def test_in_one_process_who_leaves_takes_the_engine_along(tmp_path):
    with nurseries(ONE_PROCESS):
        graded = grade_with(tmp_path, "processes/leaves_with_success")
    assert graded.engines > 1


def test_without_an_intake_of_our_own_the_batch_stops(tmp_path):
    stock = patch("course.grade.batch.read_submission", as_stock_reads)
    stopped = pytest.raises(RuntimeError, match="the class is stopped")
    with nurseries(), stock, stopped:
        grade_with(tmp_path, "corrupt/no_json")


def test_without_an_intake_of_our_own_a_row_is_missing(tmp_path):
    stock = patch("course.grade.batch.read_submission", as_stock_reads)
    with nurseries(), stock, patch("course.grade.batch._not_done", skipping):
        graded = grade_with(tmp_path, "corrupt/no_json")
    assert astray(graded, [ATTACKS["corrupt/no_json"]]) == ["corrupt-no_json"]
