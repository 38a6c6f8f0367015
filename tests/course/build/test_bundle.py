"""The students' bundle: what they need, nothing else, and it works."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from click.testing import CliRunner

from course import cli
from course.build import pipeline
from course.build.bundle import Leak, bundle
from course.chapters import find_chapters, read_chapter
from course.regions import region_lines, split_hidden

SLUG = "01_toy"
ROOT = Path(__file__).parents[3]
FROM_ROOT = ("LICENSE", "environment.yml", "pyproject.toml", "requirements.txt")
FROM_ROOT += ("requirements-no-deps.txt", "requirements-lock.txt")
FROM_ROOT += ("jupyter_lab_config.py", "setup.py")


@pytest.fixture
def course(built_toy_copy: Path, monkeypatch) -> Path:
    """The toy course with all that a bundle takes; it is built already."""
    for name in FROM_ROOT:
        shutil.copy(ROOT / name, built_toy_copy)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "utils", built_toy_copy / "utils", ignore=ignored)

    def copy_built(root, target, folders, say):
        for name in ("notebooks", "source", "release"):
            shutil.copytree(root / name, target / name)

    monkeypatch.setattr(pipeline, "build_into", copy_built)
    return built_toy_copy


def quiet(text: str) -> None:
    """Say nothing."""


def texts(folder: Path) -> dict[str, str]:
    """Every file's text; notebooks also with their cells' plain sources."""
    found = {}
    for path in (p for p in folder.rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            text += "\n".join("".join(cell["source"]) for cell in cells)
        found[path.relative_to(folder).as_posix()] = text
    return found


def secrets(course: Path):
    """Every solution, every right answer and every hidden test, as they are written."""
    for folder in find_chapters(course):
        chapter = read_chapter(folder)
        for cell in (
            *chapter.cells("exercise").values(),
            *chapter.cells("manual").values(),
        ):
            lines = cell.source.splitlines()
            yield "\n".join(lines[i - 1] for i in sorted(region_lines(cell.source)))
        yield from (a.source for a in chapter.answers)
        yield from (split_hidden(c.source)[1] for c in chapter.cells("test").values())


def test_a_bundle_holds_what_students_need_and_nothing_else(course, tmp_path):
    (course / "utils" / "notes.db").write_bytes(b"x")
    (course / "release" / SLUG / ".ipynb_checkpoints").mkdir()
    files = bundle(course, tmp_path / "out" / "handout", quiet)
    assert files == sorted(texts(tmp_path / "out" / "handout"))
    packages = ("utils/", "course/")
    assert [f for f in files if not f.startswith(packages)] == [
        "LICENSE",
        "README.md",
        "environment.yml",
        "home.md",
        "jupyter_lab_config.py",
        "nbgrader_config.py",
        f"notebooks/{SLUG}.ipynb",
        "pyproject.toml",
        f"release/{SLUG}/{SLUG}.ipynb",
        "requirements-lock.txt",
        "requirements-no-deps.txt",
        "requirements.txt",
        "setup.py",
    ]
    assert {f for f in files if f.startswith("course/")} >= {
        "course/__init__.py",
        "course/environment.py",
        "course/jupyter/overrides.json",
        "course/student/commands.py",
        "course/student/etc/jupyter_lab_config.py",
    }
    assert {Path(f).parts[1] for f in files if f.startswith("course/")} == {
        "__init__.py",
        "environment.py",
        "jupyter",
        "student",
    }
    assert {Path(f).suffix for f in files if f.startswith("utils/")} == {
        ".py",
        ".mplstyle",
    }


def test_no_file_of_a_bundle_holds_a_solution(course, tmp_path):
    bundle(course, tmp_path / "handout", quiet)
    everything = "\n".join(texts(tmp_path / "handout").values())
    for secret in secrets(course):
        assert secret not in everything
        assert json.dumps(secret)[1:-1] not in everything


def test_the_grep_sees_a_solution(course):
    source = "\n".join(texts(course / "source").values())
    exercises = read_chapter(course / "chapters" / SLUG).cells("exercise")
    assert sum(secret in source for secret in secrets(course)) >= len(exercises)


def test_the_readme_says_where_things_are_and_only_what_is_true(course, tmp_path):
    handout = tmp_path / "handout"
    files = bundle(course, handout, quiet)
    readme = (handout / "README.md").read_text(encoding="utf-8")
    link = f"[exercises](release/{SLUG}/{SLUG}.ipynb)"
    assert (
        f"| 01 A toy chapter | [lecture](notebooks/{SLUG}.ipynb) | {link} |" in readme
    )
    assert "CHAPTERS" not in readme
    for name in (
        "environment.yml",
        "requirements-lock.txt",
        "requirements-no-deps.txt",
    ):
        assert name in readme
        assert name in files
    for text in (readme, (handout / "environment.yml").read_text(encoding="utf-8")):
        for word in ("course doctor", "course build", "make lab", "postBuild"):
            assert word not in text


def test_what_a_bundle_installs_is_the_courses_environment(course, tmp_path):
    bundle(course, tmp_path / "handout", quiet)
    ours, theirs = (
        yaml.safe_load((folder / "environment.yml").read_text(encoding="utf-8"))
        for folder in (ROOT, tmp_path / "handout")
    )
    assert ours == theirs
    project = tomllib.loads((tmp_path / "handout" / "pyproject.toml").read_text())
    assert project["project"]["scripts"] == {"course": "course.student.commands:main"}
    for paths in project["tool"]["setuptools"]["data-files"].values():
        assert all((tmp_path / "handout" / path).is_file() for path in paths)


STUDENT = """
import sys, nbformat
import utils
notebook = nbformat.read(sys.argv[1], as_version=4)
print(utils.__file__)
names = {"__name__": "__main__"}
for cell in notebook.cells:
    if cell.cell_type == "code":
        try:
            exec(cell.source, names)
        except AssertionError as verdict:
            print(str(verdict).replace("\\n", " "))
