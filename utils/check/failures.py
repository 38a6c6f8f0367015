"""What became of a cell that raised: the names that it was to define, and its error.

Whoever then runs a test is told of that error, and not that a name is not defined or
that the stub is still there. A name that was defined before the cell raised counts: the
answer is there, and only what follows it went wrong.
"""

import ast
import re
import traceback
from collections.abc import Iterator
from itertools import chain

from utils.check.outcome import class_name, first_line

MAX_NAMES = 20  # of one cell
MAX_TEXT = 500  # characters of what is told
MAX_LINE = 80  # of them the line that raised
_IPYTHON = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)  # not Python, not our concern
_DEFINED = re.compile(
    r"^[ \t]*(?:async +)?(?:def|class) +(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_failed: dict[str, str] = {}  # by name


def note(source: str, error: BaseException | None, name: str = "") -> None:
    """Keep in mind how a cell ended.

    Args:
        source: the cell's text.
        error: what it raised, None if it ran to its end.
        name: what it was to define even if its text doesn't show it, "" if unknown.
    """
    if error is None and not _failed:
        return
    defined = _defined(source, 0)
    lost = defined if error is None else _defined(source, _line(error))
    if name and name not in defined:
        lost.add(name)
    for old in defined | lost:
        _failed.pop(old, None)
    if error is not None and not is_stub(error):
        text = _in_words(error, source)
        _failed.update((name, text) for name in sorted(lost)[:MAX_NAMES])


def failure(name: str) -> str:
    """What the cell that was to define a name raised, "" if it didn't or is unknown.

    Returns:
        `ZeroDivisionError: division by zero (line 3: `...`)`.
    """
    return _failed.get(name, "")


def failures() -> tuple[tuple[str, str], ...]:
    """Each name that `failure` says something of, and what."""
    return tuple(_failed.items())


def believe(told: object) -> None:
    """Take what a stranger's process says of its cells: short text, or nothing.

    Args:
        told: pairs as of `failures`; a stranger may send whatever can be sent.
    """
    _failed.clear()
    pairs = told[: 10 * MAX_NAMES] if type(told) is tuple else ()
    for pair in pairs:
        if type(pair) is tuple and list(map(type, pair)) == [str, str]:
            _failed[pair[0]] = pair[1][:MAX_TEXT]


def _defined(source: str, since: int) -> set[str]:
    """The names that a cell defines at a line or after it."""
    text = _IPYTHON.sub("pass", source)
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {a or b for a, b in _DEFINED.findall(text)}
    late = (statement for statement in body if statement.end_lineno >= since)
    return set(chain.from_iterable(map(_names, late)))


def _names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, FUNCTIONS):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, FUNCTIONS):  # below an `if` or a `try`
            yield node.name


def _line(error: BaseException) -> int:
    """The line of the cell that raised, 0 if none of it ran."""
    if isinstance(error, SyntaxError):
        return 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno for f in frames if f.name == "<module>"), 0)


def _pythons_own(error: BaseException, source: str) -> BaseException:
    """What Python says of a cell that ends too early: from Python 3.13 on IPython hears
    "incomplete input" of it, and not which bracket is open.
    """
    if class_name(type(error)) == "_IncompleteInputError":
        try:
            ast.parse(_IPYTHON.sub("pass", source))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as own:
            return own
    return error


def _in_words(error: BaseException, source: str) -> str:
    error = _pythons_own(error, source)
    is_unread = isinstance(error, SyntaxError)
    line = error.lineno if is_unread else _line(error)
    message = error.msg if is_unread else first_line(error)
    lines = source.splitlines()
    text = lines[line - 1].strip()[:MAX_LINE] if 0 < (line or 0) <= len(lines) else ""
    told = ": ".join(filter(None, (class_name(type(error)), message)))
    told = (f"{told} (line {line}: `{text}`)" if text else told)[:MAX_TEXT]
    return told.encode("utf-8", "replace").decode()


def is_stub(error: BaseException) -> bool:
    """Whether the released cell, which raises this, is still there."""
    return type(error) is NotImplementedError and not error.args
