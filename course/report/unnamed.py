"""Wrong answers without a name: what a class did that the bank doesn't know.

They are grouped by what they gave: type, shape and values at the same probe. What has
no value, an error or a check of another kind, is grouped by the words of its verdict.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from course.grade.inert import inert_text
from course.grade.record.autograded import read_autograded
from course.grade.result import WRONG, Verdict
from course.report.gather import ClassWork

TRIED = 5  # notebooks of a group that are read for the shortest code
CODE_LIMIT_BYTES = 8_000
HEAD = """\
# Wrong answers of {slug} that the bank has no name for, the largest groups first.
#
# This is students' code: read a cell before you copy it, since `course build` and
# `course check` run the bank with your rights. Cells with a sign of tampering are left
# out. Copy what is a mistake of its own into chapters/{slug}/answers.py and write
# its name between the quotes: without one the build refuses it.
"""


@dataclass
class Group:
    """Students whose wrong answers to an exercise gave the same.

    Args:
        exercise: the exercise's id.
        place: at which check of the test; "" where nothing was given.
        words: what was given, or else what the verdict says.
        students: who, sorted.
        code: one of them, as text to look at; "" if none can be shown.
    """

    exercise: str
    place: str
    words: str
    students: list[str] = field(default_factory=list)
    code: str = ""


def unnamed(work: ClassWork) -> list[Group]:
    """The groups of a class, the largest first, without code."""
    found: list[Group] = []
    for cell in work.assignment.tests():
        kinds: list[tuple[Group, object]] = []
        for student in work.readable():
            result = work.results.get(student)
            verdict = result.verdicts.get(cell.grade_id) if result else None
            if verdict and verdict.state == WRONG and not verdict.mistake:
                _file(cell.exercise, student, verdict, kinds)
        found += [group for group, _ in kinds]
    return sorted(found, key=lambda group: -len(group.students))  # then as they stand


def count_named(work: ClassWork) -> tuple[int, int]:
    """How many wrong answers have a name, and how many there are."""
    wrong = [
        verdict
        for student in work.readable()
        if student in work.results
        for verdict in work.results[student].verdicts.values()
        if verdict.state == WRONG
    ]
    return sum(bool(verdict.mistake) for verdict in wrong), len(wrong)


def with_code(root: Path, work: ClassWork, groups: list[Group]) -> list[Group]:
    """The groups with an example each: the shortest of some, and none with a flag.

    Args:
        root: the course's folder; what was graded is read from `autograded/`.
        work: what the class made of the assignment.
        groups: from `unnamed`.
    """
    return [replace(group, code=_example(root, work, group)) for group in groups]


def bank_text(slug: str, groups: list[Group]) -> str:
    """Cells for a chapter's `answers.py`, still without the names of the mistakes."""
    cells = []
    for group in groups:
        said = [f"{_people(group)}; {group.place or 'it'} gave", group.words]
        if not group.place:
            said = [f"{_people(group)}; the verdict:", group.words]
        about = "\n".join(f"# | {line}" for text in said for line in _lines(text))
        mark = f'# %% {group.exercise} wrong ""\n{group.code}'
        cells.append(f"{about}\n{mark}" if group.code else f"{about}\n# (no code)")
    return "\n\n\n".join([HEAD.format(slug=slug), *cells]) + "\n"


def _file(
    exercise: str, student: str, verdict: Verdict, kinds: list[tuple[Group, object]]
) -> None:
    """Put a wrong answer to those that gave the same, or begin a new group."""
    place, words, value = _given(verdict)
    for group, other in kinds:
        if group.place == place and _same(other, value):
            group.students.append(student)
            return
    kinds.append((Group(exercise, place, words, [student]), value))


def _given(verdict: Verdict) -> tuple[str, str, object]:
    """Place, words and value; the verdict's words alone if nothing was given."""
    if verdict.returned:
        from utils.check.store import decode  # torch, which takes seconds

        place, words, value = verdict.returned
        return place, inert_text(words), decode(value)
    words = re.sub(r" \(line \d+[^)]*\)", "", verdict.message)
    return "", inert_text(words), words


def _same(a: object, b: object) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    from utils.check.compare import same

    return same(a, b)


def _example(root: Path, work: ClassWork, group: Group) -> str:
    """The code of one student of a group whom nothing speaks against."""
    codes = []
    unsuspected = (s for s in group.students if not work.results[s].flags)
    for student, _ in zip(unsuspected, range(TRIED), strict=False):
        try:
            submission, _ = read_autograded(root, work.results[student])
        except RuntimeError:  # its notebook was put away since
            continue
        codes += [c.source for c in submission.cells if c.grade_id == group.exercise]
    shortest = min(filter(str.strip, codes), key=len, default="")
    code = inert_text(shortest.strip("\n"), CODE_LIMIT_BYTES)
    return re.sub(r"^(\s*#\s*)%%", r"\1(%%)", code, flags=re.MULTILINE)  # no cell


def _people(group: Group) -> str:
    count = len(group.students)
    return "1 student" if count == 1 else f"{count} students"


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()] or [""]
