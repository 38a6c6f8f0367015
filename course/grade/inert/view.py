"""What nbgrader_config.py adds to nbconvert's steps before a notebook is shown.

Formgrader and `nbgrader generate_feedback` show notebooks through nbconvert's
HTMLExporter, whose own `sanitize_html` their templates pass over for Markdown cells.
"""

from collections.abc import Iterable

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

from course.grade.inert.image import OWN_NAME, own_pictures
from course.grade.inert.outputs import make_inert
from course.grade.inert.text import inert_markdown


class ShowInert(Preprocessor):
    """Make inert what a notebook shows; the file itself stays as it is."""

    def preprocess(self, notebook: NotebookNode, resources: dict):
        """Take the state of widgets away too, which would load code to show them."""
        notebook.metadata.pop("widgets", None)
        return super().preprocess(notebook, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int):
        """Code keeps its source, which is highlighted as text and never run."""
        if cell.cell_type == "code":
            cell.outputs = [from_dict(output) for output in make_inert(cell.outputs)]
        else:
            kept = own_pictures(cell.pop("attachments", None))
            cell.source = _with_pictures(inert_markdown(cell.source), kept)
            if kept:
                cell.attachments = from_dict(kept)
        return cell, resources


def _with_pictures(source: str, names: Iterable[str]) -> str:
    """Give the pictures that are there their places back, and no other ones:
    nbconvert stops at a notebook that shows one that it lacks.
    """
    for name in names:
        number = OWN_NAME.fullmatch(name)[1]
        defused = f"! [picture {number}] (attachment:{name})"
        source = source.replace(defused, f"![picture {number}](attachment:{name})")
    return source
