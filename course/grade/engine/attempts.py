"""One submission in as many processes as it takes: what ends one costs one exercise.

A process that dies, hangs or sends nonsense is replaced. The next one gets the given
cells and the student's that were not judged yet, without the culprit. Since another
cell may be to blame, by memory that it holds or a thread that it started, who died
among others is tried once more without them; who hung is not. All processes together
have the time of one submission.
"""

import time
from dataclasses import dataclass, field

from course.grade.plan import Cell
from course.grade.result import NOT_JUDGED, Verdict


@dataclass(frozen=True)
class Ran:
    """What came of one process.

    Args:
        events: what the judge reported.
        at: the cell at which the process went, "" if it did not go.
        reason: why, as a clause about "your code".
        died: whether it went by itself: it did not hang or send nonsense.
        is_late: whether the time of the submission is over.
        seconds: how long it took.
    """

    events: list[dict]
    at: str = ""
    reason: str = ""
    died: bool = False
    is_late: bool = False
    seconds: float = 0


@dataclass
class Attempts:
    """What was judged so far, and what the next process is to run.

    Args:
        cells: the submission's.
        seconds: how long all its processes may take together, from the first cell on.
        is_brought: whether a test may use what an earlier one did: then those that were
            judged run once more in the next process, and their verdicts stand.
    """

    cells: tuple[Cell, ...]
    seconds: float
    is_brought: bool = False
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    outputs: dict[str, list[dict]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)  # exercises and added cells
    tried: set[str] = field(default_factory=set)  # those that get no second try
    reason: str = ""  # why what has no verdict has none
    spent: float = 0
    goes_on: bool = True

    def deadline(self) -> float:
        """When the next process must be done, by the monotonic clock."""
        return time.monotonic() + max(self.seconds - self.spent, 0)

    def judged(self) -> list[str]:
        """The exercises that need no further run."""
        return [name.removeprefix("test_") for name in self.verdicts]

    def rest(self) -> tuple[Cell, ...]:
        """What the next process is given: answers that were judged are among it, for
        others may use their names; the judge sees to that.
        """
        return tuple(
            cell
            for cell in self.cells
            if (self.is_brought or cell.grade_id not in self.verdicts)
            and cell.exercise not in self.left_out
        )

    def add(self, ran: Ran) -> None:
        """Take over what a process gave, and see whether another is needed."""
        self.spent += ran.seconds
        for event in ran.events:
            self.flags += event.get("flags", [])
            if name := event.get("cell"):
                if name in self.verdicts:  # it ran again for those after it
                    continue
                self.outputs[name] = event["outputs"]
                if "verdict" in event and name != ran.at:
                    self.verdicts[name] = Verdict(**event["verdict"])
        self.reason = ran.reason
        self.goes_on = bool(ran.at) and not ran.is_late
        if self.goes_on:
            self._blame(ran)

    def _blame(self, ran: Ran) -> None:
        """Leave out whoever ended the process, or give it one more try."""
        culprit = next(cell for cell in self.cells if cell.grade_id == ran.at)
        heard = {event["cell"] for event in ran.events if "cell" in event}
        others = {
            cell.exercise
            for cell in self.cells
            if cell.kind not in ("given", "test") and cell.grade_id in heard
        } - {culprit.exercise}
        is_first = culprit.exercise not in self.tried
        self.tried.add(culprit.exercise)
        if culprit.kind == "given":  # what was done above it has done it
            self.goes_on = is_first and bool(others)
            self._leave_out(others.difference(self.judged()), ran)
        elif not (ran.died and others and is_first):
            self._leave_out({culprit.exercise}, ran)

    def _leave_out(self, names: set[str], ran: Ran) -> None:
        self.left_out |= names
        for cell in self.cells:
            if cell.exercise not in names:
                continue
            if cell.kind == "test":
                message = unjudged(ran.reason)
                self.verdicts[cell.grade_id] = Verdict(
                    NOT_JUDGED, cell.points, message=message
                )
            elif cell.kind in ("extra", "manual"):
                words = f"the cell {cell.grade_id} {ran.reason}; it was left out"
                self.flags.append(words)


def unjudged(reason: str) -> str:
    """What is said of a test that did not report back."""
    return f"This could not be judged: your code {reason}."
