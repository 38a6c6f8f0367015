"""A student's folder: the toy course's released exercises, and ways to work on them."""

import json
import shutil
from pathlib import Path

import pytest

from course.student import notebooks
from utils.digests import digest

SLUG = "01_toy"
PAGE = """# Course

<!-- map -->

| chapter | builds on | to read | exercises |
|---|---|--:|---|
| [01 A toy](notebooks/01_toy.ipynb) | *00* | 5 min | [4](release/01_toy/01_toy.ipynb) |
"""


class Work:
    """A student's folder and the copy of the toy exercises in it."""

    RIGHT = {
        "half": "def half(x):\n    return x / 2",
        "row_sums": "def row_sums(X):\n    return X.sum(dim=1)",
        "count_above": (
            "def count_above(values, limit):\n    return sum(v > limit for v in values)"
        ),
        "odd_halves": "When it is odd.",
    }
    COLUMNS = {"row_sums": "def row_sums(X):\n    return X.sum(dim=0)"}

    def __init__(self, root: Path):
        self.root = root
        self.path = notebooks.work(root, SLUG)
        self.pristine = notebooks.released(root, SLUG)

    def read(self) -> dict:
        return json.loads(self.path.read_text(encoding="utf-8"))

    def write(self, notebook: dict) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(notebook), encoding="utf-8")

    def cell(self, notebook: dict, grade_id: str) -> dict:
        """The first cell of that name in a notebook that was read."""
        return notebook["cells"][self.place(notebook, grade_id)]

    def place(self, notebook: dict, grade_id: str) -> int:
        found = (cell.grade_id for cell in notebooks.cells(notebook))
        return list(found).index(grade_id)

    def answer(self, answers: dict[str, str]) -> None:
        """Write answers into the copy, which is made if it isn't there."""
        notebook = json.loads(
            (self.path if self.path.exists() else self.pristine).read_text()
        )
        for name, source in answers.items():
            self.cell(notebook, name)["source"] = source
        self.write(notebook)

    def say(self, name: str, verdict: str, **facts) -> None:
        """Have a test's panel say something, of the answer that stands there now."""
        notebook = self.read()
        source = "".join(self.cell(notebook, name)["source"])
        course = {"exercise": name, "state": verdict, "answers": [digest(source)]}
        output = {
            "output_type": "display_data",
            "data": {"text/plain": f"{name}: {verdict}.\nexpected 1, got 2."},
            "metadata": {"course": course | {"points": 1, "hints": 0} | facts},
        }
        self.cell(notebook, f"test_{name}")["outputs"] = [output]
        self.write(notebook)


@pytest.fixture
def work(built_toy: Path, tmp_path: Path) -> Work:
    """Nothing done yet: no work/."""
    root = tmp_path / "student"
    shutil.copytree(built_toy / "release", root / "release")
    (root / "home.md").write_text(PAGE)
    return Work(root)
