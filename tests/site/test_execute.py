"""Lectures run once, and again when what they depend on has changed."""

from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import utils
from course.site import execute as module
from course.site.execute import LectureFailed, cache_folder, execute

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
COUNT = "with open('runs', 'a') as file:\n    print('run', file=file)"


def notebook(path: Path, *sources: str, prose: str = "") -> Path:
    cells = [new_markdown_cell(prose), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    return path


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text().splitlines())


def test_a_lecture_runs_once_and_again_when_its_code_changed(tmp_path):
    path, cache, said = tmp_path / "01_one.ipynb", tmp_path / "cache" / "now", []
    stale = tmp_path / "cache" / "before"
    stale.mkdir(parents=True)
    execute([notebook(path, COUNT, "print(6 * 7)")], cache, said.append)
    assert not stale.exists()
    execute([notebook(path, COUNT, "print(6 * 7)", prose="new")], cache, said.append)
    assert runs(tmp_path) == 1
    [record] = get_cache(cache).list_cache_records()
    kept = get_cache(cache).get_cache_bundle(record.pk).nb
    assert kept.cells[-1].outputs[0].text == "42\n"
    execute([notebook(path, COUNT, "print(6 * 8)")], cache, said.append)
    assert runs(tmp_path) == 2
    assert said == ["01_one"] * 3


def test_a_cell_that_raises_is_named_and_the_sound_lecture_is_kept(tmp_path):
    broken = notebook(tmp_path / "02_broken.ipynb", "total = 1", "total / 0")
    sound = notebook(tmp_path / "03_sound.ipynb", COUNT)
    cache = tmp_path / "cache" / "now"
    with pytest.raises(LectureFailed, match="02_broken.ipynb") as failed:
        execute([broken, sound], cache, lambda text: None)
    assert "ZeroDivisionError" in str(failed.value)
    assert "total / 0" in str(failed.value)
    [record] = get_cache(cache).list_cache_records()
    assert record.uri == str(sound)


def test_a_cell_that_takes_too_long_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CELL_SECONDS", 1)
    slow = notebook(tmp_path / "01_slow.ipynb", "import time\ntime.sleep(30)")
    with pytest.raises(LectureFailed, match="01_slow.ipynb: .*timed out"):
        execute([slow], tmp_path / "cache" / "now", lambda text: None)


def test_outputs_are_not_those_of_another_utils_or_other_packages(
    tmp_path, monkeypatch
):
    library, course = tmp_path / "utils", tmp_path / "course"
    library.mkdir()
    course.mkdir()
    (library / "__init__.py").write_text("")
    (course / "requirements-lock.txt").write_text("torch==1\n")
    monkeypatch.setattr(utils, "__file__", str(library / "__init__.py"))
    monkeypatch.setattr(module, "ROOT", course)
    folders = [cache_folder(tmp_path)]
    (library / "train.py").write_text("epochs = 1\n")
    folders.append(cache_folder(tmp_path))
    (course / "requirements-lock.txt").write_text("torch==2\n")
    folders.append(cache_folder(tmp_path))
    assert len(set(folders)) == 3
    assert cache_folder(tmp_path) == folders[-1]
