"""Rules for every cell, lecture or exercise: length, figures, paths."""

import ast
import re
from collections.abc import Iterator

from course.cells import Problem
from course.chapters import Chapter

MAX_CODE_LINES = 20
MAX_BLOCK_LINES = 40  # for a cell with a class or a loop
MAX_WORDS = 120
MIN_ALT_CHARACTERS = 20
ABSOLUTE_PATH = re.compile(
    r"(?<![\w:/.<])/(?:home|Users|root|tmp|mnt|var|opt|usr|etc|work|content|data)/"
    r"|\b[A-Z]:\\\\?\w|~/"
)
NOT_FIGURES = {"show", "use_style", "fix_d2l"}


def limits(chapter: Chapter) -> Iterator[Problem]:
    """Cells short enough to be read at a glance."""
    for cell in (*chapter.lecture, *chapter.exercises):
        if cell.is_code:
            count, most = code_lines(cell.source), most_lines(cell.source)
            if count > most:
                yield cell.problem(f"a code cell of {count} lines; at most {most}")
        elif cell.role == "predict":
            continue  # has limits of its own
        elif (count := words(cell.source)) > MAX_WORDS:
            yield cell.problem(f"a text cell of {count} words; at most {MAX_WORDS}")


def most_lines(source: str) -> int:
    """How long a code cell may be: longer with a class or a loop."""
    long_kinds = ast.ClassDef | ast.For | ast.While
    is_long = any(isinstance(node, long_kinds) for node in ast.walk(ast.parse(source)))
    return MAX_BLOCK_LINES if is_long else MAX_CODE_LINES


def code_lines(source: str) -> int:
    """Lines of code: not blank, not only a comment, not a docstring."""
    documented = ast.Module | ast.FunctionDef | ast.ClassDef
    skipped = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented) and node.body and is_docstring(node.body[0]):
            skipped |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return sum(
        number not in skipped and line.strip() != "" and line.strip()[0] != "#"
        for number, line in enumerate(source.splitlines(), start=1)
    )


def words(markdown: str) -> int:
    """Words of a text cell: a formula, a link or a picture counts as one."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.S)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", "formula", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return len(re.findall(r"[^\s|#*>-]\S*", text))


def figures(chapter: Chapter) -> Iterator[Problem]:
    """A cell that draws ends in plots.show with a text for who can't see the figure."""
    for cell in (*chapter.lecture, *chapter.exercises):
        if not cell.is_code or cell.role == "test":
            continue
        tree = ast.parse(cell.source)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        drawn = [call for call in calls if _draws(call)]
        texts = [_alt_text(c) for c in calls if ast.unparse(c.func) == "plots.show"]
        if drawn and (not texts or min(texts) < MIN_ALT_CHARACTERS):
            message = "a figure without alternative text: plots.show(fig, alt=...)"
            yield cell.problem(message, drawn[0].lineno)


def _draws(call: ast.Call) -> bool:
    module, _, function = ast.unparse(call.func).partition(".")
    return module == "plt" or (module == "plots" and function not in NOT_FIGURES)


def _alt_text(call: ast.Call) -> int:
    """How many characters of text an alt argument holds; a name counts as enough."""
    values = [word.value for word in call.keywords if word.arg == "alt"] + call.args[1:]
    if not values:
        return 0
    parts = [n.value for n in ast.walk(values[0]) if isinstance(n, ast.Constant)]
    text = sum(len(part.strip()) for part in parts if isinstance(part, str))
    return text if parts else MIN_ALT_CHARACTERS


def paths(chapter: Chapter) -> Iterator[Problem]:
    """No path of one machine."""
    for cell in (*chapter.lecture, *chapter.exercises):
        for number, line in enumerate(cell.source.splitlines(), start=1):
            if match := ABSOLUTE_PATH.search(line):
                yield cell.problem(f"an absolute path: {match.group()!r}", number)


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