"""


def run_as_student(handout: Path, answers: dict[str, str]):
    """Answer the released notebook and run its cells, with the bundle's utils alone."""
    path = handout / "release" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    nbformat.write(notebook, path)
    return subprocess.run(
        [sys.executable, "-c", STUDENT, path],
        cwd=handout,
        env={**os.environ, "PYTHONPATH": str(handout), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
    )


def test_the_bundle_works_with_its_own_utils(course, tmp_path):
    bundle(course, tmp_path / "handout", quiet)
    chapter = read_chapter(course / "chapters" / SLUG)
    answers = {e: chapter.bank(e, "right")[0].source for e in ("half", "row_sums")}
    answers["row_sums"] = chapter.bank("row_sums", "wrong")[0].source
    result = run_as_student(tmp_path / "handout", answers)
    assert result.returncode == 0, result.stderr
    where, half, row_sums, count_above = result.stdout.splitlines()
    assert where == str(tmp_path / "handout" / "utils" / "__init__.py")
    assert half.startswith("half: right (1 point)")
    assert row_sums.startswith(
        "row_sums: wrong. Likely mistake: the columns are summed."
    )
    assert count_above.startswith("count_above: not attempted.")


def run_in(handout: Path, *words: str):
    """Run a Python program with nothing of ours but what lies in the bundle."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=handout,
        env={**os.environ, "PYTHONPATH": str(handout), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
    )


def test_a_student_with_the_bundle_alone_has_the_commands(course, tmp_path):
    handout = tmp_path / "handout"
    bundle(course, handout, quiet)
    command = "import sys; from course.student.commands import main; main()"
    started = run_in(handout, "-c", command, "start")
    made = [f"work/lectures/{SLUG}.ipynb", f"work/{SLUG}/{SLUG}.ipynb"]
    assert started.stdout.splitlines() == made, started.stderr
    shown = run_in(handout, "-c", command, "progress", "--json")
    assert json.loads(shown.stdout)[0]["slug"] == SLUG, shown.stderr
    put_back = run_in(handout, "-c", command, "restore", SLUG)
    assert "nothing to put back" in put_back.stdout, put_back.stderr


HOME = """
import asyncio, course, os
from course.student.contents import CourseContents
assert course.__file__.startswith(os.getcwd())
contents = CourseContents(root_dir=os.getcwd())
print(asyncio.run(contents.get("home.md", type="file"))["content"])
"""


def test_its_home_page_says_where_the_student_is(course, tmp_path):
    handout = tmp_path / "handout"
    bundle(course, handout, quiet)
    page = run_in(handout, "-c", HOME)
    assert "**Next:** read [01 A toy chapter](work/lectures/" in page.stdout, (
        page.stderr
    )
    assert f"(work/{SLUG}/{SLUG}.ipynb)" in page.stdout
    for words in ("course doctor", "Instructors", "make lab"):
        assert words not in (handout / "home.md").read_text(encoding="utf-8")


SETTINGS = """
from jupyterlab.labapp import LabApp
LabApp.clear_instance()
app = LabApp()
app.load_config_file()
server = app.config.ServerApp
print(server.contents_manager_class, app.config.LabApp.default_url)
print(*server.get("jpserver_extensions", {}))
"""


def test_jupyter_lab_without_arguments_reads_its_settings_there_alone(course, tmp_path):
    handout = tmp_path / "handout"
    bundle(course, handout, quiet)
    shutil.copy(handout / "jupyter_lab_config.py", tmp_path)
    etc = Path("course", "student", "etc", "jupyter_lab_config.py")
    installed = tmp_path / "etc" / etc.name
    installed.parent.mkdir()
    shutil.copy(handout / etc, installed)
    environ = {**os.environ, "PYTHONPATH": str(handout)}
    environ["JUPYTER_CONFIG_PATH"] = str(installed.parent)
    here, elsewhere = (
        subprocess.run(
            [sys.executable, "-c", SETTINGS],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for folder in (handout, tmp_path)
    )
    settings, *extensions = here.splitlines()
    assert settings == "course.student.contents.CourseContents /lab/tree/home.md"
    assert extensions == ["course.student.phone"]  # and not formgrader's
    assert "CourseContents" not in elsewhere


def test_a_folder_that_holds_something_is_refused(course, tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="nothing was changed"):
        bundle(course, tmp_path, quiet)
    with pytest.raises(FileExistsError):
        bundle(course, tmp_path / "keep.txt", quiet)
    assert (tmp_path / "keep.txt").read_text() == "mine"


def test_an_empty_folder_is_filled(course, tmp_path):
    (tmp_path / "handout").mkdir()
    assert bundle(course, tmp_path / "handout", quiet)
    assert (tmp_path / "handout" / "README.md").is_file()


@pytest.mark.parametrize("name", ["requirements.txt", "LICENSE"])
def test_a_bundle_with_a_secret_is_refused_and_nothing_is_written(
    course, tmp_path, name
):
    with (course / name).open("a") as file:
        file.write("# check.probe(half, torch.tensor([[5.0, 7.0]]))\n")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(
        Leak, match=f"{SLUG}: {name} holds a line of half's hidden test"
    ):
        bundle(course, tmp_path / "handout", quiet)
    assert sorted(tmp_path.iterdir()) == before


def test_a_missing_file_leaves_nothing_behind(course, tmp_path):
    (course / "LICENSE").unlink()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileNotFoundError, match="LICENSE"):
        bundle(course, tmp_path / "handout", quiet)
    assert sorted(tmp_path.iterdir()) == before


def test_the_command_lists_what_it_wrote_and_fails_on_a_full_folder(
    course, tmp_path, monkeypatch
):
    monkeypatch.setattr(cli, "reproducible", lambda: None)
    words = ["--root", str(course), "bundle", str(tmp_path / "handout")]
    result = CliRunner().invoke(cli.main, words)
    assert result.exit_code == 0, result.output
    assert "README.md" in result.stdout.splitlines()
    result = CliRunner().invoke(cli.main, words)
    assert result.exit_code == 1
    assert "not an empty folder" in result.stderr
