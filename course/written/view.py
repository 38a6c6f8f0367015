"""How a person goes through the answers to a question: in which order, which."""

from dataclasses import dataclass

from course.report.gather import Person
from course.report.names import Names
from course.written.answers import Answer


@dataclass(frozen=True)
class View:
    """What a person chose.

    Args:
        anonymous: without names, in an order by chance.
        waiting: only through those that wait.
    """

    anonymous: bool
    waiting: bool

    def query(self, **changes: bool) -> str:
        """It, or a changed one, as the end of an address."""
        values = {**vars(self), **changes}
        return "&".join(f"{name}={value:d}" for name, value in values.items())


@dataclass(frozen=True)
class Place:
    """Where a person is.

    Args:
        answer: what is looked at.
        number, total: which it is of how many, from 1.
        who: whose it is; "" without names.
        before, after: the ids of its neighbours; "" at either end.
    """

    answer: Answer
    number: int
    total: int
    who: str
    before: str
    after: str


def find_place(answers: list[Answer], view: View, at: str = "") -> Place | None:
    """Where a person is, of whom no page needs to remember anything.

    Args:
        answers: all answers to the question, at least one.
        view: how they are gone through.
        at: the id of the answer that is asked for; "" for the first that waits.

    Returns:
        the place; None if there is no such answer.
    """
    names = _names(answers)
    ordered = _ordered(answers, view, names)
    first = next((answer for answer in ordered if answer.waits), ordered[0])
    at = at or first.id
    listed = [a for a in ordered if not view.waiting or a.waits or a.id == at]
    ids = [answer.id for answer in listed]
    if at not in ids:
        return None
    index = ids.index(at)
    ends = ["", *ids, ""]
    who = "" if view.anonymous else names.show(listed[index].student)
    here = (listed[index], index + 1, len(ids))
    return Place(*here, who, before=ends[index], after=ends[index + 2])


def _names(answers: list[Answer]) -> Names:
    facts = {a.student: (a.student, a.first_name, a.last_name) for a in answers}
    return Names({student: Person(*known) for student, known in facts.items()})


def _ordered(answers: list[Answer], view: View, names: Names) -> list[Answer]:
    """By name, or by keys that were drawn by chance and stay."""
    if view.anonymous:
        return sorted(answers, key=lambda answer: answer.id)
    by_student = {answer.student: answer for answer in answers}
    return [by_student[student] for student in names.sort(by_student)]
