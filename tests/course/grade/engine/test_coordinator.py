"""One submission after the other through one nursery, whatever they do."""

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from course.grade.engine import nursery
from course.grade.engine.coordinator import Engine, NeverBegun, Time
from course.grade.engine.pools import Grader
from course.grade.engine.resident import EngineBroken
from course.grade.intake.submission import Submission
from course.grade.isolation.ladder import require
from course.grade.isolation.limits import Limits
from course.grade.plan import Assignment, Cell, read_assignment
from course.grade.result import NOT_JUDGED
from tests.forked import nurseries

HALF = "def half(x):\n    return x / 2\n"
CELL_S = 2


@pytest.fixture(scope="module")
def assignment(built_toy) -> Assignment:
    return read_assignment(built_toy / "source", "01_toy")


@pytest.fixture(scope="module")
def engine(assignment):
    limits = Limits(memory_bytes=400 * 2**20, cpu_s=20)
    times = Time(cell=CELL_S, submission=15)
    with Engine(assignment, require(None), limits, times) as engine:
        yield engine


def hand_in(assignment: Assignment, student="ann", before=(), **answers) -> Submission:
    """The reference answers, some replaced, with added cells in front."""
    extra = [Cell("extra", f"extra-{i}", text) for i, text in enumerate(before, 1)]
    cells = [
        replace(c, source=answers[c.grade_id]) if c.grade_id in answers else c
        for c in assignment.cells
    ]
    first = next(i for i, cell in enumerate(cells) if cell.kind == "answer")
    return Submission(student, (*cells[:first], *extra, *cells[first:]), digest="d")


def _source(assignment: Assignment, name: str) -> str:
    return next(c.source for c in assignment.cells if c.grade_id == name)


def states(result) -> dict[str, str]:
    return {n.removeprefix("test_"): v.state for n, v in result.verdicts.items()}


def texts(result, cell: str) -> str:
    outputs = result.outputs.get(cell, [])
    return "".join(o.get("text", "") or o.get("evalue", "") for o in outputs)


ALL_RIGHT = {"half": "right", "row_sums": "right", "count_above": "right"}


def test_right_answers_get_all_points(engine, assignment):
    result = engine.grade(hand_in(assignment))
    assert states(result) == ALL_RIGHT
    assert result.score == 6
    assert result.flags == []
    assert result.isolation == engine.level
    assert result.assignment_digest == assignment.digest


def test_an_answer_without_a_cell_is_not_attempted_unless_another_cell_has_it(
    engine, assignment
):
    result = engine.grade(hand_in(assignment, half=""))
    assert states(result) == {**ALL_RIGHT, "half": "not attempted"}
    assert result.verdicts["test_half"].mistake is None
    elsewhere = engine.grade(hand_in(assignment, half="", before=[HALF]))
    assert states(elsewhere) == ALL_RIGHT


def test_what_the_intake_doubts_is_told_a_person(engine, assignment):
    doubtful = replace(hand_in(assignment), flags=("is it the lecture?",))
    assert engine.grade(doubtful).flags == ["is it the lecture?"]
    unread = replace(doubtful, cells=(), problem="no JSON")
    assert engine.grade(unread).flags == ["is it the lecture?"]


def test_both_processes_of_a_submission_share_a_processor(engine, assignment):
    look = "import os\nprint(len(os.sched_getaffinity(0)))"
    result = engine.grade(hand_in(assignment, before=[look]))
    assert texts(result, "extra-1") == "1\n"


def test_submissions_are_spread_over_the_processors(assignment):
    look = "import os\nprint(os.sched_getaffinity(0))\nimport time; time.sleep(0.5)"
    looking = hand_in(assignment, before=[look])
    with (
        nurseries(),
        Engine(assignment, require(None), workers=2) as engine,
        ThreadPoolExecutor(2) as threads,
    ):
        results = list(threads.map(engine.grade, [looking] * 2))
    seen = {texts(result, "extra-1") for result in results}
    assert len(seen) == min(len(os.sched_getaffinity(0)), 2)


def test_the_next_submission_is_made_ready_and_waits_for_its_turn(engine, assignment):
    """Its processes are there before the one that runs has ended."""
    look = (
        "import time\nprint(time.monotonic())\ntime.sleep(1)\nprint(time.monotonic())"
    )
    looking = hand_in(assignment, before=[look])
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(engine.grade, looking) for _ in range(2)]
        time.sleep(0.7)
        assert len(engine.nursery.jobs) == 2
        assert engine.processors.empty()
    spans = [texts(run.result(), "extra-1").split() for run in running]
    first, second = sorted([float(begin), float(end)] for begin, end in spans)
    assert first[1] <= second[0]


