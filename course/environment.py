"""The environment that nbgrader, kernels and torch find, put right before they look.

nbgrader makes its database with the command `alembic`, called by bare name. In a shell
where nothing is activated that fails half-way and leaves a database without a version.
"""

import os
import sys
import sysconfig
from collections.abc import MutableMapping

# A module of ours as a program. Not from the current folder: a stranger's work may lie
# there, and be taken for a module of Python's own.
MODULE = (sys.executable, "-P", "-m")
# Instructions that every processor of a kind has: sums come out the same on all of one
# maker's, and nearly so on the others (see `course.build.settle`).
PLAINEST = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_CBWR": "COMPATIBLE",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
}


def prepare_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Put the programs that came with this Python (`alembic`, `jupyter`) first on PATH,
    and give child processes one OpenMP thread each unless OMP_NUM_THREADS says more.
    """
    programs = sysconfig.get_path("scripts")
    folders = environ.get("PATH", "").split(os.pathsep)
    others = [folder for folder in folders if folder and folder != programs]
    environ["PATH"] = os.pathsep.join([programs, *others])
    environ.setdefault("OMP_NUM_THREADS", "1")


def reproducible(environ: MutableMapping[str, str] = os.environ) -> None:
    """Have torch compute with one thread and the plainest instructions, in this process
    and its children, so that the same call gives the same numbers on every processor,
    but for what `course.build.settle` knows of.

    Raises:
        RuntimeError: torch was imported without these settings and can't take them now.
    """
    settings = {**PLAINEST, "OMP_NUM_THREADS": "1"}
    unset = {name for name, value in settings.items() if environ.get(name) != value}
    if unset and environ is os.environ and "torch" in sys.modules:
        raise RuntimeError(
            f"torch was imported before reproducible() could set {', '.join(unset)}; "
            "start a process of its own for this, such as `course build`"
        )
    environ.update(settings)
