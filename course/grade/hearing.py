"""One submission before the judge: its cells run there, its tests run here."""

import ast
import builtins
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from course.grade.bridge.judge import Judge, StudentGone
from course.grade.bridge.stand_ins import CannotCross
from course.grade.flags import bounded
from course.grade.plan import Assignment, Cell
from course.grade.result import NOT_JUDGED, RIGHT, WRONG, Verdict
from course.names import defined_names
from course.regions import split_hidden
from utils import check
from utils.check.forbidden import refuse
from utils.check.session import hidden_probes, session

RUN = ("given", "answer", "extra")
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


def hear(case: Case, cells: list[Cell], judge: Judge, report: Report) -> None:
    """Run a submission's cells in order and report each as soon as it is done.

    Args:
        case: the assignment's tests.
        cells: the submission's cells.
        judge: the connection to the student's process.
        report: is given {"cell": grade id, "outputs": [...]} for each cell that ran and
            {"cell": grade id, "verdict": {...}, "outputs": [...]} for each test, and
            {"flags": [...]} after the last cell.
    """
    for cell in cells:
        if cell.kind in RUN or (cell.kind == "manual" and cell.is_code):
            _run(cell, judge)
            report({"cell": cell.grade_id, "outputs": _heard(judge)})
        elif cell.kind == "test":
            verdict = judge_test(case, cell, judge)
            outputs = _heard(judge)
            about = {"verdict": vars(verdict), "outputs": outputs}
            report({"cell": cell.grade_id, **about})
    report({"flags": _tampering(judge)})


def _tampering(judge: Judge) -> list[str]:
    """What the student's process found changed in itself; it may lie."""
    try:
        return bounded(judge.ask("tampering"))
    except StudentGone:
        return []
    except Exception:  # of a process that answers this with an error, say
        return ["its process could not tell what was tampered with"]


def _run(cell: Cell, judge: Judge) -> None:
    # Once the student's process is gone the tests are told so, one by one.
    with contextlib.suppress(StudentGone):
        judge.run(cell.grade_id, cell.source, cell.grade_id)


def _heard(judge: Judge) -> list[dict]:
    outputs, judge.heard = judge.heard, []
    return outputs


def judge_test(case: Case, cell: Cell, judge: Judge) -> Verdict:
    """Run one test; nothing but its own end without a complaint gives points."""
    start = time.perf_counter()
    names, test = Names(case, judge), case.tests[cell.grade_id]
    state, mistake, message = NOT_JUDGED, None, ""
    judge.until = time.monotonic() + judge.seconds
    try:
        with _watching(judge):
            exec(test.code, names)
        state = RIGHT
    except check.CheckFailed as failed:
        state, mistake, message = failed.state, failed.mistake, failed.message
    except StudentGone:
        pass  # said below
    except (KeyboardInterrupt, GeneratorExit) as error:  # nobody presses stop here
        state, message = WRONG, f"Your code raised {type(error).__name__}."
    except Exception as error:  # of the test itself
        message = f"The test could not be run ({type(error).__name__}: {error})."
    if judge.gone:  # even if the test didn't mind
        state, mistake = NOT_JUDGED, None
        message = f"Your code ended or hung while it was tested ({judge.gone})."
    _part(judge, names, test)
    seconds = round(time.perf_counter() - start, 4)
    score = cell.points if state == RIGHT else 0
    return Verdict(state, cell.points, score, mistake, message, seconds)


def _part(judge: Judge, names: Names, test: Test) -> None:
    """Leave the student's notebook as the test's visible part would, and forget."""
    shown = {name: names[name] for name in sorted(test.shown & names.keys())}
    with contextlib.suppress(StudentGone):
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
    """Have `check.forbidden` watch the process in which the student's code runs."""
    stock = check.forbidden

    @contextlib.contextmanager
    def forbidden(*names: str) -> Iterator[None]:
        before, judge.called = judge.forbidden, []
        judge.forbidden = [*before, *names]
        try:
            yield
        finally:
            judge.forbidden = before
        refuse(judge.called)

    check.forbidden = forbidden
    try:
        yield
    finally:
        check.forbidden, judge.forbidden = stock, []
