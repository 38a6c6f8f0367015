"""A full disk and a folder of somebody else's: which file, what to do, no half file."""

import errno
import os

import pytest
from click.testing import CliRunner

from course import whole
from course.cli import main
from course.grade.record import gradebook
from course.grade.record.ledger import Record
from course.whole import CannotWrite, write_whole

FULL = OSError(errno.ENOSPC, "No space left on device")
DENIED = PermissionError(errno.EACCES, "Permission denied")


def fail_with(error: OSError):
    def fail(*arguments):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        (FULL, "make room on that disk, then give the same command again"),
        (DENIED, "must be a folder that you may write to"),
    ],
)
def test_what_cant_be_written_is_named_and_nothing_is_left(
    tmp_path, monkeypatch, error, todo
):
    path = write_whole(tmp_path / "new" / "a.csv", "before")
    monkeypatch.setattr(whole.os, "fsync", fail_with(error))
    with pytest.raises(CannotWrite, match=f"{path} can't be written: .*{todo}"):
        write_whole(path, "after")
    assert path.read_text() == "before"
    assert os.listdir(path.parent) == ["a.csv"]


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="file must be a folder that you may write"):
        write_whole(tmp_path / "file" / "a.csv", "x")


@pytest.mark.parametrize(
    ("pragma", "said"),
    [
        ("query_only = ON", "its file and its folder must be ones that you may write"),
        ("max_page_count = 1", "make room on that disk"),
    ],
)
def test_a_gradebook_that_cant_be_written_is_named(
    built_toy_copy, monkeypatch, pragma, said
):
    with Record("", built_toy_copy) as record:
        assert record.students() == set()
    prepare = gradebook._prepare_sqlite

    def prepare_and_limit(connection, row):
        prepare(connection, row)
        connection.execute(f"PRAGMA {pragma}")

    monkeypatch.setattr(gradebook, "_prepare_sqlite", prepare_and_limit)
    with (
        pytest.raises(CannotWrite) as caught,
        Record("", built_toy_copy) as record,
        record._engine.begin() as connection,
    ):
        for number in range(10_000):
            connection.exec_driver_sql(
                "INSERT INTO student (id) VALUES (?)", (f"s{number}",)
            )
    assert "gradebook.db can't be written" in str(caught.value)
    assert said in str(caught.value)
    monkeypatch.undo()
    with Record("", built_toy_copy) as record:
        assert record.students() == set()


@pytest.mark.parametrize("command", ["feedback", "report", "export"])
def test_each_command_says_it_without_a_traceback(built_toy_copy, monkeypatch, command):
    with Record("", built_toy_copy):
        pass
    monkeypatch.setattr(Record, "settle", fail_with(CannotWrite("a.db can't: do b")))
    words = ["--root", str(built_toy_copy), command, "01_toy"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 1 and isinstance(told.exception, SystemExit)
    assert "Error: a.db can't: do b" in told.output
