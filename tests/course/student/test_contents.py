"""JupyterLab reads the live home page and never writes it; all else is as it was."""

import asyncio
import json
import shutil
import subprocess
from copy import deepcopy

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupytext import build_async_jupytext_contents_manager_class
from tornado.web import HTTPError

from course.requirements import ROOT
from course.student import copies, lectures
from course.student.contents import CourseContents
from course.student.home import HEAD


@pytest.fixture(params=["ours", "jupytext's over ours"])
def contents(work, request):
    """What JupyterLab uses: jupytext derives its own class from the one configured."""
    made = CourseContents
    if request.param != "ours":
        made = build_async_jupytext_contents_manager_class(CourseContents)
    return made(root_dir=str(work.root))


@pytest.fixture
def handed_out(work, built_toy):
    """The toy notebooks as they are handed out, with a link, and the copies of both."""
    (work.root / "notebooks").mkdir()
    shutil.copy(built_toy / "notebooks/01_toy.ipynb", work.root / "notebooks")
    notebook = nbformat.read(work.pristine, as_version=4)
    text = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    text.source += "\n\nSee [it](../../notebooks/01_toy.ipynb#Idea)."
    nbformat.write(notebook, work.pristine)
    copies.start(work.root)


def get(contents, path, **asked) -> dict:
    return asyncio.run(contents.get(path, **asked))


def save(contents, path, content) -> dict:
    model = {"type": "file", "format": "text", "content": content}
    if not isinstance(content, str):
        model = {"type": "notebook", "format": "json", "content": content}
    return asyncio.run(contents.save(model, path))


def test_the_home_page_is_made_as_it_is_read(contents, work):
    text = (work.root / "home.md").read_text()
    model = get(contents, "/home.md", type="file")
    assert HEAD in model["content"] and model["writable"]
    assert (work.root / "home.md").read_text() == text
    work.answer({"half": "def half(x): return x / 2"})
    assert "1 not tested" in get(contents, "home.md", type="file")["content"]


def test_saving_the_page_by_accident_leaves_the_file_as_it_was(contents, work):
    text = (work.root / "home.md").read_bytes()
    content = get(contents, "home.md", type="file")["content"]
    assert save(contents, "home.md", content)["path"] == "home.md"
    assert (work.root / "home.md").read_bytes() == text


def test_without_content_nothing_is_rendered(contents, work):
    model = get(contents, "home.md", type="file", content=False)
    assert model["content"] is None
    assert not work.path.exists()


@pytest.mark.parametrize(
    ("path", "mine"),
    [
        ("notebooks/01_toy.ipynb", "work/lectures/01_toy.ipynb"),
        ("release/01_toy/01_toy.ipynb", "work/01_toy/01_toy.ipynb"),
    ],
)
def test_what_is_handed_out_is_read_and_not_written(
    contents, work, handed_out, path, mine
):
    before = (work.root / path).read_bytes()
    model = get(contents, path)
    assert not model["writable"] and not get(contents, path, content=False)["writable"]
    with pytest.raises(HTTPError, match=f"403.*write into your copy, {mine}"):
        save(contents, path, model["content"])
    assert (work.root / path).read_bytes() == before
    model = get(contents, mine)
    assert model["writable"]
    model["content"].cells[0].source += " And a note."
    save(contents, mine, model["content"])
    assert "And a note." in (work.root / mine).read_text()


def test_links_of_exercises_lead_to_the_copies_and_the_file_keeps_its_own(
    contents, work, handed_out
):
    before = work.path.read_bytes()
    content = get(contents, "work/01_toy/01_toy.ipynb")["content"]
    assert "[it](../lectures/01_toy.ipynb#Idea)" in content.cells[0].source
    given = deepcopy(content)
    save(contents, "work/01_toy/01_toy.ipynb", content)
    assert content == given
    saved = nbformat.reads(work.path.read_text(), as_version=4)
    assert saved == nbformat.reads(before.decode(), as_version=4)
    assert (work.path.parent / "../../notebooks/01_toy.ipynb").is_file()
    assert (work.path.parent / "../lectures/01_toy.ipynb").is_file()


FOR_STUDENTS = {"home.md", "notebooks", "release", "README.md"}


def listed(contents, path: str = "") -> set[str]:
    """What the list of files shows of a folder."""
    return {entry["name"] for entry in get(contents, path)["content"]}


