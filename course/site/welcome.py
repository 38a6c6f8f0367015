"""The book's first page: what README says to a reader, then the map of the course.

Both are written once: README for who has the folder, home.md's map by `course build`.
"""

import re

from course.build.home import BEGIN, END
from course.student.home import ROW, WRITTEN_NUMBER
from course.student.lectures import FOLDER

END_OF_WELCOME = "<!-- The book's first page holds what stands above this line. -->"
MINE = f"{FOLDER.as_posix()}/"
HEAD = "## The course, part by part"


def welcome(readme: str, home: str) -> str:
    """The first page, in Markdown.

    Args:
        readme: README.md, with the line that ends what is for readers.
        home: home.md, with its map.

    Raises:
        ValueError: a line that marks where one of them is to be cut isn't there.
    """
    beginning, marked, _ = readme.partition(END_OF_WELCOME)
    if not marked:
        raise ValueError(f"README.md must hold the line {END_OF_WELCOME}")
    _, begun, rest = home.partition(BEGIN)
    course, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"home.md must hold the lines {BEGIN} and {END}")
    how_to_read_it = after.strip().partition("\n\n")[0]
    page = f"{beginning}{HEAD}\n\n{how_to_read_it}\n{_linked(course)}"
    # Where they are pristine: a reader's copies are no part of the book.
    return page.replace(f"]({MINE}", "](notebooks/").replace("](work/", "](release/")


def _linked(course: str) -> str:
    """The map with a link for each chapter that another builds on."""
    paths = {row["slug"][:2]: row["lecture"] for row in ROW.finditer(course)}

    def link(number: re.Match) -> str:
        path = paths.get(number[0])
        return f"[{number[0]}]({path})" if path else number[0]

    def with_links(row: re.Match) -> str:
        start, end = (place - row.start() for place in row.span("needs"))
        needs = WRITTEN_NUMBER.sub(link, row["needs"])
        return row[0][:start] + needs + row[0][end:]

    return ROW.sub(with_links, course)
