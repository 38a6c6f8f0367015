"""What a graded notebook tells its student, test by test."""

from dataclasses import dataclass

from nbformat import NotebookNode

NAMED = "Likely mistake: "
STATES = {  # by the name of the error; any other is a wrong answer
    "NotAttempted": "not attempted",
    "NotJudged": "not judged",
    "CellTimeoutError": "took too long",  # stock nbgrader's
}


@dataclass(frozen=True)
class Verdict:
    """What was said of one exercise: a state, a named mistake, other words."""

    state: str
    mistake: str = ""
    message: str = ""


def verdicts(notebook: NotebookNode) -> dict[str, Verdict]:
    """The verdict on each exercise of an autograded notebook, by exercise id."""
    found, broken = {}, {}
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or "grade_id" not in meta:
            continue
        if meta.get("grade") and not meta.get("solution"):
            exercise = meta["grade_id"].removeprefix("test_")
            found[exercise] = verdict(cell.outputs, broken.get(exercise, ""))
        elif raised := _errors(cell.outputs):
            broken[meta["grade_id"]] = f"{raised[0].ename}: {raised[0].evalue}"
    return found


def verdict(outputs: list[NotebookNode], broken: str = "") -> Verdict:
    """What the outputs of a test cell say.

    Args:
        outputs: of the test cell.
        broken: the error that the answer's own cell ended with; it comes first.
    """
    raised = _errors(outputs)
    if not raised:
        return Verdict("right")
    state = STATES.get(raised[-1].ename, "wrong")
    lines = raised[0].evalue.splitlines()[1:]  # the first repeats exercise and state
    named = [line for line in lines if line.startswith(NAMED)]
    mistake = named[0].removeprefix(NAMED).rstrip(".") if named else ""
    message = broken or " ".join(line for line in lines if line not in named)
    return Verdict(state, mistake, message)


def _errors(outputs: list[NotebookNode]) -> list[NotebookNode]:
    return [output for output in outputs if output.output_type == "error"]
