"""What nbgrader_config.py adds to nbconvert's steps before a notebook is shown.

Formgrader and `nbgrader generate_feedback` show notebooks through nbconvert's
HTMLExporter, whose own `sanitize_html` their templates pass over for Markdown cells.
"""

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

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
            cell.source = inert_markdown(cell.source)
            cell.pop("attachments", None)
        return cell, resources
