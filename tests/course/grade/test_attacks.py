"""The corpus of `tests/attacks` handed in as one class, honest neighbours in it.

At level A and, where there is Landlock, at level B: see `ordinary_user.py`.
"""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.chapters import read_chapter
from course.grade.batch import find_class, grade_class
from course.grade.engine.coordinator import Engine, Time
from course.grade.engine.pools import LocalPool
from course.grade.intake.flags import MAX_FLAGS
from course.grade.isolation.limits import Limits
from course.grade.isolation.lock import NOBODY
from course.grade.record.ledger import Record
from course.grade.result import Result
from tests.attacks.corpus import Attack, hand_in, read_corpus
from tests.forked import nurseries
from tests.offered import not_offered

ROOT = Path(__file__).parents[3]
SLUG = "03_linear_regression"
SECRET = "SECRET-OF-THE-GRADER"
LIMITS = Limits(memory_bytes=512 * 2**20, cpu_s=20)
TIMES = Time(cell=1, submission=10)
IMPATIENT = "from course.grade.bridge import judge; judge.GRACE_S = 1"
CORPUS = read_corpus()
CLASSES = (
    "corrupt exhaustion feedback files forged language leaks metadata network processes"
)
NO_SUCH_LEVEL = 3  # exit status of `ordinary_user.py`
HIDDEN = "torch.randn(257"  # stands in a hidden test and nowhere else
RUNS = ("<script", "onerror", "onload", "javascript:", "<iframe", "<object", "<svg")
NOT_AT_B = {"exhaustion-full_disk"}  # there each file is bounded, not all together


@dataclass(frozen=True)
class Graded:
    """What came of the class.

    Args:
        root: the course's folder.
        level: how students' code was locked in.
        results: by student.
        kept: all that is kept of a student's outputs and verdicts, as text.
        before: the results of honest neighbours, graded without attackers.
        rows: how many rows the gradebook has, by student.
        engines: how many engines it took.
    """

    root: Path
    level: str
    results: dict[str, Result]
    kept: dict[str, str]
    before: dict[str, Result]
    rows: Counter
    engines: int


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


class Course:
    """A course with chapter 03, and a class that hands it in."""

    def __init__(self, root: Path):
        self.root = root
        self.chapter = read_chapter(ROOT / "chapters" / SLUG)
        name = Path("source") / SLUG / f"{SLUG}.ipynb"
        (root / name).parent.mkdir(parents=True)
        (root / name).write_bytes((ROOT / name).read_bytes())
        (root / "nbgrader_config.py").write_bytes(
            (ROOT / "nbgrader_config.py").read_bytes()
        )
        self.blank = read_json(ROOT / name)
        for cell in self.blank["cells"]:
            if cell["metadata"]["nbgrader"]["solution"]:
                cell["source"] = "raise NotImplementedError"
        self.right = {
            exercise: self.chapter.bank(exercise, "right")[0].source
            for exercise in self.chapter.cells("exercise")
        }

    def folder(self, attack: Attack) -> Path:
        """Where an attack is handed in."""
        return self.root / "submitted" / attack.student / SLUG

    def hand_in(self, attack: Attack) -> None:
        hand_in(attack, self.blank, self.right, self.folder(attack))

    def worth(self, attack: Attack) -> float:
        """What its honest answers are worth."""
        tests = self.chapter.cells("test")
        return sum(tests[name].points for name in attack.honest(list(self.right)))


def neighbours(course: Course) -> list[Attack]:
    """Honest work, right and wrong, spread over the alphabet."""
    wrong = {
        name: course.chapter.bank(name, "wrong")[0].source for name in course.right
    }
    some = {name: wrong[name] for name in ("sgd", "squared_loss", "fit_lbfgs")}
    told = {"a": {"honest": "all"}, "honest": {"honest": "all", "answers": some}}
    told["m"] = {"answers": wrong}
    told["z"] = {"honest": ["data_iter", "border"]}
    return [Attack("all", name, about) for name, about in told.items()]


def grade(course: Course, level: str, attacks: list[Attack]) -> Graded:
    """Hand everything in, grade the honest alone and then the whole class."""
    engines = []

    def start(workers: int) -> Engine:
        engine = Engine(group.assignment, level, LIMITS, TIMES, workers=workers)
        engines.append(engine)
        return engines[-1]

    honest = neighbours(course)
    for attack in [*honest, *attacks]:
        course.hand_in(attack)
    group = find_class(course.root, SLUG)
    with (
        LocalPool(group.assignment, start, 2) as pool,
        Record("", course.root) as record,
    ):
        names = [neighbour.student for neighbour in honest]
        before = [pool.submit(group.read(name)) for name in names]
        before = {future.result().student: future.result() for future in before}
        found = grade_class(group, record, pool, 2)
        rows = Counter(result.student for result in record.results(SLUG))
    results = {result.student: result for result in found}
    kept = {name: everything_kept(course, result) for name, result in results.items()}
    return Graded(course.root, level, results, kept, before, rows, len(engines))


def attacks_at(level: str) -> list[Attack]:
    """The attacks against which a level promises anything."""
    return [a for a in CORPUS if level == "A" or a.student not in NOT_AT_B]


