"""Each rule for hints is shown to refuse a chapter with that one defect."""

import shutil
from pathlib import Path

import jupytext
import pytest

from course.build.hint_rules import hints
from course.build.rules import problems
from course.chapters import ChapterError, read_chapter
from course.new import TEMPLATE

ID = "standardize"
CELL = f"# %% {ID} hints [markdown]\n"
FIRST = "# 1. What does one column need to know?\n"
SECOND = "# 2. Its own mean, and how far it spreads.\n"
THIRD = "# 3. Two numbers a column, a difference, and\n#    a quotient of `X`.\n"
SOUND = CELL + FIRST + SECOND + THIRD
LINE_OF_HINTS = 4  # of the sound chapter's bank, where the marker stands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The template with hints that are kept apart from its own."""
    made = tmp_path / "01_sound"
    shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__"))
    write(made, SOUND)
    return made


def write(folder: Path, text: str) -> None:
    """Put this in the place of the template's hints."""
    bank = (TEMPLATE / "answers.py").read_text()
    start, end = bank.index(CELL), bank.index(f"# %% {ID} right")
    (folder / "answers.py").write_text(f"{bank[:start]}{text}\n\n{bank[end:]}")


def found(folder: Path) -> list:
    try:
        return list(hints(read_chapter(folder)))
    except ChapterError as error:
        return error.problems


def test_sound_hints_have_no_problem_and_lines_are_joined(folder):
    assert found(folder) == []
    assert read_chapter(folder).hints() == {
        ID: [
            "What does one column need to know?",
            "Its own mean, and how far it spreads.",
            "Two numbers a column, a difference, and a quotient of `X`.",
        ]
    }


LONG = f"# 2. {'word ' * 17}\n" + 3 * f"#    {'word ' * 16}\n"

# what stands in place of the sound hints, what the build says, at which line of it
DEFECTS = {
    "no hints": ("", "'standardize' has no cells of hints", None),
    "two cells of hints": (f"{SOUND}\n{SOUND}", "has 2 cells of hints", None),
    "two hints": (CELL + FIRST + SECOND, "three items", 2),
    "four hints": (SOUND + "# 4. More.\n", "three items", 2),
    "text before the first": (CELL + "# Look:\n" + SOUND[len(CELL) :], "three", 2),
    "numbers out of order": (CELL + FIRST + THIRD + SECOND, "three items", 2),
    "no question": (SOUND.replace("know?", "know."), "end in a question mark", 2),
    "a long hint": (CELL + FIRST + LONG + THIRD, "65 words; at most 60", 3),
    "a long line": (SOUND.replace("Its own", f"I{'t' * 50}s own"), "a line of 9", 3),
    "code in the cell": (SOUND + "X = 1\n", "hints are comment lines", 6),
    "a formula": (SOUND.replace("mean", "mean $\\mu$"), "plain text", 3),
    "bold words": (SOUND.replace("own mean", "**own** mean"), "plain text", 3),
    "a link": (SOUND.replace("mean", "[mean](m.html)"), "plain text", 3),
    "a backtick alone": (SOUND.replace("`X`", "`X"), "in pairs", 4),
    "a line of the solution": (
        SOUND.replace("a quotient of `X`", "then\n#    return (X - mean) / std"),
        "holds a line of standardize's solution: return(X-mean)/std",
        4,
    ),
    "the same over two lines, in pieces of code": (
        SOUND.replace("a quotient of `X`", "`return (X -`\n#    `mean) / std`"),
        "holds a line of standardize's solution",
        4,
    ),
    "a line of a right answer of the bank": (
        SOUND.replace("Its own mean", "Z = X - X.mean(dim=0,  keepdim=True)"),
        "holds a line of an answer to standardize",
        3,
    ),
    "a line of the hidden test": (
        SOUND.replace(
            "mean,",
            "check.probe(standardize,\n"
            "#    torch.tensor([[2.0, -1.0, 5.0], [4.0, 7.0, 6.0]]))",
        ),
        "holds a line of standardize's hidden test",
        3,
    ),
    "a piece of the solution": (
        SOUND.replace("spreads", "spreads: `X.std(dim=0, correction=0)`"),
        "holds a piece of an answer: X.std(dim=0, correction=0)",
        3,
    ),
    "a piece of a right answer": (
        SOUND.replace("spreads", "spreads: `(Z**2).mean(dim=0`"),
        "holds a piece of an answer",
        3,
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_build_refuses(defect, folder):
    text, message, line = DEFECTS[defect]
    write(folder, text)
    (problem,) = [p for p in found(folder) if message in p.message]
    file = "exercises.py" if line is None else "answers.py"
    assert problem.path == folder / file
    if line is not None:
        assert problem.line == LINE_OF_HINTS + line - 1


@pytest.mark.parametrize(
    "said", ["`torch.std`", "`X.mean`", "`X.mean()`", "`mean`", "`(N, n) float32`"]
)
def test_a_tool_may_be_named_and_what_the_notebook_shows_may_be_said(folder, said):
    write(folder, SOUND.replace("spreads", f"spreads, see {said}"))
    assert found(folder) == []


def test_hints_to_an_unknown_exercise_are_refused_with_the_rest_of_the_bank(folder):
    write(folder, SOUND + "\n" + SOUND.replace(ID, "standardise"))
    (problem,) = problems(read_chapter(folder))
    assert "no exercise 'standardise'" in problem.message


def test_a_build_asks_for_hints(folder):
    write(folder, "")
    (problem,) = problems(read_chapter(folder))
    assert "no cells of hints" in problem.message


def test_another_order_of_the_marker_is_no_bank_entry(folder):
    write(folder, SOUND.replace("hints [markdown]", "[markdown] hints"))
    (problem,) = found(folder)
    assert "`# %% id hints [markdown]`" in problem.message


def test_a_file_saved_as_a_notebook_keeps_its_hints(folder):
    path = folder / "answers.py"
    notebook = jupytext.reads(path.read_text(), fmt="py:percent")
    (cell,) = [c for c in notebook.cells if c.cell_type == "markdown"]
    assert cell.source.startswith("1. What does")
    assert SOUND in jupytext.writes(notebook, fmt="py:percent")
