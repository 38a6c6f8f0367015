"""nbval with our plugin keeps what a sound lecture showed, of a broken one nothing."""

import subprocess
import sys

import nbformat
import pytest
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.site.execute import cache_folder

PLUGIN = "course.site.nbval_keeps"
SOUND = ["x = 1\nprint('shown')", "x + 1"]


@pytest.fixture
def kept(tmp_path):
    """Runs notebooks as `make notebooks-run` does; gives what the cache then holds."""

    def run(**notebooks: list[str]) -> dict[str, list]:
        folder = tmp_path / "notebooks"
        folder.mkdir()
        for name, sources in notebooks.items():
            cells = [new_markdown_cell(name), *map(new_code_cell, sources)]
            nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
        plugins = (
            "--nbval-lax",
            "--nbval-current-env",
            "-p",
            "course.site.nbval_keeps",
        )
        options = ("-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadscope")
        command = (sys.executable, "-m", "pytest", *plugins, *options, "--rootdir", ".")
        subprocess.run((*command, "notebooks"), cwd=tmp_path, capture_output=True)
        cache = get_cache(cache_folder(tmp_path))
        found = {}
        for name in notebooks:
            try:
                record = cache.match_cache_file(folder / f"{name}.ipynb")
            except KeyError:
                continue
            found[name] = cache.get_cache_bundle(record.pk).nb.cells
        return found

    return run


def test_what_a_sound_lecture_showed_is_kept(kept):
    cells = kept(sound=SOUND, broken=[*SOUND, "1 / 0", "print('after')"])
    assert set(cells) == {"sound"}
    first, second = cells["sound"]  # a cache keeps cells of code
    assert first.outputs[0].text == "shown\n"
    assert second.outputs[0].data["text/plain"] == "2"
    assert [first.execution_count, second.execution_count] == [1, 2]
