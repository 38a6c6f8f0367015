"""Jupyter's settings for formgrader on a hub: those of the course it runs in."""

from pathlib import Path

c = get_config()  # noqa: F821

load_subconfig(str(Path.cwd() / "jupyter_lab_config.py"))  # noqa: F821
c.CourseContents.show_all = True  # instructors see the whole course
