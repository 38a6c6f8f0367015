"""Where a test stopped, in words for its student: the assertion and what was raised."""

import traceback

from course.grade.result import WRONG, Verdict
from course.regions import HIDDEN, region_lines

STOPPED_AT = "The test stopped at `"
MAX_LINE, MAX_SAID = 160, 300  # characters
HIDDEN_FAILED = "A hidden test failed."


def why(source: str, line: int, raised: str, said: str) -> str:
    """What a student is told.

    Args:
        source: the test's text.
        line: the line at which it stopped, from 1; 0 if nobody knows.
        raised: the class of the error.
        said: the error's message.

    Returns:
        the line, if the student can see it, and the error; of a hidden test only that
        it failed.
    """
    lines, hidden = source.splitlines(), region_lines(source, HIDDEN)
    if line in hidden or (line == 0 and hidden):
        return HIDDEN_FAILED
    error = f"{raised}: {said}" if said.strip() else raised
    error = _short(error, MAX_SAID)
    if not 1 <= line <= len(lines):
        return f"The test stopped: {error}"
    return f"{STOPPED_AT}{_short(lines[line - 1].strip(), MAX_LINE)}`: {error}"


def says_missing(message: str, name: str) -> bool:
    """Whether a test stopped because a name stands for nothing."""
    return message.endswith(f"NameError: name '{name}' is not defined")


def stop_of(verdict: Verdict) -> str:
    """Where a test stopped, without what a student's code said of it; "" if it did not
    stop at a line.
    """
    is_one = verdict.state == WRONG and verdict.message.startswith(STOPPED_AT)
    return verdict.message.rpartition("`: ")[0] + "`" if is_one else ""


def line_in(error: BaseException, file: str) -> int:
    """The line of a cell at which it raised; 0 if it is not on the way.

    Args:
        error: what was raised.
        file: how what the cell is called in tracebacks begins.
    """
    if isinstance(error, SyntaxError) and str(error.filename).startswith(file):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    own = (frame.lineno or 0 for frame in frames if frame.filename.startswith(file))
    return next(own, 0)


def text_of(error: BaseException) -> str:
    """What an error says; a stranger's `__str__` may fail."""
    try:
        return str(error)[:2000]
    except BaseException:
        return "(its message can't be shown)"


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 3]}..."
