"""Formgrader's button Autograde grades locked in, as `course grade` does."""

import os
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tornado import web

from course import formgrade
from course.grade.record.ledger import Record
from tests import forked

SLUG = "01_toy"
HOSTILE = """
def row_sums(X):
    return X.sum(dim=1)

open({path!r}, "w").write("the instructor's rights")
"""


@pytest.fixture
def api(built_toy_copy, monkeypatch) -> SimpleNamespace:
    """What the button has of a course in which Eve handed in; PATH has our program."""
    course = built_toy_copy
    notebook = nbformat.read(course / "source" / SLUG / f"{SLUG}.ipynb", as_version=4)
    hostile = HOSTILE.format(path=str(course / "stolen"))
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == "row_sums":
            cell.source = hostile
    folder = course / "submitted" / "eve" / SLUG
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{SLUG}.ipynb")
    monkeypatch.setenv("PATH", f"{forked.programs()}:{os.environ['PATH']}")
    db_url = f"sqlite:///{course / 'other.db'}"
    about = SimpleNamespace(root=str(course), db_url=db_url)
    return SimpleNamespace(coursedir=about)


def test_it_grades_one_student_locked_in_as_often_as_asked(api):
    for _ in range(2):
        done = formgrade.autograde(api, SLUG, "eve")
        assert done["success"] and "1 graded now, 0 before" in done["log"]
    root = Path(api.coursedir.root)
    with Record(api.coursedir.db_url, root) as record:
        [result] = record.results(SLUG)
    assert result.student == "eve" and result.score == 6
    assert result.isolation in ("A", "B", "C")
    assert not (root / "stolen").exists()


def test_what_it_can_not_grade_is_said(api):
    done = formgrade.autograde(api, SLUG, "--help")
    assert not done["success"]
    assert "'--help' handed in no 01_toy" in done["error"]


def test_the_extension_gives_the_button_to_formgrader(monkeypatch):
    monkeypatch.setattr(NbGraderAPI, "autograde", NbGraderAPI.autograde)
    prepare = FormgradeExtension.init_tornado_settings
    monkeypatch.setattr(FormgradeExtension, "init_tornado_settings", prepare)
    [point] = formgrade._jupyter_server_extension_points()
    assert point["module"] == formgrade.__name__
    web_app = web.Application(base_url="/")
    formgrade._load_jupyter_server_extension(SimpleNamespace(web_app=web_app))
    assert NbGraderAPI.autograde is formgrade.autograde
