"""A person's own server: their copy of the course in their home, then JupyterLab.

The hub starts this as that person. New lectures arrive at the next start; a file that
is there already is never overwritten.
"""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

COPIED = ("README.md", "home.md", "notebooks", "release")


def copy_what_is_missing(source: Path, target: Path) -> None:
    """Copy files into another folder; what is there already stays as it is."""
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if path.relative_to(source).parts[0] in COPIED and path.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(copy):
                shutil.copyfile(path, copy)


def main() -> None:
    """Become JupyterLab in the person's copy of the course."""
    home = Path.home() / os.environ["COURSE_ID"]
    copy_what_is_missing(Path(os.environ["COURSE_HANDOUT"]), home)
    (home / "work").mkdir(exist_ok=True)
    os.environ["COURSE_HOME"] = str(home)
    # `nbgrader` and `course` are found in a terminal.
    programs = sysconfig.get_path("scripts")
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    os.chdir(home)
    # -P: a file of theirs named like one of Jupyter's modules stops nothing.
    server = [sys.executable, "-P", "-m", "jupyterhub.singleuser"]
    os.execv(sys.executable, [*server, f"--ServerApp.root_dir={home}", *sys.argv[1:]])


if __name__ == "__main__":
    main()
