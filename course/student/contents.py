"""What JupyterLab reads and writes, with one page that is made as it is read."""

from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from course.student import copies
from course.student.home import PAGE, live_page, page_in_file


class CourseContents(AsyncLargeFileManager):
    """Jupyter's own files, save that home.md says where the student is.

    That part is not in the file: whoever saves the page saves it without.
    """

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
        return model

    async def save(self, model: dict, path: str = "") -> dict:
        """Save a file; the home page without what was added to it."""
        if _is_home(path) and isinstance(model.get("content"), str):
            model = {**model, "content": page_in_file(model["content"])}
        return await super().save(model, path)


def _is_home(path: str) -> bool:
    return path.strip("/") == PAGE
