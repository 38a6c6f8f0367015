"""Formgrader's button Autograde, so that it grades as `course grade` does.

By itself it runs a stranger's code in the server's process, with the instructor's files
and network. A server extension of Jupyter: jupyter_lab_config.py switches it on.
"""

import subprocess


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
    from nbgrader.apps.api import NbGraderAPI

    NbGraderAPI.autograde = autograde
