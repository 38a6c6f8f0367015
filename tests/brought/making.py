"""Notebooks as formgrader or an earlier year leaves them, made by code."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
NO_TEXT = "YOUR ANSWER HERE"


def cell(source: str, kind: str = "code", **facts) -> dict:
    """A cell; with facts it is one of nbgrader's."""
    made: dict = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    if facts:
        flags = {"grade": False, "solution": False, "locked": False, "task": False}
        made["metadata"]["nbgrader"] = {**flags, "schema_version": 3, **facts}
    return made


def text(source: str) -> dict:
    return cell(source, "markdown")


def given(name: str, source: str) -> dict:
    return cell(source, grade_id=name, locked=True)


def answer(name: str, source: str) -> dict:
    body = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return cell(body, grade_id=name, solution=True)


def asserts(name: str, points: float, source: str) -> dict:
    return cell(source, grade_id=name, grade=True, locked=True, points=points)


def written(name: str, points: float, source: str = "Because.") -> dict:
    facts = {"grade": True, "solution": True, "points": points}
    return cell(source, "markdown", grade_id=name, **facts)


def by_hand(name: str, points: float, source: str) -> dict:
    body = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    facts = {"grade": True, "solution": True, "points": points}
    return cell(body, grade_id=name, **facts)


def task(name: str, points: float, source: str) -> dict:
    facts = {"task": True, "locked": True, "points": points}
    return cell(source, "markdown", grade_id=name, **facts)


@dataclass(frozen=True)
class Kind:
    """An assignment, and what students made of it.

    Args:
        name: of the kind, and of the assignment.
        notebooks: their cells, by name.
        students: what each puts into cells, by grade id or "NOTEBOOK/NAME"; what is not
            named is as it was released. None takes a cell out. "+NAME" adds a cell of
            code below another.
        files: what lies beside the notebooks.
        sent: what students hand in besides, by student.
        minor: the minor version of the notebooks' format, by notebook.
        schema: of nbgrader's metadata.
    """

    name: str
    notebooks: dict[str, list[dict]]
    students: dict[str, dict[str, str | None]]
    files: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, dict[str, bytes]] = field(default_factory=dict)
    minor: dict[str, int] = field(default_factory=dict)
    schema: int = 3

    def make(self, course: Path) -> None:
        """Write the assignment into source/ and the class into submitted/."""
        source = course / "source" / self.name
        _write_files(source, self.files)
        for name, cells in self.notebooks.items():
            self._write(source / f"{name}.ipynb", cells)
        for student, made in self.students.items():
            folder = course / "submitted" / student / self.name
            _write_files(folder, self.files | self.sent.get(student, {}))
            for name, cells in self.notebooks.items():
                handed = [*_handed_in(name, cells, made)]
                self._write(folder / f"{name}.ipynb", handed)

    def _write(self, path: Path, cells: list[dict]) -> None:
        minor = self.minor.get(path.stem, 5)
        cells = json.loads(json.dumps(cells))
        for number, one in enumerate(cells):
            if minor >= 5:
                one["id"] = f"cell-{number}"
            if facts := one["metadata"].get("nbgrader"):
                _age(facts, self.schema)
        meta = {"kernelspec": KERNEL}
        book = {
            "cells": cells,
            "metadata": meta,
            "nbformat": 4,
            "nbformat_minor": minor,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(book), encoding="utf-8")


def _age(facts: dict, schema: int) -> None:
    """Turn nbgrader's metadata into that of an older version."""
    facts["schema_version"] = schema
    if schema < 3:
        del facts["task"]


def _handed_in(name: str, cells: list[dict], made: dict) -> Iterable[dict]:
    """The cells of a released notebook with a student's answers."""
    for one in cells:
        facts = one["metadata"].get("nbgrader", {})
        own = facts.get("grade_id", "")
        is_code = one["cell_type"] == "code"
        source = one["source"]
        if facts.get("solution"):
            source = STUB if is_code else NO_TEXT
        for key in (own, f"{name}/{own}"):
            source = made.get(key, source) if own else source
        if source is not None:
            yield {**one, "source": source}
        for key in (f"+{own}", f"+{name}/{own}"):
            if own and key in made:
                yield cell(made[key])


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
