"""An instructor stands in a folder of handed-in work: nothing of it may run."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.build.freeze import FREEZER
from course.cli import main
from course.environment import MODULE
from course.grade.engine.coordinator import Engine
from course.grade.engine.resident import NURSERY
from course.grade.intake.submission import Submission
from course.grade.isolation.ladder import probe
from course.grade.plan import read_assignment

LADDER = ("course.grade.isolation.ladder", "D")
# Each is imported by one of our programs before, or without, locking itself in.
NAMES = ("tempfile", "json", "random", "platform", "torch", "numpy", "yaml", "course")


@pytest.fixture
def trap(tmp_path: Path, monkeypatch) -> Path:
    """The current folder: modules in it note that they ran."""
    folder = tmp_path / "eve"
    folder.mkdir()
    for name in NAMES:
        code = (
            f"open({str(tmp_path / 'sprung')!r}, 'a').write({name!r})\nraise OSError\n"
        )
        (folder / f"{name}.py").write_text(code)
    monkeypatch.chdir(folder)
    return tmp_path / "sprung"


def test_the_trap_works(trap):
    subprocess.run((sys.executable, "-m", *LADDER), capture_output=True)
    assert trap.exists()


@pytest.mark.parametrize(
    "command",
    [(*MODULE, *LADDER), (*FREEZER, "."), (*NURSERY, "0", "0")],
    ids=["ladder", "freezer", "nursery"],
)
def test_no_program_of_ours_takes_a_module_from_there(command, trap):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    assert b"No module named" not in done.stderr
    assert not trap.exists()


def test_looking_for_isolation_finds_the_same_as_elsewhere(trap, monkeypatch):
    found = probe()
    monkeypatch.chdir("/")
    assert found == probe()
    assert not trap.exists()


def test_grading_takes_nothing_from_there(trap, built_toy):
    assignment = read_assignment(built_toy / "source", "01_toy")
    with Engine(assignment, probe().level) as engine:
        result = engine.grade(Submission("ann", assignment.cells))
    assert result.score == sum(cell.points for cell in assignment.tests())
    assert not trap.exists()


@pytest.mark.parametrize("place", ["submitted", "downloaded", "exchange"])
def test_no_command_starts_among_handed_in_work(place, tmp_path, monkeypatch):
    course, eve = tmp_path / "course", tmp_path / "course" / place / "eve" / "01_toy"
    for folder in (course, eve):  # one is a course, the other looks like one
        (folder / "chapters").mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text("raise SystemError('it ran')\n")
    monkeypatch.chdir(eve)
    for options in ([], ["--root", str(eve)]):
        done = CliRunner().invoke(main, [*options, "grade", "01_toy"])
        assert done.exit_code == 1
        assert f"go to {course} first" in " ".join(done.output.split())
