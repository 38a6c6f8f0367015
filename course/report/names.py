"""Who is who in a report: names, or pseudonyms.

Pseudonyms are drawn at random for each report and written down nowhere. So nobody can
compute them back, not even with the class list and our source in hand, and there is no
key to keep secret, to back up, or to give away by mistake. The price is that the same
student has another pseudonym in the next report: two reports given to somebody can't
be joined, which is what they are for.
"""

import random
import re
from collections.abc import Iterable, Mapping

from course.grade.inert import inert_text
from course.report.attention import Reason
from course.report.gather import Person

LIMIT_BYTES = 1000  # of one text in a report


class Names:
    """Students by their names.

    Args:
        people: every student that a report may name, by id.
    """

    hidden = False

    def __init__(self, people: Mapping[str, Person]):
        self._people = people

    def show(self, student: str) -> str:
        """A name to read: "Apfelbaum, Linde (linde)"."""
        person = self._people[student]
        name = ", ".join(filter(None, (person.last_name, person.first_name)))
        return inert_text(f"{name} ({student})" if name else student, LIMIT_BYTES)

    def columns(self, student: str) -> tuple[str, str, str]:
        """Id, last and first name, for a table."""
        person = self._people[student]
        texts = (student, person.last_name, person.first_name)
        id_, last, first = (inert_text(text, LIMIT_BYTES) for text in texts)
        return id_, last, first

    def reason(self, reason: Reason) -> str:
        """Why a person should look at a submission, in a sentence."""
        details = "; ".join(self.text(detail) for detail in reason.details)
        return f"{reason.what}: {details}" if details else reason.what

    def text(self, text: str) -> str:
        """A text that may hold names, and what students wrote."""
        return inert_text(text, LIMIT_BYTES)

    def sort(self, students: Iterable[str]) -> list[str]:
        """Students in the order in which a reader looks for them."""

        def key(student: str) -> tuple[str, str, str]:
            person = self._people[student]
            return person.last_name.casefold(), person.first_name.casefold(), student

        return sorted(students, key=key)


class Pseudonyms(Names):
    """Students by numbers drawn at random.

    Args:
        people: every student that a report may name, by id.
    """

    hidden = True

    def __init__(self, people: Mapping[str, Person]):
        super().__init__(people)
        students = sorted(people)
        random.SystemRandom().shuffle(students)  # the system's randomness, no seed
        width = len(str(len(students)))
        self._shown = {
            student: f"Student {number:0{width}}"
            for number, student in enumerate(students, 1)
        }
        self._known = _any_of(people.values())

    def show(self, student: str) -> str:
        """The pseudonym."""
        return self._shown[student]

    def columns(self, student: str) -> tuple[str, str, str]:
        """The pseudonym in the id's place, and no names."""
        return self._shown[student], "", ""

    def reason(self, reason: Reason) -> str:
        """The reason without the names of files."""
        return reason.what if reason.is_private else super().reason(reason)

    def text(self, text: str) -> str:
        """The text up to the first quotation of what a student wrote, without names."""
        text = re.sub(r"(?s)['\"`].*", "[left out]", super().text(text))
        return self._known.sub("[left out]", text) if self._known else text

    def sort(self, students: Iterable[str]) -> list[str]:
        """Students by their pseudonyms: the order of names would tell them."""
        return sorted(students, key=self._shown.__getitem__)


def _any_of(people: Iterable[Person]) -> re.Pattern | None:
    """What finds any id, name or address of these people, the longest first."""
    words = {
        word
        for person in people
        for word in (person.id, person.first_name, person.last_name, person.email)
        if word
    }
    longest_first = sorted(words, key=len, reverse=True)
    if not words:
        return None
    either = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)
