"""From text to notebooks: whole, reproducible, and refused where it must be."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.build.freeze import Frozen, freeze, freezing
from course.build.notebook import (
    WHOLE,
    lecture_notebook,
    source_notebook,
    visible_values,
)
from course.build.pipeline import build, differences, read_valid
from course.build.places import built_files
from course.chapters import ChapterError, find_chapters, read_chapter
from course.new import new_chapter
from utils.check.store import unpack

SLUG = "01_sound"
ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "nbgrader_config.py"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A course with one chapter, built."""
    root = tmp_path_factory.mktemp("course")
    (root / "chapters").mkdir()
    shutil.copy(CONFIG, root)
    new_chapter(root, SLUG)
    build(root, say=lambda text: None)
    return root


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Path:
    """A copy of the built course, to break."""
    return Path(shutil.copytree(built, tmp_path / "course"))


def quiet(text: str) -> None:
    """Say nothing."""


def read(course: Path, kind: str) -> nbformat.NotebookNode:
    folder = course / kind if kind == "notebooks" else course / kind / SLUG
    return nbformat.read(folder / f"{SLUG}.ipynb", as_version=4)


def cell(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    metadata = {c.metadata.nbgrader.grade_id: c for c in notebook.cells}
    return metadata[grade_id]


def loaded(notebook: nbformat.NotebookNode) -> dict:
    """What the first code cell of a notebook loads."""
    literal = cell(notebook, "frozen-values").source.split("check.load(")[1]
    return json.loads(unpack(ast.literal_eval(literal.removesuffix(")"))))


def test_a_build_makes_three_notebooks_and_nothing_else(course):
    made = {
        path.relative_to(course)
        for name in ("notebooks", "source", "release")
        for path in (course / name).rglob("*")
        if path.is_file()
    }
    assert made == set(built_files([SLUG]))
    assert not list(course.glob(".build-*"))


def test_what_is_built_differs_nowhere_from_a_second_build(course):
    assert list(differences(course, quiet)) == []


def test_the_source_has_full_nbgrader_metadata(course):
    notebook = read(course, "source")
    keys = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}
    for node in notebook.cells:
        assert keys <= node.metadata.nbgrader.keys()
        assert node.metadata.nbgrader.schema_version == 3
    answer = cell(notebook, "standardize").metadata.nbgrader
    assert (answer.solution, answer.grade, answer.locked) == (True, False, False)
    test = cell(notebook, "test_standardize").metadata.nbgrader
    assert (test.solution, test.grade, test.locked) == (False, True, True)
    assert test.points == 2
    manual = cell(notebook, "why_training_only").metadata.nbgrader
    assert (manual.solution, manual.grade, manual.points) == (True, True, 1)


def test_prompts_and_setup_are_read_only(course):
    for node in read(course, "release").cells:
        if not node.metadata.nbgrader.solution:
            assert node.metadata.editable is False


def test_notebooks_have_the_plain_kernel_and_no_trace_of_jupytext(course):
    for path in built_files([SLUG]):
        text = (course / path).read_text()
        assert "jupytext" not in text
        assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python3"
        assert "\r" not in text


def test_cell_ids_come_from_the_exercise_or_the_content(course):
    ids = [node.id for node in read(course, "source").cells]
    assert {"standardize", "test-standardize", "why_training_only"} <= set(ids)
    folder = course / "chapters" / SLUG
    text = (folder / "exercises.py").read_text()
    changed = text.replace("Two\n# sentences are enough.", "One is enough.")
    (folder / "exercises.py").write_text(changed)
    build(course, say=quiet)
    after = [node.id for node in read(course, "source").cells]
    assert sum(a != b for a, b in zip(ids, after, strict=True)) == 1


def test_the_release_has_stubs_and_neither_solutions_nor_hidden_tests(course):
    text = (course / "release" / SLUG / f"{SLUG}.ipynb").read_text()
    assert "raise NotImplementedError" in text
    assert "correction=0" not in text
    assert "HIDDEN" not in text
    assert "stands for data that nobody has seen" not in text


