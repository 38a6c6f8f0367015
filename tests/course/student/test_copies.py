"""A student's copies are made once, whole, and never overwritten."""

import shutil
from pathlib import Path

import pytest
from traitlets.config.loader import PyFileConfigLoader

from course.student import copies

ROOT = Path(__file__).parents[3]
SLUG = "01_toy"


def test_missing_copies_are_made_as_they_were_released(work):
    assert copies.start(work.root) == [work.path]
    assert work.path.read_bytes() == work.pristine.read_bytes()
    assert copies.start(work.root) == []


def test_a_copy_that_is_there_is_left_alone(work):
    work.path.parent.mkdir(parents=True)
    work.path.write_text("mine")
    assert copies.start(work.root) == []
    assert work.path.read_text() == "mine"


def test_what_lies_beside_a_notebook_comes_along_and_is_completed(work):
    beside = work.pristine.parent / "data" / "table.csv"
    beside.parent.mkdir()
    beside.write_text("1,2")
    (work.pristine.parent / ".ipynb_checkpoints").mkdir()
    copies.start(work.root)
    copy = work.path.parent / "data" / "table.csv"
    assert sorted(p.name for p in work.path.parent.iterdir()) == [
        "01_toy.ipynb",
        "data",
    ]
    copy.unlink()
    work.path.write_text("mine")
    assert copies.start(work.root, (SLUG,)) == [copy]
    assert (copy.read_text(), work.path.read_text()) == ("1,2", "mine")


def test_a_copy_that_fails_half_way_leaves_nothing(work, monkeypatch):
    def fail(source, target, ignore):
        Path(target).mkdir()
        raise OSError("disk full")

    monkeypatch.setattr(shutil, "copytree", fail)
    with pytest.raises(OSError, match="disk full"):
        copies.start(work.root)
    assert list((work.root / "work").iterdir()) == []


def test_of_two_that_copy_at_once_the_first_stays(work, monkeypatch):
    def be_slow(source, part, ignore):
        Path(part).mkdir()
        work.path.parent.mkdir(parents=True)
        work.path.write_text("the other's")

    monkeypatch.setattr(shutil, "copytree", be_slow)
    copies.start(work.root)
    assert work.path.read_text() == "the other's"


def test_a_chapter_that_is_not_there_is_named_beside_those_that_are(work):
    with pytest.raises(FileNotFoundError, match="no exercises 09_x; there are: 01_toy"):
        copies.start(work.root, ("09_x",))


def test_nbgrader_finds_the_courses_settings_from_within_work(work):
    shutil.copy(ROOT / "nbgrader_config.py", work.root)
    copies.prepare(work.root)
    folder = work.root / "work"
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    assert config.Exchange.root == str(work.root / "exchange")
    assert config.Exchange.assignment_dir == str(folder)
