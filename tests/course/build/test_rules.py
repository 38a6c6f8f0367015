"""Each rule of the build is shown to refuse a chapter with that one defect."""

import shutil
from pathlib import Path

import pytest

from course.build.rules import problems
from course.chapters import ChapterError, read_chapter
from course.new import TEMPLATE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The template: a chapter without a defect."""
    made = tmp_path / "01_sound"
    shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__"))
    return made


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace text once and return the line where the change starts."""
    path = folder / file
    text = path.read_text()
    assert text.count(old) >= 1, f"the template has no {old!r}"
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def found(folder: Path) -> list:
    try:
        return problems(read_chapter(folder))
    except ChapterError as error:
        return error.problems


def test_a_sound_chapter_has_no_problem(folder):
    assert found(folder) == []


TEST_MARK = '# %% test="standardize" points=2'
BEGIN = "    ### BEGIN SOLUTION\n    mean"
SOLUTION = """    ### BEGIN SOLUTION
    mean = X.mean(dim=0)
    std = X.std(dim=0, correction=0)
    return (X - mean) / std
    ### END SOLUTION"""
ALT = "Two histograms: far apart before scaling, on one another after."
LONG_CODE = "\n".join(f"x{i} = {i}" for i in range(21))
LONG_LOOP = "for i in range(3):\n" + "\n".join(f"    x{i} = {i}" for i in range(40))
SECOND = (
    '# %% exercise="again"\ndef again(X):\n    """Again."""\n'
    "    ### BEGIN SOLUTION\n    return X\n    ### END SOLUTION\n\n\n"
)

