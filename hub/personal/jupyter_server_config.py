"""Jupyter's settings for everybody's own server."""

import os
from pathlib import Path

c = get_config()  # noqa: F821

# The home page, no question about news: as at home. The folder that the server shows is
# the person's own copy; start_server.py says so.
load_subconfig(str(Path(os.environ["COURSE_HANDOUT"]) / "jupyter_lab_config.py"))  # noqa: F821

# Formgrader is a service of its own, for instructors.
c.ServerApp.jpserver_extensions.update(
    {
        "course.formgrade": False,
        "nbgrader.server_extensions.formgrader": False,
        "nbgrader.server_extensions.course_list": False,
    }
)
# Memory comes back: of a kernel after an hour without work, of a server after two.
c.MappingKernelManager.cull_idle_timeout = 3600
c.ServerApp.shutdown_no_activity_timeout = 7200
