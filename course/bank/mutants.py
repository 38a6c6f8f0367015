"""Mutants: the reference answer with one small mistake, made by machine.

Each operator is a function from a syntax node to the nodes that may stand in its place;
they imitate what people do (swap an axis, sum for mean, drop a detach, forget to zero
the gradients, < for <=). A mutant that a test accepts shows that the test is too weak,
or it changes nothing that can be observed and is listed in the bank as `equivalent`.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from course.regions import region_lines


@dataclass(frozen=True)
class Mutant:
    """One mutant: its whole source and what was changed, `before -> after`."""

    source: str
    label: str
    line: int


COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
SWAPPED = {
    "mean": "sum",
    "sum": "mean",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "zeros": "ones",
    "ones": "zeros",
    "eval": "train",
    "train": "eval",
    "ReLU": "Sigmoid",
    "Sigmoid": "ReLU",
    "MaxPool2d": "AvgPool2d",
    "AvgPool2d": "MaxPool2d",
    "relu": "sigmoid",
    "sigmoid": "relu",
    "cat": "stack",
    "stack": "cat",
    "floor": "ceil",
    "ceil": "floor",
}
# Methods that a beginner forgets: `x.detach()` becomes `x`.
FORGOTTEN = {
    "clone",
    "contiguous",
    "detach",
    "exp",
    "flatten",
    "float",
    "reshape",
    "sqrt",
    "squeeze",
    "t",
    "transpose",
    "unsqueeze",
}
AXES = {"dim", "axis"}


def mutants(source: str) -> list[Mutant]:
    """Make every mutant of a reference answer.

    Args:
        source: the answer cell; only its solution regions are changed.

    Returns:
        mutants that differ from the reference and from each other.
    """
    tree = ast.parse(source)
    lines = region_lines(source)
    found, known = [], {ast.unparse(tree)}
    for node, statement in _nodes(tree):
        if getattr(node, "lineno", 0) not in lines:
            continue
        for replacement in _replacements(node):
            mutant = _replace(tree, node, statement, replacement)
            if mutant.source not in known:
                known.add(mutant.source)
                found.append(mutant)
    return found


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.stmt]]:
    """Every node with the innermost statement that it stands in."""
    todo: list[tuple[ast.AST, ast.stmt | None]] = [(tree, None)]
    while todo:
        node, statement = todo.pop(0)
        inner = node if isinstance(node, ast.stmt) else statement
        if inner is not None:
            yield node, inner
        todo += [(child, inner) for child in ast.iter_child_nodes(node)]


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    for operator in OPERATORS:
        yield from operator(node)


def _replace(tree, node, statement, replacement) -> Mutant:
    """A copy of the tree with one node replaced, as source and label."""
    memo: dict = {}
    mutated = copy.deepcopy(tree, memo)
    target, new_statement = memo[id(node)], memo[id(statement)]
    if node is statement:
        new_statement = replacement
    mutated = _Swap(target, replacement).visit(mutated)
    ast.fix_missing_locations(mutated)
    label = f"{_head(statement)} -> {_head(new_statement)}"
    return Mutant(ast.unparse(mutated), label, node.lineno)


class _Swap(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST):
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST):
        return self.replacement if node is self.target else self.generic_visit(node)


def _head(statement: ast.AST) -> str:
    """A statement's first line: a loop's header, not its body."""
    return ast.unparse(ast.fix_missing_locations(statement)).strip().splitlines()[0]


def _with(node: ast.AST, **fields) -> ast.AST:
    """A copy of a node with some fields changed."""
    changed = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def compare_otherwise(node: ast.AST) -> Iterator[ast.AST]:
    """< for <=, == for !=."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        yield _with(node, ops=[COMPARISONS[type(node.ops[0])](), *node.ops[1:]])


def calculate_otherwise(node: ast.AST) -> Iterator[ast.AST]:
    """+ for -, * for /, and the operands of @ the other way round."""
    if not isinstance(node, ast.BinOp | ast.AugAssign):
        return
    if type(node.op) in ARITHMETIC:
        yield _with(node, op=ARITHMETIC[type(node.op)]())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Sub):
        yield _with(node, left=node.right, right=node.left)


def forget_complement(node: ast.AST) -> Iterator[ast.AST]:
    """p for 1 - p, x for -x."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        if isinstance(node.left, ast.Constant) and node.left.value == 1:
            yield node.right
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand


def change_constant(node: ast.AST) -> Iterator[ast.AST]:
    """Off by one, twice as large, True for False."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        value = node.value
        if isinstance(value, bool):
            yield _with(node, value=not value)
        elif isinstance(value, int):
            yield _with(node, value=value + 1)
        else:
            yield _with(node, value=value * 2 if value else 1.0)


def swap_axis(node: ast.AST) -> Iterator[ast.AST]:
    """Another axis, or the keyword forgotten."""
    if not isinstance(node, ast.Call):
        return
    for i, keyword in enumerate(node.keywords):
        others = node.keywords[:i] + node.keywords[i + 1 :]
        yield _with(node, keywords=others)
        if keyword.arg in AXES:
            other = 1 if ast.unparse(keyword.value) == "0" else 0
            swapped = ast.keyword(keyword.arg, ast.Constant(other))
            yield _with(node, keywords=[*node.keywords[:i], swapped, *others[i:]])


def swap_arguments(node: ast.AST) -> Iterator[ast.AST]:
    """f(b, a) for f(a, b)."""
    if isinstance(node, ast.Call) and len(node.args) >= 2:
        first, second, *rest = node.args
        yield _with(node, args=[second, first, *rest])


def call_the_sibling(node: ast.AST) -> Iterator[ast.AST]:
    """mean for sum, max for min, ReLU for Sigmoid."""
    if isinstance(node, ast.Attribute) and node.attr in SWAPPED:
        yield _with(node, attr=SWAPPED[node.attr])
    elif isinstance(node, ast.Name) and node.id in SWAPPED:
        yield _with(node, id=SWAPPED[node.id])


def forget_a_call(node: ast.AST) -> Iterator[ast.AST]:
    """x for x.detach(), x for x.T."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in FORGOTTEN:
            yield node.func.value
    elif isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield node.value


def forget_a_layer(node: ast.AST) -> Iterator[ast.AST]:
    """One argument of Sequential left out."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Sequential"):
        for i in range(len(node.args)):
            yield _with(node, args=node.args[:i] + node.args[i + 1 :])


def forget_a_statement(node: ast.AST) -> Iterator[ast.AST]:
    """A step left out: optimizer.zero_grad(), i += 1, net.eval()."""
    if isinstance(node, ast.Expr | ast.AugAssign) and not _is_docstring(node):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(None)


def forget_no_grad(node: ast.AST) -> Iterator[ast.AST]:
    """The body without its `with torch.no_grad():`."""
    if isinstance(node, ast.With):
        yield ast.If(test=ast.Constant(True), body=node.body, orelse=[])


def cut_slice(node: ast.AST) -> Iterator[ast.AST]:
    """a[i:j - 1] for a[i:j]."""
    if isinstance(node, ast.Slice) and node.upper is not None:
        yield _with(node, upper=ast.BinOp(node.upper, ast.Sub(), ast.Constant(1)))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


OPERATORS: tuple[Callable[[ast.AST], Iterator[ast.AST]], ...] = (
    compare_otherwise,
    calculate_otherwise,
    forget_complement,
    change_constant,
    swap_axis,
    swap_arguments,
    call_the_sibling,
    forget_a_call,
    forget_a_layer,
    forget_a_statement,
    forget_no_grad,
    cut_slice,
)
