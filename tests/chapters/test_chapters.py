"""What every chapter owes its reader, beyond what the build asks."""

import ast
from pathlib import Path

import pytest

from course.chapters import find_chapters, read_chapter

ROOT = Path(__file__).parents[2]
CHAPTERS = [read_chapter(folder) for folder in find_chapters(ROOT)]


def figures(source: str) -> int:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return sum(ast.unparse(call.func) == "plots.show" for call in calls)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
class TestChapter:
    def test_a_lecture_has_at_least_three_figures(self, chapter):
        code = [cell.source for cell in chapter.lecture if cell.is_code]
        assert sum(map(figures, code)) >= 3

    def test_there_are_at_least_five_autograded_exercises(self, chapter):
        assert len(chapter.cells("exercise")) >= 5

    def test_the_first_lines_are_a_heading_and_a_question(self, chapter):
        first = chapter.lecture[0].source
        assert first.startswith("# ")
        assert any("?" in cell.source for cell in chapter.lecture[:3])

    def test_a_lecture_guards_its_numbers(self, chapter):
        code = "\n".join(cell.source for cell in chapter.lecture if cell.is_code)
        trees = ast.walk(ast.parse(code))
        assert sum(isinstance(node, ast.Assert) for node in trees) >= 3

    def test_a_lecture_keeps_what_it_reached(self, chapter):
        code = "\n".join(cell.source for cell in chapter.lecture if cell.is_code)
        assert "\nmetrics = {" in code  # `make bench` prints it

    def test_everything_is_seeded(self, chapter):
        assert any("set_seed(" in cell.source for cell in chapter.lecture)

    def test_the_summary_and_the_reading_come_last(self, chapter):
        text = "\n".join(cell.source for cell in chapter.lecture if not cell.is_code)
        heads = [line for line in text.lower().splitlines() if line.startswith("## ")]
        assert "## summary" in heads and "reading" in heads[-1]
