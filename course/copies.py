"""What nbgrader_config.py puts in the place of nbgrader's step for copied cells."""

from nbgrader.preprocessors import DeduplicateIds


class DropCopies(DeduplicateIds):
    """Of cells with one grade id the last one counts; the others become plain cells.

    nbgrader 0.9.6 leaves an empty `nbgrader` entry in a copied cell, takes that for an
    old format, and stops the grading of the whole class.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Take the empty entry away that nbgrader leaves in a copy."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.metadata.get("nbgrader") == {}:
            del cell.metadata["nbgrader"]
        return cell, resources
