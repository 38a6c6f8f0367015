"""Pins are read strictly, and the lock is written in one form."""

import json
import subprocess

import pytest

from course import requirements
from course.requirements import canonical, lock_text, pins, resolve


def test_pins_are_read_by_canonical_name_and_comments_are_passed_over():
    text = "# data\nFaker==40.54.0\n\ntorch_geometric==2.8.1  # graphs\n"
    assert pins(text) == {"faker": "40.54.0", "torch-geometric": "2.8.1"}


@pytest.mark.parametrize(
    "line", ["torch", "torch>=2", "torch==2.*", "-r other.txt", "torch @ file.whl"]
)
def test_a_line_that_pins_nothing_exactly_is_refused(line):
    with pytest.raises(ValueError, match="line 2"):
        pins(f"numpy==2.4.6\n{line}\n")


def test_a_package_named_twice_is_refused():
    with pytest.raises(ValueError, match="a second time"):
        pins("scikit_image==1\nscikit-image==2\n")


def test_names_are_compared_as_package_indexes_do():
    assert canonical("Jinja2") == "jinja2"
    assert canonical("ruamel.yaml__clib") == "ruamel-yaml-clib"


def test_the_lock_is_sorted_and_reads_back_as_what_was_written():
    versions = {"torch": "2.14.1", "alembic": "1.20.1"}
    text = lock_text(versions)
    assert pins(text) == versions
    assert text.endswith("\nalembic==1.20.1\ntorch==2.14.1\n")


def test_resolving_asks_pip_to_install_nothing_and_keeps_names_and_versions(
    monkeypatch, tmp_path
):
    calls = []

    def fake_run(command, cwd, check):
        calls.append(command)
        package = {"metadata": {"name": "Torch_Geometric", "version": "2.8.1"}}
        report = command[command.index("--report") + 1]
        with open(report, "w") as file:
            json.dump({"install": [package]}, file)

    monkeypatch.setattr(subprocess, "run", fake_run)
    found = resolve(requirements.NO_DEPS, "--no-deps", root=tmp_path)
    assert found == {"torch-geometric": "2.8.1"}
    assert {"--dry-run", "--ignore-installed", "--no-deps"} <= set(calls[0])
