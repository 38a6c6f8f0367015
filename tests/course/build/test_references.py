"""A reference leads to a chapter that teaches the thing, or the build says so."""

from pathlib import Path

import pytest

from course.build.references import (
    linked,
    needed,
    read_index,
    reference_problems,
    references,
)
from course.chapters import Chapter, read_cells

SYLLABUS = """\
["Part I. Foundations"]
02_calculus = "Calculus"
03_lines = "Lines"
04_yes_or_no = "Yes or no"
12_nets = "Nets"
"""
LINES = """\
# %% [markdown]
# # Lines: how far?

# %% [markdown]
# ## How long a step?
#
# The **condition number** says how *narrow* it is; `torch.lstsq` does it.
#
# ### With `momentum`
#
# Or with **mini-batches
# of pairs**. About Adam nothing is said.
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose syllabus lists four chapters, of which 03 is written."""
    (tmp_path / "chapters" / "03_lines").mkdir(parents=True)
    (tmp_path / "chapters" / "syllabus.toml").write_text(SYLLABUS)
    (tmp_path / "chapters" / "03_lines" / "lecture.py").write_text(LINES)
    return tmp_path


def chapter(root: Path, text: str, exercises: str = "", slug: str = "04_yes_or_no"):
    """A chapter of a first cell, that says what it needs, and a second."""
    first = "# # Title\n#\n# You need [the condition number](03)."
    return read(root / "chapters" / slug, (first, f"# {text}"), (f"# {exercises}",))


def read(folder: Path, *notebooks: tuple[str, ...]) -> Chapter:
    folder.mkdir(parents=True, exist_ok=True)
    read = []
    for name, cells in zip(("lecture.py", "exercises.py"), notebooks, strict=False):
        text = "".join(f"# %% [markdown]\n{cell}\n\n" for cell in cells)
        (folder / name).write_text(text)
        read.append(read_cells(folder / name))
    return Chapter(folder, *read)


def index(root: Path):
    lines = root / "chapters" / "03_lines"
    return read_index(root, [Chapter(lines, read_cells(lines / "lecture.py"), [])])


def found(root: Path, made: Chapter) -> list[str]:
    return [problem.message for problem in reference_problems(made, index(root))]


@pytest.mark.parametrize(
    "link",
    [
        "[condition number](03)",
        "[Condition numbers](03)",
        '[long valley](03 "condition number")',
        '[the long\n# valley](03 "condition\n# number")',
        "[momentum](03)",
        "[mini batch](03)",
        "[`torch.lstsq`](03)",
        "[how long a step](03)",
        '[chapter 03](03 "momentum")',
        "[nets](12)",
        "[chapter 12](12)",
        "[a term of its own](04)",
    ],
)
def test_a_reference_to_what_is_taught_or_still_to_come_is_let_be(course, link):
    made = chapter(course, f"**A term of its own**: as {link}.")
    lecture = index(course) | read_index(course, [made])
    lecture["03"] = index(course)["03"]
    assert list(reference_problems(made, lecture)) == []


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[warp](99)", "there is no chapter 99"),
        ("[warp](3)", "there is no chapter 3"),
        ("[Adam](03)", "chapter 03 doesn't have the term 'Adam'"),
        ("[narrow](03)", "doesn't have the term 'narrow'"),
        ('[it](03 "momentous")', "doesn't have the term 'momentous'"),
        ("[chapter 03](03)", "say what chapter 03 teaches of it"),
        ("[gradient](02)", "chapter 02 is taken as known: name it in `You need"),
    ],
)
def test_a_reference_that_is_not_true_is_refused(course, link, message):
    [problem] = found(course, chapter(course, f"Words, and {link}."))
    assert message in problem


def test_an_exercises_references_are_held_to_the_same(course):
    [problem] = found(course, chapter(course, "Words.", exercises="[Adam](03)"))
    assert "doesn't have the term 'Adam'" in problem


def test_a_problem_names_file_and_line(course):
    made = chapter(course, "Words,\n# and\n# [warp](99).")
    [problem] = reference_problems(made, index(course))
    line = problem.path.read_text().splitlines()[problem.line - 1]
    assert problem.path.name == "lecture.py" and line == "# [warp](99)."


@pytest.mark.parametrize(
    ("needs", "message"),
    [("12", "is no earlier one"), ("04", "is no earlier one"), ("77", "doesn't exist")],
)
def test_what_is_needed_exists_and_comes_earlier(course, needs, message):
    first = f"# # Title\n#\n# You need chapters {needs} and 03."
    made = read(course / "chapters" / "04_yes_or_no", (first,), ("# Exercises",))
    [problem] = found(course, made)
    assert message in problem


def test_terms_of_the_books_index_count_too(course):
    (course / "docs" / "site").mkdir(parents=True)
    terms = '[03_lines]\n"How long a step?" = ["learning rate"]\n'
    (course / "docs" / "site" / "terms.toml").write_text(terms)
    assert found(course, chapter(course, "[learning rate](03)")) == []


def test_a_course_without_a_syllabus_may_name_chapters_to_come(tmp_path):
    made = chapter(tmp_path, "[warp](99)")
    assert list(reference_problems(made, read_index(tmp_path, [made]))) == []
    text = linked(made, read_index(tmp_path, [])).lecture[1].source
    assert text == "warp (chapter 99)"


@pytest.mark.parametrize(
    ("link", "text"),
    [
        (
            "[condition number](03)",
            "[condition number](03_lines.ipynb#How-long-a-step?) (chapter 03)",
        ),
        (
            '[a valley](03 "condition number")',
            "[a valley](03_lines.ipynb#How-long-a-step?) (chapter 03)",
        ),
        ("[mini-batch](03)", "[mini-batch](03_lines.ipynb#With-momentum) (chapter 03)"),
        (
            '[chapter 03](03 "momentum")',
            "[chapter 03](03_lines.ipynb#With-momentum)",
        ),
        ("[nets](12)", "nets (chapter 12, Nets)"),
        ("[chapter 12](12)", "chapter 12 (Nets)"),
        ("`x[i](03)`, [a](b.md)", "`x[i](03)`, [a](b.md)"),
    ],
)
def test_a_reference_becomes_a_link_or_words(course, link, text):
    made = linked(chapter(course, link), index(course))
    assert made.lecture[1].source == text


def test_exercises_lie_two_folders_deep(course):
    made = linked(chapter(course, "", exercises="[momentum](03)"), index(course))
    assert made.exercises[0].source == (
        "[momentum](../../notebooks/03_lines.ipynb#With-momentum) (chapter 03)"
    )


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("You need chapters 01 and 02.", ["01", "02"]),
        ("You need chapter 20 (RNNs).", ["20"]),
        ("You need [padding](12), [stride](12) and [`nn.Module`](09).", ["12", "09"]),
        (
            "You need chapters 06, 16 (layer norm), 17 and\n# 20.",
            ["06", "16", "17", "20"],
        ),
        ("Nothing is needed.", []),
    ],
)
def test_what_a_lecture_needs_is_read_from_its_first_text(tmp_path, sentence, numbers):
    made = read(tmp_path / "21_x", (f"# # T\n#\n# {sentence}",), ("# Exercises",))
    assert needed(made) == numbers


def test_references_are_found_with_their_terms(course):
    made = chapter(course, 'As [a\n# valley](03 "long  one") and [chapter 12](12).')
    terms = [(r.number, r.term, r.line) for r in references(made)][1:]
    assert terms == [("03", "long one", 1), ("12", "", 2)]
