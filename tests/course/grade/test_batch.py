"""A class from submitted/ to gradebook: resumed, regraded, fed back."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
import psutil
import pytest
from click.testing import CliRunner
from test_inert import picture

from course.build.pipeline import build
from course.cli import main
from course.grade import command
from course.grade.batch import Class, find_assignment
from course.grade.engine.resident import Resident
from course.grade.record.ledger import Record
from course.report.attention import looks
from course.report.gather import read_class
from tests import forked

PNG = picture()
SLUG = "01_toy"
PROGRAMS = Path(sysconfig.get_path("scripts"))
WRONG = "def row_sums(X):\n    return X.sum(dim=0)\n"


def hand_in(root: Path, student: str, **answers: str) -> None:
    """The reference answers, some replaced, in submitted/."""
    notebook = nbformat.read(root / "source" / SLUG / f"{SLUG}.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.nbgrader.grade_id
        cell.source = answers.get(name, cell.source)
    folder = root / "submitted" / student / SLUG
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{SLUG}.ipynb")


@pytest.fixture
def course(built_toy_copy) -> Path:
    """Three students, one of whom handed in what is no notebook."""
    hand_in(built_toy_copy, "ann")
    hand_in(built_toy_copy, "bob", row_sums=WRONG)
    folder = built_toy_copy / "submitted" / "cat" / SLUG
    folder.mkdir(parents=True)
    (folder / f"{SLUG}.ipynb").write_text("<<<<<<< mine\n")
    return built_toy_copy


def options(**given) -> command.Options:
    return command.options(
        **{
            "workers": 2,
            "isolation": None,
            "cell_seconds": 20,
            "seconds": 60,
            "memory": 1,
            "db": "",
            "scheduler": "",
            **given,
        }
    )


def scores(results) -> dict[str, float]:
    return {result.student: result.score for result in results}


@pytest.fixture(autouse=True)
def fast_nurseries() -> Iterator[None]:
    with forked.nurseries():
        yield


def run(
    course: Path, *words: str, programs: Path = PROGRAMS, **how
) -> subprocess.Popen:
    """`course ...` as a process of its own."""
    return subprocess.Popen(
        [programs / "course", "--root", course, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        # pytest-xdist's workers ignore Ctrl-C, and a child would inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        **how,
    )


def test_a_class_is_graded_regraded_and_fed_back(course, read_grades, capsys):
    results = command.grade(course, SLUG, options())
    assert scores(results) == {"ann": 6, "bob": 4, "cat": 0}
    grades = read_grades(course)
    assert grades["ann"] == {
        "test_half": 1,
        "test_row_sums": 2,
        "test_count_above": 3,
        "odd_halves": "waits",
    }
    assert grades["bob"]["test_row_sums"] == 0
    assert "merge conflict" in {r.student: r.problem for r in results}["cat"]
    shown = capsys.readouterr().out
    assert "1 x the columns are summed" in shown
    assert shown.endswith("Formgrader, Manual Grading, Written answers\n")
    for student in ("ann", "bob", "cat"):
        notebook = course / "autograded" / student / SLUG / f"{SLUG}.ipynb"
        nbformat.validate(nbformat.read(notebook, as_version=4))

    # Once more: nobody is left. One hands in again, and only that one is graded.
    command.grade(course, SLUG, options())
    assert "0 graded now, 3 before" in capsys.readouterr().out
    shutil.rmtree(course / "submitted" / "bob")
    hand_in(course, "bob")
    results = command.grade(course, SLUG, options())
    assert "1 graded now, 2 before" in capsys.readouterr().out
    assert scores(results)["bob"] == 6

    when = course / "submitted" / "bob" / SLUG / "timestamp.txt"
    when.write_text("2031-05-06 07:08")
    command.grade(course, SLUG, options(), students=["bob"])
    pages = command.feedback(course, SLUG)
    assert "handed in 2031-05-06 07:08 UTC" in pages[1].read_text()
    assert [page.parent.parent.name for page in pages] == ["ann", "bob", "cat"]
    text = pages[1].read_text()
    assert "row_sums" in text
    assert "HIDDEN" not in text

    # A time that came or changed after grading counts, and nobody is graded for it.
    when.write_text("2031-05-06 11:08 CEST")
    capsys.readouterr()
    command.grade(course, SLUG, options())
    assert "0 graded now, 3 before" in capsys.readouterr().out
    pages = command.feedback(course, SLUG)
    assert "handed in 2031-05-06 09:08 UTC" in pages[1].read_text()


def test_the_nursery_imports_while_the_assignment_is_registered(course, monkeypatch):
    """Else the two take their seconds one after the other."""
    order: list[str] = []

    def noting(owner, name: str) -> None:
        whole = getattr(owner, name)

        def noted(*args, **given):
            order.append(name)
            return whole(*args, **given)

        monkeypatch.setattr(owner, name, noted)

    for owner, name in (
        (Resident, "_start"),
        (Record, "prepare_all"),
        (Resident, "await_ready"),
    ):
        noting(owner, name)
    assert scores(command.grade(course, SLUG, options()))["ann"] == 6
    assert order == ["_start", "prepare_all", "await_ready"]


def test_a_nursery_ends_with_a_batch_that_never_began(course, monkeypatch):
    def refuse(*args) -> None:
        raise RuntimeError("cells came")

    processes: list[subprocess.Popen] = []
    start = Resident._start

    def started(self, *given) -> None:
        start(self, *given)
        processes.append(self.process)

    monkeypatch.setattr(Resident, "_start", started)
    monkeypatch.setattr(Record, "prepare_all", refuse)
    with pytest.raises(RuntimeError, match="cells came"):
        command.grade(course, SLUG, options())
    assert [process.poll() is None for process in processes] == [False]


@pytest.mark.parametrize("count, is_worth_it", [(49, False), (50, True)])
def test_few_submissions_are_not_worth_large_pages(
    built_toy, monkeypatch, count, is_worth_it
):
    monkeypatch.setattr(
        command, "LocalPool", lambda _, make_engine, workers: make_engine
    )
    assignment = find_assignment(built_toy, SLUG)
    names = [f"s{number}" for number in range(count)]
    group = Class(built_toy, assignment, names, [], names)
    make_engine = command.start_pool(group, options())
    assert make_engine.keywords["large_pages"] is is_worth_it


def test_those_who_are_named_are_graded_again_and_nobody_else(course):
    command.grade(course, SLUG, options())
    for student in ("ann", "bob"):
        shutil.rmtree(course / "submitted" / student)
        hand_in(course, student, row_sums=WRONG, count_above="")
    words = ["--root", str(course), "grade", SLUG]
    told = CliRunner().invoke(main, [*words, "--student", "ann"])
    assert told.exit_code == 0 and "1 graded now, 2 before" in told.output
    told = CliRunner().invoke(main, [*words, "--regrade", "--student", "bob"])
    assert told.exit_code == 0 and "count_above" in told.output
    with Record("", course) as record:
        assert scores(record.results(SLUG)) == {"ann": 1, "bob": 4, "cat": 0}
    told = CliRunner().invoke(main, [*words, "--student", "dan"])
    assert told.exit_code == 1 and "'dan' handed in no 01_toy" in told.output
    assert "is ann meant?" in told.output


def test_who_is_new_in_a_class_that_has_names_is_told(course, capsys):
    command.grade(course, SLUG, options())
    assert "new in the gradebook" not in capsys.readouterr().out
    hand_in(course, "Ann")
    command.grade(course, SLUG, options())
    assert "new in the gradebook: Ann: is ann meant?" in capsys.readouterr().out


def test_who_was_not_graded_before_a_batch_was_stopped_is_not_asked_about(
    course, capsys
):
    """Ids of a class are much alike; a gradebook that was half filled is no class."""
    command.grade(course, SLUG, options(), students=["ann"])
    hand_in(course, "ani")
    command.grade(course, SLUG, options())
    assert "new in the gradebook" not in capsys.readouterr().out


def test_a_written_answer_that_was_typed_anew_waits_for_a_person(course, read_grades):
    path = course / "submitted" / "bob" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [
        c for c in notebook.cells if c.metadata.nbgrader.grade_id == "odd_halves"
    ]
    place = notebook.cells.index(cell)
    notebook.cells[place] = nbformat.v4.new_markdown_cell(
        "Because it is odd. ![](attachment:a.png)",
        attachments={"a.png": {"image/png": PNG}},
    )
    nbformat.write(notebook, path)
    command.grade(course, SLUG, options(), students=["bob"])
    assert read_grades(course)["bob"]["odd_halves"] == "waits"
    graded = course / "autograded" / "bob" / SLUG / f"{SLUG}.ipynb"
    answers = [
        c
        for c in nbformat.read(graded, as_version=4).cells
        if c.metadata.get("nbgrader", {}).get("grade_id") == "odd_halves"
    ]
    assert len(answers) == 1
    assert "Because it is odd. [picture 1]" in answers[0].source
    assert list(answers[0].attachments) == ["picture-1.png"]


def test_two_files_are_a_word_to_the_instructor_and_no_sign_of_tampering(course):
    folder = course / "submitted" / "ann" / SLUG
    (folder / f"{SLUG} (1).ipynb").write_text("{}")
    told = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert f"note: ann: graded is {SLUG}.ipynb, because" in told.output
    assert "look at: ann" not in told.output
    with Record("", course) as record:
        work = read_class(record, course, SLUG)
    assert work.results["ann"].flags == []
    reasons = [r.what for look in looks(work) for r in look.reasons]
    assert reasons == ["could not be read", "odd about the files"]


def test_a_folder_of_somebody_who_is_missed_is_asked_about(course, run_nbgrader):
    (course / "students.csv").write_text("id\nann\nbob\ncat\ndorothea\n")
    run_nbgrader(course, ["db", "student", "import", "students.csv"])
    hand_in(course, "dorotea")
    hand_in(course, "annn")
    told = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert "new in the gradebook: dorotea: is dorothea meant?" in told.output
    assert "new in the gradebook: annn\n" in told.output
    again = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert "new in the gradebook" not in again.output


def test_what_can_not_be_written_is_said_without_a_traceback(course):
    (course / "autograded").write_text("a file in the way")
    told = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert told.exit_code == 1 and isinstance(told.exception, SystemExit)
    assert "stopped by an error" in told.output and "autograded" in told.output
    (course / "autograded").unlink()
    command.grade(course, SLUG, options())
    shutil.rmtree(course / "feedback", ignore_errors=True)
    (course / "feedback").write_text("a file in the way")
    told = CliRunner().invoke(main, ["--root", str(course), "feedback", SLUG])
    assert told.exit_code == 1 and isinstance(told.exception, SystemExit)


def test_settings_that_can_not_be_read_are_named(course):
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Execute.timeout = (\n")
    told = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert told.exit_code == 1
    assert "nbgrader_config.py can't be read: SyntaxError" in told.output


def test_a_rule_for_late_submissions_that_fails_is_named(course):
    from nbgrader.api import Gradebook

    rule = "class Ours(LateSubmissionPlugin):"
    rule += "\n    late_submission_penalty = lambda *asked: 1 / 0"
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"from nbgrader.plugins import LateSubmissionPlugin\n{rule}\n")
        file.write("c.AssignLatePenalties.plugin_class = Ours\n")
    (course / "submitted" / "ann" / SLUG / "timestamp.txt").write_text("2026-05-02")
    command.grade(course, SLUG, options())
    with Gradebook(f"sqlite:///{course}/gradebook.db", "deep-learning") as book:
        book.update_or_create_assignment(SLUG, duedate="2026-05-01")
    told = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert told.exit_code == 1
    assert "Ours in nbgrader_config.py, fails: ZeroDivisionError" in told.output


def test_a_regrade_shows_who_changes_and_writes_only_when_told(course):
    """By the command line, as an instructor does it after mending a test."""

    def invoke(*words: str) -> str:
        done = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG, *words])
        assert done.exit_code == 0, done.output
        return done.output

    invoke("--workers", "2")
    before = (course / "gradebook.db").read_bytes()
    exercises = course / "chapters" / SLUG / "exercises.py"
    exercises.write_text(exercises.read_text().replace("points=2\n", "points=5\n", 1))
    build(course, say=lambda text: None)

    shown = invoke("--regrade")
    assert "nothing was written; to write this: add --yes" in shown
    changed = [line.split() for line in shown.splitlines()]
    assert ["ann", "row_sums", "2", "5", "+3"] in changed
    assert "bob" not in shown  # wrong before and after
    assert (course / "gradebook.db").read_bytes() == before

    assert "3 graded now, 0 before" in invoke("--regrade", "--yes")
    with Record("", course) as record:
        assert scores(record.results(SLUG)) == {"ann": 9, "bob": 4, "cat": 0}

    shown = invoke("--regrade")
    assert "nobody's points change" in shown
    assert "add --yes" not in shown


def test_a_slip_in_a_prompt_is_mended_while_there_are_submissions(course):
    """nbgrader takes no new cells then, and a prompt that is mended is none."""
    command.grade(course, SLUG, options())
    exercises = course / "chapters" / SLUG / "exercises.py"
    text = exercises.read_text()
    assert "3 becomes 1.5" in text
    exercises.write_text(text.replace("3 becomes 1.5", "5 becomes 2.5"))
    build(course, say=lambda text: None)
    hand_in(course, "dan")
    command.grade(course, SLUG, options())
    with Record("", course) as record:
        assert scores(record.results(SLUG))["dan"] == 6


def test_a_cell_that_came_is_refused_in_words_before_and_after_a_look(course):
    command.grade(course, SLUG, options())
    exercises = course / "chapters" / SLUG / "exercises.py"
    prompt = "\n# %% [markdown]\n# One more word.\n"
    exercises.write_text(exercises.read_text() + prompt)
    build(course, say=lambda text: None)
    for words in ((), ("--regrade",)):
        done = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG, *words])
        assert done.exit_code == 1
        assert "came: given-" in done.output and "a new name" in done.output


def test_who_is_graded_keeps_the_points_until_regraded(course):
    """After a test was mended, a late notebook is graded: the others are not."""
    hand_in(course, "dan")
    late = course / "submitted" / "dan"
    late.rename(course / "dan")
    command.grade(course, SLUG, options())
    exercises = course / "chapters" / SLUG / "exercises.py"
    exercises.write_text(exercises.read_text().replace("points=2\n", "points=5\n", 1))
    build(course, say=lambda text: None)
    (course / "dan").rename(late)
    done = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG])
    assert "1 graded now, 3 before" in done.output
    assert "3 of them by an older version of the assignment" in done.output
    with Record("", course) as record:
        found = scores(record.results(SLUG))
    assert found == {"ann": 6, "bob": 4, "cat": 0, "dan": 9}


def test_a_notebook_that_is_gone_costs_one_page_and_is_made_again(course):
    command.grade(course, SLUG, options())
    notebook = course / "autograded" / "bob" / SLUG / f"{SLUG}.ipynb"
    for damage in (Path.unlink, partial(Path.write_text, data="{")):
        damage(notebook)
        done = CliRunner().invoke(main, ["--root", str(course), "feedback", SLUG])
        assert done.exit_code == 1
        assert "no page for bob" in done.output and "2 pages" in done.output
    notebook.unlink()
    results = command.grade(course, SLUG, options())
    assert scores(results)["bob"] == 4
    assert notebook.exists()


@pytest.mark.parametrize(
    "words, said",
    [
        (("--memory", "0.0001"), "0.0001 is not in the range 0.25<=x<=1024"),
        (("--memory", "nan"), "nan is no amount"),
        (("--seconds", "inf"), "inf is not in the range"),
        (("--cell-seconds", "0"), "0.0 is not in the range 1<=x"),
        (("--json", "/no/such/folder/a.json"), "there is no folder /no/such/folder"),
        (("--regrade", "--json", "a.json"), "it needs --yes with --regrade"),
        (("--yes",), "--yes goes with --regrade"),
    ],
)
def test_what_can_not_be_meant_is_refused_before_anything_is_graded(
    words, said, course
):
    done = CliRunner().invoke(main, ["--root", str(course), "grade", SLUG, *words])
    assert done.exit_code == 2
    assert said in done.output
    assert not (course / "gradebook.db").exists()


def interrupt(process: subprocess.Popen) -> tuple[str, float]:
    """Press Ctrl-C in the terminal of a process: the whole group of processes hears it.

    Returns:
        what it said until it and all its children were gone, and how long that took.
    """
    children = psutil.Process(process.pid).children(recursive=True)
    start = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    # What children inherit of the output is open as long as one of them is there.
    out, _ = process.communicate(timeout=60)
    seconds = time.monotonic() - start
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    return out, seconds


def commands_below(process: subprocess.Popen) -> list[str]:
    """The words of the command lines of a process's children."""
    words = []
    for child in psutil.Process(process.pid).children():
        with contextlib.suppress(psutil.Error):  # it has just ended
            words += child.cmdline()
    return words


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_ctrl_c_ends_everything_in_a_sentence_and_the_command_goes_on(course):
    slow = "import time\ntime.sleep(1)\ndef half(x):\n    return x / 2\n"
    for i in range(8):
        hand_in(course, f"s{i}", half=slow)

    process = run(course, "grade", SLUG, "--workers", "2", start_new_session=True)
    wait_until(lambda: "course.grade.engine.nursery" in commands_below(process))
    early, _ = interrupt(process)
    assert process.returncode == 1
    assert graded(course) == set()

    process = run(course, "grade", SLUG, "--workers", "2", start_new_session=True)
    wait_until(lambda: len(graded(course)) >= 2)  # others are in flight
    late, seconds = interrupt(process)
    assert process.returncode == 1
    assert seconds < 30  # nothing was started anew, and nobody waited for

    for out in (early, late):
        said = " ".join(out.split())
        assert "Error: stopped: whoever was done is written down; the same command" in (
            said
        )
        assert "Traceback" not in said

    done = graded(course)
    assert 2 <= len(done) < 11
    last = run(course, "grade", SLUG, programs=forked.programs())
    out, _ = last.communicate(timeout=120)
    assert last.returncode == 0, out
    assert f"{11 - len(done)} graded now, {len(done)} before" in out
    with Record("", course) as record:
        assert scores(record.results(SLUG)) == {
            **{"ann": 6, "bob": 4, "cat": 0},
            **{f"s{i}": 6 for i in range(8)},
        }


