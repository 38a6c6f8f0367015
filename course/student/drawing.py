"""Which lines of a code cell only draw: they can be folded, the model's lines can't.

Decided by what is written. A statement only draws if it calls `plots` or a module of
drawings, what came from them, such as `fig` and `ax`, or holds only such statements. In
its arguments nothing else is called but what turns a result into numbers or words: so a
net that is asked, or trained, within a figure's arguments stays in sight.
"""

import ast
from collections.abc import Iterable

DRAWERS = ("plots", "plt", "draw", "drawings")
# What may be called in the arguments of a call that draws.
PLAIN = frozenset(
    {"abs", "dict", "enumerate", "float", "int", "len", "list", "max", "min", "range"}
    | {"reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip"}
)
PLAIN_METHODS = frozenset(
    {"abs", "arange", "astype", "cat", "clamp", "cpu", "detach", "exp", "flatten"}
    | {"float", "format", "item", "items", "join", "keys", "linspace", "log", "max"}
    | {"mean", "min", "numpy", "permute", "ravel", "replace", "reshape", "split"}
    | {"sqrt", "squeeze", "stack", "std", "sum", "tensor", "title", "tolist"}
    | {"transpose", "unsqueeze", "values", "where"}
)
FEWEST_LINES = 3  # to fold fewer would hide less than the fold itself takes


def only_draws(source: str) -> bool:
    """Whether a code cell does nothing but draw."""
    statements = _parsed(source)
    return bool(statements) and len(list(_drawing(statements))) == len(statements)


def stretches(source: str) -> list[tuple[bool, str]]:
    """A code cell in stretches of lines, in order: (does it only draw?, its lines).

    Args:
        source: the cell's code; what can't be read as Python is one stretch.

    Returns:
        stretches without blank lines at their ends; two neighbours never draw both.
    """
    lines = source.split("\n")
    folded = set()
    for first, last in _runs(source):
        if last - first + 1 >= FEWEST_LINES:
            folded.update(range(first, last + 1))
    found: list[tuple[bool, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        draws = number in folded
        if not found or found[-1][0] != draws:
            found.append((draws, []))
        found[-1][1].append(line)
    texts = ((draws, "\n".join(part).strip("\n")) for draws, part in found)
    return [(draws, text) for draws, text in texts if text]


def _runs(source: str) -> Iterable[tuple[int, int]]:
    """First and last lines of statements in a row that only draw."""
    statements = _parsed(source)
    drawing = set(map(id, _drawing(statements)))
    run = None
    for statement in statements:
        if id(statement) not in drawing:
            if run:
                yield run
            run = None
        else:
            run = (run[0] if run else statement.lineno, statement.end_lineno)
    if run:
        yield run


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # a magic, as `%timeit`: shown as it is
        return []


def _drawing(statements: list[ast.stmt]) -> Iterable[ast.stmt]:
    known = set(DRAWERS)
    return [statement for statement in statements if _draws(statement, known)]


def _draws(statement: ast.stmt, known: set[str]) -> bool:
    """Whether a statement only draws; adds to `known` what it names of a drawing."""
    match statement:
        case ast.Expr(ast.Call() as call):
            return _is_of(call, known) and _is_plain(call, known)
        case ast.Assign(targets, value) if _is_of(value, known):
            known.update(*map(_names, targets))
            return _is_plain(value, known)
        case ast.For(target, iterable, body, []):
            _note_items(target, iterable, known)
            return _is_plain(iterable, known) and _all_draw(body, known)
        case ast.If(test, body, rest):
            return _is_plain(test, known) and _all_draw(body + rest, known)
    return False


def _note_items(target: ast.expr, iterable: ast.expr, known: set[str]) -> None:
    """Add to `known` what a loop takes from a drawing: `ax` of `zip(axes, nets)`."""
    match target, iterable:
        case ast.Tuple(targets), ast.Call(ast.Name("zip"), args):
            for one, of in zip(targets, args, strict=False):
                _note_items(one, of, known)
        case ast.Tuple([_, one]), ast.Call(ast.Name("enumerate"), [of, *_]):
            _note_items(one, of, known)
        case _ if _is_of(iterable, known):
            known.update(_names(target))


def _all_draw(statements: list[ast.stmt], known: set[str]) -> bool:
    return all([_draws(statement, known) for statement in statements])


def _is_of(node: ast.expr, known: set[str]) -> bool:
    """Whether a value is a drawing's: `ax`, `axes[0]`, `fig.add_subplot(...)`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in known


def _is_plain(node: ast.expr, known: set[str]) -> bool:
    """Whether all that is called in an expression draws, or makes numbers or words."""
    calls = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
    return all(_may_be_called(function, known) for function in calls)


def _may_be_called(function: ast.expr, known: set[str]) -> bool:
    if isinstance(function, ast.Name):
        return function.id in PLAIN
    is_plain = isinstance(function, ast.Attribute) and function.attr in PLAIN_METHODS
    return is_plain or _is_of(function, known)


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
