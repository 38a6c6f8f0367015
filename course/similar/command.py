"""`course similar`, put together from the rooms of this package."""

from dataclasses import dataclass
from pathlib import Path

from course.grade.batch import find_class
from course.report.gather import read_class_people
from course.similar.evidence import Group, groups
from course.similar.page import similar_page
from course.similar.texts import Alphabet, answers
from course.whole import write_whole


@dataclass(frozen=True)
class Similar:
    """What was found.

    Args:
        page: the page that shows it.
        groups: the groups, the most alike first.
        compared: how many submissions were compared.
        unread: who could not be compared.
    """

    page: Path
    groups: list[Group]
    compared: int
    unread: tuple[str, ...]


def similar(root: Path, slug: str, db_url: str = "") -> Similar:
    """Write `reports/SLUG-similar.html`; runs nothing of what was handed in.

    Args:
        root: the course's folder.
        slug: the chapter's slug.
        db_url: the gradebook, for names; "" for the course's own.

    Raises:
        FileNotFoundError: the chapter was not built, or nobody handed it in.
        CannotWrite: the page can't be written.
    """
    group, alphabet = find_class(root, slug), Alphabet()
    work = {
        student: answers(group.assignment, group.read(student), alphabet)
        for student in group.students
    }
    unread = tuple(student for student, own in work.items() if not own)
    work = {student: own for student, own in work.items() if own}
    found = groups(work)
    page = similar_page(slug, found, work, read_class_people(root, db_url))
    path = write_whole(root / "reports" / f"{slug}-similar.html", page)
    return Similar(path, found, len(work), unread)
