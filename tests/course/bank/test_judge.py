"""The gate is shown to fail: each defect of a bank or of a test is a fault."""

import shutil
from pathlib import Path

import pytest

from course.bank.judge import Score, as_json, judge, runnable
from course.bank.trial import Exercises, run_setup, try_answers
from course.build.freeze import freeze
from course.chapters import read_chapter
from course.new import TEMPLATE

SECOND = '''
# %% exercise="double"
def double(X):
    """Twice X."""
    ### BEGIN SOLUTION
    return 2 * X
    ### END SOLUTION


# %% test="double" points=1
check.probe(double, X=torch.tensor([1.0, 3.0]))
### BEGIN HIDDEN TESTS
check.probe(double, X=torch.tensor([5.0]))
### END HIDDEN TESTS
'''
SECOND_BANK = """

# %% double right "added to itself"
def double(X):
    return X + X


# %% double wrong "squared"
def double(X):
    return X**2


# %% double wrong "halved"
def double(X):
    return X / 2


# %% double wrong "given back as it is"
def double(X):
    return X
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "01_sound"
    shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__"))
    append(made / "exercises.py", SECOND)
    append(made / "answers.py", SECOND_BANK)
    return made


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def judged(folder: Path, mutants: bool = False) -> dict[str, Score]:
    chapter = read_chapter(folder)
    return judge(chapter, freeze(chapter), mutants)


def faults(folder: Path, mutants: bool = False) -> list[str]:
    scores = judged(folder, mutants)
    return [fault for score in scores.values() for fault in score.faults]


def test_a_sound_bank_has_no_fault_and_is_counted(folder):
    scores = judged(folder, mutants=True)
    assert [score.faults for score in scores.values()] == [[], [], []]
    score = scores["standardize"]
    assert (score.points, score.right, score.wrong) == (2, 1, 4)
    assert score.caught == score.named == score.wrong
    assert score.mutants == score.killed > 5
    assert score.survivors == []
    assert score.seconds > 0


def test_a_right_answer_that_loses_a_mark_is_a_fault(folder):
    change(folder / "answers.py", "return X + X", "return X + X + 1")
    (fault,) = faults(folder)
    assert "right answer 'added to itself' loses its marks" in fault


def test_a_wrong_answer_that_keeps_full_marks_is_a_fault(folder):
    change(folder / "answers.py", "return X / 2", "return X * 2")
    (fault,) = faults(folder)
    assert fault == "wrong answer 'halved' is judged right"


def test_two_mistakes_that_no_probe_tells_apart_are_a_fault(folder):
    change(folder / "answers.py", "return X**2", "return X / 2 + 0")
    *told, agreement = faults(folder)
    assert len(told) == 2
    assert all("halved; or squared" in fault for fault in told)
    assert agreement == (
        "'squared' and 'halved' agree at every probe up to where they fail"
    )


def test_a_probe_before_it_that_tells_two_mistakes_apart_ends_their_agreement(folder):
    change(folder / "answers.py", "return X**2", "return X / 2 + 3 * (len(X) < 2)")
    assert len(faults(folder)) == 3
    first = "check.probe(double, X=torch.tensor([1.0, 3.0]))"
    change(folder / "exercises.py", first, f"{first.replace(', 3.0', '')}\n{first}")
    hidden = "check.probe(double, X=torch.tensor([5.0]))"
    change(folder / "exercises.py", hidden, hidden.replace("5.0", "6.0"))
    assert faults(folder) == []


def test_a_wrong_answer_without_a_name_is_a_fault(folder):
    # The probe is seeded; an answer that draws its own seed gives a value nobody froze.
    # `seed()` asks the system: an address, as of `id(X)`, may be that of another fork.
    own = "generator := torch.Generator(), generator.seed()"
    noise = f"return X + torch.rand(2, generator=({own})[0])"
    change(folder / "answers.py", "return X / 2", noise)
    (fault,) = faults(folder)
    assert "wrong answer 'halved' is told: no name" in fault


def test_a_wrong_answer_that_costs_another_exercise_its_marks_is_a_fault(folder):
    leak = "def double(X):\n    return X / 2\n\n\ntorch.Tensor.std = lambda *a, **k: 1"
    change(folder / "answers.py", "def double(X):\n    return X / 2", leak)
    change(folder / "exercises.py", SECOND, "")
    change(folder / "exercises.py", "# %% [markdown]\n# ## 1.", SECOND[1:] + HEAD)
    assert any("costs standardize its marks" in fault for fault in faults(folder))


HEAD = "\n# %% [markdown]\n# ## 1."


def test_a_stub_that_is_not_said_to_be_one_is_a_fault(folder):
    caught = (
        "try:\n    Y = double(X)\nexcept NotImplementedError:\n    Y = None\n"
        "check.true(Y is not None, 'double gives something')"
    )
    first = "check.probe(double, X=torch.tensor([1.0, 3.0]))"
    change(folder / "exercises.py", first, f"X = torch.ones(2)\n{caught}")
    (fault,) = [fault for fault in faults(folder) if "the stub" in fault]
    assert fault == "the stub is judged wrong: double gives something"


def test_a_weak_test_lets_mutants_live_and_is_a_fault(folder):
    weak = "check.true(len(standardize(X)) == 3, 'three rows')"
    change(folder / "exercises.py", "check.probe(standardize, X)", weak)
    probe = (
        "check.probe(standardize, torch.tensor([[2.0, -1.0, 5.0], [4.0, 7.0, 6.0]]))"
    )
    hidden = "check.true(standardize(X).shape == (3, 2), 'its shape')"
    change(folder / "exercises.py", probe, hidden)
    scores = judged(folder, mutants=True)
    assert any("of the mutants die" in f for f in scores["standardize"].faults)
    assert scores["standardize"].survivors


def test_an_equivalent_mutant_is_listed_and_no_longer_asked_for(folder):
    change(folder / "exercises.py", "return 2 * X\n", "return 2 * X.clone()\n")
    before = judged(folder, mutants=True)["double"]
    assert before.survivors == ["return 2 * X.clone() -> return 2 * X"]
    entry = '\n\n# %% double equivalent "2 * X is a new tensor anyway"\n'
    append(folder / "answers.py", f"{entry}# {before.survivors[0]}\n")
    after = judged(folder, mutants=True)["double"]
    assert (after.survivors, after.faults, after.equivalent) == ([], [], 1)


def test_a_stale_list_of_equivalent_mutants_is_a_fault(folder):
    entry = '\n\n# %% double equivalent "once upon a time"\n# return 1 -> return 2\n'
    append(folder / "answers.py", entry)
    (fault,) = faults(folder, mutants=True)
    assert "no mutant survives as: return 1 -> return 2" in fault


def test_an_endless_answer_is_caught(folder, monkeypatch):
    monkeypatch.setattr("course.bank.jobs.TIMEOUT_S", 2.0)
    monkeypatch.setattr("course.build.freeze.TIMEOUT_S", 2.0)
    endless = "while True:\n        X = X / 2"
    change(folder / "answers.py", "return X / 2", endless)
    score = judged(folder)["double"]
    assert score.caught == score.wrong
    assert score.faults == [
        "wrong answer 'halved' is told: no name (the test took too long)"
    ]


def test_the_json_holds_what_ci_asks_for():
    score = Score(points=2, right=1, wrong=3, caught=3, named=3, mutants=9, killed=9)
    report = as_json({"01_sound": {"double": score}}, ["a file"], seconds=1.25)
    entry = report["chapters"]["01_sound"]["double"]
    asked = "points right wrong caught named mutants killed survivors seconds"
    assert set(asked.split()) <= entry.keys()
    assert report["faults"] == 0
    assert report["stale"] == ["a file"]


def test_mutants_that_share_a_child_are_judged_as_if_alone(folder, monkeypatch):
    # `X.sub_` changes the test's own tensor only; `seen` is of the setup, and stays.
    change(
        folder / "exercises.py",
        "from utils import check\n",
        "from utils import check\n\nseen = [0]\n",
    )
    change(folder / "exercises.py", "return 2 * X\n", "seen[0] = 0\n    return 2 * X\n")
    together = judged(folder, mutants=True)
    monkeypatch.setattr("course.bank.jobs.BATCH", 1)
    alone = judged(folder, mutants=True)
    for exercise in alone:
        assert together[exercise].survivors == alone[exercise].survivors
        assert together[exercise].killed == alone[exercise].killed


def test_an_answer_that_spoils_its_child_does_not_kill_those_after_it(folder):
    from course.bank.jobs import Job, run_together
    from course.bank.judge import runnable
    from course.bank.trial import run_setup

    chapter = read_chapter(folder)
    exercises = runnable(chapter, freeze(chapter))
    spoils = "torch.Tensor.__rmul__ = torch.Tensor.__mul__ = None\ndef double(X): pass"
    sources = {"spoils": spoils, "right": "def double(X):\n    return X + X"}
    jobs = [Job("double", "mutant", t, [("double", s)]) for t, s in sources.items()]
    outcomes = run_together(exercises, run_setup(chapter), jobs)
    states = {job.title: verdicts[0].state for job, verdicts in outcomes}
    assert states == {"spoils": "wrong", "right": "right"}


def test_given_functions_answers_and_tests_are_of_one_notebook():
    names = {"__name__": "__main__"}
    exec("factor = 2\ndef given(x):\n    return factor * x", names)
    test = Exercises({}, {"double": "assert given(1) == 3"})
    (told,) = try_answers(test, names, [("double", "factor = 3")])
    assert told.state == "right"


def test_an_answer_that_does_not_run_is_told_its_error_and_its_neighbour_is_not(folder):
    chapter = read_chapter(folder)
    exercises, names = runnable(chapter, freeze(chapter)), run_setup(chapter)
    sound = ("double", exercises.answers["double"])
    broken = [
        ("double", f"{text}\ndef double(X):\n    return X") for text in ("1/0", ")")
    ]
    told = try_answers(exercises, names, [*broken, sound])
    assert [verdict.state for verdict in told] == ["wrong", "wrong", "right"]
    assert "raised ZeroDivisionError: division by zero (line 1: `1/0" in told[0].message
    assert "raised SyntaxError: unmatched ')' (line 1: `)`)" in told[1].message
