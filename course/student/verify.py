"""A notebook run from the top in a fresh kernel, and what its visible tests say."""

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.student import damage, notebooks, places, progress, restore
from course.student.damage import Damage
from course.student.notebooks import Broken
from course.student.progress import Exercise
from utils.states import RIGHT

CELL_SECONDS = 120  # a solved notebook runs in 20 s as a whole
STARTUP_SECONDS = 120
IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
TOO_LONG = {"ename": "TooLong", "evalue": "the cell was interrupted", "traceback": []}


@dataclass(frozen=True)
class Report:
    """What running a notebook from the top showed.

    Args:
        exercises: in the notebook's order.
        damages: tests and given cells that are not as they were handed out; they were
            put right for this run, as they are when it is graded.
        problems: cells that took too long, or ended the kernel and so the run; given
            cells that failed; files that the notebook needs and that are not handed in.
    """

    exercises: tuple[Exercise, ...]
    damages: tuple[Damage, ...]
    problems: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether every visible test is right, and is the test that was handed out."""
        tested = [e for e in self.exercises if not e.by_hand]
        is_right = all(exercise.state == RIGHT for exercise in tested)
        return is_right and not self.damages and not self.problems


def verify(
    path: Path,
    pristine: Path,
    say: Callable[[int, int], None] = lambda done, of: None,
    cell_seconds: int = CELL_SECONDS,
) -> Report:
    """Run a student's notebook as it is graded: alone, in an empty folder.

    What lies beside it is not handed in with it. The file is not changed. It is the
    student's own code on the student's own machine: nothing is locked in.

    Args:
        path: the notebook.
        pristine: the same as it was handed out.
        say: told how many cells ran, and of how many.
        cell_seconds: how long one cell may take.

    Raises:
        Broken: one of the two can't be read.
    """
    original = restore.read_pristine(pristine)
    try:
        theirs = notebooks.read(path)
    except Broken as error:
        raise Broken(f"{path.name} {error}") from None
    given = notebooks.cells(original)
    found = tuple(damage.damages(given, notebooks.cells(theirs)))
    notebook = restore.mended(theirs, original, as_graded=True)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        ran, problems = run(notebook, Path(folder), say, cell_seconds)
    problems += _beside(path, notebooks.cells(ran))
    exercises = progress.exercises(given, notebooks.cells(ran), all_ran=True)
    return Report(tuple(exercises), found, tuple(problems))


def run(
    notebook: dict, folder: Path, say: Callable, cell_seconds: int
) -> tuple[dict, list[str]]:
    """Run all cells, those after an error too.

    Args:
        notebook: what to run; it is not changed.
        folder: where it runs.
        say: told how many code cells ran, and of how many.
        cell_seconds: how long one cell may take; then it is interrupted.

    Returns:
        the notebook with new outputs, and what went wrong with the run itself.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    ran, problems = [], []

    def started(cell, cell_index: int) -> None:
        if cell.cell_type == "code":
            ran.append(cell)
            say(len(ran) - 1, len(code))

    def failed(cell, cell_index: int, execute_reply: dict) -> None:
        error = execute_reply["content"]
        if error["ename"] == TOO_LONG["ename"]:
            problems.append(f"{_name(cell)} took over {cell_seconds:g} s: interrupted")
        elif notebooks.cells({"cells": [cell]})[0].kind == "given":
            said = f"{error['ename']}: {error['evalue']}"
            problems.append(f"{_name(cell)} failed, and what needs it too: {said}")

    client = NotebookClient(
        node,
        allow_errors=True,
        interrupt_on_timeout=True,
        error_on_timeout=TOO_LONG,
        timeout=cell_seconds,
        startup_timeout=STARTUP_SECONDS,
        extra_arguments=["--IPKernelApp.log_level=40"],  # no advice on transports
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=started,
        on_cell_error=failed,
    )
    client.log.disabled = True  # it would tell the same in its own words
    try:
        client.execute()
    except DeadKernelError:
        culprit = _name(ran[-1]) if ran else "the start"
        problems.append(
            f"{culprit} ended the kernel (out of memory, or it left Python); what "
            "comes after it was not run"
        )
    return node, problems


def _beside(path: Path, cells: list[notebooks.Cell]) -> list[str]:
    """Files beside a notebook that Python takes for modules which its cells import."""
    code = "\n".join(cell.source for cell in cells if cell.is_code)
    imported = set(IMPORTED.findall(code))
    files = [*path.parent.glob("*.py"), *path.parent.glob("*/__init__.py")]
    names = {f.parent.name if f.name == "__init__.py" else f.stem: f for f in files}
    return [
        f"{names[name].relative_to(path.parent)} lies beside the notebook and is not "
        f"handed in with it: `import {name}` finds another module there, or none. Put "
        "what you need of it into the notebook, and give the file another name"
        for name in sorted(imported & set(names))
    ]


def _name(cell) -> str:
    """What a student knows a cell by."""
    named = notebooks.cells({"cells": [cell]})[0]
    if named.kind == "test":
        return f"the test of {named.exercise}"
    if named.kind in places.WRITTEN:
        return f"your answer to {named.exercise}"
    first = named.source.strip().partition("\n")[0]
    return f"the cell '{first[:40]}'"