def everything_kept(course: Course, result: Result) -> str:
    """The outputs in autograded/ and the verdicts: what a student may come to see."""
    notebook = course.root / "autograded" / result.student / SLUG / f"{SLUG}.ipynb"
    outputs = [cell.get("outputs") for cell in read_json(notebook)["cells"]]
    return json.dumps([outputs, json.loads(result.to_json())])


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    return Course(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(scope="module", params=["A", "B"])
def graded(request, course: Course) -> Iterator[Graded]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_GRADER_TOKEN", SECRET)
        if request.param == "A":
            with nurseries(IMPATIENT):
                yield grade(course, "A", CORPUS)
            return
        with tempfile.TemporaryDirectory() as folder:
            yield graded_by_an_ordinary_user(request.param, Path(folder))


def graded_by_an_ordinary_user(level: str, folder: Path) -> Graded:
    """The class graded in a process of its own; skips where the level can't be had."""
    if os.getuid() == 0:
        shutil.chown(folder, NOBODY, NOBODY)
    program = str(Path(__file__).with_name("ordinary_user.py"))
    done = subprocess.run(
        [sys.executable, program, level, str(folder)],
        cwd="/",
        env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )
    if done.returncode == NO_SUCH_LEVEL:
        not_offered(level, done.stderr)
    assert done.returncode == 0, done.stderr
    return pickle.loads((folder / "graded.pickle").read_bytes())


def named(attacks: list[Attack]) -> pytest.MarkDecorator:
    ids = [f"{attack.kind}/{attack.name}" for attack in attacks]
    return pytest.mark.parametrize("attack", attacks, ids=ids)


def test_corpus_is_large_and_of_every_class():
    assert len(CORPUS) >= 105
    assert {attack.kind for attack in CORPUS} == set(CLASSES.split())
    assert sum(attack.kind == "forged" for attack in CORPUS) >= 25


def test_every_student_has_one_row_and_no_engine_broke(graded: Graded):
    assert astray(graded, attacks_at(graded.level)) == []
    assert graded.engines == 1


def astray(graded: Graded, attacks: list[Attack]) -> list[str]:
    """Who has no row, or more than one."""
    students = [*graded.before, *(attack.student for attack in attacks)]
    assert graded.rows.keys() <= set(students)
    return [name for name in students if graded.rows[name] != 1]


def test_neighbours_are_graded_as_without_attackers(graded: Graded):
    assert changed(graded) == []


def changed(graded: Graded) -> list[str]:
    """Honest neighbours who were told something else than without attackers."""
    now = graded.results
    pairs = ((name, before, now[name]) for name, before in graded.before.items())
    return [name for name, *both in pairs if len(set(map(told, both))) > 1]


def told(result: Result) -> tuple:
    """What a student is told, and what is told about the student."""
    verdicts = (
        (name, verdict.state, verdict.score, verdict.mistake, verdict.message)
        for name, verdict in result.verdicts.items()
    )
    return *verdicts, *result.flags, result.problem


def faults(attack: Attack, worth: float, result: Result, kept: str) -> list[str]:
    """What went wrong with an attack, in a few words each; nothing if defences hold.

    Args:
        attack: what was handed in.
        worth: what its honest answers are worth.
        result: how it was graded.
        kept: all that is kept of it.
    """
    expected, score, found = attack.expected, result.score, []
    if expected.get("honest") and score != worth:
        found.append(f"{score:g} points for what is worth {worth:g}")
    if not expected.get("honest") and not score <= expected["points"]:  # not a number
        found.append(f"{score:g} points for nothing")
    if bool(result.problem) != expected.get("problem", False):
        found.append(f"its problem: {result.problem or 'none'}")
    if expected.get("flagged") and not result.flags:
        found.append("no person is told")
    if len(result.flags) > 3 * (MAX_FLAGS + 1):  # of sources, its process, the tests
        found.append(f"{len(result.flags)} flags")
    secrets = (*expected.get("untold", ()), SECRET, HIDDEN)
    silent = [text for text in expected.get("told", ()) if text not in kept]
    found += [f"it does not say {text}" for text in silent]
    return found + [f"it says {text}" for text in secrets if text in kept]


@named(CORPUS)
def test_attack_gains_nothing(attack: Attack, course: Course, graded: Graded):
    if attack not in attacks_at(graded.level):
        pytest.skip(f"level {graded.level} promises nothing against this")
    result, kept = graded.results[attack.student], graded.kept[attack.student]
    assert result.isolation in (graded.level, "")
    assert faults(attack, course.worth(attack), result, kept) == []


@named([attack for attack in CORPUS if attack.kind in ("feedback", "forged")])
def test_nothing_that_is_kept_runs(attack: Attack, graded: Graded):
    for output in outputs_of(graded.root, attack.student):
        data = output.get("data", {})
        assert data.keys() <= {"text/plain", "text/html", "image/png", "image/jpeg"}
        html = "".join(data.get("text/html", "")).lower()
        assert not any(word in html for word in RUNS)


def outputs_of(root: Path, student: str) -> list[dict]:
    notebook = root / "autograded" / student / SLUG / f"{SLUG}.ipynb"
    cells = read_json(notebook)["cells"]
    return [output for cell in cells for output in cell.get("outputs", ())]
