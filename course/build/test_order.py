"""The order of a test: what is compared with stands before the answer's call.

One pass over a test, top to bottom. Of each name it knows the line that set it and, if
its value hangs on what an answer gave, the line at which that answer ran.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

# check -> the positions and keywords of what it compares with
EXPECTED = {
    "close": ((1,), ("expected",)),
    "equal": ((1,), ("expected",)),
    "shape": ((1,), ("expected",)),
    "dtype": ((1,), ("expected",)),
    "reaches": ((1,), ("bar",)),
    "module": ((), ("output_shape", "num_params", "param_shapes")),
}
RUNNING = ("call", "gradient", "module", "probe", "raises", "take")
_DRAWS_TEXT = """
rand randn randint randperm normal bernoulli multinomial rand_like randn_like
randint_like random gauss uniform shuffle choice choices sample exponential_ normal_
uniform_ random_ bernoulli_ dropout
"""
DRAWS = frozenset(_DRAWS_TEXT.split())
LIBRARIES = {"torch", "nn", "F", "np", "math"}  # no data of a test
SEEDS = ("manual_seed", "set_seed")


def check_made(node: ast.AST) -> str:
    """The name of the check that a call makes; "" for any other call or node."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    owner = node.func.value
    is_check = isinstance(owner, ast.Name) and owner.id == "check"
    return node.func.attr if is_check else ""


def stored(target: ast.AST) -> set[str]:
    """The names that an assignment's target sets, `y` of `y[0] = 1` included."""
    names = (n for n in ast.walk(target) if isinstance(n, ast.Name))
    found = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return found | ({target.id} if isinstance(target, ast.Name) else set())


def late_values(tree: ast.Module) -> list[tuple[str, int]]:
    """What a test makes too late, with its line."""
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    running = _running(functions)
    scopes = [tree.body, *(function.body for function in functions.values())]
    found = [late for body in scopes for late in _Pass(running).look_through(body)]
    return sorted(set(found), key=lambda late: late[1])


def _running(functions: dict[str, ast.FunctionDef]) -> set[str]:
    """The test's own functions that have an answer called, themselves or by others."""
    running: set[str] = set()
    while True:
        more = {n for n, f in functions.items() if _runs(f.body, running)} - running
        if not more:
            return running
        running |= more


def _runs(nodes: list, running: set[str]) -> bool:
    """Whether an answer runs in one of these nodes."""
    inside = (n for node in nodes for n in ast.walk(node))
    return any(
        check_made(n) in RUNNING or (isinstance(n, ast.Name) and n.id in running)
        for n in inside
    )


@dataclass(frozen=True)
class _Known:
    """Of a name: the line that set it, and the one at which its answer ran, or none."""

    line: int
    ran: int | None


class _Pass:
    """One pass over the statements of a test, or of a function in it.

    Args:
        running: names of functions that have an answer called.
    """

    def __init__(self, running: set[str]):
        self.running = running
        self.names: dict[str, _Known] = {}
        self.first_run: int | None = None  # since random numbers were last seeded
        self.late: list[tuple[str, int]] = []

    def look_through(self, body: list[ast.stmt]) -> list[tuple[str, int]]:
        """The problems of these statements, blocks inside them included."""
        for statement in body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                continue
            blocks = [getattr(statement, part, []) for part in ("body", "orelse")]
            if any(blocks):
                self._look_at(statement, _head(statement))
                for block in blocks:
                    self.look_through(block)
            else:
                self._look_at(statement, [statement])
        return self.late

    def _look_at(self, statement: ast.stmt, nodes: list[ast.AST]) -> None:
        line = statement.lineno
        inside = [n for node in nodes for n in ast.walk(node)]
        for node in inside:
            self._draws(node)
            if check_made(node) in EXPECTED:
                self._compares(node)
        if _runs(nodes, self.running):
            self.first_run = self.first_run or line
        self._assigns(statement, nodes, line)

    def _draws(self, node: ast.AST) -> None:
        """Random numbers come before all answers, or from a seed set after them."""
        name = getattr(getattr(node, "func", None), "attr", None)
        if name in SEEDS:
            self.first_run = None
        if name not in DRAWS or self.first_run is None:
            return
        if not any(word.arg == "generator" for word in node.keywords):
            text = "random numbers after an answer has run: draw them before, from a "
            self.late.append((f"{text}generator=, or set a seed", node.lineno))

    def _compares(self, node: ast.Call) -> None:
        places, words = EXPECTED[check_made(node)]
        given = [node.args[i] for i in places if i < len(node.args)]
        given += [word.value for word in node.keywords if word.arg in words]
        ran = self._ran(node.args[:1]) or node.lineno
        for value in given:
            if _runs([value], self.running) or self._is_late(value, ran):
                text = f"{ast.unparse(value)} is made after the answer ran, or by it: "
                text += "assign what you compare with before the call"
                self.late.append((text, value.lineno))

    def _ran(self, nodes: list[ast.AST]) -> int | None:
        """The first line at which an answer ran for these values."""
        if _runs(nodes, self.running):
            return nodes[0].lineno
        lines = (self.names[n].ran for n in _names(nodes) if n in self.names)
        return min((line for line in lines if line), default=None)

    def _is_late(self, value: ast.expr, ran: int) -> bool:
        """Whether a value hangs on an answer, was set after it, or is computed now."""
        names = [self.names.get(n) for n in _names([value])]
        if any(known and (known.ran or known.line > ran) for known in names):
            return True
        return any(map(_computes, ast.walk(value)))

    def _assigns(self, statement: ast.stmt, nodes: list, line: int) -> None:
        targets = getattr(statement, "targets", [])
        targets = [*targets, *(getattr(n, "optional_vars", None) for n in nodes)]
        targets.append(getattr(statement, "target", None))
        values = [n for n in nodes if not isinstance(n, ast.Name)] or nodes
        ran = self._ran(values)
        for target in filter(None, targets):
            for name in stored(target):
                self.names[name] = _Known(line, ran)


def _head(statement: ast.stmt) -> list[ast.AST]:
    """The parts of a compound statement that are no statements: test, iter, items."""
    parts = (getattr(statement, part, []) for part in ("test", "iter", "items"))
    return [n for part in parts for n in (part if isinstance(part, list) else [part])]


def _names(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
                yield inner.id


def _computes(node: ast.AST) -> bool:
    """Whether a node makes a new value out of named ones: `w.T`, `w[0]` don't."""
    if isinstance(node, ast.Call):
        parts = [*node.args, *(word.value for word in node.keywords)]
        return bool({*_names(parts), *_names([node.func])} - LIBRARIES)
    operations = ast.BinOp | ast.Compare | ast.BoolOp | ast.ListComp | ast.GeneratorExp
    return isinstance(node, operations) and any(True for _ in _names([node]))