def test_a_wrong_answer_costs_its_own_points_and_is_told_its_name(engine, assignment):
    result = engine.grade(
        hand_in(assignment, row_sums="def row_sums(X):\n    return X.sum(dim=0)\n")
    )
    assert states(result) == ALL_RIGHT | {"row_sums": "wrong"}
    assert result.verdicts["test_row_sums"].mistake == "the columns are summed"
    assert result.score == 4


def test_a_stub_is_not_attempted(engine, assignment):
    stub = "def half(x):\n    raise NotImplementedError\n"
    result = engine.grade(hand_in(assignment, half=stub))
    assert states(result) == ALL_RIGHT | {"half": "not attempted"}


def test_prints_of_cells_and_of_visible_tests_are_kept_hidden_ones_not(
    engine, assignment
):
    half = (
        "print('cell')\ndef half(x):\n    print('called', x.shape)\n    return x / 2\n"
    )
    result = engine.grade(hand_in(assignment, half=half))
    assert texts(result, "half") == "cell\n"
    assert texts(result, "test_half") == "called torch.Size([3])\n"


def test_added_cells_run_where_they_stand(engine, assignment):
    half = "def half(x):\n    return x / divisor\n"
    result = engine.grade(hand_in(assignment, before=["divisor = 2"], half=half))
    assert states(result) == ALL_RIGHT


def test_a_question_for_a_hint_that_was_left_in_is_answered(engine, assignment):
    asked = hand_in(assignment, before=['check.hint("half")', 'check.hint("haff")'])
    result = engine.grade(asked)
    assert texts(result, "extra-1").startswith("Hint 1 of 3 for half: What is half")
    assert "with one of these names, in quotes: half" in texts(result, "extra-2")
    assert states(result) == ALL_RIGHT
    assert result.flags == []


def test_programs_are_not_started(engine, assignment):
    result = engine.grade(hand_in(assignment, before=["!echo started"]))
    assert "not run while grading" in texts(result, "extra-1")
    assert states(result) == ALL_RIGHT


def test_a_name_of_a_visible_test_is_there_for_later_cells(engine, assignment):
    """As in a notebook; and a name that a hidden test alone defines is not."""
    cells = hand_in(assignment).cells
    at = next(i for i, c in enumerate(cells) if c.grade_id == "test_half")
    test = replace(cells[at], source=cells[at].source)
    later = Cell(
        "extra", "extra-9", "print(sorted(n for n in globals() if n == 'seen'))"
    )
    visible = test.source.replace(
        "check.probe(half", "seen = 1\n    check.probe(half", 1
    )
    own = replace(
        assignment,
        cells=tuple(
            replace(c, source=visible) if c.grade_id == "test_half" else c
            for c in assignment.cells
        ),
    )
    with nurseries(), Engine(own, engine.level, None, engine.times) as another:
        run = (*cells[: at + 1], later, *cells[at + 1 :])
        assert texts(another.grade(Submission("s", run)), "extra-9") == "['seen']\n"
    run = (*cells[: at + 1], later, *cells[at + 1 :])
    assert texts(engine.grade(Submission("s", run)), "extra-9") == "[]\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os\nos._exit(0)", "left Python with exit code 0"),
        ("import ctypes\nctypes.string_at(0)", "crashed the Python process"),
        (
            "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
            "time.sleep(60)",
            "took more than 2 s in one go",
        ),
    ],
    ids=["exit", "crash", "hang"],
)
def test_a_dead_process_costs_its_own_exercise(engine, assignment, code, said):
    result = engine.grade(hand_in(assignment, row_sums=code))
    assert states(result) == ALL_RIGHT | {"row_sums": "not judged"}
    assert said in result.verdicts["test_row_sums"].message
    assert result.score == 4
    assert states(engine.grade(hand_in(assignment))) == ALL_RIGHT  # the next student


def test_a_death_under_test_costs_its_own_exercise(engine, assignment):
    half = "def half(x):\n    import os\n    os._exit(3)\n"
    result = engine.grade(hand_in(assignment, half=half))
    assert states(result) == ALL_RIGHT | {"half": "not judged"}
    assert "left Python with exit code 3" in result.verdicts["test_half"].message


def test_an_added_cell_that_ends_the_process_costs_nothing_and_is_told(
    engine, assignment
):
    result = engine.grade(hand_in(assignment, before=["import os\nos._exit(3)"]))
    assert states(result) == ALL_RIGHT
    told = "the cell extra-1 left Python with exit code 3; it was left out"
    assert told in result.flags


