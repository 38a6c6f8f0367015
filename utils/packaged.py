"""Find and read data files inside packages, checked against the catalogue.

A package is found without importing it, and a file is read only after its SHA-256
agrees with the catalogue: `read("mnist")`. `verify(name)` is for `course doctor`.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from utils.catalogue import PACKAGED


class MissingDataError(FileNotFoundError):
    """The package that holds a data file is not installed."""


class ChangedDataError(ValueError):
    """A data file is there, and is not the one that the course was written with."""


def path(name: str) -> Path:
    """Return where the file of a catalogue entry lies, without importing its package.

    Raises:
        KeyError: the catalogue has no such entry.
        MissingDataError: the package or the file is not installed.
    """
    if name not in PACKAGED:
        raise KeyError(f"no {name!r} in the catalogue; it has {', '.join(PACKAGED)}")
    entry = PACKAGED[name]
    spec = find_spec(entry.module)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or []:
        if (found := Path(folder, entry.file)).is_file():
            return found
    raise MissingDataError(
        f"the {name} data come with the package {entry.package}, which is not "
        f"installed whole. Run: {entry.install}"
    )


def read(name: str) -> bytes:
    """Return the bytes of a catalogue entry's file, whose SHA-256 has been checked.

    Raises:
        KeyError: the catalogue has no such entry.
        MissingDataError: the package or the file is not installed.
        ChangedDataError: the file's SHA-256 is not the catalogue's.
    """
    content = path(name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    entry = PACKAGED[name]
    if found != entry.sha256:
        raise ChangedDataError(
            f"the {name} data in {entry.package} have changed: SHA-256 {found[:12]}, "
            f"expected {entry.sha256[:12]}. Run: {entry.install}"
        )
    return content


def verify(name: str) -> str:
    """Return "ok", "missing" or "changed": the state of a catalogue entry's file."""
    try:
        read(name)
    except MissingDataError:
        return "missing"
    except ChangedDataError:
        return "changed"
    return "ok"
