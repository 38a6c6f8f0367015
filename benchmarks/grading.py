"""`course grade` beside stock `nbgrader autograde` on the same class.

Each round grades submissions of one chapter by stock nbgrader, by `course grade` with
one worker and with two, one after the other, each into a gradebook and notebooks of its
own; what a start takes is told apart. Stock grades the first few of them, and their
scores must be equal. What the cells themselves take is measured by running them in a
process that has imported all.

Run: python benchmarks/grading.py             three rounds, about four minutes
     python benchmarks/grading.py --start     from the command to one student's grade
     python benchmarks/grading.py --thousand  1,000 small submissions: time and memory
"""

import contextlib
import json
import math
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import nbformat
import psutil

from course.chapters import read_chapter
from course.demo.folder import hand_in, prepare
from course.environment import prepare_environment
from course.grade.batch import find_class, grade_class
from course.grade.engine.coordinator import Engine
from course.grade.engine.pools import LocalPool
from course.grade.isolation.ladder import require
from course.grade.record.ledger import Record

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.brought.kinds import PLAIN_ASSERTS

ROOT = Path(__file__).resolve().parent.parent
SLUG = "03_linear_regression"
CHAPTERS = (SLUG, "14_deep_cnns")  # for `--start`
FEW, MANY, ROUNDS = 4, 40, 3  # submissions for stock and for us
WAYS = ["nbgrader autograde", "course grade, 1 worker", "course grade, 2 workers"]
LIMIT_RATIO, LIMIT_OVERHEAD_S = 25, 0.15
GRADES = """
SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score
FROM grade
JOIN base_cell ON grade.cell_id = base_cell.id
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
WHERE grade.auto_score IS NOT NULL
"""


def make_class(folder: Path, count: int, slug: str = SLUG) -> None:
    """A course with `count` submissions, made of the answers of its bank in turn."""
    prepare(ROOT, folder, slug)
    (folder / ".course-demo").unlink()
    for made in ("source", "release"):
        shutil.copytree(ROOT / made / slug, folder / made / slug)
    register = ("nbgrader", "generate_assignment", slug, "--force")
    subprocess.run(register, cwd=folder, check=True, capture_output=True)
    chapter = read_chapter(ROOT / "chapters" / slug)
    released = nbformat.read(folder / "release" / slug / f"{slug}.ipynb", as_version=4)
    for number in range(count):
        for cell in released.cells:
            name = cell.metadata.nbgrader.grade_id
            if name in chapter.cells("exercise"):
                bank = [*chapter.bank(name, "right"), *chapter.bank(name, "wrong")]
                cell.source = bank[number % len(bank)].source
        text = nbformat.writes(released).encode()
        hand_in(folder, f"student{number:04}", slug, {f"{slug}.ipynb": text})


def by_stock(folder: Path) -> tuple[float, list]:
    """Seconds that `nbgrader autograde` takes for a class once it has started, and the
    scores.
    """
    command = ("nbgrader", "autograde")
    start = time.perf_counter()
    subprocess.run((*command, "--help"), check=True, capture_output=True)
    start_s = time.perf_counter() - start
    with tempfile.TemporaryDirectory(dir=folder.parent) as copy:
        course = Path(copy) / "course"
        shutil.copytree(folder, course)
        start = time.perf_counter()
        subprocess.run(
            (*command, SLUG),
            cwd=course,
            check=True,
            capture_output=True,
            env=os.environ | {"TQDM_DISABLE": "1"},
        )
        return time.perf_counter() - start - start_s, scores(course)


