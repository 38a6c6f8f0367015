"""Engines with one defence taken out, by its name in an attack's `without`.

What stays in force keeps the machine safe: who is not locked in runs nothing that could
harm it, and who is, is still bounded.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from test_attacks import LIMITS, TIMES

from course.grade.engine.coordinator import Time
from course.grade.isolation.limits import Limits
from course.grade.plan import Assignment
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
GRANT_ALL = """
from course.grade.isolation import limits
limits.apply = lambda *bounds, **about: None
"""
# Who may end other processes is told so, and no more.
KILL_NOBODY = """
import os
_kill = os.kill
os.kill = lambda pid, signal: _kill(pid, 0)
"""
STAY_THE_USER = f"""
from course.grade.isolation import lock
lock.NOBODY = {os.getuid()}
"""


def edited(module: str, function: str, old: str, new: str) -> str:
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
        "check.close(check.call(squared_loss, many, truths), expected)",
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
        trusts: whether it reads as nbgrader and nbconvert do, who believe a notebook.
        beside: whether tests run beside the answers, and points come of what they
            show: the rule of stock nbgrader.
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
    trusts: bool = False
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


WEAKNESSES = {
    "intake of our own": Weakness(trusts=True, beside=True),
    "process for the tests": Weakness(beside=True),
    "tests kept to themselves": Weakness(before="_told = {'all': TESTS}"),
    "no points without a report": Weakness(
        times=Time(cell=1, submission=12),  # for the judge to give up by itself
        code=edited(  # nor does it tell that the process is gone
            "course.grade.judge.hearing",
            "hear",
            "        if judge.gone:\n            break\n    gone = judge.gone",
            '    gone = ""',
        )
        + """
from dataclasses import replace
from course.grade.judge import hearing
strict = hearing.judge_test
def judge_test(case, cell, judge, *rest):
    verdict = strict(case, cell, judge, *rest)
    is_reported = verdict.state != "not judged" and not judge.beyond
    score = verdict.score if is_reported else cell.points
    return replace(verdict, score=score)
hearing.judge_test = judge_test
""",
    ),
    "comparison": Weakness(
        code="""
import sys
for module in [m for name, m in sys.modules.items() if name.startswith("utils.check")]:
    if hasattr(module, "difference"):
        module.difference = lambda *args, **kwargs: None
"""
    ),
    "plain results": Weakness(
        code=edited("utils.check.calls", "call", "plain(trial.value)", "trial.value")
    ),
    "silence of hidden tests": Weakness(
        code="""
from utils.check.session import session
type(session).hidden = property(lambda self: False, lambda self, value: None)
"""
    ),
    "flags": Weakness(
        code="""
from course.grade.intake import flags
from course.grade.judge import hearing
flags.look_at = hearing._tampering = lambda thing: []
"""
    ),
    "bounds of flags": Weakness(
        code="from course.grade.judge import hearing\nhearing.bounded = list"
    ),
    "inert outputs": Weakness(inert=False),
    "verdicts of our own": Weakness(believes=True),
    "hidden tests": Weakness(test=visible_alone),
    "values of our own": Weakness(test=careless),
    "filter of system calls": Weakness(
        code="""
from course.grade.worker import shell
from course.grade.isolation import seccomp
seccomp.install = lambda *programs: None
shell.leave_out = lambda: None
"""
    ),
    "walls": Weakness(STAY_THE_USER, level="C"),
    "lock": Weakness(STAY_THE_USER + GRANT_ALL, level="D", before=KILL_NOBODY),
    "clean environment": Weakness(
        code="""
import os
from course.grade.isolation import lock
strict = lock.clean_environment
lock.clean_environment = lambda work, given=None: {**os.environ, **strict(work, given)}
"""
    ),
    "time for a cell": Weakness(times=Time(cell=3600, submission=3)),
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
from course.grade.worker import outputs
outputs.Caps.__init__.__defaults__ = ({MANY},) * 6
outputs.MAX_MESSAGE_BYTES = outputs.MAX_TRACEBACK_BYTES = {MANY}
"""
    ),
    "streams of our own": Weakness(
        code="""
import contextlib, sys
from course.grade.worker.shell import Shell
strict = Shell._collecting
@contextlib.contextmanager
def collecting(self):
    left = sys.stdout, sys.stderr
    with strict(self) as collected:
        sys.stdout, sys.stderr = left
        yield collected
        left = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = left
Shell._collecting = collecting
"""
    ),
    "bounds of values": Weakness(
        code=f"""
from course.grade.bridge import plain
from utils.check import outcome
from utils.check import plain as results
plain.MAX_DEPTH = outcome.MAX_DEPTH = outcome.MAX_ITEMS = {MANY}
results.MAX_DEPTH = {MANY}
"""
    ),
    "catching whatever is raised": Weakness(
        code=edited(
            "utils.check.session",
            "exercise",
            "except BaseException",
            "except Exception",
        )
        + edited(
            "utils.check.calls", "_try", "except BaseException", "except Exception"
        )
        + edited(
            "course.grade.judge.hearing",
            "judge_test",
            "(KeyboardInterrupt, GeneratorExit)",
            "ZeroDivisionError",
        )
        + edited(
            "course.grade.bridge.telling",
            "_text",
            "except BaseException",
            "except Exception",
        )
    ),
    "watch over forbidden calls": Weakness(
        code=edited(
            "course.grade.judge.hearing",
            "_watching",
            "judge.forbidden = [session.exercise, *bans]",
            "judge.forbidden = []",
        )
    ),
}


# To count on what a sound engine keeps to.
SOUND = Weakness(times=TIMES, before=COUNT, after=COUNT)
