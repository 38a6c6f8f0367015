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
# A chapter's pages alone: what leads to other pages is no fault.
ALONE = ("suppress_warnings=myst.xref_missing,toc.not_included",)


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


def make_one(root: Path, number: str, say: Callable[[str], None]) -> Path:
    """Make a chapter's two pages alone, in `.build/page`; links to others lead nowhere.

    Args:
        root: the course's folder; the chapter is built.
        number: `12`, or the slug.
        say: is told each step.

    Returns:
        the lecture's page.

    Raises:
        FileNotFoundError: there is no such lecture.
        LectureFailed: it doesn't run.
        SiteBroken: Sphinx has something else to say than of links.
    """
    named = [p for p in lectures(root) if number in (p.stem, p.stem[:2])]
    if not named:
        raise FileNotFoundError(f"no lecture {number} in notebooks/; `course build`")
    execute(named, cache_folder(root), say)
    say("pages")
    slug, site = named[0].stem, root / ".build" / "page"
    pages = f"notebooks/{slug}.ipynb,release/{slug}/{slug}.ipynb"
    settings = [f"include_patterns={pages}", f"root_doc=notebooks/{slug}", *ALONE]
    build_pages(root, site, site / ".doctrees", settings)
    return site / "notebooks" / f"{slug}.html"


def build_pages(root: Path, site: Path, doctrees: Path, settings=()) -> None:
    """Run Sphinx.

    Args:
        root: the course's folder.
        site: where the pages go.
        doctrees: where Sphinx keeps what it has read.
        settings: `name=value` in the place of what conf.py says.

    Raises:
        SiteBroken: it warned or failed; with what it said.
    """
    config = root / "docs" / "site"
    folders = ("-c", str(config), "-d", str(doctrees), str(root), str(site))
    given = [word for setting in settings for word in ("-D", setting)]
    done = subprocess.run(
        [*SPHINX, *given, *folders], capture_output=True, text=True, cwd=root
    )
    if done.returncode:
        raise SiteBroken(done.stderr.strip() or done.stdout.strip())
