"""JupyterLab's settings for this course: read by `jupyter lab` in this folder.

Start it here: nbgrader looks for its own settings where the server started. nbgrader's
extensions need no line here; installing nbgrader enables them.
"""

import os
from pathlib import Path

import mathjax

from course import environment

environment.prepare_environment()  # formgrader calls `alembic`; one thread a kernel

root = Path(__file__).resolve().parent
c = get_config()  # noqa: F821

c.ServerApp.root_dir = str(root)
c.LabApp.default_url = "/lab/tree/home.md"
# home.md says where the student is, and what a student works on lies in work/.
c.ServerApp.contents_manager_class = "course.student.contents.CourseContents"
# The list of files shows what a student needs; an instructor or author says
# `make lab ALL=1`, or COURSE_ALL=1 before `jupyter lab`.
c.CourseContents.show_all = os.environ.get("COURSE_ALL", "0") not in ("", "0")
# overrides.json: no question about news, Markdown opens rendered.
c.LabApp.app_settings_dir = str(root / "course" / "jupyter")
c.LabApp.news_url = None
# custom.css: what Validate says where all visible tests pass.
c.LabApp.custom_css = True
# On a phone the page has the room: the list of files begins folded.
c.ServerApp.jpserver_extensions = {"course.student.phone": True}
# Formgrader's button Autograde grades as `course grade` does. Students have neither.
if (Path(environment.__file__).parent / "formgrade").is_dir():
    c.ServerApp.jpserver_extensions["course.formgrade"] = True
# Formgrader's pages of a submission show formulas with these files, also offline.
c.ServerApp.extra_static_paths = [str(Path(mathjax.__file__).parent / "static")]
# No offers to install, update or build extensions: the versions are pinned.
c.LabApp.extension_manager = "readonly"
# No search for language servers: it starts npm, which writes into the user's home.
c.LanguageServerManager.autodetect = False
c.ServerApp.tornado_settings = {
    "page_config_data": {"buildAvailable": False, "buildCheck": False},
    "static_custom_path": [str(root / "course" / "jupyter")],
}
