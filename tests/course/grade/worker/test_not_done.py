"""What an honest notebook may try that is not done while grading: it goes on, or hears
a true word; and Python's own event loop, which runs as in a kernel.
"""

import pytest

from course.grade.engine.coordinator import Engine, Time
from course.grade.intake.submission import Submission
from course.grade.isolation.ladder import require
from course.grade.plan import Assignment, Cell, read_assignment

REFUSED = "PermissionError: [Errno 1] programs and processes are not started while"
COMPILED = "not done while grading: torch.compile; your code runs as it is\n"
LOADED = (
    "not done while grading: workers of a DataLoader; it loads its batches itself\n"
)
LATER = """
import asyncio

async def later(i):
    await asyncio.sleep(0.01)
    return i
"""
RUNS = {
    "await": (LATER + "print(await later(1))", "1\n"),
    "asyncio.run": (LATER + "print(asyncio.run(later(2)))", "2\n"),
    "gather": (LATER + "print(await asyncio.gather(later(1), later(2)))", "[1, 2]\n"),
    "what a refused function is called": (
        "import os\nprint(os.fork.__name__, os.system.__name__)",
        "fork system\n",
    ),
    "a thread": (LATER + "print(await asyncio.to_thread(abs, -3))", "3\n"),
    "workers of a DataLoader": (
        "import torch\nfrom torch.utils.data import DataLoader\n"
        "batches = DataLoader(torch.arange(4), batch_size=2, num_workers=2, "
        "persistent_workers=True, prefetch_factor=3)\n"
        "print([batch.tolist() for batch in batches])",
        LOADED + "[[0, 1], [2, 3]]\n",
    ),
    "a DataLoader without workers": (
        "import torch\nfrom torch.utils.data import DataLoader\n"
        "print(len(DataLoader(torch.arange(4), 2, True)))",
        "2\n",
    ),
    "a compiled net": (
        "import torch\nf = torch.compile(torch.nn.Linear(2, 1), dynamic=True)\n"
        "print(tuple(f(torch.ones(3, 2)).shape))",
        COMPILED + "(3, 1)\n",
    ),
    "a compiled function": (
        "import torch\n@torch.compile(fullgraph=True)\ndef f(x):\n    return x + 1\n"
        "print(f(1))",
        COMPILED + "2\n",
    ),
}
REFUSALS = {
    "a program": "import subprocess\nsubprocess.run(['ls'])",
    "a shell": "import os\nos.system('ls')",
    "a pipe": "import os\nos.popen('ls').read()",
    "a fork": "import os\nos.fork()",
    "a process": (
        "import multiprocessing\nmultiprocessing.Process(target=print).start()"
    ),
    "a pool": "import multiprocessing\nmultiprocessing.Pool(2)",
    "an executor": (
        "from concurrent.futures import ProcessPoolExecutor\n"
        "list(ProcessPoolExecutor(2).map(abs, [1]))"
    ),
}


@pytest.fixture(scope="module")
def assignment(built_toy) -> Assignment:
    return read_assignment(built_toy / "source", "01_toy")


@pytest.fixture(scope="module")
def engine(assignment):
    with Engine(assignment, require(None), None, Time(30, 60)) as engine:
        yield engine


def shown(engine, source: str) -> str:
    """What an added cell shows; the answers around it get all their points."""
    cells = engine.assignment.cells
    first = next(i for i, cell in enumerate(cells) if cell.kind == "answer")
    added = Cell("extra", "extra-1", source)
    result = engine.grade(Submission("ann", (*cells[:first], added, *cells[first:])))
    assert {verdict.state for verdict in result.verdicts.values()} == {"right"}
    return "".join(
        output.get("text", "") or f"{output.get('ename')}: {output.get('evalue')}"
        for output in result.outputs.get("extra-1", [])
    )


@pytest.mark.parametrize(("source", "told"), RUNS.values(), ids=RUNS.keys())
def test_honest_code_goes_on(engine, source, told):
    assert shown(engine, source) == told


@pytest.mark.parametrize("source", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_says_what_is_not_done(engine, source):
    assert REFUSED in shown(engine, source)
