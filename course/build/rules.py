"""What the build refuses, each rule a function from a chapter to its problems.

Here are the rules for exercises; those for every cell are in `cell_rules`.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from course.build.ban_rules import bans
from course.build.bare import bare_references, unused_needs
from course.build.cell_rules import figures, is_docstring, limits, paths
from course.build.choice_rules import choices
from course.build.hint_rules import hints
from course.build.predict_rules import count, predictions
from course.build.rubric_rules import rubric
from course.build.test_rules import calls_by_check, changes, expected_first
from course.cells import Cell, Problem
from course.chapters import Chapter
from course.names import defined_names, free_names
from course.regions import HIDDEN, SOLUTION, region_lines, split_hidden, stub

MIN_RIGHT, MIN_WRONG = 1, 3


def problems(chapter: Chapter) -> list[Problem]:
    """Every problem of a chapter's text, in the order of file and line."""
    if unreadable := list(_syntax(chapter)):
        return unreadable
    found = list(ids(chapter))  # where these are wrong, others would only follow
    rules = RULES if not found else RULES_WITHOUT_IDS
    found += [problem for rule in rules for problem in rule(chapter)]
    return sorted(set(found), key=lambda p: (p.path.name, p.line, p.message))


def _syntax(chapter: Chapter) -> Iterator[Problem]:
    for cell in (*chapter.lecture, *chapter.exercises):
        if not cell.is_code:
            continue
        try:
            ast.parse(cell.source)
            for delimiters in (SOLUTION, HIDDEN):
                region_lines(cell.source, delimiters)
        except SyntaxError as error:
            yield cell.problem(f"not plain Python: {error.msg}", error.lineno or 1)
        except ValueError as error:
            yield cell.problem(str(error))


def ids(chapter: Chapter) -> Iterator[Problem]:
    """One id, one cell of each role, and it is a Python name."""
    for cell in chapter.lecture:
        if cell.role not in ("", "predict"):
            yield cell.problem("a lecture holds no exercises")
    marked = [cell for cell in chapter.exercises if cell.role]
    first: dict[tuple[bool, str], Cell] = {}
    for cell in marked:
        earlier = first.setdefault((cell.role == "test", cell.id), cell)
        if earlier is not cell:
            where = f"line {earlier.line} has {earlier.role}={cell.id!r} already"
            yield cell.problem(f"duplicate id: {where}")
        if not cell.id.isidentifier():
            yield cell.problem(f"the id {cell.id!r} is not a Python name")


def pairs(chapter: Chapter) -> Iterator[Problem]:
    """Every exercise has its test, every test its exercise."""
    exercises, tests = chapter.cells("exercise"), chapter.cells("test")
    for cell in tests.values():
        if cell.id not in exercises:
            yield cell.problem(f"unknown id: a test without an exercise {cell.id!r}")
    for cell in exercises.values():
        if cell.id not in tests:
            yield cell.problem(f"the exercise {cell.id!r} has no test")


def bank(chapter: Chapter) -> Iterator[Problem]:
    """Each exercise has another right answer and at least three wrong ones."""
    exercises = chapter.cells("exercise")
    strangers = [a for a in chapter.answers if a.exercise not in exercises]
    for name, number in Counter(answer.exercise for answer in strangers).items():
        first = next(a for a in strangers if a.exercise == name)
        also = f" and {number - 1} more" if number > 1 else ""
        message = f"unknown id: no exercise {name!r} for this answer{also}"
        yield Problem(first.path, first.line - 1, message)
    for cell in exercises.values():
        for kind, least in (("right", MIN_RIGHT), ("wrong", MIN_WRONG)):
            titles = [answer.title for answer in chapter.bank(cell.id, kind)]
            if len(titles) < least and cell.id not in chapter.choices:
                yield cell.problem(
                    f"{cell.id!r} has {len(titles)} {kind} answers in answers.py, "
                    f"at least {least} are asked"
                )
            if len(set(titles)) < len(titles) and cell.id not in chapter.choices:
                yield cell.problem(f"two {kind} answers to {cell.id!r} share a title")


def points(chapter: Chapter) -> Iterator[Problem]:
    """Tests and manual answers are worth points; nothing else is."""
    for cell in chapter.exercises:
        if cell.id in chapter.choices:
            continue
        is_worth = cell.role in ("test", "manual")
        if is_worth and not (isinstance(cell.points, int | float) and cell.points > 0):
            yield cell.problem(f"points missing: write {cell.role}=... points=2")
        if not is_worth and cell.points is not None:
            yield cell.problem("only a test or a manual answer has points")


