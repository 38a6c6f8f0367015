"""Each class of attacks gets its way once the defence against it is taken out.

`test_attacks.py` shows that the same attacks gain nothing, and there stands how those
in the language pay where tests and answers share a process. An attack that no longer
tries anything, or a check that can't fail, is found out here. All is safe to run: what
stays in force is said with each.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import psutil
import pytest
from test_attacks import (
    CORPUS,
    LIMITS,
    RUNS,
    TIMES,
    Course,
    in_one_process,
    most,
    neighbours,
)

from course.bank.pool import prepare, run_forked
from course.grade import engine as engine_module
from course.grade import opening
from course.grade.autograded import autograded_notebook
from course.grade.engine import Engine, Time
from course.grade.intake import Submission, read_submission
from course.grade.plan import Assignment, read_assignment
from course.grade.record import Record
from course.grade.result import Result

SLUG = "03_linear_regression"
ATTACKS = {f"{attack.kind}/{attack.name}": attack for attack in CORPUS}
NO_FILTER = """
from course.grade.isolation import seccomp
seccomp.install = lambda *programs: None
"""
STAY_THE_USER = f"""
from course.grade.isolation import lock
lock.NOBODY = {os.getuid()}
"""
BELIEVE_ALL_FLAGS = """
from course.grade import hearing
hearing.bounded = list
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    made = Course(tmp_path_factory.mktemp("defenceless"))
    for neighbour in neighbours(made):
        made.hand_in(neighbour)
    return made


@pytest.fixture(scope="module")
def assignment(course: Course) -> Assignment:
    return read_assignment(course.root / "source", SLUG)


@pytest.fixture(scope="module")
def engine(assignment: Assignment) -> Iterator[Engine]:
    """An engine with all its defences."""
    with Engine(assignment, "A", LIMITS, TIMES) as started:
        yield started


@contextlib.contextmanager
def engine_after(code: str, assignment: Assignment, level: str) -> Iterator[Engine]:
    """An engine whose nursery runs some code of ours before anything else.

    Both halves of the nursery must end with it, also where no namespace ends them.
    """
    start = subprocess.Popen

    def popen(command, *args, **how):
        if "course.grade.nursery" in command:
            ends = ", ".join(command[-2:])
            main = f"from course.grade.nursery import main\nmain({ends})"
            command = [sys.executable, "-c", f"{code}\n{main}"]
        return start(command, *args, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", popen)
        patch.setattr(engine_module, "NOBODY", os.getuid())
        with Engine(assignment, level, LIMITS, TIMES) as started:
            halves = psutil.Process(started.process.pid).children(recursive=True)
            yield started
    assert halves
    assert psutil.wait_procs(halves, timeout=10)[1] == []


def handed_in(course: Course, name: str, assignment: Assignment) -> Submission:
    """An attack of the corpus, handed in and read."""
    attack = ATTACKS[name]
    folder = course.root / "submitted" / attack.student / SLUG
    if not os.path.lexists(folder):
        course.hand_in(attack)
    return read_submission(folder, assignment, attack.student)


def shown(result: Result) -> str:
    return json.dumps(result.outputs)


def test_exhaustion_an_endless_cell_takes_the_whole_time(
    course, assignment, engine, monkeypatch
):
    """Without a limit for a cell; that for the submission stays."""
    monkeypatch.setattr(engine, "times", Time(cell=3600, submission=6))
    submission = handed_in(course, "exhaustion/loop_in_a_cell", assignment)
    result = engine.grade(submission)
    assert result.score < course.worth(ATTACKS["exhaustion/loop_in_a_cell"])


def test_files_neighbours_can_be_read(course, assignment):
    """Without namespaces and Landlock; the filter on system calls stays."""
    submission = handed_in(course, "files/reads_neighbours", assignment)
    with engine_after(STAY_THE_USER, assignment, "C") as engine:
        result = engine.grade(submission)
    assert "OPEN" in shown(result)
    assert "honest-all" in shown(result)


@pytest.fixture(scope="module")
def unfiltered(assignment: Assignment) -> Iterator[Engine]:
    """Without the filter on system calls; namespaces and limits stay."""
    with engine_after(NO_FILTER, assignment, "A") as started:
        yield started


@pytest.mark.parametrize("name", ["network/raw_system_call", "processes/outlives"])
def test_network_and_processes_are_open(name, course, assignment, unfiltered):
    result = unfiltered.grade(handed_in(course, name, assignment))
    assert "OPEN" in shown(result)


def test_forged_replies_have_the_shape_of_replies(course, assignment, engine):
    """Or the judge would hang up on each of them, whatever it says."""
    result = engine.grade(handed_in(course, "forged/nan_tensor", assignment))
    assert result.verdicts["test_squared_loss"].state == "wrong"


def test_forged_flags_flood_who_looks_at_them(course, assignment):
    """Without bounds for what a worker says of itself."""
    submission = handed_in(course, "forged/flags_that_flood", assignment)
    with engine_after(BELIEVE_ALL_FLAGS, assignment, "A") as engine:
        assert len(engine.grade(submission).flags) > 10_000


def test_metadata_points_are_what_a_student_says(course, assignment, engine):
    """With an intake that believes the points of the submitted notebook."""
    attack = ATTACKS["metadata/points"]
    submission = handed_in(course, "metadata/points", assignment)
    path = course.root / "submitted" / attack.student / SLUG / f"{SLUG}.ipynb"
    claimed = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]
        for cell in json.loads(path.read_text())["cells"]
    }
    cells = tuple(
        replace(cell, points=claimed[cell.grade_id].get("points", 0))
        for cell in submission.cells
    )
    result = engine.grade(replace(submission, cells=cells))
    assert result.score == 1000 > most(course, attack)


@pytest.mark.parametrize("name", ["link_to_the_source", "linked_folder"])
def test_corrupt_a_link_leads_to_others_answers(
    name, course, assignment, engine, monkeypatch
):
    """With an intake that follows links."""
    monkeypatch.setattr(opening, "_SAFELY", os.O_RDONLY)
    monkeypatch.setattr(opening, "_FOLDER", os.O_RDONLY | os.O_DIRECTORY)
    submission = handed_in(course, f"corrupt/{name}", assignment)
    assert not submission.problem
    assert engine.grade(submission).score > 0


@pytest.mark.parametrize("name", ["feedback/script", "feedback/svg"])
def test_feedback_outputs_run(name, course, assignment, engine):
    """With outputs as they are."""
    submission = handed_in(course, name, assignment)
    result = engine.grade(submission)
    with Record("", course.root) as record:
        pristine = record.prepare(assignment)
    runs = []
    for how in ({}, {"inert": lambda outputs: outputs}):
        notebook = autograded_notebook(pristine, submission, result, **how)
        outputs = [cell.get("outputs", []) for cell in notebook.cells]
        runs.append(any(word in json.dumps(outputs) for word in RUNS))
    assert runs == [False, True]


def printed(cells) -> str:
    """What a submission prints whose tests run beside its answers."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        in_one_process(cells)
    return out.getvalue()


def test_leaks_hidden_inputs_are_printed(course, assignment):
    """Where tests and answers share a process and nobody withholds a print."""
    submission = handed_in(course, "leaks/prints_hidden_inputs", assignment)
    prepare({"utils.check"})
    ((_, out),) = run_forked([partial(printed, submission.cells)], timeout_s=60)
    assert "SEEN" in out
