"""What a test cell gives, by nbgrader's rule, from what it showed.

All its points if it raises nothing, none if it does; or as many as the value of its
last line says, if that is a number. Where nbgrader is wrong it is not followed:

- a warning, or what else is written to standard error, costs nothing;
- nan and numbers below 0 give nothing, in the place of everything;
- a number of NumPy's is a number;
- a number above the most gives nothing and is for a person: nbgrader ends in an error;
- a test that did not run gives nothing.
"""

import math
import re

from course.grade.plan import Cell
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Verdict

# How NumPy shows a number of its own: np.float64(0.5), np.int64(2).
_OF_NUMPY = re.compile(r"np\.(?:float|int|uint|longdouble)\d*\('?(.+?)'?\)")
PARTLY = "Partly right"
NOT_DONE = "NotImplementedError"  # what nbgrader leaves in the place of a solution


def verdict_of(cell: Cell, raised: str, why: str, shown: str | None) -> Verdict:
    """The verdict on a test that ran to its end.

    Args:
        cell: the test.
        raised: the class of the error that ended it, "" if none did.
        why: what a student is told of that error.
        shown: the value of its last line as text, None if it has none.
    """
    if raised:
        state = NOT_ATTEMPTED if raised == NOT_DONE else WRONG
        return Verdict(state, cell.points, message=why)
    number = None if shown is None else number_in(shown)
    if number is None:
        return Verdict(RIGHT, cell.points, cell.points)
    if number > cell.points:
        words = f"The test gave {number:g} of {cell.points:g} points: that is for a"
        return Verdict(NOT_JUDGED, cell.points, message=f"{words} person to settle.")
    score = number if number > 0 else 0  # nan, too, is not above 0
    if score == cell.points:
        return Verdict(RIGHT, cell.points, cell.points)
    words = f"{PARTLY}: {score:g} of {cell.points:g} points."
    return Verdict(WRONG, cell.points, score, message=words)


def ran_to_its_end(verdict: Verdict) -> bool:
    """Whether nothing ended a test early, however much it gives."""
    return verdict.state == RIGHT or verdict.message.startswith(PARTLY)


def number_in(shown: str) -> float | None:
    """The number that a text shows, None if it shows something else."""
    text = shown.strip()
    if found := _OF_NUMPY.fullmatch(text):
        text = found[1]
    try:
        number = float(text)
    except ValueError:
        return None
    return number if not math.isinf(number) else math.copysign(1e308, number)


def last_value(outputs: list[dict]) -> str | None:
    """The value of a cell's last line among its outputs, as text."""
    for output in outputs:
        if output.get("output_type") == "execute_result":
            text = output.get("data", {}).get("text/plain", "")
            text = "".join(text) if isinstance(text, list) else text
            return text if isinstance(text, str) else ""
    return None


def error_in(outputs: list[dict]) -> str:
    """The class of the first error among a cell's outputs, "" if there is none."""
    for output in outputs:
        if output.get("output_type") == "error":
            return str(output.get("ename") or "Error")
    return ""