def test_killed_at_any_moment_the_same_command_takes_up_where_it_was(course):
    """Each student is there with notebook and grades, or not at all."""
    for i in range(20):
        slow = "import time\ntime.sleep(0.2)\ndef half(x):\n    return x / 2\n"
        hand_in(course, f"s{i:02}", half=slow)
    chance = random.Random(0)
    done: set[str] = set()
    programs = forked.programs()
    for _ in range(3):
        process = run(course, "grade", SLUG, "--workers", "2", programs=programs)
        deadline = time.monotonic() + 90
        more = len(done) + 2
        while len(done) < more and time.monotonic() < deadline:
            time.sleep(0.05)
            done = graded(course)
        time.sleep(chance.random() / 2)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now = graded(course)
        assert done <= now
        done = now
    assert 2 <= len(done) < 23
    last = run(
        course, "grade", SLUG, "--json", course / "results.json", programs=programs
    )
    out, _ = last.communicate(timeout=120)
    assert last.returncode == 0, out
    assert f"{23 - len(done)} graded now, {len(done)} before" in out
    data = json.loads((course / "results.json").read_text())
    totals = {
        r["student"]: sum(v["score"] for v in r["verdicts"].values())
        for r in data["results"]
    }
    assert totals == {"ann": 6, "bob": 4, "cat": 0} | {f"s{i:02}": 6 for i in range(20)}


def graded(course: Path) -> set[str]:
    """Who is in the gradebook; each of them must have a notebook."""
    if not (course / "gradebook.db").exists():
        return set()
    with Record("", course) as record:
        students = {result.student for result in record.results(SLUG)}
    for student in students:
        assert (course / "autograded" / student / SLUG / f"{SLUG}.ipynb").exists()
    return students
