"""Assertions turned into measurements: what was compared, and how far apart it was."""

import ast
import operator
from collections.abc import Iterator
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

from numpy import ndarray
from torch import Tensor

NAME = "__measured__"
_BELOW = {"Lt": operator.lt, "LtE": operator.le}
_ABOVE = {"Gt": operator.gt, "GtE": operator.ge}
_SIGNS = {
    **_BELOW,
    **_ABOVE,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda a, b: a in b,
    "NotIn": lambda a, b: a not in b,
}


@dataclass(frozen=True)
class Measured:
    """One inequality as it came out in one run.

    Args:
        line: where it is asserted.
        text: the inequality as written.
        value: what is bounded.
        bound: what it is bounded by.
        is_below: whether the value must be below the bound, not above.
    """

    line: int
    text: str
    value: float
    bound: float
    is_below: bool

    @property
    def distance(self) -> float:
        """How far the value is on the right side of its bound; below 0 it is not."""
        return (self.bound - self.value) * (1 if self.is_below else -1)


@dataclass
class Measurements:
    """What the assertions of one run gave.

    Args:
        inequalities: those between numbers, in the order of the run.
        failed: line and text of each assertion, or part of one, that did not hold.
        raised: line and error of each cell that ended early.
    """

    inequalities: list[Measured] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    raised: list[tuple[int, str]] = field(default_factory=list)

    def compare(self, line: int, pairs: tuple, values: list) -> None:
        """Note a chain `a < b < c`: its parts (text, operator, which is the bound)."""
        for (text, sign, bound_first), a, b in zip(
            pairs, values, values[1:], strict=False
        ):
            if sign in _BELOW | _ABOVE and _is_number(a) and _is_number(b):
                value, bound = (b, a) if bound_first else (a, b)
                is_below = (sign in _BELOW) != bound_first
                numbers = float(value), float(bound)
                self.inequalities.append(Measured(line, text, *numbers, is_below))
            self.hold(line, text, _SIGNS[sign](a, b))

    def hold(self, line: int, text: str, value: Any) -> None:
        """Note an assertion that is no comparison of two numbers."""
        if not value:
            self.failed.append((line, text))


def _is_number(value: Any) -> bool:
    """Whether a value is one number: no string, set or whole tensor."""
    if isinstance(value, Tensor | ndarray):
        return value.ndim == 0
    return isinstance(value, Real)


def measuring(source: str, first_line: int = 1) -> ast.Module:
    """A cell's code with each `assert` replaced by a note of what it compares.

    Nothing raises where an assertion fails, so that one run tells all of them.

    Args:
        source: the cell's text.
        first_line: its line in the file.

    Returns:
        code that needs a `Measurements` under the name `NAME`.
    """
    tree = ast.increment_lineno(ast.parse(source), first_line - 1)
    return ast.fix_missing_locations(_Measuring().visit(tree))


class _Measuring(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        return [_note(part, node) for part in _parts(node.test)]


def _parts(test: ast.expr) -> Iterator[ast.expr]:
    """The conditions that `and` joins."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _parts(value)
    else:
        yield test


def _note(part: ast.expr, node: ast.Assert) -> ast.stmt:
    line = ast.Constant(node.lineno)
    if isinstance(part, ast.Compare):
        operands = [part.left, *part.comparators]
        pairs = [
            _pair(*of) for of in zip(operands, part.ops, operands[1:], strict=False)
        ]
        known = ast.Constant(tuple(pairs))
        called, args = "compare", [line, known, ast.List(operands, ast.Load())]
    else:
        called, args = "hold", [line, ast.Constant(ast.unparse(part)), part]
    method = ast.Attribute(ast.Name(NAME, ast.Load()), called, ast.Load())
    return ast.copy_location(ast.Expr(ast.Call(method, args, [])), node)


def _pair(a: ast.expr, sign: ast.cmpop, b: ast.expr) -> tuple[str, str, bool]:
    """Text, operator, and whether the bound stands first, as in `0.9 < accuracy`."""
    text = ast.unparse(ast.Compare(a, [sign], [b]))
    return text, type(sign).__name__, _is_fixed(a) and not _is_fixed(b)


def _is_fixed(expression: ast.expr) -> bool:
    """Whether an expression is made of numbers alone."""
    return not any(
        isinstance(node, ast.Name | ast.Call) for node in ast.walk(expression)
    )
