"""What JupyterLab reads and writes, with one page that is made as it is read.

What is handed out can be read and run there, and not written: an update of the course
would take away what a reader wrote into it.
"""

import copy
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError
from traitlets import Bool

from course.student import copies, ending, lectures, notebooks
from course.student.home import PAGE, live_page, page_in_file

HANDED_OUT = re.compile(r"notebooks/(\w+)\.ipynb|release/(\w+)/\2\.ipynb")
EXERCISES = re.compile(r"work/(\w+)/\1\.ipynb")
LECTURE = re.compile(r"(notebooks|work/lectures)/(\d\d_\w+)\.ipynb")
# What lies beside home.md and is no student's business: solutions, tests, the class's
# work and grades, and what the course is made of. What a student adds is shown.
FOR_OTHERS = (
    *("chapters", "source", "course", "utils", "tests", "benchmarks", "docs", "hub"),
    *("submitted", "autograded", "feedback", "exchange", "reports", "gradebook.db*"),
    *("grades*.csv", "students.csv", "downloaded", "demo", "Makefile", "postBuild"),
    *("pyproject.toml", "setup.py", "*.egg-info", "requirements*.txt", "LICENSE"),
    *("environment.yml", "jupyter_lab_config.py", "nbgrader_config.py"),
    *("CITATION.cff", "CONTRIBUTING.md"),
)
# From an exercise to a lecture: as it was handed out, and to the reader's copy.
TO_BUILT, TO_COPY = "](../../notebooks/", "](../lectures/"


class CourseContents(AsyncLargeFileManager):
    """Jupyter's own files, save that home.md says where the student is.

    That part is not in the file: whoever saves the page saves it without. In the same
    way links of the student's exercises lead to the student's copies of lectures, and
    at the end of a lecture stand its exercises.
    """

    show_all = Bool(
        False, help="Whether the list of files shows all that the course is made of."
    ).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        try:  # nbgrader's Assignment List looks into work/ as soon as it is shown
            copies.prepare(Path(self.root_dir))
        except OSError as error:
            self.log.warning("The folder work/ can't be made: %s", error)

    async def get(self, path: str, content: bool = True, **asked: Any) -> dict:
        """A file's model; of the home page with "where you are" on top."""
        model = await super().get(path, content=content, **asked)
        if _is_home(path) and content and model["format"] == "text":
            root, page = Path(self.root_dir), model["content"]
            model["content"] = await run_sync(live_page, root, page)
        if model["type"] == "notebook" and self._built(path):
            model["writable"] = False
        if content and model["type"] == "notebook":
            await self._complete(path, model["content"])
        if content and model["type"] == "directory" and not path.strip("/"):
            model["content"] = [m for m in model["content"] if self._shows(m["name"])]
        return model

    async def _complete(self, path: str, notebook: dict) -> None:
        """Add to a notebook what its file doesn't hold; `save` leaves it out again."""
        if _is_exercises(path):
            _relink(notebook, TO_BUILT, TO_COPY)
        if found := LECTURE.fullmatch(path.strip("/")):
            folder, slug = found.groups()
            root = Path(self.root_dir)
            if end := await run_sync(ending.text, root, slug, folder):
                ending.add(notebook, end)

    def _shows(self, name: str) -> bool:
        """Whether the list of the course's folder has an entry."""
        return self.show_all or not any(fnmatchcase(name, p) for p in FOR_OTHERS)

    async def save(self, model: dict, path: str = "") -> dict:
        """Save a file; the home page and exercises without what was changed in them.

        Raises:
            HTTPError: 403 for a notebook as it was handed out; says where the copy is.
        """
        if mine := self._built(path):
            text = f"{path} stays as it was handed out: write into your copy, {mine}"
            raise HTTPError(403, text, reason=text)
        if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
            model = {**model, "content": copy.deepcopy(model["content"])}
            ending.take_off(model["content"])
            if _is_exercises(path):
                _relink(model["content"], TO_COPY, TO_BUILT)
        if _is_home(path) and isinstance(model.get("content"), str):
            model = {**model, "content": page_in_file(model["content"])}
        return await super().save(model, path)

    def _built(self, path: str) -> str:
        """Where the copy of a notebook that is handed out lies; "" of other files."""
        found, root = HANDED_OUT.fullmatch(path.strip("/")), Path(self.root_dir)
        if not found or not (root / found[0]).is_file():
            return ""
        lecture, exercises = found.groups()
        mine = (
            lectures.work(root, lecture) if lecture else notebooks.work(root, exercises)
        )
        return mine.relative_to(root).as_posix()


def _relink(notebook: dict, old: str, new: str) -> None:
    """Have the links in a notebook's given text lead elsewhere."""
    for cell in notebook.get("cells", ()):
        about = cell.get("metadata", {}).get("nbgrader")
        is_given = isinstance(about, dict) and about.get("locked")
        if is_given and cell["cell_type"] == "markdown":
            cell["source"] = "".join(cell["source"]).replace(old, new)


def _is_exercises(path: str) -> bool:
    return EXERCISES.fullmatch(path.strip("/")) is not None


def _is_home(path: str) -> bool:
    return path.strip("/") == PAGE
