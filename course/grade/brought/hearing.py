"""One submission of an assignment that was brought along: cells over there, tests here
or there, each reported as soon as it is done.
"""

import base64
import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from course.grade.bridge.frames import Wire
from course.grade.brought import APART
from course.grade.brought.apart import Apart, names_of
from course.grade.brought.asking import Asking, StudentGone
from course.grade.brought.points import NOT_DONE, error_in, last_value, verdict_of
from course.grade.brought.stand_ins import Bench
from course.grade.brought.why import says_missing, why
from course.grade.intake.flags import bounded, look_at
from course.grade.plan import Assignment, Cell, runs
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, Verdict

Report = Callable[[dict], None]
Files = list[list[str]]  # [path, base64]


class Hearing:
    """A judge for one notebook of one submission.

    Args:
        assignment: the notebook.
        wire: the connection to the student's process.
        seconds: how long a cell or a call may take.
        ways: `APART` or `INSIDE` for each test, by grade id.
    """

    def __init__(
        self, assignment: Assignment, wire: Wire, seconds: float, ways: dict[str, str]
    ):
        self.asking, self.ways = Asking(wire, seconds), ways
        self.apart = Apart(assignment, Bench(self.asking))
        self.solved = {cell.grade_id: cell for cell in assignment.solved}
        self.left_out: set[str] = set()  # names that answers left as released define

    def hand_over(self, own: Files, sent: Files) -> None:
        """Put files beside the notebook, in both work folders.

        Args:
            own: the assignment's.
            sent: the student's, which the judge never has; the assignment's count.
        """
        for path, content in own:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(base64.b64decode(content))
        if own and "" not in sys.path:
            sys.path.insert(0, "")  # helper modules lie beside the notebook
        with contextlib.suppress(StudentGone):  # the first cell will tell
            for path, content in (*sent, *own):
                self.asking.ask("files", path, blobs=(base64.b64decode(content),))

    def hear(self, cells: list[Cell], report: Report) -> None:
        """Run cells in order while the student's process lives.

        Args:
            cells: the submission's.
            report: is given {"cell": grade id, "outputs": [...]} for each cell that ran
                and {"cell": ..., "verdict": {...}, "outputs": [...]} for each test, and
                {"flags": [...]} and {"end": why the student's process is gone, "" if it
                is not, "at": the cell at which it went} at last.
        """
        at = ""
        for cell in cells:
            if not runs(cell) and cell.kind != "test":
                continue
            at, about = cell.grade_id, {}
            if cell.kind == "test":
                about["verdict"] = vars(self._judge(cell))
            else:
                self._run(cell)
            report({"cell": at, **about, "outputs": self.asking.take_heard()})
            if self.asking.gone:
                break
        gone = self.asking.gone  # an end after this one costs nothing that was judged
        report({"flags": self._tampering()})
        report({"end": gone, "at": at})

    def _run(self, cell: Cell) -> None:
        """Run a cell; note what an answer that says it isn't there yet leaves out."""
        with contextlib.suppress(StudentGone):
            error = self.asking.run(cell.grade_id, cell.source)
            if error and error[0] == NOT_DONE and cell.grade_id in self.solved:
                self.left_out |= names_of(self.solved[cell.grade_id])

    def _judge(self, cell: Cell) -> Verdict:
        start = time.perf_counter()
        judge = self.apart.judge if self.ways[cell.grade_id] == APART else self._inside
        try:
            verdict, printed = judge(cell)
            self.asking.heard += printed
            if any(says_missing(verdict.message, name) for name in self.left_out):
                verdict = replace(verdict, state=NOT_ATTEMPTED)
            return replace(verdict, seconds=round(time.perf_counter() - start, 4))
        except StudentGone:
            reason = (
                f"Your code ended or hung while it was tested ({self.asking.gone})."
            )
            return Verdict(NOT_JUDGED, cell.points, message=reason)

    def _inside(self, cell: Cell) -> tuple[Verdict, list[dict]]:
        error = self.asking.run(cell.grade_id, cell.source)
        heard = self.asking.heard
        name, said, line, _ = error or (error_in(heard), "", 0, "")
        told = why(cell.source, line, name, said) if name else ""
        return verdict_of(cell, name, told, last_value(heard)), []

    def _tampering(self) -> list[str]:
        """What the student's process found changed in itself; it may lie."""
        if self.asking.gone:
            return []
        try:
            tree, error = self.asking.ask("tampering")
        except StudentGone:
            tree, error = None, None
        if type(tree) is not list or error is not None:
            return ["its process could not tell what was tampered with"]
        return bounded(tree[1:])


def signs_beyond(cells: list[Cell], solved: tuple[Cell, ...]) -> list[str]:
    """Signs of tampering in a submission that are not in the instructor's own cells.

    Call it in a process that may be lost: a hostile text can end Python's parser.
    """
    given = {cell.source for cell in solved}
    own = [cell for cell in cells if cell.source not in given]
    usual = {_sign(flag) for flag in look_at(solved)}
    return [flag for flag in look_at(own) if _sign(flag) not in usual]


def _sign(flag: str) -> str:
    """A flag without the cell: "cell squares uses eval" is "uses eval"."""
    return flag.split(" ", 2)[-1]
