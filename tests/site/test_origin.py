"""The address that links to Colab and Binder are made of."""

import runpy
import shutil
from pathlib import Path

import pytest

from course.site.origin import origin
from tests.site.conftest import clone_of

ROOT = Path(__file__).parents[2]

HERE = "https://github.com/ada/deep.workbook"


@pytest.mark.parametrize(
    "address, expected",
    [
        (HERE, HERE),
        (f"{HERE}.git", HERE),
        ("git@github.com:ada/deep.workbook.git", HERE),
        ("ssh://git@github.com/ada/deep.workbook", HERE),
        ("https://ada:secret@github.com/ada/deep.workbook.git", HERE),
        ("https://git.example.org/ada/workbook.git", ""),
        ("https://github.com.example.org/ada/workbook", ""),
        ("https://github.com/ada", ""),
        ("/srv/workbook", ""),
    ],
)
def test_a_clone_knows_where_on_github_it_is_from(address, expected, tmp_path):
    clone_of(address, tmp_path)
    assert origin(tmp_path) == expected


def test_of_no_clone_nothing_is_known(tmp_path):
    clone_of(HERE, tmp_path)
    (tmp_path / "course").mkdir()
    assert origin(tmp_path / "course") == ""  # within somebody's repository


def test_without_git_nothing_is_known(tmp_path, monkeypatch):
    clone_of(HERE, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert origin(tmp_path) == ""


@pytest.mark.parametrize("said", ["", "https://github.com/grace/course"])
def test_the_book_takes_it_unless_the_citation_says_another(said, tmp_path):
    clone_of(HERE, tmp_path)
    shutil.copytree(ROOT / "docs" / "site", tmp_path / "docs" / "site")
    citation = (ROOT / "CITATION.cff").read_text()
    lines = f"repository-code: {said}\n" if said else ""
    (tmp_path / "CITATION.cff").write_text(citation + lines)
    settings = runpy.run_path(str(tmp_path / "docs" / "site" / "conf.py"))
    assert settings["course_repository"] == (said or HERE)
