"""`course grade` beside stock `nbgrader autograde` on assignments without torch.

Grades one small assignment, made by code, for a class: seconds a submission of both,
what `course grade` takes beyond the cells themselves, and its start, as wall time and
as processor time of all its processes. With `--kinds`, one line for each kind of
assignment of `tests/brought`: the points of both, the ways of judging, the seconds of
both with their starts.

Run: python benchmarks/brought.py            a quarter of a minute
     python benchmarks/brought.py --kinds    the table, about three minutes
"""

import contextlib
import io
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

import psutil

from course.environment import prepare_environment
from course.grade.batch import find_class, grade_class
from course.grade.engine.coordinator import Engine
from course.grade.engine.pools import LocalPool
from course.grade.isolation.ladder import require
from course.grade.record.ledger import Record

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.brought.both import by_course, by_stock, grades
from tests.brought.kinds import ALIKE, PLAIN_ASSERTS
from tests.brought.making import Kind

FEW, MANY = 4, 40  # submissions for stock and for us
LIMIT_RATIO, LIMIT_START_S = 10, 3


def a_class(count: int) -> Kind:
    """The smallest kind with students who answer like those of the fixture, in turn."""
    answers = list(PLAIN_ASSERTS.students.values())
    students = {f"s{number:03}": answers[number % 5] for number in range(count)}
    return Kind(**{**vars(PLAIN_ASSERTS), "students": students})


def own_seconds(kind: Kind) -> float:
    """What the cells of a submission take in one warm process, tests included."""
    (cells,) = kind.notebooks.values()
    sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    start = time.perf_counter()
    for _ in range(20):
        names: dict = {}
        for source in sources:
            exec(source, names)
    return (time.perf_counter() - start) / 20


def by_engine(course: Path, slug: str) -> tuple[float, float, float]:
    """Seconds a submission with one worker, and a start's: wall, and processor time."""
    group, marks = find_class(course, slug), []
    level, begun = require(None), time.perf_counter()
    with Engine(group.assignment, level) as engine:
        start = time.perf_counter() - begun
        cpu = processor_seconds(engine.nursery.process.pid)
    tell = lambda _: marks.append(time.perf_counter())  # noqa: E731
    make_engine = partial(Engine, group.assignment, level)
    with (
        LocalPool(group.assignment, make_engine, 1) as graders,
        Record("", course) as record,
    ):
        grade_class(group, record, graders, 1, tell=tell)
    return (marks[-1] - marks[0]) / (len(marks) - 1), start, cpu


def processor_seconds(pid: int) -> float:
    """What a nursery and all processes under it have used so far."""
    nursery = psutil.Process(pid)
    used = [p.cpu_times() for p in (nursery, *nursery.children(recursive=True))]
    return sum(t.user + t.system + t.children_user + t.children_system for t in used)


def compare() -> bool:
    """Print the ratio, what is beyond the cells, and the start; whether limits hold."""
    with tempfile.TemporaryDirectory() as place:
        few, many = Path(place) / "few", Path(place) / "many"
        a_class(FEW).make(few)
        a_class(MANY).make(many)
        slug = PLAIN_ASSERTS.name
        start = time.perf_counter()
        by_stock(few, slug)
        stock = (time.perf_counter() - start) / FEW
        ours, start_s, cpu_s = by_engine(many, slug)
        same = grades(few).items() <= grades(many).items()
    own = own_seconds(PLAIN_ASSERTS)
    print(f"nbgrader autograde        {stock:7.3f} s a submission")
    print(f"course grade, 1 worker    {ours:7.3f} s a submission")
    print(f"points are equal: {same}")
    print(f"ratio: {stock / ours:.1f} (limit {LIMIT_RATIO})")
    print(f"beyond the cells: {ours - own:.3f} s")
    print(
        f"start: {start_s:.1f} s, {cpu_s:.1f} s of a processor (limit {LIMIT_START_S})"
    )
    return same and stock / ours >= LIMIT_RATIO and start_s <= LIMIT_START_S


def table() -> bool:
    """Print a line for each kind; whether all points are equal."""
    print("kind               stock   ours  same  ways                 stock s  ours s")
    good = True
    for kind in ALIKE:
        with tempfile.TemporaryDirectory() as place, quiet():
            stock, ours = Path(place) / "stock", Path(place) / "ours"
            kind.make(stock)
            shutil.copytree(stock, ours)
            times = [time.perf_counter()]
            by_stock(stock, kind.name)
            times.append(time.perf_counter())
            results = by_course(ours, kind.name)
            times.append(time.perf_counter())
            theirs, own = grades(stock), grades(ours)
        counted = Counter(results[0].ways.values())
        ways = ", ".join(f"{count} {way}" for way, count in counted.items()) or "-"
        points = [sum(v for v in g.values() if type(v) is float) for g in (theirs, own)]
        good = good and theirs == own
        print(
            f"{kind.name:18} {points[0]:5g}  {points[1]:5g}  "
            f"{'yes' if theirs == own else 'NO':4}  {ways:20} "
            f"{times[1] - times[0]:7.1f} {times[2] - times[1]:7.1f}"
        )
    return good


@contextlib.contextmanager
def quiet():
    """What both say while they grade is not for this table."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.ExitStack() as stack:
        kept = os.dup(2)  # kernels and nurseries say things, too
        stack.callback(os.close, kept)
        stack.callback(os.dup2, kept, 2)
        with open(os.devnull, "w") as null:
            os.dup2(null.fileno(), 2)
        yield


if __name__ == "__main__":
    prepare_environment()
    sys.exit(0 if (table() if "--kinds" in sys.argv else compare()) else 1)
