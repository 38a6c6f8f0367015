"""How many copies and how many honest look-alikes `course similar` shows."""

from collections import Counter
from itertools import combinations

from course.demo.alike import WAYS, MadeClass
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment, Cell
from course.similar.evidence import groups
from course.similar.texts import Alphabet, answers


def shown(assignment: Assignment, made: MadeClass) -> Counter:
    """Of each kind of copy, how many stand in a group with their source; and "honest",
    how many pairs of the shown ones are no copies.

    Args:
        assignment: the chapter's pristine notebook.
        made: the class.
    """
    alphabet = Alphabet()
    work = {
        student: answers(
            assignment,
            Submission(student, tuple(Cell("answer", e, c) for e, c in own.items())),
            alphabet,
        )
        for student, own in made.answers.items()
    }
    found = Counter(dict.fromkeys((*WAYS, "honest"), 0))
    for group in groups(work):
        for a, b in combinations(group.students, 2):
            known = [made.copies.get(s, ("", ""))[1] for s in (a, b)]
            sources = [made.copies.get(s, (s, ""))[0] for s in (a, b)]
            if sources[0] == sources[1]:
                found[known[0] or known[1]] += 1
            else:
                found["honest"] += 1
    return found
