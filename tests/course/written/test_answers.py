"""Written answers in the gradebook and as they are shown: pictures, code, tasks."""

from pathlib import Path

import nbformat
import pytest
from written_class import QUESTION, SLUG, TEXTS, db_url, make_course, record_all

from course.grade import command
from course.grade.intake.submission import read_submission
from course.grade.plan import read_assignment
from course.grade.record.autograded import write_all
from course.grade.record.ledger import Record
from course.grade.result import Result
from course.written.answers import Answers, Refused, Stale, read_points
from course.written.shown import show_answer, show_question
from tests.brought.making import KERNEL, by_hand, task, text, written
from tests.course.grade.inert.shown import picture


@pytest.fixture
def course(built_toy, tmp_path):
    texts = {"ann": TEXTS["ann"], "ben": None}
    return make_course(built_toy, tmp_path / "course", texts)


def only(course, slug=SLUG):
    """The assignment's first question."""
    with Answers(db_url(course)) as answers:
        return answers.questions(slug)[0]


def test_who_left_the_question_out_waits_for_nobody(course):
    question = only(course)
    assert (question.id, question.points) == (QUESTION, 2)
    assert (question.answers, question.waiting) == (2, 1)
    with Answers(db_url(course)) as answers:
        found = {answer.student: answer for answer in answers.answers(question)}
    assert (found["ann"].score, found["ann"].waits) == (None, True)
    assert (found["ben"].score, found["ben"].waits) == (0, False)
    assert found["ben"].comment == ""  # nbgrader's "No response." is none of a person


def test_nothing_is_half_saved(course, monkeypatch):
    question = only(course)

    def stop(*arguments):
        raise RuntimeError("stopped between points and comment")

    with Answers(db_url(course)) as answers:
        answer = answers.answers(question)[0]
        monkeypatch.setattr(Answers, "_write_comment", stop)
        given = (answer.id, answer.version(""), 1.0, "Good.", lambda answer: "")
        with pytest.raises(RuntimeError, match="between points and comment"):
            answers.save(question, *given)
        assert answers.answers(question)[0] == answer


def test_what_is_gone_or_out_of_range_is_not_saved(course):
    question = only(course)
    with Answers(db_url(course)) as answers:
        with pytest.raises(Stale, match="no longer in the gradebook"):
            answers.save(question, "gone", "", 1.0, "", lambda answer: "")
        with pytest.raises(Refused, match="2.1 points are out of range: 0 to 2"):
            answers.save(question, "gone", "", 2.1, "", lambda answer: "")


@pytest.mark.parametrize(("text", "points"), [("1", 1), (" 1,5 ", 1.5), ("0", 0)])
def test_points_are_read_as_people_write_them(text, points):
    assert read_points(text) == points


@pytest.mark.parametrize("text", ["", "1.5.1", "1e999", "NaN", "1 of 2"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Refused, match=r"Write one such as 1.5"):
        read_points(text)


def test_pictures_stand_beneath_the_answer_here_and_in_feedback(course):
    pasted = {"image.png": {"image/png": picture()}}
    record_all(course, {"ann": "See ![it](attachment:image.png)"}, pasted)
    shown = show_answer(course, "ann", only(course))
    [part] = shown.parts
    assert part.source == '<pre class="prose">See [picture 1]</pre>'
    assert part.shown[0]["image"].startswith("data:image/png;base64,")
    assert part.shown[0]["alt"] == "Picture 1 of your answer."
    pages = {path.parts[-3]: path for path in command.feedback(course, SLUG)}
    html = pages["ann"].read_text(encoding="utf-8")
    assert part.shown[0]["image"] in html and "attachment:" not in html


def test_a_changed_picture_changes_what_was_seen(course):
    texts = {"ann": "See ![it](attachment:image.png)"}
    record_all(course, texts, {"image.png": {"image/png": picture()}})
    before = show_answer(course, "ann", only(course)).source
    record_all(course, texts)
    assert show_answer(course, "ann", only(course)).source != before


def test_the_question_ends_where_its_answer_stands(course):
    prompt, sample = show_question(read_assignment(course / "source", SLUG), QUESTION)
    assert "When is half of an integer no integer?" in prompt
    assert "Counting" not in prompt
    assert "2 does not divide it" in sample and "SOLUTION" not in sample


NOTEBOOKS = {
    "one": [text("# Essays\n\nWhy?"), written("why", 2), by_hand("code", 1, "x = 1")],
    "two": [text("# Work"), task("job", 3, "Do it below.")],
}
ALONE = {"one": NOTEBOOKS["one"], "two": [text("# Nothing to do")]}


def make_essays(folder: Path, notebooks: dict[str, list]) -> Path:
    """Two notebooks that were brought along, answered by Ann: text, code and a task."""
    for place in ("source/essays", "submitted/ann/essays"):
        for name, cells in notebooks.items():
            nodes = [
                nbformat.from_dict({**cell, "id": f"{name}-{number}"})
                for number, cell in enumerate(cells)
            ]
            if place.startswith("submitted") and name == "one":
                nodes[1].source, nodes[2].source = "As I *say*.", "x = 2"
            if place.startswith("submitted") and name == "two":
                nodes.append(nbformat.v4.new_markdown_cell("My work.", id="mine"))
            facts = {"kernelspec": KERNEL}
            made = nbformat.v4.new_notebook(cells=nodes, metadata=facts)
            (folder / place).mkdir(parents=True, exist_ok=True)
            nbformat.write(made, folder / place / f"{name}.ipynb")
    assignment = read_assignment(folder / "source", "essays")
    with Record("", folder) as record:
        pristine = record.prepare_all(assignment)
        submission = read_submission(folder / place, assignment, "ann")
        assert not submission.problem
        result = Result("ann", "essays", submission_digest=submission.digest)
        write_all(folder, pristine, assignment, submission, result)
        record.write(submission, result)
    return folder


def test_a_question_is_called_as_the_assignment_calls_it(tmp_path):
    essays = make_essays(tmp_path, ALONE)
    with Answers(db_url(essays)) as answers:
        found = {question.id for question in answers.questions()}
    by_person = read_assignment(essays / "source", "essays").by_person()
    assert found == {cell.grade_id for cell in by_person} == {"one/why", "one/code"}


def test_several_notebooks_code_and_a_task_are_questions_too(tmp_path):
    essays = make_essays(tmp_path, NOTEBOOKS)
    assignment = read_assignment(essays / "source", "essays")
    with Answers(db_url(essays)) as answers:
        found = {question.id: question for question in answers.questions()}
        assert {q.id: (q.points, q.waiting) for q in found.values()} == {
            "one/code": (1, 1),
            "one/why": (2, 1),
            "two/job": (3, 1),
        }
        for question in found.values():
            shown = show_answer(essays, "ann", question)
            [answer] = answers.answers(question)
            given = (answer.version(shown.source), 0.5, f"On {question.id}.")
            answers.save(question, answer.id, *given, lambda a, s=shown: s.source)
    sources = {
        name: [part.source for part in show_answer(essays, "ann", question).parts]
        for name, question in found.items()
    }
    assert "As I *say*." in sources["one/why"][0]
    assert 'class="code"' in sources["one/code"][0]
    job, own = sources["two/job"]
    assert "Do it below." in job and "My work." in own
    assert "Do it below." in show_question(assignment, "two/job")[0]
    with Record("", essays) as record:
        cells = record.marks("essays")["ann"].cells
    assert {name: (mark.score, mark.by_hand) for name, mark in cells.items()} == (
        dict.fromkeys(found, (0.5, True))
    )
    assert cells["one/why"].comment == "On one/why."
