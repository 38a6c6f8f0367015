"""Where a notebook can be opened, and what an exercise page leaves out."""

import json

from course.site.pages import home_page, links, with_exercises, without_values

HOME = "http://localhost:8888"
LECTURE, EXERCISES = "notebooks/01_toy", "release/01_toy/01_toy"


def test_without_a_repository_there_is_the_readers_own_server():
    assert links(LECTURE, HOME, "") == {
        "JupyterLab": "http://localhost:8888/lab/tree/work/lectures/01_toy.ipynb"
    }


def test_exercises_are_worked_on_in_the_students_own_copy():
    own = links(EXERCISES, f"{HOME}/", "")["JupyterLab"]
    assert own == "http://localhost:8888/lab/tree/work/01_toy/01_toy.ipynb"


def test_a_repository_on_github_gives_colab_and_binder():
    found = links(LECTURE, HOME, "https://github.com/ada/workbook")
    assert found["Colab"] == (
        "https://colab.research.google.com/github/ada/workbook/blob/HEAD/"
        "notebooks/01_toy.ipynb"
    )
    assert found["Binder"] == (
        "https://mybinder.org/v2/gh/ada/workbook/HEAD"
        "?urlpath=lab%2Ftree%2Fwork%2Flectures%2F01_toy.ipynb"
    )


def test_another_host_gives_binder_alone():
    found = links(EXERCISES, HOME, "https://git.example.org/ada/workbook")
    assert list(found) == ["JupyterLab", "Binder"]
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fada%2Fworkbook/" in found["Binder"]
    assert found["Binder"].endswith(
        "?urlpath=lab%2Ftree%2Fwork%2F01_toy%2F01_toy.ipynb"
    )


def test_the_folded_cell_of_values_is_left_out_and_nothing_else():
    cells = [{"id": "a"}, {"id": "frozen-values"}, {"id": "b"}]
    left = json.loads(without_values(json.dumps({"cells": cells, "nbformat": 4})))
    assert left == {"cells": [{"id": "a"}, {"id": "b"}], "nbformat": 4}


def test_a_lecture_ends_with_what_its_exercises_are_worth(built_toy):
    text = (built_toy / "notebooks/01_toy.ipynb").read_text(encoding="utf-8")
    *cells, end = json.loads(with_exercises(text, built_toy, "01_toy"))["cells"]
    assert cells == json.loads(text)["cells"]
    assert end["source"].endswith(
        "[4 exercises, 8 points](../release/01_toy/01_toy.ipynb)"
    )
    assert with_exercises("no notebook", built_toy, "02_other") == "no notebook"


def test_the_home_page_leads_to_pristine_notebooks_and_skips_no_level_of_headings():
    mine = "[it](work/lectures/01_toy.ipynb) [set](work/01_toy/01_toy.ipynb)\n"
    theirs = "[it](notebooks/01_toy.ipynb) [set](release/01_toy/01_toy.ipynb)\n"
    text = f"# Home\n\n### Part I. Toys\n\n{mine}"
    page = f"# Home\n\n## Part I. Toys\n\n{theirs}"
    assert home_page(text) == page
