"""Honest answers of odd kinds: what can't be handed over costs its own exercise."""

from dataclasses import replace

import pytest

from course.grade.engine.coordinator import Engine, Time
from course.grade.intake.submission import Submission
from course.grade.isolation.ladder import require
from course.grade.isolation.limits import Limits
from course.grade.plan import Assignment, read_assignment

OTHERS = {"half": "right", "count_above": "right"}


@pytest.fixture(scope="module")
def assignment(built_toy) -> Assignment:
    return read_assignment(built_toy / "source", "01_toy")


@pytest.fixture(scope="module")
def engine(assignment):
    limits = Limits(memory_bytes=1024 * 2**20, cpu_s=60)
    with Engine(assignment, require(None), limits, Time(30, 90)) as engine:
        yield engine


def graded(engine, row_sums: str):
    """The toy chapter's reference with another answer to `row_sums`."""
    cells = tuple(
        replace(cell, source=row_sums) if cell.grade_id == "row_sums" else cell
        for cell in engine.assignment.cells
    )
    return engine.grade(Submission("ann", cells, digest="d"))


def returning(lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines.splitlines())
    return f"import torch\nfrom torch import nn\n\ndef row_sums(X):\n{body}\n"


# What it returns, and what of the message is true of it.
REFUSED = {
    "a list nested 60 deep": (
        "x = 1.0\nfor _ in range(60):\n    x = [x]\nreturn x",
        "it is nested too deep",
    ),
    "four million floats": (
        "return [0.5] * 4_000_000",
        "it holds more than 16 MiB of numbers and letters",
    ),
    "30,000 tensors": (
        "return [torch.zeros(1) for _ in range(30_000)]",
        "it holds 30,000 tensors",
    ),
    "a tensor of 320 MB": ("return torch.zeros(80_000_000)", "MiB are the most"),
    "a text of 20 MB": ("return 'x' * 20_000_000", "16 MiB"),
    "a net without super().__init__()": (
        "class Net(nn.Module):\n    def __init__(self):\n        self.n = 3\n"
        "return Net()",
        "does not call `super().__init__()`",
    ),
}
# What is told as any other wrong value.
CROSSING = {
    "a net as TorchScript": "return torch.jit.script(nn.Linear(3, 1))",
    "a traced function": "return torch.jit.trace(lambda X: X + 1, X)",
    "a named tuple with renamed fields": (
        "import collections\n"
        "return collections.namedtuple('T', ['a', 'def', 'a'], rename=True)(1, 2, 3)"
    ),
    "a list of itself": "x = []\nx.append(x)\nreturn x",
    "a dict of 10,000": "return {i: i for i in range(10_000)}",
    "a number of 5,000 digits": "return 10**5000",
    "half a character": "return '\\ud800'",
    "a fraction": "from fractions import Fraction\nreturn Fraction(1, 3)",
    "a decimal": "from decimal import Decimal\nreturn Decimal('0.1')",
    "a data class": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    a: int\n"
        "return A(1)"
    ),
    "an enum": "import enum\nreturn enum.Enum('Color', 'RED BLUE').RED",
    "a deque": "import collections\nreturn collections.deque([1, 2])",
    "a counter": "import collections\nreturn collections.Counter('abba')",
    "a default dict": "import collections\nreturn collections.defaultdict(lambda: 1)",
    "a memory view": "return memoryview(b'abc')",
    "an open file": "return open('x', 'w')",
    "a lock": "import threading\nreturn threading.Lock()",
    "a module": "return torch",
    "a class": "return nn.Linear",
    "a lambda": "return lambda: X",
    "a generator": "return (x for x in X)",
    "a map": "return map(float, X)",
    "an array of objects": "import numpy\nreturn numpy.array([1, 'a', None], object)",
    "an array of dates": (
        "import numpy\nreturn numpy.array(['2026-01-01'], 'datetime64[D]')"
    ),
    "a structured array": "import numpy\nreturn numpy.zeros(2, [('a', 'f4')])",
    "a masked array": "import numpy\nreturn numpy.ma.masked_array([1, 2], [0, 1])",
    "a data frame": "import pandas\nreturn pandas.DataFrame({'a': [1]})",
    "a sparse tensor": "return X.to_sparse()",
    "a quantized tensor": "return torch.quantize_per_tensor(X, 0.1, 0, torch.qint8)",
    "a tensor without memory": "return X.to('meta')",
    "a nested tensor": "return torch.nested.nested_tensor([X[0], X[1]])",
    "a tensor of a class of one's own": (
        "class T(torch.Tensor):\n    pass\nreturn X.as_subclass(T)"
    ),
    "a class with slots": (
        "class A:\n    __slots__ = ['a']\na = A()\na.a = 1\nreturn a"
    ),
    "an exception": "return ValueError('no')",
    "a group of exceptions": "raise ExceptionGroup('g', [ValueError(1)])",
    "an error with an odd text": (
        "class E(Exception):\n    def __str__(self):\n        raise RuntimeError\n"
        "raise E"
    ),
    "Ellipsis": "return ...",
    "NotImplemented": "return NotImplemented",
}


@pytest.mark.parametrize(("lines", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_handed_over_is_a_wrong_answer_and_said(engine, lines, said):
    result = graded(engine, returning(lines))
    verdict = result.verdicts["test_row_sums"]
    assert _states(result) == OTHERS | {"row_sums": "wrong"}
    assert "What your code gives can't be handed to its test: " in verdict.message
    assert said in verdict.message


@pytest.mark.parametrize("lines", CROSSING.values(), ids=CROSSING.keys())
def test_an_odd_value_is_a_wrong_answer_to_its_exercise(engine, lines):
    result = graded(engine, returning(lines))
    assert _states(result) == OTHERS | {"row_sums": "wrong"}
    assert result.verdicts["test_row_sums"].message


def test_a_name_that_cannot_be_handed_over_costs_its_exercise(engine):
    result = graded(engine, "row_sums = 1.0\nfor _ in range(60): row_sums = [row_sums]")
    assert _states(result) == OTHERS | {"row_sums": "wrong"}


def _states(result) -> dict[str, str]:
    return {n.removeprefix("test_"): v.state for n, v in result.verdicts.items()}
