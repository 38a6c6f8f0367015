"""Checks that name the mistake.

A test cell is a block `with check.exercise("id", points=2):` of the functions below.
Each raises `WrongAnswer` or `NotAttempted` or passes in silence; so stock nbgrader,
nbval and plain `python` all see the verdict, and a notebook shows a small panel.
"""

from utils.check.calls import call, take
from utils.check.checks import close, dtype, equal, raises, reaches, shape, true
from utils.check.choice import choice
from utils.check.errors import CheckFailed, NotAttempted, WrongAnswer
from utils.check.forbidden import forbidden
from utils.check.gradients import gradient
from utils.check.hints import hint
from utils.check.modules import module, parameters
from utils.check.probe import probe
from utils.check.session import exercise, hidden, load, recording

__all__ = [
    "CheckFailed",
    "NotAttempted",
    "WrongAnswer",
    "call",
    "choice",
    "close",
    "dtype",
    "equal",
    "exercise",
    "forbidden",
    "gradient",
    "hidden",
    "hint",
    "load",
    "module",
    "parameters",
    "probe",
    "raises",
    "reaches",
    "recording",
    "shape",
    "take",
    "true",
]
