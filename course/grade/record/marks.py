"""What the gradebook holds of a submission: the tests' points and a person's."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Mark:
    """The points of one cell, as nbgrader counts them.

    Args:
        score: what it got, extra credit included; None while it waits for a person.
        points: the most there is without extra credit.
        by_hand: whether a person gave the points.
        extra: the extra credit in `score`.
        comment: what a person wrote beside it.
    """

    score: float | None
    points: float
    by_hand: bool = False
    extra: float = 0
    comment: str = ""


@dataclass(frozen=True)
class Marks:
    """The points of one submission.

    Args:
        cells: by the grade id of each cell that gives points.
        penalty: what being late costs.
        handed_in: when, in UTC and without a time zone; None if nobody knows.
        name: what the gradebook calls the student beside the id; "" without a name.
        late_s: by how many seconds after the due date and any extension; 0 if in time,
            or if nobody knows.
    """

    cells: dict[str, Mark] = field(default_factory=dict)
    penalty: float = 0
    handed_in: datetime | None = None
    name: str = ""
    late_s: float = 0
