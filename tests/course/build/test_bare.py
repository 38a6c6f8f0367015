"""A chapter mentioned without a reference is found; books' chapters are let be."""

from pathlib import Path

import pytest

from course.build import bare
from course.build.bare import bare_references, unused_needs
from course.chapters import Chapter, read_cells

FIRST = "# %% [markdown]\n# # T\n#\n# You need chapters 03 and [nets](12).\n\n"
TEXT = "# %% [markdown]\n# "


def chapter(folder: Path, lecture: str, exercises: str = f"{TEXT}Words.") -> Chapter:
    made = folder / "chapters" / "13_lenet"
    made.mkdir(parents=True)
    (made / "lecture.py").write_text(FIRST + lecture + "\n")
    (made / "exercises.py").write_text(exercises + "\n")
    (made / "answers.py").write_text("")
    return Chapter(
        made, read_cells(made / "lecture.py"), read_cells(made / "exercises.py")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{TEXT}As in chapter 11.", "'chapter 11'"),
        (f"{TEXT}Normalise (Chapter 16).", "'Chapter 16'"),
        (f"{TEXT}See chapters 3 and 4.", "'chapters 3'"),
        (f"{TEXT}See *chapter\n# 12* again.", "'chapter 12'"),
        (f"{TEXT}See ch. 12.", "'ch. 12'"),
        (f"{TEXT}Read chapter twelve.", "'chapter twelve'"),
        (f"{TEXT}The next chapter stacks them.", "'next chapter'"),
        (f"{TEXT}An earlier chapter did.", "'earlier chapter'"),
        (f"{TEXT}[it](12_nets.ipynb)", "'](12_nets.ipynb)'"),
        (f"{TEXT}[it](../notebooks/12_nets.ipynb#Idea)", "12_nets.ipynb#Idea"),
        ("# %%\nx = 1  # as in chapter 12", "'chapter 12'"),
        (f"{TEXT}You need words.\n\n" * 3 + f"{TEXT}You need chapter 12.", "'chapter"),
    ],
)
def test_a_bare_mention_is_refused_in_lectures(tmp_path, text, said):
    [problem] = bare_references(chapter(tmp_path, text))
    assert "a bare mention" in problem.message and said in problem.message


def test_a_bare_mention_is_refused_in_exercises_with_its_line(tmp_path):
    made = chapter(tmp_path, f"{TEXT}Words.", f"{TEXT}Words,\n# as in chapter 12.")
    [problem] = bare_references(made)
    line = problem.path.read_text().splitlines()[problem.line - 1]
    assert problem.path.name == "exercises.py" and line == "# as in chapter 12."


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXT}As [nets](12) do, and [chapter 14](14), and [chapter\n# 14](14).",
        f"{TEXT}This chapter has 3 parts, chapters have more.",
        f"{TEXT}## Further reading\n#\n# - A book: chapter 10.\n\n{TEXT}Chapter 9 too.",
        f"{TEXT}[a page](https://example.org/chapter)",
    ],
)
def test_references_and_books_chapters_are_let_be(tmp_path, text):
    assert list(bare_references(chapter(tmp_path, text))) == []


def test_what_is_needed_is_referred_to_somewhere_else(tmp_path):
    made = chapter(tmp_path, f"{TEXT}As [lines](03) do.")
    [problem] = unused_needs(made)
    assert "You need chapter 12, but nothing refers to it" in problem.message


def test_a_reference_in_the_exercises_is_a_use_too(tmp_path):
    made = chapter(tmp_path, f"{TEXT}As [lines](03) do.", f"{TEXT}As [nets](12) do.")
    assert list(unused_needs(made)) == []


def test_the_list_names_files_and_lines(tmp_path, capsys):
    chapter(tmp_path, f"{TEXT}As in chapter 11, [lines](03) and [nets](12).")
    assert bare.main(["13"], tmp_path) == 1
    assert "lecture.py:7: a bare mention, 'chapter 11'" in capsys.readouterr().out
    assert bare.main(["12"], tmp_path) == 0
