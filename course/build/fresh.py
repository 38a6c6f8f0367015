"""Which chapters are as they were built: told by content, never by a file's age.

A build writes down, in `.build/`, a digest of all that a chapter is made of and of what
was made. In a clone that has built nothing yet git answers: what was committed was
checked (`course check --built`).
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from course.build.places import built_files
from course.chapters import find_chapters

RECORD = Path(".build") / "built.json"
# What builds, and what frozen values hang on.
CODE = ("utils/**/*.py", "course/*.py", "course/build/**/*.py", "course/bank/*.py")
CODE += ("requirements*.txt", "nbgrader_config.py")
CODE += ("chapters/syllabus.toml", "docs/site/terms.toml")
REFERENCE = re.compile(r"\]\((\d\d)\b")


def stale(root: Path) -> list[str]:
    """The chapters that are to be built, because something of them changed.

    Args:
        root: the course's folder.

    Returns:
        their slugs, in order.
    """
    code, record = _code(root), _read(root)
    slugs = [folder.name for folder in find_chapters(root)]
    unknown = [s for s in slugs if record.get(s) != _state(root, s, code)]
    return [slug for slug in unknown if not _is_committed(root, slug, code)]


def made_of(root: Path, slugs: Iterable[str]) -> dict[str, str]:
    """A digest of all that each chapter is made of; to be asked for before a build.

    Args:
        root: the course's folder.
        slugs: the chapters.
    """
    code = _code(root)
    return {slug: _digest(root, [*code, *_text(root, slug)]) for slug in slugs}


def remember(root: Path, made: dict[str, str]) -> None:
    """Write down that chapters are built.

    Args:
        root: the course's folder.
        made: what `made_of` gave before the build.
    """
    states = {s: [of, _digest(root, built_files([s]))] for s, of in made.items()}
    path = root / RECORD
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="record-", dir=path.parent) as folder:
        part = Path(folder) / path.name
        part.write_text(json.dumps({**_read(root), **states}), encoding="utf-8")
        os.replace(part, path)


def _read(root: Path) -> dict:
    """What was written down; nothing if somebody spoilt it."""
    try:
        record = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _state(root: Path, slug: str, code: list[Path]) -> list[str]:
    files = [*code, *_text(root, slug)]
    return [_digest(root, files), _digest(root, built_files([slug]))]


def _code(root: Path) -> list[Path]:
    found = {path for pattern in CODE for path in root.glob(pattern)}
    return sorted(path.relative_to(root) for path in found if path.is_file())


def _text(root: Path, slug: str) -> list[Path]:
    """A chapter's files, and the lectures it refers to: links name their headings."""
    folder = root / "chapters" / slug
    files = sorted([*folder.glob("*.py"), *folder.glob("rubric.toml")])
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in files)
    numbers = {number for text in texts for number in REFERENCE.findall(text)}
    others = [f / "lecture.py" for f in find_chapters(root) if f.name[:2] in numbers]
    return [path.relative_to(root) for path in dict.fromkeys((*files, *others))]


def _digest(root: Path, files: Iterable[Path]) -> str:
    """One digest of files and their names; a file that is missing counts as such."""
    total = hashlib.sha256()
    for file in files:
        path = root / file
        content = path.read_bytes() if path.is_file() else b"missing"
        line = f"{file.as_posix()} {hashlib.sha256(content).hexdigest()}\n"
        total.update(line.encode())
    return total.hexdigest()


def _is_committed(root: Path, slug: str, code: list[Path]) -> bool:
    """Whether git has the chapter, what builds it and what was built, as they are."""
    files = [*code, *_text(root, slug), *built_files([slug])]
    names = [file.as_posix() for file in files]
    known = _git(root, "ls-files", "--error-unmatch", "--", *names)
    changed = _git(root, "status", "--porcelain", "--", *names)
    return known is not None and changed == ""


def _git(root: Path, *words: str) -> str | None:
    """What git says; None where there is no git, no repository, or it refuses."""
    if not shutil.which("git"):
        return None
    command = ["git", "--no-optional-locks", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None
