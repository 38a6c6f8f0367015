"""What the search page looks through: every section of the book, with its words.

A page that is opened from disk may load a script, but fetch no other page: so all words
lie in one script, `sections.js`, which `docs/site/static/search.js` reads.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

SCRIPT = "sections.js"
OPEN_IN = "open-in"  # the line below a notebook's title
SKIPPED = (nodes.section, nodes.title, nodes.raw, nodes.comment, nodes.math_block)
COMMAND = re.compile(r"\\[A-Za-z]+ ?|[{}]")  # of LaTeX, in an excerpt but noise
KINDS = {"notebooks": "{number} {title}", "release": "{number} Exercises"}


def write_sections(app: Sphinx, failure: Exception | None) -> None:
    """Write the script of all sections (Sphinx's event `build-finished`)."""
    if failure:
        return
    found = [
        section
        for docname in sorted(app.project.docnames)
        for section in sections(docname, app.env.get_doctree(docname))
    ]
    text = f"window.courseSections = {json.dumps(found, ensure_ascii=False)};\n"
    (Path(app.outdir) / SCRIPT).write_text(text, encoding="utf-8")


def sections(docname: str, document: nodes.document) -> Iterator[dict]:
    """The sections of a page.

    Args:
        docname: `notebooks/NN_slug`, for one.
        document: what Sphinx has read of it.

    Yields:
        of each section its `address`, the `page` in words, its `title`, the `terms` of
        the index that it explains, and its `text` without that of sections within it.
    """
    page = _page(docname, document)
    for section in document.findall(nodes.section):
        title = section.next_node(nodes.title).astext()
        terms = [
            entry[1]
            for child in section.children
            if isinstance(child, addnodes.index)
            for entry in child["entries"]
        ]
        yield {
            "address": f"{docname}.html#{section['ids'][0]}",
            "page": page,
            "title": title,
            "terms": terms,
            "text": " ".join(" ".join(map(_text, section.children)).split()),
        }


def _page(docname: str, document: nodes.document) -> str:
    """A page's name in words, short: "03 Linear regression"."""
    folder, _, rest = docname.partition("/")
    first = document.next_node(nodes.title)
    title = first.astext() if first else docname
    form = KINDS.get(folder, "{title}")
    return form.format(number=rest[:2], title=title.partition(":")[0])


def _text(node: nodes.Node) -> str:
    """The words of a node; of a cell its code and not its outputs."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, SKIPPED) or OPEN_IN in node.get("classes", ()):
        return ""
    if node.get("nb_element") == "cell_code_output":
        return ""
    if isinstance(node, nodes.math):
        return COMMAND.sub("", node.astext())
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(map(_text, node.children))
