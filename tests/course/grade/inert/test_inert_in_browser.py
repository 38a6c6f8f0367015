"""In a real browser nothing of a stranger's runs, in any page that shows it."""

import contextlib
import copy
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from browser import chromium, poke  # noqa: F401  a fixture
from hostile_outputs import HOST, VECTORS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from course.grade.feedback import feedback_page
from course.grade.inert import inert_markdown, make_inert
from course.grade.intake.submission import Submission
from course.grade.plan import Assignment, Cell
from course.grade.record.marks import Marks
from course.grade.result import Result
from course.stock import convert, settings

pytestmark = pytest.mark.filterwarnings("ignore")  # of nbgrader and nbconvert

ROOT = Path(__file__).parents[4]
SLUG, STUDENT = "01_hostile", "mallory"


def outputs(number, vector):
    """The outputs of a cell that shows one vector."""
    data = {vector.kind: vector.filled(number)}
    if vector.kind.endswith("json"):
        data[vector.kind] = {"model_id": data[vector.kind]}
    return [{"output_type": "display_data", "data": data, "metadata": {}}]


def hostile_cell(number, vector):
    """A cell of an autograded notebook that shows one vector."""
    if vector.kind == "markdown":
        grade = {"grade_id": f"m{number}", "grade": True, "solution": True, "points": 1}
        grade |= {"schema_version": 3, "locked": False, "task": False}
        cell = new_markdown_cell(vector.filled(number), metadata={"nbgrader": grade})
    elif vector.kind == "raw":
        cell = new_raw_cell(vector.filled(number))
        cell.metadata.raw_mimetype = "text/html"
    else:
        source = f"show({number})  # </pre><script>pwned({number})</script>"
        shown = nbformat.from_dict(outputs(number, vector))
        cell = new_code_cell(source, outputs=shown)
    cell.id = f"cell-{number}"
    return cell


def hostile_notebook(numbers):
    """A notebook of some of the vectors."""
    return new_notebook(cells=[hostile_cell(n, VECTORS[n]) for n in numbers])


def made_inert(notebook):
    """What grading stores: inert outputs and Markdown."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = nbformat.from_dict(make_inert(cell.outputs))
        else:
            cell.source = inert_markdown(cell.source)
    return notebook


def stock_config(folder, shows_inert):
    """The course's settings for a course in `folder`, with our step or without."""
    config = settings(ROOT, folder)
    if not shows_inert:
        config.HTMLExporter.preprocessors = []
    return config


def make_gradebook(folder):
    """A gradebook with one submission of a notebook of every vector."""
    from nbgrader.api import Gradebook

    folder.mkdir()
    course_id = settings(ROOT).CourseDirectory.course_id
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course_id) as gradebook:
        gradebook.add_assignment(SLUG)
        gradebook.add_notebook(SLUG, SLUG)
        for cell in hostile_notebook(EVERY).cells:
            if cell.cell_type == "markdown":
                grade_id, kind = cell.metadata.nbgrader.grade_id, cell.cell_type
                gradebook.add_grade_cell(
                    grade_id, SLUG, SLUG, max_score=1, cell_type=kind
                )
                gradebook.add_solution_cell(grade_id, SLUG, SLUG)
        gradebook.add_student(STUDENT)
        gradebook.add_submission(SLUG, STUDENT)


@pytest.fixture
def course(once, tmp_path):
    """A course's folder with a gradebook that knows the submission."""
    shutil.copytree(once("hostile-gradebook", make_gradebook)[0], tmp_path / "course")
    return tmp_path / "course"


def in_stock_feedback(notebook, folder, shows_inert=False):
    """The page that `nbgrader generate_feedback` makes of an autograded notebook."""
    autograded = folder / "autograded" / STUDENT / SLUG
    autograded.mkdir(parents=True)
    nbformat.write(notebook, autograded / f"{SLUG}.ipynb")
    config = stock_config(folder, shows_inert)
    convert("GenerateFeedback", config, SLUG, STUDENT)
    return folder / "feedback" / STUDENT / SLUG / f"{SLUG}.html"


