"""The settings of nbgrader and JupyterLab name traits that exist."""

import shutil
import warnings

import pytest
from traitlets.config.loader import PyFileConfigLoader

from course.requirements import ROOT
from course.student.contents import CourseContents

NBGRADER = "nbgrader_config.py"
JUPYTERLAB = "jupyter_lab_config.py"


def settings(root, filename):
    """The settings of one file, read as nbgrader and JupyterLab read them."""
    return PyFileConfigLoader(filename, path=str(root)).load_config()


def known_classes():
    """The classes that nbgrader and JupyterLab take settings for, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of imports that are not ours
        from jupyter_lsp.manager import LanguageServerManager
        from jupyter_server.serverapp import ServerApp
        from jupyterlab.labapp import LabApp
        from nbconvert.exporters import HTMLExporter
        from nbgrader import preprocessors
        from nbgrader.apps import NbGraderApp
        from nbgrader.converters import Autograde
        from nbgrader.exchange.default import Exchange
    nbgrader = NbGraderApp().all_configurable_classes()
    steps = [getattr(preprocessors, name) for name in preprocessors.__all__]
    ours = [ServerApp, LabApp, LanguageServerManager, Exchange, Autograde, HTMLExporter]
    ours.append(CourseContents)
    return {known.__name__: known for known in [*nbgrader, *steps, *ours]}


def unknown_traits(config):
    """Settings that nothing reads, because the class or the trait is not there."""
    traits_of = {
        name: known.class_trait_names(config=True)
        for name, known in known_classes().items()
    }
    return [
        f"{name}.{trait}"
        for name, traits in config.items()
        for trait in traits
        if trait not in traits_of.get(name, ())
    ]


@pytest.mark.parametrize("filename", [NBGRADER, JUPYTERLAB])
def test_every_setting_names_a_trait_that_exists(filename):
    assert unknown_traits(settings(ROOT, filename)) == []


@pytest.mark.parametrize(
    ("filename", "right", "wrong"),
    [
        (NBGRADER, "c.Execute.timeout", "c.Execute.time_out"),
        (NBGRADER, "c.ClearSolutions", "c.ClearSolution"),
        (JUPYTERLAB, "c.LabApp.news_url", "c.LabApp.news"),
    ],
)
def test_a_setting_that_nothing_reads_is_found(tmp_path, filename, right, wrong):
    text = (ROOT / filename).read_text()
    assert right in text
    (tmp_path / filename).write_text(text.replace(right, wrong))
    found = unknown_traits(settings(tmp_path, filename))
    assert found and all(f"c.{name}".startswith(wrong) for name in found)


@pytest.mark.parametrize(
    ("asked", "shows"), [(None, False), ("", False), ("0", False), ("1", True)]
)
def test_all_files_are_listed_where_that_is_asked_for(monkeypatch, asked, shows):
    monkeypatch.delenv("COURSE_ALL", raising=False)
    if asked is not None:
        monkeypatch.setenv("COURSE_ALL", asked)
    assert settings(ROOT, JUPYTERLAB).CourseContents.show_all is shows


def test_every_path_follows_from_where_the_settings_lie(tmp_path):
    for filename in (NBGRADER, JUPYTERLAB):
        shutil.copy(ROOT / filename, tmp_path)
    nbgrader = settings(tmp_path, NBGRADER)
    assert nbgrader.CourseDirectory.root == str(tmp_path)
    assert nbgrader.Exchange.root == str(tmp_path / "exchange")
    assert nbgrader.Exchange.cache.startswith(str(tmp_path))
    assert settings(tmp_path, JUPYTERLAB).ServerApp.root_dir == str(tmp_path)


def test_the_gradebook_follows_the_courses_folder(tmp_path):
    from nbgrader.coursedir import CourseDirectory

    config = settings(ROOT, NBGRADER)
    here = CourseDirectory(config=config)
    there = CourseDirectory(config=config, root=str(tmp_path))
    assert here.db_url == f"sqlite:///{ROOT / 'gradebook.db'}"
    assert there.db_url == f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_an_emptied_solution_says_not_implemented():
    assert settings(ROOT, NBGRADER).ClearSolutions.code_stub == {
        "python": "raise NotImplementedError"
    }


def test_the_exchange_folder_comes_with_the_course():
    assert (ROOT / "exchange").is_dir()
