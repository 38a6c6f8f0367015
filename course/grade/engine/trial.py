"""Which way each test is judged, found by its instructor's solutions.

A test runs in a process of its own if it gives the instructor there what it gives in
one process with the answers. What students hand in has no part in this.
"""

import sys
from collections.abc import Callable

from course.grade.brought import APART, INSIDE
from course.grade.brought.points import ran_to_its_end
from course.grade.engine.attempts import Attempts
from course.grade.judge.needed import names_used
from course.grade.plan import Assignment, Cell, runs
from course.grade.result import RIGHT
from course.names import defined_names

# Runs a notebook's cells with the tests judged in given ways.
TryNotebook = Callable[[str, tuple[Cell, ...], dict[str, str]], Attempts]


class NotApart(RuntimeError):
    """Tests that can't run in a process of their own, though a person demands it."""


def find_ways(
    assignment: Assignment, try_notebook: TryNotebook, demands_apart: bool
) -> dict[str, str]:
    """`APART` or `INSIDE` for each test of an assignment, by grade id.

    Whatever fails its own instructor is told on standard error.

    Raises:
        NotApart: `APART` is demanded, and a test needs the other.
    """
    ways: dict[str, str] = {}
    for notebook in assignment.brought:
        sheet = assignment.of(notebook)
        if not sheet.tests():
            continue
        found, reasons = _Trial(notebook, sheet, try_notebook).find()
        if reasons and demands_apart:
            name, reason = next(iter(reasons.items()))
            raise NotApart(
                f"{name} can't be judged in two processes: {reason} Change that test, "
                "or grade without --apart: its points are then not protected"
            )
        ways |= found
    return ways


class _Trial:
    """One notebook's tests, tried with its instructor's solutions."""

    def __init__(self, notebook: str, sheet: Assignment, try_notebook: TryNotebook):
        self.notebook, self.sheet, self.try_notebook = notebook, sheet, try_notebook
        self.tests = sheet.tests()

    def find(self) -> tuple[dict[str, str], dict[str, str]]:
        """The ways, and why tests can't run apart."""
        apart = self._try(dict.fromkeys(self._ids(), APART))
        shared = _names_of_tests(self.sheet)
        if not shared and all(_is_right(apart, cell) for cell in self.tests):
            return dict.fromkeys(self._ids(), APART), {}
        inside = self._try(dict.fromkeys(self._ids(), INSIDE))
        self._tell_failures(inside)
        reasons = {
            cell.grade_id: _why_not(cell, inside, apart, shared)
            for cell in self.tests
            if not _is_same(cell, inside, apart) or shared & _defined(cell)
        }
        ways = {name: INSIDE if name in reasons else APART for name in self._ids()}
        mixed = self._try(ways) if APART in ways.values() else inside
        if all(_score(mixed, cell) == _score(inside, cell) for cell in self.tests):
            return ways, reasons
        words = "it needs what another test leaves behind."
        reasons = {name: reasons.get(name, words) for name in self._ids()}
        return dict.fromkeys(reasons, INSIDE), reasons

    def _ids(self) -> list[str]:
        return [cell.grade_id for cell in self.tests]

    def _try(self, ways: dict[str, str]) -> Attempts:
        return self.try_notebook(self.notebook, self.sheet.solved, ways)

    def _tell_failures(self, inside: Attempts) -> None:
        for cell in self.tests:
            if not _is_right(inside, cell):  # or gives it less than all points
                found = inside.verdicts.get(cell.grade_id)
                words = found.message if found else inside.reason
                said = "does not give its own instructor's solution all points"
                print(f"note: {cell.grade_id} {said}: {words}", file=sys.stderr)


def _is_right(attempts: Attempts, cell: Cell) -> bool:
    found = attempts.verdicts.get(cell.grade_id)
    return found is not None and found.state == RIGHT


def _score(attempts: Attempts, cell: Cell) -> float | None:
    found = attempts.verdicts.get(cell.grade_id)
    return found.score if found else None


def _is_same(cell: Cell, inside: Attempts, apart: Attempts) -> bool:
    """Whether a test gives the same both ways; of one that stops early, nothing is
    known of what the rest of it would need.
    """
    here, there = (a.verdicts.get(cell.grade_id) for a in (inside, apart))
    if here is None or there is None or here.score != there.score:
        return False
    return ran_to_its_end(here) and ran_to_its_end(there)


def _why_not(cell: Cell, inside: Attempts, apart: Attempts, shared: set[str]) -> str:
    found = inside.verdicts.get(cell.grade_id)
    if found is None or not ran_to_its_end(found):
        return "it fails its own instructor's solution."
    if names := sorted(shared & _defined(cell)):
        return f"later cells use {names[0]}, which it defines."
    found = apart.verdicts.get(cell.grade_id)
    return found.message if found else f"your code {apart.reason}."


def _names_of_tests(sheet: Assignment) -> set[str]:
    """Names that tests define and other cells after them use."""
    defined: set[str] = set()
    used: set[str] = set()
    for cell in sheet.solved:
        if cell.kind == "test":
            defined |= _defined(cell)
        elif runs(cell):
            own = names_used([cell])
            used |= defined if own is None else defined & own
    return used


def _defined(cell: Cell) -> set[str]:
    try:
        return defined_names(cell.source)
    except SyntaxError:  # it has a magic
        return set()
