"""Every command that README and the guides show is one that there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.cli import main

ROOT = Path(__file__).parents[1]
PAGES = (
    *("README.md", "CONTRIBUTING.md"),
    *("docs/authors.md", "docs/hub.md", "docs/instructors.md", "docs/grader.md"),
)
COMMAND = re.compile(r"(?<![\w/.])(make|course|nbgrader) ([a-z_-]+)")


def commands(text: str) -> set[tuple[str, str]]:
    """(program, verb) in code blocks and in code between backticks."""
    code = re.findall(r"```(?:\w*\n)(.*?)```|`([^`\n]+)`", text, flags=re.S)
    return {
        found for parts in code for part in parts for found in COMMAND.findall(part)
    }


def known() -> set[tuple[str, str]]:
    """Every verb of the three programs."""
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z-]+):", makefile, flags=re.M)
    listing = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    verbs = re.findall(r"^([a-z_]+)$", listing, flags=re.M)
    found = {"make": targets, "course": list(main.commands), "nbgrader": verbs}
    return {(program, verb) for program, names in found.items() for verb in names}


@pytest.fixture(scope="module")
def there() -> set[tuple[str, str]]:
    return known()


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_on_a_page_exist(page, there):
    shown = commands((ROOT / page).read_text())
    assert shown <= there


def test_the_two_commands_and_the_ten_minutes_are_shown():
    shown = commands((ROOT / "README.md").read_text())
    asked = {("make", "lab"), ("make", "test"), ("make", "demo"), ("course", "bundle")}
    assert asked <= shown
    assert {("nbgrader", "autograde"), ("nbgrader", "export")} <= shown


def test_a_command_that_is_not_there_is_found(there):
    assert not commands("```\ncourse teleport 03\n```") <= there
    assert not commands("run `make coffee` first") <= there


def test_readme_goes_from_what_it_is_to_where_things_are():
    text = (ROOT / "README.md").read_text()
    order = ["![", "## Two commands", "first five minutes", "first ten"]
    order += ["## Add a chapter", "## Where things are"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
