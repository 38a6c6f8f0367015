"""Who was graded and is new in the gradebook: a folder may be misspelt."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

ALIKE = 0.7  # of difflib's 0 to 1: one slip in an id of three characters or more


def newcomers(
    graded: Iterable[str], known: set[str], enrolled: set[str], handed_in: set[str]
) -> Iterator[str]:
    """Say who is new, and ask whether somebody else is meant.

    Asked is only about somebody who is missed, or whose id differs in capitals alone:
    who is there with a hand-in of their own was not misspelt. Where the gradebook was
    filled by grading this assignment and by nothing else, to be new says nothing: the
    batch may just have been stopped half-way.

    Args:
        graded: whoever was graded just now.
        known: the students in the gradebook before that.
        enrolled: those of them who are there by more than this assignment's grading.
        handed_in: whoever handed this assignment in.

    Yields:
        a sentence each.
    """
    missed = known - handed_in
    for student in graded:
        if student in known:
            continue
        if meant := _meant(student, known, missed):
            yield f"new in the gradebook: {student}: is {meant} meant?"
        elif enrolled:
            yield f"new in the gradebook: {student}"


def _meant(student: str, known: set[str], missed: set[str]) -> str:
    """Whom a misspelt id means; "" if nobody."""
    same = sorted(k for k in known if k.strip().casefold() == student.casefold())
    plain = {name.casefold(): name for name in sorted(missed)}
    alike = get_close_matches(student.casefold(), plain, n=1, cutoff=ALIKE)
    return next(iter(same), plain[alike[0]] if alike else "")
