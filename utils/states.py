"""The states of an exercise, in the words that everybody reads.

Panels, `course progress`, `course verify`, the home page and feedback take them from
here, so that none has a word of its own for what another says.
"""

RIGHT, WRONG, NOT_ATTEMPTED = "right", "wrong", "not attempted"
NOT_TESTED = "not tested"  # answered, and its test has not run since
NOT_GRADED = "not graded yet"  # a written answer that waits for a person
GRADED = "graded"  # by a person
NOT_JUDGED = "not judged"  # while it was graded the test did not report back
UNREAD = "can't be read"  # its notebook is broken


def points_in_words(points: float, points_of: float, waiting: float = 0) -> str:
    """`24 of 27 points, 3 not graded yet`.

    Args:
        points: what there is so far.
        points_of: what all exercises are worth, written ones among them.
        waiting: what written answers are worth that wait for a person.
    """
    later = f", {waiting:g} {NOT_GRADED}" if waiting else ""
    return f"{points:g} of {points_of:g} points{later}"
