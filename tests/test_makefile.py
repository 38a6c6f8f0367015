"""The Makefile and .ci/run, with a made-up Python that writes down what it is asked."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course.requirements import ROOT

# Stands in for python3.11 and for every program of .venv/bin: writes its name, its
# arguments and what the recipe gave it into calls.txt; `fail` names one that fails.
FAKE = """\
#!/bin/bash
name=$(basename "$0")
echo "$name $*" >> calls.txt
echo "$name PATH=$PATH OMP=$OMP_NUM_THREADS CONFIG=$JUPYTER_CONFIG_DIR" >> environs.txt
echo "ALL=$COURSE_ALL" >> environs.txt
if [[ -s fail && "$name $*" == *"$(cat fail)"* ]]; then exit 1; fi
if [[ "$*" == "-m venv"* ]]; then
  mkdir -p "${@: -1}/bin"
  for program in python ruff course jupyter; do cp "$0" "${@: -1}/bin/$program"; done
fi
exit 0
"""
FILES = (
    "Makefile",
    ".ci/run",
    "pyproject.toml",
    "setup.py",
    "course/student/etc/jupyter_lab_config.py",
    "course/formgrade/mathjax.html.j2",
    "requirements.txt",
    "requirements-no-deps.txt",
    "requirements-lock.txt",
)
TOOLS = ("bash", "basename", "cat", "cp", "dirname", "env", "id", "ls", "make", "mkdir")
STEPS = [
    "ruff check .",
    "ruff format --check .",
    "python -m pytest tests",
    "course check --mutants --built",
    "python -m pytest --nbval-lax",
    "course site",
    "python -m pytest tests/site/check_pages.py",
    "python -m pytest tests/e2e tests/hub",
]


class Course:
    """A copy of the Makefile in a folder of its own, with the made-up Python."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in FILES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        self.python = folder / "python3.11"
        self.python.write_text(FAKE)
        self.python.chmod(0o755)

    def make(self, *arguments, python=None, **environ):
        return self.run(
            "make", f"PYTHON={python or './python3.11'}", *arguments, **environ
        )

    def run(self, *command, **environ):
        keep = {"PATH": os.environ["PATH"], "PYTHON": "./python3.11"}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=keep | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[str]:
        """What was called since the last time of asking."""
        file = self.folder / "calls.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    def fail(self, call: str) -> None:
        (self.folder / "fail").write_text(call)


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    return Course(folder)


def assert_in_order(parts, calls):
    """Each part begins or is in a call, in this order."""
    rest = iter(calls)
    for part in parts:
        assert any(part in call for call in rest), f"{part!r} not in order in {calls}"


def test_set_up_installs_under_the_lock_then_without_dependencies_then_the_project(
    course,
):
    done = course.make("setup")
    assert done.returncode == 0, done.stderr
    steps = [
        "-m venv --clear .venv",
        "-r requirements.txt -c requirements-lock.txt",
        "--no-deps -r requirements-no-deps.txt",
        "--no-deps --no-build-isolation -e .",
    ]
    assert_in_order(steps, course.calls())


@pytest.mark.parametrize("half", ["--no-deps cuda-", "-r /dev/fd/"])
def test_what_a_half_of_set_up_failed_to_install_the_whole_does(course, half):
    course.fail(half)
    assert course.make("setup").returncode == 0
    calls = course.calls()
    if platform.system() == "Linux" and platform.machine() == "x86_64":
        assert any(half in call for call in calls)
    whole = next(i for i, call in enumerate(calls) if "-r requirements.txt" in call)
    assert not any(half in call for call in calls[whole:])


def test_set_up_stops_when_the_packages_cannot_be_installed(course):
    course.fail("-r requirements.txt")
    assert course.make("setup").returncode != 0
    assert not (course.folder / ".venv/.installed").exists()


def test_the_second_set_up_does_nothing(course):
    course.make("setup")
    course.calls()
    assert course.make("setup").returncode == 0
    assert course.calls() == []


def test_a_changed_pin_is_installed_on_top_of_what_is_there(course):
    course.make("setup")
    course.calls()
    later = (course.folder / ".venv/.installed").stat().st_mtime + 10
    os.utime(course.folder / "requirements-lock.txt", (later, later))
    course.make("setup")
    calls = course.calls()
    assert_in_order(["-r requirements.txt -c requirements-lock.txt"], calls)
    assert not any("-m venv" in call for call in calls)


def test_a_moved_folder_is_set_up_from_nothing(course):
    course.make("setup")
    course.folder = course.folder.rename(course.folder.parent / "moved")
    course.calls()
    course.make("setup")
    assert_in_order(["-m venv --clear .venv", "-e ."], course.calls())


def test_an_interrupted_set_up_is_not_taken_for_a_finished_one(course):
    course.fail("--no-deps -r requirements-no-deps.txt")
    assert course.make("setup").returncode != 0
    course.fail("")
    course.calls()
    assert course.make("setup").returncode == 0
    assert_in_order(["-m venv --clear .venv", "-e ."], course.calls())


