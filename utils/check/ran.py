"""Which cells this kernel has run: a verdict is about them and about no later text.

A panel carries their digests, so that `course progress` sees that an answer was changed
after its test ran. Cells with tests are left out: nothing of a hidden test gets in.
"""

from utils.check import failures
from utils.digests import digest

TEST = "check.exercise("

# By cell, where the front end says which one it is: of a cell that was changed and run
# again only the last version counts. Else by digest.
_ran: dict[str, str] = {}


def watch() -> None:
    """Note from now on what runs in this kernel, and what ran in it before.

    The first code cell of an exercise notebook calls this by way of `check.load`.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if _note in shell.events.callbacks["post_run_cell"]:
        return
    for source in shell.history_manager.input_hist_raw[1:-1]:
        _keep(source)
    shell.events.register("post_run_cell", _note)


def answers() -> list[str]:
    """Digests of the cells that ran without an error, tests left out."""
    return sorted(set(_ran.values()))


def _note(result) -> None:
    """A cell that failed defined nothing new: what ran before is still in force."""
    source, cell = result.info.raw_cell, result.info.cell_id
    if TEST not in source:
        error = result.error_before_exec or result.error_in_exec
        # The build names an answer's cell by its exercise.
        failures.note(source, error, cell if str(cell).isidentifier() else "")
    if result.success:
        _keep(source, cell)


def _keep(source: str, cell: str | None = None) -> None:
    if TEST not in source:
        text = digest(source)
        _ran[cell or text] = text
