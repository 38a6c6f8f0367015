"""Watched pages, pictures of each step, and steps that stand in an order."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from browser import chromium  # noqa: F401  a fixture
from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.pictures import FOLDER, Pictures
from tests.lab import Lab, running_lab

FOLDERS = ("notebooks", "release")
FOLDERS += ("chapters/03_linear_regression", "source/03_linear_regression")
# Playwright puts its scripts into each frame, also where no script may run.
OF_PLAYWRIGHT = re.compile("Blocked script execution in '(about:blank|blob:)")

expect.set_options(timeout=pages.TIMEOUT_MS)


@dataclass
class Watched:
    """A browser's page and what it did that nobody should see.

    Args:
        page: Playwright's page.
        boxes: texts of `alert` and its like.
        errors: errors on the console, and what scripts threw.
        elsewhere: other machines' addresses that it asked for; it got none.
    """

    page: Page
    boxes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def watch(page: Page) -> Watched:
    """Note whatever a page does that nobody should see; keep it on this machine."""
    watched = Watched(page)

    def box(dialog) -> None:
        watched.boxes.append(dialog.message)
        dialog.accept()

    def refuse(route) -> None:
        watched.elsewhere.append(route.request.url)
        route.abort()

    def console(message) -> None:
        if message.type == "error" and not OF_PLAYWRIGHT.match(message.text):
            watched.errors.append(message.text)

    page.on("dialog", box)
    page.on("console", console)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.route(re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])"), refuse)
    return watched


@pytest.fixture(scope="module")
def pictures(request) -> Pictures:
    """Where the pictures of a module's steps go: `.build/screenshots/journey`."""
    return Pictures(folder_name(request.module))


def folder_name(module) -> str:
    """`journey` for test_journey.py."""
    return module.__name__.rpartition("test_")[2]


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[Lab]:
    """A JupyterLab on a course with all that students get, and chapter 03's source."""
    with running_lab(tmp_path_factory.mktemp("lab"), *FOLDERS) as lab:
        yield lab


@pytest.fixture(scope="module")
def open_page(chromium) -> Iterator[Callable[..., Watched]]:  # noqa: F811
    """Open a watched page in a browser profile of its own, such as a phone's."""
    contexts = []

    def open_one(**device) -> Watched:
        device = {"viewport": pages.SIZE, "reduced_motion": "reduce", **device}
        context = chromium.new_context(**device)
        contexts.append(context)
        context.set_default_timeout(pages.TIMEOUT_MS)
        context.add_init_script(pages.NOTES)
        return watch(context.new_page())

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def run(lab) -> Callable[..., str]:
    """Run a program as an instructor does, in a terminal of the course."""
    programs = Path(sysconfig.get_path("scripts"))
    environ = {"PATH": os.defpath, "HOME": str(lab.home)}
    environ |= {"OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}

    def run_one(program: str, *words: str) -> str:
        done = subprocess.run(
            [programs / program, *words],
            cwd=lab.course,
            env=environ,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run_one


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Of a step that failed, keep a picture of each page and the server's log."""
    report = yield
    if report.failed:
        item.parent.stash[FAILED] = item.name
        try:
            if call.when == "call":
                keep_evidence(item)
        except Exception as error:  # a page that crashed: told, with what failed
            report.sections.append(("No picture of the failure", repr(error)))
    return report


FAILED = pytest.StashKey[str]()


@pytest.fixture
def in_order(request) -> None:
    """A step that builds on those before it: none of them may have failed."""
    failed = request.node.parent.stash.get(FAILED, None)
    if failed:
        pytest.fail(f"an earlier step, {failed}, has failed", pytrace=False)


def keep_evidence(item) -> None:
    """Put pictures of the open pages and the server's log beside the other pictures."""
    folder = FOLDER / folder_name(item.module) / f"failed-{item.name}"
    folder.mkdir(parents=True, exist_ok=True)
    found = item.funcargs.values()
    for watched in (value for value in found if isinstance(value, Watched)):
        for number, page in enumerate(watched.page.context.pages):
            page.screenshot(path=folder / f"page-{number}.png")
    for lab in (value for value in found if isinstance(value, Lab)):
        shutil.copy(lab.log_file, folder)
