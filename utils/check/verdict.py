"""From whatever ended a test to what the student is told."""

import traceback

from utils.check.errors import CheckFailed, NotAttempted, WrongAnswer
from utils.check.failures import failure, is_stub
from utils.check.outcome import class_name, first_line


def verdict(error: BaseException, exercise: str, hidden: bool = False) -> CheckFailed:
    """Turn an exception into one of the states of an exercise.

    Args:
        error: what ended the test.
        exercise: the exercise's id.
        hidden: whether the hidden part of the test ran: its inputs stay unsaid.

    Returns:
        the verdict, ready to be raised; it tells of an answer's cell that raised.
    """
    found = _verdict(error, exercise, hidden)
    raised = failure(exercise)
    if hidden or not raised or raised in found.message:
        return found
    message = f"The cell of your answer raised {raised}. Mend it and run it again."
    is_there = not (isinstance(found, NotAttempted) or is_undefined(error, exercise))
    if is_there:
        message += f" What it defined before was tried here. {found.message}"
    return WrongAnswer(exercise, message, found.mistake)


def _verdict(error: BaseException, exercise: str, hidden: bool) -> CheckFailed:
    if isinstance(error, CheckFailed):
        return error
    if hidden:  # before anything that the error says of itself
        return WrongAnswer(exercise, hidden_message(error))
    if is_stub(error):
        return not_attempted(exercise)
    is_missing = type(error) is NameError and _is_from_test(error)
    if is_missing or is_undefined(error, exercise):
        hint = "Run the cell with your answer (and those above it) first."
        return WrongAnswer(exercise, f"{first_line(error)}. {hint}")
    name, message = class_name(type(error)), first_line(error)
    text = f"{name}: {message}" if message else name
    return WrongAnswer(exercise, f"Your code raised {text}{where(error)}.")


def is_undefined(error: BaseException, exercise: str) -> bool:
    """Whether the answer is not defined: its cell was not run, or failed."""
    return type(error) is NameError and error.name == exercise


def _is_from_test(error: BaseException) -> bool:
    """Whether the test itself, and none of the student's functions, raised this."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].name.startswith("<")  # <module>, <lambda>


def not_attempted(exercise: str) -> NotAttempted:
    """The verdict on a stub."""
    hint = "Replace `raise NotImplementedError` by your answer, then run both cells."
    return NotAttempted(exercise, hint)


def hidden_message(error: BaseException | None = None) -> str:
    """What is said of a failed hidden test: that there was one, not what it tried.

    Nothing of the error gets in, not its class either: a student's code makes a class
    by any name, such as that of the hidden input.
    """
    how = "raises an error in" if error else "fails"
    return (
        f"It passes the tests you can see and {how} one that you can't: "
        "think of other sizes, shapes and edge cases."
    )


def where(error: BaseException | None) -> str:
    """` (line 3: ...)`, the last line of a notebook's cell that an error is from.

    Of a missing name also what the cell raised that was to define it.
    """
    if error is None:
        return ""
    why = _why_undefined(error)
    if told := getattr(error, "told_where", None):  # it came from another process
        return told + why
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_cell(frame.filename)]
    return (in_words(own[-1].lineno, own[-1].line) if own else "") + why


def _why_undefined(error: BaseException) -> str:
    """What the student's cell raised that was to define a missing name."""
    missing = error.name if type(error) is NameError else None
    raised = failure(missing) if isinstance(missing, str) else ""
    return f"; the cell that defines {missing} raised {raised}" if raised else ""


def in_words(number: int, text: str) -> str:
    """A line of a notebook's cell, as messages show it."""
    line = f": `{text}`" if text else ""
    return f" (line {number} of a cell{line})"


def _is_cell(filename: str) -> bool:
    return filename.startswith("<ipython-input") or "ipykernel_" in filename
