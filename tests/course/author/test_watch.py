"""Saving a file does again what the change asks for, and says where to look."""

import pytest

from course.author.rerun import Lecture
from course.author.watch import Known, look, stamps, watch


@pytest.fixture
def author(toy_course):
    """The toy chapter, with what an author does and is told."""
    folder = toy_course / "chapters" / "01_toy"
    known = Known()

    class Author:
        def change(self, name: str, old: str, new: str) -> None:
            text = (folder / name).read_text()
            assert old in text
            (folder / name).write_text(text.replace(old, new, 1))

        def told(self) -> list[str]:
            return list(look(toy_course, folder, known, lecture, stamps(folder)))

    with Lecture() as lecture:
        yield Author()


def test_the_first_look_builds_checks_and_runs_all(author, toy_course):
    told = author.told()
    assert any("wrong answers caught" in line for line in told)
    assert told[-1].startswith("lecture: 2 of 2 cells")
    assert (toy_course / "notebooks" / "01_toy.ipynb").is_file()


def test_only_the_exercise_that_changed_is_tried_again(author):
    every = author.told()
    author.change("answers.py", "def row_sums(X):\n", "def row_sums(X):\n    1 + 1\n")
    (tried, _) = author.told()
    assert tried.startswith("row_sums: ")
    assert len(every) > 2


def test_a_fault_stays_told_until_it_is_mended(author):
    author.told()
    tripled = '# %% half wrong "tripled"\ndef half(x):\n    return x * 3\n\n\n'
    rest = "# %% row_sums hints"
    author.change("answers.py", rest, tripled + rest)  # so that three wrong ones stay
    title, other = ' half wrong "2 subtracted"', ' half right "2 subtracted"'
    author.change("answers.py", title, other)
    fault = "right answer '2 subtracted' loses its marks"
    assert any(fault in line for line in author.told())
    author.change("lecture.py", "Half of $x$ is", "A half of $x$ is")
    assert any(fault in line for line in author.told())
    author.change("answers.py", other, title)
    assert not any(fault in line for line in author.told())


def test_a_failing_lecture_is_told_with_its_line(author):
    author.told()
    author.change("lecture.py", "assert torch.equal(x / 2 + x / 2, x)", "assert x < 3")
    *_, failed, _ = author.told()
    assert "lecture.py:22: AssertionError" in failed


def test_what_an_edited_cell_prints_is_shown(author):
    author.told()
    author.change("lecture.py", "assert torch", "print(x.item())\nassert torch")
    assert "3.0" in author.told()


def test_what_the_build_refuses_is_told_and_nothing_is_built(author, toy_course):
    author.told()
    built = (toy_course / "notebooks" / "01_toy.ipynb").read_bytes()
    author.change("lecture.py", "assert torch", "assert (torch")
    (told,) = author.told()
    assert "lecture.py:22: not plain Python" in told
    assert (toy_course / "notebooks" / "01_toy.ipynb").read_bytes() == built


def test_it_looks_once_and_then_waits(toy_course):
    told = []
    watch(toy_course, toy_course / "chapters" / "01_toy", told.append, looks=1)
    assert told[-1].endswith("waiting for a change")