def test_without_a_python_it_says_what_to_do_and_makes_nothing(course):
    done = course.make("lab", python="no-such-python")
    assert done.returncode != 0
    assert "needs Python 3.11 (3.11.5 or later), 3.12 or 3.13" in done.stderr
    assert "make PYTHON=/path/to/python3.13 lab" in done.stderr
    assert not (course.folder / ".venv").exists()


def test_another_python_is_refused_as_well(course):
    course.fail("version_info")  # the made-up Python says that it is another
    done = course.make("setup")
    assert done.returncode != 0
    assert "'./python3.11' is none of them" in done.stderr


def test_the_first_python_that_fits_is_taken(course):
    programs = course.folder / "programs"
    programs.mkdir()
    for name in ("python3.11", "python3.12", "python3.13"):
        shutil.copy(course.python, programs / name)
    found = {"PATH": f"{programs}:{os.environ['PATH']}"}
    course.fail("python3.11 -c")  # a shim without its Python, or an old 3.11
    done = course.run("env", "-u", "PYTHON", "make", "setup", **found)
    assert done.returncode == 0, done.stderr
    assert "python3.12 -m venv --clear .venv" in course.calls()


def test_where_no_python_fits_it_says_so(course):
    course.fail("version_info")
    programs = course.folder / "programs"
    programs.mkdir()
    for name in ("python3.11", "python3.12", "python3.13", "python3"):
        shutil.copy(course.python, programs / name)
    found = {"PATH": f"{programs}:{os.environ['PATH']}"}
    done = course.run("env", "-u", "PYTHON", "make", "lab", **found)
    assert done.returncode != 0
    assert "module, and found none of them" in " ".join(done.stderr.split())
    assert not (course.folder / ".venv").exists()


def test_recipes_find_the_environments_programs_first_with_one_thread_each(course):
    assert course.make("bank").returncode == 0
    environs = (course.folder / "environs.txt").read_text().splitlines()
    [environ] = [line for line in environs if line.startswith("course ")]
    assert f"PATH={course.folder}/.venv/bin:" in environ
    assert "OMP=1" in environ
    assert f"CONFIG={course.folder}/.jupyter/" in environ


def test_threads_can_be_asked_for(course):
    course.make("bank", OMP_NUM_THREADS="4")
    assert "OMP=4" in (course.folder / "environs.txt").read_text()


def test_lab_builds_then_opens_jupyterlab_with_the_courses_settings(course):
    assert course.make("lab", "LAB_ARGS=--no-browser").returncode == 0
    lab = "jupyter lab --config=jupyter_lab_config.py --no-browser"
    assert_in_order(["-e .", "course build --changed", lab], course.calls())


def test_lab_lists_all_files_where_that_is_asked_for(course):
    course.make("lab")
    said = course.folder / "environs.txt"
    assert "ALL=1" not in said.read_text()
    course.make("lab", "ALL=1")
    assert said.read_text().splitlines()[-1] == "ALL=1"


def test_each_lab_asks_what_changed_and_opens(course):
    course.make("lab")
    course.calls()
    assert course.make("lab").returncode == 0
    build, lab = course.calls()
    assert build == "course build --changed" and lab.startswith("jupyter lab")


def test_lab_does_not_open_on_a_failed_build_and_builds_again(course):
    course.fail("course build")
    assert course.make("lab").returncode != 0
    assert not any(call.startswith("jupyter") for call in course.calls())
    course.fail("")
    course.make("lab")
    assert_in_order(["course build", "jupyter lab"], course.calls())