# file, text that is replaced, what replaces it, what the build says
DEFECTS = {
    "duplicate id of a test": (
        "exercises.py",
        "# %% [markdown]\n# ## 2.",
        f"{TEST_MARK}\ncheck.true(True, 'a')\n\n# %% [markdown]\n# ## 2.",
        "duplicate id",
    ),
    "manual answer with an exercise's id": (
        "exercises.py",
        'manual="why_training_only"',
        'manual="standardize"',
        "duplicate id",
    ),
    "test of an unknown exercise": (
        "exercises.py",
        'test="standardize"',
        'test="standardise"',
        "unknown id",
    ),
    "exercise without a test": (
        "exercises.py",
        TEST_MARK,
        f"{SECOND}{TEST_MARK}",
        "the exercise 'again' has no test",
    ),
    "bank for an unknown exercise": (
        "answers.py",
        "# %% standardize right",
        "# %% standardise right",
        "unknown id",
    ),
    "exercise without another right answer": (
        "answers.py",
        "# %% standardize right",
        "# %% standardize equivalent",
        "0 right answers",
    ),
    "exercise with too few wrong answers": (
        "answers.py",
        (TEMPLATE / "answers.py").read_text().split("# %% standardize wrong", 1)[1],
        ' "only one"\n1\n',
        "1 wrong answers",
    ),
    "two mistakes of one name": (
        "answers.py",
        "rows standardised in place of columns",
        "the columns are shifted but not scaled",
        "share a title",
    ),
    "test without points": (
        "exercises.py",
        " points=2",
        "",
        "points missing",
    ),
    "test worth nothing": (
        "exercises.py",
        "points=2",
        "points=0",
        "points missing",
    ),
    "manual answer without points": (
        "exercises.py",
        " points=1",
        "",
        "points missing",
    ),
    "points on an exercise": (
        "exercises.py",
        '# %% exercise="standardize"',
        '# %% exercise="standardize" points=2',
        "only a test or a manual answer",
    ),
    "solution before its marker": (
        "exercises.py",
        BEGIN,
        "    n = len(X)\n    ### BEGIN SOLUTION\n    mean",
        "a solution outside the markers",
    ),
    "solution without markers": (
        "exercises.py",
        SOLUTION,
        "    return X",
        "not between BEGIN and END SOLUTION",
    ),
    "solution region in a setup cell": (
        "exercises.py",
        "from utils import check",
        "from utils import check\n\n### BEGIN SOLUTION\n### END SOLUTION",
        "a solution region outside an answer cell",
    ),
    "region never closed": (
        "exercises.py",
        "    ### END SOLUTION",
        "    # the end",
        "never closed",
    ),
    "code cell too long": (
        "lecture.py",
        "assert Z.mean",
        f"{LONG_CODE}\nassert Z.mean",
        "a code cell of",
    ),
    "loop too long": (
        "lecture.py",
        "assert Z.mean",
        f"{LONG_LOOP}\nassert Z.mean",
        "a code cell of",
    ),
    "text cell too long": (
        "lecture.py",
        "# Which question",
        f"# {'word ' * 121}\n# Which question",
        "a text cell of",
    ),
    "figure without alternative text": (
        "lecture.py",
        f'plots.show(fig, alt="{ALT}")',
        "plots.show(fig)",
        "a figure without alternative text",
    ),
    "figure with a word for a text": (
        "lecture.py",
        ALT,
        "histograms",
        "a figure without alternative text",
    ),
    "figure drawn by pyplot alone": (
        "lecture.py",
        "assert Z.mean",
        "plt.plot([1, 2])\nassert Z.mean",
        "a figure without alternative text",
    ),
    "figure that is never shown": (
        "lecture.py",
        f'plots.show(fig, alt="{ALT}")',
        "",
        "a figure without alternative text",
    ),
    "hidden test given away": (
        "exercises.py",
        "check.probe(standardize, torch.tensor([[2.0, -1.0, 5.0], [4.0, 7.0, 6.0]]))",
        "check.probe(standardize, X)",
        "gives a hidden test away",
    ),
    "test without a hidden part": (
        "exercises.py",
        "check.probe(standardize, torch.tensor([[2.0, -1.0, 5.0], [4.0, 7.0, 6.0]]))",
        "pass",
        "no hidden test",
    ),
    "test without a visible check": (
        "exercises.py",
        "check.probe(standardize, X)\n",
        "",
        "no visible check",
    ),
    "check after the hidden region": (
        "exercises.py",
        "### END HIDDEN TESTS\n",
        "### END HIDDEN TESTS\ncheck.true(True, 'late')\n",
        "stands at the end of the test",
    ),
    "string over several lines in a test": (
        "exercises.py",
        "check.probe(standardize, X)\n",
        'check.probe(standardize, X, call="""a\nb""")\n',
        "a string over several lines",
    ),
    "chapter mentioned without a reference": (
        "lecture.py",
        "Shift it",
        "As in chapter 11, shift it",
        "a bare mention, 'chapter 11'",
    ),
    "chapter needed and never referred to": (
        "lecture.py",
        '[feature](00 "features")',
        "feature",
        "You need chapter 00, but nothing refers to it",
    ),
    "absolute path in code": (
        "lecture.py",
        "set_seed(0)\n",
        'set_seed(0)\nfolder = "/home/' + 'ada/data"\n',
        "an absolute path",
    ),
    "absolute path of Windows in text": (
        "exercises.py",
        "# Run the cells from the top.",
        "# Run C:\\\\Users\\\\ada from the top.",
        "an absolute path",
    ),
    "name that nothing defines": (
        "exercises.py",
        "check.probe(standardize, X)\n",
        "check.probe(standardize, X_train)\n",
        "nothing defines the name 'X_train'",
    ),
    "test that needs an earlier answer": (
        "exercises.py",
        "# %% [markdown]\n# ## 2.",
        SECOND
        + '# %% test="again" points=1\ncheck.probe(again, standardize)\n'
        + "### BEGIN HIDDEN TESTS\ncheck.probe(again, 1)\n### END HIDDEN TESTS\n\n"
        + "# %% [markdown]\n# ## 2.",
        "only the answer to 'standardize' defines the name 'standardize'",
    ),
    "answer that needs an earlier answer": (
        "exercises.py",
        "# %% [markdown]\n# ## 2.",
        SECOND.replace("return X", "return standardize(X)")
        + "# %% [markdown]\n# ## 2.",
        "only the answer to 'standardize' defines the name 'standardize'",
    ),
    "solution repeated in a given cell": (
        "exercises.py",
        "from utils import check\n",
        "from utils import check\n\n\ndef hint(X):\n"
        "    std = X.std(dim=0, correction=0)\n    return std\n",
        "a given cell holds this line of the solution",
    ),
    "exercise in a lecture": (
        "lecture.py",
        "# %%\nassert",
        '# %% exercise="here"\nassert',
        "a lecture holds no exercises",
    ),
    "unknown markup": (
        "exercises.py",
        "points=2",
        "points=2 marks=3",
        "unknown markup marks",
    ),
    "two roles": (
        "exercises.py",
        TEST_MARK,
        TEST_MARK + ' exercise="both"',
        "two roles",
    ),
    "magic command": (
        "lecture.py",
        "set_seed(0)\n",
        "set_seed(0)\n!ls\n",
        "not plain Python",
    ),
    "bank entry of no kind": (
        "answers.py",
        "# %% standardize right",
        "# %% standardize correct",
        "expected `# %% id right|wrong|equivalent",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_build_refuses(defect, folder):
    file, old, new, message = DEFECTS[defect]
    change(folder, file, old, new)
    reported = [p for p in found(folder) if message in p.message]
    assert reported, f"no problem says {message!r}: {found(folder)}"
    assert all(problem.path.parent == folder for problem in reported)


def test_a_problem_says_file_and_line(folder):
    line = change(folder, "lecture.py", "set_seed(0)\n", "set_seed(0)\na = '~/x'\n")
    (problem,) = found(folder)
    assert str(problem) == (
        f"{folder / 'lecture.py'}:{line + 1}: an absolute path: '~/'"
    )


def test_a_missing_file_is_named(folder):
    (folder / "answers.py").unlink()
    (problem,) = found(folder)
    assert problem.path.name == "answers.py"
    assert "missing" in problem.message


def test_every_problem_of_a_chapter_is_told_at_once(folder):
    change(folder, "lecture.py", "set_seed(0)\n", "set_seed(0)\na = '~/x'\n")
    change(folder, "exercises.py", " points=2", "")
    assert len(found(folder)) == 2


def test_a_duplicate_id_is_said_once_and_nothing_that_follows_from_it(folder):
    exercises = (folder / "exercises.py").read_text()
    start = exercises.index('# %% exercise="standardize"')
    end = exercises.index("# %% [markdown]\n# ## 2.")
    copied = exercises[:end] + exercises[start:end] + exercises[end:]
    (folder / "exercises.py").write_text(copied)
    lines = [str(problem).partition("exercises.py:")[2] for problem in found(folder)]
    first = exercises[:start].count("\n") + 2
    test = exercises[: exercises.index(TEST_MARK)].count("\n") + 2
    more = exercises[start:end].count("\n")
    assert lines == [
        f"{at + more}: duplicate id: line {at} has {role}='standardize' already"
        for at, role in ((first, "exercise"), (test, "test"))
    ]


def test_beside_a_duplicate_id_what_does_not_hang_on_ids_is_said_too(folder):
    change(folder, "exercises.py", 'manual="why_training_only"', 'manual="standardize"')
    change(folder, "lecture.py", ALT, "")
    messages = [problem.message for problem in found(folder)]
    assert len(messages) == 2 and messages[0].startswith("duplicate id")


def test_a_misspelt_id_is_said_once_for_all_its_answers(folder):
    bank = folder / "answers.py"
    bank.write_text(bank.read_text().replace("# %% standardize ", "# %% standardise "))
    unknown = [p for p in found(folder) if p.path == bank]
    (problem,) = [p for p in unknown if "unknown id" in p.message]
    assert problem.line == 4 and "answer and 5 more" in problem.message


@pytest.mark.parametrize("file", ["lecture.py", "exercises.py", "answers.py"])
def test_a_byte_order_mark_does_no_harm(folder, file):
    path = folder / file
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert found(folder) == []


@pytest.mark.parametrize("file", ["lecture.py", "exercises.py", "answers.py"])
def test_another_encoding_is_refused_with_its_line(folder, file):
    path = folder / file
    path.write_bytes(path.read_bytes() + "# na\u00efve".encode("latin-1"))
    (problem,) = found(folder)
    assert problem.line == path.read_bytes().count(b"\n") + 1
    assert "not UTF-8" in problem.message
