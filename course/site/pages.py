"""What Sphinx is told about our pages: their order, and their text as it is read."""

import json
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

from sphinx.application import Sphinx
from sphinx.util import logging

from course.site import bibliography
from course.site.citations import Citations, Cited
from course.site.welcome import welcome
from course.student import ending
from course.student.progress import chapter

logger = logging.getLogger(__name__)
LECTURE = re.compile(r"\]\(notebooks/(\d\d_\w+)\.ipynb\)")
# A link to a section of another notebook.
SECTION = re.compile(r"(\]\([^)#\s]*\.ipynb)#([^)\s]+)\)")
NOTEBOOKS = ("notebooks/", "release/")
PART = re.compile(r"^###? (.+)", re.MULTILINE)
HOME, README = "home", "README.md"
FOLDED = "frozen-values"  # the id of the cell of values and hints that the build adds
PREDICTION = "predict-"  # the ids of cells that the build makes HTML of
ABOUT = (
    "instructors",
    "hub",
    "authors",
    "true-chapters",
    "threat-model",
    "design",
    "scale",
)
LOOK_UP = ("Bibliography <docs/bibliography>", "Index of terms <genindex>")


def read_page(app: Sphinx, docname: str, text: list[str]) -> None:
    """Change a page's source before it is parsed (Sphinx's event `source-read`)."""
    root, works = Path(app.srcdir), app.config.course_bibliography
    if docname == HOME:
        readme = (root / README).read_text(encoding="utf-8")
        text[0] = welcome(readme, text[0]) + contents(app, text[0])
    elif docname == bibliography.PAGE:
        cited = cited_by(root, Citations(works))
        text[0] = bibliography.bibliography_page(text[0], works, cited)
    elif docname.startswith(NOTEBOOKS):
        content = without_values(json.loads(text[0]))
        if docname.startswith("notebooks/"):
            with_exercises(content, root, Path(docname).name)
        for title in cite(content, Citations(works)).unknown:
            what = f"docs/site/bibliography.toml has no work {title!r}"
            logger.warning(what, location=docname, type="course", subtype="works")
        text[0] = json.dumps(content)


def without_values(content: dict) -> dict:
    """An exercise notebook without the folded cell of values and hints."""
    cells = [cell for cell in content["cells"] if cell.get("id") != FOLDED]
    return {**content, "cells": cells}


def with_exercises(content: dict, root: Path, slug: str) -> None:
    """Put a lecture's exercises, and what they are worth, at its end."""
    about = chapter(root, slug)
    if about.exercises:
        link = f"[{ending.worth(about)}](../release/{slug}/{slug}.ipynb)"
        ending.add(content, f"{ending.HEAD}\n\n{link}")


def cite(content: dict, citations: Citations) -> Cited:
    """Make links of a notebook's citations, and the book's anchors of JupyterLab's.

    Args:
        content: the notebook; the text of its cells is changed.
        citations: what can be cited.
    """
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "markdown"]
    for cell in cells:
        cell["source"] = SECTION.sub(_book_anchor, "".join(cell["source"]))
    prose = [c for c in cells if not c.get("id", "").startswith(PREDICTION)]
    cited = citations.linked([cell["source"] for cell in prose])
    for cell, source in zip(prose, cited.sources, strict=True):
        cell["source"] = source
    return cited


def cited_by(root: Path, citations: Citations) -> dict[str, list[str]]:
    """Of each work that is cited the slugs of the lectures that do."""
    found = defaultdict(list)
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        for key in cite(json.loads(path.read_text("utf-8")), citations).keys:
            found[key].append(path.stem)
    return found


def _book_anchor(link: re.Match) -> str:
    """The book's anchor of a heading, made of JupyterLab's: no capitals, no signs."""
    anchor = re.sub(r"[^\w-]", "", unquote(link[2]).lower())
    return f"{link[1]}#{anchor})"


def contents(app: Sphinx, home: str) -> str:
    """The book's table of contents, in the order of the home page's map.

    Args:
        app: Sphinx; knows which guides there are.
        home: the home page; a part is a heading with links to its chapters below it.

    Returns:
        toctrees in MyST Markdown: lectures, each before its exercises; then what is
        looked up, and the guides.
    """
    trees: list[tuple[str, list[str]]] = []
    for line in home.splitlines():
        if part := PART.match(line):
            trees.append((part[1], []))
        elif (lecture := LECTURE.search(line)) and trees:
            trees[-1][1].extend(_entries(Path(app.srcdir), lecture[1]))
    found = {name for name in app.project.docnames if name.startswith("docs/")}
    has_works = bibliography.PAGE in found
    found.discard(bibliography.PAGE)
    known = [f"docs/{name}" for name in ABOUT]
    guides = [name for name in known if name in found]
    guides += sorted(found.difference(known))
    trees.append(("Look up", list(LOOK_UP[0 if has_works else 1 :])))
    trees.append(("About the course", guides))
    return "".join(
        f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n"
        + "\n".join(entries)
        + "\n```\n"
        for caption, entries in trees
        if entries
    )


def _entries(root: Path, slug: str) -> list[str]:
    """The lines of a toctree for a chapter: short titles, as the sidebar is narrow."""
    lecture = json.loads((root / f"notebooks/{slug}.ipynb").read_text("utf-8"))
    heading = "".join(lecture["cells"][0]["source"]).partition("\n")[0]
    title = heading.removeprefix("# ").partition(":")[0]
    return [
        f"{slug[:2]} {title} <notebooks/{slug}>",
        f"{slug[:2]} Exercises <release/{slug}/{slug}>",
    ]
