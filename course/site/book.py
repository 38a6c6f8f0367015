"""`course site`: lectures executed, pages built, links checked; or nothing changed."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from course.environment import MODULE
from course.site.execute import cache_folder, execute
from course.site.links import complaints

# Warnings are errors, all of them are shown, and every reference must be found.
SPHINX = (*MODULE, "sphinx", "-q", "-W", "--keep-going", "-n", "-E")


class SiteBroken(RuntimeError):
    """Sphinx warned, or a link leads nowhere; says what and where."""


def lectures(root: Path) -> list[Path]:
    """The built lectures of a course.

    Raises:
        FileNotFoundError: there are none.
    """
    found = sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise FileNotFoundError(f"no lecture in {root / 'notebooks'}; `course build`")
    return found


def make(root: Path, output: Path, say: Callable[[str], None]) -> Path:
    """Build the site of a course.

    Args:
        root: the course's folder; its lectures and releases are built.
        output: where the site goes, in the place of what was there, once it is good.
        say: is told each step, one a lecture and two more.

    Returns:
        the page to begin with.

    Raises:
        LectureFailed: a lecture doesn't run.
        SiteBroken: Sphinx has something to say, or a link leads nowhere.
    """
    execute(lectures(root), cache_folder(root), say)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".site-") as scratch:
        site = Path(scratch) / "site"
        say("pages")
        build_pages(root, site, Path(scratch) / "doctrees")
        say("links")
        if wrong := complaints(site):
            raise SiteBroken("\n".join(wrong))
        if output.exists():
            shutil.rmtree(output)
        site.rename(output)
    return output / "index.html"


def build_pages(root: Path, site: Path, doctrees: Path) -> None:
    """Run Sphinx.

    Raises:
        SiteBroken: it warned or failed; with what it said.
    """
    config = root / "docs" / "site"
    folders = ("-c", str(config), "-d", str(doctrees), str(root), str(site))
    done = subprocess.run([*SPHINX, *folders], capture_output=True, text=True, cwd=root)
    if done.returncode:
        raise SiteBroken(done.stderr.strip() or done.stdout.strip())
