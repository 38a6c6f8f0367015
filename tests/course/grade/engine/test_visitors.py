"""What the nursery imports for an assignment that was brought along."""

import json
import subprocess
import sys

from course.environment import MODULE
from course.grade.engine.resident import _modules
from course.grade.plan import read_assignment
from course.grade.sheets import IGNORED, packed_files
from tests.brought.kinds import ARRAYS, BESIDE
from tests.brought.making import Kind, answer, asserts

# What takes seconds, or is of this course only.
HEAVY = ["torch", "torchvision", "pandas", "nbformat", "nbgrader", "utils"]
HEAVY += ["sqlalchemy"]
PREPARE = """
import json, sys
from course.grade.engine import nursery, visitors
visitors.prepare(json.loads(sys.argv[1]))
print(json.dumps(sorted(set(json.loads(sys.argv[2])) & set(sys.modules))))
"""


def imported(*modules: str) -> list[str]:
    """Which heavy modules a nursery has once it has prepared."""
    words = [json.dumps(modules), json.dumps(HEAVY)]
    command = [*MODULE[:2], "-c", PREPARE, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_nothing_heavy_is_imported_that_the_assignment_does_not_import():
    assert imported("math", "a_helper_beside_the_notebook") == []


def test_what_the_assignment_imports_is_there_before_the_first_fork():
    assert imported("sqlalchemy") == ["sqlalchemy"]


def modules(kind: Kind, course) -> list[str]:
    kind.make(course)
    assignment = read_assignment(course / "source", kind.name)
    files = packed_files(course / "source" / kind.name, IGNORED)
    return _modules(assignment.__class__(**{**vars(assignment), "files": files}))


def test_a_helper_beside_the_notebook_is_not_imported_by_the_nursery(tmp_path):
    assert modules(BESIDE, tmp_path) == ["csv"]


def test_imports_below_a_magic_are_left_to_the_cell(tmp_path):
    assert modules(ARRAYS, tmp_path) == []


def test_imports_of_answers_and_tests_count(tmp_path):
    cells = [
        answer("a", "import math"),
        asserts("t", 1, "from json import dumps\n\nassert dumps(math.pi)"),
    ]
    assert modules(Kind("k", {"k": cells}, {}), tmp_path) == ["json", "math"]


def test_this_test_would_see_torch():
    code = "import sys, torch; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True\n"
