"""What Sphinx is told about our pages: order, what is left out, links to notebooks."""

import json
import re
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from course.student import ending
from course.student.lectures import FOLDER
from course.student.progress import chapter

LECTURE = re.compile(r"\]\(notebooks/(\d\d_\w+)\.ipynb\)")
# A link to a section of another notebook.
SECTION = re.compile(r"(\]\([^)#\s]*\.ipynb)#([^)\s]+)\)")
NOTEBOOKS = ("notebooks/", "release/")
MINE = f"{FOLDER.as_posix()}/"
PART = re.compile(r"^###? (.+)", re.MULTILINE)
HOME = "home"
FOLDED = "frozen-values"  # the id of the cell of values and hints that the build adds
# Colab opens a notebook without the course around it.
ON_COLAB = """<details class="open-in">
<summary>On Colab, run this first, in a cell of its own</summary>
<pre>{cell}</pre>
</details>"""
ABOUT = (
    "instructors",
    "hub",
    "authors",
    "true-chapters",
    "threat-model",
    "design",
    "scale",
)


def read_page(app: Sphinx, docname: str, text: list[str]) -> None:
    """Change a page's source before it is parsed (Sphinx's event `source-read`)."""
    if docname == HOME:
        text[0] = home_page(text[0]) + contents(app, text[0])
    elif docname.startswith("release/"):
        text[0] = without_values(text[0])
    elif docname.startswith("notebooks/"):
        text[0] = with_exercises(text[0], Path(app.srcdir), Path(docname).name)
    if docname.startswith(NOTEBOOKS):
        text[0] = SECTION.sub(_book_anchor, text[0])


def _book_anchor(link: re.Match) -> str:
    """The book's anchor of a heading, made of JupyterLab's: no capitals, no signs."""
    anchor = re.sub(r"[^\w-]", "", unquote(link[2]).lower())
    return f"{link[1]}#{anchor})"


def home_page(text: str) -> str:
    """The home page as a page of the book: notebooks are read where they are pristine,
    and no level of headings is left out.
    """
    text = text.replace(f"]({MINE}", "](notebooks/").replace("](work/", "](release/")
    return PART.sub(r"## \1", text)


def contents(app: Sphinx, home: str) -> str:
    """The book's table of contents, in the order of the home page's map.

    Args:
        app: Sphinx; knows which guides there are.
        home: the home page; a part is a heading with links to its chapters below it.

    Returns:
        toctrees in MyST Markdown: lectures, each before its exercises; then the guides.
    """
    trees: list[tuple[str, list[str]]] = []
    for line in home.splitlines():
        if part := PART.match(line):
            trees.append((part[1], []))
        elif (lecture := LECTURE.search(line)) and trees:
            trees[-1][1].extend(_entries(Path(app.srcdir), lecture[1]))
    found = {name for name in app.project.docnames if name.startswith("docs/")}
    known = [f"docs/{name}" for name in ABOUT]
    guides = [name for name in known if name in found]
    guides += sorted(found.difference(known))
    trees.append(("About the course", [*guides, "Index of terms <genindex>"]))
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


def without_values(notebook: str) -> str:
    """An exercise notebook's JSON without the folded cell of values and hints."""
    content = json.loads(notebook)
    content["cells"] = [cell for cell in content["cells"] if cell.get("id") != FOLDED]
    return json.dumps(content)


def with_exercises(notebook: str, root: Path, slug: str) -> str:
    """A lecture's JSON with its exercises, and what they are worth, at the end."""
    about = chapter(root, slug)
    if not about.exercises:
        return notebook
    content = json.loads(notebook)
    link = f"[{ending.worth(about)}](../release/{slug}/{slug}.ipynb)"
    ending.add(content, f"{ending.HEAD}\n\n{link}")
    return json.dumps(content)


def links(docname: str, jupyterlab: str, repository: str) -> dict[str, str]:
    """Where the notebook of a page can be opened.

    Args:
        docname: `notebooks/NN_slug` or `release/NN_slug/NN_slug`.
        jupyterlab: address of the reader's own server.
        repository: address of the course on GitHub or another git host; "" if unknown.

    Returns:
        name of the place -> address. Colab opens notebooks of GitHub only. Elsewhere a
        notebook is opened as the reader's copy in work/, as the one handed out can't be
        saved; Binder's image has the copies from `postBuild`.
    """
    path = f"{docname}.ipynb"
    mine = path.replace("release/", "work/", 1).replace("notebooks/", MINE, 1)
    found = {"JupyterLab": f"{jupyterlab.rstrip('/')}/lab/tree/{mine}"}
    host, place = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    where = f"?urlpath={quote(f'lab/tree/{mine}', safe='')}"
    if host == "github.com":
        colab = "https://colab.research.google.com/github"
        found["Colab"] = f"{colab}/{place}/blob/HEAD/{path}"
        found["Binder"] = f"https://mybinder.org/v2/gh/{place}/HEAD{where}"
    elif repository:
        git = quote(repository, safe="")
        found["Binder"] = f"https://mybinder.org/v2/git/{git}/HEAD{where}"
    return found


class OpenLinks(SphinxTransform):
    """Put below a notebook's title where it can be opened, and what Colab needs."""

    default_priority = 400

    def apply(self, **kwargs) -> None:
        """Add the line to a lecture or an exercise page."""
        docname, config = self.env.docname, self.config
        if not docname.startswith(NOTEBOOKS):
            return
        line = nodes.paragraph("", "Open this notebook in ", classes=["open-in"])
        places = links(docname, config.course_jupyterlab, config.course_repository)
        for number, (name, address) in enumerate(places.items()):
            line += nodes.Text(", " if number else "")
            line += nodes.reference("", name, refuri=address, internal=False)
        line += nodes.Text(".")
        below = [line]
        if "Colab" in places:
            cell = config.course_colab.format(repository=config.course_repository)
            below.append(
                nodes.raw("", ON_COLAB.format(cell=escape(cell)), format="html")
            )
        title = next(self.document.findall(nodes.title))
        place = title.parent.index(title) + 1
        title.parent.insert(place, below)
