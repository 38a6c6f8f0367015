"""Installed into the environment's etc/jupyter: `jupyter lab`, started in the course's
folder, reads the settings that lie there; anywhere else it is as it was.

Jupyter itself reads no settings from the current folder any more (CVE-2022-39286): a
stranger's folder could run code. So only the folder that this environment was installed
from is looked at.
"""

import importlib.util
from pathlib import Path

settings = Path.cwd().resolve() / "jupyter_lab_config.py"
course = importlib.util.find_spec("course")
# Without an origin it is some folder named `course` that Python found, not the package.
installed_from = Path(course.origin).resolve().parents[1] if course.origin else None
if settings.parent == installed_from and settings.is_file():
    load_subconfig(str(settings))  # noqa: F821
