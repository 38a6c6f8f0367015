"""Below a notebook's title: where it can be opened."""

from html import escape
from urllib.parse import quote, urlsplit

from docutils import nodes
from sphinx.transforms import SphinxTransform

from course.site.origin import HOST
from course.site.pages import NOTEBOOKS
from course.site.welcome import MINE

# Colab opens a notebook without the course around it.
ON_COLAB = """<details class="open-in">
<summary>On Colab, run this first, in a cell of its own</summary>
<pre>{cell}</pre>
</details>"""


def links(docname: str, jupyterlab: str, repository: str) -> dict[str, str]:
    """Where the notebook of a page can be opened.

    Args:
        docname: `notebooks/NN_slug` or `release/NN_slug/NN_slug`.
        jupyterlab: address of a server that every reader has; "" if there is none.
        repository: address of the course on GitHub or another git host; "" if unknown.

    Returns:
        name of the place -> address. Colab opens notebooks of GitHub only. Elsewhere a
        notebook is opened as the reader's copy in work/, as the one handed out can't be
        saved; Binder's image has the copies from `postBuild`.
    """
    path, mine = f"{docname}.ipynb", copy_of(docname)
    found = {}
    if jupyterlab:
        found["JupyterLab"] = f"{jupyterlab.rstrip('/')}/lab/tree/{mine}"
    host, place = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    where = f"?urlpath={quote(f'lab/tree/{mine}', safe='')}"
    if host == HOST:
        colab = "https://colab.research.google.com/github"
        found["Colab"] = f"{colab}/{place}/blob/HEAD/{path}"
        found["Binder"] = f"https://mybinder.org/v2/gh/{place}/HEAD{where}"
    elif repository:
        git = quote(repository, safe="")
        found["Binder"] = f"https://mybinder.org/v2/git/{git}/HEAD{where}"
    return found


def copy_of(docname: str) -> str:
    """Where a reader's own copy of a page's notebook lies, from the course's folder."""
    path = f"{docname}.ipynb"
    return path.replace("release/", "work/", 1).replace("notebooks/", MINE, 1)


class OpenLinks(SphinxTransform):
    """Put below a notebook's title where it can be opened, and what Colab needs."""

    default_priority = 400

    def apply(self, **kwargs) -> None:
        """Add the line to a lecture or an exercise page."""
        docname, config = self.env.docname, self.config
        if not docname.startswith(NOTEBOOKS):
            return
        places = links(docname, config.course_jupyterlab, config.course_repository)
        below = [_line(docname, places)]
        if "Colab" in places:
            cell = config.course_colab.format(repository=config.course_repository)
            folded = ON_COLAB.format(cell=escape(cell))
            below.append(nodes.raw("", folded, format="html"))
        title = next(self.document.findall(nodes.title))
        place = title.parent.index(title) + 1
        title.parent.insert(place, below)


def _line(docname: str, places: dict[str, str]) -> nodes.paragraph:
    """Where a notebook opens; words, no link, where a server may not be running."""
    line = nodes.paragraph("", classes=["open-in"])
    if "JupyterLab" not in places:
        line += nodes.Text("In JupyterLab, which ")
        line += nodes.literal("", "make lab")
        line += nodes.Text(" opens, this notebook is ")
        line += nodes.literal("", copy_of(docname))
        line += nodes.Text(". " if places else ".")
    line += nodes.Text("Open this notebook in " if places else "")
    for number, (name, address) in enumerate(places.items()):
        line += nodes.Text(", " if number else "")
        line += nodes.reference("", name, refuri=address, internal=False)
    line += nodes.Text("." if places else "")
    return line
