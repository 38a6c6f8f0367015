"""Programs run as from a bare shell, and what they leave in a gradebook."""

import os
import sqlite3
import subprocess
import sysconfig
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.forked import programs

GRADES = """
SELECT submitted_assignment.student_id, base_cell.name, auto_score, needs_manual_grade
FROM grade
JOIN base_cell ON grade.cell_id = base_cell.id
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
"""
PROGRAMS = Path(sysconfig.get_path("scripts"))


def bare(home: Path) -> dict[str, str]:
    """The environment of a shell in which nothing is activated."""
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


@pytest.fixture(scope="session")
def run_bare() -> Callable[..., subprocess.CompletedProcess]:
    """Run `run_bare(folder, "course", "demo")` in a folder, as a fork if it can be."""

    def run(folder: Path, program: str, *words: str) -> subprocess.CompletedProcess:
        forked = programs() / program
        return subprocess.run(
            [forked if forked.exists() else PROGRAMS / program, *words],
            cwd=folder,
            env=bare(folder),
            capture_output=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture(scope="session")
def run_nbgrader() -> Callable[..., None]:
    """Run `run_nbgrader(course, ["export"], ...)`: nbgrader's own commands in turn.

    As from a bare shell. Commands and kernels are forks of processes that have imported
    nbgrader and torch already.
    """

    def run_all(course: Path, *commands: list[str]) -> None:
        kernels = {"JUPYTER_PATH": str(programs())}
        for words in commands:
            done = subprocess.run(
                [programs() / "nbgrader", *words],
                cwd=course,
                env=bare(course) | kernels,
                capture_output=True,
                encoding="utf-8",
            )
            assert done.returncode == 0, f"nbgrader {words}: {done.stderr}"

    return run_all


@pytest.fixture(scope="session")
def read_grades() -> Callable[[Path], dict[str, dict[str, float | str | None]]]:
    """Read `read_grades(course)[student][grade id]`: points, or "waits"."""

    def read(course: Path) -> dict[str, dict[str, float | str | None]]:
        grades: dict = defaultdict(dict)
        with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
            for student, cell, points, waits in gradebook.execute(GRADES):
                grades[student][cell] = "waits" if waits else points
        return dict(grades)

    return read