def test_frozen_values_are_values_and_not_code(course):
    entry = loaded(read(course, "release"))["standardize"]
    assert "one mean and one deviation for the whole table" in entry["names"]
    (probe,) = entry["probes"]
    assert len(probe) == 1 + len(entry["names"])
    assert probe[0][:3] == ["tensor", "float32", [3, 2]]


@pytest.mark.parametrize("kind", ["source", "release"])
def test_frozen_values_are_small_and_tell_nothing_at_a_glance(course, kind):
    text = (course / kind / SLUG / f"{SLUG}.ipynb").read_text()
    tests = "".join(c.source for c in read(course, kind).cells if "check." in c.source)
    assert "one mean and one deviation for the whole table" not in text
    assert "float32" not in tests and max(map(len, tests.splitlines())) <= 2_020


def test_a_release_whose_values_grow_too_large_is_refused(course, monkeypatch):
    before = (course / "release" / SLUG / f"{SLUG}.ipynb").read_bytes()
    size = len(cell(read(course, "release"), "frozen-values").source) - len(WHOLE)
    monkeypatch.setattr("course.build.pipeline.MAX_VALUES", size)
    build(course, say=quiet)
    monkeypatch.setattr("course.build.pipeline.MAX_VALUES", size - 1)
    said = rf"answers.py:1: .* {size:,} characters; at most {size - 1:,}.*standardize"
    with pytest.raises(ChapterError, match=said):
        build(course, say=quiet)
    assert (course / "release" / SLUG / f"{SLUG}.ipynb").read_bytes() == before


ALONE = """
import sys
sys.path = [p for p in sys.path if p != {root!r} and "editable" not in p]
sys.meta_path = [f for f in sys.meta_path if "editable" not in str(f).lower()]
from IPython.core.interactiveshell import InteractiveShell
done = InteractiveShell().run_cell({source!r}, silent=False)
"""


@pytest.mark.parametrize("kind", ["notebooks", "source", "release"])
def test_a_notebook_that_was_mailed_alone_says_what_it_needs(course, kind, tmp_path):
    first = next(c for c in read(course, kind).cells if c.cell_type == "code")
    program = ALONE.format(source=first.source, root=str(ROOT))
    for file, text in (("", ""), ("utils.py", "def other(): pass")):
        if file:  # another package of that name says no more
            (tmp_path / file).write_text(text)
        environ = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**environ, "IPYTHONDIR": str(tmp_path / "ipython")},
            capture_output=True,
            text=True,
        )
        said = " ".join(done.stdout.split())
        assert "needs the course's folder. Ask whoever gave it to you" in said
        assert "utils" in said and done.returncode == 0


def test_in_the_course_the_first_cell_says_nothing_and_the_book_leaves_it_out(course):
    first = next(c for c in read(course, "notebooks").cells if c.cell_type == "code")
    assert first.metadata["tags"] == ["remove-cell"]
    assert len(first.source.splitlines()) <= 10
    names = {}
    exec(first.source, names)
    assert names["check"].__name__ == "utils.check"


def test_hints_lie_with_the_frozen_values_and_nowhere_else(course):
    release = read(course, "release")
    hints = loaded(release)["standardize"]["hints"]
    assert len(hints) == 3
    assert hints[0].startswith("Take the column 1, 3. Which two numbers do you need")
    others = [node.source for node in release.cells if node.id != "frozen-values"]
    assert not any(hint in source for hint in hints for source in others)


def test_an_exercise_without_probes_has_its_hints_all_the_same():
    frozen = {"net": Frozen("{}", "{}"), "half": Frozen('{"half":{"names":[]}}', "{}")}
    values = visible_values(frozen, {"net": ["Why?"]})
    assert values == '{"net":{"hints":["Why?"]},"half":{"names":[]}}'


