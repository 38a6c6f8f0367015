"""A ban from its author's line to the grade: built, released, tried, graded."""

from dataclasses import replace
from functools import partial

import nbformat
import pytest

from course.bank.pool import prepare, run_forked
from course.build.pipeline import build
from course.chapters import ChapterError
from course.grade.intake.flags import look_at
from course.grade.judge.crossing import hear_here
from course.grade.judge.hearing import prepare_case
from course.grade.plan import read_assignment
from course.grade.worker.shell import make_shell
from utils import check

SLUG = "01_toy"
SECONDS = 60
MARK = '# %% test="row_sums" points=2'
LOOP = "a loop, where none is allowed"
RIGHT = "def row_sums(X):\n    return X @ X.new_ones(X.shape[1])"
LOOPS = "def row_sums(X):\n    return X.new_tensor([sum(row) for row in X])"
LOOPS_IN_SECRET = (  # in a function of its own: what never runs isn't looked at
    "def row_sums(X):\n"
    "    def in_secret():\n        return X.new_tensor([sum(row) for row in X])\n\n"
    "    return X.sum(1) if X.shape[1] == 3 else in_secret()"
)
THREADS = "import threading\n" + RIGHT


def forbid(folder, marker: str = ' bans="loops"', prompt: str = "a loop") -> None:
    """Let the exercise on sums forbid something, and its bank obey."""
    path = folder / "chapters" / SLUG / "exercises.py"
    text = path.read_text().replace(MARK, MARK + marker)
    become = "become 3 and 7."
    assert become in text
    path.write_text(text.replace(become, f"{become} Not allowed: {prompt}."))
    bank = folder / "chapters" / SLUG / "answers.py"
    old = "    rows = [sum(row) for row in X]\n    return X.new_tensor(rows)"
    text = bank.read_text()
    assert old in text
    bank.write_text(text.replace(old, RIGHT.partition("\n")[2]))


@pytest.fixture
def built(toy_course):
    forbid(toy_course)
    build(toy_course, say=lambda text: None)
    return toy_course


def graded(course, source: str) -> tuple[dict, list[str]]:
    """The verdict on sums and the flags of a submission with this answer."""
    assignment = read_assignment(course / "source", SLUG)
    cells = tuple(
        replace(cell, source=source) if cell.grade_id == "row_sums" else cell
        for cell in assignment.cells
    )
    ((_, told),) = run_forked([partial(verdicts, assignment, cells)], SECONDS)
    return told["test_row_sums"], look_at(cells)


def verdicts(assignment, cells) -> dict[str, dict]:
    """The verdict on each test; in a fork, as a shell stays with its process."""
    told = {}

    def tell(event: dict) -> None:
        if "verdict" in event:
            told[event["cell"]] = event["verdict"]

    hear_here(prepare_case(assignment), cells, make_shell(), tell)
    return told


def tried(course, source: str) -> str | None:
    """What the release's notebook tells a student: the mistake, None if right."""
    path = course / "release" / SLUG / f"{SLUG}.ipynb"
    notebook, names = nbformat.read(path, as_version=4), {"__name__": "__main__"}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        is_needed = name.startswith(("given", "frozen")) and cell.cell_type == "code"
        if is_needed or name in ("row_sums", "test_row_sums"):
            text = source if name == "row_sums" else cell.source
            code = compile(text, f"<ipython-input-{name}>", "exec")
            try:
                exec(code, names)
            except check.CheckFailed as failed:
                return failed.mistake
    return None


@pytest.mark.parametrize(
    ("source", "mistake"), [(RIGHT, None), (LOOPS, LOOP), (LOOPS_IN_SECRET, LOOP)]
)
def test_it_is_graded(built, source, mistake):
    verdict, flags = graded(built, source)
    assert verdict["mistake"] == mistake
    assert verdict["score"] == (0 if mistake else 2)
    assert flags == []


def test_a_student_is_told_before_handing_in(built):
    assert tried(built, LOOPS) == LOOP
    assert tried(built, RIGHT) is None
    assert tried(built, LOOPS_IN_SECRET) is None  # the hidden part is not there


def test_a_thread_is_flagged_for_a_person(built):
    verdict, flags = graded(built, THREADS)
    assert verdict["score"] == 2
    assert flags == [
        "cell row_sums starts threads where something is forbidden (threading)"
    ]


def test_a_reference_that_breaks_the_ban_refuses_the_build(toy_course):
    prepare(set())
    forbid(toy_course, ' bans="torch.Tensor.sum"', "a method `sum`")
    with pytest.raises(ChapterError, match="judged wrong.*You called torch.Tensor.sum"):
        build(toy_course, say=lambda text: None)


def test_a_prompt_that_nothing_watches_refuses_the_build(toy_course):
    forbid(toy_course, "")
    with pytest.raises(ChapterError, match="nothing watches what is not allowed"):
        build(toy_course, say=lambda text: None)
    path = toy_course / "chapters" / SLUG / "exercises.py"
    path.write_text(path.read_text().replace(": a loop.", ": a loop, on your honour."))
    build(toy_course, say=lambda text: None)