def by_course(folder: Path, workers: int) -> tuple[float, float, list]:
    """Seconds that `course grade` takes for a class once it has started, gradebook and
    notebooks included; those of its start, which a class pays once; and the scores.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent) as copy:
        course = Path(copy) / "course"
        shutil.copytree(folder, course)
        group, marks = find_class(course, SLUG), []
        make_engine = partial(Engine, group.assignment, require(None))
        tell = lambda result: marks.append(time.perf_counter())  # noqa: E731
        begun = time.perf_counter()
        with (
            LocalPool(group.assignment, make_engine, workers) as graders,
            Record("", course) as record,
        ):
            grade_class(group, record, graders, workers, tell=tell)
        # From the first one done to the last: all but the first wave.
        seconds = (marks[-1] - marks[workers - 1]) / (len(marks) - workers)
        seconds *= len(marks)
        return seconds, marks[-1] - begun - seconds, scores(course)


def scores(course: Path) -> list:
    """Every grade of a course: (student, cell, points)."""
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        return sorted(gradebook.execute(GRADES))


def own_seconds(folder: Path) -> float:
    """What the cells of the whole class take in one warm process, tests included."""
    program = (
        "import contextlib, gc, io, json, os, sys, time\n"
        "from pathlib import Path\n"
        "import torch, torch._dynamo\n"
        "from course.grade.intake.submission import find_students, read_submission\n"
        "from course.grade.plan import read_assignment\n"
        "torch.set_num_threads(1)\n"
        f"root, slug = Path({str(folder)!r}), {SLUG!r}\n"
        "assignment = read_assignment(root / 'source', slug)\n"
        "def run(cells):\n"
        "    names, start = {'__name__': '__main__'}, time.perf_counter()\n"
        "    for cell in cells:\n"
        "        if cell.kind in ('given', 'answer', 'test', 'extra'):\n"
        "            with contextlib.suppress(BaseException):\n"
        "                exec(cell.source, names)\n"
        "    return time.perf_counter() - start\n"
        "total = 0\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    run(assignment.cells)\n"
        "    for student in find_students(root / 'submitted', slug)[0]:\n"
        "        folder = root / 'submitted' / student / slug\n"
        "        total += run(read_submission(folder, assignment, student).cells)\n"
        "print(json.dumps(total))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def compare() -> bool:
    """Print seconds a submission and the ratios; whether the limits hold."""
    with tempfile.TemporaryDirectory() as place:
        few, many = Path(place) / "few", Path(place) / "many"
        make_class(few, FEW)
        make_class(many, MANY)
        times: dict[str, list[float]] = {way: [] for way in WAYS}
        own, beyond, starts, same = [], [], [], True
        for _ in range(ROUNDS):
            own.append(own_seconds(many) / MANY)
            stock_s, expected = by_stock(few)
            times["nbgrader autograde"].append(stock_s / FEW)
            for workers in (1, 2):
                seconds, start, got = by_course(many, workers)
                starts.append(start)
                times[WAYS[workers]].append(seconds / MANY)
                same = same and set(expected) <= set(got)
            # Of one round: how fast a shared machine is changes from round to round.
            beyond.append(times[WAYS[1]][-1] - own[-1])
    stock, one, two = (median(values) for values in times.values())
    overhead = median(beyond)
    for way, values in {**times, "the cells alone": own}.items():
        spread = f"{min(values):.3f} to {max(values):.3f}"
        print(f"{way:26} {median(values):7.3f} s a submission ({spread})")
    print(f"scores are equal: {same}")
    print(f"throughput of stock, 1 worker: {stock / one:.1f} times")
    print(f"throughput of stock, 2 workers: {stock / two:.1f} (limit {LIMIT_RATIO})")
    print(f"start: {median(starts):.1f} s ({min(starts):.1f} to {max(starts):.1f})")
    if (spare := stock / LIMIT_RATIO - two) > 0:
        count = math.ceil(median(starts) / spare)
        print(f"with our start: {LIMIT_RATIO} times from {count} submissions on")
    print(f"beyond the cells: {overhead:.3f} s (limit {LIMIT_OVERHEAD_S})")
    return same and stock / two >= LIMIT_RATIO and overhead <= LIMIT_OVERHEAD_S


def start() -> bool:
    """Print the seconds of `course grade` for one submission: nearly all is its start;
    whether it was graded each time.
    """
    good = True
    with tempfile.TemporaryDirectory() as place:
        for slug in CHAPTERS:
            make_class(Path(place) / slug, 1, slug)
        PLAIN_ASSERTS.make(Path(place) / PLAIN_ASSERTS.name)
        for slug in (*CHAPTERS, PLAIN_ASSERTS.name):
            runs = [grade_one(Path(place) / slug, slug) for _ in range(ROUNDS + 1)]
            good = good and all(is_graded for _, is_graded in runs)
            print(f"{slug:22}", *(f"{seconds:6.2f}" for seconds, _ in runs), "s")
    print("each time from the command to its end; the first one registers, too")
    return good


def grade_one(course: Path, slug: str) -> tuple[float, bool]:
    """Seconds of `course grade` for a course's first student, and whether it did."""
    student = min(folder.name for folder in (course / "submitted").iterdir())
    command = ("course", f"--root={course}", "grade", slug, "--student", student)
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True)
    return time.perf_counter() - begun, done.returncode == 0


def thousand(count: int = 1000) -> bool:
    """Grade many small submissions; print whether time and memory grow straight."""
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "class"
        make_class(folder, count)
        marks: list[tuple[float, int]] = []

        def tell(result) -> None:
            marks.append((time.perf_counter(), process.memory_info().rss))

        group = find_class(folder, SLUG)
        make_engine = partial(Engine, group.assignment, require(None))
        with (
            LocalPool(group.assignment, make_engine, 2) as graders,
            Record("", folder) as record,
        ):
            grade_class(group, record, graders, 2, tell=tell)
    tenth = count // 10
    ends = [moment for moment, _ in [*marks[::tenth], marks[-1]]]
    tenths = [end - start for start, end in pairwise(ends)]
    early, late = mean(tenths[1:5]), mean(tenths[5:])  # the first one warms up
    grown = (marks[-1][1] - marks[tenth][1]) / 2**20
    print(f"{count} submissions: {marks[-1][0] - marks[0][0]:.0f} s")
    print(f"each tenth, s: {' '.join(f'{tenth:.1f}' for tenth in tenths)}")
    print(f"second to fifth {early:.1f}, later ones {late:.1f} (limit: 1.25 times)")
    print(
        f"the grading process grew by {grown:.1f} MB after the first tenth (limit 50)"
    )
    return grown < 50 and late < 1.25 * early


if __name__ == "__main__":
    prepare_environment()
    ways = {"--thousand": thousand, "--start": start}
    measure = next((ways[word] for word in sys.argv if word in ways), compare)
    sys.exit(0 if measure() else 1)
