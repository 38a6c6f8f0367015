"""nbgrader finds `alembic` from a shell in which nothing is activated."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from course.environment import prepare_environment, reproducible
from course.machine import gradebook_state
from course.requirements import ROOT

MAKE_GRADEBOOK = """
from nbgrader.api import Gradebook
Gradebook("sqlite:///gradebook.db").close()
"""
PREPARE = "from course.environment import prepare_environment; prepare_environment()"


def run_bare(folder, *arguments):
    """Run this Python in `folder` with a PATH that holds nothing, as `env -i` would."""
    (folder / "no-programs").mkdir(exist_ok=True)
    environ = {"PATH": str(folder / "no-programs"), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
    )


def table_names(database):
    with closing(sqlite3.connect(database)) as connection:
        return {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master")
        }


def test_without_help_nbgrader_leaves_a_half_made_database_behind(tmp_path):
    done = run_bare(tmp_path, "-c", MAKE_GRADEBOOK)
    assert done.returncode != 0
    assert "alembic" in done.stderr
    tables = table_names(tmp_path / "gradebook.db")
    assert "student" in tables and "alembic_version" not in tables
    assert gradebook_state(tmp_path / "gradebook.db") == "half-made"


def test_after_prepare_environment_the_database_is_whole(tmp_path):
    done = run_bare(tmp_path, "-c", PREPARE + MAKE_GRADEBOOK)
    assert done.returncode == 0, done.stderr
    assert "alembic_version" in table_names(tmp_path / "gradebook.db")
    assert gradebook_state(tmp_path / "gradebook.db") == "whole"


def test_nbgrader_itself_makes_a_whole_database_in_this_course(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    done = run_bare(tmp_path, "-m", "nbgrader", "db", "student", "add", "ada")
    assert done.returncode == 0, done.stderr
    assert gradebook_state(tmp_path / "gradebook.db") == "whole"


def test_own_programs_come_first_and_only_once():
    environ = {"PATH": os.pathsep.join(["/usr/bin", "/bin"])}
    prepare_environment(environ)
    prepare_environment(environ)
    first, *others = environ["PATH"].split(os.pathsep)
    assert shutil.which("alembic", path=first)
    assert others == ["/usr/bin", "/bin"]


def test_children_get_one_thread_unless_more_were_asked_for():
    environ = {}
    prepare_environment(environ)
    assert environ["OMP_NUM_THREADS"] == "1"
    environ = {"OMP_NUM_THREADS": "4"}
    prepare_environment(environ)
    assert environ["OMP_NUM_THREADS"] == "4"


def test_reproducible_takes_torch_back_to_the_plainest_instructions(tmp_path):
    code = (
        "from course.environment import reproducible; reproducible()\n"
        "import torch; print(torch.backends.cpu.get_cpu_capability())"
    )
    done = run_bare(tmp_path, "-c", code)
    assert done.stdout.strip() == "DEFAULT", done.stderr


def test_reproducible_after_torch_was_imported_says_that_it_is_too_late(monkeypatch):
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    monkeypatch.setitem(sys.modules, "torch", object())
    with pytest.raises(RuntimeError, match="ATEN_CPU_CAPABILITY"):
        reproducible()
