"""The rubric of a written question: criteria with points, and comments to choose from.

It lies beside the chapter's text as `rubric.toml`, where no student gets it; that of an
assignment that an instructor brought along lies in `source/NAME/`.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.cells import Problem
from course.chapters import ChapterError

FILE = "rubric.toml"
KEYS = range(1, 10)
OF_CRITERION, OF_COMMENT = {"about", "points", "comments"}, {"key", "points", "text"}
FORM = (
    'write [[{}]] with about = "...", points = 1 and '
    'comments = [{{ key = 1, points = 1, text = "..." }}]'
)

Place = tuple[str, int]  # a question's id, and which of its criteria, from 1


@dataclass(frozen=True)
class Comment:
    """A comment to choose by a key.

    Args:
        key: 1 to 9, on the keyboard.
        text: what the student reads.
        points: what is given, or taken if below 0; None if it is a remark.
    """

    key: int
    text: str
    points: float | None = None


@dataclass(frozen=True)
class Criterion:
    """What an answer is to have.

    Args:
        about: what that is, for who grades.
        points: what it is worth.
        comments: what there is to say on it.
    """

    about: str
    points: float
    comments: tuple[Comment, ...]


def find_rubric(root: Path, slug: str) -> Path:
    """Where the rubric of an assignment lies, if it has one."""
    folder = "chapters" if (root / "chapters" / slug).is_dir() else "source"
    return root / folder / slug / FILE


def read_rubric(
    path: Path, worth: Mapping[str, float]
) -> dict[str, tuple[Criterion, ...]]:
    """Read a rubric and hold it against the questions that it is for.

    Args:
        path: the file; there may be none.
        worth: the points of each written question of the assignment, by id.

    Returns:
        criteria by question.

    Raises:
        ChapterError: it is no TOML, or does not fit the questions; says where.
    """
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChapterError([Problem(path, 1, f"this is no TOML: {error}")]) from error
    faults = [fault for item in data.items() for fault in _faults(*item, worth)]
    if faults:
        lines = text.splitlines()
        raise ChapterError([Problem(path, _line(lines, p), w) for p, w in faults])
    return {name: tuple(map(_criterion, found)) for name, found in data.items()}


def _criterion(table: dict) -> Criterion:
    comments = tuple(
        Comment(**{**comment, "text": comment["text"].strip()})
        for comment in table["comments"]
    )
    return Criterion(table["about"], table["points"], comments)


def _faults(
    name: str, criteria: object, worth: Mapping[str, float]
) -> Iterator[tuple[Place, str]]:
    """What is wrong with the rubric of one question."""
    if name not in worth:
        there = ", ".join(worth) or "none"
        yield (name, 1), f"there is no written question {name!r}; there are: {there}"
        return
    if not isinstance(criteria, list) or not criteria:
        yield (name, 1), FORM.format(name)
        return
    malformed = [n for n, c in enumerate(criteria, 1) if not _is_criterion(c)]
    if malformed:
        yield (name, malformed[0]), FORM.format(name)
        return
    keys: dict[int, int] = {}
    for number, criterion in enumerate(criteria, start=1):
        for words in _faults_of_one(criterion, keys):
            yield (name, number), words
    total = sum(criterion["points"] for criterion in criteria)
    if not math.isclose(total, worth[name]):
        words = f"the criteria are worth {total:g} points together"
        yield (name, 1), f"{words}, the question {worth[name]:g}"


def _faults_of_one(criterion: dict, keys: dict[int, int]) -> Iterator[str]:
    """What is wrong with one criterion; `keys` counts those of the question so far."""
    most = criterion["points"]
    if not criterion["about"].strip():
        yield "about is empty: say what an answer is to have"
    if most <= 0:
        yield f"points are {most:g}: a criterion is worth more than 0"
    for comment in criterion["comments"]:
        key, points = comment["key"], comment.get("points", 0)
        keys[key] = keys.get(key, 0) + 1
        if key not in KEYS:
            yield f"key = {key} is on no keyboard: take one of 1 to 9"
        if keys[key] == 2:
            yield f"two comments have key = {key}: each takes its own"
        if not comment["text"].strip():
            yield f"the comment of key {key} is empty: write what the student reads"
        if abs(points) > most:
            words = f"the comment of key {key} stands for {points:g} points"
            yield f"{words}, its criterion for {most:g}"
    if all(comment.get("points") != most for comment in criterion["comments"]):
        yield f"no comment gives all {most:g}: a full answer would have no key"


def _is_criterion(table: object) -> bool:
    return (
        isinstance(table, dict)
        and table.keys() == OF_CRITERION
        and isinstance(table["about"], str)
        and _is_number(table["points"])
        and isinstance(table["comments"], list)
        and all(map(_is_comment, table["comments"]))
    )


def _is_comment(table: object) -> bool:
    return (
        isinstance(table, dict)
        and {"key", "text"} <= table.keys() <= OF_COMMENT
        and type(table["key"]) is int
        and isinstance(table["text"], str)
        and _is_number(table.get("points", 0))
    )


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _line(lines: list[str], place: Place) -> int:
    """The line of a criterion's heading; of the question's, or 1, if there is none."""
    name, number = place
    bare = [line.strip().strip("[]").strip("\"'") for line in lines]
    found = [n for n, line in enumerate(bare, 1) if line == name]
    return found[min(number, len(found)) - 1] if found else 1
