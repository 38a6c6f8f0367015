"""Who is who in an LMS: one rule for every file that carries grades out.

A key is an id, a login, a number or an address. Whoever shares one with somebody else
of the class, graded or not, is told apart by nothing: there is no row, and a person is
told. A name never finds anybody, but where one key alone does, a name without a word in
common says that it is somebody else.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from course.report.gather import Person

KEYS = ("id", "email", "lms_user_id")


def plain(key: str) -> str:
    """A key as it is compared: capitals, spaces around it and widths don't count."""
    return unicodedata.normalize("NFKC", key).strip().casefold()


def keys_of(person: Person, fields: Iterable[str] = KEYS) -> set[str]:
    """A person's keys, as they are compared."""
    return {plain(getattr(person, what)) for what in fields} - {""}


def sharing(people: Iterable[Person], fields: Iterable[str]) -> list[list[str]]:
    """The students who share a key, one sorted list for each key that several have.

    Args:
        people: the students, graded or not.
        fields: the fields of `Person` that are compared, each with each.
    """
    owners = defaultdict(set)
    for person in people:
        for key in keys_of(person, fields):
            owners[key].add(person.id)
    shared = (sorted(them) for them in owners.values() if len(them) > 1)
    return [list(them) for them in dict.fromkeys(map(tuple, shared))]


def told_apart(
    people: Mapping[str, Person],
    others: Mapping[str, Person],
    fields: Mapping[str, Iterable[str]],
) -> tuple[list[Person], list[str]]:
    """Who shares no key, and sentences on who does.

    Args:
        people: who has grades, by id.
        others: who has none; the LMS may know such a person by a shared key.
        fields: what is compared, by what it is called.
    """
    left_out, notes = set(), []
    for name, compared in fields.items():
        for students in sharing((*people.values(), *others.values()), compared):
            left_out.update(students)
            if not people.keys().isdisjoint(students):
                whose = " and ".join(students)
                notes.append(f"{whose} have the same {name}: left out")
    return [p for student, p in people.items() if student not in left_out], notes


def is_somebody_else(person: Person, shown: str) -> bool:
    """Whether a row's name has no word in common with a person's.

    Args:
        person: the student; without a name nothing is said.
        shown: the name in the row; "" says nothing either.
    """
    here, there = _words(f"{person.first_name} {person.last_name}"), _words(shown)
    return bool(here and there) and here.isdisjoint(there)


def _words(name: str) -> set[str]:
    """A name's words without accents."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return set(re.findall(r"\w+", bare))
