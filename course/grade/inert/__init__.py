"""What a stranger's notebook shows, made so that looking at it runs nothing.

text      plain text and Markdown
markup    HTML
image     PNG and JPEG
outputs   a cell's outputs as nbformat has them
view      the same for notebooks that stock nbgrader and formgrader show
"""

from course.grade.inert.outputs import LIMIT_BYTES, make_inert
from course.grade.inert.text import inert_markdown, inert_text

__all__ = ["LIMIT_BYTES", "inert_markdown", "inert_text", "make_inert"]
