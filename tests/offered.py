"""What a machine must offer: where that is said, a level that is missing fails.

`.ci/run` says it: COURSE_ISOLATION=AB.
"""

import os
from typing import NoReturn

import pytest


def not_offered(level: str, reason: str) -> NoReturn:
    """Skip a test of a level of isolation that this machine doesn't have.

    Raises:
        pytest.fail.Exception: it was said to have it.
    """
    if level in os.environ.get("COURSE_ISOLATION", ""):
        pytest.fail(f"level {level} is not offered here: {reason}")
    pytest.skip(f"level {level} is not offered here: {reason}")
