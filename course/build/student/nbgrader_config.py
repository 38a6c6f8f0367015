"""nbgrader's settings for a student: what Validate and the Assignment List need."""

import os
from pathlib import Path

from course.environment import prepare_environment

prepare_environment()

root = Path(__file__).resolve().parent
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "deep-learning"
c.CourseDirectory.root = str(root)
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    "feedback",
    "*.before-restore*.ipynb",  # `course restore` keeps what it mended
]

# A class that hands in through nbgrader says where; else nothing leaves this folder.
own = root / ".jupyter" / "exchange"
own.mkdir(parents=True, exist_ok=True)
c.Exchange.root = os.environ.get("COURSE_EXCHANGE", str(own))
c.Exchange.cache = str(root / ".jupyter" / "nbgrader_cache")
c.Exchange.assignment_dir = str(root / "work")

c.Execute.timeout = 60
c.Execute.startup_timeout = 120
c.Execute.iopub_timeout = 30
c.Execute.shutdown_kernel = "immediate"
