"""What is pinned, and how the lock is made.

requirements.txt           what the project itself uses
requirements-no-deps.txt   packages that come without what they ask for
requirements-lock.txt      everything those two bring in, for `pip install -c`

Each line is `name==version`. `python -m course.requirements` prints the lock: pip
resolves both files from nothing, as on an empty machine, and installs nothing.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIRECT = "requirements.txt"
NO_DEPS = "requirements-no-deps.txt"
LOCK = "requirements-lock.txt"

PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+_-]+)")

HEADER = """\
# Made by `make lock`; not edited by hand. The exact version of every package that the
# other two requirements files bring in, used as `pip install -c`: a constraint installs
# nothing by itself, so packages that only Linux needs stay away from other systems.
"""


def canonical(name: str) -> str:
    """A package's name as package indexes compare it: `torch_geometric`, `Jinja2` ->
    `torch-geometric`, `jinja2`.
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """The pins of a requirements file's text: {canonical name: version}.

    Raises:
        ValueError: a line is neither a comment nor `name==version`, or a package is
            named twice.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        match = PIN.fullmatch(line)
        if match is None:
            raise ValueError(
                f"line {number}: {line!r} is not of the form name==version"
            )
        name = canonical(match[1])
        if name in found:
            raise ValueError(f"line {number}: {name} is named a second time")
        found[name] = match[2]
    return found


def read_pins(filename: str, root: Path = ROOT) -> dict[str, str]:
    """The pins of one of the three files in `root`."""
    return pins((root / filename).read_text(encoding="utf-8"))


def lock_text(versions: dict[str, str]) -> str:
    """The lock file's text for {name: version}."""
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    return HEADER + "".join(lines)


def resolve(filename: str, *options: str, root: Path = ROOT) -> dict[str, str]:
    """What pip would install for a requirements file on an empty machine.

    Asks the package index; needs minutes, not seconds.

    Raises:
        subprocess.CalledProcessError: pip found no set of versions that fits.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--dry-run"]
        wanted = ["--ignore-installed", "--report", str(report), "-r", filename]
        subprocess.run([*pip, *wanted, *options], cwd=root, check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    packages = [package["metadata"] for package in found]
    return {canonical(package["name"]): package["version"] for package in packages}


if __name__ == "__main__":
    print(lock_text(resolve(DIRECT) | resolve(NO_DEPS, "--no-deps")), end="")
