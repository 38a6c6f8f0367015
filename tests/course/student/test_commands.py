"""The students' commands, as they are typed."""

import json

import pytest
from click.testing import CliRunner

from course import cli
from course.student.commands import COMMANDS, main


@pytest.fixture(params=["the bundle's", "the course's"])
def call(work, request, monkeypatch):
    """Type a command in the student's folder."""
    command = main if request.param == "the bundle's" else cli.main
    monkeypatch.chdir(work.root)
    return lambda *words: CliRunner().invoke(command, words)


def test_both_commands_have_what_students_use():
    assert {c.name for c in COMMANDS} == {"start", "progress", "verify", "restore"}
    assert set(main.commands) <= set(cli.main.commands)


def test_start_makes_copies_once(call, work):
    assert call("start").stdout == "work/01_toy/01_toy.ipynb\n"
    again = call("start", "01")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "nothing to make" in again.stderr
    wrong = call("start", "09")
    assert wrong.exit_code == 1 and "there are: 01_toy" in wrong.stderr


def test_progress_is_a_table_with_a_row_a_chapter(call, work):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "right", hints=2)
    lines = call("progress").stdout.splitlines()
    words = [" ".join(line.split()) for line in lines]
    assert words[:4] == [
        "not not not",
        "chapter right wrong tested attempted graded yet points hints",
        "01 toy 1 0 0 3 0 1/8 2",
        "all 1 0 0 3 0 1/8 2",
    ]


def test_progress_of_a_chapter_shows_each_exercise_as_verify_names_them(call, work):
    work.answer({"half": "def half(x): return x / 2"})
    work.say("half", "wrong", mistake="it doubles")
    lines = call("progress", "01").stdout.splitlines()
    assert lines[0] == "work/01_toy/01_toy.ipynb"
    [half] = [line.split("  ") for line in lines if "half" in line]
    assert [word.strip() for word in half if word][1:] == [
        "wrong", "0 of 1", "Likely mistake: it doubles.",
    ]  # fmt: skip
    assert sum("A person gives" in line for line in lines) == 1
    assert sum("all" in line.split()[:1] for line in lines) == 1


def test_progress_of_an_unknown_chapter_says_which_there_are(call, work):
    wrong = call("progress", "09")
    assert wrong.exit_code == 1 and "there are: 01_toy" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_progress_says_what_is_broken_and_how_to_mend_it(call, work):
    work.answer({"test_half": "pass"})
    said = call("progress").stdout
    assert "01_toy.ipynb: the test of half is not as it was handed out. `cou" in said
    work.path.write_text("")
    said = call("progress").stdout
    assert (
        "work/01_toy/01_toy.ipynb: the notebook is empty: `course restore 01_toy`"
        in said
    )
    assert said.splitlines()[2].split() == ["01", "toy", *"???????"]


def test_the_points_of_a_broken_notebook_are_in_the_sum(call, work):
    work.answer({})
    work.path.write_text("")
    total = call("progress").stdout.splitlines()[3]
    assert total.split() == ["all", "0", "0", "0", "0", "0", "0/8", "0"]


def test_progress_as_json_is_read_by_programs(call, work):
    [chapter] = json.loads(call("progress", "--json").stdout)
    assert chapter["slug"] == "01_toy" and len(chapter["exercises"]) == 4


def test_restore_says_what_it_did_and_where_the_old_file_is(call, work):
    work.answer({"test_half": "pass"})
    said = call("restore", "01").stdout.splitlines()
    assert said == [
        "01_toy.ipynb: the test of half is not as it was handed out; put back",
        "as it was, it lies in 01_toy.before-restore.ipynb",
    ]
    assert call("restore", "01").stdout == "01_toy.ipynb: nothing to put back\n"


def test_restore_goes_on_after_a_name_that_is_unknown(call, work):
    work.answer({"test_half": "pass"})
    result = call("restore", "09", "01")
    assert result.exit_code == 1 and "no exercises '09'" in result.stderr
    assert "01_toy.ipynb: the test of half" in result.stdout
    assert call("restore", "01").exit_code == 0


@pytest.mark.parametrize("command", ["verify", "restore"])
@pytest.mark.parametrize("folder", ["notebooks", "work/lectures"])
def test_a_lecture_is_not_taken_for_exercises(call, work, command, folder):
    path = work.root / folder / "01_toy.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    result = call(command, f"{folder}/01_toy.ipynb")
    assert result.exit_code == 1 and path.read_text() == "{}"
    assert "is a lecture; the exercises of that chapter are in work/01_toy/" in (
        result.stderr
    )


def test_a_notebook_elsewhere_is_known_by_its_name(call, work, tmp_path):
    work.answer({"test_half": "pass"})
    other = tmp_path / "01_toy.ipynb"
    work.path.rename(other)
    assert "put back" in call("restore", str(other)).stdout


def test_outside_a_course_it_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["progress"])
    assert result.exit_code == 1 and "go to the course's folder" in result.stderr