def git(course, *words: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    done = ["git", *who, *words]
    subprocess.run(done, cwd=course.folder, check=True, capture_output=True)


def write(course, *files: str) -> None:
    """Append a line to files, which are made if they are not there."""
    for file in files:
        path = course.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as text:
            text.write("# A line\n")


def quick(course) -> list[str]:
    """What make quick calls once all is set up."""
    course.make("setup")
    course.calls()
    done = course.make("quick")
    assert done.returncode == 0, done.stderr
    return course.calls()


def test_quick_runs_lint_and_tests_and_no_chapter_where_none_changed(course):
    calls = quick(course)
    tests = "python -m pytest tests --ignore=tests/e2e --ignore=tests/hub"
    assert_in_order(["ruff check .", "ruff format --check .", tests], calls)
    assert not any(call.startswith("course") or "nbval-lax" in call for call in calls)


def test_quick_looks_at_chapters_that_differ_from_main(course):
    slugs = ("03_same", "04_committed", "05_written", "06_new")
    write(course, *(f"chapters/{slug}/lecture.py" for slug in slugs[:3]))
    write(course, "chapters/07_gone/lecture.py")
    git(course, "init", "-q", "-b", "main")
    git(course, "add", "chapters")
    git(course, "commit", "-qm", "Main")
    git(course, "checkout", "-qb", "mine")
    write(course, "chapters/04_committed/answers.py", "chapters/syllabus.toml")
    git(course, "add", "chapters")
    git(course, "commit", "-qm", "Mine")
    write(course, "chapters/05_written/lecture.py", "chapters/06_new/lecture.py")
    shutil.rmtree(course.folder / "chapters/07_gone")
    calls = quick(course)
    assert "course check --built 04_committed 05_written 06_new" in calls
    [ran] = [call for call in calls if "nbval-lax" in call]
    files = [f"notebooks/{s}.ipynb source/{s}/{s}.ipynb" for s in slugs[1:]]
    assert ran.endswith(" ".join(files))


def test_what_quick_leaves_out_or_picks_is_there(course):
    text = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    for name, pattern in (
        ("SLOW", "tests/{}"),
        ("PURE", "tests/course/grade/{}"),
    ):
        listed = re.search(rf"^{name} := (.*)$", text, re.MULTILINE)[1].split()
        assert listed and all((ROOT / pattern.format(n)).exists() for n in listed)


def test_a_skipped_test_says_why(course):
    course.make("unit")
    assert any("pytest tests" in call and " -rs" in call for call in course.calls())


def test_demo_sets_up_and_runs_the_teaching_loop(course):
    assert course.make("demo").returncode == 0
    assert_in_order(["-e .", "course demo"], course.calls())


def test_bench_runs_each_benchmark_and_fails_with_it(course):
    (course.folder / "benchmarks").mkdir()
    for name in ("a.py", "b.py"):
        (course.folder / "benchmarks" / name).touch()
    assert course.make("bench").returncode == 0
    both = ["python benchmarks/a.py", "python benchmarks/b.py"]
    thousand = "python benchmarks/grading.py --thousand"
    assert_in_order([*both, thousand], course.calls())
    for program in ("benchmarks/a.py", "--thousand"):
        course.fail(program)
        assert course.make("bench").returncode != 0


def test_test_runs_every_step_in_order_under_a_heading(course):
    done = course.make("test")
    assert done.returncode == 0, done.stderr
    assert_in_order(STEPS, course.calls())
    assert done.stdout.count("\n== ") == len(STEPS)  # two ruff steps under one, the end


@pytest.mark.parametrize("step", STEPS)
def test_test_fails_when_a_step_fails(course, step):
    course.fail(step)
    done = course.make("test")
    assert done.returncode != 0
    assert "all checks passed" not in done.stdout


def test_a_failed_lock_leaves_the_old_one(course):
    before = (course.folder / "requirements-lock.txt").read_text()
    course.fail("course.requirements")
    assert course.make("lock").returncode != 0
    assert (course.folder / "requirements-lock.txt").read_text() == before


def test_clean_keeps_grades_and_settings(course):
    course.make("setup")
    (course.folder / ".jupyter").mkdir()
    (course.folder / "gradebook.db").touch()
    (course.folder / "utils/__pycache__").mkdir(parents=True)
    assert course.make("clean").returncode == 0
    left = {path.name for path in course.folder.iterdir()}
    assert {".jupyter", "gradebook.db"} <= left
    assert ".venv" not in left
    assert not (course.folder / "utils/__pycache__").exists()


def test_without_a_target_make_tells_what_there_is(course):
    told = course.make().stdout
    for target in ("lab", "test", "quick", "site", "demo", "bench", "lock", "clean"):
        assert f"make {target} " in told


def test_ci_runs_make_test_from_anywhere_and_without_input(course):
    ci = course.folder / ".ci/run"
    assert os.access(ci, os.X_OK)
    done = course.run(str(ci), CI="true")
    assert done.returncode == 0, done.stderr
    assert_in_order(["-e .", *STEPS], course.calls())


def test_ci_fails_when_a_check_fails(course):
    course.fail("course check --mutants")
    assert course.run(str(course.folder / ".ci/run"), CI="true").returncode != 0


@pytest.mark.parametrize("status", [0, 1])
def test_ci_fetches_the_browser_from_debian_and_fails_without(course, status):
    programs = course.folder / "programs"  # all that it needs, and no Chromium
    programs.mkdir()
    for name in TOOLS:
        (programs / name).symlink_to(shutil.which(name))
    fetch = f'echo "apt-get $*" >> calls.txt; [ "$2" = update ] || exit {status}'
    for name, text in {"sudo": 'exec "$@"', "apt-get": fetch}.items():
        (programs / name).write_text(f"#!/bin/bash\n{text}\n")
        (programs / name).chmod(0o755)
    done = course.run(str(course.folder / ".ci/run"), PATH=str(programs))
    assert (done.returncode != 0) == bool(status), done.stderr
    calls = course.calls()
    fetched = ["apt-get -qq update", "apt-get -qq install", "chromium postgresql"]
    assert_in_order(fetched[:2], calls)
    assert any(fetched[2] in call for call in calls)
    assert any("ruff check" in call for call in calls) == (status == 0)
