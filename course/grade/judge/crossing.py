"""What of a chapter's tests can't go between two processes, told to its author.

`course grade` runs tests in one process and answers in another. Here the reference
answers are judged in that manner while the author is still at it.
"""

import os
import socket
from functools import partial
from pathlib import Path

from course.bank.pool import Lost, prepare, run_forked
from course.build.freeze import Frozen, setup_modules
from course.build.notebook import source_notebook
from course.cells import Problem
from course.chapters import Chapter
from course.grade.bridge.frames import Wire
from course.grade.bridge.judge import Judge
from course.grade.bridge.student import serve
from course.grade.judge.hearing import Case, hear, prepare_case
from course.grade.plan import Assignment, Cell, read_cell
from course.grade.result import RIGHT
from course.grade.worker.shell import Shell, make_shell

SECONDS = 60.0
WHERE = "when answers run in a process of their own, as in `course grade`"
Told = tuple[dict[str, dict], list[tuple[str, str, str]]]


def crossing_problems(
    chapter: Chapter, frozen: dict[str, Frozen]
) -> dict[str, list[Problem]]:
    """Judge the references across the bridge.

    Args:
        chapter: a chapter without problems in its text.
        frozen: what the build freezes of it.

    Returns:
        the problems of each exercise that has any, with their places.
    """
    prepare(setup_modules(chapter))
    cells = tuple(map(read_cell, source_notebook(chapter, frozen).cells))
    job = partial(_judge_references, Assignment(chapter.slug, cells, ""))
    ((_, told),) = run_forked([job], SECONDS)
    found: dict[str, list[Problem]] = {}
    for exercise, test in chapter.cells("test").items():
        if isinstance(told, Lost):
            problems = [test.problem(f"the chapter {told.reason} {WHERE}")]
        else:
            problems = _problems(test, *told)
        if problems:
            found[exercise] = problems
    return found


def _problems(test, verdicts: dict[str, dict], refused: list) -> list[Problem]:
    """What is to be told of one test; a refusal explains the verdict after it."""
    lines = [line.strip() for line in test.source.splitlines()]
    problems = []
    for exercise, line, message in refused:
        if exercise == test.id:
            place = lines.index(line) + 1 if line in lines else 1
            problems.append(
                test.problem(f"this can't be done {WHERE}: {message}", place)
            )
    verdict = verdicts[f"test_{test.id}"]
    if verdict["state"] != RIGHT and not problems:
        told = verdict["message"]
        text = f"the reference is judged {verdict['state']} {WHERE}: {told}"
        problems.append(test.problem(text))
    return problems


def _judge_references(assignment: Assignment) -> Told:
    """The verdicts on a notebook as its author wrote it, and what couldn't cross."""
    verdicts: dict[str, dict] = {}

    def tell(event: dict) -> None:
        if "verdict" in event:
            verdicts[event["cell"]] = event["verdict"]

    case = prepare_case(assignment)
    judge = hear_here(case, assignment.cells, make_shell(), tell)
    lines = {c.exercise: c.source.splitlines() for c in assignment.tests()}
    refused = [
        (exercise, lines[exercise][line - 1].strip(), message)
        for exercise, line, message in judge.refused
        if exercise in lines
    ]
    return verdicts, refused


def hear_here(case: Case, cells: tuple[Cell, ...], shell: Shell, tell) -> Judge:
    """Run cells in a forked process and judge them in this one, without locking in.

    For our own answers only, never for a stranger's.

    Args:
        case: the tests.
        cells: the cells of a notebook.
        shell: the session in which they run, over there.
        tell: is given what `hear` reports.

    Returns:
        the judge, with what it has noted.
    """
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _be_student(theirs, shell)
    theirs.close()
    with ours:
        judge = Judge(Wire(ours), SECONDS)
        hear(case, list(cells), judge, tell)
    os.waitpid(pid, 0)
    return judge


def _be_student(sock: socket.socket, shell: Shell) -> None:
    """Answer until the judge hangs up, and leave without torch's slow exit."""
    try:
        shell.begin(Path.cwd())
        serve(Wire(sock), shell)
    finally:
        os._exit(0)
