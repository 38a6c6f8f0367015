"""A hidden test whose call and result stand in the prompt, as its worked example.

Numbers are compared, in their order: those of the call, side by side with those of the
result, or the numbers of a long result alone. An example told in words, in a formula or
in a picture is not found, nor one whose numbers come in another order; where the call
and its result are one number each, the prompt must write the call as code.
"""

import ast
import math
import re
from collections.abc import Iterator

from course.cells import Cell, Problem
from course.chapters import Chapter
from course.regions import split_hidden, stub
from utils.check.outcome import Outcome

NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")
BETWEEN = 2  # numbers that may stand between a call's and its result's
TELLING = 4  # a result of so many numbers is found without its call
NOT_ARGUMENTS = ("call", "rtol", "atol")


def giveaways(
    chapter: Chapter, test: Cell, visible: list, hidden: list
) -> Iterator[Problem]:
    """The hidden probes of a test whose result a prompt tells.

    Args:
        chapter: the chapter.
        test: the test.
        visible: (outcome, call as text, fingerprint) of the reference's visible probes.
        hidden: those of its hidden ones.
    """
    shown = [numbers_of(outcome) for outcome, *_ in visible]
    written = list(_written_arguments(test))
    for i, (outcome, call, *_) in enumerate(hidden):
        result = numbers_of(outcome)
        if not result:
            continue
        calls = [_called(call), written[i] if len(written) == len(hidden) else []]
        is_telling = result not in shown and _is_telling(result)
        for cell in prompts(chapter, test.id):
            is_named = f"{test.id}(" in cell.source
            told, lines = _numbers_in(cell.source)
            at = _told_at(told, [c for c in calls if c], result, is_named)
            if at is None and is_telling:
                at = _index(told, result)
            if at is not None:
                text = f"this gives a hidden test of {test.id!r} away: {call}"
                yield cell.problem(f"{text} and its result stand here", lines[at])
                break


def prompts(chapter: Chapter, exercise: str) -> list[Cell]:
    """The texts above an exercise, from the test before it, and its docstring."""
    found: list[Cell] = []
    for cell in chapter.exercises:
        if cell.role == "exercise" and cell.id == exercise:
            shown = Cell(cell.path, cell.line, stub(cell.source), is_code=True)
            return [*found, shown]
        if cell.role in ("test", "manual"):
            found = []
        elif not cell.is_code:
            found.append(cell)
    return []


def numbers_of(outcome: Outcome) -> list[float]:
    """The numbers of a value in their order; none if it holds texts or truths."""
    kind, data = outcome.kind, outcome.data
    if kind in ("tensor", "array") and not data.is_complex():
        return [] if outcome.dtype == "bool" else data.double().flatten().tolist()
    if kind in ("int", "float"):
        return [float(data)]
    if kind in ("list", "tuple"):
        return [number for item in data for number in numbers_of(item)]
    return []


def _numbers_in(text: str) -> tuple[list[str], list[int]]:
    """The numbers of a text as written, and the line of each, from 1."""
    found = list(NUMBER.finditer(text))
    lines = [text[: match.start()].count("\n") + 1 for match in found]
    return [match[0].replace("\u2212", "-") for match in found], lines


def _called(call: str) -> list[float]:
    """The numbers of a call as a message shows it; none if it shows but a shape."""
    if " of " in call:
        return []
    return [float(number) for number in _numbers_in(call.partition("(")[2])[0]]


def _written_arguments(test: Cell) -> Iterator[list[float]]:
    """The numbers in the arguments of each hidden probe, as its author wrote them."""
    visible, hidden = map(ast.parse, split_hidden(test.source))
    values: dict[str, ast.expr] = {}
    for node in ast.walk(ast.Module([*visible.body, *hidden.body], [])):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
    for node in ast.walk(hidden):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "check.probe":
            named = [k.value for k in node.keywords if k.arg not in NOT_ARGUMENTS]
            given = [*node.args[1:], *named]
            yield [n for value in given for n in _literals(_resolved(value, values))]


def _resolved(value: ast.expr, values: dict[str, ast.expr]) -> ast.expr:
    is_known = isinstance(value, ast.Name) and value.id in values
    return values[value.id] if is_known else value


def _literals(value: ast.AST) -> Iterator[float]:
    """The numbers written in an expression, in their order."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        yield from (-number for number in _literals(value.operand))
    elif isinstance(value, ast.Constant) and type(value.value) in (int, float):
        yield float(value.value)
    else:
        for child in ast.iter_child_nodes(value):
            yield from _literals(child)


def _told_at(
    told: list[str], calls: list[list[float]], result: list[float], is_named: bool
) -> int | None:
    """Where a call stands beside its result, before it or behind; None if nowhere."""
    for call in calls:
        if len(call) + len(result) < 3 and not is_named:
            continue
        for first, second in ((call, result), (result, call)):
            for start in _indices(told, first):
                rest = told[start + len(first) :][: BETWEEN + len(second)]
                if _index(rest, second) is not None:
                    return start
    return None


def _index(told: list[str], numbers: list[float]) -> int | None:
    return next(_indices(told, numbers), None)


def _indices(told: list[str], numbers: list[float]) -> Iterator[int]:
    for start in range(len(told) - len(numbers) + 1):
        if all(map(_is, told[start:], numbers)):
            yield start


def _is(told: str, number: float) -> bool:
    """Whether a number, rounded as the text rounds, is what the text says."""
    digits = len(told.partition("e")[0].partition(".")[2])
    room = 0.5 * 10.0**-digits if digits else 0.0
    return math.isclose(float(told), number, rel_tol=1e-6, abs_tol=room)


def _is_telling(result: list[float]) -> bool:
    """Whether a result is long and varied enough to stand in a prompt by no chance."""
    return len(result) >= TELLING and len(set(result)) >= TELLING - 1
