"""Programs run as from a bare shell, and what they leave in a gradebook."""

import json
import os
import sqlite3
import subprocess
import sysconfig
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

GRADES = """
SELECT submitted_assignment.student_id, base_cell.name, auto_score, needs_manual_grade
FROM grade
JOIN base_cell ON grade.cell_id = base_cell.id
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
"""
# What the program `nbgrader` does, one process a command, but imported once for all.
NBGRADER = """
import json, os, sys
from nbgrader.apps.nbgraderapp import main

for words in json.loads(sys.argv[1]):
    if not os.fork():
        sys.argv = ["nbgrader", *words]
        sys.exit(main())
    if os.wait()[1]:
        sys.exit("failed: nbgrader " + " ".join(words))
"""
PROGRAMS = Path(sysconfig.get_path("scripts"))


@pytest.fixture(scope="session")
def run_bare() -> Callable[..., subprocess.CompletedProcess]:
    """Run `run_bare(folder, "nbgrader", "export")` in a folder."""

    def run(folder: Path, program: str, *words: str) -> subprocess.CompletedProcess:
        bare = {"PATH": os.defpath, "HOME": str(folder), "OMP_NUM_THREADS": "1"}
        bare["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        return subprocess.run(
            [PROGRAMS / program, *words],
            cwd=folder,
            env=bare,
            capture_output=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture(scope="session")
def run_nbgrader(run_bare) -> Callable[..., None]:
    """Run `run_nbgrader(course, ["export"], ...)`: nbgrader's own commands in turn."""

    def run(course: Path, *commands: list[str]) -> None:
        done = run_bare(course, "python", "-c", NBGRADER, json.dumps(commands))
        assert done.returncode == 0, done.stdout + done.stderr

    return run


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
