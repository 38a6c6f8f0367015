"""The report on the demonstration's class, as the instructors' guide shows it."""

import subprocess
import sysconfig
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course.requirements import ROOT

SLUG = "03_linear_regression"
COURSE = Path(sysconfig.get_path("scripts")) / "course"


def run(root: Path, *words: str) -> None:
    """Run one of the course's commands as a person does."""
    command = [COURSE, f"--root={root}", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """The page on twelve made students."""
    folder = tmp_path_factory.mktemp("demo") / "class"
    run(ROOT, "demo", SLUG, f"--folder={folder}")
    run(folder, "report", SLUG)
    return folder / "reports" / f"{SLUG}.html"


def test_the_report_shows_how_hard_each_exercise_was(report, open_page, pictures):
    page = open_page(viewport={"width": 1000, "height": 1600}).page
    page.goto(report.as_uri())
    heading = page.get_by_role("heading", name="Exercises", exact=True)
    table = page.get_by_text("Difficulty and discrimination")
    expect(table).to_be_visible()
    pictures.part("class-report", heading, table, margin=12)
    assert (pictures.missing(), pictures.stale) == (set(), {})
