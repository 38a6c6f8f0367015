"""Jupyter's settings for formgrader on a hub: those of the course it runs in."""

from pathlib import Path

load_subconfig(str(Path.cwd() / "jupyter_lab_config.py"))  # noqa: F821
