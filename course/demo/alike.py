"""A made-up class with known copies: what `course similar` is measured on.

Honest students take an answer of the bank and write it in their own way. A copy is
another student's notebook, changed as people do who hope that nobody sees it. All of
this is text: nothing is run, so that a change need not keep what an answer does.
"""

import ast
import builtins
import random
from collections.abc import Callable
from dataclasses import dataclass

from course.chapters import Chapter

WRONG = 0.15  # of honest answers
NAMES = ("a", "b", "c", "t", "x", "z", "tmp", "res", "out", "val", "acc", "data")
NAMES += ("first", "second", "part", "total", "rows", "cols", "left", "right", "item")


@dataclass(frozen=True)
class MadeClass:
    """The answers of a class, and who copied.

    Args:
        answers: by student and exercise, code.
        copies: by copier, from whom and how.
    """

    answers: dict[str, dict[str, str]]
    copies: dict[str, tuple[str, str]]


def make_class(chapter: Chapter, honest: int, copies: int, seed: int = 0) -> MadeClass:
    """Make a class of honest students, and some who copied from one of them each.

    Args:
        chapter: whose bank is drawn from.
        honest: how many write for themselves.
        copies: how many copy in each of the ways of `WAYS`.
        seed: of the draws.
    """
    draws = random.Random(seed)
    bank = {e: _sources(chapter, e) for e in chapter.cells("exercise")}
    answers = {
        f"honest{number:03}": {e: _honest(*bank[e], draws) for e in bank}
        for number in range(honest)
    }
    sources = draws.sample(sorted(answers), copies * len(WAYS))
    copied = {}
    for place, source in enumerate(sources):
        how = list(WAYS)[place % len(WAYS)]
        copier = f"{how}{place // len(WAYS):03}"
        change = WAYS[how]
        answers[copier] = {
            e: change(code, draws) for e, code in answers[source].items()
        }
        copied[copier] = (source, how)
    return MadeClass(answers, copied)


def _sources(chapter: Chapter, exercise: str) -> tuple[list[str], list[str]]:
    reference = chapter.cells("exercise")[exercise].source
    plain = [line for line in reference.splitlines() if "### " not in line]
    right = ["\n".join(plain), *(a.source for a in chapter.bank(exercise, "right"))]
    return right, [a.source for a in chapter.bank(exercise, "wrong")]


def _honest(right: list[str], wrong: list[str], draws: random.Random) -> str:
    """An answer in one's own way: names, temporary values, order of a sum."""
    code = draws.choice(wrong if wrong and draws.random() < WRONG else right)
    tree = ast.parse(code)
    for habit in (_Named, _Turned, _Squared):
        if draws.random() < 0.4:
            tree = habit(draws).visit(tree)
    if draws.random() < 0.6:
        tree = _rename(tree, draws, share=0.5)
    return ast.unparse(ast.fix_missing_locations(tree))


class _Habit(ast.NodeTransformer):
    def __init__(self, draws: random.Random):
        self.draws = draws


class _Named(_Habit):
    """What is returned gets a name first."""

    def visit_Return(self, node: ast.Return):
        if node.value is None or self.draws.random() < 0.5:
            return node
        name = self.draws.choice(NAMES)
        target = ast.Assign([ast.Name(name, ast.Store())], node.value)
        return [target, ast.Return(ast.Name(name, ast.Load()))]


class _Turned(_Habit):
    """Sums and products are written the other way round."""

    def visit_BinOp(self, node: ast.BinOp):
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self.draws.random() < 0.6:
            node.left, node.right = node.right, node.left
        return node


class _Squared(_Habit):
    """A power is a product, and a method of one value a function of torch."""

    def visit_Call(self, node: ast.Call):
        self.generic_visit(node)
        of_method = isinstance(node.func, ast.Attribute) and not isinstance(
            node.func.value, ast.Name
        )
        if of_method and self.draws.random() < 0.6:
            torch = ast.Attribute(ast.Name("torch", ast.Load()), node.func.attr)
            return ast.Call(torch, [node.func.value, *node.args], node.keywords)
        return node


def _rename(tree: ast.AST, draws: random.Random, share: float) -> ast.AST:
    """Give some of the names that a cell itself makes another one."""
    own = {n.id for n in ast.walk(tree) if _is_made(n)}
    own |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    own -= set(dir(builtins))
    new = {old: _new_name(draws) for old in sorted(own) if draws.random() < share}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)
    return tree


def _is_made(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _new_name(draws: random.Random) -> str:
    return f"{draws.choice(NAMES)}{draws.choice(['', '_', '1', '2', '_new'])}"


def verbatim(code: str, draws: random.Random) -> str:
    """As it is."""
    return code


def renamed(code: str, draws: random.Random) -> str:
    """Every name that its author chose is another one."""
    return ast.unparse(_rename(ast.parse(code), draws, share=1))


def reordered(code: str, draws: random.Random) -> str:
    """Names as well, and statements beside each other change places."""
    tree = _rename(ast.parse(code), draws, share=1)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and len(body) > 2
            and not isinstance(node, ast.Module)
        ):
            place = draws.randrange(len(body) - 2)
            body[place], body[place + 1] = body[place + 1], body[place]
    return ast.unparse(tree)


def retyped(code: str, draws: random.Random) -> str:
    """Typed anew: other names, remarks, here and there a name for the result."""
    tree = _Named(draws).visit(_rename(ast.parse(code), draws, share=1))
    lines = ast.unparse(ast.fix_missing_locations(tree)).splitlines()
    return "\n".join(f"{line}  # step {n}" for n, line in enumerate(lines))


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    way.__name__: way for way in (verbatim, renamed, reordered, retyped)
}