def test_who_dies_of_what_another_cell_began_is_tried_without_it(engine, assignment):
    """A thread that half starts ends the process while row_sums waits."""
    half = (
        "import os, threading, time\n"
        "threading.Timer(0.3, lambda: os._exit(4)).start()\n" + HALF
    )
    slow = "import time\ntime.sleep(0.8)\ndef row_sums(X):\n    return X.sum(dim=1)\n"
    result = engine.grade(hand_in(assignment, half=half, row_sums=slow))
    assert states(result) == ALL_RIGHT


def test_a_fresh_process_has_the_names_of_judged_answers_that_others_use(
    engine, assignment
):
    half = HALF + "def lines(X):\n    return X.sum(dim=1)\n"
    result = engine.grade(
        hand_in(
            assignment,
            half=half,
            row_sums="import os\nos._exit(0)",
            count_above="unused = lines\n" + _source(assignment, "count_above"),
        )
    )
    assert states(result) == ALL_RIGHT | {"row_sums": "not judged"}
    assert not texts(result, "count_above")  # no NameError


def test_what_was_judged_stands_whatever_a_second_process_would_say(engine, assignment):
    """half gives points in the first process and would not in the second."""
    half = "def half(x):\n    return x / 2\nmade = True\n"
    again = "row_sums = None\nmade\nimport os\nos._exit(0)"
    result = engine.grade(hand_in(assignment, half=half, row_sums=again))
    assert states(result) == ALL_RIGHT | {"row_sums": "not judged"}


def test_all_processes_together_have_the_time_of_one_submission(assignment):
    """Each answer hangs, deaf to its alarm, for longer than a cell may."""
    deaf = (
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, "
        "{signal.SIGALRM})\ntime.sleep(60)"
    )
    times = Time(cell=0.2, submission=7)
    answers = dict.fromkeys(["half", "row_sums", "count_above"], deaf)
    with nurseries(), Engine(assignment, require(None), None, times) as engine:
        start = time.monotonic()
        result = engine.grade(hand_in(assignment, before=[deaf] * 3, **answers))
        assert time.monotonic() - start < 7 + 3
    assert set(states(result).values()) == {"not judged"}
    assert "took more than" in result.verdicts["test_count_above"].message


def test_an_endless_cell_is_stopped_and_the_rest_goes_on(engine, assignment):
    result = engine.grade(hand_in(assignment, half="while True:\n    pass"))
    assert "stopped after 2 s" in texts(result, "half")
    assert states(result) == ALL_RIGHT | {"half": "wrong"}


def test_an_endless_answer_is_wrong_and_the_rest_goes_on(engine, assignment):
    half = "def half(x):\n    while True:\n        pass\n"
    result = engine.grade(hand_in(assignment, half=half))
    assert states(result) == ALL_RIGHT | {"half": "wrong"}
    assert "stopped after 2 s" in result.verdicts["test_half"].message


def test_too_much_memory_is_an_error_in_its_cell(engine, assignment):
    half = "import torch\nbig = torch.ones(2**29)\n" + HALF
    result = engine.grade(hand_in(assignment, half=half))
    assert "memory" in texts(result, "half")
    assert states(result) == ALL_RIGHT | {"half": "wrong"}


def test_a_submission_takes_its_time_and_no_more(assignment):
    cells = ["import time\ntime.sleep(1.5)"] * 4
    times = Time(cell=2, submission=3)
    with nurseries(), Engine(assignment, require(None), None, times) as engine:
        result = engine.grade(hand_in(assignment, before=cells))
        assert set(states(result).values()) == {"not judged"}
        said = result.verdicts["test_half"].message
        assert "took more than 3 s in all" in said
        assert states(engine.grade(hand_in(assignment))) == ALL_RIGHT


def test_an_unreadable_submission_gets_a_row_without_being_run(engine):
    result = engine.grade(Submission("bob", problem="it is empty"))
    assert result.problem == "it is empty"
    assert set(states(result).values()) == {"not judged"}
    assert result.score == 0


def test_a_student_cannot_read_the_tests(engine, assignment):
    """The process that runs answers was forked before it was told the tests."""
    look = (
        "import gc\nfound = [o for o in gc.get_objects() if type(o) is dict and any("
        "type(v) is str and 'HIDDEN ' + 'TESTS' in v for v in list(o.values()))]\n"
        "print(len(found))"
    )
    result = engine.grade(hand_in(assignment, before=[look]))
    assert texts(result, "extra-1") == "0\n"


