"""Which names cells use, and which cells a test still needs for them."""

import warnings
from collections.abc import Collection, Iterable
from types import CodeType

from course.grade.intake.flags import MAX_SOURCE
from course.grade.plan import Cell, runs
from course.names import defined_names

# What may reach a name without writing it as one.
_BY_TEXT = """
eval exec compile globals locals vars dir get_ipython sys gc inspect importlib runpy
operator pickle __import__ __main__ __builtins__ __globals__ __dict__
"""
NAMES_BY_TEXT = frozenset(_BY_TEXT.split())


def names_used(cells: Iterable[Cell]) -> frozenset[str] | None:
    """The names that a submission's own cells may take from a test above them.

    Given cells take none, the build sees to that. Call it in a process that may be
    lost: a hostile text can end Python's parser.

    Returns:
        names, some too many; None if they can't be told, as of `eval` or a magic.
    """
    names: set[str] = set()
    for cell in cells:
        if not runs(cell) or cell.kind == "given":
            continue
        if len(cell.source) > MAX_SOURCE:
            return None
        try:
            with warnings.catch_warnings(action="ignore"):
                names |= _names_in(compile(cell.source, "<cell>", "exec"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return None if names & NAMES_BY_TEXT else frozenset(names)


def still_needed(cells: list[Cell], judged: Collection[str]) -> list[Cell]:
    """The cells that a fresh process runs: of the answers that were judged only those
    whose names a later cell of the student's may use.

    As for `names_used`, call it in a process that may be lost.
    """
    again = [c for c in cells if c.kind == "answer" and c.exercise in judged]
    wanted: set[str] = set()
    for cell in [*(c for c in cells if c not in again), *reversed(again)]:
        if cell in again and not _defined(cell) & wanted:
            cells = [other for other in cells if other is not cell]
            continue
        used = names_used([cell])
        if used is None:  # they can't be told
            return cells
        wanted |= used - _defined(cell)
    return cells


def _defined(cell: Cell) -> set[str]:
    """The names that an answer defines; none if its text is no Python."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return defined_names(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()


def _names_in(code: CodeType) -> set[str]:
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*map(_names_in, inner))
