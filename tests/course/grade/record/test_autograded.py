"""The notebooks in autograded/: what stock nbgrader makes of them and makes itself."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from course.demo.verdicts import verdicts
from course.grade.intake.submission import Submission
from course.grade.plan import Cell, read_assignment
from course.grade.record.autograded import (
    autograded_notebook,
    read_autograded,
    write_autograded,
)
from course.grade.record.ledger import Record
from course.grade.result import Result, Verdict
from course.stock import convert, settings

SLUG = "01_toy"
PRINT = {"output_type": "stream", "name": "stdout", "text": "mine\n"}
SCRIPT = {
    "output_type": "display_data",
    "data": {"text/html": "<script>alert(1)</script>"},
    "metadata": {},
}


@pytest.fixture
def pristine(toy_class) -> nbformat.NotebookNode:
    """The notebook that grading starts from; the class is recorded on the way."""
    with Record("", toy_class.course) as record:
        notebook = record.prepare(read_assignment(toy_class.course / "source", SLUG))
        for submission, result in toy_class.work.values():
            record.write(submission, result)
    return notebook


def path_of(course: Path, student: str) -> Path:
    return course / "autograded" / student / SLUG / f"{SLUG}.ipynb"


def by_name(notebook: nbformat.NotebookNode) -> dict[str, nbformat.NotebookNode]:
    """The cells that nbgrader knows, by grade id."""
    known = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell.metadata.nbgrader.grade_id: cell for cell in known}


def read_scores(notebook: nbformat.NotebookNode) -> dict[str, float | None]:
    """What stock nbgrader reads from a graded notebook."""
    from nbgrader.utils import determine_grade, is_grade

    cells = by_name(notebook).items()
    return {name: determine_grade(cell)[0] for name, cell in cells if is_grade(cell)}


@pytest.mark.parametrize("student", ["ann", "cat", "dan"])
def test_it_is_what_stock_nbgrader_makes(student, toy_class, pristine, graded_by_stock):
    theirs = nbformat.read(path_of(graded_by_stock, student), as_version=4)
    ours = autograded_notebook(pristine, *toy_class.work[student])
    assert read_scores(ours) == read_scores(theirs)
    assert len(ours.cells) == len(theirs.cells)
    for our, their in zip(ours.cells, theirs.cells, strict=True):
        their.metadata.pop("execution", None)  # when the kernel said what
        for key in ("cell_type", "source", "metadata", "execution_count"):
            assert our.get(key) == their.get(key), (key, their.source)
        if "nbgrader" in their.metadata:  # added cells get ids of ours
            assert our.id == their.id
    states = {name: (v.state, v.mistake) for name, v in verdicts(ours).items()}
    assert states == {n: (v.state, v.mistake) for n, v in verdicts(theirs).items()}
    assert ours.metadata.kernelspec == theirs.metadata.kernelspec
    assert ours.metadata.course == theirs.metadata.course


def test_nbgrader_reads_our_scores_from_each_state(toy_class, pristine):
    submission, result = toy_class.work["ann"]
    states = {
        "test_half": Verdict("not judged", 1, message="the code took too long"),
        "test_row_sums": Verdict("not attempted", 2),
        "test_count_above": Verdict("right", 3, 3),
    }
    judged = replace(result, verdicts=states)
    notebook = autograded_notebook(pristine, submission, judged)
    expected = {name: verdict.score for name, verdict in states.items()}
    assert read_scores(notebook) == expected | {"odd_halves": None}
    cells = by_name(notebook)
    (right,) = cells["test_count_above"].outputs
    assert right.text == "count_above: right (3 points)\n"
    (half,), (sums,) = cells["test_half"].outputs, cells["test_row_sums"].outputs
    assert (half.ename, sums.ename) == ("NotJudged", "NotAttempted")
    assert half.traceback == ["half: not judged.", "the code took too long"]
    (wrong,) = by_name(autograded_notebook(pristine, submission, result))[
        "test_row_sums"
    ].outputs
    assert wrong.ename == "WrongAnswer"
    assert wrong.evalue.startswith(
        "row_sums: wrong.\nLikely mistake: the columns are summed.\nrow_sums(...) went"
    )


def test_a_test_without_a_verdict_gives_nothing(toy_class, pristine):
    submission, result = toy_class.work["cat"]
    notebook = autograded_notebook(pristine, submission, replace(result, verdicts={}))
    assert set(read_scores(notebook).values()) == {0}


def test_outputs_stand_beneath_their_cells(toy_class, pristine):
    submission, result = toy_class.work["ann"]
    shown = {"half": [PRINT], "extra-1": [PRINT]}
    notebook = autograded_notebook(
        pristine, submission, replace(result, outputs=shown), inert=list
    )
    nbformat.validate(notebook)
    cells = by_name(notebook)
    (extra,) = (cell for cell in notebook.cells if cell.source == "print('mine')")
    assert extra.outputs == cells["half"].outputs == [PRINT]
    assert extra.metadata == {} and extra.id == "extra-1"
    assert pristine.cells == nbformat.from_dict(pristine).cells
    assert not any(cell.get("outputs") for cell in pristine.cells)


def test_what_a_student_showed_is_made_inert(toy_class, pristine):
    submission, result = toy_class.work["ann"]
    hostile = replace(result, outputs={"half": [SCRIPT]})
    assert "<script" not in json.dumps(
        autograded_notebook(pristine, submission, hostile)
    )
    # The line above sees a script, were it not made inert.
    assert "<script" in json.dumps(
        autograded_notebook(pristine, submission, hostile, inert=list)
    )


def test_every_byte_follows_from_what_was_graded(toy_class, pristine):
    course = toy_class.course
    for student, work in toy_class.work.items():
        path = write_autograded(course, pristine, *work)
        assert path == path_of(course, student)
        first = path.read_bytes()
        notebook = nbformat.reads(first.decode("utf-8"), as_version=4)
        nbformat.validate(notebook)
        assert nbformat.writes(notebook) + "\n" == first.decode("utf-8")
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        path.chmod(0o444)  # as stock nbgrader leaves it
        write_autograded(course, pristine, *work)
        assert path.read_bytes() == first
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert {p.name for p in path.parent.iterdir()} == {path.name, "timestamp.txt"}


def test_a_notebook_is_written_in_one_step(toy_class, pristine, monkeypatch):
    course, work = toy_class.course, toy_class.work["ann"]
    path = write_autograded(course, pristine, *work)
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda number: 1 / 0)
    submission, result = work
    with pytest.raises(ZeroDivisionError):
        write_autograded(course, pristine, submission, replace(result, verdicts={}))
    assert path.read_bytes() == before


def test_the_time_of_handing_in_is_nbgraders(toy_class, pristine):
    from nbgrader.coursedir import CourseDirectory

    course, (submission, result) = toy_class.course, toy_class.work["ann"]
    path = write_autograded(course, pristine, submission, result)
    nbgrader = CourseDirectory(config=settings(course))
    handed = course / "submitted" / "ann" / SLUG
    expected = nbgrader.get_existing_timestamp(str(handed))
    assert nbgrader.get_existing_timestamp(str(path.parent)) == expected
    write_autograded(course, pristine, replace(submission, timestamp=None), result)
    assert not (path.parent / "timestamp.txt").exists()


def test_what_a_test_had_the_answer_show_stands_inert_above_the_verdict(
    toy_class, pristine
):
    submission, result = toy_class.work["ann"]
    lie = {
        "output_type": "error",
        "ename": "NotAttempted",
        "evalue": "",
        "traceback": [],
    }
    value = {"output_type": "execute_result", "data": {"text/plain": "100"}}
    value |= {"metadata": {}, "execution_count": 1}
    odd = {"text": "a forged reply has no kind"}
    shown = {"test_half": [PRINT, SCRIPT, lie, value, odd], "test_row_sums": [PRINT]}
    notebook = autograded_notebook(pristine, submission, replace(result, outputs=shown))
    nbformat.validate(notebook)
    tests = by_name(notebook)
    said, picture, verdict = tests["test_half"].outputs
    assert said.text == "mine\n"
    assert "<script" not in json.dumps(picture)
    assert verdict.text.startswith("half: right")
    assert [o.output_type for o in tests["test_row_sums"].outputs] == [
        "stream",
        "error",
    ]
    bare = autograded_notebook(pristine, submission, result)
    assert read_scores(notebook) == read_scores(bare)
    assert verdicts(notebook) == verdicts(bare)


def test_half_a_character_does_not_stop_the_class(toy_class, pristine):
    submission, result = toy_class.work["ann"]
    own = Cell("remark", "extra-9", "half \ud800 a character")
    odd = replace(submission, cells=(*submission.cells, own))
    path = write_autograded(toy_class.course, pristine, odd, result)
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[-1].source == "half \ufffd a character"


def test_what_was_written_is_read_back(toy_class, pristine):
    submission, result = toy_class.work["ann"]
    shown = {"half": [PRINT], "extra-1": [PRINT]}
    repaired = replace(result, outputs=shown, repairs=["a cell was moved"])
    write_autograded(toy_class.course, pristine, submission, repaired)
    found, outputs = read_autograded(toy_class.course, replace(repaired, outputs={}))
    kinds = [(cell.kind, cell.grade_id, cell.points) for cell in submission.cells]
    assert [(cell.kind, cell.grade_id, cell.points) for cell in found.cells] == kinds
    assert own_sources(found) == own_sources(submission)
    assert found.repairs == ("a cell was moved",)
    assert {name: said for name, said in outputs.items() if said} == shown
    assert "odd_halves" not in outputs and not {"test_half"} & set(outputs)


def own_sources(submission: Submission) -> dict[str, str]:
    kinds = ("answer", "manual", "extra", "remark")
    return {c.grade_id: c.source for c in submission.cells if c.kind in kinds}


def test_an_unreadable_submission_is_read_back_without_cells(toy_class, pristine):
    eve, result = unreadable("is empty")
    write_autograded(toy_class.course, pristine, eve, result)
    assert read_autograded(toy_class.course, result) == (eve, {})


def unreadable(problem: str) -> tuple[Submission, Result]:
    return Submission("eve", problem=problem), Result("eve", SLUG, problem)


def test_an_unreadable_submission_says_why(pristine):
    notebook = autograded_notebook(pristine, *unreadable("`<b>` is a link"))
    nbformat.validate(notebook)
    first, *others = notebook.cells
    assert first.cell_type == "markdown" and "nbgrader" not in first.metadata
    assert first.source.endswith("\n\n    `<b>` is a link")
    for cell, place in zip(others, pristine.cells, strict=True):
        assert (cell.id, cell.source) == (place.id, place.source)
        assert cell.metadata == place.metadata and not cell.get("execution_count")
    assert set(read_scores(notebook).values()) == {0}


def test_stock_feedback_and_export_take_what_we_wrote(
    toy_class, pristine, run_nbgrader
):
    course = toy_class.course
    eve = unreadable("01_toy.ipynb is empty (0 bytes)")
    with Record("", course) as record:
        record.prepare(read_assignment(course / "source", SLUG))
        record.write(*eve)
    for work in (*toy_class.work.values(), eve):
        write_autograded(course, pristine, *work)
    convert("GenerateFeedback", settings(course), SLUG)
    pages = {
        path.parts[-3]: path.read_text(encoding="utf-8")
        for path in (course / "feedback").glob(f"*/{SLUG}/{SLUG}.html")
    }
    assert set(pages) == {"ann", "cat", "dan", "eve"}
    assert "the columns are summed" in pages["ann"] and "mine" in pages["ann"]
    assert "is empty (0 bytes)" in pages["eve"]
    assert "No response." in pages["cat"] and "No response." not in pages["eve"]
    run_nbgrader(course, ["export"])
    lines = (course / "grades.csv").read_text(encoding="utf-8").splitlines()
    scores = {line.split(",")[3]: float(line.split(",")[9]) for line in lines[1:]}
    assert scores == {"ann": 4, "cat": 6, "dan": 0, "eve": 0}
