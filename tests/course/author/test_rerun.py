"""A lecture runs again from its first changed cell on, and leaves no process behind."""

import time
from pathlib import Path

import psutil
import pytest

from course.author import rerun
from course.author.rerun import Lecture
from course.cells import Cell


def cells(*sources: str) -> list[Cell]:
    return [Cell(Path("l.py"), 10 * i, s, True) for i, s in enumerate(sources, start=1)]


SLOW = "import os, time; time.sleep(0.35); a = os.getpid()"


def children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


@pytest.fixture
def lecture():
    before = children()  # another file's tests may have left a pool that waits
    with Lecture() as made:
        yield made
    deadline = time.monotonic() + 5
    while children() - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children() <= before


def printed(ran) -> list[str]:
    return [one.printed.strip() for one in ran]


def test_it_runs_every_cell_once_and_tells_what_each_printed(lecture):
    ran = list(lecture.run(cells("a = 1", "print(a)", "print(a + 1)")))
    assert printed(ran) == ["", "1", "2"]
    assert [one.line for one in ran] == [10, 20, 30]


def test_cells_before_the_first_change_do_not_run_again(lecture):
    first = list(lecture.run(cells(SLOW, "print(a)", "print(1)")))
    again = list(lecture.run(cells(SLOW, "print(a)", "print(2)")))
    assert printed(again) == [first[1].printed.strip(), "2"]


def test_what_a_later_cell_changed_is_as_it_was(lecture):
    list(lecture.run(cells("import time; x = []; time.sleep(0.4)", "x.append(1)")))
    again = lecture.run(cells("import time; x = []; time.sleep(0.4)", "print(x)"))
    assert printed(again) == ["[]"]


def test_a_change_of_the_first_cell_runs_all(lecture):
    list(lecture.run(cells(SLOW, "print(a)")))
    assert len(list(lecture.run(cells(f"{SLOW} # other", "print(a)")))) == 2


def test_many_changes_in_turn_each_start_from_the_right_names(lecture, monkeypatch):
    monkeypatch.setattr(rerun, "EVERY_S", 0.0)
    for i in range(12):
        texts = ["x = 0", *[f"x += {10**j if j <= i else 0}" for j in range(12)]]
        ran = list(lecture.run(cells(*texts, "print(x)")))
        assert ran[-1].printed.strip() == "1" * (i + 1)
        assert len(ran) <= 13 - i + 1


def test_an_error_ends_the_run_and_is_told_with_its_line(lecture):
    *_, last = lecture.run(cells("a = 1", "b = 2\nassert a == b, 'no'", "print(3)"))
    assert last.error == "l.py:21: AssertionError: no"


def test_after_an_error_the_mended_cell_goes_on(lecture):
    list(lecture.run(cells(SLOW, "1 / 0", "print(a)")))
    ran = list(lecture.run(cells(SLOW, "print('mended')", "print(a > 0)")))
    assert printed(ran) == ["mended", "True"]


@pytest.mark.parametrize("source", ["exit(3)", "def f(:", "raise KeyboardInterrupt"])
def test_whatever_ends_a_cell_is_told(lecture, source):
    (ran,) = lecture.run(cells(source))
    assert ran.error.startswith("l.py:10: ")


def test_a_cell_that_kills_its_process_ends_the_run(lecture):
    assert list(lecture.run(cells("import os; os._exit(1)", "print(1)"))) == []


def test_a_run_is_left_when_the_file_changes(lecture):
    start, is_over = time.monotonic(), iter([False, False, True, True])
    ran = lecture.run(cells("import time", "time.sleep(60)"), lambda: next(is_over))
    assert len(list(ran)) == 1
    assert time.monotonic() - start < 30
    assert printed(lecture.run(cells("print(5)"))) == ["5"]
