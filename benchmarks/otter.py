"""otter-grader beside `course grade`: the same few submissions, the same tests.

Each test cell becomes one of otter's exception-based tests with our frozen values in
it, and `otter run` grades one notebook after the other, in a process each. otter is no
dependency of the course. It needs a setuptools that still has pkg_resources, so install
both beside, into a folder:

    python -m pip install --no-deps --target OTTER otter-grader==5.7.1 dill==0.4.1 \\
        fica==0.4.1 astunparse==1.6.3 ipylab==1.1.0 \\
        python-on-whales==0.81.0 sphinx docutils "setuptools<80" wheel
    python benchmarks/otter.py OTTER
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
from grading import FEW, SLUG, by_course, make_class

from course.environment import prepare_environment
from course.grade.plan import Assignment, read_assignment

TEST = """OK_FORMAT = False
from otter.test_files import test_case

name, points = {name!r}, {points!r}

@test_case(points={points!r})
def test(env):
    exec({source!r}, env)
"""


def make_autograder(folder: Path, assignment: Assignment, environ: dict) -> Path:
    """otter's zip with a test for each of ours."""
    tests = folder / "tests"
    tests.mkdir()
    for cell in assignment.tests():
        text = TEST.format(name=cell.exercise, points=cell.points, source=cell.source)
        (tests / f"{cell.exercise}.py").write_text(text)
    made = folder / "autograder.zip"
    command = ["generate", "-t", str(tests), "-o", str(made), "--no-requirements"]
    _otter([*command, "--no-environment"], folder, environ)
    return made


def without_tests(path: Path, target: Path) -> Path:
    """A copy of a submission without its test cells: otter brings its own."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if not cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("test_")
    ]
    nbformat.write(notebook, target)
    return target


def by_otter(
    notebook: Path, autograder: Path, folder: Path, environ: dict
) -> tuple[float, dict]:
    """Seconds that `otter run` takes for a submission, and points by exercise."""
    start = time.perf_counter()
    command = ["run", str(notebook), "-a", str(autograder), "-o", str(folder)]
    _otter([*command, "--no-logo"], folder, environ)
    seconds = time.perf_counter() - start
    tests = json.loads((folder / "results.json").read_text())["tests"]
    return seconds, {test["name"].split(" ")[0]: test.get("score") for test in tests}


def _otter(arguments: list[str], folder: Path, environ: dict) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "otter", *arguments]
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)


def main(otter: Path) -> None:
    """Print both rates and how many points are equal."""
    environ = os.environ | {"PYTHONPATH": str(otter), "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_class(folder / "class", FEW)
        assignment = read_assignment(folder / "class" / "source", SLUG)
        autograder = make_autograder(folder, assignment, environ)
        times, points = [], {}
        for path in sorted((folder / "class").glob(f"submitted/*/{SLUG}/{SLUG}.ipynb")):
            student = path.parts[-3]
            bare = without_tests(path, folder / f"{student}.ipynb")
            seconds, found = by_otter(bare, autograder, folder, environ)
            times.append(seconds)
            points |= {(student, f"test_{name}"): s for name, s in found.items()}
        ours, _, grades = by_course(folder / "class", 2)
    grades = [row for row in grades if row[:2] in points]  # a person's are not
    same = sum(points[student, cell] == score for student, cell, score in grades)
    print(f"otter run       {median(times):7.2f} s a submission")
    print(f"course grade    {ours / FEW:7.2f} s a submission, 2 workers")
    print(f"{same} of {len(grades)} points are equal")


if __name__ == "__main__":
    prepare_environment()
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]).resolve())
    else:
        print("not measured: otter-grader is no dependency; see the first lines here")
