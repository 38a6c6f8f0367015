"""The release is nbgrader's, and its scan sees what must not be in it."""

import shutil
from pathlib import Path

import nbformat
import pytest

from course.build.release import generate_release, leaks
from course.chapters import Chapter, read_chapter

SLUG = "01_toy"
SOLUTION_LINE = "return x / divisor"
HIDDEN_LINE = "check.probe(half, torch.tensor([[5.0, 7.0]]))"


@pytest.fixture
def chapter(built_toy: Path) -> Chapter:
    """The toy chapter, whose secrets are looked for."""
    return read_chapter(built_toy / "chapters" / SLUG)


@pytest.fixture
def release(built_toy: Path, tmp_path: Path) -> Path:
    """A copy of the toy chapter's release, to plant secrets in."""
    return Path(shutil.copytree(built_toy / "release" / SLUG, tmp_path / SLUG))


def change(release: Path, grade_id: str, **fields) -> None:
    """Change a cell of the released notebook."""
    path = release / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == grade_id:
            cell.update(fields)
    nbformat.write(notebook, path)


def test_a_release_holds_no_secret(chapter, release):
    assert list(leaks(chapter, release)) == []


def test_the_scan_sees_a_solution(chapter, release):
    change(release, "half", source=f"def half(x):\n    {SOLUTION_LINE}")
    (found,) = leaks(chapter, release)
    assert found == f"{SLUG}.ipynb holds a line of half's solution: {SOLUTION_LINE}"


def test_the_scan_sees_a_solution_in_an_output(chapter, release):
    output = nbformat.v4.new_output("stream", text=f"----> 3 {SOLUTION_LINE}")
    change(release, "half", outputs=[output])
    assert any("half's solution" in text for text in leaks(chapter, release))


def test_the_scan_sees_a_written_answer(chapter, release):
    change(release, "odd_halves", source=chapter.cells("manual")["odd_halves"].source)
    found = list(leaks(chapter, release))
    assert any("odd_halves's solution" in text for text in found)
    assert any("'BEGIN SOLUTION' mark" in text for text in found)


def test_the_scan_sees_a_hidden_test(chapter, release):
    (release / "notes.txt").write_text(f"try {HIDDEN_LINE}\n")
    (found,) = leaks(chapter, release)
    assert found == f"notes.txt holds a line of half's hidden test: {HIDDEN_LINE}"


def test_the_scan_sees_the_instructors_notebook(chapter, release, built_toy):
    shutil.copy(built_toy / "source" / SLUG / f"{SLUG}.ipynb", release / "copy.ipynb")
    found = "\n".join(leaks(chapter, release))
    assert "copy.ipynb holds a 'BEGIN HIDDEN TESTS' mark" in found
    assert "copy.ipynb holds a line of count_above's solution" in found


def test_the_scan_sees_a_bank_of_answers(chapter, release):
    (release / "data").mkdir()
    shutil.copy(chapter.folder / "answers.py", release / "data")
    found = "\n".join(leaks(chapter, release))
    assert "data/answers.py is a chapter's text" in found
    assert "data/answers.py holds a line of an answer to row_sums" in found


def test_the_scan_sees_a_bank_under_another_name(chapter, release):
    shutil.copy(chapter.folder / "answers.py", release / "help.txt")
    assert any("help.txt" in text for text in leaks(chapter, release))


def test_what_students_see_anyway_is_no_secret(chapter, release):
    (release / "notes.txt").write_text(SOLUTION_LINE)
    assert list(leaks(chapter, release))
    assert list(leaks(chapter, release, known=f"as in {SOLUTION_LINE}")) == []


def test_nbgraders_refusal_is_told_in_its_own_words(built_toy_copy):
    path = built_toy_copy / "source" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].metadata.nbgrader.grade_id = "half"
    nbformat.write(notebook, path)
    shutil.rmtree(built_toy_copy / "release")
    with pytest.raises(RuntimeError, match=f"nbgrader, {SLUG}: .*: half") as told:
        generate_release(built_toy_copy, built_toy_copy, [SLUG])
    assert "Traceback" not in str(told.value)