def test_a_student_sees_what_a_student_needs_and_an_instructor_all(contents, work):
    for name in ("source", "tests", "hub", "my notes", "work/tests"):
        (work.root / name).mkdir(parents=True, exist_ok=True)
    for name in ("gradebook.db", "Makefile", "README.md", "mine.ipynb"):
        (work.root / name).write_text("{}")
    needed = {"home.md", "release", "work", "README.md"}
    assert listed(contents) == {*needed, "my notes", "mine.ipynb"}
    assert listed(contents, "work") == {"tests"}  # a student's own, by whatever name
    contents.show_all = True
    assert {*needed, "source", "tests", "hub", "gradebook.db"} <= listed(contents)


def shown_to_students(names: list[str]) -> set[str]:
    """What of these names the list of files shows."""
    contents = CourseContents(root_dir=str(ROOT))
    return {name for name in names if contents._shows(name)}


def test_of_what_git_keeps_students_see_no_more_than_they_need():
    """Whoever adds a file or a folder to the course decides whom it is for."""
    command = ["git", "ls-tree", "--name-only", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in done.stdout.split() if not name.startswith(".")]
    assert shown_to_students(names) == FOR_STUDENTS
    assert "new_folder" in shown_to_students(["new_folder", *names])


def test_of_what_git_ignores_students_see_their_work_alone():
    lines = (ROOT / ".gitignore").read_text().split()
    names = {line.strip("/").split("/")[0] for line in lines if line[:1] == "/"}
    assert {"reports", "students.csv"} <= names
    assert shown_to_students(sorted(names)) == {"work"}


def end_of(contents, path: str):
    """The last cell of a notebook as it is opened."""
    return get(contents, path)["content"].cells[-1]


def test_a_lecture_ends_with_its_exercises_and_how_far_they_are(
    contents, work, handed_out
):
    mine = "work/lectures/01_toy.ipynb"
    end = end_of(contents, mine)
    assert "[4 exercises, 8 points](../01_toy/01_toy.ipynb)" in end.source
    assert end.source.endswith("Not begun yet.") and not end.metadata.editable
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "right")
    end = end_of(contents, mine)
    assert end.source.endswith("<br>1 right, 3 not attempted; 1 of 8 points")
    built = end_of(contents, "notebooks/01_toy.ipynb")
    assert "(../work/01_toy/01_toy.ipynb)" in built.source


def test_the_end_of_a_lecture_is_saved_nowhere(contents, work, handed_out):
    path = work.root / "work/lectures/01_toy.ipynb"
    before = lectures.cells_digest(json.loads(path.read_text()))
    for name in ("work/lectures/01_toy.ipynb", "work/lectures/a copy.ipynb"):
        content = get(contents, "work/lectures/01_toy.ipynb")["content"]
        assert "Your exercises" in content.cells[-1].source
        save(contents, name, content)
        saved = json.loads((work.root / name).read_text())
        assert lectures.cells_digest(saved) == before
    assert lectures.behind(work.root) == [] and copies.start(work.root) == []


def test_a_lecture_without_exercises_ends_as_it_was_written(contents, work, handed_out):
    path = "work/lectures/01_toy.ipynb"
    shutil.rmtree(work.root / "release")
    written = json.loads((work.root / path).read_text())["cells"][-1]["source"]
    assert end_of(contents, path).source == "".join(written)


@pytest.mark.parametrize("path", ["notes/home.md", "other.md", "release"])
def test_everything_else_is_as_jupyter_has_it(contents, work, path):
    (work.root / "notes").mkdir()
    for name in ("notes/home.md", "other.md"):
        (work.root / name).write_text("(release/01_toy/01_toy.ipynb)\n")
    kind = "file" if path.endswith(".md") else None
    plain = AsyncLargeFileManager(root_dir=str(work.root))
    assert get(contents, path, type=kind) == get(plain, path, type=kind)
    if kind:
        save(contents, path, "(work/01_toy/01_toy.ipynb)")
        assert (work.root / path).read_text() == "(work/01_toy/01_toy.ipynb)"


def test_the_folder_that_nbgrader_looks_into_is_there_from_the_start(contents, work):
    assert (work.root / "work").is_dir()


def test_a_course_that_cannot_be_written_is_shown_all_the_same(work, caplog):
    (work.root / "work").write_text("a file in its place")
    contents = CourseContents(root_dir=str(work.root))
    assert (
        "can't be made in `work/`" in get(contents, "home.md", type="file")["content"]
    )
