"""The gates that are other people's programs are shown to fail on broken input."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.offered import not_offered

ROOT = Path(__file__).parents[1]
ENV = os.environ | {"TQDM_DISABLE": "1", "OMP_NUM_THREADS": "1"}


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=ENV,
        capture_output=True,
        text=True,
    )


def nbval_options() -> list[str]:
    """The options of `make notebooks-run`, without its folders."""
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    recipe = re.search(r"python -m (pytest --nbval-lax .*) notebooks source", makefile)
    return shlex.split(recipe[1])


def test_a_notebook_that_raises_fails_the_gate_and_a_sound_one_passes(tmp_path):
    for name, source in {"sound": "x = 1", "broken": "x = 1 / 0"}.items():
        notebook = new_notebook(cells=[new_code_cell(source)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    done = run(*nbval_options(), ".", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert "broken.ipynb" in done.stdout


def test_an_undefined_name_in_a_chapter_fails_the_linter(tmp_path):
    chapter = tmp_path / "chapters" / "01_one"
    chapter.mkdir(parents=True)
    (chapter / "lecture.py").write_text("# %%\nprint(undefined)\n")
    config = ("--config", str(ROOT / "pyproject.toml"))
    done = run("ruff", "check", "--no-cache", *config, ".", cwd=tmp_path)
    assert done.returncode == 1
    assert "F821" in done.stdout


def test_a_badly_formatted_chapter_fails_the_formatter(tmp_path):
    (tmp_path / "lecture.py").write_text("# %%\nx  =  1\n")
    config = ("--config", str(ROOT / "pyproject.toml"))
    done = run("ruff", "format", "--check", "--no-cache", *config, ".", cwd=tmp_path)
    assert done.returncode == 1


def test_a_level_that_must_be_offered_fails_where_it_is_not(monkeypatch):
    monkeypatch.setenv("COURSE_ISOLATION", "A")
    with pytest.raises(pytest.fail.Exception, match="no namespaces"):
        not_offered("A", "no namespaces")
    with pytest.raises(pytest.skip.Exception):
        not_offered("B", "no Landlock")


def test_ci_skips_no_level():
    assert "export COURSE_ISOLATION=AB\n" in (ROOT / ".ci" / "run").read_text()
