"""Lectures are executed once, as many at a time as there are cores.

jupyter-cache keeps the outputs by what the code cells say; its folder's name stands for
what it does not look at: our own `utils` and the versions of all packages.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import utils
from course.requirements import ROOT

CELL_SECONDS = 180
FAILURES = (CellExecutionError, CellTimeoutError, DeadKernelError)
QUIET = {"TQDM_DISABLE": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


class LectureFailed(RuntimeError):
    """A lecture raised, took too long or lost its kernel; says where and how."""


def cache_folder(root: Path) -> Path:
    """Where the outputs lie that today's `utils` and packages give."""
    library = Path(utils.__file__).parent
    files = [*sorted(library.rglob("*.py")), *sorted(library.glob("*.mplstyle"))]
    digest = hashlib.sha256()
    for path in (*files, ROOT / "requirements-lock.txt"):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return root / ".build" / "executed" / digest.hexdigest()[:16]


def execute(notebooks: Iterable[Path], folder: Path, say: Callable[[str], None]):
    """Execute the notebooks whose outputs are not in the cache, and put them there.

    Args:
        notebooks: notebooks without outputs; each runs in its own folder.
        folder: jupyter-cache's folder, made if missing; its siblings are removed.
        say: is told the name of each notebook that is done.

    Raises:
        LectureFailed: some raised, took too long or lost their kernel; the sound ones
            are kept.
    """
    for stale in folder.parent.glob("*"):
        if stale != folder:
            shutil.rmtree(stale)
    cache = get_cache(folder)
    known = {path: _is_known(cache, path) for path in notebooks}
    for path in filter(known.get, known):
        say(path.stem)
    os.environ.update(QUIET)  # kernels inherit it
    waiting = [path for path in known if not known[path]]
    with ThreadPoolExecutor(1) as thread:  # where no other event loop is running
        job = thread.submit(asyncio.run, _execute_all(waiting, cache, say))
        failures = job.result()
    if failures:
        raise LectureFailed("\n".join(failures))


def _is_known(cache: JupyterCacheAbstract, path: Path) -> bool:
    try:
        cache.match_cache_file(path)
    except KeyError:
        return False
    return True


async def _execute_all(paths: list[Path], cache, say) -> list[str]:
    """Execute notebooks, one kernel a core; return what went wrong."""
    cores = asyncio.Semaphore(os.cpu_count() or 1)

    async def run(path: Path) -> str:
        async with cores:
            try:
                notebook = await _run(path)
            except FAILURES as error:
                return f"{path.name}: {error}"
            finally:
                say(path.stem)
        bundle = CacheBundleIn(notebook, str(path))
        cache.cache_notebook_bundle(bundle, overwrite=True)
        return ""

    return [failure for failure in await asyncio.gather(*map(run, paths)) if failure]


async def _run(path: Path) -> nbformat.NotebookNode:
    client = NotebookClient(
        nbformat.read(path, nbformat.NO_CONVERT),
        resources={"metadata": {"path": str(path.parent)}},
        timeout=CELL_SECONDS,
        record_timing=False,  # in cells' metadata, by which the cache knows a notebook
        # Else each kernel tells the terminal that it listens on this machine's TCP.
        extra_arguments=["--log-level=ERROR"],
    )
    return await client.async_execute()
