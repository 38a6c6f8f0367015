"""What the build refuses in a chapter's rubric."""

from collections.abc import Iterator

from course.cells import Problem
from course.chapters import Chapter, ChapterError
from course.written.rubric import FILE, read_rubric


def rubric(chapter: Chapter) -> Iterator[Problem]:
    """A rubric is for the chapter's written questions and worth what they are."""
    worth = {name: cell.points for name, cell in chapter.cells("manual").items()}
    if not all(isinstance(points, int | float) for points in worth.values()):
        return  # `points` says that
    try:
        read_rubric(chapter.folder / FILE, worth)
    except ChapterError as error:
        yield from error.problems