@pytest.mark.parametrize("kind", ["source", "release", "notebooks"])
def test_check_names_the_cell_that_was_edited_by_hand(course, kind):
    (path,) = (course / kind).rglob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\nedited"
    nbformat.write(notebook, path)
    (found,) = differences(course, quiet)
    assert str(path.relative_to(course)) in found
    assert f"cell {notebook.cells[0].id}" in found


def test_check_of_a_named_chapter_looks_at_that_one_alone(course):
    new_chapter(course, "09_another")
    stray = course / "notebooks" / "02_gone.ipynb"
    stray.write_text("{}")
    assert list(differences(course, quiet, names=(SLUG,))) == []
    found = list(differences(course, quiet, names=("09_another",)))
    assert len(found) == 3 and all("09_another" in line for line in found)
    with pytest.raises(FileNotFoundError, match="no chapter '02_gone'"):
        list(differences(course, quiet, names=("02_gone",)))


def test_check_sees_missing_stale_and_broken_files(course):
    (course / "source" / SLUG / f"{SLUG}.ipynb").unlink()
    (course / "notebooks" / "02_gone.ipynb").write_text("{}")
    (course / "release" / SLUG / f"{SLUG}.ipynb").write_text("not json")
    texts = sorted(differences(course, quiet))
    assert "no chapter makes this file" in texts[0]
    assert "can't be read" in texts[1]
    assert "missing" in texts[2]


def test_a_refused_chapter_changes_nothing(course):
    before = {p: (course / p).read_bytes() for p in built_files([SLUG])}
    path = course / "chapters" / SLUG / "exercises.py"
    path.write_text(path.read_text().replace(" points=2", ""))
    with pytest.raises(ChapterError, match=r"exercises.py:\d+: points missing"):
        build(course, say=quiet)
    assert before == {p: (course / p).read_bytes() for p in before}
    assert not list(course.glob(".build-*"))


def test_a_reference_that_fails_its_own_test_is_refused(course):
    path = course / "chapters" / SLUG / "exercises.py"
    broken = "check.probe(standardize, X)\ncheck.true(len(X) == 4, 'four rows')"
    path.write_text(path.read_text().replace("check.probe(standardize, X)", broken))
    with pytest.raises(ChapterError, match="(?s)the reference answer fails.*four rows"):
        build(course, say=quiet)


def test_a_probe_that_gives_no_plain_data_is_refused(course):
    path = course / "chapters" / SLUG / "exercises.py"
    text = path.read_text()
    broken = "check.probe(lambda: iter(standardize(X)))"
    path.write_text(text.replace("check.probe(standardize, X)", broken))
    with pytest.raises(ChapterError, match="can't be frozen"):
        freeze(read_chapter(course / "chapters" / SLUG))


def test_a_hidden_probe_that_makes_a_visible_call_is_refused(course):
    path = course / "chapters" / SLUG / "exercises.py"
    text = path.read_text()
    again = "again = torch.tensor([[1.0, 10.0], [3.0, 30.0], [8.0, 20.0]])"
    probe = (
        "check.probe(standardize, torch.tensor([[2.0, -1.0, 5.0], [4.0, 7.0, 6.0]]))"
    )
    assert probe in text
    path.write_text(text.replace(probe, f"{again}\ncheck.probe(standardize, again)"))
    with pytest.raises(ChapterError, match="a visible probe gives"):
        freeze(read_valid(course / "chapters" / SLUG))


def test_two_cells_of_one_text_get_ids_that_differ(course):
    chapter = read_chapter(course / "chapters" / SLUG)
    twice = lecture_notebook(type(chapter)(chapter.folder, chapter.lecture * 2, [], []))
    ids = [node.id for node in twice.cells]
    assert len(set(ids)) == len(ids)


