"""A build on another processor changes nothing, and a changed answer all the same."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from course.build.freeze import Frozen, freeze
from course.build.pipeline import build, differences
from course.build.places import release_path, source_path
from course.build.settle import built_values, settle
from course.chapters import read_chapter
from utils.check.store import pack, unpack

SLUG = "01_toy"


def frozen(*values, kind="tensor", dtype="float32", names=("a mistake",)) -> Frozen:
    """Values of an exercise `f` whose reference gives `values`."""
    right = [kind, dtype, [len(values)], list(values)]
    entry = {"names": list(names), "probes": [[right, None]]}
    text = json.dumps({"f": entry}, separators=(",", ":"), sort_keys=True)
    return Frozen(text, text)


def quiet(text: str) -> None:
    """Say nothing."""


OLD = frozen(-0.592545, 0.00293711)


@pytest.mark.parametrize("values", [(-0.592546, 0.00293706), (-0.592545, 0.00293711)])
def test_what_only_rounding_changed_stays(values):
    assert settle({"f": frozen(*values)}, {"f": OLD}) == {"f": OLD}


@pytest.mark.parametrize(
    "new",
    [
        frozen(-0.5926, 0.00293711),
        frozen(-0.592545, 0.00294),
        frozen(-0.592545, 0.00293711, dtype="float64"),
        frozen(-0.592545, 0.00293711, kind="array"),
        frozen(-0.592545, 0.00293711, names=("another mistake",)),
        frozen(-0.592545, 0.00293711, 0),
        Frozen("{}", "{}"),
    ],
)
def test_what_an_author_changed_is_written(new):
    assert settle({"f": new}, {"f": OLD}) == {"f": new}


def test_a_wrong_answer_that_now_gets_there_is_written():
    now = OLD.visible.replace("null", '["int",3]')
    new = Frozen(now, OLD.hidden)
    assert settle({"f": new}, {"f": OLD}) == {"f": new}


def test_an_exercise_that_was_not_built_is_written():
    assert settle({"f": OLD}, {}) == {"f": OLD}


def test_built_values_are_what_was_frozen(built_toy):
    chapter = read_chapter(built_toy / "chapters" / SLUG)
    values = freeze(chapter)
    assert any(entry.hidden != "{}" for entry in values.values())
    assert built_values(built_toy / source_path(SLUG)) == values


@pytest.mark.parametrize("content", [None, "not json", "{}", '{"cells": []}'])
def test_what_is_no_notebook_of_ours_has_no_values(tmp_path, content):
    path = tmp_path / "some.ipynb"
    if content is not None:
        path.write_text(content)
    assert built_values(path) == {}


def packed_in(notebook) -> tuple[nbformat.NotebookNode, str]:
    """A notebook's first code cell and the packed text in it."""
    cell = next(cell for cell in notebook.cells if cell.id == "frozen-values")
    return cell, *re.findall(r'check.load\("+([^"]+)"+\)', cell.source)


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a number in the packed values of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    cell, packed = packed_in(notebook)
    text = unpack(packed)
    assert text.count(old) == 1
    cell.source = cell.source.replace(packed, pack(text.replace(old, new)))
    nbformat.write(notebook, path)


def test_a_build_on_another_processor_changes_no_value(built_toy_copy):
    """The sixth digit of a mean, as another processor might have written it."""
    path = built_toy_copy / source_path(SLUG)
    rewrite(path, "2.33333", "2.33334")
    build(built_toy_copy, say=quiet)
    for path in (source_path(SLUG), release_path(SLUG)):
        _, packed = packed_in(nbformat.read(built_toy_copy / path, as_version=4))
        assert unpack(packed).count("2.33334") == 1
    assert list(differences(built_toy_copy, quiet)) == []


def test_a_build_writes_what_is_more_than_rounding(built_toy, built_toy_copy):
    path = built_toy_copy / source_path(SLUG)
    rewrite(path, "2.33333", "2.3343")
    assert "cell frozen-values" in "".join(differences(built_toy_copy, quiet))
    build(built_toy_copy, say=quiet)
    assert path.read_bytes() == (built_toy / source_path(SLUG)).read_bytes()


SKETCH = ["tensor~", "float32", [9], 12.5, -0.592545, 0.00293711]


@pytest.mark.parametrize(
    ("wrong", "is_kept"),
    [
        (SKETCH, True),
        ([*SKETCH[:3], 12.5001, -0.592612, 0.00302], True),  # 1e-5 of 12.5
        ([*SKETCH[:3], 12.5, -0.593545, 0.00293711], False),
        (["tensor", "float32", [9], [12.5] * 9], False),
        (["tensor~", "float64", *SKETCH[2:]], False),
    ],
)
def test_sketches_of_wrong_answers_stay_where_only_rounding_differs(wrong, is_kept):
    old = OLD.visible.replace("null", json.dumps(SKETCH))
    new = OLD.visible.replace("null", json.dumps(wrong))
    settled = settle({"f": Frozen(new, "{}")}, {"f": Frozen(old, "{}")})
    assert settled == {"f": Frozen(old if is_kept else new, "{}")}
