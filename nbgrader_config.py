"""nbgrader's settings for this course; read by `nbgrader` and JupyterLab's extensions.

Every path follows from where this file lies, so a copy of the folder is a course of its
own. The gradebook has no line here: its default is gradebook.db in the course's root,
and it follows `--course-dir` where a line would not.
"""

import os
from pathlib import Path

from course.environment import prepare_environment

prepare_environment()  # nbgrader calls `alembic` by bare name

root = Path(__file__).resolve().parent
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "deep-learning"
c.CourseDirectory.root = str(root)
# Never handed out or collected, should they lie beside a notebook: chapters' sources
# (solutions), databases, leftovers of editors and systems.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    "feedback",
    "answers.py",
    "exercises.py",
    "rubric.toml",
    "*.before-restore*.ipynb",  # `course restore` keeps what it mended
    "*.db",
    ".DS_Store",
    "Thumbs.db",
    ".gitkeep",
]

# Released and submitted assignments pass through a folder of the course, or through one
# that several accounts share: docs/hub.md says which rights it needs.
c.Exchange.root = os.environ.get("COURSE_EXCHANGE", str(root / "exchange"))
c.Exchange.cache = str(root / ".jupyter" / "nbgrader_cache")
# A fetched assignment is the student's own copy, and lies where `course start` makes
# one; release/ stays as it was built.
c.Exchange.assignment_dir = str(root / "work")
# No links, nobody else's name, and a broken submission stops nobody else's.
c.ExchangeFactory.collect = "course.exchange.CollectOwn"
# The same for archives from Moodle or Canvas.
c.ZipCollectApp.extractor_plugin = "course.archives.ExtractPlain"
c.ZipCollectApp.collector_plugin = "course.archives.CollectEach"

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.ClearSolutions.text_stub = "Write your answer here, in place of this line."
# nbgrader's own steps, but that a question with options is left with empty quotes.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "course.blanks.ClearAnswers",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A solved exercise notebook runs in 20 s as a whole; one cell has three times that.
c.Execute.timeout = 60
c.Execute.startup_timeout = 120
c.Execute.iopub_timeout = 30
# A polite shutdown waits 1.7 s a notebook for torch to take itself apart.
c.Execute.shutdown_kernel = "immediate"

# Formgrader and generate_feedback show notebooks through this exporter: whatever a
# student's outputs and Markdown hold, looking at them runs nothing.
c.HTMLExporter.preprocessors = ["course.grade.inert.view.ShowInert"]

# A test cell that a student deleted comes back; of copied cells the last one counts. By
# itself nbgrader gives no points for the first and stops the class at the second.
c.OverwriteCells.add_missing_cells = True
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "course.copies.DropCopies",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
