"""A test that runs here, in the judge's process, while its answers run over there."""

import ast
import builtins
import contextlib
import io
import re
from types import CodeType
from typing import Any

from course.grade.brought.asking import StudentGone
from course.grade.brought.points import verdict_of
from course.grade.brought.stand_ins import Bench
from course.grade.brought.values import Malformed
from course.grade.brought.why import line_in, text_of, why
from course.grade.plan import Assignment, Cell, runs
from course.grade.result import NOT_JUDGED, Verdict
from course.names import defined_names
from course.student.places import WRITTEN

MAX_PRINTED = 100_000  # characters of a test
IMPORTS = (ast.Import, ast.ImportFrom)
_MAGIC = re.compile(r"^(\s*)(?:%.*|!.*)$", re.MULTILINE)


class Names(dict):
    """A test's names: its own and the instructor's, then the student's.

    Args:
        bench: the student's things.
        answers: the names that answers define, builtin ones too.
    """

    def __init__(self, bench: Bench, answers: frozenset[str]):
        super().__init__({"__name__": "__main__", "__builtins__": builtins})
        self.bench, self.answers = bench, answers
        self.fetched: dict[str, Any] = {}

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name) and name not in self.answers:
            raise KeyError(name)
        try:
            value = self.fetched[name] = self[name] = self.bench.name(name)
        except NameError:
            raise KeyError(name) from None
        return value

    def forget(self) -> None:
        """Ask anew for what was asked; what a test put in its place stays."""
        for name, value in self.fetched.items():
            if self.get(name) is value:
                del self[name]
        self.fetched.clear()


class Apart:
    """The tests of one notebook, for one submission.

    Args:
        assignment: the notebook.
        bench: the student's things.
    """

    def __init__(self, assignment: Assignment, bench: Bench):
        self.bench = bench
        self.solved = list(assignment.solved)
        self.names = Names(bench, answers_of(assignment))
        self.own: dict[str, Any] = {"__name__": "__main__"}

    def judge(self, cell: Cell) -> tuple[Verdict, list[dict]]:
        """The verdict on a test, and what it printed.

        Raises:
            StudentGone: the student's process is gone.
        """
        self._prepare(cell)
        file, printed = f"<test {cell.grade_id}>", io.StringIO()
        shown, error = None, None
        self.bench.refused = ""
        try:
            with contextlib.redirect_stdout(printed):
                shown = self._run(cell.source, file)
        except StudentGone:
            raise
        except Malformed as nonsense:  # over there nothing is in order any more
            self.bench.asking.gone = str(nonsense)
            raise StudentGone(str(nonsense)) from nonsense
        except BaseException as any_error:  # of the test or of the answer: both count
            error = any_error
        if self.bench.asking.gone:  # and the test took that for an error
            raise StudentGone(self.bench.asking.gone)
        self._forget()
        outputs = _stream(printed.getvalue())
        if self.bench.refused:
            words = f"This could not be judged: {self.bench.refused}."
            return Verdict(NOT_JUDGED, cell.points, message=words), outputs
        if error is None:
            return verdict_of(cell, "", "", shown), outputs
        name, said = type(error).__name__, text_of(error)
        told = why(cell.source, line_in(error, file), name, said)
        return verdict_of(cell, name, told, None), outputs

    def _run(self, source: str, file: str) -> str | None:
        """Run a test; the value of its last line as text."""
        tree = ast.parse(source, file)
        last = tree.body[-1] if tree.body else None
        if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
            exec(compile(tree, file, "exec"), self.names)
            return None
        tree.body.pop()
        exec(compile(tree, file, "exec"), self.names)
        code = compile(ast.Expression(last.value), file, "eval")
        value = eval(code, self.names)
        return None if value is None else repr(value)

    def _prepare(self, test: Cell) -> None:
        """Run what the instructor gave above a test: imports, data, helpers."""
        before = dict(self.own)
        while self.solved:
            cell = self.solved.pop(0)
            if cell.grade_id == test.grade_id:
                break
            for code in _given_code(cell):
                # What needs an answer fails here, and is asked of the student.
                with contextlib.suppress(Exception), contextlib.redirect_stdout(None):
                    exec(code, self.own)
        for name, value in self.own.items():
            if before.get(name) is not value and name not in self.names.answers:
                self.names[name] = value

    def _forget(self) -> None:
        self.names.forget()
        with contextlib.suppress(StudentGone):  # the next question will tell
            self.bench.asking.ask("forget")


def answers_of(assignment: Assignment) -> frozenset[str]:
    """The names that the instructor's answers define, modules they import left out."""
    answers = (cell for cell in assignment.solved if cell.kind in WRITTEN)
    return frozenset().union(*map(names_of, answers))


def names_of(cell: Cell) -> set[str]:
    """The names that an instructor's cell defines, imported modules left out."""
    if not runs(cell):
        return set()
    tree = _parsed(cell.source)
    return defined_names(ast.unparse(tree)) - _imported(tree)


def _given_code(cell: Cell) -> list[CodeType]:
    """What of a cell the judge runs too; of an answer only its imports."""
    if not runs(cell):
        return []
    tree = _parsed(cell.source)
    if cell.kind in WRITTEN:
        tree.body = [node for node in tree.body if isinstance(node, IMPORTS)]
    return [
        compile(ast.Module([node], []), f"<given {cell.grade_id}>", "exec")
        for node in tree.body
    ]


def _parsed(source: str) -> ast.Module:
    """The tree of an instructor's cell without its magics; empty if it has none."""
    try:
        return ast.parse(_MAGIC.sub(r"\1pass", source))
    except SyntaxError:
        return ast.Module([], [])


def _imported(tree: ast.Module) -> set[str]:
    nodes = (node for node in tree.body if isinstance(node, IMPORTS))
    return {a.asname or a.name.partition(".")[0] for node in nodes for a in node.names}


def _stream(text: str) -> list[dict]:
    text = text[:MAX_PRINTED]
    return [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
