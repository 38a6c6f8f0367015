"""Where a notebook can be opened, and what is read of a page."""

import json

from course.site.bibliography import Bibliography, Work
from course.site.citations import Citations
from course.site.opening import links
from course.site.pages import cite, with_exercises, without_values

HOME = "http://localhost:8888"
LECTURE, EXERCISES = "notebooks/01_toy", "release/01_toy/01_toy"


def test_without_a_repository_there_is_the_server_that_all_have():
    assert links(LECTURE, HOME, "") == {
        "JupyterLab": "http://localhost:8888/lab/tree/work/lectures/01_toy.ipynb"
    }


def test_without_a_server_that_all_have_none_is_linked():
    assert links(LECTURE, "", "") == {}


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
    left = without_values({"cells": cells, "nbformat": 4})
    assert left == {"cells": [{"id": "a"}, {"id": "b"}], "nbformat": 4}


def test_a_lecture_ends_with_what_its_exercises_are_worth(built_toy):
    text = (built_toy / "notebooks/01_toy.ipynb").read_text(encoding="utf-8")
    content = json.loads(text)
    with_exercises(content, built_toy, "01_toy")
    *cells, end = content["cells"]
    assert cells == json.loads(text)["cells"]
    assert end["source"].endswith(
        "[4 exercises, 8 points](../release/01_toy/01_toy.ipynb)"
    )
    with_exercises(content, built_toy, "02_other")  # has none
    assert content["cells"] == [*cells, end]


def test_a_notebooks_citations_and_sections_become_links_but_in_predictions_html():
    work = Work("ba-2015", ("Kingma", "Ba"), 2015, "Adam", arxiv="1412.6980")
    said = "Kingma and Ba 2015 ([see](02_b.ipynb#The-idea?))"
    cells = [
        {"cell_type": "markdown", "id": "text", "source": said.splitlines()},
        {"cell_type": "markdown", "id": "predict-why", "source": said},
        {"cell_type": "code", "id": "code", "source": f"# {said}"},
    ]
    content = {"cells": cells}
    cited = cite(content, Citations(Bibliography((work,), frozenset())))
    text, prediction, code = (cell["source"] for cell in cells)
    assert cited.keys == {"ba-2015"}
    assert text == (
        "[Kingma and Ba 2015](https://arxiv.org/abs/1412.6980) "
        "([see](02_b.ipynb#the-idea))"
    )
    assert prediction == "Kingma and Ba 2015 ([see](02_b.ipynb#the-idea))"
    assert code == f"# {said}"
