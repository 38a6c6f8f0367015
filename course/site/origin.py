"""Where on GitHub a clone of the course comes from."""

import re
import subprocess
from pathlib import Path

HOST = "github.com"
# Of a user or a token in an address nothing is kept: pages are for everybody.
GITHUB = re.compile(
    r"(?:https://(?:[^/@]*@)?github\.com/|(?:ssh://)?git@github\.com[:/])"
    r"([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)


def origin(root: Path) -> str:
    """The address of the repository that a folder was cloned from.

    Args:
        root: the course's folder.

    Returns:
        `https://github.com/OWNER/NAME`; "" if it is no clone, or of somewhere else.
    """
    # The folder's own: an outer repository's origin is not the course's.
    command = ("git", f"--git-dir={root / '.git'}", "remote", "get-url", "origin")
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:  # a download, on a machine without git
        return ""
    found = GITHUB.fullmatch(done.stdout.strip())
    return f"https://github.com/{found[1]}/{found[2]}" if found else ""
