"""A real JupyterLab with the course's settings, asked over the loopback address."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from course.machine import gradebook_state
from course.requirements import ROOT

START_TIMEOUT_S = 120
TOKEN = "only-for-this-test"  # the server ends with the test
COPIED = ("jupyter_lab_config.py", "nbgrader_config.py", "home.md", "pyproject.toml")


class Lab:
    """A running JupyterLab: its course folder, its user's home and its pages."""

    def __init__(self, course, home):
        self.course, self.home = course, home
        state = course / ".jupyter"
        environ = {
            "PATH": str(home),  # nothing activated: no alembic to be found here
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(state / "config"),
            "JUPYTER_DATA_DIR": str(state / "data"),
            "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
            "IPYTHONDIR": str(state / "ipython"),
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        options = ["--config=jupyter_lab_config.py", "--port=0"]
        token = f"--IdentityProvider.token={TOKEN}"
        self.log = open(home.parent / "lab.log", "w")  # noqa: SIM115, closed in stop
        self.process = subprocess.Popen(
            [*command, *options, token],
            cwd=course,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def wait(self) -> None:
        """Wait until the server answers at the address that it wrote down."""
        runtime = self.course / ".jupyter" / "runtime"
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for file in runtime.glob("jpserver-*.json"):
                with contextlib.suppress(ValueError, OSError):  # half-written, not up
                    self.port = json.loads(file.read_text())["port"]
                    self.json("/api")
                    return
            time.sleep(0.2)
        raise TimeoutError(self.stop())

    def get(self, page: str):
        """The response to a page of the server."""
        address = f"http://127.0.0.1:{self.port}{page}"
        headers = {"Authorization": f"token {TOKEN}"}
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers))

    def json(self, page: str):
        with self.get(page) as response:
            return json.load(response)

    def stop(self) -> str:
        """End the server and return what it logged."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()
        return (self.home.parent / "lab.log").read_text()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    course, home = folder / "course", folder / "home"
    shutil.copytree(ROOT / "course" / "jupyter", course / "course" / "jupyter")
    for name in COPIED:
        shutil.copy(ROOT / name, course)
    for name in ("exchange", "source"):
        (course / name).mkdir()
    home.mkdir()
    running = Lab(course, home)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def test_it_opens_on_the_home_page(lab):
    with lab.get("/") as response:
        assert response.url.endswith("/lab/tree/home.md")
        assert b"jupyter-config-data" in response.read()


def test_the_home_page_is_a_page_and_not_a_notebook(lab):
    page = lab.json("/api/contents/home.md")
    assert page["type"] == "file"
    assert page["content"].startswith("# Deep Learning Workbook")


def test_nothing_asks_about_news_or_a_build(lab):
    settings = "/lab/api/settings/@jupyterlab/"
    notes = lab.json(f"{settings}apputils-extension:notification")
    assert notes["schema"]["properties"]["fetchNews"]["default"] == "false"
    viewers = lab.json(f"{settings}docmanager-extension:plugin")["schema"]["properties"]
    assert viewers["defaultViewers"]["default"] == {"markdown": "Markdown Preview"}
    with lab.get("/lab") as response:
        page = response.read().decode()
    assert '"buildCheck": false' in page and '"buildAvailable": false' in page


def test_nbgraders_pages_for_jupyterlab_are_served(lab):
    with lab.get("/lab") as response:
        assert "@jupyter/nbgrader" in response.read().decode()


def test_nbgraders_server_extensions_answer(lab):
    assert lab.json("/formgrader/api/status") == {"status": True}
    assert lab.json("/nbgrader_version?version=0.9.6")["success"]
    assert lab.json("/courses") == {"success": True, "value": []}


def test_the_exchange_folder_of_the_course_is_the_one_in_use(lab):
    found = lab.json("/assignments?course_id=deep-learning")
    assert found == {"success": True, "value": []}


def test_formgrader_makes_a_whole_gradebook_in_the_course(lab):
    assert lab.json("/formgrader/api/students") == []
    assert gradebook_state(lab.course / "gradebook.db") == "whole"


def test_a_stranger_without_the_token_is_refused(lab):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://127.0.0.1:{lab.port}/api/contents")


def test_the_users_home_is_left_alone(lab):
    assert os.listdir(lab.home) == []
