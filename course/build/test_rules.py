"""Rules for tests: the judge looks at what an answer gave, at nothing it touched.

An answer may change its arguments, draw random numbers or return an object that lies.
So a test has it called by `check`, which hands back plain data and leaves everything
else as it was, and what it compares with is there before the answer runs.
"""

import ast
from collections.abc import Iterator
from itertools import chain

from course.build.test_order import check_made, late_values, stored
from course.cells import Cell, Problem
from course.chapters import Chapter
from course.names import arguments_of, defined_names

NET_METHODS = ("train", "eval", "parameters", "named_parameters", "buffers", "modules")


def changes(chapter: Chapter) -> Iterator[Problem]:
    """`changes="params"` stands at a test and names arguments of the exercise."""
    exercises = chapter.cells("exercise")
    for cell in (*chapter.lecture, *chapter.exercises):
        if cell.changes and cell.role != "test":
            yield cell.problem("only a test says changes=...", 0)
        answer = exercises.get(cell.id)
        if cell.role != "test" or answer is None:
            continue
        known = arguments_of(answer.source, cell.id)
        for name in cell.changes.split():
            if name not in known:
                there = ", ".join(known) or "none: it is no function"
                text = f"changes={name!r} is no argument of {cell.id!r}: {there}"
                yield cell.problem(text, 0)


def calls_by_check(chapter: Chapter) -> Iterator[Problem]:
    """What an answer defines is called by `check` alone, and so is what it gave."""
    for cell, answer, tree in _tests(chapter):
        parents = _parents(tree)
        names = defined_names(answer.source)
        for node in _loads(tree, names):
            if not _is_argument_of_check(node, parents):
                text = f"write check.call({node.id}, ...): only `check` calls an answer"
                yield cell.problem(text, node.lineno)
        made = _Made(tree, names, _classes(answer.source))
        yield from (cell.problem(*found) for found in made.problems())


def expected_first(chapter: Chapter) -> Iterator[Problem]:
    """What a test compares with is made before the answer that is compared with it."""
    for cell, _, tree in _tests(chapter):
        yield from (cell.problem(*found) for found in late_values(tree))


def _tests(chapter: Chapter) -> Iterator[tuple[Cell, Cell, ast.Module]]:
    exercises = chapter.cells("exercise")
    for cell in chapter.cells("test").values():
        if cell.id in exercises:
            yield cell, exercises[cell.id], ast.parse(cell.source)


def _parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    pairs = ((child, n) for n in ast.walk(tree) for child in ast.iter_child_nodes(n))
    return dict(pairs)


def _loads(tree: ast.AST, names: set[str]) -> list[ast.Name]:
    """Each use of one of these names."""
    found = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in names)
    return [node for node in found if isinstance(node.ctx, ast.Load)]


def _is_argument_of_check(node: ast.expr, parents: dict) -> bool:
    parent = parents[node]
    if isinstance(parent, ast.keyword):
        parent = parents[parent]
    return (
        isinstance(parent, ast.Call) and parent.func is not node and check_made(parent)
    )


def _classes(source: str) -> set[str]:
    return {n.name for n in ast.parse(source).body if isinstance(n, ast.ClassDef)}


class _Made:
    """Names that stand for what an answer gave, or for something made with it.

    Args:
        tree: a test.
        names: what the answer defines.
        classes: those of them that are classes.
    """

    def __init__(self, tree: ast.Module, names: set[str], classes: set[str]):
        self.tree, self.classes = tree, classes
        self.names: set[str] = set()
        self.nets: set[str] = set()  # made by one of the answer's classes
        while True:  # until no assignment adds a name: functions stand in any order
            before = len(self.names) + len(self.nets)
            for targets, value in _assignments(tree):
                if self.is_made(value):
                    self.names |= targets
                if self.is_net(value):
                    self.nets |= targets
            if len(self.names) + len(self.nets) == before:
                return

    def is_made(self, node: ast.expr) -> bool:
        """Whether a value is what an answer gave, handed on by calls or not."""
        if check_made(node) in ("call", "take"):
            return True
        if isinstance(node, ast.Call) and not check_made(node):
            arguments = chain(node.args, (word.value for word in node.keywords))
            return any(map(self.is_made, [node.func, *arguments]))
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            return self.is_made(node.value)
        return isinstance(node, ast.Name) and node.id in self.names

    def is_net(self, node: ast.expr) -> bool:
        """Whether a value is an object of a class of the answer."""
        if check_made(node) == "call" and node.args:
            first = node.args[0]
            return isinstance(first, ast.Name) and first.id in self.classes
        if isinstance(node, ast.Call) and not check_made(node):
            is_itself = getattr(node.func, "attr", "") in ("train", "eval")
            owner = [node.func.value] if is_itself else []
            return any(map(self.is_net, [*owner, *node.args]))
        return isinstance(node, ast.Name) and node.id in self.nets

    def problems(self) -> Iterator[tuple[str, int]]:
        """Direct calls of what an answer gave; reading of what it says of itself."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and self._is_direct(node):
                text = f"write check.call({ast.unparse(node.func)}, ...): only"
                yield f"{text} `check` calls what an answer gave", node.lineno
            if isinstance(node, ast.Attribute) and self._is_read(node):
                text = "read it from check.parameters(net): a net may say of itself"
                yield f"{text} what it likes in {node.attr!r}", node.lineno

    def _is_direct(self, node: ast.Call) -> bool:
        is_method = isinstance(node.func, ast.Attribute)
        return not is_method and not check_made(node) and self.is_made(node.func)

    def _is_read(self, node: ast.Attribute) -> bool:
        is_load = isinstance(node.ctx, ast.Load)
        return is_load and node.attr not in NET_METHODS and self.is_net(node.value)


def _assignments(tree: ast.AST) -> Iterator[tuple[set[str], ast.expr]]:
    """The names that each assignment, loop and comprehension sets, and from what."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield set().union(*map(stored, node.targets)), node.value
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            yield stored(node.target), node.value
        elif isinstance(node, ast.For | ast.comprehension):
            yield stored(node.target), node.iter
        elif isinstance(node, ast.withitem) and node.optional_vars:
            yield stored(node.optional_vars), node.context_expr
