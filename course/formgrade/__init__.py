"""What formgrader does not do by itself: a server extension of Jupyter, which
jupyter_lab_config.py switches on.

Its button Autograde grades as `course grade` does: by itself it runs a stranger's code
in the server's process, with the instructor's files and network. And there are pages of
written answers, `course.written`, with a link from its Manual Grading.
"""

import subprocess
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader


def autograde(
    api, assignment_id: str, student_id: str, force: bool = True, create: bool = True
) -> dict:
    """Grade one student's submission, locked in, whether it was graded before or not.

    Args:
        api: nbgrader's `NbGraderAPI` of the course.
        assignment_id: the chapter's slug.
        student_id: who handed it in.
        force, create: as nbgrader has them; it never calls with anything else.

    Returns:
        success: whether there is a result now; log: what `course grade` said; error:
        the same if there is none.
    """
    root, db_url = api.coursedir.root, api.coursedir.db_url
    words = [f"--student={student_id}", f"--db={db_url}", "--", assignment_id]
    done = subprocess.run(
        ["course", f"--root={root}", "grade", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        return {"success": False, "error": done.stdout}
    return {"success": True, "log": done.stdout}


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": "course.formgrade"}]


def _load_jupyter_server_extension(server) -> None:
    """Jupyter loads extensions by their names, so that formgrader comes after this."""
    from jupyter_server.utils import url_path_join
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

    from course.written.handlers import handlers

    NbGraderAPI.autograde = autograde
    # Before formgrader's own, which answer 404 to whatever else begins as theirs do.
    base_url = server.web_app.settings["base_url"]
    found = [(url_path_join(base_url, path), *rest) for path, *rest in handlers()]
    server.web_app.add_handlers(".*$", found)
    FormgradeExtension.init_tornado_settings = _with_link(
        FormgradeExtension.init_tornado_settings
    )


def _with_link(prepare):
    """Have formgrader's pages made with a template of ours, which extends its own."""

    def prepare_with_link(extension, webapp) -> None:
        prepare(extension, webapp)
        environment = webapp.settings["nbgrader_jinja2_env"]
        stock = environment.loader
        ours = FileSystemLoader(Path(__file__).parent / "templates")
        loaders = [ours, PrefixLoader({"stock": stock}), stock]
        environment.loader = ChoiceLoader(loaders)

    return prepare_with_link
