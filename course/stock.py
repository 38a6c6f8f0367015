"""Stock nbgrader's steps, called in this process with the course's own settings.

Importing nbgrader takes seconds, so it is imported where a step runs and not before.
"""

import copy
import logging
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader


def settings(root: Path, folder: Path | None = None) -> Config:
    """The settings in `root`'s nbgrader_config.py, for the folders of another course.

    Args:
        root: the course whose nbgrader_config.py rules, as on the command line.
        folder: where source/, release/, submitted/ ... lie; `root` if None.

    Raises:
        RuntimeError: nbgrader_config.py can't be run.
    """
    name = "nbgrader_config.py"
    if not (root / name).is_file():  # a course of somebody else's: nbgrader's own ones
        config = Config()
        config.CourseDirectory.root = str((folder or root).resolve())
        return config
    try:
        config = PyFileConfigLoader(name, path=str(root)).load_config()
    except Exception as error:  # whatever an instructor wrote there
        raise RuntimeError(
            f"{root / name} can't be read: {type(error).__name__}: {error}"
        ) from error
    config.CourseDirectory.root = str((folder or root).resolve())
    return config


def convert(step: str, config: Config, assignment: str, student: str = "*") -> None:
    """Run one of nbgrader's steps over one assignment.

    Args:
        step: its class in `nbgrader.converters`: "GenerateAssignment", "Autograde" or
            "GenerateFeedback".
        config: what `settings` gave.
        assignment: the chapter's slug.
        student: one student's id; all students if not given.

    Raises:
        RuntimeError: nbgrader refused; says so in nbgrader's own words.
    """
    from nbgrader import converters
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = copy.deepcopy(config)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = student
    words: list[str] = []
    log = _collecting_logger(words)
    try:
        course = CourseDirectory(config=config, log=log)
        getattr(converters, step)(coursedir=course, config=config, log=log).start()
    except NbGraderException as error:
        said = "\n".join(dict.fromkeys(words))
        raise RuntimeError(f"nbgrader, {assignment}: {said}") from error


def _collecting_logger(words: list[str]) -> logging.Logger:
    """A logger that keeps nbgrader's errors for our message and is silent otherwise."""
    log = logging.Logger("nbgrader")
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: words.append(_in_short(record.getMessage()))
    log.addHandler(handler)
    return log


def _in_short(message: str) -> str:
    """Of a traceback, the error in its last line."""
    lines = message.strip().splitlines()
    return lines[-1] if lines and lines[0].startswith("Traceback") else message.strip()
