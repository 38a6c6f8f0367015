"""How long each lecture and each solved exercise notebook takes, and what it reaches.

Every notebook is executed from the top in a kernel of its own, one after the other,
with one thread. Seconds are processor time of the kernel, imports included: a busy
machine changes them less than the clock. The metrics are what the lecture itself
computes and keeps in `metrics`.

Run: python benchmarks/lectures.py [SLUG ...]
"""

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from course.chapters import find_chapters
from course.environment import prepare_environment

ROOT = Path(__file__).resolve().parent.parent
LECTURE_S, EXERCISES_S = 45, 20
ASK = (
    "import json as _json, time as _time\n"
    "print(_json.dumps([_time.process_time(), globals().get('metrics', {})]))"
)


def execute(path: Path) -> tuple[float, dict[str, float]]:
    """Run a notebook; processor seconds and its `metrics`.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(ASK))
    settings = Config(KernelManager={"transport": "ipc"})  # it warns of TCP
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # sockets
        NotebookClient(notebook, timeout=600, config=settings).execute()
    seconds, metrics = json.loads(notebook.cells[-1].outputs[0]["text"])
    return seconds, metrics


def main(names: tuple[str, ...]) -> bool:
    """Print the table; whether every notebook keeps to its time."""
    good = True
    print(f"{'chapter':32} {'lecture':>8} {'exercises':>10}  metrics")
    for folder in find_chapters(ROOT, names):
        slug = folder.name
        lecture_s, metrics = execute(ROOT / "notebooks" / f"{slug}.ipynb")
        exercises_s, _ = execute(ROOT / "source" / slug / f"{slug}.ipynb")
        good = good and lecture_s <= LECTURE_S and exercises_s <= EXERCISES_S
        times = f"{lecture_s:6.1f} s {exercises_s:8.1f} s"
        lines = [f"{name} {value:.3g}" for name, value in metrics.items()] or [""]
        print(f"{slug:32} {times}  {lines[0]}", flush=True)
        for line in lines[1:]:
            print(f"{'':54}{line}")
    print(f"limits: {LECTURE_S} s a lecture, {EXERCISES_S} s an exercise notebook")
    return good


if __name__ == "__main__":
    prepare_environment()
    os.environ["OMP_NUM_THREADS"], os.environ["TQDM_DISABLE"] = "1", "1"
    sys.exit(0 if main(tuple(sys.argv[1:])) else 1)
