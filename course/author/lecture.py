"""A lecture run once from the top: does it run, and if not, where does it stop?"""

import matplotlib as mpl

from course.author.rerun import Lecture
from course.chapters import Chapter


def lecture_failure(chapter: Chapter) -> str:
    """What a lecture raises, as `file:line: error`; "" if it runs to its end."""
    mpl.use("Agg")
    cells = [cell for cell in chapter.lecture if cell.is_code]
    with Lecture() as lecture:
        return next((ran.error for ran in lecture.run(cells) if ran.error), "")
