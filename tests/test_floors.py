"""Who imports whom: a floor of the grader knows those below it, and nobody a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = (
    *("commands", "command", "feedback", "summary", "batch", "newcomers"),
    *("highlighting", "engine", "brought", "judge", "bridge", "record", "intake"),
    *("worker", "isolation", "inert", "plan", "result", "sheets"),
)


def modules(folder: str) -> dict[str, Path]:
    """Every module below a folder, by its full name."""
    paths = (ROOT / folder).rglob("*.py")
    named = {path: path.relative_to(ROOT).with_suffix("").parts for path in paths}
    return {".".join(n).removesuffix(".__init__"): path for path, n in named.items()}


def imports(folder: str) -> dict[str, set[str]]:
    """Which others of a folder each of its modules imports, wherever it does."""
    known, found = modules(folder), {}
    for name, path in known.items():
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        said = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                full = {
                    f"{node.module}.{alias.name}": node.module for alias in node.names
                }
                said |= {
                    long if long in known else short for long, short in full.items()
                }
        found[name] = said.intersection(known) - {name}
    return found


@pytest.mark.parametrize("folder", ["course", "utils"])
def test_nobody_imports_in_a_circle(folder):
    assert list(TopologicalSorter(imports(folder)).static_order())


def test_each_floor_of_the_grader_knows_those_below_it_only():
    def floor(module: str) -> int:
        return FLOORS.index(module.split(".")[2])

    upward = [
        f"{module} imports {other}"
        for module, others in imports("course/grade").items()
        for other in others
        if module != "course.grade" and floor(other) < floor(module)
    ]
    assert upward == []


def test_every_room_of_the_grader_is_a_floor():
    there = {
        module.split(".")[2] for module in modules("course/grade") if "." in module[7:]
    }
    assert there == set(FLOORS)
