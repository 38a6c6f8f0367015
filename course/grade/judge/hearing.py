"""One submission before the judge: its cells run there, its tests run here."""

import ast
import builtins
import contextlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

from course.grade.bridge.judge import Judge, StudentGone, Uncrossable
from course.grade.bridge.stand_ins import CannotCross
from course.grade.intake.flags import bounded
from course.grade.judge.returned import written_down
from course.grade.plan import Assignment, Cell, runs
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Verdict
from course.names import defined_names
from course.regions import split_hidden
from utils import check
from utils.check import calls
from utils.check.forbidden import judging
from utils.check.session import hidden_probes, session

NO_ANSWER = "The cell of your answer is missing or empty."
Report = Callable[[dict], None]


@dataclass(frozen=True)
class Test:
    """A test ready to run.

    Args:
        code: its compiled source.
        shown: names that its visible part defines: a notebook has them afterwards.
    """

    code: CodeType
    shown: frozenset[str]


@dataclass(frozen=True)
class Case:
    """What a judge knows before it meets the first submission.

    Args:
        tests: by grade id.
        names: what the given cells define, without the names of answers.
    """

    tests: dict[str, Test]
    names: dict[str, Any]


def prepare_case(assignment: Assignment) -> Case:
    """Run the given cells and compile the tests, once for a whole class.

    Raises:
        Exception: what a given cell raises.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in assignment.cells:
        if cell.kind == "given":
            exec(compile(cell.source, f"<given {cell.grade_id}>", "exec"), names)
    for cell in assignment.cells:
        if cell.kind == "answer":
            for name in defined_names(cell.source) & names.keys():
                del names[name]
    for cell in assignment.tests():
        _decode_values(cell)
    session.begin("")
    tests = {cell.grade_id: _ready(cell) for cell in assignment.tests()}
    return Case(tests, names)


def _decode_values(cell: Cell) -> None:
    """Decode what a test compares with, here once and not in each judge."""
    session.begin(cell.exercise)
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "check.hidden":
            hidden_probes(ast.literal_eval(node.args[0]), cell.exercise)


def _ready(cell: Cell) -> Test:
    visible, _ = split_hidden(cell.source)
    everything = compile(cell.source, f"<test {cell.exercise}>", "exec")
    hidden_too = defined_names(_hidden_alone(cell.source))
    return Test(everything, frozenset(defined_names(visible) - hidden_too))


def _hidden_alone(source: str) -> str:
    """The hidden part as a block of its own, so that it compiles."""
    hidden = split_hidden(source)[1]
    return f"if True:\n    pass\n{hidden}" if hidden else ""


class Names(dict):
    """A test's names: its own and the given ones, then the student's, as stand-ins."""

    def __init__(self, case: Case, judge: Judge):
        super().__init__(case.names)
        self.judge = judge

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        try:
            return self.judge.name(name)
        except NameError:
            raise KeyError(name) from None


def hear(
    case: Case,
    cells: list[Cell],
    judge: Judge,
    report: Report,
    used: Collection[str] | None = None,
) -> None:
    """Run cells in order and report each as soon as it is done, while the student's
    process lives: with the first that it doesn't survive, this ends.

    Args:
        case: the assignment's tests.
        cells: the submission's cells.
        judge: the connection to the student's process.
        report: is given {"cell": grade id, "outputs": [...]} for each cell that ran and
            {"cell": grade id, "verdict": {...}, "outputs": [...]} for each test, and
            {"flags": [...]} and {"end": why the student's process is gone, "" if it is
            not, "at": the cell at which it went} at last.
        used: names that cells may use, see `needed.names_used`; None for any.
    """
    empty = {c.grade_id for c in cells if c.kind == "answer" and not c.source.strip()}
    at = ""
    for cell in cells:
        at = cell.grade_id
        if runs(cell):
            _run(cell, judge)
            report({"cell": at, "outputs": _heard(judge)})
        elif cell.kind == "test":
            is_there = cell.exercise not in empty or _is_defined(judge, cell.exercise)
            verdict = judge_test(case, cell, judge, used)
            if not is_there and verdict.state == WRONG:
                verdict = replace(verdict, state=NOT_ATTEMPTED, message=NO_ANSWER)
            report({"cell": at, "verdict": vars(verdict), "outputs": _heard(judge)})
        if judge.gone:
            break
    gone = judge.gone  # an end after this one costs nothing that was judged
    faults = [f"the test could not be run: {words}" for words in judge.faults]
    report({"flags": bounded(faults) + _tampering(judge)})
    report({"end": gone, "at": at})


def _is_defined(judge: Judge, name: str) -> bool:
    """Whether a name of the notebook stands for something, as far as can be told."""
    try:
        judge.name(name)
    except NameError:
        return False
    except (Exception, StudentGone, Uncrossable):  # there, if nothing that can cross
        return True
    return True


def _tampering(judge: Judge) -> list[str]:
    """What the student's process found changed in itself; it may lie."""
    if judge.gone:
        return []
    try:
        return bounded(judge.ask("tampering"))
    except (Exception, StudentGone, Uncrossable):  # whatever it answers this with
        return ["its process could not tell what was tampered with"]


