"""Cells of a chapter as people write them, and what is wrong with one."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """Something that keeps a chapter from being built, with its place."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Cell:
    """One cell of a lecture or an exercise notebook.

    Args:
        path: the file it is written in.
        line: the line of its first character of source, from 1.
        source: its text without markup.
        is_code: code or Markdown.
        role: "exercise", "test", "manual", "choice"; in a lecture "predict"; or "" for
            prompts and setup.
        id: the exercise's id, or the prediction's; "" without a role.
        points: what the cell is worth, None if not said.
        changes: of a test: the arguments that the answer is asked to change in place.
        bans: what the answer to a test may not do: families or dotted names.
    """

    path: Path
    line: int
    source: str
    is_code: bool
    role: str = ""
    id: str = ""
    points: float | None = None
    changes: str = ""
    bans: tuple[str, ...] = ()

    def problem(self, message: str, line: int = 1) -> Problem:
        """A problem at a line of this cell's source, counted from 1."""
        return Problem(self.path, self.line + line - 1, message)