def solutions(chapter: Chapter) -> Iterator[Problem]:
    """A solution stands between its markers; outside is what students are given."""
    for cell in (*chapter.lecture, *chapter.exercises):
        has_region = SOLUTION[0] in cell.source
        if has_region and cell.role not in ("exercise", "manual"):
            yield cell.problem("a solution region outside an answer cell")
        if cell.role == "exercise":
            if not has_region:
                yield cell.problem("the solution is not between BEGIN and END SOLUTION")
            yield from _outside_markers(cell)


def _outside_markers(cell: Cell) -> Iterator[Problem]:
    """Statements beside signatures, docstrings and imports give the solution away."""
    inside = region_lines(cell.source)
    for node in ast.walk(ast.parse(cell.source)):
        is_given = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import)
        if not isinstance(node, ast.stmt) or is_given or node.lineno in inside:
            continue
        if isinstance(node, ast.ImportFrom) or is_docstring(node):
            continue
        yield cell.problem("a solution outside the markers", node.lineno)


def tests(chapter: Chapter) -> Iterator[Problem]:
    """A test shows a check, hides others, and neither gives the other away."""
    for cell in chapter.cells("test").values():
        if cell.id in chapter.choices:
            continue
        visible, hidden = split_hidden(cell.source)
        if "check." not in visible:
            yield cell.problem("no visible check: a student could not see why it fails")
        if "check." not in hidden:
            yield cell.problem("no hidden test: the visible values could be copied")
        if hidden and HIDDEN[1] not in cell.source.rstrip().splitlines()[-1]:
            yield cell.problem("the hidden region stands at the end of the test")
        shown = {ast.dump(node) for node in _checks(visible)}
        for node in _checks(hidden):
            if ast.dump(node) in shown:
                call = ast.unparse(node)
                yield cell.problem(f"the visible part gives a hidden test away: {call}")
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Constant) and node.lineno != node.end_lineno:
                message = "a test can't hold a string over several lines"
                yield cell.problem(message, node.lineno)


def _checks(source: str) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        holds_no_value = name in ("check.forbidden", "check.parameters")
        if name.startswith("check.") and not holds_no_value:
            yield node


def standing_alone(chapter: Chapter) -> Iterator[Problem]:
    """Answers and tests take names from setup cells and their own exercise only."""
    answers = {i: defined_names(c.source) for i, c in chapter.cells("exercise").items()}
    given: set[str] = set()
    for cell in chapter.exercises:
        if not cell.is_code:
            continue
        if cell.role in ("", "exercise", "test"):
            own = answers.get(cell.id, set())
            yield from _foreign_names(cell, given | own, answers)
        if not cell.role:
            given |= defined_names(cell.source)


def _foreign_names(
    cell: Cell, known: set[str], answers: dict[str, set[str]]
) -> Iterable[Problem]:
    for name, line in free_names(cell.source).items():
        if name in known:
            continue
        owner = next((i for i, names in answers.items() if name in names), None)
        where = f"only the answer to {owner!r} defines" if owner else "nothing defines"
        yield cell.problem(f"{where} the name {name!r} used here", line)


def given_away(chapter: Chapter) -> Iterator[Problem]:
    """No text that students see holds a solution's lines."""
    shown = "\n".join(
        stub(cell.source) if cell.role == "exercise" else cell.source
        for cell in chapter.exercises
        if cell.role not in ("test", "manual")
    )
    for cell in chapter.cells("exercise").values():
        lines = cell.source.splitlines()
        for number in sorted(region_lines(cell.source)):
            text = lines[number - 1].strip()
            if len(text) > 30 and text in shown:
                message = "a given cell holds this line of the solution"
                yield cell.problem(message, number)


RULES = (
    pairs,
    bank,
    points,
    solutions,
    tests,
    limits,
    figures,
    paths,
    standing_alone,
    given_away,
    hints,
    predictions,
    count,
    bare_references,
    unused_needs,
    changes,
    calls_by_check,
    expected_first,
    bans,
    choices,
    rubric,
)
RULES_WITHOUT_IDS = (points, solutions, limits, figures, paths)