def _run(cell: Cell, judge: Judge) -> None:
    # Once the student's process is gone the tests are told so, one by one.
    with contextlib.suppress(StudentGone):
        judge.run(cell.grade_id, cell.source, cell.grade_id)


def _heard(judge: Judge) -> list[dict]:
    outputs, judge.heard = judge.heard, []
    return outputs


def judge_test(
    case: Case, cell: Cell, judge: Judge, used: Collection[str] | None = None
) -> Verdict:
    """Run one test; nothing but its own end without a complaint gives points."""
    start = time.perf_counter()
    names, test = Names(case, judge), case.tests[cell.grade_id]
    state, mistake, message, returned = NOT_JUDGED, None, "", None
    judge.until, judge.beyond = time.monotonic() + judge.seconds, ""
    try:
        with _watching(judge):
            exec(test.code, names)
        state, message = RIGHT, session.explained
    except check.CheckFailed as failed:
        state, mistake, message = failed.state, failed.mistake, failed.message
        returned = None if mistake else written_down(failed.returned)
    except (StudentGone, Uncrossable):
        pass  # said below
    except (KeyboardInterrupt, GeneratorExit) as error:  # nobody presses stop here
        base = (
            "KeyboardInterrupt" if isinstance(error, KeyboardInterrupt) else "an error"
        )
        state, message = WRONG, f"Your code raised {base}."
    except Exception as error:  # of the test itself: for a person, not for the student
        message = "The test could not be run; your instructor has been told."
        judge.faults.append(f"{cell.grade_id}: {type(error).__name__}: {error}")
    if judge.beyond:  # these two even if the test didn't mind
        state, mistake, message, returned = WRONG, None, judge.beyond, None
    if judge.gone:
        state, mistake, returned = NOT_JUDGED, None, None
        message = f"Your code ended or hung while it was tested ({judge.gone})."
    shown = test.shown if used is None else test.shown.intersection(used)
    _part(judge, {name: names[name] for name in sorted(shown & names.keys())})
    seconds = round(time.perf_counter() - start, 4)
    score = cell.points if state == RIGHT else 0
    return Verdict(state, cell.points, score, mistake, message, seconds, returned)


def _part(judge: Judge, shown: dict[str, Any]) -> None:
    """Leave the student's notebook as the test's visible part would, and forget."""
    with contextlib.suppress(StudentGone, Uncrossable):
        if shown:
            _define(judge, shown)
    judge.reset()


def _define(judge: Judge, names: dict[str, Any]) -> None:
    """Give names to the notebook: all at once or, if some can't cross, one by one."""
    try:
        judge.ask("define", pack=(names,))
    except (CannotCross, ValueError):
        for name, value in names.items() if len(names) > 1 else ():
            _define(judge, {name: value})


@contextlib.contextmanager
def _watching(judge: Judge) -> Iterator[None]:
    """Have what a test does by `check` done in the process of the student's code:
    `check.forbidden` watches there, `check.take` goes through a generator there.
    """
    stock = {"forbidden": check.forbidden}

    @contextlib.contextmanager
    def forbidden(*bans: str) -> Iterator[None]:
        judge.forbidden = [session.exercise, *bans]
        with judging(bans) as judge.findings:
            try:
                yield
            finally:
                judge.forbidden = []

    def taken_from(items: Iterable, most: int) -> list:
        if type(items) is judge.generators:
            return judge.operate("take", items, most)
        return here(items, most)

    here = calls.taken_from
    check.forbidden, calls.taken_from = forbidden, taken_from
    try:
        yield
    finally:
        vars(check).update(stock)
        calls.taken_from = here
        judge.forbidden = []
