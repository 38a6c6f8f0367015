"""Which names a piece of code defines, and which it takes from elsewhere."""

import ast
import builtins
import dis
from collections.abc import Iterator
from types import CodeType

BUILTINS = frozenset(dir(builtins)) | {"__name__", "__doc__"}


def defined_names(source: str) -> set[str]:
    """The global names that running this code would define."""
    return {name for name, _, stores in _global_names(source) if stores}


def free_names(source: str) -> dict[str, int]:
    """The global names that this code takes from elsewhere, with their first line."""
    uses = {}
    for name, line, stores in _global_names(source):
        if not stores:
            uses[name] = min(line, uses.get(name, line))
    known = defined_names(source) | BUILTINS
    return {name: line for name, line in uses.items() if name not in known}


def imported_modules(source: str) -> set[str]:
    """The modules that this code imports."""
    modules = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return modules


def arguments_of(source: str, function: str) -> list[str]:
    """What a function that this code defines calls its arguments; none of a class."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            names = node.args
            named = [*names.posonlyargs, *names.args, *names.kwonlyargs]
            return [argument.arg for argument in named]
    return []


def _global_names(source: str) -> Iterator[tuple[str, int, bool]]:
    """Each (name, line, whether it is defined there) at module level or below."""
    todo = [compile(source, "<cell>", "exec")]
    while todo:
        code = todo.pop()
        todo += [const for const in code.co_consts if isinstance(const, CodeType)]
        at_module_level = code.co_name == "<module>"
        for step in dis.get_instructions(code):
            line = step.positions.lineno or 1
            if step.opname == "LOAD_GLOBAL":
                yield step.argval, line, False
            elif step.opname == "STORE_GLOBAL":
                yield step.argval, line, True
            elif at_module_level and step.opname in ("LOAD_NAME", "STORE_NAME"):
                yield step.argval, line, step.opname == "STORE_NAME"
            elif step.opname == "LOAD_NAME":
                yield from _class_name(step, code, line)


def _class_name(step, code: CodeType, line: int) -> Iterator[tuple[str, int, bool]]:
    """A name loaded in a class body: its own if the body stores it, else global."""
    stored = {s.argval for s in dis.get_instructions(code) if s.opname == "STORE_NAME"}
    if step.argval not in stored | {"__name__"}:
        yield step.argval, line, False
