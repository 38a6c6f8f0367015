"""Engines with one defence taken out, by its name in an attack's `without`.

What stays in force keeps the machine safe: who is not locked in runs nothing that could
harm it, and who is, is still bounded.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

from jupyter_client.kernelspec import get_kernel_spec
from nbgrader import nbgraderformat
from test_attacks import LIMITS, TIMES

from course.bank.pool import Lost, run_forked
from course.grade.engine import Time
from course.grade.flags import MAX_FLAGS
from course.grade.intake import Submission, read_submission
from course.grade.isolation.limits import Limits
from course.grade.plan import Assignment, Cell, read_cell
from course.grade.result import Result, Verdict
from course.regions import split_hidden

MANY = 2**40
# A worker counts what it has, before the attack and after it.
COUNT = """
import os, threading
_status = dict(line.split(":") for line in open("/proc/self/status"))
print("USED", threading.active_count(), len(os.listdir("/proc/self/fd")),
    sum(entry.stat().st_size for entry in os.scandir()),
    int(_status["VmHWM"].split()[0]) * 1024)
"""
STAY_THE_USER = f"""
from course.grade.isolation import lock
lock.NOBODY = {os.getuid()}
"""
MOST = (LIMITS.threads, LIMITS.open_files, LIMITS.work_bytes, LIMITS.memory_bytes)


def changed(module: str, function: str, old: str, new: str) -> str:
    """Code that changes a line of a function of ours, wherever it is known."""
    return f"""
import importlib, inspect, sys
module = importlib.import_module({module!r})
strict = module.{function}
text = inspect.getsource(strict)
assert text.count({old!r}) == 1, text
exec(text.replace({old!r}, {new!r}), vars(module))
for other in list(sys.modules.values()):
    if getattr(other, {function!r}, None) is strict:
        other.{function} = module.{function}
"""


def visible_alone(source: str) -> str:
    """A test without its hidden part."""
    return split_hidden(source)[0]


def careless(source: str) -> str:
    """A test that looks at inputs after it has handed them over."""
    return source.replace(
        "check.close(squared_loss(many, truths), expected)",
        "got = squared_loss(many, truths)\n"
        "    check.close(got, F.mse_loss(many.flatten(), truths) / 2)",
    )


@dataclass(frozen=True)
class Weakness:
    """What an engine lacks.

    Args:
        code: run in its nursery before anything else.
        level: how it locks in.
        limits, times: what it grants.
        read: how it reads what was handed in.
        beside: whether tests run beside the answers, and pass unless they show an
            error: the rule of stock nbgrader.
        believes: whether a test is passed if the notebook says so anywhere.
        inert: whether outputs and texts are made inert.
        before, after: what it runs in front of a submission's cells, and behind them;
            `TESTS` stands for the texts of all tests.
        test: what becomes of a test's text.
    """

    code: str = ""
    level: str = "A"
    limits: Limits = LIMITS
    times: Time = Time(cell=1, submission=5)
    read: Callable = read_submission
    beside: bool = False
    believes: bool = False
    inert: bool = True
    before: str = ""
    after: str = ""
    test: Callable[[str], str] = str

    @property
    def engine(self) -> tuple:
        """What weaknesses have in common whose engines are the same."""
        return self.code, self.level, self.limits, self.times, self.test

    def assignment(self, pristine: Assignment) -> Assignment:
        """What it judges by."""
        cells = (
            replace(cell, source=self.test(cell.source))
            if cell.kind == "test"
            else cell
            for cell in pristine.cells
        )
        return replace(pristine, cells=tuple(cells))


def as_stock_reads(folder: Path, assignment: Assignment, student: str) -> Submission:
    """Read a notebook as nbgrader and nbconvert do: what it says of itself is believed.

    Raises:
        RuntimeError: they would have stopped here.
    """
    job = partial(_read_like_stock, folder / f"{assignment.slug}.ipynb")
    ((_, cells),) = run_forked([job], timeout_s=3)
    if isinstance(cells, Lost):
        raise RuntimeError(f"the class is stopped: reading {cells.reason}")
    return Submission(student, cells)


def _read_like_stock(path: Path) -> tuple[Cell, ...]:
    notebook = nbgraderformat.read(path, as_version=4)
    get_kernel_spec(notebook.metadata.kernelspec.name)
    is_skipped = [
        "skip-execution" in c.metadata.get("tags", ()) for c in notebook.cells
    ]
    cells = map(read_cell, notebook.cells)
    return tuple(
        replace(cell, source="") if skipped else cell
        for cell, skipped in zip(cells, is_skipped, strict=True)
    )


WEAKNESSES = {
    "intake of our own": Weakness(read=as_stock_reads, beside=True),
    "process for the tests": Weakness(beside=True),
    "tests kept to themselves": Weakness(before="_told = {'all': TESTS}"),
    "no points without a report": Weakness(
        code="""
from dataclasses import replace
from course.grade import hearing
strict = hearing.judge_test
def judge_test(case, cell, *rest):
    verdict = strict(case, cell, *rest)
    score = cell.points if verdict.state == "not judged" else verdict.score
    return replace(verdict, score=score)
hearing.judge_test = judge_test
"""
    ),
    "comparison": Weakness(
        code="""
import sys
for module in [m for name, m in sys.modules.items() if name.startswith("utils.check")]:
    if hasattr(module, "difference"):
        module.difference = lambda *args, **kwargs: None
