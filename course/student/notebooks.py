"""Reading notebooks from disk, fast and without trust in how they were saved."""

import json
import os
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

SLUG = re.compile(r"\d\d_[a-z0-9_]+")
ASK = "get the course's folder again"
CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


class Broken(ValueError):
    """A notebook that can't be read; says why and what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell, read without changing it.

    Args:
        raw: the cell as it stands in the file.
        grade_id: nbgrader's name of it; "" for a cell of the student's own.
    """

    raw: dict
    grade_id: str

    @property
    def source(self) -> str:
        """Its text, whether the file holds it whole or in lines."""
        source = self.raw.get("source", "")
        return "".join(source) if isinstance(source, list) else str(source)

    @property
    def text(self) -> str:
        """Its text, ready to be compared: line ends and blanks around are left out."""
        return "\n".join(line.rstrip() for line in self.source.strip().splitlines())

    @property
    def is_code(self) -> bool:
        return self.raw.get("cell_type") == "code"

    @property
    def nbgrader(self) -> dict:
        return self.raw["metadata"]["nbgrader"] if self.grade_id else {}

    @property
    def kind(self) -> str:
        """ "given", "answer", "test", "manual", or "own" if the student added it."""
        if not self.grade_id:
            return "own"
        if self.nbgrader.get("solution"):
            return "manual" if self.nbgrader.get("grade") else "answer"
        return "test" if self.nbgrader.get("grade") else "given"

    @property
    def exercise(self) -> str:
        """The id of the exercise that an answer or a test belongs to."""
        return self.grade_id.removeprefix("test_")

    @property
    def points(self) -> float:
        points = self.nbgrader.get("points", 0)
        return points if isinstance(points, int | float) else 0


def slugs(root: Path) -> list[str]:
    """The chapters whose exercises are handed out here, in order."""
    found = (path.parent for path in (root / "release").glob("*/*.ipynb"))
    return sorted({f.name for f in found if released(root, f.name).is_file()})


def released(root: Path, slug: str) -> Path:
    """Where the pristine exercises of a chapter lie."""
    return root / "release" / slug / f"{slug}.ipynb"


def work(root: Path, slug: str) -> Path:
    """Where a student's own copy of them lies."""
    return root / "work" / slug / f"{slug}.ipynb"


def read(path: Path, mend: str = "") -> dict:
    """A notebook as it stands in its file.

    Args:
        path: the file.
        mend: what to do if it is broken; "" names the command for a student's copy.

    Raises:
        Broken: it is missing or no notebook; says what to do.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        raise Broken(f"is not there: {mend or '`course start` makes a copy'}") from None
    except OSError as error:
        raise Broken(f"can't be opened: {error.strerror}") from None
    mend = mend or _again(path)
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise Broken(f"{_why(text)}{mend}") from None
    if not _has_format(notebook):
        raise Broken(f"is no notebook of this format: {mend}")
    return notebook


def cells(notebook: dict) -> list[Cell]:
    """The cells of a notebook that `read` gave."""
    return [Cell(raw, _grade_id(raw)) for raw in notebook["cells"]]


def write(path: Path, notebook: dict) -> None:
    """Write a notebook as Jupyter does, whole or not at all."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=path.parent) as folder:
        part = Path(folder) / path.name
        part.write_text(f"{text}\n", "utf-8", errors="replace", newline="\n")
        os.replace(part, path)


def _again(path: Path) -> str:
    """How to begin a notebook anew, as it can be typed."""
    is_in_work = path.parts[-3:] == ("work", path.stem, path.name)
    name = path.stem if is_in_work else shlex.quote(str(path))
    return f"`course restore {name}` begins it anew and keeps this file"


def _why(text: str) -> str:
    """What is wrong with a text that is no JSON; what to do comes behind it."""
    if not text.strip():
        return "is empty: "
    if CONFLICT.search(text):
        return "holds the marks of a merge conflict (<<<<<<<): settle it with git, or "
    if text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
        return "ends in the middle, a part is missing: "
    return "is no notebook, inside is something else: "


def _has_format(notebook: object) -> bool:
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return False
    return isinstance(notebook.get("metadata"), dict) and all(
        isinstance(cell, dict) and isinstance(cell.get("metadata"), dict)
        for cell in notebook["cells"]
    )


def _grade_id(raw: dict) -> str:
    nbgrader = raw["metadata"].get("nbgrader")
    found = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""
    return found if isinstance(found, str) else ""
