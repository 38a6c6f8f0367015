"""What tests share: a toy chapter, and work that is done once for all processes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).parents[1]
TOY = Path(__file__).parent / "fixtures" / "toy"
TOY_SLUG = "01_toy"
QUESTIONS = TOY.parent / "questions.py"

# The same examples each time, and no time limit: a busy machine is not a defect.
settings.register_profile("calm", deadline=None, derandomize=True)
settings.load_profile("calm")


def copy_toy(folder: Path) -> Path:
    """Make `folder` a course with the toy chapter, not built."""
    shutil.copytree(TOY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


@pytest.fixture
def toy_course(tmp_path: Path) -> Path:
    """A course with the toy chapter, not built; to change and to break."""
    return copy_toy(tmp_path / "toy-course")


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id: str) -> Callable[..., tuple[Path, dict]]:
    """Run `once(name, make)`: one process makes a folder, the others wait and read.

    `make(folder)` fills a folder that isn't there yet, and returns plain data.
    """
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent

    def get(name: str, make: Callable[[Path], dict | None]) -> tuple[Path, dict]:
        folder, facts = shared / name, shared / f"{name}.json"
        with FileLock(shared / f"{name}.lock"):
            if not facts.exists():
                facts.write_text(json.dumps(make(folder) or {}), encoding="utf-8")
        return folder, json.loads(facts.read_text(encoding="utf-8"))

    return get


@pytest.fixture(scope="session")
def built_toy(once) -> Path:
    """The toy course, built; shared by all tests, so to be read only."""

    def make(folder: Path) -> None:
        from course.build.pipeline import build  # imports torch, which few tests need

        build(copy_toy(folder), say=lambda text: None)

    return once("built-toy", make)[0]


@pytest.fixture
def built_toy_copy(built_toy: Path, tmp_path: Path) -> Path:
    """The toy course, built; for one test, to change and to break."""
    return Path(shutil.copytree(built_toy, tmp_path / "built-toy"))


@pytest.fixture(scope="session")
def built_choices(once) -> Path:
    """The toy course and two questions with options, built; to be read only."""

    def make(folder: Path) -> None:
        from course.build.pipeline import build

        path = copy_toy(folder) / "chapters" / TOY_SLUG / "exercises.py"
        text = QUESTIONS.read_text(encoding="utf-8")
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
        build(folder, say=lambda text: None)

    return once("built-choices", make)[0]
