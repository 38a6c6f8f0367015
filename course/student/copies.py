"""A student's own copies: exercises in `work/NN_slug/`, lectures in `work/lectures/`.

`release/` and `notebooks/` stay as they were handed out. A copy of exercises is never
overwritten, so that a damaged one can be mended; see `lectures` for the other kind.
"""

import os
import shutil
import tempfile
from pathlib import Path

from course.student import lectures
from course.student.notebooks import slugs

# nbgrader's commands and its Assignment List read settings where they run: in work/.
SETTINGS = "nbgrader_config.py"
FORWARD = '''"""nbgrader's settings in this folder are the course's."""

load_subconfig("../nbgrader_config.py")  # noqa: F821
'''
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__")


def start(root: Path, names: tuple[str, ...] = ()) -> list[Path]:
    """Copy what is handed out and not yet there; renew lectures nobody wrote into.

    Args:
        root: the folder that holds `release/` and `notebooks/`.
        names: chapters' slugs; all if empty.

    Returns:
        the files made, in order; none if all were there already.

    Raises:
        FileNotFoundError: a name is no chapter's.
        OSError: `work/` can't be written.
    """
    known = slugs(root)
    if unknown := ", ".join(sorted(set(names) - set(known))):
        raise FileNotFoundError(
            f"there are no exercises {unknown}; there are: {', '.join(known)}"
        )
    prepare(root)
    made = []
    for slug in names or lectures.slugs(root):
        made += lectures.start(root, slug)
    for slug in names or known:
        made += _copy_missing(root / "release" / slug, root / "work" / slug)
    return made


def prepare(root: Path) -> None:
    """Make `work/` itself, with settings that lead nbgrader to the course's.

    Raises:
        OSError: it can't be written.
    """
    folder = root / "work"
    folder.mkdir(exist_ok=True)
    if (root / SETTINGS).is_file() and not (folder / SETTINGS).exists():
        _place(lambda part: part.write_text(FORWARD), folder / SETTINGS)


def _copy_missing(source: Path, target: Path) -> list[Path]:
    """Copy a folder, or of one that is there the files that it lacks."""
    if not target.exists():
        _place(lambda part: shutil.copytree(source, part, ignore=LEFT_OUT), target)
        return sorted(path for path in target.rglob("*") if path.is_file())
    ignored = LEFT_OUT(str(source), os.listdir(source))
    made = []
    for path in sorted(p for p in source.iterdir() if p.name not in ignored):
        copy = target / path.name
        if path.is_dir():
            made += _copy_missing(path, copy)
        elif not copy.exists():
            _place(lambda part, path=path: shutil.copyfile(path, part), copy)
            made.append(copy)
    return made


def _place(make, target: Path) -> None:
    """Have something made under another name beside `target`, then rename it."""
    with tempfile.TemporaryDirectory(prefix=".part-", dir=target.parent) as folder:
        part = Path(folder) / target.name
        make(part)
        if not target.exists():  # another process may have been faster
            os.rename(part, target)
