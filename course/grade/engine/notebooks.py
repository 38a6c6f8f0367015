"""A submission of several notebooks, each in processes of its own."""

from collections.abc import Callable

from course.grade.engine.attempts import Attempts, unjudged
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment, Cell
from course.grade.result import NOT_JUDGED, Result, Verdict

Files = tuple[tuple[str, str], ...]  # (path, base64)


def grade_notebooks(
    assignment: Assignment,
    submission: Submission,
    ways: dict[str, str],
    try_notebook: Callable[..., Attempts],
) -> Result:
    """What came of all notebooks of a submission.

    Args:
        assignment: what was brought along.
        submission: one that could be read, in part at least.
        ways: how each test is judged.
        try_notebook: `Engine.try_notebook`.
    """
    verdicts: dict[str, Verdict] = {}
    outputs: dict[str, list[dict]] = {}
    flags: dict[str, None] = {}
    seconds = 0.0
    for notebook in assignment.brought:
        cells = tuple(cell for cell in submission.cells if cell.notebook == notebook)
        attempts = try_notebook(notebook, cells, ways, submission.files, seconds)
        tests = assignment.of(notebook).tests()
        verdicts |= {cell.grade_id: _verdict(cell, attempts) for cell in tests}
        outputs |= {name: shown for name, shown in attempts.outputs.items() if shown}
        flags |= dict.fromkeys(attempts.flags)
        seconds += attempts.spent
    return Result(
        submission.student,
        assignment.slug,
        verdicts=verdicts,
        outputs=outputs,
        flags=list(flags),
        seconds=round(seconds, 4),
        ways=dict(ways),
    )


def _verdict(cell: Cell, attempts: Attempts) -> Verdict:
    """The verdict on a test; one that did not report back gives nothing."""
    message = unjudged(attempts.reason) if attempts.reason else ""
    missing = Verdict(NOT_JUDGED, cell.points, message=message)
    return attempts.verdicts.get(cell.grade_id, missing)
