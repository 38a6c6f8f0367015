"""Chapters as people write them: percent-format text, read into cells.

A chapter is a folder `NN_slug` with `lecture.py`, `exercises.py` and `answers.py`.
Everything here is text in, plain data out; what is wrong with a chapter is a `Problem`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext

from course import choices
from course.cells import Cell, Problem

SLUG = re.compile(r"\d\d_[a-z0-9_]+")
MARKER = re.compile(r"# %%(?!%)")
BANK_MARKER = re.compile(r'# %% (\w+) (right|wrong|equivalent) "(.+)"\s*')
HINTS_MARKER = re.compile(r"# %% (\w+) (hints) \[markdown\]()\s*")
HINT_MARK = re.compile(r"# (\d+)\. ")
ROLES = ("exercise", "test", "manual", "predict", "choice")
MARKS = ("points", "changes", "bans")


class ChapterError(ValueError):
    """A chapter can't be read or breaks the rules; carries every problem found."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Answer:
    """One entry of the bank: a right answer, a wrong one, equivalent mutants, hints.

    Of a question with options there is also what is "unread": no choice at all.
    """

    path: Path
    line: int
    exercise: str
    kind: str
    title: str
    source: str


@dataclass(frozen=True)
class Chapter:
    """A chapter's three files, read.

    Args:
        folder: where they lie.
        lecture: the lecture's cells.
        exercises: those of the exercise notebook; of a question with options, the three
            that students get.
        answers: the bank, with the answers that follow from options.
        choices: each question with options as it is written, by id.
    """

    folder: Path
    lecture: list[Cell]
    exercises: list[Cell]
    answers: list[Answer] = field(default_factory=list)
    choices: dict[str, Cell] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The chapter's name: `03_linear_regression`."""
        return self.folder.name

    def cells(self, role: str) -> dict[str, Cell]:
        """The exercise notebook's cells of one role, by id."""
        return {cell.id: cell for cell in self.exercises if cell.role == role}

    def setup(self) -> list[Cell]:
        """The code cells that are given to the student."""
        return [cell for cell in self.exercises if cell.is_code and not cell.role]

    def bank(self, exercise: str, kind: str) -> list[Answer]:
        """The bank's answers of one kind to one exercise."""
        return [a for a in self.answers if (a.exercise, a.kind) == (exercise, kind)]

    def hints(self) -> dict[str, list[str]]:
        """The texts of the hints to each exercise that has some."""
        cells = [answer for answer in self.answers if answer.kind == "hints"]
        return {c.exercise: [text for *_, text in hint_items(c.source)] for c in cells}


def find_chapters(root: Path, names: tuple[str, ...] = ()) -> list[Path]:
    """The folders of the named chapters, or of all, in order.

    Raises:
        FileNotFoundError: a name that is no chapter; says which there are.
    """
    folders = sorted(p for p in (root / "chapters").iterdir() if SLUG.fullmatch(p.name))
    known = {folder.name: folder for folder in folders}
    for name in names:
        if name not in known:
            raise FileNotFoundError(
                f"no chapter {name!r} in chapters/; there are {', '.join(known)}"
            )
    return [known[name] for name in names] if names else folders


def read_chapter(folder: Path) -> Chapter:
    """Read a chapter's three files.

    Raises:
        ChapterError: a file is missing or its markup can't be read.
    """
    files = [folder / f"{stem}.py" for stem in ("lecture", "exercises", "answers")]
    missing = [Problem(path, 1, "this file is missing") for path in files]
    if problems := [p for p in missing if not p.path.is_file()]:
        raise ChapterError(problems)
    lecture, exercises, answers = files
    cells = read_cells(exercises)
    return _with_choices(folder, read_cells(lecture), cells, read_bank(answers))


