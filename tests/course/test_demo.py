"""The demonstration: twelve students, their scores right by construction."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_output

from course import cli
from course.chapters import read_chapter
from course.demo import loop, report
from course.demo.assignment import Assignment, HandIn
from course.demo.folder import MARK, prepare
from course.demo.loop import isolation_here
from course.demo.report import make_row, summary
from course.demo.roster import STUDENTS
from course.demo.verdicts import STATES, Verdict, verdict
from course.grade.isolation.ladder import Facts
from course.grade.record.autograded import ENAMES

SLUG = "01_toy"
NAME = f"{SLUG}.ipynb"
BROKEN = {"devdar", "tonson", "simsir"}
POINTS = {  # of half 1, row_sums 2, count_above 3
    "linde": 6,
    "yolka": 0,
    "drys": 1,
    "zaytuna": 0,
    "oren": 5,
    "songbai": 5,
    "momiji": 6,
    "sonamu": 6,
    "tsaruk": 6,
}


@pytest.fixture(scope="module")
def taught(once, built_toy, run_bare):
    """A demonstration on the toy chapter: its folder, and how the command ended."""

    def make(folder: Path) -> dict:
        course = shutil.copytree(built_toy, folder / "course")
        result = run_bare(course, "course", "demo", SLUG, "--folder", "../class")
        return {key: getattr(result, key) for key in ("returncode", "stdout", "stderr")}

    folder, command = once("demo", make)
    return folder / "class", command


@pytest.fixture
def assignment(built_toy) -> Assignment:
    """The toy chapter as a class is given it."""
    release = nbformat.read(built_toy / "release" / SLUG / NAME, as_version=4)
    return Assignment(read_chapter(built_toy / "chapters" / SLUG), release)


def test_every_score_is_the_expected_one(taught, read_grades):
    folder, command = taught
    assert command["returncode"] == 0, command["stdout"] + command["stderr"]
    assert "12 students: 9 graded, 3 not readable; 12 of 12" in command["stdout"]
    grades = read_grades(folder)
    written = {student: cells.pop("odd_halves") for student, cells in grades.items()}
    none = dict.fromkeys(BROKEN, 0)
    points = {student: sum(cells.values()) for student, cells in grades.items()}
    assert points == POINTS | none
    blank = {"drys": 0, "zaytuna": 0}
    assert written == {**dict.fromkeys(POINTS, "waits"), **blank, **none}


def test_how_students_code_is_locked_in_is_said(taught):
    _, how = isolation_here()
    assert how in " ".join(taught[1]["stderr"].split())


def test_without_any_isolation_the_class_is_graded_and_that_is_said():
    isolation, how = isolation_here(Facts(seccomp=True))
    assert isolation == "none"
    assert "not locked in" in how and "with your rights" in how
    assert isolation_here(Facts(landlock_abi=4, seccomp=True))[0] == "B"


def test_where_the_engine_does_not_run_another_system_is_named():
    with pytest.raises(RuntimeError, match="WSL2"):
        isolation_here(Facts(system="Darwin"))


def test_every_student_has_a_row_and_a_name_in_any_script(taught):
    folder, command = taught
    for student in STUDENTS:
        assert student.id.isascii()
        assert student.id in command["stdout"]
    with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        names = dict(gradebook.execute("SELECT id, first_name FROM student"))
    assert names == {student.id: student.first_name for student in STUDENTS}


def test_known_mistakes_are_told_by_name(taught):
    output = taught[1]["stdout"]
    assert "half: doubled in place of halved" in output
    assert "row_sums: the columns are summed" in output
    assert "Mistakes of the bank: 4; told by name: 4." in output


def test_who_could_not_be_graded_is_told_why(taught):
    output = taught[1]["stdout"]
    for reason in ("is no notebook", "is empty", "is missing"):
        assert reason in output


def test_feedback_lies_beside_what_was_graded(taught):
    folder, _ = taught
    feedback = folder / "feedback"
    ids = {student.id for student in STUDENTS}
    pages = {s: (feedback / s / SLUG / f"{SLUG}.html").read_text() for s in ids}
    assert "doubled in place of halved" in pages["yolka"]
    assert "not attempted" in pages["zaytuna"]
    assert "SyntaxError" in pages["oren"]
    assert "15 s" in pages["songbai"]
    assert "was read in the place of 01_toy.ipynb" in pages["tsaruk"]
    assert "could not be graded" in pages["devdar"]


def test_the_courses_own_gradebook_is_not_touched(taught):
    course = taught[0].with_name("course")
    for name in ("gradebook.db", "submitted", "autograded", "feedback", "demo"):
        assert not (course / name).exists()


def test_points_follow_from_the_answers(assignment):
    handed = {student.id: student.does(assignment) for student in STUDENTS}
    points = {student: work.points for student, work in handed.items() if work.points}
    assert points == {student: p for student, p in POINTS.items() if p}
    assert {s for s, work in handed.items() if not work.is_readable} == BROKEN
    assert handed["linde"].to_grade == 2
    assert handed["drys"].mistakes == {"row_sums": "the columns are summed"}
    assert json.loads(handed["sonamu"].files[NAME])["nbformat"] == 4


def test_a_wrong_score_is_a_surprise_and_ends_in_exit_status_1(monkeypatch, tmp_path):
    row = make_row(STUDENTS[0], HandIn({}, points=6), (5.0, 0), {}, "")
    assert row.surprises == ("linde: points: 5.0, expected 6",)
    assert summary([row])[0].endswith(
        "0 of 1 have the score that is right by construction."
    )
    assert report.show([replace(row, surprises=())], "a class")
    assert not report.show([row], "a class")

    monkeypatch.setattr(cli, "reproducible", lambda: None)
    monkeypatch.setattr(cli, "find_root", lambda context: tmp_path)
    monkeypatch.setattr(loop, "teach", lambda *arguments: [row])
    result = CliRunner().invoke(cli.main, ["demo"])
    assert result.exit_code == 1
    assert "NOT AS EXPECTED" in result.stdout
    assert "linde: points: 5.0, expected 6" in result.stdout


def test_a_submission_that_should_have_been_graded_is_a_surprise():
    handed = HandIn({}, points=0)
    row = make_row(STUDENTS[0], handed, (0.0, 0), {}, "not graded: it took too long")
    assert row.surprises == ("linde: graded: False, expected True",)
    assert row.told == ("not graded: it took too long",)


def test_a_mistake_that_was_not_named_is_listed():
    handed = HandIn({}, mistakes={"half": "doubled", "sums": "columns"})
    said = {
        "half": Verdict("wrong", "doubled"),
        "sums": Verdict("wrong", "", "4, not 5"),
    }
    row = make_row(STUDENTS[1], handed, (0.0, 0), said, "")
    assert row.told == ("half: doubled", "sums: 4, not 5")
    assert summary([row])[1:] == [
        "Mistakes of the bank: 2; told by name: 1.",
        "yolka: sums: not told 'columns'",
    ]


def error(name: str, text: str = ""):
    """An error output of a cell."""
    return new_output("error", ename=name, evalue=text, traceback=[])


def test_every_state_of_a_graded_notebook_is_known():
    """What is not in the list is taken for a wrong answer."""
    assert {STATES.get(name, "wrong"): state for state, name in ENAMES.items()} == {
        state: state for state in ENAMES
    }


def test_verdicts_are_read_from_a_tests_outputs():
    assert verdict([]) == Verdict("right")
    wrong = error(
        "WrongAnswer", "half: wrong.\nLikely mistake: doubled.\nhalf(2): got 4."
    )
    assert verdict([wrong]) == Verdict("wrong", "doubled", "half(2): got 4.")
    late = [error("KeyboardInterrupt"), error("CellTimeoutError")]
    assert verdict(late) == Verdict("took too long")
    undefined = error("WrongAnswer", "half: wrong.\nname 'half' is not defined.")
    assert verdict([undefined], "SyntaxError: '('").message == "SyntaxError: '('"
    silent = error("NotJudged", "half: not judged.\nYour code ended or hung.")
    assert verdict([silent]) == Verdict("not judged", "", "Your code ended or hung.")
    blank = error("NotAttempted", "half: not attempted.\nReplace it.")
    assert verdict([blank]) == Verdict("not attempted", "", "Replace it.")


def test_a_folder_of_a_demonstration_is_made_anew(toy_course):
    folder = toy_course / "demo"
    prepare(toy_course, folder, SLUG)
    (folder / "old.txt").write_text("from before")
    prepare(toy_course, folder, SLUG)
    made = {path.name for path in folder.iterdir()}
    assert made == {MARK, "chapters", "nbgrader_config.py"}


def test_a_folder_that_holds_something_else_is_left_alone(toy_course, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="didn't make"):
        prepare(toy_course, tmp_path / "mine", SLUG)
    with pytest.raises(FileExistsError, match="holds the course"):
        prepare(toy_course, toy_course.parent, SLUG)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    assert (toy_course / "chapters" / SLUG).is_dir()


def test_an_unknown_chapter_is_refused_before_anything_is_made(toy_course):
    with pytest.raises(FileNotFoundError, match="there are 01_toy"):
        loop.teach(toy_course, "99_nothing", toy_course / "demo", print, "none")
    assert not (toy_course / "demo").exists()