def in_formgrader(notebook, folder, shows_inert=False):
    """The page that formgrader shows, from its own exporter and template."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

    config = stock_config(folder, shows_inert)
    config.merge(FormgradeExtension().build_extra_config())
    facts = ["assignment_id", "notebook_id", "submission_id", "student", "last_name"]
    resources = dict.fromkeys([*facts, "first_name", "notebook_path"], "x")
    resources |= {"index": 0, "total": 1, "base_url": ""}
    path = folder / "formgrader.html"
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources)
    path.write_text(page, encoding="utf-8")
    return path


def in_our_feedback(notebook, folder, has_policy=True):
    """Our own feedback page, with its content security policy or without."""
    kinds = {"markdown": "remark", "raw": "remark", "code": "extra"}
    cells = tuple(Cell(kinds[c.cell_type], c.id, c.source) for c in notebook.cells)
    shown = {c.id: c.outputs for c in notebook.cells if c.cell_type == "code"}
    result = Result(STUDENT, SLUG, outputs=shown)
    assignment = Assignment(SLUG, (Cell("prose", "p", "# Hostile"),), "")
    page = feedback_page(assignment, Submission(STUDENT, cells), result, Marks({}, 0))
    if not has_policy:
        assert "Content-Security-Policy" in page
        page = page.replace("Content-Security-Policy", "nothing")
    path = folder / "ours.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def watch(chromium):  # noqa: F811
    """Open a page, do whatever a person could do, and tell which vectors ran."""

    from playwright.sync_api import Error

    def open_and_poke(path: Path) -> set[int]:
        ran = set()
        assert path.stat().st_size > 1000
        page = chromium.new_page()
        page.expose_function("pwned", lambda number: ran.add(number))
        page.on("dialog", lambda dialog: (ran.add("dialog"), dialog.dismiss()))

        def on_request(route):
            if match := re.match(rf"{HOST}/(\d+)", route.request.url):
                ran.add(int(match[1]))
            route.abort()

        page.context.route(re.compile("^(https?|ws):"), on_request)
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_timeout(300)
        with contextlib.suppress(Error):  # it went elsewhere meanwhile
            poke(page, "#notebook *, main *")
        page.wait_for_timeout(500)
        if page.url.partition("#")[0] != path.as_uri():
            ran.add("left the page")
        page.close()
        return ran

    return open_and_poke


EVERY = range(len(VECTORS))
ALONE = {number for number in EVERY if VECTORS[number].alone}
RUN_IN_STOCK = {number for number in EVERY if VECTORS[number].runs}


def not_run(expected, ran):
    """The vectors that should have run and did not."""
    return [VECTORS[number].content for number in sorted(expected - ran)]


def test_there_are_many_vectors():
    assert len(VECTORS) >= 40
    assert sum(vector.runs for vector in VECTORS) >= 40


@pytest.mark.parametrize("show", [in_stock_feedback, in_formgrader])
def test_without_inert_outputs_the_vectors_do_run(watch, course, show):
    ran = watch(show(hostile_notebook(set(EVERY) - ALONE), course))
    assert not_run(RUN_IN_STOCK - ALONE, ran) == []


@pytest.mark.parametrize("number", sorted(ALONE & RUN_IN_STOCK))
def test_a_vector_that_leaves_the_page_does_run(watch, course, number):
    assert watch(in_formgrader(hostile_notebook([number]), course)) >= {number}


@pytest.mark.parametrize("show", [in_stock_feedback, in_formgrader])
def test_what_grading_stores_runs_nothing_in_stock_pages(watch, course, show):
    assert watch(show(made_inert(hostile_notebook(EVERY)), course)) == set()


@pytest.mark.parametrize("show", [in_stock_feedback, in_formgrader])
def test_with_our_step_hostile_notebooks_run_nothing(watch, course, show):
    page = show(hostile_notebook(EVERY), course, shows_inert=True)
    assert watch(page) == set()


@pytest.mark.parametrize("has_policy", [True, False])
def test_our_page_runs_nothing_even_without_its_policy(watch, course, has_policy):
    page = in_our_feedback(hostile_notebook(EVERY), course, has_policy)
    assert watch(page) == set()


@pytest.mark.parametrize("has_policy", [True, False])
def test_our_pages_policy_holds_alone(watch, course, monkeypatch, has_policy):
    monkeypatch.setattr("course.grade.feedback.make_inert", lambda outputs: outputs)
    numbers = {n for n in EVERY if VECTORS[n].kind == "text/html"} - ALONE
    ran = watch(in_our_feedback(hostile_notebook(numbers), course, has_policy))
    assert len(ran) == 0 if has_policy else len(ran) > 30
