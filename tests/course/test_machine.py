"""The facts that the doctor judges are looked up for real."""

import contextlib
import sqlite3
import sys

import pytest

from course.doctor import can_run, diagnose
from course.environment import prepare_environment
from course.machine import gradebook_state, installed_packages, look


@pytest.fixture(scope="module")
def machine():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        prepare_environment()
        yield look()


def database(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_the_machine_that_runs_the_tests_can_run_the_course(machine):
    assert [f for f in diagnose(machine) if f.state == "bad"] == []
    assert can_run(diagnose(machine))


def test_the_facts_are_those_of_this_process(machine):
    assert machine.python == sys.version_info[:3]
    assert machine.alembic.endswith("alembic")
    assert machine.devices
    assert set(machine.data.values()) <= {"ok", "missing", "changed"}
    assert 0 < machine.free_memory < machine.memory


def test_installed_versions_are_told_without_local_parts():
    installed = installed_packages()
    assert installed["torch"] == "2.14.1"
    assert not any("+" in version for version in installed.values())


def test_no_gradebook_is_no_trouble(tmp_path):
    assert gradebook_state(tmp_path / "gradebook.db") == "none"


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE student (id)"],
        ["CREATE TABLE student (id)", "CREATE TABLE alembic_version (version_num)"],
    ],
)
def test_a_gradebook_without_a_version_is_half_made(tmp_path, statements):
    assert gradebook_state(database(tmp_path / "g.db", *statements)) == "half-made"


def test_a_file_that_is_no_database_is_no_gradebook(tmp_path):
    (tmp_path / "g.db").write_text("this is not a database, whatever its name says")
    assert gradebook_state(tmp_path / "g.db") == "half-made"


def test_a_gradebook_with_its_version_is_whole(tmp_path):
    made = database(
        tmp_path / "g.db",
        "CREATE TABLE alembic_version (version_num)",
        "INSERT INTO alembic_version VALUES ('167914646830')",
    )
    assert gradebook_state(made) == "whole"
