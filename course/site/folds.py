"""In the book, lines of a lecture that only draw are folded: the model's stand out.

Which lines do is told in `course.student.drawing`. A fold is a `<details>`: it opens
with one click, with keys, and without a script.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform

from course.student.drawing import stretches

OPEN = """<details class="draws"><summary>Code that draws, {lines} lines</summary>"""
CLOSE = "</details>"


class FoldDrawing(SphinxTransform):
    """Split the code of a lecture's cells, and fold the stretches that only draw."""

    default_priority = 600

    def apply(self, **kwargs) -> None:
        """Fold what draws in a lecture."""
        if not self.env.docname.startswith("notebooks/"):
            return
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code_source":
                cell.children[:] = _folded(cell.children)
                for child in cell.children:
                    child.parent = cell


def _folded(blocks: list[nodes.Node]) -> list[nodes.Node]:
    """A cell's block of code, as several blocks, some of them between raw HTML."""
    found: list[nodes.Node] = []
    for block in blocks:
        for draws, text in stretches(block.astext()):
            part = block.copy()
            part.rawsource = text  # Sphinx colours only what is the same as its source
            part += nodes.Text(text)
            found += _fold(part, text.count("\n") + 1) if draws else [part]
    return found


def _fold(part: nodes.Node, lines: int) -> list[nodes.Node]:
    opening = nodes.raw("", OPEN.format(lines=lines), format="html")
    return [opening, part, nodes.raw("", CLOSE, format="html")]
