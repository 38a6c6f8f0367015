"""A lecture is read in a copy: a note in it outlives every update of the course."""

import json
import shutil

import pytest

from course.student import copies, lectures

SLUG = "01_toy"
NOTE = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "My note."}
CODE = {
    "cell_type": "code",
    "id": "draws",
    "metadata": {"tags": ["x"]},
    "outputs": [],
    "execution_count": None,
}
SHOWN = {"output_type": "stream", "name": "stdout", "text": "3"}


@pytest.fixture
def course(work, built_toy):
    """A student's folder with the toy lecture as it was built, and a copy of it."""
    (work.root / "notebooks").mkdir()
    shutil.copy(built_toy / "notebooks" / f"{SLUG}.ipynb", work.root / "notebooks")
    copies.start(work.root)
    return work.root


def read(path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def change(path, source: str) -> None:
    """Write a first cell into a notebook, as an update or its reader does."""
    notebook = read(path)
    notebook["cells"].insert(0, {**NOTE, "source": source})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def run(path) -> None:
    """Save what a run leaves in a notebook: outputs, counts, nobody's words."""
    notebook = read(path)
    code = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    code.update(outputs=[SHOWN], execution_count=1)
    notebook["metadata"]["language_info"]["version"] = "3.11.9"
    path.write_text(json.dumps(notebook), encoding="utf-8")


def names(course) -> list[str]:
    return sorted(path.name for path in (course / "work" / "lectures").iterdir())


def test_a_copy_has_the_cells_that_were_built(course):
    built, copy = lectures.built(course, SLUG), lectures.work(course, SLUG)
    assert read(copy)["cells"] == read(built)["cells"]
    assert copies.start(course) == [] and names(course) == [f"{SLUG}.ipynb"]


def test_code_that_only_draws_is_folded_in_a_copy_and_it_counts_as_unchanged(course):
    built = lectures.built(course, SLUG)
    notebook = read(built)
    draws = {**CODE, "source": 'plots.show(fig, alt="A line.")'}
    trains = {**CODE, "id": "trains", "source": "train(net)\nplots.show(fig)"}
    notebook["cells"] += [draws, trains]
    built.write_text(json.dumps(notebook), encoding="utf-8")
    copies.start(course)
    *_, folded, open_ = read(lectures.work(course, SLUG))["cells"]
    assert folded["metadata"] == {"tags": ["x"], "jupyter": {"source_hidden": True}}
    assert open_["metadata"] == {"tags": ["x"]}
    before = names(course)
    assert copies.start(course) == [] and names(course) == before


def test_a_note_outlives_an_update_and_the_lecture_is_said_to_be_newer(course):
    copy = lectures.work(course, SLUG)
    change(copy, "My note.")
    before = copy.read_bytes()
    assert copies.start(course) == [] and lectures.behind(course) == []
    change(lectures.built(course, SLUG), "A new introduction.")
    assert copies.start(course) == []
    assert copy.read_bytes() == before and lectures.behind(course) == [SLUG]


def test_a_copy_without_words_of_its_reader_is_renewed_and_the_old_one_kept(course):
    copy = lectures.work(course, SLUG)
    for kept in (f"{SLUG}.before-renewal.ipynb", f"{SLUG}.before-renewal-2.ipynb"):
        run(copy)
        before = copy.read_bytes()
        change(lectures.built(course, SLUG), "A new introduction.")
        assert copies.start(course) == [copy]
        assert read(copy)["cells"][0]["source"] == "A new introduction."
        assert copy.with_name(kept).read_bytes() == before
    assert copies.start(course) == [] and lectures.behind(course) == []


def test_a_run_alone_renews_nothing(course):
    copy = lectures.work(course, SLUG)
    run(copy)
    before = copy.read_bytes()
    assert copies.start(course) == [] and copy.read_bytes() == before


@pytest.mark.parametrize("content", ["", "[]", "<<<<<<< HEAD"])
def test_a_copy_that_nobody_can_read_stays(course, content):
    copy = lectures.work(course, SLUG)
    copy.write_text(content)
    change(lectures.built(course, SLUG), "A new introduction.")
    assert copies.start(course) == []
    assert copy.read_text() == content and names(course) == [copy.name]


def test_a_notebook_that_is_not_a_copy_of_ours_stays(course):
    copy = lectures.work(course, SLUG)
    shutil.copy(lectures.built(course, SLUG), copy)
    change(lectures.built(course, SLUG), "A new introduction.")
    before = copy.read_bytes()
    assert copies.start(course) == [] and copy.read_bytes() == before


def test_only_what_is_asked_for_is_copied(course):
    shutil.rmtree(course / "work")
    shutil.copy(lectures.built(course, SLUG), course / "notebooks" / "02_next.ipynb")
    made = copies.start(course, (SLUG,))
    assert made == [lectures.work(course, SLUG), course / f"work/{SLUG}/{SLUG}.ipynb"]
    assert copies.start(course) == [lectures.work(course, "02_next")]
