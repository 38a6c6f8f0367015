"""Tests and given cells put back as they were handed out; answers stay.

The notebook that is mended is kept beside it under another name.
"""

import copy
from dataclasses import dataclass
from pathlib import Path

from course.student import damage, notebooks, places
from course.student.notebooks import Broken, Cell

BACKUP = "before-restore"  # nbgrader_config.py keeps these from being handed in


@dataclass(frozen=True)
class Restored:
    """What was done to a notebook.

    Args:
        path: the notebook.
        done: what was put back, in words; empty if nothing had to be.
        backup: where the notebook lies as it was; None if nothing was changed.
    """

    path: Path
    done: list[str]
    backup: Path | None


def restore(path: Path, pristine: Path) -> Restored:
    """Mend a student's notebook; nothing is written if nothing is damaged.

    Args:
        path: the notebook.
        pristine: the same as it was handed out.

    Raises:
        Broken: the pristine notebook can't be read, or `path` is not there.
    """
    original = read_pristine(pristine)
    try:
        theirs = notebooks.read(path)
    except Broken as error:
        if not path.is_file():
            raise Broken(f"{path.name} {error}") from None
        done = [f"the notebook {str(error).partition(':')[0]}: it begins anew"]
        return Restored(path, done, _replace(path, original))
    given, own = notebooks.cells(original), notebooks.cells(theirs)
    done = [found.said for found in damage.damages(given, own)]
    if not done:
        return Restored(path, [], None)
    return Restored(path, done, _replace(path, mended(theirs, original)))


def read_pristine(path: Path) -> dict:
    """A notebook as it was handed out.

    Raises:
        Broken: it is missing or can't be read.
    """
    try:
        return notebooks.read(path, notebooks.ASK)
    except Broken as error:
        raise Broken(f"{path} {error}") from None


def mended(theirs: dict, original: dict, as_graded: bool = False) -> dict:
    """A student's notebook with every pristine cell once, in order, as handed out.

    Answers keep their text and what they showed; cells of the student's own follow the
    cell that they followed. Further copies become cells of the student's own, unless
    they are just copies; a line above each says that it is the one that doesn't count.

    Args:
        theirs: the student's notebook.
        original: the pristine one.
        as_graded: to run it. Of copies of an answer the last one counts then, as when
            it is graded, even if it holds the stub alone; and every copy runs.
    """
    pristine, cells = notebooks.cells(original), notebooks.cells(theirs)
    counted = places.counted(pristine, cells)
    if not as_graded:
        counted |= _written(pristine, cells)
    list(places.adopt(pristine, cells, counted))
    added = _added(pristine, cells, counted, as_graded)
    made = list(added.get("", ()))
    for cell in pristine:
        place = counted.get(cell.grade_id)
        made.append(_put(cell, None if place is None else cells[place]))
        made += added.get(cell.grade_id, ())
    _name(made)
    kept = {key: copy.deepcopy(value) for key, value in theirs.items()}
    versions = {key: original[key] for key in ("nbformat", "nbformat_minor")}
    return {**kept, **versions, "cells": made}


def _written(pristine: list[Cell], cells: list[Cell]) -> dict[str, int]:
    """The place of the last copy of each answer that holds more than the stub."""
    stubs = {c.grade_id: c.text for c in pristine if c.kind in places.WRITTEN}
    return {
        cell.grade_id: place
        for place, cell in enumerate(cells)
        if cell.grade_id in stubs and cell.text != stubs[cell.grade_id]
    }


def _put(cell: Cell, theirs: Cell | None) -> dict:
    """The pristine cell, with the student's text if it is an answer.

    What it showed stays, unless it was shown by another text.
    """
    made = copy.deepcopy(cell.raw)
    if theirs is None:
        return made
    is_answer = cell.kind in places.WRITTEN
    if is_answer:
        made["source"] = copy.deepcopy(theirs.raw.get("source", ""))
    if cell.is_code and theirs.is_code and (is_answer or theirs.text == cell.text):
        for key in ("outputs", "execution_count"):
            made[key] = copy.deepcopy(theirs.raw.get(key, made[key]))
    return made


def _added(
    pristine: list[Cell], cells: list[Cell], counted: dict[str, int], has_copies: bool
) -> dict[str, list[dict]]:
    """The student's own cells by the grade id of the pristine cell before them."""
    owners = {
        counted[c.grade_id]: c.grade_id for c in pristine if c.grade_id in counted
    }
    given = [] if has_copies else pristine
    texts = {cell.grade_id: cell.text for cell in given}
    labels = {cell.grade_id: damage.known_as(cell) for cell in given}
    added: dict[str, list[dict]] = {}
    follows = ""
    for place, cell in enumerate(cells):
        if place in owners:
            follows = owners[place]
        elif not cell.grade_id or cell.text != texts.get(cell.grade_id):
            raw = copy.deepcopy(cell.raw)
            if cell.grade_id in labels:
                added.setdefault(follows, []).append(_remark(labels[cell.grade_id]))
            locks = ("deletable", "editable") if cell.grade_id else ()
            for key in ("nbgrader", *locks):
                raw["metadata"].pop(key, None)
            added.setdefault(follows, []).append(raw)
    return added


def _remark(label: str) -> dict:
    """The cell above a copy that was kept: two alike could not be told apart."""
    source = (
        f"**Below: a copy of {label}**, kept by `course restore`. It is not graded; "
        "the one that is stands where it was handed out. Take what you need, then "
        "delete this."
    )
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _name(made: list[dict]) -> None:
    """Give each cell an id of its own; pristine cells keep theirs."""
    taken = {raw["id"] for raw in made if "nbgrader" in raw["metadata"]}
    for number, raw in enumerate(made):
        if "nbgrader" in raw["metadata"]:
            continue
        if not raw.get("id") or raw["id"] in taken:
            raw["id"] = f"own-{number}"
        taken.add(raw["id"])


def _replace(path: Path, notebook: dict) -> Path:
    """Keep the file under another name, then write the new one in its place."""
    backup = next(name for name in _backups(path) if not name.exists())
    backup.write_bytes(path.read_bytes())
    notebooks.write(path, notebook)
    return backup


def _backups(path: Path):
    yield path.with_name(f"{path.stem}.{BACKUP}{path.suffix}")
    number = 2
    while True:
        yield path.with_name(f"{path.stem}.{BACKUP}-{number}{path.suffix}")
        number += 1
