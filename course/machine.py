"""What this machine offers, as plain facts: `look()` for `course doctor` to judge.

Nothing here changes anything; what can't be found out is None or empty.
"""

import contextlib
import platform
import shutil
import sqlite3
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import psutil

from course.grade.isolation.ladder import Facts, probe
from course.requirements import DIRECT, LOCK, NO_DEPS, ROOT, canonical, read_pins


@dataclass(frozen=True)
class Machine:
    """The facts that the course depends on; sizes in bytes."""

    system: str
    python: tuple[int, int, int]
    executable: str
    pinned: dict[str, str]  # what the project uses itself, by canonical name
    no_deps: dict[str, str]
    locked: dict[str, str]
    installed: dict[str, str]
    torch_error: str = ""
    devices: tuple[str, ...] = ()
    isolation: Facts = field(default_factory=Facts)
    data: dict[str, str] = field(default_factory=dict)  # entry: ok, missing, changed
    data_package: dict[str, str] = field(default_factory=dict)  # entry: package
    data_install: dict[str, str] = field(default_factory=dict)  # package: command
    alembic: str = ""
    gradebook: str = "none"  # none, whole or half-made
    free_disk: int = 0
    memory: int = 0
    free_memory: int = 0


def look(root: Path = ROOT) -> Machine:
    """The facts about this machine and the course in `root`; imports torch."""
    torch_error, devices = _torch()
    memory = psutil.virtual_memory()
    return Machine(
        system=platform.system(),
        python=sys.version_info[:3],
        executable=sys.executable,
        pinned=read_pins(DIRECT, root),
        no_deps=read_pins(NO_DEPS, root),
        locked=read_pins(LOCK, root),
        installed=installed_packages(),
        torch_error=torch_error,
        devices=devices,
        isolation=probe(),
        alembic=shutil.which("alembic") or "",
        gradebook=gradebook_state(root / "gradebook.db"),
        free_disk=shutil.disk_usage(root).free,
        memory=memory.total,
        free_memory=memory.available,
        **_data(),
    )


def installed_packages() -> dict[str, str]:
    """{canonical name: version}, local parts such as `+cpu` left out."""
    found = {}
    for distribution in metadata.distributions():
        name = canonical(distribution.name)
        found.setdefault(name, distribution.version.split("+")[0])
    return found


def gradebook_state(path: Path) -> str:
    """ "none", "whole", or "half-made": tables without alembic's version of them."""
    if not path.is_file():
        return "none"
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        ) as db:
            tables = {name for (name,) in db.execute(query)}
            if "alembic_version" in tables:
                found = db.execute("SELECT version_num FROM alembic_version").fetchall()
                return "whole" if found else "half-made"
    except sqlite3.DatabaseError:
        return "half-made"
    return "half-made" if tables else "none"


def _torch() -> tuple[str, tuple[str, ...]]:
    try:
        import torch  # noqa: F401
        import torchvision  # noqa: F401

        from utils.device import device_name, try_all_gpus

        names = [device_name(device) for device in try_all_gpus()]
    except Exception as error:  # a broken install fails in many ways, all worth telling
        return f"{type(error).__name__}: {error}", ()
    return "", tuple(names)


def _data() -> dict[str, dict[str, str]]:
    from utils.packaged import PACKAGED, verify

    return {
        "data": {name: verify(name) for name in PACKAGED},
        "data_package": {name: entry.package for name, entry in PACKAGED.items()},
        "data_install": {entry.package: entry.install for entry in PACKAGED.values()},
    }
