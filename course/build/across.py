"""Rules that look at more than one chapter, and the links between chapters."""

from pathlib import Path

from course.build.predict_tells import habits
from course.build.references import linked, read_index, reference_problems
from course.chapters import Chapter, ChapterError, find_chapters, read_chapter


def linked_beside(root: Path, judged: list[Chapter]) -> list[Chapter]:
    """Hold chapters against the rest of the course, and write out their references.

    Args:
        root: the course's folder.
        judged: the chapters that are built; none has a problem of its own.

    Returns:
        these chapters, with links in the place of references.

    Raises:
        ChapterError: their problems; those of others are told when they are built.
    """
    course = whole_course(root, judged)
    index = read_index(root, course)
    found = [*habits(judged, course)]
    for chapter in judged:
        found += reference_problems(chapter, index)
    if found:
        raise ChapterError(sorted(found, key=lambda p: (p.path, p.line)))
    return [linked(chapter, index) for chapter in judged]


def whole_course(root: Path, judged: list[Chapter]) -> list[Chapter]:
    """All chapters that can be read, those that are judged as they are given."""
    known = {chapter.folder: chapter for chapter in judged}
    for folder in find_chapters(root):
        if folder not in known:
            try:
                known[folder] = read_chapter(folder)
            except ChapterError:  # its own build says so
                continue
    return [known[folder] for folder in sorted(known)]