def test_a_source_notebook_is_valid_nbformat(course):
    chapter = read_chapter(course / "chapters" / SLUG)
    nbformat.validate(source_notebook(chapter, freeze(chapter)))


def test_an_unknown_chapter_is_named_with_those_there_are(course):
    with pytest.raises(FileNotFoundError, match="no chapter '99_none'.*01_sound"):
        find_chapters(course, ("99_none",))


def test_a_new_chapter_is_refused_over_an_old_one_or_with_a_bad_name(course):
    with pytest.raises(FileExistsError, match="nothing was changed"):
        new_chapter(course, SLUG)
    with pytest.raises(ValueError, match="two digits"):
        new_chapter(course, "Eight")
    assert [p.name for p in find_chapters(course)] == [SLUG]


def test_freezing_apart_gives_the_same_exercises_and_the_same_problems(course):
    """What `course check` compares with: values made by the build's instructions."""
    new_chapter(course, "09_another")
    folder, other = course / "chapters" / SLUG, course / "chapters" / "09_another"
    with freezing([folder, other, folder]) as each:
        frozen = next(each)
        assert frozen["standardize"].visible.startswith('{"standardize":{"names":[')
        next(each)
        assert next(each) == frozen
        assert list(each) == []
    path = folder / "exercises.py"
    broken = "check.probe(lambda: iter(standardize(X)))"
    path.write_text(path.read_text().replace("check.probe(standardize, X)", broken))
    problem = pytest.raises(ChapterError, match=r"exercises.py:\d+: .*can't be frozen")
    with freezing([folder]) as each, problem:
        next(each)


def test_a_given_cell_may_print(course):
    folder = course / "chapters" / SLUG
    text = (folder / "exercises.py").read_text()
    printing = text.replace("import torch\n", "import torch\n\nprint(torch.pi)\n", 1)
    assert printing != text
    (folder / "exercises.py").write_text(printing)
    with freezing([folder]) as each:
        assert next(each).keys() == freeze(read_chapter(folder)).keys()


def test_a_freezing_process_that_dies_is_an_error(course, monkeypatch):
    monkeypatch.setattr("course.build.freeze.FREEZER", ("sh", "-c", "kill -9 $$"))
    died = pytest.raises(RuntimeError, match="ended with exit status -9")
    with freezing([course / "chapters" / SLUG]) as each, died:
        next(each)


HIDDEN_PROBE = "check.probe(standardize, torch"


def spoil(course: Path, old: str, new: str) -> int:
    """Change the exercises once; the line where it was."""
    path = course / "chapters" / SLUG / "exercises.py"
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("rows", [3, 2], ids=["visible probe", "hidden probe"])
def test_a_reference_that_raises_is_no_right_answer(course, rows):
    old = "    mean = X.mean(dim=0)"
    line = spoil(course, old, f"{old} / (len(X) - {rows} or {{}}[1])")
    said = rf"exercises.py:{line}: the reference answer raises KeyError: 1 in the "
    with pytest.raises(ChapterError, match=said) as refused:
        build(course, say=quiet)
    assert "standardize(tensor" in str(refused.value)
    assert "check.raises(KeyError, ...)" in str(refused.value)


def test_an_error_that_a_test_asks_for_is_no_fault(course):
    old = "    mean = X.mean(dim=0)"
    spoil(course, old, f"    if not len(X): raise ValueError('no rows')\n{old}")
    asked = "check.raises(ValueError, standardize, X[:0])"
    spoil(course, HIDDEN_PROBE, f"{asked}\n{HIDDEN_PROBE}")
    assert build(course, say=quiet) == [SLUG]


def test_a_reference_whose_cell_raises_is_told_with_its_error(course):
    spoil(course, "def standardize(X)", "def standardize(X, n=1 / 0)")
    said = "(?s)the reference answer fails: .*raised ZeroDivisionError: .*line 1: `def"
    with pytest.raises(ChapterError, match=said):
        build(course, say=quiet)
