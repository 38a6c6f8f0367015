"""What nbgrader_config.py puts in the place of nbgrader's step for solutions."""

from nbgrader.preprocessors import ClearSolutions

from course.regions import chosen, stub


class ClearAnswers(ClearSolutions):
    """Of a question with options, the student gets quotes with nothing between them.

    nbgrader has one text for all solutions of a language, and that one is an error: it
    would end "Run All" at each question that is not answered yet.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Empty the quotes; leave any other solution to nbgrader."""
        if cell.cell_type == "code" and chosen(cell.source):
            cell.source = stub(cell.source)
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)
