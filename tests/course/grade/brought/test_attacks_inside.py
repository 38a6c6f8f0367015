"""Hostile submissions of an assignment that was brought along, honest ones beside them.

Where a test runs in the student's process its points can be had by tampering, and the
row says so. All else is protected as ever: the machine, the neighbours, the gradebook,
the files beside the notebook, and the points of the tests that run apart.
"""

import hashlib
import json
from pathlib import Path

import pytest

from course.grade.result import RIGHT, WRONG
from tests.brought.both import by_course, grades
from tests.brought.making import Kind, answer, asserts, given
from tests.forked import nurseries

SECRET = "SECRET-OF-THE-GRADER"
HONEST = "def square(x):\n    return x * x"
TRIES = """\
import os


def tries(name, attempt):
    try:
        attempt()
    except BaseException as error:
        print(name, 'was refused:', type(error).__name__)
    else:
        print(name, 'was done')


"""
EQUAL = """\
class Equal(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def square(x):
    return Equal(7)
"""
# Called inside, at a test's own frame: its assertion's names are within reach.
FORGES = """\
import sys


def square(x):
    sys._getframe(1).f_globals['expected'] = 0
    return 0
"""
NONSENSE = """\
import os
import stat

for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, b'\\xff' * 64)
    except OSError:
        pass
"""


def hostile(course: Path) -> dict[str, dict[str, str]]:
    """Students' answers, by who they are."""
    source = course / "source" / "attacked"
    places = {
        "reads_source": f"open({str(source / 'attacked.ipynb')!r}).read()",
        "reads_secret": f"open({str(course / 'secret.txt')!r}).read()",
        "reads_gradebook": f"open({str(course / 'gradebook.db')!r}, 'rb').read()",
        "writes_beside": f"open({str(source / 'data.txt')!r}, 'w').write('mine')",
        "starts": "os.system('true') and (_ for _ in ()).throw(OSError())",
        "connects": "__import__('socket').create_connection(('127.0.0.1', 80), 1)",
    }
    own = {
        who: f"{TRIES}tries({who!r}, lambda: {code})\n{HONEST}"
        for who, code in places.items()
    }
    own |= {"equal": EQUAL, "forges": FORGES, "nonsense": f"{HONEST}\n{NONSENSE}"}
    own["ends"] = f"import os\n{HONEST}\nos._exit(0)"
    changed = "open('data.txt', 'w').write('mine')\nopen('helper.py', 'w').write('1')"
    own["changes_files"] = f"{changed}\n{HONEST}"
    own["ann"] = own["zoe"] = HONEST
    return {who: {"square": source} for who, source in own.items()}


def attacked(course: Path) -> Kind:
    cells = [
        given("setup", "import helper"),
        answer("square", HONEST),
        asserts("apart", 1, "assert square(3) == helper.nine()"),
        asserts("again", 1, "assert square(2) == 4"),
        asserts(
            "inside",
            1,
            "kept, expected = square, 25\ndel square\nsquare = kept\n"
            "assert (lambda f: f(5))(square) == expected\n"
            "import inspect\n\nassert inspect.getsource(square)",
        ),
        asserts("file", 1, "assert open('data.txt').read() == 'given'"),
    ]
    files = {"data.txt": b"given", "helper.py": b"def nine():\n    return 9\n"}
    return Kind("attacked", {"attacked": cells}, hostile(course), files=files)


@pytest.fixture(scope="module")
def graded(once) -> tuple[Path, dict]:
    def make(course: Path) -> dict:
        attacked(course).make(course)
        (course / "secret.txt").write_text(SECRET)
        with nurseries():
            results = by_course(course, "attacked", cell_seconds=5, seconds=20)
        return {
            "digest": digest(course),
            "results": {r.student: json.loads(r.to_json()) for r in results},
        }

    folder, found = once("brought-attacked", make)
    return folder, found


@pytest.fixture(scope="module")
def results(graded) -> dict[str, dict]:
    return graded[1]["results"]


def digest(course: Path) -> str:
    files = sorted((course / "source").rglob("*"))
    whole = b"".join(path.read_bytes() for path in files if path.is_file())
    return hashlib.sha256(whole).hexdigest()


def states(result: dict) -> dict[str, str]:
    return {name: verdict["state"] for name, verdict in result["verdicts"].items()}


def shown(course: Path, student: str) -> str:
    return (course / "autograded" / student / "attacked" / "attacked.ipynb").read_text()


def test_the_ways_are_as_this_test_means_them(results):
    ways = results["ann"]["ways"]
    assert ways == {
        "apart": "apart",
        "again": "apart",
        "inside": "inside",
        "file": "apart",
    }


@pytest.mark.parametrize(
    "student",
    ["reads_source", "reads_secret", "reads_gradebook", "writes_beside", "connects"],
)
def test_what_is_outside_is_out_of_reach(graded, student):
    assert f"{student} was refused" in shown(graded[0], student)


def test_no_secret_is_in_any_notebook(graded):
    for path in (graded[0] / "autograded").rglob("*.ipynb"):
        assert SECRET not in path.read_text()


def test_files_beside_the_notebook_are_unchanged_for_everybody_else(graded, results):
    course, found = graded
    assert digest(course) == found["digest"]
    assert (course / "source/attacked/data.txt").read_text() == "given"
    for student in ("ann", "zoe"):
        assert set(states(results[student]).values()) == {RIGHT}


def test_a_test_that_runs_apart_reads_the_instructors_files(results):
    found = states(results["changes_files"])
    assert (found["file"], found["apart"]) == (RIGHT, RIGHT)


def test_an_answer_that_is_equal_to_everything_gets_nothing_apart(results):
    found = states(results["equal"])
    assert (found["apart"], found["again"]) == (WRONG, WRONG)


def test_what_reaches_a_tests_names_gets_points_inside_only_and_is_flagged(results):
    forged = results["forges"]
    assert states(forged)["apart"] == states(forged)["again"] == WRONG
    assert [name for name, way in forged["ways"].items() if way == "inside"] == [
        "inside"
    ]
    assert any("frames" in flag for flag in forged["flags"])


@pytest.mark.parametrize("student", ["nonsense", "ends"])
def test_who_breaks_the_line_or_leaves_has_what_needs_no_answer_of_theirs(
    results, student
):
    right = [name for name, s in states(results[student]).items() if s == RIGHT]
    assert right in ([], ["file"])


def test_each_student_has_one_row_of_each_cell(graded, results):
    found = grades(graded[0])
    assert len(found) == 4 * len(results) == 4 * len(hostile(graded[0]))
