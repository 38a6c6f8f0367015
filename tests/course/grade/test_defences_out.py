"""Each attack gets its way, or is noticed by a check, once its defence is taken out.

`test_attacks.py` shows that the same attacks gain nothing. An attack that no longer
tries anything, or a check that can't fail, is found out here.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from nbformat import NotebookNode
from test_attacks import CORPUS, RUNS, SECRET, Course, faults, neighbours
from weak_grading import measured, read, scored
from weakened import SOUND, WEAKNESSES, Weakness

from course.grade.engine import coordinator as engine_module
from course.grade.engine.coordinator import Engine
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment, read_assignment
from course.grade.record import autograded
from course.grade.record.autograded import autograded_notebook
from course.grade.record.ledger import Record
from course.grade.result import Result
from tests.attacks import corpus
from tests.attacks.corpus import Attack
from tests.forked import nurseries, programs

SLUG = "03_linear_regression"
# What there is nothing to take out against, or what is not safe to let happen.
ELSEWHERE = {
    "exhaustion/list_of_itself": "a list that crossed is known when it is met again",
    "language/raises_failed_check": "what crosses is an AssertionError",
}
if sys.version_info >= (3, 12):
    ELSEWHERE["exhaustion/deep_recursion"] = (
        "memory ends it, in less time than a cell's"
    )


def name_of(attack: Attack) -> str:
    return f"{attack.kind}/{attack.name}"


HONEST = Attack(
    "everything", "neighbours", {"honest": "all", "expected": {"honest": True}}
)
TRIED = [attack for attack in CORPUS if name_of(attack) not in ELSEWHERE]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A class of attackers, honest neighbours and a gradebook; no part of ours."""
    root = tmp_path_factory.mktemp("defenceless")
    made = Course(root)
    (root / "pyproject.toml").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "FOLDER", root / "tests" / "attacks")
        for handed in [HONEST, *neighbours(made), *TRIED]:
            made.hand_in(handed)
    programs()
    return made


@pytest.fixture(scope="module")
def assignment(course: Course) -> Assignment:
    return read_assignment(course.root / "source", SLUG)


@pytest.fixture(scope="module")
def pristine(course: Course, assignment: Assignment) -> NotebookNode:
    """The source notebook as an engine's record has it; makes a gradebook."""
    with Record("", course.root) as record:
        return record.prepare(assignment)


@pytest.fixture(scope="module")
def wrong_without(course: Course, assignment: Assignment, pristine: NotebookNode):
    """Called with a defence: what goes wrong without it, by student."""
    wrong: dict[str, dict] = {}

    def get(defence: str) -> dict[str, list[str]]:
        if defence not in wrong:
            engine = WEAKNESSES[defence].engine
            alike = [name for name, w in WEAKNESSES.items() if w.engine == engine]
            work = [
                (name, attack)
                for name in alike
                for attack in [HONEST, *(a for a in TRIED if a.without == name)]
            ]
            for name, attack, found in grade(work, course, assignment, pristine):
                wrong.setdefault(name, {})[attack.student] = found
        return wrong[defence]

    return get


def grade(
    work: list[tuple[str, Attack]],
    course: Course,
    assignment: Assignment,
    pristine: NotebookNode,
) -> Iterator[tuple[str, Attack, list[str]]]:
    """Grade attacks, each without a defence, on engines that one nursery serves.

    Args:
        work: defences that are out, and the attack on each.
        course, assignment, pristine: the class and what it was asked.

    Yields:
        a defence, the attack, and what goes wrong.
    """
    handed_in = []
    for name, attack in work:
        weakness, folder = WEAKNESSES[name], course.folder(attack)
        try:
            submission = read(weakness, folder, assignment, attack.student)
            handed_in.append((name, attack, submission))
        except RuntimeError as stopped:
            yield name, attack, [str(stopped)]
    judged = weakness.assignment(assignment)
    with engine_without(weakness, judged) as engine, ThreadPoolExecutor(3) as pool:
        results = list(pool.map(engine.grade, [handed[-1] for handed in handed_in]))
    for (name, attack, submission), result in zip(handed_in, results, strict=True):
        weakness = WEAKNESSES[name]
        result = scored(weakness, course.folder(attack), submission, result)
        found = told(course, attack, result)
        if not weakness.inert:
            found += running(pristine, submission, result)
        yield name, attack, found


@contextlib.contextmanager
def engine_without(weakness: Weakness, assignment: Assignment) -> Iterator[Engine]:
    """A weak engine; both halves of its nursery end with it, walls or none."""
    ours = psutil.Process()
    with pytest.MonkeyPatch.context() as patch, nurseries(weakness.code):
        patch.setenv("COURSE_GRADER_TOKEN", SECRET)
        patch.setattr(engine_module, "NOBODY", os.getuid())
        before = set(ours.children(recursive=True))
        level, limits, times = weakness.level, weakness.limits, weakness.times
        with Engine(assignment, level, limits, times, workers=2) as engine:
            halves = set(ours.children(recursive=True)) - before
            yield engine
    assert halves
    deadline = time.monotonic() + 10
    while any(map(lives, halves)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def lives(process: psutil.Process) -> bool:
    """Whether a process still runs; who adopts an orphan may bury it a second later."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def told(course: Course, attack: Attack, result: Result) -> list[str]:
    """What the checks tell of an attack."""
    kept = json.dumps([result.outputs, json.loads(result.to_json())])
    return faults(attack, course.worth(attack), result, kept) + measured(result)


def running(
    pristine: NotebookNode, submission: Submission, result: Result
) -> list[str]:
    """What would run in a graded notebook where nothing is made inert."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("inert_text", "inert_markdown"):
            patch.setattr(autograded, name, lambda text, *rest: text)
        notebook = autograded_notebook(
            pristine, submission, result, lambda shown: shown
        )
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    texts += [json.dumps(cell.get("outputs", [])) for cell in notebook.cells]
    return [word for word in RUNS if word in "".join(texts).lower()]


@pytest.mark.parametrize("defence", WEAKNESSES)
def test_honest_work_is_graded_without_a_defence(defence, wrong_without):
    """So that a weak engine is weak, and not broken."""
    assert wrong_without(defence)[HONEST.student] == []


@pytest.mark.parametrize("attack", TRIED, ids=name_of)
def test_without_its_defence_an_attack_is_noticed(attack, wrong_without):
    assert wrong_without(attack.without)[attack.student]


def test_a_sound_engine_keeps_to_its_limits(course, assignment, pristine):
    """`test_attacks.py` does not count threads, files and memory."""
    work = [("nothing", attack) for attack in TRIED if attack.without == "limits"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(WEAKNESSES, "nothing", SOUND)
        found = {a.student: f for _, a, f in grade(work, course, assignment, pristine)}
    assert found and found == dict.fromkeys(found, [])


def test_what_is_shown_elsewhere_is_little():
    assert len(ELSEWHERE) <= 3 and ELSEWHERE.keys() <= set(map(name_of, CORPUS))
    assert {attack.without for attack in TRIED} == set(WEAKNESSES)