def test_why_a_nursery_does_not_start_is_said(assignment):
    given = replace(
        assignment.cells[0], kind="given", source="raise RuntimeError('no')"
    )
    broken = replace(assignment, cells=(given, *assignment.cells))
    with (
        nurseries(),
        pytest.raises(EngineBroken, match="^no$"),
        Engine(broken, require(None)),
    ):
        pytest.fail("it is ready all the same")


def test_a_test_with_a_fault_of_its_own_is_for_a_person(assignment):
    (at, test), *_ = [
        (i, c) for i, c in enumerate(assignment.cells) if c.kind == "test"
    ]
    faulty = replace(test, source=f"import no_such_secret\n{test.source}")
    cells = (*assignment.cells[:at], faulty, *assignment.cells[at + 1 :])
    faulted = replace(assignment, cells=cells)
    with nurseries(), Engine(faulted, require(None)) as engine:
        result = engine.grade(Submission("ann", cells))
    verdict = result.verdicts[test.grade_id]
    assert (verdict.state, verdict.score) == (NOT_JUDGED, 0)
    assert "told" in verdict.message and "no_such_secret" not in verdict.message
    assert any("no_such_secret" in flag for flag in result.flags)


def test_a_broken_nursery_is_replaced(assignment):
    made = []

    def make() -> Engine:
        made.append(Engine(assignment, require(None), None, Time(5, 20)))
        return made[-1]

    with nurseries():
        grader = Grader(assignment, make)
        grader.ready()
        os.kill(made[0].nursery.process.pid, signal.SIGKILL)
        made[0].nursery.process.wait()
        with pytest.raises(EngineBroken):
            made[0].grade(hand_in(assignment))
        assert states(grader.grade(hand_in(assignment))) == ALL_RIGHT
        assert len(made) == 2
        grader.close()


class Ready:
    """An engine that never has to be waited for."""

    def ready(self):
        pass


def test_a_submission_that_breaks_every_nursery_gets_no_points_and_a_flag(assignment):
    class Broken(Ready):
        def grade(self, submission):
            raise EngineBroken("gone")

        def close(self):
            pass

    result = Grader(assignment, Broken).grade(hand_in(assignment))
    assert result.score == 0
    assert result.problem
    assert "ended 2 times" in result.flags[0]


def test_who_waited_for_a_turn_is_not_blamed_for_a_broken_nursery(assignment):
    class Breaks(Ready):
        made = 0

        def __init__(self):
            Breaks.made += 1

        def grade(self, submission):
            if Breaks.made < 5:
                raise NeverBegun("gone")
            return "graded"

        def close(self):
            pass

    assert Grader(assignment, Breaks).grade(hand_in(assignment)) == "graded"


def test_a_grader_that_was_closed_starts_nothing_anew(assignment):
    """Otherwise Ctrl-C would be answered with a new nursery."""
    made = []

    class Ended(Ready):
        def __init__(self):
            made.append(self)

        def grade(self, submission):
            raise EngineBroken("gone")

        def close(self):
            pass

    grader = Grader(assignment, Ended)
    grader.close()
    with pytest.raises(EngineBroken):
        grader.grade(hand_in(assignment))
    assert len(made) == 1


def test_an_engine_that_never_gets_ready_ends_the_batch(assignment):
    """Otherwise each of a class would wait for it and get a row without points."""

    class NeverReady:
        def ready(self):
            raise EngineBroken("no such module")

    with pytest.raises(EngineBroken, match="no such module"):
        Grader(assignment, NeverReady).grade(hand_in(assignment))


@pytest.mark.parametrize("unread", [b"", b"{}"])
def test_a_coordinator_that_is_gone_is_answered_with_silence(unread):
    """Ctrl-C would otherwise be answered with a traceback."""
    coordinator, control = socket.socketpair()
    control.send(unread)
    coordinator.close()
    ended = subprocess.Popen(["true"])
    child = nursery.Child(ended.pid, os.pidfd_open(ended.pid))
    with control:
        assert nursery._receive(control) == (b"", [])
        nursery._bury(control, 1, child, Limits())
    ended.returncode = 0  # waited for by the nursery


def test_a_fault_of_ours_costs_one_row_and_not_the_class(assignment):
    class Faulty(Ready):
        def grade(self, submission):
            raise KeyError("a bug")

    result = Grader(assignment, Faulty).grade(hand_in(assignment))
    assert result.problem
    assert result.flags == ["grading this failed: KeyError: 'a bug'"]