"""
    ),
    "silence of hidden tests": Weakness(
        code="""
from utils.check.session import session
type(session).hidden = property(lambda self: False, lambda self, value: None)
"""
    ),
    "flags": Weakness(
        code="""
from course.grade import flags, hearing
flags.look_at = hearing._tampering = lambda thing: []
"""
    ),
    "bounds of flags": Weakness(
        code="from course.grade import hearing\nhearing.bounded = list"
    ),
    "inert outputs": Weakness(inert=False),
    "verdicts of our own": Weakness(believes=True),
    "hidden tests": Weakness(test=visible_alone),
    "values of our own": Weakness(test=careless),
    "filter of system calls": Weakness(
        code="""
from course.grade.isolation import seccomp
seccomp.install = lambda *programs: None
"""
    ),
    "walls": Weakness(STAY_THE_USER, level="C"),
    "lock": Weakness(STAY_THE_USER, level="D"),
    "clean environment": Weakness(
        code="""
import os
from course.grade.isolation import lock
strict = lock.clean_environment
lock.clean_environment = lambda work, given=None: {**os.environ, **strict(work, given)}
"""
    ),
    "time for a cell": Weakness(times=Time(cell=3600, submission=2)),
    "limits": Weakness(
        limits=Limits(
            memory_bytes=4 * LIMITS.memory_bytes,
            cpu_s=LIMITS.cpu_s,
            work_bytes=2 * LIMITS.work_bytes,
            open_files=4 * LIMITS.open_files,
            threads=4 * LIMITS.threads,
        ),
        times=Time(cell=5, submission=15),  # until it has what it wants
        before=COUNT,
        after=COUNT,
    ),
    "caps of what is shown": Weakness(
        code=f"""
from course.grade import outputs
outputs.Caps.__init__.__defaults__ = ({MANY},) * 6
outputs.MAX_MESSAGE_BYTES = {MANY}
"""
    ),
    "bounds of values": Weakness(
        code=f"""
from course.grade.bridge import plain
from utils.check import outcome
plain.MAX_DEPTH = outcome.MAX_DEPTH = outcome.MAX_ITEMS = {MANY}
"""
    ),
    "exceptions that end a judge": Weakness(
        code=changed(
            "utils.check.session",
            "exercise",
            "except BaseException",
            "except Exception",
        )
        + changed(
            "utils.check.calls", "attempt", "except BaseException", "except Exception"
        )
        + changed(
            "course.grade.hearing",
            "judge_test",
            "(KeyboardInterrupt, GeneratorExit)",
            "ZeroDivisionError",
        )
    ),
    "watch over forbidden calls": Weakness(
        code=changed(
            "course.grade.hearing", "_watching", "refuse(judge.called)", "pass"
        )
    ),
}


# To count on what a sound engine keeps to.
SOUND = Weakness(times=TIMES, before=COUNT, after=COUNT)


def read(
    weakness: Weakness, folder: Path, assignment: Assignment, student: str
) -> Submission:
    """What is graded of a submission.

    Raises:
        RuntimeError: reading it stops the class.
    """
    submission = weakness.read(folder, assignment, student)
    cells = submission.cells
    if weakness.beside:
        cells = [replace(c, kind="extra") if c.kind == "test" else c for c in cells]
    tests = repr([cell.source for cell in assignment.tests()])
    before = Cell("extra", "before", weakness.before.replace("TESTS", tests))
    after = Cell("extra", "after", weakness.after)
    return replace(submission, cells=(before, *cells, after) if cells else ())


def scored(
    weakness: Weakness, folder: Path, submission: Submission, result: Result
) -> Result:
    """The result with the points that a weak engine gives."""
    if weakness.believes:
        (path,) = folder.glob("*.ipynb")
        claims = path.read_text()
        passed = {
            name
            for name, verdict in result.verdicts.items()
            if verdict.score or f"{name[5:]}: right (" in claims
        }
    elif weakness.beside:
        passed = {
            cell.grade_id
            for cell in submission.cells
            if not any(
                output["output_type"] == "error"
                for output in result.outputs.get(cell.grade_id, [])
            )
        }
    else:
        return result
    points = {c.grade_id: c.points for c in submission.cells if c.points}
    verdicts = {
        name: Verdict("not judged", most, most if name in passed else 0)
        for name, most in points.items()
        if name.startswith("test_")
    }
    return replace(result, verdicts=verdicts)


def measured(result: Result) -> list[str]:
    """What a submission used up beyond the limits of a sound engine."""
    found = []
    if any("s in all" in verdict.message for verdict in result.verdicts.values()):
        found.append("it took all the time there is")
    if len(result.flags) > 3 * (MAX_FLAGS + 1):  # of sources, of its process, of tests
        found.append(f"{len(result.flags)} flags")
    for had, got in product(_counts(result, "before"), _counts(result, "after")):
        used = [after - before for before, after in zip(had, got, strict=True)]
        found += [
            f"{got} used of {most}"
            for got, most in zip(used, MOST, strict=True)
            if got > most
        ]
    return found


def _counts(result: Result, cell: str) -> list[list[int]]:
    texts = [output.get("text", "") for output in result.outputs.get(cell, [])]
    return [
        [int(word) for word in text.split()[1:]] for text in texts if "USED" in text
    ]
