"""Rules that look at more than one chapter."""

from pathlib import Path

from course.build.predict_tells import habits
from course.chapters import Chapter, ChapterError, Problem, find_chapters, read_chapter


def across(root: Path, judged: list[Chapter]) -> list[Problem]:
    """What is wrong with chapters beside the rest of the course.

    Args:
        root: the course's folder.
        judged: the chapters that are built; none has a problem of its own.

    Returns:
        problems of these chapters alone: others are looked at when they are built.
    """
    return [*habits(judged, _all(root, judged))]


def _all(root: Path, judged: list[Chapter]) -> list[Chapter]:
    """All chapters that can be read, those that are judged as they are given."""
    known = {chapter.folder: chapter for chapter in judged}
    for folder in find_chapters(root):
        if folder not in known:
            try:
                known[folder] = read_chapter(folder)
            except ChapterError:  # its own build says so
                continue
    return [known[folder] for folder in sorted(known)]
