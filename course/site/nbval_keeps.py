"""A plugin for pytest: what nbval runs is kept, and the book needs no second run.

Used as `pytest --nbval-lax -p course.site.nbval_keeps notebooks`. `course site` runs
whatever is not kept: a lecture that was changed since, or all of them without this.
"""

import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbval.plugin import IPyNbCell, IPyNbFile

from course.site.execute import cache_folder


def pytest_configure(config: pytest.Config) -> None:
    """Make the cache once, before several processes write to it."""
    if not hasattr(config, "workerinput"):
        get_cache(cache_folder(config.rootpath)).list_cache_records()


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> None:
    """Note what a cell showed, and that it failed."""
    if isinstance(item, IPyNbCell) and call.when == "call":
        item.cell.outputs = item.test_outputs or []
        if call.excinfo:
            item.parent.is_broken = True


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last cell of a lecture, keep it if every cell ran."""
    notebook = item.parent
    is_last = nextitem is None or nextitem.parent is not notebook
    is_lecture = isinstance(item, IPyNbCell) and item.path.parent.name == "notebooks"
    if is_last and is_lecture and not hasattr(notebook, "is_broken"):
        _keep(notebook)


def _keep(notebook: IPyNbFile) -> None:
    cells = [cell for cell in notebook.nb.cells if cell.cell_type == "code"]
    for count, cell in enumerate(cells, start=1):
        cell.execution_count = count
    bundle = CacheBundleIn(notebook.nb, str(notebook.path))
    cache = get_cache(cache_folder(notebook.config.rootpath))
    cache.cache_notebook_bundle(bundle, overwrite=True)