def _with_choices(
    folder: Path, lecture: list[Cell], cells: list[Cell], bank: list[Answer]
) -> Chapter:
    """A chapter in which each question with options is an exercise like any other."""
    exercises: list[Cell] = []
    asked = [cell for cell in cells if cell.role == "choice"]
    for cell in cells:
        exercises += choices.expand(cell) if cell.role == "choice" else [cell]
    for cell in asked:
        for line, *about in choices.answers(cell):
            bank.append(Answer(cell.path, line + 1, cell.id, *about))
    return Chapter(folder, lecture, exercises, bank, {cell.id: cell for cell in asked})


def read_cells(path: Path) -> list[Cell]:
    """Read percent-format text into cells.

    Raises:
        ChapterError: text before the first cell, or markup nobody knows.
    """
    text = _read_text(path)
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if MARKER.match(line)]
    cells = jupytext.reads(text, fmt="py:percent").cells
    if not starts or len(cells) != len(starts):
        message = "the file must start with a `# %%` cell, and each cell with its own"
        raise ChapterError([Problem(path, 1, message)])
    found = [_cell(path, lines, i, cell) for i, cell in zip(starts, cells, strict=True)]
    if problems := [item for item in found if isinstance(item, Problem)]:
        raise ChapterError(problems)
    return found


def _read_text(path: Path) -> str:
    """A chapter's file; a byte-order mark, which some editors write, is left out."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = "this is not UTF-8: save the file with that encoding"
        raise ChapterError([Problem(path, line, message)]) from None


def _cell(path: Path, lines: list[str], start: int, cell) -> Cell | Problem:
    """Make a cell of what jupytext read, or say what is wrong with its marker line."""
    first = start + 1
    while first < len(lines) - 1 and lines[first].strip() in ("", "#"):
        first += 1
    meta = dict(cell.metadata)
    roles = [role for role in ROLES if role in meta]
    unknown = sorted(set(meta) - {*ROLES, *MARKS, "lines_to_next_cell"})
    if unknown or len(roles) > 1:
        what = f"unknown markup {', '.join(unknown)}" if unknown else "two roles"
        return Problem(path, start + 1, f"{what}: a cell is one of {', '.join(ROLES)}")
    role = roles[0] if roles else ""
    return Cell(
        path=path,
        line=first + 1,
        source=cell.source.strip("\n"),
        is_code=cell.cell_type == "code",
        role=role,
        id=str(meta.get(role, "")),
        points=meta.get("points"),
        changes=str(meta.get("changes", "")),
        bans=tuple(filter(None, map(str.strip, str(meta.get("bans", "")).split(",")))),
    )


def read_bank(path: Path) -> list[Answer]:
    """Read a bank of answers: cells `# %% id right|wrong|equivalent "title"`.

    The hints to an exercise stand there too: `# %% id hints [markdown]`.

    Raises:
        ChapterError: a cell whose marker is not of that form.
    """
    lines = _read_text(path).splitlines()
    starts = [i for i, line in enumerate(lines) if MARKER.match(line)]
    answers, problems = [], []
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        line = lines[start]
        match = BANK_MARKER.fullmatch(line) or HINTS_MARKER.fullmatch(line)
        if match:
            source = "\n".join(lines[start + 1 : end]).strip("\n")
            answers.append(Answer(path, start + 2, *match.groups(), source))
        else:
            form = '# %% id right|wrong|equivalent "title"'
            message = f"expected `{form}` or `# %% id hints [markdown]`"
            problems.append(Problem(path, start + 1, message))
    if problems:
        raise ChapterError(problems)
    return answers


def hint_items(source: str) -> list[tuple[int, int, str]]:
    """The numbered items of a cell of hints.

    Args:
        source: comment lines; an item begins with `# 1. `.

    Returns:
        the line, from 1, at which each begins, its number and its text in one line;
        what stands before the first item has the number 0.
    """
    items: list[tuple[int, int, str]] = []
    for line, text in enumerate(source.splitlines(), start=1):
        mark, words = HINT_MARK.match(text), text.removeprefix("#").strip()
        if mark:
            items.append((line, int(mark[1]), text[mark.end() :].strip()))
        elif items:
            items[-1] = (*items[-1][:2], f"{items[-1][2]} {words}".strip())
        elif words:
            items.append((line, 0, words))
    return items
