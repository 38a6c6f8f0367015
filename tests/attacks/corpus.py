"""Hostile and broken submissions as data: `tests/attacks/CLASS/NAME.toml`, read here.

aim       what it tries to get or to break, in one sentence
forger    whether `forger.py` runs in front of its first code
honest    exercises that are answered rightly: "all", or a list
answers   code by exercise
extra     cells that the student added: after = grade id of a cell, or "" for the
          front; source; metadata. COURSE stands for the course's folder, and REPO
          for this repository's
edits     changes to cells' JSON: cell = grade id, set = what to put in
drop      grade ids of cells that are deleted
notebook  changes to the notebook's own JSON
file      what is handed in instead of a notebook: see `_KINDS`
without   the defence that, taken out, lets it have its way: one of `weakened.py`; if it
          isn't said, that of the class
expected  points = at most so many (0); honest = whether it gets just what its
          honest answers are worth; problem = whether it can't be read;
          flagged = whether a person must be told; told, untold = texts that must, and
          that may not, occur in what is kept of it
"""

import copy
import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
WITHOUT = {
    "corrupt": "intake of our own",
    "exhaustion": "time for a cell",
    "feedback": "inert outputs",
    "files": "walls",
    "forged": "no points without a report",
    "language": "process for the tests",
    "leaks": "silence of hidden tests",
    "metadata": "intake of our own",
    "network": "filter of system calls",
    "processes": "filter of system calls",
}
FORGER = (FOLDER / "forger.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Attack:
    """One submission of the corpus.

    Args:
        name: the file's name.
        kind: its class: the folder.
        told: what the file says.
    """

    name: str
    kind: str
    told: dict

    @property
    def student(self) -> str:
        """Who hands it in."""
        return f"{self.kind}-{self.name}"

    @property
    def expected(self) -> dict:
        """What must come of it."""
        return {"points": 0, **self.told.get("expected", {})}

    @property
    def without(self) -> str:
        """Which defence stands against it; "" if it is honest work."""
        return self.told.get("without", WITHOUT.get(self.kind, ""))

    def honest(self, exercises: list[str]) -> list[str]:
        """The exercises that it answers honestly."""
        named = self.told.get("honest", [])
        taken = self.told.get("answers", {})
        every = [e for e in exercises if e not in taken]
        return every if named == "all" else named


def read_corpus() -> list[Attack]:
    """Every attack, sorted by class and name."""
    return [
        Attack(path.stem, path.parent.name, tomllib.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*/*.toml"))
    ]


def hand_in(attack: Attack, release: dict, right: dict[str, str], folder: Path) -> None:
    """Put an attack where a student's submission belongs.

    Args:
        attack: what is handed in.
        release: the released notebook as JSON.
        right: a right answer to each exercise.
        folder: `submitted/STUDENT/SLUG`, not there yet.
    """
    folder.mkdir(parents=True)
    text = json.dumps(make_notebook(attack, release, right))
    places = {"COURSE": str(folder.parents[2]), "REPO": str(FOLDER.parents[1])}
    for word, place in places.items():
        text = text.replace(word, place)
    content = text.encode()
    path = folder / f"{folder.name}.ipynb"
    file = attack.told.get("file")
    if file is None:
        path.write_bytes(content)
    else:
        _KINDS[file["kind"]](path, content, file)


def make_notebook(attack: Attack, release: dict, right: dict[str, str]) -> dict:
    """The notebook that an attacker made of the released one."""
    notebook = copy.deepcopy(release)
    told = attack.told
    answers = {name: right[name] for name in attack.honest(list(right))}
    answers |= told.get("answers", {})
    extra = told.get("extra", [])
    if told.get("forger"):
        extra = [{"after": "", "source": FORGER}, *extra]
    for name, source in answers.items():
        _cell(notebook, name)["source"] = source
    for added in extra[::-1]:
        made = {"cell_type": "code", "id": os.urandom(4).hex(), "execution_count": None}
        made |= {"metadata": added.get("metadata", {}), "outputs": []}
        made |= {"source": added["source"]}
        cells, after = notebook["cells"], added["after"]
        place = cells.index(_cell(notebook, after)) + 1 if after else 0
        cells.insert(place, made)
    for edit in told.get("edits", []):
        _merge(_cell(notebook, edit["cell"]), edit["set"])
    for name in told.get("drop", []):
        notebook["cells"].remove(_cell(notebook, name))
    _merge(notebook, told.get("notebook", {}))
    return notebook


def _cell(notebook: dict, grade_id: str) -> dict:
    """The cell of a grade id; the first, where one has been copied."""
    return next(c for c in notebook["cells"] if _grade_id(c) == grade_id)


def _grade_id(cell: dict) -> object:
    """A cell's name; None where an attack has left nothing to look into."""
    for key in ("metadata", "nbgrader", "grade_id"):
        cell = cell.get(key) if isinstance(cell, dict) else None
    return cell


def _merge(into: dict, changes: dict) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _raw(path: Path, content: bytes, file: dict) -> None:
    path.write_bytes(file["text"].encode() * file.get("times", 1))


def _binary(path: Path, content: bytes, file: dict) -> None:
    path.write_bytes(bytes.fromhex(file["hex"]))


def _truncated(path: Path, content: bytes, file: dict) -> None:
    path.write_bytes(content[: len(content) // 2])


def _around(path: Path, content: bytes, file: dict) -> None:
    before, after = file.get("before", ""), file.get("after", "")
    path.write_bytes(bytes.fromhex(before) + content + after.encode())


def _encoded(path: Path, content: bytes, file: dict) -> None:
    path.write_bytes(content.decode().encode(file["encoding"]))


def _link(path: Path, content: bytes, file: dict) -> None:
    path.symlink_to(file["to"].replace("COURSE", str(path.parents[3])))


def _sparse(path: Path, content: bytes, file: dict) -> None:
    path.write_bytes(b"{")
    os.truncate(path, file["bytes"])


def _cells(path: Path, content: bytes, file: dict) -> None:
    notebook = json.loads(content)
    notebook["cells"] *= file["times"]
    path.write_bytes(json.dumps(notebook).encode())


def _named(path: Path, content: bytes, file: dict) -> None:
    (path.parent / file["name"]).write_bytes(content)


_KINDS = {
    "text": _raw,
    "hex": _binary,
    "truncated": _truncated,
    "around": _around,
    "encoded": _encoded,
    "link": _link,
    "sparse": _sparse,
    "repeated": _cells,
    "named": _named,
    "none": lambda path, content, file: None,
    "fifo": lambda path, content, file: os.mkfifo(path),
    "folder": lambda path, content, file: path.mkdir(),
    "folder link": lambda path, content, file: _relink(path.parent, file["to"]),
}


def _relink(folder: Path, to: str) -> None:
    folder.rmdir()
    folder.symlink_to(to.replace("COURSE", str(folder.parents[2])))
