"""Programs run as from a shell in which nothing is activated."""

import os
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAMS = Path(sysconfig.get_path("scripts"))


@pytest.fixture(scope="session")
def run_bare() -> Callable[..., subprocess.CompletedProcess]:
    """Run `run_bare(folder, "nbgrader", "export")` in a folder."""

    def run(folder: Path, program: str, *words: str) -> subprocess.CompletedProcess:
        bare = {"PATH": os.defpath, "HOME": str(folder), "OMP_NUM_THREADS": "1"}
        bare["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        return subprocess.run(
            [PROGRAMS / program, *words],
            cwd=folder,
            env=bare,
            capture_output=True,
            encoding="utf-8",
        )

    return run
