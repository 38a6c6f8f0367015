"""A real JupyterLab with the course's settings, asked over the loopback address."""

import json
import os
import urllib.error
import urllib.request

import pytest

from course.machine import gradebook_state
from tests.lab import TOKEN, running_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


def test_it_opens_on_the_home_page(lab):
    with lab.get("/") as response:
        assert response.url.endswith("/lab/tree/home.md")
        assert b"jupyter-config-data" in response.read()


def test_the_home_page_is_a_page_and_not_a_notebook(lab):
    page = lab.json("/api/contents/home.md")
    assert page["type"] == "file"
    assert page["content"].startswith("# Deep Learning Workbook")


def test_it_says_where_the_student_is_and_the_file_does_not(lab):
    page = lab.json("/api/contents/home.md?type=file")
    assert "## Where you are" in page["content"]
    assert "Where you are" not in (lab.course / "home.md").read_text()


def test_nothing_asks_about_news_or_a_build(lab):
    settings = "/lab/api/settings/@jupyterlab/"
    notes = lab.json(f"{settings}apputils-extension:notification")
    assert notes["schema"]["properties"]["fetchNews"]["default"] == "false"
    viewers = lab.json(f"{settings}docmanager-extension:plugin")["schema"]["properties"]
    assert viewers["defaultViewers"]["default"] == {"markdown": "Markdown Preview"}
    with lab.get("/lab") as response:
        page = response.read().decode()
    assert '"buildCheck": false' in page and '"buildAvailable": false' in page


def test_our_words_for_a_passed_validation_are_on_the_page(lab):
    with lab.get("/lab") as response:
        assert "custom/custom.css" in response.read().decode()
    with lab.get("/custom/custom.css") as response:
        assert "Hidden tests come on top" in response.read().decode()


def test_nbgraders_pages_for_jupyterlab_are_served(lab):
    with lab.get("/lab") as response:
        assert "@jupyter/nbgrader" in response.read().decode()


def test_nbgraders_server_extensions_answer(lab):
    assert lab.json("/formgrader/api/status") == {"status": True}
    assert lab.json("/nbgrader_version?version=0.9.6")["success"]
    assert lab.json("/courses") == {"success": True, "value": []}


def test_formgraders_button_autograde_is_ours(lab):
    page = f"{lab.address}/formgrader/api/submission/01_toy/ann/autograde"
    headers = {"Authorization": f"token {TOKEN}"}
    asked = urllib.request.Request(page, data=b"", headers=headers)
    with urllib.request.urlopen(asked) as response:
        done = json.load(response)
    assert not done["success"] and "run `course build 01_toy`" in done["error"]


def test_the_exchange_folder_of_the_course_is_the_one_in_use(lab):
    found = lab.json("/assignments?course_id=deep-learning")
    assert found == {"success": True, "value": []}


def test_formgrader_makes_a_whole_gradebook_in_the_course(lab):
    assert lab.json("/formgrader/api/students") == []
    assert gradebook_state(lab.course / "gradebook.db") == "whole"


def test_a_stranger_without_the_token_is_refused(lab):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{lab.address}/api/contents")


def test_the_users_home_is_left_alone(lab):
    assert os.listdir(lab.home) == []
